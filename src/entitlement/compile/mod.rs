//! Rule files of programmes, proved and made ready to ask.

mod benefits;
mod conditions;
mod relations;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::definition::{LayerDefinition, ProgrammesFile, Source};
use super::person::missing;
use super::program::{Layer, Life, Node, Of, Part, Place, Question, Reading, Rights, Who, chain};
use crate::instrument::Instrument;
use crate::instrument::definition::InForce;
use crate::json::child;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::{Diagnostic, Grade, Sink, Vocabulary, is_division_code};

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
        unfolded: 0,
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
        facts: known.vocabulary.facts.values().cloned().collect(),
        ..Rights::default()
    };
    rights.by_programme = (0..rights.programmes.len())
        .map(|programme| of_programme(&rights, programme))
        .collect();
    for i in 0..rights.questions.len() {
        let Some(question) = rights.questions.get(i) else {
            continue;
        };
        let name = missing(question, &rights.programmes, known.vocabulary);
        let ask = rights.asks.iter().position(|ask| *ask == name);
        rights.missing.push(ask.unwrap_or(rights.asks.len()));
        if ask.is_none() {
            rights.asks.push(name.into());
        }
    }
    rights.find_turns();
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
    for (i, bar) in rights.bars.iter().enumerate() {
        if bar.programme == programme {
            of.bars.push(i);
            of.readings
                .extend(bar.life.by_reading.iter().map(|(reading, _)| *reading));
            bar.node.readings(&mut of.readings);
        }
    }
    of.readings.sort_unstable();
    of.readings.dedup();
    // On one way up, the narrower place is the nearer.
    of.layers.sort_by_key(|layer| {
        let layer = rights.layers.get(*layer);
        layer.map(|layer| layer.place.width())
    });
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
    /// Definitions unfolded so far.
    unfolded: usize,
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

    fn cited(&mut self, file: usize, at: &str, cite: &[impl AsRef<str>]) {
        let path = self.paths.get(file).copied().unwrap_or_default();
        let mut sink = Sink {
            file: path,
            list: self.list,
        };
        sink.cited(at, cite, self.known.cited);
    }

    /// Clauses that a leaf has of its own, if it has any.
    fn own_clauses(&mut self, file: usize, at: &str, cite: &[impl AsRef<str>]) {
        if !cite.is_empty() {
            self.cited(file, at, cite);
        }
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
                let choices = interpretation.choices.iter();
                self.readings.push(Reading {
                    key: key.into(),
                    choices: choices.map(|choice| choice.key.as_str().into()).collect(),
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
                            .all(|choice| starts.choices.contains_key(choice.key.as_str()))
                        && starts.choices.get(interpretation.default.as_str())
                            == Some(&file.in_force.from)
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
                rule: rule.into(),
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
                    if let Some(Node::Leaf { said, named, .. }) = &mut node
                        && !*named
                    {
                        *said = Arc::new(said.with_id(id.clone()));
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
                .map(|choice| starts.choices.get(choice.key.as_str()).copied())
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
}

fn overlap(a: (Date, Option<Date>), b: (Date, Option<Date>)) -> bool {
    a.1.is_none_or(|to| b.0 < to) && b.1.is_none_or(|to| a.0 < to)
}
