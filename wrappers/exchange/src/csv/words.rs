//! The words of a sheet, in Chinese and English.

use nengli::{Lang, Words};

/// One of two texts.
pub(crate) fn say(lang: Lang, en: &str, zh: &str) -> String {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
    .to_owned()
}

pub(crate) fn words(en: impl Into<String>, zh: impl Into<String>) -> Words {
    Words {
        en: en.into(),
        zh: zh.into(),
    }
}

/// Yes and no, as they are written.
pub(crate) fn flag(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::En => ("yes", "no"),
        Lang::Zh => ("是", "否"),
    }
}

/// A unit after a number.
pub(crate) fn unit(unit: &str, lang: Lang) -> String {
    match (lang, unit) {
        (Lang::En, unit) => format!(" ({unit})"),
        (Lang::Zh, "fen") => "（分）".to_owned(),
        (Lang::Zh, "year") => "（年）".to_owned(),
        (Lang::Zh, "month") => "（月）".to_owned(),
        (Lang::Zh, unit) => format!("（{unit}）"),
    }
}

/// Most fen of one cost, as the contract says.
pub(crate) const MAX_FEN: i64 = 100_000_000_000;

pub(crate) const ID: (&str, &str) = (
    "required: 1 to 64 letters, digits or . _ : -; no name, no identity number",
    "必填：1 至 64 个字母、数字或 . _ : -；不写姓名和证件号",
);
pub(crate) const OTHER_ID: (&str, &str) = (
    "1 to 64 letters, digits or . _ : -; no name, no identity number",
    "1 至 64 个字母、数字或 . _ : -；不写姓名和证件号",
);
pub(crate) const DAY: (&str, &str) = ("required: YYYY-MM-DD", "必填：YYYY-MM-DD");
pub(crate) const DIVISION: (&str, &str) = ("division code of six digits", "六位行政区划代码");
pub(crate) const PLACE: (&str, &str) = (
    "division code of six digits; empty where levels alone are asked",
    "六位行政区划代码；只求等级时留空",
);
pub(crate) const ICD: (&str, &str) = ("ICD-10 code", "ICD-10 编码");
pub(crate) const PROGRAMMES: (&str, &str) = ("programme id", "项目代号");

pub(crate) fn bad_date() -> Words {
    words(
        "expected a date of the calendar, YYYY-MM-DD; found another text",
        "应为存在的日期 YYYY-MM-DD；实为其他文本",
    )
}

pub(crate) fn empty_entry() -> Words {
    words(
        "expected an entry before and after each ;; found none",
        "每个 ; 前后都应有一项；实为空",
    )
}

/// Labels of the keys that a case has beside its answers.
pub(crate) fn of_key(key: &str) -> Words {
    let (en, zh) = match key {
        "initial" => ("initial assessment", "首次评估"),
        "routine" => ("at the regular interval", "常规评估"),
        "immediate" => ("the state changed", "状况变化后的即时评估"),
        "review_on_dispute" => ("review because the result is doubted", "对结果有疑问的复评"),
        "medical" => ("medical", "医疗"),
        "nursing" => ("nursing", "护理"),
        "health_management" => ("health management", "健康管理"),
        "elder_care" => ("elder care", "养老服务"),
        "social_work" => ("social work", "社会工作"),
        "ltci_expert" => (
            "expert of assessment for long-term care insurance",
            "长期护理保险评估专家",
        ),
        "self" => ("the person", "本人"),
        "spouse" => ("husband or wife", "配偶"),
        "child" => ("son or daughter", "子女"),
        "other_relative" => ("another relative", "其他亲属"),
        "hired_carer" => ("a paid carer", "雇用的照顾者"),
        "committee_staff" => (
            "staff of the village or residents' committee",
            "村（居）委会工作人员",
        ),
        "home" => ("at home", "居家"),
        "community" => ("in the community, by day", "社区"),
        "institution" => ("in an institution", "机构"),
        "other" => ("other", "其他"),
        key => (key, key),
    };
    words(en, zh)
}
