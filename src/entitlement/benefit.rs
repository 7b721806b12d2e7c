//! What is given: rows resolved, benefits of one kind compared, frames filled in.

use std::borrow::Cow;

use jiff::Span;
use jiff::civil::Date;

use super::decide::{Decided, Decider, Evidence};
use super::definition::{Amount, BenefitRule, CashRule, Ceiling, CostShareRule, Per, StartsAfter};
use super::person::Value;
use super::plan::{Read, Row, View};
use super::program::{Layer, Node, Rights};
use crate::case::Setting;
use crate::condition::Truth;
use crate::determination::{
    Benefit, Cash, CashKind, CostShare, CostShareKind, FeeWaiver, FeeWaiverKind, FurtherBenefit,
    Priority, PriorityKind, Service, ServiceKind, Status, Works, WorksKind,
};
use crate::text::Text;

/// The fact that says where the person is cared for.
const SETTING: &str = "setting";

/// The values of a share of costs, each from the nearest version that states it.
#[derive(Debug)]
pub(crate) struct Shares {
    /// The rows, and the layer that has them.
    pub(crate) lines: Vec<Line>,
    pub(crate) rows_of: Option<usize>,
    pub(crate) cap_reads: Option<usize>,
    starts: Option<StartsAfter>,
    validity_months: Option<u16>,
    pub(crate) ceiling: Option<Ceiling>,
}

/// One share, and for whom.
#[derive(Debug)]
pub(crate) struct Line {
    settings: Vec<Setting>,
    mode: Option<Text>,
    pub(crate) per_mille: Option<u16>,
    pub(crate) cap: Option<Amount>,
    cash: Option<Amount>,
    row: Row,
}

/// Shares, and what of them comes from versions above.
pub(crate) struct Found<'r> {
    pub(crate) shares: Shares,
    pub(crate) from_frame: Vec<&'static str>,
    pub(crate) sources: Vec<&'r Layer>,
}

/// A share as it applies: its row, and whether that is still open.
pub(crate) struct Share<'d> {
    pub(crate) line: &'d Line,
    pub(crate) open: bool,
}

/// What is given, where that is the same for everybody.
pub(crate) fn fixed(rule: &BenefitRule) -> Option<Benefit> {
    Some(match rule {
        BenefitRule::Cash(rule) if rule.rows.is_empty() => Benefit::Cash(Cash {
            at_least: rule.at_least,
            fen: rule.fen.0,
            form: rule.form.clone(),
            kind: CashKind::Kind,
            per: rule.per,
            possible_fen: Vec::new(),
        }),
        BenefitRule::Service(rule) => Benefit::Service(Service {
            by: rule.by.clone(),
            kind: ServiceKind::Kind,
            per: rule.per,
            service: rule.service.clone(),
            times: rule.times,
        }),
        BenefitRule::Works(rule) => Benefit::Works(Works {
            fen: rule.fen.0,
            kind: WorksKind::Kind,
            works: rule.works.clone(),
        }),
        BenefitRule::FeeWaiver(rule) => Benefit::FeeWaiver(FeeWaiver {
            fen: rule.fen,
            kind: FeeWaiverKind::Kind,
            of: rule.of.clone(),
            per: rule.per,
            per_mille: rule.per_mille.and_then(|share| share.0),
            times: rule.times,
            times_per: rule.times_per,
        }),
        BenefitRule::Priority(rule) if rule.rows.is_empty() => Benefit::Priority(Priority {
            within: rule.within.clone(),
            kind: PriorityKind::Kind,
            tier: rule.tier,
        }),
        BenefitRule::Cash(_) | BenefitRule::Priority(_) | BenefitRule::CostShare(_) => return None,
    })
}

