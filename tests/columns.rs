//! Columns against the row path and against the whole engine, row by row.
//!
//! `NENGLI_CASES` sets how many rows of each kind are tried.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;

use std::cell::RefCell;
use std::collections::BTreeSet;

use figure::{Count, figure};
use nengli::determination::{AssessmentResult, Outcome};
use nengli::instrument::Readings;
use nengli::instrument::columns::{
    Columns, ColumnsError, Input, Kind, MISSING, OPEN, Output, REFUSED, Reason, ShapeProblem,
    Tally, Where,
};
use nengli::instrument::definition::FieldType;
use nengli::{Instrument, Lang, Options, Rulebook, Score, explain};
use proptest::prelude::*;
use serde_json::{Map, json};

const IDS: [&str; 6] = [
    "gbt-42195-2022",
    "mzt-039-2013",
    "nhc-48-2019",
    "nhsa-37-2021",
    "nhsa-37-2021-self",
    "tekun-self-care",
];

fn rows() -> usize {
    let count = std::env::var("NENGLI_CASES").ok();
    count.and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// What a batch comes to.
struct Found {
    levels: Vec<u8>,
    reasons: Vec<u16>,
    totals: Vec<Vec<u8>>,
    tally: Tally,
}

/// Rows of answers, items before grounds, through the columns.
fn decide(columns: &mut Columns<'_>, rows: &[Vec<u8>]) -> Found {
    let items = columns.instrument().items().count();
    let width = items + columns.instrument().grounds().count();
    let all: Vec<Vec<u8>> = (0..width)
        .map(|column| rows.iter().map(|row| row[column]).collect())
        .collect();
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    // What stood there before must not show.
    let mut found = Found {
        levels: vec![77; rows.len()],
        reasons: vec![7777; rows.len()],
        totals: vec![vec![77; rows.len()]; columns.totals().count()],
        tally: Tally::default(),
    };
    let mut totals: Vec<&mut [u8]> = found.totals.iter_mut().map(Vec::as_mut_slice).collect();
    let output = Output {
        levels: &mut found.levels,
        reasons: &mut found.reasons,
        totals: &mut totals,
    };
    let input = Input {
        scores: &all[..items],
        grounds: &all[items..],
    };
    found.tally = columns.decide(input, output).unwrap();
    // Without totals other loops run, to the same end.
    let (mut levels, mut reasons) = (vec![77; rows.len()], vec![7777; rows.len()]);
    let output = Output {
        levels: &mut levels,
        reasons: &mut reasons,
        totals: &mut [],
    };
    assert_eq!(columns.decide(input, output), Ok(found.tally));
    assert_eq!((&levels, &reasons), (&found.levels, &found.reasons));
    let count = |level| found.levels.iter().filter(|found| **found == level).count();
    assert_eq!(found.tally.open, count(OPEN));
    assert_eq!(found.tally.refused, count(REFUSED));
    let all = found.tally.decided + found.tally.open + found.tally.refused;
    assert_eq!(all, rows.len());
    found
}

/// The values that each column takes: items, then grounds.
fn allowed(instrument: &Instrument) -> Vec<Vec<u8>> {
    let items = instrument.items().map(|item| {
        let options = (0u8..).zip(&item.options);
        options
            .map(|(i, option)| option.score.unwrap_or(i))
            .collect()
    });
    let grounds = instrument
        .grounds()
        .map(|ground| (0..=ground.max).collect());
    items.chain(grounds).collect()
}

/// One row by the row path; none where scores alone do not decide.
fn by_row(instrument: &Instrument, readings: Readings, row: &[u8]) -> Option<u8> {
    let items = instrument.items().count();
    let scores: Vec<Score> = row[..items].iter().copied().map(Score::new).collect();
    let level = instrument.level_under(readings, &scores, &row[items..]);
    level.ok().map(|level| level.code)
}

/// The same row as a form, through the whole engine.
fn by_form(rulebook: &Rulebook, instrument: &Instrument, row: &[u8]) -> AssessmentResult {
    let mut answers = Map::new();
    for (item, value) in instrument.items().zip(row) {
        if *value != MISSING {
            let option = &item.options[usize::from(*value).min(item.options.len() - 1)];
            let answer = match (option.score, option.flag) {
                (Some(_), _) => json!(value),
                (None, Some(flag)) => json!(flag),
                (None, None) => json!(option.key),
            };
            answers.insert(item.code.to_string(), answer);
        }
    }
    for (ground, value) in instrument.grounds().zip(&row[instrument.items().count()..]) {
        if *value == MISSING {
            continue;
        }
        let fields = &instrument.definition().fields;
        let field = fields.iter().find(|field| field.code == ground.code);
        let answer = match field.unwrap().answer {
            FieldType::Diagnoses if *value == 1 => json!([&ground.within[0][..3]]),
            FieldType::Diagnoses => json!([]),
            FieldType::Flag => json!(*value == 1),
            _ => json!(value),
        };
        answers.insert(ground.code.to_owned(), answer);
    }
    let date = instrument.definition().in_force.from;
    let case = json!({
        "case_id": "a-1", "as_of": "2026-06-30",
        "assessments": [{ "instrument": instrument.id(), "date": date, "answers": answers }],
    });
    let determination = rulebook.assess_text(&case.to_string(), Options::default());
    let mut determination = determination.unwrap_or_else(|problem| panic!("{problem}\n{case}"));
    determination.assessments.remove(0)
}

/// Compares one row of the columns with the whole engine: level, totals, reason.
fn agrees(columns: &Columns<'_>, found: &Found, at: usize, form: &AssessmentResult, row: &[u8]) {
    let of = || format!("{} {row:?}", columns.instrument().id());
    let level = form.level.as_ref().map_or(OPEN, |level| level.code);
    assert_eq!(found.levels[at], level, "{}", of());
    let scores = columns
        .totals()
        .zip(&found.totals)
        .take(form.scores.len().max(1));
    for (id, column) in scores {
        if let Some(score) = form.scores.get(id) {
            assert_eq!(column[at], *score, "{id} of {}", of());
        }
    }
    match columns.reason(found.reasons[at]).unwrap() {
        Reason::Decided(why) => {
            assert_eq!(form.outcome, Outcome::Determined, "{}", of());
            assert_eq!(Some(why.level), form.level.as_ref(), "{}", of());
            let met: Vec<(&str, bool)> = why
                .rules
                .iter()
                .map(|rule| (rule.id, rule.applied))
                .collect();
            let expected: Vec<(&str, bool)> = (form.changes.iter())
                .filter(|change| change.met == Some(true))
                .map(|change| (change.rule.as_str(), change.applied))
                .collect();
            assert_eq!(met, expected, "{}", of());
            if form.preliminary.is_some() {
                assert_eq!(why.before, form.preliminary.as_ref(), "{}", of());
            }
            assert!(!why.citations.is_empty(), "{}", of());
            for citation in &why.citations {
                assert!(
                    form.citations.iter().any(|known| known == citation),
                    "{citation}"
                );
            }
        }
        Reason::Open(place) => {
            assert_eq!(form.outcome, Outcome::Undetermined, "{}", of());
            assert_eq!(place.is_none(), !row.contains(&MISSING), "{}", of());
        }
        other => panic!("{other:?} of {}", of()),
    }
}

/// Random rows: complete, with some answers missing, and with some not allowed.
fn batch(instrument: &Instrument) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let row: Vec<BoxedStrategy<u8>> = allowed(instrument)
        .into_iter()
        .map(|values| {
            prop_oneof![
                60 => proptest::sample::select(values),
                1 => Just(MISSING),
                1 => any::<u8>(),
            ]
            .boxed()
        })
        .collect();
    proptest::collection::vec(row, 1..40)
}

