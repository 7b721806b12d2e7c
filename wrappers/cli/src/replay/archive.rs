//! Under which rules a record is decided.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nengli::{Record, Rulebook};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::files::{self, Failure};

/// The rulebook in use, and those of the archive.
pub(super) struct Rulebooks {
    pub(super) in_use: Rulebook,
    pub(super) archive: Option<Arc<Archive>>,
}

impl Rulebooks {
    /// The same for a thread of its own.
    pub(super) fn apart(&self) -> Self {
        Self {
            in_use: self.in_use.apart(),
            archive: self.archive.clone(),
        }
    }

    /// The rulebook that a record names, where it is at hand; else the one in use.
    pub(super) fn of(&self, record: &Record) -> Result<Rulebook, Failure> {
        let digest = &record.determination().rulebook.digest;
        if digest == self.in_use.digest() {
            return Ok(self.in_use.clone());
        }
        let archived = match &self.archive {
            Some(archive) => archive.get(digest)?,
            None => None,
        };
        Ok(archived.unwrap_or_else(|| self.in_use.clone()))
    }
}

/// A folder of exported rulebooks. Each is loaded when a record first names it.
pub(super) struct Archive {
    /// By the digest that the file claims.
    files: BTreeMap<String, PathBuf>,
    loaded: Mutex<BTreeMap<String, Rulebook>>,
}

/// What an export says of itself.
#[derive(Deserialize)]
struct Claim {
    digest: String,
    #[serde(rename = "files")]
    _files: IgnoredAny,
}

impl Archive {
    pub(super) fn open(dir: &Path) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(|error| Failure::file(dir, error))? {
            let path = entry.map_err(|error| Failure::file(dir, error))?.path();
            if path.extension().is_some_and(|end| end == "json") && path.is_file() {
                paths.push(path);
            }
        }
        paths.sort();
        let mut files = BTreeMap::new();
        for path in paths {
            let text = files::text(&path, files::MAX_EXPORT)?;
            let claim: Claim = serde_json::from_str(&text).map_err(|_| {
                Failure::file(
                    &path,
                    "expected a rulebook written by `nengli rules --export`",
                )
            })?;
            files.insert(claim.digest, path);
        }
        if files.is_empty() {
            return Err(Failure::file(
                dir,
                "expected rulebooks written by `nengli rules --export` (*.json), found none",
            ));
        }
        Ok(Self {
            files,
            loaded: Mutex::default(),
        })
    }

    /// The rulebook of this digest, if there is one; its files must have that digest.
    fn get(&self, digest: &str) -> Result<Option<Rulebook>, Failure> {
        let Some(path) = self.files.get(digest) else {
            return Ok(None);
        };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rulebook) = loaded.get(digest) {
            return Ok(Some(rulebook.clone()));
        }
        let text = files::text(path, files::MAX_EXPORT)?;
        let rulebook = Rulebook::from_export(&text).map_err(|error| {
            let first = error.diagnostics.first();
            Failure::file(path, first.map_or("", |fault| fault.message.as_str()))
        })?;
        if rulebook.digest() != digest {
            return Err(Failure::file(
                path,
                "expected the rulebook that it named before",
            ));
        }
        loaded.insert(digest.to_owned(), rulebook.clone());
        Ok(Some(rulebook))
    }
}
