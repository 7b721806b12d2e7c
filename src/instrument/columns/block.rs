//! The loops over one block of rows: plain ones over bytes, that compilers turn into
//! vector instructions.

use super::plan::{Job, Offsets, Plan, Reads, Together, What};

/// Rows of a block: the registers of one block stay in the nearest cache.
pub(super) const ROWS: usize = 1024;

/// Working memory: what the jobs of a plan fill.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    registers: Vec<Vec<u8>>,
    /// Not 0 where a row must be decided by itself.
    pub(super) marks: Vec<u8>,
}

impl Block {
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            registers: vec![vec![0; ROWS]; plan.registers],
            marks: vec![0; ROWS],
        }
    }

    pub(super) fn register(&self, register: usize) -> &[u8] {
        self.registers.get(register).map_or(&[], Vec::as_slice)
    }

    /// Runs jobs over the first `rows` rows; `columns` are those of the block.
    pub(super) fn run<'c>(
        &mut self,
        jobs: &[Job],
        rows: usize,
        columns: &impl Fn(usize) -> &'c [u8],
    ) {
        for job in jobs {
            let mut into = match self.registers.get_mut(job.into) {
                Some(place) => std::mem::take(place),
                None => continue,
            };
            let mut marks = std::mem::take(&mut self.marks);
            if let (Some(out), Some(marks)) = (into.get_mut(..rows), marks.get_mut(..rows)) {
                self.fill(&job.what, out, marks, columns);
            }
            self.marks = marks;
            if let Some(place) = self.registers.get_mut(job.into) {
                *place = into;
            }
        }
    }

    fn fill<'c>(
        &self,
        what: &What,
        out: &mut [u8],
        marks: &mut [u8],
        columns: &impl Fn(usize) -> &'c [u8],
    ) {
        let rows = out.len();
        let take = |from: Reads| -> &[u8] {
            let all = match from {
                Reads::Column(column) => columns(column),
                Reads::Register(register) => self.register(register),
            };
            all.get(..rows).unwrap_or_default()
        };
        match what {
            What::Sum(of) => sum(of, out, marks, take),
            What::Among(of, values) => among(take(*of), values, marks),
            What::Least(of) => fold(of, out, take, u8::min),
            What::Greatest(of) => fold(of, out, take, u8::max),
            What::Runs { of, first, turns } => runs(take(*of), *first, turns, out),
            What::Cell { of, base, cells } => {
                out.fill(*base);
                for (from, weight) in of {
                    weigh(out, take(*from), *weight);
                }
                for place in out {
                    *place = cells.get(usize::from(*place)).copied().unwrap_or_default();
                }
            }
            What::WideCell { of, cells } => {
                let mut places = [0u16; ROWS];
                for (from, offsets) in of {
                    offset(&mut places, take(*from), offsets);
                }
                for (out, place) in out.iter_mut().zip(places) {
                    *out = cells.get(usize::from(place)).copied().unwrap_or_default();
                }
            }
            What::Fill(value) => out.fill(*value),
            What::Worse { level, by, worst } => {
                let (level, by) = (take(Reads::Register(*level)), take(Reads::Register(*by)));
                worsen(out, level, by, *worst);
            }
            What::Set { level, when, then } => {
                let (level, when) = (take(Reads::Register(*level)), take(Reads::Register(*when)));
                set(out, level, when, *then);
            }
            What::Bits(rules) => {
                out.fill(0);
                for (bit, rule) in rules.iter().enumerate() {
                    for (out, met) in out.iter_mut().zip(take(Reads::Register(*rule))) {
                        *out |= *met << bit;
                    }
                }
            }
        }
    }
}

/// Rows that go through all columns together, so that what is gathered over them
/// stays in machine registers.
const LANES: usize = 64;
/// Columns of one pass.
const PASS: usize = 32;

fn sum<'c>(of: &[Together], out: &mut [u8], marks: &mut [u8], take: impl Fn(Reads) -> &'c [u8]) {
    out.fill(0);
    for Together { of, most } in of {
        for of in of.chunks(PASS) {
            let mut columns = [&[][..]; PASS];
            for (place, from) in columns.iter_mut().zip(of) {
                *place = take(*from);
            }
            let columns = columns.get(..of.len()).unwrap_or_default();
            match most {
                Some(most) => add_checked(columns, *most, out, marks),
                None => add(columns, out),
            }
        }
    }
}

/// Adds up, and marks rows where one is greater than it may be.
#[inline(never)]
fn add_checked(columns: &[&[u8]], most: u8, out: &mut [u8], marks: &mut [u8]) {
    let (lanes, out) = out.as_chunks_mut::<LANES>();
    let (lane_marks, marks) = marks.as_chunks_mut::<LANES>();
    for (lane, (out, marks)) in lanes.iter_mut().zip(lane_marks).enumerate() {
        let (mut sum, mut greatest) = (*out, [0; LANES]);
        for column in columns {
            let Some(values) = lane_of(column, lane) else {
                continue;
            };
            for ((sum, greatest), value) in sum.iter_mut().zip(&mut greatest).zip(values) {
                *sum = sum.wrapping_add(*value);
                *greatest = (*greatest).max(*value);
            }
        }
        *out = sum;
        for (mark, greatest) in marks.iter_mut().zip(greatest) {
            *mark |= greatest.saturating_sub(most);
        }
    }
    for column in columns {
        for ((out, mark), value) in out.iter_mut().zip(&mut *marks).zip(rest_of(column)) {
            *out = out.wrapping_add(*value);
            *mark |= value.saturating_sub(most);
        }
    }
}

