//! autocannon: its JSON (`--json`), one result a file or one a line, and the tables that it prints.
//!
//! Latencies are whole milliseconds that are cut off and not rounded, so a fast target has 0 nearly everywhere; a 0 is
//! left empty. There is no p95 (there are p90 and p97.5). `requests.*` but `total` and `sent` are statistics over
//! samples of one second and no throughput. `errors`, which include timeouts, are requests without an answer and are not
//! in `requests.total`; they are added, as errors, and so are answers with a status from 400 on. See
//! [autocannon's README][upstream] for the fields.
//!
//! With `-a` autocannon waits for the next sample before it ends, so `duration` is rounded up to it and no time of the
//! run. Such a run is known by having sent no more than came back, and its time is left empty.
//!
//! [upstream]: https://github.com/mcollina/autocannon#autocannonopts-cb

mod text;

pub(super) use text::AUTOCANNON_TEXT;

use jiff::Timestamp;
use serde::Deserialize;

use super::documents::{maybe_count, maybe_number, read_documents};
use super::report::{Lossy, MILLISECONDS, above_zero, hand_over, level, url_path};
use crate::load::format::prelude::*;

/// The JSON of autocannon.
pub(super) static AUTOCANNON: Format = Format {
    name: "autocannon",
    about: "the JSON that autocannon writes",
    recognised_by: "a JSON object with the keys connections, pipelining and non2xx",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let has_keys = ["\"connections\"", "\"pipelining\"", "\"non2xx\""].into_iter().all(|key| text.contains(key));
    text.trim_start().starts_with('{') && has_keys
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    read_documents(source, "the JSON that autocannon writes", |wire: Wire, place| {
        if wire.is_amount() {
            let message = "the run ended with its last request, and autocannon rounds its time up to a whole sample";
            let help = "its time is left empty; run autocannon with -d to measure throughput";
            sink.report(Severity::Warning, "rounded-duration", place, message.to_owned(), Some(help));
        }
        hand_over(wire.into_run(), place, sink);
    })?;
    Lossy {
        lost: "autocannon cuts latencies off to whole milliseconds and has no 95th percentile; a 0 is left empty",
        advice: "for fast targets take a tool with a finer clock, such as oha with --output-format json",
    }
    .tell(sink);
    Ok(())
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default, deserialize_with = "maybe_count")]
    connections: Option<u64>,
    #[serde(default, deserialize_with = "maybe_count")]
    pipelining: Option<u64>,
    #[serde(default, deserialize_with = "maybe_number")]
    duration: Option<f64>,
    #[serde(default)]
    start: Option<String>,
    #[serde(default, deserialize_with = "maybe_count")]
    errors: Option<u64>,
    #[serde(default, deserialize_with = "maybe_count")]
    mismatches: Option<u64>,
    #[serde(default, rename = "4xx", deserialize_with = "maybe_count")]
    client_errors: Option<u64>,
    #[serde(default, rename = "5xx", deserialize_with = "maybe_count")]
    server_errors: Option<u64>,
    latency: Latencies,
    requests: Requests,
    #[serde(default)]
    throughput: Throughput,
}

#[derive(Deserialize)]
struct Latencies {
    #[serde(default, deserialize_with = "maybe_number")]
    average: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    stddev: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    min: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    max: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    p1: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    p50: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    p75: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    p90: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    p99: Option<f64>,
    #[serde(default, deserialize_with = "maybe_number")]
    p99_9: Option<f64>,
}

#[derive(Deserialize)]
struct Requests {
    #[serde(default, deserialize_with = "maybe_count")]
    total: Option<u64>,
    #[serde(default, deserialize_with = "maybe_count")]
    sent: Option<u64>,
}

#[derive(Deserialize, Default)]
struct Throughput {
    #[serde(default, deserialize_with = "maybe_count")]
    total: Option<u64>,
}

impl Wire {
    /// Requests that came to an end, those without an answer included.
    fn ended(&self) -> Option<u64> {
        self.requests.total?.checked_add(self.errors.unwrap_or(0))
    }

    /// Whether a number of requests was asked for. With a duration there are some under way at the end.
    fn is_amount(&self) -> bool {
        match (self.requests.sent, self.ended()) {
            (Some(sent), Some(ended)) => 0 < sent && sent <= ended,
            _ => false,
        }
    }

    fn into_run(self) -> Run {
        let is_amount = self.is_amount();
        let ended = self.ended().filter(|ended| 0 < *ended);
        let failed = [self.errors, self.client_errors, self.server_errors, self.mismatches];
        let errors = failed.into_iter().flatten().fold(0_u64, u64::saturating_add);
        let in_flight = self.connections.and_then(|connections| connections.checked_mul(self.pipelining.unwrap_or(1)));
        let latency = &self.latency;
        let milliseconds = |number| above_zero(number, MILLISECONDS);
        // The histogram behind it takes no 0 for a minimum, so that the smallest is above the percentiles.
        let is_smallest = |min: &f64| latency.p1.or(latency.p50).is_some_and(|low| *min <= low);
        Run {
            framework: self.title.unwrap_or_default(),
            scenario: self.url.as_deref().map(url_path).unwrap_or_default(),
            concurrency: level(in_flight),
            timestamp: self.start.and_then(|start| start.parse::<Timestamp>().ok()).map(Timestamp::as_microsecond),
            total_time: self.duration.filter(|_| !is_amount),
            requests_count: ended,
            success_count: Some(ended.unwrap_or(0).saturating_sub(errors)),
            error_count: ended.map(|ended| errors.min(ended)),
            latency: Latency {
                mean: milliseconds(latency.average),
                std: milliseconds(latency.stddev),
                min: milliseconds(latency.min.filter(is_smallest)),
                p50: milliseconds(latency.p50),
                p75: milliseconds(latency.p75),
                p90: milliseconds(latency.p90),
                p99: milliseconds(latency.p99),
                p99_9: milliseconds(latency.p99_9),
                max: milliseconds(latency.max),
                ..Latency::default()
            },
            bytes_read: self.throughput.total,
            ..Run::default()
        }
    }
}
