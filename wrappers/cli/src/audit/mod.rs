//! Decisions of another system against the rules: rows in, conflicts by kind out.

mod report;
mod rows;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nengli::audit::{Audited, Auditor, Conflict, Header, Seen};
use nengli::explain::citations;
use nengli::{Lang, Rulebook};
use serde_json::{Value, json};

use report::{Tally, page, summary};
use rows::{Chunk, Rows, Table};

use crate::args::{self, Args};
use crate::compression;
use crate::files::{self, Failure, named};
use crate::lines::{self, Chunks};
use crate::parallel::in_order;
use crate::rules::word;

/// Conflicts that are listed unless all are asked for.
const FIRST: usize = 20;
/// Largest mapping that is read, in bytes.
const MAX_MAPPING: usize = 1 << 20;

/// Runs the command.
pub(crate) fn audit(args: &Args, command: &args::Audit) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let lang = args.lang();
    let mut auditors = Vec::new();
    for path in &command.map {
        let text = files::text(path, MAX_MAPPING)?;
        match Auditor::from_text(&rulebook, &text) {
            Ok(auditor) => auditors.push(auditor),
            Err(error) if command.check => {
                let _ = writeln!(
                    io::stderr(),
                    "nengli: {}: {}",
                    named(path),
                    error.within(lang)
                );
                return Ok(ExitCode::from(1));
            }
            Err(error) => return Err(Failure::file(path, error.within(lang))),
        }
    }
    let Some(file) = &command.file else {
        for (path, auditor) in command.map.iter().zip(&auditors) {
            files::print(&proved(path, auditor, lang))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    for output in [&command.output, &command.report].into_iter().flatten() {
        let maps = command.map.iter().map(PathBuf::as_path);
        files::not_an_input(output, maps.chain([file.as_path()]))?;
    }
    let length = files::length([file.as_path()]);
    let progress = lines::bar(length);
    let input = files::stream(file, &progress)?;
    let table = command.csv
        || compression::within(file)
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let mut rows = match table {
        true => Rows::Table(Box::new(Table::of(input, delimiter(&auditors)?, file)?)),
        false => Rows::Lines(Chunks::of(input)),
    };
    let header = rows.header();
    if let Some(header) = &header {
        for (path, auditor) in command.map.iter().zip(&auditors) {
            has_columns(file, path, auditor, header)?;
        }
    }
    let out: Box<dyn Write> = match &command.output {
        Some(path) => Box::new(File::create(path).map_err(|error| Failure::file(path, error))?),
        None => Box::new(io::stdout()),
    };
    let mut run = Run {
        rulebook: &rulebook,
        auditors: &auditors,
        file,
        lang,
        json: command.json,
        room: if command.all { usize::MAX } else { FIRST },
        seen: Seen::default(),
        tally: Tally::default(),
        out: BufWriter::new(out),
    };
    let mut ended = in_order(
        args.threads(),
        || rows.next().map_err(Ended::Reading),
        || |chunk| answers(&auditors, header.as_ref(), &chunk),
        |answers| {
            let write = || answers.into_iter().try_for_each(|answer| run.take(answer));
            progress.suspend(write).map_err(Ended::Writing)
        },
    );
    progress.finish_and_clear();
    let failure = |error: io::Error| match &command.output {
        Some(path) => Failure::file(path, error),
        None => error.into(),
    };
    if ended.is_ok() && !command.json {
        let text = summary(&run.tally, &auditors, &rulebook, lang);
        ended = writeln!(run.out, "{text}").map_err(Ended::Writing);
    }
    if let Err(error) = run.out.flush() {
        ended = Err(Ended::Writing(error));
    }
    match ended {
        Err(Ended::Reading(error)) => return Err(Failure::file(file, error)),
        Err(Ended::Writing(error)) => return Err(failure(error)),
        Ok(()) => {}
    }
    if let Some(path) = &command.report {
        let page = page(&run.tally, &auditors, &rulebook, &named(file), lang);
        files::Whole::create(path, [file.as_path()])?.finish(&page)?;
    }
    Ok(ExitCode::from(u8::from(run.tally.with_conflicts > 0)))
}

/// What ended an audit before its time.
enum Ended {
    Reading(io::Error),
    Writing(io::Error),
}

/// What was proved of a mapping.
fn proved(path: &Path, auditor: &Auditor, lang: Lang) -> String {
    let mapping = auditor.mapping();
    let answers = mapping.answers.len();
    let not_mapped = auditor.not_mapped();
    let mut text = match lang {
        Lang::Zh => format!(
            "{}：可用；{}，答案 {answers} 项",
            named(path),
            mapping.instrument
        ),
        Lang::En => format!(
            "{}: sound; {}, {answers} answers",
            named(path),
            mapping.instrument
        ),
    };
    if !not_mapped.is_empty() {
        let codes = not_mapped.join(word(lang, "、", ", "));
        text.push_str(&match lang {
            Lang::Zh => format!("\n未映射，相关结果无法核对：{codes}"),
            Lang::En => {
                format!("\nnot mapped, so that what rests on them cannot be judged: {codes}")
            }
        });
    }
    text
}

/// What stands between two columns: one for all mappings.
fn delimiter(auditors: &[Auditor]) -> Result<u8, Failure> {
    let mut found = auditors.iter().map(|auditor| {
        let own = auditor.mapping().delimiter.as_deref();
        own.and_then(|text| text.bytes().next()).unwrap_or(b',')
    });
    let first = found.next().unwrap_or(b',');
    if found.any(|other| other != first) {
        return Err(Failure::Argument(
            "expected one delimiter in all mappings; found two".to_owned(),
        ));
    }
    Ok(first)
}

fn has_columns(file: &Path, map: &Path, auditor: &Auditor, header: &Header) -> Result<(), Failure> {
    // They stand in the mapping: to name them repeats nothing of the table.
    let absent: Vec<&str> = auditor.absent(header).collect();
    if absent.is_empty() {
        return Ok(());
    }
    Err(Failure::file(
        file,
        format_args!(
            "expected the columns of {}; not there: {}",
            named(map),
            absent.join(", ")
        ),
    ))
}

/// What comes of one row.
pub(crate) struct Answer {
    row: u64,
    what: What,
}

enum What {
    /// By the mapping of this position.
    Audited(usize, Box<Audited>),
    /// No mapping is for it.
    Skipped,
    Malformed(Box<Conflict>),
}

fn answers(auditors: &[Auditor], header: Option<&Header>, chunk: &Chunk) -> Vec<Answer> {
    let mut answers = Vec::new();
    chunk.each(header, |number, row| {
        let what = match row {
            Err(conflict) => What::Malformed(conflict),
            Ok(row) => match auditors.iter().position(|auditor| auditor.is_for(&row)) {
                None => What::Skipped,
                Some(map) => auditors.get(map).map_or(What::Skipped, |auditor| {
                    What::Audited(map, Box::new(auditor.audit(&row)))
                }),
            },
        };
        answers.push(Answer { row: number, what });
    });
    answers
}

struct Run<'r> {
    rulebook: &'r Rulebook,
    auditors: &'r [Auditor],
    file: &'r Path,
    lang: Lang,
    json: bool,
    /// Conflicts that may still be listed.
    room: usize,
    seen: Seen,
    tally: Tally,
    out: BufWriter<Box<dyn Write>>,
}

