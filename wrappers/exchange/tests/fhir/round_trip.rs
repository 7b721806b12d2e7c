//! A case that goes out as FHIR and comes in again is decided the same.

use std::collections::BTreeMap;

use nengli::instrument::definition::FieldType;
use nengli::{Answer, Assessment, Case, Rulebook, date};
use nengli_exchange::fhir::{self, Given};
use serde_json::{Value, json};

use crate::population::Population;
use crate::{cases, demo, rulebook};

/// What comes back of a case, and of its determination.
fn there_and_back(case: &Case, rulebook: &Rulebook) -> Case {
    let bundle = fhir::responses(case, rulebook).unwrap();
    fhir::read(&bundle.to_string(), &Given::default(), rulebook)
        .unwrap_or_else(|refused| panic!("{}: {refused}", case.case_id))
}

fn same(name: &str, case: &Case, rulebook: &Rulebook) {
    let back = there_and_back(case, rulebook);
    let before = serde_json::to_value(rulebook.assess(case).unwrap()).unwrap();
    let after = serde_json::to_value(rulebook.assess(&back).unwrap()).unwrap();
    assert_eq!(before, after, "{name}");
}

#[test]
fn every_case_of_the_repository() {
    let rulebook = rulebook();
    for (name, case) in cases(rulebook) {
        same(&name, &case, rulebook);
    }
}

#[test]
fn a_population() {
    let rulebook = rulebook();
    for case in Population::new(rulebook, 42195).cases(300) {
        same(&case.case_id, &case, rulebook);
    }
}

fn alone(instrument: &str, code: &str, answer: Answer) -> Case {
    let mut form = Assessment::new(instrument, date(2026, 6, 20));
    form.answers = BTreeMap::from([(code.to_owned(), answer)])
        .into_iter()
        .collect();
    let mut case = Case::new("alone", date(2026, 6, 30));
    case.assessments.push(form);
    case
}

/// Every option of every item, by score and by key; every option and row of every field.
#[test]
fn every_answer_there_is() {
    let rulebook = rulebook();
    let mut count = 0;
    for instrument in rulebook.instruments() {
        let definition = instrument.definition();
        let mut answers: Vec<(&str, Answer)> = Vec::new();
        for item in definition.domains.iter().flat_map(|domain| &domain.items) {
            for option in &item.options {
                if let Some(flag) = option.flag {
                    answers.push((&item.code, Answer::Flag(flag)));
                    continue;
                }
                answers.extend(
                    option
                        .score
                        .map(|score| (&*item.code, Answer::Number(score.into()))),
                );
                answers.extend(
                    option
                        .key
                        .clone()
                        .map(|key| (&*item.code, Answer::Text(key.into()))),
                );
            }
        }
        for field in &definition.fields {
            let several = matches!(field.answer, FieldType::Choices | FieldType::Diagnoses);
            if several {
                answers.push((&field.code, Answer::List(Vec::new())));
            }
            if field.answer == FieldType::Flag {
                answers.extend([true, false].map(|flag| (&*field.code, Answer::Flag(flag))));
            }
            if field.answer == FieldType::Diagnoses {
                for code in ["F00.1", "i10", "C349", "I10.x00", "E11.9+"] {
                    answers.push((&field.code, Answer::List(vec![code.to_owned()])));
                }
            }
            for option in &field.options {
                let key = option.key.to_string();
                answers.push(match several {
                    true => (&field.code, Answer::List(vec![key])),
                    false => (&field.code, Answer::Text(key)),
                });
                if !several && let Some(code) = option.code {
                    answers.push((&field.code, Answer::Number(code.into())));
                }
            }
            for row in &field.rows {
                let entry = row.icd.as_ref().unwrap_or(&row.key).to_string();
                answers.push((&field.code, Answer::List(vec![entry])));
            }
        }
        for (code, answer) in answers {
            let case = alone(&definition.id, code, answer.clone());
            // Some fields take the number alone, or the key alone.
            if rulebook.assess(&case).is_err() {
                panic!("{} {code} {answer:?} is no answer", definition.id);
            }
            same(
                &format!("{} {code} {answer:?}", definition.id),
                &case,
                rulebook,
            );
            count += 1;
        }
    }
    assert!(count > 700, "{count} answers alone");
}

