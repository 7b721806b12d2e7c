//! Input that means harm, into every reader of the library: documents of a hundred
//! megabytes, depth, a million keys, rules that grow without end or come back to
//! themselves. What `tests/rejections.rs` has of cases is not repeated here.
//!
//! `docs/verification.md` has the whole list, with the tests of the wrappers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;
mod forms;
mod made_up;

use std::time::{Duration, Instant};

use figure::figure;
use forms::rulebook;
use made_up::{FACTS, Files, NATION, cash, definition, file, layer, load, put, vocabulary, yes};
use nengli::audit::Auditor;
use nengli::rulebook::{DiagnosticKind as Kind, RulebookError};
use nengli::{Case, Lang, Options, Record, Rejection, Rulebook};
use serde_json::{Value, json};

const DEMO: &str = include_str!("cases/gbt-42195-2022/demo.case.json");
const RECORD: &str = include_str!("cases/gbt-42195-2022/demo.record.json");
const MAPPING: &str = include_str!("../examples/audit/mapping.json");

/// No refusal may take longer, in a build without optimisation on a busy machine.
const SOON: Duration = Duration::from_secs(60);

const REFUSED: &str = "hostile documents refused, each by a reader";

/// What each reader says of a text: the kinds of its faults, and all that it says.
fn refusals(text: &str) -> Vec<(&'static str, Vec<String>, String)> {
    let of_case = |what, refused: Rejection| {
        let kinds = refused.rejected.iter();
        let kinds = kinds.map(|one| one.kind.as_str().to_owned()).collect();
        let said = |lang| {
            let problems = refused.rejected.iter();
            let said: Vec<&str> = problems.map(|one| one.message_in(lang)).collect();
            said.join("\n")
        };
        let all = format!("{refused}\n{}\n{}", said(Lang::Zh), said(Lang::En));
        (what, kinds, all)
    };
    let of_rules = |what, refused: RulebookError| {
        let kinds = refused.diagnostics.iter();
        let kinds = kinds.map(|one| format!("{:?}", one.kind)).collect();
        (what, kinds, refused.to_string())
    };
    let case = rulebook().assess_text(text, Options::default());
    let record = Record::from_text(text);
    let mapping = Auditor::from_text(rulebook(), text).expect_err("a refusal");
    let kinds = mapping
        .faults
        .iter()
        .map(|fault| fault.at.clone())
        .collect();
    let said = mapping.within(Lang::En) + &mapping.within(Lang::Zh);
    let mut files = vocabulary();
    let version = files.remove("rulebook.json").expect("the version");
    let rules = Rulebook::from_files([
        ("rulebook.json", version.to_string()),
        ("x.json", text.to_owned()),
    ]);
    let all = vec![
        of_case("case", case.expect_err("a refusal")),
        of_case("record", record.expect_err("a refusal")),
        ("mapping", kinds, said),
        of_rules("rules", rules.expect_err("a refusal")),
        of_rules(
            "export",
            Rulebook::from_export(text).expect_err("a refusal"),
        ),
    ];
    figure(REFUSED, all.len(), "");
    all
}

// ---- size and depth ----------------------------------------------------------

