//! Rights: what a level and the facts open, and who pays what.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::write::Around;
use crate::case::Setting;
use crate::entitlement::definition::{Access, Ceiling, Per};
use crate::rulebook::Grade;
use crate::text::Text;

/// What a person's case comes to under one programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Entitlement {
    /// How one comes to it; null where the text does not say.
    pub access: Option<Access>,
    /// Other readings of the text, where they come to another status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<RightAlternative>,
    /// Every leaf of the condition of the deciding layer.
    pub because: Vec<Because>,
    /// What it is.
    pub benefit: Option<Benefit>,
    /// Citations of the deciding layer and of what its condition rests on.
    pub citations: Arc<[Text]>,
    /// The worst grade of evidence on the way.
    pub confidence: Grade,
    /// Id of the relation that excludes or suspends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded_by: Option<Text>,
    /// Of a scheme: what the deciding version does not state and takes from the
    /// frame above it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_frame: Vec<Text>,
    /// Benefits of other kinds, or other modes of this one, nearest place first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_benefits: Vec<FurtherBenefit>,
    /// The readings that were taken.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub interpretations: Arc<BTreeMap<Text, Text>>,
    /// Division code of the jurisdiction whose layer decided.
    pub layer: Text,
    /// Every layer of the programme that was asked, when the full trace was asked
    /// for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<Vec<LayerStatus>>,
    /// What is not known and could change the status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Text>,
    /// Id of the programme.
    pub programme: Text,
    /// Id of the rule that decided: `jurisdiction/programme`, with its variant.
    pub rule: Text,
    /// The status.
    pub status: Status,
}

fn is_empty(readings: &Arc<BTreeMap<Text, Text>>) -> bool {
    readings.is_empty()
}

/// Whether a person has a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Yes.
    Entitled,
    /// What is not known could make it so, or not.
    Undetermined,
    /// The place may give it: the text explores or encourages.
    Discretionary,
    /// No.
    NotEntitled,
    /// Another rule keeps it from the person.
    Excluded,
}

impl Status {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entitled => "entitled",
            Self::Undetermined => "undetermined",
            Self::Discretionary => "discretionary",
            Self::NotEntitled => "not_entitled",
            Self::Excluded => "excluded",
        }
    }
}

/// What another reading comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct RightAlternative {
    /// What is given under it, where the status is the same and this is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<Benefit>,
    /// The reading.
    pub choice: Text,
    /// The interpretation, as cases name it.
    pub interpretation: Text,
    /// The status; null where under this reading the programme is not in force.
    pub status: Option<Status>,
}

/// One leaf of a condition: what was asked and wanted, which its [`Leaf`] says and reads
/// as part of it, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "WrittenBecause")]
#[non_exhaustive]
pub struct Because {
    /// Whether it holds; null where that is not known.
    pub holds: Option<bool>,
    /// What the rulebook says of it, shared by every determination that asks it.
    pub leaf: Arc<Leaf>,
    /// What was found; null where nothing is known.
    pub value: Option<Found>,
}

/// A leaf of a condition, whoever is asked: [`Asked`], which it reads as and which does
/// not change.
#[derive(Debug, Clone)]
pub struct Leaf {
    asked: Asked,
    /// Its JSON, made when it is first written.
    around: OnceLock<Around>,
}

impl Leaf {
    pub(crate) fn new(asked: Asked) -> Self {
        Self {
            asked,
            around: OnceLock::new(),
        }
    }

    /// The same under another name.
    pub(crate) fn with_id(&self, id: String) -> Self {
        let mut asked = self.asked.clone();
        asked.id = id;
        Self::new(asked)
    }

    pub(super) fn around(&self) -> &Around {
        self.around.get_or_init(|| Around::of(&self.asked))
    }
}

impl std::ops::Deref for Leaf {
    type Target = Asked;

    fn deref(&self) -> &Asked {
        &self.asked
    }
}

impl Eq for Leaf {}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked
    }
}

