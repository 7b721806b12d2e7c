//! Imported decisions: every seeded fault is found and named, and nothing else is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod model;
mod seeded;

use std::collections::BTreeMap;

use nengli::audit::{Auditor, Conflict, Header, Row, Seen};
use nengli::{Lang, Rulebook};
use seeded::{cells, export, header, mapping};

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
        ("gbt-42195-2022", 6_500, 25, 42_195),
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
    println!("{all} decisions, {right} right; {found:#?}");
    assert!(all >= 10_000 && right >= 9_000, "{all} {right}");
    let kinds: std::collections::BTreeSet<&str> = found.keys().map(|(_, kind)| *kind).collect();
    assert_eq!(kinds.len(), 19, "{kinds:?}");
}
