//! Bands, tables, cases: one cell for each combination of values.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiler, MAX_CELLS};
use crate::condition::Truth;
use crate::instrument::definition::{CaseRow, Cases, Outcome, Rule, Several, Table};
use crate::instrument::program::{Cell, Cond, Coverage, Known, Lookup, LookupInput, Op, Source};
use crate::instrument::values::Values;
use crate::instrument::{MAX_SLOTS, MAX_STEPS, Readings};
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::Grade;

impl<'d> Compiler<'d, '_, '_> {
    pub(super) fn input(&self, source: Source) -> LookupInput {
        let domain = match source {
            // By option, not by score: two options may share one.
            Source::Item(slot) => self
                .program
                .slots
                .get(slot)
                .map_or(Values::EMPTY, |slot| Values::of_bits(slot.all)),
            Source::Step(step) => self.reachable(step),
        };
        let size = usize::from(domain.max().unwrap_or_default()) + 1;
        let mut dense = vec![0; size];
        for (position, value) in domain.iter().enumerate() {
            if let (Some(place), Ok(position)) =
                (dense.get_mut(usize::from(value)), u8::try_from(position))
            {
                *place = position;
            }
        }
        LookupInput {
            source,
            domain,
            dense,
            stride: 1,
        }
    }

    /// A lookup whose cells do not depend on a reading: `cell` is asked for each
    /// combination.
    pub(super) fn lookup(
        &mut self,
        at: &str,
        inputs: Vec<LookupInput>,
        mut cell: impl FnMut(&mut Self, &[u8]) -> Option<Cell>,
    ) -> Option<Op> {
        let mut cells = Vec::new();
        let inputs = self.combinations(at, inputs, |this, values| {
            cells.push(cell(this, values)?);
            Some(())
        })?;
        Some(Op::Lookup(Lookup {
            inputs,
            by: None,
            cells: vec![cells],
            coverage: None,
        }))
    }

    /// Visits each combination of the values of `inputs`, in the order of cells;
    /// gives the inputs back with their strides.
    fn combinations(
        &mut self,
        at: &str,
        mut inputs: Vec<LookupInput>,
        mut visit: impl FnMut(&mut Self, &[u8]) -> Option<()>,
    ) -> Option<Vec<LookupInput>> {
        let mut size = 1usize;
        for input in inputs.iter_mut().rev() {
            input.stride = size;
            size = size.saturating_mul(usize::try_from(input.domain.len()).unwrap_or(usize::MAX));
        }
        if size > MAX_CELLS || inputs.is_empty() {
            self.fault(
                at,
                Kind::TooLarge,
                format!("expected 1 to {MAX_CELLS} combinations; found {size}"),
            );
            return None;
        }
        let mut values: Vec<u8> = Vec::with_capacity(inputs.len());
        for position in 0..size {
            values.clear();
            for input in &inputs {
                let count = usize::try_from(input.domain.len()).unwrap_or(1).max(1);
                let index = position / input.stride % count;
                values.extend(input.domain.iter().nth(index));
            }
            visit(self, &values)?;
        }
        Some(inputs)
    }

    /// Reports every outcome of a rule that is no level or number.
    pub(super) fn outcomes(&mut self, at: &str, rule: &Rule) {
        match rule {
            Rule::Band(band) => {
                for (j, row) in band.rows.iter().enumerate() {
                    self.outcome(&format!("{at}/band/rows/{j}/is"), &row.is);
                }
            }
            Rule::Table(table) => {
                for (j, row) in table.rows.iter().enumerate() {
                    for (k, cell) in row.cells.iter().enumerate() {
                        self.outcome(&format!("{at}/table/rows/{j}/cells/{k}"), cell);
                    }
                }
            }
            Rule::Cases(cases) => {
                for (list, rows) in [("rows", &cases.rows), ("gaps", &cases.gaps)] {
                    for (j, row) in rows.iter().enumerate() {
                        self.outcome(&format!("{at}/cases/{list}/{j}/is"), &row.is);
                    }
                }
            }
            _ => {}
        }
    }

