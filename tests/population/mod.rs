//! A population that does not exist: plausible cases, made from a number and a seed.
//!
//! What can be asked is read from the rulebook: items with their options, fields, facts
//! with their values, places, programmes. A person has a hidden need of care, from 0 to
//! 999, and every form of that person is answered round it, so that forms agree as those
//! of real people do. The same seed and number give the same case, on every platform.

#![allow(dead_code, unreachable_pub)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use nengli::case::{Cost, Setting, Used};
use nengli::instrument::definition::{Field, FieldType, Item, ItemOption};
use nengli::rulebook::{Fact, FactType};
use nengli::{Answer, Assessment, Case, Date, Instrument, Rulebook, date};

/// The form that most persons have.
const MAIN: &str = "gbt-42195-2022";
/// The form that half of the second forms are.
const SECOND: &str = "nhsa-37-2021";

/// Cases by number.
pub struct Population<'r> {
    rulebook: &'r Rulebook,
    seed: u64,
    instruments: Vec<&'r Instrument>,
    /// Places that have rules.
    places: Vec<&'r str>,
    /// Places that are known by name and have none.
    others: Vec<&'r str>,
    programmes: Vec<&'r str>,
}

impl<'r> Population<'r> {
    pub fn new(rulebook: &'r Rulebook, seed: u64) -> Self {
        let places: BTreeSet<&str> = rulebook
            .programme_files()
            .map(|file| file.jurisdiction.as_str())
            .collect();
        let others = rulebook
            .jurisdictions()
            .map(|place| place.code.as_str())
            .filter(|code| !places.contains(code))
            .collect();
        Self {
            rulebook,
            seed,
            instruments: rulebook.instruments().collect(),
            places: places.into_iter().collect(),
            others,
            programmes: rulebook
                .programmes()
                .map(|programme| programme.id.as_str())
                .collect(),
        }
    }

    /// The first so many cases.
    pub fn cases(&self, count: u64) -> impl Iterator<Item = Case> {
        (0..count).map(|number| self.case(number))
    }

    /// The case of this number.
    pub fn case(&self, number: u64) -> Case {
        let mut dice = Dice::of(self.seed, number);
        let as_of = date(2026, 1, 1) + days_long(dice.below(365));
        let mut case = Case::new(format!("p-{number:06}"), as_of);
        // One in six needs no care at all.
        let need = dice.below(1200).saturating_sub(200);
        case.assessments = self.forms(&mut dice, as_of, need);
        if dice.one_in(20) {
            return case;
        }
        let places = if dice.one_in(10) {
            &self.others
        } else {
            &self.places
        };
        case.jurisdiction = dice.pick(places).map(|place| (*place).to_owned());
        let facts = self.facts(&mut dice, &case);
        if dice.one_in(2) {
            case.costs = Some(costs(&mut dice, as_of, &facts));
        }
        if case.costs.is_some() && dice.one_in(8) {
            let programme = dice.pick(&self.programmes);
            case.used.extend(programme.map(|programme| Used {
                fen: money(&mut dice, 60_000),
                programme: (*programme).to_owned(),
            }));
        }
        case.facts = Some(facts);
        case
    }

    // ---- forms -------------------------------------------------------------

    fn forms(&self, dice: &mut Dice, as_of: Date, need: u64) -> Vec<Assessment> {
        let mut chosen: Vec<&str> = Vec::new();
        let any = |dice: &mut Dice| dice.pick(&self.instruments).map(|one| one.id());
        if !dice.one_in(40) {
            let other = any(dice);
            chosen.extend(if dice.one_in(4) { other } else { Some(MAIN) });
        }
        if dice.one_in(2) {
            let other = any(dice);
            chosen.extend(if dice.one_in(3) { other } else { Some(SECOND) });
        }
        chosen.dedup();
        chosen
            .into_iter()
            .filter_map(|id| self.rulebook.instrument(id))
            .map(|instrument| form(dice, instrument, as_of, need))
            .collect()
    }

    // ---- facts -------------------------------------------------------------

