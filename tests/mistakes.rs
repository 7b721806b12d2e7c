//! Mistakes seen in other implementations of the standard, each with the test
//! that it is not made here. The manual lists them too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod forms;

use forms::{
    GBT, ITEMS, LEVELS, answer, case_json, case_text, determine, findings, instrument, level,
    no_grounds, problems, rulebook, with, with_total, without,
};
use nengli::Rulebook;
use nengli::determination::Outcome;
use serde_json::{Value, json};

/// The keys of the level before and after changes.
fn levels(answers: &forms::Answers, readings: &[(&str, &str)]) -> (Option<String>, Option<String>) {
    let result = determine(answers, readings).assessments.remove(0);
    (
        result.preliminary.map(|level| level.key.into()),
        result.level.map(|level| level.key.into()),
    )
}

fn pair(before: &str, after: &str) -> (Option<String>, Option<String>) {
    (Some(before.to_owned()), Some(after.to_owned()))
}

/// Invented bands or a wrong scale: the best total is 90 and not 100, and the
/// bands are those of C.3, not 20/45/65/90.
#[test]
fn invented_bands_or_a_wrong_scale() {
    let best = determine(&with_total(90), &[]).assessments.remove(0);
    let scores: Vec<u8> = ["B.1", "B.2", "B.3", "B.4", "total"]
        .iter()
        .map(|sum| best.scores[*sum])
        .collect();
    assert_eq!(scores, [32, 15, 28, 15, 90]);
    // Where the invented bands say otherwise.
    for (total, expected) in [
        (21, "complete"),
        (29, "complete"),
        (45, "severe"),
        (65, "moderate"),
        (66, "mild"),
        (89, "mild"),
    ] {
        assert_eq!(
            level(&with_total(total)).as_deref(),
            Some(expected),
            "{total}"
        );
    }
    // A score of a 10-point item belongs to another scale.
    let text = case_text(&with(with_total(75), "B.1.1", json!(10)));
    assert_eq!(problems(&text)[0].1, "score_not_allowed");
}

/// An inverted direction: the higher score is the better, the higher code of a
/// level the worse.
#[test]
fn an_inverted_direction() {
    assert_eq!(level(&with_total(90)).as_deref(), Some("intact"));
    assert_eq!(level(&with_total(0)).as_deref(), Some("complete"));
    let codes: Vec<u8> = (0..=90)
        .map(|total| {
            let result = determine(&with_total(total), &[]).assessments.remove(0);
            result.level.expect("a level").code
        })
        .collect();
    assert!(codes.is_sorted_by(|a, b| a >= b), "{codes:?}");
    assert_eq!((codes[0], codes[90]), (4, 0));
}

/// Gaps or overlaps at the edges of bands: each total has one level, which
/// changes between 89 and 90, 65 and 66, 45 and 46, 29 and 30 and nowhere else.
#[test]
fn gaps_or_overlaps_at_band_edges() {
    let all: Vec<String> = (0..=90)
        .map(|total| level(&with_total(total)).expect("one level"))
        .collect();
    let changes: Vec<usize> = (1..=90).filter(|i| all[*i] != all[*i - 1]).collect();
    assert_eq!(changes, [30, 46, 66, 90]);
}

/// A missing answer counted as 0: neither an item nor a ground is guessed.
#[test]
fn missing_counted_as_zero() {
    for (code, greatest) in ITEMS {
        let form = without(with_total(90), &[code]);
        let result = determine(&form, &[]).assessments.remove(0);
        assert_eq!(result.outcome, Outcome::Undetermined, "{code}");
        assert_eq!(result.level, None);
        assert_eq!(result.missing, [code]);
        let range = result.score_range.expect("a range");
        assert_eq!((range.min, range.max), (90 - greatest, 90), "{code}");
        assert!(!result.scores.contains_key("total"));
    }
    for code in forms::GROUNDS {
        let form = without(with_total(75), &[code]);
        let result = determine(&form, &[]).assessments.remove(0);
        assert_eq!(result.level, None, "{code} may still change the level");
        assert_eq!(result.missing, [code]);
    }
}

/// Out-of-range scores clipped: they are refused, every one of them.
#[test]
fn out_of_range_clipped() {
    for (code, greatest) in ITEMS {
        for score in [-1, i64::from(greatest) + 1, 100] {
            let text = case_text(&with(with_total(75), code, json!(score)));
            let place = format!("/assessments/0/answers/{code}");
            let expected = vec![(place, "score_not_allowed".to_owned())];
            assert_eq!(problems(&text), expected, "{score}");
        }
    }
}

