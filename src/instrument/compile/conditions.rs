//! Conditions: codes resolved to slots, answers to masks.

use super::{Compiler, MAX_NUMBER};
use crate::case::CategoryRange;
use crate::condition::{Ask, AskStep, Condition, Scalar, Truth};
use crate::instrument::MAX_SLOTS;
use crate::instrument::definition::FieldType;
use crate::instrument::evaluate::Evaluation;
use crate::instrument::program::{Cond, Known, Slot};
use crate::instrument::values::Values;
use crate::rulebook::DiagnosticKind as Kind;

impl<'d> Compiler<'d, '_, '_> {
    pub(super) fn condition(&mut self, at: &str, condition: &'d Condition) -> Option<Cond> {
        match condition {
            Condition::All(parts) => Some(Cond::All(self.parts(&format!("{at}/all"), parts)?)),
            Condition::Any(parts) => Some(Cond::Any(self.parts(&format!("{at}/any"), parts)?)),
            Condition::Not(part) => {
                let part = self.condition(&format!("{at}/not"), part)?;
                Some(Cond::Not(Box::new(part)))
            }
            Condition::Answer(ask) => self.ask(&format!("{at}/answer"), ask),
            Condition::Step(ask) => self.ask_step(&format!("{at}/step"), ask),
            Condition::Count(count) => {
                let place = format!("{at}/count");
                if count.at_least.is_none() && count.at_most.is_none() {
                    self.fault(&place, Kind::Shape, "expected at_least or at_most");
                }
                Some(Cond::Count {
                    parts: self.parts(&format!("{place}/of"), &count.of)?,
                    at_least: usize::from(count.at_least.unwrap_or(0)),
                    at_most: count.at_most.map_or(usize::MAX, usize::from),
                })
            }
            Condition::Sum(many) => {
                let slots = self.numbered(&format!("{at}/sum"), &many.of)?;
                Some(Cond::Sum {
                    slots,
                    at_least: u16::from(many.at_least),
                })
            }
            Condition::Most(many) => {
                let slots = self.numbered(&format!("{at}/most"), &many.of)?;
                let parts = slots
                    .into_iter()
                    .map(|slot| {
                        let mask = self.program.slots.get(slot).map_or(0, |inner| {
                            (many.at_least..=MAX_NUMBER)
                                .fold(0, |mask, number| mask | inner.mask_of(number))
                        });
                        Cond::Accept { slot, mask }
                    })
                    .collect();
                Some(Cond::Any(parts))
            }
            Condition::Diagnosis(ask) => {
                let place = format!("{at}/diagnosis");
                for (j, range) in ask.within.iter().enumerate() {
                    if CategoryRange::parse(range).is_none() {
                        self.fault(
                            format!("{place}/within/{j}"),
                            Kind::Shape,
                            format!("expected a category or range as F00-F03; found {range:?}"),
                        );
                    }
                }
                let key = (ask.code.as_str(), ask.within.as_slice());
                let Some(slot) = self.groups.get(&key).copied() else {
                    self.fault(
                        format!("{place}/code"),
                        Kind::UnknownReference,
                        format!(
                            "expected the code of a field of diagnoses; found {:?}",
                            ask.code
                        ),
                    );
                    return None;
                };
                Some(Cond::Accept { slot, mask: 0b10 })
            }
            Condition::Reading(reading) => {
                let place = format!("{at}/reading");
                let (interpretation, choices) = self.by_choice(
                    &place,
                    &reading.interpretation,
                    &reading.choices,
                    |this, at, condition| this.condition(at, condition),
                )?;
                Some(Cond::Reading {
                    interpretation,
                    choices,
                })
            }
            Condition::Fact(_)
            | Condition::Level(_)
            | Condition::Definition(_)
            | Condition::LocallySet(_)
            | Condition::Receives(_) => {
                self.fault(
                    at,
                    Kind::Shape,
                    format!(
                        "expected a word that asks the form; found {:?}, which asks the case",
                        condition.word()
                    ),
                );
                None
            }
        }
    }

    /// A condition that some answers make true under some reading.
    pub(super) fn live_condition(&mut self, at: &str, condition: &'d Condition) -> Option<Cond> {
        let cond = self.condition(at, condition)?;
        if self.program.slots.len() > MAX_SLOTS {
            return Some(cond);
        }
        let mut masks = [0; MAX_SLOTS];
        for (mask, slot) in masks.iter_mut().zip(&self.program.slots) {
            *mask = slot.all;
        }
        let lives = self.readings.iter().any(|readings| {
            let reachable = Evaluation::reachable(&self.program, *readings);
            let known = Known {
                slots: &self.program.slots,
                masks: &masks,
                steps: reachable.steps(),
                readings: *readings,
            };
            cond.truth(&known) != Truth::False
        });
        if !lives {
            self.fault(
                at,
                Kind::DeadRow,
                "expected a condition that some answers make true; none do",
            );
        }
        lives.then_some(cond)
    }

