//! The engine against the reference model of the rights in
//! `tests/model/rights`: random people in all places, every combination of what
//! the insurance asks, every division of a cost around the caps.
//!
//! `NENGLI_CASES` sets how many people are tried, and how many combinations are
//! taken, evenly spread. With many, a line tells how far it has come:
//!
//! ```sh
//! NENGLI_CASES=1000000 cargo test --release --test rights_agree -- --nocapture
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs
)]

mod model;

use std::collections::BTreeMap;
use std::time::Instant;

use model::Rng;
use model::rights::case::Case;
use model::rights::known::KNOWN;
use model::rights::{PROGRAMMES, Rights, Said, combinations, money, payments, people};
use nengli::Rulebook;
use serde_json::{Value, json};

fn wanted(default: usize) -> usize {
    std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(default)
}

#[test]
fn random_people() {
    let tried = wanted(2_500);
    let mut rng = Rng::new(20_260_325);
    let mut run = Run::new("people", tried);
    for number in 0..tried {
        run.compare(&people::random_case(&mut rng, number as u64));
    }
    run.finish();
    let always_silent: Vec<_> = PROGRAMMES
        .into_iter()
        .filter(|programme| !run.tally.statuses.contains_key(programme))
        .collect();
    assert!(
        always_silent.is_empty(),
        "nothing is modelled of {always_silent:?}"
    );
    for status in [
        "absent",
        "entitled",
        "undetermined",
        "discretionary",
        "not_entitled",
        "excluded",
    ] {
        assert!(run.tally.words.contains_key(status), "nobody was {status}");
    }
}

/// Place, day, kind of insurance, level, spans, treatment, allowance: each with
/// each.
#[test]
fn every_combination_of_the_insurance() {
    let combinations = combinations::insurance_combinations();
    let mut run = Run::new(
        "combinations of the insurance",
        wanted(2_500).min(combinations),
    );
    run.only = &["ltci"];
    for number in spread(combinations, wanted(2_500)) {
        run.compare(&combinations::insurance_case(number));
    }
    run.finish();
}

/// Setting, mode, cost, days, what was paid already, reading, voucher: each with
/// each, at every edge.
#[test]
fn every_division_of_a_cost() {
    let combinations = combinations::division_combinations();
    let mut run = Run::new("divisions of a cost", wanted(2_500).min(combinations));
    run.only = &["ltci", "care-voucher"];
    for number in spread(combinations, wanted(2_500)) {
        run.compare(&combinations::division_case(number));
    }
    run.finish();
    assert!(run.tally.payments > 0 && run.tally.silent_payments == 0);
}

/// Each known disagreement is still there; else it leaves the list.
#[test]
fn known_disagreements_are_real() {
    let rulebook = Rulebook::builtin().expect("the rulebook");
    for known in &KNOWN {
        let json = (known.shows)();
        let answer = assess(&rulebook, &json);
        let case = Case::read(&json);
        let said = Rights::of(&case).to(known.programme);
        let mut model = said.word().expect("the model speaks").to_owned();
        let mut engine = status(&answer, known.programme).to_owned();
        if known.engine[0].starts_with("by ") {
            let access = money::access(&case, known.programme);
            model = format!("by {}", access.expect("the model speaks"));
            engine = access_of(entitlement(&answer, known.programme).expect("an entitlement"));
        }
        assert_ne!(model, engine, "no longer so: {}", known.name);
        assert!(
            known.explains(&case, known.programme, &model, &engine),
            "{}: model {model}, engine {engine}",
            known.name
        );
        assert!(!known.reason.is_empty());
    }
}

