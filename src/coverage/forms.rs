//! The rows of an instrument.

use super::walk::{Seen, Walk};
use super::{Reason, What};
use crate::determination::WhyNot;
use crate::instrument::definition::{ChangeRule, Rule, Step};
use crate::instrument::{GAPS, Instrument, Observed, Site, Turn};
use crate::json::Path;

/// Why a rule of a level change may not be applied.
const WHYS: [WhyNot; 5] = [
    WhyNot::OneLevelOnly,
    WhyNot::AlreadyWorst,
    WhyNot::DecidedByOther,
    WhyNot::Unanswered,
    WhyNot::NoLevel,
];

pub(super) fn walk(instrument: &Instrument, seen: &Seen<'_>, walk: &mut Walk<'_>) {
    let definition = instrument.definition();
    let nothing = Observed::default();
    let observed = seen.instruments.get(instrument.id()).unwrap_or(&nothing);
    let own = |walk: &mut Walk<'_>| {
        walk.file(|sources| sources.file(&definition.kind, &definition.id));
    };
    own(walk);
    let root = Path::Root;
    if definition.in_force.to.is_some() {
        let at = root.key("in_force");
        walk.cite_nothing();
        let yes = raised(seen, instrument.id(), "superseded");
        walk.row(&at.key("to"), What::Ended, yes, Reason::NotAsked);
    }
    let at = root.key("domains");
    let mut number = 0;
    for (i, domain) in definition.domains.iter().enumerate() {
        let at = at.index(i);
        let at = at.key("items");
        for (j, item) in domain.items.iter().enumerate() {
            let at = at.index(j);
            let at = at.key("options");
            walk.cite(&item.cite);
            for option in 0..item.options.len() {
                let yes = observed.options.contains(&(number, option));
                walk.row(&at.index(option), What::Answered, yes, Reason::NotAsked);
            }
            number += 1;
        }
    }
    let at = root.key("fields");
    for (i, field) in definition.fields.iter().enumerate() {
        if let Some(by) = &field.answered_by {
            let at = at.index(i);
            walk.cite(&by.cite);
            let yes = observed.stood_in.contains(&i);
            walk.row(&at.key("answered_by"), What::StoodIn, yes, Reason::NotAsked);
        }
    }
    let at = root.key("interpretations");
    for (i, interpretation) in definition.interpretations.iter().enumerate() {
        let at = at.index(i);
        let at = at.key("choices");
        walk.cite(&interpretation.cite);
        for choice in 0..interpretation.choices.len() {
            let yes = observed.choices.contains(&(i, choice));
            walk.row(&at.index(choice), What::Read, yes, Reason::NotAsked);
        }
    }
    let steps = root.key("steps");
    let mut position = 0;
    for (i, written) in definition.steps.iter().enumerate() {
        let supplied = walk
            .sources()
            .and_then(|sources| sources.supplied(instrument.id(), &written.id))
            .map(|(_, position)| position);
        if supplied.is_some() {
            walk.file(|sources| {
                let found = sources.supplied(instrument.id(), &written.id);
                found.map_or("", |(file, _)| file)
            });
        }
        match supplied {
            Some(Some(position)) => step(i, written, &steps.index(position), observed, walk),
            Some(None) => {
                step(i, written, &root, observed, walk);
                position += 1;
            }
            None => {
                own(walk);
                step(i, written, &steps.index(position), observed, walk);
                position += 1;
            }
        }
    }
    own(walk);
    assessors(instrument, seen, walk);
    let at = root.key("due");
    for (i, due) in definition.due.iter().enumerate() {
        let (at, site) = (at.index(i), Site::Due(i));
        walk.cite(&due.cite);
        walk.truths(&at, observed.whole(site), Reason::Follows);
        walk.condition(&at.key("when"), &due.when, observed.leaves(site));
    }
    let at = root.key("checks");
    for (i, check) in definition.checks.iter().enumerate() {
        let (at, site) = (at.index(i), Site::Check(i));
        walk.cite(&check.cite);
        walk.truths(&at, observed.whole(site), Reason::Follows);
        walk.condition(&at.key("when"), &check.when, observed.leaves(site));
    }
}

