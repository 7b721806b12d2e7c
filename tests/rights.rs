//! What holds of rights whatever the person: three-valued soundness, places that only
//! add, payments to the fen.
//!
//! The seed is fixed, so that a failure comes again; `NENGLI_CASES` sets how many
//! persons each property is tried on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use nengli::determination::{Determination, Entitlement, Status};
use nengli::entitlement::Verdict;
use nengli::rulebook::FactType;
use nengli::{Options, Rulebook};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

fn config() -> ProptestConfig {
    let cases = std::env::var("NENGLI_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(400);
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(120_101),
        ..ProptestConfig::default()
    }
}

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::builtin().expect("the rules"));

type Forms = BTreeMap<String, BTreeMap<String, Map<String, Value>>>;

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layers/forms.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the forms")).expect("JSON")
});

const PLACES: &[&str] = &[
    "000000", "120000", "120101", "120117", "130000", "130800", "130802", "370000", "370900",
    "110101",
];

const DAYS: &[&str] = &[
    "2019-06-30",
    "2023-06-30",
    "2025-09-30",
    "2025-12-31",
    "2026-03-31",
    "2026-06-30",
    "2027-01-01",
];

// ---- random persons --------------------------------------------------------

/// A value of a fact, made from a number.
fn value(fact: &nengli::rulebook::Fact, n: u32) -> Option<Value> {
    let pick = |count: usize| (n / 7) as usize % count.max(1);
    if fact.none.is_some() && n.is_multiple_of(7) {
        return Some(json!("none"));
    }
    Some(match fact.kind {
        FactType::Boolean => json!(n.is_multiple_of(2)),
        FactType::Integer => {
            let (min, max) = (fact.min?, fact.max?.min(fact.min? + 140));
            json!(min + i64::from(n / 7) % (max - min + 1))
        }
        FactType::Choice => json!(fact.values[pick(fact.values.len())].key),
        FactType::Choices => {
            let keys = fact.values.iter().enumerate();
            let keys: Vec<&str> = keys
                .filter(|(i, _)| n >> (i % 24) & 3 == 1)
                .map(|(_, value)| value.key.as_str())
                .collect();
            json!(keys)
        }
        FactType::Division => json!(PLACES[pick(PLACES.len())]),
        FactType::Date if fact.id == "birth_date" => {
            json!(format!(
                "{}-{:02}-{:02}",
                1922 + n % 48,
                1 + n / 50 % 12,
                1 + n / 700 % 28
            ))
        }
        FactType::Date => {
            json!(format!(
                "{}-{:02}-{:02}",
                2012 + n % 7,
                1 + n / 50 % 12,
                1 + n / 700 % 28
            ))
        }
        FactType::Programmes => {
            let programmes = RULEBOOK.programmes().enumerate();
            let ids: Vec<&str> = programmes
                .filter(|(i, _)| n >> (i % 24) & 7 == 1)
                .map(|(_, programme)| programme.id.as_str())
                .collect();
            json!(ids)
        }
    })
}

#[derive(Debug, Clone)]
struct Person {
    place: &'static str,
    as_of: &'static str,
    facts: Map<String, Value>,
    /// Instrument and the key of its level.
    levels: BTreeMap<String, String>,
}

fn person() -> impl Strategy<Value = Person> {
    let facts = RULEBOOK.facts().filter(|fact| fact.derived.is_none());
    let numbers = vec(any::<u32>(), facts.count());
    let instruments = [
        "gbt-42195-2022",
        "nhsa-37-2021",
        "nhsa-37-2021-self",
        "tekun-self-care",
    ];
    let levels = vec((0..10usize, any::<bool>()), instruments.len());
    (select(PLACES), select(DAYS), numbers, levels).prop_map(
        move |(place, as_of, numbers, levels)| {
            let mut facts: Map<String, Value> = RULEBOOK
                .facts()
                .filter(|fact| fact.derived.is_none())
                .zip(numbers)
                .filter_map(|(fact, n)| Some((fact.id.clone(), value(fact, n)?)))
                .collect();
            let levels: BTreeMap<String, String> = instruments
                .iter()
                .zip(levels)
                .filter(|(_, (_, assessed))| *assessed && as_of >= "2023-06-30")
                .map(|(instrument, (level, _))| {
                    let keys: Vec<&String> = FORMS[*instrument].keys().collect();
                    ((*instrument).to_owned(), keys[level % keys.len()].clone())
                })
                .collect();
            // What an answer gives is not unknown, and is not stated against it here.
            for fact in RULEBOOK.facts() {
                let given = fact.given_by.as_ref();
                if given.is_some_and(|given| levels.contains_key(&given.instrument)) {
                    facts.remove(&fact.id);
                }
            }
            Person {
                place,
                as_of,
                facts,
                levels,
            }
        },
    )
}

