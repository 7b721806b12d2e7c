//! Faults of the system under the program: a disk that is full, at once or half way; a
//! reader that goes away; folders and files that may not be touched; outputs that are no
//! files. (`resume.rs` has a batch that is killed.)

#![cfg(target_os = "linux")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::material::{demo_file, demo_text, folder, project, write};
use crate::program::{command, nengli};

fn words(line: &[&OsStr]) -> Vec<OsString> {
    line.iter().map(|&word| word.to_owned()).collect()
}

/// Every command that writes a file, as a line of arguments whose last is the file.
fn writers(here: &Path) -> Vec<Vec<OsString>> {
    let line = demo_text().replace('\n', " ") + "\n";
    let lines = (0..40).map(|i| line.replace("demo-0001", &format!("c-{i}")));
    let cases = write(here, "cases.jsonl", lines.collect::<String>());
    let records = here.join("records.jsonl");
    let made = nengli(words(&[
        "batch".as_ref(),
        "--record".as_ref(),
        cases.as_ref(),
        "-o".as_ref(),
        records.as_ref(),
    ]));
    made.quietly(0);
    let examples = project().join("examples");
    let (mapping, decisions) = (
        examples.join("audit/mapping.json"),
        examples.join("audit/decisions.csv"),
    );
    let rules = project().join("rules");
    let response = here.join("response.json");
    let demo = demo_file();
    let w = OsStr::new;
    nengli(words(&[
        w("export"),
        w("response"),
        demo.as_ref(),
        w("-o"),
        response.as_ref(),
    ]))
    .quietly(0);
    let sheet = examples.join("sheet/ltci.csv");
    let audit = [w("audit"), decisions.as_ref(), w("--map"), mapping.as_ref()];
    [
        [w("batch"), cases.as_ref(), w("-o")].as_slice(),
        &[
            w("batch"),
            cases.as_ref(),
            w("--compress"),
            w("zstd"),
            w("-o"),
        ],
        &[w("replay"), records.as_ref(), w("--report")],
        &[w("coverage"), cases.as_ref(), w("--report")],
        &[
            w("impact"),
            w("--to"),
            rules.as_ref(),
            cases.as_ref(),
            w("--report"),
        ],
        &[audit.as_slice(), &[w("--report")]].concat(),
        &[audit.as_slice(), &[w("-o")]].concat(),
        &[
            w("export"),
            w("csv"),
            w("gbt-42195-2022"),
            w("--cases"),
            cases.as_ref(),
            w("-o"),
        ],
        &[w("export"), w("response"), demo.as_ref(), w("-o")],
        &[w("export"), w("observations"), demo.as_ref(), w("-o")],
        &[w("import"), w("csv"), sheet.as_ref(), w("-o")],
        &[w("import"), w("fhir"), response.as_ref(), w("-o")],
        &[w("rules"), w("--export")],
    ]
    .into_iter()
    .map(words)
    .collect()
}

/// It failed for want of this file: status 2, and a last line that names it.
#[track_caller]
fn fails(line: &[OsString], file: &Path) {
    let ended = nengli(
        line.iter()
            .map(OsString::as_os_str)
            .chain([file.as_os_str()]),
    );
    assert_eq!(ended.code, 2, "{line:?}: {ended:?}");
    let last = ended.err.lines().last().unwrap_or_default();
    assert!(last.starts_with("nengli: "), "{line:?}: {ended:?}");
    assert!(
        last.contains(&*file.to_string_lossy()),
        "{line:?}: {ended:?}"
    );
}

/// Nothing can be written to `/dev/full`; by way of a link, which stays what it is.
#[test]
fn a_full_disk() {
    let here = folder();
    let full = here.path().join("full");
    symlink("/dev/full", &full).unwrap();
    for line in writers(here.path()) {
        fails(&line, &full);
        assert_eq!(
            fs::read_link(&full).unwrap(),
            Path::new("/dev/full"),
            "{line:?}"
        );
    }
    let left = left_over(here.path());
    assert!(left.is_empty(), "{left:?}");
}

/// Files that were begun and should be gone.
fn left_over(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_string_lossy().ends_with(".part"))
        .collect()
}

/// A folder in which nobody may make a file, not even root.
#[test]
fn a_folder_that_is_read_only() {
    let here = folder();
    for line in writers(here.path()) {
        fails(&line, Path::new("/sys/kernel/nengli-test-output"));
        fails(&line, &here.path().join("absent/output"));
    }
}

