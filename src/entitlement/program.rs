//! Rules of programmes, compiled: what is asked once, and where it stands.

use std::sync::Arc;

use jiff::civil::Date;

use super::definition::{
    Force, LayerDefinition, NamedCondition, Programme, ProgrammesFile, Relation,
};
use super::plan::Plans;
use crate::determination::Leaf;
use crate::instrument::definition::Interpretation;
use crate::rulebook::{Fact, Grade};
use crate::text::Text;

/// Everything that decides rights.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    pub(crate) programmes: Vec<Programme>,
    pub(crate) files: Vec<ProgrammesFile>,
    /// In the order of the files.
    pub(crate) layers: Vec<Layer>,
    pub(crate) links: Vec<Link>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) readings: Vec<Reading>,
    pub(crate) questions: Vec<Question>,
    /// The vocabulary, in the order of the ids: questions ask by position.
    pub(crate) facts: Vec<Fact>,
    /// For each programme, its layers and the readings that can change its status.
    pub(crate) by_programme: Vec<Of>,
    /// What can be asked for, each once.
    pub(crate) asks: Vec<Text>,
    /// For each question, what to ask for where its answer is not known.
    pub(crate) missing: Vec<usize>,
    /// Days on which a rule begins or ends, in their order.
    pub(crate) turns: Vec<Date>,
    /// Places that have rules, in their order.
    pub(crate) places: Vec<Place>,
    pub(crate) plans: Plans,
}

/// What concerns one programme, by positions.
#[derive(Debug, Default)]
pub(crate) struct Of {
    /// The narrowest place first.
    pub(crate) layers: Vec<usize>,
    pub(crate) bars: Vec<usize>,
    pub(crate) readings: Vec<usize>,
}

/// The division codes from `code` up to the nation, each once.
pub(crate) fn chain(code: &str) -> impl Iterator<Item = String> {
    let part = |length: usize| {
        let part: String = code.chars().take(length).collect();
        format!("{part:0<6}")
    };
    let codes = [part(6), part(4), part(2), part(0)];
    let mut seen: Vec<String> = Vec::with_capacity(4);
    for code in codes {
        if !seen.contains(&code) {
            seen.push(code);
        }
    }
    seen.into_iter()
}

/// A division code as six digits, cheap to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u32);

impl Place {
    /// Of a code of the form that was checked.
    pub(crate) fn of(code: &str) -> Self {
        Self(code.parse().unwrap_or(0))
    }

    /// 0 for a place without places below it, more the wider it is.
    pub(crate) fn width(self) -> usize {
        let ways = [100, 10_000, 1_000_000];
        ways.iter()
            .filter(|way| self.0.is_multiple_of(**way))
            .count()
    }

    /// How far up from `from` this place lies: 0 if it is the same; none if it is
    /// not on the way up.
    pub(crate) fn above(self, from: Self) -> Option<u8> {
        let ways = [1, 100, 10_000, 1_000_000];
        (0u8..)
            .zip(ways)
            .find(|(_, way)| from.0 / way * way == self.0)
            .map(|(depth, _)| depth)
    }
}

/// A place and those above it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way([Place; 4]);

impl Way {
    /// Up from a place.
    pub(crate) fn from(place: Place) -> Self {
        let up = |way: u32| Place(place.0 / way * way);
        Self([place, up(100), up(10_000), up(1_000_000)])
    }

    /// The nearest of some places in their order; the nation, if none is on the way.
    pub(crate) fn nearest_of(self, places: &[Place]) -> Place {
        let mut way = self.0.into_iter();
        way.find(|place| places.binary_search(place).is_ok())
            .unwrap_or(Place(0))
    }

    /// Whether the way up leads through a place.
    pub(crate) fn passes(self, place: Place) -> bool {
        self.0.contains(&place)
    }
}

/// Days in force; the first may be a matter of reading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Life {
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    /// The reading, and a first day for each of its choices.
    pub(crate) by_reading: Option<(usize, Vec<Date>)>,
}

impl Life {
    pub(crate) fn holds(&self, day: Date, choices: &[usize]) -> bool {
        let from = match &self.by_reading {
            Some((reading, days)) => choices
                .get(*reading)
                .and_then(|choice| days.get(*choice))
                .copied()
                .unwrap_or(self.from),
            None => self.from,
        };
        from <= day && self.to.is_none_or(|to| day < to)
    }

