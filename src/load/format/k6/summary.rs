//! The summaries of k6: `--summary-export`, the data of `handleSummary()`, and the machine-readable one of k6 1 and 2.
//!
//! Three shapes with the same numbers in them:
//! <https://github.com/grafana/k6/blob/master/internal/js/summary.go>. The first has no duration, which follows from the
//! count and the rate of its requests; and a threshold that is `true` there is one that was *crossed*.

use serde::Deserialize;

use super::super::wire::{Members, Number};
use super::super::{document, notice};
use crate::load::format::prelude::*;

/// `k6 run --summary-export FILE`.
pub(in super::super) static K6_SUMMARY: Format = Format {
    name: "k6-summary",
    about: "k6 --summary-export",
    recognised_by: "metrics of k6 without a type, and root_group",
    marks: Marks::Text(|text| is_summary(text) && !has_types(text)),
    read: read_k6_summary,
    ..Format::BASE
};

/// What a script's `handleSummary(data)` gets, written as it is.
pub(in super::super) static K6_HANDLE_SUMMARY: Format = Format {
    name: "k6-handle-summary",
    about: "data of k6's handleSummary(), as JSON",
    recognised_by: "metrics of k6 with type and values, and root_group or state",
    marks: Marks::Text(|text| is_summary(text) && has_types(text)),
    read: read_k6_handle_summary,
    ..Format::BASE
};

/// `k6 run --new-machine-readable-summary --summary-export FILE`.
pub(in super::super) static K6_MACHINE_SUMMARY: Format = Format {
    name: "k6-machine-summary",
    about: "k6 --new-machine-readable-summary",
    recognised_by: "metadata with k6_version, and config",
    marks: Marks::Members(&[&["\"k6_version\"", "\"generated_at\"", "\"config\""]]),
    read: read_k6_machine_summary,
    ..Format::BASE
};

const EXPECTED: &str = "metrics with a count of http_reqs or iterations";

fn read_k6_summary(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    /// A metric: its numbers beside each other, and its thresholds, `true` for a crossed one.
    #[derive(Deserialize)]
    struct Flat {
        #[serde(default)]
        thresholds: Members<serde_json::Value>,
        #[serde(flatten)]
        values: std::collections::BTreeMap<String, Number>,
    }
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        metrics: Members<Flat>,
    }
    let Members(metrics) = document::read::<File>(source, "summary of k6")?.metrics;
    let metrics = metrics.into_iter().map(|(name, flat)| Metric {
        name,
        values: Members(flat.values.into_iter().collect()),
        crossed: crossed(flat.thresholds, |threshold| threshold.as_bool() == Some(true)),
    });
    Summary { metrics: metrics.collect(), duration: None }.finish(sink)
}

fn read_k6_handle_summary(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    #[derive(Deserialize)]
    struct Typed {
        #[serde(default)]
        values: Members<Number>,
        #[serde(default)]
        thresholds: Members<serde_json::Value>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct State {
        #[serde(rename = "testRunDurationMs")]
        test_run_duration: Number,
    }
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        metrics: Members<Typed>,
        #[serde(default)]
        state: State,
    }
    let file: File = document::read(source, "summary of k6")?;
    let metrics = file.metrics.0.into_iter().map(|(name, typed)| Metric {
        name,
        values: typed.values,
        crossed: crossed(typed.thresholds, is_not_ok),
    });
    Summary { metrics: metrics.collect(), duration: file.state.test_run_duration.time(1e3) }.finish(sink)
}

fn read_k6_machine_summary(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(default)]
        name: String,
        #[serde(default)]
        values: Members<Number>,
        #[serde(default)]
        thresholds: serde_json::Value,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Results {
        metrics: Vec<Listed>,
        thresholds: serde_json::Value,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Config {
        duration: Number,
    }
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        config: Config,
        #[serde(default)]
        results: Results,
    }
    let file: File = document::read(source, "summary of k6")?;
    let mut metrics: Vec<Metric> = file
        .results
        .metrics
        .into_iter()
        .map(|listed| Metric { crossed: listed_crossed(&listed.thresholds), name: listed.name, values: listed.values })
        .collect();
    let crossed = listed_crossed(&file.results.thresholds);
    if !crossed.is_empty() {
        metrics.push(Metric { name: String::new(), values: Members::default(), crossed });
    }
    Summary { metrics, duration: file.config.duration.time(1.0) }.finish(sink)
}

/// Whether this is one of the two older summaries: keys may stand in any order, so any metric that every run has will do.
fn is_summary(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && text.contains("\"metrics\"")
        && (text.contains("\"root_group\"") || text.contains("\"testRunDurationMs\""))
        && ["\"http_reqs\"", "\"http_req_duration\"", "\"http_req_failed\"", "\"iterations\"", "\"iteration_duration\""]
            .iter()
            .any(|metric| text.contains(metric))
}

/// Whether metrics say what they contain, as `handleSummary()` has it.
fn has_types(text: &str) -> bool {
    text.contains("\"contains\"") && text.contains("\"values\"")
}

fn is_not_ok(threshold: &serde_json::Value) -> bool {
    threshold.get("ok").and_then(serde_json::Value::as_bool) == Some(false)
}

