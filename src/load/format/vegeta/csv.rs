//! `vegeta encode -to csv`: one result a line, without a header: start (ns since 1970), status, latency (ns), bytes out,
//! bytes in, error, body, attack, number, method, URL, headers. Older versions end after the error or the number.

use csv::ByteRecord;

use super::super::delimited::{self, Rows};
use super::super::requests::Request;
use super::{Attacks, is_success};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// Results, one a line.
pub(in super::super) static VEGETA_CSV: Format = Format {
    name: "vegeta-csv",
    about: "vegeta encode -to csv: results, one a line",
    recognised_by: "lines without a header that begin with nanoseconds since 1970, a status and a latency",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

/// How many fields the versions write.
const FIELDS: [usize; 4] = [6, 7, 9, 12];

fn recognises(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let mut fields = ByteRecord::new();
    delimited::split(b',', line.as_bytes(), &mut fields);
    let has_nanoseconds = fields.get(0).is_some_and(|start| start.len() == 19);
    has_nanoseconds && FIELDS.contains(&fields.len()) && request(&fields).is_some()
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    const ATTACK: usize = 7;
    let mut rows = Rows::new(source.into_bytes(), b',', 6..=12, Position::BEGIN);
    let mut attacks = Attacks::new(sink);
    while let Some((line, place)) = rows.next()? {
        match request(line) {
            Some(request) => {
                attacks.add(&String::from_utf8_lossy(line.get(ATTACK).unwrap_or_default()), request);
            }
            None => {
                let message = "expected nanoseconds since 1970, a status, a latency and bytes".to_owned();
                let help = "the line is left out; mend it";
                sink.report(Severity::Error, "broken-line", &place.into(), message, Some(help));
            }
        }
    }
    attacks.finish(sink)
}

fn request(line: &ByteRecord) -> Option<Request> {
    let number = |column: usize| std::str::from_utf8(line.get(column)?).ok()?.parse::<i64>().ok();
    let (start, code, latency) = (number(0)?, number(1)?, number(2)?);
    number(3)?;
    let bytes = u64::try_from(number(4)?).ok()?;
    let error = line.get(5)?;
    Some(Request {
        start: Some(start / 1_000),
        latency: Some(latency as f64 / 1e9),
        ok: u64::try_from(code).is_ok_and(is_success) && error.is_empty(),
        bytes: Some(bytes),
    })
}
