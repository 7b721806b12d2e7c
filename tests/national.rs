//! What a user adds to the national instruments: a table for the one that has
//! none, care levels of an institution, comparisons; and what is refused. And when
//! the next assessment is due.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod forms;
mod model;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use forms::{GBT, rulebook};
use model::{Answers, Readings, Rng};
use nengli::{Options, Rulebook};
use serde_json::{Value, json};

const NHC: &str = "nhc-48-2019";
const MZT: &str = "mzt-039-2013";
const LTCI: &str = "nhsa-37-2021";

fn text_of(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn file(path: &str) -> Value {
    serde_json::from_str(&text_of(path)).expect("JSON")
}

fn table() -> Value {
    file("examples/rules/nhc-48-table.json")
}

fn home() -> Value {
    file("examples/rules/institution-care-levels.json")
}

/// The comparisons of the crate under another id.
fn checks() -> Value {
    let mut checks = file("rules/cross-checks.json");
    checks["id"] = json!("own-checks");
    checks
}

/// The rules of the crate and one file more.
fn with(file: &Value) -> Rulebook {
    rulebook()
        .with_files([("own/file.json", file.to_string())])
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The faults of one file more as `(file, at, kind)`.
fn faults(file: &Value) -> Vec<(String, String, &'static str)> {
    let Err(error) = rulebook().with_files([("own/file.json", file.to_string())]) else {
        return Vec::new();
    };
    let said = error.to_string();
    let faults: Vec<_> = error
        .diagnostics
        .into_iter()
        .map(|fault| (fault.file, fault.at, fault.kind.as_str()))
        .collect();
    for (file, at, kind) in &faults {
        assert!(said.contains(&format!("{file}#{at}: {kind}")), "{said}");
    }
    faults
}

/// The added file is refused for these faults, each in it and no other.
#[track_caller]
fn refused(file: &Value, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(at, kind)| ("own/file.json".to_owned(), (*at).to_owned(), *kind))
        .collect();
    assert_eq!(faults(file), expected);
}

fn changed(mut file: Value, at: &str, value: Value) -> Value {
    *file.pointer_mut(at).expect(at) = value;
    file
}

fn pushed(mut file: Value, at: &str, value: Value) -> Value {
    let list = file.pointer_mut(at).expect(at).as_array_mut();
    list.expect("a list").push(value);
    file
}

/// The determination of one form.
fn decided(
    rules: &Rulebook,
    instrument: &str,
    day: &str,
    answers: &Answers,
    readings: &[(&str, &str)],
) -> Value {
    let readings: Answers = readings
        .iter()
        .map(|(key, choice)| ((*key).to_owned(), json!(choice)))
        .collect();
    let case = json!({
        "case_id": "n-1", "as_of": "2026-06-30", "interpretations": readings,
        "assessments": [{ "instrument": instrument, "date": day, "answers": answers }],
    });
    let answer = rules
        .assess_text(&case.to_string(), Options::default())
        .unwrap_or_else(|rejection| panic!("{rejection}\n{case}"));
    serde_json::to_value(answer).expect("JSON")
}

fn codes(findings: &Value) -> Vec<&str> {
    let findings = findings.as_array().expect("findings");
    findings
        .iter()
        .map(|finding| finding["code"].as_str().expect("a code"))
        .collect()
}

// ---- the table of care-need levels ------------------------------------------

/// A form with no trouble at all.
fn no_need() -> Answers {
    model::item_codes(NHC)
        .into_iter()
        .map(|code| {
            let best = if code.starts_with("3.4.") {
                json!(false)
            } else {
                json!(0)
            };
            (code, best)
        })
        .collect()
}

fn answered(mut answers: Answers, more: &Value) -> Answers {
    for (code, answer) in more.as_object().expect("answers") {
        assert!(answers.contains_key(code), "{code}");
        answers.insert(code.clone(), answer.clone());
    }
    answers
}

/// The grade of a sum, by the last sums of the grades 0, 1 and 2.
fn band(sum: i64, last: [i64; 3]) -> usize {
    last.iter().filter(|last| sum > **last).count()
}

/// The invented table, read by eye.
fn by_the_table(ability: usize, syndromes: i64) -> i64 {
    let group = match syndromes {
        0 => 0,
        1..=4 => 1,
        _ => 2,
    };
    [[0, 1, 1], [1, 1, 2], [2, 2, 3], [3, 3, 4]][ability][group]
}

/// The three sums and the number of syndromes, as the model has them.
fn sums(answers: &Answers) -> [i64; 4] {
    let scores = model::decide(NHC, answers, &Readings::new()).scores;
    ["3.1", "3.2", "3.3", "syndromes"].map(|part| scores[part])
}

fn ability(answers: &Answers) -> usize {
    let [daily, mind, senses, _] = sums(answers);
    let grades = [
        band(daily, [0, 20, 40]),
        band(mind, [0, 13, 26]),
        band(senses, [0, 4, 8]),
    ];
    grades.into_iter().max().expect("three grades")
}

#[test]
fn the_supplied_table_gives_levels() {
    let rules = with(&table());
    let mut rng = Rng::new(48);
    let mut levels = BTreeSet::new();
    let random = std::iter::repeat_with(|| model::random_form(NHC, &mut rng));
    for answers in random.take(500).chain([no_need()]) {
        if answers["3.3.1"] == 3 {
            continue;
        }
        let found = decided(&rules, NHC, "2026-06-01", &answers, &[]);
        let result = &found["assessments"][0];
        let expected = by_the_table(ability(&answers), sums(&answers)[3]);
        assert_eq!(result["outcome"], "determined", "{found}");
        assert_eq!(result["level"]["code"], expected, "{found}");
        assert_eq!(result["preliminary"]["code"], expected, "{found}");
        // Whatever rests on figures of one's own says so.
        assert_eq!(result["confidence"], "C", "{found}");
        assert_eq!(codes(&found["findings"]), Vec::<&str>::new());
        let cited = result["citations"].as_array().expect("citations");
        assert!(cited.contains(&json!("example-nhc-table.table")), "{found}");
        levels.insert(expected);
    }
    assert_eq!(levels, BTreeSet::from([0, 1, 2, 3, 4]));
}

#[test]
fn the_edges_of_the_supplied_table() {
    let rules = with(&table());
    // 20 of 60, and 21.
    let twenty = json!({"3.1.1": 4, "3.1.2": 4, "3.1.3": 4, "3.1.4": 4, "3.1.5": 4});
    let one_more = json!({"3.1.6": 1});
    let four = json!({"3.4.1": true, "3.4.2": true, "3.4.3": true, "3.4.4": true});
    let fifth = json!({"3.4.12": true});
    let form = |parts: &[&Value]| {
        parts
            .iter()
            .fold(no_need(), |form, more| answered(form, more))
    };
    for (parts, level) in [
        (&[][..], "intact"),
        (&[&four], "mild"),
        (&[&four, &fifth], "mild"),
        (&[&twenty], "mild"),
        (&[&twenty, &four], "mild"),
        (&[&twenty, &four, &fifth], "moderate"),
        (&[&twenty, &one_more], "moderate"),
        (&[&twenty, &one_more, &four, &fifth], "severe"),
    ] {
        let answers = form(parts);
        let found = decided(&rules, NHC, "2026-06-01", &answers, &[]);
        assert_eq!(found["assessments"][0]["level"]["key"], level, "{parts:?}");
    }
}

#[test]
fn without_the_table_there_is_no_level() {
    let found = decided(rulebook(), NHC, "2026-06-01", &no_need(), &[]);
    assert_eq!(found["assessments"][0]["level"], Value::Null);
    assert_eq!(codes(&found["findings"]), ["level_not_in_rulebook"]);
}

#[test]
fn a_missing_answer_with_the_table() {
    let rules = with(&table());
    let mut answers = answered(no_need(), &json!({"3.4.1": true}));
    answers.remove("3.1.7");
    let found = decided(&rules, NHC, "2026-06-01", &answers, &[]);
    let result = &found["assessments"][0];
    assert_eq!(result["outcome"], "undetermined");
    assert_eq!(result["missing"], json!(["3.1.7"]));
    // 0 to 4 points: ability 0 or 1, with one syndrome level 1 either way.
    assert_eq!(result["possible_levels"], json!([1]));
    assert_eq!(codes(&found["findings"]), ["only_one_level_possible"]);
}

/// By default coma is level 3, whether or not there is a table.
#[test]
fn coma_with_the_table() {
    let rules = with(&table());
    let answers = answered(no_need(), &json!({"3.3.1": 3}));
    for answers in [answers, json!({"3.3.1": 3}).as_object().unwrap().clone()] {
        let found = decided(&rules, NHC, "2026-06-01", &answers, &[]);
        assert_eq!(found["assessments"][0]["level"]["key"], "severe", "{found}");
    }
}

/// Read the other way, coma makes the ability grade severe, and the table says
/// what that comes to.
#[test]
fn coma_as_the_ability_grade_with_the_table() {
    let rules = with(&table());
    let reading = [("nhc-48-2019/coma_means", "ability_grade")];
    let five = json!({
        "3.4.1": true, "3.4.2": true, "3.4.3": true, "3.4.4": true, "3.4.5": true,
    });
    let coma = answered(no_need(), &json!({"3.3.1": 3}));
    for (answers, syndromes) in [(coma.clone(), 0), (answered(coma, &five), 5)] {
        let found = decided(&rules, NHC, "2026-06-01", &answers, &reading);
        assert_eq!(
            found["assessments"][0]["level"]["code"],
            by_the_table(3, syndromes),
            "{found}"
        );
    }
}

#[test]
fn a_table_that_does_not_fit() {
    // Only what was left open can be supplied, and only once.
    for step in ["3.1", "level", "level.tables", ""] {
        refused(
            &changed(table(), "/step", json!(step)),
            &[("/step", "unknown_reference")],
        );
    }
    for instrument in ["nhsa-37-2021", GBT] {
        let file = changed(table(), "/instrument", json!(instrument));
        refused(&file, &[("/step", "unknown_reference")]);
    }
    let mut second = table();
    second["id"] = json!("second-table");
    second["documents"][0]["id"] = json!("second-table");
    let twice = with(&table()).with_files([("own/second.json", second.to_string())]);
    let error = twice.expect_err("supplied twice");
    let first = &error.diagnostics[0];
    assert_eq!(
        (first.file.as_str(), first.at.as_str(), first.kind.as_str()),
        ("own/second.json", "/step", "unknown_reference"),
        "{error}"
    );
}

/// What is wrong within a supplied table is found by its name.
#[test]
fn a_broken_table() {
    let kinds = |file: &Value| -> BTreeSet<&'static str> {
        faults(file).into_iter().map(|(_, _, kind)| kind).collect()
    };
    for (at, value, kind) in [
        (
            "/rule/table/rows/3/cells/2",
            json!("hopeless"),
            "unknown_level",
        ),
        ("/steps/0/rule/band/rows/1/from", json!(2), "gap"),
        ("/steps/0/rule/band/rows/1/to", json!(21), "overlap"),
        (
            "/steps/4/rule/worst_of/of/0",
            json!("3.5"),
            "unknown_reference",
        ),
        ("/cite", json!([]), "missing_citation"),
        (
            "/cite/0",
            json!("example-nhc-table.none"),
            "unknown_citation",
        ),
    ] {
        let found = kinds(&changed(table(), at, value));
        assert!(found.contains(kind), "{at}: {found:?}");
    }
    assert!(kinds(&table()).is_empty());
}

