//! From files to the run table: finding the inputs, recognising their formats, reading them, and telling what was met.
//!
//! Here are all file formats and nothing is computed over runs. What can't be used is told in a [`Diagnostic`] and loses
//! nothing but itself; [`LoadError`] means that there is nothing to go on with.

mod assemble;
mod derive;
mod diagnostic;
mod duplicates;
mod format;
mod input;
mod invariants;
mod names;
mod order;
mod partitions;
mod place;
mod progress;
mod reading;
mod samples;
mod saved;
mod shape;
mod sidecar;
mod sink;
mod source;
mod stream;
mod tabular;
mod warm_up;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use diagnostic::{Diagnostic, Diagnostics, Excerpt, Severity};
pub use format::{FORMATS, Format, Marks, ReadError, ReadOptions, Sniff, choose, named};
pub use input::Input;
pub use names::{Guess, NamePattern, NamePatternError, Names};
pub use place::Place;
pub use progress::Progress;
pub use samples::SeriesId;
pub use saved::{SaveError, load_saved, save};
pub use shape::{ShapeError, Wide, WideError};
pub use sink::{ColumnRole, Harvest, Sink};
pub use source::{Head, Source};
pub use tabular::{ColumnChoice, ColumnChoiceError, MappingError, Unfit, Value};
pub use warm_up::{SkipWarmUp, SkipWarmUpError};

use crate::record::{Precision, Run, Runs, tell_apart};
use assemble::{InputRuns, assemble};
use duplicates::Contents;
use input::Found;
use progress::Bytes;
use reading::{Content, ReadFile};
use samples::Cuts;
use saved::Saved;
use sidecar::Sidecars;
use warm_up::Whole;

/// How inputs are to be read.
#[derive(Default)]
pub struct LoadOptions {
    /// The format of every input, where it is not to be found out.
    pub format: Option<&'static Format>,
    /// Formats to be recognised beside [`FORMATS`].
    pub formats: Vec<&'static Format>,
    /// What paths say of the runs in them.
    pub name_pattern: Option<NamePattern>,
    /// Columns whose meaning the user gave.
    pub columns: Vec<ColumnChoice>,
    /// What the numbers of tables with one column for each framework are.
    pub wide: Option<Wide>,
    /// Whether a concurrency that nobody told is derived by Little's law: throughput times mean latency.
    pub derive_concurrency: bool,
    /// Keep only these frameworks; all where empty.
    pub frameworks: Vec<String>,
    /// Keep only these levels of concurrency; all where empty.
    pub concurrencies: Vec<u32>,
    /// Whether a record or file that can't be used ends the whole reading.
    pub strict: bool,
    /// How finely the histograms of requests tell latencies apart.
    pub precision: Precision,
    /// What is left out at the beginning of each run of requests; files are read twice then.
    pub skip_warm_up: Option<SkipWarmUp>,
    /// Where it is told how much is read; `None` where nobody looks.
    pub progress: Option<Arc<Progress>>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All runs, in the order of the inputs.
    pub runs: Runs,
    /// The files that runs came from.
    pub inputs: Vec<InputSummary>,
    /// What was met on the way.
    pub diagnostics: Vec<Diagnostic>,
}

