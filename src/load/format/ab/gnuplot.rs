//! ab's gnuplot file (`-g`): a line for each request, between tabs, in the order of their latencies.
//!
//! Latencies (`ttime`) are whole milliseconds, rounded. The time at which a request began is known to the second only
//! (`seconds` since 1970), which is no use for the time of a run that took less; so that stays empty, and the run began
//! with the earliest. Whether a request failed is not in the file. A percentile of 0 is below what a millisecond can
//! tell and is left empty.

use super::super::is_marked;
use super::super::lines::Lines;
use super::super::report::{Lossy, MILLISECONDS, above_zero, hand_over};
use super::super::rows::{behind_header, fields, whole};
use super::is_beside_report;
use crate::load::format::prelude::*;
use crate::record::{Histogram, Precision};

/// The gnuplot file of ab.
pub(in super::super) static AB_GNUPLOT: Format = Format {
    name: "ab-gnuplot",
    about: "the requests that ab writes with -g",
    recognised_by: "the header starttime seconds ctime dtime ttime wait, between tabs",
    marks: Marks::FirstLine(HEADER),
    accompanies: |path| is_beside_report(path, ".gnuplot.tsv") && is_marked(path, &AB_GNUPLOT),
    read,
    ..Format::BASE
};

const HEADER: &str = "starttime\tseconds\tctime\tdtime\tttime\twait";

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (reader, start) = behind_header(source, HEADER)?;
    let mut lines = Lines::new(reader, start);
    let mut latencies = Histogram::new(MILLISECONDS.recip(), Precision::DEFAULT);
    let mut first: Option<u64> = None;
    while let Some((line, place)) = lines.next()? {
        let content = line.trim_ascii_end();
        if content.is_empty() {
            continue;
        }
        let numbers =
            fields::<6>(content, b'\t').and_then(|[_, seconds, _, _, total, _]| Some((whole(seconds)?, whole(total)?)));
        let Some((seconds, total)) = numbers else {
            let message = "expected the six fields of ab's header".to_owned();
            let help = "the line is left out; the file may be cut off here";
            sink.report(Severity::Error, "broken-line", &place.into(), message, Some(help));
            continue;
        };
        latencies.record(total as f64 / MILLISECONDS);
        first = Some(first.map_or(seconds, |first| first.min(seconds)));
    }
    let requests = latencies.count();
    let mut run = Run { latency: summary(&latencies), ..Run::default() };
    match requests {
        0 => run.success_count = Some(0),
        _ => run.requests_count = Some(requests),
    }
    run.timestamp = first.and_then(|first| i64::try_from(first).ok()?.checked_mul(1_000_000));
    hand_over(run, &Place::Whole, sink);
    Lossy {
        lost: "ab -g rounds latencies to milliseconds and starts to seconds, and does not say which requests failed",
        advice: "give benchplot the report that ab prints; ab -e FILE has finer percentiles",
    }
    .tell(sink);
    Ok(())
}

fn summary(latencies: &Histogram) -> Latency {
    let quantiles = latencies.quantiles([0.5, 0.75, 0.9, 0.95, 0.99, 0.999]);
    let [p50, p75, p90, p95, p99, p99_9] = quantiles.map(|latency| above_zero(latency, 1.0));
    Latency {
        mean: above_zero(latencies.mean(), 1.0),
        std: above_zero(latencies.std(), 1.0),
        min: above_zero(latencies.min(), 1.0),
        p50,
        p75,
        p90,
        p95,
        p99,
        p99_9,
        max: above_zero(latencies.max(), 1.0),
    }
}
