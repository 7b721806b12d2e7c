//! `nengli rules`.

use std::fs;

use crate::material::{GBT, GBT_FILE, copy_of_rules, project, rulebook};
use crate::model::{ground_codes, item_codes};
use crate::program::{cells, json, must_say, nengli};

fn rules(args: &[&str]) -> String {
    let mut all = vec!["rules"];
    all.extend(args);
    nengli(all).quietly(0).out
}

#[test]
fn overview() {
    for (lang, name) in [
        ("en", "Ability assessment of"),
        ("zh", "老年人能力评估规范"),
    ] {
        let text = rules(&["--lang", lang]);
        must_say(&text, GBT);
        must_say(&text, name);
        must_say(&text, "2022-12-30");
        must_say(&text, "26");
        must_say(&text, rulebook().version());
        must_say(&text, rulebook().digest());
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn sheet_of_an_instrument() {
    for (lang, words) in [
        (
            "en",
            ["eating", "stair climbing", "severe dependency", "coma"],
        ),
        ("zh", ["进食", "上下楼梯", "重度失能", "昏迷"]),
    ] {
        let sheet = rules(&[GBT, "--lang", lang]);
        // The first cells of the rows.
        let codes: Vec<&str> = sheet
            .lines()
            .filter_map(|line| line.strip_prefix('│'))
            .filter_map(|row| row.split('┆').next())
            .map(str::trim)
            .collect();
        for code in item_codes(GBT).iter().chain(&ground_codes(GBT)) {
            assert!(codes.contains(&code.as_str()), "{lang}: {code}");
        }
        for step in ["B.1", "total", "C.3", "C.5"] {
            let heading = format!("{step} ");
            assert!(
                sheet.lines().any(|line| line.starts_with(&heading)),
                "{lang}: {step}"
            );
        }
        for interpretation in ["uplift", "event_count"] {
            assert!(codes.contains(&interpretation), "{lang}: {interpretation}");
        }
        for word in words {
            must_say(&sheet, word);
        }
        must_say(&sheet, "66–89");
        // Every option of every item by its key.
        let keys = cells(&sheet, 4);
        for item in rulebook().instrument(GBT).unwrap().items() {
            for option in &item.options {
                must_say(&keys, option.key.as_ref().unwrap());
            }
        }
    }
}

#[test]
fn the_rule_file_itself() {
    let text = rules(&[GBT, "--json"]);
    let file = fs::read_to_string(project().join("rules").join(GBT_FILE)).unwrap();
    assert_eq!(json(&text), json(&file));

    // It can be used as one.
    let copy = copy_of_rules();
    fs::write(copy.path().join(GBT_FILE), &text).unwrap();
    let dir = copy.path().to_str().unwrap();
    nengli(["check", dir]).quietly(0);
    assert_eq!(rules(&[GBT, "--json", "--rules", dir]), text);
    assert_eq!(rules(&[GBT, "--rules", dir]), rules(&[GBT]));
}

#[test]
fn facts() {
    let list = json(&rules(&["facts", "--json"]));
    let list = list.as_array().unwrap();
    for (lang, heading) in [("en", "meaning"), ("zh", "含义")] {
        let text = rules(&["facts", "--lang", lang]);
        must_say(&text, heading);
        let ids = cells(&text, 0);
        for fact in list {
            must_say(&ids, fact["id"].as_str().unwrap());
        }
    }
    let ids: Vec<&str> = list
        .iter()
        .map(|fact| fact["id"].as_str().unwrap())
        .collect();
    for id in [
        "birth_date",
        "hukou",
        "medical_insurance",
        "care_dependent_since",
        "economic_status",
        "disability_certificate_grade",
        "lives_alone",
        "receives",
        "other_local_conditions_met",
    ] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
    assert_eq!(ids.len(), rulebook().facts().count());
}

#[test]
fn jurisdictions() {
    let list = json(&rules(&["jurisdictions", "--json"]));
    assert_eq!(
        list.as_array().unwrap().len(),
        rulebook().jurisdictions().count()
    );
    for (lang, names) in [
        ("en", ["Tianjin", "Heping District"]),
        ("zh", ["天津市", "和平区"]),
    ] {
        let text = rules(&["jurisdictions", "--lang", lang]);
        for name in names {
            must_say(&text, name);
        }
        for code in ["000000", "110000", "120000", "120101", "130800", "820000"] {
            must_say(&text, code);
        }
    }
}

#[test]
fn fingerprints() {
    let file = fs::read_to_string(project().join("rules/FINGERPRINTS")).unwrap();
    assert_eq!(rules(&["fingerprints"]), file);
}

#[test]
fn a_citation() {
    for (lang, words) in [
        ("en", ["GB/T 42195-2022", "C.4", "grounds of level change"]),
        ("zh", ["GB/T 42195-2022", "C.4", "等级变更"]),
    ] {
        let text = rules(&["gbt-42195-2022.C.4", "--lang", lang]);
        for word in words {
            must_say(&text, word);
        }
    }
}

/// Every citation of a determination can be asked for.
#[test]
fn every_citation_of_the_demo() {
    let demo = crate::material::demo_text();
    let answer = json(&rulebook().assess_json(&demo));
    let citations = answer["assessments"][0]["citations"].as_array().unwrap();
    assert!(citations.len() > 5);
    for citation in citations {
        must_say(&rules(&[citation.as_str().unwrap()]), "GB/T 42195-2022");
    }
}

/// What is asked for as JSON comes as JSON or not at all.
#[test]
fn json_of_what_is_no_file() {
    for id in ["fingerprints", "gbt-42195-2022.C.4"] {
        let ended = nengli(["rules", id, "--json"]);
        match ended.code {
            0 => assert!(
                serde_json::from_str::<serde_json::Value>(&ended.out).is_ok(),
                "{id}: {}",
                ended.out
            ),
            _ => drop(ended.in_vain(2)),
        }
    }
}

#[test]
fn an_unknown_id() {
    for id in ["gbt-42195", "gbt-42195-2022.Z.9", "", "no\nid"] {
        let ended = nengli(["rules", id]).in_vain(2);
        assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    }
    nengli(["rules", "--json"]).in_vain(2);
}

#[test]
fn overview_of_programmes() {
    for (lang, kind) in [("en", "list"), ("zh", "清单")] {
        let text = rules(&["--lang", lang]);
        must_say(&text, kind);
        for file in rulebook().programme_files() {
            must_say(&text, &file.id);
            must_say(&text, &file.in_force.from.to_string());
        }
    }
}

#[test]
fn a_programme() {
    let layers = |id: &str| {
        let files = rulebook().programme_files();
        let layers = files.flat_map(|file| {
            let of = file.layers.iter().filter(|layer| layer.programme == id);
            of.map(|layer| file.rule_id(layer))
        });
        layers.collect::<Vec<_>>()
    };
    for programme in rulebook().programmes() {
        let rules_of = layers(&programme.id);
        let sheet = rules(&[&programme.id, "--lang", "zh"]);
        must_say(&sheet, &programme.names.zh);
        let answer = json(&rules(&[&programme.id, "--json"]));
        assert_eq!(answer["programme"]["id"], programme.id.as_str());
        let listed: Vec<&str> = answer["layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|layer| layer["rule"].as_str().unwrap())
            .collect();
        assert_eq!(listed.len(), rules_of.len(), "{}", programme.id);
        for rule in &rules_of {
            must_say(&sheet, rule);
            assert!(listed.contains(&rule.as_str()), "{rule} in {listed:?}");
        }
    }
    // Who, what, how, by which clause.
    let sheet = rules(&["care-voucher", "--lang", "en", "--markdown"]);
    assert!(
        sheet.starts_with("# care voucher care-voucher\n"),
        "{sheet}"
    );
    for words in [
        "| in force | 2026-01-01 – 2026-12-31 |",
        "| who | age: at least 60, and GB/T 42195-2022: moderate dependency or worse, assessed \
         within 12 months, and not (recognised economic status: tekun (in extreme hardship)) |",
        "<br>in an institution: 40%, up to 800.00 yuan a month<br>",
        "| access | on application |",
        "(levels covered, assessments of the last year count",
    ] {
        assert!(sheet.contains(words), "{words:?} in\n{sheet}");
    }
}

#[test]
fn a_place() {
    for (lang, words) in [
        (
            "en",
            [
                "Heping District, Tianjin",
                "older people in special hardship",
                "from 2022",
            ],
        ),
        ("zh", ["天津市和平区", "特殊困难老年人", "自2022年"]),
    ] {
        let text = rules(&["120101", "--lang", lang, "--markdown"]);
        for word in words {
            must_say(&text, word);
        }
        must_say(&text, "120101/family-doctor.first");
        must_say(&text, "120101/plan_start");
    }
    // How programmes bear on each other.
    let text = rules(&["000000", "--lang", "en", "--markdown"]);
    must_say(
        &text,
        "care voucher pays on what long-term care insurance leaves",
    );
    let answer = json(&rules(&["120101", "--json"]));
    assert_eq!(answer["files"][0]["id"], "heping-plan");
    // A place that is known and has no rules.
    let text = rules(&["110000", "--lang", "en"]);
    must_say(&text, "no rules of this place itself");
    assert_eq!(
        json(&rules(&["110000", "--json"]))["files"],
        serde_json::json!([])
    );
    nengli(["rules", "990000"]).in_vain(2);
}
