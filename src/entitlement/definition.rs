//! The rule files of programmes: who gets what, where, from when, by which clause.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::case::Setting;
use crate::condition::Condition;
use crate::instrument::definition::{InForce, Interpretation, Severity};
use crate::json::Piece;
use crate::rulebook::{Document, Grade};
use crate::text::Text;
use crate::words::Words;

/// The programmes that layers may be of. Their order is that of determinations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    /// Always `register`.
    pub kind: String,
    /// Version of the file format; 1.
    pub schema: u8,
    /// The programmes.
    pub programmes: Vec<Programme>,
}

/// One benefit or service, whichever places give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Id, unique in the rulebook: a lower-case letter, then letters, digits and
    /// hyphens.
    pub id: Text,
    /// Name.
    pub names: Words,
    /// Each place runs it as its own scheme: the nearest version in force replaces
    /// those above it value by value, instead of joining them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scheme: bool,
}

/// What one document of one jurisdiction says about programmes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProgrammesFile {
    /// Always `programmes`.
    pub kind: String,
    /// Version of the file format; 1.
    pub schema: u8,
    /// Id, unique in the rulebook.
    pub id: String,
    /// Division code of the place whose rules these are.
    pub jurisdiction: Text,
    /// Short name of the source.
    pub names: Words,
    /// What kind of document it is.
    pub source: Source,
    /// Its life, asked on the day of decision.
    pub in_force: InForce,
    /// The first day, where it is itself a matter of reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Starts>,
    /// Of a plan: the first day after its period. It stays in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_ends: Option<Date>,
    /// Documents cited here.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// Named ambiguities.
    #[serde(default)]
    pub interpretations: Vec<Interpretation>,
    /// What words mean here.
    #[serde(default)]
    pub definitions: Vec<NamedCondition>,
    /// This place's versions of programmes.
    #[serde(default)]
    pub layers: Vec<LayerDefinition>,
    /// How programmes bear on each other.
    #[serde(default)]
    pub relations: Vec<Relation>,
}

/// The same, in pieces that fail one by one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    kind: String,
    schema: u8,
    id: String,
    jurisdiction: Text,
    names: Words,
    source: Source,
    in_force: Piece<InForce>,
    #[serde(default)]
    starts: Option<Piece<Starts>>,
    #[serde(default)]
    period_ends: Option<Date>,
    #[serde(default)]
    documents: Vec<Piece<Document>>,
    #[serde(default)]
    interpretations: Vec<Piece<Interpretation>>,
    #[serde(default)]
    definitions: Vec<Piece<NamedCondition>>,
    #[serde(default)]
    layers: Vec<Piece<LayerDefinition>>,
    #[serde(default)]
    relations: Vec<Piece<Relation>>,
}

impl Draft {
    /// The file, if every piece of it could be read.
    pub(crate) fn whole(self) -> Option<ProgrammesFile> {
        fn all<T>(pieces: Vec<Piece<T>>) -> Option<Vec<T>> {
            pieces.into_iter().map(|piece| piece.0).collect()
        }
        let starts = match self.starts {
            Some(piece) => Some(piece.0?),
            None => None,
        };
        Some(ProgrammesFile {
            kind: self.kind,
            schema: self.schema,
            id: self.id,
            jurisdiction: self.jurisdiction,
            names: self.names,
            source: self.source,
            in_force: self.in_force.0?,
            starts,
            period_ends: self.period_ends,
            documents: all(self.documents)?,
            interpretations: all(self.interpretations)?,
            definitions: all(self.definitions)?,
            layers: all(self.layers)?,
            relations: all(self.relations)?,
        })
    }
}

impl ProgrammesFile {
    /// The id of the rule of one of its layers: `jurisdiction/programme`, with the
    /// variant after a dot.
    #[must_use]
    pub fn rule_id(&self, layer: &LayerDefinition) -> String {
        let (place, programme) = (&self.jurisdiction, &layer.programme);
        match &layer.variant {
            Some(variant) => format!("{place}/{programme}.{variant}"),
            None => format!("{place}/{programme}"),
        }
    }
}

