//! What the rulebook holds.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use nengli::rulebook::{Fact, FactType};
use nengli::{Lang, Rulebook, explain};
use serde_json::json;

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::programme::Shown;
use crate::sheet;
use crate::table::{Table, pretty};

/// Runs `rules`.
pub(crate) fn rules(args: &Args, command: &args::Rules) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    if let Some(path) = &command.export {
        return export(&rulebook, path);
    }
    let lang = args.lang();
    let draw = |table: Table| {
        if command.markdown {
            table.markdown()
        } else {
            table.drawn()
        }
    };
    let text = match command.id.as_deref() {
        None => overview(&rulebook, lang),
        Some("facts") if command.json => pretty(&rulebook.facts().collect::<Vec<_>>()),
        Some("facts") => draw(facts(&rulebook, lang)),
        Some("jurisdictions") if command.json => {
            pretty(&rulebook.jurisdictions().collect::<Vec<_>>())
        }
        Some("jurisdictions") => draw(jurisdictions(&rulebook, lang)),
        Some("fingerprints") if command.json => {
            let files: serde_json::Map<_, _> = rulebook
                .fingerprints()
                .map(|(digest, path)| (path.to_owned(), json!(digest)))
                .collect();
            pretty(&json!({ "digest": rulebook.digest(), "files": files }))
        }
        Some("fingerprints") => fingerprints(&rulebook),
        Some(id) => shown(&rulebook, id, lang, command)?,
    };
    files::print(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the rulebook as one file, and says which.
fn export(rulebook: &Rulebook, path: &Path) -> Result<ExitCode, Failure> {
    let path = if path.is_dir() {
        let digest = rulebook.digest();
        let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
        path.join(format!("{hex}.json"))
    } else {
        path.to_owned()
    };
    let text = rulebook.export() + "\n";
    fs::write(&path, text).map_err(|error| Failure::file(&path, error))?;
    files::print(&format!("{}  {}", rulebook.digest(), path.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// What has this id: an instrument, a programme, a place or a citation.
fn shown(
    rulebook: &Rulebook,
    id: &str,
    lang: Lang,
    command: &args::Rules,
) -> Result<String, Failure> {
    let shown = Shown {
        rulebook,
        lang,
        markdown: command.markdown,
    };
    if let Some(instrument) = rulebook.instrument(id) {
        return Ok(if command.json {
            pretty(instrument.definition())
        } else {
            sheet::sheet(instrument, rulebook, lang, command.markdown)
        });
    }
    if let Some(programme) = rulebook.programmes().find(|one| one.id == id) {
        return Ok(if command.json {
            shown.programme_json(programme)
        } else {
            shown.programme(programme)
        });
    }
    if let Some(place) = rulebook.jurisdictions().find(|one| one.code == id) {
        return Ok(if command.json {
            shown.jurisdiction_json(place)
        } else {
            shown.jurisdiction(place)
        });
    }
    cited(rulebook, id, lang, command.json).ok_or_else(|| {
        Failure::Argument(format!(
            "expected an instrument, a programme, a division code, a citation, facts, \
             jurisdictions or fingerprints; found {id:?}"
        ))
    })
}

/// The word for `lang`.
pub(crate) fn word(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn overview(rulebook: &Rulebook, lang: Lang) -> String {
    let mut table = Table::new([
        "id",
        word(lang, "名称", "name"),
        word(lang, "施行", "in force"),
        word(lang, "指标", "items"),
        word(lang, "等级", "levels"),
        word(lang, "证据", "grade"),
    ]);
    for instrument in rulebook.instruments() {
        let definition = instrument.definition();
        table.row([
            instrument.id().to_owned(),
            definition.names.within(lang).to_owned(),
            sheet::life(definition.in_force),
            instrument.items().count().to_string(),
            instrument.levels().len().to_string(),
            instrument.worst_grade().as_str().to_owned(),
        ]);
    }
    let mut maps = Table::new([
        word(lang, "照护等级", "care levels"),
        word(lang, "名称", "name"),
        word(lang, "依据的工具", "from"),
        word(lang, "默认", "by default"),
    ]);
    for map in rulebook.care_levels() {
        maps.row([
            map.id.to_string(),
            map.names.within(lang).to_owned(),
            map.instrument.to_string(),
            if map.on {
                "on".to_owned()
            } else {
                "off".to_owned()
            },
        ]);
    }
    let files = Shown {
        rulebook,
        lang,
        markdown: false,
    }
    .files();
    format!(
        "{} {}\n{}\n\n{}\n\n{}\n\n{}\n\n{}: {}   {}: {}   {}: {}\n",
        word(lang, "规则版本", "rules"),
        rulebook.version(),
        rulebook.digest(),
        table.drawn(),
        maps.drawn(),
        files.drawn(),
        word(lang, "项目", "programmes"),
        rulebook.programmes().count(),
        word(lang, "事实", "facts"),
        rulebook.facts().count(),
        word(lang, "行政区划", "jurisdictions"),
        rulebook.jurisdictions().count(),
    )
}

fn facts(rulebook: &Rulebook, lang: Lang) -> Table {
    let mut table = Table::new([
        "id",
        word(lang, "名称", "name"),
        word(lang, "取值", "values"),
        word(lang, "含义", "meaning"),
    ]);
    for fact in rulebook.facts() {
        table.row([
            fact.id.clone(),
            fact.names.within(lang).to_owned(),
            values(fact, lang),
            fact.meaning.within(lang).to_owned(),
        ]);
    }
    table
}

fn values(fact: &Fact, lang: Lang) -> String {
    let keys: Vec<String> = fact
        .values
        .iter()
        .map(|value| format!("{} {}", value.key, value.names.within(lang)))
        .collect();
    match (fact.kind, fact.min.zip(fact.max)) {
        (FactType::Choice | FactType::Choices, _) => keys.join("\n"),
        (_, Some((min, max))) => {
            format!("{min}–{max} {}", fact.unit.as_deref().unwrap_or(""))
        }
        (FactType::Date, _) => "YYYY-MM-DD".to_owned(),
        (FactType::Boolean, _) => "true / false".to_owned(),
        (FactType::Division, _) => word(lang, "六位代码", "six digits").to_owned(),
        (FactType::Programmes, _) => word(lang, "项目代号", "programme ids").to_owned(),
        (FactType::Integer, None) => String::new(),
    }
}

fn jurisdictions(rulebook: &Rulebook, lang: Lang) -> Table {
    let mut table = Table::new([word(lang, "代码", "code"), word(lang, "名称", "name")]);
    for place in rulebook.jurisdictions() {
        table.row([place.code.clone(), place.names.within(lang).to_owned()]);
    }
    table
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

fn cited(rulebook: &Rulebook, id: &str, lang: Lang, as_json: bool) -> Option<String> {
    let citation = rulebook.citation(id)?;
    let document = citation.document;
    if as_json {
        return Some(pretty(&json!({
            "id": id,
            "document": document,
            "clause": citation.clause,
            "heading": citation.heading,
        })));
    }
    Some(format!(
        "{}\n{} {}\n{}",
        explain::citations(&[id.to_owned()], rulebook, lang),
        document.number.as_deref().unwrap_or(""),
        document.names.within(lang),
        citation.heading.within(lang)
    ))
}
