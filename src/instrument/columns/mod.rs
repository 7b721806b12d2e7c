//! Whole batches: one column for each item in, one column for each result out.
//!
//! A province decides every recorded form again after a change of rules. It has its
//! answers by column (Arrow, Parquet, a database), and wants its levels by column.
//! [`Instrument::columns`] prepares that once; [`Columns::decide`] then runs the steps
//! of the rule file over blocks of rows and allocates nothing.
//!
//! Each row comes to what the whole engine says of that form, and to what
//! [`Instrument::level`] says where it takes the form. A missing answer is [`MISSING`],
//! never zero: it leaves the row [`OPEN`], unless the level is the same whatever the
//! answer would be and the instrument says that it has one then (a coma decides without
//! the items). A score that its item does not allow is never clipped: the row is
//! [`REFUSED`], and its reason names the column.
//!
//! ```
//! use nengli::instrument::columns::{Input, MISSING, OPEN, Output, Reason};
//! use nengli::Rulebook;
//!
//! let rulebook = Rulebook::builtin()?;
//! let gbt = rulebook.instrument("gbt-42195-2022").ok_or("no such instrument")?;
//! let mut columns = gbt.columns()?;
//!
//! // Three people: the best score everywhere, but that the second has a diagnosis of
//! // dementia, and of the third the first item was not answered.
//! let mut scores: Vec<Vec<u8>> = gbt
//!     .items()
//!     .map(|item| vec![item.options[0].score.unwrap_or(0); 3])
//!     .collect();
//! scores[0][2] = MISSING;
//! let grounds: Vec<[u8; 3]> = gbt
//!     .grounds()
//!     .map(|ground| [0, u8::from(ground.code == "A.4.1"), 0])
//!     .collect();
//! let scores: Vec<&[u8]> = scores.iter().map(Vec::as_slice).collect();
//! let grounds: Vec<&[u8]> = grounds.iter().map(|ground| ground.as_slice()).collect();
//!
//! let (mut levels, mut reasons) = ([0; 3], [0; 3]);
//! let tally = columns.decide(
//!     Input { scores: &scores, grounds: &grounds },
//!     Output { levels: &mut levels, reasons: &mut reasons, totals: &mut [] },
//! )?;
//! assert_eq!(levels, [0, 1, OPEN]);
//! assert_eq!((tally.decided, tally.open, tally.refused), (2, 1, 0));
//!
//! let Some(Reason::Decided(why)) = columns.reason(reasons[1]) else {
//!     return Err("decided".into());
//! };
//! assert_eq!(why.before.map(|level| level.key.as_str()), Some("intact"));
//! assert_eq!(why.rules[0].id, "C.4.dementia-or-mental-disorder");
//! assert!(why.rules[0].applied);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block;
mod exact;
mod plan;
mod reason;

pub use reason::{Decided, Reason, RuleMet, Where};

use std::ops::Range;

use super::fast::FastPlan;
use super::program::{Op, Program};
use super::{Instrument, MAX_SLOTS, Readings};
use block::{Block, ROWS};
use exact::Row;
use plan::Plan;
use reason::Origins;

/// In an input column: not answered. In a column of totals: not known.
pub const MISSING: u8 = 255;
/// As a level: not known, for want of answers.
pub const OPEN: u8 = 255;
/// As a level: a score or ground of the row is not one that the instrument has.
pub const REFUSED: u8 = 254;

/// One column for each item, and one for each ground; all of one length.
#[derive(Debug, Clone, Copy)]
pub struct Input<'c> {
    /// Scores (0 to 15) or [`MISSING`], in the order of [`Instrument::items`]. For an
    /// item without scores: the position of the option, from 0.
    pub scores: &'c [&'c [u8]],
    /// Values of the grounds (0 to 15) or [`MISSING`], in the order of
    /// [`Instrument::grounds`].
    pub grounds: &'c [&'c [u8]],
}

/// Where the results go. Every column is as long as those of the input, or empty
/// where it is not wanted.
#[derive(Debug)]
pub struct Output<'c, 'o> {
    /// Codes of levels, [`OPEN`] or [`REFUSED`].
    pub levels: &'c mut [u8],
    /// Why, as codes that [`Columns::reason`] explains.
    pub reasons: &'c mut [u16],
    /// One column for each of [`Columns::totals`] in that order, or none at all; each
    /// value 0 to 127, or [`MISSING`] where an answer that it rests on is missing or the
    /// row is refused.
    pub totals: &'c mut [&'o mut [u8]],
}

