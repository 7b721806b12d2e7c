//! Forms of GB/T 42195-2022 for tests, and short ways to have them decided.
//!
//! The table of items stands here once more, from the facts page, so that a
//! test does not ask the engine what the engine should allow.

#![allow(dead_code, unreachable_pub)]

use std::sync::OnceLock;

use nengli::instrument::Readings;
use nengli::{Answer, Assessment, Case, Determination, Instrument, Options, Rulebook, Score, date};
use serde_json::{Map, Value, json};

pub const GBT: &str = "gbt-42195-2022";

/// Answers by code, as in a case.
pub type Answers = Map<String, Value>;

/// Every item with its greatest score, in the order of the form. Each allows
/// every score from 0 up to it.
pub const ITEMS: [(&str, u8); 26] = [
    ("B.1.1", 4),
    ("B.1.2", 4),
    ("B.1.3", 4),
    ("B.1.4", 4),
    ("B.1.5", 4),
    ("B.1.6", 4),
    ("B.1.7", 4),
    ("B.1.8", 4),
    ("B.2.1", 4),
    ("B.2.2", 4),
    ("B.2.3", 4),
    ("B.2.4", 3),
    ("B.3.1", 4),
    ("B.3.2", 4),
    ("B.3.3", 4),
    ("B.3.4", 4),
    ("B.3.5", 4),
    ("B.3.6", 4),
    ("B.3.7", 1),
    ("B.3.8", 1),
    ("B.3.9", 2),
    ("B.4.1", 2),
    ("B.4.2", 2),
    ("B.4.3", 4),
    ("B.4.4", 3),
    ("B.4.5", 4),
];

/// What C.4 asks beside the items.
pub const GROUNDS: [&str; 7] = [
    "A.2.14.1", "A.2.14.2", "A.2.14.3", "A.2.14.4", "A.2.14.5", "A.4.1", "A.5.11",
];

/// The levels by code.
pub const LEVELS: [&str; 5] = ["intact", "mild", "moderate", "severe", "complete"];

/// The rules of the crate.
pub fn rulebook() -> &'static Rulebook {
    static RULES: OnceLock<Rulebook> = OnceLock::new();
    RULES.get_or_init(|| Rulebook::builtin().expect("the rules of the crate hold together"))
}

pub fn instrument() -> &'static Instrument {
    rulebook().instrument(GBT).expect("the instrument")
}

/// Every ground answered: none holds.
pub fn no_grounds() -> Answers {
    let mut answers = Answers::new();
    for code in GROUNDS {
        let none = match code {
            "A.4.1" => json!([]),
            "A.5.11" => json!(false),
            _ => json!(0),
        };
        answers.insert(code.to_owned(), none);
    }
    answers
}

/// A complete form with the given total and no ground. Points are taken off all
/// items in turn, so that the answers fit together.
pub fn with_total(total: u8) -> Answers {
    let mut scores = ITEMS.map(|(_, greatest)| greatest);
    let mut off = 90 - total;
    while off > 0 {
        for score in &mut scores {
            let less = off.min(1).min(*score);
            off -= less;
            *score -= less;
        }
    }
    let mut answers = no_grounds();
    for ((code, _), score) in ITEMS.iter().zip(scores) {
        answers.insert((*code).to_owned(), json!(score));
    }
    answers
}

/// `answers` with one more answer, or another.
pub fn with(mut answers: Answers, code: &str, answer: Value) -> Answers {
    answers.insert(code.to_owned(), answer);
    answers
}

pub fn without(mut answers: Answers, codes: &[&str]) -> Answers {
    for code in codes {
        answers.remove(*code);
    }
    answers
}

/// A case of one form.
pub fn case_json(answers: &Answers) -> Value {
    json!({
        "schema": 1,
        "case_id": "t-1",
        "as_of": "2026-06-30",
        "assessments": [{"instrument": GBT, "date": "2026-06-20", "answers": answers}]
    })
}

