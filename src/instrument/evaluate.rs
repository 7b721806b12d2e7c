//! Runs the steps on what is known.
//!
//! Every step comes to a set of values: one where all it rests on was answered,
//! several where not. The sets are exact, so that "the levels still possible"
//! are just those that some way of completing the form leads to.

use super::program::{Cell, Change, CompiledEffect, Known, Lookup, Op, Program, Source};
use super::values::Values;
use super::{Inputs, Instrument, MAX_RULES, MAX_SLOTS, MAX_STEPS, Readings};
use crate::condition::Truth;
use crate::rulebook::Grade;

/// What every step came to.
#[derive(Debug, Clone)]
pub(super) struct Evaluation {
    steps: [Values; MAX_STEPS],
    /// Truth of each rule of the level change.
    pub(super) rules: [Truth; MAX_RULES],
    /// Worst grade of the cells that lookups came to.
    pub(super) grade: Grade,
    /// A rule decided the level by itself, whatever the scores are.
    pub(super) set_by: Option<usize>,
}

impl Evaluation {
    /// Runs all steps.
    pub(super) fn run(instrument: &Instrument, inputs: &Inputs, readings: Readings) -> Self {
        let mut masks = inputs.masks;
        Self::jointly(
            &instrument.program,
            &mut masks,
            readings,
            &instrument.program.shared,
        )
    }

    /// Runs the steps for each answer that a shared slot can still have, one after
    /// the other: taken apart, the parts that rest on it would be combined in ways
    /// that no answer gives.
    fn jointly(
        program: &Program,
        masks: &mut [u16; MAX_SLOTS],
        readings: Readings,
        shared: &[usize],
    ) -> Self {
        let open = shared.iter().enumerate().find_map(|(i, slot)| {
            let mask = masks.get(*slot).copied()?;
            (mask.count_ones() > 1).then_some((i, *slot, mask))
        });
        let Some((i, slot, mask)) = open else {
            return Self::of(program, masks, readings);
        };
        let rest = shared.get(i + 1..).unwrap_or_default();
        let mut out: Option<Self> = None;
        for answer in Values::of_bits(mask).iter() {
            if let Some(place) = masks.get_mut(slot) {
                *place = 1 << answer;
            }
            let one = Self::jointly(program, masks, readings, rest);
            out = Some(match out {
                Some(out) => out.or(&one),
                None => one,
            });
        }
        if let Some(place) = masks.get_mut(slot) {
            *place = mask;
        }
        out.unwrap_or_else(|| Self::of(program, masks, readings))
    }

    /// What either comes to.
    fn or(mut self, other: &Self) -> Self {
        for (mine, theirs) in self.steps.iter_mut().zip(other.steps) {
            *mine = mine.or(theirs);
        }
        for (mine, theirs) in self.rules.iter_mut().zip(other.rules) {
            if *mine != theirs {
                *mine = Truth::Unknown;
            }
        }
        self.grade = self.grade.max(other.grade);
        self.set_by = self.set_by.filter(|rule| other.set_by == Some(*rule));
        self
    }

    /// Runs the steps compiled so far with nothing answered: what each can reach.
    pub(super) fn reachable(program: &Program, readings: Readings) -> Self {
        let mut masks = [0; MAX_SLOTS];
        for (mask, slot) in masks.iter_mut().zip(&program.slots) {
            *mask = slot.all;
        }
        Self::of(program, &masks, readings)
    }

    fn of(program: &Program, masks: &[u16; MAX_SLOTS], readings: Readings) -> Self {
        let mut out = Self::empty();
        for (i, op) in program.steps.iter().enumerate() {
            let values = out.value(op, program, masks, readings);
            out.put(i, values);
        }
        out
    }

    /// Runs the steps in their order; where `recorded` has a value for one, those after
    /// it go on with that value. Gives what each step itself came to.
    pub(super) fn after(
        program: &Program,
        masks: &[u16; MAX_SLOTS],
        readings: Readings,
        recorded: &[Option<u8>],
    ) -> (Self, [Values; MAX_STEPS]) {
        let mut out = Self::empty();
        let mut own = [Values::EMPTY; MAX_STEPS];
        for (i, (op, own)) in program.steps.iter().zip(&mut own).enumerate() {
            *own = out.value(op, program, masks, readings);
            let recorded = recorded.get(i).copied().flatten();
            out.put(i, recorded.map_or(*own, Values::one));
        }
        (out, own)
    }

    fn empty() -> Self {
        Self {
            steps: [Values::EMPTY; MAX_STEPS],
            rules: [Truth::False; MAX_RULES],
            grade: Grade::default(),
            set_by: None,
        }
    }

    fn put(&mut self, step: usize, values: Values) {
        if let Some(place) = self.steps.get_mut(step) {
            *place = values;
        }
    }

