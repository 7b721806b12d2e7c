//! Two determinations, path by path, and the rule that decided at each place.
//!
//! Lists of things with a name are compared name by name, so that a right that is new
//! does not make all those behind it differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::replay::Difference;
use crate::json::{child, index, is_plain};
use crate::rulebook::Rulebook;

/// Keys at the root that say who decided, not what.
const NOT_COMPARED: [&str; 2] = ["engine", "rulebook"];

/// Said in the place of a text that is not repeated.
pub(super) const HIDDEN: &str = "…";

/// Where in a determination a comparison has come to.
#[derive(Clone, Copy)]
enum Inside<'v> {
    Root,
    /// In a member of the root.
    Part,
    /// An assessment by this instrument.
    Assessment(&'v str),
    /// The object of this key of such an assessment, whose keys are those of steps.
    Steps(&'v str, &'v str),
    /// Anywhere else.
    Elsewhere,
}

pub(super) struct Comparison<'r> {
    rulebook: &'r Rulebook,
    /// The rule of each programme, for payments.
    rules: BTreeMap<String, String>,
    list: Vec<Difference>,
}

/// The value of a canonical text; null is never asked for.
pub(super) fn written(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

impl<'r> Comparison<'r> {
    /// The differences of two canonical texts.
    pub(super) fn of(rulebook: &'r Rulebook, recorded: &str, now: &str) -> Vec<Difference> {
        let (recorded, now) = (written(recorded), written(now));
        let mut comparison = Self {
            rulebook,
            rules: BTreeMap::new(),
            list: Vec::new(),
        };
        for determination in [&recorded, &now] {
            let rights = determination.get("entitlements").and_then(Value::as_array);
            for right in rights.into_iter().flatten() {
                if let (Some(programme), Some(rule)) = (text(right, "programme"), decider(right)) {
                    comparison
                        .rules
                        .insert(programme.to_owned(), rule.to_owned());
                }
            }
        }
        comparison.compare("", "", Inside::Root, Some(&recorded), Some(&now), None);
        // Whoever altered a record may have written anything into it.
        for difference in &mut comparison.list {
            difference.recorded.iter_mut().for_each(conceal);
            difference.rule.take_if(|rule| !is_plain(rule));
        }
        comparison.list
    }

    /// Compares what stands at `at`, a member of the name `name`.
    fn compare(
        &mut self,
        at: &str,
        name: &str,
        inside: Inside<'_>,
        recorded: Option<&Value>,
        now: Option<&Value>,
        rule: Option<&str>,
    ) {
        match (recorded, now) {
            (Some(recorded), Some(now)) if recorded == now => {}
            (Some(Value::Object(recorded)), Some(Value::Object(now))) => {
                self.members(at, inside, recorded, now, rule);
            }
            (Some(Value::Array(recorded)), Some(Value::Array(now)))
                if recorded.iter().chain(now).all(Value::is_object) =>
            {
                self.elements(at, name, inside, recorded, now, rule);
            }
            _ => self.list.push(Difference {
                at: at.to_owned(),
                now: now.cloned(),
                recorded: recorded.cloned(),
                rule: rule.map(str::to_owned),
            }),
        }
    }

    fn members(
        &mut self,
        at: &str,
        inside: Inside<'_>,
        recorded: &Map<String, Value>,
        now: &Map<String, Value>,
        rule: Option<&str>,
    ) {
        let keys: BTreeSet<&String> = recorded.keys().chain(now.keys()).collect();
        for key in keys {
            if matches!(inside, Inside::Root) && NOT_COMPARED.contains(&key.as_str()) {
                continue;
            }
            let own = self.rule_of_member(inside, key);
            let inner = match inside {
                Inside::Root => Inside::Part,
                Inside::Assessment(instrument) => Inside::Steps(instrument, key),
                Inside::Part | Inside::Steps(..) | Inside::Elsewhere => Inside::Elsewhere,
            };
            self.compare(
                &child(at, key),
                key,
                inner,
                recorded.get(key),
                now.get(key),
                own.as_deref().or(rule),
            );
        }
    }

    /// Lists of objects, name by name; then whether the names stand in one order.
    fn elements(
        &mut self,
        at: &str,
        name: &str,
        inside: Inside<'_>,
        recorded: &[Value],
        now: &[Value],
        rule: Option<&str>,
    ) {
        let (then, later) = (named(name, recorded), named(name, now));
        let counterpart = |list: &[(Value, usize)], all: &[Value], wanted: &(Value, usize)| {
            let i = list.iter().position(|found| found == wanted)?;
            all.get(i).cloned().map(|value| (i, value))
        };
        for (i, (id, value)) in then.iter().zip(recorded).enumerate() {
            let other = counterpart(&later, now, id).map(|(_, value)| value);
            self.element(
                &index(at, i),
                name,
                inside,
                Some(value),
                other.as_ref(),
                rule,
            );
        }
        for (i, (id, value)) in later.iter().zip(now).enumerate() {
            if counterpart(&then, recorded, id).is_none() {
                self.element(&index(at, i), name, inside, None, Some(value), rule);
            }
        }
        let kept: Vec<_> = then.iter().filter(|id| later.contains(id)).collect();
        let still: Vec<_> = later.iter().filter(|id| then.contains(id)).collect();
        if kept != still {
            let ids = |list: &[&(Value, usize)]| {
                Value::Array(list.iter().map(|(id, _)| id.clone()).collect())
            };
            self.list.push(Difference {
                at: at.to_owned(),
                now: Some(ids(&still)),
                recorded: Some(ids(&kept)),
                rule: rule.map(str::to_owned),
            });
        }
    }

    fn element(
        &mut self,
        at: &str,
        name: &str,
        inside: Inside<'_>,
        recorded: Option<&Value>,
        now: Option<&Value>,
        rule: Option<&str>,
    ) {
        let Some(either) = now.or(recorded) else {
            return;
        };
        let own = self.rule_of_element(inside, name, either);
        let inner = match (inside, name) {
            (Inside::Part, "assessments") => {
                text(either, "instrument").map_or(Inside::Elsewhere, Inside::Assessment)
            }
            _ => Inside::Elsewhere,
        };
        self.compare(at, "", inner, recorded, now, own.as_deref().or(rule));
    }

    /// The rule that decides a member, where it is another than that of the whole.
    fn rule_of_member(&self, inside: Inside<'_>, key: &str) -> Option<String> {
        let (instrument, step) = match inside {
            Inside::Assessment(instrument) => {
                let steps = &self.rulebook.instrument(instrument)?.definition().result;
                let step = match key {
                    "preliminary" => steps.preliminary.as_ref()?,
                    "score_range" => steps.total.as_ref()?,
                    "alternatives" | "changes" | "date" | "grades" | "instrument"
                    | "interpretations" | "score_ranges" | "scores" | "steps" => return None,
                    _ => &steps.level,
                };
                (instrument, step.as_str())
            }
            Inside::Steps(instrument, "grades") => {
                let steps = &self.rulebook.instrument(instrument)?.definition().result;
                (
                    instrument,
                    steps.grades.get(key).map_or(key, |step| step.as_str()),
                )
            }
            Inside::Steps(instrument, "interpretations" | "score_ranges" | "scores") => {
                (instrument, key)
            }
            _ => return None,
        };
        Some(format!("{instrument}/{step}"))
    }

    /// The rule that decides an element of a list.
    fn rule_of_element(&self, inside: Inside<'_>, name: &str, value: &Value) -> Option<String> {
        let key = match (inside, name) {
            (Inside::Steps(instrument, _), "alternatives") => {
                return Some(format!("{instrument}/{}", text(value, "interpretation")?));
            }
            (Inside::Steps(instrument, _), "changes") => {
                return Some(format!("{instrument}/{}", text(value, "rule")?));
            }
            (Inside::Steps(instrument, _), "steps") => {
                return Some(format!("{instrument}/{}", text(value, "step")?));
            }
            (Inside::Part, "care_levels") => "scheme",
            (Inside::Part, "due") => {
                let first = value.get("citations")?.as_array()?.first()?;
                return first.as_str().map(str::to_owned);
            }
            (Inside::Part, "entitlements") => return decider(value).map(str::to_owned),
            (Inside::Part, "assessments") => "instrument",
            (Inside::Part, "findings") => "code",
            (Inside::Elsewhere, "alternatives") => "interpretation",
            (Inside::Elsewhere, "further_benefits" | "layers") => "rule",
            (Inside::Elsewhere, "payers") => {
                let programme = text(value, "programme")?;
                return self.rules.get(programme).cloned();
            }
            _ => return None,
        };
        text(value, key).map(str::to_owned)
    }
}

/// Puts an ellipsis in the place of every text that no determination has.
fn conceal(value: &mut Value) {
    match value {
        Value::String(text) if !is_plain(text) => *text = HIDDEN.to_owned(),
        Value::Array(list) => list.iter_mut().for_each(conceal),
        Value::Object(members) => {
            let found = std::mem::take(members);
            for (key, mut inner) in found {
                conceal(&mut inner);
                members.insert(
                    if is_plain(&key) {
                        key
                    } else {
                        HIDDEN.to_owned()
                    },
                    inner,
                );
            }
        }
        _ => {}
    }
}

/// What decided a right: the relation that excludes it, else the rule of its layer.
fn decider(right: &Value) -> Option<&str> {
    text(right, "excluded_by").or_else(|| text(right, "rule"))
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

/// What names the elements of a list, and the how-manieth of that name each is.
fn named(list: &str, elements: &[Value]) -> Vec<(Value, usize)> {
    let keys: &[&str] = match list {
        "alternatives" => &["interpretation", "choice"],
        "because" => &["id"],
        "care_levels" => &["scheme", "from"],
        "changes" | "further_benefits" | "layers" => &["rule"],
        "due" => &["what", "citations"],
        "entitlements" | "payers" => &["programme"],
        "findings" => &["code", "at"],
        "questions" => &["ask"],
        "steps" => &["step"],
        _ => &[],
    };
    let mut seen: Vec<(Value, usize)> = Vec::with_capacity(elements.len());
    for element in elements {
        let id: Vec<&Value> = keys.iter().filter_map(|key| element.get(key)).collect();
        let id = match id.as_slice() {
            [only] => (*only).clone(),
            all => json!(all),
        };
        let before = seen.iter().filter(|(other, _)| *other == id).count();
        seen.push((id, before));
    }
    seen
}
