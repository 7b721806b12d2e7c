//! The sentences of conflicts, in both languages.

use super::conflict::{Conflict, ConflictKind as Kind};
use super::judge::Judge;
use super::read::{Part, Place, shown};
use crate::instrument::Values;
use crate::instrument::definition::Rule;
use crate::words::{Lang, Words};

const BOTH: [Lang; 2] = [Lang::En, Lang::Zh];

fn words(make: impl Fn(Lang) -> String) -> Words {
    let [en, zh] = BOTH.map(make);
    Words { en, zh }
}

/// What a recorded value is called.
fn name(judge: &Judge<'_>, place: &Place, lang: Lang) -> String {
    match (place.part, lang) {
        (Part::Preliminary, Lang::En) => "preliminary level".to_owned(),
        (Part::Preliminary, Lang::Zh) => "初步等级".to_owned(),
        (Part::Level, Lang::En) => "level".to_owned(),
        (Part::Level, Lang::Zh) => "等级".to_owned(),
        (Part::Score | Part::Grade, _) => stood(judge, place.step, lang).0,
    }
}

/// A value of a place, in words.
fn said(judge: &Judge<'_>, place: &Place, value: i64, lang: Lang) -> String {
    match place.part {
        Part::Preliminary | Part::Level => level(judge, value, lang),
        Part::Score | Part::Grade => match (shown(value), lang) {
            (Some(_), _) => value.to_string(),
            (None, Lang::En) => "a number far outside".to_owned(),
            (None, Lang::Zh) => "远超范围的数".to_owned(),
        },
    }
}

fn level(judge: &Judge<'_>, code: i64, lang: Lang) -> String {
    let levels = &judge.instrument.definition().levels;
    let found = levels.iter().find(|level| i64::from(level.code) == code);
    found.map_or_else(
        || code.to_string(),
        |level| level.names.within(lang).to_owned(),
    )
}

/// Several values, in words.
fn all(judge: &Judge<'_>, place: &Place, values: Values, lang: Lang) -> String {
    let range = matches!(place.part, Part::Score | Part::Grade) && values.len() > 2;
    if range && let Some((least, most)) = values.min().zip(values.max()) {
        return match lang {
            Lang::En => format!("{least} to {most}"),
            Lang::Zh => format!("{least} 至 {most}"),
        };
    }
    let each: Vec<String> = values
        .iter()
        .map(|value| said(judge, place, i64::from(value), lang))
        .collect();
    each.join(match lang {
        Lang::En => " or ",
        Lang::Zh => "或",
    })
}

/// The name of a step, and what it stood at where that is known.
fn stood(judge: &Judge<'_>, step: usize, lang: Lang) -> (String, Option<u8>) {
    let name = judge.step(step).map_or("", |step| step.names.within(lang));
    (name.to_owned(), judge.stood(step))
}

/// What a value is read from: each step before it with what it stood at.
fn from(judge: &Judge<'_>, step: usize, lang: Lang) -> String {
    let (_, before) = judge.instrument.rests_on(step);
    let parts: Vec<String> = before
        .into_iter()
        .filter_map(|step| {
            let (name, value) = stood(judge, step, lang);
            let rule = judge.step(step).map(|step| &step.rule);
            let level = matches!(rule, Some(Rule::LevelChange(_)));
            value
                .filter(|_| !level)
                .map(|value| format!("{name} {value}"))
        })
        .collect();
    parts.join(match lang {
        Lang::En => ", ",
        Lang::Zh => "、",
    })
}

/// The rules of the level change that are met, by name.
fn met(judge: &Judge<'_>, step: usize, lang: Lang) -> String {
    let Some(Rule::LevelChange(change)) = judge.step(step).map(|step| &step.rule) else {
        return String::new();
    };
    let rules = judge.met().filter_map(|rule| change.rules.get(rule));
    let names: Vec<&str> = rules.map(|rule| rule.names.within(lang)).collect();
    names.join(match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    })
}

