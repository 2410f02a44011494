//! `statistics.json` of JMeter's dashboard: one entry a label, and `Total` over all of them.
//!
//! Times are in ms, over failed samples too. `pct1ResTime` to `pct3ResTime` are the percentiles of
//! `aggregate_rpt_pct1` to `3`, 90, 95 and 99 unless configured; the file does not say. `throughput` is samples in a
//! second, from the first start to the last end. There is no concurrency and no date.

use std::ffi::OsStr;
use std::path::Path;

use serde::Deserialize;

use super::super::wire::{Members, Number, pointer};
use super::super::{document, notice};
use crate::load::format::prelude::*;

/// The dashboard's statistics.
pub(in super::super) static JMETER_STATISTICS: Format = Format {
    name: "jmeter-statistics",
    about: "JMeter dashboard statistics.json",
    recognised_by: "sampleCount and meanResTime",
    marks: Marks::Members(&[&["\"sampleCount\"", "\"meanResTime\""]]),
    accompanies,
    read,
    ..Format::BASE
};

const TOTAL: &str = "Total";

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Statistics {
    sample_count: Number,
    error_count: Number,
    mean_res_time: Number,
    median_res_time: Number,
    min_res_time: Number,
    max_res_time: Number,
    pct1_res_time: Number,
    pct2_res_time: Number,
    pct3_res_time: Number,
    throughput: Number,
}

/// The dashboard of a log that is beside it says the same of the same run.
fn accompanies(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let prefix = name.strip_suffix("statistics.json").and_then(|prefix| prefix.strip_suffix(['.', '_', '-']));
    prefix.is_some_and(|prefix| path.with_file_name(format!("{prefix}.jtl")).is_file())
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let Members(mut labels) = document::read::<Members<Statistics>>(source, "statistics of JMeter")?;
    let has_samples = |statistics: &Statistics| statistics.sample_count.count().is_some_and(|count| 0 < count);
    labels.retain(|(_, statistics)| has_samples(statistics));
    // The sum of all labels would be counted beside each of them.
    if labels.iter().any(|(label, _)| label != TOTAL) {
        labels.retain(|(label, _)| label != TOTAL);
    }
    if labels.is_empty() {
        return Err(ReadError::NoRecord { expected: "a label with a sampleCount above 0" });
    }
    notice::lossy(
        sink,
        "the dashboard keeps percentiles in whole milliseconds or interpolated, taken for the 90th, 95th and 99th, and no concurrency",
        "give benchplot the result log (JTL) itself",
    );
    let runs: Vec<(String, Run)> = labels.into_iter().map(|(label, own)| (label.clone(), run(label, &own))).collect();
    notice::failures_in_latencies(sink, runs.iter().map(|(_, run)| run));
    for (number, (label, run)) in (1..).zip(runs) {
        let pointer = pointer(&[&label]);
        sink.run(&Place::Record { number, pointer }, run);
    }
    Ok(())
}

fn run(label: String, statistics: &Statistics) -> Run {
    let milliseconds = |number: Number| number.time(1e3);
    let requests = statistics.sample_count.count();
    let rate = statistics.throughput.get().filter(|rate| 0.0 < *rate);
    let mut run = Run {
        scenario: if label == TOTAL { String::new() } else { label },
        total_time: requests.zip(rate).map(|(requests, rate)| requests as f64 / rate),
        requests_count: requests,
        error_count: statistics.error_count.count(),
        latency: Latency {
            mean: milliseconds(statistics.mean_res_time),
            min: milliseconds(statistics.min_res_time),
            p50: milliseconds(statistics.median_res_time),
            p90: milliseconds(statistics.pct1_res_time),
            p95: milliseconds(statistics.pct2_res_time),
            p99: milliseconds(statistics.pct3_res_time),
            max: milliseconds(statistics.max_res_time),
            ..Latency::default()
        },
        ..Run::default()
    };
    if run.total_time.is_some() {
        run.mark_derived(Column::TotalTime);
    }
    run
}
