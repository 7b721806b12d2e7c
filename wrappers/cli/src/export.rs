//! Forms, cases and results on their way out, in formats that other systems speak.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use nengli::case::MAX_TEXT;
use nengli::{Case, Rejection, Rulebook};
use nengli_exchange::fhir;
use serde_json::Value;

use crate::args::Args;
use crate::files::{self, Failure, Output};
use crate::report::{json, refusal, width};
use crate::spreadsheet;

/// What goes out.
#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// The forms as FHIR R4: a Questionnaire with its CodeSystems and ValueSets.
    Fhir(Forms),
    /// A sheet to fill in, or of cases: CSV for spreadsheets.
    Csv(spreadsheet::Export),
    /// The filled-in forms of a case as FHIR R4: a Bundle of QuestionnaireResponses.
    Response(Filled),
    /// The result of a case as FHIR R4: a Bundle of Observations and the forms they
    /// come from.
    Observations(Filled),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Forms {
    /// An instrument; all of them unless given.
    id: Option<String>,
    /// Write each resource as a file into this folder, instead of one Bundle to standard
    /// output.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Filled {
    /// The case, a JSON file; `-` for standard input.
    case: PathBuf,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn export(args: &Args, command: &Export) -> Result<ExitCode, Failure> {
    match command {
        Export::Fhir(command) => forms(args, command),
        Export::Csv(command) => spreadsheet::export(args, command),
        Export::Response(command) => filled(args, command, fhir::responses),
        Export::Observations(command) => filled(args, command, fhir::observations),
    }
}

fn forms(args: &Args, command: &Forms) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let known: Vec<&str> = rulebook.instruments().map(|one| one.id()).collect();
    let wanted = match &command.id {
        Some(id) if known.contains(&id.as_str()) => vec![id.as_str()],
        Some(_) => {
            let known = known.join(", ");
            let what = format!("expected an instrument, one of {known}; found another");
            return Err(Failure::Argument(what));
        }
        None => known,
    };
    let forms = wanted
        .into_iter()
        .filter_map(|id| fhir::form(id, &rulebook));
    let mut resources: Vec<(String, Value)> = forms.flatten().collect();
    resources.push(fhir::common_codes(&rulebook));
    match &command.output {
        Some(dir) => write_all(dir, resources)?,
        None => files::print(&json(&fhir::bundle(resources), true))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes each resource under its name. Every file has its place before any is written.
fn write_all(dir: &Path, resources: Vec<(String, Value)>) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| Failure::file(dir, error))?;
    let named: BTreeMap<String, Value> = resources.into_iter().collect();
    let places: Result<Vec<_>, Failure> = named
        .iter()
        .map(|(name, resource)| {
            let path = dir.join(format!("{name}.json"));
            Ok((files::Whole::create(&path, [])?, resource))
        })
        .collect();
    for (file, resource) in places? {
        file.finish(&format!("{}\n", json(resource, true)))?;
    }
    Ok(())
}

type Made = fn(&Case, &Rulebook) -> Result<Value, Rejection>;

fn filled(args: &Args, command: &Filled, make: Made) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let text = files::text(&command.case, MAX_TEXT)?;
    // The text is checked, not the case read from it: it may say more than a case can.
    let made = rulebook
        .assess_text(&text, nengli::Options::default())
        .and_then(|_| match serde_json::from_str::<Case>(&text) {
            Ok(case) => make(&case, &rulebook).map(Some),
            Err(_) => Ok(None),
        });
    match made {
        Ok(Some(bundle)) => {
            out(&bundle, command.output.as_deref(), &command.case)?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(None) => Err(Failure::file(&command.case, "expected a case")),
        Err(rejection) if rejection.is_unreadable() => {
            let first = rejection.rejected.first();
            let what = first.map_or("", |problem| problem.message_in(args.lang()));
            Err(Failure::file(&command.case, what))
        }
        Err(rejection) => {
            let file = files::named(&command.case);
            let text = refusal(&rejection, &file, args.lang(), width());
            let _ = writeln!(io::stderr(), "{text}");
            Ok(ExitCode::from(1))
        }
    }
}

/// Writes a document to a file, or to standard output.
pub(crate) fn out<T: serde::Serialize>(
    document: &T,
    path: Option<&Path>,
    input: &Path,
) -> Result<(), Failure> {
    Output::of(path, [input])?.write(&format!("{}\n", json(document, true)))
}
