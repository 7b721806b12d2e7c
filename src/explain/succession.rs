//! Two results of one person in words, the previous beside the new.

mod forms;

use serde::Serialize;

use super::names::Names;
use super::words::{self, fill, yuan};
use super::{Line, Mark, names_at};
use crate::case::{Setting, diagnosis_range};
use crate::compare::{
    CareLevelSuccession, CompareSide, Pair, PaymentSuccession, RightSuccession, Standing,
    Succession, Turn,
};
use crate::determination::{Arg, Finding};
use crate::instrument::Instrument;
use crate::instrument::definition::{Field, Severity};
use crate::rulebook::Rulebook;
use crate::words::Lang;

/// A succession in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SuccessionReport {
    /// What to look at, each with what it rests on.
    pub findings: Vec<Line>,
    /// One for each instrument, then care levels, rights and payments, where there are
    /// any.
    pub parts: Vec<ComparedPart>,
    /// Which cases, on which days, by which rules.
    pub foot: Vec<String>,
}

/// Things of one kind in both results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ComparedPart {
    /// What they are of.
    pub heading: String,
    /// Above the previous values and the new: the days.
    pub columns: Pair<String>,
    /// The rows, in sections.
    pub sections: Vec<ComparedSection>,
}

/// Rows under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ComparedSection {
    /// The heading.
    pub heading: String,
    /// Whether rows without a difference are worth showing too: levels and sums.
    pub whole: bool,
    /// The rows.
    pub rows: Vec<ComparedRow>,
}

/// One thing in both results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ComparedRow {
    /// What.
    pub name: String,
    /// In words; a dash where there is nothing.
    pub values: Pair<String>,
    /// The difference in words; empty where there is none to name.
    pub difference: String,
    /// Whether the two differ.
    pub differs: bool,
    /// Which way it went, where one way is the better.
    pub turn: Turn,
}

/// A succession in words. `succession` must have been made by `rulebook`; what the
/// rulebook does not know is shown by its code.
#[must_use]
pub fn succession(succession: &Succession, rulebook: &Rulebook, lang: Lang) -> SuccessionReport {
    let side = |side: &CompareSide| {
        let place = side.jurisdiction.as_deref();
        (place.map(str::to_owned), side.as_of)
    };
    let (new, previous) = (side(&succession.new), side(&succession.previous));
    let words = Beside {
        lang,
        new: names_at(new.0.as_deref(), new.1, rulebook, lang),
        previous: names_at(previous.0.as_deref(), previous.1, rulebook, lang),
        rulebook,
    };
    words.report(succession)
}

struct Beside<'a> {
    rulebook: &'a Rulebook,
    lang: Lang,
    new: Names<'a>,
    previous: Names<'a>,
}

impl<'a> Beside<'a> {
    fn report(&self, succession: &Succession) -> SuccessionReport {
        let mut parts: Vec<ComparedPart> = succession
            .assessments
            .iter()
            .filter_map(|one| {
                Some(self.assessment(one, self.rulebook.instrument(&one.instrument)?))
            })
            .collect();
        let days = Pair {
            new: succession.new.as_of.to_string(),
            previous: succession.previous.as_of.to_string(),
        };
        let mut more = Vec::new();
        let care_levels = succession.care_levels.iter();
        more.push((
            "care_levels",
            care_levels.map(|one| self.care_level(one)).collect(),
        ));
        let rights = succession.rights.iter();
        more.push(("rights", rights.map(|one| self.right(one)).collect()));
        let payments = succession.payments.iter();
        more.push((
            "payments",
            payments.flat_map(|one| self.payment(one)).collect(),
        ));
        for (part, rows) in more {
            let rows: Vec<ComparedRow> = rows;
            if !rows.is_empty() {
                parts.push(ComparedPart {
                    heading: super::heading(part, self.lang),
                    columns: self.columns(&days),
                    sections: vec![ComparedSection {
                        heading: String::new(),
                        whole: part == "payments",
                        rows,
                    }],
                });
            }
        }
        let findings = succession.findings.iter();
        SuccessionReport {
            findings: findings.map(|one| self.finding(one)).collect(),
            parts,
            foot: vec![
                self.foot("beside.foot.previous", &succession.previous),
                self.foot("beside.foot.new", &succession.new),
            ],
        }
    }

