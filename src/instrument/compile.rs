//! From the rule file to a proved program.
//!
//! Everything that evaluation relies on is proved here, and every fault found is
//! reported with its place: what refers to nothing, rows that leave a gap or
//! overlap, rows and levels that nothing comes to, rules that cite nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Combine, Definition, Effect, FieldType, Outcome, Rule, Step, Together};
use super::evaluate::Evaluation;
use super::program::{
    Cell, Change, CombineBy, CompiledCheck, CompiledEffect, CompiledRule, Cond, Lookup,
    LookupInput, Op, Program, ResultIndex, Slot, Source, StandIn, Target,
};
use super::values::Values;
use super::{Inputs, Instrument, MAX_READINGS, MAX_RULES, MAX_SLOTS, MAX_STEPS, Readings};
use crate::case::CategoryRange;
use crate::condition::{Ask, AskStep, Condition, Scalar};
use crate::determination::Level;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Grade, Sink};

/// Most combinations of values that one lookup may have.
const MAX_CELLS: usize = 1 << 16;
/// Most options of an item or field, so that they fit a mask.
const MAX_OPTIONS: usize = 16;
/// Greatest score or code.
const MAX_NUMBER: u8 = 15;

/// Proves `definition`; `None` if anything is wrong, which is then in `sink`.
pub(crate) fn compile(
    definition: Definition,
    cited: &dyn Fn(&str) -> bool,
    sink: &mut Sink<'_>,
) -> Option<Instrument> {
    let before = sink.list.len();
    let levels = levels(&definition, sink);
    let mut compiler = Compiler {
        definition: &definition,
        sink,
        program: Program::default(),
        places: BTreeMap::new(),
        groups: BTreeMap::new(),
        step_places: BTreeMap::new(),
        citations: BTreeSet::new(),
        cited,
    };
    compiler.interpretations();
    compiler.slots();
    compiler.stand_ins();
    compiler.steps();
    compiler.checks();
    compiler.result();
    compiler.extras();
    let ranges = compiler
        .groups
        .iter()
        .map(|((_, within), slot)| (*slot, within.to_vec()))
        .collect();
    let mut program = compiler.program;
    program.citations = compiler.citations.into_iter().collect();
    let sink = compiler.sink;
    if sink.list.len() > before {
        return None;
    }
    let mut asked = Vec::new();
    for step in &program.steps {
        if let Op::Change(change) = step {
            for rule in &change.rules {
                asked.extend_from_slice(&rule.asks);
            }
        }
    }
    asked.sort_unstable();
    asked.dedup();
    asked.retain(|slot| *slot >= program.items);
    program.grounds = asked;
    let instrument = Instrument {
        definition,
        levels,
        fast: super::fast::FastPlan::of(&program),
        program,
        ranges,
    };
    reachable_levels(&instrument, sink);
    (sink.list.len() == before).then_some(instrument)
}

fn levels(definition: &Definition, sink: &mut Sink<'_>) -> Vec<Level> {
    let mut keys = BTreeSet::new();
    for (i, level) in definition.levels.iter().enumerate() {
        if usize::from(level.code) != i {
            sink.push(
                format!("/levels/{i}/code"),
                Kind::OutOfRange,
                format!(
                    "expected levels in order from code 0, here {i}; found {}",
                    level.code
                ),
            );
        }
        if !keys.insert(&level.key) {
            sink.push(
                format!("/levels/{i}/key"),
                Kind::DuplicateCode,
                format!("expected each key once; found {:?} again", level.key),
            );
        }
    }
    definition
        .levels
        .iter()
        .map(|level| Level {
            code: level.code,
            key: level.key.clone(),
        })
        .collect()
}

/// Every level must be reached by some answers.
fn reachable_levels(instrument: &Instrument, sink: &mut Sink<'_>) {
    let mut reached = Values::EMPTY;
    for readings in instrument.all_readings() {
        let evaluation = Evaluation::run(instrument, &Inputs::none(instrument), readings);
        for level in evaluation.step(instrument.program.result.level).iter() {
            reached.insert(level);
        }
    }
    for level in &instrument.levels {
        if !reached.contains(level.code) {
            sink.push(
                format!("/levels/{}", level.code),
                Kind::UnreachableLevel,
                format!(
                    "expected answers that lead to {:?}; there are none",
                    level.key
                ),
            );
        }
    }
}