/// A rule file and its programme, a text in it and what is put in its place.
const FAULTS: [(&str, &str, &str, &str); 14] = [
    (
        "000000/care-voucher",
        "care-voucher",
        "\"fen\": 80000",
        "\"fen\": 80001",
    ),
    (
        "000000/care-voucher",
        "care-voucher",
        "\"per_mille\": 400",
        "\"per_mille\": 500",
    ),
    (
        "000000/care-voucher",
        "care-voucher",
        "\"at_least\": 60",
        "\"at_least\": 61",
    ),
    (
        "000000/care-voucher",
        "care-voucher",
        "\"within_months\": 12",
        "\"within_months\": 13",
    ),
    (
        "000000/ltci",
        "ltci",
        "\"per_mille\": 500}",
        "\"per_mille\": 501}",
    ),
    ("000000/ltci", "ltci", "\"at_least\": 6", "\"at_least\": 5"),
    ("120000/ltci", "ltci", "\"fen\": 210000", "\"fen\": 209999"),
    ("120000/ltci", "ltci", "\"fen\": 7000,", "\"fen\": 7001,"),
    ("120000/ltci", "ltci", "severe_1", "severe_2"),
    ("120000/ltci", "ltci", "2022-12-15", "2022-12-16"),
    (
        "120000/home-care-subsidy",
        "home-care-subsidy",
        "\"fen\": 40000",
        "\"fen\": 40100",
    ),
    (
        "120000/meal-subsidy",
        "meal-subsidy",
        "\"at_least\": 70",
        "\"at_least\": 71",
    ),
    (
        "370000/hardship-subsidy",
        "elder-service-subsidy",
        "\"fen\": 10000",
        "\"fen\": 12000",
    ),
    (
        "370900/plan-2025",
        "charity-meals-and-visits",
        "2025-05-07",
        "2025-05-08",
    ),
];

/// What a rule file has wrong by one, the comparison sees.
#[test]
fn seeded_faults_are_seen() {
    let builtin = Rulebook::builtin().expect("the rulebook");
    for (file, programme, text, fault) in FAULTS {
        let wrong = format!("programmes/{file}.json");
        let mut changed = false;
        let rules: Vec<(String, String)> = builtin
            .files()
            .map(|(path, found)| {
                let found = match path == wrong {
                    true => found.replace(text, fault),
                    false => found.to_owned(),
                };
                changed |= path == wrong && !found.contains(text);
                (path.to_owned(), found)
            })
            .collect();
        assert!(changed, "{file} has no {text}");
        let rulebook = Rulebook::from_files(rules).expect("a fault that loads");
        let mut tally = Tally::default();
        let mut rng = Rng::new(7);
        let seen = (0..6_000).find(|number| {
            let case = people::random_case(&mut rng, *number);
            compare(&rulebook, &case, &[programme], &mut tally);
            let step = *number as usize * 7_919 % combinations::division_combinations();
            let division = combinations::division_case(step);
            compare(&rulebook, &division, &["ltci", "care-voucher"], &mut tally);
            !tally.disagreements.is_empty()
        });
        assert!(seen.is_some(), "{fault} for {text} in {file} was not seen");
    }
}

/// So many of the numbers below `all`, evenly spread.
fn spread(all: usize, wanted: usize) -> impl Iterator<Item = usize> {
    // A stride that shares no factor with the number of combinations, so that
    // no dimension is walked in step.
    let mut stride = (all / wanted.min(all)).max(1);
    while stride > 1 && common_factor(stride, all) > 1 {
        stride += 1;
    }
    (0..all.min(wanted)).map(move |number| number * stride % all)
}

fn common_factor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_factor(b, a % b) }
}

fn assess(rulebook: &Rulebook, case: &Value) -> Value {
    let answer = rulebook.assess_json(&case.to_string());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert!(answer.get("rejected").is_none(), "{answer} of {case}");
    answer
}

fn entitlement<'a>(answer: &'a Value, programme: &str) -> Option<&'a Value> {
    let all = answer["entitlements"].as_array().expect("entitlements");
    all.iter().find(|entry| entry["programme"] == programme)
}

