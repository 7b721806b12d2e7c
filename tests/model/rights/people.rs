//! Random cases: places, days around every change of the law, ages around
//! every threshold, facts that are there, absent or "none", forms of all
//! kinds, costs.

use super::super::{self as model, Rng};
use super::calendar::{Day, last_of_month, leap};
use super::{PLACES, PROGRAMMES};
use serde_json::{Map, Value, json};

/// First days of rules, and the days after last days.
pub const CHANGES: [Day; 20] = [
    Day(2017, 4, 1),
    Day(2019, 1, 8),
    Day(2019, 12, 1),
    Day(2020, 5, 1),
    Day(2021, 7, 1),
    Day(2022, 1, 1),
    Day(2022, 9, 22),
    Day(2022, 12, 15),
    Day(2022, 12, 30),
    Day(2023, 1, 1),
    Day(2023, 5, 21),
    Day(2024, 1, 1),
    Day(2024, 6, 1),
    Day(2025, 5, 7),
    Day(2025, 7, 1),
    Day(2025, 10, 24),
    Day(2026, 1, 1),
    Day(2026, 3, 25),
    Day(2026, 4, 1),
    Day(2027, 1, 1),
];

/// Places with no rules of their own.
const OTHERS: [&str; 6] = ["110000", "120102", "130100", "130803", "370100", "370902"];

const BOOLEANS: [&str; 31] = [
    "rural",
    "standard_treatment_done",
    "work_injury_nursing_allowance",
    "hardship_after_dibao",
    "wants_institution",
    "wants_family_care_bed",
    "needs_long_term_care",
    "lives_alone",
    "empty_nest",
    "left_behind",
    "without_family",
    "no_carer",
    "no_children",
    "only_child_parent",
    "family_planning_special",
    "has_disabled_child",
    "municipal_model_worker",
    "has_family_caregiver",
    "caregiver_in_training",
    "chronic_disease",
    "serious_illness",
    "mobility_limited",
    "care_dependency_risk",
    "end_of_life",
    "first_will_notarisation",
    "pension_entitled",
    "homeless_without_support",
    "dementia",
    // Asked by no rule that the model knows, or rarely: noise.
    "rural",
    "lives_alone",
    "wants_institution",
];

const CHOICES: [(&str, &[&str]); 8] = [
    (
        "medical_insurance",
        &[
            "employee",
            "retired_employee",
            "flexible",
            "resident",
            "none",
        ],
    ),
    ("ltci_home_care_mode", &["agency", "relative", "none"]),
    (
        "economic_status",
        &["tekun", "dibao", "dibao_edge", "low_income", "none"],
    ),
    ("tekun_support", &["dispersed", "centralised", "none"]),
    ("setting", &["home", "institution"]),
    ("pension_scheme", &["employee", "resident", "none"]),
    (
        "tianjin_care_grade",
        &["mild", "moderate", "severe", "none"],
    ),
    (
        "disability_certificate_type",
        &["visual", "intellectual", "mental", "multiple", "none"],
    ),
];

/// Readings of places and their choices, the default first.
pub const READINGS: [(&str, &[&str]); 9] = [
    ("000000/dependency_threshold", &["1", "2", "3"]),
    ("120000/cap_reading", &["counted_cost", "payment"]),
    ("120000/meals_start", &["y2024", "y2023"]),
    ("120101/plan_start", &["y2023", "y2022"]),
    ("120117/plan_start", &["y2022", "y2021"]),
    ("130800/pilot_start", &["y2017", "y2016"]),
    ("130800/pilot_degree", &["severe_only", "severe_or_local"]),
    ("130802/home_medical_group", &["difficulty", "named"]),
    ("370900/home_medical_group", &["difficulty", "named"]),
];

/// A case that the contract allows. Half of them lean to those whom the
/// insurance and the voucher pay, which chance alone would seldom meet.
pub fn random_case(rng: &mut Rng, number: u64) -> Value {
    let as_of = random_day(rng);
    let leaning = rng.chance(50);
    let mut case = json!({
        "case_id": format!("random-{number}"),
        "as_of": as_of.to_string(),
        "facts": facts(rng, as_of, leaning),
        "assessments": forms(rng, as_of, leaning),
    });
    if let Some(place) = random_place(rng) {
        case["jurisdiction"] = json!(place);
    }
    if rng.chance(60) {
        case["costs"] = costs(rng, as_of);
    }
    if rng.chance(30) {
        case["used"] = used(rng);
    }
    let mut readings = Map::new();
    for (name, choices) in READINGS {
        if rng.chance(20) {
            readings.insert(name.to_owned(), json!(*rng.pick(choices)));
        }
    }
    if !readings.is_empty() {
        case["interpretations"] = Value::Object(readings);
    }
    case
}

