//! Every combination of what the insurance asks, and of what divides a cost:
//! each number is one case.

use super::super as model;
use super::PLACES;
use super::calendar::Day;
use serde_json::{Value, json};

/// Takes digits off a number, each in the base of the choices there are.
struct Digits(usize);

impl Digits {
    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        let digit = self.0 % choices.len();
        self.0 /= choices.len();
        choices[digit].clone()
    }
}

/// Before, on and after each first day that the insurance knows.
const INSURANCE_DAYS: [Day; 12] = [
    Day(2022, 12, 14),
    Day(2022, 12, 15),
    Day(2024, 5, 31),
    Day(2024, 6, 1),
    Day(2025, 5, 6),
    Day(2025, 5, 7),
    Day(2026, 3, 24),
    Day(2026, 3, 25),
    Day(2026, 3, 31),
    Day(2026, 4, 1),
    Day(2027, 1, 1),
    Day(2028, 2, 29),
];

const KINDS: [Option<&str>; 6] = [
    None,
    Some("employee"),
    Some("retired_employee"),
    Some("flexible"),
    Some("resident"),
    Some("none"),
];

/// Full months since a day; -1 is "none".
const SPANS: [Option<i64>; 4] = [None, Some(5), Some(6), Some(-1)];
const YES_NO: [Option<bool>; 3] = [None, Some(true), Some(false)];
const LEVELS: [Option<i64>; 7] = [None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)];

pub fn insurance_combinations() -> usize {
    PLACES.len()
        * INSURANCE_DAYS.len()
        * KINDS.len()
        * LEVELS.len()
        * SPANS.len()
        * SPANS.len()
        * YES_NO.len()
        * YES_NO.len()
}

pub fn insurance_case(number: usize) -> Value {
    let mut digits = Digits(number);
    let place = digits.pick(&PLACES);
    let as_of = digits.pick(&INSURANCE_DAYS);
    let mut facts = serde_json::Map::new();
    if let Some(kind) = digits.pick(&KINDS) {
        facts.insert("medical_insurance".to_owned(), json!(kind));
    }
    let level = digits.pick(&LEVELS);
    for id in ["care_dependent_since", "ltci_insured_since"] {
        let since = match digits.pick(&SPANS) {
            None => continue,
            Some(-1) => json!("none"),
            // A day short of six months, or six months to the day.
            Some(5) => json!(as_of.plus_months(-6).plus_days(1).to_string()),
            Some(months) => json!(as_of.plus_months(-months).to_string()),
        };
        facts.insert(id.to_owned(), since);
    }
    for id in ["standard_treatment_done", "work_injury_nursing_allowance"] {
        if let Some(answer) = digits.pick(&YES_NO) {
            facts.insert(id.to_owned(), json!(answer));
        }
    }
    let forms: Vec<Value> = level
        .map(|level| insurance_form(level, as_of.plus_days(-40)))
        .into_iter()
        .collect();
    json!({
        "case_id": format!("insurance-{number}"),
        "as_of": as_of.to_string(),
        "jurisdiction": place,
        "assessments": forms,
        "facts": facts,
    })
}

/// Domains all best or all worst, in the way that gives the level.
fn insurance_form(level: i64, date: Day) -> Value {
    let mut answers = model::Answers::new();
    let adl = [10, 10, 5, 10, 10, 10, 15, 15, 10, 5];
    let best: Vec<i64> = adl.into_iter().chain([4; 7]).collect();
    let codes = model::item_codes("nhsa-37-2021");
    for (code, score) in codes.iter().zip(&best) {
        answers.insert(code.clone(), json!(score));
    }
    // ADL 100, 95, 60 or 0; cognition 16, 2 or 0, by the table of the model.
    let set = |answers: &mut model::Answers, which: &str, to: i64| {
        for code in codes.iter().filter(|code| code.starts_with(which)) {
            answers.insert(code.clone(), json!(to));
        }
    };
    match level {
        0 => {}
        1 => {
            answers.insert("C1.10".to_owned(), json!(0));
        }
        2 => {
            for code in ["C1.1", "C1.2", "C1.4", "C1.5"] {
                answers.insert(code.to_owned(), json!(0));
            }
        }
        _ => set(&mut answers, "C1.", 0),
    }
    match level {
        4 => {
            set(&mut answers, "C2.", 0);
            answers.insert("C2.1".to_owned(), json!(2));
        }
        5 => set(&mut answers, "C2.", 0),
        _ => {}
    }
    let verdict = model::decide("nhsa-37-2021", &answers, &model::Readings::new());
    assert_eq!(verdict.level, Some(level), "the form gives its level");
    json!({ "instrument": "nhsa-37-2021", "date": date.to_string(), "answers": answers })
}

