//! ICD-10 codes, as far as the rules ask: the category and what lies under it.

/// A category: a letter and two digits (`F03`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Category {
    letter: u8,
    number: u8,
}

/// A range of categories, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CategoryRange {
    pub(crate) first: Category,
    pub(crate) last: Category,
}

impl CategoryRange {
    pub(crate) fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether some category lies in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Reads `F03` or `F00-F03`, as a rule file writes them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let first = Category::parse_exact(first)?;
        let last = Category::parse_exact(last)?;
        (first <= last).then_some(Self { first, last })
    }
}

/// Whether any entry of a list of diagnoses, as it was checked, lies within one of the
/// ranges. An entry is a code or the printed range of a row; a key of a row without a
/// code is neither.
pub(crate) fn diagnosed(list: &[String], ranges: &[CategoryRange]) -> bool {
    list.iter().any(|entry| {
        diagnosis_range(entry).is_some_and(|found| ranges.iter().any(|range| range.contains(found)))
    })
}

/// The categories of an entry of a list of diagnoses; none of a key of a row without a
/// code.
pub(crate) fn diagnosis_range(entry: &str) -> Option<CategoryRange> {
    parse_code(entry)
        .map(CategoryRange::from)
        .or_else(|| CategoryRange::parse(&entry.replace('~', "-")))
}

impl From<Category> for CategoryRange {
    fn from(category: Category) -> Self {
        Self {
            first: category,
            last: category,
        }
    }
}

impl Category {
    fn parse_exact(text: &str) -> Option<Self> {
        let (category, rest) = Self::split(text.as_bytes())?;
        rest.is_empty().then_some(category)
    }

    fn split(text: &[u8]) -> Option<(Self, &[u8])> {
        let [letter, tens, ones, rest @ ..] = text else {
            return None;
        };
        let valid = letter.is_ascii_alphabetic() && tens.is_ascii_digit() && ones.is_ascii_digit();
        valid.then(|| {
            (
                Self {
                    letter: letter.to_ascii_uppercase(),
                    number: (tens - b'0') * 10 + (ones - b'0'),
                },
                rest,
            )
        })
    }
}

/// Reads a code as records carry it and gives its category.
///
/// A letter and two digits; an optional sub-code with or without the dot: one to
/// three digits, or an `x` that holds the place of the fourth character with two
/// digits (the national `F03.x00`), and the national extension `x` with
/// three digits after either; a trailing `*` or `+`. Letters in either case.
pub(crate) fn parse_code(text: &str) -> Option<Category> {
    let (category, rest) = Category::split(text.as_bytes())?;
    let rest = match rest {
        [rest @ .., b'*' | b'+'] => rest,
        rest => rest,
    };
    let (dotted, rest) = match rest {
        [b'.', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if rest.is_empty() {
        return (!dotted).then_some(category);
    }
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let (sub, extension) = match rest {
        [first, more @ ..] => match more.iter().position(|byte| matches!(byte, b'x' | b'X')) {
            Some(i) => {
                let (left, right) = more.split_at_checked(i)?;
                ((*first, left), right.get(1..))
            }
            None => ((*first, more), None),
        },
        [] => return None,
    };
    // An x holds a place: the two digits after it are there too.
    let sub_fits = match sub.0 {
        b'x' | b'X' => sub.1.len() == 2,
        first => first.is_ascii_digit() && sub.1.len() <= 2,
    } && digits(sub.1);
    let extension_fits =
        extension.is_none_or(|extension| extension.len() == 3 && digits(extension));
    (sub_fits && extension_fits).then_some(category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_as_records_carry_them() {
        let dementia = CategoryRange::parse("F00-F03");
        for code in [
            "F03",
            "f03",
            "F03.9",
            "F039",
            "F03.x00",
            "F03.X00",
            "F03x00",
            "F00.1",
            "F00.1*",
            "F00.1+",
            "F00*",
            "F00.100",
            "F03.x00x001",
            "F00.100x001",
            "f01.9",
        ] {
            let category = parse_code(code);
            assert!(
                dementia
                    .zip(category)
                    .is_some_and(|(range, category)| range.contains(category.into())),
                "{code}"
            );
        }
        for code in ["F20.0", "G30", "G30.9", "F04", "E03"] {
            let category = parse_code(code);
            assert!(
                dementia
                    .zip(category)
                    .is_some_and(|(range, category)| !range.contains(category.into())),
                "{code}"
            );
        }
        for bad in [
            "",
            "F",
            "F0",
            "F0x",
            "F03.",
            "F03..9",
            "F03-F04",
            "F03.1234",
            "FF03",
            "F03 ",
            " F03",
            "F03.9**",
            "痴呆",
            "F03.*",
            "F03.x0000",
            "F03.x",
            "F03.x0",
            "F03.9x01",
            "F03.a",
            "103",
        ] {
            assert_eq!(parse_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges_span_letters() {
        let tumours = CategoryRange::parse("C00-D48");
        let inside = parse_code("D01.1");
        assert!(
            tumours
                .zip(inside)
                .is_some_and(|(range, category)| range.contains(category.into()))
        );
        assert_eq!(CategoryRange::parse("F03-F00"), None);
        assert_eq!(CategoryRange::parse("F03.1"), None);
    }
}
