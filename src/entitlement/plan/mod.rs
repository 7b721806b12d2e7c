//! The rules of a place on a day, made ready for every person there: which layers apply,
//! what their conditions read, cite and give.
//!
//! Nothing in a plan depends on a person. It is made when somebody is first asked about
//! between two days on which rules begin or end, and kept with the rulebook: a shortcut
//! that changes no result.

mod make;
mod read;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;

use super::benefit::Shares;
use super::definition::{Access, Force};
use super::program::{Node, Place, Rights, Way, Who};
use crate::determination::{Benefit, Finding, Leaf};
use crate::rulebook::Grade;
use crate::text::Text;
use make::Maker;
pub(crate) use make::parts;
pub(crate) use read::{Meanings, Read};

/// What decides every programme in force in a place on a day, under certain readings.
#[derive(Debug)]
pub(crate) struct Plan {
    /// In the order of the register.
    pub(crate) programmes: Vec<Planned>,
    /// What definitions and readings stand for, each once, with the grade of its own; those
    /// within come before.
    pub(crate) words: Vec<(Grade, Read)>,
    /// Every question that is asked.
    pub(crate) questions: Vec<usize>,
}

/// A programme in force.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) programme: usize,
    pub(crate) id: Text,
    /// Its layers, nearest place first; at least one.
    pub(crate) views: Vec<View>,
    pub(crate) bars: Vec<Barring>,
    /// The same under each other reading that could change it.
    pub(crate) others: Vec<Other>,
}

/// A programme under another reading; none where it is then not in force.
#[derive(Debug)]
pub(crate) struct Other {
    pub(crate) interpretation: Text,
    pub(crate) choice: Text,
    /// It differs in whom its layers cover alone: where each stands as it does under the
    /// reading taken, they give the same.
    pub(crate) gives_alike: bool,
    pub(crate) planned: Option<Planned>,
}

/// A layer as it applies in the place: with the frame above it, if it is of a scheme.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) layer: usize,
    pub(crate) rule: Text,
    pub(crate) jurisdiction: Text,
    pub(crate) force: Force,
    pub(crate) access: Option<Access>,
    /// Versions above that fill what it does not state; nearest first.
    pub(crate) frame: Vec<usize>,
    /// Who is covered: all of these hold.
    pub(crate) who: Vec<Read>,
    /// Of a scheme: the parts that are asked, as layer and position, by their names.
    pub(crate) parts: Vec<(usize, usize)>,
    pub(crate) said: Said,
    /// What it cites.
    pub(crate) citations: Arc<[Text]>,
    /// The readings that it rests on, as results name them.
    pub(crate) interpretations: Arc<BTreeMap<Text, Text>>,
    /// Its leaves, their names made unique.
    pub(crate) because: Vec<(usize, Arc<Leaf>)>,
    /// The worst grade of the layer and its parts, and with what comes from the frame.
    pub(crate) own_grade: Grade,
    pub(crate) grade: Grade,
    /// What is given, where that is the same for everybody.
    pub(crate) fixed: Option<Benefit>,
    /// For whom the rows of the benefit are.
    pub(crate) rows: Vec<Row>,
    /// The shares of costs, if it is one.
    pub(crate) shares: Option<Shares>,
    /// What it takes from the frame, by name.
    pub(crate) from_frame: Vec<Text>,
    /// Under another reading: the layer, by its place in the list, that decides the same
    /// under the one taken.
    pub(crate) like: Option<usize>,
    /// What it lets the reader know; some only where something is missing.
    pub(crate) notes: Vec<(Option<Text>, Finding)>,
}

impl Planned {
    /// Whether it decides as another does, whoever is asked.
    fn reads_as(&self, other: &Self) -> bool {
        let bars = self.bars.iter().map(|bar| (bar.bar, &bar.when));
        let covered = self.views.iter().map(|view| &view.who);
        self.gives_as(other)
            && bars.eq(other.bars.iter().map(|bar| (bar.bar, &bar.when)))
            && covered.eq(other.views.iter().map(|view| &view.who))
    }

    /// Whether its layers give what those of another do.
    fn gives_as(&self, other: &Self) -> bool {
        fn rows(view: &View) -> impl Iterator<Item = Option<&Read>> {
            let lines = view.shares.iter().flat_map(|shares| &shares.lines);
            let rows = view.rows.iter().map(|row| row.when.as_ref());
            rows.chain(lines.map(|line| line.when()))
        }
        let of_shares = |view: &View| view.shares.as_ref()?.rows_of;
        let views = self.views.iter().zip(&other.views);
        self.views.len() == other.views.len()
            && views.into_iter().all(|(one, other)| {
                one.layer == other.layer
                    && one.frame == other.frame
                    && of_shares(one) == of_shares(other)
                    && rows(one).eq(rows(other))
            })
    }
}