    /// In force under whatever reading, of which one may be chosen already.
    pub(crate) fn surely(&self, day: Date, chosen: Option<(usize, usize)>) -> bool {
        let from = match &self.by_reading {
            None => self.from,
            Some((reading, days)) => {
                let known = chosen
                    .filter(|(other, _)| other == reading)
                    .and_then(|(_, choice)| days.get(choice));
                let latest = known.or_else(|| days.iter().max());
                latest.copied().unwrap_or(self.from)
            }
        };
        from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Adds the days on which it begins or ends under any reading.
    pub(crate) fn turns(&self, into: &mut Vec<Date>) {
        into.push(self.from);
        into.extend(self.to);
        into.extend(self.by_reading.iter().flat_map(|(_, days)| days));
    }

    /// From the earliest first day on.
    pub(crate) fn widest(&self) -> (Date, Option<Date>) {
        let earliest = self.by_reading.iter().flat_map(|(_, days)| days).min();
        (earliest.copied().unwrap_or(self.from), self.to)
    }
}

/// One layer.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) rule: Text,
    pub(crate) place: Place,
    pub(crate) file: usize,
    pub(crate) position: usize,
    pub(crate) programme: usize,
    pub(crate) life: Life,
    pub(crate) who: Who,
    pub(crate) benefits: Benefits,
}

impl Layer {
    /// Its parts, if it is of a scheme.
    pub(crate) fn parts(&self) -> &[Part] {
        match &self.who {
            Who::Condition(_) => &[],
            Who::Parts(parts) => parts,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Who {
    Condition(Node),
    Parts(Vec<Part>),
}

/// A part of a scheme; waived where it has no condition.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) node: Option<Node>,
    pub(crate) cite: Vec<Text>,
    pub(crate) grade: Grade,
}

/// Conditions of the rows of a benefit, in their order.
#[derive(Debug)]
pub(crate) struct Benefits {
    pub(crate) rows: Vec<Option<Node>>,
    pub(crate) cap_reads: Option<usize>,
}

/// What is compared or stands together.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) kind: LinkKind,
    pub(crate) place: Place,
    pub(crate) life: Life,
    pub(crate) file: usize,
    pub(crate) position: usize,
    /// Of an order, the later one first.
    pub(crate) programmes: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkKind {
    After,
    Together,
    Coordinated,
}

/// What keeps a programme from a person.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) place: Place,
    pub(crate) life: Life,
    pub(crate) file: usize,
    pub(crate) position: usize,
    pub(crate) programme: usize,
    pub(crate) node: Node,
}

/// A named ambiguity.
#[derive(Debug)]
pub(crate) struct Reading {
    /// `jurisdiction/id`, as cases name it.
    pub(crate) key: Text,
    /// Keys of its choices.
    pub(crate) choices: Vec<Text>,
    pub(crate) file: usize,
    pub(crate) position: usize,
    pub(crate) default: usize,
}

/// A compiled condition.
#[derive(Debug)]
pub(crate) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Leaf {
        question: usize,
        /// How results say it.
        said: Arc<Leaf>,
        /// The rule file gave the name.
        named: bool,
    },
    Defined {
        /// The nearest place first.
        versions: Vec<Definition>,
    },
    Reading {
        reading: usize,
        choices: Vec<Node>,
    },
}

impl Node {
    /// Adds the days on which a definition begins or ends.
    pub(crate) fn turns(&self, into: &mut Vec<Date>) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::Reading { choices: parts, .. } => {
                for part in parts {
                    part.turns(into);
                }
            }
            Self::Not(part) => part.turns(into),
            Self::Leaf { .. } => {}
            Self::Defined { versions } => {
                for version in versions {
                    version.life.turns(into);
                    version.node.turns(into);
                }
            }
        }
    }

    /// Readings that a condition depends on.
    pub(crate) fn readings(&self, into: &mut Vec<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.readings(into);
                }
            }
            Self::Not(part) => part.readings(into),
            Self::Leaf { .. } => {}
            Self::Defined { versions, .. } => {
                for version in versions {
                    into.extend(version.life.by_reading.iter().map(|(reading, _)| *reading));
                    version.node.readings(into);
                }
            }
            Self::Reading { reading, choices } => {
                into.push(*reading);
                for choice in choices {
                    choice.readings(into);
                }
            }
        }
    }
}

/// One version of a definition.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) file: usize,
    pub(crate) position: usize,
    pub(crate) life: Life,
    pub(crate) node: Node,
}

/// One question to the case, asked once whatever rules ask it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    Fact {
        fact: String,
        /// Its place in the vocabulary.
        slot: usize,
        test: Test,
        /// True where the case does not state it; else unknown.
        assumed: bool,
    },
    Level {
        instrument: String,
        at_least: Option<u8>,
        at_most: Option<u8>,
        within_months: Option<u16>,
        under_months: Option<u16>,
        /// Unknown without an assessment; else false.
        open: bool,
    },
    Diagnosis {
        instrument: String,
        code: String,
        within: Vec<String>,
    },
    Local {
        programme: usize,
        /// What it is about: one confirmation answers all that a programme has, but each
        /// is a leaf of its own.
        name: String,
    },
    Receives {
        programme: usize,
        /// Unknown where the case lists none; else false.
        open: bool,
    },
}

