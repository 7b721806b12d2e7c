//! One cell: where it stands, how its text is guarded, and what spreadsheets do to it.

use std::borrow::Cow;

use nengli::{Date, Words};
use serde::Serialize;

/// A place in a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cell {
    /// As spreadsheets show it: `C7`.
    pub address: String,
    /// The row, from 1, as a spreadsheet counts it: a line break within quotes begins
    /// no row, and an empty line is one.
    pub row: u64,
    /// The column, from 1.
    pub column: u64,
    /// The code at the head of the column; absent where the head was not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Cell {
    /// The cell of a column, counted from 0, in a row, counted from 1.
    pub(crate) fn at(row: u64, column: usize, code: Option<String>) -> Self {
        Self {
            address: format!("{}{row}", letters(column)),
            row,
            column: u64::try_from(column).unwrap_or(u64::MAX).saturating_add(1),
            code,
        }
    }

    /// The place as a person reads it.
    pub(crate) fn place(&self) -> Words {
        let Self {
            address,
            row,
            column,
            ..
        } = self;
        let code = |mark: &str| match &self.code {
            Some(code) => format!("{mark}{code}"),
            None => String::new(),
        };
        Words {
            en: format!("{address} (row {row}, column {column}{})", code(": ")),
            zh: format!("{address}（第 {row} 行第 {column} 列{}）", code("：")),
        }
    }
}

/// Letters of a column, counted from 0: A to Z, then AA.
pub(crate) fn letters(column: usize) -> String {
    let mut left = column.saturating_add(1);
    let mut out = Vec::new();
    while let Some(rest) = left.checked_sub(1) {
        let letter = u8::try_from(rest % 26).unwrap_or_default();
        out.push(char::from(b'A' + letter));
        left = rest / 26;
    }
    out.iter().rev().collect()
}

/// What a spreadsheet takes for the beginning of a formula, full-width forms included,
/// and the mark that guards against it.
const RISKY: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\'',
];

/// The text with an apostrophe before it where a spreadsheet would run it.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(RISKY) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that was guarded: the inverse of [`guarded`].
pub(crate) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(RISKY) => rest,
        _ => text,
    }
}

/// As [`guarded`], of an id or a code: also where a spreadsheet would make a number or a
/// date of it (`0001`, `1-2`, `1E5`, `3.1.1`).
pub(crate) fn guarded_id(text: &str) -> Cow<'_, str> {
    if changes(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        guarded(text)
    }
}

/// The inverse of [`guarded_id`].
pub(crate) fn unguarded_id(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if changes(rest) => rest,
        _ => unguarded(text),
    }
}

/// Whether a spreadsheet may take a text for a number and show another.
fn changes(text: &str) -> bool {
    // Of so many digits spreadsheets keep every one.
    let plain = text.len() <= 11 && whole(text).is_some();
    !plain && text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ':')
}

/// A whole number written as whole numbers are: no zero before it, no plus, no point.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A date with the year first: `2026-06-30`, and what spreadsheets make of it,
/// `2026/6/30`, `2026-6-30` and `2026年6月30日`, which can be read in one way only.
pub(crate) fn day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = match text.strip_suffix('日') {
        Some(words) => {
            let (year, rest) = words.split_once('年')?;
            let (month, day) = rest.split_once('月')?;
            vec![year, month, day]
        }
        None if text.contains('/') => text.split('/').collect(),
        None => text.split('-').collect(),
    };
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || month.len() > 2 || day.len() > 2 || !parts.iter().all(|part| digits(part))
    {
        return None;
    }
    let year: i16 = year.parse().ok().filter(|year| *year > 0)?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// What a refused text looks like, and what to do about it; never the text.
