//! What can be called, and its answers. Safe Rust, text in and text out.

use std::borrow::Cow;
use std::sync::OnceLock;

use nengli::explain::{self, Report};
use nengli::record::Record;
use nengli::{Case, Determination, Lang, Options, Rejection, Rulebook};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use crate::rules;

/// The names of the calls.
pub const CALLS: &[&str] = &[
    "assess", "inquire", "record", "replay", "report", "rulebook", "schema", "version", "why",
];

/// Answers the call `name` about `text`, in JSON. What cannot be answered gets
/// `{"error":{"expected":…,"message":…}}`, and a refused case its rejection.
///
/// ```
/// let answer = nengli_abi::call("version", "");
/// assert!(answer.contains(r#""schema":1"#));
/// assert!(nengli_abi::call("divine", "").starts_with(r#"{"error":"#));
/// ```
#[must_use]
pub fn call(name: &str, text: &str) -> String {
    let Some(rulebook) = builtin() else {
        return refusal("a rulebook that holds together", "the one inside does not");
    };
    let answered = match name {
        "assess" => Ok(rulebook.assess_json(text)),
        "record" => Ok(rulebook.record_json(text)),
        "replay" => replay(rulebook, text),
        "report" => asked(text).and_then(|asked| report(rulebook, &asked)),
        "why" => asked(text).and_then(|asked| why(rulebook, &asked)),
        "inquire" => asked(text).and_then(|asked| inquire(rulebook, &asked)),
        "rulebook" => nothing(text).and_then(|()| written(&rules::Rules::of(rulebook))),
        "schema" => schema(rulebook, text),
        "version" => nothing(text).and_then(|()| version(rulebook)),
        _ => {
            let calls = CALLS.join(", ");
            return refusal(&format!("one of {calls}"), "there is no call of this name");
        }
    };
    answered.unwrap_or_else(|refused| match refused {
        Refused::Call { expected, found } => refusal(expected, &found),
        Refused::Case(rejection) => {
            written(&rejection).unwrap_or_else(|_| refusal("an answer", "it could not be written"))
        }
    })
}

/// The answer to a call that cannot be answered: what was expected, and what is wrong. It
/// repeats nothing of the call.
#[must_use]
pub fn refusal(expected: &str, message: &str) -> String {
    json!({ "error": { "expected": expected, "message": message } }).to_string()
}

/// Why there is no answer.
enum Refused {
    /// The call is not as it must be.
    Call {
        expected: &'static str,
        found: Cow<'static, str>,
    },
    /// The case, or the record, is refused.
    Case(Rejection),
}

impl Refused {
    fn call(expected: &'static str, found: impl Into<Cow<'static, str>>) -> Self {
        Self::Call {
            expected,
            found: found.into(),
        }
    }
}

/// A case, and how its answer is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'t> {
    /// As it was written: the engine reads it itself, so that it finds a key that stands
    /// twice, and points into the case alone.
    #[serde(borrow)]
    case: &'t RawValue,
    #[serde(default)]
    lang: Tongue,
    /// For `why`: this right alone.
    #[serde(default, borrow)]
    programme: Option<Cow<'t, str>>,
}

/// A language, by its code.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tongue {
    #[default]
    Zh,
    En,
}

impl Asked<'_> {
    fn lang(&self) -> Lang {
        match self.lang {
            Tongue::Zh => Lang::Zh,
            Tongue::En => Lang::En,
        }
    }

    /// The determination of the case. A rejection has its messages in the language asked
    /// for: a person reads them.
    fn decide(&self, rulebook: &Rulebook, options: Options) -> Result<Determination, Refused> {
        let decided = rulebook.assess_text(self.case.get(), options);
        decided.map_err(|rejection| self.refused(rejection))
    }

    /// The case, of which it is known that it can be read.
    fn read(&self) -> Result<Case, Refused> {
        serde_json::from_str(self.case.get()).map_err(|_| Refused::call("a case", "found none"))
    }

    fn refused(&self, mut rejection: Rejection) -> Refused {
        for problem in &mut rejection.rejected {
            problem.message = problem.message_in(self.lang()).to_owned();
        }
        Refused::Case(rejection)
    }
}

