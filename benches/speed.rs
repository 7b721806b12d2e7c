//! Speed, as ratios to hand-written floors measured in the same run.
//!
//! Each floor does by hand what the engine does from the rule file, with the same
//! checks. The ratios are printed at the end; a figure alone says little of
//! another machine.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic
)]

use std::collections::BTreeMap;
use std::fmt;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion};
use nengli::record::ReplayStatus;
use nengli::{Record, Rulebook, Score};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};

#[path = "speed/columns.rs"]
mod columns;
#[path = "speed/form_by_hand.rs"]
mod form_by_hand;

const DEMO: &str = include_str!("../tests/cases/gbt-42195-2022/demo.case.json");

fn main() {
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("criterion");
    let mut criterion = Criterion::default()
        .output_directory(&out)
        .configure_from_args();
    level(&mut criterion);
    columns::columns(&mut criterion);
    text(&mut criterion);
    rights(&mut criterion);
    seal(&mut criterion);
    load(&mut criterion);
    criterion.final_summary();
    report(&out);
}

// ---- scores and grounds in, level out ---------------------------------------

fn level(criterion: &mut Criterion) {
    let rulebook = Rulebook::builtin().unwrap();
    let instrument = rulebook.instrument("gbt-42195-2022").unwrap();
    let maxima: Vec<u8> = instrument
        .items()
        .map(|item| item.options[0].score.unwrap_or(0))
        .collect();
    // Forms that differ, so that no branch is learnt by heart.
    let mut seed = 42u64;
    let mut below = |n: u8| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u8::try_from((seed >> 33) % u64::from(n)).unwrap()
    };
    let forms: Vec<(Vec<Score>, Vec<u8>, form_by_hand::Form)> = (0..1024)
        .map(|_| {
            let scores: Vec<u8> = maxima.iter().map(|max| below(max + 1)).collect();
            let grounds: Vec<u8> = instrument
                .grounds()
                .map(|ground| {
                    if below(4) == 0 {
                        below(ground.max + 1)
                    } else {
                        0
                    }
                })
                .collect();
            let by_code = |code: &str| {
                let position = instrument.grounds().position(|g| g.code == code).unwrap();
                grounds[position]
            };
            let form = form_by_hand::Form {
                self_care: scores[0..8].try_into().unwrap(),
                mobility: scores[8..12].try_into().unwrap(),
                mental: scores[12..21].try_into().unwrap(),
                social: scores[21..26].try_into().unwrap(),
                coma: by_code("A.5.11"),
                diagnosis: by_code("A.4.1"),
                events: [1, 2, 3, 4, 5].map(|i| by_code(&format!("A.2.14.{i}"))),
            };
            (scores.into_iter().map(Score::new).collect(), grounds, form)
        })
        .collect();
    for (scores, grounds, form) in &forms {
        let level = instrument.level(scores, grounds).unwrap();
        assert_eq!(form_by_hand::level(form), Some(level.code));
    }

    let mut group = criterion.benchmark_group("level");
    let mut next = 0;
    group.bench_function("floor", |bencher| {
        bencher.iter(|| {
            next = (next + 1) & 1023;
            form_by_hand::level(black_box(&forms[next].2))
        });
    });
    group.bench_function("engine", |bencher| {
        bencher.iter(|| {
            next = (next + 1) & 1023;
            let (scores, grounds, _) = &forms[next];
            instrument
                .level(black_box(scores), black_box(grounds))
                .map(|level| level.code)
        });
    });
    group.finish();
}

// ---- JSON text in, determination text out -----------------------------------

