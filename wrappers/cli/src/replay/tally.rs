//! What a report tells of the records: counters and first examples, so that its size
//! does not grow with their number.

use std::collections::{BTreeMap, BTreeSet};

use nengli::determination::{Determination, Status};
use nengli::record::{Difference, Replay, ReplayStatus};
use nengli::{Lang, Record, Rulebook};

use super::verdict::{Counts, Verdict};
use super::words::{self, Place};

/// Rules, places of one rule and examples of one rule that are kept.
pub(super) const RULES: usize = 100;
const PLACES: usize = 12;
const EXAMPLES: usize = 5;
/// Broken seals, malformed texts and rejections that are listed, of each.
pub(super) const LISTED: usize = 20;
/// Rulebooks and instruments that are kept.
const NAMES: usize = 50;
/// Characters of a text from a record that are kept.
const LONGEST: usize = 200;

/// What the records come to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    /// Differences of records whose seal holds.
    pub(super) groups: Bounded<By, Group>,
    pub(super) broken: Listed,
    pub(super) malformed: Listed,
    pub(super) rejected: Listed,
    /// By instrument, then by level; none where there is no level.
    pub(super) levels: Bounded<String, BTreeMap<Option<u8>, Both>>,
    pub(super) statuses: BTreeMap<Status, Both>,
    /// By version and digest.
    pub(super) rulebooks: Bounded<(String, String), u64>,
}

/// What differences are grouped by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    /// The rule that decided.
    Rule(String),
    /// No rule decided.
    NoRule,
    /// The case is refused now.
    Refused,
}

/// Differences of one rule.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) records: u64,
    pub(super) differences: u64,
    /// How often at which place, the positions in lists left out.
    pub(super) places: Bounded<String, u64>,
    pub(super) examples: Vec<Example>,
}

/// One record, and what is said of it.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) place: String,
    pub(super) case_id: String,
    pub(super) what: What,
}

/// What is said of a record.
#[derive(Debug)]
pub(super) enum What {
    Difference {
        at: String,
        recorded: String,
        now: String,
    },
    Said(String),
}

/// How many were recorded, and how many come now.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Both {
    pub(super) recorded: u64,
    pub(super) now: u64,
}

/// The first of many, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) first: Vec<Example>,
    pub(super) more: u64,
}

/// A map that takes no further key once it is full.
#[derive(Debug)]
pub(super) struct Bounded<K, V> {
    pub(super) map: BTreeMap<K, V>,
    /// What was counted under keys that were not taken.
    pub(super) cut: u64,
}

impl<K, V> Default for Bounded<K, V> {
    fn default() -> Self {
        Self {
            map: BTreeMap::new(),
            cut: 0,
        }
    }
}

impl<K: Ord, V: Default> Bounded<K, V> {
    /// The value of a key; none where the key is new and the map full, which then
    /// counts `weight` as cut.
    fn entry(&mut self, key: K, bound: usize, weight: u64) -> Option<&mut V> {
        if self.map.len() >= bound && !self.map.contains_key(&key) {
            self.cut += weight;
            return None;
        }
        Some(self.map.entry(key).or_default())
    }
}

impl Bounded<String, u64> {
    fn count(&mut self, key: String, bound: usize, number: u64) {
        if let Some(count) = self.entry(key, bound, number) {
            *count += number;
        }
    }
}

impl Listed {
    fn push(&mut self, example: impl FnOnce() -> Example) {
        if self.first.len() < LISTED {
            self.first.push(example());
        } else {
            self.more += 1;
        }
    }

    fn take(&mut self, other: Self) {
        let room = LISTED.saturating_sub(self.first.len());
        self.more += other.more;
        for (i, example) in other.first.into_iter().enumerate() {
            if i < room {
                self.first.push(example);
            } else {
                self.more += 1;
            }
        }
    }
}

impl Tally {
    /// Counts a text, and the record that it is with the rulebook it was decided under.
    pub(super) fn add(
        &mut self,
        place: &Place<'_>,
        verdict: &Verdict,
        record: Option<&(Record, Rulebook)>,
        lang: Lang,
    ) {
        self.counts.add(verdict);
        match verdict {
            Verdict::Rejected => self.rejected.push(|| Example {
                place: place.to_string(),
                case_id: String::new(),
                what: What::Said(String::new()),
            }),
            Verdict::Malformed(rejection) => self.malformed.push(|| Example {
                place: place.to_string(),
                case_id: rejection.case_id.clone().unwrap_or_default(),
                what: What::Said(words::problems(&rejection.rejected, lang, 1).join(" ")),
            }),
            Verdict::Replayed { replay, .. } => {
                if let Some((record, rulebook)) = record {
                    self.replayed(place, replay, record, rulebook, lang);
                }
            }
        }
    }

