//! The engine compared with the model of the rights, case by case, and what
//! came of it.

use std::collections::BTreeMap;
use std::time::Instant;

use super::model::rights::case::Case;
use super::model::rights::known::KNOWN;
use super::model::rights::{PROGRAMMES, Rights, Said, money, payments, people};
use nengli::Rulebook;
use serde_json::{Value, json};

pub fn assess(rulebook: &Rulebook, case: &Value) -> Value {
    let answer = rulebook.assess_json(&case.to_string());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert!(answer.get("rejected").is_none(), "{answer} of {case}");
    answer
}

pub fn entitlement<'a>(answer: &'a Value, programme: &str) -> Option<&'a Value> {
    let all = answer["entitlements"].as_array().expect("entitlements");
    all.iter().find(|entry| entry["programme"] == programme)
}

pub fn status<'a>(answer: &'a Value, programme: &str) -> &'a str {
    let found = entitlement(answer, programme);
    found.map_or("absent", |entry| {
        entry["status"].as_str().expect("a status")
    })
}

/// What was compared, and what the model could not say.
#[derive(Default)]
pub struct Tally {
    pub statuses: BTreeMap<&'static str, u64>,
    pub words: BTreeMap<&'static str, u64>,
    silent: BTreeMap<&'static str, u64>,
    amounts: BTreeMap<&'static str, u64>,
    /// Other readings of a place, by programme, that were compared.
    alternatives: u64,
    pub payments: u64,
    /// Of these, those in which a fund pays a sum that is known.
    paid: u64,
    pub silent_payments: u64,
    known: BTreeMap<&'static str, u64>,
    tells: bool,
    /// By what they are about: how many, and the first.
    pub disagreements: BTreeMap<String, (u64, Value)>,
}

impl Tally {
    fn disagree_unless_known(
        &mut self,
        case: &Case,
        programme: &str,
        model: &str,
        engine: &str,
        json: &Value,
    ) {
        let known = KNOWN
            .iter()
            .find(|known| known.explains(case, programme, model, engine));
        match known {
            Some(known) => *self.known.entry(known.name).or_insert(0) += 1,
            None => {
                let about = format!(
                    "{programme} in {}: model {model}, engine {engine}",
                    case.place
                );
                self.disagree(about, json);
            }
        }
    }

    fn disagree(&mut self, about: String, case: &Value) {
        let new = self.disagreements.len();
        let entry = self.disagreements.entry(about.clone());
        entry.or_insert_with(|| (0, case.clone())).0 += 1;
        // Told at once: a long run need not be waited for.
        if self.disagreements.len() > new && new < 40 && self.tells {
            eprintln!("new: {about}\n    {case}");
        }
    }
}

fn access_of(entitlement: &Value) -> String {
    format!("by {}", entitlement["access"].as_str().unwrap_or("nothing"))
}

pub struct Run {
    rulebook: Rulebook,
    what: &'static str,
    /// The programmes that are compared.
    pub only: &'static [&'static str],
    of: usize,
    done: usize,
    since: Instant,
    pub tally: Tally,
}

impl Run {
    pub fn new(what: &'static str, of: usize) -> Run {
        Run {
            rulebook: Rulebook::builtin().expect("the rulebook"),
            what,
            only: &PROGRAMMES,
            of,
            done: 0,
            since: Instant::now(),
            tally: Tally {
                tells: true,
                ..Tally::default()
            },
        }
    }

    pub fn compare(&mut self, case: &Value) {
        compare(&self.rulebook, case, self.only, &mut self.tally);
        // Every other reading costs a whole decision of the model.
        if self.only.len() == PROGRAMMES.len() && self.done.is_multiple_of(10) {
            compare_alternatives(&self.rulebook, case, &mut self.tally);
        }
        self.done += 1;
        if self.done.is_multiple_of(20_000) {
            eprintln!(
                "{} of {} {}, {} s, {} kinds of disagreement",
                self.done,
                self.of,
                self.what,
                self.since.elapsed().as_secs(),
                self.tally.disagreements.len()
            );
        }
    }

