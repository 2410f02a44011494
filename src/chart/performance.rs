//! The main figure: total time on the left, average time per request on the right, both against concurrency.

use std::collections::HashMap;

use super::figure::{Figure, Mark, Panel, Scale, Series};
use super::lines::{self, Lines, STRETCH, percent, points};
use super::options::ChartOptions;
use super::ticks::value_axis;
use super::unit::TimeUnit;
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::stats::Cell;

/// The figure of an analysis.
pub fn performance_comparison(analysis: &Analysis, options: &ChartOptions) -> Figure {
    let lines = Lines::new(analysis, if options.log_x { Scale::Log } else { Scale::Linear });
    let panels: Vec<Panel> = [Metric::TotalTime, Metric::AvgTimePerRequest]
        .iter()
        .map(|metric| panel(*metric, &lines, analysis, options))
        .collect();
    Figure {
        title: options.title.clone(),
        footnotes: footnotes(analysis, &panels),
        panels,
        legend: lines.legend(),
        columns: None,
    }
}

/// The cells of a metric that have a place on the horizontal axis.
pub(super) fn cells_of(analysis: &Analysis, metric: Metric) -> Vec<&Cell> {
    let has_place = |cell: &&Cell| cell.concurrency.is_some() || analysis.concurrency_levels.is_empty();
    analysis.cells.iter().filter(|cell| cell.metric == metric).filter(has_place).collect()
}

/// Cells by framework, scenario and level.
pub(super) fn by_place<'a>(cells: &[&'a Cell]) -> HashMap<(&'a str, &'a str, Option<u32>), &'a Cell> {
    let place = |cell: &&'a Cell| ((cell.framework.as_str(), cell.scenario.as_str(), cell.concurrency), *cell);
    cells.iter().map(place).collect()
}

fn panel(metric: Metric, lines: &Lines<'_>, analysis: &Analysis, options: &ChartOptions) -> Panel {
    let language = analysis.language;
    let cells = cells_of(analysis, metric);
    let largest_mean = cells.iter().map(|cell| cell.mean).fold(0.0, f64::max);
    let smallest_mean = cells.iter().map(|cell| cell.mean).fold(f64::INFINITY, f64::min);
    let highest = cells.iter().filter_map(|cell| cell.ci_high).fold(largest_mean, f64::max).min(largest_mean * STRETCH);
    let unit = TimeUnit::for_largest(largest_mean);
    let in_unit = |seconds: f64| seconds / unit.seconds();

    let scale = if options.log_y { Scale::Log } else { Scale::Linear };
    let y = value_axis(language.label(metric, unit), scale, in_unit(smallest_mean), in_unit(highest));
    let places = by_place(&cells);
    let series = lines.series(|line, level| {
        let cell = places.get(&(line.framework, line.scenario, level))?;
        let interval = cell.ci_low.zip(cell.ci_high).map(|(low, high)| (in_unit(low).max(y.min), in_unit(high)));
        Some((in_unit(cell.mean), interval))
    });
    let notice = cells.is_empty().then(|| language.nothing_measured().to_owned());
    Panel { notice, ..lines::panel(language.title(metric).to_owned(), lines.x.clone(), y, series) }
}

/// What points, bands and gaps mean in these panels.
pub(super) fn reading_notes(analysis: &Analysis, panels: &[Panel]) -> Vec<String> {
    let language = analysis.language;
    let series = || panels.iter().flat_map(|panel| &panel.series);
    let mut footnotes = Vec::new();
    if points(series()).any(|point| point.interval.is_some()) {
        footnotes.push(language.points_and_bands(&percent(1.0 - analysis.alpha)));
    } else if series().any(|series| !series.segments.is_empty()) {
        footnotes.push(language.single_runs().to_owned());
    }
    footnotes.extend(gaps_note(analysis, panels));
    footnotes
}

/// Why lines are broken, where one is.
pub(super) fn gaps_note(analysis: &Analysis, panels: &[Panel]) -> Option<String> {
    let is_line = |series: &Series| matches!(series.mark, Mark::Measured | Mark::Guide);
    let is_broken = |series: &Series| is_line(series) && 1 < series.segments.len();
    let any_broken = panels.iter().flat_map(|panel| &panel.series).any(is_broken);
    (any_broken && !analysis.concurrency_levels.is_empty()).then(|| analysis.language.gaps().to_owned())
}

fn footnotes(analysis: &Analysis, panels: &[Panel]) -> Vec<String> {
    let language = analysis.language;
    let series = || panels.iter().flat_map(|panel| &panel.series);
    let mut footnotes = reading_notes(analysis, panels);
    let is_bare = |name: &str| series().filter(|series| series.name == name).all(|series| series.segments.is_empty());
    if panels.iter().any(|panel| panel.notice.is_none()) && series().any(|series| is_bare(&series.name)) {
        footnotes.push(language.no_line().to_owned());
    }
    footnotes
}
