//! What was counted, in words: the rows that the text and the page show alike.

use std::collections::BTreeMap;

use nengli::compare::{Count, Impact, Money, Rights, Transitions};
use nengli::{Lang, Rulebook, explain};

use super::Counted;
use crate::page::thousands;
use crate::rules::word;

pub(super) struct View<'v> {
    pub(super) counted: &'v Counted,
    pub(super) before: &'v Rulebook,
    pub(super) after: &'v Rulebook,
    pub(super) lang: Lang,
}

/// Levels of one instrument, from what to what.
pub(super) struct Matrix<'v> {
    pub(super) name: String,
    /// Keys that occur, from the best level to the worst, then what is no level.
    pub(super) keys: Vec<Key<'v>>,
    pub(super) levels: &'v Transitions,
}

pub(super) struct Key<'v> {
    pub(super) key: &'v str,
    pub(super) name: String,
    /// The code of a level; none of what is no level.
    pub(super) code: Option<usize>,
}

/// One change: of what, from, to, how many.
pub(super) struct Change<'v> {
    pub(super) what: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) count: &'v Count,
}

/// What is counted of a programme, in one place or in all.
pub(super) struct Line<T> {
    pub(super) programme: String,
    /// None for all places.
    pub(super) place: Option<String>,
    /// Of the places of the programme the how-manieth; 0 for all of them.
    pub(super) rank: usize,
    pub(super) counted: T,
}