/// Whether a finding about a form of the instrument was raised; when nothing was asked,
/// it can be.
fn raised(seen: &Seen<'_>, instrument: &str, code: &str) -> bool {
    let Some(asked) = &seen.asked else {
        return true;
    };
    let of = |at: &str| {
        let form = at.strip_prefix("/assessments/")?.split('/').next()?;
        let form = asked.case.assessments.get(form.parse::<usize>().ok()?)?;
        Some(form.instrument == instrument)
    };
    let mut findings = asked.determination.findings.iter();
    findings.any(|found| found.code == code && of(&found.at) == Some(true))
}

fn assessors(instrument: &Instrument, seen: &Seen<'_>, walk: &mut Walk<'_>) {
    let definition = instrument.definition();
    let root = Path::Root;
    if let Some(rule) = &definition.assessors {
        let at = root.key("assessors");
        walk.cite(&rule.cite);
        let asked = [
            ("at_least", "too_few_assessors", true),
            (
                "one_with",
                "no_assessor_with_background",
                !rule.one_with.is_empty(),
            ),
        ];
        for (key, code, _) in asked.into_iter().filter(|(.., asked)| *asked) {
            let yes = raised(seen, instrument.id(), code);
            walk.row(&at.key(key), What::Raised, yes, Reason::NotAsked);
        }
    }
    if definition.reason.is_some() {
        walk.cite_nothing();
        let yes = raised(seen, instrument.id(), "reason_contradicts");
        walk.row(&root.key("reason"), What::Raised, yes, Reason::NotAsked);
    }
}

/// The rows of a step; `at` is what has its rule.
fn step(i: usize, step: &Step, at: &Path<'_>, observed: &Observed, walk: &mut Walk<'_>) {
    let at = at.key("rule");
    walk.cite(&step.cite);
    let decides = |row: usize, column: usize| observed.rows.contains(&(i, row, column));
    match &step.rule {
        Rule::Band(band) => {
            let at = at.key("band");
            let at = at.key("rows");
            for row in 0..band.rows.len() {
                walk.row(
                    &at.index(row),
                    What::Decides,
                    decides(row, 0),
                    Reason::Follows,
                );
            }
        }
        Rule::Table(table) => {
            let at = at.key("table");
            let at = at.key("rows");
            for (row, cells) in table.rows.iter().enumerate() {
                let at = at.index(row);
                let at = at.key("cells");
                for column in 0..cells.cells.len() {
                    let yes = decides(row, column);
                    walk.row(&at.index(column), What::Decides, yes, Reason::Follows);
                }
            }
        }
        Rule::Cases(cases) => {
            let at = at.key("cases");
            for (list, first, rows) in [("rows", 0, &cases.rows), ("gaps", GAPS, &cases.gaps)] {
                let at = at.key(list);
                for row in 0..rows.len() {
                    let yes = decides(first + row, 0);
                    walk.row(&at.index(row), What::Decides, yes, Reason::Follows);
                }
            }
        }
        Rule::Open(_) => walk.row(
            &at.key("open"),
            What::Asked,
            observed.open,
            Reason::NotAsked,
        ),
        Rule::LevelChange(change) => {
            let at = at.key("level_change");
            let at = at.key("rules");
            for (i, rule) in change.rules.iter().enumerate() {
                change_rule(i, rule, &at.index(i), observed, walk);
            }
        }
        Rule::Sum(_) | Rule::Count(_) | Rule::WorstOf(_) => {}
    }
}

fn change_rule(
    i: usize,
    rule: &ChangeRule,
    at: &Path<'_>,
    observed: &Observed,
    walk: &mut Walk<'_>,
) {
    let site = Site::Change(i);
    walk.cite(&rule.cite);
    walk.truths(at, observed.whole(site), Reason::Follows);
    let applied = observed.turned(i, Turn::Applied);
    walk.row(at, What::Applied, applied, Reason::Follows);
    for why in WHYS {
        let yes = observed.turned(i, Turn::Not(why));
        walk.row(at, why.into(), yes, Reason::Follows);
    }
    walk.condition(&at.key("when"), &rule.when, observed.leaves(site));
}
