//! What the fuzzer found and what it began with (`fuzz/corpus/`), in every run of the
//! tests; and the same harnesses over changes of those texts that proptest makes up.
//!
//! `NENGLI_CASES` sets how many changes are made up for each target.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;
mod fuzzed;

use std::fs;
use std::path::Path;

use figure::figure;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// The texts that are kept for a harness, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = project.join("fuzz/corpus").join(target);
    if !project.join("fuzz").exists() {
        // The package of the crate is without it.
        return vec![b"{}".to_vec()];
    }
    let entries = fs::read_dir(&folder).expect("the corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 3, "{}: {}", folder.display(), paths.len());
    paths
        .into_iter()
        .map(|path| fs::read(path).unwrap())
        .collect()
}

/// Pieces that a JSON text breaks on, or that a reader might stumble over.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-1",
    "0",
    "1e9",
    "9223372036854775808",
    "\\ud800",
    "\\u0000",
    "\u{0}",
    "\u{7f}",
    "\u{feff}",
    "痴",
    "2026-02-30",
    "\"schema\":1,",
    "110105194912310021",
    "999999",
    "\n\n",
];

/// One change: cut a part out, put a piece in, or double a part.
fn change(text: &mut Vec<u8>, at: usize, length: usize, how: usize) {
    let start = at % (text.len() + 1);
    let end = (start + length).min(text.len());
    match how % (PIECES.len() + 2) {
        0 => drop(text.drain(start..end)),
        1 => {
            let part = text[start..end].to_vec();
            text.splice(start..start, part);
        }
        piece => {
            let piece = PIECES[piece - 2].bytes();
            text.splice(start..end.min(start + length % 4), piece);
        }
    }
}

fn replay(target: &str, harness: fn(&[u8]), changes: u32) {
    let wanted = std::env::var("NENGLI_CASES").ok();
    let changes = wanted
        .and_then(|count| count.parse().ok())
        .unwrap_or(changes);
    let texts = corpus(target);
    texts.iter().for_each(|text| harness(text));
    let some = (
        0..texts.len(),
        prop::collection::vec((any::<usize>(), 0..40_usize, any::<usize>()), 1..6),
    );
    let config = Config {
        cases: changes,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&some, |(which, changes)| {
            let mut text = texts[which].clone();
            for (at, length, how) in changes {
                change(&mut text, at, length, how);
            }
            harness(&text);
            Ok(())
        })
        .unwrap();
    figure("texts of the corpus replayed", texts.len(), "");
    figure("changed texts, nothing panics", changes as usize, "");
}

#[test]
fn cases() {
    replay("case", fuzzed::case, 400);
}

#[test]
fn records() {
    replay("record", fuzzed::record, 400);
}

#[test]
fn rule_files() {
    replay("rules", fuzzed::rules, 200);
}

#[test]
fn mappings() {
    replay("mapping", fuzzed::mapping, 400);
}
