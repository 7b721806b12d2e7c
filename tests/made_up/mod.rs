//! A made-up rulebook: one small instrument, few facts, four places above one another
//! and one beside them, a register. Tests add programmes to it, or break it.

#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;

use nengli::Rulebook;
use nengli::rulebook::RulebookError;
use serde_json::{Value, json};

/// Files of rules by path.
pub type Files = BTreeMap<String, Value>;

pub const NATION: &str = "000000";
pub const PROVINCE: &str = "990000";
pub const CITY: &str = "990100";
pub const COUNTY: &str = "990101";
/// A province beside the other.
pub const ELSEWHERE: &str = "980000";

pub const FACTS: &str = "facts.json";
pub const REGISTER: &str = "programmes/register.json";
pub const GAIT: &str = "instruments/gait.json";

/// A name that says its key in both languages.
pub fn words(text: &str) -> Value {
    json!({"zh": text, "en": text})
}

/// `value` with the key.
pub fn with(mut value: Value, key: &str, more: Value) -> Value {
    value[key] = more;
    value
}

/// `value` without the key.
pub fn without(mut value: Value, key: &str) -> Value {
    value.as_object_mut().expect("an object").remove(key);
    value
}

/// Puts a value at a place: one that is there, a new key of an object, or the place
/// after the last of a list.
pub fn put(file: &mut Value, at: &str, value: Value) {
    let (parent, key) = at.rsplit_once('/').expect("a place below the root");
    match file.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(key.to_owned(), value);
        }
        Some(Value::Array(list)) => match list.get_mut(key.parse::<usize>().expect("a number")) {
            Some(place) => *place = value,
            None => list.push(value),
        },
        _ => panic!("no {parent}"),
    }
}

/// Everything but programmes.
pub fn vocabulary() -> Files {
    let place = |code: &str| json!({"code": code, "names": words(code)});
    let programme = |id: &str| json!({"id": id, "names": words(id)});
    // The voucher stands before the insurance, though it pays after it.
    let mut programmes: Vec<Value> = ["allowance", "visits", "meals", "bed", "voucher"]
        .map(programme)
        .into();
    programmes.push(with(programme("insurance"), "scheme", json!(true)));
    let jurisdictions = [NATION, ELSEWHERE, PROVINCE, CITY, COUNTY].map(place);
    Files::from([
        (
            "rulebook.json".to_owned(),
            json!({"kind": "rulebook", "schema": 1, "version": "2026.1.0"}),
        ),
        (
            "jurisdictions.json".to_owned(),
            json!({"kind": "jurisdictions", "schema": 1, "jurisdictions": jurisdictions}),
        ),
        (
            FACTS.to_owned(),
            json!({"kind": "facts", "schema": 1, "facts": facts()}),
        ),
        (
            REGISTER.to_owned(),
            json!({"kind": "register", "schema": 1, "programmes": programmes}),
        ),
        (GAIT.to_owned(), gait()),
    ])
}

fn facts() -> Vec<Value> {
    let fact = |id: &str, kind: &str| json!({"id": id, "type": kind, "names": words(id), "meaning": words(id)});
    let values = |keys: &[&str]| -> Value {
        keys.iter()
            .map(|key| json!({"key": key, "names": words(key)}))
            .collect()
    };
    let number = |id: &str, min: i64, max: i64| {
        with(
            with(fact(id, "integer"), "min", json!(min)),
            "max",
            json!(max),
        )
    };
    let mut out = vec![
        fact("birth_date", "date"),
        with(
            number("age", 0, 150),
            "derived",
            json!({"years_since": "birth_date"}),
        ),
        with(fact("insured_since", "date"), "none", words("not insured")),
        with(
            number("months_insured", 0, 1800),
            "derived",
            json!({"months_since": "insured_since"}),
        ),
        fact("concluded", "date"),
        with(
            fact("economic", "choice"),
            "values",
            values(&["dibao", "low", "none"]),
        ),
        with(
            with(
                fact("support", "choice"),
                "values",
                values(&["at_home", "in_home"]),
            ),
            "none",
            words("no support"),
        ),
        with(
            fact("setting", "choice"),
            "values",
            values(&["home", "institution"]),
        ),
        with(
            fact("honours", "choices"),
            "values",
            values(&["hero", "teacher"]),
        ),
        with(
            number("certificate", 1, 4),
            "none",
            words("no certificate"),
        ),
        fact("hukou", "division"),
        fact("lives_alone", "boolean"),
        with(
            fact("dementia", "boolean"),
            "given_by",
            json!({"instrument": "gait",
                   "when": {"diagnosis": {"code": "D.1", "within": ["F00-F03"]}}}),
        ),
        fact("receives", "programmes"),
        fact("other_local_conditions_met", "programmes"),
    ];
    // Facts without a meaning, for conditions of one leaf.
    out.extend(["one", "two", "three", "four"].map(|id| fact(id, "boolean")));
    out
}

