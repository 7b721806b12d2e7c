//! The instrument as its rule file writes it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::Answer;
use crate::condition::Condition;
use crate::json::Piece;
use crate::rulebook::{Document, Grade};
use crate::text::Text;
use crate::words::Words;

/// One assessment standard: items, fields, steps, and what the result is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Always `instrument`.
    pub kind: Text,
    /// Version of the file format; 1.
    pub schema: u8,
    /// Id, unique in the rulebook.
    pub id: Text,
    /// Title.
    pub names: Words,
    /// The life of the standard.
    pub in_force: InForce,
    /// Documents cited here.
    pub documents: Vec<Document>,
    /// Levels by code, from 0 (best).
    pub levels: Vec<LevelDefinition>,
    /// Domains with their items, in the order of the form.
    pub domains: Vec<Domain>,
    /// What else the form asks: grounds of level changes, and descriptions.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Readings between which the text leaves a choice.
    #[serde(default)]
    pub interpretations: Vec<Interpretation>,
    /// The steps from answers to level, each using only what stands before it.
    pub steps: Vec<Step>,
    /// Which steps the result shows, and how.
    pub result: ResultSteps,
    /// Code of the field that asks why the assessment is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// What the standard asks of those who assess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessors: Option<AssessorRule>,
    /// What falls due after a level was determined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub due: Vec<DueRule>,
    /// Findings about answers that do not fit together. They decide nothing.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Findings about two results of one person. They decide nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub since_last: Vec<SinceLast>,
}

/// The same, in pieces that fail one by one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    kind: Text,
    schema: u8,
    id: Text,
    names: Words,
    in_force: Piece<InForce>,
    documents: Vec<Piece<Document>>,
    levels: Vec<Piece<LevelDefinition>>,
    domains: Vec<Piece<DomainDraft>>,
    #[serde(default)]
    fields: Vec<Piece<Field>>,
    #[serde(default)]
    interpretations: Vec<Piece<Interpretation>>,
    steps: Vec<Piece<Step>>,
    result: Piece<ResultSteps>,
    #[serde(default)]
    reason: Option<Text>,
    #[serde(default)]
    assessors: Option<Piece<AssessorRule>>,
    #[serde(default)]
    due: Vec<Piece<DueRule>>,
    #[serde(default)]
    checks: Vec<Piece<Check>>,
    #[serde(default)]
    since_last: Vec<Piece<SinceLast>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DomainDraft {
    code: Text,
    names: Words,
    items: Vec<Piece<Item>>,
}

impl Draft {
    /// The definition, if every piece of it could be read.
    pub(crate) fn whole(self) -> Option<Definition> {
        fn all<T>(pieces: Vec<Piece<T>>) -> Option<Vec<T>> {
            pieces.into_iter().map(|piece| piece.0).collect()
        }
        Some(Definition {
            kind: self.kind,
            schema: self.schema,
            id: self.id,
            names: self.names,
            in_force: self.in_force.0?,
            documents: all(self.documents)?,
            levels: all(self.levels)?,
            domains: all(self.domains)?
                .into_iter()
                .map(|domain| {
                    Some(Domain {
                        code: domain.code,
                        names: domain.names,
                        items: all(domain.items)?,
                    })
                })
                .collect::<Option<_>>()?,
            fields: all(self.fields)?,
            interpretations: all(self.interpretations)?,
            steps: all(self.steps)?,
            result: self.result.0?,
            reason: self.reason,
            assessors: self.assessors.and_then(|piece| piece.0),
            due: all(self.due)?,
            checks: all(self.checks)?,
            since_last: all(self.since_last)?,
        })
    }
}

/// A half-open interval of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// First day.
    pub from: Date,
    /// First day no longer in force; absent while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Grade of the evidence of the dates.
    pub grade: Grade,
}

impl InForce {
    /// Whether `day` lies within.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// A level as the standard names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LevelDefinition {
    /// Code: 0 is best, the greatest is worst.
    pub code: u8,
    /// Key, as in determinations.
    pub key: Text,
    /// Short name.
    pub names: Words,
    /// Name as the standard writes it in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<Text>,
}

