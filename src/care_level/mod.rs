//! From a level to a care level, by dated maps that say what they rest on.
//!
//! No national map from GB/T levels to the care levels of institutions was found,
//! so a map is an authority's, a custom's or an institution's own, and every
//! result says which.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::determination::{AssessmentResult, Basis, CareLevel};
use crate::instrument::Instrument;
use crate::instrument::definition::InForce;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Document, Grade, Sink};
use crate::text::Text;
use crate::words::Words;

/// A map from the levels of one instrument to care levels.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CareLevelMap {
    /// Always `care_levels`.
    pub kind: Text,
    /// Version of the file format; 1.
    pub schema: u8,
    /// Id of the scheme, unique in the rulebook.
    pub id: Text,
    /// Its name.
    pub names: Words,
    /// What it rests on.
    pub basis: Basis,
    /// Whether it is used unless a case says otherwise, as the interpretation
    /// `care-levels/ID` with the choices `on` and `off`.
    pub on: bool,
    /// Its life, asked on the day of decision.
    pub in_force: InForce,
    /// Id of the instrument.
    pub instrument: Text,
    /// Documents cited here.
    pub documents: Vec<Document>,
    /// One row for each level.
    pub rows: Vec<CareLevelRow>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// The care level of one level.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CareLevelRow {
    /// Key of the level.
    pub level: Text,
    /// Key of the care level.
    pub key: Text,
    /// Its name.
    pub names: Words,
}

impl CareLevelMap {
    /// Proves that every level of the instrument has exactly one row.
    pub(crate) fn prove(
        &self,
        instrument: Option<&Instrument>,
        cited: &dyn Fn(&str) -> bool,
        sink: &mut Sink<'_>,
    ) {
        let Some(instrument) = instrument else {
            sink.push(
                "/instrument",
                Kind::UnknownReference,
                format!(
                    "expected the id of an instrument; found {:?}",
                    self.instrument
                ),
            );
            return;
        };
        for (i, row) in self.rows.iter().enumerate() {
            let at = format!("/rows/{i}/level");
            if !instrument
                .levels()
                .iter()
                .any(|level| level.key == row.level)
            {
                sink.push(
                    at.as_str(),
                    Kind::UnknownLevel,
                    format!(
                        "expected a level of {}; found {:?}",
                        instrument.id(),
                        row.level
                    ),
                );
            }
            if self
                .rows
                .iter()
                .take(i)
                .any(|other| other.level == row.level)
            {
                sink.push(
                    at,
                    Kind::Overlap,
                    format!(
                        "expected one row for each level; {:?} has an earlier one",
                        row.level
                    ),
                );
            }
        }
        for level in instrument.levels() {
            if !self.rows.iter().any(|row| row.level == level.key) {
                sink.push(
                    "/rows",
                    Kind::Gap,
                    format!("expected a row for every level; {:?} has none", level.key),
                );
            }
        }
        if self.in_force.to.is_some_and(|to| to <= self.in_force.from) {
            sink.push(
                "/in_force/to",
                Kind::OutOfRange,
                "expected a day after the first",
            );
        }
        sink.cited("", &self.cite, cited);
    }

    /// The care level that follows from `results`: from the latest form by the
    /// instrument, if that has a level.
    pub(crate) fn of(
        &self,
        instrument: &Instrument,
        results: &[AssessmentResult],
        as_of: Date,
    ) -> Option<CareLevel> {
        if !self.in_force.holds(as_of) {
            return None;
        }
        let latest = results
            .iter()
            .filter(|result| result.instrument == self.instrument)
            .max_by_key(|result| result.date)?;
        if instrument.ended_by(latest.date) {
            return None;
        }
        let level = latest.level.as_ref()?;
        let row = self.rows.iter().find(|row| row.level == level.key)?;
        Some(CareLevel {
            basis: self.basis,
            citations: self.cite.clone(),
            confidence: self.grade.max(latest.confidence),
            from: self.instrument.clone(),
            key: row.key.clone(),
            scheme: self.id.clone(),
        })
    }
}
