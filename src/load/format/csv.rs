//! CSV and its kin: a header line, then a record a line, fields between commas, semicolons, tabs or bars.

use std::borrow::Cow;
use std::io::BufRead;

use csv::ByteRecord;

use super::{Format, ReadError, ReadOptions, Sniff, delimited};
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
        let Some(line) = head.text().and_then(|text| text.trim_start().lines().next()) else { return Sniff::No };
        if line.starts_with(['{', '[']) {
            return Sniff::No;
        }
        let names = header_fields(line.as_bytes(), delimiter(line.as_bytes()));
        if measures(&names) { Sniff::Maybe } else { Sniff::No }
    }

    fn read(&self, source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut input = source.into_reader();
        skip_byte_order_mark(&mut input)?;
        let header_line = input.fill_buf()?.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = delimiter(header_line);
        let mut lines = delimited::reader(delimiter, input);

        let mut line = ByteRecord::new();
        if !lines.read_byte_record(&mut line).map_err(delimited::read_error)? {
            return Err(ReadError::Empty);
        }
        let names: Vec<String> = texts(&line).ok_or(ReadError::NotUtf8 { line: 1 })?.map(str::to_owned).collect();
        if !names.is_empty() && names.iter().all(|name| name.trim().parse::<f64>().is_ok()) {
            return Err(ReadError::NoRecord {
                expected: "a header line with the names of the columns, found only numbers",
            });
        }
        let mut reader = RecordReader::new(sink, options.columns);
        let mapping = reader.mapping(&names).map_err(|error| ReadError::Columns { place: Place::Line(1), error })?;

        while lines.read_byte_record(&mut line).map_err(delimited::read_error)? {
            let place = delimited::place(&line);
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
                    let values: Vec<_> = fields.map(|field| Value::Text(Cow::Borrowed(field))).collect();
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

/// The delimiter that stands most often in the header line; the comma where none does.
fn delimiter(header_line: &[u8]) -> u8 {
    let count = |delimiter: u8| header_line.iter().filter(|&&byte| byte == delimiter).count();
    // The last of equals wins, so the more usual ones come last.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
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

fn skip_byte_order_mark(input: &mut impl BufRead) -> Result<(), ReadError> {
    if input.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
        input.consume("\u{feff}".len());
    }
    Ok(())
}
