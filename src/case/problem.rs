//! Why a case was refused.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Path;
use crate::words::Lang;

/// A refused case: every problem that was found, and nothing else.
///
/// `case_id` is null where the id itself was refused, and no message repeats
/// free text of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rejection {
    /// The id of the case, where it could be read and may be repeated.
    pub case_id: Option<String>,
    /// The problems, at least one: those of form first, then those of values, each
    /// in the order of the case.
    pub rejected: Vec<Problem>,
    /// Version of the contract; 1.
    pub schema: u8,
}

impl Rejection {
    /// The rejection of a text that a wrapper could not even hand over: not UTF-8,
    /// say, or a line without end. `en` and `zh` say why.
    #[must_use]
    pub fn not_json(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::of_text(ProblemKind::NotJson, en.into(), zh.into())
    }

    /// A rejection of the whole text, of which no case could be made.
    pub(crate) fn of_text(kind: ProblemKind, en: String, zh: String) -> Self {
        Self {
            case_id: None,
            rejected: vec![Problem {
                at: String::new(),
                kind,
                message: en,
                zh,
            }],
            schema: 1,
        }
    }

    /// Whether the text was no JSON at all, or too large to be read.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.rejected
            .iter()
            .any(|problem| matches!(problem.kind, ProblemKind::NotJson | ProblemKind::TooLarge))
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rejected.len() {
            1 => f.write_str("the case was refused for 1 problem")?,
            count => write!(f, "the case was refused for {count} problems")?,
        }
        for problem in &self.rejected {
            write!(f, "\n{}: {}", problem.at, problem.message)?;
        }
        Ok(())
    }
}

/// One problem of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Problem {
    /// JSON Pointer to the place; empty for the whole document.
    pub at: String,
    /// What kind of problem.
    pub kind: ProblemKind,
    /// What was expected and what was found, as a plain English sentence.
    pub message: String,
    #[serde(skip)]
    #[cfg_attr(feature = "schemars", schemars(skip))]
    zh: String,
}

impl Problem {
    /// The sentence in `lang`. A problem that was read back from JSON has only
    /// the English one.
    #[must_use]
    pub fn message_in(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh if !self.zh.is_empty() => &self.zh,
            _ => &self.message,
        }
    }
}

/// Kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// The text is not JSON.
    NotJson,
    /// The text is longer than 1 MiB.
    TooLarge,
    /// The text is nested deeper than 32.
    TooDeep,
    /// A key stands twice in one object.
    DuplicateKey,
    /// A key that the contract does not have.
    UnknownKey,
    /// A key that must be there is not.
    MissingKey,
    /// A value of another type than asked for; `null` included.
    WrongType,
    /// A version of the contract that this engine does not read.
    UnsupportedSchema,
    /// An id of another form than asked for, or one that could identify a person.
    BadId,
    /// Not a date of the calendar in the form `YYYY-MM-DD` (or month `YYYY-MM`).
    BadDate,
    /// A date after the day of decision.
    AfterAsOf,
    /// A form dated before its instrument was in force.
    NotYetInForce,
    /// Two assessments by one instrument of one date.
    DuplicateAssessment,
    /// An instrument that the rulebook does not have.
    UnknownInstrument,
    /// A code that the instrument does not ask for.
    UnknownCode,
    /// A score outside the allowed ones.
    ScoreNotAllowed,
    /// The key or code of no option.
    UnknownOption,
    /// Neither an ICD-10 code nor a printed range nor the key of a row.
    BadDiagnosis,
    /// An interpretation that the rulebook does not have.
    UnknownInterpretation,
    /// A choice that the interpretation does not have.
    UnknownChoice,
    /// Not a six-digit division code.
    BadJurisdiction,
    /// A division code under no known province.
    UnknownJurisdiction,
    /// A fact that the vocabulary does not have.
    UnknownFact,
    /// A value that the fact or field does not have.
    UnknownValue,
    /// A programme that the rulebook does not have.
    UnknownProgramme,
    /// A number outside its range.
    OutOfRange,
    /// More entries than a case may have.
    TooMany,
    /// Of two cases that are compared: not of one person, by the facts.
    AnotherPerson,
    /// Of two cases that are compared: what is called new lies before the previous.
    BeforePrevious,
}

impl ProblemKind {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::DuplicateKey => "duplicate_key",
            Self::UnknownKey => "unknown_key",
            Self::MissingKey => "missing_key",
            Self::WrongType => "wrong_type",
            Self::UnsupportedSchema => "unsupported_schema",
            Self::BadId => "bad_id",
            Self::BadDate => "bad_date",
            Self::AfterAsOf => "after_as_of",
            Self::NotYetInForce => "not_yet_in_force",
            Self::DuplicateAssessment => "duplicate_assessment",
            Self::UnknownInstrument => "unknown_instrument",
            Self::UnknownCode => "unknown_code",
            Self::ScoreNotAllowed => "score_not_allowed",
            Self::UnknownOption => "unknown_option",
            Self::BadDiagnosis => "bad_diagnosis",
            Self::UnknownInterpretation => "unknown_interpretation",
            Self::UnknownChoice => "unknown_choice",
            Self::BadJurisdiction => "bad_jurisdiction",
            Self::UnknownJurisdiction => "unknown_jurisdiction",
            Self::UnknownFact => "unknown_fact",
            Self::UnknownValue => "unknown_value",
            Self::UnknownProgramme => "unknown_programme",
            Self::OutOfRange => "out_of_range",
            Self::TooMany => "too_many",
            Self::AnotherPerson => "another_person",
            Self::BeforePrevious => "before_previous",
        }
    }
}

/// Most problems that one refusal lists: a bound on what hostile input can make
/// of it, far above what a person could mend at once.
const MOST: usize = 1000;

/// Where the problems of one case go.
#[derive(Debug, Default, Clone)]
pub(crate) struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// Adds a problem, unless it is there already, or follows from one that left
    /// nothing to check at its place or above it.
    pub(crate) fn push(&mut self, at: &Path<'_>, kind: ProblemKind, en: String, zh: String) {
        self.push_at(at.pointer(), kind, en, zh);
    }

    /// As [`Problems::push`], of a place that is a pointer already.
    pub(crate) fn push_at(&mut self, at: String, kind: ProblemKind, en: String, zh: String) {
        use ProblemKind::{BadDate, MissingKey, UnknownValue, WrongType};
        if self.list.len() >= MOST {
            return;
        }
        let follows = self.list.iter().any(|earlier| {
            let same = earlier.at == at;
            let below = at
                .strip_prefix(&earlier.at)
                .is_some_and(|rest| rest.starts_with('/'));
            match earlier.kind {
                WrongType | MissingKey | BadDate | UnknownValue => {
                    below || (same && kind != ProblemKind::DuplicateKey)
                }
                earlier => same && earlier == kind,
            }
        });
        if !follows {
            self.list.push(Problem {
                at,
                kind,
                message: en,
                zh,
            });
        }
    }

    /// Whether a problem stands at just this place.
    pub(crate) fn stand_at(&self, at: &Path<'_>) -> bool {
        let at = at.pointer();
        self.list.iter().any(|problem| problem.at == at)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn rejection(self, case_id: Option<&str>) -> Rejection {
        Rejection {
            case_id: case_id.map(str::to_owned),
            rejected: self.list,
            schema: 1,
        }
    }
}