/// Coma inferred from a score of 0 in B.3.9: stupor scores 0 too. A.5.11 is the
/// carrier, or, where it is not answered, the option coma itself.
#[test]
fn coma_inferred_from_a_score_of_zero() {
    let zero = with(with_total(75), "B.3.9", json!(0));
    assert_eq!(levels(&zero, &[]), pair("mild", "mild"));
    let stupor = with(with_total(75), "B.3.9", json!("stupor"));
    assert_eq!(levels(&stupor, &[]), pair("mild", "mild"));
    for form in [&zero, &stupor] {
        let open = without(form.clone(), &["A.5.11"]);
        let result = determine(&open, &[]).assessments.remove(0);
        assert_eq!(result.level, None);
        assert_eq!(result.possible_levels, [1, 4]);
        assert_eq!(result.changes[0].met, None);
    }
    let coma = without(with(zero, "B.3.9", json!("coma")), &["A.5.11"]);
    assert_eq!(levels(&coma, &[]), pair("mild", "complete"));
    // A contradiction is found, and A.5.11 decides.
    let against = with(coma, "A.5.11", json!(false));
    assert_eq!(levels(&against, &[]), pair("mild", "mild"));
    assert_eq!(findings(&against), ["coma_against_field"]);
}

/// ICD-10 sub-codes not matched: F03.9 is dementia as F03 is, in every spelling
/// that records have, and nothing that only looks like it.
#[test]
fn icd_10_sub_codes_not_matched() {
    for code in [
        "F03", "F03.9", "F039", "F03.x00", "F03.X00", "f03.9", "F00.1*", "F00-F03", "F20.0",
        "F04-F99", "F99",
    ] {
        let form = with(with_total(75), "A.4.1", json!([code]));
        assert_eq!(levels(&form, &[]), pair("mild", "moderate"), "{code}");
    }
    for code in ["I10", "E03.9", "G30.9", "H25-H26", "other"] {
        let form = with(with_total(75), "A.4.1", json!([code]));
        assert_eq!(levels(&form, &[]), pair("mild", "mild"), "{code}");
    }
    for code in ["F3", "F03.", "dementia", "痴呆", "F03 ", "FO3"] {
        let text = case_text(&with(with_total(75), "A.4.1", json!([code])));
        assert_eq!(problems(&text)[0].1, "bad_diagnosis", "{code}");
    }
    let g30 = with(with_total(75), "A.4.1", json!(["G30.9"]));
    assert_eq!(findings(&g30), ["ask_for_dementia_code"]);
}

/// Two one-level changes added where one applies, and the reverse: one by
/// default, two where the case reads the clause so, and each shows the other.
#[test]
fn two_changes_added_where_one_applies() {
    let form = with(with_total(75), "A.4.1", json!(["F00.1"]));
    let form = with(form, "A.2.14.1", json!(2));
    assert_eq!(levels(&form, &[]), pair("mild", "moderate"));
    assert_eq!(
        levels(&form, &[("uplift", "stacking")]),
        pair("mild", "severe")
    );
    for (taken, other, level) in [
        ("single", "stacking", "severe"),
        ("stacking", "single", "moderate"),
    ] {
        let result = determine(&form, &[("uplift", taken)]).assessments.remove(0);
        assert_eq!(result.interpretations["uplift"], taken);
        let met: Vec<Option<bool>> = result.changes.iter().map(|change| change.met).collect();
        assert_eq!(met, [Some(false), Some(true), Some(true)], "all are listed");
        let alternative = &result.alternatives[0];
        assert_eq!(alternative.choice, other);
        assert_eq!(
            alternative.level.as_ref().map(|level| level.key.as_str()),
            Some(level)
        );
    }
}

/// A change past the worst level: there is none beyond complete.
#[test]
fn a_change_past_the_worst_level() {
    for total in [0, 29, 30, 45] {
        let form = with(with_total(total), "A.4.1", json!(["F03"]));
        let form = with(form, "A.2.14.5", json!(3));
        for uplift in ["single", "stacking"] {
            let result = determine(&form, &[("uplift", uplift)])
                .assessments
                .remove(0);
            let level = result.level.expect("a level");
            assert_eq!((level.code, level.key.as_str()), (4, "complete"), "{total}");
            let applied = result.changes.iter().filter(|change| change.applied);
            assert_eq!(applied.count(), usize::from(total >= 30), "{total}");
        }
    }
}