fn status<'a>(answer: &'a Value, programme: &str) -> &'a str {
    let found = entitlement(answer, programme);
    found.map_or("absent", |entry| {
        entry["status"].as_str().expect("a status")
    })
}

/// What was compared, and what the model could not say.
#[derive(Default)]
struct Tally {
    statuses: BTreeMap<&'static str, u64>,
    words: BTreeMap<&'static str, u64>,
    silent: BTreeMap<&'static str, u64>,
    amounts: BTreeMap<&'static str, u64>,
    /// Other readings of a place, by programme, that were compared.
    alternatives: u64,
    payments: u64,
    /// Of these, those in which a fund pays a sum that is known.
    paid: u64,
    silent_payments: u64,
    known: BTreeMap<&'static str, u64>,
    tells: bool,
    /// By what they are about: how many, and the first.
    disagreements: BTreeMap<String, (u64, Value)>,
}

impl Tally {
    fn disagree_unless_known(
        &mut self,
        case: &Case,
        programme: &str,
        model: &str,
        engine: &str,
        json: &Value,
    ) {
        let known = KNOWN
            .iter()
            .find(|known| known.explains(case, programme, model, engine));
        match known {
            Some(known) => *self.known.entry(known.name).or_insert(0) += 1,
            None => {
                let about = format!(
                    "{programme} in {}: model {model}, engine {engine}",
                    case.place
                );
                self.disagree(about, json);
            }
        }
    }

    fn disagree(&mut self, about: String, case: &Value) {
        let new = self.disagreements.len();
        let entry = self.disagreements.entry(about.clone());
        entry.or_insert_with(|| (0, case.clone())).0 += 1;
        // Told at once: a long run need not be waited for.
        if self.disagreements.len() > new && new < 40 && self.tells {
            eprintln!("new: {about}\n    {case}");
        }
    }
}

fn access_of(entitlement: &Value) -> String {
    format!("by {}", entitlement["access"].as_str().unwrap_or("nothing"))
}

struct Run {
    rulebook: Rulebook,
    what: &'static str,
    /// The programmes that are compared.
    only: &'static [&'static str],
    of: usize,
    done: usize,
    since: Instant,
    tally: Tally,
}

impl Run {
    fn new(what: &'static str, of: usize) -> Run {
        Run {
            rulebook: Rulebook::builtin().expect("the rulebook"),
            what,
            only: &PROGRAMMES,
            of,
            done: 0,
            since: Instant::now(),
            tally: Tally {
                tells: true,
                ..Tally::default()
            },
        }
    }

    fn compare(&mut self, case: &Value) {
        compare(&self.rulebook, case, self.only, &mut self.tally);
        // Every other reading costs a whole decision of the model.
        if self.only.len() == PROGRAMMES.len() && self.done.is_multiple_of(10) {
            compare_alternatives(&self.rulebook, case, &mut self.tally);
        }
        self.done += 1;
        if self.done.is_multiple_of(20_000) {
            eprintln!(
                "{} of {} {}, {} s, {} kinds of disagreement",
                self.done,
                self.of,
                self.what,
                self.since.elapsed().as_secs(),
                self.tally.disagreements.len()
            );
        }
    }

    /// Prints what was and what was not compared; fails on a disagreement, and
    /// shows the smallest case of each of the first few.
    fn finish(&self) {
        let tally = &self.tally;
        let all = |counts: &BTreeMap<&'static str, u64>| counts.values().sum::<u64>();
        eprintln!(
            "{} {}: {} statuses agree or are known, the model is silent on {}; {} other readings; \
             {} benefits; {} payments, {} of known sums, silent on {}",
            self.done,
            self.what,
            all(&tally.statuses),
            all(&tally.silent),
            tally.alternatives,
            all(&tally.amounts),
            tally.payments,
            tally.paid,
            tally.silent_payments
        );
        eprintln!("  by status: {:?}", tally.words);
        eprintln!("  silent: {:?}", tally.silent);
        eprintln!("  benefits: {:?}", tally.amounts);
        eprintln!("  known disagreements: {:?}", tally.known);
        for (about, (count, case)) in tally.disagreements.iter().take(12) {
            let small = smaller(&self.rulebook, case, self.only, about);
            eprintln!("{count} x {about}\n    {small}");
        }
        assert!(
            tally.disagreements.is_empty(),
            "{} kinds of disagreement",
            tally.disagreements.len()
        );
    }
}

