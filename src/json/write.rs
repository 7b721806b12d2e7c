//! The ordinary writer: a value of serde as compact JSON, at the end of one text.
//!
//! It gives the bytes that `serde_json` gives, which a test holds it to. It is here
//! because it is faster where an answer is many short texts: most need no escape, which
//! is seen eight bytes at a time, and what is written is text from the start, so that
//! nobody asks again whether it is UTF-8.

use std::fmt::{self, Write as _};

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Appends a value; none where it has no JSON.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, out: &mut String) -> Option<()> {
    value.serialize(&mut Writer { out }).ok()
}

/// Appends a text in quotes.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    if is_plain(text) {
        out.push_str(text);
    } else {
        escape(text, out);
    }
    out.push('"');
}

/// Whether a text stands in JSON as it is: without quotes, backslashes and controls.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.last_chunk::<8>() {
        // The last eight may overlap those before them.
        Some(last) => are_plain(last) && bytes.as_chunks::<8>().0.iter().all(are_plain),
        None => !bytes.iter().any(|byte| is_escaped(*byte)),
    }
}

/// Eight bytes at once: the high bit of a byte is set where the byte lies below a limit,
/// and elsewhere only where a lower byte does.
fn are_plain(eight: &[u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    const SPACES: u64 = ONES * 0x20;
    const QUOTES: u64 = ONES * 0x22;
    const BACKSLASHES: u64 = ONES * 0x5c;
    let bytes = u64::from_le_bytes(*eight);
    let (quotes, backslashes) = (bytes ^ QUOTES, bytes ^ BACKSLASHES);
    let controls = bytes.wrapping_sub(SPACES) & !bytes;
    let quotes = quotes.wrapping_sub(ONES) & !quotes;
    let backslashes = backslashes.wrapping_sub(ONES) & !backslashes;
    (controls | quotes | backslashes) & HIGH == 0
}

fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_escaped) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = from.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\r') => out.push_str("\\r"),
            // Writing to a string does not fail.
            Some(control) => drop(write!(out, "\\u{:04x}", u32::from(control))),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

fn write_number(number: u64, out: &mut String) {
    let mut left = number;
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    for (i, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        first = i;
        if left == 0 {
            break;
        }
    }
    let written = digits.get(first..).unwrap_or_default();
    out.push_str(std::str::from_utf8(written).unwrap_or_default());
}

struct Writer<'o> {
    out: &'o mut String,
}

/// A value without JSON.
#[derive(Debug)]
pub(super) struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that has no JSON")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// The members of a list or an object, and how it ends.
struct Members<'w, 'o> {
    writer: &'w mut Writer<'o>,
    first: bool,
    end: &'static str,
}

impl<'w, 'o> Members<'w, 'o> {
    fn of(writer: &'w mut Writer<'o>, start: char, end: &'static str) -> Self {
        writer.out.push(start);
        Self {
            writer,
            first: true,
            end,
        }
    }

    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push(',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.comma();
        value.serialize(&mut *self.writer)
    }

    /// A member whose key is an identifier, which needs no escape.
    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Unwritable> {
        let start = if std::mem::take(&mut self.first) {
            "\""
        } else {
            ",\""
        };
        self.writer.out.push_str(start);
        self.writer.out.push_str(key);
        self.writer.out.push_str("\":");
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.out.push_str(self.end);
    }
}

impl<'w, 'o> Writer<'o> {
    /// The start of `{"variant":`, what stands in it, and its end.
    fn variant(
        &'w mut self,
        variant: &str,
        start: char,
        end: &'static str,
    ) -> Result<Members<'w, 'o>, Unwritable> {
        self.out.push('{');
        write_text(variant, self.out);
        self.out.push(':');
        Ok(Members::of(self, start, end))
    }

    fn signed(&mut self, number: i64) {
        if number < 0 {
            self.out.push('-');
        }
        write_number(number.unsigned_abs(), self.out);
    }
}

