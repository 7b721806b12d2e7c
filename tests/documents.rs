//! Pages of `docs/` that are made from the rules, and what must hold of them.
//!
//! `NENGLI_BLESS=1 cargo test --test documents` writes them anew.
//! `NENGLI_SEEDS=FOLDER` points to the policy documents, where they are at hand: then
//! every quoted phrase is looked up in them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/checked_in.rs"]
mod checked_in;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use checked_in::must_be;
use nengli::determination::{Benefit, Entitlement, Status};
use nengli::{Lang, Options, Rulebook, Text, explain};
use serde::Deserialize;
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

// ---- the same person in nine places ----------------------------------------

const PLACES: &[&str] = &[
    "000000", "120000", "120101", "120117", "130000", "130800", "130802", "370000", "370900",
];

const PERSON: &str = "tests/cases/rights/heping.case.json";

#[test]
fn the_same_person_in_nine_places() {
    let rulebook = Rulebook::builtin().expect("the rules");
    let text = fs::read_to_string(root().join(PERSON)).expect("the case");
    let mut case: Value = serde_json::from_str(&text).expect("a case");
    let mut columns: Vec<BTreeMap<Text, Entitlement>> = Vec::new();
    for place in PLACES {
        case["jurisdiction"] = json!(place);
        let determination = rulebook
            .assess_text(&case.to_string(), Options::default())
            .unwrap_or_else(|rejection| panic!("{rejection}"));
        let entitlements = determination.entitlements.expect("rights");
        columns.push(
            entitlements
                .into_iter()
                .map(|one| (one.programme.clone(), one))
                .collect(),
        );
    }
    let name = |code: &str| {
        let place = rulebook.jurisdictions().find(|place| place.code == code);
        let names = &place.expect("a place").names;
        format!("{} {}", names.zh, names.en)
    };

    let mut page = String::from(
        "# The same person in nine places\n\n\
         Made from the rules by a test (`tests/documents.rs`). The person is the one of\n\
         `tests/cases/rights/heping.case.json`, decided on 2026-06-30 as if living in each\n\
         place in turn; the hukou stays in Heping.\n\n\
         ● entitled · ? undetermined · ◇ discretionary · ○ not entitled · ✕ excluded · – not in\n\
         force there. The number leads to the rule that decided and its citations, below the\n\
         table. Money is yuan a month; where no amount stands, the place sets it.\n\n| programme |",
    );
    for place in PLACES {
        let _ = write!(page, " {} |", name(place));
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(PLACES.len()));
    page.push('\n');
    let mut notes: Vec<(Text, Vec<Text>)> = Vec::new();
    for programme in rulebook.programmes() {
        if !columns
            .iter()
            .any(|column| column.contains_key(&programme.id))
        {
            continue;
        }
        let _ = write!(page, "| {}<br>{} |", programme.names.zh, programme.names.en);
        for column in &columns {
            let Some(one) = column.get(&programme.id) else {
                page.push_str(" – |");
                continue;
            };
            assert!(!one.citations.is_empty(), "{} has no citation", one.rule);
            let note = (one.rule.clone(), one.citations.to_vec());
            let number = match notes.iter().position(|known| *known == note) {
                Some(i) => i + 1,
                None => {
                    notes.push(note);
                    notes.len()
                }
            };
            let _ = write!(page, " {} [{number}](#n{number}) |", cell(one));
        }
        page.push('\n');
    }
    page.push_str("\n## Rules and citations\n\n");
    for (i, (rule, citations)) in notes.iter().enumerate() {
        let n = i + 1;
        let said = explain::citations(citations, &rulebook, Lang::En);
        let _ = writeln!(page, "<a id=\"n{n}\"></a>{n}. `{rule}`: {said}\n");
    }
    let page = format!("{}\n", page.trim_end());
    must_be(&root().join("docs/places.md"), &page).unwrap();
}

fn cell(one: &Entitlement) -> String {
    let mark = match one.status {
        Status::Entitled => "●",
        Status::Undetermined => "?",
        Status::Discretionary => "◇",
        Status::NotEntitled => "○",
        _ => "✕",
    };
    let amount = match &one.benefit {
        Some(Benefit::Cash(cash)) if one.status == Status::Entitled => {
            cash.fen.map(|fen| format!(" {}", fen / 100))
        }
        Some(Benefit::CostShare(share)) if one.status == Status::Entitled => {
            share.per_mille.map(|ratio| format!(" {} %", ratio / 10))
        }
        _ => None,
    };
    format!("{mark}{}", amount.unwrap_or_default())
}

// ---- every line of the facts page ------------------------------------------

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    line: String,
    phrase: Option<String>,
    #[serde(default)]
    rules: Vec<String>,
    reason: Option<String>,
}

/// Why a line has no rule.
const REASONS: &[(&str, &str)] = &[
    ("target", "a target of government, and nobody's right"),
    ("duty_of_government", "a duty of government or of providers"),
    ("definition", "a word or catalogue that no rule needs"),
    ("amount_not_found", "the amount or text was not found"),
    (
        "right_of_another",
        "the right of someone else, or of another place",
    ),
    ("not_about_a_person", "not about a person"),
];

