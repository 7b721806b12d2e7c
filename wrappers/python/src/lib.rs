//! The native half of the Python package `nengli`.
//!
//! What a Python program sees stands in `python/nengli/`; this module is what it is made
//! from, and is private to it. Nothing here decides: every answer is the core's, byte for
//! byte. There is no `unsafe`: PyO3 and `arrow-pyarrow` keep both borders.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod batch;
mod errors;
mod rules;
mod value;

use pyo3::prelude::*;

/// The native module `nengli._nengli`.
#[pymodule(gil_used = false)]
mod _nengli {
    #[pymodule_export]
    use crate::batch::assess_stream;
    #[pymodule_export]
    use crate::rules::Rules;

    /// Version of the engine.
    #[pymodule_export]
    const ENGINE: &str = nengli::VERSION;
}
