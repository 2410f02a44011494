//! CSV and its kin: a header line, then a record a line, fields between commas, semicolons, tabs or bars.

use std::borrow::Cow;
use std::io::BufRead;

use csv::ByteRecord;

use super::{Format, ReadError, ReadOptions, Sniff, delimited};
use crate::load::diagnostic::Severity;
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::tabular::{RecordReader, Value, measures};

/// Comma-separated values and the like.
pub(super) struct Csv;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "runs or requests, one a line, fields between , ; tab or |"
    }

    fn recognised_by(&self) -> &'static str {
        "a header line that names a measured time"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["csv", "tsv"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let mut lines = head.text().unwrap_or_default().lines().filter(|line| !line.trim().is_empty());
        let Some(first) = lines.next().filter(|line| !line.trim_start().starts_with(['{', '['])) else {
            return Sniff::No;
        };
        let (line, delimiter) = match told_delimiter(first.as_bytes()) {
            Some(told) => (lines.next().unwrap_or_default(), told),
            None => (first, delimiter(first.as_bytes())),
        };
        let names = header_fields(line.as_bytes(), delimiter);
        if measures(&names) { Sniff::Maybe } else { Sniff::No }
    }

    fn read(&self, source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut input = source.into_reader();
        delimited::skip_byte_order_mark(&mut input)?;
        let mut skipped = skip_blank_lines(&mut input)?;
        let first = input.fill_buf()?.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = match told_delimiter(first) {
            Some(told) => {
                input.skip_until(b'\n')?;
                skipped += 1;
                told
            }
            None => delimiter(first),
        };
        let place = |line: &ByteRecord| match delimited::place(line) {
            Place::Line(line) => Place::Line(line + skipped),
            other => other,
        };
        let mut lines = delimited::reader(delimiter, input);

        let mut line = ByteRecord::new();
        if !lines.read_byte_record(&mut line).map_err(delimited::read_error)? {
            return Err(ReadError::Empty);
        }
        let names: Vec<String> =
            texts(&line).ok_or(ReadError::NotUtf8 { line: 1 + skipped })?.map(str::to_owned).collect();
        if !names.is_empty() && names.iter().all(|name| name.trim().parse::<f64>().is_ok()) {
            return Err(ReadError::NoRecord {
                expected: "a header line with the names of the columns, found only numbers",
            });
        }
        let mut reader = RecordReader::new(sink, options.columns);
        let header = Place::Line(1 + skipped);
        let mapping = reader.mapping(&names).map_err(|error| ReadError::Columns { place: header, error })?;
        let mut has_decimal_comma = false;

        while lines.read_byte_record(&mut line).map_err(delimited::read_error)? {
            let place = place(&line);
            if line.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            if line.len() != names.len() {
                let message = format!("expected {} fields, found {}", names.len(), line.len());
                reader.broken("field-count", &place, message, "the line is left out; mend it");
                continue;
            }
            match texts(&line) {
                Some(fields) => {
                    let mut values: Vec<_> = fields.map(|field| Value::Text(Cow::Borrowed(field))).collect();
                    for (value, field) in values.iter_mut().zip(&mapping.fields) {
                        let is_number = delimiter != b',' && field.is_some_and(|(field, _)| field.is_number());
                        let Value::Text(text) = value else { continue };
                        let Some(decimal) = is_number.then(|| with_point(text)).flatten() else { continue };
                        if !has_decimal_comma {
                            has_decimal_comma = true;
                            let message = format!("{} is read as {decimal}, and so are other numbers", text.trim());
                            let help = "if the comma stands between thousands, write the numbers without it";
                            reader.note(Severity::Notice, "decimal-comma", &place, message, help);
                        }
                        *value = Value::Text(Cow::Owned(decimal));
                    }
                    reader.record(&mapping, &place, &values);
                }
                None => {
                    let message = "the line is not in UTF-8".to_owned();
                    reader.broken("not-utf8", &place, message, "the line is left out; save the file as UTF-8");
                }
            }
        }
        reader.finish("at least one line below the header")
    }
}

/// The delimiter that stands most often in the header line, outside of quotes; the comma where none does.
fn delimiter(header_line: &[u8]) -> u8 {
    let bare: Vec<u8> = header_line.split(|&byte| byte == b'"').step_by(2).flatten().copied().collect();
    let count = |delimiter: u8| bare.iter().filter(|&&byte| byte == delimiter).count();
    // The last of equals wins, so the more usual ones come last.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// The delimiter that a line `sep=;` tells, which Excel reads and writes before the header.
fn told_delimiter(line: &[u8]) -> Option<u8> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (name, told) = line.split_at_checked(4)?;
    match told {
        [delimiter] if name.eq_ignore_ascii_case(b"sep=") && DELIMITERS.contains(delimiter) => Some(*delimiter),
        _ => None,
    }
}

/// A number that is written with a comma before its decimals, with a point instead; `None` where it is none.
fn with_point(text: &str) -> Option<String> {
    let (whole, decimals) = text.trim().split_once(',')?;
    let has_digits =
        whole.ends_with(|c: char| c.is_ascii_digit()) && decimals.starts_with(|c: char| c.is_ascii_digit());
    let number = format!("{whole}.{decimals}");
    (has_digits && number.parse::<f64>().is_ok()).then_some(number)
}

fn header_fields(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut record = ByteRecord::new();
    let mut reader = delimited::reader(delimiter, line);
    match reader.read_byte_record(&mut record) {
        Ok(true) => texts(&record).map(|fields| fields.map(str::to_owned).collect()).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The fields as text; `None` where one is not in UTF-8.
fn texts(record: &ByteRecord) -> Option<impl Iterator<Item = &str>> {
    let fields: Vec<&str> = record.iter().map(std::str::from_utf8).collect::<Result<_, _>>().ok()?;
    Some(fields.into_iter())
}

/// Skips lines of nothing but blanks, and returns how many there were.
fn skip_blank_lines(input: &mut impl BufRead) -> Result<u64, ReadError> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let line = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        if buffer.is_empty() || !line.iter().all(u8::is_ascii_whitespace) {
            return Ok(skipped);
        }
        let consumed = line.len() + usize::from(end.is_some());
        input.consume(consumed);
        skipped += u64::from(end.is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_in_quotes_do_not_count() {
        let table = [
            (r#""framework","total time (ms)","a;b;c;d;e""#, b','),
            (r#""a,b";c;"d ""e,f"" g""#, b';'),
            ("a\tb", b'\t'),
            ("a", b','),
            ("a,b;c", b','),
        ];
        for (line, expected) in table {
            assert_eq!(delimiter(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn a_first_line_may_tell_the_delimiter() {
        let table =
            [("sep=;", Some(b';')), ("SEP=\t\r", Some(b'\t')), ("sep=", None), ("sep=x", None), ("separ", None)];
        for (line, expected) in table {
            assert_eq!(told_delimiter(line.as_bytes()), expected, "{line:?}");
        }
    }

    #[test]
    fn decimal_commas() {
        let table = [
            ("4,2", Some("4.2")),
            (" -4,2E-05 ", Some("-4.2E-05")),
            ("4,", None),
            (",5", None),
            ("1,234,567", None),
            ("1.234,5", None),
            ("a,5", None),
            ("42", None),
        ];
        for (text, expected) in table {
            assert_eq!(with_point(text).as_deref(), expected, "{text}");
        }
    }
}
