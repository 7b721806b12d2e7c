//! Rule files broken on purpose: each fault is found, by its name and its place,
//! and all of them at once. And a made-up instrument, as data alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod forms;

use std::collections::BTreeSet;

use forms::{GBT, rulebook};
use nengli::coverage::What;
use nengli::instrument::columns::{Input, Output};
use nengli::instrument::definition::{Item, ItemOption};
use nengli::rulebook::{Diagnostic, RulebookError};
use nengli::{Case, Coverage, Options, Rulebook, Score};
use serde_json::{Value, json};

const GBT_FILE: &str = "instruments/gbt-42195-2022.json";

/// The files of the crate, as pairs.
fn files() -> Vec<(String, String)> {
    rulebook()
        .files()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn gbt() -> Value {
    let (_, text) = rulebook()
        .files()
        .find(|(path, _)| *path == GBT_FILE)
        .expect("the file");
    serde_json::from_str(text).expect("JSON")
}

/// The files with another text in place of one.
fn replaced(path: &str, text: &str) -> Vec<(String, String)> {
    let mut files = files();
    let file = files.iter_mut().find(|(known, _)| known == path);
    text.clone_into(&mut file.expect("the file").1);
    files
}

fn load(gbt: &Value) -> Result<Rulebook, RulebookError> {
    Rulebook::from_files(replaced(GBT_FILE, &gbt.to_string()))
}

/// The faults of a rulebook as `(file, at, kind)`.
fn faults(result: Result<Rulebook, RulebookError>) -> Vec<(String, String, &'static str)> {
    let Err(error) = result else {
        return Vec::new();
    };
    assert!(!error.diagnostics.is_empty());
    for diagnostic in &error.diagnostics {
        let Diagnostic {
            file, at, message, ..
        } = diagnostic;
        assert!(!message.is_empty() && !message.contains('\n'));
        assert!(at.is_empty() || at.starts_with('/'), "{at}");
        // The words of the whole error name each fault, its file and its place.
        let line = format!("{file}#{at}: {}", diagnostic.kind);
        assert!(error.to_string().contains(&line), "{line}");
    }
    error
        .diagnostics
        .into_iter()
        .map(|diagnostic| (diagnostic.file, diagnostic.at, diagnostic.kind.as_str()))
        .collect()
}

/// What is found in the file after an edit, as `(at, kind)`.
fn found(edit: impl FnOnce(&mut Value)) -> Vec<(String, &'static str)> {
    let mut file = gbt();
    edit(&mut file);
    faults(load(&file))
        .into_iter()
        // A map of care levels lacks what a further level would need.
        .filter(|(file, _, _)| !file.starts_with("care-levels/"))
        .map(|(file, at, kind)| {
            assert_eq!(file, GBT_FILE);
            (at, kind)
        })
        .collect()
}

/// An edit gives just these faults.
#[track_caller]
fn breaks(edit: impl FnOnce(&mut Value), expected: &[(&str, &str)]) {
    let found = found(edit);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(at, kind)| (at.as_str(), *kind))
        .collect();
    assert_eq!(found, expected);
}

/// An edit gives this fault, and perhaps what follows from it.
#[track_caller]
fn finds(edit: impl FnOnce(&mut Value), at: &str, kind: &str) {
    let found = found(edit);
    let there = found
        .iter()
        .any(|(place, name)| place == at && *name == kind);
    assert!(there, "{kind} at {at} is not among {found:?}");
}

fn put(at: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |file| *file.pointer_mut(at).unwrap_or_else(|| panic!("no {at}")) = value
}

fn push(at: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |file| list(file, at).push(value)
}

fn list<'v>(file: &'v mut Value, at: &str) -> &'v mut Vec<Value> {
    let place = file.pointer_mut(at).and_then(Value::as_array_mut);
    place.unwrap_or_else(|| panic!("no list {at}"))
}

const BAND: &str = "/steps/5/rule/band/rows";
const RULES: &str = "/steps/6/rule/level_change/rules";

#[test]
fn the_file_is_whole_before_it_is_broken() {
    breaks(|_| {}, &[]);
}

#[test]
fn gap() {
    breaks(
        put("/steps/5/rule/band/rows/1/from", json!(67)),
        &[(BAND, "gap")],
    );
    breaks(
        |file| {
            list(file, BAND).remove(2);
        },
        &[(BAND, "gap")],
    );
    // Not every choice of an interpretation has its condition, or its way to add up.
    breaks(
        |file| {
            let choices =
                file.pointer_mut("/steps/6/rule/level_change/rules/2/when/reading/choices");
            choices.unwrap().as_object_mut().unwrap().remove("sum");
        },
        &[(
            "/steps/6/rule/level_change/rules/2/when/reading/choices",
            "gap",
        )],
    );
    breaks(
        |file| {
            let choices = file.pointer_mut("/steps/6/rule/level_change/together/choices");
            choices.unwrap().as_object_mut().unwrap().remove("single");
        },
        &[("/steps/6/rule/level_change/together/choices", "gap")],
    );
}

#[test]
fn overlap() {
    breaks(
        put("/steps/5/rule/band/rows/2/to", json!(66)),
        &[("/steps/5/rule/band/rows/2", "overlap")],
    );
    breaks(
        push(BAND, json!({"from": 10, "to": 20, "is": "severe"})),
        &[("/steps/5/rule/band/rows/5", "overlap")],
    );
}

#[test]
fn dead_row() {
    breaks(
        push(BAND, json!({"from": 91, "to": 100, "is": "intact"})),
        &[("/steps/5/rule/band/rows/5", "dead_row")],
    );
    // From and to the wrong way round hold nothing, and leave a gap.
    breaks(
        |file| {
            put("/steps/5/rule/band/rows/3/from", json!(45))(file);
            put("/steps/5/rule/band/rows/3/to", json!(30))(file);
        },
        &[(BAND, "gap"), ("/steps/5/rule/band/rows/3", "dead_row")],
    );
    breaks(
        put(
            "/steps/6/rule/level_change/rules/1/then",
            json!({"worse_by": 0}),
        ),
        &[(
            "/steps/6/rule/level_change/rules/1/then/worse_by",
            "dead_row",
        )],
    );
}

#[test]
fn unknown_level() {
    breaks(
        put("/steps/5/rule/band/rows/3/is", json!("heavy")),
        &[("/steps/5/rule/band/rows/3/is", "unknown_level")],
    );
    breaks(
        put("/steps/6/rule/level_change/rules/0/then/set", json!("dead")),
        &[(
            "/steps/6/rule/level_change/rules/0/then/set",
            "unknown_level",
        )],
    );
    // A number that is no level, where levels are changed.
    finds(
        put("/steps/5/rule/band/rows/4/is", json!(5)),
        "/steps/6/rule/level_change/of",
        "unknown_level",
    );
}

#[test]
fn missing_citation() {
    for at in [
        "/domains/0/items/0",
        "/domains/3/items/4",
        "/fields/0",
        "/interpretations/0",
        "/steps/0",
        "/steps/6",
        "/steps/6/rule/level_change/rules/0",
        "/assessors",
        "/checks/0",
    ] {
        let place = format!("{at}/cite");
        for remove in [true, false] {
            let found = found(|file| {
                let rule = file.pointer_mut(at).unwrap().as_object_mut().unwrap();
                if remove {
                    rule.remove("cite");
                } else {
                    rule.insert("cite".to_owned(), json!([]));
                }
            });
            assert_eq!(found, [(place.clone(), "missing_citation")]);
        }
    }
}

#[test]
fn unknown_citation() {
    for cite in ["gbt-42195-2022.D.1", "gbt-42195-2022", "another.C.4", ""] {
        breaks(
            put("/steps/5/cite", json!(["gbt-42195-2022.C.3", cite])),
            &[("/steps/5/cite/1", "unknown_citation")],
        );
    }
    // The clause that items cite is no longer declared.
    let found = found(|file| {
        let clauses = file.pointer_mut("/documents/0/clauses").unwrap();
        clauses.as_object_mut().unwrap().remove("B.4");
    });
    let items: Vec<(String, &str)> = (0..5)
        .map(|item| {
            (
                format!("/domains/3/items/{item}/cite/0"),
                "unknown_citation",
            )
        })
        .collect();
    assert_eq!(found, items);
}

#[test]
fn duplicate_code() {
    for (at, twin) in [
        // Codes of items, within a domain, across domains, and against a field.
        ("/domains/0/items/1/code", json!("B.1.1")),
        ("/domains/1/items/0/code", json!("B.1.1")),
        ("/fields/0/code", json!("B.1.1")),
        ("/fields/1/code", json!("A.1.3")),
        ("/domains/2/items/8/options/4/key", json!("stupor")),
        ("/fields/0/options/1/key", json!("initial")),
        ("/fields/6/rows/1/key", json!("hypertension")),
        ("/interpretations/1/id", json!("uplift")),
        ("/interpretations/0/choices/1/key", json!("single")),
        ("/steps/1/id", json!("B.1")),
        ("/steps/6/rule/level_change/rules/2/id", json!("C.4.coma")),
        ("/levels/4/key", json!("severe")),
        ("/documents/1/id", json!(GBT)),
    ] {
        finds(put(at, twin), at, "duplicate_code");
    }
}

/// The code that a form prints beside an option names that option alone.
#[test]
fn duplicate_code_of_an_option() {
    breaks(
        put("/fields/1/options/2/code", json!(1)),
        &[("/fields/1/options/2/code", "duplicate_code")],
    );
}

#[test]
fn duplicate_code_of_a_domain() {
    finds(
        put("/domains/1/code", json!("B.1")),
        "/domains/1/code",
        "duplicate_code",
    );
}

/// An item summed twice is an error of typing, and so is one that nothing sums.
#[test]
fn an_item_counted_twice_and_another_never() {
    let found = found(put("/steps/0/rule/sum/of/7", json!("B.1.7")));
    assert!(!found.is_empty(), "B.1.7 counts twice and B.1.8 never");
    assert!(
        found
            .iter()
            .all(|(at, _)| at.starts_with("/steps/0/rule/sum")
                || at.starts_with("/domains/0/items/7"))
    );
}

