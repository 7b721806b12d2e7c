//! The columns: their codes, their names, and which part of a case they carry.

use nengli::instrument::definition::{Definition, Field, Interpretation, Item};
use nengli::rulebook::Fact;
use nengli::{Lang, Rulebook, Words};

use super::shape::{Choice, Shape};
use super::words::{self, say, words};
use crate::problem::escaped;

/// Most assessors, and most costs, that a sheet has columns for.
pub(crate) const MAX_NUMBERED: usize = 9;

const FACT: &str = "facts.";
const READING: &str = "interpretations.";
const ASSESSOR: &str = "assessor_";
const COST: &str = "cost_";
const USED: &str = "used.";

/// What a column carries.
#[derive(Clone, Copy)]
pub(crate) enum Column<'r> {
    CaseId,
    AsOf,
    Jurisdiction,
    Replaces,
    Date,
    Reason,
    Informant,
    /// Of an assessor, counted from 1.
    AssessorId(usize),
    AssessorBackground(usize),
    Item(&'r Item),
    Field(&'r Field),
    Fact(&'r Fact),
    /// Of a cost of the month of `as_of`, counted from 1.
    CostSetting(usize),
    CostFen(usize),
    CostDays(usize),
    /// What a fund has paid in that month, by the id and name of the programme.
    Used(&'r str, &'r Words),
    /// An interpretation of the owner named: an instrument, or a jurisdiction.
    Reading(&'r str, &'r Interpretation),
    /// The switch of a map to care levels, by its id and name.
    CareLevels(&'r str, &'r Words),
}

impl<'r> Column<'r> {
    /// Those that an empty sheet has.
    pub(crate) fn usual(definition: &'r Definition) -> Vec<Self> {
        let mut out = vec![Self::CaseId, Self::AsOf, Self::Jurisdiction, Self::Date];
        // A form that asks why it is filled in is not asked twice.
        if definition.reason.is_none() {
            out.push(Self::Reason);
        }
        let least = definition
            .assessors
            .as_ref()
            .map_or(1, |rule| rule.at_least);
        for number in 1..=usize::from(least).clamp(1, MAX_NUMBERED) {
            out.extend(Self::of_assessor(number));
        }
        out.push(Self::Informant);
        out.extend(Self::asked(definition));
        out
    }

    /// Those of the form's own questions, in its order.
    pub(crate) fn asked(definition: &'r Definition) -> impl Iterator<Item = Self> {
        let items = definition.domains.iter().flat_map(|domain| &domain.items);
        items
            .map(Self::Item)
            .chain(definition.fields.iter().map(Self::Field))
    }

    /// Whether a sheet must have it.
    pub(crate) fn is_required(&self) -> bool {
        self.is_required_in_each_row() || matches!(self, Self::Item(_) | Self::Field(_))
    }

    /// Whether each row must have a value in it.
    pub(crate) fn is_required_in_each_row(&self) -> bool {
        matches!(self, Self::CaseId | Self::AsOf | Self::Date)
    }

    /// The column of a code.
    pub(crate) fn of_code(
        code: &str,
        definition: &'r Definition,
        rulebook: &'r Rulebook,
    ) -> Option<Self> {
        let plain = [
            Self::CaseId,
            Self::AsOf,
            Self::Jurisdiction,
            Self::Replaces,
            Self::Date,
            Self::Reason,
            Self::Informant,
        ];
        if let Some(known) = plain.into_iter().find(|column| column.code() == code) {
            return Some(known);
        }
        if let Some(asked) = Self::asked(definition).find(|column| column.code() == code) {
            return Some(asked);
        }
        if let Some(id) = code.strip_prefix(FACT) {
            return Self::of_fact(id, rulebook);
        }
        if let Some(key) = code.strip_prefix(READING) {
            return Self::of_reading(key, rulebook);
        }
        if let Some(id) = code.strip_prefix(USED) {
            return Self::of_fund(id, rulebook);
        }
        (1..=MAX_NUMBERED)
            .flat_map(|number| {
                Self::of_assessor(number)
                    .into_iter()
                    .chain(Self::of_cost(number))
            })
            .find(|column| column.code() == code)
    }

    /// The columns of an assessor, counted from 1.
    pub(crate) fn of_assessor(number: usize) -> [Self; 2] {
        [Self::AssessorId(number), Self::AssessorBackground(number)]
    }

    /// The columns of a cost, counted from 1.
    pub(crate) fn of_cost(number: usize) -> [Self; 3] {
        [
            Self::CostSetting(number),
            Self::CostFen(number),
            Self::CostDays(number),
        ]
    }

    /// The column of what a fund has paid.
    pub(crate) fn of_fund(id: &str, rulebook: &'r Rulebook) -> Option<Self> {
        let programme = rulebook.programmes().find(|known| known.id == id)?;
        Some(Self::Used(&programme.id, &programme.names))
    }

    /// The column of a fact that a case may state.
    pub(crate) fn of_fact(id: &str, rulebook: &'r Rulebook) -> Option<Self> {
        let mut facts = rulebook.facts();
        facts
            .find(|fact| fact.id == id && fact.derived.is_none())
            .map(Self::Fact)
    }

    /// The column of an interpretation, by its key in a case.
    pub(crate) fn of_reading(key: &str, rulebook: &'r Rulebook) -> Option<Self> {
        let (owner, id) = key.split_once('/')?;
        if owner == "care-levels" {
            let map = rulebook.care_levels().find(|map| map.id == id)?;
            return Some(Self::CareLevels(&map.id, &map.names));
        }
        let find = |list: &'r [Interpretation]| list.iter().find(|one| one.id == id);
        if let Some(instrument) = rulebook.instrument(owner) {
            let reading = find(&instrument.definition().interpretations)?;
            return Some(Self::Reading(instrument.id(), reading));
        }
        let mut files = rulebook.programme_files();
        files.find_map(|file| {
            let reading = find(&file.interpretations).filter(|_| file.jurisdiction == owner)?;
            Some(Self::Reading(&file.jurisdiction, reading))
        })
    }

    /// The code at its head.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::CaseId => "case_id".to_owned(),
            Self::AsOf => "as_of".to_owned(),
            Self::Jurisdiction => "jurisdiction".to_owned(),
            Self::Replaces => "replaces".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Reason => "reason".to_owned(),
            Self::Informant => "informant".to_owned(),
            Self::AssessorId(number) => format!("{ASSESSOR}{number}_id"),
            Self::AssessorBackground(number) => format!("{ASSESSOR}{number}_background"),
            Self::Item(item) => item.code.to_string(),
            Self::Field(field) => field.code.to_string(),
            Self::Fact(fact) => format!("{FACT}{}", fact.id),
            Self::CostSetting(number) => format!("{COST}{number}_setting"),
            Self::CostFen(number) => format!("{COST}{number}_fen"),
            Self::CostDays(number) => format!("{COST}{number}_days"),
            Self::Used(id, _) => format!("{USED}{id}"),
            Self::Reading(owner, reading) => format!("{READING}{owner}/{}", reading.id),
            Self::CareLevels(id, _) => format!("{READING}care-levels/{id}"),
        }
    }

    /// Its key among the interpretations of a case.
    pub(crate) fn reading_key(&self) -> Option<String> {
        match self {
            Self::Reading(..) | Self::CareLevels(..) => {
                self.code().strip_prefix(READING).map(str::to_owned)
            }
            _ => None,
        }
    }

    /// Where its value stands in the case that a row becomes. Those of assessors, costs and
    /// funds stand where the row puts them.
    pub(crate) fn pointer(&self) -> Option<String> {
        Some(match self {
            Self::CaseId | Self::AsOf | Self::Jurisdiction | Self::Replaces => {
                format!("/{}", self.code())
            }
            Self::Date | Self::Reason | Self::Informant => {
                format!("/assessments/0/{}", self.code())
            }
            Self::AssessorId(_)
            | Self::AssessorBackground(_)
            | Self::CostSetting(_)
            | Self::CostFen(_)
            | Self::CostDays(_)
            | Self::Used(..) => return None,
            Self::Item(_) | Self::Field(_) => {
                format!("/assessments/0/answers/{}", escaped(&self.code()))
            }
            Self::Fact(fact) => format!("/facts/{}", escaped(&fact.id)),
            Self::Reading(..) | Self::CareLevels(..) => {
                format!("/interpretations/{}", escaped(&self.reading_key()?))
            }
        })
    }

    /// What its cells may hold.
    pub(crate) fn shape(&self) -> Shape<'r> {
        match self {
            Self::CaseId => Shape::Text(words::ID.0, words::ID.1),
            Self::AsOf | Self::Date => Shape::Day(None),
            Self::Jurisdiction => Shape::Text(words::PLACE.0, words::PLACE.1),
            Self::Replaces | Self::AssessorId(_) => {
                Shape::Text(words::OTHER_ID.0, words::OTHER_ID.1)
            }
            Self::Reason => Shape::of_reasons(),
            Self::Informant => Shape::of_relations(),
            Self::AssessorBackground(_) => Shape::of_backgrounds(),
            Self::Item(item) => Shape::of_item(item),
            Self::Field(field) => Shape::of_field(field),
            Self::Fact(fact) => Shape::of_fact(fact),
            Self::CostSetting(_) => Shape::of_settings(),
            Self::CostFen(_) | Self::Used(..) => Shape::Whole(0, words::MAX_FEN, Some("fen"), None),
            Self::CostDays(_) => Shape::Whole(1, 31, None, None),
            Self::Reading(_, reading) => {
                let choices = reading.choices.iter();
                let choices = choices.map(|choice| Choice {
                    number: None,
                    key: Some(&choice.key),
                    label: Some(choice.names.clone()),
                });
                Shape::One(choices.collect())
            }
            Self::CareLevels(..) => {
                let switch = [("on", "采用"), ("off", "不采用")];
                let choices = switch.map(|(key, zh)| Choice {
                    number: None,
                    key: Some(key),
                    label: Some(words(key, zh)),
                });
                Shape::One(choices.into())
            }
        }
    }

    /// What is allowed in its cells, for a person to read.
    pub(crate) fn allowed(&self, lang: Lang) -> String {
        let allowed = self.shape().allowed(lang);
        match self {
            Self::AsOf | Self::Date => say(lang, words::DAY.0, words::DAY.1),
            _ => allowed,
        }
    }

    /// Its name, with what is asked.
    pub(crate) fn name(&self, lang: Lang) -> String {
        let with = |name: &Words, meaning: Option<&Words>| {
            let name = name.within(lang);
            match (meaning, lang) {
                (None, _) => name.to_owned(),
                (Some(meaning), Lang::Zh) => format!("{name}（{}）", meaning.within(lang)),
                (Some(meaning), Lang::En) => format!("{name} ({})", meaning.within(lang)),
            }
        };
        match self {
            Self::CaseId => say(lang, "pseudonym of the case", "个案代号"),
            Self::AsOf => say(lang, "day of decision", "决定日"),
            Self::Jurisdiction => say(lang, "place where the person lives", "常住地"),
            Self::Replaces => say(
                lang,
                "pseudonym of the case that this one corrects",
                "所更正的个案代号",
            ),
            Self::Date => say(lang, "day of the assessment", "评估日期"),
            Self::Reason => say(lang, "why it was made", "评估原因"),
            Self::Informant => say(
                lang,
                "what the informant is to the person",
                "信息提供者与本人的关系",
            ),
            Self::AssessorId(number) => say(
                lang,
                &format!("pseudonym of assessor {number}"),
                &format!("评估人员 {number} 的代号"),
            ),
            Self::AssessorBackground(number) => say(
                lang,
                &format!("background of assessor {number}"),
                &format!("评估人员 {number} 的专业背景"),
            ),
            Self::Item(item) => with(&item.names, item.meaning.as_ref()),
            Self::Field(field) => with(&field.names, field.meaning.as_ref()),
            Self::Fact(fact) => with(&fact.names, Some(&fact.meaning)),
            Self::CostSetting(number) => say(
                lang,
                &format!("cost {number} of the month of as_of: where"),
                &format!("决定日当月费用 {number}：在何处"),
            ),
            Self::CostFen(number) => say(
                lang,
                &format!("cost {number}: services that count, without bed and meals"),
                &format!("费用 {number}：可计入的服务费，不含床位费和餐费"),
            ),
            Self::CostDays(number) => say(
                lang,
                &format!("cost {number}: days of care; empty is the whole month"),
                &format!("费用 {number}：护理天数；整月留空"),
            ),
            Self::Used(_, names) => {
                let kind = words("already paid in the month of as_of", "决定日当月已支付");
                with(names, Some(&kind))
            }
            Self::Reading(_, reading) => {
                let kind = words("which reading is taken", "采用哪种解释");
                with(&reading.names, Some(&kind))
            }
            Self::CareLevels(_, names) => {
                let kind = words(
                    "whether care levels are mapped by it",
                    "是否按它对应照护等级",
                );
                with(names, Some(&kind))
            }
        }
    }
}
