//! `impact`: what another rulebook changes, over many cases.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use nengli::compare::Impact;
use nengli::{Options, Rulebook};
use serde_json::json;
use tempfile::TempDir;

use crate::material::{GBT, GBT_FILE, copy_of_rules, demo_text, folder, rulebook, write};
use crate::population::Population;
use crate::program::{Ended, must_say, nengli, prepare};

/// Rules whose moderate band goes one point further, with a higher cap of the voucher.
fn moved() -> TempDir {
    let rules = copy_of_rules();
    let path = rules.path().join(GBT_FILE);
    let text = fs::read_to_string(&path).unwrap();
    let text = text
        .replace(r#""from": 66, "to": 89"#, r#""from": 67, "to": 89"#)
        .replace(r#""from": 46, "to": 65"#, r#""from": 46, "to": 66"#);
    fs::write(&path, text).unwrap();
    let path = rules.path().join("programmes/000000/care-voucher.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace(r#""fen": 80000"#, r#""fen": 100000"#)).unwrap();
    rules
}

fn impact(to: &Path, file: &Path, more: &[&str]) -> Ended {
    let mut args: Vec<&OsStr> = vec![
        "impact".as_ref(),
        "--to".as_ref(),
        to.as_ref(),
        file.as_ref(),
    ];
    args.extend(more.iter().map(OsStr::new));
    nengli(args)
}

/// What the library says of the same lines.
fn library(to: &Path, lines: &[String]) -> Impact {
    let files = rulebook().files().map(|(path, _)| {
        let text = fs::read_to_string(to.join(path)).unwrap();
        (path.to_owned(), text)
    });
    let after = Rulebook::from_files(files).unwrap();
    let mut impact = Impact::new();
    for line in lines {
        let decide = |rules: &Rulebook| rules.assess_text(line, Options::default());
        impact.add(&decide(rulebook()), &decide(&after));
    }
    impact
}

fn lines(count: u64) -> Vec<String> {
    let population = Population::new(rulebook(), 7);
    let cases = population.cases(count);
    cases
        .map(|case| serde_json::to_string(&case).unwrap())
        .collect()
}

fn file_of(dir: &Path, lines: &[String]) -> PathBuf {
    write(dir, "cases.jsonl", lines.join("\n") + "\n")
}

#[test]
fn the_counts_are_those_of_the_library() {
    // More than a chunk, so that counts are merged.
    let (rules, dir, lines) = (moved(), folder(), lines(600));
    let file = file_of(dir.path(), &lines);
    let ended = impact(rules.path(), &file, &["--json"]).quietly(0);
    let found: Impact = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(found, library(rules.path(), &lines));
    assert!(found.levels[GBT].count("mild", "moderate") > 0);

    // From standard input, and to an exported rulebook, it is the same.
    let export = dir.path().join("export.json");
    nengli([
        "rules".as_ref(),
        "--rules".as_ref(),
        rules.path().as_os_str(),
        "--export".as_ref(),
        export.as_os_str(),
    ])
    .quietly(0);
    let piped = prepare([
        "impact".as_ref(),
        "--to".as_ref(),
        export.as_os_str(),
        "-".as_ref(),
        "--json".as_ref(),
    ])
    .input(lines.join("\r\n"))
    .end()
    .quietly(0);
    assert_eq!(piped.out, ended.out);
}

#[test]
fn one_rulebook_changes_nothing() {
    let (rules, dir) = (copy_of_rules(), folder());
    let file = file_of(dir.path(), &lines(40));
    let ended = impact(rules.path(), &file, &["--lang", "en"]).quietly(0);
    must_say(&ended.out, "Both rulebooks are the same");
    must_say(&ended.out, "No right changed");
}

#[test]
fn a_report_for_people_in_their_language() {
    let (rules, dir) = (moved(), folder());
    let file = file_of(dir.path(), &lines(300));
    let page = dir.path().join("page.html");
    for (lang, words) in [
        (
            "en",
            [
                "What a change of rules changes",
                "moderate dependency",
                "care voucher",
            ],
        ),
        ("zh", ["规则变动的影响", "中度失能", "养老服务消费补贴"]),
    ] {
        let report = ["--lang", lang, "--report", page.to_str().unwrap()];
        let ended = impact(rules.path(), &file, &report).quietly(0);
        let html = fs::read_to_string(&page).unwrap();
        for word in words {
            must_say(&ended.out, word);
            must_say(&html, word);
        }
        assert!(html.contains("heat-"), "no heat map");
        for outside in ["<script", "http://", "https://", "src="] {
            assert!(!html.contains(outside), "{outside}");
        }
        // The examples are there, so that one can look into them.
        assert!(html.contains("p-000") && ended.out.contains("p-000"));
    }
}

#[test]
fn records_are_taken_for_their_cases() {
    let (rules, dir) = (moved(), folder());
    let record = rulebook()
        .record_text(&demo_text(), Options::default())
        .unwrap();
    let file = file_of(dir.path(), &[record.text()]);
    let ended = impact(rules.path(), &file, &["--lang", "en"]).quietly(0);
    must_say(&ended.out, "Lines that are records: 1.");
    must_say(&ended.out, "the seals were not checked");
    let ended = impact(rules.path(), &file, &["--json"]);
    assert_eq!(ended.code, 0);
    // The level is the same; the voucher of its place has another cap.
    let levels = &ended.json()["levels"][GBT];
    assert_eq!(
        *levels,
        json!({ "moderate": { "moderate": { "cases": 1 } } })
    );
    assert_eq!(ended.json()["cases"]["changed"]["cases"], 1);
    must_say(&ended.err, "records: 1");
}

#[test]
fn lines_that_are_no_case_are_counted_and_named() {
    let (rules, dir) = (moved(), folder());
    let mut texts = lines(3);
    texts.insert(1, "no case".to_owned());
    let file = file_of(dir.path(), &texts);
    let ended = impact(rules.path(), &file, &["--lang", "en"]).quietly(1);
    must_say(&ended.out, "Line 2 is no valid case");
    assert!(
        !ended.out.contains("no case\""),
        "what is refused is not echoed"
    );
    let ended = impact(rules.path(), &file, &["--json"]);
    assert_eq!(ended.code, 1);
    assert_eq!(
        ended.json()["cases"]["rejected_both"],
        json!({ "cases": 1 })
    );
}

#[test]
fn a_case_that_one_rulebook_refuses_is_no_fault() {
    let (rules, dir) = (copy_of_rules(), folder());
    // A later first day: forms of before it are refused.
    let path = rules.path().join(GBT_FILE);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(r#""from": "2022-12-30""#));
    let text = text.replace(r#""from": "2022-12-30""#, r#""from": "2026-06-25""#);
    fs::write(&path, text).unwrap();
    let case: serde_json::Value = serde_json::from_str(&demo_text()).unwrap();
    let file = file_of(dir.path(), &[case.to_string()]);
    let ended = impact(rules.path(), &file, &["--json"]).quietly(0);
    let found: Impact = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(found.cases.rejected_after.cases, 1);
    assert_eq!(found.levels[GBT].count("moderate", "rejected"), 1);
}

#[test]
fn what_cannot_be_used_ends_with_two() {
    let (rules, dir) = (moved(), folder());
    let file = file_of(dir.path(), &lines(1));
    let nowhere = dir.path().join("nowhere");
    impact(rules.path(), &nowhere, &[]).fault_of(&nowhere);
    impact(&nowhere, &file, &[]).fault_of(&nowhere);
    // A file that is no export.
    impact(&file, &file, &[]).fault_of(&file);
    let page = dir.path().join("no/page.html");
    impact(rules.path(), &file, &["--report", page.to_str().unwrap()]).fault_of(&page);
    nengli(["impact".as_ref(), file.as_os_str()]).in_vain(2);
}