/// How a fact is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    Flag(bool),
    OneOf(Vec<String>),
    AnyOf(Vec<String>),
    Range(Option<i64>, Option<i64>),
    Within(String),
}

impl Link {
    pub(crate) fn after(
        place: Place,
        life: Life,
        file: usize,
        position: usize,
        later: usize,
        before: Vec<usize>,
    ) -> Self {
        let programmes = [later].into_iter().chain(before).collect();
        Self::new(LinkKind::After, place, life, file, position, programmes)
    }

    pub(crate) fn together(
        place: Place,
        life: Life,
        file: usize,
        position: usize,
        programmes: Vec<usize>,
    ) -> Self {
        Self::new(LinkKind::Together, place, life, file, position, programmes)
    }

    pub(crate) fn coordinated(
        place: Place,
        life: Life,
        file: usize,
        position: usize,
        programmes: Vec<usize>,
    ) -> Self {
        Self::new(
            LinkKind::Coordinated,
            place,
            life,
            file,
            position,
            programmes,
        )
    }

    fn new(
        kind: LinkKind,
        place: Place,
        life: Life,
        file: usize,
        position: usize,
        programmes: Vec<usize>,
    ) -> Self {
        Self {
            kind,
            place,
            life,
            file,
            position,
            programmes,
        }
    }
}

impl Rights {
    pub(crate) fn file(&self, file: usize) -> Option<&ProgrammesFile> {
        self.files.get(file)
    }

    pub(crate) fn definition(&self, layer: &Layer) -> Option<&LayerDefinition> {
        self.file(layer.file)?.layers.get(layer.position)
    }

    pub(crate) fn named(&self, definition: &Definition) -> Option<&NamedCondition> {
        self.file(definition.file)?
            .definitions
            .get(definition.position)
    }

    pub(crate) fn relation(&self, file: usize, position: usize) -> Option<&Relation> {
        self.file(file)?.relations.get(position)
    }

    pub(crate) fn interpretation(&self, reading: usize) -> Option<&Interpretation> {
        let reading = self.readings.get(reading)?;
        self.file(reading.file)?
            .interpretations
            .get(reading.position)
    }

    pub(crate) fn programme_id(&self, programme: usize) -> Text {
        let programme = self.programmes.get(programme);
        programme.map_or_else(Text::default, |programme| programme.id.clone())
    }

    /// The default of every reading.
    pub(crate) fn defaults(&self) -> Vec<usize> {
        self.readings
            .iter()
            .map(|reading| reading.default)
            .collect()
    }

    /// Whether a layer gives a right.
    pub(crate) fn force(&self, layer: &Layer) -> Force {
        self.definition(layer)
            .map_or(Force::Discretion, |definition| definition.force)
    }

    /// Readings and the choices of them, as results name them.
    pub(crate) fn named_choices(
        &self,
        readings: &[usize],
        choices: &[usize],
    ) -> impl Iterator<Item = (Text, Text)> {
        readings.iter().filter_map(|reading| {
            let key = self.readings.get(*reading)?.key.clone();
            Some((key, self.choice(*reading, *choices.get(*reading)?)))
        })
    }

    /// The key of a choice of a reading.
    pub(crate) fn choice(&self, reading: usize, choice: usize) -> Text {
        let reading = self.readings.get(reading);
        let choice = reading.and_then(|reading| reading.choices.get(choice));
        choice.cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_up() {
        let up = |code| chain(code).collect::<Vec<_>>();
        assert_eq!(up("120101"), ["120101", "120100", "120000", "000000"]);
        assert_eq!(up("370900"), ["370900", "370000", "000000"]);
        assert_eq!(up("110000"), ["110000", "000000"]);
        assert_eq!(up("000000"), ["000000"]);
    }

    #[test]
    fn how_far_up() {
        let district = Place::of("130802");
        assert_eq!(Place::of("130802").above(district), Some(0));
        assert_eq!(Place::of("130800").above(district), Some(1));
        assert_eq!(Place::of("130000").above(district), Some(2));
        assert_eq!(Place::of("000000").above(district), Some(3));
        assert_eq!(Place::of("120000").above(district), None);
        assert_eq!(Place::of("130802").above(Place::of("130800")), None);
    }
}
