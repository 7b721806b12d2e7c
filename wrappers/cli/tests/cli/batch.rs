//! `nengli batch`.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::material::{
    GBT, case_line, demo_text, folder, refused_case, rulebook, short_case, write,
};
use crate::model::{Readings, Rng, decide, random_form, random_partial_form};
use crate::program::{command, json as parse, nengli, prepare};

const MIB: usize = 1 << 20;

/// The lines that come out where these go in, and the exit status.
fn lines_of(input: impl Into<Vec<u8>>) -> (Vec<Value>, i32) {
    let ended = prepare(["batch", "-"]).input(input).end();
    assert_eq!(ended.err, "");
    (ended.json_lines(), ended.code)
}

fn ids(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["case_id"].as_str().unwrap_or("null"))
        .collect()
}

/// What stands in the place of a line that is no JSON.
#[track_caller]
fn must_be_not_json(line: &Value) {
    assert_eq!(line["case_id"], Value::Null, "{line}");
    let problems = line["rejected"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{line}");
    assert_eq!(problems[0]["at"], "", "{line}");
    assert_eq!(problems[0]["kind"], "not_json", "{line}");
    assert!(!problems[0]["message"].as_str().unwrap().is_empty());
    let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["case_id", "rejected", "schema"], "{line}");
}

/// Random forms, one a line, and what the model says of each.
fn forms(
    count: usize,
    seed: u64,
    form: impl Fn(&mut Rng) -> crate::model::Answers,
) -> (String, Vec<crate::model::Verdict>) {
    let mut rng = Rng::new(seed);
    let mut text = String::new();
    let mut verdicts = Vec::new();
    for i in 0..count {
        let answers = form(&mut rng);
        verdicts.push(decide(GBT, &answers, &Readings::new()));
        text.push_str(&case_line(&format!("f-{i}"), &answers));
        text.push('\n');
    }
    (text, verdicts)
}

