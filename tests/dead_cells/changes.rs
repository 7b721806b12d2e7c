//! What is changed in a cell.
//!
//! A number goes up and down by one, a date by a day, a truth value is turned, a key
//! becomes another of its vocabulary, a member of a list or object is left out, a
//! condition is denied, always true, always false. What the loader binds together is
//! also moved together: the two sides of a band's edge, the first day of a file and
//! that of its default reading.

use std::collections::BTreeSet;

use nengli::Date;
use serde_json::{Value, json};

use crate::cells::{Cell, Depth, Rules, escaped};

/// One change of one cell.
pub struct Change {
    /// Path of the file.
    pub file: String,
    /// JSON Pointer to the cell.
    pub pointer: String,
    /// What is changed.
    pub what: String,
    /// How much of a result counts.
    pub depth: Depth,
    /// The edits; of a grade, those of every other grade: the worst on the way hides
    /// the rest, and one of them must be noticed.
    ways: Vec<Edits>,
}

type Edits = Vec<(String, Edit)>;

enum Edit {
    Put(Value),
    LeaveOut,
}

impl Change {
    /// The file with the change, in each of its ways.
    pub fn applied<'c>(&'c self, rules: &'c Rules) -> impl Iterator<Item = Value> + 'c {
        self.ways.iter().map(|edits| self.edited(rules, edits))
    }

    fn edited(&self, rules: &Rules, edits: &Edits) -> Value {
        let mut root = rules.files[&self.file].clone();
        for (pointer, edit) in edits {
            let (above, token) = pointer.rsplit_once('/').expect("a place in a file");
            let token = token.replace("~1", "/").replace("~0", "~");
            match root.pointer_mut(above).expect("a place of the file") {
                Value::Object(map) => match edit {
                    Edit::Put(value) => drop(map.insert(token, value.clone())),
                    Edit::LeaveOut => drop(map.remove(&token)),
                },
                Value::Array(list) => match (edit, token.parse::<usize>()) {
                    (Edit::Put(value), Ok(at)) => list[at] = value.clone(),
                    (Edit::Put(value), Err(_)) => list.push(value.clone()),
                    (Edit::LeaveOut, at) => drop(list.remove(at.expect("a member"))),
                },
                other => panic!("{pointer} is within {other}"),
            }
        }
        root
    }
}

/// Every change of a cell.
pub fn of(rules: &Rules, cell: &Cell<'_>) -> Vec<Change> {
    let mut made = Made {
        rules,
        cell,
        out: Vec::new(),
    };
    match cell.value {
        Value::Object(_) => made.object(),
        Value::Array(_) => made.list(),
        _ => made.scalar(),
    }
    if !cell.pointer.is_empty() {
        made.leave_out();
    }
    made.out
}

struct Made<'c, 'r> {
    rules: &'r Rules,
    cell: &'c Cell<'r>,
    out: Vec<Change>,
}

impl Made<'_, '_> {
    fn push(&mut self, what: impl Into<String>, edits: Edits) {
        self.push_ways(what, vec![edits]);
    }

    fn push_ways(&mut self, what: impl Into<String>, ways: Vec<Edits>) {
        self.out.push(Change {
            file: self.cell.file.to_owned(),
            pointer: self.cell.pointer.clone(),
            what: what.into(),
            depth: self.cell.depth,
            ways,
        });
    }

    /// Puts another value in its place.
    fn put(&mut self, value: Value) {
        if value != *self.cell.value {
            let what = format!("{value} for {}", shortly(self.cell.value));
            let at = self.cell.pointer.clone();
            self.push(what, vec![(at, Edit::Put(value))]);
        }
    }

    /// Puts what is not there.
    fn add(&mut self, key: &str, value: Value) {
        let at = format!("{}/{}", self.cell.pointer, escaped(key));
        if self.cell.value.get(key).is_none() {
            self.push(format!("with {key} {value}"), vec![(at, Edit::Put(value))]);
        }
    }

