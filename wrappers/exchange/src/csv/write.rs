//! From cases to a sheet.

use std::collections::BTreeSet;

use nengli::{Case, Instrument, Lang, ProblemKind, Rulebook};

use super::cell::{guarded, guarded_id};
use super::column::{Column, MAX_NUMBERED};
use super::read::{bounded, known};
use super::row::Layout;
use super::table::whole;
use super::words::words;
use super::{ALLOWED, NAMES};
use crate::problem::{Fault, FaultKind, Refused};

/// How a sheet is written.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The language of the names and of what is allowed; yes and no are written in it.
    pub lang: Lang,
    /// Facts that have a column though no case states them: ids of the vocabulary.
    pub facts: Vec<String>,
    /// Leave out what a sheet cannot carry and say what; else it is refused.
    pub lossy: bool,
}

/// A sheet, and what it does not carry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sheet {
    /// The sheet, with a byte order mark, and CRLF after each row.
    pub text: String,
    /// What was left out; nothing, unless it was asked for ([`Options::lossy`]).
    pub lost: Vec<Fault>,
}

/// An empty sheet to fill in: codes, names, what is allowed.
///
/// # Errors
///
/// The rulebook has no such instrument or fact.
pub fn template(
    instrument: &str,
    rulebook: &Rulebook,
    options: &Options,
) -> Result<String, Refused> {
    write(&[], instrument, rulebook, options).map(|sheet| sheet.text)
}

/// A sheet of cases, one a row, that [`super::read`] makes the same cases of.
///
/// Columns that an empty sheet does not have are added where a case needs them: more
/// assessors, `replaces`, `reason`, facts, costs, what funds paid, and interpretations.
///
/// # Errors
///
/// The rulebook has no such instrument or fact, or refuses a case; two cases have one
/// `case_id`; a case has something that a sheet cannot carry ([`Options::lossy`] leaves
/// that out): an assessment by another instrument, a second one by this, more than nine
/// assessors or costs.
pub fn write(
    cases: &[Case],
    instrument: &str,
    rulebook: &Rulebook,
    options: &Options,
) -> Result<Sheet, Refused> {
    let instrument = known(instrument, rulebook)?;
    let mut faults = Vec::new();
    let mut lost = Vec::new();
    let mut carried = Vec::new();
    let mut ids = BTreeSet::new();
    for (i, case) in cases.iter().enumerate() {
        let place = Place(i + 1);
        if let Err(rejection) = rulebook.assess(case) {
            faults.extend(rejection.rejected.iter().map(|problem| {
                let zh = problem.message_in(Lang::Zh);
                place.fault(&problem.at, problem.kind, &problem.message, zh)
            }));
            continue;
        }
        if !ids.insert(&case.case_id) {
            faults.push(place.fault(
                "/case_id",
                FaultKind::DuplicateCase,
                "expected each case_id once; an earlier case has this one, too",
                "每个 case_id 只能出现一次；前面的个案已有",
            ));
        }
        carried.extend(carry(case, instrument, place, &mut lost).map(|case| (place, case)));
    }
    let columns = columns(&carried, instrument, rulebook, options)?;
    let layout = Layout {
        instrument,
        rulebook,
        columns: columns.into_iter().enumerate().collect(),
    };
    let mut rows = head(&layout, options.lang);
    for (place, case) in &carried {
        let row = layout.write(case, options.lang);
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        // Read back: nothing is carried that does not come back the same.
        if layout.read(1, &cells).as_ref() != Ok(case) {
            faults.push(place.fault(
                "",
                FaultKind::NotCarried,
                "expected a case that comes back from the sheet as it is; it does not",
                "个案应能从表中原样读回；实际不能",
            ));
        }
        rows.push(row);
    }
    if !options.lossy {
        faults.append(&mut lost);
    }
    if faults.is_empty() {
        let text = text(&rows)?;
        Ok(Sheet { text, lost })
    } else {
        Err(bounded(faults))
    }
}