/// Floating point: none is read, and none is written.
#[test]
fn floating_point() {
    for number in ["3.0", "3e0", "2.9999999999999999"] {
        let text = case_text(&with(with_total(75), "B.1.1", json!("@"))).replace("\"@\"", number);
        assert_eq!(problems(&text)[0].1, "wrong_type", "{number}");
    }
    fn no_fraction(value: &Value) {
        match value {
            Value::Number(number) => assert!(number.is_i64(), "{number}"),
            Value::Array(list) => list.iter().for_each(no_fraction),
            Value::Object(members) => members.values().for_each(no_fraction),
            _ => {}
        }
    }
    for total in 0..=90 {
        no_fraction(&answer(&case_text(&with_total(total))));
    }
}

/// A score parsed from a label: only a number is a score, and only a key names
/// an option.
#[test]
fn a_score_parsed_from_a_label() {
    for text in [
        "3",
        "3分",
        "3 points",
        "score 3",
        "独立完成",
        "3 - prompted",
        "Prompted",
        "prompted ",
    ] {
        let case = case_text(&with(with_total(75), "B.1.2", json!(text)));
        assert_eq!(problems(&case).len(), 1, "{text}");
    }
    for item in instrument().items() {
        for option in &item.options {
            let label = option.label.as_ref().unwrap();
            for label in [&label.zh, &label.en] {
                if Some(label.as_str()) == option.key.as_deref() {
                    continue;
                }
                let case = case_text(&with(with_total(75), &item.code, json!(label)));
                assert_eq!(problems(&case).len(), 1, "{} {label}", item.code);
            }
        }
    }
}

/// The number of kinds of events counted instead of events: two falls are two,
/// and so are a fall and a choking.
#[test]
fn kinds_of_events_counted_instead_of_events() {
    let events = |counts: [u8; 5]| {
        let mut form = with_total(75);
        for (i, count) in counts.iter().enumerate() {
            form = with(form, &format!("A.2.14.{}", i + 1), json!(count));
        }
        form
    };
    for (counts, by_sum, by_kind) in [
        ([1, 0, 0, 0, 0], "mild", "mild"),
        ([2, 0, 0, 0, 0], "moderate", "moderate"),
        ([0, 0, 0, 0, 3], "moderate", "moderate"),
        ([1, 0, 1, 0, 0], "moderate", "mild"),
        ([1, 1, 1, 1, 1], "moderate", "mild"),
    ] {
        let form = events(counts);
        assert_eq!(levels(&form, &[]), pair("mild", by_sum), "{counts:?}");
        assert_eq!(
            levels(&form, &[("event_count", "any_single_type")]),
            pair("mild", by_kind),
            "{counts:?}"
        );
    }
}

/// Levels numbered from 1 here and from 0 there: 0 is the best everywhere, and no
/// code stands without its key.
#[test]
fn levels_numbered_from_one() {
    for (code, level) in instrument().levels().iter().enumerate() {
        assert_eq!(usize::from(level.code), code);
        assert_eq!(level.key, LEVELS[code]);
    }
    let form = without(with_total(90), &["A.5.11"]);
    let text = case_text(&with(form, "B.1.1", json!(0)));
    assert_eq!(
        answer(&text)["assessments"][0]["possible_levels"],
        json!([1, 4])
    );
    for total in [90, 75, 50, 40, 10] {
        let result = &answer(&case_text(&with_total(total)))["assessments"][0];
        for level in [&result["preliminary"], &result["level"]] {
            let code = usize::try_from(level["code"].as_u64().expect("a code")).unwrap();
            assert_eq!(level["key"], LEVELS[code]);
        }
    }
}

