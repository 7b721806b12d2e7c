//! Imported decisions: every seeded fault is found and named, and nothing else is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/checked_in.rs"]
mod checked_in;
mod model;
mod seeded;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use nengli::audit::{Auditor, Conflict, ConflictKind, Header, Row, Seen};
use nengli::{Lang, Rulebook};
use seeded::{cells, export, header, mapping};
use serde_json::{Value, json};

const GBT: &str = "gbt-42195-2022";

/// The conflicts of each row of an export.
fn conflicts(instrument: &'static str, rows: &[seeded::Seeded]) -> Vec<Vec<Conflict>> {
    let rulebook = Rulebook::builtin().unwrap();
    let auditor = Auditor::from_text(&rulebook, &mapping(instrument).to_string()).unwrap();
    let header = Header::of(header(instrument)).unwrap();
    assert_eq!(auditor.absent(&header).count(), 0);
    let mut seen = Seen::default();
    rows.iter()
        .zip(1..)
        .map(|(row, number)| {
            let cells = cells(instrument, row);
            let row = match Row::of_table(&header, cells.iter().map(String::as_str)) {
                Ok(row) => row,
                Err(conflict) => return vec![*conflict],
            };
            let audited = auditor.audit(&row);
            assert_eq!(audited.not_read, 1, "the name is not read");
            let mut conflicts = audited.conflicts;
            if let Some(first) = audited.case_id.and_then(|id| seen.note(&id, number)) {
                conflicts.push(Conflict::duplicate(Some("编号"), first));
            }
            conflicts
        })
        .collect()
}

#[test]
fn every_seeded_fault_is_found_and_named_and_nothing_else_is() {
    let mut found: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut all, mut right) = (0, 0);
    for (instrument, sound, each, seed) in [
        ("gbt-42195-2022", 6_500, 31, 42_195),
        ("nhsa-37-2021", 1_500, 40, 37),
        ("mzt-039-2013", 600, 40, 39),
        ("nhsa-37-2021-self", 200, 40, 371),
        ("tekun-self-care", 200, 40, 6),
    ] {
        let rows = export(instrument, sound, each, seed);
        for (row, conflicts) in rows.iter().zip(conflicts(instrument, &rows)) {
            all += 1;
            let kinds: Vec<&str> = conflicts.iter().map(|one| one.kind.as_str()).collect();
            let Some((kind, column)) = &row.fault else {
                right += 1;
                assert!(
                    conflicts.is_empty(),
                    "a false alarm: {conflicts:#?}\n{row:#?}"
                );
                continue;
            };
            assert_eq!(kinds, [*kind], "{conflicts:#?}\n{row:#?}");
            let named = &conflicts[0].columns;
            assert!(
                column.is_empty() || named.contains(column),
                "{column}: {conflicts:#?}"
            );
            for lang in [Lang::Zh, Lang::En] {
                let says = conflicts[0].says.within(lang);
                assert!(!says.is_empty() && !says.contains("11010519491231002X"));
            }
            *found.entry((instrument, kind)).or_default() += 1;
        }
    }
    assert!(all >= 10_000 && right >= 9_000, "{all} {right}");
    let kinds: std::collections::BTreeSet<&str> = found.keys().map(|(_, kind)| *kind).collect();
    assert_eq!(kinds.len(), ConflictKind::ALL.len(), "{kinds:?}");
}

/// What is wrong with a mapping, by place.
/// A mapping with a fault of each kind.
const FAULTY: &str = r#"{
    "schema": 2, "instrument": "gbt-42195-2022", "case_id": "no", "delimiter": ";;",
    "date": { "column": "day", "is": "2024-01-01" },
    "interpretations": { "uplift": "twice" },
    "answers": {
        "B.1.1": "a", "B.1.2": "a", "B.9.9": "x",
        "B.1.3": { "column": "c", "values": { "bad": 7, "good": 4 } },
        "B.1.4": { "colum": "d" },
        "B.1.5": { "column": "e", "separator": ";" },
        "A.4.1": { "column": "f", "values": { "none": ["x y"] } }
    },
    "recorded": {
        "scores": { "B.9": "y", "total": { "column": "t", "values": { "many": "ninety" } } },
        "grades": { "B.1": "z" },
        "level": { "column": "l", "values": { "1": "slight" } }
    }
}"#;