/// Which case, from 1.
#[derive(Clone, Copy)]
struct Place(usize);

impl Place {
    fn fault(self, at: &str, kind: impl Into<FaultKind>, en: &str, zh: &str) -> Fault {
        let number = self.0;
        let place = words(
            format!("case {number}: {at}").trim_end_matches(": "),
            format!("第 {number} 个个案：{at}").trim_end_matches('：'),
        );
        Fault::placed(place, None, kind, words(en, zh))
    }

    fn lost(self, at: &str, en: &str, zh: &str) -> Fault {
        self.fault(at, FaultKind::NotCarried, en, zh)
    }
}

/// The part of a case that a sheet of `instrument` carries; what it does not is named.
fn carry(
    case: &Case,
    instrument: &Instrument,
    place: Place,
    lost: &mut Vec<Fault>,
) -> Option<Case> {
    let forms = case.assessments.iter().enumerate();
    let own = forms.filter(|(_, form)| form.instrument == instrument.id());
    let Some((kept, form)) = own.max_by_key(|(_, form)| form.date) else {
        lost.push(place.lost(
            "",
            &format!("expected an assessment by {}; it has none", instrument.id()),
            &format!("应有 {} 的评估；没有找到", instrument.id()),
        ));
        return None;
    };
    for (i, other) in case.assessments.iter().enumerate() {
        if i != kept {
            lost.push(place.lost(
                &format!("/assessments/{i}"),
                &format!(
                    "a row carries one assessment; this one by {} is another",
                    other.instrument
                ),
                &format!("一行只能记一次评估；这是 {} 的另一次", other.instrument),
            ));
        }
    }
    let mut out = case.clone();
    let mut form = form.clone();
    if form.assessors.len() > MAX_NUMBERED {
        lost.push(place.lost(
            &format!("/assessments/{kept}/assessors"),
            &format!("a row carries at most {MAX_NUMBERED} assessors"),
            &format!("一行最多记 {MAX_NUMBERED} 名评估人员"),
        ));
        form.assessors.truncate(MAX_NUMBERED);
    }
    out.assessments = vec![form];
    let costs = out.costs.as_mut();
    if costs.as_ref().is_some_and(|costs| costs.is_empty()) {
        out.costs = None;
        lost.push(place.lost(
            "/costs",
            "a sheet does not carry a list of no costs",
            "表中不能记空的费用列表",
        ));
    } else if let Some(costs) = costs.filter(|costs| costs.len() > MAX_NUMBERED) {
        costs.truncate(MAX_NUMBERED);
        lost.push(place.lost(
            "/costs",
            &format!("a row carries at most {MAX_NUMBERED} costs"),
            &format!("一行最多记 {MAX_NUMBERED} 笔费用"),
        ));
    }
    // Their order says nothing; a second one of a programme has no column.
    out.used
        .sort_by(|one, other| one.programme.cmp(&other.programme));
    let before = out.used.len();
    out.used
        .dedup_by(|one, other| one.programme == other.programme);
    if out.used.len() < before {
        lost.push(place.lost(
            "/used",
            "a row carries one amount for each programme",
            "每个项目在一行中只能记一笔已支付额",
        ));
    }
    // No facts say nothing, unless they alone ask for rights.
    if out.facts.as_ref().is_some_and(|facts| facts.is_empty()) {
        out.facts = None;
        if out.jurisdiction.is_none() {
            lost.push(place.lost(
                "/facts",
                "a sheet does not carry that facts are asked and none is known",
                "表中不能记“询问了事实但一项也不知道”",
            ));
        }
    }
    Some(out)
}

