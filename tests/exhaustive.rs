//! GB/T 42195-2022 gone through state by state: every total, every level change
//! alone and together, at every level, under every reading.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "common/figure.rs"]
mod figure;
mod forms;

use std::collections::BTreeSet;

use figure::figure;
use forms::{ITEMS, LEVELS, grounds, instrument, with, with_total};
use nengli::Score;
use nengli::instrument::InputError;
use serde_json::json;

const ENUMERATED: &str = "states of an instrument, all of them";

/// The bands of C.3, once more.
fn band(total: u8) -> u8 {
    match total {
        90 => 0,
        66..=89 => 1,
        46..=65 => 2,
        30..=45 => 3,
        0..=29 => 4,
        _ => panic!("no total is {total}"),
    }
}

/// Domains by the positions of their items.
const DOMAINS: [(usize, usize); 4] = [(0, 8), (8, 12), (12, 21), (21, 26)];

/// Scores of one domain that add up to `sum`.
fn fill(scores: &mut [Score], (from, to): (usize, usize), mut sum: u8) {
    for (score, (_, greatest)) in scores[from..to].iter_mut().zip(&ITEMS[from..to]) {
        let part = sum.min(*greatest);
        sum -= part;
        *score = Score::new(part);
    }
    assert_eq!(sum, 0, "the domain reaches the sum");
}

#[test]
fn every_vector_of_domain_sums() {
    let none = grounds([0; 5], false, false);
    let mut scores = vec![Score::default(); ITEMS.len()];
    let (mut vectors, mut totals) = (0, BTreeSet::new());
    for b1 in 0..=32 {
        fill(&mut scores, DOMAINS[0], b1);
        for b2 in 0..=15 {
            fill(&mut scores, DOMAINS[1], b2);
            for b3 in 0..=28 {
                fill(&mut scores, DOMAINS[2], b3);
                for b4 in 0..=15 {
                    fill(&mut scores, DOMAINS[3], b4);
                    let total = b1 + b2 + b3 + b4;
                    let level = instrument().level(&scores, &none).expect("a level");
                    assert_eq!(level.code, band(total), "{b1} {b2} {b3} {b4}");
                    assert_eq!(level.key, LEVELS[usize::from(level.code)]);
                    vectors += 1;
                    totals.insert(total);
                }
            }
        }
    }
    assert_eq!(vectors, 33 * 16 * 29 * 16);
    figure(ENUMERATED, vectors, "states");
    assert_eq!(totals, (0..=90).collect());
}

#[test]
fn every_total_through_the_whole_street() {
    for total in 0..=90 {
        let determination = forms::determine(&with_total(total), &[]);
        let result = &determination.assessments[0];
        assert_eq!(result.scores["total"], total);
        let parts: u8 = ["B.1", "B.2", "B.3", "B.4"]
            .iter()
            .map(|domain| result.scores[*domain])
            .sum();
        assert_eq!(parts, total);
        for level in [&result.preliminary, &result.level] {
            let level = level.as_ref().expect("a level");
            assert_eq!(level.code, band(total), "{total}");
        }
        assert_eq!(determination.findings, []);
    }
}

/// Every vector of grounds at both ends of every band, under every reading,
/// against C.4 written out.
#[test]
fn every_vector_of_grounds() {
    let mut states = 0;
    for total in [90, 89, 66, 65, 46, 45, 30, 29, 0] {
        let scores = forms::scores(&with_total(total));
        for (uplift, event_count) in [
            ("single", "sum"),
            ("single", "any_single_type"),
            ("stacking", "sum"),
            ("stacking", "any_single_type"),
        ] {
            let stacking = uplift == "stacking";
            let of_one_kind = event_count == "any_single_type";
            let readings = forms::readings(&[("uplift", uplift), ("event_count", event_count)]);
            for vector in 0..1024u32 {
                let events: [u8; 5] =
                    std::array::from_fn(|kind| u8::try_from(vector >> (2 * kind) & 3).unwrap());
                let enough = if of_one_kind {
                    events.iter().any(|count| *count >= 2)
                } else {
                    events.iter().sum::<u8>() >= 2
                };
                for (disorder, coma) in [(false, false), (false, true), (true, false), (true, true)]
                {
                    let both = u8::from(disorder) + u8::from(enough);
                    let worse = if stacking { both } else { both.min(1) };
                    let expected = if coma {
                        4
                    } else {
                        (band(total) + worse).min(4)
                    };
                    let level = instrument()
                        .level_under(readings, &scores, &grounds(events, disorder, coma))
                        .expect("a level");
                    assert_eq!(
                        level.code, expected,
                        "{total} {events:?} {disorder} {coma} {uplift} {event_count}"
                    );
                    states += 1;
                }
            }
        }
    }
    assert_eq!(states, 9 * 4 * 1024 * 4);
    figure(ENUMERATED, states, "states");
}

