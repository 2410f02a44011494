//! Newline-delimited JSON: one record a line. A line that is broken loses nothing but itself.

use std::io::BufRead;

use super::json_record::{Layout, fields, layout};
use super::json_text::read_error;
use super::{Format, ReadError, ReadOptions, Sniff};
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::tabular::RecordReader;

/// One JSON object a line.
pub(super) struct Ndjson;

impl Format for Ndjson {
    fn name(&self) -> &'static str {
        "ndjson"
    }

    fn about(&self) -> &'static str {
        "runs or requests, one JSON object a line"
    }

    fn recognised_by(&self) -> &'static str {
        "a whole JSON object on the first line, and more behind it"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["ndjson", "jsonl"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match layout(head) {
            Some(Layout::Lines | Layout::Undecided) => Sniff::Maybe,
            Some(Layout::Document) | None => Sniff::No,
        }
    }

    fn read(&self, source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        const HELP: &str = "the line is left out; mend it";
        let mut records = RecordReader::new(sink, options.columns);
        let mut input = source.into_reader();
        let mut line = Vec::new();
        let mut number = 0;
        while 0 < input.read_until(b'\n', &mut line)? {
            number += 1;
            let place = Place::Line(number);
            let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line).trim_ascii();
            if !text.is_empty() {
                match fields(text) {
                    Ok(Some(fields)) => records.named_record(&place, &fields.names, &fields.values),
                    Ok(None) => {
                        records.broken(
                            "not-a-record",
                            &place,
                            "expected an object, found another value".to_owned(),
                            HELP,
                        );
                    }
                    Err(error) => {
                        let reason = read_error(&error, records.records()).to_string();
                        records.broken("syntax", &place, reason, HELP);
                    }
                }
            }
            line.clear();
        }
        records.finish("one JSON object a line")
    }
}
