//! Records: what is sealed is found out when it is changed, and comes out again when it
//! is replayed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;
mod forms;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use forms::rulebook;
use nengli::record::{Difference, Record, Replay, ReplayStatus};
use nengli::{Answer, Assessment, Case, Options, ProblemKind, Rulebook, date};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (files, faults) = common::find(&folder);
    assert_eq!(faults, Vec::<String>::new());
    let read = |file: common::CaseFile| Some((file.name, fs::read_to_string(file.case).ok()?));
    files.into_iter().filter_map(read).collect()
}

fn case_of(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    fs::read_to_string(folder.join(format!("{name}.case.json"))).unwrap()
}

/// What an independent writer makes of a value.
fn canonical(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).unwrap()
}

/// The record `value`, sealed by other means than those of the crate.
fn sealed(mut value: Value) -> String {
    value.as_object_mut().unwrap().remove("seal");
    let digest = Sha256::digest(canonical(&value).as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    value["seal"] = json!(format!("sha256:{hex}"));
    canonical(&value)
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn record(text: &str) -> Record {
    Record::from_text(text).unwrap_or_else(|rejection| panic!("{rejection}"))
}

/// The shortest record there is, with keys that no version knows yet.
fn small() -> String {
    let case = r#"{"case_id":"a","as_of":"2026-06-30","assessments":[]}"#;
    let mut small = value(&rulebook().record_json(case));
    small["determination"]["later"] = json!({"a": [10, "é\n", true, null]});
    sealed(small)
}

/// A rulebook in which one text of one file is another.
fn with(file: &str, from: &str, to: &str) -> Rulebook {
    let mut found = false;
    let files: Vec<(String, String)> = rulebook()
        .files()
        .map(|(path, text)| {
            let changed = if path == file {
                text.replace(from, to)
            } else {
                text.to_owned()
            };
            found |= changed != text;
            (path.to_owned(), changed)
        })
        .collect();
    assert!(found, "{from} in {file}");
    Rulebook::from_files(files).unwrap_or_else(|error| panic!("{error}"))
}

fn at<'d>(replay: &'d Replay, at: &str) -> &'d Difference {
    let found = replay.differences.iter().find(|one| one.at == at);
    found.unwrap_or_else(|| panic!("nothing at {at}: {:#?}", replay.differences))
}

// ---- the seal ----------------------------------------------------------------

/// The types' ordinary writer is the canonical one, and the seal is the SHA-256 of what
/// it writes: an independent writer of RFC 8785 says the same of every case.
#[test]
fn every_case_is_recorded_and_replays_the_same() {
    let (mut recorded, mut refused) = (0, 0);
    for (name, text) in cases() {
        for options in [Options::default(), Options::traced()] {
            let made = match rulebook().record_text(&text, options) {
                Ok(made) => made,
                Err(rejection) => {
                    assert_eq!(rulebook().assess_text(&text, options), Err(rejection));
                    refused += 1;
                    continue;
                }
            };
            recorded += 1;
            let written = made.text();
            assert_eq!(written, sealed(value(&written)), "{name}");
            assert_eq!(written, serde_json::to_string(&made).unwrap(), "{name}");
            let case = serde_json::to_string(made.case()).unwrap();
            assert_eq!(case, canonical(&value(&case)), "{name}");
            let answer = serde_json::to_string(made.determination()).unwrap();
            assert_eq!(answer, canonical(&value(&answer)), "{name}");

            let read = record(&written);
            assert_eq!(read, made, "{name}");
            assert!(read.seal_holds(), "{name}");
            let again = serde_json::to_string(read.determination()).unwrap();
            assert_eq!(again, answer, "{name}");
            let replay = rulebook().replay(&read);
            assert_eq!(replay.status, ReplayStatus::Same, "{name}: {replay:#?}");
            assert!(
                replay.differences.is_empty() && !replay.other_rulebook,
                "{name}"
            );
        }
    }
    assert!(recorded > 200 && refused > 50, "{recorded} {refused}");
}

