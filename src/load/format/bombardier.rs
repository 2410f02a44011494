//! bombardier `-o json`: <https://github.com/codesenberg/bombardier/blob/master/templates.go>.
//!
//! Latencies are in µs and over all requests; percentiles are there only with `-l`. `others` are requests without a
//! status, such as refused and timed-out ones: they and the statuses from 400 are errors. The number of connections is the
//! concurrency. There is no date.

use serde::Deserialize;

use super::wire::{Members, Number};
use super::{document, notice};
use crate::load::format::prelude::*;

/// A result as JSON.
pub(super) static BOMBARDIER: Format = Format {
    name: "bombardier",
    about: "bombardier -o json",
    recognised_by: "a spec with numberOfConnections, and timeTakenSeconds",
    // A long body of the request may push the result out of sight.
    marks: Marks::Members(&[&["\"spec\"", "\"numberOfConnections\"", "\"testType\""]]),
    read,
    ..Format::BASE
};

#[derive(Debug, Deserialize)]
struct File {
    spec: Spec,
    result: Outcome,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    #[serde(default)]
    number_of_connections: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Outcome {
    bytes_read: Number,
    time_taken_seconds: Number,
    req1xx: Number,
    req2xx: Number,
    req3xx: Number,
    req4xx: Number,
    req5xx: Number,
    others: Number,
    latency: Latencies,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Latencies {
    mean: Number,
    stddev: Number,
    max: Number,
    percentiles: Members<Number>,
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let File { spec, result } = document::read(source, "result of bombardier")?;
    let sum = |parts: &[Number]| parts.iter().filter_map(|part| part.count()).sum::<u64>();
    let success = sum(&[result.req1xx, result.req2xx, result.req3xx]);
    let errors = sum(&[result.req4xx, result.req5xx, result.others]);
    if success + errors == 0 {
        return Err(ReadError::NoRecord { expected: "a request in req1xx to req5xx or others" });
    }
    let Latencies { mean, stddev, max, percentiles } = result.latency;
    if percentiles.0.is_empty() {
        notice::lossy(sink, "the result has no percentiles", "run bombardier with -l");
    }
    let microseconds = |number: Number| number.time(1e6);
    let percentile = |name: &str| percentiles.get(name).copied().and_then(microseconds);
    let run = Run {
        concurrency: spec.number_of_connections.level(),
        total_time: result.time_taken_seconds.time(1.0),
        requests_count: Some(success + errors),
        success_count: Some(success),
        error_count: Some(errors),
        latency: Latency {
            mean: microseconds(mean),
            std: microseconds(stddev),
            min: None,
            p50: percentile("50"),
            p75: percentile("75"),
            p90: percentile("90"),
            p95: percentile("95"),
            p99: percentile("99"),
            p99_9: percentile("99.9"),
            max: microseconds(max),
        },
        bytes_read: result.bytes_read.count(),
        ..Run::default()
    };
    notice::failures_in_latencies(sink, [&run]);
    sink.run(&Place::Whole, run);
    Ok(())
}
