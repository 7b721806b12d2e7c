//! What is said of other answers is what comes of them.
//!
//! Distances are compared with the reference models, which share nothing with the engine;
//! what is claimed of other answers and facts is put into the case and decided.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
mod forms;
mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use forms::{GBT, rulebook, with, with_total};
use model::{Answers, Readings, Rng};
use nengli::determination::Found;
use nengli::inquiry::{Inquiry, Neighbour};
use nengli::{Case, Lang, Options, explain};
use serde_json::{Value, json};

const LTCI: &str = "nhsa-37-2021";

/// A case of one form.
fn one_form(instrument: &str, answers: &Answers) -> Value {
    json!({
        "case_id": "t-1",
        "as_of": "2026-06-30",
        "assessments": [{"instrument": instrument, "date": "2026-06-20", "answers": answers}]
    })
}

fn case(value: &Value) -> Case {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

fn inquire(value: &Value) -> Inquiry {
    let inquiry = rulebook().inquire(&case(value));
    inquiry.unwrap_or_else(|rejection| panic!("{rejection}: {value}"))
}

/// The code of the level that the model gives.
fn modelled(instrument: &str, answers: &Answers) -> Option<i64> {
    model::decide(instrument, answers, &Readings::new()).level
}

fn points(neighbour: &Neighbour) -> BTreeMap<Vec<&str>, u16> {
    let points = neighbour.by_points.iter().map(|points| {
        let sums = points.sums.keys().map(|sum| sum.as_str()).collect();
        (sums, points.points)
    });
    points.collect()
}

// ---- distances ---------------------------------------------------------------

#[test]
fn points_from_every_total_of_gbt_under_every_ground() {
    let grounds = [
        json!({}),
        json!({"A.4.1": ["F03"]}),
        json!({"A.2.14.1": 2}),
        json!({"A.4.1": ["F03"], "A.2.14.1": 2}),
    ];
    for ground in grounds {
        let form = |total: u8| {
            let mut answers = with_total(total);
            answers.extend(ground.as_object().unwrap().clone());
            answers
        };
        let levels: Vec<i64> = (0..=90)
            .map(|total| modelled(forms::GBT, &form(total)).unwrap())
            .collect();
        for total in 0..=90u8 {
            let inquiry = inquire(&one_form(forms::GBT, &form(total)));
            let asked = &inquiry.assessments[0];
            let level = levels[usize::from(total)];
            let beside: Vec<i64> = [level - 1, level + 1]
                .into_iter()
                .filter(|code| (0..=4).contains(code))
                .collect();
            let found: Vec<i64> = asked
                .neighbours
                .iter()
                .map(|neighbour| i64::from(neighbour.level.code))
                .collect();
            assert_eq!(found, beside, "total {total}, {ground}");
            for neighbour in &asked.neighbours {
                let nearest = (0..=90u8)
                    .filter(|other| levels[usize::from(*other)] == i64::from(neighbour.level.code))
                    .map(|other| u16::from(other.abs_diff(total)))
                    .min();
                let found = neighbour.by_points.first().map(|points| points.points);
                assert_eq!(found, nearest, "total {total}, {ground}, {neighbour:?}");
            }
        }
    }
}

#[test]
fn grounds_that_lead_to_a_level_do_so() {
    // Whether each of the three rules is met, and the answers that make it so.
    let rules = [
        ("C.4.coma", "A.5.11", json!(false), json!(true)),
        (
            "C.4.dementia-or-mental-disorder",
            "A.4.1",
            json!([]),
            json!(["F03"]),
        ),
        ("C.4.risk-events", "A.2.14.1", json!(0), json!(2)),
    ];
    let form = |total: u8, met: [bool; 3]| {
        let mut answers = with_total(total);
        for ((_, code, no, yes), met) in rules.iter().zip(met) {
            answers = with(answers, code, if met { yes.clone() } else { no.clone() });
        }
        answers
    };
    let mut ways = 0;
    for total in [0, 29, 30, 45, 46, 65, 66, 89, 90] {
        for bits in 0..8u8 {
            let met = [bits & 1 > 0, bits & 2 > 0, bits & 4 > 0];
            let inquiry = inquire(&one_form(forms::GBT, &form(total, met)));
            for neighbour in &inquiry.assessments[0].neighbours {
                let wanted = i64::from(neighbour.level.code);
                let leads = |other: u8| {
                    let met = [other & 1 > 0, other & 2 > 0, other & 4 > 0];
                    modelled(forms::GBT, &form(total, met)) == Some(wanted)
                };
                // Fewest rules turned: no part of a way is a way.
                let turned: Vec<u8> = (1..8).filter(|turn| leads(bits ^ turn)).collect();
                let fewest = turned
                    .iter()
                    .filter(|turn| {
                        !turned
                            .iter()
                            .any(|less| less < turn && less & **turn == *less)
                    })
                    .count();
                assert_eq!(neighbour.by_grounds.len(), fewest, "{total} {met:?}");
                for way in &neighbour.by_grounds {
                    let turn = rules
                        .iter()
                        .enumerate()
                        .fold(0, |turn, (i, (rule, ..))| match way.get(*rule) {
                            Some(now) => {
                                assert_ne!(*now, met[i]);
                                turn | 1 << i
                            }
                            None => turn,
                        });
                    assert!(leads(bits ^ turn), "{total} {met:?} {way:?}");
                    ways += 1;
                }
            }
        }
    }
    assert!(ways > 20, "{ways}");
}

/// A form of long-term care insurance with these sums.
fn ltci(sums: [i64; 3]) -> Answers {
    let mut answers = Answers::new();
    for (domain, sum) in ["C1.", "C2.", "C3."].iter().zip(sums) {
        let mut left = sum;
        for code in model::item_codes(LTCI) {
            if !code.starts_with(domain) {
                continue;
            }
            let scores = model::nhsa_37_2021::every_answer(&code);
            let most = scores.iter().map(|score| score.as_i64().unwrap());
            let score = most.filter(|score| *score <= left).max().unwrap();
            left -= score;
            answers.insert(code, json!(score));
        }
        assert_eq!(left, 0, "{sums:?}");
    }
    answers
}

/// Every sum that the items of a domain can come to.
fn reach(domain: &str) -> Vec<i64> {
    let mut sums = vec![0];
    for code in model::item_codes(LTCI) {
        if code.starts_with(domain) {
            let scores = model::nhsa_37_2021::every_answer(&code);
            sums = sums
                .iter()
                .flat_map(|sum| {
                    scores
                        .iter()
                        .map(move |score| sum + score.as_i64().unwrap())
                })
                .collect();
            sums.sort_unstable();
            sums.dedup();
        }
    }
    sums
}

#[test]
fn points_of_one_domain_or_of_several_together() {
    let domains = ["C1", "C2", "C3"];
    let reach: Vec<Vec<i64>> = ["C1.", "C2.", "C3."].map(reach).to_vec();
    let mut levels: BTreeMap<[i64; 3], i64> = BTreeMap::new();
    for one in &reach[0] {
        for two in &reach[1] {
            for three in &reach[2] {
                let sums = [*one, *two, *three];
                levels.insert(sums, modelled(LTCI, &ltci(sums)).unwrap());
            }
        }
    }
    let mut rng = Rng::new(37);
    let mut together = 0;
    for _ in 0..60 {
        let sums = [0, 1, 2].map(|domain: usize| *rng.pick(&reach[domain]));
        let inquiry = inquire(&one_form(LTCI, &ltci(sums)));
        for neighbour in &inquiry.assessments[0].neighbours {
            let wanted = i64::from(neighbour.level.code);
            let mut alone: BTreeMap<Vec<&str>, u16> = BTreeMap::new();
            for (i, domain) in domains.iter().enumerate() {
                let nearest = reach[i]
                    .iter()
                    .filter(|to| {
                        let mut other = sums;
                        other[i] = **to;
                        levels[&other] == wanted
                    })
                    .map(|to| u16::try_from(to.abs_diff(sums[i])).unwrap())
                    .min();
                if let Some(nearest) = nearest {
                    alone.insert(vec![*domain], nearest);
                }
            }
            if alone.is_empty() {
                let nearest = levels
                    .iter()
                    .filter(|(_, level)| **level == wanted)
                    .map(|(to, _)| (0..3).map(|i| to[i].abs_diff(sums[i])).sum::<u64>())
                    .min()
                    .unwrap();
                assert_eq!(neighbour.by_points.len(), 1);
                assert_eq!(
                    u64::from(neighbour.by_points[0].points),
                    nearest,
                    "{sums:?}"
                );
                together += 1;
            } else {
                assert_eq!(points(neighbour), alone, "{sums:?} {wanted}");
            }
        }
    }
    assert!(together > 0);
}

// ---- single answers ----------------------------------------------------------

#[test]
fn answers_that_carry_a_level_are_those_of_the_model() {
    let mut rng = Rng::new(4);
    let mut found = 0;
    for instrument in model::INSTRUMENTS {
        for _ in 0..12 {
            let answers = model::random_form(instrument, &mut rng);
            let now = modelled(instrument, &answers);
            let inquiry = inquire(&one_form(instrument, &answers));
            for one in &inquiry.sensitive {
                let code = one.at.rsplit('/').next().unwrap();
                let mut other = answers.clone();
                other.insert(code.to_owned(), json!(one.to));
                let then = modelled(instrument, &other);
                assert_ne!(now, then, "{instrument} {one:?}");
                let to = one.levels[0].to.as_ref().map(|level| i64::from(level.code));
                assert_eq!(to, then, "{instrument} {one:?}");
                found += 1;
            }
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn no_answer_that_carries_a_level_is_left_out() {
    let mut rng = Rng::new(5);
    for instrument in [forms::GBT, LTCI] {
        for _ in 0..12 {
            let answers = model::random_form(instrument, &mut rng);
            let now = modelled(instrument, &answers);
            let inquiry = inquire(&one_form(instrument, &answers));
            for code in model::item_codes(instrument) {
                let every = match instrument {
                    LTCI => model::nhsa_37_2021::every_answer(&code),
                    _ => model::gbt_42195_2022::every_answer(&code),
                };
                let Some(given) = answers[&code].as_i64() else {
                    continue;
                };
                let scores: Vec<i64> = every.iter().filter_map(Value::as_i64).collect();
                let below = scores.iter().filter(|score| **score < given).max();
                let above = scores.iter().filter(|score| **score > given).min();
                for score in [below, above].into_iter().flatten() {
                    let other = with(answers.clone(), &code, json!(score));
                    let moves = modelled(instrument, &other) != now;
                    let said = inquiry.sensitive.iter().any(|one| {
                        one.at.ends_with(&format!("/{code}")) && json!(one.to) == json!(score)
                    });
                    // B.3.9 = 0 stands for two options, each of which is tried by its key.
                    if code != "B.3.9" {
                        assert_eq!(said, moves, "{instrument} {code} {given} {score}");
                    }
                }
            }
        }
    }
}

// ---- what would settle -------------------------------------------------------

#[test]
fn answers_that_give_a_level_do_so() {
    let mut rng = Rng::new(6);
    let mut tried = 0;
    for instrument in model::INSTRUMENTS {
        for _ in 0..25 {
            let answers = model::random_partial_form(instrument, &mut rng);
            let verdict = model::decide(instrument, &answers, &Readings::new());
            let inquiry = inquire(&one_form(instrument, &answers));
            let asked = &inquiry.assessments[0];
            assert_eq!(asked.settle.is_empty(), verdict.level.is_some());
            let last = asked.settle.last();
            assert!(last.is_none_or(|set| set.always), "{asked:?}");
            for set in &asked.settle {
                assert!(set.ask.iter().all(|code| verdict.missing.contains(code)));
                // Of several things together, one way to each level.
                let levels: BTreeSet<&str> = set.answers.iter().map(|one| &*one.to).collect();
                let several = set.ask.len() > 1;
                assert!(!several || levels.len() == set.answers.len(), "{set:?}");
                for answer in &set.answers {
                    let mut other = answers.clone();
                    for (code, value) in &answer.given {
                        other.insert(code.clone(), json!(value));
                    }
                    let level = modelled(instrument, &other).expect("a level");
                    let levels = rulebook().instrument(instrument).unwrap().levels();
                    let key = &levels[usize::try_from(level).unwrap()].key;
                    assert_eq!(*key, answer.to, "{instrument} {answer:?}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

/// An option is answered by its score, and by its key only where two share one and it
/// matters which of them it is.
#[test]
fn options_are_answered_by_their_scores() {
    let mut answers = with_total(65);
    assert_eq!(
        answers.insert("B.3.9".to_owned(), json!("drowsy")),
        Some(json!(1))
    );
    let inquiry = inquire(&one_form(GBT, &answers));
    let sensitive = inquiry.sensitive.iter();
    let of_item = sensitive.filter(|one| one.at.ends_with("/B.3.9"));
    let others: BTreeSet<String> = of_item.map(|one| json!(one.to).to_string()).collect();
    assert_eq!(others, BTreeSet::from(["2".to_owned()]));
}

/// The cases of a folder, by name.
fn cases(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (files, faults) = common::find(&folder);
    assert_eq!(faults, Vec::<String>::new());
    let read = files.into_iter().map(|file| {
        let text = fs::read_to_string(file.case).unwrap();
        (file.name, serde_json::from_str(&text).unwrap())
    });
    read.collect()
}

fn status(value: &Value, programme: &str) -> String {
    let determination = rulebook().assess(&case(value)).unwrap();
    let rights = determination.entitlements.unwrap();
    let right = rights.iter().find(|right| right.programme == programme);
    right.unwrap().status.as_str().to_owned()
}

#[test]
fn facts_that_settle_a_right_do_so() {
    let mut tried = 0;
    for (name, value) in cases("tests/cases/rights") {
        if rulebook().assess(&case(&value)).is_err() {
            continue;
        }
        for right in inquire(&value).rights {
            assert!(right.settle.last().unwrap().always, "{name} {right:?}");
            for answer in right.settle.iter().flat_map(|set| &set.answers) {
                // Facts as the case states them; of keys that are alike each.
                let mut others = vec![value.clone()];
                let stated = answer.given.iter().all(|(asks, found)| {
                    let Some(id) = asks.strip_prefix("fact:") else {
                        return false;
                    };
                    let fact = rulebook().facts().find(|fact| fact.id == id).unwrap();
                    let values: Vec<Value> = match found {
                        Found::Flag(flag) => vec![json!(flag)],
                        Found::Text(key) if fact.values.iter().any(|one| one.key == *key) => {
                            vec![json!(key)]
                        }
                        Found::List(keys) if format!("{:?}", fact.kind) == "Choice" => {
                            keys.iter().map(|key| json!(key)).collect()
                        }
                        _ => return false,
                    };
                    others = others
                        .iter()
                        .flat_map(|other| {
                            values.iter().map(|value| {
                                let mut other = other.clone();
                                other["facts"][id] = value.clone();
                                other
                            })
                        })
                        .collect();
                    true
                });
                if !stated {
                    continue;
                }
                for other in others {
                    assert_eq!(
                        status(&other, &right.programme),
                        answer.to,
                        "{name} {answer:?}"
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

/// An assessment that is too old binds the next one to nothing.
#[test]
fn a_new_assessment_may_come_to_any_level() {
    let all = cases("tests/cases/rights");
    let (_, over) = all
        .into_iter()
        .find(|(name, _)| name.contains("conclusion-over"))
        .expect("the case");
    let rights = inquire(&over).rights;
    let insurance = rights.iter().find(|right| right.programme == "ltci");
    let settle = &insurance.expect("what settles the insurance").settle;
    let answers = &settle[0].answers;
    for status in ["entitled", "not_entitled"] {
        assert!(
            answers.iter().any(|answer| answer.to == status),
            "{answers:?}"
        );
    }
}

/// A form that is begun and cannot come to a level any more does not come to it.
#[test]
fn a_form_that_is_begun_rules_levels_out() {
    let (_, begun) = cases("tests/cases/rights")
        .into_iter()
        .find(|(name, _)| name.contains("half-assessed"))
        .expect("the case");
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for right in inquire(&begun).rights {
        for answer in right.settle.iter().flat_map(|set| &set.answers) {
            for (ask, found) in &answer.given {
                let levels = given.entry(ask.clone()).or_default();
                match found {
                    Found::Text(level) => levels.extend([level.to_string()]),
                    Found::List(several) => levels.extend(several.clone()),
                    _ => {}
                }
            }
        }
    }
    let of = |ask: &str| given[ask].iter().map(String::as_str).collect::<Vec<_>>();
    let gbt = of("level:gbt-42195-2022");
    assert_eq!(gbt, ["intact", "mild", "moderate", "severe"]);
    assert_eq!(of("level:nhsa-37-2021"), ["mild", "severe_1"]);
}

// ---- in words ----------------------------------------------------------------

#[test]
fn every_line_of_an_account_has_its_clause() {
    let mut lines = 0;
    for (name, value) in cases("tests/cases") {
        let case: Result<Case, _> = serde_json::from_value(value);
        let Ok(case) = case else { continue };
        let Ok(determination) = rulebook().assess_with(&case, Options::traced()) else {
            continue;
        };
        for lang in [Lang::Zh, Lang::En] {
            for account in explain::why(&case, &determination, rulebook(), None, lang) {
                for told in &account.lines {
                    let text = &told.line.text;
                    assert!(
                        !text.is_empty() && !text.contains(['{', '}']),
                        "{name}: {text}"
                    );
                    // Only what is computed from the case, or left to the person, has none.
                    let computed =
                        told.depth == 2 || text.contains("本人") || text.contains("the person");
                    assert!(
                        computed || !told.line.citations.is_empty(),
                        "{name}: {text}"
                    );
                    for id in &told.line.citations {
                        assert!(rulebook().citation(id).is_some(), "{name}: {id}");
                    }
                    lines += 1;
                }
            }
        }
    }
    assert!(lines > 5000, "{lines}");
}

#[test]
fn an_inquiry_in_words_is_whole_in_both_languages() {
    for (name, value) in cases("tests/cases/rights") {
        let Ok(determination) = rulebook().assess(&case(&value)) else {
            continue;
        };
        let inquiry = inquire(&value);
        let accounts = [Lang::Zh, Lang::En].map(|lang| {
            explain::inquiry(&inquiry, &case(&value), &determination, rulebook(), lang)
        });
        assert_eq!(accounts[0].len(), accounts[1].len(), "{name}");
        for account in accounts.iter().flatten() {
            assert!(!account.lines.is_empty(), "{name}: {}", account.heading);
            for told in &account.lines {
                assert!(
                    !told.line.text.contains(['{', '}']),
                    "{name}: {}",
                    told.line.text
                );
            }
        }
    }
}

#[test]
fn differences_of_two_determinations() {
    let [first, second] = [66, 65].map(|total| forms::determine(&with_total(total), &[]));
    assert_eq!(rulebook().differences(&first, &first), Vec::new());
    let differences = rulebook().differences(&first, &second);
    let at: Vec<&str> = differences.iter().map(|one| one.at.as_str()).collect();
    assert!(at.contains(&"/assessments/0/level/key"), "{at:?}");
    assert!(at.contains(&"/assessments/0/scores/total"), "{at:?}");
}
