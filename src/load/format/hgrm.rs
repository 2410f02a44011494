//! The percentile spectrum that HdrHistogram prints, alone in a file (`.hgrm`) or inside wrk2's report.
//!
//! A table of value, percentile, cumulative count and 1/(1-percentile), and below it mean, standard deviation, maximum
//! and total count. [HdrHistogram's `outputPercentileDistribution`][upstream] scales the values as its caller likes and
//! does not say how; wrk2 and most other tools print milliseconds, so that is taken, and said. A header `Value(ms)` as
//! vegeta writes it settles the unit. The file knows of latencies only: there is no time and no concurrency in it, and
//! nothing about errors.
//!
//! [upstream]: https://github.com/HdrHistogram/HdrHistogram/blob/master/src/main/java/org/HdrHistogram/AbstractHistogram.java

use std::sync::Arc;

use super::report::{Lines, Lossy, MILLISECONDS, above_zero, hand_over};
use crate::load::format::prelude::*;
use crate::load::tabular::units;
use crate::record::{Slot, ToolHistogram};

/// HdrHistogram's percentile distribution.
pub(super) static HGRM: Format = Format {
    name: "hgrm",
    about: "the percentile distribution of an HdrHistogram",
    recognised_by: "the header Value Percentile TotalCount 1/(1-Percentile) near its beginning",
    endings: &["hgrm"],
    marks: Marks::Text(|text| text.lines().take(LINES_BEFORE_HEADER).any(|line| header_unit(line).is_some())),
    read,
    ..Format::BASE
};

const EXPECTED: &str = "the table of an HdrHistogram: Value, Percentile, TotalCount, 1/(1-Percentile)";

/// The table may be cut out of a report with a title or a blank line before it.
const LINES_BEFORE_HEADER: usize = 6;

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader());
    let mut spectrum = Spectrum::default();
    let mut last_line = 0;
    while let Some((number, line)) = lines.next_line()? {
        spectrum.line(&line);
        last_line = number;
    }
    if !spectrum.is_begun() {
        return Err(ReadError::NoRecord { expected: EXPECTED });
    }
    if !spectrum.is_whole() {
        let message = "the table ends before its 100 %, so the file is cut off".to_owned();
        return Err(ReadError::Syntax { message, line: last_line, column: 1, records_before: 0 });
    }
    if !spectrum.has_unit() {
        let message = "the file does not say which unit its values have; they are taken for milliseconds".to_owned();
        let help = "wrk2 and most others print milliseconds; if yours does not, write Value(us) in the header";
        sink.report(Severity::Warning, "unit-assumed", &Place::Whole, message, Some(help));
    }
    let mut run = Run { requests_count: spectrum.total_count(), ..Run::default() };
    if run.requests_count == Some(0) {
        run.requests_count = None;
        run.success_count = Some(0);
    }
    spectrum.fill(&mut run);
    hand_over(run, &Place::Whole, sink);
    Lossy {
        lost: "the file holds latencies only: neither the time of the run nor its errors are known",
        advice: "give benchplot the tool's whole report",
    }
    .tell(sink);
    Ok(())
}

/// What the lines of a table say, one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Spectrum {
    is_begun: bool,
    is_whole: bool,
    unit: Option<f64>,
    minimum: Option<f64>,
    /// Values with how many latencies do not exceed them.
    rows: Vec<(f64, u64)>,
    /// For each of [`QUANTILES`] the first value whose percentile is not below it, and whether it is the same.
    values: [Option<(f64, bool)>; QUANTILES.len()],
    mean: Option<f64>,
    deviation: Option<f64>,
    maximum: Option<f64>,
    total_count: Option<u64>,
    sub_buckets: Option<f64>,
}

/// The quantiles that a run keeps.
const QUANTILES: [(f64, Column); 6] = [
    (0.5, Column::LatencyP50),
    (0.75, Column::LatencyP75),
    (0.9, Column::LatencyP90),
    (0.95, Column::LatencyP95),
    (0.99, Column::LatencyP99),
    (0.999, Column::LatencyP99_9),
];

/// Tables have some hundred rows; what has more than this is no report of a tool.
const MOST_ROWS: usize = 100_000;

/// The percentiles are printed with 6 decimals, or 12.
const PRINTED: f64 = 5e-7;

impl Spectrum {
    /// Takes a line, whatever it is.
    pub(super) fn line(&mut self, line: &str) {
        if let Some(unit) = header_unit(line) {
            *self = Self { is_begun: true, unit, ..Self::default() };
        } else if let Some(rest) = line.trim_start().strip_prefix("#[").filter(|_| self.is_begun) {
            // Without the bracket the line is cut off, and its last number may lack digits.
            let entries = rest.trim_end().strip_suffix(']').unwrap_or_default();
            entries.split(',').for_each(|entry| self.summary(entry));
        } else if self.is_begun && !self.is_whole {
            self.row(line);
        }
    }

    fn summary(&mut self, entry: &str) {
        let Some((name, value)) = entry.split_once('=') else { return };
        let value = value.trim();
        let number = value.parse().ok().filter(|number: &f64| number.is_finite());
        match name.trim() {
            "Mean" => self.mean = number,
            "StdDeviation" => self.deviation = number,
            "Max" => self.maximum = number,
            "Total count" => self.total_count = value.parse().ok(),
            "SubBuckets" => self.sub_buckets = number.filter(|number| 2.0 <= *number),
            _ => {}
        }
    }

