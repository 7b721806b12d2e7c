//! Every national instrument against its reference model: random forms, complete
//! and partial, and whole spaces where they are small enough.
//!
//! `NENGLI_CASES` sets how many random forms of each kind are tried.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;
mod model;

use std::collections::{BTreeMap, BTreeSet};

use figure::{Count, figure};
use model::{Answers, Readings, Rng, Verdict};
use nengli::determination::{AssessmentResult, Outcome};
use nengli::{Options, Rulebook};
use serde_json::{Value, json};

fn forms_of_each_kind() -> usize {
    std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300)
}

const COMPARED: &str = "random forms, engine and model alike";
const ENUMERATED: &str = "states of an instrument, all of them";

/// So many forms of every instrument, each under every reading.
fn under_every_reading(forms: usize) -> usize {
    let readings = model::INSTRUMENTS.map(|instrument| model::every_reading(instrument).len());
    forms * readings.iter().sum::<usize>()
}

/// A day on which the instrument was in force.
fn day(instrument: &str) -> &'static str {
    if instrument == "mzt-039-2013" {
        "2015-06-01"
    } else {
        "2026-06-01"
    }
}

fn result(
    rulebook: &Rulebook,
    instrument: &str,
    answers: &Answers,
    readings: &Readings,
) -> AssessmentResult {
    let interpretations: BTreeMap<String, &String> = readings
        .iter()
        .map(|(id, choice)| (format!("{instrument}/{id}"), choice))
        .collect();
    let case = json!({
        "case_id": "a-1", "as_of": "2026-06-30", "interpretations": interpretations,
        "assessments": [
            { "instrument": instrument, "date": day(instrument), "answers": answers }
        ],
    });
    let mut determination = rulebook
        .assess_text(&case.to_string(), Options::default())
        .unwrap_or_else(|rejection| panic!("{rejection}\n{case}"));
    determination.assessments.remove(0)
}

fn numbers(values: &BTreeMap<nengli::Text, u8>) -> BTreeMap<String, i64> {
    let pairs = values.iter();
    pairs
        .map(|(id, value)| (id.to_string(), i64::from(*value)))
        .collect()
}

/// Has both decide, and compares all that the model says.
fn agree(
    rulebook: &Rulebook,
    instrument: &str,
    answers: &Answers,
    readings: &Readings,
) -> (AssessmentResult, Verdict) {
    let found = result(rulebook, instrument, answers, readings);
    let verdict = model::decide(instrument, answers, readings);
    let of = || format!("{instrument} under {readings:?}: {}", json!(answers));
    let level = found.level.as_ref().map(|level| i64::from(level.code));
    assert_eq!(level, verdict.level, "{}", of());
    assert_eq!(found.outcome == Outcome::Determined, level.is_some());
    // The model names no sum for the test of six activities.
    if instrument != "tekun-self-care" {
        assert_eq!(numbers(&found.scores), verdict.scores, "{}", of());
    }
    assert_eq!(numbers(&found.grades), verdict.grades, "{}", of());
    let preliminary = found
        .preliminary
        .as_ref()
        .map(|level| i64::from(level.code));
    assert_eq!(preliminary, verdict.preliminary, "{}", of());
    let missing: BTreeSet<String> = found.missing.iter().map(|code| code.to_string()).collect();
    // Of an instrument whose table is not known the model says nothing of these.
    if instrument != "nhc-48-2019" {
        let changes: Vec<_> = found
            .changes
            .iter()
            .map(|change| (change.rule.as_str(), change.met, change.applied))
            .collect();
        let expected: Vec<_> = verdict
            .changes
            .iter()
            .map(|change| (change.rule, change.met, change.applied))
            .collect();
        assert_eq!(changes, expected, "{}", of());
        assert_eq!(missing, verdict.missing, "{}", of());
        if level.is_none() {
            let possible: BTreeSet<i64> = found
                .possible_levels
                .iter()
                .map(|code| i64::from(*code))
                .collect();
            assert_eq!(possible, verdict.possible_levels, "{}", of());
        }
    }
    (found, verdict)
}

