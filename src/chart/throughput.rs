//! Throughput against concurrency: what was measured, the law fitted to it, its peak, and where it saturates.

use std::collections::HashMap;

use super::figure::{Figure, LegendEntry, Mark, Panel, Point, Series, Style};
use super::lines::{Line, Lines, Measured, STRETCH, WIDE, panel, percent, points, range, value_scale};
use super::options::ChartOptions;
use super::performance::{by_place, cells_of, gaps_note, reading_notes};
use super::ticks::value_axis;
use super::unit::RateUnit;
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::scaling::{Rejection, Scaling, ScalingMetric};
use crate::stats::Cell;

/// The figure; `None` where no throughput is known.
pub fn throughput(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let lines = Lines::new(analysis, options);
    let known = Known::new(analysis);
    let found = lines.series(|line, level| known.measured(line, level));
    let laws = || lines.all.iter().filter_map(|line| known.law(line)).flat_map(|scaling| &scaling.curve);
    let (smallest, largest) = range(points(&found).map(|point| point.y).chain(laws().map(|point| point.throughput)))?;
    let ends = points(&found).filter_map(|point| point.interval).map(|(_, high)| high);
    let highest = ends.chain(laws().filter_map(|point| point.high)).fold(largest, f64::max).min(largest * STRETCH);

    let unit = RateUnit::for_largest(largest);
    let in_unit = |rate: f64| rate / unit.per_second();
    let is_goodput = analysis.scaling.iter().any(|scaling| scaling.metric == ScalingMetric::Goodput);
    let metric = if is_goodput { ScalingMetric::Goodput } else { ScalingMetric::Throughput };
    let scale = value_scale((smallest, largest), WIDE * WIDE, options);
    let y = value_axis(language.rate_axis(metric, unit), scale, in_unit(smallest), in_unit(highest));

    let has_law = lines.all.iter().any(|line| known.law(line).is_some());
    let mut series = if has_law { with_laws(&lines, found, &known) } else { found };
    series.extend(marks(&lines, &known, Mark::Ring, |scaling| known.saturation(scaling)));
    series.extend(marks(&lines, &known, Mark::Pin, |scaling| known.peak(scaling)));
    for point in series.iter_mut().flat_map(|series| series.segments.iter_mut().flatten()) {
        point.y = in_unit(point.y);
        point.interval = point.interval.map(|(low, high)| (in_unit(low).max(y.min), in_unit(high)));
    }
    let panel = panel(language.throughput_title(has_law).to_owned(), lines.x.clone(), y, series);
    let footnotes = footnotes(&lines, &known, &panel, has_law);
    let keys = keys(analysis, &panel);
    let mut figure = lines.figure(options, vec![panel], footnotes);
    for entry in &mut figure.legend {
        let line = lines.all.iter().find(|line| line.style == entry.style);
        if let Some((level, _)) = line.and_then(|line| known.peak(known.scaling(line)?)) {
            entry.name = language.with_peak(&entry.name, level);
        }
    }
    figure.legend.extend(keys);
    Some(figure)
}

/// What is known of throughputs, by framework and scenario.
struct Known<'a> {
    analysis: &'a Analysis,
    scaling: HashMap<(&'a str, &'a str), &'a Scaling>,
    cells: HashMap<(&'a str, &'a str, Option<u32>), &'a Cell>,
}

impl<'a> Known<'a> {
    fn new(analysis: &'a Analysis) -> Self {
        let place = |scaling: &'a Scaling| ((scaling.framework.as_str(), scaling.scenario.as_str()), scaling);
        let cells = by_place(&cells_of(analysis, Metric::Throughput));
        Self { analysis, scaling: analysis.scaling.iter().map(place).collect(), cells }
    }

