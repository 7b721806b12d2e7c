//! MZ/T 039-2013, from facts/mzt-039-2013.md. In B.1 higher is better, in B.2,
//! B.3 and B.4 higher is worse; grades and levels run from 0 (best) to 3.

use super::{
    Answers, Change, Item, Readings, Rng, Verdict, chosen, complete_sum, integer, item,
    open_scores, open_truths, random_mood, random_score, reachable_sums, steer, two_events,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ID: &str = "mzt-039-2013";

const TO_FIFTEEN: &[i64] = &[15, 10, 5, 0];
const TO_TEN: &[i64] = &[10, 5, 0];
const FIVE_OR_NONE: &[i64] = &[5, 0];
const UP_TO_TWO: &[i64] = &[0, 1, 2];
const UP_TO_THREE: &[i64] = &[0, 1, 2, 3];
const UP_TO_FOUR: &[i64] = &[0, 1, 2, 3, 4];

const B1: [Item; 10] = [
    item("B.1.1", TO_TEN),       // eating
    item("B.1.2", FIVE_OR_NONE), // bathing
    item("B.1.3", FIVE_OR_NONE), // grooming
    item("B.1.4", TO_TEN),       // dressing
    item("B.1.5", TO_TEN),       // bowel control
    item("B.1.6", TO_TEN),       // bladder control
    item("B.1.7", TO_TEN),       // toilet use
    item("B.1.8", TO_FIFTEEN),   // bed-chair transfer
    item("B.1.9", TO_FIFTEEN),   // walking
    item("B.1.10", TO_TEN),      // stairs
];

const B2: [Item; 3] = [
    item("B.2.1", UP_TO_TWO), // cognition
    item("B.2.2", UP_TO_TWO), // aggression
    item("B.2.3", UP_TO_TWO), // depressive symptoms
];

const B3: [Item; 4] = [
    item("B.3.1", UP_TO_THREE), // consciousness
    item("B.3.2", UP_TO_FOUR),  // vision
    item("B.3.3", UP_TO_FOUR),  // hearing
    item("B.3.4", UP_TO_THREE), // communication
];

const B4: [Item; 5] = [
    item("B.4.1", UP_TO_FOUR), // ability to live
    item("B.4.2", UP_TO_FOUR), // ability to work
    item("B.4.3", UP_TO_FOUR), // orientation in time and place
    item("B.4.4", UP_TO_FOUR), // orientation to persons
    item("B.4.5", UP_TO_FOUR), // social contact
];

fn domains() -> [(&'static str, &'static [Item]); 4] {
    [("B.1", &B1), ("B.2", &B2), ("B.3", &B3), ("B.4", &B4)]
}

const DEMENTIA: &str = "A.2.13.1";
const MENTAL_ILLNESS: &str = "A.2.13.2";
const EVENTS: [&str; 4] = ["A.2.14.1", "A.2.14.2", "A.2.14.3", "A.2.14.4"];

const COMA: i64 = 3;
const WORST: i64 = 3;

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
    if code == MENTAL_ILLNESS {
        return (0..=6).map(|kind| json!(kind)).collect();
    }
    if code == DEMENTIA || EVENTS.contains(&code) {
        return (0..=3).map(|count| json!(count)).collect();
    }
    for (_, items) in domains() {
        for item in items {
            if item.code == code {
                return item.scores.iter().map(|score| json!(score)).collect();
            }
        }
    }
    panic!("no code {code}")
}

fn grade_b1(sum: i64) -> i64 {
    match sum {
        100 => 0,
        65..=95 => 1,
        45..=60 => 2,
        0..=40 => 3,
        _ => panic!("no sum of B.1 is {sum}"),
    }
}

fn grade_b2(sum: i64) -> i64 {
    match sum {
        0 => 0,
        1 => 1,
        2..=3 => 2,
        4..=6 => 3,
        _ => panic!("no sum of B.2 is {sum}"),
    }
}

fn grade_b4(sum: i64) -> i64 {
    match sum {
        0..=2 => 0,
        3..=7 => 1,
        8..=13 => 2,
        14..=20 => 3,
        _ => panic!("no sum of B.4 is {sum}"),
    }
}

