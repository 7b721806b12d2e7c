//! What an audit found, counted: for a terminal and as a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nengli::audit::{Auditor, Conflict, ConflictKind};
use nengli::explain::citations;
use nengli::{Lang, Rulebook};

use crate::page::{Cell, Html, Page};
use crate::rules::word;
use crate::table::Table;

/// Examples of each kind that the page shows.
const EXAMPLES: usize = 5;

/// What was found so far: counts, and a few examples of each kind.
#[derive(Default)]
pub(crate) struct Tally {
    rows: u64,
    pub(crate) with_conflicts: u64,
    conflicts: u64,
    /// Rows that no mapping is for.
    pub(crate) skipped: u64,
    /// Decisions of which something could not be judged.
    pub(crate) unverified: u64,
    /// Columns that were not read, at most in one row.
    pub(crate) not_read: usize,
    pub(crate) unlisted: u64,
    kinds: BTreeMap<ConflictKind, u64>,
    examples: BTreeMap<ConflictKind, Vec<Example>>,
    /// By mapping: decisions, those with conflicts, conflicts.
    maps: BTreeMap<usize, [u64; 3]>,
}

struct Example {
    row: u64,
    case_id: Option<String>,
    conflict: Conflict,
}

impl Tally {
    pub(crate) fn add(
        &mut self,
        map: Option<usize>,
        row: u64,
        case_id: Option<&str>,
        conflicts: &[Conflict],
    ) {
        let found = u64::from(!conflicts.is_empty());
        let count = u64::try_from(conflicts.len()).unwrap_or(u64::MAX);
        self.rows += 1;
        self.with_conflicts += found;
        self.conflicts += count;
        if let Some(map) = map {
            let [rows, with, all] = self.maps.entry(map).or_default();
            *rows += 1;
            *with += found;
            *all += count;
        }
        for conflict in conflicts {
            *self.kinds.entry(conflict.kind).or_default() += 1;
            let examples = self.examples.entry(conflict.kind).or_default();
            if examples.len() < EXAMPLES {
                examples.push(Example {
                    row,
                    case_id: case_id.map(str::to_owned),
                    conflict: conflict.clone(),
                });
            }
        }
    }

    /// The kinds that were found, the most frequent first.
    fn by_count(&self) -> Vec<(ConflictKind, u64)> {
        let mut kinds: Vec<_> = self
            .kinds
            .iter()
            .map(|(kind, count)| (*kind, *count))
            .collect();
        kinds.sort_by_key(|(kind, count)| (u64::MAX - count, *kind));
        kinds
    }

    /// What is counted, with its words.
    fn figures(&self, lang: Lang) -> Vec<(u64, &'static str)> {
        let mut figures = vec![
            (self.rows, word(lang, "决定", "decisions")),
            (
                self.rows - self.with_conflicts,
                word(lang, "无冲突", "without conflicts"),
            ),
            (self.with_conflicts, word(lang, "有冲突", "with conflicts")),
            (self.conflicts, word(lang, "冲突", "conflicts")),
        ];
        if self.unverified > 0 {
            figures.push((
                self.unverified,
                word(lang, "部分无法核对", "in part not judged"),
            ));
        }
        if self.skipped > 0 {
            figures.push((
                self.skipped,
                word(lang, "不属任何映射，未核对", "rows of no mapping"),
            ));
        }
        figures
    }
}

/// The summary for a terminal.
pub(crate) fn summary(
    tally: &Tally,
    auditors: &[Auditor],
    rulebook: &Rulebook,
    lang: Lang,
) -> String {
    let mut text = String::new();
    if tally.unlisted > 0 {
        let more = tally.unlisted;
        let _ = match lang {
            Lang::Zh => writeln!(text, "……另有 {more} 处冲突未列出；--all 全部列出"),
            Lang::En => writeln!(text, "… {more} more conflicts; --all lists them"),
        };
    }
    if !tally.kinds.is_empty() {
        let mut table = Table::new([
            word(lang, "冲突种类", "kind of conflict"),
            "",
            word(lang, "数目", "count"),
        ])
        .keys(1);
        for (kind, count) in tally.by_count() {
            table.row([
                kind.as_str().to_owned(),
                kind.name(lang).to_owned(),
                count.to_string(),
            ]);
        }
        let _ = writeln!(text, "{}", table.drawn());
    }
    if auditors.len() > 1 {
        let _ = writeln!(text, "{}", by_instrument(tally, auditors, lang).drawn());
    }
    let mut table = Table::new([word(lang, "合计", "in all"), word(lang, "数目", "count")]);
    for (count, words) in tally.figures(lang) {
        table.row([words.to_owned(), count.to_string()]);
    }
    if tally.not_read > 0 {
        table.row([
            word(lang, "未读取的列", "columns not read").to_owned(),
            tally.not_read.to_string(),
        ]);
    }
    let _ = write!(text, "{}\n{}", table.drawn(), rules(rulebook, lang));
    text
}

fn rules(rulebook: &Rulebook, lang: Lang) -> String {
    let words = word(lang, "规则版本", "rules");
    format!("{words} {} {}", rulebook.version(), rulebook.digest())
}

