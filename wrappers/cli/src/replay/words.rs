//! What is said of records: line by line, and at the end.

use std::fmt::{self, Write as _};
use std::path::Path;

use nengli::record::{Difference, Replay, ReplayStatus};
use nengli::{Lang, Problem, Rulebook};
use serde_json::{Value, json};

use super::verdict::{Counts, Verdict};
use crate::files;
use crate::rules::word;
use crate::table::Table;

/// Lines of differences that are listed unless all are asked for.
const FIRST: usize = 20;

/// Where a record stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) path: &'p Path,
    pub(super) line: Option<u64>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&files::named(self.path))?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

/// The list of records that are not the same, as far as there is room.
pub(super) struct Listing {
    lang: Lang,
    /// Lines that may still be listed.
    room: usize,
    unlisted: u64,
}

impl Listing {
    pub(super) fn new(lang: Lang, all: bool) -> Self {
        Self {
            lang,
            room: if all { usize::MAX } else { FIRST },
            unlisted: 0,
        }
    }

    /// What is said of a record that is not the same, as far as there is room.
    pub(super) fn say(&mut self, place: &Place<'_>, verdict: &Verdict) -> Option<String> {
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
                let now = word(lang, "现被拒绝：", "refused now: ");
                for problem in replay.rejected() {
                    lines.push(format!("{}: {now}{}", problem.at, problem.message_in(lang)));
                }
                (replay.case_id.as_str(), format!("{what}{other}"))
            }
            Verdict::Rejected => (
                "",
                word(lang, "个案当时被拒绝，没有记录", "a rejection, no record").to_owned(),
            ),
            Verdict::Malformed(rejection) => {
                lines.extend(problems(&rejection.rejected, lang, usize::MAX));
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
        let gap = if who.is_empty() { "" } else { "  " };
        let mut text = format!("{place}  {who}{gap}{what}");
        for line in lines.iter().take(shown) {
            let _ = write!(text, "\n  {line}");
        }
        Some(text)
    }

    /// What all of it came to.
    pub(super) fn summary(&self, counts: &Counts, rulebook: &Rulebook) -> String {
        let lang = self.lang;
        let mut table = Table::new([word(lang, "记录", "records"), word(lang, "数目", "count")]);
        for (name, count) in counted(counts, lang) {
            table.row([name.to_owned(), count.to_string()]);
        }
        let mut text = String::new();
        if self.unlisted > 0 {
            let more = self.unlisted;
            let _ = match lang {
                Lang::Zh => writeln!(text, "……另有 {more} 行未列出；--all 全部列出"),
                Lang::En => writeln!(text, "… {more} more lines; --all lists them"),
            };
        }
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

/// The counts with their words.
pub(super) fn counted(counts: &Counts, lang: Lang) -> [(&'static str, u64); 7] {
    [
        (word(lang, "相同", "same"), counts.same),
        (word(lang, "结果不同", "differs"), counts.differs),
        (word(lang, "封印不符", "seal broken"), counts.seal_broken),
        (word(lang, "不是有效记录", "malformed"), counts.malformed),
        (
            word(lang, "当时被拒绝，没有记录", "rejections, no record"),
            counts.rejected,
        ),
        (
            word(lang, "其中规则不同", "of these, other rulebook"),
            counts.other_rulebook,
        ),
        (
            word(lang, "其中按存档规则", "of these, under the archive"),
            counts.archived,
        ),
    ]
}

/// A difference, in one line.
pub(super) fn said(difference: &Difference, lang: Lang) -> String {
    let (recorded, now) = (
        value(difference.recorded.as_ref(), lang),
        value(difference.now.as_ref(), lang),
    );
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

/// The first problems, each with its place.
pub(super) fn problems(problems: &[Problem], lang: Lang, first: usize) -> Vec<String> {
    let problems = problems.iter().take(first);
    problems
        .map(|problem| {
            let at = match problem.at.as_str() {
                "" => "/",
                at => at,
            };
            format!("{at}: {}", problem.message_in(lang))
        })
        .collect()
}

/// The first difference of a replay, and how many more there are.
pub(super) fn differences(replay: &Replay, lang: Lang) -> String {
    let Some(first) = replay.differences.first() else {
        let none = ("结果与记录相同", "comes out as it was recorded");
        return word(lang, none.0, none.1).to_owned();
    };
    let mut text = match replay.rejected() {
        [] => said(first, lang),
        rejected => problems(rejected, lang, 1).join(" "),
    };
    let more = replay.differences.len() - 1;
    if more > 0 {
        let _ = match lang {
            Lang::Zh => write!(text, "；另有 {more} 处"),
            Lang::En => write!(text, "; {more} more"),
        };
    }
    text
}

/// A value as it is shown: no longer than a reader can take in.
pub(super) fn value(value: Option<&Value>, lang: Lang) -> String {
    const LONGEST: usize = 160;
    let Some(value) = value else {
        return word(lang, "（无）", "nothing").to_owned();
    };
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A record that is not the same, as JSON.
pub(super) fn json_line(place: &Place<'_>, verdict: &Verdict) -> Option<Value> {
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
        let file = place.path.display().to_string();
        members.insert("file".to_owned(), json!(file));
        if let Some(number) = place.line {
            members.insert("line".to_owned(), json!(number));
        }
    }
    Some(line)
}
