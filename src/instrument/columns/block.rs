//! The loops over one block of rows: plain ones over bytes, that compilers turn into
//! vector instructions.

use super::plan::{Job, MOST_COLUMNS, Offsets, Reads, Together, What};

/// Rows of a block: the registers of one block stay in the nearest cache.
pub(super) const ROWS: usize = 1024;

/// Working memory: what the jobs of a plan fill.
#[derive(Debug, Clone)]
pub(super) struct Block {
    registers: Vec<Vec<u8>>,
    /// Not 0 where a row must be decided by itself.
    pub(super) marks: Vec<u8>,
}

impl Block {
    pub(super) fn of(registers: usize) -> Self {
        Self {
            registers: vec![vec![0; ROWS]; registers],
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

/// Adds up, and marks rows where one is greater than it may be.
fn sum<'c>(
    groups: &[Together],
    out: &mut [u8],
    marks: &mut [u8],
    take: impl Fn(Reads) -> &'c [u8],
) {
    let mut columns = [&[][..]; MOST_COLUMNS];
    let all = groups.iter().flat_map(|group| &group.of);
    for (place, from) in columns.iter_mut().zip(all) {
        *place = take(*from);
    }
    add(groups, &columns, out, marks);
}

/// The columns of each group stand together, in the order of the groups.
#[inline(never)]
fn add(groups: &[Together], columns: &[&[u8]; MOST_COLUMNS], out: &mut [u8], marks: &mut [u8]) {
    let (lanes, out) = out.as_chunks_mut::<LANES>();
    let (lane_marks, marks) = marks.as_chunks_mut::<LANES>();
    for lane in 0..lanes.len() {
        let (Some(out), Some(marks)) = (lanes.get_mut(lane), lane_marks.get_mut(lane)) else {
            break;
        };
        let (mut sum, mut over) = ([0; LANES], [0; LANES]);
        for (group, own) in each(groups, columns) {
            // To ask the greatest of several is one step less than to ask each.
            let mut greatest = [0; LANES];
            for column in own {
                let Some(values) = column.as_chunks::<LANES>().0.get(lane) else {
                    break;
                };
                for ((sum, greatest), value) in sum.iter_mut().zip(&mut greatest).zip(values) {
                    *sum = value.wrapping_add(*sum);
                    *greatest = (*greatest).max(*value);
                }
            }
            for (over, greatest) in over.iter_mut().zip(greatest) {
                *over |= greatest.saturating_sub(group.most);
            }
        }
        *out = sum;
        for (mark, over) in marks.iter_mut().zip(over) {
            *mark |= over;
        }
    }
    out.fill(0);
    for (group, own) in each(groups, columns) {
        for column in own {
            for ((out, mark), value) in out.iter_mut().zip(&mut *marks).zip(rest_of(column)) {
                *out = out.wrapping_add(*value);
                *mark |= value.saturating_sub(group.most);
            }
        }
    }
}

/// Each group with its columns.
fn each<'a, 'c>(
    groups: &'a [Together],
    columns: &'a [&'c [u8]],
) -> impl Iterator<Item = (&'a Together, &'a [&'c [u8]])> {
    let mut rest = columns;
    groups.iter().map(move |group| {
        let (own, after) = rest.split_at_checked(group.of.len()).unwrap_or_default();
        rest = after;
        (group, own)
    })
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