pub(crate) fn hint(text: &str) -> Option<(&'static str, &'static str)> {
    let wide = |c: char| matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{3000}' | '、' | '。');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let point = text.strip_prefix('-').unwrap_or(text).split_once('.');
    Some(if text.chars().any(wide) {
        (
            "it has full-width letters, digits, marks or spaces: write them half-width",
            "含全角字母、数字、标点或空格，请改为半角",
        )
    } else if text.chars().all(char::is_whitespace) {
        (
            "it holds spaces alone: clear the cell",
            "单元格里只有空格，请清空",
        )
    } else if text.contains(['\n', '\r']) {
        ("it has a line break: take it out", "含换行，请去掉")
    } else if text.trim() != text || text.contains(['\u{A0}', '\t']) {
        (
            "it has spaces before or after it: take them out",
            "前后有空格，请去掉",
        )
    } else if text.starts_with('=') {
        ("it is a formula: write its value", "是公式，请改为数值")
    } else if [
        "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!",
    ]
    .contains(&text)
        || (!text.is_empty() && text.bytes().all(|byte| byte == b'#'))
    {
        (
            "it is an error of the spreadsheet: mend the formula or the width of the column",
            "是表格软件的错误值，请改正公式或列宽",
        )
    } else if point.is_some_and(|(ones, rest)| {
        digits(ones) && !rest.is_empty() && rest.bytes().all(|byte| byte == b'0')
    }) {
        (
            "it is a whole number with .0 after it: format the cell without decimals",
            "整数后带 .0，请把单元格设为无小数",
        )
    } else if text.contains(['E', 'e'])
        && text
            .replace(['E', 'e', '+', '-', '.'], "")
            .bytes()
            .all(|byte| byte.is_ascii_digit())
        && text.starts_with(|c: char| c.is_ascii_digit())
    {
        (
            "it is in scientific notation: format the cell as text and write it again",
            "是科学计数法，请把单元格设为文本后重新填写",
        )
    } else if digits(&text.replace(',', "")) && text.contains(',') {
        (
            "it has commas: write digits alone, and ; between two entries",
            "含逗号，请只写数字；多项之间用 ;",
        )
    } else if [
        "unknown", "null", "NA", "N/A", "n/a", "-", "/", "不详", "未知", "未评",
    ]
    .contains(&text)
    {
        ("what is not known is left empty", "未知的请留空")
    } else {
        return None;
    })
}

/// The same, of a date.
pub(crate) fn hint_of_day(text: &str) -> Option<(&'static str, &'static str)> {
    let digits = |count: std::ops::RangeInclusive<usize>| {
        count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbers: Vec<&str> = text.split(['/', '-', '.']).collect();
    Some(if digits(5..=5) {
        (
            "it is the number by which spreadsheets keep a date: format the column as YYYY-MM-DD",
            "是表格软件存日期用的序号，请把该列设为 YYYY-MM-DD 格式",
        )
    } else if digits(8..=8) {
        ("write it with hyphens", "请加连字符")
    } else if text.contains(':') {
        ("write the day without the time", "请只写日期，不写时间")
    } else if numbers.len() == 3
        && numbers.last().is_some_and(|last| last.len() == 4)
        && numbers.concat().bytes().all(|byte| byte.is_ascii_digit())
    {
        ("write the year first", "请把年份写在最前")
    } else {
        return hint(text);
    })
}

#[cfg(test)]
mod tests {
    use nengli::date;

    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (column, wanted) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(column), wanted);
        }
    }

    #[test]
    fn a_guard_comes_off_as_it_went_on() {
        for text in [
            "=1", "+1", "-1", "@a", "\ta", "\ra", "＝a", "'", "'a", "''=", "a'", "", "a",
        ] {
            let out = guarded(text);
            assert!(
                !out.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']),
                "{text}"
            );
            assert_eq!(unguarded(&out), text);
        }
        for text in [
            "0001",
            "000000",
            "1-2",
            "1E5",
            "3.1.1",
            ".5",
            "123456789012",
        ] {
            assert!(guarded_id(text).starts_with('\''), "{text}");
        }
        for text in [
            "0001", "1-2", "120101", "7", "s-1", "-1", "'0", "'", "''1", "",
        ] {
            assert_eq!(unguarded_id(&guarded_id(text)), text);
        }
        assert_eq!(guarded_id("120101"), "120101");
        // Of what was never guarded nothing is taken.
        assert_eq!(unguarded("'5"), "'5");
    }

    #[test]
    fn dates_that_can_be_read_in_one_way() {
        for good in [
            "2026-01-02",
            "2026/1/2",
            "2026/01/02",
            "2026-1-2",
            "2026年1月2日",
        ] {
            assert_eq!(day(good), Some(date(2026, 1, 2)), "{good}");
        }
        for bad in [
            "1/2/2026",
            "2026/2/30",
            "20260102",
            "46024",
            "2026.1.2",
            "2026/1/2 0:00",
            "26/1/2",
            "2026/1-2",
            "2026-1/2",
            "２026/1/2",
            "2026/+1/2",
            "0000-01-01",
            "2026年1月2",
            "",
        ] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn whole_numbers_are_written_in_one_way() {
        assert_eq!(whole("0"), Some(0));
        assert_eq!(whole("-3"), Some(-3));
        for bad in [
            "00",
            "03",
            "+3",
            "3.0",
            " 3",
            "3 ",
            "３",
            "1e3",
            "",
            "9223372036854775808",
        ] {
            assert_eq!(whole(bad), None, "{bad}");
        }
    }
}
