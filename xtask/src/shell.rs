//! Runs the commands of a step: keeps what they print, tells how far they are, collects
//! their figures.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::root;

/// What a step went through, as its commands printed it: `figure: NAME = NUMBER [UNIT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) number: u64,
    pub(crate) unit: String,
}

pub(crate) struct Shell {
    log: File,
    log_path: PathBuf,
    /// Stands before what a command says of its progress.
    label: String,
    since: Instant,
    figures: Vec<Figure>,
    notes: Vec<String>,
    not_run: bool,
}

/// What a step came to, but for its faults.
pub(crate) struct Account {
    pub(crate) seconds: u64,
    pub(crate) figures: Vec<Figure>,
    /// What of it was not run, and why.
    pub(crate) notes: Vec<String>,
    /// Nothing of it was.
    pub(crate) not_run: bool,
}

impl Shell {
    pub(crate) fn new(label: String, log_path: &Path) -> io::Result<Self> {
        Ok(Self {
            log: File::create(log_path)?,
            log_path: log_path.to_owned(),
            label,
            since: Instant::now(),
            figures: Vec::new(),
            notes: Vec::new(),
            not_run: false,
        })
    }

    /// Runs a command to its end. What it printed to standard output comes back.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<String, String> {
        self.execute(command.stdout(Stdio::piped()))
    }

    /// The same, with standard output into a file.
    pub(crate) fn run_into(&mut self, command: &mut Command, file: File) -> Result<(), String> {
        self.execute(command.stdout(file)).map(drop)
    }

    fn execute(&mut self, command: &mut Command) -> Result<String, String> {
        let told = in_words(command);
        self.write(&format!("$ {told}\n"));
        let fault = |error: io::Error| format!("{told}: {error}");
        command.current_dir(root()).stdin(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().map_err(fault)?;

        let (sender, lines) = mpsc::channel();
        read(child.stdout.take(), true, sender.clone());
        read(child.stderr.take(), false, sender);
        let (mut out, mut last) = (String::new(), told.clone());
        loop {
            match lines.recv_timeout(Duration::from_millis(500)) {
                Ok((of_stdout, line)) => {
                    self.write(&format!("{line}\n"));
                    self.collect(&line);
                    if of_stdout {
                        out.push_str(&line);
                        out.push('\n');
                    }
                    if let Some(words) = line.strip_prefix("progress: ").or(worth_showing(&line)) {
                        words.clone_into(&mut last);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.show(&last),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait().map_err(fault)?;
        if status.success() {
            return Ok(out);
        }
        let log = self.log_path.display();
        Err(format!("{told}: {status}; its output is in {log}"))
    }

    /// One more of a figure: those of one name add up.
    pub(crate) fn add(&mut self, figure: Figure) {
        let known = self.figures.iter_mut();
        match known.into_iter().find(|known| known.name == figure.name) {
            Some(known) => known.number += figure.number,
            None => self.figures.push(figure),
        }
    }

    pub(crate) fn figure(&mut self, name: &str, number: usize, unit: &str) {
        self.add(Figure {
            name: name.to_owned(),
            number: number as u64,
            unit: unit.to_owned(),
        });
    }

    /// Nothing of this step can be run here, and why.
    pub(crate) fn not_run(&mut self, why: impl Into<String>) {
        self.not_run = true;
        self.note(why);
    }

    /// Something that was not run, and why.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(crate) fn write(&mut self, text: &str) {
        // A log that cannot be written is no reason to fail what it is of.
        drop(self.log.write_all(text.as_bytes()));
    }

    pub(crate) fn finish(self) -> Account {
        if io::stderr().is_terminal() {
            eprint!("\r\x1b[K");
        }
        Account {
            seconds: self.since.elapsed().as_secs(),
            figures: self.figures,
            notes: self.notes,
            not_run: self.not_run,
        }
    }

    fn collect(&mut self, line: &str) {
        if let Some(figure) = parse_figure(line) {
            self.add(figure);
        }
        // As every test runner of cargo ends: "test result: ok. 12 passed; 0 failed; …".
        let result = line.strip_prefix("test result: ok. ");
        let passed = result.and_then(|rest| rest.split(' ').next()?.parse().ok());
        if let Some(passed) = passed {
            self.figure("tests passed", passed, "");
        }
        // As libFuzzer ends.
        let executed = line.strip_prefix("stat::number_of_executed_units:");
        if let Some(executed) = executed.and_then(|rest| rest.trim().parse().ok()) {
            self.figure("executions", executed, "");
        }
    }

    /// Rewrites the one line on a terminal; elsewhere nothing moves.
    fn show(&self, words: &str) {
        if !io::stderr().is_terminal() {
            return;
        }
        let seconds = self.since.elapsed().as_secs();
        let line = format!(
            "{} {}:{:02} {words}",
            self.label,
            seconds / 60,
            seconds % 60
        );
        let line: String = line.chars().take(100).collect();
        eprint!("\r\x1b[K{line}");
    }
}

fn read(from: Option<impl Read + Send + 'static>, of_stdout: bool, to: Sender<(bool, String)>) {
    let Some(from) = from else { return };
    thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n') {
            let Ok(line) = line else { return };
            let line = String::from_utf8_lossy(&line).into_owned();
            if to.send((of_stdout, line)).is_err() {
                return;
            }
        }
    });
}

/// Of what cargo and the tests say, what tells how far they are.
fn worth_showing(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let telling = [
        "Compiling ",
        "Checking ",
        "Documenting ",
        "Running ",
        "test ",
    ];
    telling
        .iter()
        .any(|word| line.starts_with(word))
        .then_some(line)
}

fn parse_figure(line: &str) -> Option<Figure> {
    // A test runner may have left the name of a test before it.
    let (_, figure) = line.split_once("figure: ")?;
    let (name, rest) = figure.split_once(" = ")?;
    let (number, unit) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(Figure {
        name: name.to_owned(),
        number: number.parse().ok()?,
        unit: unit.trim().to_owned(),
    })
}

fn in_words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = Vec::new();
    for (key, value) in command.get_envs() {
        let value = value.unwrap_or_default();
        words.push(format!("{}={}", key.display(), value.display()));
    }
    words.extend(program.file_name().map(|name| name.display().to_string()));
    words.extend(command.get_args().map(|arg| arg.display().to_string()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(line: &str) -> Option<(String, u64, String)> {
        parse_figure(line).map(|found| (found.name, found.number, found.unit))
    }

    #[test]
    fn figures_are_read() {
        let found = |name: &str, number, unit: &str| Some((name.into(), number, unit.into()));
        assert_eq!(figure("figure: a b = 12 forms"), found("a b", 12, "forms"));
        assert_eq!(figure("figure: a = 12"), found("a", 12, ""));
        assert_eq!(figure("test x ... figure: a = 0 "), found("a", 0, ""));
    }

    #[test]
    fn what_is_no_figure_is_none() {
        for line in [
            "figure: a",
            "figure: a = many",
            "figure a = 1",
            "figure: a = -1",
        ] {
            assert_eq!(figure(line), None, "{line}");
        }
    }
}
