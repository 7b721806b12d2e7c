//! What would settle a level that is open.

use std::collections::BTreeMap;

use super::{Settling, SettlingAnswer, answers, graded};
use crate::case::{Answer, Assessment, Case};
use crate::determination::{AssessmentResult, Found, Outcome};
use crate::entitlement::subsets;
use crate::rulebook::Rulebook;
use crate::text::{Text, strings};

/// Largest set of answers that alone may settle a level; all that is missing always does.
const LARGEST: usize = 2;
/// Most forms that are tried.
const MOST_TRIED: usize = 20_000;

/// The shortest sets of answers that give a level: those some answers to which do, and
/// last all that is missing.
pub(super) fn level(
    rulebook: &Rulebook,
    case: &Case,
    form: &Assessment,
    result: &AssessmentResult,
) -> Vec<Settling> {
    let Some(instrument) = rulebook.instrument(&form.instrument) else {
        return Vec::new();
    };
    if result.outcome == Outcome::Determined || result.missing.is_empty() {
        return Vec::new();
    }
    let groups = instrument.asked_diagnoses();
    let missing: Vec<(&Text, Vec<Answer>)> = result
        .missing
        .iter()
        .map(|code| (code, answers::every(instrument, code, &groups)))
        .collect();
    let mut found: Vec<(Vec<usize>, Settling)> = Vec::new();
    let mut left = MOST_TRIED;
    for size in 1..=missing.len().saturating_sub(1).min(LARGEST) {
        for set in subsets(missing.len(), size) {
            if found
                .iter()
                .any(|(known, _)| known.iter().all(|code| set.contains(code)))
            {
                continue;
            }
            let asked: Vec<&(&Text, Vec<Answer>)> =
                set.iter().filter_map(|code| missing.get(*code)).collect();
            let mut always = true;
            let mut answers: Vec<SettlingAnswer> = Vec::new();
            for given in combinations(&asked) {
                if left == 0 {
                    return found.into_iter().map(|(_, settling)| settling).collect();
                }
                left -= 1;
                let mut filled = form.clone();
                filled.answers.extend(given.clone());
                let level = graded(rulebook, case, &filled).and_then(|result| result.level);
                match level {
                    Some(level) if asked.len() == 1 || fresh(&answers, &level.key) => {
                        let given = given.into_iter().map(|(code, one)| (code, said(one)));
                        answers.push(SettlingAnswer::new(given.collect(), &level.key));
                    }
                    Some(_) => {}
                    None => always = false,
                }
            }
            if !answers.is_empty() {
                let ask = asked.iter().map(|(code, _)| code.to_string()).collect();
                found.push((set, Settling::new(ask, always, answers)));
            }
        }
    }
    let mut out: Vec<Settling> = found.into_iter().map(|(_, settling)| settling).collect();
    if !out.iter().any(|settling| settling.always) {
        // Every item is needed for a level, and what is asked besides could change it.
        out.push(Settling::new(strings(&result.missing), true, Vec::new()));
    }
    out
}

fn fresh(answers: &[SettlingAnswer], level: &str) -> bool {
    !answers.iter().any(|answer| answer.to == level)
}

/// Every way to answer several codes.
fn combinations(asked: &[&(&Text, Vec<Answer>)]) -> Vec<BTreeMap<String, Answer>> {
    let mut out = vec![BTreeMap::new()];
    for (code, answers) in asked {
        out = out
            .iter()
            .flat_map(|given| {
                answers.iter().map(move |answer| {
                    let mut longer: BTreeMap<String, Answer> = given.clone();
                    longer.insert(code.to_string(), answer.clone());
                    longer
                })
            })
            .collect();
    }
    out
}

fn said(answer: Answer) -> Found {
    match answer {
        Answer::Flag(flag) => Found::Flag(flag),
        Answer::Number(number) => Found::Number(number),
        Answer::Text(text) => Found::Text(text.into()),
        Answer::List(list) => Found::List(list),
    }
}