fn random_place(rng: &mut Rng) -> Option<&'static str> {
    match rng.below(20) {
        0 => None,
        1..=3 => Some(*rng.pick(&OTHERS)),
        _ => Some(*rng.pick(&PLACES)),
    }
}

fn random_day(rng: &mut Rng) -> Day {
    match rng.below(10) {
        // A birthday of 29 February falls on 1 March.
        0 if rng.chance(30) => *rng.pick(&[
            Day(2025, 2, 28),
            Day(2025, 3, 1),
            Day(2026, 2, 28),
            Day(2026, 3, 1),
        ]),
        0..=4 => {
            let near = rng.below(5) as i64 - 2;
            rng.pick(&CHANGES).plus_days(near)
        }
        5..=7 => day_of(rng, 2026),
        _ => {
            let year = 2016 + rng.below(13) as i64;
            day_of(rng, year)
        }
    }
}

fn day_of(rng: &mut Rng, year: i64) -> Day {
    let month = 1 + rng.below(12) as i64;
    let day = 1 + rng.below(last_of_month(year, month) as u64) as i64;
    Day(year, month, day)
}

/// Some days or months before a day; often just at a count of full months.
fn before(rng: &mut Rng, day: Day) -> Day {
    let near = rng.below(3) as i64 - 1;
    let months = *rng.pick(&[0, 3, 6, 6, 6, 12, 12, 24, 30]);
    let same_day = day.plus_months(-months);
    let since = match rng.chance(15) {
        true => Day(
            same_day.0,
            same_day.1,
            last_of_month(same_day.0, same_day.1),
        ),
        false => same_day.plus_days(near),
    };
    since.min(day)
}

fn facts(rng: &mut Rng, as_of: Day, leaning: bool) -> Value {
    let told = *rng.pick(&[0, 30, 60, 90, 90, 100, 100]);
    let likely = *rng.pick(&[5, 20, 50, 80]);
    let mut facts = Map::new();
    let mut tell = |rng: &mut Rng, id: &str, value: Value| {
        if rng.chance(told) {
            facts.insert(id.to_owned(), value);
        }
    };
    for id in BOOLEANS {
        let value = json!(rng.chance(likely));
        tell(rng, id, value);
    }
    for (id, values) in CHOICES {
        let value = json!(*rng.pick(values));
        tell(rng, id, value);
    }
    let age = match rng.chance(70) {
        true => *rng.pick(&[60, 65, 70, 80, 90, 100]),
        false => 50 + rng.below(55) as i64,
    };
    let birthday = as_of.plus_months(-12 * age);
    let leap_day = leap(birthday.0) && (2..=3).contains(&birthday.1);
    let birth = match leap_day && rng.chance(50) {
        true => Day(birthday.0, 2, 29),
        false => birthday.plus_days(rng.below(5) as i64 - 2),
    };
    tell(rng, "birth_date", json!(birth.to_string()));

    let hukou = *rng.pick(&["120101", "120117", "120116", "130802", "370900", "110101"]);
    tell(rng, "hukou", json!(hukou));
    for id in ["care_dependent_since", "ltci_insured_since"] {
        let value = match rng.chance(10) {
            true => json!("none"),
            false => json!(before(rng, as_of).to_string()),
        };
        tell(rng, id, value);
    }
    for id in ["resident_since", "ltci_conclusion_date"] {
        let value = json!(before(rng, as_of).to_string());
        tell(rng, id, value);
    }
    let grade = match rng.below(5) {
        0 => json!("none"),
        grade => json!(grade),
    };
    tell(rng, "disability_certificate_grade", grade);
    let child = rng
        .pick(&[json!(59), json!(60), json!(30), json!("none")])
        .clone();
    tell(rng, "only_child_age", child);
    let income = 50_000 * rng.below(10);
    tell(rng, "household_income_per_capita_fen", json!(income));
    let kinds = ["martyr_family", "disabled_soldier", "war_or_test_veteran"];
    let served: Vec<&str> = match rng.chance(70) {
        true => Vec::new(),
        false => vec![*rng.pick(&kinds)],
    };
    tell(rng, "special_contribution", json!(served));
    for id in ["receives", "other_local_conditions_met"] {
        let mut some: Vec<&str> = Vec::new();
        for programme in PROGRAMMES {
            if rng.chance(10) {
                some.push(programme);
            }
        }
        tell(rng, id, json!(some));
    }
    if leaning {
        lean(rng, as_of, &mut facts);
    }
    Value::Object(facts)
}

