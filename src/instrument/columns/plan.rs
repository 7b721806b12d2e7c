//! The steps of a rule file as loops over blocks of rows.
//!
//! Every step, and every part of a condition, has a register: a block of bytes, one
//! for each row. A job fills one register from columns and other registers. A row with
//! an answer missing or not allowed goes through the loops like the others, comes
//! to nonsense, and is marked, so that it is decided again by itself.

use super::reason::{Origins, deciding_step};
use crate::instrument::Readings;
use crate::instrument::fast::{by_number, flat_sum, needed};
use crate::instrument::program::{Change, CompiledEffect, Cond, Lookup, Op, Program, Source};
use crate::instrument::values::Values;

/// Loops that decide a block.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Jobs that lead to the level and the totals, in order.
    pub(super) jobs: Vec<Job>,
    /// Jobs that only the reasons need, after those.
    pub(super) reason_jobs: Vec<Job>,
    pub(super) registers: usize,
    pub(super) level: usize,
    /// Rows of the step that gives the level before any change.
    pub(super) origin: usize,
    /// Bits of the rules that are met.
    pub(super) met: usize,
    /// Registers of the columns of totals, in their order.
    pub(super) totals: Vec<usize>,
}

/// What a job reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    Column(usize),
    Register(usize),
}

/// One loop, and the register that it fills.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) what: What,
    pub(super) into: usize,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// Adds up at most [`MOST_COLUMNS`]; marks rows where one is greater than it may be.
    Sum(Vec<Together>),
    /// Marks rows where a column has none of these values.
    Among(Reads, Vec<u8>),
    /// The least of several.
    Least(Vec<Reads>),
    /// The greatest of several.
    Greatest(Vec<Reads>),
    /// A value to begin with, and what is added (wrapping) from each threshold on.
    Runs {
        of: Reads,
        first: u8,
        turns: Vec<(u8, u8)>,
    },
    /// A cell: at `base` and each input times its weight, wrapping.
    Cell {
        of: Vec<(Reads, u8)>,
        base: u8,
        cells: Box<[u8; 256]>,
    },
    /// A cell: at the sum of what each value of each input stands for.
    WideCell {
        of: Vec<(Reads, Offsets)>,
        cells: Vec<u8>,
    },
    /// The same for all.
    Fill(u8),
    /// One level and what makes it worse, to the worst.
    Worse { level: usize, by: usize, worst: u8 },
    /// `then` where `when` is met, otherwise what `level` has.
    Set { level: usize, when: usize, then: u8 },
    /// Rules that are met, as bits.
    Bits(Vec<usize>),
}

/// Those of a sum that have the same greatest value.
#[derive(Debug, Clone)]
pub(super) struct Together {
    pub(super) of: Vec<Reads>,
    /// The value; 255 where it need not be asked.
    pub(super) most: u8,
}

/// Most columns of one sum; longer ones are sums of sums.
pub(super) const MOST_COLUMNS: usize = 32;

/// What the values of an input of a cell stand for.
#[derive(Debug, Clone)]
pub(super) enum Offsets {
    /// Each value times this.
    Weight(u16),
    /// By value.
    Each(Vec<u16>),
}

/// Beyond so many turns, a table of cells is quicker.
const MAX_TURNS: usize = 8;

pub(super) struct Planner<'p> {
    program: &'p Program,
    readings: Readings,
    slots: &'p [usize],
    allowed: &'p [u16],
    checked: Vec<bool>,
    jobs: Vec<Job>,
    registers: usize,
    /// Register of each step; none where the level does not rest on it.
    steps: Vec<Option<usize>>,
}

