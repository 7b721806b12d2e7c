//! From JSON to a [`Case`], with every problem of its form.
//!
//! What a value may be is asked in [`super::check`]; here it gets its type. A
//! part that could not be read is left out, or a placeholder stands for it, so
//! that the rest is checked all the same; [`Problems::push`] sees to it that a
//! placeholder gives rise to no second problem.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use super::problem::{ProblemKind, Problems, Rejection};
use super::{
    Answer, Assessment, Assessor, Background, Case, Cost, Informant, MAX_DEPTH, MAX_TEXT, Reason,
    Relation, Setting, Used,
};
use crate::date;
use crate::json::{Node, Path, Unreadable, parse, printable};

/// Reads `text` as a case; the problems of its form come with it.
pub(crate) fn from_text(text: &str) -> Result<(Case, Problems), Rejection> {
    let node = tree(text)?;
    let mut problems = Problems::default();
    let case = case(&node, &Path::Root, &mut problems);
    Ok((case, problems))
}

/// The tree of a text, within the bounds of length and depth.
pub(crate) fn tree(text: &str) -> Result<Node<'_>, Rejection> {
    if text.len() > MAX_TEXT {
        return Err(Rejection::of_text(
            ProblemKind::TooLarge,
            format!("expected at most {MAX_TEXT} bytes; found {}", text.len()),
            format!("文本最多 {MAX_TEXT} 字节；实为 {} 字节", text.len()),
        ));
    }
    if text.trim_ascii().is_empty() {
        return Err(Rejection::not_json(
            "expected JSON; found nothing",
            "应为 JSON；没有内容",
        ));
    }
    parse(text, MAX_DEPTH).map_err(unreadable)
}

fn unreadable(unreadable: Unreadable) -> Rejection {
    match unreadable {
        Unreadable::TooDeep => Rejection::of_text(
            ProblemKind::TooDeep,
            format!("expected nesting of at most {MAX_DEPTH}; found deeper"),
            format!("嵌套最多 {MAX_DEPTH} 层；实际更深"),
        ),
        Unreadable::NotJson { line, column } => Rejection::of_text(
            ProblemKind::NotJson,
            format!("expected JSON; it breaks off at line {line}, column {column}"),
            format!("应为 JSON；在第 {line} 行第 {column} 列处无法读取"),
        ),
    }
}

/// Reads a case out of any deserializer.
pub(super) fn from_deserializer<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Case, D::Error> {
    let node = Node::deserialize(deserializer)?;
    let mut problems = Problems::default();
    let case = case(&node, &Path::Root, &mut problems);
    if problems.is_empty() {
        Ok(case)
    } else {
        Err(serde::de::Error::custom(problems.rejection(None)))
    }
}

