//! Where a format puts what it reads: runs, samples and diagnostics of one input.

use std::sync::Arc;

use super::derive;
use super::diagnostic::{Diagnostic, Diagnostics, Severity};
use super::names::Names;
use super::place::Place;
use super::samples::{Cuts, Profiles, SampleRuns, SeriesId};
use crate::record::{Precision, RequestSample, RequestTicks, Run, SampleKey};

/// Collects what one input holds.
///
/// A format hands over runs and samples as the file has them; names that the file lacks, derived values and dead runs
/// are seen to here, alike for all formats.
#[derive(Debug)]
pub struct Sink<'a> {
    input: &'a str,
    tool: &'static str,
    names: &'a Names,
    profiles: Profiles,
    /// With where in the input they stand.
    runs: Vec<(u64, Run)>,
    samples: SampleRuns,
    diagnostics: Diagnostics,
    is_guess_used: bool,
    is_label_used: bool,
    machine: Option<String>,
    roles: Vec<ColumnRole>,
}

/// What a column of a table with named columns is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRole {
    /// As it is called in the input and on the command line.
    pub column: String,
    /// Its role, in words.
    pub role: String,
}

/// What one input holds.
#[derive(Debug, Default)]
pub struct Harvest {
    /// Its runs, those that were put together from samples included.
    pub runs: Vec<Run>,
    /// What was met in it.
    pub diagnostics: Diagnostics,
    /// Whether a name or level is what its path looks like.
    pub is_guess_used: bool,
    /// What it was measured on, where the input says so.
    pub machine: Option<String>,
    /// What its columns are taken for, where it is a table with named columns.
    pub roles: Vec<ColumnRole>,
}

impl<'a> Sink<'a> {
    /// An empty sink for one input, the format that reads it, and the names that its path gives.
    pub fn new(input: &'a str, tool: &'static str, names: &'a Names) -> Self {
        Self {
            input,
            tool,
            names,
            profiles: Profiles::default(),
            runs: Vec::new(),
            samples: SampleRuns::default(),
            diagnostics: Diagnostics::default(),
            is_guess_used: false,
            is_label_used: false,
            machine: None,
            roles: Vec::new(),
        }
    }

    /// The same, with histograms of this precision.
    #[must_use]
    pub fn with_precision(self, precision: Precision) -> Self {
        self.with_profiles(Profiles::new(precision, Arc::default()))
    }

    /// The same, with histograms of this precision, and without the beginnings of runs.
    #[must_use]
    pub(super) fn with_cuts(self, precision: Precision, cuts: Arc<Cuts>) -> Self {
        self.with_profiles(Profiles::new(precision, cuts))
    }

    fn with_profiles(self, profiles: Profiles) -> Self {
        Self { samples: SampleRuns::new(profiles.clone()), profiles, ..self }
    }

    /// How the profiles of this input are made.
    pub(super) fn profiles(&self) -> Profiles {
        self.profiles.clone()
    }

    /// An empty sink for another part of the same input, which is read beside this one.
    pub(super) fn fork(&self) -> Self {
        Self::new(self.input, self.tool, self.names).with_profiles(self.profiles.clone())
    }

    /// Takes all that another part of the same input holds: the result is as if it had been read in one go.
    pub(super) fn join(&mut self, part: Self) {
        self.runs.extend(part.runs);
        self.runs.sort_by_key(|(order, _)| *order);
        self.samples.merge(part.samples);
        self.diagnostics.merge(part.diagnostics);
        self.is_guess_used |= part.is_guess_used;
        self.is_label_used |= part.is_label_used;
        self.machine = self.machine.take().or(part.machine);
        if self.roles.is_empty() {
            self.roles = part.roles;
        }
    }

    /// Takes a run that stands at `place`. An empty framework, and a concurrency or repetition that is `None`, are
    /// filled from the input's names.
    pub fn run(&mut self, place: &Place, mut run: Run) {
        run.tool = self.tool.to_owned();
        run.source = place.in_source(self.input);
        self.fill_names(&mut run);
        for name in [&mut run.framework, &mut run.scenario, &mut run.axis] {
            make_printable(name);
        }
        // Where nothing is left of a part, another one may have the rest of its run.
        let is_cut_off = run.profile.as_ref().is_some_and(|profile| profile.requests == 0 && profile.cut.is_some());
        let remarks = if is_cut_off { Vec::new() } else { derive::complete(&mut run) };
        for remark in remarks {
            self.report(remark.severity(), remark.code(), place, remark.to_string(), Some(remark.help()));
        }
        if run.error_count.is_some_and(|errors| 0 < errors) && run.error_rate().is_none() {
            let errors = run.error_count.unwrap_or_default();
            let message =
                format!("{errors} requests failed, of an unknown number: the run is neither ranked nor gated");
            let help = "record requests_count or success_count";
            self.report(Severity::Error, "uncounted-requests", place, message, Some(help));
        }
        self.runs.push((place.order(), run));
    }

    /// Takes one request of the series that `key` names.
    pub fn sample(&mut self, key: SampleKey, sample: RequestSample) {
        let series = self.series(key);
        self.sample_of(series, sample);
    }

