//! What a case exercised of the rules of programmes, and what any case can: for counting
//! coverage.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Asked;
use super::benefit::settings;
use super::decide::{Decided, Decider};
use super::definition::{BenefitRule, Force, LayerDefinition};
use super::person::instrument_of;
use super::plan::parts;
use super::program::{Layer, Life, LinkKind, Node, Part, Question, Rights, Who};
use crate::condition::{Condition, Truth, Truths};
use crate::determination::{Determination, Status};
use crate::instrument::Instrument;

/// A condition of a file of programmes; positions are those of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Site {
    /// Whom a layer covers.
    Who(usize),
    /// A part of whom a layer of a scheme covers.
    Part(usize, String),
    /// Whom a row of a layer's benefit is for.
    Row(usize, usize),
    /// What a word means.
    Definition(usize),
    /// When a relation keeps a programme from a person.
    Relation(usize),
}

/// Something else of a file of programmes that was exercised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// A layer covers the person.
    Covered(usize),
    /// It does not.
    NotCovered(usize),
    /// It leaves that open.
    Open(usize),
    /// A layer asks without a part of the frame.
    Waived(usize, String),
    /// The benefit of a layer is given.
    Given(usize),
    /// A row of it decides what.
    Row(usize, usize),
    /// A finding of a layer.
    Note(usize, usize),
    /// A relation bears on the person.
    Relation(usize),
    /// A reading is taken, or would change something.
    Choice(usize, usize),
    /// The period of the plan is over.
    PeriodOver,
}

/// What was exercised, or can be; by file.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    marks: BTreeSet<(usize, Mark)>,
    conditions: BTreeMap<(usize, Site), (Truths, Vec<Truths>)>,
    /// Facts that a date gives.
    pub(crate) derived: BTreeSet<String>,
    /// Facts that an answer gives.
    pub(crate) given: BTreeSet<String>,
    /// Facts that the case states against an answer.
    pub(crate) contradicted: BTreeSet<String>,
}

impl Observed {
    pub(crate) fn has(&self, file: usize, mark: Mark) -> bool {
        self.marks.contains(&(file, mark))
    }

    /// What a condition came to as a whole.
    pub(crate) fn whole(&self, file: usize, site: Site) -> Truths {
        self.conditions
            .get(&(file, site))
            .map_or(Truths::NONE, |(whole, _)| *whole)
    }

    /// What each leaf of a condition came to, in the order of the file; nothing where it
    /// was not asked.
    pub(crate) fn leaves(&self, file: usize, site: Site) -> &[Truths] {
        self.conditions
            .get(&(file, site))
            .map_or(&[], |(_, leaves)| leaves.as_slice())
    }
}

/// By what conditions are looked at.
enum Look<'l> {
    /// What can come of them.
    Possible(Possible<'l>),
    /// What a case makes of them.
    Case(&'l Decider<'l>),
}

impl<'l> Look<'l> {
    fn rights(&self) -> &'l Rights {
        match self {
            Self::Possible(possible) => possible.rights,
            Self::Case(decider) => decider.evaluation.rights,
        }
    }

    fn truths(&self, node: &Node) -> Truths {
        match self {
            Self::Possible(possible) => possible.of(node),
            Self::Case(decider) => decider.evaluation.truth(node).into(),
        }
    }

    fn reads(&self, reading: usize, choice: usize) -> bool {
        match self {
            Self::Possible(_) => true,
            Self::Case(decider) => decider.evaluation.choices.get(reading) == Some(&choice),
        }
    }
}

/// What conditions can come to, each leaf taken by itself.
#[derive(Clone, Copy)]
struct Possible<'p> {
    rights: &'p Rights,
    instruments: &'p [Instrument],
    /// They are asked only before this day.
    until: Option<Date>,
}