struct Compiler<'d, 's, 'f> {
    definition: &'d Definition,
    sink: &'s mut Sink<'f>,
    program: Program,
    /// Slot of each item, flag and choice.
    places: BTreeMap<&'d str, usize>,
    /// Slot of each group of diagnoses.
    groups: BTreeMap<(&'d str, &'d [String]), usize>,
    step_places: BTreeMap<&'d str, usize>,
    citations: BTreeSet<String>,
    cited: &'s dyn Fn(&str) -> bool,
}

impl<'d> Compiler<'d, '_, '_> {
    fn fault(&mut self, at: impl Into<String>, kind: Kind, message: impl Into<String>) {
        self.sink.push(at, kind, message);
    }

    /// Checks that something is cited, and by what is declared; `decides` if the
    /// level can rest on it.
    fn cite(&mut self, at: &str, cite: &[String], grade: Grade, decides: bool) {
        if cite.is_empty() {
            self.fault(
                format!("{at}/cite"),
                Kind::MissingCitation,
                "expected at least one citation; found none",
            );
        }
        for (i, id) in cite.iter().enumerate() {
            if !(self.cited)(id) {
                self.fault(
                    format!("{at}/cite/{i}"),
                    Kind::UnknownCitation,
                    format!("expected a declared document and clause; found {id:?}"),
                );
            }
            if decides {
                self.citations.insert(id.clone());
            }
        }
        if decides {
            self.program.grade = self.program.grade.max(grade);
        }
    }

    fn interpretations(&mut self) {
        let definition = self.definition;
        let mut ids = BTreeSet::new();
        let mut readings = Readings::default();
        for (i, interpretation) in definition.interpretations.iter().enumerate() {
            let at = format!("/interpretations/{i}");
            if !ids.insert(&interpretation.id) {
                self.fault(
                    format!("{at}/id"),
                    Kind::DuplicateCode,
                    format!("expected each id once; found {:?} again", interpretation.id),
                );
            }
            let mut keys = BTreeSet::new();
            for (j, choice) in interpretation.choices.iter().enumerate() {
                if !keys.insert(&choice.key) {
                    self.fault(
                        format!("{at}/choices/{j}/key"),
                        Kind::DuplicateCode,
                        format!("expected each key once; found {:?} again", choice.key),
                    );
                }
            }
            match interpretation
                .choices
                .iter()
                .position(|choice| choice.key == interpretation.default)
            {
                Some(choice) => readings.choose(i, choice),
                None => self.fault(
                    format!("{at}/default"),
                    Kind::UnknownReference,
                    format!(
                        "expected one of its choices; found {:?}",
                        interpretation.default
                    ),
                ),
            }
            self.cite(&at, &interpretation.cite, interpretation.grade, true);
        }
        if definition.interpretations.len() > MAX_READINGS {
            self.fault(
                "/interpretations",
                Kind::TooLarge,
                format!("expected at most {MAX_READINGS} interpretations"),
            );
        }
        self.program.default_readings = readings;
    }

