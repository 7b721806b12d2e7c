//! Three-valued conditions, as the rule files write them.
//!
//! A condition is true, false or unknown ([`Truth`]): what was not asked is
//! neither true nor false. `all`, `any` and `not` follow strong Kleene logic.
//!
//! Instruments ask their own form (`answer`, `step`, `sum`, `most`, `count`),
//! programmes ask the case (`fact`, `level`, `definition`, `locally_set`,
//! `receives`). `diagnosis` and `reading` serve both. Loading refuses a word in
//! the wrong place.

mod truth;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::words::Words;

pub use truth::Truth;
pub(crate) use truth::Truths;

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
    /// A fact about the person compared.
    Fact(AskFact),
    /// The level by an instrument compared.
    Level(AskLevel),
    /// What a word of the law means in the place: a definition, by its id.
    Definition(String),
    /// What the place sets itself and this rulebook does not hold: unknown, unless
    /// the case says that it is met.
    LocallySet(LocallySet),
    /// The person receives a programme now, as the case says. In a layer, a case that
    /// does not say leaves it unknown; in a relation it is then false.
    Receives(String),
}

impl Condition {
    /// The word that it is written with.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::All(_) => "all",
            Self::Any(_) => "any",
            Self::Not(_) => "not",
            Self::Answer(_) => "answer",
            Self::Step(_) => "step",
            Self::Sum(_) => "sum",
            Self::Most(_) => "most",
            Self::Count(_) => "count",
            Self::Diagnosis(_) => "diagnosis",
            Self::Reading(_) => "reading",
            Self::Fact(_) => "fact",
            Self::Level(_) => "level",
            Self::Definition(_) => "definition",
            Self::LocallySet(_) => "locally_set",
            Self::Receives(_) => "receives",
        }
    }

    /// The clauses that a leaf has of its own; none of what is no leaf.
    #[must_use]
    pub fn own_clauses(&self) -> &[String] {
        match self {
            Self::Fact(ask) => &ask.cite,
            Self::Level(ask) => &ask.cite,
            Self::LocallySet(local) => &local.cite,
            _ => &[],
        }
    }

    /// Visits the condition and every one within it; definitions are not followed.
    pub(crate) fn walk<'c>(&'c self, visit: &mut impl FnMut(&'c Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.walk(visit);
                }
            }
            Self::Not(part) => part.walk(visit),
            Self::Reading(reading) => {
                for part in reading.choices.values() {
                    part.walk(visit);
                }
            }
            _ => {}
        }
    }
}

/// A fact compared: with one of `is`, `one_of`, `any_of`, `within`, or with
/// `at_least`, `at_most` or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskFact {
    /// Id of the fact.
    pub id: String,
    /// Name of the leaf in results; the id of the fact, if left out.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Equal to this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Scalar>,
    /// Equal to one of these keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<String>>,
    /// Of a list of keys: at least one of these is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_of: Option<Vec<String>>,
    /// A number of at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// A number of at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
    /// Of a division code: it lies within this jurisdiction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// `true`: where the case does not state it, it holds, instead of being unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_absent: Option<bool>,
    /// Clauses of this leaf, where it has its own; left out, those of its rule hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cite: Vec<String>,
}

/// A level compared: at least one bound.
///
/// True only of a determined level, false as soon as no possible level meets it.
/// The latest assessment by the instrument counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskLevel {
    /// Id of the instrument.
    pub instrument: String,
    /// Name of the leaf in results; the id of the instrument, if left out.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Key of a level: this one or a worse one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<String>,
    /// Key of a level: this one or a better one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<String>,
    /// An assessment more than so many full months old does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_months: Option<u16>,
    /// An assessment so many full months old, or older, does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_months: Option<u16>,
    /// `false`: without an assessment it does not hold, instead of being unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_absent: Option<bool>,
    /// Clauses of this leaf, where it has its own; left out, those of its rule hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cite: Vec<String>,
}

/// A condition whose text is not in this rulebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocallySet {
    /// Name of the leaf in results; `local`, if left out.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    pub names: Words,
    /// Clauses of this leaf, where it has its own; left out, those of its rule hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cite: Vec<String>,
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
    /// Id of the instrument with that field; left out within an instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_they_are_said() {
        let said = |scalar: Scalar| scalar.to_string();
        assert_eq!(said(Scalar::Flag(true)), "true");
        assert_eq!(said(Scalar::Number(3)), "3");
        assert_eq!(said(Scalar::Key("coma".to_owned())), "\"coma\"");
    }
}
