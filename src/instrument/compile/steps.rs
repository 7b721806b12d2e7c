//! Steps: what they take from the steps before them, and what they can come to.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::instrument::definition::{ByReading, Combine, Effect, LevelChange, Rule, Step};
use crate::instrument::evaluate::Evaluation;
use crate::instrument::program::{
    Cell, Change, CombineBy, CompiledEffect, CompiledRule, Op, Source,
};
use crate::instrument::values::Values;
use crate::instrument::{MAX_RULES, MAX_STEPS};
use crate::rulebook::DiagnosticKind as Kind;

impl<'d> Compiler<'d, '_, '_> {
    pub(super) fn steps(&mut self) {
        let definition = self.definition;
        if definition.steps.len() > MAX_STEPS {
            self.fault(
                "/steps",
                Kind::TooLarge,
                format!("expected at most {MAX_STEPS} steps"),
            );
            return;
        }
        for (i, step) in definition.steps.iter().enumerate() {
            let at = format!("/steps/{i}");
            self.cite(&at, &step.cite, step.grade, true);
            if self.step_places.contains_key(step.id.as_str())
                || self.places.contains_key(step.id.as_str())
            {
                self.fault(
                    format!("{at}/id"),
                    Kind::DuplicateCode,
                    format!(
                        "expected each id once, and no code; found {:?} again",
                        step.id
                    ),
                );
            }
            self.outcomes(&format!("{at}/rule"), &step.rule);
            let op = self.step(&at, i, step);
            if op.is_none() {
                self.broken.insert(i);
            }
            // In the place of a step that has a fault, so that the others keep theirs.
            let none = || Op::Open((0..self.level_count()).collect());
            let op = op.unwrap_or_else(none);
            self.program.steps.push(op);
            self.step_places.insert(&step.id, i);
        }
        self.unused_items();
    }

    /// An item that no step uses would have to be answered for nothing.
    fn unused_items(&mut self) {
        if !self.broken.is_empty() {
            return;
        }
        let mut used = BTreeSet::new();
        for position in 0..self.program.steps.len() {
            used.extend(self.rests_on(position));
        }
        let definition = self.definition;
        for (d, domain) in definition.domains.iter().enumerate() {
            for (i, item) in domain.items.iter().enumerate() {
                let slot = self.places.get(item.code.as_str());
                if slot.is_some_and(|slot| !used.contains(slot)) {
                    self.fault(
                        format!("/domains/{d}/items/{i}"),
                        Kind::DeadRow,
                        format!(
                            "expected an item that some step uses; none uses {:?}",
                            item.code
                        ),
                    );
                }
            }
        }
    }

    /// The slots that a step rests on; those on which two of its parts rest are
    /// noted as shared.
    pub(super) fn rests_on(&mut self, position: usize) -> BTreeSet<usize> {
        let mut steps: Vec<usize> = Vec::new();
        let mut slots: Vec<Vec<usize>> = Vec::new();
        match self.program.steps.get(position) {
            Some(Op::Sum { items, steps: of }) => {
                slots.extend(items.iter().map(|slot| vec![*slot]));
                steps.extend(of);
            }
            Some(Op::Count { of }) => slots.extend(of.iter().map(|(slot, _)| vec![*slot])),
            Some(Op::Lookup(lookup)) => {
                for input in &lookup.inputs {
                    match input.source {
                        Source::Item(slot) => slots.push(vec![slot]),
                        Source::Step(step) => steps.push(step),
                    }
                }
            }
            Some(Op::Change(change)) => {
                steps.push(change.of);
                for rule in &change.rules {
                    let (asked, of) = rule.when.asked_ever();
                    slots.push(asked);
                    steps.extend(of);
                }
            }
            Some(Op::Open(_)) | None => {}
        }
        let mut parts: Vec<BTreeSet<usize>> = slots.into_iter().map(BTreeSet::from_iter).collect();
        for step in steps {
            parts.push(self.rests_on(step));
        }
        let mut all = BTreeSet::new();
        for part in parts {
            for slot in part {
                if !all.insert(slot) {
                    self.shared.insert(slot);
                }
            }
        }
        all
    }

