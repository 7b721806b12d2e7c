//! Answers of a case and codes of FHIR: the one way between them.

use nengli::instrument::definition::{Definition, Field, FieldType, Item};
use nengli::{Answer, Lang, Words, explain};

use super::json::words;

/// Code of the answer `[]` to a question that takes several: none of those listed.
const NONE: &str = "none-of-these";

/// One question of the form.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question<'d> {
    Item(&'d Item),
    Field(&'d Field),
}

/// What a question may be answered with.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// The code in the CodeSystem of the instrument.
    pub(crate) code: String,
    /// What the case says for it.
    pub(crate) answer: Answer,
    pub(crate) score: Option<u8>,
    pub(crate) words: Words,
    pub(crate) kind: Offer,
}

/// Whether the form offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    Offered,
    /// Excludes every other answer.
    Alone,
    /// A score that options share, and the case does not say which: the form has no
    /// such option.
    ScoreAlone,
}

impl<'d> Question<'d> {
    /// Every question, in the order of the form.
    pub(crate) fn all(definition: &'d Definition) -> impl Iterator<Item = Self> {
        let items = definition.domains.iter().flat_map(|domain| &domain.items);
        let fields = definition.fields.iter().map(Self::Field);
        items.map(Self::Item).chain(fields)
    }

    pub(crate) fn code(self) -> &'d str {
        match self {
            Self::Item(item) => &item.code,
            Self::Field(field) => &field.code,
        }
    }

    pub(crate) fn names(self) -> &'d Words {
        match self {
            Self::Item(item) => &item.names,
            Self::Field(field) => &field.names,
        }
    }

    pub(crate) fn meaning(self) -> Option<&'d Words> {
        match self {
            Self::Item(item) => item.meaning.as_ref(),
            Self::Field(field) => field.meaning.as_ref(),
        }
    }

    /// The type of the item in the Questionnaire.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Field(field) if field.answer == FieldType::Flag => "boolean",
            Self::Field(field) if field.answer == FieldType::Diagnoses => "open-choice",
            Self::Field(_) | Self::Item(_) => "choice",
        }
    }

    pub(crate) fn repeats(self) -> bool {
        match self {
            Self::Item(_) => false,
            Self::Field(field) => {
                matches!(field.answer, FieldType::Choices | FieldType::Diagnoses)
            }
        }
    }

    /// Every answer that has a code; none of a question of yes or no.
    pub(crate) fn choices(self) -> Vec<Choice> {
        match self {
            Self::Item(item) => of_item(item),
            Self::Field(field) => of_field(field),
        }
    }
}

/// The code of an option.
fn code(question: &str, option: &str) -> String {
    format!("{question}:{option}")
}

fn of_item(item: &Item) -> Vec<Choice> {
    let sharing = |score: u8| {
        let options = item.options.iter();
        options.filter(|option| option.score == Some(score)).count()
    };
    let mut choices: Vec<Choice> = Vec::new();
    let mut shared: Vec<u8> = Vec::new();
    for option in &item.options {
        let key = option.key.as_deref();
        let answer = match (option.flag, option.score, key) {
            (Some(flag), _, _) => Answer::Flag(flag),
            (None, Some(score), _) if sharing(score) == 1 => Answer::Number(score.into()),
            (None, _, Some(key)) => Answer::Text(key.to_owned()),
            (None, Some(score), None) => Answer::Number(score.into()),
            (None, None, None) => continue,
        };
        let suffix = match (key, option.score, option.flag) {
            (Some(key), _, _) => key.to_owned(),
            (None, Some(score), _) => score.to_string(),
            (None, None, Some(flag)) => flag.to_string(),
            (None, None, None) => continue,
        };
        choices.push(Choice {
            code: code(&item.code, &suffix),
            answer,
            score: option.score,
            words: option.label.clone().unwrap_or_else(unknown),
            kind: Offer::Offered,
        });
        if let Some(score) = option.score
            && sharing(score) > 1
            && !shared.contains(&score)
        {
            shared.push(score);
        }
    }
    for score in shared {
        choices.push(Choice {
            code: code(&item.code, &score.to_string()),
            answer: Answer::Number(score.into()),
            score: Some(score),
            words: words(
                &format!("{score} 分，未注明是哪一选项"),
                &format!("score {score}, which option is not said"),
            ),
            kind: Offer::ScoreAlone,
        });
    }
    choices
}

