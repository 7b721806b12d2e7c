//! Two forms by one instrument, answer by answer.

use std::collections::BTreeMap;

use super::{
    AssessmentSuccession, ChangeSuccession, DiagnosesSuccession, FieldSuccession, ItemAnswer,
    ItemSuccession, Pair, Side, Step, Turn,
};
use crate::case::{Answer, Assessment, diagnosis_range};
use crate::determination::{AssessmentResult, Change, Found};
use crate::instrument::Instrument;
use crate::instrument::definition::{Field, FieldType, Item};
use crate::rulebook::Rulebook;
use crate::text::Text;

/// The latest forms of one instrument, with their results.
pub(super) struct Forms<'a> {
    pub(super) instrument: &'a Instrument,
    pub(super) new: &'a Assessment,
    pub(super) previous: &'a Assessment,
    pub(super) results: Pair<&'a AssessmentResult>,
    /// Of the new form in its case.
    pub(super) position: usize,
}

/// Every instrument that both have, in the order of the new case.
pub(super) fn both<'a>(
    rulebook: &'a Rulebook,
    previous: &'a Side<'_>,
    new: &'a Side<'_>,
) -> Vec<Forms<'a>> {
    let mut out: Vec<Forms<'_>> = Vec::new();
    for form in &new.case.assessments {
        let id = form.instrument.as_str();
        if out.iter().any(|known| known.instrument.id() == id) {
            continue;
        }
        let found = rulebook
            .instrument(id)
            .zip(latest(new, id))
            .zip(latest(previous, id));
        if let Some(((instrument, now), then)) = found {
            out.push(Forms {
                instrument,
                new: now.form,
                previous: then.form,
                results: Pair {
                    new: now.result,
                    previous: then.result,
                },
                position: now.position,
            });
        }
    }
    out
}

struct Latest<'a> {
    form: &'a Assessment,
    result: &'a AssessmentResult,
    position: usize,
}

/// The latest form by an instrument, and its result.
fn latest<'a>(side: &'a Side<'_>, instrument: &str) -> Option<Latest<'a>> {
    let forms = side.case.assessments.iter().enumerate();
    let (position, form) = forms
        .filter(|(_, form)| form.instrument == instrument)
        .max_by_key(|(_, form)| form.date)?;
    let results = &side.determination.assessments;
    let result = results
        .iter()
        .find(|result| result.instrument == instrument && result.date == form.date)?;
    Some(Latest {
        form,
        result,
        position,
    })
}

