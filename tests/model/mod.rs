//! Reference models of six assessment instruments, written from the facts
//! pages alone and kept slow and plain: they are what a scoring engine is
//! checked against, so they share no table and no code with it.
//!
//! The models trust their input. An answer or a reading that is not allowed is
//! a mistake of the test and panics.

#![allow(dead_code, unreachable_pub)]

pub mod gbt_42195_2022;
pub mod mzt_039_2013;
pub mod nhc_48_2019;
pub mod nhsa_37_2021;
pub mod nhsa_37_2021_self;
pub mod rights;
pub mod tekun_self_care;

use std::collections::{BTreeMap, BTreeSet};

/// Answers by item code or ground code; an absent code is unanswered.
pub type Answers = serde_json::Map<String, serde_json::Value>;

/// Interpretation to choice; an absent interpretation has its default.
pub type Readings = BTreeMap<String, String>;

/// The ids of all modelled instruments.
pub const INSTRUMENTS: [&str; 6] = [
    "gbt-42195-2022",
    "nhsa-37-2021",
    "nhsa-37-2021-self",
    "mzt-039-2013",
    "nhc-48-2019",
    "tekun-self-care",
];

/// What an instrument says about one form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Complete sums only.
    pub scores: BTreeMap<String, i64>,
    /// Grades of domains all of whose items are answered, 0 best.
    pub grades: BTreeMap<String, i64>,
    /// Level before the level changes; `None` when an item is missing or when
    /// the instrument has no level changes.
    pub preliminary: Option<i64>,
    /// Every level change of the instrument, in its order.
    pub changes: Vec<Change>,
    /// The final level, 0 best.
    pub level: Option<i64>,
    /// The levels that some completion of the form gives.
    pub possible_levels: BTreeSet<i64>,
    /// Unanswered items, and unanswered grounds that could still change the
    /// level.
    pub missing: BTreeSet<String>,
    /// The least and the greatest total still possible, where the instrument
    /// has a total.
    pub score_range: Option<(i64, i64)>,
}

/// One level change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub rule: &'static str,
    /// `None`: not known.
    pub met: Option<bool>,
    /// Whether it really changed the level.
    pub applied: bool,
}

/// The verdict of an instrument on a form.
pub fn decide(instrument: &str, answers: &Answers, readings: &Readings) -> Verdict {
    check_readings(instrument, readings);
    match instrument {
        "gbt-42195-2022" => gbt_42195_2022::decide(answers, readings),
        "nhsa-37-2021" => nhsa_37_2021::decide(answers),
        "nhsa-37-2021-self" => nhsa_37_2021_self::decide(answers),
        "mzt-039-2013" => mzt_039_2013::decide(answers, readings),
        "nhc-48-2019" => nhc_48_2019::decide(answers, readings),
        "tekun-self-care" => tekun_self_care::decide(answers),
        other => panic!("no model of the instrument {other}"),
    }
}

/// A complete and valid form: every item and every ground is answered.
pub fn random_form(instrument: &str, rng: &mut Rng) -> Answers {
    match instrument {
        "gbt-42195-2022" => gbt_42195_2022::random_form(rng),
        "nhsa-37-2021" => nhsa_37_2021::random_form(rng),
        "nhsa-37-2021-self" => nhsa_37_2021_self::random_form(rng),
        "mzt-039-2013" => mzt_039_2013::random_form(rng),
        "nhc-48-2019" => nhc_48_2019::random_form(rng),
        "tekun-self-care" => tekun_self_care::random_form(rng),
        other => panic!("no model of the instrument {other}"),
    }
}

/// A valid form in which at least one item or ground is left out.
pub fn random_partial_form(instrument: &str, rng: &mut Rng) -> Answers {
    let mut answers = random_form(instrument, rng);
    let complete = answers.len();

    // Often all items but not all grounds, or all but one item; now and then
    // nearly nothing.
    let (items_to_drop, drop_each_item) = match rng.below(10) {
        0..=2 => (0, 0),
        3..=5 => (1, 0),
        6 => (2, 0),
        7 => (3, 0),
        8 => (0, 30),
        _ => (0, 85),
    };
    let items = item_codes(instrument);
    for _ in 0..items_to_drop {
        answers.remove(rng.pick(&items).as_str());
    }
    for code in &items {
        if rng.chance(drop_each_item) {
            answers.remove(code);
        }
    }
    let drop_each_ground = *rng.pick(&[0, 15, 40, 100]);
    for code in ground_codes(instrument) {
        if rng.chance(drop_each_ground) {
            answers.remove(&code);
        }
    }

    if answers.len() == complete {
        let mut all = item_codes(instrument);
        all.extend(ground_codes(instrument));
        answers.remove(rng.pick(&all).as_str());
    }
    answers
}

