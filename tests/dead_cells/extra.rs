//! Cases that notice what no other case does: `tests/dead_cells/cases/*.json`, one a line.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use nengli::Rulebook;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::model::rights::PROGRAMMES;
use crate::model::{self, Answers, Readings};
use crate::people::folder;
use crate::rights_comparison::{Tally, compare};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// What it is there for.
    pub why: String,
    /// One case, or `{"new", "previous"}`.
    pub case: Value,
    /// What it comes to, in short.
    #[serde(default)]
    pub expect: Value,
}

/// By the file that they stand in.
pub fn all() -> BTreeMap<PathBuf, Vec<Extra>> {
    let files = fs::read_dir(folder("dead_cells/cases")).expect("the folder of cases");
    files
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a file of cases");
            let cases = serde_json::from_str(&text);
            let cases = cases.unwrap_or_else(|error| panic!("{path:?}: {error}"));
            (path, cases)
        })
        .collect()
}

/// Levels, findings, who is entitled to what, who pays what; or why it is refused.
pub fn comes_to(rulebook: &Rulebook, case: &Value) -> Value {
    let answer = match case.get("previous") {
        Some(previous) => rulebook.compare_json(&previous.to_string(), &case["new"].to_string()),
        None => rulebook.assess_json(&case.to_string()),
    };
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let list = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    let refused = list("rejected");
    if !refused.is_empty() {
        let problems = refused.iter().map(|one| json!([one["at"], one["kind"]]));
        return json!({ "rejected": problems.collect::<Vec<_>>() });
    }
    let mut out = Map::new();
    let mut put = |key: &str, values: Vec<Value>| {
        if !values.is_empty() {
            out.insert(key.to_owned(), Value::Array(values));
        }
    };
    let key = |level: &Value| level.get("key").cloned().unwrap_or_default();
    let levels = list("assessments")
        .into_iter()
        .map(|form| match form["level"].get("previous") {
            Some(previous) => json!([key(previous), key(&form["level"]["new"])]),
            None => key(&form["level"]),
        });
    put("levels", levels.collect());
    let codes = list("findings")
        .into_iter()
        .map(|finding| finding["code"].clone());
    put("findings", codes.collect());
    let care = list("care_levels")
        .into_iter()
        .filter_map(|level| level.get("key").cloned());
    put("care_levels", care.collect());
    let due = list("due")
        .into_iter()
        .map(|due| due.get("by").unwrap_or(&due["upon"]).clone());
    put("due", due.collect());
    for status in ["entitled", "discretionary", "excluded", "undetermined"] {
        let rights = list("entitlements").into_iter();
        let with = rights.filter(|right| right["status"] == status);
        put(
            status,
            with.map(|right| right["programme"].clone()).collect(),
        );
    }
    let payments = list("payments").into_iter().map(|payment| {
        let payers = payment["payers"].as_array().cloned().unwrap_or_default();
        payers
            .into_iter()
            .map(|payer| payer["fen"].clone())
            .collect()
    });
    put("payments", payments.collect());
    Value::Object(out)
}

/// Where the reference models say otherwise.
pub fn against_models(rulebook: &Rulebook, case: &Value) -> impl Iterator<Item = String> {
    let mut faults = Vec::new();
    let answer = rulebook.assess_json(&case.to_string());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    if case.get("previous").is_some() || answer.get("rejected").is_some() {
        return faults.into_iter();
    }
    let forms = case["assessments"].as_array().into_iter().flatten();
    for (form, result) in forms.zip(answer["assessments"].as_array().into_iter().flatten()) {
        let instrument = form["instrument"].as_str().expect("an instrument");
        let mut readings = Readings::new();
        for (key, choice) in case["interpretations"].as_object().into_iter().flatten() {
            if let (Some((of, id)), Some(choice)) = (key.split_once('/'), choice.as_str())
                && of == instrument
            {
                readings.insert(id.to_owned(), choice.to_owned());
            }
        }
        let answers = as_scores(
            rulebook,
            instrument,
            form["answers"].as_object().expect("answers"),
        );
        let model = model::decide(instrument, &answers, &readings).level;
        if model != result["level"]["code"].as_i64() {
            faults.push(format!("{instrument}: the model says {model:?}"));
        }
    }
    if answer.get("entitlements").is_some() && case.get("facts").is_some() {
        let mut tally = Tally::default();
        compare(rulebook, case, &PROGRAMMES, &mut tally);
        faults.extend(tally.disagreements.into_keys());
    }
    faults.into_iter()
}

/// What the models know of a form, answered as they know it: by scores, but for an option
/// that answers a field.
fn as_scores(rulebook: &Rulebook, instrument: &str, answers: &Answers) -> Answers {
    let definition = rulebook
        .instrument(instrument)
        .expect("an instrument")
        .definition();
    let grounds = model::ground_codes(instrument);
    let mut out = Answers::new();
    for item in definition.domains.iter().flat_map(|domain| &domain.items) {
        let Some(answer) = answers.get(item.code.as_str()) else {
            continue;
        };
        let named = item
            .options
            .iter()
            .find(|option| option.key.as_deref() == answer.as_str());
        let score = answer.as_str().and(named).and_then(|option| option.score);
        let stands_in = definition.fields.iter().any(|field| {
            let by = field.answered_by.as_ref();
            by.is_some_and(|by| by.code == item.code && Some(by.option.as_str()) == answer.as_str())
        });
        let answer = match score.filter(|_| !stands_in) {
            Some(score) => json!(score),
            None => answer.clone(),
        };
        out.insert(item.code.to_string(), answer);
    }
    for field in &definition.fields {
        if let Some(answer) = answers
            .get(field.code.as_str())
            .filter(|_| grounds.iter().any(|code| field.code == *code))
        {
            let option = answer
                .as_str()
                .and_then(|key| field.options.iter().find(|one| one.key == key));
            let code = option.and_then(|option| option.code);
            let answer = code.map_or_else(|| answer.clone(), |code| json!(code));
            out.insert(field.code.to_string(), answer);
        }
    }
    out
}
