//! The runs of one framework and scenario, level by level, as far as they say how much work was done.

use super::ScalingMetric;
use crate::record::{CellRuns, Metric, Run, Runs, SeriesKey};
use crate::stats::{Values, mostly_fails};

/// Throughputs beyond these, 1/s, are no measurement; their squares still fit into a number.
const BELIEVABLE: (f64, f64) = (1e-100, 1e100);

/// What one framework did in one scenario.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series<'r> {
    pub(super) key: &'r SeriesKey,
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

/// The runs at one level that is a concurrency; at least one.
#[derive(Debug, Clone)]
pub(super) struct LevelRuns<'r> {
    pub(super) concurrency: u32,
    pub(super) runs: Vec<&'r Run>,
}

impl<'r> LevelRuns<'r> {
    fn of(cell: CellRuns<'r>) -> Option<Self> {
        let concurrency = cell.key().concurrency.filter(|level| 0 < *level)?;
        let runs: Vec<&Run> = cell.iter().filter(|run| run.axis.is_empty()).collect();
        (!runs.is_empty()).then_some(Self { concurrency, runs })
    }

    fn mostly_fails(&self) -> bool {
        mostly_fails(self.runs.iter().copied())
    }
}

/// The levels of every series that are a concurrency.
pub(super) fn concurrent_runs(runs: &Runs) -> impl Iterator<Item = (&SeriesKey, Vec<LevelRuns<'_>>)> {
    let all = runs.series().map(|series| (series.key(), series.cells().filter_map(LevelRuns::of).collect()));
    all.filter(|(_, levels): &(_, Vec<LevelRuns<'_>>)| !levels.is_empty())
}

/// Every series with a throughput at one level or more. Levels that mostly fail are no part of it.
pub(super) fn series(runs: &Runs) -> Vec<Series<'_>> {
    concurrent_runs(runs).filter_map(|(key, levels)| series_of(key, levels)).collect()
}

fn series_of<'r>(key: &'r SeriesKey, mut levels: Vec<LevelRuns<'r>>) -> Option<Series<'r>> {
    if mostly_fails(levels.iter().flat_map(|level| level.runs.iter().copied())) {
        return None;
    }
    levels.retain(|level| !level.mostly_fails());
    let working = || levels.iter().flat_map(|level| &level.runs).filter(|run| throughput(run).is_some());
    let metric =
        if working().all(|run| goodput(run).is_some()) { ScalingMetric::Goodput } else { ScalingMetric::Throughput };
    let rate = |run: &Run| match metric {
        ScalingMetric::Goodput => goodput(run),
        ScalingMetric::Throughput => throughput(run),
    };
    let levels: Vec<Level> = levels
        .iter()
        .filter_map(|level| {
            let values = Values::new(level.runs.iter().filter_map(|run| rate(run)).filter(is_believable))?;
            Some(Level { concurrency: level.concurrency, values })
        })
        .collect();
    (!levels.is_empty()).then_some(Series { key, metric, levels })
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
        let runs = Runs::new(vec![run(4, 0.01, Some(20)), run(1, 0.1, Some(0)), run(8, 0.001, Some(60))]);
        let found = series(&runs);
        let levels: Vec<_> =
            found[0].levels.iter().map(|level| (level.concurrency, level.values.mean().round())).collect();
        assert_eq!((found[0].metric, levels), (ScalingMetric::Goodput, vec![(1, 10.0), (4, 80.0)]));
    }

    #[test]
    fn without_counts_it_is_throughput() {
        let runs = Runs::new(vec![run(1, 0.1, Some(0)), run(2, 0.1, None)]);
        assert_eq!(series(&runs)[0].metric, ScalingMetric::Throughput);
    }

    #[test]
    fn levels_of_another_kind_and_what_mostly_fails_as_a_whole_are_left_out() {
        let other = Run { axis: "n".into(), ..run(1, 0.1, None) };
        assert_eq!(series(&Runs::new(vec![other, Run { concurrency: None, ..run(1, 0.1, None) }])), []);
        assert_eq!(series(&Runs::new(vec![run(1, 0.1, Some(10)), run(2, 0.1, Some(99))])), []);
        assert_eq!(series(&Runs::new(vec![Run { avg_time_per_request: Some(1e-200), ..run(1, 0.1, None) }])), []);
    }
}
