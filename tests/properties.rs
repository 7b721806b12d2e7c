//! What holds of every form and every text, tried on random ones.
//!
//! The seed is fixed, so that a failure comes again; `NENGLI_CASES` sets how
//! many inputs each property is tried on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;
mod forms;

use std::collections::BTreeSet;

use figure::figure;
use forms::{Answers, GBT, ITEMS, determine, rulebook};
use nengli::determination::{AssessmentResult, Outcome};
use nengli::{Answer, Assessment, Case, Determination, Options, Rejection, Rulebook, Text, date};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

fn config() -> ProptestConfig {
    let cases = std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(400);
    // Asked once by each property.
    figure(
        "random forms and texts, a property of each",
        cases as usize,
        "",
    );
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(42_195),
        ..ProptestConfig::default()
    }
}

// ---- random forms ----------------------------------------------------------

/// Scores of the items, leaning to the best, to the worst or to neither.
fn scores() -> impl Strategy<Value = Vec<u8>> {
    let item = |greatest: u8, lean: u8| match lean {
        0 => prop_oneof![9 => Just(greatest), 1 => 0..=greatest].boxed(),
        1 => prop_oneof![9 => Just(0), 1 => 0..=greatest].boxed(),
        _ => (0..=greatest).boxed(),
    };
    (0..4u8).prop_flat_map(move |lean| {
        ITEMS
            .iter()
            .map(|(_, greatest)| item(*greatest, lean))
            .collect::<Vec<_>>()
    })
}

fn diagnoses() -> impl Strategy<Value = Vec<&'static str>> {
    let codes: &'static [&'static str] = &[
        "F00.1", "F03.x00", "f20", "F99", "F00-F03", "I10", "E11.9", "G30", "G20", "other",
    ];
    prop_oneof![2 => Just(vec![]), 3 => vec(select(codes), 1..4)]
}

fn complete_form() -> impl Strategy<Value = Answers> {
    let events = prop_oneof![vec(Just(0u8), 5), vec(0..=3u8, 5)];
    let coma = proptest::bool::weighted(0.1);
    let by_key = any::<Option<Index>>();
    (scores(), events, diagnoses(), coma, by_key).prop_map(
        |(scores, events, diagnoses, coma, by_key)| {
            let mut answers = Answers::new();
            for ((code, _), score) in ITEMS.iter().zip(&scores) {
                answers.insert((*code).to_owned(), json!(score));
            }
            if let Some(key) = by_key {
                let keys: &[&str] = match scores[20] {
                    2 => &["alert"],
                    1 => &["drowsy", "confused"],
                    _ => &["stupor", "coma"],
                };
                answers.insert("B.3.9".to_owned(), json!(key.get(keys)));
            }
            for (i, count) in events.iter().enumerate() {
                answers.insert(format!("A.2.14.{}", i + 1), json!(count));
            }
            answers.insert("A.4.1".to_owned(), json!(diagnoses));
            answers.insert("A.5.11".to_owned(), json!(coma));
            answers
        },
    )
}

/// A complete form, and the same with some answers left out.
fn form_and_part() -> impl Strategy<Value = (Answers, Answers)> {
    let shares: &'static [f64] = &[1.0, 0.97, 0.9, 0.7, 0.3, 0.0];
    (complete_form(), select(shares)).prop_flat_map(|(form, share)| {
        let kept = vec(proptest::bool::weighted(share), form.len());
        (Just(form), kept).prop_map(|(form, kept)| {
            let part = form
                .iter()
                .zip(kept)
                .filter(|(_, kept)| *kept)
                .map(|((code, answer), _)| (code.clone(), answer.clone()))
                .collect();
            completion(form, part)
        })
    })
}

/// The option coma of B.3.9 answers A.5.11: a completion does not answer it anew.
fn completion(mut form: Answers, part: Answers) -> (Answers, Answers) {
    if part.get("B.3.9") == Some(&json!("coma")) && !part.contains_key("A.5.11") {
        form.insert("A.5.11".to_owned(), json!(true));
    }
    (form, part)
}

type Choices = Vec<(&'static str, &'static str)>;