#[test]
fn unknown_reference() {
    for at in [
        "/steps/0/rule/sum/of/0",
        "/steps/5/rule/band/of",
        "/steps/6/rule/level_change/of",
        "/steps/6/rule/level_change/rules/0/when/answer/code",
        "/steps/6/rule/level_change/rules/1/when/diagnosis/code",
        "/steps/6/rule/level_change/rules/2/when/reading/interpretation",
        "/steps/6/rule/level_change/rules/2/when/reading/choices/sum/sum/of/4",
        "/steps/6/rule/level_change/rules/2/when/reading/choices/any_single_type/most/of/0",
        "/steps/6/rule/level_change/together/interpretation",
        "/interpretations/0/default",
        "/checks/0/when/all/0/answer/code",
        "/checks/0/when/all/0/answer/is",
        "/checks/1/when/all/1/answer/one_of/3",
        "/checks/0/about/1",
        "/result/scores/0",
        "/result/total",
        "/result/preliminary",
        "/reason",
        "/assessors/one_with/0",
    ] {
        finds(put(at, json!("nowhere")), at, "unknown_reference");
    }
    // Choices that the interpretation does not have.
    breaks(
        |file| {
            let choices = file.pointer_mut("/steps/6/rule/level_change/together/choices");
            let choices = choices.unwrap().as_object_mut().unwrap();
            choices.insert("twice".to_owned(), json!("each"));
        },
        &[(
            "/steps/6/rule/level_change/together/choices/twice",
            "unknown_reference",
        )],
    );
    // What answers a flag is an item and one of its options.
    for answered_by in [
        json!({"code": "B.9.9", "option": "coma", "as": true}),
        json!({"code": "B.3.9", "option": "asleep", "as": true}),
        json!({"code": "A.5.10", "option": "coma", "as": true}),
    ] {
        let coma = gbt()["fields"].as_array().unwrap().len() - 1;
        let found = found(|file| {
            let mut answered_by = answered_by;
            answered_by["cite"] = json!(["gbt-42195-2022.B.3"]);
            answered_by["grade"] = json!("B");
            file["fields"][coma]["answered_by"] = answered_by;
        });
        let place = format!("/fields/{coma}/answered_by");
        assert_eq!(found, [(place, "unknown_reference")]);
    }
    breaks(
        put("/checks/0/about", json!([])),
        &[("/checks/0/about", "unknown_reference")],
    );
}

/// A step uses only what stands before it, and never itself.
#[test]
fn steps_in_their_order() {
    breaks(
        |file| list(file, "/steps").swap(3, 4),
        &[("/steps/3/rule/sum/of/3", "unknown_reference")],
    );
    breaks(
        put("/steps/4/rule/sum/of/3", json!("total")),
        &[("/steps/4/rule/sum/of/3", "unknown_reference")],
    );
}

/// A condition adds up only what has numbers.
#[test]
fn a_sum_of_answers_without_numbers() {
    let at = "/steps/6/rule/level_change/rules/2/when/reading/choices/sum/sum/of/0";
    for code in ["A.5.5", "A.5.1"] {
        finds(put(at, json!(code)), at, "unknown_reference");
    }
}

/// A rule that no form can meet is dead: a bound beyond what can be answered.
#[test]
fn a_rule_that_no_form_can_meet() {
    let when = "/steps/6/rule/level_change/rules/2/when";
    let mut accepted = Vec::new();
    for condition in [
        json!({"sum": {"of": ["A.2.14.1", "A.2.14.2"], "at_least": 7}}),
        json!({"most": {"of": ["A.2.14.1", "A.2.14.2"], "at_least": 4}}),
        json!({"answer": {"code": "A.2.14.1", "at_least": 4}}),
        json!({"step": {"id": "total", "at_least": 91}}),
        json!({"any": []}),
    ] {
        let found = found(put(when, condition.clone()));
        if found.is_empty() {
            accepted.push(condition.to_string());
        } else {
            assert!(
                found.iter().all(|(at, _)| at.starts_with(when)),
                "{found:?}"
            );
        }
    }
    assert_eq!(accepted, Vec::<String>::new());
}

#[test]
fn unreachable_level() {
    breaks(
        push(
            "/levels",
            json!({"code": 5, "key": "beyond", "names": {"zh": "更重", "en": "beyond"}}),
        ),
        // The worst level is now one that nothing but a change reaches.
        &[],
    );
    breaks(
        put("/steps/5/rule/band/rows/0/is", json!("mild")),
        &[("/levels/0", "unreachable_level")],
    );
    breaks(
        |file| {
            put("/steps/5/rule/band/rows/0/is", json!("moderate"))(file);
            put("/steps/5/rule/band/rows/1/is", json!("moderate"))(file);
        },
        &[
            ("/levels/0", "unreachable_level"),
            ("/levels/1", "unreachable_level"),
        ],
    );
}

#[test]
fn out_of_range() {
    // Its sums are then beyond the bands, which is found too.
    breaks(
        put("/domains/0/items/1/options/0/score", json!(16)),
        &[
            ("/domains/0/items/1/options/0", "out_of_range"),
            (BAND, "gap"),
        ],
    );
    breaks(
        put("/fields/0/options/4/code", json!(16)),
        &[("/fields/0/options/4", "out_of_range")],
    );
    finds(
        put("/levels/2/code", json!(7)),
        "/levels/2/code",
        "out_of_range",
    );
    breaks(
        put("/steps/5/rule/band/rows/4/is", json!(200)),
        &[("/steps/5/rule/band/rows/4/is", "out_of_range")],
    );
    for to in ["2022-12-30", "2000-01-01"] {
        breaks(
            put(
                "/in_force",
                json!({"from": "2022-12-30", "to": to, "grade": "B"}),
            ),
            &[("/in_force/to", "out_of_range")],
        );
    }
    // A level change stands last and gives the level.
    finds(
        put("/result/level", json!("C.3")),
        "/steps/6/rule",
        "out_of_range",
    );
}

/// So many of one thing, each with a code or key of its own.
fn many(count: usize, of: Value, code: &str) -> Vec<Value> {
    let mut all = vec![of; count];
    for (i, one) in all.iter_mut().enumerate() {
        one[code] = json!(format!("X.{i}"));
    }
    all
}

#[test]
fn too_many_steps() {
    let steps = many(32, gbt()["steps"][0].clone(), "id");
    breaks(
        |file| list(file, "/steps").splice(0..0, steps).for_each(drop),
        &[("/steps", "too_large")],
    );
}

#[test]
fn too_large() {
    // More than the sums hold.
    let found = found(|file| {
        for item in list(file, "/domains/0/items").iter_mut().skip(1) {
            item["options"][0]["score"] = json!(15);
        }
    });
    assert_eq!(found, [("/steps/4/rule/sum".to_owned(), "too_large")]);

    let file = gbt();
    // More than 16 options.
    let mut options = many(17, file["fields"][0]["options"][0].clone(), "key");
    for option in &mut options {
        option.as_object_mut().expect("an option").remove("code");
    }
    breaks(
        put("/fields/0/options", Value::Array(options)),
        &[("/fields/0/options", "too_large")],
    );
    finds(
        put("/domains/0/items/1/options", json!([])),
        "/domains/0/items/1/options",
        "too_large",
    );
    // More than 64 items and fields that can be asked.
    let fields = many(64, file["fields"][15].clone(), "code");
    breaks(
        |file| list(file, "/fields").splice(0..0, fields).for_each(drop),
        &[("/domains", "too_large")],
    );
    // More than 8 interpretations, more than 8 rules.
    let readings = many(7, file["interpretations"][0].clone(), "id");
    breaks(
        |file| list(file, "/interpretations").extend(readings),
        &[("/interpretations", "too_large")],
    );
    let rules = many(6, file.pointer(RULES).unwrap()[0].clone(), "id");
    breaks(
        |file| list(file, RULES).extend(rules),
        &[(RULES, "too_large")],
    );
    // More combinations than a table may have.
    let mut worst = file["steps"][4].clone();
    worst["id"] = json!("worst");
    worst["rule"] = json!({"worst_of": {"of": ["B.1", "B.2", "B.3", "B.4"]}});
    breaks(
        |file| list(file, "/steps").insert(4, worst),
        &[("/steps/4/rule/worst_of", "too_large")],
    );
}

#[test]
fn shape() {
    breaks(
        put("/domains/0/items/0/grade", json!("D")),
        &[("/domains/0/items/0/grade", "shape")],
    );
    breaks(
        put("/steps/5/rule/band/rows/0/from", json!("90")),
        &[("/steps/5/rule/band/rows/0/from", "shape")],
    );
    breaks(
        put("/steps/5/rule/band/rows/0/from", json!(300)),
        &[("/steps/5/rule/band/rows/0/from", "shape")],
    );
    breaks(
        put("/steps/5/rule/band/rows/0/from", json!(90.0)),
        &[("/steps/5/rule/band/rows/0/from", "shape")],
    );
    breaks(
        put("/in_force/from", json!("2022-12-32")),
        &[("/in_force/from", "shape")],
    );
    breaks(put("/schema", json!(2)), &[("/schema", "shape")]);
    breaks(put("/kind", json!("standard")), &[("/kind", "shape")]);
    breaks(
        put("/fields/6/rows/0/icd", json!("I15-I10")),
        &[("/fields/6/rows/0/icd", "shape")],
    );
    breaks(
        put(
            "/steps/6/rule/level_change/rules/1/when/diagnosis/within/0",
            json!("F0"),
        ),
        &[(
            "/steps/6/rule/level_change/rules/1/when/diagnosis/within/0",
            "shape",
        )],
    );
    breaks(
        put(
            "/steps/6/rule/level_change/rules/0/when",
            json!({"answer": {"code": "A.5.11", "is": true, "at_least": 1}}),
        ),
        &[("/steps/6/rule/level_change/rules/0/when/answer", "shape")],
    );
    // A word that the language does not have.
    for (at, value) in [
        ("/steps/0/rule", json!({"product": {"of": ["B.1.1"]}})),
        (
            "/steps/6/rule/level_change/rules/0/when",
            json!({"xor": []}),
        ),
        (
            "/steps/6/rule/level_change/rules/0/then",
            json!({"better_by": 1}),
        ),
    ] {
        let found = found(put(at, value));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].0.starts_with(at) && found[0].1 == "shape",
            "{found:?}"
        );
    }
}

/// An unknown key and a missing one are found at the object, at every depth.
#[test]
fn shape_of_objects() {
    for at in [
        "",
        "/in_force",
        "/documents/0",
        "/levels/0",
        "/levels/0/names",
        "/domains/0",
        "/domains/0/items/3",
        "/domains/0/items/3/options/2",
        "/fields/6/rows/20",
        "/interpretations/0/choices/0",
        "/steps/5/rule/band",
        "/steps/5/rule/band/rows/2",
        "/steps/6/rule/level_change/rules/1/when/diagnosis",
        "/result",
        "/assessors",
        "/checks/7",
    ] {
        let unknown = found(|file| {
            let object = file.pointer_mut(at).unwrap().as_object_mut().unwrap();
            object.insert("colour".to_owned(), json!("red"));
        });
        assert_eq!(unknown.len(), 1, "{at}: {unknown:?}");
        assert!(
            unknown[0].0.starts_with(at) && unknown[0].1 == "shape",
            "{unknown:?}"
        );
    }
    for (at, key) in [
        ("", "id"),
        ("", "levels"),
        ("/domains/0/items/3", "grade"),
        ("/domains/0/items/3/options/2", "score"),
        ("/steps/5/rule/band/rows/2", "to"),
        ("/result", "level"),
    ] {
        let missing = found(|file| {
            let object = file.pointer_mut(at).unwrap().as_object_mut().unwrap();
            object.remove(key);
        });
        // Scores are on every option or on none: that is a fault of the whole list.
        let at = if key == "score" {
            at.trim_end_matches("/2")
        } else {
            at
        };
        assert_eq!(missing, [(at.to_owned(), "shape")], "{key}");
    }
}

