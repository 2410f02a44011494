//! k6's points as CSV (`--out csv=FILE`), one metric's value a line.
//!
//! <https://grafana.com/docs/k6/latest/results-output/real-time/csv/>. Which columns there are depends on the tags that
//! are on, so they are found by name. `timestamp` is in whole seconds unless `K6_CSV_TIME_FORMAT` says otherwise, and is
//! the end of a request.

use csv::ByteRecord;
use jiff::Timestamp;

use super::super::delimited;
use super::super::{Format, ReadError, ReadOptions, Sniff};
use super::steps::{Point, Steps};
use crate::load::diagnostic::Severity;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};

/// Points in CSV.
pub(in super::super) struct K6Csv;

const BEGINNING: &str = "metric_name,timestamp,metric_value";

impl Format for K6Csv {
    fn name(&self) -> &'static str {
        "k6-csv"
    }

    fn about(&self) -> &'static str {
        "k6 --out csv: points, one a line"
    }

    fn recognised_by(&self) -> &'static str {
        "a header that begins with metric_name,timestamp,metric_value"
    }

    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.text().is_some_and(|text| text.starts_with(BEGINNING)) { Sniff::Yes } else { Sniff::No }
    }

    fn read(&self, source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut input = source.into_reader();
        delimited::skip_byte_order_mark(&mut input)?;
        let mut lines = delimited::reader(b',', input);
        let mut line = ByteRecord::new();
        lines.read_byte_record(&mut line).map_err(delimited::read_error)?;
        let columns = Columns::of(&line).ok_or(ReadError::NoRecord { expected: BEGINNING })?;

        let mut steps = Steps::new(sink);
        while lines.read_byte_record(&mut line).map_err(delimited::read_error)? {
            let taken = match columns.text(&line, Some(0)) {
                b"http_req_duration" => columns.point(&line).map(|point| steps.request(&point)),
                b"vus" => {
                    if let Some(users) = number(columns.text(&line, Some(columns.value))) {
                        // Conversion saturates, and a number of users is a small one.
                        steps.users(users as u32, sink);
                    }
                    Ok(())
                }
                _ => Ok(()),
            };
            if let Err(message) = taken {
                sink.report(
                    Severity::Error,
                    "broken-line",
                    &delimited::place(&line),
                    message,
                    Some("the line is left out; mend it"),
                );
            }
        }
        steps.finish(sink)
    }
}

/// Where in a line each thing stands.
struct Columns {
    count: usize,
    time: usize,
    value: usize,
    expected: Option<usize>,
    scenario: Option<usize>,
    status: Option<usize>,
}

impl Columns {
    fn of(header: &ByteRecord) -> Option<Self> {
        let find = |name: &str| header.iter().position(|own| own.trim_ascii() == name.as_bytes());
        find("metric_name").filter(|&column| column == 0)?;
        Some(Self {
            count: header.len(),
            time: find("timestamp")?,
            value: find("metric_value")?,
            expected: find("expected_response"),
            scenario: find("scenario"),
            status: find("status"),
        })
    }

    fn text<'r>(&self, line: &'r ByteRecord, column: Option<usize>) -> &'r [u8] {
        column.and_then(|column| line.get(column)).unwrap_or_default()
    }

    fn point<'r>(&self, line: &'r ByteRecord) -> Result<Point<'r>, String> {
        if line.len() < self.count {
            return Err(format!("expected {} fields, found {}", self.count, line.len()));
        }
        let time = self.text(line, Some(self.time));
        let end = microseconds(time).ok_or_else(|| {
            format!("expected a date or a time since 1970, found {:?}", String::from_utf8_lossy(time))
        })?;
        Ok(Point {
            end,
            milliseconds: number(self.text(line, Some(self.value))),
            scenario: self.text(line, self.scenario),
            status: self.text(line, self.status),
            is_expected: self.text(line, self.expected) != b"false",
        })
    }
}

fn number(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// A date, or a whole number since 1970 whose unit (s, ms, µs, ns) follows from its size.
fn microseconds(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    match text.parse::<i64>() {
        Ok(number) if number < 100_000_000_000 => number.checked_mul(1_000_000),
        Ok(number) if number < 100_000_000_000_000 => number.checked_mul(1_000),
        Ok(number) if number < 100_000_000_000_000_000 => Some(number),
        Ok(number) => Some(number / 1_000),
        Err(_) => text.parse::<Timestamp>().ok().map(|time| time.as_microsecond()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_any_unit() {
        const MOMENT: i64 = 1_795_330_983_000_000;
        for text in ["1795330983", "1795330983000", "1795330983000000", "1795330983000000000", "2026-11-22T07:03:03Z"] {
            assert_eq!(microseconds(text.as_bytes()), Some(MOMENT), "{text}");
        }
        assert_eq!(microseconds(b"yesterday"), None);
    }
}
