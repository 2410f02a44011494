//! Latency percentiles against concurrency: one panel for each percentile, all of them on the same vertical axis.

use super::figure::{Figure, Panel};
use super::lines::{Lines, STRETCH, WIDE, panel, range, value_scale};
use super::options::ChartOptions;
use super::performance::{by_place, cells_of, reading_notes};
use super::ticks::time_axis;
use super::unit::TimeUnit;
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::stats::Cell;

/// From what most callers see to what the unluckiest one saw.
const PERCENTILES: [Metric; 4] = [Metric::LatencyP50, Metric::LatencyP95, Metric::LatencyP99, Metric::LatencyMax];

/// The figure; `None` where no percentile is known.
///
/// All panels share their axis, so that the tail can be held against the median.
pub fn latency(analysis: &Analysis, options: &ChartOptions) -> Option<Figure> {
    let language = analysis.language;
    let lines = Lines::new(analysis, options);
    let known: Vec<(Metric, Vec<&Cell>)> = PERCENTILES
        .map(|metric| (metric, cells_of(analysis, metric)))
        .into_iter()
        .filter(|(_, cells)| !cells.is_empty())
        .collect();
    let cells = || known.iter().flat_map(|(_, cells)| cells);
    let (_, largest) = range(cells().map(|cell| cell.mean))?;
    // Zero is below what the tool's clock could tell, and no place on a logarithmic axis.
    let smallest = cells().map(|cell| cell.mean).filter(|mean| 0.0 < *mean).fold(largest, f64::min);
    let highest = cells().filter_map(|cell| cell.ci_high).fold(largest, f64::max).min(largest * STRETCH);
    let unit = TimeUnit::for_largest(largest);
    let in_unit = |seconds: f64| seconds / unit.seconds();
    let scale = value_scale((smallest, largest), WIDE, options);
    let y = time_axis(&|unit| language.latency_axis(unit), scale, unit, (smallest, highest), language);

    let of_metric = |(metric, cells): &(Metric, Vec<&Cell>)| {
        let places = by_place(cells);
        let series = lines.series(|line, level| {
            let cell = places.get(&(line.framework, line.scenario, level))?;
            let interval = cell.ci_low.zip(cell.ci_high).map(|(low, high)| (in_unit(low).max(y.min), in_unit(high)));
            Some((in_unit(cell.mean), interval))
        });
        panel(language.latency_title(*metric).to_owned(), lines.x.clone(), y.clone(), series)
    };
    let panels: Vec<Panel> = known.iter().map(of_metric).collect();
    let footnotes = reading_notes(analysis, &panels);
    Some(lines.figure(options, panels, footnotes))
}