    /// A member of a list, or of an object.
    fn leave_out(&mut self) {
        let parent = self.cell.above(1);
        let part = self.cell.key(0) == "*" && ["all", "any"].contains(&self.cell.key(1));
        let word = parent.as_object().is_some_and(|map| map.len() == 1);
        // A flag that is left out is false.
        let flag = self.cell.key(0) == "scheme" && *self.cell.value == false;
        if part || word || flag {
            return;
        }
        let at = self.cell.pointer.clone();
        self.push("left out", vec![(at, Edit::LeaveOut)]);
    }

    fn scalar(&mut self) {
        match self.cell.value {
            Value::Null => {
                let value = match self.cell.key(0) {
                    "starts" => json!({ "after": "ltci_conclusion_date", "months": 1 }),
                    _ => json!(1),
                };
                self.put(value);
            }
            Value::Bool(flag) => self.put(json!(!flag)),
            Value::Number(number) => {
                let number = number.as_i64().expect("a whole number");
                let scores = self.scores();
                let more = scores.iter().find(|score| **score > number);
                let less = scores.iter().rfind(|score| **score < number);
                self.put(json!(more.copied().unwrap_or(number + 1)));
                self.put(json!(less.copied().unwrap_or(number - 1)));
            }
            Value::String(text) if is_grade(self.cell.key(0)) => {
                let others = ["A", "B", "C"].into_iter().filter(|grade| grade != text);
                let at = &self.cell.pointer;
                let ways = others.map(|grade| vec![(at.clone(), Edit::Put(json!(grade)))]);
                let ways = ways.collect();
                self.push_ways(format!("another grade for {text}"), ways);
            }
            Value::String(text) => {
                for other in self.others(text) {
                    self.put(json!(other));
                }
            }
            _ => {}
        }
    }

    /// Of a bound of an answer: the scores that there are, in order. Between two of them
    /// nothing lies.
    fn scores(&self) -> Vec<i64> {
        let cell = self.cell;
        if !["at_least", "at_most"].contains(&cell.key(0)) {
            return Vec::new();
        }
        let (instrument, code) = match (cell.position[0].as_str(), cell.key(1)) {
            ("instrument", "answer") => (&cell.root["id"], &cell.above(1)["code"]),
            ("cross_checks", side) => (&cell.root[side], &cell.above(4)[side]),
            _ => return Vec::new(),
        };
        let mut files = self.rules.of_kind("instrument");
        let Some(file) = files.find(|file| file["id"] == *instrument) else {
            return Vec::new();
        };
        let mut items = list(&file["domains"]).flat_map(|domain| list(&domain["items"]));
        let item = items.find(|item| item["code"] == *code);
        let options = item.into_iter().flat_map(|item| list(&item["options"]));
        let scores: BTreeSet<i64> = options.filter_map(|one| one["score"].as_i64()).collect();
        scores.into_iter().collect()
    }

    /// What else a text could be.
    fn others(&self, text: &str) -> Vec<String> {
        let cell = self.cell;
        if let Ok(date) = text.parse::<Date>() {
            let days = [date.tomorrow(), date.yesterday()];
            return days.map(|day| day.expect("a day").to_string()).into();
        }
        if cell.key(0) == "icd" || (cell.key(0) == "*" && cell.key(1) == "within") {
            return ranges_beside(text);
        }
        let others = self.of_vocabulary(text);
        if others.is_empty() {
            vec![format!("{text}x")]
        } else {
            others
        }
    }

