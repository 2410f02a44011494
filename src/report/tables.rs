//! The tables of a report as plain cells, the same for the terminal and for Markdown.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::number::{MISSING, TimeFormat, ratio};
use crate::analysis::{Analysis, RunRecord};
use crate::compare::{Comparison, Verdict};
use crate::record::{Column, Metric};
use crate::stats::{Cell, MOSTLY_FAILING, Summary};

/// A table: its heads, with numbers on the right, and its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableData {
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Vec<String>>,
    /// Said below the table.
    pub(super) note: Option<String>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) is_number: bool,
}

fn text(name: &str) -> Head {
    Head { name: name.to_owned(), is_number: false }
}

fn number(name: impl Into<String>) -> Head {
    Head { name: name.into(), is_number: true }
}

fn level(concurrency: Option<u32>) -> String {
    concurrency.map_or_else(|| "unknown".to_owned(), |level| level.to_string())
}

fn has_scenarios(analysis: &Analysis) -> bool {
    analysis.scenarios.iter().any(|scenario| !scenario.is_empty())
}

/// Puts the scenario's column first, where there is one.
fn with_scenario<T>(analysis: &Analysis, scenario: T, mut others: Vec<T>) -> Vec<T> {
    if has_scenarios(analysis) {
        others.insert(0, scenario);
    }
    others
}

