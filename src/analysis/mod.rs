//! Everything that is known of a set of runs, in one value that can be written as JSON. Every output is made from it and
//! computes nothing anew.

mod answer;
mod changes;
mod distributions;
mod error_levels;
mod headline;
mod latency_rows;
mod schema;
mod telling;
mod timelines;

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use answer::{Answer, BestLoad, LevelLead, Rival};
pub use changes::{
    CHANGES_SCHEMA_VERSION, ChangeAnalysis, ChangeAnalysisOptions, ChangeError, Side, SideInput, analyze_changes,
    measured_side, metrics_to_compare,
};
pub use distributions::{Distribution, Quantile};
pub use error_levels::ErrorLevel;
pub use latency_rows::{LatencyColumn, LatencyRows};
pub use schema::{changes_json_schema, json_schema};
pub use timelines::{RunTimeline, TimeBin, TimeSpan};

use crate::compare::{Comparison, Crossover, Decision, Ranked, Ranking, compare_frameworks, crossovers, rank};
use crate::findings::{self, Evidence, Finding};
use crate::language::Language;
use crate::load::{Diagnostic, InputSummary, Loaded};
use crate::record::{Metric, OpenMetric, Run, TableError};
use crate::scaling::{Capacity, Scaling, Slo, describe_scaling, find_capacity};
use crate::stats::{Cell, CellValues, Summary, cell_values, is_set_duration, mostly_fails, summarize};

/// The version of the JSON form. It grows when a member changes its meaning or goes, and not when one is added.
pub const SCHEMA_VERSION: u32 = 1;

/// The choices that an analysis depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnalysisOptions {
    /// How verdicts are reached.
    pub decision: Decision,
    /// The framework that all others are compared with; each with each where there is none.
    pub reference: Option<String>,
    /// The language of findings, and of the reports and charts that are made of the analysis.
    pub language: Language,
    /// The objectives that a capacity is looked for under.
    pub slos: Vec<Slo>,
}

/// Why there is no analysis.
#[derive(Debug, Error)]
pub enum AnalysisError {
    /// The reference is not among the frameworks.
    #[error("there is no framework {reference:?} to compare with; there are {}", frameworks.join(", "))]
    UnknownReference {
        /// What was asked for.
        reference: String,
        /// What there is.
        frameworks: Vec<String>,
    },
    /// The runs can't be described.
    #[error(transparent)]
    Summary(#[from] TableError),
}

/// Everything that is known of a set of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Analysis {
    /// The version of this form.
    pub schema_version: u32,
    /// What wrote it.
    pub generator: Generator,
    /// The language of its sentences.
    pub language: Language,
    /// The files that runs came from.
    pub inputs: Vec<InputSummary>,
    /// What was met while reading.
    pub diagnostics: Vec<Diagnostic>,
    /// In the order in which they were first seen.
    pub frameworks: Vec<String>,
    /// In the order in which they were first seen; one empty name where there is only one.
    pub scenarios: Vec<String>,
    /// What the levels are: `concurrency`, or the name of a parameter.
    pub axis: String,
    /// Ascending.
    pub concurrency_levels: Vec<u32>,
    /// The metrics that are not built in, which the runs have beside the built-in ones.
    #[serde(default)]
    pub open_metrics: Vec<OpenMetric>,
    /// How many runs there are.
    pub runs_count: usize,
    /// The level of all intervals is 1 - alpha.
    pub alpha: f64,
    /// The smallest relative difference that matters.
    pub min_effect: f64,
    /// Every run, in the order in which it was read.
    pub runs: Vec<RunRecord>,
    /// Per framework, scenario and metric, over all levels.
    pub summary: Vec<Summary>,
    /// Per framework, scenario, concurrency and metric.
    pub cells: Vec<Cell>,
    /// Between frameworks, at each level and over all.
    pub comparisons: Vec<Comparison>,
    /// Per scenario, best first.
    pub ranking: Vec<Ranking>,
    /// Who leads each scenario, by how much and where: the rankings in short.
    pub answers: Vec<Answer>,
    /// At which of the measured levels each framework does best.
    pub best_loads: Vec<BestLoad>,
    /// How each framework scales with concurrency, and where it stops.
    pub scaling: Vec<Scaling>,
    /// The highest concurrency under each objective that was asked for.
    pub capacity: Vec<Capacity>,
    /// Where one framework overtakes another.
    pub crossovers: Vec<Crossover>,
    /// Of each run that was put together from requests, how these lie in time.
    pub timelines: Vec<RunTimeline>,
    /// How latencies are distributed, per framework, scenario and concurrency.
    pub distributions: Vec<Distribution>,
    /// How many requests fail, per framework, scenario and concurrency.
    pub error_levels: Vec<ErrorLevel>,
    /// Whether the data can be believed, and what follows from it.
    pub findings: Vec<Finding>,
}

