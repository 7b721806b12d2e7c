//! Rule files of programmes, proved and made ready to ask.

use std::collections::HashMap;

use jiff::civil::Date;

use super::definition::{
    BenefitRule, Force, LayerDefinition, ProgrammesFile, Relation, RelationRule, Source,
};
use super::person::missing;
use super::program::{
    Bar, Benefits, Definition, Layer, Life, Link, LinkKind, Node, Of, Part, Place, Question,
    Reading, Rights, Test, Who, chain,
};
use crate::case::CategoryRange;
use crate::condition::{AskFact, AskLevel, Condition, Scalar};
use crate::instrument::Instrument;
use crate::instrument::definition::{FieldType, InForce};
use crate::json::child;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Diagnostic, Fact, FactType, Grade, Sink, Vocabulary, is_division_code};

/// Deepest nesting of definitions within definitions.
const MAX_DEPTH: usize = 16;

/// What the rest of the rulebook has for programmes to refer to.
pub(crate) struct Known<'k> {
    pub(crate) vocabulary: &'k Vocabulary,
    pub(crate) instruments: &'k [Instrument],
    pub(crate) cited: &'k dyn Fn(&str) -> bool,
}

/// Compiles `files`; every fault goes into `list`, under its file.
pub(crate) fn compile(
    programmes: Vec<super::definition::Programme>,
    files: Vec<(&str, ProgrammesFile)>,
    known: &Known<'_>,
    list: &mut Vec<Diagnostic>,
) -> Rights {
    let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    let files: Vec<ProgrammesFile> = files.into_iter().map(|(_, file)| file).collect();
    let mut compiler = Compiler {
        programmes: &programmes,
        files: &files,
        paths: &paths,
        known,
        list,
        readings: Vec::new(),
        questions: Vec::new(),
        by_question: HashMap::new(),
        stack: Vec::new(),
    };
    compiler.ids();
    compiler.interpretations();
    let mut layers = Vec::new();
    let mut links = Vec::new();
    let mut bars = Vec::new();
    for file in 0..files.len() {
        compiler.definitions(file);
        layers.extend(compiler.layers(file));
        compiler.relations(file, &mut links, &mut bars);
    }
    compiler.unique_rules(&layers);
    compiler.orders(&links);
    let Compiler {
        readings,
        questions,
        ..
    } = compiler;
    let mut rights = Rights {
        programmes,
        files,
        layers,
        links,
        bars,
        readings,
        questions,
        ..Rights::default()
    };
    rights.by_programme = (0..rights.programmes.len())
        .map(|programme| of_programme(&rights, programme))
        .collect();
    rights.missing = rights
        .questions
        .iter()
        .map(|question| missing(question, &rights, known.vocabulary))
        .collect();
    rights
}

fn of_programme(rights: &Rights, programme: usize) -> Of {
    let mut of = Of::default();
    for (i, layer) in rights.layers.iter().enumerate() {
        if layer.programme != programme {
            continue;
        }
        of.layers.push(i);
        of.readings
            .extend(layer.life.by_reading.iter().map(|(reading, _)| *reading));
        match &layer.who {
            Who::Condition(node) => node.readings(&mut of.readings),
            Who::Parts(parts) => {
                for node in parts.iter().filter_map(|part| part.node.as_ref()) {
                    node.readings(&mut of.readings);
                }
            }
        }
    }
    for layer in of
        .layers
        .iter()
        .filter_map(|layer| rights.layers.get(*layer))
    {
        for node in layer.benefits.rows.iter().flatten() {
            node.readings(&mut of.readings);
        }
    }
    for bar in rights.bars.iter().filter(|bar| bar.programme == programme) {
        of.readings
            .extend(bar.life.by_reading.iter().map(|(reading, _)| *reading));
        bar.node.readings(&mut of.readings);
    }
    of.readings.sort_unstable();
    of.readings.dedup();
    of
}

struct Compiler<'c, 'l> {
    programmes: &'c [super::definition::Programme],
    files: &'c [ProgrammesFile],
    paths: &'c [&'c str],
    known: &'c Known<'c>,
    list: &'l mut Vec<Diagnostic>,
    readings: Vec<Reading>,
    questions: Vec<Question>,
    by_question: HashMap<Question, usize>,
    /// Definitions on the way, against cycles: file and position.
    stack: Vec<(usize, usize)>,
}

/// Where a condition stands.
#[derive(Clone)]
struct Scope<'c> {
    /// The file, by position.
    file: usize,
    /// The place whose words it uses.
    jurisdiction: &'c str,
    /// The programme that it is for, by position.
    programme: Option<usize>,
    /// In a relation, a programme that the case does not list is not received: what a
    /// case leaves out bars nobody.
    relation: bool,
    /// Days on which it is asked.
    life: Life,
}

