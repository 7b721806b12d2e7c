//! Looks for people who notice what no case does: for whoever adds rules.

use std::fmt::Write as _;

use jiff::Span;
use nengli::{Case, Date, Rulebook};
use serde_json::{Value, json};

use crate::cells::Rules;
use crate::changes::Change;
use crate::model::rights::{PLACES, people};
use crate::model::{self, Rng};
use crate::people::{Person, of_text};
use crate::run::{Run, load, named};

/// How many people are tried for each change.
const TRIED: usize = 4_000;

/// Those who were found, one a line, each with the change that it was found for.
pub fn seek(rulebook: &Rulebook, rules: &Rules, run: &Run) -> String {
    let mut out = String::new();
    let mut found: Vec<Person> = Vec::new();
    let mut pool: (String, Vec<(Value, Person)>) = Default::default();
    // Whether a grade shows is a matter of what else stands on the way, not of the person.
    for change in run
        .survivors()
        .filter(|change| !change.what.contains("grade"))
    {
        let loaded = load(rulebook, rules, change);
        let notices = |person: &Person| {
            let mut loaded = loaded.iter();
            loaded.any(|rulebook| person.notices(rulebook, change.depth))
        };
        if found.iter().any(notices) {
            continue;
        }
        if pool.0 != change.file {
            pool = (
                change.file.clone(),
                candidates(rulebook, rules, &change.file),
            );
        }
        let noticed = |case: &Value| notices(&person(rulebook, case));
        let any = pool.1.iter().find(|(_, person)| notices(person));
        let any = any.map(|(case, _)| case.clone());
        let Some(case) = any
            .or_else(|| aimed(rules, change).find(noticed))
            .or_else(|| every(rulebook, rules, change).into_iter().find(noticed))
        else {
            eprintln!("nobody: {}", named(change));
            continue;
        };
        let case = shortened(case, change, &noticed);
        found.push(person(rulebook, &case));
        let line = json!({ "why": named(change), "case": case });
        let _ = writeln!(out, "{line}");
        eprintln!("{line}");
        eprintln!("found: {}", named(change));
    }
    out
}

fn person(rulebook: &Rulebook, case: &Value) -> Person {
    Person::new(rulebook, String::new(), of_text(case.to_string()), None)
}

fn candidates(rulebook: &Rulebook, rules: &Rules, file: &str) -> Vec<(Value, Person)> {
    let root = &rules.files[file];
    let mut rng = Rng::new(11);
    let mut days = Vec::new();
    days_in(root, &mut days);
    let cases = (0..TRIED).map(|number| match root["kind"].as_str() {
        Some("instrument") => form(root["id"].as_str().expect("an id"), &mut rng),
        Some("programmes") => {
            let place = root["jurisdiction"].as_str().expect("a place");
            let under = place.trim_end_matches('0');
            let mut case = people::random_case(&mut rng, number as u64);
            let places: Vec<&str> = PLACES
                .into_iter()
                .filter(|at| at.starts_with(under))
                .collect();
            if rng.chance(90) {
                let at = places.get(rng.below(places.len().max(1) as u64) as usize);
                case["jurisdiction"] = json!(at.copied().unwrap_or(place));
            }
            if rng.chance(40) && !days.is_empty() {
                let day = *rng.pick(&days);
                let month = if rng.chance(20) { 14 } else { 0 };
                move_to(&mut case, day, month);
            }
            case
        }
        _ => people::random_case(&mut rng, number as u64),
    });
    cases
        .map(|mut case| {
            case["case_id"] = json!("cell");
            case["schema"] = json!(1);
            let person = person(rulebook, &case);
            (case, person)
        })
        .collect()
}

