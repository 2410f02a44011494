//! Bencher Metric Format: benchmark → measure → value, with the ends of its interval.
//!
//! Written by <https://bencher.dev/docs/reference/bencher-metric-format/>: times in nanoseconds, as Bencher's own `latency`
//! has them, and throughput in operations per second. Of a comparison the candidates are written; Bencher keeps the past.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::series::SeriesNames;
use super::subject::Subject;
use crate::record::{Metric, Unit};
use crate::stats::Cell;

const NANOSECONDS: f64 = 1e9;

/// Writes all cells, each series as a benchmark and each metric as a measure.
pub(super) fn write_bmf(subject: Subject<'_>, sink: &mut dyn Write) -> io::Result<()> {
    let mut names = SeriesNames::default();
    let mut benchmarks: Map<String, Value> = Map::new();
    for side in subject.current_cells() {
        for cell in side.cells {
            let measures =
                benchmarks.entry(names.name(side.side, &cell.key())).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(measures) = measures else { continue };
            if let Some(metric) = metric_of(cell) {
                measures.insert(measure(cell.metric), metric);
            }
            if let Some(rate) = cell.error_rate {
                measures.entry("error-rate").or_insert_with(|| json!({ "value": rate }));
            }
        }
    }
    serde_json::to_writer_pretty(&mut *sink, &benchmarks)?;
    sink.write_all(b"\n")
}

/// The slug of a measure: Bencher's own two, and the metric's name for the others.
fn measure(metric: Metric) -> String {
    match metric {
        Metric::LatencyMean => "latency".to_owned(),
        other => other.name().replace('_', "-"),
    }
}

fn metric_of(cell: &Cell) -> Option<Value> {
    let scale = if *cell.metric.unit() == Unit::Seconds { NANOSECONDS } else { 1.0 };
    let scaled = |value: f64| Some(value * scale).filter(|value| value.is_finite());
    let mut metric = Map::new();
    metric.insert("value".to_owned(), json!(scaled(cell.mean)?));
    for (name, end) in [("lower_value", cell.ci_low), ("upper_value", cell.ci_high)] {
        if let Some(end) = end.and_then(scaled) {
            metric.insert(name.to_owned(), json!(end));
        }
    }
    Some(Value::Object(metric))
}