fn unknown() -> Words {
    words(
        explain::unknown_meaning(Lang::Zh),
        explain::unknown_meaning(Lang::En),
    )
}

fn of_field(field: &Field) -> Vec<Choice> {
    let offered = |key: &str, answer: Answer, score: Option<u8>, words: &Words| Choice {
        code: code(&field.code, key),
        answer,
        score,
        words: words.clone(),
        kind: Offer::Offered,
    };
    let options = field.options.iter().map(|option| {
        let answer = match (field.answer, option.code) {
            (FieldType::Choice, Some(number)) => Answer::Number(number.into()),
            _ => Answer::Text(option.key.to_string()),
        };
        offered(&option.key, answer, option.code, &option.label)
    });
    let rows = field.rows.iter().map(|row| {
        let entry = row.icd.as_ref().unwrap_or(&row.key);
        offered(&row.key, Answer::Text(entry.to_string()), None, &row.names)
    });
    let mut choices: Vec<Choice> = options.chain(rows).collect();
    if matches!(field.answer, FieldType::Choices | FieldType::Diagnoses) {
        choices.push(Choice {
            code: code(&field.code, NONE),
            answer: Answer::List(Vec::new()),
            score: None,
            words: words("以上均无", "none of these"),
            kind: Offer::Alone,
        });
    }
    choices
}

/// An answer on its way out.
#[derive(Debug)]
pub(crate) enum Out {
    Flag(bool),
    Choice(Choice),
    /// A diagnosis that is no row of the form.
    Diagnosis(String),
}

/// What a response carries for an answer that the rulebook has taken.
pub(crate) fn out(question: Question<'_>, answer: &Answer) -> Vec<Out> {
    let choices = question.choices();
    let found = |wanted: &Answer| {
        let choice = choices.iter().find(|choice| choice.answer == *wanted);
        choice.cloned().map(Out::Choice)
    };
    match (question, answer) {
        (Question::Item(item), answer) => {
            let by_answer = found(answer);
            let by_option = || {
                let mut options = item.options.iter();
                let option = options.find(|option| option.is_named_by(answer))?;
                let code = code(&item.code, option.key.as_ref()?);
                let choice = choices.iter().find(|choice| choice.code == code);
                choice.cloned().map(Out::Choice)
            };
            by_answer.or_else(by_option).into_iter().collect()
        }
        (Question::Field(_), Answer::Flag(flag)) => vec![Out::Flag(*flag)],
        (Question::Field(_), Answer::List(list)) if list.is_empty() => {
            found(answer).into_iter().collect()
        }
        (Question::Field(_), Answer::List(list)) => {
            let entries = list.iter().map(|entry| {
                // A printed range may be written with the tilde of the form.
                let plain = Answer::Text(entry.replace('~', "-"));
                found(&plain).unwrap_or_else(|| Out::Diagnosis(entry.clone()))
            });
            entries.collect()
        }
        (Question::Field(field), answer) => {
            let option = field.option_answered(answer);
            let code = option.map(|option| code(&field.code, &option.key));
            let choice = choices
                .into_iter()
                .find(|choice| code.as_ref() == Some(&choice.code));
            choice.map(Out::Choice).into_iter().collect()
        }
    }
}

/// Whether a diagnosis is a code of ICD-10 as the World Health Organization has them:
/// a letter, two digits, and a further digit after a dot.
pub(crate) fn is_who_code(text: &str) -> bool {
    match text.as_bytes() {
        [letter, tens, ones, rest @ ..] => {
            let sub = match rest {
                [] => true,
                [b'.', digit] => digit.is_ascii_digit(),
                _ => false,
            };
            letter.is_ascii_uppercase() && tens.is_ascii_digit() && ones.is_ascii_digit() && sub
        }
        _ => false,
    }
}
