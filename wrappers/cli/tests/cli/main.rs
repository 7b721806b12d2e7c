//! The command line as people and scripts meet it: the program is run, and what
//! it prints, where it prints it and how it ends is checked.
//!
//! Every run has an empty environment and a limit of time. What a case comes to
//! is not decided here again: it is compared with the library, with the files
//! beside the cases and with the reference model.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../../../../tests/common/mod.rs"]
mod common;
#[path = "../../../../tests/model/mod.rs"]
mod model;
#[path = "../../../../tests/population/mod.rs"]
mod population;

mod assess;
mod audit;
mod batch;
mod cases;
mod check;
mod compare;
mod compressed;
mod coverage;
mod determinism;
mod exchange;
mod faults;
mod hostile;
mod identity;
mod impact;
mod inquiry;
mod markup;
mod material;
mod memory;
mod national;
mod program;
mod replay;
mod resume;
mod rights;
mod rules;
mod schema;
mod spreadsheet;
mod terminal;
mod with;
