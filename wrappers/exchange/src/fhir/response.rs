//! Forms of a case as QuestionnaireResponses.

use nengli::instrument::definition::Definition;
use nengli::{Answer, Assessment, Case, Rulebook};
use serde_json::{Value, json};

use super::answer::{self, Out, Question};
use super::json::{Object, coding, object, say, words};
use super::{context, names, questionnaire};

/// What a case says beside its forms, then its forms, each with the key that names it.
pub(crate) fn all(case: &Case, rulebook: &Rulebook) -> Vec<(String, Value)> {
    let mut out = vec![(format!("case/{}", case.case_id), context::of(case))];
    for form in &case.assessments {
        if let Some(instrument) = rulebook.instrument(&form.instrument) {
            let response = of(case, form, instrument.definition(), rulebook);
            out.push((key(case, form), response.into()));
        }
    }
    out
}

/// What names a filled-in form: one case has one of an instrument and a date.
pub(crate) fn key(case: &Case, form: &Assessment) -> String {
    format!("{}/{}/{}", case.case_id, form.instrument, form.date)
}

fn of(case: &Case, form: &Assessment, definition: &Definition, rulebook: &Rulebook) -> Object {
    let mut out = object(json!({
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": names::RESPONSE, "value": key(case, form)},
        "questionnaire": format!(
            "{}|{}",
            names::questionnaire(&definition.id),
            rulebook.version()
        ),
        "status": "completed",
        "language": "zh-CN",
        "subject": context::subject(&case.case_id),
        "authored": form.date.to_string(),
    }));
    let people = people(form);
    if !people.is_empty() {
        out.insert("extension".to_owned(), people.into());
    }
    let groups = groups(form, definition);
    if !groups.is_empty() {
        out.insert("item".to_owned(), groups.into());
    }
    out
}

fn people(form: &Assessment) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for assessor in &form.assessors {
        out.push(json!({
            "url": names::ASSESSOR,
            "extension": [
                {"url": "id", "valueString": assessor.id},
                {"url": "background", "valueCode": assessor.background.as_str()},
            ],
        }));
    }
    if let Some(informant) = &form.informant {
        let relation = informant.relation.as_str();
        out.push(json!({"url": names::INFORMANT, "valueCode": relation}));
    }
    if let Some(reason) = form.reason {
        out.push(json!({"url": names::REASON, "valueCode": reason.as_str()}));
    }
    out
}

fn groups(form: &Assessment, definition: &Definition) -> Vec<Value> {
    let domains = definition.domains.iter().map(|domain| {
        let questions: Vec<_> = domain.items.iter().map(Question::Item).collect();
        let group = questionnaire::group(&domain.code);
        (group, domain.names.clone(), questions)
    });
    let fields: Vec<_> = definition.fields.iter().map(Question::Field).collect();
    let further = (
        questionnaire::FIELDS.to_owned(),
        words("其他信息", "further information"),
        fields,
    );
    domains
        .chain([further])
        .filter_map(|(group, names, questions)| {
            let items: Vec<Value> = questions
                .into_iter()
                .filter_map(|question| {
                    let answer = form.answers.get(question.code())?;
                    Some(item(definition, question, answer))
                })
                .collect();
            if items.is_empty() {
                return None;
            }
            let mut out = object(json!({"linkId": group, "item": items}));
            say(&mut out, "text", &names);
            Some(out.into())
        })
        .collect()
}

fn item(definition: &Definition, question: Question<'_>, answer: &Answer) -> Value {
    let system = names::codes(&definition.id);
    let answers: Vec<Value> = answer::out(question, answer)
        .into_iter()
        .map(|out| match out {
            Out::Flag(flag) => json!({"valueBoolean": flag}),
            Out::Choice(choice) => {
                json!({"valueCoding": coding(&system, &choice.code, &choice.words)})
            }
            Out::Diagnosis(code) if answer::is_who_code(&code) => {
                json!({"valueCoding": {"system": names::ICD, "code": code}})
            }
            Out::Diagnosis(text) => json!({"valueString": text}),
        })
        .collect();
    let mut out = object(json!({"linkId": question.code(), "answer": answers}));
    say(&mut out, "text", question.names());
    out.into()
}
