//! What was proved of the rulebook, and the schemas made from it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use nengli::rulebook::RulebookError;
use nengli::{Instrument, schema};
use serde_json::json;

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::table::{Table, pretty};

/// Runs `check`.
pub(crate) fn check(args: &Args, command: &args::Check) -> Result<ExitCode, Failure> {
    let dir = command.dir.as_deref();
    let rulebook = match files::rulebook(args, dir) {
        Ok(rulebook) => rulebook,
        Err(Failure::Rules(error)) => {
            if command.json {
                let answer = json!({ "sound": false, "diagnostics": error.diagnostics });
                files::print(&pretty(&answer))?;
            } else {
                let _ = writeln!(io::stderr(), "{}", faults(&error, args, command));
            }
            return Ok(ExitCode::from(1));
        }
        Err(other) => return Err(other),
    };
    let proofs = rulebook.check();
    let sound = proofs.iter().all(|proof| proof.sound);
    let code = ExitCode::from(u8::from(!sound));
    if command.json {
        let answer = json!({
            "sound": sound,
            "version": rulebook.version(),
            "digest": rulebook.digest(),
            "proofs": proofs,
        });
        files::print(&pretty(&answer))?;
        return Ok(code);
    }
    for proof in &proofs {
        let mut table = Table::new(["step", "states", "proved"]);
        for line in &proof.lines {
            table.row([
                line.step.clone(),
                line.states.to_string(),
                line.proved.clone(),
            ]);
        }
        files::print(&format!(
            "{}: {} states\n{}\n",
            proof.instrument,
            proof.states,
            table.drawn()
        ))?;
    }
    files::print(&format!(
        "rules {} {}: {} files, {} instruments, {} facts, {} jurisdictions, {} maps of care levels\n{}",
        rulebook.version(),
        if sound {
            "hold together"
        } else {
            "DO NOT HOLD TOGETHER"
        },
        rulebook.files().count(),
        proofs.len(),
        rulebook.facts().count(),
        rulebook.jurisdictions().count(),
        rulebook.care_levels().count(),
        rulebook.digest()
    ))?;
    Ok(code)
}

/// The faults, with the folder that their paths are of.
fn faults(error: &RulebookError, args: &Args, command: &args::Check) -> String {
    match command.dir.as_deref().or(args.rules.as_deref()) {
        Some(dir) => format!("in {}: {error}", dir.display()),
        None => error.to_string(),
    }
}

/// Runs `schema`.
pub(crate) fn schema(args: &Args, command: &args::Schema) -> Result<ExitCode, Failure> {
    let Some(name) = &command.name else {
        files::print(&schema::NAMES.join("\n"))?;
        return Ok(ExitCode::SUCCESS);
    };
    let rulebook = files::rulebook(args, None)?;
    let found = match &command.instrument {
        Some(id) if name == "case" => {
            let instrument = rulebook.instrument(id).ok_or_else(|| {
                let ids: Vec<&str> = rulebook.instruments().map(Instrument::id).collect();
                Failure::Argument(format!(
                    "expected an instrument, one of {}; found {id:?}",
                    ids.join(", ")
                ))
            })?;
            Some(schema::case_of(&rulebook, instrument))
        }
        Some(_) => {
            return Err(Failure::Argument(
                "--instrument goes with the schema `case` alone".to_owned(),
            ));
        }
        None => schema::named(&rulebook, name),
    };
    let Some(found) = found else {
        return Err(Failure::Argument(format!(
            "expected a schema, one of {}; found {name:?}",
            schema::NAMES.join(", ")
        )));
    };
    files::print(&pretty(&found))?;
    Ok(ExitCode::SUCCESS)
}
