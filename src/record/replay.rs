//! Deciding a record's case again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Record;
use super::compare::{Comparison, HIDDEN, written};
use super::sealed::canonical_json;
use crate::assess::Options;
use crate::case::{Problem, is_pseudonym};
use crate::determination::RulebookId;
use crate::json::is_plain;
use crate::rulebook::Rulebook;
use crate::text::Text;

/// What a replay comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Replay {
    /// As in the case; `…` where that is no pseudonym.
    pub case_id: String,
    /// Every difference, path by path; also where the seal is broken.
    pub differences: Vec<Difference>,
    /// Whether the record was made under another rulebook than it is replayed under.
    pub other_rulebook: bool,
    #[serde(skip)]
    rejected: Vec<Problem>,
    /// The rulebook that the record names.
    pub rulebook: RulebookId,
    /// The verdict.
    pub status: ReplayStatus,
}

impl Replay {
    /// The problems for which the case is refused now; none where it is decided.
    #[must_use]
    pub fn rejected(&self) -> &[Problem] {
        &self.rejected
    }
}

/// The verdict of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplayStatus {
    /// The seal holds, and the case comes out as it was recorded.
    Same,
    /// The seal holds, and something comes out otherwise.
    Differs,
    /// The record was changed after it was sealed.
    SealBroken,
}

impl ReplayStatus {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::SealBroken => "seal_broken",
        }
    }
}

/// One place where the case comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Difference {
    /// JSON Pointer into the recorded determination; into the new one, of what only
    /// that has. Empty where the case is refused now: `now` is then the rejection, and
    /// the whole determination is not repeated.
    pub at: String,
    /// What comes now; absent where that is nothing.
    #[serde(default, with = "value", skip_serializing_if = "Option::is_none")]
    pub now: Option<Value>,
    /// What was recorded; absent where that was nothing. A text that no determination
    /// has, as a name or an identity number, is not repeated: `…` stands in its place.
    #[serde(default, with = "value", skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Value>,
    /// The rule that decided: of an assessment, the instrument and its step, rule or
    /// interpretation; of a right, the rule of its layer or the relation that excludes
    /// it. Absent where no rule did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// A value that may be null, and may be absent.
mod value {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(
        value: &Option<Value>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Value>, D::Error> {
        Value::deserialize(deserializer).map(Some)
    }
}

impl Rulebook {
    /// Decides the case of a record again and compares everything but `engine` and
    /// `rulebook`.
    ///
    /// A record that carries the full trace is compared with the full trace. A record
    /// of another rulebook is decided under this one, and says so.
    #[must_use]
    pub fn replay(&self, record: &Record) -> Replay {
        let options = if record.is_traced() {
            Options::traced()
        } else {
            Options::default()
        };
        let then = &record.determination;
        let mut named = then.rulebook.clone();
        if !is_plain(&named.version) {
            named.version = Text::fixed(HIDDEN);
        }
        let hex = named.digest.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            named.digest = Text::fixed(HIDDEN);
        }
        let mut rejected = Vec::new();
        let differences = match self.assess_with(&record.case, options) {
            Ok(mut now) => {
                now.engine.clone_from(&then.engine);
                now.rulebook.clone_from(&then.rulebook);
                let now = canonical_json(&now);
                if now == record.sealed.determination() {
                    Vec::new()
                } else {
                    Comparison::of(self, record.sealed.determination(), &now)
                }
            }
            Err(rejection) => {
                let now = written(&canonical_json(&rejection));
                rejected = rejection.rejected;
                vec![Difference {
                    at: String::new(),
                    now: Some(now),
                    recorded: None,
                    rule: None,
                }]
            }
        };
        let status = match (record.seal_holds(), differences.is_empty()) {
            (false, _) => ReplayStatus::SealBroken,
            (true, true) => ReplayStatus::Same,
            (true, false) => ReplayStatus::Differs,
        };
        Replay {
            case_id: match is_pseudonym(&record.case.case_id) {
                true => record.case.case_id.clone(),
                false => HIDDEN.to_owned(),
            },
            differences,
            other_rulebook: then.rulebook.digest != self.digest(),
            rejected,
            rulebook: named,
            status,
        }
    }
}
