//! One row and one case: the way in and the way out.

use std::collections::BTreeMap;

use nengli::case::{Assessor, Background, Cost, Informant, Reason, Relation, Setting, Used};
use nengli::{Answer, Assessment, Case, Date, Instrument, Lang, ProblemKind, Rulebook, date};

use super::cell::{Cell, guarded, guarded_id, hint, hint_of_day, unguarded, unguarded_id};
use super::column::Column;
use super::shape::Shape;
use super::words::words;
use crate::problem::{Fault, FaultKind};

/// The columns of a sheet, each at its place, and by which rules rows are read.
pub(crate) struct Layout<'r> {
    pub(crate) instrument: &'r Instrument,
    pub(crate) rulebook: &'r Rulebook,
    /// With the position at which each stands, from 0.
    pub(crate) columns: Vec<(usize, Column<'r>)>,
}

impl<'r> Layout<'r> {
    /// The case of a row of these cells, which has a number, from 1.
    pub(crate) fn read(&self, row: u64, cells: &[&str]) -> Result<Case, Vec<Fault>> {
        let mut reading = Reading {
            layout: self,
            row,
            cells,
            case: Case::new("", PLACEHOLDER),
            form: Assessment::new(self.instrument.id(), PLACEHOLDER),
            assessors: BTreeMap::new(),
            costs: BTreeMap::new(),
            origins: BTreeMap::new(),
            faults: Vec::new(),
        };
        for (place, (_, column)) in self.columns.iter().enumerate() {
            reading.cell(place, column);
        }
        reading.finish()
    }

    /// The cells of a case of one assessment, in the order of the columns, guarded.
    pub(crate) fn write(&self, case: &Case, lang: Lang) -> Vec<String> {
        let columns = self.columns.iter();
        columns
            .map(|(_, column)| {
                let shape = column.shape();
                let text = value(column, case)
                    .map(|value| shape.write(&value, lang))
                    .unwrap_or_default();
                match shape {
                    Shape::Text(..) => guarded_id(&text).into_owned(),
                    _ => guarded(&text).into_owned(),
                }
            })
            .collect()
    }
}

/// Stands for a day that could not be read, so that the rest is checked all the same:
/// so late that nothing is called later.
const PLACEHOLDER: Date = date(9000, 12, 31);

/// The part of a case that a column carries.
fn value(column: &Column<'_>, case: &Case) -> Option<Answer> {
    let form = case.assessments.first()?;
    let text = |text: &str| Some(Answer::Text(text.to_owned()));
    let assessor = |number: usize| form.assessors.get(number.checked_sub(1)?);
    let cost = |number: usize| case.costs.as_ref()?.get(number.checked_sub(1)?);
    match column {
        Column::CaseId => text(&case.case_id),
        Column::AsOf => text(&case.as_of.to_string()),
        Column::Jurisdiction => case.jurisdiction.clone().map(Answer::Text),
        Column::Replaces => case.replaces.clone().map(Answer::Text),
        Column::Date => text(&form.date.to_string()),
        Column::Reason => text(form.reason?.as_str()),
        Column::Informant => text(form.informant.as_ref()?.relation.as_str()),
        Column::AssessorId(number) => text(&assessor(*number)?.id),
        Column::AssessorBackground(number) => text(assessor(*number)?.background.as_str()),
        Column::Item(item) => form.answers.get(item.code.as_str()).cloned(),
        Column::Field(field) => form.answers.get(field.code.as_str()).cloned(),
        Column::Fact(fact) => case.facts.as_ref()?.get(&fact.id).cloned(),
        Column::CostSetting(number) => text(cost(*number)?.setting.as_str()),
        Column::CostFen(number) => Some(cost(*number)?.fen.into()),
        Column::CostDays(number) => cost(*number)?.days.map(|days| i64::from(days).into()),
        Column::Used(id, _) => {
            let used = case.used.iter().find(|used| used.programme == *id)?;
            Some(used.fen.into())
        }
        Column::Reading(..) | Column::CareLevels(..) => {
            text(case.interpretations.get(&column.reading_key()?)?)
        }
    }
}

struct Reading<'a, 'r> {
    layout: &'a Layout<'r>,
    row: u64,
    cells: &'a [&'a str],
    case: Case,
    form: Assessment,
    /// Id and background of each assessor, with the place of the column.
    assessors: BTreeMap<usize, [Option<(usize, String)>; 2]>,
    /// Setting, fen and days of each cost, with the place of the column.
    costs: BTreeMap<usize, [Option<(usize, Answer)>; 3]>,
    /// JSON Pointer into the case → place of the column.
    origins: BTreeMap<String, usize>,
    /// With the place of the column.
    faults: Vec<(usize, Fault)>,
}

impl Reading<'_, '_> {
    fn text(&self, place: usize) -> &str {
        let Some((position, column)) = self.layout.columns.get(place) else {
            return "";
        };
        let cell = self.cells.get(*position).copied().unwrap_or_default();
        match column.shape() {
            Shape::Text(..) => unguarded_id(cell),
            _ => unguarded(cell),
        }
    }

