//! Why a row of a batch came to its level, in words.

use super::levels::{effect_of, named};
use super::words::{say, say_with, span};
use super::{Line, Mark};
use crate::instrument::Instrument;
use crate::instrument::columns::{Decided, Reason, Where};
use crate::instrument::definition::{Rule, Step};
use crate::words::Lang;

/// Why a row of a batch came to its level: a sentence, with the clauses that it rests on
/// (none where the row has no level). `reason` must be of this instrument; what it does
/// not know is shown by its code.
///
/// ```
/// use nengli::instrument::columns::{Input, Output};
/// use nengli::{Lang, Rulebook, explain};
///
/// let rulebook = Rulebook::builtin()?;
/// let ltci = rulebook.instrument("nhsa-37-2021").ok_or("no such instrument")?;
/// let mut columns = ltci.columns()?;
/// // One person, and no answer at all.
/// let scores = vec![&[nengli::instrument::columns::MISSING][..]; ltci.items().count()];
/// let mut reasons = [0];
/// columns.decide(
///     Input { scores: &scores, grounds: &[] },
///     Output { levels: &mut [], reasons: &mut reasons, totals: &mut [] },
/// )?;
/// let reason = columns.reason(reasons[0]).ok_or("no such reason")?;
/// let line = explain::columns(&reason, ltci, Lang::En);
/// assert!(line.text.starts_with("level undetermined: C1.1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn columns(reason: &Reason<'_>, instrument: &Instrument, lang: Lang) -> Line {
    let about = |phrase: &str, place: &Where<'_>| {
        let (Where::Item(code) | Where::Ground(code)) = place;
        say_with(phrase, lang, &[("name", &named(instrument, code, lang))])
    };
    let none: &[&str] = &[];
    match reason {
        Reason::Decided(decided) => decided_by(decided, instrument, lang),
        Reason::Open(Some(place)) => Line::new(Mark::Open, about("columns.open", place), none),
        Reason::Open(None) => {
            let text = say("columns.open.rule", lang).to_owned();
            Line::new(Mark::Open, text, none)
        }
        Reason::Refused(place) => Line::new(Mark::Warning, about("columns.refused", place), none),
    }
}

fn decided_by(decided: &Decided<'_>, instrument: &Instrument, lang: Lang) -> Line {
    let definition = instrument.definition();
    let level = |code: u8| {
        let level = definition.levels.get(usize::from(code));
        level.map_or_else(
            || code.to_string(),
            |level| level.names.within(lang).to_owned(),
        )
    };
    let changes = definition.steps.iter().find_map(|step| match &step.rule {
        Rule::LevelChange(change) => Some(change.rules.as_slice()),
        _ => None,
    });
    let mut way = Vec::new();
    if let (Some(before), Some(_)) = (decided.before, changes) {
        let before = level(before.code);
        let step = definition.steps.iter().find(|step| step.id == decided.step);
        let row = step.and_then(|step| row_of_total(step, decided.row?, instrument));
        way.push(match row {
            Some(row) => say_with(
                "preliminary.row",
                lang,
                &[("level", &before), ("row", &row)],
            ),
            None => say_with("preliminary", lang, &[("level", &before)]),
        });
    }
    for met in &decided.rules {
        let mut rules = changes.unwrap_or_default().iter();
        let rule = rules.find(|rule| rule.id == met.id);
        let name = rule.map_or(met.id, |rule| rule.names.within(lang));
        let effect = say(effect_of(met.applied, met.why), lang);
        way.push(say_with(
            "change",
            lang,
            &[("rule", name), ("effect", effect)],
        ));
    }
    let last = level(decided.level.code);
    way.push(say_with("columns.final", lang, &[("level", &last)]));
    let stop = match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    };
    Line::new(Mark::Plain, way.join(stop), &decided.citations)
}

/// The range of a row of a band over the total.
fn row_of_total(step: &Step, row: u8, instrument: &Instrument) -> Option<String> {
    let Rule::Band(band) = &step.rule else {
        return None;
    };
    let total = instrument.definition().result.total.as_ref()?;
    let row = band.rows.get(usize::from(row))?;
    (band.of == *total).then(|| span(row.from, row.to))
}
