//! Two forms by one instrument in words.

use std::collections::BTreeMap;

use super::super::{levels, words};
use super::{Beside, ComparedPart, ComparedRow, ComparedSection, field, signed};
use crate::compare::{
    AssessmentSuccession, ChangeSuccession, DiagnosesSuccession, ItemAnswer, ItemSuccession, Pair,
    Step, Turn,
};
use crate::determination::{Change, Found, Level};
use crate::instrument::Instrument;
use crate::instrument::definition::{Field, Item, Rule};

impl Beside<'_> {
    pub(super) fn assessment(
        &self,
        one: &AssessmentSuccession,
        instrument: &Instrument,
    ) -> ComparedPart {
        let definition = instrument.definition();
        let mut sections = vec![ComparedSection {
            heading: self.say("beside.level").to_owned(),
            whole: true,
            rows: self.levels(one, instrument),
        }];
        let items = one.items.iter().zip(instrument.items());
        let diagnoses = one
            .diagnoses
            .iter()
            .filter_map(|found| Some(self.diagnoses(found, field(instrument, &found.code)?)));
        let fields = one.fields.iter().filter_map(|found| {
            let field = field(instrument, &found.code)?;
            let value = |value: &Option<Found>| self.field_value(field, value.as_ref());
            let values = Pair {
                new: value(&found.new),
                previous: value(&found.previous),
            };
            Some(self.row(
                with_code(&field.code, field.names.within(self.lang)),
                values,
                "",
            ))
        });
        for (key, rows) in [
            (
                "beside.items",
                items.map(|(one, item)| self.item(one, item)).collect(),
            ),
            ("beside.diagnoses", diagnoses.flatten().collect()),
            ("beside.fields", fields.collect()),
            (
                "beside.changes",
                one.changes
                    .iter()
                    .map(|one| self.change(one, instrument))
                    .collect(),
            ),
        ] {
            let rows: Vec<ComparedRow> = rows;
            if !rows.is_empty() {
                sections.push(ComparedSection {
                    heading: self.say(key).to_owned(),
                    whole: false,
                    rows,
                });
            }
        }
        ComparedPart {
            heading: definition.names.within(self.lang).to_owned(),
            columns: self.columns(&Pair {
                new: one.dates.new.to_string(),
                previous: one.dates.previous.to_string(),
            }),
            sections,
        }
    }

    fn levels(&self, one: &AssessmentSuccession, instrument: &Instrument) -> Vec<ComparedRow> {
        let definition = instrument.definition();
        let level = |level: &Option<Level>| {
            let code = level.as_ref().map(|level| i64::from(level.code));
            code.map_or_else(
                || self.say("level.none").to_owned(),
                |code| self.new.level(instrument.id(), code),
            )
        };
        let pair = |levels: &Pair<Option<Level>>| Pair {
            new: level(&levels.new),
            previous: level(&levels.previous),
        };
        let worse = one.levels_worse.unwrap_or(0);
        let (key, turn) = match worse {
            0 => ("", Turn::Same),
            1.. => ("beside.levels_worse", Turn::Worse),
            _ => ("beside.levels_better", Turn::Better),
        };
        let difference = if key.is_empty() {
            String::new()
        } else {
            let count = worse.unsigned_abs();
            let key = if count == 1 {
                format!("{key}.1")
            } else {
                key.to_owned()
            };
            words::say_with(&key, self.lang, &[("count", &count.to_string())])
        };
        let mut first = self.row(
            self.say("beside.final").to_owned(),
            pair(&one.level),
            &difference,
        );
        first.turn = turn;
        let mut rows = vec![first];
        if one.preliminary.new.is_some() || one.preliminary.previous.is_some() {
            let name = self.say("beside.preliminary").to_owned();
            rows.push(self.row(name, pair(&one.preliminary), ""));
        }
        let name_of = |id: &str| {
            let step = definition.steps.iter().find(|step| step.id == id);
            step.map_or_else(
                || id.to_owned(),
                |step| step.names.within(self.lang).to_owned(),
            )
        };
        // The total first, then in the order of the form.
        let total = definition.result.total.iter();
        let rest = definition.result.scores.iter();
        let rest = rest.filter(|id| Some(*id) != definition.result.total.as_ref());
        for id in total.chain(rest) {
            rows.extend(self.step(name_of(id), &one.scores, id));
        }
        for (domain, id) in &definition.result.grades {
            rows.extend(self.step(name_of(id), &one.grades, domain));
        }
        rows
    }

    fn step(&self, name: String, steps: &BTreeMap<String, Step>, id: &str) -> Option<ComparedRow> {
        let step = steps.get(id)?;
        let value =
            |value: Option<u8>| value.map_or_else(|| self.none(), |value| value.to_string());
        let values = Pair {
            new: value(step.new),
            previous: value(step.previous),
        };
        let difference = step.difference.filter(|difference| *difference != 0);
        let difference =
            difference.map(|one| signed(i64::from(one), &one.unsigned_abs().to_string()));
        Some(self.row(name, values, &difference.unwrap_or_default()))
    }

    fn item(&self, one: &ItemSuccession, item: &Item) -> ComparedRow {
        let value = |answer: &Option<ItemAnswer>| match answer {
            Some(answer) => self.option(item, answer),
            None => self.say("beside.unanswered").to_owned(),
        };
        let values = Pair {
            new: value(&one.new),
            previous: value(&one.previous),
        };
        let turn = match one.turn {
            Turn::Same => "",
            Turn::Better => "turn.better",
            Turn::Worse => "turn.worse",
            Turn::NewlyAnswered => "turn.newly_answered",
            Turn::NewlyMissing => "turn.newly_missing",
        };
        let name = with_code(&item.code, item.names.within(self.lang));
        let mut row = self.row(
            name,
            values,
            if turn.is_empty() { "" } else { self.say(turn) },
        );
        row.turn = one.turn;
        row
    }

    fn option(&self, item: &Item, answer: &ItemAnswer) -> String {
        let mut found = item.options.iter().filter(|option| match &answer.option {
            Some(key) => option.key.as_deref() == Some(key),
            None => option.score == answer.score,
        });
        let label = match (found.next(), found.next()) {
            (Some(one), None) => one.label.as_ref().map(|label| label.within(self.lang)),
            _ => None,
        };
        match (answer.score, label) {
            (Some(score), Some(label)) => format!("{score} · {label}"),
            (Some(score), None) => score.to_string(),
            (None, Some(label)) => label.to_owned(),
            (None, None) => answer.option.clone().unwrap_or_default(),
        }
    }

    fn diagnoses(&self, found: &DiagnosesSuccession, field: &Field) -> Vec<ComparedRow> {
        let name = || with_code(&field.code, field.names.within(self.lang));
        let (Some(new), Some(previous)) = (&found.new, &found.previous) else {
            let value = |list: &Option<Vec<String>>| match list {
                Some(list) => self.entries(field, list),
                None => self.say("beside.unanswered").to_owned(),
            };
            let values = Pair {
                new: value(&found.new),
                previous: value(&found.previous),
            };
            return vec![self.row(name(), values, "")];
        };
        let mut rows = Vec::new();
        let kept = |list: &[String], gone: &[String]| -> Vec<String> {
            list.iter()
                .filter(|one| !gone.contains(one))
                .cloned()
                .collect()
        };
        let (still, before) = (kept(new, &found.gained), kept(previous, &found.vanished));
        if !(still.is_empty() && before.is_empty()) {
            let mut row = self.row(
                name(),
                Pair {
                    new: self.entries(field, &still),
                    previous: self.entries(field, &before),
                },
                "",
            );
            // The same disease by another code is no news.
            row.differs = false;
            rows.push(row);
        }
        for (list, key, is_new) in [
            (&found.vanished, "turn.vanished", false),
            (&found.gained, "turn.gained", true),
        ] {
            for entry in list {
                let said = self.diagnosis(field, entry);
                let (new, previous) = if is_new {
                    (said, self.none())
                } else {
                    (self.none(), said)
                };
                rows.push(self.row(name(), Pair { new, previous }, self.say(key)));
            }
        }
        rows
    }

    fn entries(&self, field: &Field, list: &[String]) -> String {
        if list.is_empty() {
            return self.say("value.no_item").to_owned();
        }
        self.new
            .list(list.iter().map(|entry| self.diagnosis(field, entry)))
    }

    fn field_value(&self, field: &Field, value: Option<&Found>) -> String {
        let label = |key: &str| {
            let option = field.options.iter().find(|option| option.key == *key);
            option.map_or_else(
                || key.to_owned(),
                |option| option.label.within(self.lang).to_owned(),
            )
        };
        match value {
            None => self.say("beside.unanswered").to_owned(),
            Some(Found::Flag(flag)) => self.new.flag(*flag).to_owned(),
            Some(Found::Text(key)) => label(key),
            Some(Found::List(keys)) if keys.is_empty() => self.say("value.no_item").to_owned(),
            Some(Found::List(keys)) => self.new.list(keys.iter().map(|key| label(key))),
            Some(Found::Number(number)) => number.to_string(),
            Some(Found::Numbers(numbers)) => self.new.list(numbers.iter().map(i64::to_string)),
        }
    }

    fn change(&self, one: &ChangeSuccession, instrument: &Instrument) -> ComparedRow {
        let steps = instrument.definition().steps.iter();
        let rule = steps
            .filter_map(|step| match &step.rule {
                Rule::LevelChange(change) => Some(&change.rules),
                _ => None,
            })
            .flatten()
            .find(|rule| rule.id == one.rule);
        let name = rule.map_or(one.rule.as_str(), |rule| rule.names.within(self.lang));
        let value = |change: &Option<Change>| match change {
            Some(change) => self.say(levels::effect(change)).to_owned(),
            None => self.none(),
        };
        let values = Pair {
            new: value(&one.new),
            previous: value(&one.previous),
        };
        self.row(name.to_owned(), values, "")
    }
}

fn with_code(code: &str, name: &str) -> String {
    format!("{code} {name}")
}
