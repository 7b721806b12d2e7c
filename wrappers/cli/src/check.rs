//! What was proved of the rulebook, and the schemas made from it.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use nengli::entitlement::{LayerProof, Verdict};
use nengli::rulebook::RulebookError;
use nengli::{Instrument, Rulebook, schema};
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
    let layers = rulebook.compare_layers();
    let sound = proofs.iter().all(|proof| proof.sound)
        && layers.iter().all(|layer| layer.verdict != Verdict::Breach);
    let code = ExitCode::from(u8::from(!sound));
    if command.json {
        let answer = json!({
            "sound": sound,
            "version": rulebook.version(),
            "digest": rulebook.digest(),
            "proofs": proofs,
            "layers": layers,
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
    if !layers.is_empty() {
        files::print(&format!("{}\n", compared(&layers, &rulebook)))?;
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

/// Layers against those above them. Those that hold are counted; each of the others
/// has a row, and a text that falls below says for whom.
fn compared(layers: &[LayerProof], rulebook: &Rulebook) -> String {
    let mut table = Table::new(["place", "above", "programme", "from", "verdict", "for whom"])
        .keys(1)
        .keys(3)
        .keys(4);
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for layer in layers {
        *counts.entry(layer.verdict).or_default() += 1;
    }
    let mut others: Vec<&LayerProof> = layers
        .iter()
        .filter(|layer| layer.verdict != Verdict::Holds)
        .collect();
    // What needs a look stands last, beside the counts.
    others.sort_by_key(|layer| layer.verdict);
    for layer in others {
        let person: Vec<String> = layer
            .person
            .iter()
            .filter_map(|(asked, said)| named(asked, said, rulebook))
            .collect();
        // Where it is about who is covered, the columns before it say so.
        let about_who = !person.is_empty() && layer.message.contains("covers this person");
        let message = if about_who { "" } else { &layer.message };
        let person = [message, &person.join(", ")].join("\n");
        table.row([
            layer.jurisdiction.as_str(),
            &layer.above,
            &layer.programme,
            &layer.day.to_string(),
            layer.verdict.as_str(),
            person.trim(),
        ]);
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", verdict.as_str()))
        .collect();
    format!(
        "layers against those above them (of a person, what is not named is not so)\n{}\n\
         {} comparisons: {}",
        table.drawn(),
        layers.len(),
        counts.join(", ")
    )
}

/// What is true of a person, in few words; nothing for what is not so.
fn named(asked: &str, said: &str, rulebook: &Rulebook) -> Option<String> {
    let (_, what) = asked.split_once(':').unwrap_or(("", asked));
    let best = rulebook
        .instrument(what)
        .and_then(|instrument| instrument.levels().first())
        .is_some_and(|level| level.key == said);
    match said {
        "false" | "none" => None,
        "true" => Some(what.to_owned()),
        _ if best => None,
        _ => Some(format!("{what} {said}")),
    }
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
