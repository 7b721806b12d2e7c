//! `nengli assess`.

use std::fs;
use std::path::Path;

use nengli::Options;
use serde_json::{Value, json};

use crate::material::{demo_file, demo_text, demo_with, folder, refused_case, rulebook, write};
use crate::model::{ground_codes, item_codes};
use crate::program::{columns, must_say, nengli, prepare, uncoloured};

fn demo(options: &[&str]) -> String {
    let file = demo_file();
    let mut args = vec!["assess", file.to_str().unwrap()];
    args.extend(options);
    nengli(args).quietly(0).out
}

/// A case by way of standard input.
fn report_of(case: &Value, lang: &str) -> String {
    prepare(["assess", "-", "--lang", lang])
        .input(case.to_string())
        .end()
        .quietly(0)
        .out
}

fn line_with<'t>(text: &'t str, words: &str) -> &'t str {
    text.lines()
        .find(|line| line.contains(words))
        .unwrap_or_else(|| panic!("no line with {words:?} in\n{text}"))
}

// ---- the report -------------------------------------------------------------

#[test]
fn report_in_english() {
    let report = demo(&["--lang", "en"]);
    let heading = report.lines().next().unwrap();
    assert!(heading.contains("GB/T 42195-2022"), "{heading}");
    assert!(heading.contains("2026-06-20"), "{heading}");
    // The level, and where it stands among the five.
    assert!(line_with(&report, "◆").contains("moderate dependency"));
    assert!(line_with(&report, "◆").contains("◇◇◆◇◇"));
    // The total against its bands, and each domain.
    assert!(line_with(&report, "total  ").contains("69 / 90"));
    assert!(line_with(&report, "╵").contains("╵30"));
    for (domain, score) in [
        ("self-care", "25 / 32"),
        ("basic mobility", "11 / 15"),
        ("mental status", "24 / 28"),
        ("sensory perception and social", "9 / 15"),
    ] {
        let line = line_with(&report, domain);
        assert!(
            line.contains(score) && line.contains('█'),
            "{domain}: {line}"
        );
    }
    // How it came about, each step with its clause.
    must_say(
        &report,
        "preliminary level: mild dependency (total within 66–89) [GB/T 42195-2022 C.3]",
    );
    must_say(&report, "✗ coma: not met [GB/T 42195-2022 C.4]");
    must_say(
        &report,
        "✓ dementia or another mental or behavioural disorder (on A.4.1 diagnoses)",
    );
    // Why it is one level and not two.
    must_say(
        &report,
        "○ two or more care risk events in 30 days (on A.2.14.1 fall, A.2.14.3 choking)",
    );
    must_say(&report, "one level in all");
    must_say(&report, "final level: moderate dependency");
    // What another reading comes to.
    let (_, other) = report.split_once("another reading").unwrap();
    must_say(other, "severe dependency");
    must_say(other, "one level for each");
    // Which case, when, by which rules.
    must_say(&report, "demo-0001");
    must_say(&report, "2026-06-30");
    must_say(&report, rulebook().version());
    must_say(&report, &rulebook().digest()[..23]);
    assert!(report.ends_with('\n') && !report.ends_with("\n\n"));
}

#[test]
fn report_in_chinese() {
    let report = demo(&["--lang", "zh"]);
    let heading = report.lines().next().unwrap();
    assert!(heading.contains("老年人能力评估规范"), "{heading}");
    assert!(heading.contains("GB/T 42195-2022"), "{heading}");
    assert!(heading.contains("2026-06-20"), "{heading}");
    assert!(line_with(&report, "◆").contains("中度失能"));
    assert!(line_with(&report, "总分  ").contains("69 / 90"));
    for (domain, score) in [
        ("自理能力", "25 / 32"),
        ("基础运动能力", "11 / 15"),
        ("精神状态", "24 / 28"),
        ("感知觉与社会参与", "9 / 15"),
    ] {
        let line = line_with(&report, domain);
        assert!(line.contains(score), "{domain}: {line}");
    }
    must_say(&report, "初步等级：轻度失能");
    must_say(&report, "昏迷：不成立");
    must_say(&report, "A.4.1 疾病诊断");
    must_say(&report, "A.2.14.1 跌倒、A.2.14.3 噎食");
    must_say(&report, "合计只提高一级");
    must_say(&report, "最终等级：中度失能");
    let (_, other) = report.split_once("另一种解读").unwrap();
    must_say(other, "重度失能");
    must_say(&report, "天津市和平区");
    // 失能 is not 残疾, of which no level speaks.
    let (levels, _) = report.split_once("待遇与服务").unwrap();
    assert!(!levels.contains("残疾"));
}