/// What kind of document a rule stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A service list. It must not fall below the lists and rules above it.
    List,
    /// A law or regulation.
    Law,
    /// The rules of a scheme.
    Scheme,
    /// A plan or opinion.
    Plan,
}

/// A first day that is a matter of reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Starts {
    /// Id of the interpretation, of this file.
    pub interpretation: String,
    /// The first day for each of its choices; that of the default is the first day
    /// of `in_force`.
    pub choices: BTreeMap<String, Date>,
}

/// What a word of the law means in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NamedCondition {
    /// Id. The nearest jurisdiction that defines it on the day wins.
    pub id: String,
    /// The word.
    pub names: Words,
    /// Its life, if other than that of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<InForce>,
    /// The meaning.
    pub is: Condition,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// One jurisdiction's version of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LayerDefinition {
    /// Id of the programme.
    pub programme: String,
    /// Tells it from other layers of the programme in the same place. The id of
    /// the rule is `jurisdiction/programme` or `jurisdiction/programme.variant`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Whether it gives a right.
    pub force: Force,
    /// Its life, if other than that of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<InForce>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Condition>,
    /// Who, for a scheme: parts that a nearer version replaces one by one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, Part>,
    /// What.
    pub benefit: BenefitRule,
    /// Whether one must apply; left out where the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Findings for whom it may be a right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence: never C, which is for definitions and readings.
    pub grade: Grade,
}

/// Whether a layer gives a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Who meets the condition is entitled.
    Right,
    /// The text explores or encourages: the place may give it.
    Discretion,
}

/// A value that a text states, or null: the place sets it and it is not known here.
///
/// A key with this value must be there; leaving it out says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Stated<T>(pub Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Stated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OrNull<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OrNull<T> {
            type Value = Stated<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Stated(None))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                T::deserialize(value.into_deserializer()).map(|value| Stated(Some(value)))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                T::deserialize(value.into_deserializer()).map(|value| Stated(Some(value)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Stated(Some(value)))
            }
        }
        deserializer.deserialize_any(OrNull(PhantomData))
    }
}

/// How one comes to a benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Without an application.
    Automatic,
    /// On application.
    Application,
}

/// One part of who a scheme covers: `when`, or `waived`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// This part of the frame is not asked here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// A finding that comes with a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Code of the finding.
    pub finding: Text,
    /// How much it matters.
    pub severity: Severity,
    /// What it says.
    pub says: Words,
    /// Only where this is missing, as determinations name it: `assessment:INSTRUMENT`,
    /// `fact:ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
}

/// What a layer gives. An amount or ratio that is null is set locally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BenefitRule {
    /// Money.
    Cash(CashRule),
    /// A service.
    Service(ServiceRule),
    /// Works on the home, or goods.
    Works(WorksRule),
    /// A price or fee that is waived, in whole or in part.
    FeeWaiver(FeeWaiverRule),
    /// A place in an order.
    Priority(PriorityRule),
    /// A share of costs.
    CostShare(CostShareRule),
}

impl BenefitRule {
    /// In a few words.
    #[must_use]
    pub fn names(&self) -> &Words {
        match self {
            Self::Cash(rule) => &rule.names,
            Self::Service(rule) => &rule.names,
            Self::Works(rule) => &rule.names,
            Self::FeeWaiver(rule) => &rule.names,
            Self::Priority(rule) => &rule.names,
            Self::CostShare(rule) => &rule.names,
        }
    }
}

/// A span of time, or another unit, that an amount is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// A meal.
    Meal,
    /// Once only.
    Once,
}

impl Per {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Meal => "meal",
            Self::Once => "once",
        }
    }

    /// How often that is in a year, for comparing; none where it is no span.
    pub(crate) fn in_a_year(self) -> Option<u32> {
        match self {
            Self::Day => Some(365),
            Self::Week => Some(52),
            Self::Month => Some(12),
            Self::Year => Some(1),
            Self::Meal | Self::Once => None,
        }
    }
}

