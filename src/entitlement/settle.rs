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
    /// `level:INSTRUMENT`, …), of a level by code. A list names keys any of which will do;
    /// of numbers there is the range, as `≤ 5`, `6–11` or `≥ 12`.
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
    /// Whether answers contradict nothing that is known. That an assessment is absent, or
    /// too old, says nothing of the level that a new one would come to.
    fn allows(&self, answers: &[(usize, Truth)]) -> bool {
        let evaluation = &self.evaluation;
        let latest = |question| match evaluation.rights.questions.get(question)? {
            Question::Level { instrument, .. } => Some(evaluation.person.latest(instrument)),
            _ => None,
        };
        // A level that is there and does not answer is too old.
        let renewed = answers.iter().any(|(question, _)| {
            evaluation.answer(*question) == Truth::Unknown
                && matches!(latest(*question), Some(Some(found)) if found.result.level.is_some())
        });
        answers.iter().all(|(question, truth)| {
            let free = matches!(latest(*question), Some(found) if renewed || found.is_none());
            let known = evaluation.answer(*question);
            free || known == Truth::Unknown || known == *truth
        })
    }

    /// The values that open questions tell apart, those alike as one.
    fn told_apart(&self, values: Vec<Possible>, open: &[usize]) -> Vec<Possible> {
        let mut out: Vec<(Possible, Vec<Found>)> = Vec::new();
        for mut value in values {
            if value.is_absence() || !self.allows(&value.answers) {
                continue;
            }
            value
                .answers
                .retain(|(question, _)| open.contains(question));
            let found = value.value.clone();
            match out
                .iter_mut()
                .find(|(known, _)| known.answers == value.answers)
            {
                Some((_, alike)) => alike.push(found),
                None => out.push((value, vec![found])),
            }
        }
        let last = out.len().saturating_sub(1);
        out.into_iter()
            .enumerate()
            .map(|(i, (possible, alike))| Possible {
                value: alike_as_one(&alike, i == 0, i == last).unwrap_or(possible.value),
                answers: possible.answers,
            })
            .collect()
    }
}

/// Values between which no question tells, as one: keys as a list, numbers as the range
/// that they stand for.
fn alike_as_one(alike: &[Found], first: bool, last: bool) -> Option<Found> {
    let numbers: Option<Vec<i64>> = alike
        .iter()
        .map(|found| match found {
            Found::Number(number) => Some(*number),
            _ => None,
        })
        .collect();
    if let Some(numbers) = numbers {
        let (least, most) = (numbers.iter().min()?, numbers.iter().max()?);
        let range = match (first, last) {
            (true, true) => return None,
            (true, false) => format!("≤ {most}"),
            (false, true) => format!("≥ {least}"),
            (false, false) => format!("{least}–{most}"),
        };
        return Some(Found::Text(range.into()));
    }
    let keys: Option<Vec<String>> = alike
        .iter()
        .map(|found| match found {
            Found::Text(key) => Some(key.to_string()),
            _ => None,
        })
        .collect();
    keys.filter(|keys| keys.len() > 1).map(Found::List)
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
                    let values = decider.told_apart(variable.values, &open);
                    (variable.name, values)
                })
                .filter(|(_, values)| values.iter().any(|value| !value.answers.is_empty()))
                .collect();
            Some(Ask {
                name: rights.asks.get(position)?.to_string(),
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
