//! Each recorded value against what it should have been.
//!
//! A recorded value is right where it follows from what was recorded before it, or from
//! the answers alone. So a fault is named where it was made, and what only follows from
//! it is right.

use super::conflict::{Conflict, ConflictKind as Kind};
use super::read::{Form, Part, Place, Recorded, shown};
use super::row::Row;
use super::{Audited, Auditor, Standing, say};
use crate::case::Prepared;
use crate::condition::Truth;
use crate::determination::Found;
use crate::instrument::definition::{LevelChange, Rule, Step};
use crate::instrument::{Followed, Instrument, Values};
use crate::text::{Text, strings};

/// What a step rests on that is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Lacks {
    /// An item, or a recorded value, that was refused.
    refused: bool,
    /// A ground that was refused.
    refused_ground: bool,
    /// An item that was not answered.
    item: bool,
    /// A ground that was not answered.
    ground: bool,
}

impl Lacks {
    fn or(self, other: Self) -> Self {
        Self {
            refused: self.refused || other.refused,
            refused_ground: self.refused_ground || other.refused_ground,
            item: self.item || other.item,
            ground: self.ground || other.ground,
        }
    }
}

/// A form while its recorded values are judged.
pub(super) struct Judge<'j> {
    pub(super) auditor: &'j Auditor,
    pub(super) instrument: &'j Instrument,
    pub(super) form: &'j Form<'j>,
    pub(super) prepared: &'j Prepared<'j>,
    /// Recorded values that a step can have at all, by step.
    recorded: Vec<Option<u8>>,
    /// What comes of the answers alone.
    pub(super) truth: Followed,
    /// What comes where each step goes on with what was recorded before it.
    pub(super) followed: Followed,
    /// The same with missing answers as 0.
    zeros: Option<Followed>,
    lacks: Vec<Lacks>,
}

impl Auditor {
    pub(super) fn judge(&self, instrument: &Instrument, row: &Row<'_>, audited: &mut Audited) {
        let mut form = self.read(instrument, row);
        audited.case_id = form.case_id.take();
        audited.date = form.date;
        audited.conflicts.append(&mut form.conflicts);
        self.stand(instrument, &form, audited);
        let Some(prepared) = &form.prepared else {
            return;
        };
        let judge = Judge::of(self, instrument, &form, prepared);
        let turned = judge.turned_sums();
        if !turned.is_empty() {
            audited.conflicts.push(judge.turned_conflict(&turned));
        }
        for (place, value) in self.places.iter().zip(&form.recorded) {
            match value {
                Recorded::Unreadable => audited.conflicts.push(judge.unreadable(place)),
                Recorded::Nothing if place.part == Part::Level => {
                    audited.conflicts.extend(judge.not_recorded(place));
                }
                Recorded::Value(value) if !turned.contains(&place.step) => {
                    match judge.value(place, *value) {
                        Judged::Right => {}
                        Judged::Open => audited.unverified.push(place.id.clone()),
                        Judged::Wrong(conflict) => audited.conflicts.push(*conflict),
                    }
                }
                Recorded::Nothing | Recorded::Value(_) => {}
            }
        }
    }