/// What wrote an analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Generator {
    /// The program.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One run, as far as reports show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once.
    pub concurrency: Option<u32>,
    /// Which of several runs of the same cell this is, from 1.
    pub repetition: Option<u32>,
    /// Wall-clock time, s.
    pub total_time: Option<f64>,
    /// Requests that came to an end.
    pub requests_count: Option<u64>,
    /// Requests that failed.
    pub error_count: Option<u64>,
    /// `total_time / requests_count`, s.
    pub avg_time_per_request: Option<f64>,
    /// Which of these were derived and not read.
    pub derived: Vec<String>,
    /// The file, and the place in it, that it was read from.
    pub source: String,
}

/// Analyses what was read.
///
/// # Errors
///
/// When the reference is not among the frameworks, or polars can't describe the runs.
pub fn analyze(loaded: &Loaded, options: &AnalysisOptions) -> Result<Analysis, AnalysisError> {
    let runs = &loaded.runs;
    let frameworks = owned(&runs.frameworks());
    let scenarios = owned(&runs.scenarios());
    if let Some(reference) = options.reference.as_ref().filter(|reference| !frameworks.contains(reference)) {
        return Err(AnalysisError::UnknownReference { reference: reference.clone(), frameworks });
    }

    let decision = options.decision;
    let cells = cell_values(runs);
    let failing: HashSet<(&str, &str)> = runs
        .series()
        .filter(|series| mostly_fails(series.iter()) || series.iter().any(Run::fails_unknowably))
        .map(|series| (series.key().framework.as_str(), series.key().scenario.as_str()))
        .collect();
    let fails = |cell: &CellValues| failing.contains(&(cell.key.framework(), cell.key.scenario()));
    // How long runs were told to take is no result.
    let is_set = is_set_duration(runs.iter());
    let is_result = |cell: &CellValues| !(is_set && cell.metric == Metric::TotalTime);
    let comparable: Vec<CellValues> =
        cells.iter().filter(|cell| cell.is_comparable() && !fails(cell) && is_result(cell)).cloned().collect();
    let rankable: Vec<CellValues> = comparable.iter().filter(|cell| cell.is_rankable()).cloned().collect();
    let every_pair = compare_frameworks(&comparable, None, &decision);
    let metric = ranked_metric(&rankable);
    let mut rankable_in: HashMap<&str, Vec<&CellValues>> = HashMap::new();
    for cell in &rankable {
        rankable_in.entry(cell.key.scenario()).or_default().push(cell);
    }
    let mut overall_in: HashMap<&str, Vec<&Comparison>> = HashMap::new();
    for row in every_pair.iter().filter(|row| row.is_overall() && row.metric == metric) {
        overall_in.entry(&row.scenario).or_default().push(row);
    }
    let rankings: Vec<Ranked> = scenarios
        .iter()
        .filter_map(|scenario| {
            let of_scenario = runs.in_scenario(scenario).map(|series| series.key().framework.as_str());
            let participants: Vec<&str> = of_scenario.collect();
            let rows = overall_in.get(scenario.as_str()).map_or(&[][..], Vec::as_slice);
            rank(scenario, rankable_in.get(scenario.as_str())?, &participants, metric, rows)
        })
        .collect();
    let with_reference =
        options.reference.as_deref().map(|reference| compare_frameworks(&comparable, Some(reference), &decision));
    let scaling = describe_scaling(runs, decision.alpha, options.language);
    let capacity = find_capacity(runs, &options.slos, options.language);
    let crossovers = crossovers(&every_pair);
    let axis = runs.axis();
    let findings = findings::find(&Evidence {
        comparisons: &every_pair,
        kept_comparisons: with_reference.as_deref().unwrap_or(&every_pair),
        scaling: &scaling,
        capacities: &capacity,
        crossovers: &crossovers,
        rankings: &rankings,
        ..Evidence::new(runs, &axis, &comparable, decision, options.language)
    });
    let cells: Vec<Cell> = cells.iter().map(|cell| cell.cell(decision.alpha)).collect();
    let ranking: Vec<Ranking> = rankings.into_iter().map(|ranked| ranked.ranking).collect();
    let error_levels = error_levels::error_levels(runs);
    Ok(Analysis {
        schema_version: SCHEMA_VERSION,
        generator: Generator { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        language: options.language,
        inputs: loaded.inputs.clone(),
        diagnostics: loaded.diagnostics.clone(),
        frameworks,
        scenarios,
        axis,
        concurrency_levels: runs.levels(),
        open_metrics: OpenMetric::of_runs(runs).into_iter().collect(),
        runs_count: runs.len(),
        alpha: decision.alpha,
        min_effect: decision.min_effect,
        summary: summarize(runs)?,
        answers: answer::answers(&ranking, &every_pair, &cells),
        best_loads: answer::best_loads(&scaling, &error_levels),
        cells,
        scaling,
        capacity,
        crossovers,
        distributions: distributions::distributions(runs),
        error_levels,
        comparisons: with_reference.unwrap_or(every_pair),
        ranking,
        timelines: timelines::timelines(runs),
        findings,
        runs: runs.iter().map(RunRecord::of).collect(),
    })
}

impl Analysis {
    /// The times that say how fast a framework is: total and average time, or the total time alone where each run did one
    /// thing and both are the same number.
    pub(crate) fn time_metrics(&self) -> &'static [Metric] {
        let are_the_same = are_the_same(&self.cells, |cell| (cell.metric, vec![cell.mean, cell.min, cell.max]));
        if are_the_same { &[Metric::TotalTime] } else { &[Metric::TotalTime, Metric::AvgTimePerRequest] }
    }
}

