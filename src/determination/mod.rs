//! What goes out: the determination.
//!
//! Fields are declared in canonical order (RFC 8785 sorts keys), so that the
//! ordinary writer is the canonical one.

mod finding;
mod right;
mod write;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use finding::{Arg, Finding};
pub use right::{
    Asked, Because, Benefit, Cash, CashKind, CostShare, CostShareKind, Entitlement, FeeWaiver,
    FeeWaiverKind, Found, FurtherBenefit, LayerStatus, Leaf, Payer, Payment, PaymentAlternative,
    Priority, PriorityKind, Question, RightAlternative, Service, ServiceKind, Status, Works,
    WorksKind,
};

use crate::instrument::definition::Severity;
use crate::rulebook::Grade;
use crate::text::Text;

/// The answer to a case. It owns its data and can be read back from JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Determination {
    /// The day of decision, as in the case.
    pub as_of: Date,
    /// One result for each assessment, in the order of the case.
    pub assessments: Vec<AssessmentResult>,
    /// Care levels that follow from the levels.
    pub care_levels: Vec<CareLevel>,
    /// As in the case.
    pub case_id: String,
    /// What falls due.
    pub due: Vec<Due>,
    /// Version of this crate.
    pub engine: Text,
    /// One for every programme in force in the place; absent where the case asks
    /// for levels alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlements: Option<Vec<Entitlement>>,
    /// What the reader should know; it decides nothing.
    pub findings: Vec<Finding>,
    /// As in the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Who pays each cost, in the order of the case; absent where the case asks for
    /// levels alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<Payment>>,
    /// What to ask first, where rights are undetermined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The rules that were used.
    pub rulebook: RulebookId,
    /// Version of the contract; 1.
    pub schema: u8,
}

impl Determination {
    /// The determination in canonical JSON (RFC 8785), on one line: what
    /// [`serde_json::to_string`] gives, sooner.
    #[must_use]
    pub fn text(&self) -> String {
        crate::json::written(self, self.likely_length())
    }
}

/// Which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct RulebookId {
    /// `sha256:` and 64 hexadecimal digits over all rule files.
    pub digest: Text,
    /// Version of the rules.
    pub version: Text,
}

/// A level: its code (0 best) and its key.
///
/// Levels of one instrument compare by code: the greater is the worse. Levels of
/// different instruments must not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Level {
    /// 0 is best.
    pub code: u8,
    /// The key, as the instrument declares it.
    pub key: Text,
}

/// Whether there is a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// There is.
    Determined,
    /// There is none: something that could change it was not answered.
    Undetermined,
}

/// The result of one assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssessmentResult {
    /// Other readings of the text, where they come to another result.
    pub alternatives: Vec<Alternative>,
    /// Every rule of the level change, in the order of the instrument.
    pub changes: Vec<Change>,
    /// Citations of what the result rests on.
    pub citations: Vec<Text>,
    /// The worst grade of evidence on the way.
    pub confidence: Grade,
    /// Day of the assessment.
    pub date: Date,
    /// Grades of domains (0 best), where the instrument has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grades: BTreeMap<Text, u8>,
    /// Id of the instrument.
    pub instrument: Text,
    /// The readings that were taken.
    pub interpretations: BTreeMap<Text, Text>,
    /// The level; null while undetermined.
    pub level: Option<Level>,
    /// Codes that were not answered: every item, and every ground that could
    /// still change the level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Text>,
    /// Whether there is a level.
    pub outcome: Outcome,
    /// Codes of the levels still possible, while undetermined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_levels: Vec<u8>,
    /// The level before changes; null where items are missing or the instrument
    /// knows no changes.
    pub preliminary: Option<Level>,
    /// Least and greatest total still possible, while undetermined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_range: Option<ScoreRange>,
    /// Least and greatest value still possible of each sum that is not complete.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub score_ranges: BTreeMap<Text, ScoreRange>,
    /// The sums that are complete.
    pub scores: BTreeMap<Text, u8>,
    /// The full trace, when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<TraceStep>>,
}

/// A range of totals, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ScoreRange {
    /// The greatest.
    pub max: u8,
    /// The least.
    pub min: u8,
}

/// One rule of a level change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Change {
    /// Whether it changed the level.
    pub applied: bool,
    /// Codes of the answers that make it met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Text>,
    /// Whether its grounds are there; null where that was not answered.
    pub met: Option<bool>,
    /// Id of the rule.
    pub rule: Text,
    /// Why a rule that is met or open was not applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<WhyNot>,
}

/// Why a rule of a level change was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhyNot {
    /// Another rule has worsened the level already, and rules do not add up.
    OneLevelOnly,
    /// The level is the worst already.
    AlreadyWorst,
    /// Another rule gave the level whatever else holds.
    DecidedByOther,
    /// Whether it is met was not answered, and could change the level.
    Unanswered,
    /// There is no level to change: items are missing.
    NoLevel,
}

impl WhyNot {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneLevelOnly => "one_level_only",
            Self::AlreadyWorst => "already_worst",
            Self::DecidedByOther => "decided_by_other",
            Self::Unanswered => "unanswered",
            Self::NoLevel => "no_level",
        }
    }
}

/// What another reading comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Alternative {
    /// The reading.
    pub choice: Text,
    /// Id of the interpretation.
    pub interpretation: Text,
    /// The level; null where this reading leaves it undetermined.
    pub level: Option<Level>,
    /// Codes of the levels still possible, where it is undetermined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_levels: Vec<u8>,
}

/// One step of the trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct TraceStep {
    /// Citations of the step.
    pub citations: Vec<Text>,
    /// Grade of its evidence.
    pub confidence: Grade,
    /// What went in, by code or id; null where it is not known.
    pub inputs: BTreeMap<Text, Option<u8>>,
    /// What came out; null where it is not known.
    pub result: Option<u8>,
    /// The row of the rule that gave it, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u8>,
    /// Id of the step.
    pub step: Text,
}

/// A care level that follows from a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CareLevel {
    /// What kind of map gave it.
    pub basis: Basis,
    /// Citations.
    pub citations: Vec<Text>,
    /// The worst grade of evidence on the way.
    pub confidence: Grade,
    /// Id of the instrument whose level it follows from.
    pub from: Text,
    /// Key of the care level.
    pub key: Text,
    /// Id of the scheme of care levels.
    pub scheme: Text,
}

/// What a map from levels to care levels rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// A rule of an authority.
    Official,
    /// Custom; no rule was found.
    Customary,
    /// An institution's own map.
    Institution,
}

/// Something that falls due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Due {
    /// The last day, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// Citations.
    pub citations: Vec<Text>,
    /// What it waits for, where that is no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upon: Option<Text>,
    /// What: `reassessment`.
    pub what: Text,
}
