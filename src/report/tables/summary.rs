//! Each framework over all its levels.

use std::collections::HashSet;

use super::{TableData, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::report::number::{ColumnFormat, MISSING};
use crate::report::words::Words;
use crate::stats::Summary;

/// Where the standard deviation and the median stand among the statistics.
const STD: usize = 2;
const MEDIAN: usize = 4;

/// Which statistics a summary has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Statistics {
    /// Count, mean, minimum and maximum.
    Main,
    /// These, standard deviation and median.
    All,
}

/// What each framework measured over all its levels, metric by metric: those of `metrics`, and then the open ones.
pub(in crate::report) fn summary(analysis: &Analysis, metrics: &[Metric], statistics: Statistics) -> TableData {
    let words = Words(analysis.language);
    let mut heads = vec![text(words.metric_head()), text(words.framework())];
    let is_shown = |index: usize| statistics == Statistics::All || ![STD, MEDIAN].contains(&index);
    let shown =
        |all: [String; 6]| all.into_iter().enumerate().filter(|(index, _)| is_shown(*index)).map(|(_, one)| one);
    heads.extend(shown(words.statistics().map(str::to_owned)).map(number));
    let mut rows = Vec::new();
    let is_repeated =
        |metric: Metric| metric == Metric::AvgTimePerRequest && !analysis.time_metrics().contains(&metric);
    let mut shown_metrics: Vec<Metric> = metrics.to_vec();
    shown_metrics
        .extend(analysis.summary.iter().map(|row| row.metric).filter(|metric| matches!(metric, Metric::Open(_))));
    let mut seen = HashSet::new();
    shown_metrics.retain(|metric| seen.insert(*metric) && !is_repeated(*metric));
    for metric in shown_metrics {
        let of_metric: Vec<&Summary> = analysis.summary.iter().filter(|row| row.metric == metric).collect();
        let format = ColumnFormat::of(metric, of_metric.iter().flat_map(|row| [row.mean, row.min, row.max]));
        for row in of_metric {
            let show = |value: f64| format.show(value);
            let mut cells = vec![words.metric_in(metric, format.unit), row.framework.clone()];
            cells.extend(shown([
                row.count.to_string(),
                show(row.mean),
                row.std.map_or_else(|| MISSING.to_owned(), show),
                show(row.min),
                show(row.median),
                show(row.max),
            ]));
            rows.push(with_scenario(analysis, row.scenario.clone(), cells));
        }
    }
    TableData { heads: with_scenario(analysis, text(words.scenario()), heads), rows, note: None }
}