/// Whether the average times are the total times, in their order.
fn are_the_same<T>(cells: &[T], values: impl Fn(&T) -> (Metric, Vec<f64>)) -> bool {
    let of = |metric: Metric| -> Vec<Vec<f64>> {
        cells.iter().map(&values).filter(|(own, _)| *own == metric).map(|(_, values)| values).collect()
    };
    let total = of(Metric::TotalTime);
    !total.is_empty() && total == of(Metric::AvgTimePerRequest)
}

impl RunRecord {
    fn of(run: &Run) -> Self {
        Self {
            framework: run.framework.clone(),
            scenario: run.scenario.clone(),
            concurrency: run.concurrency,
            repetition: run.repetition,
            total_time: run.total_time,
            requests_count: run.requests_count,
            error_count: run.error_count,
            avg_time_per_request: run.avg_time_per_request,
            derived: run.derived.iter().map(|column| column.name().to_owned()).collect(),
            source: run.source.clone(),
        }
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The metric that says how fast a framework is: the average time per request, which does not depend on how much work a
/// run was. Only where fewer than two frameworks have it, and more have a total time, is it the total time.
fn ranked_metric(cells: &[CellValues]) -> Metric {
    let have = |metric: Metric| {
        let names: HashSet<&str> =
            cells.iter().filter(|cell| cell.metric == metric).map(|cell| cell.key.framework()).collect();
        names.len()
    };
    let by_average = have(Metric::AvgTimePerRequest);
    if are_the_same(cells, |cell| (cell.metric, cell.values.as_slice().to_vec())) {
        return Metric::TotalTime;
    }
    if by_average < 2 && by_average < have(Metric::TotalTime) { Metric::TotalTime } else { Metric::AvgTimePerRequest }
}