impl<'w, 'o> Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Members<'w, 'o>;
    type SerializeTuple = Members<'w, 'o>;
    type SerializeTupleStruct = Members<'w, 'o>;
    type SerializeTupleVariant = Members<'w, 'o>;
    type SerializeMap = Members<'w, 'o>;
    type SerializeStruct = Members<'w, 'o>;
    type SerializeStructVariant = Members<'w, 'o>;

    fn serialize_bool(self, value: bool) -> Result<(), Unwritable> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Unwritable> {
        self.signed(value.into());
        Ok(())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Unwritable> {
        self.signed(value.into());
        Ok(())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Unwritable> {
        self.signed(value.into());
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Unwritable> {
        self.signed(value);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Unwritable> {
        write_number(value.into(), self.out);
        Ok(())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Unwritable> {
        write_number(value.into(), self.out);
        Ok(())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Unwritable> {
        write_number(value.into(), self.out);
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Unwritable> {
        write_number(value, self.out);
        Ok(())
    }

    // No value of the contract has a fraction.
    fn serialize_f32(self, _: f32) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_char(self, value: char) -> Result<(), Unwritable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Unwritable> {
        write_text(value, self.out);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Unwritable> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        let mut members = Members::of(self, '{', "}");
        members.field(variant, value)?;
        members.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'w, 'o>, Unwritable> {
        Ok(Members::of(self, '[', "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'w, 'o>, Unwritable> {
        Ok(Members::of(self, '[', "]"))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Members<'w, 'o>, Unwritable> {
        Ok(Members::of(self, '[', "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'w, 'o>, Unwritable> {
        self.variant(variant, '[', "]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'w, 'o>, Unwritable> {
        Ok(Members::of(self, '{', "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'w, 'o>, Unwritable> {
        Ok(Members::of(self, '{', "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'w, 'o>, Unwritable> {
        self.variant(variant, '{', "}}")
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        self.out.push('"');
        write!(Escaping(self.out), "{value}").map_err(|_| Unwritable)?;
        self.out.push('"');
        Ok(())
    }
}

/// Escapes what is formatted into it.
struct Escaping<'o>(&'o mut String);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, self.0);
        Ok(())
    }
}

impl SerializeSeq for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

impl SerializeTuple for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

impl SerializeTupleStruct for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

impl SerializeTupleVariant for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

impl SerializeMap for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.comma();
        let start = self.writer.out.len();
        key.serialize(&mut *self.writer)?;
        // A key that is a number is written as text.
        if !self
            .writer
            .out
            .get(start..)
            .is_some_and(|key| key.starts_with('"'))
        {
            self.writer.out.insert(start, '"');
            self.writer.out.push('"');
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.writer.out.push(':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

impl SerializeStructVariant for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn ours<T: Serialize + ?Sized>(value: &T) -> Option<String> {
        let mut out = String::new();
        write(value, &mut out)?;
        Some(out)
    }

    fn same<T: Serialize + ?Sized>(value: &T) {
        assert_eq!(ours(value), serde_json::to_string(value).ok());
    }

    #[derive(Serialize)]
    struct Everything<'a> {
        numbers: (u64, i64, i64, u8),
        none: Option<u8>,
        some: Option<bool>,
        text: &'a str,
        day: jiff::civil::Date,
        by_number: BTreeMap<u8, ()>,
        empty: [u8; 0],
        kinds: Vec<Kind>,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        New(u8),
        Pair(u8, char),
        Named { a: u8, b: Box<Kind> },
    }

    #[test]
    fn every_shape_as_serde_json_writes_it() {
        same(&Everything {
            numbers: (u64::MAX, i64::MIN, -10, 0),
            none: None,
            some: Some(true),
            text: "",
            day: jiff::civil::date(2026, 6, 3),
            by_number: BTreeMap::from([(7, ()), (10, ())]),
            empty: [],
            kinds: vec![
                Kind::Plain,
                Kind::New(255),
                Kind::Pair(100, '"'),
                Kind::Named {
                    a: 1,
                    b: Box::new(Kind::Plain),
                },
            ],
        });
    }

    #[test]
    fn every_byte_at_every_place_as_serde_json_writes_it() {
        for code in 0..=0x17f {
            let character = char::from_u32(code).unwrap_or_default();
            for before in 0..18 {
                let text = format!(
                    "{}{character}{}",
                    "x".repeat(before),
                    "é".repeat(before / 2)
                );
                same(&text);
                same(&BTreeMap::from([(text, 1)]));
            }
        }
    }

    #[test]
    fn no_fractions() {
        assert_eq!(ours(&1.5), None);
    }
}
