//! The main figure: total time on the left, average time per request on the right, both against concurrency.

use super::figure::{Figure, LegendEntry, Mark, Panel, Point, Scale, Series, Style};
use super::language::TimeUnit;
use super::ticks::{level_axis, name_axis, value_axis};
use crate::analysis::Analysis;
use crate::language::Language;
use crate::record::Metric;
use crate::stats::Cell;

/// The choices that a figure depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChartOptions {
    /// A title above all panels.
    pub title: Option<String>,
    /// Whether the levels stand on a logarithmic axis.
    pub log_x: bool,
    /// Whether the times stand on a logarithmic axis.
    pub log_y: bool,
}

/// How far above the largest mean an interval may stretch the axis. Two repetitions give intervals that would flatten
/// everything else.
const STRETCH: f64 = 1.3;

/// One line of the figure: a framework in a scenario.
struct Line<'a> {
    framework: &'a str,
    scenario: &'a str,
    name: String,
    style: Style,
}

/// The figure of an analysis.
pub fn performance_comparison(analysis: &Analysis, options: &ChartOptions) -> Figure {
    let lines = lines(analysis);
    let panels: Vec<Panel> = [Metric::TotalTime, Metric::AvgTimePerRequest]
        .iter()
        .map(|metric| panel(*metric, &lines, analysis, options))
        .collect();
    Figure {
        title: options.title.clone(),
        footnotes: footnotes(analysis, &panels, analysis.language),
        panels,
        legend: lines
            .iter()
            .map(|line| LegendEntry { name: line.name.clone(), style: line.style, mark: Mark::Measured })
            .collect(),
    }
}

fn lines(analysis: &Analysis) -> Vec<Line<'_>> {
    let exists = |framework: &str, scenario: &str| {
        analysis.runs.iter().any(|run| run.framework == framework && run.scenario == scenario)
    };
    let mut lines: Vec<Line<'_>> = Vec::new();
    for framework in &analysis.frameworks {
        for scenario in analysis.scenarios.iter().filter(|scenario| exists(framework, scenario)) {
            let name = if scenario.is_empty() { framework.clone() } else { format!("{framework} · {scenario}") };
            lines.push(Line { framework, scenario, name, style: Style::Framework(lines.len()) });
        }
    }
    lines
}

fn panel(metric: Metric, lines: &[Line<'_>], analysis: &Analysis, options: &ChartOptions) -> Panel {
    let language = analysis.language;
    let scale_of = |is_log| if is_log { Scale::Log } else { Scale::Linear };
    let levels = &analysis.concurrency_levels;
    let cells: Vec<&Cell> = analysis
        .cells
        .iter()
        .filter(|cell| cell.metric == metric && (cell.concurrency.is_some() || levels.is_empty()))
        .collect();
    let largest_mean = cells.iter().map(|cell| cell.mean).fold(0.0, f64::max);
    let smallest_mean = cells.iter().map(|cell| cell.mean).fold(f64::INFINITY, f64::min);
    let highest = cells.iter().filter_map(|cell| cell.ci_high).fold(largest_mean, f64::max).min(largest_mean * STRETCH);
    let unit = TimeUnit::for_largest(largest_mean);
    let in_unit = |seconds: f64| seconds / unit.seconds();

    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    let x = if levels.is_empty() {
        name_axis(language.framework().to_owned(), &names)
    } else {
        level_axis(language.level(&analysis.axis), scale_of(options.log_x), levels)
    };
    let y = value_axis(language.label(metric, unit), scale_of(options.log_y), in_unit(smallest_mean), in_unit(highest));
    let series = lines.iter().enumerate().map(|(index, line)| {
        let of_line: Vec<&Cell> = cells
            .iter()
            .copied()
            .filter(|cell| cell.framework == line.framework && cell.scenario == line.scenario)
            .collect();
        let point = |cell: &Cell, x: f64| Point {
            x,
            y: in_unit(cell.mean),
            interval: cell.ci_low.zip(cell.ci_high).map(|(low, high)| (in_unit(low).max(y.min), in_unit(high))),
        };
        let segments = if levels.is_empty() {
            of_line.iter().map(|cell| vec![point(cell, (index + 1) as f64)]).collect()
        } else {
            let at = |level: &u32| of_line.iter().find(|cell| cell.concurrency == Some(*level)).copied();
            stretches(
                scenario_levels(line.scenario, analysis).iter().map(|level| Some(point(at(level)?, f64::from(*level)))),
            )
        };
        Series { name: line.name.clone(), style: line.style, mark: Mark::Measured, segments }
    });
    Panel {
        title: language.title(metric).to_owned(),
        series: series.collect(),
        x,
        notice: cells.is_empty().then(|| language.nothing_measured().to_owned()),
        y,
        beside: Vec::new(),
    }
}

/// The levels that any framework was measured at in a scenario, ascending.
fn scenario_levels(scenario: &str, analysis: &Analysis) -> Vec<u32> {
    let mut levels: Vec<u32> =
        analysis.runs.iter().filter(|run| run.scenario == scenario).filter_map(|run| run.concurrency).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// Neighbouring points, without the gaps between them.
fn stretches(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut stretches = vec![Vec::new()];
    for point in points {
        match (point, stretches.last_mut()) {
            (Some(point), Some(stretch)) => stretch.push(point),
            _ => stretches.push(Vec::new()),
        }
    }
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

fn footnotes(analysis: &Analysis, panels: &[Panel], language: Language) -> Vec<String> {
    let series = || panels.iter().flat_map(|panel| &panel.series);
    let mut points = series().flat_map(|series| series.segments.iter().flatten());
    let mut footnotes = Vec::new();
    if points.any(|point| point.interval.is_some()) {
        let percent = (1.0 - analysis.alpha) * 100.0;
        let percent = format!("{percent:.2}");
        footnotes.push(language.points_and_bands(percent.trim_end_matches('0').trim_end_matches('.')));
    } else if series().any(|series| !series.segments.is_empty()) {
        footnotes.push(language.single_runs().to_owned());
    }
    if !analysis.concurrency_levels.is_empty() && series().any(|series| 1 < series.segments.len()) {
        footnotes.push(language.gaps().to_owned());
    }
    let is_bare = |name: &str| series().filter(|series| series.name == name).all(|series| series.segments.is_empty());
    if panels.iter().any(|panel| panel.notice.is_none()) && series().any(|series| is_bare(&series.name)) {
        footnotes.push(language.no_line().to_owned());
    }
    footnotes
}
