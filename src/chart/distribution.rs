//! Latency distributions: every percentile at once, the tail stretched, at the lowest and the highest common level.

use super::figure::{Axis, Figure, Mark, Panel, Point, Scale, Series, Tick};
use super::lines::{Line, Lines, WIDE, panel, range, value_scale};
use super::options::ChartOptions;
use super::ticks::time_axis;
use super::unit::TimeUnit;
use crate::analysis::{Analysis, Distribution};
use crate::record::Resolution;

/// The figure; `None` where nothing is known of the distribution of latencies.
pub fn distribution(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let lines = Lines::new(analysis, options);
    let levels = levels(analysis);
    let at = |level: Option<u32>| -> Vec<(&Line<'_>, &Distribution)> {
        let of = |line: &Line<'_>| {
            analysis.distributions.iter().find(|found| {
                found.framework == line.framework && found.scenario == line.scenario && found.concurrency == level
            })
        };
        lines.all.iter().filter_map(|line| Some((line, of(line)?))).collect()
    };
    let shown: Vec<_> = levels.iter().map(|level| (*level, at(*level))).collect();
    let quantiles = || shown.iter().flat_map(|(_, found)| found).flat_map(|(_, found)| on_axis(found));
    let (_, largest) = range(quantiles().map(|(_, latency)| latency))?;
    // Zero is below what the tool's clock could tell, and no place on a logarithmic axis.
    let smallest = quantiles().map(|(_, latency)| latency).filter(|latency| 0.0 < *latency).fold(largest, f64::min);
    let unit = TimeUnit::for_largest(largest);
    let in_unit = |seconds: f64| seconds / unit.seconds();
    let scale = value_scale((smallest, largest), WIDE / 2.0, options);
    let y = time_axis(&|unit| language.latency_axis(unit), scale, unit, (smallest, largest), language);
    let (first, last) = range(quantiles().map(|(x, _)| x))?;
    let x = percentile_axis(language.percentile_axis().to_owned(), first.min(1.0), last.max(1.0));

    let place = |(x, latency): (f64, f64)| Point { x, y: in_unit(latency), interval: None };
    let series = |line: &Line<'_>, found: &Distribution| -> Vec<Series> {
        let of = |mark, segments| Series { name: line.name.clone(), style: line.style, mark, segments };
        let all: Vec<Point> = on_axis(found).map(place).collect();
        if !matches!(found.resolution, Resolution::Requests { .. }) {
            return vec![of(Mark::Points, vec![all])];
        }
        let has_tick = |point: &Point| x.ticks.iter().any(|tick| (tick.value - point.x).abs() < 1e-6);
        let marked = all.iter().copied().filter(has_tick).collect();
        vec![of(Mark::Curve, vec![all]), of(Mark::Points, vec![marked])]
    };
    let panels: Vec<Panel> = shown
        .iter()
        .map(|(level, found)| {
            let series = found.iter().flat_map(|(line, found)| series(line, found)).collect();
            panel(language.distribution_title(&analysis.axis, *level), x.clone(), y.clone(), series)
        })
        .collect();
    let mut footnotes = Vec::new();
    let resolutions = || shown.iter().flat_map(|(_, found)| found).map(|(_, found)| found.resolution);
    if resolutions().any(|resolution| matches!(resolution, Resolution::Requests { .. })) {
        footnotes.push(language.merged_latencies().to_owned());
    }
    let of_tools = resolutions().filter_map(|resolution| match resolution {
        Resolution::ToolHistogram { widest, .. } => Some(widest),
        Resolution::Requests { .. } | Resolution::Reported => None,
    });
    if let Some(widest) = of_tools.reduce(f64::max) {
        footnotes.push(language.tool_histograms(in_unit(widest), unit));
    }
    if resolutions().any(|resolution| resolution == Resolution::Reported) {
        footnotes.push(language.reported_percentiles().to_owned());
    }
    let mut figure = lines.figure(options, panels, footnotes);
    for entry in &mut figure.legend {
        let mut own = figure.panels.iter().flat_map(|panel| &panel.series).filter(|series| series.style == entry.style);
        entry.mark = if own.any(|series| series.mark == Mark::Curve) { Mark::Measured } else { Mark::Points };
    }
    Some(figure)
}

/// The lowest and the highest of the levels at which the most lines have a distribution.
fn levels(analysis: &Analysis) -> Vec<Option<u32>> {
    let count = |level: Option<u32>| analysis.distributions.iter().filter(|found| found.concurrency == level).count();
    let levels: Vec<Option<u32>> = analysis.concurrency_levels.iter().map(|level| Some(*level)).collect();
    let most = levels.iter().map(|level| count(*level)).max().unwrap_or_default();
    if most == 0 {
        return vec![None];
    }
    let common: Vec<Option<u32>> = levels.into_iter().filter(|level| count(*level) == most).collect();
    match common[..] {
        [.., last] if common.len() == 1 => vec![last],
        [first, .., last] => vec![first, last],
        _ => Vec::new(),
    }
}

/// The places of a distribution on the axis, with their latencies: all but the largest, which lies infinitely far out.
fn on_axis(found: &Distribution) -> impl Iterator<Item = (f64, f64)> {
    found.quantiles.iter().filter(|quantile| quantile.p < 1.0).map(|quantile| (nines(quantile.p), quantile.latency))
}

/// How many nines a share below 1 has: 1 for 90 %, 2 for 99 %, and 0.3 for 50 %.
fn nines(p: f64) -> f64 {
    (1.0 - p).recip().log10()
}

/// An axis of nines with the shares as labels, from a little before `first`, up to 1, to a little beyond `last`.
fn percentile_axis(label: String, first: f64, last: f64) -> Axis {
    let half = Tick { value: nines(0.5), label: "50 %".to_owned() };
    let tick = |count: i32| {
        let percent = match count {
            0 => "0 %".to_owned(),
            1 => "90 %".to_owned(),
            2 => "99 %".to_owned(),
            more => format!("99.{} %", "9".repeat(usize::try_from(more - 2).unwrap_or_default())),
        };
        Tick { value: f64::from(count), label: percent }
    };
    // The nines of 99 % come out a hair below two.
    let mut ticks: Vec<Tick> = (0..=(last + 1e-6).floor() as i32).map(tick).collect();
    ticks.insert(1, half);
    if last < 3.5 && 2 < ticks.len() {
        ticks.insert(3, Tick { value: nines(0.95), label: "95 %".to_owned() });
    }
    let room = 0.02 * last;
    ticks.retain(|tick| first - room <= tick.value);
    Axis { label, scale: Scale::Linear, min: first - room, max: last + room, ticks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_counts_nines() {
        let axis = percentile_axis(String::new(), 0.0, 3.7);
        let labels: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0 %", "50 %", "90 %", "99 %", "99.9 %"]);
        let short = percentile_axis(String::new(), nines(0.5), nines(0.99));
        let labels: Vec<&str> = short.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["50 %", "90 %", "95 %", "99 %"]);
        assert!((nines(0.999) - 3.0).abs() < 1e-9 && nines(0.0).abs() < 1e-12);
    }
}
