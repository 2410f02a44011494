//! One side of a comparison: its runs, by series and level.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::record::{Metric, Run};
use crate::stats::{CellValues, Share, Values, error_rate};

/// The runs of one side.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeasuredSide {
    /// What it is called.
    pub label: String,
    /// What it was measured on, as far as its inputs say so.
    pub machines: BTreeSet<String>,
    /// Its series, in the order in which they were first seen.
    pub series: IndexMap<SeriesName, Vec<LevelRuns>>,
}

/// What a series is called on one side.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesName {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
}

/// The runs of one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelRuns {
    /// The level; `None` where it is not known.
    pub concurrency: Option<u32>,
    /// In the order of their coming.
    pub runs: Vec<Run>,
}

impl MeasuredSide {
    /// Puts runs in order: levels ascend within a series, and the unknown one comes last.
    pub fn new(label: String, runs: Vec<Run>) -> Self {
        let mut grouped: IndexMap<SeriesName, IndexMap<Option<u32>, Vec<Run>>> = IndexMap::new();
        for run in runs {
            let name = SeriesName { framework: run.framework.clone(), scenario: run.scenario.clone() };
            grouped.entry(name).or_default().entry(run.concurrency).or_default().push(run);
        }
        let in_order = |levels: IndexMap<Option<u32>, Vec<Run>>| {
            let mut levels: Vec<LevelRuns> =
                levels.into_iter().map(|(concurrency, runs)| LevelRuns { concurrency, runs }).collect();
            levels.sort_by_key(|level| (level.concurrency.is_none(), level.concurrency));
            levels
        };
        Self {
            label,
            machines: BTreeSet::new(),
            series: grouped.into_iter().map(|(name, levels)| (name, in_order(levels))).collect(),
        }
    }

    /// Every run.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.series.values().flatten().flat_map(|level| &level.runs)
    }

    /// Whether any run has this metric.
    pub fn has(&self, metric: Metric) -> bool {
        self.runs().any(|run| metric.of(run).is_some())
    }
}

impl LevelRuns {
    /// The values of a metric; `None` where no run has one, one is zero, or more than half of the
    /// requests failed.
    pub fn cell(&self, name: &SeriesName, metric: Metric) -> Option<CellValues> {
        let values = Values::new(self.runs.iter().filter_map(|run| metric.of(run)))?;
        let cell = CellValues {
            framework: name.framework.clone(),
            scenario: name.scenario.clone(),
            concurrency: self.concurrency,
            metric,
            values,
            error_rate: error_rate(&self.runs),
        };
        // There is no ratio to nothing.
        (cell.is_comparable() && 0.0 < cell.values.min()).then_some(cell)
    }

    /// How many requests of each run failed, of those that say so.
    pub fn failures(&self) -> Vec<Share> {
        let share = |run: &Run| {
            let (failed, all) = (run.error_count?, run.requests_count?);
            (0 < all).then_some(Share { failed: failed.min(all), all })
        };
        self.runs.iter().filter_map(share).collect()
    }
}