impl Possible<'_> {
    fn of(&self, node: &Node) -> Truths {
        match node {
            Node::All(parts) => self.joined(parts, Truth::True, Truth::and),
            Node::Any(parts) => self.joined(parts, Truth::False, Truth::or),
            Node::Not(part) => !self.of(part),
            Node::Leaf { question, .. } => self.leaf(*question),
            Node::Defined { versions, .. } => versions
                .iter()
                .fold(Truths::NONE, |all, version| all.or(self.of(&version.node))),
            Node::Reading { choices, .. } => choices
                .iter()
                .fold(Truths::NONE, |all, choice| all.or(self.of(choice))),
        }
    }

    fn joined(
        &self,
        parts: &[Node],
        empty: Truth,
        connective: fn(Truth, Truth) -> Truth,
    ) -> Truths {
        let all = parts.iter().map(|part| self.of(part));
        all.fold(empty.into(), |all: Truths, part| all.with(part, connective))
    }

    fn leaf(&self, question: usize) -> Truths {
        let Some(question) = self.rights.questions.get(question) else {
            return Truths::ALL;
        };
        match question {
            // A case can say that it is met, or nothing.
            Question::Local { .. } => Truths::ALL.without(Truth::False),
            Question::Receives { open: false, .. } | Question::Fact { assumed: true, .. } => {
                Truths::ALL.without(Truth::Unknown)
            }
            // No form is dated before its instrument.
            Question::Level { open, .. }
                if instrument_of(question, self.instruments)
                    .zip(self.until)
                    .is_some_and(|(found, until)| until <= found.definition().in_force.from) =>
            {
                let truth = if *open { Truth::Unknown } else { Truth::False };
                truth.into()
            }
            _ => Truths::ALL,
        }
    }
}

/// Keeps what conditions come to, definitions within them included.
struct Observer<'o> {
    look: Look<'o>,
    out: &'o mut Observed,
}

impl Observer<'_> {
    fn ask(&mut self, file: usize, site: Site, condition: &Condition, node: &Node) {
        let mut found = Vec::new();
        self.leaves(condition, node, true, &mut found);
        let whole = self.look.truths(node);
        let (known, leaves) = self
            .out
            .conditions
            .entry((file, site))
            .or_insert_with(|| (Truths::NONE, vec![Truths::NONE; found.len()]));
        *known = known.or(whole);
        for (known, found) in leaves.iter_mut().zip(found) {
            *known = known.or(found);
        }
    }

    fn leaves(&mut self, condition: &Condition, node: &Node, live: bool, out: &mut Vec<Truths>) {
        match (condition, node) {
            (Condition::All(written), Node::All(parts))
            | (Condition::Any(written), Node::Any(parts)) => {
                for (written, part) in written.iter().zip(parts) {
                    self.leaves(written, part, live, out);
                }
            }
            (Condition::Not(written), Node::Not(part)) => self.leaves(written, part, live, out),
            (Condition::Reading(written), Node::Reading { reading, choices }) => {
                let interpretation = self.look.rights().interpretation(*reading);
                for (key, written) in &written.choices {
                    let choice = interpretation
                        .and_then(|found| found.choices.iter().position(|known| known.key == *key));
                    if let Some((choice, part)) =
                        choice.and_then(|choice| Some((choice, choices.get(choice)?)))
                    {
                        let live = live && self.look.reads(*reading, choice);
                        self.leaves(written, part, live, out);
                    }
                }
            }
            _ if live => {
                out.push(self.look.truths(node));
                if let Node::Defined { versions, .. } = node {
                    self.definitions(versions);
                }
            }
            _ => out.push(Truths::NONE),
        }
    }

    fn definitions(&mut self, versions: &[super::program::Definition]) {
        let in_force = |life: &Life| match &self.look {
            Look::Possible(_) => true,
            Look::Case(decider) => life.holds(decider.case.as_of, decider.evaluation.choices),
        };
        let asked: Vec<_> = match self.look {
            Look::Possible(_) => versions.iter().collect(),
            // The nearest that is in force.
            Look::Case(_) => versions
                .iter()
                .find(|version| in_force(&version.life))
                .into_iter()
                .collect(),
        };
        for version in asked {
            if let Some(named) = self.look.rights().named(version) {
                let site = Site::Definition(version.position);
                self.ask(version.file, site, &named.is, &version.node);
            }
        }
    }

    fn mark(&mut self, file: usize, mark: Mark) {
        self.out.marks.insert((file, mark));
    }

    /// Whom a layer covers, with the parts of the frame.
    fn who<'p>(&mut self, layer: &Layer, parts: impl Iterator<Item = (&'p Part, &'p Layer)>) {
        let rights = self.look.rights();
        if let (Who::Condition(node), Some(definition)) = (&layer.who, rights.definition(layer))
            && let Some(written) = &definition.who
        {
            self.ask(layer.file, Site::Who(layer.position), written, node);
        }
        for (part, of) in parts {
            let written = rights
                .definition(of)
                .and_then(|definition| definition.parts.get(&part.id)?.when.as_ref());
            match (&part.node, written) {
                (Some(node), Some(written)) => {
                    let site = Site::Part(of.position, part.id.clone());
                    self.ask(of.file, site, written, node);
                }
                _ => self.mark(of.file, Mark::Waived(of.position, part.id.clone())),
            }
        }
    }

    /// Rows of a benefit. The first that holds decides, unless one before it is open; the
    /// others are asked too, as the leaves of a condition are.
    fn rows<'r>(&mut self, layer: &Layer, rows: impl Iterator<Item = usize> + 'r, gives: bool) {
        let Some(definition) = self.look.rights().definition(layer) else {
            return;
        };
        let mut decided = false;
        for row in rows {
            let node = layer.benefits.rows.get(row).and_then(Option::as_ref);
            let truths = match node.zip(when(definition, row)) {
                Some((node, written)) => {
                    self.ask(layer.file, Site::Row(layer.position, row), written, node);
                    self.look.truths(node)
                }
                None => Truth::True.into(),
            };
            if truths.has(Truth::True) && gives && !decided {
                self.mark(layer.file, Mark::Row(layer.position, row));
            }
            // Of a case, what comes after a row that holds or is open decides nothing.
            let sure = truths == Truth::False.into();
            decided |= matches!(self.look, Look::Case(_)) && !sure;
        }
    }
}