fn lean(rng: &mut Rng, as_of: Day, facts: &mut Map<String, Value>) {
    let employee = *rng.pick(&["employee", "retired_employee", "flexible", "resident"]);
    let long_ago = as_of.plus_months(-6 - rng.below(12) as i64).to_string();
    let old = as_of
        .plus_months(-12 * (60 + rng.below(40) as i64))
        .to_string();
    let status = *rng.pick(&["dibao", "dibao_edge", "low_income", "none"]);
    let mode = *rng.pick(&["agency", "relative"]);
    for (id, value) in [
        ("medical_insurance", json!(employee)),
        ("care_dependent_since", json!(long_ago.clone())),
        ("ltci_insured_since", json!(long_ago)),
        ("standard_treatment_done", json!(true)),
        ("work_injury_nursing_allowance", json!(false)),
        ("birth_date", json!(old)),
        ("economic_status", json!(status)),
        ("ltci_home_care_mode", json!(mode)),
    ] {
        if rng.chance(93) {
            facts.insert(id.to_owned(), value);
        }
    }
}

/// A form of at least so bad a level, if a few tries find one.
fn bad_form(rng: &mut Rng, instrument: &str, level: i64) -> model::Answers {
    let readings = model::Readings::new();
    for _ in 0..20 {
        let answers = model::random_form(instrument, rng);
        let verdict = model::decide(instrument, &answers, &readings);
        if verdict.level.is_some_and(|found| found >= level) {
            return answers;
        }
    }
    model::random_form(instrument, rng)
}

/// Forms of the scales that rights ask, now and then two of one.
fn forms(rng: &mut Rng, as_of: Day, leaning: bool) -> Value {
    let mut forms = Vec::new();
    for (instrument, first) in [
        ("gbt-42195-2022", Day(2022, 12, 30)),
        ("nhsa-37-2021", Day(2021, 8, 3)),
        ("mzt-039-2013", Day(2013, 10, 1)),
        ("tekun-self-care", Day(2021, 7, 1)),
        ("nhc-48-2019", Day(2019, 8, 1)),
        ("nhsa-37-2021-self", Day(2021, 8, 3)),
    ] {
        let some = match instrument {
            "gbt-42195-2022" | "nhsa-37-2021" => 75,
            "nhc-48-2019" | "nhsa-37-2021-self" => 10,
            _ => 25,
        };
        let mut dates = Vec::new();
        for _ in 0..2 {
            let date = before(rng, as_of);
            if rng.chance(some) && date >= first && !dates.contains(&date) {
                dates.push(date);
                let answers = match (instrument, rng.below(100)) {
                    ("gbt-42195-2022", 12..) if leaning => bad_form(rng, instrument, 2),
                    ("nhsa-37-2021", 12..) if leaning => bad_form(rng, instrument, 3),
                    (_, 0..25) => model::random_partial_form(instrument, rng),
                    _ => model::random_form(instrument, rng),
                };
                forms.push(json!({
                    "instrument": instrument,
                    "date": date.to_string(),
                    "answers": answers,
                }));
            }
            if rng.chance(80) {
                break;
            }
        }
    }
    Value::Array(forms)
}

fn costs(rng: &mut Rng, as_of: Day) -> Value {
    let mut costs = Vec::new();
    let first = *rng.pick(&["home", "institution", "community"]);
    for _ in 0..1 + rng.below(4) {
        let setting = match rng.chance(75) {
            true => first,
            false => *rng.pick(&["home", "institution", "community"]),
        };
        // Round sums around the caps, and odd ones for the rounding.
        let fen = match rng.chance(50) {
            true => 10_000 * rng.below(40),
            false => rng.below(400_000),
        };
        let mut cost = json!({ "setting": setting, "month": as_of.month(), "fen": fen });
        if rng.chance(40) {
            let days = 1 + rng.below(last_of_month(as_of.0, as_of.1) as u64);
            cost["days"] = json!(days);
        }
        costs.push(cost);
    }
    Value::Array(costs)
}

fn used(rng: &mut Rng) -> Value {
    let mut used = Vec::new();
    for _ in 0..1 + rng.below(3) {
        let fund = *rng.pick(&["ltci", "care-voucher"]);
        used.push(json!({ "programme": fund, "fen": rng.below(120_000) }));
    }
    Value::Array(used)
}