impl Forms<'_> {
    pub(super) fn levels_worse(&self) -> Option<i16> {
        let (new, previous) = (&self.results.new.level, &self.results.previous.level);
        let (new, previous) = (new.as_ref()?, previous.as_ref()?);
        Some(i16::from(new.code) - i16::from(previous.code))
    }

    /// One beside the other.
    pub(super) fn beside(&self) -> AssessmentSuccession {
        let definition = self.instrument.definition();
        let Pair { new, previous } = &self.results;
        let fields = || definition.fields.iter();
        AssessmentSuccession {
            changes: changes(&previous.changes, &new.changes),
            dates: Pair {
                new: self.new.date,
                previous: self.previous.date,
            },
            diagnoses: fields()
                .filter(|field| field.answer == FieldType::Diagnoses)
                .filter_map(|field| self.diagnoses(field))
                .collect(),
            fields: fields()
                .filter(|field| field.answer != FieldType::Diagnoses)
                .filter_map(|field| self.field(field))
                .collect(),
            grades: steps(&previous.grades, &new.grades),
            instrument: self.instrument.id().to_owned(),
            items: self
                .instrument
                .items()
                .map(|item| self.item(item))
                .collect(),
            level: Pair {
                new: new.level.clone(),
                previous: previous.level.clone(),
            },
            levels_worse: self.levels_worse(),
            preliminary: Pair {
                new: new.preliminary.clone(),
                previous: previous.preliminary.clone(),
            },
            scores: steps(&previous.scores, &new.scores),
        }
    }

    fn item(&self, item: &Item) -> ItemSuccession {
        let new = self.new.answers.get(item.code.as_str());
        let previous = self.previous.answers.get(item.code.as_str());
        let (now, then) = (named(item, new), named(item, previous));
        let turn = match (then.as_slice(), now.as_slice()) {
            ([], []) => Turn::Same,
            ([], _) => Turn::NewlyAnswered,
            (_, []) => Turn::NewlyMissing,
            // Options stand best first.
            (then, now) if now.last() < then.first() => Turn::Better,
            (then, now) if then.last() < now.first() => Turn::Worse,
            _ => Turn::Same,
        };
        ItemSuccession {
            code: item.code.to_string(),
            new: answered(item, &now),
            previous: answered(item, &then),
            turn,
        }
    }

    fn field(&self, field: &Field) -> Option<FieldSuccession> {
        let found = |form: &Assessment| match form.answers.get(field.code.as_str())? {
            answer @ (Answer::Number(_) | Answer::Text(_)) => field
                .option_answered(answer)
                .map(|option| Found::Text(option.key.clone())),
            Answer::Flag(flag) => Some(Found::Flag(*flag)),
            Answer::List(list) => Some(Found::List(list.clone())),
        };
        let (new, previous) = (found(self.new), found(self.previous));
        (new.is_some() || previous.is_some()).then(|| FieldSuccession {
            code: field.code.to_string(),
            new,
            previous,
        })
    }

    /// The diagnoses of a field; none where it was answered neither time.
    pub(super) fn diagnoses(&self, field: &Field) -> Option<DiagnosesSuccession> {
        let list = |form: &Assessment| match form.answers.get(field.code.as_str())? {
            Answer::List(list) => Some(list.clone()),
            _ => None,
        };
        let (new, previous) = (list(self.new), list(self.previous));
        if new.is_none() && previous.is_none() {
            return None;
        }
        // What was not asked on one side is neither gained nor vanished.
        let without = |these: &Option<Vec<String>>, others: &Option<Vec<String>>| match others {
            Some(others) => these
                .iter()
                .flatten()
                .filter(|one| !others.iter().any(|other| are_kin(field, one, other)))
                .cloned()
                .collect(),
            None => Vec::new(),
        };
        Some(DiagnosesSuccession {
            code: field.code.to_string(),
            gained: without(&new, &previous),
            vanished: without(&previous, &new),
            new,
            previous,
        })
    }
}

/// Positions of the options that an answer names, best first.
fn named(item: &Item, answer: Option<&Answer>) -> Vec<usize> {
    let options = item.options.iter().enumerate();
    options
        .filter(|(_, option)| answer.is_some_and(|answer| option.is_named_by(answer)))
        .map(|(position, _)| position)
        .collect()
}

fn answered(item: &Item, named: &[usize]) -> Option<ItemAnswer> {
    let first = item.options.get(*named.first()?)?;
    Some(ItemAnswer {
        option: first
            .key
            .as_ref()
            .filter(|_| named.len() == 1)
            .map(Text::to_string),
        score: first.score,
    })
}

/// Whether two entries are of one row of the field's table, or share an ICD-10 category.
fn are_kin(field: &Field, one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (diagnosis_range(one), diagnosis_range(other)) else {
        return false;
    };
    let rows = field.rows.iter().filter_map(|row| row.icd.as_deref());
    one.meets(other)
        || rows
            .filter_map(diagnosis_range)
            .any(|row| row.contains(one) && row.contains(other))
}

fn steps(previous: &BTreeMap<Text, u8>, new: &BTreeMap<Text, u8>) -> BTreeMap<String, Step> {
    let ids = previous.keys().chain(new.keys());
    ids.map(|id| {
        let (new, previous) = (new.get(id).copied(), previous.get(id).copied());
        let both = new.zip(previous);
        let step = Step {
            difference: both.map(|(new, previous)| i16::from(new) - i16::from(previous)),
            new,
            previous,
        };
        (id.to_string(), step)
    })
    .collect()
}

fn changes(previous: &[Change], new: &[Change]) -> Vec<ChangeSuccession> {
    let of = |list: &[Change], rule: &str| list.iter().find(|one| one.rule == rule).cloned();
    let gone = previous
        .iter()
        .filter(|one| !new.iter().any(|other| other.rule == one.rule));
    let rules = new.iter().chain(gone).map(|one| &one.rule);
    rules
        .map(|rule| ChangeSuccession {
            new: of(new, rule),
            previous: of(previous, rule),
            rule: rule.to_string(),
        })
        .collect()
}
