//! What was proved of an instrument, and over how many states.
//!
//! Loading has refused whatever is wrong; this counts, by going through the
//! states again, and finds what only a whole enumeration shows.

use serde::Serialize;

use super::evaluate::{Evaluation, level_after};
use super::program::{Change, Op};
use super::values::Values;
use super::{Inputs, Instrument, Readings};

/// What was proved of one instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Proof {
    /// Id of the instrument.
    pub instrument: String,
    /// One line for each step, and one for the whole.
    pub lines: Vec<ProofLine>,
    /// Whether all of it holds.
    pub sound: bool,
    /// States gone through in all.
    pub states: u64,
}

/// What was proved of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProofLine {
    /// Id of the step.
    pub step: String,
    /// What holds, as a plain sentence.
    pub proved: String,
    /// States gone through.
    pub states: u64,
}

/// How a line begins that does not hold.
const NOT_SOUND: &str = "NOT SOUND";

impl Instrument {
    /// Goes through the states of every step.
    #[must_use]
    pub fn prove(&self) -> Proof {
        let reachable = Evaluation::run(self, &Inputs::none(self), self.program.default_readings);
        let mut lines = Vec::new();
        for (i, (op, written)) in self
            .program
            .steps
            .iter()
            .zip(&self.definition.steps)
            .enumerate()
        {
            let came_to = reachable.step(i);
            let (proved, states) = match op {
                Op::Sum { items, steps } => self.prove_sum(items, steps, &reachable, came_to),
                Op::Count { of } => (
                    format!("{} answers count 0 to {}", of.len(), of.len()),
                    u64::from(came_to.len()),
                ),
                Op::Lookup(lookup) => {
                    let cells: usize = lookup.cells.iter().map(Vec::len).sum();
                    let rows: std::collections::BTreeSet<u8> =
                        lookup.cells.iter().flatten().map(|cell| cell.row).collect();
                    let proved = match lookup.coverage {
                        Some(coverage) => format!(
                            "of {} combinations {} have one outcome, {} none that the text gives, \
                             {} several that disagree; every one is decided, all {} rows are used",
                            coverage.unique + coverage.gaps + coverage.overlaps,
                            coverage.unique,
                            coverage.gaps,
                            coverage.overlaps,
                            rows.len()
                        ),
                        None => format!(
                            "every one of {cells} combinations has exactly one row; \
                             all {} rows are used",
                            rows.len()
                        ),
                    };
                    (proved, u64::try_from(cells).unwrap_or(u64::MAX))
                }
                Op::Open(levels) => (
                    "not in this rulebook: any level is possible until a file supplies it"
                        .to_owned(),
                    u64::from(levels.len()),
                ),
                Op::Change(change) => {
                    let readings = Readings::all(&self.definition.interpretations);
                    prove_change(change, reachable.step(change.of), &readings)
                }
            };
            lines.push(ProofLine {
                step: written.id.to_string(),
                proved,
                states,
            });
        }
        lines.push(ProofLine {
            step: self.definition.result.level.to_string(),
            proved: format!("all {} levels are reached", self.levels.len()),
            states: u64::try_from(self.levels.len()).unwrap_or(u64::MAX),
        });
        Proof {
            instrument: self.id().to_owned(),
            sound: !lines.iter().any(|line| line.proved.starts_with(NOT_SOUND)),
            states: lines.iter().map(|line| line.states).sum(),
            lines,
        }
    }

    /// Adds up the items one by one, over every sum so far and every score, then
    /// every combination of the earlier steps.
    fn prove_sum(
        &self,
        items: &[usize],
        steps: &[usize],
        reachable: &Evaluation,
        came_to: Values,
    ) -> (String, u64) {
        let mut states = 0u64;
        let mut within = true;
        let mut sums = vec![0u32];
        for slot in items {
            let Some(slot) = self.program.slots.get(*slot) else {
                continue;
            };
            let mut next = std::collections::BTreeSet::new();
            for sum in &sums {
                for score in slot.values(slot.all).iter() {
                    next.insert(sum + u32::from(score));
                    states += 1;
                }
            }
            sums = next.into_iter().collect();
        }
        for step in steps {
            sums = sums
                .iter()
                .flat_map(|sum| {
                    reachable
                        .step(*step)
                        .iter()
                        .map(move |value| sum + u32::from(value))
                })
                .collect();
        }
        if !steps.is_empty() {
            states += u64::try_from(sums.len()).unwrap_or(u64::MAX);
        }
        let mut found = Values::EMPTY;
        for sum in sums {
            match u8::try_from(sum) {
                Ok(sum) if sum <= Values::MAX => found.insert(sum),
                _ => within = false,
            }
        }
        let (min, max) = (came_to.min().unwrap_or(0), came_to.max().unwrap_or(0));
        let proved = if within && found == came_to {
            format!(
                "the {} parts add up to {} different sums, {min} to {max}",
                items.len() + steps.len(),
                came_to.len()
            )
        } else {
            format!("{NOT_SOUND}: the sums differ from those that rows were proved for")
        };
        (proved, states)
    }
}

/// Every combination of rules, from every level, under every reading.
fn prove_change(change: &Change, before: Values, readings: &[Readings]) -> (String, u64) {
    let mut states = 0u64;
    let mut sound = true;
    for readings in readings {
        for level in before.iter() {
            for met in 0u32..1 << change.rules.len() {
                let after = level_after(change, level, |rule| met >> rule & 1 == 1, *readings);
                sound &= after <= change.worst && (met != 0 || after == level);
                states += 1;
            }
        }
    }
    let proved = if sound {
        format!(
            "{} rules in every combination and reading never pass the worst level; \
             without grounds the level stays",
            change.rules.len()
        )
    } else {
        format!("{NOT_SOUND}: a change passes the worst level")
    };
    (proved, states)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::program::{CombineBy, CompiledEffect, CompiledRule, Cond};

    /// No file that loads has such a change: it is made here, so that the proof is seen
    /// to fail.
    #[test]
    fn a_change_that_is_not_sound_is_found() {
        let rule = |effect| CompiledRule {
            when: Cond::All(Vec::new()),
            effect,
            asks: Vec::new(),
        };
        let proof = |set, before: &[u8]| {
            let change = Change {
                of: 0,
                rules: vec![
                    rule(CompiledEffect::WorseBy(9)),
                    rule(CompiledEffect::Set(set)),
                ],
                together: CombineBy {
                    by: None,
                    each: vec![true],
                },
                worst: 2,
            };
            prove_change(
                &change,
                before.iter().copied().collect(),
                &[Readings::default()],
            )
        };
        for (set, before, sound) in [
            (0, &[0, 1, 2][..], true),
            (2, &[0, 1, 2], true),
            (3, &[0, 1, 2], false),
            // Without grounds a level beyond the worst would not stay; those around it do.
            (2, &[0, 3, 1], false),
        ] {
            let (proved, states) = proof(set, before);
            assert_eq!(!proved.starts_with(NOT_SOUND), sound, "{set} {before:?}");
            assert_eq!(states, 12);
        }
    }
}
