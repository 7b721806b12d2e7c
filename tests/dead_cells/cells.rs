//! Every place of the rule files, and whether it decides.
//!
//! A place is a scalar, a list member or a member of an object. It decides unless
//! `exempt.json` says, by its position in the format, that it does not: a new word of
//! the rule language is tested without being named here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::changes::Change;

/// The rule files, read.
pub struct Rules {
    /// By path.
    pub files: BTreeMap<String, Value>,
    /// By kind of file.
    pub schemas: BTreeMap<String, jsonschema::Validator>,
}

impl Rules {
    pub fn of<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> Self {
        let read = |text: &str| -> Value { serde_json::from_str(text).expect("a rule file") };
        let files: BTreeMap<String, Value> = files
            .map(|(path, text)| (path.to_owned(), read(text)))
            .collect();
        let schema = |file: &Value| {
            let kind = file["kind"].as_str().expect("a kind").to_owned();
            let path = Path::new(env!("CARGO_MANIFEST_DIR"));
            let path = path.join(format!("schemas/rules.{kind}.schema.json"));
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            let schema = jsonschema::validator_for(&read(&text)).expect("a schema");
            (kind, schema)
        };
        Self {
            schemas: files.values().map(schema).collect(),
            files,
        }
    }

    /// Every place that is not exempt, from the top of each file.
    pub fn cells(&self, exempt: &Exempt) -> Vec<Cell<'_>> {
        let mut cells = Vec::new();
        for (path, root) in &self.files {
            let kind = root["kind"].as_str().expect("a kind");
            let top = Cell {
                file: path,
                root,
                pointer: String::new(),
                position: vec![kind.to_owned()],
                value: root,
                depth: Depth::Strict,
            };
            visit(top, exempt, &mut cells);
        }
        cells
    }

    /// The files of one kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.files.values().filter(move |file| file["kind"] == kind)
    }
}

/// How much of a result counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Not what only says what the rule is: reasons, citations, grades, arguments of
    /// findings.
    Strict,
    /// All but the reasons, which repeat the rule.
    Shown,
}

/// A place that decides.
#[derive(Clone)]
pub struct Cell<'r> {
    /// Path of the file.
    pub file: &'r str,
    /// All of the file.
    pub root: &'r Value,
    /// JSON Pointer into it.
    pub pointer: String,
    /// The kind of file and the keys on the way, `*` for a list member.
    pub position: Vec<String>,
    pub value: &'r Value,
    pub depth: Depth,
}

impl<'r> Cell<'r> {
    /// The key or `*` that it stands at, or one so many steps above.
    pub fn key(&self, up: usize) -> &str {
        let at = self.position.len().checked_sub(up + 1);
        at.map_or("", |at| &self.position[at])
    }

    /// What it stands in, so many steps above.
    pub fn above(&self, up: usize) -> &'r Value {
        let mut pointer = self.pointer.as_str();
        for _ in 0..up {
            pointer = pointer.rsplit_once('/').map_or("", |(above, _)| above);
        }
        self.root.pointer(pointer).expect("a place of the file")
    }

    /// Whether it is a condition, and of which word.
    pub fn condition(&self) -> Option<&'r str> {
        let map = self.value.as_object().filter(|map| map.len() == 1)?;
        let word = map.keys().next()?;
        let known = CONDITIONS.contains(&word.as_str()) && self.key(0) != "rule";
        known.then_some(word)
    }

    fn child(&self, token: &str, key: &str, value: &'r Value, depth: Depth) -> Self {
        let mut position = self.position.clone();
        position.push(key.to_owned());
        Self {
            file: self.file,
            root: self.root,
            pointer: format!("{}/{}", self.pointer, escaped(token)),
            position,
            value,
            depth,
        }
    }
}

/// The words that conditions are written with.
const CONDITIONS: [&str; 15] = [
    "all",
    "any",
    "not",
    "answer",
    "step",
    "sum",
    "most",
    "count",
    "diagnosis",
    "reading",
    "fact",
    "level",
    "definition",
    "locally_set",
    "receives",
];

/// A key as a JSON Pointer writes it.
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn visit<'r>(cell: Cell<'r>, exempt: &Exempt, out: &mut Vec<Cell<'r>>) {
    let mut children = Vec::new();
    match cell.value {
        Value::Object(map) => {
            children.extend(
                map.iter()
                    .map(|(key, value)| (key.clone(), key.as_str(), value)),
            );
        }
        Value::Array(list) => {
            let members = list.iter().enumerate();
            children.extend(members.map(|(i, value)| (i.to_string(), "*", value)));
        }
        _ => {}
    }
    let mut within = Vec::new();
    for (token, key, value) in children {
        let child = cell.child(&token, key, value, cell.depth);
        match exempt.of(&child.position) {
            Some(Depth::Shown) => within.push(Cell {
                depth: Depth::Shown,
                ..child
            }),
            Some(Depth::Strict) => {}
            None => within.push(child),
        }
    }
    out.push(cell);
    for child in within {
        visit(child, exempt, out);
    }
}

/// What need not be noticed, and why: `exempt.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exempt {
    /// Positions that decide nothing.
    pub decide_nothing: Vec<Position>,
    /// Positions that only show: a result says them and nothing else follows.
    pub only_show: Vec<Position>,
    /// Changes that cannot matter.
    pub cannot_matter: Vec<Dead>,
}

/// A position of the format: keys with `*` for one step and `**` for any number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub at: String,
    pub why: String,
}

/// Changes of one file that no case can notice, for one reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dead {
    /// Path of the file.
    pub file: String,
    /// Each a JSON Pointer, with `*` for one step and names for places of lists, and what
    /// is changed there: all of it, or how it begins.
    pub changes: Vec<String>,
    pub why: String,
}

