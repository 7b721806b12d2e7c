//! What is given: rows resolved, benefits of one kind compared, frames filled in.

use jiff::Span;
use jiff::civil::Date;

use super::decide::{Decided, Decider, Evidence, View};
use super::definition::{BenefitRule, CashRule, Ceiling, CostShareRule, Per, ShareRow};
use super::person::Value;
use super::program::{Layer, Node};
use crate::case::Setting;
use crate::condition::Truth;
use crate::determination::{
    Benefit, Cash, CashKind, CostShare, CostShareKind, FeeWaiver, FeeWaiverKind, Priority,
    PriorityKind, Service, ServiceKind, Status, Works, WorksKind,
};

/// The fact that says where the person is cared for.
const SETTING: &str = "setting";

/// A share as it applies: its row, and the condition that is still open, if any.
pub(crate) struct Share<'d> {
    pub(crate) row: &'d ShareRow,
    pub(crate) open: bool,
}

/// The values of a share of costs, each from the nearest version that states it.
pub(crate) struct Shares<'d> {
    pub(crate) rows: Option<(&'d [ShareRow], &'d Layer)>,
    pub(crate) cap_reads: Option<usize>,
    starts: Option<(&'d str, u8)>,
    validity_months: Option<u16>,
    pub(crate) ceiling: Option<&'d Ceiling>,
    from_frame: Vec<&'static str>,
    /// Versions above that values were taken from.
    pub(crate) sources: Vec<&'d Layer>,
}

/// The deciding one of the layers that entitle: that of the nearest place which gives
/// the best of its kind.
pub(crate) fn best(decider: &Decider<'_>, decided: &Decided<'_>, choices: &[usize]) -> usize {
    winners(decider, decided, choices)
        .first()
        .map_or(decided.deciding, |(standing, _)| *standing)
}

/// Positions of the layers whose benefit is the best of its kind, nearest first, each
/// with what it gives.
fn winners(
    decider: &Decider<'_>,
    decided: &Decided<'_>,
    choices: &[usize],
) -> Vec<(usize, Vec<Benefit>)> {
    let mut out: Vec<(usize, Vec<Benefit>)> = Vec::new();
    for (i, standing) in decided.standings.iter().enumerate() {
        if standing.status != Status::Entitled {
            continue;
        }
        let benefits = of_view(decider, &standing.view, choices);
        let Some(first) = benefits.first() else {
            continue;
        };
        let same = out.iter_mut().find(|(_, known)| {
            known
                .first()
                .is_some_and(|known| kind(known) == kind(first))
        });
        match same {
            // One without an amount never beats a stated one; of equals, the nearer stays.
            Some(known) => {
                let worth_known = known.1.first().and_then(worth);
                if worth(first).is_some_and(|new| worth_known.is_none_or(|old| old < new)) {
                    *known = (i, benefits);
                }
            }
            None => out.push((i, benefits)),
        }
    }
    out.sort_by_key(|(standing, _)| *standing);
    out
}

/// What the decision gives, the first being that of the deciding layer; each with its
/// layer. Nothing where nothing is or may be given.
pub(crate) fn resolve<'d>(
    decider: &Decider<'d>,
    decided: &Decided<'d>,
    choices: &[usize],
    evidence: &mut Evidence<'d>,
) -> Vec<(Benefit, &'d Layer)> {
    let mut out = Vec::new();
    match decided.status {
        Status::Entitled if decided.entitling() > 1 => {
            for (standing, benefits) in winners(decider, decided, choices) {
                if let Some(standing) = decided.standings.get(standing) {
                    let layer = standing.view.layer;
                    out.extend(benefits.into_iter().map(|benefit| (benefit, layer)));
                }
            }
        }
        Status::Entitled | Status::Undetermined | Status::Discretionary => {
            if let Some(view) = decided.view() {
                let benefits = of_view(decider, view, choices).into_iter();
                out.extend(benefits.map(|benefit| (benefit, view.layer)));
            }
        }
        Status::NotEntitled | Status::Excluded => {}
    }
    if !out.is_empty()
        && let Some(view) = decided.view()
    {
        for node in row_nodes(decider, view, choices) {
            decider.rests_on(node, evidence);
        }
        // What a cap caps moves amounts of payments, and neither right nor ratio: it is
        // named here, and its grade stands with the payments.
        evidence
            .readings
            .extend(shares(decider, view).and_then(|shares| shares.cap_reads));
    }
    out
}

