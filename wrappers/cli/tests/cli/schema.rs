//! `nengli schema`.

use std::fs;

use crate::material::{GBT, project, rulebook};
use crate::program::{json, must_say, nengli};

const NAMES: [&str; 7] = [
    "case",
    "determination",
    "rejection",
    "rules.instrument",
    "rules.facts",
    "rules.jurisdictions",
    "rules.rulebook",
];

fn checked_in(name: &str) -> String {
    let path = project().join(format!("schemas/{name}.schema.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn without_a_name_the_names() {
    let ended = nengli(["schema"]).quietly(0);
    let names: Vec<&str> = ended.out.lines().collect();
    assert_eq!(names, nengli::schema::NAMES);
    for name in NAMES {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn each_name_prints_the_file_that_is_checked_in() {
    for name in nengli(["schema"]).out.lines() {
        let ended = nengli(["schema", name]).quietly(0);
        assert_eq!(ended.out, checked_in(name), "{name}");
        assert_eq!(
            ended.json()["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
}

#[test]
fn every_file_that_is_checked_in_is_printed() {
    let mut count = 0;
    for entry in fs::read_dir(project().join("schemas")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".schema.json").expect("a schema");
        let ended = match name.strip_prefix("case.") {
            Some(instrument) => nengli(["schema", "case", "--instrument", instrument]),
            None => nengli(["schema", name]),
        };
        assert_eq!(ended.quietly(0).out, checked_in(name), "{name}");
        count += 1;
    }
    assert!(count > NAMES.len());
}

#[test]
fn the_schema_of_a_form() {
    let ended = nengli(["schema", "case", "--instrument", GBT]).quietly(0);
    assert_ne!(ended.json(), json(&checked_in("case")));
    let instrument = rulebook().instrument(GBT).unwrap();
    let mut codes = 0;
    for item in instrument.items() {
        must_say(&ended.out, &format!("\"{}\"", item.code));
        codes += 1;
    }
    assert_eq!(codes, 26);
    for code in ["A.5.11", "A.4.1", "A.2.14.5"] {
        must_say(&ended.out, &format!("\"{code}\""));
    }
}

#[test]
fn names_of_nothing() {
    let ended = nengli(["schema", "cases"]).in_vain(2);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    for name in NAMES {
        must_say(&ended.err, name);
    }
    let ended = nengli(["schema", "case", "--instrument", "gbt-42195"]).in_vain(2);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    must_say(&ended.err, GBT);
    // The form of an instrument is a case, and nothing else.
    nengli(["schema", "determination", "--instrument", GBT]).in_vain(2);
    nengli(["schema", "--instrument", GBT]).in_vain(2);
}
