//! `--export-json`: every execution of every command.
//!
//! Times are in seconds. Up to 1.x a result has the lists `times` and `exit_codes`; the second schema has one list of
//! `measurements` in their place, whose times name their unit. A result without either, from a version before 1.3, has a
//! summary alone. Parameters are texts even where they are numbers.
//!
//! Mirrors <https://github.com/sharkdp/hyperfine/blob/master/src/benchmark/benchmark_result.rs>.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use super::super::document::{self, Scalar};
use super::super::parameters::{Parameter, Varying};
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// What hyperfine exports as JSON.
pub(in super::super) static HYPERFINE: Format = Format {
    name: "hyperfine",
    about: "hyperfine --export-json: every execution of every command",
    recognised_by: "results of a command with mean, user and system, or with time_wall_clock",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Export {
    results: Vec<Command>,
}

#[derive(Deserialize)]
struct Command {
    command: String,
    /// Given with `--command-name`, in the second schema.
    name: Option<String>,
    #[serde(default, deserialize_with = "document::number")]
    mean: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    stddev: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    median: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    min: Option<f64>,
    #[serde(default, deserialize_with = "document::number")]
    max: Option<f64>,
    #[serde(default, deserialize_with = "document::numbers")]
    times: Option<Vec<Option<f64>>>,
    exit_codes: Option<Vec<Option<i64>>>,
    measurements: Option<Vec<Measurement>>,
    #[serde(default)]
    parameters: IndexMap<String, Scalar>,
}

#[derive(Deserialize)]
struct Measurement {
    time_wall_clock: Quantity,
    exit_code: Option<i64>,
}

#[derive(Deserialize)]
struct Quantity {
    #[serde(default, deserialize_with = "document::number")]
    value: Option<f64>,
    unit: String,
}

/// One execution.
struct Execution {
    time: Option<f64>,
    /// `None` where the file does not say.
    has_succeeded: Option<bool>,
}

fn recognises(text: &str) -> bool {
    if !text.trim_start().starts_with('{') {
        return false;
    }
    let has = |keys: &[&str]| keys.iter().all(|key| text.contains(key));
    has(&["\"results\"", "\"command\"", "\"mean\"", "\"user\"", "\"system\""])
        || has(&["\"results\"", "\"command\"", "\"time_wall_clock\""])
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let export: Export = document::read(source, "hyperfine export")?;
    if export.results.is_empty() {
        return Err(ReadError::NoRecord { expected: "the results of at least one command" });
    }
    let all: Vec<Vec<Parameter>> = export.results.iter().map(Command::parameters).collect();
    let varying = Varying::of(all.iter().flatten());
    let mut executions_count = 0;
    for (index, (command, parameters)) in export.results.into_iter().zip(all).enumerate() {
        let place = document::place("/results", index);
        let mut named = Run::default();
        super::name(&mut named, command.name.as_deref().unwrap_or(&command.command), &parameters, &varying);
        match command.executions() {
            Some(executions) => {
                for (time_index, execution) in executions.into_iter().enumerate() {
                    executions_count += 1;
                    let pointer = format!("/results/{index}/{}/{time_index}", command.list());
                    read_execution(execution, &Place::Record { number: executions_count, pointer }, &named, sink);
                }
            }
            None => {
                sink.report(
                    Severity::Notice,
                    "lossy",
                    &place,
                    "there is a summary of the executions, and not each of them".to_owned(),
                    Some("a newer hyperfine writes them all"),
                );
                sink.run(&place, Run { latency: command.latency(), avg_time_per_request: command.mean, ..named });
            }
        }
    }
    Ok(())
}

/// Whether every command of a summary is in the export, with the very same mean.
pub(super) fn holds_all(export: &Path, summary: &[(String, f64)]) -> bool {
    let read = || -> Option<Export> {
        let file = BufReader::new(File::open(export).ok()?);
        document::from_reader(file, "hyperfine export").ok()
    };
    let is_same = |command: &Command, (name, mean): &(String, f64)| {
        let (own_name, own_mean) = command.name_and_mean();
        own_name == name && own_mean.is_some_and(|own_mean| own_mean.to_bits() == mean.to_bits())
    };
    read().is_some_and(|export| {
        summary.iter().all(|one| export.results.iter().any(|command| command.times.is_some() && is_same(command, one)))
    })
}

fn read_execution(execution: Execution, place: &Place, named: &Run, sink: &mut Sink<'_>) {
    let time = document::measured(execution.time);
    if time.is_none() {
        let message = format!("an execution of {:?} has no time", named.framework);
        sink.report(Severity::Warning, "no-time", place, message, Some("its run is kept without one"));
    }
    let run = Run {
        total_time: time,
        requests_count: Some(1),
        success_count: execution.has_succeeded.map(u64::from),
        error_count: execution.has_succeeded.map(|succeeded| u64::from(!succeeded)),
        ..named.clone()
    };
    sink.run(place, run);
}

impl Command {
    fn parameters(&self) -> Vec<Parameter> {
        let with_value = |(name, value): (&String, &Scalar)| Some((name.clone(), value.text()?.into_owned()));
        self.parameters.iter().filter_map(with_value).collect()
    }

    /// The name and the mean, which is all that a summary of the same executions needs to be known by.
    fn name_and_mean(&self) -> (&str, Option<f64>) {
        (self.name.as_deref().unwrap_or(&self.command), self.mean)
    }

    /// The name of the list of executions.
    fn list(&self) -> &'static str {
        if self.measurements.is_some() { "measurements" } else { "times" }
    }

    /// Every execution, where there is a list of them.
    fn executions(&self) -> Option<Vec<Execution>> {
        if let Some(measurements) = &self.measurements {
            let execution = |measurement: &Measurement| Execution {
                time: measurement.time_wall_clock.seconds(),
                has_succeeded: Some(measurement.exit_code == Some(0)),
            };
            return Some(measurements.iter().map(execution).collect());
        }
        let codes = self.exit_codes.as_deref();
        let execution = |(index, time): (usize, &Option<f64>)| Execution {
            time: *time,
            // A command that a signal ended has no code.
            has_succeeded: codes.and_then(|codes| codes.get(index)).map(|code| *code == Some(0)),
        };
        Some(self.times.as_ref()?.iter().enumerate().map(execution).collect())
    }

    fn latency(&self) -> Latency {
        Latency {
            mean: document::measured(self.mean),
            std: document::measured(self.stddev),
            min: document::measured(self.min),
            p50: document::measured(self.median),
            max: document::measured(self.max),
            ..Latency::default()
        }
    }
}

impl Quantity {
    fn seconds(&self) -> Option<f64> {
        Some(self.value? * units::seconds_in(&self.unit)?)
    }
}
