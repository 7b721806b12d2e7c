//! What a form exercised of an instrument, and what any form can: for counting coverage.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{ChangeRule, Definition, Rule};
use super::evaluate::{Evaluation, levels_after};
use super::grade::{Circumstances, verdicts};
use super::program::{Change, CompiledEffect, Cond, Known};
use super::values::Values;
use super::{Inputs, Instrument, MAX_RULES, Readings};
use crate::case::Assessment;
use crate::condition::{Condition, Truth, Truths};
use crate::determination::{AssessmentResult, WhyNot};

/// A condition of an instrument that is asked of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Site {
    /// That of a rule of the level change.
    Change(usize),
    /// That of something that falls due.
    Due(usize),
    /// That of a check.
    Check(usize),
}

/// What became of a rule of the level change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Applied,
    Not(WhyNot),
}

/// What was exercised, or can be.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// Options answered: item in the order of the form, option.
    pub(crate) options: BTreeSet<(usize, usize)>,
    /// Rows of steps: step, row, and of a table the column.
    pub(crate) rows: BTreeSet<(usize, usize, usize)>,
    /// Rules that are not known and were asked for.
    pub(crate) open: bool,
    /// Fields that an option answered, by position.
    pub(crate) stood_in: BTreeSet<usize>,
    /// Readings, by interpretation and choice.
    pub(crate) choices: BTreeSet<(usize, usize)>,
    turns: Vec<(usize, Turn)>,
    conditions: BTreeMap<Site, (Truths, Vec<Truths>)>,
}

/// The first number of a row among the gaps of cases, in traces.
pub(crate) const GAPS: usize = 128;

impl Observed {
    pub(crate) fn turned(&self, rule: usize, turn: Turn) -> bool {
        self.turns.contains(&(rule, turn))
    }

    /// What a condition came to as a whole.
    pub(crate) fn whole(&self, site: Site) -> Truths {
        self.conditions
            .get(&site)
            .map_or(Truths::NONE, |(whole, _)| *whole)
    }

    /// What each leaf of a condition came to, in the order of the file; nothing where it
    /// was not asked.
    pub(crate) fn leaves(&self, site: Site) -> &[Truths] {
        self.conditions
            .get(&site)
            .map_or(&[], |(_, leaves)| leaves.as_slice())
    }

    fn turn(&mut self, rule: usize, turn: Turn) {
        if !self.turned(rule, turn) {
            self.turns.push((rule, turn));
        }
    }

    fn ask(&mut self, site: Site, condition: &Condition, cond: &Cond, look: &Look<'_>) {
        let mut found = Vec::new();
        leaves(look, condition, cond, true, &mut found);
        let (whole, known) = self
            .conditions
            .entry(site)
            .or_insert_with(|| (Truths::NONE, vec![Truths::NONE; found.len()]));
        *whole = whole.or(look.truths(cond));
        for (known, found) in known.iter_mut().zip(found) {
            *known = known.or(found);
        }
    }
}

/// By what conditions are looked at.
struct Look<'l> {
    definition: &'l Definition,
    known: Known<'l>,
    /// What can come of it, and not what did.
    possible: bool,
    /// A step that is never open where the condition is asked.
    closed: Option<usize>,
}

impl Look<'_> {
    fn truths(&self, cond: &Cond) -> Truths {
        match cond.truth(&self.known) {
            Truth::Unknown if self.possible => match cond {
                Cond::Step { step, .. } if self.closed == Some(*step) => {
                    Truths::ALL.without(Truth::Unknown)
                }
                Cond::All(parts) => self.all(parts, Truth::and),
                Cond::Any(parts) => self.all(parts, Truth::or),
                Cond::Not(part) => !self.truths(part),
                _ => Truths::ALL,
            },
            truth => truth.into(),
        }
    }

    fn all(&self, parts: &[Cond], connective: fn(Truth, Truth) -> Truth) -> Truths {
        let mut parts = parts.iter().map(|part| self.truths(part));
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |all, part| all.with(part, connective))
    }

    /// Whether a reading is taken.
    fn reads(&self, interpretation: usize, choice: usize) -> bool {
        self.possible || self.known.readings.of(interpretation) == choice
    }
}