#[test]
fn columns_are_rows_of_every_instrument() {
    let rulebook = Rulebook::builtin().unwrap();
    let count = RefCell::new(Count::new(
        "random rows, columns and whole engine alike",
        "rows",
        0,
    ));
    for id in IDS {
        let instrument = rulebook.instrument(id).unwrap();
        let allowed = allowed(instrument);
        let columns = instrument.columns().unwrap();
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            cases: u32::try_from(rows() / 10).unwrap(),
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let outcome = runner.run(&batch(instrument), |rows| {
            let mut columns = columns.clone();
            let found = decide(&mut columns, &rows);
            for (at, row) in rows.iter().enumerate() {
                count.borrow_mut().one();
                let wrong = (row.iter().zip(&allowed))
                    .position(|(value, values)| *value != MISSING && !values.contains(value));
                if let Some(wrong) = wrong {
                    assert_eq!(found.levels[at], REFUSED, "{id} {row:?}");
                    let reason = columns.reason(found.reasons[at]).unwrap();
                    let items = instrument.items().count();
                    let place = match instrument.items().nth(wrong) {
                        Some(item) => Where::Item(&item.code),
                        None => {
                            Where::Ground(instrument.grounds().nth(wrong - items).unwrap().code)
                        }
                    };
                    assert_eq!(reason, Reason::Refused(place), "{id} {row:?}");
                    assert_eq!(by_row(instrument, instrument.default_readings(), row), None);
                    assert!(found.totals.iter().all(|total| total[at] == MISSING));
                    continue;
                }
                if !row.contains(&MISSING) && !columns.is_open() {
                    let level = by_row(instrument, instrument.default_readings(), row);
                    assert_eq!(level, Some(found.levels[at]), "{id} {row:?}");
                }
                agrees(
                    &columns,
                    &found,
                    at,
                    &by_form(&rulebook, instrument, row),
                    row,
                );
            }
            Ok(())
        });
        outcome.unwrap();
    }
    count.into_inner().finish();
}

