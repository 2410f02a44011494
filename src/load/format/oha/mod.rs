//! oha: its JSON, its CSV and the summary that it prints.
//!
//! The JSON ([`src/printer.rs`][printer]) has seconds everywhere but in the block `metrics`, which repeats the summary in
//! milliseconds and is not read. It names neither the URL, nor the number of connections, nor a date.
//!
//! `successRate` is 1.0 even where every answer was an error: a status from 400 on is an error here. Requests that were
//! under way when the time of `-z` was up ("aborted due to deadline") did not fail, and are not counted. Where nothing
//! succeeded every number is null, and `requestsPerSec` is positive all the same. The block `rps` is of windows of 10 ms
//! and is not read. The response time histogram has ten buckets of equal width, from the fastest answer to the slowest.
//! With `--stats-success-breakdown` there are percentiles of the successful requests, which are taken.
//!
//! [printer]: https://github.com/hatoo/oha/blob/master/src/printer.rs

mod csv;
mod text;

pub(super) use csv::OHA_CSV;
pub(super) use text::OHA_TEXT;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::answers::Answers;
use super::bars::histogram_of_marks;
use super::documents::{maybe_count, maybe_number, read_documents};
use super::report::{above_zero, hand_over, percentile_slot};
use crate::load::format::prelude::*;

/// The JSON of oha.
pub(super) static OHA: Format = Format {
    name: "oha",
    about: "the JSON that oha writes",
    recognised_by: "a JSON object with the keys successRate and requestsPerSec",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

const EXPECTED: &str = "the JSON that oha writes, with summary and statusCodeDistribution";

fn recognises(text: &str) -> bool {
    let has = |key| text.contains(key);
    text.trim_start().starts_with('{') && has("\"successRate\"") && has("\"requestsPerSec\"")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    read_documents(source, EXPECTED, |wire: Wire, place| {
        let answers = wire.answers();
        hand_over(wire.into_run(answers), place, sink);
        tell_of_cut_off(answers, place, sink);
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    summary: Summary,
    #[serde(default)]
    latency_percentiles: BTreeMap<String, Value>,
    #[serde(default)]
    latency_percentiles_successful: BTreeMap<String, Value>,
    #[serde(default)]
    response_time_histogram: BTreeMap<String, u64>,
    #[serde(default)]
    response_time_histogram_successful: BTreeMap<String, u64>,
    #[serde(default)]
    status_code_distribution: BTreeMap<String, u64>,
    #[serde(default)]
    error_distribution: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    #[serde(default, deserialize_with = "maybe_number")]
    total: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    slowest: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    fastest: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    average: Option<f64>,
    #[serde(default, deserialize_with = "maybe_count")]
    total_data: Option<u64>,
}

impl Wire {
    fn answers(&self) -> Answers {
        let mut answers = Answers::default();
        for (status, count) in &self.status_code_distribution {
            answers.add_status(status.parse().unwrap_or(0), *count);
        }
        for (message, count) in &self.error_distribution {
            answers.add_error(message, *count);
        }
        answers
    }

    fn into_run(self, answers: Answers) -> Run {
        let summary = self.summary;
        let mut latency = Latency {
            mean: above_zero(summary.average, 1.0),
            min: above_zero(summary.fastest, 1.0),
            max: above_zero(summary.slowest, 1.0),
            ..Latency::default()
        };
        for (name, value) in self.latency_percentiles.iter().chain(&self.latency_percentiles_successful) {
            if let Some(slot) = percentile_slot(&mut latency, name.trim_start_matches('p')) {
                *slot = above_zero(value.as_f64(), 1.0).or(*slot);
            }
        }
        // As the percentiles, of the successful requests where there are such.
        let histograms = [&self.response_time_histogram_successful, &self.response_time_histogram];
        let histogram = histograms.into_iter().find(|histogram| !histogram.is_empty());
        let marks = histogram.into_iter().flatten().filter_map(|(mark, count)| Some((mark.parse().ok()?, *count)));
        let mut run = Run {
            total_time: summary.total,
            bytes_read: summary.total_data,
            latency,
            tool_histogram: histogram_of_marks(marks),
            ..Run::default()
        };
        answers.fill(&mut run);
        run
    }
}

/// Says that requests were broken off.
fn tell_of_cut_off(answers: Answers, place: &Place, sink: &mut Sink<'_>) {
    if 0 < answers.cut_off() {
        let message = format!("{} requests were under way at the end, and are not counted", answers.cut_off());
        let help = "oha counts them in its requests per second";
        sink.report(Severity::Notice, "cut-off-at-deadline", place, message, Some(help));
    }
}
