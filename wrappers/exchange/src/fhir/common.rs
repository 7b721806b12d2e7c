//! Codes that all forms share.

use nengli::case::{Background, Reason, Relation};
use nengli::rulebook::Grade;
use nengli::{Rulebook, Words};
use serde_json::{Value, json};

use super::json::{Object, object, words};
use super::{names, terms};

/// Code of what a case says beside its forms.
pub(crate) const CASE: &str = "case";
/// Code of a level that is still possible.
pub(crate) const POSSIBLE: &str = "possible-level";

/// Words of [`CASE`].
pub(crate) fn case_words() -> Words {
    words("个案", "case")
}

/// Words of [`POSSIBLE`].
pub(crate) fn possible_words() -> Words {
    words("仍可能的等级", "level still possible")
}

/// Code of the worst grade of evidence on the way to a result.
pub(crate) fn confidence(grade: Grade) -> String {
    format!("confidence:{}", grade.as_str())
}

/// Words of the same.
pub(crate) fn confidence_words(grade: Grade) -> Words {
    let letter = grade.as_str();
    words(
        &format!("依据中最低的证据等级：{letter}"),
        &format!("worst grade of evidence on the way: {letter}"),
    )
}

/// The CodeSystem.
pub(crate) fn codes(rulebook: &Rulebook) -> Object {
    let title = words("能力评估：通用代码", "nengli: codes that all forms share");
    let mut out = terms::head(
        "CodeSystem",
        names::COMMON,
        "nengli",
        &title,
        rulebook.version(),
    );
    let mut concepts: Vec<Value> = Vec::new();
    let mut add = |code: &str, words: &Words| {
        concepts.push(terms::concept(code, words, None).into());
    };
    add(CASE, &case_words());
    add(POSSIBLE, &possible_words());
    for grade in [Grade::A, Grade::B, Grade::C] {
        add(&confidence(grade), &confidence_words(grade));
    }
    let keys = Reason::ALL.iter().map(|one| ("reason", one.as_str()));
    let backgrounds = Background::ALL
        .iter()
        .map(|one| ("background", one.as_str()));
    let relations = Relation::ALL.iter().map(|one| ("relation", one.as_str()));
    for (kind, key) in keys.chain(backgrounds).chain(relations) {
        add(&format!("{kind}:{key}"), &key_words(kind, key));
    }
    out.extend(object(json!({
        "content": "complete",
        "caseSensitive": true,
        "concept": concepts,
    })));
    out
}

/// Words of a key of the contract; the key itself where it is newer than this table.
fn key_words(kind: &str, key: &str) -> Words {
    let (zh, en) = match (kind, key) {
        ("reason", "initial") => ("首次评估", "first assessment"),
        ("reason", "routine") => ("常规评估", "regular assessment"),
        ("reason", "immediate") => ("即时评估", "state has changed"),
        ("reason", "review_on_dispute") => ("因对结果有疑问而复评", "result was doubted"),
        ("background", "medical") => ("医疗", "medical"),
        ("background", "nursing") => ("护理", "nursing"),
        ("background", "health_management") => ("健康管理", "health management"),
        ("background", "elder_care") => ("养老服务", "elder care"),
        ("background", "social_work") => ("社会工作", "social work"),
        ("background", "ltci_expert") => ("长期护理保险评估专家", "expert of the insurance"),
        ("relation", "self") => ("本人", "the person"),
        ("relation", "spouse") => ("配偶", "husband or wife"),
        ("relation", "child") => ("子女", "son or daughter"),
        ("relation", "other_relative") => ("其他亲属", "another relative"),
        ("relation", "hired_carer") => ("雇佣照顾者", "hired carer"),
        ("relation", "committee_staff") => ("村（居）委会工作人员", "staff of the committee"),
        (_, "other") => ("其他", "other"),
        _ => return words(key, &key.replace('_', " ")),
    };
    words(zh, en)
}
