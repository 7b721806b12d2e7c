//! What the rulebook holds, and what was proved of it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets};
use nengli::instrument::definition::{Definition, FieldType, InForce, Outcome, Rule};
use nengli::{Instrument, Lang, Rulebook, Words, explain, schema};

use crate::args::{self, Args};
use crate::files::{self, Failure};

/// Runs `check`.
pub(crate) fn check(args: &Args, command: &args::Check) -> Result<ExitCode, Failure> {
    let rulebook = match files::rulebook(args, command.dir.as_deref()) {
        Ok(rulebook) => rulebook,
        Err(Failure::Rules(error)) => {
            if command.json {
                files::print(&json(&error.diagnostics))?;
            } else {
                let _ = writeln!(io::stderr(), "{error}");
            }
            return Ok(ExitCode::from(1));
        }
        Err(other) => return Err(other),
    };
    let proofs = rulebook.check();
    if command.json {
        files::print(&json(&proofs))?;
        return Ok(ExitCode::SUCCESS);
    }
    for proof in &proofs {
        let mut table = table(&["step", "states", "proved"]);
        for line in &proof.lines {
            table.add_row([
                line.step.clone(),
                line.states.to_string(),
                line.proved.clone(),
            ]);
        }
        files::print(&format!(
            "{}: {} states\n{table}\n",
            proof.instrument, proof.states
        ))?;
    }
    files::print(&format!(
        "rules {} hold together: {} file(s), {} instrument(s), {} facts, {} jurisdictions\n{}",
        rulebook.version(),
        rulebook.files().count(),
        proofs.len(),
        rulebook.facts().count(),
        rulebook.jurisdictions().count(),
        rulebook.digest()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs `schema`.
pub(crate) fn schema(args: &Args, command: &args::Schema) -> Result<ExitCode, Failure> {
    let Some(name) = &command.name else {
        files::print(&schema::NAMES.join("\n"))?;
        return Ok(ExitCode::SUCCESS);
    };
    let rulebook = files::rulebook(args, None)?;
    let found = match &command.instrument {
        Some(id) if name == "case" => {
            let instrument = rulebook.instrument(id).ok_or_else(|| {
                let ids: Vec<&str> = rulebook.instruments().map(Instrument::id).collect();
                Failure::Argument(format!(
                    "expected an instrument, one of {}; found {id:?}",
                    ids.join(", ")
                ))
            })?;
            Some(schema::case_of(&rulebook, instrument))
        }
        Some(_) => {
            return Err(Failure::Argument(
                "--instrument goes with the schema `case` alone".to_owned(),
            ));
        }
        None => schema::named(&rulebook, name),
    };
    let Some(found) = found else {
        return Err(Failure::Argument(format!(
            "expected a schema, one of {}; found {name:?}",
            schema::NAMES.join(", ")
        )));
    };
    files::print(&json(&found))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs `rules`.
pub(crate) fn rules(args: &Args, command: &args::Rules) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let lang = args.lang();
    let text = match command.id.as_deref() {
        None => overview(&rulebook, lang),
        Some("facts") if command.json => json(&rulebook.facts().collect::<Vec<_>>()),
        Some("facts") => facts(&rulebook, lang),
        Some("jurisdictions") if command.json => {
            json(&rulebook.jurisdictions().collect::<Vec<_>>())
        }
        Some("jurisdictions") => jurisdictions(&rulebook, lang),
        Some("fingerprints") => fingerprints(&rulebook),
        Some(id) => match rulebook.instrument(id) {
            Some(instrument) if command.json => json(instrument.definition()),
            Some(instrument) => sheet(instrument, &rulebook, lang),
            None => cited(&rulebook, id, lang).ok_or_else(|| {
                Failure::Argument(format!(
                    "expected an instrument, a citation, facts, jurisdictions or fingerprints; \
                     found {id:?}"
                ))
            })?,
        },
    };
    files::print(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(
            console::Term::stdout()
                .size_checked()
                .map_or(110, |(_, columns)| columns.clamp(60, 140)),
        )
        .set_header(head.iter().copied());
    table
}

/// The word for `lang`.
fn word(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn life(in_force: InForce, lang: Lang) -> String {
    match in_force.to {
        Some(to) => format!("{} – {to}", in_force.from),
        None => format!("{} – {}", in_force.from, word(lang, "今", "today")),
    }
}

fn overview(rulebook: &Rulebook, lang: Lang) -> String {
    let mut table = table(&[
        "id",
        word(lang, "名称", "name"),
        word(lang, "施行", "in force"),
        word(lang, "指标", "items"),
        word(lang, "等级", "levels"),
        word(lang, "证据", "grade"),
    ]);
    for instrument in rulebook.instruments() {
        let definition = instrument.definition();
        table.add_row([
            instrument.id().to_owned(),
            definition.names.within(lang).to_owned(),
            life(definition.in_force, lang),
            instrument.items().count().to_string(),
            instrument.levels().len().to_string(),
            instrument.worst_grade().as_str().to_owned(),
        ]);
    }
    format!(
        "{} {}\n{}\n\n{table}\n\n{}: {}   {}: {}\n",
        word(lang, "规则版本", "rules"),
        rulebook.version(),
        rulebook.digest(),
        word(lang, "事实", "facts"),
        rulebook.facts().count(),
        word(lang, "行政区划", "jurisdictions"),
        rulebook.jurisdictions().count(),
    )
}

fn facts(rulebook: &Rulebook, lang: Lang) -> String {
    let mut table = table(&[
        "id",
        word(lang, "名称", "name"),
        word(lang, "取值", "values"),
        word(lang, "含义", "meaning"),
    ]);
    for fact in rulebook.facts() {
        let values: Vec<String> = fact
            .values
            .iter()
            .map(|value| format!("{} {}", value.key, value.names.within(lang)))
            .collect();
        let kind = serde_json::to_value(fact.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default();
        let range = match (fact.min, fact.max) {
            (Some(min), Some(max)) => format!("{min}–{max}"),
            _ => kind,
        };
        table.add_row([
            fact.id.clone(),
            fact.names.within(lang).to_owned(),
            if values.is_empty() {
                range
            } else {
                values.join("\n")
            },
            fact.meaning.within(lang).to_owned(),
        ]);
    }
    table.to_string()
}

fn jurisdictions(rulebook: &Rulebook, lang: Lang) -> String {
    let mut table = table(&[word(lang, "代码", "code"), word(lang, "名称", "name")]);
    for place in rulebook.jurisdictions() {
        table.add_row([place.code.clone(), place.names.within(lang).to_owned()]);
    }
    table.to_string()
}

/// As `sha256sum` prints them; the last line is the digest of those before it.
fn fingerprints(rulebook: &Rulebook) -> String {
    let mut out = String::new();
    for (digest, path) in rulebook.fingerprints() {
        out.push_str(&format!("{digest}  {path}\n"));
    }
    out.push_str(rulebook.digest());
    out
}

fn cited(rulebook: &Rulebook, id: &str, lang: Lang) -> Option<String> {
    let citation = rulebook.citation(id)?;
    let document = citation.document;
    Some(format!(
        "{}\n{} {}\n{}",
        explain::citations(&[id.to_owned()], rulebook, lang),
        document.number.as_deref().unwrap_or(""),
        document.names.within(lang),
        citation.heading.within(lang)
    ))
}

/// An instrument as tables: items, fields, steps, interpretations.
fn sheet(instrument: &Instrument, rulebook: &Rulebook, lang: Lang) -> String {
    let definition = instrument.definition();
    let named = |names: &Words| names.within(lang).to_owned();
    let cites = |ids: &[String]| explain::citations(ids, rulebook, lang);
    let mut out = format!(
        "{}  {}  {}\n\n",
        instrument.id(),
        named(&definition.names),
        life(definition.in_force, lang)
    );

    let mut items = table(&[
        word(lang, "代码", "code"),
        word(lang, "指标", "item"),
        word(lang, "分", "score"),
        word(lang, "选项", "option"),
        "key",
        word(lang, "证据", "grade"),
    ]);
    for domain in &definition.domains {
        items.add_row([&domain.code, &named(&domain.names), "", "", "", ""]);
        for item in &domain.items {
            for (i, option) in item.options.iter().enumerate() {
                let first = i == 0;
                items.add_row([
                    if first {
                        item.code.clone()
                    } else {
                        String::new()
                    },
                    if first {
                        named(&item.names)
                    } else {
                        String::new()
                    },
                    option.score.to_string(),
                    named(&option.label),
                    option.key.clone(),
                    if first {
                        item.grade.as_str().to_owned()
                    } else {
                        String::new()
                    },
                ]);
            }
        }
    }
    out.push_str(&format!("{items}\n\n"));

    if !definition.fields.is_empty() {
        let mut fields = table(&[
            word(lang, "代码", "code"),
            word(lang, "字段", "field"),
            word(lang, "作答", "answers"),
        ]);
        for field in &definition.fields {
            let answers: Vec<String> = match field.answer {
                FieldType::Flag => vec!["true / false".to_owned()],
                FieldType::Diagnoses => field
                    .rows
                    .iter()
                    .map(|row| {
                        let code = row.icd.as_deref().unwrap_or(&row.key);
                        format!("{code} {}", named(&row.names))
                    })
                    .collect(),
                _ => field
                    .options
                    .iter()
                    .map(|option| {
                        let code = option.code.map(|code| format!("{code} "));
                        format!(
                            "{}{} — {}",
                            code.unwrap_or_default(),
                            option.key,
                            named(&option.label)
                        )
                    })
                    .collect(),
            };
            fields.add_row([field.code.clone(), named(&field.names), answers.join("\n")]);
        }
        out.push_str(&format!("{fields}\n\n"));
    }

    let mut steps = table(&[
        word(lang, "步骤", "step"),
        word(lang, "名称", "name"),
        word(lang, "规则", "rule"),
        word(lang, "证据", "grade"),
        word(lang, "依据", "citations"),
    ]);
    for step in &definition.steps {
        steps.add_row([
            step.id.clone(),
            named(&step.names),
            rule(&step.rule, definition, lang),
            step.grade.as_str().to_owned(),
            cites(&step.cite),
        ]);
    }
    out.push_str(&format!("{steps}\n\n"));

    if !definition.interpretations.is_empty() {
        let mut readings = table(&[
            word(lang, "解释", "interpretation"),
            word(lang, "问题", "question"),
            word(lang, "读法", "readings"),
        ]);
        for interpretation in &definition.interpretations {
            let choices: Vec<String> = interpretation
                .choices
                .iter()
                .map(|choice| {
                    let mark = if choice.key == interpretation.default {
                        "*"
                    } else {
                        " "
                    };
                    format!("{mark} {} — {}", choice.key, named(&choice.names))
                })
                .collect();
            readings.add_row([
                interpretation.id.clone(),
                named(&interpretation.names),
                choices.join("\n"),
            ]);
        }
        out.push_str(&format!("{readings}\n"));
    }
    out
}

fn rule(rule: &Rule, definition: &Definition, lang: Lang) -> String {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Number(number) => number.to_string(),
        Outcome::Level(key) => definition
            .levels
            .iter()
            .find(|level| level.key == *key)
            .map_or_else(|| key.clone(), |level| level.names.within(lang).to_owned()),
    };
    match rule {
        Rule::Sum(sum) => sum.of.join(" + "),
        Rule::Count(count) => format!("{} ∈ {}", count.of.join(", "), count.options.join(", ")),
        Rule::Band(band) => band
            .rows
            .iter()
            .map(|row| match (row.from, row.to) {
                (from, to) if from == to => format!("{from} → {}", outcome(&row.is)),
                (from, to) => format!("{from}–{to} → {}", outcome(&row.is)),
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Rule::WorstOf(worst) => format!("max({})", worst.of.join(", ")),
        Rule::Table(cells) => {
            let head: Vec<String> = cells.columns.iter().map(u8::to_string).collect();
            let mut lines = vec![format!(
                "{} \\ {}: {}",
                cells.down,
                cells.across,
                head.join(" ")
            )];
            lines.extend(cells.rows.iter().map(|row| {
                let cells: Vec<String> = row.cells.iter().map(outcome).collect();
                format!("{}: {}", row.at, cells.join(" "))
            }));
            lines.join("\n")
        }
        Rule::Cases(cases) => format!("{} {}", cases.rows.len(), word(lang, "行", "rows")),
        Rule::LevelChange(change) => change
            .rules
            .iter()
            .map(|rule| format!("{} — {}", rule.id, rule.names.within(lang)))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}
