//! Cases as a sheet, for those who collect in a spreadsheet.
//!
//! One sheet is of one instrument, and one row is one case with one assessment. The
//! first row has the codes, which are stable; the second what they are called, the third
//! what is allowed. A row whose `case_id` begins with [`NAMES`] or [`ALLOWED`] is a note
//! for people and is not read, but for the instrument that the row of names says.
//!
//! What is empty was not asked. What a sheet does not carry is refused or named
//! ([`Options::lossy`]); `docs/exchange-csv.md` says all of it.
//!
//! ```
//! use nengli::Rulebook;
//! use nengli_exchange::csv;
//!
//! let rulebook = Rulebook::builtin()?;
//! let sheet = "case_id,as_of,date,1,2,3,4,5,6\n\
//!              a-1,2026-06-30,2026-06-20,yes,yes,no,no,,yes\n";
//! let cases = csv::read(sheet.as_bytes(), Some("tekun-self-care"), &rulebook)?;
//! assert_eq!(cases[0].assessments[0].answers["3"], false.into());
//! assert!(!cases[0].assessments[0].answers.contains_key("5")); // not asked, and not "no"
//!
//! // Out, and in again: the same case.
//! let out = csv::write(&cases, "tekun-self-care", &rulebook, &csv::Options::default())?;
//! assert_eq!(csv::read(out.text.as_bytes(), None, &rulebook)?, cases);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cell;
mod column;
mod read;
mod row;
mod shape;
mod table;
mod words;
mod write;

pub use cell::Cell;
pub use read::read;
pub use table::MAX_SHEET;
pub use write::{Options, Sheet, template, write};

/// Begins the `case_id` of the row of names; the id of the instrument comes after it.
pub const NAMES: &str = "#names";

/// Begins the `case_id` of the row that says what is allowed.
pub const ALLOWED: &str = "#allowed";
