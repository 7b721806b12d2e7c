//! JSON Pointers (RFC 6901), and what of the input may be repeated in a message.

/// The pointer to member `key` of the object at `at`.
///
/// A key that may not be repeated (see [`printable`]) is cut, so that a message
/// never carries more of the input than the design allows.
pub(crate) fn child(at: &str, key: &str) -> String {
    let key = printable(key);
    let mut out = String::with_capacity(at.len() + key.len() + 1);
    out.push_str(at);
    out.push('/');
    for c in key.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            c => out.push(c),
        }
    }
    out
}

/// The pointer to element `position` of the list at `at`.
pub(crate) fn index(at: &str, position: usize) -> String {
    format!("{at}/{position}")
}

/// A place in a document, kept on the stack and written out only for a fault.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(crate) fn key(&'p self, key: &'p str) -> Self {
        Self::Key(self, key)
    }

    pub(crate) fn index(&'p self, position: usize) -> Self {
        Self::Index(self, position)
    }

    /// The place as a JSON Pointer.
    pub(crate) fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Key(parent, key) => child(&parent.pointer(), key),
            Self::Index(parent, i) => index(&parent.pointer(), *i),
        }
    }
}

/// `key` as it may be shown: at most 32 characters, without control characters,
/// and without a run of digits long enough to identify a person.
pub(crate) fn printable(key: &str) -> String {
    const LIMIT: usize = 32;
    let digits = key.chars().filter(|c| c.is_numeric()).count();
    if digits > 10 {
        return "…".to_owned();
    }
    let mut out: String = key
        .chars()
        .take(LIMIT)
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect();
    if key.chars().nth(LIMIT).is_some() {
        out.clear();
        out.push('…');
    }
    out
}

/// Whether a text may be one of a determination, where all are ids, keys, dates and
/// pointers: no blanks, ASCII alone, not long, and no run of digits that could identify a
/// person.
pub(crate) fn is_plain(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && runs.map(str::len).all(|run| run < 17)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_name_nobody() {
        for plain in [
            "",
            "gbt-42195-2022/C.4",
            "/a/0~1b",
            "2026-06-30",
            "1234567890123456",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in [
            "a b",
            "王小明",
            "11010519491231002X",
            "a\n",
            &"x".repeat(129),
        ] {
            assert!(!is_plain(other), "{other}");
        }
    }

    #[test]
    fn escapes_and_hides() {
        assert_eq!(child("/a", "b/c~d"), "/a/b~1c~0d");
        assert_eq!(index("/a", 3), "/a/3");
        assert_eq!(printable("B.1.1"), "B.1.1");
        assert_eq!(printable(&"x".repeat(33)), "…");
        assert_eq!(printable("11010519491231002X"), "…");
        assert_eq!(printable("a\nb"), "a\u{FFFD}b");
    }
}
