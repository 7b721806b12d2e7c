//! What can be true of a person, as far as rules can tell: for each thing that they ask
//! about, values that tell the questions apart.

use std::collections::BTreeMap;

use super::person::{NONE, Value, asked, holds, instrument_of};
use super::program::{Question, Rights, Test};
use crate::condition::Truth;
use crate::determination::Found;
use crate::instrument::Instrument;
use crate::rulebook::{FactType, Vocabulary};
use crate::text::Text;

/// Something of a person that questions ask about, and what it can be.
pub(super) struct Variable {
    /// What, as a determination names it.
    pub(super) name: String,
    pub(super) values: Vec<Possible>,
}

/// One value, and how each question is then answered.
pub(super) struct Possible {
    pub(super) value: Found,
    pub(super) answers: Vec<(usize, Truth)>,
}

impl Possible {
    /// Whether it says that there is no assessment.
    pub(super) fn is_absence(&self) -> bool {
        matches!(&self.value, Found::Text(text) if text == NOT_ASSESSED)
    }

    /// The value as one word.
    pub(super) fn said(&self) -> String {
        match &self.value {
            Found::Flag(flag) => flag.to_string(),
            Found::Number(number) => number.to_string(),
            Found::Text(text) => text.to_string(),
            Found::Numbers(_) => String::new(),
            Found::List(list) if list.is_empty() => NONE.to_owned(),
            Found::List(list) => list.join(", "),
        }
    }
}

/// Who knows what facts and levels there are.
#[derive(Clone, Copy)]
pub(super) struct Sampler<'s> {
    pub(super) rights: &'s Rights,
    pub(super) vocabulary: &'s Vocabulary,
    pub(super) instruments: &'s [Instrument],
}

impl Sampler<'_> {
    /// What the questions are about, each once, with every value that tells them apart.
    pub(super) fn variables(&self, questions: &[usize]) -> Vec<Variable> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for index in questions {
            let Some(question) = self.rights.questions.get(*index) else {
                continue;
            };
            let name = asked(question, &self.rights.programmes);
            groups.entry(name).or_default().push(*index);
        }
        groups
            .into_iter()
            .map(|(name, questions)| Variable {
                values: self.values(&questions),
                name,
            })
            .collect()
    }

    fn values(&self, indices: &[usize]) -> Vec<Possible> {
        let asked: Vec<(usize, &Question)> = indices
            .iter()
            .filter_map(|index| Some((*index, self.rights.questions.get(*index)?)))
            .collect();
        let mut out: Vec<Possible> = Vec::new();
        let mut add = |value: Found, answers: Vec<(usize, Truth)>| {
            if !out.iter().any(|known| known.answers == answers) {
                out.push(Possible { value, answers });
            }
        };
        match asked.first().map(|(_, question)| *question) {
            Some(Question::Fact { fact, .. }) => {
                let tests = || {
                    asked.iter().filter_map(|(index, question)| match question {
                        Question::Fact { test, .. } => Some((*index, test)),
                        _ => None,
                    })
                };
                for sample in self.samples(fact, tests().map(|(_, test)| test)) {
                    let value = value(&sample);
                    let answers = tests().map(|(index, test)| (index, holds(test, value).into()));
                    let answers = answers.collect();
                    add(sample, answers);
                }
            }
            Some(first @ Question::Level { .. }) => {
                let levels = instrument_of(first, self.instruments)
                    .map(Instrument::levels)
                    .unwrap_or_default();
                let answers = |code: Option<u8>| {
                    asked
                        .iter()
                        .map(|(index, question)| {
                            let Question::Level {
                                at_least, at_most, ..
                            } = question
                            else {
                                return (*index, Truth::Unknown);
                            };
                            let holds = code.is_some_and(|code| {
                                at_least.is_none_or(|least| least <= code)
                                    && at_most.is_none_or(|most| code <= most)
                            });
                            (*index, holds.into())
                        })
                        .collect::<Vec<_>>()
                };
                for level in levels {
                    add(Found::Text(level.key.clone()), answers(Some(level.code)));
                }
                let may_be_absent = asked
                    .iter()
                    .all(|(_, question)| matches!(question, Question::Level { open: false, .. }));
                if may_be_absent {
                    add(Found::Text(Text::fixed(NOT_ASSESSED)), answers(None));
                }
            }
            Some(_) => {
                for truth in [false, true] {
                    let answers = asked.iter().map(|(index, _)| (*index, truth.into()));
                    add(Found::Flag(truth), answers.collect());
                }
            }
            None => {}
        }
        out
    }

    /// Values of a fact that tell the tests apart.
    fn samples<'t>(&self, id: &str, tests: impl Iterator<Item = &'t Test>) -> Vec<Found> {
        let Some(fact) = self.vocabulary.facts.get(id) else {
            return Vec::new();
        };
        let mut out: Vec<Found> = match fact.kind {
            FactType::Integer => {
                let mut points: Vec<i64> = Vec::new();
                for test in tests {
                    if let Test::Range(least, most) = test {
                        points.extend(least.iter().flat_map(|least| [least - 1, *least]));
                        points.extend(most.iter().flat_map(|most| [*most, most + 1]));
                    }
                }
                points.retain(|point| {
                    fact.min.is_none_or(|min| min <= *point)
                        && fact.max.is_none_or(|max| *point <= max)
                });
                points.sort_unstable();
                points.dedup();
                points.into_iter().map(Found::Number).collect()
            }
            FactType::Division => {
                let within = tests.filter_map(|test| match test {
                    Test::Within(code) => Some(Found::Text(code.into())),
                    _ => None,
                });
                [Found::Text(Text::fixed(ELSEWHERE))]
                    .into_iter()
                    .chain(within)
                    .collect()
            }
            FactType::Boolean => vec![Found::Flag(false), Found::Flag(true)],
            FactType::Choice => {
                let keys = fact.values.iter().map(|value| Text::from(&value.key));
                keys.map(Found::Text).collect()
            }
            FactType::Choices => {
                let keys = fact.values.iter().map(|value| vec![value.key.clone()]);
                [Vec::new()]
                    .into_iter()
                    .chain(keys)
                    .map(Found::List)
                    .collect()
            }
            FactType::Date | FactType::Programmes => Vec::new(),
        };
        if fact.none.is_some() {
            out.push(Found::Text(Text::fixed(NONE)));
        }
        out
    }
}

/// What is no division code and lies in no place.
const ELSEWHERE: &str = "elsewhere";
/// The value of a level that nobody assessed.
const NOT_ASSESSED: &str = "not assessed";

fn value(found: &Found) -> Value<'_> {
    match found {
        Found::Flag(flag) => Value::Flag(*flag),
        Found::Number(number) => Value::Number(*number),
        Found::Text(text) if text == NONE => Value::None,
        Found::Text(text) => Value::Text(text),
        Found::List(list) => Value::List(list),
        Found::Numbers(_) => Value::None,
    }
}
