//! From levels and facts to rights, and who pays what.
//!
//! [`definition`] is what rule files say. Loading proves it and compiles it
//! (`compile`, `program`) and makes it ready for a place and a day (`plan`); `person` is the
//! case as rules ask it; `decide` joins the layers of a place, `benefit` compares what they give, `pay` divides costs and
//! `notice` says what the reader should know. `compare` proves layers against those
//! above them; `observe` says which rules a case exercised.

mod benefit;
mod compare;
mod compile;
mod decide;
pub mod definition;
mod notice;
mod observe;
mod pay;
mod person;
mod plan;
mod program;
mod samples;
mod settle;

pub(crate) use compare::prove;
pub use compare::{LayerProof, Verdict};
pub(crate) use compile::{Known, compile};
pub(crate) use observe::{Mark, Observed, Site, can_exercise, exercised};
pub(crate) use person::months_since;
pub(crate) use program::{Rights, chain};
pub(crate) use settle::subsets;
pub use settle::{Settling, SettlingAnswer};

use std::collections::BTreeMap;

use crate::case::{Assessment, Case, Prepared};
use crate::condition::Truth;
use crate::determination::{AssessmentResult, Entitlement, Finding, Payment, Question, Status};
use crate::instrument::Instrument;
use crate::rulebook::Vocabulary;
use decide::Decider;
use person::{Evaluation, Person};
use program::{Place, Way};
use samples::Sampler;

/// The nation: whose rules hold where a case names no place.
pub(crate) const NATION: &str = "000000";

/// What a case that asks for rights gets.
pub(crate) struct Answered {
    pub(crate) entitlements: Vec<Entitlement>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) questions: Vec<Question>,
}

/// Decides every programme in force in the place on the day.
pub(crate) fn answer(
    rights: &Rights,
    vocabulary: &Vocabulary,
    case: &Case,
    forms: &[(Prepared<'_>, &Assessment)],
    results: &[AssessmentResult],
    trace: bool,
    findings: &mut Vec<Finding>,
) -> Answered {
    let person = Person::of(case, forms, results, vocabulary);
    let choices = choices(rights, case);
    let place = Place::of(case.jurisdiction.as_deref().unwrap_or(NATION));
    let plan = rights.plan(place, case.as_of, &choices);
    let evaluation = Evaluation::new(rights, &person, choices, &plan.questions);
    let decider = Decider::new(evaluation, &plan, Way::from(place), case);
    let standings = decider.standings();
    let decided = decider.decide_all(&standings);
    let asks = decider.open_asks(&decided);
    let mut entitlements: Vec<Entitlement> = Vec::with_capacity(decided.len());
    let each = decided.iter().zip(&asks);
    entitlements.extend(each.filter_map(|(one, asks)| decider.entitlement(one, asks, trace)));
    let questions = decide::questions(&decider, &decided, &asks);
    notice::find(&decider, &decided, &entitlements, &questions, findings);
    Answered {
        payments: pay::payments(&decider, &decided, &entitlements),
        entitlements,
        questions,
    }
}

/// The status that a layer would have by its own text if one leaf of its condition came
/// out otherwise; none where the layer does not apply or has no such leaf.
#[allow(clippy::too_many_arguments)]
pub(crate) fn status_if(
    rights: &Rights,
    vocabulary: &Vocabulary,
    case: &Case,
    forms: &[(Prepared<'_>, &Assessment)],
    results: &[AssessmentResult],
    rule: &str,
    leaf: &str,
    truth: Truth,
) -> Option<Status> {
    let person = Person::of(case, forms, results, vocabulary);
    let choices = choices(rights, case);
    let place = Place::of(case.jurisdiction.as_deref().unwrap_or(NATION));
    let plan = rights.plan(place, case.as_of, &choices);
    let evaluation = Evaluation::new(rights, &person, choices, &plan.questions);
    let decider = Decider::new(evaluation, &plan, Way::from(place), case);
    decider.status_if(rule, leaf, truth)
}

/// For each programme that is undetermined, by its id, the shortest sets of things to ask
/// that would settle it.
pub(crate) fn settlings(
    rights: &Rights,
    vocabulary: &Vocabulary,
    instruments: &[Instrument],
    case: &Case,
    forms: &[(Prepared<'_>, &Assessment)],
    results: &[AssessmentResult],
) -> BTreeMap<String, Vec<Settling>> {
    let person = Person::of(case, forms, results, vocabulary);
    let choices = choices(rights, case);
    let place = Place::of(case.jurisdiction.as_deref().unwrap_or(NATION));
    let plan = rights.plan(place, case.as_of, &choices);
    let evaluation = Evaluation::new(rights, &person, choices, &plan.questions);
    let decider = Decider::new(evaluation, &plan, Way::from(place), case);
    let sampler = Sampler {
        rights,
        vocabulary,
        instruments,
    };
    let standings = decider.standings();
    let decided = decider.decide_all(&standings);
    decided
        .iter()
        .filter(|decided| decided.status == Status::Undetermined)
        .map(|decided| {
            let id = decided.planned.id.to_string();
            (id, settle::settle(&decider, decided, sampler))
        })
        .collect()
}

/// The readings that the case chooses, and the defaults of the others.
fn choices(rights: &Rights, case: &Case) -> Vec<usize> {
    let mut choices = rights.defaults();
    for (i, reading) in rights.readings.iter().enumerate() {
        let chosen = case
            .interpretations
            .get(reading.key.as_str())
            .and_then(|key| {
                let found = rights.interpretation(i)?;
                found.choices.iter().position(|choice| choice.key == *key)
            });
        if let (Some(chosen), Some(place)) = (chosen, choices.get_mut(i)) {
            *place = chosen;
        }
    }
    choices
}
