//! The rows of `tests/layers/*.json`, and the case that each stands for.

#![allow(dead_code, unreachable_pub, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use nengli::determination::Status;
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub rule: String,
    pub status: Status,
    pub why: String,
    #[serde(default)]
    pub facts: Map<String, Value>,
    #[serde(default)]
    pub levels: BTreeMap<String, String>,
    pub as_of: Option<String>,
    pub jurisdiction: Option<String>,
    #[serde(default)]
    pub dates: BTreeMap<String, String>,
    #[serde(default)]
    pub diagnoses: Vec<String>,
    #[serde(default)]
    pub interpretations: Map<String, Value>,
}

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
pub fn rows() -> Vec<(String, Row)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder of rows")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
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
pub fn case_of(row: &Row) -> Result<String, String> {
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
