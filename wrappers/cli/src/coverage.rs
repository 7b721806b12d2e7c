//! Which rows of which rule files some cases exercised.
//!
//! Cases are read in chunks and counted on all cores; nothing else is kept.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nengli::case::MAX_TEXT;
use nengli::coverage::{Row, Tally};
use nengli::{Case, Coverage, Lang, Options, Record, Rulebook};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::args::{self, Args};
use crate::compression;
use crate::files::{self, Failure};
use crate::lines::{self, Chunk, Chunks};
use crate::page::{Cell, Html, Page};
use crate::parallel::in_order;
use crate::rules::word;
use crate::table::{Table, compact};

/// Unreached rows that are listed unless all are asked for.
const FIRST: usize = 20;

/// Runs the command.
pub(crate) fn coverage(args: &Args, command: &args::Coverage) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let sources = sources(&command.path)?;
    let mut all = Counted::of(Coverage::of(&rulebook));
    let blank = all.coverage.blank();
    let length = files::length(sources.iter().map(PathBuf::as_path));
    let progress = lines::bar(length);
    let mut waiting = sources.iter();
    let mut open: Option<(&Path, Chunks<_>)> = None;
    in_order(
        args.threads(),
        || {
            loop {
                if let Some((path, chunks)) = &mut open {
                    match chunks.next() {
                        Ok(Some(chunk)) => return Ok(Some(Piece::Lines(chunk))),
                        Ok(None) => open = None,
                        Err(error) => return Err(Failure::file(path, error)),
                    }
                }
                let Some(path) = waiting.next() else {
                    return Ok(None);
                };
                let input = files::stream(path, &progress)?;
                if compression::within(path)
                    .to_string_lossy()
                    .ends_with(".json")
                {
                    return whole(path, input).map(Some);
                }
                open = Some((path, Chunks::of(input)));
            }
        },
        || |piece| count(&rulebook, blank.blank(), &piece),
        |counted| {
            all.refused += counted.refused;
            let merged = all.coverage.merge(&counted.coverage);
            merged.map_err(|error| Failure::Argument(error.to_string()))
        },
    )?;
    progress.finish_and_clear();
    if let Some(path) = &command.report {
        let page = page(&all, args.lang());
        files::Whole::create(path, sources.iter().map(PathBuf::as_path))?.finish(&page)?;
    }
    print(args, command, &all)?;
    let missed = command.all_reached && all.coverage.unreached().next().is_some();
    Ok(ExitCode::from(u8::from(missed)))
}

// ---- what is read ------------------------------------------------------------

/// The files of cases that a path stands for.
fn sources(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    files::below(path, "cases (*.case.json, *.jsonl)", |path| {
        let ends = |path: &Path, end| path.to_string_lossy().ends_with(end);
        ends(path, ".case.json") || ends(compression::within(path), ".jsonl")
    })
}

/// Cases that are counted together.
enum Piece {
    Lines(Chunk),
    /// A file that is one case; none where it is too large or not UTF-8.
    Whole(Option<String>),
}

/// A file that holds one case.
fn whole(path: &Path, input: impl Read) -> Result<Piece, Failure> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(MAX_TEXT)
        .unwrap_or(u64::MAX)
        .saturating_add(4);
    let read: io::Result<usize> = input.take(bound).read_to_end(&mut bytes);
    read.map_err(|error| Failure::file(path, error))?;
    let text = String::from_utf8(bytes).ok();
    let text = text.map(|text| text.trim_start_matches('\u{FEFF}').to_owned());
    Ok(Piece::Whole(
        text.filter(|text| text.trim_end().len() <= MAX_TEXT),
    ))
}

// ---- counting ----------------------------------------------------------------

/// What was counted.
struct Counted {
    coverage: Coverage,
    /// Lines and files that are no case, or one that is refused.
    refused: u64,
}

impl Counted {
    fn of(coverage: Coverage) -> Self {
        Self {
            coverage,
            refused: 0,
        }
    }
}

fn count(rulebook: &Rulebook, blank: Coverage, piece: &Piece) -> Counted {
    let mut counted = Counted::of(blank);
    let mut add = |text: Option<&str>| {
        let added = text.and_then(case).and_then(|case| {
            let determination = rulebook.assess_with(&case, Options::traced()).ok()?;
            counted.coverage.add(&case, &determination).ok()
        });
        counted.refused += u64::from(added.is_none());
    };
    match piece {
        Piece::Lines(chunk) => {
            for (_, text) in chunk.texts() {
                add(text.ok());
            }
        }
        Piece::Whole(text) => add(text.as_deref()),
    }
    counted
}

/// What tells a record from a case.
#[derive(Deserialize)]
struct Sealed {
    seal: Option<IgnoredAny>,
}

/// The case of a text that is a case, or a record of one.
fn case(text: &str) -> Option<Case> {
    let sealed = serde_json::from_str::<Sealed>(text).is_ok_and(|text| text.seal.is_some());
    if sealed {
        return Record::from_text(text)
            .ok()
            .map(|record| record.case().clone());
    }
    serde_json::from_str(text).ok()
}

// ---- what is printed ---------------------------------------------------------

