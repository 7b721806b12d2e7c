//! Input that means harm, into every command: documents of a hundred megabytes, devices,
//! lines without end, escape sequences. Identity and markup have rooms of their own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::material::{demo_file, demo_text, folder, project, short_case, write};
use crate::memory::watch;
use crate::program::{command, nengli, prepare};

/// More than any run may take, whatever it is given, in MiB. Most stay below a tenth.
const MOST: u64 = 512;

fn example(name: &str) -> PathBuf {
    project().join("examples").join(name)
}

/// Every command that reads a file, as a line of arguments; `@` stands for the file.
fn readers() -> Vec<(&'static str, Vec<OsString>)> {
    let rules = project().join("rules");
    let mapping = example("audit/mapping.json");
    let decisions = example("audit/decisions.csv");
    let demo = demo_file();
    let line = |words: &[&OsStr]| words.iter().map(|&word| word.to_owned()).collect();
    fn w(word: &str) -> &OsStr {
        OsStr::new(word)
    }
    vec![
        ("assess", line(&[w("assess"), w("@")])),
        ("assess --json", line(&[w("assess"), w("--json"), w("@")])),
        (
            "assess --record",
            line(&[w("assess"), w("--record"), w("@")]),
        ),
        ("batch", line(&[w("batch"), w("@")])),
        ("batch --record", line(&[w("batch"), w("--record"), w("@")])),
        ("replay", line(&[w("replay"), w("@")])),
        ("coverage", line(&[w("coverage"), w("@")])),
        (
            "impact",
            line(&[w("impact"), w("--to"), rules.as_ref(), w("@")]),
        ),
        (
            "impact --to",
            line(&[w("impact"), w("--to"), w("@"), demo.as_ref()]),
        ),
        (
            "compare first",
            line(&[w("compare"), w("@"), demo.as_ref()]),
        ),
        ("compare then", line(&[w("compare"), demo.as_ref(), w("@")])),
        (
            "audit",
            line(&[w("audit"), w("--map"), mapping.as_ref(), w("@")]),
        ),
        (
            "audit --csv",
            line(&[w("audit"), w("--csv"), w("--map"), mapping.as_ref(), w("@")]),
        ),
        (
            "audit --map",
            line(&[w("audit"), w("--map"), w("@"), decisions.as_ref()]),
        ),
        (
            "export csv",
            line(&[
                w("export"),
                w("csv"),
                w("gbt-42195-2022"),
                w("--cases"),
                w("@"),
            ]),
        ),
        (
            "export response",
            line(&[w("export"), w("response"), w("@")]),
        ),
        (
            "export observations",
            line(&[w("export"), w("observations"), w("@")]),
        ),
        ("import csv", line(&[w("import"), w("csv"), w("@")])),
        ("import fhir", line(&[w("import"), w("fhir"), w("@")])),
    ]
}

/// Each reader with the file, refused: its status, a message that is short, its memory.
fn all_refuse(file: &Path, skip: &[&str]) {
    for (name, line) in readers() {
        if skip.contains(&name) {
            continue;
        }
        let mut run = command();
        run.args(line.iter().map(|word| match word == "@" {
            true => file.as_os_str(),
            false => word,
        }));
        let ended = watch(run);
        let what = format!("{name} {}: {ended:?}", file.display());
        // A coverage counts what is no case, and goes on.
        let code = ended.code;
        assert!(
            matches!(code, Some(1 | 2)) || name == "coverage" && code == Some(0),
            "{what}"
        );
        let said = ended.err.len() + ended.out.len();
        assert!((1..100_000).contains(&said), "{name}: {said} bytes");
        if ended.code == Some(2) {
            assert!(ended.err.starts_with("nengli: "), "{what}");
        }
        if let Some(peak) = ended.peak {
            assert!(peak < MOST, "{name}: {peak} MiB");
            eprintln!("{}\t{name}\t{peak} MiB", file.display());
        }
    }
}

