//! `nengli export` and `nengli import`: FHIR.

use std::fs;

use serde_json::{Value, json};

use crate::material::{folder, project};
use crate::program::{json as parse, must_say, nengli, prepare};

fn case(name: &str) -> String {
    let path = project().join("tests/cases").join(name);
    path.to_string_lossy().into_owned()
}

const DEMO: &str = "gbt-42195-2022/demo.case.json";

#[test]
fn forms_to_standard_output_and_into_a_folder() {
    let bundle = parse(&nengli(["export", "fhir", "nhsa-37-2021"]).quietly(0).out);
    let entries = bundle["entry"].as_array().unwrap();
    let kinds: Vec<_> = entries
        .iter()
        .map(|one| one["resource"]["resourceType"].clone())
        .collect();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    assert_eq!(kinds[0], "Questionnaire");

    let dir = folder();
    let into = dir.path().join("forms");
    let to = into.to_string_lossy().into_owned();
    // Twice: files that are there are replaced.
    for _ in 0..2 {
        nengli(["export", "fhir", "-o", &to]).quietly(0);
    }
    let mut names: Vec<String> = fs::read_dir(&into)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 6 * 5 + 1, "{names:?}");
    assert!(names.contains(&"Questionnaire-gbt-42195-2022.json".to_owned()));
    let text = fs::read_to_string(into.join("Questionnaire-nhsa-37-2021.json")).unwrap();
    assert_eq!(parse(&text), entries[0]["resource"]);
}

#[test]
fn a_case_out_and_in_again() {
    let dir = folder();
    let response = dir
        .path()
        .join("response.json")
        .to_string_lossy()
        .into_owned();
    let back = dir.path().join("case.json").to_string_lossy().into_owned();
    for name in [DEMO, "rights/heping.case.json"] {
        nengli(["export", "response", &case(name), "-o", &response]).quietly(0);
        nengli(["import", "fhir", &response, "-o", &back]).quietly(0);
        let before = nengli(["assess", "--json", &case(name)]).quietly(0).out;
        let after = nengli(["assess", "--json", &back]).quietly(0).out;
        assert_eq!(before, after);
    }
    // By pipe, too.
    let bundle = nengli(["export", "response", &case(DEMO)]).quietly(0).out;
    let back = prepare(["import", "fhir", "-"])
        .input(bundle)
        .end()
        .quietly(0)
        .out;
    assert_eq!(parse(&back)["case_id"], "demo-0001");
}

#[test]
fn results_as_observations() {
    let out = nengli(["export", "observations", &case(DEMO)])
        .quietly(0)
        .out;
    must_say(&out, "score:total");
    must_say(&out, "level:final");
    must_say(&out, "moderate");
}

fn response() -> Value {
    let bundle = parse(&nengli(["export", "response", &case(DEMO)]).quietly(0).out);
    bundle["entry"][1]["resource"].clone()
}

#[test]
fn what_a_document_does_not_say_is_given() {
    let mut one = response();
    one.as_object_mut().unwrap().remove("subject");
    let args = [
        "import",
        "fhir",
        "-",
        "--case-id",
        "p-1",
        "--as-of",
        "2026-07-01",
        "--place",
        "120101",
    ];
    let out = prepare(args).input(one.to_string()).end().quietly(0).out;
    let read = parse(&out);
    assert_eq!(read["case_id"], "p-1");
    assert_eq!(read["as_of"], "2026-07-01");
    assert_eq!(read["jurisdiction"], "120101");
    assert_eq!(read["assessments"][0]["date"], "2026-06-20");
}

#[test]
fn refusals_in_both_languages_and_as_json() {
    let mut one = response();
    one["item"][0]["item"][0]["linkId"] = json!("B.9.9");
    one["status"] = json!("stopped");
    let text = one.to_string();
    for (lang, says) in [("en", "refused, 2 problems"), ("zh", "2 处问题")] {
        let ended = prepare(["import", "fhir", "-", "--lang", lang])
            .input(text.clone())
            .end();
        assert_eq!(ended.code, 1);
        assert!(ended.out.is_empty());
        must_say(&ended.err, says);
        must_say(&ended.err, "QuestionnaireResponse.item[0].item[0].linkId");
        assert!(
            !ended.err.contains("B.9.9") && !ended.err.contains("stopped"),
            "{}",
            ended.err
        );
    }
    let ended = prepare(["import", "fhir", "-", "--json"]).input(text).end();
    assert_eq!(ended.code, 1);
    let refused = parse(&ended.out);
    let at: Vec<&str> = refused["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["at"].as_str().unwrap())
        .collect();
    assert!(
        at.contains(&"/item/0/item/0/linkId") && at.contains(&"/status"),
        "{at:?}"
    );
}

#[test]
fn what_cannot_be_done() {
    let dir = folder();
    let file = dir.path().join("file");
    fs::write(&file, "{").unwrap();
    let file = file.to_string_lossy().into_owned();
    for (args, says) in [
        (
            vec!["export", "fhir", "no-such-form"],
            "one of gbt-42195-2022",
        ),
        (vec!["export", "fhir", "-o", &file], "file"),
        (vec!["export", "response", &file], "JSON"),
        (vec!["import", "fhir", &file], "expected JSON"),
        (vec!["import", "fhir", "/no/such/file"], "/no/such/file"),
        (
            vec!["import", "fhir", &file, "--as-of", "2026-02-30"],
            "2026-02-30",
        ),
    ] {
        let ended = nengli(&args);
        assert_eq!(ended.code, 2, "{args:?}: {}", ended.err);
        must_say(&ended.err, says);
    }
    // A refused case leaves the file as it was.
    let bad = case("rejections/case-id-too-long.case.json");
    nengli(["export", "response", &bad, "-o", &file]).in_vain(1);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{");
}
