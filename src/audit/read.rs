//! From a row to a form and to what was recorded beside it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Auditor;
use super::check::is_list;
use super::conflict::{Conflict, ConflictKind as Kind};
use super::mapping::Source;
use super::row::{Cell, Row};
use crate::case::{self, Answer, Assessment, Case, Prepared, ProblemKind, Problems};
use crate::determination::Found;
use crate::instrument::Instrument;
use crate::text::strings;
use crate::words::Lang;

/// Which recorded value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Score,
    Grade,
    Preliminary,
    Level,
}

/// A recorded value: where it stands, and the step that it is of.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) part: Part,
    /// Id of the score, code of the domain, or the part itself.
    pub(super) id: String,
    pub(super) step: usize,
    pub(super) source: Source,
}

/// What stands in such a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorded {
    Nothing,
    /// A number, or the code of a level.
    Value(i64),
    Unreadable,
}

/// A row that was read.
pub(super) struct Form<'r> {
    pub(super) case_id: Option<String>,
    pub(super) date: Option<Date>,
    pub(super) prepared: Option<Prepared<'r>>,
    /// In the order of the places.
    pub(super) recorded: Vec<Recorded>,
    /// Codes of answers that were refused.
    pub(super) refused: Vec<String>,
    pub(super) conflicts: Vec<Conflict>,
}

/// Greatest number that a conflict repeats: those beyond could be anything.
const SHOWN: i64 = 9999;

/// A number as a conflict may show it.
pub(super) fn shown(number: i64) -> Option<Found> {
    (-SHOWN..=SHOWN)
        .contains(&number)
        .then_some(Found::Number(number))
}

