//! pytest-benchmark: `--benchmark-json`, `--benchmark-save` and `--benchmark-autosave`.
//!
//! A test is called in rounds of `iterations` calls each. Its statistics are over the rounds, in seconds per call:
//! `rounds × iterations` requests took `total × iterations`. A test is one run; what its rounds say of it is in the
//! latencies and in its profile, and further runs of pytest are its repetitions. Rounds follow each other in one process and depend on one
//! another, so taking each for a run would make differences look real that the next run of pytest does not show.
//!
//! Where a round has several calls, its time is their mean: the mean is all that it says of single calls. The percentiles
//! above the third quartile need the array `data`, which only `--benchmark-json` and `--benchmark-save-data` write.
//!
//! The scenario is the group and the test. The file is the framework, unless a parameter such as `library` names one: two
//! files of the same tests are what this tool compares.
//!
//! Mirrors <https://github.com/ionelmc/pytest-benchmark/blob/master/src/pytest_benchmark/stats.py>.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::document::{self, Scalar, measured};
use super::parameters::{self, Parameter, Varying};
use crate::load::format::prelude::*;
use crate::record::{Precision, Profile, RequestSample};

/// The JSON of pytest-benchmark.
pub(super) static PYTEST_BENCHMARK: Format = Format {
    name: "pytest-benchmark",
    about: "pytest-benchmark --benchmark-json, --benchmark-save",
    recognised_by: "machine_info, commit_info and benchmarks",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Report {
    benchmarks: Vec<Benchmark>,
    datetime: Option<String>,
    #[serde(default)]
    machine_info: Machine,
}

/// Only what stays the same from run to run on one machine.
#[derive(Default, Deserialize)]
struct Machine {
    #[serde(default)]
    machine: String,
    #[serde(default)]
    system: String,
    #[serde(default)]
    cpu: Processor,
}

#[derive(Default, Deserialize)]
struct Processor {
    #[serde(default)]
    brand_raw: String,
}

#[derive(Deserialize)]
struct Benchmark {
    group: Option<String>,
    name: String,
    #[serde(default)]
    fullname: String,
    params: Option<IndexMap<String, Scalar>>,
    stats: Option<Stats>,
}

#[derive(Deserialize)]
struct Stats {
    #[serde(default, deserialize_with = "document::number")]
    min: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    max: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    mean: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    stddev: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    median: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    q3: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    total: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    rounds: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    iterations: Option<f64>,
    #[serde(default, deserialize_with = "document::numbers")]
    data: Option<Vec<Option<f64>>>,
}

fn recognises(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    has("\"machine_info\"") && has("\"commit_info\"") && has("\"benchmarks\"")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let report: Report = document::read(source, "pytest-benchmark report")?;
    if report.benchmarks.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one benchmark" });
    }
    if report.benchmarks.iter().filter_map(|benchmark| benchmark.stats.as_ref()).any(|stats| 1.0 < stats.calls()) {
        sink.report(
            Severity::Notice,
            "lossy",
            &Place::Whole,
            "some rounds time several calls as one: these tests have no latency of single calls but the mean".into(),
            Some("call benchmark.pedantic with iterations=1, or make the work of one call longer"),
        );
    }
    let Machine { machine, system, cpu } = &report.machine_info;
    sink.machine(&[&cpu.brand_raw, machine, system]);
    let timestamp = report.datetime.as_deref().and_then(timestamp);
    let modules: HashSet<&str> = report.benchmarks.iter().filter_map(Benchmark::module).collect();
    let all: Vec<Vec<Parameter>> = report.benchmarks.iter().map(Benchmark::parameters).collect();
    let varying = Varying::of(all.iter().flatten());
    for (index, (benchmark, parameters)) in report.benchmarks.iter().zip(all.clone()).enumerate() {
        let place = document::place("/benchmarks", index);
        let mut run = Run { scenario: benchmark.scenario(1 < modules.len()), timestamp, ..Run::default() };
        varying.apply(parameters, &mut run);
        match &benchmark.stats {
            Some(stats) => stats.fill(&mut run),
            None => {
                let message = format!("{} has no statistics", benchmark.name);
                let help = "its run is kept without times; see why it did not come to its end";
                sink.report(Severity::Warning, "benchmark-failed", &place, message, Some(help));
                (run.success_count, run.error_count) = (Some(0), Some(1));
            }
        }
        sink.run(&place, run);
    }
    Ok(())
}

