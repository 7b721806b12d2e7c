//! What would settle a right that is open: the shortest sets of things to ask.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decide::{Decided, Decider};
use super::program::Question;
use super::samples::{Possible, Sampler};
use crate::condition::Truth;
use crate::determination::{Found, Status};

/// Things to ask, none of which can be left out, and what they would settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Settling {
    /// Whether every answer settles it; else those in `answers` do, and others may not.
    pub always: bool,
    /// Answers that settle it, for each result the first; of a single question, all that
    /// tell apart.
    pub answers: Vec<SettlingAnswer>,
    /// What to ask: as in `missing`.
    pub ask: Vec<String>,
}

/// Answers, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SettlingAnswer {
    /// The answers: of a right by what its conditions ask (`fact:ID`,
    /// `level:INSTRUMENT`, …), of a level by code. A number stands for the range that it
    /// lies in.
    pub given: BTreeMap<String, Found>,
    /// Key of the status, or of the level.
    pub to: String,
}

impl Settling {
    pub(crate) fn new(ask: Vec<String>, always: bool, answers: Vec<SettlingAnswer>) -> Self {
        Self {
            always,
            answers,
            ask,
        }
    }
}

impl SettlingAnswer {
    pub(crate) fn new(given: BTreeMap<String, Found>, to: &str) -> Self {
        Self {
            given,
            to: to.to_owned(),
        }
    }
}

/// Largest set that is looked at.
const LARGEST: usize = 4;
/// Most answers to one set that are tried: beyond, nothing is claimed of it.
const MOST_ANSWERS: usize = 1024;
/// Most answers that are tried for one right.
const MOST_TRIED: usize = 20_000;

impl Decider<'_> {
    /// Whether answers contradict nothing that is known. That an assessment is absent says
    /// nothing of the level that it would come to.
    fn allows(&self, answers: &[(usize, Truth)]) -> bool {
        let evaluation = &self.evaluation;
        answers.iter().all(|(question, truth)| {
            let absent = matches!(
                evaluation.rights.questions.get(*question),
                Some(Question::Level { instrument, .. })
                    if evaluation.person.latest(instrument).is_none()
            );
            let known = evaluation.answer(*question);
            absent || known == Truth::Unknown || known == *truth
        })
    }
}

/// Everything that one thing to ask can be answered with: one or more variables, since
/// an assessment gives a level and diagnoses.
struct Ask {
    name: String,
    variables: Vec<(String, Vec<Possible>)>,
}

impl Ask {
    fn count(&self) -> usize {
        let counts = self.variables.iter().map(|(_, values)| values.len().max(1));
        counts.fold(1, usize::saturating_mul)
    }
}

/// The shortest sets of things to ask that settle an undetermined right, the smallest
/// first.
pub(super) fn settle(
    decider: &Decider<'_>,
    decided: &Decided<'_>,
    sampler: Sampler<'_>,
) -> Vec<Settling> {
    let asks = asks(decider, decided, sampler);
    let mut found: Vec<(Vec<usize>, Settling)> = Vec::new();
    let mut left = MOST_TRIED;
    for size in 1..=asks.len().min(LARGEST) {
        for set in subsets(asks.len(), size) {
            let holds_known = |wanted: &dyn Fn(&Settling) -> bool| {
                found.iter().any(|(known, settling)| {
                    wanted(settling) && known.iter().all(|ask| set.contains(ask))
                })
            };
            if holds_known(&|settling| settling.always) {
                continue;
            }
            let shorter = holds_known(&|_| true);
            let chosen: Vec<&Ask> = set.iter().filter_map(|ask| asks.get(*ask)).collect();
            let count = chosen
                .iter()
                .fold(1usize, |all, ask| all.saturating_mul(ask.count()));
            if count > MOST_ANSWERS || count > left {
                continue;
            }
            left -= count;
            let settling = tried(decider, decided, &chosen);
            // Of a set that only may settle it, what is shorter and may, too, is enough.
            if settling.always || !settling.answers.is_empty() && !shorter {
                found.push((set, settling));
            }
        }
    }
    let mut out: Vec<Settling> = found.into_iter().map(|(_, settling)| settling).collect();
    if !out.iter().any(|settling| settling.always) {
        // Once everything that it waits for is known, it is settled.
        let all = asks.iter().map(|ask| ask.name.clone()).collect();
        out.push(Settling::new(all, true, Vec::new()));
    }
    out
}

