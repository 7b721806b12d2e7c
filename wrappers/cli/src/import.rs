//! Cases on their way in, from formats that other systems speak.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use nengli::{Date, Lang, ProblemKind};
use nengli_exchange::{FaultKind, Refused, fhir};

use crate::args::Args;
use crate::export;
use crate::files::{self, Failure};
use crate::report::{json, said, width};
use crate::spreadsheet;

/// What comes in.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// A FHIR R4 QuestionnaireResponse, or a Bundle of those of one person: as a case.
    Fhir(Response),
    /// A sheet that was filled in: CSV to cases, one a line.
    Csv(spreadsheet::Import),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Response {
    /// The document, a JSON file; `-` for standard input.
    file: PathBuf,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The pseudonym, where the document has none.
    #[arg(long, value_name = "ID")]
    case_id: Option<String>,
    /// The day of decision, where the document has none; for levels alone the day of the
    /// latest form unless given.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The division code of the place whose rules are asked, where the document has none.
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// Print a refusal as JSON, to standard output.
    #[arg(long)]
    json: bool,
}

/// A day as a case writes it, and in no other form.
fn day(text: &str) -> Result<Date, String> {
    let found: Option<Date> = text.parse().ok();
    found
        .filter(|day| day.to_string() == text)
        .ok_or_else(|| "expected a day that exists, YYYY-MM-DD".to_owned())
}

/// Runs the command.
pub(crate) fn import(args: &Args, command: &Import) -> Result<ExitCode, Failure> {
    match command {
        Import::Fhir(command) => response(args, command),
        Import::Csv(command) => spreadsheet::import(args, command),
    }
}

fn response(args: &Args, command: &Response) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let text = files::text(&command.file, fhir::MAX_TEXT)?;
    let given = fhir::Given {
        case_id: command.case_id.clone(),
        as_of: command.as_of,
        jurisdiction: command.place.clone(),
    };
    match fhir::read(&text, &given, &rulebook) {
        Ok(case) => {
            export::out(&case, command.output.as_deref(), &command.file)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => match unreadable(&refused, args.lang()) {
            Some(what) => Err(Failure::file(&command.file, what)),
            None if command.json => {
                files::print(&json(&refused, true))?;
                Ok(ExitCode::from(1))
            }
            None => {
                let file = files::named(&command.file);
                let text = refusal(&refused, &file, args.lang(), width());
                let _ = writeln!(io::stderr(), "{text}");
                Ok(ExitCode::from(1))
            }
        },
    }
}

/// What is wrong with a text that is no JSON.
fn unreadable(refused: &Refused, lang: Lang) -> Option<&str> {
    let mut faults = refused.refused.iter();
    let not_json = |kind| kind == FaultKind::Case(ProblemKind::NotJson);
    let fault = faults.find(|fault| not_json(fault.kind) && fault.at.is_empty())?;
    Some(fault.message_in(lang))
}

/// A refused document, with every problem at its place.
pub(crate) fn refusal(refused: &Refused, file: &str, lang: Lang, width: usize) -> String {
    let mut out = match (lang, refused.refused.len()) {
        (Lang::Zh, count) => format!("nengli: {file}：文档被拒绝，{count} 处问题"),
        (Lang::En, 1) => format!("nengli: {file}: refused, 1 problem"),
        (Lang::En, count) => format!("nengli: {file}: refused, {count} problems"),
    };
    for fault in &refused.refused {
        let (kind, message) = (fault.kind.as_str(), fault.message_in(lang));
        let place = match (fault.path.is_empty(), fault.at.is_empty()) {
            (true, true) => "",
            _ => fault.place(),
        };
        out.push_str(&said(place, kind, message, width));
    }
    out
}
