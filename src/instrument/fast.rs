//! From complete scores and grounds to a level, without allocation.
//!
//! The same program as [`super::evaluate`], run on single values. The two are
//! compared on every kind of form in the tests.

use std::collections::BTreeSet;
use std::ops::Range;

use super::definition::FieldType;
use super::evaluate::level_after;
use super::program::{Change, Cond, Op, Program, Source};
use super::values::Values;
use super::{Instrument, MAX_RULES, MAX_STEPS, Readings};
use crate::determination::Level;

/// The score of one item: 0 to 15, as the instrument allows. For an item without
/// scores: the position of the option, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct Score(u8);

impl Score {
    /// A score. Whether an item allows it is asked when it is used.
    #[must_use]
    pub const fn new(score: u8) -> Self {
        Self(score)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl From<u8> for Score {
    fn from(score: u8) -> Self {
        Self(score)
    }
}

/// What a level change asks, beside the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ground<'i> {
    /// Official code of the field.
    pub code: &'i str,
    /// The ICD-10 ranges asked for, where the field lists diagnoses: 1 if one of
    /// the diagnoses lies within them, otherwise 0. Elsewhere empty: 0 or 1 for a
    /// yes-or-no field, the code of the option for a choice.
    pub within: &'i [String],
    /// Greatest value.
    pub max: u8,
}

/// Scores or grounds that an instrument does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// Another number of scores than items.
    #[error("expected {expected} scores; found {found}")]
    ScoreCount {
        /// Items of the instrument.
        expected: usize,
        /// Scores given.
        found: usize,
    },
    /// Another number of grounds than the level change asks.
    #[error("expected {expected} grounds; found {found}")]
    GroundCount {
        /// Grounds of the instrument.
        expected: usize,
        /// Grounds given.
        found: usize,
    },
    /// A score that its item does not allow.
    #[error("item {item} (from 0) does not allow score {score}")]
    Score {
        /// Position of the item.
        item: usize,
        /// The score given.
        score: u8,
    },
    /// A value that a ground does not have.
    #[error("ground {ground} (from 0) does not have the value {value}")]
    Ground {
        /// Position of the ground.
        ground: usize,
        /// The value given.
        value: u8,
    },
    /// Scores alone do not decide: a rule asks for an option that shares its score
    /// with another, or is not in this rulebook.
    #[error("scores alone do not decide: a rule asks for more, or is not in this rulebook")]
    ScoresDoNotDecide,
}

/// The program prepared for single values.
#[derive(Debug)]
pub(super) struct FastPlan {
    /// Greatest score of each item.
    max: Vec<u8>,
    /// Items that do not allow every score up to it, with those they allow.
    gapped: Vec<(usize, u16)>,
    /// Values that each ground has, as bits.
    grounds: Vec<u16>,
    /// The steps that the level needs, with their positions.
    steps: Vec<(usize, FastOp)>,
    level: usize,
}

#[derive(Debug)]
enum FastOp {
    /// Items that stand together, and earlier steps.
    Sum {
        items: Range<usize>,
        steps: Vec<usize>,
    },
    SumOf {
        items: Vec<usize>,
        steps: Vec<usize>,
    },
    /// Items, each with the scores that count.
    Count(Vec<(usize, u16)>),
    /// Over one earlier step: the value of each of its values.
    Band {
        step: usize,
        values: Vec<u8>,
    },
    Lookup(usize),
    Change {
        position: usize,
        rules: Vec<FastCond>,
    },
}

/// A condition over scores, grounds and steps that are all known.
#[derive(Debug)]
enum FastCond {
    All(Vec<FastCond>),
    Any(Vec<FastCond>),
    Not(Box<FastCond>),
    Score {
        item: usize,
        accept: u16,
    },
    Ground {
        ground: usize,
        accept: u16,
    },
    Step {
        step: usize,
        accept: Values,
    },
    SumOfGrounds {
        grounds: Range<usize>,
        at_least: u16,
    },
    Count {
        parts: Vec<FastCond>,
        at_least: usize,
        at_most: usize,
    },
    Sum {
        scores: Vec<usize>,
        grounds: Vec<usize>,
        at_least: u16,
    },
    Reading {
        interpretation: usize,
        choices: Vec<FastCond>,
    },
}

