//! nengli's forms, cases and results in the formats that other systems speak: HL7
//! FHIR R4 ([`fhir`]) and CSV ([`csv`]).
//!
//! Pure, as the engine is: text or values in, text or values out. Nothing here
//! decides; whatever comes in is made into a [`nengli::Case`] and checked by the
//! rulebook. What is refused comes back with every problem at once ([`Refused`]),
//! each at its place in the text that came in, and never with what was refused.
//!
//! `docs/exchange.md` says how each thing is carried and what is lost.
//!
//! ```
//! use nengli::{Case, Rulebook};
//! use nengli_exchange::fhir;
//!
//! let rulebook = Rulebook::builtin()?;
//! let case = include_str!("../../../tests/cases/gbt-42195-2022/demo.case.json");
//! let case: Case = serde_json::from_str(case)?;
//!
//! // Out as QuestionnaireResponses, and in again: the same level.
//! let bundle = fhir::responses(&case, &rulebook)?;
//! let back = fhir::read(&bundle.to_string(), &fhir::Given::default(), &rulebook)?;
//! assert_eq!(
//!     rulebook.assess(&case)?.assessments[0].level,
//!     rulebook.assess(&back)?.assessments[0].level,
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod csv;
pub mod fhir;
mod problem;

pub use problem::{Fault, FaultKind, Refused};
