//! Conditions in words: a leaf as a determination found it, and a whole one as a rule
//! file writes it.

use serde::Serialize;

use super::Mark;
use super::names::{Names, conditions};
use super::words::either;
use crate::condition::{AskFact, AskLevel, Condition, LocallySet, Scalar};
use crate::determination::{Because, Determination, Found};
use crate::entitlement::definition::{LayerDefinition, RelationRule};

/// One leaf of a condition, as the case answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// Whether it holds; of what must not be, whether it does not.
    pub mark: Mark,
    /// The words.
    pub text: String,
    /// The words of the law that it is part of, the widest first; empty where the rule
    /// asks it itself.
    pub under: String,
}

/// Where a leaf stands in a rule file.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    pub(super) condition: &'a Condition,
    /// It must not hold.
    pub(super) negated: bool,
}

/// What is compared.
enum Subject<'s> {
    Fact(&'s str),
    Level(&'s str),
}

/// What is asked for, by its kind.
fn asks_of(asks: &str) -> (&str, &str) {
    asks.split_once(':').unwrap_or((asks, ""))
}

/// The name of a leaf where its rule gives none.
const LOCAL: &str = "local";

impl<'a> Names<'a> {
    /// A leaf of an entitlement in words.
    pub(super) fn reason(
        &self,
        because: &Because,
        leaf: Option<Leaf<'a>>,
        determination: &Determination,
    ) -> Reason {
        let negated = leaf.is_some_and(|leaf| leaf.negated);
        let mark = match because.holds {
            Some(holds) if holds != negated => Mark::Yes,
            Some(_) => Mark::No,
            None => Mark::Open,
        };
        let (name, value) = self.found(because, leaf, determination);
        let wanted = self.wanted(because, leaf, mark == Mark::Yes);
        let key = match wanted {
            Some(_) => "reason.wanted",
            None => "reason",
        };
        let text = self.say_with(
            key,
            &[
                ("name", &name),
                ("value", &value),
                ("wanted", wanted.as_deref().unwrap_or_default()),
            ],
        );
        let under: Vec<String> = because.under.iter().map(|id| self.definition(id)).collect();
        Reason {
            mark,
            text,
            under: under.join(" › "),
        }
    }

    /// The same without what is wanted.
    pub(super) fn ground(
        &self,
        because: &Because,
        leaf: Option<Leaf<'a>>,
        determination: &Determination,
    ) -> String {
        let (name, value) = self.found(because, leaf, determination);
        self.say_with("reason", &[("name", &name), ("value", &value)])
    }

    /// What was asked, and what was found.
    fn found(
        &self,
        because: &Because,
        leaf: Option<Leaf<'a>>,
        determination: &Determination,
    ) -> (String, String) {
        let unknown = || self.say("value.unknown").to_owned();
        match asks_of(&because.asks) {
            ("fact", id) => {
                let value = match &because.value {
                    Some(value) => self.value(id, value),
                    None if because.holds.is_some() => self.say("value.assumed").to_owned(),
                    None => unknown(),
                };
                (self.fact_name(id), value)
            }
            ("level", id) => {
                let value = match &because.value {
                    Some(Found::Number(code)) => self.level(id, *code),
                    _ if assessed(determination, id) => self.say("level.none").to_owned(),
                    _ => self.say("value.not_assessed").to_owned(),
                };
                (self.instrument(id), value)
            }
            ("diagnosis", id) => {
                let name = self.instrument(id);
                let value = match &because.value {
                    Some(Found::List(codes)) if codes.is_empty() => {
                        self.say("value.no_item").to_owned()
                    }
                    Some(Found::List(codes)) => self.list(codes),
                    _ => unknown(),
                };
                (self.say_with("diagnosis", &[("instrument", &name)]), value)
            }
            ("local", id) => {
                let name = match leaf.map(|leaf| leaf.condition) {
                    Some(Condition::LocallySet(local)) => self.of(&local.names).to_owned(),
                    _ => self.local(id),
                };
                let value = match because.holds {
                    Some(_) => "value.confirmed",
                    None => "value.local",
                };
                (name, self.say(value).to_owned())
            }
            ("receives", id) => {
                let programme = self.programme(id);
                let value = match because.value {
                    Some(Found::Flag(flag)) => self.flag(flag).to_owned(),
                    _ => self.say("value.not_stated").to_owned(),
                };
                let name = self.say_with("receives", &[("programme", &programme)]);
                (name, value)
            }
            _ => (because.asks.clone(), unknown()),
        }
    }

    /// What was wanted, where that is not plain from what was found.
    fn wanted(&self, because: &Because, leaf: Option<Leaf<'a>>, met: bool) -> Option<String> {
        let negated = leaf.is_some_and(|leaf| leaf.negated);
        let (subject, months) = match asks_of(&because.asks) {
            ("fact", id) => (Subject::Fact(id), None),
            ("level", id) => {
                let months = match leaf.map(|leaf| leaf.condition) {
                    Some(Condition::Level(ask)) => age(ask),
                    _ => None,
                };
                (Subject::Level(id), months)
            }
            ("diagnosis", _) => {
                let Found::List(ranges) = &because.want else {
                    return None;
                };
                let key = if negated {
                    "want.not.one_of"
                } else {
                    "want.one_of"
                };
                return Some(self.say_with(key, &[("want", &self.list(ranges))]));
            }
            _ if negated && !met => return Some(self.say("want.must_not").to_owned()),
            _ => return None,
        };
        if let Found::Flag(flag) = because.want {
            // A fact that should be so is plain; one that should not be so is said.
            let should = flag != negated;
            return (!should && !met)
                .then(|| self.say_with("want.is", &[("want", self.flag(should))]));
        }
        let same = because.value.as_ref() == Some(&because.want);
        if because.op == "is" && same && !negated && months.is_none() {
            return None;
        }
        let mut text = self.compared(&subject, &because.op, &because.want, "want", negated);
        if let Some((key, months)) = months {
            text = self.say_with(key, &[("want", &text), ("months", &months.to_string())]);
        }
        Some(text)
    }

    /// A comparison: in `style` `want` as what is wanted, in `style` `cond` with no name.
    fn compared(
        &self,
        subject: &Subject<'_>,
        op: &str,
        want: &Found,
        style: &str,
        negated: bool,
    ) -> String {
        let not = if negated { ".not" } else { "" };
        let (key, want) = match (subject, op) {
            (Subject::Fact(id), op) => (format!("{style}{not}.{op}"), self.value(id, want)),
            (Subject::Level(id), "between") => {
                let codes = match want {
                    Found::Numbers(bounds) => match bounds.as_slice() {
                        [first, last] => (*first..=*last).collect(),
                        _ => bounds.clone(),
                    },
                    _ => Vec::new(),
                };
                let names: Vec<String> = codes.iter().map(|code| self.level(id, *code)).collect();
                let op = if names.len() == 1 { "is" } else { "one_of" };
                (format!("{style}{not}.{op}"), names.join(either(self.lang)))
            }
            (Subject::Level(id), op) => {
                let level = match want {
                    Found::Number(code) => self.level(id, *code),
                    _ => String::new(),
                };
                (format!("{style}{not}.level.{op}"), level)
            }
        };
        self.say_with(&key, &[("want", &want)])
    }

    /// What the place sets itself about a programme.
    pub(super) fn local(&self, programme: &str) -> String {
        let mut found: Vec<&str> = Vec::new();
        for rule in self.layers_of(programme) {
            for condition in conditions(rule.layer) {
                self.locals(condition, &mut found);
            }
        }
        match found.as_slice() {
            [only] => (*only).to_owned(),
            // Of several, none speaks for all.
            _ => {
                let programme = self.programme(programme);
                self.say_with("local", &[("programme", &programme)])
            }
        }
    }

    fn locals(&self, condition: &'a Condition, into: &mut Vec<&'a str>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.locals(part, into);
                }
            }
            Condition::Not(part) => self.locals(part, into),
            Condition::Reading(reading) => {
                for part in reading.choices.values() {
                    self.locals(part, into);
                }
            }
            Condition::Definition(id) => {
                if let Some(named) = self.definitions(id).first() {
                    self.locals(&named.is, into);
                }
            }
            Condition::LocallySet(local) => {
                let name = self.of(&local.names);
                if !into.contains(&name) {
                    into.push(name);
                }
            }
            _ => {}
        }
    }

    /// Where the rules of a programme ask a leaf: its layer, those above it, and what
    /// keeps the programme from a person.
    pub(super) fn leaf(
        &self,
        because: &Because,
        layer: Option<&'a LayerDefinition>,
        programme: &str,
    ) -> Option<Leaf<'a>> {
        let above = self.layers_of(programme).map(|rule| rule.layer);
        layer
            .into_iter()
            .chain(above)
            .flat_map(conditions)
            .find_map(|condition| self.leaf_in(condition, because, &because.under, false))
            .or_else(|| {
                self.bars(programme)
                    .find_map(|when| self.leaf_in(when, because, &because.under, true))
            })
    }

    /// Conditions that keep a programme from a person.
    fn bars(&self, programme: &str) -> impl Iterator<Item = &'a Condition> {
        self.files()
            .flat_map(|file| &file.relations)
            .filter_map(move |relation| match &relation.rule {
                RelationRule::Excludes(bars) | RelationRule::Suspends(bars) => {
                    (bars.programme == programme).then_some(&bars.when)
                }
                _ => None,
            })
    }

    pub(super) fn leaf_in(
        &self,
        condition: &'a Condition,
        because: &Because,
        under: &[String],
        negated: bool,
    ) -> Option<Leaf<'a>> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts
                .iter()
                .find_map(|part| self.leaf_in(part, because, under, negated)),
            Condition::Not(part) => self.leaf_in(part, because, under, !negated),
            Condition::Reading(reading) => reading
                .choices
                .values()
                .find_map(|part| self.leaf_in(part, because, under, negated)),
            Condition::Definition(id) => {
                let (first, rest) = under.split_first()?;
                if first != id {
                    return None;
                }
                self.definitions(id)
                    .into_iter()
                    .find_map(|named| self.leaf_in(&named.is, because, rest, negated))
            }
            _ if under.is_empty() && self.is_leaf(condition, because) => {
                Some(Leaf { condition, negated })
            }
            _ => None,
        }
    }

    fn is_leaf(&self, condition: &Condition, because: &Because) -> bool {
        let (kind, id) = asks_of(&because.asks);
        match condition {
            Condition::Fact(ask) => {
                kind == "fact"
                    && ask.id == id
                    && self.fact_asked(ask) == (because.op.as_str(), because.want.clone())
            }
            Condition::Level(ask) => {
                kind == "level"
                    && ask.instrument == id
                    // Two can differ in nothing but the age that they allow.
                    && ask.name.as_deref().is_none_or(|name| is_named(because, name))
                    && self.level_asked(ask) == (because.op.as_str(), because.want.clone())
            }
            Condition::Diagnosis(ask) => {
                kind == "diagnosis" && because.want == Found::List(ask.within.clone())
            }
            Condition::LocallySet(local) => {
                let name = local.name.as_deref().unwrap_or(LOCAL);
                kind == "local" && is_named(because, name)
            }
            Condition::Receives(programme) => kind == "receives" && programme == id,
            _ => false,
        }
    }

    /// How a fact is compared, and with what, as determinations write it.
    fn fact_asked(&self, ask: &AskFact) -> (&'static str, Found) {
        let keys = |keys: &[String]| match keys {
            [key] => ("is", Found::Text(key.into())),
            keys => ("one_of", Found::List(keys.to_vec())),
        };
        if let Some(is) = &ask.is {
            let found = match is {
                Scalar::Flag(flag) => Found::Flag(*flag),
                Scalar::Number(number) => Found::Number(i64::from(*number)),
                Scalar::Key(key) => Found::Text(key.into()),
            };
            return ("is", found);
        }
        if let Some(these) = &ask.one_of {
            return keys(these);
        }
        if let Some(these) = &ask.any_of {
            return ("any_of", Found::List(these.clone()));
        }
        if let Some(code) = &ask.within {
            return ("within", Found::Text(code.into()));
        }
        bounds(ask.at_least, ask.at_most)
    }

    fn level_asked(&self, ask: &AskLevel) -> (&'static str, Found) {
        let code = |key: &Option<String>| {
            let key = key.as_ref()?;
            self.code(&ask.instrument, key)
        };
        match (code(&ask.at_least), code(&ask.at_most)) {
            (Some(least), Some(most)) => ("between", Found::Numbers(vec![least, most])),
            (least, most) => bounds(least, most),
        }
    }

    /// A whole condition in words.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        let join = |parts: &[Condition], by: &str, none: &str| {
            if parts.is_empty() {
                return self.say_with(none, &[]);
            }
            let parts: Vec<String> = parts.iter().map(|part| self.nested(part)).collect();
            parts.join(&self.say_with(by, &[]))
        };
        let named =
            |name: &str, text: &str| self.say_with("reason", &[("name", name), ("value", text)]);
        match condition {
            Condition::All(parts) => join(parts, "cond.and", "cond.everyone"),
            Condition::Any(parts) => join(parts, "cond.or", "cond.nobody"),
            Condition::Not(part) => {
                self.say_with("cond.not", &[("condition", &self.condition(part))])
            }
            Condition::Definition(id) => self.definition(id),
            Condition::Fact(ask) => {
                let name = self.fact_name(&ask.id);
                let text = match self.fact_asked(ask) {
                    (_, Found::Flag(true)) => name,
                    (op, want) => {
                        let subject = Subject::Fact(&ask.id);
                        named(&name, &self.compared(&subject, op, &want, "cond", false))
                    }
                };
                match ask.if_absent {
                    Some(true) => self.say_with("cond.assumed", &[("condition", &text)]),
                    _ => text,
                }
            }
            Condition::Level(ask) => {
                let (op, want) = self.level_asked(ask);
                let subject = Subject::Level(&ask.instrument);
                let mut text = self.compared(&subject, op, &want, "cond", false);
                if let Some((key, months)) = age(ask) {
                    text = self.say_with(key, &[("want", &text), ("months", &months.to_string())]);
                }
                named(&self.instrument(&ask.instrument), &text)
            }
            Condition::Diagnosis(ask) => {
                let instrument = ask.instrument.as_deref().unwrap_or_default();
                let instrument = self.instrument(instrument);
                let name = self.say_with("diagnosis", &[("instrument", &instrument)]);
                let within = self.list(&ask.within);
                named(&name, &self.say_with("cond.one_of", &[("want", &within)]))
            }
            Condition::LocallySet(local) => {
                self.say_with("asked.local", &[("name", self.of_any(local))])
            }
            Condition::Receives(programme) => {
                let programme = self.programme(programme);
                self.say_with("receives", &[("programme", &programme)])
            }
            Condition::Reading(reading) => {
                let choices: Vec<String> = reading
                    .choices
                    .iter()
                    .map(|(choice, part)| {
                        let key = format!("{}/{}", self.place, reading.interpretation);
                        let (_, answer) = self.reading(&key, choice);
                        self.say_with(
                            "cond.reading",
                            &[("answer", &answer), ("condition", &self.condition(part))],
                        )
                    })
                    .collect();
                choices.join(&self.say_with("cond.readings", &[]))
            }
            // Words of instruments; loading refuses them here.
            other => other.word().to_owned(),
        }
    }

    /// The same, in brackets where another word would run into it.
    fn nested(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => {
                self.say_with("cond.nested", &[("condition", &self.condition(condition))])
            }
            _ => self.condition(condition),
        }
    }

    fn of_any<'w>(&self, local: &'w LocallySet) -> &'w str {
        local.names.within(self.lang)
    }

    /// What a condition is about.
    pub(super) fn subjects(&self, condition: &Condition, into: &mut Vec<String>) {
        let name = match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.subjects(part, into);
                }
                return;
            }
            Condition::Not(part) => return self.subjects(part, into),
            Condition::Reading(reading) => {
                for part in reading.choices.values() {
                    self.subjects(part, into);
                }
                return;
            }
            Condition::Definition(id) => self.definition(id),
            Condition::Fact(ask) => self.fact_name(&ask.id),
            Condition::Level(ask) => self.instrument(&ask.instrument),
            Condition::LocallySet(local) => self.of_any(local).to_owned(),
            Condition::Receives(programme) => self.programme(programme),
            other => self.condition(other),
        };
        if !into.contains(&name) {
            into.push(name);
        }
    }

    /// Something to ask, by its code.
    pub(super) fn asked(&self, ask: &str, local: Option<&str>) -> String {
        match asks_of(ask) {
            ("fact", id) => self.fact_name(id),
            ("assessment", id) => {
                self.say_with("asked.assessment", &[("instrument", &self.instrument(id))])
            }
            ("local", id) => {
                let name = local.map_or_else(|| self.local(id), str::to_owned);
                self.say_with("asked.local", &[("name", &name)])
            }
            ("receives", id) => self.say_with("receives", &[("programme", &self.programme(id))]),
            _ => ask.to_owned(),
        }
    }
}

/// How old an assessment may be: how it is said, and the months.
fn age(ask: &AskLevel) -> Option<(&'static str, u16)> {
    let within = ask.within_months.map(|months| ("want.months", months));
    within.or(ask.under_months.map(|months| ("want.under_months", months)))
}

fn bounds(least: Option<i64>, most: Option<i64>) -> (&'static str, Found) {
    match (least, most) {
        (Some(least), Some(most)) if least == most => ("is", Found::Number(least)),
        (Some(least), Some(most)) => ("between", Found::Numbers(vec![least, most])),
        (Some(least), None) => ("at_least", Found::Number(least)),
        (None, most) => ("at_most", Found::Number(most.unwrap_or(i64::MAX))),
    }
}

/// Whether a leaf has the name of this condition, or that name and a number.
fn is_named(because: &Because, name: &str) -> bool {
    because.id.strip_prefix(name).is_some_and(|rest| {
        let number = rest.strip_prefix('-').unwrap_or(rest);
        number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn assessed(determination: &Determination, instrument: &str) -> bool {
    let mut assessments = determination.assessments.iter();
    assessments.any(|result| result.instrument == instrument && result.level.is_none())
}
