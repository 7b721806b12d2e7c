//! nengli for C, WebAssembly and whatever can call them: text in, text out.
//!
//! [`call()`] is the whole of it, in safe Rust. Round it stands the border: five functions
//! with pointers and lengths, built as a shared library and as a WebAssembly module. How
//! to link and to call them: `docs/embedding.md`.
//!
//! Nothing panics across the border, nothing is read that the caller did not hand over,
//! and a null pointer, a text that is not UTF-8 or one that is too long gets an answer
//! that says so.

#![warn(missing_docs)]
#![deny(unsafe_op_in_unsafe_fn)]

mod border;
mod call;
mod rules;

pub use border::{NENGLI_MAX_TEXT, nengli_alloc, nengli_call, nengli_free, nengli_release};
pub use call::{CALLS, call, refusal};