    fn outcome(&mut self, at: &str, outcome: &Outcome) {
        match outcome {
            Outcome::Number(value) if *value > Values::MAX => self.fault(
                at,
                Kind::OutOfRange,
                format!("expected at most {}; found {value}", Values::MAX),
            ),
            Outcome::Number(_) => {}
            Outcome::Level(key) => {
                self.level_code(at, key);
            }
        }
    }

    /// The value of an outcome; none if it has a fault, which was reported before.
    fn value_of(&self, outcome: &Outcome) -> Option<u8> {
        match outcome {
            Outcome::Number(value) => Some(*value).filter(|value| *value <= Values::MAX),
            Outcome::Level(key) => self.level_of_key(key),
        }
    }

    fn level_of_key(&self, key: &str) -> Option<u8> {
        let mut levels = self.definition.levels.iter();
        levels
            .find(|level| level.key == key)
            .map(|level| level.code)
    }

    pub(super) fn level_code(&mut self, at: &str, key: &str) -> Option<u8> {
        let found = self.level_of_key(key);
        if found.is_none() {
            let keys: Vec<&str> = self
                .definition
                .levels
                .iter()
                .map(|level| level.key.as_str())
                .collect();
            self.fault(
                at,
                Kind::UnknownLevel,
                format!("expected one of {}; found {key:?}", keys.join(", ")),
            );
        }
        found
    }

    pub(super) fn band(
        &mut self,
        at: &str,
        input: LookupInput,
        rows: &[(std::ops::RangeInclusive<u8>, &Outcome)],
        grade: Grade,
    ) -> Option<Op> {
        let before = self.sink.list.len();
        let mut outcomes = Vec::new();
        for (j, (range, outcome)) in rows.iter().enumerate() {
            outcomes.push(self.value_of(outcome));
            if !range.clone().any(|value| input.domain.contains(value)) {
                self.fault(
                    format!("{at}/{j}"),
                    Kind::DeadRow,
                    format!(
                        "expected a row that some value comes to; none lies in {}-{}",
                        range.start(),
                        range.end()
                    ),
                );
            }
        }
        let (mut gaps, mut overlaps) = (Values::EMPTY, BTreeMap::<usize, Values>::new());
        for value in 0..=Values::MAX {
            let mut holding = rows
                .iter()
                .enumerate()
                .filter(|(_, (range, _))| range.contains(&value));
            match (holding.next(), holding.next()) {
                (None, _) if input.domain.contains(value) => gaps.insert(value),
                (Some(_), Some((second, _))) => overlaps.entry(second).or_default().insert(value),
                _ => {}
            }
        }
        if !gaps.is_empty() {
            self.fault(
                at,
                Kind::Gap,
                format!("expected a row for every value; none holds {gaps:?}"),
            );
        }
        for (j, values) in overlaps {
            self.fault(
                format!("{at}/{j}"),
                Kind::Overlap,
                format!("expected one row for each value; an earlier row holds {values:?} too"),
            );
        }
        if self.sink.list.len() > before || outcomes.iter().any(Option::is_none) {
            return None;
        }
        self.lookup(at, vec![input], |_, values| {
            let value = *values.first()?;
            let row = rows.iter().position(|(range, _)| range.contains(&value))?;
            Some(Cell {
                row: u8::try_from(row).ok()?,
                value: outcomes.get(row).copied().flatten()?,
                grade,
            })
        })
    }

    pub(super) fn table(
        &mut self,
        at: &str,
        table: &'d Table,
        down: LookupInput,
        across: LookupInput,
        grade: Grade,
    ) -> Option<Op> {
        let before = self.sink.list.len();
        self.axis(&format!("{at}/columns"), across.domain, &table.columns);
        let ats: Vec<u8> = table.rows.iter().map(|row| row.at).collect();
        self.axis(&format!("{at}/rows"), down.domain, &ats);
        let mut cells = BTreeMap::new();
        for (j, row) in table.rows.iter().enumerate() {
            let place = format!("{at}/rows/{j}/cells");
            if row.cells.len() != table.columns.len() {
                self.fault(
                    &place,
                    Kind::Gap,
                    format!(
                        "expected one cell for each of {} columns; found {}",
                        table.columns.len(),
                        row.cells.len()
                    ),
                );
            }
            for (cell, column) in row.cells.iter().zip(&table.columns) {
                if let (Some(value), Ok(j)) = (self.value_of(cell), u8::try_from(j)) {
                    let cell = Cell {
                        row: j,
                        value,
                        grade,
                    };
                    cells.insert((row.at, *column), cell);
                }
            }
        }
        if self.sink.list.len() > before {
            return None;
        }
        self.lookup(at, vec![down, across], |_, values| match values {
            [down, across] => cells.get(&(*down, *across)).copied(),
            _ => None,
        })
    }

