//! `--rules` and `--with`: other rules, and more of them.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::material::{
    copy_of_rules, demo_file, demo_text, folder, project, rulebook, ward, ward_case, write,
};
use crate::program::{Ended, must_say, nengli, prepare};

fn with(args: &[&str], dirs: &[&Path]) -> Ended {
    let mut all: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
    for dir in dirs {
        all.extend([OsStr::new("--with"), dir.as_os_str()]);
    }
    nengli(all)
}

/// The digest of the rules that decided.
fn digest(ended: &Ended) -> String {
    let digest = &ended.json()["rulebook"]["digest"];
    digest.as_str().unwrap().to_owned()
}

#[test]
fn the_same_rules_from_a_folder() {
    let rules = copy_of_rules();
    for dir in [rules.path(), &project().join("rules")] {
        let ended = nengli([
            "assess".as_ref(),
            "--json".as_ref(),
            demo_file().as_os_str(),
            "--rules".as_ref(),
            dir.as_os_str(),
        ])
        .quietly(0);
        // The path does not matter, the digest included.
        assert_eq!(ended.out, rulebook().assess_json(&demo_text()) + "\n");
    }
}

#[test]
fn an_instrument_of_ones_own() {
    let own = folder();
    write(
        own.path(),
        "ward/stairs.json",
        ward("ward-stairs").to_string(),
    );
    let listed = with(&["rules"], &[own.path()]).quietly(0).out;
    must_say(&listed, "ward-stairs");
    must_say(&listed, "gbt-42195-2022");
    assert!(!nengli(["rules"]).out.contains("ward-stairs"));
    let proved = with(&["check"], &[own.path()]).quietly(0).out;
    must_say(&proved, "ward-stairs: ");
    must_say(&proved, "all 2 levels are reached");
    must_say(&proved, "7 instruments");

    let case = write(own.path(), "case.txt", ward_case("ward-stairs"));
    let case = case.to_str().unwrap();
    let decided = with(&["assess", "--json", case], &[own.path()]).quietly(0);
    let result = &decided.json()["assessments"][0];
    assert_eq!(result["level"]["key"], "watched");
    assert_eq!(result["scores"]["sum"], 1);
    must_say(
        &with(&["assess", case, "--lang", "zh"], &[own.path()]).out,
        "看护",
    );
    let batch = with(&["batch", case], &[own.path()]).quietly(0);
    assert_eq!(batch.out, decided.out);
    // Without it nobody knows of it.
    nengli(["assess", "--json", case]).quietly(1);

    // Its form has a schema, its citations are found.
    let schema = with(
        &["schema", "case", "--instrument", "ward-stairs"],
        &[own.path()],
    );
    must_say(&schema.quietly(0).out, "\"1.2\"");
    with(&["rules", "rules-of-ward-stairs.1"], &[own.path()]).quietly(0);
}

#[test]
fn the_digest_covers_what_was_added() {
    let own = folder();
    write(own.path(), "stairs.json", ward("ward-stairs").to_string());
    let demo = demo_file();
    let demo = demo.to_str().unwrap();
    let plain = digest(&nengli(["assess", "--json", demo]));
    let more = digest(&with(&["assess", "--json", demo], &[own.path()]));
    assert_eq!(plain, rulebook().digest());
    assert_ne!(more, plain);
    // A blank more is another file.
    write(
        own.path(),
        "stairs.json",
        format!("{} ", ward("ward-stairs")),
    );
    let other = digest(&with(&["assess", "--json", demo], &[own.path()]));
    assert_ne!(other, more);
}

#[test]
fn several_folders() {
    let (one, two) = (folder(), folder());
    write(one.path(), "one.json", ward("ward-one").to_string());
    write(two.path(), "two.json", ward("ward-two").to_string());
    let listed = with(&["rules"], &[one.path(), two.path()]).quietly(0).out;
    must_say(&listed, "ward-one");
    must_say(&listed, "ward-two");
    // In the other order they are the same rules.
    let other = with(&["rules"], &[two.path(), one.path()]).quietly(0).out;
    assert_eq!(other, listed);
}

