//! The answers of one QuestionnaireResponse, and the people of its form.

use nengli::instrument::definition::{Definition, FieldType};
use nengli::{Answer, ProblemKind};
use serde_json::{Value, json};

use super::answer::{Choice, Offer, Question};
use super::json::Object;
use super::walk::{Place, Walk};
use super::{names, questionnaire};
use crate::problem::{FaultKind, escaped};

/// An extension that is not known: another's may be passed over, one of ours not.
pub(crate) fn unknown_extension(url: Option<&str>, place: &Place, walk: &mut Walk) {
    if url.is_none_or(|url| url.starts_with("urn:nengli:")) {
        misplaced(place, walk);
    }
}

/// Whether an extension that may stand once does.
pub(crate) fn once(seen: &mut Vec<String>, url: &str, place: &Place, walk: &mut Walk) -> bool {
    if seen.iter().any(|one| one == url) {
        walk.fault(
            &place.key("url"),
            ProblemKind::DuplicateKey,
            "expected this extension once; it stands more than once",
            "此扩展只能出现一次；此处重复",
        );
        return false;
    }
    seen.push(url.to_owned());
    true
}

fn misplaced(place: &Place, walk: &mut Walk) {
    walk.fault(
        &place.key("url"),
        FaultKind::Unsupported,
        "expected an extension that docs/exchange.md names here; found another of nengli's",
        "应为 docs/exchange.md 所列的扩展；实为其他",
    );
}

/// Who assessed, who informed, and why.
pub(crate) fn people(
    response: &Object,
    place: &Place,
    at: &str,
    form: &mut Object,
    walk: &mut Walk,
) {
    let Some(extensions) = response.get("extension") else {
        return;
    };
    let place = place.key("extension");
    let mut assessors: Vec<Value> = Vec::new();
    let mut seen = Vec::new();
    for (i, extension) in walk.list(extensions, &place).iter().enumerate() {
        let place = place.index(i);
        let url = extension.get("url").and_then(Value::as_str);
        if let Some(url @ (names::INFORMANT | names::REASON)) = url
            && !once(&mut seen, url, &place, walk)
        {
            continue;
        }
        match url {
            Some(names::ASSESSOR) => {
                walk.came_from(format!("{at}/assessors/{}", assessors.len()), &place);
                assessors.push(assessor(extension, &place, walk));
            }
            Some(names::INFORMANT) => {
                if let Some(relation) = code(extension, &place, walk) {
                    form.insert("informant".to_owned(), json!({"relation": relation}));
                    walk.came_from(format!("{at}/informant"), &place.key("valueCode"));
                }
            }
            Some(names::REASON) => {
                if let Some(reason) = code(extension, &place, walk) {
                    form.insert("reason".to_owned(), json!(reason));
                    walk.came_from(format!("{at}/reason"), &place.key("valueCode"));
                }
            }
            _ => unknown_extension(url, &place, walk),
        }
    }
    if !assessors.is_empty() {
        form.insert("assessors".to_owned(), assessors.into());
    }
}

fn code<'v>(extension: &'v Value, place: &Place, walk: &mut Walk) -> Option<&'v str> {
    let extension = walk.element(extension, place, &["url", "valueCode"])?;
    walk.required(extension, "valueCode", place)
}

fn assessor(extension: &Value, place: &Place, walk: &mut Walk) -> Value {
    let mut out = Object::new();
    walk.element(extension, place, &["url"]);
    let parts = extension.get("extension").and_then(Value::as_array);
    let place = place.key("extension");
    let mut seen = Vec::new();
    for (i, part) in parts.into_iter().flatten().enumerate() {
        let place = place.index(i);
        let (key, value) = match part.get("url").and_then(Value::as_str) {
            Some("id") => ("id", "valueString"),
            Some("background") => ("background", "valueCode"),
            _ => {
                misplaced(&place, walk);
                continue;
            }
        };
        if !once(&mut seen, key, &place, walk) {
            continue;
        }
        let part = walk.element(part, &place, &["url", value]);
        if let Some(text) = part.and_then(|part| walk.required(part, value, &place)) {
            out.insert(key.to_owned(), json!(text));
        }
    }
    out.into()
}

/// The answers of a response, by the codes of the instrument.
pub(crate) fn answers(
    response: &Object,
    place: &Place,
    definition: &Definition,
    at: &str,
    walk: &mut Walk,
) -> Object {
    let mut reading = Reading {
        definition,
        at: format!("{at}/answers"),
        out: Object::new(),
        seen: Vec::new(),
    };
    if let Some(items) = response.get("item") {
        reading.groups(items, &place.key("item"), walk);
    }
    reading.out
}

struct Reading<'d> {
    definition: &'d Definition,
    /// Where the answers stand in the case.
    at: String,
    out: Object,
    /// Link ids that were met.
    seen: Vec<String>,
}