#[test]
fn the_fast_path_refuses_what_the_street_refuses() {
    let scores = forms::scores(&with_total(75));
    let none = grounds([0; 5], false, false);
    let level = |scores: &[Score], grounds: &[u8]| instrument().level(scores, grounds).map(|_| ());

    assert_eq!(level(&scores, &none), Ok(()));
    for (item, (code, greatest)) in ITEMS.iter().enumerate() {
        for score in 0..=u8::MAX {
            let mut scores = scores.clone();
            scores[item] = Score::new(score);
            let expected = if score <= *greatest {
                Ok(())
            } else {
                Err(InputError::Score { item, score })
            };
            assert_eq!(level(&scores, &none), expected, "{code}");
        }
    }
    for (ground, asked) in instrument().grounds().enumerate() {
        let greatest = if asked.code.starts_with("A.2.14") {
            3
        } else {
            1
        };
        assert_eq!(asked.max, greatest);
        for value in 0..=u8::MAX {
            let mut grounds = none.clone();
            grounds[ground] = value;
            let expected = if value <= greatest {
                Ok(())
            } else {
                Err(InputError::Ground { ground, value })
            };
            assert_eq!(level(&scores, &grounds), expected, "{}", asked.code);
        }
    }
    assert_eq!(
        level(&scores[1..], &none),
        Err(InputError::ScoreCount {
            expected: 26,
            found: 25
        })
    );
    assert_eq!(
        level(&scores, &[none.as_slice(), &[0]].concat()),
        Err(InputError::GroundCount {
            expected: 7,
            found: 8
        })
    );
}

/// The form itself: codes, greatest scores and sums as the facts page has them.
#[test]
fn the_form_is_that_of_the_standard() {
    let items: Vec<(&str, u8)> = instrument()
        .items()
        .map(|item| {
            let scores: BTreeSet<u8> = item
                .options
                .iter()
                .map(|option| option.score.unwrap())
                .collect();
            let greatest = *scores.last().expect("an option");
            assert_eq!(scores, (0..=greatest).collect(), "{}", item.code);
            assert!(
                item.options
                    .is_sorted_by_key(|option| 15 - option.score.unwrap()),
                "{}: best first",
                item.code
            );
            (item.code.as_str(), greatest)
        })
        .collect();
    assert_eq!(items, ITEMS);
    for (step, greatest) in [
        ("B.1", 32),
        ("B.2", 15),
        ("B.3", 28),
        ("B.4", 15),
        ("total", 90),
    ] {
        assert_eq!(instrument().greatest(step), Some(greatest), "{step}");
    }
    let shared = [
        ("B.2.4", 0),
        ("B.3.9", 1),
        ("B.3.9", 0),
        ("B.4.1", 1),
        ("B.4.1", 0),
        ("B.4.2", 1),
        ("B.4.2", 0),
        ("B.4.4", 0),
    ];
    for item in instrument().items() {
        for score in 0..=4 {
            let options = item
                .options
                .iter()
                .filter(|option| option.score == Some(score));
            let two = shared.contains(&(item.code.as_str(), score));
            let beyond = usize::from(item.options.iter().all(|option| option.score < Some(score)));
            assert_eq!(
                options.count(),
                if two { 2 } else { 1 - beyond },
                "{} {score}",
                item.code
            );
        }
    }
    let grounds: BTreeSet<&str> = instrument().grounds().map(|ground| ground.code).collect();
    assert_eq!(grounds, BTreeSet::from(forms::GROUNDS));
    let levels: Vec<&str> = instrument()
        .levels()
        .iter()
        .map(|level| level.key.as_str())
        .collect();
    assert_eq!(levels, LEVELS);
}

/// Each option by its key scores as its number does.
#[test]
fn every_option_by_key_scores_as_its_number() {
    for item in instrument().items() {
        for option in &item.options {
            let scores: Vec<u8> = [json!(option.key), json!(option.score)]
                .into_iter()
                .map(|answer| {
                    let answers = with(with_total(90), &item.code, answer);
                    forms::determine(&answers, &[]).assessments[0].scores["total"]
                })
                .collect();
            assert_eq!(scores[0], scores[1], "{} {:?}", item.code, option.key);
        }
    }
}
