//! Artillery `run --output`: counters and summaries by the names of metrics, in `aggregate` over the whole run.
//!
//! <https://www.artillery.io/docs/reference/reporting-metrics>. Times are in ms, percentiles from a sketch that is off by
//! about a hundredth. Artillery starts virtual users at a rate and keeps no concurrency, so there is none here: the number
//! of users that were created is not how many ran at once. Responses below 400 are successes; a request without a response
//! is counted in `errors.*` only, and not in `http.responses`. Where the successes have a summary of their own
//! (`http.response_time.2xx`), latencies are theirs. Without any response there is no summary at all.
//!
//! The total time is from the first metric to the last, which leaves out nothing but the start of the tool itself.

use serde::Deserialize;

use super::wire::{Members, Number};
use super::{document, notice};
use crate::load::format::prelude::*;

/// A report as JSON, of Artillery 2.
pub(super) static ARTILLERY: Format = Format {
    name: "artillery",
    about: "artillery run --output",
    recognised_by: "an aggregate with counters of vusers",
    marks: Marks::Members(&[&["\"aggregate\"", "\"counters\"", "\"vusers."]]),
    read,
    ..Format::BASE
};

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default)]
    aggregate: Aggregate,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Aggregate {
    counters: Members<Number>,
    summaries: Members<Summary>,
    first_metric_at: Number,
    last_metric_at: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    min: Number,
    max: Number,
    count: Number,
    mean: Number,
    p50: Number,
    median: Number,
    p75: Number,
    p90: Number,
    p95: Number,
    p99: Number,
    p999: Number,
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let Aggregate { counters, summaries, first_metric_at, last_metric_at } =
        document::read::<File>(source, "report of Artillery")?.aggregate;
    let counter = |name: &str| counters.get(name).and_then(|number| number.count());
    let requests = counter("http.requests").filter(|&requests| 0 < requests);
    let requests = requests.ok_or(ReadError::NoRecord { expected: "a counter http.requests above 0" })?;
    let success: u64 = counters.0.iter().filter(|(name, _)| is_success(name)).filter_map(|(_, n)| n.count()).sum();

    let own = summaries.get("http.response_time.2xx").filter(|own| own.count.count() == Some(success));
    let all = summaries.get("http.response_time");
    let latency = own.or(all).map(Summary::latency).unwrap_or_default();
    if all.is_some() {
        notice::lossy(
            sink,
            "Artillery keeps response times in whole milliseconds at the ends, and percentiles to about a hundredth",
            "for finer latencies measure with a tool that keeps microseconds",
        );
    }
    let begin = first_metric_at.time(1e3);
    let run = Run {
        timestamp: begin.map(|begin| (begin * 1e6).round() as i64),
        total_time: milliseconds_between(first_metric_at, last_metric_at),
        requests_count: Some(requests),
        success_count: Some(success.min(requests)),
        latency,
        bytes_read: counter("http.downloaded_bytes"),
        ..Run::default()
    };
    if own.is_none() && all.is_some() {
        notice::failures_in_latencies(sink, [&run]);
    }
    sink.run(&Place::Whole, run);
    Ok(())
}

/// Whether a counter is of responses with a status below 400.
fn is_success(name: &str) -> bool {
    let status = name.strip_prefix("http.codes.").and_then(|status| status.parse::<u32>().ok());
    status.is_some_and(|status| (100..400).contains(&status))
}

/// The distance of two stamps in ms, s. It is taken before it is scaled, so that no digit is lost.
fn milliseconds_between(first: Number, last: Number) -> Option<f64> {
    let (first, last) = (first.get()?, last.get()?);
    Some(last - first).filter(|distance| 0.0 <= *distance).map(|distance| distance / 1e3)
}

impl Summary {
    fn latency(&self) -> Latency {
        let milliseconds = |number: Number| number.time(1e3);
        Latency {
            mean: milliseconds(self.mean),
            std: None,
            min: milliseconds(self.min),
            p50: milliseconds(self.p50).or_else(|| milliseconds(self.median)),
            p75: milliseconds(self.p75),
            p90: milliseconds(self.p90),
            p95: milliseconds(self.p95),
            p99: milliseconds(self.p99),
            p99_9: milliseconds(self.p999),
            max: milliseconds(self.max),
        }
    }
}