    /// Writes down what was recorded, and what comes now.
    fn stand(&self, instrument: &Instrument, form: &Form<'_>, audited: &mut Audited) {
        let key = |code: i64| {
            let level = u8::try_from(code)
                .ok()
                .and_then(|code| instrument.level_of_code(code));
            level.map(|level| level.key.to_string())
        };
        for (place, value) in self.places.iter().zip(&form.recorded) {
            let Recorded::Value(value) = value else {
                continue;
            };
            match place.part {
                Part::Preliminary => audited.recorded.preliminary = key(*value),
                Part::Level => audited.recorded.level = key(*value),
                Part::Score | Part::Grade if shown(*value).is_none() => {}
                Part::Score => {
                    audited.recorded.scores.insert(place.id.clone(), *value);
                }
                Part::Grade => {
                    audited.recorded.grades.insert(place.id.clone(), *value);
                }
            }
        }
        let (Some(prepared), Some(date)) = (
            &form.prepared,
            form.date.or(Some(instrument.definition().in_force.from)),
        ) else {
            return;
        };
        let result = instrument
            .grade(&prepared.inputs, date, prepared.readings, false)
            .result;
        let numbers = |map: std::collections::BTreeMap<Text, u8>| {
            map.into_iter()
                .map(|(id, value)| (id.into(), i64::from(value)))
                .collect()
        };
        audited.computed = Standing {
            grades: numbers(result.grades),
            level: result.level.map(|level| level.key.into()),
            preliminary: result.preliminary.map(|level| level.key.into()),
            scores: numbers(result.scores),
        };
    }
}

/// What comes of a recorded value.
enum Judged {
    Right,
    /// It could be right, and nothing that the mapping has says so.
    Open,
    Wrong(Box<Conflict>),
}

impl<'j> Judge<'j> {
    fn of(
        auditor: &'j Auditor,
        instrument: &'j Instrument,
        form: &'j Form<'j>,
        prepared: &'j Prepared<'j>,
    ) -> Self {
        let inputs = &prepared.inputs;
        let readings = prepared.readings;
        let steps = instrument.definition().steps.len();
        let mut recorded = vec![None; steps];
        let mut beyond = vec![false; steps];
        for (place, value) in auditor.places.iter().zip(&form.recorded) {
            let Recorded::Value(value) = value else {
                continue;
            };
            // A value that the step cannot have leads nowhere.
            let value = u8::try_from(*value).ok();
            let value = value.filter(|value| instrument.reachable(place.step).contains(*value));
            if let (Some(slot), Some(beyond)) =
                (recorded.get_mut(place.step), beyond.get_mut(place.step))
            {
                *slot = value;
                *beyond = value.is_none();
            }
        }
        let zeros = (!instrument.is_complete(inputs)).then(|| {
            let inputs = instrument.with_zeros(inputs);
            instrument.follow(&inputs, readings, &recorded)
        });
        let mut judge = Self {
            auditor,
            instrument,
            form,
            prepared,
            truth: instrument.follow(inputs, readings, &[]),
            followed: instrument.follow(inputs, readings, &recorded),
            zeros,
            recorded,
            lacks: Vec::with_capacity(steps),
        };
        let slots = judge.lacking_slots();
        for step in 0..steps {
            let (on, before) = instrument.rests_on(step);
            let of_slots = on.iter().filter_map(|slot| slots.get(*slot).copied());
            let of_steps = before.iter().filter_map(|step| {
                if beyond.get(*step) == Some(&true) {
                    return Some(Lacks {
                        refused: true,
                        ..Lacks::default()
                    });
                }
                let written = judge.written(*step).is_some();
                judge.lacks.get(*step).copied().filter(|_| !written)
            });
            let lacks = of_slots.chain(of_steps).fold(Lacks::default(), Lacks::or);
            judge.lacks.push(lacks);
        }
        judge
    }

    /// What each slot lacks. A code that the mapping does not have lacks nothing: it was
    /// not there to be answered.
    fn lacking_slots(&self) -> Vec<Lacks> {
        let answers = &self.auditor.mapping.answers;
        let codes = self.instrument.slot_codes().enumerate();
        codes
            .map(|(slot, code)| {
                let item = self.instrument.is_item(slot);
                let refused = self.form.refused.iter().any(|refused| refused == code);
                let missing = !refused
                    && answers.contains_key(code)
                    && self.instrument.is_open(&self.prepared.inputs, slot);
                Lacks {
                    refused: refused && item,
                    refused_ground: refused && !item,
                    item: missing && item,
                    ground: missing && !item,
                }
            })
            .collect()
    }

