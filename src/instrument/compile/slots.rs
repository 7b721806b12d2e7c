//! Items and fields: the slots that answers go to.

use std::collections::BTreeSet;

use super::{Compiler, MAX_NUMBER, MAX_OPTIONS};
use crate::case::CategoryRange;
use crate::condition::Condition;
use crate::instrument::MAX_SLOTS;
use crate::instrument::definition::{Field, FieldType, Item, Rule};
use crate::instrument::program::{Slot, StandIn, Target};
use crate::rulebook::DiagnosticKind as Kind;

impl<'d> Compiler<'d, '_, '_> {
    /// Gives every item, flag, choice and asked group of diagnoses a slot.
    pub(super) fn slots(&mut self) {
        let definition = self.definition;
        let mut seen = BTreeSet::new();
        for (d, domain) in definition.domains.iter().enumerate() {
            let earlier = definition.domains.iter().take(d);
            if earlier
                .map(|other| &other.code)
                .any(|code| *code == domain.code)
            {
                self.fault(
                    format!("/domains/{d}/code"),
                    Kind::DuplicateCode,
                    format!("expected each domain once; found {:?} again", domain.code),
                );
            }
            for (i, item) in domain.items.iter().enumerate() {
                let at = format!("/domains/{d}/items/{i}");
                self.unique_code(&at, &item.code, &mut seen);
                let keys = item
                    .options
                    .iter()
                    .filter_map(|option| option.key.as_deref());
                self.unique_keys(&format!("{at}/options"), keys);
                let numbers = self.item_numbers(&at, item);
                let scored = item.options.iter().any(|option| option.score.is_some());
                let slot = self.slot(&at, &item.code, numbers, scored);
                self.program.codes.push((
                    item.code.clone(),
                    Target::Item {
                        slot,
                        domain: d,
                        item: i,
                    },
                ));
                self.places.insert(&item.code, slot);
                self.cite(&at, &item.cite, item.grade, true);
            }
        }
        self.program.items = self.program.slots.len();
        let groups = self.asked_groups();
        for (i, field) in definition.fields.iter().enumerate() {
            let at = format!("/fields/{i}");
            self.unique_code(&at, &field.code, &mut seen);
            let keys = field.options.iter().map(|option| option.key.as_str());
            self.unique_keys(&format!("{at}/options"), keys);
            self.field_shape(&at, field);
            let rows = field.rows.iter().map(|row| row.key.as_str());
            self.unique_keys(&format!("{at}/rows"), rows);
            let target = match field.answer {
                FieldType::Flag => {
                    let slot = self.slot(&at, &field.code, vec![0, 1], false);
                    self.places.insert(&field.code, slot);
                    Target::Field { field: i, slot }
                }
                FieldType::Choice => {
                    let coded = field.options.iter().all(|option| option.code.is_some());
                    let numbers = field
                        .options
                        .iter()
                        .zip(0..)
                        .map(|(option, position)| option.code.unwrap_or(position))
                        .collect();
                    let slot = self.slot(&at, &field.code, numbers, coded);
                    self.places.insert(&field.code, slot);
                    Target::Field { field: i, slot }
                }
                FieldType::Choices => Target::Choices { field: i },
                FieldType::Diagnoses => {
                    for (j, row) in field.rows.iter().enumerate() {
                        if let Some(icd) = &row.icd
                            && CategoryRange::parse(icd).is_none()
                        {
                            self.fault(
                                format!("{at}/rows/{j}/icd"),
                                Kind::Shape,
                                format!("expected a category or range as F00-F03; found {icd:?}"),
                            );
                        }
                    }
                    let mut own = Vec::new();
                    for (code, within) in &groups {
                        if *code != field.code {
                            continue;
                        }
                        let ranges = within
                            .iter()
                            .filter_map(|range| CategoryRange::parse(range))
                            .collect();
                        let slot = self.slot(&at, &field.code, vec![0, 1], false);
                        self.groups.insert((code, within), slot);
                        own.push((slot, ranges));
                    }
                    Target::Diagnoses {
                        field: i,
                        groups: own,
                    }
                }
            };
            self.program.codes.push((field.code.clone(), target));
            self.cite(&at, &field.cite, field.grade, false);
        }
        if self.program.slots.len() > MAX_SLOTS {
            let found = self.program.slots.len();
            self.fault(
                "/domains",
                Kind::TooLarge,
                format!("expected at most {MAX_SLOTS} items and askable fields; found {found}"),
            );
        }
        self.program.codes.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    /// Options where there is a choice, rows where there are diagnoses, and no two
    /// options of one printed code.
    fn field_shape(&mut self, at: &str, field: &Field) {
        let choice = matches!(field.answer, FieldType::Choice | FieldType::Choices);
        if choice == field.options.is_empty() {
            self.fault(
                format!("{at}/options"),
                Kind::Shape,
                "expected options on a choice and on choices, and nowhere else",
            );
        }
        if (field.answer != FieldType::Diagnoses) != field.rows.is_empty() {
            self.fault(
                format!("{at}/rows"),
                Kind::Shape,
                "expected rows on diagnoses, and nowhere else",
            );
        }
        let mut codes = BTreeSet::new();
        for (j, option) in field.options.iter().enumerate() {
            if option.code.is_some_and(|code| !codes.insert(code)) {
                self.fault(
                    format!("{at}/options/{j}/code"),
                    Kind::DuplicateCode,
                    format!("expected each code once; found {:?} again", option.code),
                );
            }
        }
    }

    fn unique_code(&mut self, at: &str, code: &'d str, seen: &mut BTreeSet<&'d str>) {
        if !seen.insert(code) {
            self.fault(
                format!("{at}/code"),
                Kind::DuplicateCode,
                format!("expected each code once; found {code:?} again"),
            );
        }
    }

    fn unique_keys(&mut self, at: &str, keys: impl Iterator<Item = &'d str>) {
        let mut seen = BTreeSet::new();
        for (i, key) in keys.enumerate() {
            if !seen.insert(key) {
                self.fault(
                    format!("{at}/{i}/key"),
                    Kind::DuplicateCode,
                    format!("expected each key once; found {key:?} again"),
                );
            }
        }
    }

    /// The score of each option, or its position where the item has no scores.
    fn item_numbers(&mut self, at: &str, item: &Item) -> Vec<u8> {
        let scored = item
            .options
            .iter()
            .filter(|option| option.score.is_some())
            .count();
        let flags = item
            .options
            .iter()
            .filter(|option| option.flag.is_some())
            .count();
        let all = item.options.len();
        let named = item
            .options
            .iter()
            .all(|option| option.score.is_some() || option.key.is_some());
        if ![0, all].contains(&scored) || ![0, all].contains(&flags) || (scored > 0 && flags > 0) {
            self.fault(
                format!("{at}/options"),
                Kind::Shape,
                "expected a score on every option or on none, likewise a flag, and not both",
            );
        } else if !named {
            self.fault(
                format!("{at}/options"),
                Kind::Shape,
                "expected a key on every option without a score",
            );
        }
        item.options
            .iter()
            .zip(0..)
            .map(|(option, position)| option.score.unwrap_or(position))
            .collect()
    }

    fn slot(&mut self, at: &str, code: &str, numbers: Vec<u8>, numbered: bool) -> usize {
        if numbers.is_empty() || numbers.len() > MAX_OPTIONS {
            self.fault(
                format!("{at}/options"),
                Kind::TooLarge,
                format!(
                    "expected 1 to {MAX_OPTIONS} options; found {}",
                    numbers.len()
                ),
            );
        }
        for (i, number) in numbers.iter().enumerate().take(MAX_OPTIONS) {
            if *number > MAX_NUMBER {
                self.fault(
                    format!("{at}/options/{i}"),
                    Kind::OutOfRange,
                    format!("expected a number of at most {MAX_NUMBER}; found {number}"),
                );
            }
        }
        self.program.slots.push(Slot {
            code: code.into(),
            all: u16::try_from((1u32 << numbers.len().min(MAX_OPTIONS)) - 1).unwrap_or(u16::MAX),
            most: numbers.iter().copied().max().unwrap_or_default(),
            numbers,
            numbered,
        });
        self.program.slots.len() - 1
    }

    /// The groups of diagnoses that some condition asks, each once.
    fn asked_groups(&self) -> BTreeSet<(&'d str, &'d [String])> {
        fn walk<'d>(condition: &'d Condition, into: &mut BTreeSet<(&'d str, &'d [String])>) {
            match condition {
                Condition::All(parts) | Condition::Any(parts) => {
                    parts.iter().for_each(|part| walk(part, into));
                }
                Condition::Not(part) => walk(part, into),
                Condition::Count(count) => count.of.iter().for_each(|part| walk(part, into)),
                Condition::Diagnosis(ask) => {
                    into.insert((&ask.code, &ask.within));
                }
                Condition::Reading(reading) => {
                    reading.choices.values().for_each(|part| walk(part, into));
                }
                Condition::Answer(_)
                | Condition::Step(_)
                | Condition::Sum(_)
                | Condition::Most(_)
                | Condition::Fact(_)
                | Condition::Level(_)
                | Condition::Definition(_)
                | Condition::LocallySet(_)
                | Condition::Receives(_) => {}
            }
        }
        let definition = self.definition;
        let mut groups = BTreeSet::new();
        for step in &definition.steps {
            match &step.rule {
                Rule::Cases(cases) => cases
                    .rows
                    .iter()
                    .for_each(|row| walk(&row.when, &mut groups)),
                Rule::LevelChange(change) => {
                    change
                        .rules
                        .iter()
                        .for_each(|rule| walk(&rule.when, &mut groups));
                }
                _ => {}
            }
        }
        for check in &definition.checks {
            walk(&check.when, &mut groups);
        }
        for due in &definition.due {
            walk(&due.when, &mut groups);
        }
        groups
    }

    pub(super) fn stand_ins(&mut self) {
        let definition = self.definition;
        for (i, field) in definition.fields.iter().enumerate() {
            let Some(by) = &field.answered_by else {
                continue;
            };
            let at = format!("/fields/{i}/answered_by");
            self.cite(&at, &by.cite, by.grade, false);
            let option = definition
                .domains
                .iter()
                .flat_map(|domain| &domain.items)
                .find(|item| item.code == by.code)
                .and_then(|item| {
                    item.options
                        .iter()
                        .position(|option| option.key.as_ref() == Some(&by.option))
                });
            let item = self.places.get(by.code.as_str()).copied();
            let flag = self.places.get(field.code.as_str()).copied();
            match (item, option, flag) {
                (Some(item), Some(option), Some(flag)) if field.answer == FieldType::Flag => {
                    self.program.stand_ins.push(StandIn {
                        item,
                        option: 1 << option,
                        flag,
                        answer: 1 << u16::from(by.value),
                    });
                }
                _ => self.fault(
                    at,
                    Kind::UnknownReference,
                    "expected, on a flag, an item and the key of one of its options",
                ),
            }
        }
    }
}
