//! Rights in a made-up place, decided by hand: how layers join, what replaces what, who
//! pays. Each test has rules of its own, a few lines long, and says what they come to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod made_up;

use made_up::{
    CITY, COUNTY, ELSEWHERE, NATION, PROVINCE, cash, cost_share, definition, file, interpretation,
    layer, load, part, put, relation, scheme, service, vocabulary, with, without, words, yes,
};
use nengli::{Options, Rulebook};
use serde_json::{Value, json};

/// The made-up rulebook with these files of programmes.
fn rules(programmes: &[Value]) -> Rulebook {
    let mut files = vocabulary();
    for (i, file) in programmes.iter().enumerate() {
        files.insert(format!("programmes/{i}.json"), file.clone());
    }
    load(&files).unwrap_or_else(|error| panic!("{error}"))
}

/// A person in the county.
fn case(facts: Value) -> Value {
    json!({"schema": 1, "case_id": "t-1", "as_of": "2026-06-15", "jurisdiction": COUNTY,
           "assessments": [], "facts": facts})
}

/// A form of the one instrument.
fn form(answers: Value) -> Value {
    json!({"instrument": "gait", "date": "2026-06-01", "answers": answers})
}

fn decide(rules: &Rulebook, case: &Value) -> Value {
    let determination = rules
        .assess_text(&case.to_string(), Options::traced())
        .unwrap_or_else(|rejection| panic!("{rejection}"));
    serde_json::to_value(determination).expect("JSON")
}

/// What a determination says of a programme; null where it says nothing.
fn of(determination: &Value, programme: &str) -> Value {
    let entitlements = determination["entitlements"].as_array().expect("a list");
    let mut found = entitlements
        .iter()
        .filter(|one| one["programme"] == programme);
    let entitlement = found.next().cloned().unwrap_or_default();
    assert_eq!(found.next(), None, "one entry for each programme");
    entitlement
}

/// What a case comes to under one programme.
fn right(rules: &Rulebook, case: &Value, programme: &str) -> Value {
    of(&decide(rules, case), programme)
}

fn status(rules: &Rulebook, case: &Value, programme: &str) -> Value {
    right(rules, case, programme)["status"].clone()
}

/// The findings of a code.
fn findings(determination: &Value, code: &str) -> Vec<Value> {
    let findings = determination["findings"].as_array().expect("a list");
    let found = findings.iter().filter(|finding| finding["code"] == code);
    found.cloned().collect()
}

fn discretion(layer: Value) -> Value {
    with(layer, "force", json!("discretion"))
}

/// A file with one layer.
fn single(place: &str, layer: Value) -> Value {
    file(&format!("of-{place}"), place, vec![layer])
}

// ---- layers ----------------------------------------------------------------

/// How a layer can come out: the key of what it gives to whom, and the fact that makes
/// it so.
const OUTCOMES: [(&str, &str, Option<bool>); 5] = [
    ("entitled", "right", Some(true)),
    ("undetermined", "right", None),
    ("discretionary", "discretion", Some(true)),
    ("not_entitled", "right", Some(false)),
    ("not_entitled", "discretion", Some(false)),
];