/// For each mapping: its instrument, its decisions and what was found.
fn counts(tally: &Tally, auditors: &[Auditor]) -> Vec<(String, [u64; 3])> {
    let rows = auditors.iter().enumerate().map(|(map, auditor)| {
        let counts = tally.maps.get(&map).copied().unwrap_or_default();
        (auditor.mapping().instrument.clone(), counts)
    });
    rows.collect()
}

fn heads(lang: Lang) -> [&'static str; 4] {
    [
        word(lang, "标准", "instrument"),
        word(lang, "决定", "decisions"),
        word(lang, "有冲突", "with conflicts"),
        word(lang, "冲突", "conflicts"),
    ]
}

fn by_instrument(tally: &Tally, auditors: &[Auditor], lang: Lang) -> Table {
    let mut table = Table::new(heads(lang));
    for (instrument, counts) in counts(tally, auditors) {
        table.row(
            [instrument]
                .into_iter()
                .chain(counts.map(|count| count.to_string())),
        );
    }
    table
}

/// The page for people.
pub(crate) fn page(
    tally: &Tally,
    auditors: &[Auditor],
    rulebook: &Rulebook,
    file: &str,
    lang: Lang,
) -> String {
    let mut page = Page::new(
        lang,
        word(lang, "评估结果核对", "Audit of recorded decisions"),
    );
    let words = word(lang, "文件", "File");
    page.paragraph(format!("{words} {file}"));
    page.note(rules(rulebook, lang));
    page.figures(tally.figures(lang));

    page.section(word(lang, "按种类", "By kind"));
    if tally.kinds.is_empty() {
        page.paragraph(word(lang, "没有发现冲突。", "No conflicts were found."));
    } else {
        let most = tally.kinds.values().copied().max().unwrap_or(1).max(1);
        let rows: Vec<Vec<Cell>> = tally
            .by_count()
            .into_iter()
            .map(|(kind, count)| {
                vec![
                    kind.name(lang).into(),
                    Html::code(kind).into(),
                    Html::bar(count.saturating_mul(1000) / most, count).into(),
                ]
            })
            .collect();
        let heads = [
            word(lang, "种类", "kind"),
            word(lang, "代号", "key"),
            word(lang, "数目", "count"),
        ];
        page.table("", &heads, &rows);
    }

    page.section(word(lang, "按标准", "By instrument"));
    let rows: Vec<Vec<Cell>> = counts(tally, auditors)
        .into_iter()
        .map(|(instrument, counts)| {
            let name = rulebook.instrument(&instrument);
            let name = name.map_or(instrument.as_str(), |one| {
                one.definition().names.within(lang)
            });
            let mut row: Vec<Cell> = vec![name.into()];
            row.extend(counts.map(Cell::from));
            row
        })
        .collect();
    page.table("", &heads(lang), &rows);

    if !tally.examples.is_empty() {
        page.section(word(lang, "例子", "Examples"));
        let words = match lang {
            Lang::Zh => format!("每种最多 {EXAMPLES} 例。"),
            Lang::En => format!("At most {EXAMPLES} of each kind."),
        };
        page.note(words);
    }
    for (kind, _) in tally.by_count() {
        let Some(examples) = tally.examples.get(&kind) else {
            continue;
        };
        page.part(&Html::text(kind.name(lang)));
        let rows: Vec<Vec<Cell>> = examples
            .iter()
            .map(|one| example(one, rulebook, lang))
            .collect();
        let heads = [
            word(lang, "行", "row"),
            word(lang, "编号", "case"),
            word(lang, "列", "columns"),
            word(lang, "情况", "what"),
            word(lang, "依据", "rule"),
        ];
        page.table("", &heads, &rows);
    }
    page.section(word(lang, "如何阅读", "How to read this"));
    page.paragraph(word(
        lang,
        "每个决定按其答案重新计算。一处错误只列一次：由它而来的后果不再列出。核对只说明记录与规则是否一致，不说明答案本身是否属实。",
        "Each decision was computed again from its answers. One fault is listed once: what only follows from it is not. An audit says whether a record agrees with the rules, not whether its answers are true.",
    ));
    if tally.not_read > 0 {
        let count = tally.not_read;
        page.note(match lang {
            Lang::Zh => format!("有 {count} 列不在映射中，未读取。"),
            Lang::En => format!("{count} columns are in no mapping and were not read."),
        });
    }
    page.finish()
}

fn example(one: &Example, rulebook: &Rulebook, lang: Lang) -> Vec<Cell> {
    let conflict = &one.conflict;
    let mut rule: Vec<String> = conflict.rule.iter().cloned().collect();
    if !conflict.citations.is_empty() {
        rule.push(citations(&conflict.citations, rulebook, lang));
    }
    vec![
        Html::number(one.row).into(),
        Html::code(one.case_id.as_deref().unwrap_or("")).into(),
        conflict.columns.join(word(lang, "、", ", ")).into(),
        conflict.says.within(lang).into(),
        rule.join("; ").into(),
    ]
}
