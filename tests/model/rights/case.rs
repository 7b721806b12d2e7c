//! A case, read from the JSON of the contract by nothing but this file.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{self as model, Answers, Readings};
use super::calendar::Day;
use serde_json::{Map, Value};

/// What is known of one person.
#[derive(Debug, Clone)]
pub struct Case {
    pub as_of: Day,
    /// `000000` where the case names no place.
    pub place: String,
    pub facts: Map<String, Value>,
    /// By instrument: the latest form that rights may read.
    pub forms: BTreeMap<String, Form>,
    pub readings: BTreeMap<String, String>,
    pub costs: Vec<Cost>,
    /// What funds have paid this month already, in fen.
    pub used: BTreeMap<String, i64>,
}

/// The latest form by an instrument, and what it comes to.
#[derive(Debug, Clone)]
pub struct Form {
    pub date: Day,
    pub level: Option<i64>,
    pub possible: BTreeSet<i64>,
    /// Whether A.4.1 names a code of F00 to F03; none if it was not answered.
    pub dementia: Option<bool>,
}

#[derive(Debug, Clone)]
pub struct Cost {
    pub setting: String,
    pub fen: i64,
    pub days: Option<i64>,
}

/// Instruments whose level some right asks.
const ASKED: [&str; 5] = [
    "gbt-42195-2022",
    "nhsa-37-2021",
    "nhsa-37-2021-self",
    "mzt-039-2013",
    "tekun-self-care",
];

impl Case {
    pub fn read(json: &Value) -> Case {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let list = |key: &str| json.get(key).and_then(Value::as_array).cloned();
        let mut readings = BTreeMap::new();
        for (name, choice) in json["interpretations"].as_object().into_iter().flatten() {
            readings.insert(name.clone(), text(choice));
        }
        let mut used = BTreeMap::new();
        for entry in list("used").unwrap_or_default() {
            let fen = entry["fen"].as_i64().expect("fen");
            *used.entry(text(&entry["programme"])).or_insert(0) += fen;
        }
        let costs = list("costs").unwrap_or_default();
        Case {
            as_of: Day::parse(&text(&json["as_of"])),
            place: match json.get("jurisdiction") {
                Some(place) => text(place),
                None => "000000".to_owned(),
            },
            facts: json["facts"].as_object().cloned().unwrap_or_default(),
            forms: forms(&list("assessments").unwrap_or_default(), &readings),
            readings,
            costs: costs
                .iter()
                .map(|cost| Cost {
                    setting: text(&cost["setting"]),
                    fen: cost["fen"].as_i64().expect("fen"),
                    days: cost.get("days").and_then(Value::as_i64),
                })
                .collect(),
            used,
        }
    }

    /// A date that the case states; none also where it states "none".
    pub fn date(&self, id: &str) -> Option<Day> {
        let stated = self.facts.get(id)?.as_str()?;
        (stated != "none").then(|| Day::parse(stated))
    }

    /// The reading of a place that the case takes, or its default.
    pub fn reads(&self, interpretation: &str, choice: &str, default: &str) -> bool {
        let taken = self.readings.get(interpretation);
        taken.map_or(default, String::as_str) == choice
    }
}

fn forms(assessments: &[Value], readings: &BTreeMap<String, String>) -> BTreeMap<String, Form> {
    let mut latest: BTreeMap<String, Form> = BTreeMap::new();
    for assessment in assessments {
        let instrument = assessment["instrument"].as_str().expect("an instrument");
        let date = Day::parse(assessment["date"].as_str().expect("a date"));
        // The 2013 standard was replaced on 2022-12-30; later forms give no right.
        let late = instrument == "mzt-039-2013" && date >= Day(2022, 12, 30);
        let seen = latest.get(instrument).is_some_and(|form| form.date > date);
        if late || seen || !ASKED.contains(&instrument) {
            continue;
        }
        let answers = assessment["answers"].as_object().expect("answers");
        let mut own = Readings::new();
        for (name, choice) in readings {
            if let Some((of, interpretation)) = name.split_once('/')
                && of == instrument
            {
                own.insert(interpretation.to_owned(), choice.clone());
            }
        }
        let verdict = model::decide(instrument, answers, &own);
        let form = Form {
            date,
            level: verdict.level,
            possible: verdict.possible_levels,
            dementia: dementia(answers),
        };
        latest.insert(instrument.to_owned(), form);
    }
    latest
}

/// F00 to F03 among the diagnoses, sub-codes included.
fn dementia(answers: &Answers) -> Option<bool> {
    let diagnoses = answers.get("A.4.1")?.as_array()?;
    Some(diagnoses.iter().any(|diagnosis| {
        let code = diagnosis.as_str().expect("a code").to_uppercase();
        ["F00", "F01", "F02", "F03"]
            .iter()
            .any(|category| code.starts_with(category))
    }))
}
