//! A rulebook, and what can be asked of it.

use nengli::record::Record;
use nengli::{Lang, Options, Rejection, Rulebook, explain};
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::json;

use crate::errors;
use crate::value;

/// The rules of one version. `nengli.Rulebook` holds one.
///
/// Methods named `…_json` take and give text, and refuse in text; the others take Python
/// objects, give JSON text, and raise. All leave other Python threads running while they
/// decide.
#[pyclass(frozen, module = "nengli._nengli")]
pub(crate) struct Rules {
    pub(crate) rulebook: Rulebook,
}

#[pymethods]
impl Rules {
    /// The rulebook of the engine.
    #[staticmethod]
    fn builtin(py: Python<'_>) -> PyResult<Self> {
        Self::made(py, Rulebook::builtin)
    }

    /// A rulebook of pairs of path and text.
    #[staticmethod]
    fn from_files(py: Python<'_>, files: Vec<(String, String)>) -> PyResult<Self> {
        Self::made(py, || Rulebook::from_files(files))
    }

    /// A rulebook of an exported text.
    #[staticmethod]
    fn from_export(py: Python<'_>, text: &str) -> PyResult<Self> {
        Self::made(py, || Rulebook::from_export(text))
    }

    /// This rulebook with further files.
    fn with_files(&self, py: Python<'_>, files: Vec<(String, String)>) -> PyResult<Self> {
        Self::made(py, || self.rulebook.with_files(files))
    }

    /// The whole rulebook as one text.
    fn export(&self, py: Python<'_>) -> String {
        py.detach(|| self.rulebook.export())
    }

    /// Paths of the files, sorted.
    fn paths(&self) -> Vec<&str> {
        self.rulebook.files().map(|(path, _)| path).collect()
    }

    #[getter]
    fn version(&self) -> &str {
        self.rulebook.version()
    }

    #[getter]
    fn digest(&self) -> &str {
        self.rulebook.digest()
    }

    #[getter]
    fn instruments(&self) -> Vec<&str> {
        self.rulebook.instruments().map(|one| one.id()).collect()
    }

    /// What the columns of a batch are: JSON, or none for an instrument that is not there.
    fn columns(&self, instrument: &str) -> PyResult<Option<String>> {
        let instrument = self.rulebook.instrument(instrument);
        let columns = instrument.map(|instrument| {
            let items = instrument.items().map(|item| {
                let options = item.options.iter().enumerate().map(|(place, option)| {
                    // As a case may answer it.
                    let answer = match (option.score, option.flag, &option.key) {
                        (Some(score), _, _) => json!(score),
                        (_, Some(flag), _) => json!(flag),
                        (_, _, key) => json!(key),
                    };
                    let value = option.score.map_or(place, usize::from);
                    json!({ "answer": answer, "label": option.label, "value": value })
                });
                let options: Vec<_> = options.collect();
                json!({ "code": item.code, "kind": "item", "names": item.names, "options": options })
            });
            let grounds = instrument.grounds().map(|ground| {
                json!({ "code": ground.code, "kind": "ground", "max": ground.max, "within": ground.within })
            });
            items.chain(grounds).collect::<Vec<_>>()
        });
        columns.as_ref().map(text_of).transpose()
    }

    fn assess_json(&self, py: Python<'_>, text: &str) -> String {
        py.detach(|| self.rulebook.assess_json(text))
    }

    fn record_json(&self, py: Python<'_>, text: &str) -> String {
        py.detach(|| self.rulebook.record_json(text))
    }

    fn replay_json(&self, py: Python<'_>, text: &str) -> PyResult<String> {
        py.detach(|| match Record::from_text(text) {
            Ok(record) => text_of(&self.rulebook.replay(&record)),
            Err(rejection) => text_of(&rejection),
        })
    }

    fn assess(&self, case: &Bound<'_, PyAny>, trace: bool) -> PyResult<String> {
        let options = options(trace);
        let decide = |text: &str| {
            let determination = self.rulebook.assess_text(text, options)?;
            Ok(text_of(&determination))
        };
        answered(case, decide)
    }

    fn record(&self, case: &Bound<'_, PyAny>, trace: bool) -> PyResult<String> {
        let options = options(trace);
        let seal = |text: &str| {
            let record = self.rulebook.record_text(text, options)?;
            Ok(Ok(record.into_text()))
        };
        answered(case, seal)
    }

    fn replay(&self, record: &Bound<'_, PyAny>) -> PyResult<String> {
        let again = |text: &str| {
            let record = Record::from_text(text)?;
            Ok(text_of(&self.rulebook.replay(&record)))
        };
        answered(record, again)
    }

    /// The determination and the same in words; Chinese where `english` is false.
    fn report(&self, case: &Bound<'_, PyAny>, english: bool) -> PyResult<String> {
        #[derive(Serialize)]
        struct Answer {
            determination: nengli::Determination,
            report: explain::Report,
        }
        let lang = if english { Lang::En } else { Lang::Zh };
        let tell = |text: &str| {
            let determination = self.rulebook.assess_text(text, Options::default())?;
            let report = explain::report(&determination, &self.rulebook, lang);
            let answer = Answer {
                determination,
                report,
            };
            Ok(text_of(&answer))
        };
        answered(case, tell)
    }
}

impl Rules {
    /// The rulebook of which `load` makes one, others running meanwhile.
    fn made<F>(py: Python<'_>, load: F) -> PyResult<Self>
    where
        F: FnOnce() -> Result<Rulebook, nengli::rulebook::RulebookError> + Send,
    {
        let loaded = py.detach(load);
        let rulebook = loaded.map_err(|error| errors::rulebook(py, &error))?;
        Ok(Self { rulebook })
    }
}

fn options(trace: bool) -> Options {
    if trace {
        Options::traced()
    } else {
        Options::default()
    }
}

/// What `decide` answers to a Python object, or its refusal as an exception.
fn answered<F>(object: &Bound<'_, PyAny>, decide: F) -> PyResult<String>
where
    F: FnOnce(&str) -> Result<PyResult<String>, Rejection> + Send,
{
    let py = object.py();
    let written = value::written(object)?;
    match py.detach(|| decide(&written.text)) {
        // A key that is no text is left out, which may leave a case that would pass.
        Ok(answer) if written.foreign.is_empty() => answer,
        Ok(_) => {
            let said: Vec<_> = written.foreign.iter().map(value::Foreign::said).collect();
            Err(errors::refused(py, &said, None))
        }
        Err(rejection) => Err(errors::rejected(py, &rejection, &written.foreign)),
    }
}

/// JSON of what the engine gives.
fn text_of<T: Serialize>(value: &T) -> PyResult<String> {
    serde_json::to_string(value).map_err(|_| errors::fault("the answer could not be written"))
}
