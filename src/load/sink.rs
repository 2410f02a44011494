//! Where a format puts what it reads: runs, samples and diagnostics of one input.

use super::derive;
use super::diagnostic::{Diagnostic, Diagnostics, Severity};
use super::names::Names;
use super::place::Place;
use super::samples::{SampleRuns, SeriesKey};
use crate::record::{RequestSample, Run};

/// Collects what one input holds.
///
/// A format hands over runs and samples as the file has them; names that the file lacks, derived values and dead runs
/// are seen to here, alike for all formats.
#[derive(Debug)]
pub struct Sink<'a> {
    input: &'a str,
    tool: &'static str,
    names: &'a Names,
    runs: Vec<Run>,
    samples: SampleRuns,
    diagnostics: Diagnostics,
}

impl<'a> Sink<'a> {
    /// An empty sink for one input, the format that reads it, and the names that its path gives.
    pub fn new(input: &'a str, tool: &'static str, names: &'a Names) -> Self {
        Self {
            input,
            tool,
            names,
            runs: Vec::new(),
            samples: SampleRuns::default(),
            diagnostics: Diagnostics::default(),
        }
    }

    /// Takes a run that stands at `place`. An empty framework, and a concurrency or repetition that is `None`, are
    /// filled from the input's names.
    pub fn run(&mut self, place: &Place, mut run: Run) {
        run.tool = self.tool.to_owned();
        run.source = place.in_source(self.input);
        self.fill_names(&mut run);
        for remark in derive::complete(&mut run) {
            self.report(remark.severity(), remark.code(), place, remark.to_string(), Some(remark.help()));
        }
        self.runs.push(run);
    }

    /// Takes one request of the series that `key` names.
    pub fn sample(&mut self, key: SeriesKey, sample: RequestSample) {
        self.samples.add(key, sample);
    }

    /// Takes a diagnostic about a place of this input.
    pub fn report(&mut self, severity: Severity, code: &str, place: &Place, message: String, help: Option<&str>) {
        let mut diagnostic = Diagnostic::new(severity, code, self.input, message);
        if !matches!(place, Place::Whole) {
            diagnostic = diagnostic.at(place);
        }
        self.diagnostics.push(Diagnostic { help: help.map(str::to_owned), ..diagnostic });
    }

    /// The runs, those that were put together from samples included, and the diagnostics.
    pub fn finish(mut self) -> (Vec<Run>, Diagnostics) {
        let samples = std::mem::take(&mut self.samples);
        if 0 < samples.invalid_latencies() {
            self.report(
                Severity::Warning,
                "invalid-latency",
                &Place::Whole,
                format!("{} requests have no latency that is a number, zero or above", samples.invalid_latencies()),
                Some("they are counted as requests and are in no latency statistic"),
            );
        }
        for run in samples.into_runs() {
            self.run(&Place::Whole, run);
        }
        if self.runs.iter().any(|run| run.framework == self.names.fallback) {
            self.report(
                Severity::Notice,
                "framework-from-file-name",
                &Place::Whole,
                format!("no framework is named; the file's name stands for it: {}", self.names.fallback),
                Some("name it with LABEL=PATH"),
            );
        }
        (self.runs, self.diagnostics)
    }

    fn fill_names(&self, run: &mut Run) {
        if run.framework.is_empty() {
            run.framework = self.names.framework.clone().unwrap_or_else(|| self.names.fallback.clone());
        }
        if run.scenario.is_empty() {
            run.scenario = self.names.scenario.clone().unwrap_or_default();
        }
        run.concurrency = run.concurrency.or(self.names.concurrency);
        run.repetition = run.repetition.or(self.names.repetition);
    }
}
