//! An instrument as tables that a policy officer can read beside the standard.

use nengli::condition::{Ask, Condition, Scalar};
use nengli::instrument::definition::{
    ByReading, Definition, Domain, Effect, Field, FieldType, InForce, Outcome, Rule, Step,
};
use nengli::{Instrument, Lang, Rulebook, Words, explain};

use crate::rules::word;
use crate::table::Table;

/// When something is in force: its first day, and its last where there is one.
pub(crate) fn life(in_force: InForce) -> String {
    match in_force.to.and_then(|to| to.yesterday().ok()) {
        Some(last) => format!("{} – {last}", in_force.from),
        None => format!("{} –", in_force.from),
    }
}

/// All of it.
pub(crate) fn sheet(
    instrument: &Instrument,
    rulebook: &Rulebook,
    lang: Lang,
    markdown: bool,
) -> String {
    let sheet = Sheet {
        definition: instrument.definition(),
        rulebook,
        lang,
    };
    let title = format!(
        "{} {} ({})",
        sheet.named(&sheet.definition.names),
        instrument.id(),
        life(sheet.definition.in_force)
    );
    let mut out = if markdown {
        format!("# {title}\n")
    } else {
        format!("{title}\n")
    };
    for (heading, table) in sheet.tables() {
        let (mark, body) = if markdown {
            ("## ", table.markdown())
        } else {
            ("", table.drawn())
        };
        out.push_str(&format!("\n{mark}{heading}\n\n{body}\n"));
    }
    out
}

struct Sheet<'a> {
    definition: &'a Definition,
    rulebook: &'a Rulebook,
    lang: Lang,
}

