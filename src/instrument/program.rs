//! The steps as they run: codes resolved to positions, bounds proved.

use super::values::Values;
use super::{MAX_STEPS, Readings};
use crate::case::CategoryRange;
use crate::condition::Truth;
use crate::rulebook::Grade;
use crate::text::Text;

/// What runs. Positions are of slots, steps and interpretations.
#[derive(Debug, Default)]
pub(crate) struct Program {
    /// Items in the order of the form, then what conditions can ask of fields.
    pub(crate) slots: Vec<Slot>,
    /// How many of the slots are items.
    pub(crate) items: usize,
    /// Every code that may be answered, sorted.
    pub(crate) codes: Vec<(Text, Target)>,
    pub(crate) steps: Vec<Op>,
    /// Conditions of the checks, in their order.
    pub(crate) checks: Vec<Cond>,
    /// Conditions of what falls due, in their order.
    pub(crate) due: Vec<Cond>,
    /// An option of an item (slot, mask) that answers a flag (slot) as a mask.
    pub(crate) stand_ins: Vec<StandIn>,
    pub(crate) default_readings: Readings,
    pub(crate) result: ResultIndex,
    /// Slots on which two parts of one step rest, so that they are not independent.
    pub(crate) shared: Vec<usize>,
    /// Slots that the level change asks, in the order of the form.
    pub(crate) grounds: Vec<usize>,
    /// Worst grade of everything the level can rest on.
    pub(crate) grade: Grade,
    /// Citations of everything the level can rest on, sorted.
    pub(crate) citations: Vec<Text>,
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// An item: its slot, and its domain and position therein.
    Item {
        slot: usize,
        domain: usize,
        item: usize,
    },
    /// A flag or choice: its position among the fields, and its slot.
    Field { field: usize, slot: usize },
    /// Choices: checked, but no condition asks them.
    Choices { field: usize },
    /// Diagnoses: one slot for each group of ranges that a condition asks.
    Diagnoses {
        field: usize,
        groups: Vec<(usize, Vec<CategoryRange>)>,
    },
}

/// Something that can be asked: up to 16 possible answers, as bits of a mask.
///
/// An answer narrows the mask to one bit; a score that two options share leaves
/// two; no answer leaves all.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) code: Text,
    /// Every possible answer.
    pub(crate) all: u16,
    /// Number (score or code) of each possible answer.
    pub(crate) numbers: Vec<u8>,
    /// Whether the numbers are scores or codes of the form; otherwise they are
    /// positions of options.
    pub(crate) numbered: bool,
    /// Greatest number.
    pub(crate) most: u8,
}

impl Slot {
    /// The numbers of the answers in `mask`.
    pub(crate) fn values(&self, mask: u16) -> Values {
        if mask.is_power_of_two() {
            let number = usize::try_from(mask.trailing_zeros())
                .ok()
                .and_then(|bit| self.numbers.get(bit));
            return number.map_or(Values::EMPTY, |number| Values::one(*number));
        }
        self.numbers
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1)
            .map(|(_, number)| *number)
            .collect()
    }

    /// The first answer of number `number`, by its position.
    pub(crate) fn option_of(&self, number: u8) -> u8 {
        self.numbers
            .iter()
            .zip(0..)
            .find_map(|(own, position)| (*own == number).then_some(position))
            .unwrap_or(0)
    }

    /// Whether two answers have one number.
    pub(crate) fn shares_numbers(&self) -> bool {
        let numbers: Values = self.numbers.iter().copied().collect();
        usize::try_from(numbers.len()) != Ok(self.numbers.len())
    }

    /// The answers of number `number`.
    pub(crate) fn mask_of(&self, number: u8) -> u16 {
        self.numbers
            .iter()
            .enumerate()
            .filter(|(_, candidate)| **candidate == number)
            .fold(0, |mask, (bit, _)| mask | 1 << bit)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct StandIn {
    pub(crate) item: usize,
    pub(crate) option: u16,
    pub(crate) flag: usize,
    pub(crate) answer: u16,
}

/// One step.
#[derive(Debug)]
pub(crate) enum Op {
    Sum {
        items: Vec<usize>,
        steps: Vec<usize>,
    },
    Count {
        /// Slots, each with the answers that count.
        of: Vec<(usize, u16)>,
    },
    Lookup(Lookup),
    /// Not known: every level.
    Open(Values),
    Change(Change),
}

/// Bands, tables, cases and the worst of several: one cell for each combination
/// of values, found at load.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) inputs: Vec<LookupInput>,
    /// The interpretation that the cells depend on, if any.
    pub(crate) by: Option<usize>,
    /// For each choice of it (or once): cells by dense position, the last input
    /// varying fastest.
    pub(crate) cells: Vec<Vec<Cell>>,
    /// Of cases: how many combinations one row decides, none, or several that
    /// disagree.
    pub(crate) coverage: Option<Coverage>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    pub(crate) unique: u64,
    pub(crate) gaps: u64,
    pub(crate) overlaps: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Row of the rule that gave it.
    pub(crate) row: u8,
    pub(crate) value: u8,
    pub(crate) grade: Grade,
}

