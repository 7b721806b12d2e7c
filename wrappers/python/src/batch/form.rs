//! The columns of a batch, matched with what an instrument asks.

use arrow_schema::{DataType, FieldRef, Schema};
use nengli::instrument::{Instrument, Readings};
use nengli::{Rulebook, instrument::columns::ColumnsError};

use super::answers;
use crate::errors::Said;
use crate::value::shown;

/// Names of results, before those of totals.
pub(super) const STATUS: &str = "status";
pub(super) const LEVEL: &str = "level";
pub(super) const KEY: &str = "key";
pub(super) const REASON: &str = "reason";

/// What the caller asks.
pub(super) struct Asked<'a> {
    pub(super) instrument: &'a str,
    /// Columns that go out as they came in.
    pub(super) keep: &'a [String],
    /// Names of the results that are wanted; all where none are named.
    pub(super) results: Option<&'a [String]>,
    /// Readings, as in a case: `instrument/interpretation` and choice.
    pub(super) interpretations: &'a [(String, String)],
}

/// A schema that fits an instrument.
pub(super) struct Form {
    pub(super) instrument: String,
    pub(super) readings: Readings,
    /// Position in the batch of each column of answers: items, then grounds.
    pub(super) answers: Vec<usize>,
    /// How many of them are items.
    pub(super) items: usize,
    /// Columns that are kept: position and field.
    pub(super) kept: Vec<(usize, FieldRef)>,
    /// Names of all totals, in the order of the core.
    pub(super) totals: Vec<String>,
    /// Keys of the levels, by code.
    pub(super) levels: Vec<String>,
    /// The results that are wanted, in the order in which they go out.
    pub(super) wanted: Vec<String>,
}

impl Form {
    /// Matches a schema with what is asked.
    ///
    /// # Errors
    ///
    /// Every problem of the schema and of what is asked.
    pub(super) fn of(
        rulebook: &Rulebook,
        schema: &Schema,
        asked: &Asked<'_>,
    ) -> Result<Self, Vec<Said>> {
        let Some(instrument) = rulebook.instrument(asked.instrument) else {
            let ids: Vec<&str> = rulebook.instruments().map(Instrument::id).collect();
            return Err(vec![problem(
                "instrument",
                "unknown_instrument",
                format!("expected one of {}; found another text", ids.join(", ")),
                format!("只接受 {}；实为其他文本", ids.join("、")),
            )]);
        };
        let mut problems = Vec::new();
        let readings = readings(instrument, asked.interpretations, &mut problems);
        let totals: Vec<String> = match instrument.columns_under(readings) {
            Ok(columns) => columns.totals().map(str::to_owned).collect(),
            Err(error) => {
                problems.push(undecidable(&error));
                return Err(problems);
            }
        };
        let levels = instrument
            .levels()
            .iter()
            .map(|level| level.key.to_string());
        let wanted = wanted(&totals, asked.results, &mut problems);
        let (answers, items) = asks(instrument, schema, asked.keep, &mut problems);
        let kept = kept(schema, asked.keep, &wanted, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            instrument: instrument.id().to_owned(),
            readings,
            answers,
            items,
            kept,
            totals,
            levels: levels.collect(),
            wanted,
        })
    }
}

fn readings(
    instrument: &Instrument,
    interpretations: &[(String, String)],
    problems: &mut Vec<Said>,
) -> Readings {
    let mut readings = instrument.default_readings();
    for (key, choice) in interpretations {
        let known = &instrument.definition().interpretations;
        let name = |id: &str| format!("{}/{id}", instrument.id());
        let Some(one) = known.iter().find(|one| name(&one.id) == *key) else {
            let names: Vec<String> = known.iter().map(|one| name(&one.id)).collect();
            problems.push(problem(
                "interpretations",
                "unknown_interpretation",
                format!("expected one of {}; found another", names.join(", ")),
                format!("只接受 {}；实为其他", names.join("、")),
            ));
            continue;
        };
        match instrument.with_reading(readings, &one.id, choice) {
            Some(chosen) => readings = chosen,
            None => {
                let keys: Vec<&str> = one.choices.iter().map(|one| one.key.as_str()).collect();
                problems.push(problem(
                    "interpretations",
                    "unknown_choice",
                    format!("expected one of {}; found another text", keys.join(", ")),
                    format!("只接受 {}；实为其他文本", keys.join("、")),
                ));
            }
        }
    }
    readings
}

/// The results that are wanted, in their order, or all.
fn wanted(totals: &[String], asked: Option<&[String]>, problems: &mut Vec<Said>) -> Vec<String> {
    let first = [STATUS, LEVEL, KEY].map(str::to_owned);
    let all = first.into_iter().chain(totals.iter().cloned());
    let all: Vec<String> = all.chain([REASON.to_owned()]).collect();
    let Some(asked) = asked else {
        return all;
    };
    let mut wanted = Vec::new();
    for name in asked {
        if !all.contains(name) {
            problems.push(problem(
                "results",
                "unknown_key",
                format!("expected some of {}; found another", all.join(", ")),
                format!("只接受 {}；实为其他", all.join("、")),
            ));
        } else if !wanted.contains(name) {
            wanted.push(name.clone());
        }
    }
    wanted
}

