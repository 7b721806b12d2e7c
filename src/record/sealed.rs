//! What a seal is over, as one canonical text, and the seal.

use std::ops::Range;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::case::{self, Case};
use crate::determination::Determination;
use crate::json::{Node, parse, write_canonical, write_json};

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
        let written = Self::write(
            2048 + determination.usual_length(),
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
        usual: usize,
        case: impl FnOnce(&mut String) -> Option<()>,
        determination: impl FnOnce(&mut String) -> Option<()>,
    ) -> Option<Self> {
        let mut out = String::with_capacity(usual);
        out.push_str(r#"{"case":"#);
        let start = out.len();
        case(&mut out)?;
        let case = start..out.len();
        out.push_str(r#","determination":"#);
        let start = out.len();
        determination(&mut out)?;
        let determination = start..out.len();
        out.push_str(r#","schema":1"#);
        Some(Self {
            text: out,
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
            let digits = [byte >> 4, byte & 15].map(u32::from);
            seal.extend(
                digits
                    .into_iter()
                    .filter_map(|digit| char::from_digit(digit, 16)),
            );
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
pub(super) fn canonical_json<T: Serialize>(value: &T) -> String {
    let mut out = String::with_capacity(2048);
    match write_ordinary(value, &mut out) {
        Some(()) => out,
        None => String::new(),
    }
}

/// Appends what the ordinary writer makes of a value of the contract. Only keys beyond
/// ASCII, which a rulebook of one's own may have, can stand in another order by UTF-16
/// than by code point: text with such characters is put in order once more.
fn write_ordinary<T: Serialize>(value: &T, out: &mut String) -> Option<()> {
    let start = out.len();
    write_json(value, out)?;
    let written = out.get(start..).unwrap_or_default();
    if written.is_ascii() {
        return Some(());
    }
    let mut again = String::with_capacity(written.len());
    if let Ok(node) = parse(written, case::MAX_DEPTH)
        && write_canonical(&node, &mut again).is_some()
    {
        out.truncate(start);
        out.push_str(&again);
    }
    Some(())
}
