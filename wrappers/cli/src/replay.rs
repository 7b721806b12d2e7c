//! Records: every seal checked, every case decided again, every difference listed.
//!
//! A chunk of records is read, decided on all cores and answered in order; nothing else
//! is kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;

use indicatif::ProgressBar;
use nengli::case::MAX_TEXT;
use nengli::record::{Difference, Replay, ReplayStatus};
use nengli::{Lang, Record, Rejection, Rulebook};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::lines::{self, End, read_line};
use crate::rules::word;
use crate::table::Table;

/// Lines of differences that are listed unless all are asked for.
const FIRST: usize = 20;
/// Records of a chunk, and bytes after which it is full.
const CHUNK: usize = 512;
const CHUNK_BYTES: usize = 8 << 20;
/// Largest exported rulebook that is read, in bytes.
const MAX_EXPORT: usize = 256 << 20;

/// Runs the command.
pub(crate) fn replay(args: &Args, command: &args::Replay) -> Result<ExitCode, Failure> {
    let rulebooks = Rulebooks {
        in_use: files::rulebook(args, None)?,
        archive: command.archive.as_deref().map(Archive::open).transpose()?,
    };
    let sources = sources(&command.path)?;
    let mut sizes = sources.iter().map(|source| {
        let metadata = fs::metadata(&source.path).ok()?;
        metadata.is_file().then_some(metadata.len())
    });
    let length = sizes.try_fold(0_u64, |sum, size| Some(sum.saturating_add(size?)));
    let mut run = Run {
        rulebooks: &rulebooks,
        lang: args.lang(),
        json: command.json,
        room: if command.all { usize::MAX } else { FIRST },
        unlisted: 0,
        counts: Counts::default(),
        progress: lines::bar(length),
        threads: thread::available_parallelism().map_or(1, usize::from),
    };
    let mut chunk = Chunk::default();
    for source in &sources {
        let input = run.progress.wrap_read(files::open(&source.path)?);
        let failure = |error: io::Error| Failure::file(&source.path, error);
        let mut bytes = Vec::new();
        if source.single {
            let bound = u64::try_from(MAX_TEXT)
                .unwrap_or(u64::MAX)
                .saturating_add(4);
            input.take(bound).read_to_end(&mut bytes).map_err(failure)?;
            // A byte order mark and the end of the line are no part of the text.
            let length = bytes.trim_ascii_end().len();
            bytes.truncate(length);
            let end = if length > MAX_TEXT {
                End::TooLong
            } else {
                End::Whole
            };
            run.add(&mut chunk, Item::of(source, None, end, bytes))?;
            continue;
        }
        let mut input = BufReader::with_capacity(1 << 16, input);
        let mut line = 0;
        while let Some(end) = read_line(&mut input, &mut bytes).map_err(failure)? {
            line += 1;
            let bytes = std::mem::take(&mut bytes);
            run.add(&mut chunk, Item::of(source, Some(line), end, bytes))?;
        }
    }
    run.flush(&mut chunk)?;
    run.progress.finish_and_clear();
    if !run.json {
        files::print(&run.summary())?;
    }
    Ok(ExitCode::from(u8::from(run.counts.faults() > 0)))
}

// ---- what is read ------------------------------------------------------------

/// A file of records.
struct Source {
    path: PathBuf,
    /// One record, in as many lines as it likes.
    single: bool,
}

/// The files of records that a path stands for.
fn sources(path: &Path) -> Result<Vec<Source>, Failure> {
    let ends = |path: &Path, end: &str| path.to_string_lossy().ends_with(end);
    if !path.is_dir() {
        let single = ends(path, ".json");
        let path = path.to_owned();
        return Ok(vec![Source { path, single }]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Failure::file(&folder, error))? {
            let entry = entry.map_err(|error| Failure::file(&folder, error))?;
            let kind = entry
                .file_type()
                .map_err(|error| Failure::file(&folder, error))?;
            let path = entry.path();
            // Links to folders are not followed: a loop of them would have no end.
            if kind.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                let single = ends(&path, ".record.json");
                if single || ends(&path, ".jsonl") {
                    found.push(Source { path, single });
                }
            }
        }
    }
    if found.is_empty() {
        let what = "expected records (*.jsonl, *.record.json), found none";
        return Err(Failure::file(path, what));
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// One text that should be a record.
struct Item<'s> {
    source: &'s Source,
    line: Option<u64>,
    end: End,
    bytes: Vec<u8>,
}

