//! From a sheet to cases.

use std::collections::BTreeMap;

use nengli::{Case, Instrument, ProblemKind, Rulebook};

use super::cell::{Cell, letters, unguarded_id};
use super::column::Column;
use super::row::{Layout, of_row};
use super::table::{Row, rows, whole};
use super::words::words;
use super::{ALLOWED, NAMES};
use crate::problem::{Fault, FaultKind, Refused};

/// Most problems that one refusal lists, as of a case.
const MOST: usize = 1000;

/// Reads a sheet: one case a row, each of one assessment.
///
/// `instrument` is the id of the instrument; where it is left out, the row of names says
/// it. Every case that comes back was accepted by `rulebook`.
///
/// # Errors
///
/// Every problem of the whole sheet, up to the first thousand, each at its cell, if there
/// is any: then no case comes back.
pub fn read(
    bytes: &[u8],
    instrument: Option<&str>,
    rulebook: &Rulebook,
) -> Result<Vec<Case>, Refused> {
    let rows = rows(bytes)?;
    let Some((head, rows)) = rows.split_first() else {
        return Err(whole(
            FaultKind::NotCsv,
            "expected a first row of codes; the sheet is empty",
            "首行应为代号；表是空的",
        ));
    };
    let instrument = instrument_of(instrument, rows, rulebook)?;
    let mut faults = Vec::new();
    let layout = layout(head, rows, instrument, rulebook, &mut faults)?;
    let id_position = position_of_id(&layout);
    let mut cases = Vec::new();
    let mut ids: BTreeMap<String, u64> = BTreeMap::new();
    let mut filled = 0usize;
    for row in rows.iter().filter(|row| !is_note(row, id_position)) {
        filled += 1;
        if row.len() != head.len() {
            let (wanted, found) = (head.len(), row.len());
            faults.push(of_row(
                row.number,
                FaultKind::UnevenRow,
                format!("expected {wanted} cells, as in the first row; found {found}"),
                format!("应与首行同为 {wanted} 格；实为 {found} 格"),
            ));
            continue;
        }
        let cells: Vec<&str> = row.cells().collect();
        let id = id_position.map(|position| unguarded_id(row.cell(position)));
        if let (Some(id), Some(position)) = (id.filter(|id| !id.is_empty()), id_position) {
            match ids.get(id) {
                Some(first) => {
                    let cell = Cell::at(row.number, position, Some(Column::CaseId.code()));
                    let says = words(
                        format!("expected each case_id once; row {first} has this one, too"),
                        format!("每个 case_id 只能出现一次；第 {first} 行已有"),
                    );
                    let kind = FaultKind::DuplicateCase;
                    faults.push(Fault::placed(cell.place(), Some(cell), kind, says));
                }
                None => {
                    ids.insert(id.to_owned(), row.number);
                }
            }
        }
        match layout.read(row.number, &cells) {
            Ok(case) => cases.push(case),
            Err(found) => faults.extend(found),
        }
    }
    if filled == 0 {
        faults.extend(
            whole(
                ProblemKind::MissingKey,
                "expected a row for each case; found none",
                "每个个案应占一行；没有找到",
            )
            .refused,
        );
    }
    match faults.is_empty() {
        true => Ok(cases),
        false => Err(bounded(faults)),
    }
}

/// So many as a person can read, and how many there are.
pub(crate) fn bounded(mut faults: Vec<Fault>) -> Refused {
    let found = faults.len();
    if found > MOST {
        faults.truncate(MOST);
        let more = whole(
            ProblemKind::TooMany,
            &format!("found {found} problems; the first {MOST} are listed"),
            &format!("共 {found} 处问题；只列出前 {MOST} 处"),
        );
        faults.extend(more.refused);
    }
    Refused { refused: faults }
}

/// Whether a row says what columns are, for people.
fn is_note(row: &Row, id_position: Option<usize>) -> bool {
    let first = id_position.map(|position| row.cell(position));
    first.is_some_and(|text| {
        [NAMES, ALLOWED]
            .into_iter()
            .any(|mark| is_marked(text, mark))
    })
}

/// Whether a text is a mark, alone or with a space and more after it.
fn is_marked(text: &str, mark: &str) -> bool {
    let rest = text.strip_prefix(mark);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The instrument that was given, or that the row of names says: where both do, the same.
fn instrument_of<'r>(
    given: Option<&str>,
    rows: &[Row],
    rulebook: &'r Rulebook,
) -> Result<&'r Instrument, Refused> {
    let given = match given {
        Some(id) => Some(known(id, rulebook)?),
        None => None,
    };
    let cells = rows.iter().flat_map(|row| row.cells());
    let note = cells
        .filter(|text| is_marked(text, NAMES))
        .find_map(|text| {
            let id = text.strip_prefix(NAMES)?.trim_start();
            rulebook.instrument(id.split([':', '：', ' ']).next()?)
        });
    match (given, note) {
        (Some(given), Some(note)) if given.id() != note.id() => Err(whole(
            FaultKind::Unsupported,
            &format!(
                "expected a sheet of {}; found one of {}",
                given.id(),
                note.id()
            ),
            &format!("应为 {} 的表；实为 {} 的表", given.id(), note.id()),
        )),
        (Some(found), _) | (None, Some(found)) => Ok(found),
        (None, None) => Err(whole(
            ProblemKind::UnknownInstrument,
            &format!(
                "expected the id of the instrument, given or after {NAMES} in the row of names; \
                 found neither"
            ),
            &format!("应给出评估工具的代号，或写在 {NAMES} 行；两者都没有"),
        )),
    }
}

