//! Source files in which every mutant stands behind a switch.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use crate::list::{Mutant, Place};
use crate::{Outcome, read};

/// The switch itself, added to the root of the crate.
const SWITCH: &str = r#"
#[allow(missing_docs)]
mod switched {
    use std::sync::LazyLock;

    static NUMBER: LazyLock<usize> = LazyLock::new(|| {
        let number = std::env::var("NENGLI_MUTANT").ok();
        number.and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
    });

    pub(crate) fn on(number: usize) -> bool {
        *NUMBER == number
    }
}
"#;

/// The files with mutants, changed; and which lines are whose.
pub(crate) struct Switched {
    pub(crate) files: BTreeMap<String, String>,
    bodies: Vec<Lines>,
}

/// Lines of a changed file: the body of a mutant, or a whole function with mutants.
struct Lines {
    file: String,
    lines: Range<usize>,
    mutants: Vec<usize>,
    outcome: Outcome,
}

impl Switched {
    /// Who is to blame for an error on a line.
    pub(crate) fn blamed(&self, file: &str, line: usize) -> Vec<(usize, Outcome)> {
        let on_line = |wanted| {
            self.bodies.iter().filter(move |body| {
                body.outcome == wanted && body.file == file && body.lines.contains(&line)
            })
        };
        let all = |body: &Lines| -> Vec<_> {
            let outcome = body.outcome;
            body.mutants
                .iter()
                .map(|number| (*number, outcome))
                .collect()
        };
        let own = on_line(Outcome::Unviable).next().map(all);
        own.or_else(|| on_line(Outcome::Apart).next().map(all))
            .unwrap_or_default()
    }
}

/// Every file of the core, with the mutants of the sample that have no outcome yet.
pub(crate) fn all(
    project: &Path,
    sample: &[Mutant],
    outcomes: &mut BTreeMap<usize, Outcome>,
) -> Result<Switched, String> {
    let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    by_file.entry("src/lib.rs").or_default();
    for (number, mutant) in sample.iter().enumerate() {
        if mutant.function.is_none() {
            outcomes.insert(number, Outcome::Apart);
        }
        let numbers = by_file.entry(&mutant.file).or_default();
        if !outcomes.contains_key(&number) {
            numbers.push(number);
        }
    }
    let mut switched = Switched {
        files: BTreeMap::new(),
        bodies: Vec::new(),
    };
    for (file, numbers) in by_file {
        let source = Source::new(read(&project.join(file))?);
        let mut text = one(file, &source, sample, &numbers, &mut switched.bodies)?;
        if file == "src/lib.rs" {
            text.push_str(SWITCH);
        }
        switched.files.insert(file.to_owned(), text);
    }
    Ok(switched)
}

/// One file.
fn one(
    file: &str,
    source: &Source,
    sample: &[Mutant],
    numbers: &[usize],
    bodies: &mut Vec<Lines>,
) -> Result<String, String> {
    let range = |places: (Place, Place)| source.at(places.0)..source.at(places.1);
    let mut functions: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    let mut sorted: Vec<(Range<usize>, usize)> = numbers
        .iter()
        .filter_map(|number| Some((range(sample.get(*number)?.function?), *number)))
        .collect();
    // The outermost function first: it holds the mutants of those inside it.
    sorted.sort_by_key(|(span, number)| (span.start, usize::MAX - span.end, *number));
    for (span, number) in sorted {
        match functions.last_mut() {
            Some((outer, held)) if outer.contains(&span.start) => held.push(number),
            _ => functions.push((span, vec![number])),
        }
    }
    let mut text = String::new();
    let mut done = 0;
    for (function, held) in functions {
        let body = source
            .body(&function)
            .ok_or(format!("{file}: no body found at {}", function.start))?;
        text.push_str(&source.text[done..body.start]);
        let first = line(&text);
        for number in &held {
            let mutant = &sample[*number];
            let mut span = range(mutant.span);
            if mutant.whole && span.start >= span.end {
                span = body.clone();
            }
            let _ = writeln!(text, " if crate::switched::on({number}) {{");
            let from = line(&text);
            text.push_str(&source.text[body.start..span.start]);
            text.push_str(&mutant.replacement);
            text.push_str(&source.text[span.end..body.end]);
            bodies.push(Lines {
                file: file.to_owned(),
                lines: from..line(&text) + 1,
                mutants: vec![*number],
                outcome: Outcome::Unviable,
            });
            text.push_str("\n} else");
        }
        text.push_str(" {\n");
        text.push_str(&source.text[body.clone()]);
        text.push_str("\n}");
        bodies.push(Lines {
            file: file.to_owned(),
            lines: first.saturating_sub(5)..line(&text) + 1,
            mutants: held,
            outcome: Outcome::Apart,
        });
        done = body.end;
    }
    text.push_str(&source.text[done..]);
    Ok(text)
}

/// The number of the line that comes next, from 1.
fn line(text: &str) -> usize {
    text.matches('\n').count() + 1
}

struct Source {
    text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl Source {
    fn new(text: String) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Self { text, lines }
    }

    /// The byte of a place.
    fn at(&self, (line, column): Place) -> usize {
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let rest = &self.text[start..];
        let inside = rest.char_indices().nth(column - 1);
        start + inside.map_or(rest.len(), |(at, _)| at)
    }

    /// What stands between the braces of a function's body: the last that close in it.
    fn body(&self, function: &Range<usize>) -> Option<Range<usize>> {
        let text = &self.text[function.clone()];
        let mut open = Vec::new();
        let mut last = None;
        let mut at = 0;
        while let Some(rest) = text.get(at..) {
            let Some(next) = rest.chars().next() else {
                break;
            };
            if let Some(length) = skipped(rest) {
                at += length;
                continue;
            }
            match next {
                '{' => open.push(at),
                '}' => last = Some(open.pop()? + 1..at),
                _ => {}
            }
            at += next.len_utf8();
        }
        let last = last?;
        Some(function.start + last.start..function.start + last.end)
    }
}

/// The length of a comment, a string or a character that begins here.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = 2 + hashes;
            return Some(start + rest[start..].find(&end)? + end.len());
        }
    }
    if rest.starts_with('"') {
        return closed(rest, '"');
    }
    // A lifetime has no closing quote right behind its first character.
    if rest.starts_with("'\\") {
        return closed(rest, '\'');
    }
    if rest.starts_with('\'') {
        let (at, _) = rest.char_indices().nth(2)?;
        return rest[at..].starts_with('\'').then_some(at + 1);
    }
    None
}

/// Up to and with the quote that closes, escapes skipped.
fn closed(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, found) in rest.char_indices().skip(1) {
        match found {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if found == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
