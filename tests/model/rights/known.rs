//! Where the model and the engine come apart on purpose, each with the reason and
//! with a person in whom it shows. The test asks that each be still real.
//!
//! A fault does not stand here: it is mended, in the rules or in the model.

use super::case::Case;
use serde_json::{Value, json};

/// A difference that was looked into and stays.
pub struct Known {
    pub name: &'static str,
    /// What the texts say, and what the engine does.
    pub reason: &'static str,
    pub programme: &'static str,
    /// What the model says, and what the engine then may say.
    pub model: &'static [&'static str],
    pub engine: &'static [&'static str],
    /// The people whom it concerns.
    pub concerns: fn(&Case) -> bool,
    /// A person in whom it shows.
    pub shows: fn() -> Value,
}

impl Known {
    pub fn explains(&self, case: &Case, programme: &str, model: &str, engine: &str) -> bool {
        self.programme == programme
            && self.model.contains(&model)
            && self.engine.contains(&engine)
            && (self.concerns)(case)
    }
}

pub const KNOWN: [Known; 1] = [Known {
    name: "urban or rural, covered either way",
    reason: "A property of the contract, not a fault: each layer is decided by itself in \
                 strong Kleene logic, and the results are joined. Elders on dibao are covered \
                 in town and in the country (facts C.1), by two documents with different \
                 groups. Whoever does not say where they live leaves both layers open, though \
                 one of them must hold. It asks one question too many and takes nothing away; \
                 a third layer for those whom both cover would be a text that no document has.",
    programme: "home-care-subsidy",
    model: &["entitled"],
    engine: &["undetermined"],
    concerns: |case| !case.facts.contains_key("rural"),
    shows: || {
        json!({
            "case_id": "either-way",
            "as_of": "2026-06-30",
            "jurisdiction": "120101",
            "assessments": [],
            "facts": {
                "birth_date": "1941-03-02",
                "hukou": "120101",
                "economic_status": "dibao",
                "tianjin_care_grade": "severe",
            },
        })
    },
}];
