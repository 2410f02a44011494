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
mod names;
mod partitions;
mod place;
mod progress;
mod samples;
mod saved;
mod sidecar;
mod sink;
mod source;
mod stream;
mod tabular;

use std::io;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use derive::{TOLERANCE, is_close};
pub use diagnostic::{Diagnostic, Diagnostics, Excerpt, Severity};
pub use format::{FORMATS, Format, ReadError, ReadOptions, Sniff, choose, named};
pub use input::Input;
pub use names::{Guess, NamePattern, NamePatternError, Names};
pub use place::Place;
pub use progress::Progress;
pub use samples::{SeriesId, SeriesKey};
pub use saved::{SaveError, load_saved, save};
pub use sink::{Harvest, Sink};
pub use source::{Head, Source};
pub use tabular::{ColumnChoice, ColumnChoiceError, MappingError, Unfit, Value};

use crate::record::{Precision, Profile, Run, RunTable, TableError, ToolHistogram};
use assemble::{InputRuns, assemble};
use duplicates::Contents;
use input::Found;
use progress::Bytes;
use saved::Saved;
use sidecar::Sidecars;

/// How inputs are to be read.
#[derive(Default)]
pub struct LoadOptions {
    /// The format of every input, where it is not to be found out.
    pub format: Option<&'static dyn Format>,
    /// What paths say of the runs in them.
    pub name_pattern: Option<NamePattern>,
    /// Columns whose meaning the user gave.
    pub columns: Vec<ColumnChoice>,
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
    /// Where it is told how much is read; `None` where nobody looks.
    pub progress: Option<Arc<Progress>>,
}

