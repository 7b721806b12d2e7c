//! What is generated and checked in must be what the types and rules give:
//! `schemas/`, `rules/FINGERPRINTS`.
//!
//! `NENGLI_BLESS=1 cargo test --test generated` writes them anew.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "common/checked_in.rs"]
mod checked_in;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use checked_in::{folder_must_be, must_be};
use nengli::{Options, Rulebook, schema};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schemas(rulebook: &Rulebook) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for name in schema::NAMES {
        all.insert(
            format!("{name}.schema.json"),
            schema::named(rulebook, name).unwrap(),
        );
    }
    for instrument in rulebook.instruments() {
        all.insert(
            format!("case.{}.schema.json", instrument.id()),
            schema::case_of(rulebook, instrument),
        );
    }
    all
}

fn case_files() -> Vec<PathBuf> {
    fn collect(dir: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.to_string_lossy().ends_with(".case.json") {
                into.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(&root().join("tests/cases"), &mut files);
    files.sort();
    files
}

#[test]
fn schemas_are_fresh() {
    let rulebook = Rulebook::builtin().unwrap();
    let all = schemas(&rulebook);
    let texts: BTreeMap<String, String> = all
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_string_pretty(&schema).unwrap() + "\n"))
        .collect();
    folder_must_be(&root().join("schemas"), &texts);
}

#[test]
fn fingerprints_are_fresh() {
    let rulebook = Rulebook::builtin().unwrap();
    let mut text = String::new();
    for (digest, path) in rulebook.fingerprints() {
        text.push_str(&format!("{digest}  {path}\n"));
    }
    text.push_str(&format!("{}\n", rulebook.digest()));
    must_be(&root().join("rules/FINGERPRINTS"), &text).unwrap();
}

#[test]
fn schemas_are_valid_and_are_kept() {
    let rulebook = Rulebook::builtin().unwrap();
    let validators: BTreeMap<String, jsonschema::Validator> = schemas(&rulebook)
        .into_iter()
        .map(|(name, schema)| {
            assert_eq!(
                schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
                "{name}"
            );
            let validator = jsonschema::draft202012::options()
                .should_validate_formats(true)
                .build(&schema)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, validator)
        })
        .collect();
    let valid = |name: &str, value: &Value| {
        let errors: Vec<String> = validators[name]
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        errors
    };

    for path in case_files() {
        let text = fs::read_to_string(&path).unwrap();
        let case: Option<Value> = serde_json::from_str(&text).ok();
        match rulebook.assess_text(&text, Options::traced()) {
            Ok(determination) => {
                let case = case.unwrap();
                let errors = valid("case.schema.json", &case);
                assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
                let instruments: Vec<&str> = determination
                    .assessments
                    .iter()
                    .map(|result| result.instrument.as_str())
                    .collect();
                if let [first, rest @ ..] = instruments.as_slice()
                    && rest.iter().all(|other| other == first)
                {
                    let errors = valid(&format!("case.{first}.schema.json"), &case);
                    assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
                }
                let value = serde_json::to_value(&determination).unwrap();
                let errors = valid("determination.schema.json", &value);
                assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
                let record = rulebook.record_text(&text, Options::traced()).unwrap();
                let value = serde_json::to_value(&record).unwrap();
                let errors = valid("record.schema.json", &value);
                assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            }
            Err(rejection) => {
                let value = serde_json::to_value(&rejection).unwrap();
                let errors = valid("rejection.schema.json", &value);
                assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            }
        }
    }

    for name in ["mapping.json", "ltci.mapping.json"] {
        let text = fs::read_to_string(root().join("examples/audit").join(name)).unwrap();
        let errors = valid("mapping.schema.json", &serde_json::from_str(&text).unwrap());
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }

    for (path, text) in rulebook.files() {
        let value: Value = serde_json::from_str(text).unwrap();
        let name = format!("rules.{}.schema.json", value["kind"].as_str().unwrap());
        let errors = valid(&name, &value);
        assert!(errors.is_empty(), "{path}: {errors:#?}");
    }
}

#[test]
fn the_schema_of_a_form_refuses_what_the_engine_refuses() {
    let rulebook = Rulebook::builtin().unwrap();
    let schema = schema::case_of(&rulebook, rulebook.instrument("gbt-42195-2022").unwrap());
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let text =
        fs::read_to_string(root().join("tests/cases/gbt-42195-2022/demo.case.json")).unwrap();
    let good: Value = serde_json::from_str(&text).unwrap();
    assert!(validator.is_valid(&good));
    for (pointer, bad) in [
        ("/assessments/0/answers/B.1.1", serde_json::json!(5)),
        ("/assessments/0/answers/B.1.1", serde_json::json!("3")),
        ("/assessments/0/answers/B.1.1", Value::Null),
        ("/assessments/0/answers/B.3.9", serde_json::json!("asleep")),
        ("/assessments/0/answers/A.5.11", serde_json::json!(0)),
        (
            "/assessments/0/answers/A.4.1/0",
            serde_json::json!("dementia"),
        ),
        ("/assessments/0/answers/A.2.14.1", serde_json::json!(4)),
        ("/assessments/0/instrument", serde_json::json!("other")),
        ("/facts/birth_date", serde_json::json!("1941-3-2")),
        ("/facts/economic_status", serde_json::json!("poor")),
        ("/jurisdiction", serde_json::json!("12010")),
        ("/jurisdiction", Value::Null),
        ("/case_id", serde_json::json!("a b")),
        ("/schema", serde_json::json!(2)),
        ("/costs/0/fen", serde_json::json!(-1)),
    ] {
        let mut case = good.clone();
        *case.pointer_mut(pointer).unwrap() = bad.clone();
        assert!(!validator.is_valid(&case), "{pointer} = {bad}");
        assert!(
            rulebook
                .assess_text(&case.to_string(), Options::default())
                .is_err(),
            "{pointer} = {bad}"
        );
    }
}
