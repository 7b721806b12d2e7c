//! JSON Schemas (2020-12) of the contract, of every form and of the rule files.
//!
//! Generated from the types; what a form may answer and what facts there are
//! comes from the rulebook. The files in `schemas/` are these, checked by a test.

use serde_json::{Map, Value, json};

use crate::audit::{Audited, Mapping};
use crate::care_level::CareLevelMap;
use crate::case::{Case, Rejection};
use crate::compare::Impact;
use crate::compare::Succession;
use crate::crosscheck::CrossChecks;
use crate::determination::Determination;
use crate::entitlement::definition::{ProgrammesFile, RegisterFile};
use crate::instrument::Instrument;
use crate::instrument::definition::{Definition, Field, FieldType, Item, Supplement};
use crate::record::Record;
use crate::rulebook::{Fact, FactType, FactsFile, JurisdictionsFile, Rulebook, VersionFile};

/// Names of the schemas, as [`named`] takes them.
pub const NAMES: &[&str] = &[
    "case",
    "determination",
    "rejection",
    "record",
    "mapping",
    "audited",
    "succession",
    "impact",
    "rules.instrument",
    "rules.facts",
    "rules.jurisdictions",
    "rules.rulebook",
    "rules.supplement",
    "rules.care_levels",
    "rules.cross_checks",
    "rules.register",
    "rules.programmes",
];

/// Codes as records carry them; see the contract for what each part is.
const ICD10: &str = r"^[A-Za-z][0-9]{2}(\.?([0-9]{1,3}|[xX][0-9]{2})([xX][0-9]{3})?)?[*+]?$";
const DATE: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const DIVISION: &str = "^[0-9]{6}$";
const PROGRAMME: &str = "^[a-z][a-z0-9-]{0,63}$";

/// The schema of this name; none if there is none.
#[must_use]
pub fn named(rulebook: &Rulebook, name: &str) -> Option<Value> {
    Some(match name {
        "case" => case(rulebook),
        "determination" => schemars::schema_for!(Determination).to_value(),
        "rejection" => schemars::schema_for!(Rejection).to_value(),
        "record" => record(rulebook),
        "mapping" => {
            let mut schema = schemars::schema_for!(Mapping).to_value();
            without_null(&mut schema);
            schema
        }
        "audited" => schemars::schema_for!(Audited).to_value(),
        "succession" => schemars::schema_for!(Succession).to_value(),
        "impact" => schemars::schema_for!(Impact).to_value(),
        "rules.instrument" => schemars::schema_for!(Definition).to_value(),
        "rules.facts" => schemars::schema_for!(FactsFile).to_value(),
        "rules.jurisdictions" => schemars::schema_for!(JurisdictionsFile).to_value(),
        "rules.rulebook" => schemars::schema_for!(VersionFile).to_value(),
        "rules.care_levels" => schemars::schema_for!(CareLevelMap).to_value(),
        "rules.cross_checks" => schemars::schema_for!(CrossChecks).to_value(),
        "rules.register" => schemars::schema_for!(RegisterFile).to_value(),
        "rules.programmes" => schemars::schema_for!(ProgrammesFile).to_value(),
        "rules.supplement" => schemars::schema_for!(Supplement).to_value(),
        _ => return None,
    })
}

/// The schema of a case, with the facts of the rulebook.
///
/// What a form may answer is left open: see [`case_of`].
#[must_use]
pub fn case(rulebook: &Rulebook) -> Value {
    let mut schema = schemars::schema_for!(Case).to_value();
    without_null(&mut schema);
    let facts: Map<String, Value> = rulebook
        .facts()
        .filter(|fact| fact.derived.is_none())
        .map(|fact| (fact.id.clone(), of_fact(fact)))
        .collect();
    if let Some(place) = schema.pointer_mut("/properties/facts") {
        *place = json!({
            "type": "object",
            "description": "Facts about the person, by id. One that is absent is unknown.",
            "properties": facts,
            "additionalProperties": false,
        });
    }
    schema
}

/// The schema of a record: a case as in [`case`], and a determination as it is.
#[must_use]
pub fn record(rulebook: &Rulebook) -> Value {
    let mut schema = schemars::schema_for!(Record).to_value();
    let mut asked = case(rulebook);
    let mut defs = Map::new();
    // What a case may hold is never null, and what goes out may be: its own definitions
    // go before those of the same name.
    for part in [&mut schema, &mut asked] {
        if let Some(Value::Object(own)) = part.as_object_mut().and_then(|it| it.remove("$defs")) {
            defs.extend(own);
        }
    }
    if let Value::Object(members) = &mut asked {
        members.remove("$schema");
    }
    defs.insert("Case".to_owned(), asked);
    if let Value::Object(members) = &mut schema {
        members.insert("additionalProperties".to_owned(), json!(false));
        members.insert("$defs".to_owned(), Value::Object(defs));
    }
    schema
}