/// One column of a form without trouble takes every byte there is: what is no answer is
/// refused, wherever in a batch it stands.
#[test]
fn every_byte_of_every_column() {
    let rulebook = Rulebook::builtin().unwrap();
    for id in IDS {
        let instrument = rulebook.instrument(id).unwrap();
        let allowed = allowed(instrument);
        let best: Vec<u8> = allowed.iter().map(|values| values[0]).collect();
        let cells =
            (0..best.len()).flat_map(|column| (0..=u8::MAX).map(move |byte| (column, byte)));
        let cells: Vec<(usize, u8)> = cells.collect();
        let row = |(column, byte): &(usize, u8)| {
            let mut row = best.clone();
            row[*column] = *byte;
            row
        };
        let rows: Vec<Vec<u8>> = cells.iter().map(row).collect();
        let mut columns = instrument.columns().unwrap();
        let found = decide(&mut columns, &rows);
        for (((column, byte), row), level) in cells.iter().zip(&rows).zip(&found.levels) {
            let is_answer = *byte == MISSING || allowed[*column].contains(byte);
            assert_eq!(*level != REFUSED, is_answer, "{id} column {column}, {byte}");
            if let Some(by_row) = by_row(instrument, instrument.default_readings(), row) {
                assert_eq!(*level, by_row, "{id} column {column}, {byte}");
            }
        }
    }
}

/// Every combination of readings, complete rows, more than one block of them.
#[test]
fn columns_are_rows_under_every_reading() {
    let rulebook = Rulebook::builtin().unwrap();
    let mut seed = 7u64;
    let mut below = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % n
    };
    for id in IDS {
        let instrument = rulebook.instrument(id).unwrap();
        let allowed = allowed(instrument);
        let rows: Vec<Vec<u8>> = (0..2_500)
            .map(|_| {
                allowed
                    .iter()
                    .map(|values| values[below(values.len())])
                    .collect()
            })
            .collect();
        let mut all = vec![instrument.default_readings()];
        for interpretation in &instrument.definition().interpretations {
            let before = std::mem::take(&mut all);
            for choice in &interpretation.choices {
                let with = |readings: &Readings| {
                    instrument.with_reading(*readings, &interpretation.id, &choice.key)
                };
                all.extend(before.iter().filter_map(with));
            }
        }
        for readings in all {
            let mut columns = instrument.columns_under(readings).unwrap();
            let found = decide(&mut columns, &rows);
            for (at, row) in rows.iter().enumerate() {
                if let Some(level) = by_row(instrument, readings, row) {
                    assert_eq!(found.levels[at], level, "{id} {row:?}");
                } else {
                    assert!(columns.is_open(), "{id} {row:?}");
                }
            }
        }
    }
}

