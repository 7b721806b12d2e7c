//! Out as a sheet and in again: the same case, and so the same determination.

use std::collections::BTreeMap;
use std::path::Path;

use nengli::instrument::definition::FieldType;
use nengli::rulebook::FactType;
use nengli::{Answer, Assessment, Case, Lang, case, date};
use nengli_exchange::csv;
use proptest::prelude::*;

use crate::common;
use crate::made::rulebook;

fn options(lang: Lang, lossy: bool) -> csv::Options {
    let mut options = csv::Options::default();
    options.lang = lang;
    options.lossy = lossy;
    options
}

/// The cases of `tests/cases` that the rulebook accepts, by name.
fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let (files, faults) = common::find(&folder);
    assert_eq!(faults, Vec::<String>::new());
    let read = |path: &Path| {
        let text = std::fs::read(path).ok()?;
        let case: Case = serde_json::from_slice(&text).ok()?;
        rulebook().assess(&case).ok().map(|_| case)
    };
    let cases: Vec<(String, Case)> = files
        .into_iter()
        .filter_map(|file| Some((file.name, read(&file.case)?)))
        .collect();
    assert!(cases.len() > 200, "only {} cases", cases.len());
    cases
}

/// Each form of a case as a case of its own, without what a sheet has no place for.
fn forms(case: &Case) -> Vec<Case> {
    let form = |form: &Assessment| {
        let mut one = case.clone();
        one.assessments = vec![form.clone()];
        one.costs = one.costs.filter(|costs| !costs.is_empty());
        one.used
            .sort_by(|one, other| one.programme.cmp(&other.programme));
        one.facts = one.facts.filter(|facts| !facts.is_empty());
        one
    };
    case.assessments.iter().map(form).collect()
}

#[test]
fn every_form_of_every_case_comes_back_the_same() {
    let mut forms_tried = 0;
    for (name, case) in cases() {
        for one in forms(&case) {
            let instrument = &one.assessments[0].instrument;
            for lang in [Lang::Zh, Lang::En] {
                let sheet = csv::write(
                    std::slice::from_ref(&one),
                    instrument,
                    rulebook(),
                    &options(lang, false),
                )
                .unwrap_or_else(|refused| panic!("{name}: {refused}"));
                assert_eq!(sheet.lost, []);
                let back = csv::read(sheet.text.as_bytes(), None, rulebook())
                    .unwrap_or_else(|refused| panic!("{name}: {refused}"));
                assert_eq!(back, std::slice::from_ref(&one), "{name}");
                let decide =
                    |case: &Case| serde_json::to_string(&rulebook().assess(case).unwrap()).unwrap();
                assert_eq!(decide(&back[0]), decide(&one), "{name}");
            }
            forms_tried += 1;
        }
    }
    assert!(forms_tried > 220, "only {forms_tried} forms");
}

#[test]
fn all_cases_of_an_instrument_share_a_sheet() {
    let mut by_instrument: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for (i, (_, case)) in cases().into_iter().enumerate() {
        for (j, mut one) in forms(&case).into_iter().enumerate() {
            one.case_id = format!("c{i}-{j}");
            let instrument = one.assessments[0].instrument.clone();
            by_instrument.entry(instrument).or_default().push(one);
        }
    }
    assert_eq!(by_instrument.len(), 6);
    for (instrument, cases) in by_instrument {
        let sheet = csv::write(&cases, &instrument, rulebook(), &options(Lang::Zh, false)).unwrap();
        let back = csv::read(sheet.text.as_bytes(), Some(&instrument), rulebook()).unwrap();
        assert_eq!(back, cases, "{instrument}");
    }
}

/// What a sheet has no place for is refused by name, or left out and named.
#[test]
fn nothing_is_dropped_in_silence() {
    let (_, case) = cases()
        .into_iter()
        .find(|(name, _)| name == "rights/heping")
        .unwrap();
    let instrument = "gbt-42195-2022";
    let one = std::slice::from_ref(&case);
    let refused = csv::write(one, instrument, rulebook(), &options(Lang::En, false)).unwrap_err();
    let places: Vec<&str> = refused.refused.iter().map(|fault| fault.place()).collect();
    let wanted = ["case 1: /assessments/1", "case 1: /assessments/2"];
    assert_eq!(places, wanted);
    let sheet = csv::write(one, instrument, rulebook(), &options(Lang::En, true)).unwrap();
    let places: Vec<&str> = sheet.lost.iter().map(|fault| fault.place()).collect();
    assert_eq!(places, wanted);
    assert_eq!(
        sheet.lost[0].place_in(Lang::Zh),
        "第 1 个个案：/assessments/1"
    );
    let back = csv::read(sheet.text.as_bytes(), None, rulebook()).unwrap();
    assert_eq!(back[0].facts, case.facts);
    assert_eq!(back[0].costs, case.costs);
    assert_eq!(back[0].assessments, case.assessments[..1]);
}

