//! A county adds its own service list, and has it compared with what stands above it.
//!
//! `cargo run --example own_county` takes `examples/county`, which gives more than the
//! lists above; with `examples/county-broken` as an argument it shows a list that leaves
//! somebody out.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::{env, fs};

use nengli::entitlement::Verdict;
use nengli::{Answer, Case, Rulebook, date};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let folder = env::args().nth(1);
    let folder = folder.as_deref().unwrap_or("examples/county");
    let list = fs::read_to_string(Path::new(folder).join("list.json"))?;
    let rulebook = Rulebook::builtin()?.with_files([("list.json", list)])?;

    // Neither who is covered nor what is given may fall below the lists above.
    for proof in rulebook.compare_layers() {
        if proof.verdict == Verdict::Breach {
            writeln!(
                out,
                "breach: {} against {}: {} {:?}",
                proof.programme, proof.above, proof.message, proof.person
            )?;
        }
    }

    // Seventy-six, alone: the county's allowance begins at 75, the nation's at 80.
    let mut case = Case::new("a-1", date(2026, 6, 30));
    case.jurisdiction = Some("370999".to_owned());
    case.facts = Some(
        [
            ("birth_date".to_owned(), Answer::from("1950-01-15")),
            ("lives_alone".to_owned(), Answer::from(true)),
        ]
        .into(),
    );
    let determination = rulebook.assess(&case)?;
    for right in determination.entitlements.iter().flatten() {
        if right.layer == "370999" {
            writeln!(out, "{}: {}", right.programme, right.status.as_str())?;
        }
    }
    Ok(())
}
