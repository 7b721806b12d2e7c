#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod case;
pub mod condition;
pub mod determination;
pub mod explain;
pub mod instrument;
pub mod rulebook;
#[cfg(feature = "schemars")]
pub mod schema;

mod assess;
mod date;
mod entitlement;
mod json;
mod words;

pub use assess::Options;
pub use case::{Answer, Assessment, Case, Problem, ProblemKind, Rejection};
pub use determination::Determination;
pub use instrument::{Instrument, Score};
pub use jiff::civil::{Date, date};
pub use rulebook::Rulebook;
pub use words::{Lang, Words};

/// Version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
