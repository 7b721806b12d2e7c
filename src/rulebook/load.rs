//! Reads rule files into a rulebook, or into every fault that they have.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::citation::{Citation, Document};
use super::diagnostic::{DiagnosticKind as Kind, RulebookError, Sink};
use super::facts::{
    FactsDraft, JurisdictionsDraft, VersionFile, is_division_code, is_programme_id, province_of,
};
use super::{Diagnostic, Fact, FactType, Inner, Vocabulary};
use crate::care_level::CareLevelMap;
use crate::case::CategoryRange;
use crate::condition::Condition;
use crate::crosscheck::CrossChecks;
use crate::entitlement::definition::{
    Draft as ProgrammesDraft, Programme, ProgrammesFile, RegisterFile,
};
use crate::entitlement::{self, Known};
use crate::instrument::definition::{Definition, Draft, FieldType, Supplement};
use crate::instrument::{Instrument, compile};
use crate::json::{Node, Unreadable, parse, read};
use crate::text::Text;

/// Deepest nesting of a rule file.
const MAX_DEPTH: usize = 64;

/// Loads `layers` of files: of two things with one id, that of the later layer is
/// the one to blame.
pub(super) fn load(mut layers: Vec<Vec<(String, String)>>) -> Result<Inner, RulebookError> {
    for layer in &mut layers {
        layer.sort();
    }
    let files: Vec<&(String, String)> = layers.iter().flatten().collect();
    let mut list: Vec<Diagnostic> = Vec::new();
    for (i, (path, _)) in files.iter().enumerate() {
        if files.iter().take(i).any(|(other, _)| other == path) {
            let mut sink = Sink {
                file: path,
                list: &mut list,
            };
            sink.push(
                "",
                Kind::DuplicateCode,
                "expected each path once; found it again",
            );
        }
    }

    let mut loader = Loader::default();
    for (path, text) in files {
        let mut sink = Sink {
            file: path,
            list: &mut list,
        };
        loader.file(path, text, &mut sink);
    }
    let documents = loader.documents(&mut list);
    let Loader {
        version,
        mut definitions,
        supplements,
        care_levels,
        mut cross_checks,
        vocabulary,
        fact_places,
        programmes,
        programme_files,
    } = loader;
    // A file that could not be read may have declared what others cite: that is said
    // of it once, and not of each of them.
    let unread = !list.is_empty();
    let cited = |id: &str| unread || resolve(&documents, id).is_some();
    unique_ids(&supplements, |supplement| &supplement.id, &mut list);
    let mut supplied = Vec::new();
    for (path, supplement) in supplements {
        let position = definitions
            .iter_mut()
            .filter(|(_, definition)| definition.id == supplement.instrument)
            .find_map(|(_, definition)| definition.supply(&supplement));
        match position {
            Some(position) => supplied.push(Supplied {
                path,
                instrument: supplement.instrument.into(),
                position,
                steps: supplement.steps.len(),
            }),
            None => {
                let mut sink = Sink {
                    file: path,
                    list: &mut list,
                };
                sink.push(
                    "/step",
                    Kind::UnknownReference,
                    format!(
                        "expected an open step of {:?}; found {:?}",
                        supplement.instrument, supplement.step
                    ),
                );
            }
        }
    }
    let mut instruments: Vec<Instrument> = Vec::new();
    for (path, definition) in definitions {
        let mut sink = Sink {
            file: path,
            list: &mut list,
        };
        let duplicate = instruments.iter().any(|other| other.id() == definition.id);
        if duplicate {
            sink.push(
                "/id",
                Kind::DuplicateCode,
                format!(
                    "expected each instrument once; found {:?} again",
                    definition.id
                ),
            );
            continue;
        }
        let id = definition.id.clone();
        let before = sink.list.len();
        instruments.extend(compile(definition, &cited, &mut sink));
        for fault in list.iter_mut().skip(before) {
            for supplied in supplied.iter().filter(|supplied| supplied.instrument == id) {
                supplied.blame(fault);
            }
        }
    }
    instruments.sort_by(|a, b| a.id().cmp(b.id()));
    // What names instruments is proved once those hold: else their own faults would
    // come out twice.
    let mut rights = entitlement::Rights::default();
    if list.is_empty() {
        references(&vocabulary, &fact_places, &instruments, &mut list);
        let instrument = |id: &str| instruments.iter().find(|instrument| instrument.id() == id);
        for (path, map) in &care_levels {
            let mut sink = Sink {
                file: path,
                list: &mut list,
            };
            map.prove(instrument(&map.instrument), &cited, &mut sink);
        }
        for (path, checks) in &mut cross_checks {
            let mut sink = Sink {
                file: path,
                list: &mut list,
            };
            checks.prove(instrument, &cited, &mut sink);
        }
        rights = entitlement::compile(
            programmes,
            programme_files,
            &Known {
                vocabulary: &vocabulary,
                instruments: &instruments,
                cited: &cited,
            },
            &mut list,
        );
        unique_ids(&care_levels, |map| &map.id, &mut list);
        unique_ids(&cross_checks, |checks| &checks.id, &mut list);
    }
    let version = version.unwrap_or_default();
    if version.is_empty() {
        let mut sink = Sink {
            file: "rulebook.json",
            list: &mut list,
        };
        sink.push(
            "",
            Kind::Shape,
            "expected one file of kind \"rulebook\" with the version; found none",
        );
    }
    if !list.is_empty() {
        list.sort();
        list.dedup();
        return Err(RulebookError { diagnostics: list });
    }
    let care_levels = care_levels.into_iter().map(|(_, map)| map).collect();
    let cross_checks = cross_checks.into_iter().map(|(_, checks)| checks).collect();
    let mut files: Vec<&(String, String)> = layers.iter().flatten().collect();
    files.sort();
    let digest = digest(&files);
    Ok(Inner {
        layers,
        version: version.into(),
        digest: digest.into(),
        instruments,
        care_levels,
        cross_checks,
        documents,
        vocabulary,
        rights,
    })
}

