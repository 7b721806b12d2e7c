//! What a code is called. What the rulebook does not know keeps its code.

use jiff::civil::Date;

use super::words::{comma, either, say, say_with, yuan};
use crate::condition::Condition;
use crate::determination::Found;
use crate::entitlement::chain;
use crate::entitlement::definition::{
    LayerDefinition, NamedCondition, Programme, ProgrammesFile, Relation,
};
use crate::instrument::Instrument;
use crate::instrument::definition::Interpretation;
use crate::rulebook::{Fact, Rulebook};
use crate::words::{Lang, Words};

/// Names as a place has them on a day.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) lang: Lang,
    /// The place whose rules, and those above them, are meant.
    pub(super) place: &'a str,
    /// None where no day is meant.
    pub(super) day: Option<Date>,
}

/// A layer and the file that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) file: &'a ProgrammesFile,
    pub(super) layer: &'a LayerDefinition,
}

/// The unit of amounts of money.
const FEN: &str = "fen";
/// How a case states that there is none.
const NONE: &str = "none";

impl<'a> Names<'a> {
    pub(super) fn of(&self, words: &'a Words) -> &'a str {
        words.within(self.lang)
    }

    pub(super) fn say(&self, key: &'a str) -> &'a str {
        say(key, self.lang)
    }

    pub(super) fn say_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        say_with(key, self.lang, args)
    }

    pub(super) fn list<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> String {
        let mut out = String::new();
        for name in names {
            if !out.is_empty() {
                out.push_str(comma(self.lang));
            }
            out.push_str(name.as_ref());
        }
        out
    }

    pub(super) fn place_of(&self, code: &str) -> String {
        let place = self.rulebook.jurisdictions().find(|one| one.code == code);
        place.map_or_else(|| code.to_owned(), |one| self.of(&one.names).to_owned())
    }

    pub(super) fn programme(&self, id: &str) -> String {
        let found = self.rulebook.programmes().find(|one| one.id == id);
        let names = found.map(|programme: &'a Programme| &programme.names);
        names.map_or_else(|| id.to_owned(), |names| self.of(names).to_owned())
    }

    pub(super) fn source(&self, id: &str) -> String {
        let found = self.rulebook.programme_files().find(|file| file.id == id);
        found.map_or_else(|| id.to_owned(), |file| self.of(&file.names).to_owned())
    }

    /// The short name of an instrument: the number of a standard, if it can be read in
    /// every language, else its title.
    pub(super) fn instrument(&self, id: &str) -> String {
        let Some(instrument) = self.rulebook.instrument(id) else {
            return id.to_owned();
        };
        let definition = instrument.definition();
        let number = definition
            .documents
            .iter()
            .find(|document| document.id == id)
            .and_then(|document| document.number.as_deref())
            .filter(|number| number.is_ascii());
        let name = number.unwrap_or_else(|| self.of(&definition.names));
        name.to_owned()
    }

    pub(super) fn level(&self, instrument: &str, code: i64) -> String {
        let levels = self.rulebook.instrument(instrument);
        usize::try_from(code)
            .ok()
            .and_then(|code| levels?.definition().levels.get(code))
            .map_or_else(
                || code.to_string(),
                |level| self.of(&level.names).to_owned(),
            )
    }

    pub(super) fn fact(&self, id: &str) -> Option<&'a Fact> {
        self.rulebook.facts().find(|fact| fact.id == id)
    }

    pub(super) fn fact_name(&self, id: &str) -> String {
        let fact = self.fact(id);
        fact.map_or_else(|| id.to_owned(), |fact| self.of(&fact.names).to_owned())
    }

    /// A value of a fact in words.
    pub(super) fn value(&self, fact: &str, value: &Found) -> String {
        let known = self.fact(fact);
        let key = |key: &str| {
            let choice =
                known.and_then(|fact| fact.values.iter().find(|choice| choice.key == *key));
            // What is derived from a fact is none where that is.
            let none = known.and_then(|fact| match &fact.derived {
                Some(derived) => self.fact(derived.of())?.none.as_ref(),
                None => fact.none.as_ref(),
            });
            match (choice, none) {
                (Some(choice), _) => self.of(&choice.names).to_owned(),
                (None, Some(none)) if key == NONE => self.of(none).to_owned(),
                (None, _) => self.place_of(key),
            }
        };
        let number = |number: &i64| match known.and_then(|fact| fact.unit.as_deref()) {
            Some(FEN) => yuan(*number, self.lang),
            _ => number.to_string(),
        };
        match value {
            Found::Flag(flag) => self.flag(*flag).to_owned(),
            Found::Number(one) => number(one),
            Found::Text(text) => key(text),
            Found::Numbers(bounds) => {
                let bounds: Vec<String> = bounds.iter().map(number).collect();
                bounds.join("–")
            }
            Found::List(keys) if keys.is_empty() => self.say("value.no_item").to_owned(),
            Found::List(keys) => {
                let names: Vec<String> = keys.iter().map(|one| key(one)).collect();
                names.join(either(self.lang))
            }
        }
    }

    pub(super) fn flag(&self, flag: bool) -> &'a str {
        self.say(if flag { "value.yes" } else { "value.no" })
    }