impl Plan {
    /// None where a step cannot be run in bytes: those rows go one by one. Without totals,
    /// sums of sums are taken apart, and what only totals show is left out.
    pub(super) fn of(
        program: &Program,
        readings: Readings,
        slots: &[usize],
        allowed: &[u16],
        totals: &[usize],
        origins: &Origins,
    ) -> Option<Self> {
        let needed = totals.is_empty().then(|| needed(program));
        let mut planner = Planner {
            program,
            readings,
            slots,
            allowed,
            checked: vec![false; slots.len()],
            jobs: Vec::new(),
            registers: 0,
            steps: Vec::new(),
        };
        let mut rules = Vec::new();
        for (position, op) in program.steps.iter().enumerate() {
            if (needed.as_ref()).is_some_and(|needed| !needed.contains(&position)) {
                planner.steps.push(None);
                continue;
            }
            let register = match op {
                Op::Sum { .. } if needed.is_some() => {
                    let (items, steps) = flat_sum(program, position);
                    planner.sum(&items, &steps)?
                }
                Op::Sum { items, steps } => planner.sum(items, steps)?,
                Op::Count { of } => planner.count(of)?,
                Op::Lookup(lookup) => planner.lookup(lookup, |cell| cell.value)?,
                Op::Open(_) => return None,
                Op::Change(change) => {
                    rules = planner.rules(change)?;
                    planner.change(change, &rules)?
                }
            };
            planner.steps.push(Some(register));
        }
        planner.check_the_rest();

        let jobs = std::mem::take(&mut planner.jobs);
        let deciding = deciding_step(program)?;
        let origin = match program.steps.get(deciding)? {
            Op::Lookup(lookup) if !origins.are_levels() => planner.lookup(lookup, |cell| {
                origins.find(Some(cell.row), cell.value).byte()
            })?,
            _ => planner.step(deciding)?,
        };
        let met = planner.job(What::Bits(rules));
        let totals = totals.iter().map(|step| planner.step(*step));
        Some(Self {
            level: planner.step(program.result.level)?,
            totals: totals.collect::<Option<_>>()?,
            origin,
            met,
            reason_jobs: planner.jobs,
            jobs,
            registers: planner.registers,
        })
    }
}