    fn say(&self, key: &'a str) -> &'a str {
        words::say(key, self.lang)
    }

    fn columns(&self, days: &Pair<String>) -> Pair<String> {
        let over = |key, day: &str| words::say_with(key, self.lang, &[("day", day)]);
        Pair {
            new: over("beside.new", &days.new),
            previous: over("beside.previous", &days.previous),
        }
    }

    fn foot(&self, key: &str, side: &CompareSide) -> String {
        let how = if side.recorded {
            "beside.recorded"
        } else {
            "beside.decided"
        };
        let place = side.jurisdiction.as_deref().map_or_else(
            || self.say("value.not_stated").to_owned(),
            |code| format!("{} ({code})", self.new.place_of(code)),
        );
        let digest = side.rulebook.digest.get(..23).unwrap_or("");
        words::say_with(
            key,
            self.lang,
            &[
                ("case", &side.case_id),
                ("day", &side.as_of.to_string()),
                ("place", &place),
                ("version", &side.rulebook.version),
                ("digest", digest),
                ("how", self.say(how)),
            ],
        )
    }

    /// A finding: by the words of its rule, where a rule raised it.
    fn finding(&self, finding: &Finding) -> Line {
        let instrument = finding
            .text("instrument")
            .and_then(|id| self.rulebook.instrument(id));
        let rule = instrument.and_then(|instrument| {
            let rules = &instrument.definition().since_last;
            let rule = rules.iter().find(|rule| rule.finding == finding.code)?;
            Some((instrument, rule))
        });
        let Some((instrument, rule)) = rule else {
            return self.new.finding(finding);
        };
        let args: Vec<(&str, String)> = finding
            .args
            .iter()
            .map(|(name, arg)| (name.as_str(), self.arg(instrument, finding, name, arg)))
            .collect();
        let args: Vec<(&str, &str)> = args
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let mark = match finding.severity {
            Severity::Info => Mark::Info,
            Severity::Warning => Mark::Warning,
        };
        let name = self.new.instrument(instrument.id());
        let said = fill(rule.says.within(self.lang), &args);
        let text = words::say_with("beside.of", self.lang, &[("of", &name), ("what", &said)]);
        Line::new(mark, text, &rule.cite)
    }

    fn arg(&self, instrument: &Instrument, finding: &Finding, name: &str, arg: &Arg) -> String {
        match (name, arg) {
            ("before" | "after", Arg::Text(key)) => {
                self.new.code(instrument.id(), key).map_or_else(
                    || key.to_string(),
                    |code| self.new.level(instrument.id(), code),
                )
            }
            ("what", Arg::Codes(codes)) => {
                let field = finding
                    .text("code")
                    .and_then(|code| field(instrument, code));
                let list = codes.iter().map(|code| match field {
                    Some(field) => self.named(field, code),
                    None => code.to_string(),
                });
                self.new.list(list)
            }
            (_, Arg::Number(number)) => number.to_string(),
            (_, Arg::Text(text)) => text.to_string(),
            (_, Arg::Codes(codes)) => self.new.list(codes),
        }
    }

    /// An answer of a field by its name: of a choice the name of the field too.
    fn named(&self, field: &Field, code: &str) -> String {
        match field.options.iter().find(|option| option.key == code) {
            Some(option) => words::say_with(
                "reason",
                self.lang,
                &[
                    ("name", field.names.within(self.lang)),
                    ("value", option.label.within(self.lang)),
                ],
            ),
            None => self.diagnosis(field, code),
        }
    }

    /// A diagnosis with the name of its row of the form's table.
    fn diagnosis(&self, field: &Field, entry: &str) -> String {
        let range = diagnosis_range(entry);
        let row = field.rows.iter().find(|row| match (&row.icd, range) {
            (Some(icd), Some(range)) => diagnosis_range(icd).is_some_and(|row| row.contains(range)),
            (None, None) => row.key == entry,
            _ => false,
        });
        match (row, range) {
            (Some(row), Some(_)) => format!("{entry} {}", row.names.within(self.lang)),
            (Some(row), None) => row.names.within(self.lang).to_owned(),
            (None, _) => entry.to_owned(),
        }
    }

    pub(super) fn row(&self, name: String, values: Pair<String>, difference: &str) -> ComparedRow {
        ComparedRow {
            name,
            differs: values.differs(),
            values,
            difference: difference.to_owned(),
            turn: Turn::Same,
        }
    }

    fn care_level(&self, one: &CareLevelSuccession) -> ComparedRow {
        let map = self.rulebook.care_levels().find(|map| map.id == one.scheme);
        let value = |key: &Option<String>| match key {
            Some(key) => map
                .and_then(|map| map.rows.iter().find(|row| row.key == *key))
                .map_or_else(
                    || key.to_string(),
                    |row| row.names.within(self.lang).to_owned(),
                ),
            None => self.none(),
        };
        let name = map.map_or(one.scheme.as_str(), |map| map.names.within(self.lang));
        let values = Pair {
            new: value(&one.keys.new),
            previous: value(&one.keys.previous),
        };
        self.row(name.to_owned(), values, "")
    }

    fn right(&self, one: &RightSuccession) -> ComparedRow {
        let value = |names: &Names<'_>, standing: &Option<Standing>| match standing {
            Some(standing) => standing_in_words(names, standing),
            None => self.say("status.none").to_owned(),
        };
        let values = Pair {
            new: value(&self.new, &one.new),
            previous: value(&self.previous, &one.previous),
        };
        let mut row = self.row(self.new.programme(&one.programme), values, "");
        row.differs = one.differs();
        row
    }

