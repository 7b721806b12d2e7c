//! Refusals as Python exceptions, each with the list of its problems.
//!
//! The classes stand in `nengli.errors`, so that they pickle: a batch engine hands them
//! from process to process.

use nengli::rulebook::RulebookError;
use nengli::{Lang, Rejection};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::value::Foreign;

/// One problem, in both languages.
pub(crate) struct Said {
    pub(crate) at: String,
    pub(crate) kind: &'static str,
    pub(crate) en: String,
    pub(crate) zh: String,
}

/// `nengli.Rejected` for a refused case. Where it was made of Python objects, `foreign`
/// are those that JSON has not: the engine saw null in their place.
pub(crate) fn rejected(py: Python<'_>, rejection: &Rejection, foreign: &[Foreign]) -> PyErr {
    let mut problems = Vec::new();
    for problem in &rejection.rejected {
        let mut said = Said {
            at: problem.at.clone(),
            kind: problem.kind.as_str(),
            en: problem.message.clone(),
            zh: problem.message_in(Lang::Zh).to_owned(),
        };
        if let Some(foreign) = foreign.iter().find(|foreign| foreign.at == said.at) {
            said.en = said
                .en
                .replace("found null", &format!("found {}", foreign.en));
            said.zh = said.zh.replace("实为 null", &format!("实为{}", foreign.zh));
        }
        problems.push(said);
    }
    for foreign in foreign {
        // What the engine said of its place, or of what it stands in, stands already.
        let said = problems.iter().any(|said| {
            let rest = foreign.at.strip_prefix(said.at.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if !said {
            problems.push(foreign.said());
        }
    }
    refused(py, &problems, rejection.case_id.as_deref())
}

/// `nengli.Rejected` with these problems.
pub(crate) fn refused(py: Python<'_>, problems: &[Said], case_id: Option<&str>) -> PyErr {
    let make = || {
        let list = PyList::empty(py);
        for problem in problems {
            let entry = PyDict::new(py);
            entry.set_item("at", &problem.at)?;
            entry.set_item("kind", problem.kind)?;
            entry.set_item("message", &problem.en)?;
            entry.set_item("zh", &problem.zh)?;
            list.append(entry)?;
        }
        exception(py, "Rejected")?.call1((list, case_id))
    };
    raised(make())
}

/// `nengli.RulebookError` with every fault of the rule files.
pub(crate) fn rulebook(py: Python<'_>, error: &RulebookError) -> PyErr {
    let make = || {
        let list = PyList::empty(py);
        for fault in &error.diagnostics {
            let entry = PyDict::new(py);
            entry.set_item("file", &fault.file)?;
            entry.set_item("at", &fault.at)?;
            entry.set_item("kind", fault.kind.as_str())?;
            entry.set_item("message", &fault.message)?;
            list.append(entry)?;
        }
        exception(py, "RulebookError")?.call1((list,))
    };
    raised(make())
}

/// What cannot happen, said all the same rather than hidden.
pub(crate) fn fault(what: &'static str) -> PyErr {
    PyRuntimeError::new_err(what)
}

fn exception<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("nengli.errors")?.getattr(name)
}

fn raised(made: PyResult<Bound<'_, PyAny>>) -> PyErr {
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
