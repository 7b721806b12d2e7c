//! The steps again, where some of them have been written down by others: what each
//! should have come to on what stands before it.

use super::evaluate::Evaluation;
use super::program::{CompiledEffect, Op, Source};
use super::values::Values;
use super::{Inputs, Instrument, MAX_RULES, MAX_STEPS, Readings};
use crate::condition::Truth;

/// What each step should have come to.
pub(crate) struct Followed {
    own: [Values; MAX_STEPS],
    /// Truth of each rule of the level change.
    pub(crate) rules: [Truth; MAX_RULES],
    /// The rule of the level change that decided by itself.
    pub(crate) set_by: Option<usize>,
}

impl Followed {
    pub(crate) fn step(&self, step: usize) -> Values {
        self.own.get(step).copied().unwrap_or_default()
    }
}

impl Instrument {
    /// Runs the steps; after one with a recorded value, goes on with that value.
    pub(crate) fn follow(
        &self,
        inputs: &Inputs,
        readings: Readings,
        recorded: &[Option<u8>],
    ) -> Followed {
        let (evaluation, own) = Evaluation::after(&self.program, &inputs.masks, readings, recorded);
        Followed {
            own,
            rules: evaluation.rules,
            set_by: evaluation.set_by,
        }
    }

    /// The position of the step `id`.
    pub(crate) fn step_of(&self, id: &str) -> Option<usize> {
        let steps = &self.definition.steps;
        steps.iter().position(|step| step.id == id)
    }

    /// The code of each slot, items first.
    pub(crate) fn slot_codes(&self) -> impl Iterator<Item = &str> {
        self.program.slots.iter().map(|slot| slot.code.as_str())
    }

    /// Whether the slot is of an item.
    pub(crate) fn is_item(&self, slot: usize) -> bool {
        slot < self.program.items
    }

    /// Whether every item was answered.
    pub(crate) fn is_complete(&self, inputs: &Inputs) -> bool {
        inputs.is_complete(self.program.items)
    }

    /// Whether nothing of the slot is decided.
    pub(crate) fn is_open(&self, inputs: &Inputs, slot: usize) -> bool {
        let all = self.program.slots.get(slot).map(|slot| slot.all);
        !inputs.is_answered(slot) && all == Some(inputs.mask(slot))
    }

    /// The slots and the earlier steps that a step rests on.
    pub(crate) fn rests_on(&self, step: usize) -> (Vec<usize>, Vec<usize>) {
        match self.program.steps.get(step) {
            Some(Op::Sum { items, steps }) => (items.clone(), steps.clone()),
            Some(Op::Count { of }) => (of.iter().map(|(slot, _)| *slot).collect(), Vec::new()),
            Some(Op::Lookup(lookup)) => {
                let (mut slots, mut steps) = (Vec::new(), Vec::new());
                for input in &lookup.inputs {
                    match input.source {
                        Source::Item(slot) => slots.push(slot),
                        Source::Step(step) => steps.push(step),
                    }
                }
                (slots, steps)
            }
            Some(Op::Change(change)) => {
                let asks = change.rules.iter().flat_map(|rule| &rule.asks);
                (asks.copied().collect(), vec![change.of])
            }
            Some(Op::Open(_)) | None => (Vec::new(), Vec::new()),
        }
    }

    /// By how many levels each rule of the level change worsens; none where it sets.
    pub(crate) fn worsening(&self, step: usize) -> Vec<Option<u8>> {
        let Some(Op::Change(change)) = self.program.steps.get(step) else {
            return Vec::new();
        };
        let by = |effect: CompiledEffect| match effect {
            CompiledEffect::Set(_) => None,
            CompiledEffect::WorseBy(by) => Some(by),
        };
        change.rules.iter().map(|rule| by(rule.effect)).collect()
    }

    /// Every value that a step can come to.
    pub(crate) fn reachable(&self, step: usize) -> Values {
        Evaluation::reachable(&self.program, self.default_readings()).step(step)
    }

    /// The form with every open item answered with a score of 0, as far as it has one.
    pub(crate) fn with_zeros(&self, inputs: &Inputs) -> Inputs {
        self.items_changed(inputs, |slot| {
            self.is_open(inputs, slot)
                .then(|| self.program.slots.get(slot).map(|inner| inner.mask_of(0)))
                .flatten()
        })
    }

    /// The form with the scores of every item turned round, best for worst.
    pub(crate) fn turned_round(&self, inputs: &Inputs) -> Inputs {
        self.items_changed(inputs, |slot| {
            let inner = self.program.slots.get(slot)?;
            let score = inner.values(inputs.mask(slot)).single()?;
            let least = inner.numbers.iter().copied().min()?;
            Some(inner.mask_of((least + inner.most).checked_sub(score)?))
        })
    }

    fn items_changed(&self, inputs: &Inputs, mask: impl Fn(usize) -> Option<u16>) -> Inputs {
        let mut out = inputs.clone();
        for slot in 0..self.program.items {
            if let Some(mask) = mask(slot).filter(|mask| *mask != 0) {
                out.answer(slot, mask);
            }
        }
        out
    }
}