/// What each leaf of a condition comes to, in the order of the file.
fn leaves(look: &Look<'_>, condition: &Condition, cond: &Cond, live: bool, out: &mut Vec<Truths>) {
    match (condition, cond) {
        (Condition::All(written), Cond::All(parts))
        | (Condition::Any(written), Cond::Any(parts)) => {
            for (written, part) in written.iter().zip(parts) {
                leaves(look, written, part, live, out);
            }
        }
        (Condition::Count(written), Cond::Count { parts, .. }) => {
            for (written, part) in written.of.iter().zip(parts) {
                leaves(look, written, part, live, out);
            }
        }
        (Condition::Not(written), Cond::Not(part)) => leaves(look, written, part, live, out),
        (
            Condition::Reading(written),
            Cond::Reading {
                interpretation,
                choices,
            },
        ) => {
            let keys = look.definition.interpretations.get(*interpretation);
            for (key, written) in &written.choices {
                let choice = keys
                    .and_then(|found| found.choices.iter().position(|choice| choice.key == *key));
                if let Some((choice, part)) =
                    choice.and_then(|choice| Some((choice, choices.get(choice)?)))
                {
                    let live = live && look.reads(*interpretation, choice);
                    leaves(look, written, part, live, out);
                }
            }
        }
        _ if live => out.push(look.truths(cond)),
        _ => out.push(Truths::NONE),
    }
}

impl Instrument {
    /// What forms can exercise, as far as that is plain from the rules alone.
    pub(crate) fn can_exercise(&self) -> Observed {
        let definition = self.definition();
        let mut out = Observed {
            open: true,
            ..Observed::default()
        };
        for (i, item) in self.items().enumerate() {
            out.options
                .extend((0..item.options.len()).map(|option| (i, option)));
        }
        for (i, step) in definition.steps.iter().enumerate() {
            match &step.rule {
                Rule::Band(band) => out.rows.extend((0..band.rows.len()).map(|row| (i, row, 0))),
                Rule::Table(table) => {
                    out.rows
                        .extend(table.rows.iter().enumerate().flat_map(|(row, cells)| {
                            (0..cells.cells.len()).map(move |column| (i, row, column))
                        }))
                }
                // No row of cases is dead: that was proved when it was loaded.
                Rule::Cases(cases) => {
                    let rows = (0..cases.rows.len()).chain(GAPS..GAPS + cases.gaps.len());
                    out.rows.extend(rows.map(|row| (i, row, 0)));
                }
                _ => {}
            }
        }
        for (i, interpretation) in definition.interpretations.iter().enumerate() {
            out.choices
                .extend((0..interpretation.choices.len()).map(|choice| (i, choice)));
        }
        let answered = definition.fields.iter().enumerate();
        out.stood_in = answered
            .filter(|(_, field)| field.answered_by.is_some())
            .map(|(i, _)| i)
            .collect();
        let inputs = Inputs::none(self);
        for readings in Readings::all(&definition.interpretations) {
            let reachable = Evaluation::reachable(&self.program, readings);
            self.ask_all(&mut out, &inputs, &reachable, readings, true, true);
        }
        if let Some((change, written)) = self.level_change() {
            self.turns(&mut out, change, &written.rules);
        }
        out
    }

