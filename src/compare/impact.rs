//! Two rulebooks over the same cases: who comes to what, before and after.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tally::{Cases, ENTITLED, Findings, Money, Rights, Transitions, merge};
use crate::case::Rejection;
use crate::determination::{
    Benefit, Determination, Entitlement, Finding, Payment, RulebookId, Status,
};
use crate::entitlement::definition::Per;

/// What changes when cases are decided under one rulebook (*before*) and under another
/// (*after*).
///
/// It only adds up what the two determinations of each case say. Impacts of parts of the
/// cases can be merged; merged in the order of the cases they are what one impact over
/// all of them is, examples included. Its size follows from the rules and the places, not
/// from the number of cases.
///
/// A case that one of the rulebooks refuses is counted in [`Cases`] and, under `rejected`,
/// in the levels; rights, money, care levels and findings are compared where both decide.
///
/// ```
/// use nengli::compare::Impact;
/// use nengli::{Options, Rulebook};
///
/// let before = Rulebook::builtin()?;
/// let after = before.clone(); // another one, in earnest
/// let case = include_str!("../../tests/cases/gbt-42195-2022/demo.case.json");
///
/// let mut impact = Impact::new();
/// impact.add(
///     &before.assess_text(case, Options::default()),
///     &after.assess_text(case, Options::default()),
/// );
/// assert_eq!(impact.cases.same, 1);
/// assert_eq!(impact.levels["gbt-42195-2022"].count("moderate", "moderate"), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Impact {
    /// The other rulebook; null while it has decided no case.
    pub after: Option<RulebookId>,
    /// The first rulebook; null while it has decided no case.
    pub before: Option<RulebookId>,
    /// Care levels by scheme: the key, or `none`.
    pub care_levels: BTreeMap<String, Transitions>,
    /// How many cases came out the same, and how many did not.
    pub cases: Cases,
    /// Money that rights give each month, by programme and place: stated monthly cash,
    /// and stated monthly cash beside a share of costs, of rights that the person is
    /// entitled to. It is not known where the person is entitled and the amount is not
    /// stated, or where it is open whether the person is entitled. In every other case
    /// it is 0.
    pub cash: BTreeMap<String, BTreeMap<String, Money>>,
    /// Findings by code.
    pub findings: BTreeMap<String, Findings>,
    /// Levels by instrument, assessment by assessment: the key, `undetermined`, or
    /// `rejected` where the case is refused.
    pub levels: BTreeMap<String, Transitions>,
    /// Who pays the costs that the cases state for one month, by programme (`self`: the
    /// person) and place. It is not known where a payer's part of any cost is null.
    pub payments: BTreeMap<String, BTreeMap<String, Money>>,
    /// Rights by programme and place.
    ///
    /// A place is the division code that the case names, or `none` where it names none and
    /// the rules of the nation are asked.
    pub rights: BTreeMap<String, BTreeMap<String, Rights>>,
    /// Version of this contract; 1.
    pub schema: u8,
}

const ABSENT: &str = "absent";
const NONE: &str = "none";
const REJECTED: &str = "rejected";
const UNDETERMINED: &str = "undetermined";

impl Default for Impact {
    fn default() -> Self {
        Self {
            after: None,
            before: None,
            care_levels: BTreeMap::new(),
            cases: Cases::default(),
            cash: BTreeMap::new(),
            findings: BTreeMap::new(),
            levels: BTreeMap::new(),
            payments: BTreeMap::new(),
            rights: BTreeMap::new(),
            schema: 1,
        }
    }
}

impl Impact {
    /// Of no case yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one case, as it comes out under each of the rulebooks.
    pub fn add(
        &mut self,
        before: &Result<Determination, Rejection>,
        after: &Result<Determination, Rejection>,
    ) {
        for (rulebook, result) in [(&mut self.before, before), (&mut self.after, after)] {
            if let (None, Ok(decided)) = (&rulebook, result) {
                *rulebook = Some(decided.rulebook.clone());
            }
        }
        match (before, after) {
            (Ok(before), Ok(after)) => self.compare(before, after),
            (Ok(decided), Err(_)) => {
                self.cases.rejected_after.add(Some(&decided.case_id));
                self.refused(decided, |level| (level, REJECTED));
            }
            (Err(_), Ok(decided)) => {
                self.cases.rejected_before.add(Some(&decided.case_id));
                self.refused(decided, |level| (REJECTED, level));
            }
            (Err(refused), Err(_)) => self.cases.rejected_both.add(refused.case_id.as_deref()),
        }
    }

