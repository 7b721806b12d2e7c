//! FHIR out and in again.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../../../../tests/common/mod.rs"]
mod common;
#[path = "../../../../tests/population/mod.rs"]
mod population;

mod r4;
mod refusals;
mod round_trip;
mod structure;

use std::path::Path;
use std::sync::LazyLock;

use nengli::{Case, Rulebook};

/// The rules of this project, read once.
fn rulebook() -> &'static Rulebook {
    static RULES: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().unwrap());
    &RULES
}

/// Every case of the repository that the rulebook takes.
fn cases(rulebook: &Rulebook) -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let (files, faults) = common::find(&folder);
    assert!(faults.is_empty(), "{faults:?}");
    let mut out = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file.case).unwrap();
        if let Ok(case) = serde_json::from_str::<Case>(&text)
            && rulebook
                .assess_text(&text, nengli::Options::default())
                .is_ok()
        {
            out.push((file.name, case));
        }
    }
    assert!(out.len() > 150, "found {} cases alone", out.len());
    out
}

fn demo() -> Case {
    let text = include_str!("../../../../tests/cases/gbt-42195-2022/demo.case.json");
    serde_json::from_str(text).unwrap()
}
