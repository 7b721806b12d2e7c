//! Where the model and the engine are known to disagree, each with the text
//! and with a person in whom it shows. The test asks that each be still real.

use super::case::Case;
use super::ltci::{self, Scheme};
use serde_json::{Value, json};

/// A disagreement that was looked into.
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

pub const KNOWN: [Known; 6] = [
    Known {
        name: "no word on the application",
        reason: "The insurance is given to who has applied and was assessed (医保发〔2020〕37号, \
                 grade A). Tianjin and the frame say so in the engine; Hebei, Chengde and Tai'an \
                 say nothing, and do not take it from the frame.",
        programme: "ltci",
        model: &["by application"],
        engine: &["by nothing"],
        concerns: |case| {
            ["13", "37"].contains(&&case.place[..2])
                && ltci::scheme(case) != Ok(Some(Scheme::Frame))
        },
        shows: || severe_since_years("130100", "2026-06-30"),
    },
    Known {
        name: "a conclusion past its validity",
        reason: "A conclusion of severe dependency is valid for two years at most \
                 (医保发〔2023〕29号, grade A; Tianjin, facts C.1) and is the basis of every \
                 payment. The engine shows the last day and pays beyond it.",
        programme: "ltci",
        model: &["undetermined"],
        engine: &["entitled"],
        concerns: |case| ltci::expired(case) == Some(true),
        shows: || {
            let mut person = severe_since_years("120101", "2026-06-30");
            person["assessments"][0]["date"] = json!("2024-01-31");
            person
        },
    },
    Known {
        name: "a self-assessment beside an assessment",
        reason: "The self-assessment says who may apply (facts, long-term care insurance, \
                 section 1: the gate before applying). The engine asks it also of those whose \
                 assessment is done, and an old D keeps severe dependency from the insurance.",
        programme: "ltci",
        model: &["entitled", "undetermined", "excluded"],
        engine: &["not_entitled", "undetermined"],
        concerns: |case| {
            let gate = case.forms.get("nhsa-37-2021-self");
            case.forms.contains_key("nhsa-37-2021")
                && gate.is_some_and(|form| form.possible.iter().any(|level| *level < 4))
        },
        shows: || {
            let mut person = severe_since_years("110000", "2026-06-30");
            let alone = json!({
                "instrument": "nhsa-37-2021-self",
                "date": "2025-01-10",
                "answers": {
                    "1": "independent", "2": "independent", "3": "independent",
                    "4": "independent", "5": "independent", "6": "independent",
                },
            });
            person["assessments"]
                .as_array_mut()
                .expect("assessments")
                .push(alone);
            person
        },
    },
    Known {
        name: "insured automatically",
        reason: "Tianjin insures the members of employee medical insurance automatically \
                 (facts C.1, grade A), and no waiting period applies. The engine asks for the \
                 first day of cover all the same, and leaves open without it.",
        programme: "ltci",
        model: &["entitled"],
        engine: &["undetermined"],
        concerns: |case| {
            case.place.starts_with("12") && !case.facts.contains_key("ltci_insured_since")
        },
        shows: || {
            let mut person = severe_since_years("120101", "2026-06-30");
            let facts = person["facts"].as_object_mut().expect("facts");
            facts.remove("ltci_insured_since");
            person
        },
    },
    Known {
        name: "residents of Hebei after 2027",
        reason: "Residents are in by the end of 2027 (facts C.2, phases, grade A). From 2028 the \
                 engine still leaves them to the place.",
        programme: "ltci",
        model: &["entitled"],
        engine: &["undetermined"],
        concerns: |case| {
            case.place.starts_with("13")
                && case.as_of.0 >= 2028
                && !matches!(
                    case.facts.get("medical_insurance").and_then(Value::as_str),
                    Some("employee" | "retired_employee" | "flexible")
                )
        },
        shows: || {
            let mut person = severe_since_years("130100", "2028-02-10");
            person["facts"]["medical_insurance"] = json!("resident");
            person["assessments"][0]["date"] = json!("2027-06-10");
            person
        },
    },
    Known {
        name: "urban or rural, covered either way",
        reason: "Elders on dibao are covered in town and in the country (facts C.1). The engine \
                 decides each layer by itself, as the contract says, and two open layers stay \
                 open though one of them must hold. It asks one question too many and takes \
                 nothing away.",
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
    },
];

/// Someone whom the insurance covers, by an assessment half a year old.
fn severe_since_years(place: &str, as_of: &str) -> Value {
    let mut answers = serde_json::Map::new();
    for code in super::super::item_codes("nhsa-37-2021") {
        answers.insert(code, json!(0));
    }
    json!({
        "case_id": "severe",
        "as_of": as_of,
        "jurisdiction": place,
        "assessments": [
            { "instrument": "nhsa-37-2021", "date": "2026-01-12", "answers": answers },
        ],
        "facts": {
            "medical_insurance": "employee",
            "ltci_insured_since": "2021-01-01",
            "care_dependent_since": "2023-01-01",
            "standard_treatment_done": true,
            "work_injury_nursing_allowance": false,
        },
    })
}