/// How many rows came to what; together, the rows of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows with a level.
    pub decided: usize,
    /// Rows without one, for want of answers.
    pub open: usize,
    /// Rows with a score or ground that the instrument does not have.
    pub refused: usize,
}

/// Columns that do not fit the instrument or one another, or an instrument that
/// columns of scores cannot decide.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnsError {
    /// Said when prepared: a rule asks for an option that shares its score with
    /// another, so that a column of scores does not say enough.
    #[error("scores alone do not decide: a rule asks for an option that shares its score")]
    ScoresDoNotDecide,
    /// Said of a batch: every column that is missing, too many or of another length.
    #[error("{}", sentence(.0))]
    Shape(Vec<ShapeProblem>),
}

/// One way in which the columns of a batch do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeProblem {
    /// Another number of columns than the instrument has.
    #[error("expected {expected} columns of {what}; found {found}")]
    Number {
        /// Of what.
        what: Kind,
        /// Columns of the instrument.
        expected: usize,
        /// Columns given.
        found: usize,
    },
    /// A column of another length than the first column of scores.
    #[error("expected {expected} rows in column {position} (from 0) of {what}; found {found}")]
    Length {
        /// Of what.
        what: Kind,
        /// Position of the column, from 0.
        position: usize,
        /// Rows of the first column of scores.
        expected: usize,
        /// Rows of this one.
        found: usize,
    },
}

/// A kind of column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Scores of an item.
    Scores,
    /// Values of a ground.
    Grounds,
    /// Levels.
    Levels,
    /// Reasons.
    Reasons,
    /// Totals.
    Totals,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Scores => "scores",
            Self::Grounds => "grounds",
            Self::Levels => "levels",
            Self::Reasons => "reasons",
            Self::Totals => "totals",
        })
    }
}

fn sentence(problems: &[ShapeProblem]) -> String {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    all.join("; ")
}

/// An instrument prepared for columns, under fixed readings.
///
/// To prepare costs less than a millisecond, and the memory of the working blocks; to decide
/// allocates nothing. Threads take a clone each.
#[derive(Debug, Clone)]
pub struct Columns<'i> {
    instrument: &'i Instrument,
    readings: Readings,
    /// Positions of the steps that are shown as totals.
    totals: Vec<usize>,
    /// Answers that each column takes, as bits: items, then grounds.
    allowed: Vec<u16>,
    /// The slots of the columns.
    slots: Vec<usize>,
    origins: Origins,
    /// The loops; none where every row is decided by itself.
    plan: Option<Plan>,
    /// Loops without totals, where there are loops.
    without_totals: Option<Plan>,
    block: Block,
}

impl Instrument {
    /// Prepares this instrument for columns, under the default readings.
    ///
    /// # Errors
    ///
    /// [`ColumnsError::ScoresDoNotDecide`] where a column of scores does not say enough.
    pub fn columns(&self) -> Result<Columns<'_>, ColumnsError> {
        self.columns_under(self.default_readings())
    }

    /// As [`Instrument::columns`], under the given readings.
    ///
    /// # Errors
    ///
    /// As [`Instrument::columns`].
    pub fn columns_under(&self, readings: Readings) -> Result<Columns<'_>, ColumnsError> {
        Columns::new(self, readings)
    }
}

impl<'i> Columns<'i> {
    fn new(instrument: &'i Instrument, readings: Readings) -> Result<Self, ColumnsError> {
        let program = &instrument.program;
        // Where a rule is not in the rulebook, scores say all that can be said.
        let open = program.steps.iter().any(|op| matches!(op, Op::Open(_)));
        if instrument.fast.is_none() && !(open && FastPlan::scores_say_all(program)) {
            return Err(ColumnsError::ScoresDoNotDecide);
        }
        let slots: Vec<usize> = (0..program.items)
            .chain(program.grounds.iter().copied())
            .collect();
        let allowed: Vec<u16> = slots.iter().map(|slot| numbers(program, *slot)).collect();
        let result = &program.result;
        let mut totals = result.scores.clone();
        totals.extend(result.grades.iter().map(|(_, step)| *step));
        let origins = Origins::of(program, readings);
        let plan_of =
            |totals: &[usize]| Plan::of(program, readings, &slots, &allowed, totals, &origins);
        let plan = plan_of(&totals);
        let without_totals = plan.as_ref().and_then(|_| plan_of(&[]));
        let plans = plan.iter().chain(&without_totals);
        let registers = plans.map(|plan| plan.registers).max().unwrap_or_default();
        Ok(Self {
            instrument,
            readings,
            totals,
            allowed,
            slots,
            origins,
            block: Block::of(registers),
            plan,
            without_totals,
        })
    }