/// The schema of a case whose forms are all of one instrument, with its codes and
/// allowed answers.
#[must_use]
pub fn case_of(rulebook: &Rulebook, instrument: &Instrument) -> Value {
    let mut schema = case(rulebook);
    let mut answers = Map::new();
    for item in instrument.items() {
        answers.insert(item.code.to_string(), of_item(item));
    }
    for field in &instrument.definition().fields {
        answers.insert(field.code.to_string(), of_field(field));
    }
    if let Some(place) = schema.pointer_mut("/title") {
        *place = json!(format!("Case of {}", instrument.id()));
    }
    if let Some(place) = schema.pointer_mut("/$defs/Assessment/properties/instrument") {
        *place = json!({ "const": instrument.id() });
    }
    if let Some(place) = schema.pointer_mut("/$defs/Assessment/properties/answers") {
        *place = json!({
            "type": "object",
            "description": "Answers by the official code. What was not asked is absent.",
            "properties": answers,
            "additionalProperties": false,
        });
    }
    // Only the answers used it.
    if let Some(Value::Object(defs)) = schema.pointer_mut("/$defs") {
        defs.remove("Answer");
    }
    schema
}

fn of_item(item: &Item) -> Value {
    let title = title(&item.names);
    if item.options.iter().any(|option| option.flag.is_some()) {
        return json!({ "title": title, "type": "boolean" });
    }
    let mut values: Vec<Value> = Vec::new();
    for option in &item.options {
        let score = option.score.map(|score| json!(score));
        if let Some(score) = score.filter(|score| !values.contains(score)) {
            values.push(score);
        }
    }
    let keys = item.options.iter().filter_map(|option| option.key.as_ref());
    values.extend(keys.map(|key| json!(key)));
    json!({ "title": title, "enum": values })
}

fn of_field(field: &Field) -> Value {
    let title = title(&field.names);
    let keys: Vec<Value> = field
        .options
        .iter()
        .map(|option| json!(option.key))
        .collect();
    match field.answer {
        FieldType::Flag => json!({ "title": title, "type": "boolean" }),
        FieldType::Choice => {
            let codes = field.options.iter().filter_map(|option| option.code);
            let values: Vec<Value> = codes.map(|code| json!(code)).chain(keys).collect();
            json!({ "title": title, "enum": values })
        }
        FieldType::Choices => {
            json!({ "title": title, "type": "array", "items": { "enum": keys } })
        }
        FieldType::Diagnoses => {
            let printed: Vec<Value> = field
                .rows
                .iter()
                .flat_map(|row| match &row.icd {
                    Some(icd) => vec![json!(icd), json!(icd.replace('-', "~"))],
                    None => vec![json!(row.key)],
                })
                .collect();
            json!({
                "title": title,
                "type": "array",
                "items": {
                    "anyOf": [{ "type": "string", "pattern": ICD10 }, { "enum": printed }]
                },
            })
        }
    }
}

fn of_fact(fact: &Fact) -> Value {
    let keys: Vec<&str> = fact.values.iter().map(|value| value.key.as_str()).collect();
    let mut schema = match fact.kind {
        FactType::Date => json!({ "type": "string", "format": "date", "pattern": DATE }),
        FactType::Boolean => json!({ "type": "boolean" }),
        FactType::Integer => json!({ "type": "integer" }),
        FactType::Choice => json!({ "enum": keys }),
        FactType::Choices => json!({ "type": "array", "items": { "enum": keys } }),
        FactType::Division => json!({ "type": "string", "pattern": DIVISION }),
        FactType::Programmes => {
            json!({ "type": "array", "items": { "type": "string", "pattern": PROGRAMME } })
        }
    };
    if let (Value::Object(members), Some(_)) = (&mut schema, &fact.none) {
        for (key, bound) in [("minimum", fact.min), ("maximum", fact.max)] {
            if let Some(bound) = bound {
                members.insert(key.to_owned(), json!(bound));
            }
        }
        schema = json!({ "anyOf": [schema, { "const": "none" }] });
    }
    if let Value::Object(members) = &mut schema {
        members.insert("title".to_owned(), json!(title(&fact.names)));
        members.insert("description".to_owned(), json!(fact.meaning.en));
        if let Some(min) = fact.min.filter(|_| fact.none.is_none()) {
            members.insert("minimum".to_owned(), json!(min));
        }
        if let Some(max) = fact.max.filter(|_| fact.none.is_none()) {
            members.insert("maximum".to_owned(), json!(max));
        }
    }
    schema
}

fn title(names: &crate::words::Words) -> String {
    format!("{} {}", names.zh, names.en)
}

/// What is optional in a case is left out, never null: `null` is refused.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|kind| kind != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    members.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(options)) = members.get_mut("anyOf") {
                options.retain(|option| option != &json!({ "type": "null" }));
                if let [Value::Object(only)] = options.as_slice() {
                    let only = only.clone();
                    members.remove("anyOf");
                    members.extend(only);
                }
            }
            if members.get("default") == Some(&Value::Null) {
                members.remove("default");
            }
            members.values_mut().for_each(without_null);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_null),
        _ => {}
    }
}