/// The same text as types, by serde alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct TypedCase {
    schema: u8,
    case_id: String,
    as_of: jiff::civil::Date,
    assessments: Vec<TypedAssessment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct TypedAssessment {
    instrument: String,
    date: jiff::civil::Date,
    reason: String,
    assessors: Vec<TypedAssessor>,
    informant: TypedInformant,
    answers: BTreeMap<String, TypedAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct TypedAssessor {
    id: String,
    background: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct TypedInformant {
    relation: String,
}

/// Read by a visitor: serde's own `untagged` would make the floor needlessly slow.
#[allow(dead_code)]
enum TypedAnswer {
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for TypedAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Answer;
        impl<'de> Visitor<'de> for Answer {
            type Value = TypedAnswer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an answer")
            }

            fn visit_bool<E>(self, value: bool) -> Result<TypedAnswer, E> {
                Ok(TypedAnswer::Flag(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<TypedAnswer, E> {
                Ok(TypedAnswer::Number(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<TypedAnswer, E> {
                Ok(TypedAnswer::Number(value.cast_signed()))
            }

            fn visit_str<E>(self, value: &str) -> Result<TypedAnswer, E> {
                Ok(TypedAnswer::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TypedAnswer, A::Error> {
                let mut list = Vec::new();
                while let Some(text) = seq.next_element()? {
                    list.push(text);
                }
                Ok(TypedAnswer::List(list))
            }
        }
        deserializer.deserialize_any(Answer)
    }
}

fn text(criterion: &mut Criterion) {
    let rulebook = Rulebook::builtin().unwrap();
    // Levels alone, on one line, as a service would send it.
    let mut case: serde_json::Value = serde_json::from_str(DEMO).unwrap();
    for key in ["jurisdiction", "facts", "costs"] {
        case.as_object_mut().unwrap().remove(key);
    }
    let text = case.to_string();
    assert!(rulebook.assess_json(&text).contains("determined"));

    let mut group = criterion.benchmark_group("text");
    group.bench_function("floor", |bencher| {
        bencher.iter(|| serde_json::from_str::<TypedCase>(black_box(&text)).unwrap());
    });
    group.bench_function("engine", |bencher| {
        bencher.iter(|| rulebook.assess_json(black_box(&text)));
    });
    group.finish();
}

// ---- typed case in, full determination out -------------------------------------

const RIGHTS: &str = include_str!("../tests/cases/rights/heping.case.json");

fn rights(criterion: &mut Criterion) {
    let rulebook = Rulebook::builtin().unwrap();
    let case: nengli::Case = serde_json::from_str(RIGHTS).unwrap();
    let mut group = criterion.benchmark_group("rights");
    // Until the determination is there; each is dropped before the next, untimed.
    group.bench_function("typed", |bencher| {
        bencher.iter_custom(|count| {
            let mut time = Duration::ZERO;
            for _ in 0..count {
                let start = Instant::now();
                let determination = black_box(rulebook.assess(black_box(&case)));
                time += start.elapsed();
                drop(determination);
            }
            time
        });
    });
    group.bench_function("dropped", |bencher| {
        bencher.iter(|| rulebook.assess(black_box(&case)));
    });
    group.bench_function("text", |bencher| {
        bencher.iter(|| rulebook.assess_json(black_box(RIGHTS)));
    });
    group.finish();
}

// ---- a determination sealed; a record replayed ---------------------------------

fn seal(criterion: &mut Criterion) {
    let rulebook = Rulebook::builtin().unwrap();
    let case: nengli::Case = serde_json::from_str(RIGHTS).unwrap();
    let determination = rulebook.assess(&case).unwrap();
    let made = Record::new(case.clone(), determination.clone()).unwrap();
    let text = made.text();
    let sealed = text.replace(&format!(",\"seal\":\"{}\"", made.seal()), "");
    let digest = Sha256::digest(&sealed);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(made.seal(), format!("sha256:{hex}"));
    let replay = |text: &str| rulebook.replay(&Record::from_text(text).unwrap());
    assert_eq!(replay(&text).status, ReplayStatus::Same);

    let mut group = criterion.benchmark_group("seal");
    group.bench_function("floor", |bencher| {
        bencher.iter(|| Sha256::digest(black_box(&sealed)));
    });
    // What a record costs beside a determination that is written anyway.
    group.bench_function("written", |bencher| {
        bencher.iter(|| black_box(&determination).text());
    });
    group.bench_function("engine", |bencher| {
        bencher.iter_batched(
            || (case.clone(), determination.clone()),
            |(case, determination)| Record::new(case, determination).unwrap(),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| black_box(&made).seal_holds());
    });
    group.bench_function("record", |bencher| {
        bencher.iter(|| rulebook.record_json(black_box(RIGHTS)));
    });
    group.bench_function("replay", |bencher| {
        bencher.iter(|| replay(black_box(&text)))
    });
    group.finish();
}

// ---- the embedded rulebook ready ---------------------------------------------

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.sample_size(20);
    group.bench_function("engine", |bencher| bencher.iter(Rulebook::builtin));
    group.finish();
}

// ---- ratios --------------------------------------------------------------------

fn median(out: &Path, group: &str, name: &str) -> Option<f64> {
    let path = out.join(group).join(name).join("new/estimates.json");
    let text = std::fs::read_to_string(path).ok()?;
    let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

fn report(out: &Path) {
    println!(
        "\n{:<46}{:>12}{:>12}{:>9}{:>9}",
        "", "floor", "engine", "ratio", "target"
    );
    for (group, what, target) in [
        ("level", "scores and grounds to level", 5.0),
        ("text", "JSON text to determination text", 3.0),
        ("seal", "case and determination to sealed record", 2.0),
    ] {
        let figures = median(out, group, "floor").zip(median(out, group, "engine"));
        if let Some((floor, engine)) = figures {
            let ratio = engine / floor;
            println!("{what:<46}{floor:>9.1} ns{engine:>9.1} ns{ratio:>9.2}{target:>9.1}");
        }
    }
    let each = |name: &str| Some(median(out, "columns", name)? / columns::ROWS as f64);
    let floors = [each("floor-block"), each("floor-lanes")];
    let floor = floors.into_iter().flatten().reduce(f64::min);
    for (id, floor, target) in [
        ("gbt-42195-2022", floor, "2.0"),
        ("mzt-039-2013", None, ""),
        ("nhsa-37-2021", None, ""),
    ] {
        for (kind, what) in [("levels", "to levels"), ("all", "levels, reasons, totals")] {
            let Some(engine) = each(&format!("{kind}-{id}")) else {
                continue;
            };
            let what = format!("{id} columns {what}");
            let (by_hand, ratio) = floor.map_or_else(Default::default, |floor| {
                (format!("{floor:.2} ns"), format!("{:.2}", engine / floor))
            });
            println!("{what:<46}{by_hand:>12}{engine:>9.2} ns{ratio:>9}{target:>9}");
        }
    }
    for (group, name, what, target) in [
        (
            "rights",
            "typed",
            "typed case to determination, every layer",
            "25 us",
        ),
        ("rights", "dropped", "the same, and the result dropped", ""),
        ("rights", "text", "the same, text to text", ""),
        ("seal", "record", "the same, text to record", ""),
        ("seal", "replay", "that record replayed", ""),
        ("seal", "written", "of a record: determination written", ""),
        ("seal", "check", "of a replay: seal checked", ""),
    ] {
        if let Some(engine) = median(out, group, name) {
            let us = engine / 1e3;
            println!("{what:<46}{:>12}{us:>9.1} us{:>9}{target:>9}", "", "");
        }
    }
    if let Some(load) = median(out, "load", "engine") {
        let ms = load / 1e6;
        println!(
            "{:<46}{:>12}{ms:>9.2} ms{:>9}{:>9}",
            "embedded rulebook ready", "", "", "10 ms"
        );
    }
}
