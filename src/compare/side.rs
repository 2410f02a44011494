//! One side of a comparison, and what its cells have in common with those of the other.

use std::collections::BTreeSet;

use crate::record::{CellRuns, Metric, Run, Runs, SeriesRuns};
use crate::stats::{CellValues, Share};

/// The runs of one side.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeasuredSide {
    /// What it is called.
    pub label: String,
    /// What it was measured on, as far as its inputs say so.
    pub machines: BTreeSet<String>,
    /// What was measured.
    pub runs: Runs,
}

impl MeasuredSide {
    /// Whether any run has this metric.
    pub fn has(&self, metric: Metric) -> bool {
        self.runs.iter().any(|run| metric.of(run).is_some())
    }

    /// The same side with other runs.
    pub(super) fn with_runs(&self, runs: Vec<Run>) -> Self {
        Self { label: self.label.clone(), machines: self.machines.clone(), runs: Runs::new(runs) }
    }
}

/// The cells of two series at the levels that both have.
pub(super) fn common_levels<'a>(
    baseline: SeriesRuns<'a>,
    candidate: SeriesRuns<'a>,
) -> impl Iterator<Item = (CellRuns<'a>, CellRuns<'a>)> {
    baseline.cells().filter_map(move |cell| Some((cell, candidate.at(cell.key().concurrency)?)))
}

/// The values of a metric that can be compared; `None` where no run has one, one is zero, or more than half of the requests
/// failed.
pub(super) fn comparable(cell: CellRuns<'_>, metric: Metric) -> Option<CellValues> {
    // There is no ratio to nothing.
    CellValues::of(cell, metric).filter(|values| values.is_comparable() && 0.0 < values.values.min())
}

/// How many requests of each run failed, of those that say so.
pub(super) fn failures(cell: CellRuns<'_>) -> impl Iterator<Item = Share> {
    cell.iter().filter_map(|run| {
        let (failed, all) = (run.error_count?, run.requests_count?);
        (0 < all).then_some(Share { failed: failed.min(all), all })
    })
}