struct Given<'g> {
    scores: &'g [Score],
    grounds: &'g [u8],
    steps: &'g [u8; MAX_STEPS],
    readings: Readings,
}

impl FastPlan {
    /// None where scores alone do not decide.
    pub(super) fn of(program: &Program) -> Option<Self> {
        let mut max = Vec::new();
        let mut gapped = Vec::new();
        for (i, slot) in program.slots.iter().take(program.items).enumerate() {
            max.push(slot.most);
            let allowed = number_bits(slot.numbers.iter().copied());
            if allowed.count_ones() != u32::from(slot.most) + 1 {
                gapped.push((i, allowed));
            }
        }
        let grounds = program
            .grounds
            .iter()
            .filter_map(|slot| program.slots.get(*slot))
            .map(|slot| number_bits(slot.numbers.iter().copied()))
            .collect();
        let needed = needed(program);
        let mut steps = Vec::new();
        for (position, op) in program.steps.iter().enumerate() {
            if !needed.contains(&position) {
                continue;
            }
            let op = match op {
                Op::Sum { .. } => {
                    let (mut items, steps) = flat_sum(program, position);
                    items.sort_unstable();
                    match (items.first(), items.last()) {
                        (Some(first), Some(last)) if items.iter().copied().eq(*first..=*last) => {
                            FastOp::Sum {
                                items: *first..*last + 1,
                                steps,
                            }
                        }
                        _ => FastOp::SumOf { items, steps },
                    }
                }
                Op::Count { of } => FastOp::Count(
                    of.iter()
                        .map(|(slot, mask)| {
                            let bits = by_number(program, *slot, *mask)?;
                            Some((*slot, bits))
                        })
                        .collect::<Option<_>>()?,
                ),
                Op::Lookup(lookup) if lookup.by_option(program) => return None,
                Op::Lookup(lookup) => match lookup.inputs.as_slice() {
                    [input] if lookup.by.is_none() => match input.source {
                        Source::Step(step) => FastOp::Band {
                            step,
                            values: (0..input.dense.len())
                                .map(|value| {
                                    let value = u8::try_from(value).unwrap_or(u8::MAX);
                                    lookup
                                        .cell(Readings::default(), std::iter::once(value))
                                        .map_or(0, |cell| cell.value)
                                })
                                .collect(),
                        },
                        Source::Item(_) => FastOp::Lookup(position),
                    },
                    _ => FastOp::Lookup(position),
                },
                // What is not known cannot be looked up.
                Op::Open(_) => return None,
                Op::Change(change) => FastOp::Change {
                    position,
                    rules: change
                        .rules
                        .iter()
                        .map(|rule| FastCond::of(&rule.when, program))
                        .collect::<Option<_>>()?,
                },
            };
            steps.push((position, op));
        }
        Some(Self {
            max,
            gapped,
            grounds,
            steps,
            level: program.result.level,
        })
    }

    /// Whether no rule asks for an option that shares its score with another.
    pub(super) fn scores_say_all(program: &Program) -> bool {
        program.steps.iter().all(|op| match op {
            Op::Sum { .. } | Op::Open(_) => true,
            Op::Count { of } => of
                .iter()
                .all(|(slot, mask)| by_number(program, *slot, *mask).is_some()),
            Op::Lookup(lookup) => !lookup.by_option(program),
            Op::Change(change) => change
                .rules
                .iter()
                .all(|rule| FastCond::of(&rule.when, program).is_some()),
        })
    }

