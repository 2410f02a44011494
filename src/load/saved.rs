//! Runs with the histograms of their requests, kept in a file: what was read once need not be read again, and what was
//! read in parts, on several machines, adds up to what the whole would have been.
//!
//! The file is the run table as Parquet, with two columns more: `profile` holds the requests of a run and `context`, in the
//! first row, what is known of the inputs, both as JSON.

use std::fs::File;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::{Column as PolarsColumn, DataFrame, PolarsError};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::assemble::InputRuns;
use super::input::{self, Found, Input};
use super::{Diagnostic, Diagnostics, InputSummary, LoadError, LoadOptions, Loaded, Severity};
use crate::record::{Profile, Run, RunTable, TableError};

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
    /// The text in a column can't be read.
    #[error("the column {column} is damaged: {error}")]
    Text {
        /// Which one.
        column: &'static str,
        /// Why not.
        error: serde_json::Error,
    },
    /// Polars panics at it.
    #[error("its metadata are damaged")]
    Damaged,
}

const PROFILE: &str = "profile";
const CONTEXT: &str = "context";

/// What is known of the inputs, beside the runs in them.
#[derive(Default, Serialize, Deserialize)]
struct Context {
    inputs: Vec<InputSummary>,
    diagnostics: Vec<Diagnostic>,
}

/// Writes what was read, with the histograms and time lines of all requests.
///
/// # Errors
///
/// When the sink fails, or polars can't write the table.
pub fn save(loaded: &Loaded, sink: impl Write) -> Result<(), SaveError> {
    let profile = |profile: &Option<Arc<Profile>>| profile.as_deref().map(serde_json::to_string).transpose();
    let profiles: Vec<Option<String>> =
        loaded.profiles.iter().map(profile).collect::<Result<_, _>>().map_err(text(PROFILE))?;
    let context = Context { inputs: loaded.inputs.clone(), diagnostics: loaded.diagnostics.clone() };
    let mut contexts = vec![None; loaded.runs.len()];
    if let Some(first) = contexts.first_mut() {
        *first = Some(serde_json::to_string(&context).map_err(text(CONTEXT))?);
    }
    let mut columns = loaded.runs.frame().columns().to_vec();
    columns.push(PolarsColumn::new(PROFILE.into(), profiles));
    columns.push(PolarsColumn::new(CONTEXT.into(), contexts));
    ParquetWriter::new(sink).finish(&mut DataFrame::new(loaded.runs.len(), columns)?)?;
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
    let (mut runs, mut summaries) = (Vec::new(), Vec::new());
    let mut saved_diagnostics = Vec::new();
    if options.skip_warm_up.is_some() {
        let inputs: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        let message = "nothing is left out at the beginning of runs: a saved histogram has no single requests";
        let help = "give --skip-warmup when the histogram is saved";
        let diagnostic = Diagnostic::new(Severity::Warning, "warm-up-not-skipped", &inputs.join(", "), message);
        diagnostics.push(diagnostic.help(help));
    }
    for file in &found {
        match read(file) {
            Ok((own, context)) => {
                // All of them are of one set, whose equal runs are parts.
                runs.push(InputRuns { input: file.name.clone(), set: Some(PathBuf::new()), runs: own });
                summaries.extend(context.inputs);
                saved_diagnostics.extend(context.diagnostics);
            }
            Err(error) => {
                let diagnostic = Diagnostic::new(Severity::Error, "saved-histogram", &file.name, error.to_string());
                diagnostics.push(diagnostic.help("name files that --save-histogram wrote"));
            }
        }
    }
    let loaded = super::finish(inputs, runs, summaries, diagnostics, options)?;
    // What was told when the inputs were read has been counted and shared then.
    let told_again = |told: &Diagnostic| saved_diagnostics.contains(told);
    let new: Vec<Diagnostic> = loaded.diagnostics.into_iter().filter(|told| !told_again(told)).collect();
    saved_diagnostics.extend(new);
    Ok(Loaded { diagnostics: saved_diagnostics, ..loaded })
}

fn read(file: &Found) -> Result<(Vec<Run>, Context), SaveError> {
    let Some(path) = &file.path else {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "a histogram is read from a file").into());
    };
    let opened = File::open(path)?;
    // As in the format Parquet, what polars takes for impossible is a damaged file.
    let frame = panic::catch_unwind(AssertUnwindSafe(|| ParquetReader::new(opened).finish()));
    let frame = frame.map_err(|_| SaveError::Damaged)??;
    let mut runs = RunTable::from_frame(&frame)?.runs()?;
    let profiles = frame.column(PROFILE)?.str()?;
    for (run, profile) in runs.iter_mut().zip(profiles.iter()) {
        let profile: Option<Profile> = profile.map(serde_json::from_str).transpose().map_err(text(PROFILE))?;
        run.profile = profile.map(Arc::new);
    }
    let context = frame.column(CONTEXT)?.str()?.iter().next().flatten();
    let context = context.map(serde_json::from_str).transpose().map_err(text(CONTEXT))?;
    Ok((runs, context.unwrap_or_default()))
}

fn text(column: &'static str) -> impl Fn(serde_json::Error) -> SaveError {
    move |error| SaveError::Text { column, error }
}
