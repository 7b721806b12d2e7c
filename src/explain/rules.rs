//! What a rule is called, by the id that results and differences carry.

use serde::Serialize;

use super::names::Names;
use crate::instrument::definition::Rule;
use crate::rulebook::Rulebook;
use crate::text::strings;
use crate::words::Lang;

/// A rule with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NamedRule {
    /// What it rests on; [`super::citations`] writes them out.
    pub citations: Vec<String>,
    /// Its name: whose rule it is, and about what.
    pub name: String,
}

/// The rule that has this id: a step, a rule of the level change or an interpretation of
/// an instrument (`gbt-42195-2022/C.5`), a rule or an interpretation of a place
/// (`120000/ltci`), a relation
/// between programmes, a scheme of care levels, or a citation.
///
/// None where the rulebook has no such rule.
#[must_use]
pub fn rule(id: &str, rulebook: &Rulebook, lang: Lang) -> Option<NamedRule> {
    let place = id.split_once('/').map_or("", |(place, _)| place);
    let names = super::rules_of(place, rulebook, lang);
    names
        .of_instrument(id)
        .or_else(|| names.of_place(id))
        .or_else(|| names.of_reading(id))
        .or_else(|| names.of_relation(id))
        .or_else(|| names.of_care_levels(id))
        .or_else(|| {
            let found = rulebook.citation(id)?;
            Some(NamedRule {
                citations: vec![id.to_owned()],
                name: names.of(found.heading).to_owned(),
            })
        })
}

impl<'a> Names<'a> {
    fn of_instrument(&self, id: &str) -> Option<NamedRule> {
        let (instrument, part) = id.split_once('/').unwrap_or((id, ""));
        let definition = self.rulebook.instrument(instrument)?.definition();
        let of = self.instrument(instrument);
        if part.is_empty() {
            let citations = Vec::new();
            return Some(NamedRule {
                citations,
                name: of,
            });
        }
        let steps = definition.steps.iter();
        let changes = steps.clone().filter_map(|step| match &step.rule {
            Rule::LevelChange(change) => Some(&change.rules),
            _ => None,
        });
        let readings = definition.interpretations.iter();
        let (words, cite) = steps
            .map(|step| (&step.id, &step.names, &step.cite))
            .chain(
                changes
                    .flatten()
                    .map(|one| (&one.id, &one.names, &one.cite)),
            )
            .chain(readings.map(|one| (&one.id, &one.names, &one.cite)))
            .find_map(|(found, words, cite)| (found == part).then_some((words, cite)))?;
        Some(NamedRule {
            citations: strings(cite),
            name: self.joined(&of, self.of(words)),
        })
    }

    fn of_place(&self, id: &str) -> Option<NamedRule> {
        let rule = self.rule(id)?;
        let programme = self.programme(&rule.layer.programme);
        Some(NamedRule {
            citations: strings(&rule.layer.cite),
            name: self.joined(&self.place_of(self.place), &programme),
        })
    }

    fn of_reading(&self, id: &str) -> Option<NamedRule> {
        let reading = self.interpretation(id)?;
        Some(NamedRule {
            citations: strings(&reading.cite),
            name: self.joined(&self.place_of(self.place), self.of(&reading.names)),
        })
    }

    fn of_relation(&self, id: &str) -> Option<NamedRule> {
        let (file, relation) = self.rulebook.programme_files().find_map(|file| {
            let found = file.relations.iter().find(|one| one.id == id)?;
            Some((file, found))
        })?;
        Some(NamedRule {
            citations: strings(&relation.cite),
            name: self.joined(&self.place_of(&file.jurisdiction), self.of(&file.names)),
        })
    }

    fn of_care_levels(&self, id: &str) -> Option<NamedRule> {
        let map = self.rulebook.care_levels().find(|map| map.id == id)?;
        Some(NamedRule {
            citations: strings(&map.cite),
            name: self.of(&map.names).to_owned(),
        })
    }

    fn joined(&self, of: &str, what: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{of}：{what}"),
            Lang::En => format!("{of}: {what}"),
        }
    }
}