    fn parts(&mut self, at: &str, parts: &'d [Condition]) -> Option<Vec<Cond>> {
        let mut out = Vec::new();
        for (j, part) in parts.iter().enumerate() {
            out.extend(self.condition(&format!("{at}/{j}"), part));
        }
        (out.len() == parts.len()).then_some(out)
    }

    fn place(&mut self, at: &str, code: &str) -> Option<usize> {
        let found = self.places.get(code).copied();
        if found.is_none() {
            self.fault(
                at,
                Kind::UnknownReference,
                format!("expected the code of an item, a flag or a choice; found {code:?}"),
            );
        }
        found
    }

    /// The slots of several codes, each of which has numbers.
    fn numbered(&mut self, at: &str, codes: &[String]) -> Option<Vec<usize>> {
        let mut out = Vec::new();
        for (j, code) in codes.iter().enumerate() {
            let place = format!("{at}/of/{j}");
            let Some(slot) = self.place(&place, code) else {
                continue;
            };
            if self
                .program
                .slots
                .get(slot)
                .is_some_and(|inner| inner.numbered)
            {
                out.push(slot);
            } else {
                self.fault(
                    place,
                    Kind::UnknownReference,
                    format!("expected a code whose answers are numbers; found {code:?}"),
                );
            }
        }
        (out.len() == codes.len()).then_some(out)
    }

    fn ask(&mut self, at: &str, ask: &Ask) -> Option<Cond> {
        let slot = self.place(&format!("{at}/code"), &ask.code)?;
        let inner = self.program.slots.get(slot)?.clone();
        let scalar = |this: &mut Self, at: String, scalar: &Scalar| {
            let mask = this.scalar(slot, &inner, scalar);
            if mask == 0 {
                this.fault(
                    at,
                    Kind::UnknownReference,
                    format!(
                        "expected a possible answer of {}; found {scalar:?}",
                        ask.code
                    ),
                );
            }
            mask
        };
        let mask = match (&ask.is, &ask.one_of, ask.at_least, ask.at_most) {
            (Some(is), None, None, None) => scalar(self, format!("{at}/is"), is),
            (None, Some(list), None, None) if !list.is_empty() => {
                let mut mask = 0;
                for (j, is) in list.iter().enumerate() {
                    mask |= scalar(self, format!("{at}/one_of/{j}"), is);
                }
                mask
            }
            (None, None, Some(least), None) if inner.numbered => {
                (least..=MAX_NUMBER).fold(0, |mask, number| mask | inner.mask_of(number))
            }
            (None, None, None, Some(most)) if inner.numbered => {
                (0..=most).fold(0, |mask, number| mask | inner.mask_of(number))
            }
            _ => {
                self.fault(
                    at,
                    Kind::Shape,
                    "expected exactly one of is, one_of, at_least, at_most; the last two of numbers",
                );
                return None;
            }
        };
        Some(Cond::Accept { slot, mask })
    }

    /// The answers of a slot that equal a scalar.
    fn scalar(&self, slot: usize, inner: &Slot, scalar: &Scalar) -> u16 {
        let items = self
            .definition
            .domains
            .iter()
            .flat_map(|domain| &domain.items);
        match scalar {
            Scalar::Number(number) if inner.numbered => inner.mask_of(*number),
            Scalar::Number(_) => 0,
            Scalar::Flag(flag) => {
                let is_flag = self
                    .definition
                    .fields
                    .iter()
                    .any(|field| field.code == inner.code && field.answer == FieldType::Flag);
                if is_flag { 1 << u16::from(*flag) } else { 0 }
            }
            Scalar::Key(key) if slot < self.program.items => items
                .filter(|item| item.code == inner.code)
                .flat_map(|item| &item.options)
                .position(|option| option.key.as_deref() == Some(key))
                .map_or(0, |bit| 1 << bit),
            Scalar::Key(key) => self
                .definition
                .fields
                .iter()
                .filter(|field| field.code == inner.code)
                .flat_map(|field| &field.options)
                .position(|option| option.key == *key)
                .map_or(0, |bit| 1 << bit),
        }
    }

    fn ask_step(&mut self, at: &str, ask: &AskStep) -> Option<Cond> {
        if ask.at_least.is_none() && ask.at_most.is_none() {
            self.fault(at, Kind::Shape, "expected at_least or at_most");
        }
        let step = self.step_source(&format!("{at}/id"), &ask.id)?;
        let least = ask.at_least.unwrap_or(0);
        let most = ask.at_most.unwrap_or(Values::MAX);
        Some(Cond::Step {
            step,
            accept: (least..=most).collect(),
        })
    }
}
