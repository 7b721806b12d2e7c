//! What the reader of rights should know. It decides nothing.

use super::decide::{Decided, Decider};
use super::definition::Access;
use super::program::{LinkKind, Place, chain};
use crate::determination::{Arg, Entitlement, Finding, Question, Status};
use crate::instrument::definition::Severity;
use crate::text::Text;

/// How many questions the finding names.
const FIRST: usize = 5;

pub(crate) fn find(
    decider: &Decider<'_>,
    decided: &[Decided<'_>],
    entitlements: &[Entitlement],
    questions: &[Question],
    findings: &mut Vec<Finding>,
) {
    place(decider, findings);
    for fact in &decider.evaluation.person.contradicted {
        findings.push(
            Finding::new(
                Text::fixed("fact_contradicted"),
                Severity::Warning,
                format!("/facts/{fact}").into(),
            )
            .with("fact", Arg::Text((*fact).into())),
        );
    }
    notes(decided, entitlements, findings);
    applications(decider, entitlements, findings);
    periods(decider, decided, findings);
    links(decider, decided, findings);
    ceilings(decider, decided, findings);
    if !questions.is_empty() {
        let first = questions.iter().take(FIRST);
        let asks = first.clone().map(|question| question.ask.clone()).collect();
        let settles = first
            .map(|question| question.settles.len().to_string().into())
            .collect();
        findings.push(
            info("ask_first", at(decider, "/facts"))
                .with("ask", Arg::Codes(asks))
                .with("settles", Arg::Codes(settles)),
        );
    }
}

fn info(code: &'static str, at: Text) -> Finding {
    Finding::new(Text::fixed(code), Severity::Info, at)
}

/// A place in the case, or the case as a whole where that is not in it.
fn at(decider: &Decider<'_>, pointer: &'static str) -> Text {
    let there = match pointer {
        "/facts" => decider.case.facts.is_some(),
        "/jurisdiction" => decider.case.jurisdiction.is_some(),
        "/costs" => decider.case.costs.is_some(),
        _ => false,
    };
    Text::fixed(if there { pointer } else { "" })
}

/// Whether the place has rules of its own.
fn place(decider: &Decider<'_>, findings: &mut Vec<Finding>) {
    let places = &decider.evaluation.rights.places;
    let Some(code) = &decider.case.jurisdiction else {
        findings.push(Finding::new(
            Text::fixed("no_jurisdiction"),
            Severity::Warning,
            Text::default(),
        ));
        return;
    };
    let has_rules = |code: &str| places.binary_search(&Place::of(code)).is_ok();
    if !has_rules(code) {
        let nearest = chain(code).find(|code| has_rules(code));
        findings.push(
            Finding::new(
                Text::fixed("no_local_rules"),
                Severity::Warning,
                Text::fixed("/jurisdiction"),
            )
            .with("jurisdiction", Arg::Text(code.into()))
            .with("nearest", Arg::Text(nearest.unwrap_or_default().into())),
        );
    }
}

/// Findings that layers bring, where they give or may give something.
fn notes(decided: &[Decided<'_>], entitlements: &[Entitlement], findings: &mut Vec<Finding>) {
    let live = |status| matches!(status, Status::Entitled | Status::Undetermined);
    for (one, entitlement) in decided.iter().zip(entitlements) {
        if !live(one.status) {
            continue;
        }
        let standings = one.standings.iter();
        for standing in standings.filter(|standing| live(standing.status)) {
            for (missing, finding) in &standing.view.notes {
                let is_missing = |name| entitlement.missing.contains(name);
                if missing.as_ref().is_none_or(is_missing) {
                    findings.push(finding.clone());
                }
            }
        }
    }
}

/// Rights that must be applied for, and rights that need no application; without those
/// that the person is known to receive.
fn applications(decider: &Decider<'_>, entitlements: &[Entitlement], findings: &mut Vec<Finding>) {
    for (access, code) in [
        (Access::Application, "application_needed"),
        (Access::Automatic, "no_application_needed"),
    ] {
        let programmes: Vec<Text> = entitlements
            .iter()
            .filter(|one| one.status == Status::Entitled && one.access == Some(access))
            .filter(|one| decider.evaluation.person.receives(&one.programme) != Some(true))
            .map(|one| one.programme.clone())
            .collect();
        if !programmes.is_empty() {
            findings
                .push(info(code, at(decider, "/facts")).with("programmes", Arg::Codes(programmes)));
        }
    }
}

/// Plans whose period is over, where one of them decided something.
fn periods(decider: &Decider<'_>, decided: &[Decided<'_>], findings: &mut Vec<Finding>) {
    let rights = decider.evaluation.rights;
    for (i, file) in rights.files.iter().enumerate() {
        let Some(ended) = file
            .period_ends
            .filter(|ended| *ended <= decider.case.as_of)
        else {
            continue;
        };
        let of_file = |one: &&Decided<'_>| {
            let layer = one.view().and_then(|view| rights.layers.get(view.layer));
            layer.is_some_and(|layer| layer.file == i)
        };
        let programmes: Vec<Text> = decided
            .iter()
            .filter(|one| one.status != Status::NotEntitled)
            .filter(of_file)
            .map(|one| one.planned.id.clone())
            .collect();
        if !programmes.is_empty() {
            findings.push(
                info("plan_period_over", Text::fixed("/as_of"))
                    .with("ended", Arg::Text(ended.to_string().into()))
                    .with("programmes", Arg::Codes(programmes))
                    .with("source", Arg::Text(file.id.as_str().into())),
            );
        }
    }
}

/// Programmes that must be coordinated, and those that may be drawn together.
fn links(decider: &Decider<'_>, decided: &[Decided<'_>], findings: &mut Vec<Finding>) {
    let rights = decider.evaluation.rights;
    for link in decider.links() {
        let code = match link.kind {
            LinkKind::Coordinated => "coordination_unstated",
            LinkKind::Together => "may_be_drawn_together",
            LinkKind::After => continue,
        };
        let live: Vec<Text> = link
            .programmes
            .iter()
            .filter(|programme| {
                decided.iter().any(|one| {
                    one.planned.programme == **programme
                        && match link.kind {
                            LinkKind::Together => one.status == Status::Entitled,
                            _ => matches!(one.status, Status::Entitled | Status::Undetermined),
                        }
                })
            })
            .map(|programme| rights.programme_id(*programme))
            .collect();
        if live.len() > 1 {
            let relation = rights
                .relation(link.file, link.position)
                .map_or_else(Text::default, |relation| relation.id.clone());
            findings.push(
                info(code, Text::default())
                    .with("programmes", Arg::Codes(live))
                    .with("relation", Arg::Text(relation)),
            );
        }
    }
}

/// A ceiling over a longer span than the month enters no payment.
fn ceilings(decider: &Decider<'_>, decided: &[Decided<'_>], findings: &mut Vec<Finding>) {
    if decider.case.costs.as_ref().is_none_or(Vec::is_empty) {
        return;
    }
    for one in decided {
        let shares = one.view().and_then(|view| view.shares.as_ref());
        let has_ceiling = shares.is_some_and(|shares| shares.ceiling.is_some());
        if one.status == Status::Entitled && has_ceiling {
            findings.push(
                info("ceiling_not_applied", at(decider, "/costs"))
                    .with("programme", Arg::Text(one.planned.id.clone())),
            );
        }
    }
}
