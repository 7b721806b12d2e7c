//! Every cell of every rule file is changed in turn, and some case must come to another
//! result.
//!
//! The cells are those of `tests/dead_cells/cells.rs`, the changes those of
//! `tests/dead_cells/changes.rs`; what need not be noticed stands with its reason in
//! `tests/dead_cells/exempt.json`. The cases are those of `tests/cases/`,
//! `tests/succession/` and the rows of `tests/layers/`. `docs/dead-cells.md` says more.
//!
//! ```sh
//! cargo test --release --test dead_cells -- --ignored --nocapture
//! ```
//!
//! `NENGLI_FILE` tries the files alone whose path has that text in it. `NENGLI_SEEK` looks
//! for people who notice what nobody does, and writes them to the file of that name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub
)]

mod common;
#[path = "common/figure.rs"]
mod figure;
mod model;
#[allow(dead_code)]
mod rights_comparison;
#[path = "layers/rows.rs"]
mod rows;

#[path = "dead_cells/cells.rs"]
mod cells;
#[path = "dead_cells/changes.rs"]
mod changes;
#[path = "dead_cells/extra.rs"]
mod extra;
#[path = "dead_cells/people.rs"]
#[allow(dead_code)]
mod people;
#[path = "dead_cells/run.rs"]
mod run;
#[path = "dead_cells/seek.rs"]
mod seek;

use std::fs;

use cells::{Exempt, Rules};
use nengli::Rulebook;
use run::{Fate, Run};

fn builtin() -> Rulebook {
    Rulebook::builtin().expect("the rules")
}

/// Every cell. It takes some minutes.
#[test]
#[ignore = "minutes in release"]
fn every_cell_is_noticed() {
    let rulebook = builtin();
    let rules = Rules::of(rulebook.files());
    let exempt = Exempt::read();
    let mut cells = rules.cells(&exempt);
    let part = std::env::var("NENGLI_FILE").ok();
    if let Some(part) = &part {
        cells.retain(|cell| cell.file.contains(part.as_str()));
    }
    let run = Run::of(&rulebook, &rules, &exempt, &cells, true);
    eprintln!("{}", run.table());
    // Of a part they would be taken for those of all.
    if part.is_none() {
        run.figures();
    }
    if let Some(path) = std::env::var_os("NENGLI_SEEK") {
        let found = seek::seek(&rulebook, &rules, &run);
        fs::write(path, found).expect("the file of those who notice");
    }
    let unused = run.unused(&exempt);
    assert!(
        unused.is_empty(),
        "exempt, and noticed:\n{}",
        unused.join("\n")
    );
    run.must_be_noticed();
}

/// Some of them, evenly spread.
#[test]
fn a_sample_is_noticed() {
    let rulebook = builtin();
    let rules = Rules::of(rulebook.files());
    let exempt = Exempt::read();
    let cells = rules.cells(&exempt);
    let step = (cells.len() / 200).max(1);
    let sample: Vec<_> = cells.into_iter().skip(step / 3).step_by(step).collect();
    let run = Run::of(&rulebook, &rules, &exempt, &sample, false);
    let noticed = run.count(|fate| matches!(fate, Fate::Noticed(_)));
    assert!(noticed > 100, "{noticed}");
    run.must_be_noticed();
}

/// What is exempt by its position is there.
#[test]
fn what_is_exempt_is_there() {
    let rules = Rules::of(builtin().files());
    let exempt = Exempt::read();
    let stale = exempt.stale(&rules);
    assert_eq!(stale, Vec::<&str>::new());
}

/// The extra cases come to what stands beside them, and to what the reference models say.
/// `NENGLI_BLESS=1` writes anew what they come to.
#[test]
fn extra_cases_are_as_expected() {
    let rulebook = builtin();
    let bless = std::env::var_os("NENGLI_BLESS").is_some();
    let mut faults = Vec::new();
    for (path, mut cases) in extra::all() {
        for (i, one) in cases.iter_mut().enumerate() {
            let at = format!("{} case {}", path.display(), i + 1);
            let comes_to = extra::comes_to(&rulebook, &one.case);
            faults.extend(
                extra::against_models(&rulebook, &one.case).map(|it| format!("{at}: {it}")),
            );
            if bless {
                one.expect = comes_to;
            } else if one.expect != comes_to {
                faults.push(format!("{at}: expected {}; found {comes_to}", one.expect));
            }
        }
        if bless {
            let lines: Vec<String> = cases
                .iter()
                .map(|one| serde_json::to_string(one).expect("JSON"))
                .collect();
            fs::write(&path, format!("[\n{}\n]\n", lines.join(",\n"))).expect("written");
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
