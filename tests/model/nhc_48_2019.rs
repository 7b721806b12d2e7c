//! 国卫医发〔2019〕48号, from facts/nhc-48-2019.md. Higher scores are worse. The
//! cut-offs and the matrix were not found, so only a coma gives a level.

use super::{
    Answers, Item, Readings, Rng, Verdict, boolean, chosen, complete_sum, integer, item,
    random_mood, random_score,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ID: &str = "nhc-48-2019";

const DAILY: &[i64] = &[0, 1, 2, 3, 4];
const MENTAL: &[i64] = &[0, 1, 2, 3, 5];
const SENSES: &[i64] = &[0, 1, 2, 3];

const PART_1: [Item; 15] = [
    item("3.1.1", DAILY),  // turning over when lying
    item("3.1.2", DAILY),  // bed-chair transfer
    item("3.1.3", DAILY),  // walking
    item("3.1.4", DAILY),  // moving without walking
    item("3.1.5", DAILY),  // endurance
    item("3.1.6", DAILY),  // stairs
    item("3.1.7", DAILY),  // taking food
    item("3.1.8", DAILY),  // grooming
    item("3.1.9", DAILY),  // upper garments
    item("3.1.10", DAILY), // trousers
    item("3.1.11", DAILY), // washing
    item("3.1.12", DAILY), // toilet use
    item("3.1.13", DAILY), // bladder control
    item("3.1.14", DAILY), // bowel control
    item("3.1.15", DAILY), // taking medicine
];

const PART_2: [Item; 8] = [
    item("3.2.1", MENTAL), // orientation in time
    item("3.2.2", MENTAL), // orientation in place
    item("3.2.3", MENTAL), // orientation to persons
    item("3.2.4", MENTAL), // memory
    item("3.2.5", MENTAL), // aggression
    item("3.2.6", MENTAL), // depressive symptoms
    item("3.2.7", MENTAL), // compulsive behaviour
    item("3.2.8", MENTAL), // managing money
];

const PART_3: [Item; 4] = [
    item("3.3.1", SENSES), // consciousness
    item("3.3.2", SENSES), // vision
    item("3.3.3", SENSES), // hearing
    item("3.3.4", SENSES), // communication
];

const SYNDROMES: [&str; 12] = [
    "3.4.1",  // falls
    "3.4.2",  // delirium
    "3.4.3",  // chronic pain
    "3.4.4",  // parkinsonism
    "3.4.5",  // depression
    "3.4.6",  // syncope
    "3.4.7",  // polypharmacy
    "3.4.8",  // dementia
    "3.4.9",  // insomnia
    "3.4.10", // urinary incontinence
    "3.4.11", // pressure injury
    "3.4.12", // other
];

fn parts() -> [(&'static str, &'static [Item]); 3] {
    [("3.1", &PART_1), ("3.2", &PART_2), ("3.3", &PART_3)]
}

const COMA: i64 = 3;

/// The scored items and the syndromes.
pub fn item_codes() -> Vec<String> {
    let mut codes = Vec::new();
    for (_, items) in parts() {
        for item in items {
            codes.push(item.code.to_string());
        }
    }
    for code in SYNDROMES {
        codes.push(code.to_string());
    }
    codes
}

pub fn every_answer(code: &str) -> Vec<Value> {
    if SYNDROMES.contains(&code) {
        return vec![json!(false), json!(true)];
    }
    for (_, items) in parts() {
        for item in items {
            if item.code == code {
                return item.scores.iter().map(|score| json!(score)).collect();
            }
        }
    }
    panic!("no code {code}")
}

pub fn decide(answers: &Answers, readings: &Readings) -> Verdict {
    let coma_is_level_3 = chosen(ID, readings, "coma_means", "level_3");
    let mut verdict = Verdict::default();

    for (part, items) in parts() {
        let mut scores = Vec::new();
        for item in items {
            let score = integer(answers, item.code, item.scores);
            if score.is_none() {
                verdict.missing.insert(item.code.to_string());
            }
            scores.push(score);
        }
        if let Some(sum) = complete_sum(&scores) {
            verdict.scores.insert(part.to_string(), sum);
        }
    }

    let mut present = Vec::new();
    for code in SYNDROMES {
        let syndrome = boolean(answers, code);
        if syndrome.is_none() {
            verdict.missing.insert(code.to_string());
        }
        present.push(syndrome.map(i64::from));
    }
    if let Some(count) = complete_sum(&present) {
        verdict.scores.insert("syndromes".to_string(), count);
    }

    if integer(answers, "3.3.1", SENSES) == Some(COMA) && coma_is_level_3 {
        verdict.level = Some(3);
        verdict.possible_levels = BTreeSet::from([3]);
    }
    verdict
}

pub fn random_form(rng: &mut Rng) -> Answers {
    let mut answers = Answers::new();
    for (_, items) in parts() {
        let mood = random_mood(rng);
        for item in items {
            let score = random_score(rng, item, mood);
            answers.insert(item.code.to_string(), json!(score));
        }
    }
    // Few people are in a coma.
    let consciousness = *rng.pick(&[0, 0, 0, 0, 0, 1, 1, 2, 3, 3]);
    answers.insert("3.3.1".to_string(), json!(consciousness));
    let syndrome_percent = *rng.pick(&[0, 10, 30, 60, 100]);
    for code in SYNDROMES {
        answers.insert(code.to_string(), json!(rng.chance(syndrome_percent)));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst() -> Answers {
        let mut answers = Answers::new();
        for (_, items) in parts() {
            for item in items {
                let score = item.scores.iter().max().expect("some score is allowed");
                answers.insert(item.code.to_string(), json!(score));
            }
        }
        for code in SYNDROMES {
            answers.insert(code.to_string(), json!(true));
        }
        answers
    }

    #[test]
    fn greatest_sums() {
        let verdict = decide(&worst(), &Readings::new());
        assert_eq!(verdict.scores["3.1"], 60);
        assert_eq!(verdict.scores["3.2"], 40);
        assert_eq!(verdict.scores["3.3"], 12);
        assert_eq!(verdict.scores["syndromes"], 12);
        assert_eq!(verdict.level, Some(3));
    }

    #[test]
    fn only_coma_gives_a_level_and_only_under_one_reading() {
        let mut answers = worst();
        let ability = Readings::from([("coma_means".to_string(), "ability_grade".to_string())]);
        let verdict = decide(&answers, &ability);
        assert_eq!(verdict.level, None);
        assert!(verdict.possible_levels.is_empty());

        answers.insert("3.3.1".to_string(), json!(2));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, None);
        assert!(verdict.possible_levels.is_empty());
        assert!(verdict.missing.is_empty());

        let only_coma = Answers::from_iter([("3.3.1".to_string(), json!(3))]);
        let verdict = decide(&only_coma, &Readings::new());
        assert_eq!(verdict.level, Some(3));
        assert_eq!(verdict.missing.len(), 14 + 1 + 8 + 3 + 12);
        assert!(verdict.scores.is_empty());
    }
}
