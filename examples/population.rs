//! A population that does not exist, one case a line: for trying out what needs many
//! different cases.
//!
//! ```sh
//! cargo run --release --example population -- 100000 > cases.jsonl
//! ```
//!
//! `--seed N` gives another population; the same seed gives the same bytes.

use std::error::Error;
use std::io::{self, BufWriter, Write};

use nengli::Rulebook;

#[path = "../tests/population/mod.rs"]
mod population;

const USAGE: &str = "expected COUNT [--seed N], both whole numbers";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (count, seed) = match args.as_slice() {
        [count] => (count, "1"),
        [count, option, seed] if option == "--seed" => (count, seed.as_str()),
        _ => return Err(USAGE.into()),
    };
    let count: u64 = count.parse().map_err(|_| USAGE)?;
    let seed: u64 = seed.parse().map_err(|_| USAGE)?;

    let rulebook = Rulebook::builtin()?;
    let population = population::Population::new(&rulebook, seed);
    let mut out = BufWriter::new(io::stdout().lock());
    for case in population.cases(count) {
        writeln!(out, "{}", serde_json::to_string(&case)?)?;
    }
    out.flush()?;
    Ok(())
}
