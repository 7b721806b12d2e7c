//! `nengli compare`: two results of one person.

use std::fs;

use nengli::{Options, Rulebook};
use serde_json::Value;

use crate::material::{folder, project, rulebook, write};
use crate::program::{Ended, json as parse, must_say, nengli, prepare};

fn file(name: &str) -> String {
    let path = project().join("tests/succession").join(name);
    path.to_string_lossy().into_owned()
}

fn compare(name: &str, options: &[&str]) -> Ended {
    let previous = file(&format!("{name}.previous.json"));
    let new = file(&format!("{name}.new.json"));
    let args = ["compare", previous.as_str(), new.as_str()];
    nengli(args.into_iter().chain(options.iter().copied()))
}

fn say_all(text: &str, words: &[&str]) {
    words.iter().for_each(|one| must_say(text, one));
}

#[test]
fn what_changed_side_by_side() {
    let english = compare("getting-worse", &["--lang", "en"]).quietly(0).out;
    say_all(
        &english,
        &[
            "previous (2025-06-20)",
            "new (2026-06-22)",
            "mild dependency",
            "1 level worse",
            "−3",
            "B.1.1 eating",
            "gained",
            "without a difference: --full",
        ],
    );
    assert!(!english.contains("B.1.3 "), "{english}");
    let chinese = compare("getting-worse", &["--lang", "zh", "--full"])
        .quietly(0)
        .out;
    say_all(
        &chinese,
        &["加重 1 级", "B.1.1 进食", "变差", "B.1.3 洗澡", "昏迷"],
    );
}

#[test]
fn findings_come_first_with_their_clause() {
    let out = compare("ltci-worse-a-day-before-six-months", &["--lang", "zh"])
        .quietly(0)
        .out;
    assert!(out.starts_with("请留意\n  ! "), "{out}");
    say_all(&out, &["不满 6 个月", "医保发〔2023〕29号"]);
    let out = compare("three-levels-better", &["--lang", "en"])
        .quietly(0)
        .out;
    say_all(&out, &["better by 3 levels", "This project's own checks"]);
}

#[test]
fn json_is_that_of_the_library() {
    for name in ["rights-change", "dementia-vanished", "other-instrument"] {
        let texts = ["previous", "new"]
            .map(|which| fs::read_to_string(file(&format!("{name}.{which}.json"))).unwrap());
        let [previous, new] = &texts;
        let out = compare(name, &["--json"]).quietly(0).out;
        assert_eq!(
            out.trim_end(),
            rulebook().compare_json(previous, new),
            "{name}"
        );
        let pretty = compare(name, &["--json", "--pretty"]).quietly(0).out;
        assert_eq!(parse(&pretty), parse(&out), "{name}");
    }
}

#[test]
fn two_that_cannot_be_compared() {
    let refused = compare("another-person", &["--lang", "en"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    say_all(
        &refused.err,
        &["/new/facts/birth_date", "another_person", "1 problem"],
    );
    assert!(!refused.err.contains("1941"), "{}", refused.err);
    let refused = compare("new-before-previous", &["--json"]);
    assert_eq!(refused.code, 1);
    let answer: Value = parse(&refused.out);
    assert_eq!(answer["rejected"][0]["at"], "/new/as_of");
}

#[test]
fn records_stand_for_cases() {
    let folder = folder();
    let rulebook: &Rulebook = rulebook();
    let case = fs::read_to_string(file("getting-worse.previous.json")).unwrap();
    let record = rulebook
        .record_text(&case, Options::default())
        .unwrap()
        .text();
    let good = write(folder.path(), "good.json", &record);
    let broken = write(
        folder.path(),
        "broken.json",
        record.replace(r#""total":68"#, r#""total":67"#),
    );
    let new = file("getting-worse.new.json");
    let run = |previous: &std::path::Path| {
        nengli([
            "compare",
            previous.to_str().unwrap(),
            new.as_str(),
            "--lang",
            "en",
        ])
    };
    say_all(&run(&good).quietly(0).out, &["as it was recorded"]);
    let ended = run(&broken);
    assert_eq!(ended.code, 1, "{}", ended.out);
    say_all(&ended.out, &["changed after it was sealed", "67"]);
}

#[test]
fn what_cannot_be_read() {
    let folder = folder();
    let bad = write(folder.path(), "bad.json", "{");
    let good = file("getting-worse.new.json");
    let bad = bad.to_str().unwrap();
    for args in [
        ["compare", bad, good.as_str()],
        ["compare", good.as_str(), bad],
    ] {
        let ended = nengli(args);
        assert_eq!(ended.code, 2);
        say_all(&ended.err, &["bad.json", "expected JSON"]);
    }
    let ended = nengli(["compare", "-", "-"]);
    assert_eq!(ended.code, 2);
    let case = fs::read_to_string(&good).unwrap();
    let ended = prepare(["compare", "-", good.as_str()]).input(case).end();
    ended.quietly(0);
}
