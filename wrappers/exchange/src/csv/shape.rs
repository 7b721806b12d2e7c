//! What a cell may hold, and the way between its text and the value of a case.

use nengli::case::{Background, Reason, Relation, Setting};
use nengli::instrument::definition::{Field, FieldType, Item};
use nengli::rulebook::{Fact, FactType};
use nengli::{Answer, Lang, ProblemKind, Words};

use super::cell::{day, whole};
use super::words::{self, say};

/// What the cells of a column may hold.
pub(crate) enum Shape<'r> {
    /// Yes or no, with what each means.
    Flag(Option<&'r Words>, Option<&'r Words>),
    /// A date; or the one word.
    Day(Option<Choice<'r>>),
    /// A whole number between two bounds, of a unit; or the one word.
    Whole(i64, i64, Option<&'r str>, Option<Choice<'r>>),
    /// One of these.
    One(Vec<Choice<'r>>),
    /// Any of these, or others that the rulebook knows, as it says in words.
    Several(Vec<Choice<'r>>, Option<(&'static str, &'static str)>),
    /// A text of a form that the rulebook checks, as it says in words.
    Text(&'static str, &'static str),
}

/// One value that may be chosen.
pub(crate) struct Choice<'r> {
    pub(crate) number: Option<i64>,
    pub(crate) key: Option<&'r str>,
    pub(crate) label: Option<Words>,
}

impl<'r> Choice<'r> {
    fn key(key: &'r str, label: Words) -> Self {
        Self {
            number: None,
            key: Some(key),
            label: Some(label),
        }
    }
}

/// Why a text is no value.
pub(crate) struct Wrong {
    pub(crate) kind: ProblemKind,
    pub(crate) says: Words,
}

/// Stands for the empty list.
const NONE: &str = "none";
/// The same, where `none` is one of the choices.
const EMPTY: &str = "empty";

impl<'r> Shape<'r> {
    pub(crate) fn of_item(item: &'r Item) -> Self {
        let flag = |wanted: bool| {
            let mut options = item.options.iter();
            options.find(|option| option.flag == Some(wanted))
        };
        if flag(true).or(flag(false)).is_some() {
            let label = |wanted| flag(wanted).and_then(|option| option.label.as_ref());
            return Self::Flag(label(true), label(false));
        }
        let choices = item.options.iter().map(|option| Choice {
            number: option.score.map(i64::from),
            key: option.key.as_deref(),
            label: option.label.clone(),
        });
        Self::One(choices.collect())
    }

    pub(crate) fn of_field(field: &'r Field) -> Self {
        let choices = field.options.iter().map(|option| Choice {
            number: option.code.map(i64::from),
            ..Choice::key(&option.key, option.label.clone())
        });
        match field.answer {
            FieldType::Flag => Self::Flag(None, None),
            FieldType::Choice => Self::One(choices.collect()),
            FieldType::Choices => Self::Several(choices.collect(), None),
            FieldType::Diagnoses => {
                let rows = field.rows.iter().map(|row| {
                    Choice::key(row.icd.as_deref().unwrap_or(&row.key), row.names.clone())
                });
                Self::Several(rows.collect(), Some(words::ICD))
            }
        }
    }

    pub(crate) fn of_fact(fact: &'r Fact) -> Self {
        let none = fact.none.as_ref();
        let none = || none.map(|words| Choice::key(NONE, words.clone()));
        let values = || {
            let values = fact.values.iter();
            values.map(|value| Choice::key(&value.key, value.names.clone()))
        };
        match fact.kind {
            FactType::Date => Self::Day(none()),
            FactType::Boolean => Self::Flag(None, None),
            FactType::Integer => {
                let (min, max) = (fact.min.unwrap_or(i64::MIN), fact.max.unwrap_or(i64::MAX));
                Self::Whole(min, max, fact.unit.as_deref(), none())
            }
            FactType::Choice => Self::One(values().chain(none()).collect()),
            FactType::Choices => Self::Several(values().collect(), None),
            FactType::Division => Self::Text(words::DIVISION.0, words::DIVISION.1),
            FactType::Programmes => Self::Several(Vec::new(), Some(words::PROGRAMMES)),
        }
    }

    fn of_keys<T: Copy>(all: &[T], key: fn(T) -> &'static str) -> Self {
        let choices = all.iter().map(|value| {
            let key = key(*value);
            Choice::key(key, words::of_key(key))
        });
        Self::One(choices.collect())
    }

    pub(crate) fn of_reasons() -> Self {
        Self::of_keys(Reason::ALL, Reason::as_str)
    }

    pub(crate) fn of_relations() -> Self {
        Self::of_keys(Relation::ALL, Relation::as_str)
    }

    pub(crate) fn of_backgrounds() -> Self {
        Self::of_keys(Background::ALL, Background::as_str)
    }

    pub(crate) fn of_settings() -> Self {
        Self::of_keys(Setting::ALL, Setting::as_str)
    }

    /// The word for the empty list.
    fn nothing(choices: &[Choice<'_>]) -> &'static str {
        let taken = choices.iter().any(|choice| choice.key == Some(NONE));
        if taken { EMPTY } else { NONE }
    }

    /// What is allowed, for a person to read.
    pub(crate) fn allowed(&self, lang: Lang) -> String {
        let labelled = |word: &str, label: Option<&Words>| match label {
            Some(label) => format!("{word} = {}", label.within(lang)),
            None => word.to_owned(),
        };
        let (yes, no) = words::flag(lang);
        match self {
            Self::Flag(is, is_not) => {
                format!("{} | {}", labelled(yes, *is), labelled(no, *is_not))
            }
            Self::Day(none) => {
                let none = none.iter().map(|none| labelled(NONE, none.label.as_ref()));
                let day = std::iter::once("YYYY-MM-DD".to_owned());
                day.chain(none).collect::<Vec<_>>().join(" | ")
            }
            Self::Whole(min, max, unit, none) => {
                let unit = unit.map_or_else(String::new, |unit| words::unit(unit, lang));
                let range = say(lang, &format!("{min} to {max}"), &format!("{min} 至 {max}"));
                let none = none.iter().map(|none| labelled(NONE, none.label.as_ref()));
                let range = std::iter::once(format!("{range}{unit}"));
                range.chain(none).collect::<Vec<_>>().join(" | ")
            }
            Self::One(choices) => {
                let each = choices
                    .iter()
                    .map(|choice| labelled(&name(choice, choices, lang), choice.label.as_ref()));
                each.collect::<Vec<_>>().join(" | ")
            }
            Self::Several(choices, others) => {
                let nothing = Self::nothing(choices);
                let others = others.iter().map(|(en, zh)| say(lang, en, zh));
                let choices = choices
                    .iter()
                    .map(|choice| labelled(choice.key.unwrap_or_default(), choice.label.as_ref()));
                let entries = others.chain(choices).collect::<Vec<_>>().join(" | ");
                say(
                    lang,
                    &format!("{nothing} = none; or one or more, with ; between: {entries}"),
                    &format!("{nothing} = 无；或一项、多项，用 ; 分隔：{entries}"),
                )
            }
            Self::Text(en, zh) => say(lang, en, zh),
        }
    }

    /// Reads a text, which is not empty.
    pub(crate) fn read(&self, text: &str) -> Result<Answer, Wrong> {
        let key_of = |choice: &Choice<'_>| choice.key == Some(text);
        match self {
            Self::Flag(..) => match text {
                "yes" | "是" | "true" | "TRUE" => Ok(Answer::Flag(true)),
                "no" | "否" | "false" | "FALSE" => Ok(Answer::Flag(false)),
                _ => Err(self.wrong(ProblemKind::WrongType)),
            },
            Self::Day(none) => match day(text) {
                Some(day) => Ok(Answer::Text(day.to_string())),
                None if none.as_ref().is_some_and(key_of) => Ok(text.into()),
                None => Err(Wrong {
                    kind: ProblemKind::BadDate,
                    says: words::bad_date(),
                }),
            },
            Self::Whole(.., none) => match whole(text) {
                Some(number) => Ok(number.into()),
                None if none.as_ref().is_some_and(key_of) => Ok(text.into()),
                None => Err(self.wrong(ProblemKind::WrongType)),
            },
            Self::One(choices) => {
                let number = whole(text);
                let numbered = choices.iter().any(|choice| choice.number.is_some());
                let by_number = |choice: &Choice<'_>| choice.number == number;
                match number {
                    Some(number) if choices.iter().any(by_number) => Ok(number.into()),
                    _ if choices.iter().any(key_of) => Ok(text.into()),
                    // The rulebook says what it expected and what it found.
                    Some(number) if numbered => Ok(number.into()),
                    _ => Err(self.wrong(ProblemKind::UnknownOption)),
                }
            }
            Self::Several(choices, _) if text == Self::nothing(choices) => {
                Ok(Answer::List(Vec::new()))
            }
            Self::Several(..) => {
                let entries: Vec<String> = text
                    .split(';')
                    .map(|entry| entry.trim_matches(' ').to_owned())
                    .collect();
                match entries.iter().any(String::is_empty) {
                    true => Err(Wrong {
                        kind: ProblemKind::UnknownOption,
                        says: words::empty_entry(),
                    }),
                    false => Ok(Answer::List(entries)),
                }
            }
            Self::Text(..) => Ok(text.into()),
        }
    }

    /// Writes a value; what it cannot write comes out as something else, which whoever
    /// reads it back sees.
    pub(crate) fn write(&self, value: &Answer, lang: Lang) -> String {
        match value {
            Answer::Flag(flag) => {
                let (yes, no) = words::flag(lang);
                if *flag { yes } else { no }.to_owned()
            }
            Answer::Number(number) => number.to_string(),
            Answer::Text(text) => text.clone(),
            Answer::List(list) if list.is_empty() => match self {
                Self::Several(choices, _) => Self::nothing(choices).to_owned(),
                _ => String::new(),
            },
            Answer::List(list) => list.join("; "),
        }
    }

    fn wrong(&self, kind: ProblemKind) -> Wrong {
        let words = |lang| match self {
            Self::One(choices) => {
                let mut names: Vec<String> = choices
                    .iter()
                    .map(|choice| name(choice, choices, lang))
                    .collect();
                names.dedup();
                let names = names.join(if lang == Lang::Zh { "、" } else { ", " });
                say(lang, &format!("one of {names}"), &names)
            }
            Self::Flag(..) => {
                let (yes, no) = words::flag(lang);
                say(lang, &format!("{yes} or {no}"), &format!("{yes} 或 {no}"))
            }
            _ => self.allowed(lang),
        };
        Wrong {
            kind,
            says: Words {
                en: format!("expected {}; found another text", words(Lang::En)),
                zh: format!("应为 {}；实为其他文本", words(Lang::Zh)),
            },
        }
    }
}

/// How a choice is written: its number; its key, too, where another has that number.
fn name(choice: &Choice<'_>, choices: &[Choice<'_>], lang: Lang) -> String {
    let alike = |other: &&Choice<'_>| other.number == choice.number;
    match (choice.number, choice.key) {
        (Some(number), Some(key)) if choices.iter().filter(alike).count() > 1 => {
            let or = say(lang, "or", "或");
            format!("{number} {or} {key}")
        }
        (Some(number), _) => number.to_string(),
        (None, key) => key.unwrap_or_default().to_owned(),
    }
}
