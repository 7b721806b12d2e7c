//! Everything that `explain` says, word for word, in both languages: reports, why, what
//! other answers would change, two assessments side by side. It lies in `tests/words/`.
//!
//! `NENGLI_BLESS=1 cargo test --test words` writes it anew: read what changed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/checked_in.rs"]
mod checked_in;
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use nengli::condition::Condition;
use nengli::entitlement::definition::RelationRule;
use nengli::{Case, Determination, Lang, Options, Rulebook, explain};
use serde::Serialize;
use serde_json::Value;

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().unwrap());

/// Cases that have much to say, of several places and instruments.
const CASES: &[&str] = &[
    "rights/heping",
    "rights/pilot-voucher-after-insurance",
    "rights/taian",
    "rights/work-injury-allowance",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// One line a statement, indented by where it stands; what is empty is left out.
fn lines(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    if let Some(text) = on_one_line(value) {
        let _ = writeln!(out, "{indent}{text}");
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match on_one_line(value) {
                    Some(text) if text.is_empty() => {}
                    Some(text) => {
                        let _ = writeln!(out, "{indent}{key}: {text}");
                    }
                    None => {
                        let _ = writeln!(out, "{indent}{key}");
                        lines(value, depth + 1, out);
                    }
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|one| lines(one, depth + 1, out)),
        _ => {}
    }
}

/// A plain value, a list of them, or an object of both: one statement with its citations.
fn on_one_line(value: &Value) -> Option<String> {
    let joined = |values: &mut dyn Iterator<Item = &Value>, by: &str| {
        let texts: Option<Vec<String>> = values.map(on_one_line).collect();
        let mut texts = texts?;
        texts.retain(|text| !text.is_empty());
        Some(texts.join(by))
    };
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Array(list) if list.iter().all(|one| !one.is_array() && !one.is_object()) => {
            joined(&mut list.iter(), ", ")
        }
        Value::Array(_) => None,
        Value::Object(members) => joined(&mut members.values(), " · "),
        other => Some(other.to_string()),
    }
}

fn said(what: &str, value: &impl Serialize, out: &mut String) {
    let _ = writeln!(out, "== {what}");
    let value = serde_json::to_string(value).unwrap();
    // The digest of the rules changes with each of them, whatever is said.
    let value = value.replace(RULEBOOK.digest(), "sha256:…");
    lines(&serde_json::from_str(&value).unwrap(), 0, out);
}

fn case_in_words(text: &str, lang: Lang) -> String {
    let case: Case = serde_json::from_str(text).unwrap();
    let determination = RULEBOOK.assess_with(&case, Options::traced()).unwrap();
    let mut out = String::new();
    let report = explain::report(&determination, &RULEBOOK, lang);
    said("report", &report, &mut out);
    let why = explain::why(&case, &determination, &RULEBOOK, None, lang);
    said("why", &why, &mut out);
    let inquiry = RULEBOOK.inquire(&case).unwrap();
    let inquiry = explain::inquiry(&inquiry, &case, &determination, &RULEBOOK, lang);
    said("other answers", &inquiry, &mut out);
    out
}

#[test]
fn every_word_of_chosen_cases() {
    let mut files = BTreeMap::new();
    for name in CASES {
        let text = fs::read_to_string(folder("cases").join(format!("{name}.case.json"))).unwrap();
        for (lang, ending) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let file = format!("{}.{ending}.txt", name.replace('/', "-"));
            files.insert(file, case_in_words(&text, lang));
        }
    }
    for (lang, ending) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        files.insert(format!("succession.{ending}.txt"), successions(lang));
    }
    for (lang, ending) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        files.insert(format!("findings.{ending}.txt"), findings(lang));
        files.insert(format!("statements.{ending}.txt"), statements(lang));
        files.insert(format!("rules.{ending}.txt"), rules(lang));
    }
    checked_in::folder_must_be(&folder("words"), &files);
}

