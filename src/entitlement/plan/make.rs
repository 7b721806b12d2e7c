//! How a plan is made from the compiled rules.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::read::Read;
use super::{Barring, Other, Plan, Planned, Row, Said, View, named};
use crate::determination::{Arg, Finding};
use crate::entitlement::benefit;
use crate::entitlement::person::step;
use crate::entitlement::program::{Layer, Life, Node, Part, Place, Rights, Way, Who};
use crate::rulebook::Grade;
use crate::text::Text;

/// Makes a plan.
pub(super) struct Maker<'m> {
    rights: &'m Rights,
    way: Way,
    day: Date,
    words: RefCell<Vec<(Grade, Read)>>,
    questions: RefCell<BTreeSet<usize>>,
}

impl<'m> Maker<'m> {
    pub(super) fn new(rights: &'m Rights, way: Way, day: Date) -> Self {
        Self {
            rights,
            way,
            day,
            words: RefCell::default(),
            questions: RefCell::default(),
        }
    }

    pub(super) fn plan(&self, choices: &[usize]) -> Plan {
        let programmes = 0..self.rights.programmes.len();
        let programmes = programmes.filter_map(|programme| {
            let mut planned = self.planned(programme, choices)?;
            planned.others = self.others(&planned, choices);
            Some(planned)
        });
        let programmes: Vec<Planned> = programmes.collect();
        Plan {
            programmes,
            words: self.words.take(),
            questions: self.questions.take().into_iter().collect(),
        }
    }

    fn holds(&self, place: Place, life: &Life, choices: &[usize]) -> bool {
        self.way.passes(place) && life.holds(self.day, choices)
    }

    /// A programme under certain readings; none where nothing of it is in force.
    fn planned(&self, programme: usize, choices: &[usize]) -> Option<Planned> {
        let rights = self.rights;
        let of = rights.by_programme.get(programme)?;
        let mut layers = of
            .layers
            .iter()
            .filter_map(|position| Some((*position, rights.layers.get(*position)?)))
            .filter(|(_, layer)| self.holds(layer.place, &layer.life, choices));
        let scheme = rights.programmes.get(programme)?.scheme;
        let mut views = Vec::new();
        while let Some((position, layer)) = layers.next() {
            let frame: Vec<_> = if scheme {
                layers.by_ref().collect()
            } else {
                Vec::new()
            };
            views.extend(self.view(position, layer, &frame, choices));
        }
        let bars = of.bars.iter().filter_map(|position| {
            let bar = rights.bars.get(*position)?;
            let relation = rights.relation(bar.file, bar.position)?;
            if !self.holds(bar.place, &bar.life, choices) {
                return None;
            }
            let mut said = Said::default();
            self.said(&bar.node, choices, &mut said);
            said.cite(&relation.cite);
            Some(Barring {
                bar: *position,
                id: relation.id.clone(),
                when: self.read(&bar.node, choices),
                said,
                grade: relation.grade,
            })
        });
        (!views.is_empty()).then(|| Planned {
            programme,
            id: rights.programme_id(programme),
            bars: bars.collect(),
            others: Vec::new(),
            views,
        })
    }

    /// The programme under each other reading that makes another condition of it.
    fn others(&self, planned: &Planned, chosen: &[usize]) -> Vec<Other> {
        let rights = self.rights;
        let of = rights.by_programme.get(planned.programme);
        let readings = of.map(|of| of.readings.as_slice()).unwrap_or_default();
        let mut out = Vec::new();
        for reading in readings {
            let found = rights.readings.get(*reading);
            let Some((found, interpretation)) = found.zip(rights.interpretation(*reading)) else {
                continue;
            };
            let here = rights
                .file(found.file)
                .is_some_and(|file| self.way.passes(Place::of(&file.jurisdiction)));
            if !here {
                continue;
            }
            for (i, choice) in interpretation.choices.iter().enumerate() {
                let mut choices = chosen.to_vec();
                match choices.get_mut(*reading) {
                    Some(place) if *place != i => *place = i,
                    _ => continue,
                }
                let mut other = self.planned(planned.programme, &choices);
                if other.as_ref().is_some_and(|other| other.reads_as(planned)) {
                    continue;
                }
                for view in other.iter_mut().flat_map(|other| &mut other.views) {
                    let mut base = planned.views.iter();
                    view.like = base.position(|one| one.who == view.who && one.force == view.force);
                }
                out.push(Other {
                    interpretation: found.key.clone(),
                    choice: choice.key.as_str().into(),
                    gives_alike: other.as_ref().is_some_and(|other| other.gives_as(planned)),
                    planned: other,
                });
            }
        }
        out
    }

