//! The tests, once for each mutant.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::list::Mutant;

/// Left out: tests of the tests themselves, which say nothing of the core, and what takes
/// seconds and goes the way of other tests once more.
const SKIPPED: &[&str] = &[
    "model::tests",
    "what_is_dropped_in_is_found",
    "seeded_faults_are_seen",
    "every_altered_value_is_found_where_it_is",
    "a_million_unknown_keys_are_answered_and_bounded",
    "a_hundred_thousand",
];

/// How many forms and persons are made up of each kind (`NENGLI_CASES`).
const CASES: &str = "600";

/// Runs every mutant that has no outcome yet, and writes each to the report as it comes.
pub(crate) fn all(
    copy: &Path,
    programs: &[PathBuf],
    sample: &[Mutant],
    jobs: usize,
    report: &Path,
    outcomes: &mut BTreeMap<usize, Outcome>,
) -> Result<(), String> {
    let begun = Instant::now();
    for program in programs {
        let (ended, by) = run(copy, program, None, Duration::from_secs(1_800))?;
        if ended != Outcome::Missed {
            return Err(format!("without a mutant the tests fail: {by}"));
        }
    }
    let took = begun.elapsed();
    println!("without a mutant: {} s", took.as_secs());
    let limit = took * 3 + Duration::from_secs(20);

    let mut file = OpenOptions::new()
        .append(true)
        .open(report)
        .map_err(|error| error.to_string())?;
    for (number, outcome) in outcomes.iter() {
        note(&mut file, *outcome, &sample[*number], "");
    }
    let waiting: Vec<_> = (0..sample.len())
        .rev()
        .filter(|number| !outcomes.contains_key(number))
        .collect();
    let (waiting, shared) = (Mutex::new(waiting), Mutex::new((file, outcomes)));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs)
            .map(|_| scope.spawn(|| work(copy, programs, sample, limit, &waiting, &shared)))
            .collect();
        workers.into_iter().try_for_each(|worker| {
            let ended = worker.join();
            ended.unwrap_or_else(|_| Err("a worker ended early".to_owned()))
        })
    })
}

type Shared<'s> = Mutex<(File, &'s mut BTreeMap<usize, Outcome>)>;

fn work(
    copy: &Path,
    programs: &[PathBuf],
    sample: &[Mutant],
    limit: Duration,
    waiting: &Mutex<Vec<usize>>,
    shared: &Shared<'_>,
) -> Result<(), String> {
    let broken = || "a worker ended early".to_owned();
    loop {
        let Some(number) = waiting.lock().map_err(|_| broken())?.pop() else {
            return Ok(());
        };
        let mut found = (Outcome::Missed, String::new());
        for program in programs {
            found = run(copy, program, Some(number), limit)?;
            if found.0 != Outcome::Missed {
                break;
            }
        }
        let mut shared = shared.lock().map_err(|_| broken())?;
        let (file, outcomes) = &mut *shared;
        note(file, found.0, &sample[number], &found.1);
        outcomes.insert(number, found.0);
    }
}

fn note(file: &mut File, outcome: Outcome, mutant: &Mutant, by: &str) {
    let _ = writeln!(file, "{}\t{}\t{by}", outcome.word(), mutant.name);
}

/// One run of one program, and the test that failed.
fn run(
    copy: &Path,
    program: &Path,
    number: Option<usize>,
    limit: Duration,
) -> Result<(Outcome, String), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", program.display());
    let mut command = Command::new(program);
    command.arg("--test-threads=1").arg("--format=pretty");
    for skipped in SKIPPED {
        command.args(["--skip", skipped]);
    }
    if let Some(number) = number {
        command.env("NENGLI_MUTANT", number.to_string());
    }
    let mut child = command
        .env("NENGLI_CASES", CASES)
        .current_dir(copy)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let mut stdout = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(stdout) = &mut stdout {
            let _ = stdout.read_to_end(&mut said);
        }
        String::from_utf8_lossy(&said).into_owned()
    });
    let begun = Instant::now();
    let ended = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break if status.success() {
                Outcome::Missed
            } else {
                Outcome::Caught
            };
        }
        if begun.elapsed() > limit {
            child.kill().map_err(failed)?;
            child.wait().map_err(failed)?;
            break Outcome::Timeout;
        }
        thread::sleep(Duration::from_millis(20));
    };
    let said = reader.join().unwrap_or_default();
    let failing = said
        .lines()
        .find(|line| line.ends_with("FAILED") || line.ends_with("... "));
    Ok((
        ended,
        failing
            .unwrap_or_default()
            .trim_start_matches("test ")
            .to_owned(),
    ))
}