/// What a version of a scheme takes from the frame above it: parts of who it covers,
/// and values of what it gives.
pub(crate) fn from_frame(decider: &Decider<'_>, view: &View<'_>) -> Vec<String> {
    let parts = view
        .parts()
        .into_iter()
        .filter(|(_, layer)| !std::ptr::eq(*layer, view.layer))
        .map(|(part, _)| part.id.clone());
    let shares = shares(decider, view);
    let values = shares
        .iter()
        .flat_map(|shares| &shares.from_frame)
        .map(|value| (*value).to_owned());
    parts.chain(values).collect()
}

/// Conditions of the rows that give the benefit: the first that holds, and those before
/// it, which do not or are open.
fn row_nodes<'d>(decider: &Decider<'d>, view: &View<'d>, choices: &[usize]) -> Vec<&'d Node> {
    let mut out: Vec<&Node> = Vec::new();
    if view.layer.benefits.rows.is_empty() && view.frame.is_empty() {
        return out;
    }
    let mut add = |nodes: &mut dyn Iterator<Item = &'d Option<Node>>| {
        for node in nodes {
            match (node, holds(decider, choices, node.as_ref())) {
                (None, _) => break,
                (Some(node), Truth::True) => {
                    out.push(node);
                    break;
                }
                (Some(node), Truth::Unknown | Truth::False) => out.push(node),
            }
        }
    };
    match shares(decider, view).and_then(|shares| shares.rows) {
        Some((rows, layer)) => {
            for setting in settings(decider) {
                let fit = rows
                    .iter()
                    .zip(&layer.benefits.rows)
                    .filter(|(row, _)| row.setting.is_empty() || row.setting.contains(&setting));
                add(&mut fit.map(|(_, node)| node));
            }
        }
        None => add(&mut view.layer.benefits.rows.iter()),
    }
    out
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

/// The first row that holds, and whether an earlier one is open.
fn rows<'r, T>(
    decider: &Decider<'_>,
    choices: &[usize],
    nodes: &[Option<Node>],
    rows: &'r [T],
) -> (Vec<&'r T>, Option<&'r T>) {
    let mut open = Vec::new();
    for (row, node) in rows.iter().zip(nodes) {
        match holds(decider, choices, node.as_ref()) {
            Truth::True => return (open, Some(row)),
            Truth::Unknown => open.push(row),
            Truth::False => {}
        }
    }
    (open, None)
}

fn holds(decider: &Decider<'_>, choices: &[usize], node: Option<&Node>) -> Truth {
    node.map_or(Truth::True, |node| {
        super::person::truth(node, decider.case.as_of, choices, &|question| {
            decider.evaluation.answer(question)
        })
    })
}

fn of_view(decider: &Decider<'_>, view: &View<'_>, choices: &[usize]) -> Vec<Benefit> {
    let layer = view.layer;
    let Some(definition) = decider.evaluation.rights.definition(layer) else {
        return Vec::new();
    };
    let nodes = &layer.benefits.rows;
    let benefit = match &definition.benefit {
        BenefitRule::Cash(rule) => cash(decider, choices, rule, nodes),
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
        BenefitRule::Priority(rule) => {
            let (open, row) = rows(decider, choices, nodes, &rule.rows);
            let tier = row.map(|row| row.tier).or(rule.tier);
            Benefit::Priority(Priority {
                within: rule.within.clone(),
                kind: PriorityKind::Kind,
                tier: tier.filter(|_| open.is_empty()),
            })
        }
        BenefitRule::CostShare(_) => return cost_shares(decider, view, choices),
    };
    vec![benefit]
}