/// A device or a pipe is written to, never put in the place of; a link leads to the file
/// that is meant.
#[test]
fn outputs_that_are_no_files() {
    let here = folder();
    let null = here.path().join("null");
    symlink("/dev/null", &null).unwrap();
    for line in writers(here.path()) {
        let kind = |path: &Path| fs::metadata(path).unwrap().file_type();
        let ended = nengli(
            line.iter()
                .map(OsString::as_os_str)
                .chain([null.as_os_str()]),
        );
        assert!(ended.code < 2, "{line:?}: {ended:?}");
        assert_eq!(
            fs::read_link(&null).unwrap(),
            Path::new("/dev/null"),
            "{line:?}"
        );
        assert!(!kind(&null).is_file(), "{line:?}");

        let (file, link) = (here.path().join("file"), here.path().join("link"));
        fs::write(&file, "before").unwrap();
        let _ = fs::remove_file(&link);
        symlink(&file, &link).unwrap();
        nengli(
            line.iter()
                .map(OsString::as_os_str)
                .chain([link.as_os_str()]),
        );
        assert_eq!(fs::read_link(&link).unwrap(), file, "{line:?}");
        assert_ne!(fs::read(&file).unwrap(), b"before", "{line:?}");
    }
}

/// The disk fills up in the middle of a batch: what is there is whole lines and a last one
/// cut off, and `--resume` makes it whole where there is room again.
#[test]
fn a_disk_that_fills_up_half_way() {
    let here = folder();
    let case = demo_text().replace('\n', " ");
    let lines = (0..300).map(|i| case.replace("demo-0001", &format!("c-{i}")) + "\n");
    let cases = write(here.path(), "cases.jsonl", lines.collect::<String>());
    let (whole, out) = (
        here.path().join("whole.jsonl"),
        here.path().join("out.jsonl"),
    );
    let batch = |out: &Path, more: &[&str]| {
        let mut line = words(&[
            "batch".as_ref(),
            cases.as_ref(),
            "-o".as_ref(),
            out.as_ref(),
        ]);
        line.extend(more.iter().map(OsString::from));
        line
    };
    nengli(batch(&whole, &[])).quietly(0);
    let whole = fs::read(whole).unwrap();
    // No file may grow over a bound, in blocks of 512 or 1024 bytes: a write then fails.
    let mut run = Command::new("sh");
    run.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "sh"]);
    run.arg(env!("CARGO_BIN_EXE_nengli")).args(batch(&out, &[]));
    let ended = run.env_clear().output().unwrap();
    assert_eq!(ended.status.code(), Some(2), "{ended:?}");
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("out.jsonl"), "{err}");
    let left = fs::read(&out).unwrap();
    assert!(!left.is_empty() && left.len() < whole.len());
    assert!(whole.starts_with(&left));
    let last = left.iter().rposition(|byte| *byte == b'\n').unwrap();
    for line in left[..last].split(|byte| *byte == b'\n') {
        let answer: serde_json::Value = serde_json::from_slice(line).unwrap();
        assert!(answer["case_id"].is_string());
    }
    nengli(batch(&out, &["--resume"])).quietly(0);
    assert!(fs::read(&out).unwrap() == whole);
}

/// Every command whose output is longer than a pipe holds, and the others too: who reads
/// it goes away after the first byte, or before. Nobody is left to tell.
#[test]
fn a_pipe_that_is_closed() {
    let here = folder();
    let mut lines: Vec<Vec<OsString>> = writers(here.path());
    for line in &mut lines {
        // The same to standard output.
        line.pop();
    }
    for more in [
        ["rules"].as_slice(),
        &["rules", "gbt-42195-2022"],
        &["rules", "gbt-42195-2022", "--json"],
        &["schema", "case", "--instrument", "gbt-42195-2022"],
        &["check"],
        &["export", "fhir"],
    ] {
        lines.push(more.iter().map(OsString::from).collect());
    }
    for line in lines {
        for read in [true, false] {
            let mut run = command();
            run.args(&line).stdin(Stdio::null());
            let mut child = run
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut out = child.stdout.take().unwrap();
            if read {
                let _ = out.read(&mut [0]).unwrap();
            }
            drop(out);
            let ended = child.wait_with_output().unwrap();
            let err = String::from_utf8(ended.stderr).unwrap();
            let what = format!("{line:?}: {} {err}", ended.status);
            // An audit that could still write all of it ends with what it found.
            assert!(matches!(ended.status.code(), Some(0 | 1)), "{what}");
            assert_eq!(err, "", "{what}");
        }
    }
}

/// Standard output is full: said once, status 2.
#[test]
fn standard_output_that_is_full() {
    let here = folder();
    let mut lines: Vec<Vec<OsString>> = writers(here.path());
    for line in &mut lines {
        line.pop();
    }
    for line in lines {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut run = command();
        run.args(&line)
            .stdin(Stdio::null())
            .stdout(Stdio::from(full));
        let ended = run.output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{line:?}: {err}");
        assert_eq!(err.lines().count(), 1, "{line:?}: {err}");
        assert!(err.contains("standard output"), "{line:?}: {err}");
    }
}
