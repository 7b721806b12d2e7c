//! Cases as a sheet and back: `export csv` and `import csv`.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nengli::case::ProblemKind;
use nengli::{Case, Lang, Options, Rulebook};
use nengli_exchange::{Fault, FaultKind, Refused, csv};

use crate::args::Args;
use crate::files::{self, Failure, Output, named};
use crate::lines;
use crate::report::{said, width};

/// Write a sheet.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The instrument that the sheet is of (`nengli rules` lists them).
    #[arg(value_name = "INSTRUMENT")]
    instrument: String,
    /// Fill it with these cases: one case in a file that ends in `.json`, else one a
    /// line; `-` for lines from standard input.
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Columns for facts as well: for these, with commas between, or for all there are.
    #[arg(
        long,
        value_name = "FACT,…",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    facts: Option<String>,
    /// Leave out what a sheet cannot carry, and list it, instead of refusing.
    #[arg(long, requires = "cases")]
    lossy: bool,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// Read a sheet.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// The sheet, CSV in UTF-8; `-` for standard input.
    file: PathBuf,
    /// The instrument that the sheet is of; read from its row of names unless given.
    #[arg(long, value_name = "INSTRUMENT")]
    instrument: Option<String>,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// Writes a sheet, empty or of cases.
pub(crate) fn export(args: &Args, command: &Export) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let lang = args.lang();
    let mut options = csv::Options::default();
    options.lang = lang;
    options.lossy = command.lossy;
    options.facts = facts(command.facts.as_deref(), &rulebook);
    let input = command.cases.as_deref();
    let output = Output::of(command.output.as_deref(), input)?;
    let (cases, unread) = match input {
        Some(path) => cases(path, &rulebook, lang)?,
        None => Default::default(),
    };
    let name = input.map_or_else(|| command.instrument.clone(), named);
    if !unread.is_empty() {
        let heading = heading(&name, unread.len(), lang);
        tell(&format!("{heading}{}", unread.concat()));
        return Ok(ExitCode::from(1));
    }
    match csv::write(&cases, &command.instrument, &rulebook, &options) {
        Ok(sheet) => {
            if !sheet.lost.is_empty() {
                let count = sheet.lost.len();
                let heading = match lang {
                    Lang::Zh => format!("nengli: {name}：{count} 处未写入表中"),
                    Lang::En => format!("nengli: {name}: {count} left out of the sheet"),
                };
                tell(&format!("{heading}{}", listed(&sheet.lost, lang)));
            }
            output.write(&sheet.text)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => refuse(&name, &refused, lang),
    }
}

/// Reads a sheet and writes its cases, one a line, if every one is sound.
pub(crate) fn import(args: &Args, command: &Import) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let output = Output::of(command.output.as_deref(), [command.file.as_path()])?;
    let bytes = bytes(&command.file)?;
    match csv::read(&bytes, command.instrument.as_deref(), &rulebook) {
        Ok(cases) => {
            let mut text = String::new();
            for case in &cases {
                text.push_str(&serde_json::to_string(case).unwrap_or_default());
                text.push('\n');
            }
            output.write(&text)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => refuse(&named(&command.file), &refused, args.lang()),
    }
}

/// The facts that the argument names.
fn facts(asked: Option<&str>, rulebook: &Rulebook) -> Vec<String> {
    match asked {
        None => Vec::new(),
        Some("") => {
            let stated = rulebook.facts().filter(|fact| fact.derived.is_none());
            stated.map(|fact| fact.id.clone()).collect()
        }
        Some(ids) => ids.split(',').map(str::to_owned).collect(),
    }
}

/// A sheet's bytes, and one more than may be read, so that too many are seen.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let bound = u64::try_from(csv::MAX_SHEET).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    files::open(path)?
        .take(bound.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file(path, error))?;
    Ok(bytes)
}

/// The cases of a file, and what is to be said of those that could not be read.
fn cases(
    path: &Path,
    rulebook: &Rulebook,
    lang: Lang,
) -> Result<(Vec<Case>, Vec<String>), Failure> {
    let text = files::text(path, csv::MAX_SHEET)?;
    let one = path.extension().is_some_and(|end| end == "json");
    let mut cases = Vec::new();
    let mut faults = Vec::new();
    let texts: Vec<&str> = match one {
        true => vec![&text],
        false => text.lines().collect(),
    };
    for (i, text) in texts.into_iter().enumerate() {
        let read = match lines::text(lines::End::Whole, text.as_bytes()) {
            None => continue,
            Some(Err(rejection)) => Err(rejection),
            Some(Ok(text)) => match serde_json::from_str(text) {
                Ok(case) => {
                    cases.push(case);
                    continue;
                }
                // The same text again, for problems in both languages.
                Err(_) => rulebook.assess_text(text, Options::default()).map(|_| ()),
            },
        };
        for problem in read.err().into_iter().flat_map(|found| found.rejected) {
            let place = match (lang, one) {
                (_, true) => problem.at.clone(),
                (Lang::Zh, false) => format!("第 {} 行：{}", i + 1, problem.at),
                (Lang::En, false) => format!("line {}: {}", i + 1, problem.at),
            };
            let place = place.trim_end_matches([':', ' ', '：']);
            let kind = problem.kind.as_str();
            faults.push(said(place, kind, problem.message_in(lang), width()));
        }
    }
    Ok((cases, faults))
}

/// Lists every problem. A file that is no table, or not UTF-8, is one that cannot be
/// read; the rest is refused.
fn refuse(name: &str, refused: &Refused, lang: Lang) -> Result<ExitCode, Failure> {
    let faults = &refused.refused;
    tell(&format!(
        "{}{}",
        heading(name, faults.len(), lang),
        listed(faults, lang)
    ));
    let unreadable = |fault: &Fault| {
        matches!(
            fault.kind,
            FaultKind::NotCsv
                | FaultKind::NotUtf8
                | FaultKind::Case(
                    ProblemKind::TooLarge
                        | ProblemKind::UnknownInstrument
                        | ProblemKind::UnknownFact
                )
        ) && fault.cell.is_none()
    };
    let code = if faults.iter().all(unreadable) { 2 } else { 1 };
    Ok(ExitCode::from(code))
}

fn heading(name: &str, count: usize, lang: Lang) -> String {
    match (lang, count) {
        (Lang::Zh, count) => format!("nengli: {name}：被拒绝，{count} 处问题，没有写出任何内容"),
        (Lang::En, 1) => format!("nengli: {name}: refused, 1 problem; nothing was written"),
        (Lang::En, count) => {
            format!("nengli: {name}: refused, {count} problems; nothing was written")
        }
    }
}

fn listed(faults: &[Fault], lang: Lang) -> String {
    faults.iter().fold(String::new(), |mut out, fault| {
        let (place, kind) = (fault.place_in(lang), fault.kind.as_str());
        out.push_str(&said(place, kind, fault.message_in(lang), width()));
        out
    })
}

fn tell(text: &str) {
    // Where even standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{text}");
}
