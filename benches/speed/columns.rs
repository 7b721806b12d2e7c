//! Columns in, levels out: GB/T 42195-2022 by hand, and by the rule file.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use nengli::Rulebook;
use nengli::instrument::columns::{Input, Output, REFUSED};

/// Rows of the batch: some megabytes, as a reader of Arrow or Parquet hands them over.
pub(crate) const ROWS: usize = 100_000;

/// Two ways by hand; the quicker counts as the floor.
mod by_hand {
    use super::REFUSED;

    const MAX: [u8; 26] = [
        4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 1, 1, 2, 2, 2, 4, 3, 4,
    ];
    const BLOCK: usize = 1024;
    const LANES: usize = 64;

    fn level(total: u8, diagnosis: u8, events: u8, coma: u8, bad: u8) -> u8 {
        let level = u8::from(total < 90)
            + u8::from(total < 66)
            + u8::from(total < 46)
            + u8::from(total < 30);
        let worse = diagnosis | u8::from(events >= 2);
        let level = (level + (worse & 1)).min(4);
        let level = if coma == 0 { level } else { 4 };
        if bad == 0 { level } else { REFUSED }
    }

    /// One loop for each column over blocks of rows.
    #[inline(never)]
    pub(crate) fn by_block(
        scores: &[Vec<u8>; 26],
        events: &[Vec<u8>; 5],
        diagnosis: &[u8],
        coma: &[u8],
        levels: &mut [u8],
    ) {
        for (block, levels) in levels.chunks_mut(BLOCK).enumerate() {
            let rows = block * BLOCK..block * BLOCK + levels.len();
            let (mut total, mut several) = ([0u8; BLOCK], [0u8; BLOCK]);
            let mut bad = [0u8; BLOCK];
            for (column, max) in scores.iter().zip(MAX) {
                let all = total.iter_mut().zip(&mut bad).zip(&column[rows.clone()]);
                for ((total, bad), score) in all {
                    *total = total.wrapping_add(*score);
                    *bad |= score.saturating_sub(max);
                }
            }
            for column in events {
                let all = several.iter_mut().zip(&mut bad).zip(&column[rows.clone()]);
                for ((several, bad), events) in all {
                    *several = several.wrapping_add(*events);
                    *bad |= events.saturating_sub(3);
                }
            }
            let flags = diagnosis[rows.clone()].iter().zip(&coma[rows]);
            let sums = total.iter().zip(&several).zip(&bad);
            for ((out, ((total, events), bad)), (diagnosis, coma)) in
                levels.iter_mut().zip(sums).zip(flags)
            {
                let bad = bad | diagnosis.saturating_sub(1) | coma.saturating_sub(1);
                *out = level(*total, *diagnosis, *events, *coma, bad);
            }
        }
    }

    /// All columns of a few rows at once, so that the sums never leave the registers.
    #[inline(never)]
    pub(crate) fn by_lanes(
        scores: &[Vec<u8>; 26],
        events: &[Vec<u8>; 5],
        diagnosis: &[u8],
        coma: &[u8],
        levels: &mut [u8],
    ) {
        let mut lanes = levels.chunks_exact_mut(LANES);
        let mut start = 0;
        for levels in &mut lanes {
            let rows = start..start + LANES;
            let (mut total, mut several) = ([0u8; LANES], [0u8; LANES]);
            let mut bad = [0u8; LANES];
            for (column, max) in scores.iter().zip(MAX) {
                let column: &[u8; LANES] = column[rows.clone()].try_into().unwrap();
                for i in 0..LANES {
                    total[i] = total[i].wrapping_add(column[i]);
                    bad[i] |= column[i].saturating_sub(max);
                }
            }
            for column in events {
                let column: &[u8; LANES] = column[rows.clone()].try_into().unwrap();
                for i in 0..LANES {
                    several[i] = several[i].wrapping_add(column[i]);
                    bad[i] |= column[i].saturating_sub(3);
                }
            }
            let diagnosis: &[u8; LANES] = diagnosis[rows.clone()].try_into().unwrap();
            let coma: &[u8; LANES] = coma[rows].try_into().unwrap();
            for i in 0..LANES {
                let bad = bad[i] | diagnosis[i].saturating_sub(1) | coma[i].saturating_sub(1);
                levels[i] = level(total[i], diagnosis[i], several[i], coma[i], bad);
            }
            start += LANES;
        }
        let rest = lanes.into_remainder();
        let cut = |column: &Vec<u8>| column[start..].to_vec();
        if !rest.is_empty() {
            by_block(
                &scores.each_ref().map(cut),
                &events.each_ref().map(cut),
                &diagnosis[start..],
                &coma[start..],
                rest,
            );
        }
    }
}

/// Columns of one instrument, as its own order has them.
pub(crate) struct Batch {
    pub(crate) scores: Vec<Vec<u8>>,
    pub(crate) grounds: Vec<Vec<u8>>,
}

impl Batch {
    pub(crate) fn of(instrument: &nengli::Instrument, rows: usize) -> Self {
        let mut seed = 42u64;
        let mut below = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % n
        };
        let mut scores = Vec::new();
        for item in instrument.items() {
            let values: Vec<u8> = (0u8..)
                .zip(&item.options)
                .map(|(position, option)| option.score.unwrap_or(position))
                .collect();
            scores.push((0..rows).map(|_| values[below(values.len())]).collect());
        }
        let mut grounds = Vec::new();
        for ground in instrument.grounds() {
            let values = usize::from(ground.max) + 1;
            let mut one = || if below(4) == 0 { below(values) } else { 0 };
            grounds.push((0..rows).map(|_| u8::try_from(one()).unwrap()).collect());
        }
        Self { scores, grounds }
    }
}

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
