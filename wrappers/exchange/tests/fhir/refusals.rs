//! What is refused, where, and that all of it comes out at once.

use nengli::{Date, Lang, Rulebook, date};
use nengli_exchange::fhir::{self, Given};
use serde_json::{Value, json};

use crate::round_trip::response_of;
use crate::{demo, rulebook};

fn refusal(document: &Value, rulebook: &Rulebook) -> Vec<(String, String, String)> {
    refusal_of(&document.to_string(), rulebook)
}

fn refusal_of(text: &str, rulebook: &Rulebook) -> Vec<(String, String, String)> {
    let refused = fhir::read(text, &Given::default(), rulebook).unwrap_err();
    let faults = refused.refused.iter().map(|fault| {
        let kind = fault.kind.as_str().to_owned();
        assert!(!fault.message.is_empty() && !fault.message_in(Lang::Zh).is_empty());
        (fault.at.clone(), fault.path.clone(), kind)
    });
    faults.collect()
}

/// (where in the response, what is put there, kind, where the fault is if elsewhere).
#[test]
fn each_at_its_place() {
    let rulebook = rulebook();
    let first = "/item/0/item/0";
    let coding = "/item/0/item/0/answer/0/valueCoding";
    let table: Vec<(String, Value, &str, String)> = vec![
        (
            "/resourceType".into(),
            json!("Patient"),
            "unsupported",
            "/resourceType".into(),
        ),
        (
            "/questionnaire".into(),
            json!("urn:nengli:questionnaire:x"),
            "unknown_instrument",
            "/questionnaire".into(),
        ),
        (
            "/status".into(),
            json!("entered-in-error"),
            "unsupported",
            "/status".into(),
        ),
        ("/status".into(), json!(3), "wrong_type", "/status".into()),
        (
            "/authored".into(),
            json!("2026-06"),
            "bad_date",
            "/authored".into(),
        ),
        (
            "/authored".into(),
            json!("2026-02-30"),
            "bad_date",
            "/authored".into(),
        ),
        (
            "/modifierExtension".into(),
            json!([]),
            "unsupported",
            "/modifierExtension".into(),
        ),
        (
            "/answers".into(),
            json!({}),
            "unknown_key",
            "/answers".into(),
        ),
        ("/item".into(), json!([]), "wrong_type", "/item".into()),
        (
            "/item/0/linkId".into(),
            json!("group:B.9"),
            "unknown_link_id",
            "/item/0/linkId".into(),
        ),
        (
            "/item/0/answer".into(),
            json!([{"valueBoolean": true}]),
            "wrong_type",
            "/item/0/answer".into(),
        ),
        (
            format!("{first}/linkId"),
            json!("B.2.1"),
            "unknown_link_id",
            format!("{first}/linkId"),
        ),
        (
            format!("{first}/linkId"),
            json!("B.1.2"),
            "duplicate_key",
            "/item/0/item/1/linkId".into(),
        ),
        (
            format!("{first}/answer/1"),
            json!({"valueBoolean": true}),
            "too_many_answers",
            format!("{first}/answer"),
        ),
        (
            format!("{first}/answer/0"),
            json!({"valueInteger": 3}),
            "wrong_type",
            format!("{first}/answer/0/valueInteger"),
        ),
        (
            format!("{first}/answer/0"),
            json!({}),
            "wrong_type",
            format!("{first}/answer/0"),
        ),
        (
            format!("{coding}/code"),
            json!("B.1.2:independent"),
            "unknown_option",
            format!("{coding}/code"),
        ),
        (
            format!("{coding}/system"),
            json!("urn:other"),
            "unsupported",
            format!("{coding}/system"),
        ),
        (
            format!("{coding}/system"),
            Value::Null,
            "wrong_type",
            format!("{coding}/system"),
        ),
        (
            "/extension/0/extension/1/valueCode".into(),
            json!("none"),
            "",
            "/extension/0".into(),
        ),
        (
            "/extension/0/url".into(),
            json!("urn:nengli:extension:x"),
            "unsupported",
            "/extension/0/url".into(),
        ),
    ];
    for (at, put, kind, place) in table {
        let mut response = response_of(&demo(), rulebook);
        let (above, key) = at.rsplit_once('/').unwrap();
        let above = response.pointer_mut(above).unwrap();
        match above {
            Value::Array(list) => match key.parse::<usize>().unwrap() {
                i if i < list.len() => list[i] = put,
                _ => list.push(put),
            },
            above => above[key] = put,
        }
        let found = refusal(&response, rulebook);
        let hit = found
            .iter()
            .any(|(at, _, found)| *at == place && (kind.is_empty() || found == kind));
        assert!(hit, "{at}: {found:?}");
    }
}