/// The columns of an empty sheet, and those that these cases need besides.
fn columns<'r>(
    cases: &[(Place, Case)],
    instrument: &'r Instrument,
    rulebook: &'r Rulebook,
    options: &Options,
) -> Result<Vec<Column<'r>>, Refused> {
    let forms = || cases.iter().flat_map(|(_, case)| &case.assessments);
    let mut columns = Column::usual(instrument.definition());
    let position = |columns: &[Column<'_>], wanted: fn(&Column<'_>) -> bool| {
        columns
            .iter()
            .position(wanted)
            .map_or(columns.len(), |found| found + 1)
    };
    let listed = |columns: &[Column<'_>]| {
        columns
            .iter()
            .filter(|column| matches!(column, Column::AssessorId(_)))
            .count()
    };
    let most = forms()
        .map(|form| form.assessors.len())
        .max()
        .unwrap_or_default();
    for number in listed(&columns) + 1..=most.min(MAX_NUMBERED) {
        let at = position(&columns, |column| matches!(column, Column::Informant)) - 1;
        columns.splice(at..at, Column::of_assessor(number));
    }
    let has_reason = columns
        .iter()
        .any(|column| matches!(column, Column::Reason));
    if !has_reason && forms().any(|form| form.reason.is_some()) {
        let at = position(&columns, |column| matches!(column, Column::Date));
        columns.insert(at, Column::Reason);
    }
    if cases.iter().any(|(_, case)| case.replaces.is_some()) {
        let at = position(&columns, |column| matches!(column, Column::CaseId));
        columns.insert(at, Column::Replaces);
    }
    let stated = cases.iter().filter_map(|(_, case)| case.facts.as_ref());
    let mut facts: BTreeSet<&str> = stated
        .flat_map(|facts| facts.keys().map(String::as_str))
        .collect();
    facts.extend(options.facts.iter().map(String::as_str));
    for id in facts {
        let column = Column::of_fact(id, rulebook).ok_or_else(|| {
            whole(
                ProblemKind::UnknownFact,
                "expected a fact of the vocabulary; found another key",
                "应为词表中的事实；实为其他键",
            )
        })?;
        columns.push(column);
    }
    let costs = cases.iter().filter_map(|(_, case)| case.costs.as_ref());
    let most = costs.map(Vec::len).max().unwrap_or_default();
    columns.extend((1..=most.min(MAX_NUMBERED)).flat_map(Column::of_cost));
    let used = cases.iter().flat_map(|(_, case)| &case.used);
    let funds: BTreeSet<&String> = used.map(|used| &used.programme).collect();
    columns.extend(funds.iter().filter_map(|id| Column::of_fund(id, rulebook)));
    let chosen = cases
        .iter()
        .flat_map(|(_, case)| case.interpretations.keys());
    let keys: BTreeSet<&String> = chosen.collect();
    columns.extend(
        keys.iter()
            .filter_map(|key| Column::of_reading(key, rulebook)),
    );
    Ok(columns)
}

/// The three rows above the cases.
fn head(layout: &Layout<'_>, lang: Lang) -> Vec<Vec<String>> {
    let columns = || layout.columns.iter().map(|(_, column)| column);
    let marked = |mark: &str, says: fn(&Column<'_>, Lang) -> String| {
        let cell = |column: &Column<'_>| match column {
            Column::CaseId => format!("{mark}{}", says(column, lang)),
            _ => says(column, lang),
        };
        columns().map(cell).collect()
    };
    let mut rows: Vec<Vec<String>> = vec![
        columns()
            .map(|column| guarded_id(&column.code()).into_owned())
            .collect(),
        marked(
            &format!("{NAMES} {}: ", layout.instrument.id()),
            |column, lang| column.name(lang),
        ),
        marked(&format!("{ALLOWED} "), |column, lang| column.allowed(lang)),
    ];
    for cell in rows.iter_mut().skip(1).flatten() {
        *cell = guarded(cell).into_owned();
    }
    rows
}

fn text(rows: &[Vec<String>]) -> Result<String, Refused> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let written = rows.iter().try_for_each(|row| writer.write_record(row));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    match text {
        Some(text) => Ok(format!("\u{FEFF}{text}")),
        // Writing rows of one length into memory does not fail.
        None => Err(whole(
            FaultKind::NotCsv,
            "expected rows of one length; found others",
            "各行应一样长；实际不同",
        )),
    }
}
