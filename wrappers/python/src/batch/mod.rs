//! Batches: one column for each item in, one for each result out, over the Arrow C
//! interface.
//!
//! The way is: [`form`] matches the columns of a batch with what the instrument asks,
//! [`answers`] shows each as bytes, the core decides them by ranges of rows on every
//! core, and [`results`] makes Arrow columns of what comes out. Python is not held
//! meanwhile.

mod answers;
mod form;
mod results;

use std::thread;

use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_pyarrow::{FromPyArrow, IntoPyArrow};
use arrow_schema::{ArrowError, SchemaRef};
use nengli::Rulebook;
use nengli::instrument::columns::{Columns, ColumnsError, Input, Output, Tally};
use pyo3::prelude::*;

use crate::errors;
use crate::rules::Rules;
use answers::Answers;
use form::{Asked, Form};
use results::{Part, Results};

/// Rows that are decided at a time: few enough for their columns to stay in the cache.
const BLOCK: usize = 8192;
/// Fewest rows for which another thread is worth while.
const SHARE: usize = 4 * BLOCK;

/// Decides every batch of an Arrow stream, each as it is asked for: `data` has the method
/// `__arrow_c_stream__`, the answer is a `pyarrow.RecordBatchReader`.
#[pyfunction]
#[pyo3(signature = (rules, data, instrument, keep, results, interpretations, threads))]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)]
pub(crate) fn assess_stream<'py>(
    py: Python<'py>,
    rules: &Bound<'py, Rules>,
    data: &Bound<'py, PyAny>,
    instrument: &str,
    keep: Vec<String>,
    results: Option<Vec<String>>,
    interpretations: Vec<(String, String)>,
    threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let rulebook = rules.get().rulebook.clone();
    let input = RecordBatchStreamReader::from_pyarrow_bound(data)?;
    let asked = Asked {
        instrument,
        keep: &keep,
        results: results.as_deref(),
        interpretations: &interpretations,
    };
    let form = Form::of(&rulebook, &input.schema(), &asked)
        .map_err(|problems| errors::refused(py, &problems, None))?;
    let results = Results::of(&form);
    let batches = Batches {
        schema: results.schema(),
        input,
        rulebook,
        form,
        results,
        threads: threads.max(1),
    };
    let reader: Box<dyn RecordBatchReader + Send> = Box::new(batches);
    reader.into_pyarrow(py)
}

/// The results of a stream of batches, each decided when it is asked for.
struct Batches {
    input: RecordBatchStreamReader,
    rulebook: Rulebook,
    form: Form,
    results: Results,
    schema: SchemaRef,
    threads: usize,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.input.next()?;
        Some(batch.and_then(|batch| self.decide(&batch)))
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl Batches {
    fn decide(&mut self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let instrument = self.rulebook.instrument(&self.form.instrument);
        let instrument = instrument.ok_or_else(|| fault("the instrument is gone"))?;
        let columns = instrument.columns_under(self.form.readings);
        let columns = columns.map_err(|error| fault(&error.to_string()))?;

        let answers: Vec<Answers<'_>> = self
            .form
            .answers
            .iter()
            .filter_map(|column| Answers::of(batch.columns().get(*column)?))
            .collect();
        let rows = batch.num_rows();
        self.results.begin(rows);
        let threads = self.threads.min(rows.div_ceil(SHARE)).max(1);
        let share = rows.div_ceil(threads).next_multiple_of(BLOCK);
        let work = Work {
            answers: &answers,
            items: self.form.items,
        };
        let tally = work.shared(&columns, self.results.parts(share))?;
        self.results.finish(&columns, &tally, &self.form, batch)
    }
}

/// The answers of one batch.
#[derive(Clone, Copy)]
struct Work<'b> {
    answers: &'b [Answers<'b>],
    /// Columns of items; those of grounds follow.
    items: usize,
}

impl Work<'_> {
    /// Decides every part, each on a thread of its own where there are several.
    fn shared(self, columns: &Columns<'_>, parts: Vec<Part<'_>>) -> Result<Tally, ArrowError> {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Ok(Tally::default());
        };
        let decided = thread::scope(|scope| {
            let others: Vec<_> = parts
                .map(|part| {
                    let columns = columns.clone();
                    scope.spawn(move || self.part(columns, part))
                })
                .collect();
            let mut decided = vec![self.part(columns.clone(), first)];
            for other in others {
                let joined = other.join();
                let failed = || fault("a thread failed; this is a fault of nengli");
                decided.push(joined.map_err(|_| failed())?);
            }
            Ok::<_, ArrowError>(decided)
        })?;
        let mut sum = Tally::default();
        for tally in decided {
            let tally = tally.map_err(|error| fault(&error.to_string()))?;
            sum.decided += tally.decided;
            sum.open += tally.open;
            sum.refused += tally.refused;
        }
        Ok(sum)
    }

    /// Decides one range of rows, block by block.
    fn part(self, mut columns: Columns<'_>, part: Part<'_>) -> Result<Tally, ColumnsError> {
        let mut sum = Tally::default();
        let mut room = vec![0; BLOCK * self.answers.len()];
        for mut block in part.blocks(BLOCK) {
            let shown: Vec<&[u8]> = self
                .answers
                .iter()
                .zip(room.chunks_exact_mut(BLOCK))
                .map(|(answers, room)| answers.rows(block.start, block.levels.len(), room))
                .collect();
            let (scores, grounds) = shown.split_at_checked(self.items).unwrap_or_default();
            let tally = columns.decide(
                Input { scores, grounds },
                Output {
                    levels: block.levels,
                    reasons: block.reasons,
                    totals: &mut block.totals,
                },
            )?;
            sum.decided += tally.decided;
            sum.open += tally.open;
            sum.refused += tally.refused;
        }
        Ok(sum)
    }
}

fn fault(what: &str) -> ArrowError {
    ArrowError::ComputeError(what.to_owned())
}