/// What a leaf of a condition asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asked {
    /// What: `fact:ID`, `level:INSTRUMENT`, `diagnosis:INSTRUMENT`,
    /// `local:PROGRAMME` or `receives:PROGRAMME`.
    pub asks: String,
    /// Name of the leaf, unique in its list.
    pub id: String,
    /// How it is compared.
    pub op: String,
    /// Definitions that it stands in, outermost first.
    pub under: Vec<String>,
    /// What is wanted.
    pub want: Found,
}

impl std::ops::Deref for Because {
    type Target = Leaf;

    fn deref(&self) -> &Leaf {
        &self.leaf
    }
}

/// One leaf of a condition: what was asked, wanted and found.
#[derive(Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Because"))]
struct WrittenBecause {
    /// What: `fact:ID`, `level:INSTRUMENT`, `diagnosis:INSTRUMENT`,
    /// `local:PROGRAMME` or `receives:PROGRAMME`.
    asks: String,
    /// Whether it holds; null where that is not known.
    holds: Option<bool>,
    /// Name of the leaf, unique in this list.
    id: String,
    /// How it was compared.
    op: String,
    /// Definitions that it stands in, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    under: Vec<String>,
    /// What was found; null where nothing is known.
    value: Option<Found>,
    /// What was wanted.
    want: Found,
}

impl From<WrittenBecause> for Because {
    fn from(written: WrittenBecause) -> Self {
        Self {
            holds: written.holds,
            leaf: Arc::new(Leaf::new(Asked {
                asks: written.asks,
                id: written.id,
                op: written.op,
                under: written.under,
                want: written.want,
            })),
            value: written.value,
        }
    }
}

impl Serialize for Because {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = if self.under.is_empty() { 6 } else { 7 };
        let mut out = serializer.serialize_struct("Because", fields)?;
        out.serialize_field("asks", &self.asks)?;
        out.serialize_field("holds", &self.holds)?;
        out.serialize_field("id", &self.id)?;
        out.serialize_field("op", &self.op)?;
        if self.under.is_empty() {
            out.skip_field("under")?;
        } else {
            out.serialize_field("under", &self.under)?;
        }
        out.serialize_field("value", &self.value)?;
        out.serialize_field("want", &self.want)?;
        out.end()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Because {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WrittenBecause::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        WrittenBecause::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WrittenBecause::json_schema(generator)
    }
}

/// A value that was wanted or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Found {
    /// Yes or no.
    Flag(bool),
    /// A number, or the code of a level.
    Number(i64),
    /// A key or code.
    Text(Text),
    /// Keys. They stand before numbers, so that the empty list is read back as what it
    /// was.
    List(Vec<String>),
    /// Least and greatest.
    Numbers(Vec<i64>),
}

/// The status by one layer alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct LayerStatus {
    /// Leaves of its condition.
    pub because: Vec<Because>,
    /// Id of the rule.
    pub rule: Text,
    /// Its own status.
    pub status: Status,
}

/// A benefit beside the deciding one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct FurtherBenefit {
    /// What it is.
    pub benefit: Benefit,
    /// Id of the rule that gives it.
    pub rule: Text,
}

/// What is given. An amount or ratio that is null is set locally and is not in the
/// rulebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
#[non_exhaustive]
pub enum Benefit {
    /// Money.
    Cash(Cash),
    /// A service.
    Service(Service),
    /// Works on the home, or goods.
    Works(Works),
    /// A price or fee that is waived.
    FeeWaiver(FeeWaiver),
    /// A place in an order.
    Priority(Priority),
    /// A share of costs.
    CostShare(CostShare),
}

/// A tag with one value, so that fields stay in canonical order around it.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident = $key:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        pub enum $name {
            #[doc = concat!("Always `", $key, "`.")]
            #[default]
            #[serde(rename = $key)]
            Kind,
        }
    };
}