fn decide(person: &Person, place: &str, known: &dyn Fn(&str) -> bool) -> Determination {
    let assessments: Vec<Value> = person
        .levels
        .iter()
        .map(|(instrument, level)| {
            let answers = if known(instrument) {
                FORMS[instrument][level].clone()
            } else {
                Map::new()
            };
            json!({ "instrument": instrument, "date": person.as_of, "answers": answers })
        })
        .collect();
    let facts: Map<String, Value> = person
        .facts
        .iter()
        .filter(|(id, _)| known(id))
        .map(|(id, value)| (id.clone(), value.clone()))
        .collect();
    let case = json!({
        "case_id": "person", "as_of": person.as_of, "jurisdiction": place,
        "assessments": assessments, "facts": facts,
    });
    RULEBOOK
        .assess_text(&case.to_string(), Options::traced())
        .unwrap_or_else(|rejection| panic!("{rejection}: {case}"))
}

fn by_programme(determination: &Determination) -> BTreeMap<&str, &Entitlement> {
    let entitlements = determination.entitlements.iter().flatten();
    entitlements
        .map(|one| (one.programme.as_str(), one))
        .collect()
}

proptest! {
    #![proptest_config(config())]

    /// What is not known may be filled in later: a right that was given or refused stays
    /// so, of the programme and of each of its layers. An absent `receives` is read as
    /// none in relations, and Tianjin takes its cover as given where the case says
    /// nothing: both are kept as they are.
    #[test]
    fn filling_in_facts_changes_nothing_that_was_decided(
        person in person(),
        kept in vec(any::<bool>(), 80),
    ) {
        let names: Vec<&str> = person
            .facts
            .keys()
            .chain(person.levels.keys())
            .map(String::as_str)
            .collect();
        let known = |name: &str| {
            name == "receives"
                || name == "ltci_insured_since" && person.place.starts_with("12")
                || names
                    .iter()
                    .position(|other| *other == name)
                    .is_some_and(|i| kept[i % kept.len()])
        };
        let part = decide(&person, person.place, &known);
        let whole = decide(&person, person.place, &|_| true);
        let whole = by_programme(&whole);
        for one in part.entitlements.iter().flatten() {
            let other = whole[one.programme.as_str()];
            if matches!(one.status, Status::Entitled | Status::NotEntitled) {
                prop_assert_eq!(one.status, other.status, "{}", &one.programme);
                prop_assert!(one.missing.is_empty(), "{}", &one.programme);
            }
            for (layer, after) in one.layers.iter().flatten().zip(other.layers.iter().flatten()) {
                prop_assert_eq!(&layer.rule, &after.rule);
                if layer.status != Status::Undetermined {
                    prop_assert_eq!(layer.status, after.status, "{}", &layer.rule);
                }
                for (leaf, later) in layer.because.iter().zip(&after.because) {
                    prop_assert!(leaf.holds.is_none() || leaf.holds == later.holds);
                }
            }
        }
    }

    /// What is missing settles: with all of it known, nothing is left open but what the
    /// place sets itself.
    #[test]
    fn a_person_who_is_known_waits_for_the_place_alone(person in person()) {
        let determination = decide(&person, person.place, &|_| true);
        for one in determination.entitlements.iter().flatten() {
            for missing in &one.missing {
                let assessed = missing
                    .strip_prefix("assessment:")
                    .is_some_and(|instrument| person.levels.contains_key(instrument));
                let stated = missing
                    .strip_prefix("fact:")
                    .is_some_and(|fact| person.facts.contains_key(fact));
                prop_assert!(
                    !stated && !assessed,
                    "{} waits for {}", &one.rule, missing
                );
            }
        }
    }

    /// A place adds to what the places above it give, and never takes away.
    #[test]
    fn a_place_only_adds(person in person()) {
        let nation = decide(&person, "000000", &|_| true);
        let here = decide(&person, person.place, &|_| true);
        let here = by_programme(&here);
        let schemes: Vec<&str> = RULEBOOK
            .programmes()
            .filter(|programme| programme.scheme)
            .map(|programme| programme.id.as_str())
            .collect();
        for one in nation.entitlements.iter().flatten() {
            let local = here[one.programme.as_str()];
            if schemes.contains(&one.programme.as_str()) || local.excluded_by.is_some() {
                continue;
            }
            prop_assert!(local.status <= one.status, "{}: {:?} here", &local.rule, local.status);
        }
    }

    /// A level by another scale never opens the insurance.
    #[test]
    fn no_insurance_by_another_scale(person in person(), gbt in 0..5usize) {
        let mut person = person;
        person.levels.remove("nhsa-37-2021");
        person.as_of = "2026-06-30";
        let keys: Vec<&String> = FORMS["gbt-42195-2022"].keys().collect();
        person.levels.insert("gbt-42195-2022".to_owned(), keys[gbt].clone());
        let determination = decide(&person, person.place, &|_| true);
        let status = by_programme(&determination)["ltci"].status;
        prop_assert!(status != Status::Entitled);
    }
}