/// The codes of an instrument's items, in the order of the form.
pub fn item_codes(instrument: &str) -> Vec<String> {
    match instrument {
        "gbt-42195-2022" => gbt_42195_2022::item_codes(),
        "nhsa-37-2021" => nhsa_37_2021::item_codes(),
        "nhsa-37-2021-self" => nhsa_37_2021_self::item_codes(),
        "mzt-039-2013" => mzt_039_2013::item_codes(),
        "nhc-48-2019" => nhc_48_2019::item_codes(),
        "tekun-self-care" => tekun_self_care::item_codes(),
        other => panic!("no model of the instrument {other}"),
    }
}

/// The codes of what the level changes of an instrument ask besides its items.
pub fn ground_codes(instrument: &str) -> Vec<String> {
    let codes: &[&str] = match instrument {
        "gbt-42195-2022" => &[
            "A.5.11", "A.4.1", "A.2.14.1", "A.2.14.2", "A.2.14.3", "A.2.14.4", "A.2.14.5",
        ],
        "mzt-039-2013" => &[
            "A.2.13.1", "A.2.13.2", "A.2.14.1", "A.2.14.2", "A.2.14.3", "A.2.14.4",
        ],
        _ => &[],
    };
    codes.iter().map(|code| code.to_string()).collect()
}

/// The interpretations of an instrument with their choices, the default first.
pub fn interpretations(instrument: &str) -> &'static [(&'static str, &'static [&'static str])] {
    match instrument {
        "gbt-42195-2022" => &[
            ("uplift", &["single", "stacking"]),
            ("event_count", &["sum", "any_single_type"]),
        ],
        "mzt-039-2013" => &[
            ("overlap", &["severity_first", "mild_first"]),
            ("event_count", &["sum", "any_single_type"]),
        ],
        "nhc-48-2019" => &[("coma_means", &["level_3", "ability_grade"])],
        _ => &[],
    }
}

/// Every combination of choices of an instrument, each written out in full.
pub fn every_reading(instrument: &str) -> Vec<Readings> {
    let mut all = vec![Readings::new()];
    for (name, choices) in interpretations(instrument) {
        let mut longer = Vec::new();
        for readings in &all {
            for choice in *choices {
                let mut with_choice = readings.clone();
                with_choice.insert(name.to_string(), choice.to_string());
                longer.push(with_choice);
            }
        }
        all = longer;
    }
    all
}

fn check_readings(instrument: &str, readings: &Readings) {
    for (name, choice) in readings {
        let known = interpretations(instrument)
            .iter()
            .any(|(n, choices)| n == name && choices.contains(&choice.as_str()));
        assert!(known, "{instrument} has no reading {name} = {choice}");
    }
}

/// Whether the choice is made, by being named or by being the default.
fn chosen(instrument: &str, readings: &Readings, name: &str, choice: &str) -> bool {
    match readings.get(name) {
        Some(made) => made == choice,
        None => {
            let (_, choices) = interpretations(instrument)
                .iter()
                .find(|(n, _)| *n == name)
                .unwrap_or_else(|| panic!("{instrument} has no interpretation {name}"));
            choices[0] == choice
        }
    }
}

/// An item: its code and the scores it allows, from best to worst.
struct Item {
    code: &'static str,
    scores: &'static [i64],
}

const fn item(code: &'static str, scores: &'static [i64]) -> Item {
    Item { code, scores }
}

/// The integer answered under a code; it must be one of those allowed.
fn integer(answers: &Answers, code: &str, allowed: &[i64]) -> Option<i64> {
    let answer = answers.get(code)?;
    match answer.as_i64() {
        Some(score) if allowed.contains(&score) => Some(score),
        _ => panic!("{code} does not allow {answer}"),
    }
}