/// For whom a row of a benefit is.
fn when(definition: &LayerDefinition, row: usize) -> Option<&Condition> {
    match &definition.benefit {
        BenefitRule::Cash(rule) => rule.rows.get(row).map(|row| &row.when),
        BenefitRule::Priority(rule) => rule.rows.get(row).map(|row| &row.when),
        BenefitRule::CostShare(rule) => rule.rows.get(row)?.when.as_ref(),
        _ => None,
    }
}

/// What cases can exercise, as far as that is plain from the rules alone.
pub(crate) fn can_exercise(rights: &Rights, instruments: &[Instrument]) -> Observed {
    let mut out = Observed::default();
    let ever = Possible {
        rights,
        instruments,
        until: None,
    };
    let mut observer = Observer {
        look: Look::Possible(ever),
        out: &mut out,
    };
    for (position, layer) in rights.layers.iter().enumerate() {
        let possible = Possible {
            until: layer.life.to,
            ..ever
        };
        observer.look = Look::Possible(possible);
        let parts = parts(position, layer, &[]).into_iter();
        observer.who(layer, parts.map(|(_, _, part)| (part, layer)));
        let file = layer.file;
        // What a scheme leaves to the frame may come to anything.
        let who = match &layer.who {
            Who::Condition(node) => possible.of(node),
            Who::Parts(_) => Truths::ALL,
        };
        for (truth, mark) in [
            (Truth::True, Mark::Covered(layer.position)),
            (Truth::False, Mark::NotCovered(layer.position)),
            (Truth::Unknown, Mark::Open(layer.position)),
            (Truth::True, Mark::Given(layer.position)),
        ] {
            if who.has(truth) {
                observer.mark(file, mark);
            }
        }
        observer.rows(layer, 0..layer.benefits.rows.len(), who.has(Truth::True));
        let notes = rights
            .definition(layer)
            .map_or(0, |found| found.notes.len());
        if rights.force(layer) == Force::Right {
            for note in 0..notes {
                observer.mark(file, Mark::Note(layer.position, note));
            }
        }
    }
    observer.look = Look::Possible(ever);
    for bar in &rights.bars {
        observer.bar(bar);
        observer.mark(bar.file, Mark::Relation(bar.position));
    }
    for link in &rights.links {
        observer.mark(link.file, Mark::Relation(link.position));
    }
    for (i, file) in rights.files.iter().enumerate() {
        observer.mark(i, Mark::PeriodOver);
        for (j, interpretation) in file.interpretations.iter().enumerate() {
            for choice in 0..interpretation.choices.len() {
                observer.mark(i, Mark::Choice(j, choice));
            }
        }
    }
    out
}