/// Reads the case that stands at `at`.
pub(crate) fn case(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Case {
    let mut out = Case::new("", Date::MAX);
    let Some(
        [
            as_of,
            assessments,
            case_id,
            costs,
            facts,
            interpretations,
            jurisdiction,
            replaces,
            schema,
            used,
        ],
    ) = object(
        node,
        at,
        [
            "as_of",
            "assessments",
            "case_id",
            "costs",
            "facts",
            "interpretations",
            "jurisdiction",
            "replaces",
            "schema",
            "used",
        ],
        &["as_of", "assessments", "case_id"],
        problems,
    )
    else {
        return out;
    };
    if let Some(node) = case_id {
        out.case_id = text(node, &at.key("case_id"), problems).unwrap_or_default();
    }
    if let Some(node) = as_of {
        out.as_of = day(node, &at.key("as_of"), problems).unwrap_or(Date::MAX);
    }
    if let Some(node) = assessments {
        out.assessments = list(node, &at.key("assessments"), problems, assessment);
    }
    if let Some(node) = costs {
        out.costs = Some(list(node, &at.key("costs"), problems, cost));
    }
    if let Some(node) = facts {
        out.facts = Some(map(node, &at.key("facts"), problems, answer));
    }
    if let Some(node) = interpretations {
        out.interpretations = map(node, &at.key("interpretations"), problems, text);
    }
    out.jurisdiction = jurisdiction.and_then(|node| text(node, &at.key("jurisdiction"), problems));
    out.replaces = replaces.and_then(|node| text(node, &at.key("replaces"), problems));
    if let Some(node) = schema {
        // A version beyond a byte is as unsupported as any other but 1.
        out.schema = whole(node, &at.key("schema"), problems)
            .map_or(1, |number| u8::try_from(number).unwrap_or(u8::MAX));
    }
    if let Some(node) = used {
        out.used = list(node, &at.key("used"), problems, use_of_fund);
    }
    out
}

fn assessment(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Assessment {
    let mut out = Assessment::new("", Date::MIN);
    let Some([answers, assessors, date, informant, instrument, reason]) = object(
        node,
        at,
        [
            "answers",
            "assessors",
            "date",
            "informant",
            "instrument",
            "reason",
        ],
        &["answers", "date", "instrument"],
        problems,
    ) else {
        return out;
    };
    if let Some(node) = instrument {
        out.instrument = text(node, &at.key("instrument"), problems).unwrap_or_default();
    }
    if let Some(node) = date {
        out.date = day(node, &at.key("date"), problems).unwrap_or(Date::MIN);
    }
    if let Some(node) = answers {
        out.answers = map(node, &at.key("answers"), problems, answer);
    }
    if let Some(node) = assessors {
        out.assessors = list(node, &at.key("assessors"), problems, assessor);
    }
    if let Some(node) = informant {
        out.informant = self::informant(node, &at.key("informant"), problems);
    }
    out.reason = reason.and_then(|node| {
        one_of(
            node,
            &at.key("reason"),
            problems,
            Reason::ALL,
            Reason::as_str,
        )
    });
    out
}

fn assessor(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Assessor {
    let [background, id] = object(
        node,
        at,
        ["background", "id"],
        &["background", "id"],
        problems,
    )
    .unwrap_or_default();
    let background = background.and_then(|node| {
        let at = at.key("background");
        one_of(node, &at, problems, Background::ALL, Background::as_str)
    });
    let id = id.and_then(|node| text(node, &at.key("id"), problems));
    Assessor {
        background: background.unwrap_or(Background::Other),
        id: id.unwrap_or_default(),
    }
}

fn informant(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Option<Informant> {
    let [relation] = object(node, at, ["relation"], &["relation"], problems)?;
    let relation = relation.and_then(|node| {
        let at = at.key("relation");
        one_of(node, &at, problems, Relation::ALL, Relation::as_str)
    });
    Some(Informant {
        relation: relation?,
    })
}

fn cost(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Cost {
    let keys = ["days", "fen", "month", "setting"];
    let needed = ["fen", "month", "setting"];
    let [days, fen, month, setting] = object(node, at, keys, &needed, problems).unwrap_or_default();
    let days = days.and_then(|node| {
        let at = at.key("days");
        let days = whole(node, &at, problems)?;
        let found = u8::try_from(days).ok();
        if found.is_none() {
            problems.push(
                &at,
                ProblemKind::OutOfRange,
                "expected the days of a month, from 1; found a number outside".to_owned(),
                "应为当月天数（自 1 起）；实为范围之外".to_owned(),
            );
        }
        found
    });
    let fen = fen.and_then(|node| whole(node, &at.key("fen"), problems));
    let month = month.and_then(|node| text(node, &at.key("month"), problems));
    let setting = setting.and_then(|node| {
        let at = at.key("setting");
        one_of(node, &at, problems, Setting::ALL, Setting::as_str)
    });
    Cost {
        days,
        fen: fen.unwrap_or_default(),
        month: month.unwrap_or_default(),
        setting: setting.unwrap_or(Setting::Home),
    }
}

fn use_of_fund(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Used {
    let keys = ["fen", "programme"];
    let [fen, programme] = object(node, at, keys, &keys, problems).unwrap_or_default();
    let fen = fen.and_then(|node| whole(node, &at.key("fen"), problems));
    let programme = programme.and_then(|node| text(node, &at.key("programme"), problems));
    Used {
        fen: fen.unwrap_or_default(),
        programme: programme.unwrap_or_default(),
    }
}

// ---- the shapes that these are made of -------------------------------------

/// The members of an object in the order of `known`; reports keys that stand
/// twice, that are not known, and required ones that are absent.
pub(crate) fn object<'n, 't, const N: usize>(
    node: &'n Node<'t>,
    at: &Path<'_>,
    known: [&'static str; N],
    required: &[&'static str],
    problems: &mut Problems,
) -> Option<[Option<&'n Node<'t>>; N]> {
    let Node::Object(members) = node else {
        wrong_type(node, at, problems, "an object", "对象");
        return None;
    };
    let mut found = [None; N];
    for (key, value) in members {
        let slot = known
            .iter()
            .position(|known| known == key)
            .and_then(|i| found.get_mut(i));
        match slot {
            Some(slot @ None) => *slot = Some(value),
            Some(Some(_)) => duplicate(key, at, problems),
            None => problems.push(
                &at.key(key),
                ProblemKind::UnknownKey,
                format!("expected one of {}; found another key", known.join(", ")),
                format!("只接受 {}；出现了其他键", known.join("、")),
            ),
        }
    }
    for key in required {
        let absent = known
            .iter()
            .position(|known| known == key)
            .and_then(|i| found.get(i))
            .is_some_and(Option::is_none);
        if absent {
            problems.push(
                &at.key(key),
                ProblemKind::MissingKey,
                format!("expected the key {key}; it is absent"),
                format!("缺少必填的键 {key}"),
            );
        }
    }
    Some(found)
}

fn duplicate(key: &str, at: &Path<'_>, problems: &mut Problems) {
    problems.push(
        &at.key(key),
        ProblemKind::DuplicateKey,
        format!(
            "expected each key once; {} stands more than once",
            printable(key)
        ),
        format!("每个键只能出现一次；{} 重复", printable(key)),
    );
}

fn map<T>(
    node: &Node<'_>,
    at: &Path<'_>,
    problems: &mut Problems,
    read: fn(&Node<'_>, &Path<'_>, &mut Problems) -> Option<T>,
) -> BTreeMap<String, T> {
    let Node::Object(members) = node else {
        wrong_type(node, at, problems, "an object", "对象");
        return BTreeMap::new();
    };
    let mut values = Vec::with_capacity(members.len());
    for (key, value) in members {
        if let Some(value) = read(value, &at.key(key), problems) {
            values.push((key.clone().into_owned(), value));
        }
    }
    // Made at once, which is quicker than one by one.
    let out = BTreeMap::from_iter(values);
    // Either a value was refused or a key stands twice; both may be.
    if out.len() != members.len() {
        let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        keys.sort_unstable();
        for pair in keys.windows(2) {
            if let [one, other] = pair
                && one == other
            {
                duplicate(one, at, problems);
            }
        }
    }
    out
}

fn list<T>(
    node: &Node<'_>,
    at: &Path<'_>,
    problems: &mut Problems,
    read: fn(&Node<'_>, &Path<'_>, &mut Problems) -> T,
) -> Vec<T> {
    let Node::List(elements) = node else {
        wrong_type(node, at, problems, "a list", "数组");
        return Vec::new();
    };
    let mut out = Vec::with_capacity(elements.len().min(super::MAX_ENTRIES));
    for (i, element) in elements.iter().enumerate() {
        out.push(read(element, &at.index(i), problems));
    }
    out
}

fn answer(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Option<Answer> {
    match node {
        Node::Bool(value) => Some(Answer::Flag(*value)),
        Node::Int(value) => Some(Answer::Number(*value)),
        Node::Text(text) => Some(Answer::Text(text.clone().into_owned())),
        Node::List(elements) => {
            let mut out = Vec::with_capacity(elements.len().min(64));
            for (i, element) in elements.iter().enumerate() {
                out.push(text(element, &at.index(i), problems)?);
            }
            Some(Answer::List(out))
        }
        Node::Null | Node::NotWhole | Node::Object(_) => {
            wrong_type(
                node,
                at,
                problems,
                "true or false, a whole number, a text or a list of texts (what was not asked is left out)",
                " true/false、整数、文本或文本数组（未询问的不填）",
            );
            None
        }
    }
}

pub(crate) fn text(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone().into_owned()),
        _ => {
            wrong_type(node, at, problems, "a text", "文本");
            None
        }
    }
}

pub(crate) fn whole(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Option<i64> {
    match node {
        Node::Int(value) => Some(*value),
        _ => {
            wrong_type(node, at, problems, "a whole number", "整数");
            None
        }
    }
}

fn day(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Option<Date> {
    let Node::Text(text) = node else {
        wrong_type(node, at, problems, "a date YYYY-MM-DD", "日期 YYYY-MM-DD");
        return None;
    };
    let day = date::parse(text);
    if day.is_none() {
        problems.push(
            at,
            ProblemKind::BadDate,
            "expected a date of the calendar, YYYY-MM-DD; found another text".to_owned(),
            "应为存在的日期 YYYY-MM-DD；实为其他文本".to_owned(),
        );
    }
    day
}

fn one_of<T: Copy>(
    node: &Node<'_>,
    at: &Path<'_>,
    problems: &mut Problems,
    all: &[T],
    key: fn(T) -> &'static str,
) -> Option<T> {
    let Node::Text(text) = node else {
        wrong_type(node, at, problems, "a text", "文本");
        return None;
    };
    let found = all.iter().copied().find(|value| key(*value) == text);
    if found.is_none() {
        let keys: Vec<&str> = all.iter().map(|value| key(*value)).collect();
        problems.push(
            at,
            ProblemKind::UnknownValue,
            format!("expected one of {}; found another text", keys.join(", ")),
            format!("只接受 {}；实为其他文本", keys.join("、")),
        );
    }
    found
}

fn wrong_type(
    node: &Node<'_>,
    at: &Path<'_>,
    problems: &mut Problems,
    expected_en: &str,
    expected_zh: &str,
) {
    let (en, zh) = match node {
        Node::Null => ("null", " null"),
        Node::Bool(_) => ("true or false", " true/false"),
        Node::Int(_) => ("a whole number", "整数"),
        Node::NotWhole => (
            "a number that is not whole or beyond 64 bits",
            "非整数或超出 64 位的数",
        ),
        Node::Text(_) => ("a text", "文本"),
        Node::List(_) => ("a list", "数组"),
        Node::Object(_) => ("an object", "对象"),
    };
    problems.push(
        at,
        ProblemKind::WrongType,
        format!("expected {expected_en}; found {en}"),
        format!("应为{expected_zh}；实为{zh}"),
    );
}
