//! h2load's log of requests (`--log-file`): a line for each, without a header.
//!
//! Between tabs stand the start in microseconds since 1970, the HTTP status, and the time until the answer was complete
//! in microseconds. A status of -1 is a request that got no answer. Lines are in the order in which answers came. The
//! file knows neither the number of clients nor bytes; several runs appended to one file can't be told apart.

use std::path::Path;

use super::super::rows::{RowFormat, fields, is_success, read_rows, whole};
use super::super::{beside, is_marked};
use super::H2LOAD;
use crate::load::format::prelude::*;
use crate::load::stream::Position;
use crate::record::RequestSample;

/// The log of h2load.
pub(in super::super) static H2LOAD_LOG: Format = Format {
    name: "h2load-log",
    about: "the requests that h2load writes with --log-file",
    recognised_by: "lines of 16 digits, a status and a whole number, between tabs",
    marks: Marks::Text(recognises),
    accompanies,
    read,
    ..Format::BASE
};

const EXPECTED: &str = "a start in microseconds since 1970, a status and a time in microseconds, between tabs";

const ROWS: RowFormat<3> = RowFormat { delimiter: b'\t', expected: EXPECTED, sample };

/// From 2001 to 2286 a moment in microseconds has 16 digits.
const DIGITS_OF_START: usize = 16;

/// How many lines have to look right.
const LINES: usize = 5;

fn recognises(text: &str) -> bool {
    let fits = |line: &str| {
        fields::<3>(line.trim_end().as_bytes(), b'\t')
            .is_some_and(|fields| fields[0].len() == DIGITS_OF_START && sample(&fields).is_some())
    };
    let mut lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).take(LINES).peekable();
    lines.peek().is_some() && lines.all(fits)
}

fn accompanies(path: &Path) -> bool {
    let is_report = |ending| beside(path, ".log.tsv", ending).is_some_and(|report| is_marked(&report, &H2LOAD));
    (is_report(".txt") || is_report("_withlog.txt")) && is_marked(path, &H2LOAD_LOG)
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    match read_rows(&ROWS, source.into_reader(), Position::BEGIN, sink)?.used {
        0 => Err(ReadError::NoRecord { expected: EXPECTED }),
        _ => Ok(()),
    }
}

fn sample(fields: &[&[u8]; 3]) -> Option<RequestSample> {
    let [start, status, time] = fields;
    Some(RequestSample {
        start: Some(whole(start)? as f64 / 1e6),
        latency: Some(whole(time)? as f64 / 1e6),
        ok: is_success(status)?,
        bytes: None,
    })
}