/// Every set of so many of the positions below `of`.
pub(crate) fn subsets(of: usize, size: usize) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size {
        out = out
            .into_iter()
            .flat_map(|set| {
                let first = set.last().map_or(0, |last| last + 1);
                (first..of).map(move |next| {
                    let mut longer = set.clone();
                    longer.push(next);
                    longer
                })
            })
            .collect();
    }
    out
}

fn asks(decider: &Decider<'_>, decided: &Decided<'_>, sampler: Sampler<'_>) -> Vec<Ask> {
    let rights = decider.evaluation.rights;
    let open = decider.open_questions(decided);
    let mut positions: Vec<usize> = open
        .iter()
        .filter_map(|question| rights.missing.get(*question).copied())
        .collect();
    positions.sort_unstable();
    positions.dedup();
    let of_ask = |position: usize| -> Vec<usize> {
        let all = rights.missing.iter().enumerate();
        all.filter(|(_, ask)| **ask == position)
            .map(|(question, _)| question)
            .collect()
    };
    positions
        .into_iter()
        .filter_map(|position| {
            let variables = sampler.variables(&of_ask(position)).into_iter();
            let variables = variables
                .map(|variable| {
                    let mut values: Vec<Possible> = Vec::new();
                    for mut value in variable.values {
                        let possible = decider.allows(&value.answers);
                        value
                            .answers
                            .retain(|(question, _)| open.contains(question));
                        let same = |other: &Possible| other.answers == value.answers;
                        if possible && !value.is_absence() && !values.iter().any(same) {
                            values.push(value);
                        }
                    }
                    (variable.name, values)
                })
                .filter(|(_, values)| values.iter().any(|value| !value.answers.is_empty()))
                .collect();
            Some(Ask {
                name: rights.asks.get(position)?.clone(),
                variables,
            })
        })
        .collect()
}

/// Tries every answer to a set.
fn tried(decider: &Decider<'_>, decided: &Decided<'_>, asks: &[&Ask]) -> Settling {
    let variables: Vec<&(String, Vec<Possible>)> =
        asks.iter().flat_map(|ask| &ask.variables).collect();
    let mut always = true;
    let mut answers: Vec<SettlingAnswer> = Vec::new();
    let mut chosen = vec![0usize; variables.len()];
    loop {
        let values = || {
            variables
                .iter()
                .zip(&chosen)
                .filter_map(|((name, values), value)| Some((name, values.get(*value)?)))
        };
        let status = decider.status_with(decided, &|question| {
            let known = decider.evaluation.answer(question);
            if known != Truth::Unknown {
                return known;
            }
            values()
                .flat_map(|(_, value)| &value.answers)
                .find_map(|(asked, truth)| (*asked == question).then_some(*truth))
                .unwrap_or(Truth::Unknown)
        });
        if status == Status::Undetermined {
            always = false;
        } else {
            let to = status.as_str();
            if asks.len() == 1 || !answers.iter().any(|answer| answer.to == to) {
                let given = values().map(|(name, value)| (name.clone(), value.value.clone()));
                answers.push(SettlingAnswer::new(given.collect(), to));
            }
        }
        // The next combination, the last variable turning fastest.
        let mut turned = false;
        for (place, (_, values)) in chosen.iter_mut().zip(&variables).rev() {
            *place += 1;
            if *place < values.len() {
                turned = true;
                break;
            }
            *place = 0;
        }
        if !turned {
            break;
        }
    }
    Settling::new(
        asks.iter().map(|ask| ask.name.clone()).collect(),
        always,
        answers,
    )
}

#[cfg(test)]
mod tests {
    use super::subsets;

    #[test]
    fn every_set_once() {
        assert_eq!(subsets(4, 1), [[0], [1], [2], [3]]);
        assert_eq!(
            subsets(4, 2),
            [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
        );
        assert_eq!(subsets(3, 3), [[0, 1, 2]]);
        assert_eq!(subsets(2, 3), Vec::<Vec<usize>>::new());
    }
}
