//! How many instructions each way in takes: a second measure beside times, which another
//! process on the machine does not change.
//!
//! What is prepared (the rulebook, the batch) is not counted, nor is dropping the result.
//! `benches/compare-instructions` runs this and compares it with what is kept.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

use std::hint::black_box;

use gungraun::prelude::*;
use nengli::instrument::columns::{Columns, Input, Output};
use nengli::{Case, Determination, Instrument, Rulebook, Score};

#[path = "../../speed/batch.rs"]
mod batch;
#[path = "../../speed/columns_by_hand.rs"]
mod columns_by_hand;
#[path = "../../speed/form_by_hand.rs"]
mod form_by_hand;

use batch::Batch;

const ROWS: usize = 1024;
const GBT: &str = "gbt-42195-2022";
const MZT: &str = "mzt-039-2013";
const LTCI: &str = "nhsa-37-2021";

fn rulebook() -> &'static Rulebook {
    Box::leak(Box::new(Rulebook::builtin().unwrap()))
}

fn instrument(id: &str) -> &'static Instrument {
    rulebook().instrument(id).unwrap()
}

/// The column of a ground of GB/T 42195-2022.
fn ground(instrument: &Instrument, batch: &Batch, code: &str) -> Vec<u8> {
    let position = instrument.grounds().position(|g| g.code == code).unwrap();
    batch.grounds[position].clone()
}

const EVENTS: [&str; 5] = ["A.2.14.1", "A.2.14.2", "A.2.14.3", "A.2.14.4", "A.2.14.5"];

// ---- scores and grounds in, level out: 1,024 forms ---------------------------------

struct Forms {
    instrument: &'static Instrument,
    forms: Vec<(Vec<Score>, Vec<u8>)>,
}

fn forms(id: &str) -> Forms {
    let instrument = instrument(id);
    let batch = Batch::of(instrument, ROWS);
    let row = |columns: &[Vec<u8>], row: usize| -> Vec<u8> {
        columns.iter().map(|column| column[row]).collect()
    };
    let form = |i: usize| {
        let scores = row(&batch.scores, i).into_iter().map(Score::new);
        (scores.collect(), row(&batch.grounds, i))
    };
    Forms {
        instrument,
        forms: (0..ROWS).map(form).collect(),
    }
}

#[library_benchmark]
#[bench::gbt(args = (GBT), setup = forms)]
#[bench::mzt(args = (MZT), setup = forms)]
#[bench::ltci(args = (LTCI), setup = forms)]
fn row(forms: Forms) -> Forms {
    for (scores, grounds) in &forms.forms {
        let level = forms
            .instrument
            .level(black_box(scores), black_box(grounds));
        black_box(level.map(|level| level.code).ok());
    }
    forms
}

fn forms_by_hand() -> Vec<form_by_hand::Form> {
    let instrument = instrument(GBT);
    let batch = Batch::of(instrument, ROWS);
    let scores = |row: usize| -> Vec<u8> { batch.scores.iter().map(|of| of[row]).collect() };
    let column = |code: &str| ground(instrument, &batch, code);
    let (coma, diagnosis, events) = (column("A.5.11"), column("A.4.1"), EVENTS.map(column));
    let form = |row: usize| form_by_hand::Form {
        self_care: scores(row)[0..8].try_into().unwrap(),
        mobility: scores(row)[8..12].try_into().unwrap(),
        mental: scores(row)[12..21].try_into().unwrap(),
        social: scores(row)[21..26].try_into().unwrap(),
        coma: coma[row],
        diagnosis: diagnosis[row],
        events: events.each_ref().map(|events| events[row]),
    };
    (0..ROWS).map(form).collect()
}

#[library_benchmark]
#[bench::gbt(setup = forms_by_hand)]
fn row_floor(forms: Vec<form_by_hand::Form>) -> Vec<form_by_hand::Form> {
    for form in &forms {
        black_box(form_by_hand::level(black_box(form)));
    }
    forms
}

// ---- columns in, levels out: 1,024 rows --------------------------------------------

struct Prepared {
    columns: Columns<'static>,
    batch: Batch,
    levels: Vec<u8>,
    reasons: Vec<u16>,
    totals: Vec<Vec<u8>>,
}

fn columns_of(id: &str) -> Prepared {
    let instrument = instrument(id);
    let columns = instrument.columns().unwrap();
    Prepared {
        batch: Batch::of(instrument, ROWS),
        levels: vec![0; ROWS],
        reasons: Vec::new(),
        totals: Vec::new(),
        columns,
    }
}

fn all_columns_of(id: &str) -> Prepared {
    let mut prepared = columns_of(id);
    prepared.reasons = vec![0; ROWS];
    prepared.totals = vec![vec![0; ROWS]; prepared.columns.totals().count()];
    prepared
}