    /// What was recorded of a step.
    pub(super) fn written(&self, step: usize) -> Option<u8> {
        self.recorded.get(step).copied().flatten()
    }

    pub(super) fn step(&self, step: usize) -> Option<&'j Step> {
        self.instrument.definition().steps.get(step)
    }

    /// What a step stood at when those after it were made: as recorded, else as computed.
    pub(super) fn stood(&self, step: usize) -> Option<u8> {
        self.written(step)
            .or_else(|| self.followed.step(step).single())
    }

    fn value(&self, place: &Place, value: i64) -> Judged {
        let step = place.step;
        let now = self.followed.step(step);
        let alone = self.truth.step(step);
        let lacks = self.lacks.get(step).copied().unwrap_or_default();
        let small = u8::try_from(value).ok();
        let is = |values: Values| small.is_some() && values.single() == small;
        let complete = self.instrument.is_complete(&self.prepared.inputs);
        let may_be = !lacks.item || self.set_without_items(step);
        if (is(now) && may_be) || (is(alone) && complete) {
            return Judged::Right;
        }
        let possible = small.is_some_and(|small| now.contains(small) || alone.contains(small));
        if lacks.refused || (lacks.refused_ground && possible) {
            return Judged::Right;
        }
        let as_zero = lacks.item
            && now.single().is_none()
            && self
                .zeros
                .as_ref()
                .is_some_and(|zeros| is(zeros.step(step)));
        if (lacks.item || lacks.ground) && (possible || as_zero) {
            let kind = match as_zero {
                true => Kind::MissingAsZero,
                false => Kind::RecordedWithoutAnswers,
            };
            return Judged::Wrong(Box::new(self.lacking(place, value, kind)));
        }
        if possible {
            return Judged::Open;
        }
        Judged::Wrong(Box::new(self.wrong(place, value)))
    }

    /// Whether a rule gives the level whatever the items say.
    fn set_without_items(&self, step: usize) -> bool {
        let Some(change) = self.change(step) else {
            return false;
        };
        let rule = self.followed.set_by.and_then(|rule| change.rules.get(rule));
        rule.is_some_and(|rule| rule.without_items.is_some())
    }

    fn change(&self, step: usize) -> Option<&'j LevelChange> {
        match &self.step(step)?.rule {
            Rule::LevelChange(change) => Some(change),
            _ => None,
        }
    }

    /// A recorded value that is none of those possible, by the rule that gives it.
    fn wrong(&self, place: &Place, value: i64) -> Conflict {
        let written = self.step(place.step);
        match written.map(|step| &step.rule) {
            Some(Rule::LevelChange(change)) => self.wrong_change(place, value, change),
            Some(Rule::Sum(_) | Rule::Count(_)) => {
                self.of_step(Kind::Arithmetic, place, value, place.step)
            }
            _ if self.is_turned(place.step, value) => {
                self.of_step(Kind::InvertedDirection, place, value, place.step)
            }
            Some(Rule::Band(_)) => self.of_step(Kind::Band, place, value, place.step),
            _ => self.of_step(Kind::Combination, place, value, place.step),
        }
    }

    fn wrong_change(&self, place: &Place, value: i64, change: &LevelChange) -> Conflict {
        let before = self.instrument.step_of(&change.of).unwrap_or(place.step);
        let known = self.written(before).is_some();
        let number = |value: u8| i64::from(value);
        let was = self.stood(before).map(number);
        let now = self.followed.step(place.step);
        let (least, most) = (now.min().map(number), now.max().map(number));
        let by = self.instrument.worsening(place.step);
        let uplift = by.iter().flatten().copied().max().map_or(0, number);
        // Where the level before was not recorded, only a step of the usual length is
        // taken for a change.
        let near = |from: i64| known || value - from <= uplift;
        let kind = match (was, least, most) {
            (Some(was), Some(least), _) if (was..least).contains(&value) => Kind::ChangeNotApplied,
            (Some(was), Some(_), Some(most)) if value > most && near(most) => match most > was {
                true => Kind::ChangedTooFar,
                false => Kind::ChangeWithoutGround,
            },
            (Some(was), ..) if known && value < was => Kind::ChangedToBetter,
            _ if self.is_turned(place.step, value) => Kind::InvertedDirection,
            _ => {
                let rule = self.step(before).map(|step| &step.rule);
                match rule {
                    Some(Rule::Band(_)) => Kind::Band,
                    _ => Kind::Combination,
                }
            }
        };
        match kind {
            Kind::ChangeNotApplied => self.not_applied(place, value, change),
            Kind::Band | Kind::Combination => self.of_step(kind, place, value, before),
            _ => self.of_step(kind, place, value, place.step),
        }
    }

    /// Rules of a level change that are met.
    pub(super) fn met(&self) -> impl Iterator<Item = usize> {
        let rules = self.followed.rules.iter().enumerate();
        rules
            .filter(|(_, truth)| **truth == Truth::True)
            .map(|(rule, _)| rule)
    }

    fn not_applied(&self, place: &Place, value: i64, change: &LevelChange) -> Conflict {
        let mut conflict = self.of_step(Kind::ChangeNotApplied, place, value, place.step);
        let rules: Vec<_> = self
            .met()
            .filter_map(|rule| change.rules.get(rule))
            .collect();
        if let Some(first) = rules.first() {
            conflict.rule = Some(format!("{}/{}", self.instrument.id(), first.id));
            conflict.citations.clear();
        }
        for rule in rules {
            for cite in &rule.cite {
                if !conflict.citations.iter().any(|known| known == cite) {
                    conflict.citations.push(cite.to_string());
                }
            }
        }
        let codes = self.grounds(place.step);
        let columns: Vec<String> = codes
            .iter()
            .filter_map(|code| self.auditor.column_of(code))
            .collect();
        conflict.about(codes).at(columns)
    }

    /// Codes of answers that make rules of the change met.
    fn grounds(&self, step: usize) -> Vec<String> {
        let result = self.instrument.grade(
            &self.prepared.inputs,
            self.form
                .date
                .unwrap_or(self.instrument.definition().in_force.from),
            self.prepared.readings,
            false,
        );
        let changes = result
            .result
            .changes
            .into_iter()
            .filter(|change| change.met == Some(true));
        match self.change(step) {
            Some(_) => changes
                .flat_map(|change| strings(&change.grounds))
                .collect(),
            None => Vec::new(),
        }
    }

    /// A value that could not have been recorded: answers are missing.
    fn lacking(&self, place: &Place, value: i64, kind: Kind) -> Conflict {
        let mut slots = Vec::new();
        self.open_slots(place.step, &mut slots);
        slots.sort_unstable();
        slots.dedup();
        let names: Vec<&str> = self.instrument.slot_codes().collect();
        let mut codes: Vec<String> = Vec::new();
        for code in slots.into_iter().filter_map(|slot| names.get(slot)) {
            if self.auditor.mapping.answers.contains_key(*code)
                && codes.last().is_none_or(|last| last != code)
            {
                codes.push((*code).to_owned());
            }
        }
        let columns: Vec<String> = codes
            .iter()
            .filter_map(|code| self.auditor.column_of(code))
            .collect();
        let mut conflict = self.of_step(kind, place, value, place.step);
        conflict.says = say::lacking(kind, &conflict.says, &codes);
        conflict.about(codes).at(columns)
    }

    /// The open slots on which a step rests, not by way of a recorded value.
    fn open_slots(&self, step: usize, into: &mut Vec<usize>) {
        let (slots, steps) = self.instrument.rests_on(step);
        let open = slots
            .into_iter()
            .filter(|slot| self.instrument.is_open(&self.prepared.inputs, *slot));
        into.extend(open);
        for step in steps {
            if self.written(step).is_none() {
                self.open_slots(step, into);
            }
        }
    }

    /// A conflict of a recorded value that the rule of `step` decides.
    pub(super) fn of_step(&self, kind: Kind, place: &Place, value: i64, step: usize) -> Conflict {
        let now = self.followed.step(place.step);
        let mut conflict = say::of_step(self, kind, place, value, now);
        conflict.recorded = self.found(place, value);
        conflict.computed = self.all_found(place, now);
        conflict
            .columns
            .extend(place.source.column().map(str::to_owned));
        if let Some(step) = self.step(step) {
            conflict.rule = Some(format!("{}/{}", self.instrument.id(), step.id));
            conflict.citations = strings(&step.cite);
        }
        conflict.reading = self.reading(place.step, value);
        conflict
    }

    /// A reading, other than the one taken, under which the value would be right.
    fn reading(&self, step: usize, value: i64) -> Option<String> {
        let value = u8::try_from(value).ok()?;
        for interpretation in &self.instrument.definition().interpretations {
            for choice in &interpretation.choices {
                let readings = self.prepared.readings;
                let other =
                    self.instrument
                        .with_reading(readings, &interpretation.id, &choice.key)?;
                if other == readings {
                    continue;
                }
                let followed = self
                    .instrument
                    .follow(&self.prepared.inputs, other, &self.recorded);
                if followed.step(step).single() == Some(value) {
                    return Some(format!("{}={}", interpretation.id, choice.key));
                }
            }
        }
        None
    }

    /// A value as results write it.
    fn found(&self, place: &Place, value: i64) -> Option<Found> {
        match place.part {
            Part::Score | Part::Grade => shown(value),
            Part::Preliminary | Part::Level => {
                let code = u8::try_from(value).ok()?;
                let level = self.instrument.level_of_code(code)?;
                Some(Found::Text(level.key.clone()))
            }
        }
    }

    fn all_found(&self, place: &Place, values: Values) -> Option<Found> {
        if let Some(one) = values.single() {
            return self.found(place, i64::from(one));
        }
        match place.part {
            Part::Score | Part::Grade => {
                let (least, most) = values.min().zip(values.max())?;
                Some(Found::Numbers(vec![i64::from(least), i64::from(most)]))
            }
            Part::Preliminary | Part::Level => {
                let levels = values
                    .iter()
                    .filter_map(|code| self.instrument.level_of_code(code));
                let keys = levels.map(|level| level.key.to_string());
                Some(Found::List(keys.collect()))
            }
        }
    }

    fn unreadable(&self, place: &Place) -> Conflict {
        let mut conflict = match place.part {
            Part::Score | Part::Grade => Conflict::new(
                Kind::UnreadableNumber,
                "expected a whole number; found another text".to_owned(),
                "应为整数；实为其他文本".to_owned(),
            ),
            Part::Preliminary | Part::Level => Conflict::new(
                Kind::UnknownLevel,
                "expected a level, as the mapping writes it; found another text".to_owned(),
                "应为映射中的等级用语；实为其他文本".to_owned(),
            ),
        };
        conflict
            .columns
            .extend(place.source.column().map(str::to_owned));
        conflict
    }

    /// A level that there is and that was not recorded.
    fn not_recorded(&self, place: &Place) -> Option<Conflict> {
        let lacks = self.lacks.get(place.step).copied().unwrap_or_default();
        if lacks.item && !self.set_without_items(place.step) {
            return None;
        }
        let now = self.followed.step(place.step);
        let level = self.found(place, i64::from(now.single()?))?;
        let mut conflict = say::not_recorded(self, now);
        conflict.computed = Some(level);
        conflict
            .columns
            .extend(place.source.column().map(str::to_owned));
        let step = self.step(place.step)?;
        conflict.rule = Some(format!("{}/{}", self.instrument.id(), step.id));
        conflict.citations = strings(&step.cite);
        Some(conflict)
    }
}
