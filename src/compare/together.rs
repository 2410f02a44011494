//! All series of a metric in one number, as benchstat's last line has it.

use super::change::{Change, OutcomeCounts, OverallChange};
use crate::record::Metric;
use crate::stats::Values;

/// Sums up the rows of one candidate, metric by metric: geometric means over the series that both sides have, and those of
/// the medians over all their cells.
pub fn all_together(changes: &[Change], metrics: &[Metric]) -> Vec<OverallChange> {
    metrics.iter().filter_map(|metric| of_metric(changes, *metric)).collect()
}

fn of_metric(changes: &[Change], metric: Metric) -> Option<OverallChange> {
    let rows = || changes.iter().filter(|row| row.metric == metric);
    let first = rows().next()?;
    let overall = || rows().filter(|row| row.is_overall());
    let mut outcomes = OutcomeCounts::default();
    overall().for_each(|row| outcomes.add(row.outcome));
    let both = || overall().filter(|row| row.baseline.is_some() && row.candidate.is_some());
    // The cells are the rows of single levels, and the series without a known level.
    let mut cells: Vec<&Change> = Vec::new();
    for row in rows().filter(|row| row.median_ratio.is_some()) {
        if !row.is_overall() && cells.last().is_some_and(|last| last.is_overall() && is_same_series(last, row)) {
            cells.pop();
        }
        cells.push(row);
    }
    let geometric = |values: &mut dyn Iterator<Item = f64>| Some(Values::new(values.map(f64::ln))?.mean().exp());
    Some(OverallChange {
        metric,
        baseline_label: first.baseline_label.clone(),
        candidate_label: first.candidate_label.clone(),
        series: both().count(),
        ratio: geometric(&mut both().filter_map(|row| row.ratio)),
        median_ratio: geometric(&mut cells.iter().filter_map(|row| row.median_ratio)),
        baseline_median: geometric(&mut cells.iter().filter_map(|row| Some(row.baseline?.median))),
        candidate_median: geometric(&mut cells.iter().filter_map(|row| Some(row.candidate?.median))),
        outcomes,
    })
}

fn is_same_series(a: &Change, b: &Change) -> bool {
    a.framework == b.framework && a.scenario == b.scenario && a.candidate_label == b.candidate_label
}