/// Elements of an item.
const ITEM: [&str; 5] = ["linkId", "definition", "text", "answer", "item"];

impl<'d> Reading<'d> {
    fn groups(&mut self, items: &Value, place: &Place, walk: &mut Walk) {
        let definition = self.definition;
        for (i, item) in walk.list(items, place).iter().enumerate() {
            let place = place.index(i);
            let Some((item, id)) = self.item(item, &place, walk) else {
                continue;
            };
            let domains = &definition.domains;
            let domain = domains
                .iter()
                .find(|domain| questionnaire::group(&domain.code) == id);
            let questions: Vec<Question<'d>> = match domain {
                Some(domain) => domain.items.iter().map(Question::Item).collect(),
                None if id == questionnaire::FIELDS && !definition.fields.is_empty() => {
                    definition.fields.iter().map(Question::Field).collect()
                }
                None => {
                    let groups = domains.iter().map(|one| questionnaire::group(&one.code));
                    self.unknown(groups, &place, walk);
                    continue;
                }
            };
            if item.contains_key("answer") {
                walk.fault(
                    &place.key("answer"),
                    ProblemKind::WrongType,
                    "expected items in a group; found an answer",
                    "分组中应为题目；实为答案",
                );
            }
            if let Some(items) = item.get("item") {
                self.questions(items, &place.key("item"), &questions, walk);
            }
        }
    }

    /// An item and its link id, which stands nowhere else.
    fn item<'v>(
        &mut self,
        item: &'v Value,
        place: &Place,
        walk: &mut Walk,
    ) -> Option<(&'v Object, &'v str)> {
        let item = walk.element(item, place, &ITEM)?;
        let id = walk.required(item, "linkId", place)?;
        if self.seen.iter().any(|seen| seen == id) {
            walk.fault(
                &place.key("linkId"),
                ProblemKind::DuplicateKey,
                "expected each link id once; this one stands more than once",
                "每个 linkId 只能出现一次；此处重复",
            );
            return None;
        }
        self.seen.push(id.to_owned());
        Some((item, id))
    }

    fn unknown(&self, known: impl Iterator<Item = String>, place: &Place, walk: &mut Walk) {
        let known: Vec<String> = known.collect();
        walk.fault(
            &place.key("linkId"),
            FaultKind::UnknownLinkId,
            format!("expected here one of {}; found another", known.join(", ")),
            format!("此处只接受 {}；实为其他", known.join("、")),
        );
    }

    fn questions(
        &mut self,
        items: &Value,
        place: &Place,
        questions: &[Question<'d>],
        walk: &mut Walk,
    ) {
        for (i, item) in walk.list(items, place).iter().enumerate() {
            let place = place.index(i);
            let Some((item, id)) = self.item(item, &place, walk) else {
                continue;
            };
            let Some(question) = questions.iter().find(|one| one.code() == id) else {
                let known = questions.iter().map(|one| one.code().to_owned());
                self.unknown(known, &place, walk);
                continue;
            };
            self.helps(item, *question, &place, walk);
            let Some(list) = item.get("answer") else {
                continue;
            };
            let place = place.key("answer");
            let list = walk.list(list, &place);
            self.answer(*question, list, &place, walk);
        }
    }

    /// Below a question, or below its answer, the form has its help alone, which is not
    /// answered.
    fn helps(&self, item: &Object, question: Question<'_>, place: &Place, walk: &mut Walk) {
        let Some(items) = item.get("item") else {
            return;
        };
        let place = place.key("item");
        let known = questionnaire::help(question.code());
        for (i, item) in walk.list(items, &place).iter().enumerate() {
            let place = place.index(i);
            let Some(item) = walk.element(item, &place, &["linkId", "definition", "text"]) else {
                continue;
            };
            match walk.required(item, "linkId", &place) {
                Some(id) if id != known => {
                    self.unknown(std::iter::once(known.clone()), &place, walk);
                }
                _ => {}
            }
        }
    }

    fn answer(&mut self, question: Question<'d>, list: &[Value], place: &Place, walk: &mut Walk) {
        if list.len() > 1 && !question.repeats() {
            walk.fault(
                place,
                FaultKind::TooManyAnswers,
                format!("expected one answer; found {}", list.len()),
                format!("只能有一个答案；实有 {} 个", list.len()),
            );
            return;
        }
        let choices = question.choices();
        let pointer = format!("{}/{}", self.at, escaped(question.code()));
        walk.came_from(pointer.clone(), place);
        let mut entries: Vec<Answer> = Vec::new();
        let mut sound = true;
        for (i, answer) in list.iter().enumerate() {
            let place = place.index(i);
            walk.came_from(format!("{pointer}/{}", entries.len()), &place);
            match self.value(question, &choices, answer, &place, walk) {
                Some(answer) => entries.push(answer),
                None => sound = false,
            }
        }
        if !sound {
            return;
        }
        let nothing = Answer::List(Vec::new());
        let answer = if !question.repeats() {
            entries.into_iter().next()
        } else if entries.contains(&nothing) {
            if entries.len() > 1 {
                walk.fault(
                    place,
                    FaultKind::Contradiction,
                    "expected none of these alone; found it beside other answers",
                    "“以上均无”不能与其他答案并存",
                );
                return;
            }
            Some(nothing)
        } else {
            let texts = entries.into_iter().filter_map(|entry| match entry {
                Answer::Text(text) => Some(text),
                _ => None,
            });
            Some(Answer::List(texts.collect()))
        };
        if let Some(answer) = answer {
            let value = serde_json::to_value(answer).unwrap_or_default();
            self.out.insert(question.code().to_owned(), value);
        }
    }

    /// One answer.
    fn value(
        &self,
        question: Question<'_>,
        choices: &[Choice],
        answer: &Value,
        place: &Place,
        walk: &mut Walk,
    ) -> Option<Answer> {
        let diagnoses = matches!(
            question,
            Question::Field(field) if field.answer == FieldType::Diagnoses
        );
        let wanted: &[&str] = match question.kind() {
            "boolean" => &["valueBoolean"],
            "open-choice" => &["valueCoding", "valueString"],
            _ => &["valueCoding"],
        };
        let object = walk.object(answer, place)?;
        let mut values = object.keys().filter(|key| key.starts_with("value"));
        let (Some(key), None) = (values.next(), values.next()) else {
            walk.wrong_type(place, wanted.join(" or ").as_str(), &wanted.join(" 或 "));
            return None;
        };
        if !wanted.contains(&key.as_str()) {
            walk.wrong_type(
                &place.key(key),
                wanted.join(" or ").as_str(),
                &wanted.join(" 或 "),
            );
            return None;
        }
        walk.element(answer, place, &[key.as_str(), "item"])?;
        self.helps(object, question, place, walk);
        let value = object.get(key)?;
        let place = place.key(key);
        match key.as_str() {
            "valueBoolean" => {
                if value.as_bool().is_none() {
                    walk.wrong_type(&place, "true or false", " true 或 false");
                }
                value.as_bool().map(Answer::Flag)
            }
            "valueString" => walk
                .text(value, &place)
                .map(|text| Answer::Text(text.trim().to_owned())),
            _ => self.coding(value, choices, diagnoses, &place, walk),
        }
    }

    fn coding(
        &self,
        coding: &Value,
        choices: &[Choice],
        diagnoses: bool,
        place: &Place,
        walk: &mut Walk,
    ) -> Option<Answer> {
        let known = ["system", "version", "code", "display", "userSelected"];
        let coding = walk.element(coding, place, &known)?;
        let system = walk.required(coding, "system", place);
        let code = walk.required(coding, "code", place);
        let (system, code) = (system?, code?);
        if diagnoses && system == names::ICD {
            return Some(Answer::Text(code.to_owned()));
        }
        let ours = names::codes(&self.definition.id);
        if system != ours {
            walk.fault(
                &place.key("system"),
                FaultKind::Unsupported,
                format!("expected {ours}; found another system"),
                format!("应为 {ours}；实为其他系统"),
            );
            return None;
        }
        let Some(choice) = choices.iter().find(|choice| choice.code == code) else {
            let offered = choices
                .iter()
                .filter(|choice| choice.kind != Offer::ScoreAlone)
                .map(|choice| choice.code.as_str());
            let offered: Vec<&str> = offered.collect();
            walk.fault(
                &place.key("code"),
                ProblemKind::UnknownOption,
                format!("expected one of {}; found another code", offered.join(", ")),
                format!("只接受 {}；实为其他代码", offered.join("、")),
            );
            return None;
        };
        if !agrees(coding, choice) {
            walk.fault(
                &place.key("extension"),
                FaultKind::Contradiction,
                "expected the score of this option, or none; found another score",
                "应为该选项的分值，或不写；实为其他分值",
            );
            return None;
        }
        Some(choice.answer.clone())
    }
}

/// Whether the scores that stand beside a code, if any, are those of the option.
fn agrees(coding: &Object, choice: &Choice) -> bool {
    let extensions = coding.get("extension").and_then(Value::as_array);
    let mut scores = extensions
        .into_iter()
        .flatten()
        .filter(|extension| extension.get("url").and_then(Value::as_str) == Some(names::ORDINAL))
        .map(|extension| extension.get("valueDecimal"));
    scores.all(|score| match (score, choice.score) {
        (Some(Value::Number(found)), Some(score)) => {
            // A decimal of FHIR may be written 3.0.
            let found = found.to_string();
            found.trim_end_matches('0').trim_end_matches('.') == score.to_string()
                || found == score.to_string()
        }
        _ => false,
    })
}
