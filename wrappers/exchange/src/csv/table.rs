//! From bytes to the rows of a table, numbered as a spreadsheet numbers them.

use nengli::ProblemKind;

use super::words::words;
use crate::problem::{Fault, FaultKind, Refused};

/// Longest sheet that is read, in bytes: 64 MiB.
pub const MAX_SHEET: usize = 64 << 20;

/// One row that is not empty.
pub(crate) struct Row {
    /// From 1.
    pub(crate) number: u64,
    record: ::csv::StringRecord,
}

impl Row {
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        self.record.iter()
    }

    /// The cell at a position, counted from 0; empty where there is none.
    pub(crate) fn cell(&self, position: usize) -> &str {
        self.record.get(position).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.record.len()
    }
}

/// The rows of a sheet that have a value in any cell.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<Row>, Refused> {
    let text = text(bytes)?;
    // A cell that opens with a quotation mark and never closes would take the rest of
    // the sheet with it.
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 != 0 {
        return Err(whole(
            FaultKind::NotCsv,
            "expected a second quotation mark for each; found an odd number of them",
            "引号应成对出现；实为单数个",
        ));
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = ::csv::StringRecord::new();
    let mut number = 0u64;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(rows),
            // Of UTF-8 in memory nothing fails.
            Err(_) => {
                return Err(whole(
                    FaultKind::NotCsv,
                    "expected a table of values with commas between; it cannot be read",
                    "应为以逗号分隔的表；无法读取",
                ));
            }
        }
        number = number
            .saturating_add(empty_lines(text, start))
            .saturating_add(1);
        if record.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row {
                number,
                record: record.clone(),
            });
        }
    }
}

/// Empty lines from a place where a row may begin, which the reader passes over.
fn empty_lines(text: &str, start: usize) -> u64 {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    let mut rest = bytes.get(start..).unwrap_or_default();
    // The second half of the end of the row before.
    if before == Some(&b'\r')
        && let Some(after) = rest.strip_prefix(b"\n")
    {
        rest = after;
    }
    let mut lines = 0;
    loop {
        let ends: [&[u8]; 3] = [b"\r\n", b"\n", b"\r"];
        let Some(after) = ends.iter().find_map(|end| rest.strip_prefix(*end)) else {
            return lines;
        };
        rest = after;
        lines += 1;
    }
}

/// The text without its byte order mark; what is not UTF-8 is refused with the way out.
fn text(bytes: &[u8]) -> Result<&str, Refused> {
    if bytes.len() > MAX_SHEET {
        return Err(whole(
            ProblemKind::TooLarge,
            &format!("expected at most {MAX_SHEET} bytes; found more"),
            &format!("文件最多 {MAX_SHEET} 字节；实际更大"),
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(whole(
            FaultKind::NotCsv,
            "expected CSV; found a workbook: open it and save the sheet as \
             \"CSV UTF-8 (Comma delimited)\"",
            "应为 CSV；实为工作簿文件：请打开后另存为“CSV UTF-8（逗号分隔）”",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        whole(
            FaultKind::NotUtf8,
            &format!(
                "expected UTF-8; found another encoding at line {line} (GBK, as Excel and WPS \
                 save \"CSV\" in Chinese). In Excel or WPS: Save As, \"CSV UTF-8 (Comma \
                 delimited)\"; in LibreOffice: Save As, Text CSV, character set UTF-8"
            ),
            &format!(
                "应为 UTF-8 编码；第 {line} 行起是其他编码（中文版 Excel、WPS 的“CSV”通常为 GBK）。\
                 请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”；\
                 LibreOffice 另存为“文本 CSV”，字符集选 UTF-8"
            ),
        )
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// A refusal of the whole sheet.
pub(crate) fn whole(kind: impl Into<FaultKind>, en: &str, zh: &str) -> Refused {
    let place = words("the whole sheet", "整个表");
    Refused {
        refused: vec![Fault::placed(place, None, kind, words(en, zh))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_spreadsheets_do() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "", "\"c", "d\",e", ",", "f,g", "", "h,i"].join(end);
            for text in [
                text.clone(),
                format!("\u{FEFF}{text}"),
                format!("{text}{end}{end}"),
            ] {
                let rows = rows(text.as_bytes()).unwrap();
                let found: Vec<(u64, &str)> =
                    rows.iter().map(|row| (row.number, row.cell(1))).collect();
                // The cell of rows 4 has a line break: that begins no row.
                assert_eq!(found, [(1, "b"), (4, "e"), (6, "g"), (8, "i")], "{text:?}");
            }
        }
    }
}