    /// Gives every item, flag, choice and asked group of diagnoses a slot.
    fn slots(&mut self) {
        let definition = self.definition;
        let mut seen = BTreeSet::new();
        for (d, domain) in definition.domains.iter().enumerate() {
            for (i, item) in domain.items.iter().enumerate() {
                let at = format!("/domains/{d}/items/{i}");
                self.unique_code(&at, &item.code, &mut seen);
                let keys = item.options.iter().map(|option| option.key.as_str());
                self.unique_keys(&format!("{at}/options"), keys);
                let numbers = item.options.iter().map(|option| option.score).collect();
                let slot = self.slot(&at, &item.code, numbers, item.grade);
                self.program.codes.push((
                    item.code.clone(),
                    Target::Item {
                        slot,
                        domain: d,
                        item: i,
                    },
                ));
                self.places.insert(&item.code, slot);
                self.cite(&at, &item.cite, item.grade, true);
            }
        }
        self.program.items = self.program.slots.len();
        let groups = self.asked_groups();
        for (i, field) in definition.fields.iter().enumerate() {
            let at = format!("/fields/{i}");
            self.unique_code(&at, &field.code, &mut seen);
            let keys = field.options.iter().map(|option| option.key.as_str());
            self.unique_keys(&format!("{at}/options"), keys);
            let rows = field.rows.iter().map(|row| row.key.as_str());
            self.unique_keys(&format!("{at}/rows"), rows);
            let target = match field.answer {
                FieldType::Flag => {
                    let slot = self.slot(&at, &field.code, vec![0, 1], field.grade);
                    self.places.insert(&field.code, slot);
                    Target::Field { field: i, slot }
                }
                FieldType::Choice => {
                    let codes = field.options.iter().map(|option| option.code);
                    let numbers = codes.map(Option::unwrap_or_default).collect();
                    let slot = self.slot(&at, &field.code, numbers, field.grade);
                    self.places.insert(&field.code, slot);
                    Target::Field { field: i, slot }
                }
                FieldType::Choices => Target::Choices { field: i },
                FieldType::Diagnoses => {
                    for (j, row) in field.rows.iter().enumerate() {
                        if let Some(icd) = &row.icd
                            && CategoryRange::parse(icd).is_none()
                        {
                            self.fault(
                                format!("{at}/rows/{j}/icd"),
                                Kind::Shape,
                                format!("expected a category or range as F00-F03; found {icd:?}"),
                            );
                        }
                    }
                    let mut own = Vec::new();
                    for (code, within) in &groups {
                        if *code != field.code {
                            continue;
                        }
                        let ranges = within
                            .iter()
                            .filter_map(|range| CategoryRange::parse(range))
                            .collect();
                        let slot = self.slot(&at, &field.code, vec![0, 1], field.grade);
                        self.groups.insert((code, within), slot);
                        own.push((slot, ranges));
                    }
                    Target::Diagnoses {
                        field: i,
                        groups: own,
                    }
                }
            };
            self.program.codes.push((field.code.clone(), target));
            self.cite(&at, &field.cite, field.grade, false);
        }
        if self.program.slots.len() > MAX_SLOTS {
            let found = self.program.slots.len();
            self.fault(
                "/domains",
                Kind::TooLarge,
                format!("expected at most {MAX_SLOTS} items and askable fields; found {found}"),
            );
        }
        self.program.codes.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    fn unique_code(&mut self, at: &str, code: &'d str, seen: &mut BTreeSet<&'d str>) {
        if !seen.insert(code) {
            self.fault(
                format!("{at}/code"),
                Kind::DuplicateCode,
                format!("expected each code once; found {code:?} again"),
            );
        }
    }

    fn unique_keys(&mut self, at: &str, keys: impl Iterator<Item = &'d str>) {
        let mut seen = BTreeSet::new();
        for (i, key) in keys.enumerate() {
            if !seen.insert(key) {
                self.fault(
                    format!("{at}/{i}/key"),
                    Kind::DuplicateCode,
                    format!("expected each key once; found {key:?} again"),
                );
            }
        }
    }

    fn slot(&mut self, at: &str, code: &str, numbers: Vec<u8>, grade: Grade) -> usize {
        if numbers.is_empty() || numbers.len() > MAX_OPTIONS {
            self.fault(
                format!("{at}/options"),
                Kind::TooLarge,
                format!(
                    "expected 1 to {MAX_OPTIONS} options; found {}",
                    numbers.len()
                ),
            );
        }
        for (i, number) in numbers.iter().enumerate() {
            if *number > MAX_NUMBER {
                self.fault(
                    format!("{at}/options/{i}"),
                    Kind::OutOfRange,
                    format!("expected a number of at most {MAX_NUMBER}; found {number}"),
                );
            }
        }
        self.program.slots.push(Slot {
            code: code.to_owned(),
            all: u16::try_from((1u32 << numbers.len().min(MAX_OPTIONS)) - 1).unwrap_or(u16::MAX),
            most: numbers.iter().copied().max().unwrap_or_default(),
            numbers,
            grade,
        });
        self.program.slots.len() - 1
    }

    /// The groups of diagnoses that some condition asks, each once.
    fn asked_groups(&self) -> BTreeSet<(&'d str, &'d [String])> {
        fn walk<'d>(condition: &'d Condition, into: &mut BTreeSet<(&'d str, &'d [String])>) {
            match condition {
                Condition::All(parts) | Condition::Any(parts) => {
                    parts.iter().for_each(|part| walk(part, into));
                }
                Condition::Not(part) => walk(part, into),
                Condition::Diagnosis(ask) => {
                    into.insert((&ask.code, &ask.within));
                }
                Condition::Reading(reading) => {
                    reading.choices.values().for_each(|part| walk(part, into));
                }
                Condition::Answer(_)
                | Condition::Step(_)
                | Condition::Sum(_)
                | Condition::Most(_) => {}
            }
        }
        let definition = self.definition;
        let mut groups = BTreeSet::new();
        for step in &definition.steps {
            match &step.rule {
                Rule::Cases(cases) => cases
                    .rows
                    .iter()
                    .for_each(|row| walk(&row.when, &mut groups)),
                Rule::LevelChange(change) => {
                    change
                        .rules
                        .iter()
                        .for_each(|rule| walk(&rule.when, &mut groups));
                }
                _ => {}
            }
        }
        for check in &definition.checks {
            walk(&check.when, &mut groups);
        }
        groups
    }

