//! Reports as one self-contained page: no script, no network, fit to print.

use std::fmt::{Display, Write as _};

use nengli::Lang;

/// How the page looks.
const STYLE: &str = include_str!("page.css");

/// A page, made section by section. Text is escaped here and nowhere else: what goes in
/// is plain text, or [`Html`] that this room made.
pub(crate) struct Page {
    lang: Lang,
    title: String,
    body: String,
}

/// Markup made of escaped text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

impl Html {
    /// Plain text.
    pub(crate) fn text(text: impl Display) -> Self {
        let mut html = String::new();
        for character in text.to_string().chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                other => html.push(other),
            }
        }
        Self(html)
    }

    /// Text of a code, key or id.
    pub(crate) fn code(text: impl Display) -> Self {
        Self(format!("<code>{}</code>", Self::text(text).0))
    }

    /// A number, in figures of one width.
    pub(crate) fn number(number: impl Display) -> Self {
        Self(format!(
            r#"<span class="number">{}</span>"#,
            Self::text(number).0
        ))
    }

    /// A bar of so many per mille of the width, with its words.
    pub(crate) fn bar(per_mille: u64, words: impl Display) -> Self {
        let tenths = per_mille.min(1000);
        Self(format!(
            r#"<span class="bar"><span style="width:{}.{}%"></span></span> {}"#,
            tenths / 10,
            tenths % 10,
            Self::text(words).0
        ))
    }

    /// A cell of a heat map: `shade` from 0 (none) to 9.
    pub(crate) fn heat(tone: Tone, shade: u8, text: impl Display) -> Cell {
        Cell {
            class: format!("number {} heat-{}", tone.class(), shade.min(9)),
            html: Self::text(text),
        }
    }

    /// Line under line.
    pub(crate) fn lines(lines: impl IntoIterator<Item = Self>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| line.0).collect();
        Self(lines.join("<br>"))
    }

    fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }
}

/// The colour of a heat map's cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it was.
    Same,
    /// Towards more.
    More,
    /// Towards less.
    Less,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::More => "more",
            Self::Less => "less",
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    class: String,
    html: Html,
}

impl Cell {
    /// A number as it is written; its column stands to the right.
    pub(crate) fn number(number: impl Display) -> Self {
        Self {
            class: "number".to_owned(),
            html: Html::text(number),
        }
    }
}

impl From<Html> for Cell {
    fn from(html: Html) -> Self {
        Self {
            class: String::new(),
            html,
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Html::text(text).into()
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Html::text(text).into()
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self {
            class: "number".to_owned(),
            html: Html::text(number),
        }
    }
}

impl Page {
    pub(crate) fn new(lang: Lang, title: &str) -> Self {
        Self {
            lang,
            title: title.to_owned(),
            body: format!("<h1>{}</h1>\n", Html::text(title).0),
        }
    }

    /// A heading, in the list of what follows.
    pub(crate) fn section(&mut self, heading: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", Html::text(heading).0);
    }

    /// A lesser heading.
    pub(crate) fn part(&mut self, heading: &Html) {
        let _ = writeln!(self.body, "<h3>{}</h3>", heading.0);
    }

    pub(crate) fn paragraph(&mut self, text: impl Display) {
        let _ = writeln!(self.body, "<p>{}</p>", Html::text(text).0);
    }

    /// A paragraph in smaller letters.
    pub(crate) fn note(&mut self, text: impl Display) {
        let _ = writeln!(self.body, r#"<p class="note">{}</p>"#, Html::text(text).0);
    }

    /// Large figures with what they count.
    pub(crate) fn figures<'t>(&mut self, figures: impl IntoIterator<Item = (u64, &'t str)>) {
        self.body.push_str("<dl class=\"figures\">\n");
        for (number, words) in figures {
            let words = Html::text(words).0;
            let _ = writeln!(
                self.body,
                "<div><dt>{words}</dt><dd>{}</dd></div>",
                thousands(number)
            );
        }
        self.body.push_str("</dl>\n");
    }

    /// A table; the first cell of a row is its head.
    pub(crate) fn table(&mut self, caption: &str, head: &[&str], rows: &[Vec<Cell>]) {
        let mut html = Html(String::from("<div class=\"table\"><table>\n"));
        if !caption.is_empty() {
            let _ = writeln!(html.0, "<caption>{}</caption>", Html::text(caption).0);
        }
        html.0.push_str("<thead><tr>");
        for (column, cell) in head.iter().enumerate() {
            // The head of numbers stands over them.
            let first = rows.first().and_then(|row| row.get(column));
            let class = match first.is_some_and(|cell| cell.class.starts_with("number")) {
                true => " class=\"number\"",
                false => "",
            };
            let text = Html::text(cell).0;
            let _ = write!(html.0, "<th scope=\"col\"{class}>{text}</th>");
        }
        html.0.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            html.0.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                let class = match cell.class.as_str() {
                    "" => String::new(),
                    class => format!(" class=\"{class}\""),
                };
                let (open, close) = match column {
                    0 => ("th scope=\"row\"", "th"),
                    _ => ("td", "td"),
                };
                let _ = write!(html.0, "<{open}{class}>");
                html.push(&cell.html);
                let _ = write!(html.0, "</{close}>");
            }
            html.0.push_str("</tr>\n");
        }
        html.0.push_str("</tbody></table></div>\n");
        self.body.push_str(&html.0);
    }

    /// The whole page.
    pub(crate) fn finish(self) -> String {
        let lang = match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        };
        format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
            Html::text(&self.title).0,
            self.body
        )
    }
}

/// A number with its thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let figures = number.to_string();
    let mut out = String::new();
    for (i, figure) in figures.chars().enumerate() {
        if i > 0 && (figures.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(figure);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_is_escaped() {
        let mut page = Page::new(Lang::En, "<script>alert('a&b')</script>");
        page.section("<h>");
        page.paragraph("\"<p>\"");
        page.table(
            "<c>",
            &["<a>"],
            &[vec!["<b>".into(), Html::code("<i>").into()]],
        );
        page.figures([(1, "<u>")]);
        let text = page.finish();
        for tag in ["<script", "<h>", "\"<p>", "<c>", "<a>", "<b>", "<i>", "<u>"] {
            assert!(!text.contains(tag), "{tag}");
        }
        assert!(text.contains("&lt;script&gt;alert(&#39;a&amp;b&#39;)&lt;/script&gt;"));
    }

    #[test]
    fn thousands_stand_apart() {
        let numbers = [0, 7, 999, 1_000, 12_345, 1_234_567];
        let words = numbers.map(thousands);
        assert_eq!(words, ["0", "7", "999", "1,000", "12,345", "1,234,567"]);
    }
}