#[library_benchmark]
#[bench::gbt_levels(args = (GBT), setup = columns_of)]
#[bench::gbt_all(args = (GBT), setup = all_columns_of)]
#[bench::mzt_levels(args = (MZT), setup = columns_of)]
#[bench::mzt_all(args = (MZT), setup = all_columns_of)]
#[bench::ltci_levels(args = (LTCI), setup = columns_of)]
#[bench::ltci_all(args = (LTCI), setup = all_columns_of)]
fn columns(mut prepared: Prepared) -> Prepared {
    let scores: Vec<&[u8]> = prepared.batch.scores.iter().map(Vec::as_slice).collect();
    let grounds: Vec<&[u8]> = prepared.batch.grounds.iter().map(Vec::as_slice).collect();
    let totals = prepared.totals.iter_mut();
    let mut totals: Vec<&mut [u8]> = totals.map(Vec::as_mut_slice).collect();
    let input = Input {
        scores: &scores,
        grounds: &grounds,
    };
    let output = Output {
        levels: &mut prepared.levels,
        reasons: &mut prepared.reasons,
        totals: &mut totals,
    };
    let tally = prepared.columns.decide(black_box(input), output);
    assert_eq!(tally.map(|tally| tally.decided), Ok(ROWS));
    prepared
}

struct ByHand {
    scores: [Vec<u8>; 26],
    events: [Vec<u8>; 5],
    diagnosis: Vec<u8>,
    coma: Vec<u8>,
    levels: Vec<u8>,
}

fn columns_by_hand() -> ByHand {
    let instrument = instrument(GBT);
    let batch = Batch::of(instrument, ROWS);
    ByHand {
        events: EVENTS.map(|code| ground(instrument, &batch, code)),
        diagnosis: ground(instrument, &batch, "A.4.1"),
        coma: ground(instrument, &batch, "A.5.11"),
        levels: vec![0; ROWS],
        scores: batch.scores.try_into().unwrap(),
    }
}

#[library_benchmark]
#[bench::by_block(args = (columns_by_hand::by_block), setup = with_columns)]
#[bench::by_lanes(args = (columns_by_hand::by_lanes), setup = with_columns)]
fn columns_floor((decide, mut given): (Floor, ByHand)) -> ByHand {
    decide(
        black_box(&given.scores),
        black_box(&given.events),
        black_box(&given.diagnosis),
        black_box(&given.coma),
        &mut given.levels,
    );
    given
}

type Floor = fn(&[Vec<u8>; 26], &[Vec<u8>; 5], &[u8], &[u8], &mut [u8]);

fn with_columns(decide: Floor) -> (Floor, ByHand) {
    (decide, columns_by_hand())
}

// ---- one case: text in, text out; the full determination ---------------------------

const DEMO: &str = include_str!("../../../tests/cases/gbt-42195-2022/demo.case.json");
const RIGHTS: &str = include_str!("../../../tests/cases/rights/heping.case.json");

/// Levels alone, on one line, as a service would send it.
fn levels_alone() -> (&'static Rulebook, String) {
    let mut case: serde_json::Value = serde_json::from_str(DEMO).unwrap();
    for key in ["jurisdiction", "facts", "costs"] {
        case.as_object_mut().unwrap().remove(key);
    }
    (rulebook(), case.to_string())
}

/// A rulebook that has been asked about the place: its rules are prepared.
fn prepared() -> &'static Rulebook {
    let rulebook = rulebook();
    black_box(rulebook.assess_json(RIGHTS));
    rulebook
}

fn every_right() -> (&'static Rulebook, String) {
    (prepared(), RIGHTS.to_owned())
}

#[library_benchmark]
#[bench::levels_alone(setup = levels_alone)]
#[bench::every_right(setup = every_right)]
fn text((rulebook, case): (&'static Rulebook, String)) -> (String, String) {
    let answer = rulebook.assess_json(black_box(&case));
    (case, answer)
}

fn typed_case() -> (&'static Rulebook, Case) {
    (prepared(), serde_json::from_str(RIGHTS).unwrap())
}

fn first_case() -> (&'static Rulebook, Case) {
    (rulebook(), serde_json::from_str(RIGHTS).unwrap())
}

#[library_benchmark]
#[bench::every_right(setup = typed_case)]
#[bench::first_of_a_place(setup = first_case)]
fn typed((rulebook, case): (&'static Rulebook, Case)) -> (Case, Determination) {
    let determination = rulebook.assess(black_box(&case)).unwrap();
    (case, determination)
}

// ---- the embedded rulebook ready ---------------------------------------------------

#[library_benchmark]
fn rulebook_ready() -> Rulebook {
    Rulebook::builtin().unwrap()
}

library_benchmark_group!(
    name = instructions,
    benchmarks = [
        row_floor,
        row,
        columns_floor,
        columns,
        text,
        typed,
        rulebook_ready
    ]
);

main!(library_benchmark_groups = instructions);