/// The rulebook of the crate, loaded once.
fn builtin() -> Option<&'static Rulebook> {
    static RULEBOOK: OnceLock<Option<Rulebook>> = OnceLock::new();
    RULEBOOK.get_or_init(|| Rulebook::builtin().ok()).as_ref()
}

/// The text of a call about a case.
fn asked(text: &str) -> Result<Asked<'_>, Refused> {
    let expected = r#"{"case":{…},"lang":"zh" or "en"}, and for `why` also "programme""#;
    // The reader would take a list of the values for an object.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Refused::call(expected, "found something else"));
    }
    // Its own message may repeat what it read.
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let found = format!("found something else at line {line}, column {column}");
        Refused::call(expected, found)
    })
}

/// The text of a call that asks nothing.
fn nothing(text: &str) -> Result<(), Refused> {
    match text {
        "" => Ok(()),
        _ => Err(Refused::call("an empty text", "found more")),
    }
}

/// JSON of what the engine gives.
fn written<T: Serialize>(value: &T) -> Result<String, Refused> {
    serde_json::to_string(value).map_err(|_| Refused::call("an answer", "it could not be written"))
}

fn version(rulebook: &Rulebook) -> Result<String, Refused> {
    written(&json!({
        "engine": nengli::VERSION,
        "rulebook": { "digest": rulebook.digest(), "version": rulebook.version() },
        "schema": 1,
    }))
}

fn replay(rulebook: &Rulebook, text: &str) -> Result<String, Refused> {
    let record = Record::from_text(text).map_err(Refused::Case)?;
    written(&rulebook.replay(&record))
}

fn report(rulebook: &Rulebook, asked: &Asked<'_>) -> Result<String, Refused> {
    #[derive(Serialize)]
    struct Answer {
        determination: Determination,
        report: Report,
    }
    let determination = asked.decide(rulebook, Options::default())?;
    let report = explain::report(&determination, rulebook, asked.lang());
    written(&Answer {
        determination,
        report,
    })
}

fn why(rulebook: &Rulebook, asked: &Asked<'_>) -> Result<String, Refused> {
    // How a level came about is told from the full trace.
    let determination = asked.decide(rulebook, Options::traced())?;
    let programme = asked.programme.as_deref();
    let mut rights = determination.entitlements.iter().flatten();
    if programme.is_some_and(|id| !rights.any(|right| right.programme == id)) {
        return Err(Refused::call(
            "a programme in force in the place of the case",
            "found another",
        ));
    }
    let case = asked.read()?;
    let accounts = explain::why(&case, &determination, rulebook, programme, asked.lang());
    written(&accounts)
}

fn inquire(rulebook: &Rulebook, asked: &Asked<'_>) -> Result<String, Refused> {
    let determination = asked.decide(rulebook, Options::default())?;
    let case = asked.read()?;
    let inquiry = rulebook
        .inquire(&case)
        .map_err(|rejection| asked.refused(rejection))?;
    let accounts = explain::inquiry(&inquiry, &case, &determination, rulebook, asked.lang());
    #[derive(Serialize)]
    struct Answer {
        accounts: Vec<explain::Account>,
        inquiry: nengli::inquiry::Inquiry,
    }
    written(&Answer { accounts, inquiry })
}

#[cfg(feature = "schemas")]
fn schema(rulebook: &Rulebook, name: &str) -> Result<String, Refused> {
    match rules::schema(rulebook, name) {
        Some(schema) => written(&schema),
        None => Err(Refused::call(
            "the name of a schema, as `case` or `case.gbt-42195-2022`",
            "there is none of this name",
        )),
    }
}

#[cfg(not(feature = "schemas"))]
fn schema(_: &Rulebook, _: &str) -> Result<String, Refused> {
    Err(Refused::call(
        "a build with the feature `schemas`",
        "this one is without",
    ))
}