    /// Prints what was and what was not compared; fails on a disagreement, and
    /// shows the smallest case of each of the first few.
    pub fn finish(&self) {
        let tally = &self.tally;
        let all = |counts: &BTreeMap<&'static str, u64>| counts.values().sum::<u64>();
        eprintln!(
            "{} {}: {} statuses agree or are known, the model is silent on {}; {} other readings; \
             {} benefits; {} payments, {} of known sums, silent on {}",
            self.done,
            self.what,
            all(&tally.statuses),
            all(&tally.silent),
            tally.alternatives,
            all(&tally.amounts),
            tally.payments,
            tally.paid,
            tally.silent_payments
        );
        eprintln!("  by status: {:?}", tally.words);
        eprintln!("  silent: {:?}", tally.silent);
        eprintln!("  benefits: {:?}", tally.amounts);
        eprintln!("  known differences: {:?}", tally.known);
        for (about, (count, case)) in tally.disagreements.iter().take(12) {
            let small = smaller(&self.rulebook, case, self.only, about);
            eprintln!("{count} x {about}\n    {small}");
        }
        assert!(
            tally.disagreements.is_empty(),
            "{} kinds of disagreement",
            tally.disagreements.len()
        );
    }
}

pub fn compare(rulebook: &Rulebook, json: &Value, only: &[&'static str], tally: &mut Tally) {
    let answer = assess(rulebook, json);
    let case = Case::read(json);
    // Payments follow from the statuses.
    let mut explained = false;
    let rights = Rights::of(&case);
    for programme in only.iter().copied() {
        let said = rights.to(programme);
        let engine = status(&answer, programme);
        let Some(word) = said.word() else {
            *tally.silent.entry(programme).or_insert(0) += 1;
            continue;
        };
        if engine == "undetermined" {
            let missing = entitlement(&answer, programme).map(|entry| &entry["missing"]);
            let named = missing.and_then(Value::as_array);
            assert!(named.is_some_and(|named| !named.is_empty()), "{json}");
        }
        *tally.statuses.entry(programme).or_insert(0) += 1;
        *tally.words.entry(word).or_insert(0) += 1;
        if word == engine {
            compare_benefit(&case, programme, &said, &answer, json, tally);
            continue;
        }
        tally.disagree_unless_known(&case, programme, word, engine, json);
        explained = true;
    }
    if !explained {
        compare_payments(&case, &answer, json, tally);
    }
}

/// Where another reading of a place comes to another status, the engine lists
/// it, and lists nothing else.
fn compare_alternatives(rulebook: &Rulebook, json: &Value, tally: &mut Tally) {
    let answer = assess(rulebook, json);
    let case = Case::read(json);
    let now = said_of_all(&case);
    for (name, choices) in people::READINGS {
        let taken = case.readings.get(name).map_or(choices[0], String::as_str);
        for choice in choices.iter().filter(|choice| **choice != taken) {
            let mut other = case.clone();
            other.readings.insert(name.to_owned(), (*choice).to_owned());
            for (at, would) in said_of_all(&other).iter().enumerate() {
                let programme = PROGRAMMES[at];
                let (Some(word), Some(would)) = (now[at].word(), would.word()) else {
                    continue;
                };
                // What is absent has no entry; what is disagreed upon already is
                // not compared once more.
                if word == "absent" || word != status(&answer, programme) {
                    continue;
                }
                tally.alternatives += 1;
                let expected = Some(would).filter(|would| *would != word);
                // Also listed: the same status and another benefit.
                let listed = listed_status(&answer, programme, name, choice);
                let listed = listed.filter(|status| *status != word);
                if listed != expected {
                    let about = format!(
                        "{programme} in {} under {name} {choice}: model {expected:?}, engine \
                         {listed:?}",
                        case.place
                    );
                    tally.disagree(about, json);
                }
            }
        }
    }
}

fn said_of_all(case: &Case) -> Vec<Said> {
    let rights = Rights::of(case);
    PROGRAMMES.map(|programme| rights.to(programme)).to_vec()
}

/// The status that the engine lists for another reading.
fn listed_status<'a>(
    answer: &'a Value,
    programme: &str,
    interpretation: &str,
    choice: &str,
) -> Option<&'a str> {
    let all = entitlement(answer, programme)?["alternatives"].as_array()?;
    let found = all.iter().find(|alternative| {
        alternative["interpretation"] == interpretation && alternative["choice"] == choice
    });
    found.map(|alternative| alternative["status"].as_str().unwrap_or("absent"))
}

