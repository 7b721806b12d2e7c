//! Words for people, made from a determination and never a second decision.
//!
//! [`report`] turns a determination into headings, gauges and lines in Chinese or
//! English, each line with its citations. How they are drawn is the wrapper's
//! affair.

mod benefits;
mod columns;
mod findings;
mod inquiry;
mod levels;
mod names;
mod payments;
mod reasons;
mod rights;
mod rules;
mod succession;
mod why;
mod words;

use jiff::civil::Date;
use serde::Serialize;

use crate::condition::Condition;
use crate::determination::{Determination, Finding, Status};
use crate::entitlement::NATION;
use crate::entitlement::definition::{Access, BenefitRule};
use crate::rulebook::Rulebook;
use crate::words::Lang;
pub use benefits::Given;
pub use columns::columns;
pub use inquiry::{inquiry, moved};
use levels::{Assessed, care_level_line, due_line};
pub use levels::{AssessmentReport, Gauge, GaugeBand};
use names::Names;
pub use payments::{PayerReport, PaymentReading, PaymentReport, QuestionReport};
pub use reasons::Reason;
pub use rights::{Right, RightsGroup};
pub use rules::{NamedRule, rule};
pub use succession::{ComparedPart, ComparedRow, ComparedSection, SuccessionReport, succession};
pub use why::{Account, Told, why};
use words::{say, say_with};

/// A determination in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// One part for each assessment.
    pub assessments: Vec<AssessmentReport>,
    /// Care levels that follow.
    pub care_levels: Vec<Line>,
    /// Rights by status; none where the case asks for levels alone.
    pub rights: Vec<RightsGroup>,
    /// Who pays each cost.
    pub payments: Vec<PaymentReport>,
    /// What to ask, that which settles most rights first.
    pub questions: Vec<QuestionReport>,
    /// What falls due.
    pub due: Vec<Line>,
    /// What concerns the case as a whole; notes of rules stand with their rights, and
    /// what to ask first stands in `questions`.
    pub findings: Vec<Line>,
    /// Which case, on which day, by which rules.
    pub foot: Vec<String>,
}

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// One statement, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Line {
    /// Its kind, as a mark beside it.
    pub mark: Mark,
    /// The words.
    pub text: String,
    /// Citations, as the determination carries them.
    pub citations: Vec<String>,
}

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mark {
    /// A plain statement.
    Plain,
    /// Met, and it counts.
    Yes,
    /// Not met.
    No,
    /// Met, but it does not count.
    Held,
    /// Not answered.
    Open,
    /// Good to know.
    Info,
    /// Look again.
    Warning,
}

/// Of a line that nothing is cited for.
const UNCITED: &[String] = &[];

impl Line {
    fn new(mark: Mark, text: String, citations: &[impl AsRef<str>]) -> Self {
        Self {
            mark,
            text,
            citations: citations.iter().map(|id| id.as_ref().to_owned()).collect(),
        }
    }
}

/// A determination in words. `determination` must have been made by `rulebook`;
/// what the rulebook does not know is shown by its code.
#[must_use]
pub fn report(determination: &Determination, rulebook: &Rulebook, lang: Lang) -> Report {
    let names = names_of(determination, rulebook, lang);
    let assessments = determination
        .assessments
        .iter()
        .enumerate()
        .filter_map(|(i, result)| {
            let instrument = rulebook.instrument(&result.instrument)?;
            let prefix = format!("/assessments/{i}/");
            let findings = determination
                .findings
                .iter()
                .filter(|finding| finding.at.starts_with(&prefix))
                .map(|finding| {
                    let mut line = names.finding(finding);
                    if finding.at.ends_with("/assessors")
                        && let Some(rule) = &instrument.definition().assessors
                    {
                        line.citations = crate::text::strings(&rule.cite);
                    }
                    line
                });
            Some(
                Assessed {
                    result,
                    instrument,
                    lang,
                }
                .report(findings.collect()),
            )
        })
        .collect();
    let findings = determination
        .findings
        .iter()
        .filter(|finding| !finding.at.starts_with("/assessments/"))
        .filter(|finding| finding.code != ASK_FIRST)
        .filter(|finding| !rights::is_note(finding, determination, names))
        .map(|finding| names.finding(finding))
        .collect();
    let mut foot = vec![say_with(
        "foot.case",
        lang,
        &[
            ("case", &determination.case_id),
            ("day", &determination.as_of.to_string()),
        ],
    )];
    if let Some(code) = &determination.jurisdiction {
        let name = names.place_of(code);
        let place = if name == *code {
            name
        } else {
            format!("{name} ({code})")
        };
        foot.push(say_with("foot.place", lang, &[("place", &place)]));
    }
    foot.push(say_with(
        "foot.rules",
        lang,
        &[
            ("version", &determination.rulebook.version),
            (
                "digest",
                determination.rulebook.digest.get(..23).unwrap_or(""),
            ),
            ("engine", &determination.engine),
        ],
    ));
    Report {
        assessments,
        care_levels: determination
            .care_levels
            .iter()
            .map(|level| care_level_line(level, rulebook, lang))
            .collect(),
        due: determination
            .due
            .iter()
            .map(|due| due_line(due, determination.as_of, lang))
            .collect(),
        rights: rights::groups(determination, names),
        payments: payments::payments(determination, names),
        questions: payments::questions(determination, names),
        findings,
        foot,
    }
}

