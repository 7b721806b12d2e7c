//! The rules of a place on a day, made ready for every person there: which layers apply,
//! what their conditions read, cite and give.
//!
//! Nothing in a plan depends on a person. It is made when somebody is first asked about
//! between two days on which rules begin or end, and kept with the rulebook: a shortcut
//! that changes no result.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;

use super::benefit::{self, Shares};
use super::definition::{Access, Force};
use super::person::step;
use super::program::{Layer, Life, Node, Part, Place, Rights, Way, Who};
use crate::condition::Truth;
use crate::determination::{Arg, Benefit, Finding, Leaf};
use crate::rulebook::Grade;
use crate::text::Text;

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

/// A condition as it reads on the day: definitions and readings are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    All(Vec<Read>),
    Any(Vec<Read>),
    Not(Box<Read>),
    Leaf(usize),
    /// A definition or reading, among the words of the plan.
    Word(usize),
    /// A word that means nothing on the day.
    Open,
}

/// The words of a plan, and what each came to.
#[derive(Clone, Copy)]
pub(crate) struct Words<'w> {
    pub(crate) words: &'w [(Grade, Read)],
    /// Nothing, where answers other than those to what is open may differ from them.
    pub(crate) known: &'w [(Truth, Grade)],
}

impl<'w> Words<'w> {
    /// What a word came to, if that is settled; else what it reads.
    fn get(self, word: usize) -> Result<Truth, &'w Read> {
        match self.known.get(word) {
            Some((truth, _)) if *truth != Truth::Unknown => Ok(*truth),
            _ => match self.words.get(word) {
                Some((_, read)) => Err(read),
                None => Ok(Truth::Unknown),
            },
        }
    }
}

impl Read {
    /// The truth of the condition, by the answers to its questions.
    pub(crate) fn truth(&self, words: Words<'_>, answer: &impl Fn(usize) -> Truth) -> Truth {
        match self {
            Self::All(parts) => {
                let mut all = Truth::True;
                for part in parts {
                    all = all.and(part.truth(words, answer));
                    if all == Truth::False {
                        break;
                    }
                }
                all
            }
            Self::Any(parts) => {
                let mut any = Truth::False;
                for part in parts {
                    any = any.or(part.truth(words, answer));
                    if any == Truth::True {
                        break;
                    }
                }
                any
            }
            Self::Not(part) => !part.truth(words, answer),
            Self::Leaf(question) => answer(*question),
            Self::Word(word) => match words.get(*word) {
                Ok(truth) => truth,
                Err(inner) => inner.truth(words, answer),
            },
            Self::Open => Truth::Unknown,
        }
    }

    /// The truth of the condition, and the worst grade of what makes it so: of parts any
    /// one of which is enough, the best counts. Words come from what they weigh.
    pub(crate) fn weigh(
        &self,
        weights: &[(Truth, Grade)],
        answer: &impl Fn(usize) -> (Truth, Grade),
    ) -> (Truth, Grade) {
        let of_word = |word: usize| {
            let known = weights.get(word).copied();
            known.unwrap_or((Truth::Unknown, Grade::A))
        };
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let all = matches!(self, Self::All(_));
                let enough = if all { Truth::False } else { Truth::True };
                let (mut truth, mut worst, mut best) = (!enough, Grade::A, Grade::C);
                for part in parts {
                    let (of_part, grade) = match part {
                        Self::Leaf(question) => answer(*question),
                        Self::Word(word) => of_word(*word),
                        other => other.weigh(weights, answer),
                    };
                    truth = if all {
                        truth.and(of_part)
                    } else {
                        truth.or(of_part)
                    };
                    worst = worst.max(grade);
                    if of_part == enough {
                        best = best.min(grade);
                    }
                }
                (truth, if truth == enough { best } else { worst })
            }
            Self::Not(part) => {
                let (truth, grade) = part.weigh(weights, answer);
                (!truth, grade)
            }
            Self::Leaf(question) => answer(*question),
            Self::Word(word) => of_word(*word),
            Self::Open => (Truth::Unknown, Grade::A),
        }
    }

    /// Adds the questions that are open and whose answer the condition waits for, each
    /// once; gives its truth.
    pub(crate) fn open(
        &self,
        words: Words<'_>,
        answer: &impl Fn(usize) -> Truth,
        into: &mut Vec<usize>,
    ) -> Truth {
        let before = into.len();
        let truth = match self {
            Self::All(parts) => parts.iter().fold(Truth::True, |all, part| {
                all.and(part.open(words, answer, into))
            }),
            Self::Any(parts) => parts.iter().fold(Truth::False, |any, part| {
                any.or(part.open(words, answer, into))
            }),
            Self::Not(part) => !part.open(words, answer, into),
            Self::Word(word) => match words.get(*word) {
                Ok(truth) => truth,
                Err(inner) => inner.open(words, answer, into),
            },
            Self::Leaf(question) => {
                let truth = answer(*question);
                if truth == Truth::Unknown && !into.contains(question) {
                    into.push(*question);
                }
                truth
            }
            Self::Open => Truth::Unknown,
        };
        // Nothing within what is settled is waited for.
        if truth != Truth::Unknown {
            into.truncate(before);
        }
        truth
    }
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
        let maker = Maker {
            rights: self,
            way,
            day,
            words: RefCell::default(),
            questions: RefCell::default(),
        };
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

/// Makes a plan.
struct Maker<'m> {
    rights: &'m Rights,
    way: Way,
    day: Date,
    words: RefCell<Vec<(Grade, Read)>>,
    questions: RefCell<BTreeSet<usize>>,
}

impl<'m> Maker<'m> {
    fn plan(&self, choices: &[usize]) -> Plan {
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
