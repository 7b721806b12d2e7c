//! A service that links the crate: one case a line in, one answer a line out.
//!
//! ```sh
//! printf '%s\n' '{"case_id":"a-1","as_of":"2026-06-30","assessments":[]}' |
//!     cargo run -q -p nengli --example service
//! ```
//!
//! A real one would sit behind a queue or an HTTP server; what it does with each
//! request is the same.

use std::io::{self, BufRead, Write};

use nengli::Rulebook;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Once: loading proves the rules. It is cheap to clone into every worker.
    let rulebook = Rulebook::builtin()?;
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        // Whatever the text is, the answer is a determination or a rejection.
        writeln!(out, "{}", rulebook.assess_json(&line?))?;
    }
    Ok(())
}