fn compare(rulebook: &Rulebook, json: &Value, only: &[&'static str], tally: &mut Tally) {
    let answer = assess(rulebook, json);
    let case = Case::read(json);
    // Payments follow from the statuses.
    let mut explained = false;
    let rights = Rights::of(&case);
    for programme in only.iter().copied() {
        let said = rights.to(programme);
        let engine = status(&answer, programme);
        let Some(word) = said.word() else {
            *tally.silent.entry(programme).or_insert(0) += 1;
            continue;
        };
        if engine == "undetermined" {
            let missing = entitlement(&answer, programme).map(|entry| &entry["missing"]);
            let named = missing.and_then(Value::as_array);
            assert!(named.is_some_and(|named| !named.is_empty()), "{json}");
        }
        *tally.statuses.entry(programme).or_insert(0) += 1;
        *tally.words.entry(word).or_insert(0) += 1;
        if word == engine {
            compare_benefit(&case, programme, &said, &answer, json, tally);
            continue;
        }
        tally.disagree_unless_known(&case, programme, word, engine, json);
        explained = true;
    }
    if !explained {
        compare_payments(&case, &answer, json, tally);
    }
}

/// Where another reading of a place comes to another status, the engine lists
/// it, and lists nothing else.
fn compare_alternatives(rulebook: &Rulebook, json: &Value, tally: &mut Tally) {
    let answer = assess(rulebook, json);
    let case = Case::read(json);
    let now = said_of_all(&case);
    for (name, choices) in people::READINGS {
        let taken = case.readings.get(name).map_or(choices[0], String::as_str);
        for choice in choices.iter().filter(|choice| **choice != taken) {
            let mut other = case.clone();
            other.readings.insert(name.to_owned(), (*choice).to_owned());
            for (at, would) in said_of_all(&other).iter().enumerate() {
                let programme = PROGRAMMES[at];
                let (Some(word), Some(would)) = (now[at].word(), would.word()) else {
                    continue;
                };
                // What is absent has no entry; what is disagreed upon already is
                // not compared once more.
                if word == "absent" || word != status(&answer, programme) {
                    continue;
                }
                tally.alternatives += 1;
                let expected = Some(would).filter(|would| *would != word);
                // Also listed: the same status and another benefit.
                let listed = listed_status(&answer, programme, name, choice);
                let listed = listed.filter(|status| *status != word);
                if listed != expected {
                    let about = format!(
                        "{programme} in {} under {name} {choice}: model {expected:?}, engine \
                         {listed:?}",
                        case.place
                    );
                    tally.disagree(about, json);
                }
            }
        }
    }
}

fn said_of_all(case: &Case) -> Vec<Said> {
    let rights = Rights::of(case);
    PROGRAMMES.map(|programme| rights.to(programme)).to_vec()
}

/// The status that the engine lists for another reading.
fn listed_status<'a>(
    answer: &'a Value,
    programme: &str,
    interpretation: &str,
    choice: &str,
) -> Option<&'a str> {
    let all = entitlement(answer, programme)?["alternatives"].as_array()?;
    let found = all.iter().find(|alternative| {
        alternative["interpretation"] == interpretation && alternative["choice"] == choice
    });
    found.map(|alternative| alternative["status"].as_str().unwrap_or("absent"))
}

