//! Deciding a batch by columns allocates nothing, whatever stands in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nengli::Rulebook;
use nengli::instrument::columns::{Input, Output};

/// Counts what the thread allocates.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// An allocator is an unsafe trait; this one only counts before the system's own.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn count() -> usize {
    COUNT.with(Cell::get)
}

#[test]
fn a_batch_is_decided_without_allocation() {
    let before = count();
    drop(std::hint::black_box(vec![1u8]));
    assert_eq!(count(), before + 1, "the allocator counts");

    let rulebook = Rulebook::builtin().unwrap();
    for id in [
        "gbt-42195-2022",
        "mzt-039-2013",
        "nhc-48-2019",
        "nhsa-37-2021",
        "nhsa-37-2021-self",
        "tekun-self-care",
    ] {
        let instrument = rulebook.instrument(id).unwrap();
        // Of every five rows, one has a missing answer and one a value not allowed.
        let column = |i: usize| -> Vec<u8> {
            (0..3_000)
                .map(|row| match (row % 5, row % 7 == i % 7) {
                    (3, true) => 255,
                    (4, true) => 99,
                    _ => 0,
                })
                .collect()
        };
        let scores: Vec<Vec<u8>> = (0..instrument.items().count()).map(column).collect();
        let grounds: Vec<Vec<u8>> = (0..instrument.grounds().count()).map(column).collect();
        let scores: Vec<&[u8]> = scores.iter().map(Vec::as_slice).collect();
        let grounds: Vec<&[u8]> = grounds.iter().map(Vec::as_slice).collect();
        let mut columns = instrument.columns().unwrap();
        let (mut levels, mut reasons) = (vec![0; 3_000], vec![0; 3_000]);
        let mut totals = vec![vec![0; 3_000]; columns.totals().count()];
        let mut totals: Vec<&mut [u8]> = totals.iter_mut().map(Vec::as_mut_slice).collect();
        let before = count();
        let tally = columns.decide(
            Input {
                scores: &scores,
                grounds: &grounds,
            },
            Output {
                levels: &mut levels,
                reasons: &mut reasons,
                totals: &mut totals,
            },
        );
        assert_eq!(count() - before, 0, "{id}");
        let tally = tally.unwrap();
        assert!(tally.open > 0 && tally.refused > 0, "{id}: {tally:?}");
    }
}