fn choices() -> impl Strategy<Value = Choices> {
    let uplift = select(&["single", "stacking"][..]);
    let count = select(&["sum", "any_single_type"][..]);
    (uplift, count).prop_map(|(uplift, count)| vec![("uplift", uplift), ("event_count", count)])
}

/// The levels that a form can have.
fn possible(answers: &Answers, choices: &Choices) -> BTreeSet<u8> {
    let determination = determine(answers, choices);
    levels_of(&determination.assessments[0])
}

fn levels_of(result: &AssessmentResult) -> BTreeSet<u8> {
    match (&result.level, result.outcome) {
        (Some(level), Outcome::Determined) => BTreeSet::from([level.code]),
        (None, Outcome::Undetermined) => result.possible_levels.iter().copied().collect(),
        other => panic!("a level without an outcome: {other:?}"),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn worse_answers_never_give_a_better_level(
        (form, part) in form_and_part(),
        choices in choices(),
        item in any::<Index>(),
        less in any::<Index>(),
    ) {
        let (code, _) = ITEMS[item.index(ITEMS.len())];
        for answers in [form, part] {
            let Some(score) = answers.get(code).and_then(Value::as_u64).filter(|score| *score > 0)
            else { continue };
            let lower = less.index(usize::try_from(score).unwrap());
            let worse = forms::with(answers.clone(), code, json!(lower));
            let (before, after) = (possible(&answers, &choices), possible(&worse, &choices));
            prop_assert!(after.first() >= before.first(), "{code} {score} -> {lower}");
            prop_assert!(after.last() >= before.last(), "{code} {score} -> {lower}");
        }
    }

    #[test]
    fn more_grounds_never_give_a_better_level(
        (form, part) in form_and_part(),
        choices in choices(),
        event in 1..=5u8,
    ) {
        for answers in [form, part] {
            let before = possible(&answers, &choices);
            for (code, worse) in [
                ("A.4.1".to_owned(), json!(["I10", "F03"])),
                ("A.5.11".to_owned(), json!(true)),
                (format!("A.2.14.{event}"), json!(3)),
            ] {
                if answers.contains_key(&code) {
                    let after = possible(&forms::with(answers.clone(), &code, worse), &choices);
                    prop_assert!(after.first() >= before.first(), "{code}");
                    prop_assert!(after.last() >= before.last(), "{code}");
                }
            }
        }
    }

    #[test]
    fn every_completion_is_possible((form, part) in form_and_part(), choices in choices()) {
        let (of_form, of_part) = (determine(&form, &choices), determine(&part, &choices));
        let (whole, partial) = (&of_form.assessments[0], &of_part.assessments[0]);
        let level = whole.level.as_ref().expect("a complete form has a level");
        prop_assert!(levels_of(partial).contains(&level.code));
        if let Some(range) = partial.score_range {
            let total = whole.scores["total"];
            prop_assert!((range.min..=range.max).contains(&total));
        }
        for (code, sum) in &partial.scores {
            prop_assert_eq!(whole.scores.get(code), Some(sum));
        }
        for (open, closed) in partial.changes.iter().zip(&whole.changes) {
            prop_assert!(open.met.is_none() || open.met == closed.met, "{}", open.rule);
        }
        // To answer what is missing is enough for a level.
        let mut answered = part.clone();
        for code in &partial.missing {
            answered.insert(code.to_string(), form[code.as_str()].clone());
        }
        let result = &determine(&answered, &choices).assessments[0];
        prop_assert_eq!(result.outcome, Outcome::Determined);
        // And none of it is answered already.
        prop_assert!(partial.missing.iter().all(|code| !part.contains_key(code.as_str())));
    }

    #[test]
    fn the_order_of_answers_never_matters((_, part) in form_and_part(), seed in any::<u64>()) {
        let mut members: Vec<String> = part
            .iter()
            .map(|(code, answer)| format!("{}:{answer}", json!(code)))
            .collect();
        let sorted = text_of(&members);
        shuffle(&mut members, seed);
        prop_assert_eq!(
            rulebook().assess_json(&text_of(&members)),
            rulebook().assess_json(&sorted)
        );
    }

    #[test]
    fn the_same_case_gives_the_same_bytes((_, part) in form_and_part(), choices in choices()) {
        let case = forms::typed_case(&part, &choices);
        let text = serde_json::to_string(&case).expect("a case");
        let first = rulebook().assess_json(&text);
        prop_assert_eq!(&rulebook().assess_json(&text), &first);
        prop_assert_eq!(&rulebook().clone().assess_json(&text), &first);
        let typed = rulebook().assess(&case).expect("a determination");
        prop_assert_eq!(serde_json::to_string(&typed).expect("JSON"), first);
        let back: Case = serde_json::from_str(&text).expect("a case");
        prop_assert_eq!(back, case);
    }

    #[test]
    fn a_determination_is_canonical_and_comes_back(
        (_, part) in form_and_part(),
        choices in choices(),
        trace in any::<bool>(),
    ) {
        let case = forms::typed_case(&part, &choices);
        let options = if trace { Options::traced() } else { Options::default() };
        let determination = rulebook().assess_with(&case, options).expect("a determination");
        let text = serde_json::to_string(&determination).expect("JSON");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        prop_assert_eq!(canonical(&value), text.as_str());
        let back: Determination = serde_json::from_str(&text).expect("a determination");
        prop_assert_eq!(back, determination);
    }

    #[test]
    fn the_trace_says_what_the_result_says((form, part) in form_and_part(), choices in choices()) {
        for answers in [form, part] {
            let case = forms::typed_case(&answers, &choices);
            let traced = rulebook().assess_with(&case, Options::traced()).expect("a determination");
            let result = &traced.assessments[0];
            let steps = result.steps.as_ref().expect("a trace");
            let ids: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
            prop_assert_eq!(ids, ["B.1", "B.2", "B.3", "B.4", "total", "C.3", "C.5"]);
            // Complete sums, and no others.
            for step in &steps[..5] {
                prop_assert_eq!(step.result, result.scores.get(&step.step).copied());
                let inputs: Option<Vec<u8>> = step.inputs.values().copied().collect();
                let sum = inputs.map(|inputs| inputs.iter().sum::<u8>());
                prop_assert_eq!(step.result, sum, "{}", step.step);
            }
            // Where there is no level, the trace gives none either.
            let code = |level: &Option<nengli::determination::Level>| level.as_ref().map(|level| level.code);
            prop_assert_eq!(steps[5].result, code(&result.preliminary), "C.3");
            prop_assert_eq!(steps[5].row, code(&result.preliminary), "row of C.3");
            prop_assert_eq!(steps[6].result, code(&result.level), "C.5");
            for step in steps {
                prop_assert!(!step.citations.is_empty());
                for citation in &step.citations {
                    prop_assert!(rulebook().citation(citation).is_some(), "{citation}");
                }
            }
        }
    }

    #[test]
    fn every_finding_points_into_the_case((form, part) in form_and_part()) {
        for answers in [form, part] {
            let case = forms::case_json(&answers);
            for finding in determine(&answers, &[]).findings {
                let code = &finding.code;
                prop_assert!(case.pointer(&finding.at).is_some(), "{code} at {}", finding.at);
            }
        }
    }

    #[test]
    fn any_json_is_answered(value in any_json()) {
        answered(&value.to_string())?;
    }

    #[test]
    fn any_string_is_answered(text in any::<String>()) {
        answered(&text)?;
    }

    #[test]
    fn any_change_to_a_case_is_answered(edits in vec(edit(), 1..4)) {
        let mut case = full_case();
        for edit in &edits {
            apply(&mut case, edit);
        }
        answered(&case.to_string())?;
    }

    #[test]
    fn any_damage_to_a_text_is_answered(
        from in any::<Index>(),
        length in 0..40usize,
        put in "[\\[\\]{}\",:0-9a-z\\\\\u{0}\u{feff}é痴\u{1f600} \n-]{0,6}",
    ) {
        let text: Vec<char> = full_case().to_string().chars().collect();
        let from = from.index(text.len());
        let to = text.len().min(from + length);
        let damaged: String = text[..from].iter().copied().chain(put.chars()).chain(text[to..].iter().copied()).collect();
        answered(&damaged)?;
    }

    #[test]
    fn any_typed_case_is_answered(case in any_typed_case()) {
        match rulebook().assess(&case) {
            Ok(determination) => {
                prop_assert_eq!(determination.assessments.len(), case.assessments.len());
            }
            Err(rejection) => well_formed(&rejection)?,
        }
    }

    #[test]
    fn an_unknown_key_anywhere_is_refused(
        place in any::<Index>(),
        key in "zz[a-zA-Z0-9_. ]{0,20}|zz[痴呆é/~]{1,4}",
        value in leaf(),
    ) {
        let mut case = full_case();
        let objects = pointers(&case, Value::is_object);
        let at = place.get(&objects);
        let object = case.pointer_mut(at).and_then(Value::as_object_mut).expect("an object");
        object.insert(key.clone(), value);
        let rejection = rulebook().assess_text(&case.to_string(), Options::default()).err();
        let rejection = rejection.expect("a rejection");
        let wanted = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        let found: Vec<&str> = rejection.rejected.iter().map(|problem| problem.at.as_str()).collect();
        prop_assert!(found.iter().all(|found| found.starts_with(&wanted)), "{wanted}: {found:?}");
        prop_assert!(!found.is_empty());
        let typed = serde_json::from_str::<Case>(&case.to_string());
        if let Ok(case) = typed {
            prop_assert_eq!(rulebook().assess(&case), Err(rejection));
        }
    }
}

#[test]
fn another_rulebook_of_the_same_rules_gives_the_same_bytes() {
    let again = Rulebook::builtin().expect("the rules");
    let text = full_case().to_string();
    assert_eq!(again.assess_json(&text), rulebook().assess_json(&text));
    assert!(rulebook().assess_json(&text).contains(again.digest()));
}

/// The case that is damaged is whole before, and is written as it was read.
#[test]
fn the_full_case_is_accepted() {
    let text = full_case().to_string();
    assert_eq!(forms::problems(&text), []);
    let case: Case = serde_json::from_str(&text).expect("a case");
    let written = serde_json::to_string(&case).expect("JSON");
    assert_eq!(written, canonical(&full_case()));
    // By whatever way serde reads it.
    let by_value: Case = serde_json::from_value(full_case()).expect("a case");
    let by_reader: Case = serde_json::from_reader(text.as_bytes()).expect("a case");
    assert_eq!((&by_value, &by_reader), (&case, &case));
}

/// A text of the contract stands for its characters, whichever side it is compared on.
#[test]
fn a_text_compares_as_its_characters() {
    for (one, other) in [("abc", "abc"), ("abc", "abd"), ("", "a"), ("能力", "能力")] {
        let (text, second) = (Text::from(one), Text::from(other));
        let (one_owned, other_owned) = (one.to_owned(), other.to_owned());
        let same = one == other;
        assert_eq!(text == second, same);
        assert_eq!(text == *other, same);
        assert_eq!(text == other, same);
        assert_eq!(text == other_owned, same);
        assert_eq!(*one == second, same);
        assert_eq!(one == second, same);
        assert_eq!(one_owned == second, same);
        assert_eq!(text.cmp(&second), one.cmp(other));
        assert_eq!(text.partial_cmp(&second), one.partial_cmp(other));
        assert_eq!(text.to_string(), one);
        assert_eq!(text.as_str(), one);
    }
}

#[test]
fn a_rulebook_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(rulebook());
    let text = full_case().to_string();
    let expected = rulebook().assess_json(&text);
    let answers: Vec<_> = (0..4)
        .map(|_| {
            let (rules, text) = (rulebook().clone(), text.clone());
            std::thread::spawn(move || rules.assess_json(&text))
        })
        .collect();
    for answer in answers {
        assert_eq!(answer.join().expect("an answer"), expected);
    }
}

