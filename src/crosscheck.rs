//! Like items of two assessments that contradict each other. It decides nothing.

use serde::{Deserialize, Serialize};

use crate::case::{Assessment, Prepared};
use crate::determination::{Arg, Finding};
use crate::instrument::Instrument;
use crate::instrument::definition::Severity;
use crate::json::child;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Document, Grade, Sink};
use crate::text::Text;
use crate::words::Words;

/// Pairs of like items of two instruments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CrossChecks {
    /// Always `cross_checks`.
    pub kind: Text,
    /// Version of the file format; 1.
    pub schema: u8,
    /// Id, unique in the rulebook.
    pub id: Text,
    /// Documents cited here.
    pub documents: Vec<Document>,
    /// Id of one instrument.
    pub left: Text,
    /// Id of the other.
    pub right: Text,
    /// Only assessments at most so many days apart are compared.
    pub within_days: u16,
    /// Code of the finding.
    pub finding: Text,
    /// How much it matters.
    pub severity: Severity,
    /// What it says; `{left}` and `{right}` stand for the codes.
    pub says: Words,
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
    /// The slots of each pair.
    #[serde(skip)]
    slots: Vec<(usize, usize)>,
}

/// Two like items, and when their scores contradict each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Code of the one.
    pub left: Text,
    /// Code of the other.
    pub right: Text,
    /// Any of these contradicts.
    pub against: Vec<Against>,
}

/// Scores on both sides that contradict each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// Scores of the one.
    pub left: Bounds,
    /// Scores of the other.
    pub right: Bounds,
}

/// Bounds, included.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// At least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u8>,
    /// At most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u8>,
}

impl Bounds {
    fn hold(self, score: u8) -> bool {
        self.at_least.is_none_or(|least| least <= score)
            && self.at_most.is_none_or(|most| score <= most)
    }
}

impl CrossChecks {
    /// Proves that instruments and codes exist, and that what is cited is declared; finds
    /// the slots.
    pub(crate) fn prove<'i>(
        &mut self,
        instrument: impl Fn(&str) -> Option<&'i Instrument>,
        cited: &dyn Fn(&str) -> bool,
        sink: &mut Sink<'_>,
    ) {
        let mut slots = [Vec::new(), Vec::new()];
        let sides = [("left", &self.left), ("right", &self.right)];
        for ((side, id), slots) in sides.into_iter().zip(&mut slots) {
            let Some(instrument) = instrument(id) else {
                sink.push(
                    format!("/{side}"),
                    Kind::UnknownReference,
                    format!("expected the id of an instrument; found {id:?}"),
                );
                continue;
            };
            for (i, pair) in self.pairs.iter().enumerate() {
                let code = if side == "left" {
                    &pair.left
                } else {
                    &pair.right
                };
                match instrument.slot_of(code) {
                    Some(slot) => slots.push(slot),
                    None => sink.push(
                        format!("/pairs/{i}/{side}"),
                        Kind::UnknownReference,
                        format!("expected the code of an item of {id}; found {code:?}"),
                    ),
                }
            }
        }
        sink.cited("", &self.cite, cited);
        let [left, right] = slots;
        self.slots = left.into_iter().zip(right).collect();
    }

    /// Compares every two forms of a case.
    pub(crate) fn find(&self, forms: &[(Prepared<'_>, &Assessment)], findings: &mut Vec<Finding>) {
        for (i, j, pair, _) in self.contradictions(forms) {
            let Some(pair) = self.pairs.get(pair) else {
                continue;
            };
            let at = child(&format!("/assessments/{i}/answers"), &pair.left);
            let other = child(&format!("/assessments/{j}/answers"), &pair.right);
            findings.push(
                Finding::new(self.finding.clone(), self.severity, at.into())
                    .with("left", Arg::Text(pair.left.clone()))
                    .with("other", Arg::Text(other.into()))
                    .with("right", Arg::Text(pair.right.clone())),
            );
        }
    }

    /// Contradictions: the position of the form on each side, that of the pair, and that
    /// of the first of its `against` that holds.
    pub(crate) fn contradictions(
        &self,
        forms: &[(Prepared<'_>, &Assessment)],
    ) -> Vec<(usize, usize, usize, usize)> {
        let mut out = Vec::new();
        for (i, (left, left_form)) in forms.iter().enumerate() {
            if left.instrument.id() != self.left {
                continue;
            }
            for (j, (right, right_form)) in forms.iter().enumerate() {
                if right.instrument.id() != self.right {
                    continue;
                }
                let days = right_form
                    .date
                    .since(left_form.date)
                    .map(|span| span.get_days());
                if !days.is_ok_and(|days| days.unsigned_abs() <= u32::from(self.within_days)) {
                    continue;
                }
                for (k, (pair, slots)) in self.pairs.iter().zip(&self.slots).enumerate() {
                    let Some(score) = left.instrument.score_at(&left.inputs, slots.0) else {
                        continue;
                    };
                    // Most pairs are settled by one side.
                    if !pair.against.iter().any(|against| against.left.hold(score)) {
                        continue;
                    }
                    let other = right.instrument.score_at(&right.inputs, slots.1);
                    let against = other.and_then(|other| {
                        pair.against.iter().position(|against| {
                            against.left.hold(score) && against.right.hold(other)
                        })
                    });
                    out.extend(against.map(|against| (i, j, k, against)));
                }
            }
        }
        out
    }
}