impl<'v> View<'v> {
    pub(super) fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        word(self.lang, zh, en)
    }

    pub(super) fn impact(&self) -> &'v Impact {
        &self.counted.impact
    }

    pub(super) fn title(&self) -> &'static str {
        self.word("规则变动的影响", "What a change of rules changes")
    }

    /// Which rulebooks.
    pub(super) fn rulebooks(&self) -> [(&'static str, String); 2] {
        let name = |rulebook: &Rulebook| format!("{}  {}", rulebook.version(), rulebook.digest());
        [
            (self.word("变动前", "before"), name(self.before)),
            (self.word("变动后", "after"), name(self.after)),
        ]
    }

    /// How the cases came out.
    pub(super) fn figures(&self) -> Vec<(u64, &'static str)> {
        let cases = &self.impact().cases;
        let rejected = [
            (&cases.rejected_before, "变动前被拒绝", "refused before"),
            (&cases.rejected_after, "变动后被拒绝", "refused after"),
            (&cases.rejected_both, "前后均被拒绝", "refused by both"),
        ];
        let mut figures = vec![
            (cases.all(), self.word("个案", "cases")),
            (cases.levels, self.word("等级有变", "another level")),
            (cases.rights, self.word("权益有变", "another right")),
            (cases.money, self.word("金额有变", "another amount")),
            (
                cases.changed.cases,
                self.word("结果有任何不同", "any difference"),
            ),
            (cases.same, self.word("完全相同", "all the same")),
        ];
        for (count, zh, en) in rejected {
            if count.cases > 0 {
                figures.push((count.cases, self.word(zh, en)));
            }
        }
        figures
    }

    /// What the reader must know of the input.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.before.digest() == self.after.digest() {
            let zh = "两个规则库相同。";
            notes.push(self.word(zh, "Both rulebooks are the same.").to_owned());
        }
        let records = thousands(self.counted.records);
        if self.counted.records > 0 {
            notes.push(match self.lang {
                Lang::Zh => format!("其中 {records} 行是记录：取其个案；封印未核对。"),
                Lang::En => format!(
                    "Lines that are records: {records}. Their cases were taken; the seals were not checked."
                ),
            });
        }
        for (line, rejection) in &self.counted.faults {
            let first = rejection.rejected.first();
            let (at, why) = first.map_or(("", ""), |first| {
                (first.at.as_str(), first.message_in(self.lang))
            });
            notes.push(match self.lang {
                Lang::Zh => format!("第 {line} 行不是有效个案：{at} {why}"),
                Lang::En => format!("Line {line} is no valid case: {at} {why}"),
            });
        }
        notes
    }

    // ---- levels --------------------------------------------------------------

    /// Instruments with another level of anybody, and the names of the others.
    pub(super) fn levels(&self) -> (Vec<Matrix<'v>>, Vec<String>) {
        let (mut changed, mut same) = (Vec::new(), Vec::new());
        for (id, levels) in &self.impact().levels {
            let name = match self.lang {
                Lang::Zh => format!("{}（{id}）", self.instrument(id)),
                Lang::En => format!("{} ({id})", self.instrument(id)),
            };
            if levels.changes().next().is_none() {
                same.push(name);
                continue;
            }
            let mut keys: Vec<Key<'v>> = Vec::new();
            for (before, after, _) in levels.iter() {
                for key in [before, after] {
                    if !keys.iter().any(|known| known.key == key) {
                        let (code, name) = self.level(id, key);
                        keys.push(Key { key, name, code });
                    }
                }
            }
            keys.sort_by_key(|key| (key.code.is_none(), key.code, key.key));
            changed.push(Matrix { name, keys, levels });
        }
        (changed, same)
    }

    pub(super) fn level_changes(&self) -> Vec<Change<'v>> {
        let mut changes = Vec::new();
        for (id, levels) in &self.impact().levels {
            for (before, after, count) in levels.changes() {
                changes.push(Change {
                    what: self.instrument(id),
                    before: self.level(id, before).1,
                    after: self.level(id, after).1,
                    count,
                });
            }
        }
        changes
    }

    fn instrument(&self, id: &str) -> String {
        let found = [self.after, self.before]
            .into_iter()
            .find_map(|rulebook| rulebook.instrument(id));
        found.map_or_else(
            || id.to_owned(),
            |one| one.definition().names.within(self.lang).to_owned(),
        )
    }

    /// Code and name of a level, or of what is none.
    fn level(&self, instrument: &str, key: &str) -> (Option<usize>, String) {
        for rulebook in [self.after, self.before] {
            let levels = rulebook
                .instrument(instrument)
                .map(|one| &one.definition().levels);
            let mut levels = levels.into_iter().flatten().enumerate();
            if let Some((code, level)) = levels.find(|(_, level)| level.key == key) {
                return (Some(code), level.names.within(self.lang).to_owned());
            }
        }
        let name = match key {
            "undetermined" => self.word("未能判定", "undetermined"),
            "rejected" => self.word("被拒绝", "refused"),
            other => other,
        };
        (None, name.to_owned())
    }

    /// Care levels that changed.
    pub(super) fn care_levels(&self) -> Vec<Change<'v>> {
        let map = |scheme: &str| {
            let mut rulebooks = [self.after, self.before].into_iter();
            rulebooks.find_map(|one| one.care_levels().find(|map| map.id == scheme))
        };
        let scheme_name = |scheme: &str| {
            let names = map(scheme).map(|map| map.names.within(self.lang));
            names.unwrap_or(scheme).to_owned()
        };
        let name = |scheme: &str, key: &str| {
            let row = map(scheme).and_then(|map| map.rows.iter().find(|row| row.key == key));
            let none = match key {
                "none" => self.word("无", "none"),
                other => other,
            };
            let name = row.map_or(none, |row| row.names.within(self.lang));
            name.to_owned()
        };
        let mut changes = Vec::new();
        for (scheme, levels) in &self.impact().care_levels {
            for (before, after, count) in levels.changes() {
                changes.push(Change {
                    what: scheme_name(scheme),
                    before: name(scheme, before),
                    after: name(scheme, after),
                    count,
                });
            }
        }
        changes
    }

    // ---- rights and money ----------------------------------------------------

    /// Rights that changed, by programme: in all places, then in each.
    pub(super) fn rights(&self) -> Vec<Line<Rights>> {
        self.lines(
            &self.impact().rights,
            Rights::is_changed,
            |sum, one| sum.merge(one.clone()),
            |rights| {
                let changed = rights.gained() + rights.lost() + rights.otherwise();
                (u128::from(changed), rights.benefit.cases)
            },
        )
    }

    /// Money, by programme: in all places, then in each. What did not change is left out.
    pub(super) fn money(&self, of: &BTreeMap<String, BTreeMap<String, Money>>) -> Vec<Line<Money>> {
        self.lines(
            of,
            |money| money.more.cases > 0 || money.less.cases > 0,
            |sum, one| sum.merge(one.clone()),
            |money| {
                let changed = money.more.cases + money.less.cases;
                (money.difference_fen().unsigned_abs(), changed)
            },
        )
    }

    /// Lines of the programmes that changed, those with the greatest weight first.
    fn lines<T: Clone + Default>(
        &self,
        of: &BTreeMap<String, BTreeMap<String, T>>,
        changed: impl Fn(&T) -> bool,
        merge: impl Fn(&mut T, &T),
        weight: impl Fn(&T) -> (u128, u64),
    ) -> Vec<Line<T>> {
        let mut programmes = Vec::new();
        for (id, places) in of {
            let mut sum = T::default();
            for one in places.values() {
                merge(&mut sum, one);
            }
            let mut places: Vec<(&String, &T)> =
                places.iter().filter(|(_, one)| changed(one)).collect();
            places.sort_by_key(|(_, one)| std::cmp::Reverse(weight(one)));
            if !places.is_empty() {
                programmes.push((self.programme(id), sum, places));
            }
        }
        programmes.sort_by_key(|(_, sum, _)| std::cmp::Reverse(weight(sum)));
        let mut lines = Vec::new();
        for (programme, sum, places) in programmes {
            lines.push(Line {
                programme: programme.clone(),
                place: None,
                rank: 0,
                counted: sum,
            });
            lines.extend((1..).zip(places).map(|(rank, (place, one))| Line {
                programme: programme.clone(),
                place: Some(self.place(place)),
                rank,
                counted: one.clone(),
            }));
        }
        lines
    }

    /// Changes of status of rights in all places, with examples.
    pub(super) fn statuses(rights: &[Line<Rights>]) -> Vec<(&str, &str, &str, &Count)> {
        let all = rights.iter().filter(|line| line.place.is_none());
        let changes = all.flat_map(|line| {
            let changes = line.counted.changes.changes();
            changes.map(|(before, after, count)| (line.programme.as_str(), before, after, count))
        });
        changes.collect()
    }

    pub(super) fn status(&self, key: &str) -> String {
        let known = match key {
            "entitled" => self.word("可以享受", "entitled"),
            "undetermined" => self.word("待定", "not yet known"),
            "discretionary" => self.word("由当地决定", "left to the place"),
            "not_entitled" => self.word("不符合", "not entitled"),
            "excluded" => self.word("不能同时享受", "excluded"),
            "absent" => self.word("没有施行", "not in force"),
            other => other,
        };
        known.to_owned()
    }

    fn programme(&self, id: &str) -> String {
        if id == "self" {
            return self.word("个人", "the person").to_owned();
        }
        let rulebooks = [self.after, self.before].into_iter();
        let mut programmes = rulebooks.flat_map(Rulebook::programmes);
        let found = programmes.find(|one| one.id == id);
        found.map_or_else(
            || id.to_owned(),
            |one| one.names.within(self.lang).to_owned(),
        )
    }

    fn place(&self, code: &str) -> String {
        match code {
            "none" => self.word("未指明地区", "no place given").to_owned(),
            code => explain::place(code, self.after, self.lang),
        }
    }

    // ---- figures -------------------------------------------------------------

    pub(super) fn heads_of_rights(&self) -> [&'static str; 8] {
        [
            self.word("项目", "programme"),
            self.word("地区", "place"),
            self.word("前可享受", "entitled before"),
            self.word("后可享受", "entitled after"),
            self.word("新增", "gained"),
            self.word("失去", "lost"),
            self.word("其他变动", "other change"),
            self.word("待遇不同", "other benefit"),
        ]
    }

    pub(super) fn heads_of_money(&self) -> [&'static str; 8] {
        [
            self.word("项目", "programme"),
            self.word("地区", "place"),
            self.word("前", "before"),
            self.word("后", "after"),
            self.word("差额", "difference"),
            self.word("增", "more"),
            self.word("减", "less"),
            self.word("不明", "not known"),
        ]
    }

    pub(super) fn heads_of_changes(&self, what: &'static str) -> [&'static str; 5] {
        [
            what,
            self.word("变动前", "before"),
            self.word("变动后", "after"),
            self.word("个案数", "cases"),
            self.word("例", "for example"),
        ]
    }

    pub(super) fn heads_of_findings(&self) -> [&'static str; 4] {
        [
            self.word("提示", "finding"),
            self.word("出现", "appeared"),
            self.word("消失", "gone"),
            self.word("内容不同", "changed"),
        ]
    }

    pub(super) fn all_places(&self) -> &'static str {
        self.word("各地合计", "all places")
    }

    /// What of money is counted, and what is not.
    pub(super) fn money_note(&self) -> &'static str {
        self.word(
            "元/月。只计前后金额均已知的个案；金额由当地规定、或能否享受尚不确定的，单列为“不明”，不计入合计。服务、减免和年度、一次性的待遇不折算成钱。",
            "Yuan a month, over the cases in which the amount is known before and after. Where a \
             place sets the amount, or it is open whether the right is there, the case is \
             counted as not known and enters no sum. Services, waivers, and what is given by \
             the year or once are not turned into money.",
        )
    }
}

/// Fen as yuan, with thousands apart; with its sign also where it is more.
pub(super) fn yuan(fen: i128, signed: bool) -> String {
    let sign = match fen.signum() {
        -1 => "-",
        1 if signed => "+",
        _ => "",
    };
    let fen = fen.unsigned_abs();
    let whole = (fen / 100).to_string();
    let mut out = sign.to_owned();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(&format!(".{:02}", fen % 100));
    out
}

/// Of each programme the sum, and so many of the places that changed most.
pub(super) fn few<T>(lines: &[Line<T>], places: usize) -> impl Iterator<Item = &Line<T>> {
    lines.iter().filter(move |line| line.rank <= places)
}

/// Ids of the first cases.
pub(super) fn examples(count: &Count) -> String {
    count.examples.join(" ")
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn fen_are_written_as_yuan() {
        let cases: [(i128, bool, &str); 6] = [
            (0, true, "0.00"),
            (5, false, "0.05"),
            (5, true, "+0.05"),
            (-123_456_789, false, "-1,234,567.89"),
            (100_000, false, "1,000.00"),
            (99_999, true, "+999.99"),
        ];
        for (fen, signed, written) in cases {
            assert_eq!(yuan(fen, signed), written);
        }
    }
}
