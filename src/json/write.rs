//! A writer of canonical JSON for types whose members are known beforehand.
//!
//! It appends byte for byte what serde_json makes of the same value, in a fraction of
//! the time: a key with its comma and quotes is one constant, and a text that needs no
//! escapes, as nearly all, is one copy.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::text::Text;

/// What has canonical JSON that is written here.
pub(crate) trait Canonical {
    /// Appends it.
    fn write(&self, out: &mut Vec<u8>);

    /// Whether a member that is there only `if any` is left out.
    fn is_none(&self) -> bool {
        false
    }
}

/// The canonical JSON of a value, which is about so long.
pub(crate) fn written<T: Canonical + ?Sized>(value: &T, length: usize) -> String {
    let mut out = Vec::with_capacity(length);
    value.write(&mut out);
    // What is written is UTF-8: texts and ASCII.
    String::from_utf8(out).unwrap_or_default()
}

/// What is rare is left to serde_json, which does not fail at writing to memory.
pub(crate) fn by_serde<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}

/// Objects: their members in canonical order, those that are there only `if any` marked.
/// Every field of the type must be named.
macro_rules! objects {
    ($($type:ident { $($field:ident $(if $any:ident)?),+ $(,)? })+) => {$(
        impl $crate::json::Canonical for $type {
            fn write(&self, out: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                let start = out.len();
                $($crate::json::objects!(@member out, $field $(, $any)?);)+
                $crate::json::end_object(start, out);
            }
        }
    )+};
    (@member $out:ident, $field:ident) => {
        $out.extend_from_slice(concat!(",\"", stringify!($field), "\":").as_bytes());
        $crate::json::Canonical::write($field, $out);
    };
    (@member $out:ident, $field:ident, any) => {
        if !$crate::json::Canonical::is_none($field) {
            $crate::json::objects!(@member $out, $field);
        }
    };
}

/// Enums that are one word each.
macro_rules! words {
    ($($type:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        impl $crate::json::Canonical for $type {
            fn write(&self, out: &mut Vec<u8>) {
                let word = match self {
                    $(Self::$variant => concat!("\"", $word, "\""),)+
                };
                out.extend_from_slice(word.as_bytes());
            }
        }
    )+};
}

pub(crate) use {objects, words};

/// Ends an object that began at `start` and whose every member has a comma before it.
pub(crate) fn end_object(start: usize, out: &mut Vec<u8>) {
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
}

impl Canonical for str {
    fn write(&self, out: &mut Vec<u8>) {
        let bytes = self.as_bytes();
        // To the end whatever it finds, which many bytes at a time is faster than to stop.
        let escapes = bytes.iter().fold(false, |some, byte| {
            some | (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\')
        });
        if escapes {
            return by_serde(self, out);
        }
        out.reserve(bytes.len() + 2);
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    }
}

impl Canonical for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_str().write(out);
    }
}

impl Canonical for Text {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_str().write(out);
    }
}

impl Canonical for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }

    fn is_none(&self) -> bool {
        !self
    }
}

impl Canonical for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        if *self < 0 {
            out.push(b'-');
        }
        write_number(self.unsigned_abs(), out);
    }
}

impl Canonical for u16 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(u64::from(*self), out);
    }
}

impl Canonical for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(u64::from(*self), out);
    }
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    // The greatest has 20 digits.
    let mut digits = [0; 20];
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        *digit = digit_of(number % 10);
        count += 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(20 - count..).unwrap_or_default());
}

fn digit_of(number: u64) -> u8 {
    b'0' + (number % 10) as u8
}

impl Canonical for Date {
    fn write(&self, out: &mut Vec<u8>) {
        let (Ok(year @ 0..=9999), Ok(month), Ok(day)) = (
            u64::try_from(self.year()),
            u64::try_from(self.month()),
            u64::try_from(self.day()),
        ) else {
            return by_serde(self, out);
        };
        out.extend_from_slice(&[
            b'"',
            digit_of(year / 1000),
            digit_of(year / 100),
            digit_of(year / 10),
            digit_of(year),
            b'-',
            digit_of(month / 10),
            digit_of(month),
            b'-',
            digit_of(day / 10),
            digit_of(day),
            b'"',
        ]);
    }
}

impl<T: Canonical> Canonical for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(out),
            None => out.extend_from_slice(b"null"),
        }
    }

    fn is_none(&self) -> bool {
        self.is_none()
    }
}

impl<T: Canonical + ?Sized> Canonical for Arc<T> {
    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }

    fn is_none(&self) -> bool {
        (**self).is_none()
    }
}

impl<T: Canonical> Canonical for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_slice().write(out);
    }

    fn is_none(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Canonical> Canonical for [T] {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (i, value) in self.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            value.write(out);
        }
        out.push(b']');
    }

    fn is_none(&self) -> bool {
        self.is_empty()
    }
}

impl<K: AsRef<str>, V: Canonical> Canonical for BTreeMap<K, V> {
    fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        for (key, value) in self {
            out.push(b',');
            key.as_ref().write(out);
            out.push(b':');
            value.write(out);
        }
        end_object(start, out);
    }

    fn is_none(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same<T: Canonical + Serialize + ?Sized>(value: &T) {
        let theirs = serde_json::to_string(value).unwrap();
        let mut ours = b"before".to_vec();
        value.write(&mut ours);
        assert_eq!(String::from_utf8(ours).unwrap(), format!("before{theirs}"));
        assert_eq!(written(value, 0), theirs);
    }

    #[test]
    fn numbers() {
        for number in [0, 1, -1, 9, 10, -10, 99, 100, i64::MAX, i64::MIN] {
            same(&number);
        }
        for number in 0..=u16::MAX {
            same(&number);
        }
        (0..=u8::MAX).for_each(|number| same(&number));
    }

    #[test]
    fn days() {
        let some = (-9999..=9999).step_by(37).flat_map(|year| {
            [(1, 1), (2, 9), (10, 31), (12, 10)]
                .map(|(month, day)| jiff::civil::date(year, month, day))
        });
        some.for_each(|day| same(&day));
        for day in [
            Date::MIN,
            Date::MAX,
            jiff::civil::date(0, 1, 1),
            jiff::civil::date(-1, 12, 31),
        ] {
            same(&day);
        }
    }

    #[test]
    fn every_character_at_every_place_of_a_text() {
        for char in (0..=0x10FFFF).filter_map(char::from_u32) {
            same(char.encode_utf8(&mut [0; 4]) as &str);
        }
        for byte in 0..0x80_u8 {
            for at in 0..70 {
                let mut text = "x".repeat(70);
                text.replace_range(at..=at, &char::from(byte).to_string());
                same(&text);
            }
        }
    }

    #[test]
    fn lists_maps_and_nothing() {
        same(&Vec::<u8>::new());
        same(&vec![None, Some(true), Some(false)]);
        same(&BTreeMap::<String, u8>::new());
        same(&BTreeMap::from([
            ("", vec![1_u8]),
            ("\"", vec![]),
            ("年", vec![2, 3]),
        ]));
        same(&BTreeMap::from([(Text::from("a"), Text::from("\n"))]));
    }

    proptest! {
        #[test]
        fn texts(text in "\\PC*|(.|[\u{0}-\u{20}\"\\\\/\u{7f}年])*") {
            same(&text);
        }

        #[test]
        fn any_number(number in any::<i64>()) {
            same(&number);
        }

        #[test]
        fn any_map(map in prop::collection::btree_map(".*", prop::collection::vec(".*", 0..4), 0..4)) {
            same(&map);
        }
    }
}
