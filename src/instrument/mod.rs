//! From answers to scores, grades and a level, as an instrument's rule file says.
//!
//! [`definition`] is the file; loading proves it and makes an [`Instrument`]
//! (`compile`). `evaluate` runs its steps, on what was answered and on what was
//! not alike, and `grade` writes the result; `fast` runs them on complete scores,
//! [`columns`] on whole batches.

pub mod columns;
mod compile;
pub mod definition;
mod evaluate;
mod fast;
mod follow;
mod grade;
mod inputs;
mod neighbour;
mod observe;
mod program;
mod prove;
mod values;

use jiff::civil::Date;

pub(crate) use compile::compile;
pub use definition::Definition;
pub use fast::{Ground, InputError, Score};
pub(crate) use follow::Followed;
pub(crate) use grade::Graded;
pub(crate) use inputs::Inputs;
pub use neighbour::{Moved, Neighbour, Points};
pub(crate) use observe::{GAPS, Observed, Site, Turn};
use program::Program;
pub(crate) use program::Target;
pub use prove::{Proof, ProofLine};
pub(crate) use values::Values;

use crate::determination::Level;
use crate::rulebook::Grade;
use crate::text::Text;

/// A proved instrument, ready to grade.
#[derive(Debug)]
pub struct Instrument {
    definition: Definition,
    levels: Vec<Level>,
    program: Program,
    fast: Option<fast::FastPlan>,
    /// Ranges of the slots that ask for diagnoses.
    ranges: Vec<(usize, Vec<String>)>,
}

/// Most slots (items, and fields that conditions can ask) of one instrument.
pub(crate) const MAX_SLOTS: usize = 64;
/// Most steps of one instrument.
pub(crate) const MAX_STEPS: usize = 32;
/// Most interpretations of one instrument.
pub(crate) const MAX_READINGS: usize = 8;
/// Most rules of one level change.
pub(crate) const MAX_RULES: usize = 8;

/// The choice taken of each interpretation, by its position in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readings([u8; MAX_READINGS]);

impl Readings {
    /// Every combination of choices.
    pub(crate) fn all(interpretations: &[definition::Interpretation]) -> Vec<Self> {
        let mut all = vec![Self::default()];
        for (i, interpretation) in interpretations.iter().enumerate() {
            let before = std::mem::take(&mut all);
            for readings in before {
                for choice in 0..interpretation.choices.len() {
                    let mut readings = readings;
                    readings.choose(i, choice);
                    all.push(readings);
                }
            }
        }
        all
    }

    pub(crate) fn of(self, interpretation: usize) -> usize {
        self.0.get(interpretation).copied().map_or(0, usize::from)
    }

    pub(crate) fn choose(&mut self, interpretation: usize, choice: usize) {
        if let (Some(slot), Ok(choice)) = (self.0.get_mut(interpretation), u8::try_from(choice)) {
            *slot = choice;
        }
    }
}

impl Instrument {
    /// The id, as in cases.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.definition.id
    }

    /// The rule file, as it was read: items, options, labels, steps, citations.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The levels, from 0 (best) to the worst.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The items in the order of the form: the order of the scores that
    /// [`Instrument::level`] takes.
    pub fn items(&self) -> impl Iterator<Item = &definition::Item> {
        self.definition
            .domains
            .iter()
            .flat_map(|domain| &domain.items)
    }

    /// The greatest value that the step `id` can come to.
    #[must_use]
    pub fn greatest(&self, id: &str) -> Option<u8> {
        let step = self
            .definition
            .steps
            .iter()
            .position(|step| step.id == id)?;
        evaluate::Evaluation::reachable(&self.program, self.default_readings())
            .step(step)
            .max()
    }

    /// The slot of the item with a code.
    pub(crate) fn slot_of(&self, code: &str) -> Option<usize> {
        let codes = &self.program.codes;
        let found = codes.binary_search_by(|(known, _)| known.as_str().cmp(code));
        let (_, target) = codes.get(found.ok()?)?;
        match target {
            Target::Item { slot, .. } => Some(*slot),
            _ => None,
        }
    }

    /// The score that the item of a slot was given, if it was answered.
    pub(crate) fn score_at(&self, inputs: &Inputs, slot: usize) -> Option<u8> {
        let inner = self.program.slots.get(slot);
        inner
            .filter(|inner| inner.numbered)?
            .values(inputs.mask(slot))
            .single()
            .filter(|_| inputs.is_answered(slot))
    }

    /// Every code that may be answered, sorted.
    pub(crate) fn codes(&self) -> &[(Text, Target)] {
        &self.program.codes
    }

    pub(crate) fn item(&self, domain: usize, item: usize) -> Option<&definition::Item> {
        self.definition.domains.get(domain)?.items.get(item)
    }

    pub(crate) fn reason_field(&self) -> Option<&definition::Field> {
        let code = self.definition.reason.as_ref()?;
        self.definition
            .fields
            .iter()
            .find(|field| field.code == *code)
    }

    pub(crate) fn field(&self, position: usize) -> Option<&definition::Field> {
        self.definition.fields.get(position)
    }

    /// Whether a form of `date` is of a day before the instrument was in force.
    pub(crate) fn begins_after(&self, date: Date) -> bool {
        date < self.definition.in_force.from
    }

    /// Whether a form of `date` is of a day on which the instrument was no longer
    /// in force.
    pub(crate) fn ended_by(&self, date: Date) -> bool {
        self.definition.in_force.to.is_some_and(|to| to <= date)
    }

    /// The readings that the file gives as defaults.
    #[must_use]
    pub fn default_readings(&self) -> Readings {
        self.program.default_readings
    }

    /// The readings with one interpretation read as `choice`; none if the
    /// instrument has no such interpretation or choice.
    #[must_use]
    pub fn with_reading(
        &self,
        mut readings: Readings,
        interpretation: &str,
        choice: &str,
    ) -> Option<Readings> {
        let (i, interpretation) = self
            .definition
            .interpretations
            .iter()
            .enumerate()
            .find(|(_, candidate)| candidate.id == interpretation)?;
        let choice = interpretation
            .choices
            .iter()
            .position(|candidate| candidate.key == choice)?;
        readings.choose(i, choice);
        Some(readings)
    }

    /// The worst grade of evidence in the file.
    #[must_use]
    pub fn worst_grade(&self) -> Grade {
        self.program.grade
    }

    /// Ranges of diagnoses that conditions ask, each once.
    pub(crate) fn asked_diagnoses(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for range in self.ranges.iter().flat_map(|(_, ranges)| ranges) {
            if !out.contains(range) {
                out.push(range.clone());
            }
        }
        out
    }

    fn asked_ranges(&self, slot: usize) -> Option<&[String]> {
        self.ranges
            .iter()
            .find(|(candidate, _)| *candidate == slot)
            .map(|(_, ranges)| ranges.as_slice())
    }

    pub(crate) fn level_of_code(&self, code: u8) -> Option<&Level> {
        self.levels.get(usize::from(code))
    }
}
