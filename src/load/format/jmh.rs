//! JMH: `-rf json`.
//!
//! A benchmark is measured in forks of several iterations each, whose scores are in `rawData`: each is a run. The unit of
//! the score says what it is, not the mode: `ops/ms` is a throughput over all threads, so its inverse is
//! `total_time / requests_count`; `ns/op` is the time of one operation as its thread sees it, a mean latency, of which
//! `threads` go on at once. In the mode `sample` an iteration has a histogram of single operations.
//!
//! The method is the framework, its class the scenario, without the packages that all share. Threads are the concurrency
//! where any benchmark of the file has more than one; where all have one, a whole-number parameter is the level.
//!
//! What an iteration should have taken is in the file and what it took is not, nor is the number of operations: total_time
//! and requests_count stay empty.
//!
//! Mirrors <https://github.com/openjdk/jmh/blob/master/jmh-core/src/main/java/org/openjdk/jmh/results/format/JSONResultFormat.java>.

use indexmap::IndexMap;
use serde::Deserialize;

use super::document::{self, Scalar, measured};
use super::parameters::{Parameter, Varying};
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// The JSON of JMH.
pub(super) static JMH: Format = Format {
    name: "jmh",
    about: "JMH -rf json",
    recognised_by: "benchmark, primaryMetric and scoreUnit",
    marks: Marks::Text(recognises),
    read: read_input,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Benchmark {
    benchmark: String,
    threads: Option<u32>,
    #[serde(default)]
    params: IndexMap<String, Scalar>,
    #[serde(rename = "primaryMetric")]
    metric: Metric,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    #[serde(default, deserialize_with = "document::number")]
    score: Option<f64>,
    score_unit: String,
    /// By fork, and by iteration.
    raw_data: Option<Vec<Vec<Scalar>>>,
    /// By fork, and by iteration.
    raw_data_histogram: Option<Vec<Vec<Histogram>>>,
}

/// Values, each with how often it was seen.
type Histogram = Vec<(f64, u64)>;

/// What a score says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    /// Operations in so many seconds.
    Rate(f64),
    /// So many seconds for an operation.
    Time(f64),
}

fn recognises(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    has("\"jmhVersion\"") || (has("\"primaryMetric\"") && has("\"scoreUnit\""))
}

fn read_input(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let benchmarks: Vec<Benchmark> = document::read(source, "list of JMH results")?;
    if benchmarks.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one benchmark" });
    }
    let is_threaded = benchmarks.iter().any(|benchmark| 1 < benchmark.threads());
    let all: Vec<Vec<Parameter>> = benchmarks.iter().map(|benchmark| benchmark.parameters(is_threaded)).collect();
    let varying = Varying::of(all.iter().flatten());
    let shared = shared_packages(benchmarks.iter().map(|benchmark| benchmark.benchmark.as_str()));
    for (index, (benchmark, parameters)) in benchmarks.iter().zip(all).enumerate() {
        let place = document::place("", index);
        let name: Vec<&str> = benchmark.benchmark.split('.').skip(shared).collect();
        let (method, class) = name.split_last().unwrap_or((&"", &[]));
        let mut run = Run { framework: (*method).to_owned(), scenario: class.join("."), ..Run::default() };
        varying.apply(parameters, &mut run);
        if run.concurrency.is_none() {
            run.concurrency = Some(benchmark.threads());
        }
        benchmark.read(&place, &run, sink);
    }
    Ok(())
}

impl Benchmark {
    fn threads(&self) -> u32 {
        self.threads.unwrap_or(1).max(1)
    }

    fn parameters(&self, with_threads: bool) -> Vec<Parameter> {
        let with_value = |(name, value): (&String, &Scalar)| Some((name.clone(), value.text()?.into_owned()));
        let threads = with_threads.then(|| ("threads".to_owned(), self.threads().to_string()));
        threads.into_iter().chain(self.params.iter().filter_map(with_value)).collect()
    }

    fn read(&self, place: &Place, named: &Run, sink: &mut Sink<'_>) {
        let Some(unit) = Unit::parse(&self.metric.score_unit) else {
            let message =
                format!("{} is measured in {:?}, which is no time and no rate", self.benchmark, self.metric.score_unit);
            sink.report(Severity::Notice, "no-time", place, message, Some("it is left out"));
            return;
        };
        let scores: Vec<Option<f64>> = match (&self.metric.raw_data, &self.metric.raw_data_histogram, unit) {
            (_, Some(histograms), Unit::Time(seconds)) => {
                for histogram in histograms.iter().flatten() {
                    let mut run = self.with_time(named, None);
                    run.latency = latency(histogram, seconds);
                    self.derive_average(&mut run);
                    sink.run(place, run);
                }
                return;
            }
            (Some(data), _, _) => data.iter().flatten().map(|score| score.clone().number()).collect(),
            _ => vec![self.metric.score],
        };
        for score in scores {
            let run = match (unit, measured(score)) {
                (Unit::Rate(seconds), Some(rate)) if 0.0 < rate => {
                    Run { avg_time_per_request: measured(Some(seconds / rate)), ..named.clone() }
                }
                (Unit::Time(seconds), Some(time)) => self.with_time(named, Some(time * seconds)),
                _ => {
                    let message = format!("an iteration of {} has no score above zero", self.benchmark);
                    sink.report(Severity::Warning, "no-time", place, message, Some("its run is kept without one"));
                    named.clone()
                }
            };
            sink.run(place, run);
        }
    }