impl Planner<'_> {
    fn job(&mut self, what: What) -> usize {
        let into = self.registers;
        self.registers += 1;
        self.jobs.push(Job { what, into });
        into
    }

    fn step(&self, position: usize) -> Option<usize> {
        *self.steps.get(position)?
    }

    fn column(&self, slot: usize) -> Option<usize> {
        self.slots.iter().position(|own| *own == slot)
    }

    /// The column with the greatest value that it may have; none where that need not or
    /// cannot be asked so.
    fn checked(&mut self, column: usize) -> (Reads, Option<u8>) {
        let bits = self.allowed.get(column).copied().unwrap_or_default();
        let plain = (bits & bits.wrapping_add(1)) == 0;
        let most = match self.checked.get_mut(column) {
            Some(checked) if plain && !*checked => {
                *checked = true;
                u8::try_from(bits.trailing_ones().saturating_sub(1)).ok()
            }
            _ => None,
        };
        (Reads::Column(column), most)
    }

    fn check_the_rest(&mut self) {
        let mut plain = Vec::new();
        for column in 0..self.slots.len() {
            if self.checked.get(column) == Some(&true) {
                continue;
            }
            let (from, most) = self.checked(column);
            if most.is_some() {
                plain.push((from, most));
            } else {
                let bits = self.allowed.get(column).copied().unwrap_or_default();
                self.job(What::Among(from, Values::of_bits(bits).iter().collect()));
            }
        }
        if !plain.is_empty() {
            self.add_up(plain);
        }
    }

    /// Sums stay within 127, as loading has proved.
    fn sum(&mut self, items: &[usize], steps: &[usize]) -> Option<usize> {
        let mut of = Vec::new();
        for item in items {
            let column = self.column(*item)?;
            of.push(self.checked(column));
        }
        for step in steps {
            of.push((Reads::Register(self.step(*step)?), None));
        }
        Some(self.add_up(of))
    }

    fn add_up(&mut self, mut of: Vec<(Reads, Option<u8>)>) -> usize {
        while of.len() > MOST_COLUMNS {
            let some = of.drain(..MOST_COLUMNS).collect();
            let some = self.add_up(some);
            of.push((Reads::Register(some), None));
        }
        let mut sum: Vec<Together> = Vec::new();
        for (from, most) in of {
            let most = most.unwrap_or(u8::MAX);
            match sum.iter_mut().find(|together| together.most == most) {
                Some(together) => together.of.push(from),
                None => sum.push(Together {
                    of: vec![from],
                    most,
                }),
            }
        }
        self.job(What::Sum(sum))
    }

    fn count(&mut self, of: &[(usize, u16)]) -> Option<usize> {
        let mut parts = Vec::new();
        for (slot, mask) in of {
            parts.push((Reads::Register(self.accept(*slot, *mask)?), None));
        }
        Some(self.add_up(parts))
    }

    /// 1 where the answer of a slot is one of a mask.
    fn accept(&mut self, slot: usize, mask: u16) -> Option<usize> {
        let column = self.column(slot)?;
        let accepted = by_number(self.program, slot, mask)?;
        let numbers = Values::of_bits(*self.allowed.get(column)?);
        let values = numbers
            .iter()
            .map(|number| (number, u8::from(accepted >> number & 1 == 1)));
        Some(self.runs(Reads::Column(column), values))
    }

    /// A function of one value, given at each value that it can have, ascending.
    fn runs(&mut self, of: Reads, values: impl Iterator<Item = (u8, u8)>) -> usize {
        let mut first = None;
        let (mut turns, mut last) = (Vec::new(), 0u8);
        for (at, value) in values {
            if first.is_none() {
                first = Some(value);
            } else if value != last {
                turns.push((at, value.wrapping_sub(last)));
            }
            last = value;
        }
        let first = first.unwrap_or(0);
        self.job(What::Runs { of, first, turns })
    }

    fn lookup(
        &mut self,
        lookup: &Lookup,
        what: impl Fn(&crate::instrument::program::Cell) -> u8,
    ) -> Option<usize> {
        let cells = lookup.cells(self.readings);
        // Of each input, where it stands and the offset of each of its values.
        let mut inputs: Vec<(Reads, Vec<(u8, usize)>)> = Vec::new();
        for input in &lookup.inputs {
            inputs.push(match input.source {
                Source::Item(item) => {
                    let column = self.column(item)?;
                    let slot = self.program.slots.get(item)?;
                    let numbers = Values::of_bits(*self.allowed.get(column)?);
                    let offsets = numbers
                        .iter()
                        .map(|number| (number, input.offset(slot.option_of(number))));
                    (Reads::Column(column), offsets.collect())
                }
                Source::Step(step) => {
                    let values = input.domain.iter();
                    let offsets = values.map(|value| (value, input.offset(value)));
                    (Reads::Register(self.step(step)?), offsets.collect())
                }
            });
        }
        let cell = |position: usize| cells.get(position).map_or(0, &what);
        if let [(of, offsets)] = inputs.as_slice() {
            let values: Vec<(u8, u8)> = offsets
                .iter()
                .map(|(value, offset)| (*value, cell(*offset)))
                .collect();
            let turns = values.windows(2).filter(|pair| match pair {
                [(_, before), (_, after)] => before != after,
                _ => false,
            });
            if turns.count() <= MAX_TURNS {
                return Some(self.runs(*of, values.into_iter()));
            }
            let mut cells = Box::new([0; 256]);
            for (value, cell) in values {
                *cells.get_mut(usize::from(value))? = cell;
            }
            let of = vec![(*of, 1)];
            return Some(self.job(What::Cell { of, base: 0, cells }));
        }
        if cells.len() <= 256
            && let Some((base, of)) = weights(&inputs)
        {
            let mut bytes = Box::new([0; 256]);
            for (byte, cell) in bytes.iter_mut().zip(cells) {
                *byte = what(cell);
            }
            let cells = bytes;
            return Some(self.job(What::Cell { of, base, cells }));
        }
        let mut of = Vec::new();
        for (from, offsets) in inputs {
            let mut wide = vec![0; usize::from(offsets.last()?.0) + 1];
            for (value, offset) in offsets {
                *wide.get_mut(usize::from(value))? = u16::try_from(offset).ok()?;
            }
            of.push((from, Offsets::of(wide)));
        }
        let cells = cells.iter().map(what).collect();
        Some(self.job(What::WideCell { of, cells }))
    }

    fn rules(&mut self, change: &Change) -> Option<Vec<usize>> {
        let rules = change.rules.iter();
        rules.map(|rule| self.cond(&rule.when)).collect()
    }

    /// 1 where a condition holds.
    fn cond(&mut self, cond: &Cond) -> Option<usize> {
        let mut all = |parts: &[Cond]| -> Option<Vec<Reads>> {
            let parts = parts.iter();
            parts
                .map(|part| self.cond(part).map(Reads::Register))
                .collect()
        };
        Some(match cond {
            Cond::All(parts) => {
                let parts = all(parts)?;
                match parts.as_slice() {
                    [] => self.job(What::Fill(1)),
                    [Reads::Register(one)] => *one,
                    _ => self.job(What::Least(parts)),
                }
            }
            Cond::Any(parts) => {
                let parts = all(parts)?;
                match parts.as_slice() {
                    [] => self.job(What::Fill(0)),
                    [Reads::Register(one)] => *one,
                    _ => self.job(What::Greatest(parts)),
                }
            }
            Cond::Not(part) => {
                let of = Reads::Register(self.cond(part)?);
                self.runs(of, [(0, 1), (1, 0)].into_iter())
            }
            Cond::Accept { slot, mask } => self.accept(*slot, *mask)?,
            Cond::Step { step, accept } => {
                let of = Reads::Register(self.step(*step)?);
                let values = (0..=Values::MAX).map(|value| (value, accept.contains(value).into()));
                self.runs(of, values)
            }
            Cond::Sum { slots, at_least } => {
                let (mut of, mut most) = (Vec::new(), 0u16);
                for slot in slots {
                    let column = self.column(*slot)?;
                    most += u16::from(self.program.slots.get(*slot)?.most);
                    of.push(self.checked(column));
                }
                let most = u8::try_from(most).ok()?;
                let sum = Reads::Register(self.add_up(of));
                let enough = |value: u8| u8::from(u16::from(value) >= *at_least);
                let values = (0..=most).map(|value| (value, enough(value)));
                self.runs(sum, values)
            }
            Cond::Count {
                parts,
                at_least,
                at_most,
            } => {
                let parts = all(parts)?;
                let most = u8::try_from(parts.len()).ok()?;
                let of = parts.into_iter().map(|part| (part, None)).collect();
                let sum = Reads::Register(self.add_up(of));
                let within = |value: u8| (*at_least..=*at_most).contains(&usize::from(value));
                let values = (0..=most).map(|value| (value, within(value).into()));
                self.runs(sum, values)
            }
            Cond::Reading {
                interpretation,
                choices,
            } => self.cond(choices.get(self.readings.of(*interpretation))?)?,
        })
    }

    fn change(&mut self, change: &Change, rules: &[usize]) -> Option<usize> {
        let before = self.step(change.of)?;
        let mut worse = Vec::new();
        for (rule, met) in change.rules.iter().zip(rules) {
            match rule.effect {
                CompiledEffect::WorseBy(1) => worse.push(Reads::Register(*met)),
                CompiledEffect::WorseBy(by) => {
                    let values = [(0, 0), (1, by)].into_iter();
                    let by = self.runs(Reads::Register(*met), values);
                    worse.push(Reads::Register(by));
                }
                CompiledEffect::Set(_) => {}
            }
        }
        let mut level = before;
        if !worse.is_empty() {
            let by = if change.together.each(self.readings) {
                self.add_up(worse.into_iter().map(|by| (by, None)).collect())
            } else {
                self.job(What::Greatest(worse))
            };
            let worst = change.worst;
            level = self.job(What::Worse { level, by, worst });
        }
        // The first that is met decides: it is set last.
        for (rule, met) in change.rules.iter().zip(rules).rev() {
            if let CompiledEffect::Set(then) = rule.effect {
                let when = *met;
                level = self.job(What::Set { level, when, then });
            }
        }
        Some(level)
    }
}