impl Run<'_> {
    fn take(&mut self, answer: Answer) -> io::Result<()> {
        let row = answer.row;
        match answer.what {
            What::Skipped => {
                self.tally.skipped += 1;
                Ok(())
            }
            What::Malformed(conflict) => {
                self.tally
                    .add(None, row, None, std::slice::from_ref(&conflict));
                if self.json {
                    let line = json!({ "case_id": null, "conflicts": [conflict], "row": row });
                    return writeln!(self.out, "{line}");
                }
                self.list(row, None, &[*conflict])
            }
            What::Audited(map, mut audited) => {
                let first = audited
                    .case_id
                    .as_deref()
                    .and_then(|id| self.seen.note(id, row));
                if let Some(first) = first {
                    let mapping = self.auditors.get(map).map(Auditor::mapping);
                    let column = mapping.and_then(|mapping| mapping.case_id.as_deref());
                    audited.conflicts.push(Conflict::duplicate(column, first));
                    audited.conflicts.sort_by_key(|conflict| conflict.kind);
                }
                self.tally.not_read = self.tally.not_read.max(audited.not_read);
                self.tally.unverified += u64::from(!audited.unverified.is_empty());
                let case_id = audited.case_id.as_deref();
                self.tally.add(Some(map), row, case_id, &audited.conflicts);
                if audited.conflicts.is_empty() {
                    return Ok(());
                }
                if self.json {
                    let mut line = json!(audited);
                    if let Value::Object(members) = &mut line {
                        members.insert("row".to_owned(), json!(row));
                    }
                    return writeln!(self.out, "{line}");
                }
                self.list(row, audited.case_id.as_deref(), &audited.conflicts)
            }
        }
    }

    /// Lists conflicts, as far as there is room.
    fn list(&mut self, row: u64, case_id: Option<&str>, conflicts: &[Conflict]) -> io::Result<()> {
        for conflict in conflicts {
            let Some(room) = self.room.checked_sub(1) else {
                self.tally.unlisted += 1;
                continue;
            };
            self.room = room;
            let who = case_id.map(|id| format!("  {id}")).unwrap_or_default();
            writeln!(
                self.out,
                "{}:{row}{who}  {}\n  {}{}",
                named(self.file),
                conflict.kind.name(self.lang),
                conflict.says.within(self.lang),
                evidence(conflict, self.rulebook, self.lang)
            )?;
        }
        Ok(())
    }
}

/// Where a conflict stands and what decides it, in brackets.
fn evidence(conflict: &Conflict, rulebook: &Rulebook, lang: Lang) -> String {
    let mut parts = Vec::new();
    if !conflict.columns.is_empty() {
        let columns = conflict.columns.join(word(lang, "、", ", "));
        parts.push(format!("{}{columns}", word(lang, "列：", "columns: ")));
    }
    if let Some(rule) = &conflict.rule {
        parts.push(rule.clone());
    }
    if !conflict.citations.is_empty() {
        parts.push(citations(&conflict.citations, rulebook, lang));
    }
    if let Some(reading) = &conflict.reading {
        let words = word(lang, "按另一解释则相符：", "right under the other reading ");
        parts.push(format!("{words}{reading}"));
    }
    match parts.is_empty() {
        true => String::new(),
        false => format!("\n  [{}]", parts.join("; ")),
    }
}