/// Runs from elsewhere than files.
impl From<Runs> for Loaded {
    fn from(runs: Runs) -> Self {
        Self { runs, ..Self::default() }
    }
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputSummary {
    /// As it was named or found.
    pub name: String,
    /// The format that it was read as.
    pub format: String,
    /// How many runs it holds.
    pub runs_count: usize,
    /// What it was measured on, where the file says so.
    pub machine: Option<String>,
}

/// Why there is nothing to go on with.
#[derive(Debug, Error)]
pub enum LoadError {
    /// No run could be read; the diagnostics say why.
    #[error("nothing could be read from {}", inputs.join(", "))]
    Nothing {
        /// As the user named them.
        inputs: Vec<String>,
        /// Why.
        diagnostics: Vec<Diagnostic>,
    },
    /// Something could not be used, and nothing less than everything was asked for.
    #[error("something could not be used, and --strict asks for everything")]
    Strict {
        /// What, among others.
        diagnostics: Vec<Diagnostic>,
    },
    /// The filters leave nothing.
    #[error("no run is left by the filters; there are the frameworks {} at concurrency {}", frameworks.join(", "), concurrencies.join(", "))]
    Filtered {
        /// The frameworks that there are.
        frameworks: Vec<String>,
        /// The levels that there are.
        concurrencies: Vec<String>,
    },
}

/// Reads all inputs; what [`save`] wrote, too, as [`load_saved`] does. `progress` is told the number of files that are done, and that of all, before each file.
///
/// # Errors
///
/// When no run can be read, when the filters leave none, or when something can't be used and the options are strict.
pub fn load(inputs: &[Input], options: &LoadOptions, progress: &dyn Fn(usize, usize)) -> Result<Loaded, LoadError> {
    let (found, told) = input::find(inputs);
    let mut diagnostics = Diagnostics::default();
    told.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));

    let mut sidecars = Sidecars::default();
    let mut contents = Contents::default();
    let mut bytes = Bytes::of(&found, options);
    let mut files = Vec::with_capacity(found.len());
    for (done, file) in found.iter().enumerate() {
        progress(done, found.len());
        bytes.next();
        if !is_passed_over(file, options) {
            files.push(ReadFile::new(file, options, &mut sidecars, &mut contents));
        }
    }
    let of_cuts = skip_warm_ups(&mut files, options, progress);
    progress(found.len(), found.len());

    let mut runs = Vec::new();
    let mut summaries = Vec::new();
    let mut guesses = Vec::new();
    let mut saved = Saved::default();
    for file in files {
        file.told.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
        let (format, mut harvest, plan) = match file.content {
            Some(Content::Runs { format, harvest, plan }) => (format, harvest, plan),
            Some(Content::Saved(kept)) => {
                summaries.extend(kept.inputs.iter().cloned());
                runs.push(saved.take(kept));
                continue;
            }
            None => continue,
        };
        if options.derive_concurrency {
            harvest.runs.iter_mut().for_each(derive::concurrency);
        }
        let name = &file.found.name;
        if harvest.is_guess_used {
            guesses.push((name.as_str(), plan.names));
        }
        summaries.push(InputSummary {
            name: name.clone(),
            format: format.to_owned(),
            runs_count: harvest.runs.len(),
            machine: harvest.machine,
        });
        runs.push(InputRuns { input: name.clone(), set: file.found.set(), runs: harvest.runs });
    }
    if options.skip_warm_up.is_some() {
        saved.tell_of_warm_ups(&mut diagnostics);
    }
    let of_guesses = diagnostics_of_guesses(&guesses);
    of_guesses.into_iter().chain(of_cuts).for_each(|diagnostic| diagnostics.push(diagnostic));
    Ok(saved.told_before(finish(inputs, runs, summaries, diagnostics, options)?))
}

