//! The engine against the reference model of the rights in
//! `tests/model/rights`, on random people in all places.
//!
//! `NENGLI_CASES` sets how many people are tried; with many, a line tells how
//! far it has come.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    missing_docs
)]

mod model;

use std::collections::BTreeMap;

use model::Rng;
use model::rights::case::Case;
use model::rights::{Said, decide, money, payments, people};
use nengli::Rulebook;
use serde_json::Value;

fn people_tried(default: u64) -> u64 {
    std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(default)
}

/// What was compared, and what the model could not say.
#[derive(Default)]
struct Tally {
    statuses: BTreeMap<&'static str, u64>,
    silent: BTreeMap<&'static str, u64>,
    reasons: BTreeMap<&'static str, u64>,
    amounts: BTreeMap<&'static str, u64>,
    payments: u64,
    silent_payments: u64,
    /// By what they are about: how many, and the first.
    disagreements: BTreeMap<String, (u64, Value)>,
}

impl Tally {
    fn disagree(&mut self, about: String, case: &Value) {
        let entry = self
            .disagreements
            .entry(about)
            .or_insert_with(|| (0, case.clone()));
        entry.0 += 1;
    }
}

#[test]
fn random_people() {
    let rulebook = Rulebook::builtin().expect("the rulebook");
    let tried = people_tried(3_000);
    let mut rng = Rng::new(20_260_325);
    let mut tally = Tally::default();
    for number in 0..tried {
        if number > 0 && number % 20_000 == 0 {
            eprintln!("{number} of {tried} people, {} kinds of disagreement", tally.disagreements.len());
        }
        let case = people::random_case(&mut rng, number);
        compare(&rulebook, &case, &mut tally);
    }
    report(&tally);
    for (about, (count, case)) in &tally.disagreements {
        if about.starts_with("payments") && std::env::var("PAY").is_err() { continue; }
        let small = smaller(&rulebook, case, about);
        eprintln!("{count} x {about}\n    {small}");
    }
    assert!(tally.disagreements.is_empty());
}

fn compare(rulebook: &Rulebook, json: &Value, tally: &mut Tally) {
    let answer: Value = serde_json::from_str(&rulebook.assess_json(&json.to_string())).expect("JSON");
    assert!(answer.get("rejected").is_none(), "{answer} of {json}");
    let case = Case::read(json);
    let entitlements = answer["entitlements"].as_array().expect("entitlements");
    for (programme, said) in decide(&case) {
        let found = entitlements
            .iter()
            .find(|entry| entry["programme"] == programme);
        let status = found.map_or("absent", |entry| entry["status"].as_str().expect("a status"));
        let Some(word) = said.word() else {
            *tally.silent.entry(programme).or_insert(0) += 1;
            if let Said::Silent(why) = said {
                *tally.reasons.entry(why).or_insert(0) += 1;
            }
            continue;
        };
        *tally.statuses.entry(programme).or_insert(0) += 1;
        if word != status {
            let rule = found.map_or("", |entry| entry["rule"].as_str().unwrap_or(""));
            tally.disagree(format!("{programme} in {}: model {word}, engine {status} by {rule}", case.place), json);
            continue;
        }
        if let (true, Some(found)) = (money::compared(&said), found)
            && let Some(expected) = money::stated(&case, programme)
        {
            *tally.amounts.entry(programme).or_insert(0) += 1;
            for (key, value) in expected.as_object().expect("an object") {
                let given = &found["benefit"][key];
                if given != value {
                    tally.disagree(format!("{programme} in {}: {key} is {value} by the model, {given} by the engine", case.place), json);
                }
            }
        }
    }
    if case.costs.is_empty() {
        return;
    }
    match payments::payments(&case) {
        Err(_) => tally.silent_payments += 1,
        Ok(expected) => {
            for (cost, expected) in answer["payments"].as_array().expect("payments").iter().zip(expected) {
                tally.payments += 1;
                let found: Vec<(String, Option<i64>)> = cost["payers"]
                    .as_array()
                    .expect("payers")
                    .iter()
                    .map(|payer| {
                        let name = payer["programme"].as_str().expect("a programme");
                        (name.to_owned(), payer["fen"].as_i64())
                    })
                    .collect();
                let expected: Vec<(String, Option<i64>)> = expected
                    .into_iter()
                    .map(|(name, fen)| (name.to_owned(), fen))
                    .collect();
                if found != expected {
                    tally.disagree(format!("payments in {}, {}: model {expected:?}, engine {found:?}", case.place, cost["setting"]), json);
                }
            }
        }
    }
}

/// The case without all that the disagreement does not need.
fn smaller(rulebook: &Rulebook, case: &Value, about: &str) -> Value {
    let mut small = case.clone();
    loop {
        let shorter = shortened(&small).into_iter().find(|shorter| {
            let mut tally = Tally::default();
            compare(rulebook, shorter, &mut tally);
            tally.disagreements.contains_key(about)
        });
        match shorter {
            Some(shorter) => small = shorter,
            None => return small,
        }
    }
}

/// The case with one thing left out, for each thing.
fn shortened(case: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for key in ["facts", "interpretations"] {
        for name in case[key].as_object().into_iter().flatten().map(|(name, _)| name) {
            let mut shorter = case.clone();
            shorter[key].as_object_mut().expect("an object").remove(name);
            all.push(shorter);
        }
    }
    for key in ["assessments", "costs", "used"] {
        for at in 0..case[key].as_array().map_or(0, Vec::len) {
            let mut shorter = case.clone();
            shorter[key].as_array_mut().expect("a list").remove(at);
            all.push(shorter);
        }
    }
    all
}

fn report(tally: &Tally) {
    eprintln!("statuses compared: {:?}", tally.statuses);
    eprintln!("silent: {:?}", tally.silent);
    eprintln!("reasons: {:?}", tally.reasons);
    eprintln!("amounts: {:?}; payments {} (silent cases {})", tally.amounts, tally.payments, tally.silent_payments);
}
