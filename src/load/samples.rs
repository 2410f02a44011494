//! Requests put together to runs, one request after the other, in memory that grows with the runs and not the requests.

use indexmap::IndexMap;

use crate::record::{Column, Histogram, Latency, RequestSample, Run};

/// Which run a request belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SeriesKey {
    /// Empty where the input does not say.
    pub framework: String,
    /// Empty where the input does not say.
    pub scenario: String,
    /// Requests in flight at once.
    pub concurrency: Option<u32>,
    /// From 1.
    pub repetition: Option<u32>,
}

/// A series that was seen before, so that a request need not carry its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesId(usize);

/// The runs that the requests of one input make up, in the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct SampleRuns {
    runs: IndexMap<SeriesKey, SampleRun>,
    invalid_latencies: u64,
}

#[derive(Debug, Default)]
struct SampleRun {
    requests: u64,
    errors: u64,
    /// Latencies of the successful requests only: how fast a request fails is not how fast it is served.
    latencies: Histogram,
    first_start: Option<f64>,
    last_end: Option<f64>,
    bytes: Option<u64>,
}

impl SampleRuns {
    /// The series of these names.
    pub(super) fn series(&mut self, key: SeriesKey) -> SeriesId {
        let entry = self.runs.entry(key);
        let id = SeriesId(entry.index());
        entry.or_default();
        id
    }

    /// Adds one request of a series.
    pub(super) fn add(&mut self, series: SeriesId, sample: RequestSample) {
        let Some((_, run)) = self.runs.get_index_mut(series.0) else { return };
        run.requests += 1;
        let latency = sample.latency.filter(|latency| latency.is_finite() && 0.0 <= *latency);
        match latency {
            Some(latency) if sample.ok => {
                run.latencies.record(latency);
            }
            Some(_) => {}
            None => self.invalid_latencies += 1,
        }
        if !sample.ok {
            run.errors += 1;
        }
        if let Some(start) = sample.start.filter(|start| start.is_finite()) {
            let end = start + latency.unwrap_or(0.0);
            run.first_start = Some(run.first_start.map_or(start, |first| first.min(start)));
            run.last_end = Some(run.last_end.map_or(end, |last| last.max(end)));
        }
        if let Some(bytes) = sample.bytes {
            run.bytes = Some(run.bytes.unwrap_or(0).saturating_add(bytes));
        }
    }

    /// How many requests had no latency that makes sense.
    pub(super) fn invalid_latencies(&self) -> u64 {
        self.invalid_latencies
    }

    /// The runs. What they say of time is derived: the input holds requests and not runs.
    pub(super) fn into_runs(self) -> impl Iterator<Item = Run> {
        self.runs.into_iter().map(|(key, run)| run.into_run(key))
    }
}

impl SampleRun {
    fn into_run(self, key: SeriesKey) -> Run {
        let latencies = &self.latencies;
        let [p50, p75, p90, p95, p99, p99_9] = latencies.quantiles([0.5, 0.75, 0.9, 0.95, 0.99, 0.999]);
        let total_time = match (self.first_start, self.last_end) {
            (Some(first), Some(last)) => Some(last - first),
            _ => None,
        };
        let mut run = Run {
            framework: key.framework,
            scenario: key.scenario,
            concurrency: key.concurrency,
            repetition: key.repetition,
            timestamp: self.first_start.filter(|&start| is_date(start)).map(|start| (start * 1e6).round() as i64),
            total_time,
            requests_count: Some(self.requests),
            success_count: Some(self.requests - self.errors),
            error_count: Some(self.errors),
            latency: Latency {
                mean: latencies.mean(),
                std: latencies.std(),
                min: latencies.min(),
                p50,
                p75,
                p90,
                p95,
                p99,
                p99_9,
                max: latencies.max(),
            },
            bytes_read: self.bytes,
            ..Run::default()
        };
        if total_time.is_some() {
            run.mark_derived(Column::TotalTime);
        }
        run
    }
}

/// Whether seconds are since 1970 and not since a test began: from 2001 on they have ten digits.
fn is_date(seconds: f64) -> bool {
    1e9 < seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(start: f64, latency: f64, ok: bool) -> RequestSample {
        RequestSample { start: Some(start), latency: Some(latency), ok, bytes: Some(100) }
    }

    #[test]
    fn requests_become_a_run() {
        let mut samples = SampleRuns::default();
        let key = SeriesKey { framework: "asyncio".into(), concurrency: Some(2), ..SeriesKey::default() };
        let series = samples.series(key.clone());
        samples.add(series, sample(10.5, 0.25, true));
        samples.add(series, sample(10.0, 0.5, true));
        assert_eq!(samples.series(key), series);
        samples.add(series, sample(11.0, 1.0, false));
        samples.add(series, RequestSample { start: Some(10.2), latency: None, ok: true, bytes: None });
        assert_eq!(samples.invalid_latencies(), 1);

        let runs: Vec<Run> = samples.into_runs().collect();
        let [run] = runs.as_slice() else { panic!("one run, not {runs:?}") };
        assert_eq!((run.requests_count, run.success_count, run.error_count), (Some(4), Some(3), Some(1)));
        assert_eq!((run.total_time, run.timestamp, run.bytes_read), (Some(2.0), None, Some(300)));
        assert_eq!((run.latency.min, run.latency.max, run.latency.mean), (Some(0.25), Some(0.5), Some(0.375)));
        assert!(run.is_derived(Column::TotalTime));
    }

    #[test]
    fn without_a_start_there_is_no_total_time() {
        let mut samples = SampleRuns::default();
        let series = samples.series(SeriesKey::default());
        samples.add(series, RequestSample { start: None, latency: Some(0.1), ok: true, bytes: None });
        let run = samples.into_runs().next().unwrap();
        assert_eq!((run.total_time, run.latency.p50), (None, Some(0.1)));
    }
}