    fn of_vocabulary(&self, text: &str) -> Vec<String> {
        let cell = self.cell;
        let (key, above) = (cell.key(0), cell.key(1));
        let name = if key == "*" { above } else { key };
        let choices = cell.position.iter().rev().skip(1);
        let choices = choices.take_while(|step| *step != "choices").count();
        let chosen = cell.key(1) == "choices" && choices == 0;
        let of = if chosen { cell.key(2) } else { name };
        if let Some((_, words)) = ENUMERATIONS.iter().find(|(key, _)| *key == of) {
            return beside(words, text);
        }
        let list = match (above, name) {
            ("fact", "id") => return beside(&self.facts_like(text), text),
            ("fact", "is" | "one_of" | "any_of") => self.values_of(cell.above(1)),
            ("*", "one_of" | "any_of") => Vec::new(),
            ("fact", "within") => self.divisions(),
            ("level", "at_least" | "at_most") => {
                return around(&self.levels(&cell.above(1)["instrument"]), text);
            }
            ("level" | "given_by" | "care_levels", "instrument") => {
                ids(self.rules.of_kind("instrument"), "id")
            }
            ("step", "id") => ids(list(&cell.root["steps"]), "id"),
            ("answer", "is") => self.options_of(cell.above(1)),
            (_, "code") if cell.position[0] == "instrument" => self.codes_like(text),
            (_, "is" | "cells" | "set") => return around(&self.levels(&cell.root["id"]), text),
            ("reading" | "starts" | "together" | "several", "interpretation")
            | (_, "cap_reads") => ids(list(&cell.root["interpretations"]), "id"),
            (_, "default") => ids(list(&cell.above(1)["choices"]), "key"),
            (_, "programme" | "programmes" | "receives") => self.programmes(),
            (_, "definition") => self.definitions(),
            (_, "jurisdiction") => self.divisions(),
            _ => Vec::new(),
        };
        if key == "*" && list.is_empty() {
            return self.of_lists(text);
        }
        beside(&list, text)
    }

    /// What else a member of a list could be.
    fn of_lists(&self, text: &str) -> Vec<String> {
        let cell = self.cell;
        let list = match (cell.key(2), cell.key(1)) {
            ("fact", _) => self.values_of(cell.above(2)),
            ("answer", "one_of") => self.options_of(cell.above(2)),
            ("after", "of") => self.programmes(),
            (_, "of") => self.codes_like(text),
            _ => Vec::new(),
        };
        beside(&list, text)
    }

    /// Facts of the type of this one.
    fn facts_like(&self, id: &str) -> Vec<String> {
        let facts = || {
            self.rules
                .of_kind("facts")
                .flat_map(|file| list(&file["facts"]))
        };
        let own = facts().find(|fact| fact["id"] == id);
        let kind = own.map(|fact| &fact["type"]);
        ids(facts().filter(|fact| Some(&fact["type"]) == kind), "id")
    }

    /// The values of the fact that a leaf asks for.
    fn values_of(&self, ask: &Value) -> Vec<String> {
        let mut facts = self
            .rules
            .of_kind("facts")
            .flat_map(|file| list(&file["facts"]));
        let fact = facts.find(|fact| fact["id"] == ask["id"]);
        fact.map_or_else(Vec::new, |fact| ids(list(&fact["values"]), "key"))
    }

    fn levels(&self, instrument: &Value) -> Vec<String> {
        let mut files = self.rules.of_kind("instrument");
        let file = files.find(|file| file["id"] == *instrument);
        file.map_or_else(Vec::new, |file| ids(list(&file["levels"]), "key"))
    }

    /// Codes of items beside this one, or of fields.
    fn codes_like(&self, code: &str) -> Vec<String> {
        let root = self.cell.root;
        let domains = list(&root["domains"]).map(|domain| ids(list(&domain["items"]), "code"));
        let lists = domains.chain([
            ids(list(&root["fields"]), "code"),
            ids(list(&root["steps"]), "id"),
        ]);
        let mut lists = lists.filter(|list| list.iter().any(|other| other == code));
        lists.next().unwrap_or_default()
    }

    /// Keys of the options of what a leaf asks for.
    fn options_of(&self, ask: &Value) -> Vec<String> {
        let root = self.cell.root;
        let items = list(&root["domains"]).flat_map(|domain| list(&domain["items"]));
        let mut all = items.chain(list(&root["fields"]));
        let asked = all.find(|one| one["code"] == ask["code"]);
        asked.map_or_else(Vec::new, |one| ids(list(&one["options"]), "key"))
    }

