//! The main figure: who is faster, and where. Total time on the left; on the right average time per request, or the ratio to
//! the fastest where both times have the same shape.

use std::collections::HashMap;

use super::dot_rows::dot_rows;
use super::end_names::end_names;
use super::figure::{Figure, LegendEntry, Mark, Panel, Point, Scale, Series, Style};
use super::lines::{self, Line, Lines, STRETCH, WIDE, percent, points, range, value_scale};
use super::options::{ChartOptions, MainPanel};
use super::ratio_panel::ratio_panel;
use super::ticks::time_axis;
use super::unit::TimeUnit;
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::stats::Cell;

/// With more lines than this only the fastest have colours.
const MOST_COLORS: usize = 8;

/// How many those are.
const HIGHLIGHTED: usize = 5;

/// Fewer runs than this are drawn one by one: an interval of two or three says less than they do.
pub(super) const ENOUGH_FOR_BANDS: usize = 4;

/// The figure of an analysis.
pub fn performance_comparison(analysis: &Analysis, options: &ChartOptions) -> Figure {
    let groups: Vec<Lines<'_>> =
        [Some(Lines::new(analysis, options)), Lines::without_level(analysis)].into_iter().flatten().collect();
    let mut panels = Vec::new();
    for lines in groups.iter().filter(|lines| !lines.all.is_empty()) {
        if let Some(level) = lines.only_level() {
            let metrics = metrics_in_rows(analysis, options);
            panels.extend(metrics.into_iter().filter_map(|metric| dot_rows(metric, lines, level, analysis, options)));
            continue;
        }
        for wanted in wanted(analysis, options) {
            panels.extend(match wanted {
                MainPanel::Total => Some(panel(Metric::TotalTime, lines, analysis, options)),
                MainPanel::Average => Some(panel(Metric::AvgTimePerRequest, lines, analysis, options)),
                MainPanel::Ratio => ratio_panel(lines, analysis, options),
            });
        }
    }
    if panels.is_empty() {
        let total = groups.first().map(|lines| panel(Metric::TotalTime, lines, analysis, options));
        panels.extend(total);
    }
    // Rows have their names beside them.
    let along_levels = || groups.iter().filter(|lines| lines.only_level().is_none());
    let mut legend: Vec<LegendEntry> = along_levels().flat_map(Lines::legend).collect();
    let count = legend.len();
    if MOST_COLORS < count {
        let lines: Vec<&Line<'_>> = along_levels().flat_map(|lines| &lines.all).collect();
        highlight(analysis, &lines, &mut panels, &mut legend);
    }
    let is_empty = panels.iter().all(|panel| points(&panel.series).next().is_none());
    let headline = analysis.headline().filter(|_| !is_empty);
    let mut footnotes = footnotes(analysis, &panels);
    if MOST_COLORS < count {
        footnotes.push(analysis.language.highlighted(HIGHLIGHTED, count));
    }
    Figure {
        title: options.title.clone().or(headline),
        subtitle: (!is_empty).then(|| subtitle(analysis)),
        footnotes,
        panels,
        legend,
        columns: None,
    }
}

/// Which panels are drawn: those asked for, or the pair that says the most.
fn wanted(analysis: &Analysis, options: &ChartOptions) -> Vec<MainPanel> {
    if !options.panels.is_empty() {
        return options.panels.clone();
    }
    if have_same_shape(analysis) {
        return vec![MainPanel::Total, MainPanel::Ratio];
    }
    vec![MainPanel::Total, MainPanel::Average]
}

/// What rows show: the times that were asked for, or the one that frameworks are ranked by.
fn metrics_in_rows(analysis: &Analysis, options: &ChartOptions) -> Vec<Metric> {
    let asked: Vec<Metric> = options
        .panels
        .iter()
        .filter_map(|panel| match panel {
            MainPanel::Total => Some(Metric::TotalTime),
            MainPanel::Average => Some(Metric::AvgTimePerRequest),
            MainPanel::Ratio => None,
        })
        .collect();
    if !asked.is_empty() {
        return asked;
    }
    let has = |metric: Metric| analysis.cells.iter().any(|cell| cell.metric == metric);
    let ranked = analysis.ranking.first().map(|ranking| ranking.metric).filter(|metric| has(*metric));
    let average = analysis.time_metrics().iter().rev().copied().find(|metric| has(*metric));
    ranked.or(average).into_iter().collect()
}

/// Whether total and average time are the same up to a factor, as all runs have as many requests.
fn have_same_shape(analysis: &Analysis) -> bool {
    let mut counts = analysis.runs.iter().filter(|run| run.total_time.is_some()).map(|run| run.requests_count);
    let first = counts.next().flatten();
    let is_compared = analysis.comparisons.iter().any(|row| row.ratio.is_finite());
    is_compared && first.is_some() && counts.all(|count| count == first)
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
    let is_here = |cell: &&Cell| {
        lines.all.iter().any(|line| cell.framework == line.framework && cell.scenario == line.scenario)
            && cell.concurrency.is_some()
    };
    let cells: Vec<&Cell> = analysis.cells.iter().filter(|cell| cell.metric == metric).filter(is_here).collect();
    let (smallest, largest) = range(cells.iter().map(|cell| cell.mean)).unwrap_or_default();
    let ends = cells.iter().filter(|cell| ENOUGH_FOR_BANDS <= cell.n).filter_map(|cell| cell.ci_high);
    let highest = ends.fold(largest, f64::max).min(largest * STRETCH);
    let unit = TimeUnit::for_largest(largest);
    let in_unit = |seconds: f64| seconds / unit.seconds();

    let scale = value_scale((smallest, largest), WIDE, options);
    let y = time_axis(&|unit| language.label(metric, unit), scale, unit, (smallest, highest), language);
    let places = by_place(&cells);
    let series = lines.series(|line, level| {
        let cell = places.get(&(line.framework, line.scenario, level))?;
        let interval = cell.ci_low.zip(cell.ci_high).filter(|_| ENOUGH_FOR_BANDS <= cell.n);
        let interval = interval.map(|(low, high)| (in_unit(low).max(y.min), in_unit(high)));
        Some((in_unit(cell.mean), interval))
    });
    let notice = cells.is_empty().then(|| nothing_measured(analysis));
    let ends = end_names(&series, |name, _| name.to_owned());
    Panel { notice, ends, ..lines::panel(language.title(metric).to_owned(), lines.x.clone(), y, series) }
}