fn faults(text: &str) -> Vec<String> {
    let rulebook = Rulebook::builtin().unwrap();
    let error = Auditor::from_text(&rulebook, text).unwrap_err();
    assert!(!error.faults.iter().any(|fault| fault.message.zh.is_empty()));
    let said = error.to_string();
    assert!(error.faults.iter().all(|fault| said.contains(&fault.at)));
    assert!(!said.is_empty());
    error.faults.into_iter().map(|fault| fault.at).collect()
}

#[test]
fn a_mapping_says_all_its_faults_at_once() {
    let mut found = faults(FAULTY);
    found.sort();
    assert_eq!(
        found,
        [
            "/answers/A.4.1/values/none",
            "/answers/B.1.2",
            "/answers/B.1.3/values/bad",
            "/answers/B.1.4",
            "/answers/B.1.5/separator",
            "/answers/B.9.9",
            "/date",
            "/delimiter",
            "/interpretations/uplift",
            "/recorded/grades/B.1",
            "/recorded/level/values/1",
            "/recorded/scores/B.9",
            "/recorded/scores/total/values/many",
            "/schema",
        ]
    );
    assert_eq!(faults("{"), [""]);
    let nothing =
        r#"{"schema":1,"instrument":"none","date":{"is":"2024-01-01"},"answers":{},"recorded":{}}"#;
    assert_eq!(faults(nothing), ["/instrument"]);
}

/// Of two items in one column one is wrong; fields may share theirs.
#[test]
fn an_item_has_a_column_of_its_own() {
    for (code, other, found) in [
        ("B.1.1", "B.1.2", vec!["/answers/B.1.2"]),
        ("A.2.14.1", "A.2.14.2", vec![]),
    ] {
        let mut mapping = mapping("gbt-42195-2022");
        mapping["answers"][other] = mapping["answers"][code].clone();
        let rulebook = Rulebook::builtin().unwrap();
        let faults = match Auditor::from_text(&rulebook, &mapping.to_string()) {
            Ok(_) => Vec::new(),
            Err(error) => error.faults.into_iter().map(|fault| fault.at).collect(),
        };
        assert_eq!(faults, found, "{code} and {other}");
    }
}

/// What is unknown because the mapping does not have it is no conflict, unless no answer
/// to it could make the record right.
#[test]
fn what_is_not_mapped_is_not_judged() {
    let mut mapping = mapping("gbt-42195-2022");
    let answers = mapping["answers"].as_object_mut().unwrap();
    answers.retain(|code, _| code.starts_with("B."));
    let rulebook = Rulebook::builtin().unwrap();
    let auditor = Auditor::from_text(&rulebook, &mapping.to_string()).unwrap();
    assert_eq!(auditor.not_mapped().len(), 7, "{:?}", auditor.not_mapped());
    let header = Header::of(header("gbt-42195-2022")).unwrap();
    let mut open = 0;
    for mut row in export("gbt-42195-2022", 300, 0, 8) {
        // An option that says coma is there, whatever the field said that is not mapped.
        if row.cells["B.3.9"] == "coma" {
            row.cells.insert("B.3.9".to_owned(), "stupor".to_owned());
        }
        let cells = cells("gbt-42195-2022", &row);
        let row = Row::of_table(&header, cells.iter().map(String::as_str)).unwrap();
        let audited = auditor.audit(&row);
        assert!(audited.conflicts.is_empty(), "{audited:#?}");
        open += usize::from(audited.unverified == ["level"]);
    }
    assert!(open > 100, "{open}");
}

/// A level that was not recorded is missed where the form has one: also where coma gives it
/// and items are missing, and not where an item that it rests on is.
#[test]
fn a_level_that_was_not_recorded() {
    let rulebook = Rulebook::builtin().unwrap();
    let auditor = Auditor::from_text(&rulebook, &mapping(GBT).to_string()).unwrap();
    let header = Header::of(header(GBT)).unwrap();
    let (mut coma, mut other) = (0, 0);
    for mut row in export(GBT, 400, 0, 5) {
        let in_coma = row.cells["A.5.11"] == "是";
        let cells_of = |row: &seeded::Seeded| {
            let cells = cells(GBT, row);
            let row = Row::of_table(&header, cells.iter().map(String::as_str)).unwrap();
            let conflicts = auditor.audit(&row).conflicts.into_iter();
            let kinds = conflicts.map(|conflict| conflict.kind);
            kinds.collect::<Vec<_>>()
        };
        // What is mapped is a level and not a hint of one.
        let had_level = row.cells["等级"] != "-";
        row.cells.insert("等级".to_owned(), String::new());
        let expected = if had_level {
            vec![ConflictKind::LevelNotRecorded]
        } else {
            vec![]
        };
        assert_eq!(cells_of(&row), expected, "{row:?}");
        for column in ["B.1.1", "初步", "得分 B.1", "得分 total"] {
            row.cells.insert(column.to_owned(), String::new());
        }
        let expected = if in_coma {
            vec![ConflictKind::LevelNotRecorded]
        } else {
            vec![]
        };
        assert_eq!(cells_of(&row), expected, "{row:?}");
        *(if in_coma { &mut coma } else { &mut other }) += 1;
    }
    assert!(coma > 5 && other > 100, "{coma}, {other}");
}

