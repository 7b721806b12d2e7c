//! Records: every seal checked, every case decided again, every difference listed.
//!
//! Records are read in pieces, decided on all cores and answered in order; nothing else
//! is kept.

mod archive;
mod report;
mod sources;
mod tally;
mod verdict;
mod words;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use archive::{Archive, Rulebooks};
use sources::{Piece, Pieces};
use tally::Tally;
use verdict::{Verdict, judge};
use words::{Listing, Place, json_line};

use nengli::Lang;

use crate::args::{self, Args};
use crate::files::{self, Failure, Whole};
use crate::lines;
use crate::parallel::in_order;

/// Runs the command.
pub(crate) fn replay(args: &Args, command: &args::Replay) -> Result<ExitCode, Failure> {
    let rulebooks = Rulebooks {
        in_use: files::rulebook(args, None)?,
        archive: command
            .archive
            .as_deref()
            .map(Archive::open)
            .transpose()?
            .map(Arc::new),
    };
    let sources = sources::sources(&command.path)?;
    let inputs = sources.iter().map(|source| source.path.as_path());
    let report = command.report.as_deref();
    let report = report.map(|path| Whole::create(path, inputs)).transpose()?;
    let (told, lang) = (report.is_some(), args.lang());
    let progress = lines::bar(sources::length(&sources));
    let mut pieces = Pieces::of(&sources, &progress);
    let mut tally = Tally::default();
    let mut listing = Listing::new(lang, command.all);
    in_order(
        args.threads(),
        || pieces.next(),
        || {
            let rulebooks = rulebooks.apart();
            move |piece| Judged::of(&piece, &rulebooks, told, lang)
        },
        |judged| {
            let judged = judged?;
            tally.take(judged.tally);
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
    if let Some(report) = report {
        let of = files::named(&command.path);
        report.finish(&report::page(&tally, &rulebooks.in_use, &of, lang))?;
    }
    if !command.json {
        files::print(&listing.summary(&tally.counts, &rulebooks.in_use))?;
    }
    Ok(ExitCode::from(u8::from(tally.counts.faults() > 0)))
}

/// What the records of a piece come to.
struct Judged<'s> {
    tally: Tally,
    /// Those that are not the same.
    faults: Vec<(Place<'s>, Verdict)>,
}

impl<'s> Judged<'s> {
    /// `told`: whether a report tells of them, and not the counts alone.
    fn of(
        piece: &Piece<'s>,
        rulebooks: &Rulebooks,
        told: bool,
        lang: Lang,
    ) -> Result<Self, Failure> {
        let mut judged = Self {
            tally: Tally::default(),
            faults: Vec::new(),
        };
        for (line, text) in piece.texts() {
            let (verdict, record) = judge(text, rulebooks)?;
            let path = &piece.source.path;
            let place = Place { path, line };
            if told {
                judged.tally.add(&place, &verdict, record.as_ref(), lang);
            } else {
                judged.tally.counts.add(&verdict);
            }
            if !verdict.is_same() {
                judged.faults.push((place, verdict));
            }
        }
        Ok(judged)
    }
}
