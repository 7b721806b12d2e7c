//! From the rule file to a proved program.
//!
//! Everything that evaluation relies on is proved here, and every fault found is
//! reported with its place: what refers to nothing, rows that leave a gap or
//! overlap, rows and levels that nothing comes to, rules that cite nothing.

mod conditions;
mod lookups;
mod since_last;
mod slots;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Item};
use super::evaluate::Evaluation;
use super::fast::FastPlan;
use super::program::{Op, Program, ResultIndex};
use super::values::Values;
use super::{Inputs, Instrument, MAX_READINGS, Readings};
use crate::determination::Level;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Grade, Sink};
use crate::text::Text;

/// Most combinations of values that one lookup may have.
const MAX_CELLS: usize = 1 << 16;
/// Most options of an item or field, so that they fit a mask.
const MAX_OPTIONS: usize = 16;
/// Most combinations of choices of all interpretations.
const MAX_ALL_READINGS: usize = 256;
/// Most combinations of answers on which several parts of a step rest.
const MAX_JOINT: u64 = 4096;
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
        broken: BTreeSet::new(),
        shared: BTreeSet::new(),
        readings: vec![Readings::default()],
        cited,
    };
    compiler.identity();
    compiler.interpretations();
    compiler.slots();
    compiler.stand_ins();
    compiler.steps();
    compiler.checks();
    compiler.result();
    compiler.extras();
    compiler.since_last();
    compiler.what_grounds_rest_on();
    let ranges = compiler
        .groups
        .iter()
        .map(|((_, within), slot)| (*slot, within.to_vec()))
        .collect();
    let mut program = compiler.program;
    program.citations = compiler.citations.into_iter().collect();
    program.shared = compiler.shared.into_iter().collect();
    let sink = compiler.sink;
    if sink.list.len() > before {
        return None;
    }
    let states: u64 = program
        .shared
        .iter()
        .filter_map(|slot| program.slots.get(*slot))
        .map(|slot| u64::from(slot.all.count_ones()))
        .product();
    if states > MAX_JOINT {
        sink.push(
            "/steps",
            Kind::TooLarge,
            format!("expected parts that share at most {MAX_JOINT} answers; found {states}"),
        );
        return None;
    }
    let instrument = Instrument {
        definition,
        levels,
        fast: FastPlan::of(&program),
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
    for readings in Readings::all(&instrument.definition.interpretations) {
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
    citations: BTreeSet<Text>,
    /// Steps that have a fault.
    broken: BTreeSet<usize>,
    /// Slots on which two parts of one step rest.
    shared: BTreeSet<usize>,
    /// Every combination of choices.
    readings: Vec<Readings>,
    cited: &'s dyn Fn(&str) -> bool,
}

impl<'d> Compiler<'d, '_, '_> {
    /// The item of this code.
    fn item(&self, code: &str) -> Option<&'d Item> {
        self.definition
            .domains
            .iter()
            .flat_map(|domain| &domain.items)
            .find(|item| item.code == code)
    }

    fn fault(&mut self, at: impl Into<String>, kind: Kind, message: impl Into<String>) {
        self.sink.push(at, kind, message);
    }

    /// Checks that something is cited, and by what is declared; `decides` if the
    /// level can rest on it.
    fn cite(&mut self, at: &str, cite: &[impl AsRef<str>], grade: Grade, decides: bool) {
        self.sink.cited(at, cite, self.cited);
        if decides {
            self.citations
                .extend(cite.iter().map(|id| Text::from(id.as_ref())));
            self.program.grade = self.program.grade.max(grade);
        }
    }

    fn identity(&mut self) {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let id = &self.definition.id;
        if !(1..=64).contains(&id.len()) || !id.bytes().all(plain) {
            self.fault(
                "/id",
                Kind::Shape,
                format!("expected lower-case letters, digits and hyphens; found {id:?}"),
            );
        }
    }

    /// The fields that the level change asks: the level rests on them.
    fn what_grounds_rest_on(&mut self) {
        let mut asked = BTreeSet::new();
        for step in &self.program.steps {
            if let Op::Change(change) = step {
                asked.extend(change.rules.iter().flat_map(|rule| &rule.asks).copied());
            }
        }
        asked.retain(|slot| *slot >= self.program.items);
        let codes: BTreeSet<&str> = asked
            .iter()
            .filter_map(|slot| self.program.slots.get(*slot))
            .map(|slot| slot.code.as_str())
            .collect();
        for field in &self.definition.fields {
            if codes.contains(field.code.as_str()) {
                self.citations.extend(field.cite.iter().cloned());
                self.program.grade = self.program.grade.max(field.grade);
            }
        }
        self.program.grounds = asked.into_iter().collect();
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
        let all = definition
            .interpretations
            .iter()
            .map(|interpretation| interpretation.choices.len().max(1))
            .fold(1, usize::saturating_mul);
        if definition.interpretations.len() > MAX_READINGS || all > MAX_ALL_READINGS {
            self.fault(
                "/interpretations",
                Kind::TooLarge,
                format!(
                    "expected at most {MAX_READINGS} interpretations and {MAX_ALL_READINGS} \
                     combinations of their choices; found {all}"
                ),
            );
        } else {
            self.readings = Readings::all(&definition.interpretations);
        }
        self.program.default_readings = readings;
    }

    /// Gives every item, flag, choice and asked group of diagnoses a slot.
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
            if let Some(when) = self.live_condition(&format!("{at}/when"), &check.when) {
                self.program.checks.push(when);
            }
        }
        for (i, due) in definition.due.iter().enumerate() {
            let at = format!("/due/{i}");
            self.cite(&at, &due.cite, due.grade, false);
            if due.months.is_some() == due.upon.is_some() {
                self.fault(&at, Kind::Shape, "expected either months or upon");
            }
            if let Some(when) = self.live_condition(&format!("{at}/when"), &due.when) {
                self.program.due.push(when);
            }
        }
    }

    fn result(&mut self) {
        let definition = self.definition;
        if self.program.steps.len() != definition.steps.len() || !self.broken.is_empty() {
            return;
        }
        let result = &definition.result;
        let list = |this: &mut Self, at: &str, ids: &'d [Text]| {
            let mut out = Vec::new();
            for (j, id) in ids.iter().enumerate() {
                out.extend(this.step_source(&format!("{at}/{j}"), id));
            }
            out
        };
        let one = |this: &mut Self, at: &str, id: &Option<Text>| {
            id.as_ref().and_then(|id| this.step_source(at, id))
        };
        let scores = list(self, "/result/scores", &result.scores);
        let mut grades = Vec::new();
        for (domain, id) in &result.grades {
            let at = format!("/result/grades/{domain}");
            grades.extend(self.step_source(&at, id).map(|step| (domain.clone(), step)));
        }
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
