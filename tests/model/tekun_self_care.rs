//! The self-care test of 《特困人员认定办法》, from facts/care-levels.md. Six
//! activities, true when the person does it alone; levels 0 to 2.

use super::{Answers, Rng, Verdict, boolean};
use serde_json::json;

const ACTIVITIES: [&str; 6] = [
    "1", // eating
    "2", // dressing
    "3", // getting in and out of bed
    "4", // toilet use
    "5", // walking indoors
    "6", // bathing
];

pub fn item_codes() -> Vec<String> {
    ACTIVITIES.map(str::to_string).to_vec()
}

fn level(not_met: usize) -> i64 {
    match not_met {
        0 => 0,
        1..=3 => 1,
        4..=6 => 2,
        _ => panic!("there are six activities, not {not_met}"),
    }
}

pub fn decide(answers: &Answers) -> Verdict {
    let mut verdict = Verdict::default();
    let mut not_met = 0;
    let mut unanswered = 0;
    for code in ACTIVITIES {
        match boolean(answers, code) {
            Some(true) => {}
            Some(false) => not_met += 1,
            None => {
                unanswered += 1;
                verdict.missing.insert(code.to_string());
            }
        }
    }
    for possible in not_met..=not_met + unanswered {
        verdict.possible_levels.insert(level(possible));
    }
    if unanswered == 0 {
        verdict.level = Some(level(not_met));
    }
    verdict
}

pub fn random_form(rng: &mut Rng) -> Answers {
    let alone_percent = *rng.pick(&[0, 30, 50, 50, 80, 100]);
    let mut answers = Answers::new();
    for code in ACTIVITIES {
        answers.insert(code.to_string(), json!(rng.chance(alone_percent)));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A form in which the first activities are not done alone.
    fn not_alone(first: usize) -> Answers {
        let mut answers = Answers::new();
        for (at, code) in ACTIVITIES.iter().enumerate() {
            answers.insert(code.to_string(), json!(at >= first));
        }
        answers
    }

    #[test]
    fn levels_by_hand() {
        let mut levels = Vec::new();
        for first in 0..=6 {
            levels.push(decide(&not_alone(first)).level);
        }
        assert_eq!(levels, [0, 1, 1, 1, 2, 2, 2].map(Some));
    }

    #[test]
    fn a_missing_answer_leaves_levels_open() {
        let mut answers = not_alone(3);
        answers.remove("6");
        let verdict = decide(&answers);
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.possible_levels, BTreeSet::from([1, 2]));
        let mut answers = not_alone(5);
        answers.remove("6");
        let verdict = decide(&answers);
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.possible_levels, BTreeSet::from([2]));
    }
}