    fn scaling(&self, line: &Line<'_>) -> Option<&'a Scaling> {
        self.scaling.get(&(line.framework, line.scenario)).copied()
    }

    /// The record of a line whose law was accepted.
    fn law(&self, line: &Line<'_>) -> Option<&'a Scaling> {
        self.scaling(line).filter(|scaling| !scaling.curve.is_empty())
    }

    /// What the law was fitted to, and where nothing was, what the runs say.
    fn measured(&self, line: &Line<'_>, level: Option<u32>) -> Option<Measured> {
        let cell = self.cells.get(&(line.framework, line.scenario, level)).copied();
        let interval = cell.and_then(|cell| cell.ci_low.zip(cell.ci_high));
        let Some(scaling) = self.scaling(line) else { return cell.map(|cell| (cell.mean, interval)) };
        let rate = scaling.efficiency.iter().find(|found| Some(found.concurrency) == level)?.throughput;
        // The interval is one of completed requests: where some failed it is around another mean.
        let is_same = cell.is_some_and(|cell| (cell.mean - rate).abs() <= 1e-9 * rate);
        Some((rate, interval.filter(|_| is_same)))
    }

    /// The peak of an accepted law, where it lies among the levels that its own line was measured at.
    fn peak(&self, scaling: &Scaling) -> Option<(u64, f64)> {
        let highest = scaling.efficiency.last().map_or(0, |level| u64::from(level.concurrency));
        let peak = scaling.peak_concurrency.zip(scaling.peak_throughput);
        peak.filter(|(level, _)| !scaling.curve.is_empty() && *level <= highest)
    }

    /// Where growth ends. Where the highest level is the best one, nothing is known of that.
    fn saturation(&self, scaling: &Scaling) -> Option<(u64, f64)> {
        let highest = scaling.efficiency.last()?.concurrency;
        let level = scaling.saturation_concurrency.filter(|level| *level < highest)?;
        Some((u64::from(level), scaling.saturation_throughput?))
    }
}

/// Curves, and the points that they were fitted to. Points without a curve are joined by a thin dashed line, which nobody
/// takes for a law.
fn with_laws(lines: &Lines<'_>, found: Vec<Series>, known: &Known<'_>) -> Vec<Series> {
    let mut series = Vec::new();
    for line in &lines.all {
        let Some(scaling) = known.law(line) else { continue };
        let curve = scaling.curve.iter().map(|point| Point {
            x: point.concurrency,
            y: point.throughput,
            interval: point.low.zip(point.high),
        });
        series.push(of_line(line, Mark::Curve, vec![curve.collect()]));
    }
    for (line, own) in lines.all.iter().zip(found) {
        if known.law(line).is_none() {
            let bare = |point: &Point| Point { interval: None, ..*point };
            let joined = own.segments.iter().map(|segment| segment.iter().map(bare).collect()).collect();
            series.push(of_line(line, Mark::Guide, joined));
        }
        series.push(Series { mark: Mark::Points, ..own });
    }
    series
}

/// A mark at one place of each line that has it.
fn marks(
    lines: &Lines<'_>,
    known: &Known<'_>,
    mark: Mark,
    place: impl Fn(&Scaling) -> Option<(u64, f64)>,
) -> Vec<Series> {
    let of = |line: &Line<'_>| {
        let (level, rate) = place(known.scaling(line)?)?;
        Some(of_line(line, mark, vec![vec![Point { x: level as f64, y: rate, interval: None }]]))
    };
    lines.all.iter().filter_map(of).collect()
}

fn of_line(line: &Line<'_>, mark: Mark, segments: Vec<Vec<Point>>) -> Series {
    Series { name: line.name.clone(), style: line.style, mark, segments }
}

/// What the marks mean that are in the panel.
fn keys(analysis: &Analysis, panel: &Panel) -> Vec<LegendEntry> {
    let language = analysis.language;
    [(Mark::Pin, language.peak_key()), (Mark::Ring, language.saturation_key())]
        .into_iter()
        .filter(|(mark, _)| panel.series.iter().any(|series| series.mark == *mark))
        .map(|(mark, name)| LegendEntry { name: name.to_owned(), style: Style::Plain, mark })
        .collect()
}

fn footnotes(lines: &Lines<'_>, known: &Known<'_>, panel: &Panel, has_law: bool) -> Vec<String> {
    let analysis = known.analysis;
    let panels = std::slice::from_ref(panel);
    if !has_law {
        let mut footnotes = reading_notes(analysis, panels);
        footnotes.extend(missing_laws(lines, known));
        return footnotes;
    }
    let has_repetitions = analysis.scaling.iter().any(|scaling| scaling.levels < scaling.points);
    let percent = percent(1.0 - analysis.alpha);
    let mut footnotes = vec![analysis.language.points_and_curves(has_repetitions, &percent)];
    footnotes.extend(missing_laws(lines, known));
    if panel.series.iter().any(|series| series.mark == Mark::Guide) {
        footnotes.push(analysis.language.joined_points().to_owned());
    }
    footnotes.extend(gaps_note(analysis, panels));
    footnotes
}

/// More names than these are not repeated where all lines are meant.
const FEW_NAMES: usize = 3;

/// Why lines have no curve, one sentence for each reason.
fn missing_laws(lines: &Lines<'_>, known: &Known<'_>) -> Vec<String> {
    let language = known.analysis.language;
    let mut reasons: Vec<(Option<Rejection>, Vec<&str>)> = Vec::new();
    for line in &lines.all {
        let Some(scaling) = known.scaling(line).filter(|scaling| scaling.curve.is_empty()) else { continue };
        match reasons.iter_mut().find(|(reason, _)| *reason == scaling.reason) {
            Some((_, names)) => names.push(&line.name),
            None => reasons.push((scaling.reason, vec![&line.name])),
        }
    }
    let named = |names: &[&str]| {
        let is_all = FEW_NAMES < names.len() && names.len() == lines.all.len();
        if is_all { language.any_line().to_owned() } else { names.join(language.comma()) }
    };
    reasons.iter().map(|(reason, names)| language.no_curve(&named(names), *reason)).collect()
}
