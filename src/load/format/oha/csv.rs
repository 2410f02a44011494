//! oha's CSV (`--output-format csv`): a line for each answer, with all digits, in seconds.
//!
//! `request-start` is when a request was sent, from the beginning of the run. Requests without an answer are left out by
//! oha, so a header alone means that nothing was answered, and the errors that can be seen are those with an HTTP status
//! from 400 on.

use super::super::report::{Lossy, hand_over};
use super::super::rows::{RowFormat, behind_header, decimal, is_success, read_rows, whole};
use super::super::{beside, is_marked};
use super::OHA;
use crate::load::format::prelude::*;
use crate::record::RequestSample;

/// The CSV of oha.
pub(in super::super) static OHA_CSV: Format = Format {
    name: "oha-csv",
    about: "the requests that oha writes with --output-format csv",
    recognised_by: "the header request-start,DNS,DNS+dialup,Response-delay,…",
    marks: Marks::FirstLine(HEADER),
    accompanies: |path| {
        beside(path, ".csv", ".json").is_some_and(|json| is_marked(&json, &OHA)) && is_marked(path, &OHA_CSV)
    },
    read,
    ..Format::BASE
};

const HEADER: &str = "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status";

const ROWS: RowFormat<7> = RowFormat { delimiter: b',', expected: "the seven numbers of oha's header", sample };

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (reader, start) = behind_header(source, HEADER)?;
    let tally = read_rows(&ROWS, reader, start, sink)?;
    if tally.used == 0 {
        hand_over(Run { success_count: Some(0), ..Run::default() }, &Place::Whole, sink);
    }
    Lossy {
        lost: "oha leaves requests without an answer out of its CSV",
        advice: "see its JSON or summary for the number of errors",
    }
    .tell(sink);
    Ok(())
}

fn sample(fields: &[&[u8]; 7]) -> Option<RequestSample> {
    let [start, _, _, _, latency, bytes, status] = fields;
    Some(RequestSample {
        start: Some(decimal(start)?),
        latency: Some(decimal(latency)?),
        ok: is_success(status)?,
        bytes: Some(whole(bytes)?),
    })
}
