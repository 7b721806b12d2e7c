//! Why a row came to its level, in two bytes, and what they mean.
//!
//! High byte: the row of the step that gave the level before any change (below
//! [`FIRST_MARK`], a position in [`Origins`]), or a mark. Low byte: the rules of the
//! level change that are met, as bits; after a mark, the column that it is about.

use super::Columns;
use crate::condition::Truth;
use crate::determination::{Level, WhyNot};
use crate::instrument::definition::Rule;
use crate::instrument::evaluate::level_after;
use crate::instrument::grade::{Circumstances, verdicts};
use crate::instrument::program::{Op, Program};
use crate::instrument::{MAX_RULES, Readings, Values};
use crate::text::Text;

const FIRST_MARK: u8 = 0xf0;
const UNKNOWN: u8 = 0xfd;
const REFUSED: u8 = 0xfe;
const OPEN: u8 = 0xff;
/// For a column: none.
const NOWHERE: u8 = 0xff;

/// Why a row came to what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason<'i> {
    /// It has a level.
    Decided(Decided<'i>),
    /// It has none: the first column without an answer, in the order of the form; none
    /// where a rule is not in the rulebook.
    Open(Option<Where<'i>>),
    /// The first column with a value that the instrument does not have.
    Refused(Where<'i>),
}

/// Of a level: the row and the rules that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decided<'i> {
    /// The level.
    pub level: &'i Level,
    /// Id of the step that gave the level before any change.
    pub step: &'i str,
    /// The row of that step, from 0, as in traces; none where the step has no rows,
    /// or the level was decided without it.
    pub row: Option<u8>,
    /// The level before any change; none where it was decided without one.
    pub before: Option<&'i Level>,
    /// The rules of the level change that are met, in the order of the file. One that
    /// hangs on a missing answer is not among them.
    pub rules: Vec<RuleMet<'i>>,
    /// What the step and the rules that applied cite.
    pub citations: Vec<&'i str>,
}

/// A rule of the level change that is met.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleMet<'i> {
    /// Its id.
    pub id: &'i str,
    /// Whether it changed the level.
    pub applied: bool,
    /// Why not.
    pub why: Option<WhyNot>,
}

