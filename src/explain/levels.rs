//! Levels in words: scores on their scales, and how the level came about.

use jiff::civil::Date;
use serde::Serialize;

use super::UNCITED;
use super::{Line, Mark, Section, words};
use crate::determination::{
    Alternative, AssessmentResult, Basis, CareLevel, Change, Due, Level, WhyNot,
};
use crate::instrument::Instrument;
use crate::instrument::definition::{Band, Outcome as RowOutcome, Rule, Step};
use crate::rulebook::{Grade, Rulebook};
use crate::words::Lang;
use words::{say, say_with};

/// One assessment in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AssessmentReport {
    /// Title and number of the instrument, and the day.
    pub heading: String,
    /// The level by its name, or that there is none.
    pub level: String,
    /// Its code, where there is one.
    pub level_code: Option<u8>,
    /// The worst code of the instrument.
    pub worst_code: u8,
    /// The total against its bands, then each domain.
    pub gauges: Vec<Gauge>,
    /// How it came about, and what to look at.
    pub sections: Vec<Section>,
}

/// A score on its scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Gauge {
    /// What is measured.
    pub label: String,
    /// Least and greatest value still possible; equal where it is known.
    pub range: (u8, u8),
    /// Whether every answer it rests on was given.
    pub known: bool,
    /// Greatest value of the scale, which begins at 0.
    pub max: u8,
    /// Named parts of the scale, from low to high.
    pub bands: Vec<GaugeBand>,
}

/// A named part of a scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GaugeBand {
    /// Least value, included.
    pub from: u8,
    /// Greatest value, included.
    pub to: u8,
    /// Its name.
    pub label: String,
    /// Code of its level.
    pub code: u8,
}

pub(super) fn care_level_line(level: &CareLevel, rulebook: &Rulebook, lang: Lang) -> Line {
    let map = rulebook.care_levels().find(|map| map.id == level.scheme);
    let row = map.and_then(|map| map.rows.iter().find(|row| row.key == level.key));
    let name = row.map_or(level.key.as_str(), |row| row.names.within(lang));
    let scheme = map.map_or(level.scheme.as_str(), |map| map.names.within(lang));
    let basis = match level.basis {
        Basis::Official => "basis.official",
        Basis::Customary => "basis.customary",
        Basis::Institution => "basis.institution",
    };
    let mark = match level.confidence {
        Grade::C => Mark::Warning,
        Grade::A | Grade::B => Mark::Plain,
    };
    let text = say_with(
        "care_level",
        lang,
        &[
            ("scheme", scheme),
            ("level", name),
            ("basis", say(basis, lang)),
        ],
    );
    Line::new(mark, text, &level.citations)
}

pub(super) fn due_line(due: &Due, as_of: Date, lang: Lang) -> Line {
    let what = say(&format!("due.{}", due.what), lang).to_owned();
    if let Some(by) = due.by.filter(|by| *by < as_of) {
        let args = [("what", what.as_str()), ("by", &by.to_string())];
        let text = say_with("due.over", lang, &args);
        return Line::new(Mark::Warning, text, &due.citations);
    }
    let text = match (&due.by, &due.upon) {
        (Some(by), _) => say_with("due.by", lang, &[("what", &what), ("by", &by.to_string())]),
        (None, Some(upon)) => {
            let upon = say(&format!("due.upon.{upon}"), lang).to_owned();
            say_with("due.upon", lang, &[("what", &what), ("upon", &upon)])
        }
        (None, None) => what,
    };
    Line::new(Mark::Info, text, &due.citations)
}

/// The phrase of what a rule of the level change does.
pub(super) fn effect(change: &Change) -> &'static str {
    effect_of(change.applied, change.why)
}

