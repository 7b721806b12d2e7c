//! `nengli` on the command line: a thin wrapper round the crate.

mod args;
mod audit;
mod batch;
mod check;
mod compare;
mod compression;
mod coverage;
mod export;
mod files;
mod impact;
mod import;
mod inquiry;
mod lines;
mod page;
mod parallel;
mod programme;
mod replay;
mod report;
mod resume;
mod rights;
mod rules;
mod sheet;
mod spreadsheet;
mod table;

use std::io::{self, Write};
use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;
use files::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(code) => code,
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where even standard error is closed there is nobody left to tell.
            let _ = writeln!(io::stderr(), "nengli: {failure}");
            failure.exit_code()
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.command {
        Command::Assess(command) => report::assess(args, command),
        Command::Batch(command) => batch::batch(args, command),
        Command::Replay(command) => replay::replay(args, command),
        Command::Coverage(command) => coverage::coverage(args, command),
        Command::Audit(command) => audit::audit(args, command),
        Command::Compare(command) => compare::compare(args, command),
        Command::Impact(command) => impact::impact(args, command),
        Command::Export(command) => export::export(args, command),
        Command::Import(command) => import::import(args, command),
        Command::Check(command) => check::check(args, command),
        Command::Schema(command) => check::schema(args, command),
        Command::Rules(command) => rules::rules(args, command),
    }
}