/// And it is found in the file that is at fault, not in that of the crate.
#[test]
fn the_broken_table_is_blamed() {
    let file = changed(table(), "/rule/table/rows/3/cells/2", json!("hopeless"));
    for (of, at, kind) in faults(&file) {
        assert_eq!(of, "own/file.json", "{at}: {kind}");
        assert!(file.pointer(&at).is_some(), "{at}: {kind}");
    }
    // That no cell gives a level is a fault of the rule as a whole.
    let mut one_level = table();
    let rows = one_level["rule"]["table"]["rows"].as_array_mut().unwrap();
    for cells in rows
        .iter_mut()
        .map(|row| row["cells"].as_array_mut().unwrap())
    {
        let first = cells[0].clone();
        cells.fill(first);
    }
    for (of, at, kind) in faults(&one_level) {
        assert_eq!(
            (&*of, &*at, kind),
            ("own/file.json", "/rule", "unreachable_level")
        );
    }
    assert!(!faults(&one_level).is_empty());
}

// ---- care levels of an institution ------------------------------------------

#[test]
fn care_levels_of_an_institution() {
    let rules = with(&home());
    for (total, key) in [
        (90, "care_1"),
        (66, "care_2"),
        (46, "care_3"),
        (30, "care_4"),
        (29, "care_5"),
    ] {
        let answers = forms::with_total(total);
        let found = decided(&rules, GBT, "2026-06-20", &answers, &[]);
        assert_eq!(
            found["care_levels"],
            json!([{
                "scheme": "example-home", "key": key, "basis": "institution", "from": GBT,
                "confidence": "B",
                "citations": ["example-home-rules.levels", "decree-66-2020.15"],
            }]),
            "{total}"
        );
        let off = [("care-levels/example-home", "off")];
        let found = decided(&rules, GBT, "2026-06-20", &answers, &off);
        assert_eq!(found["care_levels"], json!([]));
    }
    let missing = forms::without(forms::with_total(90), &["B.1.1"]);
    let found = decided(&rules, GBT, "2026-06-20", &missing, &[]);
    assert_eq!(found["care_levels"], json!([]), "no level, no care level");
}