/// Lines of the facts page, and how many there are of each.
const PARTS: &[(&str, usize, &str)] = &[
    ("S0-", 16, "S0. Tianjin, plan of 2025"),
    ("S1-", 29, "S1. Shuangqiao, plan of 2022"),
    ("S2-", 22, "S2. Tai'an, opinions of 2025"),
    ("S3-", 16, "S3. Ninghe, plan to 2025"),
    ("S4-", 12, "S4. Heping, plan to 2025"),
    ("B", 16, "B. The national basic service list"),
    ("C.0-", 17, "C.0 Consumption voucher"),
    ("C.1.a-", 6, "C.1 Tianjin: home-care subsidy"),
    ("C.1.b-", 3, "C.1 Tianjin: meals"),
    ("C.1.c-", 1, "C.1 Tianjin: not found"),
    ("C.1.d-", 12, "C.1 Tianjin: long-term care insurance"),
    ("C.2-", 7, "C.2 Hebei, Chengde, Shuangqiao"),
    ("C.3-", 17, "C.3 Shandong, Tai'an"),
    ("C.4-", 9, "C.4 National frame of long-term care insurance"),
    ("C.5-", 13, "C.5 Other national rules"),
];

fn lines() -> Vec<Line> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("tests/coverage"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("a file");
            serde_json::from_str::<Vec<Line>>(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}

/// Ids that a line may name: layers, definitions, relations, interpretations, instruments.
fn known(rulebook: &Rulebook) -> BTreeSet<String> {
    let mut out: BTreeSet<String> = rulebook
        .instruments()
        .map(|instrument| instrument.id().to_owned())
        .collect();
    for file in rulebook.programme_files() {
        let place = &file.jurisdiction;
        out.extend(file.layers.iter().map(|layer| file.rule_id(layer)));
        let named = file
            .definitions
            .iter()
            .map(|one| ("definition", one.id.as_str()));
        let named = named.chain(
            file.relations
                .iter()
                .map(|one| ("relation", one.id.as_str())),
        );
        let named = named.chain(
            file.interpretations
                .iter()
                .map(|one| ("interpretation", one.id.as_str())),
        );
        out.extend(named.map(|(kind, id)| format!("{place}/{kind}/{id}")));
    }
    out
}

#[test]
fn every_line_of_the_facts_has_a_rule_or_a_reason() {
    let rulebook = Rulebook::builtin().expect("the rules");
    let known = known(&rulebook);
    let lines = lines();
    let mut faults = Vec::new();
    let mut seen: BTreeMap<&str, &Line> = BTreeMap::new();
    for line in &lines {
        if seen.insert(&line.line, line).is_some() {
            faults.push(format!("{} stands twice", line.line));
        }
        for rule in &line.rules {
            if !known.contains(rule) {
                faults.push(format!("{}: no rule {rule}", line.line));
            }
        }
        let reason = line.reason.as_deref();
        if line.rules.is_empty() == reason.is_none() {
            faults.push(format!("{}: expected rules or a reason", line.line));
        }
        if reason.is_some_and(|reason| !REASONS.iter().any(|(known, _)| *known == reason)) {
            faults.push(format!("{}: no such reason", line.line));
        }
        if line.line.starts_with('S') && line.phrase.is_none() {
            faults.push(format!("{}: no phrase", line.line));
        }
    }
    let mut page = String::from(
        "# From the facts to the rules\n\n\
         Made by a test (`tests/documents.rs`) from `tests/coverage/`: each line of the facts\n\
         that the rules rest on, with the rules that encode it, or why there is none. A line\n\
         with neither fails the test, and so does a layer that no line leads to.\n",
    );
    for (prefix, count, heading) in PARTS {
        let _ = write!(
            page,
            "\n## {heading}\n\n| line | rules, or why there is none |\n|---|---|\n"
        );
        for n in 1..=*count {
            let id = format!("{prefix}{n}");
            let Some(line) = seen.get(id.as_str()) else {
                faults.push(format!("{id} has neither a rule nor a reason"));
                continue;
            };
            let rules: Vec<String> = line.rules.iter().map(|rule| format!("`{rule}`")).collect();
            let reason = line.reason.as_deref().and_then(|reason| {
                let found = REASONS.iter().find(|(known, _)| *known == reason)?;
                Some(format!("{reason}: {}", found.1))
            });
            let said = reason.unwrap_or_else(|| rules.join(", "));
            let _ = writeln!(page, "| {id} | {said} |");
        }
    }
    let statute: Vec<&Line> = lines
        .iter()
        .filter(|line| line.line.starts_with("B-law"))
        .collect();
    page.push_str(
        "\n## B. Statutory anchors\n\n| line | rules, or why there is none |\n|---|---|\n",
    );
    for line in statute {
        let rules: Vec<String> = line.rules.iter().map(|rule| format!("`{rule}`")).collect();
        let said = line.reason.clone().unwrap_or_else(|| rules.join(", "));
        let _ = writeln!(page, "| {} | {said} |", line.line);
    }
    let led_to: BTreeSet<&String> = lines.iter().flat_map(|line| &line.rules).collect();
    for file in rulebook.programme_files() {
        for layer in &file.layers {
            let rule = file.rule_id(layer);
            if !led_to.contains(&rule) {
                faults.push(format!("no line leads to {rule}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    must_be(&root().join("docs/coverage.md"), &page).unwrap();
}

#[test]
fn every_phrase_stands_in_its_policy() {
    let Some(folder) = env::var_os("NENGLI_SEEDS") else {
        eprintln!("NENGLI_SEEDS is not set: phrases are not looked up");
        return;
    };
    let mut texts: Vec<PathBuf> = fs::read_dir(Path::new(&folder))
        .expect("the folder of policies")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    texts.sort();
    let texts: Vec<String> = texts
        .iter()
        .map(|path| fs::read_to_string(path).expect("a policy"))
        .collect();
    let mut faults = Vec::new();
    let mut found = 0;
    for line in lines() {
        let Some(phrase) = &line.phrase else { continue };
        let number: usize = line.line[1..2].parse().expect("the number of a policy");
        if texts[number].contains(phrase.as_str()) {
            found += 1;
        } else {
            faults.push(format!("{}: {phrase}", line.line));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(found > 90, "{found} phrases");
}
