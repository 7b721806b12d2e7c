//! Tries changes against the cases.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nengli::Rulebook;
use serde_json::Value;

use crate::cells::{Cell, Exempt, Rules};
use crate::changes::{self, Change};
use crate::figure::figure;
use crate::people::{self, Person};

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The rules with it do not load.
    Refused,
    /// This case came to another result.
    Noticed(usize),
    /// A layer says otherwise of this case by its own text; the result is the same,
    /// because a layer above gives it too.
    InItsLayer(usize),
    /// It cannot matter: the entry of `exempt.json` that says so, and its line.
    Exempt(usize, usize),
    Survived,
}

pub struct Run {
    changes: Vec<Change>,
    fates: Vec<Fate>,
    /// Cells with a change, by file.
    cells: BTreeMap<String, usize>,
    took: Duration,
}

/// Cases that noticed something lately are asked first.
const LATELY: usize = 24;

impl Run {
    pub fn of(
        rulebook: &Rulebook,
        rules: &Rules,
        exempt: &Exempt,
        cells: &[Cell<'_>],
        tells: bool,
    ) -> Self {
        let begun = Instant::now();
        let people = people::all(rulebook);
        let mut of_files: BTreeMap<String, usize> = BTreeMap::new();
        let mut changes = Vec::new();
        for cell in cells {
            let of_cell = changes::of(rules, cell);
            *of_files.entry(cell.file.to_owned()).or_default() += usize::from(!of_cell.is_empty());
            changes.extend(of_cell);
        }
        let tried = Tried {
            rulebook,
            rules,
            exempt,
            people: &people,
            orders: orders(rules, &people),
            changes: &changes,
            next: AtomicUsize::new(0),
            fates: Mutex::new(vec![Fate::Survived; changes.len()]),
            tells,
        };
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| tried.work());
            }
        });
        let fates = tried.fates.into_inner().expect("no thread failed");
        Self {
            changes,
            fates,
            cells: of_files,
            took: begun.elapsed(),
        }
    }

    pub fn count(&self, is: impl Fn(&Fate) -> bool) -> usize {
        self.fates.iter().filter(|fate| is(fate)).count()
    }

    pub fn must_be_noticed(&self) {
        let survivors: Vec<String> = self.survivors().map(named).collect();
        assert!(
            survivors.is_empty(),
            "{} of {} changes are noticed by no case:\n{}",
            survivors.len(),
            self.changes.len(),
            survivors.join("\n")
        );
    }

    pub fn survivors(&self) -> impl Iterator<Item = &Change> {
        let each = self.changes.iter().zip(&self.fates);
        each.filter(|(_, fate)| **fate == Fate::Survived)
            .map(|(change, _)| change)
    }

    /// Lines of changes that cannot matter which no change of these files needed.
    pub fn unused(&self, exempt: &Exempt) -> Vec<String> {
        let used: BTreeSet<(usize, usize)> = self
            .fates
            .iter()
            .filter_map(|fate| match fate {
                Fate::Exempt(entry, line) => Some((*entry, *line)),
                _ => None,
            })
            .collect();
        let entries = exempt.cannot_matter.iter().enumerate();
        let entries = entries.filter(|(_, one)| self.cells.contains_key(&one.file));
        let lines = entries.flat_map(|(i, one)| {
            let lines = one.changes.iter().enumerate();
            lines.map(move |(at, line)| ((i, at), format!("{}#{line}", one.file)))
        });
        lines
            .filter(|(at, _)| !used.contains(at))
            .map(|(_, line)| line)
            .collect()
    }

    /// By file: all changes, and of each fate, in the order of the table.
    fn rows(&self) -> BTreeMap<&str, [usize; 6]> {
        let mut rows: BTreeMap<&str, [usize; 6]> = BTreeMap::new();
        for (change, fate) in self.changes.iter().zip(&self.fates) {
            let row = rows.entry(&change.file).or_default();
            row[0] += 1;
            row[match fate {
                Fate::Refused => 1,
                Fate::Noticed(_) => 2,
                Fate::InItsLayer(_) => 3,
                Fate::Exempt(..) => 4,
                Fate::Survived => 5,
            }] += 1;
        }
        rows
    }

    /// The sums of the table, for the page of figures.
    pub fn figures(&self) {
        let cells = self.cells.values().sum();
        figure("cells of the rule files", cells, "cells");
        let names = [
            "changes of the cells",
            "changes refused at load",
            "changes noticed by a case",
            "changes noticed in their layer alone",
            "changes that cannot matter, each with its reason",
            "changes that survive",
        ];
        let rows = self.rows();
        for (at, name) in names.into_iter().enumerate() {
            figure(name, rows.values().map(|row| row[at]).sum(), "changes");
        }
    }

    /// What came of it, by file.
    pub fn table(&self) -> String {
        let rows = self.rows();
        let mut out = String::from(
            "| file | cells | changes | refused at load | noticed | in its layer | exempt | survivors |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        let mut all = ([0; 6], 0);
        for (file, row) in &rows {
            let cells = self.cells[*file];
            line(&mut out, file, cells, row);
            for (sum, one) in all.0.iter_mut().zip(row) {
                *sum += one;
            }
            all.1 += cells;
        }
        line(&mut out, "all", all.1, &all.0);
        let _ = writeln!(out, "in {} s", self.took.as_secs());
        out
    }
}

fn line(out: &mut String, file: &str, cells: usize, row: &[usize; 6]) {
    let figures: Vec<String> = row.iter().map(usize::to_string).collect();
    let _ = writeln!(out, "| {file} | {cells} | {} |", figures.join(" | "));
}

