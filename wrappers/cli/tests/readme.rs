//! The parts of reports that the READMEs and pages show are those that the program prints.
//!
//! `NENGLI_BLESS=1 cargo test -p nengli-cli --test readme` writes them anew.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../../../tests/common/checked_in.rs"]
mod checked_in;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use checked_in::must_be;

/// Stands where lines are left out.
const CUT: &str = "  …\n";

/// A block of the README: the case of its report, and the parts shown, each from a line
/// that begins so, up to and without one that begins so.
struct Block<'b> {
    case: &'b str,
    parts: &'b [(&'b str, &'b str)],
}

fn printed(args: &[&str]) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_nengli"))
        .current_dir(&root)
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn report(lang: &str, case: &str) -> String {
    printed(&["--lang", lang, "assess", case])
}

fn cut(report: &str, parts: &[(&str, &str)]) -> String {
    let lines: Vec<&str> = report.lines().collect();
    let mut out = String::new();
    let mut next = 0;
    for (from, to) in parts {
        let find = |start: usize, mark: &str| {
            let found = lines[start..]
                .iter()
                .position(|line| line.starts_with(mark));
            start + found.unwrap_or_else(|| panic!("no line begins with {mark:?}"))
        };
        let from = find(next, from);
        let to = find(from + 1, to);
        if from > 0 {
            out.push_str(CUT);
            out.push('\n');
        }
        for line in &lines[from..to] {
            out.push_str(line);
            out.push('\n');
        }
        next = to;
    }
    format!("{}\n{CUT}", out.trim_end_matches('\n'))
}

fn shows(readme: &str, lang: &str, blocks: &[Block<'_>]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(readme);
    let text = fs::read_to_string(&path).unwrap();
    let mut pieces = text.split("```text\n$ ");
    let mut fresh = pieces.next().unwrap().to_owned();
    let pieces: Vec<&str> = pieces.collect();
    assert_eq!(pieces.len(), blocks.len(), "blocks of {readme}");
    for (piece, block) in pieces.iter().zip(blocks) {
        let (command, rest) = piece.split_once('\n').unwrap();
        let (_, after) = rest.split_once("```").unwrap();
        assert!(command.ends_with(block.case), "{command}");
        let shown = cut(&report(lang, block.case), block.parts);
        fresh.push_str(&format!("```text\n$ {command}\n\n{shown}```{after}"));
    }
    must_be(&path, &fresh).unwrap();
}

/// Every block of a page that begins with a command shows all that it prints.
#[test]
fn what_pages_show_is_what_is_printed() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (page, blocks) in [("docs/questions.md", 4)] {
        let path = root.join(page);
        let text = fs::read_to_string(&path).unwrap();
        let mut pieces = text.split("```text\n$ nengli ");
        let mut fresh = pieces.next().unwrap().to_owned();
        let mut found = 0;
        for piece in pieces {
            let (command, rest) = piece.split_once('\n').unwrap();
            let (_, after) = rest.split_once("```").unwrap();
            let args: Vec<&str> = command.split(' ').collect();
            let shown = printed(&args);
            fresh.push_str(&format!("```text\n$ nengli {command}\n\n{shown}```{after}"));
            found += 1;
        }
        assert_eq!(found, blocks, "blocks of {page}");
        must_be(&path, &fresh).unwrap();
    }
}

const DEMO: &str = "tests/cases/gbt-42195-2022/demo.case.json";
const HEPING: &str = "tests/cases/rights/heping.case.json";

#[test]
fn the_reports_in_english() {
    let blocks = [
        Block {
            case: DEMO,
            parts: &[("Ability", "Rights")],
        },
        Block {
            case: HEPING,
            parts: &[
                ("    Tianjin", "    China"),
                ("Who pays", "Ask these first"),
            ],
        },
    ];
    shows("README.md", "en", &blocks);
}

#[test]
fn the_reports_in_chinese() {
    let blocks = [
        Block {
            case: DEMO,
            parts: &[("老年人能力", "待遇与服务")],
        },
        Block {
            case: HEPING,
            parts: &[("    天津市", "    全国"), ("费用由谁负担", "先问这些")],
        },
    ];
    shows("README.zh-CN.md", "zh", &blocks);
}
