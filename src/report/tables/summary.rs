//! Each framework over all its levels.

use super::{TableData, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::record::Metric;
use crate::report::number::{ColumnFormat, MISSING};
use crate::report::words::Words;
use crate::stats::Summary;

/// Count, mean, standard deviation, minimum, median and maximum per framework, metric by metric.
pub(in crate::report) fn summary(analysis: &Analysis, metrics: &[Metric]) -> TableData {
    let words = Words(analysis.language);
    let mut heads = vec![text(words.metric_head()), text(words.framework())];
    heads.extend(words.statistics().map(number));
    let mut rows = Vec::new();
    let is_repeated =
        |metric: Metric| metric == Metric::AvgTimePerRequest && !analysis.time_metrics().contains(&metric);
    for &metric in metrics.iter().filter(|metric| !is_repeated(**metric)) {
        let of_metric: Vec<&Summary> = analysis.summary.iter().filter(|row| row.metric == metric).collect();
        let format = ColumnFormat::of(metric, of_metric.iter().flat_map(|row| [row.mean, row.min, row.max]));
        for row in of_metric {
            let show = |value: f64| format.show(value);
            let cells = vec![
                words.metric_in(metric, format.unit),
                row.framework.clone(),
                row.count.to_string(),
                show(row.mean),
                row.std.map_or_else(|| MISSING.to_owned(), show),
                show(row.min),
                show(row.median),
                show(row.max),
            ];
            rows.push(with_scenario(analysis, row.scenario.clone(), cells));
        }
    }
    TableData { heads: with_scenario(analysis, text(words.scenario()), heads), rows, note: None }
}
