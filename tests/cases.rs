//! Every case under `tests/cases/` comes out as the file beside it expects.
//!
//! A file dropped in is found: see [`common`] for what the two files say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
mod forms;

use std::fs;
use std::path::{Path, PathBuf};

use common::CaseFile;
use forms::rulebook;
use nengli::record::ReplayStatus;
use nengli::{Case, Determination, Options, Record, Rejection};
use serde::Serialize;
use serde_json::{Value, json};

#[test]
fn every_case_is_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (cases, mut faults) = common::find(&folder);
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    faults.extend(cases.iter().flat_map(faults_of));
    assert!(
        faults.is_empty(),
        "{} fault(s) in {} cases:\n{}",
        faults.len(),
        cases.len(),
        faults.join("\n")
    );
}

/// A record beside a case is of that case. Where a corrected rule changes what it comes
/// to, `NENGLI_BLESS=1 cargo test --test cases` records it anew.
#[test]
fn every_record_replays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let records = common::records(&folder);
    assert!(!records.is_empty(), "no records in {}", folder.display());
    let faults: Vec<String> = records
        .iter()
        .filter_map(|(name, path)| {
            let fault = fault_of_record(path).err()?;
            Some(format!("{name}.record.json: {fault}"))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fault_of_record(path: &Path) -> Result<(), String> {
    let file = path.to_string_lossy();
    let case = file.strip_suffix(".record.json").expect("a record");
    let case = fs::read_to_string(format!("{case}.case.json")).ok();
    if let Some(case) = &case
        && std::env::var_os("NENGLI_BLESS").is_some()
    {
        fs::write(path, rulebook().record_json(case) + "\n").expect("the record is written");
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let record = Record::from_text(&text).map_err(|rejection| rejection.to_string())?;
    let replay = rulebook().replay(&record);
    if replay.status != ReplayStatus::Same {
        let status = replay.status.as_str();
        return Err(format!("{status}: {:#?}", replay.differences));
    }
    if let Some(case) = case {
        let case: Case = serde_json::from_str(&case).map_err(|error| error.to_string())?;
        if case != *record.case() {
            return Err("it is of another case than the one beside it".to_owned());
        }
    }
    Ok(())
}

/// What is wrong with one case, each line beginning with its file.
fn faults_of(file: &CaseFile) -> Vec<String> {
    let mut faults = Vec::new();
    let text = match fs::read_to_string(&file.case) {
        Ok(text) => text,
        Err(error) => return vec![format!("{}.case.json: {error}", file.name)],
    };

    let answer = rulebook().assess_json(&text);
    match serde_json::from_str(&answer) {
        Ok(answer) => {
            for mismatch in wrong(&file.expect, &answer) {
                faults.push(format!("{}.case.json: {mismatch}", file.name));
            }
        }
        Err(error) => faults.push(format!("{}.case.json: no JSON: {error}", file.name)),
    }
    for fault in doors_that_differ(&text, &answer)
        .into_iter()
        .chain(findings_that_point_nowhere(&text, &answer))
    {
        faults.push(format!("{}.case.json: {fault}", file.name));
    }
    faults
}

/// A finding carries a JSON Pointer into the case.
fn findings_that_point_nowhere(text: &str, answer: &str) -> Vec<String> {
    let (Ok(case), Ok(answer)) = (
        serde_json::from_str::<Value>(text),
        serde_json::from_str::<Value>(answer),
    ) else {
        return Vec::new();
    };
    let findings = answer["findings"].as_array().into_iter().flatten();
    findings
        .filter(|finding| {
            let at = finding["at"].as_str();
            at.is_none_or(|at| case.pointer(at).is_none())
        })
        .map(|finding| format!("no such place in the case: {finding}"))
        .collect()
}

/// Where an answer is not what the file at `expect` asks for.
fn wrong(expect: &Path, answer: &Value) -> Vec<String> {
    let read = fs::read_to_string(expect).map_err(|error| error.to_string());
    match read.and_then(|text| common::expectation(&text)) {
        Ok(expectation) => common::mismatches(&expectation.part, answer)
            .into_iter()
            .map(|mismatch| format!("{mismatch} (why: {})", expectation.why))
            .collect(),
        Err(fault) => vec![fault],
    }
}

/// The ways into the engine that do not answer as `assess_json` did.
fn doors_that_differ(text: &str, answer: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut differs = |door: &str, other: String| {
        if other != answer {
            faults.push(format!(
                "{door} differs from assess_json:\n  {other}\n  {answer}"
            ));
        }
    };
    let plain = rulebook().assess_text(text, Options::default());
    differs("assess_text", written(&plain));
    let traced = rulebook().assess_text(text, Options::traced());
    differs("assess_text, traced", written(&without_steps(&traced)));

    match serde_json::from_str::<Case>(text) {
        Ok(case) => differs("assess", written(&rulebook().assess(&case))),
        // A case that has not even the form of one: what serde says of it are
        // problems that the rejection lists too.
        Err(error) => match &plain {
            Ok(_) => faults.push(format!("serde alone refuses the case: {error}")),
            Err(rejection) => {
                let said = error.to_string();
                let lines: Vec<String> = rejection
                    .rejected
                    .iter()
                    .map(|problem| format!("{}: {}", problem.at, problem.message))
                    .collect();
                for line in said.lines().skip(1) {
                    if !lines.iter().any(|known| line.starts_with(known.as_str())) {
                        faults.push(format!("only serde says: {line}"));
                    }
                }
            }
        },
    }

    match &traced {
        Ok(determination) => {
            for assessment in &determination.assessments {
                if assessment.steps.as_ref().is_none_or(Vec::is_empty) {
                    faults.push(format!("no trace of {}", assessment.instrument));
                }
            }
        }
        Err(rejection) => {
            if rejection.rejected.is_empty() {
                faults.push("rejected for no problem".to_owned());
            }
        }
    }
    faults
}

type Answer = Result<Determination, Rejection>;

fn without_steps(answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    if let Ok(determination) = &mut answer {
        for entitlement in determination.entitlements.iter_mut().flatten() {
            entitlement.layers = None;
        }
        for assessment in &mut determination.assessments {
            assessment.steps = None;
        }
    }
    answer
}

fn written(answer: &Answer) -> String {
    fn json<T: Serialize>(value: &T) -> String {
        serde_json::to_string(value).expect("an answer can be written")
    }
    match answer {
        Ok(determination) => json(determination),
        Err(rejection) => json(rejection),
    }
}

// ---- a wrong expectation is found ------------------------------------------

fn found(expected: Value, answer: Value) -> Vec<(String, String, String)> {
    common::mismatches(&expected, &answer)
        .into_iter()
        .map(|mismatch| (mismatch.at, mismatch.expected, mismatch.found))
        .collect()
}

fn one(at: &str, expected: &str, found: &str) -> Vec<(String, String, String)> {
    vec![(at.to_owned(), expected.to_owned(), found.to_owned())]
}

#[test]
fn a_part_is_enough() {
    let answer = json!({"a": {"b": [1, {"c": null, "d": "x"}]}, "e": true});
    for part in [
        json!({}),
        json!({"e": true}),
        json!({"a": {"b": [1, {"c": null}]}}),
        json!({"a": {"b": [1, {}]}, "f": "<absent>"}),
        answer.clone(),
    ] {
        assert_eq!(found(part.clone(), answer.clone()), [], "{part}");
    }
}

#[test]
fn a_wrong_value_is_found() {
    let answer = json!({"a": {"b": [1, {"c": "x"}]}});
    assert_eq!(
        found(json!({"a": {"b": [1, {"c": "y"}]}}), answer.clone()),
        one("/a/b/1/c", "\"y\"", "\"x\"")
    );
    assert_eq!(
        found(json!({"a": {"b": ["1", {}]}}), answer.clone()),
        one("/a/b/0", "\"1\"", "1")
    );
    assert_eq!(
        found(json!({"a": null}), answer.clone()),
        one("/a", "null", r#"{"b":[1,{"c":"x"}]}"#)
    );
    assert_eq!(
        found(json!({"a": []}), answer),
        one("/a", "[]", r#"{"b":[1,{"c":"x"}]}"#)
    );
}

#[test]
fn a_missing_key_is_found() {
    assert_eq!(
        found(json!({"a/b": {"c~": null}}), json!({"a/b": {}})),
        one("/a~1b/c~0", "null", "no such key")
    );
}

#[test]
fn a_key_too_many_is_found() {
    assert_eq!(
        found(json!({"level": "<absent>"}), json!({"level": null})),
        one("/level", "no such key", "null")
    );
}

#[test]
fn a_wrong_length_is_found() {
    assert_eq!(
        found(json!({"a": [1]}), json!({"a": [1, 2]})),
        one("/a", "1 elements, [1]", "2 elements, [1,2]")
    );
    assert_eq!(
        found(json!({"a": [1]}), json!({"a": []})),
        one("/a", "1 elements, [1]", "0 elements, []")
    );
}

#[test]
fn every_mismatch_is_found() {
    let expected = json!({"a": 1, "b": [1, 2], "c": {"d": 1}});
    let answer = json!({"a": 2, "b": [1, 3], "c": {}});
    let at: Vec<String> = common::mismatches(&expected, &answer)
        .into_iter()
        .map(|mismatch| mismatch.at)
        .collect();
    assert_eq!(at, ["/a", "/b/1", "/c/d"]);
}

#[test]
fn an_expectation_says_why() {
    for bad in [
        r#"{"assessments": []}"#,
        r#"{"why": "", "assessments": []}"#,
        r#"{"why": 1, "assessments": []}"#,
        r#"{"why": "C.3"}"#,
        "[]",
        "{",
    ] {
        assert!(common::expectation(bad).is_err(), "{bad}");
    }
    let good = common::expectation(r#"{"why": "C.3", "assessments": []}"#).expect("an expectation");
    assert_eq!(good.why, "C.3");
    assert_eq!(good.part, json!({"assessments": []}));
}

/// Dropped into a folder: a right expectation passes, a wrong one fails by name,
/// and so does a file that stands alone.
#[test]
fn what_is_dropped_in_is_found() {
    let folder = Folder::new("dropped-in");
    let case = forms::case_text(&forms::with_total(66));
    folder.write("deep/right.case.json", &case);
    folder.write(
        "deep/right.expect.json",
        r#"{"why": "C.3: 66-89", "assessments": [{"level": {"key": "mild"}}]}"#,
    );
    folder.write("wrong.case.json", &case);
    folder.write(
        "wrong.expect.json",
        r#"{"why": "C.3: 66-89", "assessments": [{"level": {"key": "moderate"}}]}"#,
    );
    folder.write("alone.case.json", &case);
    folder.write("orphan.expect.json", r#"{"why": "C.3"}"#);

    let (cases, faults) = common::find(&folder.0);
    let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["deep/right", "wrong"]);
    assert_eq!(
        faults,
        [
            "alone.case.json has no alone.expect.json",
            "orphan.expect.json has no orphan.case.json",
        ]
    );
    assert_eq!(faults_of(&cases[0]), Vec::<String>::new());
    let wrong = faults_of(&cases[1]);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        wrong[0].starts_with(
            "wrong.case.json: /assessments/0/level/key: expected \"moderate\"; found \"mild\""
        ),
        "{wrong:?}"
    );
}

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
