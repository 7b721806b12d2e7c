//! From complete scores and grounds to a level, without allocation.
//!
//! The same program as [`super::evaluate`], run on single values. The two are
//! compared on every kind of form in the tests.

use std::collections::BTreeSet;

use super::definition::FieldType;
use super::evaluate::level_after;
use super::program::{Cond, Op, Program, Source};
use super::values::Values;
use super::{Instrument, MAX_SLOTS, MAX_STEPS, Readings};
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

/// A complete form, items and then grounds, at a fixed length: so that what is asked of
/// all of them at once (ranges, sums) runs in a few vector instructions without loops.
type Form = [u8; MAX_SLOTS];

/// The program prepared for single values.
#[derive(Debug)]
pub(super) struct FastPlan {
    items: usize,
    grounds: usize,
    /// Greatest value of each place of a form; where none stands, 0.
    max: Box<Form>,
    /// Places that do not allow every value up to it, with those they allow as bits.
    gapped: Vec<(usize, u16)>,
    /// The steps that the level needs, with their positions.
    steps: Vec<(usize, FastOp)>,
    level: usize,
}

#[derive(Debug)]
enum FastOp {
    /// Items, and earlier steps.
    Sum {
        items: Part,
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

/// Places of a form that are added up.
#[derive(Debug)]
struct Part {
    /// 255 where one belongs to it, otherwise 0.
    mask: Box<Form>,
    /// Places that count once more, or that might take the sum of the others beyond a
    /// byte: as a rule none.
    more: Vec<usize>,
}

/// A condition over values and steps that are all known.
#[derive(Debug)]
enum FastCond {
    All(Vec<FastCond>),
    Any(Vec<FastCond>),
    Not(Box<FastCond>),
    Answer {
        place: usize,
        accept: u16,
    },
    Step {
        step: usize,
        accept: Values,
    },
    Count {
        parts: Vec<FastCond>,
        at_least: usize,
        at_most: usize,
    },
    Sum {
        of: Part,
        at_least: u16,
    },
    Reading {
        interpretation: usize,
        choices: Vec<FastCond>,
    },
}

struct Given<'g> {
    form: &'g Form,
    steps: &'g [u8; MAX_STEPS],
    readings: Readings,
}

impl FastPlan {
    /// None where scores alone do not decide.
    pub(super) fn of(program: &Program) -> Option<Self> {
        let (mut max, mut gapped) = (Box::new([0; MAX_SLOTS]), Vec::new());
        let slots = (0..program.items).chain(program.grounds.iter().copied());
        for (place, slot) in slots.enumerate() {
            let slot = program.slots.get(slot)?;
            *max.get_mut(place)? = slot.most;
            let allowed = number_bits(slot.numbers.iter().copied());
            if allowed.count_ones() != u32::from(slot.most) + 1 {
                gapped.push((place, allowed));
            }
        }
        let needed = needed(program);
        let mut steps = Vec::new();
        for (position, op) in program.steps.iter().enumerate() {
            if !needed.contains(&position) {
                continue;
            }
            let op = match op {
                Op::Sum { .. } => {
                    let (items, steps) = flat_sum(program, position);
                    let items = Part::of(program, &items)?;
                    FastOp::Sum { items, steps }
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
            items: program.items,
            grounds: program.grounds.len(),
            max,
            gapped,
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

    /// Fills a form of zeros, when every value is one that its place has.
    #[inline]
    fn fill(&self, form: &mut Form, scores: &[Score], grounds: &[u8]) -> Result<(), InputError> {
        if scores.len() != self.items {
            return Err(InputError::ScoreCount {
                expected: self.items,
                found: scores.len(),
            });
        }
        if grounds.len() != self.grounds {
            return Err(InputError::GroundCount {
                expected: self.grounds,
                found: grounds.len(),
            });
        }
        let (own, rest) = form.split_at_mut_checked(scores.len()).unwrap_or_default();
        for (place, score) in own.iter_mut().zip(scores) {
            *place = score.0;
        }
        for (place, ground) in rest.iter_mut().zip(grounds) {
            *place = *ground;
        }
        // Without an early way out, so that it runs in vectors.
        let within = (form.iter().zip(self.max.iter()))
            .fold(true, |within, (value, max)| within & (value <= max));
        let gaps = (self.gapped.iter()).fold(true, |allowed, (place, bits)| {
            allowed & allows(*bits, at(form, *place))
        });
        if within & gaps {
            Ok(())
        } else {
            Err(self.refusal(form))
        }
    }

    /// The first value that its place does not have.
    #[cold]
    fn refusal(&self, form: &Form) -> InputError {
        let beyond = form.iter().zip(self.max.iter());
        let beyond = beyond.map(|(value, max)| value > max);
        let gap = |place: usize| {
            let gap = self.gapped.iter().find(|(gapped, _)| *gapped == place);
            gap.is_some_and(|(_, bits)| !allows(*bits, at(form, place)))
        };
        let place = (0..).zip(beyond);
        let place = place
            .into_iter()
            .find(|(place, beyond)| *beyond || gap(*place));
        let place = place.map_or(0, |(place, _)| place);
        let value = at(form, place);
        match place.checked_sub(self.items) {
            None => InputError::Score {
                item: place,
                score: value,
            },
            Some(ground) => InputError::Ground { ground, value },
        }
    }

    #[inline]
    fn run(&self, program: &Program, form: &Form, readings: Readings) -> u8 {
        let mut steps = [0u8; MAX_STEPS];
        for (i, op) in &self.steps {
            // No sum goes beyond 127, as loading has proved.
            let value = match op {
                FastOp::Sum { items, steps: of } => {
                    let sum = u8::try_from(items.sum(form)).unwrap_or(u8::MAX);
                    of.iter()
                        .fold(sum, |sum, step| sum.wrapping_add(at(&steps, *step)))
                }
                FastOp::Count(of) => of.iter().fold(0u8, |sum, (item, bits)| {
                    sum.wrapping_add(u8::from(allows(*bits, at(form, *item))))
                }),
                FastOp::Band { step, values } => at(values, usize::from(at(&steps, *step))),
                FastOp::Lookup(position) => match program.steps.get(*position) {
                    Some(Op::Lookup(lookup)) => {
                        let values = lookup.inputs.iter().map(|input| match input.source {
                            Source::Item(item) => program
                                .slots
                                .get(item)
                                .map_or(0, |slot| slot.option_of(at(form, item))),
                            Source::Step(step) => at(&steps, step),
                        });
                        lookup.cell(readings, values).map_or(0, |cell| cell.value)
                    }
                    _ => 0,
                },
                FastOp::Change { position, rules } => match program.steps.get(*position) {
                    Some(Op::Change(change)) => {
                        let given = Given {
                            form,
                            steps: &steps,
                            readings,
                        };
                        let met =
                            |rule: usize| rules.get(rule).is_some_and(|rule| rule.holds(&given));
                        level_after(change, at(&steps, change.of), met, readings)
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

impl Part {
    /// None where a slot has no place in a form.
    fn of(program: &Program, slots: &[usize]) -> Option<Self> {
        let (mut mask, mut more) = (Box::new([0; MAX_SLOTS]), Vec::new());
        let mut most = 0u8;
        for slot in slots {
            let own = program.slots.get(*slot)?.most;
            let position = place(program, *slot)?;
            let place = mask.get_mut(position)?;
            match most.checked_add(own) {
                Some(sum) if *place == 0 => (most, *place) = (sum, u8::MAX),
                _ => more.push(position),
            }
        }
        Some(Self { mask, more })
    }

    fn sum(&self, form: &Form) -> u16 {
        let sum = (form.iter().zip(self.mask.iter()))
            .fold(0, |sum: u8, (value, own)| sum.wrapping_add(value & own));
        let more = self.more.iter().map(|place| u16::from(at(form, *place)));
        u16::from(sum) + more.sum::<u16>()
    }
}

/// Where the answer of a slot stands in a form.
fn place(program: &Program, slot: usize) -> Option<usize> {
    if slot < program.items {
        return Some(slot);
    }
    let ground = program.grounds.iter().position(|ground| *ground == slot)?;
    Some(program.items + ground)
}

fn at(values: &[u8], place: usize) -> u8 {
    values.get(place).copied().unwrap_or(0)
}

/// Whether the bit of a value is set; beyond 15, none is.
fn allows(bits: u16, value: u8) -> bool {
    value < 16 && bits >> value & 1 == 1
}

/// A sum with the sums it adds taken apart: its items, and the other steps.
pub(super) fn flat_sum(program: &Program, position: usize) -> (Vec<usize>, Vec<usize>) {
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
pub(super) fn needed(program: &Program) -> BTreeSet<usize> {
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
        Some(match cond {
            Cond::All(parts) => Self::All(all(parts)?),
            Cond::Any(parts) => Self::Any(all(parts)?),
            Cond::Not(part) => Self::Not(Box::new(Self::of(part, program)?)),
            Cond::Accept { slot, mask } => Self::Answer {
                place: place(program, *slot)?,
                accept: by_number(program, *slot, *mask)?,
            },
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
            Cond::Sum { slots, at_least } => Self::Sum {
                of: Part::of(program, slots)?,
                at_least: *at_least,
            },
            Cond::Reading {
                interpretation,
                choices,
            } => Self::Reading {
                interpretation: *interpretation,
                choices: all(choices)?,
            },
        })
    }

    /// What most rules are, without a call.
    #[inline]
    fn holds(&self, given: &Given<'_>) -> bool {
        match self {
            Self::Answer { place, accept } => allows(*accept, at(given.form, *place)),
            Self::Step { step, accept } => given
                .steps
                .get(*step)
                .is_some_and(|value| accept.contains(*value)),
            Self::Sum { of, at_least } => of.sum(given.form) >= *at_least,
            _ => self.together_holds(given),
        }
    }

    fn together_holds(&self, given: &Given<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(given)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(given)),
            Self::Not(part) => !part.holds(given),
            Self::Answer { .. } | Self::Step { .. } | Self::Sum { .. } => self.holds(given),
            Self::Count {
                parts,
                at_least,
                at_most,
            } => {
                let count = parts.iter().filter(|part| part.holds(given)).count();
                (*at_least..=*at_most).contains(&count)
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
        let mut form = [0; MAX_SLOTS];
        plan.fill(&mut form, scores, grounds)?;
        let code = plan.run(&self.program, &form, readings);
        self.level_of_code(code)
            .ok_or(InputError::ScoresDoNotDecide)
    }
}
