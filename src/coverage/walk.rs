//! One walk over all rule files. It lists the rows, and counts them: so that both are
//! always of the same rows in the same order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Place, Reason, What, forms, programmes};
use crate::care_level::CareLevelMap;
use crate::case::Case;
use crate::condition::{Condition, Truth, Truths};
use crate::crosscheck::CrossChecks;
use crate::determination::Determination;
use crate::json::Path;
use crate::rulebook::{Rulebook, Sources};
use crate::{entitlement, instrument};

/// What was exercised; or, where nothing was asked, what can be.
pub(super) struct Seen<'s> {
    pub(super) instruments: BTreeMap<&'s str, instrument::Observed>,
    pub(super) rights: entitlement::Observed,
    pub(super) asked: Option<Asked<'s>>,
}

/// A case that was decided.
pub(super) struct Asked<'s> {
    pub(super) case: &'s Case,
    pub(super) determination: &'s Determination,
    /// Of each file of cross-checks: forms, pair and bounds that contradict.
    pub(super) contradictions: Vec<Vec<(usize, usize, usize, usize)>>,
}

/// What the walk is for.
pub(super) enum Walk<'w> {
    /// To list the rows.
    Listing {
        rows: Vec<Place>,
        sources: Sources,
        file: Arc<str>,
        clause: Arc<[String]>,
    },
    /// To count those that were exercised.
    Counting { counts: &'w mut [u64], next: usize },
}

impl Walk<'_> {
    /// What follows stands in the file that `find` finds.
    pub(super) fn file(&mut self, find: impl Fn(&Sources) -> &str) {
        if let Self::Listing { sources, file, .. } = self {
            *file = Arc::from(find(sources));
        }
    }

    /// What follows is cited so.
    pub(super) fn cite<T: AsRef<str>>(&mut self, cite: &[T]) {
        if let Self::Listing { clause, .. } = self {
            *clause = cite.iter().map(|id| id.as_ref().to_owned()).collect();
        }
    }

    /// What follows is cited by nothing.
    pub(super) fn cite_nothing(&mut self) {
        self.cite::<String>(&[]);
    }

    /// Where a fact or a step stands in its file; of no account to counting.
    pub(super) fn sources(&self) -> Option<&Sources> {
        match self {
            Self::Listing { sources, .. } => Some(sources),
            Self::Counting { .. } => None,
        }
    }

    /// A row, and whether it was exercised; when listing, whether it can be.
    pub(super) fn row(&mut self, at: &Path<'_>, what: What, yes: bool, reason: Reason) {
        match self {
            Self::Listing {
                rows, file, clause, ..
            } => rows.push(Place {
                file: Arc::clone(file),
                pointer: at.pointer(),
                what,
                clause: Arc::clone(clause),
                unreachable: (!yes).then_some(reason),
            }),
            Self::Counting { counts, next } => {
                if let Some(count) = counts.get_mut(*next).filter(|_| yes) {
                    *count = count.saturating_add(1);
                }
                *next += 1;
            }
        }
    }

    /// Three rows: what something came to.
    pub(super) fn truths(&mut self, at: &Path<'_>, truths: Truths, reason: Reason) {
        let reason = if truths == Truths::NONE {
            Reason::NotAsked
        } else {
            reason
        };
        for truth in [Truth::True, Truth::False, Truth::Unknown] {
            self.row(at, What::of(truth), truths.has(truth), reason);
        }
    }

    /// The leaves of a condition, three rows each.
    pub(super) fn condition(&mut self, at: &Path<'_>, condition: &Condition, leaves: &[Truths]) {
        self.leaves(at, condition, &mut leaves.iter().copied());
    }

    fn leaves(
        &mut self,
        at: &Path<'_>,
        condition: &Condition,
        truths: &mut dyn Iterator<Item = Truths>,
    ) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let at = at.key(condition.word());
                for (i, part) in parts.iter().enumerate() {
                    self.leaves(&at.index(i), part, truths);
                }
            }
            Condition::Not(part) => self.leaves(&at.key("not"), part, truths),
            Condition::Count(count) => {
                let at = at.key("count");
                let at = at.key("of");
                for (i, part) in count.of.iter().enumerate() {
                    self.leaves(&at.index(i), part, truths);
                }
            }
            Condition::Reading(reading) => {
                let at = at.key("reading");
                let at = at.key("choices");
                for (key, part) in &reading.choices {
                    self.leaves(&at.key(key), part, truths);
                }
            }
            leaf => {
                let reason = match leaf {
                    Condition::LocallySet(_) => Reason::OnlyConfirmed,
                    Condition::Receives(_) => Reason::AbsenceIsNo,
                    _ => Reason::Follows,
                };
                self.truths(at, truths.next().unwrap_or_default(), reason);
            }
        }
    }
}