    fn check(&self, scores: &[Score], grounds: &[u8]) -> Result<(), InputError> {
        if scores.len() != self.max.len() {
            return Err(InputError::ScoreCount {
                expected: self.max.len(),
                found: scores.len(),
            });
        }
        if grounds.len() != self.grounds.len() {
            return Err(InputError::GroundCount {
                expected: self.grounds.len(),
                found: grounds.len(),
            });
        }
        // Without an early way out, so that the common case runs in vectors.
        let within = scores
            .iter()
            .zip(&self.max)
            .fold(true, |within, (score, max)| within & (score.0 <= *max));
        let allowed = |score: u8, bits: u16| score < 16 && bits >> score & 1 == 1;
        let refused = if within {
            self.gapped.iter().find_map(|(item, bits)| {
                let score = scores.get(*item)?.0;
                (!allowed(score, *bits)).then_some((*item, score))
            })
        } else {
            scores
                .iter()
                .zip(&self.max)
                .position(|(score, max)| score.0 > *max)
                .and_then(|item| Some((item, scores.get(item)?.0)))
        };
        if let Some((item, score)) = refused {
            return Err(InputError::Score { item, score });
        }
        for (ground, (value, bits)) in grounds.iter().zip(&self.grounds).enumerate() {
            if !allowed(*value, *bits) {
                return Err(InputError::Ground {
                    ground,
                    value: *value,
                });
            }
        }
        Ok(())
    }

    fn run(&self, program: &Program, scores: &[Score], grounds: &[u8], readings: Readings) -> u8 {
        let mut steps = [0u8; MAX_STEPS];
        let at = |steps: &[u8; MAX_STEPS], step: usize| steps.get(step).copied().unwrap_or(0);
        let score = |item: usize| scores.get(item).map_or(0, |score| score.0);
        for (i, op) in &self.steps {
            // No sum goes beyond 127, as loading has proved.
            let value = match op {
                FastOp::Sum { items, steps: of } => {
                    let items = scores.get(items.clone()).unwrap_or_default();
                    let sum = items
                        .iter()
                        .fold(0u8, |sum, score| sum.wrapping_add(score.0));
                    of.iter()
                        .fold(sum, |sum, step| sum.wrapping_add(at(&steps, *step)))
                }
                FastOp::SumOf { items, steps: of } => items
                    .iter()
                    .map(|item| score(*item))
                    .chain(of.iter().map(|step| at(&steps, *step)))
                    .fold(0u8, u8::wrapping_add),
                FastOp::Count(of) => of.iter().fold(0u8, |sum, (item, bits)| {
                    sum.wrapping_add(u8::from(bits >> (score(*item) & 15) & 1 == 1))
                }),
                FastOp::Band { step, values } => values
                    .get(usize::from(at(&steps, *step)))
                    .copied()
                    .unwrap_or(0),
                FastOp::Lookup(position) => match program.steps.get(*position) {
                    Some(Op::Lookup(lookup)) => {
                        let values = lookup.inputs.iter().map(|input| match input.source {
                            Source::Item(item) => program
                                .slots
                                .get(item)
                                .map_or(0, |slot| slot.option_of(score(item))),
                            Source::Step(step) => at(&steps, step),
                        });
                        lookup.cell(readings, values).map_or(0, |cell| cell.value)
                    }
                    _ => 0,
                },
                FastOp::Change { position, rules } => match program.steps.get(*position) {
                    Some(Op::Change(change)) => {
                        let given = Given {
                            scores,
                            grounds,
                            steps: &steps,
                            readings,
                        };
                        changed(change, rules, &given)
                    }
                    _ => 0,
                },
            };
            if let Some(place) = steps.get_mut(*i) {
                *place = value;
            }
        }
        at(&steps, self.level)
    }
}

/// A sum with the sums it adds taken apart: its items, and the other steps.
fn flat_sum(program: &Program, position: usize) -> (Vec<usize>, Vec<usize>) {
    let Some(Op::Sum { items, steps }) = program.steps.get(position) else {
        return (Vec::new(), vec![position]);
    };
    let mut out = (items.clone(), Vec::new());
    for step in steps {
        let (items, steps) = flat_sum(program, *step);
        out.0.extend(items);
        out.1.extend(steps);
    }
    out
}

