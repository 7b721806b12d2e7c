//! The files of records, and their texts piece by piece.

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use nengli::Rejection;
use nengli::case::MAX_TEXT;

use crate::compression;
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
        let single = ends(compression::within(path), ".json");
        let path = path.to_owned();
        return Ok(vec![Source { path, single }]);
    }
    let single = |path: &Path| ends(path, ".record.json");
    let found = files::below(path, "records (*.jsonl, *.record.json)", |path| {
        single(path) || ends(compression::within(path), ".jsonl")
    })?;
    let source = |path: PathBuf| Source {
        single: single(&path),
        path,
    };
    Ok(found.into_iter().map(source).collect())
}

/// Bytes of all files together; none where that is not known.
pub(super) fn length(sources: &[Source]) -> Option<u64> {
    files::length(sources.iter().map(|source| source.path.as_path()))
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
            let input = files::stream(&source.path, &self.progress)?;
            if source.single {
                let texts = single(input).map_err(|error| Failure::file(&source.path, error))?;
                return Ok(Some(Piece { source, texts }));
            }
            self.open = Some((source, Chunks::of(input)));
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