/// For whom a row is.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) when: Option<Read>,
    pub(crate) said: Said,
}

/// What keeps a programme from a person.
#[derive(Debug)]
pub(crate) struct Barring {
    pub(crate) bar: usize,
    pub(crate) id: Text,
    pub(crate) when: Read,
    pub(crate) said: Said,
    pub(crate) grade: Grade,
}

/// What a condition says, whoever is asked: its leaves, each question once, what it
/// cites, and the readings it rests on.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) leaves: Vec<(usize, Arc<Leaf>)>,
    pub(crate) citations: Vec<Text>,
    pub(crate) readings: Vec<usize>,
}
impl Said {
    pub(crate) fn cite(&mut self, citations: &[Text]) {
        for citation in citations {
            if !self.citations.contains(citation) {
                self.citations.push(citation.clone());
            }
        }
    }

    pub(crate) fn reads(&mut self, reading: usize) {
        if !self.readings.contains(&reading) {
            self.readings.push(reading);
        }
    }

    fn ask(&mut self, question: usize, leaf: &Arc<Leaf>) {
        if !self.leaves.iter().any(|(known, _)| *known == question) {
            self.leaves.push((question, Arc::clone(leaf)));
        }
    }
}

/// Each question with its leaf, the names made unique.
pub(crate) fn named<'l>(
    leaves: impl Iterator<Item = &'l (usize, Arc<Leaf>)>,
) -> Vec<(usize, Arc<Leaf>)> {
    let mut out: Vec<(usize, Arc<Leaf>)> = Vec::with_capacity(leaves.size_hint().0);
    for (question, said) in leaves {
        if out.iter().any(|(known, _)| known == question) {
            continue;
        }
        let is_taken = |id: &str| out.iter().any(|(_, other)| other.id == id);
        let free = if is_taken(&said.id) {
            let numbered = (2..).map(|n: usize| format!("{}-{n}", said.id));
            numbered.into_iter().find(|id| !is_taken(id))
        } else {
            None
        };
        let said = match free {
            Some(id) => Arc::new(said.with_id(id)),
            None => Arc::clone(said),
        };
        out.push((*question, said));
    }
    out
}

/// Plans kept at most: beyond, all are made anew.
const MOST: usize = 256;

/// The nearest place with rules, the number of turns before the day, the readings.
type Key = (Place, usize, Vec<usize>);

/// Plans that were made.
#[derive(Debug, Default)]
pub(crate) struct Plans(RwLock<BTreeMap<Key, Arc<Plan>>>);

impl Rights {
    /// What decides in a place on a day, under a choice for each reading.
    pub(crate) fn plan(&self, place: Place, day: Date, choices: &[usize]) -> Arc<Plan> {
        let way = Way::from(place);
        let turn = self.turns.partition_point(|turn| *turn <= day);
        let key = (way.nearest_of(&self.places), turn, choices.to_vec());
        // A plan is whole or absent, whatever became of who made it.
        let known = self.plans.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = known.get(&key) {
            return Arc::clone(plan);
        }
        drop(known);
        let maker = Maker::new(self, way, day);
        let plan = Arc::new(maker.plan(choices));
        let mut plans = self.plans.0.write().unwrap_or_else(PoisonError::into_inner);
        if plans.len() >= MOST {
            plans.clear();
        }
        plans.insert(key, Arc::clone(&plan));
        plan
    }

    /// The days on which something begins or ends, and the places that have rules.
    pub(crate) fn find_turns(&mut self) {
        let mut turns: Vec<Date> = Vec::new();
        let mut nodes: Vec<&Node> = Vec::new();
        for layer in &self.layers {
            layer.life.turns(&mut turns);
            match &layer.who {
                Who::Condition(node) => nodes.push(node),
                Who::Parts(parts) => nodes.extend(parts.iter().filter_map(|it| it.node.as_ref())),
            }
            nodes.extend(layer.benefits.rows.iter().flatten());
        }
        for bar in &self.bars {
            bar.life.turns(&mut turns);
            nodes.push(&bar.node);
        }
        for node in nodes {
            node.turns(&mut turns);
        }
        turns.sort_unstable();
        turns.dedup();
        self.turns = turns;
        self.places = self
            .files
            .iter()
            .map(|file| Place::of(&file.jurisdiction))
            .collect();
        self.places.sort_unstable();
        self.places.dedup();
    }
}
