use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Severity;
use crate::text::Text;

/// Something the reader should know. It decides nothing.
///
/// A finding carries a code and arguments; its words, in both languages, come
/// from [`crate::explain`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// Arguments of the words.
    pub args: BTreeMap<Text, Arg>,
    /// JSON Pointer into the case.
    pub at: Text,
    /// What was found.
    pub code: Text,
    /// How much it matters.
    pub severity: Severity,
}

impl Finding {
    pub(crate) fn new(code: Text, severity: Severity, at: Text) -> Self {
        Self {
            args: BTreeMap::new(),
            at,
            code,
            severity,
        }
    }

    pub(crate) fn with(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.insert(Text::fixed(name), arg);
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
    Text(Text),
    /// Several codes.
    Codes(Vec<Text>),
}