/// The runs, `most` of them at most.
pub(super) fn records(analysis: &Analysis, most: usize) -> TableData {
    let total = TimeFormat::of(analysis.runs.iter().filter_map(|run| run.total_time));
    let average = TimeFormat::of(analysis.runs.iter().filter_map(|run| run.avg_time_per_request));
    let has_repetitions = analysis.runs.iter().any(|run| run.repetition.is_some_and(|repetition| 1 < repetition));
    let has_requests = analysis.runs.iter().any(|run| run.requests_count.is_some());
    let has_errors = analysis.runs.iter().any(|run| run.error_count.is_some());
    let has_average = analysis.runs.iter().any(|run| run.avg_time_per_request.is_some());
    let mut heads = vec![text("framework"), number(&analysis.axis)];
    if has_repetitions {
        heads.push(number("repetition"));
    }
    heads.push(number(format!("total_time ({})", total.unit)));
    if has_requests {
        heads.push(number("requests_count"));
    }
    if has_errors {
        heads.push(number("error_count"));
    }
    if has_average {
        heads.push(number(format!("avg_time_per_request ({})", average.unit)));
    }

    let is_derived = |run: &RunRecord, column: Column| run.derived.iter().any(|name| name == column.name());
    let marked = |run: &RunRecord, column: Column, shown: String| {
        if is_derived(run, column) { format!("{shown}*") } else { shown }
    };
    let count = |count: Option<u64>| count.map_or_else(|| MISSING.to_owned(), |count| count.to_string());
    let row = |run: &RunRecord| {
        let mut row = vec![run.framework.clone(), level(run.concurrency)];
        if has_repetitions {
            row.push(run.repetition.map_or_else(|| MISSING.to_owned(), |repetition| repetition.to_string()));
        }
        row.push(marked(run, Column::TotalTime, total.show_or_missing(run.total_time)));
        if has_requests {
            row.push(marked(run, Column::RequestsCount, count(run.requests_count)));
        }
        if has_errors {
            row.push(marked(run, Column::ErrorCount, count(run.error_count)));
        }
        if has_average {
            row.push(marked(run, Column::AvgTimePerRequest, average.show_or_missing(run.avg_time_per_request)));
        }
        with_scenario(analysis, run.scenario.clone(), row)
    };
    let rows: Vec<Vec<String>> = analysis.runs.iter().take(most).map(row).collect();
    let mut notes = Vec::new();
    if rows.iter().flatten().any(|cell| cell.ends_with('*')) {
        notes.push("* derived from the other columns".to_owned());
    }
    if most < analysis.runs.len() {
        notes.push(format!("the first {most} of {} records; --verbose shows all", analysis.runs.len()));
    }
    TableData {
        heads: with_scenario(analysis, text("scenario"), heads),
        rows,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}

/// Count, mean, standard deviation, minimum, median and maximum per framework, metric by metric.
pub(super) fn summary(analysis: &Analysis, metrics: &[Metric]) -> TableData {
    let heads = vec![
        text("metric"),
        text("framework"),
        number("count"),
        number("mean"),
        number("std"),
        number("min"),
        number("median"),
        number("max"),
    ];
    let mut rows = Vec::new();
    for &metric in metrics {
        let of_metric: Vec<&Summary> = analysis.summary.iter().filter(|row| row.metric == metric).collect();
        let format = TimeFormat::of(of_metric.iter().flat_map(|row| [row.mean, row.min, row.max]));
        for row in of_metric {
            let show = |value: f64| match metric {
                Metric::Throughput => format!("{value:.1}"),
                _ => format.show(value),
            };
            let unit = if metric == Metric::Throughput { metric.unit() } else { format.unit };
            let cells = vec![
                format!("{metric} ({unit})"),
                row.framework.clone(),
                row.count.to_string(),
                show(row.mean),
                row.std.map_or_else(|| MISSING.to_owned(), show),
                show(row.min),
                show(row.median),
                show(row.max),
            ];
            rows.push(with_scenario(analysis, row.scenario.clone(), cells));
        }
    }
    TableData { heads: with_scenario(analysis, text("scenario"), heads), rows, note: None }
}

/// Per level every framework, the fastest first, with intervals and the ratio to the fastest or to the reference.
pub(super) fn levels(analysis: &Analysis, reference: Option<&str>) -> TableData {
    let metric = analysis.ranking.first().map_or(Metric::AvgTimePerRequest, |ranking| ranking.metric);
    let of_metric = |metric: Metric| analysis.cells.iter().filter(move |cell| cell.metric == metric);
    let columns: Vec<(Metric, TimeFormat)> = [Metric::TotalTime, Metric::AvgTimePerRequest]
        .into_iter()
        .filter(|metric| of_metric(*metric).next().is_some())
        .map(|metric| (metric, TimeFormat::of(of_metric(metric).map(|cell| cell.mean))))
        .collect();
    let percent = super::number::ratio((1.0 - analysis.alpha) * 100.0);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let has_intervals = analysis.cells.iter().any(|cell| cell.ci_low.is_some());

    let mut heads = vec![number(&analysis.axis), text("framework"), number("runs")];
    for (metric, format) in &columns {
        heads.push(number(format!("{metric} ({})", format.unit)));
        if has_intervals {
            heads.push(number(format!("±{percent} %")));
        }
    }
    heads.push(number(match reference {
        Some(reference) => format!("ratio to {reference}"),
        None => "ratio to fastest".to_owned(),
    }));
    heads.push(text("verdict"));

    // Looked up by place, as a long sweep has thousands of levels.
    let mut levels_of_runs: HashMap<(&str, Option<u32>), IndexMap<&str, usize>> = HashMap::new();
    for run in &analysis.runs {
        let here = levels_of_runs.entry((&run.scenario, run.concurrency)).or_default();
        *here.entry(&run.framework).or_default() += 1;
    }
    let cells: HashMap<_, &Cell> = analysis
        .cells
        .iter()
        .map(|cell| ((cell.scenario.as_str(), cell.concurrency, cell.framework.as_str(), cell.metric), cell))
        .collect();
    let mut comparisons: HashMap<(&str, Option<u32>), Vec<&Comparison>> = HashMap::new();
    for row in analysis.comparisons.iter().filter(|row| row.metric == metric) {
        comparisons.entry((&row.scenario, row.concurrency)).or_default().push(row);
    }
    let mut rows = Vec::new();
    for scenario in &analysis.scenarios {
        let levels = analysis.concurrency_levels.iter().map(|level| Some(*level)).chain([None]);
        for concurrency in levels {
            let Some(here) = levels_of_runs.get(&(scenario.as_str(), concurrency)) else { continue };
            let mut frameworks: Vec<&str> = here.keys().copied().collect();
            let cell = |framework: &str, metric: Metric| {
                cells.get(&(scenario.as_str(), concurrency, framework, metric)).copied()
            };
            let rows_here = comparisons.get(&(scenario.as_str(), concurrency)).map_or(&[][..], Vec::as_slice);
            sort_by_speed(&mut frameworks, rows_here, |framework| cell(framework, metric).is_some_and(is_comparable));
            let rival = reference.or(frameworks.first().copied());
            for framework in &frameworks {
                let runs = here.get(framework).copied().unwrap_or_default();
                let mut row = vec![level(concurrency), (*framework).to_owned(), runs.to_string()];
                for (metric, format) in &columns {
                    let cell = cell(framework, *metric);
                    row.push(format.show_or_missing(cell.map(|cell| cell.mean)));
                    if has_intervals {
                        row.push(format.show_or_missing(cell.and_then(half_width)));
                    }
                }
                let against = rows_here.iter().copied().find(|row| is_pair(row, framework, rival));
                row.extend(verdict(against, framework, rival, cell(framework, metric)));
                rows.push(with_scenario(analysis, scenario.clone(), row));
            }
        }
    }
    TableData { heads: with_scenario(analysis, text("scenario"), heads), rows, note: None }
}

/// Sorts frameworks by the ratios between them, the fastest first. What can't be compared comes last, however fast it
/// seems.
fn sort_by_speed(frameworks: &mut [&str], rows: &[&Comparison], is_comparable: impl Fn(&str) -> bool) {
    // Ratios of geometric means are transitive, so those to any one framework put all in order.
    let anchor = frameworks.iter().copied().find(|framework| {
        is_comparable(framework) && rows.iter().any(|row| row.baseline == *framework || row.candidate == *framework)
    });
    let key = |framework: &str| match anchor {
        Some(anchor) if anchor == framework => 1.0,
        Some(anchor) if is_comparable(framework) => {
            rows.iter().find_map(|row| row.ratio_of(framework, anchor)).map_or(f64::INFINITY, |(ratio, _)| ratio)
        }
        _ => f64::INFINITY,
    };
    frameworks.sort_by(|a, b| key(a).total_cmp(&key(b)).then_with(|| is_comparable(b).cmp(&is_comparable(a))));
}

/// Whether a cell's times say more of working than of failing.
fn is_comparable(cell: &Cell) -> bool {
    cell.error_rate.is_none_or(|rate| rate <= MOSTLY_FAILING)
}

/// Half the width of the interval of the mean.
fn half_width(cell: &Cell) -> Option<f64> {
    Some((cell.ci_high? - cell.ci_low?) / 2.0)
}

fn is_pair(row: &Comparison, framework: &str, rival: Option<&str>) -> bool {
    rival.is_some_and(|rival| row.verdict_on(framework, rival).is_some())
}

/// The last two cells of a level's row: the ratio to the rival, and what it allows to say.
fn verdict(against: Option<&Comparison>, framework: &str, rival: Option<&str>, cell: Option<&Cell>) -> [String; 2] {
    let Some(cell) = cell else { return [MISSING.to_owned(), "no time".to_owned()] };
    if !is_comparable(cell) {
        return [MISSING.to_owned(), "mostly errors".to_owned()];
    }
    let Some(rival) = rival else { return [MISSING.to_owned(), String::new()] };
    if rival == framework {
        return [ratio(1.0), String::new()];
    }
    let of_rival = against.and_then(|row| {
        let (value, _) = row.ratio_of(framework, rival)?;
        Some([ratio(value), row.verdict_on(framework, rival).unwrap_or(Verdict::Inconclusive).to_string()])
    });
    of_rival.unwrap_or_else(|| [MISSING.to_owned(), String::new()])
}