    /// The code of a level, by its key.
    pub(super) fn code(&self, instrument: &str, key: &str) -> Option<i64> {
        let levels = self
            .rulebook
            .instrument(instrument)
            .map(Instrument::levels)?;
        let found = levels.iter().find(|level| level.key == key)?;
        Some(i64::from(found.code))
    }

    /// The files of the place and of those above it, nearest first.
    pub(super) fn files(&self) -> impl Iterator<Item = &'a ProgrammesFile> + use<'a> {
        let rulebook = self.rulebook;
        chain(self.place).flat_map(move |code| {
            rulebook
                .programme_files()
                .filter(move |file| file.jurisdiction == code)
        })
    }

    /// The layer with this id of a rule.
    pub(super) fn rule(&self, id: &str) -> Option<Rule<'a>> {
        let (place, _) = id.split_once('/')?;
        self.rulebook
            .programme_files()
            .filter(|file| file.jurisdiction == place)
            .flat_map(|file| file.layers.iter().map(move |layer| Rule { file, layer }))
            .find(|rule| rule.file.rule_id(rule.layer) == id)
    }

    /// Layers of a programme in the place and above it, nearest first.
    pub(super) fn layers_of(&self, programme: &str) -> impl Iterator<Item = Rule<'a>> {
        self.files()
            .flat_map(|file| file.layers.iter().map(move |layer| Rule { file, layer }))
            .filter(move |rule| rule.layer.programme == programme)
    }

    /// Versions of a definition: nearest first, those not in force on the day last.
    pub(super) fn definitions(&self, id: &str) -> Vec<&'a NamedCondition> {
        let mut found: Vec<(bool, &NamedCondition)> = self
            .files()
            .flat_map(|file| file.definitions.iter().map(move |named| (file, named)))
            .filter(|(_, named)| named.id == id)
            .map(|(file, named)| {
                let life = named.in_force.unwrap_or(file.in_force);
                let over = self.day.is_some_and(|day| !life.holds(day));
                (over, named)
            })
            .collect();
        found.sort_by_key(|(over, _)| *over);
        found.into_iter().map(|(_, named)| named).collect()
    }

    pub(super) fn definition(&self, id: &str) -> String {
        let nearest = self.definitions(id).first().copied();
        nearest.map_or_else(|| id.to_owned(), |named| self.of(&named.names).to_owned())
    }

    /// An interpretation of rules, by its key in cases: `jurisdiction/id`.
    pub(super) fn interpretation(&self, key: &str) -> Option<&'a Interpretation> {
        let (place, id) = key.split_once('/')?;
        self.rulebook
            .programme_files()
            .filter(|file| file.jurisdiction == place)
            .flat_map(|file| &file.interpretations)
            .find(|interpretation| interpretation.id == id)
    }

    /// The question of an interpretation and one of its answers.
    pub(super) fn reading(&self, key: &str, choice: &str) -> (String, String) {
        let found = self.interpretation(key);
        let question = found.map_or(key, |found| self.of(&found.names));
        let answer = found
            .and_then(|found| found.choices.iter().find(|one| one.key == choice))
            .map_or(choice, |one| self.of(&one.names));
        (question.to_owned(), answer.to_owned())
    }

    pub(super) fn relation(&self, id: &str) -> Option<&'a Relation> {
        self.files()
            .flat_map(|file| &file.relations)
            .find(|relation| relation.id == id)
    }
}

/// The conditions that a layer asks: who, or the parts of who.
pub(super) fn conditions(layer: &LayerDefinition) -> impl Iterator<Item = &Condition> {
    let parts = layer.parts.values().filter_map(|part| part.when.as_ref());
    layer.who.iter().chain(parts)
}