/// The values of a share of costs; none if the layer gives another kind of benefit.
pub(crate) fn shares<'r>(
    rights: &'r Rights,
    (position, layer): (usize, &'r Layer),
    frame: &[(usize, &'r Layer)],
    row: impl Fn(Option<&Node>) -> Row,
) -> Option<Found<'r>> {
    let rule = |layer: &'r Layer| -> Option<&'r CostShareRule> {
        match &rights.definition(layer)?.benefit {
            BenefitRule::CostShare(rule) => Some(rule),
            _ => None,
        }
    };
    rule(layer)?;
    let mut shares = Shares {
        lines: Vec::new(),
        rows_of: None,
        cap_reads: None,
        starts: None,
        validity_months: None,
        ceiling: None,
    };
    let mut from_frame = Vec::new();
    let mut sources: Vec<&Layer> = Vec::new();
    let (mut cap, mut starts, mut validity, mut ceiling) = (false, false, false, false);
    let layers = [(position, layer)].into_iter().chain(frame.iter().copied());
    for (depth, (position, layer)) in layers.enumerate() {
        let Some(rule) = rule(layer) else { continue };
        let mut note = |value: &'static str| {
            if depth > 0 {
                from_frame.push(value);
                if !sources.iter().any(|known| std::ptr::eq(*known, layer)) {
                    sources.push(layer);
                }
            }
        };
        if shares.rows_of.is_none() && !rule.rows.is_empty() {
            note("rows");
            shares.rows_of = Some(position);
            let nodes = layer.benefits.rows.iter();
            shares.lines = rule
                .rows
                .iter()
                .zip(nodes)
                .map(|(found, node)| Line {
                    settings: found.setting.clone(),
                    mode: found.mode.clone(),
                    per_mille: found.per_mille.0,
                    cap: found.cap,
                    cash: found.cash,
                    row: row(node.as_ref()),
                })
                .collect();
        }
        if !cap && rule.cap_reads.is_some() {
            note("cap_reads");
            cap = true;
            shares.cap_reads = layer.benefits.cap_reads;
        }
        if !starts && let Some(stated) = &rule.starts {
            note("starts");
            starts = true;
            shares.starts.clone_from(&stated.0);
        }
        if !validity && let Some(stated) = &rule.validity_months {
            note("validity_months");
            validity = true;
            shares.validity_months = stated.0;
        }
        if !ceiling && let Some(stated) = &rule.ceiling {
            note("ceiling");
            ceiling = true;
            shares.ceiling.clone_from(&stated.0);
        }
    }
    Some(Found {
        shares,
        from_frame,
        sources,
    })
}

impl Line {
    pub(crate) fn when(&self) -> Option<&Read> {
        self.row.when.as_ref()
    }

    pub(crate) fn fits(&self, setting: Setting) -> bool {
        self.settings.is_empty() || self.settings.contains(&setting)
    }
}

impl Shares {
    /// The rows that fit the setting: those still open, then the first that holds.
    pub(crate) fn fitting(&self, decider: &Decider<'_>, setting: Setting) -> Vec<Share<'_>> {
        let mut out = Vec::new();
        for line in self.lines.iter().filter(|line| line.fits(setting)) {
            match holds(decider, &line.row) {
                Truth::True => {
                    out.push(Share { line, open: false });
                    break;
                }
                Truth::Unknown => out.push(Share { line, open: true }),
                Truth::False => {}
            }
        }
        out
    }
}

/// A layer that gives the best of its kind.
pub(crate) struct Winner<'d> {
    pub(crate) standing: usize,
    gives: Cow<'d, [Benefit]>,
}

/// The layers that entitle and whose benefit is the best of its kind, nearest first.
pub(crate) fn winners<'d>(decider: &Decider<'d>, decided: &Decided<'d>) -> Vec<Winner<'d>> {
    let mut out: Vec<Winner<'_>> = Vec::new();
    for (i, standing) in decided.standings.iter().enumerate() {
        if standing.status != Status::Entitled {
            continue;
        }
        let gives = of_view(decider, standing.view);
        let Some(first) = gives.first() else {
            continue;
        };
        let same = out.iter_mut().find(|known| {
            let known = known.gives.first();
            known.is_some_and(|known| kind(known) == kind(first))
        });
        match same {
            // One without an amount never beats a stated one; of equals, the nearer stays.
            Some(known) => {
                let worth_known = known.gives.first().and_then(worth);
                if worth(first).is_some_and(|new| worth_known.is_none_or(|old| old < new)) {
                    *known = Winner { standing: i, gives };
                }
            }
            None => out.push(Winner { standing: i, gives }),
        }
    }
    out.sort_by_key(|winner| winner.standing);
    out
}