/// The yes or no answered under a code.
fn boolean(answers: &Answers, code: &str) -> Option<bool> {
    let answer = answers.get(code)?;
    match answer.as_bool() {
        Some(yes) => Some(yes),
        None => panic!("{code} does not allow {answer}"),
    }
}

/// The scores an item can still have: one when it is answered, else all.
fn open_scores(answer: Option<i64>, item: &Item) -> Vec<i64> {
    match answer {
        Some(score) => vec![score],
        None => item.scores.to_vec(),
    }
}

/// The sum of the answers, when none is missing.
fn complete_sum(answers: &[Option<i64>]) -> Option<i64> {
    let mut sum = 0;
    for answer in answers {
        sum += (*answer)?;
    }
    Some(sum)
}

/// Every sum that some choice of one score for each item gives.
fn reachable_sums(open: &[Vec<i64>]) -> BTreeSet<i64> {
    let mut sums = BTreeSet::from([0]);
    for scores in open {
        let mut next = BTreeSet::new();
        for sum in &sums {
            for score in scores {
                next.insert(sum + score);
            }
        }
        sums = next;
    }
    sums
}

/// The truth values a rule can still have.
fn open_truths(met: Option<bool>) -> Vec<bool> {
    match met {
        Some(met) => vec![met],
        None => vec![false, true],
    }
}

/// Two or more events: over all kinds together, or within one kind. True as
/// soon as the known counts suffice; one unanswered count could always be 3.
fn two_events(counts: &[Option<i64>], any_single_type: bool) -> Option<bool> {
    let known: Vec<i64> = counts.iter().flatten().copied().collect();
    let enough = if any_single_type {
        known.iter().any(|count| *count >= 2)
    } else {
        known.iter().sum::<i64>() >= 2
    };
    if enough {
        Some(true)
    } else if known.len() < counts.len() {
        None
    } else {
        Some(false)
    }
}

/// How a random form leans: the percentage of items with their best score and
/// that of items with their worst; the rest are drawn evenly.
#[derive(Clone, Copy)]
struct Mood {
    best: u64,
    worst: u64,
}

fn random_mood(rng: &mut Rng) -> Mood {
    let moods = [
        (100, 0),
        (92, 0),
        (75, 2),
        (50, 10),
        (25, 10),
        (0, 0),
        (10, 50),
        (0, 90),
        (0, 100),
    ];
    let (best, worst) = *rng.pick(&moods);
    Mood { best, worst }
}

fn random_score(rng: &mut Rng, item: &Item, mood: Mood) -> i64 {
    if rng.chance(mood.best) {
        item.scores[0]
    } else if rng.chance(mood.worst) {
        item.scores[item.scores.len() - 1]
    } else {
        *rng.pick(item.scores)
    }
}

/// Moves randomly chosen items to a neighbouring option until their sum is the
/// target. All neighbouring options of the items must be equally far apart.
fn steer(rng: &mut Rng, items: &[&Item], scores: &mut [i64], target: i64) {
    loop {
        let sum: i64 = scores.iter().sum();
        if sum == target {
            return;
        }
        let which = rng.below(items.len() as u64) as usize;
        let allowed = items[which].scores;
        let neighbour = if sum < target {
            allowed.iter().filter(|s| **s > scores[which]).min()
        } else {
            allowed.iter().filter(|s| **s < scores[which]).max()
        };
        if let Some(score) = neighbour {
            scores[which] = *score;
        }
    }
}