    fn replayed(
        &mut self,
        place: &Place<'_>,
        replay: &Replay,
        record: &Record,
        rulebook: &Rulebook,
        lang: Lang,
    ) {
        if replay.status == ReplayStatus::SealBroken {
            self.broken.push(|| Example {
                place: place.to_string(),
                case_id: replay.case_id.clone(),
                what: What::Said(words::differences(replay, lang)),
            });
            return;
        }
        let named = &replay.rulebook;
        let key = (cut(&named.version), cut(&named.digest));
        if let Some(count) = self.rulebooks.entry(key, NAMES, 1) {
            *count += 1;
        }
        let mut seen = BTreeSet::new();
        for difference in &replay.differences {
            let by = By::of(difference, replay);
            let Some(group) = self.groups.entry(by.clone(), RULES, 1) else {
                continue;
            };
            group.differences += 1;
            group.records += u64::from(seen.insert(by));
            group
                .places
                .count(without_positions(&cut(&difference.at)), PLACES, 1);
            if group.examples.len() < EXAMPLES {
                let what = if replay.rejected().is_empty() {
                    What::Difference {
                        at: cut(&difference.at),
                        recorded: words::value(difference.recorded.as_ref(), lang),
                        now: words::value(difference.now.as_ref(), lang),
                    }
                } else {
                    What::Said(words::problems(replay.rejected(), lang, 3).join(" "))
                };
                group.examples.push(Example {
                    place: place.to_string(),
                    case_id: replay.case_id.clone(),
                    what,
                });
            }
        }
        let then = record.determination();
        self.results(then, |both| &mut both.recorded);
        if replay.differences.is_empty() {
            self.results(then, |both| &mut both.now);
        } else if let Ok(now) = rulebook.assess(record.case()) {
            self.results(&now, |both| &mut both.now);
        }
    }

    /// Counts levels and statuses of a determination.
    fn results(&mut self, determination: &Determination, side: fn(&mut Both) -> &mut u64) {
        for result in &determination.assessments {
            if let Some(levels) = self.levels.entry(cut(&result.instrument), NAMES, 1) {
                let code = result.level.as_ref().map(|level| level.code);
                *side(levels.entry(code).or_default()) += 1;
            }
        }
        for right in determination.entitlements.iter().flatten() {
            *side(self.statuses.entry(right.status).or_default()) += 1;
        }
    }

    /// Adds what comes after it.
    pub(super) fn take(&mut self, other: Self) {
        self.counts.take(&other.counts);
        self.broken.take(other.broken);
        self.malformed.take(other.malformed);
        self.rejected.take(other.rejected);
        self.groups.cut += other.groups.cut;
        for (by, group) in other.groups.map {
            if let Some(own) = self.groups.entry(by, RULES, group.differences) {
                own.records += group.records;
                own.differences += group.differences;
                own.places.cut += group.places.cut;
                for (place, count) in group.places.map {
                    own.places.count(place, PLACES, count);
                }
                let room = EXAMPLES.saturating_sub(own.examples.len());
                own.examples.extend(group.examples.into_iter().take(room));
            }
        }
        self.levels.cut += other.levels.cut;
        for (instrument, levels) in other.levels.map {
            let weight = levels.values().map(|both| both.recorded + both.now).sum();
            if let Some(own) = self.levels.entry(instrument, NAMES, weight) {
                for (code, both) in levels {
                    own.entry(code).or_default().take(both);
                }
            }
        }
        for (status, both) in other.statuses {
            self.statuses.entry(status).or_default().take(both);
        }
        self.rulebooks.cut += other.rulebooks.cut;
        for (key, count) in other.rulebooks.map {
            if let Some(own) = self.rulebooks.entry(key, NAMES, count) {
                *own += count;
            }
        }
    }
}

impl Both {
    fn take(&mut self, other: Self) {
        self.recorded += other.recorded;
        self.now += other.now;
    }
}

impl By {
    fn of(difference: &Difference, replay: &Replay) -> Self {
        match &difference.rule {
            _ if !replay.rejected().is_empty() => Self::Refused,
            Some(rule) => Self::Rule(cut(rule)),
            None => Self::NoRule,
        }
    }
}

/// A text from a record, no longer than a report needs.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A JSON Pointer with `*` for each position in a list.
fn without_positions(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| {
        let position = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if position { "*" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(place: &str) -> Example {
        Example {
            place: place.to_owned(),
            case_id: String::new(),
            what: What::Said(String::new()),
        }
    }

    #[test]
    fn positions_are_left_out() {
        for (from, to) in [
            ("", ""),
            ("/assessments/0/level/key", "/assessments/*/level/key"),
            ("/entitlements/12/because/3", "/entitlements/*/because/*"),
            ("/a/1b/B.1", "/a/1b/B.1"),
        ] {
            assert_eq!(without_positions(from), to);
        }
    }

    /// However many rules, places and records there are, so much is kept and the rest
    /// counted.
    #[test]
    fn what_is_kept_is_bounded() {
        let mut all = Tally::default();
        for part in 0..40_u64 {
            let mut tally = Tally::default();
            for i in 0..10 {
                let by = By::Rule(format!("r-{part}-{i}"));
                if let Some(group) = tally.groups.entry(by, RULES, 3) {
                    group.differences += 3;
                }
                let by = By::Rule("r".to_owned());
                if let Some(group) = tally.groups.entry(by, RULES, 1) {
                    group.differences += 1;
                    group.places.count(format!("/p/{part}-{i}"), PLACES, 1);
                    group.examples.push(example("here"));
                }
                tally.broken.push(|| example(&format!("{part}-{i}")));
            }
            all.take(tally);
        }
        assert_eq!(all.groups.map.len(), RULES);
        let kept: u64 = all.groups.map.values().map(|one| one.differences).sum();
        assert_eq!(kept + all.groups.cut, 40 * 40);
        let group = &all.groups.map[&By::Rule("r".to_owned())];
        assert_eq!(
            (group.places.map.len(), group.places.cut),
            (PLACES, 400 - 12)
        );
        assert_eq!(group.examples.len(), EXAMPLES);
        assert_eq!((all.broken.first.len(), all.broken.more), (LISTED, 380));
        let places: Vec<&str> = all
            .broken
            .first
            .iter()
            .map(|one| one.place.as_str())
            .collect();
        assert_eq!((places[0], places[10], places[19]), ("0-0", "1-0", "1-9"));
    }
}
