//! Many cases: one a line in, one determination, record or rejection a line out.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use indicatif::ProgressBar;
use nengli::{Options, Record, Rulebook};

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::lines::{self, Chunk, Chunks};
use crate::parallel::in_order;
use crate::table::compact;

/// Runs the command.
pub(crate) fn batch(args: &Args, command: &args::Batch) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let input = files::open(&command.file)?;
    let progress = progress(command);
    let input = BufReader::with_capacity(1 << 16, progress.wrap_read(input));
    if let Some(output) = &command.output
        && let Ok(one) = fs::canonicalize(output)
        && fs::canonicalize(&command.file).is_ok_and(|other| one == other)
    {
        return Err(Failure::file(
            output,
            "expected another file than the input, which writing would destroy",
        ));
    }
    let mut output = Output::of(command.output.as_deref())?;

    let mut chunks = Chunks::of(input);
    let mut rejected = false;
    let ended = in_order(
        args.threads(),
        || chunks.next().map_err(Ended::Reading),
        |chunk| answer(&rulebook, command.record, &chunk),
        |answers| {
            rejected |= answers.rejected;
            output.write(&answers.text).map_err(Ended::Writing)
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
    written.map_err(|error| output.failure(error))?;
    progress.finish_and_clear();
    Ok(ExitCode::from(u8::from(rejected)))
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
                .map(|determination| compact(&determination)),
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
    let length = fs::metadata(&command.file)
        .ok()
        .filter(fs::Metadata::is_file)
        .map(|metadata| metadata.len());
    lines::bar(length)
}

/// Where the lines go.
struct Output<'p> {
    path: Option<&'p Path>,
    writer: BufWriter<Box<dyn Write>>,
}

impl<'p> Output<'p> {
    fn of(path: Option<&'p Path>) -> Result<Self, Failure> {
        let writer: Box<dyn Write> = match path {
            Some(path) => Box::new(File::create(path).map_err(|error| Failure::file(path, error))?),
            None => Box::new(io::stdout().lock()),
        };
        Ok(Self {
            path,
            writer: BufWriter::with_capacity(1 << 16, writer),
        })
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(text.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    fn failure(&self, error: io::Error) -> Failure {
        match self.path {
            Some(path) => Failure::file(path, error),
            None => error.into(),
        }
    }
}
