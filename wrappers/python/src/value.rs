//! Python objects as the JSON that they stand for, without any coercion.

use std::fmt::Write as _;

use nengli::case::{MAX_DEPTH, MAX_TEXT};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::errors::Said;

/// Python objects written as JSON.
pub(crate) struct Written {
    /// The JSON, `null` standing for what is foreign.
    pub(crate) text: String,
    /// What JSON has not, by its place.
    pub(crate) foreign: Vec<Foreign>,
}

/// An object that JSON has not.
pub(crate) struct Foreign {
    /// JSON Pointer to its place.
    pub(crate) at: String,
    /// What it is, in English and in Chinese.
    pub(crate) en: String,
    pub(crate) zh: String,
}

impl Foreign {
    /// The problem, where the engine has not seen the place at all.
    pub(crate) fn said(&self) -> Said {
        Said {
            at: self.at.clone(),
            kind: "wrong_type",
            en: format!("expected what JSON can hold; found {}", self.en),
            zh: format!("应为 JSON 可表示的值；实为{}", self.zh),
        }
    }
}

/// Writes `object` as JSON: dictionaries with keys of text, lists, tuples, texts, whole
/// numbers, true, false and None. A float stays a float, for the engine to refuse.
///
/// # Errors
///
/// Where Python itself fails.
pub(crate) fn written(object: &Bound<'_, PyAny>) -> PyResult<Written> {
    let mut writer = Writer {
        out: Written {
            text: String::new(),
            foreign: Vec::new(),
        },
        at: String::new(),
    };
    writer.value(object, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: Written,
    /// JSON Pointer to the object that is being written.
    at: String,
}

impl Writer {
    fn value(&mut self, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
        // The engine refuses so long a text, and reads none of it; so deep a nesting is
        // refused with one more level. Both also end an object that holds itself.
        if self.out.text.len() > MAX_TEXT {
            return Ok(());
        }
        let container = object.is_instance_of::<PyDict>()
            || object.is_instance_of::<PyList>()
            || object.is_instance_of::<PyTuple>();
        if container && depth > MAX_DEPTH {
            self.out.text.push_str("[]");
            return Ok(());
        }
        if object.is_none() {
            self.out.text.push_str("null");
        } else if let Ok(value) = object.cast::<PyBool>() {
            let word = if value.is_true() { "true" } else { "false" };
            self.out.text.push_str(word);
        } else if object.is_instance_of::<PyInt>() {
            self.whole_number(object);
        } else if let Ok(text) = object.cast::<PyString>() {
            match text.to_str() {
                Ok(text) => self.text(text),
                Err(_) => self.foreign("a text that is not Unicode", "非 Unicode 文本"),
            }
        } else if object.is_instance_of::<PyFloat>() {
            self.float(object)?;
        } else if let Ok(entries) = object.cast::<PyDict>() {
            self.object(entries, depth)?;
        } else if let Ok(list) = object.cast::<PyList>() {
            self.list(list.iter(), depth)?;
        } else if let Ok(tuple) = object.cast::<PyTuple>() {
            self.list(tuple.iter(), depth)?;
        } else {
            let name = object.get_type().name()?;
            let name = shown(&name.to_string_lossy());
            self.foreign(
                &format!("a Python object of type {name}"),
                &format!(" Python 的 {name} 对象"),
            );
        }
        Ok(())
    }

    fn whole_number(&mut self, object: &Bound<'_, PyAny>) {
        if let Ok(value) = object.extract::<i64>() {
            let _ = write!(self.out.text, "{value}");
        } else {
            // Beyond what the engine reads: one that says so stands for all.
            self.out.text.push_str("100000000000000000000");
        }
    }

    fn float(&mut self, object: &Bound<'_, PyAny>) -> PyResult<()> {
        let value: f64 = object.extract()?;
        if value.is_finite() {
            // Not whole, as the engine sees it, whatever its value.
            self.out.text.push_str("0.5");
        } else {
            self.foreign("a number that JSON has not", " JSON 没有的数");
        }
        Ok(())
    }

    fn object(&mut self, entries: &Bound<'_, PyDict>, depth: usize) -> PyResult<()> {
        self.out.text.push('{');
        let mut first = true;
        for (key, value) in entries.iter() {
            let key = key
                .cast::<PyString>()
                .ok()
                .and_then(|key| key.to_str().ok());
            let Some(key) = key else {
                self.noted("a key that is no text", "非文本的键");
                continue;
            };
            if !first {
                self.out.text.push(',');
            }
            first = false;
            self.text(key);
            self.out.text.push(':');
            let above = self.at.len();
            let _ = write!(
                self.at,
                "/{}",
                shown(key).replace('~', "~0").replace('/', "~1")
            );
            self.value(&value, depth + 1)?;
            self.at.truncate(above);
        }
        self.out.text.push('}');
        Ok(())
    }

    fn list<'py>(
        &mut self,
        elements: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> PyResult<()> {
        self.out.text.push('[');
        for (i, element) in elements.enumerate() {
            if i > 0 {
                self.out.text.push(',');
            }
            let above = self.at.len();
            let _ = write!(self.at, "/{i}");
            self.value(&element, depth + 1)?;
            self.at.truncate(above);
        }
        self.out.text.push(']');
        Ok(())
    }

    fn text(&mut self, text: &str) {
        // A text cannot fail to be written.
        let json = serde_json::to_string(text).unwrap_or_default();
        self.out.text.push_str(&json);
    }

    fn foreign(&mut self, en: &str, zh: &str) {
        self.out.text.push_str("null");
        self.noted(en, zh);
    }

    fn noted(&mut self, en: &str, zh: &str) {
        self.out.foreign.push(Foreign {
            at: self.at.clone(),
            en: en.to_owned(),
            zh: zh.to_owned(),
        });
    }
}

/// A key as pointers of the engine show it: nothing long, and no run of digits that could
/// identify a person.
pub(crate) fn shown(key: &str) -> String {
    const LIMIT: usize = 32;
    let digits = key.chars().filter(|c| c.is_numeric()).count();
    if digits > 10 || key.chars().nth(LIMIT).is_some() {
        return "…".to_owned();
    }
    key.chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}