/// The grades of B.3 whose words fit the four scores, mildest first.
fn fitting_b3(consciousness: i64, vision: i64, hearing: i64, communication: i64) -> Vec<i64> {
    let alert = consciousness == 0;
    let drowsy = consciousness == 1;
    let stupor_or_coma = consciousness == 2 || consciousness == 3;
    let vision_or_hearing = |score: i64| vision == score || hearing == score;
    let mut fitting = Vec::new();

    if alert && vision <= 1 && hearing <= 1 && communication == 0 {
        fitting.push(0);
    }
    if alert && (vision_or_hearing(2) || communication == 1) {
        fitting.push(1);
    }
    let alert_2 = alert && (vision_or_hearing(3) || communication == 2);
    let drowsy_2 = drowsy && vision <= 3 && hearing <= 3 && communication <= 2;
    if alert_2 || drowsy_2 {
        fitting.push(2);
    }
    let awake_3 = (alert || drowsy) && (vision_or_hearing(4) || communication == 3);
    if awake_3 || stupor_or_coma {
        fitting.push(3);
    }
    fitting
}

/// The worst of the grades that fit: this is what makes the text a function,
/// and no reading changes it.
fn grade_b3(consciousness: i64, vision: i64, hearing: i64, communication: i64) -> i64 {
    *fitting_b3(consciousness, vision, hearing, communication)
        .iter()
        .max()
        .expect("some grade of B.3 fits")
}

/// The levels whose words fit the four grades, mildest first.
fn fitting_levels(b1: i64, b2: i64, b3: i64, b4: i64) -> Vec<i64> {
    let others = [b2, b3, b4];
    let how_many = |wanted: &[i64]| {
        let mut count = 0;
        for grade in others {
            if wanted.contains(&grade) {
                count += 1;
            }
        }
        count
    };
    let mut fitting = Vec::new();

    if b1 == 0 && b2 == 0 && b3 == 0 && (b4 == 0 || b4 == 1) {
        fitting.push(0);
    }
    let unimpaired_1 = b1 == 0 && (b2 >= 1 || b3 >= 1 || b4 == 2);
    let mild_1 = b1 == 1 && how_many(&[0, 1]) >= 1;
    if unimpaired_1 || mild_1 {
        fitting.push(1);
    }
    let mild_2 = b1 == 1 && (how_many(&[2]) == 3 || how_many(&[3]) == 1);
    let moderate_2 = b1 == 2 && (how_many(&[1, 2]) == 1 || how_many(&[1, 2]) == 2);
    if mild_2 || moderate_2 {
        fitting.push(2);
    }
    let moderate_3 = b1 == 2 && (how_many(&[2]) == 3 || how_many(&[3]) >= 1);
    if b1 == 3 || moderate_3 {
        fitting.push(3);
    }
    fitting
}

/// The preliminary level. Where no words fit, practice decides; where the
/// words of two levels fit, the reading does.
fn preliminary(grades: [i64; 4], mild_first: bool) -> i64 {
    let [b1, b2, b3, b4] = grades;
    let fitting = fitting_levels(b1, b2, b3, b4);
    if fitting.is_empty() {
        return match b1 {
            0 => 1,
            1 => 2,
            2 => 2,
            _ => panic!("b1 = {b1} leaves no gap"),
        };
    }
    if mild_first {
        *fitting.iter().min().expect("some level fits")
    } else {
        *fitting.iter().max().expect("some level fits")
    }
}

/// The final level, every rule being known.
fn change_level(preliminary: i64, illness: bool, events: bool, coma: bool) -> i64 {
    if coma || preliminary == WORST {
        return WORST;
    }
    let mut level = preliminary;
    if illness {
        level += 1;
    }
    if events {
        level += 1;
    }
    level.min(WORST)
}

/// Every grade that B.3 can still have, each with whether that is in a coma.
fn open_b3(open: &[Vec<i64>]) -> BTreeSet<(i64, bool)> {
    let mut outcomes = BTreeSet::new();
    for &consciousness in &open[0] {
        for &vision in &open[1] {
            for &hearing in &open[2] {
                for &communication in &open[3] {
                    outcomes.insert((
                        grade_b3(consciousness, vision, hearing, communication),
                        consciousness == COMA,
                    ));
                }
            }
        }
    }
    outcomes
}

