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

use nengli::{Case, Coverage, Options, Rulebook};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

/// Every case of the project that is decided, with what it comes from.
static CASES: LazyLock<Vec<(String, Case)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = common::find(&folder).0.into_iter();
    let files = files.map(|file| (file.name, fs::read_to_string(file.case).expect("a case")));
    let rows = rows::rows().into_iter();
    let rows = rows.map(|(at, row)| (at, rows::case_of(&row).expect("a case")));
    files
        .chain(rows)
        .filter_map(|(name, text)| Some((name, serde_json::from_str(&text).ok()?)))
        .filter(|(_, case)| RULEBOOK.assess(case).is_ok())
        .collect()
});

fn count<'c>(cases: impl Iterator<Item = &'c Case>) -> Coverage {
    let mut coverage = Coverage::of(&RULEBOOK);
    for case in cases {
        let determination = RULEBOOK.assess_with(case, Options::traced()).expect("decided");
        coverage.add(case, &determination).expect("counted");
    }
    coverage
}

fn unreached(coverage: &Coverage) -> BTreeSet<String> {
    coverage
        .unreached()
        .map(|row| format!("{}#{} {}", row.file, row.pointer, row.what.as_str()))
        .collect()
}

#[test]
fn the_cases_reach_every_row() {
    let coverage = count(CASES.iter().map(|(_, case)| case));
    let unreached = unreached(&coverage);
    let total = coverage.total();
    assert!(total.rows > 0);
    assert!(
        unreached.is_empty(),
        "{} of {} rows are reached by no case:\n{}",
        unreached.len(),
        total.rows,
        unreached.into_iter().collect::<Vec<_>>().join("\n")
    );
}
