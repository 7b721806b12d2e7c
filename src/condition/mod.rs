//! Three-valued conditions, as the rule files write them.
//!
//! A condition is true, false or unknown ([`Truth`]): what was not asked is
//! neither true nor false. `all`, `any` and `not` follow strong Kleene logic.

mod truth;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use truth::Truth;

/// A condition of a rule file: an object of one key, the word.
///
/// ```json
/// { "all": [ { "answer": { "code": "B.2.3", "is": 0 } },
///            { "answer": { "code": "B.2.4", "at_least": 3 } } ] }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Condition {
    /// Every part holds. Of no parts: true.
    All(Vec<Condition>),
    /// At least one part holds. Of no parts: false.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// One answer compared.
    Answer(Ask),
    /// The value of an earlier step compared.
    Step(AskStep),
    /// The sum of the codes of several answers is at least a number.
    Sum(AskMany),
    /// The greatest of the codes of several answers is at least a number.
    Most(AskMany),
    /// How many of several conditions hold.
    Count(AskCount),
    /// A diagnosis lies within ranges of ICD-10 categories.
    Diagnosis(AskDiagnosis),
    /// Another condition for each choice of an interpretation.
    Reading(ConditionByReading),
}

/// One answer compared: exactly one of `is`, `one_of`, `at_least`, `at_most`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Code of the item or field.
    pub code: String,
    /// Equal to this score, code, option key or truth value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Scalar>,
    /// Equal to one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Scalar>>,
    /// Score or code at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u8>,
    /// Score or code at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u8>,
}

/// The value of an earlier step compared: at least one bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskStep {
    /// Id of the step.
    pub id: String,
    /// Value at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u8>,
    /// Value at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u8>,
}

/// Several answers taken together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskMany {
    /// Codes of the items or fields, each of which has numbers.
    pub of: Vec<String>,
    /// The bound, included.
    pub at_least: u8,
}

/// How many conditions hold: at least one bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskCount {
    /// The conditions.
    pub of: Vec<Condition>,
    /// At least so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u8>,
    /// At most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u8>,
}

/// A diagnosis within ranges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskDiagnosis {
    /// Code of the field that lists the diagnoses.
    pub code: String,
    /// ICD-10 categories or ranges of them: `F03`, `F00-F03`. Sub-codes belong
    /// to their category.
    pub within: Vec<String>,
}

/// A condition that depends on how an ambiguous text is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConditionByReading {
    /// Id of the interpretation.
    pub interpretation: String,
    /// One condition for each of its choices.
    pub choices: BTreeMap<String, Condition>,
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Key(key) => write!(f, "{key:?}"),
        }
    }
}

/// A value that an answer can be compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Scalar {
    /// Of a yes-or-no answer.
    Flag(bool),
    /// A score, or the code of an option.
    Number(u8),
    /// The key of an option.
    Key(String),
}
