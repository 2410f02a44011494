//! k6's points as CSV (`--out csv=FILE`), one metric's value a line.
//!
//! <https://grafana.com/docs/k6/latest/results-output/real-time/csv/>. Which columns there are depends on the tags that
//! are on, so they are found by name. `timestamp` is in whole seconds unless `K6_CSV_TIME_FORMAT` says otherwise, and is
//! the end of a request.

use std::io::BufRead;

use csv::ByteRecord;
use jiff::Timestamp;

use super::super::delimited::{self, Rows};
use super::steps::{Point, Steps};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// Points in CSV.
pub(in super::super) static K6_CSV: Format = Format {
    name: "k6-csv",
    about: "k6 --out csv: points, one a line",
    recognised_by: "a header that begins with metric_name,timestamp,metric_value",
    marks: Marks::Text(|text| text.starts_with(BEGINNING)),
    read,
    ..Format::BASE
};

const BEGINNING: &str = "metric_name,timestamp,metric_value";

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut input = source.into_reader();
    let mut start = Position { line: 1, byte: delimited::skip_byte_order_mark(&mut input)? };
    let mut header = Vec::new();
    input.read_until(b'\n', &mut header)?;
    start.pass(&header);
    let mut names = ByteRecord::new();
    delimited::split(b',', &header, &mut names);
    let columns = Columns::of(&names).ok_or(ReadError::NoRecord { expected: BEGINNING })?;

    let mut steps = Steps::new(sink);
    let mut rows = Rows::new(input, b',', columns.count..=usize::MAX, start);
    while let Some((line, place)) = rows.next()? {
        let taken = match columns.text(line, Some(0)) {
            _ if line.len() < columns.count => Err(format!("expected {} fields, found {}", columns.count, line.len())),
            b"http_req_duration" => columns.point(line).map(|point| steps.request(&point)),
            b"vus" => {
                if let Some(users) = number(columns.text(line, Some(columns.value))) {
                    // Conversion saturates, and a number of users is a small one.
                    steps.users(users as u32, sink);
                }
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(message) = taken {
            sink.report(Severity::Error, "broken-line", &place.into(), message, Some("the line is left out; mend it"));
        }
    }
    steps.finish(sink)
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
        let time = self.text(line, Some(self.time));
        let end = microseconds(time).ok_or_else(|| {
            format!("expected a date or a time since 1970, found {:?}", String::from_utf8_lossy(time))
        })?;
        let value = self.text(line, Some(self.value));
        let milliseconds = number(value)
            .ok_or_else(|| format!("expected milliseconds, found {:?}", String::from_utf8_lossy(value)))?;
        let scenario = self.text(line, self.scenario);
        if std::str::from_utf8(scenario).is_err() {
            return Err("the scenario is not in UTF-8".to_owned());
        }
        Ok(Point {
            end,
            milliseconds: Some(milliseconds),
            scenario,
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