/// Every row of a rulebook.
pub(super) fn rows(rulebook: &Rulebook) -> Vec<Place> {
    let seen = Seen {
        instruments: rulebook
            .instruments()
            .map(|instrument| (instrument.id(), instrument.can_exercise()))
            .collect(),
        rights: rulebook.can_exercise(),
        asked: None,
    };
    let mut listing = Walk::Listing {
        rows: Vec::new(),
        sources: rulebook.sources(),
        file: Arc::from(""),
        clause: Arc::from([]),
    };
    walk(rulebook, &seen, &mut listing);
    match listing {
        Walk::Listing { rows, .. } => rows,
        Walk::Counting { .. } => Vec::new(),
    }
}

/// Visits every row, always in the same order.
pub(super) fn walk(rulebook: &Rulebook, seen: &Seen<'_>, walk: &mut Walk<'_>) {
    for map in rulebook.care_levels() {
        care_levels(map, seen, walk);
    }
    for (i, checks) in rulebook.cross_checks().enumerate() {
        cross_checks(i, checks, seen, walk);
    }
    facts(rulebook, seen, walk);
    for instrument in rulebook.instruments() {
        forms::walk(instrument, seen, walk);
    }
    programmes::walk(rulebook, &seen.rights, walk);
}

fn care_levels(map: &CareLevelMap, seen: &Seen<'_>, walk: &mut Walk<'_>) {
    walk.file(|sources| sources.file(&map.kind, &map.id));
    walk.cite(&map.cite);
    let at = Path::Root;
    let at = at.key("rows");
    // The level that the map was asked of, where it was.
    let level = seen.asked.as_ref().and_then(|asked| {
        let given = &asked.determination.care_levels;
        given.iter().find(|one| one.scheme == map.id)?;
        let results = asked.determination.assessments.iter();
        let latest = results
            .filter(|result| result.instrument == map.instrument)
            .max_by_key(|result| result.date)?;
        latest.level.as_ref()
    });
    for (i, row) in map.rows.iter().enumerate() {
        let yes = seen.asked.is_none() || level.is_some_and(|level| level.key == row.level);
        walk.row(&at.index(i), What::Decides, yes, Reason::NotAsked);
    }
}

fn cross_checks(file: usize, checks: &CrossChecks, seen: &Seen<'_>, walk: &mut Walk<'_>) {
    walk.file(|sources| sources.file(&checks.kind, &checks.id));
    walk.cite(&checks.cite);
    let at = Path::Root;
    let at = at.key("pairs");
    for (i, pair) in checks.pairs.iter().enumerate() {
        let at = at.index(i);
        let at = at.key("against");
        for j in 0..pair.against.len() {
            let yes = seen.asked.as_ref().is_none_or(|asked| {
                let found = asked.contradictions.get(file).into_iter().flatten();
                let mut found = found.filter(|(_, _, pair, against)| (*pair, *against) == (i, j));
                found.next().is_some()
            });
            walk.row(&at.index(j), What::Raised, yes, Reason::Follows);
        }
    }
}

fn facts(rulebook: &Rulebook, seen: &Seen<'_>, walk: &mut Walk<'_>) {
    walk.cite_nothing();
    for fact in rulebook.facts() {
        let position = walk.sources().map_or(0, |sources| sources.fact(&fact.id).1);
        walk.file(|sources| sources.fact(&fact.id).0);
        let at = Path::Root;
        let at = at.key("facts");
        let at = at.index(position);
        let any = seen.asked.is_none();
        if fact.derived.is_some() {
            let yes = any || seen.rights.derived.contains(&fact.id);
            walk.row(&at, What::Derived, yes, Reason::NotAsked);
            continue;
        }
        let stated = seen.asked.as_ref().is_none_or(|asked| {
            let facts = asked.case.facts.as_ref();
            facts.is_some_and(|facts| facts.contains_key(&fact.id))
        });
        walk.row(&at, What::Stated, stated, Reason::NotAsked);
        if fact.given_by.is_some() {
            let at = at.key("given_by");
            let given = any || seen.rights.given.contains(&fact.id);
            walk.row(&at, What::Derived, given, Reason::NotAsked);
            let against = any || seen.rights.contradicted.contains(&fact.id);
            walk.row(&at, What::Contradicted, against, Reason::NotAsked);
        }
    }
}