/// The steps that the level rests on, sums taken apart.
fn needed(program: &Program) -> BTreeSet<usize> {
    let mut needed = BTreeSet::new();
    let mut open = vec![program.result.level];
    while let Some(position) = open.pop() {
        if !needed.insert(position) {
            continue;
        }
        match program.steps.get(position) {
            Some(Op::Sum { .. }) => open.extend(flat_sum(program, position).1),
            Some(Op::Lookup(lookup)) => {
                open.extend(lookup.inputs.iter().filter_map(|input| match input.source {
                    Source::Step(step) => Some(step),
                    Source::Item(_) => None,
                }));
            }
            Some(Op::Change(change)) => {
                open.push(change.of);
                for rule in &change.rules {
                    open.extend(rule.when.asked_ever().1);
                }
            }
            Some(Op::Count { .. } | Op::Open(_)) | None => {}
        }
    }
    needed
}

fn changed(change: &Change, rules: &[FastCond], given: &Given<'_>) -> u8 {
    let mut met = [false; MAX_RULES];
    for (met, rule) in met.iter_mut().zip(rules) {
        *met = rule.holds(given);
    }
    let before = given.steps.get(change.of).copied().unwrap_or(0);
    level_after(
        change,
        before,
        |rule| met.get(rule).copied().unwrap_or(false),
        given.readings,
    )
}

pub(super) fn number_bits(numbers: impl Iterator<Item = u8>) -> u16 {
    numbers.fold(0, |bits, number| {
        bits | 1u16.checked_shl(u32::from(number)).unwrap_or(0)
    })
}

/// The numbers whose answers all lie in `mask`; none if a number has answers on
/// both sides.
pub(super) fn by_number(program: &Program, slot: usize, mask: u16) -> Option<u16> {
    let slot = program.slots.get(slot)?;
    let mut bits = 0;
    for number in &slot.numbers {
        let answers = slot.mask_of(*number);
        if answers & !mask == 0 {
            bits |= 1 << number;
        } else if answers & mask != 0 {
            return None;
        }
    }
    Some(bits)
}

impl FastCond {
    fn of(cond: &Cond, program: &Program) -> Option<Self> {
        let all = |parts: &[Cond]| {
            parts
                .iter()
                .map(|part| Self::of(part, program))
                .collect::<Option<Vec<_>>>()
        };
        let ground = |slot: usize| program.grounds.iter().position(|ground| *ground == slot);
        Some(match cond {
            Cond::All(parts) => Self::All(all(parts)?),
            Cond::Any(parts) => Self::Any(all(parts)?),
            Cond::Not(part) => Self::Not(Box::new(Self::of(part, program)?)),
            Cond::Accept { slot, mask } => {
                let accept = by_number(program, *slot, *mask)?;
                if *slot < program.items {
                    Self::Score {
                        item: *slot,
                        accept,
                    }
                } else {
                    Self::Ground {
                        ground: ground(*slot)?,
                        accept,
                    }
                }
            }
            Cond::Count {
                parts,
                at_least,
                at_most,
            } => Self::Count {
                parts: all(parts)?,
                at_least: *at_least,
                at_most: *at_most,
            },
            Cond::Step { step, accept } => Self::Step {
                step: *step,
                accept: *accept,
            },
            Cond::Sum { slots, at_least } => {
                let (scores, others): (Vec<usize>, Vec<usize>) =
                    slots.iter().partition(|slot| **slot < program.items);
                let grounds = others
                    .into_iter()
                    .map(ground)
                    .collect::<Option<Vec<usize>>>()?;
                match (scores.is_empty(), grounds.first(), grounds.last()) {
                    (true, Some(first), Some(last))
                        if grounds.iter().copied().eq(*first..=*last) =>
                    {
                        Self::SumOfGrounds {
                            grounds: *first..*last + 1,
                            at_least: *at_least,
                        }
                    }
                    _ => Self::Sum {
                        scores,
                        grounds,
                        at_least: *at_least,
                    },
                }
            }
            Cond::Reading {
                interpretation,
                choices,
            } => Self::Reading {
                interpretation: *interpretation,
                choices: all(choices)?,
            },
        })
    }

