//! A rulebook as one file, for the archive: what a record's digest names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Diagnostic, DiagnosticKind, Rulebook, RulebookError};

/// The file, fields in canonical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    /// What was added to the first files, in order: it has a place of its own, since
    /// the order of the rules follows from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    added: Vec<BTreeMap<String, String>>,
    digest: String,
    /// Path → text.
    files: BTreeMap<String, String>,
    version: String,
}

impl Rulebook {
    /// The whole rulebook as one JSON text: version, digest, and the text of every file
    /// by its path. [`Rulebook::from_export`] reads it back.
    #[must_use]
    pub fn export(&self) -> String {
        let mut layers = self.inner.layers.iter().map(|layer| {
            let files = layer.iter().cloned();
            files.collect::<BTreeMap<_, _>>()
        });
        let export = Export {
            files: layers.next().unwrap_or_default(),
            added: layers.collect(),
            digest: self.digest().to_owned(),
            version: self.version().to_owned(),
        };
        crate::json::to_json(&export)
    }

    /// The rulebook of an exported text. Its files are loaded and proved as any others,
    /// and their digest must be the one that the text names.
    ///
    /// # Errors
    ///
    /// When the text is no export, its rules do not hold together, or their digest or
    /// version is another than it says.
    pub fn from_export(text: &str) -> Result<Self, RulebookError> {
        let fault = |message: String| RulebookError {
            diagnostics: vec![Diagnostic {
                file: String::new(),
                at: String::new(),
                kind: DiagnosticKind::Shape,
                message,
            }],
        };
        let export: Export = serde_json::from_str(text)
            // What the reader says may repeat the text, and be as long.
            .map_err(|error| {
                let (line, column) = (error.line(), error.column());
                let place = format!("line {line}, column {column}");
                fault(format!(
                    "expected an exported rulebook; found another text at {place}"
                ))
            })?;
        let layers = std::iter::once(export.files).chain(export.added);
        let layers = layers.map(|layer| layer.into_iter().collect()).collect();
        let rulebook = Self::from_layers(layers)?;
        if rulebook.digest() != export.digest || rulebook.version() != export.version {
            return Err(fault(format!(
                "expected the rulebook that the file names, {} {}; its files are {} {}",
                export.version.escape_debug(),
                export.digest.escape_debug(),
                rulebook.version(),
                rulebook.digest()
            )));
        }
        Ok(rulebook)
    }
}