/// All faults at once, and not the first: of several items, rows and rules.
#[test]
fn every_fault_of_a_file_is_reported() {
    let shapes = found(|file| {
        file["domains"][0]["items"][0]["grade"] = json!("D");
        file["domains"][1]["items"][2]["options"][0]["score"] = json!("4");
        file["fields"][3]["type"] = json!("number");
        file["levels"][1]["code"] = json!(null);
        file["checks"][2]["severity"] = json!("fatal");
        file["steps"][0]["grade"] = json!(1);
    });
    let at: BTreeSet<&str> = shapes.iter().map(|(at, _)| at.as_str()).collect();
    let expected = BTreeSet::from([
        "/domains/0/items/0/grade",
        "/domains/1/items/2/options/0/score",
        "/fields/3/type",
        "/levels/1/code",
        "/checks/2/severity",
        "/steps/0/grade",
    ]);
    assert_eq!(at, expected);

    breaks(
        |file| {
            file["domains"][0]["items"][0]["cite"] = json!([]);
            file["domains"][2]["items"][7]["options"][1]["key"] = json!("none");
            file["interpretations"][1]["default"] = json!("none");
            file["checks"][0]["about"][0] = json!("B.9.9");
            file["reason"] = json!("A.9.9");
        },
        &[
            ("/checks/0/about/0", "unknown_reference"),
            ("/domains/0/items/0/cite", "missing_citation"),
            ("/domains/2/items/7/options/1/key", "duplicate_code"),
            ("/interpretations/1/default", "unknown_reference"),
            ("/reason", "unknown_reference"),
        ],
    );
    breaks(
        |file| {
            put("/steps/5/rule/band/rows/1/from", json!(67))(file);
            put("/steps/5/rule/band/rows/3/is", json!("heavy"))(file);
            push(BAND, json!({"from": 91, "to": 92, "is": "intact"}))(file);
            push(BAND, json!({"from": 0, "to": 1, "is": "severe"}))(file);
        },
        &[
            (BAND, "gap"),
            ("/steps/5/rule/band/rows/3/is", "unknown_level"),
            ("/steps/5/rule/band/rows/5", "dead_row"),
            ("/steps/5/rule/band/rows/6", "overlap"),
        ],
    );
}

/// A fault of one step does not hide another's that does not rest on it.
#[test]
fn faults_of_several_steps_are_all_reported() {
    let found = found(|file| {
        put("/steps/0/cite", json!([]))(file);
        put("/steps/5/rule/band/rows/1/from", json!(67))(file);
        put("/steps/6/cite", json!([]))(file);
        put("/steps/6/rule/level_change/rules/1/cite", json!([]))(file);
        put("/steps/6/rule/level_change/rules/0/then/set", json!("dead"))(file);
    });
    for expected in [
        ("/steps/0/cite", "missing_citation"),
        (BAND, "gap"),
        ("/steps/6/cite", "missing_citation"),
        (
            "/steps/6/rule/level_change/rules/1/cite",
            "missing_citation",
        ),
        (
            "/steps/6/rule/level_change/rules/0/then/set",
            "unknown_level",
        ),
    ] {
        assert!(
            found.contains(&(expected.0.to_owned(), expected.1)),
            "{expected:?} is not among {found:?}"
        );
    }
}

// ---- whole files -----------------------------------------------------------

#[test]
fn a_file_that_is_no_rule_file() {
    for text in [
        "",
        "{",
        "[]",
        "{}",
        "null",
        "\"instrument\"",
        r#"{"kind":"instrument"}"#,
    ] {
        let found = faults(rulebook().with_files([("own/x.json", text)]));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!((found[0].0.as_str(), found[0].2), ("own/x.json", "shape"));
    }
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    let found = faults(rulebook().with_files([("own/x.json", deep)]));
    assert_eq!((found[0].0.as_str(), found[0].2), ("own/x.json", "shape"));
}

/// Choices are bounded as interpretations are: loading goes through every
/// combination of them, and a reading keeps each in a byte.
#[test]
fn too_many_choices() {
    let mut file = gbt();
    let words = json!({"zh": "x", "en": "x"});
    let choices: Vec<Value> = (0..300)
        .map(|i| json!({"key": format!("k{i}"), "names": words}))
        .collect();
    list(&mut file, "/interpretations").push(json!({
        "id": "many", "names": words, "choices": choices, "default": "k299",
        "cite": ["gbt-42195-2022.C.4"], "grade": "B"
    }));
    match load(&file) {
        Err(error) => assert!(error.to_string().contains("too_large"), "{error}"),
        Ok(rules) => {
            let answer = rules.assess_json(&forms::case_text(&forms::with_total(75)));
            assert!(answer.contains(r#""many":"k299""#), "{answer}");
        }
    }
}

/// A key that stands twice in a rule file is refused where it stands.
#[test]
fn a_key_that_stands_twice_in_a_rule_file() {
    let text = gbt()
        .to_string()
        .replacen("\"from\":90", "\"from\":90,\"from\":90", 1);
    let found = faults(Rulebook::from_files(replaced(GBT_FILE, &text)));
    assert!(!found.is_empty());
    for (_, at, kind) in &found {
        assert!(at.starts_with("/steps/5/rule/band/rows/0"), "{found:?}");
        assert_eq!(*kind, "shape");
    }
}

#[test]
fn an_id_stands_once_in_a_rulebook() {
    let mut twin = gbt();
    for (i, id) in ["other-1", "other-2", "other-3"].iter().enumerate() {
        twin["documents"][i]["id"] = json!(id);
    }
    let text = twin.to_string().replace("\"gbt-42195-2022.", "\"other-1.");
    let text = text.replace("\"nengli-checks.", "\"other-2.");
    let text = text.replace("\"nengli-succession.", "\"other-3.");
    let found = faults(rulebook().with_files([("own/twin.json", text)]));
    let twin = (
        "own/twin.json".to_owned(),
        "/id".to_owned(),
        "duplicate_code",
    );
    assert_eq!(found, [twin]);

    // The same file under another name: its documents stand twice too.
    let found = faults(rulebook().with_files([("own/twin.json", gbt().to_string())]));
    assert!(
        found
            .iter()
            .all(|(file, _, kind)| file == "own/twin.json" && *kind == "duplicate_code")
    );
    assert!(found.iter().any(|(_, at, _)| at == "/id"), "{found:?}");

    // A path twice, a version twice, a fact twice, a jurisdiction twice.
    let found = faults(rulebook().with_files([(GBT_FILE, "{}")]));
    assert!(found.contains(&(GBT_FILE.to_owned(), String::new(), "duplicate_code")));
    for (text, at) in [
        (
            json!({"kind": "rulebook", "schema": 1, "version": "2026.12.0"}),
            "",
        ),
        (
            json!({"kind": "facts", "schema": 1, "facts": [
                {"id": "rural", "type": "boolean", "names": {"zh": "农村", "en": "rural"},
                 "meaning": {"zh": "农村", "en": "rural"}}]}),
            "/facts/0/id",
        ),
        (
            json!({"kind": "jurisdictions", "schema": 1, "jurisdictions": [
                {"code": "120101", "names": {"zh": "某区", "en": "a district"}}]}),
            "/jurisdictions/0/code",
        ),
    ] {
        let found = faults(rulebook().with_files([("zz.json", text.to_string())]));
        let expected = ("zz.json".to_owned(), at.to_owned(), "duplicate_code");
        assert_eq!(found, [expected]);
    }
}

#[test]
fn a_rulebook_has_a_version() {
    let files = files()
        .into_iter()
        .filter(|(path, _)| path != "rulebook.json");
    let found = faults(Rulebook::from_files(files));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].2, "shape");
    assert!(!faults(Rulebook::from_files(Vec::<(String, String)>::new())).is_empty());
}

/// Faults in two files are both reported, whether they are read or proved.
#[test]
fn faults_of_several_files_are_all_reported() {
    let mut gap = gbt();
    gap["steps"][5]["rule"]["band"]["rows"][1]["from"] = json!(67);
    let mut own = made_up();
    own["steps"][1]["rule"]["band"]["rows"][0]["is"] = json!("x");
    own["steps"][1]["grade"] = json!("Z");
    let mut files = replaced(GBT_FILE, &gap.to_string());
    files.push(("own/made-up.json".to_owned(), own.to_string()));
    files.push(("own/empty.json".to_owned(), "{}".to_owned()));
    let found = faults(Rulebook::from_files(files));
    let found: BTreeSet<(&str, &str)> = found
        .iter()
        .map(|(file, _, kind)| (file.as_str(), *kind))
        .collect();
    assert_eq!(
        found,
        BTreeSet::from([
            (GBT_FILE, "gap"),
            ("own/made-up.json", "shape"),
            ("own/empty.json", "shape"),
        ])
    );
}

/// The order in which files are given does not matter, and the digest covers all.
#[test]
fn the_digest_covers_every_file() {
    let mut backwards = files();
    backwards.reverse();
    let again = Rulebook::from_files(backwards).expect("the rules");
    assert_eq!(again.digest(), rulebook().digest());
    let more = rulebook()
        .with_files([("own/made-up.json", made_up().to_string())])
        .expect("the rules");
    assert_ne!(more.digest(), rulebook().digest());
    let spaced = gbt().to_string() + "\n";
    let spaced = Rulebook::from_files(replaced(GBT_FILE, &spaced)).expect("the rules");
    assert_ne!(spaced.digest(), rulebook().digest());
    assert_eq!(more.version(), rulebook().version());
}

/// What the proof says of the built-in instrument: each step, and how many states.
#[test]
fn the_proof_names_every_step() {
    let proofs = rulebook().check();
    let proof = proofs
        .iter()
        .find(|proof| proof.instrument == GBT)
        .expect("a proof");
    for step in gbt()["steps"].as_array().unwrap() {
        let line = proof.lines.iter().find(|line| step["id"] == *line.step);
        let line = line.expect("a line for the step");
        assert!(line.states > 0 && !line.proved.contains("NOT"), "{line:?}");
    }
    let states: u64 = proof.lines.iter().map(|line| line.states).sum();
    assert_eq!(proof.states, states);
}

