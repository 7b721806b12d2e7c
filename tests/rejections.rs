//! Refusals that a file of `tests/cases/` cannot hold, or that must hold at
//! every place alike: size, depth, what is no JSON, keys that stand twice,
//! numbers beyond 64 bits, and that nothing refused is ever repeated.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod forms;

use forms::{GBT, answer, case_json, case_text, problems, rulebook, with, with_total};
use nengli::case::{MAX_DEPTH, MAX_ENTRIES, MAX_TEXT};
use nengli::{Answer, Assessment, Case, Lang, Options, ProblemKind, Rejection, date};
use serde_json::{Value, json};

/// The one problem that a text has.
fn only(text: &str) -> (String, String) {
    let found = problems(text);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

fn pair(at: &str, kind: &str) -> (String, String) {
    (at.to_owned(), kind.to_owned())
}

fn rejection(text: &str) -> Rejection {
    rulebook()
        .assess_text(text, Options::default())
        .expect_err("a rejection")
}

/// A text of `length` bytes that is a case but for the spaces round it.
fn padded(length: usize) -> String {
    let mut text = case_text(&with_total(75));
    text.push_str(&" ".repeat(length - text.len()));
    text
}

// ---- the text --------------------------------------------------------------

#[test]
fn a_text_of_one_mebibyte_is_read_and_one_byte_more_is_not() {
    assert_eq!(MAX_TEXT, 1024 * 1024);
    assert_eq!(problems(&padded(MAX_TEXT)), []);
    assert_eq!(only(&padded(MAX_TEXT + 1)), pair("", "too_large"));
    assert!(rejection(&padded(MAX_TEXT + 1)).is_unreadable());
    // It is measured in bytes, and before anything is read.
    let wide = "痴".repeat(MAX_TEXT / 3 + 1);
    assert_eq!(only(&wide), pair("", "too_large"));
}

#[test]
fn nesting_of_32_is_read_and_deeper_is_not() {
    assert_eq!(MAX_DEPTH, 32);
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(only(&nested(32)), pair("", "wrong_type"));
    assert_eq!(only(&nested(33)), pair("", "too_deep"));
    assert_eq!(only(&nested(100_000)), pair("", "too_deep"));
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    assert_eq!(only(&objects(33)), pair("", "too_deep"));
    // Within a case the case itself counts: root, assessments, form, answers, answer.
    let answer = |depth: usize| {
        case_text(&with(with_total(75), "B.1.1", json!("@"))).replace("\"@\"", &nested(depth))
    };
    assert_eq!(
        only(&answer(28)),
        pair("/assessments/0/answers/B.1.1/0", "wrong_type")
    );
    assert_eq!(only(&answer(29)), pair("", "too_deep"));
    // Brackets within a text are no nesting.
    let text = case_text(&with(with_total(75), "B.1.1", json!("[".repeat(40))));
    assert_eq!(
        only(&text),
        pair("/assessments/0/answers/B.1.1", "unknown_option")
    );
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    for text in [
        "",
        " \n",
        "{",
        "{}}",
        "{} {}",
        "{'a':1}",
        "{\"a\":1,}",
        "[1,]",
        "{a:1}",
        "nul",
        "NaN",
        "Infinity",
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        "// comment\n{}",
        "\"\u{1}\"",
        "\"\\x41\"",
        "\"unfinished",
        "\0",
        "{\"schema\":1\0}",
    ] {
        let rejection = rejection(text);
        assert_eq!(rejection.rejected.len(), 1, "{text:?}");
        let problem = &rejection.rejected[0];
        assert_eq!(problem.kind, ProblemKind::NotJson, "{text:?}");
        assert_eq!(problem.at, "", "{text:?}");
        let place = problem.message.contains("line") || problem.message.contains("found nothing");
        assert!(place, "{}", problem.message);
        assert_eq!(rejection.case_id, None);
        assert!(rejection.is_unreadable());
    }
    let line = &rejection("{\n\n  \"schema\": one\n}").rejected[0].message;
    assert!(line.contains("line 3"), "{line}");
}

/// A BOM is no part of JSON text; the wrappers that read files take it off.
#[test]
fn a_byte_order_mark_is_no_json() {
    let text = format!("\u{feff}{}", case_text(&with_total(75)));
    assert_eq!(only(&text), pair("", "not_json"));
    let text = case_text(&with_total(75)).replace(',', ",\r\n\t ");
    assert_eq!(problems(&text), [], "CRLF and tabs are space");
}

/// An escape of half a surrogate pair is no text.
#[test]
fn lone_surrogates_are_refused() {
    for escape in [
        r"\ud800",
        r"\udc00",
        r"\ud800\ud800",
        r"\ud83dx",
        r"\ude00\ud83d",
    ] {
        for place in ["case_id", "name"] {
            let text = format!(
                r#"{{"{place}":"{escape}","schema":1,"as_of":"2026-06-30","assessments":[]}}"#
            );
            assert!(!problems(&text).is_empty(), "{escape}");
        }
        let text = format!(r#"{{"{escape}":1}}"#);
        assert!(!problems(&text).is_empty(), "{escape}");
    }
    // A whole pair is a text as any other.
    let text = case_text(&with(with_total(75), "B.1.1", json!("\u{1f600}")));
    let text = text.replace('\u{1f600}', r"\ud83d\ude00");
    assert_eq!(
        only(&text),
        pair("/assessments/0/answers/B.1.1", "unknown_option")
    );
}

/// A key that is escaped is the same key.
#[test]
fn escapes_in_keys_are_read() {
    let text = case_text(&with_total(75)).replace("\"B.1.1\"", r#""\u0042.1.1""#);
    assert_eq!(problems(&text), []);
    let text = text.replace("\"answers\":{", "\"answers\":{\"B.1.1\":4,");
    assert_eq!(
        only(&text),
        pair("/assessments/0/answers/B.1.1", "duplicate_key")
    );
}

// ---- keys ------------------------------------------------------------------

/// A case with something at every place where an object can stand.
fn full() -> Value {
    let mut case = case_json(&with_total(75));
    case["jurisdiction"] = json!("120101");
    case["facts"] = json!({"receives": ["care-voucher"], "rural": true});
    case["costs"] = json!([{"setting": "home", "month": "2026-06", "fen": 1}]);
    case["used"] = json!([{"programme": "ltci", "fen": 1}]);
    case["interpretations"] = json!({"gbt-42195-2022/uplift": "single"});
    case["assessments"][0]["assessors"] = json!([{"id": "a-1", "background": "nursing"}]);
    case["assessments"][0]["informant"] = json!({"relation": "self"});
    case
}

const OBJECTS: [(&str, &str); 9] = [
    ("", "schema"),
    ("/assessments/0", "date"),
    ("/assessments/0/answers", "B.1.1"),
    ("/assessments/0/assessors/0", "id"),
    ("/assessments/0/informant", "relation"),
    ("/facts", "rural"),
    ("/costs/0", "fen"),
    ("/used/0", "programme"),
    ("/interpretations", "gbt-42195-2022/uplift"),
];

/// The text of `full`, with `member` put before the member `key` of an object.
fn with_member(at: &str, key: &str, member: &str) -> String {
    let mut case = full();
    let object = case.pointer_mut(at).and_then(Value::as_object_mut);
    object
        .expect("an object")
        .insert("@".to_owned(), json!("@"));
    let text = case.to_string();
    assert_eq!(text.matches(r#""@":"@""#).count(), 1);
    // Beside the member it repeats, or anywhere else in the object.
    assert!(text.contains(&format!("\"{key}\":")));
    text.replace(r#""@":"@""#, member)
}

#[test]
fn a_key_that_stands_twice_is_refused_in_every_object() {
    assert_eq!(problems(&full().to_string()), []);
    for (at, key) in OBJECTS {
        let object = full();
        let value = &object.pointer(at).expect("an object")[key];
        let text = with_member(at, key, &format!("{}:{value}", json!(key)));
        let place = format!("{at}/{}", key.replace('/', "~1"));
        assert_eq!(only(&text), pair(&place, "duplicate_key"));
        assert!(
            serde_json::from_str::<Case>(&text).is_err(),
            "serde refuses it too: {place}"
        );
    }
}

/// All problems at once: that one of the two values is refused as well does not
/// hide that the key stands twice.
#[test]
fn a_key_that_stands_twice_is_found_where_a_value_is_refused_too() {
    for members in [r#""B.1.1":null"#, r#""B.1.1":3.5"#] {
        let text = with_member("/assessments/0/answers", "B.1.1", members);
        let kinds: Vec<String> = problems(&text).into_iter().map(|(_, kind)| kind).collect();
        assert!(kinds.contains(&"wrong_type".to_owned()), "{kinds:?}");
        assert!(
            kinds.contains(&"duplicate_key".to_owned()),
            "{members}: {kinds:?}"
        );
    }
}

#[test]
fn an_unknown_key_is_refused_in_every_object() {
    for (at, key) in OBJECTS {
        let kind = match at {
            "/assessments/0/answers" => "unknown_code",
            "/facts" => "unknown_fact",
            "/interpretations" => "unknown_interpretation",
            _ => "unknown_key",
        };
        let text = with_member(at, key, r#""colour":"red""#);
        assert_eq!(only(&text), pair(&format!("{at}/colour"), kind));
    }
}

#[test]
fn a_long_unknown_key_is_never_repeated() {
    let long = "x".repeat(33);
    let wide = "痴".repeat(33);
    for (at, key) in OBJECTS {
        for unknown in [long.as_str(), wide.as_str()] {
            let text = with_member(at, key, &format!("{}:\"red\"", json!(unknown)));
            let answer = rulebook().assess_json(&text);
            assert!(!answer.contains(&unknown[..15]), "{answer}");
            assert!(!answer.contains("red"), "{answer}");
            assert!(answer.contains("rejected"));
        }
        // 32 characters are repeated, so that the place can be found.
        let shorter = "x".repeat(32);
        let text = with_member(at, key, &format!("\"{shorter}\":\"red\""));
        assert_eq!(only(&text).0, format!("{at}/{shorter}"));
    }
}

/// A problem of a place that is missing is no reason for another at that place.
#[test]
fn a_problem_gives_rise_to_no_second_one() {
    // Without `instrument` it is not known that the two are by the same one.
    let mut case = case_json(&with_total(75));
    let form = case["assessments"][0].as_object_mut().expect("a form");
    form.remove("instrument");
    let form = case["assessments"][0].clone();
    case["assessments"] = json!([form, form]);
    assert_eq!(
        problems(&case.to_string()),
        [
            pair("/assessments/0/instrument", "missing_key"),
            pair("/assessments/1/instrument", "missing_key"),
        ]
    );
    // Without `as_of` nothing is known to lie after it.
    let mut case = full();
    case.as_object_mut().expect("a case").remove("as_of");
    assert_eq!(only(&case.to_string()), pair("/as_of", "missing_key"));
    // A date that does not exist is neither early nor late.
    let mut case = full();
    case["assessments"][0]["date"] = json!("2026-02-30");
    assert_eq!(
        only(&case.to_string()),
        pair("/assessments/0/date", "bad_date")
    );
}

// ---- numbers and dates -----------------------------------------------------

#[test]
fn numbers_that_are_not_whole_or_beyond_64_bits_are_refused() {
    for number in [
        "3.0",
        "3e0",
        "3E+0",
        "30e-1",
        "0.1",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "1e300",
    ] {
        for (at, key) in [
            ("/assessments/0/answers", "B.1.1"),
            ("/assessments/0/answers", "A.2.14.1"),
            ("/costs/0", "fen"),
            ("/facts", "disability_certificate_grade"),
            ("", "schema"),
        ] {
            let mut case = full();
            let object = case.pointer_mut(at).expect("an object");
            object[key] = json!("@");
            let text = case.to_string().replace("\"@\"", number);
            let place = format!("{at}/{key}");
            assert_eq!(only(&text), pair(&place, "wrong_type"), "{number}");
        }
    }
}

/// RFC 8259 lets a reader set limits of its own: a number that not even floating
/// point could hold is not read, and the whole text with it.
#[test]
fn numbers_beyond_floating_point_are_not_read() {
    let digits = "9".repeat(400);
    for number in ["1e400", "-1e400", digits.as_str()] {
        let text = case_text(&with(with_total(75), "B.1.1", json!("@"))).replace("\"@\"", number);
        assert_eq!(only(&text), pair("", "not_json"), "{number}");
    }
}

/// The ends of 64 bits are whole numbers, and no more than out of range.
#[test]
fn numbers_at_the_ends_of_64_bits_are_read() {
    for number in [i64::MIN, i64::MAX, -1, 5] {
        let text = case_text(&with(with_total(75), "B.1.1", json!(number)));
        assert_eq!(
            only(&text),
            pair("/assessments/0/answers/B.1.1", "score_not_allowed")
        );
        let mut case = full();
        case["costs"][0]["fen"] = json!(if number == 5 { i64::MAX } else { number });
        if number != i64::MAX {
            assert_eq!(
                only(&case.to_string()),
                pair("/costs/0/fen", "out_of_range")
            );
        }
    }
}

/// The last day that can be written is a day of decision as any other.
#[test]
fn the_last_day_is_a_day_as_any_other() {
    let mut case = full();
    case["as_of"] = json!("9999-12-31");
    assert_eq!(
        problems(&case.to_string()),
        [pair("/costs/0/month", "out_of_range")]
    );
    case["costs"][0]["month"] = json!("9999-12");
    assert_eq!(problems(&case.to_string()), []);
}

#[test]
fn only_days_of_the_calendar_are_dates() {
    for (day, good) in [
        ("2024-02-29", true),
        ("2026-02-29", false),
        ("2100-02-29", false),
        ("2023-04-31", false),
        ("2026-00-10", false),
        ("2026-13-01", false),
        ("2026-01-00", false),
        ("2026-1-01", false),
        ("26-01-01", false),
        ("12026-01-01", false),
        ("+2026-01-01", false),
        ("-2026-01-01", false),
        ("0000-01-01", false),
        ("2026/01/01", false),
        ("2026-01-01 ", false),
        (" 2026-01-01", false),
        ("2026-01-01T00:00:00", false),
        ("2026-01-01Z", false),
        ("２０２６-01-01", false),
        ("2026年1月1日", false),
        ("", false),
    ] {
        let mut case = full();
        case["assessments"][0]["date"] = json!(day);
        let expected: &[(String, String)] = if good {
            &[]
        } else {
            &[pair("/assessments/0/date", "bad_date")]
        };
        assert_eq!(problems(&case.to_string()), expected, "{day}");
    }
}

// ---- places ----------------------------------------------------------------

#[test]
fn a_jurisdiction_is_six_digits_under_a_known_province() {
    for (code, kind) in [
        ("000000", None),
        ("110000", None),
        ("120101", None),
        ("659001", None),
        ("131000", None),
        ("320505", None),
        ("990000", Some("unknown_jurisdiction")),
        ("999999", Some("unknown_jurisdiction")),
        ("12010", Some("bad_jurisdiction")),
        ("1201011", Some("bad_jurisdiction")),
        ("12010a", Some("bad_jurisdiction")),
        ("１２０１０１", Some("bad_jurisdiction")),
        ("", Some("bad_jurisdiction")),
        ("天津市", Some("bad_jurisdiction")),
    ] {
        let mut case = full();
        case["jurisdiction"] = json!(code);
        let expected: Vec<_> = kind
            .map(|kind| pair("/jurisdiction", kind))
            .into_iter()
            .collect();
        assert_eq!(problems(&case.to_string()), expected, "{code}");
    }
}

/// 00 is the nation and no province: nothing but 000000 lies under it.
#[test]
fn nothing_lies_under_the_nation_but_provinces() {
    for code in ["000001", "000100", "001234"] {
        let mut case = full();
        case["jurisdiction"] = json!(code);
        assert_eq!(
            problems(&case.to_string()),
            [pair("/jurisdiction", "unknown_jurisdiction")],
            "{code}"
        );
    }
}

/// Every province-level division of the country is known.
#[test]
fn all_provinces_are_known() {
    let provinces = [
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
        "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64",
        "65", "71", "81", "82",
    ];
    assert_eq!(provinces.len(), 34);
    for province in provinces {
        let mut case = full();
        case["jurisdiction"] = json!(format!("{province}0000"));
        assert_eq!(problems(&case.to_string()), [], "{province}");
    }
}

// ---- facts and programmes ----------------------------------------------------

/// What is made from another fact is never stated: then the two could differ.
#[test]
fn a_derived_fact_is_not_stated() {
    let derived: Vec<&str> = rulebook()
        .facts()
        .filter(|fact| fact.derived.is_some())
        .map(|fact| fact.id.as_str())
        .collect();
    assert!(derived.contains(&"age"), "{derived:?}");
    for id in derived {
        for value in [json!(80), json!("none"), json!("1941-03-02"), json!([])] {
            let mut case = full();
            case["facts"][id] = value;
            let place = format!("/facts/{id}");
            assert_eq!(only(&case.to_string()), pair(&place, "unknown_fact"));
        }
    }
    let mut case = full();
    case["facts"]["age"] = json!(80);
    case["facts"]["birth_date"] = json!("1941-03-02");
    let message = &rejection(&case.to_string()).rejected[0].message;
    assert!(message.contains("birth_date"), "{message}");
}

#[test]
fn a_programme_is_one_of_the_register() {
    for fact in ["receives", "other_local_conditions_met"] {
        for (id, kind) in [
            ("lottery", "unknown_programme"),
            ("ltci-", "unknown_programme"),
            ("LTCI", "bad_id"),
            ("", "bad_id"),
            ("长护险", "bad_id"),
        ] {
            let mut case = full();
            case["facts"][fact] = json!(["ltci", id]);
            let place = format!("/facts/{fact}/1");
            assert_eq!(only(&case.to_string()), pair(&place, kind), "{id}");
        }
        for wrong in [json!("ltci"), json!(true), json!({"ltci": true})] {
            let mut case = full();
            case["facts"][fact] = wrong;
            let place = format!("/facts/{fact}");
            assert_eq!(only(&case.to_string()), pair(&place, "wrong_type"));
        }
        let mut case = full();
        case["facts"][fact] = json!(["lottery", "ltci", "raffle"]);
        assert_eq!(
            problems(&case.to_string()),
            [
                pair(&format!("/facts/{fact}/0"), "unknown_programme"),
                pair(&format!("/facts/{fact}/2"), "unknown_programme"),
            ]
        );
        for good in [json!([]), json!(["ltci", "care-voucher"])] {
            let mut case = full();
            case["facts"][fact] = good;
            assert_eq!(problems(&case.to_string()), []);
        }
    }
    for (id, kind) in [
        ("lottery", "unknown_programme"),
        ("self", "unknown_programme"),
        ("", "bad_id"),
    ] {
        let mut case = full();
        case["used"] = json!([{"programme": "ltci", "fen": 1}, {"programme": id, "fen": 1}]);
        assert_eq!(
            only(&case.to_string()),
            pair("/used/1/programme", kind),
            "{id}"
        );
    }
}

/// `"none"` is an answer where a person may have none, and nowhere else.
#[test]
fn none_is_said_only_where_the_fact_has_it() {
    for id in [
        "care_dependent_since",
        "disability_certificate_grade",
        "disability_certificate_type",
        "ltci_insured_since",
        "tekun_support",
        "tianjin_care_grade",
        // Here it is a value as any other.
        "economic_status",
        "medical_insurance",
    ] {
        let mut case = full();
        case["facts"][id] = json!("none");
        assert_eq!(problems(&case.to_string()), [], "{id}");
        for another in ["None", "NONE", " none", "无"] {
            case["facts"][id] = json!(another);
            let (at, _) = only(&case.to_string());
            assert_eq!(at, format!("/facts/{id}"), "{another}");
        }
    }
    for (id, kind) in [
        ("birth_date", "bad_date"),
        ("resident_since", "bad_date"),
        ("household_income_per_capita_fen", "wrong_type"),
        ("lives_alone", "wrong_type"),
        ("dementia", "wrong_type"),
        ("setting", "unknown_value"),
        ("hukou", "bad_jurisdiction"),
        ("special_contribution", "wrong_type"),
        ("receives", "wrong_type"),
    ] {
        let mut case = full();
        case["facts"][id] = json!("none");
        let place = format!("/facts/{id}");
        assert_eq!(only(&case.to_string()), pair(&place, kind));
    }
    // In a list it is no value: the empty list says it.
    let mut case = full();
    case["facts"]["special_contribution"] = json!(["none"]);
    let place = "/facts/special_contribution/0";
    assert_eq!(only(&case.to_string()), pair(place, "unknown_value"));
}

#[test]
fn a_cost_is_for_days_of_its_month() {
    let place = "/costs/0/days";
    for (days, kind) in [
        (json!(0), "out_of_range"),
        (json!(-1), "out_of_range"),
        // June has 30.
        (json!(31), "out_of_range"),
        (json!(32), "out_of_range"),
        (json!(256), "out_of_range"),
        (json!(286), "out_of_range"),
        (json!(i64::MAX), "out_of_range"),
        (json!("30"), "wrong_type"),
        (json!(30.5), "wrong_type"),
        (json!(true), "wrong_type"),
        (json!([30]), "wrong_type"),
        (json!(null), "wrong_type"),
    ] {
        let mut case = full();
        case["costs"][0]["days"] = days.clone();
        assert_eq!(only(&case.to_string()), pair(place, kind), "{days}");
    }
    for (as_of, last) in [
        ("2026-06-30", 30),
        ("2026-07-01", 31),
        ("2027-02-01", 28),
        ("2028-02-29", 29),
    ] {
        let mut case = full();
        case["as_of"] = json!(as_of);
        case["costs"][0]["month"] = json!(as_of[..7]);
        for days in [1, last] {
            case["costs"][0]["days"] = json!(days);
            assert_eq!(problems(&case.to_string()), [], "{as_of} {days}");
        }
        case["costs"][0]["days"] = json!(last + 1);
        assert_eq!(
            only(&case.to_string()),
            pair(place, "out_of_range"),
            "{as_of}"
        );
    }
}

/// An interpretation of programmes is named with the place that has it.
#[test]
fn an_interpretation_of_programmes_is_one_of_its_place() {
    for key in [
        "120101/xyz",
        "000000/xyz",
        // The nation has it, and names it.
        "120101/dependency_threshold",
        "dependency_threshold",
        "/dependency_threshold",
        "000000/",
        "000000",
        "000000/dependency_threshold/1",
    ] {
        let mut case = full();
        case["interpretations"] = json!({key: "1"});
        let place = format!("/interpretations/{}", key.replace('/', "~1"));
        assert_eq!(
            only(&case.to_string()),
            pair(&place, "unknown_interpretation")
        );
    }
    let place = "/interpretations/000000~1dependency_threshold";
    for (choice, kind) in [
        (json!("4"), "unknown_choice"),
        (json!("0"), "unknown_choice"),
        (json!("01"), "unknown_choice"),
        (json!(" 1"), "unknown_choice"),
        (json!(""), "unknown_choice"),
        (json!("default"), "unknown_choice"),
        (json!(1), "wrong_type"),
        (json!(null), "wrong_type"),
        (json!(["1"]), "wrong_type"),
    ] {
        let mut case = full();
        case["interpretations"] = json!({"000000/dependency_threshold": choice});
        assert_eq!(only(&case.to_string()), pair(place, kind), "{choice}");
    }
    for choice in ["1", "2", "3"] {
        let mut case = full();
        case["interpretations"] = json!({"000000/dependency_threshold": choice});
        assert_eq!(problems(&case.to_string()), []);
    }
}

// ---- identity --------------------------------------------------------------

/// The numbers: of today with a digit and with an X, and of before 2000.
const IDENTITY: [&str; 3] = [
    "110105194912310021",
    "11010519491231002X",
    "110105491231002",
];

/// An identity number, wherever it is put, never appears in the answer.
#[test]
fn an_identity_number_is_never_repeated() {
    for number in IDENTITY {
        let quoted = json!(number).to_string();
        let mut texts = Vec::new();
        // As a key, in every object.
        for (at, key) in OBJECTS {
            texts.push(with_member(at, key, &format!("{quoted}:1")));
            texts.push(with_member(at, key, &format!("{quoted}:null")));
            texts.push(with_member(at, key, &format!("{quoted}:1,{quoted}:2")));
            texts.push(with_member(at, key, &format!("{quoted}:{{{quoted}:1}}")));
        }
        // As a value, at every place, as a text and as a number.
        for at in places(&full()) {
            let mut case = full();
            for value in [
                json!(number),
                json!([number]),
                json!({ number: number }),
                json!(number.parse::<i64>().unwrap_or_default()),
            ] {
                *case.pointer_mut(&at).expect("a place") = value;
                texts.push(case.to_string());
            }
        }
        // As the text itself.
        texts.push(quoted.clone());
        texts.push(number.to_owned());
        texts.push(format!("{{{quoted}"));
        for text in texts {
            never_repeated(&text, number);
        }
    }
}

/// No case has an identity number anywhere: it is refused wherever it stands.
#[test]
fn an_identity_number_is_refused_wherever_it_stands() {
    let mut accepted = Vec::new();
    for number in &IDENTITY[..2] {
        for at in places(&full()) {
            let mut case = full();
            for value in [json!(number), json!([number])] {
                *case.pointer_mut(&at).expect("a place") = value;
                if problems(&case.to_string()).is_empty() {
                    accepted.push(format!("{number} at {at}"));
                }
            }
        }
    }
    assert_eq!(accepted, Vec::<String>::new());
}

/// Neither in the JSON answer, nor in the sentences of either language, nor in
/// what serde says of the case.
fn never_repeated(text: &str, number: &str) {
    // Seventeen digits identify as well as eighteen.
    let secret = &number[..number.len() - 1];
    let rejection = match rulebook().assess_text(text, Options::traced()) {
        Ok(determination) => {
            // Fifteen digits may be a pseudonym: then it is the id of the case.
            let id = determination.case_id == number;
            let said = serde_json::to_string(&determination).expect("JSON");
            assert!(id || !said.contains(secret), "{number} is repeated: {said}");
            return;
        }
        Err(rejection) => rejection,
    };
    let accepted_id = rejection.case_id.as_deref() == Some(number);
    let mut said = vec![rulebook().assess_json(text), rejection.to_string()];
    for problem in &rejection.rejected {
        said.push(problem.message_in(Lang::Zh).to_owned());
        said.push(problem.message_in(Lang::En).to_owned());
        said.push(format!("{problem:?}"));
    }
    if let Err(error) = serde_json::from_str::<Case>(text) {
        said.push(error.to_string());
    }
    for said in said {
        assert!(
            accepted_id || !said.contains(secret),
            "{number} is repeated: {said}\nof {text}"
        );
    }
}

fn places(value: &Value) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut i = 0;
    while i < list.len() {
        let at = list[i].clone();
        match value.pointer(&at) {
            Some(Value::Object(members)) => list.extend(
                members
                    .keys()
                    .map(|key| format!("{at}/{}", key.replace('/', "~1"))),
            ),
            Some(Value::Array(elements)) => {
                list.extend((0..elements.len()).map(|element| format!("{at}/{element}")));
            }
            _ => {}
        }
        i += 1;
    }
    list
}

/// The id of a case that was refused comes back only where it was itself good.
#[test]
fn a_refused_id_comes_back_as_null() {
    for (id, good) in [
        ("demo-0001", true),
        ("A.b_c:d-9", true),
        ("11010519491231002", true),
        ("110105194912310021", false),
        ("11010519491231002X", false),
        ("11010519491231002x", false),
        ("张三", false),
        ("a b", false),
        ("", false),
        ("a/b", false),
        ("a\n", false),
    ] {
        let mut case = case_json(&with(with_total(75), "B.1.1", json!(9)));
        case["case_id"] = json!(id);
        let found = answer(&case.to_string());
        let expected = if good { json!(id) } else { Value::Null };
        assert_eq!(found["case_id"], expected, "{id}");
    }
}

/// Free text is never quoted, whatever the place.
#[test]
fn free_text_is_never_repeated() {
    let secret = "王某某住在某路9号";
    for at in places(&full()) {
        let mut case = full();
        *case.pointer_mut(&at).expect("a place") = json!(secret);
        let answer = rulebook().assess_json(&case.to_string());
        assert!(answer.contains("rejected"), "{at}");
        assert!(!answer.contains("王"), "{at}: {answer}");
    }
}

// ---- how much --------------------------------------------------------------

#[test]
fn a_hundred_thousand_unknown_keys_are_answered() {
    let members: Vec<String> = (0..100_000).map(|i| format!("\"k{i:x}\":1")).collect();
    let members = members.join(",");
    for (at, key) in [
        ("", "schema"),
        ("/assessments/0/answers", "B.1.1"),
        ("/facts", "rural"),
        ("/interpretations", "gbt-42195-2022/uplift"),
    ] {
        let text = with_member(at, key, &members);
        assert!(text.len() < MAX_TEXT + 500_000);
        if text.len() > MAX_TEXT {
            panic!("the text is {} bytes", text.len());
        }
        let rejection = rejection(&text);
        assert!(!rejection.rejected.is_empty(), "{at}");
        assert!(rejection.rejected.len() <= 1000, "{at}");
    }
}

#[test]
fn a_hundred_thousand_of_the_same_key_are_answered() {
    let members = vec![r#""a":1"#; 100_000].join(",");
    for (at, key) in OBJECTS {
        let found = rejection(&with_member(at, key, &members)).rejected;
        assert!((1..=2).contains(&found.len()), "{at}: {}", found.len());
    }
    let nulls = vec![r#""B.1.1":null"#; 60_000].join(",");
    let text = with_member("/assessments/0/answers", "B.1.1", &nulls);
    assert!(rejection(&text).rejected.len() <= 2);
}

#[test]
fn long_lists_are_refused_or_bounded() {
    assert_eq!(MAX_ENTRIES, 64);
    let mut case = full();
    let cost = case["costs"][0].clone();
    case["costs"] = Value::Array(vec![cost.clone(); 64]);
    assert_eq!(problems(&case.to_string()), []);
    case["costs"] = Value::Array(vec![cost; 65]);
    assert_eq!(only(&case.to_string()), pair("/costs", "too_many"));

    let mut case = full();
    let used = case["used"][0].clone();
    case["used"] = Value::Array(vec![used; 65]);
    assert_eq!(only(&case.to_string()), pair("/used", "too_many"));

    let form = |day: usize| json!({"instrument": GBT, "date": format!("2026-{:02}-{:02}", day / 28 + 1, day % 28 + 1), "answers": {}});
    let mut case = full();
    case["assessments"] = (0..64).map(form).collect();
    assert_eq!(problems(&case.to_string()), []);
    case["assessments"] = (0..65).map(form).collect();
    assert_eq!(only(&case.to_string()), pair("/assessments", "too_many"));

    let mut case = full();
    case["assessments"][0]["answers"]["A.4.1"] = json!(vec!["F03"; 50_000]);
    assert_eq!(problems(&case.to_string()), []);
    case["assessments"][0]["answers"]["A.4.1"] = json!(vec!["?"; 50_000]);
    assert!(problems(&case.to_string()).len() <= 1000);
}

// ---- sentences -------------------------------------------------------------

/// A message says what was expected and what was found, in both languages, in
/// one line.
#[test]
fn every_problem_is_a_plain_sentence() {
    let mut seen = std::collections::BTreeSet::new();
    let mut texts: Vec<String> = vec!["{".to_owned(), "[".repeat(40), " ".repeat(MAX_TEXT + 1)];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rejections");
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.to_string_lossy().ends_with(".case.json") {
            texts.push(std::fs::read_to_string(path).expect("a text"));
        }
    }
    let mut many = full();
    many["costs"] = Value::Array(vec![many["costs"][0].clone(); 65]);
    texts.push(many.to_string());
    for text in &texts {
        for problem in rejection(text).rejected {
            seen.insert(problem.kind);
            let (en, zh) = (problem.message_in(Lang::En), problem.message_in(Lang::Zh));
            assert_eq!(en, problem.message);
            assert!(en.starts_with("expected "), "{en}");
            assert!(en.is_ascii(), "{en}");
            assert!(!zh.is_ascii(), "{zh}");
            assert!(!en.contains('\n') && !zh.contains('\n'));
        }
    }
    // Every kind of problem that there is has come up.
    assert_eq!(seen.len(), 26, "{seen:?}");
}

/// A case made in Rust is checked as one read from JSON.
#[test]
fn a_typed_case_is_checked_alike() {
    let mut form = Assessment::new(GBT, date(2026, 7, 1));
    form.answers.insert("B.1.1".into(), Answer::Number(5));
    form.answers.insert("B.9.9".into(), Answer::Flag(true));
    let mut case = Case::new("110105194912310021", date(2026, 6, 30));
    case.assessments.push(form);
    case.schema = 2;
    let rejection = rulebook().assess(&case).expect_err("a rejection");
    assert_eq!(rejection.case_id, None);
    let text = serde_json::to_string(&case).expect("JSON");
    assert_eq!(
        serde_json::to_string(&rejection).expect("JSON"),
        rulebook().assess_json(&text)
    );
    assert_eq!(rejection.rejected.len(), 5);
}