    fn step(&mut self, at: &str, i: usize, step: &'d Step) -> Option<Op> {
        let before = self.sink.list.len();
        let (word, of) = match &step.rule {
            Rule::Sum(sum) => ("sum", sum.of.as_slice()),
            Rule::Count(count) => ("count", count.of.as_slice()),
            Rule::WorstOf(worst) => ("worst_of", worst.of.as_slice()),
            Rule::Cases(cases) => ("cases", cases.of.as_slice()),
            _ => ("", [].as_slice()),
        };
        for (j, id) in of.iter().enumerate() {
            if of.iter().take(j).any(|other| other == id) {
                self.fault(
                    format!("{at}/rule/{word}/of/{j}"),
                    Kind::DuplicateCode,
                    format!("expected each once; found {id:?} again"),
                );
            }
        }
        let op = match &step.rule {
            Rule::Sum(sum) => {
                let (mut items, mut steps) = (Vec::new(), Vec::new());
                for (j, of) in sum.of.iter().enumerate() {
                    let place = format!("{at}/rule/sum/of/{j}");
                    match self.source(&place, of)? {
                        Source::Item(slot) => {
                            let inner = self.program.slots.get(slot);
                            if inner.is_some_and(|inner| !inner.numbered) {
                                self.fault(
                                    place,
                                    Kind::UnknownReference,
                                    format!("expected an item with scores; {of:?} has none"),
                                );
                            }
                            items.push(slot);
                        }
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
                    let item = self.item(code)?;
                    let mut mask = 0;
                    for (bit, option) in item.options.iter().enumerate() {
                        if let Some(key) = &option.key
                            && count.options.contains(key)
                        {
                            mask |= 1 << bit;
                            counted.insert(key);
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
                self.band(&format!("{at}/rule/band/rows"), input, &rows, step.grade)?
            }
            Rule::WorstOf(worst) => {
                let mut inputs = Vec::new();
                for (j, id) in worst.of.iter().enumerate() {
                    let step = self.step_source(&format!("{at}/rule/worst_of/of/{j}"), id)?;
                    inputs.push(self.input(Source::Step(step)));
                }
                let grade = step.grade;
                self.lookup(&format!("{at}/rule/worst_of"), inputs, |_, values| {
                    let value = values.iter().copied().max()?;
                    Some(Cell {
                        row: value,
                        value,
                        grade,
                    })
                })?
            }
            Rule::Table(table) => {
                let down = self.step_source(&format!("{at}/rule/table/down"), &table.down)?;
                let across = self.step_source(&format!("{at}/rule/table/across"), &table.across)?;
                let (down, across) = (
                    self.input(Source::Step(down)),
                    self.input(Source::Step(across)),
                );
                self.table(&format!("{at}/rule/table"), table, down, across, step.grade)?
            }
            Rule::Cases(cases) => self.cases(&format!("{at}/rule/cases"), cases, step.grade)?,
            Rule::Open(_) => Op::Open((0..self.level_count()).collect()),
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

    pub(super) fn source(&mut self, at: &str, id: &str) -> Option<Source> {
        if self.step_places.contains_key(id) {
            return self.step_source(at, id).map(Source::Step);
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

    pub(super) fn step_source(&mut self, at: &str, id: &str) -> Option<usize> {
        let found = self.step_places.get(id).copied();
        if found.is_none() {
            self.fault(
                at,
                Kind::UnknownReference,
                format!("expected the id of an earlier step; found {id:?}"),
            );
        }
        // Of a step that has a fault itself nothing more can be said.
        found.filter(|step| !self.broken.contains(step))
    }

    /// Every value that a step compiled so far can come to.
    pub(super) fn reachable(&self, step: usize) -> Values {
        self.readings.iter().fold(Values::EMPTY, |all, readings| {
            all.or(Evaluation::reachable(&self.program, *readings).step(step))
        })
    }

    fn change(&mut self, at: &str, change: &'d LevelChange) -> Option<Op> {
        let of = self.step_source(&format!("{at}/of"), &change.of);
        let worst = self.level_count().saturating_sub(1);
        if of.is_some_and(|of| self.reachable(of).max().is_some_and(|most| most > worst)) {
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
            let when = self.live_condition(&format!("{place}/when"), &rule.when);
            if let (Some(when), Some(effect)) = (when, effect) {
                let (asks, _) = when.asked_ever();
                rules.push(CompiledRule { when, effect, asks });
            }
        }
        let (by, together) = self.reading(&format!("{at}/together"), &change.together)?;
        let each = together
            .iter()
            .map(|combine| *combine == Combine::Each)
            .collect();
        Some(Op::Change(Change {
            of: of?,
            rules,
            together: CombineBy { by, each },
            worst,
        }))
    }

    fn level_count(&self) -> u8 {
        u8::try_from(self.definition.levels.len()).unwrap_or(u8::MAX)
    }

    /// A value by reading: the interpretation it depends on, and one value for each
    /// of its choices (or one alone).
    pub(super) fn reading<T: Copy>(
        &mut self,
        at: &str,
        value: &'d ByReading<T>,
    ) -> Option<(Option<usize>, Vec<T>)> {
        match value {
            ByReading::Always(value) => Some((None, vec![*value])),
            ByReading::Reading {
                interpretation,
                choices,
            } => self
                .by_choice(at, interpretation, choices, |_, _, value| Some(*value))
                .map(|(interpretation, values)| (Some(interpretation), values)),
        }
    }

    /// One `T` for each choice of an interpretation, in the order of the choices.
    pub(super) fn by_choice<S, T>(
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
            match choices.get(choice.key.as_str()) {
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
}
