//! github-action-benchmark: the list that a custom tool gives it, and the `data.js` that it keeps in `gh-pages`.
//!
//! A value has a unit and nothing else. A unit of time, also `ns/iter` or `ms/op`, is the time of one operation; `ops/sec`
//! is a throughput; anything else, such as bytes, is left out. Whether smaller is better follows from that, and is not
//! taken from the tool's name. `range` is free text.
//!
//! `data.js` is the history of a project. The last entry of each suite is read, with the suite as framework; earlier ones
//! were measured of other commits and are no repetitions.
//!
//! Mirrors <https://github.com/benchmark-action/github-action-benchmark/blob/master/src/extract.ts>.

use std::io::{BufRead, Read};

use indexmap::IndexMap;
use serde::Deserialize;

use super::document::{self, measured};
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// The list of a custom tool.
pub(super) static GITHUB_ACTION_BENCHMARK: Format = Format {
    name: "github-action-benchmark",
    about: "github-action-benchmark's custom JSON",
    recognised_by: "a list whose first object has name, unit and value",
    marks: Marks::Text(is_benchmarks),
    read: read_file,
    ..Format::BASE
};

/// The history in `gh-pages`.
pub(super) static GITHUB_ACTION_BENCHMARK_HISTORY: Format = Format {
    name: "github-action-benchmark-js",
    about: "github-action-benchmark's data.js: the last entry of each suite",
    recognised_by: "window.BENCHMARK_DATA at the beginning",
    marks: Marks::Text(|text| text.trim_start().starts_with(SCRIPT)),
    read: read_history,
    ..Format::BASE
};

const SCRIPT: &str = "window.BENCHMARK_DATA";

/// How many values of the beginning are looked at to find the end of the first one.
const LOOKED_AT: usize = 4;

#[derive(Deserialize)]
struct Benchmark {
    name: String,
    unit: String,
    /// Some tools write it as a text.
    #[serde(deserialize_with = "document::number")]
    value: Option<f64>,
}

#[derive(Deserialize)]
struct History {
    entries: IndexMap<String, Vec<Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    /// Milliseconds since 1970.
    #[serde(default, deserialize_with = "document::number")]
    date: Option<f64>,
    #[serde(default)]
    benches: Vec<Benchmark>,
}

fn is_benchmarks(text: &str) -> bool {
    if !text.trim_start().starts_with('[') {
        return false;
    }
    // The text up to the end of the first object, closed again, is of this form.
    text.match_indices('}').take(LOOKED_AT).any(|(end, _)| {
        let begun = format!("{}]", text.get(..=end).unwrap_or_default());
        serde_json::from_str::<Vec<Benchmark>>(&begun).is_ok()
    })
}

fn read_file(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let benchmarks: Vec<Benchmark> = document::read(source, "list of benchmarks with name, unit and value")?;
    let read = benchmarks.iter().enumerate();
    let read =
        read.map(|(index, one)| one.read(&document::place("", index), Run::default(), sink)).filter(|read| *read);
    finish(read.count(), sink)
}

fn read_history(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut input = source.into_reader();
    input.skip_until(b'=')?;
    let mut script = Vec::new();
    input.read_to_end(&mut script)?;
    // A semicolon may end the statement.
    let object = script.trim_ascii_end();
    let object = object.strip_suffix(b";").unwrap_or(object);
    let history: History = document::from_reader(object, "history of github-action-benchmark")?;
    let mut runs_count = 0;
    for (suite_index, (suite, entries)) in history.entries.iter().enumerate() {
        let Some((last, earlier)) = entries.split_last() else { continue };
        let Place::Record { pointer: suite_pointer, .. } = document::member("/entries", suite_index, suite) else {
            continue;
        };
        if !earlier.is_empty() {
            let message = format!("{suite} has {} earlier entries, of other commits", earlier.len());
            let place = document::member("/entries", suite_index, suite);
            sink.report(Severity::Notice, "history", &place, message, Some("the last entry alone is read"));
        }
        let timestamp = document::count(last.date).and_then(|date| i64::try_from(date).ok()?.checked_mul(1000));
        for (index, benchmark) in last.benches.iter().enumerate() {
            let place = document::place(&format!("{suite_pointer}/{}/benches", earlier.len()), index);
            let named = Run { framework: suite.clone(), timestamp, ..Run::default() };
            runs_count += usize::from(benchmark.read(&place, named, sink));
        }
    }
    finish(runs_count, sink)
}

fn finish(runs_count: usize, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    if runs_count == 0 {
        return Err(ReadError::NoRecord { expected: "a benchmark whose unit is a time or operations a second" });
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

impl Benchmark {
    /// Whether it is a time, and a run of it was handed over.
    fn read(&self, place: &Place, named: Run, sink: &mut Sink<'_>) -> bool {
        let Some(average) = measured(self.value).and_then(|value| seconds_of_one(value, &self.unit)) else {
            let message = format!("{} is no time and no rate, but in {:?}", self.name, self.unit);
            sink.report(Severity::Notice, "no-time", place, message, Some("it is left out"));
            return false;
        };
        sink.run(place, Run { scenario: self.name.clone(), avg_time_per_request: Some(average), ..named });
        true
    }
}

/// The seconds that one operation takes; `None` where the unit is of another kind.
fn seconds_of_one(value: f64, unit: &str) -> Option<f64> {
    /// What is done once: `ns/iter`, `ops/sec`.
    const OPERATIONS: &[&str] = &[
        "call",
        "calls",
        "iter",
        "iters",
        "op",
        "ops",
        "operation",
        "operations",
        "query",
        "queries",
        "req",
        "reqs",
        "request",
        "requests",
        "run",
        "runs",
    ];
    let unit = unit.trim().to_lowercase();
    let (of, per) = match unit.split_once('/') {
        Some((of, per)) => (of.trim(), Some(per.trim())),
        None => (unit.as_str(), None),
    };
    match (of, per) {
        (time, None) => Some(value * units::seconds_in(time)?),
        (time, Some(operation)) if OPERATIONS.contains(&operation) => Some(value * units::seconds_in(time)?),
        (operation, Some(time)) if OPERATIONS.contains(&operation) && 0.0 < value => {
            measured(Some(units::seconds_in(time)? / value))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_say_what_a_value_is() {
        let table = [
            (50.0, "ms", Some(0.05)),
            (165.0, "ns/iter", Some(165.0 * 1e-9)),
            (200.0, "ops/sec", Some(0.005)),
            (4.0, "req/ms", Some(0.00025)),
            (2.0, "Seconds", Some(2.0)),
            (0.0, "ops/sec", None),
            (3.0, "MB", None),
            (3.0, "MB/s", None),
            (3.0, "ns/byte", None),
            (99.0, "%", None),
            (1.0, "", None),
        ];
        for (value, unit, expected) in table {
            assert_eq!(seconds_of_one(value, unit), expected, "{unit}");
        }
    }

    #[test]
    fn only_its_own_list_is_claimed() {
        let table = [
            (r#"[{"name": "a", "unit": "ms", "value": 50, "range": "3"}, {"na"#, true),
            (r#"[{"name": "a}", "unit": "ms", "value": "50"}]"#, true),
            (r#"[{"name": "a", "value": 50}]"#, false),
            ("[]", false),
        ];
        for (text, expected) in table {
            let sniffed = GITHUB_ACTION_BENCHMARK.sniff(&Head { bytes: text.as_bytes(), is_whole: true });
            assert_eq!(sniffed == Sniff::Yes, expected, "{text}");
        }
    }
}
