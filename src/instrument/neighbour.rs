//! How far a form is from the levels beside its own: in points, or by the grounds of the
//! level change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::definition::Rule;
use super::evaluate::{Evaluation, level_after};
use super::program::{Cond, Op, Source};
use super::{Inputs, Instrument, MAX_STEPS, Readings};
use crate::condition::Truth;
use crate::determination::Level;
use crate::text::Text;

/// A level beside the one that a form has, and what would lead to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Neighbour {
    /// Rules of the level change that would do it, the scores staying as they are: each
    /// way by the id of the rule and whether it would have to be met. Fewest rules first;
    /// no way holds another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_grounds: Vec<BTreeMap<Text, bool>>,
    /// Scores that would do it, the grounds staying as they are: the nearest value of each
    /// sum that does it alone; where none does, the nearest of several together. Fewest
    /// points first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_points: Vec<Points>,
    /// The level.
    pub level: Level,
}

/// A change of scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Points {
    /// How many points, or items that count, in all.
    pub points: u16,
    /// Each sum or count that changes, by the id of its step.
    pub sums: BTreeMap<Text, Moved>,
}

/// From where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Moved {
    /// As it is.
    pub from: u8,
    /// As it would have to be.
    pub to: u8,
}

/// Most combinations of sums that are looked at.
const MOST: usize = 200_000;

/// A sum or count that later steps read, and the values that it can have.
struct Root {
    step: usize,
    from: u8,
    values: Vec<u8>,
}

/// Whether values of sums, by their steps, lead to a level.
type Leads<'l> = dyn Fn(&[(usize, u8)]) -> bool + 'l;

impl Instrument {
    /// The levels beside the one that a form comes to; none where it has none.
    pub(crate) fn neighbours(&self, inputs: &Inputs, readings: Readings) -> Vec<Neighbour> {
        let evaluation = Evaluation::run(self, inputs, readings);
        let Some(code) = evaluation.step(self.program.result.level).single() else {
            return Vec::new();
        };
        let roots = self.roots(&evaluation, readings);
        [code.checked_sub(1), code.checked_add(1)]
            .into_iter()
            .flatten()
            .filter_map(|target| {
                Some(Neighbour {
                    by_grounds: self.by_grounds(&evaluation, readings, target),
                    by_points: self.by_points(inputs, readings, &roots, target),
                    level: self.level_of_code(target)?.clone(),
                })
            })
            .collect()
    }

    /// The sums and counts that something else than a sum reads; none that is not
    /// complete.
    fn roots(&self, evaluation: &Evaluation, readings: Readings) -> Vec<Root> {
        let reachable = Evaluation::reachable(&self.program, readings);
        let steps = self.program.steps.iter().enumerate();
        steps
            .filter(|(_, op)| matches!(op, Op::Sum { .. } | Op::Count { .. }))
            .filter(|(step, _)| self.program.steps.iter().any(|op| reads(op, *step)))
            .filter_map(|(step, _)| {
                Some(Root {
                    step,
                    from: evaluation.step(step).single()?,
                    values: reachable.step(step).iter().collect(),
                })
            })
            .collect()
    }

    fn by_points(
        &self,
        inputs: &Inputs,
        readings: Readings,
        roots: &[Root],
        target: u8,
    ) -> Vec<Points> {
        let leads = |given: &[(usize, u8)]| {
            let mut supposed = [None; MAX_STEPS];
            for (step, value) in given {
                if let Some(place) = supposed.get_mut(*step) {
                    *place = Some(*value);
                }
            }
            let (evaluation, _) =
                Evaluation::after(&self.program, &inputs.masks, readings, &supposed);
            evaluation.step(self.program.result.level).single() == Some(target)
        };
        let mut out: Vec<Points> = roots
            .iter()
            .filter_map(|root| {
                let nearest = root
                    .values
                    .iter()
                    .filter(|value| **value != root.from && leads(&[(root.step, **value)]))
                    .min_by_key(|value| value.abs_diff(root.from))?;
                Some(self.points(&[(root, *nearest)]))
            })
            .collect();
        if out.is_empty() {
            out.extend(self.together(roots, &leads));
        }
        out.sort_by_key(|points| points.points);
        out
    }