    /// The instrument.
    #[must_use]
    pub fn instrument(&self) -> &'i Instrument {
        self.instrument
    }

    /// The ids of the steps that [`Output::totals`] has columns for: sums of domains, the
    /// total where there is one, then grades of domains, as determinations show them.
    pub fn totals(&self) -> impl Iterator<Item = &'i str> {
        self.totals.iter().filter_map(|step| {
            let steps = &self.instrument.definition.steps;
            steps.get(*step).map(|step| step.id.as_str())
        })
    }

    /// Decides every row. Nothing is allocated, but for an error.
    ///
    /// # Errors
    ///
    /// [`ColumnsError::Shape`] where columns do not fit the instrument or one another, with
    /// every problem; nothing has been written then. A row that cannot be decided is
    /// no error.
    pub fn decide(
        &mut self,
        input: Input<'_>,
        output: Output<'_, '_>,
    ) -> Result<Tally, ColumnsError> {
        let rows = self.check(&input, &output)?;
        let mut output = output;
        let mut tally = Tally::default();
        for start in (0..rows).step_by(ROWS) {
            let rows = start..rows.min(start + ROWS);
            self.loops(rows.clone(), &input, &mut output);
            // Most blocks have no marked row: asked of all at once.
            let marks = self.block.marks.get(..rows.len()).unwrap_or_default();
            let some = marks.iter().fold(0, |some, mark| some | mark) != 0;
            let mut marked = 0;
            if some || self.plan.is_none() {
                for (row, mark) in rows.clone().zip(0..) {
                    if self.plan.is_none() || self.block.marks.get(mark) != Some(&0) {
                        self.by_itself(row, &input, &mut output, &mut tally);
                        marked += 1;
                    }
                }
            }
            tally.decided += rows.len() - marked;
        }
        Ok(tally)
    }

    /// Runs the loops over a block of rows; those that must be decided by themselves
    /// are marked, and what they came to is nonsense.
    fn loops(&mut self, rows: Range<usize>, input: &Input<'_>, output: &mut Output<'_, '_>) {
        let plan = match &self.without_totals {
            Some(plan) if output.totals.is_empty() => plan,
            _ => match &self.plan {
                Some(plan) => plan,
                None => return,
            },
        };
        let count = rows.len();
        let items = input.scores.len();
        let columns = |column: usize| -> &[u8] {
            let all = match column.checked_sub(items) {
                Some(ground) => input.grounds.get(ground),
                None => input.scores.get(column),
            };
            all.and_then(|all| all.get(rows.clone()))
                .unwrap_or_default()
        };
        self.block.marks.fill(0);
        self.block.run(&plan.jobs, count, &columns);
        if let Some(levels) = output.levels.get_mut(rows.clone()) {
            copy(levels, self.block.register(plan.level));
        }
        for (column, register) in output.totals.iter_mut().zip(&plan.totals) {
            if let Some(totals) = column.get_mut(rows.clone()) {
                copy(totals, self.block.register(*register));
            }
        }
        if let Some(reasons) = output.reasons.get_mut(rows.clone()) {
            self.block.run(&plan.reason_jobs, count, &columns);
            let origins = self.block.register(plan.origin);
            let met = self.block.register(plan.met);
            for ((reason, origin), met) in reasons.iter_mut().zip(origins).zip(met) {
                *reason = u16::from(*origin) << 8 | u16::from(*met);
            }
        }
    }

    /// Decides one row by the exact evaluation.
    fn by_itself(
        &self,
        row: usize,
        input: &Input<'_>,
        output: &mut Output<'_, '_>,
        tally: &mut Tally,
    ) {
        let mut answers = [MISSING; MAX_SLOTS];
        let columns = input.scores.iter().chain(input.grounds);
        for (answer, column) in answers.iter_mut().zip(columns) {
            *answer = column.get(row).copied().unwrap_or(MISSING);
        }
        let found = self.exact(&answers);
        tally.add(&found);
        if let Some(level) = output.levels.get_mut(row) {
            *level = found.level;
        }
        if let Some(reason) = output.reasons.get_mut(row) {
            *reason = found.reason;
        }
        for (column, total) in output.totals.iter_mut().zip(found.totals) {
            if let Some(place) = column.get_mut(row) {
                *place = total;
            }
        }
    }

    /// The number of rows.
    fn check(&self, input: &Input<'_>, output: &Output<'_, '_>) -> Result<usize, ColumnsError> {
        let items = self.instrument.program.items;
        let rows = input.scores.first().map_or(0, |column| column.len());
        let mut problems = Vec::new();
        let mut number = |what, expected, found| {
            if expected != found {
                problems.push(ShapeProblem::Number {
                    what,
                    expected,
                    found,
                });
            }
        };
        number(Kind::Scores, items, input.scores.len());
        let grounds = self.slots.len() - items;
        number(Kind::Grounds, grounds, input.grounds.len());
        if !output.totals.is_empty() {
            number(Kind::Totals, self.totals.len(), output.totals.len());
        }
        let mut length = |what, position, found, wanted| {
            if wanted && found != rows {
                problems.push(ShapeProblem::Length {
                    what,
                    position,
                    expected: rows,
                    found,
                });
            }
        };
        for (i, column) in input.scores.iter().enumerate() {
            length(Kind::Scores, i, column.len(), true);
        }
        for (i, column) in input.grounds.iter().enumerate() {
            length(Kind::Grounds, i, column.len(), true);
        }
        let (levels, reasons) = (output.levels.len(), output.reasons.len());
        length(Kind::Levels, 0, levels, levels > 0);
        length(Kind::Reasons, 0, reasons, reasons > 0);
        for (i, column) in output.totals.iter().enumerate() {
            length(Kind::Totals, i, column.len(), !column.is_empty());
        }
        if problems.is_empty() {
            Ok(rows)
        } else {
            Err(ColumnsError::Shape(problems))
        }
    }
}

