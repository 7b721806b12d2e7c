//! Rights, payments and questions in the report of `nengli assess`.

use nengli::determination::Status;
use serde_json::{Value, json};

use crate::material::{demo_file, demo_text, rulebook};
use crate::program::{columns, json as parse, must_say, nengli, prepare, uncoloured};

fn report(options: &[&str]) -> String {
    let file = demo_file();
    let mut args = vec!["assess", file.to_str().unwrap()];
    args.extend(options);
    nengli(args).quietly(0).out
}

fn report_of(case: &Value, options: &[&str]) -> String {
    let mut args = vec!["assess", "-"];
    args.extend(options);
    prepare(args).input(case.to_string()).end().quietly(0).out
}

/// The lines from this heading to the next line that begins at the left.
fn part<'t>(report: &'t str, heading: &str) -> Vec<&'t str> {
    let mut lines = report.lines().skip_while(|line| *line != heading);
    let first = lines.next();
    assert!(first.is_some(), "no {heading:?} in\n{report}");
    lines
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .collect()
}

/// The demo, insured, with a cost.
fn paid() -> Value {
    let mut case = parse(&demo_text());
    let codes = (1..=10).map(|i| format!("C1.{i}"));
    let codes = codes.chain((1..=4).map(|i| format!("C2.{i}")));
    let codes = codes.chain((1..=3).map(|i| format!("C3.{i}")));
    let answers: serde_json::Map<String, Value> = codes.map(|code| (code, json!(0))).collect();
    let form = json!({"instrument": "nhsa-37-2021", "date": "2026-05-20", "answers": answers});
    case["assessments"].as_array_mut().unwrap().push(form);
    case["facts"] = json!({
        "birth_date": "1941-03-02", "economic_status": "dibao", "setting": "home",
        "care_dependent_since": "2025-01-01", "medical_insurance": "employee",
        "ltci_insured_since": "2023-01-01", "standard_treatment_done": true,
        "work_injury_nursing_allowance": false, "ltci_home_care_mode": "agency",
    });
    case["costs"] = json!([{"setting": "home", "month": "2026-06", "fen": 300_000}]);
    case
}

#[test]
fn a_line_for_each_right() {
    let determination = rulebook()
        .assess_text(&demo_text(), nengli::Options::default())
        .unwrap();
    let name = |id: &str| {
        let found = rulebook().programmes().find(|one| one.id == id);
        found.unwrap().names.clone()
    };
    for (lang, heading) in [("en", "Rights"), ("zh", "待遇与服务")] {
        let report = report(&["--lang", lang]);
        let rights = part(&report, heading).join("\n");
        let entitlements = determination.entitlements.as_ref().unwrap();
        for one in entitlements {
            let name = name(&one.programme);
            // Long English names go on below, beside other words.
            let first = name.en.split(' ').next().unwrap();
            let name = if lang == "en" { first } else { &name.zh };
            must_say(&rights, name);
        }
        // One mark for each, but for those that are only named.
        let marks = rights
            .lines()
            .filter(|line| line.trim_start().starts_with(['✓', '?', '○']))
            .count();
        let shown = entitlements
            .iter()
            .filter(|one| one.status != Status::NotEntitled)
            .count();
        assert_eq!(marks, shown, "{rights}");
        assert!(!rights.contains('✗'), "{rights}");
    }
}

#[test]
fn the_default_is_short_and_the_full_report_says_all() {
    for lang in ["en", "zh"] {
        let short = report(&["--lang", lang]);
        assert!(short.lines().count() < 160, "{}", short.lines().count());
        let full = report(&["--lang", lang, "--full"]);
        assert!(full.lines().count() > 2 * short.lines().count());
        for line in full.lines() {
            assert!(columns(line) <= 100, "{lang}: {line}");
        }
        assert_eq!(
            uncoloured(&report(&["--lang", lang, "--full", "--color", "always"])),
            full
        );
    }
    let full = report(&["--lang", "zh", "--full"]);
    for words in [
        "✓ 经济状况认定：最低生活保障对象（要求其一：特困人员、最低生活保障对象、低保边缘家庭成员）",
        "✗ 经济状况认定：最低生活保障对象（要求：特困人员）",
        "✓ GB/T 42195-2022：中度失能（要求中度失能或更重，12 个月内的评估）",
        "? 喘息服务对象：由当地认定，未知",
        "采用的读法：",
    ] {
        must_say(&full, words);
        assert!(!report(&["--lang", "zh"]).contains(words), "{words}");
    }
    nengli([
        "assess".as_ref(),
        demo_file().as_os_str(),
        "--full".as_ref(),
        "--json".as_ref(),
    ])
    .in_vain(2);
}

