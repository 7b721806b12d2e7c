//! The mutants that `cargo mutants` lists, and the seeded sample of them.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Another seed takes another sample.
const SEED: &str = "nengli 2026";

/// A place in a file: line and column, from 1, the column in characters.
pub(crate) type Place = (usize, usize);

/// One mutant.
pub(crate) struct Mutant {
    pub(crate) name: String,
    pub(crate) file: String,
    /// What is replaced.
    pub(crate) span: (Place, Place),
    pub(crate) replacement: String,
    /// The function it stands in.
    pub(crate) function: Option<(Place, Place)>,
    /// Whether the whole body is replaced.
    pub(crate) whole: bool,
}

/// Every mutant of the core that `.cargo/mutants.toml` asks for.
pub(crate) fn all(project: &Path) -> Result<Vec<Mutant>, String> {
    let output = Command::new("cargo")
        .args(["mutants", "--list", "--json", "-p", "nengli"])
        .current_dir(project)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let list: Vec<Value> =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    list.iter()
        .map(|mutant| read(mutant).ok_or(format!("not as expected: {mutant}")))
        .collect()
}

fn read(mutant: &Value) -> Option<Mutant> {
    let text = |key: &str| Some(mutant.get(key)?.as_str()?.to_owned());
    Some(Mutant {
        name: text("name")?,
        file: text("file")?,
        span: span(mutant.get("span")?)?,
        replacement: text("replacement")?,
        function: mutant.pointer("/function/span").and_then(span),
        whole: mutant.get("genre")? == "FnValue",
    })
}

fn span(span: &Value) -> Option<(Place, Place)> {
    let place = |end: &str| {
        let number = |key: &str| usize::try_from(span.get(end)?.get(key)?.as_u64()?).ok();
        Some((number("line")?, number("column")?))
    };
    Some((place("start")?, place("end")?))
}

/// The first `count` in the order of SHA-256 over the seed and the name.
pub(crate) fn sample(mut all: Vec<Mutant>, count: usize) -> Vec<Mutant> {
    all.sort_by_cached_key(|mutant| {
        Sha256::digest(format!("{SEED}\n{}", mutant.name).as_bytes()).to_vec()
    });
    all.truncate(count);
    all
}

/// Those whose name is a line of `names`.
pub(crate) fn named(all: Vec<Mutant>, names: &str) -> Vec<Mutant> {
    let names: HashSet<_> = names.lines().collect();
    all.into_iter()
        .filter(|mutant| names.contains(mutant.name.as_str()))
        .collect()
}
