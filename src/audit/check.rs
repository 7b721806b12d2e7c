//! The mapping against the rulebook: every code, level and value that it names.

use std::collections::{BTreeMap, BTreeSet};

use super::mapping::{Mapping, MappingFault, Source};
use crate::case::{self, Answer, Assessment, Case, Problems};
use crate::instrument::Instrument;
use crate::instrument::definition::FieldType;
use crate::json::child;
use crate::rulebook::Rulebook;
use crate::text::Text;
use crate::words::{Lang, Words};

pub(super) struct Check<'r> {
    rulebook: &'r Rulebook,
    faults: Vec<MappingFault>,
}

/// Every fault of what a mapping refers to.
pub(super) fn faults(rulebook: &Rulebook, mapping: &Mapping) -> Vec<MappingFault> {
    let mut check = Check {
        rulebook,
        faults: Vec::new(),
    };
    check.head(mapping);
    match rulebook.instrument(&mapping.instrument) {
        Some(instrument) => {
            check.answers(instrument, mapping);
            check.recorded(instrument, mapping);
            check.readings(instrument, mapping);
        }
        None => {
            let ids: Vec<&str> = rulebook.instruments().map(Instrument::id).collect();
            check.fault(
                "/instrument".to_owned(),
                format!("expected one of {}; found another id", ids.join(", ")),
                format!("只接受 {}；实为其他代号", ids.join("、")),
            );
        }
    }
    check.faults
}

