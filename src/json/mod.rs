//! JSON text as a tree that keeps what the decision must see: duplicate keys,
//! numbers that are not whole, `null`.
//!
//! Every door uses it: cases ([`crate::case`]), records ([`crate::record`]) and rule
//! files ([`typed`]).

mod canonical;
mod pointer;
mod tree;
mod typed;
mod write;

pub(crate) use canonical::{SAFE, to_json, write_canonical};
pub(crate) use pointer::{Path, child, index, is_plain, printable};
pub(crate) use tree::{Node, Unreadable, parse};
pub(crate) use typed::{Piece, TWICE, read, read_answer};
pub(crate) use write::{Canonical, by_serde, end_object, objects, words, written};