/// Without words of its own a mapping takes a level by its key, its names and what the
/// standard calls it.
#[test]
fn levels_by_their_names() {
    let rulebook = Rulebook::builtin().unwrap();
    for id in ["gbt-42195-2022", "nhsa-37-2021"] {
        let mut mapping = mapping(id);
        mapping["recorded"]["level"] = json!("等级");
        let auditor = Auditor::from_text(&rulebook, &mapping.to_string()).unwrap();
        let header = Header::of(header(id)).unwrap();
        let levels = &rulebook.instrument(id).unwrap().definition().levels;
        let mut met = BTreeSet::new();
        for row in export(id, 200, 0, 6) {
            let word = &row.cells["等级"];
            let words = seeded::level_words(id);
            let Some(code) = words.iter().position(|one| one == word) else {
                continue;
            };
            for (i, level) in levels.iter().enumerate() {
                let names = [level.key.as_str(), &level.names.zh, &level.names.en];
                for name in names.into_iter().chain(level.official.as_deref()) {
                    let mut row = row.clone();
                    row.cells.insert("等级".to_owned(), name.to_owned());
                    let cells = cells(id, &row);
                    let row = Row::of_table(&header, cells.iter().map(String::as_str)).unwrap();
                    let found = auditor.audit(&row);
                    assert_eq!(found.conflicts.is_empty(), i == code, "{id} {name} {word}");
                    met.insert(name);
                }
            }
        }
        assert!(met.len() >= 3 * levels.len(), "{met:?}");
    }
}

#[test]
fn columns_that_a_table_lacks_are_named() {
    let rulebook = Rulebook::builtin().unwrap();
    let auditor = Auditor::from_text(&rulebook, &mapping("gbt-42195-2022").to_string()).unwrap();
    let mut columns = header("gbt-42195-2022");
    columns.retain(|column| column != "B.3.9" && column != "等级");
    let header = Header::of(columns).unwrap();
    let absent: Vec<&str> = auditor.absent(&header).collect();
    assert_eq!(absent, ["B.3.9", "等级"]);
}

/// A row is judged the same as cells of a table, as keys of JSON, and further within.
#[test]
fn rows_of_json_are_judged_as_rows_of_a_table() {
    let rulebook = Rulebook::builtin().unwrap();
    let instrument = "gbt-42195-2022";
    let columns = header(instrument);
    let header = Header::of(columns.clone()).unwrap();
    let mapped = mapping(instrument);
    let auditor = Auditor::from_text(&rulebook, &mapped.to_string()).unwrap();
    let within = Auditor::from_text(&rulebook, &moved_within(&mapped).to_string()).unwrap();
    for row in export(instrument, 50, 1, 9) {
        let cells = cells(instrument, &row);
        let Ok(of_table) = Row::of_table(&header, cells.iter().map(String::as_str)) else {
            continue;
        };
        let expected = serde_json::to_string(&auditor.audit(&of_table)).unwrap();

        let object: BTreeMap<_, _> = columns.iter().zip(&cells).collect();
        let text = json!(object).to_string();
        let found = auditor.audit(&Row::of_json(&text).unwrap());
        assert_eq!(serde_json::to_string(&found).unwrap(), expected);

        let text = json!({ "row": object, "rows": "is not read" }).to_string();
        let found = within.audit(&Row::of_json(&text).unwrap());
        let found = serde_json::to_string(&found).unwrap().replace("/row/", "");
        assert_eq!(found, expected);
    }
}