/// Of lists that are too long, or say nothing, what is left out is named.
#[test]
fn long_and_empty_lists_are_named() {
    let mut case = Case::new("a", date(2026, 6, 30));
    let mut form = Assessment::new("tekun-self-care", date(2026, 6, 20));
    let assessor = |id: usize| case::Assessor {
        background: case::Background::Other,
        id: format!("a{id}"),
    };
    form.assessors = (0..10).map(assessor).collect();
    case.assessments.push(form);
    case.costs = Some(Vec::new());
    let used = |fen| case::Used {
        fen,
        programme: "ltci".into(),
    };
    case.used = vec![used(1), used(2)];
    let refused = csv::write(
        std::slice::from_ref(&case),
        "tekun-self-care",
        rulebook(),
        &options(Lang::En, false),
    );
    let refused = refused.unwrap_err().refused;
    let places: Vec<&str> = refused.iter().map(|fault| fault.place()).collect();
    let wanted = [
        "case 1: /assessments/0/assessors",
        "case 1: /costs",
        "case 1: /used",
    ];
    assert_eq!(places, wanted);
}

#[test]
fn a_case_without_the_instrument_and_a_case_twice_are_named() {
    let mut case = Case::new("a", date(2026, 6, 30));
    case.assessments
        .push(Assessment::new("tekun-self-care", date(2026, 6, 20)));
    let other = csv::write(
        std::slice::from_ref(&case),
        "nhc-48-2019",
        rulebook(),
        &options(Lang::En, false),
    );
    let other = other.unwrap_err().refused;
    assert_eq!((other.len(), other[0].kind.as_str()), (1, "not_carried"));
    let twice = [case.clone(), case];
    let twice = csv::write(
        &twice,
        "tekun-self-care",
        rulebook(),
        &options(Lang::En, false),
    );
    let twice = twice.unwrap_err().refused;
    assert_eq!(
        (twice[0].place(), twice[0].kind.as_str()),
        ("case 2: /case_id", "duplicate_case")
    );
}

/// An id that a spreadsheet would run goes out guarded and comes back as it was.
#[test]
fn no_cell_of_a_sheet_begins_a_formula() {
    let mut case = Case::new("-1-2", date(2026, 6, 30));
    case.replaces = Some("-cmd".into());
    let mut form = Assessment::new("tekun-self-care", date(2026, 6, 20));
    form.assessors.push(case::Assessor {
        background: case::Background::Nursing,
        id: "-a".into(),
    });
    case.assessments.push(form);
    let cases = [case];
    let sheet = csv::write(
        &cases,
        "tekun-self-care",
        rulebook(),
        &options(Lang::En, false),
    );
    let text = sheet.unwrap().text;
    let row = text.lines().nth(3).unwrap();
    assert!(
        row.starts_with("'-1-2,'-cmd,2026-06-30,,2026-06-20,,'-a,nursing,"),
        "{row}"
    );
    assert_eq!(csv::read(text.as_bytes(), None, rulebook()).unwrap(), cases);
}

/// An answer that a code of the form may have, or none.
fn any_answer(code: &str, instrument: &str) -> BoxedStrategy<Option<Answer>> {
    let definition = rulebook().instrument(instrument).unwrap().definition();
    let items = definition.domains.iter().flat_map(|domain| &domain.items);
    let mut allowed: Vec<Answer> = Vec::new();
    for option in items
        .filter(|item| item.code == code)
        .flat_map(|item| &item.options)
    {
        match option.flag {
            Some(flag) => allowed.push(flag.into()),
            None => {
                allowed.extend(option.score.map(|score| i64::from(score).into()));
                allowed.extend(option.key.as_deref().map(Answer::from));
            }
        }
    }
    let Some(field) = definition.fields.iter().find(|field| field.code == code) else {
        return proptest::option::of(proptest::sample::select(allowed)).boxed();
    };
    let keys: Vec<String> = match field.answer {
        FieldType::Flag => {
            return proptest::option::of(any::<bool>().prop_map(Answer::Flag)).boxed();
        }
        FieldType::Choice | FieldType::Choices => field
            .options
            .iter()
            .map(|option| option.key.to_string())
            .collect(),
        FieldType::Diagnoses => {
            let printed = field
                .rows
                .iter()
                .map(|row| row.icd.as_ref().unwrap_or(&row.key).to_string());
            printed
                .chain([
                    "f00.1".into(),
                    "I63.x00".into(),
                    "G30+".into(),
                    "E11.9*".into(),
                ])
                .collect()
        }
    };
    if field.answer == FieldType::Choice {
        allowed.extend(keys.into_iter().map(Answer::Text));
        let codes = field.options.iter().filter_map(|option| option.code);
        allowed.extend(codes.map(|code| i64::from(code).into()));
        return proptest::option::of(proptest::sample::select(allowed)).boxed();
    }
    let most = keys.len();
    let list = proptest::sample::subsequence(keys, 0..=most).prop_map(Answer::List);
    proptest::option::of(list).boxed()
}

