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

/// Of the cases of one instrument, those that reach a row are taken away: the row, and no
/// row that another of them reaches, is then among the unreached.
#[test]
fn a_row_whose_cases_are_taken_away_is_named() {
    let of = |name: &str| name.starts_with("nhsa-37-2021-self/");
    let blank = COVERAGE.blank();
    let single: Vec<Coverage> = CASES
        .iter()
        .filter(|(name, ..)| of(name))
        .map(|(_, case, determination)| {
            let mut coverage = blank.blank();
            coverage.add(case, determination).expect("counted");
            coverage
        })
        .collect();
    let reached: Vec<Vec<bool>> = single
        .iter()
        .map(|one| one.rows().map(|row| row.reached > 0).collect())
        .collect();
    let mut taken = 0;
    for (i, row) in COVERAGE.rows().enumerate() {
        if !reached.iter().any(|rows| rows[i]) {
            continue;
        }
        let mut rest = blank.blank();
        for (one, _) in single.iter().zip(&reached).filter(|(_, rows)| !rows[i]) {
            rest.merge(one).expect("of one rulebook");
        }
        let named = format!("{}#{} {}", row.file, row.pointer, row.what.as_str());
        let unreached = unreached(&rest);
        assert!(unreached.contains(&named), "{named}");
        for (j, (other, found)) in COVERAGE.rows().zip(rest.rows()).enumerate() {
            let still = reached.iter().any(|rows| rows[j] && !rows[i]);
            assert_eq!(found.reached > 0, still, "{}", other.pointer);
        }
        taken += 1;
    }
    assert!(taken > 40, "{taken}");
}

/// A row that no case can reach says why, and the cases do not reach it.
#[test]
fn what_cannot_be_reached_is_not() {
    let cannot = || COVERAGE.rows().filter(|row| row.unreachable.is_some());
    assert!(cannot().count() > 0);
    let reached: Vec<String> = cannot()
        .filter(|row| row.reached > 0)
        .map(|row| format!("{}#{} {}", row.file, row.pointer, row.what.as_str()))
        .collect();
    assert!(reached.is_empty(), "{}", reached.join("\n"));
}

#[test]
fn counting_in_pieces_comes_to_the_same() {
    let cases = &CASES[..60];
    let mut whole = COVERAGE.blank();
    let mut pieces = COVERAGE.blank();
    for (i, (_, case, determination)) in cases.iter().enumerate().rev() {
        whole.add(case, determination).expect("counted");
        let mut piece = COVERAGE.blank();
        let (_, case, determination) = &cases[(i * 7) % cases.len()];
        piece.add(case, determination).expect("counted");
        pieces.merge(&piece).expect("of one rulebook");
    }
    assert_eq!(whole.cases(), 60);
    let counts = |coverage: &Coverage| coverage.rows().map(|row| row.reached).collect::<Vec<_>>();
    assert_eq!(counts(&whole), counts(&pieces));
}

#[test]
fn what_is_not_of_the_case_is_refused() {
    use nengli::coverage::CoverageError;
    let mut coverage = COVERAGE.blank();
    let (_, case, determination) = &CASES[0];
    let plain = RULEBOOK.assess(case).expect("decided");
    assert_eq!(coverage.add(case, &plain), Err(CoverageError::NoTrace));
    let mut other = case.clone();
    other.case_id = "another".to_owned();
    let refused = coverage.add(&other, determination);
    assert_eq!(refused, Err(CoverageError::OtherCase));
    assert_eq!((coverage.cases(), coverage.total().reached), (0, 0));
}
