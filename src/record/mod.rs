//! A case and its determination under a seal; and the replay of it.
//!
//! A [`Record`] holds what was asked and what was answered. Its seal is the SHA-256 of
//! its canonical JSON (RFC 8785): whoever changes one byte of it afterwards is found
//! out. [`Rulebook::replay`] decides the case again and lists every difference.
//!
//! ```
//! use nengli::record::{Record, ReplayStatus};
//! use nengli::{Options, Rulebook};
//!
//! let rulebook = Rulebook::builtin()?;
//! let case = include_str!("../../tests/cases/gbt-42195-2022/demo.case.json");
//! let text = rulebook.record_text(case, Options::default())?.text();
//!
//! let record = Record::from_text(&text)?;
//! assert!(record.seal_holds());
//! let replay = rulebook.replay(&record);
//! assert_eq!(replay.status, ReplayStatus::Same);
//!
//! let altered = Record::from_text(&text.replace("moderate", "severe"))?;
//! let replay = rulebook.replay(&altered);
//! assert_eq!(replay.status, ReplayStatus::SealBroken);
//! assert_eq!(replay.differences[0].at, "/assessments/0/level/key");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compare;
mod read;
mod replay;
mod sealed;

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};

pub use replay::{Difference, Replay, ReplayStatus};
use sealed::Sealed;

use crate::assess::Options;
use crate::case::{self, Case, MAX_TEXT, ProblemKind, Problems, Rejection};
use crate::determination::Determination;
use crate::json::to_json;
use crate::rulebook::Rulebook;

/// A case and its determination, sealed.
///
/// Made by [`Rulebook::record`] or read by [`Record::from_text`], and not changed
/// afterwards. What was read keeps the keys of its determination that this version does
/// not know, so that the seal is checked over what really stood there.
///
/// Two records are equal where their texts are.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Record {
    /// What was asked.
    case: Case,
    /// What was answered.
    determination: Determination,
    /// Version of the contract; 1.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1)))]
    schema: u8,
    /// `sha256:` and 64 hexadecimal digits: the SHA-256 of the canonical JSON (RFC 8785)
    /// of the other three.
    #[cfg_attr(
        feature = "schemars",
        schemars(regex(pattern = r"^sha256:[0-9a-f]{64}$"))
    )]
    seal: String,
    /// The canonical text that the seal is over, as it was read.
    #[cfg_attr(feature = "schemars", schemars(skip))]
    sealed: Sealed,
}

impl Record {
    /// Seals a case and its determination, for a service that has decided the case
    /// already.
    ///
    /// That the determination is the answer to the case is taken on trust: a replay
    /// shows whether it is. [`Rulebook::record`] decides and seals.
    ///
    /// # Errors
    ///
    /// When the record would be longer than [`case::MAX_TEXT`], which no replay reads.
    pub fn new(case: Case, determination: Determination) -> Result<Self, Rejection> {
        let sealed = Sealed::of(&case, &determination);
        let length = sealed.length();
        if length > MAX_TEXT {
            let mut rejection = Rejection::of_text(
                ProblemKind::TooLarge,
                format!(
                    "expected a case whose record has at most {MAX_TEXT} bytes; it has {length}"
                ),
                format!("个案记录最多 {MAX_TEXT} 字节；实为 {length} 字节"),
            );
            rejection.case_id = case::is_pseudonym(&case.case_id).then_some(case.case_id);
            return Err(rejection);
        }
        Ok(Self {
            case,
            determination,
            schema: 1,
            seal: sealed.seal(),
            sealed,
        })
    }

    /// Reads a record, strictly for the case; a determination may have keys that this
    /// version does not know.
    ///
    /// Whether its seal holds is asked afterwards: [`Record::seal_holds`].
    ///
    /// # Errors
    ///
    /// When the text is no record: with every problem that was found.
    pub fn from_text(text: &str) -> Result<Self, Rejection> {
        read::from_node(&case::tree(text)?)
    }

    /// What was asked.
    #[must_use]
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// What was answered.
    #[must_use]
    pub fn determination(&self) -> &Determination {
        &self.determination
    }

    /// Version of the contract.
    #[must_use]
    pub fn schema(&self) -> u8 {
        self.schema
    }

    /// The seal that it carries.
    #[must_use]
    pub fn seal(&self) -> &str {
        &self.seal
    }

    /// Whether the seal is that of the rest.
    #[must_use]
    pub fn seal_holds(&self) -> bool {
        self.sealed.seal() == self.seal
    }

    /// The record as text: canonical JSON, on one line.
    #[must_use]
    pub fn text(&self) -> String {
        self.sealed.text(&self.seal)
    }

    /// As [`Record::text`], without a copy of it.
    #[must_use]
    pub fn into_text(self) -> String {
        self.sealed.into_text(&self.seal)
    }

    /// Whether it carries the full trace.
    fn is_traced(&self) -> bool {
        let determination = &self.determination;
        let rights = determination.entitlements.iter().flatten();
        determination
            .assessments
            .iter()
            .any(|one| one.steps.is_some())
            || rights.into_iter().any(|right| right.layers.is_some())
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.sealed == other.sealed && self.seal == other.seal
    }
}

impl Eq for Record {}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Record {
    /// Writes the record as [`Record::text`] does, keys unknown to this version included.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = |text: &str| -> Result<serde_json::Value, S::Error> {
            serde_json::from_str(text).map_err(serde::ser::Error::custom)
        };
        let mut out = serializer.serialize_struct("Record", 4)?;
        out.serialize_field("case", &value(self.sealed.case())?)?;
        out.serialize_field("determination", &value(self.sealed.determination())?)?;
        out.serialize_field("schema", &self.schema)?;
        out.serialize_field("seal", &self.seal)?;
        out.end()
    }
}

impl<'de> Deserialize<'de> for Record {
    /// Reads a record as [`Record::from_text`] does.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = crate::json::Node::deserialize(deserializer)?;
        read::from_node(&node).map_err(serde::de::Error::custom)
    }
}

impl Rulebook {
    /// Decides a case and seals it with its determination.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::assess`]; and when the record would be longer than
    /// [`case::MAX_TEXT`], which no replay reads.
    pub fn record(&self, case: &Case) -> Result<Record, Rejection> {
        self.record_with(case, Options::default())
    }

    /// As [`Rulebook::record`], with options.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::record`].
    pub fn record_with(&self, case: &Case, options: Options) -> Result<Record, Rejection> {
        self.sealed(case.clone(), Problems::default(), options)
    }

    /// Decides a case written in JSON and seals it with its determination.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::assess_text`] and [`Rulebook::record`].
    pub fn record_text(&self, text: &str, options: Options) -> Result<Record, Rejection> {
        let (case, problems) = case::from_text(text)?;
        self.sealed(case, problems, options)
    }

    /// Text in, text out: the record of a case, or its rejection, in canonical JSON.
    #[must_use]
    pub fn record_json(&self, text: &str) -> String {
        match self.record_text(text, Options::default()) {
            Ok(record) => record.into_text(),
            Err(rejection) => to_json(&rejection),
        }
    }

    fn sealed(
        &self,
        case: Case,
        problems: Problems,
        options: Options,
    ) -> Result<Record, Rejection> {
        let determination = self.decide(&case, problems, options)?;
        Record::new(case, determination)
    }
}

/// What differs between two determinations: see [`Rulebook::differences`].
pub(crate) fn differences(
    rulebook: &Rulebook,
    first: &Determination,
    second: &Determination,
) -> Vec<Difference> {
    compare::Comparison::of(
        rulebook,
        &sealed::canonical_json(first),
        &sealed::canonical_json(second),
    )
}
