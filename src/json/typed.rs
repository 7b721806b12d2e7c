//! Typed reading of a tree that reports every fault with its JSON Pointer.
//!
//! serde stops at the first fault of a value. A rule file is read in [`Piece`]s
//! (an item, a step, a row), each of which fails by itself: the file's faults
//! come out together.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};

use super::pointer::{Path, child, index, printable};
use super::tree::Node;

/// One fault: where, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: String,
    pub(crate) message: String,
}

/// Reads `node` as a `T`; every fault found goes into `faults`.
pub(crate) fn read<T: DeserializeOwned>(node: &Node<'_>, faults: &mut Vec<Fault>) -> Option<T> {
    from(node, &Path::Root, false, faults)
}

/// As [`read`], of a node that stands at `at` and in which `null` says that there is no
/// value: it does in what goes out, and does not in rule files.
pub(crate) fn read_answer<T: DeserializeOwned>(
    node: &Node<'_>,
    at: &Path<'_>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    from(node, at, true, faults)
}

fn from<T: DeserializeOwned>(
    node: &Node<'_>,
    at: &Path<'_>,
    nulls: bool,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let found = RefCell::new(Vec::new());
    duplicates(node, &at.pointer(), &mut found.borrow_mut());
    let value = T::deserialize(Reader {
        node,
        at,
        nulls,
        found: &found,
    });
    faults.append(&mut found.into_inner());
    value.ok()
}

/// What is said of a key that stands twice in one object.
pub(crate) const TWICE: &str = "this key stands more than once";

/// A part of a file that fails by itself: `None` where it had a fault, which is
/// then in the list of faults.
#[derive(Debug, Clone)]
pub(crate) struct Piece<T>(pub(crate) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Piece<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The reader has noted the fault already.
        Ok(Self(T::deserialize(deserializer).ok()))
    }
}

fn duplicates(node: &Node<'_>, at: &str, faults: &mut Vec<Fault>) {
    match node {
        Node::List(list) => {
            for (i, inner) in list.iter().enumerate() {
                duplicates(inner, &index(at, i), faults);
            }
        }
        Node::Object(members) => {
            let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
            keys.sort_unstable();
            for pair in keys.windows(2) {
                if let [a, b] = pair
                    && a == b
                {
                    faults.push(Fault {
                        at: child(at, a),
                        message: TWICE.to_owned(),
                    });
                }
            }
            for (key, inner) in members {
                duplicates(inner, &child(at, key), faults);
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy)]
struct Reader<'r, 'n> {
    node: &'r Node<'n>,
    at: &'r Path<'r>,
    /// Whether `null` stands for no value.
    nulls: bool,
    found: &'r RefCell<Vec<Fault>>,
}

/// A fault on its way out; `noted` once it is in the list.
#[derive(Debug)]
struct Error {
    message: String,
    noted: bool,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // What it repeats of the text must not steer a terminal.
        let harmless = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
        Self {
            message: message.to_string().chars().map(harmless).collect(),
            noted: false,
        }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("field", field, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("variant", variant, expected)
    }
}

impl Error {
    /// In the words of serde, without a key that is too long to be repeated.
    fn unknown(what: &str, found: &str, expected: &[&str]) -> Self {
        let expected = match expected {
            [] => format!("there are no {what}s"),
            [one] => format!("expected `{one}`"),
            [one, other] => format!("expected `{one}` or `{other}`"),
            all => format!("expected one of `{}`", all.join("`, `")),
        };
        de::Error::custom(format!("unknown {what} `{}`, {expected}", printable(found)))
    }
}

impl Reader<'_, '_> {
    /// Notes the fault of `result` at this node, unless it was noted further in.
    fn note<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| {
            if !error.noted {
                self.found.borrow_mut().push(Fault {
                    at: self.at.pointer(),
                    message: error.message.clone(),
                });
            }
            Error {
                noted: true,
                ..error
            }
        })
    }
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Int(value) => visitor.visit_i64(*value),
            Node::NotWhole => Err(de::Error::custom(
                "expected a whole number within 64 bits, found another number",
            )),
            Node::Text(text) => visitor.visit_str(text),
            Node::List(list) => visitor.visit_seq(List {
                of: self,
                list,
                next: 0,
            }),
            Node::Object(members) => visitor.visit_map(Members {
                of: self,
                members,
                next: 0,
            }),
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Null if self.nulls => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (tag, content) = match self.node {
            Node::Text(text) => (text.as_ref(), None),
            Node::Object(members) => match members.as_slice() {
                [(key, value)] => (key.as_ref(), Some(value)),
                _ => {
                    return self.note(Err(de::Error::custom(format_args!(
                        "expected an object of one key, one of {}",
                        variants.join(", ")
                    ))));
                }
            },
            _ => {
                return self.note(Err(de::Error::custom(format_args!(
                    "expected one of {}",
                    variants.join(", ")
                ))));
            }
        };
        self.note(visitor.visit_enum(Variant {
            of: self,
            tag,
            content,
        }))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct List<'r, 'n> {
    of: Reader<'r, 'n>,
    list: &'r [Node<'n>],
    next: usize,
}

