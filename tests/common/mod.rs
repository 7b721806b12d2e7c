//! Cases as data: where they lie, and whether an answer is what they expect.
//!
//! It knows of JSON alone and of nothing in the engine, so that the tests of
//! every wrapper can use it (`#[path = "../../../tests/common/mod.rs"]`).
//!
//! `NAME.case.json` is a case. `NAME.expect.json` beside it is a part of its
//! determination, or of its rejection, that must match, with `why` (the clause
//! or the reason) beside it:
//!
//! * of an object, every key that is listed must match;
//! * a list has the same length, and matches element by element;
//! * anything else must be equal;
//! * a key whose expected value is the text `<absent>` must not be there.
//!
//! `NAME.record.json` is a sealed record, with a case of its name or alone.

#![allow(dead_code, unreachable_pub)]

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// Expected in place of a value: the key must not be there.
pub const ABSENT: &str = "<absent>";

/// A case file and the file of what is expected of it.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// Path from the folder that was searched, without `.case.json`.
    pub name: String,
    pub case: PathBuf,
    pub expect: PathBuf,
}

/// What is expected of a case, and why.
#[derive(Debug, Clone)]
pub struct Expectation {
    pub why: String,
    pub part: Value,
}

/// One place where an answer is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// JSON Pointer into the answer.
    pub at: String,
    pub expected: String,
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            expected,
            found,
        } = self;
        write!(f, "{at}: expected {expected}; found {found}")
    }
}

/// The cases under `folder`, by name, and the faults of the folder: a case
/// without an expectation, and an expectation without a case.
pub fn find(folder: &Path) -> (Vec<CaseFile>, Vec<String>) {
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.sort();
    let name_of = |path: &Path, ending: &str| {
        let path = path.strip_prefix(folder).unwrap_or(path);
        let name = path.to_string_lossy().replace('\\', "/");
        name.strip_suffix(ending).map(str::to_owned)
    };
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for path in &files {
        if let Some(name) = name_of(path, ".case.json") {
            let expect = path.with_file_name(file_name(&name, ".expect.json"));
            if !expect.is_file() {
                faults.push(format!("{name}.case.json has no {name}.expect.json"));
                continue;
            }
            cases.push(CaseFile {
                name,
                case: path.clone(),
                expect,
            });
        } else if let Some(name) = name_of(path, ".expect.json")
            && !path
                .with_file_name(file_name(&name, ".case.json"))
                .is_file()
        {
            faults.push(format!("{name}.expect.json has no {name}.case.json"));
        }
    }
    (cases, faults)
}

/// The records under `folder`, by name: the path from there, without `.record.json`.
pub fn records(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.sort();
    let named = files.into_iter().filter_map(|path| {
        let name = path.strip_prefix(folder).unwrap_or(&path);
        let name = name.to_string_lossy().replace('\\', "/");
        let name = name.strip_suffix(".record.json")?.to_owned();
        Some((name, path))
    });
    named.collect()
}

fn file_name(name: &str, ending: &str) -> String {
    let stem = name.rsplit('/').next().unwrap_or(name);
    format!("{stem}{ending}")
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{} cannot be listed: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Reads an expectation.
pub fn expectation(text: &str) -> Result<Expectation, String> {
    let expected: Value =
        serde_json::from_str(text).map_err(|error| format!("the expectation: {error}"))?;
    let Value::Object(mut part) = expected else {
        return Err("the expectation is not an object".to_owned());
    };
    let why = match part.remove("why") {
        Some(Value::String(why)) if !why.trim().is_empty() => why,
        _ => return Err("the expectation has no `why`: the clause or the reason".to_owned()),
    };
    if part.is_empty() {
        return Err("the expectation expects nothing".to_owned());
    }
    Ok(Expectation {
        why,
        part: Value::Object(part),
    })
}

/// Every place where `found` is not what `expected` asks for.
pub fn mismatches(expected: &Value, found: &Value) -> Vec<Mismatch> {
    let mut list = Vec::new();
    compare(expected, found, String::new(), &mut list);
    list
}

fn compare(expected: &Value, found: &Value, at: String, list: &mut Vec<Mismatch>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            members(expected, found, &at, list);
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (i, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(expected, found, format!("{at}/{i}"), list);
            }
        }
        (Value::Array(wanted), Value::Array(elements)) => list.push(Mismatch {
            at,
            expected: format!("{} elements, {expected}", wanted.len()),
            found: format!("{} elements, {found}", elements.len()),
        }),
        _ if expected == found => {}
        _ => list.push(Mismatch {
            at,
            expected: expected.to_string(),
            found: found.to_string(),
        }),
    }
}

fn members(
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    at: &str,
    list: &mut Vec<Mismatch>,
) {
    for (key, expected) in expected {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        match (expected.as_str() == Some(ABSENT), found.get(key)) {
            (true, None) => {}
            (true, Some(found)) => list.push(Mismatch {
                at,
                expected: "no such key".to_owned(),
                found: found.to_string(),
            }),
            (false, Some(found)) => compare(expected, found, at, list),
            (false, None) => list.push(Mismatch {
                at,
                expected: expected.to_string(),
                found: "no such key".to_owned(),
            }),
        }
    }
}
