//! A batch that was broken off, taken up where its output ends.
//!
//! The output is the only state: every whole line of it is an answer, a last line without
//! its end is no answer yet. Before anything is written, the last answer is made again: a
//! file of other cases, options or rules is not continued.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::files::Failure;

/// What of an output is there.
#[derive(Default)]
pub(crate) struct Resumed {
    /// Whole lines.
    pub(crate) lines: u64,
    /// Whether one of them is a rejection.
    pub(crate) rejected: bool,
    /// The last of them.
    pub(crate) last: String,
    /// Bytes of them all.
    length: u64,
}

/// As much of an answer as tells whether it is a rejection.
#[derive(Deserialize)]
struct Line {
    rejected: Option<IgnoredAny>,
}

impl Resumed {
    /// Reads an output; where there is none, the batch begins.
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Failure::file(path, error)),
        };
        let failure = |error| Failure::file(path, error);
        if !file.metadata().map_err(failure)?.is_file() {
            return Err(Failure::file(path, "expected a file that can be continued"));
        }
        let mut input = BufReader::with_capacity(1 << 16, file);
        let mut resumed = Self::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = input.read_until(b'\n', &mut line).map_err(failure)?;
            if line.pop() != Some(b'\n') {
                return Ok(resumed);
            }
            let answer = std::str::from_utf8(&line).ok().and_then(|text| {
                let line: Line = serde_json::from_str(text).ok()?;
                Some((text, line))
            });
            let Some((text, answer)) = answer else {
                let number = resumed.lines.saturating_add(1);
                let what =
                    format!("line {number}: expected an answer of a batch, found another text");
                return Err(Failure::file(path, what));
            };
            resumed.rejected |= answer.rejected.is_some();
            resumed.last.clear();
            resumed.last.push_str(text);
            resumed.lines = resumed.lines.saturating_add(1);
            let read = u64::try_from(read).unwrap_or(u64::MAX);
            resumed.length = resumed.length.saturating_add(read);
        }
    }

    /// The file, to go on behind its last whole line.
    pub(crate) fn file(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let mut file = options.open(path)?;
        file.set_len(self.length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(file)
    }
}
