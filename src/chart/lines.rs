//! What the figures have in common: one line per framework and scenario, over the levels that were measured.

use super::figure::{Axis, Figure, LegendEntry, Mark, Panel, Point, Scale, Series, Style};
use super::options::ChartOptions;
use super::ticks::{level_axis, name_axis};
use crate::analysis::{Analysis, RunRecord};
use crate::record::SeriesKey;

/// How far above the largest mean an interval may stretch the axis. Two repetitions give intervals that would flatten
/// everything else.
pub(super) const STRETCH: f64 = 1.3;

/// Values this many times apart stand on a logarithmic axis, as the small ones could not be told apart on another.
pub(super) const WIDE: f64 = 20.0;

/// A framework in a scenario.
pub(super) struct Line<'a> {
    pub(super) framework: &'a str,
    pub(super) scenario: &'a str,
    /// What it is called in charts.
    pub(super) name: String,
    pub(super) style: Style,
}

/// What is drawn at one place: the value, and its interval where there is one.
pub(super) type Measured = (f64, Option<(f64, f64)>);

/// All lines, and the axis that they run along.
pub(super) struct Lines<'a> {
    analysis: &'a Analysis,
    pub(super) all: Vec<Line<'a>>,
    pub(super) x: Axis,
    /// The one level, or none, at which each line has a place of its own on the axis; `None` where lines run along levels.
    side_by_side: Option<Option<u32>>,
}

impl<'a> Lines<'a> {
    /// The lines that have a level, or all where none has one, in the order in which their frameworks were first seen.
    pub(super) fn new(analysis: &'a Analysis, options: &ChartOptions) -> Self {
        let levels = &analysis.concurrency_levels;
        let all: Vec<Line<'a>> =
            lines(analysis).into_iter().filter(|line| levels.is_empty() || has_level(line, analysis)).collect();
        if levels.is_empty() || levels.len() == 1 && 1 < all.len() {
            return Self::side_by_side(analysis, all, levels.first().copied());
        }
        let scale = level_scale(levels, options);
        let x = level_axis(analysis.language.scaled(analysis.language.level(&analysis.axis), scale), scale, levels);
        Self { analysis, all, x, side_by_side: None }
    }

    /// The lines that have no level while others have one; `None` where there is no such line.
    pub(super) fn without_level(analysis: &'a Analysis) -> Option<Self> {
        let all: Vec<Line<'a>> = lines(analysis).into_iter().filter(|line| !has_level(line, analysis)).collect();
        let are_apart = !analysis.concurrency_levels.is_empty() && !all.is_empty();
        are_apart.then(|| Self::side_by_side(analysis, all, None))
    }

    fn side_by_side(analysis: &'a Analysis, all: Vec<Line<'a>>, level: Option<u32>) -> Self {
        let names: Vec<&str> = all.iter().map(|line| line.name.as_str()).collect();
        let x = name_axis(analysis.language.frameworks_at(&analysis.axis, level), &names);
        Self { analysis, all, x, side_by_side: Some(level) }
    }

    /// One series for each line, of what `measure` finds at the levels that the line itself was measured at: it is broken
    /// where its own runs have nothing to show, and not where only others have a level.
    ///
    /// Where no level is known at all, or only one, each line has one place of its own; on one level, points would hide
    /// each other.
    pub(super) fn series(&self, measure: impl Fn(&Line<'_>, Option<u32>) -> Option<Measured>) -> Vec<Series> {
        let point = |x, (y, interval)| Point { x, y, interval };
        let segments = |(index, line): (usize, &Line<'_>)| {
            if let Some(level) = self.side_by_side {
                measure(line, level).map(|found| vec![point((index + 1) as f64, found)]).into_iter().collect()
            } else {
                let levels = own_levels(line, self.analysis);
                stretches(levels.iter().map(|level| Some(point(f64::from(*level), measure(line, Some(*level))?))))
            }
        };
        self.all
            .iter()
            .enumerate()
            .map(|line| Series {
                segments: segments(line),
                name: line.1.name.clone(),
                style: line.1.style,
                mark: Mark::Measured,
            })
            .collect()
    }

    /// The one level, or none, at which each line has a place of its own; `None` where lines run along levels.
    pub(super) fn only_level(&self) -> Option<Option<u32>> {
        self.side_by_side
    }

    /// The entries of the legend.
    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        let entry = |line: &Line<'_>| LegendEntry { name: line.name.clone(), style: line.style, mark: Mark::Measured };
        self.all.iter().map(entry).collect()
    }