impl<'s> Item<'s> {
    fn of(source: &'s Source, line: Option<u64>, end: End, bytes: Vec<u8>) -> Self {
        Self {
            source,
            line,
            end,
            bytes,
        }
    }
}

#[derive(Default)]
struct Chunk<'s> {
    items: Vec<Item<'s>>,
    bytes: usize,
}

// ---- under which rules -------------------------------------------------------

struct Rulebooks {
    in_use: Rulebook,
    archive: Option<Archive>,
}

impl Rulebooks {
    /// The rulebook that a record names, where it is at hand; else the one in use.
    fn of(&self, record: &Record) -> Result<Rulebook, Failure> {
        let digest = &record.determination().rulebook.digest;
        if digest == self.in_use.digest() {
            return Ok(self.in_use.clone());
        }
        let archived = match &self.archive {
            Some(archive) => archive.get(digest)?,
            None => None,
        };
        Ok(archived.unwrap_or_else(|| self.in_use.clone()))
    }
}

/// A folder of exported rulebooks. Each is loaded when a record first names it.
struct Archive {
    /// By the digest that the file claims.
    files: BTreeMap<String, PathBuf>,
    loaded: Mutex<BTreeMap<String, Rulebook>>,
}

/// What an export says of itself.
#[derive(Deserialize)]
struct Claim {
    digest: String,
    #[serde(rename = "files")]
    _files: IgnoredAny,
}

impl Archive {
    fn open(dir: &Path) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(|error| Failure::file(dir, error))? {
            let path = entry.map_err(|error| Failure::file(dir, error))?.path();
            if path.extension().is_some_and(|end| end == "json") && path.is_file() {
                paths.push(path);
            }
        }
        paths.sort();
        let mut files = BTreeMap::new();
        for path in paths {
            let text = files::text(&path, MAX_EXPORT)?;
            let claim: Claim = serde_json::from_str(&text).map_err(|_| {
                Failure::file(
                    &path,
                    "expected a rulebook written by `nengli rules --export`",
                )
            })?;
            files.insert(claim.digest, path);
        }
        if files.is_empty() {
            return Err(Failure::file(
                dir,
                "expected rulebooks written by `nengli rules --export` (*.json), found none",
            ));
        }
        Ok(Self {
            files,
            loaded: Mutex::default(),
        })
    }

    /// The rulebook of this digest, if there is one; its files must have that digest.
    fn get(&self, digest: &str) -> Result<Option<Rulebook>, Failure> {
        let Some(path) = self.files.get(digest) else {
            return Ok(None);
        };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rulebook) = loaded.get(digest) {
            return Ok(Some(rulebook.clone()));
        }
        let text = files::text(path, MAX_EXPORT)?;
        let rulebook = Rulebook::from_export(&text).map_err(|error| {
            let first = error.diagnostics.first();
            Failure::file(path, first.map_or("", |fault| fault.message.as_str()))
        })?;
        if rulebook.digest() != digest {
            return Err(Failure::file(
                path,
                "expected the rulebook that it named before",
            ));
        }
        loaded.insert(digest.to_owned(), rulebook.clone());
        Ok(Some(rulebook))
    }
}

// ---- what comes of it --------------------------------------------------------

enum Verdict {
    Replayed {
        replay: Box<Replay>,
        /// Under a rulebook of the archive.
        archived: bool,
    },
    /// A line of `batch --record` that is no record: the case was refused.
    Rejected,
    Malformed(Rejection),
}

/// What one text comes to; nothing where it is blank.
fn judge(item: &Item<'_>, rulebooks: &Rulebooks) -> Result<Option<Verdict>, Failure> {
    let text = match lines::text(item.end, &item.bytes) {
        Some(text) => text,
        // A file that should hold a record and holds nothing is not skipped.
        None if item.source.single => Ok(""),
        None => return Ok(None),
    };
    let verdict = match text.clone().and_then(Record::from_text) {
        Ok(record) => {
            let rulebook = rulebooks.of(&record)?;
            Verdict::Replayed {
                archived: rulebook.digest() != rulebooks.in_use.digest(),
                replay: Box::new(rulebook.replay(&record)),
            }
        }
        Err(_) if text.is_ok_and(is_rejection) => Verdict::Rejected,
        Err(rejection) => Verdict::Malformed(rejection),
    };
    Ok(Some(verdict))
}