    /// What one step comes to, on what stands before it.
    fn value(
        &mut self,
        op: &Op,
        program: &Program,
        masks: &[u16; MAX_SLOTS],
        readings: Readings,
    ) -> Values {
        match op {
            Op::Sum { items, steps } => {
                // What is known only shifts the rest.
                let mut known = 0u8;
                let mut open = Values::one(0);
                let parts = items
                    .iter()
                    .map(|slot| slot_values(program, masks, *slot))
                    .chain(steps.iter().map(|step| self.step(*step)));
                for part in parts {
                    match part.single() {
                        Some(value) => known = known.saturating_add(value),
                        None => open = open.plus(part),
                    }
                }
                open.plus(Values::one(known))
            }
            Op::Count { of } => {
                let mut sum = Values::one(0);
                for (slot, counted) in of {
                    let mask = masks.get(*slot).copied().unwrap_or_default();
                    let mut one = Values::EMPTY;
                    if mask & counted != 0 {
                        one.insert(1);
                    }
                    if mask & !counted != 0 {
                        one.insert(0);
                    }
                    sum = sum.plus(one);
                }
                sum
            }
            Op::Lookup(lookup) => self.lookup(lookup, masks, readings),
            Op::Open(levels) => *levels,
            Op::Change(change) => {
                let known = Known {
                    slots: &program.slots,
                    masks,
                    steps: &self.steps,
                    readings,
                };
                let mut rules = [Truth::False; MAX_RULES];
                for (truth, rule) in rules.iter_mut().zip(&change.rules) {
                    *truth = rule.when.truth(&known);
                }
                self.rules = rules;
                self.set_by = change.rules.iter().zip(rules).position(|(rule, truth)| {
                    truth == Truth::True && matches!(rule.effect, CompiledEffect::Set(_))
                });
                levels_after(change, self.step(change.of), &rules, readings)
            }
        }
    }

    /// What a step came to.
    pub(super) fn step(&self, step: usize) -> Values {
        self.steps.get(step).copied().unwrap_or_default()
    }

    pub(super) fn steps(&self) -> &[Values; MAX_STEPS] {
        &self.steps
    }

    /// The values of the inputs of a lookup.
    pub(super) fn source(&self, masks: &[u16; MAX_SLOTS], source: Source) -> Values {
        match source {
            Source::Item(slot) => Values::of_bits(masks.get(slot).copied().unwrap_or_default()),
            Source::Step(step) => self.step(step),
        }
    }

    fn lookup(&mut self, lookup: &Lookup, masks: &[u16; MAX_SLOTS], readings: Readings) -> Values {
        let cells = lookup.cells(readings);
        // Where the one position is known, nothing need be gathered.
        let mut known = Some(0usize);
        for input in &lookup.inputs {
            let value = self.source(masks, input.source).single();
            known = known
                .zip(value)
                .map(|(position, value)| position + input.offset(value));
        }
        if let Some(cell) = known.and_then(|position| cells.get(position)) {
            self.grade = self.grade.max(cell.grade);
            return Values::one(cell.value);
        }
        let mut out = Values::EMPTY;
        self.gather(lookup, masks, cells, 0, 0, &mut out);
        out
    }

    /// The values of every cell that the inputs from `next` on can come to, those
    /// before it being at `position`.
    fn gather(
        &mut self,
        lookup: &Lookup,
        masks: &[u16; MAX_SLOTS],
        cells: &[Cell],
        next: usize,
        position: usize,
        out: &mut Values,
    ) {
        let Some(input) = lookup.inputs.get(next) else {
            if let Some(cell) = cells.get(position) {
                self.grade = self.grade.max(cell.grade);
                out.insert(cell.value);
            }
            return;
        };
        for value in self.source(masks, input.source).iter() {
            let position = position + input.offset(value);
            self.gather(lookup, masks, cells, next + 1, position, out);
        }
    }
}

fn slot_values(program: &Program, masks: &[u16; MAX_SLOTS], slot: usize) -> Values {
    let mask = masks.get(slot).copied().unwrap_or_default();
    program
        .slots
        .get(slot)
        .map_or(Values::EMPTY, |slot| slot.values(mask))
}

/// The level that a level change makes of `level`, with these rules met.
pub(super) fn level_after(
    change: &Change,
    level: u8,
    met: impl Fn(usize) -> bool,
    readings: Readings,
) -> u8 {
    let each = change.together.each(readings);
    let mut worse = 0u8;
    for (i, rule) in change.rules.iter().enumerate() {
        if !met(i) {
            continue;
        }
        match rule.effect {
            CompiledEffect::Set(level) => return level,
            CompiledEffect::WorseBy(by) if each => worse = worse.saturating_add(by),
            CompiledEffect::WorseBy(by) => worse = worse.max(by),
        }
    }
    level.saturating_add(worse).min(change.worst)
}

/// The levels after every completion of the rules that are unknown.
pub(super) fn levels_after(
    change: &Change,
    before: Values,
    rules: &[Truth; MAX_RULES],
    readings: Readings,
) -> Values {
    let mut out = Values::EMPTY;
    for completion in completions(rules) {
        for level in before.iter() {
            out.insert(level_after(
                change,
                level,
                |rule| completion >> rule & 1 == 1,
                readings,
            ));
        }
    }
    out
}

/// Every way in which unknown rules may turn out, as bits of met rules.
fn completions(rules: &[Truth; MAX_RULES]) -> impl Iterator<Item = u32> {
    let bits = |wanted: Truth| {
        rules
            .iter()
            .enumerate()
            .filter(|(_, truth)| **truth == wanted)
            .fold(0u32, |bits, (i, _)| bits | 1 << i)
    };
    let (met, open) = (bits(Truth::True), bits(Truth::Unknown));
    // The subsets of `open`, each once, the empty one last.
    let mut next = Some(open);
    std::iter::from_fn(move || {
        let subset = next?;
        next = subset.checked_sub(1).map(|less| less & open);
        Some(met | subset)
    })
}

/// Whether the truth of an unknown `rule` can change the level.
pub(super) fn matters(
    change: &Change,
    before: Values,
    rules: &[Truth; MAX_RULES],
    rule: usize,
    readings: Readings,
) -> bool {
    completions(rules)
        .filter(|completion| completion >> rule & 1 == 1)
        .any(|completion| {
            let without = completion & !(1 << rule);
            before.iter().any(|level| {
                let level_of =
                    |met: u32| level_after(change, level, |other| met >> other & 1 == 1, readings);
                level_of(completion) != level_of(without)
            })
        })
}