    fn facts(&self, dice: &mut Dice, case: &Case) -> BTreeMap<String, Answer> {
        // Some files are full, some have little.
        let known = [950, 800, 400]
            .get(usize::try_from(dice.below(3)).unwrap_or_default())
            .copied()
            .unwrap_or_default();
        let mut facts = BTreeMap::new();
        for fact in self.rulebook.facts() {
            let answered = fact.given_by.as_ref().is_some_and(|given| {
                let mut forms = case.assessments.iter();
                forms.any(|form| form.instrument == given.instrument)
            });
            let value = self.fact(dice, fact, case);
            let stated = fact.id == "birth_date" || dice.below(1000) < known;
            if let Some(value) = value
                && fact.derived.is_none()
                && !answered
                && stated
            {
                facts.insert(fact.id.clone(), value);
            }
        }
        // What one fact says, another does not deny.
        let text = |facts: &BTreeMap<String, Answer>, id: &str| match facts.get(id) {
            Some(Answer::Text(text)) => Some(text.clone()),
            _ => None,
        };
        if text(&facts, "economic_status").is_some_and(|status| status != "tekun") {
            facts.insert("tekun_support".to_owned(), Answer::from("none"));
        }
        if text(&facts, "disability_certificate_grade").is_some() {
            let none = Answer::from("none");
            facts.insert("disability_certificate_type".to_owned(), none);
        }
        facts
    }

    fn fact(&self, dice: &mut Dice, fact: &Fact, case: &Case) -> Option<Answer> {
        let age = |dice: &mut Dice| 55 + dice.below(46).min(dice.below(60));
        let years = match fact.id.as_str() {
            "birth_date" => age(dice),
            "resident_since" | "ltci_insured_since" => 1 + dice.below(10),
            "ltci_conclusion_date" => 0,
            _ => dice.below(4),
        };
        if fact.none.is_some() && dice.one_in(3) {
            return Some(Answer::from("none"));
        }
        let answer = match fact.kind {
            FactType::Boolean if fact.id == "standard_treatment_done" => {
                Answer::Flag(!dice.one_in(8))
            }
            FactType::Boolean => Answer::Flag(dice.one_in(3)),
            FactType::Integer => {
                let (least, most) = (fact.min?, fact.max?);
                let most = if fact.unit.as_deref() == Some("fen") {
                    500_000
                } else {
                    most
                };
                Answer::Number(
                    least
                        + i64::try_from(dice.below(u64::try_from(most - least).ok()? + 1)).ok()?,
                )
            }
            // The last value is the ordinary one where the values are ranks of hardship.
            FactType::Choice if fact.id == "economic_status" && dice.one_in(2) => {
                Answer::from(fact.values.last()?.key.as_str())
            }
            FactType::Choice => Answer::from(dice.pick(&fact.values)?.key.as_str()),
            FactType::Choices => {
                let keys = fact.values.iter().map(|value| value.key.clone());
                Answer::List(keys.filter(|_| dice.one_in(12)).collect())
            }
            FactType::Division => {
                let here = case.jurisdiction.as_deref().filter(|_| !dice.one_in(4));
                Answer::from(here.or_else(|| dice.pick(&self.places).copied())?)
            }
            FactType::Date => {
                let days = years * 365 + dice.below(365);
                Answer::Text((case.as_of - days_long(days)).to_string())
            }
            FactType::Programmes => {
                let ids = self.programmes.iter().map(|id| (*id).to_owned());
                Answer::List(ids.filter(|_| dice.one_in(16)).collect())
            }
        };
        Some(answer)
    }
}

fn form(dice: &mut Dice, instrument: &Instrument, as_of: Date, need: u64) -> Assessment {
    let life = instrument.definition().in_force;
    let latest = life.to.map_or(as_of, |to| (to - days_long(1)).min(as_of));
    let day = (latest - days_long(dice.below(500))).max(life.from);
    let mut form = Assessment::new(instrument.id(), day);
    let mut chosen = Vec::new();
    for item in instrument.items() {
        if let Some(option) = option(dice, instrument, item, need) {
            chosen.push((item.code.as_str(), option));
            let answer = named(item, option);
            form.answers.insert(item.code.to_string(), answer);
        }
    }
    let asked: Vec<&str> = instrument.grounds().map(|ground| ground.code).collect();
    let definition = instrument.definition();
    for field in &definition.fields {
        // Why it was made stands beside the answers, and is not asked twice.
        let reason = definition.reason.as_ref() == Some(&field.code);
        if reason || !asked.contains(&field.code.as_str()) && !dice.one_in(4) {
            continue;
        }
        let said = field.answered_by.as_ref().is_some_and(|by| {
            let key = Some(&by.option);
            let mut options = chosen.iter();
            options.any(|(code, option)| *code == by.code && option.key.as_ref() == key)
        });
        let answer = answer(dice, field, said);
        form.answers
            .extend(answer.map(|answer| (field.code.to_string(), answer)));
    }
    if dice.one_in(12) {
        for _ in 0..=dice.below(4) {
            let codes: Vec<String> = form.answers.keys().cloned().collect();
            if let Some(code) = dice.pick(&codes) {
                form.answers.remove(code);
            }
        }
    }
    form
}