/// A conflict of a recorded value with what its rule gives.
pub(super) fn of_step(
    judge: &Judge<'_>,
    kind: Kind,
    place: &Place,
    value: i64,
    now: Values,
) -> Conflict {
    let says = words(|lang| {
        let name = name(judge, place, lang);
        let found = said(judge, place, value, lang);
        let right = all(judge, place, now, lang);
        let met = met(judge, place.step, lang);
        let step = match judge.step(place.step).map(|step| &step.rule) {
            Some(Rule::LevelChange(change)) => {
                judge.instrument.step_of(&change.of).unwrap_or(place.step)
            }
            _ => place.step,
        };
        let from = from(judge, step, lang);
        match (kind, lang) {
            (Kind::Arithmetic, Lang::En) => {
                format!("{name}: recorded {found}; it adds up to {right}")
            }
            (Kind::Arithmetic, Lang::Zh) => format!("{name}：记录为 {found}，应合计为 {right}"),
            (Kind::Band | Kind::Combination, Lang::En) => {
                format!("{name}: recorded {found}; {from} give {right}")
            }
            (Kind::Band | Kind::Combination, Lang::Zh) => {
                format!("{name}：记录为{found}；{from}，应为{right}")
            }
            (Kind::ChangeNotApplied, Lang::En) => {
                format!("{name}: recorded {found}; with its ground ({met}) it is {right}")
            }
            (Kind::ChangeNotApplied, Lang::Zh) => {
                format!("{name}：记录为{found}；有变更依据（{met}），应为{right}")
            }
            (Kind::ChangeWithoutGround, Lang::En) => {
                format!("{name}: recorded {found}; no ground for a change is there, it is {right}")
            }
            (Kind::ChangeWithoutGround, Lang::Zh) => {
                format!("{name}：记录为{found}；没有变更依据，应为{right}")
            }
            (Kind::ChangedTooFar, Lang::En) => {
                format!("{name}: recorded {found}; the grounds ({met}) give no more than {right}")
            }
            (Kind::ChangedTooFar, Lang::Zh) => {
                format!("{name}：记录为{found}；变更依据（{met}）只到{right}")
            }
            (Kind::ChangedToBetter, Lang::En) => {
                format!("{name}: recorded {found}, better than before the changes; it is {right}")
            }
            (Kind::ChangedToBetter, Lang::Zh) => {
                format!("{name}：记录为{found}，好于变更之前；应为{right}")
            }
            (Kind::InvertedDirection, Lang::En) => {
                format!(
                    "{name}: recorded {found}, as where best and worst are exchanged; it is {right}"
                )
            }
            (Kind::InvertedDirection, Lang::Zh) => {
                format!("{name}：记录为{found}，与好坏颠倒后的结果相同；应为{right}")
            }
            (_, Lang::En) => format!("{name}: recorded {found}; possible is {right}"),
            (_, Lang::Zh) => format!("{name}：记录为 {found}；可能为 {right}"),
        }
    });
    Conflict::new(kind, says.en, says.zh)
}

/// The sentence of a value recorded though answers are missing.
pub(super) fn lacking(kind: Kind, says: &Words, codes: &[String]) -> Words {
    const SHOWN: usize = 5;
    words(|lang| {
        let first: Vec<&str> = codes.iter().take(SHOWN).map(String::as_str).collect();
        let more = codes.len() > SHOWN;
        let (says, codes) = (
            says.within(lang),
            first.join(match lang {
                Lang::En => ", ",
                Lang::Zh => "、",
            }),
        );
        let more = match (more, lang) {
            (false, _) => "",
            (true, Lang::En) => " and others",
            (true, Lang::Zh) => "等",
        };
        match (kind, lang) {
            (Kind::MissingAsZero, Lang::En) => {
                format!(
                    "{says}; not answered: {codes}{more}; with 0 for each it is what was recorded"
                )
            }
            (Kind::MissingAsZero, Lang::Zh) => {
                format!("{says}；未填：{codes}{more}；按 0 分计即为所记录")
            }
            (_, Lang::En) => format!("{says}; not answered: {codes}{more}"),
            (_, Lang::Zh) => format!("{says}；未填：{codes}{more}"),
        }
    })
}

/// The sentence of sums that run the other way.
pub(super) fn turned(judge: &Judge<'_>, place: &Place, value: i64, right: Option<u8>) -> Words {
    words(|lang| {
        let name = name(judge, place, lang);
        let found = said(judge, place, value, lang);
        let right = right.map(|right| right.to_string()).unwrap_or_default();
        match lang {
            Lang::En => format!(
                "{name}: recorded {found}, as where the best answer scores what the worst does; it is {right}"
            ),
            Lang::Zh => format!("{name}：记录为 {found}，与好坏颠倒计分的结果相同；应为 {right}"),
        }
    })
}

/// A level that was not recorded.
pub(super) fn not_recorded(judge: &Judge<'_>, now: Values) -> Conflict {
    let says = words(|lang| {
        let code = now.single().map_or(-1, i64::from);
        let right = level(judge, code, lang);
        match lang {
            Lang::En => format!("level: none recorded; it is {right}"),
            Lang::Zh => format!("等级：未记录；应为{right}"),
        }
    });
    Conflict::new(Kind::LevelNotRecorded, says.en, says.zh)
}
