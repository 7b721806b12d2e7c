//! Recorded decisions of other systems, recomputed: what does not agree, and why.
//!
//! A [`Mapping`] says which column is which answer and which recorded value. An
//! [`Auditor`] reads a [`Row`] by it, decides the answers again and lists every
//! [`Conflict`] by its kind, with the rule that decides. One fault is one conflict: where
//! a sum is wrong and the level follows from the wrong sum, the sum alone is listed.
//!
//! ```
//! use nengli::Rulebook;
//! use nengli::audit::{Auditor, ConflictKind, Row};
//!
//! let auditor = Auditor::from_text(&Rulebook::builtin()?, r#"{
//!     "schema": 1,
//!     "instrument": "tekun-self-care",
//!     "date": { "is": "2025-03-01" },
//!     "answers": { "1": "eats", "2": "dresses", "3": "in_out_of_bed",
//!                  "4": "toilet", "5": "walks", "6": "bathes" },
//!     "recorded": { "level": { "column": "result", "values": { "all": "able", "part": "partly_unable" } } }
//! }"#)?;
//!
//! let row = Row::of_json(r#"{ "name": "not read", "eats": true, "dresses": true,
//!     "in_out_of_bed": true, "toilet": false, "walks": true, "bathes": true, "result": "all" }"#)?;
//! let audited = auditor.audit(&row);
//! assert_eq!(audited.conflicts[0].kind, ConflictKind::Band);
//! assert_eq!(audited.conflicts[0].rule.as_deref(), Some("tekun-self-care/level"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod conflict;
mod judge;
mod mapping;
mod read;
mod row;
mod say;
mod seen;
mod turned;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use conflict::{Conflict, ConflictKind};
pub use mapping::{
    DateForm, DateSource, Mapped, Mapping, MappingError, MappingFault, Only, RecordedSources,
    Source,
};
use read::{Part, Place};
pub use row::{Header, Row};
pub use seen::Seen;

use crate::instrument::Instrument;
use crate::rulebook::Rulebook;
use crate::text::Text;

/// A mapping that was proved against a rulebook, ready to audit.
#[derive(Debug)]
pub struct Auditor {
    rulebook: Rulebook,
    mapping: Mapping,
    /// What was recorded, in the order of the steps.
    places: Vec<Place>,
    /// Every column that is read.
    columns: BTreeSet<String>,
}

impl Auditor {
    /// Proves a mapping against a rulebook.
    ///
    /// # Errors
    ///
    /// When it names an instrument, code, option, level or reading that is not there:
    /// with every fault that was found.
    pub fn new(rulebook: &Rulebook, mapping: Mapping) -> Result<Self, MappingError> {
        Self::proved(rulebook, Some(mapping), Vec::new())
    }

    /// Reads a mapping in JSON and proves it against a rulebook.
    ///
    /// # Errors
    ///
    /// As [`Auditor::new`], and when the text is no mapping: all faults of its form and
    /// of what could be read of it together.
    pub fn from_text(rulebook: &Rulebook, text: &str) -> Result<Self, MappingError> {
        let (mapping, faults) = mapping::from_text(text);
        Self::proved(rulebook, mapping, faults)
    }

    fn proved(
        rulebook: &Rulebook,
        mapping: Option<Mapping>,
        mut faults: Vec<MappingFault>,
    ) -> Result<Self, MappingError> {
        if let Some(mapping) = &mapping {
            for fault in check::faults(rulebook, mapping) {
                // What could not be read is not said to be absent.
                let follows = faults.iter().any(|earlier| {
                    earlier.at == fault.at
                        || earlier
                            .at
                            .strip_prefix(&fault.at)
                            .is_some_and(|rest| rest.starts_with('/'))
                });
                if !follows {
                    faults.push(fault);
                }
            }
        }
        let ready = mapping.filter(|_| faults.is_empty()).and_then(|mapping| {
            let instrument = rulebook.instrument(&mapping.instrument)?;
            Some((places(instrument, &mapping), mapping))
        });
        let Some((places, mapping)) = ready else {
            return Err(MappingError { faults });
        };
        Ok(Self {
            rulebook: rulebook.clone(),
            columns: columns(&mapping, &places),
            places,
            mapping,
        })
    }

    /// The mapping.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Codes that the level rests on and the mapping does not have, in the order of the
    /// form: what was recorded of that can be judged only as far as it does not matter.
    #[must_use]
    pub fn not_mapped(&self) -> Vec<&str> {
        let Some(instrument) = self.rulebook.instrument(&self.mapping.instrument) else {
            return Vec::new();
        };
        let steps = 0..instrument.definition().steps.len();
        let asked: BTreeSet<usize> = steps.flat_map(|step| instrument.rests_on(step).0).collect();
        let mut codes: Vec<&str> = Vec::new();
        for (slot, code) in instrument.slot_codes().enumerate() {
            if asked.contains(&slot)
                && !self.mapping.answers.contains_key(code)
                && !codes.contains(&code)
            {
                codes.push(code);
            }
        }
        codes
    }

