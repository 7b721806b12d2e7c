//! `nengli assess --why` and `--what-if`.

use serde_json::{Value, json};

use crate::material::demo_text;
use crate::program::prepare;

const HEPING: &str = "tests/cases/rights/heping.case.json";

fn heping() -> Value {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    serde_json::from_str(&std::fs::read_to_string(root.join(HEPING)).unwrap()).unwrap()
}

/// What is printed of a case, in English.
fn asked(case: &str, args: &[&str]) -> String {
    let mut all = vec!["assess", "-", "--lang", "en"];
    all.extend(args);
    prepare(all).input(case.to_owned()).end().quietly(0).out
}

fn refused(case: &str, args: &[&str], code: i32, words: &str) {
    let mut all = vec!["assess", "-", "--lang", "en"];
    all.extend(args);
    let end = prepare(all).input(case.to_owned()).end();
    assert_eq!(end.code, code, "{args:?}: {}", end.err);
    assert!(end.err.contains(words), "{args:?}: {}", end.err);
    assert_eq!(end.out, "", "{args:?}");
}

#[test]
fn why_tells_everything_and_why_of_one_right_that_alone() {
    let all = asked(&heping().to_string(), &["--why"]);
    for words in [
        "Why moderate dependency",
        "Why entitled: long-term care",
        "Why it is shared so",
    ] {
        assert!(all.contains(words), "{words}");
    }
    let one = asked(&heping().to_string(), &["--why=ltci"]);
    assert!(one.contains("Why severe dependency I"));
    // The voucher asks the other form.
    assert!(!one.contains("Why moderate dependency"));
    assert!(!one.contains("Why entitled: care voucher"));
}

#[test]
fn why_as_json() {
    let accounts: Value =
        serde_json::from_str(&asked(&demo_text(), &["--why=care-voucher", "--json"])).unwrap();
    let first = &accounts[0]["lines"][0];
    assert_eq!(first["depth"], 0);
    assert_eq!(first["line"]["citations"], json!(["gbt-42195-2022.C.1"]));
}

#[test]
fn what_if_as_json_is_the_inquiry() {
    let inquiry: Value =
        serde_json::from_str(&asked(&demo_text(), &["--what-if", "--json"])).unwrap();
    let severe = &inquiry["assessments"][0]["neighbours"][1];
    assert_eq!(severe["level"]["key"], "severe");
    assert_eq!(
        severe["by_points"][0]["sums"]["total"],
        json!({"from": 69, "to": 65})
    );
}

#[test]
fn a_supposition_is_the_case_with_it() {
    let mut other = heping();
    other["assessments"][2]["answers"]["C1.1"] = json!(10);
    other["facts"]["lives_alone"] = json!(true);
    other["facts"]
        .as_object_mut()
        .unwrap()
        .remove("medical_insurance");
    other["jurisdiction"] = json!("130802");
    let wanted: Value =
        serde_json::from_str(&asked(&other.to_string(), &["--json", "--trace"])).unwrap();
    let suppositions = [
        "--what-if=C1.1=10",
        "--what-if=lives_alone=true",
        "--what-if=medical_insurance=",
        "--what-if=jurisdiction=130802",
        "--json",
    ];
    let answer: Value = serde_json::from_str(&asked(&heping().to_string(), &suppositions)).unwrap();
    assert_eq!(answer["then"], wanted);
    let at = |wanted: &str| {
        let mut differences = answer["differences"].as_array().unwrap().iter();
        differences.any(|one| one["at"] == wanted)
    };
    assert!(at("/assessments/2/level/key") && at("/jurisdiction"));
}

#[test]
fn a_supposition_in_words() {
    let text = asked(&heping().to_string(), &["--what-if=C1.1=10"]);
    assert!(text.contains("If C1.1=10"));
    assert!(text.contains("severe dependency I → moderate dependency"));
    assert!(text.contains("long-term care insurance: entitled → not entitled"));
    assert!(text.contains("GB/T 42195-2022: still moderate dependency"));
}

#[test]
fn questions_that_cannot_be_asked() {
    let case = heping().to_string();
    for (args, words) in [
        (
            ["--why=no-such"].as_slice(),
            "expected a programme in force",
        ),
        (&["--what-if=B.1.1"], "expected CODE=VALUE"),
        (&["--what-if=B.9.9=1"], "expected the code of an answer"),
        (&["--why", "--what-if"], "cannot be used with"),
        (&["--why", "--record"], "cannot be used with"),
    ] {
        refused(&case, args, 2, words);
    }
    // Several forms have an item of this code.
    let mut twice = heping();
    let again = twice["assessments"][0].clone();
    twice["assessments"].as_array_mut().unwrap().push(again);
    twice["assessments"][3]["date"] = json!("2025-01-10");
    refused(
        &twice.to_string(),
        &["--what-if=B.1.1=2"],
        2,
        "several forms",
    );
    // A value that no case may have.
    refused(&case, &["--what-if=B.1.1=9"], 1, "score_not_allowed");
    refused(&case, &["--what-if=B.1.1=3.0"], 1, "wrong_type");
    refused("{", &["--why"], 2, "JSON");
}