    fn stand_ins(&mut self) {
        let definition = self.definition;
        for (i, field) in definition.fields.iter().enumerate() {
            let Some(by) = &field.answered_by else {
                continue;
            };
            let at = format!("/fields/{i}/answered_by");
            let option = definition
                .domains
                .iter()
                .flat_map(|domain| &domain.items)
                .find(|item| item.code == by.code)
                .and_then(|item| {
                    item.options
                        .iter()
                        .position(|option| option.key == by.option)
                });
            let item = self.places.get(by.code.as_str()).copied();
            let flag = self.places.get(field.code.as_str()).copied();
            match (item, option, flag) {
                (Some(item), Some(option), Some(flag)) if field.answer == FieldType::Flag => {
                    self.program.stand_ins.push(StandIn {
                        item,
                        option: 1 << option,
                        flag,
                        answer: 1 << u16::from(by.value),
                    });
                }
                _ => self.fault(
                    at,
                    Kind::UnknownReference,
                    "expected, on a flag, an item and the key of one of its options",
                ),
            }
        }
    }

    fn steps(&mut self) {
        let definition = self.definition;
        for (i, step) in definition.steps.iter().enumerate() {
            let at = format!("/steps/{i}");
            self.cite(&at, &step.cite, step.grade, true);
            if let Some(op) = self.step(&at, i, step) {
                self.program.steps.push(op);
                if self.step_places.insert(&step.id, i).is_some() {
                    self.fault(
                        format!("{at}/id"),
                        Kind::DuplicateCode,
                        format!("expected each id once; found {:?} again", step.id),
                    );
                }
            } else {
                // What follows may use it: only its own fault is of interest.
                return;
            }
        }
        if definition.steps.len() > MAX_STEPS {
            self.fault(
                "/steps",
                Kind::TooLarge,
                format!("expected at most {MAX_STEPS} steps"),
            );
        }
    }

    fn step(&mut self, at: &str, i: usize, step: &'d Step) -> Option<Op> {
        let before = self.sink.list.len();
        let op = match &step.rule {
            Rule::Sum(sum) => {
                let (mut items, mut steps) = (Vec::new(), Vec::new());
                for (j, of) in sum.of.iter().enumerate() {
                    match self.source(&format!("{at}/rule/sum/of/{j}"), of)? {
                        Source::Item(slot) => items.push(slot),
                        Source::Step(step) => steps.push(step),
                    }
                }
                let most = items
                    .iter()
                    .filter_map(|slot| self.program.slots.get(*slot))
                    .map(|slot| u32::from(slot.most))
                    .chain(
                        steps
                            .iter()
                            .filter_map(|step| self.reachable(*step).max())
                            .map(u32::from),
                    )
                    .sum::<u32>();
                if most > u32::from(Values::MAX) {
                    self.fault(
                        format!("{at}/rule/sum"),
                        Kind::TooLarge,
                        format!(
                            "expected a sum of at most {}; it reaches {most}",
                            Values::MAX
                        ),
                    );
                }
                Op::Sum { items, steps }
            }
            Rule::Count(count) => {
                let mut of = Vec::new();
                let mut counted = BTreeSet::new();
                for (j, code) in count.of.iter().enumerate() {
                    let place = format!("{at}/rule/count/of/{j}");
                    let Source::Item(slot) = self.source(&place, code)? else {
                        self.fault(
                            place,
                            Kind::UnknownReference,
                            "expected the code of an item",
                        );
                        return None;
                    };
                    let item = self
                        .definition
                        .domains
                        .iter()
                        .flat_map(|domain| &domain.items)
                        .find(|item| item.code == *code)?;
                    let mut mask = 0;
                    for (bit, option) in item.options.iter().enumerate() {
                        if count.options.contains(&option.key) {
                            mask |= 1 << bit;
                            counted.insert(&option.key);
                        }
                    }
                    of.push((slot, mask));
                }
                for (j, key) in count.options.iter().enumerate() {
                    if !counted.contains(key) {
                        self.fault(
                            format!("{at}/rule/count/options/{j}"),
                            Kind::UnknownReference,
                            format!("expected the key of an option of the items; found {key:?}"),
                        );
                    }
                }
                Op::Count { of }
            }
            Rule::Band(band) => {
                let of = self.step_source(&format!("{at}/rule/band/of"), &band.of)?;
                let rows: Vec<_> = band
                    .rows
                    .iter()
                    .map(|row| (row.from..=row.to, &row.is))
                    .collect();
                let input = self.input(Source::Step(of));
                self.band(&format!("{at}/rule/band/rows"), input, &rows)?
            }
            Rule::WorstOf(worst) => {
                let mut inputs = Vec::new();
                for (j, id) in worst.of.iter().enumerate() {
                    let step = self.step_source(&format!("{at}/rule/worst_of/of/{j}"), id)?;
                    inputs.push(self.input(Source::Step(step)));
                }
                self.lookup(&format!("{at}/rule/worst_of"), inputs, |_, values| {
                    let value = values.iter().copied().max()?;
                    Some(Cell { row: value, value })
                })?
            }
            Rule::Table(table) => {
                let down = self.step_source(&format!("{at}/rule/table/down"), &table.down)?;
                let across = self.step_source(&format!("{at}/rule/table/across"), &table.across)?;
                let (down, across) = (
                    self.input(Source::Step(down)),
                    self.input(Source::Step(across)),
                );
                self.table(&format!("{at}/rule/table"), table, down, across)?
            }
            Rule::Cases(cases) => self.cases(&format!("{at}/rule/cases"), cases)?,
            Rule::LevelChange(change) => {
                if i + 1 != self.definition.steps.len() || self.definition.result.level != step.id {
                    self.fault(
                        format!("{at}/rule"),
                        Kind::OutOfRange,
                        "expected a level change only as the last step, which gives the level",
                    );
                }
                self.change(&format!("{at}/rule/level_change"), change)?
            }
        };
        (self.sink.list.len() == before).then_some(op)
    }