/// In force from 2026-01-01 until 2026-07-01: a decision of the day before, or of that day,
/// knows nothing of it.
#[test]
fn care_levels_have_a_life() {
    let mut home = home();
    home["in_force"]["to"] = json!("2026-07-01");
    let rules = with(&home);
    for (as_of, count) in [
        ("2025-12-31", 0),
        ("2026-01-01", 1),
        ("2026-06-30", 1),
        ("2026-07-01", 0),
        ("2026-07-02", 0),
    ] {
        let case = json!({
            "case_id": "n-1", "as_of": as_of,
            "assessments": [
                {"instrument": GBT, "date": "2025-12-20", "answers": forms::with_total(66)}
            ],
        });
        let found: Value = serde_json::from_str(&rules.assess_json(&case.to_string())).unwrap();
        let found = found["care_levels"].as_array().expect("care levels");
        assert_eq!(found.len(), count, "{as_of}");
    }
}

#[test]
fn broken_care_levels() {
    refused(&home(), &[]);
    let row = |level: &str| json!({"level": level, "key": "x", "names": {"zh": "某", "en": "x"}});
    let mut gap = home();
    gap["rows"].as_array_mut().unwrap().remove(3);
    refused(&gap, &[("/rows", "gap")]);
    refused(
        &pushed(home(), "/rows", row("hopeless")),
        &[("/rows/5/level", "unknown_level")],
    );
    refused(
        &pushed(home(), "/rows", row("mild")),
        &[("/rows/5/level", "overlap")],
    );
    refused(
        &changed(home(), "/rows/3/level", json!("mild")),
        &[("/rows", "gap"), ("/rows/3/level", "overlap")],
    );
    refused(
        &changed(home(), "/cite", json!([])),
        &[("/cite", "missing_citation")],
    );
    refused(
        &changed(home(), "/cite/0", json!("example-home-rules.none")),
        &[("/cite/0", "unknown_citation")],
    );
    refused(
        &changed(home(), "/instrument", json!("gbt-42195-2032")),
        &[("/instrument", "unknown_reference")],
    );
    refused(
        &changed(home(), "/id", json!("customary-three")),
        &[("/id", "duplicate_code")],
    );
    refused(
        &changed(home(), "/schema", json!(2)),
        &[("/schema", "shape")],
    );
    refused(
        &changed(home(), "/basis", json!("national")),
        &[("/basis", "shape")],
    );
}