#[test]
fn all_at_once_with_both_places() {
    let rulebook = rulebook();
    let mut response = response_of(&demo(), rulebook);
    response["item"][0]["item"][0]["linkId"] = json!("B.9.9");
    response["item"][1]["item"][0]["answer"][0]["valueCoding"]["code"] = json!("B.2.1:99");
    response["status"] = json!("stopped");
    let found = refusal(&response, rulebook);
    assert_eq!(found.len(), 3, "{found:?}");
    let paths: Vec<&str> = found.iter().map(|(_, path, _)| path.as_str()).collect();
    assert!(
        paths.contains(&"QuestionnaireResponse.item[0].item[0].linkId"),
        "{paths:?}"
    );
    let path = "QuestionnaireResponse.item[1].item[0].answer[0].valueCoding.code";
    assert!(paths.contains(&path), "{paths:?}");

    let bundle = json!({"resourceType": "Bundle", "type": "collection",
                        "entry": [{"resource": response}]});
    let found = refusal(&bundle, rulebook);
    let path = "Bundle.entry[0].resource.item[0].item[0].linkId";
    assert!(found.iter().any(|(_, found, _)| found == path), "{found:?}");
}

/// What the rulebook refuses is said at the place in the form that it came from.
#[test]
fn refusals_of_the_rulebook() {
    let rulebook = rulebook();
    let mut response = response_of(&demo(), rulebook);
    let fields = response["item"].as_array_mut().unwrap().last_mut().unwrap();
    let items = fields["item"].as_array_mut().unwrap();
    let at = items
        .iter()
        .position(|one| one["linkId"] == "A.4.1")
        .unwrap();
    items[at]["answer"][1] = json!({"valueString": "Wang Xiaoming"});
    let text = response.to_string();
    let refused = fhir::read(&text, &Given::default(), rulebook).unwrap_err();
    let fault = &refused.refused[0];
    assert_eq!(refused.refused.len(), 1, "{refused}");
    assert!(
        fault.at.ends_with(&format!("/item/{at}/answer/1")),
        "{}",
        fault.at
    );
    assert!(!serde_json::to_string(&refused).unwrap().contains("Wang"));
}

/// Nothing that was refused comes back.
#[test]
fn nothing_is_echoed() {
    let rulebook = rulebook();
    let name = "Zhang Wei of the third house on the left, telephone 555 0100";
    for at in [
        "/item/0/item/0/linkId",
        "/item/0/item/0/answer/0/valueCoding/code",
        "/item/0/item/0/answer/0/valueCoding/system",
        "/questionnaire",
        "/status",
        "/authored",
        "/subject/identifier/value",
        "/extension/0/url",
    ] {
        let mut response = response_of(&demo(), rulebook);
        *response.pointer_mut(at).unwrap() = json!(name);
        let refused = fhir::read(&response.to_string(), &Given::default(), rulebook);
        // An extension of others is passed over.
        let Err(refused) = refused else {
            assert_eq!(at, "/extension/0/url");
            continue;
        };
        let said = serde_json::to_string(&refused).unwrap() + &refused.to_string();
        assert!(!said.contains("Zhang"), "{at}: {said}");
    }
    let mut response = response_of(&demo(), rulebook);
    response[name] = json!(1);
    let refused = fhir::read(&response.to_string(), &Given::default(), rulebook).unwrap_err();
    assert!(!serde_json::to_string(&refused).unwrap().contains("Zhang"));
}