impl<'de> SeqAccess<'de> for List<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.list.get(self.next) else {
            return Ok(None);
        };
        let at = Path::Index(self.of.at, self.next);
        self.next += 1;
        seed.deserialize(Reader {
            node,
            at: &at,
            ..self.of
        })
        .map(Some)
    }
}

struct Members<'r, 'n> {
    of: Reader<'r, 'n>,
    members: &'r [(std::borrow::Cow<'n, str>, Node<'n>)],
    next: usize,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, _)) = self.members.get(self.next) else {
            return Ok(None);
        };
        let key: StrDeserializer<'_, Error> = key.as_ref().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some((key, node)) = self.members.get(self.next) else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        self.next += 1;
        let at = Path::Key(self.of.at, key);
        seed.deserialize(Reader {
            node,
            at: &at,
            ..self.of
        })
    }
}

struct Variant<'r, 'n> {
    of: Reader<'r, 'n>,
    tag: &'r str,
    content: Option<&'r Node<'n>>,
}

impl<'de, 'r, 'n> EnumAccess<'de> for Variant<'r, 'n> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let tag: StrDeserializer<'_, Error> = self.tag.into_deserializer();
        Ok((seed.deserialize(tag)?, self))
    }
}

impl Variant<'_, '_> {
    fn content<T>(self, then: impl FnOnce(Reader<'_, '_>) -> Result<T, Error>) -> Result<T, Error> {
        let Some(node) = self.content else {
            return Err(de::Error::custom(format_args!(
                "expected {{\"{}\": …}}, found the word alone",
                self.tag
            )));
        };
        let at = Path::Key(self.of.at, self.tag);
        then(Reader {
            node,
            at: &at,
            ..self.of
        })
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(de::Error::custom(format_args!(
                "expected the word \"{}\" alone",
                self.tag
            ))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.content(|reader| seed.deserialize(reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.content(|reader| reader.deserialize_any(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.content(|reader| reader.deserialize_any(visitor))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[allow(dead_code)]
        id: String,
        rows: Vec<Piece<Row>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[allow(dead_code)]
        from: u8,
        #[allow(dead_code)]
        kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        #[allow(dead_code)]
        Sum(Vec<u8>),
    }

    #[test]
    fn every_piece_reports_its_own_fault() {
        let text = r#"{"id":"x","rows":[
            {"from":300,"kind":"plain"},
            {"from":1,"kind":{"sum":[1,"2"]}},
            {"from":1,"kind":"other"},
            {"from":1,"from":2,"kind":"plain"},
            {"from":1,"kind":{"sum":[1,2]}}]}"#;
        let node = parse(text, 8).unwrap_or(Node::Null);
        let mut faults = Vec::new();
        let file: Option<File> = read(&node, &mut faults);
        let kept = file.map(|file| file.rows.iter().filter(|row| row.0.is_some()).count());
        assert_eq!(kept, Some(1));
        let at: Vec<&str> = faults.iter().map(|fault| fault.at.as_str()).collect();
        assert!(at.contains(&"/rows/0/from"), "{faults:?}");
        assert!(at.contains(&"/rows/1/kind/sum/1"), "{faults:?}");
        assert!(at.contains(&"/rows/2/kind"), "{faults:?}");
        assert!(at.contains(&"/rows/3/from"), "{faults:?}");
    }
}