// ---- comparisons ------------------------------------------------------------

#[test]
fn broken_cross_checks() {
    refused(&checks(), &[]);
    refused(
        &changed(checks(), "/pairs/0/left", json!("B.9.9")),
        &[("/pairs/0/left", "unknown_reference")],
    );
    refused(
        &changed(checks(), "/pairs/3/right", json!("B.4.1")),
        &[("/pairs/3/right", "unknown_reference")],
    );
    refused(
        &changed(checks(), "/right", json!("nhsa-37-2031")),
        &[("/right", "unknown_reference")],
    );
    refused(
        &changed(checks(), "/cite", json!([])),
        &[("/cite", "missing_citation")],
    );
    refused(
        &changed(checks(), "/cite/0", json!("nengli-checks.none")),
        &[("/cite/0", "unknown_citation")],
    );
    refused(
        &changed(checks(), "/id", json!("gbt-against-ltci")),
        &[("/id", "duplicate_code")],
    );
}

// ---- proofs and days --------------------------------------------------------

#[test]
fn every_instrument_is_sound() {
    for rules in [rulebook().clone(), with(&table())] {
        let proofs = rules.check();
        let proved: BTreeSet<&str> = proofs
            .iter()
            .map(|proof| proof.instrument.as_str())
            .collect();
        assert_eq!(proved, BTreeSet::from(model::INSTRUMENTS));
        for instrument in rules.instruments() {
            let proof = instrument.prove();
            assert!(proof.sound, "{proof:?}");
            assert!(proofs.contains(&proof));
            let sum: u64 = proof.lines.iter().map(|line| line.states).sum();
            assert!(proof.states > 0 && proof.states == sum, "{proof:?}");
        }
    }
}

