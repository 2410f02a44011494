//! One row for each framework, the fastest first, with its time and its ratio: the main figure where there is one level or none.

use super::end_names::shown;
use super::figure::{Axis, Mark, Panel, Point, Scale, Series, Tick};
use super::lines::{self, Line, Lines, STRETCH, WIDE, range, value_scale};
use super::options::ChartOptions;
use super::ticks::time_axis;
use super::unit::TimeUnit;
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::stats::Cell;

/// The room above the first row and below the last one, in rows.
const EDGE: f64 = 0.7;

/// The panel of a metric; `None` where no line has it.
pub(super) fn dot_rows(
    metric: Metric,
    lines: &Lines<'_>,
    level: Option<u32>,
    analysis: &Analysis,
    options: &ChartOptions,
) -> Option<Panel> {
    let language = analysis.language;
    let cell = |line: &Line<'_>| {
        analysis.cells.iter().find(|cell| {
            cell.metric == metric
                && cell.framework == line.framework
                && cell.scenario == line.scenario
                && cell.concurrency == level
        })
    };
    let mut rows: Vec<(&Line<'_>, Option<&Cell>)> = lines.all.iter().map(|line| (line, cell(line))).collect();
    rows.sort_by(|(_, a), (_, b)| {
        let mean = |cell: &Option<&Cell>| cell.map_or(f64::INFINITY, |cell| cell.mean);
        mean(a).total_cmp(&mean(b))
    });
    let means = || rows.iter().filter_map(|(_, cell)| Some(cell.as_ref()?.mean));
    let (_, largest) = range(means())?;
    let smallest = means().filter(|mean| 0.0 < *mean).fold(largest, f64::min);
    let highest = rows.iter().filter_map(|(_, cell)| cell.as_ref()?.ci_high).fold(largest, f64::max);
    let unit = TimeUnit::for_largest(largest);
    let scale = value_scale((smallest, largest), WIDE, options);
    let x = time_axis(
        &|unit| language.label(metric, unit),
        scale,
        unit,
        (smallest, highest.min(largest * STRETCH)),
        language,
    );
    let in_unit = |seconds: f64| seconds / unit.seconds();
    let count = rows.len() as f64;
    let places: Vec<(f64, &Line<'_>, Option<&Cell>)> =
        rows.iter().enumerate().map(|(index, (line, cell))| (count - index as f64, *line, *cell)).collect();
    let y = Axis {
        label: String::new(),
        scale: Scale::Rows,
        min: 1.0 - EDGE,
        max: count + EDGE,
        ticks: places.iter().map(|(value, line, _)| Tick { value: *value, label: line.name.clone() }).collect(),
    };
    let series = places.iter().map(|(y, line, cell)| {
        let point = cell.map(|cell| Point {
            x: in_unit(cell.mean),
            y: *y,
            interval: cell
                .ci_low
                .zip(cell.ci_high)
                .map(|(low, high)| (in_unit(low).max(x.min), in_unit(high).min(x.max))),
        });
        let segments = point.map(|point| vec![point]).into_iter().collect();
        Series { name: line.name.clone(), style: line.style, mark: Mark::Row, segments }
    });
    let series = series.collect();
    let beside = places.iter().map(|(value, _, cell)| {
        let label = match cell {
            None => "–".to_owned(),
            Some(cell) if 0.0 < smallest && analysis.scenarios.len() < 2 => {
                format!("{}  {}×", language.time(cell.mean), shown(cell.mean / smallest))
            }
            Some(cell) => language.time(cell.mean),
        };
        Tick { value: *value, label }
    });
    let beside = beside.collect();
    Some(Panel { beside, ..lines::panel(language.title(metric).to_owned(), x, y, series) })
}