kind! {
    /// The tag of [`Cash`].
    CashKind = "cash"
}
kind! {
    /// The tag of [`Service`].
    ServiceKind = "service"
}
kind! {
    /// The tag of [`Works`].
    WorksKind = "works"
}
kind! {
    /// The tag of [`FeeWaiver`].
    FeeWaiverKind = "fee_waiver"
}
kind! {
    /// The tag of [`Priority`].
    PriorityKind = "priority"
}
kind! {
    /// The tag of [`CostShare`].
    CostShareKind = "cost_share"
}

/// Money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Cash {
    /// The place may give more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// In fen; null where it is set locally or not yet determined.
    pub fen: Option<i64>,
    /// In what form, if not money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Text>,
    /// The tag.
    pub kind: CashKind,
    /// For how long.
    pub per: Per,
    /// Amounts still possible, where what is missing decides which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_fen: Vec<i64>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Service {
    /// By which means, if the text says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Text>,
    /// The tag.
    pub kind: ServiceKind,
    /// In this span; null where it is set locally.
    pub per: Option<Per>,
    /// Key of the service.
    pub service: Text,
    /// At least so many times; null where it is set locally.
    pub times: Option<u16>,
}

/// Works or goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Works {
    /// Up to so much, in fen; null where it is set locally.
    pub fen: Option<i64>,
    /// The tag.
    pub kind: WorksKind,
    /// Key of the works.
    pub works: Text,
}

/// A price or fee that is waived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct FeeWaiver {
    /// Amount off each `per`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fen: Option<i64>,
    /// The tag.
    pub kind: FeeWaiverKind,
    /// Key of what is charged.
    pub of: Text,
    /// For each of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// Share waived, 1000 being all; null where it is set locally or `fen` is given.
    pub per_mille: Option<u16>,
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
pub struct Priority {
    /// Key of what is ordered.
    #[serde(rename = "in")]
    pub within: Text,
    /// The tag.
    pub kind: PriorityKind,
    /// The tier, 1 being first; null where it is set locally or not yet determined.
    pub tier: Option<u8>,
}

/// A share of costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CostShare {
    /// The cap; null where there is none or it is set locally.
    pub cap_fen: Option<i64>,
    /// What the cap is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_per: Option<Per>,
    /// Money beside the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_fen: Option<i64>,
    /// What that money is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_per: Option<Per>,
    /// A ceiling over a longer span; it enters no payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Ceiling>,
    /// The tag.
    pub kind: CostShareKind,
    /// The mode of care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text>,
    /// The share; null where it is set locally.
    pub per_mille: Option<u16>,
    /// In this setting; absent where it is the same in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
    /// The first day; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Date>,
    /// The first day no longer valid; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// How long it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_months: Option<u16>,
}

/// Who pays one cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Payment {
    /// Other readings, where they come to other amounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<PaymentAlternative>,
    /// The worst grade of evidence on the way: of the rights, and of readings of caps.
    pub confidence: Grade,
    /// The readings that the amounts rest on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub interpretations: BTreeMap<Text, Text>,
    /// The month, as in the case.
    pub month: String,
    /// The payers in the order of payment, `self` last. They add up to the cost.
    pub payers: Vec<Payer>,
    /// Where, as in the case.
    pub setting: Setting,
}

/// One who pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Payer {
    /// In fen; null where it cannot be told.
    pub fen: Option<i64>,
    /// Id of the programme, or `self`: the person.
    pub programme: Text,
}

/// Who pays under another reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PaymentAlternative {
    /// The reading.
    pub choice: Text,
    /// The interpretation, as cases name it.
    pub interpretation: Text,
    /// The payers.
    pub payers: Vec<Payer>,
}

/// Something to ask, and what its answer would settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Question {
    /// What: `fact:ID`, `assessment:INSTRUMENT` or `local:PROGRAMME`.
    pub ask: Text,
    /// Ids of the undetermined programmes that it matters to.
    pub concerns: Vec<Text>,
    /// Those of them that some answer would settle alone.
    pub settles: Vec<Text>,
}
