//! What the library writes itself is byte for byte what serde writes: of every case under
//! `tests/cases/`, and of every tenth row under `tests/layers/` (each is decided four times).

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

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use nengli::{Case, Options, Rulebook};
use rows::{case_of, rows};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

/// Compares the answer, and the record with the full trace. Gives whether the case was
/// decided.
fn compare(at: &str, text: &str) -> bool {
    let answer = RULEBOOK.assess_json(text);
    match RULEBOOK.assess_text(text, Options::default()) {
        Ok(determination) => {
            assert_eq!(
                answer,
                serde_json::to_string(&determination).unwrap(),
                "{at}"
            );
        }
        Err(rejection) => {
            assert_eq!(answer, serde_json::to_string(&rejection).unwrap(), "{at}");
            return false;
        }
    }
    let case: Case = serde_json::from_str(text).unwrap();
    let case = serde_json::to_string(&case).unwrap();
    let traced = RULEBOOK.assess_text(text, Options::traced()).unwrap();
    let traced = serde_json::to_string(&traced).unwrap();
    let record = RULEBOOK.record_text(text, Options::traced()).unwrap();
    let seal = record.seal().to_owned();
    assert_eq!(
        record.into_text(),
        format!(r#"{{"case":{case},"determination":{traced},"schema":1,"seal":"{seal}"}}"#),
        "{at}"
    );
    true
}

#[test]
fn every_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (cases, _) = common::find(&folder);
    let decided = cases
        .iter()
        .filter(|file| compare(&file.name, &fs::read_to_string(&file.case).unwrap()))
        .count();
    assert!(0 < decided && decided < cases.len(), "{decided}");
}

#[test]
fn rows_of_layers() {
    let rows = rows();
    assert!(rows.len() > 1000);
    for (at, row) in rows.iter().step_by(10) {
        assert!(compare(at, &case_of(row).unwrap()), "{at}");
    }
}
