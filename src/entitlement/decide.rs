//! The status of each programme: layers asked, joined, and barred.

use std::sync::Arc;

use super::benefit;
use super::definition::{Access, Force};
use super::person::{Evaluation, step, truth};
use super::program::{Bar, Layer, Life, Node, Part, Place, Way, Who};
use crate::case::Case;
use crate::condition::Truth;
use crate::determination::{
    Because, Benefit, Entitlement, FurtherBenefit, LayerStatus, Leaf, RightAlternative, Status,
};
use crate::rulebook::Grade;
use crate::text::Text;

/// Where and for whom it is decided.
pub(crate) struct Decider<'d> {
    pub(crate) evaluation: Evaluation<'d>,
    pub(crate) place: Way,
    pub(crate) case: &'d Case,
}

/// A layer as it applies in the place: with the frame above it, if it is of a scheme.
#[derive(Clone)]
pub(crate) struct View<'d> {
    pub(crate) layer: &'d Layer,
    /// Versions above it that fill what it does not state; nearest first.
    pub(crate) frame: Vec<&'d Layer>,
}

/// A layer and its own status.
pub(crate) struct Standing<'d> {
    pub(crate) view: View<'d>,
    pub(crate) status: Status,
}

/// What a programme comes to.
pub(crate) struct Decided<'d> {
    pub(crate) programme: usize,
    pub(crate) status: Status,
    /// Nearest place first; the deciding one stands at `deciding`.
    pub(crate) standings: Vec<Standing<'d>>,
    pub(crate) deciding: usize,
    /// The bar that applies.
    pub(crate) bar: Option<&'d Bar>,
    /// Bars that are open and matter.
    pub(crate) open: Vec<&'d Bar>,
}

impl<'d> Decided<'d> {
    /// How many layers entitle: of one alone there is nothing to compare.
    pub(crate) fn entitling(&self) -> usize {
        let standings = self.standings.iter();
        standings
            .filter(|standing| standing.status == Status::Entitled)
            .count()
    }

    pub(crate) fn view(&self) -> Option<&View<'d>> {
        self.standings
            .get(self.deciding)
            .map(|standing| &standing.view)
    }
}

impl<'d> View<'d> {
    /// The parts that are asked, in the order of their names, each with its layer.
    pub(crate) fn parts(&self) -> Vec<(&'d Part, &'d Layer)> {
        let mut parts: Vec<(&Part, &Layer)> = Vec::new();
        for layer in [self.layer].into_iter().chain(self.frame.iter().copied()) {
            if let Who::Parts(own) = &layer.who {
                parts.extend(own.iter().map(|part| (part, layer)));
            }
        }
        // Stable: of one name, the nearest stays.
        parts.sort_by_key(|(part, _)| part.id.as_str());
        parts.dedup_by_key(|(part, _)| part.id.as_str());
        parts
    }

    fn nodes(&self) -> impl Iterator<Item = &'d Node> + use<'d> {
        let (whole, parts) = match &self.layer.who {
            Who::Condition(node) => (Some(node), Vec::new()),
            Who::Parts(_) => (None, self.parts()),
        };
        let parts = parts.into_iter();
        whole
            .into_iter()
            .chain(parts.filter_map(|(part, _)| part.node.as_ref()))
    }
}

impl<'d> Decider<'d> {
    fn holds(&self, place: Place, life: &Life, choices: &[usize]) -> bool {
        self.place.passes(place) && life.holds(self.case.as_of, choices)
    }