/// What the decision gives: the benefit of the deciding layer, and others with the rules
/// that give them. Nothing where nothing is or may be given.
pub(crate) fn resolve(
    decider: &Decider<'_>,
    decided: &Decided<'_>,
) -> (Option<Benefit>, Vec<FurtherBenefit>) {
    let further = |benefit: &Benefit, rule: &Text| FurtherBenefit {
        benefit: benefit.clone(),
        rule: rule.clone(),
    };
    let (mut first, mut others) = (None, Vec::new());
    let mut add = |benefits: &[Benefit], rule: &Text| {
        for benefit in benefits {
            if first.is_none() {
                first = Some(benefit.clone());
            } else {
                others.push(further(benefit, rule));
            }
        }
    };
    match decided.status {
        Status::Entitled if !decided.winners.is_empty() => {
            for winner in &decided.winners {
                if let Some(standing) = decided.standings.get(winner.standing) {
                    add(&winner.gives, &standing.view.rule);
                }
            }
        }
        Status::Entitled | Status::Undetermined | Status::Discretionary => {
            if let Some(view) = decided.view() {
                add(&of_view(decider, view), &view.rule);
            }
        }
        Status::NotEntitled | Status::Excluded => {}
    }
    (first, others)
}

/// What the benefit of a layer rests on: the conditions of the rows that give it, the
/// first that holds and those before it, which do not or are open.
pub(crate) fn rests_on<'d>(decider: &Decider<'_>, view: &'d View, evidence: &mut Evidence<'d>) {
    let mut add = |rows: &mut dyn Iterator<Item = &'d Row>| {
        for row in rows {
            let Some(when) = &row.when else { break };
            let (truth, grade) = decider.weigh(when);
            evidence.add(&row.said);
            evidence.grade = evidence.grade.max(grade);
            if truth == Truth::True {
                break;
            }
        }
    };
    match &view.shares {
        Some(shares) if !shares.lines.is_empty() => {
            for setting in settings(decider) {
                let fit = shares.lines.iter().filter(|line| line.fits(setting));
                add(&mut fit.map(|line| &line.row));
            }
        }
        _ => add(&mut view.rows.iter()),
    }
    // What a cap caps moves amounts of payments, and neither right nor ratio: it is named
    // here, and its grade stands with the payments.
    let cap_reads = view.shares.as_ref().and_then(|shares| shares.cap_reads);
    evidence.readings.extend(cap_reads);
}

/// What tells kinds of benefit apart: those of one kind compare.
fn kind(benefit: &Benefit) -> (u8, &str, Option<Per>) {
    match benefit {
        Benefit::Cash(cash) => (0, cash.form.as_deref().unwrap_or(""), Some(cash.per)),
        Benefit::Service(service) => (1, &service.service, None),
        Benefit::Works(works) => (2, &works.works, None),
        Benefit::FeeWaiver(waiver) => (3, &waiver.of, waiver.per),
        Benefit::Priority(priority) => (4, &priority.within, None),
        Benefit::CostShare(_) => (5, "", None),
    }
}

/// How much a benefit is worth among those of its kind; none where it is not stated.
fn worth(benefit: &Benefit) -> Option<i64> {
    match benefit {
        Benefit::Cash(cash) => cash.fen,
        Benefit::Service(service) => {
            let a_year = i64::from(service.per?.in_a_year()?);
            Some(i64::from(service.times?) * a_year)
        }
        Benefit::Works(works) => works.fen,
        Benefit::FeeWaiver(waiver) => waiver.per_mille.map(i64::from).or(waiver.fen),
        Benefit::Priority(priority) => priority.tier.map(|tier| -i64::from(tier)),
        Benefit::CostShare(share) => share.per_mille.map(i64::from),
    }
}

/// The first row that holds, and those before it that are open.
fn rows<'r, T>(
    decider: &Decider<'_>,
    conditions: &[Row],
    rows: &'r [T],
) -> (Vec<&'r T>, Option<&'r T>) {
    let mut open = Vec::new();
    for (row, condition) in rows.iter().zip(conditions) {
        match holds(decider, condition) {
            Truth::True => return (open, Some(row)),
            Truth::Unknown => open.push(row),
            Truth::False => {}
        }
    }
    (open, None)
}

fn holds(decider: &Decider<'_>, row: &Row) -> Truth {
    let when = row.when.as_ref();
    when.map_or(Truth::True, |when| decider.weigh(when).0)
}