pub fn decide(answers: &Answers, readings: &Readings) -> Verdict {
    let mild_first = chosen(ID, readings, "overlap", "mild_first");
    let any_single_type = chosen(ID, readings, "event_count", "any_single_type");
    let mut verdict = Verdict::default();

    // Items.
    let mut scores: Vec<Vec<Option<i64>>> = Vec::new();
    let mut open: Vec<Vec<Vec<i64>>> = Vec::new();
    for (_, items) in domains() {
        let mut domain_scores = Vec::new();
        let mut domain_open = Vec::new();
        for item in items {
            let score = integer(answers, item.code, item.scores);
            if score.is_none() {
                verdict.missing.insert(item.code.to_string());
            }
            domain_scores.push(score);
            domain_open.push(open_scores(score, item));
        }
        scores.push(domain_scores);
        open.push(domain_open);
    }
    let items_missing = !verdict.missing.is_empty();

    // Sums (B.3 has none) and grades of complete domains.
    if let Some(sum) = complete_sum(&scores[0]) {
        verdict.scores.insert("B.1".to_string(), sum);
        verdict.grades.insert("B.1".to_string(), grade_b1(sum));
    }
    if let Some(sum) = complete_sum(&scores[1]) {
        verdict.scores.insert("B.2".to_string(), sum);
        verdict.grades.insert("B.2".to_string(), grade_b2(sum));
    }
    if let [Some(b31), Some(b32), Some(b33), Some(b34)] = scores[2][..] {
        let grade = grade_b3(b31, b32, b33, b34);
        verdict.grades.insert("B.3".to_string(), grade);
    }
    if let Some(sum) = complete_sum(&scores[3]) {
        verdict.scores.insert("B.4".to_string(), sum);
        verdict.grades.insert("B.4".to_string(), grade_b4(sum));
    }
    if !items_missing {
        let grades = ["B.1", "B.2", "B.3", "B.4"].map(|domain| verdict.grades[domain]);
        verdict.preliminary = Some(preliminary(grades, mild_first));
    }

    // Level changes.
    let dementia = integer(answers, DEMENTIA, &[0, 1, 2, 3]);
    let mental_illness = integer(answers, MENTAL_ILLNESS, &[0, 1, 2, 3, 4, 5, 6]);
    let illness = match (dementia, mental_illness) {
        (Some(1..), _) | (_, Some(1..)) => Some(true),
        (Some(_), Some(_)) => Some(false),
        _ => None,
    };
    let mut counts = Vec::new();
    for code in EVENTS {
        counts.push(integer(answers, code, &[0, 1, 2, 3]));
    }
    let events = two_events(&counts, any_single_type);
    let coma = scores[2][0].map(|consciousness| consciousness == COMA);

    // Every completion, and which unknown rules make a difference in one.
    let mut illness_matters = false;
    let mut events_matter = false;
    let open_b1: BTreeSet<i64> = reachable_sums(&open[0]).into_iter().map(grade_b1).collect();
    let open_b2: BTreeSet<i64> = reachable_sums(&open[1]).into_iter().map(grade_b2).collect();
    let open_b3 = open_b3(&open[2]);
    let open_b4: BTreeSet<i64> = reachable_sums(&open[3]).into_iter().map(grade_b4).collect();
    for &b1 in &open_b1 {
        for &b2 in &open_b2 {
            for &(b3, in_coma) in &open_b3 {
                for &b4 in &open_b4 {
                    let p = preliminary([b1, b2, b3, b4], mild_first);
                    for i in open_truths(illness) {
                        for e in open_truths(events) {
                            let level = change_level(p, i, e, in_coma);
                            verdict.possible_levels.insert(level);
                            illness_matters |= level != change_level(p, !i, e, in_coma);
                            events_matter |= level != change_level(p, i, !e, in_coma);
                        }
                    }
                }
            }
        }
    }
    if illness.is_none() && illness_matters {
        if dementia.is_none() {
            verdict.missing.insert(DEMENTIA.to_string());
        }
        if mental_illness.is_none() {
            verdict.missing.insert(MENTAL_ILLNESS.to_string());
        }
    }
    if events.is_none() && events_matter {
        for (code, count) in EVENTS.iter().zip(&counts) {
            if count.is_none() {
                verdict.missing.insert(code.to_string());
            }
        }
    }

    // The level, and what really changed it.
    let mut illness_applied = false;
    let mut events_applied = false;
    let mut coma_applied = false;
    if coma == Some(true) {
        verdict.level = Some(WORST);
        coma_applied = true;
    } else if !items_missing && verdict.possible_levels.len() == 1 {
        let mut level = verdict.preliminary.expect("no item is missing");
        if illness == Some(true) && level < WORST {
            level += 1;
            illness_applied = true;
        }
        if events == Some(true) && level < WORST {
            level += 1;
            events_applied = true;
        }
        assert_eq!(verdict.possible_levels, BTreeSet::from([level]));
        verdict.level = Some(level);
    }
    verdict.changes = vec![
        Change {
            rule: "C.3.1",
            met: illness,
            applied: illness_applied,
        },
        Change {
            rule: "C.3.2",
            met: events,
            applied: events_applied,
        },
        Change {
            rule: "C.3.3",
            met: coma,
            applied: coma_applied,
        },
    ];
    verdict
}