/// What the facts state of a benefit stands in the engine's.
fn compare_benefit(
    case: &Case,
    programme: &'static str,
    said: &Said,
    answer: &Value,
    json: &Value,
    tally: &mut Tally,
) {
    let Some(found) = entitlement(answer, programme) else {
        return;
    };
    if let Some(access) = money::access(case, programme).filter(|_| money::compared(said)) {
        let (model, engine) = (format!("by {access}"), access_of(found));
        if model != engine {
            tally.disagree_unless_known(case, programme, &model, &engine, json);
        }
    }
    let Some(expected) = money::stated(case, programme).filter(|_| money::compared(said)) else {
        return;
    };
    *tally.amounts.entry(programme).or_insert(0) += 1;
    // Of what is given in several kinds, one is the kind that the facts state.
    let further = found["further_benefits"].as_array().into_iter().flatten();
    let given: Vec<&Value> = [&found["benefit"]]
        .into_iter()
        .chain(further.map(|further| &further["benefit"]))
        .collect();
    let expected = expected.as_object().expect("an object");
    let holds = |given: &&Value| expected.iter().all(|(key, value)| given[key] == *value);
    if !given.iter().any(holds) {
        let about = format!(
            "what {programme} gives in {}: model {expected:?}, engine {given:?}",
            case.place
        );
        tally.disagree(about, json);
    }
}

/// Payers, their order and every fen; under the other reading of the cap too,
/// which is listed just where it comes to other amounts.
fn compare_payments(case: &Case, answer: &Value, json: &Value, tally: &mut Tally) {
    let Ok(expected) = payments::payments(case) else {
        tally.silent_payments += case.costs.len() as u64;
        return;
    };
    let (choice, other) = payments::other_reading(case);
    let other = payments::payments(&other).expect("a reading silences nothing");
    let found = answer["payments"].as_array().expect("payments");
    assert_eq!(found.len(), expected.len(), "one for each cost: {json}");
    for (at, found) in found.iter().enumerate() {
        tally.payments += 1;
        let known_sum = |payer: &(&str, Option<i64>)| payer.0 != "self" && payer.1 > Some(0);
        tally.paid += u64::from(expected[at].iter().any(known_sum));
        let place = &case.place;
        if found["payers"] != as_json(&expected[at]) {
            let about = format!(
                "payments in {place}: model {:?}, engine {}",
                expected[at], found["payers"]
            );
            tally.disagree(about, json);
        }
        let by_the_other = match other[at] == expected[at] {
            true => Value::Null,
            false => json!([{
                "interpretation": "120000/cap_reading",
                "choice": choice,
                "payers": as_json(&other[at]),
            }]),
        };
        let listed = found.get("alternatives").unwrap_or(&Value::Null);
        if *listed != by_the_other {
            let about = format!(
                "other reading of the cap in {place}: model {by_the_other}, engine {listed}"
            );
            tally.disagree(about, json);
        }
    }
}

fn as_json(payers: &payments::Payers) -> Value {
    payers
        .iter()
        .map(|(programme, fen)| json!({ "programme": programme, "fen": fen }))
        .collect()
}

/// The case without all that the disagreement does not need.
fn smaller(rulebook: &Rulebook, case: &Value, only: &[&'static str], about: &str) -> Value {
    let mut small = case.clone();
    loop {
        let shorter = shortened(&small).into_iter().find(|shorter| {
            let mut tally = Tally::default();
            compare(rulebook, shorter, only, &mut tally);
            compare_alternatives(rulebook, shorter, &mut tally);
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
        for (name, _) in case[key].as_object().into_iter().flatten() {
            let mut shorter = case.clone();
            let things = shorter[key].as_object_mut().expect("an object");
            things.remove(name);
            all.push(shorter);
        }
    }
    for key in ["assessments", "costs", "used"] {
        for at in 0..case[key].as_array().map_or(0, Vec::len) {
            let mut shorter = case.clone();
            let things = shorter[key].as_array_mut().expect("a list");
            things.remove(at);
            all.push(shorter);
        }
    }
    all
}
