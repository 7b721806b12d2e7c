//! The project's own cases reach every row of every rule file.
//!
//! The cases are those of `tests/cases/` and the rows of `tests/layers/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
#[path = "layers/rows.rs"]
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use nengli::coverage::{Reason, What};
use nengli::determination::Arg;
use nengli::entitlement::definition::{ProgrammesFile, RelationRule};
use nengli::{Assessment, Case, Coverage, Determination, Options, Rulebook};
use serde_json::Value;

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

/// Every case of the project that is decided, with what it comes from and comes to.
static CASES: LazyLock<Vec<(String, Case, Determination)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = common::find(&folder).0.into_iter();
    let files = files.map(|file| (file.name, fs::read_to_string(file.case).expect("a case")));
    let rows = rows::rows().into_iter();
    let rows = rows.map(|(at, row)| (at, rows::case_of(&row).expect("a case")));
    let all: Vec<(String, String)> = files.chain(rows).collect();
    on_two_threads(&all, |all| {
        all.iter()
            .filter_map(|(name, text)| {
                let case: Case = serde_json::from_str(text).ok()?;
                let determination = RULEBOOK.assess_with(&case, Options::traced()).ok()?;
                Some((name.clone(), case, determination))
            })
            .collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    .collect()
});

fn on_two_threads<I: Sync, O: Send>(all: &[I], work: impl Fn(&[I]) -> O + Sync) -> Vec<O> {
    let half = all.len().div_ceil(2).max(1);
    thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = all
            .chunks(half)
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).collect()
    })
}

