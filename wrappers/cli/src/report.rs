//! The report of one case, drawn for a terminal.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use console::{Style, measure_text_width};
use nengli::case::MAX_TEXT;
use nengli::explain::{self, AssessmentReport, Gauge, GaugeBand, Line, Mark};
use nengli::{Determination, Lang, Options, Rejection, Rulebook};

use crate::args::{self, Args, Color};
use crate::files::{self, Failure};
use crate::inquiry::{self, Unanswered};

/// Widest gauge.
const GAUGE: usize = 60;
/// Widest label of a gauge; a longer one goes on below.
const LABEL: usize = 30;
/// Widest report.
const WIDEST: usize = 100;

/// Runs the command.
pub(crate) fn assess(args: &Args, command: &args::Assess) -> Result<ExitCode, Failure> {
    let rulebook = files::rulebook(args, None)?;
    let text = files::text(&command.file, MAX_TEXT)?;
    if command.why.is_some() || !command.what_if.is_empty() {
        return match inquiry::answer(args, command, &rulebook, &text) {
            Ok(answer) => files::print(&answer).map(|()| ExitCode::SUCCESS),
            Err(Unanswered::Failure(failure)) => Err(failure),
            Err(Unanswered::Refused(rejection)) => refused(args, command, &rejection),
        };
    }
    let options = if command.trace {
        Options::traced()
    } else {
        Options::default()
    };
    let recorded = command
        .record
        .then(|| rulebook.record_text(&text, options))
        .transpose();
    let answer = recorded.and_then(|record| match record {
        Some(record) => Ok(Answer::Record(record.text())),
        None => {
            let determination = rulebook.assess_text(&text, options)?;
            Ok(Answer::Determination(Box::new(determination)))
        }
    });
    match answer {
        Ok(Answer::Record(record)) => {
            files::print(&record)?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(Answer::Determination(determination)) => {
            if command.json {
                files::print(&json(&determination, command.pretty))?;
            } else {
                let report = explain::report(&determination, &rulebook, args.lang());
                let painter = Painter::of(args, &rulebook);
                files::print(painter.report(&report, command.full).trim_end())?;
                if command.trace {
                    files::print(&painter.trace(&determination))?;
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(rejection) => refused(args, command, &rejection),
    }
}

/// What is done with a case that is refused.
fn refused(
    args: &Args,
    command: &args::Assess,
    rejection: &Rejection,
) -> Result<ExitCode, Failure> {
    if rejection.is_unreadable() {
        let what = rejection
            .rejected
            .first()
            .map_or("", |problem| problem.message_in(args.lang()));
        return Err(Failure::file(&command.file, what));
    }
    if command.json || command.record {
        files::print(&json(rejection, command.pretty))?;
    } else {
        let text = refusal(
            rejection,
            &files::named(&command.file),
            args.lang(),
            width(),
        );
        let _ = writeln!(io::stderr(), "{text}");
    }
    Ok(ExitCode::from(1))
}

/// What is printed of a case that is not refused.
enum Answer {
    Determination(Box<Determination>),
    /// The record, as text.
    Record(String),
}

pub(crate) fn json<T: serde::Serialize>(value: &T, pretty: bool) -> String {
    let text = if pretty {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    text.unwrap_or_default()
}

/// A refused case, with every problem.
pub(crate) fn refusal(rejection: &Rejection, file: &str, lang: Lang, width: usize) -> String {
    let mut out = match (lang, rejection.rejected.len()) {
        (Lang::Zh, count) => format!("nengli: {file}：个案被拒绝，{count} 处问题"),
        (Lang::En, 1) => format!("nengli: {file}: the case was refused, 1 problem"),
        (Lang::En, count) => format!("nengli: {file}: the case was refused, {count} problems"),
    };
    for problem in &rejection.rejected {
        let (kind, message) = (problem.kind.as_str(), problem.message_in(lang));
        out.push_str(&said(&problem.at, kind, message, width));
    }
    out
}

/// A problem, on lines of its own: its place, its kind, and below them what it says.
pub(crate) fn said(place: &str, kind: &str, message: &str, width: usize) -> String {
    let options = textwrap::Options::new(width)
        .initial_indent("      ")
        .subsequent_indent("      ");
    let place = if place.is_empty() { "/" } else { place };
    let message = textwrap::fill(message, &options);
    format!("\n  {place}  ({kind})\n{message}")
}

/// Columns of a report.
pub(crate) fn width() -> usize {
    let columns = console::Term::stdout().size_checked();
    columns
        .map_or(WIDEST, |(_, columns)| usize::from(columns))
        .clamp(40, WIDEST)
}

/// Draws reports.
pub(crate) struct Painter<'r> {
    pub(crate) rulebook: &'r Rulebook,
    pub(crate) lang: Lang,
    pub(crate) colour: bool,
    pub(crate) width: usize,
}

impl<'r> Painter<'r> {
    pub(crate) fn of(args: &Args, rulebook: &'r Rulebook) -> Self {
        let terminal = console::Term::stdout();
        let colour = match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal.features().colors_supported() && terminal.is_term(),
        };
        Self {
            rulebook,
            lang: args.lang(),
            colour,
            width: width(),
        }
    }

    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        style.force_styling(self.colour).apply_to(text).to_string()
    }

    /// The colour of a level: green for the best to red for the worst.
    fn of_level(code: u8, worst: u8) -> Style {
        let style = Style::new();
        match (code, worst.saturating_sub(code)) {
            (0, _) => style.green(),
            (_, 0) => style.red(),
            (1, _) => style.cyan(),
            (_, 1) => style.magenta(),
            _ => style.yellow(),
        }
    }

    fn report(&self, report: &explain::Report, full: bool) -> String {
        let mut out = String::new();
        for assessment in &report.assessments {
            self.assessment(assessment, &mut out);
        }
        self.part("care_levels", &report.care_levels, &mut out);
        self.rights(&report.rights, full, &mut out);
        self.payments(&report.payments, full, &mut out);
        self.questions(&report.questions, full, &mut out);
        self.part("due", &report.due, &mut out);
        for line in &report.findings {
            self.line(line, &mut out);
        }
        if !report.findings.is_empty() {
            out.push('\n');
        }
        for foot in &report.foot {
            let _ = writeln!(out, "{}", self.paint(Style::new().dim(), foot));
        }
        out
    }

    /// Lines under a heading, if there are any.
    fn part(&self, part: &str, lines: &[Line], out: &mut String) {
        if lines.is_empty() {
            return;
        }
        let heading = explain::heading(part, self.lang);
        let _ = writeln!(out, "{}", self.paint(Style::new().bold(), &heading));
        for line in lines {
            self.line(line, out);
        }
        out.push('\n');
    }

    fn assessment(&self, report: &AssessmentReport, out: &mut String) {
        let _ = writeln!(
            out,
            "{}\n",
            self.paint(Style::new().bold(), &report.heading)
        );
        let style = report
            .level_code
            .map_or_else(Style::new, |code| Self::of_level(code, report.worst_code));
        let steps: String = (0..=report.worst_code)
            .map(|code| match report.level_code {
                Some(level) if level == code => '◆',
                _ => '◇',
            })
            .collect();
        let _ = writeln!(
            out,
            "  {}  {}\n",
            self.paint(style.clone().bold(), &report.level),
            self.paint(style, &steps)
        );
        let label = report
            .gauges
            .iter()
            .map(|gauge| measure_text_width(&gauge.label))
            .max()
            .unwrap_or(0)
            .min(LABEL);
        // What is left beside the label and the number.
        let columns = self.width.saturating_sub(label + 18).clamp(20, GAUGE);
        for gauge in &report.gauges {
            self.gauge(gauge, label, columns, report.worst_code, out);
        }
        out.push('\n');
        for section in &report.sections {
            let _ = writeln!(out, "{}", self.paint(Style::new().bold(), &section.heading));
            for line in &section.lines {
                self.line(line, out);
            }
            out.push('\n');
        }
    }

    fn gauge(&self, gauge: &Gauge, label: usize, columns: usize, worst: u8, out: &mut String) {
        let column = |value: u8| usize::from(value) * columns / usize::from(gauge.max.max(1));
        let (low, high) = (column(gauge.range.0), column(gauge.range.1));
        let band = gauge
            .bands
            .iter()
            .find(|band| gauge.known && (band.from..=band.to).contains(&gauge.range.0));
        let style = band.map_or_else(Style::new, |band| Self::of_level(band.code, worst));
        let full = "█".repeat(low);
        let open = "▒".repeat(high.saturating_sub(low));
        let rest = "░".repeat(columns.saturating_sub(high));
        let number = match gauge.range {
            (value, _) if gauge.known => format!("{value} / {}", gauge.max),
            (min, max) => format!("{min}–{max} / {}", gauge.max),
        };
        let mut labels = textwrap::wrap(&gauge.label, label).into_iter();
        let _ = writeln!(
            out,
            "  {}  {}{}{}  {number}",
            pad(&labels.next().unwrap_or_default(), label),
            self.paint(style, &full),
            open,
            self.paint(Style::new().dim(), &rest),
        );
        for more in labels {
            let _ = writeln!(out, "  {more}");
        }
        if !gauge.bands.is_empty() {
            let ruler = ruler(&gauge.bands, &column, columns + 12);
            let blank = " ".repeat(label);
            for line in ruler {
                let line = self.paint(Style::new().dim(), line.trim_end());
                let _ = writeln!(out, "  {blank}  {line}");
            }
        }
    }

    pub(crate) fn line(&self, line: &Line, out: &mut String) {
        let (mark, style) = match line.mark {
            Mark::Yes => ("✓", Style::new().bold()),
            Mark::No => ("✗", Style::new().dim()),
            Mark::Held => ("○", Style::new()),
            Mark::Open => ("?", Style::new().yellow()),
            Mark::Info => ("i", Style::new()),
            Mark::Warning => ("!", Style::new().yellow()),
            _ => ("·", Style::new()),
        };
        let mut text = line.text.clone();
        if !line.citations.is_empty() {
            let citations = explain::citations(&line.citations, self.rulebook, self.lang);
            let _ = write!(text, "  [{}]", unbreakable(&citations));
        }
        let options = textwrap::Options::new(self.width.saturating_sub(1))
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .initial_indent("  ")
            .subsequent_indent("    ");
        let wrapped = plain(&textwrap::fill(&format!("{mark} {text}"), options));
        let _ = writeln!(out, "{}", self.paint(style, &wrapped));
    }

    /// Lines of at most `width` columns. What is longer than a line is broken.
    pub(crate) fn wrapped(&self, text: &str, width: usize) -> Vec<String> {
        let width = width.max(8);
        let options = textwrap::Options::new(width)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        // A citation that fits no line may break anywhere between words.
        let parts = text.split("  ").map(|part| {
            if part.starts_with('[') && measure_text_width(part) > width {
                plain(part)
            } else {
                part.to_owned()
            }
        });
        let text = parts.collect::<Vec<_>>().join("  ");
        let lines = textwrap::wrap(&text, options);
        lines.into_iter().map(|line| plain(&line)).collect()
    }

    /// Wrapped text, each line behind so many blanks.
    pub(crate) fn indented(&self, text: &str, blanks: usize) -> String {
        let lines = self.wrapped(text, self.width.saturating_sub(blanks + 1));
        let blank = " ".repeat(blanks);
        let lines: Vec<String> = lines.iter().map(|line| format!("{blank}{line}")).collect();
        lines.join("\n")
    }

    fn trace(&self, determination: &nengli::Determination) -> String {
        let head = match self.lang {
            Lang::Zh => ["步骤", "输入", "行", "结果", "证据", "依据"],
            Lang::En => ["step", "inputs", "row", "result", "grade", "citations"],
        };
        let number = |value: Option<u8>| value.map_or_else(|| "?".to_owned(), |v| v.to_string());
        let mut out = String::new();
        for result in &determination.assessments {
            let mut table = comfy_table::Table::new();
            table
                .load_style(comfy_table::presets::UTF8_FULL_CONDENSED)
                .set_header(head)
                .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
                .set_width(u16::try_from(self.width).unwrap_or(u16::MAX));
            for step in result.steps.iter().flatten() {
                let inputs: Vec<String> = step
                    .inputs
                    .iter()
                    .map(|(code, value)| format!("{code}={}", number(*value)))
                    .collect();
                table.add_row([
                    step.step.to_string(),
                    inputs.join(" "),
                    step.row.map(|row| row.to_string()).unwrap_or_default(),
                    number(step.result),
                    step.confidence.as_str().to_owned(),
                    explain::citations(&step.citations, self.rulebook, self.lang),
                ]);
            }
            let _ = write!(out, "\n{} {}\n{table}\n", result.instrument, result.date);
        }
        let rights = determination.entitlements.as_deref().unwrap_or_default();
        if rights.iter().any(|right| right.layers.is_some()) {
            let head = match self.lang {
                Lang::Zh => ["规则", "待遇", "本级规则单独的结果"],
                Lang::En => ["rule", "status", "by this layer alone"],
            };
            let mut table = comfy_table::Table::new();
            table
                .load_style(comfy_table::presets::UTF8_FULL_CONDENSED)
                .set_header(head)
                .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
                .set_width(u16::try_from(self.width).unwrap_or(u16::MAX));
            for right in rights {
                for layer in right.layers.iter().flatten() {
                    let mark = if layer.rule == right.rule { " *" } else { "" };
                    table.add_row([
                        format!("{}{mark}", layer.rule),
                        right.status.as_str().to_owned(),
                        layer.status.as_str().to_owned(),
                    ]);
                }
            }
            let _ = write!(out, "\n{table}\n");
        }
        out.trim_end().to_owned()
    }
}

/// No line may break here.
const JOINER: char = '\u{2060}';

/// `text` so that it stays on one line, except between two documents.
pub(crate) fn unbreakable(text: &str) -> String {
    let documents: Vec<String> = text
        .split("; ")
        .map(|document| {
            let mut out = String::new();
            for c in document.chars() {
                out.push(if c == ' ' { '\u{A0}' } else { c });
                out.push(JOINER);
            }
            out
        })
        .collect();
    documents.join("; ")
}

/// `text` without what keeps it on one line.
fn plain(text: &str) -> String {
    text.replace(JOINER, "").replace('\u{A0}', " ")
}

/// `text` filled up with blanks to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let blank = width.saturating_sub(measure_text_width(text));
    format!("{text}{}", " ".repeat(blank))
}

fn first_word(label: &str) -> &str {
    label.split(' ').next().unwrap_or("")
}

/// Where the bands begin, and their names so far as they fit.
fn ruler(bands: &[GaugeBand], column: &dyn Fn(u8) -> usize, width: usize) -> [String; 2] {
    let mut ticks = String::new();
    let mut names = String::new();
    for (i, band) in bands.iter().enumerate() {
        let start = column(band.from);
        let end = bands.get(i + 1).map_or(width + 1, |next| column(next.from));
        let room = end.saturating_sub(start).saturating_sub(1);
        let first = first_word(&band.label);
        // A word that begins two names tells nothing.
        let alone = bands
            .iter()
            .filter(|one| first_word(&one.label) == first)
            .count()
            == 1;
        let name = [Some(band.label.as_str()), Some(first).filter(|_| alone)]
            .into_iter()
            .flatten()
            .find(|name| measure_text_width(name) <= room)
            .unwrap_or("");
        ticks = pad(&ticks, start);
        let _ = write!(ticks, "╵{}", band.from);
        names = pad(&names, start);
        names.push_str(name);
    }
    [ticks, names]
}