/// The mapping of the same columns where they stand under `row`.
fn moved_within(mapping: &Value) -> Value {
    fn column(source: &mut Value) {
        let name = match source {
            Value::Object(source) => &mut source["column"],
            name => name,
        };
        *name = json!(format!("/row/{}", name.as_str().unwrap()));
    }
    let mut out = mapping.clone();
    let recorded = &mut out["recorded"];
    for key in ["level", "preliminary"] {
        column(&mut recorded[key]);
    }
    for group in ["scores", "grades"] {
        recorded[group]
            .as_object_mut()
            .unwrap()
            .values_mut()
            .for_each(column);
    }
    for key in ["case_id", "date"] {
        column(&mut out[key]);
    }
    out["answers"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .for_each(column);
    out
}

#[test]
fn nothing_refused_is_repeated() {
    let secret = "110105194912310021";
    let rulebook = Rulebook::builtin().unwrap();
    let auditor = Auditor::from_text(&rulebook, &mapping("gbt-42195-2022").to_string()).unwrap();
    let columns = header("gbt-42195-2022");
    let header = Header::of(columns.clone()).unwrap();
    assert_eq!(header.names(), columns);
    let row = export("gbt-42195-2022", 1, 0, 3).remove(0);
    for column in header.names() {
        let mut row = row.clone();
        row.cells.insert(column.clone(), secret.to_owned());
        let cells = cells("gbt-42195-2022", &row);
        let row = Row::of_table(&header, cells.iter().map(String::as_str)).unwrap();
        let audited = auditor.audit(&row);
        assert_eq!(
            audited.conflicts.len(),
            usize::from(column != "姓名"),
            "{column}: {audited:#?}"
        );
        let said = serde_json::to_string(&audited).unwrap();
        assert!(!said.contains(secret), "{column}: {said}");
    }
}

/// What is said of seeded faults, of cells that are no answers, and of a faulty mapping, in
/// both languages. `NENGLI_BLESS=1` writes it anew.
#[test]
fn every_conflict_in_words() {
    let rulebook = Rulebook::builtin().unwrap();
    let faulty = Auditor::from_text(&rulebook, FAULTY).unwrap_err();
    let mut files = BTreeMap::new();
    for (lang, ending) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut out = String::new();
        for instrument in [
            "gbt-42195-2022",
            "nhsa-37-2021",
            "mzt-039-2013",
            "nhsa-37-2021-self",
            "tekun-self-care",
        ] {
            let _ = writeln!(out, "{instrument}");
            let rows = export(instrument, 1, 2, 5);
            for (row, conflicts) in rows.iter().zip(conflicts(instrument, &rows)) {
                let _ = writeln!(
                    out,
                    "  seeded: {}",
                    row.fault.as_ref().map_or("none", |(kind, _)| kind)
                );
                conflicts.iter().for_each(|one| said(one, lang, &mut out));
            }
        }
        let _ = writeln!(out, "cells");
        for cell in ["", "3", "03", "+3", " 3", "3.0", "-0", "7", "three", "true"] {
            for column in ["B.1.1", "A.2.14.1", "得分 total", "等级"] {
                let mut row = export("gbt-42195-2022", 1, 0, 3).remove(0);
                assert!(row.cells.contains_key(column), "{column}");
                row.cells.insert(column.to_owned(), cell.to_owned());
                let _ = writeln!(out, "  {column}: {cell:?}");
                let found = conflicts("gbt-42195-2022", &[row]).remove(0);
                found.iter().for_each(|one| said(one, lang, &mut out));
            }
        }
        let _ = writeln!(out, "mapping");
        for fault in &faulty.faults {
            let _ = writeln!(out, "  {}: {}", fault.at, fault.message.within(lang));
        }
        files.insert(format!("{ending}.txt"), out);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit_words");
    checked_in::folder_must_be(&folder, &files);
}

fn said(conflict: &Conflict, lang: Lang, out: &mut String) {
    let (kind, rule) = (conflict.kind.name(lang), conflict.rule.as_deref());
    let _ = writeln!(out, "    {kind}: {}", conflict.says.within(lang));
    let _ = writeln!(
        out,
        "      columns {:?}, codes {:?}, rule {rule:?}, cited {:?}",
        conflict.columns, conflict.codes, conflict.citations
    );
    if conflict.recorded.is_some() || conflict.computed.is_some() {
        let (recorded, computed) = (&conflict.recorded, &conflict.computed);
        let _ = writeln!(out, "      recorded {recorded:?}, computed {computed:?}");
    }
}
