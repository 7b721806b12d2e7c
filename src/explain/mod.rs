//! Words for people, made from a determination and never a second decision.
//!
//! [`report`] turns a determination into headings, gauges and lines in Chinese or
//! English, each line with its citations. How they are drawn is the wrapper's
//! affair.

mod words;

use serde::Serialize;

use crate::determination::{
    Alternative, AssessmentResult, Basis, CareLevel, Change, Determination, Due, Finding, Level,
    WhyNot,
};
use crate::instrument::Instrument;
use crate::instrument::definition::{Band, Outcome as RowOutcome, Rule, Severity, Step};
use crate::rulebook::{Grade, Rulebook};
use crate::words::Lang;
use words::{say, say_with};

/// A determination in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// One part for each assessment.
    pub assessments: Vec<AssessmentReport>,
    /// Care levels that follow.
    pub care_levels: Vec<Line>,
    /// What falls due.
    pub due: Vec<Line>,
    /// What concerns the case as a whole.
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

impl Line {
    fn new(mark: Mark, text: String, citations: &[String]) -> Self {
        Self {
            mark,
            text,
            citations: citations.to_vec(),
        }
    }
}

/// A determination in words. `determination` must have been made by `rulebook`;
/// what the rulebook does not know is shown by its code.
#[must_use]
pub fn report(determination: &Determination, rulebook: &Rulebook, lang: Lang) -> Report {
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
                .filter(|finding| finding.at.starts_with(&prefix));
            Some(
                Assessed {
                    result,
                    instrument,
                    rulebook,
                    lang,
                }
                .report(findings),
            )
        })
        .collect();
    let findings = determination
        .findings
        .iter()
        .filter(|finding| !finding.at.starts_with("/assessments/"))
        .map(|finding| finding_line(finding, rulebook, lang))
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
        let name = rulebook
            .jurisdictions()
            .find(|place| place.code == *code)
            .map(|place| place.names.within(lang).to_owned());
        let place = name.map_or_else(|| code.clone(), |name| format!("{name} ({code})"));
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
            .map(|due| due_line(due, lang))
            .collect(),
        findings,
        foot,
    }
}

/// A finding in words.
#[must_use]
pub fn finding(finding: &Finding, rulebook: &Rulebook, lang: Lang) -> String {
    finding_line(finding, rulebook, lang).text
}

fn finding_line(finding: &Finding, rulebook: &Rulebook, lang: Lang) -> Line {
    let mark = match finding.severity {
        Severity::Info => Mark::Info,
        Severity::Warning => Mark::Warning,
    };
    let args: Vec<(&str, String)> = finding
        .args
        .iter()
        .map(|(name, arg)| {
            let text = words::arg(arg, lang);
            let level = rulebook
                .instruments()
                .flat_map(|instrument| &instrument.definition().levels)
                .find(|level| name == "level" && level.key == text);
            let text = level.map_or(text, |level| level.names.within(lang).to_owned());
            (name.as_str(), text)
        })
        .collect();
    let args: Vec<(&str, &str)> = args
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    // Checks bring their own words, and so does a rule that is not known.
    let check = rulebook
        .instruments()
        .flat_map(|instrument| &instrument.definition().checks)
        .find(|check| check.finding == finding.code)
        .map(|check| (&check.says, &check.cite));
    let own = check.or_else(|| {
        rulebook
            .cross_checks()
            .find(|checks| checks.finding == finding.code)
            .map(|checks| (&checks.says, &checks.cite))
    });
    let open = rulebook
        .instruments()
        .filter(|instrument| {
            finding.code == "level_not_in_rulebook"
                && args.contains(&("instrument", instrument.id()))
        })
        .flat_map(|instrument| &instrument.definition().steps)
        .find_map(|step| match &step.rule {
            Rule::Open(open) => Some((&open.says, &step.cite)),
            _ => None,
        });
    match own.or(open) {
        Some((says, cite)) => Line::new(mark, words::fill(says.within(lang), &args), cite),
        None => {
            let text = say_with(&format!("finding.{}", finding.code), lang, &args);
            Line::new(mark, text, &[])
        }
    }
}

/// Citations as people write them: a document's number (or title) and its clauses.
#[must_use]
pub fn citations(ids: &[String], rulebook: &Rulebook, lang: Lang) -> String {
    let mut documents: Vec<(String, Vec<&str>)> = Vec::new();
    for id in ids {
        let (document, clause) = match rulebook.citation(id) {
            // What is the project's own has no clause that anyone could look up.
            Some(found) if found.document.own => (found.document.names.within(lang), None),
            Some(found) => {
                let title = found.document.names.within(lang);
                let number = found.document.number.as_deref();
                (number.unwrap_or(title), Some(found.clause))
            }
            None => (id.as_str(), None),
        };
        match documents.iter_mut().find(|(known, _)| known == document) {
            Some((_, clauses)) => clauses.extend(clause),
            None => documents.push((document.to_owned(), clause.into_iter().collect())),
        }
    }
    let written: Vec<String> = documents
        .into_iter()
        .map(|(document, clauses)| match clauses.as_slice() {
            [] => document,
            clauses => format!("{document} {}", clauses.join(", ")),
        })
        .collect();
    written.join("; ")
}

/// The heading of a part of the report: `care_levels` or `due`.
#[must_use]
pub fn heading(part: &str, lang: Lang) -> String {
    say(&format!("section.{part}"), lang).to_owned()
}

/// What stands in the place of the label of an option whose meaning is not known.
#[must_use]
pub fn unknown_meaning(lang: Lang) -> &'static str {
    say("meaning.unknown", lang)
}