// ---- random texts ----------------------------------------------------------

/// Whatever the text, the answer is a determination or a rejection, in canonical
/// JSON, and the two doors of the library agree.
fn answered(text: &str) -> Result<(), TestCaseError> {
    let answer = rulebook().assess_json(text);
    let value: Value = serde_json::from_str(&answer).expect("an answer in JSON");
    prop_assert_eq!(canonical(&value), answer.as_str());
    if value.get("rejected").is_some() {
        let rejection: Rejection = serde_json::from_str(&answer).expect("a rejection");
        well_formed(&rejection)?;
    } else {
        let determination: Determination = serde_json::from_str(&answer).expect("a determination");
        for result in &determination.assessments {
            prop_assert!(!levels_of(result).is_empty());
        }
    }
    if let Ok(case) = serde_json::from_str::<Case>(text) {
        let typed = match rulebook().assess(&case) {
            Ok(determination) => serde_json::to_string(&determination),
            Err(rejection) => serde_json::to_string(&rejection),
        };
        prop_assert_eq!(typed.expect("JSON"), answer);
    } else {
        prop_assert!(value.get("rejected").is_some());
    }
    Ok(())
}

fn well_formed(rejection: &Rejection) -> Result<(), TestCaseError> {
    prop_assert!(!rejection.rejected.is_empty());
    prop_assert_eq!(rejection.schema, 1);
    for problem in &rejection.rejected {
        prop_assert!(problem.at.is_empty() || problem.at.starts_with('/'));
        prop_assert!(!problem.message.is_empty());
        prop_assert!(problem.message.chars().all(|c| !c.is_control()));
    }
    let places: BTreeSet<_> = rejection
        .rejected
        .iter()
        .map(|problem| (&problem.at, problem.kind))
        .collect();
    prop_assert_eq!(places.len(), rejection.rejected.len(), "each problem once");
    Ok(())
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..8i64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        proptest::num::f64::NORMAL.prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        select(&["", "3", "2026-06-20", "2026-02-30", "F03", "coma", GBT][..])
            .prop_map(Value::from),
    ]
}