    /// What a form exercised, added to what others did.
    pub(crate) fn exercised(
        &self,
        form: &Assessment,
        inputs: &Inputs,
        readings: Readings,
        result: &AssessmentResult,
        out: &mut Observed,
    ) {
        let definition = self.definition();
        out.open = true;
        for (i, item) in self.items().enumerate() {
            let Some(answer) = form.answers.get(item.code.as_str()) else {
                continue;
            };
            let mut named = (0..)
                .zip(&item.options)
                .filter(|(_, option)| option.is_named_by(answer));
            // A score that two options share answers neither.
            if let (Some((option, _)), None) = (named.next(), named.next()) {
                out.options.insert((i, option));
            }
        }
        for (i, step) in result.steps.iter().flatten().enumerate() {
            let (Some(row), Some(written)) = (step.row, definition.steps.get(i)) else {
                continue;
            };
            let column = match &written.rule {
                Rule::Table(table) => step
                    .inputs
                    .get(&table.across)
                    .copied()
                    .flatten()
                    .and_then(|value| table.columns.iter().position(|column| *column == value)),
                _ => Some(0),
            };
            out.rows
                .extend(column.map(|column| (i, usize::from(row), column)));
        }
        for (i, interpretation) in definition.interpretations.iter().enumerate() {
            let taken = result.interpretations.get(&interpretation.id);
            for (j, choice) in interpretation.choices.iter().enumerate() {
                let matters = result.alternatives.iter().any(|other| {
                    other.interpretation == interpretation.id && other.choice == choice.key
                });
                if matters || taken == Some(&choice.key) {
                    out.choices.insert((i, j));
                }
            }
        }
        for (flag, _) in &inputs.by_option {
            let code = self.program.slots.get(*flag).map(|slot| &slot.code);
            let field = definition
                .fields
                .iter()
                .position(|field| Some(&field.code) == code);
            out.stood_in.extend(field);
        }
        for (i, change) in result.changes.iter().enumerate() {
            if change.applied {
                out.turn(i, Turn::Applied);
            }
            if let Some(why) = change.why {
                out.turn(i, Turn::Not(why));
            }
        }
        let evaluation = Evaluation::run(self, inputs, readings);
        let determined = result.level.is_some();
        self.ask_all(out, inputs, &evaluation, readings, determined, false);
    }

    /// Looks at every condition that is asked.
    fn ask_all(
        &self,
        out: &mut Observed,
        inputs: &Inputs,
        evaluation: &Evaluation,
        readings: Readings,
        determined: bool,
        possible: bool,
    ) {
        let definition = self.definition();
        let mut look = Look {
            definition,
            known: self.known(inputs, evaluation, readings),
            possible,
            closed: None,
        };
        if let Some((change, written)) = self.level_change() {
            for (i, (rule, written)) in change.rules.iter().zip(&written.rules).enumerate() {
                out.ask(Site::Change(i), &written.when, &rule.when, &look);
            }
        }
        for (i, (check, cond)) in definition
            .checks
            .iter()
            .zip(&self.program.checks)
            .enumerate()
        {
            out.ask(Site::Check(i), &check.when, cond, &look);
        }
        if determined {
            // What falls due is asked where there is a level.
            look.closed = Some(self.program.result.level);
            for (i, (due, cond)) in definition.due.iter().zip(&self.program.due).enumerate() {
                out.ask(Site::Due(i), &due.when, cond, &look);
            }
        }
    }