/// The days that a file of programmes names, and the days before them.
fn days_in(value: &Value, out: &mut Vec<Date>) {
    match value {
        Value::Object(map) => {
            let inner = map.iter().filter(|(key, _)| *key != "documents");
            inner.for_each(|(_, value)| days_in(value, out));
        }
        Value::Array(list) => list.iter().for_each(|value| days_in(value, out)),
        Value::String(text) => {
            if let Ok(day) = text.parse::<Date>() {
                out.extend([day, day.yesterday().expect("a day")]);
            }
        }
        _ => {}
    }
}

/// Moves a case to a day: forms a little before it, or so many months; nothing after it.
fn move_to(case: &mut Value, day: Date, months: i32) {
    case["as_of"] = json!(day.to_string());
    let before = day.saturating_sub(Span::new().months(months).days(3));
    for form in case["assessments"].as_array_mut().into_iter().flatten() {
        form["date"] = json!(before.to_string());
    }
    if let Some(forms) = case["assessments"].as_array_mut() {
        let mut seen = std::collections::BTreeSet::new();
        forms.retain(|form| seen.insert(form["instrument"].to_string()));
    }
    if let Some(facts) = case["facts"].as_object_mut() {
        facts.retain(|_, value| {
            let date = value.as_str().and_then(|text| text.parse::<Date>().ok());
            date.is_none_or(|date| date <= day)
        });
    }
    for key in ["costs", "used"] {
        if let Some(map) = case.as_object_mut() {
            map.remove(key);
        }
    }
}

/// Forms with the answers that the rule around a change names, at and beside the values
/// that it names.
fn aimed<'r>(rules: &'r Rules, change: &Change) -> impl Iterator<Item = Value> + 'r {
    let root = &rules.files[&change.file];
    let mut steps = change.pointer.split('/').skip(1);
    let rule = steps.next().zip(steps.next());
    let rule = rule.map_or("", |(key, at)| &change.pointer[..key.len() + at.len() + 2]);
    let mut named = Vec::new();
    if let (Some(rule), "instrument") = (root.pointer(rule), root["kind"].as_str().unwrap_or("")) {
        named_in(rule, &mut named);
    }
    let tried = if named.is_empty() { 0 } else { TRIED };
    let mut rng = Rng::new(12);
    (0..tried).map(move |_| {
        let mut case = form(root["id"].as_str().expect("an id"), &mut rng);
        if rng.chance(60) {
            case["assessments"][0]["answers"] = Value::Object(by_domain(root, &mut rng));
        }
        let answers = case["assessments"][0]["answers"].as_object_mut();
        let answers = answers.expect("answers");
        for (code, values) in &named {
            if rng.chance(90) {
                let value = match rng.chance(70) {
                    true => &values[0],
                    false => rng.pick(values),
                };
                answers.insert(code.clone(), value.clone());
            }
        }
        case
    })
}