#[test]
fn complete_forms() {
    let rulebook = Rulebook::builtin().unwrap();
    let all = under_every_reading(forms_of_each_kind());
    let mut count = Count::new(COMPARED, "decisions", all);
    for instrument in model::INSTRUMENTS {
        let mut rng = Rng::new(7);
        let mut levels = BTreeSet::new();
        for _ in 0..forms_of_each_kind() {
            let answers = model::random_form(instrument, &mut rng);
            for readings in model::every_reading(instrument) {
                let (found, _) = agree(&rulebook, instrument, &answers, &readings);
                levels.extend(found.level.map(|level| level.code));
                count.one();
            }
        }
        assert!(
            levels.len() > 1 || instrument == "nhc-48-2019",
            "{instrument}: {levels:?}"
        );
    }
    count.finish();
}

#[test]
fn partial_forms() {
    let rulebook = Rulebook::builtin().unwrap();
    let all = under_every_reading(forms_of_each_kind() / 3);
    let mut count = Count::new(COMPARED, "decisions", all);
    for instrument in model::INSTRUMENTS {
        let mut rng = Rng::new(11);
        for _ in 0..forms_of_each_kind() / 3 {
            let answers = model::random_partial_form(instrument, &mut rng);
            for readings in model::every_reading(instrument) {
                agree(&rulebook, instrument, &answers, &readings);
                count.one();
            }
        }
    }
    count.finish();
}

/// For every sum that the items can come to, one way of answering them.
fn ways(items: &[(String, Vec<i64>)]) -> BTreeMap<i64, Answers> {
    let mut ways = BTreeMap::from([(0, Answers::new())]);
    for (code, scores) in items {
        let mut next = BTreeMap::new();
        for (sum, answers) in &ways {
            for score in scores {
                let mut answers: Answers = answers.clone();
                answers.insert(code.clone(), json!(score));
                next.insert(sum + score, answers);
            }
        }
        ways = next;
    }
    ways
}

fn items(prefix: &str, scores: &[&[i64]]) -> Vec<(String, Vec<i64>)> {
    let items = scores.iter().enumerate();
    items
        .map(|(i, scores)| (format!("{prefix}.{}", i + 1), scores.to_vec()))
        .collect()
}

const TEN: &[i64] = &[10, 5, 0];
const FIVE: &[i64] = &[5, 0];
const FIFTEEN: &[i64] = &[15, 10, 5, 0];
const THREE: &[i64] = &[2, 1, 0];
const FOUR: &[i64] = &[4, 3, 2, 1, 0];

/// Every reachable sum of each domain with every one of the others, and so every
/// one of the 4 x 4 x 4 vectors of grades.
#[test]
fn every_sum_of_the_insurance_standard() {
    let rulebook = Rulebook::builtin().unwrap();
    let daily = ways(&items(
        "C1",
        &[TEN, TEN, FIVE, TEN, TEN, TEN, FIFTEEN, FIFTEEN, TEN, FIVE],
    ));
    let mind = ways(&items("C2", &[FOUR; 4]));
    let senses = ways(&items("C3", &[FOUR; 3]));
    assert_eq!((daily.len(), mind.len(), senses.len()), (21, 17, 13));
    let mut vectors = BTreeSet::new();
    let mut states = 0;
    for daily in daily.values() {
        for mind in mind.values() {
            for senses in senses.values() {
                let mut answers = daily.clone();
                answers.extend(mind.clone());
                answers.extend(senses.clone());
                let (found, _) = agree(&rulebook, "nhsa-37-2021", &answers, &Readings::new());
                // What rests on the combination table says so.
                assert_eq!(found.confidence.as_str(), "C");
                vectors.insert(found.grades.values().copied().collect::<Vec<u8>>());
                states += 1;
            }
        }
    }
    assert_eq!((vectors.len(), states), (64, 21 * 17 * 13));
    figure(ENUMERATED, states, "states");
}

/// Every way of answering a few items.
fn all_answers(codes: &[&str], values: &[Value]) -> Vec<Answers> {
    let mut all = vec![Answers::new()];
    for code in codes {
        all = all
            .into_iter()
            .flat_map(|answers| {
                values.iter().map(move |value| {
                    let mut answers = answers.clone();
                    answers.insert((*code).to_owned(), value.clone());
                    answers
                })
            })
            .collect();
    }
    all
}

#[test]
fn every_self_assessment() {
    let rulebook = Rulebook::builtin().unwrap();
    let values = [json!("independent"), json!("partial"), json!("dependent")];
    let all = all_answers(&["1", "2", "3", "4", "5", "6"], &values);
    assert_eq!(all.len(), 729);
    let states = all.len();
    for answers in all {
        agree(&rulebook, "nhsa-37-2021-self", &answers, &Readings::new());
    }
    figure(ENUMERATED, states, "states");
}