    fn programmes(&self) -> Vec<String> {
        let files = self.rules.of_kind("register");
        ids(files.flat_map(|file| list(&file["programmes"])), "id")
    }

    fn definitions(&self) -> Vec<String> {
        let files = self.rules.of_kind("programmes");
        let ids = ids(files.flat_map(|file| list(&file["definitions"])), "id");
        let once: BTreeSet<String> = ids.into_iter().collect();
        once.into_iter().collect()
    }

    fn divisions(&self) -> Vec<String> {
        let files = self.rules.of_kind("jurisdictions");
        ids(files.flat_map(|file| list(&file["jurisdictions"])), "code")
    }

    fn list(&mut self) {
        let members = self.cell.value.as_array().expect("a list");
        let add: Vec<String> = match (self.cell.key(1), self.cell.key(0)) {
            ("fact", "one_of" | "any_of") => self.values_of(self.cell.above(1)),
            ("answer", "one_of") => self.options_of(self.cell.above(1)),
            (_, "setting") => ["home", "institution", "community"]
                .map(str::to_owned)
                .into(),
            _ => Vec::new(),
        };
        for value in add {
            if !members.iter().any(|member| *member == value) {
                let at = format!("{}/-", self.cell.pointer);
                self.push(format!("with {value}"), vec![(at, Edit::Put(json!(value)))]);
            }
        }
        if ["rows", "gaps", "against"].contains(&self.cell.key(0)) {
            for i in 1..members.len() {
                self.exchange(members, i - 1, i);
            }
        }
        if self.cell.key(1) == "band" && self.cell.key(0) == "rows" {
            self.edges(members);
        }
    }

    /// Exchanges what two neighbours give, and, where the first that holds decides,
    /// their order.
    fn exchange(&mut self, rows: &[Value], one: usize, other: usize) {
        let at = |row: usize, key: &str| format!("{}/{row}/{key}", self.cell.pointer);
        let put = |row: usize, key: &str, value: &Value| (at(row, key), Edit::Put(value.clone()));
        for key in [
            "is",
            "cells",
            "fen",
            "per_mille",
            "cap",
            "cash",
            "tier",
            "left",
            "key",
        ] {
            // Rows of diagnoses are asked by what is printed.
            let named = key == "key" && self.cell.position[0] == "instrument";
            if let (Some(first), Some(second)) = (rows[one].get(key), rows[other].get(key))
                && first != second
                && !named
            {
                let edits = vec![put(one, key, second), put(other, key, first)];
                self.push(format!("{key} of {one} and {other} exchanged"), edits);
            }
        }
        if rows[one].get("when").is_some() && !exclude_each_other(&rows[one], &rows[other]) {
            let whole = |row: usize| format!("{}/{row}", self.cell.pointer);
            let edits = vec![
                (whole(one), Edit::Put(rows[other].clone())),
                (whole(other), Edit::Put(rows[one].clone())),
            ];
            self.push(format!("{other} before {one}"), edits);
        }
    }

    /// Moves the edge between two rows of a band, on both sides of it; by as much as lies
    /// between two sums that can be reached.
    fn edges(&mut self, rows: &[Value]) {
        let bound = |row: &Value, key: &str| row[key].as_i64().expect("a number");
        for (i, lower) in rows.iter().enumerate() {
            let to = bound(lower, "to");
            let above = rows
                .iter()
                .enumerate()
                .filter(|(_, row)| bound(row, "from") > to);
            let Some((j, upper)) = above.min_by_key(|(_, row)| bound(row, "from")) else {
                continue;
            };
            let from = bound(upper, "from");
            for step in [from - to, to - from] {
                let at = |row: usize, key: &str| format!("{}/{row}/{key}", self.cell.pointer);
                let edits = vec![
                    (at(i, "to"), Edit::Put(json!(to + step))),
                    (at(j, "from"), Edit::Put(json!(from + step))),
                ];
                self.push(format!("the edge after {to} moved by {step}"), edits);
            }
        }
    }