#[test]
fn documents_that_are_none() {
    let rulebook = rulebook();
    for (text, kind) in [
        ("", "not_json"),
        ("{", "not_json"),
        ("[]", "unsupported"),
        ("{}", "unsupported"),
        (r#"{"resourceType":"Bundle"}"#, "missing_key"),
        (r#"{"resourceType":"Bundle","entry":[]}"#, "wrong_type"),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}}]}"#,
            "unsupported",
        ),
        (r#"{"resourceType":"QuestionnaireResponse"}"#, "missing_key"),
    ] {
        let found = refusal_of(text, rulebook);
        assert!(
            found.iter().any(|(_, _, one)| one == kind),
            "{text}: {found:?}"
        );
    }
    let twice = response_of(&demo(), rulebook).to_string();
    let twice = twice.replacen("\"status\":", "\"status\":\"completed\",\"status\":", 1);
    let found = refusal_of(&twice, rulebook);
    assert_eq!(
        found,
        [(
            "/status".to_owned(),
            String::new(),
            "duplicate_key".to_owned()
        )]
    );
    let deep = "[".repeat(100_000);
    assert_eq!(refusal_of(&deep, rulebook)[0].2, "not_json");
}

/// What is given beside a document may not say otherwise than the document.
#[test]
fn given_against_said() {
    let rulebook = rulebook();
    let bundle = fhir::responses(&demo(), rulebook).unwrap().to_string();
    let given = |case_id: Option<&str>, as_of: Option<Date>, place: Option<&str>| Given {
        case_id: case_id.map(str::to_owned),
        as_of,
        jurisdiction: place.map(str::to_owned),
    };
    let same = given(Some("demo-0001"), Some(date(2026, 6, 30)), Some("120101"));
    assert!(fhir::read(&bundle, &same, rulebook).is_ok());
    for other in [
        given(Some("x"), None, None),
        given(None, Some(date(2026, 7, 1)), None),
        given(None, None, Some("000000")),
    ] {
        let refused = fhir::read(&bundle, &other, rulebook).unwrap_err();
        assert_eq!(
            refused.refused[0].kind.as_str(),
            "contradiction",
            "{refused}"
        );
    }
    // Two persons in one document.
    let mut two: Value = serde_json::from_str(&bundle).unwrap();
    two["entry"][1]["resource"]["subject"]["identifier"]["value"] = json!("x");
    let found = refusal(&two, rulebook);
    assert_eq!(found[0].2, "contradiction", "{found:?}");
    // Rights without a day of decision.
    let response = response_of(&demo(), rulebook).to_string();
    let refused = fhir::read(&response, &given(None, None, Some("120101")), rulebook);
    assert_eq!(refused.unwrap_err().refused[0].kind.as_str(), "missing_key");
}

/// Whatever stands in whatever place: no panic, and each fault is at a place that is in
/// the document, or just missing from it.
#[test]
fn anything_anywhere() {
    fn places(value: &Value, at: &str, into: &mut Vec<String>) {
        into.push(at.to_owned());
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    places(value, &format!("{at}/{key}"), into);
                }
            }
            // One of a list stands for the others.
            Value::Array(list) => {
                list.iter()
                    .take(1)
                    .for_each(|value| places(value, &format!("{at}/0"), into));
            }
            _ => {}
        }
    }
    let rulebook = rulebook();
    let bundle = fhir::responses(&demo(), rulebook).unwrap();
    let mut all = Vec::new();
    places(&bundle, "", &mut all);
    places(&bundle["entry"][1], "/entry/1", &mut all);
    let mut refused = 0;
    for at in &all {
        for put in [
            json!(null),
            json!(7),
            json!("x"),
            json!([]),
            json!({}),
            json!([{}]),
        ] {
            let mut document = bundle.clone();
            *document.pointer_mut(at).unwrap() = put;
            let read = fhir::read(&document.to_string(), &Given::default(), rulebook);
            let Err(refusal) = read else { continue };
            refused += 1;
            assert!(!refusal.refused.is_empty(), "{at}");
            for fault in refusal.refused {
                let above = fault.at.rsplit_once('/').map_or("", |(above, _)| above);
                let there = document
                    .pointer(&fault.at)
                    .or_else(|| document.pointer(above));
                assert!(there.is_some(), "{at}: {fault:?}");
            }
        }
    }
    assert!(refused > all.len(), "{refused} of {}", all.len());
}