// ---- a made-up instrument --------------------------------------------------

/// An instrument with every word of the language but the level change: two sums
/// of points, one of them with a gap, a count, a grade of each, the worst of the
/// grades, and a table for the level.
fn made_up() -> Value {
    let words = |text: &str| json!({"zh": text, "en": text});
    let item = |code: &str, options: &[(&str, u8)]| {
        let options: Vec<Value> = options
            .iter()
            .map(|(key, score)| json!({"score": score, "key": key, "label": words(key)}))
            .collect();
        json!({"code": code, "names": words(code), "options": options, "cite": ["made-up.1"], "grade": "B"})
    };
    let step = |id: &str, rule: Value| json!({"id": id, "names": words(id), "rule": rule, "cite": ["made-up.2"], "grade": "B"});
    let yes_no = [("yes", 1), ("no", 0)];
    json!({
        "kind": "instrument",
        "schema": 1,
        "id": "made-up",
        "names": words("made up"),
        "in_force": {"from": "2020-01-01", "to": "2026-01-01", "grade": "B"},
        "documents": [{"id": "made-up", "names": words("made up"), "own": true,
                       "clauses": {"1": words("items"), "2": words("steps")}}],
        "levels": [
            {"code": 0, "key": "fit", "names": words("fit")},
            {"code": 1, "key": "frail", "names": words("frail")},
            {"code": 2, "key": "weak", "names": words("weak")}
        ],
        "domains": [
            {"code": "P", "names": words("P"), "items": [
                item("P.1", &[("two", 2), ("one", 1), ("none", 0)]),
                item("P.2", &[("much", 3), ("some", 1), ("none", 0)])]},
            {"code": "Q", "names": words("Q"), "items": [
                item("Q.1", &yes_no), item("Q.2", &yes_no), item("Q.3", &yes_no)]}
        ],
        "steps": [
            step("p", json!({"sum": {"of": ["P.1", "P.2"]}})),
            step("p-grade", json!({"band": {"of": "p", "rows": [
                {"from": 4, "to": 5, "is": 0},
                {"from": 2, "to": 3, "is": 1},
                {"from": 0, "to": 1, "is": 2}]}})),
            step("q", json!({"count": {"of": ["Q.1", "Q.2"], "options": ["no"]}})),
            step("q-grade", json!({"cases": {"of": ["q", "Q.3"], "rows": [
                {"when": {"step": {"id": "q", "at_least": 2}}, "is": 2},
                {"when": {"all": [{"step": {"id": "q", "at_most": 0}},
                                  {"answer": {"code": "Q.3", "is": "yes"}}]}, "is": 0},
                {"when": {"all": []}, "is": 1}]}})),
            step("worst", json!({"worst_of": {"of": ["p-grade", "q-grade"]}})),
            step("level", json!({"table": {
                "down": "p-grade", "across": "q-grade", "columns": [0, 1, 2],
                "rows": [
                    {"at": 0, "cells": ["fit", "frail", "frail"]},
                    {"at": 1, "cells": ["frail", "frail", "weak"]},
                    {"at": 2, "cells": ["weak", "weak", "weak"]}]}}))
        ],
        "result": {"scores": ["p", "q"], "grades": {"p-grade": "p-grade", "q-grade": "q-grade", "worst": "worst"},
                   "total": "p", "level": "level"}
    })
}

const CASES: &str = "/steps/3/rule/cases";
const TABLE: &str = "/steps/5/rule/table";

fn own(file: &Value) -> Result<Rulebook, RulebookError> {
    rulebook().with_files([("own/made-up.json", file.to_string())])
}

fn own_case(answers: &Value) -> String {
    json!({
        "case_id": "t-1",
        "as_of": "2025-06-30",
        "assessments": [{"instrument": "made-up", "date": "2025-06-20", "answers": answers}]
    })
    .to_string()
}

fn own_result(rules: &Rulebook, answers: &Value) -> Value {
    let answer = rules.assess_json(&own_case(answers));
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer.get("rejected"), None, "{answer}");
    answer["assessments"][0].clone()
}

/// What the made-up instrument gives, by hand: `[p, q, p-grade, q-grade, level]`.
fn by_hand(answers: [&str; 5]) -> [u8; 5] {
    let [p1, p2, q1, q2, q3] = answers;
    let p = match p1 {
        "two" => 2,
        "one" => 1,
        _ => 0,
    } + match p2 {
        "much" => 3,
        "some" => 1,
        _ => 0,
    };
    let q = u8::from(q1 == "no") + u8::from(q2 == "no");
    let p_grade = match p {
        4 | 5 => 0,
        2 | 3 => 1,
        _ => 2,
    };
    let q_grade = if q == 2 {
        2
    } else if q == 0 && q3 == "yes" {
        0
    } else {
        1
    };
    let level = match (p_grade, q_grade) {
        (0, 0) => 0,
        (0, _) | (1, 0 | 1) => 1,
        _ => 2,
    };
    [p, q, p_grade, q_grade, level]
}

const OPTIONS: [(&str, &[&str]); 5] = [
    ("P.1", &["two", "one", "none"]),
    ("P.2", &["much", "some", "none"]),
    ("Q.1", &["yes", "no"]),
    ("Q.2", &["yes", "no"]),
    ("Q.3", &["yes", "no"]),
];

/// Every form that the options give, an item being left out where `None`.
fn every_form() -> Vec<[Option<&'static str>; 5]> {
    let mut forms = vec![[None; 5]];
    for (i, (_, options)) in OPTIONS.iter().enumerate() {
        let mut more = Vec::new();
        for form in &forms {
            for option in *options {
                let mut form = *form;
                form[i] = Some(*option);
                more.push(form);
            }
        }
        forms.extend(more);
    }
    forms
}

#[test]
fn a_made_up_instrument_grades_as_by_hand() {
    let rules = own(&made_up()).expect("the made-up instrument");
    let all = every_form();
    assert_eq!(all.len(), 4 * 4 * 3 * 3 * 3);
    let complete: Vec<[&str; 5]> = all
        .iter()
        .filter_map(|form| {
            let whole: Vec<&str> = form.iter().copied().flatten().collect();
            whole.try_into().ok()
        })
        .collect();
    assert_eq!(complete.len(), 3 * 3 * 2 * 2 * 2);
    let levels = ["fit", "frail", "weak"];

    for form in &all {
        let mut answers = json!({});
        for ((code, _), answer) in OPTIONS.iter().zip(form) {
            if let Some(answer) = answer {
                answers[code] = json!(answer);
            }
        }
        let result = own_result(&rules, &answers);
        let completions: Vec<[u8; 5]> = complete
            .iter()
            .filter(|whole| {
                form.iter()
                    .zip(*whole)
                    .all(|(answer, option)| answer.is_none_or(|answer| answer == *option))
            })
            .map(|whole| by_hand(*whole))
            .collect();
        let possible: BTreeSet<u8> = completions.iter().map(|values| values[4]).collect();
        let p = || completions.iter().map(|values| values[0]);

        assert_eq!(result["changes"], json!([]));
        assert_eq!(result["preliminary"], Value::Null);
        if let [[p, q, p_grade, q_grade, level]] = completions.as_slice() {
            assert_eq!(result["outcome"], "determined");
            assert_eq!(
                result["level"]["key"],
                levels[usize::from(*level)],
                "{answers}"
            );
            assert_eq!(result["scores"], json!({"p": p, "q": q}));
            let worst = p_grade.max(q_grade);
            assert_eq!(
                result["grades"],
                json!({"p-grade": p_grade, "q-grade": q_grade, "worst": worst})
            );
            assert_eq!(result.get("missing"), None);
            // And so does the path of scores alone.
            let instrument = rules.instrument("made-up").expect("the instrument");
            let scores: Vec<Score> = instrument
                .items()
                .zip(form)
                .map(|(item, answer)| {
                    let option = item.options.iter().find(|o| o.key.as_deref() == *answer);
                    Score::new(option.expect("an option").score.unwrap_or(0))
                })
                .collect();
            let fast = instrument.level(&scores, &[]).expect("a level");
            assert_eq!(fast.code, *level, "{answers}");
        } else {
            assert_eq!(result["outcome"], "undetermined");
            assert_eq!(result["level"], Value::Null);
            let found = result["possible_levels"].clone();
            assert_eq!(found, json!(possible), "{answers}");
            assert_eq!(
                result["score_range"],
                json!({"min": p().min(), "max": p().max()}),
                "{answers}"
            );
        }
    }
    // The standards of the crate are there still.
    assert!(rules.instrument(GBT).is_some());
    assert_eq!(rules.check().len(), rulebook().check().len() + 1);
}

/// Counting knows the choice that was taken and those that would come to something else;
/// not a third, nor one of the same name elsewhere.
#[test]
fn choices_that_were_read() {
    let choices = ["no", "yes", "never"];
    let mut file = made_up();
    file["interpretations"] = json!([read("a", &choices), read("b", &choices)]);
    let at_least = |q: u8| json!({"step": {"id": "q", "at_least": q}});
    list(&mut file, "/steps/3/rule/cases/rows")[0]["when"] = json!({"reading": {
        "interpretation": "b",
        "choices": {"no": at_least(2), "yes": at_least(1), "never": at_least(2)}}});
    let rules = own(&file).unwrap_or_else(|error| panic!("{error}"));
    let reached = |q2: &str| {
        let text = own_case(&json!({"P.1": 1, "P.2": 1, "Q.1": "no", "Q.2": q2, "Q.3": "yes"}));
        let case: Case = serde_json::from_str(&text).unwrap();
        let determination = rules.assess_with(&case, Options::traced()).unwrap();
        let mut coverage = Coverage::of(&rules).blank();
        coverage.add(&case, &determination).expect("counted");
        let rows = coverage.rows().filter(|row| {
            row.file == "own/made-up.json" && row.what == What::Read && row.reached > 0
        });
        rows.map(|row| row.pointer.to_owned())
            .collect::<Vec<String>>()
    };
    let (a, b) = ("/interpretations/0/choices/", "/interpretations/1/choices/");
    // One "no" is enough under "yes" alone; two are under each.
    assert_eq!(
        reached("yes"),
        [format!("{a}0"), format!("{b}0"), format!("{b}1")]
    );
    assert_eq!(reached("no"), [format!("{a}0"), format!("{b}0")]);
}

