//! How many requests fail at each level, runs without a success included.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{CellRuns, Run, Runs};
use crate::stats::Values;

/// The failures of all runs of one framework, scenario and concurrency that say how many there were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorLevel {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once; null where it is not known.
    pub concurrency: Option<u32>,
    /// How many runs there are.
    pub runs: usize,
    /// Requests of all of them.
    pub requests: u64,
    /// Requests that failed.
    pub errors: u64,
    /// Errors over requests, from 0 to 1.
    pub error_rate: f64,
    /// The smallest error rate of a run.
    pub min: f64,
    /// The largest error rate of a run.
    pub max: f64,
}

/// The failures of all cells that know them, in the order of [`Runs::cells`].
pub(super) fn error_levels(runs: &Runs) -> Vec<ErrorLevel> {
    runs.cells().filter_map(error_level).collect()
}

fn error_level(cell: CellRuns<'_>) -> Option<ErrorLevel> {
    let rates = Values::new(cell.iter().filter_map(Run::error_rate))?;
    let (mut requests, mut errors) = (0_u64, 0_u64);
    for run in cell.iter().filter(|run| run.error_rate().is_some()) {
        let made = run.requests_count.unwrap_or_default();
        requests = requests.saturating_add(made);
        errors = errors.saturating_add(run.error_count.unwrap_or_default().min(made));
    }
    let key = cell.key();
    Some(ErrorLevel {
        framework: key.series.framework.clone(),
        scenario: key.series.scenario.clone(),
        concurrency: key.concurrency,
        runs: rates.count(),
        requests,
        errors,
        error_rate: errors as f64 / requests.max(1) as f64,
        min: rates.min(),
        max: rates.max(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(concurrency: u32, requests_count: Option<u64>, error_count: Option<u64>) -> Run {
        let concurrency = Some(concurrency);
        Run { framework: "a".to_owned(), concurrency, requests_count, error_count, ..Run::default() }
    }

    #[test]
    fn failures_are_added_up_per_level() {
        let runs = vec![
            run(50, Some(100), Some(100)),
            run(10, Some(100), Some(0)),
            run(10, Some(300), Some(4)),
            run(10, None, Some(7)),
            run(10, Some(100), None),
            run(20, Some(0), Some(0)),
        ];
        let levels = error_levels(&Runs::new(runs));
        let seen: Vec<_> = levels.iter().map(|level| (level.concurrency, level.runs, level.error_rate)).collect();
        assert_eq!(seen, [(Some(10), 2, 0.01), (Some(50), 1, 1.0)]);
        assert!(levels[0].min <= 0.0 && (levels[0].max - 4.0 / 300.0).abs() < 1e-15);
    }

    #[test]
    fn without_a_count_nothing_is_known() {
        assert_eq!(error_levels(&Runs::new(vec![run(1, None, None)])), []);
    }
}