/// Entitled, else undetermined, else discretionary, else not; the nearest layer of that
/// status decides.
#[test]
fn the_join_of_two_layers() {
    let order = ["entitled", "undetermined", "discretionary", "not_entitled"];
    let rank = |status: &str| order.iter().position(|known| *known == status);
    for (upper, upper_force, one) in OUTCOMES {
        for (lower, lower_force, two) in OUTCOMES {
            let above = layer("allowance", yes("one"), cash(100));
            let below = layer("allowance", yes("two"), cash(100));
            let rules = rules(&[
                single(PROVINCE, with(above, "force", json!(upper_force))),
                single(COUNTY, with(below, "force", json!(lower_force))),
            ]);
            let mut facts = json!({});
            for (id, value) in [("one", one), ("two", two)] {
                if let Some(value) = value {
                    facts[id] = json!(value);
                }
            }
            let found = right(&rules, &case(facts), "allowance");
            let shown = format!("{upper} above {lower}");
            let joined = order[rank(upper).min(rank(lower)).unwrap()];
            assert_eq!(found["status"], joined, "{shown}");
            let place = if joined == lower { COUNTY } else { PROVINCE };
            assert_eq!(found["layer"], place, "{shown}");
            assert_eq!(found["rule"], format!("{place}/allowance"), "{shown}");
            let gives = joined != "not_entitled";
            assert_eq!(found["benefit"] != Value::Null, gives, "{shown}");
            // What is missing is asked for only where it matters.
            let missing = match (joined, upper, lower) {
                ("undetermined", "undetermined", "undetermined") => {
                    json!(["fact:two", "fact:one"])
                }
                ("undetermined", "undetermined", _) => json!(["fact:one"]),
                ("undetermined", ..) => json!(["fact:two"]),
                _ => Value::Null,
            };
            assert_eq!(found["missing"], missing, "{shown}");
            // The trace has each layer with its own status, the nearest first.
            let own: Vec<&Value> = found["layers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|layer| &layer["status"])
                .collect();
            assert_eq!(own, [lower, upper], "{shown}");
        }
    }
}

/// What could at best be at the discretion of one place leaves nothing open where it is
/// at that of another already; alone it does.
#[test]
fn an_open_discretion() {
    let above = discretion(layer("allowance", yes("one"), cash(100)));
    let below = discretion(layer("allowance", yes("two"), cash(100)));
    let rules = rules(&[single(PROVINCE, above), single(COUNTY, below)]);
    for (facts, expected) in [
        (json!({"one": true}), "discretionary"),
        (json!({"two": true}), "discretionary"),
        (json!({"two": false}), "undetermined"),
        (json!({}), "undetermined"),
        (json!({"one": false, "two": false}), "not_entitled"),
    ] {
        let found = status(&rules, &case(facts.clone()), "allowance");
        assert_eq!(found, expected, "{facts}");
    }
}

#[test]
fn the_nearest_place_first() {
    let places = [NATION, PROVINCE, CITY, COUNTY];
    let facts = ["one", "two", "three", "four"];
    let files: Vec<Value> = places
        .iter()
        .zip(facts)
        .map(|(place, fact)| single(place, layer("allowance", yes(fact), cash(100))))
        .collect();
    let rules = rules(&files);
    // Each mask of the places that entitle.
    for mask in 1..16_usize {
        let known: Value = (0..4)
            .map(|i| (facts[i].to_owned(), json!(mask >> i & 1 == 1)))
            .collect();
        let nearest = (0..4).rfind(|i| mask >> i & 1 == 1).unwrap();
        let found = right(&rules, &case(known), "allowance");
        assert_eq!(found["status"], "entitled");
        assert_eq!(found["layer"], places[nearest], "{mask:04b}");
        // Of one kind and the same amount there is one benefit.
        assert_eq!(found["further_benefits"], Value::Null);
    }
    // Only what lies above a place applies in it.
    let everything = json!({"one": false, "two": true, "three": true, "four": true});
    for (place, layer, status) in [
        (COUNTY, COUNTY, "entitled"),
        ("990177", CITY, "entitled"),
        ("990201", PROVINCE, "entitled"),
        (PROVINCE, PROVINCE, "entitled"),
        (ELSEWHERE, NATION, "not_entitled"),
        (NATION, NATION, "not_entitled"),
    ] {
        let case = with(case(everything.clone()), "jurisdiction", json!(place));
        let found = right(&rules, &case, "allowance");
        assert_eq!(found["layer"], layer, "{place}");
        assert_eq!(found["status"], status, "{place}");
    }
}

/// What two places give of one kind: the better of them, and one without an amount
/// never beats a stated one.
#[test]
fn the_better_amount_wins() {
    let times = |times: Option<u16>, per: &str| {
        let service = service("visit");
        match times {
            Some(times) => with(
                service,
                "service",
                json!({"names": words("visit"), "service": "visit", "times": times, "per": per}),
            ),
            None => service,
        }
    };
    let waiver = |per_mille: Option<u16>| json!({"fee_waiver": {"names": words("w"), "of": "meal", "per_mille": per_mille}});
    let off = |fen: i64| json!({"fee_waiver": {"names": words("w"), "of": "meal", "fen": fen, "per": "meal"}});
    let works =
        |fen: Option<i64>| json!({"works": {"names": words("w"), "works": "ramp", "fen": fen}});
    let tier = |tier: u8| json!({"priority": {"names": words("p"), "in": "home", "tier": tier}});
    let open_tier = json!({"priority": {"names": words("p"), "in": "home"}});
    let share = |per_mille: Option<u16>| cost_share(json!([{"per_mille": per_mille}]));
    let none = cash(None::<i64>);
    for (upper, lower, upper_wins) in [
        (cash(200), cash(100), true),
        (cash(100), cash(200), false),
        (cash(100), cash(100), false),
        (cash(1), none.clone(), true),
        (none.clone(), cash(1), false),
        (none.clone(), none, false),
        // Once a week is more often than four times a month.
        (times(Some(1), "week"), times(Some(4), "month"), true),
        (times(Some(1), "week"), times(Some(5), "month"), false),
        (times(Some(12), "year"), times(Some(1), "month"), false),
        (times(Some(1), "day"), times(Some(7), "week"), true),
        (times(Some(1), "year"), times(None, ""), true),
        (times(None, ""), times(Some(1), "year"), false),
        (waiver(Some(1000)), waiver(Some(500)), true),
        (waiver(None), waiver(Some(1)), false),
        (waiver(Some(1)), waiver(None), true),
        (off(300), off(200), true),
        (works(Some(2)), works(Some(1)), true),
        (works(None), works(Some(1)), false),
        // The first tier is the better one.
        (tier(1), tier(2), true),
        (tier(2), tier(1), false),
        (tier(3), open_tier.clone(), true),
        (open_tier, tier(3), false),
        (share(Some(700)), share(Some(600)), true),
        (share(Some(600)), share(Some(700)), false),
        (share(None), share(Some(1)), false),
    ] {
        let rules = rules(&[
            single(NATION, layer("visits", yes("one"), upper.clone())),
            single(COUNTY, layer("visits", yes("one"), lower.clone())),
        ]);
        let found = right(&rules, &case(json!({"one": true})), "visits");
        let place = if upper_wins { NATION } else { COUNTY };
        assert_eq!(found["layer"], place, "{upper} above {lower}");
        assert_eq!(found["rule"], format!("{place}/visits"));
        assert_eq!(found["further_benefits"], Value::Null, "{upper} {lower}");
    }
}

/// Only what is given is compared: the amount of a layer that leaves the person out, or
/// open, does not count.
#[test]
fn amounts_of_layers_that_do_not_entitle() {
    let rules = rules(&[
        single(NATION, layer("allowance", yes("one"), cash(900))),
        single(COUNTY, layer("allowance", yes("two"), cash(100))),
    ]);
    for facts in [json!({"two": true, "one": false}), json!({"two": true})] {
        let found = right(&rules, &case(facts), "allowance");
        assert_eq!(found["status"], "entitled");
        assert_eq!(found["benefit"]["fen"], 100);
        assert_eq!(found["layer"], COUNTY);
    }
}

#[test]
fn different_kinds_are_all_listed() {
    let works = json!({"works": {"names": words("ramp"), "works": "ramp", "fen": 500}});
    let yearly = json!({"cash": {"names": words("cash"), "per": "year", "fen": 900}});
    let card =
        json!({"cash": {"names": words("card"), "per": "month", "fen": 100, "form": "card"}});
    let rules = rules(&[
        file(
            "of-the-nation",
            NATION,
            vec![
                layer("allowance", yes("one"), works),
                with(
                    layer("allowance", yes("one"), cash(300)),
                    "variant",
                    json!("more"),
                ),
            ],
        ),
        single(PROVINCE, layer("allowance", yes("one"), cash(200))),
        single(CITY, layer("allowance", yes("one"), yearly)),
        file(
            "of-the-county",
            COUNTY,
            vec![
                layer("allowance", yes("one"), service("visit")),
                with(
                    layer("allowance", yes("one"), card),
                    "variant",
                    json!("card"),
                ),
                with(
                    layer("allowance", yes("two"), service("bath")),
                    "variant",
                    json!("bath"),
                ),
            ],
        ),
    ]);
    let found = right(
        &rules,
        &case(json!({"one": true, "two": false})),
        "allowance",
    );
    assert_eq!(found["benefit"]["kind"], "service");
    assert_eq!(found["rule"], "990101/allowance");
    let further: Vec<(&Value, &Value)> = found["further_benefits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|further| (&further["rule"], &further["benefit"]["kind"]))
        .collect();
    let expected = [
        ("990101/allowance.card", "cash"),
        ("990100/allowance", "cash"),
        ("000000/allowance", "works"),
        // Better than that of the province, which is of its kind.
        ("000000/allowance.more", "cash"),
    ];
    let expected: Vec<(Value, Value)> = expected
        .iter()
        .map(|(rule, kind)| (json!(rule), json!(kind)))
        .collect();
    let expected: Vec<(&Value, &Value)> = expected.iter().map(|(a, b)| (a, b)).collect();
    assert_eq!(further, expected);
    let more = &found["further_benefits"][3]["benefit"];
    assert_eq!(more["fen"], 300);
}

#[test]
fn discretion_gives_no_right() {
    let rules = rules(&[single(
        COUNTY,
        discretion(layer("allowance", yes("one"), cash(100))),
    )]);
    let found = right(&rules, &case(json!({"one": true})), "allowance");
    assert_eq!(found["status"], "discretionary");
    // What the place may give is shown.
    assert_eq!(found["benefit"]["fen"], 100);
    assert_eq!(found["missing"], Value::Null);
    let found = right(&rules, &case(json!({"one": false})), "allowance");
    assert_eq!(found["status"], "not_entitled");
    assert_eq!(found["benefit"], Value::Null);
    let found = right(&rules, &case(json!({})), "allowance");
    assert_eq!(found["status"], "undetermined");
    assert_eq!(found["missing"], json!(["fact:one"]));
}

/// Amounts by group: the first row that holds decides, and while it is open there is no
/// amount.
#[test]
fn amounts_by_row() {
    let mut amounts = cash(100);
    amounts["cash"]["rows"] = json!([
        {"when": yes("two"), "fen": 300},
        {"when": yes("three"), "fen": null},
        {"when": yes("four"), "fen": 100}
    ]);
    let rules = rules(&[single(COUNTY, layer("allowance", yes("one"), amounts))]);
    for (two, three, four, fen, possible) in [
        (Some(true), Some(true), Some(true), json!(300), Value::Null),
        (Some(true), None, None, json!(300), Value::Null),
        (
            Some(false),
            Some(true),
            Some(true),
            Value::Null,
            Value::Null,
        ),
        (
            Some(false),
            Some(false),
            Some(true),
            json!(100),
            Value::Null,
        ),
        // Whether it is the last row or none, it is the same amount.
        (Some(false), Some(false), None, json!(100), Value::Null),
        (
            None,
            Some(false),
            Some(false),
            Value::Null,
            json!([100, 300]),
        ),
        (None, Some(true), None, Value::Null, json!([300])),
        (Some(false), None, None, Value::Null, json!([100])),
    ] {
        let mut facts = json!({"one": true});
        for (id, value) in [("two", two), ("three", three), ("four", four)] {
            if let Some(value) = value {
                facts[id] = json!(value);
            }
        }
        let found = right(&rules, &case(facts.clone()), "allowance");
        assert_eq!(found["status"], "entitled", "{facts}");
        assert_eq!(found["benefit"]["fen"], fen, "{facts}");
        assert_eq!(found["benefit"]["possible_fen"], possible, "{facts}");
    }
}

/// The grade of a result is the worst on its path, and a C on it is always shown: also
/// where it is the amount that rests on it.
#[test]
fn the_grade_of_the_row_that_gives_the_amount() {
    let poor = with(definition("poor", yes("two")), "grade", json!("C"));
    let mut amounts = cash(100);
    amounts["cash"]["rows"] = json!([{"when": {"definition": "poor"}, "fen": 300}]);
    let county = single(COUNTY, layer("allowance", yes("one"), amounts));
    let rules = rules(&[with(county, "definitions", json!([poor]))]);
    let found = right(
        &rules,
        &case(json!({"one": true, "two": true})),
        "allowance",
    );
    assert_eq!(found["benefit"]["fen"], 300);
    assert_eq!(found["confidence"], "C");
    let cited = found["citations"].as_array().unwrap();
    assert!(cited.contains(&json!("law.3")), "{cited:?}");
}

/// A reading that gives the amount is shown as one that gives the right.
#[test]
fn the_reading_of_the_row_that_gives_the_amount() {
    let mut amounts = cash(100);
    amounts["cash"]["rows"] = json!([{"fen": 300, "when": {"reading": {
        "interpretation": "poverty", "choices": {"narrow": yes("two"), "wide": yes("one")}}}}]);
    let county = single(COUNTY, layer("allowance", yes("one"), amounts));
    let poverty = interpretation("poverty", &["narrow", "wide"], "narrow");
    let rules = rules(&[with(county, "interpretations", json!([poverty]))]);
    let found = right(
        &rules,
        &case(json!({"one": true, "two": false})),
        "allowance",
    );
    assert_eq!(found["benefit"]["fen"], 100);
    assert_eq!(
        found["interpretations"],
        json!({"990101/poverty": "narrow"})
    );
}

// ---- schemes ---------------------------------------------------------------

/// Three parts, a share of 500 with a cap, and every other value.
fn frame() -> Value {
    let mut share = cost_share(json!([
        {"per_mille": 500, "cap": {"fen": 100_000, "per": "month"}}]));
    share["cost_share"]["starts"] = json!({"after": "concluded", "months": 1});
    share["cost_share"]["validity_months"] = json!(24);
    share["cost_share"]["ceiling"] =
        json!({"per": "year", "fen": null, "per_mille": 500, "of": "income"});
    let waiting = json!({"fact": {"id": "months_insured", "at_least": 6}});
    let level = json!({"level": {"instrument": "gait", "at_least": "bedridden"}});
    scheme(
        json!({"insured": part(yes("one")), "waiting": part(waiting), "level": part(level)}),
        share,
    )
}

/// An insured person, full months ago and of a level.
fn insured(since: &str, points: [u8; 2]) -> Value {
    let facts = json!({"one": true, "insured_since": since, "concluded": "2026-05-20"});
    with(
        case(facts),
        "assessments",
        json!([form(json!({"W.1": points[0], "W.2": points[1]}))]),
    )
}

/// The nearest version replaces the frame, part by part and value by value.
#[test]
fn a_scheme_replaces_value_by_value() {
    let waived = json!({"waived": true, "cite": ["law.6"], "grade": "B"});
    let unsteady = json!({"level": {"instrument": "gait", "at_least": "unsteady"}});
    let mut share = cost_share(json!([{"per_mille": 700}]));
    share["cost_share"]["validity_months"] = json!(12);
    let county = scheme(json!({"waiting": waived, "level": part(unsteady)}), share);
    let rules = rules(&[single(NATION, frame()), single(COUNTY, county)]);

    let person = insured("2026-05-01", [1, 0]);
    let found = right(&rules, &person, "insurance");
    assert_eq!(found["status"], "entitled");
    assert_eq!(found["layer"], COUNTY);
    assert_eq!(found["rule"], "990101/insurance");
    // What the county does not state comes from the frame, and says so.
    assert_eq!(found["from_frame"], json!(["insured", "starts", "ceiling"]));
    let benefit = &found["benefit"];
    assert_eq!(benefit["per_mille"], 700);
    assert_eq!(benefit["cap_fen"], Value::Null, "rows come as a whole");
    assert_eq!(benefit["validity_months"], 12);
    assert_eq!(benefit["starts"], "2026-06-01");
    assert_eq!(benefit["valid_until"], "2027-05-20");
    assert_eq!(benefit["ceiling"]["per_mille"], 500);
    // A waived part is not asked; it is cited.
    let leaves: Vec<&Value> = found["because"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leaf| &leaf["id"])
        .collect();
    assert_eq!(leaves, ["insured", "level"]);
    let cited = found["citations"].as_array().unwrap();
    assert!(cited.contains(&json!("law.6")), "{cited:?}");
    assert_eq!(found["confidence"], "B", "of the waiver");
    // A scheme is one version: the frame does not join.
    assert_eq!(found["layers"].as_array().unwrap().len(), 1);

    // Elsewhere the frame itself decides.
    let there = with(person, "jurisdiction", json!(ELSEWHERE));
    let found = right(&rules, &there, "insurance");
    assert_eq!(found["status"], "not_entitled");
    assert_eq!(found["layer"], NATION);
    assert_eq!(found["from_frame"], Value::Null);
    let there = with(
        insured("2025-12-15", [1, 1]),
        "jurisdiction",
        json!(ELSEWHERE),
    );
    let found = right(&rules, &there, "insurance");
    assert_eq!(found["status"], "entitled");
    assert_eq!(found["benefit"]["per_mille"], 500);
    assert_eq!(found["benefit"]["valid_until"], "2028-05-20");
}

/// Whom the nearest version leaves out is left out, even where the frame would not.
#[test]
fn a_scheme_does_not_join() {
    let county = scheme(
        json!({"insured": part(yes("two"))}),
        cost_share(json!([{"per_mille": 900}])),
    );
    let rules = rules(&[single(NATION, frame()), single(COUNTY, county)]);
    let mut person = insured("2020-01-01", [1, 1]);
    put(&mut person, "/facts/two", json!(false));
    assert_eq!(status(&rules, &person, "insurance"), "not_entitled");
    put(&mut person, "/facts/two", json!(true));
    let found = right(&rules, &person, "insurance");
    assert_eq!(found["status"], "entitled");
    assert_eq!(
        found["from_frame"],
        json!(["level", "waiting", "starts", "validity_months", "ceiling"])
    );
}

/// Each value comes from the nearest version that states it, by way of those between;
/// "set locally" is stated too, and is not filled from above.
#[test]
fn a_scheme_of_three_places() {
    let mut middle = cost_share(json!([{"per_mille": 600}]));
    middle["cost_share"]["validity_months"] = json!(null);
    let province = scheme(json!({"waiting": part(yes("three"))}), middle);
    let county = scheme(
        json!({"level": part(yes("two"))}),
        json!({"cost_share": {"names": words("share"), "starts": null}}),
    );
    let rules = rules(&[
        single(NATION, frame()),
        single(PROVINCE, province),
        single(COUNTY, county),
    ]);
    let facts = json!({"one": true, "two": true, "three": true, "concluded": "2026-05-20"});
    let found = right(&rules, &case(facts.clone()), "insurance");
    assert_eq!(found["status"], "entitled");
    let mut frame: Vec<&str> = found["from_frame"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap())
        .collect();
    frame.sort_unstable();
    let expected = ["ceiling", "insured", "rows", "validity_months", "waiting"];
    assert_eq!(frame, expected);
    let benefit = &found["benefit"];
    assert_eq!(benefit["per_mille"], 600);
    assert_eq!(benefit["starts"], Value::Null);
    assert_eq!(benefit["validity_months"], Value::Null);
    assert_eq!(benefit["ceiling"]["of"], "income");

    // A ratio that the county says it sets is not that of the province.
    let own = scheme(
        json!({"level": part(yes("two"))}),
        cost_share(json!([{"per_mille": null}])),
    );
    let rules = self::rules(&[single(NATION, self::frame()), single(COUNTY, own)]);
    let facts = with(facts, "insured_since", json!("2020-01-01"));
    let found = right(&rules, &case(facts), "insurance");
    assert_eq!(found["status"], "entitled");
    assert_eq!(found["benefit"]["per_mille"], Value::Null);
}

/// A version outside its life replaces nothing.
#[test]
fn a_scheme_whose_version_is_not_in_force() {
    let county = scheme(
        json!({"level": part(yes("two"))}),
        cost_share(json!([{"per_mille": 900}])),
    );
    let county = with(
        county,
        "in_force",
        json!({"from": "2026-07-01", "grade": "A"}),
    );
    let rules = rules(&[single(NATION, frame()), single(COUNTY, county)]);
    let person = insured("2020-01-01", [1, 1]);
    assert_eq!(right(&rules, &person, "insurance")["layer"], NATION);
    let later = with(person, "as_of", json!("2026-07-01"));
    let later = with(later, "assessments", json!([]));
    assert_eq!(right(&rules, &later, "insurance")["layer"], COUNTY);
}

/// What a cap caps is a value too: the nearest version that states it is followed,
/// whoever states the rows.
#[test]
fn a_scheme_that_states_what_a_cap_caps() {
    let county = scheme(
        json!({"level": part(yes("one"))}),
        json!({"cost_share": {"names": words("share"), "cap_reads": "cap"}}),
    );
    let county = with(
        single(COUNTY, county),
        "interpretations",
        json!([interpretation(
            "cap",
            &["counted_cost", "payment"],
            "counted_cost"
        )]),
    );
    let rules = rules(&[single(NATION, frame()), county]);
    let person = with(
        insured("2020-01-01", [1, 1]),
        "costs",
        json!([{"setting": "home", "month": "2026-06", "fen": 300_000}]),
    );
    let found = decide(&rules, &person);
    assert_eq!(of(&found, "insurance")["status"], "entitled");
    // Half of the 100000 that count.
    assert_eq!(
        found["payments"][0]["payers"],
        json!([{"programme": "insurance", "fen": 50_000}, {"programme": "self", "fen": 250_000}])
    );
}

/// A ratio that comes from the frame is cited and graded as what the frame is.
#[test]
fn a_scheme_cites_the_frame_where_it_takes_values_from_it() {
    let frame = with(with(frame(), "cite", json!(["law.7"])), "grade", json!("B"));
    let county = scheme(
        json!({"insured": part(yes("one")), "waiting": part(yes("one")), "level": part(yes("one"))}),
        json!({"cost_share": {"names": words("share")}}),
    );
    let rules = rules(&[single(NATION, frame), single(COUNTY, county)]);
    let found = right(&rules, &case(json!({"one": true})), "insurance");
    assert_eq!(found["benefit"]["per_mille"], 500);
    let cited = found["citations"].as_array().unwrap();
    assert!(cited.contains(&json!("law.7")), "{cited:?}");
    assert_eq!(found["confidence"], "B");
}

// ---- definitions -----------------------------------------------------------

/// A word means what the place of the rule that uses it, or the nearest above that place,
/// says: never what the person's place says.
#[test]
fn definitions_are_those_of_the_place_of_the_rule() {
    let uses = || json!({"definition": "poor"});
    let define = |file: Value, fact: &str, grade: &str| {
        let poor = with(definition("poor", yes(fact)), "grade", json!(grade));
        with(file, "definitions", json!([poor]))
    };
    let rules = rules(&[
        define(
            single(NATION, layer("allowance", uses(), cash(100))),
            "one",
            "C",
        ),
        single(PROVINCE, layer("visits", uses(), service("visit"))),
        define(single(CITY, layer("bed", uses(), cash(100))), "two", "A"),
        single(COUNTY, layer("meals", uses(), cash(100))),
    ]);
    for (facts, expected) in [
        (
            json!({"one": true, "two": false}),
            [true, true, false, false],
        ),
        (
            json!({"one": false, "two": true}),
            [false, false, true, true],
        ),
    ] {
        let found = decide(&rules, &case(facts.clone()));
        for (programme, covered) in ["allowance", "visits", "bed", "meals"].iter().zip(expected) {
            let found = of(&found, programme);
            let status = if covered { "entitled" } else { "not_entitled" };
            assert_eq!(found["status"], status, "{programme} {facts}");
            // The leaf stands under the word, and a C of the word is shown.
            assert_eq!(found["because"][0]["under"], json!(["poor"]));
            let nation = ["allowance", "visits"].contains(programme);
            let grade = if nation { "C" } else { "A" };
            assert_eq!(found["confidence"], grade, "{programme}");
        }
    }
}

/// A word that is defined by another word takes that of its own place.
#[test]
fn a_definition_uses_the_words_of_its_own_place() {
    let nation = single(
        NATION,
        layer("allowance", json!({"definition": "needy"}), cash(100)),
    );
    let nation = with(
        nation,
        "definitions",
        json!([
            definition("needy", json!({"definition": "poor"})),
            definition("poor", yes("one"))
        ]),
    );
    let county = single(
        COUNTY,
        layer("meals", json!({"definition": "needy"}), cash(100)),
    );
    let county = with(
        county,
        "definitions",
        json!([definition("poor", yes("two"))]),
    );
    let rules = rules(&[nation, county]);
    let found = decide(&rules, &case(json!({"one": true, "two": false})));
    assert_eq!(of(&found, "allowance")["status"], "entitled");
    // `needy` is the nation's word, and so is the `poor` in it.
    let meals = of(&found, "meals");
    assert_eq!(meals["status"], "entitled");
    assert_eq!(meals["because"][0]["under"], json!(["needy", "poor"]));
}

#[test]
fn versions_of_a_definition_by_day() {
    let version = |fact: &str, from: &str, to: Option<&str>| {
        let mut life = json!({"from": from, "grade": "A"});
        if let Some(to) = to {
            life["to"] = json!(to);
        }
        with(definition("poor", yes(fact)), "in_force", life)
    };
    let nation = single(
        NATION,
        layer("allowance", json!({"definition": "poor"}), cash(100)),
    );
    let nation = with(
        nation,
        "definitions",
        json!([
            version("two", "2024-01-01", None),
            version("one", "2020-01-01", Some("2024-01-01"))
        ]),
    );
    let county = single(
        COUNTY,
        layer("meals", json!({"definition": "poor"}), cash(100)),
    );
    let county = with(
        county,
        "definitions",
        json!([version("three", "2025-01-01", Some("2026-01-01"))]),
    );
    let rules = rules(&[nation, county]);
    for (day, nation, county) in [
        ("2023-12-31", "one", "one"),
        ("2024-01-01", "two", "two"),
        ("2024-12-31", "two", "two"),
        ("2025-01-01", "two", "three"),
        ("2025-12-31", "two", "three"),
        ("2026-01-01", "two", "two"),
    ] {
        let case = with(case(json!({})), "as_of", json!(day));
        let found = decide(&rules, &case);
        for (programme, fact) in [("allowance", nation), ("meals", county)] {
            let missing = &of(&found, programme)["missing"];
            assert_eq!(
                missing,
                &json!([format!("fact:{fact}")]),
                "{programme} {day}"
            );
        }
    }
}

// ---- days ------------------------------------------------------------------

#[test]
fn a_programme_outside_its_life_is_absent() {
    let allowance = with(
        layer("allowance", yes("one"), cash(100)),
        "in_force",
        json!({"from": "2024-03-01", "to": "2026-03-01", "grade": "A"}),
    );
    let county = file(
        "of-the-county",
        COUNTY,
        vec![allowance, layer("meals", yes("one"), cash(100))],
    );
    let rules = rules(&[with(
        county,
        "in_force",
        json!({"from": "2025-01-01", "grade": "A"}),
    )]);
    for (day, allowance, meals) in [
        ("2024-02-29", false, false),
        ("2024-03-01", true, false),
        ("2024-12-31", true, false),
        ("2025-01-01", true, true),
        ("2026-02-28", true, true),
        ("2026-03-01", false, true),
    ] {
        let case = with(case(json!({"one": true})), "as_of", json!(day));
        let found = decide(&rules, &case);
        for (programme, there) in [("allowance", allowance), ("meals", meals)] {
            let found = of(&found, programme);
            assert_eq!(found != Value::Null, there, "{programme} {day}");
        }
    }
    // Nor is it there where no rule gives it.
    let there = with(case(json!({"one": true})), "jurisdiction", json!(ELSEWHERE));
    assert_eq!(decide(&rules, &there)["entitlements"], json!([]));
}

/// Programmes come in the order of the register, whatever that of the files.
#[test]
fn programmes_come_in_the_order_of_the_register() {
    let cash = || cash(100);
    let rules = rules(&[
        single(COUNTY, layer("voucher", yes("one"), cash())),
        single(NATION, layer("bed", yes("one"), cash())),
        single(PROVINCE, layer("allowance", yes("one"), cash())),
    ]);
    let found = decide(&rules, &case(json!({})));
    let order: Vec<&Value> = found["entitlements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["programme"])
        .collect();
    assert_eq!(order, ["allowance", "bed", "voucher"]);
}

#[test]
fn a_plan_whose_period_is_over() {
    let county = file(
        "the-plan",
        COUNTY,
        vec![
            layer("allowance", yes("one"), cash(100)),
            layer("meals", yes("two"), cash(100)),
        ],
    );
    let county = with(county, "source", json!("plan"));
    let county = with(county, "period_ends", json!("2026-01-01"));
    let rules = rules(&[county]);
    for (day, over) in [
        ("2025-12-31", false),
        // The first day after the period.
        ("2026-01-01", true),
        ("2026-01-02", true),
        ("2031-01-01", true),
    ] {
        let facts = json!({"one": true, "two": false});
        let found = decide(&rules, &with(case(facts), "as_of", json!(day)));
        // It stays in force.
        assert_eq!(of(&found, "allowance")["status"], "entitled", "{day}");
        let findings = findings(&found, "plan_period_over");
        assert_eq!(findings.len(), usize::from(over), "{day}");
        for finding in findings {
            assert_eq!(
                finding["args"],
                json!({"ended": "2026-01-01", "programmes": ["allowance"], "source": "the-plan"})
            );
        }
    }
    // A plan that decides nothing says nothing.
    let nobody = json!({"one": false, "two": false});
    let found = decide(&rules, &case(nobody));
    assert!(findings(&found, "plan_period_over").is_empty());
}

// ---- relations -------------------------------------------------------------

fn barred(word: &str, when: Value, force: &str) -> Vec<Value> {
    let bar = relation(
        "bar",
        json!({word: {"programme": "allowance", "when": when}}),
    );
    let nation = file("of-the-nation", NATION, vec![]);
    let county = layer("allowance", yes("one"), cash(100));
    vec![
        with(nation, "relations", json!([bar])),
        single(COUNTY, with(county, "force", json!(force))),
    ]
}

/// After the join: a bar that holds excludes, one that is open leaves the right open,
/// and one that does not hold is nothing.
#[test]
fn a_relation_bars() {
    for word in ["excludes", "suspends"] {
        let rules = rules(&barred(word, yes("two"), "right"));
        for (one, two, status, missing) in [
            (Some(true), Some(true), "excluded", Value::Null),
            (Some(true), None, "undetermined", json!(["fact:two"])),
            (Some(true), Some(false), "entitled", Value::Null),
            // Whether or not the person would have it, it is barred.
            (None, Some(true), "excluded", Value::Null),
            (None, None, "undetermined", json!(["fact:one", "fact:two"])),
            (None, Some(false), "undetermined", json!(["fact:one"])),
            // What one has no right to is not barred.
            (Some(false), Some(true), "not_entitled", Value::Null),
            (Some(false), None, "not_entitled", Value::Null),
            (Some(false), Some(false), "not_entitled", Value::Null),
        ] {
            let mut facts = json!({});
            for (id, value) in [("one", one), ("two", two)] {
                if let Some(value) = value {
                    facts[id] = json!(value);
                }
            }
            let found = right(&rules, &case(facts.clone()), "allowance");
            assert_eq!(found["status"], status, "{word} {facts}");
            assert_eq!(found["missing"], missing, "{word} {facts}");
            let bar = match status {
                "excluded" => json!("bar"),
                _ => Value::Null,
            };
            assert_eq!(found["excluded_by"], bar, "{word} {facts}");
            let cited = found["citations"].as_array().unwrap();
            let applies = status == "excluded" || missing.to_string().contains("fact:two");
            assert_eq!(cited.contains(&json!("law.5")), applies, "{word} {facts}");
            if status == "excluded" {
                assert_eq!(found["benefit"], Value::Null);
            }
        }
    }
}

#[test]
fn a_relation_bars_what_is_discretionary() {
    let rules = rules(&barred("excludes", yes("two"), "discretion"));
    for (two, status) in [(true, "excluded"), (false, "discretionary")] {
        let facts = json!({"one": true, "two": two});
        assert_eq!(self::status(&rules, &case(facts), "allowance"), status);
    }
}

/// It may be barred, or it may not: that is not known.
#[test]
fn a_relation_that_is_open_leaves_what_is_discretionary_open() {
    let rules = rules(&barred("excludes", yes("two"), "discretion"));
    let found = right(&rules, &case(json!({"one": true})), "allowance");
    assert_eq!(found["status"], "undetermined");
    assert_eq!(found["missing"], json!(["fact:two"]));
}

/// A relation holds in its place and below it, and in its life.
#[test]
fn where_and_when_a_relation_holds() {
    let bar = relation(
        "bar",
        json!({"excludes": {"programme": "allowance", "when": yes("one")}}),
    );
    let bar = with(
        bar,
        "in_force",
        json!({"from": "2026-01-01", "to": "2026-07-01", "grade": "A"}),
    );
    let city = with(file("of-the-city", CITY, vec![]), "relations", json!([bar]));
    let rules = rules(&[
        single(NATION, layer("allowance", yes("one"), cash(100))),
        city,
    ]);
    for (place, day, status) in [
        (COUNTY, "2026-06-15", "excluded"),
        (CITY, "2026-06-15", "excluded"),
        ("990177", "2026-06-15", "excluded"),
        (PROVINCE, "2026-06-15", "entitled"),
        (ELSEWHERE, "2026-06-15", "entitled"),
        (COUNTY, "2025-12-31", "entitled"),
        (COUNTY, "2026-01-01", "excluded"),
        (COUNTY, "2026-06-30", "excluded"),
        (COUNTY, "2026-07-01", "entitled"),
    ] {
        let case = with(case(json!({"one": true})), "jurisdiction", json!(place));
        let case = with(case, "as_of", json!(day));
        let found = self::status(&rules, &case, "allowance");
        assert_eq!(found, status, "{place} {day}");
    }
}

/// In a relation, what the case does not list is not received: leaving `receives` out
/// changes no status. By way of a definition too.
#[test]
fn receives_in_a_relation() {
    let receives = json!({"receives": "visits"});
    let direct = barred("excludes", receives.clone(), "right");
    let mut defined = barred("excludes", json!({"definition": "visited"}), "right");
    defined[0]["definitions"] = json!([definition("visited", receives)]);
    for files in [direct, defined] {
        let rules = rules(&files);
        for (listed, status) in [
            (None, "entitled"),
            (Some(json!([])), "entitled"),
            (Some(json!(["meals"])), "entitled"),
            (Some(json!(["visits"])), "excluded"),
            (Some(json!(["meals", "visits"])), "excluded"),
        ] {
            let mut facts = json!({"one": true});
            if let Some(listed) = &listed {
                facts["receives"] = listed.clone();
            }
            let found = right(&rules, &case(facts), "allowance");
            assert_eq!(found["status"], status, "{listed:?}");
            assert_eq!(found["missing"], Value::Null);
        }
    }
}

/// A condition that the place sets itself is unknown, unless the case says that that of
/// the programme is met: each programme has its own.
#[test]
fn conditions_set_locally() {
    let locally = || json!({"locally_set": {"as": "degree", "names": words("as set")}});
    let nation = file(
        "of-the-nation",
        NATION,
        vec![
            layer("allowance", locally(), cash(100)),
            layer("meals", json!({"definition": "set"}), cash(100)),
        ],
    );
    let nation = with(nation, "definitions", json!([definition("set", locally())]));
    let rules = rules(&[nation]);
    for (met, allowance, meals) in [
        (json!([]), "undetermined", "undetermined"),
        (json!(["allowance"]), "entitled", "undetermined"),
        (json!(["meals"]), "undetermined", "entitled"),
    ] {
        let facts = json!({"other_local_conditions_met": met});
        let found = decide(&rules, &case(facts));
        let (one, other) = (of(&found, "allowance"), of(&found, "meals"));
        assert_eq!(one["status"], allowance, "{met}");
        assert_eq!(other["status"], meals, "{met}");
        assert_eq!(one["because"][0]["id"], "degree");
        assert_eq!(one["because"][0]["asks"], "local:allowance");
        if allowance == "undetermined" {
            assert_eq!(one["missing"], json!(["local:allowance"]));
        }
    }
}

#[test]
fn programmes_together_and_coordinated() {
    for (word, code) in [
        ("together", "may_be_drawn_together"),
        ("coordinated", "coordination_unstated"),
    ] {
        let all = json!(["allowance", "visits", "meals"]);
        let link = relation("at-once", json!({word: {"programmes": all}}));
        let nation = file(
            "of-the-nation",
            NATION,
            vec![
                layer("allowance", yes("one"), cash(100)),
                layer("visits", yes("two"), service("visit")),
                layer("meals", yes("three"), cash(100)),
            ],
        );
        let rules = rules(&[with(nation, "relations", json!([link]))]);
        for (facts, together, coordinated) in [
            (
                json!({"one": true, "two": true, "three": false}),
                Some(vec!["allowance", "visits"]),
                Some(vec!["allowance", "visits"]),
            ),
            (
                json!({"one": true, "two": true, "three": true}),
                Some(vec!["allowance", "visits", "meals"]),
                Some(vec!["allowance", "visits", "meals"]),
            ),
            // What is open may have to be coordinated; drawn it is not yet.
            (
                json!({"one": true, "two": false}),
                None,
                Some(vec!["allowance", "meals"]),
            ),
            (
                json!({"one": true, "two": false, "three": false}),
                None,
                None,
            ),
        ] {
            let found = decide(&rules, &case(facts.clone()));
            let expected = if word == "together" {
                together
            } else {
                coordinated
            };
            let args: Vec<Value> = findings(&found, code)
                .into_iter()
                .map(|finding| finding["args"].clone())
                .collect();
            let expected: Vec<Value> = expected
                .into_iter()
                .map(|programmes| json!({"programmes": programmes, "relation": "at-once"}))
                .collect();
            assert_eq!(args, expected, "{word} {facts}");
            // It is a finding, and changes no status.
            let one = of(&found, "allowance");
            assert_eq!(one["status"], "entitled", "{word} {facts}");
        }
    }
}

// ---- what comes with a layer ------------------------------------------------

#[test]
fn notes_come_where_something_is_or_may_be_given() {
    let note = |finding: &str| {
        json!([{"finding": finding, "severity": "warning", "says": words("look"),
                "cite": ["law.1"]}])
    };
    let rules = rules(&[
        single(
            NATION,
            with(
                layer("allowance", yes("one"), cash(100)),
                "notes",
                note("above"),
            ),
        ),
        single(
            COUNTY,
            with(
                layer("allowance", yes("two"), cash(200)),
                "notes",
                note("below"),
            ),
        ),
    ]);
    for (facts, above, below) in [
        (json!({"one": true, "two": true}), true, true),
        (json!({"one": true, "two": false}), true, false),
        (json!({"one": false, "two": true}), false, true),
        (json!({"one": false, "two": false}), false, false),
        (json!({"one": false}), false, true),
    ] {
        let found = decide(&rules, &case(facts.clone()));
        for (code, there, place) in [("above", above, NATION), ("below", below, COUNTY)] {
            let found = findings(&found, code);
            assert_eq!(found.len(), usize::from(there), "{code} {facts}");
            for finding in found {
                assert_eq!(finding["severity"], "warning");
                let rule = format!("{place}/allowance");
                assert_eq!(
                    finding["args"],
                    json!({"programme": "allowance", "rule": rule})
                );
            }
        }
    }
}

/// How one comes to it: from the nearest layer that gives it and says so. What one of
/// them gives without an application needs none.
#[test]
fn access_is_that_of_the_nearest_that_gives_it_and_says_so() {
    let files = |nation: &str, province: &str, county: &str| {
        let layers = [
            (NATION, "one", nation),
            (PROVINCE, "two", province),
            (COUNTY, "three", county),
        ];
        layers.map(|(place, fact, access)| {
            let layer = layer("allowance", yes(fact), cash(100));
            let layer = match access {
                "" => layer,
                access => with(layer, "access", json!(access)),
            };
            single(place, layer)
        })
    };
    for (access, [one, two, three], expected) in [
        (["", "", ""], [true, true, true], json!(null)),
        (
            ["", "application", ""],
            [true, true, true],
            json!("application"),
        ),
        (
            ["application", "", ""],
            [true, true, true],
            json!("application"),
        ),
        (
            ["", "", "application"],
            [true, true, true],
            json!("application"),
        ),
        (
            ["automatic", "", ""],
            [true, true, true],
            json!("automatic"),
        ),
        // That of a layer which leaves the person out says nothing.
        (["", "application", ""], [true, false, true], json!(null)),
        (
            ["automatic", "", "application"],
            [false, true, true],
            json!("application"),
        ),
        (
            ["", "automatic", "application"],
            [true, false, true],
            json!("application"),
        ),
        (
            ["automatic", "application", ""],
            [false, true, true],
            json!("application"),
        ),
        // What one text gives by itself need not be asked for.
        (
            ["automatic", "", "application"],
            [true, true, true],
            json!("automatic"),
        ),
    ] {
        let rules = rules(&files(access[0], access[1], access[2]));
        let facts = json!({"one": one, "two": two, "three": three});
        let found = decide(&rules, &case(facts.clone()));
        let entitlement = of(&found, "allowance");
        assert_eq!(entitlement["layer"], COUNTY);
        assert_eq!(entitlement["access"], expected, "{access:?} {facts}");
        // And the person is told.
        for (word, code) in [
            ("application", "application_needed"),
            ("automatic", "no_application_needed"),
        ] {
            let told = findings(&found, code);
            assert_eq!(told.len(), usize::from(expected == word), "{access:?}");
        }
    }
}

// ---- interpretations -------------------------------------------------------

fn read(narrow: Value, wide: Value) -> Value {
    json!({"reading": {"interpretation": "poverty",
                       "choices": {"narrow": narrow, "wide": wide}}})
}

/// Every result says which reading was taken, and what the other comes to where it is
/// another status.
#[test]
fn alternatives_of_an_interpretation() {
    let nation = single(
        NATION,
        layer("allowance", json!({"definition": "poor"}), cash(100)),
    );
    let nation = with(
        nation,
        "definitions",
        json!([definition(
            "poor",
            read(yes("one"), json!({"any": [yes("one"), yes("two")]}))
        )]),
    );
    let nation = with(
        nation,
        "interpretations",
        json!([interpretation("poverty", &["narrow", "wide"], "narrow")]),
    );
    let rules = rules(&[nation]);
    for (facts, narrow, wide) in [
        (json!({"one": true, "two": false}), "entitled", "entitled"),
        (
            json!({"one": false, "two": true}),
            "not_entitled",
            "entitled",
        ),
        (json!({"one": false}), "not_entitled", "undetermined"),
        (json!({"two": true}), "undetermined", "entitled"),
        (
            json!({"one": false, "two": false}),
            "not_entitled",
            "not_entitled",
        ),
    ] {
        for (chosen, status, other, other_status) in [
            ("narrow", narrow, "wide", wide),
            ("wide", wide, "narrow", narrow),
        ] {
            let chooses = json!({"000000/poverty": chosen});
            let case = with(case(facts.clone()), "interpretations", chooses.clone());
            let found = right(&rules, &case, "allowance");
            assert_eq!(found["status"], status, "{facts} {chosen}");
            assert_eq!(found["interpretations"], chooses, "{facts} {chosen}");
            let expected = if status == other_status {
                Value::Null
            } else {
                json!([{"interpretation": "000000/poverty", "choice": other,
                        "status": other_status}])
            };
            assert_eq!(found["alternatives"], expected, "{facts} {chosen}");
            assert_eq!(found["confidence"], "B", "that of the interpretation");
        }
        // Where the case chooses none, the default is taken.
        let found = status(&rules, &case(facts.clone()), "allowance");
        assert_eq!(found, narrow, "{facts}");
    }
}

/// Where the other reading comes to the same status by another layer, it is said what that
/// one gives.
#[test]
fn an_alternative_that_gives_another_amount() {
    let with_variant = |variant: &str, fen: i64| {
        let who = json!({"definition": variant});
        with(
            layer("allowance", who, cash(fen)),
            "variant",
            json!(variant),
        )
    };
    let nation = file(
        "of-the-nation",
        NATION,
        vec![with_variant("more", 200), with_variant("less", 100)],
    );
    let definitions = json!([
        definition("more", read(yes("one"), yes("two"))),
        definition("less", read(yes("two"), yes("one")))
    ]);
    let nation = with(nation, "definitions", definitions);
    let interpretations = json!([interpretation("poverty", &["narrow", "wide"], "narrow")]);
    let rules = rules(&[with(nation, "interpretations", interpretations)]);
    for (chosen, gives, other, other_gives) in
        [("narrow", 100, "wide", 200), ("wide", 200, "narrow", 100)]
    {
        let case = case(json!({"one": false, "two": true}));
        let case = with(case, "interpretations", json!({"000000/poverty": chosen}));
        let found = right(&rules, &case, "allowance");
        assert_eq!(found["benefit"]["fen"], gives, "{chosen}");
        let alternatives = found["alternatives"].as_array().unwrap();
        assert_eq!(alternatives.len(), 1, "{chosen}");
        assert_eq!(alternatives[0]["choice"], other);
        assert_eq!(alternatives[0]["status"], "entitled");
        assert_eq!(alternatives[0]["benefit"]["fen"], other_gives);
    }
}

/// A reading is that of the nearest place which names it.
#[test]
fn an_interpretation_is_that_of_the_place_of_the_rule() {
    let poverty = || interpretation("poverty", &["narrow", "wide"], "narrow");
    let who = || read(yes("one"), yes("two"));
    let nation = single(NATION, layer("allowance", who(), cash(100)));
    let county = single(COUNTY, layer("meals", who(), cash(100)));
    let rules = rules(&[
        with(nation, "interpretations", json!([poverty()])),
        with(county, "interpretations", json!([poverty()])),
    ]);
    let facts = json!({"one": false, "two": true});
    for (key, allowance, meals) in [
        ("000000/poverty", "entitled", "not_entitled"),
        ("990101/poverty", "not_entitled", "entitled"),
    ] {
        let case = with(case(facts.clone()), "interpretations", json!({key: "wide"}));
        let found = decide(&rules, &case);
        assert_eq!(of(&found, "allowance")["status"], allowance, "{key}");
        assert_eq!(of(&found, "meals")["status"], meals, "{key}");
    }
}

/// When a plan begins may be a matter of reading: under the other one it is not there.
#[test]
fn a_first_day_that_is_a_matter_of_reading() {
    let county = single(COUNTY, layer("allowance", yes("one"), cash(100)));
    let county = with(
        county,
        "interpretations",
        json!([interpretation("first-day", &["early", "late"], "early")]),
    );
    let county = with(
        county,
        "starts",
        json!({"interpretation": "first-day",
               "choices": {"early": "2020-01-01", "late": "2026-01-01"}}),
    );
    let rules = rules(&[county]);
    let other = |choice: &str| json!([{"interpretation": "990101/first-day", "choice": choice, "status": null}]);
    for (day, choice, there, alternatives) in [
        ("2025-12-31", "early", true, other("late")),
        ("2025-12-31", "late", false, Value::Null),
        ("2026-01-01", "early", true, Value::Null),
        ("2026-01-01", "late", true, Value::Null),
    ] {
        let case = with(case(json!({"one": true})), "as_of", json!(day));
        let chooses = json!({"990101/first-day": choice});
        let case = with(case, "interpretations", chooses.clone());
        let found = right(&rules, &case, "allowance");
        assert_eq!(found != Value::Null, there, "{day} {choice}");
        assert_eq!(found["alternatives"], alternatives, "{day} {choice}");
        if there {
            assert_eq!(found["interpretations"], chooses);
        }
    }
}

/// A reading that decides whether a relation bars shows its other side too.
#[test]
fn alternatives_of_an_interpretation_in_a_relation() {
    let mut files = barred("excludes", read(yes("two"), yes("three")), "right");
    files[0]["interpretations"] = json!([interpretation("poverty", &["narrow", "wide"], "narrow")]);
    let rules = rules(&files);
    let other = |status: &str| json!([{"interpretation": "000000/poverty", "choice": "wide", "status": status}]);
    for (two, three, status, alternatives) in [
        (true, false, "excluded", other("entitled")),
        (false, true, "entitled", other("excluded")),
        (true, true, "excluded", Value::Null),
        (false, false, "entitled", Value::Null),
    ] {
        let facts = json!({"one": true, "two": two, "three": three});
        let found = right(&rules, &case(facts.clone()), "allowance");
        assert_eq!(found["status"], status, "{facts}");
        assert_eq!(found["alternatives"], alternatives, "{facts}");
    }
}

// ---- levels ----------------------------------------------------------------

/// A level holds only when it is determined, and fails as soon as no possible level
/// meets it.
#[test]
fn a_level_in_three_values() {
    let level = |ask: Value| json!({"level": with(ask, "instrument", json!("gait"))});
    let rules = rules(&[file(
        "of-the-county",
        COUNTY,
        vec![
            layer("allowance", level(json!({"at_least": "unsteady"})), cash(1)),
            layer("meals", level(json!({"at_least": "bedridden"})), cash(1)),
            layer("bed", level(json!({"at_most": "steady"})), cash(1)),
            layer(
                "visits",
                level(json!({"at_least": "unsteady", "if_absent": false})),
                cash(1),
            ),
            layer(
                "voucher",
                level(json!({"at_most": "bedridden", "within_months": 6})),
                cash(1),
            ),
        ],
    )]);
    let no = "not_entitled";
    let (open, yes) = ("undetermined", "entitled");
    for (answers, expected) in [
        // Allowance, meals, bed, visits, voucher.
        (Some(json!({"W.1": 1, "W.2": 1})), [yes, yes, no, yes, yes]),
        (Some(json!({"W.1": 1, "W.2": 0})), [yes, no, no, yes, yes]),
        (Some(json!({"W.1": 0, "W.2": 0})), [no, no, yes, no, yes]),
        // One or two points: every level left meets it, and yet it is not determined.
        (Some(json!({"W.1": 1})), [open, open, no, open, open]),
        (Some(json!({"W.1": 0})), [open, no, open, open, open]),
        (Some(json!({})), [open, open, open, open, open]),
        (None, [open, open, open, no, open]),
    ] {
        let forms: Vec<Value> = answers.iter().cloned().map(form).collect();
        let case = with(case(json!({})), "assessments", json!(forms));
        let found = decide(&rules, &case);
        let programmes = ["allowance", "meals", "bed", "visits", "voucher"];
        for (programme, expected) in programmes.iter().zip(expected) {
            let found = of(&found, programme);
            assert_eq!(found["status"], expected, "{programme} {answers:?}");
            if expected == open {
                assert_eq!(found["missing"], json!(["assessment:gait"]));
            }
        }
    }
    // The latest counts, and one that is more than six months old does not count where
    // the rule says so.
    let whole = json!({"W.1": 1, "W.2": 1});
    for (day, voucher) in [
        ("2025-12-14", open),
        ("2025-12-15", yes),
        ("2026-06-15", yes),
    ] {
        let forms = json!([
            with(form(whole.clone()), "date", json!(day)),
            with(form(json!({})), "date", json!("2020-01-01"))
        ]);
        let found = decide(&rules, &with(case(json!({})), "assessments", forms));
        assert_eq!(of(&found, "voucher")["status"], voucher, "{day}");
        assert_eq!(of(&found, "allowance")["status"], yes, "{day}");
    }
}

/// A validity is half-open: on the day on which the months are full it is over, and what
/// then holds is not known.
#[test]
fn a_level_whose_validity_is_over() {
    let level = json!({"level": {"instrument": "gait", "at_least": "unsteady", "under_months": 6}});
    let rules = rules(&[single(COUNTY, layer("allowance", level, cash(1)))]);
    for (day, points, status) in [
        ("2025-12-14", 1, "undetermined"),
        ("2025-12-15", 1, "undetermined"),
        ("2025-12-16", 1, "entitled"),
        ("2026-06-15", 1, "entitled"),
        ("2025-12-16", 0, "not_entitled"),
        ("2025-12-15", 0, "undetermined"),
    ] {
        let answers = json!({"W.1": points, "W.2": points});
        let forms = json!([with(form(answers), "date", json!(day))]);
        let found = decide(&rules, &with(case(json!({})), "assessments", forms));
        let found = of(&found, "allowance");
        assert_eq!(found["status"], status, "{day} {points}");
        if status == "undetermined" {
            assert_eq!(found["missing"], json!(["assessment:gait"]));
        }
    }
}

/// A leaf says how it compares, and with what.
#[test]
fn how_a_leaf_compares() {
    let number = |bounds: Value| json!({"fact": with(bounds, "id", json!("age"))});
    let text = |ask: Value| json!({"fact": with(ask, "id", json!("economic"))});
    for (who, op, want) in [
        (number(json!({"at_least": 60})), "at_least", json!(60)),
        (number(json!({"at_most": 60})), "at_most", json!(60)),
        (
            number(json!({"at_least": 60, "at_most": 60})),
            "is",
            json!(60),
        ),
        (
            number(json!({"at_least": 60, "at_most": 61})),
            "between",
            json!([60, 61]),
        ),
        (yes("one"), "is", json!(true)),
        (
            json!({"fact": {"id": "one", "is": false}}),
            "is",
            json!(false),
        ),
        (text(json!({"is": "dibao"})), "is", json!("dibao")),
        (text(json!({"one_of": ["low"]})), "is", json!("low")),
        (
            text(json!({"one_of": ["dibao", "low"]})),
            "one_of",
            json!(["dibao", "low"]),
        ),
    ] {
        let rules = rules(&[single(COUNTY, layer("allowance", who, cash(1)))]);
        let found = right(&rules, &case(json!({})), "allowance");
        let because = &found["because"][0];
        assert_eq!((&because["op"], &because["want"]), (&json!(op), &want));
    }
}

/// What a text takes as given holds where the case says nothing, and is not asked; what
/// the case states counts.
#[test]
fn a_fact_that_is_taken_as_given() {
    let insured = json!({"fact": {"id": "months_insured", "at_least": 0, "if_absent": true}});
    let both = json!({"all": [insured, yes("one")]});
    let rules = rules(&[single(COUNTY, layer("allowance", both, cash(1)))]);
    for (since, status, holds) in [
        (None, "entitled", true),
        (Some("2026-06-15"), "entitled", true),
        (Some("2026-06-16"), "not_entitled", false),
        (Some("none"), "not_entitled", false),
    ] {
        let mut facts = json!({"one": true});
        if let Some(since) = since {
            facts["insured_since"] = json!(since);
        }
        let found = right(&rules, &case(facts), "allowance");
        assert_eq!(found["status"], status, "{since:?}");
        assert_eq!(found["because"][0]["holds"], holds, "{since:?}");
        assert_eq!(found["because"][0]["value"].is_null(), since.is_none());
    }
    // Beside something else that is open it is not asked for.
    let found = right(&rules, &case(json!({})), "allowance");
    assert_eq!(found["missing"], json!(["fact:one"]));
}

/// A fact that an answer gives is known where the case does not state it; what the case
/// states against it counts, and is found.
#[test]
fn a_fact_that_an_answer_gives() {
    let rules = rules(&[single(COUNTY, layer("allowance", yes("dementia"), cash(1)))]);
    for (diagnoses, stated, status, contradicted) in [
        (Some(json!(["F00.1"])), None, "entitled", false),
        (Some(json!(["F00-F03"])), None, "entitled", false),
        (Some(json!(["I10"])), None, "not_entitled", false),
        (Some(json!([])), None, "not_entitled", false),
        (None, None, "undetermined", false),
        (None, Some(true), "entitled", false),
        (Some(json!(["F00.1"])), Some(true), "entitled", false),
        (Some(json!(["F00.1"])), Some(false), "not_entitled", true),
        (Some(json!([])), Some(true), "entitled", true),
    ] {
        let mut answers = json!({});
        if let Some(diagnoses) = &diagnoses {
            answers["D.1"] = diagnoses.clone();
        }
        let facts = stated.map_or(json!({}), |stated| json!({"dementia": stated}));
        let case = with(case(facts), "assessments", json!([form(answers)]));
        let found = decide(&rules, &case);
        let shown = format!("{diagnoses:?} {stated:?}");
        assert_eq!(of(&found, "allowance")["status"], status, "{shown}");
        let found = findings(&found, "fact_contradicted");
        assert_eq!(found.len(), usize::from(contradicted), "{shown}");
        for finding in found {
            assert_eq!(finding["at"], "/facts/dementia");
        }
    }
}

/// "None" is an answer: no comparison of a number or a day holds of it.
#[test]
fn a_person_who_has_none() {
    let rules = rules(&[file(
        "of-the-county",
        COUNTY,
        vec![
            layer(
                "allowance",
                json!({"fact": {"id": "certificate", "at_most": 4}}),
                cash(1),
            ),
            layer(
                "meals",
                json!({"fact": {"id": "months_insured", "at_least": 0}}),
                cash(1),
            ),
            layer(
                "bed",
                json!({"fact": {"id": "support", "is": "none"}}),
                cash(1),
            ),
            layer(
                "visits",
                json!({"fact": {"id": "support", "one_of": ["at_home", "in_home"]}}),
                cash(1),
            ),
        ],
    )]);
    let none = json!({"certificate": "none", "insured_since": "none", "support": "none"});
    let some = json!({"certificate": 4, "insured_since": "2026-06-15", "support": "at_home"});
    let (yes, no) = ("entitled", "not_entitled");
    for (facts, expected) in [
        (none, [no, no, yes, no]),
        (some, [yes, yes, no, yes]),
        (json!({}), ["undetermined"; 4]),
    ] {
        let found = decide(&rules, &case(facts.clone()));
        let programmes = ["allowance", "meals", "bed", "visits"];
        for (programme, expected) in programmes.iter().zip(expected) {
            let found = of(&found, programme);
            assert_eq!(found["status"], expected, "{programme} {facts}");
        }
    }
}

// ---- payments --------------------------------------------------------------

/// The insurance with these rows, for whom `one` holds, and the voucher, which pays half
/// of what is left to whom `two` holds.
fn funds(rows: Value) -> Vec<Value> {
    let insurance = scheme(json!({"insured": part(yes("one"))}), cost_share(rows));
    let voucher = layer(
        "voucher",
        yes("two"),
        cost_share(json!([{"per_mille": 500}])),
    );
    let order = relation(
        "order",
        json!({"after": {"programme": "voucher", "of": ["insurance"]}}),
    );
    let nation = file("of-the-nation", NATION, vec![insurance, voucher]);
    vec![with(nation, "relations", json!([order]))]
}

fn cost(setting: &str, fen: i64) -> Value {
    json!({"setting": setting, "month": "2026-06", "fen": fen})
}

/// The payers of each cost, each list as `[programme, fen]`; what is known adds up.
fn payers(rules: &Rulebook, case: &Value) -> Vec<Vec<(String, Option<i64>)>> {
    let found = decide(rules, case);
    let payments = found["payments"].as_array().expect("payments");
    let costs = case["costs"].as_array().expect("costs");
    assert_eq!(payments.len(), costs.len());
    payments
        .iter()
        .zip(costs)
        .map(|(payment, cost)| {
            assert_eq!(payment["setting"], cost["setting"]);
            assert_eq!(payment["month"], cost["month"]);
            let payers: Vec<(String, Option<i64>)> = payment["payers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|payer| {
                    let programme = payer["programme"].as_str().unwrap().to_owned();
                    assert!(payer.get("fen").is_some(), "null, and not left out");
                    (programme, payer["fen"].as_i64())
                })
                .collect();
            let sum: Option<i64> = payers.iter().map(|(_, fen)| *fen).sum();
            assert!(sum.is_none_or(|sum| sum == cost["fen"]), "{payment}");
            assert_eq!(payers.last().unwrap().0, "self");
            payers
        })
        .collect()
}

/// As `payers`, of one cost.
fn one_cost(rules: &Rulebook, facts: Value, cost: Value) -> Vec<(String, Option<i64>)> {
    payers(rules, &with(case(facts), "costs", json!([cost]))).remove(0)
}

fn both() -> Value {
    json!({"one": true, "two": true})
}

fn shares(list: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    list.iter()
        .map(|(programme, fen)| ((*programme).to_owned(), *fen))
        .collect()
}

/// Insurance, voucher, self.
fn three(insurance: i64, voucher: i64, own: i64) -> Vec<(String, Option<i64>)> {
    shares(&[
        ("insurance", Some(insurance)),
        ("voucher", Some(voucher)),
        ("self", Some(own)),
    ])
}

/// The insurance pays first, the voucher of what it leaves, the person the rest.
#[test]
fn two_funds_in_their_order() {
    let rules = rules(&funds(json!([
        {"per_mille": 700, "cap": {"fen": 100_000, "per": "month"}}])));
    for (fen, insurance, voucher, own) in [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (2, 1, 0, 1),
        (999, 699, 150, 150),
        (1_001, 700, 150, 151),
        (100_000, 70_000, 15_000, 15_000),
        // Up to the cap, and over it.
        (142_857, 99_999, 21_429, 21_429),
        (142_858, 100_000, 21_429, 21_429),
        (300_000, 100_000, 100_000, 100_000),
        (100_000_000_000, 100_000, 49_999_950_000, 49_999_950_000),
    ] {
        let found = one_cost(&rules, both(), cost("home", fen));
        assert_eq!(found, three(insurance, voucher, own), "{fen}");
    }
    // Who has no right to a fund is not paid by it.
    let found = one_cost(
        &rules,
        json!({"one": false, "two": true}),
        cost("home", 1_000),
    );
    let alone = shares(&[("voucher", Some(500)), ("self", Some(500))]);
    assert_eq!(found, alone);
    let found = one_cost(
        &rules,
        json!({"one": false, "two": false}),
        cost("home", 1_000),
    );
    assert_eq!(found, shares(&[("self", Some(1_000))]));
}

/// Without an order the register decides, and there the voucher stands first.
#[test]
fn funds_without_an_order() {
    let mut files = funds(json!([{"per_mille": 700}]));
    files[0] = without(files[0].take(), "relations");
    let found = one_cost(&rules(&files), both(), cost("home", 1_000));
    let expected = shares(&[
        ("voucher", Some(500)),
        ("insurance", Some(350)),
        ("self", Some(150)),
    ]);
    assert_eq!(found, expected);
}

/// An undetermined payer, and who pays after it, and the person: null, never 0.
#[test]
fn an_undetermined_payer_is_null() {
    let rules = rules(&funds(json!([{"per_mille": 700}])));
    for (facts, expected) in [
        (
            json!({"two": true}),
            [("insurance", None), ("voucher", None), ("self", None)],
        ),
        (
            json!({"one": true}),
            [("insurance", Some(700)), ("voucher", None), ("self", None)],
        ),
    ] {
        let found = one_cost(&rules, facts.clone(), cost("home", 1_000));
        assert_eq!(found, shares(&expected), "{facts}");
    }
}

/// What is barred, or at the discretion of the place, pays nothing that can be told.
#[test]
fn a_fund_that_is_barred_or_discretionary_is_no_payer() {
    let mut files = funds(json!([{"per_mille": 700}]));
    let bar = relation(
        "bar",
        json!({"suspends": {"programme": "voucher", "when": yes("three")}}),
    );
    put(&mut files[0], "/relations/1", bar);
    let barred = rules(&files);
    let facts = json!({"one": true, "two": true, "three": true});
    let alone = shares(&[("insurance", Some(700)), ("self", Some(300))]);
    assert_eq!(one_cost(&barred, facts, cost("home", 1_000)), alone);
    // Whether it is barred is open: so is what it pays.
    let found = one_cost(&barred, both(), cost("home", 1_000));
    let open = [("insurance", Some(700)), ("voucher", None), ("self", None)];
    assert_eq!(found, shares(&open));

    let mut files = funds(json!([{"per_mille": 700}]));
    put(&mut files[0], "/layers/1/force", json!("discretion"));
    assert_eq!(one_cost(&rules(&files), both(), cost("home", 1_000)), alone);
}

/// Costs of one month share a cap by the month, whatever their setting.
#[test]
fn costs_of_one_month_share_its_cap() {
    let rules = rules(&funds(json!([
        {"per_mille": 700, "cap": {"fen": 100_000, "per": "month"}}])));
    let costs = json!([
        cost("home", 100_000),
        cost("community", 100_000),
        cost("home", 10_000)
    ]);
    let found = payers(&rules, &with(case(both()), "costs", costs));
    assert_eq!(
        found,
        [
            three(70_000, 15_000, 15_000),
            // 30000 are left of the cap.
            three(30_000, 35_000, 35_000),
            three(0, 5_000, 5_000),
        ]
    );
}

/// What a fund has paid this month already counts towards its cap.
#[test]
fn what_was_used_counts() {
    let rules = rules(&funds(json!([
        {"per_mille": 700, "cap": {"fen": 100_000, "per": "month"}}])));
    for (used, insurance) in [
        (json!([]), 70_000),
        (json!([{"programme": "insurance", "fen": 0}]), 70_000),
        (json!([{"programme": "insurance", "fen": 30_000}]), 70_000),
        (json!([{"programme": "insurance", "fen": 30_001}]), 69_999),
        (json!([{"programme": "insurance", "fen": 100_000}]), 0),
        // More than the cap was paid: nothing is left, and nothing is paid back.
        (json!([{"programme": "insurance", "fen": 200_000}]), 0),
        // Two payments add up; that of another fund counts for itself.
        (
            json!([{"programme": "insurance", "fen": 20_000},
                   {"programme": "insurance", "fen": 20_000}]),
            60_000,
        ),
        (json!([{"programme": "voucher", "fen": 90_000}]), 70_000),
    ] {
        let case = with(case(both()), "costs", json!([cost("home", 100_000)]));
        let case = with(case, "used", used.clone());
        let rest = 100_000 - insurance;
        let voucher = rest / 2;
        let expected = three(insurance, voucher, rest - voucher);
        assert_eq!(payers(&rules, &case), [expected], "{used}");
    }
}

/// A cap by the day counts the days of the cost, or those of the month.
#[test]
fn caps_by_the_day() {
    let rules = rules(&funds(json!([
        {"per_mille": 700, "cap": {"fen": 1_000, "per": "day"}}])));
    let days = |cost: Value, days: u8| with(cost, "days", json!(days));
    for (cost, insurance) in [
        (days(cost("institution", 100_000), 10), 10_000),
        (days(cost("institution", 100_000), 1), 1_000),
        (days(cost("institution", 10_000), 10), 7_000),
        (days(cost("institution", 100_000), 30), 30_000),
        // June has 30 days.
        (cost("institution", 100_000), 30_000),
        (cost("institution", 10_000), 7_000),
    ] {
        let found = one_cost(&rules, json!({"one": true, "two": false}), cost.clone());
        let all = cost["fen"].as_i64().unwrap();
        let expected = shares(&[
            ("insurance", Some(insurance)),
            ("self", Some(all - insurance)),
        ]);
        assert_eq!(found, expected, "{cost}");
    }
    // Of another month it is another number of days.
    for (day, month, cap) in [
        ("2026-02-10", "2026-02", 28_000),
        ("2024-02-10", "2024-02", 29_000),
        ("2026-07-10", "2026-07", 31_000),
    ] {
        let cost = with(cost("institution", 100_000), "month", json!(month));
        let case = with(
            case(json!({"one": true, "two": false})),
            "costs",
            json!([cost]),
        );
        let case = with(case, "as_of", json!(day));
        let expected = shares(&[("insurance", Some(cap)), ("self", Some(100_000 - cap))]);
        assert_eq!(payers(&rules, &case), [expected], "{month}");
    }
    // Together, costs of one month come to no more than its days.
    let stay = || days(cost("institution", 100_000), 20);
    let case = with(
        case(json!({"one": true, "two": false})),
        "costs",
        json!([stay(), stay()]),
    );
    let paid = |fen: i64| shares(&[("insurance", Some(fen)), ("self", Some(100_000 - fen))]);
    assert_eq!(payers(&rules, &case), [paid(20_000), paid(10_000)]);
}

/// A ratio or a cap that the place sets is not known: nor is what is left.
#[test]
fn an_unknown_ratio_or_cap_is_null() {
    for row in [
        json!({"per_mille": null}),
        json!({"per_mille": null, "cap": {"fen": 100, "per": "month"}}),
        json!({"per_mille": 700, "cap": {"fen": null, "per": "month"}}),
        json!({"per_mille": 700, "cap": {"fen": null, "per": "day"}}),
        // Nor is the month's part of a cap over the year.
        json!({"per_mille": 700, "cap": {"fen": 1_000_000, "per": "year"}}),
    ] {
        let rules = rules(&funds(json!([row.clone()])));
        let found = decide(
            &rules,
            &with(case(both()), "costs", json!([cost("home", 1_000)])),
        );
        assert_eq!(of(&found, "insurance")["status"], "entitled", "{row}");
        let found = one_cost(&rules, both(), cost("home", 1_000));
        let null = [("insurance", None), ("voucher", None), ("self", None)];
        assert_eq!(found, shares(&null), "{row}");
    }
    // What stands before it is known all the same.
    let mut files = funds(json!([{"per_mille": 700}]));
    put(
        &mut files[0],
        "/layers/1/benefit/cost_share/rows/0/per_mille",
        Value::Null,
    );
    let found = one_cost(&rules(&files), both(), cost("home", 1_000));
    let expected = [("insurance", Some(700)), ("voucher", None), ("self", None)];
    assert_eq!(found, shares(&expected));
}

/// Which row it is hangs on a fact that is missing: the share is not known, unless every
/// row that it could be comes to the same.
#[test]
fn an_open_row_is_null() {
    let rules = rules(&funds(json!([
        {"setting": ["home"], "when": yes("three"), "per_mille": 900},
        {"setting": ["home", "community"], "per_mille": 700},
        {"when": yes("four"), "per_mille": 600},
        {"per_mille": 600}
    ])));
    for (setting, more, insurance) in [
        ("home", json!({"three": true}), Some(900)),
        ("home", json!({"three": false}), Some(700)),
        ("home", json!({}), None),
        // Rows of another setting are not asked.
        ("community", json!({}), Some(700)),
        ("institution", json!({"four": true}), Some(600)),
        ("institution", json!({}), Some(600)),
    ] {
        let mut facts = both();
        for (key, value) in more.as_object().unwrap() {
            facts[key] = value.clone();
        }
        let found = one_cost(&rules, facts, cost(setting, 1_000));
        assert_eq!(found[0].1, insurance, "{setting} {more}");
        let rest = insurance.map(|insurance| (1_000 - insurance) / 2);
        assert_eq!(found[1].1, rest, "{setting} {more}");
        assert_eq!(found[2].1, rest, "{setting} {more}");
    }
    // A cost of nothing is paid by whichever row.
    let found = one_cost(&rules, both(), cost("home", 0));
    assert_eq!(found, three(0, 0, 0));
}

/// What a cap caps can be read in two ways: both are shown where they differ.
#[test]
fn both_readings_of_a_cap() {
    let mut files = funds(json!([
        {"per_mille": 700, "cap": {"fen": 100_000, "per": "month"}}]));
    put(
        &mut files[0],
        "/layers/0/benefit/cost_share/cap_reads",
        json!("cap"),
    );
    put(
        &mut files[0],
        "/interpretations",
        json!([interpretation(
            "cap",
            &["counted_cost", "payment"],
            "payment"
        )]),
    );
    let rules = rules(&files);
    for (fen, payment, counted) in [
        (50_000, (35_000, 7_500), (35_000, 7_500)),
        (100_000, (70_000, 15_000), (70_000, 15_000)),
        (100_010, (70_007, 15_001), (70_000, 15_005)),
        (200_000, (100_000, 50_000), (70_000, 65_000)),
    ] {
        let payers = |(insurance, voucher): (i64, i64)| {
            json!([
                {"programme": "insurance", "fen": insurance},
                {"programme": "voucher", "fen": voucher},
                {"programme": "self", "fen": fen - insurance - voucher}
            ])
        };
        for (chosen, own, choice, other) in [
            (None, payment, "counted_cost", counted),
            (Some("payment"), payment, "counted_cost", counted),
            (Some("counted_cost"), counted, "payment", payment),
        ] {
            let mut case = with(case(both()), "costs", json!([cost("home", fen)]));
            if let Some(chosen) = chosen {
                case["interpretations"] = json!({"000000/cap": chosen});
            }
            let found = decide(&rules, &case);
            let paid = &found["payments"][0];
            assert_eq!(paid["payers"], payers(own), "{fen} {chosen:?}");
            let expected = if own == other {
                Value::Null
            } else {
                json!([{"interpretation": "000000/cap", "choice": choice,
                        "payers": payers(other)}])
            };
            assert_eq!(paid["alternatives"], expected, "{fen} {chosen:?}");
            // The reading that was taken stands with the right.
            let right = of(&found, "insurance");
            let taken = json!({"000000/cap": chosen.unwrap_or("payment")});
            assert_eq!(right["interpretations"], taken, "{fen} {chosen:?}");
        }
    }
    // Costs of one month share the cap under either reading.
    let costs = json!([cost("home", 60_000), cost("home", 60_000)]);
    let case = with(case(both()), "costs", costs);
    let case = with(
        case,
        "interpretations",
        json!({"000000/cap": "counted_cost"}),
    );
    assert_eq!(
        payers(&rules, &case),
        [
            three(42_000, 9_000, 9_000),
            // 40000 still count.
            three(28_000, 16_000, 16_000),
        ]
    );
}

/// A share of costs pays, also where it is not the first of what the person is given.
#[test]
fn a_share_that_stands_beside_another_kind_pays() {
    let share = cost_share(json!([{"per_mille": 400}]));
    let rules = rules(&[
        single(NATION, layer("voucher", yes("one"), share)),
        single(COUNTY, layer("voucher", yes("one"), service("visit"))),
    ]);
    let facts = json!({"one": true});
    let case = with(case(facts), "costs", json!([cost("home", 1_000)]));
    let found = right(&rules, &case, "voucher");
    assert_eq!(found["benefit"]["kind"], "service");
    let further = &found["further_benefits"][0]["benefit"];
    assert_eq!(further["per_mille"], 400);
    let expected = shares(&[("voucher", Some(400)), ("self", Some(600))]);
    assert_eq!(payers(&rules, &case), [expected]);
}

/// And it is as open as the right to it.
#[test]
fn a_share_that_may_stand_beside_another_kind_is_null() {
    let share = cost_share(json!([{"per_mille": 400}]));
    let rules = rules(&[
        single(NATION, layer("voucher", yes("one"), share)),
        single(COUNTY, layer("voucher", yes("two"), service("visit"))),
    ]);
    let case = with(case(json!({})), "costs", json!([cost("home", 1_000)]));
    assert_eq!(status(&rules, &case, "voucher"), "undetermined");
    let expected = shares(&[("voucher", None), ("self", None)]);
    assert_eq!(payers(&rules, &case), [expected]);
}