    /// The series of these names, whose first request in this part of the input stands at `place`.
    pub(super) fn series_at(&mut self, key: SampleKey, place: &Place) -> SeriesId {
        self.samples.series(key, place.order())
    }

    /// Takes one request of a series, in ticks; returns whether it is out of order, which [`Sink::out_of_order`] is to be
    /// told then.
    #[inline]
    pub(super) fn request(&mut self, series: SeriesId, request: RequestTicks) -> bool {
        self.samples.add(series, request)
    }

    /// Goes on with another piece of the input, which need not stand behind the one before.
    pub(super) fn begin_piece(&mut self) {
        self.samples.begin_piece();
    }

    /// Takes so many requests that are out of order, of which the first stands at `place`, if that is known.
    #[cold]
    pub(super) fn out_of_order(&mut self, count: u64, place: Option<&Place>) {
        self.samples.out_of_order().add(count, place);
    }

    /// The series of these names, for [`Sink::sample_of`].
    pub fn series(&mut self, key: SampleKey) -> SeriesId {
        // Within one sink series come in the order of the input.
        self.samples.series(key, 0)
    }

    /// Takes one request of a series, without its names: for formats that have millions of them.
    pub fn sample_of(&mut self, series: SeriesId, sample: RequestSample) {
        if self.samples.add(series, sample.into()) {
            self.out_of_order(1, None);
        }
    }

    /// Takes what the input says of the machine, such as `AMD EPYC, x86_64`; nothing where the text is empty. Only what stays
    /// the same from run to run on one machine belongs here.
    pub fn machine(&mut self, parts: &[&str]) {
        let known: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        let mut machine = known.join(", ");
        make_printable(&mut machine);
        self.machine = (!machine.is_empty()).then_some(machine);
    }

    /// Takes a diagnostic about a place of this input.
    pub fn report(&mut self, severity: Severity, code: &str, place: &Place, message: String, help: Option<&str>) {
        let mut diagnostic = Diagnostic::new(severity, code, self.input, message);
        if !matches!(place, Place::Whole) {
            diagnostic = diagnostic.at(place);
        }
        diagnostic.help = help.map(str::to_owned);
        self.diagnostics.push_at(place.order(), diagnostic, false);
    }

    /// Whether the user says what this input is of.
    pub(super) fn is_labelled(&self) -> bool {
        self.names.framework.is_some()
    }

    /// Takes what each column of a table is taken for.
    pub(super) fn roles(&mut self, roles: Vec<ColumnRole>) {
        self.roles = roles;
    }

    /// Tells that so many requests have no latency that makes sense, if there are any.
    pub(super) fn invalid_latencies(&mut self, count: u64) {
        if 0 < count {
            let message = format!("{count} requests have no latency that is a number, zero or above");
            let help = "they are counted as requests and are in no latency statistic";
            self.report(Severity::Warning, "invalid-latency", &Place::Whole, message, Some(help));
        }
    }

    /// Ends the reading of the input.
    pub fn finish(mut self) -> Harvest {
        let mut samples = std::mem::take(&mut self.samples);
        if let Some(told) = samples.out_of_order().told(self.input) {
            self.diagnostics.push(told);
        }
        let runs: Vec<Run> = samples.into_runs().collect();
        let invalid: u64 = runs.iter().filter_map(|run| run.profile.as_ref()).map(|own| own.invalid_latencies).sum();
        self.invalid_latencies(invalid);
        for run in runs {
            self.run(&Place::Whole, run);
        }
        if let (Some(label), false, false) = (&self.names.framework, self.is_label_used, self.runs.is_empty()) {
            let message = format!("the name {label:?} is not used, as every record here names its framework");
            let help = "leave it out, or take the frameworks' names out of the file";
            self.report(Severity::Warning, "label-not-used", &Place::Whole, message, Some(help));
        }
        let runs = self.runs.into_iter().map(|(_, run)| run).collect();
        Harvest {
            runs,
            diagnostics: self.diagnostics,
            is_guess_used: self.is_guess_used,
            machine: self.machine,
            roles: self.roles,
        }
    }

    fn fill_names(&mut self, run: &mut Run) {
        let (names, guess) = (self.names, &self.names.guess);
        if run.framework.is_empty() {
            self.is_label_used = true;
            self.is_guess_used |= names.framework.is_none();
            run.framework = names.framework.clone().unwrap_or_else(|| guess.framework.clone());
        }
        if run.scenario.is_empty() {
            run.scenario = names.scenario.clone().unwrap_or_default();
        }
        // A parameter is not the concurrency that a path speaks of.
        if run.concurrency.is_none() && run.axis.is_empty() {
            self.is_guess_used |= names.concurrency.is_none() && guess.concurrency.is_some();
            run.concurrency = names.concurrency.or(guess.concurrency);
        }
        run.repetition = run.repetition.or(names.repetition).or(guess.repetition);
    }
}

/// Puts a blank for every control character: a name must not move the cursor, end a line or colour a terminal.
fn make_printable(name: &mut String) {
    if name.contains(char::is_control) {
        *name = name.replace(char::is_control, " ").trim().to_owned();
    }
}
