//! The result of a case as Observations.

use nengli::determination::{AssessmentResult, Determination, Level, Outcome};
use nengli::instrument::definition::Definition;
use nengli::{Assessment, Case, Rulebook, Words};
use serde_json::{Value, json};

use super::json::{Object, concept, object, ordinal, say, words};
use super::{bundle, common, context, names, response, terms};

/// Observations of every form, each with the key that names it.
pub(crate) fn all(
    case: &Case,
    determination: &Determination,
    rulebook: &Rulebook,
) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (form, result) in case.assessments.iter().zip(&determination.assessments) {
        if let Some(instrument) = rulebook.instrument(&result.instrument) {
            let sheet = Sheet {
                case,
                form,
                result,
                determination,
                definition: instrument.definition(),
            };
            out.extend(sheet.observations());
        }
    }
    out
}

struct Sheet<'a> {
    case: &'a Case,
    form: &'a Assessment,
    result: &'a AssessmentResult,
    determination: &'a Determination,
    definition: &'a Definition,
}

impl Sheet<'_> {
    fn observations(&self) -> Vec<(String, Value)> {
        let mut out = Vec::new();
        for (code, names) in terms::results(self.definition) {
            let value = if let Some(step) = code.strip_prefix("score:") {
                self.score(step)
            } else if let Some(domain) = code.strip_prefix("grade:") {
                let grade = self.result.grades.get(domain);
                grade.map(|grade| object(json!({"valueInteger": grade})))
            } else if code == terms::PRELIMINARY {
                let level = self.result.preliminary.as_ref();
                level.map(|level| self.level(level))
            } else {
                Some(self.final_level())
            };
            // What has no value is told of scores and of the level alone: a preliminary
            // level that is not there says nothing that they do not.
            let Some(value) = value else { continue };
            let known = value.keys().any(|key| key == "valueInteger")
                || value.contains_key("valueCodeableConcept");
            let mut observation = self.head(&code, &names, known);
            observation.extend(value);
            let key = format!("{}/{code}", response::key(self.case, self.form));
            out.push((key, observation.into()));
        }
        out
    }

    fn head(&self, code: &str, names: &Words, known: bool) -> Object {
        let system = names::codes(&self.definition.id);
        let response = response::key(self.case, self.form);
        let confidence = self.result.confidence;
        object(json!({
            "resourceType": "Observation",
            "identifier": [{
                "system": "urn:nengli:observation",
                "value": format!("{response}/{code}"),
            }],
            "status": if known { "final" } else { "preliminary" },
            "category": [{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "survey",
            }]}],
            "code": concept(&system, code, names),
            "subject": context::subject(&self.case.case_id),
            "effectiveDateTime": self.result.date.to_string(),
            "interpretation": [concept(
                names::COMMON,
                &common::confidence(confidence),
                &common::confidence_words(confidence),
            )],
            "derivedFrom": [{
                "reference": bundle::full_url(&response),
                "type": "QuestionnaireResponse",
                "identifier": {"system": names::RESPONSE, "value": response},
            }],
        }))
    }

    /// A sum: its value, or the range of what it can still be.
    fn score(&self, step: &str) -> Option<Object> {
        if let Some(score) = self.result.scores.get(step) {
            return Some(object(json!({"valueInteger": score})));
        }
        let range = self.result.score_ranges.get(step)?;
        Some(object(json!({
            "valueRange": {"low": {"value": range.min}, "high": {"value": range.max}},
        })))
    }

    fn coded(&self, level: &Level) -> Value {
        let names = self.names(Some(level));
        let mut coding = concept(&names::levels(&self.definition.id), &level.key, &names);
        if let Some(coding) = coding
            .pointer_mut("/coding/0")
            .and_then(Value::as_object_mut)
        {
            coding.insert("extension".to_owned(), json!([ordinal(level.code)]));
        }
        coding
    }

    fn level(&self, level: &Level) -> Object {
        object(json!({"valueCodeableConcept": self.coded(level)}))
    }

    /// The level, or those still possible; with what the reader must know.
    fn final_level(&self) -> Object {
        let mut out = match (&self.result.level, self.result.outcome) {
            (Some(level), Outcome::Determined) => self.level(level),
            _ => object(json!({
                "dataAbsentReason": {"coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                    "code": "unknown",
                }]},
                "component": self.possible(),
            })),
        };
        if out.get("component").is_some_and(|list| *list == json!([])) {
            out.remove("component");
        }
        let notes: Vec<Value> = self.notes().iter().map(note).collect();
        out.insert("note".to_owned(), notes.into());
        out
    }

    fn possible(&self) -> Vec<Value> {
        let levels = self.definition.levels.iter();
        let possible = levels.filter(|level| self.result.possible_levels.contains(&level.code));
        possible
            .map(|level| {
                let coded = Level {
                    code: level.code,
                    key: level.key.clone(),
                };
                json!({
                    "code": concept(names::COMMON, common::POSSIBLE, &common::possible_words()),
                    "valueCodeableConcept": self.coded(&coded),
                })
            })
            .collect()
    }

    fn notes(&self) -> Vec<Words> {
        let result = self.result;
        let engine = &self.determination.engine;
        let rulebook = &self.determination.rulebook;
        let (version, digest) = (&rulebook.version, &rulebook.digest);
        let grade = result.confidence.as_str();
        let mut out = vec![words(
            &format!("nengli {engine}；规则书 {version} {digest}；证据等级 {grade}"),
            &format!("nengli {engine}; rulebook {version} {digest}; confidence {grade}"),
        )];
        if !result.missing.is_empty() {
            let missing = &result.missing;
            out.push(words(
                &format!("缺少：{}", missing.join("、")),
                &format!("missing: {}", missing.join(", ")),
            ));
        }
        for change in result.changes.iter().filter(|change| change.applied) {
            let (rule, grounds) = (&change.rule, &change.grounds);
            out.push(words(
                &format!("等级由 {rule} 变更，依据 {}", grounds.join("、")),
                &format!("level changed by {rule} on {}", grounds.join(", ")),
            ));
        }
        for (id, choice) in &result.interpretations {
            out.push(words(
                &format!("{id} 读作 {choice}"),
                &format!("read {id} as {choice}"),
            ));
        }
        for other in &result.alternatives {
            let names = self.names(other.level.as_ref());
            let (id, choice) = (&other.interpretation, &other.choice);
            out.push(words(
                &format!("若 {id} 读作 {choice}，等级为：{}", names.zh),
                &format!("read {id} as {choice}, the level would be: {}", names.en),
            ));
        }
        out
    }

    /// What a level is called.
    fn names(&self, level: Option<&Level>) -> Words {
        let Some(level) = level else {
            return words("待定", "not yet known");
        };
        let mut levels = self.definition.levels.iter();
        let known = levels.find(|one| one.code == level.code);
        known.map_or_else(|| words(&level.key, &level.key), |one| one.names.clone())
    }
}

fn note(text: &Words) -> Value {
    let mut out = Object::new();
    say(&mut out, "text", text);
    out.into()
}