/// An option near the need, and never far off it.
fn option<'i>(
    dice: &mut Dice,
    instrument: &Instrument,
    item: &'i Item,
    need: u64,
) -> Option<&'i ItemOption> {
    let near = (need + dice.below(401)).saturating_sub(200).min(999);
    let count = u64::try_from(item.options.len()).ok()?;
    let mut position = usize::try_from(near * count / 1000).ok()?;
    // Coma is rare, also among those in the greatest need.
    let rare = |option: &ItemOption| {
        let mut fields = instrument.definition().fields.iter();
        fields.any(|field| {
            let by = field.answered_by.as_ref();
            by.is_some_and(|by| by.code == item.code && Some(&by.option) == option.key.as_ref())
        })
    };
    if item.options.get(position).is_some_and(rare) && !dice.one_in(10) {
        position = position.saturating_sub(1);
    }
    item.options.get(position)
}

/// An option as a case names it: by its score where that names no other.
fn named(item: &Item, option: &ItemOption) -> Answer {
    let alone = |score: u8| {
        let same = item
            .options
            .iter()
            .filter(|other| other.score == Some(score));
        same.count() == 1
    };
    match (option.score, option.flag, &option.key) {
        (Some(score), _, _) if alone(score) => Answer::Number(i64::from(score)),
        (None, Some(flag), _) => Answer::Flag(flag),
        (_, _, Some(key)) => Answer::from(key.as_str()),
        (score, _, None) => Answer::Number(score.map_or(0, i64::from)),
    }
}

fn answer(dice: &mut Dice, field: &Field, said: bool) -> Option<Answer> {
    Some(match field.answer {
        FieldType::Flag => Answer::Flag(said),
        // The first option says that there is nothing.
        FieldType::Choice => {
            let option = if dice.one_in(6) {
                dice.pick(&field.options)
            } else {
                field.options.first()
            };
            Answer::from(option?.key.as_str())
        }
        FieldType::Choices => {
            let keys = field.options.iter().map(|option| option.key.to_string());
            Answer::List(keys.filter(|_| dice.one_in(8)).collect())
        }
        FieldType::Diagnoses => {
            let rows = field.rows.iter().filter(|_| dice.one_in(10));
            let entries = rows.map(|row| row.icd.as_ref().unwrap_or(&row.key).to_string());
            Answer::List(entries.collect())
        }
    })
}

fn costs(dice: &mut Dice, as_of: Date, facts: &BTreeMap<String, Answer>) -> Vec<Cost> {
    let setting = match facts.get("setting") {
        Some(Answer::Text(text)) if text == "institution" => Setting::Institution,
        _ => Setting::Home,
    };
    let count = 1 + dice.below(4) / 3;
    let cost = |_| Cost {
        days: dice
            .one_in(4)
            .then(|| u8::try_from(1 + dice.below(28)).unwrap_or(1)),
        fen: money(dice, 600_000),
        month: as_of.strftime("%Y-%m").to_string(),
        setting,
    };
    (0..count).map(cost).collect()
}

/// An amount in fen, in whole jiao, small ones more often.
fn money(dice: &mut Dice, most: u64) -> i64 {
    let fen = dice.below(most).min(dice.below(most)) / 10 * 10;
    i64::try_from(fen).unwrap_or_default()
}

fn days_long(days: u64) -> Duration {
    Duration::from_secs(24 * 60 * 60 * days)
}

/// Numbers that look drawn at random (splitmix64), the same for the same seed.
struct Dice(u64);

impl Dice {
    fn of(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed);
        let start = dice.next() ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Self(start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 on, below `bound`; 0 where the bound is 0.
    fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or_default()
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let bound = u64::try_from(list.len()).ok()?;
        list.get(usize::try_from(self.below(bound)).ok()?)
    }
}
