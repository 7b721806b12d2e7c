//! The phrases. `{name}` stands for an argument.

use crate::determination::Arg;
use crate::words::Lang;

/// Key, Chinese, English.
const PHRASES: &[(&str, &str, &str)] = &[
    (
        "heading",
        "{name}（{number}）· 评估日期 {day}",
        "{name} ({number}) · assessed {day}",
    ),
    ("level.none", "等级未定", "level undetermined"),
    ("section.way", "评定过程", "How it came about"),
    ("section.missing", "尚未作答", "Not answered"),
    (
        "section.alternatives",
        "按另一种解读",
        "Under another reading",
    ),
    ("section.findings", "请留意", "Please look at"),
    ("total", "总分 {total}", "total {total}"),
    (
        "total.range",
        "总分仍可能为 {min}–{max}",
        "the total can still be {min}–{max}",
    ),
    (
        "preliminary",
        "初步等级：{level}",
        "preliminary level: {level}",
    ),
    (
        "preliminary.row",
        "初步等级：{level}（总分在 {row}）",
        "preliminary level: {level} (total within {row})",
    ),
    ("change", "{rule}：{effect}", "{rule}: {effect}"),
    (
        "change.grounds",
        "{rule}（依据 {grounds}）：{effect}",
        "{rule} (on {grounds}): {effect}",
    ),
    ("change.applied", "成立，等级变更", "met, changes the level"),
    ("change.not_met", "不成立", "not met"),
    (
        "change.one_level_only",
        "不再提高：合计只提高一级",
        "no further change: one level in all",
    ),
    (
        "change.already_worst",
        "不再提高：已是最重等级",
        "no further change: already the worst level",
    ),
    (
        "change.decided_by_other",
        "不影响：等级已由另一条直接评定",
        "no effect: another rule gives the level directly",
    ),
    (
        "change.unanswered",
        "未作答，仍可能改变等级",
        "not answered, could still change the level",
    ),
    (
        "change.no_level",
        "暂不适用：尚无等级",
        "not yet: there is no level to change",
    ),
    (
        "final",
        "最终等级：{level}（证据 {grade}）",
        "final level: {level} (evidence {grade})",
    ),
    (
        "final.possible",
        "仍可能：{levels}",
        "still possible: {levels}",
    ),
    (
        "grade.a",
        "A：两个以上独立来源一致",
        "A: two or more independent sources agree",
    ),
    ("grade.b", "B：单一来源", "B: one source"),
    (
        "grade.c",
        "C：待与印刷本核对",
        "C: to be confirmed against the printed standard",
    ),
    (
        "alternative",
        "{question}，{answer}：{level}",
        "{question}, {answer}: {level}",
    ),
    (
        "foot.case",
        "个案 {case} · 决定日 {day}",
        "case {case} · decided as of {day}",
    ),
    ("foot.place", "地点 {place}", "place {place}"),
    (
        "foot.rules",
        "规则 {version}（{digest}…）· 引擎 {engine}",
        "rules {version} ({digest}…) · engine {engine}",
    ),
    (
        "graded",
        "{domain}：{grade} 级（0 最好）",
        "{domain}: grade {grade} (0 is best)",
    ),
    (
        "care_level",
        "{scheme}：{level}（{basis}）",
        "{scheme}: {level} ({basis})",
    ),
    ("basis.official", "官方规定", "official"),
    ("basis.customary", "习惯用法，并非规定", "custom, no rule"),
    ("basis.institution", "机构自定", "the institution's own"),
    ("section.care_levels", "照护等级", "Care levels"),
    ("section.due", "到期事项", "What falls due"),
    ("due.reassessment", "重新评估", "reassessment"),
    ("due.by", "{what}：不晚于 {by}", "{what}: by {by}"),
    ("due.upon", "{what}：{upon}", "{what}: {upon}"),
    (
        "due.upon.change_of_consciousness",
        "意识状态改变时",
        "when the state of consciousness changes",
    ),
    (
        "meaning.unknown",
        "本规则库未载其含义",
        "meaning not in this rulebook",
    ),
    (
        "finding.rights_not_yet",
        "待遇部分尚未建成：本次只评定等级",
        "rights are not built yet: this decides levels alone",
    ),
    (
        "finding.only_one_level_possible",
        "无论未答的怎样作答，等级都会是{level}；但未答全，不给出等级",
        "whatever the missing answers are, the level would be {level}; it is not given while they are missing",
    ),
    (
        "finding.superseded",
        "评估日期时 {instrument} 已被取代（自 {since}）；照样评定，但不作为待遇依据",
        "{instrument} was no longer in force on the day of the form (since {since}); graded, but no right reads it",
    ),
    (
        "finding.too_few_assessors",
        "评估人员 {found} 人；标准要求至少 {at_least} 人",
        "{found} assessor(s); the standard asks for at least {at_least}",
    ),
    (
        "finding.no_assessor_with_background",
        "评估人员中无人具有所要求的背景（{one_with}）",
        "no assessor has a background that the standard asks for ({one_with})",
    ),
    (
        "finding.reason_contradicts",
        "评估原因与表中 {code} 的作答不一致",
        "the reason given differs from the answer to {code}",
    ),
];

/// The phrase of `key`; the key itself if there is none.
pub(super) fn say(key: &str, lang: Lang) -> &str {
    PHRASES
        .iter()
        .find(|(known, _, _)| *known == key)
        .map_or(key, |(_, zh, en)| match lang {
            Lang::Zh => zh,
            Lang::En => en,
        })
}

/// The phrase of `key` with its arguments put in.
pub(super) fn say_with(key: &str, lang: Lang, args: &[(&str, &str)]) -> String {
    fill(say(key, lang), args)
}

/// `text` with `{name}` replaced by arguments.
pub(super) fn fill(text: &str, args: &[(&str, &str)]) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let value = args.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or(name, |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

pub(super) fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

pub(super) fn span(from: u8, to: u8) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}–{to}")
    }
}

pub(super) fn arg(arg: &Arg, lang: Lang) -> String {
    match arg {
        Arg::Number(number) => number.to_string(),
        Arg::Text(text) => text.clone(),
        Arg::Codes(codes) => codes.join(comma(lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_in_both_languages() {
        let names = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            names.sort();
            names
        };
        for (key, zh, en) in PHRASES {
            assert!(!zh.is_empty() && !en.is_empty(), "{key}");
            assert_eq!(names(zh), names(en), "{key}");
        }
        assert_eq!(say_with("total", Lang::En, &[("total", "69")]), "total 69");
    }
}