/// A person may lay it out otherwise: the seal is over what it says.
#[test]
fn the_layout_does_not_matter() {
    let text = rulebook().record_json(&case_of("rights/tianjin"));
    let pretty = serde_json::to_string_pretty(&value(&text)).unwrap();
    let read = record(&pretty);
    assert!(read.seal_holds());
    assert_eq!(read.text(), text);
    let through_serde: Record = serde_json::from_str(&pretty).unwrap();
    assert_eq!(through_serde, read);
    // Members in another order, and letters written by their number.
    let seal = read.seal();
    let turned = text.replace(&format!(",\"seal\":\"{seal}\""), "");
    let turned = turned.replacen('{', &format!("{{\"seal\":\"{seal}\","), 1);
    assert!(record(&turned.replace("mild", "\\u006dild")).seal_holds());
}

#[test]
fn each_altered_byte_is_found() {
    let text = small();
    assert!(record(&text).seal_holds());
    let found = |bytes: &[u8], what: &str| {
        let missed = std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| Record::from_text(text).ok())
            .filter(Record::seal_holds);
        assert_eq!(missed, None, "{what}");
    };
    let mut bytes = text.clone().into_bytes();
    for i in 0..bytes.len() {
        let was = bytes[i];
        let others = (0..8).map(|bit| was ^ (1 << bit));
        let others = others.chain(*b" \"0189aAeE.-+,:{}[]\\u");
        for other in others.filter(|other| *other != was) {
            bytes[i] = other;
            found(&bytes, &format!("byte {i} made {other}"));
        }
        bytes[i] = was;
        let mut without = bytes.clone();
        without.remove(i);
        found(&without, &format!("byte {i} left out"));
    }
    assert_eq!(String::from_utf8(bytes).unwrap(), text);
}

/// In a record with rights too, here and there.
#[test]
fn altered_bytes_of_a_record_with_rights_are_found() {
    let text = rulebook().record_json(&case_of("rights/place-alone"));
    let mut bytes = text.into_bytes();
    for i in (0..bytes.len()).step_by(37) {
        bytes[i] ^= 1;
        let held = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| Record::from_text(text).ok())
            .is_some_and(|record| record.seal_holds());
        assert!(!held, "byte {i}");
        bytes[i] ^= 1;
    }
}

// ---- what is read ------------------------------------------------------------

#[test]
fn added_keys_of_a_determination_are_kept() {
    let text = small();
    let read = record(&text);
    assert_eq!(read.text(), text);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    // It is no key that this engine gives.
    let replay = rulebook().replay(&read);
    assert_eq!(replay.status, ReplayStatus::Differs);
    assert_eq!(replay.differences.len(), 1);
    let later = at(&replay, "/later");
    assert_eq!((later.recorded.is_some(), &later.now), (true, &None));
}

