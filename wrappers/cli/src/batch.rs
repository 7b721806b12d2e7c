//! Many cases: one a line in, one determination, record or rejection a line out.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use indicatif::ProgressBar;
use nengli::{Options, Record, Rulebook};

use crate::args::{self, Args};
use crate::compression::{Compression, Writer};
use crate::files::{self, Failure};
use crate::lines::{self, Chunk, Chunks};
use crate::parallel::in_order;
use crate::resume::Resumed;
use crate::table::compact;

/// Runs the command.
pub(crate) fn batch(args: &Args, command: &args::Batch) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let progress = progress(command);
    let input = files::stream(&command.file, &progress)?;
    let path = command.output.as_deref();
    if let Some(output) = path {
        files::not_an_input(output, [command.file.as_path()])?;
    }
    let compression = command.compress.or(path.and_then(Compression::of));
    let failure = |error: io::Error| match path {
        Some(path) => Failure::file(path, error),
        None => error.into(),
    };
    let mut chunks = Chunks::of(input);
    let mut rejected = false;
    let sink: Box<dyn Write> = match path {
        None => Box::new(io::stdout().lock()),
        Some(path) if command.resume => {
            if compression.is_some() {
                let what = "expected a plain output: a compressed one cannot be continued";
                return Err(Failure::file(path, what));
            }
            let resumed = Resumed::of(path)?;
            rejected = resumed.rejected;
            pass(&mut chunks, &resumed, &rulebook, command, path)?;
            Box::new(resumed.file(path).map_err(failure)?)
        }
        Some(path) => Box::new(File::create(path).map_err(failure)?),
    };
    let mut output = Writer::new(sink, compression).map_err(failure)?;
    let ended = in_order(
        args.threads(),
        || chunks.next().map_err(Ended::Reading),
        || {
            let rulebook = rulebook.apart();
            move |chunk| answer(&rulebook, command.record, &chunk)
        },
        |answers| {
            rejected |= answers.rejected;
            output
                .write_all(answers.text.as_bytes())
                .map_err(Ended::Writing)
        },
    );
    let written = match ended {
        Err(Ended::Reading(error)) => {
            // What was decided before is not lost.
            let _ = output.finish();
            return Err(Failure::file(&command.file, error));
        }
        Err(Ended::Writing(error)) => Err(error),
        Ok(()) => output.finish(),
    };
    written.map_err(failure)?;
    progress.finish_and_clear();
    Ok(ExitCode::from(u8::from(rejected)))
}

/// Passes over the cases that are answered already, if the last of them has this answer.
fn pass(
    chunks: &mut Chunks<impl BufRead>,
    resumed: &Resumed,
    rulebook: &Rulebook,
    command: &args::Batch,
    output: &Path,
) -> Result<(), Failure> {
    if resumed.lines == 0 {
        return Ok(());
    }
    let last = chunks
        .skip(resumed.lines)
        .map_err(|error| Failure::file(&command.file, error))?;
    let Some(last) = last else {
        let what = format!(
            "expected answers to cases of {}, found more lines ({}) than it has cases",
            files::named(&command.file),
            resumed.lines
        );
        return Err(Failure::file(output, what));
    };
    if answer(rulebook, command.record, &last).text.trim_end() != resumed.last {
        let what = format!(
            "line {}: expected the answer to its case of {} by these options and rules, found another",
            resumed.lines,
            files::named(&command.file)
        );
        return Err(Failure::file(output, what));
    }
    Ok(())
}

/// What ended a batch before its time.
enum Ended {
    Reading(io::Error),
    Writing(io::Error),
}

/// The answers to a chunk of cases, one a line.
#[derive(Default)]
struct Answers {
    text: String,
    rejected: bool,
}

fn answer(rulebook: &Rulebook, record: bool, chunk: &Chunk) -> Answers {
    let mut answers = Answers::default();
    for (_, text) in chunk.texts() {
        let answer = match (text, record) {
            (Err(rejection), _) => Err(rejection),
            (Ok(text), true) => rulebook
                .record_text(text, Options::default())
                .map(Record::into_text),
            (Ok(text), false) => rulebook
                .assess_text(text, Options::default())
                .map(|determination| determination.text()),
        };
        let text = answer.unwrap_or_else(|rejection| {
            answers.rejected = true;
            compact(&rejection)
        });
        answers.text.push_str(&text);
        answers.text.push('\n');
    }
    answers
}

/// A bar over the bytes of a file, on a terminal; hidden elsewhere, and where the
/// answers themselves go to the terminal.
fn progress(command: &args::Batch) -> ProgressBar {
    if command.output.is_none() && io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let length = files::length([command.file.as_path()]);
    lines::bar(length)
}