    /// Adds what was counted over other cases, which come after those counted here.
    pub fn merge(&mut self, other: Self) {
        let Self {
            after,
            before,
            care_levels,
            cases,
            cash,
            findings,
            levels,
            payments,
            rights,
            schema: _,
        } = other;
        self.after = self.after.take().or(after);
        self.before = self.before.take().or(before);
        merge(&mut self.care_levels, care_levels, Transitions::merge);
        self.cases.merge(cases);
        for (own, money) in [(&mut self.cash, cash), (&mut self.payments, payments)] {
            merge(own, money, |places, other| {
                merge(places, other, Money::merge);
            });
        }
        merge(&mut self.findings, findings, Findings::merge);
        merge(&mut self.levels, levels, Transitions::merge);
        merge(&mut self.rights, rights, |places, other| {
            merge(places, other, Rights::merge);
        });
    }

    fn refused<'d>(
        &mut self,
        decided: &'d Determination,
        change: impl Fn(&'d str) -> (&'d str, &'d str),
    ) {
        for (instrument, level) in levels(decided) {
            let (before, after) = change(level);
            let levels = self.levels.entry(instrument.to_owned()).or_default();
            levels.add(before, after, &decided.case_id);
        }
    }

    fn compare(&mut self, before: &Determination, after: &Determination) {
        let case = before.case_id.as_str();
        if is_same(before, after) {
            self.cases.same += 1;
        } else {
            self.cases.changed.add(Some(case));
        }
        let mut changed = false;
        // Both have the assessments of the case, in its order.
        for ((instrument, old), (_, new)) in levels(before).zip(levels(after)) {
            let levels = self.levels.entry(instrument.to_owned()).or_default();
            levels.add(old, new, case);
            changed |= old != new;
        }
        self.cases.levels += u64::from(changed);
        self.care_levels(before, after);
        self.findings(before, after);

        let place = before.jurisdiction.as_deref().unwrap_or(NONE);
        let rights = paired(
            before.entitlements.iter().flatten(),
            after.entitlements.iter().flatten(),
            |right| right.programme.as_str(),
        );
        let (mut status, mut money) = (false, false);
        for (programme, (old, new)) in rights {
            status |= self.right(programme, place, old, new, case);
            money |= self.cash(programme, place, old, new, case);
        }
        money |= self.payments(place, before, after);
        self.cases.rights += u64::from(status);
        self.cases.money += u64::from(money);
    }

    fn care_levels(&mut self, before: &Determination, after: &Determination) {
        let levels = paired(&before.care_levels, &after.care_levels, |level| {
            (level.scheme.as_str(), level.from.as_str())
        });
        for ((scheme, _), (old, new)) in levels {
            let [old, new] = [old, new].map(|level| level.map_or(NONE, |level| level.key.as_str()));
            let levels = self.care_levels.entry(scheme.to_owned()).or_default();
            levels.add(old, new, &before.case_id);
        }
    }

    fn findings(&mut self, before: &Determination, after: &Determination) {
        let mut codes: BTreeMap<&str, [Vec<&Finding>; 2]> = BTreeMap::new();
        for finding in &before.findings {
            let [old, _] = codes.entry(&finding.code).or_default();
            old.push(finding);
        }
        for finding in &after.findings {
            let [_, new] = codes.entry(&finding.code).or_default();
            new.push(finding);
        }
        for (code, [old, new]) in codes {
            if old == new {
                continue;
            }
            let findings = self.findings.entry(code.to_owned()).or_default();
            let count = match (old.is_empty(), new.is_empty()) {
                (true, _) => &mut findings.appeared,
                (_, true) => &mut findings.gone,
                _ => &mut findings.changed,
            };
            count.add(Some(&before.case_id));
        }
    }

    /// Whether the status changed.
    fn right(
        &mut self,
        programme: &str,
        place: &str,
        old: Option<&Entitlement>,
        new: Option<&Entitlement>,
        case: &str,
    ) -> bool {
        let places = self.rights.entry(programme.to_owned()).or_default();
        let rights = places.entry(place.to_owned()).or_default();
        let [before, after] =
            [old, new].map(|right| right.map_or(ABSENT, |right| right.status.as_str()));
        rights.before += u64::from(before == ENTITLED);
        rights.after += u64::from(after == ENTITLED);
        if before != after {
            rights.changes.add(before, after, case);
        } else if before == ENTITLED
            && let (Some(old), Some(new)) = (old, new)
            && (&old.benefit, &old.further_benefits) != (&new.benefit, &new.further_benefits)
        {
            rights.benefit.add(Some(case));
        }
        before != after
    }

