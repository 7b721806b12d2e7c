//! What must hold of any bytes whatever: one function for each reader of the library.
//!
//! The fuzzer (`fuzz/`) calls them with what it makes up, `tests/fuzz_replay.rs` with what
//! is kept of that and with changes of it. They fail by a panic.

#![allow(dead_code, unreachable_pub)]

use std::sync::OnceLock;

use nengli::audit::{Auditor, Header, Row};
use nengli::explain;
use nengli::record::ReplayStatus;
use nengli::{Case, Lang, Options, Record, Rejection, Rulebook};

fn rulebook() -> &'static Rulebook {
    static RULES: OnceLock<Rulebook> = OnceLock::new();
    RULES.get_or_init(|| Rulebook::builtin().expect("the rules of the crate hold together"))
}

/// A refusal says what is wrong, in both languages, and carries no control characters and
/// no run of digits that could be somebody's number.
fn refused(rejection: &Rejection) {
    assert!((1..=1_000).contains(&rejection.rejected.len()));
    let mut said = vec![rejection.to_string()];
    for problem in &rejection.rejected {
        assert!(!problem.message.is_empty());
        said.extend([Lang::Zh, Lang::En].map(|lang| problem.message_in(lang).to_owned()));
        said.push(problem.at.clone());
    }
    for said in said {
        assert!(
            !said.contains(|c: char| c.is_control() && c != '\n'),
            "{said:?}"
        );
        let mut run = 0;
        for c in said.chars() {
            run = if c.is_ascii_digit() { run + 1 } else { 0 };
            assert!(run < 17, "{said}");
        }
    }
}

/// A case text: decided or refused, twice the same; what is decided can be read again, told
/// in words, sealed and replayed; and what the library writes itself is what serde writes.
pub fn case(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let rules = rulebook();
    let answer = rules.assess_json(text);
    assert_eq!(answer, rules.assess_json(text));
    let determination = match rules.assess_text(text, Options::traced()) {
        Ok(determination) => determination,
        Err(rejection) => {
            assert!(answer.contains("\"rejected\""));
            refused(&rejection);
            assert_eq!(rules.record_json(text), answer);
            return;
        }
    };
    let case: Case = serde_json::from_str(text).expect("what is decided can be read");
    let typed = rules.assess(&case).expect("and is decided as it was read");
    let typed = serde_json::to_string(&typed).expect("JSON");
    assert_eq!(typed, answer);
    for lang in [Lang::Zh, Lang::En] {
        let _ = explain::report(&determination, rules, lang);
        let _ = explain::why(&case, &determination, rules, None, lang);
    }
    let sealed = rules.record_json(text);
    assert!(sealed.starts_with(&unsealed(&case, &answer)));
    let full = serde_json::to_string(&determination).expect("JSON");
    let traced = rules.record_text(text, Options::traced());
    let traced = traced.expect("what is decided is sealed").into_text();
    assert!(traced.starts_with(&unsealed(&case, &full)));
    let record = Record::from_text(&sealed).expect("what was sealed can be read");
    assert!(record.seal_holds());
    assert_eq!(rules.replay(&record).status, ReplayStatus::Same);
}

/// A record before its seal, of what serde writes.
fn unsealed(case: &Case, determination: &str) -> String {
    let case = serde_json::to_string(case).expect("JSON");
    format!(r#"{{"case":{case},"determination":{determination},"schema":1,"seal":"sha256:"#)
}

/// A record text: read or refused; what is read has the text that was sealed, and is
/// replayed twice the same.
pub fn record(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let record = match Record::from_text(text) {
        Ok(record) => record,
        Err(rejection) => return refused(&rejection),
    };
    let again = Record::from_text(&record.text()).expect("its own text can be read");
    assert_eq!(again.seal_holds(), record.seal_holds());
    let first = serde_json::to_string(&rulebook().replay(&record)).expect("JSON");
    let second = serde_json::to_string(&rulebook().replay(&again)).expect("JSON");
    assert_eq!(first, second);
}

/// Version, places, register and facts of the crate: of the facts without what gives them,
/// since that is an instrument.
fn vocabulary() -> &'static [(String, String)] {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let wanted = [
            "facts.json",
            "jurisdictions.json",
            "programmes/register.json",
            "rulebook.json",
        ];
        let of = |path: &str| {
            let mut files = rulebook().files();
            let (_, text) = files.find(|(found, _)| *found == path).expect("a file");
            let mut file: serde_json::Value = serde_json::from_str(text).expect("JSON");
            let facts = file.get_mut("facts").and_then(|facts| facts.as_array_mut());
            for fact in facts.into_iter().flatten() {
                fact.as_object_mut().expect("a fact").remove("given_by");
            }
            (path.to_owned(), file.to_string())
        };
        wanted.map(of).into()
    })
}

/// The text of a rule file beside the facts and places of the crate: loaded and proved, or
/// refused with its faults at their places.
pub fn rules(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut files = vocabulary().to_vec();
    files.push(("x.json".to_owned(), text.to_owned()));
    match Rulebook::from_files(files) {
        Ok(rules) => {
            let case =
                r#"{"case_id":"a","as_of":"2026-06-30","assessments":[],"jurisdiction":"120101"}"#;
            assert_eq!(rules.assess_json(case), rules.assess_json(case));
            let other = Rulebook::from_export(&rules.export()).expect("what was exported is read");
            assert_eq!(other.digest(), rules.digest());
        }
        Err(error) => {
            assert!(!error.diagnostics.is_empty());
            let said = error.to_string();
            assert!(
                !said.contains(|c: char| c.is_control() && c != '\n'),
                "{said:?}"
            );
        }
    }
}

/// The text of a mapping and, behind an empty line, rows of a table or lines of JSON.
pub fn mapping(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (mapping, rows) = text.split_once("\n\n").unwrap_or((text, ""));
    let auditor = match Auditor::from_text(rulebook(), mapping) {
        Ok(auditor) => auditor,
        Err(error) => {
            assert!(!error.faults.is_empty());
            for lang in [Lang::Zh, Lang::En] {
                let said = error.within(lang);
                assert!(
                    !said.contains(|c: char| c.is_control() && c != '\n'),
                    "{said:?}"
                );
            }
            return;
        }
    };
    let mut lines = rows.lines();
    let header = lines.next().unwrap_or_default();
    let header = Header::of(header.split(',').map(str::to_owned)).ok();
    for line in lines {
        let mut rows = vec![Row::of_json(line)];
        rows.extend(
            header
                .as_ref()
                .map(|head| Row::of_table(head, line.split(','))),
        );
        for row in rows.into_iter().flatten() {
            if auditor.is_for(&row) {
                let audited = auditor.audit(&row);
                let again = auditor.audit(&row);
                let written = |one| serde_json::to_string(one).expect("JSON");
                assert_eq!(written(&audited), written(&again));
            }
        }
    }
}