#[test]
fn documents_of_100_megabytes() {
    let here = folder();
    // One line: a case with a hundred megabytes in a key that nobody knows.
    let open = demo_text().replace('\n', " ");
    let open = open.trim_end().strip_suffix('}').unwrap();
    let mut text = format!("{open},\"x\":\"");
    text.push_str(&"x".repeat(100_000_000));
    text.push_str("\"}");
    all_refuse(&write(here.path(), "one.jsonl", &text), &[]);
    // The file of one case or record, in many lines.
    let lines = text.replace("xxxxxxxx", "\nxxxxxx\n");
    let file = write(here.path(), "lines.json", lines);
    let by_lines = ["batch", "batch --record", "impact", "audit", "audit --csv"];
    all_refuse(&file, &by_lines);
}

/// What memory a batch takes does not grow with what it is given.
#[test]
fn a_batch_of_100_megabytes_takes_no_more_than_a_small_one() {
    let here = folder();
    let line = format!("{}\n", refused());
    let peak = |count: usize| {
        let file = write(here.path(), "cases.jsonl", line.repeat(count));
        let mut run = command();
        run.arg("batch").arg(&file).args(["-o", "/dev/null"]);
        let ended = watch(run);
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        ended.peak
    };
    let (small, large) = (peak(1_000), peak(100_000_000 / line.len()));
    if let (Some(small), Some(large)) = (small, large) {
        eprintln!("batch\t{small} MiB\t{large} MiB");
        assert!(large < small + 64, "{small} MiB, then {large} MiB");
    }
}

/// A line of some 400 kB that is refused at once: many lines of a few bytes would be
/// decided for minutes in a build without optimisation.
fn refused() -> String {
    format!("{}{}", "[".repeat(40), "x".repeat(400_000))
}

/// A device has no end and no line: every command stops by itself.
#[cfg(target_os = "linux")]
#[test]
fn devices_as_input() {
    let here = folder();
    let link = here.path().join("case.json");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    all_refuse(Path::new("/dev/zero"), &["coverage"]);
    // By way of a link, whatever it is called.
    all_refuse(&link, &["batch --record", "audit", "impact"]);
    // Nothing at all is no case either; a batch of none is empty.
    let none = [
        "batch",
        "batch --record",
        "audit",
        "impact",
        "coverage",
        "replay",
        "export csv",
    ];
    all_refuse(Path::new("/dev/null"), &none);
    // A file that is there and cannot be read, even by root.
    all_refuse(Path::new("/proc/self/mem"), &[]);
    // A folder.
    all_refuse(here.path(), &["coverage", "replay"]);
}

/// Links to devices among rule files, cases and records are not followed.
#[cfg(target_os = "linux")]
#[test]
fn devices_within_folders() {
    let here = folder();
    for name in ["x.json", "x.jsonl", "x.record.json", "x.case.json"] {
        std::os::unix::fs::symlink("/dev/zero", here.path().join(name)).unwrap();
    }
    let dir = here.path().as_os_str();
    let demo = demo_file();
    for line in [
        ["check".as_ref(), dir].as_slice(),
        &["replay".as_ref(), dir],
        &["coverage".as_ref(), dir],
        &["assess".as_ref(), demo.as_os_str(), "--with".as_ref(), dir],
        &["assess".as_ref(), demo.as_os_str(), "--rules".as_ref(), dir],
    ] {
        nengli(line).fault_of(here.path());
    }
}

/// A link as input is the file behind it; a loop of links is none.
#[cfg(unix)]
#[test]
fn links_as_input() {
    use std::os::unix::fs::symlink;

    let here = folder();
    let link = here.path().join("link.json");
    symlink(demo_file(), &link).unwrap();
    let straight = nengli(["assess".as_ref(), demo_file().as_os_str()]).quietly(0);
    let linked = nengli(["assess".as_ref(), link.as_os_str()]).quietly(0);
    assert_eq!(straight.out, linked.out);
    let (one, two) = (here.path().join("one.json"), here.path().join("two.json"));
    symlink(&one, &two).unwrap();
    symlink(&two, &one).unwrap();
    all_refuse(&one, &[]);
}

