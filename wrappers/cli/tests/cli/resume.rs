//! `nengli batch --resume`: a batch that was broken off.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::material::{demo_text, folder, refused_case, short_case, write};
use crate::program::{Ended, command, nengli};

fn run(cases: &Path, out: &Path, more: &[&str]) -> Ended {
    let mut args = vec![
        "batch",
        cases.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
    ];
    args.extend(more);
    nengli(args)
}

/// Cases of every kind, with blank lines among them.
fn cases() -> String {
    (0..60)
        .map(|i| match i % 4 {
            0 => refused_case(&format!("c-{i}")) + "\n",
            1 => short_case(&format!("c-{i}")) + "\r\n\n",
            2 => "{\n \n".to_owned(),
            _ => short_case(&format!("c-{i}")) + "\n",
        })
        .collect()
}

/// Wherever the output ends, in a line or between two, the end is the same.
#[test]
fn from_every_place_it_may_have_ended() {
    let here = folder();
    let file = write(here.path(), "cases.jsonl", cases());
    let out = here.path().join("out.jsonl");
    run(&file, &out, &[]).quietly(1);
    let whole = fs::read(&out).unwrap();
    let ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let mut lengths: Vec<usize> = ends
        .flat_map(|(i, _)| [i, i + 1, i + 2])
        .step_by(7)
        .collect();
    lengths.extend([0, 1, whole.len() - 1, whole.len()]);
    for length in lengths {
        fs::write(&out, &whole[..length.min(whole.len())]).unwrap();
        let ended = run(&file, &out, &["--resume"]).quietly(1);
        assert_eq!(ended.out, "");
        assert!(fs::read(&out).unwrap() == whole, "broken off at {length}");
    }
    // Where there is nothing yet, it begins.
    fs::remove_file(&out).unwrap();
    run(&file, &out, &["--resume"]).quietly(1);
    assert!(fs::read(&out).unwrap() == whole);
}

/// The status tells of the whole output, of what was there already too.
#[test]
fn a_rejection_before_the_break_is_not_forgotten() {
    let here = folder();
    let text = format!("{}\n{}\n", refused_case("a"), short_case("b"));
    let file = write(here.path(), "cases.jsonl", text);
    let out = here.path().join("out.jsonl");
    run(&file, &out, &[]).quietly(1);
    run(&file, &out, &["--resume"]).quietly(1);
}

#[test]
fn what_is_not_the_same_batch_is_not_continued() {
    let here = folder();
    let file = write(here.path(), "cases.jsonl", cases());
    let other = write(here.path(), "other.jsonl", short_case("other") + "\n");
    let out = here.path().join("out.jsonl");
    run(&file, &out, &[]).quietly(1);
    let whole = fs::read(&out).unwrap();
    // Fewer cases than answers; other options; other cases.
    run(&other, &out, &["--resume"]).fault_of(&out);
    run(&file, &out, &["--resume", "--record"]).fault_of(&out);
    let changed = write(
        here.path(),
        "changed.jsonl",
        cases().replace("c-59", "d-59"),
    );
    run(&changed, &out, &["--resume"]).fault_of(&out);
    // An output that is none.
    for text in ["hello\n", "{}\n[]\n", "\n", "\u{feff}\n", "{\"a\":1\n"] {
        let no = write(here.path(), "no.jsonl", text);
        run(&file, &no, &["--resume"]).fault_of(&no);
        assert_eq!(fs::read_to_string(&no).unwrap(), text);
    }
    assert!(
        fs::read(&out).unwrap() == whole,
        "what was refused was changed"
    );
}

#[test]
fn only_a_plain_file_is_continued() {
    let here = folder();
    let file = write(here.path(), "cases.jsonl", cases());
    let out = here.path().join("out.jsonl.gz");
    run(&file, &out, &["--resume"]).fault_of(&out);
    assert!(!out.exists());
    nengli(["batch", file.to_str().unwrap(), "--resume"]).in_vain(2);
    run(&file, here.path(), &["--resume"]).fault_of(here.path());
}

/// Killed while it writes: every whole line is an answer, and the rest follows.
#[test]
fn killed_half_way() {
    let here = folder();
    let case = demo_text().replace('\n', " ");
    let line = |i: u32| case.replace("demo-0001", &format!("c-{i}")) + "\n";
    let text: String = (0..800).map(line).collect();
    let file = write(here.path(), "cases.jsonl", text);
    let whole = here.path().join("whole.jsonl");
    run(&file, &whole, &[]).quietly(0);
    let whole = fs::read(&whole).unwrap();

    let out = here.path().join("out.jsonl");
    let mut child = command();
    child.arg("batch").arg(&file).arg("-o").arg(&out);
    let mut child = child.stdout(Stdio::null()).spawn().unwrap();
    // Killed when the first bytes are there.
    while fs::metadata(&out).map_or(0, |metadata| metadata.len()) < 100_000 {
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = fs::read(&out).unwrap();
    assert!(whole.starts_with(&left));
    assert!(left.len() < whole.len(), "it was done before it was killed");
    // As after a loss of power, some of a line more.
    let more = left.len() + (whole.len() - left.len()).min(100);
    let mut file_out = fs::OpenOptions::new().append(true).open(&out).unwrap();
    file_out.write_all(&whole[left.len()..more]).unwrap();
    drop(file_out);

    run(&file, &out, &["--resume"]).quietly(0);
    assert!(fs::read(&out).unwrap() == whole);
}