/// Of a step: every combination of the answers that it names, the others best, and every
/// combination of the grades of domains, each under every reading. Who notices is among
/// them, or nobody can be.
fn every(rulebook: &Rulebook, rules: &Rules, change: &Change) -> Vec<Value> {
    let root = &rules.files[&change.file];
    let mut tokens = change.pointer.split('/').skip(1);
    let (Some("steps"), Some(at)) = (tokens.next(), tokens.next()) else {
        return Vec::new();
    };
    let Some(instrument) = root["id"].as_str().filter(|_| root["kind"] == "instrument") else {
        return Vec::new();
    };
    let domains = root["domains"].as_array().expect("domains");
    let whole = |share: u64| -> Vec<model::Answers> {
        domains
            .iter()
            .map(|domain| of_domain(domain, share))
            .collect()
    };
    let joined = |parts: &[model::Answers]| -> model::Answers {
        parts.iter().flat_map(|part| part.clone()).collect()
    };
    let mut forms = Vec::new();
    // Each domain at each of its grades.
    let mut of_grade: Vec<Vec<model::Answers>> = Vec::new();
    for (i, domain) in domains.iter().enumerate() {
        let mut seen = std::collections::BTreeMap::new();
        for share in 0..=100 {
            let mut parts = whole(0);
            parts[i] = of_domain(domain, share);
            let case = of_answers(instrument, joined(&parts), &model::Readings::new());
            let case: Case = serde_json::from_str(&case.to_string()).expect("a case");
            let result = rulebook.assess(&case).expect("decided");
            let grade = domain["code"]
                .as_str()
                .and_then(|code| result.assessments[0].grades.get(code));
            if let Some(grade) = grade {
                seen.entry(*grade).or_insert_with(|| parts[i].clone());
            }
        }
        of_grade.push(seen.into_values().collect());
    }
    let counts: Vec<usize> = of_grade.iter().map(Vec::len).collect();
    for number in 0..counts.iter().product() {
        let picked = digits(number, &counts);
        let parts = picked
            .iter()
            .zip(&of_grade)
            .map(|(at, parts)| parts[*at].clone());
        forms.push(joined(&parts.collect::<Vec<_>>()));
    }
    // Each combination of the answers that the step names.
    let mut named = Vec::new();
    named_in(
        &root["steps"][at.parse::<usize>().expect("a number")],
        &mut named,
    );
    let mut codes: Vec<String> = named.into_iter().map(|(code, _)| code).collect();
    codes.sort();
    codes.dedup();
    let items = domains
        .iter()
        .flat_map(|domain| domain["items"].as_array().into_iter().flatten());
    let named: Vec<(&str, Vec<Value>)> = items
        .filter_map(|item| {
            let code = item["code"].as_str()?;
            let options = item["options"].as_array()?;
            let value = |option: &Value| {
                ["flag", "score", "key"]
                    .into_iter()
                    .find_map(|key| option.get(key).cloned())
            };
            let values = options.iter().filter_map(value).collect();
            codes
                .iter()
                .any(|one| one == code)
                .then_some((code, values))
        })
        .collect();
    let counts: Vec<usize> = named.iter().map(|(_, values)| values.len()).collect();
    if counts.iter().product::<usize>() <= 2_500 {
        for number in 0..counts.iter().product() {
            let mut answers = joined(&whole(0));
            for (at, (code, values)) in digits(number, &counts).into_iter().zip(&named) {
                answers.insert((*code).to_owned(), values[at].clone());
            }
            forms.push(answers);
        }
    }
    let readings = model::every_reading(instrument);
    forms
        .iter()
        .flat_map(|answers| {
            readings
                .iter()
                .map(|one| of_answers(instrument, answers.clone(), one))
        })
        .collect()
}

fn digits(mut number: usize, counts: &[usize]) -> Vec<usize> {
    let digit = |count: &usize| {
        let digit = number % count;
        number /= count;
        digit
    };
    counts.iter().map(digit).collect()
}