    /// Every turn that a rule of the level change can take: by every truth of the rules,
    /// whether or not some answers give just these.
    fn turns(&self, out: &mut Observed, change: &Change, written: &[ChangeRule]) {
        let reachable = Evaluation::reachable(&self.program, self.default_readings());
        let levels = reachable.step(change.of);
        // One level where every item is answered; but all where the rule is not known.
        let open = self.definition.steps.get(change.of);
        let open = open.is_some_and(|step| matches!(step.rule, Rule::Open(_)));
        // Where items are missing, one level may be certain too. Several come to no turn
        // that none of them comes to alone.
        let single = levels.iter().filter(|_| !open).map(Values::one);
        let before: Vec<(Values, bool)> = single
            .flat_map(|level| [(level, true), (level, false)])
            .chain([(levels, false), (levels, open)])
            .collect();
        let can: Vec<Truths> = (0..change.rules.len())
            .map(|i| out.whole(Site::Change(i)))
            .collect();
        let mut all = vec![[Truth::False; MAX_RULES]];
        for (i, can) in can.iter().enumerate() {
            let values = [Truth::False, Truth::Unknown, Truth::True];
            all = all
                .into_iter()
                .flat_map(|rules| {
                    let values = values.into_iter().filter(|truth| can.has(*truth));
                    values.map(move |truth| {
                        let mut rules = rules;
                        if let Some(place) = rules.get_mut(i) {
                            *place = truth;
                        }
                        rules
                    })
                })
                .collect();
        }
        for readings in Readings::all(&self.definition.interpretations) {
            for rules in &all {
                let set_by = change.rules.iter().zip(rules).position(|(rule, truth)| {
                    *truth == Truth::True && matches!(rule.effect, CompiledEffect::Set(_))
                });
                let without_items = set_by
                    .and_then(|rule| written.get(rule))
                    .is_some_and(|rule| rule.without_items.is_some());
                // A rule that asks items alone is open only where one is missing.
                let missing = change.rules.iter().zip(rules).any(|(rule, truth)| {
                    let items = rule.asks.iter().all(|slot| *slot < self.program.items);
                    *truth == Truth::Unknown && items
                });
                for (before, complete) in &before {
                    if *complete && missing {
                        continue;
                    }
                    let after = levels_after(change, *before, rules, readings);
                    let found = Circumstances {
                        before: *before,
                        rules,
                        set_by,
                        determined: after.single().is_some() && (*complete || without_items),
                    };
                    for (i, (applied, why)) in
                        verdicts(change, &found, readings).into_iter().enumerate()
                    {
                        if applied {
                            out.turn(i, Turn::Applied);
                        }
                        if let Some(why) = why {
                            out.turn(i, Turn::Not(why));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rulebook;
    use crate::instrument::MAX_STEPS;

    /// What can come of a condition is what comes of it when each of its parts comes to
    /// each truth that it can.
    #[test]
    fn what_can_come_of_a_condition() {
        let rulebook = Rulebook::builtin().expect("built in");
        let instrument = rulebook.instruments().next().expect("an instrument");
        let both: Values = [0, 1].into_iter().collect();
        let mut steps = [Values::EMPTY; MAX_STEPS];
        // One that is never open where the condition is asked, and one that may be.
        steps[..2].fill(both);
        let look = Look {
            definition: instrument.definition(),
            known: Known {
                slots: &[],
                // No, yes, and not answered.
                masks: &[0b01, 0b10, 0b11],
                steps: &steps,
                readings: Readings::default(),
            },
            possible: true,
            closed: Some(0),
        };
        let slot = |slot| Cond::Accept { slot, mask: 0b10 };
        let step = |step| Cond::Step {
            step,
            accept: Values::one(1),
        };
        let decided = Truths::from(Truth::True).or(Truth::False.into());
        let leaves = [
            (slot(0), Truth::False.into()),
            (slot(1), Truth::True.into()),
            (slot(2), Truths::ALL),
            (step(0), decided),
            (step(1), Truths::ALL),
        ];
        let all = [Truth::False, Truth::Unknown, Truth::True];
        let each = |of: Truths, what: &dyn Fn(Truth) -> Truths| {
            let can = all.into_iter().filter(|truth| of.has(*truth));
            can.fold(Truths::NONE, |out, truth| out.or(what(truth)))
        };
        for (one, of_one) in &leaves {
            assert_eq!(look.truths(one), *of_one, "{one:?}");
            let not = Cond::Not(Box::new(one.clone()));
            let of_not = each(*of_one, &|truth| (!truth).into());
            assert_eq!(look.truths(&not), of_not, "{not:?}");
            for (two, of_two) in &leaves {
                for (first, of_first) in [(one, of_one), (&not, &of_not)] {
                    let parts = vec![first.clone(), two.clone()];
                    let come = |connective: fn(Truth, Truth) -> Truth| {
                        each(*of_first, &|a| each(*of_two, &|b| connective(a, b).into()))
                    };
                    for (cond, expected) in [
                        (Cond::All(parts.clone()), come(Truth::and)),
                        (Cond::Any(parts), come(Truth::or)),
                    ] {
                        assert_eq!(look.truths(&cond), expected, "{cond:?}");
                        let not = Cond::Not(Box::new(cond));
                        let expected = each(expected, &|truth| (!truth).into());
                        assert_eq!(look.truths(&not), expected, "{not:?}");
                    }
                }
            }
        }
    }
}