fn is_rejection(text: &str) -> bool {
    serde_json::from_str::<Rejection>(text).is_ok_and(|found| !found.rejected.is_empty())
}

#[derive(Default)]
struct Counts {
    same: u64,
    differs: u64,
    seal_broken: u64,
    malformed: u64,
    rejected: u64,
    other_rulebook: u64,
    archived: u64,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Malformed(_) => self.malformed += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::Replayed { replay, archived } => {
                match replay.status {
                    ReplayStatus::Same => self.same += 1,
                    ReplayStatus::SealBroken => self.seal_broken += 1,
                    _ => self.differs += 1,
                }
                self.other_rulebook += u64::from(replay.other_rulebook);
                self.archived += u64::from(*archived);
            }
        }
    }

    fn faults(&self) -> u64 {
        self.differs + self.seal_broken + self.malformed + self.rejected
    }
}

struct Run<'r> {
    rulebooks: &'r Rulebooks,
    lang: Lang,
    json: bool,
    /// Lines that may still be listed.
    room: usize,
    unlisted: u64,
    counts: Counts,
    progress: ProgressBar,
    threads: usize,
}

impl Run<'_> {
    fn add<'s>(&mut self, chunk: &mut Chunk<'s>, item: Item<'s>) -> Result<(), Failure> {
        chunk.bytes += item.bytes.len();
        chunk.items.push(item);
        if chunk.items.len() >= CHUNK || chunk.bytes >= CHUNK_BYTES {
            self.flush(chunk)?;
        }
        Ok(())
    }

    /// Decides a chunk on all cores and answers it in order.
    fn flush(&mut self, chunk: &mut Chunk<'_>) -> Result<(), Failure> {
        let rulebooks = self.rulebooks;
        let part = chunk.items.len().div_ceil(self.threads).max(1);
        let parts: Vec<Vec<Result<Option<Verdict>, Failure>>> = thread::scope(|scope| {
            let handles: Vec<_> = chunk
                .items
                .chunks(part)
                .map(|items| {
                    let judged = move || items.iter().map(|item| judge(item, rulebooks)).collect();
                    scope.spawn(judged)
                })
                .collect();
            let joined = handles.into_iter().map(|handle| match handle.join() {
                Ok(part) => part,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.collect()
        });
        for (item, verdict) in chunk.items.iter().zip(parts.into_iter().flatten()) {
            let Some(verdict) = verdict? else {
                continue;
            };
            self.counts.add(&verdict);
            let text = if self.json {
                json_line(item, &verdict).map(|line| line.to_string())
            } else {
                self.listed(item, &verdict)
            };
            if let Some(text) = text {
                self.progress.suspend(|| {
                    let mut out = io::stdout().lock();
                    writeln!(out, "{text}")
                })?;
            }
        }
        chunk.items.clear();
        chunk.bytes = 0;
        Ok(())
    }

    /// What is said of a record that is not the same, as far as there is room.
    fn listed(&mut self, item: &Item<'_>, verdict: &Verdict) -> Option<String> {
        let lang = self.lang;
        let mut lines = Vec::new();
        let (who, what) = match verdict {
            Verdict::Replayed { replay, .. } => {
                let what = match replay.status {
                    ReplayStatus::Same => return None,
                    ReplayStatus::SealBroken => word(lang, "封印不符", "seal broken"),
                    _ => word(lang, "结果不同", "differs"),
                };
                let other = match replay.other_rulebook {
                    true => word(lang, "（规则不同）", " (other rulebook)"),
                    false => "",
                };
                if replay.rejected().is_empty() {
                    lines.extend(replay.differences.iter().map(|one| said(one, lang)));
                }
                for problem in replay.rejected() {
                    let now = word(lang, "现被拒绝：", "refused now: ");
                    lines.push(format!("{}: {now}{}", problem.at, problem.message_in(lang)));
                }
                (replay.case_id.as_str(), format!("{what}{other}"))
            }
            Verdict::Rejected => (
                "",
                word(lang, "个案当时被拒绝，没有记录", "a rejection, no record").to_owned(),
            ),
            Verdict::Malformed(rejection) => {
                for problem in &rejection.rejected {
                    let at = if problem.at.is_empty() {
                        "/"
                    } else {
                        &problem.at
                    };
                    lines.push(format!("{at}: {}", problem.message_in(lang)));
                }
                let who = rejection.case_id.as_deref().unwrap_or("");
                (who, word(lang, "不是有效记录", "malformed").to_owned())
            }
        };
        let wanted = lines.len().max(1);
        let shown = wanted.min(self.room);
        self.room -= shown;
        self.unlisted += u64::try_from(wanted - shown).unwrap_or(u64::MAX);
        if shown == 0 {
            return None;
        }
        let place = files::named(&item.source.path);
        let line = item.line.map(|line| format!(":{line}")).unwrap_or_default();
        let gap = if who.is_empty() { "" } else { "  " };
        let mut text = format!("{place}{line}  {who}{gap}{what}");
        for line in lines.iter().take(shown) {
            let _ = write!(text, "\n  {line}");
        }
        Some(text)
    }

    fn summary(&self) -> String {
        let lang = self.lang;
        let counts = &self.counts;
        let mut table = Table::new([word(lang, "记录", "records"), word(lang, "数目", "count")]);
        for (zh, en, count) in [
            ("相同", "same", counts.same),
            ("结果不同", "differs", counts.differs),
            ("封印不符", "seal broken", counts.seal_broken),
            ("不是有效记录", "malformed", counts.malformed),
            (
                "当时被拒绝，没有记录",
                "rejections, no record",
                counts.rejected,
            ),
            (
                "其中规则不同",
                "of these, other rulebook",
                counts.other_rulebook,
            ),
            (
                "其中按存档规则",
                "of these, under the archive",
                counts.archived,
            ),
        ] {
            table.row([word(lang, zh, en).to_owned(), count.to_string()]);
        }
        let mut text = String::new();
        if self.unlisted > 0 {
            let more = self.unlisted;
            let _ = match lang {
                Lang::Zh => writeln!(text, "……另有 {more} 行未列出；--all 全部列出"),
                Lang::En => writeln!(text, "… {more} more lines; --all lists them"),
            };
        }
        let rulebook = &self.rulebooks.in_use;
        let _ = write!(
            text,
            "{}\n{} {} {}",
            table.drawn(),
            word(lang, "规则版本", "rules"),
            rulebook.version(),
            rulebook.digest()
        );
        text
    }
}

/// A difference, in one line.
fn said(difference: &Difference, lang: Lang) -> String {
    const LONGEST: usize = 160;
    let value = |value: &Option<Value>| {
        let Some(value) = value else {
            return word(lang, "（无）", "nothing").to_owned();
        };
        let text = value.to_string();
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    };
    let (recorded, now) = (value(&difference.recorded), value(&difference.now));
    let rule = match &difference.rule {
        Some(rule) => format!("  [{rule}]"),
        None => String::new(),
    };
    let at = &difference.at;
    match lang {
        Lang::Zh => format!("{at}：记录为 {recorded}，现为 {now}{rule}"),
        Lang::En => format!("{at}: recorded {recorded}, now {now}{rule}"),
    }
}

/// A record that is not the same, as JSON.
fn json_line(item: &Item<'_>, verdict: &Verdict) -> Option<Value> {
    let mut line = match verdict {
        Verdict::Replayed { replay, .. } if replay.status == ReplayStatus::Same => return None,
        Verdict::Replayed { replay, .. } => json!(replay),
        Verdict::Rejected => json!({ "case_id": null, "status": "rejection" }),
        Verdict::Malformed(rejection) => {
            let mut line = json!(rejection);
            if let Value::Object(members) = &mut line {
                members.insert("status".to_owned(), json!("malformed"));
            }
            line
        }
    };
    if let Value::Object(members) = &mut line {
        let file = item.source.path.display().to_string();
        members.insert("file".to_owned(), json!(file));
        if let Some(number) = item.line {
            members.insert("line".to_owned(), json!(number));
        }
    }
    Some(line)
}