/// What facts are made of or given by.
fn references(
    vocabulary: &Vocabulary,
    places: &BTreeMap<String, (&str, String)>,
    instruments: &[Instrument],
    list: &mut Vec<Diagnostic>,
) {
    for (id, fact) in &vocabulary.facts {
        let Some((file, at)) = places.get(id) else {
            continue;
        };
        let mut sink = Sink { file, list };
        let source = fact.derived.as_ref().map(|derived| derived.of());
        if source.is_some_and(|of| {
            let source = vocabulary.facts.get(of);
            source.is_none_or(|source| source.kind != FactType::Date)
        }) {
            sink.push(
                format!("{at}/derived"),
                Kind::UnknownReference,
                "expected the id of a fact that is a date",
            );
        }
        if fact.given_by.as_ref().is_some_and(|given| {
            let Condition::Diagnosis(ask) = &given.when else {
                return true;
            };
            let known = instruments
                .iter()
                .filter(|instrument| instrument.id() == given.instrument)
                .flat_map(|instrument| &instrument.definition().fields)
                .any(|field| field.code == ask.code && field.answer == FieldType::Diagnoses);
            let ranges = ask.within.iter().map(|range| CategoryRange::parse(range));
            !known || ranges.into_iter().any(|range| range.is_none())
        }) {
            sink.push(
                format!("{at}/given_by"),
                Kind::UnknownReference,
                "expected a diagnosis of an instrument's field, within ranges as F00-F03",
            );
        }
    }
}

/// Where the steps of a supplement went.
struct Supplied<'f> {
    path: &'f str,
    instrument: String,
    /// Of its first step in the instrument.
    position: usize,
    /// How many steps it brought, before the one it gives the rule of.
    steps: usize,
}