#[test]
fn what_is_no_record_is_refused_with_every_problem() {
    let good = value(&rulebook().record_json(&case_of("gbt-42195-2022/demo")));
    let refused = |change: &dyn Fn(&mut Value), at: &str, kind: ProblemKind| {
        let mut changed = good.clone();
        change(&mut changed);
        let rejection = Record::from_text(&changed.to_string()).expect_err(at);
        let found = rejection
            .rejected
            .iter()
            .any(|one| one.at == at && one.kind == kind);
        assert!(found, "{at}: {rejection}");
        rejection
    };
    for key in ["case", "determination", "schema", "seal"] {
        let without = |value: &mut Value| {
            value.as_object_mut().unwrap().remove(key);
        };
        refused(&without, &format!("/{key}"), ProblemKind::MissingKey);
        let at = format!("/{key}");
        refused(
            &|value| value[key] = Value::Null,
            &at,
            ProblemKind::WrongType,
        );
    }
    refused(
        &|value| value["note"] = json!("x"),
        "/note",
        ProblemKind::UnknownKey,
    );
    refused(
        &|value| value["schema"] = json!(2),
        "/schema",
        ProblemKind::UnsupportedSchema,
    );
    let at = "/case/assessments/0/note";
    refused(
        &|value| value["case"]["assessments"][0]["note"] = json!(1),
        at,
        ProblemKind::UnknownKey,
    );
    let at = "/determination/assessments/0/outcome";
    let secret = "a text that no message may repeat";
    let rejection = refused(
        &|value| value["determination"]["assessments"][0]["outcome"] = json!(secret),
        at,
        ProblemKind::WrongType,
    );
    assert!(!serde_json::to_string(&rejection).unwrap().contains(secret));
    assert_eq!(rejection.case_id.as_deref(), Some("demo-0001"));
    let at = "/determination/later";
    refused(
        &|value| value["determination"]["later"] = json!(1.5),
        at,
        ProblemKind::WrongType,
    );
    let beyond = json!(9_007_199_254_740_992_i64);
    refused(
        &|value| value["determination"]["later"] = beyond.clone(),
        at,
        ProblemKind::OutOfRange,
    );
    // An id that may not be repeated is not.
    let rejection = refused(
        &|value| {
            value["case"]["case_id"] = json!("11010519491231002X");
            value["note"] = json!(1);
        },
        "/note",
        ProblemKind::UnknownKey,
    );
    assert_eq!(rejection.case_id, None);
    // Twice, wherever it stands.
    let text = good.to_string();
    for (from, to, at) in [
        ("{\"case\":", "{\"schema\":1,\"case\":", "/schema"),
        (
            "\"determination\":{",
            "\"determination\":{\"schema\":1,",
            "/determination/schema",
        ),
    ] {
        let rejection = Record::from_text(&text.replacen(from, to, 1)).expect_err(at);
        let found = &rejection.rejected[0];
        assert_eq!(
            (found.at.as_str(), found.kind),
            (at, ProblemKind::DuplicateKey)
        );
    }
    for text in ["", "{", "[]", "null", "\u{feff}{}"] {
        assert!(Record::from_text(text).is_err(), "{text}");
    }
}

/// A null where the contract has one is a value, not an absence.
#[test]
fn nulls_of_a_determination_are_read() {
    let case = r#"{"case_id":"a","as_of":"2026-06-30","assessments":[
        {"instrument":"gbt-42195-2022","date":"2026-06-20","answers":{}}]}"#;
    let made = rulebook().record_text(case, Options::default()).unwrap();
    let read = record(&made.text());
    assert_eq!(read.determination().assessments[0].level, None);
    assert_eq!(read, made);
}

#[test]
fn what_could_not_be_read_again_is_not_recorded() {
    let mut form = Assessment::new(forms::GBT, date(2026, 6, 20));
    let many = vec!["I10".to_owned(); 180_000];
    form.answers.insert("A.4.1".into(), Answer::List(many));
    let mut case = Case::new("long", date(2026, 6, 30));
    case.assessments.push(form);
    let rejection = rulebook().record(&case).map(|record| record.text().len());
    let rejection = rejection.expect_err("too long");
    assert_eq!(rejection.case_id.as_deref(), Some("long"));
    assert_eq!(rejection.rejected[0].kind, ProblemKind::TooLarge);
}

// ---- replay ------------------------------------------------------------------

