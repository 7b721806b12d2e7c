//! Canonical JSON (RFC 8785), of the types and of a tree that was read.

use serde::Serialize;

use super::tree::Node;
use super::write::{Canonical, by_serde};

/// Greatest whole number that every reader of JSON keeps exactly: 2^53 - 1.
pub(crate) const SAFE: i64 = (1 << 53) - 1;

/// What the ordinary writer makes of a value: canonical for the types of the contract,
/// whose fields are declared in that order. Writing these types to memory does not
/// fail, and what serde_json writes is UTF-8.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = Vec::with_capacity(2048);
    by_serde(value, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the canonical text of a tree: members sorted by the UTF-16 of their keys, no
/// blanks.
///
/// None where the tree has no such text: a key that stands twice, or a number that is
/// not whole or beyond 2^53 - 1.
pub(crate) fn write_canonical(node: &Node<'_>, out: &mut Vec<u8>) -> Option<()> {
    match node {
        Node::Null => out.extend(b"null"),
        Node::Bool(true) => out.extend(b"true"),
        Node::Bool(false) => out.extend(b"false"),
        Node::Int(number) if (-SAFE..=SAFE).contains(number) => number.write(out),
        Node::Int(_) | Node::NotWhole => return None,
        Node::Text(text) => text.write(out),
        Node::List(list) => {
            out.push(b'[');
            for (i, inner) in list.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_canonical(inner, out)?;
            }
            out.push(b']');
        }
        Node::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // What is canonical already is not sorted again.
            if !members.is_sorted_by(|(one, _), (other, _)| before(one, other)) {
                members
                    .sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            }
            out.push(b'{');
            let mut last = None;
            for (key, inner) in members {
                if last == Some(key) {
                    return None;
                }
                if last.is_some() {
                    out.push(b',');
                }
                last = Some(key);
                key.write(out);
                out.push(b':');
                write_canonical(inner, out)?;
            }
            out.push(b'}');
        }
    }
    Some(())
}

/// Whether a key stands before another, where that is seen at a glance: keys of ASCII
/// have one order by bytes and by UTF-16.
fn before(one: &str, other: &str) -> bool {
    one < other && one.is_ascii() && other.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    fn of(text: &str) -> Option<String> {
        let mut out = Vec::new();
        write_canonical(&parse(text, 32).ok()?, &mut out)?;
        String::from_utf8(out).ok()
    }

    /// What the independent crate makes of it.
    fn theirs(text: &str) -> Option<String> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        serde_json_canonicalizer::to_string(&value).ok()
    }

    /// The examples of RFC 8785 and of its author's test suite, those without
    /// fractions; each with what must come out.
    const VECTORS: &[(&str, &str)] = &[
        (
            // RFC 8785, 3.2.2: the string of the example, and its literals.
            r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
            r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#,
        ),
        (
            // RFC 8785, 3.2.3: order by UTF-16, not by code point.
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
        ),
        (
            r#"{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}"#,
            r#"{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}"#,
        ),
        (
            r#"{"1":{"f":{"f":"hi","F":5},"\n":56},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}"#,
            r#"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#,
        ),
        (
            "{\"Unnormalized Unicode\":\"A\u{30a}\"}",
            "{\"Unnormalized Unicode\":\"A\u{30a}\"}",
        ),
        (
            r#"{"<script>":"\b\t\f\u001f\u007f\u2028","a":[ 56 , {"d":true,"10":null,"1":[]}]}"#,
            "{\"<script>\":\"\\b\\t\\f\\u001f\u{7f}\u{2028}\",\"a\":[56,{\"1\":[],\"10\":null,\"d\":true}]}",
        ),
    ];

    #[test]
    fn the_vectors_of_the_standard() {
        for (input, expected) in VECTORS {
            assert_eq!(of(input).as_deref(), Some(*expected), "{input}");
            assert_eq!(theirs(input).as_deref(), Some(*expected), "{input}");
            assert_eq!(of(expected).as_deref(), Some(*expected));
        }
    }

    #[test]
    fn every_character_as_the_independent_crate_writes_it() {
        let all: Vec<char> = (0..=0x10FFFF).filter_map(char::from_u32).collect();
        for some in all.chunks(4096) {
            let text: String = some.iter().collect();
            let input = to_json(&text);
            assert_eq!(of(&input), theirs(&input));
        }
    }

    #[test]
    fn what_has_no_canonical_text() {
        for input in [
            "1.5",
            "1e2",
            "9007199254740992",
            "-9007199254740992",
            r#"{"a":1,"a":1}"#,
        ] {
            assert_eq!(of(input), None, "{input}");
        }
        assert_eq!(of("9007199254740991").as_deref(), Some("9007199254740991"));
        assert_eq!(
            of("-9007199254740991").as_deref(),
            Some("-9007199254740991")
        );
        assert_eq!(of(r#"{"a":1,"\u0061":1}"#), None);
    }
}
