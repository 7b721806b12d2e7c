//! The report of a replay, as one page.

use std::cmp::Reverse;

use nengli::{Lang, Rulebook, explain};

use super::tally::{Both, By, Example, Group, LISTED, Listed, RULES, Tally, What};
use super::words::counted;
use crate::page::{Cell, Html, Page, thousands};
use crate::rules::word;

/// The whole page. `of` says what was replayed.
pub(super) fn page(tally: &Tally, rulebook: &Rulebook, of: &str, lang: Lang) -> String {
    Report {
        tally,
        rulebook,
        lang,
        page: Page::new(lang, word(lang, "记录重放报告", "Records replayed")),
    }
    .written(of)
}

struct Report<'t> {
    tally: &'t Tally,
    rulebook: &'t Rulebook,
    lang: Lang,
    page: Page,
}

impl<'t> Report<'t> {
    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        word(self.lang, zh, en)
    }

    fn written(mut self, of: &str) -> String {
        self.head(of);
        self.levels();
        self.statuses();
        self.groups();
        self.listed(
            ("封印不符", "Broken seals"),
            (
                "封印之后被改动过的记录。其他各表不含这些记录。",
                "Records that were changed after they were sealed. They are in none of the other tables.",
            ),
            &self.tally.broken,
        );
        self.listed(
            ("不是有效记录", "Malformed"),
            (
                "读不出记录的文本，及发现的第一个问题。",
                "Texts that are no records, with the first problem of each.",
            ),
            &self.tally.malformed,
        );
        self.listed(
            ("当时被拒绝的个案", "Rejections"),
            (
                "这些行是当时的拒绝说明，没有可重放的内容。",
                "Lines that tell of a refused case: there is nothing to replay.",
            ),
            &self.tally.rejected,
        );
        self.rulebooks();
        self.details();
        self.page.finish()
    }

    fn head(&mut self, of: &str) {
        let counts = &self.tally.counts;
        let all = counts.same + counts.faults();
        let verdict = match (counts.faults(), self.lang) {
            (0, Lang::Zh) => "所有记录封印完好，重新判定的结果与记录相同。".to_owned(),
            (0, Lang::En) => {
                "Every seal holds, and every case comes out as it was recorded.".to_owned()
            }
            (faults, Lang::Zh) => {
                format!(
                    "{} 条中有 {} 条与记录不符。",
                    thousands(all),
                    thousands(faults)
                )
            }
            (faults, Lang::En) => format!(
                "{} of {} did not come out as recorded.",
                thousands(faults),
                thousands(all)
            ),
        };
        self.page.paragraph(verdict);
        let mut figures = vec![(all, self.word("全部", "all"))];
        let counted = counted(counts, self.lang).into_iter();
        figures.extend(
            counted
                .filter(|(_, count)| *count > 0)
                .map(|(words, count)| (count, words)),
        );
        self.page.figures(figures);
        let (rules, engine) = (self.rulebook, nengli::VERSION);
        let (version, digest) = (rules.version(), rules.digest());
        self.page.note(match self.lang {
            Lang::Zh => format!("记录：{of} · 规则版本 {version} · {digest} · 程序版本 {engine}"),
            Lang::En => format!("Records: {of} · rules {version} · {digest} · engine {engine}"),
        });
    }

    // ---- differences -----------------------------------------------------------

    fn groups(&mut self) {
        let tally = self.tally;
        self.page
            .section(self.word("不同之处，按规则", "Differences, by rule"));
        if tally.groups.map.is_empty() {
            self.page.paragraph(self.word("没有。", "None."));
            return;
        }
        let head = [
            self.word("规则", "rule"),
            self.word("依据", "clause"),
            self.word("记录", "records"),
            self.word("不同之处", "differences"),
        ];
        let rows: Vec<Vec<Cell>> = self
            .most_first()
            .into_iter()
            .map(|(by, group)| {
                let (name, clause) = self.named(by, group);
                let mut rule = vec![Html::text(name)];
                if let By::Rule(id) = by {
                    rule.push(Html::code(id));
                }
                vec![
                    Html::lines(rule).into(),
                    clause.into(),
                    group.records.into(),
                    group.differences.into(),
                ]
            })
            .collect();
        self.page.table("", &head, &rows);
        if tally.groups.cut > 0 {
            let cut = thousands(tally.groups.cut);
            self.page.note(match self.lang {
                Lang::Zh => format!("只保留最先遇到的 {RULES} 条规则；其他规则另有 {cut} 处不同。"),
                Lang::En => format!(
                    "The first {RULES} rules that were met are kept; others have {cut} more differences."
                ),
            });
        }
    }

    /// The groups, those of most records first.
    fn most_first(&self) -> Vec<(&'t By, &'t Group)> {
        let mut groups: Vec<_> = self.tally.groups.map.iter().collect();
        groups.sort_by_key(|(by, group)| (Reverse(group.records), *by));
        groups
    }

    fn details(&mut self) {
        let groups = self.most_first();
        if groups.is_empty() {
            return;
        }
        let heading = self.word("各规则：位置与实例", "Rule by rule: places and examples");
        self.page.section(heading);
        for (by, group) in groups {
            self.group(by, group);
        }
    }

    /// What a group is called, and the clause it rests on.
    fn named(&self, by: &By, group: &Group) -> (String, String) {
        match by {
            By::Rule(id) => match explain::rule(id, self.rulebook, self.lang) {
                Some(rule) => {
                    let cited = explain::citations(&rule.citations, self.rulebook, self.lang);
                    (rule.name, cited)
                }
                None => {
                    let found = group
                        .places
                        .map
                        .keys()
                        .all(|at| at.starts_with("/findings/"));
                    let unknown = if found {
                        self.word("提示（不影响判定）", "a finding, which decides nothing")
                    } else {
                        self.word("所用规则中没有", "not in the rules in use")
                    };
                    (unknown.to_owned(), String::new())
                }
            },
            By::NoRule => (
                self.word("不由规则决定", "decided by no rule").to_owned(),
                String::new(),
            ),
            By::Refused => (
                self.word("个案现被拒绝", "the case is refused now")
                    .to_owned(),
                String::new(),
            ),
        }
    }

    fn group(&mut self, by: &By, group: &Group) {
        self.page.part(&Html::text(self.named(by, group).0));
        if !matches!(by, By::Refused) {
            let mut places: Vec<(&String, &u64)> = group.places.map.iter().collect();
            places.sort_by_key(|(place, count)| (Reverse(**count), *place));
            let mut rows: Vec<Vec<Cell>> = places
                .into_iter()
                .map(|(place, count)| vec![Html::code(place).into(), (*count).into()])
                .collect();
            if group.places.cut > 0 {
                let others = self.word("其他位置", "other places");
                rows.push(vec![others.into(), group.places.cut.into()]);
            }
            let head = [
                self.word("位置", "place"),
                self.word("不同之处", "differences"),
            ];
            self.page.table("", &head, &rows);
        }
        let caption = self.word("最先遇到的几条", "The first that were met");
        self.examples(caption, &group.examples);
    }

    fn examples(&mut self, caption: &str, examples: &[Example]) {
        let plain = examples.iter().all(|one| matches!(one.what, What::Said(_)));
        let ends = if plain {
            vec![self.word("说明", "what")]
        } else {
            vec![
                self.word("位置", "place"),
                self.word("记录为", "recorded"),
                self.word("现为", "now"),
            ]
        };
        let mut head = vec![self.word("记录", "record"), self.word("个案", "case")];
        head.extend(ends);
        let rows: Vec<Vec<Cell>> = examples
            .iter()
            .map(|one| {
                let mut row: Vec<Cell> = vec![
                    Html::code(&one.place).into(),
                    Html::code(&one.case_id).into(),
                ];
                match &one.what {
                    What::Said(text) => row.push(text.as_str().into()),
                    What::Difference { at, recorded, now } => {
                        row.extend([at, recorded, now].map(|text| Html::code(text).into()));
                    }
                }
                row
            })
            .collect();
        self.page.table(caption, &head, &rows);
    }

    // ---- what is no difference of rules ------------------------------------------

    fn listed(
        &mut self,
        (zh, en): (&'static str, &'static str),
        note: (&'static str, &'static str),
        list: &Listed,
    ) {
        if list.first.is_empty() {
            return;
        }
        self.page.section(self.word(zh, en));
        self.page.note(self.word(note.0, note.1));
        self.examples("", &list.first);
        if list.more > 0 {
            let more = thousands(list.more);
            self.page.note(match self.lang {
                Lang::Zh => format!("列出最先的 {LISTED} 条；另有 {more} 条。"),
                Lang::En => format!("The first {LISTED} are listed; there are {more} more."),
            });
        }
    }

    // ---- distributions -----------------------------------------------------------

    fn levels(&mut self) {
        let tally = self.tally;
        if tally.levels.map.is_empty() {
            return;
        }
        self.page.section(self.word("等级", "Levels"));
        self.page.note(self.word(
            "封印完好的记录，每次评估计一次。",
            "Records whose seal holds; each assessment counts once.",
        ));
        for (id, levels) in &tally.levels.map {
            let known = self.rulebook.instrument(id).map(|one| one.definition());
            let title = known.map_or("", |one| one.names.within(self.lang));
            self.page
                .part(&Html::lines([Html::text(title), Html::code(id)]));
            let rows = levels.iter().map(|(code, both)| {
                let name = match code {
                    None => self.word("未定", "undetermined").to_owned(),
                    Some(code) => known
                        .and_then(|one| one.levels.get(usize::from(*code)))
                        .map_or_else(
                            || code.to_string(),
                            |level| format!("{code} {}", level.names.within(self.lang)),
                        ),
                };
                (name, *both)
            });
            // Best first, and what is not known last.
            let (unknown, mut rows): (Vec<_>, Vec<_>) = rows
                .zip(levels.keys())
                .partition(|(_, code)| code.is_none());
            rows.extend(unknown);
            let rows: Vec<(String, Both)> = rows.into_iter().map(|(row, _)| row).collect();
            self.bars(self.word("等级", "level"), &rows);
        }
        if tally.levels.cut > 0 {
            let cut = thousands(tally.levels.cut);
            self.page.note(match self.lang {
                Lang::Zh => format!("其他评估工具另有 {cut} 个结果。"),
                Lang::En => format!("Other instruments have {cut} more results."),
            });
        }
    }

    fn statuses(&mut self) {
        if self.tally.statuses.is_empty() {
            return;
        }
        self.page.section(self.word("权益", "Rights"));
        self.page.note(self.word(
            "封印完好的记录，每个项目计一次。",
            "Records whose seal holds; each programme of each record counts once.",
        ));
        let statuses = self.tally.statuses.iter();
        let rows: Vec<(String, Both)> = statuses
            .map(|(status, both)| (explain::status(*status, self.lang), *both))
            .collect();
        self.bars(self.word("状态", "status"), &rows);
    }

    /// Recorded beside now, each as a part of its column.
    fn bars(&mut self, what: &str, rows: &[(String, Both)]) {
        let sum = |side: fn(&Both) -> u64| rows.iter().map(|(_, both)| side(both)).sum::<u64>();
        let (recorded, now) = (sum(|both| both.recorded), sum(|both| both.now));
        let bar = |number: u64, of: u64| {
            let per_mille = (u128::from(number) * 1000)
                .checked_div(u128::from(of))
                .unwrap_or(0);
            let per_mille = u64::try_from(per_mille).unwrap_or(1000);
            Html::bar(per_mille, thousands(number))
        };
        let cells: Vec<Vec<Cell>> = rows
            .iter()
            .map(|(name, both)| {
                let change = i128::from(both.now) - i128::from(both.recorded);
                let size = u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX);
                let change = match change {
                    0 => String::new(),
                    1.. => format!("+{}", thousands(size)),
                    _ => format!("−{}", thousands(size)),
                };
                vec![
                    name.as_str().into(),
                    bar(both.recorded, recorded).into(),
                    bar(both.now, now).into(),
                    Html::number(change).into(),
                ]
            })
            .collect();
        let head = [
            what,
            self.word("记录时", "recorded"),
            self.word("现在", "now"),
            self.word("变化", "change"),
        ];
        self.page.table("", &head, &cells);
    }

    fn rulebooks(&mut self) {
        let rulebooks = &self.tally.rulebooks;
        if rulebooks.map.is_empty() {
            return;
        }
        self.page
            .section(self.word("记录所用的规则", "Rulebooks that the records name"));
        let mut named: Vec<_> = rulebooks.map.iter().collect();
        named.sort_by_key(|(name, count)| (Reverse(**count), *name));
        let mut rows: Vec<Vec<Cell>> = named
            .into_iter()
            .map(|((version, digest), count)| {
                let own = match digest == self.rulebook.digest() {
                    true => self.word("所用规则", "in use"),
                    false => "",
                };
                vec![
                    version.as_str().into(),
                    Html::code(digest).into(),
                    own.into(),
                    (*count).into(),
                ]
            })
            .collect();
        if rulebooks.cut > 0 {
            let others = self.word("其他", "others");
            rows.push(vec![
                others.into(),
                "".into(),
                "".into(),
                rulebooks.cut.into(),
            ]);
        }
        let head = [
            self.word("版本", "version"),
            self.word("摘要", "digest"),
            "",
            self.word("记录", "records"),
        ];
        self.page.table("", &head, &rows);
    }
}
