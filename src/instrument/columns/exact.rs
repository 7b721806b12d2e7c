//! One row by the evaluation that the whole engine uses: exact on what is missing.

use super::reason::{self, Origin};
use super::{Columns, MISSING, OPEN, REFUSED};
use crate::condition::Truth;
use crate::instrument::evaluate::Evaluation;
use crate::instrument::program::{Op, Program};
use crate::instrument::{Inputs, MAX_SLOTS, MAX_STEPS};

/// What one row comes to.
pub(super) struct Row {
    pub(super) level: u8,
    pub(super) reason: u16,
    /// In the order of the columns of totals.
    pub(super) totals: [u8; MAX_STEPS],
}

impl Columns<'_> {
    /// Decides one row: answers in the order of the columns.
    pub(super) fn exact(&self, answers: &[u8; MAX_SLOTS]) -> Row {
        let mut row = Row {
            level: REFUSED,
            reason: 0,
            totals: [MISSING; MAX_STEPS],
        };
        let allows = |bits: u16, value: u8| value < 16 && bits >> value & 1 == 1;
        let refused = (answers.iter().zip(&self.allowed))
            .position(|(value, bits)| *value != MISSING && !allows(*bits, *value));
        if let Some(column) = refused {
            row.reason = reason::refused(column);
            return row;
        }

        let instrument = self.instrument;
        let program = &instrument.program;
        let inputs = self.inputs(answers);
        let evaluation = Evaluation::run(instrument, &inputs, self.readings);
        for (total, step) in row.totals.iter_mut().zip(&self.totals) {
            let value = instrument.value(&inputs, &evaluation, *step);
            *total = value.unwrap_or(MISSING);
        }
        let Some(level) = instrument.level_of(&inputs, &evaluation) else {
            let missing = answers.iter().take(self.slots.len());
            let missing = missing.into_iter().position(|value| *value == MISSING);
            (row.level, row.reason) = (OPEN, reason::open(missing));
            return row;
        };
        let origin = reason::deciding_step(program)
            .filter(|step| instrument.value(&inputs, &evaluation, *step).is_some())
            .map_or(Origin::NONE, |step| self.origin(&inputs, &evaluation, step));
        let met = evaluation
            .rules
            .iter()
            .enumerate()
            .filter(|(_, truth)| **truth == Truth::True)
            .fold(0u8, |met, (rule, _)| met | 1u8 << rule);
        (row.level, row.reason) = (level, reason::decided(origin, met));
        row
    }

    fn inputs(&self, answers: &[u8; MAX_SLOTS]) -> Inputs {
        let program = &self.instrument.program;
        let mut inputs = Inputs::none(self.instrument);
        for (slot, answer) in self.slots.iter().zip(answers) {
            if let Some(inner) = program.slots.get(*slot)
                && *answer != MISSING
            {
                inputs.answer(*slot, inner.mask_of(*answer));
            }
        }
        // As `Inputs::stand_in`, without its list of what stood in.
        for stand_in in &program.stand_ins {
            if !inputs.is_answered(stand_in.flag)
                && inputs.mask(stand_in.item) == stand_in.option
                && let Some(place) = inputs.masks.get_mut(stand_in.flag)
            {
                *place = stand_in.answer;
            }
        }
        inputs
    }

    fn origin(&self, inputs: &Inputs, evaluation: &Evaluation, step: usize) -> Origin {
        let program: &Program = &self.instrument.program;
        let Some(Op::Lookup(lookup)) = program.steps.get(step) else {
            return evaluation
                .step(step)
                .single()
                .map_or(Origin::NONE, |value| self.origins.find(None, value));
        };
        let mut position = 0;
        for input in &lookup.inputs {
            let value = evaluation.source(&inputs.masks, input.source).single();
            match value {
                Some(value) => position += input.offset(value),
                None => return Origin::NONE,
            }
        }
        lookup
            .cells(self.readings)
            .get(position)
            .map_or(Origin::NONE, |cell| {
                self.origins.find(Some(cell.row), cell.value)
            })
    }
}