/// What the cases cover, counted in pieces.
static COVERAGE: LazyLock<Coverage> = LazyLock::new(|| {
    let mut all = Coverage::of(&RULEBOOK);
    let counted = on_two_threads(&CASES, |cases| {
        let mut coverage = all.blank();
        for (name, case, determination) in cases {
            let added = coverage.add(case, determination);
            added.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        coverage
    });
    for part in &counted {
        all.merge(part).expect("of one rulebook");
    }
    all
});

fn unreached(coverage: &Coverage) -> BTreeSet<String> {
    coverage
        .unreached()
        .map(|row| format!("{}#{} {}", row.file, row.pointer, row.what.as_str()))
        .collect()
}

#[test]
fn the_cases_reach_every_row() {
    let unreached = unreached(&COVERAGE);
    let total = COVERAGE.total();
    assert!(total.rows > 0);
    assert!(
        unreached.is_empty(),
        "{} of {} rows are reached by no case:\n{}",
        unreached.len(),
        total.rows,
        unreached.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// The rule files, by path.
fn files(rulebook: &Rulebook) -> BTreeMap<&str, Value> {
    rulebook
        .files()
        .map(|(path, text)| (path, serde_json::from_str(text).expect("JSON")))
        .collect()
}

/// Every row stands in the file that it names, at that place; also where one file supplies
/// what another leaves open.
#[test]
fn every_row_stands_where_it_says() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules/nhc-48-table.json");
    let table = fs::read_to_string(table).expect("the example");
    let supplied = RULEBOOK
        .with_files([("own/table.json", table)])
        .expect("the rules");
    for rulebook in [&*RULEBOOK, &supplied] {
        let files = files(rulebook);
        let coverage = Coverage::of(rulebook);
        let rows = coverage.rows();
        let lost: Vec<_> = rows
            .filter(|row| files[row.file].pointer(row.pointer).is_none())
            .map(|row| format!("{}#{}", row.file, row.pointer))
            .collect();
        assert_eq!(lost, Vec::<String>::new());
    }
    let coverage = Coverage::of(&supplied);
    assert!(coverage.rows().any(|row| row.file == "own/table.json"));
}

fn instrument_of(file: &str) -> Option<&str> {
    file.strip_prefix("instruments/")?.strip_suffix(".json")
}

/// The readings that a case reaches are those taken, and those that come to another result.
#[test]
fn the_readings_of_a_case_are_counted() {
    let mut differ = 0;
    for (name, case, determination) in CASES.iter() {
        let mut coverage = COVERAGE.blank();
        coverage.add(case, determination).expect("counted");
        let mut expected = BTreeSet::new();
        for result in &determination.assessments {
            let instrument = RULEBOOK.instrument(&result.instrument).expect("known");
            let taken = result.interpretations.iter();
            let other = result.alternatives.iter();
            let other = other.map(|one| (&one.interpretation, &one.choice));
            differ += result.alternatives.len();
            for (interpretation, choice) in taken.chain(other) {
                let written = &instrument.definition().interpretations;
                let i = written.iter().position(|one| one.id == *interpretation);
                let choices = &written[i.expect("written")].choices;
                let j = choices.iter().position(|one| one.key == *choice);
                let (i, j) = (i.expect("written"), j.expect("a choice"));
                expected.insert((
                    result.instrument.as_str(),
                    format!("/interpretations/{i}/choices/{j}"),
                ));
            }
        }
        let found: BTreeSet<_> = coverage
            .rows()
            .filter(|row| row.reached > 0 && row.what == What::Read)
            .filter_map(|row| Some((instrument_of(row.file)?, row.pointer.to_owned())))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
    assert!(differ > 20, "{differ}");
}

/// Of the cases of one instrument, those that reach a row are taken away: the row, and no
/// row that another of them reaches, is then among the unreached.
#[test]
fn a_row_whose_cases_are_taken_away_is_named() {
    let of = |name: &str| name.starts_with("nhsa-37-2021-self/");
    let blank = COVERAGE.blank();
    let single: Vec<Coverage> = CASES
        .iter()
        .filter(|(name, ..)| of(name))
        .map(|(_, case, determination)| {
            let mut coverage = blank.blank();
            coverage.add(case, determination).expect("counted");
            coverage
        })
        .collect();
    let reached: Vec<Vec<bool>> = single
        .iter()
        .map(|one| one.rows().map(|row| row.reached > 0).collect())
        .collect();
    let mut taken = 0;
    for (i, row) in COVERAGE.rows().enumerate() {
        if !reached.iter().any(|rows| rows[i]) {
            continue;
        }
        let mut rest = blank.blank();
        for (one, _) in single.iter().zip(&reached).filter(|(_, rows)| !rows[i]) {
            rest.merge(one).expect("of one rulebook");
        }
        let named = format!("{}#{} {}", row.file, row.pointer, row.what.as_str());
        let unreached = unreached(&rest);
        assert!(unreached.contains(&named), "{named}");
        for (j, (other, found)) in COVERAGE.rows().zip(rest.rows()).enumerate() {
            let still = reached.iter().any(|rows| rows[j] && !rows[i]);
            assert_eq!(found.reached > 0, still, "{}", other.pointer);
        }
        taken += 1;
    }
    assert!(taken > 40, "{taken}");
}

/// A row that no case can reach says why, and the cases do not reach it.
#[test]
fn what_cannot_be_reached_is_not() {
    let cannot = || COVERAGE.rows().filter(|row| row.unreachable.is_some());
    assert!(cannot().count() > 0);
    let reached: Vec<String> = cannot()
        .filter(|row| row.reached > 0)
        .map(|row| format!("{}#{} {}", row.file, row.pointer, row.what.as_str()))
        .collect();
    assert!(reached.is_empty(), "{}", reached.join("\n"));
}

/// Why a leaf cannot come to a truth: what it asks says so.
#[test]
fn what_cannot_be_reached_says_why() {
    let files = files(&RULEBOOK);
    let mut seen = BTreeSet::new();
    for row in COVERAGE.rows() {
        let Some(reason) = row.unreachable else {
            continue;
        };
        let leaf = &files[row.file].pointer(row.pointer).expect("a place");
        let expected = match leaf {
            _ if leaf.get("locally_set").is_some() => Reason::OnlyConfirmed,
            _ if leaf.get("receives").is_some() => Reason::AbsenceIsNo,
            _ => continue,
        };
        assert_eq!(reason, expected, "{}#{}", row.file, row.pointer);
        seen.insert(reason);
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

/// The facts that a case reaches: those that it states, and those that follow from them.
#[test]
fn the_facts_of_a_case_are_counted() {
    let facts: BTreeMap<String, Value> = files(&RULEBOOK)
        .into_iter()
        .flat_map(|(path, file)| {
            let facts = file["facts"].as_array().cloned().unwrap_or_default();
            let at = move |i| format!("{path}#/facts/{i}");
            facts
                .into_iter()
                .enumerate()
                .map(move |(i, fact)| (at(i), fact))
        })
        .collect();
    let (mut derived, mut given) = (0, 0);
    for (name, case, determination) in CASES.iter() {
        if case.asks_levels_alone() {
            continue;
        }
        let mut coverage = COVERAGE.blank();
        coverage.add(case, determination).expect("counted");
        let states = |id: &Value| {
            let stated = case.facts.iter().flatten();
            stated.into_iter().any(|(stated, _)| *id == **stated)
        };
        for row in coverage.rows() {
            let at = format!("{}#{}", row.file, row.pointer);
            let Some(fact) = facts.get(at.trim_end_matches("/given_by")) else {
                continue;
            };
            let expected = match row.what {
                What::Stated => states(&fact["id"]),
                What::Derived if at.ends_with("/given_by") => {
                    let lists = |form: &Assessment| {
                        fact["given_by"]["instrument"] == *form.instrument
                            && form.answers.contains_key("A.4.1")
                    };
                    !states(&fact["id"]) && case.assessments.iter().any(lists)
                }
                What::Derived => {
                    let of = fact["derived"].as_object().expect("from a fact");
                    of.values().all(states)
                }
                _ => continue,
            };
            assert_eq!(row.reached > 0, expected, "{name}: {at}");
            derived += usize::from(expected && row.what == What::Derived);
            given += usize::from(expected && at.ends_with("/given_by"));
        }
    }
    assert!(derived > 100 && given > 2, "{derived}, {given}");
}

/// The relations that a case reaches: those of the order of payment between two that pay,
/// and those that its findings name.
#[test]
fn the_relations_of_a_case_are_counted() {
    let files: BTreeMap<&str, &ProgrammesFile> = files(&RULEBOOK)
        .into_iter()
        .filter_map(|(path, file)| {
            let found = RULEBOOK.programme_files();
            Some((path, found.into_iter().find(|one| file["id"] == one.id)?))
        })
        .collect();
    let (mut met, mut not) = (0, 0);
    for (name, case, determination) in CASES.iter() {
        let mut coverage = COVERAGE.blank();
        coverage.add(case, determination).expect("counted");
        let of_relations = coverage.rows().filter(|row| row.what == What::Applied);
        for row in of_relations {
            let position = row.pointer.strip_prefix("/relations/");
            let Some((file, i)) = files.get(row.file).zip(position) else {
                continue;
            };
            let relation = &file.relations[i.parse::<usize>().expect("a position")];
            let expected = match &relation.rule {
                RelationRule::After(after) => determination.payments.iter().flatten().any(|paid| {
                    let pays = |id: &String| paid.payers.iter().any(|one| one.programme == **id);
                    pays(&after.programme) && after.of.iter().any(pays)
                }),
                RelationRule::Together(_) | RelationRule::Coordinated(_) => {
                    let named = Arg::Text(relation.id.clone());
                    let findings = determination.findings.iter();
                    let mut named = findings.filter(|one| one.args.get("relation") == Some(&named));
                    named.next().is_some()
                }
                _ => continue,
            };
            // What holds elsewhere, or on another day, is not met here.
            let here = case.jurisdiction.as_deref().unwrap_or("000000");
            let above = file.jurisdiction.trim_end_matches('0');
            let life = relation.in_force.as_ref().unwrap_or(&file.in_force);
            if !here.starts_with(above) || !life.holds(case.as_of) {
                assert_eq!(row.reached, 0, "{name}: {}", relation.id);
                continue;
            }
            assert_eq!(row.reached > 0, expected, "{name}: {}", relation.id);
            *(if expected { &mut met } else { &mut not }) += 1;
        }
    }
    assert!(met > 10 && not > 10, "{met} and {not}");
}

#[test]
fn counting_in_pieces_comes_to_the_same() {
    let cases = &CASES[..60];
    let mut whole = COVERAGE.blank();
    let mut pieces = COVERAGE.blank();
    for (i, (_, case, determination)) in cases.iter().enumerate().rev() {
        whole.add(case, determination).expect("counted");
        let mut piece = COVERAGE.blank();
        let (_, case, determination) = &cases[(i * 7) % cases.len()];
        piece.add(case, determination).expect("counted");
        pieces.merge(&piece).expect("of one rulebook");
    }
    assert_eq!(whole.cases(), 60);
    let counts = |coverage: &Coverage| coverage.rows().map(|row| row.reached).collect::<Vec<_>>();
    assert_eq!(counts(&whole), counts(&pieces));
}

#[test]
fn what_is_not_of_the_case_is_refused() {
    use nengli::coverage::CoverageError;
    let mut coverage = COVERAGE.blank();
    let (_, case, determination) = &CASES[0];
    let plain = RULEBOOK.assess(case).expect("decided");
    assert_eq!(coverage.add(case, &plain), Err(CoverageError::NoTrace));
    let mut other = case.clone();
    other.case_id = "another".to_owned();
    let refused = coverage.add(&other, determination);
    assert_eq!(refused, Err(CoverageError::OtherCase));
    assert_eq!((coverage.cases(), coverage.total().reached), (0, 0));
}