/// A right that rests on a reading of the project says so, and what the other comes to.
#[test]
fn readings_are_shown() {
    let report = report(&["--lang", "en"]);
    let rights = part(&report, "Rights").join("\n");
    must_say(&rights, "welfare visits (C)");
    must_say(&rights, "(C) rests on a reading of this project");
    must_say(
        &rights,
        "from severe by the national standard): not entitled",
    );
    let voucher = rights.lines().find(|line| line.contains("✓ care voucher"));
    assert!(!voucher.unwrap().contains("(C)"));
}

#[test]
fn who_pays() {
    let report = report_of(&paid(), &["--lang", "en"]);
    let lines = part(&report, "Who pays");
    must_say(&lines.join("\n"), "at home · 2026-06  3,000.00 yuan");
    let amount = |name: &str, amount: &str| {
        let line = lines
            .iter()
            .find(|line| line.contains(name) && line.contains(amount));
        let line = line.unwrap_or_else(|| panic!("no {name} {amount} in {lines:#?}"));
        (
            columns(line.split(" yuan").next().unwrap()),
            line.matches('█').count(),
        )
    };
    let insurance = amount("long-term care insurance", "1,575.00");
    let voucher = amount("care voucher", "712.50");
    let person = amount("the person", "712.50");
    // In line, with a bar as long as the share.
    assert_eq!((insurance.0, voucher.0), (voucher.0, person.0));
    assert!(insurance.1 > 2 * voucher.1 && voucher.1 == person.1 && person.1 > 0);
    // The other reading of the cap.
    amount("long-term care insurance", "2,100.00");

    let report = report_of(&paid(), &["--lang", "zh"]);
    must_say(
        &part(&report, "费用由谁负担").join("\n"),
        "长期护理保险  1,575.00 元",
    );

    // What is not known is said, and is no zero.
    let report = self::report(&["--lang", "zh"]);
    let lines = part(&report, "费用由谁负担").join("\n");
    assert_eq!(lines.matches("未知").count(), 3, "{lines}");
    assert!(!lines.contains('█') && !lines.contains("0.00"), "{lines}");
}

#[test]
fn five_questions_first() {
    for (lang, heading, rest) in [
        ("en", "Ask these first", "more"),
        ("zh", "先问这些", "另有"),
    ] {
        let report = report(&["--lang", lang]);
        let lines = part(&report, heading);
        let questions = lines.iter().filter(|line| line.contains("? ")).count();
        assert_eq!(questions, 5, "{lines:#?}");
        assert!(lines.iter().any(|line| line.contains(rest)), "{lines:#?}");
        let all = self::report(&["--lang", lang, "--full"]);
        assert!(part(&all, heading).len() > 25);
    }
}

#[test]
fn levels_alone_have_no_such_parts() {
    let mut case = parse(&demo_text());
    for key in ["jurisdiction", "facts", "costs"] {
        case.as_object_mut().unwrap().remove(key);
    }
    let short = report_of(&case, &["--lang", "en"]);
    for words in ["Rights", "Who pays", "Ask these first", "--full"] {
        assert!(!short.contains(words), "{words}");
    }
    assert_eq!(report_of(&case, &["--lang", "en", "--full"]), short);
}

/// What keeps a right back stands beside it, with its clause.
#[test]
fn what_is_kept_back() {
    let mut case = paid();
    case["facts"]["work_injury_nursing_allowance"] = json!(true);
    let report = report_of(&case, &["--lang", "zh"]);
    let rights = part(&report, "待遇与服务").join("\n");
    must_say(&rights, "✗ 长期护理保险");
    must_say(
        &rights,
        "不与此同时享受：领取工伤生活护理费：是 [厅字〔2025〕19号（不予支付的）]",
    );
}
