//! Locust's `--json`, `--json-file`: an array with an endpoint each, and how often each rounded response time was seen.
//!
//! <https://github.com/locustio/locust/blob/master/locust/stats.py> (`StatsEntry.serialize`). The number of users is not
//! in it; a history beside it that held one number tells that. All endpoints share one duration, from the first start to the last request, as in Locust's own rates.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::super::wire::Number;
use super::super::{document, notice};
use super::{beside, report_rounding, scenario};
use crate::load::format::prelude::*;
use crate::record::ToolHistogram;

/// Statistics with histograms.
pub(in super::super) static LOCUST_JSON: Format = Format {
    name: "locust-json",
    about: "Locust --json: statistics with the response times of each endpoint",
    recognised_by: "an array of objects with num_requests and response_times",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    name: String,
    method: Option<String>,
    start_time: Number,
    last_request_timestamp: Number,
    num_requests: Number,
    num_none_requests: Number,
    num_failures: Number,
    total_response_time: Number,
    min_response_time: Number,
    max_response_time: Number,
    total_content_length: Number,
    response_times: BTreeMap<String, Number>,
}

fn recognises(text: &str) -> bool {
    text.trim_start().starts_with('[') && text.contains("\"num_requests\"") && text.contains("\"response_times\"")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let concurrency = source.path().and_then(beside::level);
    let mut entries: Vec<(usize, Entry)> =
        document::read::<Vec<Entry>>(source, "statistics of Locust")?.into_iter().enumerate().collect();
    entries.retain(|(_, entry)| entry.num_requests.count().is_some_and(|count| 0 < count));
    let starts = entries.iter().filter_map(|(_, entry)| entry.start_time.time(1.0));
    let start = starts.min_by(f64::total_cmp);
    let ends = entries.iter().filter_map(|(_, entry)| entry.last_request_timestamp.time(1.0));
    let end = ends.max_by(f64::total_cmp);
    if entries.is_empty() {
        return Err(ReadError::NoRecord { expected: "an endpoint with num_requests above 0" });
    }
    report_rounding(sink);
    let timestamp = start.map(|start| (start * 1e6).round() as i64);
    let total_time = start.zip(end).map(|(start, end)| end - start);
    let run = |entry: Entry| Run { concurrency, timestamp, total_time, ..entry.run() };
    let runs: Vec<(usize, Run)> = entries.into_iter().map(|(index, entry)| (index, run(entry))).collect();
    notice::failures_in_latencies(sink, runs.iter().map(|(_, run)| run));
    for (number, (index, run)) in (1..).zip(runs) {
        sink.run(&Place::Record { number, pointer: format!("/{index}") }, run);
    }
    Ok(())
}

impl Entry {
    fn run(&self) -> Run {
        let mut times: Vec<(u64, u64)> = self
            .response_times
            .iter()
            .filter_map(|(time, count)| {
                Number::parse(time).time(1.0).map(|time| time.round() as u64).zip(count.count())
            })
            .collect();
        times.sort_unstable();
        let timed =
            self.num_requests.count().map(|all| all.saturating_sub(self.num_none_requests.count().unwrap_or(0)));
        let sum = self.total_response_time.time(1e3);
        let percentile = |quantile| percentile(&times, quantile).map(|milliseconds| milliseconds as f64 / 1e3);
        let mut run = Run {
            scenario: scenario(self.method.as_deref().unwrap_or_default(), &self.name),
            requests_count: self.num_requests.count(),
            error_count: self.num_failures.count(),
            latency: Latency {
                mean: sum.zip(timed).filter(|(_, timed)| 0 < *timed).map(|(sum, timed)| sum / timed as f64),
                std: None,
                min: self.min_response_time.time(1e3),
                p50: percentile(0.5),
                p75: percentile(0.75),
                p90: percentile(0.9),
                p95: percentile(0.95),
                p99: percentile(0.99),
                p99_9: percentile(0.999),
                max: self.max_response_time.time(1e3),
            },
            bytes_read: self.total_content_length.count(),
            tool_histogram: self.histogram(&times),
            ..Run::default()
        };
        if !times.is_empty() {
            PERCENTILES.into_iter().for_each(|column| run.mark_derived(column));
        }
        run
    }

    /// What was rounded to each of these times, ms, within the smallest and the largest of all.
    fn histogram(&self, times: &[(u64, u64)]) -> Option<Arc<ToolHistogram>> {
        let (min, max) = (self.min_response_time.time(1e3), self.max_response_time.time(1e3));
        let mut histogram = ToolHistogram::default();
        for &(time, count) in times {
            let (below, above) = rounded(time);
            let (lower, upper) = ((time as f64 - below) / 1e3, (time as f64 + above) / 1e3);
            let lower = lower.max(min.unwrap_or(0.0)).min(upper).max(0.0);
            let upper = upper.min(max.unwrap_or(upper)).max(lower);
            histogram.add(lower, upper, count);
        }
        (!histogram.is_empty()).then(|| Arc::new(histogram))
    }
}

/// What is computed from the response times and not written by Locust.
const PERCENTILES: [Column; 6] = [
    Column::LatencyP50,
    Column::LatencyP75,
    Column::LatencyP90,
    Column::LatencyP95,
    Column::LatencyP99,
    Column::LatencyP99_9,
];

/// How far below and above a response time, ms, those may lie that Locust rounds to it: it keeps 1 ms below 100 ms, 10 ms
/// below 1 s, 100 ms below 10 s and 1 s from there on (`StatsEntry._log_response_time`).
fn rounded(time: u64) -> (f64, f64) {
    let half_step = |time: u64| match time {
        0..100 => 0.5,
        100..1_000 => 5.0,
        1_000..10_000 => 50.0,
        _ => 500.0,
    };
    // Those just below 100 ms are rounded to 100 ms in the finer steps.
    (half_step(time.saturating_sub(1)), half_step(time))
}

/// As Locust computes it, so that both say the same: the largest time that no more than ⌊q·n⌋ requests were faster than.
/// `times` are ascending, each with its count.
fn percentile(times: &[(u64, u64)], quantile: f64) -> Option<u64> {
    let all = times.iter().fold(0_u64, |all, (_, count)| all.saturating_add(*count));
    let rank = (quantile * all as f64) as u64;
    let mut seen = 0_u64;
    for &(time, count) in times {
        seen = seen.saturating_add(count);
        if rank < seen {
            return Some(time);
        }
    }
    times.last().map(|(time, _)| *time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_rounding_grow_with_the_time() {
        let table = [
            (0, 0.5, 0.5),
            (99, 0.5, 0.5),
            (100, 0.5, 5.0),
            (990, 5.0, 5.0),
            (1_000, 5.0, 50.0),
            (10_000, 50.0, 500.0),
            (60_000, 500.0, 500.0),
        ];
        for (time, below, above) in table {
            assert_eq!(rounded(time), (below, above), "{time}");
        }
    }

    #[test]
    fn percentiles_are_those_of_locust() {
        let times = [(1, 50), (2, 49), (120, 1)];
        let table = [(0.5, 2), (0.49, 1), (0.98, 2), (0.99, 120), (1.0, 120)];
        for (quantile, expected) in table {
            assert_eq!(percentile(&times, quantile), Some(expected), "{quantile}");
        }
        assert_eq!(percentile(&[], 0.5), None);
    }
}
