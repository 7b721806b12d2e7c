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

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use nengli::condition::Truth;
use nengli::determination::{Because, Status};
use nengli::{Case, Options, Rulebook};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    rule: String,
    status: Status,
    why: String,
    #[serde(default)]
    facts: Map<String, Value>,
    #[serde(default)]
    levels: BTreeMap<String, String>,
    as_of: Option<String>,
    jurisdiction: Option<String>,
    #[serde(default)]
    dates: BTreeMap<String, String>,
    #[serde(default)]
    diagnoses: Vec<String>,
    #[serde(default)]
    interpretations: Map<String, Value>,
}

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

type Forms = BTreeMap<String, BTreeMap<String, Map<String, Value>>>;

static FORMS: LazyLock<Forms> = LazyLock::new(|| read(&folder().join("forms.json")));

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layers")
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// Every row, with the file and number that it stands at.
fn rows() -> Vec<(String, Row)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder of rows")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name != "forms.json"))
        .collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let rows: Vec<Row> = read(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        out.extend(
            rows.into_iter()
                .enumerate()
                .map(|(i, row)| (format!("{name} row {}", i + 1), row)),
        );
    }
    out
}

/// The case of a row.
fn case_of(row: &Row) -> Result<String, String> {
    let mut assessments = Vec::new();
    for (instrument, level) in &row.levels {
        let mut answers = match level.as_str() {
            "open" => Map::new(),
            level => FORMS
                .get(instrument)
                .and_then(|levels| levels.get(level))
                .ok_or_else(|| format!("no form of {instrument} for {level:?}"))?
                .clone(),
        };
        if !row.diagnoses.is_empty() && instrument == "gbt-42195-2022" {
            answers.insert("A.4.1".to_owned(), json!(row.diagnoses));
        }
        let usual = if instrument == "mzt-039-2013" {
            "2022-06-01"
        } else {
            "2026-06-20"
        };
        let date = row.dates.get(instrument).map_or(usual, String::as_str);
        assessments.push(json!({ "instrument": instrument, "date": date, "answers": answers }));
    }
    let place = row
        .jurisdiction
        .clone()
        .unwrap_or_else(|| row.rule.split('/').next().unwrap_or_default().to_owned());
    let mut case = json!({
        "schema": 1,
        "case_id": "row",
        "as_of": row.as_of.as_deref().unwrap_or("2026-06-30"),
        "jurisdiction": place,
        "assessments": assessments,
        "facts": row.facts,
    });
    if !row.interpretations.is_empty() {
        case["interpretations"] = Value::Object(row.interpretations.clone());
    }
    Ok(case.to_string())
}

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
