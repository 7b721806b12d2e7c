//! Records: every seal checked, every case decided again, every difference listed.
//!
//! Records are read in pieces, decided on all cores and answered in order; nothing else
//! is kept.

mod archive;
mod sources;
mod verdict;
mod words;

use std::io::{self, Write as _};
use std::process::ExitCode;

use archive::{Archive, Rulebooks};
use sources::{Piece, Pieces};
use verdict::{Counts, Verdict, judge};
use words::{Listing, Place, json_line};

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::lines;
use crate::parallel::in_order;

/// Runs the command.
pub(crate) fn replay(args: &Args, command: &args::Replay) -> Result<ExitCode, Failure> {
    let rulebooks = Rulebooks {
        in_use: files::rulebook(args, None)?,
        archive: command.archive.as_deref().map(Archive::open).transpose()?,
    };
    let sources = sources::sources(&command.path)?;
    let progress = lines::bar(sources::length(&sources));
    let mut pieces = Pieces::of(&sources, &progress);
    let mut counts = Counts::default();
    let mut listing = Listing::new(args.lang(), command.all);
    in_order(
        args.threads(),
        || pieces.next(),
        |piece| Judged::of(&piece, &rulebooks),
        |judged| {
            let judged = judged?;
            counts.take(&judged.counts);
            for (place, verdict) in &judged.faults {
                let text = if command.json {
                    json_line(place, verdict).map(|line| line.to_string())
                } else {
                    listing.say(place, verdict)
                };
                if let Some(text) = text {
                    progress.suspend(|| writeln!(io::stdout().lock(), "{text}"))?;
                }
            }
            Ok::<(), Failure>(())
        },
    )?;
    progress.finish_and_clear();
    if !command.json {
        files::print(&listing.summary(&counts, &rulebooks.in_use))?;
    }
    Ok(ExitCode::from(u8::from(counts.faults() > 0)))
}

/// What the records of a piece come to.
struct Judged<'s> {
    counts: Counts,
    /// Those that are not the same.
    faults: Vec<(Place<'s>, Verdict)>,
}

impl<'s> Judged<'s> {
    fn of(piece: &Piece<'s>, rulebooks: &Rulebooks) -> Result<Self, Failure> {
        let mut judged = Self {
            counts: Counts::default(),
            faults: Vec::new(),
        };
        for (line, text) in piece.texts() {
            let (verdict, _) = judge(text, rulebooks)?;
            judged.counts.add(&verdict);
            if !verdict.is_same() {
                let path = &piece.source.path;
                judged.faults.push((Place { path, line }, verdict));
            }
        }
        Ok(judged)
    }
}
