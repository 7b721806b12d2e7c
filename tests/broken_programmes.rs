//! Rule files of programmes and of facts broken on purpose: each fault is found, by its
//! name and its place, and nothing else with it. The rulebook is made up; each test
//! changes one thing of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod made_up;

use made_up::{
    COUNTY, FACTS, Files, GAIT, NATION, PROVINCE, REGISTER, cash, cost_share, definition, file,
    interpretation, layer, load, part, position, put, relation, scheme, service, vocabulary, with,
    without, words, yes,
};
use nengli::rulebook::DiagnosticKind as Kind;
use serde_json::{Value, json};

// In the order of their paths.
const FIRST: &str = "programmes/1-nation.json";
const SECOND: &str = "programmes/2-province.json";
const THIRD: &str = "programmes/3-county.json";
/// A further file, of a test.
const FOURTH: &str = "programmes/4-further.json";

/// A nation, a province and a county, whole.
fn files() -> Files {
    let mut files = vocabulary();
    files.insert(FIRST.to_owned(), nation());
    files.insert(SECOND.to_owned(), province());
    files.insert(THIRD.to_owned(), county());
    files
}

fn nation() -> Value {
    let poor = json!({"reading": {"interpretation": "poverty", "choices": {
        "narrow": {"fact": {"id": "economic", "is": "dibao"}},
        "wide": {"fact": {"id": "economic", "one_of": ["dibao", "low"]}}}}});
    let old = json!({"fact": {"id": "age", "at_least": 80}});
    let mut allowance = cash(10_000);
    allowance["cash"]["rows"] =
        json!([{"when": {"fact": {"id": "age", "at_least": 90}}, "fen": 20_000}]);
    let mut share = cost_share(json!([
        {"setting": ["home"], "when": {"definition": "poor"}, "per_mille": 700,
         "cap": {"fen": 100_000, "per": "month"}, "cash": {"fen": 5_000, "per": "month"}},
        {"per_mille": 500}
    ]));
    share["cost_share"]["cap_reads"] = json!("cap");
    share["cost_share"]["starts"] = json!({"after": "concluded", "months": 1});
    share["cost_share"]["ceiling"] =
        json!({"per": "year", "fen": 1_000_000, "per_mille": 500, "of": "income"});
    let insured = json!({"fact": {"id": "months_insured", "at_least": 6}});
    let level = json!({"level": {"instrument": "gait", "at_least": "unsteady",
                                 "at_most": "bedridden", "if_absent": false}});
    let visits = json!({"any": [yes("lives_alone"), {"diagnosis":
        {"instrument": "gait", "code": "D.1", "within": ["F00-F03"]}}]});
    let nation = file(
        "nation",
        NATION,
        vec![
            layer(
                "allowance",
                json!({"all": [{"definition": "poor"}, {"definition": "old"}]}),
                allowance,
            ),
            scheme(
                json!({"insured": part(insured), "level": part(level)}),
                share,
            ),
            layer("visits", visits, service("visit")),
        ],
    );
    let nation = with(
        nation,
        "interpretations",
        json!([
            interpretation("poverty", &["narrow", "wide"], "narrow"),
            interpretation("cap", &["counted_cost", "payment"], "payment")
        ]),
    );
    let nation = with(
        nation,
        "definitions",
        json!([definition("poor", poor), definition("old", old)]),
    );
    with(
        nation,
        "relations",
        json!([
            relation(
                "order",
                json!({"after": {"programme": "voucher", "of": ["insurance"]}})
            ),
            relation(
                "not-both",
                json!({"excludes": {"programme": "allowance", "when": {"receives": "visits"}}})
            ),
            relation(
                "at-once",
                json!({"together": {"programmes": ["allowance", "visits"]}})
            )
        ]),
    )
}

fn province() -> Value {
    let note = json!({"finding": "look_here", "severity": "info", "says": words("look"),
                      "cite": ["law.1"]});
    let province = file(
        "province",
        PROVINCE,
        vec![
            with(
                layer(
                    "allowance",
                    json!({"definition": "poor"}),
                    cash(None::<i64>),
                ),
                "notes",
                json!([note]),
            ),
            layer(
                "voucher",
                json!({"all": [yes("one"), {"locally_set": {"names": words("as set")}}]}),
                cost_share(json!([{"per_mille": null}])),
            ),
        ],
    );
    let province = with(province, "source", json!("plan"));
    let province = with(
        province,
        "in_force",
        json!({"from": "2022-01-01", "to": "2031-01-01", "grade": "A"}),
    );
    let province = with(province, "period_ends", json!("2026-01-01"));
    let province = with(
        province,
        "interpretations",
        json!([interpretation("first-day", &["early", "late"], "late")]),
    );
    with(
        province,
        "starts",
        json!({"interpretation": "first-day",
               "choices": {"early": "2021-01-01", "late": "2022-01-01"}}),
    )
}

fn county() -> Value {
    let county = file(
        "county",
        COUNTY,
        vec![
            layer("visits", json!({"definition": "lonely"}), service("visit")),
            layer(
                "meals",
                yes("one"),
                json!({"fee_waiver": {"names": words("meals"), "of": "meal", "per_mille": 500}}),
            ),
            layer(
                "bed",
                yes("two"),
                json!({"works": {"names": words("bed"), "works": "bed", "fen": 3_000}}),
            ),
            layer(
                "voucher",
                yes("two"),
                json!({"priority": {"names": words("queue"), "in": "home", "tier": 2,
                                    "rows": [{"when": yes("one"), "tier": 1}]}}),
            ),
        ],
    );
    let county = with(county, "source", json!("list"));
    with(
        county,
        "definitions",
        json!([definition("lonely", yes("lives_alone"))]),
    )
}

/// Every fault of the files after an edit, as `(file, at, kind)`.
fn found(edit: impl FnOnce(&mut Files)) -> Vec<(String, String, Kind)> {
    let mut files = files();
    edit(&mut files);
    let Err(error) = load(&files) else {
        return Vec::new();
    };
    for fault in &error.diagnostics {
        let message = &fault.message;
        assert!(!message.is_empty() && !message.contains('\n'), "{fault}");
        // The place is one of the file, or a key that the file lacks.
        let text = files.get(&fault.file);
        let (parent, _) = fault.at.rsplit_once('/').unwrap_or_default();
        let there = text.is_some_and(|file| file.pointer(parent).is_some());
        assert!(there, "no such place: {fault}");
    }
    error
        .diagnostics
        .into_iter()
        .map(|fault| (fault.file, fault.at, fault.kind))
        .collect()
}

/// An edit of the files gives just these faults.
#[track_caller]
fn breaks_with(edit: impl FnOnce(&mut Files), expected: &[(&str, &str, Kind)]) {
    let found = found(edit);
    let found: Vec<(&str, &str, Kind)> = found
        .iter()
        .map(|(file, at, kind)| (file.as_str(), at.as_str(), *kind))
        .collect();
    assert_eq!(found, expected);
}

/// A value put at one place of one file gives just this fault of that file.
#[track_caller]
fn breaks(path: &str, at: &str, value: Value, place: &str, kind: Kind) {
    breaks_with(edit(path, at, value), &[(path, place, kind)]);
}

/// A value put at one place of one file is no fault.
#[track_caller]
fn holds(path: &str, at: &str, value: Value) {
    breaks_with(edit(path, at, value), &[]);
}