/// The trace says of each step what it took and what it came to, and neither where an
/// answer is missing.
#[test]
fn a_made_up_instrument_is_traced_as_by_hand() {
    let rules = own(&made_up()).expect("the made-up instrument");
    for form in every_form() {
        let mut answers = json!({});
        for ((code, _), answer) in OPTIONS.iter().zip(form) {
            if let Some(answer) = answer {
                answers[code] = json!(answer);
            }
        }
        let determination = rules.assess_text(&own_case(&answers), Options::traced());
        let determination = determination.unwrap_or_else(|problem| panic!("{problem}"));
        let steps = determination.assessments[0].steps.as_ref().expect("traced");

        let [p1, p2, q1, q2, q3] = form;
        let points = |answer: Option<&str>| {
            answer.map(|answer| match answer {
                "much" => 3,
                "two" => 2,
                "one" | "some" | "yes" => 1,
                _ => 0,
            })
        };
        // What needs an answer that is missing is not known, whatever the others are.
        let known = |needed: &[Option<&str>], value: usize| {
            let whole = form.map(|answer| answer.unwrap_or("none"));
            let values = by_hand(whole);
            needed
                .iter()
                .all(Option::is_some)
                .then(|| *values.get(value).unwrap_or(&values[2].max(values[3])))
        };
        let p = known(&[p1, p2], 0);
        let p_grade = known(&[p1, p2], 2);
        let q = known(&[q1, q2], 1);
        let q_grade = known(&[q1, q2, q3], 3);
        let worst = known(&form, 5);
        let level = known(&form, 4);
        let counts = |answer: Option<&str>| answer.map(|answer| u8::from(answer == "no"));
        let expected = json!([
            ["p", {"P.1": points(p1), "P.2": points(p2)}, p],
            ["p-grade", {"p": p}, p_grade],
            ["q", {"Q.1": counts(q1), "Q.2": counts(q2)}, q],
            ["q-grade", {"q": q, "Q.3": points(q3)}, q_grade],
            ["worst", {"p-grade": p_grade, "q-grade": q_grade}, worst],
            ["level", {"p-grade": p_grade, "q-grade": q_grade}, level],
        ]);
        let found: Vec<Value> = steps
            .iter()
            .map(|step| json!([step.step, step.inputs, step.result]))
            .collect();
        assert_eq!(Value::Array(found), expected, "{answers}");
    }
}

/// The made-up instrument with a level change of four rules, each on a flag: two set the
/// level, the second of them even where items are missing; two worsen it.
fn changing(together: &str) -> Value {
    let mut file = made_up();
    let words = json!({"zh": "x", "en": "x"});
    let flags = ["F.0", "F.1", "F.2", "F.3"];
    let fields = flags.map(|code| {
        json!({"code": code, "names": words, "type": "flag", "cite": ["made-up.1"], "grade": "A"})
    });
    file["fields"] = json!(fields);
    let then = [
        json!({"set": "weak"}),
        json!({"set": "frail"}),
        json!({"worse_by": 1}),
        json!({"worse_by": 2}),
    ];
    let mut rules: Vec<Value> = flags
        .iter()
        .zip(then)
        .map(|(flag, then)| {
            json!({"id": flag, "names": words, "then": then, "cite": ["made-up.2"], "grade": "A",
                   "when": {"answer": {"code": flag, "is": true}}})
        })
        .collect();
    rules[1]["without_items"] = json!("B");
    list(&mut file, "/steps").push(json!({
        "id": "change", "names": words, "cite": ["made-up.2"], "grade": "A",
        "rule": {"level_change": {"of": "level", "rules": rules, "together": together}}
    }));
    file["result"]["level"] = json!("change");
    file["result"]["preliminary"] = json!("level");
    file
}

/// Forms that come to each level before the change; one that leaves open which of two, and
/// one that is the worst without every answer.
const BEFORE: [(&str, [Option<&str>; 5]); 5] = [
    (
        "fit",
        [
            Some("two"),
            Some("much"),
            Some("yes"),
            Some("yes"),
            Some("yes"),
        ],
    ),
    (
        "frail",
        [
            Some("two"),
            Some("much"),
            Some("no"),
            Some("yes"),
            Some("yes"),
        ],
    ),
    (
        "weak",
        [
            Some("none"),
            Some("none"),
            Some("yes"),
            Some("yes"),
            Some("yes"),
        ],
    ),
    (
        "fit or frail",
        [Some("two"), Some("much"), Some("yes"), Some("yes"), None],
    ),
    (
        "weak or weak",
        [Some("none"), Some("none"), Some("yes"), Some("yes"), None],
    ),
];

/// What each rule of a level change did: the first that sets the level decides, and where
/// there is no level no rule has changed it.
#[test]
fn rules_of_a_level_change() {
    let rules = ["largest", "each"].map(|together| {
        let rules = own(&changing(together)).unwrap_or_else(|error| panic!("{error}"));
        (together, rules)
    });
    let (no, done, other) = ("", "applied", "decided_by_other");
    let (open, worst, none) = ("unanswered", "already_worst", "no_level");
    for (before, flags, together, level, expected) in [
        ("fit", "0000", "each", "fit", [no, no, no, no]),
        ("fit", "1111", "each", "weak", [done, other, other, other]),
        ("fit", "0111", "each", "frail", [no, done, other, other]),
        ("weak", "0111", "each", "frail", [no, done, other, other]),
        ("fit", "1???", "each", "weak", [done, other, other, other]),
        // Whether the level is weak or frail hangs on the first.
        ("fit", "?100", "each", "", [open, none, no, no]),
        ("fit", "0011", "each", "weak", [no, no, done, done]),
        (
            "fit",
            "0011",
            "largest",
            "weak",
            [no, no, "one_level_only", done],
        ),
        ("fit", "0010", "largest", "frail", [no, no, done, no]),
        ("frail", "0011", "each", "weak", [no, no, done, worst]),
        ("weak", "0011", "each", "weak", [no, no, worst, worst]),
        ("weak", "00??", "each", "weak", [no, no, worst, worst]),
        ("fit", "00?0", "each", "", [no, no, open, no]),
        // Without every item there is a level only where a rule gives it all the same.
        ("fit or frail", "0000", "each", "", [no, no, no, no]),
        ("fit or frail", "1111", "each", "", [none, none, none, none]),
        ("fit or frail", "1000", "each", "", [none, no, no, no]),
        (
            "fit or frail",
            "0111",
            "each",
            "frail",
            [no, done, other, other],
        ),
        (
            "fit or frail",
            "0101",
            "largest",
            "frail",
            [no, done, no, other],
        ),
        ("fit or frail", "?100", "each", "", [open, none, no, no]),
        ("fit or frail", "0010", "each", "", [no, no, none, no]),
        ("fit or frail", "00?0", "each", "", [no, no, open, no]),
        ("weak or weak", "1000", "each", "", [none, no, no, no]),
        ("weak or weak", "00?0", "each", "", [no, no, none, no]),
        ("weak or weak", "0100", "each", "frail", [no, done, no, no]),
    ] {
        let mut answers = json!({});
        let (_, form) = BEFORE.iter().find(|(name, _)| *name == before).unwrap();
        for ((code, _), answer) in OPTIONS.iter().zip(form) {
            if let Some(answer) = answer {
                answers[code] = json!(answer);
            }
        }
        for (i, flag) in flags.chars().enumerate() {
            if flag != '?' {
                answers[format!("F.{i}")] = json!(flag == '1');
            }
        }
        let (_, rules) = rules.iter().find(|(name, _)| *name == together).unwrap();
        let result = own_result(rules, &answers);
        let shown = format!("{before} {flags} {together}");
        let key = result["level"]["key"].as_str().unwrap_or_default();
        assert_eq!(key, level, "{shown}");
        let changes = result["changes"].as_array().unwrap();
        let found: Vec<&str> = changes
            .iter()
            .map(
                |change| match (&change["applied"], change["why"].as_str()) {
                    (Value::Bool(true), None) => done,
                    (Value::Bool(false), why) => why.unwrap_or_default(),
                    wrong => panic!("{shown}: {wrong:?}"),
                },
            )
            .collect();
        assert_eq!(found, expected, "{shown}");
        // A level that does not rest on every item is graded as the rule says.
        if !level.is_empty() && before.contains(' ') {
            assert_eq!(result["confidence"], "B", "{shown}");
        }
    }
}

/// Every complete form of it: the whole engine, the path of scores alone and columns.
#[test]
fn level_changes_by_every_path() {
    for together in ["largest", "each"] {
        let rules = own(&changing(together)).unwrap_or_else(|error| panic!("{error}"));
        let rows = (0..3u8).flat_map(|before| (0..16u8).map(move |flags| (before, flags)));
        let rows: Vec<(u8, u8)> = rows.collect();
        let by_hand = |(before, flags): (u8, u8)| {
            let met = |rule: u8| flags >> rule & 1;
            let worse = match together {
                "each" => met(2) + 2 * met(3),
                _ => met(2).max(2 * met(3)),
            };
            match (met(0), met(1)) {
                (1, _) => 2,
                (0, 1) => 1,
                _ => (before + worse).min(2),
            }
        };
        let expected: Vec<u8> = rows.iter().copied().map(by_hand).collect();
        let form = |(before, flags): (u8, u8)| {
            let (_, form) = BEFORE[usize::from(before)];
            let mut answers = json!({});
            for ((code, _), answer) in OPTIONS.iter().zip(form) {
                answers[code] = json!(answer);
            }
            for rule in 0..4 {
                answers[format!("F.{rule}")] = json!(flags >> rule & 1 == 1);
            }
            answers
        };
        let forms: Vec<Value> = rows.iter().copied().map(form).collect();
        by_every_path(&rules, &forms, &expected);
    }
}

/// An item that several sums add up counts in each of them.
#[test]
fn an_item_in_several_sums() {
    let mut file = made_up();
    let words = json!({"zh": "x", "en": "x"});
    let step = |id: &str, rule: Value| json!({"id": id, "names": words, "rule": rule, "cite": ["made-up.2"], "grade": "B"});
    file["steps"] = json!([
        step("p", json!({"sum": {"of": ["P.1", "P.2"]}})),
        step("q", json!({"sum": {"of": ["P.1", "Q.1", "Q.2", "Q.3"]}})),
        step("all", json!({"sum": {"of": ["p", "q", "P.1"]}})),
        step(
            "level",
            json!({"band": {"of": "all", "rows": [
            {"from": 8, "to": 12, "is": "fit"},
            {"from": 4, "to": 7, "is": "frail"},
            {"from": 0, "to": 3, "is": "weak"}]}})
        ),
    ]);
    file["result"] = json!({"scores": ["p", "q", "all"], "total": "all", "level": "level"});
    let rules = own(&file).unwrap_or_else(|error| panic!("{error}"));
    let (mut forms, mut expected) = (Vec::new(), Vec::new());
    for p1 in [0, 1, 2] {
        for p2 in [0, 1, 3] {
            for q in 0..8u8 {
                let q = [q & 1, q >> 1 & 1, q >> 2];
                forms.push(json!({"P.1": p1, "P.2": p2, "Q.1": q[0], "Q.2": q[1], "Q.3": q[2]}));
                expected.push(match 3 * p1 + p2 + q.iter().sum::<u8>() {
                    8.. => 0,
                    4..8 => 1,
                    ..4 => 2,
                });
            }
        }
    }
    by_every_path(&rules, &forms, &expected);
}

