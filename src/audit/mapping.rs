//! The mapping: which of their columns is which of our codes, and what their words mean.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::case::{self, Answer};
use crate::json::{Piece, read};
use crate::words::{Lang, Words};

/// How the columns of another system's export are read.
///
/// What is not named here is not read: columns with names, identity numbers or
/// addresses are simply left out.
///
/// ```json
/// {
///   "schema": 1,
///   "instrument": "gbt-42195-2022",
///   "case_id": "number",
///   "date": { "column": "day", "written": "2026/6/30" },
///   "missing": ["", "-"],
///   "answers": {
///     "B.1.1": "eating",
///     "A.4.1": { "column": "diagnoses", "separator": ";", "values": { "none": [] } },
///     "A.5.11": { "column": "coma", "values": { "yes": true, "no": false } }
///   },
///   "recorded": {
///     "scores": { "total": "total" },
///     "level": { "column": "grade", "values": { "0": "intact", "1": "mild" } }
///   }
/// }
/// ```
///
/// A column of a table is named by its head; of lines of JSON by its key, or by a JSON
/// Pointer, which starts with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Mapping {
    /// Answers by the official code of the item or field. A code that is not here was
    /// not asked, as far as this record goes: what rests on it is not judged.
    pub answers: BTreeMap<String, Source>,
    /// Column of a pseudonym of the decision, unique in the file; a name or an identity
    /// number is refused. Absent: decisions are known by their rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// Day of the assessment.
    pub date: DateSource,
    /// What stands between two columns of a table: one ASCII character; a comma, unless
    /// given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default, length(min = 1, max = 1)))]
    pub delimiter: Option<String>,
    /// Id of the instrument by which the decisions were made.
    pub instrument: String,
    /// Readings that the other system takes, where they are not the default:
    /// interpretation → choice.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub interpretations: BTreeMap<String, String>,
    /// Words that say that there is no value, in every column; where left out, only the
    /// empty text does. What `values` has goes before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// Only the rows in which a column has one of some texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// What was recorded, and is compared.
    pub recorded: RecordedSources,
    /// Version of the format; 1.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1)))]
    pub schema: u8,
}

/// Which rows a mapping is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// The column.
    pub column: String,
    /// The texts.
    pub is: Vec<String>,
}

/// Columns of what was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedSources {
    /// Grades of domains (0 best), by the code of the domain.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grades: BTreeMap<String, Source>,
    /// The level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Source>,
    /// The level before changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preliminary: Option<Source>,
    /// Sums and counts, by the id that determinations give them (`B.1`, `total`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<String, Source>,
}

/// Where a value comes from: a column whose values are ours, or more about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Source {
    /// A column. Scores and codes are whole numbers, options their keys, levels their
    /// keys or official names.
    Column(String),
    /// More about it.
    Mapped(Mapped),
}

/// A column with the meaning of its words, or a value that is always the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mapped {
    /// The column; this or `is`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Of answers: the same in every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Answer>,
    /// Of lists: what stands between two entries; else the text is one entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// What their texts mean. No other text is then accepted but the words of `missing`;
    /// of lists, other entries are read as they stand.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Answer>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Source;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column, or an object with `column` or `is`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Source, E> {
                Ok(Source::Column(text.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Source, M::Error> {
                Mapped::deserialize(MapAccessDeserializer::new(map)).map(Source::Mapped)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl Source {
    /// The column, where there is one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column(column) => Some(column),
            Self::Mapped(mapped) => mapped.column.as_deref(),
        }
    }

    pub(super) fn is(&self) -> Option<&Answer> {
        match self {
            Self::Column(_) => None,
            Self::Mapped(mapped) => mapped.is.as_ref(),
        }
    }

    pub(super) fn separator(&self) -> Option<&str> {
        match self {
            Self::Column(_) => None,
            Self::Mapped(mapped) => mapped.separator.as_deref(),
        }
    }

    pub(super) fn values(&self) -> Option<&BTreeMap<String, Answer>> {
        match self {
            Self::Mapped(mapped) if !mapped.values.is_empty() => Some(&mapped.values),
            _ => None,
        }
    }
}

/// Where the day of the assessment comes from: `column` or `is`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DateSource {
    /// The column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The same day in every row, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<jiff::civil::Date>,
    /// How the column writes its dates; a time of day after it is passed over.
    #[serde(default)]
    pub written: DateForm,
}

/// How a date is written, by the example of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DateForm {
    /// Four, two and two digits with hyphens.
    #[default]
    #[serde(rename = "2026-06-30")]
    Hyphens,
    /// With strokes; month and day of one or two digits.
    #[serde(rename = "2026/6/30")]
    Strokes,
    /// With points; month and day of one or two digits.
    #[serde(rename = "2026.6.30")]
    Points,
    /// Eight digits.
    #[serde(rename = "20260630")]
    Digits,
    /// With the Chinese words; month and day of one or two digits.
    #[serde(rename = "2026年6月30日")]
    Words,
}

impl DateForm {
    /// The form, by its example.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hyphens => "2026-06-30",
            Self::Strokes => "2026/6/30",
            Self::Points => "2026.6.30",
            Self::Digits => "20260630",
            Self::Words => "2026年6月30日",
        }
    }

    /// Reads a date of this form, and in no other.
    pub(super) fn read(self, text: &str) -> Option<jiff::civil::Date> {
        let day = match text.split_once([' ', 'T']) {
            Some((day, time))
                if time
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b":.+-Z".contains(&b)) =>
            {
                day
            }
            Some(_) => return None,
            None => text,
        };
        let parts: Vec<&str> = match self {
            Self::Hyphens => return crate::date::parse(day),
            Self::Strokes => day.split('/').collect(),
            Self::Points => day.split('.').collect(),
            Self::Digits if day.len() == 8 => vec![day.get(..4)?, day.get(4..6)?, day.get(6..)?],
            Self::Digits => return None,
            Self::Words => day.strip_suffix('日')?.split(['年', '月']).collect(),
        };
        let [year, month, day] = parts.as_slice() else {
            return None;
        };
        crate::date::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
    }
}

