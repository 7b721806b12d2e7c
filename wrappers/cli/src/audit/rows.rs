//! Rows of decisions, in chunks: tables, or lines of JSON.

use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, StringRecord};
use nengli::Lang;
use nengli::audit::{Conflict, Header, Row};
use nengli::case::MAX_TEXT;

use crate::files::Failure;
use crate::lines;

/// Rows of a chunk of a table, and bytes after which it is full.
const CHUNK: usize = 256;
const CHUNK_BYTES: usize = 1 << 20;

/// Where rows come from.
pub(crate) enum Rows<R> {
    Table(Box<Table<R>>),
    Lines(lines::Chunks<R>),
}

/// Rows that are worked on together.
pub(crate) enum Chunk {
    /// Each with the number of its first line.
    Table(Vec<(u64, ByteRecord)>),
    Lines(lines::Chunk),
}

impl<R: BufRead> Rows<R> {
    pub(crate) fn next(&mut self) -> io::Result<Option<Chunk>> {
        match self {
            Self::Table(table) => table.next(),
            Self::Lines(lines) => Ok(lines.next()?.map(Chunk::Lines)),
        }
    }

    /// The head, of a table.
    pub(crate) fn header(&self) -> Option<Header> {
        match self {
            Self::Table(table) => Some(table.header.clone()),
            Self::Lines(_) => None,
        }
    }
}

impl Chunk {
    /// Works on each row, with the number of its first line.
    pub(crate) fn each(
        &self,
        header: Option<&Header>,
        mut work: impl FnMut(u64, Result<Row<'_>, Box<Conflict>>),
    ) {
        match (self, header) {
            (Self::Table(records), Some(header)) => {
                for (line, record) in records {
                    match StringRecord::from_byte_record(record.clone()) {
                        Ok(record) => work(*line, Row::of_table(header, &record)),
                        Err(_) => work(
                            *line,
                            Err(Box::new(Conflict::malformed(
                                "expected UTF-8; found other bytes".to_owned(),
                                "应为 UTF-8；实为其他字节".to_owned(),
                            ))),
                        ),
                    }
                }
            }
            (Self::Table(_), None) => {}
            (Self::Lines(chunk), _) => {
                for (line, text) in chunk.texts() {
                    match text {
                        Ok(text) => work(line, Row::of_json(text)),
                        Err(rejection) => {
                            let problem = rejection.rejected.first();
                            let said = |lang| {
                                let said = problem.map(|problem| problem.message_in(lang));
                                said.unwrap_or_default().to_owned()
                            };
                            work(
                                line,
                                Err(Box::new(Conflict::malformed(
                                    said(Lang::En),
                                    said(Lang::Zh),
                                ))),
                            );
                        }
                    }
                }
            }
        }
    }
}

/// A table with its head.
pub(crate) struct Table<R> {
    header: Header,
    reader: csv::Reader<Bounded<R>>,
    left: Arc<AtomicU64>,
}

impl<R: BufRead> Table<R> {
    pub(crate) fn of(input: R, delimiter: u8, path: &Path) -> Result<Self, Failure> {
        let left = Arc::new(AtomicU64::new(0));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(Bounded {
                input,
                left: Arc::clone(&left),
            });
        renew(&left);
        let mut head = ByteRecord::new();
        let there = reader
            .read_byte_record(&mut head)
            .map_err(|error| Failure::file(path, error))?;
        if !there {
            return Err(Failure::file(
                path,
                "expected a table with a head, found nothing",
            ));
        }
        let head = StringRecord::from_byte_record(head).map_err(|_| {
            Failure::file(path, "expected UTF-8 in the head of the table, found other bytes: convert the file first")
        })?;
        let header = Header::of(&head).map_err(|twice| {
            let twice: Vec<String> = twice
                .iter()
                .map(|position| (position + 1).to_string())
                .collect();
            Failure::file(
                path,
                format_args!(
                    "expected each column once in the head, found one again at column {}",
                    twice.join(", ")
                ),
            )
        })?;
        Ok(Self {
            header,
            reader,
            left,
        })
    }

    fn next(&mut self) -> io::Result<Option<Chunk>> {
        let mut records = Vec::new();
        let mut bytes = 0;
        while records.len() < CHUNK && bytes < CHUNK_BYTES {
            renew(&self.left);
            let mut record = ByteRecord::new();
            if !self
                .reader
                .read_byte_record(&mut record)
                .map_err(io::Error::from)?
            {
                break;
            }
            bytes += record.as_slice().len();
            let line = record.position().map_or(0, csv::Position::line);
            records.push((line, record));
        }
        Ok((!records.is_empty()).then_some(Chunk::Table(records)))
    }
}

/// Lets one more row be read.
fn renew(left: &AtomicU64) {
    left.store(
        u64::try_from(MAX_TEXT).unwrap_or(u64::MAX),
        Ordering::Relaxed,
    );
}

/// An input of which no row is longer than a text may be: a quotation mark that is never
/// closed would else take in the whole of it.
struct Bounded<R> {
    input: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other(format!(
                "expected rows of at most {MAX_TEXT} bytes, found a longer one: a quotation mark may not be closed"
            )));
        }
        let read = self.input.read(buffer)?;
        let used = u64::try_from(read).unwrap_or(u64::MAX);
        self.left
            .store(left.saturating_sub(used), Ordering::Relaxed);
        Ok(read)
    }
}