    /// The fewest points of several sums together.
    fn together(&self, roots: &[Root], leads: &Leads<'_>) -> Option<Points> {
        let counts = roots.iter().map(|root| root.values.len());
        let count = counts.fold(1usize, usize::saturating_mul);
        if roots.len() < 2 || count > MOST {
            return None;
        }
        let mut combinations: Vec<(u16, Vec<u8>)> = vec![(0, Vec::new())];
        for root in roots {
            combinations = combinations
                .iter()
                .flat_map(|(points, values)| {
                    root.values.iter().map(move |value| {
                        let mut longer = values.clone();
                        longer.push(*value);
                        (points + u16::from(value.abs_diff(root.from)), longer)
                    })
                })
                .collect();
        }
        combinations.sort();
        let (_, values) = combinations.into_iter().find(|(_, values)| {
            let given: Vec<(usize, u8)> = roots
                .iter()
                .zip(values)
                .map(|(root, value)| (root.step, *value))
                .collect();
            leads(&given)
        })?;
        let moved: Vec<(&Root, u8)> = roots
            .iter()
            .zip(values)
            .filter(|(root, value)| root.from != *value)
            .collect();
        Some(self.points(&moved))
    }

    fn points(&self, moved: &[(&Root, u8)]) -> Points {
        Points {
            points: moved
                .iter()
                .map(|(root, to)| u16::from(to.abs_diff(root.from)))
                .sum(),
            sums: moved
                .iter()
                .filter_map(|(root, to)| {
                    let id = &self.definition.steps.get(root.step)?.id;
                    let moved = Moved {
                        from: root.from,
                        to: *to,
                    };
                    Some((id.clone(), moved))
                })
                .collect(),
        }
    }

    fn by_grounds(
        &self,
        evaluation: &Evaluation,
        readings: Readings,
        target: u8,
    ) -> Vec<BTreeMap<Text, bool>> {
        let (Some(Op::Change(change)), Some(Rule::LevelChange(written))) = (
            self.program.steps.last(),
            self.definition.steps.last().map(|step| &step.rule),
        ) else {
            return Vec::new();
        };
        let Some(before) = evaluation.step(change.of).single() else {
            return Vec::new();
        };
        let is_met = |rule: usize| evaluation.rules.get(rule) == Some(&Truth::True);
        let mut ways: Vec<u32> = (1u32..1 << change.rules.len())
            .filter(|turned| {
                let met = |rule: usize| is_met(rule) != (turned >> rule & 1 == 1);
                level_after(change, before, met, readings) == target
            })
            .collect();
        ways.sort_by_key(|turned| turned.count_ones());
        let mut fewest: Vec<u32> = Vec::new();
        for way in ways {
            if !fewest.iter().any(|known| known & way == *known) {
                fewest.push(way);
            }
        }
        fewest
            .into_iter()
            .map(|turned| {
                let rules = written.rules.iter().enumerate();
                rules
                    .filter(|(rule, _)| turned >> rule & 1 == 1)
                    .map(|(rule, written)| (written.id.clone(), !is_met(rule)))
                    .collect()
            })
            .collect()
    }
}

/// Whether a step other than a sum reads another.
fn reads(op: &Op, step: usize) -> bool {
    match op {
        Op::Lookup(lookup) => lookup
            .inputs
            .iter()
            .any(|input| input.source == Source::Step(step)),
        Op::Change(change) => {
            let mut found = change.of == step;
            for rule in &change.rules {
                rule.when.walk(&mut |cond| {
                    found |= matches!(cond, Cond::Step { step: asked, .. } if *asked == step);
                });
            }
            found
        }
        Op::Sum { .. } | Op::Count { .. } | Op::Open(_) => false,
    }
}