/// The threshold of a band moved: the level differs, and its step is named.
#[test]
fn a_changed_band_is_found_and_named() {
    let file = "instruments/gbt-42195-2022.json";
    let other = with(
        file,
        r#"{"from": 66, "to": 89, "is": "mild"},
            {"from": 46, "to": 65, "is": "moderate"}"#,
        r#"{"from": 70, "to": 89, "is": "mild"},
            {"from": 46, "to": 69, "is": "moderate"}"#,
    );
    let made = record(&rulebook().record_json(&case_of("gbt-42195-2022/demo")));
    let replay = other.replay(&made);
    assert_eq!(replay.status, ReplayStatus::Differs);
    assert!(replay.other_rulebook);
    assert_eq!(replay.rulebook.digest, rulebook().digest());
    let level = at(&replay, "/assessments/0/level/key");
    assert_eq!(level.recorded, Some(json!("moderate")));
    assert_eq!(level.now, Some(json!("severe")));
    let steps = &rulebook()
        .instrument(forms::GBT)
        .unwrap()
        .definition()
        .result;
    assert_eq!(level.rule, Some(format!("{}/{}", forms::GBT, steps.level)));
    let before = at(&replay, "/assessments/0/preliminary/code");
    assert_eq!(
        (&before.recorded, &before.now),
        (&Some(json!(1)), &Some(json!(2)))
    );
    let preliminary = steps.preliminary.as_deref().unwrap();
    assert_eq!(before.rule, Some(format!("{}/{preliminary}", forms::GBT)));
    // The rules differ in nothing that this case comes to.
    let coma = record(&rulebook().record_json(&case_of("gbt-42195-2022/coma-alone")));
    let replay = other.replay(&coma);
    assert_eq!(
        (replay.status, replay.other_rulebook),
        (ReplayStatus::Same, true)
    );
    // And the other way round.
    let made = other
        .record_text(&case_of("gbt-42195-2022/demo"), Options::default())
        .unwrap();
    assert_eq!(other.replay(&made).status, ReplayStatus::Same);
    assert_eq!(rulebook().replay(&made).status, ReplayStatus::Differs);
}

/// Every value of a record altered in turn, and sealed anew: each is found where it is.
#[test]
fn every_altered_value_is_found_where_it_is() {
    fn places(value: &Value, at: String, list: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(key, inner)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(inner, format!("{at}/{key}"), list);
            }),
            Value::Array(elements) if elements.iter().any(Value::is_object) => {
                for (i, inner) in elements.iter().enumerate() {
                    places(inner, format!("{at}/{i}"), list);
                }
            }
            _ => list.push(at),
        }
    }
    let names = [
        "assessments",
        "care_levels",
        "entitlements",
        "findings",
        "payments",
        "questions",
    ];
    let mut seen = std::collections::BTreeMap::new();
    for name in ["rights/tianjin", "gbt-42195-2022/demo"] {
        let good = value(&rulebook().record_json(&case_of(name)));
        let mut list = Vec::new();
        places(&good["determination"], String::new(), &mut list);
        for place in list {
            if place == "/engine" || place.starts_with("/rulebook/") {
                continue;
            }
            let mut changed = good.clone();
            let found = changed["determination"].pointer_mut(&place).unwrap();
            *found = match &*found {
                Value::Bool(flag) => json!(!flag),
                Value::Number(number) => json!(number.as_i64().unwrap() ^ 1),
                Value::Array(list) => json!([list.clone(), vec![json!("x-1")]].concat()),
                Value::Null if place.ends_with("/met") || place.ends_with("/holds") => json!(true),
                _ => continue,
            };
            let Ok(changed) = Record::from_text(&sealed(changed)) else {
                continue;
            };
            let replay = rulebook().replay(&changed);
            assert_eq!(replay.status, ReplayStatus::Differs, "{name} {place}");
            assert!(
                replay
                    .differences
                    .iter()
                    .any(|one| place.starts_with(&one.at)),
                "{name} {place}: {:#?}",
                replay.differences
            );
            let part = place.split('/').nth(1).unwrap().to_owned();
            let ruled = replay.differences.iter().any(|one| one.rule.is_some());
            *seen.entry(part).or_insert(0) += usize::from(ruled);
        }
    }
    for part in names {
        let without = part == "questions" || part == "care_levels";
        assert!(
            without || seen.get(part).is_some_and(|count| *count > 0),
            "{part}: {seen:?}"
        );
    }
}

