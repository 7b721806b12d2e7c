//! The calls, without the border.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::Path;

use nengli::{Lang, Options, Rulebook, explain};
use nengli_abi::{CALLS, call};
use serde_json::{Value, json};

fn case(name: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    fs::read_to_string(cases.join(format!("{name}.case.json"))).unwrap()
}

fn answer(name: &str, text: &str) -> Value {
    serde_json::from_str(&call(name, text)).unwrap()
}

/// A call about a case, in a language.
fn asked(name: &str, case: &str, lang: &str) -> Value {
    answer(name, &format!(r#"{{"case":{case},"lang":"{lang}"}}"#))
}

#[test]
fn version_names_the_rulebook() {
    let rulebook = Rulebook::builtin().unwrap();
    assert_eq!(
        answer("version", ""),
        json!({
            "engine": nengli::VERSION,
            "rulebook": { "digest": rulebook.digest(), "version": rulebook.version() },
            "schema": 1,
        })
    );
}

#[test]
fn rules_are_as_the_files_write_them() {
    let rules = answer("rulebook", "");
    let rulebook = Rulebook::builtin().unwrap();
    for part in ["instruments", "facts", "jurisdictions", "programmes"] {
        assert!(!rules[part].as_array().unwrap().is_empty(), "{part}");
    }
    let written = |file: &str| -> Value {
        let (_, text) = rulebook.files().find(|(path, _)| *path == file).unwrap();
        serde_json::from_str(text).unwrap()
    };
    let places: Vec<&str> = rules["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place.as_str().unwrap())
        .collect();
    assert_eq!(places[0], "000000");
    assert!(places.contains(&"120101"), "{places:?}");
    assert!(!places.contains(&"650000"), "{places:?}");

    // Every item of the form, with every option, in the order of the file.
    let instruments = rules["instruments"].as_array().unwrap();
    let form = instruments
        .iter()
        .find(|one| one["id"] == "gbt-42195-2022")
        .unwrap();
    let file = written("instruments/gbt-42195-2022.json");
    for (made, written) in form["domains"]
        .as_array()
        .unwrap()
        .iter()
        .zip(file["domains"].as_array().unwrap())
    {
        assert_eq!(made["code"], written["code"]);
        assert_eq!(made["items"], written["items"]);
    }
    assert_eq!(form["domains"].as_array().unwrap().len(), 4);
    // A citation of an answer can be resolved.
    let documents = rules["documents"].as_array().unwrap();
    let standard = documents.iter().find(|one| one["id"] == "gbt-42195-2022");
    assert!(standard.unwrap()["clauses"]["C.3"]["zh"].is_string());
}

#[test]
fn a_report_is_of_its_determination() {
    let rulebook = Rulebook::builtin().unwrap();
    let text = case("rights/heping");
    let determination = rulebook.assess_text(&text, Options::default()).unwrap();
    for (code, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let report = explain::report(&determination, &rulebook, lang);
        assert_eq!(
            asked("report", &text, code),
            json!({ "determination": determination, "report": report })
        );
    }
    // Chinese where no language is asked for.
    assert_eq!(
        answer("report", &format!(r#"{{"case":{text}}}"#)),
        asked("report", &text, "zh")
    );
}

#[test]
fn why_explains_one_right_or_all() {
    let text = case("rights/heping");
    let all = asked("why", &text, "en");
    let headings = |accounts: &Value| -> Vec<String> {
        let accounts = accounts.as_array().unwrap().iter();
        let heading = |account: &Value| account["heading"].as_str().unwrap().to_owned();
        accounts.map(heading).collect()
    };
    assert!(headings(&all).len() > 2, "{:?}", headings(&all));
    let one = answer(
        "why",
        &format!(r#"{{"case":{text},"lang":"en","programme":"ltci"}}"#),
    );
    assert!(headings(&one).len() < headings(&all).len());
    assert!(
        headings(&one)
            .iter()
            .any(|heading| heading.contains("insurance"))
    );

    let none = format!(r#"{{"case":{text},"programme":"made-up-programme"}}"#);
    let none = call("why", &none);
    assert!(
        none.starts_with(r#"{"error":"#) && !none.contains("made-up"),
        "{none}"
    );
}

#[test]
fn an_inquiry_has_its_words() {
    let text = case("gbt-42195-2022/demo");
    let answer = asked("inquire", &text, "en");
    let severe = &answer["inquiry"]["assessments"][0]["neighbours"][1];
    assert_eq!(severe["by_points"][0]["sums"]["total"]["to"], 65);
    let heading = answer["accounts"][0]["heading"].as_str().unwrap();
    assert!(
        heading.starts_with("How far from the next level"),
        "{heading}"
    );
}

#[test]
fn a_replay_tells_what_was_altered() {
    let record = call("record", &case("gbt-42195-2022/demo"));
    assert_eq!(answer("replay", &record)["status"], "same");
    let altered = record.replace(r#""key":"moderate""#, r#""key":"severe""#);
    assert_eq!(answer("replay", &altered)["status"], "seal_broken");
    assert_eq!(answer("replay", "{}")["rejected"][0]["kind"], "missing_key");
}

#[test]
fn a_refused_case_is_refused_in_the_language_asked_for() {
    let case = r#"{"case_id":"a-1"}"#;
    for name in ["report", "why", "inquire"] {
        let problem = |lang: &str| asked(name, case, lang)["rejected"][0].clone();
        let (en, zh) = (problem("en"), problem("zh"));
        // Its place is within the case.
        assert_eq!(en["kind"], "missing_key");
        assert_eq!(en["at"], zh["at"]);
        assert!(en["message"].as_str().unwrap().is_ascii());
        assert!(!zh["message"].as_str().unwrap().is_ascii(), "{zh}");
    }
    // A key that stands twice in the case is seen through the other JSON.
    let twice = r#"{"case_id":"a-1","case_id":"a-1","as_of":"2026-06-30","assessments":[]}"#;
    let twice = asked("report", twice, "en");
    assert_eq!(twice["rejected"][0]["kind"], "duplicate_key", "{twice}");
}

#[cfg(feature = "schemas")]
#[test]
fn schemas_are_those_checked_in() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let mut count = 0;
    for entry in fs::read_dir(schemas).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let name = file.strip_suffix(".schema.json").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        assert!(answer("schema", name) == expected, "{name}");
        count += 1;
    }
    assert!(count > 10);
}

/// Nothing of a bad call is repeated, and each says what was expected.
#[test]
fn bad_calls_are_answered() {
    let bad = [
        ("", ""),
        ("Secret", ""),
        ("assess\0", "{}"),
        ("version", "secret"),
        ("rulebook", " "),
        ("schema", "secret"),
        ("report", ""),
        ("report", "secret"),
        ("report", r#"{"secret":1}"#),
        ("report", r#"{"case":{},"lang":"secret"}"#),
        ("report", r#"{"case":{},"case":{}}"#),
        ("why", r#"{"case":{},"programme":3}"#),
        ("inquire", r#"[{"case":{}}]"#),
        ("inquire", r#"{"case":{}} secret"#),
    ];
    for (name, text) in bad {
        let answer = call(name, text);
        let error: Value = serde_json::from_str(&answer).unwrap();
        let error = &error["error"];
        assert!(
            error["expected"].as_str().is_some_and(|it| !it.is_empty()),
            "{answer}"
        );
        assert!(
            error["message"].as_str().is_some_and(|it| !it.is_empty()),
            "{answer}"
        );
        assert!(!answer.to_lowercase().contains("secret"), "{answer}");
    }
}

/// Every call that is listed is one, whatever its text, and depth harms none.
#[test]
fn no_text_makes_a_call_fail() {
    let deep = "[".repeat(200_000);
    let deep_case = format!(r#"{{"case":{deep}}}"#);
    for name in CALLS {
        for text in ["", "null", "[]", "\"\u{0}\"", "😀", &deep, &deep_case] {
            let answer = call(name, text);
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_ne!(answer["error"]["message"], "there is no call of this name");
        }
    }
}
