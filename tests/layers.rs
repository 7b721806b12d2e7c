//! What each layer says of made-up persons, row by row, as the policies say it.
//!
//! The rows lie in `tests/layers/JURISDICTION.json`, written from the facts and not
//! from the rules. Every layer has a person whom it covers, one whom it does not and
//! one of whom too little is known; and every leaf of its condition decides in some row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "layers/rows.rs"]
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use nengli::condition::Truth;
use nengli::determination::{Because, Status};
use nengli::{Case, Options, Rulebook};
use rows::{Row, case_of, rows};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

/// What the layer of a row says by its own text, and its leaves.
fn own(row: &Row) -> Result<(Status, Vec<Because>), String> {
    let text = case_of(row)?;
    let determination = RULEBOOK
        .assess_text(&text, Options::traced())
        .map_err(|rejection| format!("{rejection}"))?;
    for (result, wanted) in determination.assessments.iter().zip(row.levels.values()) {
        let level = result.level.as_ref().map_or("open", |level| &level.key);
        if level != wanted {
            return Err(format!(
                "the form of {} gives {level}, not {wanted}",
                result.instrument
            ));
        }
    }
    determination
        .entitlements
        .into_iter()
        .flatten()
        .flat_map(|one| one.layers.unwrap_or_default())
        .find(|layer| layer.rule == row.rule)
        .map(|layer| (layer.status, layer.because))
        .ok_or_else(|| "the layer does not apply".to_owned())
}

#[test]
fn every_row_is_as_it_says() {
    let rows = rows();
    let mut faults = Vec::new();
    for (at, row) in &rows {
        match own(row) {
            Ok((status, _)) if status == row.status => {}
            Ok((status, because)) => {
                let leaves: Vec<String> = because
                    .iter()
                    .map(|leaf| format!("{}={:?}", leaf.id, leaf.holds))
                    .collect();
                faults.push(format!(
                    "{at}: {} is {} and not {} ({}): {}",
                    row.rule,
                    status.as_str(),
                    row.status.as_str(),
                    row.why,
                    leaves.join(" ")
                ));
            }
            Err(fault) => faults.push(format!("{at}: {}: {fault}", row.rule)),
        }
    }
    assert!(!rows.is_empty());
    assert!(
        faults.is_empty(),
        "{} of {} rows:\n{}",
        faults.len(),
        rows.len(),
        faults.join("\n")
    );
}

/// Ids of all layers of the rulebook.
fn rules() -> BTreeSet<String> {
    RULEBOOK
        .programme_files()
        .flat_map(|file| file.layers.iter().map(|layer| file.rule_id(layer)))
        .collect()
}

#[test]
fn every_layer_covers_some_leaves_out_some_and_leaves_some_open() {
    let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (_, row) in rows() {
        let kind = match row.status {
            Status::Entitled | Status::Discretionary => "covered",
            Status::NotEntitled => "not covered",
            _ => "open",
        };
        seen.entry(row.rule).or_default().insert(kind);
    }
    let mut faults = Vec::new();
    for rule in rules() {
        for kind in ["covered", "not covered", "open"] {
            if !seen.get(&rule).is_some_and(|kinds| kinds.contains(kind)) {
                faults.push(format!("{rule}: no person who is {kind}"));
            }
        }
    }
    for rule in seen.keys() {
        if !rules().contains(rule) {
            faults.push(format!("{rule}: no such layer"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_leaf_decides_somewhere() {
    let mut leaves: BTreeMap<(String, String), bool> = BTreeMap::new();
    for (at, row) in rows() {
        let Ok((status, because)) = own(&row) else {
            continue;
        };
        let case: Case = serde_json::from_str(&case_of(&row).unwrap()).unwrap();
        for leaf in because {
            let known = leaves
                .entry((row.rule.clone(), leaf.id.clone()))
                .or_insert(false);
            if *known {
                continue;
            }
            let others = match leaf.holds {
                Some(true) => vec![Truth::False],
                Some(false) => vec![Truth::True],
                None => vec![Truth::False, Truth::True],
            };
            for other in others {
                let changed = RULEBOOK
                    .layer_if(&case, &row.rule, &leaf.id, other)
                    .unwrap_or_else(|rejection| panic!("{at}: {rejection}"))
                    .unwrap_or_else(|| panic!("{at}: no leaf {}", leaf.id));
                *known |= changed != status;
            }
        }
    }
    let dead: Vec<String> = leaves
        .iter()
        .filter(|(_, decides)| !**decides)
        .map(|((rule, leaf), _)| format!("{rule}: {leaf} decides in no row"))
        .collect();
    assert!(!leaves.is_empty());
    assert!(
        dead.is_empty(),
        "{} of {} leaves are dead:\n{}",
        dead.len(),
        leaves.len(),
        dead.join("\n")
    );
}
