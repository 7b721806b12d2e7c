//! Writes the result of an assessment from what the steps came to.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::definition::{Check, Open, Rule};
use super::evaluate::{Evaluation, matters};
use super::program::{self, CompiledEffect, Known, Op};
use super::values::Values;
use super::{Inputs, Instrument, MAX_RULES, Readings};
use crate::condition::Truth;
use crate::determination::{
    Alternative, AssessmentResult, Change, Due, Outcome, ScoreRange, TraceStep, WhyNot,
};
use crate::rulebook::Grade;
use crate::text::Text;

/// One form graded, and what goes with it.
pub(crate) struct Graded<'i> {
    pub(crate) result: AssessmentResult,
    /// The checks whose condition is true.
    pub(crate) checks: Vec<&'i Check>,
    pub(crate) due: Vec<Due>,
    /// The rule that is not known, where that is why there is no level.
    pub(crate) open: Option<&'i Open>,
}

/// What one evaluation says of the level.
struct Conclusion {
    possible: Values,
    /// The level, if there is one.
    level: Option<u8>,
}

/// What the rules of a level change find.
pub(super) struct Circumstances<'c> {
    /// The levels before it.
    pub(super) before: Values,
    /// The truth of each rule.
    pub(super) rules: &'c [Truth; MAX_RULES],
    /// The rule that sets the level whatever else holds.
    pub(super) set_by: Option<usize>,
    /// Whether there is a level after it.
    pub(super) determined: bool,
}

/// Of each rule of a level change, whether it was applied, and why not.
pub(super) fn verdicts(
    change: &program::Change,
    found: &Circumstances<'_>,
    readings: Readings,
) -> Vec<(bool, Option<WhyNot>)> {
    let each = change.together.each(readings);
    let largest = change
        .rules
        .iter()
        .zip(found.rules)
        .filter(|(_, truth)| **truth == Truth::True)
        .filter_map(|(rule, _)| match rule.effect {
            CompiledEffect::WorseBy(by) => Some(by),
            CompiledEffect::Set(_) => None,
        })
        .max();
    let mut level = found.before.single();
    let mut worsened = false;

    let mut out = Vec::with_capacity(change.rules.len());
    for (i, rule) in change.rules.iter().enumerate() {
        let truth = found.rules.get(i).copied().unwrap_or(Truth::Unknown);
        let at_worst = level == Some(change.worst);
        out.push(match (truth, rule.effect) {
            (Truth::False, _) => (false, None),
            (Truth::True, CompiledEffect::Set(_))
                if found.set_by == Some(i) && found.determined =>
            {
                (true, None)
            }
            _ if found.set_by.is_some() && found.determined => {
                (false, Some(WhyNot::DecidedByOther))
            }
            (Truth::Unknown, _) if matters(change, found.before, found.rules, i, readings) => {
                (false, Some(WhyNot::Unanswered))
            }
            _ if !found.determined => (false, Some(WhyNot::NoLevel)),
            _ if at_worst && !worsened => (false, Some(WhyNot::AlreadyWorst)),
            (Truth::True, CompiledEffect::WorseBy(by))
                if each || (!worsened && Some(by) == largest) =>
            {
                if at_worst {
                    (false, Some(WhyNot::AlreadyWorst))
                } else {
                    level = level.map(|level| level.saturating_add(by).min(change.worst));
                    worsened = true;
                    (true, None)
                }
            }
            _ if each => (false, Some(WhyNot::AlreadyWorst)),
            _ => (false, Some(WhyNot::OneLevelOnly)),
        });
    }
    out
}

impl Instrument {
    /// Grades one form.
    pub(crate) fn grade(
        &self,
        inputs: &Inputs,
        date: Date,
        readings: Readings,
        trace: bool,
    ) -> Graded<'_> {
        let evaluation = Evaluation::run(self, inputs, readings);
        let conclusion = self.conclude(inputs, &evaluation);
        let determined = conclusion.level.is_some();
        let result = &self.program.result;
        let complete = inputs.is_complete(self.program.items);

        let preliminary = result
            .preliminary
            .filter(|_| complete)
            .and_then(|step| evaluation.step(step).single())
            .and_then(|code| self.level_of_code(code));
        let score_range = result
            .total
            .filter(|_| !determined)
            .map(|step| evaluation.step(step))
            .and_then(|total| total.min().zip(total.max()))
            .map(|(min, max)| ScoreRange { max, min });
        let (citations, confidence) = self.evidence(inputs, &evaluation);

