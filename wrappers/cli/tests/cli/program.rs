//! Runs the program, and reads what it printed.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// Longer than this no run may take.
const LIMIT: Duration = Duration::from_secs(120);

/// The program, with an empty environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nengli"));
    command.env_clear();
    command
}

/// A run that is being prepared.
pub(crate) struct Run {
    command: Command,
    input: Vec<u8>,
}

/// Runs the program without input.
pub(crate) fn nengli<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Ended {
    prepare(args).end()
}

pub(crate) fn prepare<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Run {
    let mut command = command();
    command.args(args);
    Run {
        command,
        input: Vec::new(),
    }
}

impl Run {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Runs it to its end.
    pub(crate) fn end(self) -> Ended {
        let Self { mut command, input } = self;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().unwrap();
        // A program that ends before it has read all is in its right.
        thread::spawn(move || drop(stdin.write_all(&input)));
        let out = read(child.stdout.take().unwrap());
        let err = read(child.stderr.take().unwrap());
        let wait = |pipe: mpsc::Receiver<Vec<u8>>| pipe.recv_timeout(LIMIT).ok();
        let (Some(out), Some(err)) = (wait(out), wait(err)) else {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{command:?} was still running after {LIMIT:?}");
        };
        let status = child.wait().unwrap();
        Ended {
            what: format!("{command:?}"),
            code: status.code().expect("an exit status, no signal"),
            out: String::from_utf8(out).expect("UTF-8 on standard output"),
            err: String::from_utf8(err).expect("UTF-8 on standard error"),
        }
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        // Nobody is left to read it where the time was up.
        let _ = sender.send(bytes);
    });
    receiver
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    what: String,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// It ended with this status and printed nothing on standard error.
    #[track_caller]
    pub(crate) fn quietly(self, code: i32) -> Self {
        assert_eq!((self.code, self.err.as_str()), (code, ""), "{}", self.what);
        self
    }

    /// It ended with this status and printed nothing on standard output.
    #[track_caller]
    pub(crate) fn in_vain(self, code: i32) -> Self {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{self:?}");
        assert!(!self.err.is_empty(), "{}: nothing was said", self.what);
        self
    }

    /// A file could not be used: status 2, nothing on standard output, and one line
    /// on standard error, which names the file.
    #[track_caller]
    pub(crate) fn fault_of(self, file: &Path) -> Self {
        let ended = self.in_vain(2);
        assert!(ended.err.ends_with('\n'), "{ended:?}");
        assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
        assert!(ended.err.contains(&*file.to_string_lossy()), "{ended:?}");
        ended
    }

    /// What was printed on standard output: one JSON text.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        json(&self.out)
    }

    /// What was printed on standard output: one JSON text a line, each line ended.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        assert!(self.out.is_empty() || self.out.ends_with('\n'), "{self:?}");
        self.out.lines().map(json).collect()
    }
}

#[track_caller]
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}: {text}"))
}

/// `text` without blanks and line ends: words, however they were wrapped.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether `text` has these words, however they were wrapped.
#[track_caller]
pub(crate) fn must_say(text: &str, words: &str) {
    assert!(
        squeezed(text).contains(&squeezed(words)),
        "expected {words:?} in\n{text}"
    );
}

/// The cells of the table column `i`, joined: a word that was broken over the lines
/// of a cell is whole again.
pub(crate) fn cells(text: &str, i: usize) -> String {
    text.lines()
        .filter_map(|line| line.strip_prefix('│')?.strip_suffix('│'))
        .filter_map(|row| row.split('┆').nth(i))
        .map(str::trim)
        .collect()
}

/// Columns of a text on a terminal, Chinese characters being two wide.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

fn wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x20000..=0x3FFFD)
}

/// `text` without its escape sequences for colours.
pub(crate) fn uncoloured(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').expect("a whole escape sequence").1;
    }
    out + rest
}
