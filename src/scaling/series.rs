//! The runs of one framework and scenario, level by level, as far as they say how much work was done.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::ScalingMetric;
use crate::record::{Metric, Run};
use crate::stats::{MOSTLY_FAILING, Values, error_rate};

/// Throughputs beyond these, 1/s, are no measurement; their squares still fit into a number.
const BELIEVABLE: (f64, f64) = (1e-100, 1e100);

/// What one framework did in one scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series<'r> {
    pub(super) framework: &'r str,
    pub(super) scenario: &'r str,
    pub(super) metric: ScalingMetric,
    /// Ascending; never empty.
    pub(super) levels: Vec<Level>,
}

/// The throughputs of the runs at one level, 1/s; all positive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Level {
    pub(super) concurrency: u32,
    pub(super) values: Values,
}

/// The runs by framework and scenario, in the order in which these were first seen. Only runs whose level is a concurrency.
pub(super) fn concurrent_runs(runs: &[Run]) -> IndexMap<(&str, &str), BTreeMap<u32, Vec<&Run>>> {
    let mut series: IndexMap<(&str, &str), BTreeMap<u32, Vec<&Run>>> = IndexMap::new();
    for run in runs.iter().filter(|run| run.axis.is_empty()) {
        if let Some(concurrency) = run.concurrency.filter(|concurrency| 0 < *concurrency) {
            let levels = series.entry((&run.framework, &run.scenario)).or_default();
            levels.entry(concurrency).or_default().push(run);
        }
    }
    series
}

/// Whether requests mostly fail, so that times say more of failing than of working.
pub(super) fn mostly_fails<'r>(runs: impl IntoIterator<Item = &'r Run>) -> bool {
    error_rate(runs).is_some_and(|rate| MOSTLY_FAILING < rate)
}

/// Every series with a throughput at one level or more. Levels that mostly fail are no part of it.
pub(super) fn series(runs: &[Run]) -> Vec<Series<'_>> {
    let of_levels = |((framework, scenario), mut levels): ((_, _), BTreeMap<u32, Vec<&Run>>)| {
        if mostly_fails(levels.values().flatten().copied()) {
            return None;
        }
        levels.retain(|_, runs| !mostly_fails(runs.iter().copied()));
        let working = || levels.values().flatten().filter(|run| throughput(run).is_some());
        let metric = if working().all(|run| goodput(run).is_some()) {
            ScalingMetric::Goodput
        } else {
            ScalingMetric::Throughput
        };
        let rate = |run: &Run| match metric {
            ScalingMetric::Goodput => goodput(run),
            ScalingMetric::Throughput => throughput(run),
        };
        let levels: Vec<Level> = levels
            .iter()
            .filter_map(|(concurrency, runs)| {
                let values = Values::new(runs.iter().filter_map(|run| rate(run)).filter(is_believable))?;
                Some(Level { concurrency: *concurrency, values })
            })
            .collect();
        (!levels.is_empty()).then_some(Series { framework, scenario, metric, levels })
    };
    concurrent_runs(runs).into_iter().filter_map(of_levels).collect()
}

fn is_believable(throughput: &f64) -> bool {
    let (least, most) = BELIEVABLE;
    least < *throughput && *throughput < most
}

fn throughput(run: &Run) -> Option<f64> {
    Metric::Throughput.of(run)
}

/// Successful requests per second; `None` where it is not known how many succeeded.
pub(super) fn goodput(run: &Run) -> Option<f64> {
    let made = run.requests_count.filter(|made| 0 < *made)?;
    let succeeded = run.success_count.or_else(|| Some(made.saturating_sub(run.error_count?)))?;
    Some(throughput(run)? * (succeeded.min(made) as f64 / made as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(concurrency: u32, seconds: f64, errors: Option<u64>) -> Run {
        Run {
            framework: "a".into(),
            concurrency: Some(concurrency),
            avg_time_per_request: Some(seconds),
            requests_count: Some(100),
            error_count: errors,
            ..Run::default()
        }
    }

    #[test]
    fn errors_are_no_work_and_dead_levels_no_points() {
        let runs = [run(4, 0.01, Some(20)), run(1, 0.1, Some(0)), run(8, 0.001, Some(60))];
        let found = series(&runs);
        let levels: Vec<_> =
            found[0].levels.iter().map(|level| (level.concurrency, level.values.mean().round())).collect();
        assert_eq!((found[0].metric, levels), (ScalingMetric::Goodput, vec![(1, 10.0), (4, 80.0)]));
    }

    #[test]
    fn without_counts_it_is_throughput() {
        let found = [run(1, 0.1, Some(0)), run(2, 0.1, None)];
        assert_eq!(series(&found)[0].metric, ScalingMetric::Throughput);
    }

    #[test]
    fn levels_of_another_kind_and_what_mostly_fails_as_a_whole_are_left_out() {
        let other = Run { axis: "n".into(), ..run(1, 0.1, None) };
        assert_eq!(series(&[other, Run { concurrency: None, ..run(1, 0.1, None) }]), []);
        assert_eq!(series(&[run(1, 0.1, Some(10)), run(2, 0.1, Some(99))]), []);
        assert_eq!(series(&[Run { avg_time_per_request: Some(1e-200), ..run(1, 0.1, None) }]), []);
    }
}