/// The answers that a rule names, and values to try.
fn named_in(rule: &Value, out: &mut Vec<(String, Vec<Value>)>) {
    match rule {
        Value::Object(map) => {
            if let Some(code) = map.get("code").and_then(Value::as_str) {
                let mut values = Vec::new();
                for key in ["is", "at_least", "at_most"] {
                    match map.get(key) {
                        Some(Value::Number(number)) => {
                            let number = number.as_i64().expect("a number");
                            let near = [number, number - 1, number + 1];
                            values.extend(near.into_iter().filter(|at| *at >= 0).map(Value::from));
                        }
                        Some(Value::Bool(flag)) => values.extend([json!(flag), json!(!flag)]),
                        Some(other) => values.push(other.clone()),
                        None => {}
                    }
                }
                values.extend(
                    map.get("one_of")
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
                if map.contains_key("within") {
                    let lists = [json!(["F00"]), json!([]), json!(["G30"]), json!(["F03"])];
                    values.extend(lists);
                }
                if !values.is_empty() {
                    out.push((code.to_owned(), values));
                }
            }
            map.values().for_each(|inner| named_in(inner, out));
        }
        Value::Array(list) => list.iter().for_each(|inner| named_in(inner, out)),
        _ => {}
    }
}

/// A whole form whose domains are each as good or bad throughout, but for an item here
/// and there.
fn by_domain(root: &Value, rng: &mut Rng) -> model::Answers {
    let mut answers = model::Answers::new();
    for domain in root["domains"].as_array().into_iter().flatten() {
        answers.extend(of_domain(domain, rng.below(101)));
        let others = of_domain(domain, rng.below(101));
        answers.extend(others.into_iter().filter(|_| rng.chance(15)));
    }
    answers
}

/// The answers of a domain, so far from its first options to its last, of a hundred.
fn of_domain(domain: &Value, share: u64) -> model::Answers {
    let mut answers = model::Answers::new();
    for item in domain["items"].as_array().into_iter().flatten() {
        let options = item["options"].as_array().expect("options");
        let option = &options[(share * (options.len() as u64 - 1) / 100) as usize];
        let value = ["flag", "score", "key"]
            .into_iter()
            .find_map(|key| option.get(key));
        let code = item["code"].as_str().expect("a code");
        answers.insert(code.to_owned(), value.expect("an answer").clone());
    }
    answers
}

/// A form alone, with any reading.
fn form(instrument: &str, rng: &mut Rng) -> Value {
    let answers = match rng.chance(70) {
        true => model::random_form(instrument, rng),
        false => model::random_partial_form(instrument, rng),
    };
    let readings = model::every_reading(instrument);
    of_answers(instrument, answers, rng.pick(&readings))
}

fn of_answers(instrument: &str, answers: model::Answers, readings: &model::Readings) -> Value {
    let readings: serde_json::Map<String, Value> = readings
        .iter()
        .map(|(id, choice)| (format!("{instrument}/{id}"), json!(choice)))
        .collect();
    let date = match instrument {
        "mzt-039-2013" => "2022-06-01",
        _ => "2026-06-20",
    };
    json!({
        "as_of": "2026-06-30",
        "assessments": [{ "instrument": instrument, "date": date, "answers": answers }],
        "case_id": "cell",
        "interpretations": readings,
        "schema": 1,
    })
}

/// With what it does not need left out.
fn shortened(mut case: Value, change: &Change, noticed: &dyn Fn(&Value) -> bool) -> Value {
    let mut tries: Vec<String> = Vec::new();
    for key in [
        "costs",
        "used",
        "interpretations",
        "facts",
        "assessments",
        "jurisdiction",
    ] {
        tries.push(format!("/{key}"));
        let inner = &case[key];
        if let Some(map) = inner.as_object() {
            tries.extend(
                map.keys()
                    .map(|inner| format!("/{key}/{}", inner.replace('/', "~1"))),
            );
        }
        if let Some(list) = inner.as_array() {
            tries.extend((0..list.len()).rev().map(|at| format!("/{key}/{at}")));
        }
    }
    if change.file.starts_with("instruments/") {
        let fields = case["assessments"][0]["answers"].as_object().cloned();
        let fields = fields.unwrap_or_default();
        let grounds = fields.keys().filter(|code| code.starts_with('A'));
        tries.extend(grounds.map(|code| format!("/assessments/0/answers/{code}")));
    }
    for at in tries {
        let mut less = case.clone();
        let (above, key) = at.rsplit_once('/').expect("a place");
        let Some(above) = less.pointer_mut(above) else {
            continue;
        };
        match above {
            Value::Object(map) if key == "assessments" => {
                drop(map.insert(key.to_owned(), json!([])));
            }
            Value::Object(map) => drop(map.remove(&key.replace("~1", "/"))),
            Value::Array(list) => {
                let Some(at) = key.parse().ok().filter(|at| *at < list.len()) else {
                    continue;
                };
                let _: Value = list.remove(at);
            }
            _ => continue,
        }
        let read = serde_json::from_str::<Case>(&less.to_string()).is_ok();
        if read && noticed(&less) {
            case = less;
        }
    }
    case
}