#[test]
fn bands_stand_in_line_with_the_bar() {
    for lang in ["en", "zh"] {
        let report = demo(&["--lang", lang]);
        let bar = line_with(&report, "69 / 90");
        let ruler = line_with(&report, "╵0");
        let before = |line: &str, c: char| columns(line.split(c).next().unwrap());
        assert_eq!(before(bar, '█'), before(ruler, '╵'), "{lang}");
    }
}

#[test]
fn report_is_at_most_a_hundred_columns_wide() {
    for lang in ["en", "zh"] {
        for line in demo(&["--lang", lang]).lines() {
            assert!(
                columns(line) <= 100,
                "{lang}: {} columns: {line}",
                columns(line)
            );
        }
    }
}

#[test]
fn no_colours_but_when_asked() {
    for lang in ["en", "zh"] {
        let plain = demo(&["--lang", lang]);
        assert!(!plain.contains('\u{1b}'));
        assert_eq!(demo(&["--lang", lang, "--color", "never"]), plain);
        assert_eq!(demo(&["--lang", lang, "--color", "auto"]), plain);
        let coloured = demo(&["--lang", lang, "--color", "always"]);
        assert!(coloured.contains("\u{1b}["));
        assert_eq!(uncoloured(&coloured), plain);
    }
}

#[test]
fn json_has_no_colours() {
    assert_eq!(demo(&["--json", "--color", "always"]), demo(&["--json"]));
}

// ---- the language -----------------------------------------------------------