impl Benchmark {
    /// The file that the test is in.
    fn module(&self) -> Option<&str> {
        self.fullname.split_once("::").map(|(module, _)| module)
    }

    fn parameters(&self) -> Vec<Parameter> {
        let with_value = |(name, value): (&String, &Scalar)| Some((name.clone(), value.text()?.into_owned()));
        self.params.iter().flatten().filter_map(with_value).collect()
    }

    /// The group and the test, without its parameters; with the module where tests of several are in the file.
    fn scenario(&self, with_module: bool) -> String {
        let mut scenario = self.group.clone().unwrap_or_default();
        if let Some(module) = self.module().filter(|_| with_module) {
            parameters::append(&mut scenario, module);
        }
        let name = self.fullname.split_once("::").map_or(self.name.as_str(), |(_, name)| name);
        // Parameters that are objects are only in the name.
        let simple = self.params.iter().flatten().all(|(_, value)| value.text().is_some());
        let test = match name.split_once('[') {
            Some((test, _)) if self.params.is_some() && simple => test,
            _ => name,
        };
        parameters::append(&mut scenario, test);
        scenario
    }
}

impl Stats {
    /// The time of a call in each round, one after the other and without a clock.
    fn rounds(&self) -> Option<Arc<Profile>> {
        let mut profile = Profile::new(Precision::EXACT);
        for time in self.data.iter().flatten().filter_map(|time| measured(*time)) {
            profile.add(RequestSample { start: None, latency: Some(time), ok: true, bytes: None }.into());
        }
        (0 < profile.requests).then(|| Arc::new(profile))
    }

    /// How many calls a round has.
    fn calls(&self) -> f64 {
        self.iterations.filter(|&calls| 1.0 <= calls).unwrap_or(1.0)
    }

    fn fill(&self, run: &mut Run) {
        let calls = self.calls();
        run.total_time = measured(self.total.map(|total| total * calls));
        run.requests_count = document::count(self.rounds.map(|rounds| rounds * calls));
        run.avg_time_per_request = measured(self.mean);
        run.latency.mean = measured(self.mean);
        run.profile = self.rounds();
        if 1.0 < calls {
            return;
        }
        let mut sorted: Vec<f64> = self.data.iter().flatten().filter_map(|time| measured(*time)).collect();
        sorted.sort_by(f64::total_cmp);
        run.latency = Latency {
            mean: measured(self.mean),
            std: measured(self.stddev),
            min: measured(self.min),
            p50: measured(self.median),
            p75: measured(self.q3),
            p90: quantile(&sorted, 0.9),
            p95: quantile(&sorted, 0.95),
            p99: quantile(&sorted, 0.99),
            p99_9: quantile(&sorted, 0.999),
            max: measured(self.max),
        };
    }
}

/// The smallest value that is not below the given part of all values.
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.checked_sub(1)?).copied()
}

/// Dates are in UTC, up to 4.x without saying so.
fn timestamp(date: &str) -> Option<i64> {
    document::microseconds(date).or_else(|| document::microseconds(&format!("{date}Z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_measured_values() {
        let sorted: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(quantile(&sorted, 0.9), Some(9.0));
        assert_eq!(quantile(&sorted, 0.95), Some(10.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn dates_are_in_utc() {
        assert_eq!(timestamp("2026-11-22T07:10:08.550908+00:00"), Some(1_795_331_408_550_908));
        assert_eq!(timestamp("2026-11-22T07:10:08.550908"), Some(1_795_331_408_550_908));
        assert_eq!(timestamp("yesterday"), None);
    }
}