/// What the facts state of a benefit stands in the engine's.
fn compare_benefit(
    case: &Case,
    programme: &'static str,
    said: &Said,
    answer: &Value,
    json: &Value,
    tally: &mut Tally,
) {
    let Some(found) = entitlement(answer, programme) else {
        return;
    };
    if let Some(access) = money::access(case, programme).filter(|_| money::compared(said)) {
        let (model, engine) = (format!("by {access}"), access_of(found));
        if model != engine {
            tally.disagree_unless_known(case, programme, &model, &engine, json);
        }
    }
    let Some(expected) = money::stated(case, programme).filter(|_| money::compared(said)) else {
        return;
    };
    *tally.amounts.entry(programme).or_insert(0) += 1;
    // Of what is given in several kinds, one is the kind that the facts state.
    let further = found["further_benefits"].as_array().into_iter().flatten();
    let given: Vec<&Value> = [&found["benefit"]]
        .into_iter()
        .chain(further.map(|further| &further["benefit"]))
        .collect();
    let expected = expected.as_object().expect("an object");
    let holds = |given: &&Value| expected.iter().all(|(key, value)| given[key] == *value);
    if !given.iter().any(holds) {
        let about = format!(
            "what {programme} gives in {}: model {expected:?}, engine {given:?}",
            case.place
        );
        tally.disagree(about, json);
    }
}

/// Payers, their order and every fen; under the other reading of the cap too,
/// which is listed just where it comes to other amounts.
fn compare_payments(case: &Case, answer: &Value, json: &Value, tally: &mut Tally) {
    let Ok(expected) = payments::payments(case) else {
        tally.silent_payments += case.costs.len() as u64;
        return;
    };
    let (choice, other) = payments::other_reading(case);
    let other = payments::payments(&other).expect("a reading silences nothing");
    let found = answer["payments"].as_array().expect("payments");
    assert_eq!(found.len(), expected.len(), "one for each cost: {json}");
    for (at, found) in found.iter().enumerate() {
        tally.payments += 1;
        let known_sum = |payer: &(&str, Option<i64>)| payer.0 != "self" && payer.1 > Some(0);
        tally.paid += u64::from(expected[at].iter().any(known_sum));
        let place = &case.place;
        if found["payers"] != as_json(&expected[at]) {
            let about = format!(
                "payments in {place}: model {:?}, engine {}",
                expected[at], found["payers"]
            );
            tally.disagree(about, json);
        }
        let by_the_other = match other[at] == expected[at] {
            true => Value::Null,
            false => json!([{
                "interpretation": "120000/cap_reading",
                "choice": choice,
                "payers": as_json(&other[at]),
            }]),
        };
        let listed = found.get("alternatives").unwrap_or(&Value::Null);
        if *listed != by_the_other {
            let about = format!(
                "other reading of the cap in {place}: model {by_the_other}, engine {listed}"
            );
            tally.disagree(about, json);
        }
    }
}

fn as_json(payers: &payments::Payers) -> Value {
    payers
        .iter()
        .map(|(programme, fen)| json!({ "programme": programme, "fen": fen }))
        .collect()
}

/// The case without all that the disagreement does not need.
fn smaller(rulebook: &Rulebook, case: &Value, only: &[&'static str], about: &str) -> Value {
    let mut small = case.clone();
    loop {
        let shorter = shortened(&small).into_iter().find(|shorter| {
            let mut tally = Tally::default();
            compare(rulebook, shorter, only, &mut tally);
            compare_alternatives(rulebook, shorter, &mut tally);
            tally.disagreements.contains_key(about)
        });
        match shorter {
            Some(shorter) => small = shorter,
            None => return small,
        }
    }
}

/// The case with one thing left out, for each thing.
fn shortened(case: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for key in ["facts", "interpretations"] {
        for (name, _) in case[key].as_object().into_iter().flatten() {
            let mut shorter = case.clone();
            let things = shorter[key].as_object_mut().expect("an object");
            things.remove(name);
            all.push(shorter);
        }
    }
    for key in ["assessments", "costs", "used"] {
        for at in 0..case[key].as_array().map_or(0, Vec::len) {
            let mut shorter = case.clone();
            let things = shorter[key].as_array_mut().expect("a list");
            things.remove(at);
            all.push(shorter);
        }
    }
    all
}
