//! The report that the READMEs show is the one that the program prints.
//!
//! `NENGLI_BLESS=1 cargo test -p nengli-cli --test readme` writes it anew.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn shows(readme: &str, lang: &str) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_nengli"))
        .current_dir(&root)
        .args([
            "--lang",
            lang,
            "assess",
            "tests/cases/gbt-42195-2022/demo.case.json",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    let report = String::from_utf8(output.stdout).unwrap();

    let path = root.join(readme);
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("```text\n$ ").expect("a block of text");
    let (command, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("```").unwrap();
    let fresh = format!("{before}```text\n$ {command}\n\n{report}```{after}");
    if std::env::var_os("NENGLI_BLESS").is_some() {
        fs::write(&path, fresh).unwrap();
    } else {
        assert!(
            text == fresh,
            "{readme} is stale: NENGLI_BLESS=1 writes it anew"
        );
    }
}

#[test]
fn the_report_in_english() {
    shows("README.md", "en");
}

#[test]
fn the_report_in_chinese() {
    shows("README.zh-CN.md", "zh");
}