/// An old case recomputed under new rules: a form is graded by the instrument
/// that it names, whatever came after it.
#[test]
fn an_old_case_recomputed_under_new_rules() {
    // A later standard takes the place of this one in 2030, with other bands.
    let files: Vec<(String, String)> = rulebook()
        .files()
        .flat_map(|(path, text)| {
            if !path.ends_with("gbt-42195-2022.json") {
                return vec![(path.to_owned(), text.to_owned())];
            }
            let mut old: Value = serde_json::from_str(text).expect("a rule file");
            old["in_force"]["to"] = json!("2030-01-01");
            let new = text
                .replace("gbt-42195-2022", "gbt-42195-2030")
                .replace("nengli-checks", "nengli-checks-2030")
                .replace("nengli-succession", "nengli-succession-2030");
            let mut new: Value = serde_json::from_str(&new).expect("a rule file");
            new["in_force"] = json!({"from": "2030-01-01", "grade": "B"});
            let bands = &mut new["steps"][5]["rule"]["band"]["rows"];
            bands[1]["from"] = json!(76);
            bands[2]["to"] = json!(75);
            vec![
                (path.to_owned(), old.to_string()),
                (path.replace("2022", "2030"), new.to_string()),
            ]
        })
        .collect();
    let later = Rulebook::from_files(files).expect("both standards");

    let mut case = case_json(&with_total(70));
    let decide = |rules: &Rulebook, case: &Value| -> Value {
        serde_json::from_str(&rules.assess_json(&case.to_string())).expect("an answer")
    };
    // The old form, decided on an old day or on a new one.
    for as_of in ["2026-06-30", "2031-06-30"] {
        case["as_of"] = json!(as_of);
        let (before, after) = (decide(rulebook(), &case), decide(&later, &case));
        assert_eq!(after["assessments"], before["assessments"], "{as_of}");
        assert_eq!(after["assessments"][0]["level"]["key"], "mild");
        assert_eq!(after["findings"], json!([]));
        assert_ne!(after["rulebook"]["digest"], before["rulebook"]["digest"]);
    }
    // A form of the old standard filled in after its end: by its own bands, and said.
    case["assessments"][0]["date"] = json!("2030-01-01");
    let answer = decide(&later, &case);
    assert_eq!(answer["assessments"][0]["level"]["key"], "mild");
    assert_eq!(answer["findings"][0]["code"], "superseded");
    assert_eq!(answer["findings"][0]["at"], "/assessments/0/date");
    case["assessments"][0]["date"] = json!("2029-12-31");
    assert_eq!(decide(&later, &case)["findings"], json!([]));
    // The new standard grades its own forms, and none from before it.
    case["assessments"][0]["instrument"] = json!("gbt-42195-2030");
    let answer = decide(&later, &case);
    assert_eq!(answer["rejected"][0]["kind"], "not_yet_in_force");
    assert_eq!(answer["rejected"][0]["at"], "/assessments/0/date");
    case["assessments"][0]["date"] = json!("2030-01-01");
    let answer = decide(&later, &case);
    assert_eq!(answer["assessments"][0]["level"]["key"], "moderate");
    assert_eq!(answer["findings"], json!([]));
}

/// Eligibility for long-term care insurance taken from a level of this standard:
/// the insurance has an instrument of its own.
#[test]
fn insurance_eligibility_taken_from_this_level() {
    let coma = with(with_total(10), "A.5.11", json!(true));
    let levels_alone = answer(&case_text(&coma));
    assert_eq!(levels_alone["assessments"][0]["level"]["key"], "complete");
    assert_eq!(levels_alone.get("entitlements"), None);
    assert_eq!(levels_alone.get("payments"), None);

    let mut case = case_json(&coma);
    case["jurisdiction"] = json!("120101");
    case["facts"] = json!({"birth_date": "1941-03-02", "medical_insurance": "employee"});
    let answer = answer(&case.to_string());
    assert_eq!(answer.get("rejected"), None);
    let entitlements = answer.get("entitlements").and_then(Value::as_array);
    for entitlement in entitlements.into_iter().flatten() {
        if entitlement["programme"] == "ltci" {
            assert_ne!(entitlement["status"], "entitled");
        }
    }
}

/// An empty form graded as the worst level: every level is possible, and nothing
/// was answered.
#[test]
fn an_empty_form_graded_as_the_worst_level() {
    for form in [forms::Answers::new(), no_grounds()] {
        let result = determine(&form, &[]).assessments.remove(0);
        assert_eq!(result.outcome, Outcome::Undetermined);
        assert_eq!((&result.level, &result.preliminary), (&None, &None));
        assert_eq!(result.possible_levels, [0, 1, 2, 3, 4]);
        let range = result.score_range.expect("a range");
        assert_eq!((range.min, range.max), (0, 90));
        assert_eq!(result.scores.len(), 0);
        let missing = result.missing.iter().filter(|code| code.starts_with('B'));
        assert_eq!(missing.count(), ITEMS.len());
    }
    // A form without any assessment has no level at all.
    let text = json!({"case_id": "t-1", "as_of": "2026-06-30", "assessments": []}).to_string();
    assert_eq!(answer(&text)["assessments"], json!([]));
    assert!(rulebook().instrument(GBT).is_some());
}
