//! GB/T 42195-2022, from facts/gbt-42195-2022.md. Higher scores are better.

use super::{
    Answers, Change, Item, Readings, Rng, Verdict, boolean, chosen, complete_sum, integer, item,
    open_scores, open_truths, random_mood, random_score, reachable_sums, steer, two_events,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ID: &str = "gbt-42195-2022";

const ZERO_TO_FOUR: &[i64] = &[4, 3, 2, 1, 0];
const ZERO_TO_THREE: &[i64] = &[3, 2, 1, 0];
const ZERO_TO_TWO: &[i64] = &[2, 1, 0];
const ZERO_OR_ONE: &[i64] = &[1, 0];

const B1: [Item; 8] = [
    item("B.1.1", ZERO_TO_FOUR), // eating
    item("B.1.2", ZERO_TO_FOUR), // grooming
    item("B.1.3", ZERO_TO_FOUR), // bathing
    item("B.1.4", ZERO_TO_FOUR), // upper garments
    item("B.1.5", ZERO_TO_FOUR), // trousers, shoes and socks
    item("B.1.6", ZERO_TO_FOUR), // bladder control
    item("B.1.7", ZERO_TO_FOUR), // bowel control
    item("B.1.8", ZERO_TO_FOUR), // toilet use
];

const B2: [Item; 4] = [
    item("B.2.1", ZERO_TO_FOUR),  // moving in bed
    item("B.2.2", ZERO_TO_FOUR),  // bed-chair transfer
    item("B.2.3", ZERO_TO_FOUR),  // walking
    item("B.2.4", ZERO_TO_THREE), // stairs
];

const B3: [Item; 9] = [
    item("B.3.1", ZERO_TO_FOUR), // orientation in time
    item("B.3.2", ZERO_TO_FOUR), // orientation in place
    item("B.3.3", ZERO_TO_FOUR), // orientation to persons
    item("B.3.4", ZERO_TO_FOUR), // memory
    item("B.3.5", ZERO_TO_FOUR), // understanding
    item("B.3.6", ZERO_TO_FOUR), // expression
    item("B.3.7", ZERO_OR_ONE),  // aggression
    item("B.3.8", ZERO_OR_ONE),  // depressive symptoms
    item("B.3.9", ZERO_TO_TWO),  // consciousness
];

const B4: [Item; 5] = [
    item("B.4.1", ZERO_TO_TWO),   // vision
    item("B.4.2", ZERO_TO_TWO),   // hearing
    item("B.4.3", ZERO_TO_FOUR),  // daily affairs
    item("B.4.4", ZERO_TO_THREE), // transport
    item("B.4.5", ZERO_TO_FOUR),  // social contact
];

fn domains() -> [(&'static str, &'static [Item]); 4] {
    [("B.1", &B1), ("B.2", &B2), ("B.3", &B3), ("B.4", &B4)]
}

/// The options of B.3.9: two share the score 1 and two the score 0.
const CONSCIOUSNESS: [(&str, i64); 5] = [
    ("alert", 2),
    ("drowsy", 1),
    ("confused", 1),
    ("stupor", 0),
    ("coma", 0),
];

const EVENTS: [&str; 5] = ["A.2.14.1", "A.2.14.2", "A.2.14.3", "A.2.14.4", "A.2.14.5"];

const WORST: i64 = 4;

pub fn item_codes() -> Vec<String> {
    let mut codes = Vec::new();
    for (_, items) in domains() {
        for item in items {
            codes.push(item.code.to_string());
        }
    }
    codes
}

/// Every answer to a code that differs in meaning for the level.
pub fn every_answer(code: &str) -> Vec<Value> {
    if code == "A.5.11" {
        return vec![json!(false), json!(true)];
    }
    if code == "A.4.1" {
        return vec![json!([]), json!(["F00"])];
    }
    if EVENTS.contains(&code) {
        return vec![json!(0), json!(1), json!(2), json!(3)];
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

/// The score of an item; under B.3.9 also from the key of an option.
fn score(answers: &Answers, item: &Item) -> Option<i64> {
    if item.code == "B.3.9"
        && let Some(Value::String(key)) = answers.get("B.3.9")
    {
        for (option, score) in CONSCIOUSNESS {
            if option == key {
                return Some(score);
            }
        }
        panic!("B.3.9 does not allow {key}");
    }
    integer(answers, item.code, item.scores)
}

fn band(total: i64) -> i64 {
    match total {
        90 => 0,
        66..=89 => 1,
        46..=65 => 2,
        30..=45 => 3,
        0..=29 => 4,
        _ => panic!("no total is {total}"),
    }
}

/// A.5.11 decides; unanswered, it is answered by the option coma of B.3.9 and
/// by nothing else.
fn coma(answers: &Answers) -> Option<bool> {
    if let Some(answered) = boolean(answers, "A.5.11") {
        return Some(answered);
    }
    if answers.get("B.3.9") == Some(&json!("coma")) {
        return Some(true);
    }
    None
}

fn dementia_or_mental_disorder(answers: &Answers) -> Option<bool> {
    let diagnoses = answers.get("A.4.1")?;
    let Value::Array(diagnoses) = diagnoses else {
        panic!("A.4.1 does not allow {diagnoses}");
    };
    for diagnosis in diagnoses {
        let Value::String(diagnosis) = diagnosis else {
            panic!("A.4.1 does not allow {diagnosis}");
        };
        if is_f00_to_f99(diagnosis) {
            return Some(true);
        }
    }
    Some(false)
}

/// An F and two digits, whatever follows: F00 to F99 leave no two digits out,
/// and a printed range that begins there (F00-F03, F04-F99) ends there.
fn is_f00_to_f99(diagnosis: &str) -> bool {
    let start: Vec<char> = diagnosis.chars().take(3).collect();
    start.len() == 3
        && (start[0] == 'F' || start[0] == 'f')
        && start[1].is_ascii_digit()
        && start[2].is_ascii_digit()
}

fn event_counts(answers: &Answers) -> Vec<Option<i64>> {
    EVENTS
        .iter()
        .map(|code| integer(answers, code, &[0, 1, 2, 3]))
        .collect()
}

/// The final level, every rule being known.
fn change_level(preliminary: i64, coma: bool, dementia: bool, events: bool, stacking: bool) -> i64 {
    if coma {
        return WORST;
    }
    let mut worse = 0;
    if stacking {
        if dementia {
            worse += 1;
        }
        if events {
            worse += 1;
        }
    } else if dementia || events {
        worse = 1;
    }
    (preliminary + worse).min(WORST)
}

pub fn decide(answers: &Answers, readings: &Readings) -> Verdict {
    let stacking = chosen(ID, readings, "uplift", "stacking");
    let any_single_type = chosen(ID, readings, "event_count", "any_single_type");
    let mut verdict = Verdict::default();

    // Items, sums and the total.
    let mut all_scores = Vec::new();
    let mut all_open = Vec::new();
    let mut items_missing = false;
    for (domain, items) in domains() {
        let mut domain_scores = Vec::new();
        for item in items {
            let score = score(answers, item);
            if score.is_none() {
                items_missing = true;
                verdict.missing.insert(item.code.to_string());
            }
            domain_scores.push(score);
            all_open.push(open_scores(score, item));
        }
        if let Some(sum) = complete_sum(&domain_scores) {
            verdict.scores.insert(domain.to_string(), sum);
        }
        all_scores.extend(domain_scores);
    }
    let total = complete_sum(&all_scores);
    if let Some(total) = total {
        verdict.scores.insert("total".to_string(), total);
        verdict.preliminary = Some(band(total));
    }
    let totals = reachable_sums(&all_open);
    let least = *totals.first().expect("some total is reachable");
    let greatest = *totals.last().expect("some total is reachable");
    verdict.score_range = Some((least, greatest));
    let preliminaries: BTreeSet<i64> = totals.iter().map(|total| band(*total)).collect();

    // Level changes.
    let coma = coma(answers);
    let dementia = dementia_or_mental_disorder(answers);
    let counts = event_counts(answers);
    let events = two_events(&counts, any_single_type);

    // Every completion, and which unknown rules make a difference in one.
    let mut coma_matters = false;
    let mut dementia_matters = false;
    let mut events_matter = false;
    for &p in &preliminaries {
        for c in open_truths(coma) {
            for d in open_truths(dementia) {
                for e in open_truths(events) {
                    let level = change_level(p, c, d, e, stacking);
                    verdict.possible_levels.insert(level);
                    coma_matters |= level != change_level(p, !c, d, e, stacking);
                    dementia_matters |= level != change_level(p, c, !d, e, stacking);
                    events_matter |= level != change_level(p, c, d, !e, stacking);
                }
            }
        }
    }
    if coma.is_none() && coma_matters {
        verdict.missing.insert("A.5.11".to_string());
    }
    if dementia.is_none() && dementia_matters {
        verdict.missing.insert("A.4.1".to_string());
    }
    if events.is_none() && events_matter {
        for (code, count) in EVENTS.iter().zip(&counts) {
            if count.is_none() {
                verdict.missing.insert(code.to_string());
            }
        }
    }

    // The level, and what really changed it.
    let mut coma_applied = false;
    let mut dementia_applied = false;
    let mut events_applied = false;
    if coma == Some(true) {
        verdict.level = Some(WORST);
        coma_applied = true;
    } else if !items_missing && verdict.possible_levels.len() == 1 {
        let mut level = verdict.preliminary.expect("no item is missing");
        if dementia == Some(true) && level < WORST {
            level += 1;
            dementia_applied = true;
        }
        if events == Some(true) && level < WORST && (stacking || !dementia_applied) {
            level += 1;
            events_applied = true;
        }
        assert_eq!(verdict.possible_levels, BTreeSet::from([level]));
        verdict.level = Some(level);
    }
    verdict.changes = vec![
        Change {
            rule: "C.4.coma",
            met: coma,
            applied: coma_applied,
        },
        Change {
            rule: "C.4.dementia-or-mental-disorder",
            met: dementia,
            applied: dementia_applied,
        },
        Change {
            rule: "C.4.risk-events",
            met: events,
            applied: events_applied,
        },
    ];
    verdict
}

pub fn random_form(rng: &mut Rng) -> Answers {
    let mut items: Vec<&Item> = Vec::new();
    for (_, of_domain) in domains() {
        items.extend(of_domain);
    }

    // One mood for the whole form, or another for a domain now and then; half
    // of the forms end at an edge of a band.
    let form_mood = random_mood(rng);
    let mut scores = Vec::new();
    for (_, of_domain) in domains() {
        let mood = if rng.chance(75) {
            form_mood
        } else {
            random_mood(rng)
        };
        for item in of_domain {
            scores.push(random_score(rng, item, mood));
        }
    }
    if rng.chance(50) {
        let edge = *rng.pick(&[90, 89, 66, 65, 46, 45, 30, 29, 0]);
        steer(rng, &items, &mut scores, edge);
    }

    let mut answers = Answers::new();
    for (item, score) in items.iter().zip(&scores) {
        answers.insert(item.code.to_string(), json!(score));
        if item.code == "B.3.9" && rng.chance(50) {
            let mut keys = Vec::new();
            for (key, worth) in CONSCIOUSNESS {
                if worth == *score {
                    keys.push(key);
                }
            }
            answers.insert(item.code.to_string(), json!(rng.pick(&keys)));
        }
    }

    answers.insert("A.5.11".to_string(), json!(rng.chance(10)));
    answers.insert("A.4.1".to_string(), random_diagnoses(rng));
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

fn random_diagnoses(rng: &mut Rng) -> Value {
    let mental = [
        "F00", "F00.1", "F00.1*", "F00.101*", "f00.9", "F001", "F00-F03", "F01.9", "F03", "F03.9",
        "f03.x00", "F03.X00", "F04", "F04-F99", "F09", "f10.2", "F20.0", "f20", "F32.x00", "F99",
    ];
    let bodily = [
        "I10", "i10.x00", "I10-I15", "I25.1", "E11", "E11.9", "e119", "G20", "G30", "G30.9+",
        "M80.1", "M80-M82", "J44.9", "C00-D48", "C34", "H25", "K74", "N18.9", "M84", "G40",
    ];
    let mut diagnoses: Vec<&str> = Vec::new();
    let mental_percent = *rng.pick(&[0, 0, 30, 60]);
    for _ in 0..rng.below(5) {
        let diagnosis = if rng.chance(mental_percent) {
            *rng.pick(&mental)
        } else {
            *rng.pick(&bodily)
        };
        if !diagnoses.contains(&diagnosis) {
            diagnoses.push(diagnosis);
        }
    }
    json!(diagnoses)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Best answers to everything, and no ground.
    fn best() -> Answers {
        let mut answers = Answers::new();
        for (_, items) in domains() {
            for item in items {
                answers.insert(item.code.to_string(), json!(item.scores[0]));
            }
        }
        answers.insert("A.5.11".to_string(), json!(false));
        answers.insert("A.4.1".to_string(), json!([]));
        for code in EVENTS {
            answers.insert(code.to_string(), json!(0));
        }
        answers
    }

    /// A form with the given total and no ground.
    fn with_total(total: i64) -> Answers {
        let mut answers = best();
        let mut too_much = 90 - total;
        for (_, items) in domains() {
            for item in items {
                let off = too_much.min(item.scores[0]);
                answers.insert(item.code.to_string(), json!(item.scores[0] - off));
                too_much -= off;
            }
        }
        answers
    }

    fn set(answers: &mut Answers, code: &str, answer: Value) {
        answers.insert(code.to_string(), answer);
    }

    fn stacking() -> Readings {
        Readings::from([("uplift".to_string(), "stacking".to_string())])
    }

    fn any_single_type() -> Readings {
        Readings::from([("event_count".to_string(), "any_single_type".to_string())])
    }

    fn applied(verdict: &Verdict) -> Vec<bool> {
        verdict.changes.iter().map(|c| c.applied).collect()
    }

    fn met(verdict: &Verdict) -> Vec<Option<bool>> {
        verdict.changes.iter().map(|c| c.met).collect()
    }

    #[test]
    fn sums_of_the_best_form() {
        assert_eq!(item_codes().len(), 26);
        let verdict = decide(&best(), &Readings::new());
        assert_eq!(verdict.scores["B.1"], 32);
        assert_eq!(verdict.scores["B.2"], 15);
        assert_eq!(verdict.scores["B.3"], 28);
        assert_eq!(verdict.scores["B.4"], 15);
        assert_eq!(verdict.scores["total"], 90);
        assert_eq!(verdict.score_range, Some((90, 90)));
    }

    #[test]
    fn bands_at_every_edge() {
        let edges = [
            (90, 0),
            (89, 1),
            (66, 1),
            (65, 2),
            (46, 2),
            (45, 3),
            (30, 3),
            (29, 4),
            (0, 4),
        ];
        for (total, level) in edges {
            let verdict = decide(&with_total(total), &Readings::new());
            assert_eq!(verdict.scores["total"], total);
            assert_eq!(verdict.preliminary, Some(level));
            assert_eq!(verdict.level, Some(level));
        }
    }

    /// The example of the contract: 69 points, dementia, two events.
    #[test]
    fn one_level_or_two() {
        let mut answers = with_total(69);
        set(&mut answers, "A.4.1", json!(["I10", "F00.1"]));
        set(&mut answers, "A.2.14.1", json!(1));
        set(&mut answers, "A.2.14.3", json!(1));

        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.preliminary, Some(1));
        assert_eq!(verdict.level, Some(2));
        assert_eq!(met(&verdict), [Some(false), Some(true), Some(true)]);
        assert_eq!(applied(&verdict), [false, true, false]);

        let verdict = decide(&answers, &stacking());
        assert_eq!(verdict.level, Some(3));
        assert_eq!(applied(&verdict), [false, true, true]);

        // One fall and one choking: no kind of event twice.
        let verdict = decide(&answers, &any_single_type());
        assert_eq!(met(&verdict), [Some(false), Some(true), Some(false)]);
        assert_eq!(verdict.level, Some(2));
    }

    #[test]
    fn nothing_is_worse_than_the_worst() {
        let mut answers = with_total(30);
        set(&mut answers, "A.4.1", json!(["F03"]));
        set(&mut answers, "A.2.14.5", json!(3));
        let verdict = decide(&answers, &stacking());
        assert_eq!(verdict.level, Some(4));
        assert_eq!(applied(&verdict), [false, true, false]);

        let mut answers = with_total(29);
        set(&mut answers, "A.4.1", json!(["F03"]));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, Some(4));
        assert_eq!(applied(&verdict), [false, false, false]);
    }

    #[test]
    fn intact_gets_worse_too() {
        let mut answers = with_total(90);
        set(&mut answers, "A.2.14.4", json!(2));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!((verdict.preliminary, verdict.level), (Some(0), Some(1)));
    }

    #[test]
    fn coma_needs_no_items() {
        let mut answers = best();
        set(&mut answers, "A.5.11", json!(true));
        set(&mut answers, "A.4.1", json!(["F00"]));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!((verdict.preliminary, verdict.level), (Some(0), Some(4)));
        assert_eq!(applied(&verdict), [true, false, false]);

        // Without B.2 and the grounds: the other sums, the items, no grounds.
        for code in ["B.2.1", "B.2.2", "B.2.3", "B.2.4", "A.4.1", "A.2.14.1"] {
            answers.remove(code);
        }
        let verdict = decide(&answers, &Readings::new());
        assert_eq!((verdict.preliminary, verdict.level), (None, Some(4)));
        let sums: Vec<&str> = verdict.scores.keys().map(String::as_str).collect();
        assert_eq!(sums, ["B.1", "B.3", "B.4"]);
        let missing: Vec<&str> = verdict.missing.iter().map(String::as_str).collect();
        assert_eq!(missing, ["B.2.1", "B.2.2", "B.2.3", "B.2.4"]);
        assert_eq!(verdict.possible_levels, BTreeSet::from([4]));
        assert_eq!(verdict.score_range, Some((75, 90)));
    }

    #[test]
    fn coma_comes_from_a_key_and_never_from_a_score() {
        let mut answers = best();
        answers.remove("A.5.11");
        set(&mut answers, "B.3.9", json!("coma"));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, Some(4));
        assert!(verdict.missing.is_empty());

        for answer in [json!(0), json!("stupor"), json!(2), json!("alert")] {
            set(&mut answers, "B.3.9", answer);
            let verdict = decide(&answers, &Readings::new());
            assert_eq!(met(&verdict)[0], None);
            assert_eq!(verdict.level, None);
            assert_eq!(verdict.missing, BTreeSet::from(["A.5.11".to_string()]));
        }

        set(&mut answers, "A.5.11", json!(false));
        set(&mut answers, "B.3.9", json!("coma"));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(met(&verdict)[0], Some(false));
        assert_eq!(verdict.level, Some(1));
    }

    #[test]
    fn an_unknown_ground_that_changes_nothing() {
        // The events already make it one level worse; a dementia could not.
        let mut answers = with_total(60);
        answers.remove("A.4.1");
        set(&mut answers, "A.2.14.1", json!(2));
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, Some(3));
        assert!(verdict.missing.is_empty());
        assert_eq!(applied(&verdict), [false, false, true]);

        let verdict = decide(&answers, &stacking());
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.preliminary, Some(2));
        assert_eq!(verdict.possible_levels, BTreeSet::from([3, 4]));
        assert_eq!(verdict.missing, BTreeSet::from(["A.4.1".to_string()]));
        assert_eq!(applied(&verdict), [false, false, false]);

        // With 29 points not even a coma could.
        let mut answers = with_total(29);
        for code in ["A.5.11", "A.4.1", "A.2.14.1"] {
            answers.remove(code);
        }
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, Some(4));
        assert!(verdict.missing.is_empty());
    }

    #[test]
    fn a_missing_item_is_never_counted_as_nothing() {
        let mut answers = with_total(90);
        answers.remove("B.1.1");
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.level, None);
        assert_eq!(verdict.preliminary, None);
        assert_eq!(verdict.score_range, Some((86, 90)));
        assert_eq!(verdict.possible_levels, BTreeSet::from([0, 1]));
        assert!(!verdict.scores.contains_key("B.1"));
        assert!(!verdict.scores.contains_key("total"));

        // One possible level is not yet a level.
        let mut answers = with_total(60);
        answers.remove("B.4.5");
        let verdict = decide(&answers, &Readings::new());
        assert_eq!(verdict.possible_levels, BTreeSet::from([2]));
        assert_eq!(verdict.level, None);
    }

    #[test]
    fn chapter_f() {
        for code in [
            "F00", "f03.x00", "F00.1*", "F03.9", "F20.0", "F99", "F00-F03", "F04-F99", "F001",
        ] {
            assert!(is_f00_to_f99(code), "{code}");
        }
        for code in ["I10", "G30", "M80.1", "E11", "C00-D48", "fracture", "F0"] {
            assert!(!is_f00_to_f99(code), "{code}");
        }
    }
}
