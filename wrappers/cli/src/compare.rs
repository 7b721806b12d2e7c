//! Two results of one person, side by side.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use console::Style;
use nengli::case::MAX_TEXT;
use nengli::explain::{self, ComparedPart, ComparedSection, SuccessionReport};
use nengli::{Lang, Succession};

use crate::args::{self, Args};
use crate::files::{self, Failure};
use crate::report::{Painter, json, refusal, width};
use crate::rules::word;
use crate::table::Table;

/// Runs the command.
pub(crate) fn compare(args: &Args, command: &args::Compare) -> Result<ExitCode, Failure> {
    let (previous, new) = (&command.previous, &command.new);
    if [previous, new].iter().all(|path| path.as_os_str() == "-") {
        return Err(Failure::Argument(
            "expected two files; found standard input for both".to_owned(),
        ));
    }
    let rulebook = files::rulebook(args, None)?;
    let texts = [
        files::text(previous, MAX_TEXT)?,
        files::text(new, MAX_TEXT)?,
    ];
    let [previous_text, new_text] = &texts;
    let lang = args.lang();
    match rulebook.compare_text(previous_text, new_text) {
        Ok(succession) => {
            if command.json {
                files::print(&json(&succession, command.pretty))?;
            } else {
                let report = explain::succession(&succession, &rulebook, lang);
                let painter = Painter::of(args, &rulebook);
                files::print(painter.succession(&report, command.full).trim_end())?;
            }
            Ok(ExitCode::from(u8::from(is_broken(&succession))))
        }
        Err(rejection) if rejection.is_unreadable() => {
            let unreadable = rejection
                .rejected
                .iter()
                .find(|problem| matches!(problem.at.as_str(), "/previous" | "/new"));
            let path = match unreadable {
                Some(problem) if problem.at == "/new" => new,
                _ => previous,
            };
            let what = unreadable.map_or("", |problem| problem.message_in(lang));
            Err(Failure::file(path, what))
        }
        Err(rejection) => {
            if command.json {
                files::print(&json(&rejection, command.pretty))?;
            } else {
                let text = refusal(&rejection, &both(previous, new), lang, width());
                let _ = writeln!(io::stderr(), "{text}");
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn both(previous: &Path, new: &Path) -> String {
    format!("{}, {}", files::named(previous), files::named(new))
}

/// Whether the seal of a record does not hold.
fn is_broken(succession: &Succession) -> bool {
    let mut findings = succession.findings.iter();
    findings.any(|finding| finding.code == "seal_broken")
}

impl Painter<'_> {
    fn succession(&self, report: &SuccessionReport, full: bool) -> String {
        let mut out = String::new();
        if !report.findings.is_empty() {
            let heading = explain::heading("findings", self.lang);
            out.push_str(&self.paint(Style::new().bold(), &heading));
            out.push('\n');
            for line in &report.findings {
                self.line(line, &mut out);
            }
            out.push('\n');
        }
        for part in &report.parts {
            self.compared(part, full, &mut out);
        }
        for foot in &report.foot {
            out.push_str(&self.paint(Style::new().dim(), foot));
            out.push('\n');
        }
        out
    }

    /// A table for each section: what differs, or all.
    fn compared(&self, part: &ComparedPart, full: bool, out: &mut String) {
        out.push_str(&self.paint(Style::new().bold(), &part.heading));
        out.push('\n');
        let mut unshown = 0_usize;
        for section in &part.sections {
            let (shown, rest) = rows(section, full);
            unshown = unshown.saturating_add(rest);
            if shown.is_empty() {
                continue;
            }
            // A column in which nothing stands is left out.
            let blank = shown.iter().all(|row| row.difference.is_empty());
            let columns = if blank { 3 } else { 4 };
            let head = [
                section.heading.as_str(),
                &part.columns.previous,
                &part.columns.new,
                word(self.lang, "变化", "difference"),
            ];
            let head = head.into_iter().take(columns).map(str::to_owned);
            let mut table = Table::of(head.collect());
            for row in shown {
                let cells = [
                    &row.name,
                    &row.values.previous,
                    &row.values.new,
                    &row.difference,
                ];
                table.row(cells.into_iter().take(columns).map(String::as_str));
            }
            out.push_str(&table.drawn());
            out.push('\n');
        }
        if unshown > 0 {
            let rest = match (self.lang, unshown) {
                (Lang::Zh, count) => format!("{count} 项没有变化，见 --full"),
                (Lang::En, 1) => "1 without a difference: --full".to_owned(),
                (Lang::En, count) => format!("{count} without a difference: --full"),
            };
            out.push_str(&self.paint(Style::new().dim(), &rest));
            out.push('\n');
        }
        out.push('\n');
    }
}

/// The rows to show, and how many are left out.
fn rows(section: &ComparedSection, full: bool) -> (Vec<&explain::ComparedRow>, usize) {
    let all = section.rows.iter();
    let shown: Vec<_> = all
        .filter(|row| full || section.whole || row.differs)
        .collect();
    let rest = section.rows.len().saturating_sub(shown.len());
    (shown, rest)
}
