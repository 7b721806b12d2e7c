//! What an auditor asks of one case: how far it is from the levels beside its own, which
//! single answers carry the result, and what would settle what is open.
//!
//! Nothing is decided here a second time: answers are changed one by one, and the engine
//! decides again. Why a case came out as it did is told from its trace:
//! [`crate::explain::why`].
//!
//! ```
//! use nengli::{Case, Rulebook};
//!
//! let rulebook = Rulebook::builtin()?;
//! let case = include_str!("../../tests/cases/gbt-42195-2022/demo.case.json");
//! let case: Case = serde_json::from_str(case)?;
//! let inquiry = rulebook.inquire(&case)?;
//!
//! // Moderate, and 4 points from severe: a total of 65 instead of 69.
//! let severe = &inquiry.assessments[0].neighbours[1];
//! assert_eq!(severe.level.key, "severe");
//! assert_eq!(severe.by_points[0].sums["total"].to, 65);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod sensitive;
mod settle;

use jiff::civil::Date;
use serde::Serialize;

pub use crate::entitlement::{Settling, SettlingAnswer};
pub use crate::instrument::{Moved, Neighbour, Points};
pub(crate) use sensitive::right_moves;
pub use sensitive::{LevelMove, RightMove, Sensitive};

use crate::case::{self, Case, Problems, Rejection};
use crate::determination::{AssessmentResult, Determination, Level, Outcome};
use crate::entitlement::Asked;
use crate::record::Difference;
use crate::rulebook::Rulebook;

/// What can be asked of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Inquiry {
    /// One for each assessment, in the order of the case.
    pub assessments: Vec<AssessmentInquiry>,
    /// As in the case.
    pub case_id: String,
    /// Undetermined rights, and what would settle them, in the order of the
    /// determination.
    pub rights: Vec<RightInquiry>,
    /// Single answers and facts that would change a level, a right or a payment if they
    /// were otherwise by one step: first those that change most.
    pub sensitive: Vec<Sensitive>,
}

/// What can be asked of one assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssessmentInquiry {
    /// Day of the assessment.
    pub date: Date,
    /// Id of the instrument.
    pub instrument: String,
    /// The level; null while undetermined.
    pub level: Option<Level>,
    /// The levels beside it, the better first; none while undetermined.
    pub neighbours: Vec<Neighbour>,
    /// While undetermined: the shortest sets of answers that would give a level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settle: Vec<Settling>,
}

/// What can be asked of a right that is undetermined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RightInquiry {
    /// Id of the programme.
    pub programme: String,
    /// The shortest sets of things to ask that would settle it. Sets of more than four
    /// things are not looked for.
    pub settle: Vec<Settling>,
}

impl Rulebook {
    /// Asks of a case how far it is from other results: see [`Inquiry`].
    ///
    /// The case is decided once for every answer that could be otherwise, some hundred
    /// times in all.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::assess`].
    pub fn inquire(&self, case: &Case) -> Result<Inquiry, Rejection> {
        let determination = self.assess(case)?;
        let mut problems = Problems::default();
        let prepared = case::check(case, self, &mut problems);
        let forms: Vec<_> = prepared.into_iter().zip(&case.assessments).collect();
        let assessments = forms
            .iter()
            .zip(&determination.assessments)
            .map(|((prepared, form), result)| AssessmentInquiry {
                date: form.date,
                instrument: result.instrument.to_string(),
                level: result.level.clone(),
                neighbours: match result.outcome {
                    Outcome::Determined => prepared
                        .instrument
                        .neighbours(&prepared.inputs, prepared.readings),
                    Outcome::Undetermined => Vec::new(),
                },
                settle: settle::level(self, case, form, result),
            })
            .collect();
        let mut rights = Vec::new();
        if let Some(entitlements) = &determination.entitlements {
            let results = &determination.assessments;
            let asked = Asked::of(self.rights(), case, &forms, results);
            let mut settlings = asked.settlings(self.vocabulary(), self.instruments_by_id());
            rights.extend(entitlements.iter().filter_map(|entitlement| {
                Some(RightInquiry {
                    programme: entitlement.programme.to_string(),
                    settle: settlings.remove(entitlement.programme.as_str())?,
                })
            }));
        }
        Ok(Inquiry {
            assessments,
            case_id: case.case_id.clone(),
            rights,
            sensitive: sensitive::find(self, case, &determination),
        })
    }

    /// What differs between two determinations of this rulebook, path by path, but for
    /// `engine` and `rulebook`: `recorded` is of the first, `now` of the second.
    #[must_use]
    pub fn differences(&self, first: &Determination, second: &Determination) -> Vec<Difference> {
        crate::record::differences(self, first, second)
    }
}

/// The result of one form, decided alone.
fn graded(rulebook: &Rulebook, case: &Case, form: &case::Assessment) -> Option<AssessmentResult> {
    let mut alone = Case::new(case.case_id.clone(), case.as_of);
    let prefix = format!("{}/", form.instrument);
    let chosen = case.interpretations.iter();
    alone.interpretations.extend(
        chosen
            .filter(|(key, _)| key.starts_with(&prefix))
            .map(|(key, choice)| (key.clone(), choice.clone())),
    );
    alone.assessments.push(form.clone());
    let determination = rulebook.assess(&alone).ok()?;
    determination.assessments.into_iter().next()
}
