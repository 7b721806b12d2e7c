//! What the function API answers to every case of a folder: a line for each, with the name
//! of a call, a tab, the path from the folder, a tab, and the answer.
//!
//! ```sh
//! cargo run -q -p nengli-abi --example answers -- tests/cases
//! ```
//!
//! The test of the WebAssembly module compares with this (`wrappers/abi/tests/cases.mjs`).
//! The calls with a language are asked of each case in both.

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

use nengli::Rulebook;
use nengli::record::Record;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).ok_or("expected a folder of cases")?;
    let folder = PathBuf::from(folder);
    let mut paths = Vec::new();
    collect(&folder, &mut paths)?;
    paths.sort();

    let rulebook = Rulebook::builtin()?;
    let mut out = BufWriter::new(io::stdout().lock());
    for path in paths {
        let text = fs::read_to_string(&path)?;
        let name = path.strip_prefix(&folder)?.display();
        let mut write = |call: &str, answer: String| writeln!(out, "{call}\t{name}\t{answer}");
        if path.to_string_lossy().ends_with(".record.json") {
            let replay = rulebook.replay(&Record::from_text(&text)?);
            write("replay", serde_json::to_string(&replay)?)?;
            continue;
        }
        write("assess", rulebook.assess_json(&text))?;
        write("record", rulebook.record_json(&text))?;
        for lang in ["zh", "en"] {
            let asked = format!(r#"{{"case":{text},"lang":"{lang}"}}"#);
            for call in ["report", "why"] {
                let answer = nengli_abi::call(call, &asked);
                write(&format!("{call} {lang}"), answer)?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// The cases and records under a folder.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if name.ends_with(".case.json") || name.ends_with(".record.json") {
            paths.push(path);
        }
    }
    Ok(())
}