fn cash(
    decider: &Decider<'_>,
    choices: &[usize],
    rule: &CashRule,
    nodes: &[Option<Node>],
) -> Benefit {
    let (open, row) = rows(decider, choices, nodes, &rule.rows);
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

/// The values of a share of costs; none if the layer gives another kind of benefit.
pub(crate) fn shares<'d>(decider: &Decider<'d>, view: &View<'d>) -> Option<Shares<'d>> {
    let rights = decider.evaluation.rights;
    let rule = |layer: &'d Layer| -> Option<&'d CostShareRule> {
        match &rights.definition(layer)?.benefit {
            BenefitRule::CostShare(rule) => Some(rule),
            _ => None,
        }
    };
    rule(view.layer)?;
    let mut out = Shares {
        rows: None,
        cap_reads: None,
        starts: None,
        validity_months: None,
        ceiling: None,
        from_frame: Vec::new(),
        sources: Vec::new(),
    };
    let (mut cap, mut starts, mut validity, mut ceiling) = (false, false, false, false);
    let layers = [view.layer].into_iter().chain(view.frame.iter().copied());
    for (depth, layer) in layers.enumerate() {
        let Some(rule) = rule(layer) else { continue };
        let mut note = |value: &'static str| {
            if depth > 0 {
                out.from_frame.push(value);
                if !out.sources.iter().any(|known| std::ptr::eq(*known, layer)) {
                    out.sources.push(layer);
                }
            }
        };
        if out.rows.is_none() && !rule.rows.is_empty() {
            note("rows");
            out.rows = Some((&rule.rows, layer));
        }
        if !cap && rule.cap_reads.is_some() {
            note("cap_reads");
            cap = true;
            out.cap_reads = layer.benefits.cap_reads;
        }
        if !starts && let Some(stated) = &rule.starts {
            note("starts");
            starts = true;
            out.starts = stated
                .0
                .as_ref()
                .map(|after| (after.after.as_str(), after.months));
        }
        if !validity && let Some(stated) = &rule.validity_months {
            note("validity_months");
            validity = true;
            out.validity_months = stated.0;
        }
        if !ceiling && let Some(stated) = &rule.ceiling {
            note("ceiling");
            ceiling = true;
            out.ceiling = stated.0.as_ref();
        }
    }
    Some(out)
}

impl<'d> Shares<'d> {
    /// The rows that fit the setting: those still open, then the first that holds.
    pub(crate) fn fitting(
        &self,
        decider: &Decider<'_>,
        choices: &[usize],
        setting: Setting,
    ) -> Vec<Share<'d>> {
        let Some((rows, layer)) = self.rows else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (row, node) in rows.iter().zip(&layer.benefits.rows) {
            if !row.setting.is_empty() && !row.setting.contains(&setting) {
                continue;
            }
            match holds(decider, choices, node.as_ref()) {
                Truth::True => {
                    out.push(Share { row, open: false });
                    break;
                }
                Truth::Unknown => out.push(Share { row, open: true }),
                Truth::False => {}
            }
        }
        out
    }
}

fn cost_shares(decider: &Decider<'_>, view: &View<'_>, choices: &[usize]) -> Vec<Benefit> {
    let Some(shares) = shares(decider, view) else {
        return Vec::new();
    };
    let concluded = shares
        .starts
        .and_then(|(fact, months)| Some((date(decider, fact)?, months)));
    let starts = concluded.and_then(|(day, months)| {
        day.first_of_month()
            .checked_add(Span::new().months(i32::from(months)))
            .ok()
    });
    let valid_until = concluded
        .zip(shares.validity_months)
        .and_then(|((day, _), months)| day.checked_add(Span::new().months(i32::from(months))).ok());
    let written = |row: Option<&ShareRow>, setting: Option<Setting>| {
        let cap = row.and_then(|row| row.cap);
        let cash = row.and_then(|row| row.cash);
        Benefit::CostShare(CostShare {
            cap_fen: cap.and_then(|cap| cap.fen.0),
            cap_per: cap.map(|cap| cap.per),
            cash_fen: cash.and_then(|cash| cash.fen.0),
            cash_per: cash.map(|cash| cash.per),
            ceiling: shares.ceiling.cloned(),
            kind: CostShareKind::Kind,
            mode: row.and_then(|row| row.mode.clone()),
            per_mille: row.and_then(|row| row.per_mille.0),
            setting,
            starts,
            valid_until,
            validity_months: shares.validity_months,
        })
    };
    let mut out: Vec<Benefit> = Vec::new();
    for setting in settings(decider) {
        for share in shares.fitting(decider, choices, setting) {
            let named = (!share.row.setting.is_empty()).then_some(setting);
            let benefit = written(Some(share.row), named);
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
