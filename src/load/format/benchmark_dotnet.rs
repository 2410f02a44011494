//! BenchmarkDotNet: the JSON exporters, full, brief and compressed.
//!
//! The full one has every iteration: those of stage `Result` are left after the overhead and the outliers were taken off,
//! and their mean is the mean of the statistics. Each is a run of so many operations. The brief one has statistics over
//! the iterations, whose original values, where they are there, are the times of one operation in each; else the mean is
//! all there is. All times are in ns.
//!
//! The type is the scenario and the method the framework, as methods of a type are what the tool's own table compares.
//! Where there are several jobs, such as runtimes, they are part of the framework. A benchmark without statistics did not
//! come to its end. In a folder, of several reports of the same benchmarks only the one that says most is read.
//!
//! Mirrors <https://github.com/dotnet/BenchmarkDotNet/blob/master/src/BenchmarkDotNet/Exporters/Json/JsonExporterBase.cs>.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use super::document::{self, measured};
use super::parameters::{Parameter, Varying};
use crate::load::format::prelude::*;

/// The JSON of BenchmarkDotNet.
pub(super) static BENCHMARK_DOT_NET: Format = Format {
    name: "benchmark-dotnet",
    about: "BenchmarkDotNet's JSON reports, full, brief and compressed",
    recognised_by: "HostEnvironmentInfo and Benchmarks",
    marks: Marks::Text(recognises),
    accompanies,
    read: read_input,
    ..Format::BASE
};

/// The unit of all times: so many are a second.
const NANOSECONDS: f64 = 1e9;

