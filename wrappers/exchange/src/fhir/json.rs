//! Small shapes of FHIR's JSON.

use nengli::Words;
use serde_json::{Map, Value, json};

use super::names;

/// An object, to which members are added.
pub(crate) type Object = Map<String, Value>;

/// The object of a `json!` with braces.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

/// Adds a text in Chinese, with the English beside it by the extension of FHIR.
pub(crate) fn say(into: &mut Object, key: &str, words: &Words) {
    // A text of FHIR is never empty and has no blanks round it.
    let (zh, en) = (words.zh.trim(), words.en.trim());
    if zh.is_empty() {
        return;
    }
    into.insert(key.to_owned(), json!(zh));
    if !en.is_empty() {
        into.insert(format!("_{key}"), json!({"extension": [translation(en)]}));
    }
}

fn translation(en: &str) -> Value {
    json!({
        "url": names::TRANSLATION,
        "extension": [
            {"url": "lang", "valueCode": "en"},
            {"url": "content", "valueString": en},
        ],
    })
}

/// The score of an option.
pub(crate) fn ordinal(score: u8) -> Value {
    json!({"url": names::ORDINAL, "valueDecimal": score})
}

/// A code with its words.
pub(crate) fn coding(system: &str, code: &str, words: &Words) -> Object {
    let mut out = object(json!({"system": system, "code": code}));
    say(&mut out, "display", words);
    out
}

/// The same as the only coding of a concept.
pub(crate) fn concept(system: &str, code: &str, words: &Words) -> Value {
    json!({"coding": [coding(system, code, words)]})
}

/// Words of this crate.
pub(crate) fn words(zh: &str, en: &str) -> Words {
    Words {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}