    /// One side of a table names every reachable value once and no other.
    fn axis(&mut self, at: &str, domain: Values, found: &[u8]) {
        let mut seen = Values::EMPTY;
        for (j, value) in found.iter().enumerate() {
            let place = format!("{at}/{j}");
            if seen.contains(*value) {
                self.fault(place, Kind::Overlap, format!("{value} stands twice"));
            } else if !domain.contains(*value) {
                self.fault(place, Kind::DeadRow, format!("nothing comes to {value}"));
            }
            seen.insert(*value);
        }
        let gaps: Values = domain
            .iter()
            .filter(|value| !seen.contains(*value))
            .collect();
        if !gaps.is_empty() {
            self.fault(
                at,
                Kind::Gap,
                format!("expected a place for every value; there is none for {gaps:?}"),
            );
        }
    }

    pub(super) fn cases(&mut self, at: &str, cases: &'d Cases, grade: Grade) -> Option<Op> {
        let before = self.sink.list.len();
        let mut inputs = Vec::new();
        for (j, of) in cases.of.iter().enumerate() {
            let source = self.source(&format!("{at}/of/{j}"), of)?;
            inputs.push(self.input(source));
        }
        let sources: Vec<Source> = inputs.iter().map(|input| input.source).collect();
        let rows = self.case_rows(&format!("{at}/rows"), &cases.rows, &sources, grade);
        let gaps = self.case_rows(&format!("{at}/gaps"), &cases.gaps, &sources, grade);
        let (by, several) = match &cases.several {
            Some(several) => self.reading(&format!("{at}/several"), several)?,
            None => (None, vec![Several::First]),
        };
        // A row whose outcome has a fault is not among them: others must not take its place.
        let whole = rows.len() == cases.rows.len() && gaps.len() == cases.gaps.len();
        if self.sink.list.len() > before || !whole {
            return None;
        }
        let by = self.asked_reading(at, by, rows.iter().chain(&gaps))?;
        let choices = by
            .and_then(|by| self.definition.interpretations.get(by))
            .map_or(1, |interpretation| interpretation.choices.len());

        let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); choices];
        let mut coverage = Coverage::default();
        let mut used = BTreeSet::new();
        let inputs = self.combinations(at, inputs, |this, values| {
            for (choice, cells) in cells.iter_mut().enumerate() {
                let mut readings = this.program.default_readings;
                if let Some(by) = by {
                    readings.choose(by, choice);
                }
                let holding = this.rows_that_hold(&rows, &sources, values, readings)?;
                let left = this.rows_that_hold(&gaps, &sources, values, readings)?;
                let values_of: BTreeSet<u8> = holding.iter().map(|row| row.value).collect();
                if choice == 0 {
                    match values_of.len() {
                        0 => coverage.gaps += 1,
                        1 => coverage.unique += 1,
                        _ => coverage.overlaps += 1,
                    }
                }
                let chosen = match several.get(choice).or(several.first())? {
                    Several::First => holding.first(),
                    Several::Least => holding.iter().min_by_key(|row| row.value),
                    // The first of equals, as with the others.
                    Several::Greatest => holding.iter().rev().max_by_key(|row| row.value),
                };
                let Some(row) = chosen.or(left.first()) else {
                    this.fault(
                        at,
                        Kind::Gap,
                        format!("expected a row for every combination; none holds {values:?}"),
                    );
                    return None;
                };
                used.insert(row.row);
                let mut cell = *row;
                if values_of.len() > 1
                    && let Some(worse) = cases.overlap_grade
                {
                    cell.grade = cell.grade.max(worse);
                }
                cells.push(cell);
            }
            Some(())
        })?;
        let all = rows.iter().chain(&gaps);
        let places = (0..rows.len())
            .map(|j| format!("{at}/rows/{j}"))
            .chain((0..gaps.len()).map(|j| format!("{at}/gaps/{j}")));
        for ((_, cell), place) in all.zip(places) {
            if !used.contains(&cell.row) {
                self.fault(
                    place,
                    Kind::DeadRow,
                    "expected a row that some combination comes to; others take them all",
                );
            }
        }
        // Where the first of ordered rows counts, later ones hold what is left.
        let ordered = cases.several.is_none();
        Some(Op::Lookup(Lookup {
            inputs,
            by,
            cells,
            coverage: (!ordered).then_some(coverage),
        }))
    }

    /// The rows with their conditions; of `gaps`, numbered after those of `rows`.
    fn case_rows(
        &mut self,
        at: &str,
        rows: &'d [CaseRow],
        sources: &[Source],
        grade: Grade,
    ) -> Vec<(Cond, Cell)> {
        let offset = if at.ends_with("/gaps") { 128 } else { 0 };
        let mut out = Vec::new();
        for (j, row) in rows.iter().enumerate() {
            let place = format!("{at}/{j}");
            let when = self.condition(&format!("{place}/when"), &row.when);
            let (Some(when), Some(value)) = (when, self.value_of(&row.is)) else {
                continue;
            };
            let (slots, steps) = when.asked_ever();
            let listed = slots.into_iter().map(Source::Item);
            let mut asked = listed.chain(steps.into_iter().map(Source::Step));
            if asked.any(|asked| !sources.contains(&asked)) {
                self.fault(
                    format!("{place}/when"),
                    Kind::UnknownReference,
                    "expected only what `of` lists",
                );
            }
            let Ok(row_number) = u8::try_from(j + offset) else {
                self.fault(at, Kind::TooLarge, "expected at most 128 rows");
                break;
            };
            let cell = Cell {
                row: row_number,
                value,
                grade: row.grade.unwrap_or(grade),
            };
            out.push((when, cell));
        }
        out
    }

    /// The one interpretation that cases depend on: by `several`, or by a reading in
    /// a condition.
    fn asked_reading<'c>(
        &mut self,
        at: &str,
        by: Option<usize>,
        rows: impl Iterator<Item = &'c (Cond, Cell)>,
    ) -> Option<Option<usize>> {
        let mut all: BTreeSet<usize> = by.into_iter().collect();
        for (when, _) in rows {
            when.walk(&mut |part| {
                if let Cond::Reading { interpretation, .. } = part {
                    all.insert(*interpretation);
                }
            });
        }
        if all.len() > 1 {
            self.fault(
                at,
                Kind::TooLarge,
                "expected cases that depend on one interpretation at most",
            );
            return None;
        }
        Some(all.first().copied())
    }

    /// The rows whose condition is true of these values.
    fn rows_that_hold(
        &self,
        rows: &[(Cond, Cell)],
        sources: &[Source],
        values: &[u8],
        readings: Readings,
    ) -> Option<Vec<Cell>> {
        let mut masks = [0u16; MAX_SLOTS];
        let mut steps = [Values::EMPTY; MAX_STEPS];
        for (source, value) in sources.iter().zip(values) {
            match source {
                Source::Item(slot) => {
                    *masks.get_mut(*slot)? = 1u16.checked_shl(u32::from(*value))?;
                }
                Source::Step(step) => *steps.get_mut(*step)? = Values::one(*value),
            }
        }
        let known = Known {
            slots: &self.program.slots,
            masks: &masks,
            steps: &steps,
            readings,
        };
        let holding = rows
            .iter()
            .filter(|(when, _)| when.truth(&known) == Truth::True)
            .map(|(_, cell)| *cell);
        Some(holding.collect())
    }
}
