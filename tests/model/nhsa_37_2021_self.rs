//! The self-assessment form of 医保办发〔2021〕37号 (Table B), from facts/ltci.md,
//! section 1. Levels A to G are 0 to 6.

use super::{Answers, Rng, Verdict};
use serde_json::json;

/// The activities of the two classes, numbered in the order of the facts page.
const A_CLASS: [&str; 3] = [
    "1", // eating
    "2", // bladder and bowel control
    "3", // bathing
];
const B_CLASS: [&str; 3] = [
    "4", // dressing
    "5", // toilet use
    "6", // bed-chair transfer
];

const A: i64 = 0;
const B: i64 = 1;
const C: i64 = 2;
const D: i64 = 3;
const E: i64 = 4;
const F: i64 = 5;
const G: i64 = 6;

/// Row: dependent answers of the a-class. Column: those of the b-class.
const TABLE: [[i64; 4]; 4] = [
    [A, B, B, C], //
    [B, C, D, E], //
    [D, E, E, F], //
    [E, F, F, G], //
];

pub fn item_codes() -> Vec<String> {
    let mut codes = Vec::new();
    for code in A_CLASS.into_iter().chain(B_CLASS) {
        codes.push(code.to_string());
    }
    codes
}

/// Whether the person depends on others for an activity.
fn dependent(answers: &Answers, code: &str) -> Option<bool> {
    let answer = answers.get(code)?;
    match answer.as_str() {
        Some("independent" | "partial") => Some(false),
        Some("dependent") => Some(true),
        _ => panic!("{code} does not allow {answer}"),
    }
}

/// How many activities of a class are surely dependent, and how many are
/// unanswered.
fn count(answers: &Answers, class: [&str; 3]) -> (i64, i64) {
    let mut surely = 0;
    let mut unanswered = 0;
    for code in class {
        match dependent(answers, code) {
            Some(true) => surely += 1,
            Some(false) => {}
            None => unanswered += 1,
        }
    }
    (surely, unanswered)
}

pub fn decide(answers: &Answers) -> Verdict {
    let mut verdict = Verdict::default();
    for code in item_codes() {
        if dependent(answers, &code).is_none() {
            verdict.missing.insert(code);
        }
    }
    let (a, a_unanswered) = count(answers, A_CLASS);
    let (b, b_unanswered) = count(answers, B_CLASS);
    if a_unanswered == 0 {
        verdict.scores.insert("a".to_string(), a);
    }
    if b_unanswered == 0 {
        verdict.scores.insert("b".to_string(), b);
    }
    for possible_a in a..=a + a_unanswered {
        for possible_b in b..=b + b_unanswered {
            let level = TABLE[possible_a as usize][possible_b as usize];
            verdict.possible_levels.insert(level);
        }
    }
    if verdict.missing.is_empty() {
        verdict.level = Some(TABLE[a as usize][b as usize]);
    }
    verdict
}

pub fn random_form(rng: &mut Rng) -> Answers {
    let dependent_percent = *rng.pick(&[0, 20, 50, 50, 80, 100]);
    let mut answers = Answers::new();
    for code in item_codes() {
        let answer = if rng.chance(dependent_percent) {
            "dependent"
        } else {
            *rng.pick(&["independent", "partial"])
        };
        answers.insert(code, json!(answer));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn form(words: [&str; 6]) -> Answers {
        let mut answers = Answers::new();
        for (code, word) in item_codes().into_iter().zip(words) {
            answers.insert(code, json!(word));
        }
        answers
    }

    const I: &str = "independent";
    const P: &str = "partial";
    const X: &str = "dependent";

    #[test]
    fn levels_by_hand() {
        assert_eq!(decide(&form([I, I, I, I, I, I])).level, Some(A));
        assert_eq!(decide(&form([P, P, P, P, P, P])).level, Some(A));
        assert_eq!(decide(&form([I, I, I, X, P, X])).level, Some(B));
        assert_eq!(decide(&form([I, I, I, X, X, X])).level, Some(C));
        assert_eq!(decide(&form([X, P, I, X, X, I])).level, Some(D));
        assert_eq!(decide(&form([X, X, P, P, P, I])).level, Some(D));
        assert_eq!(decide(&form([X, X, X, I, I, I])).level, Some(E));
        assert_eq!(decide(&form([X, X, I, X, X, X])).level, Some(F));
        assert_eq!(decide(&form([X, X, X, X, X, X])).level, Some(G));
    }

    #[test]
    fn a_missing_answer_leaves_levels_open() {
        let mut answers = form([X, X, X, X, I, I]);
        answers.remove("6");
        let verdict = decide(&answers);
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.possible_levels, BTreeSet::from([F]));
        answers.remove("1");
        let verdict = decide(&answers);
        assert_eq!(verdict.possible_levels, BTreeSet::from([E, F]));
    }
}