impl Offsets {
    fn of(each: Vec<u16>) -> Self {
        let weight = each.get(1).copied().unwrap_or_default();
        let plain = (0u16..).zip(&each);
        match plain
            .into_iter()
            .all(|(value, offset)| value.checked_mul(weight) == Some(*offset))
        {
            true => Self::Weight(weight),
            false => Self::Each(each),
        }
    }
}

/// The offsets of every input as a base, and a weight for each, in wrapping bytes.
fn weights(inputs: &[(Reads, Vec<(u8, usize)>)]) -> Option<(u8, Vec<(Reads, u8)>)> {
    let (mut base, mut of) = (0u8, Vec::new());
    for (from, offsets) in inputs {
        let low = |offset: usize| u8::try_from(offset & 0xff).unwrap_or_default();
        let at = |value: u8, start: u8, weight: u8| start.wrapping_add(weight.wrapping_mul(value));
        let (start, weight) = match offsets.as_slice() {
            [] => return None,
            [(_, only)] => (low(*only), 0),
            [(a, x), (b, y), ..] if *b == a.wrapping_add(1) => {
                let weight = low(*y).wrapping_sub(low(*x));
                (low(*x).wrapping_sub(weight.wrapping_mul(*a)), weight)
            }
            _ => return None,
        };
        if offsets
            .iter()
            .any(|(value, offset)| at(*value, start, weight) != low(*offset))
        {
            return None;
        }
        base = base.wrapping_add(start);
        of.push((*from, weight));
    }
    Some((base, of))
}
