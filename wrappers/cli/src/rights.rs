//! Rights, payments and questions of a report, drawn for a terminal.

use std::fmt::Write as _;

use console::{Style, measure_text_width};
use nengli::Lang;
use nengli::determination::Status;
use nengli::explain::{
    self, Given, Mark, PayerReport, PaymentReport, QuestionReport, Reason, Right, RightsGroup,
};

use crate::report::{Painter, pad, unbreakable};
use crate::rules::word;

/// Widest column of names; a longer name goes on below.
const NAME: usize = 30;
/// Widest bar of a payment.
const BAR: usize = 30;
/// How many questions are shown unless all are asked for.
const QUESTIONS: usize = 5;

impl Painter<'_> {
    /// The rights, a line or two for each; with every reason in `full`.
    pub(crate) fn rights(&self, groups: &[RightsGroup], full: bool, out: &mut String) {
        if groups.is_empty() {
            return;
        }
        self.heading("rights", out);
        out.push('\n');
        let names = groups
            .iter()
            .filter(|group| full || group.status != Status::NotEntitled)
            .flat_map(|group| &group.rights)
            .map(|right| measure_text_width(&self.name(right)));
        let columns = self.columns(names);
        for group in groups {
            let count = self.paint(Style::new().dim(), &group.rights.len().to_string());
            let heading = self.paint(Style::new().bold(), &group.heading);
            let _ = writeln!(out, "  {heading} {count}");
            let by_place = matches!(group.status, Status::Entitled | Status::Discretionary);
            if group.status == Status::NotEntitled && !full {
                let names: Vec<&str> = group.rights.iter().map(|one| one.name.as_str()).collect();
                let names = names.join(self.comma());
                let _ = writeln!(out, "{}", self.indented(&names, 4));
            } else if by_place {
                for (place, rights) in places(&group.rights) {
                    let place = self.indented(place, 4);
                    let _ = writeln!(out, "{}", self.paint(Style::new().dim(), &place));
                    for right in rights {
                        self.right(right, group.status, columns, full, out);
                    }
                }
            } else {
                for right in &group.rights {
                    self.right(right, group.status, columns, full, out);
                }
            }
            if !(full && out.ends_with("\n\n")) {
                out.push('\n');
            }
        }
        let mut rights = groups.iter().flat_map(|group| &group.rights);
        let unsure = rights.find_map(|right| right.confidence.as_ref());
        if let Some(meaning) = unsure {
            let _ = writeln!(out, "{}", self.dim(&format!("(C) {meaning}")));
        }
        if !full {
            let more = word(
                self.lang,
                "--full：逐条列出依据",
                "--full: every right with its reasons",
            );
            let _ = writeln!(out, "{}", self.dim(more));
        }
        out.push('\n');
    }

    fn name(&self, right: &Right) -> String {
        match right.confidence {
            // A letter alone on a line would puzzle.
            Some(_) => format!("{}\u{A0}(C)", right.name),
            None => right.name.clone(),
        }
    }

    fn right(&self, right: &Right, status: Status, columns: usize, full: bool, out: &mut String) {
        // Reasons need room; a note alone stands below what it is of.
        let blanks = if full { 8 } else { columns + 8 };
        let (mark, style) = match status {
            Status::Entitled => ("✓", Style::new().bold()),
            Status::Undetermined => ("?", Style::new().yellow()),
            Status::Discretionary => ("○", Style::new()),
            _ => ("✗", Style::new().dim()),
        };
        let (text, citation) = match status {
            Status::Entitled | Status::Discretionary => {
                (self.given(right), right.citations.first())
            }
            Status::Undetermined => (right.missing.join(word(self.lang, "；", "; ")), None),
            _ => match &right.excluded {
                Some(line) => (line.text.clone(), line.citations.first()),
                None => (String::new(), None),
            },
        };
        let name = self.name(right);
        let cited = citation.map(|id| format!("[{}]", self.cited_in_short(id)));
        self.row((mark, &name, &style), &text, cited.as_deref(), columns, out);
        let entitled = status == Status::Entitled;
        for line in right.alternatives.iter().chain(&right.notes) {
            if full || entitled || line.mark == Mark::Warning || right.alternatives.contains(line) {
                let mark = if line.mark == Mark::Warning { "!" } else { "i" };
                let text = format!("{mark} {}", line.text);
                self.under(&text, blanks, out);
            }
        }
        if full {
            self.reasons(right, status, blanks, out);
        }
    }

    /// What is given, and how one comes to it.
    fn given(&self, right: &Right) -> String {
        let mut parts: Vec<String> = right
            .benefits
            .iter()
            .map(|given| self.benefit(given, right))
            .filter(|text| !text.is_empty())
            .collect();
        parts.extend(right.access.clone());
        parts.join(" · ")
    }

    /// A benefit, without a name that says no more than that of its programme.
    fn benefit(&self, given: &Given, right: &Right) -> String {
        let terms = given.terms.join(self.stop());
        let said = right
            .name
            .to_lowercase()
            .contains(&given.name.to_lowercase());
        match (said, terms.is_empty()) {
            (true, _) => terms,
            (false, true) => given.name.clone(),
            (false, false) => format!("{}{}{terms}", given.name, self.colon()),
        }
    }

    /// Everything that a right rests on.
    fn reasons(&self, right: &Right, status: Status, blanks: usize, out: &mut String) {
        let colon = self.colon();
        let given = self.given(right);
        if status == Status::Undetermined && !given.is_empty() {
            self.under(&given, blanks, out);
        }
        self.under(&format!("{} · {}", right.place, right.source), blanks, out);
        let mut under = "";
        for reason in &right.reasons {
            if reason.under != under && !reason.under.is_empty() {
                self.under(
                    &format!("{}{}", reason.under, colon.trim_end()),
                    blanks,
                    out,
                );
            }
            under = &reason.under;
            let inner = if reason.under.is_empty() { 0 } else { 2 };
            self.under(&reason_text(reason), blanks + inner, out);
        }
        for line in &right.layers {
            self.under(&format!("· {}", line.text), blanks, out);
        }
        for (part, texts) in [("readings", &right.readings), ("frame", &right.from_frame)] {
            if !texts.is_empty() {
                let heading = explain::heading(part, self.lang);
                let text = format!(
                    "{heading}{colon}{}",
                    texts.join(word(self.lang, "；", "; "))
                );
                self.under(&text, blanks, out);
            }
        }
        if !right.citations.is_empty() {
            let text = format!("[{}]", unbreakable(&self.cited(&right.citations)));
            self.under(&text, blanks, out);
        }
        out.push('\n');
    }

    /// Who pays what.
    pub(crate) fn payments(&self, payments: &[PaymentReport], full: bool, out: &mut String) {
        if payments.is_empty() {
            return;
        }
        self.heading("payments", out);
        let payers = || {
            payments
                .iter()
                .flat_map(|payment| {
                    let others = payment.alternatives.iter().map(|other| &other.payers);
                    [&payment.payers].into_iter().chain(others)
                })
                .flatten()
        };
        let headings = payments
            .iter()
            .map(|payment| measure_text_width(&payment.heading));
        let name = payers().map(|payer| measure_text_width(&payer.name) + 2);
        let name = name.chain(headings).max().unwrap_or(0).min(NAME + 6);
        let amounts = payers().map(|payer| measure_text_width(&payer.amount));
        let totals = payments
            .iter()
            .map(|one| measure_text_width(&one.total_text));
        let amount = amounts.chain(totals).max().unwrap_or(0);
        for payment in payments {
            let known = payment.total.filter(|total| *total > 0);
            let total = known.map(|_| right_aligned(&payment.total_text, amount));
            let line = format!(
                "  {}  {}",
                pad(&payment.heading, name),
                total.unwrap_or_default()
            );
            let _ = writeln!(out, "{}", line.trim_end());
            self.payers(&payment.payers, known, (name, amount), full, out);
            for other in &payment.alternatives {
                let cited = self.cited(&other.citations);
                let text = format!("i {}  [{}]", other.heading, unbreakable(&cited));
                self.under(&text, 4, out);
                self.payers(&other.payers, known, (name, amount), full, out);
            }
        }
        out.push('\n');
    }

    fn payers(
        &self,
        payers: &[PayerReport],
        total: Option<i64>,
        (name, amount): (usize, usize),
        full: bool,
        out: &mut String,
    ) {
        let room = self.width.saturating_sub(name + amount + 6).min(BAR);
        for payer in payers {
            let columns = |fen: i64, total: i64| {
                let room = i64::try_from(room).unwrap_or(0);
                let share = fen.checked_mul(room).map(|fen| (fen + total / 2) / total);
                share.and_then(|share| usize::try_from(share).ok())
            };
            let bar = payer
                .fen
                .zip(total)
                .and_then(|(fen, total)| columns(fen, total));
            let line = format!(
                "    {}  {}  {}",
                pad(&payer.name, name.saturating_sub(2)),
                right_aligned(&payer.amount, amount),
                "█".repeat(bar.unwrap_or(0).min(room)),
            );
            let _ = writeln!(out, "{}", line.trim_end());
            if let Some(first) = payer.citations.first().filter(|_| full) {
                self.under(&format!("[{}]", self.cited_in_short(first)), 6, out);
            }
        }
    }

    /// What to ask first.
    pub(crate) fn questions(&self, questions: &[QuestionReport], full: bool, out: &mut String) {
        if questions.is_empty() {
            return;
        }
        self.heading("questions", out);
        let shown = if full { questions.len() } else { QUESTIONS };
        let names = questions.iter().take(shown);
        let columns = self.columns(names.map(|question| measure_text_width(&question.name)));
        for question in questions.iter().take(shown) {
            let settles = question.settles.join(self.comma());
            let text = if settles.is_empty() {
                question.worth.clone()
            } else {
                format!("{}{}{settles}", question.worth, self.colon())
            };
            self.row(
                ("?", &question.name, &Style::new().yellow()),
                &text,
                None,
                columns,
                out,
            );
        }
        let rest = questions.len().saturating_sub(shown);
        if rest > 0 {
            let more = match self.lang {
                Lang::Zh => format!("另有 {rest} 项，见 --full"),
                Lang::En => format!("and {rest} more: --full"),
            };
            let _ = writeln!(out, "{}", self.dim(&more));
        }
        out.push('\n');
    }

    fn heading(&self, part: &str, out: &mut String) {
        let heading = explain::heading(part, self.lang);
        let _ = writeln!(out, "{}", self.paint(Style::new().bold(), &heading));
    }

    fn dim(&self, text: &str) -> String {
        let text = self.indented(text, 2);
        self.paint(Style::new().dim(), &text)
    }

    /// Columns of the names beside which there is room enough for what they say.
    fn columns(&self, names: impl Iterator<Item = usize>) -> usize {
        names.max().unwrap_or(0).min(NAME).min(self.width / 3)
    }

    /// A mark, a name, what is said of it and a citation, in columns.
    fn row(
        &self,
        (mark, name, style): (&str, &str, &Style),
        text: &str,
        cited: Option<&str>,
        columns: usize,
        out: &mut String,
    ) {
        let room = self.width.saturating_sub(columns + 8);
        let names = self.wrapped(name, columns);
        let mut texts = self.wrapped(text, room);
        // A citation is not torn: beside the text, below it, or wherever it fits.
        let mut below = None;
        if let Some(cited) = cited {
            let wide = measure_text_width(cited);
            match texts.last_mut() {
                Some(last) if last.is_empty() && wide <= room => *last = cited.to_owned(),
                Some(last) if measure_text_width(last) + 2 + wide <= room => {
                    last.push_str("  ");
                    last.push_str(cited);
                }
                _ if wide <= room => texts.push(cited.to_owned()),
                _ => below = Some(cited),
            }
        }
        for i in 0..names.len().max(texts.len()) {
            let mark = if i == 0 { mark } else { " " };
            let name = names.get(i).map_or("", String::as_str);
            let text = texts.get(i).map_or("", String::as_str);
            let head = format!("{mark} {}", pad(name, columns));
            let head = if text.is_empty() {
                head.trim_end()
            } else {
                &head
            };
            let head = self.paint(style.clone(), head);
            let line = if text.is_empty() {
                format!("    {head}")
            } else {
                format!("    {head}  {text}")
            };
            let _ = writeln!(out, "{line}");
        }
        if let Some(cited) = below {
            let wide = measure_text_width(cited).min(self.width.saturating_sub(8));
            for line in self.wrapped(cited, wide) {
                let blank = " ".repeat(self.width.saturating_sub(wide));
                let _ = writeln!(out, "{blank}{line}");
            }
        }
    }

    /// More of what is said, behind so many blanks.
    fn under(&self, text: &str, blanks: usize, out: &mut String) {
        let lines = self.wrapped(text, self.width.saturating_sub(blanks + 3));
        for (i, line) in lines.iter().enumerate() {
            let hang = if i == 0 { "" } else { "  " };
            let blank = " ".repeat(blanks);
            let _ = writeln!(
                out,
                "{}",
                self.paint(Style::new().dim(), &format!("{blank}{hang}{line}"))
            );
        }
    }

    /// A citation; where it is longer than a line, its document alone.
    fn cited_in_short(&self, id: &String) -> String {
        let whole = self.cited(std::slice::from_ref(id));
        let document = self.rulebook.citation(id).map(|found| found.document);
        match document {
            Some(document) if measure_text_width(&whole) + 10 > self.width => {
                let title = document.names.within(self.lang);
                document.number.as_deref().unwrap_or(title).to_owned()
            }
            _ => whole,
        }
    }

    fn cited(&self, citations: &[String]) -> String {
        explain::citations(citations, self.rulebook, self.lang)
    }

    fn comma(&self) -> &'static str {
        word(self.lang, "、", ", ")
    }

    fn stop(&self) -> &'static str {
        word(self.lang, "，", ", ")
    }

    fn colon(&self) -> &'static str {
        word(self.lang, "：", ": ")
    }
}

/// Rights by the place whose layer decided, the nearest place first.
fn places(rights: &[Right]) -> Vec<(&str, Vec<&Right>)> {
    let mut rights: Vec<&Right> = rights.iter().collect();
    // The more digits a division code has, the nearer its place.
    let digits = |right: &&Right| right.layer.trim_end_matches("00").len();
    rights.sort_by_key(|right| usize::MAX - digits(right));
    let mut out: Vec<(&str, Vec<&Right>)> = Vec::new();
    for right in rights {
        match out.last_mut() {
            Some((place, of)) if *place == right.place => of.push(right),
            _ => out.push((&right.place, vec![right])),
        }
    }
    out
}

fn reason_text(reason: &Reason) -> String {
    let mark = match reason.mark {
        Mark::Yes => "✓",
        Mark::No => "✗",
        _ => "?",
    };
    format!("{mark} {}", reason.text)
}

fn right_aligned(text: &str, width: usize) -> String {
    let blank = width.saturating_sub(measure_text_width(text));
    format!("{}{text}", " ".repeat(blank))
}