/// (where in the Bundle, what is put there, kind, where the fault is).
#[test]
fn of_a_bundle() {
    let rulebook = rulebook();
    let basic = "/entry/0/resource";
    let extension = format!("{basic}/extension");
    let as_of = json!({"url": "urn:nengli:extension:as-of", "valueDate": "2026-07-01"});
    let rest = json!({"url": "urn:nengli:extension:case", "valueString": "{\"name\":1}"});
    let text = json!({"url": "urn:nengli:extension:case", "valueString": "facts"});
    let reason = json!({"url": "urn:nengli:extension:reason", "valueCode": "routine"});
    let help = json!([{"linkId": "B.1.2:help"}]);
    let one = "/entry/1/resource/item/0/item/0/answer/0/item";
    let table = [
        (
            "/implicitRules".to_owned(),
            json!("urn:x"),
            "unsupported",
            "/implicitRules".to_owned(),
        ),
        (
            "/entries".to_owned(),
            json!([]),
            "unknown_key",
            "/entries".to_owned(),
        ),
        (
            "/entry/1/modifierExtension".to_owned(),
            json!([]),
            "unsupported",
            "/entry/1/modifierExtension".to_owned(),
        ),
        (
            "/entry/1/resource".to_owned(),
            json!({"resourceType": "Patient"}),
            "unsupported",
            "/entry/1/resource/resourceType".to_owned(),
        ),
        (
            format!("{basic}/code"),
            json!({"text": "x"}),
            "unsupported",
            format!("{basic}/code"),
        ),
        (
            format!("{extension}/3"),
            as_of,
            "duplicate_key",
            format!("{extension}/3/url"),
        ),
        (
            format!("{extension}/2"),
            rest,
            "unknown_key",
            format!("{extension}/2/valueString"),
        ),
        (
            format!("{extension}/2"),
            text,
            "not_json",
            format!("{extension}/2/valueString"),
        ),
        (
            format!("{extension}/1/valueString"),
            json!("999999"),
            "unknown_jurisdiction",
            format!("{extension}/1/valueString"),
        ),
        (
            "/entry/1/resource/extension/4".to_owned(),
            reason,
            "duplicate_key",
            "/entry/1/resource/extension/4/url".to_owned(),
        ),
        (
            one.to_owned(),
            help,
            "unknown_link_id",
            format!("{one}/0/linkId"),
        ),
    ];
    for (at, put, kind, place) in table {
        let mut document = fhir::responses(&demo(), rulebook).unwrap();
        let (above, key) = at.rsplit_once('/').unwrap();
        match document.pointer_mut(above).unwrap() {
            Value::Array(list) => match key.parse::<usize>().unwrap() {
                i if i < list.len() => list[i] = put,
                _ => list.push(put),
            },
            above => above[key] = put,
        }
        let found = refusal(&document, rulebook);
        let hit = found
            .iter()
            .any(|(at, _, found)| *at == place && found == kind);
        assert!(hit, "{at}: {found:?}");
    }
    // The help of a question may stand below its answer.
    let mut document = fhir::responses(&demo(), rulebook).unwrap();
    let answer = document
        .pointer_mut(one.rsplit_once('/').unwrap().0)
        .unwrap();
    answer["item"] = json!([{"linkId": "B.1.1:help", "text": "x"}]);
    assert!(fhir::read(&document.to_string(), &Given::default(), rulebook).is_ok());
}
