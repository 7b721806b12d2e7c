//! GB/T 42195-2022 over columns, twice by hand; the quicker counts as the floor.

use nengli::instrument::columns::REFUSED;

const MAX: [u8; 26] = [
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 1, 1, 2, 2, 2, 4, 3, 4,
];
const BLOCK: usize = 1024;
const LANES: usize = 64;

fn level(total: u8, diagnosis: u8, events: u8, coma: u8, bad: u8) -> u8 {
    let level =
        u8::from(total < 90) + u8::from(total < 66) + u8::from(total < 46) + u8::from(total < 30);
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
