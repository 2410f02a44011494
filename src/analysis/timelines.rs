//! How the requests of each run lie in time, for charts.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::latency_rows::{LatencyRows, latency_rows};
use super::telling::{Marks, telling};
use crate::record::{Profile, Run, Runs, Span, Timeline};

/// The requests of one run by when they were sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunTimeline {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once.
    pub concurrency: Option<u32>,
    /// Which of several runs of the same cell this is, from 1.
    pub repetition: Option<u32>,
    /// In the order of time, without a gap between them.
    pub bins: Vec<TimeBin>,
    /// The longest time in which nothing was sent where much would have been.
    pub stall: Option<TimeSpan>,
    /// The beginning that was slower than the rest of the run.
    pub warm_up: Option<TimeSpan>,
    /// Where in the bins the latencies lie; only of the few runs that say most.
    pub latencies: Option<LatencyRows>,
}

/// A time within a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeSpan {
    /// From the first start of the run on, s.
    pub start: f64,
    /// From the first start of the run on, s.
    pub end: f64,
}

/// The requests that were sent within a span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeBin {
    /// From the first start of the run on, s.
    pub start: f64,
    /// From the first start of the run on, s.
    pub end: f64,
    /// All requests.
    pub requests_count: u64,
    /// Those that failed.
    pub error_count: u64,
    /// Requests sent per second; `None` where the bin has no length.
    pub throughput: Option<f64>,
    /// The median latency of successful requests, s, within 3 %.
    pub latency_p50: Option<f64>,
    /// The 99th percentile of the latency of successful requests, s, within 3 %.
    pub latency_p99: Option<f64>,
}

/// All runs together get about so many bins, so that an analysis of many runs stays small.
const BINS_OF_ALL: usize = 20_000;

/// About so many requests are in a bin: a percentile of fewer is one of chance.
const REQUESTS_OF_BIN: u64 = 25;

/// But a run is not given fewer than these where it has them.
const FEWEST_BINS: usize = 8;

/// The time lines of the runs that have one.
pub(super) fn timelines(runs: &Runs) -> Vec<RunTimeline> {
    let with_time: Vec<(&Run, &Profile, Marks)> = runs
        .iter()
        .filter_map(|run| Some((run, run.profile.as_deref().filter(|profile| profile.span.is_some())?)))
        .map(|(run, profile)| (run, profile, Marks::of(run, profile)))
        .collect();
    let chosen: HashSet<usize> = telling(with_time.iter().copied()).into_iter().collect();
    let share = BINS_OF_ALL / with_time.len().max(1);
    let record = |(index, (run, profile, marks)): (usize, &(&Run, &Profile, Marks))| {
        let is_chosen = chosen.contains(&index);
        let filled = usize::try_from(profile.requests / REQUESTS_OF_BIN).unwrap_or(usize::MAX);
        // A run that is looked at is not coarsened for the others' sake.
        let most = if is_chosen { filled } else { filled.min(share) };
        let timeline = profile.timeline.coarsened(most.max(FEWEST_BINS));
        RunTimeline {
            framework: run.framework.clone(),
            scenario: run.scenario.clone(),
            concurrency: run.concurrency,
            repetition: run.repetition,
            bins: bins(&timeline),
            stall: marks.stall.map(|stall| TimeSpan { start: stall.start, end: stall.start + stall.length }),
            warm_up: marks.warm_up.map(|warm_up| TimeSpan { start: 0.0, end: warm_up.length }),
            latencies: if is_chosen { latency_rows(&timeline) } else { None },
        }
    };
    with_time.iter().enumerate().map(record).collect()
}

fn bins(timeline: &Timeline) -> Vec<TimeBin> {
    let Some(run) = timeline.span() else { return Vec::new() };
    let seconds = |moment: i64| moment.saturating_sub(run.from) as f64 / 1e9;
    let bins = timeline.bins().map(|(span, bin)| {
        // The first bin begins with the run, and the last ends with it.
        let span = Span { from: span.from.max(run.from), until: span.until.min(run.until) };
        let length = span.length() as f64 / 1e9;
        let [latency_p50, latency_p99] = bin.latencies.quantiles([0.5, 0.99]);
        TimeBin {
            start: seconds(span.from),
            end: seconds(span.until),
            requests_count: bin.count,
            error_count: bin.errors,
            throughput: (0.0 < length).then(|| bin.count as f64 / length),
            latency_p50,
            latency_p99,
        }
    });
    bins.collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::LatencyColumn;
    use crate::record::RequestTicks;

    #[test]
    fn bins_follow_each_other_and_hold_every_request() {
        let mut profile = Profile::default();
        for request in 0..1_000_i64 {
            let start = Some(1_790_000_000_000_000_000 + request * 10_000_000);
            profile.add(RequestTicks { start, latency: Some(5_000_000), ok: request % 10 != 0, bytes: None });
        }
        let run = Run { framework: "a".into(), profile: Some(Arc::new(profile)), ..Run::default() };
        let timelines = timelines(&Runs::new(vec![run]));
        let [RunTimeline { bins, latencies: Some(latencies), .. }] = timelines.as_slice() else {
            panic!("{timelines:?}")
        };
        assert!(bins.windows(2).all(|pair| (pair[0].end - pair[1].start).abs() < 1e-9));
        let sums = bins.iter().fold((0, 0), |sum, bin| (sum.0 + bin.requests_count, sum.1 + bin.error_count));
        assert_eq!(sums, (1_000, 100));
        let in_rows = |column: &LatencyColumn| column.counts.iter().sum::<u64>();
        let successes = |bin: &TimeBin| bin.requests_count - bin.error_count;
        assert_eq!(
            latencies.bins.iter().map(in_rows).collect::<Vec<_>>(),
            bins.iter().map(successes).collect::<Vec<_>>()
        );
        assert!(bins.iter().all(|bin| bin.latency_p50.is_some_and(|latency| (latency - 0.005).abs() < 0.000_2)));
        let rates: Vec<f64> = bins.iter().filter_map(|bin| bin.throughput).collect();
        assert!(rates[1..rates.len() - 1].iter().all(|rate| (80.0..120.0).contains(rate)), "{rates:?}");
    }

    #[test]
    fn many_runs_have_fewer_bins_each() {
        let mut timeline = Timeline::new();
        (0..1_000_i64).for_each(|request| timeline.record(request * 10_000_000, Some(5), true));
        let coarse = timeline.coarsened(10);
        assert!(coarse.bins().count() <= 10 && coarse.bins().map(|(_, bin)| bin.count).sum::<u64>() == 1_000);
    }
}