#[test]
fn a_thousand_random_forms_as_the_model_has_them() {
    let (text, verdicts) = forms(1000, 42_195, |rng| random_form(GBT, rng));
    let here = folder();
    let file = write(here.path(), "forms.jsonl", &text);
    let ended = nengli(["batch".as_ref(), file.as_os_str()]).quietly(0);
    let lines = ended.json_lines();
    assert_eq!(lines.len(), 1000);
    let mut levels = [0; 5];
    for (i, (line, verdict)) in lines.iter().zip(&verdicts).enumerate() {
        assert_eq!(line["case_id"], format!("f-{i}"));
        let result = &line["assessments"][0];
        assert_eq!(result["outcome"], "determined", "{line}");
        assert_eq!(
            result["level"]["code"].as_i64(),
            verdict.level,
            "{verdict:?} {line}"
        );
        assert_eq!(
            result["preliminary"]["code"].as_i64(),
            verdict.preliminary,
            "{verdict:?} {line}"
        );
        assert_eq!(result["scores"], json!(verdict.scores), "{line}");
        let changes: Vec<Value> = verdict
            .changes
            .iter()
            .map(|change| json!([change.rule, change.met, change.applied]))
            .collect();
        let found: Vec<Value> = result["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| json!([change["rule"], change["met"], change["applied"]]))
            .collect();
        assert_eq!(found, changes, "{line}");
        levels[usize::try_from(verdict.level.unwrap()).unwrap()] += 1;
    }
    // The forms are of every kind.
    assert!(levels.iter().all(|count| *count > 20), "{levels:?}");
    // The lines are those of the library, to the byte.
    for (line, case) in ended.out.lines().zip(text.lines()) {
        assert_eq!(line, rulebook().assess_json(case));
    }
}

#[test]
fn partial_forms_as_the_model_has_them() {
    let (text, verdicts) = forms(300, 2022, |rng| random_partial_form(GBT, rng));
    let (lines, code) = lines_of(text);
    // What is undetermined is not refused.
    assert_eq!(code, 0);
    assert_eq!(lines.len(), verdicts.len());
    for (line, verdict) in lines.iter().zip(&verdicts) {
        let result = &line["assessments"][0];
        assert_eq!(result["level"]["code"].as_i64(), verdict.level, "{line}");
        let outcome = match verdict.level {
            Some(_) => "determined",
            None => "undetermined",
        };
        assert_eq!(result["outcome"], outcome, "{line}");
        if verdict.level.is_none() {
            assert_eq!(
                result["possible_levels"],
                json!(verdict.possible_levels),
                "{line}"
            );
            let mut missing: Vec<&str> = result["missing"]
                .as_array()
                .unwrap()
                .iter()
                .map(|code| code.as_str().unwrap())
                .collect();
            missing.sort_unstable();
            let expected: Vec<&str> = verdict.missing.iter().map(String::as_str).collect();
            assert_eq!(missing, expected, "{line}");
        }
    }
}

#[test]
fn one_line_in_one_line_out_in_order() {
    let input: Vec<String> = (0..200)
        .map(|i| match i % 3 {
            0 => short_case(&format!("c-{i}")),
            1 => refused_case(&format!("c-{i}")),
            _ => "{".to_owned(),
        })
        .collect();
    let (lines, code) = lines_of(input.join("\n") + "\n");
    assert_eq!(code, 1);
    assert_eq!(lines.len(), 200);
    for (i, line) in lines.iter().enumerate() {
        match i % 3 {
            0 => {
                assert_eq!(line["case_id"], format!("c-{i}"));
                assert_eq!(line.get("rejected"), None);
            }
            1 => {
                assert_eq!(line["case_id"], format!("c-{i}"));
                assert_eq!(line["rejected"][0]["at"], "/assessments/0/answers/B.1.1");
            }
            _ => must_be_not_json(line),
        }
    }
}

#[test]
fn nothing_in_nothing_out() {
    assert_eq!(lines_of(""), (vec![], 0));
    assert_eq!(lines_of("\n \n\t\n\r\n\u{feff}\n"), (vec![], 0));
}

#[test]
fn blank_lines_are_skipped() {
    let (a, b, c) = (short_case("a"), short_case("b"), short_case("c"));
    let (lines, code) = lines_of(format!("\n\n{a}\n   \n\t\n{b}\n\r\n{c}\n\n\n"));
    assert_eq!((ids(&lines), code), (vec!["a", "b", "c"], 0));
}

#[test]
fn crlf_and_a_byte_order_mark_are_accepted() {
    let (a, b) = (short_case("a"), short_case("b"));
    let (lines, code) = lines_of(format!("\u{feff}{a}\r\n\r\n{b}\r\n"));
    assert_eq!((ids(&lines), code), (vec!["a", "b"], 0));
    let expected = [rulebook().assess_json(&a), rulebook().assess_json(&b)];
    assert_eq!(lines, expected.map(|text| parse(&text)));
}

#[test]
fn a_last_line_without_its_end() {
    let (a, b) = (short_case("a"), short_case("b"));
    let (lines, code) = lines_of(format!("{a}\n{b}"));
    assert_eq!((ids(&lines), code), (vec!["a", "b"], 0));
    let (lines, code) = lines_of(format!("{a}\n{b}\r"));
    assert_eq!((ids(&lines), code), (vec!["a", "b"], 0));
    let (lines, code) = lines_of(format!("{a}\n{{"));
    assert_eq!((ids(&lines), code), (vec!["a", "null"], 1));
}

#[test]
fn a_line_that_is_not_json() {
    let (a, b) = (short_case("a"), short_case("b"));
    for bad in ["{", "hello", "{} {}", "{\"case_id\": }", "[1, 2", "'a'"] {
        let (lines, code) = lines_of(format!("{a}\n{bad}\n{b}\n"));
        assert_eq!((ids(&lines), code), (vec!["a", "null", "b"], 1), "{bad}");
        must_be_not_json(&lines[1]);
    }
}

#[test]
fn a_case_over_two_lines_is_two_that_are_not_json() {
    let (lines, code) = lines_of("{\"case_id\":\n\"a\"}\n");
    assert_eq!((lines.len(), code), (2, 1));
    lines.iter().for_each(must_be_not_json);
}

#[test]
fn a_line_that_is_not_utf8() {
    let (a, b) = (short_case("a"), short_case("b"));
    let mut input = format!("{a}\n").into_bytes();
    input.extend(b"{\"case_id\":\"\xff\"}\n");
    input.extend(b.as_bytes());
    let (lines, code) = lines_of(input);
    assert_eq!((ids(&lines), code), (vec!["a", "null", "b"], 1));
    must_be_not_json(&lines[1]);
}

#[test]
fn a_line_of_one_mebibyte_and_one_byte_more() {
    let (a, b) = (short_case("a"), short_case("b"));
    let filled = |size: usize| format!("{}{}", a, " ".repeat(size - a.len()));
    for (size, fits) in [
        (MIB - 1, true),
        (MIB, true),
        (MIB + 1, false),
        (MIB + 2, false),
        (MIB + 3, false),
        (MIB + 4, false),
        (5 * MIB, false),
    ] {
        for end in ["\n", "\r\n"] {
            let (lines, code) = lines_of(format!("{}{end}{b}{end}", filled(size)));
            assert_eq!(lines.len(), 2, "{size}");
            assert_eq!(code, i32::from(!fits), "{size}");
            assert_eq!(lines[1]["case_id"], "b", "{size}");
            if fits {
                assert_eq!(lines[0]["case_id"], "a", "{size}");
            } else {
                must_be_not_json(&lines[0]);
            }
        }
        // As the last line, without its end.
        let (lines, code) = lines_of(format!("{b}\n{}", filled(size)));
        assert_eq!((lines.len(), code), (2, i32::from(!fits)), "{size}");
    }
}

#[test]
fn a_refused_case() {
    let (a, b) = (short_case("a"), refused_case("b"));
    let (lines, code) = lines_of(format!("{a}\n{b}\n"));
    assert_eq!((ids(&lines), code), (vec!["a", "b"], 1));
    assert_eq!(lines[1], parse(&rulebook().assess_json(&b)));
}

#[test]
fn the_language_does_not_matter() {
    let input = format!("{}\n{{\n{}\n", refused_case("a"), short_case("b"));
    let plain = prepare(["batch", "-"])
        .input(input.as_str())
        .end()
        .quietly(1);
    let chinese = prepare(["batch", "-", "--lang", "zh"])
        .env("LC_ALL", "zh_CN.UTF-8")
        .input(input)
        .end()
        .quietly(1);
    assert_eq!(chinese.out, plain.out);
}

#[test]
fn a_file_of_cases() {
    let here = folder();
    let file = write(
        here.path(),
        "cases.jsonl",
        format!("{}\n{}\n", short_case("a"), short_case("b")),
    );
    let ended = nengli(["batch".as_ref(), file.as_os_str()]).quietly(0);
    assert_eq!(ids(&ended.json_lines()), ["a", "b"]);
    assert!(ended.out.ends_with("}\n"));
}

// ---- where it is written ----------------------------------------------------

#[test]
fn into_a_file() {
    let here = folder();
    let input = format!("{}\n{{\n{}", short_case("a"), short_case("b"));
    let file = write(here.path(), "cases.jsonl", &input);
    let piped = nengli(["batch".as_ref(), file.as_os_str()]).quietly(1);
    for option in ["-o", "--output"] {
        // What is there already is written over.
        let out = write(here.path(), "out.jsonl", "x".repeat(100_000));
        let ended = nengli([
            "batch".as_ref(),
            file.as_os_str(),
            option.as_ref(),
            out.as_os_str(),
        ])
        .quietly(1);
        assert_eq!(ended.out, "");
        assert_eq!(fs::read_to_string(&out).unwrap(), piped.out);
    }
    let out = here.path().join("piped.jsonl");
    let ended = prepare(["batch", "-", "-o", out.to_str().unwrap()])
        .input(input)
        .end()
        .quietly(1);
    assert_eq!(ended.out, "");
    assert_eq!(fs::read_to_string(&out).unwrap(), piped.out);
}

#[test]
fn output_that_cannot_be_written() {
    let here = folder();
    let file = write(here.path(), "cases.jsonl", short_case("a"));
    let absent = here.path().join("absent/out.jsonl");
    for out in [here.path(), &absent] {
        nengli([
            "batch".as_ref(),
            file.as_os_str(),
            "-o".as_ref(),
            out.as_os_str(),
        ])
        .fault_of(out);
    }
    let full = Path::new("/dev/full");
    if full.exists() {
        nengli([
            "batch".as_ref(),
            file.as_os_str(),
            "-o".as_ref(),
            full.as_os_str(),
        ])
        .fault_of(full);
    }
}

#[test]
fn input_that_cannot_be_read() {
    let here = folder();
    let absent = here.path().join("absent.jsonl");
    nengli(["batch".as_ref(), absent.as_os_str()]).fault_of(&absent);
    nengli(["batch".as_ref(), here.path().as_os_str()]).fault_of(here.path());
    // What was written before is still there.
    let out = write(here.path(), "out.jsonl", "before");
    nengli([
        "batch".as_ref(),
        absent.as_os_str(),
        "-o".as_ref(),
        out.as_os_str(),
    ])
    .fault_of(&absent);
    assert_eq!(fs::read_to_string(&out).unwrap(), "before");
}

/// Either it is refused or it works; the cases are not lost in silence.
#[test]
fn output_over_the_input_loses_nothing() {
    let here = folder();
    let text = format!("{}\n{}\n", short_case("a"), short_case("b"));
    let file = write(here.path(), "cases.jsonl", &text);
    let ended = nengli([
        "batch".as_ref(),
        file.as_os_str(),
        "-o".as_ref(),
        file.as_os_str(),
    ]);
    let left = fs::read_to_string(&file).unwrap();
    match ended.code {
        0 => assert_eq!(left.lines().count(), 2, "{ended:?}"),
        _ => {
            assert_eq!(left, text);
            ended.fault_of(&file);
        }
    }
}

#[test]
fn unusable_rules_write_nothing() {
    let here = folder();
    let file = write(here.path(), "cases.jsonl", short_case("a"));
    let out = write(here.path(), "out.jsonl", "before");
    let absent = here.path().join("absent");
    nengli([
        "batch".as_ref(),
        file.as_os_str(),
        "-o".as_ref(),
        out.as_os_str(),
        "--with".as_ref(),
        absent.as_os_str(),
    ])
    .fault_of(&absent);
    assert_eq!(fs::read_to_string(&out).unwrap(), "before");
}

/// Who has read enough goes away: the program ends, and says nothing.
#[test]
fn a_pipe_that_is_closed() {
    let case = demo_text().replace('\n', " ");
    let here = folder();
    // Far more than a pipe holds.
    let file = write(
        here.path(),
        "cases.jsonl",
        format!("{case}\n").repeat(1_000),
    );
    let mut child = command()
        .arg("batch")
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let mut err = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut err).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(first, rulebook().assess_json(&case) + "\n");
    assert_eq!(err, "");
    assert_eq!(status.code(), Some(0));
}

