//! The engine against the reference model of `tests/model`, on random forms,
//! complete and partial, under every reading.
//!
//! `NENGLI_CASES` sets how many forms of each kind are tried.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;
mod forms;
mod model;

use std::collections::{BTreeMap, BTreeSet};

use figure::{Count, figure};
use forms::{GBT, grounds, instrument, with, with_total};
use model::{Answers, Readings, Rng, Verdict};
use nengli::determination::{AssessmentResult, Outcome};
use nengli::{Determination, Score};
use serde_json::json;

/// Forms of each kind, each decided under every reading.
fn forms_of_each_kind() -> usize {
    std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(5_000)
}

const COMPARED: &str = "random forms, engine and model alike";

/// Under each of the four readings.
fn count_of_forms() -> Count {
    Count::new(COMPARED, "decisions", 4 * forms_of_each_kind())
}

#[test]
fn complete_forms() {
    let mut rng = Rng::new(20_221_230);
    let mut levels = BTreeMap::new();
    let mut count = count_of_forms();
    for round in 0..forms_of_each_kind() {
        let answers = model::random_form(GBT, &mut rng);
        for (i, readings) in model::every_reading(GBT).into_iter().enumerate() {
            let determination = agree(&answers, &readings);
            let result = &determination.assessments[0];
            if round % 16 == i {
                alternatives_agree(result, &answers, &readings);
            }
            assert_eq!(result.outcome, Outcome::Determined);
            let level = result.level.as_ref().expect("a level");
            *levels.entry(level.code).or_insert(0) += 1;
            count.one();
        }
    }
    assert_eq!(levels.len(), 5, "every level came out: {levels:?}");
    count.finish();
}

#[test]
fn partial_forms() {
    let mut rng = Rng::new(42_195);
    let mut outcomes = BTreeSet::new();
    let mut count = count_of_forms();
    for round in 0..forms_of_each_kind() {
        let answers = model::random_partial_form(GBT, &mut rng);
        for (i, readings) in model::every_reading(GBT).into_iter().enumerate() {
            let determination = agree(&answers, &readings);
            let result = &determination.assessments[0];
            if round % 16 == i {
                alternatives_agree(result, &answers, &readings);
            }
            outcomes.insert((
                result.outcome == Outcome::Determined,
                result.preliminary.is_some(),
                result.possible_levels.clone(),
            ));
            count.one();
        }
    }
    assert!(outcomes.len() >= 30, "many outcomes came out: {outcomes:?}");
    count.finish();
}

/// Each level change alone and together, at each preliminary level, under each
/// reading, through the whole street and by the model.
#[test]
fn every_change_by_the_model() {
    let mut states = 0;
    for total in [90, 89, 66, 65, 46, 45, 30, 29, 0] {
        for events in [[0; 5], [1, 0, 0, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 2, 0]] {
            for (disorder, coma) in [(false, false), (false, true), (true, false), (true, true)] {
                let mut answers = with_total(total);
                if disorder {
                    answers = with(answers, "A.4.1", json!(["I10", "F03.9"]));
                }
                answers = with(answers, "A.5.11", json!(coma));
                for (kind, count) in events.iter().enumerate() {
                    answers = with(answers, &format!("A.2.14.{}", kind + 1), json!(count));
                }
                let scores = forms::scores(&answers);
                for choices in model::every_reading(GBT) {
                    let determination = agree(&answers, &choices);
                    let result = &determination.assessments[0];
                    alternatives_agree(result, &answers, &choices);
                    for change in &result.changes {
                        // Nothing is open: only what is met and not applied asks why.
                        let not_applied = change.met == Some(true) && !change.applied;
                        assert_eq!(change.why.is_some(), not_applied, "{answers:?}");
                    }
                    let fast = instrument()
                        .level_under(
                            forms::readings(&pairs(&choices)),
                            &scores,
                            &grounds(events, disorder, coma),
                        )
                        .expect("a level");
                    assert_eq!(result.level.as_ref(), Some(fast), "{answers:?} {choices:?}");
                    states += 1;
                }
            }
        }
    }
    assert_eq!(states, 9 * 4 * 4 * 4);
    figure("states of an instrument, all of them", states, "states");
}

#[test]
fn the_fast_path_is_the_street() {
    let mut rng = Rng::new(42);
    for round in 0..2_000 {
        let answers = model::random_form(GBT, &mut rng);
        let (scores, grounds) = fast_inputs(&answers);
        let choices = &model::every_reading(GBT)[round % 4];
        let fast = instrument()
            .level_under(forms::readings(&pairs(choices)), &scores, &grounds)
            .expect("a level");
        let determination = forms::determine(&answers, &pairs(choices));
        assert_eq!(
            determination.assessments[0].level.as_ref(),
            Some(fast),
            "{answers:?} {choices:?}"
        );
    }
}

