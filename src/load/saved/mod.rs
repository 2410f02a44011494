//! Runs with the histograms of their requests, kept in a file: what was read once need not be read again, and what was
//! read in parts, on several machines, adds up to what the whole would have been.
//!
//! The file is one Parquet table of typed rows, of which those with equal keys add up in any engine: `docs/histograms.md`.

mod columns;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;
use thiserror::Error;

use super::assemble::InputRuns;
use super::input::{self, Found, Input};
use super::{Diagnostic, Diagnostics, InputSummary, LoadError, LoadOptions, Loaded, Severity};
use crate::record::{OpenMetric, Run, TableError};
use columns::{Kind, MARKS, Rows};
use read::Reading;

/// Why runs can't be kept in a file, or read from one.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The bytes can't be had or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Polars can't read or write it.
    #[error("the Parquet file can't be read or written: {0}")]
    Parquet(#[from] PolarsError),
    /// It is no run table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What is known of the inputs can't be written.
    #[error("what is known of the inputs can't be written: {0}")]
    Context(#[from] serde_json::Error),
    /// It is something else.
    #[error("this is no file of histograms: {0}")]
    Other(&'static str),
    /// A column holds something else.
    #[error("the column {name} holds {found}, and {expected} is expected; cast it")]
    Column {
        /// Which one.
        name: &'static str,
        /// The type that it should have.
        expected: String,
        /// The type that it has.
        found: String,
    },
    /// Nothing is in it.
    #[error("there is no run in it")]
    NoRun,
    /// A row makes no sense.
    #[error("row {row}: {message}")]
    Row {
        /// From 1.
        row: usize,
        /// What was expected and found.
        message: String,
    },
    /// The rows of a run make no sense together.
    #[error("the rows of {name} do not go together: {message}")]
    Run {
        /// Which one.
        name: String,
        /// What was expected and found.
        message: String,
    },
    /// Polars panics at it.
    #[error("its metadata are damaged")]
    Damaged,
}

/// What is known of the inputs, beside the runs in them.
#[derive(Debug, Default)]
struct Context {
    inputs: Vec<InputSummary>,
    diagnostics: Vec<Diagnostic>,
}

/// So many rows are in memory at once, or those of one run.
const BATCH: usize = 1 << 16;

const HELP: &str = "name files that --save-histogram wrote, or that have the columns of docs/histograms.md";

/// Writes what was read, with the histograms and time lines of all requests.
///
/// # Errors
///
/// When the sink fails, or polars can't write the table.
pub fn save(loaded: &Loaded, sink: impl Write) -> Result<(), SaveError> {
    let mut rows = Rows::new(OpenMetric::of_runs(&loaded.runs));
    let schema = rows.take().into_frame()?.schema().clone();
    let mut writer = ParquetWriter::new(sink).batched(&schema)?;
    for input in &loaded.inputs {
        rows.push_context(Kind::Input, serde_json::to_string(input)?);
    }
    for diagnostic in &loaded.diagnostics {
        rows.push_context(Kind::Diagnostic, serde_json::to_string(diagnostic)?);
    }
    for run in &loaded.runs {
        write::add_run(run, &mut rows);
        if BATCH < rows.len() {
            writer.write_batch(&rows.take().into_frame()?)?;
        }
    }
    if 0 < rows.len() {
        writer.write_batch(&rows.into_frame()?)?;
    }
    writer.finish()?;
    Ok(())
}

/// Reads files that [`save`] wrote. Runs with the same names and repetition add up: they are parts of one. From a single
/// file comes what was written to it.
///
/// # Errors
///
/// As [`super::load`].
pub fn load_saved(inputs: &[Input], options: &LoadOptions) -> Result<Loaded, LoadError> {
    let (found, told) = input::find(inputs);
    let mut diagnostics = Diagnostics::default();
    told.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    let mut saved = Saved::default();
    let (mut runs, mut summaries) = (Vec::new(), Vec::new());
    for file in &found {
        match read(file) {
            Ok(kept) => {
                summaries.extend(kept.inputs.iter().cloned());
                runs.push(saved.take(kept));
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if options.skip_warm_up.is_some() {
        saved.tell_of_warm_ups(&mut diagnostics);
    }
    Ok(saved.told_before(super::finish(inputs, runs, summaries, diagnostics, options)?))
}

/// What a file of histograms holds.
#[derive(Debug)]
pub(super) struct Kept {
    /// The inputs that it was made from.
    pub(super) inputs: Vec<InputSummary>,
    runs: InputRuns,
    diagnostics: Vec<Diagnostic>,
}

/// Reads one file.
pub(super) fn read(file: &Found) -> Result<Kept, Box<Diagnostic>> {
    let error = |message: String, help: &str| {
        Box::new(Diagnostic::new(Severity::Error, "saved-histogram", &file.name, message).help(help))
    };
    let Some(path) = &file.path else {
        let message = "histograms are read from a file, whose end comes first, and not from standard input";
        return Err(error(message.to_owned(), "write it to a file, and name that"));
    };
    let (runs, context) = read_file(path, &file.name).map_err(|cause| error(cause.to_string(), HELP))?;
    // All of them are of one set, whose equal runs are parts.
    let runs = InputRuns { input: file.name.clone(), set: Some(PathBuf::new()), runs };
    Ok(Kept { inputs: context.inputs, runs, diagnostics: context.diagnostics })
}

/// What files of histograms know of the inputs that they were made from.
#[derive(Debug, Default)]
pub(super) struct Saved {
    files: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Saved {
    /// Takes the runs of a file, and keeps what was met when they were read first.
    pub(super) fn take(&mut self, kept: Kept) -> InputRuns {
        self.files.push(kept.runs.input.clone());
        self.diagnostics.extend(kept.diagnostics);
        kept.runs
    }

    /// Tells that nothing can be left out any more.
    pub(super) fn tell_of_warm_ups(&self, diagnostics: &mut Diagnostics) {
        if self.files.is_empty() {
            return;
        }
        let message = "nothing is left out at the beginning of runs: a saved histogram has no single requests";
        let told = Diagnostic::new(Severity::Warning, "warm-up-not-skipped", &self.files.join(", "), message);
        diagnostics.push(told.help("give --skip-warmup when the histogram is saved"));
    }

    /// Puts what was told when the inputs were read before what is told now: it has been counted and shared then.
    pub(super) fn told_before(self, loaded: Loaded) -> Loaded {
        let mut diagnostics = self.diagnostics;
        let new: Vec<Diagnostic> = loaded.diagnostics.into_iter().filter(|told| !diagnostics.contains(told)).collect();
        diagnostics.extend(new);
        Loaded { diagnostics, ..loaded }
    }
}

/// Whether columns are those of histograms, of which `has` tells whether there is one of a name.
pub(super) fn is_saved_table(has: impl Fn(&str) -> bool) -> bool {
    MARKS.into_iter().all(has)
}

/// Whether a file holds histograms, by its columns.
pub(super) fn is_saved(path: &Path) -> bool {
    let marked = || {
        check_ends(path).ok()?;
        let mut reader = ParquetReader::new(File::open(path).ok()?);
        let schema = reader.schema().ok()?;
        Some(is_saved_table(|name| schema.contains(name)))
    };
    // As in the format Parquet, what polars takes for impossible is a damaged file.
    panic::catch_unwind(AssertUnwindSafe(marked)).ok().flatten().unwrap_or(false)
}

fn read_file(path: &Path, name: &str) -> Result<(Vec<Run>, Context), SaveError> {
    check_ends(path)?;
    let read = panic::catch_unwind(AssertUnwindSafe(|| read_rows(path, name)));
    read.unwrap_or(Err(SaveError::Damaged))
}

fn read_rows(path: &Path, name: &str) -> Result<(Vec<Run>, Context), SaveError> {
    let open = || Ok::<_, SaveError>(ParquetReader::new(File::open(path)?));
    let mut reader = open()?;
    let schema = reader.schema()?;
    if !is_saved_table(|name| schema.contains(name)) {
        return Err(SaveError::Other("it lacks the columns kind, lo and count"));
    }
    let rows = reader.num_rows()?;
    let metadata = reader.get_metadata()?.clone();
    let mut reading = Reading::default();
    for begin in (0..rows).step_by(BATCH) {
        let mut reader = open()?;
        reader.set_metadata(metadata.clone());
        reading.add(&reader.with_slice(Some((begin, BATCH.min(rows - begin)))).finish()?)?;
    }
    reading.finish(name)
}

/// Looks at the first bytes of a file and the last.
fn check_ends(path: &Path) -> Result<(), SaveError> {
    const MAGIC: [u8; 4] = *b"PAR1";
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut ends = [[0; 4]; 2];
    let [first, last] = &mut ends;
    match length {
        0 => return Err(SaveError::Other("it is empty")),
        1..8 => return Err(SaveError::Other("it is no Parquet file")),
        _ => file.read_exact(first)?,
    }
    file.seek(SeekFrom::End(-4))?;
    file.read_exact(last)?;
    match ends {
        [MAGIC, MAGIC] => Ok(()),
        [MAGIC, _] => Err(SaveError::Other("its end is missing, so it is cut off")),
        _ => Err(SaveError::Other("it is no Parquet file")),
    }
}
