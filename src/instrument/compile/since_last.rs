//! What is improbable between two results: bounds, references and words.

use std::collections::BTreeSet;

use super::Compiler;
use crate::case::CategoryRange;
use crate::instrument::definition::{FieldType, SinceLast, Vanished};
use crate::rulebook::DiagnosticKind as Kind;

/// Most months that a rule may look back: a century.
const MAX_MONTHS: u16 = 1200;

impl Compiler<'_, '_, '_> {
    pub(super) fn since_last(&mut self) {
        let definition = self.definition;
        let mut codes = BTreeSet::new();
        for (i, rule) in definition.since_last.iter().enumerate() {
            let at = format!("/since_last/{i}");
            self.cite(&at, &rule.cite, rule.grade, false);
            if !codes.insert(&rule.finding) {
                self.fault(
                    format!("{at}/finding"),
                    Kind::DuplicateCode,
                    format!("expected each finding once; found {:?} again", rule.finding),
                );
            }
            let asked = [
                rule.levels_better.is_some(),
                rule.levels_worse.is_some(),
                rule.vanished.is_some(),
            ];
            if asked.into_iter().filter(|one| *one).count() != 1 {
                self.fault(
                    &at,
                    Kind::Shape,
                    "expected exactly one of levels_better, levels_worse and vanished",
                );
            }
            self.jump(&at, "levels_better", rule.levels_better);
            self.jump(&at, "levels_worse", rule.levels_worse);
            if let Some(vanished) = &rule.vanished {
                self.vanished(&format!("{at}/vanished"), vanished);
            }
            if let Some(months) = rule.within_months
                && !(1..=MAX_MONTHS).contains(&months)
            {
                self.fault(
                    format!("{at}/within_months"),
                    Kind::OutOfRange,
                    format!("expected 1 to {MAX_MONTHS} months; found {months}"),
                );
            }
            self.says(&at, rule);
        }
    }

    /// Two levels can lie so far apart.
    fn jump(&mut self, at: &str, key: &str, levels: Option<u8>) {
        let most = self.definition.levels.len().saturating_sub(1);
        if let Some(levels) = levels
            && !(1..=most).contains(&usize::from(levels))
        {
            self.fault(
                format!("{at}/{key}"),
                Kind::OutOfRange,
                format!("expected 1 to {most} levels; found {levels}"),
            );
        }
    }

    fn vanished(&mut self, at: &str, vanished: &Vanished) {
        let fields = &self.definition.fields;
        let field = fields.iter().find(|field| field.code == vanished.code);
        let field =
            field.filter(|field| matches!(field.answer, FieldType::Choice | FieldType::Diagnoses));
        let Some(field) = field else {
            self.fault(
                format!("{at}/code"),
                Kind::UnknownReference,
                format!(
                    "expected the code of a choice or of diagnoses; found {:?}",
                    vanished.code
                ),
            );
            return;
        };
        let diagnoses = field.answer == FieldType::Diagnoses;
        if vanished.within.is_empty() == diagnoses || vanished.options.is_empty() != diagnoses {
            self.fault(
                at,
                Kind::Shape,
                "expected within for diagnoses, options for a choice, and not both",
            );
        }
        for (j, range) in vanished.within.iter().enumerate() {
            if CategoryRange::parse(range).is_none() {
                self.fault(
                    format!("{at}/within/{j}"),
                    Kind::Shape,
                    format!("expected a category or range as F00-F03; found {range:?}"),
                );
            }
        }
        for (j, key) in vanished.options.iter().enumerate() {
            if !field.options.iter().any(|option| option.key == *key) {
                self.fault(
                    format!("{at}/options/{j}"),
                    Kind::UnknownReference,
                    format!(
                        "expected the key of an option of {}; found {key:?}",
                        field.code
                    ),
                );
            }
        }
    }

    /// The words ask for nothing that the rule does not have.
    fn says(&mut self, at: &str, rule: &SinceLast) {
        let known = |name: &str| match name {
            "before" | "after" | "levels" => rule.vanished.is_none(),
            "what" => rule.vanished.is_some(),
            "months" => rule.within_months.is_some(),
            _ => false,
        };
        for (lang, text) in [("en", &rule.says.en), ("zh", &rule.says.zh)] {
            for part in text.split('{').skip(1) {
                let name = part.split_once('}').map_or(part, |(name, _)| name);
                if !known(name) {
                    self.fault(
                        format!("{at}/says/{lang}"),
                        Kind::UnknownReference,
                        format!("expected an argument that this rule has; found {name:?}"),
                    );
                }
            }
        }
    }
}