/// The expressions of the thresholds that were crossed.
fn crossed(thresholds: Members<serde_json::Value>, is_crossed: impl Fn(&serde_json::Value) -> bool) -> Vec<String> {
    thresholds.0.into_iter().filter(|(_, threshold)| is_crossed(threshold)).map(|(expression, _)| expression).collect()
}

/// The same where thresholds are an object by expression, or a list of objects that name theirs.
fn listed_crossed(thresholds: &serde_json::Value) -> Vec<String> {
    match thresholds {
        serde_json::Value::Object(members) => {
            members.iter().filter(|(_, threshold)| is_not_ok(threshold)).map(|(name, _)| name.clone()).collect()
        }
        serde_json::Value::Array(elements) => elements
            .iter()
            .filter(|threshold| is_not_ok(threshold))
            .filter_map(|threshold| {
                let name = ["source", "expression", "name"].iter().find_map(|key| threshold.get(key)?.as_str());
                name.map(str::to_owned)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A summary of any shape.
struct Summary {
    metrics: Vec<Metric>,
    /// s, where the file says.
    duration: Option<f64>,
}

struct Metric {
    name: String,
    values: Members<Number>,
    crossed: Vec<String>,
}

impl Summary {
    fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    fn finish(self, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        for metric in &self.metrics {
            for expression in &metric.crossed {
                let message = format!("k6 found a threshold crossed: {} {expression}", metric.name);
                sink.report(Severity::Notice, "threshold-crossed", &Place::Whole, message, None);
            }
        }
        // A script that speaks no HTTP has iterations only.
        let has_requests = self.metric("http_reqs").is_some();
        let (counter, trend) =
            if has_requests { ("http_reqs", "http_req_duration") } else { ("iterations", "iteration_duration") };
        let counter = self.metric(counter).ok_or(ReadError::NoRecord { expected: EXPECTED })?;
        let requests = counter.get(&["count"]).count().ok_or(ReadError::NoRecord { expected: EXPECTED })?;
        let rate = counter.get(&["rate"]).get().filter(|rate| 0.0 < *rate);
        let errors = if has_requests {
            self.metric("http_req_failed").and_then(|metric| metric.failures(requests))
        } else {
            None
        };

        let successful = self.metric("http_req_duration{expected_response:true}");
        let latencies = successful.filter(|_| has_requests).or_else(|| self.metric(trend));
        let latency = latencies.map(Metric::latency).unwrap_or_default();
        if latency.p99.is_none() && 0 < requests {
            let remedy = "ask k6 for more: --summary-trend-stats 'avg,min,med,max,p(75),p(90),p(95),p(99),p(99.9)'";
            notice::lossy(sink, "the summary has no 99th percentile", remedy);
        }
        let mut run = Run {
            concurrency: self.concurrency(sink),
            total_time: self.duration.or_else(|| rate.map(|rate| requests as f64 / rate)),
            requests_count: Some(requests),
            error_count: errors,
            latency,
            bytes_read: self.metric("data_received").and_then(|metric| metric.get(&["count"]).count()),
            ..Run::default()
        };
        if self.duration.is_none() && run.total_time.is_some() {
            run.mark_derived(Column::TotalTime);
        }
        if has_requests && successful.is_none() {
            notice::failures_in_latencies(sink, [&run]);
        }
        sink.run(&Place::Whole, run);
        Ok(())
    }

    /// The most virtual users that were active at once. How many were allocated (`vus_max`) is not how many ran.
    fn concurrency(&self, sink: &mut Sink<'_>) -> Option<u32> {
        let users = self.metric("vus")?;
        let maximum = users.get(&["max"]).level().or_else(|| users.get(&["value"]).level())?;
        if users.get(&["min"]).level().is_some_and(|minimum| minimum.saturating_mul(2) < maximum) {
            notice::varying_concurrency(sink, &Place::Whole, "the number of virtual users (vus)", maximum);
        }
        Some(maximum)
    }
}

impl Metric {
    /// The value of the first of these names that there is.
    fn get(&self, names: &[&str]) -> Number {
        names.iter().find_map(|name| self.values.get(name)).copied().unwrap_or_default()
    }

    /// Of a rate of failures, how many failed.
    fn failures(&self, requests: u64) -> Option<u64> {
        let counted = self.get(&["passes", "matches"]).count();
        counted.or_else(|| {
            let share = self.get(&["rate", "value"]).get().filter(|share| (0.0..=1.0).contains(share))?;
            Some((share * requests as f64).round() as u64)
        })
    }

    fn latency(&self) -> Latency {
        let milliseconds = |names: &[&str]| self.get(names).time(1e3);
        Latency {
            mean: milliseconds(&["avg"]),
            std: None,
            min: milliseconds(&["min"]),
            p50: milliseconds(&["med", "p(50)", "p50"]),
            p75: milliseconds(&["p(75)", "p75"]),
            p90: milliseconds(&["p(90)", "p90"]),
            p95: milliseconds(&["p(95)", "p95"]),
            p99: milliseconds(&["p(99)", "p99"]),
            p99_9: milliseconds(&["p(99.9)", "p99.9", "p99_9"]),
            max: milliseconds(&["max"]),
        }
    }
}
