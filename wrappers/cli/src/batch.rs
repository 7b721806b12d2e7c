//! Many cases: one a line in, one determination or rejection a line out.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use nengli::case::MAX_TEXT;
use nengli::{Options, Rejection};

use crate::args::{self, Args};
use crate::files::{self, Failure};

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
        let answer = match (end, std::str::from_utf8(&line)) {
            (End::TooLong, _) => Err(Rejection::not_json(
                format!("expected a line of at most {MAX_TEXT} bytes; found a longer one"),
                format!("每行最多 {MAX_TEXT} 字节；实际更长"),
            )),
            (End::Whole, Err(_)) => Err(Rejection::not_json(
                "expected UTF-8; found other bytes",
                "应为 UTF-8；实为其他字节",
            )),
            (End::Whole, Ok(text)) => {
                let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
                if text.trim_ascii().is_empty() {
                    continue;
                }
                rulebook.assess_text(text, Options::default())
            }
        };
        rejected |= answer.is_err();
        let written = match &answer {
            Ok(determination) => output.line(determination),
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
    let (bar, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes} {bytes_per_sec}",
        ),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

enum End {
    Whole,
    TooLong,
}

/// Reads a line without its end into `line`; of one that is too long, no more
/// than that is kept.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<End>> {
    line.clear();
    let bound = u64::try_from(MAX_TEXT)
        .unwrap_or(u64::MAX)
        .saturating_add(3);
    if input.by_ref().take(bound).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    let ended = line.ends_with(b"\n");
    if ended {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    }
    if line.len() <= MAX_TEXT {
        return Ok(Some(End::Whole));
    }
    if !ended {
        loop {
            let chunk = input.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let length = chunk.len();
            input.consume(end.map_or(length, |end| end + 1));
            if end.is_some() {
                break;
            }
        }
    }
    Ok(Some(End::TooLong))
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
