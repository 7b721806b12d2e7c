//! The form of an instrument.

use nengli::Rulebook;
use nengli::instrument::definition::{Definition, Domain};
use serde_json::{Value, json};

use super::answer::{Choice, Offer, Question};
use super::json::{Object, coding, object, ordinal, say, words};
use super::names;

/// The link id of the group of a domain: apart from those of items, which are official
/// codes.
pub(crate) fn group(code: &str) -> String {
    format!("group:{code}")
}

/// The group of what is asked beside the domains.
pub(crate) const FIELDS: &str = "group:fields";

/// The link id of the text that says what a question observes.
pub(crate) fn help(code: &str) -> String {
    format!("{code}:help")
}

/// The instrument as a Questionnaire.
pub(crate) fn of(definition: &Definition, rulebook: &Rulebook) -> Object {
    let id = &definition.id;
    let mut out = object(json!({
        "resourceType": "Questionnaire",
        "id": id,
        "url": names::questionnaire(id),
        "identifier": [{"system": names::INSTRUMENT, "value": id}],
        "version": rulebook.version(),
        "name": super::terms::computer_name(id),
        "status": "active",
        "language": "zh-CN",
        "subjectType": ["Patient"],
        "effectivePeriod": period(definition),
        "item": groups(definition),
    }));
    say(&mut out, "title", &definition.names);
    out
}

/// The life of the standard. Ours ends before a day, FHIR's with one.
fn period(definition: &Definition) -> Value {
    let life = definition.in_force;
    let last = life.to.and_then(|to| to.yesterday().ok());
    match last {
        Some(last) => json!({"start": life.from.to_string(), "end": last.to_string()}),
        None => json!({"start": life.from.to_string()}),
    }
}

fn groups(definition: &Definition) -> Vec<Value> {
    let mut groups: Vec<Value> = Vec::new();
    for domain in &definition.domains {
        groups.push(of_domain(definition, domain));
    }
    if !definition.fields.is_empty() {
        let asked: Vec<Value> = definition
            .fields
            .iter()
            .map(|field| question(definition, Question::Field(field)))
            .collect();
        let mut group = object(json!({"linkId": FIELDS, "type": "group", "item": asked}));
        say(
            &mut group,
            "text",
            &words("其他信息", "further information"),
        );
        groups.push(group.into());
    }
    groups
}

fn of_domain(definition: &Definition, domain: &Domain) -> Value {
    let asked: Vec<Value> = domain
        .items
        .iter()
        .map(|item| question(definition, Question::Item(item)))
        .collect();
    let mut out = object(json!({
        "linkId": group(&domain.code),
        "type": "group",
        "item": asked,
    }));
    // A domain that the standard gives no number has a word of ours as its code.
    if domain.code.contains(|letter: char| letter.is_ascii_digit()) {
        out.insert("prefix".to_owned(), json!(domain.code));
    }
    say(&mut out, "text", &domain.names);
    out.into()
}

fn question(definition: &Definition, question: Question<'_>) -> Value {
    let system = names::codes(&definition.id);
    let code = question.code();
    let mut out = object(json!({
        "linkId": code,
        "prefix": code,
        "code": [coding(&system, code, question.names())],
        "type": question.kind(),
        "required": false,
        "repeats": question.repeats(),
    }));
    say(&mut out, "text", question.names());
    let options: Vec<Value> = question
        .choices()
        .iter()
        .filter(|choice| choice.kind != Offer::ScoreAlone)
        .map(|choice| option(&system, choice))
        .collect();
    if !options.is_empty() {
        out.insert("answerOption".to_owned(), options.into());
    }
    if let Some(shown) = shown(question) {
        out.insert("extension".to_owned(), shown);
    }
    if let Some(meaning) = question.meaning() {
        let mut text = object(json!({
            "linkId": help(code),
            "type": "display",
            "extension": [control("help")],
        }));
        say(&mut text, "text", meaning);
        out.insert("item".to_owned(), json!([text]));
    }
    out.into()
}

/// How a form shows the answers: all of them one below the other, so that the assessor
/// reads each before choosing. A list of diagnoses is too long for that, and open.
fn shown(question: Question<'_>) -> Option<Value> {
    let code = match (question.kind(), question.repeats()) {
        ("choice", false) => "radio-button",
        ("choice", true) => "check-box",
        _ => return None,
    };
    let below = json!({"url": names::ORIENTATION, "valueCode": "vertical"});
    Some(json!([control(code), below]))
}

fn control(code: &str) -> Value {
    let control = json!({"coding": [{"system": names::CONTROLS, "code": code}]});
    json!({"url": names::CONTROL, "valueCodeableConcept": control})
}

fn option(system: &str, choice: &Choice) -> Value {
    let mut extensions = Vec::new();
    if let Some(score) = choice.score {
        extensions.push(ordinal(score));
    }
    if choice.kind == Offer::Alone {
        extensions.push(json!({"url": names::EXCLUSIVE, "valueBoolean": true}));
    }
    let coding = coding(system, &choice.code, &choice.words);
    let mut out = object(json!({"valueCoding": coding}));
    if !extensions.is_empty() {
        out.insert("extension".to_owned(), extensions.into());
    }
    out.into()
}
