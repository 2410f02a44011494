//! Bencher Metric Format: `{"name": {"latency": {"value": 3247.0}}}`.
//!
//! `latency` is in ns and `throughput` in operations a second, each a single value: how it was measured and how often is
//! not said, nor what its lower and upper values are, a deviation or an interval. Other measures are no times. Version 1
//! has a list of parameters and measures under each name.
//!
//! Mirrors <https://bencher.dev/docs/reference/bencher-metric-format/>.

use indexmap::IndexMap;
use serde::Deserialize;

use super::document::{self, Scalar, measured};
use super::parameters::{Parameter, Varying};
use crate::load::format::prelude::*;

/// Bencher Metric Format.
pub(super) static BENCHER: Format = Format {
    name: "bencher",
    about: "Bencher Metric Format",
    recognised_by: "an object of benchmarks, each with measures that have a value, a lower_value and an upper_value at most",
    marks: Marks::Head(recognises),
    read,
    ..Format::BASE
};

/// How many values of the beginning are looked at to find the end of the first measure.
const LOOKED_AT: usize = 8;

#[derive(Deserialize)]
#[serde(untagged)]
enum Benchmark {
    Measures(IndexMap<String, Metric>),
    Cases(Vec<Case>),
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    parameters: IndexMap<String, Scalar>,
    measures: IndexMap<String, Metric>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metric {
    value: Option<f64>,
    #[serde(rename = "lower_value")]
    _lower: Option<f64>,
    #[serde(rename = "upper_value")]
    _upper: Option<f64>,
    p50: Option<f64>,
    p75: Option<f64>,
    p90: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

fn recognises(head: &Head<'_>) -> bool {
    let Some(text) = head.text().filter(|text| text.trim_start().starts_with("{")) else { return false };
    // The first measure is whole long before the head ends: the text up to its end, closed again, is of this form.
    text.match_indices('}').take(LOOKED_AT).any(|(end, _)| {
        let begun = text.get(..=end).unwrap_or_default();
        let is = |closing: &str| is_benchmarks(&format!("{begun}{closing}"));
        is("}}") || is("}}]}")
    })
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let benchmarks: IndexMap<String, Benchmark> = document::read(source, "Bencher Metric Format")?;
    let cases: Vec<(usize, String, Case)> = benchmarks
        .into_iter()
        .enumerate()
        .flat_map(|(index, (name, benchmark))| {
            benchmark.into_cases().into_iter().map(move |case| (index, name.clone(), case))
        })
        .collect();
    let all: Vec<Vec<Parameter>> = cases.iter().map(|(_, _, case)| case.parameters()).collect();
    let varying = Varying::of(all.iter().flatten());
    let mut runs_count = 0;
    for ((index, name, case), parameters) in cases.into_iter().zip(all) {
        let place = document::member("", index, &name);
        let mut run = Run { scenario: name, ..Run::default() };
        varying.apply(parameters, &mut run);
        if case.fill(&mut run) {
            runs_count += 1;
            sink.run(&place, run);
        } else {
            let measures: Vec<&str> = case.measures.keys().map(String::as_str).collect();
            let message = format!("{} has no latency and no throughput, but {}", run.scenario, measures.join(", "));
            sink.report(Severity::Notice, "no-time", &place, message, Some("it is left out"));
        }
    }
    if runs_count == 0 {
        return Err(ReadError::NoRecord { expected: "a benchmark with a latency or a throughput" });
    }
    sink.report(
        Severity::Notice,
        "lossy",
        &Place::Whole,
        "this has one value of each benchmark, and not what it was computed from".to_owned(),
        Some("read what the benchmark harness wrote, too"),
    );
    Ok(())
}

fn is_benchmarks(text: &str) -> bool {
    let read: serde_json::Result<IndexMap<String, Benchmark>> = serde_json::from_str(text);
    let has_value = |metric: &Metric| metric.value.is_some() || metric.latency(1.0) != Latency::default();
    read.is_ok_and(|benchmarks| {
        let mut cases = benchmarks.into_values().flat_map(Benchmark::into_cases);
        cases.any(|case| case.measures.values().any(has_value))
    })
}

impl Benchmark {
    fn into_cases(self) -> Vec<Case> {
        match self {
            Self::Measures(measures) => vec![Case { parameters: IndexMap::new(), measures }],
            Self::Cases(cases) => cases,
        }
    }
}

impl Case {
    fn parameters(&self) -> Vec<Parameter> {
        let with_value = |(name, value): (&String, &Scalar)| Some((name.clone(), value.text()?.into_owned()));
        self.parameters.iter().filter_map(with_value).collect()
    }

    /// Whether there was anything to fill in.
    fn fill(&self, run: &mut Run) -> bool {
        /// The unit of a latency: so many are a second.
        const NANOSECONDS: f64 = 1e9;
        if let Some(latency) = self.measures.get("latency") {
            run.avg_time_per_request = measured(latency.value).map(|value| value / NANOSECONDS);
            run.latency = latency.latency(NANOSECONDS);
        }
        if let Some(rate) = self.measures.get("throughput").and_then(|throughput| throughput.value)
            && 0.0 < rate
        {
            // A latency is that of one operation; the throughput says what all of them took.
            run.latency.mean = run.avg_time_per_request;
            run.avg_time_per_request = measured(Some(1.0 / rate));
        }
        run.avg_time_per_request.is_some() || run.latency != Latency::default()
    }
}

impl Metric {
    fn latency(&self, per_second: f64) -> Latency {
        let time = |value: Option<f64>| measured(value).map(|value| value / per_second);
        Latency {
            p50: time(self.p50),
            p75: time(self.p75),
            p90: time(self.p90),
            p95: time(self.p95),
            p99: time(self.p99),
            ..Latency::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_form_is_claimed() {
        let table = [
            (r#"{"a": {"latency": {"value": 1.0, "lower_value": 0.5, "upper_value": 2}}}"#, true),
            (r#"{"a": {"latency": {"value": 1.0}, "throughput": {"va"#, true),
            (r#"{"t": [{"parameters": {"op": "read"}, "measures": {"latency": {"p99": 97.0}}}]}"#, true),
            (r#"{"metrics": {"vus": {"value": 1, "min": 1, "max": 1}}}"#, false),
            (r#"{"metrics": {"http_req_failed": {"value": 0, "passes": 0, "fails": 10}}}"#, false),
            (r#"{"a": {"b": {}}}"#, false),
            (r#"{"a": {"b": 1}}"#, false),
            ("[]", false),
        ];
        for (text, expected) in table {
            let sniffed = BENCHER.sniff(&Head { bytes: text.as_bytes(), is_whole: true });
            assert_eq!(sniffed == Sniff::Yes, expected, "{text}");
        }
    }
}