#[test]
fn language_by_locale() {
    let file = demo_file();
    for (locale, chinese) in [
        (vec![], false),
        (vec![("LANG", "zh_CN.UTF-8")], true),
        (vec![("LANG", "zh_CN")], true),
        (vec![("LANG", "en_US.UTF-8")], false),
        (vec![("LANG", "C.UTF-8")], false),
        (vec![("LC_MESSAGES", "zh_CN.UTF-8")], true),
        (vec![("LC_ALL", "zh_CN.UTF-8")], true),
        // The former goes before the latter.
        (vec![("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], false),
        (vec![("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US")], true),
        (
            vec![("LC_ALL", "en_US"), ("LC_MESSAGES", "zh_CN.UTF-8")],
            false,
        ),
        (vec![("LC_MESSAGES", "zh_CN"), ("LANG", "en_US")], true),
        (vec![("LC_MESSAGES", "C"), ("LANG", "zh_CN")], false),
        // What is empty is not set.
        (vec![("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")], true),
        // What is not of messages does not matter.
        (vec![("LC_CTYPE", "zh_CN.UTF-8")], false),
    ] {
        let mut run = prepare(["assess".as_ref(), file.as_os_str()]);
        for (name, value) in &locale {
            run = run.env(name, value);
        }
        let report = run.end().quietly(0).out;
        assert_eq!(report.contains("最终等级"), chinese, "{locale:?}");
        assert_eq!(report.contains("final level"), !chinese, "{locale:?}");
    }
}

#[test]
fn language_as_asked_goes_before_the_locale() {
    let file = demo_file();
    for (lang, locale, words) in [
        ("en", "zh_CN.UTF-8", "final level"),
        ("zh", "en_US.UTF-8", "最终等级"),
    ] {
        // Before the command and behind it.
        for args in [
            ["--lang", lang, "assess", file.to_str().unwrap()],
            ["assess", file.to_str().unwrap(), "--lang", lang],
        ] {
            let ended = prepare(args).env("LC_ALL", locale).end().quietly(0);
            must_say(&ended.out, words);
        }
    }
    nengli(["assess", file.to_str().unwrap(), "--lang", "de"]).in_vain(2);
}

#[test]
fn json_is_the_same_in_every_language() {
    let plain = demo(&["--json"]);
    assert_eq!(demo(&["--json", "--lang", "zh"]), plain);
    let file = demo_file();
    let refused = prepare(["assess", "-", "--json", "--lang", "zh"])
        .input(refused_case("r-1"))
        .end()
        .quietly(1);
    assert_eq!(
        refused.out,
        rulebook().assess_json(&refused_case("r-1")) + "\n"
    );
    let ended = prepare(["assess", "--json", file.to_str().unwrap()])
        .env("LANG", "zh_CN.UTF-8")
        .end()
        .quietly(0);
    assert_eq!(ended.out, plain);
}

// ---- JSON -------------------------------------------------------------------

#[test]
fn json_is_the_text_of_the_library() {
    assert_eq!(
        demo(&["--json"]),
        rulebook().assess_json(&demo_text()) + "\n"
    );
    assert_eq!(demo(&["--json"]), demo(&["--json"]));
}

#[test]
fn pretty_json_is_the_same_json() {
    let plain = demo(&["--json"]);
    let pretty = demo(&["--json", "--pretty"]);
    assert!(pretty.lines().count() > 50);
    assert_eq!(crate::program::json(&pretty), crate::program::json(&plain));
    // Alone it means nothing.
    nengli([
        "assess".as_ref(),
        demo_file().as_os_str(),
        "--pretty".as_ref(),
    ])
    .in_vain(2);
}

#[test]
fn trace_adds_the_steps_and_nothing_else() {
    let plain = crate::program::json(&demo(&["--json"]));
    assert_eq!(plain.pointer("/assessments/0/steps"), None);
    let text = demo(&["--json", "--trace"]);
    let library = rulebook().assess_text(&demo_text(), Options::traced());
    assert_eq!(
        text,
        serde_json::to_string(&library.unwrap()).unwrap() + "\n"
    );
    let mut traced = crate::program::json(&text);
    let result = traced["assessments"][0].as_object_mut().unwrap();
    let steps = result.remove("steps").unwrap();
    for right in traced["entitlements"].as_array_mut().unwrap() {
        let layers = right.as_object_mut().unwrap().remove("layers").unwrap();
        assert!(!layers.as_array().unwrap().is_empty(), "{right}");
    }
    assert_eq!(traced, plain);
    let ids: Vec<&str> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["B.1", "B.2", "B.3", "B.4", "total", "C.3", "C.5"]);
    for step in steps.as_array().unwrap() {
        assert!(!step["citations"].as_array().unwrap().is_empty(), "{step}");
        assert!(!step["inputs"].as_object().unwrap().is_empty(), "{step}");
    }
}

#[test]
fn trace_of_a_report_comes_below_it() {
    let plain = demo(&["--lang", "en"]);
    let traced = demo(&["--lang", "en", "--trace"]);
    let table = traced.strip_prefix(&plain).expect("the same report first");
    for words in [
        "B.1.1=3",
        "total=69",
        "C.3=1",
        "GB/T 42195-2022 C.2",
        "120101/welfare-visits *",
        "000000/welfare-visits",
    ] {
        must_say(table, words);
    }
}

#[test]
fn standard_input() {
    for options in [&["--json"][..], &["--lang", "zh"], &["--lang", "en"]] {
        let mut args = vec!["assess", "-"];
        args.extend(options);
        let ended = prepare(args).input(demo_text()).end().quietly(0);
        assert_eq!(ended.out, demo(options));
    }
}

#[test]
fn a_byte_order_mark_is_accepted() {
    let here = folder();
    let file = write(here.path(), "bom.json", format!("\u{feff}{}", demo_text()));
    let ended = nengli(["assess".as_ref(), "--json".as_ref(), file.as_os_str()]).quietly(0);
    assert_eq!(ended.out, demo(&["--json"]));
    let ended = prepare(["assess", "--json", "-"])
        .input(fs::read(file).unwrap())
        .end()
        .quietly(0);
    assert_eq!(ended.out, demo(&["--json"]));
}

// ---- no level ---------------------------------------------------------------

#[test]
fn what_is_missing_is_named() {
    let case = demo_with(|answers| {
        answers.remove("B.1.1").unwrap();
        answers.remove("B.4.5").unwrap();
    });
    for (lang, none, eating, contact) in [
        ("en", "level undetermined", "B.1.1 eating", "B.4.5 social"),
        ("zh", "等级未定", "B.1.1 进食", "B.4.5 社会"),
    ] {
        let report = report_of(&case, lang);
        must_say(&report, none);
        assert!(!report.contains('◆'), "{report}");
        must_say(&report, eating);
        must_say(&report, contact);
        assert!(!report.contains("B.1.2 "), "{report}");
    }
    // 62 points are known; the eight that two items can give are open.
    let report = report_of(&case, "en");
    must_say(&report, "the total can still be 62–70");
    must_say(
        &report,
        "still possible: moderate dependency, severe dependency",
    );
}

#[test]
fn a_form_without_answers_names_every_code() {
    let case = demo_with(serde_json::Map::clear);
    for lang in ["en", "zh"] {
        let report = report_of(&case, lang);
        for code in item_codes("gbt-42195-2022")
            .iter()
            .chain(&ground_codes("gbt-42195-2022"))
        {
            assert!(report.contains(&format!("{code} ")), "{code} in\n{report}");
        }
        assert!(!report.contains('◆'), "{report}");
    }
}

/// Seven of the eight items of B.1 give 22 points: the eighth adds 0 to 4.
#[test]
fn the_bar_of_a_domain_shows_what_is_still_possible() {
    let case = demo_with(|answers| {
        answers.remove("B.1.1").unwrap();
    });
    let report = report_of(&case, "en");
    assert!(
        line_with(&report, "self-care").contains("22–26 / 32"),
        "{report}"
    );
}

#[test]
fn a_case_without_assessments_has_a_report() {
    let case = json!({"case_id": "none", "as_of": "2026-06-30", "assessments": []});
    for lang in ["en", "zh"] {
        must_say(&report_of(&case, lang), "none");
    }
}

// ---- refused ----------------------------------------------------------------

/// Three problems at three places.
fn three_problems() -> Value {
    let mut case = demo_with(|answers| {
        answers.insert("B.1.1".to_owned(), json!(5));
        answers.insert("B.1.2".to_owned(), json!("3"));
    });
    case["shoe_size"] = json!(4711);
    case
}

#[test]
fn a_refused_case_names_every_problem() {
    for (lang, words) in [("en", "refused"), ("zh", "拒绝")] {
        let ended = prepare(["assess", "-", "--lang", lang])
            .input(three_problems().to_string())
            .end()
            .in_vain(1);
        must_say(&ended.err, words);
        must_say(&ended.err, "3");
        for at in [
            "/shoe_size",
            "/assessments/0/answers/B.1.1",
            "/assessments/0/answers/B.1.2",
        ] {
            assert!(
                ended
                    .err
                    .lines()
                    .any(|line| line.trim().split("  ").next() == Some(at)),
                "{at} in\n{}",
                ended.err
            );
        }
        assert_eq!(ended.err.contains("expected"), lang == "en");
        // Nothing that was refused is repeated.
        assert!(!ended.err.contains("4711"), "{}", ended.err);
        assert!(ended.err.ends_with('\n'));
    }
}

#[test]
fn a_refused_case_as_json() {
    let text = three_problems().to_string();
    let ended = prepare(["assess", "-", "--json"])
        .input(text.as_str())
        .end()
        .quietly(1);
    assert_eq!(ended.out, rulebook().assess_json(&text) + "\n");
    let answer = ended.json();
    assert_eq!(answer["case_id"], "demo-0001");
    assert_eq!(answer["rejected"].as_array().unwrap().len(), 3);
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["case_id", "rejected", "schema"]);

    let pretty = prepare(["assess", "-", "--json", "--pretty"])
        .input(text)
        .end()
        .quietly(1);
    assert_eq!(pretty.json(), answer);
}

#[test]
fn duplicate_keys_are_refused() {
    let text = demo_text().replacen("\"B.1.1\": 3", "\"B.1.1\": 3, \"B.1.1\": 3", 1);
    let ended = prepare(["assess", "-", "--json"])
        .input(text)
        .end()
        .quietly(1);
    let problem = &ended.json()["rejected"][0];
    assert_eq!(problem["kind"], "duplicate_key");
    assert_eq!(problem["at"], "/assessments/0/answers/B.1.1");
}

#[test]
fn nobody_is_named_by_a_refusal() {
    let mut case = demo_with(|_| ());
    case["case_id"] = json!("11010519491231002X");
    case["name"] = json!("张三丰");
    for options in [&["--lang", "en"][..], &["--lang", "zh"], &["--json"]] {
        let mut args = vec!["assess", "-"];
        args.extend(options);
        let ended = prepare(args).input(case.to_string()).end();
        assert_eq!(ended.code, 1);
        for secret in ["11010519491231002", "张三丰"] {
            assert!(!ended.out.contains(secret), "{}", ended.out);
            assert!(!ended.err.contains(secret), "{}", ended.err);
        }
    }
}

// ---- files that cannot be used ----------------------------------------------

#[track_caller]
fn cannot_be_used(file: &Path) {
    for options in [&[][..], &["--json"], &["--lang", "zh"], &["--trace"]] {
        let mut args = vec!["assess", file.to_str().unwrap()];
        args.extend(options);
        nengli(args).fault_of(file);
    }
}

#[test]
fn an_absent_file() {
    cannot_be_used(&folder().path().join("absent.json"));
}

#[test]
fn a_folder_for_a_file() {
    cannot_be_used(folder().path());
}

#[test]
fn a_file_that_is_not_utf8() {
    let here = folder();
    cannot_be_used(&write(
        here.path(),
        "latin1.json",
        b"{\"case_id\": \"\xe9\"}",
    ));
    // UTF-16, as a text editor may save it.
    cannot_be_used(&write(here.path(), "utf16.json", b"\xff\xfe{\x00}\x00"));
}

#[test]
fn a_file_that_is_not_json() {
    let here = folder();
    for (name, text) in [
        ("words.json", "B.1.1: 3"),
        ("open.json", "{\"case_id\": \"a-1\""),
        ("comma.json", "{\"case_id\": \"a-1\",}"),
        ("two.json", "{} {}"),
        ("single.json", "{'case_id': 'a-1'}"),
        ("nan.json", "{\"case_id\": NaN}"),
    ] {
        cannot_be_used(&write(here.path(), name, text));
    }
}

#[test]
fn an_empty_file() {
    let here = folder();
    cannot_be_used(&write(here.path(), "empty.json", ""));
    cannot_be_used(&write(here.path(), "blank.json", " \n\n"));
    cannot_be_used(&write(here.path(), "bom.json", "\u{feff}"));
}

#[test]
fn a_file_that_is_too_large() {
    const MIB: usize = 1 << 20;
    let here = folder();
    let case = demo_text();
    let filled = |size: usize| format!("{case}{}", " ".repeat(size - case.len()));
    let fits = write(here.path(), "fits.json", filled(MIB));
    let ended = nengli(["assess".as_ref(), "--json".as_ref(), fits.as_os_str()]).quietly(0);
    assert_eq!(ended.out, demo(&["--json"]));
    cannot_be_used(&write(here.path(), "large.json", filled(MIB + 1)));
}

#[cfg(unix)]
#[test]
fn a_file_without_end() {
    cannot_be_used(Path::new("/dev/zero"));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let here = folder();
    let file = write(here.path(), "secret.json", demo_text());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&file).is_ok() {
        // Root reads everything.
        return;
    }
    cannot_be_used(&file);
}

