//! In which file a definition stands, and where in it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The files of definitions, by kind and id.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    files: BTreeMap<(String, String), String>,
    /// Place of each fact: file, and position in its list.
    facts: BTreeMap<String, (String, usize)>,
    /// Steps that a supplement brings, by instrument and step: file, and position in its
    /// list; none for the step that it gives the rule of.
    supplied: BTreeMap<(String, String), (String, Option<usize>)>,
}

/// What of a file says which it is.
#[derive(Deserialize)]
struct Head {
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    facts: Vec<Named>,
    #[serde(default)]
    instrument: String,
    #[serde(default)]
    step: String,
    #[serde(default)]
    steps: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Sources {
    /// Of files that a rulebook was made of.
    pub(super) fn of<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> Self {
        let mut out = Self::default();
        for (path, text) in files {
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
            let Ok(head) = serde_json::from_str::<Head>(text) else {
                continue;
            };
            if head.kind == "supplement" {
                let key = |step: String| (head.instrument.clone(), step);
                for (i, step) in head.steps.into_iter().enumerate() {
                    out.supplied
                        .insert(key(step.id), (path.to_owned(), Some(i)));
                }
                out.supplied.insert(key(head.step), (path.to_owned(), None));
                continue;
            }
            for (i, fact) in head.facts.into_iter().enumerate() {
                out.facts.insert(fact.id, (path.to_owned(), i));
            }
            out.files.insert((head.kind, head.id), path.to_owned());
        }
        out
    }

    /// The file of a definition.
    pub(crate) fn file(&self, kind: &str, id: &str) -> &str {
        self.files
            .get(&(kind.to_owned(), id.to_owned()))
            .map_or("", String::as_str)
    }

    /// The file and position of a fact.
    pub(crate) fn fact(&self, id: &str) -> (&str, usize) {
        self.facts
            .get(id)
            .map_or(("", 0), |(file, position)| (file, *position))
    }

    /// The file of a step that a supplement brings, and its position there.
    pub(crate) fn supplied(&self, instrument: &str, step: &str) -> Option<(&str, Option<usize>)> {
        let key = (instrument.to_owned(), step.to_owned());
        let (file, position) = self.supplied.get(&key)?;
        Some((file, *position))
    }
}