impl Supplied<'_> {
    /// Puts a fault of what was supplied into the file that supplied it. A level that
    /// nothing reaches is one that the supplied rule does not give.
    fn blame(&self, fault: &mut Diagnostic) {
        let within = fault.at.strip_prefix("/steps/").and_then(|rest| {
            let (number, rest) = rest.split_once('/').unwrap_or((rest, ""));
            let offset = number.parse::<usize>().ok()?.checked_sub(self.position)?;
            Some((offset, rest))
        });
        let at = match within {
            Some((offset, rest)) if offset < self.steps => format!("/steps/{offset}/{rest}"),
            Some((offset, rest)) if offset == self.steps => format!("/{rest}"),
            None if fault.kind == Kind::UnreachableLevel => "/rule".to_owned(),
            _ => return,
        };
        fault.at = at;
        fault.file = self.path.to_owned();
    }
}

fn unique_ids<T>(files: &[(&str, T)], id: fn(&T) -> &Text, list: &mut Vec<Diagnostic>) {
    for (i, (path, file)) in files.iter().enumerate() {
        if files.iter().take(i).any(|(_, other)| id(other) == id(file)) {
            let mut sink = Sink { file: path, list };
            sink.push(
                "/id",
                Kind::DuplicateCode,
                format!("expected each id once; found {:?} again", id(file)),
            );
        }
    }
}

