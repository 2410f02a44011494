//! hey's CSV (`-o csv`): a line for each answer.
//!
//! Times are in seconds with four decimals; `offset` is when a request was sent, from the beginning of the run. Requests
//! without an answer are left out by hey, so a header alone means that nothing was answered, and the errors that can be
//! seen are those with an HTTP status from 400 on. Only the first million answers are written.

use super::super::report::{Lossy, hand_over};
use super::super::rows::{RowFormat, behind_header, decimal, is_success, read_rows};
use super::KEPT_BY_HEY;
use crate::load::format::prelude::*;
use crate::record::RequestSample;

/// The CSV of hey.
pub(in super::super) static HEY_CSV: Format = Format {
    name: "hey-csv",
    about: "the requests that hey writes with -o csv",
    recognised_by: "the header response-time,DNS+dialup,DNS,Request-write,…",
    marks: Marks::FirstLine(HEADER),
    read,
    ..Format::BASE
};

const HEADER: &str = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset";

const ROWS: RowFormat<8> = RowFormat { delimiter: b',', expected: "the eight numbers of hey's header", sample };

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (reader, start) = behind_header(source, HEADER)?;
    let tally = read_rows(&ROWS, reader, start, sink)?;
    if tally.used == 0 {
        hand_over(Run { success_count: Some(0), ..Run::default() }, &Place::Whole, sink);
    }
    if tally.used == KEPT_BY_HEY {
        let message = "hey writes the first million answers only, and there are as many".to_owned();
        let help = "the time of the run is that of these; run fewer than a million requests";
        sink.report(Severity::Warning, "first-million", &Place::Whole, message, Some(help));
    }
    Lossy {
        lost: "hey leaves requests without an answer out of its CSV, and rounds times to 0.1 ms",
        advice: "see hey's own summary for the number of errors",
    }
    .tell(sink);
    Ok(())
}

fn sample(fields: &[&[u8]; 8]) -> Option<RequestSample> {
    let [latency, _, _, _, _, _, status, offset] = fields;
    Some(RequestSample {
        start: Some(decimal(offset)?),
        latency: Some(decimal(latency)?),
        ok: is_success(status)?,
        bytes: None,
    })
}
