//! Many cases: one a line in, one determination, record or rejection a line out.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use indicatif::ProgressBar;
use nengli::{Determination, Options};

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::lines::{self, read_line};

/// Runs the command.
pub(crate) fn batch(args: &Args, command: &args::Batch) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let input = files::open(&command.file)?;
    let progress = progress(command);
    let mut input = BufReader::with_capacity(1 << 16, progress.wrap_read(input));
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

    let mut line = Vec::new();
    let mut rejected = false;
    while let Some(end) =
        read_line(&mut input, &mut line).map_err(|error| Failure::file(&command.file, error))?
    {
        let Some(text) = lines::text(end, &line) else {
            continue;
        };
        let answer = text.and_then(|text| match command.record {
            true => {
                let record = rulebook.record_text(text, Options::default())?;
                Ok(Answer::Record(record.text()))
            }
            false => {
                let determination = rulebook.assess_text(text, Options::default())?;
                Ok(Answer::Determination(Box::new(determination)))
            }
        });
        rejected |= answer.is_err();
        let written = match &answer {
            Ok(Answer::Determination(determination)) => output.line(determination),
            Ok(Answer::Record(record)) => output.text(record),
            Err(rejection) => output.line(rejection),
        };
        written.map_err(|error| output.failure(error))?;
    }
    output.finish().map_err(|error| output.failure(error))?;
    progress.finish_and_clear();
    Ok(ExitCode::from(u8::from(rejected)))
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

/// What stands in the place of a case that is not refused.
enum Answer {
    Determination(Box<Determination>),
    /// The record, as text.
    Record(String),
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

    fn line<T: serde::Serialize>(&mut self, value: &T) -> io::Result<()> {
        serde_json::to_writer(&mut self.writer, value)?;
        self.writer.write_all(b"\n")
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(text.as_bytes())?;
        self.writer.write_all(b"\n")
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
