//! Questions that an auditor asks of one case: why, and what if.

use std::fmt::Write as _;

use console::Style;
use nengli::explain::{self, Account, Line, Mark};
use nengli::{Case, Determination, Lang, Options, Rejection, Rulebook};
use serde_json::{Value, json};

use crate::args::{self, Args};
use crate::files::Failure;
use crate::report::{self, Painter, unbreakable};
use crate::rules::word;

/// Why there is no answer.
pub(crate) enum Unanswered {
    /// The case is refused.
    Refused(Rejection),
    /// The question cannot be asked.
    Failure(Failure),
}

impl From<Rejection> for Unanswered {
    fn from(rejection: Rejection) -> Self {
        Self::Refused(rejection)
    }
}

impl From<Failure> for Unanswered {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The answer to `--why` or `--what-if`, as text.
pub(crate) fn answer(
    args: &Args,
    command: &args::Assess,
    rulebook: &Rulebook,
    text: &str,
) -> Result<String, Unanswered> {
    let lang = args.lang();
    let determination = rulebook.assess_text(text, Options::traced())?;
    let case = case(text)?;
    let painter = Painter::of(args, rulebook);
    if let Some(programme) = &command.why {
        let programme = (!programme.is_empty()).then_some(programme.as_str());
        let rights = determination.entitlements.iter().flatten();
        if let Some(programme) = programme
            && !rights.into_iter().any(|right| right.programme == programme)
        {
            let what = "--why: expected a programme in force in the place of the case, found another; see `nengli rules`";
            return Err(Failure::Argument(what.into()).into());
        }
        let accounts = explain::why(&case, &determination, rulebook, programme, lang);
        return Ok(match command.json {
            true => report::json(&accounts, command.pretty),
            false => painter.accounts(&accounts),
        });
    }
    let suppositions: Vec<&String> = command
        .what_if
        .iter()
        .filter(|supposed| !supposed.is_empty())
        .collect();
    if suppositions.is_empty() {
        let inquiry = rulebook.inquire(&case)?;
        if command.json {
            return Ok(report::json(&inquiry, command.pretty));
        }
        let accounts = explain::inquiry(&inquiry, &case, &determination, rulebook, lang);
        return Ok(painter.accounts(&accounts));
    }
    let mut other: Value = serde_json::from_str(text).unwrap_or_default();
    for supposed in suppositions {
        suppose(&mut other, supposed, rulebook)?;
    }
    let after = rulebook.assess_text(&other.to_string(), Options::traced())?;
    if command.json {
        let differences = rulebook.differences(&determination, &after);
        return Ok(report::json(
            &json!({ "differences": differences, "then": after }),
            command.pretty,
        ));
    }
    Ok(painter.supposed(&command.what_if, &determination, &after))
}

/// The case of a text that was decided.
fn case(text: &str) -> Result<Case, Unanswered> {
    serde_json::from_str(text).map_err(|error| Failure::Argument(error.to_string()).into())
}

/// Puts `CODE=VALUE` into a case: an answer where a form has it, else a member of the case
/// or a fact.
fn suppose(case: &mut Value, supposed: &str, rulebook: &Rulebook) -> Result<(), Failure> {
    let (code, value) = supposed.split_once('=').ok_or_else(|| {
        Failure::Argument("--what-if: expected CODE=VALUE, as B.1.1=2; found another text".into())
    })?;
    let (instrument, code) = match code.split_once('/') {
        Some((instrument, code)) => (Some(instrument), code),
        None => (None, code),
    };
    // What is no JSON is a text: nobody wants to write quotes in quotes.
    let value = (!value.is_empty())
        .then(|| serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())));
    let allows = |id: &str| {
        rulebook.instrument(id).is_some_and(|known| {
            let mut items = known.items().map(|item| &item.code);
            let mut fields = known.definition().fields.iter().map(|field| &field.code);
            items.any(|known| known == code) || fields.any(|known| known == code)
        })
    };
    let mut forms: Vec<&mut Value> = Vec::new();
    let is_fact = rulebook.facts().any(|fact| fact.id == code);
    if matches!(code, "as_of" | "jurisdiction") && instrument.is_none() {
        // A division code is a text of digits.
        let value = value.map(|value| match value {
            Value::Number(number) => Value::String(number.to_string()),
            other => other,
        });
        return put(case, code, value);
    }
    if is_fact && instrument.is_none() {
        if let Value::Object(members) = &mut *case {
            members.entry("facts").or_insert_with(|| json!({}));
        }
        return match case.get_mut("facts") {
            Some(facts) => put(facts, code, value),
            None => Ok(()),
        };
    }
    let assessments = case.get_mut("assessments").and_then(Value::as_array_mut);
    for form in assessments.into_iter().flatten() {
        let id = form.get("instrument").and_then(Value::as_str).unwrap_or("");
        if instrument.is_none_or(|wanted| wanted == id) && allows(id) {
            forms.push(form);
        }
    }
    match forms.as_mut_slice() {
        [form] => match form.get_mut("answers") {
            Some(answers) => put(answers, code, value),
            None => Ok(()),
        },
        [] => Err(Failure::Argument(
            "--what-if: expected the code of an answer of one of the forms, the id of a fact, `as_of` or `jurisdiction`; found another"
                .into(),
        )),
        _ => Err(Failure::Argument(format!(
            "--what-if: several forms have {code}; expected INSTRUMENT/{code}=VALUE"
        ))),
    }
}

