//! Everything that is known of the same benchmark before and after a change, in one value that can be written as JSON.

use std::collections::HashMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Generator, owned};
use crate::compare::{
    Change, ChangeOptions, Doubt, GateInput, GateReport, Lost, MeasuredSide, OverallChange, Policy, all_together,
    compare_sides, evaluate,
};
use crate::findings::{self, Evidence, Finding, Kind, between_sides};
use crate::language::Language;
use crate::load::{Diagnostic, InputSummary, Loaded};
use crate::record::{Metric, OpenMetric, Run, Runs};
use crate::stats::{Cell, CellValues, cell_values, is_set_duration};

/// The version of the JSON form. It grows when a member changes its meaning or goes, and not when one is added.
pub const CHANGES_SCHEMA_VERSION: u32 = 1;

/// Everything that is known of a baseline and its candidates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeAnalysis {
    /// The version of this form.
    pub schema_version: u32,
    /// What wrote it.
    pub generator: Generator,
    /// The language of its sentences.
    pub language: Language,
    /// The level of all intervals is 1 - alpha.
    pub alpha: f64,
    /// The smallest relative difference that matters, unless a rule of the gate says otherwise of a series.
    pub min_effect: f64,
    /// The metrics that are not built in, which the runs have beside the built-in ones.
    #[serde(default)]
    pub open_metrics: Vec<OpenMetric>,
    /// What is compared, in the order of the reports.
    pub metrics: Vec<Metric>,
    /// What the levels are: `concurrency`, or the name of a parameter.
    pub axis: String,
    /// The baseline first, then the candidates.
    pub sides: Vec<Side>,
    /// Every series and metric, by candidate, metric and series: first over all levels, then at each.
    pub changes: Vec<Change>,
    /// All series together, per metric and candidate.
    pub overall: Vec<OverallChange>,
    /// Whether the sides can be compared at all, and what that rests on.
    pub findings: Vec<Finding>,
    /// What the policy makes of it; null where no gate was asked for.
    pub gate: Option<GateReport>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// What it is called: the label that it was given, or else the shortest part of its path that tells it apart.
    pub label: String,
    /// The files that its runs came from.
    pub inputs: Vec<InputSummary>,
    /// What was met while reading it.
    pub diagnostics: Vec<Diagnostic>,
    /// How many runs it has.
    pub runs_count: usize,
    /// In the order in which they were first seen.
    pub frameworks: Vec<String>,
    /// In the order in which they were first seen.
    pub scenarios: Vec<String>,
    /// Ascending.
    pub concurrency_levels: Vec<u32>,
    /// Per framework, scenario, concurrency and metric.
    pub cells: Vec<Cell>,
    /// Whether its data can be believed.
    pub findings: Vec<Finding>,
}

/// The choices that an analysis of changes depends on.
#[derive(Debug, Clone, Default)]
pub struct ChangeAnalysisOptions {
    /// How series are matched and judged.
    pub compare: ChangeOptions,
    /// What is compared; what suits the data where it is empty.
    pub metrics: Vec<Metric>,
    /// What has to hold for the change to pass.
    pub policy: Policy,
    /// The day on which known exceptions are looked at.
    pub today: Date,
}

/// Why sides can't be compared.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// There is nothing to compare with.
    #[error("it takes a baseline and at least one candidate")]
    OneSide,
    /// A candidate has no series of the baseline.
    #[error("{candidate} has no series of {baseline}: one has {}, the other {}", few(of_baseline), few(of_candidate))]
    NothingInCommon {
        /// The label of the baseline.
        baseline: String,
        /// The label of the candidate.
        candidate: String,
        /// The names of its series.
        of_baseline: Vec<String>,
        /// The names of its series.
        of_candidate: Vec<String>,
    },
    /// A side lacks every metric that is to be compared.
    #[error("there is no metric that {} all have", labels.join(", "))]
    NoMetric {
        /// The labels of the sides.
        labels: Vec<String>,
    },
}

/// A side that was read, and what it is called.
#[derive(Debug, Clone, Copy)]
pub struct SideInput<'a> {
    /// What it is called.
    pub label: &'a str,
    /// What was read.
    pub loaded: &'a Loaded,
}