/// Every vector of domain sums of GB/T 42195-2022, with the bands of C.3 once more.
#[test]
fn every_vector_of_domain_sums() {
    let rulebook = Rulebook::builtin().unwrap();
    let instrument = rulebook.instrument(IDS[0]).unwrap();
    let allowed = allowed(instrument);
    let domains = [(0, 8, 32), (8, 12, 15), (12, 21, 28), (21, 26, 15)];
    let mut columns = instrument.columns().unwrap();
    let mut vectors = 0;
    for b1 in 0..=32u8 {
        let mut sums = Vec::new();
        for b2 in 0..=15u8 {
            for b3 in 0..=28u8 {
                sums.extend((0..=15u8).map(|b4| [b1, b2, b3, b4]));
            }
        }
        let rows: Vec<Vec<u8>> = sums
            .iter()
            .map(|sums| {
                let mut row = vec![0; allowed.len()];
                for ((from, to, most), sum) in domains.into_iter().zip(sums) {
                    let mut rest = *sum;
                    assert!(rest <= most);
                    for (value, values) in row[from..to].iter_mut().zip(&allowed[from..to]) {
                        *value = rest.min(*values.iter().max().unwrap());
                        rest -= *value;
                    }
                    assert_eq!(rest, 0);
                }
                row
            })
            .collect();
        let found = decide(&mut columns, &rows);
        for (at, sums) in sums.iter().enumerate() {
            let total: u8 = sums.iter().sum();
            let level = match total {
                90 => 0,
                66..=89 => 1,
                46..=65 => 2,
                30..=45 => 3,
                _ => 4,
            };
            assert_eq!(found.levels[at], level, "{sums:?}");
            let totals: Vec<u8> = found.totals.iter().map(|column| column[at]).collect();
            assert_eq!(totals[..4], sums[..]);
            assert_eq!(totals[4], total);
            vectors += 1;
        }
    }
    assert_eq!(vectors, 33 * 16 * 29 * 16);
    figure(
        "vectors of domain sums by columns, all of them",
        vectors,
        "rows",
    );
}

#[test]
fn every_misfit_of_a_batch_is_named_and_nothing_written() {
    let rulebook = Rulebook::builtin().unwrap();
    let instrument = rulebook.instrument("tekun-self-care").unwrap();
    let mut columns = instrument.columns().unwrap();
    let (two, three) = ([0; 2], [0; 3]);
    let mut levels = [7; 1];
    let found = columns.decide(
        Input {
            scores: &[&two, &three, &two, &two, &two],
            grounds: &[&two],
        },
        Output {
            levels: &mut levels,
            reasons: &mut [],
            totals: &mut [],
        },
    );
    let number = |what, expected, found| ShapeProblem::Number {
        what,
        expected,
        found,
    };
    let length = |what, position, found| ShapeProblem::Length {
        what,
        position,
        expected: 2,
        found,
    };
    let expected = vec![
        number(Kind::Scores, 6, 5),
        number(Kind::Grounds, 0, 1),
        length(Kind::Scores, 1, 3),
        length(Kind::Levels, 0, 1),
    ];
    assert_eq!(found, Err(ColumnsError::Shape(expected)));
    assert_eq!(levels, [7]);
}

/// Each problem is said with its kind of column, and all of them in one sentence.
#[test]
fn misfits_in_words() {
    let kinds = [
        (Kind::Scores, "scores"),
        (Kind::Grounds, "grounds"),
        (Kind::Levels, "levels"),
        (Kind::Reasons, "reasons"),
        (Kind::Totals, "totals"),
    ];
    let (mut problems, mut sentences) = (Vec::new(), Vec::new());
    for (what, word) in kinds {
        problems.push(ShapeProblem::Number {
            what,
            expected: 6,
            found: 5,
        });
        sentences.push(format!("expected 6 columns of {word}; found 5"));
        problems.push(ShapeProblem::Length {
            what,
            position: 1,
            expected: 2,
            found: 3,
        });
        sentences.push(format!(
            "expected 2 rows in column 1 (from 0) of {word}; found 3"
        ));
    }
    for (problem, sentence) in problems.iter().zip(&sentences) {
        assert_eq!(problem.to_string(), *sentence);
    }
    let all = ColumnsError::Shape(problems);
    assert_eq!(all.to_string(), sentences.join("; "));
}

/// What the row path does not take is said with its place, the first of several.
#[test]
fn a_row_that_does_not_fit_in_words() {
    let rulebook = Rulebook::builtin().unwrap();
    let gbt = rulebook.instrument("gbt-42195-2022").unwrap();
    let (items, grounds) = (gbt.items().count(), gbt.grounds().count());
    let said = |scores: usize, grounds: usize, wrong: &[(usize, u8)]| {
        let mut row = vec![0; scores + grounds];
        for (place, value) in wrong {
            row[*place] = *value;
        }
        let (own, rest) = row.split_at(scores);
        let own: Vec<Score> = own.iter().copied().map(Score::new).collect();
        gbt.level(&own, rest).map_err(|error| error.to_string())
    };
    assert_eq!(said(items, grounds, &[]), Ok(&gbt.levels()[4]));
    for (found, expected) in [
        (
            said(items - 1, grounds, &[(0, 9)]),
            format!("expected {items} scores; found {}", items - 1),
        ),
        (
            said(items, grounds + 1, &[(0, 9)]),
            format!("expected {grounds} grounds; found {}", grounds + 1),
        ),
        (
            said(items, grounds, &[(7, 9), (9, 9), (items, 9)]),
            "item 7 (from 0) does not allow score 9".to_owned(),
        ),
        (
            said(items, grounds, &[(items + 1, 9), (items + 2, 9)]),
            "ground 1 (from 0) does not have the value 9".to_owned(),
        ),
    ] {
        assert_eq!(found, Err(expected));
    }
    // A rule that is not in the rulebook.
    let open = rulebook.instrument("nhc-48-2019").unwrap();
    let scores: Vec<Score> = open.items().map(|_| Score::new(0)).collect();
    let found = open.level(&scores, &[]).map_err(|error| error.to_string());
    let expected =
        "scores alone do not decide: a rule asks for more, or is not in this rulebook".to_owned();
    assert_eq!(found, Err(expected));
    let found = ColumnsError::ScoresDoNotDecide.to_string();
    let expected = "scores alone do not decide: a rule asks for an option that shares its score";
    assert_eq!(found, expected);
}

