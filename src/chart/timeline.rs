//! Latency over time: in each panel one run, with its requests as cells, percentiles above them, and its rate below.

use super::figure::{Axis, Figure, HeatCell, LegendEntry, Mark, Panel, Point, Scale, Series, Style};
use super::lines::{Line, Lines, panel, points, range, stretches};
use super::options::ChartOptions;
use super::shades::{cells, most};
use super::ticks::{low_axis, span_axis, time_axis};
use super::unit::{RateUnit, TimeUnit};
use crate::analysis::{Analysis, LatencyRows, RunTimeline, TimeBin, TimeSpan};
use crate::language::Language;

/// The figure; `None` where no run was put together from requests whose times are known.
///
/// All panels share their latencies and shades; each has its own time and rate, as runs take long or short.
pub fn timeline(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let lines = Lines::new(analysis, options);
    let (shown, columns) = shown(analysis, &lines);
    let rows = || shown.iter().map(|run| run.rows);
    let (smallest, largest) = range(rows().flat_map(|rows| rows.edges.iter().copied()))?;
    let unit = TimeUnit::for_largest(largest);
    let latencies = time_axis(&|unit| language.latency_axis(unit), Scale::Log, unit, (smallest, largest), language);
    let most = most(rows());
    let panels: Vec<Panel> = shown.iter().map(|run| run.panel(analysis, unit, latencies.clone(), most)).collect();
    let legend = legend(language, &panels, most);
    let footnotes = footnotes(analysis, &shown);
    Some(Figure { title: options.title.clone(), subtitle: None, panels, legend, footnotes, columns })
}

/// A run with a panel of its own.
struct Shown<'a> {
    line: &'a Line<'a>,
    timeline: &'a RunTimeline,
    rows: &'a LatencyRows,
}

/// The runs in the order of their panels, and how many of these make a row.
fn shown<'a>(analysis: &'a Analysis, lines: &'a Lines<'a>) -> (Vec<Shown<'a>>, Option<usize>) {
    let mut shown = Vec::new();
    let mut series = 0;
    for line in &lines.all {
        let before = shown.len();
        let own = |run: &&RunTimeline| run.framework == line.framework && run.scenario == line.scenario;
        let runs = analysis.timelines.iter().filter(own);
        shown.extend(runs.filter_map(|run| Some(Shown { line, timeline: run, rows: run.latencies.as_ref()? })));
        series += usize::from(before < shown.len());
    }
    // Two series stand one above the other, with their levels side by side; three the other way around.
    let is_transposed = 2 < series;
    shown.sort_by_key(|run| {
        let (line, level) = (lines.all.iter().position(|line| line.style == run.line.style), run.timeline.concurrency);
        if is_transposed { (level, line, None) } else { (None, line, level) }
    });
    let side_by_side = match (series, shown.len()) {
        (3, count) if 3 < count => 3,
        (2, count) if 2 < count => count.div_ceil(2),
        (_, count) if count <= 3 => count,
        (_, 4) => 2,
        (_, count) if count <= 6 => 3,
        _ => 4,
    };
    (shown, Some(side_by_side))
}

impl Shown<'_> {
    fn panel(&self, analysis: &Analysis, latency_unit: TimeUnit, y: Axis, most: u64) -> Panel {
        let language = analysis.language;
        let bins = &self.timeline.bins;
        let end = bins.last().map_or(0.0, |bin| bin.end);
        let unit = TimeUnit::for_largest(end);
        let in_time = |seconds: f64| seconds / unit.seconds();
        let in_latency = |seconds: f64| seconds / latency_unit.seconds();
        let x = span_axis(language.time_axis(unit), in_time(end));

        let percentile = |mark: Mark, name: &str, of: fn(&TimeBin) -> Option<f64>| {
            let point = |bin: &TimeBin| {
                let middle = f64::midpoint(bin.start, bin.end);
                Some(Point { x: in_time(middle), y: in_latency(of(bin)?), interval: None })
            };
            series(name, Style::Ink, mark, stretches(bins.iter().map(point)))
        };
        let mut upper = marks(language, self.timeline, &x, &y, in_time);
        upper.push(percentile(Mark::Edged, language.median_key(), |bin| bin.latency_p50));
        upper.push(percentile(Mark::EdgedDashed, language.tail_key(), |bin| bin.latency_p99));
        let cells: Vec<HeatCell> = cells(bins, self.rows, most, in_time, in_latency);
        let below = rates(language, self.timeline, &x, in_time);
        let title =
            language.run_title(&analysis.axis, &self.line.name, self.timeline.concurrency, self.repetition(analysis));
        Panel { cells, below: Some(Box::new(below)), ..panel(title, x, y, upper) }
    }

    /// Which repetition this is, where there are several.
    fn repetition(&self, analysis: &Analysis) -> Option<u32> {
        let is_same = |other: &&RunTimeline| {
            (&other.framework, &other.scenario) == (&self.timeline.framework, &self.timeline.scenario)
                && other.concurrency == self.timeline.concurrency
        };
        self.timeline.repetition.filter(|_| 1 < analysis.timelines.iter().filter(is_same).count())
    }
}

