//! Every case of the project, through the command line.

use std::fs;

use crate::common;
use crate::material::{folder, project, rulebook, write};
use crate::program::{columns, json, nengli, prepare};
use nengli::Options;

fn all() -> Vec<common::CaseFile> {
    let (cases, faults) = common::find(&project().join("tests/cases"));
    assert!(faults.is_empty(), "{faults:?}");
    assert!(!cases.is_empty());
    cases
}

/// How `assess` must end for this text, and whether it prints JSON.
fn status(text: &str) -> (i32, bool) {
    match rulebook().assess_text(text, Options::default()) {
        Ok(_) => (0, true),
        Err(rejection) if rejection.is_unreadable() => (2, false),
        Err(_) => (1, true),
    }
}

#[test]
fn every_case_is_as_expected() {
    let mut faults = Vec::new();
    for file in all() {
        let text = fs::read_to_string(&file.case).unwrap();
        let (code, prints) = status(&text);
        let ended = nengli(["assess".as_ref(), "--json".as_ref(), file.case.as_os_str()]);
        if ended.code != code {
            faults.push(format!("{}: exit {} for {code}", file.name, ended.code));
            continue;
        }
        if !prints {
            ended.fault_of(&file.case);
            continue;
        }
        if ended.out != rulebook().assess_json(&text) + "\n" || !ended.err.is_empty() {
            faults.push(format!("{}: not what the library answers", file.name));
        }
        let expected = common::expectation(&fs::read_to_string(&file.expect).unwrap());
        for mismatch in common::mismatches(&expected.unwrap().part, &ended.json()) {
            faults.push(format!("{}: {mismatch}", file.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Blanks for line ends: the text of no string changes by that.
#[test]
fn every_case_as_a_line_of_a_batch() {
    let texts: Vec<String> = all()
        .iter()
        .map(|file| fs::read_to_string(&file.case).unwrap())
        .map(|text| text.replace(['\r', '\n'], " "))
        .filter(|text| !text.trim().is_empty())
        .collect();
    let here = folder();
    let input = write(here.path(), "cases.jsonl", texts.join("\n"));
    let ended = nengli(["batch".as_ref(), input.as_os_str()]).quietly(1);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), texts.len());
    for (line, text) in lines.iter().zip(&texts) {
        // What is too long or no JSON has its own words in a batch.
        if status(text).1 {
            assert_eq!(*line, rulebook().assess_json(text));
        } else {
            assert_eq!(json(line)["rejected"][0]["kind"], "not_json");
        }
    }
}

/// In either language, with and without the trace: no line of a report is wider
/// than 100 columns, and no citation is torn.
#[test]
fn every_report_fits() {
    let mut faults = Vec::new();
    for file in all() {
        let text = fs::read_to_string(&file.case).unwrap();
        if status(&text).0 != 0 {
            continue;
        }
        for lang in ["en", "zh"] {
            let ended = prepare(["assess", "-", "--trace", "--lang", lang])
                .input(text.as_str())
                .end()
                .quietly(0);
            for line in ended.out.lines() {
                let width = columns(line);
                if width > 100 {
                    faults.push(format!("{} {lang}: {width} columns: {line}", file.name));
                }
            }
        }
    }
    let count = faults.len();
    faults.truncate(5);
    assert!(count == 0, "{count} lines, such as\n{}", faults.join("\n"));
}

#[test]
fn no_citation_is_torn() {
    let mut faults = Vec::new();
    for file in all() {
        let text = fs::read_to_string(&file.case).unwrap();
        if status(&text).0 != 0 {
            continue;
        }
        for lang in ["en", "zh"] {
            let ended = prepare(["assess", "-", "--lang", lang])
                .input(text.as_str())
                .end()
                .quietly(0);
            let mut ended_at_document = false;
            for line in ended.out.lines() {
                // Between two documents it may go on in the next line.
                let open = line.matches('[').count() > line.matches(']').count();
                let inside = line.matches('[').count() < line.matches(']').count();
                let torn = (open && !line.ends_with(';')) || (inside && !ended_at_document);
                ended_at_document = line.ends_with(';');
                if torn {
                    faults.push(format!("{} {lang}: {line}", file.name));
                }
            }
        }
    }
    let count = faults.len();
    faults.truncate(5);
    assert!(count == 0, "{count} lines, such as\n{}", faults.join("\n"));
}