impl Auditor {
    pub(super) fn read<'r>(&'r self, instrument: &'r Instrument, row: &Row<'_>) -> Form<'r> {
        let mut conflicts = Vec::new();
        let case_id = self.case_id(row, &mut conflicts);
        let date = self.date(row, &mut conflicts);
        let mut refused = Vec::new();
        // Where the date cannot be read, nothing is said of what was in force.
        let day = date.unwrap_or(instrument.definition().in_force.from);
        let mut form = Assessment::new(instrument.id(), day);
        let mut shows = BTreeMap::new();
        for (code, source) in &self.mapping.answers {
            match self.answer(instrument, code, source, row) {
                Ok(Some(answer)) => {
                    if let Answer::Number(number) = &answer {
                        shows.insert(code.as_str(), *number);
                    }
                    form.answers.insert(code.clone(), answer);
                }
                Ok(None) => {}
                Err(conflict) => {
                    refused.push(code.clone());
                    conflicts.push(*conflict);
                }
            }
        }
        let mut case = Case::new("row", day);
        case.assessments.push(form);
        for (id, choice) in &self.mapping.interpretations {
            let key = format!("{}/{id}", instrument.id());
            case.interpretations.insert(key, choice.clone());
        }
        let mut problems = Problems::default();
        let prepared = case::check(&case, &self.rulebook, &mut problems).pop();
        for problem in problems.rejection(None).rejected {
            if problem.kind == ProblemKind::NotYetInForce {
                let zh = problem.message_in(Lang::Zh).to_owned();
                let conflict = Conflict::new(Kind::NotInForce, problem.message, zh).at(self
                    .mapping
                    .date
                    .column
                    .clone());
                conflicts.push(self.of_instrument(instrument, conflict));
                continue;
            }
            let Some(code) = self.code_of(&problem.at) else {
                continue;
            };
            if refused.contains(&code) {
                continue;
            }
            let zh = problem.message_in(Lang::Zh).to_owned();
            let mut conflict = Conflict::new(Kind::AnswerNotAllowed, problem.message, zh)
                .about([code.clone()])
                .at(self.column_of(&code));
            conflict.recorded = shows.get(code.as_str()).copied().and_then(shown);
            conflict.citations = cited(instrument, &code);
            refused.push(code);
            conflicts.push(conflict);
        }
        if let Some(date) = date
            && instrument.ended_by(date)
        {
            let to = instrument.definition().in_force.to;
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            let conflict = Conflict::new(
                Kind::Superseded,
                format!(
                    "expected a day before {to}, when {} ended; found a later one",
                    instrument.id()
                ),
                format!("{} 至 {to} 止；评估日期更晚", instrument.id()),
            )
            .at(self.mapping.date.column.clone());
            conflicts.push(self.of_instrument(instrument, conflict));
        }
        let recorded = self
            .places
            .iter()
            .map(|place| self.recorded(instrument, place, row));
        Form {
            case_id,
            date,
            prepared,
            recorded: recorded.collect(),
            refused,
            conflicts,
        }
    }

    fn case_id(&self, row: &Row<'_>, conflicts: &mut Vec<Conflict>) -> Option<String> {
        let column = self.mapping.case_id.as_ref()?;
        match row.cell(column) {
            Cell::Text(id) if case::is_pseudonym(&id) => return Some(id.into_owned()),
            _ => {}
        }
        conflicts.push(
            Conflict::new(
                Kind::BadCaseId,
                "expected 1 to 64 letters, digits or . _ : - and not the form of an identity \
                 number; found nothing or another text"
                    .to_owned(),
                "应为 1 至 64 个字母、数字或 . _ : -，且不得是身份号码的形式；实为空或其他文本"
                    .to_owned(),
            )
            .at([column.clone()]),
        );
        None
    }

    fn date(&self, row: &Row<'_>, conflicts: &mut Vec<Conflict>) -> Option<Date> {
        let source = &self.mapping.date;
        let Some(column) = &source.column else {
            return source.is;
        };
        let date = match row.cell(column) {
            Cell::Text(text) => source.written.read(&text),
            _ => None,
        };
        if date.is_none() {
            let written = source.written.as_str();
            conflicts.push(
                Conflict::new(
                    Kind::UnreadableDate,
                    format!(
                        "expected a date of the calendar written as {written}; found another text"
                    ),
                    format!("应为存在的日期，写如 {written}；实为其他文本"),
                )
                .at([column.clone()]),
            );
        }
        date
    }

    fn is_missing(&self, text: &str) -> bool {
        match &self.mapping.missing {
            Some(words) => words.iter().any(|word| word == text),
            None => text.is_empty(),
        }
    }

    /// The answer to a code; none where there is none.
    fn answer(
        &self,
        instrument: &Instrument,
        code: &str,
        source: &Source,
        row: &Row<'_>,
    ) -> Result<Option<Answer>, Box<Conflict>> {
        let Some(column) = source.column() else {
            return Ok(source.is().cloned());
        };
        let refuse = |en: &str, zh: &str| {
            let mut conflict = Conflict::new(Kind::AnswerNotAllowed, en.to_owned(), zh.to_owned())
                .about([code.to_owned()])
                .at([column.to_owned()]);
            conflict.citations = cited(instrument, code);
            Err(Box::new(conflict))
        };
        let meant = |text: &str| source.values().and_then(|values| values.get(text));
        let listed = is_list(instrument, code);
        let mut list: Vec<String> = Vec::new();
        let mut put = |entry: &str| match meant(entry) {
            Some(Answer::List(entries)) => list.extend(entries.iter().cloned()),
            _ if entry.is_empty() => {}
            _ => list.push(entry.to_owned()),
        };
        match row.cell(column) {
            Cell::Nothing => Ok(None),
            Cell::Text(text) => {
                if let Some(answer) = meant(&text) {
                    return Ok(Some(answer.clone()));
                }
                if self.is_missing(&text) {
                    return Ok(None);
                }
                if listed {
                    match source.separator() {
                        Some(separator) => text.split(separator).map(str::trim).for_each(&mut put),
                        None => put(&text),
                    }
                    return Ok(Some(Answer::List(list)));
                }
                if source.values().is_some() {
                    return refuse(
                        "expected one of the texts of the mapping; found another",
                        "应为映射中列出的文本；实为其他",
                    );
                }
                Ok(Some(plain(&text)))
            }
            Cell::List(entries) if listed => {
                entries.iter().for_each(|entry| put(entry));
                Ok(Some(Answer::List(list)))
            }
            Cell::List(_) | Cell::Other => refuse(
                "expected one value; found a list, an object or a fraction",
                "应为单个值；实为数组、对象或小数",
            ),
        }
    }

    fn recorded(&self, instrument: &Instrument, place: &Place, row: &Row<'_>) -> Recorded {
        let Some(column) = place.source.column() else {
            return Recorded::Nothing;
        };
        let text = match row.cell(column) {
            Cell::Nothing => return Recorded::Nothing,
            Cell::List(_) | Cell::Other => return Recorded::Unreadable,
            Cell::Text(text) => text,
        };
        let level = matches!(place.part, Part::Preliminary | Part::Level);
        let value = match place.source.values() {
            Some(values) => match values.get(text.as_ref()) {
                Some(Answer::Number(number)) => Some(*number),
                Some(Answer::Text(key)) => code_of_level(instrument, |one| one.key == *key),
                _ => None,
            },
            None if level => code_of_level(instrument, |one| {
                let own = [one.key.as_str(), &one.names.zh, &one.names.en];
                own.into_iter()
                    .chain(one.official.as_deref())
                    .any(|own| *own == *text)
            }),
            None => whole(&text),
        };
        match value {
            Some(value) => Recorded::Value(value),
            None if self.is_missing(&text) => Recorded::Nothing,
            None => Recorded::Unreadable,
        }
    }

    /// The code that a problem of a form is about.
    fn code_of(&self, at: &str) -> Option<String> {
        let rest = at.strip_prefix("/assessments/0/answers/")?;
        let key = rest.split('/').next()?;
        self.mapping
            .answers
            .contains_key(key)
            .then(|| key.to_owned())
    }

    pub(super) fn column_of(&self, code: &str) -> Option<String> {
        let source = self.mapping.answers.get(code)?;
        source.column().map(str::to_owned)
    }

    /// A conflict that the life of the instrument decides.
    fn of_instrument(&self, instrument: &Instrument, mut conflict: Conflict) -> Conflict {
        conflict.rule = Some(instrument.id().to_owned());
        conflict
    }
}

fn code_of_level(
    instrument: &Instrument,
    is: impl Fn(&crate::instrument::definition::LevelDefinition) -> bool,
) -> Option<i64> {
    let levels = &instrument.definition().levels;
    levels
        .iter()
        .find(|level| is(level))
        .map(|level| i64::from(level.code))
}

/// Citations of an item or field.
fn cited(instrument: &Instrument, code: &str) -> Vec<String> {
    let item = instrument
        .items()
        .find(|item| item.code == code)
        .map(|item| &item.cite);
    let fields = &instrument.definition().fields;
    let field = || {
        fields
            .iter()
            .find(|field| field.code == code)
            .map(|field| &field.cite)
    };
    item.or_else(field)
        .map_or_else(Vec::new, |cite| strings(cite))
}

/// A text as an answer of ours: a whole number, yes or no, or a key.
fn plain(text: &str) -> Answer {
    match (whole(text), text) {
        (Some(number), _) => Answer::Number(number),
        (None, "true") => Answer::Flag(true),
        (None, "false") => Answer::Flag(false),
        _ => Answer::Text(text.to_owned()),
    }
}

/// A whole number as it is ordinarily written: no plus, no leading zero, no fraction.
fn whole(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
