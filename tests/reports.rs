//! Reports in words: from the determination and the rulebook alone, each line of a rule
//! with its clause. What they look like in print stands in `tests/reports/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
mod forms;

use std::fs;
use std::path::Path;

use forms::rulebook;
use nengli::determination::Status;
use nengli::explain::{self, Line, Mark};
use nengli::{Determination, Lang, Options};

fn decided() -> Vec<(String, Determination)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (files, _) = common::find(&folder);
    let decided = files.into_iter().filter_map(|file| {
        let text = fs::read_to_string(&file.case).unwrap();
        let determination = rulebook().assess_text(&text, Options::default()).ok()?;
        Some((file.name, determination))
    });
    decided.collect()
}

/// Findings that say something of the case or of this rulebook, and no rule.
const OF_NO_RULE: &[&str] = &[
    "application_needed",
    "ceiling_not_applied",
    "fact_contradicted",
    "no_application_needed",
    "no_jurisdiction",
    "no_local_rules",
    "only_one_level_possible",
    "plan_period_over",
    "reason_contradicts",
    "superseded",
];

/// Read back from its JSON, a determination has the same report: nothing else goes in.
#[test]
fn a_report_is_of_the_determination_alone() {
    let all = decided();
    assert!(all.len() > 150, "{}", all.len());
    for (name, determination) in &all {
        let text = serde_json::to_string(determination).unwrap();
        let back: Determination = serde_json::from_str(&text).unwrap();
        assert!(back == *determination, "{name}");
        for lang in [Lang::Zh, Lang::En] {
            let report = explain::report(determination, rulebook(), lang);
            let again = explain::report(&back, rulebook(), lang);
            assert!(report == again, "{name}");
        }
    }
}

#[test]
fn what_rests_on_a_rule_cites_it() {
    let mut seen = 0;
    for (name, determination) in decided() {
        for lang in [Lang::Zh, Lang::En] {
            let report = explain::report(&determination, rulebook(), lang);
            let mut cited = |what: &str, text: &str, citations: &[String]| {
                seen += 1;
                assert!(!citations.is_empty(), "{name}, {what}: {text}");
                for id in citations {
                    assert!(rulebook().citation(id).is_some(), "{name}, {what}: {id}");
                }
                assert!(!explain::citations(citations, rulebook(), lang).is_empty());
            };
            let line = |line: &Line| (line.text.clone(), line.citations.clone());

            let missing = explain::heading("missing", lang);
            let findings = explain::heading("findings", lang);
            for assessment in &report.assessments {
                for section in &assessment.sections {
                    if section.heading == missing || section.heading == findings {
                        continue;
                    }
                    for (text, citations) in section.lines.iter().map(line) {
                        cited(&section.heading, &text, &citations);
                    }
                }
            }
            for (part, lines) in [("care levels", &report.care_levels), ("due", &report.due)] {
                for (text, citations) in lines.iter().map(line) {
                    cited(part, &text, &citations);
                }
            }
            for finding in &determination.findings {
                let told = explain::finding(finding, &determination, rulebook(), lang);
                let stands = report.findings.iter();
                let sections = report.assessments.iter().flat_map(|one| &one.sections);
                let stands = stands.chain(sections.flat_map(|section| &section.lines));
                for found in stands.filter(|found| found.text == told) {
                    if !OF_NO_RULE.contains(&finding.code.as_str()) {
                        cited(&finding.code, &told, &found.citations);
                    }
                }
            }
            for group in &report.rights {
                for right in &group.rights {
                    cited("right", &right.name, &right.citations);
                    assert_eq!(right.excluded.is_some(), group.status == Status::Excluded);
                    let lines = right.excluded.iter().chain(&right.alternatives);
                    for (text, citations) in lines.chain(&right.notes).map(line) {
                        // What the place is asked is no clause.
                        let of_no_rule = determination.findings.iter().any(|finding| {
                            OF_NO_RULE.contains(&finding.code.as_str())
                                && explain::finding(finding, &determination, rulebook(), lang)
                                    == text
                        });
                        if !of_no_rule {
                            cited(&right.name, &text, &citations);
                        }
                    }
                }
            }
            for payment in &report.payments {
                let payers = payment.payers.iter();
                let last = payment.payers.len() - 1;
                for (i, payer) in payers.enumerate() {
                    // The person pays what is left: no rule gives it.
                    if i < last {
                        cited("payer", &payer.name, &payer.citations);
                    }
                }
                for other in &payment.alternatives {
                    cited("payment", &other.heading, &other.citations);
                }
            }
        }
    }
    assert!(seen > 2_500, "{seen}");
}

/// What was due before the day of decision says so.
#[test]
fn what_is_overdue_says_so() {
    for (_, determination) in decided() {
        let report = explain::report(&determination, rulebook(), Lang::En);
        for (line, due) in report.due.iter().zip(&determination.due) {
            let over = due.by.is_some_and(|by| by < determination.as_of);
            assert_eq!(line.mark == Mark::Warning, over, "{}", line.text);
            assert_eq!(line.text.contains("was due"), over, "{}", line.text);
        }
    }
}