/// A right that is new, gone or moved is one difference, and not all those behind it.
#[test]
fn rights_are_compared_by_programme() {
    let good = value(&rulebook().record_json(&case_of("rights/tianjin")));
    let mut less = good.clone();
    let rights = less["determination"]["entitlements"]
        .as_array_mut()
        .unwrap();
    let gone = rights.remove(1);
    let replay = rulebook().replay(&record(&sealed(less)));
    assert_eq!(replay.differences.len(), 1, "{:#?}", replay.differences);
    let only = at(&replay, "/entitlements/1");
    assert_eq!((&only.recorded, &only.now), (&None, &Some(gone.clone())));
    assert!(only.rule.is_some());

    let mut moved = good.clone();
    let rights = moved["determination"]["entitlements"]
        .as_array_mut()
        .unwrap();
    rights.swap(0, 1);
    let replay = rulebook().replay(&record(&sealed(moved)));
    assert_eq!(replay.differences.len(), 1, "{:#?}", replay.differences);
    let order = at(&replay, "/entitlements");
    assert_eq!(order.recorded.as_ref().unwrap()[0], gone["programme"]);

    let mut more = good;
    let rights = more["determination"]["entitlements"]
        .as_array_mut()
        .unwrap();
    rights[0]["status"] = json!("discretionary");
    let rule = rights[0]["rule"].clone();
    let replay = rulebook().replay(&record(&sealed(more)));
    let status = at(&replay, "/entitlements/0/status");
    assert_eq!(status.recorded, Some(json!("discretionary")));
    assert_eq!(status.rule.as_deref(), rule.as_str());
}

/// Of every list whose elements have names, an element that is gone is one difference.
#[test]
fn lists_are_compared_by_the_names_of_their_elements() {
    let mut named = BTreeSet::from([
        "alternatives",
        "because",
        "care_levels",
        "changes",
        "entitlements",
        "findings",
        "layers",
        "payers",
        "questions",
        "steps",
    ]);
    for (name, text) in cases() {
        if named.is_empty() {
            break;
        }
        let Ok(made) = rulebook().record_text(&text, Options::traced()) else {
            continue;
        };
        let good = value(&made.into_text());
        let mut lists = Vec::new();
        find_lists(&good["determination"], "/determination", &mut lists);
        for (key, at) in lists {
            if !named.remove(key.as_str()) {
                continue;
            }
            for gone in [0, 1] {
                let mut less = good.clone();
                let list = less.pointer_mut(&at).unwrap().as_array_mut().unwrap();
                list.remove(gone);
                let replay = rulebook().replay(&record(&sealed(less)));
                let found: Vec<&str> = replay.differences.iter().map(|one| &*one.at).collect();
                let expected = format!("{}/{gone}", at.trim_start_matches("/determination"));
                assert_eq!(found, [expected], "{name}");
            }
        }
    }
    assert_eq!(named, BTreeSet::new(), "no case has two of them");
}

/// The lists of objects within, of two elements or more, with their keys.
fn find_lists(value: &Value, at: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let at = format!("{at}/{key}");
                if let Some([Value::Object(_), _, ..]) = value.as_array().map(Vec::as_slice) {
                    out.push((key.clone(), at.clone()));
                }
                find_lists(value, &at, out);
            }
        }
        Value::Array(list) => {
            for (i, value) in list.iter().enumerate() {
                find_lists(value, &format!("{at}/{i}"), out);
            }
        }
        _ => {}
    }
}

#[test]
fn engine_and_rulebook_are_not_compared() {
    let mut changed = value(&rulebook().record_json(&case_of("gbt-42195-2022/demo")));
    changed["determination"]["engine"] = json!("0.0.1");
    changed["determination"]["rulebook"] =
        json!({"digest": "sha256:00", "version": "1", "later": true});
    let replay = rulebook().replay(&record(&sealed(changed)));
    assert_eq!(
        (replay.status, replay.other_rulebook),
        (ReplayStatus::Same, true)
    );
    assert_eq!(replay.rulebook.version, "1");
}