pub fn random_form(rng: &mut Rng) -> Answers {
    // One mood for the whole form, or another for a domain now and then.
    let form_mood = random_mood(rng);
    let mut answers = Answers::new();
    for (domain, of_domain) in domains() {
        let items: Vec<&Item> = of_domain.iter().collect();
        let mood = if rng.chance(60) {
            form_mood
        } else {
            random_mood(rng)
        };
        let mut scores: Vec<i64> = items
            .iter()
            .map(|item| random_score(rng, item, mood))
            .collect();
        if domain == "B.3" {
            // Few people are unconscious, and the other items shall count.
            scores[0] = *rng.pick(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3]);
        } else if rng.chance(35) {
            // A third of the other domains end at an edge of a grade.
            let edges: &[i64] = match domain {
                "B.1" => &[100, 95, 65, 60, 45, 40, 0],
                "B.2" => &[0, 1, 2, 3, 4, 6],
                _ => &[0, 2, 3, 7, 8, 13, 14, 20],
            };
            let edge = *rng.pick(edges);
            steer(rng, &items, &mut scores, edge);
        }
        for (item, score) in items.iter().zip(&scores) {
            answers.insert(item.code.to_string(), json!(score));
        }
    }

    let dementia = *rng.pick(&[0, 0, 0, 0, 0, 1, 2, 3]);
    answers.insert(DEMENTIA.to_string(), json!(dementia));
    let mental_illness = *rng.pick(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
    answers.insert(MENTAL_ILLNESS.to_string(), json!(mental_illness));
    let event_percent = *rng.pick(&[0, 10, 25, 60]);
    for code in EVENTS {
        let count = if rng.chance(event_percent) {
            *rng.pick(&[1, 1, 2, 3])
        } else {
            0
        };
        answers.insert(code.to_string(), json!(count));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_the_levels_has_gaps_and_overlaps() {
        let mut unique = 0;
        let mut gaps = BTreeSet::new();
        let mut overlaps_mild = 0;
        let mut overlaps_moderate = 0;
        for b1 in 0..=3 {
            for b2 in 0..=3 {
                for b3 in 0..=3 {
                    for b4 in 0..=3 {
                        match fitting_levels(b1, b2, b3, b4)[..] {
                            [] => {
                                gaps.insert([b1, b2, b3, b4]);
                            }
                            [_] => unique += 1,
                            [1, 2] => {
                                assert_eq!(b1, 1);
                                overlaps_mild += 1;
                            }
                            [2, 3] => {
                                assert_eq!(b1, 2);
                                overlaps_moderate += 1;
                            }
                            ref other => panic!("{other:?}"),
                        }
                    }
                }
            }
        }
        assert_eq!(unique, 189);
        assert_eq!((overlaps_mild, overlaps_moderate), (24, 30));

        let expected = BTreeSet::from([
            [0, 0, 0, 3],
            [1, 2, 3, 3],
            [1, 3, 2, 3],
            [1, 3, 3, 2],
            [1, 3, 3, 3],
            [2, 0, 0, 0],
            [2, 1, 1, 1],
            [2, 1, 1, 2],
            [2, 1, 2, 1],
            [2, 2, 1, 1],
            [2, 1, 2, 2],
            [2, 2, 1, 2],
            [2, 2, 2, 1],
        ]);
        assert_eq!(gaps, expected);
        for gap in gaps {
            let practice = if gap[0] == 0 { 1 } else { 2 };
            assert_eq!(preliminary(gap, false), practice);
            assert_eq!(preliminary(gap, true), practice);
        }
    }

    #[test]
    fn overlaps_follow_the_reading() {
        assert_eq!(preliminary([1, 0, 0, 3], false), 2);
        assert_eq!(preliminary([1, 0, 0, 3], true), 1);
        assert_eq!(preliminary([2, 1, 0, 3], false), 3);
        assert_eq!(preliminary([2, 1, 0, 3], true), 2);
        // No overlap: both agree.
        assert_eq!(preliminary([2, 0, 0, 3], true), 3);
        assert_eq!(preliminary([1, 2, 2, 3], false), 2);
    }

    #[test]
    fn the_text_of_grade_b3_overlaps() {
        let mut unique = 0;
        let mut overlapping = 0;
        for consciousness in 0..=3 {
            for vision in 0..=4 {
                for hearing in 0..=4 {
                    for communication in 0..=3 {
                        match fitting_b3(consciousness, vision, hearing, communication).len() {
                            0 => panic!("no grade fits"),
                            1 => unique += 1,
                            _ => overlapping += 1,
                        }
                    }
                }
            }
        }
        assert_eq!((unique, overlapping), (346, 54));
        assert_eq!(grade_b3(0, 1, 1, 0), 0);
        assert_eq!(grade_b3(0, 2, 0, 0), 1);
        assert_eq!(grade_b3(0, 2, 3, 1), 2);
        assert_eq!(grade_b3(1, 0, 0, 0), 2);
        assert_eq!(grade_b3(1, 3, 4, 0), 3);
        assert_eq!(grade_b3(2, 0, 0, 0), 3);
    }

    #[test]
    fn grades_at_every_edge() {
        let b1 = [100, 95, 65, 60, 45, 40, 0].map(grade_b1);
        assert_eq!(b1, [0, 1, 1, 2, 2, 3, 3]);
        let b2 = [0, 1, 2, 3, 4, 6].map(grade_b2);
        assert_eq!(b2, [0, 1, 2, 2, 3, 3]);
        let b4 = [0, 2, 3, 7, 8, 13, 14, 20].map(grade_b4);
        assert_eq!(b4, [0, 0, 1, 1, 2, 2, 3, 3]);
    }

    /// Best answers to everything, and no ground.
    fn best() -> Answers {
        let mut answers = Answers::new();
        for (_, items) in domains() {
            for item in items {
                answers.insert(item.code.to_string(), json!(item.scores[0]));
            }
        }
        for code in [DEMENTIA, MENTAL_ILLNESS].into_iter().chain(EVENTS) {
            answers.insert(code.to_string(), json!(0));
        }
        answers
    }

    fn set(answers: &mut Answers, code: &str, answer: i64) {
        answers.insert(code.to_string(), json!(answer));
    }

    fn applied(verdict: &Verdict) -> Vec<bool> {
        verdict.changes.iter().map(|c| c.applied).collect()
    }

    #[test]
    fn clauses_one_and_two_stack() {
        assert_eq!(item_codes().len(), 22);
        let mut answers = best();
        let verdict = decide(&answers, &Readings::new());
        assert_eq!((verdict.preliminary, verdict.level), (Some(0), Some(0)));
        assert_eq!(verdict.scores["B.1"], 100);

        set(&mut answers, MENTAL_ILLNESS, 6);
        set(&mut answers, "A.2.14.1", 1);
        set(&mut answers, "A.2.14.3", 1);
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, Some(2));
        assert_eq!(applied(&verdict), [true, true, false]);

        // From 2 there is room for one step only.
        for code in ["B.1.8", "B.1.9", "B.1.10"] {
            set(&mut answers, code, 0);
        }
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.scores["B.1"], 60);
        assert_eq!((verdict.preliminary, verdict.level), (Some(2), Some(3)));
        assert_eq!(applied(&verdict), [true, false, false]);

        // At 3 there is none.
        set(&mut answers, "B.1.1", 0);
        set(&mut answers, "B.1.4", 0);
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.scores["B.1"], 40);
        assert_eq!((verdict.preliminary, verdict.level), (Some(3), Some(3)));
        assert_eq!(applied(&verdict), [false, false, false]);
    }

    #[test]
    fn coma_needs_no_other_item() {
        let mut answers = Answers::new();
        set(&mut answers, "B.3.1", 3);
        let verdict = decide(&answers, &Readings::new());
        assert_eq!((verdict.preliminary, verdict.level), (None, Some(3)));
        assert_eq!(verdict.missing.len(), 21);
        assert_eq!(applied(&verdict), [false, false, true]);

        // With all items the preliminary level is known as well.
        let mut answers = best();
        set(&mut answers, "B.3.1", 3);
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.grades["B.3"], 3);
        assert_eq!((verdict.preliminary, verdict.level), (Some(1), Some(3)));
    }

    #[test]
    fn unanswered_consciousness_is_an_item_and_an_unknown_rule() {
        let mut answers = best();
        answers.remove("B.3.1");
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.changes[2].met, None);
        assert_eq!(verdict.missing, BTreeSet::from(["B.3.1".to_string()]));
        // 0 when alert, 1 when drowsy or in stupor, 3 in coma.
        assert_eq!(verdict.possible_levels, BTreeSet::from([0, 1, 3]));
    }
}
