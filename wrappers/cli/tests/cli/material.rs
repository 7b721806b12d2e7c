//! What the tests are made of: places, cases, rule files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nengli::Rulebook;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::model::Answers;
use crate::program::json;

pub(crate) const GBT: &str = "gbt-42195-2022";

/// The file of the instrument within the rules.
pub(crate) const GBT_FILE: &str = "instruments/gbt-42195-2022.json";

/// The folder of the whole project.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The rules of the library, loaded once.
pub(crate) fn rulebook() -> &'static Rulebook {
    static RULES: OnceLock<Rulebook> = OnceLock::new();
    RULES.get_or_init(|| Rulebook::builtin().expect("the rules of the crate hold together"))
}

pub(crate) fn demo_file() -> PathBuf {
    project().join("tests/cases/gbt-42195-2022/demo.case.json")
}

pub(crate) fn demo_text() -> String {
    fs::read_to_string(demo_file()).unwrap()
}

/// The demo with its answers changed.
pub(crate) fn demo_with(change: impl FnOnce(&mut Answers)) -> Value {
    let mut case = json(&demo_text());
    let answers = case.pointer_mut("/assessments/0/answers").unwrap();
    change(answers.as_object_mut().unwrap());
    case
}

/// A case of one form, on one line.
pub(crate) fn case_line(id: &str, answers: &Answers) -> String {
    json!({
        "case_id": id,
        "as_of": "2026-06-30",
        "assessments": [{"instrument": GBT, "date": "2026-06-20", "answers": answers}],
    })
    .to_string()
}

/// A case without assessments: the shortest that is accepted.
pub(crate) fn short_case(id: &str) -> String {
    format!(r#"{{"case_id":"{id}","as_of":"2026-06-30","assessments":[]}}"#)
}

/// A case that is refused, but is JSON: an option of 5 points of 4.
pub(crate) fn refused_case(id: &str) -> String {
    case_line(id, json!({"B.1.1": 5}).as_object().unwrap())
}

/// A new folder, gone at the end of the test.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a file, and the folders that lead to it.
pub(crate) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// Copies the rules of the project into a new folder.
pub(crate) fn copy_of_rules() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let to = folder();
    copy(&project().join("rules"), to.path());
    to
}

/// An instrument that no standard has, of two items.
pub(crate) fn ward(id: &str) -> Value {
    let item = |code: &str, zh: &str, en: &str| {
        json!({
            "code": code,
            "names": {"zh": zh, "en": en},
            "cite": [format!("rules-of-{id}.1")],
            "grade": "B",
            "options": [
                {"score": 1, "key": "alone", "label": {"zh": "自己", "en": "alone"}},
                {"score": 0, "key": "helped", "label": {"zh": "帮扶", "en": "helped"}},
            ],
        })
    };
    let step = |step: &str, zh: &str, en: &str, rule: Value| {
        json!({
            "id": step,
            "names": {"zh": zh, "en": en},
            "cite": [format!("rules-of-{id}.1")],
            "grade": "B",
            "rule": rule,
        })
    };
    json!({
        "kind": "instrument",
        "schema": 1,
        "id": id,
        "names": {"zh": "病区楼梯试验", "en": "Ward stairs test"},
        "in_force": {"from": "2026-01-01", "grade": "B"},
        "documents": [{
            "id": format!("rules-of-{id}"),
            "names": {"zh": "病区规程", "en": "Rules of the ward"},
            "own": true,
            "clauses": {"1": {"zh": "试验", "en": "the test"}},
        }],
        "levels": [
            {"code": 0, "key": "free", "names": {"zh": "自由", "en": "free"}},
            {"code": 1, "key": "watched", "names": {"zh": "看护", "en": "watched"}},
        ],
        "domains": [{
            "code": "1",
            "names": {"zh": "楼梯", "en": "stairs"},
            "items": [item("1.1", "上楼", "up"), item("1.2", "下楼", "down")],
        }],
        "steps": [
            step("sum", "合计", "sum", json!({"sum": {"of": ["1.1", "1.2"]}})),
            step("level", "等级", "level", json!({"band": {"of": "sum", "rows": [
                {"from": 2, "to": 2, "is": "free"},
                {"from": 0, "to": 1, "is": "watched"},
            ]}})),
        ],
        "result": {"scores": ["sum"], "total": "sum", "level": "level"},
    })
}

/// A case of the made-up instrument.
pub(crate) fn ward_case(id: &str) -> String {
    json!({
        "case_id": "w-1",
        "as_of": "2026-06-30",
        "assessments": [{
            "instrument": id,
            "date": "2026-06-20",
            "answers": {"1.1": "alone", "1.2": 0},
        }],
    })
    .to_string()
}