fn put(into: &mut Value, key: &str, value: Option<Value>) -> Result<(), Failure> {
    if let Value::Object(members) = into {
        match value {
            Some(value) => members.insert(key.to_owned(), value),
            None => members.remove(key),
        };
    }
    Ok(())
}

impl Painter<'_> {
    fn accounts(&self, accounts: &[Account]) -> String {
        let mut out = String::new();
        for account in accounts {
            let heading = self.wrapped(&account.heading, self.width.saturating_sub(1));
            for line in heading {
                let _ = writeln!(out, "{}", self.paint(Style::new().bold(), &line));
            }
            for told in &account.lines {
                self.told(&told.line, usize::from(told.depth), &mut out);
            }
            out.push('\n');
        }
        out.trim_end().to_owned()
    }

    /// A line at its depth, with its clauses.
    fn told(&self, line: &Line, depth: usize, out: &mut String) {
        let (mark, style) = match line.mark {
            Mark::Yes => ("✓", Style::new().bold()),
            Mark::No => ("✗", Style::new()),
            Mark::Open => ("?", Style::new().yellow()),
            Mark::Held => ("○", Style::new()),
            Mark::Info => ("→", Style::new()),
            Mark::Warning => ("!", Style::new().yellow()),
            _ => ("·", Style::new()),
        };
        let mut text = line.text.clone();
        if !line.citations.is_empty() {
            let citations = explain::citations(&line.citations, self.rulebook, self.lang);
            let _ = write!(text, "  [{}]", unbreakable(&citations));
        }
        let indent = 2 + depth * 3;
        let lines = self.wrapped(&text, self.width.saturating_sub(indent + 3));
        for (i, line) in lines.iter().enumerate() {
            let mark = if i == 0 { mark } else { " " };
            let line = format!("{}{mark} {line}", " ".repeat(indent));
            let _ = writeln!(out, "{}", self.paint(style.clone(), &line));
        }
    }

    /// What would come out otherwise.
    fn supposed(
        &self,
        suppositions: &[String],
        before: &Determination,
        after: &Determination,
    ) -> String {
        let supposed: Vec<&str> = suppositions
            .iter()
            .map(String::as_str)
            .filter(|one| !one.is_empty())
            .collect();
        let heading = format!(
            "{}{}",
            word(self.lang, "如果 ", "If "),
            supposed.join(match self.lang {
                Lang::Zh => "，",
                Lang::En => " and ",
            })
        );
        let mut out = format!("{}\n", self.paint(Style::new().bold(), &heading));
        for line in explain::moved(before, after, self.rulebook, self.lang) {
            self.told(&line, 0, &mut out);
        }
        out.trim_end().to_owned()
    }
}