/// Where the answers stand, and how many of them are items. Every column of the batch
/// must be asked for or kept, and each that is asked for must be there, once.
fn asks(
    instrument: &Instrument,
    schema: &Schema,
    keep: &[String],
    problems: &mut Vec<Said>,
) -> (Vec<usize>, usize) {
    let items = instrument.items().map(|item| (item.code.as_str(), false));
    let grounds = instrument.grounds().map(|one| (one.code, one.max == 1));
    let codes: Vec<(&str, bool)> = items.chain(grounds).collect();
    let mut places = Vec::new();
    for (code, truths) in &codes {
        let mut found = schema.fields().iter().enumerate();
        let mut found = found
            .by_ref()
            .filter(|(_, field)| is_of(field.name(), code));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => problems.push(problem(
                code,
                "duplicate_key",
                "expected one column of this name; found several".to_owned(),
                "同名的列只能有一列；实为多列".to_owned(),
            )),
            (Some((place, field)), None) => {
                places.push(place);
                if !answers::holds(field.data_type(), *truths) {
                    problems.push(wrong_type(code, field.data_type(), *truths));
                }
            }
            (None, _) => problems.push(problem(
                code,
                "missing_key",
                "expected a column of this name, of nulls where nothing was answered; found none"
                    .to_owned(),
                "缺少此列；未作答时应为空值列".to_owned(),
            )),
        }
    }
    for field in schema.fields() {
        let name = field.name();
        if !keep.contains(name) && !codes.iter().any(|(code, _)| is_of(name, code)) {
            problems.push(problem(
                name,
                "unknown_key",
                "expected a code that the instrument asks, or a column to keep; found another"
                    .to_owned(),
                "列名应为该标准的编码，或列入 keep；实为其他".to_owned(),
            ));
        }
    }
    (places, instrument.items().count())
}

/// Whether a column of this name is that of a code: in full, or with `_` for each dot,
/// where an engine takes a dot for a path.
fn is_of(name: &str, code: &str) -> bool {
    let letter = |letter: u8| if letter == b'.' { b'_' } else { letter };
    name == code || name.bytes().eq(code.bytes().map(letter))
}

/// The columns that are kept, each of a name that no result has.
fn kept(
    schema: &Schema,
    keep: &[String],
    wanted: &[String],
    problems: &mut Vec<Said>,
) -> Vec<(usize, FieldRef)> {
    let mut kept: Vec<(usize, FieldRef)> = Vec::new();
    for name in keep {
        let mut found = schema.fields().iter().enumerate();
        let Some((place, field)) = found.find(|(_, field)| field.name() == name) else {
            problems.push(problem(
                name,
                "missing_key",
                "expected this column, which is to be kept; found none".to_owned(),
                "缺少 keep 所列的列".to_owned(),
            ));
            continue;
        };
        if wanted.contains(name) {
            problems.push(problem(
                name,
                "duplicate_key",
                "expected a column to keep of another name than the results; found one of them"
                    .to_owned(),
                "keep 所列的列不能与结果列同名".to_owned(),
            ));
        } else if !kept.iter().any(|(known, _)| *known == place) {
            kept.push((place, field.clone()));
        }
    }
    kept
}

fn wrong_type(code: &str, found: &DataType, truths: bool) -> Said {
    let (en, zh) = if truths {
        (" or true and false", "或布尔")
    } else {
        ("", "")
    };
    problem(
        code,
        "wrong_type",
        format!("expected whole numbers{en}; found {}", family(found)),
        format!("应为整数{zh}；实为 {}", family(found)),
    )
}

/// The type in a word, without the names of fields that it may have within.
fn family(data_type: &DataType) -> String {
    match data_type {
        DataType::Boolean => "true and false".to_owned(),
        DataType::Struct(_) => "Struct".to_owned(),
        DataType::Union(..) => "Union".to_owned(),
        other if other.is_nested() => "a nested type".to_owned(),
        other => other.to_string(),
    }
}

fn undecidable(error: &ColumnsError) -> Said {
    problem(
        "instrument",
        "unknown_instrument",
        format!("expected an instrument that columns of scores decide; {error}"),
        "该标准不能仅凭分值判定".to_owned(),
    )
}

fn problem(name: &str, kind: &'static str, en: String, zh: String) -> Said {
    let name = shown(name).replace('~', "~0").replace('/', "~1");
    Said {
        at: format!("/{name}"),
        kind,
        en,
        zh,
    }
}
