//! A place where a record and the rules do not agree: its kind, and its words.

use serde::{Deserialize, Serialize};

use crate::determination::Found;
use crate::words::{Lang, Words};

/// A place where a recorded decision and the rules do not agree.
///
/// One fault is one conflict: what only follows from it is not listed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Conflict {
    /// Citations of the rule that decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
    /// Codes of the answers that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// The columns where it stands, as the mapping names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What comes now: a number, the key of a level, or several that are possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<Found>,
    /// What kind of conflict.
    pub kind: ConflictKind,
    /// A reading of the text under which the recorded value would be right, as
    /// `interpretation=choice`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// What was recorded; absent where it was refused and may not be repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Found>,
    /// The rule that decides: the instrument and its step or rule. Absent where no rule
    /// of an instrument does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What is wrong, in a sentence.
    pub says: Words,
}

impl Conflict {
    pub(super) fn new(kind: ConflictKind, en: String, zh: String) -> Self {
        Self {
            citations: Vec::new(),
            codes: Vec::new(),
            columns: Vec::new(),
            computed: None,
            kind,
            reading: None,
            recorded: None,
            rule: None,
            says: Words { en, zh },
        }
    }

    /// A row that is no decision at all, with the reason in English and Chinese, which
    /// must repeat nothing of the row.
    #[must_use]
    pub fn malformed(en: String, zh: String) -> Self {
        Self::new(ConflictKind::MalformedRow, en, zh)
    }

    /// A second row of one case id, whose first stands in row `first`.
    #[must_use]
    pub fn duplicate(column: Option<&str>, first: u64) -> Self {
        let mut conflict = Self::new(
            ConflictKind::DuplicateCase,
            format!("expected each case once; row {first} has this id already"),
            format!("每个编号只能出现一次；第 {first} 行已有此编号"),
        );
        conflict.columns.extend(column.map(str::to_owned));
        conflict
    }

    pub(super) fn at(mut self, columns: impl IntoIterator<Item = String>) -> Self {
        for column in columns {
            if !self.columns.contains(&column) {
                self.columns.push(column);
            }
        }
        self
    }

    pub(super) fn about(mut self, codes: impl IntoIterator<Item = String>) -> Self {
        for code in codes {
            if !self.codes.contains(&code) {
                self.codes.push(code);
            }
        }
        self
    }
}

impl std::fmt::Display for Conflict {
    /// The kind and the English sentence.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind, self.says.en)
    }
}

/// A row that could not be read is an error of reading it.
impl std::error::Error for Conflict {}

/// Kinds of conflicts, in the order in which a decision is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConflictKind {
    /// The row is no row: other cells than the head has, no JSON, a key twice.
    MalformedRow,
    /// The case id is missing, is none or could identify a person.
    BadCaseId,
    /// The case id stands in an earlier row.
    DuplicateCase,
    /// The day of the assessment is missing or is no date of the form declared.
    UnreadableDate,
    /// The form is of a day before the instrument was in force.
    NotInForce,
    /// The form is of a day on which the instrument was no longer in force.
    Superseded,
    /// An answer is out of range, no option, no code, or no text that the mapping knows.
    AnswerNotAllowed,
    /// A recorded sum or grade is no whole number.
    UnreadableNumber,
    /// A recorded level is no level, or no word that the mapping knows.
    UnknownLevel,
    /// A recorded value is that of a form on which missing answers are 0.
    MissingAsZero,
    /// A sum, grade or level was recorded though answers are missing that decide it.
    RecordedWithoutAnswers,
    /// The recorded values are those of scores or levels that run the other way.
    InvertedDirection,
    /// A recorded sum or count is not that of what it adds.
    Arithmetic,
    /// A recorded level or grade is not that of its sum.
    Band,
    /// A recorded level or grade is not that of the table or the conditions it is read
    /// from.
    Combination,
    /// A level change has its grounds and was not applied, or not in full.
    ChangeNotApplied,
    /// The level was changed, and no ground for it is there.
    ChangeWithoutGround,
    /// The level was changed by more than the rules give, as where two changes that do
    /// not add up were both applied.
    ChangedTooFar,
    /// The level after changes is better than the level before them.
    ChangedToBetter,
    /// There is a level, and none was recorded.
    LevelNotRecorded,
}

impl ConflictKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::MalformedRow,
        Self::BadCaseId,
        Self::DuplicateCase,
        Self::UnreadableDate,
        Self::NotInForce,
        Self::Superseded,
        Self::AnswerNotAllowed,
        Self::UnreadableNumber,
        Self::UnknownLevel,
        Self::MissingAsZero,
        Self::RecordedWithoutAnswers,
        Self::InvertedDirection,
        Self::Arithmetic,
        Self::Band,
        Self::Combination,
        Self::ChangeNotApplied,
        Self::ChangeWithoutGround,
        Self::ChangedTooFar,
        Self::ChangedToBetter,
        Self::LevelNotRecorded,
    ];

    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedRow => "malformed_row",
            Self::BadCaseId => "bad_case_id",
            Self::DuplicateCase => "duplicate_case",
            Self::UnreadableDate => "unreadable_date",
            Self::NotInForce => "not_in_force",
            Self::Superseded => "superseded",
            Self::AnswerNotAllowed => "answer_not_allowed",
            Self::UnreadableNumber => "unreadable_number",
            Self::UnknownLevel => "unknown_level",
            Self::MissingAsZero => "missing_as_zero",
            Self::RecordedWithoutAnswers => "recorded_without_answers",
            Self::InvertedDirection => "inverted_direction",
            Self::Arithmetic => "arithmetic",
            Self::Band => "band",
            Self::Combination => "combination",
            Self::ChangeNotApplied => "change_not_applied",
            Self::ChangeWithoutGround => "change_without_ground",
            Self::ChangedTooFar => "changed_too_far",
            Self::ChangedToBetter => "changed_to_better",
            Self::LevelNotRecorded => "level_not_recorded",
        }
    }

    /// The kind in a few words.
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::MalformedRow => ("行格式有误", "malformed row"),
            Self::BadCaseId => ("编号不可用", "unusable case id"),
            Self::DuplicateCase => ("编号重复", "case id twice"),
            Self::UnreadableDate => ("日期不可读", "unreadable date"),
            Self::NotInForce => ("标准当日尚未施行", "instrument not yet in force"),
            Self::Superseded => ("标准当日已被代替", "instrument no longer in force"),
            Self::AnswerNotAllowed => ("答案不在允许范围", "answer not allowed"),
            Self::UnreadableNumber => ("得分不是整数", "score is no whole number"),
            Self::UnknownLevel => ("等级用语未知", "unknown level"),
            Self::MissingAsZero => ("缺项按 0 分计", "missing answers counted as 0"),
            Self::RecordedWithoutAnswers => ("缺项仍有结果", "result though answers are missing"),
            Self::InvertedDirection => ("计分方向相反", "inverted direction"),
            Self::Arithmetic => ("合计有误", "arithmetic"),
            Self::Band => ("分级界值有误", "wrong band"),
            Self::Combination => ("组合查表有误", "wrong cell of the table"),
            Self::ChangeNotApplied => ("应变更等级而未变更", "level change not applied"),
            Self::ChangeWithoutGround => ("无依据变更等级", "level change without ground"),
            Self::ChangedTooFar => ("等级变更过多", "level changed too far"),
            Self::ChangedToBetter => ("等级被改好", "level changed to a better one"),
            Self::LevelNotRecorded => ("未记录等级", "level not recorded"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

impl std::fmt::Display for ConflictKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
