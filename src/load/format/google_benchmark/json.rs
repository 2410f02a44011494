//! `--benchmark_format=json`. A library that was built for debugging, and a processor that changes its clock, are told.
//!
//! Mirrors <https://github.com/google/benchmark/blob/main/src/json_reporter.cc>.

use serde::Deserialize;

use super::super::document;
use super::{Kind, Row};
use crate::load::format::prelude::*;

/// What Google Benchmark writes as JSON.
pub(in super::super) static GOOGLE_BENCHMARK: Format = Format {
    name: "google-benchmark",
    about: "Google Benchmark as JSON",
    recognised_by: "context and benchmarks, with num_cpus or real_time and time_unit",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    context: Context,
    benchmarks: Vec<Benchmark>,
}

#[derive(Default, Deserialize)]
struct Context {
    date: Option<String>,
    #[serde(default)]
    cpu_scaling_enabled: bool,
    library_build_type: Option<String>,
    num_cpus: Option<u32>,
}

#[derive(Deserialize)]
struct Benchmark {
    name: String,
    run_name: Option<String>,
    /// Up to 1.4 there is none, and only the name tells statistics.
    run_type: Option<String>,
    aggregate_name: Option<String>,
    repetitions: Option<u32>,
    repetition_index: Option<u32>,
    threads: Option<u32>,
    #[serde(default, deserialize_with = "document::number")]
    iterations: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    real_time: Option<f64>,
    #[serde(default)]
    time_unit: String,
    #[serde(default)]
    error_occurred: bool,
    error_message: Option<String>,
    #[serde(default)]
    skipped: bool,
    skip_message: Option<String>,
}

fn recognises(text: &str) -> bool {
    if !text.trim_start().starts_with('{') {
        return false;
    }
    let has = |keys: &[&str]| keys.iter().all(|key| text.contains(key));
    has(&["\"context\"", "\"num_cpus\"", "\"mhz_per_cpu\""])
        || has(&["\"benchmarks\"", "\"real_time\"", "\"cpu_time\"", "\"time_unit\""])
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let report: Report = document::read(source, "Google Benchmark report")?;
    if report.benchmarks.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one benchmark" });
    }
    let context = report.context;
    if let Some(processors) = context.num_cpus {
        sink.machine(&[&format!("{processors} processors")]);
    }
    if context.library_build_type.as_deref() == Some("debug") {
        sink.report(
            Severity::Warning,
            "debug-build",
            &Place::Whole,
            "the benchmark library was built for debugging: its own work may be part of the times".to_owned(),
            Some("build it, and what is measured, with optimisation"),
        );
    }
    if context.cpu_scaling_enabled {
        sink.report(
            Severity::Warning,
            "cpu-scaling",
            &Place::Whole,
            "the processor changes its clock: times may differ for this alone".to_owned(),
            Some("set the governor to performance and measure again"),
        );
    }
    let rows = report.benchmarks.into_iter().enumerate();
    let rows = rows.map(|(index, benchmark)| (document::place("/benchmarks", index), benchmark.into_row()));
    super::finish(rows.collect(), context.date.as_deref().and_then(document::microseconds), sink);
    Ok(())
}

impl Benchmark {
    fn into_row(self) -> Row {
        let kind = match (self.run_type.as_deref(), self.aggregate_name.as_deref()) {
            (Some("aggregate"), Some("mean")) => Kind::Mean,
            (Some("aggregate"), _) => Kind::OtherStatistic,
            _ => Kind::Measurement,
        };
        // The first of one is no number that tells it from others.
        let is_repeated = self.repetitions.is_some_and(|repetitions| 1 < repetitions);
        Row {
            name: self.run_name.unwrap_or(self.name),
            kind,
            repetition: self.repetition_index.filter(|_| is_repeated).and_then(|index| index.checked_add(1)),
            threads: self.threads,
            iterations: document::count(self.iterations),
            real_time: self.real_time,
            unit: self.time_unit,
            error: self.error_occurred.then(|| self.error_message.unwrap_or_default()),
            skipped: self.skipped.then(|| self.skip_message.unwrap_or_default()),
        }
    }
}