impl Sheet<'_> {
    fn named(&self, names: &Words) -> String {
        names.within(self.lang).to_owned()
    }

    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        word(self.lang, zh, en)
    }

    fn cites(&self, ids: &[nengli::Text]) -> String {
        explain::citations(ids, self.rulebook, self.lang)
    }

    fn tables(&self) -> Vec<(String, Table)> {
        let mut out = Vec::new();
        for domain in &self.definition.domains {
            let heading = format!("{} {}", domain.code, self.named(&domain.names));
            out.push((heading, self.items(domain)));
        }
        if !self.definition.fields.is_empty() {
            let heading = self.word("其他字段", "other fields").to_owned();
            out.push((heading, self.fields()));
        }
        for step in &self.definition.steps {
            let heading = format!(
                "{} {} — {} · {}",
                step.id,
                self.named(&step.names),
                step.grade.as_str(),
                self.cites(&step.cite)
            );
            out.push((heading, self.step(step)));
        }
        if !self.definition.interpretations.is_empty() {
            let heading = self.word("解释（* 为默认）", "interpretations (* by default)");
            out.push((heading.to_owned(), self.interpretations()));
        }
        out
    }

    fn items(&self, domain: &Domain) -> Table {
        let mut table = Table::new([
            self.word("代码", "code"),
            self.word("指标", "item"),
            self.word("分", "score"),
            self.word("选项", "option"),
            "key",
            self.word("证据", "grade"),
        ])
        .keys(4);
        for item in &domain.items {
            for (i, option) in item.options.iter().enumerate() {
                let first = |text: String| if i == 0 { text } else { String::new() };
                let label = option.label.as_ref().map_or_else(
                    || explain::unknown_meaning(self.lang).to_owned(),
                    |label| self.named(label),
                );
                let key = match option.flag {
                    Some(flag) => flag.to_string(),
                    None => option.key.clone().unwrap_or_default().into(),
                };
                table.row([
                    first(item.code.to_string()),
                    first(self.named(&item.names)),
                    option
                        .score
                        .map(|score| score.to_string())
                        .unwrap_or_default(),
                    label,
                    key,
                    first(item.grade.as_str().to_owned()),
                ]);
            }
        }
        table
    }

    fn fields(&self) -> Table {
        let mut table = Table::new([
            self.word("代码", "code"),
            self.word("字段", "field"),
            self.word("作答", "answers"),
        ]);
        for field in &self.definition.fields {
            table.row([
                field.code.to_string(),
                self.named(&field.names),
                self.answers(field).join("\n"),
            ]);
        }
        table
    }

    fn answers(&self, field: &Field) -> Vec<String> {
        match field.answer {
            FieldType::Flag => vec!["true / false".to_owned()],
            FieldType::Diagnoses => field
                .rows
                .iter()
                .map(|row| {
                    let code = row.icd.as_deref().unwrap_or(&row.key);
                    format!("{code} {}", self.named(&row.names))
                })
                .collect(),
            FieldType::Choice | FieldType::Choices => field
                .options
                .iter()
                .map(|option| {
                    let code = option.code.map(|code| format!("{code} "));
                    let label = self.named(&option.label);
                    format!("{}{} — {label}", code.unwrap_or_default(), option.key)
                })
                .collect(),
        }
    }

    fn interpretations(&self) -> Table {
        let mut table = Table::new([
            "id",
            self.word("问题", "question"),
            self.word("读法", "readings"),
            self.word("证据", "grade"),
        ]);
        for interpretation in &self.definition.interpretations {
            let choices: Vec<String> = interpretation
                .choices
                .iter()
                .map(|choice| {
                    let default = choice.key == interpretation.default;
                    let mark = if default { "*" } else { "" };
                    format!("{mark}{} — {}", choice.key, self.named(&choice.names))
                })
                .collect();
            table.row([
                interpretation.id.to_string(),
                self.named(&interpretation.names),
                choices.join("\n"),
                interpretation.grade.as_str().to_owned(),
            ]);
        }
        table
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Number(number) => number.to_string(),
            Outcome::Level(key) => self.level(key),
        }
    }

    fn level(&self, key: &str) -> String {
        let levels = &self.definition.levels;
        levels
            .iter()
            .find(|level| level.key == key)
            .map_or_else(|| key.to_owned(), |level| self.named(&level.names))
    }

    fn step(&self, step: &Step) -> Table {
        let result = self.word("结果", "result");
        let one = |heading: &str, text: String| {
            let mut table = Table::new([heading]);
            table.row([text]);
            table
        };
        match &step.rule {
            Rule::Sum(sum) => one(self.word("相加", "sum of"), sum.of.join(" + ")),
            Rule::Count(count) => one(
                self.word("计数", "count"),
                format!("{}: {}", count.of.join(", "), count.options.join(", ")),
            ),
            Rule::WorstOf(worst) => one(self.word("取最重", "the worst of"), worst.of.join(", ")),
            Rule::Open(open) => one(self.word("未载", "not known"), self.named(&open.says)),
            Rule::Band(band) => {
                let mut table = Table::new([band.of.as_str(), result]);
                for row in &band.rows {
                    let span = if row.from == row.to {
                        row.from.to_string()
                    } else {
                        format!("{}–{}", row.from, row.to)
                    };
                    table.row([span, self.outcome(&row.is)]);
                }
                table
            }
            Rule::Table(cells) => {
                let mut head = vec![format!("{} \\ {}", cells.down, cells.across)];
                head.extend(cells.columns.iter().map(u8::to_string));
                let mut table = Table::of(head);
                for row in &cells.rows {
                    let cells = row.cells.iter().map(|cell| self.outcome(cell));
                    table.row(std::iter::once(row.at.to_string()).chain(cells));
                }
                table
            }
            Rule::Cases(cases) => {
                let mut table = Table::new(["#", self.word("条件", "when"), result]);
                let rows = cases.rows.iter().map(|row| ("", row));
                let gaps = cases
                    .gaps
                    .iter()
                    .map(|row| (self.word("（文本未载）", "(not in the text) "), row));
                for (i, (note, row)) in rows.chain(gaps).enumerate() {
                    table.row([
                        (i + 1).to_string(),
                        format!("{note}{}", condition(&row.when)),
                        self.outcome(&row.is),
                    ]);
                }
                table
            }
            Rule::LevelChange(change) => {
                let mut table = Table::new([
                    self.word("规则", "rule"),
                    self.word("名称", "name"),
                    self.word("条件", "when"),
                    self.word("作用", "effect"),
                    self.word("证据", "grade"),
                ]);
                for rule in &change.rules {
                    let effect = match &rule.then {
                        Effect::Set(key) => format!("→ {}", self.level(key)),
                        Effect::WorseBy(by) => format!("+{by}"),
                    };
                    table.row([
                        rule.id.to_string(),
                        self.named(&rule.names),
                        condition(&rule.when),
                        effect,
                        rule.grade.as_str().to_owned(),
                    ]);
                }
                if let ByReading::Reading { interpretation, .. } = &change.together {
                    let note = self.word("合并方式由解释决定", "added up by interpretation");
                    table.row(["", note, interpretation.as_str(), "", ""]);
                }
                table
            }
            _ => one("", String::new()),
        }
    }
}

