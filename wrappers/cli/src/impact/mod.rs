//! Two rulebooks over the same cases.
//!
//! Each thread counts a chunk of cases; the counts are merged in the order of the input, so
//! that the result does not hang on the number of threads. Nothing else is kept.

mod page;
mod text;
mod view;

use std::io::{self, Write};
use std::process::ExitCode;

use nengli::compare::Impact;
use nengli::{Determination, Options, Record, Rejection, Rulebook};

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::lines::{self, Chunk, Chunks};
use crate::parallel::in_order;
use crate::table::pretty;
use view::View;

/// Lines that are no case, of which the fault is kept.
const FAULTS: usize = 5;

/// Runs the command.
pub(crate) fn impact(args: &Args, command: &args::Impact) -> Result<ExitCode, Failure> {
    let before = files::rulebook(args, None)?;
    let after = files::rulebook_at(&command.to)?;
    let length = files::length([command.file.as_path()]);
    let progress = lines::bar(length);
    let mut chunks = Chunks::of(files::stream(&command.file, &progress)?);
    let mut all = Counted::default();
    in_order(
        args.threads(),
        || chunks.next(),
        || {
            let (before, after) = (before.apart(), after.apart());
            move |chunk| count(&before, &after, &chunk)
        },
        |counted| {
            all.merge(counted);
            Ok(())
        },
    )
    .map_err(|error: io::Error| Failure::file(&command.file, error))?;
    progress.finish_and_clear();

    let view = View {
        counted: &all,
        before: &before,
        after: &after,
        lang: args.lang(),
    };
    if let Some(path) = &command.report {
        files::Whole::create(path, [command.file.as_path()])?.finish(&page::page(&view))?;
    }
    if command.json {
        for note in view.notes() {
            let _ = writeln!(io::stderr(), "nengli: {note}");
        }
        files::print(&pretty(&all.impact))?;
    } else {
        files::print(&text::text(&view))?;
    }
    let faults = all.impact.cases.rejected_both.cases > 0;
    Ok(ExitCode::from(u8::from(faults)))
}

/// What was counted over some of the lines.
#[derive(Default)]
struct Counted {
    impact: Impact,
    /// Lines that were records.
    records: u64,
    /// The first lines that neither rulebook takes for a case.
    faults: Vec<(u64, Rejection)>,
}

impl Counted {
    fn merge(&mut self, other: Self) {
        self.impact.merge(other.impact);
        self.records += other.records;
        self.faults.extend(other.faults);
        self.faults.truncate(FAULTS);
    }
}

fn count(before: &Rulebook, after: &Rulebook, chunk: &Chunk) -> Counted {
    let mut counted = Counted::default();
    for (number, text) in chunk.texts() {
        let decide = |rulebook: &Rulebook| {
            let text = text.as_ref().map_err(Rejection::clone)?;
            rulebook.assess_text(text, Options::default())
        };
        let mut results = [before, after].map(decide);
        // Only what is no case may still be a record.
        if let ([Err(_), Err(_)], Ok(text)) = (&results, &text)
            && let Ok(record) = Record::from_text(text)
        {
            counted.records += 1;
            results = [before, after].map(|rulebook| rulebook.assess(record.case()));
        }
        let [old, new]: [Result<Determination, Rejection>; 2] = results;
        counted.impact.add(&old, &new);
        if let (Err(rejection), Err(_)) = (old, new)
            && counted.faults.len() < FAULTS
        {
            counted.faults.push((number, rejection));
        }
    }
    counted
}
