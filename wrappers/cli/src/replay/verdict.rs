//! What one text comes to, and how many came to what.

use nengli::record::{Replay, ReplayStatus};
use nengli::{Record, Rejection, Rulebook};

use super::archive::Rulebooks;
use crate::files::Failure;

/// What one text comes to.
pub(super) enum Verdict {
    Replayed {
        replay: Box<Replay>,
        /// Under a rulebook of the archive.
        archived: bool,
    },
    /// A line of `batch --record` that is no record: the case was refused.
    Rejected,
    Malformed(Rejection),
}

impl Verdict {
    pub(super) fn is_same(&self) -> bool {
        match self {
            Self::Replayed { replay, .. } => replay.status == ReplayStatus::Same,
            Self::Rejected | Self::Malformed(_) => false,
        }
    }
}

/// What a text comes to, with the record that it is and the rulebook it was decided under.
pub(super) fn judge(
    text: Result<&str, Rejection>,
    rulebooks: &Rulebooks,
) -> Result<(Verdict, Option<(Record, Rulebook)>), Failure> {
    let read = text.clone().and_then(Record::from_text);
    Ok(match read {
        Ok(record) => {
            let rulebook = rulebooks.of(&record)?;
            let verdict = Verdict::Replayed {
                archived: rulebook.digest() != rulebooks.in_use.digest(),
                replay: Box::new(rulebook.replay(&record)),
            };
            (verdict, Some((record, rulebook)))
        }
        Err(_) if text.is_ok_and(is_rejection) => (Verdict::Rejected, None),
        Err(rejection) => (Verdict::Malformed(rejection), None),
    })
}

fn is_rejection(text: &str) -> bool {
    serde_json::from_str::<Rejection>(text).is_ok_and(|found| !found.rejected.is_empty())
}

/// How many records came to what.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) same: u64,
    pub(super) differs: u64,
    pub(super) seal_broken: u64,
    pub(super) malformed: u64,
    pub(super) rejected: u64,
    pub(super) other_rulebook: u64,
    pub(super) archived: u64,
}

impl Counts {
    pub(super) fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Malformed(_) => self.malformed += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::Replayed { replay, archived } => {
                match replay.status {
                    ReplayStatus::Same => self.same += 1,
                    ReplayStatus::SealBroken => self.seal_broken += 1,
                    _ => self.differs += 1,
                }
                self.other_rulebook += u64::from(replay.other_rulebook);
                self.archived += u64::from(*archived);
            }
        }
    }

    /// Adds those of another part.
    pub(super) fn take(&mut self, other: &Self) {
        self.same += other.same;
        self.differs += other.differs;
        self.seal_broken += other.seal_broken;
        self.malformed += other.malformed;
        self.rejected += other.rejected;
        self.other_rulebook += other.other_rulebook;
        self.archived += other.archived;
    }

    /// Records that did not come out the same.
    pub(super) fn faults(&self) -> u64 {
        self.differs + self.seal_broken + self.malformed + self.rejected
    }
}
