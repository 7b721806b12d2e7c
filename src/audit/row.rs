//! One decision as another system exported it: a row of a table or a line of JSON.

use std::borrow::Cow;
use std::collections::HashMap;

use super::conflict::Conflict;
use crate::case;
use crate::json::Node;

/// The head of a table: the names of its columns.
#[derive(Debug, Clone)]
pub struct Header {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Header {
    /// The head of a table with these columns.
    ///
    /// # Errors
    ///
    /// The positions (from 0) of the columns whose name stands before them already.
    pub fn of<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Result<Self, Vec<usize>> {
        let mut header = Self {
            names: Vec::new(),
            positions: HashMap::new(),
        };
        let mut twice = Vec::new();
        for (position, name) in names.into_iter().enumerate() {
            let name = name.into().trim().to_owned();
            // Columns without a name cannot be meant.
            if !name.is_empty() && header.positions.insert(name.clone(), position).is_some() {
                twice.push(position);
            }
            header.names.push(name);
        }
        if twice.is_empty() {
            Ok(header)
        } else {
            Err(twice)
        }
    }

    /// The columns, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.positions.contains_key(column)
    }
}

/// One decision as it was exported.
#[derive(Debug)]
pub struct Row<'r>(Kind<'r>);

#[derive(Debug)]
enum Kind<'r> {
    Table {
        header: &'r Header,
        cells: Vec<&'r str>,
    },
    Json(Node<'r>),
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell<'r> {
    /// The column is not there, or JSON says null.
    Nothing,
    /// A text, without the blanks around it. Whole numbers and booleans of JSON are
    /// written as texts.
    Text(Cow<'r, str>),
    /// A list of texts, of JSON alone.
    List(Vec<Cow<'r, str>>),
    /// Something that no column of a mapping can be.
    Other,
}

impl<'r> Row<'r> {
    /// A row of a table.
    ///
    /// # Errors
    ///
    /// When it has more or fewer cells than the head has columns.
    pub fn of_table(
        header: &'r Header,
        cells: impl IntoIterator<Item = &'r str>,
    ) -> Result<Self, Box<Conflict>> {
        let cells: Vec<&str> = cells.into_iter().collect();
        let (wanted, found) = (header.names.len(), cells.len());
        if wanted != found {
            return Err(Box::new(Conflict::malformed(
                format!("expected {wanted} cells, as the head has; found {found}"),
                format!("应有 {wanted} 格，与表头一致；实有 {found} 格"),
            )));
        }
        Ok(Self(Kind::Table { header, cells }))
    }

    /// A line of JSON: one object.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, no object, too long or too deep, or has a key twice.
    pub fn of_json(text: &'r str) -> Result<Self, Box<Conflict>> {
        let node = case::tree(text).map_err(|rejection| {
            let problem = rejection.rejected.first();
            let said = |lang| problem.map_or("", |problem| problem.message_in(lang));
            Box::new(Conflict::malformed(
                said(crate::Lang::En).to_owned(),
                said(crate::Lang::Zh).to_owned(),
            ))
        })?;
        let Node::Object(members) = &node else {
            return Err(Box::new(Conflict::malformed(
                "expected a JSON object; found another value".to_owned(),
                "应为 JSON 对象；实为其他值".to_owned(),
            )));
        };
        let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Box::new(Conflict::malformed(
                "expected each key once; found one that stands more than once".to_owned(),
                "每个键只能出现一次；有键重复".to_owned(),
            )));
        }
        Ok(Self(Kind::Json(node)))
    }

    /// How many of its columns no source reads; of JSON the keys at the root count.
    pub(super) fn not_read(&self, read: impl Fn(&str) -> bool) -> usize {
        let keys: Vec<&str> = match &self.0 {
            Kind::Table { header, .. } => header.names.iter().map(String::as_str).collect(),
            Kind::Json(Node::Object(members)) => {
                members.iter().map(|(key, _)| key.as_ref()).collect()
            }
            Kind::Json(_) => Vec::new(),
        };
        keys.into_iter().filter(|key| !read(key)).count()
    }

    pub(super) fn cell(&self, column: &str) -> Cell<'_> {
        match &self.0 {
            Kind::Table { header, cells } => {
                let position = header.positions.get(column);
                let text = position.and_then(|position| cells.get(*position));
                text.map_or(Cell::Nothing, |text| Cell::Text(text.trim().into()))
            }
            Kind::Json(node) => found(node, column).map_or(Cell::Nothing, cell_of),
        }
    }
}

/// What stands under a key, else at a JSON Pointer.
fn found<'n>(node: &'n Node<'n>, column: &str) -> Option<&'n Node<'n>> {
    let member = |node: &'n Node<'n>, key: &str| match node {
        Node::Object(members) => members
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, inner)| inner),
        Node::List(list) => list.get(key.parse::<usize>().ok()?),
        _ => None,
    };
    if let Some(inner) = member(node, column) {
        return Some(inner);
    }
    let pointer = column.strip_prefix('/')?;
    pointer.split('/').try_fold(node, |node, part| {
        member(node, &part.replace("~1", "/").replace("~0", "~"))
    })
}

fn cell_of<'n>(node: &'n Node<'_>) -> Cell<'n> {
    match node {
        Node::Null => Cell::Nothing,
        Node::Bool(value) => Cell::Text(value.to_string().into()),
        Node::Int(value) => Cell::Text(value.to_string().into()),
        Node::Text(text) => Cell::Text(text.trim().into()),
        Node::List(list) => {
            let texts = list.iter().map(|inner| match cell_of(inner) {
                Cell::Text(text) => Some(text),
                _ => None,
            });
            texts.collect::<Option<_>>().map_or(Cell::Other, Cell::List)
        }
        Node::NotWhole | Node::Object(_) => Cell::Other,
    }
}
