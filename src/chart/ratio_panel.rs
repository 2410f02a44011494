//! How many times the time of the fastest the others take, level by level.

use super::end_names::{end_names, shown};
use super::figure::{Mark, Panel, Point, Series, Style};
use super::lines::{self, Line, Lines, percent, points};
use super::options::ChartOptions;
use super::performance::ENOUGH_FOR_BANDS;
use super::ratio_axis::ratio_axis;
use crate::analysis::Analysis;
use crate::compare::Comparison;
use crate::record::Direction;

/// The panel; `None` where no two of the lines are compared.
pub(super) fn ratio_panel(lines: &Lines<'_>, analysis: &Analysis, options: &ChartOptions) -> Option<Panel> {
    let language = analysis.language;
    let series = lines.series(|line, level| {
        let reference = reference(line, analysis, options)?;
        if line.framework == reference {
            return is_measured(line, level, analysis).then_some((1.0, None));
        }
        let (ratio, interval) = row(line, level, reference, analysis)?.ratio_of(line.framework, reference)?;
        let is_shown = ratio.is_finite() && 0.0 < ratio;
        let is_known = |(low, _): &(f64, f64)| 0.0 < *low && has_enough_runs(line, level, analysis);
        is_shown.then_some((ratio, interval.filter(is_known)))
    });
    if points(&series).all(|point| point.interval.is_none() && (point.y - 1.0).abs() <= f64::EPSILON) {
        return None;
    }
    let metric = analysis.ranking.first()?.metric;
    let mut references: Vec<&str> = lines.all.iter().filter_map(|line| reference(line, analysis, options)).collect();
    references.dedup();
    let common = if let [only] = references[..] { Some(only) } else { None };
    let margin = 1.0 + analysis.min_effect;
    let label = language.ratio_axis(common, metric.direction() == Direction::LowerIsBetter);
    let mut y = ratio_axis(label, points(&series).map(|point| (point.y, point.interval)), margin)?;
    for tick in &mut y.ticks {
        tick.label.push('×');
    }
    let clipped = |(low, high): (f64, f64)| (low.max(y.min), high.min(y.max));
    let ends = end_names(&series, |name, ratio| format!("{name}  {}×", shown(ratio)));
    let edge = |x: f64| Point { x, y: 1.0, interval: Some((margin.recip().max(y.min), margin.min(y.max))) };
    let zone = Series {
        name: language.margin_key(&percent(analysis.min_effect)),
        style: Style::Plain,
        mark: Mark::Zone,
        segments: vec![vec![edge(lines.x.min), edge(lines.x.max)]],
    };
    let mut all = vec![zone];
    for own in series {
        let joined =
            own.segments.iter().map(|segment| segment.iter().map(|point| Point { interval: None, ..*point }).collect());
        all.push(Series { mark: Mark::Curve, segments: joined.collect(), ..own.clone() });
        let mut own = own;
        for point in own.segments.iter_mut().flatten() {
            point.interval = point.interval.map(clipped);
        }
        all.push(Series { mark: Mark::Points, ..own });
    }
    let title = language.ratio_panel_title(common, &percent(analysis.min_effect));
    Some(Panel { ends, ..lines::panel(title, lines.x.clone(), y, all) })
}

/// What a line is held against: the framework that was asked for, or the first of its scenario's ranking.
fn reference<'a>(line: &Line<'_>, analysis: &'a Analysis, options: &'a ChartOptions) -> Option<&'a str> {
    let ranking = analysis.ranking.iter().find(|ranking| ranking.scenario == line.scenario)?;
    options.reference.as_deref().or_else(|| ranking.tiers.iter().flatten().next().map(String::as_str))
}

fn row<'a>(line: &Line<'_>, level: Option<u32>, reference: &str, analysis: &'a Analysis) -> Option<&'a Comparison> {
    let metric = analysis.ranking.iter().find(|ranking| ranking.scenario == line.scenario)?.metric;
    analysis.comparisons.iter().find(|row| {
        row.scenario == line.scenario
            && row.metric == metric
            && row.concurrency == level
            && row.verdict_on(line.framework, reference).is_some()
    })
}

/// Whether an interval at this place says more than its runs: of two or three it would fill the panel.
fn has_enough_runs(line: &Line<'_>, level: Option<u32>, analysis: &Analysis) -> bool {
    analysis.cells.iter().any(|cell| {
        cell.framework == line.framework
            && cell.scenario == line.scenario
            && cell.concurrency == level
            && ENOUGH_FOR_BANDS <= cell.n
    })
}

fn is_measured(line: &Line<'_>, level: Option<u32>, analysis: &Analysis) -> bool {
    analysis.cells.iter().any(|cell| {
        cell.framework == line.framework
            && cell.scenario == line.scenario
            && cell.concurrency == level
            && 0.0 < cell.mean
    })
}