    fn holds(&self, given: &Given<'_>) -> bool {
        let ground = |ground: usize| given.grounds.get(ground).copied().unwrap_or(0);
        let score = |item: usize| given.scores.get(item).map_or(0, |score| score.0);
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(given)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(given)),
            Self::Not(part) => !part.holds(given),
            Self::Score { item, accept } => accept >> (score(*item) & 15) & 1 == 1,
            Self::Ground { ground: i, accept } => accept >> (ground(*i) & 15) & 1 == 1,
            Self::Step { step, accept } => given
                .steps
                .get(*step)
                .is_some_and(|value| accept.contains(*value)),
            Self::SumOfGrounds { grounds, at_least } => {
                let grounds = given.grounds.get(grounds.clone()).unwrap_or_default();
                let sum: u16 = grounds.iter().map(|value| u16::from(*value)).sum();
                sum >= *at_least
            }
            Self::Count {
                parts,
                at_least,
                at_most,
            } => {
                let count = parts.iter().filter(|part| part.holds(given)).count();
                (*at_least..=*at_most).contains(&count)
            }
            Self::Sum {
                scores,
                grounds,
                at_least,
            } => {
                let sum: u16 = scores
                    .iter()
                    .map(|item| u16::from(score(*item)))
                    .chain(grounds.iter().map(|i| u16::from(ground(*i))))
                    .sum();
                sum >= *at_least
            }
            Self::Reading {
                interpretation,
                choices,
            } => choices
                .get(given.readings.of(*interpretation))
                .is_some_and(|choice| choice.holds(given)),
        }
    }
}

impl Instrument {
    /// What the level change asks beside the scores, in the order in which
    /// [`Instrument::level`] takes it.
    pub fn grounds(&self) -> impl Iterator<Item = Ground<'_>> {
        self.program.grounds.iter().filter_map(|position| {
            let slot = self.program.slots.get(*position)?;
            let field = self
                .definition
                .fields
                .iter()
                .find(|field| field.code == slot.code)?;
            let within = match field.answer {
                FieldType::Diagnoses => self.asked_ranges(*position)?,
                _ => &[],
            };
            Some(Ground {
                code: &slot.code,
                within,
                max: slot.most,
            })
        })
    }

    /// The level of a complete form, under the default readings.
    ///
    /// `scores` stand in the order of [`Instrument::items`], `grounds` in that of
    /// [`Instrument::grounds`]. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// When a score or ground is not one that the instrument has, when there are
    /// too many or too few, or when scores alone do not decide.
    ///
    /// ```
    /// use nengli::{Rulebook, Score};
    ///
    /// let rulebook = Rulebook::builtin()?;
    /// let gbt = rulebook.instrument("gbt-42195-2022").ok_or("no such instrument")?;
    /// let best: Vec<Score> = gbt
    ///     .items()
    ///     .map(|item| Score::new(item.options[0].score.unwrap_or(0)))
    ///     .collect();
    /// let no_grounds = vec![0; gbt.grounds().count()];
    /// assert_eq!(gbt.level(&best, &no_grounds)?.key, "intact");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn level(&self, scores: &[Score], grounds: &[u8]) -> Result<&Level, InputError> {
        self.level_under(self.default_readings(), scores, grounds)
    }

    /// As [`Instrument::level`], under the given readings.
    ///
    /// # Errors
    ///
    /// As [`Instrument::level`].
    pub fn level_under(
        &self,
        readings: Readings,
        scores: &[Score],
        grounds: &[u8],
    ) -> Result<&Level, InputError> {
        let plan = self.fast.as_ref().ok_or(InputError::ScoresDoNotDecide)?;
        plan.check(scores, grounds)?;
        let code = plan.run(&self.program, scores, grounds, readings);
        self.level_of_code(code)
            .ok_or(InputError::ScoresDoNotDecide)
    }
}
