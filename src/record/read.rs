//! From a tree to a [`Record`], with every problem.

use super::{Record, Sealed};
use crate::case::{self, ProblemKind, Problems, Rejection};
use crate::determination::Determination;
use crate::json::{Node, Path, SAFE, TWICE, read_answer};

const KEYS: [&str; 4] = ["case", "determination", "schema", "seal"];

pub(super) fn from_node(node: &Node<'_>) -> Result<Record, Rejection> {
    let root = Path::Root;
    let mut problems = Problems::default();
    let parts = case::object(node, &root, KEYS, &KEYS, &mut problems).unwrap_or_default();
    let [asked, answered, schema, seal] = parts;

    let case = asked.map(|node| case::read_case(node, &root.key("case"), &mut problems));
    let determination =
        answered.and_then(|node| determination(node, &root.key("determination"), &mut problems));
    if let Some(version) =
        schema.and_then(|node| case::whole(node, &root.key("schema"), &mut problems))
        && version != 1
    {
        problems.push(
            &root.key("schema"),
            ProblemKind::UnsupportedSchema,
            "expected version 1 of the contract; found another".to_owned(),
            "只接受第 1 版接口约定；实为其他版本".to_owned(),
        );
    }
    let seal = seal.and_then(|node| case::text(node, &root.key("seal"), &mut problems));
    bounded(node, &root, &mut problems);

    let sealed = asked
        .zip(answered)
        .and_then(|(case, determination)| Sealed::read(case, determination));
    match (case, determination, seal, sealed) {
        (Some(case), Some(determination), Some(seal), Some(sealed)) if problems.is_empty() => {
            Ok(Record {
                case,
                determination,
                schema: 1,
                seal,
                sealed,
            })
        }
        (case, ..) => {
            let id = case.map(|case| case.case_id);
            Err(problems.rejection(id.as_deref().filter(|id| case::is_pseudonym(id))))
        }
    }
}

/// Reads a determination; keys that it does not know are left to the seal.
fn determination(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) -> Option<Determination> {
    let mut faults = Vec::new();
    let found = read_answer(node, at, &mut faults);
    for fault in faults {
        // What the reader says may repeat the text, and a message must not.
        let (kind, en, zh) = if fault.message == TWICE {
            (
                ProblemKind::DuplicateKey,
                "expected each key once; this one stands more than once",
                "每个键只能出现一次；此键重复",
            )
        } else if fault.message.starts_with("missing field") {
            (
                ProblemKind::MissingKey,
                "expected every key of the contract; one is absent here",
                "缺少接口约定的必填键",
            )
        } else {
            (
                ProblemKind::WrongType,
                "expected what the contract has here; found another value",
                "应为接口约定的值；实为其他值",
            )
        };
        problems.push_at(fault.at, kind, en.to_owned(), zh.to_owned());
    }
    found
}

/// Numbers that not every reader of JSON keeps exactly have no canonical text.
fn bounded(node: &Node<'_>, at: &Path<'_>, problems: &mut Problems) {
    match node {
        Node::Int(number) if !(-SAFE..=SAFE).contains(number) => problems.push(
            at,
            ProblemKind::OutOfRange,
            format!("expected a whole number within {SAFE} either way; found one beyond"),
            format!("整数绝对值不超过 {SAFE}；实为更大"),
        ),
        Node::List(list) => {
            for (i, inner) in list.iter().enumerate() {
                bounded(inner, &at.index(i), problems);
            }
        }
        Node::Object(members) => {
            for (key, inner) in members {
                bounded(inner, &at.key(key), problems);
            }
        }
        _ => {}
    }
}