    /// The columns that the mapping names and a table does not have, sorted. Where there
    /// are any, its rows cannot be audited.
    pub fn absent<'a>(&'a self, header: &'a Header) -> impl Iterator<Item = &'a str> {
        let columns = self.columns.iter().map(String::as_str);
        columns.filter(|column| !header.has(column))
    }

    /// Whether the mapping is for this row: see [`Mapping::only`].
    #[must_use]
    pub fn is_for(&self, row: &Row<'_>) -> bool {
        self.mapping
            .only
            .as_ref()
            .is_none_or(|only| match row.cell(&only.column) {
                row::Cell::Text(text) => only.is.iter().any(|one| *one == text),
                _ => false,
            })
    }

    /// Recomputes a decision and lists what does not agree with it.
    ///
    /// A pure function of the rulebook, the mapping and the row. Whether the case id has
    /// stood in an earlier row is for the caller to ask: [`Seen`].
    #[must_use]
    pub fn audit(&self, row: &Row<'_>) -> Audited {
        let mut audited = Audited {
            case_id: None,
            computed: Standing::default(),
            conflicts: Vec::new(),
            date: None,
            instrument: self.mapping.instrument.clone(),
            not_read: row.not_read(|column| self.reads(column)),
            recorded: Standing::default(),
            unverified: Vec::new(),
        };
        if let Some(instrument) = self.rulebook.instrument(&self.mapping.instrument) {
            self.judge(instrument, row, &mut audited);
        }
        audited.conflicts.sort_by_key(|conflict| conflict.kind);
        audited
    }

    /// Whether a column, or something in it, is read.
    fn reads(&self, column: &str) -> bool {
        let below = |read: &String| {
            let rest = read
                .strip_prefix('/')
                .and_then(|rest| rest.strip_prefix(column));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.columns.contains(column) || self.columns.iter().any(below)
    }
}

/// The recorded values that a mapping names, in the order of the steps they are of.
fn places(instrument: &Instrument, mapping: &Mapping) -> Vec<Place> {
    let result = &instrument.definition().result;
    let recorded = &mapping.recorded;
    let mut places = Vec::new();
    let mut put = |part: Part, id: &str, step: Option<&str>, source: &Source| {
        if let Some(step) = step.and_then(|step| instrument.step_of(step)) {
            places.push(Place {
                part,
                id: id.to_owned(),
                step,
                source: source.clone(),
            });
        }
    };
    for (id, source) in &recorded.scores {
        put(Part::Score, id, Some(id), source);
    }
    for (id, source) in &recorded.grades {
        put(
            Part::Grade,
            id,
            result.grades.get(id.as_str()).map(Text::as_str),
            source,
        );
    }
    if let Some(source) = &recorded.preliminary {
        put(
            Part::Preliminary,
            "preliminary",
            result.preliminary.as_deref(),
            source,
        );
    }
    if let Some(source) = &recorded.level {
        put(Part::Level, "level", Some(&result.level), source);
    }
    places.sort_by_key(|place| place.step);
    places
}

fn columns(mapping: &Mapping, places: &[Place]) -> BTreeSet<String> {
    let answers = mapping.answers.values().filter_map(Source::column);
    let recorded = places.iter().filter_map(|place| place.source.column());
    let only = mapping.only.as_ref().map(|only| only.column.as_str());
    let head = [
        mapping.case_id.as_deref(),
        mapping.date.column.as_deref(),
        only,
    ];
    let all = answers.chain(recorded).chain(head.into_iter().flatten());
    all.map(str::to_owned).collect()
}

/// What an audit says of one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Audited {
    /// The pseudonym; null where none is mapped, or where it was refused.
    pub case_id: Option<String>,
    /// What the answers come to.
    pub computed: Standing,
    /// What does not agree, in the order of the kinds.
    pub conflicts: Vec<Conflict>,
    /// Day of the assessment; null where it could not be read.
    pub date: Option<Date>,
    /// Id of the instrument.
    pub instrument: String,
    /// How many columns of the row no mapping names; they were not read.
    pub not_read: usize,
    /// What was recorded.
    pub recorded: Standing,
    /// Recorded values that could be right, but rest on answers that the mapping does
    /// not have or on a rule that the rulebook does not have: `level`, `preliminary`,
    /// the id of a score or the code of a domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<String>,
}

/// Sums, grades and levels of one form, as far as they are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Standing {
    /// Grades by the code of the domain.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grades: BTreeMap<String, i64>,
    /// Key of the level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Key of the level before changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preliminary: Option<String>,
    /// Sums and counts by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<String, i64>,
}