    fn source(&mut self, at: &str, id: &str) -> Option<Source> {
        if let Some(step) = self.step_places.get(id) {
            return Some(Source::Step(*step));
        }
        match self.places.get(id) {
            Some(slot) if *slot < self.program.items => Some(Source::Item(*slot)),
            _ => {
                self.fault(
                    at,
                    Kind::UnknownReference,
                    format!(
                        "expected the code of an item or the id of an earlier step; found {id:?}"
                    ),
                );
                None
            }
        }
    }

    fn step_source(&mut self, at: &str, id: &str) -> Option<usize> {
        let found = self.step_places.get(id).copied();
        if found.is_none() {
            self.fault(
                at,
                Kind::UnknownReference,
                format!("expected the id of an earlier step; found {id:?}"),
            );
        }
        found
    }

    /// Every value that a step compiled so far can come to.
    fn reachable(&self, step: usize) -> Values {
        Evaluation::reachable(&self.program).step(step)
    }

    fn input(&self, source: Source) -> LookupInput {
        let domain = match source {
            Source::Item(slot) => self
                .program
                .slots
                .get(slot)
                .map_or(Values::EMPTY, |slot| slot.values(slot.all)),
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

    /// Fills the cells of a lookup, asking `cell` for each combination.
    fn lookup(
        &mut self,
        at: &str,
        mut inputs: Vec<LookupInput>,
        mut cell: impl FnMut(&mut Self, &[u8]) -> Option<Cell>,
    ) -> Option<Op> {
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
        let mut cells = Vec::with_capacity(size);
        let mut values: Vec<u8> = Vec::with_capacity(inputs.len());
        for position in 0..size {
            values.clear();
            for input in &inputs {
                let count = usize::try_from(input.domain.len()).unwrap_or(1).max(1);
                let index = position / input.stride % count;
                values.extend(input.domain.iter().nth(index));
            }
            cells.push(cell(self, &values)?);
        }
        Some(Op::Lookup(Lookup { inputs, cells }))
    }

    fn outcome(&mut self, at: &str, outcome: &Outcome) -> Option<u8> {
        match outcome {
            Outcome::Number(value) if *value <= Values::MAX => Some(*value),
            Outcome::Number(value) => {
                self.fault(
                    at,
                    Kind::OutOfRange,
                    format!("expected at most {}; found {value}", Values::MAX),
                );
                None
            }
            Outcome::Level(key) => self.level_code(at, key),
        }
    }

    fn level_code(&mut self, at: &str, key: &str) -> Option<u8> {
        let found = self
            .definition
            .levels
            .iter()
            .find(|level| level.key == key)
            .map(|level| level.code);
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

    fn band(
        &mut self,
        at: &str,
        input: LookupInput,
        rows: &[(std::ops::RangeInclusive<u8>, &Outcome)],
    ) -> Option<Op> {
        let before = self.sink.list.len();
        let mut outcomes = Vec::new();
        for (j, (range, outcome)) in rows.iter().enumerate() {
            outcomes.push(self.outcome(&format!("{at}/{j}/is"), outcome));
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
        if self.sink.list.len() > before {
            return None;
        }
        self.lookup(at, vec![input], |_, values| {
            let value = *values.first()?;
            let row = rows.iter().position(|(range, _)| range.contains(&value))?;
            Some(Cell {
                row: u8::try_from(row).ok()?,
                value: outcomes.get(row).copied().flatten()?,
            })
        })
    }

    fn table(
        &mut self,
        at: &str,
        table: &'d super::definition::Table,
        down: LookupInput,
        across: LookupInput,
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
            for (k, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                if let (Some(value), Ok(j)) =
                    (self.outcome(&format!("{place}/{k}"), cell), u8::try_from(j))
                {
                    cells.insert((row.at, *column), Cell { row: j, value });
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

    fn cases(&mut self, at: &str, cases: &'d super::definition::Cases) -> Option<Op> {
        let before = self.sink.list.len();
        let mut inputs = Vec::new();
        for (j, of) in cases.of.iter().enumerate() {
            let source = self.source(&format!("{at}/of/{j}"), of)?;
            inputs.push(self.input(source));
        }
        let mut rows = Vec::new();
        for (j, row) in cases.rows.iter().enumerate() {
            let place = format!("{at}/rows/{j}");
            let when = self.condition(&format!("{place}/when"), &row.when);
            let is = self.outcome(&format!("{place}/is"), &row.is);
            if let Some(when) = &when {
                let mut asked = Vec::new();
                when.asked_ever(&mut asked);
                let sources: Vec<Source> = inputs.iter().map(|input| input.source).collect();
                if asked
                    .iter()
                    .any(|slot| !sources.contains(&Source::Item(*slot)))
                {
                    self.fault(
                        format!("{place}/when"),
                        Kind::UnknownReference,
                        "expected only what `of` lists",
                    );
                }
            }
            rows.push(when.zip(is));
        }
        if self.sink.list.len() > before {
            return None;
        }
        let readings = self.program.default_readings;
        let mut used = BTreeSet::new();
        let sources: Vec<Source> = inputs.iter().map(|input| input.source).collect();
        let op = self.lookup(at, inputs, |this, values| {
            let mut masks = [0u16; MAX_SLOTS];
            let mut steps = [Values::EMPTY; MAX_STEPS];
            for (source, value) in sources.iter().zip(values) {
                match source {
                    Source::Item(slot) => {
                        let mask = this.program.slots.get(*slot)?.mask_of(*value);
                        *masks.get_mut(*slot)? = mask;
                    }
                    Source::Step(step) => *steps.get_mut(*step)? = Values::one(*value),
                }
            }
            let known = super::program::Known {
                slots: &this.program.slots,
                masks: &masks,
                steps: &steps,
                readings,
            };
            let row = rows.iter().position(|row| {
                row.as_ref()
                    .is_some_and(|(when, _)| when.truth(&known) == crate::condition::Truth::True)
            });
            let Some(row) = row else {
                this.fault(
                    at,
                    Kind::Gap,
                    format!("expected a row for every combination; none holds {values:?}"),
                );
                return None;
            };
            used.insert(row);
            Some(Cell {
                row: u8::try_from(row).ok()?,
                value: rows.get(row).cloned().flatten()?.1,
            })
        })?;
        for j in 0..rows.len() {
            if !used.contains(&j) {
                self.fault(
                    format!("{at}/rows/{j}"),
                    Kind::DeadRow,
                    "expected a row that some combination comes to; earlier rows take them all",
                );
            }
        }
        Some(op)
    }

    fn change(&mut self, at: &str, change: &'d super::definition::LevelChange) -> Option<Op> {
        let of = self.step_source(&format!("{at}/of"), &change.of)?;
        let count = u8::try_from(self.definition.levels.len()).unwrap_or(u8::MAX);
        let worst = count.saturating_sub(1);
        if self.reachable(of).max().is_some_and(|most| most > worst) {
            self.fault(
                format!("{at}/of"),
                Kind::UnknownLevel,
                format!("expected a step that gives levels 0 to {worst}"),
            );
        }
        if change.rules.len() > MAX_RULES {
            self.fault(
                format!("{at}/rules"),
                Kind::TooLarge,
                format!("expected at most {MAX_RULES} rules"),
            );
        }
        let mut ids = BTreeSet::new();
        let mut rules = Vec::new();
        for (j, rule) in change.rules.iter().enumerate() {
            let place = format!("{at}/rules/{j}");
            if !ids.insert(&rule.id) {
                self.fault(
                    format!("{place}/id"),
                    Kind::DuplicateCode,
                    format!("expected each id once; found {:?} again", rule.id),
                );
            }
            self.cite(&place, &rule.cite, rule.grade, true);
            let effect = match &rule.then {
                Effect::Set(key) => self
                    .level_code(&format!("{place}/then/set"), key)
                    .map(CompiledEffect::Set),
                Effect::WorseBy(0) => {
                    self.fault(
                        format!("{place}/then/worse_by"),
                        Kind::DeadRow,
                        "expected at least 1: a rule that changes something",
                    );
                    None
                }
                Effect::WorseBy(by) => Some(CompiledEffect::WorseBy(*by)),
            };
            let when = self.condition(&format!("{place}/when"), &rule.when);
            if let (Some(when), Some(effect)) = (when, effect) {
                let mut asks = Vec::new();
                when.asked_ever(&mut asks);
                asks.sort_unstable();
                asks.dedup();
                rules.push(CompiledRule { when, effect, asks });
            }
        }
        let together = match &change.together {
            Together::Always(combine) => CombineBy::Always {
                each: *combine == Combine::Each,
            },
            Together::Reading {
                interpretation,
                choices,
            } => {
                let place = format!("{at}/together");
                let (interpretation, each) =
                    self.by_choice(&place, interpretation, choices, |_, _, combine| {
                        Some(*combine == Combine::Each)
                    })?;
                CombineBy::Reading {
                    interpretation,
                    each,
                }
            }
        };
        Some(Op::Change(Change {
            of,
            rules,
            together,
            worst,
        }))
    }

    /// One `T` for each choice of an interpretation, in the order of the choices.
    fn by_choice<S, T>(
        &mut self,
        at: &str,
        interpretation: &str,
        choices: &'d BTreeMap<String, S>,
        mut each: impl FnMut(&mut Self, &str, &'d S) -> Option<T>,
    ) -> Option<(usize, Vec<T>)> {
        let definition = self.definition;
        let found = definition
            .interpretations
            .iter()
            .position(|candidate| candidate.id == interpretation);
        let Some((i, declared)) = found.zip(found.and_then(|i| definition.interpretations.get(i)))
        else {
            self.fault(
                format!("{at}/interpretation"),
                Kind::UnknownReference,
                format!("expected the id of an interpretation; found {interpretation:?}"),
            );
            return None;
        };
        let mut out = Vec::new();
        for choice in &declared.choices {
            match choices.get(&choice.key) {
                Some(value) => {
                    out.extend(each(self, &format!("{at}/choices/{}", choice.key), value));
                }
                None => self.fault(
                    format!("{at}/choices"),
                    Kind::Gap,
                    format!("expected every choice; {:?} is absent", choice.key),
                ),
            }
        }
        for key in choices.keys() {
            if !declared.choices.iter().any(|choice| choice.key == *key) {
                self.fault(
                    format!("{at}/choices/{key}"),
                    Kind::UnknownReference,
                    format!("expected a choice of {interpretation:?}; found {key:?}"),
                );
            }
        }
        (out.len() == declared.choices.len()).then_some((i, out))
    }

    fn condition(&mut self, at: &str, condition: &'d Condition) -> Option<Cond> {
        match condition {
            Condition::All(parts) => Some(Cond::All(self.parts(&format!("{at}/all"), parts)?)),
            Condition::Any(parts) => Some(Cond::Any(self.parts(&format!("{at}/any"), parts)?)),
            Condition::Not(part) => {
                let part = self.condition(&format!("{at}/not"), part)?;
                Some(Cond::Not(Box::new(part)))
            }
            Condition::Answer(ask) => self.ask(&format!("{at}/answer"), ask),
            Condition::Step(ask) => self.ask_step(&format!("{at}/step"), ask),
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
        }
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

    fn numbered(&mut self, at: &str, codes: &[String]) -> Option<Vec<usize>> {
        let mut out = Vec::new();
        for (j, code) in codes.iter().enumerate() {
            out.extend(self.place(&format!("{at}/of/{j}"), code));
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
            (None, Some(list), None, None) => {
                let mut mask = 0;
                for (j, is) in list.iter().enumerate() {
                    mask |= scalar(self, format!("{at}/one_of/{j}"), is);
                }
                mask
            }
            (None, None, Some(least), None) => {
                (least..=MAX_NUMBER).fold(0, |mask, number| mask | inner.mask_of(number))
            }
            (None, None, None, Some(most)) => {
                (0..=most).fold(0, |mask, number| mask | inner.mask_of(number))
            }
            _ => {
                self.fault(
                    at,
                    Kind::Shape,
                    "expected exactly one of is, one_of, at_least, at_most",
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
            Scalar::Number(number) => inner.mask_of(*number),
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
                .position(|option| option.key == *key)
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
        let step = self.step_source(&format!("{at}/id"), &ask.id)?;
        let least = ask.at_least.unwrap_or(0);
        let most = ask.at_most.unwrap_or(Values::MAX);
        Some(Cond::Step {
            step,
            accept: (least..=most).collect(),
        })
    }

    fn checks(&mut self) {
        let definition = self.definition;
        for (i, check) in definition.checks.iter().enumerate() {
            let at = format!("/checks/{i}");
            self.cite(&at, &check.cite, check.grade, false);
            for (j, code) in check.about.iter().enumerate() {
                let known = self.program.codes.iter().any(|(known, _)| known == code);
                if !known {
                    self.fault(
                        format!("{at}/about/{j}"),
                        Kind::UnknownReference,
                        format!("expected a code of the form; found {code:?}"),
                    );
                }
            }
            if check.about.is_empty() {
                self.fault(
                    format!("{at}/about"),
                    Kind::UnknownReference,
                    "expected at least one code of the form",
                );
            }
            if let Some(when) = self.condition(&format!("{at}/when"), &check.when) {
                self.program.checks.push(CompiledCheck { when });
            }
        }
    }

    fn result(&mut self) {
        let definition = self.definition;
        if self.program.steps.len() != definition.steps.len() {
            return;
        }
        let result = &definition.result;
        let list = |this: &mut Self, at: &str, ids: &'d [String]| {
            let mut out = Vec::new();
            for (j, id) in ids.iter().enumerate() {
                out.extend(this.step_source(&format!("{at}/{j}"), id));
            }
            out
        };
        let one = |this: &mut Self, at: &str, id: &Option<String>| {
            id.as_ref().and_then(|id| this.step_source(at, id))
        };
        let scores = list(self, "/result/scores", &result.scores);
        let grades = list(self, "/result/grades", &result.grades);
        let total = one(self, "/result/total", &result.total);
        let preliminary = one(self, "/result/preliminary", &result.preliminary);
        let Some(level) = self.step_source("/result/level", &result.level) else {
            return;
        };
        for (at, step) in [
            ("/result/preliminary", preliminary),
            ("/result/level", Some(level)),
        ] {
            let Some(step) = step else { continue };
            let beyond = self
                .reachable(step)
                .max()
                .is_some_and(|most| usize::from(most) >= definition.levels.len());
            if beyond {
                self.fault(at, Kind::UnknownLevel, "expected a step that gives levels");
            }
        }
        self.program.result = ResultIndex {
            scores,
            grades,
            total,
            preliminary,
            level,
        };
    }

    fn extras(&mut self) {
        let definition = self.definition;
        if let Some(code) = &definition.reason
            && !definition.fields.iter().any(|field| field.code == *code)
        {
            self.fault(
                "/reason",
                Kind::UnknownReference,
                format!("expected the code of a field; found {code:?}"),
            );
        }
        if let Some(rule) = &definition.assessors {
            self.cite("/assessors", &rule.cite, rule.grade, false);
            for (j, background) in rule.one_with.iter().enumerate() {
                let known = crate::case::Background::ALL
                    .iter()
                    .any(|known| known.as_str() == background);
                if !known {
                    self.fault(
                        format!("/assessors/one_with/{j}"),
                        Kind::UnknownReference,
                        format!("expected a background of assessors; found {background:?}"),
                    );
                }
            }
        }
        if let (Some(to), from) = (definition.in_force.to, definition.in_force.from)
            && to <= from
        {
            self.fault(
                "/in_force/to",
                Kind::OutOfRange,
                "expected a day after the first",
            );
        }
    }
}