/// Money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CashRule {
    /// In a few words.
    pub names: Words,
    /// For how long.
    pub per: Per,
    /// In fen; null where it is set locally.
    pub fen: Stated<i64>,
    /// The place may give more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// In what form, if not money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Text>,
    /// Amounts by level, age or group: the first that holds decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<CashRow>,
}

/// One amount and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CashRow {
    /// For whom.
    pub when: Condition,
    /// In fen; null where it is set locally.
    pub fen: Stated<i64>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceRule {
    /// In a few words.
    pub names: Words,
    /// Key of the service.
    pub service: Text,
    /// At least so many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u16>,
    /// In this span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// By which means, if the text says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Text>,
}

/// Works or goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorksRule {
    /// In a few words.
    pub names: Words,
    /// Key of the works.
    pub works: Text,
    /// Up to so much, in fen; null where it is set locally.
    pub fen: Stated<i64>,
}

/// A waiver: `per_mille` of the price, or `fen` off it for each `per`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FeeWaiverRule {
    /// In a few words.
    pub names: Words,
    /// Key of what is charged.
    pub of: Text,
    /// Share waived; null where it is set locally, absent where `fen` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_mille: Option<Stated<u16>>,
    /// Amount waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fen: Option<i64>,
    /// For each of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// At most so many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u16>,
    /// In this span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_per: Option<Per>,
}

/// A place in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PriorityRule {
    /// In a few words.
    pub names: Words,
    /// Key of what is ordered.
    #[serde(rename = "in")]
    pub within: Text,
    /// The tier; 1 comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
    /// Tiers by group: the first that holds decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<PriorityRow>,
}

/// One tier and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PriorityRow {
    /// For whom.
    pub when: Condition,
    /// The tier; 1 comes first.
    pub tier: u8,
}

/// A share of costs. For a scheme, what is left out comes from the frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CostShareRule {
    /// In a few words.
    pub names: Words,
    /// Shares by setting and group: the first that fits decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<ShareRow>,
    /// Id of the interpretation of what a cap caps, with the choices
    /// `counted_cost` and `payment`; left out, it caps the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_reads: Option<String>,
    /// When it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Stated<StartsAfter>>,
    /// How long it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_months: Option<Stated<u16>>,
    /// A ceiling over a longer span. It is shown, and enters no payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Stated<Ceiling>>,
}

/// One share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ShareRow {
    /// In these settings; in all, if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setting: Vec<Setting>,
    /// Key of the mode of care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The share; null where it is set locally.
    pub per_mille: Stated<u16>,
    /// The cap; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Amount>,
    /// Money beside the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<Amount>,
}

/// An amount and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// In fen; null where it is set locally.
    pub fen: Stated<i64>,
    /// For each of these.
    pub per: Per,
}

/// A start that follows from a date of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartsAfter {
    /// Id of a fact that is a date.
    pub after: String,
    /// With the month that comes so many months later.
    pub months: u8,
}

/// A ceiling over a longer span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ceiling {
    /// In fen; null where it is set locally.
    pub fen: Stated<i64>,
    /// Key of what it is a share of.
    pub of: Text,
    /// For each of these.
    pub per: Per,
    /// The share of it.
    pub per_mille: u16,
}

/// How programmes bear on each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Id, unique in its jurisdiction.
    pub id: Text,
    /// What it says.
    pub rule: RelationRule,
    /// Its life, if other than that of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<InForce>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// What a relation says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RelationRule {
    /// It pays on what these leave.
    After(After),
    /// It is not given to whom the condition holds for.
    Excludes(Bars),
    /// It rests while the condition holds.
    Suspends(Bars),
    /// They may be drawn together.
    Together(Several),
    /// The text asks that they be coordinated and does not say how.
    Coordinated(Several),
}

/// The order of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Pays later.
    pub programme: String,
    /// These pay before it.
    pub of: Vec<String>,
}

/// What keeps a programme from a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bars {
    /// Which.
    pub programme: String,
    /// When.
    pub when: Condition,
}

/// Programmes named together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Several {
    /// Which; at least two.
    pub programmes: Vec<String>,
}