    /// Layers of the programme that apply, nearest place first.
    fn views(&self, programme: usize, choices: &[usize]) -> impl Iterator<Item = View<'d>> {
        let rights = self.evaluation.rights;
        let of = rights.by_programme.get(programme);
        let mut layers = of
            .into_iter()
            .flat_map(|of| &of.layers)
            .filter_map(|layer| rights.layers.get(*layer))
            .filter(move |layer| self.holds(layer.place, &layer.life, choices));
        let scheme = rights
            .programmes
            .get(programme)
            .is_some_and(|programme| programme.scheme);
        std::iter::from_fn(move || {
            let layer = layers.next()?;
            let frame = match scheme {
                true => layers.by_ref().collect(),
                false => Vec::new(),
            };
            Some(View { layer, frame })
        })
    }

    /// The status of one layer by its own text, by the answers given.
    fn own_status(
        &self,
        view: &View<'_>,
        choices: &[usize],
        answer: &dyn Fn(usize) -> Truth,
    ) -> Status {
        let mut all = Truth::True;
        for node in view.nodes() {
            all = all.and(truth(node, self.case.as_of, choices, answer));
        }
        match (all, self.evaluation.rights.force(view.layer)) {
            (Truth::True, Force::Right) => Status::Entitled,
            (Truth::True, Force::Discretion) => Status::Discretionary,
            (Truth::Unknown, _) => Status::Undetermined,
            (Truth::False, _) => Status::NotEntitled,
        }
    }

    /// Decides one programme; none where nothing of it is in force in the place.
    pub(crate) fn decide(
        &self,
        programme: usize,
        choices: &[usize],
        answer: &dyn Fn(usize) -> Truth,
    ) -> Option<Decided<'d>> {
        let standings: Vec<Standing<'d>> = self
            .views(programme, choices)
            .map(|view| Standing {
                status: self.own_status(&view, choices, answer),
                view,
            })
            .collect();
        let joined = join(
            self,
            standings
                .iter()
                .map(|standing| (&standing.view, standing.status)),
        )?;
        let (status, met, open) = self.barred(programme, joined, choices, answer);
        let deciding = standings
            .iter()
            .position(|standing| standing.status == joined)
            .unwrap_or(0);
        let mut decided = Decided {
            programme,
            status,
            standings,
            deciding,
            bar: met,
            open,
        };
        if joined == Status::Entitled && decided.entitling() > 1 {
            decided.deciding = benefit::best(self, &decided, choices);
        }
        Some(decided)
    }

    /// The status after what bars the programme, with the bar that is met, and those that
    /// are open where that matters.
    fn barred(
        &self,
        programme: usize,
        joined: Status,
        choices: &[usize],
        answer: &dyn Fn(usize) -> Truth,
    ) -> (Status, Option<&'d Bar>, Vec<&'d Bar>) {
        let rights = self.evaluation.rights;
        let of = rights.by_programme.get(programme);
        let mut open = Vec::new();
        if joined == Status::NotEntitled {
            return (joined, None, open);
        }
        for bar in of.iter().flat_map(|of| &of.bars) {
            let Some(bar) = rights.bars.get(*bar) else {
                continue;
            };
            if !self.holds(bar.place, &bar.life, choices) {
                continue;
            }
            match truth(&bar.node, self.case.as_of, choices, answer) {
                Truth::True => return (Status::Excluded, Some(bar), Vec::new()),
                Truth::Unknown => open.push(bar),
                Truth::False => {}
            }
        }
        // What may yet be barred is open, be it a right or not.
        let status = if open.is_empty() {
            joined
        } else {
            Status::Undetermined
        };
        (status, None, open)
    }

    /// The status that other answers to what is open would give.
    pub(super) fn status_with(
        &self,
        decided: &Decided<'_>,
        answer: &dyn Fn(usize) -> Truth,
    ) -> Status {
        let choices = &self.evaluation.choices;
        let statuses = decided.standings.iter().map(|standing| {
            let status = match standing.status {
                Status::Undetermined => self.own_status(&standing.view, choices, answer),
                known => known,
            };
            (&standing.view, status)
        });
        let joined = join(self, statuses.collect::<Vec<_>>().into_iter());
        joined.map_or(decided.status, |joined| {
            self.barred(decided.programme, joined, choices, answer).0
        })
    }

    /// The programme written out, with the positions of what is to be asked for it.
    pub(crate) fn entitlement(
        &self,
        decided: &Decided<'d>,
        asks: &[usize],
        trace: bool,
    ) -> Option<Entitlement> {
        let rights = self.evaluation.rights;
        let view = decided.view()?;
        let layer = view.layer;
        let choices = &self.evaluation.choices;
        let mut evidence = Evidence::of_one();
        let mut because = Leaves(Vec::with_capacity(USUAL));
        self.of_view(view, &mut because, &mut evidence);
        if decided.status == Status::NotEntitled {
            // Every layer says no: the evidence of all of them counts.
            for standing in &decided.standings {
                evidence.grade = evidence.grade.max(self.grade(&standing.view));
            }
        }
        for bar in decided.bar.iter().chain(&decided.open) {
            self.leaves(&bar.node, &mut because, &mut evidence);
            if let Some(relation) = rights.relation(bar.file, bar.position) {
                evidence.cite(&relation.cite);
                evidence.grade = evidence.grade.max(relation.grade);
            }
        }
        let mut benefits = benefit::resolve(self, decided, choices, &mut evidence).into_iter();
        let (benefit, _) = benefits.next().unzip();
        let alternatives = self.alternatives(decided, benefit.as_ref());
        let place = rights.file(layer.file)?.jurisdiction.clone();
        Some(Entitlement {
            access: self.access(decided),
            alternatives,
            because: because.written(self),
            benefit,
            citations: evidence.citations.into_iter().cloned().collect(),
            confidence: evidence.grade,
            excluded_by: decided.bar.and_then(|bar| {
                let relation = rights.relation(bar.file, bar.position)?;
                Some(relation.id.clone())
            }),
            from_frame: benefit::from_frame(self, view),
            further_benefits: benefits
                .map(|(benefit, layer)| FurtherBenefit {
                    benefit,
                    rule: layer.rule.clone(),
                })
                .collect(),
            interpretations: evidence
                .readings
                .iter()
                .filter_map(|reading| {
                    let key = rights.readings.get(*reading)?.key.clone();
                    let choice = rights.choice(*reading, *choices.get(*reading)?);
                    Some((key, choice.to_owned()))
                })
                .collect(),
            layer: place,
            layers: trace.then(|| self.layers(decided)),
            missing: self.missing(asks),
            programme: rights.programme_id(decided.programme),
            rule: layer.rule.clone(),
            status: decided.status,
        })
    }

    /// How one comes to it: as the deciding layer says, else the nearest that gives it
    /// too and says so. What one text gives without an application needs none.
    fn access(&self, decided: &Decided<'d>) -> Option<Access> {
        let rights = self.evaluation.rights;
        let of = |standing: &Standing<'_>| rights.definition(standing.view.layer)?.access;
        let deciding = decided.standings.get(decided.deciding)?;
        let mut same = decided
            .standings
            .iter()
            .filter(|standing| standing.status == deciding.status);
        if same
            .clone()
            .any(|standing| of(standing) == Some(Access::Automatic))
        {
            return Some(Access::Automatic);
        }
        of(deciding).or_else(|| same.find_map(of))
    }

    /// Leaves and evidence of a layer.
    fn of_view(&self, view: &View<'d>, because: &mut Leaves<'d>, evidence: &mut Evidence<'d>) {
        let rights = self.evaluation.rights;
        let Some(definition) = rights.definition(view.layer) else {
            return;
        };
        evidence.cite(&definition.cite);
        evidence.grade = evidence.grade.max(definition.grade);
        if let Some((reading, _)) = &view.layer.life.by_reading {
            self.reads(*reading, evidence);
        }
        match &view.layer.who {
            Who::Condition(node) => {
                self.leaves(node, because, evidence);
                evidence.grade = evidence.grade.max(self.support(node));
            }
            Who::Parts(_) => {
                for (part, _) in view.parts() {
                    evidence.cite(&part.cite);
                    evidence.grade = evidence.grade.max(part.grade);
                    if let Some(node) = &part.node {
                        self.leaves(node, because, evidence);
                        evidence.grade = evidence.grade.max(self.support(node));
                    }
                }
                let sources = benefit::shares(self, view).map(|shares| shares.sources);
                for layer in sources.into_iter().flatten() {
                    if let Some(above) = rights.definition(layer) {
                        evidence.cite(&above.cite);
                        evidence.grade = evidence.grade.max(above.grade);
                    }
                }
            }
        }
    }

    /// The worst grade of evidence of a layer.
    fn grade(&self, view: &View<'d>) -> Grade {
        let rights = self.evaluation.rights;
        let own = rights.definition(view.layer).map(|found| found.grade);
        let starts = view
            .layer
            .life
            .by_reading
            .iter()
            .filter_map(|(reading, _)| {
                let found = rights.interpretation(*reading)?;
                Some(found.grade)
            });
        let parts = view.parts().into_iter().map(|(part, _)| part.grade);
        let nodes = view.nodes().map(|node| self.support(node));
        own.into_iter()
            .chain(starts)
            .chain(parts)
            .chain(nodes)
            .max()
            .unwrap_or_default()
    }

    /// What a condition beside that of who is covered rests on.
    pub(crate) fn rests_on(&self, node: &'d Node, evidence: &mut Evidence<'d>) {
        let mut leaves = Leaves::default();
        self.leaves(node, &mut leaves, evidence);
        evidence.grade = evidence.grade.max(self.support(node));
    }

    fn reads(&self, reading: usize, evidence: &mut Evidence<'d>) {
        if !evidence.readings.contains(&reading) {
            evidence.readings.push(reading);
        }
        if let Some(interpretation) = self.evaluation.rights.interpretation(reading) {
            evidence.cite(&interpretation.cite);
            evidence.grade = evidence.grade.max(interpretation.grade);
        }
    }

    /// Every leaf of a condition as it is read on the day, in its order.
    pub(crate) fn leaves(
        &self,
        node: &'d Node,
        into: &mut Leaves<'d>,
        evidence: &mut Evidence<'d>,
    ) {
        let as_of = self.case.as_of;
        let choices = &self.evaluation.choices;
        match node {
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    self.leaves(part, into, evidence);
                }
            }
            Node::Not(part) => self.leaves(part, into, evidence),
            Node::Leaf { question, said, .. } => into.add(*question, said),
            Node::Defined { versions, .. } => {
                let version = versions
                    .iter()
                    .find(|version| version.life.holds(as_of, choices));
                if let Some(version) = version {
                    if let Some(named) = self.evaluation.rights.named(version) {
                        evidence.cite(&named.cite);
                    }
                    self.leaves(&version.node, into, evidence);
                }
            }
            Node::Reading { reading, .. } => {
                if !evidence.readings.contains(reading) {
                    evidence.readings.push(*reading);
                }
                if let Some(interpretation) = self.evaluation.rights.interpretation(*reading) {
                    evidence.cite(&interpretation.cite);
                }
                if let Some(inner) = step(node, as_of, choices) {
                    self.leaves(inner, into, evidence);
                }
            }
        }
    }

    /// The worst grade of what makes a condition true, false or unknown: of parts any
    /// one of which is enough, the best counts.
    fn support(&self, node: &Node) -> Grade {
        self.weigh(node).1
    }

    /// The truth of a condition, and the grade of what makes it so.
    fn weigh(&self, node: &Node) -> (Truth, Grade) {
        let as_of = self.case.as_of;
        let evaluation = &self.evaluation;
        let choices = &evaluation.choices;
        // All parts at once, and the best of those any one of which is enough.
        let together =
            |parts: &[Node], none: Truth, enough: Truth, join: fn(Truth, Truth) -> Truth| {
                let (mut truth, mut worst, mut best) = (none, Grade::default(), None);
                for part in parts {
                    let (of_part, grade) = self.weigh(part);
                    truth = join(truth, of_part);
                    worst = worst.max(grade);
                    if of_part == enough {
                        best = Some(best.map_or(grade, |best: Grade| best.min(grade)));
                    }
                }
                (truth, best.filter(|_| truth == enough).unwrap_or(worst))
            };
        match node {
            Node::All(parts) => together(parts, Truth::True, Truth::False, Truth::and),
            Node::Any(parts) => together(parts, Truth::False, Truth::True, Truth::or),
            Node::Not(part) => {
                let (truth, grade) = self.weigh(part);
                (!truth, grade)
            }
            Node::Leaf { question, .. } => {
                let asked = evaluation.rights.questions.get(*question);
                let grade = asked.map_or(Grade::A, |asked| evaluation.person.grade(asked));
                (evaluation.answer(*question), grade)
            }
            Node::Defined { versions, .. } => {
                let mut on_the_day = versions.iter();
                let version = on_the_day.find(|version| version.life.holds(as_of, choices));
                version.map_or((Truth::Unknown, Grade::A), |version| {
                    let own = evaluation.rights.named(version);
                    let (truth, grade) = self.weigh(&version.node);
                    (truth, own.map_or(Grade::A, |named| named.grade).max(grade))
                })
            }
            Node::Reading { reading, .. } => {
                let own = evaluation.rights.interpretation(*reading);
                let own = own.map_or(Grade::A, |found| found.grade);
                match step(node, as_of, choices) {
                    Some(inner) => {
                        let (truth, grade) = self.weigh(inner);
                        (truth, own.max(grade))
                    }
                    None => (Truth::Unknown, own),
                }
            }
        }
    }

    /// Questions that are open and could change the status.
    pub(super) fn open_questions(&self, decided: &Decided<'_>) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        if decided.status != Status::Undetermined {
            return out;
        }
        for standing in &decided.standings {
            if standing.status == Status::Undetermined {
                for node in standing.view.nodes() {
                    self.unknown(node, &mut out);
                }
            }
        }
        for bar in &decided.open {
            self.unknown(&bar.node, &mut out);
        }
        out
    }

    /// The names of what is to be asked.
    fn missing(&self, asks: &[usize]) -> Vec<Text> {
        let known = &self.evaluation.rights.asks;
        let names = asks.iter().filter_map(|ask| known.get(*ask).cloned());
        let mut names: Vec<Text> = names.collect();
        // An assessment often settles most.
        names.sort_by_key(|name| !name.starts_with("assessment:"));
        names
    }

    /// Positions of what to ask where something open could change the status, each once.
    pub(crate) fn open_asks(&self, decided: &Decided<'_>) -> Vec<usize> {
        let rights = self.evaluation.rights;
        let mut out: Vec<usize> = Vec::new();
        for question in self.open_questions(decided) {
            if let Some(ask) = rights.missing.get(question)
                && !out.contains(ask)
            {
                out.push(*ask);
            }
        }
        out
    }

    /// Questions that are open, and whose answer the condition waits for.
    fn unknown(&self, node: &Node, into: &mut Vec<usize>) {
        if self.evaluation.truth(node) != Truth::Unknown {
            return;
        }
        match node {
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    self.unknown(part, into);
                }
            }
            Node::Not(part) => self.unknown(part, into),
            Node::Leaf { question, .. } => {
                if !into.contains(question) {
                    into.push(*question);
                }
            }
            Node::Defined { .. } | Node::Reading { .. } => {
                if let Some(inner) = step(node, self.case.as_of, &self.evaluation.choices) {
                    self.unknown(inner, into);
                }
            }
        }
    }

    /// Other readings that come to another status, or to the same with another benefit.
    fn alternatives(
        &self,
        decided: &Decided<'d>,
        benefit: Option<&Benefit>,
    ) -> Vec<RightAlternative> {
        let rights = self.evaluation.rights;
        let chosen = &self.evaluation.choices;
        let here = |reading: &usize| {
            let found = rights.readings.get(*reading);
            let file = found.and_then(|found| rights.file(found.file));
            file.is_some_and(|file| self.place.passes(Place::of(&file.jurisdiction)))
        };
        let readings = rights
            .by_programme
            .get(decided.programme)
            .map(|of| of.readings.as_slice())
            .unwrap_or_default();
        let mut out = Vec::new();
        for reading in readings.iter().copied().filter(here) {
            let Some(interpretation) = rights.interpretation(reading) else {
                continue;
            };
            for (i, choice) in interpretation.choices.iter().enumerate() {
                let mut choices = chosen.clone();
                match choices.get_mut(reading) {
                    Some(place) if *place != i => *place = i,
                    _ => continue,
                }
                let other = self.decide(decided.programme, &choices, &|question| {
                    self.evaluation.answer(question)
                });
                let status = other.as_ref().map(|other| other.status);
                let given = other.and_then(|other| {
                    let given = benefit::resolve(self, &other, &choices, &mut Evidence::default());
                    given.into_iter().next().map(|(given, _)| given)
                });
                let given =
                    given.filter(|given| status == Some(decided.status) && benefit != Some(given));
                if (status != Some(decided.status) || given.is_some())
                    && let Some(found) = rights.readings.get(reading)
                {
                    out.push(RightAlternative {
                        benefit: given,
                        choice: choice.key.clone(),
                        interpretation: found.key.clone(),
                        status,
                    });
                }
            }
        }
        out
    }

    /// The status of a layer by its own text, with one leaf changed.
    pub(crate) fn status_if(&self, rule: &str, leaf: &str, changed: Truth) -> Option<Status> {
        let choices = &self.evaluation.choices;
        let programme = self
            .evaluation
            .rights
            .layers
            .iter()
            .find(|layer| layer.rule == rule)?
            .programme;
        let view = self
            .views(programme, choices)
            .find(|view| view.layer.rule == rule)?;
        let mut leaves = Leaves::default();
        self.of_view(&view, &mut leaves, &mut Evidence::default());
        let named = leaves.named();
        let (question, _) = named.into_iter().find(|(_, said)| said.id == leaf)?;
        Some(self.own_status(&view, choices, &|asked| {
            if asked == question {
                changed
            } else {
                self.evaluation.answer(asked)
            }
        }))
    }

    fn layers(&self, decided: &Decided<'d>) -> Vec<LayerStatus> {
        let written = decided.standings.iter().map(|standing| {
            let mut because = Leaves::default();
            self.of_view(&standing.view, &mut because, &mut Evidence::default());
            LayerStatus {
                because: because.written(self),
                rule: standing.view.layer.rule.clone(),
                status: standing.status,
            }
        });
        written.collect()
    }
}