impl<'c> Compiler<'c, '_> {
    fn fault(&mut self, file: usize, at: &str, kind: Kind, message: impl Into<String>) {
        let path = self.paths.get(file).copied().unwrap_or_default();
        let mut sink = Sink {
            file: path,
            list: self.list,
        };
        sink.push(at, kind, message);
    }

    fn cited(&mut self, file: usize, at: &str, cite: &[String]) {
        let path = self.paths.get(file).copied().unwrap_or_default();
        let mut sink = Sink {
            file: path,
            list: self.list,
        };
        sink.cited(at, cite, self.known.cited);
    }

    /// Ids of files, places, and what stands once in each.
    fn ids(&mut self) {
        let files = self.files;
        for (i, file) in files.iter().enumerate() {
            if files.iter().take(i).any(|other| other.id == file.id) {
                self.fault(
                    i,
                    "/id",
                    Kind::DuplicateCode,
                    format!("expected each id once; found {:?} again", file.id),
                );
            }
            let code = &file.jurisdiction;
            if !is_division_code(code) || !self.known.vocabulary.knows_province_of(code) {
                self.fault(
                    i,
                    "/jurisdiction",
                    Kind::UnknownReference,
                    format!("expected a division code under a known province; found {code:?}"),
                );
            }
            if file.period_ends.is_some() && file.source != Source::Plan {
                self.fault(i, "/period_ends", Kind::Shape, "expected only on a plan");
            }
            self.life_holds(i, "/in_force", file.in_force.from, file.in_force.to);
        }
    }

    fn life_holds(&mut self, file: usize, at: &str, from: Date, to: Option<Date>) {
        if to.is_some_and(|to| to <= from) {
            self.fault(
                file,
                &format!("{at}/to"),
                Kind::OutOfRange,
                "expected a day after the first",
            );
        }
    }

    fn interpretations(&mut self) {
        let files = self.files;
        for (i, file) in files.iter().enumerate() {
            for (j, interpretation) in file.interpretations.iter().enumerate() {
                let at = format!("/interpretations/{j}");
                self.cited(i, &at, &interpretation.cite);
                let key = format!("{}/{}", file.jurisdiction, interpretation.id);
                if self.readings.iter().any(|reading| reading.key == key) {
                    self.fault(
                        i,
                        &format!("{at}/id"),
                        Kind::DuplicateCode,
                        format!(
                            "expected each interpretation once in a place; found {key:?} again"
                        ),
                    );
                }
                let default = interpretation
                    .choices
                    .iter()
                    .position(|choice| choice.key == interpretation.default);
                if default.is_none() || interpretation.choices.len() < 2 {
                    self.fault(
                        i,
                        &format!("{at}/default"),
                        Kind::UnknownReference,
                        "expected two choices or more, and one of them as the default",
                    );
                }
                for (k, choice) in interpretation.choices.iter().enumerate() {
                    let mut before = interpretation.choices.iter().take(k);
                    if before.any(|other| other.key == choice.key) {
                        self.fault(
                            i,
                            &format!("{at}/choices/{k}/key"),
                            Kind::DuplicateCode,
                            format!("expected each choice once; found {:?} again", choice.key),
                        );
                    }
                }
                self.readings.push(Reading {
                    key,
                    file: i,
                    position: j,
                    default: default.unwrap_or(0),
                });
            }
            if let Some(starts) = &file.starts {
                let found = file
                    .interpretations
                    .iter()
                    .find(|candidate| candidate.id == starts.interpretation);
                let sound = found.is_some_and(|interpretation| {
                    interpretation.choices.len() == starts.choices.len()
                        && interpretation
                            .choices
                            .iter()
                            .all(|choice| starts.choices.contains_key(&choice.key))
                        && starts.choices.get(&interpretation.default) == Some(&file.in_force.from)
                });
                if !sound {
                    self.fault(
                        i,
                        "/starts",
                        Kind::UnknownReference,
                        "expected an interpretation of this file, a day for each of its choices, \
                         and that of the default as the first day of in_force",
                    );
                }
            }
        }
    }

    /// The reading `id`, of this place or the nearest one above it.
    fn reading(&self, id: &str, jurisdiction: &str) -> Option<usize> {
        chain(jurisdiction).find_map(|code| {
            self.readings.iter().position(|reading| {
                reading
                    .key
                    .strip_prefix(code.as_str())
                    .and_then(|rest| rest.strip_prefix('/'))
                    == Some(id)
            })
        })
    }

    fn programme(&mut self, file: usize, at: &str, id: &str) -> Option<usize> {
        let found = self.programmes.iter().position(|known| known.id == id);
        if found.is_none() {
            self.fault(
                file,
                at,
                Kind::UnknownReference,
                format!("expected a programme of the register; found {id:?}"),
            );
        }
        found
    }

    /// Proves definitions that no layer may use.
    fn definitions(&mut self, file: usize) {
        let Some(of) = self.files.get(file) else {
            return;
        };
        for (i, definition) in of.definitions.iter().enumerate() {
            let at = format!("/definitions/{i}");
            self.cited(file, &at, &definition.cite);
            let life = definition.in_force.unwrap_or(of.in_force);
            if definition.in_force.is_some() {
                self.life_holds(file, &format!("{at}/in_force"), life.from, life.to);
            }
            let twice = self
                .files
                .iter()
                .take(file + 1)
                .enumerate()
                .any(|(f, other)| {
                    let before = if f == file { i } else { usize::MAX };
                    other.jurisdiction == of.jurisdiction
                        && other
                            .definitions
                            .iter()
                            .take(before)
                            .filter(|known| known.id == definition.id)
                            .any(|known| {
                                let known = self.life_of(f, known.in_force).widest();
                                overlap(known, self.life_of(file, definition.in_force).widest())
                            })
                });
            if twice {
                self.fault(
                    file,
                    &format!("{at}/id"),
                    Kind::DuplicateCode,
                    format!("expected {:?} once on any day in a place", definition.id),
                );
            }
            let scope = Scope {
                file,
                jurisdiction: &of.jurisdiction,
                programme: None,
                relation: false,
                life: self.life_of(file, definition.in_force),
            };
            self.condition(&format!("{at}/is"), &definition.is, &scope);
        }
    }

    fn layers(&mut self, file: usize) -> Vec<Layer> {
        let files = self.files;
        let Some(of) = files.get(file) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (i, definition) in of.layers.iter().enumerate() {
            let at = format!("/layers/{i}");
            self.cited(file, &at, &definition.cite);
            for (j, note) in definition.notes.iter().enumerate() {
                self.cited(file, &format!("{at}/notes/{j}"), &note.cite);
                if let Some(missing) = &note.missing
                    && !self.can_be_missing(missing)
                {
                    self.fault(
                        file,
                        &format!("{at}/notes/{j}/missing"),
                        Kind::UnknownReference,
                        "expected assessment: and an instrument, or fact: and a fact",
                    );
                }
            }
            self.no_c(file, &at, definition.grade);
            let Some(programme) =
                self.programme(file, &format!("{at}/programme"), &definition.programme)
            else {
                continue;
            };
            let life = self.life(file, &format!("{at}/in_force"), definition.in_force);
            let scope = Scope {
                file,
                jurisdiction: &of.jurisdiction,
                programme: Some(programme),
                relation: false,
                life: life.clone(),
            };
            let who = self.who(&at, definition, programme, &scope);
            let benefits = self.benefits(&format!("{at}/benefit"), &definition.benefit, &scope);
            let rule = of.rule_id(definition);
            let (Some(who), Some(benefits)) = (who, benefits) else {
                continue;
            };
            out.push(Layer {
                rule,
                place: Place::of(&of.jurisdiction),
                file,
                position: i,
                programme,
                life,
                who,
                benefits,
            });
        }
        out
    }

    fn can_be_missing(&self, name: &str) -> bool {
        match name.split_once(':') {
            Some(("assessment", id)) => {
                let instruments = self.known.instruments;
                instruments.iter().any(|instrument| instrument.id() == id)
            }
            Some(("fact", id)) => {
                let fact = self.known.vocabulary.facts.get(id);
                fact.is_some_and(|fact| fact.derived.is_none())
            }
            _ => false,
        }
    }

    fn no_c(&mut self, file: usize, at: &str, grade: Grade) {
        if grade == Grade::C {
            self.fault(
                file,
                &format!("{at}/grade"),
                Kind::OutOfRange,
                "expected A or B: C never stands for a right",
            );
        }
    }

    fn who(
        &mut self,
        at: &str,
        definition: &LayerDefinition,
        programme: usize,
        scope: &Scope<'c>,
    ) -> Option<Who> {
        let scheme = self
            .programmes
            .get(programme)
            .is_some_and(|programme| programme.scheme);
        match (&definition.who, scheme) {
            (Some(who), false) if definition.parts.is_empty() => self
                .condition(&format!("{at}/who"), who, scope)
                .map(Who::Condition),
            (None, true) if !definition.parts.is_empty() => {
                let mut parts = Vec::new();
                let mut sound = true;
                for (id, part) in &definition.parts {
                    let at = child(&format!("{at}/parts"), id);
                    self.cited(scope.file, &at, &part.cite);
                    self.no_c(scope.file, &at, part.grade);
                    if part.when.is_some() == part.waived {
                        self.fault(
                            scope.file,
                            &at,
                            Kind::Shape,
                            "expected either `when` or `waived`",
                        );
                    }
                    let mut node = None;
                    if let Some(when) = &part.when {
                        node = self.condition(&format!("{at}/when"), when, scope);
                        sound &= node.is_some();
                    }
                    // A part of one leaf gives it its name.
                    if let Some(Node::Leaf { name, named, .. }) = &mut node
                        && !*named
                    {
                        name.clone_from(id);
                    }
                    parts.push(Part {
                        id: id.clone(),
                        node,
                        cite: part.cite.clone(),
                        grade: part.grade,
                    });
                }
                sound.then_some(Who::Parts(parts))
            }
            _ => {
                self.fault(
                    scope.file,
                    at,
                    Kind::Shape,
                    "expected `parts` for a scheme, and `who` for any other programme",
                );
                None
            }
        }
    }

    /// The life of something in a file, checked.
    fn life(&mut self, file: usize, at: &str, own: Option<InForce>) -> Life {
        if let Some(own) = own {
            self.life_holds(file, at, own.from, own.to);
        }
        self.life_of(file, own)
    }

    fn life_of(&self, file: usize, own: Option<InForce>) -> Life {
        let Some(of) = self.files.get(file) else {
            return Life::default();
        };
        if let Some(own) = own {
            return Life {
                from: own.from,
                to: own.to,
                by_reading: None,
            };
        }
        let by_reading = of.starts.as_ref().and_then(|starts| {
            let reading = self.reading(&starts.interpretation, &of.jurisdiction)?;
            let position = self.readings.get(reading)?.position;
            let days = of
                .interpretations
                .get(position)?
                .choices
                .iter()
                .map(|choice| starts.choices.get(&choice.key).copied())
                .collect::<Option<Vec<Date>>>()?;
            Some((reading, days))
        });
        Life {
            from: of.in_force.from,
            to: of.in_force.to,
            by_reading,
        }
    }

    fn unique_rules(&mut self, layers: &[Layer]) {
        for (i, layer) in layers.iter().enumerate() {
            let earlier = layers.iter().take(i).find(|other| other.rule == layer.rule);
            if earlier.is_some() {
                self.fault(
                    layer.file,
                    &format!("/layers/{}", layer.position),
                    Kind::DuplicateCode,
                    format!("expected each rule once; found {:?} again", layer.rule),
                );
            }
            let scheme = self
                .programmes
                .get(layer.programme)
                .is_some_and(|programme| programme.scheme);
            let twice = scheme
                && layers.iter().take(i).any(|other| {
                    other.programme == layer.programme
                        && other.place == layer.place
                        && overlap(other.life.widest(), layer.life.widest())
                });
            if twice {
                self.fault(
                    layer.file,
                    &format!("/layers/{}", layer.position),
                    Kind::Overlap,
                    "expected one version of a scheme in a place on any day",
                );
            }
        }
    }

    /// No programme pays after itself, by whatever way round.
    fn orders(&mut self, links: &[Link]) {
        let after: Vec<&Link> = links
            .iter()
            .filter(|link| link.kind == LinkKind::After)
            .collect();
        for link in &after {
            let Some((start, _)) = link.programmes.split_first() else {
                continue;
            };
            // Orders meet where one place lies above the other, on a day of both.
            let meets = |other: &Link| {
                let places = other.place.above(link.place).is_some()
                    || link.place.above(other.place).is_some();
                places && overlap(other.life.widest(), link.life.widest())
            };
            let mut reached: Vec<usize> = Vec::new();
            let mut waiting = vec![*start];
            while let Some(programme) = waiting.pop() {
                for other in after.iter().filter(|other| meets(other)) {
                    let Some((_, earlier)) = other
                        .programmes
                        .split_first()
                        .filter(|(later, _)| **later == programme)
                    else {
                        continue;
                    };
                    for one in earlier {
                        if !reached.contains(one) {
                            reached.push(*one);
                            waiting.push(*one);
                        }
                    }
                }
            }
            if reached.contains(start) {
                self.fault(
                    link.file,
                    &format!("/relations/{}/rule/after", link.position),
                    Kind::UnknownReference,
                    "expected an order without a circle",
                );
            }
        }
    }

    fn relations(&mut self, file: usize, links: &mut Vec<Link>, bars: &mut Vec<Bar>) {
        let files = self.files;
        let Some(of) = files.get(file) else {
            return;
        };
        for (i, relation) in of.relations.iter().enumerate() {
            let at = format!("/relations/{i}");
            self.cited(file, &at, &relation.cite);
            let twice = files.iter().take(file + 1).enumerate().any(|(f, other)| {
                let before = if f == file { i } else { usize::MAX };
                let mut known = other.relations.iter().take(before);
                other.jurisdiction == of.jurisdiction && known.any(|known| known.id == relation.id)
            });
            if twice {
                self.fault(
                    file,
                    &format!("{at}/id"),
                    Kind::DuplicateCode,
                    format!(
                        "expected each id once in a place; found {:?} again",
                        relation.id
                    ),
                );
            }
            self.no_c(file, &at, relation.grade);
            let life = self.life(file, &format!("{at}/in_force"), relation.in_force);
            self.relation(file, i, &at, relation, life, links, bars);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn relation(
        &mut self,
        file: usize,
        position: usize,
        at: &str,
        relation: &'c Relation,
        life: Life,
        links: &mut Vec<Link>,
        bars: &mut Vec<Bar>,
    ) {
        let Some(of) = self.files.get(file) else {
            return;
        };
        let place = Place::of(&of.jurisdiction);
        let at = format!("{at}/rule");
        match &relation.rule {
            RelationRule::After(after) => {
                let at = format!("{at}/after");
                let later = self.programme(file, &format!("{at}/programme"), &after.programme);
                let before = self.several(file, &format!("{at}/of"), &after.of, 1);
                if let (Some(later), Some(before)) = (later, before) {
                    links.push(Link::after(place, life, file, position, later, before));
                }
            }
            RelationRule::Excludes(rule) | RelationRule::Suspends(rule) => {
                let word = match &relation.rule {
                    RelationRule::Suspends(_) => "suspends",
                    _ => "excludes",
                };
                let at = format!("{at}/{word}");
                let programme = self.programme(file, &format!("{at}/programme"), &rule.programme);
                let scope = Scope {
                    file,
                    jurisdiction: &of.jurisdiction,
                    programme,
                    relation: true,
                    life: life.clone(),
                };
                let node = self.condition(&format!("{at}/when"), &rule.when, &scope);
                if let (Some(programme), Some(node)) = (programme, node) {
                    bars.push(Bar {
                        place,
                        life,
                        file,
                        position,
                        programme,
                        node,
                    });
                }
            }
            RelationRule::Together(rule) => {
                let at = format!("{at}/together/programmes");
                if let Some(programmes) = self.several(file, &at, &rule.programmes, 2) {
                    links.push(Link::together(place, life, file, position, programmes));
                }
            }
            RelationRule::Coordinated(rule) => {
                let at = format!("{at}/coordinated/programmes");
                if let Some(programmes) = self.several(file, &at, &rule.programmes, 2) {
                    links.push(Link::coordinated(place, life, file, position, programmes));
                }
            }
        }
    }

    fn several(
        &mut self,
        file: usize,
        at: &str,
        ids: &[String],
        least: usize,
    ) -> Option<Vec<usize>> {
        if ids.len() < least {
            self.fault(
                file,
                at,
                Kind::Shape,
                format!("expected at least {least} programme(s)"),
            );
        }
        let found: Vec<Option<usize>> = ids
            .iter()
            .enumerate()
            .map(|(i, id)| {
                let at = format!("{at}/{i}");
                if ids.iter().take(i).any(|other| other == id) {
                    self.fault(
                        file,
                        &at,
                        Kind::DuplicateCode,
                        format!("expected each programme once; found {id:?} again"),
                    );
                    return None;
                }
                self.programme(file, &at, id)
            })
            .collect();
        found.into_iter().collect()
    }

    fn benefits(&mut self, at: &str, rule: &BenefitRule, scope: &Scope<'c>) -> Option<Benefits> {
        if !in_bounds(rule) {
            self.fault(
                scope.file,
                at,
                Kind::OutOfRange,
                "expected amounts from 1 to 10^11 fen, ratios up to 1000, tiers and times from 1",
            );
        }
        let mut conditions: Vec<(String, Option<&Condition>)> = Vec::new();
        match rule {
            BenefitRule::Cash(cash) => {
                conditions.extend(
                    cash.rows
                        .iter()
                        .enumerate()
                        .map(|(i, row)| (format!("{at}/cash/rows/{i}/when"), Some(&row.when))),
                );
            }
            BenefitRule::Priority(priority) => {
                conditions.extend(
                    priority
                        .rows
                        .iter()
                        .enumerate()
                        .map(|(i, row)| (format!("{at}/priority/rows/{i}/when"), Some(&row.when))),
                );
            }
            BenefitRule::CostShare(share) => {
                let place = format!("{at}/cost_share");
                conditions.extend(
                    share
                        .rows
                        .iter()
                        .enumerate()
                        .map(|(i, row)| (format!("{place}/rows/{i}/when"), row.when.as_ref())),
                );
                for (i, row) in share.rows.iter().enumerate() {
                    let ratio = row.per_mille.0.is_some_and(|ratio| ratio > 1000);
                    let cap = [row.cap, row.cash].into_iter().flatten().any(|amount| {
                        amount
                            .fen
                            .0
                            .is_some_and(|fen| !(1..=MAX_FEN).contains(&fen))
                    });
                    if ratio || cap {
                        self.fault(
                            scope.file,
                            &format!("{place}/rows/{i}"),
                            Kind::OutOfRange,
                            "expected at most 1000 per mille, and positive amounts up to 10^11 fen",
                        );
                    }
                }
                if let Some(id) = &share.cap_reads {
                    self.cap_reading(&format!("{place}/cap_reads"), id, scope);
                }
                if let Some(after) = share.starts.as_ref().and_then(|starts| starts.0.as_ref()) {
                    let fact = self.known.vocabulary.facts.get(&after.after);
                    if fact.is_none_or(|fact| fact.kind != FactType::Date) {
                        self.fault(
                            scope.file,
                            &format!("{place}/starts/after"),
                            Kind::UnknownReference,
                            "expected the id of a fact that is a date",
                        );
                    }
                }
            }
            BenefitRule::FeeWaiver(waiver) => {
                if waiver.per_mille.is_some() == waiver.fen.is_some() {
                    self.fault(
                        scope.file,
                        at,
                        Kind::Shape,
                        "expected either per_mille or fen",
                    );
                }
            }
            BenefitRule::Service(_) | BenefitRule::Works(_) => {}
        }
        let mut rows = Vec::new();
        for (at, condition) in conditions {
            rows.push(match condition {
                Some(condition) => Some(self.condition(&at, condition, scope)?),
                None => None,
            });
        }
        let cap_reads = match rule {
            BenefitRule::CostShare(share) => share
                .cap_reads
                .as_ref()
                .and_then(|id| self.reading(id, scope.jurisdiction)),
            _ => None,
        };
        Some(Benefits { rows, cap_reads })
    }

    fn cap_reading(&mut self, at: &str, id: &str, scope: &Scope<'_>) {
        let keys = self
            .reading(id, scope.jurisdiction)
            .and_then(|reading| self.readings.get(reading))
            .and_then(|reading| {
                let file = self.files.get(reading.file)?;
                let choices = &file.interpretations.get(reading.position)?.choices;
                let mut keys: Vec<&str> =
                    choices.iter().map(|choice| choice.key.as_str()).collect();
                keys.sort_unstable();
                Some(keys)
            });
        if keys.is_none_or(|keys| keys != ["counted_cost", "payment"]) {
            self.fault(
                scope.file,
                at,
                Kind::UnknownReference,
                "expected an interpretation with the choices counted_cost and payment",
            );
        }
    }

    fn parts(&mut self, at: &str, parts: &[Condition], scope: &Scope<'c>) -> Option<Vec<Node>> {
        let parts: Vec<Option<Node>> = parts
            .iter()
            .enumerate()
            .map(|(i, part)| self.condition(&format!("{at}/{i}"), part, scope))
            .collect();
        parts.into_iter().collect()
    }

    fn condition(&mut self, at: &str, condition: &Condition, scope: &Scope<'c>) -> Option<Node> {
        match condition {
            Condition::All(parts) => {
                Some(Node::All(self.parts(&format!("{at}/all"), parts, scope)?))
            }
            Condition::Any(parts) => {
                Some(Node::Any(self.parts(&format!("{at}/any"), parts, scope)?))
            }
            Condition::Not(part) => {
                let part = self.condition(&format!("{at}/not"), part, scope)?;
                Some(Node::Not(Box::new(part)))
            }
            Condition::Fact(ask) => self.fact(&format!("{at}/fact"), ask, scope),
            Condition::Level(ask) => self.level(&format!("{at}/level"), ask, scope),
            Condition::Definition(id) => self.defined(at, id, scope),
            Condition::LocallySet(local) => {
                // Without a programme (a definition proved alone) any will do.
                let programme = scope.programme.unwrap_or(0);
                let name = local.name.clone().unwrap_or_else(|| "local".to_owned());
                let question = Question::Local {
                    programme,
                    name: name.clone(),
                };
                Some(self.leaf(question, Some(name), "local"))
            }
            Condition::Receives(id) => {
                let at = format!("{at}/receives");
                let programme = self.programme(scope.file, &at, id)?;
                let question = Question::Receives {
                    programme,
                    open: !scope.relation,
                };
                Some(self.leaf(question, None, &format!("receives-{id}")))
            }
            Condition::Diagnosis(ask) => {
                let at = format!("{at}/diagnosis");
                let instrument = ask.instrument.clone().unwrap_or_default();
                if !diagnoses(self.known.instruments, &instrument, &ask.code) {
                    self.fault(
                        scope.file,
                        &at,
                        Kind::UnknownReference,
                        "expected an instrument and the code of its field of diagnoses",
                    );
                    return None;
                }
                if ask
                    .within
                    .iter()
                    .any(|range| CategoryRange::parse(range).is_none())
                {
                    self.fault(
                        scope.file,
                        &format!("{at}/within"),
                        Kind::Shape,
                        "expected categories or ranges as F00-F03",
                    );
                    return None;
                }
                let name = ask.code.clone();
                let question = Question::Diagnosis {
                    instrument,
                    code: ask.code.clone(),
                    within: ask.within.clone(),
                };
                Some(self.leaf(question, None, &name))
            }
            Condition::Reading(reading) => {
                let at = format!("{at}/reading");
                let found = self.reading(&reading.interpretation, scope.jurisdiction);
                let Some(index) = found else {
                    self.fault(
                        scope.file,
                        &format!("{at}/interpretation"),
                        Kind::UnknownReference,
                        format!(
                            "expected an interpretation of the place or one above it; found {:?}",
                            reading.interpretation
                        ),
                    );
                    return None;
                };
                let keys: Vec<String> = self
                    .readings
                    .get(index)
                    .and_then(|found| {
                        let file = self.files.get(found.file)?;
                        file.interpretations.get(found.position)
                    })
                    .map(|found| {
                        found
                            .choices
                            .iter()
                            .map(|choice| choice.key.clone())
                            .collect()
                    })
                    .unwrap_or_default();
                if keys.len() != reading.choices.len()
                    || !keys.iter().all(|key| reading.choices.contains_key(key))
                {
                    self.fault(
                        scope.file,
                        &format!("{at}/choices"),
                        Kind::Gap,
                        format!("expected a condition for each of {}", keys.join(", ")),
                    );
                    return None;
                }
                let mut choices = Vec::new();
                for key in keys {
                    let condition = reading.choices.get(&key)?;
                    let at = child(&format!("{at}/choices"), &key);
                    choices.push(self.condition(&at, condition, scope)?);
                }
                Some(Node::Reading {
                    reading: index,
                    choices,
                })
            }
            Condition::Answer(_)
            | Condition::Step(_)
            | Condition::Sum(_)
            | Condition::Most(_)
            | Condition::Count(_) => {
                self.fault(
                    scope.file,
                    at,
                    Kind::Shape,
                    format!(
                        "expected a word that asks the case; found {:?}, which asks a form",
                        condition.word()
                    ),
                );
                None
            }
        }
    }

    fn leaf(&mut self, question: Question, name: Option<String>, default: &str) -> Node {
        let index = match self.by_question.get(&question) {
            Some(index) => *index,
            None => {
                let index = self.questions.len();
                self.by_question.insert(question.clone(), index);
                self.questions.push(question);
                index
            }
        };
        Node::Leaf {
            question: index,
            named: name.is_some(),
            name: name.unwrap_or_else(|| default.to_owned()),
        }
    }

    /// A definition: its versions, nearest place first, each in the words of its own
    /// place.
    fn defined(&mut self, at: &str, id: &str, scope: &Scope<'c>) -> Option<Node> {
        let files = self.files;
        let mut found: Vec<(usize, usize)> = Vec::new();
        for code in chain(scope.jurisdiction) {
            for (i, file) in files.iter().enumerate() {
                if file.jurisdiction != code {
                    continue;
                }
                let named = file.definitions.iter().enumerate();
                found.extend(
                    named
                        .filter(|(_, definition)| definition.id == id)
                        .map(|(j, _)| (i, j)),
                );
            }
        }
        if found.is_empty() {
            self.fault(
                scope.file,
                at,
                Kind::UnknownReference,
                format!("expected a definition of the place or one above it; found {id:?}"),
            );
            return None;
        }
        let mut versions = Vec::new();
        for (file, position) in found {
            let of = files.get(file)?;
            let definition = of.definitions.get(position)?;
            if self.stack.len() >= MAX_DEPTH {
                self.fault(
                    scope.file,
                    at,
                    Kind::TooLarge,
                    format!("expected definitions at most {MAX_DEPTH} deep within each other"),
                );
                return None;
            }
            if self.stack.contains(&(file, position)) {
                self.fault(
                    scope.file,
                    at,
                    Kind::UnknownReference,
                    format!("expected definitions without a cycle; {id:?} comes back to itself"),
                );
                return None;
            }
            let life = self.life_of(file, definition.in_force);
            self.stack.push((file, position));
            let inner = Scope {
                file,
                jurisdiction: &of.jurisdiction,
                life: life.clone(),
                ..scope.clone()
            };
            let at = format!("/definitions/{position}/is");
            let node = self.condition(&at, &definition.is, &inner);
            self.stack.pop();
            versions.push(Definition {
                file,
                position,
                life,
                node: node?,
            });
        }
        if let Some(day) = gap(&scope.life, &versions) {
            self.fault(
                scope.file,
                at,
                Kind::Gap,
                format!("expected {id:?} to be defined on every day; on {day} it is not"),
            );
        }
        Some(Node::Defined {
            id: id.to_owned(),
            versions,
        })
    }

    fn level(&mut self, at: &str, ask: &AskLevel, scope: &Scope<'_>) -> Option<Node> {
        let instruments = self.known.instruments;
        let Some(instrument) = instruments
            .iter()
            .find(|instrument| instrument.id() == ask.instrument)
        else {
            self.fault(
                scope.file,
                &format!("{at}/instrument"),
                Kind::UnknownReference,
                format!(
                    "expected the id of an instrument; found {:?}",
                    ask.instrument
                ),
            );
            return None;
        };
        let mut sound = true;
        let mut code = |this: &mut Self, key: &Option<String>, bound: &str, open: u8| {
            let Some(key) = key else { return open };
            match instrument.levels().iter().find(|level| level.key == *key) {
                Some(level) => level.code,
                None => {
                    sound = false;
                    this.fault(
                        scope.file,
                        &format!("{at}/{bound}"),
                        Kind::UnknownLevel,
                        format!("expected a level of {}; found {key:?}", ask.instrument),
                    );
                    open
                }
            }
        };
        let worst = instrument.levels().last().map_or(0, |level| level.code);
        let least = code(self, &ask.at_least, "at_least", 0);
        let most = code(self, &ask.at_most, "at_most", worst);
        if ask.at_least.is_none() && ask.at_most.is_none() || least > most {
            self.fault(
                scope.file,
                at,
                Kind::Shape,
                "expected at_least, at_most or both, in order",
            );
            return None;
        }
        if ask.if_absent == Some(true) {
            self.fault(
                scope.file,
                &format!("{at}/if_absent"),
                Kind::Shape,
                "expected false, or nothing",
            );
        }
        let question = Question::Level {
            instrument: ask.instrument.clone(),
            at_least: ask.at_least.as_ref().map(|_| least),
            at_most: ask.at_most.as_ref().map(|_| most),
            within_months: ask.within_months,
            open: ask.if_absent.is_none(),
        };
        sound.then(|| self.leaf(question, ask.name.clone(), &ask.instrument))
    }

    fn fact(&mut self, at: &str, ask: &AskFact, scope: &Scope<'_>) -> Option<Node> {
        let vocabulary = self.known.vocabulary;
        let Some(fact) = vocabulary.facts.get(&ask.id) else {
            self.fault(
                scope.file,
                &format!("{at}/id"),
                Kind::UnknownReference,
                format!("expected a fact of the vocabulary; found {:?}", ask.id),
            );
            return None;
        };
        let test = match test(fact, ask) {
            Ok(test) => test,
            Err((key, expected)) => {
                let at = if key.is_empty() {
                    at.to_owned()
                } else {
                    format!("{at}/{key}")
                };
                self.fault(scope.file, &at, Kind::OutOfRange, expected);
                return None;
            }
        };
        if let Test::Within(code) = &test
            && !vocabulary.knows_province_of(code)
        {
            self.fault(
                scope.file,
                &format!("{at}/within"),
                Kind::UnknownReference,
                format!("expected a code under a known province; found {code:?}"),
            );
        }
        let question = Question::Fact {
            fact: ask.id.clone(),
            test,
        };
        Some(self.leaf(question, ask.name.clone(), &ask.id))
    }
}

/// Most fen of one amount: a bound that keeps products with a ratio in 64 bits.
const MAX_FEN: i64 = 100_000_000_000;

/// Whether amounts, ratios, tiers and times are such as can be; rows of shares are looked
/// at one by one.
fn in_bounds(rule: &BenefitRule) -> bool {
    let amount = |fen: Option<i64>| fen.is_none_or(|fen| (1..=MAX_FEN).contains(&fen));
    let ratio = |share: Option<u16>| share.is_none_or(|share| share <= 1000);
    match rule {
        BenefitRule::Cash(cash) => {
            amount(cash.fen.0) && cash.rows.iter().all(|row| amount(row.fen.0))
        }
        BenefitRule::Service(service) => service.times != Some(0),
        BenefitRule::Works(works) => amount(works.fen.0),
        BenefitRule::FeeWaiver(waiver) => {
            amount(waiver.fen)
                && ratio(waiver.per_mille.and_then(|share| share.0))
                && waiver.times != Some(0)
        }
        BenefitRule::Priority(priority) => {
            priority.tier != Some(0) && priority.rows.iter().all(|row| row.tier != 0)
        }
        BenefitRule::CostShare(share) => {
            let ceiling = share
                .ceiling
                .as_ref()
                .and_then(|ceiling| ceiling.0.as_ref());
            ceiling.is_none_or(|ceiling| amount(ceiling.fen.0) && ratio(Some(ceiling.per_mille)))
        }
    }
}

/// How a fact is compared, or where and what was expected.
fn test(fact: &Fact, ask: &AskFact) -> Result<Test, (&'static str, String)> {
    let given = [
        ask.is.is_some(),
        ask.one_of.is_some(),
        ask.any_of.is_some(),
        ask.within.is_some(),
        ask.at_least.is_some() || ask.at_most.is_some(),
    ];
    if given.iter().filter(|given| **given).count() != 1 {
        return Err((
            "",
            "expected one of is, one_of, any_of, within, or bounds".to_owned(),
        ));
    }
    let known = |key: &String| {
        fact.values.iter().any(|value| value.key == *key) || fact.none.is_some() && key == "none"
    };
    let keys = |at: &'static str, keys: &[String]| match keys.iter().find(|key| !known(key)) {
        Some(other) => Err((
            at,
            format!("expected values of {}; found {other:?}", fact.id),
        )),
        None if keys.is_empty() => Err((at, "expected at least one value".to_owned())),
        None => Ok(keys.to_vec()),
    };
    let wrong = |at: &'static str| {
        Err((
            at,
            format!(
                "expected a comparison that fits {}, a {:?}",
                fact.id, fact.kind
            ),
        ))
    };
    if let Some(code) = &ask.within {
        return match fact.kind {
            FactType::Division if is_division_code(code) => Ok(Test::Within(code.clone())),
            _ => wrong("within"),
        };
    }
    if let Some(list) = &ask.any_of {
        return match fact.kind {
            FactType::Choices => keys("any_of", list).map(Test::AnyOf),
            _ => wrong("any_of"),
        };
    }
    if let Some(list) = &ask.one_of {
        return match fact.kind {
            FactType::Choice => keys("one_of", list).map(Test::OneOf),
            _ => wrong("one_of"),
        };
    }
    match &ask.is {
        Some(Scalar::Flag(flag)) if fact.kind == FactType::Boolean => Ok(Test::Flag(*flag)),
        Some(Scalar::Key(key)) if fact.kind == FactType::Choice => {
            keys("is", std::slice::from_ref(key)).map(Test::OneOf)
        }
        Some(Scalar::Number(number)) if fact.kind == FactType::Integer => {
            let number = i64::from(*number);
            let least = fact.min.is_none_or(|min| min <= number);
            if least && fact.max.is_none_or(|max| number <= max) {
                Ok(Test::Range(Some(number), Some(number)))
            } else {
                Err(("", format!("expected a number that {} can be", fact.id)))
            }
        }
        Some(_) => wrong("is"),
        None if fact.kind == FactType::Integer => {
            let (least, most) = (ask.at_least, ask.at_most);
            let reachable = least.is_none_or(|least| fact.max.is_none_or(|max| least <= max))
                && most.is_none_or(|most| fact.min.is_none_or(|min| min <= most))
                && least.zip(most).is_none_or(|(least, most)| least <= most);
            if reachable {
                Ok(Test::Range(least, most))
            } else {
                Err(("", format!("expected bounds that {} can reach", fact.id)))
            }
        }
        None => wrong(""),
    }
}