impl Observer<'_> {
    /// What keeps a programme from a person.
    fn bar(&mut self, bar: &super::program::Bar) {
        use super::definition::RelationRule;
        let relation = self.look.rights().relation(bar.file, bar.position);
        if let Some(RelationRule::Excludes(bars) | RelationRule::Suspends(bars)) =
            relation.map(|relation| &relation.rule)
        {
            self.ask(
                bar.file,
                Site::Relation(bar.position),
                &bars.when,
                &bar.node,
            );
        }
    }
}

impl Asked<'_> {
    /// What the case exercised.
    pub(crate) fn exercised(&self, determination: &Determination) -> Observed {
        let mut out = Observed::default();
        for fact in &self.rights.facts {
            let stated = self.case.facts.iter();
            let stated = stated.flatten().any(|(id, _)| *id == fact.id);
            let known = self.person.fact(&fact.id).is_some();
            if known && fact.derived.is_some() {
                out.derived.insert(fact.id.clone());
            } else if known && !stated && fact.given_by.is_some() {
                out.given.insert(fact.id.clone());
            }
        }
        let contradicted = self.person.contradicted.iter();
        out.contradicted
            .extend(contradicted.map(|id| (*id).to_owned()));
        let decider = self.decider();
        let mut observer = Observer {
            look: Look::Case(&decider),
            out: &mut out,
        };
        let standings = decider.standings();
        for decided in &decider.decide_all(&standings) {
            observer.decided(&decider, decided);
        }
        observer.written(&decider, determination);
        out
    }
}