fn key() -> impl Strategy<Value = String> {
    let known: &'static [&'static str] = &[
        "schema",
        "case_id",
        "as_of",
        "jurisdiction",
        "assessments",
        "instrument",
        "date",
        "answers",
        "facts",
        "costs",
        "used",
        "interpretations",
        "B.1.1",
        "B.3.9",
        "A.4.1",
        "A.5.11",
        "birth_date",
        "fen",
        "month",
    ];
    prop_oneof![3 => select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

fn any_json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(key(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

#[derive(Debug, Clone)]
enum Edit {
    Put(Index, Value),
    Remove(Index),
    Add(Index, String, Value),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<Index>(), any_json()).prop_map(|(place, value)| Edit::Put(place, value)),
        any::<Index>().prop_map(Edit::Remove),
        (any::<Index>(), key(), any_json())
            .prop_map(|(place, key, value)| Edit::Add(place, key, value)),
    ]
}

fn apply(case: &mut Value, edit: &Edit) {
    let (Edit::Put(place, _) | Edit::Remove(place) | Edit::Add(place, ..)) = edit;
    let places = pointers(case, |_| true);
    let at = place.get(&places).clone();
    match edit {
        Edit::Put(_, value) => *case.pointer_mut(&at).expect("a place") = value.clone(),
        Edit::Remove(_) => {
            if let Some((parent, key)) = at.rsplit_once('/')
                && let Some(Value::Object(members)) = case.pointer_mut(parent)
            {
                members.remove(&key.replace("~1", "/").replace("~0", "~"));
            }
        }
        Edit::Add(_, key, value) => {
            if let Some(Value::Object(members)) = case.pointer_mut(&at) {
                members.insert(key.clone(), value.clone());
            }
        }
    }
}

/// JSON Pointers to every value that is wanted.
fn pointers(value: &Value, wanted: fn(&Value) -> bool) -> Vec<String> {
    fn walk(value: &Value, at: &str, wanted: fn(&Value) -> bool, list: &mut Vec<String>) {
        if wanted(value) {
            list.push(at.to_owned());
        }
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    walk(inner, &format!("{at}/{key}"), wanted, list);
                }
            }
            Value::Array(elements) => {
                for (i, inner) in elements.iter().enumerate() {
                    walk(inner, &format!("{at}/{i}"), wanted, list);
                }
            }
            _ => {}
        }
    }
    let mut list = Vec::new();
    walk(value, "", wanted, &mut list);
    list
}