/// Every case of `tests/cases/` that is decided.
fn all() -> Vec<(Case, Determination)> {
    let (files, _) = common::find(&folder("cases"));
    let decided = files.into_iter().filter_map(|file| {
        let text = fs::read_to_string(&file.case).unwrap();
        let case: Case = serde_json::from_str(&text).ok()?;
        let determination = RULEBOOK.assess_with(&case, Options::traced()).ok()?;
        Some((case, determination))
    });
    decided.collect()
}

/// The words of every finding of the cases.
fn findings(lang: Lang) -> String {
    let mut said = BTreeSet::new();
    for (_, determination) in all() {
        for finding in &determination.findings {
            let text = explain::finding(finding, &determination, &RULEBOOK, lang);
            said.insert(format!("{}: {text}\n", finding.code));
        }
    }
    said.into_iter().collect()
}

/// Every statement of the reports on the cases, and of why they came out as they did.
fn statements(lang: Lang) -> String {
    let mut said = BTreeSet::new();
    for (case, determination) in all() {
        for account in explain::why(&case, &determination, &RULEBOOK, None, lang) {
            let lines = account.lines.into_iter();
            said.extend(lines.map(|told| format!("why {} {}", told.depth, told.line.text)));
        }
        let mut report = explain::report(&determination, &RULEBOOK, lang);
        report.foot.clear();
        texts("report", &serde_json::to_value(&report).unwrap(), &mut said);
    }
    said.into_iter().map(|text| text + "\n").collect()
}

/// Every condition and benefit of the rules.
fn rules(lang: Lang) -> String {
    let mut out = String::new();
    for file in RULEBOOK.programme_files() {
        let place = file.jurisdiction.as_str();
        let condition = |one: &Condition| explain::condition(one, place, &RULEBOOK, lang);
        let of = explain::place(place, &RULEBOOK, lang);
        let _ = writeln!(out, "== {} ({of})", file.id);
        for definition in &file.definitions {
            let _ = writeln!(out, "{}: {}", definition.id, condition(&definition.is));
        }
        for layer in &file.layers {
            let variant = layer.variant.iter().map(|variant| format!(".{variant}"));
            let _ = writeln!(out, "{}{}", layer.programme, variant.collect::<String>());
            if let Some(who) = &layer.who {
                let _ = writeln!(out, "  {}", condition(who));
            }
            for (name, part) in &layer.parts {
                if let Some(when) = &part.when {
                    let _ = writeln!(out, "  {name}: {}", condition(when));
                }
            }
            for line in explain::benefit(&layer.benefit, place, &RULEBOOK, lang) {
                let _ = writeln!(out, "    {line}");
            }
        }
        for relation in &file.relations {
            if let RelationRule::Excludes(bars) | RelationRule::Suspends(bars) = &relation.rule {
                let _ = writeln!(out, "{}: {}", relation.id, condition(&bars.when));
            }
        }
    }
    out
}

/// Each text with the key that it stands under.
fn texts(key: &str, value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, one)| texts(key, one, out)),
        Value::Array(list) => list.iter().for_each(|one| texts(key, one, out)),
        Value::String(text) => {
            out.insert(format!("{key}: {text}"));
        }
        _ => {}
    }
}

/// Every pair of `tests/succession/` that can be compared, and what moved from the one to
/// the other.
fn successions(lang: Lang) -> String {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder("succession")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        names.extend(name.strip_suffix(".new.json").map(str::to_owned));
    }
    names.sort();
    let mut out = String::new();
    for name in names {
        let [previous, new] = ["previous", "new"].map(|which| {
            fs::read_to_string(folder("succession").join(format!("{name}.{which}.json"))).unwrap()
        });
        if let Ok(succession) = RULEBOOK.compare_text(&previous, &new) {
            let report = explain::succession(&succession, &RULEBOOK, lang);
            said(&name, &report, &mut out);
            let [before, after] = [&previous, &new].map(|text| {
                let decided = RULEBOOK.assess_text(text, Options::default());
                decided.unwrap()
            });
            let moved = explain::moved(&before, &after, &RULEBOOK, lang);
            said("what moved", &moved, &mut out);
        }
    }
    out
}