pub fn case_text(answers: &Answers) -> String {
    case_json(answers).to_string()
}

/// A case of one form, made without JSON text; choices as pairs.
pub fn typed_case(answers: &Answers, readings: &[(&str, &str)]) -> Case {
    let mut form = Assessment::new(GBT, date(2026, 6, 20));
    for (code, answer) in answers {
        form.answers.insert(code.clone(), typed(answer));
    }
    let mut case = Case::new("t-1", date(2026, 6, 30));
    case.assessments.push(form);
    for (interpretation, choice) in readings {
        let key = format!("{GBT}/{interpretation}");
        case.interpretations.insert(key, (*choice).to_owned());
    }
    case
}

fn typed(answer: &Value) -> Answer {
    match answer {
        Value::Bool(flag) => Answer::Flag(*flag),
        Value::Number(number) => Answer::Number(number.as_i64().expect("a whole number")),
        Value::String(text) => Answer::Text(text.clone()),
        Value::Array(list) => Answer::List(
            list.iter()
                .map(|entry| entry.as_str().expect("a text").to_owned())
                .collect(),
        ),
        Value::Null | Value::Object(_) => panic!("no answer: {answer}"),
    }
}

/// The determination of one form.
pub fn determine(answers: &Answers, readings: &[(&str, &str)]) -> Determination {
    rulebook()
        .assess(&typed_case(answers, readings))
        .unwrap_or_else(|rejection| panic!("{rejection}: {answers:?}"))
}

/// The key of the level of one form under the default readings; none while
/// undetermined.
pub fn level(answers: &Answers) -> Option<String> {
    let determination = determine(answers, &[]);
    determination.assessments[0]
        .level
        .as_ref()
        .map(|level| level.key.to_string())
}

/// The answer to a text, as JSON.
pub fn answer(text: &str) -> Value {
    serde_json::from_str(&rulebook().assess_json(text)).expect("an answer in JSON")
}

/// The problems of a text as `(at, kind)`; none if it is accepted.
pub fn problems(text: &str) -> Vec<(String, String)> {
    match rulebook().assess_text(text, Options::default()) {
        Ok(_) => Vec::new(),
        Err(rejection) => rejection
            .rejected
            .iter()
            .map(|problem| {
                let kind = serde_json::to_value(problem.kind).expect("a kind");
                let kind = kind.as_str().expect("a text").to_owned();
                (problem.at.clone(), kind)
            })
            .collect(),
    }
}

/// Codes of the findings of one form.
pub fn findings(answers: &Answers) -> Vec<String> {
    determine(answers, &[])
        .findings
        .into_iter()
        .map(|finding| finding.code.into())
        .collect()
}

/// The scores of a form in the order of the fast path.
pub fn scores(answers: &Answers) -> Vec<Score> {
    ITEMS
        .iter()
        .map(|(code, _)| {
            let score = answers[*code].as_u64().expect("a score");
            Score::new(u8::try_from(score).expect("a small score"))
        })
        .collect()
}

/// Values of the grounds in the order of the fast path.
pub fn grounds(events: [u8; 5], disorder: bool, coma: bool) -> Vec<u8> {
    instrument()
        .grounds()
        .map(|ground| match ground.code {
            "A.2.14.1" => events[0],
            "A.2.14.2" => events[1],
            "A.2.14.3" => events[2],
            "A.2.14.4" => events[3],
            "A.2.14.5" => events[4],
            "A.4.1" => u8::from(disorder),
            "A.5.11" => u8::from(coma),
            other => panic!("C.4 does not ask {other}"),
        })
        .collect()
}

/// The readings with these choices.
pub fn readings(choices: &[(&str, &str)]) -> Readings {
    let mut readings = instrument().default_readings();
    for (interpretation, choice) in choices {
        readings = instrument()
            .with_reading(readings, interpretation, choice)
            .expect("the reading");
    }
    readings
}