pub(super) fn effect_of(applied: bool, why: Option<WhyNot>) -> &'static str {
    match why {
        Some(WhyNot::OneLevelOnly) => "change.one_level_only",
        Some(WhyNot::AlreadyWorst) => "change.already_worst",
        Some(WhyNot::DecidedByOther) => "change.decided_by_other",
        Some(WhyNot::Unanswered) => "change.unanswered",
        Some(WhyNot::NoLevel) => "change.no_level",
        None if applied => "change.applied",
        None => "change.not_met",
    }
}

/// Code and name of an item or a field.
pub(super) fn named(instrument: &Instrument, code: &str, lang: Lang) -> String {
    let item = instrument.items().find(|item| item.code == code);
    let mut fields = instrument.definition().fields.iter();
    let names = item
        .map(|item| &item.names)
        .or_else(|| Some(&fields.find(|field| field.code == code)?.names));
    names.map_or_else(
        || code.to_owned(),
        |names| format!("{code} {}", names.within(lang)),
    )
}

/// One result with what names it.
pub(super) struct Assessed<'a> {
    pub(super) result: &'a AssessmentResult,
    pub(super) instrument: &'a Instrument,
    pub(super) lang: Lang,
}

impl Assessed<'_> {
    pub(super) fn report(&self, findings: Vec<Line>) -> AssessmentReport {
        let mut sections = vec![self.way()];
        sections.extend(self.missing());
        sections.extend(self.alternatives());
        if !findings.is_empty() {
            sections.push(self.section("section.findings", findings));
        }
        AssessmentReport {
            heading: self.heading(),
            level: match &self.result.level {
                Some(level) => self.level(level),
                None => say("level.none", self.lang).to_owned(),
            },
            level_code: self.result.level.as_ref().map(|level| level.code),
            worst_code: self
                .instrument
                .levels()
                .last()
                .map_or(0, |level| level.code),
            gauges: self.gauges(),
            sections,
        }
    }

    pub(super) fn heading(&self) -> String {
        let definition = self.instrument.definition();
        // What has no official number is known by its name alone.
        let number = definition
            .documents
            .iter()
            .find(|document| document.id == definition.id)
            .and_then(|document| document.number.as_deref());
        let (name, day) = (
            definition.names.within(self.lang),
            self.result.date.to_string(),
        );
        match number {
            Some(number) => say_with(
                "heading",
                self.lang,
                &[("name", name), ("number", number), ("day", &day)],
            ),
            None => say_with(
                "heading.unnumbered",
                self.lang,
                &[("name", name), ("day", &day)],
            ),
        }
    }

    fn section(&self, heading: &str, lines: Vec<Line>) -> Section {
        Section {
            heading: say(heading, self.lang).to_owned(),
            lines,
        }
    }

    pub(super) fn level(&self, level: &Level) -> String {
        self.level_of(level.code)
    }

    pub(super) fn level_of(&self, code: u8) -> String {
        let levels = &self.instrument.definition().levels;
        levels.get(usize::from(code)).map_or_else(
            || code.to_string(),
            |level| level.names.within(self.lang).to_owned(),
        )
    }

    fn levels_of(&self, codes: &[u8]) -> String {
        let names: Vec<String> = codes.iter().map(|code| self.level_of(*code)).collect();
        names.join(words::comma(self.lang))
    }

    /// Scores, preliminary level, changes, level: each with its clause.
    fn way(&self) -> Section {
        let result = self.result;
        let definition = self.instrument.definition();
        let mut lines = Vec::new();
        if let (Some(total), Some(id)) = (self.total(), &definition.result.total)
            && let Some(step) = self.step(id)
        {
            let name = step.names.within(self.lang);
            lines.push(Line::new(
                Mark::Plain,
                say_with(
                    "total",
                    self.lang,
                    &[("name", name), ("total", &total.to_string())],
                ),
                &step.cite,
            ));
        }
        if let (Some(range), Some(id)) = (result.score_range, &definition.result.total)
            && let Some(step) = self.step(id)
            && self.total().is_none()
        {
            lines.push(Line::new(
                Mark::Open,
                say_with(
                    "total.range",
                    self.lang,
                    &[
                        ("name", step.names.within(self.lang)),
                        ("min", &range.min.to_string()),
                        ("max", &range.max.to_string()),
                    ],
                ),
                &step.cite,
            ));
        }
        for (domain, id) in &definition.result.grades {
            lines.extend(self.graded(domain, id));
        }
        if let (Some(level), Some(id)) = (&result.preliminary, &definition.result.preliminary)
            && let Some(step) = self.step(id)
        {
            let row = self.total().and_then(|total| {
                let Rule::Band(band) = &step.rule else {
                    return None;
                };
                band.rows
                    .iter()
                    .find(|row| (row.from..=row.to).contains(&total))
                    .map(|row| words::span(row.from, row.to))
            });
            let text = match row {
                Some(row) => say_with(
                    "preliminary.row",
                    self.lang,
                    &[("level", &self.level(level)), ("row", &row)],
                ),
                None => say_with("preliminary", self.lang, &[("level", &self.level(level))]),
            };
            lines.push(Line::new(Mark::Plain, text, &step.cite));
        }
        for change in &result.changes {
            lines.push(self.change(change));
        }
        lines.push(self.conclusion());
        self.section("section.way", lines)
    }

    /// The level, or those still possible.
    pub(super) fn conclusion(&self) -> Line {
        let result = self.result;
        let step = self.step(&self.instrument.definition().result.level);
        let cite = step.map(|step| step.cite.as_slice()).unwrap_or_default();
        let grade = say(
            match result.confidence {
                Grade::A => "grade.a",
                Grade::B => "grade.b",
                Grade::C => "grade.c",
            },
            self.lang,
        );
        match &result.level {
            Some(level) => Line::new(
                if result.confidence == Grade::C {
                    Mark::Warning
                } else {
                    Mark::Plain
                },
                say_with(
                    "final",
                    self.lang,
                    &[("level", &self.level(level)), ("grade", grade)],
                ),
                cite,
            ),
            None => Line::new(
                Mark::Open,
                say_with(
                    "final.possible",
                    self.lang,
                    &[("levels", &self.levels_of(&result.possible_levels))],
                ),
                cite,
            ),
        }
    }

    /// The grade of a domain, if it has one.
    fn graded(&self, domain: &str, step: &str) -> Option<Line> {
        let grade = self.result.grades.get(domain)?;
        let step = self.step(step)?;
        let known = &self.instrument.definition().domains;
        let name = known
            .iter()
            .find(|known| known.code == domain)
            .map_or(domain, |known| known.names.within(self.lang));
        let text = say_with(
            "graded",
            self.lang,
            &[("domain", name), ("grade", &grade.to_string())],
        );
        Some(Line::new(Mark::Plain, text, &step.cite))
    }

    pub(super) fn change(&self, change: &Change) -> Line {
        let rule = self
            .instrument
            .definition()
            .steps
            .iter()
            .filter_map(|step| match &step.rule {
                Rule::LevelChange(change) => Some(&change.rules),
                _ => None,
            })
            .flatten()
            .find(|rule| rule.id == change.rule);
        let name = rule.map_or(change.rule.as_str(), |rule| rule.names.within(self.lang));
        let cite = rule.map(|rule| rule.cite.as_slice()).unwrap_or_default();
        let grounds: Vec<String> = change.grounds.iter().map(|code| self.named(code)).collect();
        let grounds = grounds.join(words::comma(self.lang));
        let mark = match (change.met, change.applied) {
            (_, true) => Mark::Yes,
            (Some(true), false) => Mark::Held,
            (Some(false), false) => Mark::No,
            (None, false) => Mark::Open,
        };
        let key = if change.grounds.is_empty() {
            "change"
        } else {
            "change.grounds"
        };
        let text = say_with(
            key,
            self.lang,
            &[
                ("rule", name),
                ("grounds", &grounds),
                ("effect", say(effect(change), self.lang)),
            ],
        );
        Line::new(mark, text, cite)
    }

    fn missing(&self) -> Option<Section> {
        if self.result.missing.is_empty() {
            return None;
        }
        let lines = self
            .result
            .missing
            .iter()
            .map(|code| Line::new(Mark::Open, self.named(code), UNCITED))
            .collect();
        Some(self.section("section.missing", lines))
    }

    fn alternatives(&self) -> Option<Section> {
        if self.result.alternatives.is_empty() {
            return None;
        }
        let lines = self
            .result
            .alternatives
            .iter()
            .map(|alternative| self.alternative(alternative))
            .collect();
        Some(self.section("section.alternatives", lines))
    }

    fn alternative(&self, alternative: &Alternative) -> Line {
        let interpretation = self
            .instrument
            .definition()
            .interpretations
            .iter()
            .find(|candidate| candidate.id == alternative.interpretation);
        let choice = interpretation.and_then(|interpretation| {
            interpretation
                .choices
                .iter()
                .find(|choice| choice.key == alternative.choice)
        });
        let question = interpretation.map_or(alternative.interpretation.as_str(), |inner| {
            inner.names.within(self.lang)
        });
        let answer = choice.map_or(alternative.choice.as_str(), |choice| {
            choice.names.within(self.lang)
        });
        let level = match &alternative.level {
            Some(level) => self.level(level),
            None => say_with(
                "final.possible",
                self.lang,
                &[("levels", &self.levels_of(&alternative.possible_levels))],
            ),
        };
        let text = say_with(
            "alternative",
            self.lang,
            &[
                ("question", question),
                ("answer", answer),
                ("level", &level),
            ],
        );
        let cite = interpretation.map(|inner| inner.cite.as_slice());
        Line::new(Mark::Info, text, cite.unwrap_or_default())
    }

    /// A code with its name.
    fn named(&self, code: &str) -> String {
        named(self.instrument, code, self.lang)
    }

    pub(super) fn step(&self, id: &str) -> Option<&Step> {
        let steps = &self.instrument.definition().steps;
        steps.iter().find(|step| step.id == id)
    }

    fn total(&self) -> Option<u8> {
        let id = self.instrument.definition().result.total.as_ref()?;
        self.result.scores.get(id).copied()
    }

    fn gauges(&self) -> Vec<Gauge> {
        let definition = self.instrument.definition();
        let total = definition.result.total.as_ref();
        // The total first: it is what the bands are of.
        let ids = total.into_iter().chain(
            definition
                .result
                .scores
                .iter()
                .filter(|id| Some(*id) != total),
        );
        ids.filter_map(|id| {
            let step = self.step(id)?;
            let max = self.instrument.greatest(id)?;
            let score = self.result.scores.get(id).copied();
            let open = self
                .result
                .score_ranges
                .get(id)
                .map_or((0, max), |range| (range.min, range.max));
            let bands = definition
                .steps
                .iter()
                .filter_map(|step| match &step.rule {
                    Rule::Band(band) if band.of == *id => Some(band),
                    _ => None,
                })
                .next()
                .map(|band| self.bands(band))
                .unwrap_or_default();
            Some(Gauge {
                label: step.names.within(self.lang).to_owned(),
                range: score.map_or(open, |score| (score, score)),
                known: score.is_some(),
                max,
                bands,
            })
        })
        .collect()
    }

    fn bands(&self, band: &Band) -> Vec<GaugeBand> {
        let mut out: Vec<GaugeBand> = band
            .rows
            .iter()
            .filter_map(|row| {
                let RowOutcome::Level(key) = &row.is else {
                    return None;
                };
                let levels = &self.instrument.definition().levels;
                let level = levels.iter().find(|level| level.key == *key)?;
                Some(GaugeBand {
                    from: row.from,
                    to: row.to,
                    label: level.names.within(self.lang).to_owned(),
                    code: level.code,
                })
            })
            .collect();
        out.sort_by_key(|band| band.from);
        out
    }
}
