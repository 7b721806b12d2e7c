use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Severity;

/// Something the reader should know. It decides nothing.
///
/// A finding carries a code and arguments; its words, in both languages, come
/// from [`crate::explain`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// Arguments of the words.
    pub args: BTreeMap<String, Arg>,
    /// JSON Pointer into the case.
    pub at: String,
    /// What was found.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
}

impl Finding {
    pub(crate) fn new(code: &str, severity: Severity, at: String) -> Self {
        Self {
            args: BTreeMap::new(),
            at,
            code: code.to_owned(),
            severity,
        }
    }

    pub(crate) fn with(mut self, name: &str, arg: Arg) -> Self {
        self.args.insert(name.to_owned(), arg);
        self
    }

    /// An argument that is a code.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.args.get(name)? {
            Arg::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// An argument of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Arg {
    /// A number.
    Number(i64),
    /// A code, key, id or date.
    Text(String),
    /// Several codes.
    Codes(Vec<String>),
}
