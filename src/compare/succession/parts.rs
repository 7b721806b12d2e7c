//! What a succession is made of.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::Setting;
use crate::determination::{Benefit, Change, Found, Level, RulebookId, Status};

/// One of the two results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CompareSide {
    /// The day of decision.
    pub as_of: Date,
    /// As in the case.
    pub case_id: String,
    /// As in the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Whether the result was taken from a record, and not decided now.
    pub recorded: bool,
    /// The rules that decided.
    pub rulebook: RulebookId,
}

/// One thing in both results.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Pair<T> {
    /// In the new one.
    pub new: T,
    /// In the previous one.
    pub previous: T,
}

impl<T: PartialEq> Pair<T> {
    /// Whether the two differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.new != self.previous
    }
}

/// Two forms by one instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssessmentSuccession {
    /// Rules of the level change, in the order of the instrument.
    pub changes: Vec<ChangeSuccession>,
    /// Days of assessment.
    pub dates: Pair<Date>,
    /// Fields of diagnoses that were answered in either.
    pub diagnoses: Vec<DiagnosesSuccession>,
    /// What else was answered in either, beside the items.
    pub fields: Vec<FieldSuccession>,
    /// Grades of domains (0 best).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grades: BTreeMap<String, Step>,
    /// Id of the instrument.
    pub instrument: String,
    /// Every item, in the order of the form.
    pub items: Vec<ItemSuccession>,
    /// Levels; null while undetermined.
    pub level: Pair<Option<Level>>,
    /// By how many levels the new one is worse; below 0 where it is better. Null where
    /// one of them is undetermined.
    pub levels_worse: Option<i16>,
    /// Levels before changes.
    pub preliminary: Pair<Option<Level>>,
    /// Sums, by the id of their step.
    pub scores: BTreeMap<String, Step>,
}

impl AssessmentSuccession {
    /// The items that took this turn, in the order of the form.
    pub fn that(&self, turn: Turn) -> impl Iterator<Item = &ItemSuccession> {
        self.items.iter().filter(move |item| item.turn == turn)
    }
}

/// A sum or grade in both results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Step {
    /// New less previous; null where one of them is not complete.
    pub difference: Option<i16>,
    /// In the new one.
    pub new: Option<u8>,
    /// In the previous one.
    pub previous: Option<u8>,
}

/// One item in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ItemSuccession {
    /// Its code.
    pub code: String,
    /// The new answer; null where there is none.
    pub new: Option<ItemAnswer>,
    /// The previous answer; null where there is none.
    pub previous: Option<ItemAnswer>,
    /// Which way it went.
    pub turn: Turn,
}

/// An answer to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ItemAnswer {
    /// Key of the option, where the answer names one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// The score, where the item has scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}

/// Which way an item went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Turn {
    /// Every option named now is better than every one named before.
    Better,
    /// Every option named now is worse than every one named before.
    Worse,
    /// Neither; also where it was answered neither time.
    Same,
    /// Answered now, and not before.
    NewlyAnswered,
    /// Answered before, and not now.
    NewlyMissing,
}

impl Turn {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Same => "same",
            Self::NewlyAnswered => "newly_answered",
            Self::NewlyMissing => "newly_missing",
        }
    }

    /// The turn of the two the other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Better => Self::Worse,
            Self::Worse => Self::Better,
            Self::Same => Self::Same,
            Self::NewlyAnswered => Self::NewlyMissing,
            Self::NewlyMissing => Self::NewlyAnswered,
        }
    }
}

/// A field of diagnoses in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct DiagnosesSuccession {
    /// Its code.
    pub code: String,
    /// Entries of the new form with none of their kind in the previous. Of one kind are
    /// entries of one row of the form's table, or of one ICD-10 category.
    pub gained: Vec<String>,
    /// The new entries; null where it was not answered.
    pub new: Option<Vec<String>>,
    /// The previous entries; null where it was not answered.
    pub previous: Option<Vec<String>>,
    /// Entries of the previous form with none of their kind in the new, where that was
    /// answered.
    pub vanished: Vec<String>,
}

/// An answer beside the items in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct FieldSuccession {
    /// Its code.
    pub code: String,
    /// The new answer (of a choice its key); null where there is none.
    pub new: Option<Found>,
    /// The previous answer; null where there is none.
    pub previous: Option<Found>,
}

/// A rule of a level change in both results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ChangeSuccession {
    /// In the new one; null where it has no such rule.
    pub new: Option<Change>,
    /// In the previous one; null where it has no such rule.
    pub previous: Option<Change>,
    /// Id of the rule.
    pub rule: String,
}

/// A care level in both results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CareLevelSuccession {
    /// Id of the instrument whose level it follows from.
    pub from: String,
    /// Keys of the care level; null where there is none.
    pub keys: Pair<Option<String>>,
    /// Id of the scheme of care levels.
    pub scheme: String,
}

/// A right in both results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct RightSuccession {
    /// In the new one; null where the programme was not in force there.
    pub new: Option<Standing>,
    /// In the previous one; null where the programme was not in force there.
    pub previous: Option<Standing>,
    /// Id of the programme.
    pub programme: String,
}

impl RightSuccession {
    /// Whether the status or what is given differs. Another rule that comes to the same
    /// is no difference.
    #[must_use]
    pub fn differs(&self) -> bool {
        let said = |standing: &Option<Standing>| {
            let standing = standing.as_ref()?;
            Some((standing.status, standing.benefit.clone()))
        };
        said(&self.new) != said(&self.previous)
    }
}

/// How a right stands in one result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Standing {
    /// What is given; only where the two differ in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<Benefit>,
    /// Id of the rule that decided.
    pub rule: String,
    /// The status.
    pub status: Status,
}

/// Who pays a cost in both results: the first cost of a setting beside the first, and
/// so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PaymentSuccession {
    /// The months.
    pub months: Pair<String>,
    /// The payers of either, in the order of payment.
    pub payers: Vec<PayerSuccession>,
    /// Where.
    pub setting: Setting,
}

/// One who pays in both results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PayerSuccession {
    /// New less previous, in fen; null where one of them cannot be told.
    pub difference: Option<i64>,
    /// In fen; null where it cannot be told, 0 for one who is no payer there.
    pub new: Option<i64>,
    /// In fen; null where it cannot be told, 0 for one who is no payer there.
    pub previous: Option<i64>,
    /// Id of the programme, or `self`: the person.
    pub programme: String,
}