/// Complete forms of the made-up instrument come to these levels, whichever way they go:
/// as a case, as scores alone, as columns with totals and without.
#[track_caller]
fn by_every_path(rules: &Rulebook, forms: &[Value], expected: &[u8]) {
    let instrument = rules.instrument("made-up").expect("the instrument");
    let score = |form: &Value, item: &Item| {
        let answer = &form[item.code.as_str()];
        let named =
            |option: &&ItemOption| json!(option.score) == *answer || json!(option.key) == *answer;
        let option = item.options.iter().find(named);
        option.and_then(|option| option.score).expect("a score")
    };
    let flag = |form: &Value, code: &str| u8::from(form[code] == json!(true));
    let mut columns: Vec<Vec<u8>> = instrument
        .items()
        .map(|item| forms.iter().map(|form| score(form, item)).collect())
        .collect();
    let items = columns.len();
    columns.extend(
        instrument
            .grounds()
            .map(|ground| forms.iter().map(|form| flag(form, ground.code)).collect()),
    );
    for (at, (form, expected)) in forms.iter().zip(expected).enumerate() {
        let result = own_result(rules, form);
        assert_eq!(result["level"]["code"], json!(expected), "{form}");
        let row: Vec<u8> = columns.iter().map(|column| column[at]).collect();
        let scores: Vec<Score> = row[..items].iter().copied().map(Score::new).collect();
        let level = instrument.level(&scores, &row[items..]).expect("a level");
        assert_eq!(level.code, *expected, "{form}");
    }
    let columns: Vec<&[u8]> = columns.iter().map(Vec::as_slice).collect();
    let mut prepared = instrument.columns().expect("columns");
    let mut totals = vec![vec![0; forms.len()]; prepared.totals().count()];
    let mut totals: Vec<&mut [u8]> = totals.iter_mut().map(Vec::as_mut_slice).collect();
    let mut none: [&mut [u8]; 0] = [];
    for totals in [&mut totals[..], &mut none] {
        let mut levels = vec![77; forms.len()];
        let output = Output {
            levels: &mut levels,
            reasons: &mut [],
            totals,
        };
        let input = Input {
            scores: &columns[..items],
            grounds: &columns[items..],
        };
        let tally = prepared.decide(input, output).expect("they fit");
        assert_eq!(tally.decided, forms.len());
        assert_eq!(levels, expected);
    }
}

/// What holds of a form holds of one by a made-up instrument: scores with a gap,
/// codes of others, and days outside its life.
#[test]
fn a_made_up_instrument_is_checked_alike() {
    let rules = own(&made_up()).expect("the made-up instrument");
    for (answers, kind) in [
        (json!({"P.2": 2}), "score_not_allowed"),
        (json!({"P.1": 3}), "score_not_allowed"),
        (json!({"P.1": "much"}), "unknown_option"),
        (json!({"B.1.1": 1}), "unknown_code"),
        (json!({"p": 1}), "unknown_code"),
    ] {
        let answer: Value = serde_json::from_str(&rules.assess_json(&own_case(&answers))).unwrap();
        assert_eq!(answer["rejected"][0]["kind"], kind, "{answers}");
    }
    let day = |day: &str| -> Value {
        let text = own_case(&json!({}))
            .replace("2025-06-20", day)
            .replace("2025-06-30", "2026-06-30");
        serde_json::from_str(&rules.assess_json(&text)).unwrap()
    };
    assert_eq!(day("2019-12-31")["rejected"][0]["kind"], "not_yet_in_force");
    assert_eq!(day("2020-01-01")["findings"], json!([]));
    assert_eq!(day("2025-12-31")["findings"], json!([]));
    let after = day("2026-01-01");
    assert_eq!(after["findings"][0]["code"], "superseded");
    assert_eq!(after["findings"][0]["args"]["since"], "2026-01-01");
    assert_eq!(after["assessments"][0]["outcome"], "undetermined");
}

/// What an item says to an answer that names none of its options, by the ways in which it
/// may be answered.
#[test]
fn answers_that_no_option_has() {
    let mut file = made_up();
    let each = |file: &mut Value, at: &str, edit: fn(&mut Value)| {
        list(file, at).iter_mut().for_each(edit);
    };
    let take = |option: &mut Value, key: &str| option.as_object_mut().unwrap().remove(key);
    // Scores alone; scores and keys; keys alone; yes or no.
    each(&mut file, "/domains/0/items/0/options", |option| {
        option.as_object_mut().unwrap().remove("key");
    });
    each(&mut file, "/domains/1/items/0/options", |option| {
        option.as_object_mut().unwrap().remove("score");
    });
    for option in list(&mut file, "/domains/1/items/2/options") {
        take(option, "score");
        option["flag"] = json!(option["key"] == "yes");
    }
    let rules = own(&file).unwrap_or_else(|error| panic!("{error}"));
    let answers = [
        json!(7),
        json!("7"),
        json!("x"),
        json!(""),
        json!(true),
        json!(["yes"]),
    ];
    let (score, option, kind) = ("score_not_allowed", "unknown_option", "wrong_type");
    for (code, allowed, expected) in [
        (
            "P.1",
            "one of the scores 2, 1, 0",
            [score, kind, kind, kind, kind, kind],
        ),
        (
            "P.2",
            "one of the scores 3, 1, 0 or keys much, some, none",
            [score, kind, option, option, kind, kind],
        ),
        (
            "Q.1",
            "one of yes, no",
            [kind, option, option, option, kind, kind],
        ),
        ("Q.3", "true or false", [kind, kind, kind, kind, "", kind]),
    ] {
        for (answer, expected) in answers.iter().zip(expected) {
            let text = own_case(&json!({code: answer}));
            let found: Value = serde_json::from_str(&rules.assess_json(&text)).unwrap();
            let problem = &found["rejected"][0];
            let shown = format!("{code}: {answer}");
            assert_eq!(
                problem["kind"].as_str().unwrap_or_default(),
                expected,
                "{shown}"
            );
            if !expected.is_empty() {
                let found = problem["message"].as_str().unwrap_or_default();
                let says = format!("expected {allowed}; found ");
                assert!(found.starts_with(&says), "{shown}: {problem}");
            }
        }
    }
    // An item of yes or no is not answered by a key, even its own.
    let text = own_case(&json!({"Q.3": "yes"}));
    assert!(rules.assess_json(&text).contains(kind));
}

/// The faults of an instrument of its own, as `(at, kind)`.
fn own_faults(file: &Value) -> Vec<(String, &'static str)> {
    let found = faults(own(file)).into_iter();
    found
        .map(|(file, at, kind)| {
            assert_eq!(file, "own/made-up.json");
            (at, kind)
        })
        .collect()
}

/// The faults of the made-up instrument after an edit.
#[track_caller]
fn own_breaks(edit: impl FnOnce(&mut Value), expected: &[(&str, &str)]) {
    let mut file = made_up();
    edit(&mut file);
    let found = own_faults(&file);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(at, kind)| (at.as_str(), *kind))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_broken_table() {
    own_breaks(
        |file| {
            list(file, "/steps/5/rule/table/rows/1/cells").pop();
        },
        &[("/steps/5/rule/table/rows/1/cells", "gap")],
    );
    own_breaks(
        |file| {
            list(file, "/steps/5/rule/table/rows").pop();
        },
        &[("/steps/5/rule/table/rows", "gap")],
    );
    own_breaks(
        |file| {
            list(file, "/steps/5/rule/table/columns").pop();
            for row in list(file, "/steps/5/rule/table/rows") {
                row["cells"].as_array_mut().unwrap().pop();
            }
        },
        &[("/steps/5/rule/table/columns", "gap")],
    );
    own_breaks(
        push(
            "/steps/5/rule/table/rows",
            json!({"at": 1, "cells": ["fit", "fit", "fit"]}),
        ),
        &[("/steps/5/rule/table/rows/3", "overlap")],
    );
    own_breaks(
        push(
            "/steps/5/rule/table/rows",
            json!({"at": 3, "cells": ["weak", "weak", "weak"]}),
        ),
        &[("/steps/5/rule/table/rows/3", "dead_row")],
    );
    own_breaks(
        |file| {
            list(file, "/steps/5/rule/table/columns").push(json!(3));
            for row in list(file, "/steps/5/rule/table/rows") {
                row["cells"].as_array_mut().unwrap().push(json!("weak"));
            }
        },
        &[("/steps/5/rule/table/columns/3", "dead_row")],
    );
    own_breaks(
        put("/steps/5/rule/table/rows/2/cells/0", json!("strong")),
        &[("/steps/5/rule/table/rows/2/cells/0", "unknown_level")],
    );
    own_breaks(
        put("/steps/5/rule/table/down", json!("q-level")),
        &[("/steps/5/rule/table/down", "unknown_reference")],
    );
    assert!(made_up().pointer(TABLE).is_some());
}

#[test]
fn broken_cases() {
    own_breaks(
        |file| {
            list(file, "/steps/3/rule/cases/rows").pop();
        },
        &[(CASES, "gap")],
    );
    own_breaks(
        push(
            "/steps/3/rule/cases/rows",
            json!({"when": {"answer": {"code": "Q.3", "is": "no"}}, "is": 2}),
        ),
        &[("/steps/3/rule/cases/rows/3", "dead_row")],
    );
    own_breaks(
        |file| list(file, "/steps/3/rule/cases/rows").swap(0, 2),
        &[
            ("/steps/3/rule/cases/rows/1", "dead_row"),
            ("/steps/3/rule/cases/rows/2", "dead_row"),
        ],
    );
    // A condition asks only what `of` lists: an item, and a step.
    own_breaks(
        put(
            "/steps/3/rule/cases/rows/1/when/all/1/answer/code",
            json!("Q.1"),
        ),
        &[("/steps/3/rule/cases/rows/1/when", "unknown_reference")],
    );
}

