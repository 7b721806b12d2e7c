//! The core-only suite of the mutants: the test files of the core in one program, so that
//! one link is enough for each mutant, and what is quick and finds most comes first.
//!
//! It runs for mutants alone (`docs/mutants.md`), with one thread and so in the order of
//! the names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::duplicate_mod,
    missing_docs
)]

mod a0_first {
    /// A mutant is caught by one failure: the tests that follow would say no more.
    #[test]
    fn a_failure_ends_the_run() {
        std::panic::set_hook(Box::new(|failure| {
            eprintln!("{failure}");
            std::process::exit(101);
        }));
    }
}

#[path = "../cases.rs"]
mod a_cases;
#[path = "../made_up_place.rs"]
mod a_made_up_place;
#[path = "../mistakes.rs"]
mod a_mistakes;
#[path = "../reports.rs"]
mod a_reports;
#[path = "../succession.rs"]
mod a_succession;
#[path = "../broken_programmes.rs"]
mod b_broken_programmes;
#[path = "../columns.rs"]
mod b_columns;
#[path = "../exhaustive.rs"]
mod b_exhaustive;
#[path = "../fuzz_replay.rs"]
mod b_fuzz_replay;
#[path = "../generated.rs"]
mod b_generated;
#[path = "../properties.rs"]
mod b_properties;
#[path = "../rights.rs"]
mod b_rights;
#[path = "../words.rs"]
mod b_words;
#[path = "../broken_rules.rs"]
mod c_broken_rules;
#[path = "../hostile.rs"]
mod c_hostile;
#[path = "../impact.rs"]
mod c_impact;
#[path = "../instruments.rs"]
mod c_instruments;
#[path = "../national.rs"]
mod c_national;
#[path = "../rejections.rs"]
mod c_rejections;
#[path = "../audit.rs"]
mod d_audit;
#[path = "../inquiry.rs"]
mod d_inquiry;
#[path = "../layers.rs"]
mod d_layers;
#[path = "../model_agrees.rs"]
mod d_model_agrees;
#[path = "../records.rs"]
mod d_records;
#[path = "../rights_agree.rs"]
mod d_rights_agree;
#[path = "../rule_coverage.rs"]
mod d_rule_coverage;
