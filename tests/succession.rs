//! Two results of one person: the pairs under `tests/succession/`, the edges of every
//! bound, and what must hold of any two.
//!
//! A pair is `NAME.previous.json` and `NAME.new.json`, each a case, and
//! `NAME.expect.json`: a part of the succession or of the rejection, with `why`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
mod forms;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use forms::rulebook;
use nengli::compare::Turn;
use nengli::determination::Finding;
use nengli::{Answer, Assessment, Case, Date, Lang, Record, Succession, date, explain};
use serde_json::Value;

const GBT: &str = "gbt-42195-2022";
const LTCI: &str = "nhsa-37-2021";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/succession")
}

fn pairs() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".expect.json").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

fn text(name: &str, which: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.{which}.json"))).unwrap()
}

// ---- pairs as data -----------------------------------------------------------

#[test]
fn every_pair_is_as_expected() {
    let names = pairs();
    assert!(names.len() >= 14, "{names:?}");
    let mut faults = Vec::new();
    for name in &names {
        let expected = common::expectation(&text(name, "expect")).unwrap();
        let answer = rulebook().compare_json(&text(name, "previous"), &text(name, "new"));
        let found: Value = serde_json::from_str(&answer).unwrap();
        for mismatch in common::mismatches(&expected.part, &found) {
            faults.push(format!("{name}: {mismatch} ({})", expected.why));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Read back from its JSON it is the same, and its fields stand in canonical order.
#[test]
fn it_survives_json() {
    for name in pairs() {
        let (previous, new) = (text(&name, "previous"), text(&name, "new"));
        let Ok(succession) = rulebook().compare_text(&previous, &new) else {
            continue;
        };
        let written = rulebook().compare_json(&previous, &new);
        let back: Succession = serde_json::from_str(&written).unwrap();
        assert_eq!(back, succession, "{name}");
        let sorted: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(sorted.to_string(), written, "{name}");
    }
}

/// An earlier form by the instrument, and a form of the same day by another, stand in
/// nobody's way: the latest of each is compared.
#[test]
fn the_latest_form_by_an_instrument_is_compared() {
    let [previous, new] = ["previous", "new"]
        .map(|which| -> Case { serde_json::from_str(&text("getting-worse", which)).unwrap() });
    let alone = rulebook().compare(&previous, &new).unwrap();
    let several: Case = serde_json::from_str(&text("rights-change", "new")).unwrap();
    let by_another = &several.assessments[1];
    assert_ne!(by_another.instrument, GBT);
    let crowded = |case: &Case| {
        let latest = case.assessments[0].clone();
        let mut earlier = latest.clone();
        earlier.date = date(2024, 1, 15);
        for answer in earlier.answers.values_mut() {
            if let Answer::Number(score) = answer {
                *score = 0;
            }
        }
        let mut other = by_another.clone();
        other.date = latest.date;
        let mut case = case.clone();
        case.assessments = vec![earlier, other, latest];
        case
    };
    let found = rulebook()
        .compare(&crowded(&previous), &crowded(&new))
        .unwrap();
    let of = |succession: &Succession| {
        let forms = succession.assessments.iter();
        let mut of = forms.filter(|form| form.instrument == GBT);
        let one = of.next().cloned();
        assert!(of.next().is_none());
        one.unwrap()
    };
    assert!(of(&alone).level.differs());
    assert_eq!(of(&found), of(&alone));
}

// ---- any two -------------------------------------------------------------------

/// Every case of the crate that is decided.
fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (files, _) = common::find(&folder);
    let read = files.into_iter().filter_map(|file| {
        let case: Case = serde_json::from_str(&fs::read_to_string(&file.case).unwrap()).ok()?;
        rulebook()
            .assess(&case)
            .is_ok()
            .then_some((file.name, case))
    });
    read.collect()
}

#[test]
fn beside_itself_nothing_differs() {
    let cases = cases();
    assert!(cases.len() > 150, "{}", cases.len());
    for (name, case) in &cases {
        let same = rulebook().compare(case, case).unwrap();
        let findings: Vec<&Finding> = same
            .findings
            .iter()
            .filter(|finding| finding.code != "nothing_to_compare")
            .collect();
        assert!(findings.is_empty(), "{name}: {findings:?}");
        assert_eq!(
            same.findings.is_empty(),
            !case.assessments.is_empty(),
            "{name}"
        );
        for form in &same.assessments {
            assert!(!form.level.differs() && form.levels_worse.unwrap_or(0) == 0);
            assert!(
                form.items.iter().all(|item| item.turn == Turn::Same),
                "{name}"
            );
            let mut sums = form.scores.values().chain(form.grades.values());
            assert!(sums.all(|step| step.difference == Some(0)), "{name}");
            let mut lists = form.diagnoses.iter();
            assert!(lists.all(|one| one.gained.is_empty() && one.vanished.is_empty()));
            assert!(form.changes.iter().all(|one| one.new == one.previous));
        }
        assert!(same.rights.iter().all(|right| !right.differs()), "{name}");
        let mut payers = same.payments.iter().flat_map(|payment| &payment.payers);
        assert!(payers.all(|payer| payer.new == payer.previous));
        let report = explain::succession(&same, rulebook(), Lang::En);
        let sections = report.parts.iter().flat_map(|part| &part.sections);
        let mut rows = sections.flat_map(|section| &section.rows);
        assert!(rows.all(|row| !row.differs), "{name}");
    }
}

/// Cases of one day, so that either may be the previous one.
#[test]
fn the_other_way_round_everything_is_reversed() {
    let all = cases();
    let mut compared = 0;
    for (i, (name, one)) in all.iter().enumerate() {
        // A few others each: the next ones that may stand on either side.
        let others = all.iter().skip(i + 1).filter(|(_, other)| {
            let alike = other.as_of == one.as_of && !one.assessments.is_empty();
            alike && birth(one) == birth(other) && dates(one) == dates(other)
        });
        for (other_name, other) in others.take(3) {
            let there = rulebook().compare(one, other).unwrap();
            let back = rulebook().compare(other, one).unwrap();
            compared += 1;
            reversed(&there, &back, &format!("{name} and {other_name}"));
        }
    }
    assert!(compared > 100, "{compared}");
}

fn birth(case: &Case) -> Option<&Answer> {
    case.facts.as_ref()?.get("birth_date")
}

fn dates(case: &Case) -> BTreeMap<&str, Date> {
    let forms = case.assessments.iter();
    forms
        .map(|form| (form.instrument.as_str(), form.date))
        .collect()
}

fn reversed(there: &Succession, back: &Succession, names: &str) {
    assert_eq!(there.assessments.len(), back.assessments.len(), "{names}");
    for form in &there.assessments {
        let other = back
            .assessments
            .iter()
            .find(|other| other.instrument == form.instrument)
            .unwrap();
        assert_eq!(form.levels_worse, other.levels_worse.map(|levels| -levels));
        assert_eq!(form.level.new, other.level.previous);
        for (one, two) in form.items.iter().zip(&other.items) {
            assert_eq!(one.turn, two.turn.reversed(), "{names} {}", one.code);
            assert_eq!((&one.new, &one.previous), (&two.previous, &two.new));
        }
        for (id, step) in &form.scores {
            let negated = other.scores[id].difference.map(|difference| -difference);
            assert_eq!(step.difference, negated, "{names} {id}");
        }
        for (one, two) in form.diagnoses.iter().zip(&other.diagnoses) {
            assert_eq!((&one.gained, &one.vanished), (&two.vanished, &two.gained));
        }
    }
    for right in &there.rights {
        let other = back
            .rights
            .iter()
            .find(|one| one.programme == right.programme);
        let other = other.unwrap();
        assert_eq!((&right.new, &right.previous), (&other.previous, &other.new));
    }
}

/// The direction of an item is that of its options, and those stand best first: their
/// scores go one way along the list.
#[test]
fn options_stand_in_order() {
    for instrument in rulebook().instruments() {
        for item in instrument.items() {
            let scores: Vec<_> = item.options.iter().filter_map(|one| one.score).collect();
            let (down, up) = (
                scores.windows(2).all(|pair| pair[0] >= pair[1]),
                scores.windows(2).all(|pair| pair[0] <= pair[1]),
            );
            assert!(down || up, "{} {}", instrument.id(), item.code);
        }
    }
}

// ---- bounds --------------------------------------------------------------------

/// A form whose items have the option at this place of `of`, best first; the later ones
/// go on to the next option sooner.
fn form(instrument: &str, day: Date, place: usize, of: usize) -> Assessment {
    let mut form = Assessment::new(instrument, day);
    let items: Vec<_> = rulebook().instrument(instrument).unwrap().items().collect();
    for (i, item) in items.iter().enumerate() {
        let last = item.options.len() - 1;
        let sooner = i * (of - 1) / (items.len() - 1);
        let option = &item.options[(last * place + sooner) / of];
        let answer = match (option.flag, option.score, &option.key) {
            (Some(flag), _, _) => Answer::Flag(flag),
            (_, Some(score), _) => Answer::Number(i64::from(score)),
            (_, _, Some(key)) => Answer::Text(key.to_string()),
            _ => panic!("{}", item.code),
        };
        form.answers.insert(item.code.to_string(), answer);
    }
    for field in &rulebook()
        .instrument(instrument)
        .unwrap()
        .definition()
        .fields
    {
        use nengli::instrument::definition::FieldType;
        let answer = match field.answer {
            FieldType::Flag => Answer::Flag(false),
            FieldType::Diagnoses | FieldType::Choices => Answer::List(Vec::new()),
            FieldType::Choice => Answer::Text(field.options[0].key.to_string()),
        };
        form.answers.insert(field.code.to_string(), answer);
    }
    form
}

fn case(form: Assessment) -> Case {
    let mut case = Case::new("p-1", form.date);
    case.assessments.push(form);
    case
}

fn codes(succession: &Succession) -> Vec<&str> {
    let findings = succession.findings.iter();
    findings.map(|finding| finding.code.as_str()).collect()
}

/// Every pair of levels that such forms come to, of every instrument: the finding is
/// there exactly where the bound of the file is reached.
#[test]
fn jumps_at_their_edges() {
    const STEPS: usize = 24;
    let mut edges = BTreeMap::new();
    for instrument in rulebook().instruments() {
        let id = instrument.id();
        let rules = &instrument.definition().since_last;
        let bound = rules.iter().find_map(|rule| rule.levels_better);
        let bound = bound.unwrap_or_else(|| panic!("{id} has no bound"));
        for worse in 0..=STEPS {
            for better in 0..=worse {
                let previous = case(form(id, date(2022, 12, 31), worse, STEPS));
                let new = case(form(id, date(2023, 12, 31), better, STEPS));
                let succession = rulebook().compare(&previous, &new).unwrap();
                let by = succession.assessments[0].levels_worse.unwrap_or(0);
                let found = codes(&succession).contains(&"much_better");
                assert_eq!(found, by <= -i16::from(bound), "{id}: {by}");
                edges.entry(id).or_insert_with(Vec::new).push(-by);
            }
        }
    }
    for (id, bound) in [(GBT, 3), (LTCI, 3), ("tekun-self-care", 2)] {
        for edge in [bound - 1, bound] {
            assert!(edges[id].contains(&edge), "{id}: no jump of {edge}");
        }
    }
}

/// A worse level of the insurance's assessment, day by day about six months later. The
/// months are full on the same day of the month, or on its last.
#[test]
fn worse_before_six_months() {
    for (last, first_allowed) in [
        (date(2025, 1, 31), date(2025, 7, 31)),
        (date(2025, 3, 15), date(2025, 9, 15)),
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2023, 8, 29), date(2024, 2, 29)),
        (date(2025, 12, 31), date(2026, 6, 30)),
    ] {
        let day_before = first_allowed.yesterday().unwrap();
        let day_after = first_allowed.tomorrow().unwrap();
        for (day, early) in [
            (last, true),
            (day_before, true),
            (first_allowed, false),
            (day_after, false),
        ] {
            let found = |place| {
                let previous = case(form(LTCI, last, 0, 2));
                let succession = rulebook().compare(&previous, &case(form(LTCI, day, place, 2)));
                let succession = succession.unwrap();
                codes(&succession).contains(&"worse_before_time")
            };
            assert_eq!(found(2), early, "{last} to {day}");
            assert!(!found(0), "no worse");
        }
        // The bound is of the insurance's assessment alone.
        let previous = case(form(GBT, last, 0, 2));
        let new = case(form(GBT, last, 2, 2));
        assert_eq!(
            codes(&rulebook().compare(&previous, &new).unwrap()),
            [""; 0]
        );
    }
}