    /// Whether a known amount changed.
    fn cash(
        &mut self,
        programme: &str,
        place: &str,
        old: Option<&Entitlement>,
        new: Option<&Entitlement>,
        case: &str,
    ) -> bool {
        let (old, new) = (old.and_then(monthly), new.and_then(monthly));
        if old.is_none() && new.is_none() {
            return false;
        }
        let places = self.cash.entry(programme.to_owned()).or_default();
        let money = places.entry(place.to_owned()).or_default();
        money.add(old.unwrap_or(Some(0)), new.unwrap_or(Some(0)), case)
    }

    /// Whether a known amount changed.
    fn payments(&mut self, place: &str, before: &Determination, after: &Determination) -> bool {
        let [old, new] = [before, after].map(|one| paid(one.payments.iter().flatten()));
        let payers = paired(&old, &new, |(programme, _)| *programme);
        let mut changed = false;
        for (programme, (old, new)) in payers {
            let places = self.payments.entry(programme.to_owned()).or_default();
            let money = places.entry(place.to_owned()).or_default();
            let [old, new] = [old, new].map(|payer| payer.map_or(Some(0), |(_, fen)| *fen));
            changed |= money.add(old, new, &before.case_id);
        }
        changed
    }
}

/// Instrument and level of each assessment.
fn levels(determination: &Determination) -> impl Iterator<Item = (&str, &str)> {
    determination.assessments.iter().map(|result| {
        let level = result.level.as_ref();
        let key = level.map_or(UNDETERMINED, |level| level.key.as_str());
        (result.instrument.as_str(), key)
    })
}

/// The money of a right each month: none where it is not owed, or is none; `Some(None)`
/// where it is not known.
fn monthly(right: &Entitlement) -> Option<Option<i128>> {
    let further = right.further_benefits.iter().map(|one| &one.benefit);
    let stated = right
        .benefit
        .iter()
        .chain(further)
        .find_map(|benefit| match benefit {
            Benefit::Cash(cash) if cash.per == Per::Month => Some(cash.fen),
            Benefit::CostShare(share) if share.cash_per == Some(Per::Month) => Some(share.cash_fen),
            _ => None,
        })?;
    match right.status {
        Status::Entitled => Some(stated.map(i128::from)),
        Status::Undetermined => Some(None),
        _ => None,
    }
}

/// What each payer pays of all costs; none where it is not known.
fn paid<'d>(payments: impl Iterator<Item = &'d Payment>) -> BTreeMap<&'d str, Option<i128>> {
    let mut paid = BTreeMap::new();
    for payer in payments.flat_map(|payment| &payment.payers) {
        let sum: &mut Option<i128> = paid.entry(payer.programme.as_str()).or_insert(Some(0));
        *sum = sum.zip(payer.fen).map(|(sum, fen)| sum + i128::from(fen));
    }
    paid
}

/// Whether two determinations say the same. Which engine and which rulebook decided is
/// not compared.
fn is_same(before: &Determination, after: &Determination) -> bool {
    let Determination {
        as_of,
        assessments,
        care_levels,
        case_id,
        due,
        engine: _,
        entitlements,
        findings,
        jurisdiction,
        payments,
        questions,
        rulebook: _,
        schema,
    } = before;
    *as_of == after.as_of
        && *assessments == after.assessments
        && *care_levels == after.care_levels
        && *case_id == after.case_id
        && *due == after.due
        && *entitlements == after.entitlements
        && *findings == after.findings
        && *jurisdiction == after.jurisdiction
        && *payments == after.payments
        && *questions == after.questions
        && *schema == after.schema
}

type Pair<T> = (Option<T>, Option<T>);

/// Elements of two lists by their name.
fn paired<T: Copy, K: Ord>(
    before: impl IntoIterator<Item = T>,
    after: impl IntoIterator<Item = T>,
    name: impl Fn(T) -> K,
) -> BTreeMap<K, Pair<T>> {
    let mut pairs: BTreeMap<K, Pair<T>> = BTreeMap::new();
    for one in before {
        pairs.entry(name(one)).or_insert((None, None)).0 = Some(one);
    }
    for one in after {
        pairs.entry(name(one)).or_insert((None, None)).1 = Some(one);
    }
    pairs
}
