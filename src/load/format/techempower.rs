//! `results.json` of the TechEmpower Framework Benchmarks.
//!
//! <https://github.com/TechEmpower/FrameworkBenchmarks/blob/master/toolset/utils/results.py>. `rawData` has, for each test
//! and framework, a list with an entry for each level, and which level that is follows from its place alone:
//! `pipelineConcurrencyLevels` for plaintext; `queryIntervals` and `cachedQueryIntervals`, numbers of queries at the
//! highest concurrency, for the tests of several queries; `concurrencyLevels` for all others. The tests are the scenarios.
//!
//! The entries come from wrk: times with a unit, no percentiles, `5xx` for every status from 400, and `connect`, `read`,
//! `write` and `timeout` for errors of sockets, which are not among the requests. The rate that the site shows is
//! `totalRequests / duration`, so `duration` is the total time. A level that failed has an empty entry or none.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::wire::{Members, Number, pointer};
use super::{document, notice};
use crate::load::format::prelude::*;
use crate::load::tabular::units::duration;

/// All results of a round.
pub(super) static TECH_EMPOWER: Format = Format {
    name: "techempower",
    about: "TechEmpower Framework Benchmarks results.json",
    recognised_by: "concurrencyLevels and queryIntervals",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    concurrency_levels: Vec<Number>,
    #[serde(default)]
    pipeline_concurrency_levels: Vec<Number>,
    #[serde(default)]
    query_intervals: Vec<Number>,
    #[serde(default)]
    cached_query_intervals: Vec<Number>,
    #[serde(default)]
    duration: Number,
    #[serde(default)]
    raw_data: Members<Test>,
}

/// The frameworks of a test. Beside the tests there are counts of other things by framework.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Test {
    Entries(Members<Vec<serde_json::Value>>),
    Other(IgnoredAny),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    latency_avg: Option<String>,
    latency_stdev: Option<String>,
    latency_max: Option<String>,
    total_requests: Number,
    start_time: Number,
    #[serde(rename = "5xx")]
    bad_statuses: Number,
    connect: Number,
    read: Number,
    write: Number,
    timeout: Number,
}

/// The levels of a test, and what they are where they are no concurrency.
struct Levels<'f> {
    levels: &'f [Number],
    axis: &'static str,
}

fn recognises(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && text.contains("\"concurrencyLevels\"")
        && (text.contains("\"queryIntervals\"") || text.contains("\"rawData\""))
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let file: File = document::read(source, "results of TechEmpower")?;
    let mut reader = Reader { file: &file, sink, records: 0, runs: 0 };
    for (test, entries) in &file.raw_data.0 {
        if let Test::Entries(frameworks) = entries {
            for (framework, entries) in &frameworks.0 {
                reader.entries(test, framework, entries);
            }
        }
    }
    if reader.runs == 0 {
        return Err(ReadError::NoRecord { expected: "an entry with totalRequests in rawData" });
    }
    let lost = "the results have no percentiles, and latencies to three digits";
    notice::lossy(sink, lost, "the raw output of wrk beside them has percentiles");
    Ok(())
}

struct Reader<'f, 'r, 'a> {
    file: &'f File,
    sink: &'r mut Sink<'a>,
    records: u64,
    runs: u64,
}

impl Reader<'_, '_, '_> {
    /// Hands over the runs of one framework in one test.
    fn entries(&mut self, test: &str, framework: &str, entries: &[serde_json::Value]) {
        let Levels { levels, axis } = self.file.levels(test);
        if entries.len() < levels.len() && !entries.is_empty() {
            let place = Place::Record { number: self.records + 1, pointer: pointer(&["rawData", test, framework]) };
            let message = format!("{framework} has {} of {} levels of {test}", entries.len(), levels.len());
            let help = "they are taken for the first ones; the others failed or were not run";
            self.sink.report(Severity::Warning, "missing-levels", &place, message, Some(help));
        }
        for (index, entry) in entries.iter().enumerate() {
            // An entry that is none, such as null, is one more level that failed.
            let entry = Entry::deserialize(entry).unwrap_or_default();
            self.records += 1;
            let pointer = pointer(&["rawData", test, framework, &index.to_string()]);
            let place = Place::Record { number: self.records, pointer };
            let level = levels.get(index).and_then(|level| level.level());
            match entry.run(self.file.duration) {
                Some(run) => {
                    let (framework, scenario) = (framework.to_owned(), test.to_owned());
                    entry.report_sockets(&place, self.sink);
                    self.sink
                        .run(&place, Run { framework, scenario, concurrency: level, axis: axis.to_owned(), ..run });
                    self.runs += 1;
                }
                None => {
                    let level = level.map_or_else(|| "?".to_owned(), |level| level.to_string());
                    let message = format!("{framework} has no result in {test} at {level}");
                    let help = "the level failed; it is left out";
                    self.sink.report(Severity::Warning, "no-result", &place, message, Some(help));
                }
            }
        }
    }
}

impl File {
    fn levels(&self, test: &str) -> Levels<'_> {
        match test {
            "plaintext" => Levels { levels: &self.pipeline_concurrency_levels, axis: "" },
            "query" | "update" => Levels { levels: &self.query_intervals, axis: "queries" },
            "cached-query" | "cached_query" => Levels { levels: &self.cached_query_intervals, axis: "queries" },
            _ => Levels { levels: &self.concurrency_levels, axis: "" },
        }
    }
}

impl Entry {
    /// `None` for an empty entry.
    fn run(&self, total_time: Number) -> Option<Run> {
        let requests = self.total_requests.count()?;
        let bad = self.bad_statuses.count().unwrap_or(0);
        let time = |text: &Option<String>| text.as_deref().and_then(duration);
        // Without any request, what failed is all that is known.
        let (requests, errors) = if requests == 0 { (self.sockets(), self.sockets()) } else { (requests, bad) };
        Some(Run {
            timestamp: self.start_time.get().filter(|time| 0.0 < *time).map(|time| (time * 1e6) as i64),
            total_time: total_time.time(1.0),
            requests_count: Some(requests),
            error_count: Some(errors),
            latency: Latency {
                mean: time(&self.latency_avg),
                std: time(&self.latency_stdev),
                max: time(&self.latency_max),
                ..Latency::default()
            },
            ..Run::default()
        })
    }

    fn sockets(&self) -> u64 {
        [self.connect, self.read, self.write, self.timeout].iter().filter_map(|errors| errors.count()).sum()
    }

    fn report_sockets(&self, place: &Place, sink: &mut Sink<'_>) {
        let errors = self.sockets();
        if 0 < errors {
            let message =
                format!("{errors} errors of sockets (connect, read, write, timeout) are not among the requests");
            let help = "the latencies leave these requests out, and look better for it";
            sink.report(Severity::Warning, "socket-errors", place, message, Some(help));
        }
    }
}
