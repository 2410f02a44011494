//! The custom JSON of <https://github.com/benchmark-action/github-action-benchmark>.
//!
//! The action takes one direction for a whole file, so times and throughput are two outputs: `customSmallerIsBetter` and
//! `customBiggerIsBetter`. It compares values without a look at their units, so the unit is always the same one. Of a
//! comparison the candidates are written; the action keeps the past.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::series::SeriesNames;
use super::subject::Subject;
use crate::record::{Direction, Unit};

const MILLISECONDS: f64 = 1e3;

/// Writes all cells of metrics with this direction.
pub(super) fn write_github_action_benchmark(
    subject: Subject<'_>,
    direction: Direction,
    sink: &mut dyn Write,
) -> io::Result<()> {
    let mut names = SeriesNames::default();
    let mut entries = Vec::new();
    for side in subject.current_cells() {
        for cell in side.cells.iter().filter(|cell| cell.metric.direction() == direction) {
            let (unit, scale) = match cell.metric.unit() {
                Unit::Seconds => ("ms", MILLISECONDS),
                unit => (unit.symbol(), 1.0),
            };
            let value = cell.mean * scale;
            if !value.is_finite() {
                continue;
            }
            let mut entry = Map::new();
            entry.insert(
                "name".to_owned(),
                json!(format!("{} {}", names.name(side.side, &cell.key()), cell.metric.name())),
            );
            entry.insert("unit".to_owned(), json!(unit));
            entry.insert("value".to_owned(), json!(value));
            if let (Some(low), Some(high)) = (cell.ci_low, cell.ci_high) {
                let half = (high - low) / 2.0 * scale;
                if half.is_finite() {
                    entry.insert("range".to_owned(), json!(half.to_string()));
                }
            }
            let extra = format!("n={}\nmedian={}", cell.n, cell.median * scale);
            entry.insert("extra".to_owned(), json!(extra));
            entries.push(Value::Object(entry));
        }
    }
    serde_json::to_writer_pretty(&mut *sink, &entries)?;
    sink.write_all(b"\n")
}
