//! Columns in, levels out: GB/T 42195-2022 by hand, and by the rule file.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use nengli::Rulebook;
use nengli::instrument::columns::{Input, Output};

#[path = "batch.rs"]
mod batch;
#[path = "columns_by_hand.rs"]
mod by_hand;

use batch::Batch;

/// Rows of the batch: some megabytes, as a reader of Arrow or Parquet hands them over.
pub(crate) const ROWS: usize = 100_000;

pub(crate) fn columns(criterion: &mut Criterion) {
    let rulebook = Rulebook::builtin().unwrap();
    let mut group = criterion.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS as u64));

    let instrument = rulebook.instrument("gbt-42195-2022").unwrap();
    let batch = Batch::of(instrument, ROWS);
    let by_code = |code: &str| {
        let position = instrument.grounds().position(|g| g.code == code).unwrap();
        batch.grounds[position].clone()
    };
    let scores: [Vec<u8>; 26] = batch.scores.clone().try_into().unwrap();
    let events = [1, 2, 3, 4, 5].map(|kind| by_code(&format!("A.2.14.{kind}")));
    let (diagnosis, coma) = (by_code("A.4.1"), by_code("A.5.11"));
    let mut floor = vec![0; ROWS];
    by_hand::by_block(&scores, &events, &diagnosis, &coma, &mut floor);
    let mut lanes = vec![0; ROWS];
    by_hand::by_lanes(&scores, &events, &diagnosis, &coma, &mut lanes);
    assert_eq!(floor, lanes);
    let by_hand_levels = floor.clone();
    group.bench_function("floor-block", |bencher| {
        bencher.iter(|| {
            by_hand::by_block(
                black_box(&scores),
                black_box(&events),
                &diagnosis,
                &coma,
                black_box(&mut floor),
            );
        });
    });
    group.bench_function("floor-lanes", |bencher| {
        bencher.iter(|| {
            by_hand::by_lanes(
                black_box(&scores),
                black_box(&events),
                &diagnosis,
                &coma,
                black_box(&mut lanes),
            );
        });
    });

    for id in ["gbt-42195-2022", "mzt-039-2013", "nhsa-37-2021"] {
        let instrument = rulebook.instrument(id).unwrap();
        let batch = Batch::of(instrument, ROWS);
        let scores: Vec<&[u8]> = batch.scores.iter().map(Vec::as_slice).collect();
        let grounds: Vec<&[u8]> = batch.grounds.iter().map(Vec::as_slice).collect();
        let mut columns = instrument.columns().unwrap();
        let input = Input {
            scores: &scores,
            grounds: &grounds,
        };
        let mut levels = vec![0; ROWS];
        let mut reasons = vec![0; ROWS];
        let mut totals = vec![vec![0; ROWS]; columns.totals().count()];
        let mut totals: Vec<&mut [u8]> = totals.iter_mut().map(Vec::as_mut_slice).collect();
        let output = Output {
            levels: &mut levels,
            reasons: &mut [],
            totals: &mut [],
        };
        columns.decide(input, output).unwrap();
        if id == "gbt-42195-2022" {
            assert_eq!(levels, by_hand_levels);
        }
        group.bench_function(format!("levels-{id}"), |bencher| {
            bencher.iter(|| {
                let output = Output {
                    levels: black_box(&mut levels),
                    reasons: &mut [],
                    totals: &mut [],
                };
                columns.decide(black_box(input), output).unwrap()
            });
        });
        group.bench_function(format!("all-{id}"), |bencher| {
            bencher.iter(|| {
                let output = Output {
                    levels: black_box(&mut levels),
                    reasons: black_box(&mut reasons),
                    totals: black_box(&mut totals),
                };
                columns.decide(black_box(input), output).unwrap()
            });
        });
    }
    group.finish();
}