/// The same, in pieces that fail one by one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    answers: BTreeMap<String, Piece<Source>>,
    #[serde(default)]
    case_id: Option<Piece<String>>,
    date: Piece<DateSource>,
    #[serde(default)]
    delimiter: Option<Piece<String>>,
    instrument: Piece<String>,
    #[serde(default)]
    interpretations: BTreeMap<String, Piece<String>>,
    #[serde(default)]
    missing: Option<Piece<Vec<String>>>,
    #[serde(default)]
    only: Option<Piece<Only>>,
    recorded: RecordedDraft,
    schema: Piece<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedDraft {
    #[serde(default)]
    grades: BTreeMap<String, Piece<Source>>,
    #[serde(default)]
    level: Option<Piece<Source>>,
    #[serde(default)]
    preliminary: Option<Piece<Source>>,
    #[serde(default)]
    scores: BTreeMap<String, Piece<Source>>,
}

impl Draft {
    /// What could be read of it.
    fn readable(self) -> Mapping {
        fn whole<T>(map: BTreeMap<String, Piece<T>>) -> BTreeMap<String, T> {
            map.into_iter()
                .filter_map(|(key, piece)| Some((key, piece.0?)))
                .collect()
        }
        fn one<T>(piece: Option<Piece<T>>) -> Option<T> {
            piece.and_then(|piece| piece.0)
        }
        Mapping {
            answers: whole(self.answers),
            case_id: one(self.case_id),
            date: self.date.0.unwrap_or_default(),
            delimiter: one(self.delimiter),
            instrument: self.instrument.0.unwrap_or_default(),
            interpretations: whole(self.interpretations),
            missing: one(self.missing),
            only: one(self.only),
            recorded: RecordedSources {
                grades: whole(self.recorded.grades),
                level: one(self.recorded.level),
                preliminary: one(self.recorded.preliminary),
                scores: whole(self.recorded.scores),
            },
            schema: self.schema.0.unwrap_or(1),
        }
    }
}

/// Reads a mapping: what could be read of it, and every fault of its form.
pub(super) fn from_text(text: &str) -> (Option<Mapping>, Vec<MappingFault>) {
    let node = match case::tree(text) {
        Ok(node) => node,
        Err(rejection) => {
            let faults = rejection.rejected.iter().map(|problem| MappingFault {
                at: problem.at.clone(),
                message: Words {
                    en: problem.message.clone(),
                    zh: problem.message_in(Lang::Zh).to_owned(),
                },
            });
            return (None, faults.collect());
        }
    };
    let mut found = Vec::new();
    let draft: Option<Draft> = read(&node, &mut found);
    let faults = found.into_iter().map(|fault| MappingFault {
        message: Words {
            zh: format!("格式不符：{}", fault.message),
            en: fault.message,
        },
        at: fault.at,
    });
    (draft.map(Draft::readable), faults.collect())
}

/// One fault of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappingFault {
    /// JSON Pointer into the mapping.
    pub at: String,
    /// What was expected and what was found.
    pub message: Words,
}

/// A mapping that cannot be used, with every fault that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct MappingError {
    /// The faults; at least one.
    pub faults: Vec<MappingFault>,
}

impl MappingError {
    /// The faults in words, one a line.
    #[must_use]
    pub fn within(&self, lang: Lang) -> String {
        let mut out = match (lang, self.faults.len()) {
            (Lang::Zh, count) => format!("映射有 {count} 处错误"),
            (Lang::En, 1) => "the mapping has 1 fault".to_owned(),
            (Lang::En, count) => format!("the mapping has {count} faults"),
        };
        for fault in &self.faults {
            let at = if fault.at.is_empty() { "/" } else { &fault.at };
            out.push_str(&format!("\n{at}: {}", fault.message.within(lang)));
        }
        out
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.within(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_they_are_written() {
        let day = Some(jiff::civil::date(2024, 1, 3));
        for (form, text) in [
            (DateForm::Hyphens, "2024-01-03"),
            (DateForm::Hyphens, "2024-01-03T08:30:00.5Z"),
            (DateForm::Hyphens, "2024-01-03 08:30:00+08:00"),
            (DateForm::Strokes, "2024/1/3"),
            (DateForm::Strokes, "2024/01/03 8:30"),
            (DateForm::Points, "2024.1.03"),
            (DateForm::Digits, "20240103"),
            (DateForm::Words, "2024年1月3日"),
        ] {
            assert_eq!(form.read(text), day, "{text}");
        }
        for (form, text) in [
            (DateForm::Hyphens, "2024-1-3"),
            (DateForm::Hyphens, "2024-01-03 noon"),
            (DateForm::Strokes, "2024/001/3"),
            (DateForm::Strokes, "2024/1/003"),
            (DateForm::Strokes, "24/1/3"),
            (DateForm::Strokes, "2024/2/30"),
            (DateForm::Points, "2024/1/3"),
            (DateForm::Digits, "2024013"),
            (DateForm::Words, "2024年1月3"),
        ] {
            assert_eq!(form.read(text), None, "{text}");
        }
    }
}
