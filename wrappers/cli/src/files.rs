//! Reading and writing, with failures that say what and where.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::ProgressBar;
use nengli::Rulebook;
use nengli::rulebook::RulebookError;

use crate::args::Args;
use crate::compression;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file could not be read or is not what it should be.
    File { path: PathBuf, what: String },
    /// The rules cannot be used.
    Rules(RulebookError),
    /// An argument names nothing.
    Argument(String),
    /// Standard output could not be written.
    Output(io::Error),
    /// Who reads the output has had enough.
    ClosedPipe,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, what } => write!(f, "{}: {what}", named(path)),
            Self::Rules(error) => error.fmt(f),
            Self::Argument(what) => f.write_str(what),
            Self::Output(error) => write!(f, "standard output: {error}"),
            Self::ClosedPipe => f.write_str("the output was closed"),
        }
    }
}

/// A file as messages name it.
pub(crate) fn named(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(2)
    }

    pub(crate) fn file(path: &Path, what: impl fmt::Display) -> Self {
        Self::File {
            path: path.to_owned(),
            what: what.to_string(),
        }
    }
}

impl From<io::Error> for Failure {
    /// An error of standard output: those of files are named where they arise.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Output(error)
        }
    }
}

/// Opens a file for reading; `-` is standard input.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    let metadata = fs::metadata(path).map_err(|error| Failure::file(path, error))?;
    if metadata.is_dir() {
        return Err(Failure::file(path, "expected a file, found a directory"));
    }
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    Ok(Box::new(file))
}

/// A file as a stream, decompressed where it is compressed; the bar counts the bytes of the
/// file itself.
pub(crate) fn stream(
    path: &Path,
    progress: &ProgressBar,
) -> Result<Box<dyn BufRead + Send>, Failure> {
    compression::reader(progress.wrap_read(open(path)?)).map_err(|error| Failure::file(path, error))
}

/// Bytes of all files together; none where that is not known.
pub(crate) fn length<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Option<u64> {
    paths.into_iter().try_fold(0_u64, |sum, path| {
        let metadata = fs::metadata(path).ok()?;
        metadata
            .is_file()
            .then_some(sum.saturating_add(metadata.len()))
    })
}

