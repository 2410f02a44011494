//! How many requests fail at each level, runs without a success included.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::Run;

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

/// The failures of all cells that know them, by framework, scenario and concurrency as the runs bring them, levels
/// ascending.
pub(super) fn error_levels(runs: &[Run]) -> Vec<ErrorLevel> {
    let mut series: IndexMap<(&str, &str), IndexMap<Option<u32>, ErrorLevel>> = IndexMap::new();
    for run in runs {
        let (Some(rate), Some(requests), Some(errors)) = (run.error_rate(), run.requests_count, run.error_count) else {
            continue;
        };
        let levels = series.entry((&run.framework, &run.scenario)).or_default();
        let level = levels.entry(run.concurrency).or_insert_with(|| ErrorLevel {
            framework: run.framework.clone(),
            scenario: run.scenario.clone(),
            concurrency: run.concurrency,
            runs: 0,
            requests: 0,
            errors: 0,
            error_rate: 0.0,
            min: rate,
            max: rate,
        });
        level.runs += 1;
        level.requests = level.requests.saturating_add(requests);
        level.errors = level.errors.saturating_add(errors.min(requests));
        level.min = level.min.min(rate);
        level.max = level.max.max(rate);
    }
    let mut all = Vec::new();
    for (_, mut levels) in series {
        levels.sort_unstable_keys();
        all.extend(
            levels
                .into_values()
                .map(|level| ErrorLevel { error_rate: level.errors as f64 / level.requests.max(1) as f64, ..level }),
        );
    }
    all
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
        let runs = [
            run(50, Some(100), Some(100)),
            run(10, Some(100), Some(0)),
            run(10, Some(300), Some(4)),
            run(10, None, Some(7)),
            run(10, Some(100), None),
            run(20, Some(0), Some(0)),
        ];
        let levels = error_levels(&runs);
        let seen: Vec<_> = levels.iter().map(|level| (level.concurrency, level.runs, level.error_rate)).collect();
        assert_eq!(seen, [(Some(10), 2, 0.01), (Some(50), 1, 1.0)]);
        assert!(levels[0].min <= 0.0 && (levels[0].max - 4.0 / 300.0).abs() < 1e-15);
    }

    #[test]
    fn without_a_count_nothing_is_known() {
        assert_eq!(error_levels(&[run(1, None, None)]), []);
    }
}