/// The value of a fact, or none.
fn any_fact(id: &str) -> BoxedStrategy<Option<Answer>> {
    let fact = rulebook().facts().find(|fact| fact.id == id).unwrap();
    let keys: Vec<String> = fact.values.iter().map(|value| value.key.clone()).collect();
    let value: BoxedStrategy<Answer> = match fact.kind {
        FactType::Boolean => any::<bool>().prop_map(Answer::Flag).boxed(),
        FactType::Date => (1930i16..2020, 1i8..=12, 1i8..=28)
            .prop_map(|(y, m, d)| Answer::Text(date(y, m, d).to_string()))
            .boxed(),
        FactType::Integer => (fact.min.unwrap()..=fact.max.unwrap())
            .prop_map(Answer::Number)
            .boxed(),
        FactType::Choice => proptest::sample::select(keys)
            .prop_map(Answer::Text)
            .boxed(),
        FactType::Choices => {
            let most = keys.len();
            proptest::sample::subsequence(keys, 0..=most)
                .prop_map(Answer::List)
                .boxed()
        }
        FactType::Division => Just(Answer::Text("130802".into())).boxed(),
        FactType::Programmes => {
            let ids: Vec<String> = rulebook()
                .programmes()
                .map(|one| one.id.to_string())
                .collect();
            let most = ids.len().min(4);
            proptest::sample::subsequence(ids, 0..=most)
                .prop_map(Answer::List)
                .boxed()
        }
    };
    let none = fact.none.is_some();
    (proptest::option::of(value), any::<bool>())
        .prop_map(move |(value, says_none)| match value {
            Some(_) if none && says_none => Some("none".into()),
            value => value,
        })
        .boxed()
}

fn any_cost() -> impl Strategy<Value = case::Cost> {
    let setting = proptest::sample::select(case::Setting::ALL);
    let days = proptest::option::of(1u8..=30);
    (setting, 0i64..=100_000_000_000, days).prop_map(|(setting, fen, days)| case::Cost {
        days,
        fen,
        month: "2026-06".into(),
        setting,
    })
}

/// A sound case of an instrument.
fn any_case() -> impl Strategy<Value = Case> {
    let instruments: Vec<String> = rulebook()
        .instruments()
        .map(|one| one.id().to_owned())
        .collect();
    proptest::sample::select(instruments).prop_flat_map(|instrument| {
        let definition = rulebook().instrument(&instrument).unwrap().definition();
        let items = definition.domains.iter().flat_map(|domain| &domain.items);
        let codes: Vec<String> = items
            .map(|item| item.code.to_string())
            .chain(definition.fields.iter().map(|field| field.code.to_string()))
            .collect();
        let answers: Vec<_> = codes
            .iter()
            .map(|code| any_answer(code, &instrument))
            .collect();
        let facts: Vec<String> = rulebook()
            .facts()
            .filter(|fact| fact.derived.is_none())
            .map(|fact| fact.id.clone())
            .collect();
        let values: Vec<_> = facts.iter().map(|id| any_fact(id)).collect();
        let id = "[-A-Za-z0-9._:]{1,16}";
        let assessor = (id, proptest::sample::select(case::Background::ALL))
            .prop_map(|(id, background)| case::Assessor { background, id });
        (
            (id, proptest::option::of(id)),
            answers,
            values,
            any::<bool>(),
            proptest::collection::vec(assessor, 0..=4),
            proptest::option::of(proptest::sample::select(case::Reason::ALL)),
            proptest::option::of(proptest::sample::select(case::Relation::ALL)),
            proptest::collection::vec(any_cost(), 0..=3),
        )
            .prop_map(
                move |(ids, answers, values, with_facts, assessors, reason, relation, costs)| {
                    let mut form = Assessment::new(instrument.clone(), date(2026, 6, 20));
                    let given = codes.iter().zip(answers);
                    form.answers = given
                        .filter_map(|(code, a)| Some((code.clone(), a?)))
                        .collect();
                    form.assessors = assessors;
                    form.reason = reason;
                    form.informant = relation.map(|relation| case::Informant { relation });
                    let mut case = Case::new(ids.0, date(2026, 6, 30));
                    case.replaces = ids.1;
                    case.costs = Some(costs).filter(|costs| !costs.is_empty());
                    case.assessments.push(form);
                    let stated = facts.iter().zip(values);
                    let stated: BTreeMap<String, Answer> = stated
                        .filter_map(|(id, value)| Some((id.clone(), value?)))
                        .collect();
                    if with_facts && !stated.is_empty() {
                        case.facts = Some(stated);
                        case.jurisdiction = Some("120101".into());
                    }
                    case
                },
            )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_sound_case_comes_back_the_same(case in any_case(), zh in any::<bool>()) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let instrument = &case.assessments[0].instrument;
        let one = std::slice::from_ref(&case);
        let sheet = csv::write(one, instrument, rulebook(), &options(lang, false));
        let sheet = sheet.map_err(|refused| TestCaseError::fail(refused.to_string()))?;
        let back = csv::read(sheet.text.as_bytes(), None, rulebook());
        let back = back.map_err(|refused| TestCaseError::fail(refused.to_string()))?;
        prop_assert_eq!(&back[..], one);
    }
}
