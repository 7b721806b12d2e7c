//! `nengli audit`: the examples of the documentation, and inputs of every kind.

use std::fs;

use tempfile::TempDir;

use crate::material::project;
use crate::program::{must_say, nengli, prepare};

fn example(name: &str) -> String {
    let path = project().join("examples/audit").join(name);
    path.to_string_lossy().into_owned()
}

#[test]
fn each_row_of_the_example_has_the_one_fault_that_it_was_given() {
    let (file, map) = (example("decisions.csv"), example("mapping.json"));
    let ended = nengli(["audit", &file, "--map", &map, "--json"]).quietly(1);
    let found: Vec<(u64, String)> = ended
        .json_lines()
        .iter()
        .map(|line| {
            let conflicts = line["conflicts"].as_array().unwrap();
            assert_eq!(conflicts.len(), 1, "{line}");
            let kind = conflicts[0]["kind"].as_str().unwrap();
            (line["row"].as_u64().unwrap(), kind.to_owned())
        })
        .collect();
    let wanted = [
        (5, "arithmetic"),
        (6, "band"),
        (7, "change_not_applied"),
        (8, "change_without_ground"),
        (9, "changed_too_far"),
        (10, "answer_not_allowed"),
        (11, "missing_as_zero"),
        (12, "unreadable_date"),
        (13, "duplicate_case"),
    ];
    assert_eq!(found, wanted.map(|(row, kind)| (row, kind.to_owned())));
}

#[test]
fn lines_of_json_by_pointer() {
    let (file, map) = (example("ltci.jsonl"), example("ltci.mapping.json"));
    let ended = nengli(["audit", &file, "--map", &map, "--lang", "zh"]).quietly(1);
    must_say(&ended.out, "组合查表有误");
    must_say(&ended.out, "医保办发〔2021〕37号");
    let ended = nengli(["audit", "--check", "--map", &map]).quietly(0);
    must_say(&ended.out, "sound; nhsa-37-2021, 17 answers");
}

#[test]
fn the_page_shows_kinds_and_examples_and_escapes() {
    let dir = TempDir::new().unwrap();
    let table = fs::read_to_string(example("decisions.csv")).unwrap();
    let file = dir.path().join("a<b>.csv");
    // A byte order mark and CRLF, as spreadsheets write them.
    fs::write(&file, format!("\u{FEFF}{}", table.replace('\n', "\r\n"))).unwrap();
    let page = dir.path().join("page.html");
    let args = [
        "audit".as_ref(),
        file.as_os_str(),
        "--map".as_ref(),
        example("mapping.json").as_ref(),
        "--report".as_ref(),
        page.as_os_str(),
        "--all".as_ref(),
    ]
    .map(std::ffi::OsStr::to_owned);
    nengli(args).quietly(1);
    let page = fs::read_to_string(page).unwrap();
    for words in [
        "changed_too_far",
        "GB/T 42195-2022",
        "d-008",
        "a&lt;b&gt;.csv",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<b>") && !page.contains("<script"));
}

#[test]
fn unusable_tables_and_mappings() {
    let map = example("mapping.json");
    let run = |input: &str| {
        prepare(["audit", "-", "--csv", "--map", &map])
            .input(input)
            .end()
    };
    must_say(&run("编号,姓名\n1,2\n").in_vain(2).err, "not there:");
    must_say(&run("").in_vain(2).err, "found nothing");
    must_say(&run("编号,编号\n").in_vain(2).err, "again at column 2");
    let head = fs::read_to_string(example("decisions.csv")).unwrap();
    let head = head.lines().next().unwrap();
    // A quotation mark that is never closed does not take in the whole input.
    let endless = format!("{head}\n\"{}", "x\n".repeat(1 << 20));
    assert_eq!(run(&endless).code, 2);
    let ended = run(&format!("{head}\nd-1,2\n"));
    must_say(&ended.quietly(1).out, "malformed_row");

    let dir = TempDir::new().unwrap();
    let bad = dir.path().join("bad.json");
    fs::write(
        &bad,
        r#"{"schema":1,"instrument":"x","date":{},"answers":{},"recorded":{}}"#,
    )
    .unwrap();
    let bad = bad.to_string_lossy().into_owned();
    let ended = nengli(["audit", "-", "--map", &bad]).in_vain(2);
    must_say(&ended.err, "/instrument: expected one of");
    must_say(&ended.err, "/date: expected `column` or `is`");
    nengli(["audit", "--check", "--map", &bad]).in_vain(1);
}

#[test]
fn each_row_goes_to_the_mapping_that_takes_it() {
    let dir = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let map = |word: &str, level: &str| {
        format!(
            r#"{{"schema":1,"instrument":"tekun-self-care","date":{{"is":"2024-01-01"}},
                "only":{{"column":"form","is":["{word}"]}},
                "answers":{{"1":"a","2":"b","3":"c","4":{{"is":true}},"5":{{"is":true}},"6":{{"is":true}}}},
                "recorded":{{"level":{{"column":"level","values":{{"{level}":"able"}}}}}}}}"#
        )
    };
    let (one, two) = (
        write("one.json", &map("T1", "full")),
        write("two.json", &map("T2", "all")),
    );
    let rows = "{\"form\":\"T1\",\"a\":true,\"b\":true,\"c\":true,\"level\":\"full\"}\n\
                {\"form\":\"T2\",\"a\":true,\"b\":true,\"c\":false,\"level\":\"all\"}\n\
                {\"form\":\"T3\"}\n";
    let file = write("rows.jsonl", rows);
    let ended = nengli(["audit", &file, "--map", &one, "--map", &two, "--lang", "en"]).quietly(1);
    must_say(&ended.out, "rows.jsonl:2");
    must_say(&ended.out, "rows of no mapping");
    assert!(!ended.out.contains("rows.jsonl:1"), "{}", ended.out);
}