    fn fault(&mut self, place: usize, kind: impl Into<FaultKind>, en: &str, zh: &str) {
        let Some((position, column)) = self.layout.columns.get(place) else {
            return;
        };
        let text = self.text(place);
        let hint = match column.shape() {
            _ if text.is_empty() => None,
            Shape::Day(_) => hint_of_day(text),
            Shape::Text(..) if text.len() < 6 && text.bytes().all(|b| b.is_ascii_digit()) => {
                Some((
                    "spreadsheets take zeros from the front: format the column as text",
                    "表格软件会去掉开头的零，请把该列设为文本",
                ))
            }
            _ => hint(text),
        };
        let says = match hint {
            Some((hint, zh_hint)) => words(format!("{en} ({hint})"), format!("{zh}（{zh_hint}）")),
            None => words(en, zh),
        };
        let cell = Cell::at(self.row, *position, Some(column.code()));
        let fault = Fault::placed(cell.place(), Some(cell), kind, says);
        self.faults.push((place, fault));
    }

    fn cell(&mut self, place: usize, column: &Column<'_>) {
        if let Some(pointer) = column.pointer() {
            self.origins.insert(pointer, place);
        }
        let text = self.text(place);
        if text.is_empty() {
            if column.is_required_in_each_row() {
                self.fault(
                    place,
                    ProblemKind::MissingKey,
                    "expected a value; the cell is empty",
                    "必填；单元格为空",
                );
            }
            return;
        }
        match column.shape().read(text) {
            Ok(value) => self.take(place, column, value),
            Err(wrong) => self.fault(place, wrong.kind, &wrong.says.en, &wrong.says.zh),
        }
    }

    fn take(&mut self, place: usize, column: &Column<'_>, value: Answer) {
        let code = column.code();
        match (column, value) {
            (Column::Item(_) | Column::Field(_), value) => {
                self.form.answers.insert(code, value);
            }
            (Column::Fact(fact), value) => {
                let facts = self.case.facts.get_or_insert_default();
                facts.insert(fact.id.clone(), value);
            }
            (Column::CaseId, Answer::Text(text)) => self.case.case_id = text,
            (Column::Jurisdiction, Answer::Text(text)) => self.case.jurisdiction = Some(text),
            (Column::Replaces, Answer::Text(text)) => self.case.replaces = Some(text),
            (Column::AsOf, Answer::Text(text)) => {
                self.case.as_of = super::cell::day(&text).unwrap_or(PLACEHOLDER);
            }
            (Column::Date, Answer::Text(text)) => {
                self.form.date = super::cell::day(&text).unwrap_or(PLACEHOLDER);
            }
            (Column::Reason, Answer::Text(text)) => {
                self.form.reason = named(Reason::ALL, Reason::as_str, &text);
            }
            (Column::Informant, Answer::Text(text)) => {
                let relation = named(Relation::ALL, Relation::as_str, &text);
                self.form.informant = relation.map(|relation| Informant { relation });
            }
            (Column::AssessorId(number), Answer::Text(text)) => {
                let [id, _] = self.assessors.entry(*number).or_default();
                *id = Some((place, text));
            }
            (Column::AssessorBackground(number), Answer::Text(text)) => {
                let [_, background] = self.assessors.entry(*number).or_default();
                *background = Some((place, text));
            }
            (Column::CostSetting(number), value) => {
                let [setting, ..] = self.costs.entry(*number).or_default();
                *setting = Some((place, value));
            }
            (Column::CostFen(number), value) => {
                let [_, fen, _] = self.costs.entry(*number).or_default();
                *fen = Some((place, value));
            }
            (Column::CostDays(number), value) => {
                let [.., days] = self.costs.entry(*number).or_default();
                *days = Some((place, value));
            }
            (Column::Used(id, _), Answer::Number(fen)) => {
                let at = format!("/used/{}", self.case.used.len());
                self.origins.insert(at, place);
                let programme = (*id).to_owned();
                self.case.used.push(Used { fen, programme });
            }
            (Column::Reading(..) | Column::CareLevels(..), Answer::Text(text)) => {
                if let Some(key) = column.reading_key() {
                    self.case.interpretations.insert(key, text);
                }
            }
            _ => {}
        }
    }

    /// Puts the assessors together, each of an id and a background.
    fn assessors(&mut self) {
        for (number, [id, background]) in std::mem::take(&mut self.assessors) {
            let ((id_place, id), (background_place, key)) = match (id, background) {
                (Some(id), Some(background)) => (id, background),
                (Some((given, _)), None) => {
                    let wanted = Column::AssessorBackground(number);
                    self.half(given, wanted, "background", "专业背景");
                    continue;
                }
                (None, Some((given, _))) => {
                    self.half(given, Column::AssessorId(number), "id", "代号");
                    continue;
                }
                (None, None) => continue,
            };
            let Some(background) = named(Background::ALL, Background::as_str, &key) else {
                continue;
            };
            let at = format!("/assessments/0/assessors/{}", self.form.assessors.len());
            self.origins.insert(format!("{at}/id"), id_place);
            self.origins
                .insert(format!("{at}/background"), background_place);
            self.form.assessors.push(Assessor { background, id });
        }
    }