impl Exempt {
    pub fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dead_cells/exempt.json");
        let text = fs::read_to_string(path).expect("exempt.json");
        let exempt: Self = serde_json::from_str(&text).expect("exempt.json");
        let positions = exempt.decide_nothing.iter().chain(&exempt.only_show);
        let whys = positions.map(|one| &one.why);
        for why in whys.chain(exempt.cannot_matter.iter().map(|one| &one.why)) {
            assert!(!why.trim().is_empty(), "exempt.json: an entry has no why");
        }
        exempt
    }

    /// `Strict` where nothing is decided, `Shown` where it only shows.
    fn of(&self, position: &[String]) -> Option<Depth> {
        let among = |list: &[Position]| list.iter().any(|one| one.is(position));
        if among(&self.decide_nothing) {
            Some(Depth::Strict)
        } else if among(&self.only_show) {
            Some(Depth::Shown)
        } else {
            None
        }
    }

    /// Whether an entry says that a change cannot matter: which, and which of its lines.
    pub fn dead(&self, rules: &Rules, change: &Change) -> Option<(usize, usize)> {
        let Change {
            file,
            pointer,
            what,
            ..
        } = change;
        let by_name = by_name(&rules.files[file], pointer);
        let entries = self.cannot_matter.iter().enumerate();
        let mut entries = entries.filter(|(_, one)| one.file == *file);
        entries.find_map(|(i, one)| {
            let line = one.changes.iter().position(|line| {
                let (at, change) = line.split_once(": ").unwrap_or((line, ""));
                let there = like(at, pointer) || like(at, &by_name);
                there && what.starts_with(change)
            });
            Some((i, line?))
        })
    }

    /// Entries of positions that no rule file has.
    pub fn stale(&self, rules: &Rules) -> Vec<&str> {
        let mut positions = BTreeSet::new();
        for root in rules.files.values() {
            let kind = root["kind"].as_str().expect("a kind");
            every(root, &mut vec![kind.to_owned()], &mut positions);
        }
        let list = self.decide_nothing.iter().chain(&self.only_show);
        list.filter(|one| !positions.iter().any(|position| one.is(position)))
            .map(|one| one.at.as_str())
            .collect()
    }
}

fn every(value: &Value, position: &mut Vec<String>, out: &mut BTreeSet<Vec<String>>) {
    out.insert(position.clone());
    let mut step = |key: &str, value| {
        position.push(key.to_owned());
        every(value, position, out);
        position.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| step(key, value)),
        Value::Array(list) => list.iter().for_each(|value| step("*", value)),
        _ => {}
    }
}

impl Position {
    fn is(&self, position: &[String]) -> bool {
        let pattern: Vec<&str> = self.at.split('/').collect();
        let steps: Vec<&str> = position.iter().map(String::as_str).collect();
        matches(&pattern, &steps)
    }
}

/// A pointer with the names of what stands in lists, where there are names: what is put in
/// before does not change it.
fn by_name(root: &Value, pointer: &str) -> String {
    let mut at = root;
    let mut out = String::new();
    for token in pointer.split('/').skip(1) {
        let place = token.parse::<usize>().ok();
        let name = at.as_array().zip(place);
        let name = name.and_then(|(list, place)| name_of(list, place));
        out.push('/');
        out.push_str(&name.map_or_else(|| token.to_owned(), |name| escaped(&name)));
        at = match place {
            Some(place) if at.is_array() => &at[place],
            _ => &at[token.replace("~1", "/").replace("~0", "~").as_str()],
        };
    }
    out
}

/// What a member of a list is called, if no other is, nor is a place in the list.
fn name_of(list: &[Value], place: usize) -> Option<String> {
    let name = |member: &Value| {
        let text = |key: &str| member[key].as_str();
        let of_layer = || {
            let programme = text("programme")?;
            let variant = text("variant").map(|variant| format!(".{variant}"));
            Some(format!("{programme}{}", variant.unwrap_or_default()))
        };
        let own = text("id").or_else(|| text("code")).map(str::to_owned);
        own.or_else(of_layer)
    };
    let own = name(&list[place])?;
    let others = list
        .iter()
        .filter(|other| name(other).as_ref() == Some(&own));
    let a_place = own.parse().is_ok_and(|place: usize| place < list.len());
    (others.count() == 1 && !a_place).then_some(own)
}

fn like(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let steps: Vec<&str> = path.split('/').collect();
    matches(&pattern, &steps)
}

fn matches(pattern: &[&str], steps: &[&str]) -> bool {
    match (pattern, steps) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=steps.len()).any(|from| matches(rest, &steps[from..])),
        ([first, rest @ ..], [step, steps @ ..]) => {
            (*first == "*" || first == step) && matches(rest, steps)
        }
        _ => false,
    }
}

#[test]
fn what_has_a_name_of_its_own_is_called_by_it() {
    let root = serde_json::json!({ "list": [
        { "id": "age" },
        { "code": "B.1.1", "options": [{ "key": "none" }] },
        { "programme": "ltci", "variant": "residents" },
        { "programme": "ltci" },
        { "programme": "respite" },
        { "programme": "respite" },
        { "code": "2" },
    ] });
    let same = "/list/5/programme";
    let named = [
        ("/list/0", "/list/age"),
        ("/list/1/options/0/key", "/list/B.1.1/options/0/key"),
        ("/list/2", "/list/ltci.residents"),
        ("/list/3", "/list/ltci"),
        (same, same),
        ("/list/6", "/list/6"),
        ("", ""),
    ];
    for (pointer, name) in named {
        assert_eq!(by_name(&root, pointer), name);
    }
}