/// The finding that stands in the questions.
const ASK_FIRST: &str = "ask_first";

fn names_of<'a>(determination: &'a Determination, rulebook: &'a Rulebook, lang: Lang) -> Names<'a> {
    let place = determination.jurisdiction.as_deref();
    names_at(place, determination.as_of, rulebook, lang)
}

fn names_at<'a>(
    place: Option<&'a str>,
    day: Date,
    rulebook: &'a Rulebook,
    lang: Lang,
) -> Names<'a> {
    Names {
        rulebook,
        lang,
        place: place.unwrap_or(NATION),
        day: Some(day),
    }
}

/// A finding in words.
#[must_use]
pub fn finding(
    finding: &Finding,
    determination: &Determination,
    rulebook: &Rulebook,
    lang: Lang,
) -> String {
    let names = names_of(determination, rulebook, lang);
    names.finding(finding).text
}

/// A condition of a rule of this place in words.
#[must_use]
pub fn condition(condition: &Condition, place: &str, rulebook: &Rulebook, lang: Lang) -> String {
    rules_of(place, rulebook, lang).condition(condition)
}

/// What a rule of this place gives, in words: a line, and one for each group that gets
/// an amount of its own.
#[must_use]
pub fn benefit(rule: &BenefitRule, place: &str, rulebook: &Rulebook, lang: Lang) -> Vec<String> {
    rules_of(place, rulebook, lang).benefit(rule)
}

/// A status, in words.
#[must_use]
pub fn status(status: Status, lang: Lang) -> String {
    say_with(&format!("status.{}", status.as_str()), lang, &[])
}

/// How one comes to a benefit, in words.
#[must_use]
pub fn access(access: Access, lang: Lang) -> &'static str {
    rights::access(access, lang)
}

/// Name of a place; its code where it has none.
#[must_use]
pub fn place(code: &str, rulebook: &Rulebook, lang: Lang) -> String {
    rules_of(code, rulebook, lang).place_of(code)
}

fn rules_of<'a>(place: &'a str, rulebook: &'a Rulebook, lang: Lang) -> Names<'a> {
    Names {
        rulebook,
        lang,
        place,
        day: None,
    }
}

/// Citations as people write them: a document's number (or title) and its clauses; a
/// clause that has no number by its heading.
#[must_use]
pub fn citations(ids: &[impl AsRef<str>], rulebook: &Rulebook, lang: Lang) -> String {
    struct Cited<'c> {
        document: &'c str,
        numbers: Vec<&'c str>,
        headings: Vec<&'c str>,
    }
    let mut documents: Vec<Cited<'_>> = Vec::new();
    for id in ids.iter().map(AsRef::as_ref) {
        let found = rulebook.citation(id);
        let document = match &found {
            Some(found) if found.document.own => found.document.names.within(lang),
            Some(found) => {
                let title = found.document.names.within(lang);
                found.document.number.as_deref().unwrap_or(title)
            }
            None => id,
        };
        let known = documents.iter().position(|one| one.document == document);
        let place = known.unwrap_or(documents.len());
        if known.is_none() {
            documents.push(Cited {
                document,
                numbers: Vec::new(),
                headings: Vec::new(),
            });
        }
        let (Some(found), Some(cited)) = (found, documents.get_mut(place)) else {
            continue;
        };
        // What is the project's own has no clause that anyone could look up.
        if found.document.own {
            continue;
        }
        let (into, clause) = if found.clause.contains(|c: char| c.is_ascii_lowercase()) {
            (&mut cited.headings, found.heading.within(lang))
        } else {
            (&mut cited.numbers, found.clause)
        };
        if !into.contains(&clause) {
            into.push(clause);
        }
    }
    let written: Vec<String> = documents
        .into_iter()
        .map(|cited| {
            let mut out = cited.document.to_owned();
            if !cited.numbers.is_empty() {
                out.push(' ');
                out.push_str(&cited.numbers.join(", "));
            }
            if !cited.headings.is_empty() {
                let headings = cited.headings.join(words::comma(lang));
                out.push_str(&say_with(
                    "citation.headings",
                    lang,
                    &[("headings", &headings)],
                ));
            }
            out
        })
        .collect();
    written.join("; ")
}

/// The heading of a part of the report: `care_levels`, `due`, `rights`, `payments`,
/// `questions`, and of parts of a right: `readings`, `frame`.
#[must_use]
pub fn heading(part: &str, lang: Lang) -> String {
    say(&format!("section.{part}"), lang).to_owned()
}

/// What stands in the place of the label of an option whose meaning is not known.
#[must_use]
pub fn unknown_meaning(lang: Lang) -> &'static str {
    say("meaning.unknown", lang)
}

#[cfg(test)]
mod tests;
