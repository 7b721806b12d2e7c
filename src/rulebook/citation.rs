//! Where a rule stands, and how well that is known.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::words::Words;

/// Grade of evidence of a rule. The grade of a result is the worst on its path.
///
/// Ordered from best to worst: `A < B < C`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Grade {
    /// Two or more independent sources agree.
    #[default]
    A,
    /// One source.
    B,
    /// Recollection, inference or an interpretation of ours; to be confirmed
    /// against the printed text. Never an amount or a right.
    C,
}

impl Grade {
    /// The letter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// A document that rules cite.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Id, unique in the rulebook. A citation is `id.clause`.
    pub id: String,
    /// Official number, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Title.
    pub names: Words,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Words>,
    /// Day of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// True for what is the project's own and no authority's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// Its clauses that are cited, by the part of the citation after the id.
    pub clauses: BTreeMap<String, Words>,
}

/// A citation resolved: the document and the clause it names.
#[derive(Debug, Clone, Copy)]
pub struct Citation<'r> {
    /// The citation as determinations carry it.
    pub id: &'r str,
    /// The document.
    pub document: &'r Document,
    /// Key of the clause within the document.
    pub clause: &'r str,
    /// Its heading, in our own words.
    pub heading: &'r Words,
}
