//! Tables, drawn for a terminal or written in Markdown.

use comfy_table::{ColumnConstraint, ContentArrangement, presets};

/// Widest table where there is no terminal to ask.
const WIDEST: u16 = 140;

/// A table with a head.
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Columns of keys: never broken, so that they can be copied and found.
    keys: Vec<usize>,
}

impl Table {
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self::of(head.map(str::to_owned).to_vec())
    }

    pub(crate) fn of(head: Vec<String>) -> Self {
        Self {
            head,
            rows: Vec::new(),
            keys: vec![0],
        }
    }

    /// Keeps a further column unbroken.
    pub(crate) fn keys(mut self, column: usize) -> Self {
        self.keys.push(column);
        self
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// For a terminal.
    pub(crate) fn drawn(&self) -> String {
        let width = console::Term::stdout()
            .size_checked()
            .map_or(WIDEST, |(_, columns)| columns.clamp(60, WIDEST));
        let mut table = comfy_table::Table::new();
        table
            .load_style(presets::UTF8_FULL_CONDENSED)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width)
            .set_header(&self.head);
        for row in &self.rows {
            table.add_row(row);
        }
        for column in &self.keys {
            if let Some(column) = table.column_mut(*column) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table.to_string()
    }

    /// For a document.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells
                .iter()
                .map(|cell| cell.replace('|', "\\|").replace('\n', "<br>"))
                .collect();
            format!("| {} |", cells.join(" | "))
        };
        let rule = vec!["---".to_owned(); self.head.len()];
        let mut lines = vec![line(&self.head), line(&rule)];
        lines.extend(self.rows.iter().map(|row| line(row)));
        lines.join("\n")
    }
}

/// Indented JSON. Writing these values does not fail.
pub(crate) fn pretty<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// JSON on one line. Writing these values does not fail.
pub(crate) fn compact<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
