//! What is wrong with a rule file.

use std::fmt;

use serde::Serialize;

/// One fault of a rule file: where, its name, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The file, by its path within the rulebook.
    pub file: String,
    /// JSON Pointer into it.
    pub at: String,
    /// The name of the fault.
    pub kind: DiagnosticKind,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            at,
            kind,
            message,
        } = self;
        write!(f, "{file}#{at}: {kind}: {message}")
    }
}

/// The names of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// Not JSON, or not of the form of its kind of file.
    Shape,
    /// A code, key or id that stands twice.
    DuplicateCode,
    /// A reachable value that no row or cell covers.
    Gap,
    /// A value that two rows cover.
    Overlap,
    /// A row that no reachable value comes to.
    DeadRow,
    /// The key of a level that the instrument does not have.
    UnknownLevel,
    /// A level that no answers lead to.
    UnreachableLevel,
    /// A rule without a citation.
    MissingCitation,
    /// A citation of a document or clause that is not declared.
    UnknownCitation,
    /// A code or id that names nothing, or something that stands later.
    UnknownReference,
    /// A value outside what its place allows.
    OutOfRange,
    /// More than the engine holds.
    TooLarge,
}

impl DiagnosticKind {
    /// The name, as printed and as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::DuplicateCode => "duplicate_code",
            Self::Gap => "gap",
            Self::Overlap => "overlap",
            Self::DeadRow => "dead_row",
            Self::UnknownLevel => "unknown_level",
            Self::UnreachableLevel => "unreachable_level",
            Self::MissingCitation => "missing_citation",
            Self::UnknownCitation => "unknown_citation",
            Self::UnknownReference => "unknown_reference",
            Self::OutOfRange => "out_of_range",
            Self::TooLarge => "too_large",
        }
    }
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rulebook that was refused, with every fault that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RulebookError {
    /// The faults, by file and place; at least one.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for RulebookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagnostics.len() {
            1 => f.write_str("the rulebook has 1 fault")?,
            count => write!(f, "the rulebook has {count} faults")?,
        }
        for diagnostic in &self.diagnostics {
            write!(f, "\n{diagnostic}")?;
        }
        Ok(())
    }
}

/// Where the faults of one file go.
#[derive(Debug)]
pub(crate) struct Sink<'s> {
    pub(crate) file: &'s str,
    pub(crate) list: &'s mut Vec<Diagnostic>,
}

impl Sink<'_> {
    pub(crate) fn push(
        &mut self,
        at: impl Into<String>,
        kind: DiagnosticKind,
        message: impl Into<String>,
    ) {
        self.list.push(Diagnostic {
            file: self.file.to_owned(),
            at: at.into(),
            kind,
            message: message.into(),
        });
    }

    /// Checks that something at `at` is cited, and by what is declared.
    pub(crate) fn cited(
        &mut self,
        at: &str,
        cite: &[impl AsRef<str>],
        declared: &dyn Fn(&str) -> bool,
    ) {
        if cite.is_empty() {
            self.push(
                format!("{at}/cite"),
                DiagnosticKind::MissingCitation,
                "expected at least one citation; found none",
            );
        }
        for (i, id) in cite.iter().map(AsRef::as_ref).enumerate() {
            if !declared(id) {
                self.push(
                    format!("{at}/cite/{i}"),
                    DiagnosticKind::UnknownCitation,
                    format!("expected a declared document and clause; found {id:?}"),
                );
            }
        }
    }
}