// ---- payments --------------------------------------------------------------

/// A cost of services: fen, and the days of care it is for.
type Cost = (i64, Option<i64>);

/// What Tianjin's fund pays of each cost, by the words of the facts page: `institution`
/// 70 % of at most 70 yuan a day, `agency` 75 % of at most 2,100 yuan a month,
/// `relative` 75 % of at most 1,100 yuan; June has 30 days.
fn fund(mode: &str, caps_payment: bool, costs: &[Cost], used: i64) -> Vec<i64> {
    let mut before = used;
    costs
        .iter()
        .map(|(fen, days)| {
            let (ratio, cap, month) = match mode {
                "institution" => (70, 7_000 * days.unwrap_or(30), 7_000 * 30),
                "agency" => (75, 210_000, 210_000),
                _ => (75, 110_000, 110_000),
            };
            let share = |fen: i64| fen * ratio / 100;
            let (cap, month) = if caps_payment {
                (cap, month)
            } else {
                (share(cap), share(month))
            };
            let paid = share(*fen).min(cap).min((month - before).max(0));
            before += paid;
            paid
        })
        .collect()
}

/// The voucher on what is left: half at home, 40 % in an institution, 800 yuan a month.
fn voucher(mode: &str, rests: &[i64], used: i64) -> Vec<i64> {
    let ratio = if mode == "institution" { 40 } else { 50 };
    let mut before = used;
    rests
        .iter()
        .map(|rest| {
            let paid = (rest * ratio / 100).min((80_000 - before).max(0));
            before += paid;
            paid
        })
        .collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn payments_to_the_fen(
        mode in select(&["institution", "agency", "relative"][..]),
        caps_payment in any::<bool>(),
        costs in vec((0..400_000i64, proptest::option::of(1..=30i64)), 1..4),
        used_fund in prop_oneof![Just(0), 0..250_000i64],
        used_voucher in prop_oneof![Just(0), 0..100_000i64],
    ) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rights/heping.case.json");
        let mut case: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let setting = if mode == "institution" { "institution" } else { "home" };
        if mode != "institution" {
            case["facts"]["ltci_home_care_mode"] = json!(mode);
        }
        case["costs"] = costs
            .iter()
            .map(|(fen, days)| {
                let mut cost = json!({ "setting": setting, "month": "2026-06", "fen": fen });
                if let Some(days) = days {
                    cost["days"] = json!(days);
                }
                cost
            })
            .collect();
        case["used"] = json!([
            { "programme": "ltci", "fen": used_fund },
            { "programme": "care-voucher", "fen": used_voucher },
        ]);
        if caps_payment {
            case["interpretations"] = json!({ "120000/cap_reading": "payment" });
        }
        let determination = RULEBOOK
            .assess_text(&case.to_string(), Options::default())
            .unwrap_or_else(|rejection| panic!("{rejection}"));
        let paid = fund(mode, caps_payment, &costs, used_fund);
        let rests: Vec<i64> = costs.iter().zip(&paid).map(|((fen, _), paid)| fen - paid).collect();
        let vouchers = voucher(mode, &rests, used_voucher);
        let payments = determination.payments.expect("payments");
        prop_assert_eq!(payments.len(), costs.len());
        for (i, payment) in payments.iter().enumerate() {
            let found: Vec<(&str, Option<i64>)> = payment
                .payers
                .iter()
                .map(|payer| (payer.programme.as_str(), payer.fen))
                .collect();
            let own = rests[i] - vouchers[i];
            prop_assert_eq!(
                found,
                vec![
                    ("ltci", Some(paid[i])),
                    ("care-voucher", Some(vouchers[i])),
                    ("self", Some(own)),
                ]
            );
        }
        // The other reading is there wherever it comes to other amounts.
        let other = fund(mode, !caps_payment, &costs, used_fund);
        for (i, payment) in payments.iter().enumerate() {
            if other[i] != paid[i] {
                let alternative = payment.alternatives.first().map(|other| other.payers[0].fen);
                prop_assert_eq!(alternative, Some(Some(other[i])));
            }
        }
    }
}

