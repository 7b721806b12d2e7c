//! The shared library, from C: every case of the project, byte for byte what the function
//! API gives; calls that must be refused; and the header, which is as cbindgen makes it.
//!
//! `NENGLI_BLESS=1 cargo test -p nengli-abi --test library` writes the header anew.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../tests/common/mod.rs"]
mod common;

#[path = "../../../tests/common/checked_in.rs"]
mod checked_in;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use checked_in::must_be;
use nengli::Rulebook;
use nengli::record::Record;
use serde_json::Value;
use tempfile::TempDir;

/// The folder of this package.
fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The C program, compiled and linked with the library of this build.
struct Program {
    path: PathBuf,
    library: PathBuf,
    _folder: TempDir,
}

impl Program {
    fn compiled() -> Self {
        // Cargo puts the library beside its tests.
        let test = env::current_exe().unwrap();
        let library = test.parent().unwrap().to_owned();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("cases");
        let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
        let ended = Command::new(&compiler)
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I"])
            .arg(here())
            .arg(here().join("tests/cases.c"))
            .arg("-o")
            .arg(&path)
            .arg("-L")
            .arg(&library)
            .arg("-lnengli_abi")
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", compiler.display()));
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{said}");
        Self {
            path,
            library,
            _folder: folder,
        }
    }

    /// The lines that it prints.
    fn run(&self, arguments: &[&str], input: &str) -> Vec<String> {
        let mut child = Command::new(&self.path)
            .args(arguments)
            .env("LD_LIBRARY_PATH", &self.library)
            .env("DYLD_LIBRARY_PATH", &self.library)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let ended = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{said}");
        let out = String::from_utf8(ended.stdout).unwrap();
        out.lines().map(str::to_owned).collect()
    }
}

#[test]
fn every_case_from_c_is_as_from_rust() {
    let rulebook = Rulebook::builtin().unwrap();
    let folder = here().join("../../tests/cases");
    let (cases, faults) = common::find(&folder);
    assert!(faults.is_empty(), "{faults:?}");
    let records = common::records(&folder);
    assert!(!cases.is_empty() && !records.is_empty());

    let (mut asked, mut expected) = (String::new(), Vec::new());
    let mut ask = |call: &str, path: &Path, answer: String| {
        asked.push_str(&format!("{call}\t{}\n", path.display()));
        expected.push((format!("{call} {}", path.display()), answer));
    };
    for file in cases {
        let text = fs::read_to_string(&file.case).unwrap();
        ask("assess", &file.case, rulebook.assess_json(&text));
        ask("record", &file.case, rulebook.record_json(&text));
    }
    for (_, path) in records {
        let text = fs::read_to_string(&path).unwrap();
        let replay = rulebook.replay(&Record::from_text(&text).unwrap());
        ask("replay", &path, serde_json::to_string(&replay).unwrap());
    }

    let answers = Program::compiled().run(&[], &asked);
    assert_eq!(answers.len(), expected.len());
    let pairs = expected.iter().zip(&answers);
    let other: Vec<&String> = pairs
        .filter(|((_, expected), answer)| expected != *answer)
        .map(|((what, _), _)| what)
        .collect();
    assert!(other.is_empty(), "{other:#?}");
}

#[test]
fn bad_calls_from_c_are_answered() {
    let answers = Program::compiled().run(&["refusals"], "");
    let messages: Vec<String> = answers
        .iter()
        .map(|answer| {
            let answer: Value = serde_json::from_str(answer).unwrap();
            let message = answer
                .pointer("/error/message")
                .or(answer.pointer("/rejected/0/message"));
            message.and_then(Value::as_str).unwrap().to_owned()
        })
        .collect();
    let null = "found a null pointer";
    let long = "found a length above 4194304 bytes";
    let bytes = "found bytes that are not UTF-8";
    assert_eq!(
        messages,
        [
            null,
            null,
            null,
            null,
            bytes,
            bytes,
            long,
            long,
            long,
            "there is no call of this name",
            "expected JSON; found nothing",
            "expected at most 1048576 bytes; found 4194304",
        ]
    );
}

#[test]
fn the_header_is_fresh() {
    let comment = "/* nengli: text in, text out. How to use it: docs/embedding.md.\n \
                   * Generated by cbindgen from wrappers/abi/src/border.rs; do not edit. */";
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some(comment.to_owned()),
        include_guard: Some("NENGLI_H".to_owned()),
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        no_includes: true,
        cpp_compat: true,
        usize_is_size_t: true,
        ..cbindgen::Config::default()
    };
    let made = cbindgen::Builder::new()
        .with_config(config)
        .with_src(here().join("src/border.rs"))
        .generate()
        .unwrap();
    let mut header = Vec::new();
    made.write(&mut header);
    let header = String::from_utf8(header).unwrap();
    must_be(&here().join("nengli.h"), &header).unwrap();
}
