//! Why something that came in was refused.

use std::collections::BTreeMap;
use std::fmt;

use nengli::{Lang, ProblemKind, Rejection, Words};
use serde::{Serialize, Serializer};

use crate::csv::Cell;

/// A refused document: every problem that was found, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The problems, at least one.
    pub refused: Vec<Fault>,
}

impl Refused {
    /// Of one problem with the whole document.
    pub(crate) fn whole(kind: impl Into<FaultKind>, en: String, zh: String) -> Self {
        let fault = Fault::new(String::new(), String::new(), kind, en, zh);
        Self {
            refused: vec![fault],
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.refused.len() {
            1 => f.write_str("refused for 1 problem")?,
            count => write!(f, "refused for {count} problems")?,
        }
        for fault in &self.refused {
            write!(f, "\n{}: {}", fault.place(), fault.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON Pointer to the place; empty for the whole document, and in a table.
    pub at: String,
    /// What kind of problem.
    pub kind: FaultKind,
    /// What was expected and what was found, as a plain English sentence.
    pub message: String,
    /// The place as a reader names it: a FHIRPath of elements
    /// (`QuestionnaireResponse.item[0].answer[0]`), or a cell of a table
    /// (`C7 (row 7, column 3: B.1.1)`).
    pub path: String,
    /// The cell, in a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<Cell>,
    #[serde(skip)]
    zh: String,
    /// The place in Chinese, where it is not that of `path`.
    #[serde(skip)]
    zh_path: Option<String>,
}

impl Fault {
    pub(crate) fn new(
        at: String,
        path: String,
        kind: impl Into<FaultKind>,
        en: String,
        zh: String,
    ) -> Self {
        Self {
            at,
            kind: kind.into(),
            message: en,
            path,
            cell: None,
            zh,
            zh_path: None,
        }
    }

    /// Of a place that is named in either language: a cell of a table, a row, a case.
    pub(crate) fn placed(
        place: Words,
        cell: Option<Cell>,
        kind: impl Into<FaultKind>,
        says: Words,
    ) -> Self {
        Self {
            cell,
            zh_path: Some(place.zh),
            ..Self::new(String::new(), place.en, kind, says.en, says.zh)
        }
    }

    /// The sentence in `lang`.
    #[must_use]
    pub fn message_in(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.message,
        }
    }

    /// The place as a person reads it.
    #[must_use]
    pub fn place(&self) -> &str {
        match (self.path.is_empty(), self.at.is_empty()) {
            (false, _) => &self.path,
            (true, false) => &self.at,
            (true, true) => "the whole document",
        }
    }

    /// The place in `lang`.
    #[must_use]
    pub fn place_in(&self, lang: Lang) -> &str {
        match (lang, &self.zh_path) {
            (Lang::Zh, Some(place)) => place,
            (Lang::Zh, None) if self.path.is_empty() && self.at.is_empty() => "整个文件",
            _ => self.place(),
        }
    }
}

/// Kinds of problems: those of cases, and those that only these formats have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// As of a case.
    Case(ProblemKind),
    /// A resource, status, form or system that cannot be read here.
    Unsupported,
    /// A `linkId` that the form does not have there.
    UnknownLinkId,
    /// More answers than the question takes.
    TooManyAnswers,
    /// Answers that exclude each other.
    Contradiction,
    /// A column that the table does not have.
    UnknownColumn,
    /// A column that stands twice.
    DuplicateColumn,
    /// A row of another number of cells than the header.
    UnevenRow,
    /// A column that the table must have and has not.
    MissingColumn,
    /// A row whose id another row has.
    DuplicateCase,
    /// The text is no table.
    NotCsv,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// Something that the format has no place for.
    NotCarried,
}

impl FaultKind {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Case(kind) => kind.as_str(),
            Self::Unsupported => "unsupported",
            Self::UnknownLinkId => "unknown_link_id",
            Self::TooManyAnswers => "too_many_answers",
            Self::Contradiction => "contradiction",
            Self::UnknownColumn => "unknown_column",
            Self::DuplicateColumn => "duplicate_column",
            Self::UnevenRow => "uneven_row",
            Self::MissingColumn => "missing_column",
            Self::DuplicateCase => "duplicate_case",
            Self::NotCsv => "not_csv",
            Self::NotUtf8 => "not_utf8",
            Self::NotCarried => "not_carried",
        }
    }
}

impl From<ProblemKind> for FaultKind {
    fn from(kind: ProblemKind) -> Self {
        Self::Case(kind)
    }
}

impl Serialize for FaultKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Where the parts of a case came from: JSON Pointer into the case → the place in
/// what came in, as pointer and as path.
pub(crate) type Origins = BTreeMap<String, (String, String)>;

/// The problems of a case at the places that its parts came from.
pub(crate) fn translated(rejection: &Rejection, origins: &Origins) -> Vec<Fault> {
    let problems = rejection.rejected.iter();
    problems
        .map(|problem| {
            // The nearest part above that has a place.
            let mut pointer = problem.at.as_str();
            let found = loop {
                if let Some(found) = origins.get(pointer) {
                    break Some(found);
                }
                match pointer.rsplit_once('/') {
                    Some((above, _)) => pointer = above,
                    None => break None,
                }
            };
            let (at, path) = found.cloned().unwrap_or_default();
            let zh = problem.message_in(Lang::Zh).to_owned();
            Fault::new(at, path, problem.kind, problem.message.clone(), zh)
        })
        .collect()
}

/// One step of a JSON Pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