/// A column of the input, by the code of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where<'i> {
    /// Scores of this item.
    Item(&'i str),
    /// Values of this ground.
    Ground(&'i str),
}

/// A row of the step that gives the level before any change, as a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin(u8);

impl Origin {
    pub(super) const NONE: Self = Self(UNKNOWN);

    pub(super) fn byte(self) -> u8 {
        self.0
    }
}

/// The rows of that step, each with the level that it gives.
#[derive(Debug, Clone)]
pub(super) struct Origins(Vec<(Option<u8>, u8)>);

impl Origins {
    pub(super) fn of(program: &Program, readings: Readings) -> Self {
        let mut all: Vec<(Option<u8>, u8)> = Vec::new();
        let levels = 0..=Values::MAX;
        if let Some(Op::Lookup(lookup)) =
            deciding_step(program).and_then(|step| program.steps.get(step))
        {
            for cell in lookup.cells(readings) {
                all.push((Some(cell.row), cell.value));
            }
            // By level, so that where each level has one row, its place is its code.
            all.sort_unstable_by_key(|(row, level)| (*level, *row));
            all.dedup();
        } else {
            all.extend(levels.map(|level| (None, level)));
        }
        if all.len() > usize::from(FIRST_MARK) {
            // Too many to tell apart in a byte: by level alone.
            all = (0..=Values::MAX).map(|level| (None, level)).collect();
        }
        Self(all)
    }

    /// Whether the place of each is the code of its level, so that levels may stand
    /// for them.
    pub(super) fn are_levels(&self) -> bool {
        self.0
            .iter()
            .zip(0..)
            .all(|((_, level), place)| *level == place)
    }

    pub(super) fn find(&self, row: Option<u8>, level: u8) -> Origin {
        let find = |row| self.0.iter().position(|known| *known == (row, level));
        find(row)
            .or_else(|| find(None))
            .and_then(|place| u8::try_from(place).ok())
            .map_or(Origin::NONE, Origin)
    }
}

/// The step that gives the level, or the level before the change.
pub(super) fn deciding_step(program: &Program) -> Option<usize> {
    let level = program.result.level;
    match program.steps.get(level)? {
        Op::Change(change) => Some(change.of),
        _ => Some(level),
    }
}

pub(super) fn decided(origin: Origin, met: u8) -> u16 {
    u16::from_be_bytes([origin.0, met])
}

pub(super) fn refused(column: usize) -> u16 {
    u16::from_be_bytes([REFUSED, u8::try_from(column).unwrap_or(NOWHERE)])
}

pub(super) fn open(column: Option<usize>) -> u16 {
    let column = column.and_then(|column| u8::try_from(column).ok());
    u16::from_be_bytes([OPEN, column.unwrap_or(NOWHERE)])
}

impl<'i> Columns<'i> {
    /// What a reason means; none if no row of this instrument has such a reason.
    #[must_use]
    pub fn reason(&self, code: u16) -> Option<Reason<'i>> {
        let [high, low] = code.to_be_bytes();
        match high {
            OPEN if low == NOWHERE => self.is_open().then_some(Reason::Open(None)),
            OPEN => self.place(low).map(|place| Reason::Open(Some(place))),
            REFUSED => self.place(low).map(Reason::Refused),
            _ => self.decided_by(Origin(high), low).map(Reason::Decided),
        }
    }

    fn place(&self, column: u8) -> Option<Where<'i>> {
        let slot = *self.slots.get(usize::from(column))?;
        let program = &self.instrument.program;
        let code = program.slots.get(slot)?.code.as_str();
        Some(if slot < program.items {
            Where::Item(code)
        } else {
            Where::Ground(code)
        })
    }

    fn decided_by(&self, origin: Origin, met: u8) -> Option<Decided<'i>> {
        let instrument = self.instrument;
        let step = deciding_step(&instrument.program)?;
        let written = instrument.definition.steps.get(step)?;
        let (row, before) = match self.origins.0.get(usize::from(origin.0)) {
            // A step without rows has a place for every value, whether or not a level.
            Some((row, before)) => (*row, Some(instrument.level_of_code(*before)?)),
            None if origin == Origin::NONE => (None, None),
            None => return None,
        };
        let mut out = Decided {
            level: instrument.level_of_code(0)?,
            step: &written.id,
            row,
            before,
            rules: Vec::new(),
            citations: written.cite.iter().map(Text::as_str).collect(),
        };
        let Some((change, changes)) = instrument.level_change() else {
            out.level = out.before?;
            return (met == 0).then_some(out);
        };
        let rules = change.rules.len();
        if rules < MAX_RULES && met >> rules != 0 {
            return None;
        }
        let mut truths = [Truth::False; MAX_RULES];
        for (rule, truth) in truths.iter_mut().enumerate() {
            if met >> rule & 1 == 1 {
                *truth = Truth::True;
            }
        }
        let set_by = (0..rules).find(|rule| {
            let sets = change.rules.get(*rule).is_some_and(|rule| rule.sets());
            sets && met >> rule & 1 == 1
        });
        let before = before.map(|before| before.code);
        if before.is_none() && set_by.is_none() {
            return None;
        }
        let met_by = |rule: usize| met >> rule & 1 == 1;
        let level = level_after(change, before.unwrap_or(0), met_by, self.readings);
        out.level = instrument.level_of_code(level)?;
        if set_by.is_some() {
            // A rule that decides by itself does not rest on the step.
            out.citations.clear();
        }
        let found = Circumstances {
            before: before.map_or(Values::EMPTY, Values::one),
            rules: &truths,
            set_by,
            determined: true,
        };
        let verdicts = verdicts(change, &found, self.readings);
        for (i, (written, (applied, why))) in changes.rules.iter().zip(verdicts).enumerate() {
            if met_by(i) {
                out.rules.push(RuleMet {
                    id: &written.id,
                    applied,
                    why,
                });
                if applied {
                    out.citations.extend(written.cite.iter().map(Text::as_str));
                }
            }
        }
        Some(out)
    }

    /// Whether a rule of this instrument is not in the rulebook, so that rows stay
    /// without a level unless another rule decides alone.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let steps = &self.instrument.definition.steps;
        steps.iter().any(|step| matches!(step.rule, Rule::Open(_)))
    }
}