/// Names for an error, and how many more there are.
fn few(names: &[String]) -> String {
    const NAMED: usize = 3;
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// A side as it is compared.
pub fn measured_side(side: &SideInput<'_>) -> MeasuredSide {
    let machines = side.loaded.inputs.iter().filter_map(|input| input.machine.clone()).collect();
    MeasuredSide { label: side.label.to_owned(), machines, runs: side.loaded.runs.clone() }
}

/// The metrics to compare: those that were chosen, or else those that all sides have among total time (only where the same
/// number of requests was made everywhere), average time per request, median and 99th percentile of the latency, and the
/// error rate where there are errors. Iterations of a benchmark have a time and nothing else to compare.
///
/// # Errors
///
/// When the sides have none of these in common.
pub fn metrics_to_compare(sides: &[MeasuredSide], chosen: &[Metric]) -> Result<Vec<Metric>, ChangeError> {
    let all_have = |metric: Metric| sides.iter().all(|side| side.has(metric));
    // What the baseline has and a candidate lacks is missing, and not left out.
    let have = |metric: Metric| sides.first().is_some_and(|baseline| baseline.has(metric));
    let metrics: Vec<Metric> = if chosen.is_empty() {
        let has_average = have(Metric::AvgTimePerRequest);
        let has_errors =
            sides.iter().flat_map(|side| &side.runs).any(|run| run.error_count.is_some_and(|errors| 0 < errors));
        let is_load_test = !sides.iter().flat_map(|side| &side.runs).all(is_one_at_a_time);
        // How long runs were told to take is no result.
        let is_set = is_set_duration(sides.iter().flat_map(|side| side.runs.iter()));
        let is_wanted = |metric: &Metric| match metric {
            Metric::TotalTime => !is_set && (!has_average || (is_load_test && have_equal_work(sides))),
            Metric::AvgTimePerRequest => true,
            Metric::LatencyP50 | Metric::LatencyP99 => is_load_test,
            Metric::ErrorRate => has_errors,
            _ => false,
        };
        Metric::ALL.into_iter().chain([Metric::ErrorRate]).filter(is_wanted).filter(|metric| have(*metric)).collect()
    } else {
        chosen.iter().copied().filter(|metric| all_have(*metric)).collect()
    };
    if !metrics.iter().any(|metric| all_have(*metric)) || metrics.len() < chosen.len() {
        return Err(ChangeError::NoMetric { labels: sides.iter().map(|side| side.label.clone()).collect() });
    }
    Ok(metrics)
}

/// Whether a run is a benchmark's, whose iterations follow one another without a clock.
fn is_one_at_a_time(run: &Run) -> bool {
    (!run.axis.is_empty() || run.concurrency.is_none_or(|level| level == 1))
        && run.profile.as_ref().is_some_and(|profile| profile.span.is_none())
}

/// Whether every run of a scenario and level made the same number of requests, on all sides.
fn have_equal_work(sides: &[MeasuredSide]) -> bool {
    let mut work: HashMap<(&str, Option<u32>), Option<u64>> = HashMap::new();
    sides.iter().flat_map(|side| &side.runs).filter(|run| !run.is_dead()).all(|run| {
        let known = work.entry((&run.scenario, run.concurrency)).or_insert(run.requests_count);
        known.is_some() && *known == run.requests_count
    })
}

/// Compares each side with the first.
///
/// # Errors
///
/// When there are less than two sides, or a candidate has no series or no metric in common with the baseline.
pub fn analyze_changes(
    inputs: &[SideInput<'_>],
    options: &ChangeAnalysisOptions,
) -> Result<ChangeAnalysis, ChangeError> {
    let measured: Vec<MeasuredSide> = inputs.iter().map(measured_side).collect();
    let metrics = metrics_to_compare(&measured, &options.metrics)?;
    let Some((baseline, candidates)) = measured.split_first().filter(|(_, candidates)| !candidates.is_empty()) else {
        return Err(ChangeError::OneSide);
    };
    let (language, decision) = (options.compare.language, options.compare.decision);
    let (mut changes, mut overall, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in candidates {
        let found = compare_sides(baseline, candidate, &metrics, &options.compare);
        if found.matched == 0 {
            let names = |side: &MeasuredSide| side.runs.series().map(|series| series.key().to_string()).collect();
            return Err(ChangeError::NothingInCommon {
                baseline: baseline.label.clone(),
                candidate: candidate.label.clone(),
                of_baseline: names(baseline),
                of_candidate: names(candidate),
            });
        }
        overall.extend(all_together(&found.changes, &metrics));
        findings.extend(between_sides(baseline, candidate, &found, language));
        changes.extend(found.changes);
    }
    let sides: Vec<Side> = inputs.iter().map(|input| side(input, &metrics, options)).collect();
    let gate = evaluate(
        &options.policy,
        &GateInput {
            changes: &changes,
            baseline,
            candidates,
            metrics: &metrics,
            doubts: &doubts(&sides, &findings),
            lost: &lost(&sides),
            min_effect: decision.min_effect,
            today: options.today,
            language,
        },
    );
    Ok(ChangeAnalysis {
        schema_version: CHANGES_SCHEMA_VERSION,
        generator: Generator { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        language,
        alpha: decision.alpha,
        min_effect: decision.min_effect,
        axis: Runs::new(measured.iter().flat_map(|side| &side.runs).cloned().collect()).axis(),
        open_metrics: OpenMetric::of_runs(measured.iter().flat_map(|side| &side.runs)).into_iter().collect(),
        metrics,
        sides,
        changes,
        overall,
        findings,
        gate,
    })
}

fn side(input: &SideInput<'_>, metrics: &[Metric], options: &ChangeAnalysisOptions) -> Side {
    let runs = &input.loaded.runs;
    let decision = options.compare.decision;
    let cells = cell_values(runs);
    // Frameworks are not compared with each other here, and what follows for them is not asked.
    let comparable: Vec<CellValues> = cells.iter().filter(|cell| cell.is_comparable()).cloned().collect();
    let axis = runs.axis();
    let evidence = Evidence::new(runs, &axis, &comparable, decision, options.compare.language);
    Side {
        label: input.label.to_owned(),
        inputs: input.loaded.inputs.clone(),
        diagnostics: input.loaded.diagnostics.clone(),
        runs_count: runs.len(),
        cells: cells
            .iter()
            .filter(|cell| metrics.contains(&cell.metric))
            .map(|cell| cell.cell(decision.alpha))
            .collect(),
        frameworks: owned(&runs.frameworks()),
        scenarios: owned(&runs.scenarios()),
        concurrency_levels: runs.levels(),
        findings: findings::find_trust(&evidence),
    }
}

/// The trust findings that a gate may fail on.
fn doubts(sides: &[Side], findings: &[Finding]) -> Vec<Doubt> {
    let is_doubt = |finding: &&Finding| finding.kind == Kind::Trust && findings::Severity::Warning <= finding.severity;
    let doubt = |side: &str, finding: &Finding| Doubt {
        side: side.to_owned(),
        message: format!("{}: {}", finding.id, finding.message),
    };
    let of_sides =
        sides.iter().flat_map(|side| side.findings.iter().map(move |finding| (side.label.as_str(), finding)));
    of_sides
        .chain(findings.iter().map(|finding| ("", finding)))
        .filter(|(_, finding)| is_doubt(finding))
        .map(|(side, finding)| doubt(side, finding))
        .collect()
}

/// What was lost of each side on the way in, and may have said otherwise.
fn lost(sides: &[Side]) -> Vec<Lost> {
    let of_side = |side: &Side| -> Vec<Lost> {
        let lost = side.diagnostics.iter().filter(|diagnostic| diagnostic.is_loss());
        let lost = lost.map(|diagnostic| (diagnostic.count, diagnostic.to_string()));
        lost.map(|(count, message)| Lost { side: side.label.clone(), count, message }).collect()
    };
    sides.iter().flat_map(of_side).collect()
}