        let result = AssessmentResult {
            alternatives: self.alternatives(inputs, readings, &conclusion),
            changes: self.changes(inputs, &evaluation, &conclusion, readings),
            citations,
            confidence,
            date,
            grades: result
                .grades
                .iter()
                .filter_map(|(domain, step)| {
                    let grade = self.value(inputs, &evaluation, *step)?;
                    Some((domain.clone(), grade))
                })
                .collect(),
            instrument: self.definition.id.clone(),
            interpretations: self.readings_taken(readings),
            level: conclusion
                .level
                .and_then(|code| self.level_of_code(code))
                .cloned(),
            missing: self.missing(inputs, &evaluation, readings),
            outcome: if determined {
                Outcome::Determined
            } else {
                Outcome::Undetermined
            },
            possible_levels: if determined {
                Vec::new()
            } else {
                conclusion.possible.iter().collect()
            },
            preliminary: preliminary.cloned(),
            score_range,
            score_ranges: result
                .scores
                .iter()
                .filter(|step| self.value(inputs, &evaluation, **step).is_none())
                .filter_map(|step| {
                    let written = self.definition.steps.get(*step)?;
                    let values = evaluation.step(*step);
                    let (min, max) = values.min().zip(values.max())?;
                    Some((written.id.clone(), ScoreRange { max, min }))
                })
                .collect(),
            scores: result
                .scores
                .iter()
                .filter_map(|step| {
                    let written = self.definition.steps.get(*step)?;
                    let score = self.value(inputs, &evaluation, *step)?;
                    Some((written.id.clone(), score))
                })
                .collect(),
            steps: trace.then(|| self.trace(inputs, &evaluation, &conclusion, readings)),
        };
        Graded {
            checks: self.checks(inputs, &evaluation, readings),
            due: if determined {
                self.due(inputs, &evaluation, readings, date)
            } else {
                Vec::new()
            },
            open: self.open().filter(|_| !determined),
            result,
        }
    }

    fn checks(&self, inputs: &Inputs, evaluation: &Evaluation, readings: Readings) -> Vec<&Check> {
        let known = self.known(inputs, evaluation, readings);
        self.program
            .checks
            .iter()
            .zip(&self.definition.checks)
            .filter(|(when, _)| when.truth(&known) == Truth::True)
            .map(|(_, check)| check)
            .collect()
    }

    fn due(
        &self,
        inputs: &Inputs,
        evaluation: &Evaluation,
        readings: Readings,
        date: Date,
    ) -> Vec<Due> {
        let known = self.known(inputs, evaluation, readings);
        let rules = self.program.due.iter().zip(&self.definition.due);
        rules
            .filter(|(when, _)| when.truth(&known) == Truth::True)
            .map(|(_, due)| Due {
                // The same day of the month, or its last.
                by: due
                    .months
                    .and_then(|months| date.checked_add(jiff::Span::new().months(months)).ok()),
                citations: due.cite.clone(),
                upon: due.upon.clone(),
                what: due.what.clone(),
            })
            .collect()
    }

    /// The rule that the rulebook does not have, if there is one.
    fn open(&self) -> Option<&Open> {
        self.definition
            .steps
            .iter()
            .find_map(|step| match &step.rule {
                Rule::Open(open) => Some(open),
                _ => None,
            })
    }

    pub(super) fn known<'k>(
        &'k self,
        inputs: &'k Inputs,
        evaluation: &'k Evaluation,
        readings: Readings,
    ) -> Known<'k> {
        Known {
            slots: &self.program.slots,
            masks: &inputs.masks,
            steps: evaluation.steps(),
            readings,
        }
    }

    /// A level, where every item was answered and only one is possible, or where
    /// a rule gives it whatever the items say.
    fn conclude(&self, inputs: &Inputs, evaluation: &Evaluation) -> Conclusion {
        let possible = evaluation.step(self.program.result.level);
        let set_without_items = evaluation
            .set_by
            .zip(self.level_change())
            .and_then(|(rule, (_, written))| written.rules.get(rule))
            .is_some_and(|rule| rule.without_items.is_some());
        let may_have = set_without_items || inputs.is_complete(self.program.items);
        Conclusion {
            possible,
            level: possible.single().filter(|_| may_have),
        }
    }

    /// The level, if there is one.
    pub(super) fn level_of(&self, inputs: &Inputs, evaluation: &Evaluation) -> Option<u8> {
        self.conclude(inputs, evaluation).level
    }

    fn alternatives(
        &self,
        inputs: &Inputs,
        taken: Readings,
        conclusion: &Conclusion,
    ) -> Vec<Alternative> {
        let mut out = Vec::new();
        for (i, interpretation) in self.definition.interpretations.iter().enumerate() {
            for (j, choice) in interpretation.choices.iter().enumerate() {
                if taken.of(i) == j {
                    continue;
                }
                let mut readings = taken;
                readings.choose(i, j);
                let evaluation = Evaluation::run(self, inputs, readings);
                let other = self.conclude(inputs, &evaluation);
                if other.possible == conclusion.possible && other.level == conclusion.level {
                    continue;
                }
                out.push(Alternative {
                    choice: choice.key.clone(),
                    interpretation: interpretation.id.clone(),
                    level: other
                        .level
                        .and_then(|code| self.level_of_code(code))
                        .cloned(),
                    possible_levels: if other.level.is_some() {
                        Vec::new()
                    } else {
                        other.possible.iter().collect()
                    },
                });
            }
        }
        out
    }

    fn readings_taken(&self, readings: Readings) -> BTreeMap<Text, Text> {
        self.definition
            .interpretations
            .iter()
            .enumerate()
            .filter_map(|(i, interpretation)| {
                let choice = interpretation.choices.get(readings.of(i))?;
                Some((interpretation.id.clone(), choice.key.clone()))
            })
            .collect()
    }

    /// The last step, if it is a level change: as run, and as written.
    pub(super) fn level_change(
        &self,
    ) -> Option<(&program::Change, &super::definition::LevelChange)> {
        match (self.program.steps.last(), self.definition.steps.last()) {
            (Some(Op::Change(change)), Some(step)) => match &step.rule {
                Rule::LevelChange(written) => Some((change, written)),
                _ => None,
            },
            _ => None,
        }
    }

    fn changes(
        &self,
        inputs: &Inputs,
        evaluation: &Evaluation,
        conclusion: &Conclusion,
        readings: Readings,
    ) -> Vec<Change> {
        let Some((change, written)) = self.level_change() else {
            return Vec::new();
        };
        let known = self.known(inputs, evaluation, readings);
        let verdicts = verdicts(
            change,
            &Circumstances {
                before: evaluation.step(change.of),
                rules: &evaluation.rules,
                set_by: evaluation.set_by,
                determined: conclusion.level.is_some(),
            },
            readings,
        );
        let rules = change.rules.iter().zip(&written.rules).enumerate();
        rules
            .zip(verdicts)
            .map(|((i, (rule, written)), (applied, why))| {
                let mut grounds = Vec::new();
                rule.when.grounds(&known, &mut grounds);
                let truth = evaluation.rules.get(i).copied().unwrap_or(Truth::Unknown);
                Change {
                    applied,
                    grounds: self.ground_codes(inputs, grounds),
                    met: truth.into(),
                    rule: written.id.clone(),
                    why,
                }
            })
            .collect()
    }

    /// Codes of slots; of a flag that an option answered, the code of its item.
    fn ground_codes(&self, inputs: &Inputs, slots: Vec<usize>) -> Vec<Text> {
        let mut out: Vec<Text> = Vec::with_capacity(slots.len());
        for slot in slots {
            let carrier = inputs
                .by_option
                .iter()
                .find(|(flag, _)| *flag == slot)
                .map_or(slot, |(_, item)| *item);
            if let Some(slot) = self.program.slots.get(carrier)
                && !out.contains(&slot.code)
            {
                out.push(slot.code.clone());
            }
        }
        out
    }

    /// Every item that was not answered, then what grounds that could still change
    /// the level were not.
    fn missing(&self, inputs: &Inputs, evaluation: &Evaluation, readings: Readings) -> Vec<Text> {
        let mut out = Vec::new();
        for (i, slot) in self
            .program
            .slots
            .iter()
            .take(self.program.items)
            .enumerate()
        {
            if !inputs.is_answered(i) {
                out.push(slot.code.clone());
            }
        }
        let Some((change, _)) = self.level_change() else {
            return out;
        };
        let before = evaluation.step(change.of);
        let mut open = Vec::new();
        for (i, rule) in change.rules.iter().enumerate() {
            if evaluation.rules.get(i) == Some(&Truth::Unknown)
                && matters(change, before, &evaluation.rules, i, readings)
            {
                rule.when.asked(readings, &mut open);
            }
        }
        open.sort_unstable();
        for slot in open {
            let several = inputs.mask(slot).count_ones() > 1;
            if let Some(slot) = self.program.slots.get(slot)
                && several
                && !out.contains(&slot.code)
            {
                out.push(slot.code.clone());
            }
        }
        out
    }

    /// What a step came to, if every answer that it rests on was given.
    pub(super) fn value(
        &self,
        inputs: &Inputs,
        evaluation: &Evaluation,
        step: usize,
    ) -> Option<u8> {
        evaluation
            .step(step)
            .single()
            .filter(|_| self.rests_on_answers(inputs, step))
    }

    fn rests_on_answers(&self, inputs: &Inputs, step: usize) -> bool {
        if inputs.is_complete(self.program.items) {
            return true;
        }
        let source = |source: program::Source| match source {
            program::Source::Item(slot) => inputs.is_answered(slot),
            program::Source::Step(step) => self.rests_on_answers(inputs, step),
        };
        match self.program.steps.get(step) {
            Some(Op::Sum { items, steps }) => {
                items.iter().all(|slot| inputs.is_answered(*slot))
                    && steps
                        .iter()
                        .all(|step| self.rests_on_answers(inputs, *step))
            }
            Some(Op::Count { of }) => of.iter().all(|(slot, _)| inputs.is_answered(*slot)),
            Some(Op::Lookup(lookup)) => lookup.inputs.iter().all(|input| source(input.source)),
            Some(Op::Change(_) | Op::Open(_)) | None => false,
        }
    }

    /// Citations and the worst grade of what the level rests on.
    fn evidence(&self, inputs: &Inputs, evaluation: &Evaluation) -> (Vec<Text>, Grade) {
        let set = evaluation
            .set_by
            .zip(self.level_change())
            .and_then(|(i, (change, written))| change.rules.get(i).zip(written.rules.get(i)));
        let Some((rule, written)) = set else {
            let grade = self.program.grade.max(evaluation.grade);
            return (self.program.citations.clone(), grade);
        };
        let mut grade = written.grade;
        let mut citations = written.cite.clone();
        if !inputs.is_complete(self.program.items) {
            grade = grade.max(written.without_items.unwrap_or_default());
        }
        for slot in &rule.asks {
            let Some(code) = self.program.slots.get(*slot).map(|slot| &slot.code) else {
                continue;
            };
            let field = self
                .definition
                .fields
                .iter()
                .find(|field| field.code == *code);
            let by_option = inputs.by_option.iter().any(|(flag, _)| flag == slot);
            if let Some(field) = field {
                grade = grade.max(field.grade);
                citations.extend(field.cite.iter().cloned());
                if let (true, Some(by)) = (by_option, &field.answered_by) {
                    grade = grade.max(by.grade);
                    citations.extend(by.cite.iter().cloned());
                }
            }
        }
        citations.sort();
        citations.dedup();
        (citations, grade)
    }

    fn trace(
        &self,
        inputs: &Inputs,
        evaluation: &Evaluation,
        conclusion: &Conclusion,
        readings: Readings,
    ) -> Vec<TraceStep> {
        let program = &self.program;
        let slot = |slot: usize| {
            let inner = program.slots.get(slot)?;
            let value = inner.values(inputs.mask(slot)).single();
            Some((
                inner.code.clone(),
                value.filter(|_| inputs.is_answered(slot)),
            ))
        };
        let step = |step: usize| {
            let written = self.definition.steps.get(step)?;
            Some((written.id.clone(), self.value(inputs, evaluation, step)))
        };
        let source = |of: program::Source| match of {
            program::Source::Item(item) => slot(item),
            program::Source::Step(id) => step(id),
        };
        let mut out = Vec::with_capacity(program.steps.len());
        for (i, (op, written)) in program.steps.iter().zip(&self.definition.steps).enumerate() {
            let (mut row, mut confidence) = (None, written.grade);
            let mut result = self.value(inputs, evaluation, i);
            let inputs: BTreeMap<Text, Option<u8>> = match op {
                Op::Sum { items, steps } => items
                    .iter()
                    .filter_map(|item| slot(*item))
                    .chain(steps.iter().filter_map(|id| step(*id)))
                    .collect(),
                // An item that counts is 1, one that does not 0.
                Op::Count { of } => of
                    .iter()
                    .filter_map(|(item, counted)| {
                        let (code, value) = slot(*item)?;
                        let counts = inputs.mask(*item) & counted != 0;
                        Some((code, value.map(|_| u8::from(counts))))
                    })
                    .collect(),
                Op::Open(_) => BTreeMap::new(),
                Op::Lookup(lookup) => {
                    let values: Option<Vec<u8>> = lookup
                        .inputs
                        .iter()
                        .map(|input| evaluation.source(&inputs.masks, input.source).single())
                        .collect();
                    let cell = values.and_then(|values| lookup.cell(readings, values.into_iter()));
                    row = cell.map(|cell| cell.row);
                    confidence = cell.map_or(confidence, |cell| cell.grade);
                    lookup
                        .inputs
                        .iter()
                        .filter_map(|input| source(input.source))
                        .collect()
                }
                Op::Change(change) => {
                    result = conclusion.level;
                    confidence = self.program.grade.max(evaluation.grade);
                    step(change.of)
                        .into_iter()
                        .chain(change.rules.iter().flat_map(|rule| &rule.asks).filter_map(
                            |asked| {
                                let inner = program.slots.get(*asked)?;
                                let value = inner.values(inputs.mask(*asked)).single();
                                Some((inner.code.clone(), value))
                            },
                        ))
                        .collect()
                }
            };
            out.push(TraceStep {
                citations: written.cite.clone(),
                confidence,
                inputs,
                result,
                row,
                step: written.id.clone(),
            });
        }
        out
    }
}
