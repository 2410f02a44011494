//! Google Benchmark: `--benchmark_out` and `--benchmark_format`, as JSON or CSV.
//!
//! A row is a benchmark, a repetition of it, or a statistic over the repetitions. `real_time` is the wall-clock time of an
//! iteration in `time_unit`, divided by the threads where there are several, so it is `total_time / requests_count`.
//! Statistics over repetitions (mean, median, stddev, cv, BigO, RMS) are left out where the repetitions are there; where
//! only they are, the mean stands for all repetitions. A row that failed has times of 0 and is a run with an error.
//!
//! The name holds settings, which say nothing of the work, and arguments: `BM_Sort/n:1024/min_time:0.05/threads:2`. Threads
//! are the concurrency; a whole-number argument is the level of its axis otherwise. The file is the framework, as two
//! files of the same benchmarks are what is compared.

mod csv;
mod json;

pub(super) use csv::GOOGLE_BENCHMARK_CSV;
pub(super) use json::GOOGLE_BENCHMARK;

use std::collections::HashSet;

use super::document::measured;
use super::parameters::{self, Parameter, UNNAMED, Varying};
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// Parts of a name that set how it is measured.
const SETTINGS: &[&str] =
    &["iterations", "min_time", "min_warmup_time", "repeats", "manual_time", "process_time", "real_time"];

/// One row, whichever file it stands in.
#[derive(Debug, Default)]
struct Row {
    /// Without the name of the statistic.
    name: String,
    kind: Kind,
    repetition: Option<u32>,
    threads: Option<u32>,
    iterations: Option<u64>,
    real_time: Option<f64>,
    unit: String,
    /// Why it failed.
    error: Option<String>,
    /// Why it was not run.
    skipped: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Measurement,
    Mean,
    OtherStatistic,
}

/// Hands over the runs of all rows. `timestamp` is when the program began.
fn finish(rows: Vec<(Place, Row)>, timestamp: Option<i64>, sink: &mut Sink<'_>) {
    let measured_names: HashSet<&str> =
        rows.iter().filter(|(_, row)| row.kind == Kind::Measurement).map(|(_, row)| row.name.as_str()).collect();
    let is_kept = |row: &Row| match row.kind {
        Kind::Measurement => true,
        Kind::Mean => !measured_names.contains(row.name.as_str()),
        Kind::OtherStatistic => false,
    };
    let kept: Vec<&(Place, Row)> = rows.iter().filter(|(_, row)| is_kept(row)).collect();
    if kept.iter().any(|(_, row)| row.kind == Kind::Mean) {
        sink.report(
            Severity::Notice,
            "lossy",
            &Place::Whole,
            "there are means over repetitions, and not the repetitions".to_owned(),
            Some("run it without --benchmark_report_aggregates_only"),
        );
    }
    let benchmarks: Vec<(String, Vec<Parameter>)> = kept.iter().map(|(_, row)| parts(row)).collect();
    let varying = Varying::of(benchmarks.iter().flat_map(|(_, parameters)| parameters));
    for ((place, row), (scenario, parameters)) in kept.into_iter().zip(benchmarks) {
        if let Some(reason) = &row.skipped {
            let message = format!("{} was skipped: {reason}", row.name);
            sink.report(Severity::Notice, "skipped", place, message, Some("it is left out"));
            continue;
        }
        let mut run = Run { scenario, timestamp, repetition: row.repetition, ..Run::default() };
        varying.apply(parameters, &mut run);
        if let Some(reason) = &row.error {
            let message = format!("{} failed: {reason}", row.name);
            sink.report(
                Severity::Warning,
                "benchmark-failed",
                place,
                message,
                Some("its run has an error and no times"),
            );
            (run.success_count, run.error_count) = (Some(0), Some(1));
        } else {
            let unit = units::seconds_in(&row.unit);
            run.avg_time_per_request = measured(row.real_time).zip(unit).map(|(time, unit)| time * unit);
            // The iterations of a mean are the repetitions.
            run.requests_count = row.iterations.filter(|_| row.kind == Kind::Measurement);
            if run.avg_time_per_request.is_none() {
                let message = format!("{} has no real_time in ns, us, ms or s", row.name);
                sink.report(Severity::Warning, "no-time", place, message, Some("its run is kept without one"));
            }
        }
        sink.run(place, run);
    }
}

/// The scenario and the parameters of a row.
fn parts(row: &Row) -> (String, Vec<Parameter>) {
    let mut scenario = String::new();
    let mut parameters = Vec::new();
    for (index, part) in row.name.split('/').enumerate() {
        match part.split_once(':').unwrap_or(("", part)) {
            (setting, _) if SETTINGS.contains(&setting) => {}
            ("", setting) if SETTINGS.contains(&setting) => {}
            ("", number) if 0 < index && number.parse::<i64>().is_ok() => {
                parameters.push((UNNAMED.to_owned(), number.to_owned()));
            }
            // `ns::BM_Sort` and `BM_Sort<ns::T>` have colons of their own.
            (name, value) if !name.is_empty() && 0 < index && !value.starts_with(':') => {
                parameters.push((name.to_owned(), value.to_owned()));
            }
            _ => parameters::append(&mut scenario, part),
        }
    }
    if parameters.iter().all(|(name, _)| name != "threads")
        && let Some(threads) = row.threads.filter(|&threads| 1 < threads)
    {
        parameters.push(("threads".to_owned(), threads.to_string()));
    }
    (scenario, parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_settings_and_arguments() {
        let table = [
            ("BM_Mutex/min_time:0.050/repeats:5/real_time/threads:2", "BM_Mutex", "threads=2"),
            ("BM_Sort/1024/min_time:0.050", "BM_Sort", "input=1024"),
            ("Fixture/BM_X/n:8/-1", "Fixture/BM_X", "n=8 input=-1"),
            ("ns::BM_Map<std::string>/iterations:10", "ns::BM_Map<std::string>", ""),
            ("8", "8", ""),
        ];
        for (name, scenario, expected) in table {
            let (found, parameters) = parts(&Row { name: name.to_owned(), ..Row::default() });
            let parameters: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!((found.as_str(), parameters.join(" ").as_str()), (scenario, expected), "{name}");
        }
    }
}