    fn object(&mut self) {
        if let Some(word) = self.cell.condition() {
            self.condition(word);
        }
        let end = (self.cell.key(1), self.cell.key(0));
        match end {
            ("layers", "*") => {
                self.add("access", json!("application"));
                let open = self.cell.value.get("parts").is_none();
                if open {
                    self.add("who", json!({ "any": [] }));
                }
            }
            (_, "level") => {
                self.add("if_absent", json!(false));
                self.add("within_months", json!(12));
            }
            (_, "cash") if self.cell.key(1) == "benefit" => {
                self.add("at_least", json!(true));
                self.add("form", json!("x"));
            }
            (_, "service") => {
                self.add("times", json!(1));
                self.add("per", json!("year"));
            }
            (_, "fee_waiver") => {
                self.add("times", json!(1));
            }
            (_, "priority") if self.cell.value.get("rows").is_none() => {
                self.add("tier", json!(9));
            }
            (_, "cost_share") => {
                self.add("validity_months", json!(1));
                let start = json!({ "after": "ltci_conclusion_date", "months": 1 });
                self.add("starts", start);
            }
            ("rows", "*") if self.cell.key(2) == "cost_share" => {
                self.add("cap", json!({ "fen": 1, "per": "month" }));
                self.add("cash", json!({ "fen": 1, "per": "month" }));
            }
            ("rule", "after") => {
                let (later, first) = (&self.cell.value["programme"], &self.cell.value["of"][0]);
                self.put(json!({ "programme": first, "of": [later] }));
            }
            ("notes", "*") => self.add("missing", json!("assessment:nhsa-37-2021")),
            ("since_last", "*") => self.add("within_months", json!(1)),
            ("facts", "*") if self.cell.value["type"] == "date" => {
                self.add("not_after_as_of", json!(true));
            }
            ("rules", "*") if self.cell.value["then"].get("set").is_some() => {
                self.add("without_items", json!("A"));
            }
            ("", "programmes") => self.first_day(),
            _ => {}
        }
    }

    /// The first day of a file, with that of its default reading.
    fn first_day(&mut self) {
        let root = self.cell.root;
        let Some(starts) = root.get("starts") else {
            return;
        };
        let mut readings = list(&root["interpretations"]);
        let reading = readings.find(|one| one["id"] == starts["interpretation"]);
        let default = reading.and_then(|one| one["default"].as_str());
        let default = default.expect("a default reading");
        let from: Date = root["in_force"]["from"]
            .as_str()
            .and_then(|from| from.parse().ok())
            .expect("a first day");
        for day in [from.tomorrow(), from.yesterday()] {
            let day = day.expect("a day").to_string();
            let edits = vec![
                ("/in_force/from".to_owned(), Edit::Put(json!(day))),
                (format!("/starts/choices/{default}"), Edit::Put(json!(day))),
            ];
            self.push(format!("from {day}, by its default reading too"), edits);
        }
    }

    fn condition(&mut self, word: &str) {
        let at = || self.cell.pointer.clone();
        let inner = &self.cell.value[word];
        match word {
            "all" | "any" => {
                if inner.as_array().is_some_and(|parts| parts.len() > 1) {
                    let other = if word == "all" { "any" } else { "all" };
                    let turned = json!({ other: inner });
                    self.push(
                        format!("{other} for {word}"),
                        vec![(at(), Edit::Put(turned))],
                    );
                }
            }
            "not" => self.push("without not", vec![(at(), Edit::Put(inner.clone()))]),
            _ => {
                let denied = json!({ "not": self.cell.value });
                self.push("denied", vec![(at(), Edit::Put(denied))]);
                self.push("always true", vec![(at(), Edit::Put(json!({ "all": [] })))]);
                self.push(
                    "always false",
                    vec![(at(), Edit::Put(json!({ "any": [] })))],
                );
            }
        }
    }
}

