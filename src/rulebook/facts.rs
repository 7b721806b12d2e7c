//! The vocabulary of facts about a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::json::Piece;
use crate::words::Words;

/// A fact that a case may state. One that it does not state is unknown.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Id, as in cases.
    pub id: String,
    /// How it is stated.
    #[serde(rename = "type")]
    pub kind: FactType,
    /// For a date: it may not lie after the day of decision.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_after_as_of: bool,
    /// For a number: the least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// For a number: the greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// For a number: its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For a choice or choices: the values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<FactChoice>,
    /// A person may have none, which a case states as `"none"`: how that is called.
    /// No comparison holds of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none: Option<Words>,
    /// Made from another fact; a case never states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<Derived>,
    /// For a truth value: an answer gives it where the case does not state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_by: Option<GivenBy>,
    /// Short name.
    pub names: Words,
    /// What it means, and what it does not.
    pub meaning: Words,
}

/// How a fact is made from another, a date, on the day of decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Derived {
    /// Full years since. A year is full on the same day of the year; since 29
    /// February, in common years, on 1 March.
    YearsSince(String),
    /// Full months since. A month is full on the same day of the month, or on its
    /// last day.
    MonthsSince(String),
}

impl Derived {
    /// Id of the date that it is made from.
    #[must_use]
    pub fn of(&self) -> &str {
        match self {
            Self::YearsSince(of) | Self::MonthsSince(of) => of,
        }
    }
}

/// The answer that gives a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GivenBy {
    /// Id of the instrument; its latest form counts.
    pub instrument: String,
    /// A `diagnosis`: whether it holds is the fact.
    pub when: Condition,
}

/// How a fact is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FactType {
    /// `YYYY-MM-DD`.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A whole number between `min` and `max`.
    Integer,
    /// The key of one value.
    Choice,
    /// A list of keys of values; the empty list says none.
    Choices,
    /// A six-digit division code.
    Division,
    /// A list of programme ids; the empty list says none.
    Programmes,
}

/// One value of a fact.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FactChoice {
    /// Key.
    pub key: String,
    /// Name.
    pub names: Words,
}

/// A jurisdiction: a division code and its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    /// Six digits; `000000` is the nation.
    pub code: String,
    /// Name.
    pub names: Words,
}

/// A file of facts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FactsFile {
    /// Always `facts`.
    pub kind: String,
    /// Version of the file format; 1.
    pub schema: u8,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// A file of jurisdictions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JurisdictionsFile {
    /// Always `jurisdictions`.
    pub kind: String,
    /// Version of the file format; 1.
    pub schema: u8,
    /// The jurisdictions.
    pub jurisdictions: Vec<Jurisdiction>,
}

/// The file that names the version of the rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VersionFile {
    /// Always `rulebook`.
    pub kind: String,
    /// Version of the file format; 1.
    pub schema: u8,
    /// Version of the rules: `YYYY.M.patch`.
    pub version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactsDraft {
    #[allow(dead_code)]
    pub(super) kind: String,
    pub(super) schema: u8,
    pub(super) facts: Vec<Piece<Fact>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JurisdictionsDraft {
    #[allow(dead_code)]
    pub(super) kind: String,
    pub(super) schema: u8,
    pub(super) jurisdictions: Vec<Piece<Jurisdiction>>,
}

/// The code of the nation.
const NATION: &str = "000000";

/// Whether `code` has the form of a division code.
pub(crate) fn is_division_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `id` has the form of the id of a programme.
pub(crate) fn is_programme_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let begins = id.starts_with(|c: char| c.is_ascii_lowercase());
    begins && id.len() <= 64 && id.bytes().all(allowed)
}

/// The province-level code above `code`, which has the form of a division code.
pub(crate) fn province_of(code: &str) -> String {
    let mut province: String = code.chars().take(2).collect();
    province.push_str("0000");
    province
}

/// What of the law stands in tables by id.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    pub(crate) facts: BTreeMap<String, Fact>,
    pub(crate) jurisdictions: BTreeMap<String, Jurisdiction>,
}

impl Vocabulary {
    /// Whether `code` lies in a known province (or is the nation).
    pub(crate) fn knows_province_of(&self, code: &str) -> bool {
        let province = province_of(code);
        // Under the nation itself lie provinces alone.
        (province != NATION || code == NATION) && self.jurisdictions.contains_key(&province)
    }
}