/// Changed and not sealed anew: the seal says so, and the replay says what was changed.
#[test]
fn a_broken_seal_and_what_was_changed() {
    let text = rulebook().record_json(&case_of("gbt-42195-2022/demo"));
    let changed = text.replacen("\"total\":69", "\"total\":96", 1);
    assert_ne!(changed, text);
    let replay = rulebook().replay(&record(&changed));
    assert_eq!(replay.status, ReplayStatus::SealBroken);
    assert_eq!(replay.differences.len(), 1);
    let total = at(&replay, "/assessments/0/scores/total");
    assert_eq!(total.recorded, Some(json!(96)));
    assert_eq!(total.rule, Some(format!("{}/total", forms::GBT)));
    // In what is not compared there is no difference, and the seal is broken all the same.
    let changed = text.replacen("\"engine\":\"0", "\"engine\":\"1", 1);
    let replay = rulebook().replay(&record(&changed));
    assert_eq!(replay.status, ReplayStatus::SealBroken);
    assert!(replay.differences.is_empty());
}

#[test]
fn a_case_that_is_refused_now() {
    let mut changed = value(&rulebook().record_json(&case_of("gbt-42195-2022/demo")));
    changed["case"]["assessments"][0]["instrument"] = json!("gbt-2099");
    let replay = rulebook().replay(&record(&sealed(changed)));
    assert_eq!(replay.status, ReplayStatus::Differs);
    assert_eq!(replay.differences.len(), 1);
    assert_eq!(replay.rejected()[0].kind, ProblemKind::UnknownInstrument);
    let whole = at(&replay, "");
    assert_eq!(whole.recorded, None);
    let now = whole.now.as_ref().unwrap();
    assert_eq!(now["rejected"][0]["kind"], "unknown_instrument");
}

#[test]
fn a_replay_is_written_and_read() {
    let mut changed = value(&rulebook().record_json(&case_of("gbt-42195-2022/demo")));
    changed["determination"]["assessments"][0]["level"] = Value::Null;
    let replay = rulebook().replay(&record(&sealed(changed)));
    let text = serde_json::to_string(&replay).unwrap();
    assert_eq!(text, canonical(&value(&text)));
    let read: Replay = serde_json::from_str(&text).unwrap();
    assert_eq!(read, replay);
    assert_eq!(
        at(&read, "/assessments/0/level").recorded,
        Some(Value::Null)
    );
}

// ---- export ------------------------------------------------------------------

#[test]
fn an_exported_rulebook_is_the_same() {
    let county = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    assert!(Path::new(county).is_dir());
    let text = rulebook().export();
    assert_eq!(text, canonical(&value(&text)));
    let back = Rulebook::from_export(&text).unwrap();
    assert_eq!(back.digest(), rulebook().digest());
    assert_eq!(back.version(), rulebook().version());
    let mut files = rulebook().files();
    let (_, head) = files.find(|(path, _)| *path == "rulebook.json").unwrap();
    assert_eq!(value(head)["version"], back.version());
    assert_eq!(back.export(), text);
    for name in ["gbt-42195-2022/demo", "rights/tianjin"] {
        let case = case_of(name);
        assert_eq!(back.record_json(&case), rulebook().record_json(&case));
    }
}

#[test]
fn an_export_that_was_altered_is_refused() {
    let text = rulebook().export();
    let mut changed = value(&text);
    let file = &mut changed["files"]["instruments/gbt-42195-2022.json"];
    *file = json!(file.as_str().unwrap().to_owned() + " ");
    assert!(Rulebook::from_export(&changed.to_string()).is_err());
    let mut changed = value(&text);
    changed["digest"] = json!(format!("sha256:{}", "0".repeat(64)));
    let error = Rulebook::from_export(&changed.to_string()).expect_err("another digest");
    assert!(error.to_string().contains(rulebook().digest()), "{error}");
    for text in ["", "{}", "[]", r#"{"digest":"","files":{},"version":""}"#] {
        assert!(Rulebook::from_export(text).is_err(), "{text}");
    }
}
