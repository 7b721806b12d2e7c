//! Conditions: facts, levels and definitions found, each question kept once.

use std::sync::Arc;

use super::{Compiler, Scope};
use crate::case::CategoryRange;
use crate::condition::{AskFact, AskLevel, Condition, Scalar};
use crate::determination::{Asked, Leaf};
use crate::entitlement::person::{asked, wanted};
use crate::entitlement::program::{Definition, Life, Node, Question, Test, chain};
use crate::instrument::Instrument;
use crate::instrument::definition::FieldType;
use crate::json::child;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Fact, FactType, is_division_code};

use jiff::civil::Date;

/// Deepest nesting of definitions within definitions.
const MAX_DEPTH: usize = 16;

/// Most definitions that all conditions together unfold into: each use of a definition
/// counts, within others too. A few lines that use one another many times over would else
/// fill any memory.
const MAX_UNFOLDED: usize = 100_000;

impl<'c> Compiler<'c, '_> {
    fn parts(&mut self, at: &str, parts: &[Condition], scope: &Scope<'c>) -> Option<Vec<Node>> {
        let parts: Vec<Option<Node>> = parts
            .iter()
            .enumerate()
            .map(|(i, part)| self.condition(&format!("{at}/{i}"), part, scope))
            .collect();
        parts.into_iter().collect()
    }

    pub(super) fn condition(
        &mut self,
        at: &str,
        condition: &Condition,
        scope: &Scope<'c>,
    ) -> Option<Node> {
        match condition {
            Condition::All(parts) => {
                Some(Node::All(self.parts(&format!("{at}/all"), parts, scope)?))
            }
            Condition::Any(parts) => {
                Some(Node::Any(self.parts(&format!("{at}/any"), parts, scope)?))
            }
            Condition::Not(part) => {
                let part = self.condition(&format!("{at}/not"), part, scope)?;
                Some(Node::Not(Box::new(part)))
            }
            Condition::Fact(ask) => self.fact(&format!("{at}/fact"), ask, scope),
            Condition::Level(ask) => self.level(&format!("{at}/level"), ask, scope),
            Condition::Definition(id) => self.defined(at, id, scope),
            Condition::LocallySet(local) => {
                self.own_clauses(scope.file, &format!("{at}/locally_set"), &local.cite);
                // Without a programme (a definition proved alone) any will do.
                let programme = scope.programme.unwrap_or(0);
                let name = local.name.clone().unwrap_or_else(|| "local".to_owned());
                let question = Question::Local {
                    programme,
                    name: name.clone(),
                };
                Some(self.leaf(question, Some(name), "local"))
            }
            Condition::Receives(id) => {
                let at = format!("{at}/receives");
                let programme = self.programme(scope.file, &at, id)?;
                let question = Question::Receives {
                    programme,
                    open: !scope.relation,
                };
                Some(self.leaf(question, None, &format!("receives-{id}")))
            }
            Condition::Diagnosis(ask) => {
                let at = format!("{at}/diagnosis");
                let instrument = ask.instrument.clone().unwrap_or_default();
                if !diagnoses(self.known.instruments, &instrument, &ask.code) {
                    self.fault(
                        scope.file,
                        &at,
                        Kind::UnknownReference,
                        "expected an instrument and the code of its field of diagnoses",
                    );
                    return None;
                }
                if ask
                    .within
                    .iter()
                    .any(|range| CategoryRange::parse(range).is_none())
                {
                    self.fault(
                        scope.file,
                        &format!("{at}/within"),
                        Kind::Shape,
                        "expected categories or ranges as F00-F03",
                    );
                    return None;
                }
                let name = ask.code.clone();
                let question = Question::Diagnosis {
                    instrument,
                    code: ask.code.clone(),
                    within: ask.within.clone(),
                };
                Some(self.leaf(question, None, &name))
            }
            Condition::Reading(reading) => {
                let at = format!("{at}/reading");
                let found = self.reading(&reading.interpretation, scope.jurisdiction);
                let Some(index) = found else {
                    self.fault(
                        scope.file,
                        &format!("{at}/interpretation"),
                        Kind::UnknownReference,
                        format!(
                            "expected an interpretation of the place or one above it; found {:?}",
                            reading.interpretation
                        ),
                    );
                    return None;
                };
                let keys: Vec<String> = self
                    .readings
                    .get(index)
                    .and_then(|found| {
                        let file = self.files.get(found.file)?;
                        file.interpretations.get(found.position)
                    })
                    .map(|found| {
                        found
                            .choices
                            .iter()
                            .map(|choice| choice.key.to_string())
                            .collect()
                    })
                    .unwrap_or_default();
                if keys.len() != reading.choices.len()
                    || !keys.iter().all(|key| reading.choices.contains_key(key))
                {
                    self.fault(
                        scope.file,
                        &format!("{at}/choices"),
                        Kind::Gap,
                        format!("expected a condition for each of {}", keys.join(", ")),
                    );
                    return None;
                }
                let mut choices = Vec::new();
                for key in keys {
                    let condition = reading.choices.get(&key)?;
                    let at = child(&format!("{at}/choices"), &key);
                    choices.push(self.condition(&at, condition, scope)?);
                }
                Some(Node::Reading {
                    reading: index,
                    choices,
                })
            }
            Condition::Answer(_)
            | Condition::Step(_)
            | Condition::Sum(_)
            | Condition::Most(_)
            | Condition::Count(_) => {
                self.fault(
                    scope.file,
                    at,
                    Kind::Shape,
                    format!(
                        "expected a word that asks the case; found {:?}, which asks a form",
                        condition.word()
                    ),
                );
                None
            }
        }
    }

    fn leaf(&mut self, question: Question, name: Option<String>, default: &str) -> Node {
        let named = name.is_some();
        let (op, want) = wanted(&question);
        let under = self.stack.iter().filter_map(|(file, position)| {
            let definition = self.files.get(*file)?.definitions.get(*position)?;
            Some(definition.id.clone())
        });
        let said = Leaf::new(Asked {
            asks: asked(&question, self.programmes),
            id: name.unwrap_or_else(|| default.to_owned()),
            op: op.to_owned(),
            under: under.collect(),
            want,
        });
        let index = match self.by_question.get(&question) {
            Some(index) => *index,
            None => {
                let index = self.questions.len();
                self.by_question.insert(question.clone(), index);
                self.questions.push(question);
                index
            }
        };
        Node::Leaf {
            question: index,
            said: Arc::new(said),
            named,
        }
    }

    /// A definition: its versions, nearest place first, each in the words of its own
    /// place.
    fn defined(&mut self, at: &str, id: &str, scope: &Scope<'c>) -> Option<Node> {
        let files = self.files;
        let mut found: Vec<(usize, usize)> = Vec::new();
        for code in chain(scope.jurisdiction) {
            for (i, file) in files.iter().enumerate() {
                if file.jurisdiction != code {
                    continue;
                }
                let named = file.definitions.iter().enumerate();
                found.extend(
                    named
                        .filter(|(_, definition)| definition.id == id)
                        .map(|(j, _)| (i, j)),
                );
            }
        }
        if found.is_empty() {
            self.fault(
                scope.file,
                at,
                Kind::UnknownReference,
                format!("expected a definition of the place or one above it; found {id:?}"),
            );
            return None;
        }
        let mut versions = Vec::new();
        for (file, position) in found {
            let of = files.get(file)?;
            let definition = of.definitions.get(position)?;
            if self.stack.len() >= MAX_DEPTH {
                self.fault(
                    scope.file,
                    at,
                    Kind::TooLarge,
                    format!("expected definitions at most {MAX_DEPTH} deep within each other"),
                );
                return None;
            }
            if self.stack.contains(&(file, position)) {
                self.fault(
                    scope.file,
                    at,
                    Kind::UnknownReference,
                    format!("expected definitions without a cycle; {id:?} comes back to itself"),
                );
                return None;
            }
            self.unfolded += 1;
            if self.unfolded > MAX_UNFOLDED {
                // Said once: whatever follows is too much as well.
                if self.unfolded == MAX_UNFOLDED + 1 {
                    let message = format!(
                        "expected conditions that unfold into at most {MAX_UNFOLDED} definitions; found more"
                    );
                    self.fault(scope.file, at, Kind::TooLarge, message);
                }
                return None;
            }
            let life = self.life_of(file, definition.in_force);
            self.stack.push((file, position));
            let inner = Scope {
                file,
                jurisdiction: &of.jurisdiction,
                life: life.clone(),
                ..scope.clone()
            };
            let at = format!("/definitions/{position}/is");
            let node = self.condition(&at, &definition.is, &inner);
            self.stack.pop();
            versions.push(Definition {
                file,
                position,
                life,
                node: node?,
            });
        }
        if let Some(day) = gap(&scope.life, &versions) {
            self.fault(
                scope.file,
                at,
                Kind::Gap,
                format!("expected {id:?} to be defined on every day; on {day} it is not"),
            );
        }
        Some(Node::Defined { versions })
    }

    fn level(&mut self, at: &str, ask: &AskLevel, scope: &Scope<'_>) -> Option<Node> {
        self.own_clauses(scope.file, at, &ask.cite);
        let instruments = self.known.instruments;
        let Some(instrument) = instruments
            .iter()
            .find(|instrument| instrument.id() == ask.instrument)
        else {
            self.fault(
                scope.file,
                &format!("{at}/instrument"),
                Kind::UnknownReference,
                format!(
                    "expected the id of an instrument; found {:?}",
                    ask.instrument
                ),
            );
            return None;
        };
        let mut sound = true;
        let mut code = |this: &mut Self, key: &Option<String>, bound: &str, open: u8| {
            let Some(key) = key else { return open };
            match instrument.levels().iter().find(|level| level.key == *key) {
                Some(level) => level.code,
                None => {
                    sound = false;
                    this.fault(
                        scope.file,
                        &format!("{at}/{bound}"),
                        Kind::UnknownLevel,
                        format!("expected a level of {}; found {key:?}", ask.instrument),
                    );
                    open
                }
            }
        };
        let worst = instrument.levels().last().map_or(0, |level| level.code);
        let least = code(self, &ask.at_least, "at_least", 0);
        let most = code(self, &ask.at_most, "at_most", worst);
        if ask.at_least.is_none() && ask.at_most.is_none() || least > most {
            self.fault(
                scope.file,
                at,
                Kind::Shape,
                "expected at_least, at_most or both, in order",
            );
            return None;
        }
        if ask.if_absent == Some(true) {
            self.fault(
                scope.file,
                &format!("{at}/if_absent"),
                Kind::Shape,
                "expected false, or nothing",
            );
        }
        if ask.within_months.is_some() && ask.under_months.is_some() {
            self.fault(
                scope.file,
                &format!("{at}/under_months"),
                Kind::Shape,
                "expected within_months or under_months, not both",
            );
        }
        if ask.under_months == Some(0) {
            self.fault(
                scope.file,
                &format!("{at}/under_months"),
                Kind::OutOfRange,
                "expected at least 1: an assessment of the day is 0 months old",
            );
        }
        let question = Question::Level {
            instrument: ask.instrument.clone(),
            at_least: ask.at_least.as_ref().map(|_| least),
            at_most: ask.at_most.as_ref().map(|_| most),
            within_months: ask.within_months,
            under_months: ask.under_months,
            open: ask.if_absent.is_none(),
        };
        sound.then(|| self.leaf(question, ask.name.clone(), &ask.instrument))
    }

    fn fact(&mut self, at: &str, ask: &AskFact, scope: &Scope<'_>) -> Option<Node> {
        self.own_clauses(scope.file, at, &ask.cite);
        let vocabulary = self.known.vocabulary;
        let Some(fact) = vocabulary.facts.get(&ask.id) else {
            self.fault(
                scope.file,
                &format!("{at}/id"),
                Kind::UnknownReference,
                format!("expected a fact of the vocabulary; found {:?}", ask.id),
            );
            return None;
        };
        let test = match test(fact, ask) {
            Ok(test) => test,
            Err((key, expected)) => {
                let at = if key.is_empty() {
                    at.to_owned()
                } else {
                    format!("{at}/{key}")
                };
                self.fault(scope.file, &at, Kind::OutOfRange, expected);
                return None;
            }
        };
        if let Test::Within(code) = &test
            && !vocabulary.knows_province_of(code)
        {
            self.fault(
                scope.file,
                &format!("{at}/within"),
                Kind::UnknownReference,
                format!("expected a code under a known province; found {code:?}"),
            );
        }
        if ask.if_absent == Some(false) {
            self.fault(
                scope.file,
                &format!("{at}/if_absent"),
                Kind::Shape,
                "expected true, or nothing",
            );
        }
        let mut ids = vocabulary.facts.keys();
        let question = Question::Fact {
            fact: ask.id.clone(),
            slot: ids.position(|id| *id == ask.id).unwrap_or(usize::MAX),
            test,
            assumed: ask.if_absent == Some(true),
        };
        Some(self.leaf(question, ask.name.clone(), &ask.id))
    }
}

