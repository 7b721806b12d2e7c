//! What goes out is FHIR: by the rules of `r4.rs`, which are shown to bite.

use nengli::Rulebook;
use nengli_exchange::fhir;
use serde_json::{Value, json};

use crate::r4::Checker;
use crate::{cases, demo, rulebook};

fn terms(rulebook: &Rulebook) -> Vec<(String, Value)> {
    let ids = rulebook.instruments().map(|one| one.id().to_owned());
    let mut out: Vec<(String, Value)> = ids
        .flat_map(|id| fhir::form(&id, rulebook).unwrap())
        .collect();
    out.push(fhir::common_codes(rulebook));
    out
}

fn faults(resource: &Value, terms: &[(String, Value)]) -> Vec<String> {
    checker(terms).faults(resource)
}

fn checker(terms: &[(String, Value)]) -> Checker {
    let mut checker = Checker::new();
    for (_, term) in terms {
        checker.learn(term);
    }
    checker
}

#[test]
fn forms_and_codes() {
    let rulebook = rulebook();
    let terms = terms(rulebook);
    assert_eq!(terms.len(), 5 * rulebook.instruments().count() + 1);
    for (name, resource) in &terms {
        assert_eq!(faults(resource, &terms), Vec::<String>::new(), "{name}");
    }
    let bundle = fhir::bundle(terms.clone());
    assert_eq!(faults(&bundle, &terms), Vec::<String>::new());
}

#[test]
fn responses_and_observations() {
    let rulebook = rulebook();
    let terms = terms(rulebook);
    let checker = checker(&terms);
    for (name, case) in cases(rulebook) {
        for bundle in [
            fhir::responses(&case, rulebook).unwrap(),
            fhir::observations(&case, rulebook).unwrap(),
        ] {
            let faults = checker.clone().faults(&bundle);
            assert_eq!(faults, Vec::<String>::new(), "{name}");
        }
    }
}

/// A breach of each rule is found: (where, what is put there, part of the fault).
#[test]
fn the_rules_bite() {
    let rulebook = rulebook();
    let terms = terms(rulebook);
    let form = &fhir::form("gbt-42195-2022", rulebook).unwrap()[0].1;
    let observations = fhir::observations(&demo(), rulebook).unwrap();
    let item = "/item/0/item/0";
    let cases = [
        (form, "/id".to_owned(), json!("a_b"), "no id"),
        (
            form,
            "/status".to_owned(),
            json!("good"),
            "status is none of",
        ),
        (form, "/name".to_owned(), json!("a-b"), "no name"),
        (form, format!("{item}/linkId"), json!("B.1.2"), "que-2"),
        (form, format!("{item}/type"), json!("boolean"), "que-5"),
        (form, format!("{item}/type"), json!("display"), "que-1"),
        (
            form,
            format!("{item}/answerOption"),
            json!([]),
            "at least one",
        ),
        (
            form,
            format!("{item}/answerOption/0/valueCoding/code"),
            json!("B.9"),
            "is not in",
        ),
        (
            form,
            format!("{item}/enableWhen"),
            json!([{"question": "B.9", "operator": "=", "answerBoolean": true}]),
            "which is no item",
        ),
        (form, format!("{item}/answered"), json!(true), "no element"),
        (form, format!("{item}/_text"), json!({}), "no extensions"),
        (
            &observations,
            "/entry/2/fullUrl".to_owned(),
            json!("x"),
            "no name of an entry",
        ),
        (
            &observations,
            "/entry/1/fullUrl".to_owned(),
            json!("x"),
            "is not in the bundle",
        ),
        (
            &observations,
            "/entry/2/resource/status".to_owned(),
            json!(null),
            "no code",
        ),
        (
            &observations,
            "/entry/2/resource/valueInteger".to_owned(),
            json!(1.5),
            "no integer",
        ),
        (
            &observations,
            "/entry/2/resource/dataAbsentReason".to_owned(),
            json!({"text": "none"}),
            "obs-6",
        ),
    ];
    for (resource, at, put, fault) in cases {
        let mut resource = resource.clone();
        let (above, key) = at.rsplit_once('/').unwrap();
        resource.pointer_mut(above).unwrap()[key] = put;
        let found = faults(&resource, &terms);
        assert!(
            found.iter().any(|one| one.contains(fault)),
            "{at}: {found:?}"
        );
    }
}

