//! The answers that a form allows, and those one step from the one that was given.

use crate::case::Answer;
use crate::instrument::Instrument;
use crate::instrument::definition::{Field, FieldType, Item};

/// Every answer to a code; of diagnoses none, and one for each group that is asked.
pub(super) fn every(instrument: &Instrument, code: &str, groups: &[String]) -> Vec<Answer> {
    if let Some(item) = instrument.items().find(|item| item.code == code) {
        return options(instrument, item);
    }
    let Some(field) = field(instrument, code) else {
        return Vec::new();
    };
    match field.answer {
        FieldType::Flag => vec![Answer::Flag(false), Answer::Flag(true)],
        FieldType::Choice => keys(field),
        FieldType::Diagnoses => [Vec::new()]
            .into_iter()
            .chain(groups.iter().filter_map(|range| Some(vec![first(range)?])))
            .map(Answer::List)
            .collect(),
        FieldType::Choices => Vec::new(),
    }
}

/// The answers one step from the one given: the options beside it, the other of two, any
/// other of several that have no order; of diagnoses each one left out, and one of each
/// group that is asked and was not found put in.
pub(super) fn beside(
    instrument: &Instrument,
    code: &str,
    given: &Answer,
    groups: &[String],
) -> Vec<Answer> {
    if let Some(item) = instrument.items().find(|item| item.code == code) {
        let all = options(instrument, item);
        let named = |at: usize| {
            let same = |answer: &Answer| {
                let mut options = item.options.iter();
                options.any(|option| option.is_named_by(answer) && option.is_named_by(given))
            };
            all.get(at).is_some_and(same)
        };
        return (0..all.len())
            .filter(|at| !named(*at) && (named(at + 1) || at.checked_sub(1).is_some_and(named)))
            .filter_map(|at| all.get(at).cloned())
            .collect();
    }
    let Some(field) = field(instrument, code) else {
        return Vec::new();
    };
    match (field.answer, given) {
        (FieldType::Flag, Answer::Flag(flag)) => vec![Answer::Flag(!flag)],
        (FieldType::Choice, _) => {
            let now = field
                .option_answered(given)
                .and_then(|found| field.options.iter().position(|option| option == found));
            let ordered = field.options.iter().all(|option| option.code.is_some());
            let all = keys(field).into_iter().enumerate();
            all.filter(|(at, _)| {
                now.is_some_and(|now| *at != now && (!ordered || at.abs_diff(now) == 1))
            })
            .map(|(_, answer)| answer)
            .collect()
        }
        (FieldType::Diagnoses, Answer::List(list)) => {
            let without = (0..list.len()).map(|at| {
                let mut less = list.clone();
                less.remove(at);
                less
            });
            let with = groups.iter().filter_map(|range| {
                let mut more = list.clone();
                more.push(first(range)?);
                Some(more)
            });
            without.chain(with).map(Answer::List).collect()
        }
        _ => Vec::new(),
    }
}

fn field<'i>(instrument: &'i Instrument, code: &str) -> Option<&'i Field> {
    let mut fields = instrument.definition().fields.iter();
    fields.find(|field| field.code == code)
}

/// Each option as it is answered: by its score; where options share one and it matters
/// which of them it is, by its key.
fn options(instrument: &Instrument, item: &Item) -> Vec<Answer> {
    let fields = &instrument.definition().fields;
    let by_key = fields.iter().any(|field| {
        let stand_in = field.answered_by.as_ref();
        stand_in.is_some_and(|by| by.code == item.code)
    });
    let mut out: Vec<Answer> = Vec::with_capacity(item.options.len());
    for option in &item.options {
        let shared = item.options.iter().filter(|one| one.score == option.score);
        let shared = shared.count() > 1;
        let answer = match (option.flag, option.score, &option.key) {
            (Some(flag), ..) => Answer::Flag(flag),
            (None, Some(score), None) => Answer::Number(i64::from(score)),
            (None, Some(score), Some(_)) if !(shared && by_key) => Answer::Number(i64::from(score)),
            (None, _, Some(key)) => Answer::Text(key.to_string()),
            (None, None, None) => continue,
        };
        if !out.contains(&answer) {
            out.push(answer);
        }
    }
    out
}

fn keys(field: &Field) -> Vec<Answer> {
    let options = field.options.iter();
    options
        .map(|option| match option.code {
            Some(code) => Answer::Number(i64::from(code)),
            None => Answer::Text(option.key.to_string()),
        })
        .collect()
}

/// The first category of a range of diagnoses.
fn first(range: &str) -> Option<String> {
    Some(range.get(..3)?.to_owned())
}
