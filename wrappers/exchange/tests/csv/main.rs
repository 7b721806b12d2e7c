//! Sheets: out and in again, what people and spreadsheets do to them, and what they say.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../../../../tests/common/mod.rs"]
mod common;

mod encoding;
mod made;
mod refusals;
mod round_trip;
mod template;