/// What is sent and what fails over time.
fn rates(language: Language, timeline: &RunTimeline, x: &Axis, in_time: impl Fn(f64) -> f64 + Copy) -> Panel {
    let widest = timeline.bins.iter().map(|bin| bin.end - bin.start).fold(0.0, f64::max);
    // A run begins and ends within a bin, and a rate over a part of it that is too short is one of few requests.
    let bins =
        || timeline.bins.iter().map(|bin| (bin, bin.throughput.filter(|_| widest <= 2.0 * (bin.end - bin.start))));
    let largest = bins().filter_map(|(_, rate)| rate).fold(0.0, f64::max);
    let unit = RateUnit::for_largest(largest);
    let y = low_axis(language.short_rate_axis(unit).to_owned(), largest / unit.per_second());
    let steps = |rate: &dyn Fn(&TimeBin, f64) -> Option<f64>| {
        let step = |(bin, all): (&TimeBin, Option<f64>)| {
            let rate = all.and_then(|all| rate(bin, all)).map(|rate| rate / unit.per_second());
            [bin.start, bin.end].map(|time| rate.map(|y| Point { x: in_time(time), y, interval: Some((0.0, y)) }))
        };
        stretches(bins().flat_map(step))
    };
    let failed = |bin: &TimeBin, all: f64| {
        (0 < bin.error_count).then(|| all * bin.error_count as f64 / bin.requests_count.max(1) as f64)
    };
    let mut all = marks(language, timeline, x, &y, in_time);
    all.push(series(language.sent_key(), Style::Plain, Mark::Curve, steps(&|_, all| Some(all))));
    all.push(series(language.failed_key(), Style::Trouble, Mark::Curve, steps(&failed)));
    panel(String::new(), x.clone(), y, all)
}

/// When the run stood still, and when it was not yet steady.
fn marks(language: Language, timeline: &RunTimeline, x: &Axis, y: &Axis, in_time: impl Fn(f64) -> f64) -> Vec<Series> {
    let zone = |name: &str, style: Style, span: TimeSpan| {
        let side =
            |time: f64| Point { x: in_time(time).max(x.min).min(x.max), y: y.min, interval: Some((y.min, y.max)) };
        series(name, style, Mark::Zone, vec![vec![side(span.start), side(span.end)]])
    };
    let warm_up = timeline.warm_up.map(|span| zone(language.warm_up_key(), Style::Plain, span));
    let stall = timeline.stall.map(|span| zone(language.stall_key(), Style::Trouble, span));
    warm_up.into_iter().chain(stall).collect()
}

fn series(name: &str, style: Style, mark: Mark, segments: Vec<Vec<Point>>) -> Series {
    Series { name: name.to_owned(), style, mark, segments }
}

/// What can be seen in any panel.
fn legend(language: Language, panels: &[Panel], most: u64) -> Vec<LegendEntry> {
    let mut legend = vec![LegendEntry { name: language.shades_key(most), style: Style::Plain, mark: Mark::Shades }];
    let all = panels.iter().flat_map(|panel| [Some(panel), panel.below.as_deref()]).flatten();
    for series in all.flat_map(|panel| &panel.series).filter(|series| points([*series]).next().is_some()) {
        let entry = LegendEntry { name: series.name.clone(), style: series.style, mark: series.mark };
        if !legend.contains(&entry) {
            legend.push(entry);
        }
    }
    legend.sort_by_key(|entry| match entry.mark {
        Mark::Shades => 0,
        Mark::Edged | Mark::EdgedDashed => 1,
        Mark::Zone => 3,
        _ => 2,
    });
    legend
}

fn footnotes(analysis: &Analysis, shown: &[Shown<'_>]) -> Vec<String> {
    let language = analysis.language;
    let mut footnotes = Vec::new();
    if shown.len() < analysis.timelines.len() {
        let is_shown = |run: &RunTimeline| shown.iter().any(|shown| std::ptr::eq(shown.timeline, run));
        let is_marked = |run: &RunTimeline| run.stall.is_some() || run.warm_up.is_some();
        let others = analysis.timelines.iter().filter(|run| !is_shown(run) && is_marked(run)).count();
        footnotes.push(language.shown_runs(shown.len(), analysis.timelines.len(), others));
    }
    let successes = |bin: &TimeBin| bin.requests_count.saturating_sub(bin.error_count);
    let filled = || shown.iter().flat_map(|run| &run.timeline.bins).map(successes).filter(|count| 0 < *count);
    let few = filled().filter(|count| *count < ENOUGH_FOR_TAIL).count();
    if filled().count() < 2 * few {
        footnotes.push(language.thin_tail(ENOUGH_FOR_TAIL));
    }
    footnotes
}

/// The 99th percentile of fewer requests is the slowest of them.
const ENOUGH_FOR_TAIL: u64 = 100;