/// What was read.
#[derive(Debug)]
pub struct Loaded {
    /// All runs, in the order of the inputs.
    pub runs: RunTable,
    /// For each row of `runs` its requests, where it was put together from them: latencies, and how they lie in time.
    pub profiles: Vec<Option<Arc<Profile>>>,
    /// For each row of `runs` the histogram that its tool kept, where it kept one.
    pub tool_histograms: Vec<Option<Arc<ToolHistogram>>>,
    /// The files that runs came from.
    pub inputs: Vec<InputSummary>,
    /// What was met on the way.
    pub diagnostics: Vec<Diagnostic>,
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
    /// The runs do not fit into a table.
    #[error(transparent)]
    Table(#[from] TableError),
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

    let mut runs = Vec::new();
    let mut summaries = Vec::new();
    let mut guesses = Vec::new();
    let mut sidecars = Sidecars::default();
    let mut contents = Contents::default();
    let mut saved = Saved::default();
    let mut bytes = Bytes::of(&found, options);
    for (done, file) in found.iter().enumerate() {
        progress(done, found.len());
        bytes.next();
        if is_passed_over(file, options) {
            continue;
        }
        let plan = match plan(file, options, &mut sidecars) {
            Ok(plan) => plan,
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                continue;
            }
        };
        if plan.format.is_none() && file.path.as_deref().is_some_and(saved::is_saved) {
            match saved.read(file) {
                Ok(own) => runs.push(own),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
            summaries.append(&mut saved.inputs);
            continue;
        }
        let Some((format, mut harvest)) = read_file(file, &plan, options, &mut contents, &mut diagnostics) else {
            continue;
        };
        if options.derive_concurrency {
            harvest.runs.iter_mut().for_each(derive::concurrency);
        }
        if harvest.is_guess_used {
            guesses.push((file.name.as_str(), plan.names));
        }
        summaries.push(InputSummary {
            name: file.name.clone(),
            format: format.to_owned(),
            runs_count: harvest.runs.len(),
            machine: harvest.machine,
        });
        runs.push(InputRuns {
            input: file.name.clone(),
            set: file.path.as_deref().and_then(partitions::set_of),
            runs: harvest.runs,
        });
    }
    diagnostics_of_guesses(&guesses).into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    progress(found.len(), found.len());

    Ok(saved.told_before(finish(inputs, runs, summaries, diagnostics, options)?))
}

/// Puts the runs of all inputs together.
fn finish(
    inputs: &[Input],
    runs: Vec<InputRuns>,
    summaries: Vec<InputSummary>,
    mut diagnostics: Diagnostics,
    options: &LoadOptions,
) -> Result<Loaded, LoadError> {
    let runs = assemble(runs, &mut diagnostics);
    let has_errors = diagnostics.has_errors();
    let diagnostics = diagnostics.finish();
    if options.strict && has_errors {
        return Err(LoadError::Strict { diagnostics });
    }
    if runs.is_empty() {
        let inputs = inputs.iter().map(|input| input.target.clone()).collect();
        return Err(LoadError::Nothing { inputs, diagnostics });
    }
    let runs = filter(runs, options)?;
    let profiles = runs.iter().map(|run| run.profile.clone()).collect();
    let tool_histograms = runs.iter().map(|run| run.tool_histogram.clone()).collect();
    Ok(Loaded { runs: RunTable::from_runs(runs)?, profiles, tool_histograms, inputs: summaries, diagnostics })
}

/// Whether a file of a folder only goes with the results that are read from the file beside it.
fn is_passed_over(file: &Found, options: &LoadOptions) -> bool {
    match &file.path {
        Some(path) if file.root.is_some() && options.format.is_none() => {
            FORMATS.iter().any(|format| format.accompanies(path))
        }
        _ => false,
    }
}

/// How one file is to be read.
struct Plan {
    names: Names,
    format: Option<&'static dyn Format>,
    columns: Vec<ColumnChoice>,
}

/// Puts together what the user says of a file: on the command line, and in a sidecar.
fn plan(file: &Found, options: &LoadOptions, sidecars: &mut Sidecars) -> Result<Plan, Box<Diagnostic>> {
    let path = file.path.as_deref().unwrap_or(Path::new("stdin"));
    let sidecar = sidecars.of(file)?;
    let pattern = options.name_pattern.as_ref().or(sidecar.name_pattern.as_ref());
    let mut names = pattern
        .and_then(|pattern| pattern.names(path))
        .unwrap_or_else(|| Names { guess: Guess::of(path), ..Names::default() });
    // A label is said of this very input, a pattern of all of them.
    names.framework = file.label.clone().or(names.framework).or_else(|| sidecar.framework.clone());
    names.scenario = names.scenario.or_else(|| sidecar.scenario.clone());
    names.concurrency = names.concurrency.or(sidecar.concurrency);
    names.fill(partitions::names(path));
    // What is said on the command line is said later than a sidecar.
    let is_open = |choice: &&ColumnChoice| !options.columns.iter().any(|said| said.rivals(choice));
    let columns = options.columns.iter().chain(sidecar.columns.iter().filter(is_open)).cloned().collect();
    Ok(Plan { names, format: options.format.or(sidecar.format), columns })
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

/// Reads one file. Where it can't be read, says why and returns `None`.
fn read_file(
    file: &Found,
    plan: &Plan,
    options: &LoadOptions,
    contents: &mut Contents,
    diagnostics: &mut Diagnostics,
) -> Option<(&'static str, Harvest)> {
    let mut sink = None;
    let result = open(file, options.progress.as_ref()).map_err(ReadError::from).and_then(|source| {
        if let Some(earlier) = source.path().and_then(|path| contents.earlier(path, &source.head())) {
            let message = format!("has the same content as {}", earlier.display());
            let help = "if it is a copy, leave it out: what was measured once must not count as two runs that agree";
            diagnostics.push(Diagnostic::new(Severity::Warning, "same-content", &file.name, message).help(help));
        }
        let format = match plan.format {
            Some(format) => format,
            None => choose(&source.head(), &file.name)?,
        };
        let sink = sink.insert(Sink::new(&file.name, format.name(), &plan.names).with_precision(options.precision));
        format.read(source, &ReadOptions { columns: &plan.columns }, sink).map(|()| format.name())
    });
    let mut harvest = sink.map(Sink::finish).unwrap_or_default();
    match result {
        Ok(format) => {
            diagnostics.append(std::mem::take(&mut harvest.diagnostics));
            Some((format, harvest))
        }
        Err(error) if file.root.is_some() && error.is_not_for_us(&file.name) => {
            let message = format!("left out: {error}");
            diagnostics.push(Diagnostic::new(Severity::Notice, "not-results", &file.name, message));
            None
        }
        Err(error) => {
            diagnostics.append(harvest.diagnostics);
            let mut diagnostic = error.diagnostic(&file.name);
            diagnostic.excerpt = error
                .line_and_column()
                .filter(|_| file.path.is_some())
                .and_then(|(line, column)| format::excerpt(open(file, None).ok()?, line, column));
            diagnostics.push(diagnostic);
            None
        }
    }
}

fn open(file: &Found, progress: Option<&Arc<Progress>>) -> io::Result<Source> {
    match (&file.path, progress) {
        (Some(path), Some(progress)) => Source::open_counted(path, progress),
        (Some(path), None) => Source::open(path),
        (None, _) => Source::from_reader(Box::new(io::stdin())),
    }
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
