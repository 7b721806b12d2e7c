//! Which rows of which rule files some cases exercised.
//!
//! A *row* is a part of a rule file that decides, and what became of it: an option
//! answered, a band or cell that gave a value, a leaf of a condition that was true, false
//! or unknown, a layer that covered someone, a benefit given, a reading that mattered.
//! Names, notes and citations are no rows. `docs/rule-coverage.md` lists them all.
//!
//! ```
//! use nengli::{Coverage, Options, Rulebook};
//!
//! let rulebook = Rulebook::builtin()?;
//! let mut coverage = Coverage::of(&rulebook);
//! let case = include_str!("../../tests/cases/gbt-42195-2022/demo.case.json");
//! let case: nengli::Case = serde_json::from_str(case)?;
//! let determination = rulebook.assess_with(&case, Options::traced())?;
//! coverage.add(&case, &determination)?;
//!
//! // 69 points lie in the second band, and not in the first.
//! let band = coverage.rows().filter(|row| row.reached > 0 && row.pointer.contains("/band/"));
//! assert_eq!(band.count(), 1);
//! assert!(coverage.unreached().count() > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod forms;
mod programmes;
mod walk;
mod what;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

pub use what::{Reason, What};

use crate::case::{self, Case, Problems, Rejection};
use crate::determination::Determination;
use crate::entitlement::{self, Asked};
use crate::instrument;
use crate::rulebook::Rulebook;
use walk::{Seen, Walk};

/// The rows of a rulebook, and how many cases exercised each.
///
/// Cheap to [`Coverage::blank`] and to [`Coverage::merge`]: cases can be counted in
/// pieces, in any order, on any number of threads, and come to the same.
#[derive(Debug, Clone)]
pub struct Coverage {
    rulebook: Rulebook,
    rows: Arc<[Place]>,
    counts: Vec<u64>,
    cases: u64,
}

/// Where a row stands.
#[derive(Debug)]
struct Place {
    file: Arc<str>,
    pointer: String,
    what: What,
    clause: Arc<[String]>,
    unreachable: Option<Reason>,
}

/// One row. In JSON, `clause`, `file`, `pointer`, `reached`, `unreachable`, `what`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Row<'c> {
    /// Citations of what it stands in; empty for facts, which are words and no law.
    pub clause: &'c [String],
    /// Path of the rule file within the rulebook.
    pub file: &'c str,
    /// JSON Pointer into that file.
    pub pointer: &'c str,
    /// How many cases exercised it.
    pub reached: u64,
    /// Why no case can; absent where one may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<Reason>,
    /// What is counted there. A pointer can have several rows, which differ in this.
    pub what: What,
}

/// The rows of one file, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// Rows that some case exercised.
    pub reached: u64,
    /// Rows that a case can exercise.
    pub rows: u64,
    /// Rows that no case can exercise; not among `rows`.
    pub unreachable: u64,
}

impl Tally {
    /// Rows reached of a thousand, rounded down: 1000 only where all are.
    #[must_use]
    pub fn per_mille(self) -> u64 {
        (self.reached.saturating_mul(1000))
            .checked_div(self.rows)
            .unwrap_or(1000)
    }
}

/// Why something could not be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// It was made under another rulebook.
    #[error("expected what was made under the rulebook whose rows are counted; found another's")]
    OtherRulebook,
    /// The determination is of another case.
    #[error("expected the determination of this case; found another's")]
    OtherCase,
    /// The determination has no full trace.
    #[error("expected a determination with the full trace; found none")]
    NoTrace,
    /// The case is refused.
    #[error("expected a case that is decided; it is refused: {0}")]
    Rejected(Rejection),
}

impl Coverage {
    /// Every row of a rulebook, none reached.
    #[must_use]
    pub fn of(rulebook: &Rulebook) -> Self {
        let rows = walk::rows(rulebook);
        Self {
            rulebook: rulebook.clone(),
            counts: vec![0; rows.len()],
            rows: rows.into(),
            cases: 0,
        }
    }

    /// The same rows, none reached.
    #[must_use]
    pub fn blank(&self) -> Self {
        Self {
            rulebook: self.rulebook.clone(),
            rows: Arc::clone(&self.rows),
            counts: vec![0; self.counts.len()],
            cases: 0,
        }
    }