/// Around one, the daily and monthly caps, and where the voucher runs out.
const COSTS: [i64; 27] = [
    0, 1, 2, 3, 9, 99, 100, 6_999, 7_000, 7_001, 79_999, 80_000, 80_001, 109_999, 110_000, 110_001,
    146_666, 146_667, 196_000, 209_999, 210_000, 210_001, 280_001, 399_999, 640_000, 640_001,
    1_000_003,
];
const SETTINGS: [&str; 3] = ["home", "institution", "community"];
const MODES: [Option<&str>; 4] = [None, Some("agency"), Some("relative"), Some("none")];
const DAYS: [Option<i64>; 4] = [None, Some(1), Some(27), Some(28)];
const PAID_BY_INSURANCE: [i64; 7] = [0, 1, 82_499, 82_500, 137_199, 157_499, 157_501];
const PAID_BY_VOUCHER: [i64; 4] = [0, 1, 79_999, 80_000];
const READINGS: [&str; 2] = ["counted_cost", "payment"];
/// Tianjin and the frame; a short month and long ones, with and without the
/// voucher.
const DIVISION_PLACES: [&str; 3] = ["120101", "110000", "130802"];
const DIVISION_DAYS: [Day; 3] = [Day(2026, 6, 30), Day(2026, 2, 10), Day(2027, 1, 31)];
/// Level of GB/T 42195, and so whether the voucher pays.
const VOUCHER: [Option<bool>; 3] = [Some(true), Some(false), None];

pub fn division_combinations() -> usize {
    COSTS.len()
        * SETTINGS.len()
        * MODES.len()
        * DAYS.len()
        * PAID_BY_INSURANCE.len()
        * PAID_BY_VOUCHER.len()
        * READINGS.len()
        * DIVISION_PLACES.len()
        * DIVISION_DAYS.len()
        * VOUCHER.len()
}

/// Someone whom the insurance covers, with that cost and a second one beside it.
pub fn division_case(number: usize) -> Value {
    let mut digits = Digits(number);
    let fen = digits.pick(&COSTS);
    let setting = digits.pick(&SETTINGS);
    let mode = digits.pick(&MODES);
    let days = digits.pick(&DAYS);
    let insurance = digits.pick(&PAID_BY_INSURANCE);
    let voucher = digits.pick(&PAID_BY_VOUCHER);
    let reading = digits.pick(&READINGS);
    let place = digits.pick(&DIVISION_PLACES);
    let as_of = digits.pick(&DIVISION_DAYS);
    let covered = digits.pick(&VOUCHER);

    let mut facts = json!({
        "birth_date": "1941-03-02",
        "economic_status": "none",
        "medical_insurance": if number.is_multiple_of(5) { "resident" } else { "employee" },
        "ltci_insured_since": "2021-01-01",
        "care_dependent_since": "2023-01-01",
        "standard_treatment_done": true,
        "work_injury_nursing_allowance": false,
    });
    if let Some(mode) = mode {
        facts["ltci_home_care_mode"] = json!(mode);
    }
    let mut forms = vec![insurance_form(3, as_of.plus_days(-40))];
    if let Some(covered) = covered {
        forms.push(dependency_form(covered, as_of.plus_days(-40)));
    }
    let mut cost = json!({ "setting": setting, "month": as_of.month(), "fen": fen });
    if let Some(days) = days {
        cost["days"] = json!(days);
    }
    let second = json!({
        "setting": SETTINGS[number % 3],
        "month": as_of.month(),
        "fen": COSTS[number % COSTS.len()],
    });
    json!({
        "case_id": format!("division-{number}"),
        "as_of": as_of.to_string(),
        "jurisdiction": place,
        "assessments": forms,
        "facts": facts,
        "costs": [cost, second],
        "used": [
            { "programme": "ltci", "fen": insurance },
            { "programme": "care-voucher", "fen": voucher },
        ],
        "interpretations": { "120000/cap_reading": reading },
    })
}

/// GB/T 42195: nothing done alone, or everything.
fn dependency_form(dependent: bool, date: Day) -> Value {
    let mut rng = model::Rng::new(7);
    loop {
        let answers = model::random_form("gbt-42195-2022", &mut rng);
        let verdict = model::decide("gbt-42195-2022", &answers, &model::Readings::new());
        let level = verdict.level.expect("a complete form");
        if (level >= 2) == dependent {
            return json!({
                "instrument": "gbt-42195-2022", "date": date.to_string(), "answers": answers,
            });
        }
    }
}