/// A small pseudo-random generator (splitmix64).
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Rng(seed)
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` - 1 (the bias of the remainder does not matter
    /// here).
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "nothing is below 0");
        self.next_u64() % n
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Every answer to a code that differs in meaning.
    fn every_answer(instrument: &str, code: &str) -> Vec<Value> {
        match instrument {
            "gbt-42195-2022" => gbt_42195_2022::every_answer(code),
            "nhsa-37-2021" => nhsa_37_2021::every_answer(code),
            "nhsa-37-2021-self" => {
                vec![json!("independent"), json!("partial"), json!("dependent")]
            }
            "mzt-039-2013" => mzt_039_2013::every_answer(code),
            "nhc-48-2019" => nhc_48_2019::every_answer(code),
            "tekun-self-care" => vec![json!(true), json!(false)],
            other => panic!("no model of the instrument {other}"),
        }
    }

    /// Every form got by answering the given codes in every way.
    fn completions(instrument: &str, answers: &Answers, codes: &[String]) -> Vec<Answers> {
        let mut forms = vec![answers.clone()];
        for code in codes {
            let mut longer = Vec::new();
            for form in &forms {
                for answer in every_answer(instrument, code) {
                    let mut with_answer = form.clone();
                    with_answer.insert(code.clone(), answer);
                    longer.push(with_answer);
                }
            }
            forms = longer;
        }
        forms
    }

    fn unanswered(answers: &Answers, codes: &[String]) -> Vec<String> {
        codes
            .iter()
            .filter(|code| !answers.contains_key(code.as_str()))
            .cloned()
            .collect()
    }

    /// The codes that each level change asks, apart from items.
    fn grounds_of_rules(instrument: &str) -> Vec<(&'static str, Vec<String>)> {
        let rules: &[(&'static str, &str)] = match instrument {
            "gbt-42195-2022" => &[
                ("C.4.coma", "A.5.11"),
                ("C.4.dementia-or-mental-disorder", "A.4.1"),
                ("C.4.risk-events", "A.2.14."),
            ],
            "mzt-039-2013" => &[("C.3.1", "A.2.13."), ("C.3.2", "A.2.14.")],
            _ => &[],
        };
        rules
            .iter()
            .map(|(rule, prefix)| {
                let codes = ground_codes(instrument)
                    .into_iter()
                    .filter(|code| code.starts_with(prefix))
                    .collect();
                (*rule, codes)
            })
            .collect()
    }

    fn met(verdict: &Verdict, rule: &str) -> Option<bool> {
        verdict
            .changes
            .iter()
            .find(|change| change.rule == rule)
            .unwrap_or_else(|| panic!("no rule {rule}"))
            .met
    }

    #[test]
    fn complete_forms_are_determined() {
        for instrument in INSTRUMENTS {
            let mut rng = Rng::new(1);
            for _ in 0..2_000 {
                let answers = random_form(instrument, &mut rng);
                for readings in every_reading(instrument) {
                    let verdict = decide(instrument, &answers, &readings);
                    assert!(verdict.missing.is_empty());
                    assert!(verdict.changes.iter().all(|change| change.met.is_some()));
                    match verdict.level {
                        Some(level) => {
                            assert_eq!(verdict.possible_levels, BTreeSet::from([level]));
                        }
                        None => assert_eq!(instrument, "nhc-48-2019"),
                    }
                }
            }
        }
    }

    #[test]
    fn no_reading_is_the_default_reading() {
        for instrument in INSTRUMENTS {
            let mut rng = Rng::new(2);
            let written_out = every_reading(instrument).remove(0);
            for _ in 0..500 {
                let answers = random_partial_form(instrument, &mut rng);
                assert_eq!(
                    decide(instrument, &answers, &Readings::new()),
                    decide(instrument, &answers, &written_out)
                );
            }
        }
    }

    #[test]
    fn partial_forms_lack_something() {
        for instrument in INSTRUMENTS {
            let mut rng = Rng::new(3);
            for _ in 0..2_000 {
                let complete = item_codes(instrument).len() + ground_codes(instrument).len();
                let answers = random_partial_form(instrument, &mut rng);
                assert!(answers.len() < complete);
            }
        }
    }

    /// What a verdict says of a partial form, against all its completions.
    #[test]
    fn partial_forms_agree_with_all_their_completions() {
        for instrument in INSTRUMENTS {
            if instrument == "nhc-48-2019" {
                continue;
            }
            let mut rng = Rng::new(4);
            let mut tried = 0;
            while tried < 150 {
                let answers = random_partial_form(instrument, &mut rng);
                let mut all = item_codes(instrument);
                all.extend(ground_codes(instrument));
                // A "coma" under B.3.9 answers A.5.11 too.
                if answers.get("B.3.9") == Some(&json!("coma")) {
                    all.retain(|code| code != "A.5.11");
                }
                let open = unanswered(&answers, &all);
                let mut count = 1_usize;
                for code in &open {
                    count = count.saturating_mul(every_answer(instrument, code).len());
                }
                if count > 400 {
                    continue;
                }
                tried += 1;
                for readings in every_reading(instrument) {
                    check_against_completions(instrument, &answers, &open, &readings);
                }
            }
        }
    }

    fn check_against_completions(
        instrument: &str,
        answers: &Answers,
        open: &[String],
        readings: &Readings,
    ) {
        let verdict = decide(instrument, answers, readings);
        let completed: Vec<Verdict> = completions(instrument, answers, open)
            .iter()
            .map(|form| decide(instrument, form, readings))
            .collect();
        let context = format!("{instrument} {readings:?} {answers:?} {verdict:?}");

        let levels: BTreeSet<i64> = completed.iter().filter_map(|v| v.level).collect();
        assert_eq!(verdict.possible_levels, levels, "{context}");

        if let Some(range) = verdict.score_range {
            let totals: Vec<i64> = completed.iter().map(|v| v.scores["total"]).collect();
            let least = *totals.iter().min().expect("there are completions");
            let greatest = *totals.iter().max().expect("there are completions");
            assert_eq!(range, (least, greatest), "{context}");
        }

        // A rule is known exactly if all completions agree on it.
        for change in &verdict.changes {
            let truths: BTreeSet<bool> = completed
                .iter()
                .filter_map(|v| met(v, change.rule))
                .collect();
            let known = truths.len() == 1;
            assert_eq!(change.met.is_some(), known, "{context}");
            if let Some(met) = change.met {
                assert!(truths.contains(&met), "{context}");
            }
        }

        // Items are missing whenever they are unanswered; the grounds of a
        // rule only if two forms that differ in nothing but them differ in the
        // truth of the rule and in the level.
        let mut missing: BTreeSet<String> = unanswered(answers, &item_codes(instrument))
            .into_iter()
            .collect();
        for (rule, grounds) in grounds_of_rules(instrument) {
            let own: Vec<String> = grounds
                .into_iter()
                .filter(|code| open.contains(code))
                .collect();
            if own.is_empty() || verdict_is_known(&verdict, rule) {
                continue;
            }
            let others: Vec<String> = open
                .iter()
                .filter(|code| !own.contains(code))
                .cloned()
                .collect();
            let changes_a_level = completions(instrument, answers, &others)
                .iter()
                .any(|form| {
                    let levels: BTreeSet<Option<i64>> = completions(instrument, form, &own)
                        .iter()
                        .map(|full| decide(instrument, full, readings).level)
                        .collect();
                    levels.len() > 1
                });
            if changes_a_level {
                missing.extend(own);
            }
        }
        assert_eq!(verdict.missing, missing, "{context}");

        let items_missing = !unanswered(answers, &item_codes(instrument)).is_empty();
        let coma = levels.len() == 1
            && verdict
                .changes
                .iter()
                .any(|c| (c.rule == "C.4.coma" || c.rule == "C.3.3") && c.met == Some(true));
        let determined = coma || (!items_missing && levels.len() == 1);
        assert_eq!(verdict.level.is_some(), determined, "{context}");
    }

    fn verdict_is_known(verdict: &Verdict, rule: &str) -> bool {
        met(verdict, rule).is_some()
    }

    #[test]
    fn two_events_over_all_kinds_or_within_one() {
        let one_and_one = [Some(1), Some(0), Some(1), Some(0), Some(0)];
        assert_eq!(two_events(&one_and_one, false), Some(true));
        assert_eq!(two_events(&one_and_one, true), Some(false));
        let one_unknown = [Some(1), None, Some(0), Some(0), Some(0)];
        assert_eq!(two_events(&one_unknown, false), None);
        assert_eq!(two_events(&one_unknown, true), None);
        let two_and_unknown = [Some(2), None, Some(0), Some(0), Some(0)];
        assert_eq!(two_events(&two_and_unknown, false), Some(true));
        assert_eq!(two_events(&two_and_unknown, true), Some(true));
    }

    #[test]
    fn sums_are_reached_through_allowed_scores_only() {
        let open = vec![vec![5, 3], vec![1], vec![2, 0]];
        assert_eq!(reachable_sums(&open), BTreeSet::from([4, 6, 8]));
        let steps_of_five = vec![vec![10, 5, 0], vec![15]];
        assert_eq!(reachable_sums(&steps_of_five), BTreeSet::from([15, 20, 25]));
    }
}