// ---- layers against those above them ---------------------------------------

#[test]
fn texts_that_are_narrower_are_named_with_a_person() {
    let proofs = RULEBOOK.compare_layers();
    let find = |programme: &str, place: &str| {
        proofs
            .iter()
            .find(|proof| {
                proof.programme == programme
                    && proof.jurisdiction == place
                    && proof.above == "000000"
            })
            .unwrap_or_else(|| panic!("{place}/{programme} is not compared"))
    };
    // S3-6 and S4-1 leave out who lives alone, which list item 12 names.
    for place in ["120117", "120101"] {
        let proof = find("welfare-visits", place);
        assert_eq!(proof.verdict, Verdict::NarrowerText, "{place}");
        assert!(!proof.person.is_empty(), "{place}");
    }
    // S2-12 covers tekun persons alone, list item 6 whoever is in economic hardship.
    let proof = find("home-modification", "370900");
    assert_eq!(proof.verdict, Verdict::NarrowerText);
    assert!(
        proof.person.contains_key("fact:economic_status"),
        "{proof:?}"
    );
    // The insurance is each place's own scheme.
    assert_eq!(find("ltci", "120000").verdict, Verdict::OwnScheme);
    // Neither list nor law of the rulebook breaks the rule of the lists.
    assert!(proofs.iter().all(|proof| proof.verdict != Verdict::Breach));
}

/// A county's plan for the allowance, with an amount from 100 years on.
fn allowance(from_hundred: i64) -> Vec<nengli::entitlement::LayerProof> {
    let file = json!({
        "kind": "programmes", "schema": 1, "id": "county", "jurisdiction": "370998",
        "names": {"zh": "某县", "en": "a county"}, "source": "plan",
        "in_force": {"from": "2026-01-01", "grade": "A"},
        "documents": [{"id": "county", "names": {"zh": "某县", "en": "A county"}, "own": true,
            "clauses": {"1": {"zh": "津贴", "en": "the allowance"}}}],
        "layers": [{
            "programme": "advanced-age-allowance", "force": "right",
            "who": {"fact": {"id": "age", "at_least": 80}},
            "benefit": {"cash": {"names": {"zh": "津贴", "en": "allowance"}, "per": "month",
                "fen": 5000, "rows": [
                    {"when": {"fact": {"id": "age", "at_least": 100}}, "fen": from_hundred}]}},
            "cite": ["county.1"], "grade": "A",
        }],
    });
    let rulebook = RULEBOOK
        .with_files([("county.json", file.to_string())])
        .expect("the county");
    let proofs = rulebook.compare_layers().into_iter();
    proofs
        .filter(|proof| proof.jurisdiction == "370998")
        .collect()
}

/// Amounts are compared for those whom both texts cover: Shandong states 300 yuan from
/// 100 years on, and no amount before.
#[test]
fn amounts_are_compared_for_whom_both_cover() {
    for (fen, verdict) in [
        (40_000, Verdict::Holds),
        (30_000, Verdict::Holds),
        (20_000, Verdict::NarrowerText),
    ] {
        let proofs = allowance(fen);
        let proof = proofs.iter().find(|proof| proof.above == "370000");
        let proof = proof.expect("it is compared with the province");
        assert_eq!(proof.verdict, verdict, "{fen}: {proof:?}");
        if verdict == Verdict::NarrowerText {
            assert_eq!(proof.person["fact:age"], "100");
            assert!(proof.message.contains("20000"), "{proof:?}");
        }
    }
}
