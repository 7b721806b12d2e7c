//! The rules of FHIR R4 that matter here, written by hand: which elements a type has
//! (`r4.json`: `!` one, `*` any number, `+` at least one), what a primitive looks like,
//! and the rules between elements. It knows nothing of nengli.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

const TYPES: &str = include_str!("r4.json");

/// Resources that refer to each other, checked together.
#[derive(Clone)]
pub(crate) struct Checker {
    types: BTreeMap<String, Rc<BTreeMap<String, String>>>,
    /// Codes of each CodeSystem, by its url.
    codes: BTreeMap<String, Rc<BTreeSet<String>>>,
    faults: Vec<String>,
}

impl Checker {
    pub(crate) fn new() -> Self {
        let table: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(TYPES).expect("the table of types");
        Self {
            types: table
                .into_iter()
                .map(|(kind, one)| (kind, Rc::new(one)))
                .collect(),
            codes: BTreeMap::new(),
            faults: Vec::new(),
        }
    }

    /// Takes the codes of a CodeSystem, which codings are then held against.
    pub(crate) fn learn(&mut self, resource: &Value) {
        if resource["resourceType"] != "CodeSystem" {
            return;
        }
        let url = resource["url"].as_str().unwrap_or_default().to_owned();
        let mut codes = BTreeSet::new();
        let mut left: Vec<&Value> = list(resource, "concept").collect();
        while let Some(concept) = left.pop() {
            let code = concept["code"].as_str().unwrap_or_default().to_owned();
            if !codes.insert(code.clone()) {
                self.faults.push(format!("{url}: {code} stands twice"));
            }
            left.extend(list(concept, "concept"));
        }
        self.codes.insert(url, Rc::new(codes));
    }

    /// Everything that is wrong with a resource.
    pub(crate) fn faults(mut self, resource: &Value) -> Vec<String> {
        self.resource(resource, "");
        self.faults
    }

    fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("{at}: {what}"));
    }

    fn resource(&mut self, resource: &Value, at: &str) {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        if !self.types.contains_key(kind) || kind.contains('.') {
            return self.fault(at, "no resource that is known");
        }
        let mut plain = resource.clone();
        if let Some(plain) = plain.as_object_mut() {
            plain.remove("resourceType");
        }
        let at = format!("{at}/{kind}");
        self.element(&plain, kind, &at);
        match kind {
            "Questionnaire" => self.questionnaire(resource, &at),
            "QuestionnaireResponse" => self.response(resource, &at),
            "Bundle" => self.bundle(resource, &at),
            "Observation" => self.observation(resource, &at),
            "CodeSystem" | "ValueSet" => self.name(resource, &at),
            _ => {}
        }
        if kind == "QuestionnaireResponse" {
            self.one_of(
                resource,
                "status",
                &["in-progress", "completed", "amended"],
                &at,
            );
        }
    }

    fn element(&mut self, value: &Value, kind: &str, at: &str) {
        let Some(object) = value.as_object() else {
            return self.fault(at, "no object");
        };
        if object.is_empty() {
            self.fault(at, "empty");
        }
        let elements = Rc::clone(&self.types[kind]);
        for (key, value) in object {
            let at = format!("{at}/{key}");
            if key == "extension" {
                self.many(value, "Extension", &at);
            } else if let Some(primitive) = key.strip_prefix('_') {
                if !elements.contains_key(primitive) || !object.contains_key(primitive) {
                    self.fault(&at, "beside no element");
                }
                self.extended(value, &at);
            } else if let Some(kind) = elements.get(key) {
                let many = kind.ends_with(['*', '+']);
                let kind = kind.trim_end_matches(['*', '+', '!']);
                if many {
                    self.many(value, kind, &at);
                } else {
                    self.one(value, kind, &at);
                }
            } else {
                self.fault(&at, "no element of this type");
            }
        }
        for (key, kind) in elements.iter() {
            if kind.ends_with(['!', '+']) && !object.contains_key(key) {
                self.fault(at, &format!("{key} must be there"));
            }
        }
        let values = object.keys().filter(|key| key.starts_with("value"));
        match (kind, values.count()) {
            // A choice of types is made once; an extension has a value or extensions.
            ("Identifier" | "CodeSystem.filter" | "CodeSystem.concept.designation", _) => {}
            ("ValueSet.compose.include.filter" | "CodeSystem" | "Quantity", _) => {}
            ("ValueSet.compose.include", _) => {}
            ("Extension", count) if (count == 1) == object.contains_key("extension") => {
                self.fault(at, "must have one value or extensions");
            }
            (_, 0 | 1) => {}
            _ => self.fault(at, "more than one value"),
        }
        if kind == "Coding" {
            self.coding(object, at);
        }
    }

    /// What may stand beside a primitive.
    fn extended(&mut self, value: &Value, at: &str) {
        match value.as_object() {
            Some(object) if object.keys().eq(["extension"]) => {
                self.many(
                    &object["extension"],
                    "Extension",
                    &format!("{at}/extension"),
                );
            }
            _ => self.fault(at, "no extensions"),
        }
    }

    fn many(&mut self, value: &Value, kind: &str, at: &str) {
        match value.as_array() {
            Some(values) if !values.is_empty() => {
                for (i, value) in values.iter().enumerate() {
                    self.one(value, kind, &format!("{at}/{i}"));
                }
            }
            _ => self.fault(at, "no list of at least one"),
        }
    }

    fn one(&mut self, value: &Value, kind: &str, at: &str) {
        if kind == "Resource" {
            self.resource(value, at);
        } else if self.types.contains_key(kind) {
            self.element(value, kind, at);
        } else if !is(value, kind) {
            self.fault(at, &format!("no {kind}"));
        }
    }

    /// A code is one of its system, where the system is ours.
    fn coding(&mut self, coding: &Map<String, Value>, at: &str) {
        let text = |key: &str| coding.get(key).and_then(Value::as_str);
        let (Some(system), Some(code)) = (text("system"), text("code")) else {
            return self.fault(at, "a code without its system");
        };
        match self.codes.get(system) {
            Some(codes) if codes.contains(code) => {}
            Some(_) => self.fault(at, &format!("{code} is not in {system}")),
            None if system.starts_with("urn:") => {
                self.fault(at, &format!("{system} is not there"));
            }
            None => {}
        }
    }

    /// cnl-0: the name of something that is published.
    fn name(&mut self, resource: &Value, at: &str) {
        let name = resource["name"].as_str().unwrap_or_default();
        let plain = name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '_');
        if !name.starts_with(|first: char| first.is_ascii_uppercase()) || !plain {
            self.fault(at, "no name for programs");
        }
        self.one_of(resource, "status", &["draft", "active", "retired"], at);
        if !resource["url"].as_str().unwrap_or_default().contains(':') {
            self.fault(at, "a url that is not absolute");
        }
    }

    fn one_of(&mut self, object: &Value, key: &str, known: &[&str], at: &str) {
        let found = object[key].as_str().unwrap_or_default();
        if !known.contains(&found) {
            self.fault(at, &format!("{key} is none of {known:?}"));
        }
    }

    /// que-*: link ids, types, options, and what a question hangs on.
    fn questionnaire(&mut self, resource: &Value, at: &str) {
        self.name(resource, at);
        let mut ids = BTreeSet::new();
        let mut conditions = Vec::new();
        let mut left: Vec<&Value> = list(resource, "item").collect();
        while let Some(item) = left.pop() {
            let id = item["linkId"].as_str().unwrap_or_default();
            let at = format!("{at}/{id}");
            if !ids.insert(id.to_owned()) {
                self.fault(&at, "que-2: this link id stands twice");
            }
            let known = [
                "group",
                "display",
                "boolean",
                "choice",
                "open-choice",
                "string",
            ];
            self.one_of(item, "type", &known, &at);
            let kind = item["type"].as_str().unwrap_or_default();
            let below = list(item, "item").count();
            let options = list(item, "answerOption").count();
            let choice = matches!(kind, "choice" | "open-choice");
            if kind == "group" && below == 0 {
                self.fault(&at, "que-1: a group has items");
            }
            if kind == "display" && below > 0 {
                self.fault(&at, "que-1: a display has no items");
            }
            if kind == "display" && item.get("code").is_some() {
                self.fault(&at, "que-3: a display has no code");
            }
            if options > 0 && !choice {
                self.fault(&at, "que-5: options of no choice");
            }
            if choice && (options > 0) == item.get("answerValueSet").is_some() {
                self.fault(&at, "que-4: a choice has options or a value set");
            }
            for key in ["required", "repeats"] {
                if kind == "display" && item.get(key).is_some() {
                    self.fault(&at, "que-6: no question");
                }
            }
            for option in list(item, "answerOption") {
                if option.get("valueCoding").is_none() {
                    self.fault(&at, "an option without a value");
                }
            }
            let several = list(item, "enableWhen").count() > 1;
            if several && item.get("enableBehavior").is_none() {
                self.fault(&at, "que-12: several conditions, and not how they combine");
            }
            for condition in list(item, "enableWhen") {
                let asked = condition["question"].as_str().unwrap_or_default();
                conditions.push((at.clone(), asked.to_owned()));
            }
            left.extend(list(item, "item"));
        }
        for (at, asked) in conditions {
            if !ids.contains(&asked) {
                self.fault(&at, &format!("enableWhen asks {asked}, which is no item"));
            }
        }
    }

    /// qrs-1 and the link ids of a response.
    fn response(&mut self, resource: &Value, at: &str) {
        let mut ids = BTreeSet::new();
        let mut left: Vec<&Value> = list(resource, "item").collect();
        while let Some(item) = left.pop() {
            let id = item["linkId"].as_str().unwrap_or_default();
            if !ids.insert(id.to_owned()) {
                self.fault(at, &format!("{id} stands twice"));
            }
            if item.get("answer").is_some() && item.get("item").is_some() {
                self.fault(at, "qrs-1: items beside answers");
            }
            for answer in list(item, "answer") {
                let values = answer.as_object().into_iter().flat_map(Map::keys);
                if values.filter(|key| key.starts_with("value")).count() != 1 {
                    self.fault(at, &format!("{id}: an answer of no value"));
                }
            }
            left.extend(list(item, "item"));
        }
    }

    /// bdl-7, bdl-8: names of entries; and references that resolve.
    fn bundle(&mut self, resource: &Value, at: &str) {
        self.one_of(resource, "type", &["collection"], at);
        let mut urls = BTreeMap::new();
        for entry in list(resource, "entry") {
            let url = entry["fullUrl"].as_str().unwrap_or_default();
            if !is_uuid(url) {
                self.fault(at, &format!("{url} is no name of an entry"));
            }
            let kind = entry["resource"]["resourceType"].as_str();
            if urls.insert(url, kind.unwrap_or_default()).is_some() {
                self.fault(at, &format!("bdl-7: {url} stands twice"));
            }
        }
        let mut left: Vec<&Value> = vec![resource];
        while let Some(value) = left.pop() {
            if let Some(reference) = value.get("reference").and_then(Value::as_str) {
                match urls.get(reference) {
                    None => self.fault(at, &format!("{reference} is not in the bundle")),
                    Some(kind) if value["type"] == *kind => {}
                    Some(_) => self.fault(at, &format!("{reference} is of another type")),
                }
            }
            match value {
                Value::Array(values) => left.extend(values),
                Value::Object(object) => left.extend(object.values()),
                _ => {}
            }
        }
    }

    /// obs-6, obs-7.
    fn observation(&mut self, resource: &Value, at: &str) {
        self.one_of(resource, "status", &["preliminary", "final"], at);
        let object = resource.as_object().expect("an object");
        let value = object.keys().any(|key| key.starts_with("value"));
        if value == object.contains_key("dataAbsentReason") {
            self.fault(at, "obs-6: a value, or why there is none");
        }
        let same = list(resource, "component").any(|one| one["code"] == resource["code"]);
        if same && value {
            self.fault(at, "obs-7: the code of a component");
        }
    }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn is_uuid(url: &str) -> bool {
    let hex = url.strip_prefix("urn:uuid:").unwrap_or_default();
    let lengths = hex.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && hex
            .chars()
            .all(|one| one == '-' || matches!(one, '0'..='9' | 'a'..='f'))
}

/// Whether a value is of a primitive type.
fn is(value: &Value, kind: &str) -> bool {
    let text = value.as_str().unwrap_or_default();
    match kind {
        "boolean" => value.is_boolean(),
        "integer" => value.as_i64().is_some_and(|one| i32::try_from(one).is_ok()),
        "decimal" => value.is_number(),
        "id" => {
            (1..=64).contains(&text.len())
                && text
                    .chars()
                    .all(|one| one.is_ascii_alphanumeric() || "-.".contains(one))
        }
        "uri" => !text.is_empty() && !text.contains(char::is_whitespace),
        "code" => {
            !text.is_empty()
                && text
                    .split(' ')
                    .all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
        }
        "string" => !text.trim().is_empty(),
        "date" | "dateTime" => is_day(text.split('T').next().unwrap_or_default()),
        "instant" => is_day(text.split('T').next().unwrap_or_default()) && text.contains('T'),
        _ => panic!("{kind} is no type of r4.json"),
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<nengli::Date>().is_ok()
}