/// A first-level indicator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Official code.
    pub code: Text,
    /// Official name.
    pub names: Words,
    /// Its items in the order of the form.
    pub items: Vec<Item>,
}

/// A second-level indicator: one question that is scored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Official code.
    pub code: Text,
    /// Official name.
    pub names: Words,
    /// What is observed, in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<Words>,
    /// The options, best first. Two options may share a score.
    pub options: Vec<ItemOption>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// One option of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemOption {
    /// The score it gives, 0 to 15; absent where the form has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// Key, unique within the item; absent where only the score is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Text>,
    /// For an item that is answered yes or no, and in no other way: which of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<bool>,
    /// Short label in our own words; absent where the meaning is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Words>,
}

impl ItemOption {
    /// Whether `answer` names this option.
    #[must_use]
    pub fn is_named_by(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Number(score) => self.score.is_some_and(|own| i64::from(own) == *score),
            Answer::Text(key) => self.flag.is_none() && self.key.as_deref() == Some(key),
            Answer::Flag(flag) => self.flag == Some(*flag),
            Answer::List(_) => false,
        }
    }
}

/// A question of the form that is not scored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Official code.
    pub code: Text,
    /// Official name.
    pub names: Words,
    /// What is asked, in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<Words>,
    /// How it is answered.
    #[serde(rename = "type")]
    pub answer: FieldType,
    /// Options of a `choice` or of `choices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    /// Rows of the table of `diagnoses`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<DiagnosisRow>,
    /// For a `flag`: an option of an item that answers it where it is itself
    /// not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<AnsweredBy>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

impl Field {
    /// The option that an answer to a `choice` names, by code or key.
    #[must_use]
    pub fn option_answered(&self, answer: &Answer) -> Option<&FieldOption> {
        self.options.iter().find(|option| match answer {
            Answer::Number(code) => option.code.is_some_and(|known| i64::from(known) == *code),
            Answer::Text(key) => option.key == *key,
            Answer::Flag(_) | Answer::List(_) => false,
        })
    }
}

/// How a field is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// `true` or `false`.
    Flag,
    /// The key or the code of one option.
    Choice,
    /// A list of option keys; the empty list says none.
    Choices,
    /// A list of ICD-10 codes, printed ranges of rows, or keys of rows without
    /// a code; the empty list says none.
    Diagnoses,
}

/// One option of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// The number the form prints beside it, where it prints one; 0 to 15.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u8>,
    /// Key, unique within the field.
    pub key: Text,
    /// Short label in our own words.
    pub label: Words,
}

/// One row of a table of diagnoses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DiagnosisRow {
    /// Key, unique within the field.
    pub key: Text,
    /// The printed ICD-10 category or range; absent where none is printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icd: Option<Text>,
    /// Name of the disease.
    pub names: Words,
}

/// An option of an item that answers a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnsweredBy {
    /// Code of the item.
    pub code: Text,
    /// Key of its option.
    pub option: Text,
    /// What the option says of the field.
    #[serde(rename = "as")]
    pub value: bool,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// A named ambiguity of the text, with its choices.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// Id, unique in the instrument.
    pub id: Text,
    /// What is read in two ways.
    pub names: Words,
    /// The readings.
    pub choices: Vec<Choice>,
    /// Key of the reading taken where a case chooses none.
    pub default: Text,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<crate::Text>,
    /// Grade of the default reading.
    pub grade: Grade,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Key.
    pub key: Text,
    /// What it means.
    pub names: Words,
}

