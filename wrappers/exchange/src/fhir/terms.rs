//! CodeSystems and ValueSets of an instrument.

use nengli::instrument::definition::Definition;
use nengli::{Rulebook, Words};
use serde_json::{Value, json};

use super::answer::Question;
use super::json::{Object, object, ordinal, say, words};
use super::names;

/// Most letters of an id in FHIR.
const LONGEST_ID: usize = 64;

/// A name for programs: a capital, then letters, digits and underscores.
pub(crate) fn computer_name(id: &str) -> String {
    let letters = id.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '_',
    });
    format!("Nengli_{}", letters.collect::<String>())
}

/// A resource with the name of its file.
pub(crate) fn named(resource: Object) -> (String, Value) {
    let part = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or("x");
    let name = format!("{}-{}", part("resourceType"), part("id"));
    (name, resource.into())
}

/// What every resource of terms begins with.
pub(crate) fn head(kind: &str, url: &str, id: &str, title: &Words, version: &str) -> Object {
    let mut out = object(json!({
        "resourceType": kind,
        "url": url,
        "version": version,
        "name": computer_name(id),
        "status": "active",
        "language": "zh-CN",
        // Ids of rule files may be as long as those of FHIR, and these are longer.
        "id": id.chars().take(LONGEST_ID).collect::<String>(),
    }));
    say(&mut out, "title", title);
    out
}

/// A concept, with its words in both languages.
pub(crate) fn concept(code: &str, words: &Words, kind: Option<&str>) -> Object {
    let mut out = object(json!({"code": code}));
    if !words.zh.trim().is_empty() {
        out.insert("display".to_owned(), json!(words.zh.trim()));
    }
    if !words.en.trim().is_empty() {
        let designation = json!([{"language": "en", "value": words.en.trim()}]);
        out.insert("designation".to_owned(), designation);
    }
    if let Some(kind) = kind {
        let property = json!([{"code": "kind", "valueCode": kind}]);
        out.insert("property".to_owned(), property);
    }
    out
}

fn titled(definition: &Definition, zh: &str, en: &str) -> Words {
    let names = &definition.names;
    words(
        &format!("{}：{zh}", names.zh),
        &format!("{}: {en}", names.en),
    )
}

/// Codes of the domains, questions, options and results.
pub(crate) fn codes(definition: &Definition, rulebook: &Rulebook) -> Object {
    let id = &definition.id;
    let url = names::codes(id);
    let title = titled(definition, "指标、选项与结果", "items, options and results");
    let mut out = head("CodeSystem", &url, id, &title, rulebook.version());
    let mut concepts: Vec<Value> = Vec::new();
    for question in Question::all(definition) {
        let mut asked = concept(question.code(), question.names(), Some("question"));
        if let Some(meaning) = question.meaning() {
            asked.insert("definition".to_owned(), json!(meaning.zh.trim()));
        }
        let options: Vec<Value> = question
            .choices()
            .iter()
            .map(|choice| {
                let mut option = concept(&choice.code, &choice.words, Some("option"));
                if let Some(score) = choice.score {
                    option.insert("extension".to_owned(), json!([ordinal(score)]));
                }
                option.into()
            })
            .collect();
        if !options.is_empty() {
            asked.insert("concept".to_owned(), options.into());
        }
        concepts.push(asked.into());
    }
    for (code, words) in results(definition) {
        concepts.push(concept(&code, &words, Some("result")).into());
    }
    let kind = words("是题目、选项还是结果", "question, option or result");
    // No `valueSet` here: it would have to hold every code, and ours holds the answers.
    out.extend(object(json!({
        "content": "complete",
        "caseSensitive": true,
        "hierarchyMeaning": "part-of",
        "property": [{"code": "kind", "type": "code", "description": kind.en}],
        "filter": [{
            "code": "kind",
            "description": kind.en,
            "operator": ["="],
            "value": "question | option | result",
        }],
        "concept": concepts,
    })));
    out
}

/// Every answer that has a code.
pub(crate) fn answers(definition: &Definition, rulebook: &Rulebook) -> Object {
    let id = &definition.id;
    let url = names::codes(id);
    let title = titled(definition, "答案", "answers");
    let set = names::value_set(&url);
    let mut out = head("ValueSet", &set, id, &title, rulebook.version());
    let options = json!({"property": "kind", "op": "=", "value": "option"});
    let include = json!([{"system": url, "filter": [options]}]);
    out.insert("compose".to_owned(), json!({"include": include}));
    out
}

/// Codes of the levels, 0 the best.
pub(crate) fn level_codes(definition: &Definition, rulebook: &Rulebook) -> Object {
    let url = names::levels(&definition.id);
    let title = titled(definition, "等级", "levels");
    let id = format!("{}-levels", definition.id);
    let mut out = head("CodeSystem", &url, &id, &title, rulebook.version());
    let concepts: Vec<Value> = definition
        .levels
        .iter()
        .map(|level| {
            let mut one = concept(&level.key, &level.names, None);
            one.insert("extension".to_owned(), json!([ordinal(level.code)]));
            if let Some(official) = &level.official {
                one.insert("definition".to_owned(), json!(official.trim()));
            }
            one.into()
        })
        .collect();
    out.extend(object(json!({
        "valueSet": names::value_set(&url),
        "content": "complete",
        "caseSensitive": true,
        "concept": concepts,
    })));
    out
}

/// All of them.
pub(crate) fn levels(definition: &Definition, rulebook: &Rulebook) -> Object {
    let url = names::levels(&definition.id);
    let title = titled(definition, "等级", "levels");
    let id = format!("{}-levels", definition.id);
    let set = names::value_set(&url);
    let mut out = head("ValueSet", &set, &id, &title, rulebook.version());
    let include = json!([{"system": url}]);
    out.insert("compose".to_owned(), json!({"include": include}));
    out
}

/// Code of a score.
pub(crate) fn score(step: &str) -> String {
    format!("score:{step}")
}

/// Code of the grade of a domain.
pub(crate) fn grade(domain: &str) -> String {
    format!("grade:{domain}")
}

/// Code of the level before changes.
pub(crate) const PRELIMINARY: &str = "level:preliminary";
/// Code of the level.
pub(crate) const FINAL: &str = "level:final";

/// What observations report, with its words.
pub(crate) fn results(definition: &Definition) -> Vec<(String, Words)> {
    let step = |id: &str| definition.steps.iter().find(|step| step.id == *id);
    let result = &definition.result;
    let mut out: Vec<(String, Words)> = Vec::new();
    for id in &result.scores {
        let names = step(id).map_or_else(|| words(id, id), |step| step.names.clone());
        out.push((score(id), names));
    }
    for domain in result.grades.keys() {
        let found = definition.domains.iter().find(|one| one.code == *domain);
        let names = found.map_or_else(|| words(domain, domain), |one| one.names.clone());
        let names = words(
            &format!("{}：分级", names.zh),
            &format!("{}: grade", names.en),
        );
        out.push((grade(domain), names));
    }
    if result.preliminary.is_some() {
        let names = words("初步等级", "preliminary level");
        out.push((PRELIMINARY.to_owned(), names));
    }
    out.push((FINAL.to_owned(), words("等级", "level")));
    out
}
