//! What comes in: the case.
//!
//! A case can be read from JSON ([`crate::Rulebook::assess_json`], or serde) or
//! built here. Either way it is checked against the rulebook before anything is
//! decided, and refused with all its problems at once.

mod check;
mod diagnosis;
mod problem;
mod read;
mod write;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::de::{self, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub(crate) use check::{CARE_LEVELS, Prepared, check, is_pseudonym};
pub(crate) use diagnosis::{CategoryRange, diagnosed, diagnosis_range};
pub(crate) use problem::Problems;
pub use problem::{Problem, ProblemKind, Rejection};
pub(crate) use read::{case as read_case, from_text, object, text, tree, whole};

/// Longest text that is read, in bytes: 1 MiB.
pub const MAX_TEXT: usize = 1 << 20;

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 32;

/// Most assessments, costs or uses that one case may hold.
pub const MAX_ENTRIES: usize = 64;

/// One person, on one day, without identity.
///
/// ```
/// use nengli::{Answer, Assessment, Case, Rulebook, date};
///
/// let rulebook = Rulebook::builtin()?;
/// let mut form = Assessment::new("gbt-42195-2022", date(2026, 6, 20));
/// form.answers.insert("A.5.11".into(), Answer::Flag(true)); // coma
/// let mut case = Case::new("a-1", date(2026, 6, 30));
/// case.assessments.push(form);
///
/// let determination = rulebook.assess(&case)?;
/// let level = determination.assessments[0].level.as_ref();
/// assert_eq!(level.map(|level| level.key.as_str()), Some("complete"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
#[non_exhaustive]
pub struct Case {
    /// The day of decision. Nothing in the case lies after it.
    pub as_of: Date,
    /// Assessments; may be empty.
    pub assessments: Vec<Assessment>,
    /// A pseudonym: 1 to 64 letters, digits or `. _ : -`; never a name, and
    /// never of the form of an identity number.
    #[cfg_attr(
        feature = "schemars",
        schemars(regex(pattern = r"^[A-Za-z0-9._:-]{1,64}$"))
    )]
    pub case_id: String,
    /// Costs of one month, to be divided among the payers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub costs: Option<Vec<Cost>>,
    /// Facts about the person, by id. One that is absent is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub facts: Option<BTreeMap<String, Answer>>,
    /// Other readings than the default, as `instrument/interpretation` → choice.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub interpretations: BTreeMap<String, String>,
    /// Six-digit division code of the place where the person lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schemars",
        schemars(default, regex(pattern = r"^[0-9]{6}$"))
    )]
    pub jurisdiction: Option<String>,
    /// The `case_id` of an earlier case that this one corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schemars",
        schemars(default, regex(pattern = r"^[A-Za-z0-9._:-]{1,64}$"))
    )]
    pub replaces: Option<String>,
    /// Version of the contract; 1.
    #[cfg_attr(
        feature = "schemars",
        schemars(default = "one", range(min = 1, max = 1))
    )]
    pub schema: u8,
    /// What funds have already paid in the month of `as_of`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub used: Vec<Used>,
}

#[cfg(feature = "schemars")]
fn one() -> u8 {
    1
}

impl Case {
    /// A case of no assessments.
    #[must_use]
    pub fn new(case_id: impl Into<String>, as_of: Date) -> Self {
        Self {
            as_of,
            assessments: Vec::new(),
            case_id: case_id.into(),
            costs: None,
            facts: None,
            interpretations: BTreeMap::new(),
            jurisdiction: None,
            replaces: None,
            schema: 1,
            used: Vec::new(),
        }
    }

    /// Whether the case asks for levels alone, and not for rights.
    #[must_use]
    pub fn asks_levels_alone(&self) -> bool {
        self.jurisdiction.is_none() && self.facts.is_none() && self.costs.is_none()
    }
}

impl<'de> Deserialize<'de> for Case {
    /// Reads a case strictly, as [`crate::Rulebook::assess_json`] does. The
    /// error lists every problem of its form; what needs the rulebook is checked
    /// when it is assessed.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::from_deserializer(deserializer)
    }
}

/// One filled-in form.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
#[non_exhaustive]
pub struct Assessment {
    /// Answers by the official code of the item or field.
    pub answers: BTreeMap<String, Answer>,
    /// Who assessed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub assessors: Vec<Assessor>,
    /// Day of the assessment.
    pub date: Date,
    /// Who informed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub informant: Option<Informant>,
    /// Id of the instrument.
    pub instrument: String,
    /// Why it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default))]
    pub reason: Option<Reason>,
}

