//! Input of one JSON text a line, and the progress through it.

use std::io::{self, BufRead, Read};

use indicatif::{ProgressBar, ProgressStyle};
use nengli::Rejection;
use nengli::case::MAX_TEXT;

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    TooLong,
}

/// Most bytes of a line that are passed over: an input without an end of line, as a
/// device can be, would else never end.
const MAX_PASSED: u64 = 1 << 30;

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
        let mut rest = input.by_ref().take(MAX_PASSED);
        rest.skip_until(b'\n')?;
        if rest.limit() == 0 {
            return Err(io::Error::other(format!(
                "expected lines, found one of more than {MAX_PASSED} bytes"
            )));
        }
    }
    Ok(Some(End::TooLong))
}

/// Lines of a chunk, and bytes after which it is full. The answer to a line can be twenty
/// times as long, and some chunks wait for their turn: few lines keep memory small.
const CHUNK: usize = 64;
const CHUNK_BYTES: usize = 1 << 20;

/// Lines that are worked on together.
pub(crate) struct Chunk {
    /// Number of the first line, from 1.
    first: u64,
    bytes: Vec<u8>,
    /// Where each line stops in `bytes`, and how it ended.
    stops: Vec<(usize, End)>,
}

impl Chunk {
    /// The lines that are not blank, with their numbers.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (u64, Result<&str, Rejection>)> {
        let mut start = 0;
        (self.first..)
            .zip(&self.stops)
            .filter_map(move |(number, (stop, end))| {
                let line = self.bytes.get(start..*stop).unwrap_or_default();
                start = *stop;
                Some((number, text(*end, line)?))
            })
    }
}

/// Reads lines chunk by chunk.
pub(crate) struct Chunks<R> {
    input: R,
    line: Vec<u8>,
    read: u64,
    /// Kept until the lines before it are handed on.
    error: Option<io::Error>,
}

impl<R: BufRead> Chunks<R> {
    pub(crate) fn of(input: R) -> Self {
        Self {
            input,
            line: Vec::new(),
            read: 0,
            error: None,
        }
    }

    /// Passes over so many lines that are not blank. The last of them as a chunk; none
    /// where there are fewer.
    pub(crate) fn skip(&mut self, texts: u64) -> io::Result<Option<Chunk>> {
        let mut left = texts;
        while left > 0 {
            let Some(end) = read_line(&mut self.input, &mut self.line)? else {
                return Ok(None);
            };
            self.read += 1;
            if text(end, &self.line).is_some() {
                left -= 1;
            }
            if left == 0 {
                return Ok(Some(Chunk {
                    first: self.read,
                    stops: vec![(self.line.len(), end)],
                    bytes: std::mem::take(&mut self.line),
                }));
            }
        }
        Ok(None)
    }

    /// The next chunk; none at the end. An error comes after all whole lines before it.
    pub(crate) fn next(&mut self) -> io::Result<Option<Chunk>> {
        let mut chunk = Chunk {
            first: self.read + 1,
            bytes: Vec::new(),
            stops: Vec::new(),
        };
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        while chunk.stops.len() < CHUNK && chunk.bytes.len() < CHUNK_BYTES {
            let end = match read_line(&mut self.input, &mut self.line) {
                Ok(Some(end)) => end,
                Ok(None) => break,
                Err(error) if chunk.stops.is_empty() => return Err(error),
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            };
            // Of a line that is too long nothing is read but that it is.
            if end == End::Whole {
                chunk.bytes.extend_from_slice(&self.line);
            }
            chunk.stops.push((chunk.bytes.len(), end));
            self.read += 1;
        }
        Ok((!chunk.stops.is_empty()).then_some(chunk))
    }
}

/// The text of a line; none where it is blank.
pub(crate) fn text(end: End, line: &[u8]) -> Option<Result<&str, Rejection>> {
    match (end, std::str::from_utf8(line)) {
        (End::TooLong, _) => Some(Err(Rejection::not_json(
            format!("expected a line of at most {MAX_TEXT} bytes; found a longer one"),
            format!("每行最多 {MAX_TEXT} 字节；实际更长"),
        ))),
        (End::Whole, Err(_)) => Some(Err(Rejection::not_json(
            "expected UTF-8; found other bytes",
            "应为 UTF-8；实为其他字节",
        ))),
        (End::Whole, Ok(text)) => {
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
            (!text.trim_ascii().is_empty()).then_some(Ok(text))
        }
    }
}

/// A bar over so many bytes; without an end where that is not known.
pub(crate) fn bar(length: Option<u64>) -> ProgressBar {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// Gives so many bytes of endless lines, then an error, and then no more.
    struct Failing {
        left: usize,
        failed: bool,
    }

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 {
                assert!(!self.failed, "read again after the error");
                self.failed = true;
                return Err(io::Error::other("gone"));
            }
            let length = buffer.len().min(self.left);
            for (i, byte) in buffer.iter_mut().take(length).enumerate() {
                *byte = if (self.left - i).is_multiple_of(10) {
                    b'\n'
                } else {
                    b'x'
                };
            }
            self.left -= length;
            Ok(length)
        }
    }

    /// Wherever reading fails, every whole line before it is handed on, and the part of
    /// a line that was read is not.
    #[test]
    fn an_error_comes_after_the_whole_lines_before_it() {
        for bytes in (0..60).chain([635, 639, 640, 641, 1_280, 5_678]) {
            let input = BufReader::with_capacity(
                64,
                Failing {
                    left: bytes,
                    failed: false,
                },
            );
            let mut chunks = Chunks::of(input);
            let mut lines = 0_usize;
            let error = loop {
                match chunks.next() {
                    Ok(Some(chunk)) => lines += chunk.texts().count(),
                    Ok(None) => unreachable!("an end without the error"),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.to_string(), "gone");
            // A line ends at each multiple of ten, counted from the end.
            let blank = usize::from(bytes > 0 && bytes.is_multiple_of(10));
            let whole = (1..=bytes).filter(|left| left.is_multiple_of(10)).count();
            assert_eq!(lines, whole - blank, "{bytes}");
        }
    }
}
