//! The copy of the project, and its test programs.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use serde_json::Value;

/// An error of the compiler.
pub(crate) struct Fault {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// `src/` is copied, with `changed` files in place of some; all else is linked to.
pub(crate) fn copy(
    project: &Path,
    copy: &Path,
    changed: &BTreeMap<String, String>,
) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", copy.display());
    fs::create_dir_all(copy).map_err(failed)?;
    for entry in fs::read_dir(project).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let to = copy.join(&name);
        if ["target", ".git", "src"].iter().any(|kept| name == *kept) {
            continue;
        }
        if fs::symlink_metadata(&to).is_err() {
            symlink(entry.path(), to).map_err(failed)?;
        }
    }
    sources(project, copy, Path::new("src"), changed).map_err(failed)
}

/// Writes what differs alone, so that the compiler keeps what it knows of the rest.
fn sources(
    project: &Path,
    copy: &Path,
    folder: &Path,
    changed: &BTreeMap<String, String>,
) -> io::Result<()> {
    fs::create_dir_all(copy.join(folder))?;
    for entry in fs::read_dir(project.join(folder))? {
        let file = folder.join(entry?.file_name());
        if project.join(&file).is_dir() {
            sources(project, copy, &file, changed)?;
            continue;
        }
        let text = match changed.get(&*file.to_string_lossy()) {
            Some(text) => text.clone(),
            None => fs::read_to_string(project.join(&file))?,
        };
        if fs::read_to_string(copy.join(&file)).ok().as_ref() != Some(&text) {
            fs::write(copy.join(&file), text)?;
        }
    }
    Ok(())
}

/// The test programs of the core-only suite, or what the compiler says against them.
/// The crate alone comes first: while that fails, the tests are not tried.
pub(crate) fn programs(
    project: &Path,
    copy: &Path,
) -> Result<Result<Vec<PathBuf>, Vec<Fault>>, String> {
    let built = match cargo(project, copy, &["build", "--lib"])? {
        Ok(_) => cargo(
            project,
            copy,
            &["test", "--test", "core", "--lib", "--no-run"],
        )?,
        faults => faults,
    };
    Ok(built.map(|mut found| {
        // The suite first, the unit tests then.
        found.sort_by_key(|path| !path.to_string_lossy().contains("/core-"));
        found
    }))
}

/// The programs that a command of cargo builds, in a folder of their own: cargo would take
/// the copy for the project.
fn cargo(
    project: &Path,
    copy: &Path,
    words: &[&str],
) -> Result<Result<Vec<PathBuf>, Vec<Fault>>, String> {
    let output = Command::new("cargo")
        .args(words)
        .args(["--quiet", "-p", "nengli", "--profile", "mutants"])
        .arg("--message-format=json")
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", project.join("target/switched-target"))
        .output()
        .map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(said) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        if let Some(program) = said.get("executable").and_then(Value::as_str) {
            found.push(PathBuf::from(program));
        }
        if said.pointer("/message/level").and_then(Value::as_str) == Some("error") {
            faults.extend(places(&said));
        }
    }
    if output.status.success() {
        return Ok(Ok(found));
    }
    if faults.is_empty() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(Err(faults))
}

/// Where an error stands. The first place is believed, where there are several.
fn places(said: &Value) -> Option<Fault> {
    let spans = said.pointer("/message/spans")?.as_array()?;
    let span = spans
        .iter()
        .find(|span| span.get("is_primary") == Some(&Value::Bool(true)))?;
    Some(Fault {
        file: span.get("file_name")?.as_str()?.to_owned(),
        line: usize::try_from(span.get("line_start")?.as_u64()?).ok()?,
        message: said.pointer("/message/rendered")?.as_str()?.to_owned(),
    })
}
