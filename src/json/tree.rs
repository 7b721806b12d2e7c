//! The tree, borrowed from the text where the text needs no unescaping.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value. Objects keep their members in order, duplicates included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// A number with a fraction or an exponent, or beyond 64 bits. What it was
    /// is not kept: nothing may be computed from it.
    NotWhole,
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Why a text gives no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Nested deeper than the limit that was given.
    TooDeep,
    /// Not JSON (RFC 8259), at this line and column (both from 1).
    NotJson { line: usize, column: usize },
}

/// Parses `text`, nested at most `depth` deep.
pub(crate) fn parse(text: &str, depth: usize) -> Result<Node<'_>, Unreadable> {
    let too_deep = Cell::new(false);
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        depth,
        too_deep: &too_deep,
    };
    seed.deserialize(&mut json)
        .and_then(|node| json.end().map(|()| node))
        .map_err(|error| {
            if too_deep.get() {
                Unreadable::TooDeep
            } else {
                Unreadable::NotJson {
                    line: error.line(),
                    column: error.column(),
                }
            }
        })
}

#[derive(Clone, Copy)]
struct Seed<'s> {
    depth: usize,
    too_deep: &'s Cell<bool>,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => {
                self.too_deep.set(true);
                Err(E::custom("nested too deeply"))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(i64::try_from(value).map_or(Node::NotWhole, Node::Int))
    }

    // The only place where floating point is met: it is refused, not computed with.
    fn visit_f64<E>(self, _: f64) -> Result<Node<'de>, E> {
        Ok(Node::NotWhole)
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(node) = seq.next_element_seed(inner)? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut members = Vec::with_capacity(8);
        while let Some(key) = map.next_key_seed(Key)? {
            members.push((key, map.next_value_seed(inner)?));
        }
        Ok(Node::Object(members))
    }
}

impl<'de> serde::Deserialize<'de> for Node<'de> {
    /// Without a limit of depth: the deserializer has its own.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seed = Seed {
            depth: usize::MAX,
            too_deep: &Cell::new(false),
        };
        seed.deserialize(deserializer)
    }
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_the_decision_must_see() {
        let node = parse(r#"{"a":1,"a":3.0,"b":null,"c":18446744073709551615}"#, 4);
        let Ok(Node::Object(members)) = node else {
            unreachable!("an object: {node:?}")
        };
        assert_eq!(members.len(), 4);
        assert_eq!(members[0].1, Node::Int(1));
        assert_eq!(members[1].1, Node::NotWhole);
        assert_eq!(members[2].1, Node::Null);
        assert_eq!(members[3].1, Node::NotWhole);
    }

    #[test]
    fn counts_depth() {
        assert!(parse("[[1]]", 2).is_ok());
        assert_eq!(parse("[[[1]]]", 2), Err(Unreadable::TooDeep));
        assert!(matches!(
            parse("{\n x}", 2),
            Err(Unreadable::NotJson { line: 2, .. })
        ));
        assert!(matches!(parse("1 2", 2), Err(Unreadable::NotJson { .. })));
    }
}