/// A rule file of a hundred megabytes, and one that is nested without end.
#[test]
fn rule_files_of_100_megabytes_and_depth_bombs() {
    let here = folder();
    let demo = demo_file();
    for (name, text) in [
        (
            "large",
            format!("{{\"kind\":\"{}\"}}", "x".repeat(100_000_000)),
        ),
        ("deep", "[".repeat(10_000_000)),
        ("objects", r#"{"kind":"#.repeat(1_000_000)),
    ] {
        let file = write(here.path(), &format!("{name}/rules.json"), text);
        let dir = file.parent().unwrap();
        for line in [
            ["check".as_ref(), dir.as_os_str()].as_slice(),
            &[
                "assess".as_ref(),
                demo.as_os_str(),
                "--with".as_ref(),
                dir.as_ref(),
            ],
        ] {
            let mut run = command();
            run.args(line);
            let ended = watch(run);
            assert!(matches!(ended.code, Some(1 | 2)), "{name}: {ended:?}");
            assert!(ended.err.len() + ended.out.len() < 10_000, "{name}");
            assert!(
                ended.peak.is_none_or(|peak| peak < MOST),
                "{name}: {ended:?}"
            );
        }
    }
}

/// Bytes that are no text, NUL among them, in a line and as a file.
#[test]
fn bytes_of_every_kind() {
    let here = folder();
    let every: Vec<u8> = (0..=255).collect();
    let file = write(here.path(), "bytes.json", every.repeat(40));
    all_refuse(&file, &[]);
    let nul = demo_text().replace("demo-0001", "demo\u{0}0001");
    all_refuse(
        &write(here.path(), "nul.json", nul),
        &["import csv", "batch"],
    );
    let mut input = format!("{}\n", short_case("a")).into_bytes();
    for byte in 0..=255_u8 {
        // Ends of lines make two of one, and a bracket makes it whole.
        if !b"\n\r}".contains(&byte) {
            input.extend([b'{', byte, b'\n']);
        }
    }
    let ended = prepare(["batch", "-"]).input(input).end().quietly(1);
    let lines = ended.json_lines();
    assert_eq!(lines.len(), 1 + 253);
    for line in lines.iter().skip(1) {
        assert_eq!(line["rejected"][0]["kind"], "not_json");
    }
}

/// What is refused cannot move the cursor, colour the screen or ring the bell.
#[test]
fn escape_sequences_reach_no_terminal() {
    let bell = "\u{1b}[2J\u{7}\u{9b}31m";
    let mut case: serde_json::Value = serde_json::from_str(&demo_text()).unwrap();
    case[bell] = json!(bell);
    case["jurisdiction"] = json!(bell);
    case["assessments"][0]["answers"][bell] = json!(bell);
    case["assessments"][0]["instrument"] = json!(bell);
    case["facts"] = json!({ bell: bell });
    let here = folder();
    let case = write(here.path(), "case.json", case.to_string());
    let mapping = fs::read_to_string(example("audit/mapping.json")).unwrap();
    let mut mapping: serde_json::Value = serde_json::from_str(&mapping).unwrap();
    mapping[bell] = json!(1);
    mapping["answers"][bell] = json!(bell);
    mapping["recorded"]["scores"][bell] = json!({ bell: 1 });
    let mapping = write(here.path(), "mapping.json", mapping.to_string());
    let rules = json!({"kind": bell, "schema": 1, bell: bell});
    let rules = write(here.path(), "rules/x.json", rules.to_string());
    let rules = rules.parent().unwrap();
    let mut said = Vec::new();
    for (name, line) in readers() {
        let file = match name {
            "audit --map" => &mapping,
            _ => &case,
        };
        for lang in ["en", "zh"] {
            let line = line.iter().map(|word| match word == "@" {
                true => file.as_os_str(),
                false => word,
            });
            let ended = nengli(line.chain(["--lang".as_ref(), lang.as_ref()]));
            assert!(ended.code != 0 || name == "coverage", "{name}");
            said.push((name, ended.out + &ended.err));
        }
    }
    let ended = nengli(["check".as_ref(), rules.as_os_str()]);
    said.push(("check", ended.out + &ended.err));
    for (name, said) in said {
        let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        assert!(!said.contains(steers), "{name}: {said:?}");
    }
}
