//! The answers that a form allows, and those one step from the one that was given.

use crate::case::Answer;
use crate::instrument::Instrument;
use crate::instrument::definition::{Field, FieldType, Item};

/// Every answer to a code; of diagnoses none, and one for each group that is asked.
pub(super) fn every(instrument: &Instrument, code: &str, groups: &[String]) -> Vec<Answer> {
    if let Some(item) = instrument.items().find(|item| item.code == code) {
        return options(item);
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
        let named = |at: usize| {
            let option = item.options.get(at);
            option.is_some_and(|option| option.is_named_by(given))
        };
        let all = options(item);
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

/// Each option as it is answered: by its score, where that names it alone.
fn options(item: &Item) -> Vec<Answer> {
    item.options
        .iter()
        .filter_map(|option| {
            if let Some(flag) = option.flag {
                return Some(Answer::Flag(flag));
            }
            let alone = |score: &u8| {
                let same = item.options.iter().filter(|one| one.score == Some(*score));
                same.count() == 1
            };
            match (option.score.filter(alone), &option.key) {
                (Some(score), _) => Some(Answer::Number(i64::from(score))),
                (None, Some(key)) => Some(Answer::Text(key.clone())),
                (None, None) => option.score.map(|score| Answer::Number(i64::from(score))),
            }
        })
        .collect()
}

fn keys(field: &Field) -> Vec<Answer> {
    let options = field.options.iter();
    options
        .map(|option| match option.code {
            Some(code) => Answer::Number(i64::from(code)),
            None => Answer::Text(option.key.clone()),
        })
        .collect()
}

/// The first category of a range of diagnoses.
fn first(range: &str) -> Option<String> {
    Some(range.get(..3)?.to_owned())
}