    fn with_time(&self, named: &Run, time: Option<f64>) -> Run {
        let mut run = named.clone();
        run.latency.mean = time;
        self.derive_average(&mut run);
        run
    }

    /// Each thread begins an operation when its last has ended, so `threads` of them are done in the time of one.
    fn derive_average(&self, run: &mut Run) {
        run.avg_time_per_request = run.latency.mean.map(|mean| mean / f64::from(self.threads()));
        if run.avg_time_per_request.is_some() && 1 < self.threads() {
            run.mark_derived(Column::AvgTimePerRequest);
        }
    }
}

impl Unit {
    fn parse(text: &str) -> Option<Self> {
        let (of, per) = text.split_once('/')?;
        match (of, per) {
            ("ops", unit) => units::seconds_in(unit).map(Self::Rate),
            (unit, "op") => units::seconds_in(unit).map(Self::Time),
            _ => None,
        }
    }
}

/// The latencies of single operations, from how often each value was seen.
fn latency(histogram: &[(f64, u64)], seconds: f64) -> Latency {
    let mut values: Vec<(f64, u64)> =
        histogram.iter().copied().filter(|(value, count)| measured(Some(*value)).is_some() && 0 < *count).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(((min, _), (max, _))) = values.first().zip(values.last()) else { return Latency::default() };
    let count: f64 = values.iter().map(|(_, seen)| *seen as f64).sum();
    let mean = values.iter().map(|(value, seen)| value * (*seen as f64 / count)).sum::<f64>();
    let variance = values.iter().map(|(value, seen)| (value - mean).powi(2) * (*seen as f64 / count)).sum::<f64>();
    // The smallest value that is not below the given part of all.
    let quantile = |part: f64| {
        let mut below = 0.0;
        let reached = values.iter().find(|(_, seen)| {
            below += *seen as f64;
            part * count <= below
        });
        reached.map(|(value, _)| value * seconds)
    };
    Latency {
        mean: measured(Some(mean * seconds)),
        std: measured(Some(variance.sqrt() * seconds)),
        min: Some(min * seconds),
        p50: quantile(0.5),
        p75: quantile(0.75),
        p90: quantile(0.9),
        p95: quantile(0.95),
        p99: quantile(0.99),
        p99_9: quantile(0.999),
        max: Some(max * seconds),
    }
}

/// How many leading parts all names share, without their classes and methods.
fn shared_packages<'n>(names: impl Iterator<Item = &'n str>) -> usize {
    let packages = |name: &'n str| {
        let parts: Vec<&str> = name.split('.').collect();
        parts.get(..parts.len().saturating_sub(2)).map(<[&str]>::to_vec).unwrap_or_default()
    };
    let shared = names.map(packages).reduce(|shared, packages| {
        let length = shared.iter().zip(&packages).take_while(|(a, b)| a == b).count();
        shared.into_iter().take(length).collect()
    });
    shared.map_or(0, |shared| shared.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_rates_or_times() {
        let table = [
            ("ops/s", Some(Unit::Rate(1.0))),
            ("ops/ms", Some(Unit::Rate(1e-3))),
            ("ns/op", Some(Unit::Time(1e-9))),
            ("us/op", Some(Unit::Time(1e-6))),
            ("s/op", Some(Unit::Time(1.0))),
            ("B/op", None),
            ("counts", None),
        ];
        for (text, expected) in table {
            assert_eq!(Unit::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn packages_that_all_share_are_left_out() {
        let shared = |names: &[&str]| shared_packages(names.iter().copied());
        assert_eq!(shared(&["a.b.Class.one", "a.b.Class.two"]), 2);
        assert_eq!(shared(&["a.b.Class.one", "a.c.Class.one"]), 1);
        assert_eq!(shared(&["a.Class.one", "Class.two"]), 0);
        assert_eq!(shared(&["one"]), 0);
    }

    #[test]
    fn a_histogram_gives_latencies() {
        let found = latency(&[(30.0, 1), (10.0, 98), (20.0, 1)], 1.0);
        assert_eq!((found.min, found.p50, found.p99, found.max), (Some(10.0), Some(10.0), Some(20.0), Some(30.0)));
        assert_eq!(latency(&[], 1.0), Latency::default());
        assert_eq!(latency(&[(f64::NAN, 1), (1.0, 0)], 1.0), Latency::default());
    }
}
