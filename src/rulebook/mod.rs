//! The law, loaded, proved and dated. The engine borrows it.

mod citation;
mod diagnostic;
mod export;
mod facts;
mod load;
mod sources;

use std::sync::Arc;

pub use citation::{Citation, Document, Grade};
pub(crate) use diagnostic::Sink;
pub use diagnostic::{Diagnostic, DiagnosticKind, RulebookError};
pub use facts::{
    Derived, Fact, FactChoice, FactType, FactsFile, GivenBy, Jurisdiction, JurisdictionsFile,
    VersionFile,
};
pub(crate) use facts::{Vocabulary, is_division_code, is_programme_id};
pub(crate) use sources::Sources;

use crate::care_level::CareLevelMap;
use crate::crosscheck::CrossChecks;
use crate::entitlement::definition::{Programme, ProgrammesFile};
use crate::entitlement::{self, LayerProof, Rights};
use crate::instrument::{Instrument, Proof};
use crate::text::Text;

/// The rules of one version: instruments, facts, jurisdictions.
///
/// Cheap to clone and shareable between threads. A rulebook that exists was
/// proved: no case can make it fail.
///
/// ```
/// use nengli::Rulebook;
///
/// let rulebook = Rulebook::builtin()?;
/// assert!(rulebook.instrument("gbt-42195-2022").is_some());
/// assert!(rulebook.digest().starts_with("sha256:"));
/// # Ok::<(), nengli::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rulebook {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Path and text of every file, sorted by path within each layer: what the first
    /// rulebook was made of, then what was added.
    layers: Vec<Vec<(String, String)>>,
    version: Text,
    digest: Text,
    /// Sorted by id.
    instruments: Vec<Instrument>,
    /// In the order of their paths.
    care_levels: Vec<CareLevelMap>,
    cross_checks: Vec<CrossChecks>,
    documents: Vec<Document>,
    vocabulary: Vocabulary,
    rights: Rights,
}

/// The files of `rules/`, embedded.
const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

impl Rulebook {
    /// The rulebook of this crate.
    ///
    /// It is loaded and proved at each call (some milliseconds): keep it.
    ///
    /// # Errors
    ///
    /// None that a release has: its rules are proved before it is made.
    pub fn builtin() -> Result<Self, RulebookError> {
        Self::from_files(BUILTIN.iter().copied())
    }

    /// A rulebook of the given files, as pairs of path and text, in any order.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or a rule does not hold together: with every
    /// fault that was found, by file and place.
    pub fn from_files<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Result<Self, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        Self::from_layers(vec![owned(files)])
    }

    fn from_layers(layers: Vec<Vec<(String, String)>>) -> Result<Self, RulebookError> {
        load::load(layers).map(|inner| Self {
            inner: Arc::new(inner),
        })
    }

    /// This rulebook with further files. A duplicate id is an error; the digest
    /// covers all.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::from_files`].
    pub fn with_files<P, T>(
        &self,
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<Self, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let mut layers = self.inner.layers.clone();
        layers.push(owned(files));
        Self::from_layers(layers)
    }

    /// A rulebook of the same files that shares nothing with this one.
    ///
    /// Determinations share the texts of their rulebook, and each of them counts that.
    /// Threads that decide with one rulebook wait for each other's counts: with one each
    /// they do not.
    #[must_use]
    pub fn apart(&self) -> Self {
        // These files have been proved.
        Self::from_layers(self.inner.layers.clone()).unwrap_or_else(|_| self.clone())
    }

    /// Version of the rules, apart from that of the crate and of the contract.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// `sha256:` and the digest of all files: the SHA-256 of what `sha256sum`
    /// prints for them, sorted by path.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    pub(crate) fn version_text(&self) -> &Text {
        &self.inner.version
    }

    pub(crate) fn digest_text(&self) -> &Text {
        &self.inner.digest
    }

    /// Digest (hexadecimal SHA-256) and path of every file, sorted by path.
    pub fn fingerprints(&self) -> impl Iterator<Item = (String, &str)> {
        self.files()
            .map(|(path, text)| (load::hex_digest(text.as_bytes()), path))
    }

    /// Path and text of every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut files: Vec<(&str, &str)> = self
            .inner
            .layers
            .iter()
            .flatten()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        files.sort_unstable();
        files.into_iter()
    }

    /// The instruments, sorted by id.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.inner.instruments.iter()
    }

    /// The instrument of this id.
    #[must_use]
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.inner
            .instruments
            .iter()
            .find(|instrument| instrument.id() == id)
    }

    /// The maps from levels to care levels.
    pub fn care_levels(&self) -> impl Iterator<Item = &CareLevelMap> {
        self.inner.care_levels.iter()
    }

    /// The comparisons between assessments.
    pub fn cross_checks(&self) -> impl Iterator<Item = &CrossChecks> {
        self.inner.cross_checks.iter()
    }

    /// The facts a case may state, sorted by id.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.inner.vocabulary.facts.values()
    }

    /// The jurisdictions known by name, sorted by code.
    pub fn jurisdictions(&self) -> impl Iterator<Item = &Jurisdiction> {
        self.inner.vocabulary.jurisdictions.values()
    }

    /// The programmes, in the order of determinations.
    pub fn programmes(&self) -> impl Iterator<Item = &Programme> {
        self.inner.rights.programmes.iter()
    }

    /// What documents say about programmes, in the order of their paths: layers,
    /// definitions, interpretations and relations.
    pub fn programme_files(&self) -> impl Iterator<Item = &ProgrammesFile> {
        self.inner.rights.files.iter()
    }

    /// Compares every place's text of every programme with those above it, for every
    /// person that the conditions can tell apart.
    #[must_use]
    pub fn compare_layers(&self) -> Vec<LayerProof> {
        entitlement::prove(
            &self.inner.rights,
            &self.inner.vocabulary,
            &self.inner.instruments,
        )
    }

    /// The choices of an interpretation of programmes, by its key in cases.
    pub(crate) fn choices_of(&self, key: &str) -> Option<Vec<&str>> {
        let rights = &self.inner.rights;
        let reading = rights
            .readings
            .iter()
            .position(|reading| reading.key == key)?;
        let choices = &rights.interpretation(reading)?.choices;
        Some(choices.iter().map(|choice| choice.key.as_str()).collect())
    }

    /// Where each definition stands: see [`Sources`].
    pub(crate) fn sources(&self) -> Sources {
        Sources::of(self.files())
    }

    /// What cases can exercise of the rules of programmes.
    pub(crate) fn can_exercise(&self) -> entitlement::Observed {
        entitlement::can_exercise(&self.inner.rights, &self.inner.instruments)
    }

    pub(crate) fn rights(&self) -> &Rights {
        &self.inner.rights
    }

    /// Resolves a citation.
    #[must_use]
    pub fn citation<'r>(&'r self, id: &'r str) -> Option<Citation<'r>> {
        load::resolve(&self.inner.documents, id)
    }

    /// Proves every instrument again, state by state, and says what was proved.
    ///
    /// What is wrong with a rule file is found when it is loaded: see
    /// [`Rulebook::from_files`].
    #[must_use]
    pub fn check(&self) -> Vec<Proof> {
        self.instruments().map(Instrument::prove).collect()
    }

    pub(crate) fn instruments_by_id(&self) -> &[Instrument] {
        &self.inner.instruments
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.inner.vocabulary
    }
}

fn owned<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Vec<(String, String)>
where
    P: Into<String>,
    T: Into<String>,
{
    files
        .into_iter()
        .map(|(path, text)| (path.into(), text.into()))
        .collect()
}