    /// A figure with a legend of those lines that can be seen in a panel.
    pub(super) fn figure(&self, options: &ChartOptions, panels: Vec<Panel>, footnotes: Vec<String>) -> Figure {
        let is_seen = |entry: &LegendEntry| {
            let mut series = panels.iter().flat_map(|panel| &panel.series);
            series.any(|series| series.style == entry.style && !series.segments.is_empty())
        };
        let legend = self.legend().into_iter().filter(is_seen).collect();
        Figure { title: options.title.clone(), subtitle: None, panels, legend, footnotes, columns: None }
    }
}

/// The scale of the levels: logarithmic where it is asked for, where they are far apart, and where half of them or more would
/// stand in the first eighth of a linear axis.
pub(super) fn level_scale(levels: &[u32], options: &ChartOptions) -> Scale {
    let (first, last) = (levels.first().copied().unwrap_or_default(), levels.last().copied().unwrap_or_default());
    let crowded = levels.iter().filter(|level| **level - first <= (last - first) / 8).count();
    let is_wide = f64::from(first) * WIDE <= f64::from(last);
    let is_crowded = 3 < levels.len() && (is_wide || levels.len() <= 2 * crowded);
    if first == 0 {
        return Scale::Linear;
    }
    if options.log_x || is_crowded && !options.linear { Scale::Log } else { Scale::Linear }
}

/// The scale of values from `smallest` to `largest`: logarithmic where it is asked for, and where they are far apart.
pub(super) fn value_scale((smallest, largest): (f64, f64), wide: f64, options: &ChartOptions) -> Scale {
    let is_wide = 0.0 < smallest && smallest * wide <= largest;
    if options.log_y || is_wide && !options.linear { Scale::Log } else { Scale::Linear }
}

/// A panel whose series stand on these axes.
pub(super) fn panel(title: String, x: Axis, y: Axis, series: Vec<Series>) -> Panel {
    Panel { title, x, y, cells: Vec::new(), series, notice: None, beside: Vec::new(), ends: Vec::new(), below: None }
}

/// Every point of some series.
pub(super) fn points<'a>(series: impl IntoIterator<Item = &'a Series>) -> impl Iterator<Item = &'a Point> {
    series.into_iter().flat_map(|series| series.segments.iter().flatten())
}

/// The smallest and the largest of some values; `None` where there is none.
pub(super) fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// The number of percent in words: as many decimals as it takes.
pub(super) fn percent(share: f64) -> String {
    let percent = format!("{:.2}", share * 100.0);
    percent.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn lines(analysis: &Analysis) -> Vec<Line<'_>> {
    let exists = |framework: &str, scenario: &str| {
        analysis.runs.iter().any(|run| run.framework == framework && run.scenario == scenario)
    };
    let mut lines: Vec<Line<'_>> = Vec::new();
    for framework in &analysis.frameworks {
        for scenario in analysis.scenarios.iter().filter(|scenario| exists(framework, scenario)) {
            let name = SeriesKey::new(framework, scenario).to_string();
            lines.push(Line { framework, scenario, name, style: Style::Framework(lines.len()) });
        }
    }
    lines
}

fn has_level(line: &Line<'_>, analysis: &Analysis) -> bool {
    own_runs(line, analysis).any(|run| run.concurrency.is_some())
}

fn own_runs<'a>(line: &Line<'_>, analysis: &'a Analysis) -> impl Iterator<Item = &'a RunRecord> {
    analysis.runs.iter().filter(|run| run.framework == line.framework && run.scenario == line.scenario)
}

/// The levels that a line was measured at, ascending.
fn own_levels(line: &Line<'_>, analysis: &Analysis) -> Vec<u32> {
    let mut levels: Vec<u32> = own_runs(line, analysis).filter_map(|run| run.concurrency).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// Neighbouring points, without the gaps between them.
pub(super) fn stretches(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_have_the_decimals_that_they_need() {
        assert_eq!([0.95, 0.999, 0.05, 0.0].map(percent), ["95", "99.9", "5", "0"]);
    }

    #[test]
    fn ranges() {
        assert_eq!(range([3.0, 1.0, 2.0]), Some((1.0, 3.0)));
        assert_eq!(range([]), None);
    }
}
