//! `vegeta report -type=json`: one object, <https://github.com/tsenart/vegeta/blob/master/lib/metrics.go>.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use super::super::wire::{Members, Number};
use super::super::{document, notice};
use super::is_success;
use crate::load::format::prelude::*;
use crate::record::ToolHistogram;

/// A report in JSON.
pub(in super::super) static VEGETA_REPORT: Format = Format {
    name: "vegeta-report",
    about: "vegeta report -type=json",
    recognised_by: "latencies, bytes_in and status_codes",
    marks: Marks::Members(&[&["\"latencies\"", "\"bytes_in\"", "\"status_codes\""]]),
    read,
    ..Format::BASE
};

#[derive(Debug, Deserialize)]
struct Report {
    latencies: Latencies,
    /// Lower ends, ns, with the number of latencies from there to the next.
    #[serde(default)]
    buckets: Members<Number>,
    #[serde(default)]
    bytes_in: Bytes,
    #[serde(default)]
    earliest: String,
    #[serde(default)]
    duration: Number,
    #[serde(default)]
    wait: Number,
    requests: Number,
    #[serde(default)]
    status_codes: Members<Number>,
}

#[derive(Debug, Deserialize)]
struct Latencies {
    #[serde(default)]
    mean: Number,
    #[serde(default)]
    min: Number,
    #[serde(default, rename = "50th")]
    p50: Number,
    #[serde(default, rename = "90th")]
    p90: Number,
    #[serde(default, rename = "95th")]
    p95: Number,
    #[serde(default, rename = "99th")]
    p99: Number,
    #[serde(default)]
    max: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bytes {
    total: Number,
}

impl Report {
    /// The buckets that were asked for with `-buckets`, between the smallest and the largest latency of all. A single one
    /// tells no more than these.
    fn histogram(&self) -> Option<Arc<ToolHistogram>> {
        let time = |number: Number| number.time(1e9);
        let (min, max) = (time(self.latencies.min).unwrap_or(0.0), time(self.latencies.max)?);
        let bucket = |(lower, count): &(String, Number)| Some((time(Number::parse(lower))?, count.count()?));
        let mut buckets: Vec<(f64, u64)> = self.buckets.0.iter().filter_map(bucket).collect();
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        let uppers = buckets.iter().skip(1).map(|(lower, _)| *lower).chain([max]);
        let mut histogram = ToolHistogram::default();
        for ((lower, count), upper) in buckets.iter().zip(uppers) {
            let upper = upper.min(max).max(*lower);
            histogram.add(lower.max(min).min(upper), upper, *count);
        }
        (1 < buckets.len() && !histogram.is_empty()).then(|| Arc::new(histogram))
    }
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let report: Report = document::read(source, "report of vegeta")?;
    let requests = report.requests.count().filter(|&requests| 0 < requests);
    let requests = requests.ok_or(ReadError::NoRecord { expected: "a number of requests above 0" })?;
    let success = report
        .status_codes
        .0
        .iter()
        .filter(|(code, _)| code.parse().is_ok_and(is_success))
        .filter_map(|(_, count)| count.count())
        .sum::<u64>();
    let nanoseconds = |number: Number| number.time(1e9);
    let attack = nanoseconds(report.duration);
    let run = Run {
        timestamp: report.earliest.parse().ok().map(|earliest: Timestamp| earliest.as_microsecond()),
        total_time: attack.map(|attack| attack + nanoseconds(report.wait).unwrap_or(0.0)),
        requests_count: Some(requests),
        success_count: Some(success),
        latency: Latency {
            mean: nanoseconds(report.latencies.mean),
            // Versions before 12.6 have no minimum, and 0 is what others have in its place.
            min: nanoseconds(report.latencies.min).filter(|minimum| 0.0 < *minimum),
            p50: nanoseconds(report.latencies.p50),
            p90: nanoseconds(report.latencies.p90).filter(|time| 0.0 < *time),
            p95: nanoseconds(report.latencies.p95),
            p99: nanoseconds(report.latencies.p99),
            max: nanoseconds(report.latencies.max),
            ..Latency::default()
        },
        tool_histogram: report.histogram(),
        bytes_read: report.bytes_in.total.count(),
        ..Run::default()
    };
    notice::failures_in_latencies(sink, [&run]);
    sink.run(&Place::Whole, run);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(json: &str) -> Option<Vec<(u64, u64, u64)>> {
        let latencies = r#""latencies": {"min": 1500000, "max": 7000000}, "requests": 9"#;
        let report: Report = serde_json::from_str(&format!("{{{latencies}, \"buckets\": {json}}}")).unwrap();
        report.histogram().map(|histogram| histogram.buckets().collect())
    }

    #[test]
    fn buckets_lie_between_the_smallest_and_the_largest_latency() {
        let three = buckets(r#"{"0": 6, "10000000": 0, "2000000": 2, "5000000": 1}"#);
        let expected = vec![(1_500_000, 2_000_000, 6), (2_000_000, 5_000_000, 2), (5_000_000, 7_000_000, 1)];
        assert_eq!(three, Some(expected));
        // What contradicts itself keeps its counts.
        assert_eq!(
            buckets(r#"{"0": 1, "9000000": 2}"#),
            Some(vec![(1_500_000, 7_000_000, 1), (9_000_000, 9_000_000, 2)])
        );
        assert_eq!((buckets(r#"{"0": 9}"#), buckets("{}"), buckets("null")), (None, None, None));
    }
}