    /// Puts the costs together, each of the month of decision.
    fn costs(&mut self) {
        for (number, [setting, fen, days]) in std::mem::take(&mut self.costs) {
            let given = [&setting, &fen, &days].into_iter().flatten().next();
            let given = given.map_or(usize::MAX, |(place, _)| *place);
            if setting.is_none() {
                self.half(given, Column::CostSetting(number), "setting", "服务场所");
            }
            if fen.is_none() {
                self.half(given, Column::CostFen(number), "amount", "金额");
            }
            let (Some((setting_place, Answer::Text(key))), Some((fen_place, Answer::Number(fen)))) =
                (setting, fen)
            else {
                continue;
            };
            let Some(setting) = named(Setting::ALL, Setting::as_str, &key) else {
                continue;
            };
            let costs = self.case.costs.get_or_insert_default();
            let at = format!("/costs/{}", costs.len());
            let mut cost = Cost {
                days: None,
                fen,
                month: self.case.as_of.strftime("%Y-%m").to_string(),
                setting,
            };
            self.origins.insert(format!("{at}/setting"), setting_place);
            self.origins.insert(format!("{at}/fen"), fen_place);
            let mut beyond = None;
            if let Some((place, Answer::Number(days))) = days {
                self.origins.insert(format!("{at}/days"), place);
                cost.days = u8::try_from(days).ok();
                beyond = cost.days.is_none().then_some(place);
            }
            costs.push(cost);
            if let Some(place) = beyond {
                self.fault(
                    place,
                    ProblemKind::OutOfRange,
                    "expected the days of a month, from 1; found a number outside",
                    "应为当月天数（自 1 起）；实为范围之外",
                );
            }
        }
    }

    /// A part of an assessor or cost is given and this one is not there; unless it was
    /// refused.
    fn half(&mut self, given: usize, wanted: Column<'_>, en: &str, zh: &str) {
        let code = wanted.code();
        let mut columns = self.layout.columns.iter();
        let place = columns.position(|(_, column)| column.code() == code);
        let place = place.unwrap_or(given);
        if !self.faults.iter().any(|(refused, _)| *refused == place) {
            self.fault(
                place,
                ProblemKind::MissingKey,
                &format!("expected the {en}, too, as the rest is given; it is absent"),
                &format!("应与其余部分一并填写；缺{zh}"),
            );
        }
    }

    /// Has the rulebook check what was read.
    fn finish(mut self) -> Result<Case, Vec<Fault>> {
        self.assessors();
        self.costs();
        let mut case = std::mem::replace(&mut self.case, Case::new("", PLACEHOLDER));
        let instrument = self.layout.instrument.id();
        let form = std::mem::replace(&mut self.form, Assessment::new(instrument, PLACEHOLDER));
        case.assessments.push(form);
        let problems = match self.layout.rulebook.assess(&case) {
            Ok(_) => Vec::new(),
            Err(rejection) => rejection.rejected,
        };
        for problem in problems {
            let found = self.origin(&problem.at);
            // What could not be read has its fault already, and a placeholder none.
            let told = |(place, _): &(usize, Fault)| Some(*place) == found;
            if !self.faults.iter().any(told) {
                let zh = problem.message_in(Lang::Zh).to_owned();
                match found {
                    Some(place) => self.fault(place, problem.kind, &problem.message, &zh),
                    None => self.fault_of_row(problem.kind, problem.message, zh),
                }
            }
        }
        if self.faults.is_empty() {
            return Ok(case);
        }
        self.faults.sort_by_key(|(place, _)| *place);
        Err(self.faults.into_iter().map(|(_, fault)| fault).collect())
    }

    /// The column from which the part at `pointer` came, or the nearest part above it.
    fn origin(&self, mut pointer: &str) -> Option<usize> {
        loop {
            if let Some(place) = self.origins.get(pointer) {
                return Some(*place);
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }

    /// Of a part that no column of the sheet carries: a day, where its column is missing
    /// and said to be.
    fn fault_of_row(&mut self, kind: ProblemKind, en: String, zh: String) {
        let has = |wanted: fn(&Column<'_>) -> bool| {
            let mut columns = self.layout.columns.iter();
            columns.any(|(_, column)| wanted(column))
        };
        if has(|column| matches!(column, Column::AsOf))
            && has(|column| matches!(column, Column::Date))
        {
            let fault = of_row(self.row, kind, en, zh);
            self.faults.push((usize::MAX, fault));
        }
    }
}

/// A fault of a whole row.
pub(crate) fn of_row(row: u64, kind: impl Into<FaultKind>, en: String, zh: String) -> Fault {
    let place = words(format!("row {row}"), format!("第 {row} 行"));
    Fault::placed(place, None, kind, words(en, zh))
}

/// The value of a key.
fn named<T: Copy>(all: &[T], key: fn(T) -> &'static str, text: &str) -> Option<T> {
    all.iter().copied().find(|value| key(*value) == text)
}
