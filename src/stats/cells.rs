//! What describes the runs of a cell.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MOSTLY_FAILING, TOO_FAULTY_TO_RANK, Values, error_rate, median_interval, t_interval};
use crate::record::{CellKey, CellRuns, Metric, Runs};

/// One metric of one cell: all runs of a framework and scenario at one concurrency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once; null where it is not known.
    pub concurrency: Option<u32>,
    /// What is described.
    pub metric: Metric,
    /// The unit of all its values.
    pub unit: String,
    /// How many runs have a value.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Standard deviation of the sample; null for a single run.
    pub std: Option<f64>,
    /// Median.
    pub median: f64,
    /// Lower end of the interval of the median by order statistics; null for fewer than three runs.
    pub median_ci_low: Option<f64>,
    /// Upper end of the interval of the median; null for fewer than three runs.
    pub median_ci_high: Option<f64>,
    /// The level that the interval of the median really has, which few runs keep below that of the other intervals.
    pub median_ci_level: Option<f64>,
    /// The quantile that a quarter of the runs stay below.
    pub q25: f64,
    /// The quantile that three quarters of the runs stay below.
    pub q75: f64,
    /// The quantile that nine tenths of the runs stay below.
    pub q90: f64,
    /// Lower end of the t interval of the mean; null for a single run.
    pub ci_low: Option<f64>,
    /// Upper end of the t interval of the mean; null for a single run.
    pub ci_high: Option<f64>,
    /// Standard deviation over mean; null for a single run.
    pub cv: Option<f64>,
    /// Errors over requests, those of runs without a success included; null where it is not known.
    pub error_rate: Option<f64>,
}

impl Cell {
    /// Which cell this is.
    pub fn key(&self) -> CellKey {
        CellKey::new(&self.framework, &self.scenario, self.concurrency)
    }
}

/// The values behind a [`Cell`].
#[derive(Debug, Clone, PartialEq)]
pub struct CellValues {
    /// Which cell.
    pub key: CellKey,
    /// What was measured.
    pub metric: Metric,
    /// One value for each run that has one.
    pub values: Values,
    /// Errors over requests of all runs, whether they have a value or not.
    pub error_rate: Option<f64>,
    /// Whether something failed, and it is not known how much of all.
    pub fails_unknowably: bool,
}

impl CellValues {
    /// The values of one metric of a cell; `None` where no run has one.
    pub fn of(cell: CellRuns<'_>, metric: Metric) -> Option<Self> {
        let values = Values::new(cell.iter().filter_map(|run| metric.of(run)))?;
        let fails_unknowably = cell.iter().any(|run| run.fails_unknowably());
        Some(Self { key: cell.key().clone(), metric, values, error_rate: error_rate(cell.iter()), fails_unknowably })
    }

    /// Whether its times say more of working than of failing. One that mostly fails is described and not compared.
    pub fn is_comparable(&self) -> bool {
        !self.fails_unknowably && self.error_rate.is_none_or(|rate| rate <= MOSTLY_FAILING)
    }

    /// Whether so few of its requests failed that it may be called the fastest.
    pub fn is_rankable(&self) -> bool {
        !self.fails_unknowably && self.error_rate.is_none_or(|rate| rate < TOO_FAULTY_TO_RANK)
    }

    /// Describes the values. The interval of the mean has the level `1 - alpha`; that of the median has at least this level
    /// where there are runs enough.
    pub fn cell(&self, alpha: f64) -> Cell {
        let values = &self.values;
        let interval = t_interval(values, alpha);
        let of_median = median_interval(values, alpha);
        Cell {
            framework: self.key.framework().to_owned(),
            scenario: self.key.scenario().to_owned(),
            concurrency: self.key.concurrency,
            metric: self.metric,
            unit: self.metric.unit().to_string(),
            n: values.count(),
            mean: values.mean(),
            min: values.min(),
            max: values.max(),
            std: values.std(),
            median: values.median(),
            median_ci_low: of_median.map(|interval| interval.low),
            median_ci_high: of_median.map(|interval| interval.high),
            median_ci_level: of_median.map(|interval| interval.level),
            q25: values.quantile(0.25),
            q75: values.quantile(0.75),
            q90: values.quantile(0.9),
            ci_low: interval.map(|(low, _)| low),
            ci_high: interval.map(|(_, high)| high),
            cv: values.cv(),
            error_rate: self.error_rate,
        }
    }
}

/// The values of every cell and metric: cells in the order of [`Runs::cells`], metrics in that of [`Metric::of_runs`].
pub fn cell_values(runs: &Runs) -> Vec<CellValues> {
    let of_cell = |cell: CellRuns<'_>| {
        let metrics = Metric::of_runs(cell.iter()).into_iter();
        metrics.filter_map(|metric| CellValues::of(cell, metric)).collect::<Vec<_>>()
    };
    runs.cells().flat_map(of_cell).collect()
}
