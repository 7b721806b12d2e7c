//! What a seal is over, as one canonical text, and the seal.

use std::fmt::Write as _;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::case::{self, Case};
use crate::determination::Determination;
use crate::json::{Canonical, Node, parse, write_canonical};

/// Bytes that a record has more than what its seal is over: `,"seal":"sha256:…"`.
const SEAL: usize = r#","seal":"sha256:""#.len() + 64;

/// The canonical text of a record without its seal and its closing brace.
///
/// It is written once, hashed where it lies and ended as the text of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    text: String,
    case: Range<usize>,
    determination: Range<usize>,
}

impl Sealed {
    /// Of a case and its determination.
    pub(super) fn of(case: &Case, determination: &Determination) -> Self {
        let length = 4096 + determination.likely_length();
        let written = Self::write(
            length,
            |out| write_ordinary(case, out),
            |out| write_ordinary(determination, out),
        );
        // Values of the contract always have a canonical text.
        written.unwrap_or(Self {
            text: String::new(),
            case: 0..0,
            determination: 0..0,
        })
    }

    /// Of what was read; none where it has no canonical text.
    pub(super) fn read(case: &Node<'_>, determination: &Node<'_>) -> Option<Self> {
        Self::write(
            4096,
            |out| write_canonical(case, out),
            |out| write_canonical(determination, out),
        )
    }

    fn write(
        length: usize,
        case: impl FnOnce(&mut Vec<u8>) -> Option<()>,
        determination: impl FnOnce(&mut Vec<u8>) -> Option<()>,
    ) -> Option<Self> {
        let mut out = Vec::with_capacity(length);
        out.extend(br#"{"case":"#);
        let start = out.len();
        case(&mut out)?;
        let case = start..out.len();
        out.extend(br#","determination":"#);
        let start = out.len();
        determination(&mut out)?;
        let determination = start..out.len();
        out.extend(br#","schema":1"#);
        Some(Self {
            text: String::from_utf8(out).ok()?,
            case,
            determination,
        })
    }

    /// The canonical text of the case.
    pub(super) fn case(&self) -> &str {
        self.text.get(self.case.clone()).unwrap_or_default()
    }

    /// The canonical text of the determination.
    pub(super) fn determination(&self) -> &str {
        self.text
            .get(self.determination.clone())
            .unwrap_or_default()
    }

    /// The seal that it must have.
    pub(super) fn seal(&self) -> String {
        let hash = Sha256::new().chain_update(&self.text).chain_update("}");
        let mut seal = String::with_capacity(7 + 64);
        seal.push_str("sha256:");
        for byte in hash.finalize() {
            // Writing to a string does not fail.
            let _ = write!(seal, "{byte:02x}");
        }
        seal
    }

    /// Length of the whole record, under a seal of the usual length.
    pub(super) fn length(&self) -> usize {
        self.text.len() + SEAL + 1
    }

    /// The text of the whole record.
    pub(super) fn text(&self, seal: &str) -> String {
        let mut text = String::with_capacity(self.length());
        text.push_str(&self.text);
        end(text, seal)
    }

    /// As [`Sealed::text`], without a copy.
    pub(super) fn into_text(self, seal: &str) -> String {
        end(self.text, seal)
    }
}

fn end(mut text: String, seal: &str) -> String {
    text.push_str(r#","seal":"#);
    text.push_str(&crate::json::to_json(seal));
    text.push('}');
    text
}

/// The canonical text of a value of the contract.
pub(super) fn canonical_json<T: Canonical>(value: &T) -> String {
    let mut out = Vec::with_capacity(2048);
    match write_ordinary(value, &mut out) {
        Some(()) => String::from_utf8(out).unwrap_or_default(),
        None => String::new(),
    }
}

/// Appends the JSON of a value of the contract. Only keys beyond ASCII, which a rulebook
/// of one's own may have, can stand in another order by UTF-16 than by code point: text
/// with such characters is put in order once more.
fn write_ordinary<T: Canonical>(value: &T, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    value.write(out);
    let written = out.get(start..).unwrap_or_default();
    if written.is_ascii() {
        return Some(());
    }
    let text = std::str::from_utf8(written).ok()?.to_owned();
    if let Ok(node) = parse(&text, case::MAX_DEPTH) {
        let mut again = Vec::with_capacity(text.len());
        if write_canonical(&node, &mut again).is_some() {
            out.truncate(start);
            out.extend(again);
        }
    }
    Some(())
}
