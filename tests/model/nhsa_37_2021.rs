//! 医保办发〔2021〕37号, from facts/ltci.md, section 1. Higher scores are better,
//! higher levels worse. There are no level changes.

use super::{
    Answers, Item, Rng, Verdict, complete_sum, integer, item, open_scores, random_mood,
    random_score, reachable_sums, steer,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TO_FIFTEEN: &[i64] = &[15, 10, 5, 0];
const TO_TEN: &[i64] = &[10, 5, 0];
const FIVE_OR_NONE: &[i64] = &[5, 0];
const TO_FOUR: &[i64] = &[4, 3, 2, 1, 0];

const C1: [Item; 10] = [
    item("C1.1", TO_TEN),        // eating
    item("C1.2", TO_TEN),        // dressing
    item("C1.3", FIVE_OR_NONE),  // face and mouth care
    item("C1.4", TO_TEN),        // bowel control
    item("C1.5", TO_TEN),        // bladder control
    item("C1.6", TO_TEN),        // toilet use
    item("C1.7", TO_FIFTEEN),    // walking
    item("C1.8", TO_FIFTEEN),    // bed-chair transfer
    item("C1.9", TO_TEN),        // stairs
    item("C1.10", FIVE_OR_NONE), // bathing
];

const C2: [Item; 4] = [
    item("C2.1", TO_FOUR), // orientation in time
    item("C2.2", TO_FOUR), // orientation to persons
    item("C2.3", TO_FOUR), // orientation in place
    item("C2.4", TO_FOUR), // memory
];

const C3: [Item; 3] = [
    item("C3.1", TO_FOUR), // vision
    item("C3.2", TO_FOUR), // hearing
    item("C3.3", TO_FOUR), // communication
];

fn domains() -> [(&'static str, &'static [Item]); 3] {
    [("C1", &C1), ("C2", &C2), ("C3", &C3)]
}

pub fn item_codes() -> Vec<String> {
    let mut codes = Vec::new();
    for (_, items) in domains() {
        for item in items {
            codes.push(item.code.to_string());
        }
    }
    codes
}

pub fn every_answer(code: &str) -> Vec<Value> {
    for (_, items) in domains() {
        for item in items {
            if item.code == code {
                return item.scores.iter().map(|score| json!(score)).collect();
            }
        }
    }
    panic!("no code {code}")
}

fn grade(domain: &str, sum: i64) -> i64 {
    match (domain, sum) {
        ("C1", 100) => 0,
        ("C1", 65..=95) => 1,
        ("C1", 45..=60) => 2,
        ("C1", 0..=40) => 3,
        ("C2", 16) => 0,
        ("C2", 4..=15) => 1,
        ("C2", 2..=3) => 2,
        ("C2", 0..=1) => 3,
        ("C3", 12) => 0,
        ("C3", 4..=11) => 1,
        ("C3", 2..=3) => 2,
        ("C3", 0..=1) => 3,
        _ => panic!("no sum of {domain} is {sum}"),
    }
}

/// Row: the grade of C1. Column: the worse of the grades of C2 and C3.
fn combine(c1: i64, c2: i64, c3: i64) -> i64 {
    let worse = c2.max(c3);
    match (c1, worse) {
        (0, 0) => 0,
        (0, 1) => 0,
        (0, 2) => 1,
        (0, 3) => 1,

        (1, 0) => 1,
        (1, 1) => 1,
        (1, 2) => 1,
        (1, 3) => 2,

        (2, 0) => 2,
        (2, 1) => 2,
        (2, 2) => 2,
        (2, 3) => 3,

        (3, 0) => 3,
        (3, 1) => 3,
        (3, 2) => 4,
        (3, 3) => 5,

        _ => panic!("no grades are {c1}, {c2}, {c3}"),
    }
}

pub fn decide(answers: &Answers) -> Verdict {
    let mut verdict = Verdict::default();
    let mut grades = Vec::new();
    let mut open_grades: Vec<BTreeSet<i64>> = Vec::new();
    for (domain, items) in domains() {
        let mut scores = Vec::new();
        let mut open = Vec::new();
        for item in items {
            let score = integer(answers, item.code, item.scores);
            if score.is_none() {
                verdict.missing.insert(item.code.to_string());
            }
            scores.push(score);
            open.push(open_scores(score, item));
        }
        if let Some(sum) = complete_sum(&scores) {
            verdict.scores.insert(domain.to_string(), sum);
            verdict
                .grades
                .insert(domain.to_string(), grade(domain, sum));
            grades.push(grade(domain, sum));
        }
        open_grades.push(
            reachable_sums(&open)
                .iter()
                .map(|sum| grade(domain, *sum))
                .collect(),
        );
    }

    for &c1 in &open_grades[0] {
        for &c2 in &open_grades[1] {
            for &c3 in &open_grades[2] {
                verdict.possible_levels.insert(combine(c1, c2, c3));
            }
        }
    }
    if grades.len() == 3 {
        verdict.level = Some(combine(grades[0], grades[1], grades[2]));
    }
    verdict
}

pub fn random_form(rng: &mut Rng) -> Answers {
    let mut answers = Answers::new();
    for (domain, of_domain) in domains() {
        let items: Vec<&Item> = of_domain.iter().collect();
        let mood = random_mood(rng);
        let mut scores: Vec<i64> = items
            .iter()
            .map(|item| random_score(rng, item, mood))
            .collect();
        // Half of the domains end at an edge of a grade.
        if rng.chance(50) {
            let edges: &[i64] = match domain {
                "C1" => &[100, 95, 65, 60, 45, 40, 0],
                "C2" => &[16, 15, 4, 3, 2, 1, 0],
                _ => &[12, 11, 4, 3, 2, 1, 0],
            };
            let edge = *rng.pick(edges);
            steer(rng, &items, &mut scores, edge);
        }
        for (item, score) in items.iter().zip(&scores) {
            answers.insert(item.code.to_string(), json!(score));
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A form with the given sums.
    fn with_sums(sums: [i64; 3]) -> Answers {
        let mut answers = Answers::new();
        for ((_, items), sum) in domains().into_iter().zip(sums) {
            let mut left = sum;
            for item in items {
                // Every score is a multiple of the least step of its item.
                let give = left.min(item.scores[0]);
                answers.insert(item.code.to_string(), json!(give));
                left -= give;
            }
            assert_eq!(left, 0);
        }
        answers
    }

    #[test]
    fn greatest_sums() {
        assert_eq!(item_codes().len(), 17);
        for ((_, items), greatest) in domains().into_iter().zip([100, 16, 12]) {
            let sum: i64 = items.iter().map(|item| item.scores[0]).sum();
            assert_eq!(sum, greatest);
        }
    }

    #[test]
    fn grades_at_every_edge() {
        let c1 = [
            (100, 0),
            (95, 1),
            (65, 1),
            (60, 2),
            (45, 2),
            (40, 3),
            (0, 3),
        ];
        let c2 = [(16, 0), (15, 1), (4, 1), (3, 2), (2, 2), (1, 3), (0, 3)];
        let c3 = [(12, 0), (11, 1), (4, 1), (3, 2), (2, 2), (1, 3), (0, 3)];
        for (sum, grade) in c1 {
            assert_eq!(decide(&with_sums([sum, 16, 12])).grades["C1"], grade);
        }
        for (sum, grade) in c2 {
            assert_eq!(decide(&with_sums([100, sum, 12])).grades["C2"], grade);
        }
        for (sum, grade) in c3 {
            assert_eq!(decide(&with_sums([100, 16, sum])).grades["C3"], grade);
        }
    }

    #[test]
    fn levels_by_hand() {
        assert_eq!(decide(&with_sums([100, 16, 12])).level, Some(0));
        assert_eq!(decide(&with_sums([100, 15, 12])).level, Some(0));
        assert_eq!(decide(&with_sums([100, 16, 3])).level, Some(1));
        assert_eq!(decide(&with_sums([80, 0, 12])).level, Some(2));
        assert_eq!(decide(&with_sums([50, 16, 1])).level, Some(3));
        assert_eq!(decide(&with_sums([20, 2, 12])).level, Some(4));
        assert_eq!(decide(&with_sums([0, 0, 0])).level, Some(5));
    }

    #[test]
    fn a_missing_item_leaves_levels_open() {
        let mut answers = with_sums([100, 16, 12]);
        answers.remove("C1.7");
        let verdict = decide(&answers);
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.missing, BTreeSet::from(["C1.7".to_string()]));
        assert_eq!(verdict.possible_levels, BTreeSet::from([0, 1]));
        assert!(!verdict.grades.contains_key("C1"));
        assert_eq!(verdict.grades["C2"], 0);
    }
}