#[test]
fn every_test_of_six_activities() {
    let rulebook = Rulebook::builtin().unwrap();
    let all = all_answers(
        &["1", "2", "3", "4", "5", "6"],
        &[json!(true), json!(false)],
    );
    assert_eq!(all.len(), 64);
    let states = all.len();
    for answers in all {
        agree(&rulebook, "tekun-self-care", &answers, &Readings::new());
    }
    figure(ENUMERATED, states, "states");
}

/// The 400 vectors of the senses, and the 256 vectors of grades, under every
/// reading.
#[test]
fn every_vector_of_the_predecessor() {
    let rulebook = Rulebook::builtin().unwrap();
    let instrument = "mzt-039-2013";
    let daily = ways(&items(
        "B.1",
        &[TEN, FIVE, FIVE, TEN, TEN, TEN, TEN, FIFTEEN, FIFTEEN, TEN],
    ));
    let mind = ways(&items("B.2", &[THREE; 3]));
    let social = ways(&items("B.4", &[FOUR; 5]));
    let grounds = || -> Answers {
        let codes = model::ground_codes(instrument);
        codes.into_iter().map(|code| (code, json!(0))).collect()
    };
    let sensory = |consciousness: i64, sight: i64, hearing: i64, speech: i64| {
        let values = [consciousness, sight, hearing, speech];
        let pairs = values.iter().enumerate();
        pairs
            .map(|(i, value)| (format!("B.3.{}", i + 1), json!(value)))
            .collect::<Answers>()
    };

    let mut count = 0;
    for consciousness in 0..4 {
        for sight in 0..5 {
            for hearing in 0..5 {
                for speech in 0..4 {
                    let mut answers = grounds();
                    answers.extend(daily[&100].clone());
                    answers.extend(mind[&0].clone());
                    answers.extend(social[&0].clone());
                    answers.extend(sensory(consciousness, sight, hearing, speech));
                    agree(&rulebook, instrument, &answers, &Readings::new());
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 400);

    let (mut overlaps, mut decisions) = (0, 0);
    for daily in [100, 65, 45, 0].map(|sum| &daily[&sum]) {
        for mind in [0, 1, 2, 6].map(|sum| &mind[&sum]) {
            for senses in [
                sensory(0, 0, 0, 0),
                sensory(0, 2, 0, 0),
                sensory(0, 3, 0, 0),
                sensory(0, 4, 0, 0),
            ] {
                for social in [0, 3, 8, 20].map(|sum| &social[&sum]) {
                    let mut answers = grounds();
                    for part in [daily, mind, &senses, social] {
                        answers.extend(part.clone());
                    }
                    for readings in model::every_reading(instrument) {
                        let (found, _) = agree(&rulebook, instrument, &answers, &readings);
                        // The two readings differ just on the overlaps, which say so.
                        let other = found
                            .alternatives
                            .iter()
                            .any(|other| other.interpretation == "overlap");
                        let graded_c = found.confidence.as_str() == "C";
                        assert_eq!(other, graded_c, "{answers:?}");
                        overlaps += usize::from(other);
                        decisions += 1;
                    }
                }
            }
        }
    }
    // 54 vectors, under four combinations of readings.
    assert_eq!((overlaps, decisions), (54 * 4, 256 * 4));
    figure(ENUMERATED, count + decisions, "states");
    for (sum, daily) in &daily {
        let mut answers = grounds();
        for part in [daily, &mind[&0], &sensory(0, 0, 0, 0), &social[&0]] {
            answers.extend(part.clone());
        }
        let (found, _) = agree(&rulebook, instrument, &answers, &Readings::new());
        assert_eq!(i64::from(found.scores["B.1"]), *sum);
    }
}

/// Time, person, place: not the order of the other standard.
#[test]
fn the_order_of_the_cognition_items_of_the_insurance_standard() {
    let rulebook = Rulebook::builtin().unwrap();
    let names: Vec<(String, String)> = rulebook
        .instrument("nhsa-37-2021")
        .unwrap()
        .items()
        .filter(|item| item.code.starts_with("C2."))
        .map(|item| (item.code.to_string(), item.names.zh.clone()))
        .collect();
    let expected = [
        ("C2.1", "时间定向"),
        ("C2.2", "人物定向"),
        ("C2.3", "空间定向"),
        ("C2.4", "记忆力"),
    ];
    assert_eq!(
        names,
        expected.map(|(code, name)| (code.to_owned(), name.to_owned()))
    );
}