#[test]
fn a_broken_count_and_worst_of() {
    own_breaks(
        put("/steps/2/rule/count/of/0", json!("p")),
        &[("/steps/2/rule/count/of/0", "unknown_reference")],
    );
    own_breaks(
        push("/steps/2/rule/count/options", json!("never")),
        &[("/steps/2/rule/count/options/1", "unknown_reference")],
    );
    own_breaks(
        put("/steps/4/rule/worst_of/of/1", json!("level")),
        &[("/steps/4/rule/worst_of/of/1", "unknown_reference")],
    );
    own_breaks(
        put("/result/grades/worst", json!("best")),
        &[("/result/grades/worst", "unknown_reference")],
    );
    own_breaks(
        put("/result/level", json!("levels")),
        &[("/result/level", "unknown_reference")],
    );
    own_breaks(
        put("/result/level", json!("p")),
        &[("/result/level", "unknown_level")],
    );
}

/// What a step takes, it takes once.
#[test]
fn taken_once() {
    for (step, word) in [(0, "sum"), (2, "count"), (3, "cases"), (4, "worst_of")] {
        let mut file = made_up();
        let at = format!("/steps/{step}/rule/{word}/of");
        let of = list(&mut file, &at);
        let again = format!("{at}/{}", of.len());
        of.push(of[1].clone());
        assert_eq!(own_faults(&file), [(again, "duplicate_code")], "{word}");
    }
}

#[test]
fn ids_of_instruments() {
    let long = "a".repeat(65);
    for (id, sound) in [
        ("x", true),
        ("made-up-2", true),
        (&long[1..], true),
        (&long, false),
        ("", false),
        ("Made-up", false),
        ("made up", false),
        ("made_up", false),
        ("\u{9020}", false),
    ] {
        let expected: &[(&str, &str)] = &[("/id", "shape")];
        let expected = if sound { &[] } else { expected };
        own_breaks(|file| file["id"] = json!(id), expected);
    }
}

/// An interpretation of the made-up instrument, with choices "no", the default, and "yes".
fn read(id: &str, choices: &[&str]) -> Value {
    let words = json!({"zh": "x", "en": "x"});
    let choices: Vec<Value> = choices
        .iter()
        .map(|key| json!({"key": key, "names": words}))
        .collect();
    json!({"id": id, "names": words, "default": "no", "choices": choices,
           "cite": ["made-up.2"], "grade": "B"})
}

/// Both how many there are and how many ways to choose are bounded, each by itself.
#[test]
fn how_many_interpretations() {
    for (choices, count, sound) in [
        (&["no"][..], 8, true),
        (&["no"], 9, false),
        (&["no"], 10, false),
        (&["no", "yes"], 8, true),
        (&["no", "yes", "never", "always"], 4, true),
        (&["no", "yes", "never", "always"], 5, false),
    ] {
        let all = many(count, read("", choices), "id");
        let expected: &[(&str, &str)] = &[("/interpretations", "too_large")];
        let expected = if sound { &[] } else { expected };
        own_breaks(|file| file["interpretations"] = json!(all), expected);
    }
}

/// Cases follow the one interpretation that they ask, whichever it is; where they ask
/// none there is nothing to tell apart, and two are refused.
#[test]
fn cases_ask_one_interpretation() {
    let reading = |id: &str, no: u8, yes: u8| {
        let at_least = |q: u8| json!({"step": {"id": "q", "at_least": q}});
        json!({"reading": {"interpretation": id,
                           "choices": {"no": at_least(no), "yes": at_least(yes)}}})
    };
    let plain = json!({"step": {"id": "q", "at_least": 2}});
    let asked = |first: &Value, second: &Value| {
        let mut file = made_up();
        file["interpretations"] = json!([read("a", &["no", "yes"]), read("b", &["no", "yes"])]);
        let rows = list(&mut file, "/steps/3/rule/cases/rows");
        rows[0]["when"] = first.clone();
        rows.insert(1, json!({"when": second, "is": 2}));
        file
    };
    // Of the first row alone: the second is then taken away.
    let alone = |first: &Value| {
        let mut file = asked(first, first);
        list(&mut file, "/steps/3/rule/cases/rows").remove(1);
        own(&file).expect("sound")
    };
    let case = own_case(&json!({"P.1": 2, "P.2": 3, "Q.1": "no", "Q.2": "yes", "Q.3": "yes"}));
    for (when, by) in [
        (plain.clone(), None),
        (reading("a", 2, 1), Some("a")),
        (reading("b", 2, 1), Some("b")),
    ] {
        let rules = alone(&when);
        // One answer out of two is "no": that is enough where "yes" is read.
        for (a, b) in [("no", "no"), ("no", "yes"), ("yes", "no"), ("yes", "yes")] {
            let mut case: Value = serde_json::from_str(&case).unwrap();
            case["interpretations"] = json!({"made-up/a": a, "made-up/b": b});
            let answer = rules.assess_json(&case.to_string());
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let found = &answer["assessments"][0]["grades"]["q-grade"];
            let yes = [("a", a), ("b", b)].contains(&(by.unwrap_or_default(), "yes"));
            let grade = if yes { 2 } else { 1 };
            assert_eq!(*found, json!(grade), "{by:?} of {a} and {b}");
        }
        // Three counts and two answers, once for each choice.
        let proofs = rules.check();
        let proof = proofs.iter().find(|proof| proof.instrument == "made-up");
        let line = proof.and_then(|proof| proof.lines.iter().find(|line| line.step == "q-grade"));
        let states = if by.is_some() { 12 } else { 6 };
        assert_eq!(line.map(|line| line.states), Some(states), "{by:?}");
    }
    let two = asked(&reading("a", 2, 1), &reading("b", 2, 1));
    assert_eq!(own_faults(&two), [(CASES.to_owned(), "too_large")]);
    let mut two = asked(&reading("a", 2, 1), &plain);
    two["steps"][3]["rule"]["cases"]["several"] = json!({"interpretation": "b",
        "choices": {"no": "first", "yes": "greatest"}});
    assert_eq!(own_faults(&two), [(CASES.to_owned(), "too_large")]);
}

/// A condition of `cases` asks only what `of` lists: of steps too, whose values
/// it would otherwise not have.
#[test]
fn cases_ask_only_the_steps_they_list() {
    for when in [
        json!({"step": {"id": "p", "at_least": 2}}),
        json!({"not": {"step": {"id": "p", "at_least": 2}}}),
    ] {
        let mut file = made_up();
        let rows = list(&mut file, "/steps/3/rule/cases/rows");
        rows.insert(0, json!({"when": when, "is": 2}));
        let found = faults(own(&file));
        let place = "/steps/3/rule/cases/rows/0/when".to_owned();
        assert!(
            found
                .iter()
                .any(|(_, at, kind)| *at == place && *kind == "unknown_reference"),
            "{when}: {found:?}"
        );
    }
}

/// `cases` that depend on an interpretation follow the one that is taken, or are
/// refused: never the default silently.
#[test]
fn cases_follow_the_reading() {
    let mut file = made_up();
    let words = json!({"zh": "x", "en": "x"});
    file["interpretations"] = json!([{
        "id": "strict", "names": words, "default": "no",
        "choices": [{"key": "no", "names": words}, {"key": "yes", "names": words}],
        "cite": ["made-up.2"], "grade": "B"
    }]);
    file["steps"][3]["rule"]["cases"]["rows"][0]["when"] = json!({"reading": {
        "interpretation": "strict",
        "choices": {
            "no": {"step": {"id": "q", "at_least": 2}},
            "yes": {"step": {"id": "q", "at_least": 1}}
        }
    }});
    let Ok(rules) = own(&file) else {
        return;
    };
    let text = own_case(&json!({"P.1": 2, "P.2": 3, "Q.1": "no", "Q.2": "yes", "Q.3": "yes"}));
    for (choice, grade) in [("no", 1), ("yes", 2)] {
        let mut case: Value = serde_json::from_str(&text).unwrap();
        case["interpretations"] = json!({"made-up/strict": choice});
        let answer: Value = serde_json::from_str(&rules.assess_json(&case.to_string())).unwrap();
        assert_eq!(
            answer["assessments"][0]["grades"]["q-grade"], grade,
            "{choice}"
        );
    }
}

/// Where two options share a score, a row that asks for one of them is decided by
/// the option, or refused: the other never counts as it.
#[test]
fn cases_tell_options_of_one_score_apart() {
    let mut file = made_up();
    let words = json!({"zh": "x", "en": "x"});
    list(&mut file, "/domains/1/items/2/options")
        .push(json!({"score": 0, "key": "never", "label": words}));
    // Only "never" has the worst grade; "no" shares its score.
    file["steps"][3]["rule"]["cases"]["rows"] = json!([
        {"when": {"any": [{"step": {"id": "q", "at_least": 2}},
                          {"not": {"answer": {"code": "Q.3", "one_of": ["yes", "no"]}}}]}, "is": 2},
        {"when": {"all": [{"step": {"id": "q", "at_most": 0}},
                          {"answer": {"code": "Q.3", "is": "yes"}}]}, "is": 0},
        {"when": {"all": []}, "is": 1}
    ]);
    let Ok(rules) = own(&file) else {
        return;
    };
    for (answer, grade) in [("yes", 0), ("no", 1), ("never", 2)] {
        let answers = json!({"P.1": 2, "P.2": 3, "Q.1": "yes", "Q.2": "yes", "Q.3": answer});
        let result = own_result(&rules, &answers);
        assert_eq!(result["grades"]["q-grade"], grade, "{answers}");
    }
}

/// The levels still possible are those of some completion also where two inputs
/// of a step rest on one item; or the loader refuses such a step.
#[test]
fn possible_levels_are_exact_where_an_item_counts_twice() {
    let mut file = made_up();
    // Q.3 counts towards q, and is asked beside it: with q = 0 it is yes.
    file["steps"][2]["rule"]["count"]["of"] = json!(["Q.1", "Q.3"]);
    file["steps"][3]["rule"]["cases"]["rows"] = json!([
        {"when": {"all": [{"step": {"id": "q", "at_most": 0}},
                          {"answer": {"code": "Q.3", "is": "no"}}]}, "is": 2},
        {"when": {"step": {"id": "q", "at_most": 0}}, "is": 0},
        {"when": {"all": []}, "is": 1}
    ]);
    let Ok(rules) = own(&file) else {
        return;
    };
    let open = json!({"P.1": 2, "P.2": 0, "Q.1": "yes", "Q.2": "yes"});
    let mut levels = BTreeSet::new();
    for answer in ["yes", "no"] {
        let mut whole = open.clone();
        whole["Q.3"] = json!(answer);
        let level = own_result(&rules, &whole)["level"]["code"].as_u64();
        levels.insert(level.expect("a level"));
    }
    assert_eq!(
        own_result(&rules, &open)["possible_levels"],
        json!(levels),
        "of Q.3 = yes and Q.3 = no"
    );
}