/// A condition in a short notation.
fn condition(of: &Condition) -> String {
    let join = |parts: &[Condition], by: &str| {
        let parts: Vec<String> = parts.iter().map(nested).collect();
        parts.join(by)
    };
    match of {
        Condition::All(parts) if parts.is_empty() => "—".to_owned(),
        Condition::Any(parts) if parts.is_empty() => "∅".to_owned(),
        Condition::All(parts) => join(parts, " ∧ "),
        Condition::Any(parts) => join(parts, " ∨ "),
        Condition::Not(part) => format!("¬{}", nested(part)),
        Condition::Answer(ask) => asked(ask),
        Condition::Step(ask) => bounds(&ask.id, ask.at_least, ask.at_most),
        Condition::Sum(many) => format!("Σ({}) ≥ {}", many.of.join(", "), many.at_least),
        Condition::Most(many) => format!("max({}) ≥ {}", many.of.join(", "), many.at_least),
        Condition::Count(count) => {
            let parts = format!("#({})", join(&count.of, "; "));
            bounds(&parts, count.at_least, count.at_most)
        }
        Condition::Diagnosis(ask) => format!("{} ∈ {}", ask.code, ask.within.join(", ")),
        Condition::Reading(reading) => {
            let choices: Vec<String> = reading
                .choices
                .iter()
                .map(|(choice, part)| format!("{choice}: {}", condition(part)))
                .collect();
            format!("[{}] {}", reading.interpretation, choices.join(" | "))
        }
        _ => String::new(),
    }
}

/// The same, in brackets where another word would run into it.
fn nested(of: &Condition) -> String {
    match of {
        Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => {
            format!("({})", condition(of))
        }
        _ => condition(of),
    }
}

fn bounds(of: &str, at_least: Option<u8>, at_most: Option<u8>) -> String {
    match (at_least, at_most) {
        (Some(least), Some(most)) if least == most => format!("{of} = {least}"),
        (Some(least), Some(most)) => format!("{least} ≤ {of} ≤ {most}"),
        (Some(least), None) => format!("{of} ≥ {least}"),
        (None, Some(most)) => format!("{of} ≤ {most}"),
        (None, None) => of.to_owned(),
    }
}

fn asked(ask: &Ask) -> String {
    let scalar = |scalar: &Scalar| match scalar {
        Scalar::Key(key) => key.clone(),
        other => other.to_string(),
    };
    match (&ask.is, &ask.one_of) {
        (Some(is), _) => format!("{} = {}", ask.code, scalar(is)),
        (None, Some(list)) => {
            let list: Vec<String> = list.iter().map(scalar).collect();
            format!("{} ∈ {{{}}}", ask.code, list.join(", "))
        }
        (None, None) => bounds(&ask.code, ask.at_least, ask.at_most),
    }
}