/// The join of layers: entitled, else undetermined, else discretionary, else not. What
/// may at best be discretionary leaves nothing open where something is that already.
fn join<'v, 'd: 'v>(
    decider: &Decider<'_>,
    statuses: impl Iterator<Item = (&'v View<'d>, Status)> + Clone,
) -> Option<Status> {
    let discretionary = statuses
        .clone()
        .any(|(_, status)| status == Status::Discretionary);
    statuses
        .filter(|(view, status)| {
            !(discretionary
                && *status == Status::Undetermined
                && decider.evaluation.rights.force(view.layer) == Force::Discretion)
        })
        .map(|(_, status)| status)
        .min()
}

/// What a result rests on.
#[derive(Debug, Default)]
pub(crate) struct Evidence<'d> {
    pub(crate) grade: Grade,
    pub(crate) citations: Vec<&'d Text>,
    pub(crate) readings: Vec<usize>,
}

/// How many leaves and citations one right has at most, but for a few.
const USUAL: usize = 8;

impl<'d> Evidence<'d> {
    /// Of one right.
    fn of_one() -> Self {
        Self {
            citations: Vec::with_capacity(USUAL),
            ..Self::default()
        }
    }

    pub(crate) fn cite(&mut self, citations: &'d [Text]) {
        for citation in citations {
            if !self.citations.contains(&citation) {
                self.citations.push(citation);
            }
        }
    }
}