/// Why a panel is empty.
fn nothing_measured(analysis: &Analysis) -> String {
    let failed = analysis
        .runs
        .iter()
        .filter(|run| run.requests_count.is_some_and(|count| 0 < count) && run.error_count == run.requests_count);
    match failed.count() {
        0 => analysis.language.nothing_measured().to_owned(),
        all if all == analysis.runs.len() => analysis.language.all_failed(all),
        _ => analysis.language.nothing_measured().to_owned(),
    }
}

/// How much was measured, and which way is better.
fn subtitle(analysis: &Analysis) -> String {
    let mut counts = analysis.runs.iter().filter(|run| run.total_time.is_some()).map(|run| run.requests_count);
    let first = counts.next().flatten();
    let requests = first.filter(|_| counts.all(|count| count == first)).filter(|count| 1 < *count);
    let timed = analysis
        .cells
        .iter()
        .filter(|cell| cell.metric == Metric::TotalTime || cell.metric == Metric::AvgTimePerRequest);
    let repetitions = range(timed.map(|cell| cell.n as f64)).map(|(few, most)| (few as usize, most as usize));
    analysis.language.measured(requests, repetitions.unwrap_or((1, 1)))
}

/// Leaves colours to the fastest lines; the others are grey, and of their names only the slowest one's stays.
fn highlight(analysis: &Analysis, lines: &[&Line<'_>], panels: &mut [Panel], legend: &mut Vec<LegendEntry>) {
    let rank = |line: &Line<'_>| {
        let ranking = analysis.ranking.iter().find(|ranking| ranking.scenario == line.scenario)?;
        ranking.tiers.iter().flatten().position(|name| name == line.framework)
    };
    let mut ranked: Vec<(usize, Style)> =
        lines.iter().map(|line| (rank(line).unwrap_or(usize::MAX), line.style)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let kept: Vec<Style> = ranked.iter().take(HIGHLIGHTED).map(|(_, style)| *style).collect();
    let slowest = ranked.iter().rfind(|(rank, _)| *rank < usize::MAX).map(|(_, style)| *style);
    for panel in panels.iter_mut().filter(|panel| panel.y.scale != Scale::Rows) {
        panel.ends.retain(|end| kept.contains(&end.style) || Some(end.style) == slowest);
        for end in panel.ends.iter_mut().filter(|end| !kept.contains(&end.style)) {
            end.style = Style::Plain;
        }
        let (colored, mut all): (Vec<Series>, Vec<Series>) =
            panel.series.drain(..).partition(|series| kept.contains(&series.style));
        for series in all.iter_mut().filter(|series| matches!(series.style, Style::Framework(_))) {
            series.style = Style::Plain;
            if series.segments.iter().any(|segment| 1 < segment.len()) {
                series.mark = Mark::Curve;
            }
            for point in series.segments.iter_mut().flatten() {
                *point = Point { interval: None, ..*point };
            }
        }
        all.extend(colored);
        panel.series = all;
    }
    legend.retain(|entry| kept.contains(&entry.style));
}

/// What points, bands and gaps mean in these panels.
pub(super) fn reading_notes(analysis: &Analysis, panels: &[Panel]) -> Vec<String> {
    let language = analysis.language;
    let series = || panels.iter().flat_map(|panel| &panel.series).filter(|series| series.mark != Mark::Zone);
    let of_mark =
        |mark: Mark| points(series().filter(move |series| series.mark == mark)).any(|point| point.interval.is_some());
    let mut footnotes = Vec::new();
    let percent = percent(1.0 - analysis.alpha);
    if of_mark(Mark::Measured) {
        footnotes.push(language.points_and_bands(&percent));
    } else if analysis.cells.iter().all(|cell| cell.n < 2) && series().any(|series| !series.segments.is_empty()) {
        footnotes.push(language.single_runs().to_owned());
    } else if !of_mark(Mark::Points) && !of_mark(Mark::Row) && series().any(|series| !series.segments.is_empty()) {
        footnotes.push(language.few_runs().to_owned());
    }
    if of_mark(Mark::Points) || of_mark(Mark::Row) {
        footnotes.push(language.bars(&percent));
    }
    footnotes.extend(gaps_note(analysis, panels));
    footnotes
}

/// Why lines are broken, where one is.
pub(super) fn gaps_note(analysis: &Analysis, panels: &[Panel]) -> Option<String> {
    let is_line = |series: &Series| matches!(series.mark, Mark::Measured | Mark::Guide);
    let is_broken = |panel: &Panel, series: &Series| {
        is_line(series)
            && 1 < series.segments.len()
            && panel.x.ticks.iter().all(|tick| tick.label.parse::<u32>().is_ok())
    };
    let any_broken = panels.iter().any(|panel| panel.series.iter().any(|series| is_broken(panel, series)));
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
