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
pub(crate) use observe::{Mark, Observed, Site, can_exercise};
pub(crate) use person::months_since;
pub(crate) use program::{Rights, chain};
pub(crate) use settle::subsets;
pub use settle::{Settling, SettlingAnswer};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::case::{Assessment, Case, Prepared};
use crate::condition::Truth;
use crate::determination::{AssessmentResult, Entitlement, Finding, Payment, Question, Status};
use crate::instrument::Instrument;
use crate::rulebook::Vocabulary;
use decide::Decider;
use person::{Evaluation, Person};
use plan::Plan;
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

/// A person, and the rules of the place and day.
pub(crate) struct Asked<'a> {
    rights: &'a Rights,
    case: &'a Case,
    person: Person<'a>,
    choices: Vec<usize>,
    way: Way,
    plan: Arc<Plan>,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(
        rights: &'a Rights,
        case: &'a Case,
        forms: &[(Prepared<'_>, &'a Assessment)],
        results: &'a [AssessmentResult],
    ) -> Self {
        let choices = choices(rights, case);
        let place = Place::of(case.jurisdiction.as_deref().unwrap_or(NATION));
        Self {
            rights,
            case,
            person: Person::of(case, forms, results, rights),
            way: Way::from(place),
            plan: rights.plan(place, case.as_of, &choices),
            choices,
        }
    }

    fn decider(&self) -> Decider<'_> {
        let asked = &self.plan.questions;
        let evaluation = Evaluation::new(self.rights, &self.person, &self.choices, asked);
        Decider::new(evaluation, &self.plan, self.way, self.case)
    }

    /// Decides every programme in force in the place on the day.
    pub(crate) fn answer(&self, trace: bool, findings: &mut Vec<Finding>) -> Answered {
        let decider = self.decider();
        let standings = decider.standings();
        let decided = decider.decide_all(&standings);
        let asks = decider.open_asks(&decided);
        let mut entitlements: Vec<Entitlement> = Vec::with_capacity(decided.len());
        for (one, asks) in decided.iter().zip(&asks) {
            if let Some(entitlement) = decider.entitlement(one, asks, trace) {
                entitlements.push(entitlement);
            }
        }
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
    pub(crate) fn status_if(&self, rule: &str, leaf: &str, truth: Truth) -> Option<Status> {
        self.decider().status_if(rule, leaf, truth)
    }

    /// For each programme that is undetermined, by its id, the shortest sets of things to
    /// ask that would settle it.
    pub(crate) fn settlings(
        &self,
        vocabulary: &Vocabulary,
        instruments: &[Instrument],
    ) -> BTreeMap<String, Vec<Settling>> {
        let decider = self.decider();
        let sampler = Sampler {
            rights: self.rights,
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