/// The files below a folder whose names are wanted, in order; `kinds` says which, for the
/// message that there are none.
pub(crate) fn below(
    folder: &Path,
    kinds: &str,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failure = |error| Failure::file(&folder, error);
        for entry in fs::read_dir(&folder).map_err(failure)? {
            let entry = entry.map_err(failure)?;
            let kind = entry.file_type().map_err(failure)?;
            let path = entry.path();
            // Links to files are followed, links to folders not: a loop of them would
            // have no end.
            if kind.is_dir() {
                folders.push(path);
            } else if wanted(&path) && path.is_file() {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        let what = format_args!("expected {kinds}, found none");
        return Err(Failure::file(folder, what));
    }
    found.sort();
    Ok(found)
}

/// The text of one file of at most `limit` bytes.
pub(crate) fn text(path: &Path, limit: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    open(path)?
        .take(bound)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file(path, error))?;
    if bytes.len() > limit {
        return Err(Failure::file(
            path,
            format_args!("expected at most {limit} bytes, found more"),
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::file(
            path,
            format_args!("expected UTF-8, found another byte at offset {at}"),
        )
    })?;
    Ok(match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Largest rule file that is read, in bytes.
const MAX_RULE_FILE: usize = 16 << 20;

/// The rule files (`*.json`) of a folder, by their paths within it.
fn rule_files(dir: &Path) -> Result<Vec<(String, String)>, Failure> {
    let paths = below(dir, "rule files (*.json)", |path| {
        path.extension().is_some_and(|end| end == "json")
    })?;
    paths
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(dir)
                .unwrap_or(&path)
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            Ok((name, text(&path, MAX_RULE_FILE)?))
        })
        .collect()
}

/// The rulebook that the arguments ask for; `dir` goes before `--rules`.
pub(crate) fn rulebook(args: &Args, dir: Option<&Path>) -> Result<Rulebook, Failure> {
    let base = match dir.or(args.rules.as_deref()) {
        Some(dir) => Rulebook::from_files(rule_files(dir)?),
        None => Rulebook::builtin(),
    };
    let mut rulebook = base.map_err(Failure::Rules)?;
    if !args.with.is_empty() {
        let mut paths: BTreeSet<String> =
            rulebook.files().map(|(path, _)| path.to_owned()).collect();
        let mut more = Vec::new();
        for (i, dir) in args.with.iter().enumerate() {
            for (mut path, text) in rule_files(dir)? {
                // A file of the same path elsewhere is another file.
                if !paths.insert(path.clone()) {
                    path = format!("with-{}/{path}", i + 1);
                }
                more.push((path, text));
            }
        }
        rulebook = rulebook.with_files(more).map_err(Failure::Rules)?;
    }
    Ok(rulebook)
}

/// Largest exported rulebook that is read, in bytes.
pub(crate) const MAX_EXPORT: usize = 256 << 20;

/// The rulebook of a folder of rule files, or of a file written by `rules --export`.
pub(crate) fn rulebook_at(path: &Path) -> Result<Rulebook, Failure> {
    if path.is_dir() {
        return Rulebook::from_files(rule_files(path)?).map_err(Failure::Rules);
    }
    let text = text(path, MAX_EXPORT)?;
    Rulebook::from_export(&text).map_err(|error| {
        let first = error.diagnostics.first();
        Failure::file(path, first.map_or("", |fault| fault.message.as_str()))
    })
}

/// Refuses an output that is one of the inputs.
pub(crate) fn not_an_input<'p>(
    output: &Path,
    inputs: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Failure> {
    let Ok(one) = fs::canonicalize(output) else {
        return Ok(());
    };
    let mut inputs = inputs.into_iter();
    if inputs.any(|input| fs::canonicalize(input).is_ok_and(|other| one == other)) {
        let what = "expected another file than the input, which writing would destroy";
        return Err(Failure::file(output, what));
    }
    Ok(())
}

/// A file that is written whole or not at all: beside its place first, then moved. What
/// is there already and is no file, as a pipe or a device, is written to as it is.
pub(crate) struct Whole {
    path: PathBuf,
    /// Where it is written first, and the place it is moved to from there.
    beside: Option<(PathBuf, PathBuf)>,
    file: File,
}

impl Whole {
    /// Fails where there is no place to write to, before any work is done for it.
    /// `inputs` are the files that must not be written over.
    pub(crate) fn create<'p>(
        path: &Path,
        inputs: impl IntoIterator<Item = &'p Path>,
    ) -> Result<Self, Failure> {
        let failure = |what: &dyn fmt::Display| Failure::file(path, what);
        // Behind a link stands the file that is meant.
        let mut place = path.to_owned();
        if let Ok(one) = fs::canonicalize(path) {
            if one.is_dir() {
                return Err(failure(&"expected a file, found a directory"));
            }
            not_an_input(path, inputs)?;
            if !one.is_file() {
                let file = OpenOptions::new().write(true).open(&one);
                return Ok(Self {
                    path: path.to_owned(),
                    beside: None,
                    file: file.map_err(|error| failure(&error))?,
                });
            }
            place = one;
        }
        let name = place
            .file_name()
            .ok_or_else(|| failure(&"expected the name of a file"))?;
        let mut beside = name.to_owned();
        beside.push(format!(".{}.part", std::process::id()));
        let beside = place.with_file_name(beside);
        let file = File::create_new(&beside).map_err(|error| failure(&error))?;
        Ok(Self {
            path: path.to_owned(),
            beside: Some((beside, place)),
            file,
        })
    }

    /// Writes the text and puts the file in its place.
    pub(crate) fn finish(mut self, text: &str) -> Result<(), Failure> {
        self.file
            .write_all(text.as_bytes())
            .and_then(|()| match &self.beside {
                Some((beside, place)) => {
                    self.file.sync_all()?;
                    fs::rename(beside, place)
                }
                None => self.file.flush(),
            })
            .map_err(|error| Failure::file(&self.path, error))
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // Gone already where it was put in its place.
        if let Some((beside, _)) = &self.beside {
            let _ = fs::remove_file(beside);
        }
    }
}

/// Where a text goes: to a file, written whole or not at all, or to standard output.
pub(crate) struct Output(Option<Whole>);

impl Output {
    /// Fails before any work is done, where there is no place to write to.
    pub(crate) fn of<'p>(
        path: Option<&Path>,
        inputs: impl IntoIterator<Item = &'p Path>,
    ) -> Result<Self, Failure> {
        let whole = path.map(|path| Whole::create(path, inputs)).transpose()?;
        Ok(Self(whole))
    }

    pub(crate) fn write(self, text: &str) -> Result<(), Failure> {
        match self.0 {
            Some(whole) => whole.finish(text),
            None => {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes())?;
                Ok(out.flush()?)
            }
        }
    }
}

/// Writes a line to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}
