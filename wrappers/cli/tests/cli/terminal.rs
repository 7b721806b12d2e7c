//! The progress bar: on a terminal, and nowhere else.
//!
//! `script` of util-linux gives the program a terminal; where there is none, or it is
//! another `script`, there is nothing to try it with.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::material::{folder, rulebook, short_case, write};
use crate::program::nengli;

/// What the program writes to a terminal; none where there is no way to give it one.
fn on_a_terminal(args: &[&str]) -> Option<String> {
    let run = |what: &str| {
        let mut command = Command::new("script");
        command
            .args(["-q", "-e", "-c", what, "/dev/null"])
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        let ended = command.output().ok()?;
        Some((
            ended.status.success(),
            String::from_utf8(ended.stdout).ok()?,
        ))
    };
    let (able, said) = run("test -t 2 && echo terminal")?;
    if !able || !said.contains("terminal") {
        return None;
    }
    let quoted: Vec<String> = [env!("CARGO_BIN_EXE_nengli")]
        .iter()
        .chain(args)
        .map(|arg| format!("'{arg}'"))
        .collect();
    let (ended, said) = run(&quoted.join(" "))?;
    assert!(ended, "{said}");
    Some(said)
}

/// So many cases, and records of them, that a run takes longer than the bar waits.
fn material(here: &Path) -> (String, String) {
    let case = short_case("a");
    let record = rulebook().record_json(&case);
    let lines = |line: &str| format!("{line}\n").repeat(6_000);
    let cases = write(here, "cases.jsonl", lines(&case));
    let records = write(here, "records.jsonl", lines(&record));
    (
        cases.to_str().unwrap().to_owned(),
        records.to_str().unwrap().to_owned(),
    )
}

/// A bar redraws its line: it says how many bytes of how many.
fn has_bar(said: &str) -> bool {
    said.contains('\r') && said.contains("iB/") && said.contains("\u{1b}[")
}

#[test]
fn a_bar_on_a_terminal() {
    let here = folder();
    let (cases, records) = material(here.path());
    let out = here.path().join("out.jsonl");
    let out = out.to_str().unwrap();
    let runs: [&[&str]; 2] = [&["batch", &cases, "-o", out], &["replay", &records]];
    for args in runs {
        let Some(said) = on_a_terminal(args) else {
            return;
        };
        assert!(has_bar(&said), "{args:?}: {said:?}");
    }
    // Where the answers themselves go to the terminal, no bar is drawn between them.
    let said = on_a_terminal(&["batch", &cases]).unwrap();
    assert!(!said.contains("iB/"), "a bar among the answers");
    assert!(said.contains(r#""case_id":"a""#));
}

#[test]
fn no_bar_elsewhere() {
    let here = folder();
    let (cases, records) = material(here.path());
    let out = here.path().join("out.jsonl");
    let out = out.to_str().unwrap();
    nengli(["batch", &cases, "-o", out]).quietly(0);
    let ended = nengli(["replay", &records]).quietly(0);
    assert!(!ended.out.contains('\r') && !ended.out.contains('\u{1b}'));
}