    /// Counts what a case exercised. A row counts once for a case, however often it was
    /// exercised in it.
    ///
    /// `determination` is that of `case` under this rulebook, with the full trace
    /// ([`crate::Options::traced`]).
    ///
    /// # Errors
    ///
    /// When the determination is of another rulebook or case or has no trace, or the case
    /// is refused. Nothing is counted then.
    pub fn add(&mut self, case: &Case, determination: &Determination) -> Result<(), CoverageError> {
        if determination.rulebook.digest != self.rulebook.digest() {
            return Err(CoverageError::OtherRulebook);
        }
        if determination.case_id != case.case_id
            || determination.assessments.len() != case.assessments.len()
        {
            return Err(CoverageError::OtherCase);
        }
        let results = &determination.assessments;
        if results.iter().any(|result| result.steps.is_none()) {
            return Err(CoverageError::NoTrace);
        }
        let mut problems = Problems::default();
        let forms = case::check(case, &self.rulebook, &mut problems);
        if !problems.is_empty() {
            let id = case::is_pseudonym(&case.case_id).then_some(case.case_id.as_str());
            return Err(CoverageError::Rejected(problems.rejection(id)));
        }
        let forms: Vec<_> = forms.into_iter().zip(&case.assessments).collect();
        let mut instruments: BTreeMap<&str, instrument::Observed> = BTreeMap::new();
        for ((prepared, form), result) in forms.iter().zip(results) {
            let instrument = prepared.instrument;
            let seen = instruments.entry(instrument.id()).or_default();
            instrument.exercised(form, &prepared.inputs, prepared.readings, result, seen);
        }
        let rights = if case.asks_levels_alone() {
            entitlement::Observed::default()
        } else {
            let rights = self.rulebook.rights();
            Asked::of(rights, case, &forms, &determination.assessments).exercised(determination)
        };
        let contradictions = self
            .rulebook
            .cross_checks()
            .map(|checks| checks.contradictions(&forms))
            .collect();
        let seen = Seen {
            instruments,
            rights,
            asked: Some(walk::Asked {
                case,
                determination,
                contradictions,
            }),
        };
        walk::walk(
            &self.rulebook,
            &seen,
            &mut Walk::Counting {
                counts: &mut self.counts,
                next: 0,
            },
        );
        self.cases = self.cases.saturating_add(1);
        Ok(())
    }

    /// Adds what was counted elsewhere.
    ///
    /// # Errors
    ///
    /// When it was counted under another rulebook. Nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), CoverageError> {
        if self.rulebook.digest() != other.rulebook.digest() {
            return Err(CoverageError::OtherRulebook);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        self.cases = self.cases.saturating_add(other.cases);
        Ok(())
    }

    /// How many cases were counted.
    #[must_use]
    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// Every row, those that no case can exercise included; file by file, in the order of
    /// the file; facts by their id.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows
            .iter()
            .zip(&self.counts)
            .map(|(place, reached)| Row {
                clause: &place.clause,
                file: &place.file,
                pointer: &place.pointer,
                reached: *reached,
                unreachable: place.unreachable,
                what: place.what,
            })
    }

    /// The rows that a case can exercise and none did.
    pub fn unreached(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows()
            .filter(|row| row.reached == 0 && row.unreachable.is_none())
    }

    /// The rows of each file, counted, by path.
    #[must_use]
    pub fn files(&self) -> BTreeMap<&str, Tally> {
        let mut out: BTreeMap<&str, Tally> = BTreeMap::new();
        for row in self.rows() {
            let tally = out.entry(row.file).or_default();
            if row.unreachable.is_some() {
                tally.unreachable += 1;
            } else {
                tally.rows += 1;
                tally.reached += u64::from(row.reached > 0);
            }
        }
        out
    }

    /// All rows, counted.
    #[must_use]
    pub fn total(&self) -> Tally {
        let files = self.files();
        files.values().fold(Tally::default(), |all, one| Tally {
            reached: all.reached + one.reached,
            rows: all.rows + one.rows,
            unreachable: all.unreachable + one.unreachable,
        })
    }
}

impl Serialize for Coverage {
    /// `cases`, `files` (counts by path), `rows`, `rulebook` (digest and version).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Coverage", 4)?;
        out.serialize_field("cases", &self.cases)?;
        out.serialize_field("files", &self.files())?;
        out.serialize_field("rows", &self.rows().collect::<Vec<_>>())?;
        out.serialize_field(
            "rulebook",
            &crate::determination::RulebookId {
                digest: self.rulebook.digest().into(),
                version: self.rulebook.version().into(),
            },
        )?;
        out.end()
    }
}
