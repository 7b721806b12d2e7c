//! Findings in words.

use super::names::Names;
use super::{Line, Mark, words};
use crate::determination::{Arg, Finding};
use crate::instrument::definition::{Rule, Severity};

impl Names<'_> {
    pub(super) fn finding(&self, finding: &Finding) -> Line {
        let mark = match finding.severity {
            Severity::Info => Mark::Info,
            Severity::Warning => Mark::Warning,
        };
        // Notes of rules bring their own words.
        if let Some(note) = self.note(finding) {
            return note;
        }
        let args: Vec<(&str, String)> = finding
            .args
            .iter()
            .map(|(name, arg)| (name.as_str(), self.arg(finding, name, arg)))
            .collect();
        let args: Vec<(&str, &str)> = args
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        // So do checks, and a rule that is not known.
        let check = self
            .rulebook
            .instruments()
            .flat_map(|instrument| &instrument.definition().checks)
            .find(|check| check.finding == finding.code)
            .map(|check| (&check.says, check.cite.as_slice()));
        let own = check.or_else(|| {
            self.rulebook
                .cross_checks()
                .find(|checks| checks.finding == finding.code)
                .map(|checks| (&checks.says, checks.cite.as_slice()))
        });
        let open = self
            .rulebook
            .instruments()
            .filter(|instrument| {
                finding.code == "level_not_in_rulebook"
                    && finding.text("instrument") == Some(instrument.id())
            })
            .flat_map(|instrument| &instrument.definition().steps)
            .find_map(|step| match &step.rule {
                Rule::Open(open) => Some((&open.says, step.cite.as_slice())),
                _ => None,
            });
        match own.or(open) {
            Some((says, cite)) => Line::new(mark, words::fill(self.of(says), &args), cite),
            None => {
                let text = self.say_with(&format!("finding.{}", finding.code), &args);
                let relation = finding.text("relation").and_then(|id| self.relation(id));
                let cite = relation.map(|relation| relation.cite.as_slice());
                Line::new(mark, text, cite.unwrap_or_default())
            }
        }
    }

    /// An argument by the name of what it is.
    fn arg(&self, finding: &Finding, name: &str, arg: &Arg) -> String {
        let one = |code: &str| match name {
            "programme" | "programmes" => self.programme(code),
            "fact" => self.fact_name(code),
            "jurisdiction" => self.place_of(code),
            "nearest" if code.is_empty() => self.say("value.no_item").to_owned(),
            "nearest" => self.place_of(code),
            "source" => self.source(code),
            "side" => self.say_with(&format!("side.{code}"), &[]),
            "instrument" => self.instrument(code),
            "ask" => self.asked(code, None),
            "one_with" => {
                let key = format!("background.{code}");
                words::known(&key, self.lang).unwrap_or(code).to_owned()
            }
            "level" => self
                .rulebook
                .instruments()
                .filter(|one| finding.text("instrument").is_none_or(|id| id == one.id()))
                .flat_map(|instrument| &instrument.definition().levels)
                .find(|level| level.key == *code)
                .map_or_else(|| code.to_owned(), |level| self.of(&level.names).to_owned()),
            _ => code.to_owned(),
        };
        match arg {
            Arg::Number(number) => number.to_string(),
            Arg::Text(text) => one(text),
            Arg::Codes(codes) => self.list(codes.iter().map(|code| one(code))),
        }
    }
}