/// A complete form as the fast path takes it.
fn fast_inputs(answers: &Answers) -> (Vec<Score>, Vec<u8>) {
    let mut numbers = answers.clone();
    if let Some(key) = answers["B.3.9"].as_str() {
        let score = match key {
            "alert" => 2,
            "drowsy" | "confused" => 1,
            "stupor" | "coma" => 0,
            other => panic!("B.3.9 has no option {other}"),
        };
        numbers = with(numbers, "B.3.9", json!(score));
    }
    let events: [u8; 5] = std::array::from_fn(|kind| {
        let count = answers[&format!("A.2.14.{}", kind + 1)].as_u64();
        u8::try_from(count.expect("a count")).unwrap()
    });
    let disorder = answers["A.4.1"]
        .as_array()
        .expect("a list")
        .iter()
        .any(|diagnosis| {
            let code = diagnosis.as_str().expect("a text");
            code.starts_with(['F', 'f'])
        });
    let coma = answers["A.5.11"].as_bool().expect("a flag");
    (forms::scores(&numbers), grounds(events, disorder, coma))
}

fn pairs(choices: &Readings) -> Vec<(&str, &str)> {
    choices
        .iter()
        .map(|(interpretation, choice)| (interpretation.as_str(), choice.as_str()))
        .collect()
}

/// Has both decide, and compares all that the model says.
fn agree(answers: &Answers, readings: &Readings) -> Determination {
    let determination = forms::determine(answers, &pairs(readings));
    let verdict = model::decide(GBT, answers, readings);
    let said = say(&determination.assessments[0], &verdict);
    assert_eq!(
        said,
        verdict,
        "under {readings:?}, of {}",
        serde_json::to_string(answers).expect("answers")
    );
    determination
}

/// The other choice of one interpretation is listed just where it comes to
/// another level, or to other levels still possible.
fn alternatives_agree(result: &AssessmentResult, answers: &Answers, readings: &Readings) {
    let verdict = model::decide(GBT, answers, readings);
    let mut expected = Vec::new();
    for (interpretation, choices) in model::interpretations(GBT) {
        for choice in *choices {
            if readings[*interpretation] == *choice {
                continue;
            }
            let mut other = readings.clone();
            other.insert((*interpretation).to_owned(), (*choice).to_owned());
            let other = model::decide(GBT, answers, &other);
            let same = other.level == verdict.level;
            if same && other.possible_levels == verdict.possible_levels {
                continue;
            }
            let possible = match other.level {
                Some(_) => BTreeSet::new(),
                None => other.possible_levels,
            };
            let name = (interpretation.to_string(), choice.to_string());
            expected.push((name, other.level, possible));
        }
    }
    let found: Vec<_> = result
        .alternatives
        .iter()
        .map(|found| {
            let name = (found.interpretation.to_string(), found.choice.to_string());
            let level = found.level.as_ref().map(|level| i64::from(level.code));
            let possible = found.possible_levels.iter().copied().map(i64::from);
            (name, level, possible.collect::<BTreeSet<i64>>())
        })
        .collect();
    assert_eq!(found, expected, "under {readings:?}, of {answers:?}");
}

/// What the engine says, in the words of the model. Where the engine is silent
/// because there is a level, the model's range of totals and levels stands.
fn say(result: &AssessmentResult, verdict: &Verdict) -> Verdict {
    let level = result.level.as_ref().map(|level| i64::from(level.code));
    let determined = result.outcome == Outcome::Determined;
    assert_eq!(determined, level.is_some());
    assert_eq!(determined, result.possible_levels.is_empty());
    assert_eq!(determined, result.score_range.is_none());
    for level in [&result.level, &result.preliminary].into_iter().flatten() {
        assert_eq!(level.key, forms::LEVELS[usize::from(level.code)]);
    }
    let missing: BTreeSet<String> = result.missing.iter().map(|code| code.to_string()).collect();
    assert_eq!(missing.len(), result.missing.len(), "each code once");
    Verdict {
        scores: numbers(&result.scores),
        grades: numbers(&result.grades),
        preliminary: result
            .preliminary
            .as_ref()
            .map(|level| i64::from(level.code)),
        changes: result
            .changes
            .iter()
            .zip(&verdict.changes)
            .map(|(change, expected)| model::Change {
                rule: if change.rule == expected.rule {
                    expected.rule
                } else {
                    "another rule"
                },
                met: change.met,
                applied: change.applied,
            })
            .collect(),
        level,
        possible_levels: match level {
            Some(level) => BTreeSet::from([level]),
            None => result
                .possible_levels
                .iter()
                .copied()
                .map(i64::from)
                .collect(),
        },
        missing,
        score_range: match result.score_range {
            Some(range) => Some((i64::from(range.min), i64::from(range.max))),
            None => verdict.score_range,
        },
    }
}

fn numbers(values: &BTreeMap<nengli::Text, u8>) -> BTreeMap<String, i64> {
    values
        .iter()
        .map(|(code, value)| (code.to_string(), i64::from(*value)))
        .collect()
}