impl Check<'_> {
    fn fault(&mut self, at: String, en: String, zh: String) {
        self.faults.push(MappingFault {
            at,
            message: Words { en, zh },
        });
    }

    fn head(&mut self, mapping: &Mapping) {
        if mapping.schema != 1 {
            self.fault(
                "/schema".to_owned(),
                "expected version 1 of the format; found another".to_owned(),
                "只接受第 1 版格式；实为其他版本".to_owned(),
            );
        }
        if let Some(delimiter) = &mapping.delimiter
            && !matches!(delimiter.as_bytes(), [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte))
        {
            self.fault(
                "/delimiter".to_owned(),
                "expected one ASCII character, no quotation mark and no end of line; found another text"
                    .to_owned(),
                "应为一个 ASCII 字符，且不是引号或换行；实为其他文本".to_owned(),
            );
        }
        if mapping.date.column.is_some() == mapping.date.is.is_some() {
            self.fault(
                "/date".to_owned(),
                "expected `column` or `is`; found both or neither".to_owned(),
                "应有 column 或 is 其一；实为两者皆有或皆无".to_owned(),
            );
        }
    }

    /// Whether a source has a column or a value, and not both.
    fn source(&mut self, at: &str, source: &Source) {
        if source.column().is_some() == source.is().is_some() {
            self.fault(
                at.to_owned(),
                "expected `column` or `is`; found both or neither".to_owned(),
                "应有 column 或 is 其一；实为两者皆有或皆无".to_owned(),
            );
        }
        if source.separator().is_some_and(str::is_empty) {
            self.fault(
                child(at, "separator"),
                "expected a text that stands between two entries; found an empty one".to_owned(),
                "应为两项之间的分隔文本；实为空".to_owned(),
            );
        }
    }

    fn answers(&mut self, instrument: &Instrument, mapping: &Mapping) {
        let mut columns: BTreeMap<&str, &str> = BTreeMap::new();
        for (code, source) in &mapping.answers {
            let at = child("/answers", code);
            if !instrument.codes().iter().any(|(known, _)| known == code) {
                self.fault(
                    at,
                    format!("expected a code of {}; found another", instrument.id()),
                    format!("应为 {} 的指标代码；实为其他", instrument.id()),
                );
                continue;
            }
            self.source(&at, source);
            let listed = is_list(instrument, code);
            if source.separator().is_some() && !listed {
                self.fault(
                    child(&at, "separator"),
                    "expected a separator only where the answer is a list; found one elsewhere"
                        .to_owned(),
                    "只有答案为列表时才用分隔符；此处不是".to_owned(),
                );
            }
            let item = instrument.items().any(|item| item.code == *code);
            if let Some(column) = source.column().filter(|_| item)
                && let Some(other) = columns.insert(column, code)
            {
                self.fault(
                    at.clone(),
                    format!("expected a column of its own; found that of {other}"),
                    format!("每个指标应有自己的列；此列已用于 {other}"),
                );
            }
            if let Some(answer) = source.is() {
                self.answer(instrument, code, answer, child(&at, "is"));
            }
            for (text, answer) in source.values().into_iter().flatten() {
                self.answer(instrument, code, answer, child(&child(&at, "values"), text));
            }
        }
    }

    /// Whether the instrument accepts an answer.
    fn answer(&mut self, instrument: &Instrument, code: &str, answer: &Answer, at: String) {
        let day = instrument.definition().in_force.from;
        let mut form = Assessment::new(instrument.id(), day);
        form.answers.insert(code.to_owned(), answer.clone());
        let mut case = Case::new("mapping", day);
        case.assessments.push(form);
        let mut problems = Problems::default();
        case::check(&case, self.rulebook, &mut problems);
        for problem in problems.rejection(None).rejected {
            self.fault(
                at.clone(),
                problem.message.clone(),
                problem.message_in(Lang::Zh).to_owned(),
            );
        }
    }

    fn recorded(&mut self, instrument: &Instrument, mapping: &Mapping) {
        let recorded = &mapping.recorded;
        let steps = &instrument.definition().result;
        let none = recorded.grades.is_empty()
            && recorded.scores.is_empty()
            && recorded.level.is_none()
            && recorded.preliminary.is_none();
        if none {
            self.fault(
                "/recorded".to_owned(),
                "expected at least one recorded value; found none".to_owned(),
                "至少应有一个已记录的结果；一个也没有".to_owned(),
            );
        }
        let scores: Vec<&str> = steps.scores.iter().map(Text::as_str).collect();
        let grades: Vec<&str> = steps.grades.keys().map(Text::as_str).collect();
        for (kind, sources, known) in [
            ("scores", &recorded.scores, &scores),
            ("grades", &recorded.grades, &grades),
        ] {
            for (id, source) in sources {
                let at = child(&child("/recorded", kind), id);
                if !known.contains(&id.as_str()) {
                    let known = if known.is_empty() {
                        "none"
                    } else {
                        &known.join(", ")
                    };
                    self.fault(
                        at,
                        format!(
                            "expected one of those of {}: {known}; found another",
                            instrument.id()
                        ),
                        format!("{} 只有：{known}；实为其他", instrument.id()),
                    );
                    continue;
                }
                self.plain(&at, source);
                for (text, value) in source.values().into_iter().flatten() {
                    if !matches!(value, Answer::Number(0..)) {
                        self.fault(
                            child(&child(&at, "values"), text),
                            "expected a whole number, 0 or more; found another value".to_owned(),
                            "应为不小于 0 的整数；实为其他值".to_owned(),
                        );
                    }
                }
            }
        }
        if recorded.preliminary.is_some() && steps.preliminary.is_none() {
            self.fault(
                "/recorded/preliminary".to_owned(),
                format!("expected nothing: {} changes no level", instrument.id()),
                format!("{} 没有等级变更，不应有初步等级", instrument.id()),
            );
        }
        for (kind, source) in [
            ("level", &recorded.level),
            ("preliminary", &recorded.preliminary),
        ] {
            let Some(source) = source else { continue };
            let at = child("/recorded", kind);
            self.plain(&at, source);
            for (text, value) in source.values().into_iter().flatten() {
                let levels = instrument.levels();
                let known = |key: &String| levels.iter().any(|level| level.key == *key);
                if !matches!(value, Answer::Text(key) if known(key)) {
                    let keys: Vec<&str> = levels.iter().map(|level| level.key.as_str()).collect();
                    self.fault(
                        child(&child(&at, "values"), text),
                        format!("expected one of {}; found another value", keys.join(", ")),
                        format!("只接受 {}；实为其他值", keys.join("、")),
                    );
                }
            }
        }
    }

    /// What was recorded comes from a column, and is no list.
    fn plain(&mut self, at: &str, source: &Source) {
        self.source(at, source);
        for (key, there) in [
            ("is", source.is().is_some()),
            ("separator", source.separator().is_some()),
        ] {
            if there {
                self.fault(
                    child(at, key),
                    "expected a column alone, or with `values`; found more".to_owned(),
                    "只能有列，或列与 values；实有其他".to_owned(),
                );
            }
        }
    }

    fn readings(&mut self, instrument: &Instrument, mapping: &Mapping) {
        for (id, choice) in &mapping.interpretations {
            let readings = instrument.default_readings();
            if instrument.with_reading(readings, id, choice).is_none() {
                let known: BTreeSet<String> = instrument
                    .definition()
                    .interpretations
                    .iter()
                    .flat_map(|one| {
                        one.choices
                            .iter()
                            .map(|choice| format!("{}={}", one.id, choice.key))
                    })
                    .collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.fault(
                    child("/interpretations", id),
                    format!("expected one of {}; found another", known.join(", ")),
                    format!("只接受 {}；实为其他", known.join("、")),
                );
            }
        }
    }
}

/// Whether the answer to a code is a list.
pub(super) fn is_list(instrument: &Instrument, code: &str) -> bool {
    instrument.definition().fields.iter().any(|field| {
        field.code == code && matches!(field.answer, FieldType::Choices | FieldType::Diagnoses)
    })
}