/// Leaves, each question once.
#[derive(Default)]
pub(crate) struct Leaves<'d>(Vec<(usize, &'d Arc<Leaf>)>);

impl<'d> Leaves<'d> {
    fn add(&mut self, question: usize, said: &'d Arc<Leaf>) {
        if !self.0.iter().any(|(known, _)| *known == question) {
            self.0.push((question, said));
        }
    }

    /// Each question with its leaf, the names made unique.
    fn named(&self) -> Vec<(usize, Arc<Leaf>)> {
        let mut out: Vec<(usize, Arc<Leaf>)> = Vec::with_capacity(self.0.len());
        for (question, said) in &self.0 {
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

    fn written(self, decider: &Decider<'_>) -> Vec<Because> {
        let evaluation = &decider.evaluation;
        let named = self.named().into_iter();
        named
            .map(|(question, leaf)| Because {
                holds: evaluation.answer(question).into(),
                leaf,
                value: evaluation.found(question),
            })
            .collect()
    }
}

/// What to ask first: for each thing that is missing, the undetermined programmes that
/// it matters to, and those that some answer to it would settle alone.
pub(crate) fn questions(
    decider: &Decider<'_>,
    decided: &[Decided<'_>],
    open: &[Vec<usize>],
) -> Vec<crate::determination::Question> {
    let rights = decider.evaluation.rights;
    let mut asks: Vec<usize> = open.iter().flatten().copied().collect();
    asks.sort_unstable();
    asks.dedup();
    let mut out: Vec<crate::determination::Question> = asks
        .into_iter()
        .filter_map(|position| {
            let mut concerns = Vec::new();
            let mut settles = Vec::new();
            for (decided, open) in decided.iter().zip(open) {
                if !open.contains(&position) {
                    continue;
                }
                let programme = rights.programme_id(decided.programme);
                concerns.push(programme.clone());
                let settled = [Truth::False, Truth::True].into_iter().any(|truth| {
                    let status = decider.status_with(decided, &|question| {
                        let known = decider.evaluation.answer(question);
                        if known == Truth::Unknown
                            && rights.missing.get(question) == Some(&position)
                        {
                            truth
                        } else {
                            known
                        }
                    });
                    status != Status::Undetermined
                });
                if settled {
                    settles.push(programme);
                }
            }
            Some(crate::determination::Question {
                ask: rights.asks.get(position)?.clone(),
                concerns,
                settles,
            })
        })
        .collect();
    out.sort_by_key(|question| {
        (
            usize::MAX - question.settles.len(),
            usize::MAX - question.concerns.len(),
        )
    });
    out
}