/// The position of a fact in its file.
pub fn position(id: &str) -> usize {
    let facts = facts();
    let found = facts.iter().position(|fact| fact["id"] == id);
    found.expect("a fact")
}

/// Two items of a point each; the sum is the level.
fn gait() -> Value {
    let item = |code: &str| {
        let options = [0, 1].map(|score| json!({"score": score, "label": words("points")}));
        json!({"code": code, "names": words(code), "options": options,
               "cite": ["law.1"], "grade": "A"})
    };
    let levels = ["steady", "unsteady", "bedridden"];
    let level = |code: usize| json!({"code": code, "key": levels[code], "names": words(levels[code])});
    let row = |code: usize| json!({"from": code, "to": code, "is": levels[code]});
    let clauses: Value = (1..=9).map(|n| (n.to_string(), words("clause"))).collect();
    json!({
        "kind": "instrument",
        "schema": 1,
        "id": "gait",
        "names": words("gait"),
        "in_force": {"from": "2020-01-01", "grade": "A"},
        // The one document that every rule cites.
        "documents": [{"id": "law", "names": words("law"), "own": true, "clauses": clauses}],
        "levels": [level(0), level(1), level(2)],
        "domains": [{"code": "W", "names": words("W"), "items": [item("W.1"), item("W.2")]}],
        "fields": [
            {"code": "D.1", "names": words("diagnoses"), "type": "diagnoses",
             "rows": [{"key": "dementia", "icd": "F00-F03", "names": words("dementia")}],
             "cite": ["law.1"], "grade": "A"},
            {"code": "D.2", "names": words("a flag"), "type": "flag",
             "cite": ["law.1"], "grade": "A"}
        ],
        "steps": [
            {"id": "points", "names": words("points"), "rule": {"sum": {"of": ["W.1", "W.2"]}},
             "cite": ["law.1"], "grade": "A"},
            {"id": "level", "names": words("level"),
             "rule": {"band": {"of": "points", "rows": [row(0), row(1), row(2)]}},
             "cite": ["law.1"], "grade": "A"}
        ],
        "checks": [
            {"finding": "flagged", "severity": "info", "when": {"answer": {"code": "D.2", "is": true}},
             "about": ["D.2"], "says": words("flagged"), "cite": ["law.1"], "grade": "A"}
        ],
        "result": {"scores": ["points"], "total": "points", "level": "level"}
    })
}

pub fn load(files: &Files) -> Result<Rulebook, RulebookError> {
    Rulebook::from_files(files.iter().map(|(path, file)| (path, file.to_string())))
}

// ---- programmes ------------------------------------------------------------

/// A file of programmes of a place, in force from 2020.
pub fn file(id: &str, place: &str, layers: Vec<Value>) -> Value {
    json!({
        "kind": "programmes",
        "schema": 1,
        "id": id,
        "jurisdiction": place,
        "names": words(id),
        "source": "law",
        "in_force": {"from": "2020-01-01", "grade": "A"},
        "layers": layers
    })
}

/// A layer that gives a right.
pub fn layer(programme: &str, who: Value, benefit: Value) -> Value {
    json!({"programme": programme, "force": "right", "who": who, "benefit": benefit,
           "cite": ["law.1"], "grade": "A"})
}

/// A version of the insurance.
pub fn scheme(parts: Value, benefit: Value) -> Value {
    json!({"programme": "insurance", "force": "right", "parts": parts, "benefit": benefit,
           "cite": ["law.1"], "grade": "A"})
}

pub fn part(when: Value) -> Value {
    json!({"when": when, "cite": ["law.2"], "grade": "A"})
}

pub fn definition(id: &str, is: Value) -> Value {
    json!({"id": id, "names": words(id), "is": is, "cite": ["law.3"], "grade": "A"})
}

pub fn interpretation(id: &str, choices: &[&str], default: &str) -> Value {
    let choices: Vec<Value> = choices
        .iter()
        .map(|key| json!({"key": key, "names": words(key)}))
        .collect();
    json!({"id": id, "names": words(id), "choices": choices, "default": default,
           "cite": ["law.4"], "grade": "B"})
}

pub fn relation(id: &str, rule: Value) -> Value {
    json!({"id": id, "rule": rule, "cite": ["law.5"], "grade": "A"})
}

pub fn yes(fact: &str) -> Value {
    json!({"fact": {"id": fact, "is": true}})
}

/// So much a month; null where the place sets it.
pub fn cash(fen: impl Into<Value>) -> Value {
    json!({"cash": {"names": words("cash"), "per": "month", "fen": fen.into()}})
}

pub fn cost_share(rows: Value) -> Value {
    json!({"cost_share": {"names": words("share"), "rows": rows}})
}

pub fn service(key: &str) -> Value {
    json!({"service": {"names": words(key), "service": key}})
}