    fn view(
        &self,
        position: usize,
        layer: &'m Layer,
        frame: &[(usize, &'m Layer)],
        choices: &[usize],
    ) -> Option<View> {
        let rights = self.rights;
        let definition = rights.definition(layer)?;
        let file = rights.file(layer.file)?;
        let parts = parts(position, layer, frame);
        let shares = benefit::shares(rights, (position, layer), frame, |node| {
            self.row(node, choices)
        });
        let mut said = Said::default();
        let mut own_grade = definition.grade;
        said.cite(&definition.cite);
        if let Some((reading, _)) = &layer.life.by_reading {
            said.reads(*reading);
            if let Some(interpretation) = rights.interpretation(*reading) {
                said.cite(&interpretation.cite);
                own_grade = own_grade.max(interpretation.grade);
            }
        }
        let mut who = Vec::new();
        let mut add = |node: &Node, said: &mut Said| {
            self.said(node, choices, said);
            who.push(self.read(node, choices));
        };
        let mut grade = own_grade;
        match &layer.who {
            Who::Condition(node) => add(node, &mut said),
            Who::Parts(_) => {
                for (_, _, part) in &parts {
                    said.cite(&part.cite);
                    own_grade = own_grade.max(part.grade);
                    if let Some(node) = &part.node {
                        add(node, &mut said);
                    }
                }
                grade = own_grade;
                let sources = shares.iter().flat_map(|shares| &shares.sources);
                for above in sources.filter_map(|source| rights.definition(source)) {
                    said.cite(&above.cite);
                    grade = grade.max(above.grade);
                }
            }
        }
        let of_frame = parts.iter().filter(|(of, _, _)| *of != position);
        let mut from_frame: Vec<Text> = of_frame
            .map(|(_, _, part)| part.id.as_str().into())
            .collect();
        let shares = shares.map(|found| {
            from_frame.extend(found.from_frame.iter().map(|value| Text::fixed(value)));
            found.shares
        });
        let notes = definition.notes.iter().map(|note| {
            let missing = note.missing.as_deref().map(Text::from);
            let at = match &missing {
                Some(name) if name.starts_with("assessment:") => Text::fixed("/assessments"),
                _ => Text::default(),
            };
            let finding = Finding::new(note.finding.clone(), note.severity, at)
                .with("programme", Arg::Text(definition.programme.as_str().into()))
                .with("rule", Arg::Text(layer.rule.clone()));
            (missing, finding)
        });
        Some(View {
            layer: position,
            rule: layer.rule.clone(),
            jurisdiction: file.jurisdiction.clone(),
            force: definition.force,
            access: definition.access,
            frame: frame.iter().map(|(position, _)| *position).collect(),
            who,
            parts: parts.iter().map(|(of, i, _)| (*of, *i)).collect(),
            interpretations: Arc::new(rights.named_choices(&said.readings, choices).collect()),
            because: named(said.leaves.iter()),
            citations: said.citations.as_slice().into(),
            said,
            like: None,
            own_grade,
            grade,
            fixed: benefit::fixed(&definition.benefit),
            rows: layer
                .benefits
                .rows
                .iter()
                .map(|node| self.row(node.as_ref(), choices))
                .collect(),
            shares,
            from_frame,
            notes: notes.collect(),
        })
    }

    fn row(&self, node: Option<&Node>, choices: &[usize]) -> Row {
        let mut said = Said::default();
        if let Some(node) = node {
            self.said(node, choices, &mut said);
        }
        Row {
            when: node.map(|node| self.read(node, choices)),
            said,
        }
    }

    /// A condition as it reads on the day.
    fn read(&self, node: &Node, choices: &[usize]) -> Read {
        let all = |parts: &[Node]| parts.iter().map(|part| self.read(part, choices)).collect();
        let inner = |grade: Grade| {
            let inner = step(node, self.day, choices);
            let inner = inner.map_or(Read::Open, |inner| self.read(inner, choices));
            let word = (grade, inner);
            let mut words = self.words.borrow_mut();
            let known = words.iter().position(|known| *known == word);
            Read::Word(known.unwrap_or_else(|| {
                words.push(word);
                words.len() - 1
            }))
        };
        match node {
            Node::All(parts) => Read::All(all(parts)),
            Node::Any(parts) => Read::Any(all(parts)),
            Node::Not(part) => Read::Not(Box::new(self.read(part, choices))),
            Node::Leaf { question, .. } => {
                self.questions.borrow_mut().insert(*question);
                Read::Leaf(*question)
            }
            Node::Defined { versions } => {
                let mut on_the_day = versions.iter();
                let version = on_the_day.find(|version| version.life.holds(self.day, choices));
                let named = version.and_then(|version| self.rights.named(version));
                inner(named.map_or(Grade::A, |named| named.grade))
            }
            Node::Reading { reading, .. } => {
                let own = self.rights.interpretation(*reading);
                inner(own.map_or(Grade::A, |found| found.grade))
            }
        }
    }

    /// Every leaf of a condition as it reads on the day, in its order, and what it cites.
    fn said(&self, node: &Node, choices: &[usize], into: &mut Said) {
        match node {
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    self.said(part, choices, into);
                }
            }
            Node::Not(part) => self.said(part, choices, into),
            Node::Leaf { question, said, .. } => into.ask(*question, said),
            Node::Defined { versions } => {
                let mut on_the_day = versions.iter();
                let version = on_the_day.find(|version| version.life.holds(self.day, choices));
                if let Some(version) = version {
                    if let Some(named) = self.rights.named(version) {
                        into.cite(&named.cite);
                    }
                    self.said(&version.node, choices, into);
                }
            }
            Node::Reading { reading, .. } => {
                into.reads(*reading);
                if let Some(interpretation) = self.rights.interpretation(*reading) {
                    into.cite(&interpretation.cite);
                }
                if let Some(inner) = step(node, self.day, choices) {
                    self.said(inner, choices, into);
                }
            }
        }
    }
}

/// The parts of a scheme that are asked, in the order of their names, each with its layer
/// and position: of one name, that of the nearest place.
pub(crate) fn parts<'l>(
    position: usize,
    layer: &'l Layer,
    frame: &[(usize, &'l Layer)],
) -> Vec<(usize, usize, &'l Part)> {
    let mut parts: Vec<(usize, usize, &Part)> = Vec::new();
    for (of, layer) in [(position, layer)].into_iter().chain(frame.iter().copied()) {
        let own = layer.parts().iter().enumerate();
        parts.extend(own.map(|(i, part)| (of, i, part)));
    }
    // Stable: of one name, the nearest stays.
    parts.sort_by_key(|(_, _, part)| part.id.as_str());
    parts.dedup_by_key(|(_, _, part)| part.id.as_str());
    parts
}