    fn payment(&self, one: &PaymentSuccession) -> Vec<ComparedRow> {
        let setting = self.say(match one.setting {
            Setting::Home => "setting.home",
            Setting::Community => "setting.community",
            Setting::Institution => "setting.institution",
        });
        let heading = |month: &str| {
            words::say_with(
                "payment",
                self.lang,
                &[("setting", setting), ("month", month)],
            )
        };
        let heading = if one.months.differs() {
            format!("{} → {}", heading(&one.months.previous), one.months.new)
        } else {
            heading(&one.months.new)
        };
        let amount = |fen: Option<i64>| match fen {
            Some(fen) => yuan(fen, self.lang),
            None => self.say("payer.unknown").to_owned(),
        };
        let payers = one.payers.iter().map(|payer| {
            let name = match payer.programme.as_str() {
                "self" => self.say("payer.self").to_owned(),
                id => self.new.programme(id),
            };
            let values = Pair {
                new: amount(payer.new),
                previous: amount(payer.previous),
            };
            let difference = payer
                .difference
                .filter(|fen| *fen != 0)
                .map(|fen| signed(fen, &yuan(fen.saturating_abs(), self.lang)));
            let name =
                words::say_with("beside.of", self.lang, &[("of", &heading), ("what", &name)]);
            self.row(name, values, &difference.unwrap_or_default())
        });
        payers.collect()
    }

    fn none(&self) -> String {
        "–".to_owned()
    }
}

/// The status, and what is given where that differs.
fn standing_in_words(names: &Names<'_>, standing: &Standing) -> String {
    let status = names.status(standing.status);
    let Some(benefit) = &standing.benefit else {
        return status;
    };
    let terms = names.given(benefit, &standing.rule).terms;
    if terms.is_empty() {
        return status;
    }
    let terms = names.list(terms);
    names.say_with("reason", &[("name", &status), ("value", &terms)])
}

fn field<'i>(instrument: &'i Instrument, code: &str) -> Option<&'i Field> {
    let fields = &instrument.definition().fields;
    fields.iter().find(|field| field.code == code)
}

/// With the sign of a difference: a true minus, as wide as the plus.
fn signed(difference: i64, size: &str) -> String {
    let sign = if difference < 0 { '−' } else { '+' };
    format!("{sign}{size}")
}