/// Every option carries its score, in the form and in the CodeSystem, by one extension.
#[test]
fn scores_by_ordinal_value() {
    let rulebook = rulebook();
    let ordinal = |value: &Value| {
        let extensions = value["extension"].as_array()?;
        let url = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
        let one = extensions.iter().find(|one| one["url"] == url)?;
        one["valueDecimal"].as_u64()
    };
    for instrument in rulebook.instruments() {
        let definition = instrument.definition();
        let resources = fhir::form(&definition.id, rulebook).unwrap();
        let (form, codes) = (&resources[0].1, &resources[1].1);
        for (d, domain) in definition.domains.iter().enumerate() {
            for (i, item) in domain.items.iter().enumerate() {
                let question = &form["item"][d]["item"][i];
                assert_eq!(question["linkId"], json!(item.code));
                let concepts = codes["concept"].as_array().unwrap();
                let asked = concepts
                    .iter()
                    .find(|one| one["code"] == json!(item.code))
                    .unwrap();
                for (o, option) in item.options.iter().enumerate() {
                    let score = option.score.map(u64::from);
                    let offered = &question["answerOption"][o];
                    assert_eq!(ordinal(offered), score, "{} {o}", item.code);
                    assert_eq!(ordinal(&asked["concept"][o]), score, "{} {o}", item.code);
                }
            }
        }
    }
}

/// No standard skips a question, so no form does: what a coma leaves out may be
/// answered all the same.
#[test]
fn nothing_is_skipped() {
    let rulebook = rulebook();
    for (name, resource) in terms(rulebook) {
        assert!(!resource.to_string().contains("enableWhen"), "{name}");
    }
}

/// The results of the demo: totals, level before and after, each with its response.
#[test]
fn observations_of_the_demo() {
    let rulebook = rulebook();
    let bundle = fhir::observations(&demo(), rulebook).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let of = |code: &str| {
        let found = entries.iter().map(|entry| &entry["resource"]);
        let mut found = found.filter(|one| one["code"]["coding"][0]["code"] == code);
        found.next().unwrap_or_else(|| panic!("no {code}"))
    };
    assert_eq!(of("score:total")["valueInteger"], 69);
    let level = |code: &str| of(code)["valueCodeableConcept"]["coding"][0]["code"].clone();
    assert_eq!(level("level:preliminary"), "mild");
    assert_eq!(level("level:final"), "moderate");
    let last = of("level:final");
    assert_eq!(last["status"], "final");
    assert_eq!(last["derivedFrom"][0]["reference"], entries[1]["fullUrl"]);
    assert_eq!(last["subject"]["identifier"]["value"], "demo-0001");
    let notes = last["note"].to_string();
    assert!(notes.contains("C.4.dementia-or-mental-disorder"), "{notes}");
}

/// What a response answers, the form asks: in the same group, by the same type, with an
/// option that it offers (or a score that options share, which the form cannot ask).
#[test]
fn responses_fit_their_form() {
    let rulebook = rulebook();

    let terms = terms(rulebook);
    let asked = |id: &str| {
        let name = format!("Questionnaire-{id}");
        &terms.iter().find(|(one, _)| *one == name).unwrap().1
    };
    for (name, case) in cases(rulebook) {
        let bundle = fhir::responses(&case, rulebook).unwrap();
        for (i, form) in case.assessments.iter().enumerate() {
            let asked = asked(&form.instrument);
            let response = &bundle["entry"][i + 1]["resource"];
            let canonical = response["questionnaire"].as_str().unwrap();
            let url = format!(
                "{}|{}",
                asked["url"].as_str().unwrap(),
                asked["version"].as_str().unwrap()
            );
            assert_eq!(canonical, url, "{name}");
            for group in list(response, "item") {
                let groups = list(asked, "item");
                let found = groups
                    .iter()
                    .find(|one| one["linkId"] == group["linkId"])
                    .unwrap();
                for item in list(group, "item") {
                    let questions = list(found, "item");
                    let question = questions
                        .iter()
                        .find(|one| one["linkId"] == item["linkId"])
                        .unwrap();
                    let answers = list(item, "answer");
                    assert!(!answers.is_empty(), "{name} {}", item["linkId"]);
                    assert!(answers.len() == 1 || question["repeats"] == true, "{name}");
                    let open = question["type"] == "open-choice";
                    for answer in answers {
                        let what = format!("{name} {answer}");
                        if question["type"] == "boolean" {
                            assert!(answer["valueBoolean"].is_boolean(), "{what}");
                            continue;
                        }
                        let options = list(question, "answerOption");
                        let code = &answer["valueCoding"]["code"];
                        let offered = options
                            .iter()
                            .any(|one| one["valueCoding"]["code"] == *code);
                        let shared = code
                            .as_str()
                            .and_then(|code| code.rsplit_once(':'))
                            .is_some_and(|(_, last)| last.parse::<u8>().is_ok());
                        assert!(offered || open || shared, "{what}");
                    }
                }
            }
        }
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