/// One step from answers towards the level.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Id, unique in the instrument.
    pub id: Text,
    /// What it computes.
    pub names: Words,
    /// How.
    pub rule: Rule,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// The words of the step language. None can fail once the file is loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// Adds scores of items and values of earlier steps.
    Sum(Sum),
    /// Counts the items with one of some answers.
    Count(Count),
    /// Gives each value of an earlier step the row in which it lies.
    Band(Band),
    /// The greatest (worst) of earlier steps.
    WorstOf(WorstOf),
    /// One cell for each pair of values of two earlier steps.
    Table(Table),
    /// The first row whose condition holds.
    Cases(Cases),
    /// A table that the rulebook does not have: any level is possible, until a
    /// file of kind `supplement` gives the rule.
    Open(Open),
    /// Changes a level on grounds that lie outside the scores.
    LevelChange(LevelChange),
}

/// A rule that is not known.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Why there is no level, and what would give one.
    pub says: Words,
}

/// Adds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Codes of items and ids of earlier steps.
    pub of: Vec<Text>,
}

/// Counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Codes of items.
    pub of: Vec<Text>,
    /// Keys of the options that count.
    pub options: Vec<Text>,
}

/// Rows over one value.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Id of the earlier step.
    pub of: Text,
    /// The rows, which cover every reachable value exactly once.
    pub rows: Vec<BandRow>,
}

/// One row of a band.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BandRow {
    /// Least value, included.
    pub from: u8,
    /// Greatest value, included.
    pub to: u8,
    /// What it gives.
    pub is: Outcome,
}

/// What a row or cell gives: a grade, or a level by its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Outcome {
    /// A number, usually a grade (0 best).
    Number(u8),
    /// The key of a level.
    Level(Text),
}

/// The greatest of several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorstOf {
    /// Ids of earlier steps.
    pub of: Vec<Text>,
}

/// A table of two dimensions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Id of the earlier step that chooses the row.
    pub down: Text,
    /// Id of the earlier step that chooses the column.
    pub across: Text,
    /// Values of `across`, left to right.
    pub columns: Vec<u8>,
    /// The rows, one for each value of `down`.
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// Value of `down`.
    pub at: u8,
    /// One cell for each column.
    pub cells: Vec<Outcome>,
}

/// Rows with a condition each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// Codes of items and ids of earlier steps that the conditions may ask.
    pub of: Vec<Text>,
    /// The rows.
    pub rows: Vec<CaseRow>,
    /// Which row counts where several hold: the first, unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub several: Option<ByReading<Several>>,
    /// Rows tried in order where none of `rows` holds: what a text leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<CaseRow>,
    /// Grade of what rests on rows that hold together and disagree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap_grade: Option<Grade>,
}

/// Which of several rows that hold counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Several {
    /// The first in the file.
    First,
    /// That of the least value.
    Least,
    /// That of the greatest value.
    Greatest,
}

/// One case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseRow {
    /// When the row holds; `{"all": []}` always does.
    pub when: Condition,
    /// What it gives.
    pub is: Outcome,
    /// Grade of the row, where it is another than that of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
}

/// One value, or one for each choice of an interpretation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ByReading<T> {
    /// The same under every reading.
    Always(T),
    /// By interpretation.
    Reading {
        /// Id of the interpretation.
        interpretation: Text,
        /// One value for each of its choices.
        choices: BTreeMap<String, T>,
    },
}

/// Changes a level.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LevelChange {
    /// Id of the step that gives the preliminary level.
    pub of: Text,
    /// The rules, in the order of the form.
    pub rules: Vec<ChangeRule>,
    /// What several rules that worsen do together.
    pub together: ByReading<Combine>,
}

/// One rule of a level change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeRule {
    /// Id, unique in the instrument.
    pub id: Text,
    /// What it is about.
    pub names: Words,
    /// The grounds.
    pub when: Condition,
    /// What they do.
    pub then: Effect,
    /// Of a rule that sets the level: the grade of the evidence that it does so even
    /// where items are missing. Absent: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_items: Option<Grade>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// What a level change does. The result is never past the worst level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Gives this level, by its key, whatever the scores are.
    Set(Text),
    /// Worsens by so many levels.
    WorseBy(u8),
}

/// How rules that worsen add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Only the largest counts, once.
    Largest,
    /// Each counts.
    Each,
}