/// How a fact is compared, or where and what was expected.
fn test(fact: &Fact, ask: &AskFact) -> Result<Test, (&'static str, String)> {
    let given = [
        ask.is.is_some(),
        ask.one_of.is_some(),
        ask.any_of.is_some(),
        ask.within.is_some(),
        ask.at_least.is_some() || ask.at_most.is_some(),
    ];
    if given.iter().filter(|given| **given).count() != 1 {
        return Err((
            "",
            "expected one of is, one_of, any_of, within, or bounds".to_owned(),
        ));
    }
    let known = |key: &String| {
        fact.values.iter().any(|value| value.key == *key) || fact.none.is_some() && key == "none"
    };
    let keys = |at: &'static str, keys: &[String]| match keys.iter().find(|key| !known(key)) {
        Some(other) => Err((
            at,
            format!("expected values of {}; found {other:?}", fact.id),
        )),
        None if keys.is_empty() => Err((at, "expected at least one value".to_owned())),
        None => Ok(keys.to_vec()),
    };
    let wrong = |at: &'static str| {
        Err((
            at,
            format!(
                "expected a comparison that fits {}, a {:?}",
                fact.id, fact.kind
            ),
        ))
    };
    if let Some(code) = &ask.within {
        return match fact.kind {
            FactType::Division if is_division_code(code) => Ok(Test::Within(code.clone())),
            _ => wrong("within"),
        };
    }
    if let Some(list) = &ask.any_of {
        return match fact.kind {
            FactType::Choices => keys("any_of", list).map(Test::AnyOf),
            _ => wrong("any_of"),
        };
    }
    if let Some(list) = &ask.one_of {
        return match fact.kind {
            FactType::Choice => keys("one_of", list).map(Test::OneOf),
            _ => wrong("one_of"),
        };
    }
    match &ask.is {
        Some(Scalar::Flag(flag)) if fact.kind == FactType::Boolean => Ok(Test::Flag(*flag)),
        Some(Scalar::Key(key)) if fact.kind == FactType::Choice => {
            keys("is", std::slice::from_ref(key)).map(Test::OneOf)
        }
        Some(Scalar::Number(number)) if fact.kind == FactType::Integer => {
            let number = i64::from(*number);
            let least = fact.min.is_none_or(|min| min <= number);
            if least && fact.max.is_none_or(|max| number <= max) {
                Ok(Test::Range(Some(number), Some(number)))
            } else {
                Err(("", format!("expected a number that {} can be", fact.id)))
            }
        }
        Some(_) => wrong("is"),
        None if fact.kind == FactType::Integer => {
            let (least, most) = (ask.at_least, ask.at_most);
            let reachable = least.is_none_or(|least| fact.max.is_none_or(|max| least <= max))
                && most.is_none_or(|most| fact.min.is_none_or(|min| min <= most))
                && least.zip(most).is_none_or(|(least, most)| least <= most);
            if reachable {
                Ok(Test::Range(least, most))
            } else {
                Err(("", format!("expected bounds that {} can reach", fact.id)))
            }
        }
        None => wrong(""),
    }
}

fn diagnoses(instruments: &[Instrument], instrument: &str, code: &str) -> bool {
    instruments
        .iter()
        .filter(|candidate| candidate.id() == instrument)
        .flat_map(|found| &found.definition().fields)
        .any(|field| field.code == code && field.answer == FieldType::Diagnoses)
}

/// A day of `life`, under whatever reading, on which none of the versions is in force.
fn gap(life: &Life, versions: &[Definition]) -> Option<Date> {
    let ends: Vec<Date> = versions
        .iter()
        .filter_map(|version| version.life.to)
        .collect();
    let on = |from: Date, chosen: Option<(usize, usize)>| {
        let days = [from].into_iter().chain(ends.iter().copied());
        days.filter(|day| from <= *day && life.to.is_none_or(|to| *day < to))
            .find(|day| {
                !versions
                    .iter()
                    .any(|version| version.life.surely(*day, chosen))
            })
    };
    match &life.by_reading {
        None => on(life.from, None),
        Some((reading, days)) => days
            .iter()
            .enumerate()
            .find_map(|(choice, from)| on(*from, Some((*reading, choice)))),
    }
}