impl Observer<'_> {
    /// The layers of a programme, what they give, and what bars it.
    fn decided(&mut self, decider: &Decider<'_>, decided: &Decided<'_>) {
        let rights = decider.evaluation.rights;
        let granted = matches!(decided.status, Status::Entitled | Status::Discretionary);
        for (i, standing) in decided.standings.iter().enumerate() {
            let view = standing.view;
            let Some(layer) = rights.layers.get(view.layer) else {
                continue;
            };
            self.mark(
                layer.file,
                match standing.status {
                    Status::Entitled | Status::Discretionary => Mark::Covered(layer.position),
                    Status::Undetermined => Mark::Open(layer.position),
                    _ => Mark::NotCovered(layer.position),
                },
            );
            let parts = view.parts.iter().filter_map(|(of, part)| {
                let of = rights.layers.get(*of)?;
                Some((of.parts().get(*part)?, of))
            });
            self.who(layer, parts);
            // By the layer's own text, though another may give more.
            let sure = matches!(standing.status, Status::Entitled | Status::Discretionary);
            if sure && granted {
                self.mark(layer.file, Mark::Given(layer.position));
            }
            let gives = match decided.status {
                Status::Entitled => standing.status == Status::Entitled,
                Status::Undetermined | Status::Discretionary => i == decided.deciding,
                _ => false,
            };
            if !gives {
                continue;
            }
            let table = view.shares.as_ref().and_then(|shares| {
                let of = rights.layers.get(shares.rows_of?)?;
                Some((&shares.lines, of))
            });
            match table {
                Some((lines, of)) => {
                    for setting in settings(decider) {
                        let lines = lines.iter().enumerate();
                        let fit = lines.filter(|(_, line)| line.fits(setting));
                        self.rows(of, fit.map(|(row, _)| row), sure);
                    }
                }
                None => self.rows(layer, 0..layer.benefits.rows.len(), sure),
            }
        }
        if decided.status == Status::NotEntitled {
            return;
        }
        let bars = decided.planned.bars.iter();
        for bar in bars.filter_map(|bar| rights.bars.get(bar.bar)) {
            self.bar(bar);
            if decider.evaluation.truth(&bar.node) == Truth::True {
                self.mark(bar.file, Mark::Relation(bar.position));
                return;
            }
        }
    }

    /// What the determination says of benefits, readings, findings and payments.
    fn written(&mut self, decider: &Decider<'_>, determination: &Determination) {
        let rights = decider.evaluation.rights;
        let mut readings: BTreeSet<(&str, &str)> = BTreeSet::new();
        for one in determination.entitlements.iter().flatten() {
            let others = one.alternatives.iter();
            readings.extend(others.map(|it| (it.interpretation.as_str(), it.choice.as_str())));
            let taken = one.interpretations.iter();
            readings.extend(taken.map(|(key, choice)| (key.as_str(), choice.as_str())));
        }
        for payment in determination.payments.iter().flatten() {
            let others = payment.alternatives.iter();
            readings.extend(others.map(|it| (it.interpretation.as_str(), it.choice.as_str())));
            let taken = payment.interpretations.iter();
            readings.extend(taken.map(|(key, choice)| (key.as_str(), choice.as_str())));
        }
        for (i, reading) in rights.readings.iter().enumerate() {
            let count = rights
                .interpretation(i)
                .map_or(0, |found| found.choices.len());
            for choice in 0..count {
                if readings.contains(&(reading.key.as_str(), rights.choice(i, choice).as_str())) {
                    self.mark(reading.file, Mark::Choice(reading.position, choice));
                }
            }
        }
        for finding in &determination.findings {
            match finding.code.as_str() {
                "plan_period_over" => {
                    let source = finding.text("source");
                    let of = rights
                        .files
                        .iter()
                        .position(|file| Some(file.id.as_str()) == source);
                    if let Some(file) = of {
                        self.mark(file, Mark::PeriodOver);
                    }
                }
                "coordination_unstated" | "may_be_drawn_together" => {
                    let kind = match finding.code.as_str() {
                        "may_be_drawn_together" => LinkKind::Together,
                        _ => LinkKind::Coordinated,
                    };
                    self.links(decider, kind, |link| {
                        let relation = rights.relation(link.file, link.position);
                        relation.map(|found| found.id.as_str()) == finding.text("relation")
                    });
                }
                code => {
                    for layer in &rights.layers {
                        let notes = rights.definition(layer).map(|found| found.notes.iter());
                        if finding.text("rule") != Some(&layer.rule) {
                            continue;
                        }
                        for (i, note) in notes.into_iter().flatten().enumerate() {
                            if note.finding == code {
                                self.mark(layer.file, Mark::Note(layer.position, i));
                            }
                        }
                    }
                }
            }
        }
        for payment in determination.payments.iter().flatten() {
            let pays = |programme: usize| {
                let id = rights.programme_id(programme);
                payment.payers.iter().any(|payer| payer.programme == id)
            };
            self.links(decider, LinkKind::After, |link| {
                let mut programmes = link.programmes.iter().copied();
                programmes.next().is_some_and(pays) && programmes.any(pays)
            });
        }
    }

    /// Marks the links of a kind that apply in the place and that `picks` picks.
    fn links(
        &mut self,
        decider: &Decider<'_>,
        kind: LinkKind,
        picks: impl Fn(&super::program::Link) -> bool,
    ) {
        for link in decider.links() {
            if link.kind == kind && picks(link) {
                self.mark(link.file, Mark::Relation(link.position));
            }
        }
    }
}
