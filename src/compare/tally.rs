//! What an impact counts: cases, transitions, rights, money, findings.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Most examples that are kept of each change.
const EXAMPLES: usize = 5;

pub(super) const ENTITLED: &str = "entitled";

/// How many cases came out the same, and how many did not. The five of `same`, `changed`
/// and `rejected_…` add up to all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Cases {
    /// Decided under both, and anything differs but which engine and rulebook decided.
    pub changed: Count,
    /// Of those changed: with another level of an assessment.
    pub levels: u64,
    /// Of those changed: with another known amount of cash or of a payment.
    pub money: u64,
    /// Decided by the first rulebook, refused by the other.
    pub rejected_after: Count,
    /// Refused by the first rulebook, decided by the other.
    pub rejected_before: Count,
    /// Refused by both.
    pub rejected_both: Count,
    /// Of those changed: with another status of a right.
    pub rights: u64,
    /// Decided under both, with the same result.
    pub same: u64,
}

impl Cases {
    /// All cases.
    #[must_use]
    pub fn all(&self) -> u64 {
        let Self {
            changed,
            rejected_after,
            rejected_before,
            rejected_both,
            same,
            ..
        } = self;
        let rejected = rejected_after.cases + rejected_before.cases + rejected_both.cases;
        same + changed.cases + rejected
    }
}

impl Cases {
    pub(super) fn merge(&mut self, other: Self) {
        self.changed.merge(other.changed);
        self.levels += other.levels;
        self.money += other.money;
        self.rejected_after.merge(other.rejected_after);
        self.rejected_before.merge(other.rejected_before);
        self.rejected_both.merge(other.rejected_both);
        self.rights += other.rights;
        self.same += other.same;
    }
}

/// So many cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Count {
    /// How many.
    pub cases: u64,
    /// Ids of the first few of them; none where nothing changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

impl Count {
    pub(super) fn add(&mut self, case: Option<&str>) {
        self.cases += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.extend(case.map(str::to_owned));
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.cases += other.cases;
        self.examples.extend(other.examples);
        self.examples.truncate(EXAMPLES);
    }
}

/// From what to what: *before* → *after* → how many. What stays as it was is counted
/// too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Transitions(BTreeMap<String, BTreeMap<String, Count>>);

impl Transitions {
    pub(super) fn add(&mut self, before: &str, after: &str, case: &str) {
        let example = (before != after).then_some(case);
        let row = self.0.entry(before.to_owned()).or_default();
        row.entry(after.to_owned()).or_default().add(example);
    }

    pub(super) fn merge(&mut self, other: Self) {
        merge(&mut self.0, other.0, |row, other| {
            merge(row, other, Count::merge);
        });
    }

    /// How many went from `before` to `after`.
    #[must_use]
    pub fn count(&self, before: &str, after: &str) -> u64 {
        let found = self.0.get(before).and_then(|row| row.get(after));
        found.map_or(0, |count| count.cases)
    }

    /// Everything that was counted: before, after, how many.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Count)> {
        self.0.iter().flat_map(|(before, row)| {
            let row = row.iter();
            row.map(move |(after, count)| (before.as_str(), after.as_str(), count))
        })
    }

    /// Those that did not stay as they were.
    pub fn changes(&self) -> impl Iterator<Item = (&str, &str, &Count)> {
        self.iter().filter(|(before, after, _)| before != after)
    }
}

/// What becomes of one right in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rights {
    /// Those entitled after.
    pub after: u64,
    /// Those entitled before.
    pub before: u64,
    /// Those entitled before and after to whom something else is given.
    pub benefit: Count,
    /// Changes of status: the keys of [`Status`](crate::determination::Status), or `absent` where the programme is not
    /// in force. What stays as it was is left out.
    pub changes: Transitions,
}

impl Rights {
    /// Those who become entitled.
    #[must_use]
    pub fn gained(&self) -> u64 {
        self.changed(|before, after| before != ENTITLED && after == ENTITLED)
    }

    /// Those who are no longer entitled.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.changed(|before, after| before == ENTITLED && after != ENTITLED)
    }

    /// Those with another status who are entitled neither before nor after.
    #[must_use]
    pub fn otherwise(&self) -> u64 {
        self.changed(|before, after| before != ENTITLED && after != ENTITLED)
    }

    /// Adds what was counted in another place, or over later cases.
    pub fn merge(&mut self, other: Self) {
        self.after += other.after;
        self.before += other.before;
        self.benefit.merge(other.benefit);
        self.changes.merge(other.changes);
    }

    /// Whether anything differs.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.benefit.cases > 0 || self.changed(|_, _| true) > 0
    }

    fn changed(&self, asked: impl Fn(&str, &str) -> bool) -> u64 {
        let counts = self.changes.changes();
        counts
            .filter(|(before, after, _)| asked(before, after))
            .map(|(_, _, count)| count.cases)
            .sum()
    }
}

/// Money of one programme in one place, in fen a month. The sums are over the cases in
/// which the amount is known before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Money {
    /// The sum after.
    pub after_fen: i128,
    /// The sum before.
    pub before_fen: i128,
    /// Cases with less after than before.
    pub less: Count,
    /// Cases with more after than before.
    pub more: Count,
    /// Cases in which the amount is not known before, or not after; they are in no sum.
    pub not_known: u64,
    /// Cases with one amount before and after.
    pub same: u64,
}

impl Money {
    /// What is paid more after than before, less where it is negative.
    #[must_use]
    pub fn difference_fen(&self) -> i128 {
        self.after_fen - self.before_fen
    }

    /// Adds one case; an amount that is not known is none. Whether it changed.
    pub(super) fn add(&mut self, before: Option<i128>, after: Option<i128>, case: &str) -> bool {
        let Some((before, after)) = before.zip(after) else {
            self.not_known += 1;
            return false;
        };
        // A case has some dozens of amounts of at most some 10^11 fen, or of an i64: no
        // number of cases that can be counted comes near the greatest i128.
        self.before_fen += before;
        self.after_fen += after;
        match after.cmp(&before) {
            Ordering::Less => self.less.add(Some(case)),
            Ordering::Equal => self.same += 1,
            Ordering::Greater => self.more.add(Some(case)),
        }
        before != after
    }

    /// Adds what was counted in another place, or over later cases.
    pub fn merge(&mut self, other: Self) {
        self.after_fen += other.after_fen;
        self.before_fen += other.before_fen;
        self.less.merge(other.less);
        self.more.merge(other.more);
        self.not_known += other.not_known;
        self.same += other.same;
    }
}

/// In how many cases the findings of one code differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Findings {
    /// None before, and there after.
    pub appeared: Count,
    /// There before and after, but not as they were.
    pub changed: Count,
    /// There before, and none after.
    pub gone: Count,
}

impl Findings {
    pub(super) fn merge(&mut self, other: Self) {
        self.appeared.merge(other.appeared);
        self.changed.merge(other.changed);
        self.gone.merge(other.gone);
    }
}

/// Merges what two maps hold under one key.
pub(super) fn merge<V: Default>(
    into: &mut BTreeMap<String, V>,
    from: BTreeMap<String, V>,
    with: impl Fn(&mut V, V),
) {
    for (key, value) in from {
        with(into.entry(key).or_default(), value);
    }
}