/// A code that no row can have says nothing, and no two codes say the same.
#[test]
fn reasons_that_no_row_has() {
    let rulebook = Rulebook::builtin().unwrap();
    for id in IDS {
        let instrument = rulebook.instrument(id).unwrap();
        let columns = instrument.columns().unwrap();
        let known = (0..=u16::MAX).filter_map(|code| columns.reason(code));
        let known: Vec<String> = known.map(|reason| format!("{reason:?}")).collect();
        let different: BTreeSet<&String> = known.iter().collect();
        assert!(!known.is_empty() && known.len() < 4096, "{id}");
        assert_eq!(different.len(), known.len(), "{id}");
    }
}

/// What a row of GB/T 42195-2022 says, in both languages: every item at its best, but for
/// the item first in the form, and the grounds given.
fn in_words(first: u8, grounds: &[(&str, u8)]) -> [String; 2] {
    let rulebook = Rulebook::builtin().unwrap();
    let gbt = rulebook.instrument("gbt-42195-2022").unwrap();
    let best = gbt.items().map(|item| item.options[0].score.unwrap());
    let asked = gbt.grounds().map(|ground| {
        let given = grounds.iter().find(|(code, _)| *code == ground.code);
        given.map_or(0, |(_, value)| *value)
    });
    let mut row: Vec<u8> = best.chain(asked).collect();
    row[0] = first;
    let mut columns = gbt.columns().unwrap();
    let found = decide(&mut columns, &[row]);
    let reason = columns.reason(found.reasons[0]).unwrap();
    [Lang::Zh, Lang::En].map(|lang| {
        let line = explain::columns(&reason, gbt, lang);
        let clauses = explain::citations(&line.citations, &rulebook, lang);
        format!("{} [{clauses}]", line.text)
    })
}

#[test]
fn reasons_in_words() {
    for (first, grounds, zh, en) in [
        (
            3,
            &[][..],
            "初步等级：轻度失能（总分在 66–89）；最终等级：轻度失能 [GB/T 42195-2022 C.3]",
            "preliminary level: mild dependency (total within 66–89); final level: mild dependency [GB/T 42195-2022 C.3]",
        ),
        (
            4,
            &[("A.4.1", 1), ("A.2.14.1", 2)],
            "初步等级：能力完好（总分在 90）；痴呆或其他精神和行为障碍：成立，等级变更；近30天照护风险事件两次及以上：不再提高：合计只提高一级；最终等级：轻度失能 [GB/T 42195-2022 C.3, C.4]",
            "preliminary level: intact ability (total within 90); dementia or another mental or behavioural disorder: met, changes the level; two or more care risk events in 30 days: no further change: one level in all; final level: mild dependency [GB/T 42195-2022 C.3, C.4]",
        ),
        (
            4,
            &[("A.5.11", 1)],
            "初步等级：能力完好（总分在 90）；昏迷：成立，等级变更；最终等级：完全失能 [GB/T 42195-2022 C.4]",
            "preliminary level: intact ability (total within 90); coma: met, changes the level; final level: complete dependency [GB/T 42195-2022 C.4]",
        ),
        (
            MISSING,
            &[],
            "等级未定：B.1.1 进食 未作答 []",
            "level undetermined: B.1.1 eating was not answered []",
        ),
        (
            9,
            &[],
            "未评定：B.1.1 进食 没有这个取值 []",
            "not decided: B.1.1 eating has no such value []",
        ),
    ] {
        assert_eq!(in_words(first, grounds), [zh, en]);
    }
}
