//! Files that are made from something else and checked in: they must be what is made now.
//! `NENGLI_BLESS=1` writes them anew.

#![allow(dead_code, unreachable_pub)]

use std::path::Path;
use std::{env, fs};

/// The file must read `text`; blessing writes it.
pub fn must_be(path: &Path, text: &str) -> Result<(), String> {
    if env::var_os("NENGLI_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        return Ok(());
    }
    match fs::read_to_string(path) {
        Ok(found) if found == text => Ok(()),
        Ok(_) => Err(format!("{} is stale", path.display())),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// A folder holds these files, by name, and no others.
pub fn folder_must_be<'t>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'t String, &'t String)>,
) {
    let mut known = Vec::new();
    let mut faults = Vec::new();
    for (name, text) in files {
        faults.extend(must_be(&folder.join(name), text).err());
        known.push(name);
    }
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !known.contains(&&name) {
            faults.push(format!("{}/{name} is of nothing", folder.display()));
        }
    }
    assert!(
        faults.is_empty(),
        "{faults:#?}\nNENGLI_BLESS=1 writes them anew: read them"
    );
}
