//! Mutants of the core, as `cargo mutants` lists them, run from one build.
//!
//! `cargo mutants` builds the crate and its tests anew for each mutant. Here every mutant
//! of the sample is built in at once, behind a switch: a function with mutants becomes
//! `if on(1) { the mutated body } else if on(2) { … } else { the body }`, and the test
//! program is started once for each mutant with its number in `NENGLI_MUTANT`.
//! What a switch cannot hold (a `const fn`, `-> impl Trait`) is listed as *apart*, for
//! `cargo mutants` itself. `docs/mutants.md` has the commands and the figures.

mod build;
mod list;
mod run;
mod switch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use list::Mutant;

/// What came of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// A test failed.
    Caught,
    /// No test failed.
    Missed,
    /// The tests did not end: caught as well.
    Timeout,
    /// It does not compile.
    Unviable,
    /// A switch cannot hold it.
    Apart,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Missed => "missed",
            Self::Timeout => "timeout",
            Self::Unviable => "unviable",
            Self::Apart => "apart",
        }
    }
}

/// How it is called.
struct Options {
    /// How many mutants are taken, by the order of the seed.
    sample: usize,
    /// Names to run instead of a sample, one a line.
    names: Option<PathBuf>,
    /// An earlier report: what it says does not compile is not tried again.
    after: Option<PathBuf>,
    /// How many test programs run at a time.
    jobs: usize,
    /// Writes the names of the sample and ends.
    list: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        sample: 400,
        names: None,
        after: None,
        jobs: 2,
        list: false,
    };
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} wants a value"));
        match word.as_str() {
            "--sample" => options.sample = number(&value()?)?,
            "--jobs" => options.jobs = number(&value()?)?,
            "--names" => options.names = Some(value()?.into()),
            "--after" => options.after = Some(value()?.into()),
            "--list" => options.list = true,
            _ => return Err(format!("{word}: not an option")),
        }
    }
    Ok(options)
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text}: not a number"))
}

fn main() -> ExitCode {
    match mutate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn mutate() -> Result<(), String> {
    let options = options()?;
    let project = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .ok_or("no project")?;
    let all = list::all(project)?;
    let total = all.len();
    let sample = match &options.names {
        Some(file) => list::named(all, &read(file)?),
        None => list::sample(all, options.sample),
    };
    if options.list {
        for mutant in &sample {
            println!("{}", mutant.name);
        }
        return Ok(());
    }
    println!("{} of {total} mutants", sample.len());

    let mut outcomes = match &options.after {
        Some(file) => not_built(&sample, &read(file)?),
        None => BTreeMap::new(),
    };
    let copy = project.join("target/switched");
    let programs = built(project, &copy, &sample, &mut outcomes)?;
    let report = project.join("target/mutants.txt");
    fs::write(&report, "").map_err(|error| error.to_string())?;
    run::all(
        &copy,
        &programs,
        &sample,
        options.jobs,
        &report,
        &mut outcomes,
    )?;
    say(&sample, &outcomes);
    Ok(())
}

/// The mutants that do not compile, by an earlier report.
fn not_built(sample: &[Mutant], report: &str) -> BTreeMap<usize, Outcome> {
    let mut known = BTreeMap::new();
    for line in report.lines() {
        for outcome in [Outcome::Unviable, Outcome::Apart] {
            let name = line.strip_prefix(outcome.word()).map(str::trim);
            known.extend(name.map(|name| (name, outcome)));
        }
    }
    let outcome = |mutant: &Mutant| known.get(mutant.name.as_str()).copied();
    let found = sample.iter().enumerate();
    found
        .filter_map(|(number, mutant)| Some((number, outcome(mutant)?)))
        .collect()
}

/// The test programs, with every mutant that compiles behind a switch. The others are in
/// `outcomes`.
fn built(
    project: &Path,
    copy: &Path,
    sample: &[Mutant],
    outcomes: &mut BTreeMap<usize, Outcome>,
) -> Result<Vec<PathBuf>, String> {
    loop {
        let switched = switch::all(project, sample, outcomes)?;
        build::copy(project, copy, &switched.files)?;
        let faults = match build::programs(project, copy)? {
            Ok(programs) => return Ok(programs),
            Err(faults) => faults,
        };
        let mut found = BTreeSet::new();
        for fault in &faults {
            found.extend(switched.blamed(&fault.file, fault.line));
        }
        found.retain(|(number, _)| !outcomes.contains_key(number));
        // One error in a body hides none of another function: those of a whole function
        // are believed only where no single mutant is at fault.
        let some_unviable = found
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Unviable);
        if some_unviable {
            found.retain(|(_, outcome)| *outcome == Outcome::Unviable);
        }
        if found.is_empty() {
            let said: Vec<_> = faults.into_iter().map(|fault| fault.message).collect();
            return Err(said.join("\n"));
        }
        println!("{} do not compile behind a switch", found.len());
        outcomes.extend(found);
    }
}

fn say(sample: &[Mutant], outcomes: &BTreeMap<usize, Outcome>) {
    let count = |wanted| outcomes.values().filter(|found| **found == wanted).count();
    for (number, mutant) in sample.iter().enumerate() {
        if let Some(outcome @ (Outcome::Missed | Outcome::Apart)) = outcomes.get(&number) {
            println!("{} {}", outcome.word(), mutant.name);
        }
    }
    let caught = count(Outcome::Caught) + count(Outcome::Timeout);
    let missed = count(Outcome::Missed);
    println!(
        "caught {} · timeouts {} · missed {missed} · unviable {} · apart {}",
        count(Outcome::Caught),
        count(Outcome::Timeout),
        count(Outcome::Unviable),
        count(Outcome::Apart),
    );
    let ran = (caught + missed).max(1);
    println!(
        "{}.{} % caught",
        caught * 100 / ran,
        caught * 1000 / ran % 10
    );
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