impl Assessment {
    /// A form without answers.
    #[must_use]
    pub fn new(instrument: impl Into<String>, date: Date) -> Self {
        Self {
            answers: BTreeMap::new(),
            assessors: Vec::new(),
            date,
            informant: None,
            instrument: instrument.into(),
            reason: None,
        }
    }
}

/// An answer to an item or field, or the value of a fact.
///
/// What was not asked is absent: there is no answer that means *unknown*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    Flag(bool),
    /// A score, a code or an amount.
    Number(i64),
    /// The key of an option or value, or a date.
    Text(String),
    /// Several keys or diagnoses; none, if empty.
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for Answer {
    /// Reads an answer as it stands: `null`, a fraction and an object are none.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false, a whole number, a text or a list of texts")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Answer, E> {
                Ok(Answer::Flag(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Answer, E> {
                Ok(Answer::Number(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Answer, E> {
                let number = i64::try_from(value).map(Answer::Number);
                number.map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
            }

            fn visit_str<E>(self, value: &str) -> Result<Answer, E> {
                Ok(Answer::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Answer, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element()? {
                    entries.push(entry);
                }
                Ok(Answer::List(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl From<bool> for Answer {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<i64> for Answer {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Answer {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Vec<String>> for Answer {
    fn from(value: Vec<String>) -> Self {
        Self::List(value)
    }
}

/// Enums of the contract: a key each, and the way back from it.
macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $key)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The key, as in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }

        impl crate::json::Canonical for $name {
            fn write(&self, out: &mut Vec<u8>) {
                self.as_str().write(out);
            }
        }
    };
}

keys! {
    /// Why an assessment was made.
    Reason {
        /// The first one.
        Initial = "initial",
        /// At the regular interval.
        Routine = "routine",
        /// Because the person's state changed.
        Immediate = "immediate",
        /// Because the earlier result was doubted.
        ReviewOnDispute = "review_on_dispute",
        /// For another reason.
        Other = "other",
    }
}

keys! {
    /// Professional background of an assessor.
    Background {
        /// Medical.
        Medical = "medical",
        /// Nursing.
        Nursing = "nursing",
        /// Health management.
        HealthManagement = "health_management",
        /// Elder care service.
        ElderCare = "elder_care",
        /// Gerontological social work.
        SocialWork = "social_work",
        /// Expert of assessment for long-term care insurance.
        LtciExpert = "ltci_expert",
        /// Another.
        Other = "other",
    }
}

keys! {
    /// What the informant is to the person assessed.
    Relation {
        /// The person.
        Oneself = "self",
        /// Husband or wife.
        Spouse = "spouse",
        /// Son or daughter.
        Child = "child",
        /// Another relative.
        OtherRelative = "other_relative",
        /// A paid carer.
        HiredCarer = "hired_carer",
        /// Staff of the village or residents' committee.
        CommitteeStaff = "committee_staff",
        /// Another.
        Other = "other",
    }
}

keys! {
    /// Where care is given.
    Setting {
        /// At home.
        Home = "home",
        /// In the community, by day.
        Community = "community",
        /// In an institution.
        Institution = "institution",
    }
}

/// One who assessed, by a pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
pub struct Assessor {
    /// Background.
    pub background: Background,
    /// A pseudonym, of the form of a `case_id`.
    #[cfg_attr(
        feature = "schemars",
        schemars(regex(pattern = r"^[A-Za-z0-9._:-]{1,64}$"))
    )]
    pub id: String,
}

/// One who informed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
pub struct Informant {
    /// What they are to the person.
    pub relation: Relation,
}

/// The cost of services that count, in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
pub struct Cost {
    /// How many days of care it is for; the whole month, if left out. Caps by the day
    /// count these.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default, range(min = 1, max = 31)))]
    pub days: Option<u8>,
    /// In fen, 0 to 10^11; bed and meals excluded.
    #[cfg_attr(
        feature = "schemars",
        schemars(range(min = 0, max = 100_000_000_000i64))
    )]
    pub fen: i64,
    /// The month of `as_of`, `YYYY-MM`.
    #[cfg_attr(
        feature = "schemars",
        schemars(regex(pattern = r"^[0-9]{4}-(0[1-9]|1[0-2])$"))
    )]
    pub month: String,
    /// Where.
    pub setting: Setting,
}

/// What a fund has already paid in the month of `as_of`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(deny_unknown_fields))]
pub struct Used {
    /// In fen, 0 to 10^11.
    #[cfg_attr(
        feature = "schemars",
        schemars(range(min = 0, max = 100_000_000_000i64))
    )]
    pub fen: i64,
    /// Id of the programme.
    #[cfg_attr(
        feature = "schemars",
        schemars(regex(pattern = r"^[a-z][a-z0-9-]{0,63}$"))
    )]
    pub programme: String,
}