fn print(args: &Args, command: &args::Coverage, all: &Counted) -> Result<(), Failure> {
    let (coverage, lang) = (&all.coverage, args.lang());
    if command.unreached {
        for row in coverage.unreached() {
            let line = if command.json {
                compact(&row)
            } else {
                [
                    &format!("{}#{}", row.file, row.pointer),
                    row.what.words(lang),
                    &row.clause.join(" "),
                ]
                .join("\t")
            };
            files::print(&line)?;
        }
        return Ok(());
    }
    if command.json {
        return files::print(&compact(&json!({
            "coverage": coverage,
            "refused": all.refused,
        })));
    }
    files::print(&tallies(coverage, lang).drawn())?;
    files::print(&summary(all, lang))?;
    let unreached: Vec<Row<'_>> = coverage.unreached().collect();
    if unreached.is_empty() {
        return Ok(());
    }
    let room = if command.all { usize::MAX } else { FIRST };
    let mut table = Table::of(vec![
        word(lang, "没有个案用到", "reached by no case").to_owned(),
        word(lang, "哪一项", "what").to_owned(),
        word(lang, "依据", "clause").to_owned(),
    ]);
    for row in unreached.iter().take(room) {
        let at = format!("{}#{}", row.file, row.pointer);
        table.row([at, row.what.words(lang).to_owned(), row.clause.join(", ")]);
    }
    files::print(&format!("\n{}", table.drawn()))?;
    if let Some(rest) = unreached.len().checked_sub(room).filter(|rest| *rest > 0) {
        files::print(&match lang {
            Lang::Zh => format!("还有 {rest} 行；--all 全部列出"),
            Lang::En => format!("{rest} more; --all lists them"),
        })?;
    }
    Ok(())
}

fn tallies(coverage: &Coverage, lang: Lang) -> Table {
    let mut table = Table::of(
        heads(lang)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    );
    let mut row = |file: &str, tally: Tally| {
        table.row([
            file.to_owned(),
            tally.rows.to_string(),
            tally.reached.to_string(),
            format!("{}‰", tally.per_mille()),
            tally.unreachable.to_string(),
        ]);
    };
    for (file, tally) in coverage.files() {
        row(file, tally);
    }
    row(word(lang, "合计", "all"), coverage.total());
    table
}

fn heads(lang: Lang) -> [&'static str; 5] {
    [
        word(lang, "规则文件", "rule file"),
        word(lang, "行", "rows"),
        word(lang, "用到", "reached"),
        word(lang, "比例", "share"),
        word(lang, "不可能用到", "cannot be"),
    ]
}

fn summary(all: &Counted, lang: Lang) -> String {
    let total = all.coverage.total();
    let (cases, refused) = (all.coverage.cases(), all.refused);
    let (reached, rows, cannot) = (total.reached, total.rows, total.unreachable);
    match lang {
        Lang::Zh => format!(
            "{cases} 个个案用到 {rows} 行规则中的 {reached} 行；另有 {cannot} 行任何个案都用不到；{refused} 个个案不受理，不计"
        ),
        Lang::En => format!(
            "{cases} cases reach {reached} of {rows} rows; {cannot} more can be reached by no case; {refused} refused cases are not counted"
        ),
    }
}

/// The report as a page.
fn page(all: &Counted, lang: Lang) -> String {
    let coverage = &all.coverage;
    let total = coverage.total();
    let mut page = Page::new(lang, word(lang, "规则覆盖", "Coverage of the rules"));
    page.paragraph(summary(all, lang));
    page.figures([
        (coverage.cases(), word(lang, "个案", "cases")),
        (total.rows, word(lang, "规则行", "rows")),
        (total.reached, word(lang, "用到", "reached")),
        (
            total.rows - total.reached,
            word(lang, "没有用到", "not reached"),
        ),
    ]);
    page.section(word(lang, "按文件", "By file"));
    let rows: Vec<Vec<Cell>> = coverage
        .files()
        .into_iter()
        .map(|(file, tally)| {
            let share = tally.per_mille();
            vec![
                Html::code(file).into(),
                tally.rows.into(),
                tally.reached.into(),
                Html::bar(share, format_args!("{share}‰")).into(),
                tally.unreachable.into(),
            ]
        })
        .collect();
    page.table("", &heads(lang), &rows);
    let list = |rows: &mut dyn Iterator<Item = Row<'_>>, last: fn(&Row<'_>, Lang) -> String| {
        rows.map(|row| -> Vec<Cell> {
            vec![
                Html::code(format_args!("{}#{}", row.file, row.pointer)).into(),
                row.what.words(lang).into(),
                last(&row, lang).into(),
            ]
        })
        .collect::<Vec<_>>()
    };
    let at = word(lang, "位置", "where");
    let what = word(lang, "哪一项", "what");
    let unreached = list(&mut coverage.unreached(), |row, _| row.clause.join(", "));
    page.section(word(lang, "没有用到的行", "Rows that no case reached"));
    if unreached.is_empty() {
        page.paragraph(word(lang, "没有", "none"));
    } else {
        page.table("", &[at, what, word(lang, "依据", "clause")], &unreached);
    }
    let mut cannot = coverage.rows().filter(|row| row.unreachable.is_some());
    let cannot = list(&mut cannot, |row, lang| {
        let reason = row.unreachable.map(|reason| reason.words(lang));
        reason.unwrap_or_default().to_owned()
    });
    if !cannot.is_empty() {
        page.section(word(
            lang,
            "任何个案都用不到的行",
            "Rows that no case can reach",
        ));
        page.table("", &[at, what, word(lang, "原因", "why")], &cannot);
    }
    page.finish()
}
