//! What a case says beside its forms: day of decision, place, facts, costs.
//!
//! FHIR's form has no place for it. It rides in a Basic beside the forms: the day and
//! the place as extensions of their own, the rest as JSON of nengli's contract.

use nengli::Case;
use serde_json::{Value, json};

use super::json::{Object, concept, object};
use super::{common, names};

/// Keys of a case that the rest may hold.
pub(crate) const REST_KEYS: [&str; 5] = ["costs", "facts", "interpretations", "replaces", "used"];

/// The pseudonym as the subject of every resource.
pub(crate) fn subject(case_id: &str) -> Value {
    json!({
        "type": "Patient",
        "identifier": {"system": names::CASE, "value": case_id},
    })
}

/// The Basic of a case.
pub(crate) fn of(case: &Case) -> Value {
    let mut extensions = vec![json!({
        "url": names::AS_OF,
        "valueDate": case.as_of.to_string(),
    })];
    if let Some(place) = &case.jurisdiction {
        extensions.push(json!({"url": names::JURISDICTION, "valueString": place}));
    }
    let whole = serde_json::to_value(case).unwrap_or_default();
    let rest: Object = object(whole)
        .into_iter()
        .filter(|(key, _)| REST_KEYS.contains(&key.as_str()))
        .collect();
    if !rest.is_empty() {
        let rest = Value::Object(rest).to_string();
        extensions.push(json!({"url": names::REST, "valueString": rest}));
    }
    json!({
        "resourceType": "Basic",
        "code": concept(names::COMMON, common::CASE, &common::case_words()),
        "subject": subject(&case.case_id),
        "extension": extensions,
    })
}
