//! HL7 FHIR R4: forms as Questionnaires, cases as QuestionnaireResponses, results as
//! Observations.
//!
//! **The one way of carrying scores.** An answer is a Coding whose code names the
//! option, `B.1.1:prompted_or_aided`; the score stands beside the option, in the
//! Questionnaire (`answerOption`) and in the CodeSystem, by FHIR's own extension
//! `ordinalValue`. A score never travels alone. Where two options share a score and a
//! case gives the score alone, the code is `B.3.9:0`, which the CodeSystem has for
//! just this.

mod answer;
mod bundle;
mod common;
mod context;
mod form;
mod json;
mod names;
mod observation;
mod questionnaire;
mod read;
mod response;
mod terms;
mod walk;

use nengli::{Case, Date, Rejection, Rulebook};
use serde_json::Value;

use crate::Refused;
pub use walk::MAX_TEXT;

/// What is told beside a document that does not say it itself.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The pseudonym, where no subject names one.
    pub case_id: Option<String>,
    /// The day of decision.
    pub as_of: Option<Date>,
    /// The place whose rules are asked.
    pub jurisdiction: Option<String>,
}

/// The form of an instrument, with the CodeSystems and ValueSets that it uses: by
/// resource type and id, `Questionnaire-gbt-42195-2022` first.
///
/// None if the rulebook has no such instrument.
#[must_use]
pub fn form(instrument: &str, rulebook: &Rulebook) -> Option<Vec<(String, Value)>> {
    let definition = rulebook.instrument(instrument)?.definition();
    let resources = [
        questionnaire::of(definition, rulebook),
        terms::codes(definition, rulebook),
        terms::answers(definition, rulebook),
        terms::level_codes(definition, rulebook),
        terms::levels(definition, rulebook),
    ];
    Some(resources.into_iter().map(terms::named).collect())
}

/// The CodeSystem that all forms share: people of a form, reasons, confidence.
#[must_use]
pub fn common_codes(rulebook: &Rulebook) -> (String, Value) {
    terms::named(common::codes(rulebook))
}

/// Resources as one Bundle of type `collection`.
#[must_use]
pub fn bundle(resources: impl IntoIterator<Item = (String, Value)>) -> Value {
    bundle::collection(resources)
}

/// The filled-in forms of a case: a Bundle with what the case says beside its forms
/// (a Basic), and one QuestionnaireResponse for each assessment, in order.
///
/// # Errors
///
/// When the rulebook refuses the case.
pub fn responses(case: &Case, rulebook: &Rulebook) -> Result<Value, Rejection> {
    rulebook.assess(case)?;
    Ok(bundle::collection(response::all(case, rulebook)))
}

/// The result of a case: a Bundle with its filled-in forms and, for each, Observations
/// of the scores, grades and levels that come from it.
///
/// # Errors
///
/// When the rulebook refuses the case.
pub fn observations(case: &Case, rulebook: &Rulebook) -> Result<Value, Rejection> {
    let determination = rulebook.assess(case)?;
    let mut resources = response::all(case, rulebook);
    resources.extend(observation::all(case, &determination, rulebook));
    Ok(bundle::collection(resources))
}

/// Reads a QuestionnaireResponse, or a Bundle of those of one person, as a case.
///
/// Strict: whatever is not of the form is refused, all problems at once, the values
/// checked by the rulebook.
///
/// # Errors
///
/// When the document cannot be read as a case that the rulebook takes.
pub fn read(text: &str, given: &Given, rulebook: &Rulebook) -> Result<Case, Refused> {
    read::case(text, given, rulebook)
}