impl Tally {
    fn add(&mut self, row: &Row) {
        match row.level {
            OPEN => self.open += 1,
            REFUSED => self.refused += 1,
            _ => self.decided += 1,
        }
    }
}

fn copy(into: &mut [u8], from: &[u8]) {
    for (into, from) in into.iter_mut().zip(from) {
        *into = *from;
    }
}

/// The numbers of the answers of a slot, as bits.
fn numbers(program: &Program, slot: usize) -> u16 {
    let numbers = program.slots.get(slot).map(|slot| slot.numbers.as_slice());
    super::fast::number_bits(numbers.unwrap_or_default().iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rulebook;
    use plan::What;

    /// Loops decide all that can be decided by scores, and rows one by one would come to
    /// the same: that the quick way is taken shows only here.
    #[test]
    fn the_quick_way_is_taken() {
        let rulebook = Rulebook::builtin().expect("built in");
        for instrument in rulebook.instruments() {
            let id = instrument.id();
            let Ok(columns) = instrument.columns() else {
                continue;
            };
            let plans = [&columns.plan, &columns.without_totals];
            for plan in plans {
                assert_eq!(plan.is_none(), columns.is_open(), "{id}");
            }
            // A column that takes every value from 0 is checked while it is added up.
            let gapped = |bits: &&u16| (bits.trailing_ones() + bits.leading_zeros()) != u16::BITS;
            let gapped = columns.allowed.iter().filter(gapped).count();
            for plan in plans.into_iter().flatten() {
                let among = |job: &&plan::Job| matches!(job.what, What::Among(..));
                let found = plan.jobs.iter().filter(among).count();
                assert_eq!(found, gapped, "{id}");
                // A table of no more cells than a byte tells apart is read by bytes.
                let wide = plan.jobs.iter().filter_map(|job| match &job.what {
                    What::WideCell { cells, .. } => Some(cells.len()),
                    _ => None,
                });
                assert_eq!(wide.filter(|cells| *cells <= 256).count(), 0, "{id}");
            }
        }
    }
}