#[test]
fn without_a_level_there_is_no_jump() {
    let worst = form(GBT, date(2025, 1, 1), 2, 2);
    let mut open = form(GBT, date(2026, 1, 1), 0, 2);
    open.answers.remove("B.1.1");
    let succession = rulebook().compare(&case(worst), &case(open)).unwrap();
    let beside = &succession.assessments[0];
    assert_eq!((beside.levels_worse, codes(&succession)), (None, vec![]));
    assert_eq!(beside.that(Turn::NewlyMissing).count(), 1);
    assert_eq!(beside.scores["B.2"].difference, Some(15));
    assert!(!beside.scores.contains_key("total") || beside.scores["total"].difference.is_none());
}

/// B.3.9 = 0 is stupor or coma: what is only more exact is no change.
#[test]
fn options_that_share_a_score() {
    let turn = |previous: Answer, new: Answer| {
        let with = |answer| {
            let mut form = form(GBT, date(2026, 1, 1), 0, 2);
            form.answers.insert("B.3.9".to_owned(), answer);
            case(form)
        };
        let succession = rulebook().compare(&with(previous), &with(new)).unwrap();
        let mut items = succession.assessments[0].items.clone().into_iter();
        items.find(|item| item.code == "B.3.9").unwrap().turn
    };
    let key = |key: &str| Answer::from(key);
    assert_eq!(turn(0.into(), key("coma")), Turn::Same);
    assert_eq!(turn(key("stupor"), 0.into()), Turn::Same);
    assert_eq!(turn(key("stupor"), key("coma")), Turn::Worse);
    assert_eq!(turn(key("coma"), 1.into()), Turn::Better);
    assert_eq!(turn(1.into(), 0.into()), Turn::Worse);
}