/// A case that has everything a case can have.
fn full_case() -> Value {
    json!({
        "schema": 1,
        "case_id": "p-1",
        "replaces": "p-0",
        "as_of": "2026-06-30",
        "jurisdiction": "120101",
        "assessments": [{
            "instrument": GBT,
            "date": "2026-06-20",
            "reason": "initial",
            "assessors": [
                {"id": "a-1", "background": "nursing"},
                {"id": "a-2", "background": "other"}
            ],
            "informant": {"relation": "child"},
            "answers": forms::with(forms::with_total(69), "A.4.1", json!(["I10", "F00.1"]))
        }],
        "facts": {
            "birth_date": "1941-03-02",
            "disability_certificate_grade": 2,
            "economic_status": "dibao",
            "hukou": "120101",
            "lives_alone": true,
            "receives": ["care-voucher"],
            "special_contribution": ["veteran"]
        },
        "costs": [{"setting": "home", "month": "2026-06", "fen": 200000}],
        "used": [{"programme": "ltci", "fen": 1000}],
        "interpretations": {"gbt-42195-2022/uplift": "stacking"}
    })
}

fn any_typed_case() -> impl Strategy<Value = Case> {
    let day = || {
        prop_oneof![
            4 => (2020i16..=2027, 1i8..=12, 1i8..=28),
            1 => (-9999i16..=9999, 1i8..=12, 1i8..=28),
        ]
        .prop_map(|(year, month, day)| date(year, month, day))
    };
    let answer = || {
        prop_oneof![
            any::<bool>().prop_map(Answer::Flag),
            (-1..6i64).prop_map(Answer::Number),
            any::<i64>().prop_map(Answer::Number),
            any::<String>().prop_map(Answer::Text),
            vec("F[0-9]{2}|[A-Z][0-9]{2}\\.[0-9x]{0,3}|\\PC{0,4}", 0..4).prop_map(Answer::List),
        ]
    };
    let code = prop_oneof![
        4 => select(&ITEMS[..]).prop_map(|(code, _)| code.to_owned()),
        4 => select(&forms::GROUNDS[..]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let form = (
        prop_oneof![4 => Just(GBT.to_owned()), 1 => any::<String>()],
        day(),
        btree_map(code, answer(), 0..8),
    )
        .prop_map(|(instrument, date, answers)| {
            let mut form = Assessment::new(instrument, date);
            form.answers = answers;
            form
        });
    let id = prop_oneof![4 => Just("t-1".to_owned()), 1 => any::<String>()];
    let facts = proptest::option::of(btree_map(key(), answer(), 0..4));
    let place = proptest::option::of(any::<String>());
    (id, day(), vec(form, 0..3), facts, place).prop_map(|(id, as_of, forms, facts, place)| {
        let mut case = Case::new(id, as_of);
        case.assessments = forms;
        case.facts = facts;
        case.jurisdiction = place;
        case
    })
}

// ---- writing ---------------------------------------------------------------

fn text_of(members: &[String]) -> String {
    format!(
        r#"{{"schema":1,"case_id":"t-1","as_of":"2026-06-30","assessments":[{{"instrument":"{GBT}","date":"2026-06-20","answers":{{{}}}}}]}}"#,
        members.join(",")
    )
}

fn shuffle(members: &mut [String], seed: u64) {
    let mut state = seed | 1;
    for i in (1..members.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let j = usize::try_from(state >> 33).unwrap() % (i + 1);
        members.swap(i, j);
    }
}

/// Canonical JSON of a value without fractions (RFC 8785): keys sorted in every
/// object, no space.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_by_key(|key| key.encode_utf16().collect::<Vec<u16>>());
            let members: Vec<String> = keys
                .into_iter()
                .map(|key| format!("{}:{}", json!(key), canonical(&members[key])))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(canonical).collect();
            format!("[{}]", elements.join(","))
        }
        other => other.to_string(),
    }
}
