//! The files of records, and their texts piece by piece.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use nengli::Rejection;
use nengli::case::MAX_TEXT;

use crate::files::{self, Failure};
use crate::lines::{self, Chunk, Chunks, End};

/// A file of records.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// One record, in as many lines as it likes.
    pub(super) single: bool,
}

/// The files of records that a path stands for.
pub(super) fn sources(path: &Path) -> Result<Vec<Source>, Failure> {
    let ends = |path: &Path, end: &str| path.to_string_lossy().ends_with(end);
    if !path.is_dir() {
        let single = ends(path, ".json");
        let path = path.to_owned();
        return Ok(vec![Source { path, single }]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Failure::file(&folder, error))? {
            let entry = entry.map_err(|error| Failure::file(&folder, error))?;
            let kind = entry
                .file_type()
                .map_err(|error| Failure::file(&folder, error))?;
            let path = entry.path();
            // Links to folders are not followed: a loop of them would have no end.
            if kind.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                let single = ends(&path, ".record.json");
                if single || ends(&path, ".jsonl") {
                    found.push(Source { path, single });
                }
            }
        }
    }
    if found.is_empty() {
        let what = "expected records (*.jsonl, *.record.json), found none";
        return Err(Failure::file(path, what));
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Bytes of all files together; none where that is not known.
pub(super) fn length(sources: &[Source]) -> Option<u64> {
    let mut sizes = sources.iter().map(|source| {
        let metadata = fs::metadata(&source.path).ok()?;
        metadata.is_file().then_some(metadata.len())
    });
    sizes.try_fold(0_u64, |sum, size| Some(sum.saturating_add(size?)))
}

/// Texts of one file that are worked on together.
pub(super) struct Piece<'s> {
    pub(super) source: &'s Source,
    texts: Texts,
}

enum Texts {
    Lines(Chunk),
    Single(End, Vec<u8>),
}

impl Piece<'_> {
    /// The texts that should be records, with the numbers of their lines.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Option<u64>, Result<&str, Rejection>)> {
        let (lines, single) = match &self.texts {
            Texts::Lines(chunk) => (Some(chunk.texts()), None),
            // A file that should hold a record and holds nothing is not skipped.
            Texts::Single(end, bytes) => (None, Some(lines::text(*end, bytes).unwrap_or(Ok("")))),
        };
        let lines = lines.into_iter().flatten();
        lines
            .map(|(number, text)| (Some(number), text))
            .chain(single.map(|text| (None, text)))
    }
}

/// Reads file after file, piece by piece.
pub(super) struct Pieces<'s> {
    sources: std::slice::Iter<'s, Source>,
    open: Option<(&'s Source, Chunks<Box<dyn BufRead + Send>>)>,
    progress: ProgressBar,
}

impl<'s> Pieces<'s> {
    pub(super) fn of(sources: &'s [Source], progress: &ProgressBar) -> Self {
        Self {
            sources: sources.iter(),
            open: None,
            progress: progress.clone(),
        }
    }

    /// The next piece; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'s>>, Failure> {
        loop {
            if let Some((source, chunks)) = &mut self.open {
                let failure = |error: io::Error| Failure::file(&source.path, error);
                if let Some(chunk) = chunks.next().map_err(failure)? {
                    let texts = Texts::Lines(chunk);
                    return Ok(Some(Piece { source, texts }));
                }
                self.open = None;
            }
            let Some(source) = self.sources.next() else {
                return Ok(None);
            };
            let input = self.progress.wrap_read(files::open(&source.path)?);
            if source.single {
                let texts = single(input).map_err(|error| Failure::file(&source.path, error))?;
                return Ok(Some(Piece { source, texts }));
            }
            let input = BufReader::with_capacity(1 << 16, input);
            self.open = Some((source, Chunks::of(Box::new(input))));
        }
    }
}

/// A whole file as one text; of one that is too long, no more than that is read.
fn single(input: impl Read) -> io::Result<Texts> {
    let bound = u64::try_from(MAX_TEXT)
        .unwrap_or(u64::MAX)
        .saturating_add(4);
    let mut bytes = Vec::new();
    input.take(bound).read_to_end(&mut bytes)?;
    // A byte order mark and the end of the line are no part of the text.
    let length = bytes.trim_ascii_end().len();
    bytes.truncate(length);
    let end = if length > MAX_TEXT {
        End::TooLong
    } else {
        End::Whole
    };
    Ok(Texts::Single(end, bytes))
}