/// The instrument of an id.
pub(crate) fn known<'r>(id: &str, rulebook: &'r Rulebook) -> Result<&'r Instrument, Refused> {
    rulebook.instrument(id).ok_or_else(|| {
        let ids: Vec<&str> = rulebook.instruments().map(Instrument::id).collect();
        whole(
            ProblemKind::UnknownInstrument,
            &format!("expected one of {}; found another id", ids.join(", ")),
            &format!("只接受 {}；实为其他代号", ids.join("、")),
        )
    })
}

fn position_of_id(layout: &Layout<'_>) -> Option<usize> {
    let mut columns = layout.columns.iter();
    let found = columns.find(|(_, column)| matches!(column, Column::CaseId));
    found.map(|(position, _)| *position)
}

/// The columns that the first row names, with every fault of it.
fn layout<'r>(
    head: &Row,
    rows: &[Row],
    instrument: &'r Instrument,
    rulebook: &'r Rulebook,
    faults: &mut Vec<Fault>,
) -> Result<Layout<'r>, Refused> {
    let definition = instrument.definition();
    let mut columns: Vec<(usize, Column<'r>)> = Vec::new();
    for (position, code) in head.cells().enumerate() {
        let code = unguarded_id(code);
        let cell = |code| Cell::at(head.number, position, code);
        if code.is_empty() {
            // Columns that a spreadsheet formatted and nobody filled in.
            if rows.iter().any(|row| !row.cell(position).is_empty()) {
                let says = words(
                    "expected a code at the head of a column that has values; found none",
                    "有内容的列，首行应有代号；实为空",
                );
                let cell = cell(None);
                let kind = FaultKind::UnknownColumn;
                faults.push(Fault::placed(cell.place(), Some(cell), kind, says));
            }
            continue;
        }
        let Some(column) = Column::of_code(code, definition, rulebook) else {
            let cell = cell(None);
            let says = unknown(code, definition, rulebook);
            let kind = FaultKind::UnknownColumn;
            faults.push(Fault::placed(cell.place(), Some(cell), kind, says));
            continue;
        };
        let mut before = columns.iter();
        if let Some((first, _)) = before.find(|(_, known)| known.code() == code) {
            let first = letters(*first);
            let says = words(
                format!("expected each column once; column {first} is {code}, too"),
                format!("每列只能出现一次；{first} 列也是 {code}"),
            );
            let cell = cell(Some(code.to_owned()));
            let kind = FaultKind::DuplicateColumn;
            faults.push(Fault::placed(cell.place(), Some(cell), kind, says));
            continue;
        }
        columns.push((position, column));
    }
    if columns.is_empty() {
        return Err(no_head(head));
    }
    let usual = Column::usual(definition).into_iter();
    for column in usual.filter(Column::is_required) {
        let code = column.code();
        if !columns.iter().any(|(_, known)| known.code() == code) {
            let place = words(
                format!("row {}", head.number),
                format!("第 {} 行", head.number),
            );
            let says = words(
                format!("expected a column {code}; it is absent"),
                format!("应有 {code} 列；没有找到"),
            );
            faults.push(Fault::placed(place, None, FaultKind::MissingColumn, says));
        }
    }
    Ok(Layout {
        instrument,
        rulebook,
        columns,
    })
}

/// What is said of a code that no column has: never the code, which may be anything.
fn unknown(
    code: &str,
    definition: &nengli::instrument::Definition,
    rulebook: &Rulebook,
) -> nengli::Words {
    // As a person may write a code that there is: with spaces, or in capitals.
    let plain = |text: &str| text.trim().to_lowercase();
    let near = Column::of_code(code.trim(), definition, rulebook).or_else(|| {
        let mut usual = Column::usual(definition).into_iter();
        usual.find(|column| plain(&column.code()) == plain(code))
    });
    match near.map(|column| column.code()) {
        Some(near) => words(
            format!("expected a code of this sheet; found another (is it {near}?)"),
            format!("应为本表的代号；实为其他（是否 {near}？）"),
        ),
        None => words(
            format!(
                "expected a code of a sheet of {}; found another",
                definition.id
            ),
            format!("应为 {} 表的代号；实为其他", definition.id),
        ),
    }
}

/// Nothing of the first row is known: it is no sheet of these.
fn no_head(head: &Row) -> Refused {
    let first = head.cell(0);
    if head.len() == 1 && first.contains([';', '\t']) {
        return whole(
            FaultKind::NotCsv,
            "expected commas between columns; found semicolons or tabs: save it with commas",
            "列与列之间应为逗号；实为分号或制表符：请另存为逗号分隔",
        );
    }
    whole(
        FaultKind::MissingColumn,
        "expected the codes of columns in the first row (case_id, as_of, date, codes of items); \
         found none of them",
        "首行应为各列代号（case_id、as_of、date、指标代码）；一个也没有找到",
    )
}
