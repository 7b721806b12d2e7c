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

/// Reads a line without its end into `line`; of one that is too long, no more
/// than that is kept.
pub(crate) fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<End>> {
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
