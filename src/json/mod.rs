//! JSON text as a tree that keeps what the decision must see: duplicate keys,
//! numbers that are not whole, `null`.
//!
//! Both doors use it: cases ([`crate::case`]) and rule files ([`typed`]).

mod pointer;
mod tree;
mod typed;

pub(crate) use pointer::{Path, child, printable};
pub(crate) use tree::{Node, Unreadable, parse};
pub(crate) use typed::{Piece, read};