// ---- records -------------------------------------------------------------------

fn pair(name: &str) -> (Case, Case) {
    let read = |which| serde_json::from_str(&text(name, which)).unwrap();
    (read("previous"), read("new"))
}

/// What was decided then stands, even where it would be decided otherwise now.
#[test]
fn a_record_is_taken_as_it_was_decided() {
    let (previous, new) = pair("getting-worse");
    let record = rulebook().record(&previous).unwrap();
    let plain = rulebook().compare(&previous, &new).unwrap();
    let recorded = rulebook().compare(&record, &new).unwrap();
    assert!(recorded.previous.recorded && !recorded.new.recorded);
    assert_eq!(recorded.assessments, plain.assessments);
    assert_eq!(codes(&recorded), [""; 0]);
    // Either door, and either way of writing it.
    let by_text = rulebook().compare_text(&record.text(), &text("getting-worse", "new"));
    assert_eq!(by_text.unwrap(), recorded);

    let digest = rulebook().digest();
    let other = record
        .text()
        .replace(digest, &digest.replace(char::is_numeric, "0"));
    let other = other.replace(r#""code":1,"key":"mild""#, r#""code":4,"key":"complete""#);
    let other = Record::from_text(&other).unwrap();
    let succession = rulebook().compare(&other, &new).unwrap();
    let level = succession.assessments[0].level.previous.as_ref();
    assert_eq!(level.map(|level| level.key.as_str()), Some("complete"));
    assert_eq!(codes(&succession), ["seal_broken", "other_rulebook"]);
    assert!(succession.findings.iter().all(|one| one.at == "/previous"));
}

#[test]
fn texts_that_are_neither() {
    let (good, _) = pair("getting-worse");
    let good = serde_json::to_string(&good).unwrap();
    let refused = |previous: &str, new: &str| {
        let rejection = rulebook().compare_text(previous, new).unwrap_err();
        let problems = rejection.rejected.into_iter();
        let problems = problems.map(|one| (one.at, one.kind.as_str()));
        (rejection.case_id, problems.collect::<Vec<_>>())
    };
    let at = |at: &str, kind| (at.to_owned(), kind);
    assert_eq!(
        refused("{", "[]"),
        (
            None,
            vec![at("/previous", "not_json"), at("/new", "wrong_type")]
        )
    );
    let (id, problems) = refused(r#"{"case": {}, "seal": 1}"#, &good);
    assert_eq!(id.as_deref(), Some("a-1"));
    assert!(problems.contains(&at("/previous/determination", "missing_key")));
    assert!(problems.contains(&at("/previous/seal", "wrong_type")));
    // Neither date of birth is repeated.
    let answer = rulebook().compare_json(
        &text("another-person", "previous"),
        &text("another-person", "new"),
    );
    assert!(!answer.contains("1941"), "{answer}");
}

// ---- words ---------------------------------------------------------------------

/// Every finding and difference has words in both languages, and those of a rule its
/// citation.
#[test]
fn every_pair_in_words() {
    for name in pairs() {
        let Ok(succession) = rulebook().compare_text(&text(&name, "previous"), &text(&name, "new"))
        else {
            continue;
        };
        for lang in [Lang::Zh, Lang::En] {
            let report = explain::succession(&succession, rulebook(), lang);
            assert_eq!(report.findings.len(), succession.findings.len());
            for (line, finding) in report.findings.iter().zip(&succession.findings) {
                let words = &line.text;
                assert!(
                    !words.contains('{') && !words.starts_with("finding."),
                    "{words}"
                );
                let instruments = rulebook().instruments();
                let mut rules = instruments.flat_map(|one| &one.definition().since_last);
                let of_rule = rules.any(|rule| rule.finding == finding.code);
                assert_eq!(!line.citations.is_empty(), of_rule, "{name}: {words}");
            }
            for part in &report.parts {
                for row in part.sections.iter().flat_map(|section| &section.rows) {
                    let said = [&row.name, &row.values.new, &row.values.previous];
                    let keys = ["beside.", "turn.", "status.", "change.", "{"];
                    for words in said {
                        assert!(!words.is_empty(), "{name}: {row:?}");
                        assert!(!keys.iter().any(|key| words.starts_with(key)), "{words}");
                    }
                }
            }
        }
    }
}