/// The rules with a change, in each of its ways that loads. What the schema of the file
/// refuses, the loader would: it is not asked, for loading takes most of the time.
pub fn load(rulebook: &Rulebook, rules: &Rules, change: &Change) -> Vec<Rulebook> {
    let kind = rules.files[&change.file]["kind"].as_str();
    let schema = &rules.schemas[kind.expect("a kind")];
    let with = |changed: Value| {
        if !schema.is_valid(&changed) {
            return None;
        }
        let changed = changed.to_string();
        let files = rulebook.files();
        let files = files.map(|(path, text)| match path == change.file {
            true => (path, changed.as_str()),
            false => (path, text),
        });
        Rulebook::from_files(files).ok()
    };
    change.applied(rules).filter_map(with).collect()
}

pub fn named(change: &Change) -> String {
    format!("{}#{}: {}", change.file, change.pointer, change.what)
}

/// The cases that can notice a change of each file, in the order in which they are asked.
///
/// A change of a place's rules is shown to who lives there, one of an instrument to who
/// was assessed by it: nobody else has a result that hangs on it. Of the rows, which have
/// few forms between them, one for each of its forms is enough for an instrument.
fn orders(rules: &Rules, people: &[Person]) -> BTreeMap<String, Vec<usize>> {
    let orders = rules.files.iter().map(|(path, root)| {
        let mut forms: BTreeSet<String> = BTreeSet::new();
        let mut near = |person: &Person| match root["kind"].as_str() {
            Some("programmes") => {
                let place = root["jurisdiction"].as_str().unwrap_or_default();
                let under = place.trim_end_matches('0');
                match &person.rule {
                    Some(rule) if rule.starts_with(place) => Some(0),
                    _ if person.place == place => Some(1),
                    _ => person.place.starts_with(under).then_some(2),
                }
            }
            Some("instrument") => {
                let own = root["id"].as_str().unwrap_or_default();
                let has = person.instruments.iter().any(|id| id == own);
                match (has, &person.rule) {
                    (true, None) => Some(0),
                    (false, None) => Some(1),
                    (true, Some(_)) => forms.insert(person.forms()).then_some(2),
                    (false, Some(_)) => None,
                }
            }
            _ => Some(0),
        };
        let all = people.iter().enumerate();
        let mut order: Vec<_> = all
            .filter_map(|(who, person)| Some((near(person)?, who)))
            .collect();
        order.sort_unstable();
        let order = order.into_iter().map(|(_, who)| who).collect();
        (path.clone(), order)
    });
    orders.collect()
}

struct Tried<'t> {
    rulebook: &'t Rulebook,
    rules: &'t Rules,
    exempt: &'t Exempt,
    people: &'t [Person],
    orders: BTreeMap<String, Vec<usize>>,
    changes: &'t [Change],
    next: AtomicUsize,
    fates: Mutex<Vec<Fate>>,
    tells: bool,
}

impl Tried<'_> {
    fn work(&self) {
        let mut lately = VecDeque::new();
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(change) = self.changes.get(at) else {
                return;
            };
            let fate = self.fate(change, &lately);
            if let Fate::Noticed(who) = fate {
                lately.retain(|other| *other != who);
                lately.push_front(who);
                lately.truncate(LATELY);
            }
            if self.tells && fate == Fate::Survived {
                eprintln!("survives: {}", named(change));
            }
            self.fates.lock().expect("no thread failed")[at] = fate;
            if self.tells && at.is_multiple_of(500) {
                let of = self.changes.len();
                eprintln!("progress: {at} of {of} changes · every cell of the rules");
            }
        }
    }

    fn fate(&self, change: &Change, lately: &VecDeque<usize>) -> Fate {
        let loaded = load(self.rulebook, self.rules, change);
        if loaded.is_empty() {
            return Fate::Refused;
        }
        let noticed = |who: &usize| {
            let person = &self.people[*who];
            loaded
                .iter()
                .any(|rulebook| person.notices(rulebook, change.depth))
        };
        if let Some(who) = lately.iter().find(|who| noticed(who)) {
            return Fate::Noticed(*who);
        }
        let rule = self.rule_of(change);
        let dead = self.exempt.dead(self.rules, change);
        let order = &self.orders[&change.file];
        let of_rule = |who: &usize| rule.is_some() && self.people[*who].rule == rule;
        let first = order.iter().filter(|who| of_rule(who));
        // What cannot matter is not shown to the rows of all other rules.
        let rest = order
            .iter()
            .filter(|who| !of_rule(who) && (dead.is_none() || self.people[**who].rule.is_none()));
        if let Some(who) = first.chain(rest).find(|who| noticed(who)) {
            return Fate::Noticed(*who);
        }
        if let Some((entry, line)) = dead {
            return Fate::Exempt(entry, line);
        }
        let in_a_layer = |who: &&usize| {
            let person = &self.people[**who];
            let mut loaded = loaded.iter();
            loaded.any(|rulebook| person.notices_in_a_layer(rulebook, self.rulebook))
        };
        let who = ["/who", "/parts/", "/is", "/force"];
        let of_a_layer = change.file.starts_with("programmes/")
            && who.iter().any(|part| change.pointer.contains(part));
        let who = order.iter().filter(|_| of_a_layer).find(in_a_layer);
        who.map_or(Fate::Survived, |who| Fate::InItsLayer(*who))
    }

    /// The rule of the layer that a change is within.
    fn rule_of(&self, change: &Change) -> Option<String> {
        let root = &self.rules.files[&change.file];
        let rest = change.pointer.strip_prefix("/layers/")?;
        let layer = &root["layers"][rest.split('/').next()?.parse::<usize>().ok()?];
        let (place, programme) = (root["jurisdiction"].as_str()?, layer["programme"].as_str()?);
        Some(match layer["variant"].as_str() {
            Some(variant) => format!("{place}/{programme}.{variant}"),
            None => format!("{place}/{programme}"),
        })
    }
}
