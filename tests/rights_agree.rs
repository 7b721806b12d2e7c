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
    missing_docs,
    unreachable_pub
)]

#[path = "common/figure.rs"]
mod figure;
mod model;
mod rights_comparison;

use figure::figure;
use model::Rng;
use model::rights::case::Case;
use model::rights::known::KNOWN;
use model::rights::{PROGRAMMES, Rights, combinations, people};
use nengli::Rulebook;
use rights_comparison::{Run, Tally, assess, compare, status};

fn wanted(default: usize) -> usize {
    std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(default)
}

/// Fails on a disagreement; else the figures.
fn finish(run: &Run, name: &str, tried: usize) {
    run.finish();
    figure(name, tried, "cases");
    let statuses = run.tally.statuses.values().sum::<u64>();
    let statuses = usize::try_from(statuses).expect("so many");
    figure("statuses of programmes compared", statuses, "");
}

#[test]
fn random_people() {
    let tried = wanted(2_500);
    let mut rng = Rng::new(20_260_325);
    let mut run = Run::new("people", tried);
    for number in 0..tried {
        run.compare(&people::random_case(&mut rng, number as u64));
    }
    finish(&run, "random people, rights compared with the model", tried);
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
    let tried = wanted(2_500).min(combinations);
    finish(
        &run,
        "combinations of the insurance compared with the model",
        tried,
    );
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
    let tried = wanted(2_500).min(combinations);
    finish(&run, "divisions of a cost compared with the model", tried);
    assert!(run.tally.payments > 0 && run.tally.silent_payments == 0);
}

/// Each difference that stays is still there; else it leaves the list.
#[test]
fn known_differences_are_real() {
    let rulebook = Rulebook::builtin().expect("the rulebook");
    for known in &KNOWN {
        let json = (known.shows)();
        let answer = assess(&rulebook, &json);
        let case = Case::read(&json);
        let said = Rights::of(&case).to(known.programme);
        let model = said.word().expect("the model speaks");
        let engine = status(&answer, known.programme);
        assert_ne!(model, engine, "no longer so: {}", known.name);
        assert!(
            known.explains(&case, known.programme, model, engine),
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
    figure(
        "seeded faults of the rules seen by the model",
        FAULTS.len(),
        "",
    );
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