#[inline(never)]
fn add(columns: &[&[u8]], out: &mut [u8]) {
    let (lanes, out) = out.as_chunks_mut::<LANES>();
    for (lane, out) in lanes.iter_mut().enumerate() {
        let mut sum = *out;
        for column in columns {
            let Some(values) = lane_of(column, lane) else {
                continue;
            };
            for (sum, value) in sum.iter_mut().zip(values) {
                *sum = sum.wrapping_add(*value);
            }
        }
        *out = sum;
    }
    for column in columns {
        for (out, value) in out.iter_mut().zip(rest_of(column)) {
            *out = out.wrapping_add(*value);
        }
    }
}

fn lane_of(column: &[u8], lane: usize) -> Option<&[u8; LANES]> {
    column.as_chunks::<LANES>().0.get(lane)
}

/// What is left of a column after its lanes.
fn rest_of(column: &[u8]) -> &[u8] {
    column.as_chunks::<LANES>().1
}

/// Marks rows where a column has none of these values.
#[inline(never)]
fn among(of: &[u8], values: &[u8], marks: &mut [u8]) {
    let (lanes, marks) = marks.as_chunks_mut::<LANES>();
    for (lane, marks) in lanes.iter_mut().enumerate() {
        let Some(found) = lane_of(of, lane) else {
            continue;
        };
        let mut unknown = [u8::MAX; LANES];
        for value in values {
            for (unknown, found) in unknown.iter_mut().zip(found) {
                *unknown &= if found == value { 0 } else { u8::MAX };
            }
        }
        for (mark, unknown) in marks.iter_mut().zip(unknown) {
            *mark |= unknown;
        }
    }
    for (mark, found) in marks.iter_mut().zip(rest_of(of)) {
        *mark |= u8::from(!values.contains(found));
    }
}

fn fold<'c>(
    of: &[Reads],
    out: &mut [u8],
    take: impl Fn(Reads) -> &'c [u8],
    with: impl Fn(u8, u8) -> u8,
) {
    let Some((first, rest)) = of.split_first() else {
        return out.fill(0);
    };
    out.copy_from_slice(take(*first));
    for from in rest {
        for (out, value) in out.iter_mut().zip(take(*from)) {
            *out = with(*out, *value);
        }
    }
}

/// Adds what each value stands for.
fn offset(places: &mut [u16; ROWS], of: &[u8], offsets: &Offsets) {
    match offsets {
        Offsets::Weight(weight) => {
            for (place, value) in places.iter_mut().zip(of) {
                *place = place.wrapping_add(u16::from(*value).wrapping_mul(*weight));
            }
        }
        Offsets::Each(each) => {
            for (place, value) in places.iter_mut().zip(of) {
                let offset = each.get(usize::from(*value)).copied();
                *place = place.wrapping_add(offset.unwrap_or_default());
            }
        }
    }
}

#[inline(never)]
fn worsen(out: &mut [u8], level: &[u8], by: &[u8], worst: u8) {
    for ((out, level), by) in out.iter_mut().zip(level).zip(by) {
        *out = level.saturating_add(*by).min(worst);
    }
}

#[inline(never)]
fn set(out: &mut [u8], level: &[u8], when: &[u8], then: u8) {
    for ((out, level), when) in out.iter_mut().zip(level).zip(when) {
        // Bits and no branch: who is in a coma cannot be foreseen.
        let met = u8::from(*when != 0).wrapping_neg();
        *out = (*level & !met) | (then & met);
    }
}

#[inline(never)]
fn weigh(out: &mut [u8], of: &[u8], weight: u8) {
    for (out, value) in out.iter_mut().zip(of) {
        *out = out.wrapping_add(value.wrapping_mul(weight));
    }
}

/// Four turns at a time.
fn runs(of: &[u8], first: u8, turns: &[(u8, u8)], out: &mut [u8]) {
    out.fill(first);
    let mut rest = turns;
    loop {
        rest = match rest {
            [a, b, c, d, rest @ ..] => {
                turn_four(out, of, [*a, *b, *c, *d]);
                rest
            }
            [one, rest @ ..] => {
                turn_one(out, of, *one);
                rest
            }
            [] => return,
        }
    }
}

#[inline(never)]
fn turn_four(out: &mut [u8], of: &[u8], [a, b, c, d]: [(u8, u8); 4]) {
    for (out, value) in out.iter_mut().zip(of) {
        let turn = |(at, by): (u8, u8)| if *value >= at { by } else { 0 };
        let low = turn(a).wrapping_add(turn(b));
        let high = turn(c).wrapping_add(turn(d));
        *out = out.wrapping_add(low.wrapping_add(high));
    }
}

#[inline(never)]
fn turn_one(out: &mut [u8], of: &[u8], (at, by): (u8, u8)) {
    for (out, value) in out.iter_mut().zip(of) {
        *out = out.wrapping_add(if *value >= at { by } else { 0 });
    }
}
