//! Values that run the other way: the best for the worst.

use super::conflict::{Conflict, ConflictKind as Kind};
use super::judge::Judge;
use super::read::{Part, Recorded};
use super::say;
use crate::determination::Found;
use crate::instrument::definition::Rule;

impl Judge<'_> {
    /// The steps of recorded sums that are all those of scores turned round, where at
    /// least two say so, or one and a level that follows from it.
    pub(super) fn turned_sums(&self) -> Vec<usize> {
        let mut steps = Vec::new();
        let mut telling = 0;
        for (place, value) in self.auditor.places.iter().zip(&self.form.recorded) {
            let Recorded::Value(value) = value else {
                continue;
            };
            let sum = self.step(place.step).map(|step| &step.rule);
            if !matches!(sum, Some(Rule::Sum(_) | Rule::Count(_))) {
                continue;
            }
            let Some(right) = self.truth.step(place.step).single() else {
                return Vec::new();
            };
            let all = self.instrument.reachable(place.step);
            let ends = all.min().zip(all.max());
            let turned =
                ends.map(|(least, most)| i64::from(least) + i64::from(most) - i64::from(right));
            if turned != Some(*value) {
                return Vec::new();
            }
            telling += u8::from(*value != i64::from(right));
            steps.push(place.step);
        }
        match telling {
            0 => Vec::new(),
            1 if !self.a_level_follows() => Vec::new(),
            _ => steps,
        }
    }

    /// Whether a recorded level is another than that of the answers, and that of what
    /// was recorded before it.
    fn a_level_follows(&self) -> bool {
        self.auditor.places.iter().any(|place| {
            let level = matches!(place.part, Part::Preliminary | Part::Level);
            let value = self.written(place.step);
            level
                && value.is_some()
                && value == self.followed.step(place.step).single()
                && value != self.truth.step(place.step).single()
        })
    }

    /// Whether a level or grade, two or more from the right one, is that of scores turned
    /// round, or that of levels counted from the other end.
    pub(super) fn is_turned(&self, step: usize, value: i64) -> bool {
        let Some(right) = self.truth.step(step).single() else {
            return false;
        };
        let right = i64::from(right);
        if !self.instrument.is_complete(&self.prepared.inputs) || (value - right).abs() < 2 {
            return false;
        }
        let inputs = self.instrument.turned_round(&self.prepared.inputs);
        let turned = self.instrument.follow(&inputs, self.prepared.readings, &[]);
        let most = self.instrument.reachable(step).max().map(i64::from);
        turned.step(step).single().map(i64::from) == Some(value)
            || most.is_some_and(|most| most - right == value)
    }

    pub(super) fn turned_conflict(&self, steps: &[usize]) -> Conflict {
        let places = self.auditor.places.iter().zip(&self.form.recorded);
        let mut found = places.filter(|(place, _)| steps.contains(&place.step));
        let columns: Vec<String> = found
            .clone()
            .filter_map(|(place, _)| place.source.column().map(str::to_owned))
            .collect();
        // The last sum is the one that the others go into.
        let last = found.next_back();
        let conflict = match last {
            Some((place, Recorded::Value(value))) => {
                let mut conflict = self.of_step(Kind::InvertedDirection, place, *value, place.step);
                let right = self.truth.step(place.step).single();
                conflict.computed = right.map(|right| Found::Number(i64::from(right)));
                conflict.says = say::turned(self, place, *value, right);
                conflict
            }
            _ => Conflict::new(Kind::InvertedDirection, String::new(), String::new()),
        };
        conflict.at(columns)
    }
}
