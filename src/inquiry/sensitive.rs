//! Which single answers carry the result.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answers;
use crate::case::{Answer, Case};
use crate::determination::{Determination, Level, Status};
use crate::json::child;
use crate::rulebook::{Fact, FactType, Rulebook};

/// An answer or fact that carries the result: were it otherwise by one step, something
/// would come out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Sensitive {
    /// JSON Pointer into the case.
    pub at: String,
    /// As it is.
    pub from: Answer,
    /// Levels that would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelMove>,
    /// Whether who pays would change.
    pub payments: bool,
    /// Rights whose status would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<RightMove>,
    /// As it might be.
    pub to: Answer,
}

/// A level that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LevelMove {
    /// The level as it is; null while undetermined.
    pub from: Option<Level>,
    /// Id of the instrument.
    pub instrument: String,
    /// The level as it would be.
    pub to: Option<Level>,
}

impl LevelMove {
    pub(crate) fn new(instrument: &str, from: Option<&Level>, to: Option<&Level>) -> Self {
        Self {
            from: from.cloned(),
            instrument: instrument.to_owned(),
            to: to.cloned(),
        }
    }
}

/// A right whose status would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RightMove {
    /// The status as it is; null where the programme is not in force.
    pub from: Option<Status>,
    /// Id of the programme.
    pub programme: String,
    /// The status as it would be.
    pub to: Option<Status>,
}

/// Every answer and fact of a case that carries its result.
pub(super) fn find(rulebook: &Rulebook, case: &Case, now: &Determination) -> Vec<Sensitive> {
    let mut out = Vec::new();
    for (i, form) in case.assessments.iter().enumerate() {
        let Some(instrument) = rulebook.instrument(&form.instrument) else {
            continue;
        };
        let groups = instrument.asked_diagnoses();
        let at = format!("/assessments/{i}/answers");
        for (code, given) in &form.answers {
            for answer in answers::beside(instrument, code, given, &groups) {
                let mut other = case.clone();
                if let Some(form) = other.assessments.get_mut(i) {
                    form.answers.insert(code.clone(), answer.clone());
                }
                out.extend(compared(
                    rulebook,
                    now,
                    &other,
                    child(&at, code),
                    given,
                    answer,
                ));
            }
        }
    }
    for (id, given) in case.facts.iter().flatten() {
        let fact = rulebook.facts().find(|fact| fact.id == *id);
        for answer in fact.into_iter().flat_map(|fact| others(fact, given)) {
            let mut other = case.clone();
            if let Some(facts) = &mut other.facts {
                facts.insert(id.clone(), answer.clone());
            }
            out.extend(compared(
                rulebook,
                now,
                &other,
                child("/facts", id),
                given,
                answer,
            ));
        }
    }
    out.sort_by_key(|one| {
        let facts_last = one.at.starts_with("/facts");
        let most = one.rights.len() + usize::from(one.payments);
        (facts_last, one.levels.is_empty(), usize::MAX - most)
    });
    out
}

/// The other values of a fact that is a flag or a choice: a day or a number has no step.
fn others(fact: &Fact, given: &Answer) -> Vec<Answer> {
    match (fact.kind, given) {
        (FactType::Boolean, Answer::Flag(flag)) => vec![Answer::Flag(!flag)],
        (FactType::Choice, Answer::Text(key)) => fact
            .values
            .iter()
            .filter(|choice| choice.key != *key)
            .map(|choice| Answer::Text(choice.key.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

/// What comes out otherwise; nothing where the other case is refused or all is the same.
fn compared(
    rulebook: &Rulebook,
    now: &Determination,
    other: &Case,
    at: String,
    from: &Answer,
    to: Answer,
) -> Option<Sensitive> {
    let then = rulebook.assess(other).ok()?;
    let levels: Vec<LevelMove> = now
        .assessments
        .iter()
        .zip(&then.assessments)
        .filter(|(now, then)| now.level != then.level)
        .map(|(now, then)| LevelMove::new(&now.instrument, now.level.as_ref(), then.level.as_ref()))
        .collect();
    let rights = right_moves(now, &then);
    let payers = |determination: &Determination| -> Vec<_> {
        let payments = determination.payments.iter().flatten();
        payments.map(|payment| payment.payers.clone()).collect()
    };
    let payments = payers(now) != payers(&then);
    (payments || !levels.is_empty() || !rights.is_empty()).then(|| Sensitive {
        at,
        from: from.clone(),
        levels,
        payments,
        rights,
        to,
    })
}

/// The rights whose status differs, in the order of the determinations.
pub(crate) fn right_moves(now: &Determination, then: &Determination) -> Vec<RightMove> {
    let statuses = |determination: &Determination| -> BTreeMap<String, Status> {
        let rights = determination.entitlements.iter().flatten();
        rights
            .map(|right| (right.programme.to_string(), right.status))
            .collect()
    };
    let (before, after) = (statuses(now), statuses(then));
    let mut programmes: Vec<&str> = Vec::new();
    for determination in [now, then] {
        for right in determination.entitlements.iter().flatten() {
            let programme = right.programme.as_str();
            if !programmes.contains(&programme) {
                programmes.push(programme);
            }
        }
    }
    programmes
        .into_iter()
        .filter(|programme| before.get(*programme) != after.get(*programme))
        .map(|programme| RightMove {
            from: before.get(programme).copied(),
            programme: programme.to_owned(),
            to: after.get(programme).copied(),
        })
        .collect()
}
