//! Ability assessment of older adults by China's national standards, and what it
//! opens: from answers to a level, to rights, to who pays what, and the clause behind
//! every step.
//!
//! # The promise
//!
//! `Determination = f(Rulebook, Case)`. A pure function: no clock, no environment,
//! no randomness, no floating point. The same case under the same rulebook gives
//! the same bytes, on every platform, today and when an auditor replays it in ten
//! years. What was not asked is neither false nor zero: it leaves a level or a right
//! open, and the determination says what is missing and what is still possible.
//!
//! # An example
//!
//! ```
//! use nengli::{Rulebook, explain, Lang};
//!
//! let rulebook = Rulebook::builtin()?;
//! let case = include_str!("../tests/cases/gbt-42195-2022/demo.case.json");
//! let determination = rulebook.assess_text(case, nengli::Options::default())?;
//!
//! let result = &determination.assessments[0];
//! assert_eq!(result.scores["total"], 69);
//! assert_eq!(result.preliminary.as_ref().map(|level| level.key.as_str()), Some("mild"));
//! assert_eq!(result.level.as_ref().map(|level| level.key.as_str()), Some("moderate"));
//!
//! // Every rule of the level change is listed, with the answers it rests on.
//! let diagnosis = &result.changes[1];
//! assert!(diagnosis.applied);
//! assert_eq!(diagnosis.grounds, ["A.4.1"]);
//!
//! // In words, for people.
//! let report = explain::report(&determination, &rulebook, Lang::En);
//! assert_eq!(report.assessments[0].level, "moderate dependency");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With a place, rights and who pays each cost:
//!
//! ```
//! use nengli::determination::Status;
//! use nengli::{Options, Rulebook};
//!
//! let rulebook = Rulebook::builtin()?;
//! let case = include_str!("../tests/cases/rights/heping.case.json");
//! let determination = rulebook.assess_text(case, Options::default())?;
//!
//! let rights = determination.entitlements.unwrap_or_default();
//! let insurance = rights.iter().find(|right| right.programme == "ltci");
//! let insurance = insurance.ok_or("no insurance")?;
//! assert_eq!(insurance.status, Status::Entitled);
//! assert_eq!(insurance.rule, "120000/ltci"); // the layer that decided
//!
//! // Of 2,000 yuan the insurance pays 1,500, the voucher half of what is left.
//! let payments = determination.payments.unwrap_or_default();
//! let fen: Vec<Option<i64>> = payments[0].payers.iter().map(|payer| payer.fen).collect();
//! assert_eq!(fen, [Some(150_000), Some(25_000), Some(25_000)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Text in, text out, for wrappers: [`Rulebook::assess_json`]. Scores in, level
//! out, without allocation: [`Instrument::level`].
//!
//! # The way through the crate
//!
//! One street, each room using only those before it:
//!
//! - [`case`]: what comes in, checked; a refusal lists every problem at once.
//! - [`instrument`]: answers to scores to a level, by the steps of a rule file.
//! - [`entitlement`]: levels and facts to rights, by the layers of a place; who pays
//!   what; layers compared with those above them.
//! - [`determination`]: what goes out.
//! - [`record`]: a case and its determination under a seal; replay.
//! - [`compare`]: two results of one person, side by side.
//! - [`rulebook`]: the law as dated, cited data; loaded and proved.
//! - [`condition`]: the three-valued conditions that rule files are written in.
//! - [`explain`]: words in Chinese and English, made from a determination.
//! - [`inquiry`]: how far other results are, which answers carry one, what would settle it.
//! - `schema` (feature `schemars`): JSON Schemas of all of it.
//!
//! # What it does not decide
//!
//! - Amounts that a place sets: they are null, *set locally*, and so is a payment
//!   that hangs on one. Nor whether a place grants what its text leaves to it.
//! - One scale from another: no level is converted. Long-term care insurance asks its
//!   own assessment, never a GB/T 42195 level.
//! - How benefits are coordinated (衔接) where the text only says that they must be:
//!   that is a finding.
//! - Applications, proofs and appeals: it says what the rules give, not what was
//!   granted.
//! - Who a person is: a case has a pseudonym and nothing that identifies.
//! - What a standard leaves open: an ambiguity has a name, a default and its other
//!   reading in the result ([`determination::Alternative`]).
//! - A level while an item is missing, even where only one is possible.
//!
//! # Features
//!
//! `schemars` (on by default) adds the module `schema`. Without it the crate only
//! decides, and leaves `schemars` out of the build.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod audit;
pub mod care_level;
pub mod case;
pub mod compare;
pub mod condition;
pub mod coverage;
pub mod crosscheck;
pub mod determination;
pub mod entitlement;
pub mod explain;
pub mod inquiry;
pub mod instrument;
pub mod record;
pub mod rulebook;
#[cfg(feature = "schemars")]
pub mod schema;

mod assess;
mod date;
mod json;
mod sorted;
mod text;
mod words;

pub use assess::Options;
pub use case::{Answer, Assessment, Case, Problem, ProblemKind, Rejection};
pub use compare::Succession;
pub use coverage::Coverage;
pub use determination::Determination;
pub use instrument::{Instrument, Score};
pub use jiff::civil::{Date, date};
pub use record::{Record, Replay};
pub use rulebook::Rulebook;
pub use text::Text;
pub use words::{Lang, Words};

/// The long pages, so that they are read where the types are and cannot rot.
#[cfg(doc)]
pub mod _documentation {
    #[doc = include_str!("../README.md")]
    pub mod readme {}
    #[doc = include_str!("../docs/contract.md")]
    pub mod contract {}
    #[doc = include_str!("../docs/rule-files.md")]
    pub mod rule_files {}
    #[doc = include_str!("../docs/adding.md")]
    pub mod adding {}
    #[doc = include_str!("../docs/limits.md")]
    pub mod limits {}
    #[doc = include_str!("../docs/mistakes.md")]
    pub mod mistakes {}
    #[doc = include_str!("../docs/evidence.md")]
    pub mod evidence {}
    #[doc = include_str!("../docs/auditors.md")]
    pub mod auditors {}
    #[doc = include_str!("../docs/questions.md")]
    pub mod questions {}
    #[doc = include_str!("../docs/audit.md")]
    pub mod audit {}
    #[doc = include_str!("../docs/comparing-results.md")]
    pub mod comparing_results {}
    #[doc = include_str!("../docs/impact.md")]
    pub mod impact {}
    #[doc = include_str!("../docs/page.md")]
    pub mod page {}
    #[doc = include_str!("../docs/places.md")]
    pub mod places {}
    #[doc = include_str!("../docs/coverage.md")]
    pub mod coverage {}
    #[doc = include_str!("../docs/rule-coverage.md")]
    pub mod rule_coverage {}
    #[doc = include_str!("../docs/dead-cells.md")]
    pub mod dead_cells {}
    #[doc = include_str!("../docs/speed.md")]
    pub mod speed {}
    #[doc = include_str!("../docs/exchange.md")]
    pub mod exchange {}
    #[doc = include_str!("../docs/exchange-csv.md")]
    pub mod exchange_csv {}
    #[doc = include_str!("../docs/embedding.md")]
    pub mod embedding {}
    #[doc = include_str!("../docs/python.md")]
    pub mod python {}
    #[doc = include_str!("../docs/mutants.md")]
    pub mod mutants {}
    #[doc = include_str!("../docs/verification.md")]
    pub mod verification {}
    #[doc = include_str!("../docs/dependencies.md")]
    pub mod dependencies {}
    #[doc = include_str!("../CHANGELOG.md")]
    pub mod changelog {}
}

/// Version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
