//! The same bytes, whenever, wherever and on however many threads: every command that
//! reads many cases, and the pages it writes.
//!
//! The other ways in have tests of their own: `wrappers/abi/tests/library.rs` (C) and
//! `cases.mjs` (WebAssembly) compare every case with the library, byte by byte.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use crate::material::{demo_text, folder, project, refused_case, rulebook, short_case, write};
use crate::population::Population;
use crate::program::prepare;

/// Places and languages of several kinds; the last of each is none that there is.
const SURROUNDINGS: [(&str, &str); 6] = [
    ("C", "UTC"),
    ("zh_CN.UTF-8", "Asia/Shanghai"),
    ("en_US.UTF-8", "America/New_York"),
    ("de_DE.ISO-8859-1", "Pacific/Kiritimati"),
    ("tr_TR.UTF-8", "Pacific/Marquesas"),
    ("xx", "Nowhere/At_All"),
];

/// A few hundred cases of every kind.
fn cases() -> String {
    let population = Population::new(rulebook(), 11);
    let people = population.cases(40);
    let mut lines: Vec<String> = people
        .map(|case| serde_json::to_string(&case).unwrap())
        .collect();
    let demo = demo_text().replace('\n', " ");
    for i in 0..120 {
        lines.push(match i % 5 {
            0 => refused_case(&format!("c-{i}")),
            1 => "{".to_owned(),
            2 => String::new(),
            3 => demo.replace("demo-0001", &format!("c-{i}")),
            _ => short_case(&format!("c-{i}")),
        });
    }
    lines.join("\n") + "\n"
}

/// Standard output, standard error, the file that was written, the status.
type All = (String, String, Option<Vec<u8>>, i32);

fn run(line: &[OsString], page: &Path, threads: &str, (locale, zone): (&str, &str)) -> All {
    let _ = fs::remove_file(page);
    let ended = prepare(line.iter().map(OsString::as_os_str).chain([
        OsStr::new("--threads"),
        OsStr::new(threads),
        OsStr::new("--lang"),
        OsStr::new("zh"),
    ]))
    .env("LANG", locale)
    .env("LC_ALL", locale)
    .env("TZ", zone)
    .end();
    (ended.out, ended.err, fs::read(page).ok(), ended.code)
}

#[test]
fn the_same_bytes_whenever_and_wherever() {
    let here = folder();
    let file = write(here.path(), "cases.jsonl", cases());
    let records = here.path().join("records.jsonl");
    let page = here.path().join("page.html");
    let w = OsStr::new;
    let line =
        |words: &[&OsStr]| -> Vec<OsString> { words.iter().map(|&word| word.to_owned()).collect() };
    prepare(line(&[
        w("batch"),
        w("--record"),
        file.as_ref(),
        w("-o"),
        records.as_ref(),
    ]))
    .end()
    .quietly(1);
    // Rules that decide otherwise: one band goes a point further.
    let rules = crate::material::copy_of_rules();
    let gbt = rules.path().join(crate::material::GBT_FILE);
    let text = fs::read_to_string(&gbt).unwrap();
    let text = text
        .replace(r#""from": 66, "to": 89"#, r#""from": 67, "to": 89"#)
        .replace(r#""from": 46, "to": 65"#, r#""from": 46, "to": 66"#);
    fs::write(&gbt, text).unwrap();
    let other = rules.path().as_os_str();
    let audit = project().join("examples/audit");
    let (table, map) = (audit.join("decisions.csv"), audit.join("mapping.json"));
    for line in [
        line(&[w("batch"), file.as_ref()]),
        line(&[w("batch"), w("--record"), file.as_ref()]),
        line(&[
            w("replay"),
            records.as_ref(),
            w("--all"),
            w("--report"),
            page.as_ref(),
        ]),
        line(&[
            w("replay"),
            records.as_ref(),
            w("--rules"),
            other,
            w("--json"),
        ]),
        line(&[
            w("replay"),
            records.as_ref(),
            w("--rules"),
            other,
            w("--report"),
            page.as_ref(),
        ]),
        line(&[
            w("coverage"),
            file.as_ref(),
            w("--all"),
            w("--report"),
            page.as_ref(),
        ]),
        line(&[
            w("impact"),
            w("--to"),
            other,
            file.as_ref(),
            w("--report"),
            page.as_ref(),
        ]),
        line(&[w("impact"), w("--to"), other, file.as_ref(), w("--json")]),
        line(&[
            w("audit"),
            table.as_ref(),
            w("--map"),
            map.as_ref(),
            w("--all"),
            w("--report"),
            page.as_ref(),
        ]),
    ] {
        let first = run(&line, &page, "1", SURROUNDINGS[0]);
        assert!(!first.0.is_empty(), "{line:?}: {first:?}");
        let wants_page = line.iter().any(|word| word == "--report");
        assert_eq!(first.2.is_some(), wants_page, "{line:?}");
        for (i, surroundings) in SURROUNDINGS.into_iter().enumerate().skip(1) {
            let threads = ["1", "2", "3", "16", "64", "256"][i];
            let again = run(&line, &page, threads, surroundings);
            assert!(
                again == first,
                "{line:?} with {threads} threads, {surroundings:?}"
            );
        }
    }
}

/// What a batch writes is what the library gives for each line.
#[test]
fn a_batch_is_the_library() {
    let input = cases();
    let ended = prepare(["batch", "-", "--threads", "3"])
        .input(input.as_str())
        .end();
    let expected: Vec<String> = input
        .lines()
        .filter(|line| !line.is_empty() && *line != "{")
        .map(|line| rulebook().assess_json(line))
        .collect();
    let found: Vec<&str> = ended
        .out
        .lines()
        .filter(|line| !line.contains("\"not_json\""))
        .collect();
    assert_eq!(found, expected);
}
