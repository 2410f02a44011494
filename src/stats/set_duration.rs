//! Whether runs took as long as they were told to, and not as long as their work did.

use crate::record::{Column, Metric, Run};

/// How far the longest run is above the shortest at most, where a duration was set.
const ALIKE: f64 = 1.02;

/// How far something else that was measured has to be apart for that to say anything.
const APART: f64 = 1.1;

/// A benchmark that takes less, s, is not one with a set duration.
const SHORTEST: f64 = 1.0;

/// Whether all of these runs took nearly the same time while they did different work: then they were told how long to run,
/// and their total time is no result. Runs that lack a total time say nothing.
pub fn is_set_duration<'r>(runs: impl Iterator<Item = &'r Run> + Clone) -> bool {
    let read = runs.clone().filter(|run| !run.is_derived(Column::TotalTime));
    let Some((least, most, count)) = range(read.clone().filter_map(|run| run.total_time)) else { return false };
    let are_apart = |values: Option<(f64, f64, usize)>| {
        values.is_some_and(|(least, most, count)| 1 < count && 0.0 <= least && APART * least < most)
    };
    let work = range(read.filter_map(|run| run.requests_count).map(|requests| requests as f64));
    let others = [Metric::AvgTimePerRequest, Metric::LatencyMean, Metric::LatencyP50, Metric::LatencyP99];
    let is_other = || others.into_iter().any(|metric| are_apart(range(runs.clone().filter_map(|run| metric.of(run)))));
    1 < count && SHORTEST <= least && most <= ALIKE * least && (are_apart(work) || is_other())
}

/// The least and the most of some numbers, and how many there are.
fn range(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64, usize)> {
    numbers.fold(None, |range, number| match range {
        None => Some((number, number, 1)),
        Some((least, most, count)) => Some((least.min(number), most.max(number), count + 1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(total: f64, requests: u64) -> Run {
        Run { total_time: Some(total), requests_count: Some(requests), ..Run::default() }
    }

    #[test]
    fn a_duration_is_set_where_work_differs_and_time_does_not() {
        let table = [
            (vec![run(30.0, 150_000), run(30.1, 1_500)], true),
            (vec![run(30.0, 1_000), run(30.1, 1_000)], false),
            (vec![run(30.0, 1_000), run(31.0, 1_500)], false),
            (vec![run(0.3, 1_000), run(0.3, 1_500)], false),
            (vec![run(30.0, 1_000)], false),
            (vec![], false),
        ];
        for (runs, expected) in table {
            assert_eq!(is_set_duration(runs.iter()), expected, "{runs:?}");
        }
    }
}
