//! Walking through a document that came in, with places and faults.

use std::cell::RefCell;
use std::fmt;

use nengli::ProblemKind;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::json::Object;
use crate::problem::{Fault, FaultKind, Origins, Refused, escaped};

/// Longest document that is read, in bytes: 4 MiB, since a form in FHIR is some ten
/// times as long as a case.
pub const MAX_TEXT: usize = 4 << 20;

/// Most problems that one refusal lists.
const MOST: usize = 1000;

/// Longest key that a place repeats.
const LONGEST_KEY: usize = 32;

/// A place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: String,
    pub(crate) path: String,
}

impl Place {
    pub(crate) fn root(resource: &str) -> Self {
        Self {
            at: String::new(),
            path: resource.to_owned(),
        }
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        // A key that the contract does not have may be anything, a name even.
        let key = if key.chars().count() > LONGEST_KEY {
            "…"
        } else {
            key
        };
        Self {
            at: format!("{}/{}", self.at, escaped(key)),
            path: format!("{}.{key}", self.path),
        }
    }

    pub(crate) fn index(&self, i: usize) -> Self {
        Self {
            at: format!("{}/{i}", self.at),
            path: format!("{}[{i}]", self.path),
        }
    }
}

/// Where faults go, and where the parts of the case came from.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) faults: Vec<Fault>,
    pub(crate) origins: Origins,
}

impl Walk {
    pub(crate) fn fault(
        &mut self,
        place: &Place,
        kind: impl Into<FaultKind>,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) {
        if self.faults.len() < MOST {
            let (at, path) = (place.at.clone(), place.path.clone());
            self.faults
                .push(Fault::new(at, path, kind, en.into(), zh.into()));
        }
    }

    /// Notes where the part of the case at `pointer` came from.
    pub(crate) fn came_from(&mut self, pointer: impl Into<String>, place: &Place) {
        let origin = (place.at.clone(), place.path.clone());
        self.origins.insert(pointer.into(), origin);
    }

    pub(crate) fn object<'v>(&mut self, value: &'v Value, place: &Place) -> Option<&'v Object> {
        let found = value.as_object();
        if found.is_none() {
            self.wrong_type(place, "an object", "对象");
        }
        found
    }

    /// An object of these elements alone (and of those that every element may have).
    pub(crate) fn element<'v>(
        &mut self,
        value: &'v Value,
        place: &Place,
        known: &[&str],
    ) -> Option<&'v Object> {
        let object = self.object(value, place)?;
        for key in object.keys() {
            let plain = key.strip_prefix('_').unwrap_or(key);
            if matches!(key.as_str(), "modifierExtension" | "implicitRules") {
                self.fault(
                    &place.key(key),
                    FaultKind::Unsupported,
                    "expected none: what it changes of the meaning is not known here",
                    "不得出现：它会改变含义，此处无从得知",
                );
            } else if !known.contains(&plain) && !matches!(plain, "id" | "extension") {
                self.fault(
                    &place.key(key),
                    ProblemKind::UnknownKey,
                    format!(
                        "expected one of {}; found another element",
                        known.join(", ")
                    ),
                    format!("只接受 {}；出现了其他元素", known.join("、")),
                );
            }
        }
        Some(object)
    }

    pub(crate) fn list<'v>(&mut self, value: &'v Value, place: &Place) -> &'v [Value] {
        match value.as_array() {
            Some(list) if !list.is_empty() => list,
            _ => {
                self.wrong_type(place, "a list of at least one", "非空数组");
                &[]
            }
        }
    }

    pub(crate) fn text<'v>(&mut self, value: &'v Value, place: &Place) -> Option<&'v str> {
        let found = value.as_str().filter(|text| !text.is_empty());
        if found.is_none() {
            self.wrong_type(place, "a text that is not empty", "非空文本");
        }
        found
    }

    /// The text of an element that must be there.
    pub(crate) fn required<'v>(
        &mut self,
        object: &'v Object,
        key: &str,
        place: &Place,
    ) -> Option<&'v str> {
        match object.get(key) {
            Some(value) => self.text(value, &place.key(key)),
            None => {
                self.missing(&place.key(key), key);
                None
            }
        }
    }

    pub(crate) fn missing(&mut self, place: &Place, key: &str) {
        self.fault(
            place,
            ProblemKind::MissingKey,
            format!("expected {key}; it is absent"),
            format!("缺少 {key}"),
        );
    }

    pub(crate) fn wrong_type(&mut self, place: &Place, en: &str, zh: &str) {
        self.fault(
            place,
            ProblemKind::WrongType,
            format!("expected {en}; found another type"),
            format!("应为{zh}；实为其他类型"),
        );
    }
}

/// The document, and a fault for each key that stands twice in one object.
pub(crate) fn parse(text: &str, walk: &mut Walk) -> Result<Value, Refused> {
    if text.len() > MAX_TEXT {
        return Err(Refused::whole(
            ProblemKind::TooLarge,
            format!("expected at most {MAX_TEXT} bytes; found {}", text.len()),
            format!("文本最多 {MAX_TEXT} 字节；实为 {} 字节", text.len()),
        ));
    }
    let twice = RefCell::new(Vec::new());
    let seed = Seed {
        at: String::new(),
        twice: &twice,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Refused::whole(
                ProblemKind::NotJson,
                format!("expected JSON; it breaks off at line {line}, column {column}"),
                format!("应为 JSON；在第 {line} 行第 {column} 列处无法读取"),
            )
        })?;
    for at in twice.into_inner() {
        let path = String::new();
        let place = Place { at, path };
        walk.fault(
            &place,
            ProblemKind::DuplicateKey,
            "expected each key once; it stands more than once",
            "每个键只能出现一次；此键重复",
        );
    }
    Ok(value)
}

/// Reads a value and notes the places of keys that stand twice.
struct Seed<'a> {
    at: String,
    twice: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).map(Value::Number);
        number.ok_or_else(|| E::custom("a number without end"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        loop {
            let seed = Seed {
                at: format!("{}/{}", self.at, out.len()),
                twice: self.twice,
            };
            match list.next_element_seed(seed)? {
                Some(value) => out.push(value),
                None => return Ok(Value::Array(out)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        let here = Place {
            at: self.at,
            path: String::new(),
        };
        while let Some(key) = members.next_key::<String>()? {
            let at = here.key(&key).at;
            if out.contains_key(&key) {
                self.twice.borrow_mut().push(at.clone());
            }
            let twice = self.twice;
            let value = members.next_value_seed(Seed { at, twice })?;
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}
