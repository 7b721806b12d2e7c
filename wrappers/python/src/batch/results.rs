//! What comes out of a batch, as Arrow columns.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, DictionaryArray, Int8Array, Int32Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use nengli::instrument::columns::{Columns, MISSING, OPEN, REFUSED, Reason, Tally, Where};
use serde_json::{Map, Value, json};

use super::form::{Form, KEY, LEVEL, REASON, STATUS};

/// Every status, at the place that [`status`] gives it.
const STATUSES: [&str; 3] = ["determined", "undetermined", "rejected"];

/// The results of one stream. What a level or a reason is called is written once; the
/// reasons grow with the batches.
pub(super) struct Results {
    schema: SchemaRef,
    levels: Vec<u8>,
    reasons: Vec<u16>,
    totals: Vec<Vec<u8>>,
    want_reasons: bool,
    want_totals: bool,
    status_words: ArrayRef,
    level_keys: ArrayRef,
    known: Known,
}

/// The reasons met so far.
struct Known {
    /// Place in `texts` of each code; -1 where it was not met.
    places: Vec<i32>,
    texts: Vec<String>,
    /// `texts` as an array, while nothing new was met.
    array: Option<ArrayRef>,
}

/// A range of rows of the results.
pub(super) struct Part<'r> {
    /// First row.
    pub(super) start: usize,
    pub(super) levels: &'r mut [u8],
    /// As long as `levels`, or empty where no reasons are wanted.
    pub(super) reasons: &'r mut [u16],
    /// Each as long as `levels`; none where no totals are wanted.
    pub(super) totals: Vec<&'r mut [u8]>,
}

impl<'r> Part<'r> {
    /// The rows in blocks of `rows`, the last one perhaps shorter.
    pub(super) fn blocks(self, rows: usize) -> Vec<Part<'r>> {
        let mut rest = self;
        let mut blocks = Vec::with_capacity(rest.levels.len().div_ceil(rows));
        while !rest.levels.is_empty() {
            let (levels, more) = split(rest.levels, rows);
            let (reasons, more_reasons) = split(rest.reasons, rows);
            let (totals, more_totals) = rest.totals.into_iter().map(|all| split(all, rows)).unzip();
            let start = rest.start;
            rest = Part {
                start: start + levels.len(),
                levels: more,
                reasons: more_reasons,
                totals: more_totals,
            };
            blocks.push(Part {
                start,
                levels,
                reasons,
                totals,
            });
        }
        blocks
    }
}

/// The first `count` of `all`, or all of them, and the rest.
fn split<T>(all: &mut [T], count: usize) -> (&mut [T], &mut [T]) {
    let count = count.min(all.len());
    all.split_at_mut_checked(count).unwrap_or_default()
}

impl Results {
    pub(super) fn of(form: &Form) -> Self {
        let wants = |name: &str| form.wanted.iter().any(|wanted| wanted == name);
        let mut fields: Vec<_> = form.kept.iter().map(|(_, field)| field.clone()).collect();
        for name in &form.wanted {
            let named =
                |index: DataType| DataType::Dictionary(Box::new(index), Box::new(DataType::Utf8));
            let (data_type, nullable) = match name.as_str() {
                STATUS => (named(DataType::Int8), false),
                KEY => (named(DataType::Int8), true),
                REASON => (named(DataType::Int32), false),
                _ => (DataType::Int8, true),
            };
            fields.push(Arc::new(Field::new(name, data_type, nullable)));
        }
        Self {
            schema: Arc::new(Schema::new(fields)),
            levels: Vec::new(),
            reasons: Vec::new(),
            totals: vec![Vec::new(); form.totals.len()],
            want_reasons: wants(REASON),
            want_totals: form.totals.iter().any(|total| wants(total)),
            status_words: Arc::new(StringArray::from_iter_values(STATUSES)),
            level_keys: Arc::new(StringArray::from_iter_values(&form.levels)),
            known: Known {
                places: vec![-1; 1 << 16],
                texts: Vec::new(),
                array: None,
            },
        }
    }

    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Makes room for so many rows.
    pub(super) fn begin(&mut self, rows: usize) {
        let room = |wanted: bool| if wanted { rows } else { 0 };
        self.levels.resize(rows, 0);
        self.reasons.resize(room(self.want_reasons), 0);
        for total in &mut self.totals {
            total.resize(room(self.want_totals), 0);
        }
    }