#[derive(Debug, Clone)]
pub(crate) struct LookupInput {
    pub(crate) source: Source,
    /// The values it can have, ascending; a value's position here is its
    /// position in the cells.
    pub(crate) domain: Values,
    /// Position of each value; beyond the domain, 0 (never asked).
    pub(crate) dense: Vec<u8>,
    pub(crate) stride: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Item(usize),
    Step(usize),
}

impl LookupInput {
    /// What a value of this input adds to the position of a cell.
    pub(crate) fn offset(&self, value: u8) -> usize {
        let dense = self.dense.get(usize::from(value)).copied().unwrap_or(0);
        usize::from(dense) * self.stride
    }
}

impl Lookup {
    /// Whether it asks for an option that shares its score with another.
    pub(crate) fn by_option(&self, program: &Program) -> bool {
        self.inputs.iter().any(|input| match input.source {
            Source::Item(item) => program
                .slots
                .get(item)
                .is_none_or(|slot| slot.shares_numbers()),
            Source::Step(_) => false,
        })
    }

    /// The cells under these readings.
    pub(crate) fn cells(&self, readings: Readings) -> &[Cell] {
        let choice = self
            .by
            .map_or(0, |interpretation| readings.of(interpretation));
        self.cells.get(choice).map_or(&[], Vec::as_slice)
    }

    /// The cell of values given in the order of the inputs.
    pub(crate) fn cell(
        &self,
        readings: Readings,
        values: impl Iterator<Item = u8>,
    ) -> Option<Cell> {
        let mut position = 0;
        for (input, value) in self.inputs.iter().zip(values) {
            position += input.offset(value);
        }
        self.cells(readings).get(position).copied()
    }
}

/// A level change.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) of: usize,
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) together: CombineBy,
    pub(crate) worst: u8,
}

#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) when: Cond,
    pub(crate) effect: CompiledEffect,
    pub(crate) asks: Vec<usize>,
}

impl CompiledRule {
    /// Whether it decides the level by itself.
    pub(crate) fn sets(&self) -> bool {
        matches!(self.effect, CompiledEffect::Set(_))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompiledEffect {
    Set(u8),
    WorseBy(u8),
}

/// Whether each rule that worsens counts, or only the largest: for each choice of
/// an interpretation, or once.
#[derive(Debug)]
pub(crate) struct CombineBy {
    pub(crate) by: Option<usize>,
    pub(crate) each: Vec<bool>,
}

impl CombineBy {
    pub(crate) fn each(&self, readings: Readings) -> bool {
        let choice = self
            .by
            .map_or(0, |interpretation| readings.of(interpretation));
        self.each.get(choice).copied().unwrap_or_default()
    }
}

/// Positions of the steps that the result shows.
#[derive(Debug, Default)]
pub(crate) struct ResultIndex {
    pub(crate) scores: Vec<usize>,
    /// Code of a domain, and the step that grades it.
    pub(crate) grades: Vec<(Text, usize)>,
    pub(crate) total: Option<usize>,
    pub(crate) preliminary: Option<usize>,
    pub(crate) level: usize,
}

/// A condition over slots and steps.
#[derive(Debug, Clone)]
pub(crate) enum Cond {
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    /// The answer of a slot is one of a mask.
    Accept {
        slot: usize,
        mask: u16,
    },
    /// The value of a step is one of a set.
    Step {
        step: usize,
        accept: Values,
    },
    /// The numbers of several slots add up to at least so much.
    Sum {
        slots: Vec<usize>,
        at_least: u16,
    },
    /// Between so many and so many of the parts hold.
    Count {
        parts: Vec<Cond>,
        at_least: usize,
        at_most: usize,
    },
    /// By interpretation.
    Reading {
        interpretation: usize,
        choices: Vec<Cond>,
    },
}

/// What a condition is asked of.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    pub(crate) slots: &'k [Slot],
    pub(crate) masks: &'k [u16],
    pub(crate) steps: &'k [Values; MAX_STEPS],
    pub(crate) readings: Readings,
}

impl Known<'_> {
    fn mask(&self, slot: usize) -> u16 {
        self.masks.get(slot).copied().unwrap_or_default()
    }

    fn values(&self, slot: usize) -> Values {
        self.slots
            .get(slot)
            .map_or(Values::EMPTY, |inner| inner.values(self.mask(slot)))
    }
}