fn diagnoses(instruments: &[Instrument], instrument: &str, code: &str) -> bool {
    instruments
        .iter()
        .filter(|candidate| candidate.id() == instrument)
        .flat_map(|found| &found.definition().fields)
        .any(|field| field.code == code && field.answer == FieldType::Diagnoses)
}

fn overlap(a: (Date, Option<Date>), b: (Date, Option<Date>)) -> bool {
    a.1.is_none_or(|to| b.0 < to) && b.1.is_none_or(|to| a.0 < to)
}

/// A day of `life`, under whatever reading, on which none of the versions is in force.
fn gap(life: &Life, versions: &[Definition]) -> Option<Date> {
    let ends: Vec<Date> = versions
        .iter()
        .filter_map(|version| version.life.to)
        .collect();
    let on = |from: Date, chosen: Option<(usize, usize)>| {
        let days = [from].into_iter().chain(ends.iter().copied());
        days.filter(|day| from <= *day && life.to.is_none_or(|to| *day < to))
            .find(|day| {
                !versions
                    .iter()
                    .any(|version| version.life.surely(*day, chosen))
            })
    };
    match &life.by_reading {
        None => on(life.from, None),
        Some((reading, days)) => days
            .iter()
            .enumerate()
            .find_map(|(choice, from)| on(*from, Some((*reading, choice)))),
    }
}

/// The readings of a case, or the defaults.
pub(crate) fn defaults(rights: &Rights) -> Vec<usize> {
    rights
        .readings
        .iter()
        .map(|reading| reading.default)
        .collect()
}

/// What the layers of a file give force to.
pub(crate) fn force(rights: &Rights, layer: &Layer) -> Force {
    rights
        .definition(layer)
        .map_or(Force::Discretion, |definition| definition.force)
}
