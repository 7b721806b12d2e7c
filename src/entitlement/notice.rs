//! What the reader of rights should know. It decides nothing.

use super::benefit::shares;
use super::decide::{Decided, Decider};
use super::definition::Access;
use super::program::{LinkKind, chain};
use crate::determination::{Arg, Entitlement, Finding, Question, Status};
use crate::instrument::definition::Severity;

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
                "fact_contradicted",
                Severity::Warning,
                format!("/facts/{fact}"),
            )
            .with("fact", Arg::Text((*fact).to_owned())),
        );
    }
    notes(decider, decided, entitlements, findings);
    applications(decider, entitlements, findings);
    periods(decider, decided, findings);
    links(decider, decided, findings);
    ceilings(decider, decided, findings);
    if !questions.is_empty() {
        let first = questions.iter().take(FIRST);
        let asks = first
            .clone()
            .map(|question| question.ask.to_string())
            .collect();
        let settles = first
            .map(|question| question.settles.len().to_string())
            .collect();
        findings.push(
            info("ask_first", at(decider, "/facts"))
                .with("ask", Arg::Codes(asks))
                .with("settles", Arg::Codes(settles)),
        );
    }
}

fn info(code: &str, at: String) -> Finding {
    Finding::new(code, Severity::Info, at)
}

/// A place in the case, or the case as a whole where that is not in it.
fn at(decider: &Decider<'_>, pointer: &str) -> String {
    let there = match pointer {
        "/facts" => decider.case.facts.is_some(),
        "/jurisdiction" => decider.case.jurisdiction.is_some(),
        "/costs" => decider.case.costs.is_some(),
        _ => false,
    };
    if there {
        pointer.to_owned()
    } else {
        String::new()
    }
}

/// Whether the place has rules of its own.
fn place(decider: &Decider<'_>, findings: &mut Vec<Finding>) {
    let files = &decider.evaluation.rights.files;
    let Some(code) = &decider.case.jurisdiction else {
        findings.push(Finding::new(
            "no_jurisdiction",
            Severity::Warning,
            String::new(),
        ));
        return;
    };
    let has_rules = |code: &str| files.iter().any(|file| file.jurisdiction == code);
    if !has_rules(code) {
        let nearest = chain(code).find(|code| has_rules(code));
        findings.push(
            Finding::new(
                "no_local_rules",
                Severity::Warning,
                "/jurisdiction".to_owned(),
            )
            .with("jurisdiction", Arg::Text(code.clone()))
            .with("nearest", Arg::Text(nearest.unwrap_or_default())),
        );
    }
}

/// Findings that layers bring, where they give or may give something.
fn notes(
    decider: &Decider<'_>,
    decided: &[Decided<'_>],
    entitlements: &[Entitlement],
    findings: &mut Vec<Finding>,
) {
    let rights = decider.evaluation.rights;
    for (one, entitlement) in decided.iter().zip(entitlements) {
        for standing in &one.standings {
            let live = matches!(one.status, Status::Entitled | Status::Undetermined)
                && matches!(standing.status, Status::Entitled | Status::Undetermined);
            let Some(definition) = rights.definition(standing.view.layer).filter(|_| live) else {
                continue;
            };
            for note in &definition.notes {
                let missing = note.missing.as_ref();
                if missing
                    .is_some_and(|name| !entitlement.missing.iter().any(|known| known == name))
                {
                    continue;
                }
                let at = match missing {
                    Some(name) if name.starts_with("assessment:") => "/assessments".to_owned(),
                    _ => String::new(),
                };
                findings.push(
                    Finding::new(&note.finding, note.severity, at)
                        .with("programme", Arg::Text(definition.programme.clone()))
                        .with("rule", Arg::Text(standing.view.layer.rule.to_string())),
                );
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
        let programmes: Vec<String> = entitlements
            .iter()
            .filter(|one| one.status == Status::Entitled && one.access == Some(access))
            .filter(|one| decider.evaluation.person.receives(&one.programme) != Some(true))
            .map(|one| one.programme.to_string())
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
        let programmes: Vec<String> = decided
            .iter()
            .filter(|one| one.status != Status::NotEntitled)
            .filter(|one| one.view().is_some_and(|view| view.layer.file == i))
            .map(|one| rights.programme_id(one.programme).to_string())
            .collect();
        if !programmes.is_empty() {
            findings.push(
                info("plan_period_over", "/as_of".to_owned())
                    .with("ended", Arg::Text(ended.to_string()))
                    .with("programmes", Arg::Codes(programmes))
                    .with("source", Arg::Text(file.id.clone())),
            );
        }
    }
}

/// Programmes that must be coordinated, and those that may be drawn together.
fn links(decider: &Decider<'_>, decided: &[Decided<'_>], findings: &mut Vec<Finding>) {
    let rights = decider.evaluation.rights;
    for link in &rights.links {
        let applies = decider.place.passes(link.place)
            && link
                .life
                .holds(decider.case.as_of, &decider.evaluation.choices);
        let code = match link.kind {
            LinkKind::Coordinated => "coordination_unstated",
            LinkKind::Together => "may_be_drawn_together",
            LinkKind::After => continue,
        };
        if !applies {
            continue;
        }
        let live: Vec<String> = link
            .programmes
            .iter()
            .filter(|programme| {
                decided.iter().any(|one| {
                    one.programme == **programme
                        && match link.kind {
                            LinkKind::Together => one.status == Status::Entitled,
                            _ => matches!(one.status, Status::Entitled | Status::Undetermined),
                        }
                })
            })
            .map(|programme| rights.programme_id(*programme).to_string())
            .collect();
        if live.len() > 1 {
            let relation = rights
                .relation(link.file, link.position)
                .map_or_else(String::new, |relation| relation.id.clone());
            findings.push(
                info(code, String::new())
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
        let has_ceiling = one
            .view()
            .and_then(|view| shares(decider, view))
            .is_some_and(|shares| shares.ceiling.is_some());
        if one.status == Status::Entitled && has_ceiling {
            let id = decider.evaluation.rights.programme_id(one.programme);
            findings.push(
                info("ceiling_not_applied", at(decider, "/costs"))
                    .with("programme", Arg::Text(id.to_string())),
            );
        }
    }
}
