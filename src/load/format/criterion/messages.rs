//! `cargo criterion --message-format=json`: a message a line, one for each benchmark and one for each group.
//!
//! A benchmark is known by its id alone, which is its group, function and value with `/` between them, and each of these
//! may have a `/` itself. The message of a group, which comes behind those of its benchmarks, says where the group ends;
//! without it, the group is what stands before the first `/`.
//!
//! Mirrors <https://bheisler.github.io/criterion.rs/book/cargo_criterion/external_tools.html>.

use std::collections::HashMap;
use std::io::BufRead;

use serde::Deserialize;

use super::super::document;
use super::super::json_text::read_error;
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// The messages of cargo-criterion.
pub(in super::super) static CARGO_CRITERION: Format = Format {
    name: "cargo-criterion",
    about: "cargo criterion --message-format=json: a message a line",
    recognised_by: "a message whose reason is benchmark-complete",
    marks: Marks::Text(|text| text.contains("\"reason\"") && text.contains("\"benchmark-complete\"")),
    read: read_input,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    group_name: String,
    #[serde(default)]
    benchmarks: Vec<String>,
    #[serde(default, deserialize_with = "document::numbers")]
    iteration_count: Option<Vec<Option<f64>>>,
    #[serde(default, deserialize_with = "document::numbers")]
    measured_values: Option<Vec<Option<f64>>>,
    unit: Option<String>,
    mean: Option<Estimate>,
    typical: Option<Estimate>,
}

#[derive(Deserialize)]
struct Estimate {
    #[serde(deserialize_with = "document::number")]
    estimate: Option<f64>,
    unit: Option<String>,
}

fn read_input(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut input = source.into_reader();
    let mut benchmarks: Vec<(Place, Message)> = Vec::new();
    let mut groups: HashMap<String, String> = HashMap::new();
    let mut line = Vec::new();
    let mut number = 0;
    while 0 < input.read_until(b'\n', &mut line)? {
        number += 1;
        // Cargo's own text may stand between the messages.
        if line.trim_ascii_start().starts_with(b"{") {
            match serde_json::from_slice::<Message>(&line) {
                Ok(message) if message.reason == "benchmark-complete" => {
                    benchmarks.push((Place::Line(number), message));
                }
                Ok(message) if message.reason == "group-complete" => {
                    groups.extend(message.benchmarks.into_iter().map(|id| (id, message.group_name.clone())));
                }
                Ok(_) => {}
                Err(error) => {
                    let message = read_error(&error, benchmarks.len() as u64).to_string();
                    let help = "the message is left out; the file may be truncated";
                    sink.report(Severity::Error, "syntax", &Place::Line(number), message, Some(help));
                }
            }
        }
        line.clear();
    }
    if benchmarks.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one message whose reason is benchmark-complete" });
    }
    for (place, benchmark) in benchmarks {
        let named = named(&benchmark.id, groups.get(&benchmark.id).map(String::as_str));
        benchmark.read(&place, named, sink);
    }
    Ok(())
}

impl Message {
    fn read(self, place: &Place, named: Run, sink: &mut Sink<'_>) {
        let unit = self.unit.as_deref().unwrap_or("ns");
        let (counts, values) = (self.iteration_count.unwrap_or_default(), self.measured_values.unwrap_or_default());
        let seconds = units::seconds_in(unit);
        if let (Some(seconds), false) = (seconds, values.is_empty() || values.len() != counts.len()) {
            for (iterations, value) in counts.into_iter().zip(values) {
                let run = Run {
                    total_time: document::measured(value).map(|value| value * seconds),
                    requests_count: document::count(iterations),
                    ..named.clone()
                };
                sink.run(place, run);
            }
            return;
        }
        let mean = self.mean.or(self.typical).and_then(|mean| {
            let seconds = units::seconds_in(mean.unit.as_deref().unwrap_or(unit))?;
            Some(document::measured(mean.estimate)? * seconds)
        });
        match mean {
            Some(_) => {
                let message = format!("{} has a mean, and not its measurements", self.id);
                sink.report(Severity::Notice, "lossy", place, message, Some("keep the messages as they are printed"));
                sink.run(place, Run { avg_time_per_request: mean, ..named });
            }
            None => {
                let message = format!("{} is measured in {unit:?}, which is no time", self.id);
                sink.report(Severity::Notice, "no-time", place, message, Some("it is left out"));
            }
        }
    }
}

/// The names in an id: the group, and then a function, a value, or both.
fn named(id: &str, group: Option<&str>) -> Run {
    let of_group = group.and_then(|group| Some((group, id.strip_prefix(group)?.strip_prefix('/').unwrap_or_default())));
    let (group, rest) = of_group.unwrap_or_else(|| id.split_once('/').unwrap_or((id, "")));
    let is_level = |text: &str| text.parse::<u32>().is_ok();
    let (function, value) = match rest.rsplit_once('/') {
        Some((function, value)) => (function, Some(value)),
        None if is_level(rest) => ("", Some(rest)),
        None => (rest, None),
    };
    super::run(function.to_owned(), group.to_owned(), value.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_apart() {
        let table = [
            ("norm", None, ("", "norm", None)),
            ("sort/std/1024", None, ("std", "sort", Some(1024))),
            ("sort/1024", None, ("", "sort", Some(1024))),
            ("io/strings/upper/long", Some("io/strings"), ("upper", "io/strings/long", None)),
            ("io/strings", Some("io/strings"), ("", "io/strings", None)),
        ];
        for (id, group, expected) in table {
            let run = named(id, group);
            assert_eq!((run.framework.as_str(), run.scenario.as_str(), run.concurrency), expected, "{id}");
        }
    }
}