impl Cond {
    pub(crate) fn truth(&self, known: &Known<'_>) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts, |part| part.truth(known)),
            Self::Any(parts) => Truth::any(parts, |part| part.truth(known)),
            Self::Not(part) => !part.truth(known),
            Self::Accept { slot, mask } => {
                let possible = known.mask(*slot);
                if possible & mask == 0 {
                    Truth::False
                } else if possible & !mask == 0 {
                    Truth::True
                } else {
                    Truth::Unknown
                }
            }
            Self::Step { step, accept } => {
                let possible = known.steps.get(*step).copied().unwrap_or_default();
                if possible.is_disjoint_from(*accept) {
                    Truth::False
                } else if possible.is_subset_of(*accept) {
                    Truth::True
                } else {
                    Truth::Unknown
                }
            }
            Self::Sum { slots, at_least } => {
                let (mut least, mut most) = (0u16, 0u16);
                for slot in slots {
                    let values = known.values(*slot);
                    least += u16::from(values.min().unwrap_or_default());
                    most += u16::from(values.max().unwrap_or_default());
                }
                if least >= *at_least {
                    Truth::True
                } else if most < *at_least {
                    Truth::False
                } else {
                    Truth::Unknown
                }
            }
            Self::Count {
                parts,
                at_least,
                at_most,
            } => {
                let (mut sure, mut open) = (0, 0);
                for part in parts {
                    match part.truth(known) {
                        Truth::True => sure += 1,
                        Truth::Unknown => open += 1,
                        Truth::False => {}
                    }
                }
                if sure >= *at_least && sure + open <= *at_most {
                    Truth::True
                } else if sure + open < *at_least || sure > *at_most {
                    Truth::False
                } else {
                    Truth::Unknown
                }
            }
            Self::Reading {
                interpretation,
                choices,
            } => choices
                .get(known.readings.of(*interpretation))
                .map_or(Truth::Unknown, |choice| choice.truth(known)),
        }
    }

    /// The slots whose answers make it true.
    pub(crate) fn grounds(&self, known: &Known<'_>, into: &mut Vec<usize>) {
        if self.truth(known) != Truth::True {
            return;
        }
        match self {
            Self::All(parts) | Self::Any(parts) | Self::Count { parts, .. } => {
                for part in parts {
                    part.grounds(known, into);
                }
            }
            Self::Not(part) => part.asked(known.readings, into),
            Self::Accept { slot, .. } => into.push(*slot),
            Self::Step { .. } => {}
            Self::Sum { slots, .. } => into.extend(
                slots
                    .iter()
                    .filter(|slot| known.values(**slot).min().is_some_and(|least| least > 0)),
            ),
            Self::Reading {
                interpretation,
                choices,
            } => {
                if let Some(choice) = choices.get(known.readings.of(*interpretation)) {
                    choice.grounds(known, into);
                }
            }
        }
    }

    /// The slots that it asks under these readings.
    pub(crate) fn asked(&self, readings: Readings, into: &mut Vec<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::Count { parts, .. } => {
                for part in parts {
                    part.asked(readings, into);
                }
            }
            Self::Not(part) => part.asked(readings, into),
            Self::Accept { slot, .. } => into.push(*slot),
            Self::Step { .. } => {}
            Self::Sum { slots, .. } => into.extend(slots),
            Self::Reading {
                interpretation,
                choices,
            } => {
                if let Some(choice) = choices.get(readings.of(*interpretation)) {
                    choice.asked(readings, into);
                }
            }
        }
    }

    /// Calls `visit` on it and on everything within it, under every reading.
    pub(crate) fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Self::All(parts)
            | Self::Any(parts)
            | Self::Count { parts, .. }
            | Self::Reading { choices: parts, .. } => {
                for part in parts {
                    part.walk(visit);
                }
            }
            Self::Not(part) => part.walk(visit),
            Self::Accept { .. } | Self::Step { .. } | Self::Sum { .. } => {}
        }
    }

    /// Every slot and every step that it asks under any reading, each once.
    pub(crate) fn asked_ever(&self) -> (Vec<usize>, Vec<usize>) {
        let (mut slots, mut steps) = (Vec::new(), Vec::new());
        self.walk(&mut |part| match part {
            Self::Accept { slot, .. } => slots.push(*slot),
            Self::Sum { slots: several, .. } => slots.extend(several),
            Self::Step { step, .. } => steps.push(*step),
            _ => {}
        });
        for list in [&mut slots, &mut steps] {
            list.sort_unstable();
            list.dedup();
        }
        (slots, steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the parts that are open come to, a count says no more and no less.
    #[test]
    fn a_count_is_open_where_its_parts_leave_it_so() {
        let known = Known {
            slots: &[],
            // No, yes, and not answered.
            masks: &[0b01, 0b10, 0b11],
            steps: &[Values::default(); MAX_STEPS],
            readings: Readings::default(),
        };
        let part = |slot| Cond::Accept { slot, mask: 0b10 };
        for slots in (0..81).map(|n| [n % 3, n / 3 % 3, n / 9 % 3, n / 27]) {
            let sure = slots.iter().filter(|slot| **slot == 1).count();
            let open = slots.iter().filter(|slot| **slot == 2).count();
            let bounds = (0..25).map(|n| (n % 5, n / 5));
            for (at_least, at_most) in bounds.filter(|(least, most)| least <= most) {
                let mut within = (sure..=sure + open).map(|n| (at_least..=at_most).contains(&n));
                let expected = match (within.clone().all(|it| it), within.any(|it| it)) {
                    (true, _) => Truth::True,
                    (false, true) => Truth::Unknown,
                    (false, false) => Truth::False,
                };
                let count = Cond::Count {
                    parts: slots.into_iter().map(part).collect(),
                    at_least,
                    at_most,
                };
                assert_eq!(
                    count.truth(&known),
                    expected,
                    "{slots:?} {at_least} {at_most}"
                );
            }
        }
    }
}