    /// The rows in parts of `share`.
    pub(super) fn parts(&mut self, share: usize) -> Vec<Part<'_>> {
        let totals = if self.want_totals {
            self.totals.iter_mut().map(Vec::as_mut_slice).collect()
        } else {
            Vec::new()
        };
        let all = Part {
            start: 0,
            levels: &mut self.levels,
            reasons: &mut self.reasons,
            totals,
        };
        all.blocks(share.max(1))
    }

    /// The batch of results.
    pub(super) fn finish(
        &mut self,
        columns: &Columns<'_>,
        tally: &Tally,
        form: &Form,
        batch: &RecordBatch,
    ) -> Result<RecordBatch, ArrowError> {
        let levels = numbers(&self.levels, tally.open + tally.refused > 0, |value| {
            value < REFUSED
        });
        let mut out: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (place, _) in &form.kept {
            out.extend(batch.columns().get(*place).cloned());
        }
        for name in &form.wanted {
            out.push(match name.as_str() {
                STATUS => {
                    let codes = Int8Array::from_iter_values(self.levels.iter().map(status));
                    named8(codes, &self.status_words)?
                }
                LEVEL => Arc::new(levels.clone()),
                // A level's code is its place among the keys.
                KEY => named8(levels.clone(), &self.level_keys)?,
                REASON => self.known.named(&self.reasons, columns)?,
                total => {
                    let place = form.totals.iter().position(|known| known == total);
                    let values = place.and_then(|place| self.totals.get(place));
                    let values = values.map(Vec::as_slice).unwrap_or_default();
                    Arc::new(numbers(values, true, |value| value != MISSING))
                }
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(self.schema.clone(), out, &options)
    }
}

/// Numbers below 128, null where `known` says no.
fn numbers(values: &[u8], nulls: bool, known: impl Fn(u8) -> bool) -> Int8Array {
    let number = |value: &u8| i8::try_from(*value).unwrap_or(0);
    let numbers = values.iter().map(number).collect::<Vec<i8>>();
    let valid = nulls.then(|| values.iter().map(|value| known(*value)).collect());
    Int8Array::new(numbers.into(), valid)
}

fn status(level: &u8) -> i8 {
    match *level {
        OPEN => 1,
        REFUSED => 2,
        _ => 0,
    }
}

fn named8(codes: Int8Array, words: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let array = DictionaryArray::<Int8Type>::try_new(codes, words.clone())?;
    Ok(Arc::new(array))
}

impl Known {
    /// A column of reasons, each written out once.
    fn named(&mut self, codes: &[u16], columns: &Columns<'_>) -> Result<ArrayRef, ArrowError> {
        let mut places = Vec::with_capacity(codes.len());
        for code in codes {
            let mut place = self.places.get(usize::from(*code)).copied().unwrap_or(-1);
            if place < 0 {
                place = self.meet(*code, columns);
            }
            places.push(place);
        }
        let texts = self.array.get_or_insert_with(|| {
            let mut texts = StringBuilder::new();
            for text in &self.texts {
                texts.append_value(text);
            }
            Arc::new(texts.finish())
        });
        let array = DictionaryArray::<Int32Type>::try_new(Int32Array::from(places), texts.clone())?;
        Ok(Arc::new(array))
    }

    fn meet(&mut self, code: u16, columns: &Columns<'_>) -> i32 {
        let place = i32::try_from(self.texts.len()).unwrap_or_default();
        let said = columns.reason(code).as_ref().map_or(Value::Null, told);
        self.texts.push(said.to_string());
        self.array = None;
        if let Some(known) = self.places.get_mut(usize::from(code)) {
            *known = place;
        }
        place
    }
}

/// A reason in the words of the contract, as JSON.
fn told(reason: &Reason<'_>) -> Value {
    let code = |place: &Where<'_>| match place {
        Where::Item(code) | Where::Ground(code) => Value::from(*code),
    };
    match reason {
        Reason::Decided(decided) => {
            let changes = decided.rules.iter().map(|rule| {
                let mut change = Map::new();
                change.insert("rule".to_owned(), rule.id.into());
                change.insert("applied".to_owned(), rule.applied.into());
                if let Some(why) = rule.why {
                    change.insert("why".to_owned(), why.as_str().into());
                }
                Value::from(change)
            });
            let changes: Vec<Value> = changes.collect();
            json!({
                "preliminary": decided.before.map(|level| &level.key),
                "step": decided.step,
                "row": decided.row,
                "changes": changes,
                "citations": decided.citations,
            })
        }
        Reason::Open(missing) => json!({ "missing": missing.as_ref().map(code) }),
        Reason::Refused(refused) => json!({ "score_not_allowed": code(refused) }),
        _ => Value::Null,
    }
}