/// Which steps the result shows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResultSteps {
    /// Steps shown as scores, in order.
    pub scores: Vec<Text>,
    /// Code of a domain → the step that grades it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grades: BTreeMap<Text, Text>,
    /// The total, whose range is given while items are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Text>,
    /// The level before changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preliminary: Option<Text>,
    /// The level.
    pub level: Text,
}

/// What the standard asks of those who assess. Not kept: a finding, no refusal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssessorRule {
    /// How many at least.
    pub at_least: u8,
    /// At least one has one of these backgrounds.
    pub one_with: Vec<Text>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// What falls due once a level is determined.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DueRule {
    /// What: `reassessment`.
    pub what: Text,
    /// When it does: only where the condition is true.
    pub when: Condition,
    /// Full months after the day of the assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// What it waits for, where that is no day: a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upon: Option<Text>,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// The rule that an instrument leaves open, given by a user's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Supplement {
    /// Always `supplement`.
    pub kind: Text,
    /// Version of the file format; 1.
    pub schema: u8,
    /// Id, unique in the rulebook.
    pub id: Text,
    /// Title.
    pub names: Words,
    /// Documents cited here.
    pub documents: Vec<Document>,
    /// Id of the instrument.
    pub instrument: Text,
    /// Id of its step that is open.
    pub step: Text,
    /// Steps that the rule needs, put before it.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The rule.
    pub rule: Rule,
    /// Citations.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

impl Definition {
    /// Puts the rule of `supplement` in the place of the step that is open, and its
    /// steps before it; gives the position of the first, or none if there is no open
    /// step of that id.
    pub(crate) fn supply(&mut self, supplement: &Supplement) -> Option<usize> {
        let position = self
            .steps
            .iter()
            .position(|step| step.id == supplement.step && matches!(step.rule, Rule::Open(_)))?;
        if let Some(step) = self.steps.get_mut(position) {
            step.rule = supplement.rule.clone();
            step.cite.clone_from(&supplement.cite);
            step.grade = supplement.grade;
        }
        self.steps
            .splice(position..position, supplement.steps.iter().cloned());
        Some(position)
    }
}

/// Answers that do not fit together.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Code of the finding.
    pub finding: Text,
    /// How much it matters.
    pub severity: Severity,
    /// When it is raised: only where the condition is true.
    pub when: Condition,
    /// Codes of the answers it concerns, the first of which it points at.
    pub about: Vec<Text>,
    /// What it says.
    pub says: Words,
    /// Citations: the project's own document, or the standard's clause.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// What is improbable between a result and the person's last one. It has exactly one of
/// `levels_better`, `levels_worse` and `vanished`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SinceLast {
    /// Code of the finding, unique in the instrument.
    pub finding: Text,
    /// How much it matters.
    pub severity: Severity,
    /// The level is better by at least so many; 1 to the code of the worst level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels_better: Option<u8>,
    /// The level is worse by at least so many; 1 to the code of the worst level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels_worse: Option<u8>,
    /// What was answered last time is answered no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanished: Option<Vanished>,
    /// Only while less than so many months are full between the two assessments; 1 to
    /// 1200. Always, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_months: Option<u16>,
    /// What it says. `{before}` and `{after}` stand for the levels, `{levels}` for the
    /// difference, `{months}` for `within_months`, `{what}` for what vanished.
    pub says: Words,
    /// Citations: the project's own document, or the standard's clause.
    #[serde(default)]
    pub cite: Vec<Text>,
    /// Grade of the evidence.
    pub grade: Grade,
}

/// Answers of a field that were given and are given no longer. What is not answered at
/// all the second time has not vanished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Vanished {
    /// Code of a field: of diagnoses, or a choice.
    pub code: Text,
    /// Of a choice: any of these keys before, and none of them now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Text>,
    /// Of diagnoses: ICD-10 categories or ranges. A diagnosis within one of them before,
    /// and none of its kind now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Text>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look again.
    Warning,
}