    fn row(&mut self, line: &str) {
        let mut cells = cells(line);
        let Some((value, percentile)) = next_number(&mut cells).zip(next_number(&mut cells)) else { return };
        // Without a fourth cell the line is cut off, and the third may lack digits.
        let Some((Ok(count), _)) = cells.next().map(str::parse).zip(cells.next()) else { return };
        self.minimum = self.minimum.or(Some(value));
        if self.rows.len() < MOST_ROWS {
            self.rows.push((value, count));
        }
        for ((quantile, _), slot) in QUANTILES.into_iter().zip(&mut self.values) {
            if slot.is_none() && quantile - PRINTED <= percentile {
                *slot = Some((value, percentile <= quantile + PRINTED));
            }
        }
        self.is_whole = 1.0 <= percentile + PRINTED * 1e-6;
    }

    /// Whether there was a table.
    pub(super) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// Whether it went up to 100 %, or says itself that it is empty.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole || self.total_count.is_some()
    }

    /// Whether it says which unit its values have.
    fn has_unit(&self) -> bool {
        self.unit.is_some()
    }

    /// How many latencies it is made of.
    pub(super) fn total_count(&self) -> Option<u64> {
        self.total_count.or(self.rows.last().map(|(_, count)| *count))
    }

    /// Puts what it says into a run, over what is there. A percentile that it has no row for is derived from the row above it,
    /// and stands only where the tool printed none.
    pub(super) fn fill(&self, run: &mut Run) {
        let per_second = self.unit.map_or(MILLISECONDS, f64::recip);
        // A total count of zero comes with a table of zeros.
        if self.total_count() == Some(0) {
            run.latency = Latency::default();
            return;
        }
        for (slot, value) in [
            (&mut run.latency.mean, self.mean),
            (&mut run.latency.std, self.deviation),
            (&mut run.latency.min, self.minimum),
            (&mut run.latency.max, self.maximum.or(self.rows.last().map(|(value, _)| *value))),
        ] {
            *slot = above_zero(value, per_second).or(*slot);
        }
        for ((_, column), value) in QUANTILES.into_iter().zip(self.values) {
            let Slot::Time(slot) = run.slot(column) else { continue };
            let Some((value, is_printed)) = value else { continue };
            if is_printed || slot.is_none() {
                *slot = above_zero(Some(value), per_second).or(*slot);
                if !is_printed && slot.is_some() {
                    run.mark_derived(column);
                }
            }
        }
        run.tool_histogram = self.histogram(per_second);
    }

    /// The rows as buckets. The value of a row is that of a latency, as far as an HdrHistogram tells values apart: of
    /// `SubBuckets`, half divide each octave. All others of its row lie between the value of the row before and its own.
    fn histogram(&self, per_second: f64) -> Option<Arc<ToolHistogram>> {
        let finest = 1.0 - self.sub_buckets.map_or(0.0, |sub_buckets| 2.0 / sub_buckets);
        let mut histogram = ToolHistogram::default();
        let mut is_ascending = self.rows.len() < MOST_ROWS;
        let mut before = self.rows.first().map(|(value, _)| (value * finest, 0));
        for &(value, count) in &self.rows {
            let (lower, counted) = before.unwrap_or_default();
            let added = count.saturating_sub(counted);
            is_ascending &= histogram.add(lower / per_second, value / per_second, added.saturating_sub(1));
            is_ascending &= histogram.add(value * finest / per_second, value / per_second, added.min(1));
            before = Some((value, count.max(counted)));
        }
        (!histogram.is_empty() && is_ascending).then(|| Arc::new(histogram))
    }
}

/// The unit in a header line: `Some(None)` for a header without one, `None` for any other line.
fn header_unit(line: &str) -> Option<Option<f64>> {
    let mut cells = cells(line);
    let value = cells.next()?.strip_prefix("Value")?;
    let names = ["Percentile", "TotalCount", "1/(1-Percentile)"];
    if !cells.eq(names) {
        return None;
    }
    Some(value.strip_prefix('(').and_then(|unit| unit.strip_suffix(')')).and_then(units::seconds_in))
}

/// The cells of a line, between blanks or, in HdrHistogram's CSV, between commas and in quotes.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    let cells = line.split(|c: char| c.is_whitespace() || c == ',').map(|cell| cell.trim_matches('"'));
    cells.filter(|cell| !cell.is_empty())
}

fn next_number<'l>(cells: &mut impl Iterator<Item = &'l str>) -> Option<f64> {
    cells.next()?.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let table = [
            ("       Value   Percentile   TotalCount 1/(1-Percentile)", Some(None)),
            ("Value(ms) Percentile TotalCount 1/(1-Percentile)", Some(Some(1e-3))),
            ("\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"", Some(None)),
            ("Value Percentile", None),
            ("", None),
        ];
        for (line, expected) in table {
            assert_eq!(header_unit(line), expected, "{line}");
        }
    }
}