fn of_view<'d>(decider: &Decider<'_>, view: &'d View) -> Cow<'d, [Benefit]> {
    if let Some(fixed) = &view.fixed {
        return Cow::Borrowed(std::slice::from_ref(fixed));
    }
    if let Some(shares) = &view.shares {
        return Cow::Owned(cost_shares(decider, shares));
    }
    let rights = decider.evaluation.rights;
    let layer = rights.layers.get(view.layer);
    let definition = layer.and_then(|layer| rights.definition(layer));
    let benefit = match definition.map(|definition| &definition.benefit) {
        Some(BenefitRule::Cash(rule)) => cash(decider, rule, &view.rows),
        Some(BenefitRule::Priority(rule)) => {
            let (open, row) = rows(decider, &view.rows, &rule.rows);
            let tier = row.map(|row| row.tier).or(rule.tier);
            Benefit::Priority(Priority {
                within: rule.within.clone(),
                kind: PriorityKind::Kind,
                tier: tier.filter(|_| open.is_empty()),
            })
        }
        _ => return Cow::Borrowed(&[]),
    };
    Cow::Owned(vec![benefit])
}

fn cash(decider: &Decider<'_>, rule: &CashRule, conditions: &[Row]) -> Benefit {
    let (open, row) = rows(decider, conditions, &rule.rows);
    let last = row.map_or(rule.fen.0, |row| row.fen.0);
    let mut possible: Vec<Option<i64>> = open.iter().map(|row| row.fen.0).chain([last]).collect();
    possible.sort_unstable();
    possible.dedup();
    let (fen, possible_fen) = match possible.as_slice() {
        [only] => (*only, Vec::new()),
        several => (None, several.iter().filter_map(|fen| *fen).collect()),
    };
    Benefit::Cash(Cash {
        at_least: rule.at_least,
        fen,
        form: rule.form.clone(),
        kind: CashKind::Kind,
        per: rule.per,
        possible_fen,
    })
}

fn cost_shares(decider: &Decider<'_>, shares: &Shares) -> Vec<Benefit> {
    let concluded = shares
        .starts
        .as_ref()
        .and_then(|starts| Some((date(decider, &starts.after)?, starts.months)));
    let starts = concluded.and_then(|(day, months)| {
        day.first_of_month()
            .checked_add(Span::new().months(i32::from(months)))
            .ok()
    });
    let valid_until = concluded
        .zip(shares.validity_months)
        .and_then(|((day, _), months)| day.checked_add(Span::new().months(i32::from(months))).ok());
    let written = |line: Option<&Line>, setting: Option<Setting>| {
        let cap = line.and_then(|line| line.cap);
        let cash = line.and_then(|line| line.cash);
        Benefit::CostShare(CostShare {
            cap_fen: cap.and_then(|cap| cap.fen.0),
            cap_per: cap.map(|cap| cap.per),
            cash_fen: cash.and_then(|cash| cash.fen.0),
            cash_per: cash.map(|cash| cash.per),
            ceiling: shares.ceiling.clone(),
            kind: CostShareKind::Kind,
            mode: line.and_then(|line| line.mode.clone()),
            per_mille: line.and_then(|line| line.per_mille),
            setting,
            starts,
            valid_until,
            validity_months: shares.validity_months,
        })
    };
    let mut out: Vec<Benefit> = Vec::new();
    for setting in settings(decider) {
        for share in shares.fitting(decider, setting) {
            let named = (!share.line.settings.is_empty()).then_some(setting);
            let benefit = written(Some(share.line), named);
            if !out.contains(&benefit) {
                out.push(benefit);
            }
        }
    }
    if out.is_empty() {
        out.push(written(None, None));
    }
    out
}

/// The settings that matter: those of the costs, else that of the person, else all.
pub(crate) fn settings(decider: &Decider<'_>) -> Vec<Setting> {
    let mut out: Vec<Setting> = Vec::new();
    for cost in decider.case.costs.iter().flatten() {
        if !out.contains(&cost.setting) {
            out.push(cost.setting);
        }
    }
    if out.is_empty() {
        let stated = match decider.evaluation.person.fact(SETTING) {
            Some(Value::Text(key)) => Setting::ALL.iter().find(|setting| setting.as_str() == key),
            _ => None,
        };
        match stated {
            Some(setting) => out.push(*setting),
            None => out.extend(Setting::ALL),
        }
    }
    out
}

fn date(decider: &Decider<'_>, fact: &str) -> Option<Date> {
    match decider.evaluation.person.fact(fact)? {
        Value::Text(text) => crate::date::parse(text),
        _ => None,
    }
}