/// Two counties may each have a `rules.json`: both are used or the name is
/// refused, but none goes unnoticed.
#[test]
fn files_of_one_name_in_two_folders() {
    let (one, two) = (folder(), folder());
    write(one.path(), "rules.json", ward("ward-one").to_string());
    write(two.path(), "rules.json", ward("ward-two").to_string());
    let ended = with(&["check"], &[one.path(), two.path()]);
    if ended.code == 0 {
        must_say(&ended.out, "ward-one: ");
        must_say(&ended.out, "ward-two: ");
    } else {
        must_say(&ended.in_vain(1).err, "rules.json");
    }
}

#[test]
fn an_id_that_is_there_already() {
    let own = folder();
    write(own.path(), "x.json", ward("gbt-42195-2022").to_string());
    let ended = with(&["check"], &[own.path()]).in_vain(1);
    must_say(&ended.err, "duplicate_code");
    must_say(&ended.err, "gbt-42195-2022");
    must_say(&ended.err, "x.json#/id");
    with(&["rules"], &[own.path()]).in_vain(2);

    let two = folder();
    write(two.path(), "1.json", ward("ward-stairs").to_string());
    write(two.path(), "2.json", ward("ward-stairs").to_string());
    let ended = with(&["check"], &[two.path()]).in_vain(1);
    must_say(&ended.err, "duplicate_code");

    // A fact that is there already.
    let facts = folder();
    fs::copy(
        project().join("rules/facts.json"),
        facts.path().join("x.json"),
    )
    .unwrap();
    let ended = with(&["check"], &[facts.path()]).in_vain(1);
    must_say(&ended.err, "duplicate_code");
    must_say(&ended.err, "x.json#/facts/0/id");
}

/// The rules of the crate were there first, whatever the added file is called.
#[test]
fn the_added_file_is_blamed() {
    let own = folder();
    write(own.path(), "a.json", ward("gbt-42195-2022").to_string());
    let ended = with(&["check"], &[own.path()]).in_vain(1);
    assert!(ended.err.contains("a.json#/id"), "{}", ended.err);
}

#[test]
fn what_is_no_rule_file_is_let_alone() {
    let own = folder();
    write(own.path(), "stairs.json", ward("ward-stairs").to_string());
    write(own.path(), "README.md", "notes");
    write(own.path(), "stairs.json.bak", "{");
    write(own.path(), "deep/empty/notes.txt", "notes");
    with(&["check"], &[own.path()]).quietly(0);
}

#[test]
fn a_byte_order_mark_in_a_rule_file() {
    let own = folder();
    let text = format!("\u{feff}{}", ward("ward-stairs"));
    write(own.path(), "stairs.json", text);
    with(&["check"], &[own.path()]).quietly(0);
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_has_an_end() {
    use std::os::unix::fs::symlink;

    let here = folder();
    let own = here.path().join("own");
    write(&own, "deep/stairs.json", ward("ward-stairs").to_string());
    symlink(&own, own.join("deep/up")).unwrap();
    symlink(".", own.join("self")).unwrap();
    symlink("b", own.join("a")).unwrap();
    symlink("a", own.join("b")).unwrap();
    symlink("nowhere", own.join("nowhere.json")).unwrap();
    let listed = with(&["rules"], &[&own]).quietly(0).out;
    assert_eq!(listed.matches("ward-stairs").count(), 1, "{listed}");
    let ended = nengli(["check".as_ref(), own.join("self").as_os_str()]);
    assert_eq!(ended.code, 1, "no file of kind rulebook");

    // The folder itself may be reached by a link.
    let link = here.path().join("link");
    symlink(&own, &link).unwrap();
    let ended = with(&["rules"], &[&link]).quietly(0);
    assert_eq!(ended.out, listed);
    let input = prepare([
        "batch".as_ref(),
        "-".as_ref(),
        "--with".as_ref(),
        link.as_os_str(),
    ])
    .input(ward_case("ward-stairs"))
    .end()
    .quietly(0);
    assert_eq!(input.json_lines().len(), 1);
}
