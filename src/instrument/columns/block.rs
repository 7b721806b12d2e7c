//! The loops over one block of rows: plain ones over bytes, that compilers turn into
//! vector instructions.

use super::plan::{Job, Plan, Reads, What};

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
            What::Among(of, values) => among(take(*of), values, out, marks),
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
                for (row, place) in out.iter_mut().enumerate() {
                    let mut position = 0;
                    for (from, offsets) in of {
                        let value = take(*from).get(row).copied().unwrap_or_default();
                        let offset = offsets.get(usize::from(value)).copied();
                        position += usize::from(offset.unwrap_or_default());
                    }
                    *place = cells.get(position).copied().unwrap_or_default();
                }
            }
            What::Fill(value) => out.fill(*value),
            What::Worse { level, by, worst } => {
                let (level, by) = (take(Reads::Register(*level)), take(Reads::Register(*by)));
                for ((out, level), by) in out.iter_mut().zip(level).zip(by) {
                    *out = level.saturating_add(*by).min(*worst);
                }
            }
            What::Set { level, when, then } => {
                let (level, when) = (take(Reads::Register(*level)), take(Reads::Register(*when)));
                for ((out, level), when) in out.iter_mut().zip(level).zip(when) {
                    *out = if *when == 0 { *level } else { *then };
                }
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

/// Adds up eight, four or one at a time, so that sums stay in machine registers.
fn sum<'c>(of: &[(Reads, u8)], out: &mut [u8], marks: &mut [u8], take: impl Fn(Reads) -> &'c [u8]) {
    out.fill(0);
    let mut rest = of;
    loop {
        rest = match rest {
            [a, b, c, d, e, f, g, h, rest @ ..] => {
                add_eight(
                    out,
                    marks,
                    [a, b, c, d, e, f, g, h].map(|(from, most)| (take(*from), *most)),
                );
                rest
            }
            [a, b, c, d, rest @ ..] => {
                add_four(
                    out,
                    marks,
                    [a, b, c, d].map(|(from, most)| (take(*from), *most)),
                );
                rest
            }
            [(from, most), rest @ ..] => {
                add_one(out, marks, (take(*from), *most));
                rest
            }
            [] => return,
        }
    }
}

type Column<'c> = (&'c [u8], u8);

#[inline(never)]
fn add_eight(out: &mut [u8], marks: &mut [u8], of: [Column<'_>; 8]) {
    let [a, b, c, d, e, f, g, h] = of;
    let low = a.0.iter().zip(b.0).zip(c.0).zip(d.0);
    let high = e.0.iter().zip(f.0).zip(g.0).zip(h.0);
    for (((out, mark), (((va, vb), vc), vd)), (((ve, vf), vg), vh)) in
        out.iter_mut().zip(marks).zip(low).zip(high)
    {
        let low = va.wrapping_add(*vb).wrapping_add(vc.wrapping_add(*vd));
        let high = ve.wrapping_add(*vf).wrapping_add(vg.wrapping_add(*vh));
        *out = out.wrapping_add(low.wrapping_add(high));
        *mark |= va.saturating_sub(a.1)
            | vb.saturating_sub(b.1)
            | vc.saturating_sub(c.1)
            | vd.saturating_sub(d.1)
            | ve.saturating_sub(e.1)
            | vf.saturating_sub(f.1)
            | vg.saturating_sub(g.1)
            | vh.saturating_sub(h.1);
    }
}

#[inline(never)]
fn add_four(out: &mut [u8], marks: &mut [u8], of: [Column<'_>; 4]) {
    let [a, b, c, d] = of;
    let all = a.0.iter().zip(b.0).zip(c.0).zip(d.0);
    for ((out, mark), (((va, vb), vc), vd)) in out.iter_mut().zip(marks).zip(all) {
        let sum = va.wrapping_add(*vb).wrapping_add(vc.wrapping_add(*vd));
        *out = out.wrapping_add(sum);
        *mark |= va.saturating_sub(a.1)
            | vb.saturating_sub(b.1)
            | vc.saturating_sub(c.1)
            | vd.saturating_sub(d.1);
    }
}

#[inline(never)]
fn add_one(out: &mut [u8], marks: &mut [u8], (of, most): Column<'_>) {
    for ((out, mark), value) in out.iter_mut().zip(marks).zip(of) {
        *out = out.wrapping_add(*value);
        *mark |= value.saturating_sub(most);
    }
}

fn among(of: &[u8], values: &[u8], out: &mut [u8], marks: &mut [u8]) {
    out.fill(1);
    for value in values {
        without(of, *value, out);
    }
    for (mark, unknown) in marks.iter_mut().zip(out) {
        *mark |= *unknown;
    }
}

#[inline(never)]
fn without(of: &[u8], value: u8, out: &mut [u8]) {
    for (out, found) in out.iter_mut().zip(of) {
        *out &= u8::from(*found != value);
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
