//! The project's own commands, `cargo xtask …`.
//!
//! `verify` runs what proves the project within some twenty minutes of two cores, and prints
//! a page of figures. `fuzz` and `miri` take longer, and only wrap the commands of
//! `docs/verification.md`.

#![allow(clippy::print_stdout)]

mod long;
mod shell;
mod steps;
mod supply;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, io};

const USAGE: &str = "\
usage: cargo xtask verify [STEP...]      run all steps or some, and print their figures
       cargo xtask verify --list         the steps
       cargo xtask verify --bless api    write the list of the public interface anew
       cargo xtask fuzz [--seconds N]    every fuzz target, 600 seconds each if not told
       cargo xtask miri                  the border of C under Miri";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["verify", "--list"] => verify::list(),
        ["verify", "--bless", "api"] => supply::bless_api(),
        ["verify", names @ ..] if names.iter().all(|name| !name.starts_with('-')) => {
            verify::verify(names)
        }
        ["fuzz"] => long::fuzz(600),
        ["fuzz", "--seconds", seconds] => match seconds.parse() {
            Ok(seconds) => long::fuzz(seconds),
            Err(_) => Err(format!("{seconds:?} is no number of seconds")),
        },
        ["miri"] => long::miri(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace. Commands run in it.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// Cargo's target folder: this program lies two folders down in it.
fn target() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().nth(2).map(PathBuf::from);
    target.ok_or_else(|| io::Error::other("no target folder"))
}
