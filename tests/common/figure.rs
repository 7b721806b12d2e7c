//! What a test has gone through, printed so that `cargo xtask verify` can collect it.
//!
//! The form is one line, `figure: NAME = NUMBER [UNIT]`. Figures of one name within a step
//! add up. A long test also says how far it is, on a line of standard error that begins with
//! `progress: `. Ordinary `cargo test` shows neither; `-- --nocapture` shows both.

#![allow(dead_code, unreachable_pub, clippy::print_stdout, clippy::print_stderr)]

use std::time::{Duration, Instant};

/// One figure.
pub fn figure(name: &str, number: usize, unit: &str) {
    println!("{}", format!("figure: {name} = {number} {unit}").trim_end());
}

/// Counts what a test goes through. The figure is printed when all of it is done.
pub struct Count {
    name: &'static str,
    unit: &'static str,
    all: usize,
    done: usize,
    told: Instant,
}

impl Count {
    /// `all` is 0 where it is not known beforehand.
    pub fn new(name: &'static str, unit: &'static str, all: usize) -> Self {
        let told = Instant::now();
        Self {
            name,
            unit,
            all,
            done: 0,
            told,
        }
    }

    pub fn one(&mut self) {
        self.add(1);
    }

    pub fn add(&mut self, some: usize) {
        self.done += some;
        // The clock is asked now and then, so that counting costs nothing.
        if self.done.is_multiple_of(64) && self.told.elapsed() > Duration::from_secs(2) {
            self.told = Instant::now();
            let Self {
                name,
                unit,
                all,
                done,
                ..
            } = self;
            match all {
                0 => eprintln!("progress: {done} {unit} · {name}"),
                _ => eprintln!("progress: {done} of {all} {unit} · {name}"),
            }
        }
    }

    pub fn done(&self) -> usize {
        self.done
    }

    /// Not on drop: a test that fails has no figure.
    pub fn finish(self) {
        figure(self.name, self.done, self.unit);
    }
}