/// The key of an option with a score of its own comes back as the score, which says the
/// same.
fn by_scores(mut case: Case) -> Case {
    let answers = &mut case.assessments[0].answers;
    assert_eq!(answers["B.3.9"], Answer::Text("alert".to_owned()));
    answers.insert("B.3.9".to_owned(), Answer::Number(2));
    case
}

/// What a form of FHIR has no place for rides beside it.
#[test]
fn what_is_beside_the_forms() {
    let rulebook = rulebook();
    let case = by_scores(demo());
    let back = there_and_back(&case, rulebook);
    assert_eq!(back, case);
    assert_eq!(back.jurisdiction.as_deref(), Some("120101"));
    assert!(back.facts.is_some() && back.costs.is_some());
}

/// A single response, with nothing beside it: what it does not say is given.
#[test]
fn one_response_alone() {
    let rulebook = rulebook();
    let case = by_scores(demo());
    let mut response = response_of(&case, rulebook);
    let given = Given {
        as_of: Some(case.as_of),
        jurisdiction: Some("120101".to_owned()),
        ..Given::default()
    };
    let back = fhir::read(&response.to_string(), &given, rulebook).unwrap();
    assert_eq!(back.assessments, case.assessments);
    assert_eq!(back.case_id, case.case_id);
    assert_eq!(back.as_of, case.as_of);
    // Facts and costs are lost with what stood beside it.
    assert!(back.facts.is_none() && back.costs.is_none());

    // Levels alone are of the day of the form; and the pseudonym is given.
    response.as_object_mut().unwrap().remove("subject");
    let given = Given {
        case_id: Some("p-7".to_owned()),
        ..Given::default()
    };
    let back = fhir::read(&response.to_string(), &given, rulebook).unwrap();
    assert_eq!(
        (back.case_id.as_str(), back.as_of),
        ("p-7", date(2026, 6, 20))
    );
    assert_eq!(
        rulebook.assess(&back).unwrap().assessments,
        rulebook.assess(&case).unwrap().assessments
    );
}

/// The first response of a case.
pub(crate) fn response_of(case: &Case, rulebook: &Rulebook) -> Value {
    let bundle = fhir::responses(case, rulebook).unwrap();
    bundle["entry"][1]["resource"].clone()
}

/// An instant is of the day that it was in China.
#[test]
fn the_day_of_an_instant() {
    let rulebook = rulebook();
    let given = Given {
        as_of: Some(date(2026, 6, 30)),
        ..Given::default()
    };
    for (authored, day) in [
        ("2026-06-19T23:30:00.000Z", date(2026, 6, 20)),
        ("2026-06-20T07:30:00+08:00", date(2026, 6, 20)),
        ("2026-06-20T15:59:59Z", date(2026, 6, 20)),
        ("2026-06-20T16:00:00Z", date(2026, 6, 21)),
        ("2026-06-20", date(2026, 6, 20)),
    ] {
        let mut response = response_of(&demo(), rulebook);
        response["authored"] = json!(authored);
        let back = fhir::read(&response.to_string(), &given, rulebook).unwrap();
        assert_eq!(back.assessments[0].date, day, "{authored}");
    }
}

/// A score beside a code must be that of the option, however the number is written.
#[test]
fn scores_beside_codes() {
    let rulebook = rulebook();
    let at = "/item/0/item/0/answer/0/valueCoding";
    for (score, taken) in [("3", true), ("3.0", true), ("2", false), ("3.5", false)] {
        let mut response = response_of(&demo(), rulebook);
        let score: Value = serde_json::from_str(score).unwrap();
        response.pointer_mut(at).unwrap()["extension"] = json!([{
            "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
            "valueDecimal": score,
        }]);
        let back = fhir::read(&response.to_string(), &Given::default(), rulebook);
        assert_eq!(back.is_ok(), taken, "{score}: {back:?}");
    }
}
