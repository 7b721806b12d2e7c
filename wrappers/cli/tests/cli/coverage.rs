//! `nengli coverage`.

use std::fs;

use crate::material::project;
use crate::program::nengli;

#[test]
fn a_folder_a_file_of_lines_and_a_record_are_counted_alike() {
    let folder = project().join("tests/cases/gbt-42195-2022");
    let case = fs::read_to_string(folder.join("demo.case.json")).expect("the case");
    let record = fs::read_to_string(folder.join("demo.record.json")).expect("the record");
    let one_line = case.replace('\n', " ");
    let scratch = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        fs::write(&path, text).expect("written");
        path
    };
    let single = file("one.case.json", &case);
    let lines = file("lines.jsonl", &format!("{one_line}\n\n{record}\nno case\n"));
    let alone = nengli(["coverage".as_ref(), single.as_os_str(), "--json".as_ref()]);
    let alone = alone.quietly(0).json();
    let both = nengli(["coverage".as_ref(), lines.as_os_str(), "--json".as_ref()]);
    let both = both.quietly(0).json();
    assert_eq!(
        (&alone["coverage"]["cases"], &alone["refused"]),
        (&1.into(), &0.into())
    );
    assert_eq!(
        (&both["coverage"]["cases"], &both["refused"]),
        (&2.into(), &1.into())
    );
    assert_eq!(alone["coverage"]["files"], both["coverage"]["files"]);
}

#[test]
fn what_is_not_reached_is_named_and_can_fail() {
    let folder = project().join("tests/cases/nhsa-37-2021-self");
    let report = tempfile::tempdir().expect("a folder");
    let page = report.path().join("report.html");
    let ended = nengli([
        "coverage".as_ref(),
        folder.as_os_str(),
        "--unreached".as_ref(),
        "--all-reached".as_ref(),
        "--report".as_ref(),
        page.as_os_str(),
    ]);
    let ended = ended.quietly(1);
    // The form's own rows are reached; those of the other form are not.
    assert!(!ended.out.contains("instruments/nhsa-37-2021-self.json#"));
    let row = "instruments/nhsa-37-2021.json#/steps/7/rule/table/rows/0/cells/0\tdecides\t";
    assert!(ended.out.contains(row));
    let page = fs::read_to_string(page).expect("the report");
    assert!(page.starts_with("<!doctype html>") && !page.contains("<script"));
}
