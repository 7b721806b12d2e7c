//! The project's own cases reach every row of every rule file.
//!
//! The cases are those of `tests/cases/` and the rows of `tests/layers/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
#[path = "layers/rows.rs"]
mod rows;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use nengli::{Case, Coverage, Determination, Options, Rulebook};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

/// Every case of the project that is decided, with what it comes from and comes to.
static CASES: LazyLock<Vec<(String, Case, Determination)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = common::find(&folder).0.into_iter();
    let files = files.map(|file| (file.name, fs::read_to_string(file.case).expect("a case")));
    let rows = rows::rows().into_iter();
    let rows = rows.map(|(at, row)| (at, rows::case_of(&row).expect("a case")));
    let all: Vec<(String, String)> = files.chain(rows).collect();
    on_two_threads(&all, |all| {
        all.iter()
            .filter_map(|(name, text)| {
                let case: Case = serde_json::from_str(text).ok()?;
                let determination = RULEBOOK.assess_with(&case, Options::traced()).ok()?;
                Some((name.clone(), case, determination))
            })
            .collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    .collect()
});

fn on_two_threads<I: Sync, O: Send>(all: &[I], work: impl Fn(&[I]) -> O + Sync) -> Vec<O> {
    let half = all.len().div_ceil(2).max(1);
    thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = all
            .chunks(half)
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).collect()
    })
}

/// What the cases cover, counted in pieces.
static COVERAGE: LazyLock<Coverage> = LazyLock::new(|| {
    let mut all = Coverage::of(&RULEBOOK);
    let counted = on_two_threads(&CASES, |cases| {
        let mut coverage = all.blank();
        for (name, case, determination) in cases {
            let added = coverage.add(case, determination);
            added.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        coverage
    });
    for part in &counted {
        all.merge(part).expect("of one rulebook");
    }
    all
});

fn unreached(coverage: &Coverage) -> BTreeSet<String> {
    coverage
        .unreached()
        .map(|row| format!("{}#{} {}", row.file, row.pointer, row.what.as_str()))
        .collect()
}

#[test]
fn the_cases_reach_every_row() {
    let unreached = unreached(&COVERAGE);
    let total = COVERAGE.total();
    assert!(total.rows > 0);
    assert!(
        unreached.is_empty(),
        "{} of {} rows are reached by no case:\n{}",
        unreached.len(),
        total.rows,
        unreached.into_iter().collect::<Vec<_>>().join("\n")
    );
}