/// Reads the files again in which the beginning of a run is to be left out. Returns what there is to say of the others.
fn skip_warm_ups(
    files: &mut [ReadFile<'_>],
    options: &LoadOptions,
    progress: &dyn Fn(usize, usize),
) -> Vec<Diagnostic> {
    let wholes: Vec<Whole<'_>> = files.iter().map(ReadFile::whole).collect();
    let cuts = warm_up::cuts(&wholes);
    let told = warm_up::told_of_uncut(&wholes, &cuts);
    let again: Vec<(&mut ReadFile<'_>, Cuts)> =
        files.iter_mut().zip(cuts).filter(|(_, cuts)| !cuts.is_empty()).collect();
    let found: Vec<Found> = again.iter().map(|(file, _)| file.found.clone()).collect();
    let mut bytes = Bytes::of(&found, options);
    for (done, (file, cuts)) in again.into_iter().enumerate() {
        progress(done, found.len());
        bytes.next();
        file.read_again(options, cuts);
    }
    told
}

/// Puts the runs of all inputs together.
fn finish(
    inputs: &[Input],
    runs: Vec<InputRuns>,
    summaries: Vec<InputSummary>,
    mut diagnostics: Diagnostics,
    options: &LoadOptions,
) -> Result<Loaded, LoadError> {
    let mut runs = assemble(runs, &mut diagnostics);
    for name in tell_apart(&mut runs) {
        let message =
            format!("the runs have metrics called {name} of several units or directions; they are kept apart");
        let first = inputs.first().map(|input| input.target.as_str()).unwrap_or_default();
        diagnostics.push(Diagnostic::new(Severity::Notice, "metric-differs", first, message));
    }
    warm_up::take_empty(&mut runs).into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    let is_loss = diagnostics.tell_of_loss();
    let mut diagnostics = diagnostics.finish();
    if options.strict && is_loss {
        return Err(LoadError::Strict { diagnostics });
    }
    if runs.is_empty() {
        let inputs = inputs.iter().map(|input| input.target.clone()).collect();
        return Err(LoadError::Nothing { inputs, diagnostics });
    }
    let runs = filter(runs, options)?;
    diagnostics.extend(warm_up::told_of_cuts(&runs));
    Ok(Loaded { runs: Runs::new(runs), inputs: summaries, diagnostics })
}

/// Whether a file of a folder only goes with the results that are read from the file beside it.
fn is_passed_over(file: &Found, options: &LoadOptions) -> bool {
    match &file.path {
        Some(path) if file.root.is_some() && options.format.is_none() => {
            options.formats.iter().chain(FORMATS).any(|format| (format.accompanies)(path))
        }
        _ => false,
    }
}

/// Tells, in one diagnostic, what was guessed from paths.
fn diagnostics_of_guesses(guesses: &[(&str, Names)]) -> Option<Diagnostic> {
    const NAMED: usize = 3;
    let (first, _) = guesses.first()?;
    let guess = |(file, names): &(&str, Names)| {
        let framework = names.framework.as_ref().unwrap_or(&names.guess.framework);
        let level = names.concurrency.or(names.guess.concurrency);
        let level = level.map(|level| format!(" at concurrency {level}")).unwrap_or_default();
        format!("{file} is {framework}{level}")
    };
    let mut named: Vec<String> = guesses.iter().take(NAMED).map(guess).collect();
    if NAMED < guesses.len() {
        named.push(format!("and {} more", guesses.len() - NAMED));
    }
    let message = format!("names are guessed from the file's name: {}", named.join(", "));
    let help = "say it with LABEL=PATH, --name-pattern '{framework}_c{concurrency}' or a benchplot.toml in the folder";
    Some(Diagnostic::new(Severity::Notice, "names-guessed", first, message).help(help))
}

fn filter(runs: Vec<Run>, options: &LoadOptions) -> Result<Vec<Run>, LoadError> {
    let is_kept = |run: &Run| {
        (options.frameworks.is_empty() || options.frameworks.contains(&run.framework))
            && (options.concurrencies.is_empty()
                || run.concurrency.is_some_and(|concurrency| options.concurrencies.contains(&concurrency)))
    };
    let (kept, left_out): (Vec<_>, Vec<_>) = runs.into_iter().partition(is_kept);
    if !kept.is_empty() {
        return Ok(kept);
    }
    let mut frameworks: Vec<String> = left_out.iter().map(|run| run.framework.clone()).collect();
    let mut concurrencies: Vec<u32> = left_out.iter().filter_map(|run| run.concurrency).collect();
    frameworks.sort();
    frameworks.dedup();
    concurrencies.sort_unstable();
    concurrencies.dedup();
    let concurrencies = concurrencies.iter().map(u32::to_string).collect();
    Err(LoadError::Filtered { frameworks, concurrencies })
}