#[derive(Default)]
struct Loader<'f> {
    version: Option<String>,
    definitions: Vec<(&'f str, Definition)>,
    supplements: Vec<(&'f str, Supplement)>,
    care_levels: Vec<(&'f str, CareLevelMap)>,
    cross_checks: Vec<(&'f str, CrossChecks)>,
    programmes: Vec<Programme>,
    programme_files: Vec<(&'f str, ProgrammesFile)>,
    vocabulary: Vocabulary,
    /// Where each fact stands.
    fact_places: BTreeMap<String, (&'f str, String)>,
}

impl<'f> Loader<'f> {
    fn file(&mut self, path: &'f str, text: &'f str, sink: &mut Sink<'_>) {
        let node = match parse(text, MAX_DEPTH) {
            Ok(node) => node,
            Err(Unreadable::TooDeep) => {
                sink.push(
                    "",
                    Kind::Shape,
                    format!("expected nesting of at most {MAX_DEPTH}"),
                );
                return;
            }
            Err(Unreadable::NotJson { line, column }) => {
                sink.push(
                    "",
                    Kind::Shape,
                    format!("expected JSON; it breaks off at line {line}, column {column}"),
                );
                return;
            }
        };
        let kind = match &node {
            Node::Object(members) => {
                members
                    .iter()
                    .find(|(key, _)| key == "kind")
                    .and_then(|(_, value)| match value {
                        Node::Text(kind) => Some(kind.as_ref()),
                        _ => None,
                    })
            }
            _ => None,
        };
        match kind {
            Some("rulebook") => {
                if let Some(file) = typed::<VersionFile>(&node, sink) {
                    schema(file.schema, sink);
                    if self.version.replace(file.version).is_some() {
                        sink.push(
                            "",
                            Kind::DuplicateCode,
                            "expected one file of kind \"rulebook\"; found another",
                        );
                    }
                }
            }
            Some("facts") => {
                if let Some(file) = typed::<FactsDraft>(&node, sink) {
                    schema(file.schema, sink);
                    for (i, fact) in file.facts.into_iter().enumerate() {
                        if let Some(fact) = fact.0 {
                            let place = (path, format!("/facts/{i}"));
                            self.fact_places.insert(fact.id.clone(), place);
                            self.fact(i, fact, sink);
                        }
                    }
                }
            }
            Some("jurisdictions") => {
                if let Some(file) = typed::<JurisdictionsDraft>(&node, sink) {
                    schema(file.schema, sink);
                    for (i, place) in file.jurisdictions.into_iter().enumerate() {
                        let Some(place) = place.0 else { continue };
                        let at = format!("/jurisdictions/{i}/code");
                        if !is_division_code(&place.code) {
                            sink.push(at.as_str(), Kind::Shape, "expected six digits");
                        }
                        let code = place.code.clone();
                        let lone = province_of(&place.code) != place.code
                            && !self.vocabulary.knows_province_of(&place.code);
                        if lone {
                            sink.push(
                                at.as_str(),
                                Kind::UnknownReference,
                                "expected a code under a province that stands before it",
                            );
                        }
                        if self.vocabulary.jurisdictions.insert(code, place).is_some() {
                            sink.push(at, Kind::DuplicateCode, "expected each code once");
                        }
                    }
                }
            }
            Some("instrument") => {
                if let Some(definition) = typed::<Draft>(&node, sink).and_then(Draft::whole) {
                    schema(definition.schema, sink);
                    self.definitions.push((path, definition));
                }
            }
            Some("supplement") => {
                if let Some(file) = typed::<Supplement>(&node, sink) {
                    schema(file.schema, sink);
                    self.supplements.push((path, file));
                }
            }
            Some("care_levels") => {
                if let Some(file) = typed::<CareLevelMap>(&node, sink) {
                    schema(file.schema, sink);
                    self.care_levels.push((path, file));
                }
            }
            Some("cross_checks") => {
                if let Some(file) = typed::<CrossChecks>(&node, sink) {
                    schema(file.schema, sink);
                    self.cross_checks.push((path, file));
                }
            }
            Some("register") => {
                if let Some(file) = typed::<RegisterFile>(&node, sink) {
                    schema(file.schema, sink);
                    for (i, programme) in file.programmes.into_iter().enumerate() {
                        self.programme(i, programme, sink);
                    }
                }
            }
            Some("programmes") => {
                if let Some(file) =
                    typed::<ProgrammesDraft>(&node, sink).and_then(ProgrammesDraft::whole)
                {
                    schema(file.schema, sink);
                    self.programme_files.push((path, file));
                }
            }
            _ => sink.push(
                "/kind",
                Kind::Shape,
                "expected one of rulebook, facts, jurisdictions, instrument, supplement, \
                 care_levels, cross_checks, register, programmes",
            ),
        }
    }

    fn programme(&mut self, i: usize, programme: Programme, sink: &mut Sink<'_>) {
        let at = format!("/programmes/{i}/id");
        if !is_programme_id(&programme.id) {
            sink.push(
                at.as_str(),
                Kind::Shape,
                "expected a lower-case letter, then letters, digits and hyphens, 64 at most",
            );
        }
        if self.programmes.iter().any(|known| known.id == programme.id) {
            sink.push(
                at,
                Kind::DuplicateCode,
                format!(
                    "expected each programme once; found {:?} again",
                    programme.id
                ),
            );
            return;
        }
        self.programmes.push(programme);
    }

    fn fact(&mut self, i: usize, fact: Fact, sink: &mut Sink<'_>) {
        let at = format!("/facts/{i}");
        let has_values = matches!(fact.kind, FactType::Choice | FactType::Choices);
        if has_values == fact.values.is_empty() {
            sink.push(
                format!("{at}/values"),
                Kind::Shape,
                "expected values on a choice and on choices, and nowhere else",
            );
        }
        let mut keys: Vec<&str> = fact.values.iter().map(|value| value.key.as_str()).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            sink.push(
                format!("{at}/values"),
                Kind::DuplicateCode,
                "expected each key once",
            );
        }
        let number = fact.kind == FactType::Integer;
        if fact.min.zip(fact.max).is_none_or(|(min, max)| min > max) && number
            || !number && (fact.min.is_some() || fact.max.is_some() || fact.unit.is_some())
        {
            sink.push(
                format!("{at}/min"),
                Kind::OutOfRange,
                "expected on a number a least and a greatest value, and nowhere else",
            );
        }
        if fact.not_after_as_of && fact.kind != FactType::Date {
            sink.push(
                format!("{at}/not_after_as_of"),
                Kind::Shape,
                "expected only on a date",
            );
        }
        let lacks = matches!(fact.kind, FactType::Boolean | FactType::Choices);
        let key = fact.values.iter().any(|value| value.key == "none");
        if fact.none.is_some() && (lacks || key) {
            sink.push(
                format!("{at}/none"),
                Kind::Shape,
                "expected only where a list cannot be empty and no value is called none",
            );
        }
        if fact.derived.is_some() && fact.kind != FactType::Integer {
            sink.push(
                format!("{at}/derived"),
                Kind::Shape,
                "expected only on a number",
            );
        }
        if fact.given_by.is_some() && fact.kind != FactType::Boolean {
            sink.push(
                format!("{at}/given_by"),
                Kind::Shape,
                "expected only on a truth value",
            );
        }
        if let Some(earlier) = self.vocabulary.facts.insert(fact.id.clone(), fact) {
            sink.push(
                format!("{at}/id"),
                Kind::DuplicateCode,
                format!("expected each fact once; found {:?} again", earlier.id),
            );
        }
    }

    /// The documents of all files, by id.
    fn documents(&self, list: &mut Vec<Diagnostic>) -> Vec<Document> {
        let instruments = self
            .definitions
            .iter()
            .map(|(path, file)| (path, &file.documents));
        let supplements = self
            .supplements
            .iter()
            .map(|(path, file)| (path, &file.documents));
        let care_levels = self
            .care_levels
            .iter()
            .map(|(path, file)| (path, &file.documents));
        let cross_checks = self
            .cross_checks
            .iter()
            .map(|(path, file)| (path, &file.documents));
        let programmes = self
            .programme_files
            .iter()
            .map(|(path, file)| (path, &file.documents));
        let files = instruments
            .chain(supplements)
            .chain(care_levels)
            .chain(cross_checks)
            .chain(programmes);
        let mut out: BTreeMap<&str, &Document> = BTreeMap::new();
        for (path, documents) in files {
            for (i, document) in documents.iter().enumerate() {
                let mut first = false;
                out.entry(&document.id).or_insert_with(|| {
                    first = true;
                    document
                });
                if !first {
                    let mut sink = Sink { file: path, list };
                    sink.push(
                        format!("/documents/{i}/id"),
                        Kind::DuplicateCode,
                        format!("expected each document once; found {:?} again", document.id),
                    );
                }
            }
        }
        out.into_values().cloned().collect()
    }
}

fn schema(version: u8, sink: &mut Sink<'_>) {
    if version != 1 {
        sink.push(
            "/schema",
            Kind::Shape,
            format!("expected version 1 of the file format; found {version}"),
        );
    }
}

fn typed<T: serde::de::DeserializeOwned>(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<T> {
    let mut faults = Vec::new();
    let value = read(node, &mut faults);
    for fault in faults {
        sink.push(fault.at, Kind::Shape, fault.message);
    }
    value
}

/// The document and clause of a citation: the longest document id that it begins
/// with, then a dot, then a declared clause.
pub(super) fn resolve<'r>(documents: &'r [Document], id: &'r str) -> Option<Citation<'r>> {
    documents
        .iter()
        .filter_map(|document| {
            let clause = id.strip_prefix(document.id.as_str())?.strip_prefix('.')?;
            let (clause, heading) = document.clauses.get_key_value(clause)?;
            Some(Citation {
                id,
                document,
                clause,
                heading,
            })
        })
        .max_by_key(|citation| citation.document.id.len())
}

pub(super) fn hex_digest(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The digest of what `sha256sum` prints for the files.
fn digest(files: &[&(String, String)]) -> String {
    let mut listing = String::new();
    for (path, text) in files {
        let _ = writeln!(listing, "{}  {path}", hex_digest(text.as_bytes()));
    }
    format!("sha256:{}", hex_digest(listing.as_bytes()))
}