fn edit<'e>(path: &'e str, at: &'e str, value: Value) -> impl FnOnce(&mut Files) + 'e {
    move |files| put(files.get_mut(path).expect("the file"), at, value)
}

/// A value put at one place of one file gives one fault or more, all of this kind and
/// at this place or within it.
#[track_caller]
fn refused(path: &str, at: &str, value: Value, within: &str, kind: Kind) {
    let shown = format!("{at} = {value}");
    let found = found(edit(path, at, value));
    assert!(!found.is_empty(), "accepted: {path}#{shown}");
    for (file, at, found) in found {
        assert_eq!((file.as_str(), found), (path, kind), "{shown}: {at}");
        assert!(at.starts_with(within), "{shown}: {at}");
    }
}

/// The condition of the allowance of the nation, in each test another.
const WHO: &str = "/layers/0/who";

#[test]
fn the_files_are_whole_before_they_are_broken() {
    breaks_with(|_| {}, &[]);
}

// ---- form ------------------------------------------------------------------

#[test]
fn unknown_key() {
    for (path, object) in [
        (FIRST, ""),
        (FIRST, "/in_force"),
        (FIRST, "/interpretations/0"),
        (FIRST, "/interpretations/0/choices/1"),
        (FIRST, "/definitions/0"),
        (FIRST, "/definitions/0/is/reading"),
        (FIRST, "/layers/0"),
        (FIRST, "/layers/0/benefit/cash"),
        (FIRST, "/layers/0/benefit/cash/rows/0"),
        (FIRST, "/layers/1/parts/insured"),
        (FIRST, "/layers/1/parts/insured/when/fact"),
        (FIRST, "/layers/1/parts/level/when/level"),
        (FIRST, "/layers/1/benefit/cost_share"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/cap"),
        (FIRST, "/layers/1/benefit/cost_share/starts"),
        (FIRST, "/layers/1/benefit/cost_share/ceiling"),
        (FIRST, "/layers/2/who/any/1/diagnosis"),
        (FIRST, "/layers/2/benefit/service"),
        (FIRST, "/relations/0"),
        (FIRST, "/relations/0/rule/after"),
        (FIRST, "/relations/1/rule/excludes"),
        (FIRST, "/relations/2/rule/together"),
        (SECOND, "/starts"),
        (SECOND, "/layers/0/notes/0"),
        (SECOND, "/layers/1/who/all/1/locally_set"),
        (THIRD, "/layers/1/benefit/fee_waiver"),
        (THIRD, "/layers/2/benefit/works"),
        (THIRD, "/layers/3/benefit/priority"),
        (THIRD, "/layers/3/benefit/priority/rows/0"),
        (REGISTER, ""),
        (REGISTER, "/programmes/0"),
        (FACTS, "/facts/0"),
    ] {
        let key = format!("{object}/colour");
        breaks(path, &key, json!("red"), object, Kind::Shape);
    }
    // A word that no condition, benefit or relation has, and two words at once.
    for (at, value) in [
        (WHO, json!({"maybe": yes("one")})),
        (WHO, json!({"all": [], "any": []})),
        (WHO, json!({})),
        ("/layers/0/benefit", json!({"gold": {}})),
        ("/relations/1/rule", json!({"forbids": {}})),
    ] {
        breaks(FIRST, at, value, at, Kind::Shape);
    }
}

/// Null says "set locally" of an amount or a ratio, and of three values of a share. Of
/// anything else a key is left out.
#[test]
fn null_where_it_is_not_allowed() {
    for (path, at) in [
        (FIRST, "/layers"),
        (FIRST, "/relations"),
        (FIRST, "/in_force/to"),
        (FIRST, "/layers/0/variant"),
        (FIRST, "/layers/0/access"),
        (FIRST, "/layers/0/in_force"),
        (FIRST, "/layers/0/who"),
        (FIRST, "/layers/0/cite"),
        (FIRST, "/layers/0/benefit/cash/per"),
        (FIRST, "/layers/0/benefit/cash/form"),
        (FIRST, "/layers/0/benefit/cash/rows/0/when"),
        (FIRST, "/layers/1/parts/insured/waived"),
        (FIRST, "/layers/1/parts/insured/when"),
        (FIRST, "/layers/1/benefit/cost_share/rows"),
        (FIRST, "/layers/1/benefit/cost_share/cap_reads"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/cap"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/when"),
        (FIRST, "/layers/1/benefit/cost_share/ceiling/per_mille"),
        (FIRST, "/layers/2/benefit/service/times"),
        (FIRST, "/relations/1/in_force"),
        (SECOND, "/period_ends"),
        (SECOND, "/starts"),
        (THIRD, "/layers/1/benefit/fee_waiver/fen"),
        (THIRD, "/layers/3/benefit/priority/tier"),
        (REGISTER, "/programmes/0/scheme"),
        (FACTS, "/facts/0/none"),
    ] {
        breaks(path, at, Value::Null, at, Kind::Shape);
    }
    for (path, at) in [
        (FIRST, "/layers/0/benefit/cash/fen"),
        (FIRST, "/layers/0/benefit/cash/rows/0/fen"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/per_mille"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/cap/fen"),
        (FIRST, "/layers/1/benefit/cost_share/starts"),
        (FIRST, "/layers/1/benefit/cost_share/validity_months"),
        (FIRST, "/layers/1/benefit/cost_share/ceiling"),
        (FIRST, "/layers/1/benefit/cost_share/ceiling/fen"),
        (THIRD, "/layers/1/benefit/fee_waiver/per_mille"),
        (THIRD, "/layers/2/benefit/works/fen"),
    ] {
        holds(path, at, Value::Null);
    }
}

/// An amount that is set locally is said to be: it is never just left out.
#[test]
fn an_amount_left_out() {
    for (path, object, key) in [
        (FIRST, "/layers/0/benefit/cash", "fen"),
        (FIRST, "/layers/0/benefit/cash/rows/0", "fen"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0", "per_mille"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/cap", "fen"),
        (THIRD, "/layers/2/benefit/works", "fen"),
    ] {
        let remove = |files: &mut Files| {
            let place = files.get_mut(path).unwrap().pointer_mut(object).unwrap();
            *place = without(place.take(), key);
        };
        breaks_with(remove, &[(path, object, Kind::Shape)]);
    }
}

#[test]
fn a_word_of_a_closed_list() {
    for (path, at) in [
        (FIRST, "/source"),
        (FIRST, "/layers/0/force"),
        (FIRST, "/layers/0/access"),
        (FIRST, "/layers/0/grade"),
        (FIRST, "/layers/0/benefit/cash/per"),
        (FIRST, "/layers/1/benefit/cost_share/rows/0/setting/0"),
    ] {
        breaks(path, at, json!("perhaps"), at, Kind::Shape);
    }
    breaks(
        FIRST,
        "/in_force/from",
        json!("2020-02-30"),
        "/in_force/from",
        Kind::Shape,
    );
    breaks(FIRST, "/schema", json!(2), "/schema", Kind::Shape);
}

// ---- ids -------------------------------------------------------------------

#[test]
fn unknown_programme() {
    for (path, at) in [
        (FIRST, "/layers/0/programme"),
        (FIRST, "/layers/1/programme"),
        (FIRST, "/relations/0/rule/after/programme"),
        (FIRST, "/relations/0/rule/after/of/0"),
        (FIRST, "/relations/1/rule/excludes/programme"),
        (FIRST, "/relations/1/rule/excludes/when/receives"),
        (FIRST, "/relations/2/rule/together/programmes/1"),
    ] {
        breaks(path, at, json!("pension"), at, Kind::UnknownReference);
    }
    let who = json!({"receives": "pension"});
    breaks(
        FIRST,
        WHO,
        who,
        "/layers/0/who/receives",
        Kind::UnknownReference,
    );
}

#[test]
fn duplicate_programme() {
    let twice = json!({"id": "meals", "names": words("meals")});
    breaks(
        REGISTER,
        "/programmes/6",
        twice.clone(),
        "/programmes/6/id",
        Kind::DuplicateCode,
    );
    // In another register too.
    let register = json!({"kind": "register", "schema": 1, "programmes": [twice]});
    breaks_with(
        |files| {
            files.insert("programmes/register-2.json".to_owned(), register);
        },
        // The earlier path declares it.
        &[(REGISTER, "/programmes/2/id", Kind::DuplicateCode)],
    );
}

#[test]
fn bad_programme_id() {
    let long = "a".repeat(65);
    for id in [
        "", "Meals", "meals_on", "9meals", "-meals", "餐", " meals", &long,
    ] {
        let at = "/programmes/6";
        let programme = json!({"id": id, "names": words("another")});
        breaks(REGISTER, at, programme, "/programmes/6/id", Kind::Shape);
    }
    for id in ["a", "meals-9", &long[..64]] {
        let programme = json!({"id": id, "names": words("another")});
        holds(REGISTER, "/programmes/6", programme);
    }
}

#[test]
fn duplicate_file_id() {
    breaks(SECOND, "/id", json!("nation"), "/id", Kind::DuplicateCode);
    breaks(THIRD, "/id", json!("nation"), "/id", Kind::DuplicateCode);
}

#[test]
fn duplicate_rule_id_of_a_layer() {
    let again = layer("visits", yes("one"), service("visit"));
    breaks(
        THIRD,
        "/layers/4",
        again.clone(),
        "/layers/4",
        Kind::DuplicateCode,
    );
    holds(
        THIRD,
        "/layers/4",
        with(again.clone(), "variant", json!("b")),
    );
    // In another file of the same place.
    breaks_with(
        |files| {
            let further = file("further", COUNTY, vec![again]);
            files.insert(FOURTH.to_owned(), further);
        },
        &[(FOURTH, "/layers/0", Kind::DuplicateCode)],
    );
}

fn further_relation() -> Value {
    relation(
        "order",
        json!({"suspends": {"programme": "meals", "when": yes("one")}}),
    )
}

#[test]
fn duplicate_id_of_a_relation() {
    let at = "/relations/3/id";
    breaks(
        FIRST,
        "/relations/3",
        further_relation(),
        at,
        Kind::DuplicateCode,
    );
    // In another place it is another relation.
    holds(SECOND, "/relations", json!([further_relation()]));
}

/// The id of a relation is that of a rule: `place/relation/id`.
#[test]
fn duplicate_id_of_a_relation_in_another_file_of_the_place() {
    breaks_with(
        |files| {
            let further = with(
                file("further", NATION, vec![]),
                "relations",
                json!([further_relation()]),
            );
            files.insert(FOURTH.to_owned(), further);
        },
        &[(FOURTH, "/relations/0/id", Kind::DuplicateCode)],
    );
}

#[test]
fn duplicate_definition() {
    breaks(
        FIRST,
        "/definitions/2",
        definition("old", yes("one")),
        "/definitions/2/id",
        Kind::DuplicateCode,
    );
}

/// What a word means in a place on a day must not hang on the order of files.
#[test]
fn duplicate_definition_in_another_file_of_the_place() {
    breaks_with(
        |files| {
            let further = with(
                file("further", NATION, vec![]),
                "definitions",
                json!([definition("old", yes("one"))]),
            );
            files.insert(FOURTH.to_owned(), further);
        },
        &[(FOURTH, "/definitions/0/id", Kind::DuplicateCode)],
    );
}

#[test]
fn duplicate_interpretation() {
    let again = interpretation("cap", &["a", "b"], "a");
    breaks(
        FIRST,
        "/interpretations/2",
        again.clone(),
        "/interpretations/2/id",
        Kind::DuplicateCode,
    );
    breaks_with(
        |files| {
            let further = with(
                file("further", NATION, vec![]),
                "interpretations",
                json!([again]),
            );
            files.insert(FOURTH.to_owned(), further);
        },
        &[(FOURTH, "/interpretations/0/id", Kind::DuplicateCode)],
    );
}

#[test]
fn a_choice_that_stands_twice() {
    breaks(
        FIRST,
        "/interpretations/2",
        interpretation("third", &["a", "b", "a"], "a"),
        "/interpretations/2/choices/2/key",
        Kind::DuplicateCode,
    );
}

#[test]
fn unknown_jurisdiction() {
    for code in ["770101", "000100", "000001"] {
        breaks(
            THIRD,
            "/jurisdiction",
            json!(code),
            "/jurisdiction",
            Kind::UnknownReference,
        );
    }
    for code in ["", "99", "9900000", "99000a", "somewhere"] {
        breaks(
            SECOND,
            "/jurisdiction",
            json!(code),
            "/jurisdiction",
            Kind::UnknownReference,
        );
    }
    // A place under a known province needs no name of its own.
    holds(THIRD, "/jurisdiction", json!("990177"));
}

// ---- days ------------------------------------------------------------------

#[test]
fn a_life_that_ends_before_it_begins() {
    for to in ["2020-01-01", "2019-12-31"] {
        let life = json!({"from": "2020-01-01", "to": to, "grade": "A"});
        for (path, at) in [
            (THIRD, "/in_force"),
            (FIRST, "/layers/0/in_force"),
            (FIRST, "/layers/1/in_force"),
            (FIRST, "/relations/0/in_force"),
            (FIRST, "/relations/1/in_force"),
        ] {
            let place = format!("{at}/to");
            breaks(path, at, life.clone(), &place, Kind::OutOfRange);
        }
        // Of a definition that no rule uses.
        let unused = with(definition("unused", yes("one")), "in_force", life.clone());
        let place = "/definitions/1/in_force/to";
        breaks(THIRD, "/definitions/1", unused, place, Kind::OutOfRange);
    }
}

#[test]
fn a_life_of_a_definition_in_use_that_ends_before_it_begins() {
    let life = json!({"from": "2020-01-01", "to": "2019-12-31", "grade": "A"});
    breaks_with(
        edit(THIRD, "/definitions/0/in_force", life),
        &[
            (THIRD, "/definitions/0/in_force/to", Kind::OutOfRange),
            (THIRD, "/layers/0/who", Kind::Gap),
        ],
    );
}

#[test]
fn period_ends_on_what_is_no_plan() {
    for source in ["law", "list", "scheme"] {
        breaks(
            SECOND,
            "/source",
            json!(source),
            "/period_ends",
            Kind::Shape,
        );
    }
    breaks(
        FIRST,
        "/period_ends",
        json!("2026-01-01"),
        "/period_ends",
        Kind::Shape,
    );
}

#[test]
fn starts_that_does_not_agree() {
    let starts = |id: &str, choices: Value| json!({"interpretation": id, "choices": choices});
    for wrong in [
        // Of no file, and of another file.
        starts(
            "second-day",
            json!({"early": "2021-01-01", "late": "2022-01-01"}),
        ),
        starts(
            "poverty",
            json!({"narrow": "2022-01-01", "wide": "2021-01-01"}),
        ),
        // Not every choice, one too many, another one.
        starts("first-day", json!({"late": "2022-01-01"})),
        starts(
            "first-day",
            json!({"early": "2021-01-01", "late": "2022-01-01", "later": "2023-01-01"}),
        ),
        starts(
            "first-day",
            json!({"early": "2021-01-01", "later": "2022-01-01"}),
        ),
        // The first day of the default is not that of the file.
        starts(
            "first-day",
            json!({"early": "2022-01-01", "late": "2021-01-01"}),
        ),
        starts(
            "first-day",
            json!({"early": "2021-01-01", "late": "2022-01-02"}),
        ),
    ] {
        breaks(SECOND, "/starts", wrong, "/starts", Kind::UnknownReference);
    }
}

// ---- evidence --------------------------------------------------------------

#[test]
fn c_on_a_layer() {
    for (path, at) in [
        (FIRST, "/layers/0/grade"),
        (FIRST, "/layers/1/grade"),
        (THIRD, "/layers/2/grade"),
    ] {
        breaks(path, at, json!("C"), at, Kind::OutOfRange);
    }
    for at in ["/definitions/0/grade", "/interpretations/0/grade"] {
        holds(FIRST, at, json!("C"));
    }
}

/// C stands on a definition or a reading alone: not on who is in a scheme, nor on what
/// bars a right.
#[test]
fn c_on_a_part_and_on_a_relation() {
    for at in [
        "/layers/1/parts/insured/grade",
        "/relations/0/grade",
        "/relations/1/grade",
    ] {
        breaks(FIRST, at, json!("C"), at, Kind::OutOfRange);
    }
}

#[test]
fn missing_citation() {
    for (path, at) in [
        (FIRST, "/interpretations/0"),
        (FIRST, "/definitions/0"),
        (FIRST, "/layers/0"),
        (FIRST, "/layers/1"),
        (FIRST, "/layers/1/parts/insured"),
        (FIRST, "/relations/0"),
        (FIRST, "/relations/1"),
        (FIRST, "/relations/2"),
        (SECOND, "/layers/0/notes/0"),
        (THIRD, "/layers/1"),
    ] {
        let place = format!("{at}/cite");
        breaks(path, &place, json!([]), &place, Kind::MissingCitation);
        let remove = |files: &mut Files| {
            let rule = files.get_mut(path).unwrap().pointer_mut(at).unwrap();
            *rule = without(rule.take(), "cite");
        };
        breaks_with(remove, &[(path, &place, Kind::MissingCitation)]);
    }
}

#[test]
fn unknown_citation_of_a_leaf() {
    let leaves = [
        json!({"fact": {"id": "age", "at_least": 60, "cite": ["no-such.1"]}}),
        json!({"level": {"instrument": "gait", "at_least": "unsteady", "cite": ["no-such.1"]}}),
        json!({"locally_set": {"names": {"zh": "条件", "en": "condition"}, "cite": ["no-such.1"]}}),
    ];
    for leaf in leaves {
        let word = leaf.as_object().unwrap().keys().next().unwrap().clone();
        let at = format!("/layers/0/who/{word}/cite/0");
        breaks(FIRST, "/layers/0/who", leaf, &at, Kind::UnknownCitation);
    }
}

#[test]
fn unknown_citation() {
    for cite in ["law.10", "law", "law.", "order.1", ""] {
        for (path, at) in [
            (FIRST, "/interpretations/0"),
            (FIRST, "/definitions/0"),
            (FIRST, "/layers/0"),
            (FIRST, "/layers/1/parts/insured"),
            (FIRST, "/relations/1"),
            (SECOND, "/layers/0/notes/0"),
        ] {
            let at = format!("{at}/cite");
            let place = format!("{at}/1");
            let cite = json!(["law.1", cite]);
            breaks(path, &at, cite, &place, Kind::UnknownCitation);
        }
    }
}

/// A document is declared once, wherever it is cited.
#[test]
fn a_document_declared_twice() {
    let document = json!({"id": "law", "names": words("law"), "clauses": {"1": words("one")}});
    breaks(
        THIRD,
        "/documents",
        json!([document]),
        "/documents/0/id",
        Kind::DuplicateCode,
    );
    let order = json!({"id": "order", "names": words("order"), "clauses": {"1": words("one")}});
    breaks_with(
        |files| {
            edit(THIRD, "/documents", json!([order]))(files);
            edit(FIRST, "/layers/0/cite", json!(["order.1"]))(files);
        },
        &[],
    );
}

// ---- facts asked -----------------------------------------------------------

#[test]
fn unknown_fact() {
    for (path, at) in [
        (FIRST, "/layers/1/parts/insured/when/fact/id"),
        (FIRST, "/layers/2/who/any/0/fact/id"),
        (FIRST, "/layers/0/benefit/cash/rows/0/when/fact/id"),
        (FIRST, "/definitions/1/is/fact/id"),
        (FIRST, "/definitions/0/is/reading/choices/wide/fact/id"),
        (THIRD, "/layers/3/benefit/priority/rows/0/when/fact/id"),
    ] {
        breaks(path, at, json!("weight"), at, Kind::UnknownReference);
    }
    let at = "/layers/1/benefit/cost_share/starts/after";
    for fact in ["weight", "lives_alone", "age"] {
        breaks(FIRST, at, json!(fact), at, Kind::UnknownReference);
    }
}

/// A fact compared as its type is not.
#[test]
fn wrong_comparison() {
    for (ask, key) in [
        (json!({"id": "lives_alone"}), ""),
        (json!({"id": "lives_alone", "is": true, "at_least": 1}), ""),
        (
            json!({"id": "economic", "is": "low", "one_of": ["low"]}),
            "",
        ),
        (json!({"id": "lives_alone", "at_least": 1}), ""),
        (json!({"id": "birth_date", "at_most": 1940}), ""),
        (json!({"id": "economic", "at_least": 1}), ""),
        (json!({"id": "lives_alone", "is": "yes"}), "/is"),
        (json!({"id": "lives_alone", "is": 1}), "/is"),
        (json!({"id": "age", "is": true}), "/is"),
        (json!({"id": "age", "is": "80"}), "/is"),
        (json!({"id": "birth_date", "is": "1940-01-01"}), "/is"),
        (json!({"id": "honours", "is": "hero"}), "/is"),
        (json!({"id": "hukou", "is": "990000"}), "/is"),
        (json!({"id": "receives", "is": "visits"}), "/is"),
        (json!({"id": "age", "one_of": ["80"]}), "/one_of"),
        (json!({"id": "honours", "one_of": ["hero"]}), "/one_of"),
        (json!({"id": "economic", "one_of": []}), "/one_of"),
        (json!({"id": "economic", "any_of": ["low"]}), "/any_of"),
        (json!({"id": "receives", "any_of": ["visits"]}), "/any_of"),
        (json!({"id": "honours", "any_of": []}), "/any_of"),
        (json!({"id": "economic", "within": "990000"}), "/within"),
        (json!({"id": "hukou", "within": "99"}), "/within"),
    ] {
        let place = format!("{WHO}/fact{key}");
        breaks(FIRST, WHO, json!({"fact": ask}), &place, Kind::OutOfRange);
    }
    let elsewhere = json!({"fact": {"id": "hukou", "within": "770000"}});
    let place = format!("{WHO}/fact/within");
    breaks(FIRST, WHO, elsewhere, &place, Kind::UnknownReference);
    for ask in [
        json!({"id": "lives_alone", "is": false}),
        json!({"id": "age", "is": 80}),
        json!({"id": "age", "at_least": 80, "at_most": 89}),
        json!({"id": "economic", "is": "none"}),
        json!({"id": "economic", "one_of": ["dibao", "none"]}),
        json!({"id": "honours", "any_of": ["hero"]}),
        json!({"id": "hukou", "within": "990101"}),
        json!({"id": "support", "is": "none"}),
    ] {
        holds(FIRST, WHO, json!({"fact": ask}));
    }
}

#[test]
fn unknown_value() {
    for (ask, key) in [
        (json!({"id": "economic", "is": "rich"}), "is"),
        (
            json!({"id": "economic", "one_of": ["dibao", "rich"]}),
            "one_of",
        ),
        (
            json!({"id": "honours", "any_of": ["hero", "rich"]}),
            "any_of",
        ),
        (json!({"id": "honours", "any_of": ["none"]}), "any_of"),
        // No value is called none, and the fact has none for a person without.
        (json!({"id": "setting", "is": "none"}), "is"),
    ] {
        let place = format!("{WHO}/fact/{key}");
        breaks(FIRST, WHO, json!({"fact": ask}), &place, Kind::OutOfRange);
    }
}

#[test]
fn unreachable_bound() {
    let place = format!("{WHO}/fact");
    for bounds in [
        json!({"at_least": 5}),
        json!({"at_most": 0}),
        json!({"at_least": 3, "at_most": 2}),
        json!({"at_least": 1, "at_most": 0}),
    ] {
        let ask = with(bounds, "id", json!("certificate"));
        breaks(FIRST, WHO, json!({"fact": ask}), &place, Kind::OutOfRange);
    }
    for bounds in [
        json!({"at_least": 4}),
        json!({"at_most": 1}),
        json!({"at_least": 2, "at_most": 2}),
    ] {
        let ask = with(bounds, "id", json!("certificate"));
        holds(FIRST, WHO, json!({"fact": ask}));
    }
}

#[test]
fn a_number_that_a_fact_never_is() {
    for number in [0, 5] {
        let who = json!({"fact": {"id": "certificate", "is": number}});
        refused(FIRST, WHO, who, &format!("{WHO}/fact"), Kind::OutOfRange);
    }
}

// ---- levels and diagnoses asked --------------------------------------------

const LEVEL: &str = "/layers/1/parts/level/when/level";

#[test]
fn unknown_instrument() {
    let at = format!("{LEVEL}/instrument");
    breaks(FIRST, &at, json!("gaits"), &at, Kind::UnknownReference);
}

#[test]
fn unknown_level() {
    for bound in ["at_least", "at_most"] {
        let at = format!("{LEVEL}/{bound}");
        breaks(FIRST, &at, json!("mild"), &at, Kind::UnknownLevel);
    }
}

#[test]
fn levels_out_of_order() {
    let level =
        |least: &str, most: &str| json!({"instrument": "gait", "at_least": least, "at_most": most});
    breaks(
        FIRST,
        LEVEL,
        level("bedridden", "unsteady"),
        LEVEL,
        Kind::Shape,
    );
    holds(FIRST, LEVEL, level("bedridden", "bedridden"));
    // Or without a bound at all.
    breaks(
        FIRST,
        LEVEL,
        json!({"instrument": "gait", "within_months": 12}),
        LEVEL,
        Kind::Shape,
    );
}

#[test]
fn if_absent_is_false_or_nothing() {
    let at = format!("{LEVEL}/if_absent");
    breaks(FIRST, &at, json!(true), &at, Kind::Shape);
}

#[test]
fn if_absent_of_a_fact_is_true_or_nothing() {
    let ask = |value: bool| json!({"id": "months_insured", "at_least": 6, "if_absent": value});
    let place = "/layers/1/parts/insured/when/fact";
    let at = format!("{place}/if_absent");
    breaks(FIRST, place, ask(false), &at, Kind::Shape);
    holds(FIRST, place, ask(true));
}

#[test]
fn a_validity_of_a_month_or_more_and_no_second_age() {
    let at = format!("{LEVEL}/under_months");
    breaks(FIRST, &at, json!(0), &at, Kind::OutOfRange);
    holds(FIRST, &at, json!(1));
    let both = json!({"instrument": "gait", "at_least": "unsteady", "if_absent": false,
                      "within_months": 12, "under_months": 12});
    breaks(FIRST, LEVEL, both, &at, Kind::Shape);
}

#[test]
fn a_diagnosis_of_an_unknown_field() {
    let place = "/layers/2/who/any/1/diagnosis";
    for (key, value) in [
        ("code", json!("D.9")),
        ("code", json!("D.2")),
        ("code", json!("W.1")),
        ("instrument", json!("gaits")),
    ] {
        let at = format!("{place}/{key}");
        breaks(FIRST, &at, value, place, Kind::UnknownReference);
    }
    let without_instrument = json!({"code": "D.1", "within": ["F00-F03"]});
    breaks(
        FIRST,
        place,
        without_instrument,
        place,
        Kind::UnknownReference,
    );
    for range in ["F3", "F03-F00", "F00~F03", "", "dementia"] {
        let at = format!("{place}/within");
        breaks(FIRST, &at, json!(["F00", range]), &at, Kind::Shape);
    }
}

// ---- definitions -----------------------------------------------------------

#[test]
fn undefined_definition() {
    let unknown = json!({"definition": "rich"});
    breaks(FIRST, WHO, unknown.clone(), WHO, Kind::UnknownReference);
    for at in [
        "/layers/0/who/all/1",
        "/layers/1/parts/insured/when",
        "/layers/0/benefit/cash/rows/0/when",
        "/relations/1/rule/excludes/when",
        "/definitions/1/is",
    ] {
        breaks(FIRST, at, unknown.clone(), at, Kind::UnknownReference);
    }
}

/// A word means in the nation what the nation defines: never what a place below does.
#[test]
fn a_definition_of_a_place_below_does_not_resolve() {
    let lonely = json!({"definition": "lonely"});
    for (path, at) in [
        (FIRST, WHO),
        (FIRST, "/relations/1/rule/excludes/when"),
        (SECOND, "/layers/0/who"),
    ] {
        breaks(path, at, lonely.clone(), at, Kind::UnknownReference);
    }
    // Nor does it where a rule below comes to it by a definition above.
    let at = "/definitions/1/is";
    breaks(FIRST, at, lonely, at, Kind::UnknownReference);
}

#[test]
fn a_definition_that_is_not_in_force_on_some_day_of_the_layer() {
    let life = |from: &str, to: Option<&str>| match to {
        Some(to) => json!({"from": from, "to": to, "grade": "A"}),
        None => json!({"from": from, "grade": "A"}),
    };
    // It begins too late, ends too early, or both.
    for (from, to) in [
        ("2020-01-02", None),
        ("2020-01-01", Some("2030-01-01")),
        ("2025-01-01", Some("2026-01-01")),
    ] {
        breaks(
            FIRST,
            "/definitions/1/in_force",
            life(from, to),
            "/layers/0/who/all/1",
            Kind::Gap,
        );
    }
    // Two versions: with a day between them, and without.
    let versions = |to: &str| {
        let to = life("2020-01-01", Some(to));
        move |files: &mut Files| {
            edit(FIRST, "/definitions/1/in_force", to)(files);
            let later = with(
                definition("old", yes("one")),
                "in_force",
                life("2025-01-01", None),
            );
            edit(FIRST, "/definitions/2", later)(files);
        }
    };
    breaks_with(
        versions("2024-12-31"),
        &[(FIRST, "/layers/0/who/all/1", Kind::Gap)],
    );
    breaks_with(versions("2025-01-01"), &[]);
    breaks_with(
        versions("2025-01-02"),
        &[(FIRST, "/definitions/2/id", Kind::DuplicateCode)],
    );
    // A layer that itself lives only then needs no more.
    breaks_with(
        |files| {
            let then = life("2025-01-01", Some("2026-01-01"));
            edit(FIRST, "/definitions/1/in_force", then.clone())(files);
            edit(FIRST, "/layers/0/in_force", then)(files);
        },
        &[],
    );
    // On other days it means what the place above defines.
    let lonely = with(
        definition("poor", yes("one")),
        "in_force",
        life("2025-01-01", Some("2026-01-01")),
    );
    holds(SECOND, "/definitions", json!([lonely]));
}

/// A relation asks its definitions on every day of its life too, and a definition those
/// that it uses.
#[test]
fn a_definition_that_is_not_in_force_for_a_relation_or_a_definition() {
    let late = with(
        definition("late", yes("one")),
        "in_force",
        json!({"from": "2025-01-01", "grade": "A"}),
    );
    for at in ["/relations/1/rule/excludes/when", "/definitions/2/is"] {
        breaks_with(
            |files| {
                edit(FIRST, "/definitions/2", definition("user", yes("two")))(files);
                edit(FIRST, "/definitions/3", late.clone())(files);
                edit(FIRST, at, json!({"definition": "late"}))(files);
            },
            &[(FIRST, at, Kind::Gap)],
        );
    }
}

/// What begins on the same day under every reading is there on every day of the other.
#[test]
fn a_definition_that_begins_with_its_layer_by_the_same_reading() {
    breaks_with(
        |files| {
            let own = definition("own", yes("one"));
            edit(SECOND, "/definitions", json!([own]))(files);
            edit(SECOND, "/layers/0/who", json!({"definition": "own"}))(files);
        },
        &[],
    );
}

#[test]
fn a_cycle_of_definitions() {
    let uses = |id: &str| json!({"definition": id});
    breaks(
        FIRST,
        "/definitions/1/is",
        json!({"any": [yes("one"), uses("old")]}),
        "/definitions/1/is/any/1",
        Kind::UnknownReference,
    );
    // By way of another: each of the two comes back to itself.
    breaks_with(
        |files| {
            edit(FIRST, "/definitions/2", definition("older", uses("old")))(files);
            edit(FIRST, "/definitions/1/is", json!({"not": uses("older")}))(files);
        },
        &[
            (FIRST, "/definitions/1/is/not", Kind::UnknownReference),
            (FIRST, "/definitions/2/is", Kind::UnknownReference),
        ],
    );
    // A place may refine the word of the one above it, in its own words.
    let refined = definition("poor", json!({"any": [yes("one"), yes("two")]}));
    holds(THIRD, "/definitions/1", refined);
}

// ---- interpretations -------------------------------------------------------

const READING: &str = "/definitions/0/is/reading";

#[test]
fn unknown_interpretation() {
    let at = format!("{READING}/interpretation");
    breaks(FIRST, &at, json!("riches"), &at, Kind::UnknownReference);
    // That of a place below is unknown above.
    breaks(FIRST, &at, json!("first-day"), &at, Kind::UnknownReference);
    // That of a place above is known below.
    let who = json!({"reading": {"interpretation": "poverty",
                                 "choices": {"narrow": yes("one"), "wide": yes("two")}}});
    holds(THIRD, "/layers/1/who", who);
}

#[test]
fn an_interpretation_without_all_choices() {
    let at = format!("{READING}/choices");
    for choices in [
        json!({}),
        json!({"narrow": yes("one")}),
        json!({"narrow": yes("one"), "wider": yes("two")}),
        json!({"narrow": yes("one"), "wide": yes("two"), "wider": yes("one")}),
    ] {
        breaks(FIRST, &at, choices, &at, Kind::Gap);
    }
}

#[test]
fn a_default_that_is_no_choice() {
    let at = "/interpretations/0/default";
    breaks(FIRST, at, json!("widest"), at, Kind::UnknownReference);
    // One choice is no ambiguity.
    breaks(
        FIRST,
        "/interpretations/2",
        interpretation("third", &["a"], "a"),
        "/interpretations/2/default",
        Kind::UnknownReference,
    );
}

#[test]
fn cap_reads_without_the_two_choices() {
    let at = "/layers/1/benefit/cost_share/cap_reads";
    for id in ["poverty", "caps", "first-day"] {
        breaks(FIRST, at, json!(id), at, Kind::UnknownReference);
    }
    let third = interpretation("third", &["counted_cost", "payment", "both"], "both");
    breaks_with(
        |files| {
            edit(FIRST, "/interpretations/2", third)(files);
            edit(FIRST, at, json!("third"))(files);
        },
        &[(FIRST, at, Kind::UnknownReference)],
    );
}

// ---- who -------------------------------------------------------------------

#[test]
fn who_on_a_scheme_and_parts_elsewhere() {
    let parts = json!({"one": part(yes("one"))});
    let place = "/layers/1";
    breaks(FIRST, "/layers/1/who", yes("one"), place, Kind::Shape);
    breaks(
        FIRST,
        "/layers/0/parts",
        parts.clone(),
        "/layers/0",
        Kind::Shape,
    );
    breaks(FIRST, "/layers/1/parts", json!({}), place, Kind::Shape);
    breaks_with(
        |files| {
            let layer = &mut files.get_mut(FIRST).unwrap()["layers"][1];
            *layer = with(without(layer.take(), "parts"), "who", yes("one"));
        },
        &[(FIRST, "/layers/1", Kind::Shape)],
    );
    breaks_with(
        |files| {
            let layer = &mut files.get_mut(FIRST).unwrap()["layers"][0];
            *layer = with(without(layer.take(), "who"), "parts", parts);
        },
        &[(FIRST, "/layers/0", Kind::Shape)],
    );
    breaks_with(
        |files| {
            let layer = &mut files.get_mut(FIRST).unwrap()["layers"][0];
            *layer = without(layer.take(), "who");
        },
        &[(FIRST, "/layers/0", Kind::Shape)],
    );
}

#[test]
fn a_part_with_both_or_neither() {
    let at = "/layers/1/parts/insured";
    let both = with(part(yes("one")), "waived", json!(true));
    let neither = without(part(yes("one")), "when");
    breaks(FIRST, at, both, at, Kind::Shape);
    breaks(FIRST, at, neither.clone(), at, Kind::Shape);
    holds(FIRST, at, with(neither, "waived", json!(true)));
}

#[test]
fn two_versions_of_a_scheme_on_one_day_in_one_place() {
    let version = |variant: &str| {
        let version = scheme(
            json!({"insured": part(yes("one"))}),
            cost_share(json!([{"per_mille": 100}])),
        );
        with(version, "variant", json!(variant))
    };
    let place = "/layers/3";
    breaks(FIRST, place, version("b"), place, Kind::Overlap);
    // In another file of the place.
    breaks_with(
        |files| {
            let further = file("further", NATION, vec![version("b")]);
            files.insert(FOURTH.to_owned(), further);
        },
        &[(FOURTH, "/layers/0", Kind::Overlap)],
    );
    // One after the other, or in another place.
    breaks_with(
        |files| {
            let first = json!({"from": "2020-01-01", "to": "2024-01-01", "grade": "A"});
            let then = json!({"from": "2024-01-01", "grade": "A"});
            edit(FIRST, "/layers/1/in_force", first)(files);
            edit(FIRST, place, with(version("b"), "in_force", then))(files);
        },
        &[],
    );
    holds(THIRD, "/layers/4", version("b"));
    // Two layers of a programme that is no scheme join.
    let twice = with(
        layer("visits", yes("one"), service("visit")),
        "variant",
        json!("b"),
    );
    holds(FIRST, place, twice);
}

#[test]
fn words_that_ask_a_form_in_a_programme() {
    for word in [
        json!({"answer": {"code": "W.1", "is": 1}}),
        json!({"step": {"id": "points", "at_least": 1}}),
        json!({"sum": {"of": ["W.1", "W.2"], "at_least": 1}}),
        json!({"most": {"of": ["W.1", "W.2"], "at_least": 1}}),
        json!({"count": {"of": [yes("one"), yes("two")], "at_least": 1}}),
    ] {
        for (path, at) in [
            (FIRST, WHO),
            (FIRST, "/layers/0/who/all/0"),
            (FIRST, "/layers/1/parts/level/when"),
            (FIRST, "/layers/0/benefit/cash/rows/0/when"),
            (FIRST, "/layers/1/benefit/cost_share/rows/0/when"),
            (FIRST, "/definitions/0/is/reading/choices/wide"),
            (FIRST, "/relations/1/rule/excludes/when"),
            (THIRD, "/definitions/0/is"),
            (THIRD, "/layers/3/benefit/priority/rows/0/when"),
        ] {
            breaks(path, at, word.clone(), at, Kind::Shape);
        }
    }
}

#[test]
fn words_that_ask_the_case_in_an_instrument() {
    for word in [
        yes("one"),
        json!({"level": {"instrument": "gait", "at_least": "unsteady"}}),
        json!({"definition": "poor"}),
        json!({"locally_set": {"names": words("as set")}}),
        json!({"receives": "visits"}),
    ] {
        let at = "/checks/0/when";
        breaks(GAIT, at, word.clone(), at, Kind::Shape);
        let answer = json!({"answer": {"code": "D.2", "is": true}});
        let nested = json!({"any": [answer, {"not": word}]});
        breaks(GAIT, at, nested, "/checks/0/when/any/1/not", Kind::Shape);
    }
}

// ---- relations -------------------------------------------------------------

#[test]
fn too_few_programmes() {
    let at = "/relations/2/rule";
    for word in ["together", "coordinated"] {
        let place = format!("{at}/{word}/programmes");
        for few in [json!([]), json!(["visits"])] {
            let rule = json!({word: {"programmes": few}});
            breaks(FIRST, at, rule, &place, Kind::Shape);
        }
    }
    let at = "/relations/0/rule/after/of";
    breaks(FIRST, at, json!([]), at, Kind::Shape);
}

/// A programme stands once in a relation: with itself it is not two.
#[test]
fn a_programme_with_itself() {
    for word in ["together", "coordinated"] {
        let rule = json!({word: {"programmes": ["visits", "visits"]}});
        let place = format!("/relations/2/rule/{word}/programmes");
        let found = found(edit(FIRST, "/relations/2/rule", rule));
        assert_eq!(found.len(), 1, "{word}: {found:?}");
        assert_eq!(found[0].0, FIRST);
        assert!(found[0].1.starts_with(&place), "{found:?}");
    }
}

#[test]
fn an_order_that_goes_round_in_a_circle() {
    let back = |later: &str, earlier: &str| {
        relation(
            &format!("{later}-after-{earlier}"),
            json!({"after": {"programme": later, "of": [earlier]}}),
        )
    };
    let place = |n: usize| format!("/relations/{n}/rule/after");
    let (zero, three, four) = (place(0), place(3), place(4));
    breaks_with(
        edit(FIRST, "/relations/3", back("insurance", "voucher")),
        &[
            (FIRST, &zero, Kind::UnknownReference),
            (FIRST, &three, Kind::UnknownReference),
        ],
    );
    breaks_with(
        edit(FIRST, "/relations/3", back("meals", "meals")),
        &[(FIRST, &three, Kind::UnknownReference)],
    );
    // By way of a third; the order that stands beside the circle is none of it.
    breaks_with(
        |files| {
            edit(FIRST, "/relations/3", back("insurance", "meals"))(files);
            edit(FIRST, "/relations/4", back("meals", "voucher"))(files);
            edit(FIRST, "/relations/5", back("bed", "voucher"))(files);
        },
        &[
            (FIRST, &zero, Kind::UnknownReference),
            (FIRST, &three, Kind::UnknownReference),
            (FIRST, &four, Kind::UnknownReference),
        ],
    );
    holds(FIRST, "/relations/3", back("insurance", "meals"));
}

/// Two orders that never hold at once are no circle: one before the other in time, or
/// each in its own place.
#[test]
fn orders_that_never_meet() {
    let order = |id: &str, later: &str, earlier: &str| {
        relation(id, json!({"after": {"programme": later, "of": [earlier]}}))
    };
    breaks_with(
        |files| {
            let first = json!({"from": "2020-01-01", "to": "2024-01-01", "grade": "A"});
            let then = json!({"from": "2024-01-01", "grade": "A"});
            edit(FIRST, "/relations/0/in_force", first)(files);
            let later = order("later", "insurance", "voucher");
            edit(FIRST, "/relations/3", with(later, "in_force", then))(files);
        },
        &[],
    );
    breaks_with(
        |files| {
            let elsewhere = with(
                file("elsewhere", made_up::ELSEWHERE, vec![]),
                "relations",
                json!([order("there", "meals", "bed")]),
            );
            files.insert(FOURTH.to_owned(), elsewhere);
            let here = json!([order("here", "bed", "meals")]);
            edit(SECOND, "/relations", here)(files);
        },
        &[],
    );
}

// ---- amounts ---------------------------------------------------------------

#[test]
fn a_ratio_over_1000() {
    let row = "/layers/1/benefit/cost_share/rows/0";
    let at = format!("{row}/per_mille");
    breaks(FIRST, &at, json!(1001), row, Kind::OutOfRange);
    // 65535 fits no ratio, and 65536 no number of the format.
    breaks(FIRST, &at, json!(65_535), row, Kind::OutOfRange);
    breaks(FIRST, &at, json!(65_536), &at, Kind::Shape);
    breaks(FIRST, &at, json!(-1), &at, Kind::Shape);
    for whole in [0, 1000] {
        holds(FIRST, &at, json!(whole));
    }
}

#[test]
fn a_ratio_over_1000_of_a_waiver_or_a_ceiling() {
    for (path, at) in [
        (THIRD, "/layers/1/benefit/fee_waiver/per_mille"),
        (FIRST, "/layers/1/benefit/cost_share/ceiling/per_mille"),
    ] {
        let benefit = &at[..17];
        refused(path, at, json!(1001), benefit, Kind::OutOfRange);
    }
}

#[test]
fn a_negative_amount() {
    for amount in [-1, 0] {
        for at in [
            "/layers/0/benefit/cash/fen",
            "/layers/0/benefit/cash/rows/0/fen",
        ] {
            let place = "/layers/0/benefit";
            breaks(FIRST, at, json!(amount), place, Kind::OutOfRange);
        }
        for key in ["cap", "cash"] {
            let row = "/layers/1/benefit/cost_share/rows/0";
            let at = format!("{row}/{key}/fen");
            breaks(FIRST, &at, json!(amount), row, Kind::OutOfRange);
        }
    }
    let row = "/layers/1/benefit/cost_share/rows/0";
    let at = format!("{row}/cap/fen");
    holds(FIRST, &at, json!(100_000_000_000_i64));
    breaks(
        FIRST,
        &at,
        json!(100_000_000_001_i64),
        row,
        Kind::OutOfRange,
    );
}

#[test]
fn a_negative_amount_of_works_of_a_waiver_or_a_ceiling() {
    for (path, at) in [
        (THIRD, "/layers/2/benefit/works/fen"),
        (FIRST, "/layers/1/benefit/cost_share/ceiling/fen"),
    ] {
        refused(path, at, json!(-1), &at[..17], Kind::OutOfRange);
    }
    let waiver = json!({"names": words("meals"), "of": "meal", "fen": -1, "per": "meal"});
    let at = "/layers/1/benefit/fee_waiver";
    refused(THIRD, at, waiver, "/layers/1/benefit", Kind::OutOfRange);
}

/// The first tier is 1, and what is given at least 0 times is not given.
#[test]
fn a_tier_or_a_number_of_times_of_0() {
    for (path, at) in [
        (THIRD, "/layers/3/benefit/priority/tier"),
        (THIRD, "/layers/3/benefit/priority/rows/0/tier"),
        (FIRST, "/layers/2/benefit/service/times"),
    ] {
        refused(path, at, json!(0), &at[..17], Kind::OutOfRange);
    }
}

#[test]
fn a_waiver_with_both_or_neither() {
    let at = "/layers/1/benefit/fee_waiver";
    let waiver = json!({"names": words("meals"), "of": "meal"});
    let place = "/layers/1/benefit";
    let both = with(
        with(waiver.clone(), "fen", json!(300)),
        "per_mille",
        json!(500),
    );
    breaks(THIRD, at, both, place, Kind::Shape);
    breaks(THIRD, at, waiver.clone(), place, Kind::Shape);
    let off = json!({"fen": 300, "per": "meal", "times": 5, "times_per": "week"});
    let mut off = off.as_object().unwrap().clone();
    off.extend(waiver.as_object().unwrap().clone());
    holds(THIRD, at, Value::Object(off));
}

// ---- facts -----------------------------------------------------------------

fn of_fact(id: &str, key: &str) -> String {
    format!("/facts/{}/{key}", position(id))
}

#[test]
fn a_fact_derived_from_what_is_no_date() {
    let at = of_fact("age", "derived");
    for of in ["economic", "months_insured", "age", "weight"] {
        for word in ["years_since", "months_since"] {
            let derived = json!({word: of});
            breaks(FACTS, &at, derived, &at, Kind::UnknownReference);
        }
    }
    // And what is derived is a number.
    let at = of_fact("lives_alone", "derived");
    let derived = json!({"years_since": "birth_date"});
    breaks(FACTS, &at, derived, &at, Kind::Shape);
}

#[test]
fn given_by_on_a_number() {
    let given = json!({"instrument": "gait",
                       "when": {"diagnosis": {"code": "D.1", "within": ["F00-F03"]}}});
    for id in ["certificate", "economic", "birth_date"] {
        let at = of_fact(id, "given_by");
        breaks(FACTS, &at, given.clone(), &at, Kind::Shape);
    }
    holds(FACTS, &of_fact("lives_alone", "given_by"), given);
}

#[test]
fn given_by_what_gives_nothing() {
    let at = of_fact("dementia", "given_by");
    let diagnosis =
        |code: &str, within: &str| json!({"diagnosis": {"code": code, "within": [within]}});
    for (instrument, when) in [
        ("gaits", diagnosis("D.1", "F00-F03")),
        ("gait", diagnosis("D.9", "F00-F03")),
        ("gait", diagnosis("D.2", "F00-F03")),
        ("gait", diagnosis("D.1", "F03-F00")),
        ("gait", json!({"answer": {"code": "D.2", "is": true}})),
        ("gait", yes("one")),
    ] {
        let given = json!({"instrument": instrument, "when": when});
        breaks(FACTS, &at, given, &at, Kind::UnknownReference);
    }
}

#[test]
fn none_where_false_or_an_empty_list_says_it() {
    for id in ["lives_alone", "honours", "economic"] {
        let at = of_fact(id, "none");
        breaks(FACTS, &at, words("none"), &at, Kind::Shape);
    }
    for id in ["birth_date", "hukou", "setting", "age"] {
        holds(FACTS, &of_fact(id, "none"), words("none"));
    }
}

#[test]
fn a_fact_of_the_wrong_shape() {
    for (id, key, value, kind) in [
        ("age", "min", json!(151), Kind::OutOfRange),
        ("lives_alone", "min", json!(0), Kind::OutOfRange),
        ("economic", "values", json!([]), Kind::Shape),
        (
            "age",
            "values",
            json!([{"key": "old", "names": words("old")}]),
            Kind::Shape,
        ),
        ("age", "not_after_as_of", json!(true), Kind::Shape),
    ] {
        let at = of_fact(id, key);
        breaks(FACTS, &at, value, &at, kind);
    }
    let twice = json!({"key": "hero", "names": words("hero")});
    let at = of_fact("honours", "values");
    breaks(
        FACTS,
        &at,
        json!([twice.clone(), twice]),
        &at,
        Kind::DuplicateCode,
    );
    let count = position("four") + 1;
    let again = json!({"id": "age", "type": "boolean", "names": words("x"), "meaning": words("x")});
    let place = format!("/facts/{count}/id");
    let found = found(edit(FACTS, &format!("/facts/{count}"), again));
    assert!(
        found.contains(&(FACTS.to_owned(), place, Kind::DuplicateCode)),
        "{found:?}"
    );
}

// ---- all at once -----------------------------------------------------------

/// Faults of several files and of several rules of one file come out together.
#[test]
fn every_fault_is_reported() {
    breaks_with(
        |files| {
            edit(FIRST, "/layers/0/grade", json!("C"))(files);
            edit(FIRST, "/layers/2/who/any/0/fact/id", json!("weight"))(files);
            edit(FIRST, "/relations/2/cite", json!([]))(files);
            edit(THIRD, "/layers/1/programme", json!("pension"))(files);
            edit(THIRD, "/layers/3/cite/0", json!("law.10"))(files);
        },
        &[
            (FIRST, "/layers/0/grade", Kind::OutOfRange),
            (FIRST, "/layers/2/who/any/0/fact/id", Kind::UnknownReference),
            (FIRST, "/relations/2/cite", Kind::MissingCitation),
            (THIRD, "/layers/1/programme", Kind::UnknownReference),
            (THIRD, "/layers/3/cite/0", Kind::UnknownCitation),
        ],
    );
}

/// And so do faults of form: a layer that cannot be read hides none of another.
#[test]
fn every_fault_of_form_is_reported() {
    breaks_with(
        |files| {
            edit(FIRST, "/layers/0/colour", json!("red"))(files);
            edit(FIRST, "/layers/2/force", json!("perhaps"))(files);
            edit(THIRD, "/definitions/0/is", json!({"maybe": []}))(files);
        },
        &[
            (FIRST, "/layers/0", Kind::Shape),
            (FIRST, "/layers/2/force", Kind::Shape),
            (THIRD, "/definitions/0/is", Kind::Shape),
        ],
    );
}