/// How the names of the reports end that one set of benchmarks may have, those that say most first.
const REPORTS: &[&str] = &[
    "-report-full.json",
    "-report-full-compressed.json",
    "-report-brief.json",
    "-report-brief-compressed.json",
    "-report.json",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    host_environment_info: Host,
    benchmarks: Vec<Benchmark>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Host {
    #[serde(default)]
    configuration: String,
    #[serde(default)]
    has_attached_debugger: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Benchmark {
    display_info: Option<String>,
    #[serde(rename = "Type")]
    class: String,
    method: String,
    parameters: Option<String>,
    statistics: Option<Statistics>,
    measurements: Option<Vec<Measurement>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statistics {
    #[serde(default, deserialize_with = "document::number")]
    mean: Option<f64>,
    #[serde(default, deserialize_with = "document::numbers")]
    original_values: Option<Vec<Option<f64>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Measurement {
    #[serde(default)]
    iteration_mode: String,
    #[serde(default)]
    iteration_stage: String,
    #[serde(default, deserialize_with = "document::number")]
    operations: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    nanoseconds: Option<f64>,
}

fn recognises(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    has("\"HostEnvironmentInfo\"") && has("\"BenchmarkDotNet")
}

fn accompanies(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((place, ending)) = REPORTS.iter().enumerate().find(|(_, ending)| name.ends_with(*ending)) else {
        return false;
    };
    let of = name.strip_suffix(ending).unwrap_or_default();
    REPORTS.iter().take(place).any(|better| path.with_file_name(format!("{of}{better}")).is_file())
}

fn read_input(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let report: Report = document::read(source, "BenchmarkDotNet report")?;
    if report.benchmarks.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one benchmark" });
    }
    let host = report.host_environment_info;
    if host.configuration.eq_ignore_ascii_case("debug") || host.has_attached_debugger {
        sink.report(
            Severity::Warning,
            "debug-build",
            &Place::Whole,
            "this was measured in a debug build or under a debugger: its times are not those of a release".to_owned(),
            Some("run it again with -c Release and no debugger"),
        );
    }
    let jobs: HashSet<&str> = report.benchmarks.iter().filter_map(Benchmark::job).collect();
    let all: Vec<Vec<Parameter>> = report.benchmarks.iter().map(Benchmark::parameters).collect();
    let varying = Varying::of(all.iter().flatten());
    for (index, (benchmark, parameters)) in report.benchmarks.iter().zip(all.clone()).enumerate() {
        let mut run = Run {
            framework: match benchmark.job().filter(|_| 1 < jobs.len()) {
                Some(job) => format!("{} ({job})", benchmark.method),
                None => benchmark.method.clone(),
            },
            scenario: benchmark.class.clone(),
            ..Run::default()
        };
        varying.apply(parameters, &mut run);
        benchmark.read(&document::place("/Benchmarks", index), &run, sink);
    }
    Ok(())
}

impl Benchmark {
    /// `Type.Method: Job-NAME(Runtime=.NET 8.0) [N=10]` has a job.
    fn job(&self) -> Option<&str> {
        let (_, rest) = self.display_info.as_deref()?.split_once(": ")?;
        Some(rest.split_once(" [").map_or(rest, |(job, _)| job).trim())
    }

    /// `N=10&Mode=Fast`, in some versions with commas.
    fn parameters(&self) -> Vec<Parameter> {
        let text = self.parameters.as_deref().unwrap_or_default();
        let parts = text.split('&').flat_map(|part| part.split(", "));
        let parameter = |part: &str| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        parts.filter_map(parameter).collect()
    }

    fn read(&self, place: &Place, named: &Run, sink: &mut Sink<'_>) {
        let Some(statistics) = &self.statistics else {
            let message = format!("{}.{} has no statistics", self.class, self.method);
            let help = "its run has an error and no times; see the log of BenchmarkDotNet";
            sink.report(Severity::Warning, "benchmark-failed", place, message, Some(help));
            sink.run(place, Run { success_count: Some(0), error_count: Some(1), ..named.clone() });
            return;
        };
        let results: Vec<&Measurement> = self.measurements.iter().flatten().filter(|one| one.is_result()).collect();
        if !results.is_empty() {
            for result in results {
                let run = Run {
                    total_time: measured(result.nanoseconds).map(|time| time / NANOSECONDS),
                    requests_count: document::count(result.operations),
                    ..named.clone()
                };
                sink.run(place, run);
            }
            return;
        }
        let values = match &statistics.original_values {
            Some(values) if !values.is_empty() => values.clone(),
            _ => {
                let message = format!("{}.{} has a mean, and not its iterations", self.class, self.method);
                sink.report(Severity::Notice, "lossy", place, message, Some("export with JsonExporter.Full"));
                vec![statistics.mean]
            }
        };
        for value in values {
            let average = measured(value).map(|time| time / NANOSECONDS);
            sink.run(place, Run { avg_time_per_request: average, ..named.clone() });
        }
    }
}

impl Measurement {
    /// Up to 0.11 the stage was part of the mode, or had another name.
    fn is_result(&self) -> bool {
        let is_of_work = matches!(self.iteration_mode.as_str(), "Workload" | "Result" | "");
        (is_of_work && self.iteration_stage == "Result") || self.iteration_mode == "Result"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_reports_one_is_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Demo-report-full.json", "Demo-report-brief.json", "Other-report-brief.json"] {
            std::fs::write(folder.path().join(name), "{}").unwrap();
        }
        let table = [
            ("Demo-report-full.json", false),
            ("Demo-report-brief.json", true),
            ("Other-report-brief.json", false),
            ("results.json", false),
        ];
        for (name, expected) in table {
            assert_eq!((BENCHMARK_DOT_NET.accompanies)(&folder.path().join(name)), expected, "{name}");
        }
    }

    #[test]
    fn names_hold_jobs_and_parameters() {
        let benchmark = |display: &str, parameters: &str| Benchmark {
            display_info: Some(display.to_owned()),
            class: "Demo".to_owned(),
            method: "Write".to_owned(),
            parameters: Some(parameters.to_owned()),
            statistics: None,
            measurements: None,
        };
        let one = benchmark("Demo.Write: Job-ABC(Runtime=.NET 8.0) [Rows=10, Mode=Fast]", "Rows=10, Mode=Fast");
        assert_eq!(one.job(), Some("Job-ABC(Runtime=.NET 8.0)"));
        let parameters = [("Rows".to_owned(), "10".to_owned()), ("Mode".to_owned(), "Fast".to_owned())];
        assert_eq!(one.parameters(), parameters);
        assert_eq!(benchmark("Demo.Write: DefaultJob", "Rows=10&Mode=Fast").parameters(), parameters);
        assert_eq!(benchmark("Demo.Write", "").job(), None);
        assert_eq!(benchmark("Demo.Write", "").parameters(), []);
    }
}
