//! What is inside: the rules that a page or a form is made from.

use std::collections::{BTreeMap, BTreeSet};

use nengli::Rulebook;
use nengli::entitlement::definition::Programme;
use nengli::instrument::definition::Definition;
use nengli::rulebook::{Document, Fact, Jurisdiction};
use serde::Serialize;

/// The rules by their kinds, each element as the rule files write it.
#[derive(Serialize)]
pub(crate) struct Rules<'r> {
    /// What citations resolve to, by id.
    documents: Vec<&'r Document>,
    facts: Vec<&'r Fact>,
    instruments: Vec<&'r Definition>,
    jurisdictions: Vec<&'r Jurisdiction>,
    /// Division codes that have rules of their own, the nation first.
    places: BTreeSet<&'r str>,
    /// In the order of determinations.
    programmes: Vec<&'r Programme>,
}

impl<'r> Rules<'r> {
    pub(crate) fn of(rulebook: &'r Rulebook) -> Self {
        let instruments = rulebook.instruments().map(|one| one.definition());
        let instruments: Vec<&Definition> = instruments.collect();
        let documents = instruments
            .iter()
            .flat_map(|one| &one.documents)
            .chain(rulebook.care_levels().flat_map(|map| &map.documents))
            .chain(rulebook.cross_checks().flat_map(|list| &list.documents))
            .chain(rulebook.programme_files().flat_map(|file| &file.documents));
        let documents: BTreeMap<&str, &Document> =
            documents.map(|one| (one.id.as_str(), one)).collect();
        let files = rulebook.programme_files();
        Self {
            documents: documents.into_values().collect(),
            facts: rulebook.facts().collect(),
            instruments,
            jurisdictions: rulebook.jurisdictions().collect(),
            places: files.map(|file| file.jurisdiction.as_str()).collect(),
            programmes: rulebook.programmes().collect(),
        }
    }
}

/// The schema of this name: one of the contract, or `case.ID` of one instrument.
#[cfg(feature = "schemas")]
pub(crate) fn schema(rulebook: &Rulebook, name: &str) -> Option<serde_json::Value> {
    match name.strip_prefix("case.") {
        Some(id) => rulebook
            .instrument(id)
            .map(|instrument| nengli::schema::case_of(rulebook, instrument)),
        None => nengli::schema::named(rulebook, name),
    }
}