/// Whether two rows ask for different values of one fact, or for different settings.
fn exclude_each_other(one: &Value, other: &Value) -> bool {
    let asked = |row: &Value| {
        (
            row["when"]["fact"]["id"].clone(),
            row["when"]["fact"]["is"].clone(),
        )
    };
    let ((id, is), (other_id, other_is)) = (asked(one), asked(other));
    let values = !is.is_null() && !other_is.is_null() && id == other_id && is != other_is;
    let settings = |row: &Value| list(&row["setting"]).cloned().collect::<Vec<_>>();
    let (here, there) = (settings(one), settings(other));
    let apart = !here.is_empty() && !there.is_empty();
    values || (apart && !here.iter().any(|setting| there.contains(setting)))
}

/// Closed vocabularies, by the key that they stand at.
const ENUMERATIONS: [(&str, &[&str]); 12] = [
    ("access", &["automatic", "application"]),
    ("basis", &["official", "customary", "institution"]),
    ("force", &["right", "discretion"]),
    ("per", &["day", "week", "month", "year", "meal", "once"]),
    ("times_per", &["day", "week", "month", "year"]),
    ("setting", &["home", "institution", "community"]),
    ("severity", &["info", "warning"]),
    ("source", &["list", "law", "scheme", "plan"]),
    ("several", &["first", "least", "greatest"]),
    ("together", &["largest", "each"]),
    (
        "type",
        &[
            "boolean",
            "date",
            "integer",
            "choice",
            "choices",
            "flag",
            "diagnoses",
            "division",
        ],
    ),
    ("one_with", &["medical", "nursing", "ltci_expert", "other"]),
];

fn is_grade(key: &str) -> bool {
    ["grade", "overlap_grade", "without_items"].contains(&key)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn ids<'v>(list: impl Iterator<Item = &'v Value>, key: &str) -> Vec<String> {
    list.filter_map(|one| one[key].as_str().map(str::to_owned))
        .collect()
}

/// The one before and the one after.
fn around<T: AsRef<str>>(list: &[T], text: &str) -> Vec<String> {
    let Some(at) = list.iter().position(|one| one.as_ref() == text) else {
        return Vec::new();
    };
    let before = at.checked_sub(1).and_then(|at| list.get(at));
    let both = before.into_iter().chain(list.get(at + 1));
    both.map(|one| one.as_ref().to_owned()).collect()
}

/// All others of a short list; the one before and the one after, in a ring, of a long one.
fn beside<T: AsRef<str>>(list: &[T], text: &str) -> Vec<String> {
    let words: Vec<&str> = list.iter().map(AsRef::as_ref).collect();
    let others = || words.iter().filter(|one| **one != text);
    if words.len() <= 4 {
        return others().map(|one| (*one).to_owned()).collect();
    }
    let at = words.iter().position(|one| *one == text).unwrap_or(0);
    let ring = [at + 1, at + words.len() - 1].map(|at| words[at % words.len()]);
    let ring: BTreeSet<&str> = ring.into_iter().filter(|one| *one != text).collect();
    ring.into_iter().map(str::to_owned).collect()
}

/// Ranges of categories with an end moved by one.
fn ranges_beside(text: &str) -> Vec<String> {
    let category = |text: &str| {
        let mut letters = text.chars();
        let letter = u32::from(letters.next()?) - u32::from('A');
        let number: u32 = letters.as_str().parse().ok()?;
        Some(letter * 100 + number)
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (Some(first), Some(last)) = (category(first), category(last)) else {
        return Vec::new();
    };
    let written = |at: u32| {
        let letter = char::from_u32(u32::from('A') + at / 100).expect("a letter");
        format!("{letter}{:02}", at % 100)
    };
    let mut out = Vec::new();
    let moved = [
        (first - 1, last),
        (first + 1, last),
        (first, last - 1),
        (first, last + 1),
    ];
    for (first, last) in moved {
        match first.cmp(&last) {
            std::cmp::Ordering::Less => out.push(format!("{}-{}", written(first), written(last))),
            std::cmp::Ordering::Equal => out.push(written(first)),
            std::cmp::Ordering::Greater => {}
        }
    }
    out
}

fn shortly(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