#[test]
fn a_document_of_100_megabytes_is_refused_unread() {
    let text = format!("{DEMO}{}", " ".repeat(100_000_000));
    let began = Instant::now();
    for refused in [
        rulebook()
            .assess_text(&text, Options::default())
            .map(|_| ()),
        Record::from_text(&text).map(|_| ()),
        rulebook()
            .record_text(&text, Options::default())
            .map(|_| ()),
        rulebook().compare_text(&text, DEMO).map(|_| ()),
        rulebook().compare_text(DEMO, &text).map(|_| ()),
    ] {
        let refused = refused.expect_err("a refusal").rejected;
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].kind.as_str(), "too_large");
        figure(REFUSED, 1, "");
    }
    // Nothing of it was read: a hundredth of this is enough.
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_depth_bomb_is_refused_by_every_reader() {
    for text in [
        "[".repeat(500_000),
        r#"{"a":"#.repeat(100_000),
        format!("{}{}", "[".repeat(400_000), "]".repeat(400_000)),
        // Just over the limit of each, with values at the end.
        format!("{}1{}", r#"{"kind":"#.repeat(70), "}".repeat(70)),
    ] {
        for (reader, kinds, said) in refusals(&text) {
            assert_eq!(kinds.len(), 1, "{reader}: {kinds:?}");
            assert!(said.len() < 2_000, "{reader} says too much: {}", said.len());
        }
        assert!(serde_json::from_str::<Case>(&text).is_err());
    }
}

// ---- what JSON cannot or should not say --------------------------------------

/// The same text with something else in it at a place where each reader wants a value.
fn with_value(value: &str) -> Vec<(&'static str, String)> {
    let swap = |text: &str, from: &str| {
        let out = text.replacen(from, &format!("\"schema\":{value}"), 1);
        assert_ne!(out, text);
        out
    };
    vec![
        ("case", swap(DEMO, "\"schema\": 1")),
        ("record", swap(RECORD, "\"schema\":1")),
        ("mapping", swap(MAPPING, "\"schema\": 1")),
        (
            "rules",
            format!(r#"{{"kind":"rulebook","schema":{value},"version":"2026.1.0"}}"#),
        ),
    ]
}

fn refused_by(reader: &str, text: &str) -> Option<String> {
    let said = match reader {
        "case" => rulebook()
            .assess_text(text, Options::default())
            .err()
            .map(|found| found.to_string()),
        "record" => Record::from_text(text).err().map(|found| found.to_string()),
        "mapping" => Auditor::from_text(rulebook(), text)
            .err()
            .map(|found| found.to_string()),
        "rules" => Rulebook::from_files([("rulebook.json", text)])
            .err()
            .map(|found| found.to_string()),
        other => panic!("no reader {other}"),
    };
    figure(REFUSED, usize::from(said.is_some()), "");
    said
}

#[test]
fn numbers_beyond_64_bits_are_refused_by_every_reader() {
    for number in [
        "18446744073709551616",
        "-9223372036854775809",
        "340282366920938463463374607431768211457",
        "1.0",
        "1e0",
        "1e400",
        &"9".repeat(400),
    ] {
        for (reader, text) in with_value(number) {
            let said = refused_by(reader, &text);
            let said = said.unwrap_or_else(|| panic!("{reader} takes {number}"));
            assert!(
                !said.contains(number) || number.len() < 4,
                "{reader}: {said}"
            );
        }
    }
}

#[test]
fn lone_surrogates_and_nul_are_refused_by_every_reader() {
    for value in [
        r#""\ud800""#,
        r#""\udfff\ud800""#,
        r#""a\u0000b""#,
        "\"a\u{0}b\"",
        "1\u{0}",
        "\u{0}",
    ] {
        for (reader, text) in with_value(value) {
            let said = refused_by(reader, &text);
            let said = said.unwrap_or_else(|| panic!("{reader} takes {value:?}"));
            assert!(!said.contains('\u{0}'), "{reader}: {said:?}");
        }
        // As a key.
        let text = format!("{{{value}:1}}");
        for (reader, kinds, said) in refusals(&text) {
            assert!(!kinds.is_empty(), "{reader}");
            assert!(!said.contains('\u{0}'), "{reader}: {said:?}");
        }
    }
}

/// What is said of a million keys that nobody knows fits on a page or two.
#[test]
fn a_million_unknown_keys_are_answered_and_bounded() {
    let mut text = String::from("{\"kind\":\"rulebook\",\"schema\":1,\"version\":\"2026.1.0\"");
    for i in 0..1_000_000 {
        text.push_str(&format!(",\"{i:x}\":1"));
    }
    text.push('}');
    let began = Instant::now();
    for (reader, kinds, said) in refusals(&text) {
        assert!(
            (1..=1_000).contains(&kinds.len()),
            "{reader}: {}",
            kinds.len()
        );
        assert!(said.len() < 1_000_000, "{reader}: {} bytes", said.len());
    }
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    // One key a million times.
    let text = format!("{{\"kind\":\"rulebook\"{}}}", ",\"a\":1".repeat(1_000_000));
    let began = Instant::now();
    for (reader, kinds, _) in refusals(&text) {
        assert!(
            (1..=1_000).contains(&kinds.len()),
            "{reader}: {}",
            kinds.len()
        );
    }
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

// ---- rules that have no end --------------------------------------------------

fn faults(files: &Files) -> Vec<(String, String, Kind)> {
    let faults = load(files).expect_err("a refusal").diagnostics;
    figure(REFUSED, 1, "");
    faults
        .into_iter()
        .map(|fault| (fault.file, fault.at, fault.kind))
        .collect()
}

const PROGRAMMES: &str = "programmes/1-nation.json";

fn with_definitions(definitions: Vec<Value>, who: Value) -> Files {
    let mut nation = file("nation", NATION, vec![layer("allowance", who, cash(1))]);
    nation["definitions"] = Value::Array(definitions);
    let mut files = vocabulary();
    files.insert(PROGRAMMES.to_owned(), nation);
    files
}

fn uses(id: &str) -> Value {
    json!({"definition": id})
}

/// Definitions that come back to themselves by ways of any length: each place is named,
/// and the reader ends.
#[test]
fn cycles_of_definitions_of_every_length_are_refused() {
    for length in 1..=20 {
        let ring = (0..length).map(|i| {
            let next = format!("d{}", (i + 1) % length);
            definition(&format!("d{i}"), json!({"any": [yes("one"), uses(&next)]}))
        });
        let found = faults(&with_definitions(ring.collect(), uses("d0")));
        assert!(!found.is_empty(), "{length}");
        let kinds = [Kind::UnknownReference, Kind::TooLarge];
        assert!(
            found.iter().all(|(file, at, kind)| {
                file == PROGRAMMES && at.starts_with("/definitions/") && kinds.contains(kind)
            }),
            "{length}: {found:?}"
        );
    }
}

/// Each definition uses the one before it many times: few lines that would unfold to more
/// conditions than any machine holds.
#[test]
fn definitions_that_unfold_without_end_are_refused() {
    for width in [2, 10, 100] {
        let mut definitions = vec![definition("d0", yes("one"))];
        for i in 1..15 {
            let before = vec![uses(&format!("d{}", i - 1)); width];
            definitions.push(definition(&format!("d{i}"), json!({ "any": before })));
        }
        let began = Instant::now();
        let found = load(&with_definitions(definitions, uses("d14")));
        assert!(began.elapsed() < SOON, "{width}: {:?}", began.elapsed());
        if width > 2 {
            let found = found.expect_err("a refusal").diagnostics;
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].kind, Kind::TooLarge);
            assert_eq!(found[0].file, PROGRAMMES);
        }
    }
}

/// A place lies under the places that its code says, so no file can make a circle of
/// them: codes that are none, that stand twice or that nobody declared are refused.
#[test]
fn jurisdictions_cannot_go_round_in_a_circle() {
    for code in [
        "",
        "99",
        "9900000",
        "99000a",
        "９９００００",
        "../..",
        "-90000",
    ] {
        let mut files = vocabulary();
        files.insert(
            PROGRAMMES.to_owned(),
            file(
                "nation",
                code,
                vec![layer("allowance", yes("one"), cash(1))],
            ),
        );
        let found = faults(&files);
        assert!(
            found
                .iter()
                .all(|(file, at, _)| file == PROGRAMMES && at == "/jurisdiction"),
            "{code}: {found:?}"
        );
    }
    let mut files = vocabulary();
    let twice = json!({"code": NATION, "names": {"zh": "x", "en": "x"}, "parent": "990101"});
    put(
        files.get_mut("jurisdictions.json").expect("the file"),
        "/jurisdictions/9",
        twice,
    );
    let found = faults(&files);
    // There is no word for what a place lies under.
    let place = ("jurisdictions.json", "/jurisdictions/5", Kind::Shape);
    let found = found.iter();
    let found: Vec<_> = found
        .map(|(file, at, kind)| (&**file, &**at, *kind))
        .collect();
    assert_eq!(found, [place]);
}

/// A fact that is made of itself, or of one that is made of it.
#[test]
fn facts_made_of_themselves_are_refused() {
    let derived = |id: &str, of: &str| {
        json!({"id": id, "type": "integer", "min": 0, "max": 9, "names": {"zh": id, "en": id},
               "meaning": {"zh": id, "en": id}, "derived": {"years_since": of}})
    };
    for chain in [
        vec![derived("a", "a")],
        vec![derived("a", "b"), derived("b", "a")],
    ] {
        let mut files = vocabulary();
        let facts = files.get_mut(FACTS).expect("the facts");
        facts["facts"]
            .as_array_mut()
            .expect("a list")
            .extend(chain.clone());
        let found = faults(&files);
        assert_eq!(found.len(), chain.len(), "{found:?}");
        assert!(
            found.iter().all(|(file, at, kind)| {
                file == FACTS && at.ends_with("/derived") && *kind == Kind::UnknownReference
            }),
            "{found:?}"
        );
    }
}
