//! `nengli export csv` and `nengli import csv`: the examples, and what people do.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use crate::material::{demo_file, demo_text, project};
use crate::program::{must_say, nengli, prepare};

fn example(name: &str) -> String {
    let path = project().join("examples/sheet").join(name);
    path.to_string_lossy().into_owned()
}

#[test]
fn the_example_is_read_and_decided() {
    let read = nengli(["import", "csv", &example("ltci.csv")]).quietly(0);
    assert_eq!(read.json_lines().len(), 3);
    let decided = prepare(["batch", "-"]).input(read.out).end().quietly(0);
    let outcomes: Vec<_> = decided
        .json_lines()
        .iter()
        .map(|line| {
            let form = &line["assessments"][0];
            (form["outcome"].clone(), form["missing"].clone())
        })
        .collect();
    assert_eq!(outcomes[0].0, json!("determined"));
    // An empty cell was not asked: it is missing, and not zero.
    assert_eq!(outcomes[2], (json!("undetermined"), json!(["C2.3"])));
}

#[test]
fn every_fault_is_said_with_its_cell_and_nothing_is_written() {
    let dir = TempDir::new().unwrap();
    let out = dir.path().join("cases.jsonl");
    let file = example("ltci-with-faults.csv");
    let args = ["import", "csv", &file, "-o", out.to_str().unwrap()];
    let ended = nengli(args).in_vain(1);
    must_say(&ended.err, "refused, 6 problems; nothing was written");
    for cell in [
        "B4 (row 4, column 2: as_of)",
        "I5 (",
        "K5 (",
        "L5 (",
        "A6 (",
        "M6 (",
    ] {
        must_say(&ended.err, cell);
    }
    must_say(&ended.err, "year first");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let ended = nengli(args.into_iter().chain(["--lang", "zh"])).in_vain(1);
    must_say(&ended.err, "没有写出任何内容");
    must_say(&ended.err, "B4（第 4 行第 2 列：as_of）");
    must_say(&ended.err, "请改为半角");
}

#[test]
fn out_and_in_again_is_the_same_case() {
    let dir = TempDir::new().unwrap();
    let sheet = dir.path().join("sheet.csv");
    let sheet = sheet.to_str().unwrap();
    let demo = demo_file();
    let cases = demo.to_str().unwrap();
    nengli([
        "export",
        "csv",
        "gbt-42195-2022",
        "--cases",
        cases,
        "-o",
        sheet,
    ])
    .quietly(0);
    assert!(
        fs::read_to_string(sheet)
            .unwrap()
            .starts_with("\u{FEFF}case_id,as_of,")
    );
    let back = nengli(["import", "csv", sheet]).quietly(0);
    let decide = |text: &str| prepare(["batch", "-"]).input(text).end().quietly(0).out;
    assert_eq!(decide(&back.out), decide(&demo_text().replace('\n', " ")));
}

#[test]
fn cases_come_by_lines_and_what_is_refused_has_its_line() {
    let line = demo_text().replace('\n', " ");
    let bad = line.replacen("\"case_id\"", "\"name\": \"x\", \"case_id\"", 1);
    let input = format!("{line}\n\n{bad}\nno JSON\n");
    let run = prepare(["export", "csv", "gbt-42195-2022", "--cases", "-"]).input(input);
    let ended = run.end().in_vain(1);
    must_say(&ended.err, "refused, 2 problems");
    must_say(&ended.err, "line 3: /name");
    must_say(&ended.err, "line 4");
}

#[test]
fn what_a_sheet_cannot_carry_is_refused_or_listed() {
    let path = project().join("tests/cases/rights/heping.case.json");
    let path = path.to_str().unwrap();
    let args = ["export", "csv", "nhsa-37-2021", "--cases", path];
    let ended = nengli(args).in_vain(1);
    must_say(&ended.err, "case 1: /assessments/0");
    let ended = nengli(args.into_iter().chain(["--lossy"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    must_say(&ended.err, "2 left out of the sheet");
    must_say(&ended.out, "facts.economic_status");
}

#[test]
fn a_template_with_facts() {
    let all = nengli([
        "export",
        "csv",
        "tekun-self-care",
        "--facts",
        "--lang",
        "zh",
    ]);
    must_say(&all.quietly(0).out, "facts.end_of_life");
    let some = nengli([
        "export",
        "csv",
        "tekun-self-care",
        "--facts=birth_date,rural",
    ])
    .quietly(0);
    must_say(&some.out, "6,facts.birth_date,facts.rural\r\n");
    assert!(!some.out.contains("facts.end_of_life"));
    nengli(["export", "csv", "tekun-self-care", "--facts=age"]).in_vain(2);
    nengli(["export", "csv", "no-such-form"]).in_vain(2);
}

#[test]
fn a_sheet_that_cannot_be_read() {
    let gbk = b"case_id,as_of\n\xB8\xF6\xB0\xB8,x\n";
    let run = prepare(["import", "csv", "-", "--instrument", "tekun-self-care"]).input(&gbk[..]);
    must_say(&run.end().in_vain(2).err, "CSV UTF-8");
    nengli(["import", "csv", "no-such-file.csv"]).in_vain(2);
}

/// The sheet is never written over with what was read from it.
#[test]
fn the_input_is_not_written_over() {
    let dir = TempDir::new().unwrap();
    let sheet = dir.path().join("sheet.csv");
    fs::copy(example("ltci.csv"), &sheet).unwrap();
    let path = sheet.to_str().unwrap();
    nengli(["import", "csv", path, "-o", path]).in_vain(2);
    assert_eq!(
        fs::read(&sheet).unwrap(),
        fs::read(example("ltci.csv")).unwrap()
    );
}