#[cfg(unix)]
#[test]
fn standard_output_that_is_full() {
    use std::process::Stdio;

    if !Path::new("/dev/full").exists() {
        return;
    }
    for options in [&[][..], &["--json"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let output = crate::program::command()
            .arg("assess")
            .arg(demo_file())
            .args(options)
            .stdout(Stdio::from(full.unwrap()))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(err.contains("standard output"), "{err}");
    }
}

#[test]
fn faults_of_standard_input_name_it() {
    for bytes in [&b""[..], b"{", b"\xff"] {
        let ended = prepare(["assess", "-"]).input(bytes).end().in_vain(2);
        assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
        must_say(&ended.err, "standard input");
    }
}

// ---- arguments --------------------------------------------------------------

#[test]
fn unusable_arguments() {
    for args in [
        &[][..],
        &["assess"],
        &["asses"],
        &["assess", "a", "b"],
        &["assess", "--jsno", "a"],
        &["assess", "--color", "sometimes", "a"],
    ] {
        nengli(args).in_vain(2);
    }
}

#[test]
fn help_and_version() {
    let help = nengli(["--help"]).quietly(0).out;
    for command in ["assess", "batch", "check", "schema", "rules"] {
        must_say(&help, command);
        let own = nengli([command, "--help"]).quietly(0).out;
        must_say(&own, &format!("Usage: nengli {command}"));
    }
    must_say(&help, "Exit status");
    let version = nengli(["--version"]).quietly(0).out;
    assert_eq!(version, format!("nengli {}\n", env!("CARGO_PKG_VERSION")));
}