/// The vectors of MZ/T 039-2013: 189 of one level, 13 of none, 54 of two.
#[test]
fn the_combinations_of_the_predecessor_are_counted() {
    let proof = rulebook().instrument(MZT).expect("the instrument").prove();
    let line = proof
        .lines
        .iter()
        .find(|line| line.proved.contains("256"))
        .unwrap_or_else(|| panic!("{proof:?}"));
    for count in ["189", "13", "54"] {
        let mut words = line.proved.split(|c: char| !c.is_ascii_digit());
        assert!(words.any(|word| word == count), "{}", line.proved);
    }
}

/// So many months are full on the same day of the month, or on its last day.
#[test]
fn due_at_the_end_of_a_month() {
    let complete = |instrument: &str| model::random_form(instrument, &mut Rng::new(1));
    let worst = || -> Answers {
        let codes = model::item_codes(LTCI).into_iter();
        codes.map(|code| (code, json!(0))).collect()
    };
    for (instrument, answers, day, by) in [
        (MZT, complete(MZT), "2024-08-31", "2025-02-28"),
        (MZT, complete(MZT), "2015-08-31", "2016-02-29"),
        (MZT, complete(MZT), "2015-08-30", "2016-02-29"),
        (MZT, complete(MZT), "2015-08-29", "2016-02-29"),
        (MZT, complete(MZT), "2015-08-28", "2016-02-28"),
        (MZT, complete(MZT), "2016-02-29", "2016-08-29"),
        (MZT, complete(MZT), "2015-03-31", "2015-09-30"),
        (MZT, complete(MZT), "2015-12-31", "2016-06-30"),
        (LTCI, worst(), "2024-02-29", "2026-02-28"),
        (LTCI, worst(), "2026-02-28", "2028-02-28"),
        (LTCI, worst(), "2025-12-31", "2027-12-31"),
    ] {
        let found = decided(rulebook(), instrument, day, &answers, &[]);
        let due = found["due"].as_array().expect("due");
        assert_eq!(due.len(), 1, "{found}");
        assert_eq!(due[0]["what"], "reassessment", "{day}");
        assert_eq!(due[0]["by"], by, "{day}");
    }
}
