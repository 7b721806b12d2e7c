//! Names that the project owns, and those of FHIR's that it uses.
//!
//! `urn:nengli:…`: the project has no host of its own, and an address that looks as if
//! it could be fetched and cannot would be worse than a plain name.

/// Extension of FHIR: the score of an option.
pub(crate) const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
/// Extension of FHIR: a text in another language.
pub(crate) const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
/// Extension of FHIR: an option that excludes all others.
pub(crate) const EXCLUSIVE: &str =
    "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";
/// Extension of FHIR: how a question is shown.
pub(crate) const CONTROL: &str =
    "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl";
/// Extension of FHIR: whether answers stand beside or below each other.
pub(crate) const ORIENTATION: &str =
    "http://hl7.org/fhir/StructureDefinition/questionnaire-choiceOrientation";
/// Codes of the ways of showing.
pub(crate) const CONTROLS: &str = "http://hl7.org/fhir/questionnaire-item-control";
/// ICD-10 of the World Health Organization.
pub(crate) const ICD: &str = "http://hl7.org/fhir/sid/icd-10";

/// Identifier system of pseudonyms of cases.
pub(crate) const CASE: &str = "urn:nengli:case";
/// Identifier system of filled-in forms.
pub(crate) const RESPONSE: &str = "urn:nengli:response";
/// Identifier system of instruments.
pub(crate) const INSTRUMENT: &str = "urn:nengli:instrument";
/// Codes that all forms share.
pub(crate) const COMMON: &str = "urn:nengli:code-system:nengli";

/// Extension: one who assessed.
pub(crate) const ASSESSOR: &str = "urn:nengli:extension:assessor";
/// Extension: what the informant is to the person.
pub(crate) const INFORMANT: &str = "urn:nengli:extension:informant";
/// Extension: why the assessment was made.
pub(crate) const REASON: &str = "urn:nengli:extension:reason";
/// Extension: the day of decision.
pub(crate) const AS_OF: &str = "urn:nengli:extension:as-of";
/// Extension: the place whose rules are asked.
pub(crate) const JURISDICTION: &str = "urn:nengli:extension:jurisdiction";
/// Extension: what else a case says, as JSON of nengli's own contract.
pub(crate) const REST: &str = "urn:nengli:extension:case";

const QUESTIONNAIRE: &str = "urn:nengli:questionnaire:";

pub(crate) fn questionnaire(instrument: &str) -> String {
    format!("{QUESTIONNAIRE}{instrument}")
}

/// The instrument that a canonical name names, whatever version it adds.
pub(crate) fn instrument_of(canonical: &str) -> Option<&str> {
    let name = canonical.strip_prefix(QUESTIONNAIRE)?;
    Some(name.split_once('|').map_or(name, |(name, _)| name))
}

/// Codes of the items, options and results of an instrument.
pub(crate) fn codes(instrument: &str) -> String {
    format!("urn:nengli:code-system:{instrument}")
}

/// Codes of its levels.
pub(crate) fn levels(instrument: &str) -> String {
    format!("urn:nengli:code-system:{instrument}:levels")
}

/// The value set of the same name.
pub(crate) fn value_set(code_system: &str) -> String {
    code_system.replacen(":code-system:", ":value-set:", 1)
}