/// A check may ask what a step came to, or is refused: it is never silent, and
/// never raised without reason.
#[test]
fn a_check_that_asks_a_step() {
    let check = |when: Value| {
        let mut file = made_up();
        let words = json!({"zh": "x", "en": "x"});
        file["checks"] = json!([{
            "finding": "few_points", "severity": "info", "when": when, "about": ["P.1"],
            "says": words, "cite": ["made-up.2"], "grade": "B"
        }]);
        own(&file)
    };
    for (when, few) in [
        (json!({"step": {"id": "p", "at_most": 1}}), true),
        (json!({"not": {"step": {"id": "p", "at_most": 1}}}), false),
    ] {
        let Ok(rules) = check(when.clone()) else {
            continue;
        };
        for points in [0, 2] {
            let answers = json!({"P.1": points, "P.2": 0, "Q.1": 1, "Q.2": 1, "Q.3": 1});
            let answer = rules.assess_json(&own_case(&answers));
            let raised = answer.contains("few_points");
            assert_eq!(raised, (points < 2) == few, "{when} with {points} points");
        }
    }
}

/// What else is refused in the instrument with a level change, each by its place alone.
#[test]
fn each_fault_in_its_place() {
    let change = "/steps/6/rule/level_change";
    let when = format!("{change}/rules/0/when");
    let mut wrong = Vec::new();
    let book = json!({"kind": "rulebook", "schema": 1, "version": "2026.1.0"}).to_string();
    let gap = json!({"when": {"all": []}, "is": 1});
    let mut left = made_up().pointer(CASES).unwrap().clone();
    left["rows"].as_array_mut().unwrap().pop();
    left["gaps"] = json!([{"when": {"all": []}, "is": "none"}]);
    let words = json!({"zh": "x", "en": "x"});
    let due =
        json!({"what": "reassessment", "when": {"all": []}, "cite": ["made-up.2"], "grade": "B"});
    let due_of = |key: &str, value: Value| {
        let mut due = due.clone();
        due[key] = value;
        json!([due])
    };
    let both = due_of("upon", json!("discharge"))[0].clone();
    let mut both = json!([both]);
    both[0]["months"] = json!(6);
    let mut dead = due_of("months", json!(6));
    dead[0]["when"] = json!({"step": {"id": "p", "at_least": 6}});
    for (at, value, place, kind) in [
        // What conditions ask, and how.
        (&*when, json!({"count": {"of": []}}), "/count", "shape"),
        (&*when, json!({"step": {"id": "p"}}), "/step", "shape"),
        (
            &*when,
            json!({"step": {"id": "P.1", "at_least": 1}}),
            "/step/id",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"answer": {"code": "F.0", "one_of": []}}),
            "/answer",
            "shape",
        ),
        (
            &*when,
            json!({"answer": {"code": "F.0", "at_least": 1}}),
            "/answer",
            "shape",
        ),
        (
            &*when,
            json!({"answer": {"code": "F.0", "at_most": 1}}),
            "/answer",
            "shape",
        ),
        (
            &*when,
            json!({"not": {"answer": {"code": "F.0", "is": 1}}}),
            "/not/answer/is",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"not": {"answer": {"code": "F.0", "is": "yes"}}}),
            "/not/answer/is",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"not": {"answer": {"code": "P.1", "is": true}}}),
            "/not/answer/is",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"not": {"answer": {"code": "P.1", "is": "much"}}}),
            "/not/answer/is",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"not": {"answer": {"code": "P.1", "is": 3}}}),
            "/not/answer/is",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"any": [{"all": []}, {"not": {"step": {"id": "p"}}}]}),
            "/any/1/not/step",
            "shape",
        ),
        (
            &*when,
            json!({"sum": {"of": ["P.1", "F.0"], "at_least": 1}}),
            "/sum/of/1",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"most": {"of": ["F.0"], "at_least": 1}}),
            "/most/of/0",
            "unknown_reference",
        ),
        (
            &*when,
            json!({"fact": {"id": "age", "at_least": 60}}),
            "",
            "shape",
        ),
        (&*when, json!({"not": {"all": []}}), "", "dead_row"),
        // Steps.
        ("/steps/4/id", json!("p"), "", "duplicate_code"),
        ("/steps/4/id", json!("P.1"), "", "duplicate_code"),
        (
            "/steps/2/rule/count/of/1",
            json!("X.1"),
            "",
            "unknown_reference",
        ),
        (
            "/steps/3/rule/cases/of/0",
            json!("worst"),
            "",
            "unknown_reference",
        ),
        (
            "/steps/3/rule/cases/rows/0/is",
            json!(128),
            "",
            "out_of_range",
        ),
        (
            "/steps/3/rule/cases/rows/0/is",
            json!("none"),
            "",
            "unknown_level",
        ),
        ("/steps/3/rule/cases/gaps", json!([gap]), "/0", "dead_row"),
        ("/steps/3/rule/cases", left, "/gaps/0/is", "unknown_level"),
        (
            "/steps/5/rule/table/rows/2/cells/1",
            json!(128),
            "",
            "out_of_range",
        ),
        (
            "/steps/5/rule/table/across",
            json!("P.1"),
            "",
            "unknown_reference",
        ),
        (&format!("{change}/of"), json!("p"), "", "unknown_level"),
        (
            &format!("{change}/rules/3/id"),
            json!("F.0"),
            "",
            "duplicate_code",
        ),
        (
            &format!("{change}/rules/3/then"),
            json!({"set": "strong"}),
            "/set",
            "unknown_level",
        ),
        // The result, what falls due, items and fields.
        ("/result/preliminary", json!("p"), "", "unknown_level"),
        ("/result/scores/1", json!("r"), "", "unknown_reference"),
        ("/due", json!([due]), "/0", "shape"),
        ("/due", both, "/0", "shape"),
        ("/due", dead, "/0/when", "dead_row"),
        (
            "/domains/0/items/0/options/1",
            json!({"key": "one", "label": words}),
            "..",
            "shape",
        ),
        (
            "/domains/0/items/0/options/1/flag",
            json!(true),
            "../..",
            "shape",
        ),
        (
            "/domains/1/items/0/options",
            json!([{"key": "no", "label": words}, {"label": words}]),
            "",
            "shape",
        ),
        (
            "/fields/0/options",
            json!([{"key": "a", "label": words}]),
            "",
            "shape",
        ),
        (
            "/fields/0/rows",
            json!([{"key": "a", "names": words}]),
            "",
            "shape",
        ),
        ("/fields/0/cite", json!([]), "", "missing_citation"),
    ] {
        let mut file = changing("each");
        // A step that nothing asks by its id.
        file["result"]["grades"]
            .as_object_mut()
            .unwrap()
            .remove("worst");
        let (parent, key) = at.rsplit_once('/').unwrap();
        let shown = format!("{at} = {value}");
        match file.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            object => object[key] = value,
        }
        let mut expected = at;
        let mut below = place;
        while let Some(rest) = below.strip_prefix("..") {
            expected = expected.rsplit_once('/').unwrap().0;
            below = rest.strip_prefix('/').unwrap_or(rest);
        }
        let expected = format!("{expected}{below}");
        // By itself: there are many, and the files of the crate take their time.
        let files = [
            ("rulebook.json", book.clone()),
            ("own/made-up.json", file.to_string()),
        ];
        let found: Vec<(String, &str)> = faults(Rulebook::from_files(files))
            .into_iter()
            .map(|(_, at, kind)| (at, kind))
            .collect();
        if found != [(expected, kind)] {
            wrong.push(format!("{shown}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// ---- since the last result -------------------------------------------------------

const SINCE: &str = "/since_last";

#[test]
fn since_last_bounds() {
    for (levels, sound) in [(0, false), (1, true), (4, true), (5, false)] {
        let expected: &[(&str, &str)] = &[("/since_last/0/levels_better", "out_of_range")];
        breaks(
            put("/since_last/0/levels_better", json!(levels)),
            if sound { &[] } else { expected },
        );
    }
    for (months, sound) in [(0, false), (1, true), (1200, true), (1201, false)] {
        let expected: &[(&str, &str)] = &[("/since_last/0/within_months", "out_of_range")];
        breaks(
            |file| file["since_last"][0]["within_months"] = json!(months),
            if sound { &[] } else { expected },
        );
    }
}

#[test]
fn since_last_asks_one_thing() {
    breaks(
        |file| file["since_last"][0]["levels_worse"] = json!(1),
        &[("/since_last/0", "shape")],
    );
    breaks(
        |file| {
            let rule = file["since_last"][0].as_object_mut().unwrap();
            rule.remove("levels_better");
        },
        &[("/since_last/0", "shape")],
    );
    breaks(
        |file| {
            let again = file["since_last"][0].clone();
            list(file, SINCE).push(again);
        },
        &[("/since_last/2/finding", "duplicate_code")],
    );
    breaks(
        |file| file["since_last"][0]["levels"] = json!(3),
        &[("/since_last/0", "shape")],
    );
}

#[test]
fn since_last_references() {
    let vanished = "/since_last/1/vanished";
    for code in ["A.9.9", "B.1.1", "A.5.11", "A.5.3"] {
        breaks(
            put("/since_last/1/vanished/code", json!(code)),
            &[("/since_last/1/vanished/code", "unknown_reference")],
        );
    }
    breaks(
        put("/since_last/1/vanished/within/0", json!("F03-F00")),
        &[("/since_last/1/vanished/within/0", "shape")],
    );
    // Ranges are of diagnoses, options of a choice.
    for wrong in [
        json!({"code": "A.4.1", "options": ["dementia"]}),
        json!({"code": "A.4.1"}),
        json!({"code": "A.2.14.1", "within": ["F00"]}),
        json!({"code": "A.2.14.1"}),
    ] {
        finds(put(vanished, wrong), vanished, "shape");
    }
    breaks(
        put(
            vanished,
            json!({"code": "A.2.14.1", "options": ["once", "five"]}),
        ),
        &[("/since_last/1/vanished/options/1", "unknown_reference")],
    );
    breaks(
        put(vanished, json!({"code": "A.2.14.1", "options": ["once"]})),
        &[],
    );
}

#[test]
fn since_last_words_and_citations() {
    for words in ["{months}", "{what}", "{level}", "{"] {
        breaks(
            put("/since_last/0/says/en", json!(words)),
            &[("/since_last/0/says/en", "unknown_reference")],
        );
    }
    breaks(
        put("/since_last/1/says/zh", json!("{before}")),
        &[("/since_last/1/says/zh", "unknown_reference")],
    );
    breaks(
        put("/since_last/0/cite", json!([])),
        &[("/since_last/0/cite", "missing_citation")],
    );
    finds(
        put("/since_last/0/cite", json!(["gbt-42195-2022.X"])),
        "/since_last/0/cite/0",
        "unknown_citation",
    );
}