/// A line is answered from what has come so far: nothing is kept but the line.
#[test]
fn input_that_is_long() {
    let case = demo_text().replace('\n', " ");
    let answer = rulebook().assess_json(&case);
    let (lines, code) = lines_of(format!("{case}\n").repeat(3_000));
    assert_eq!((lines.len(), code), (3_000, 0));
    let answer = parse(&answer);
    assert!(lines.iter().all(|line| *line == answer));
}

// ---- on all cores ----------------------------------------------------------

/// Cases of every kind, more than one chunk of them: the output is the same to the byte,
/// whatever the number of threads.
#[test]
fn the_number_of_threads_changes_no_byte() {
    let cases: Vec<String> = (0..900)
        .map(|i| match i % 5 {
            0 => refused_case(&format!("c-{i}")),
            1 => "{".to_owned(),
            2 => String::new(),
            3 => demo_text()
                .replace('\n', " ")
                .replace("demo-0001", &format!("c-{i}")),
            _ => short_case(&format!("c-{i}")),
        })
        .collect();
    let input = cases.join("\n");
    for more in [&[][..], &["--record"]] {
        let run = |threads: &[&str]| {
            let args = ["batch", "-"].iter().chain(more).chain(threads);
            prepare(args).input(input.as_str()).end().quietly(1).out
        };
        let one = run(&["--threads", "1"]);
        assert_eq!(one.lines().count(), 720);
        for threads in ["2", "3", "16"] {
            assert_eq!(run(&["--threads", threads]), one, "{threads}");
        }
        assert_eq!(run(&[]), one);
    }
}

#[test]
fn a_number_of_threads_that_cannot_be() {
    for threads in ["0", "257", "-1", "1.5", "many", ""] {
        nengli(["batch", "-", "--threads", threads]).in_vain(2);
    }
}
