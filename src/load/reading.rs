//! One file, from how it is to be read to what it holds.

use super::diagnostic::NOT_RESULTS;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::duplicates::Contents;
use super::format::{self, Format, ReadError, ReadOptions, choose};
use super::input::Found;
use super::names::{Guess, Names};
use super::partitions;
use super::progress::Progress;
use super::samples::Cuts;
use super::saved::{self, Kept};
use super::sidecar::Sidecars;
use super::sink::{Harvest, Sink};
use super::source::Source;
use super::tabular::ColumnChoice;
use super::warm_up::{SkipWarmUp, Whole};
use super::{Diagnostic, LoadOptions, Severity};

/// A file that was read.
pub(super) struct ReadFile<'f> {
    /// Which one.
    pub(super) found: &'f Found,
    /// What was met in it.
    pub(super) told: Vec<Diagnostic>,
    /// What it holds; `None` where it can't be read.
    pub(super) content: Option<Content>,
}

/// What a file holds.
pub(super) enum Content {
    /// Runs or requests.
    Runs {
        /// The format.
        format: &'static str,
        /// The runs.
        harvest: Box<Harvest>,
        /// How they were read.
        plan: Plan,
    },
    /// Histograms that were kept.
    Saved(Kept),
}

/// How one file is to be read.
pub(super) struct Plan {
    /// What its path says of its runs.
    pub(super) names: Names,
    format: Option<&'static Format>,
    columns: Vec<ColumnChoice>,
    skip_warm_up: Option<SkipWarmUp>,
}

impl<'f> ReadFile<'f> {
    /// Reads a file.
    pub(super) fn new(
        found: &'f Found,
        options: &LoadOptions,
        sidecars: &mut Sidecars,
        contents: &mut Contents,
    ) -> Self {
        let mut told = Vec::new();
        let content = match plan(found, options, sidecars) {
            Ok(plan) if plan.format.is_none() && found.path.as_deref().is_some_and(saved::is_saved) => {
                saved::read(found).map(Content::Saved).map_err(|diagnostic| told.push(*diagnostic)).ok()
            }
            Ok(plan) => read(found, plan, options, (Cuts::new(), Some(contents)), &mut told),
            Err(diagnostic) => {
                told.push(*diagnostic);
                None
            }
        };
        Self { found, told, content }
    }

    /// Reads it again, without what started before these cuts.
    pub(super) fn read_again(&mut self, options: &LoadOptions, cuts: Cuts) {
        let Some(Content::Runs { plan, .. }) = self.content.take() else { return };
        // The rest is met again.
        self.told.retain(|told| told.code == SAME_CONTENT);
        self.content = read(self.found, plan, options, (cuts, None), &mut self.told);
    }

    /// Its runs as they are before anything is left out.
    pub(super) fn whole(&self) -> Whole<'_> {
        let (runs, skip) = match &self.content {
            Some(Content::Runs { harvest, plan, .. }) => (harvest.runs.as_slice(), plan.skip_warm_up),
            Some(Content::Saved(_)) | None => (&[][..], None),
        };
        Whole { set: self.found.set(), runs, skip }
    }
}

impl Found {
    /// The folder whose files are parts of the same runs; `None` where this one stands for itself.
    pub(super) fn set(&self) -> Option<PathBuf> {
        self.path.as_deref().and_then(partitions::set_of)
    }

    /// Whether its bytes are still there when they have been read: those of a pipe are not.
    fn is_lasting(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.metadata().is_ok_and(|file| file.is_file()))
    }

    fn open(&self, progress: Option<&Arc<Progress>>) -> io::Result<Source> {
        match (&self.path, progress) {
            (Some(path), Some(progress)) => Source::open_counted(path, progress),
            (Some(path), None) => Source::open(path),
            (None, _) => Source::from_reader(Box::new(io::stdin())),
        }
    }
}

/// The code of a file that has the same content as another.
const SAME_CONTENT: &str = "same-content";

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
    let skip_warm_up = options.skip_warm_up.or(sidecar.skip_warm_up);
    if skip_warm_up.is_some() && !file.is_lasting() && file.path.as_ref().is_none_or(|path| path.exists()) {
        let message =
            "the beginning of runs can't be left out here: that takes two readings, and this can be read once";
        let help = "write it into a file and name that, or leave --skip-warmup out";
        return Err(Box::new(Diagnostic::new(Severity::Error, "read-once", &file.name, message).help(help)));
    }
    Ok(Plan { names, format: options.format.or(sidecar.format), columns, skip_warm_up })
}

/// Reads one file. Where it can't be read, says why and returns `None`.
fn read(
    file: &Found,
    plan: Plan,
    options: &LoadOptions,
    (cuts, contents): (Cuts, Option<&mut Contents>),
    told: &mut Vec<Diagnostic>,
) -> Option<Content> {
    let mut sink = None;
    let result = file.open(options.progress.as_ref()).map_err(ReadError::from).and_then(|source| {
        if let Some(earlier) = contents.and_then(|contents| contents.earlier(&source)) {
            let message = format!("has the same content as {}", earlier.display());
            let help = "if it is a copy, leave it out: what was measured once must not count as two runs that agree";
            told.push(Diagnostic::new(Severity::Warning, SAME_CONTENT, &file.name, message).help(help));
        }
        let format = match plan.format {
            Some(format) => format,
            None => choose(&source.head(), &file.name, &options.formats)?,
        };
        let of_file = Sink::new(&file.name, format.name, &plan.names);
        let sink = sink.insert(of_file.with_cuts(options.precision, Arc::new(cuts)));
        let read_options = ReadOptions { columns: &plan.columns, wide: options.wide.as_ref() };
        (format.read)(source, &read_options, sink).map(|()| format.name)
    });
    let mut harvest = sink.map(Sink::finish).unwrap_or_default();
    let met = std::mem::take(&mut harvest.diagnostics);
    match result {
        Ok(format) => {
            told.extend(met.finish());
            Some(Content::Runs { format, harvest: Box::new(harvest), plan })
        }
        Err(error) if file.root.is_some() && error.is_not_for_us(&file.name) => {
            let message = format!("left out: {error}");
            told.push(Diagnostic::new(Severity::Notice, NOT_RESULTS, &file.name, message));
            None
        }
        Err(error) => {
            told.extend(met.finish());
            let mut diagnostic = error.diagnostic(&file.name);
            diagnostic.excerpt = error
                .line_and_column()
                .filter(|_| file.path.is_some())
                .and_then(|(line, column)| format::excerpt(file.open(None).ok()?, line, column));
            told.push(diagnostic);
            None
        }
    }
}
