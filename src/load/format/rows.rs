//! Files with a line for each request and nothing but numbers between delimiters, read fast: lines are looked at where
//! they lie in the buffer, and numbers are taken from their bytes.

use std::io::{BufRead, Read};

use crate::load::format::prelude::*;
use crate::load::samples::SeriesId;
use crate::load::stream::Position;
use crate::record::{RequestSample, SampleKey};

/// Powers of ten that a float holds exactly.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// How much is read to find a header.
const HEADER_LIMIT: u64 = 4096;

/// How the lines of a file are made.
pub(super) struct RowFormat<const N: usize> {
    /// What stands between two fields.
    pub(super) delimiter: u8,
    /// What is expected of the file, for the message where it holds nothing.
    pub(super) expected: &'static str,
    /// Makes a sample of a line's fields; `None` where they do not fit.
    pub(super) sample: fn(&[&[u8]; N]) -> Option<RequestSample>,
}

/// How many lines there were, and the series of them all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Those that could be used.
    pub(super) used: u64,
    /// Those that could not; each was told.
    broken: u64,
    series: Option<SeriesId>,
}

/// The lines of an input behind its header, and where they begin.
///
/// # Errors
///
/// When it begins with another line than `header`.
pub(super) fn behind_header(source: Source, header: &'static str) -> Result<(impl BufRead, Position), ReadError> {
    let mut reader = source.into_reader();
    let mut line = Vec::new();
    // A header is short; what has no line end may be of any size.
    reader.by_ref().take(HEADER_LIMIT).read_until(b'\n', &mut line)?;
    let mut position = Position::BEGIN;
    position.pass(&line);
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line);
    if line.trim_ascii() == header.as_bytes() {
        Ok((reader, position))
    } else {
        Err(ReadError::NoRecord { expected: header })
    }
}

/// Reads every line of `reader`, whose first one begins at `next`, into the samples of the sink.
///
/// # Errors
///
/// When lines can't be read, or when there are some and none can be used.
pub(super) fn read_rows<const N: usize>(
    format: &RowFormat<N>,
    mut reader: impl BufRead,
    mut next: Position,
    sink: &mut Sink<'_>,
) -> Result<Tally, ReadError> {
    let mut tally = Tally::default();
    let mut split_line = Vec::new();
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        let mut consumed = 0;
        for content in buffer.split_inclusive(|&byte| byte == b'\n').filter_map(|content| content.strip_suffix(b"\n")) {
            take_line(format, content, next, &mut tally, sink);
            consumed += content.len() + 1;
            next.line += 1;
            next.byte += content.len() as u64 + 1;
        }
        if consumed == 0 {
            // The line goes on behind the end of the buffer.
            split_line.clear();
            reader.read_until(b'\n', &mut split_line)?;
            match split_line.strip_suffix(b"\n") {
                Some(content) => take_line(format, content, next, &mut tally, sink),
                None => leave_out(format, &split_line, next, &mut tally, sink),
            }
            next.pass(&split_line);
        } else {
            reader.consume(consumed);
        }
    }
    match tally {
        Tally { used: 0, broken: 1.., .. } => Err(ReadError::NoUsableRecord { records: tally.broken }),
        _ => Ok(tally),
    }
}

fn take_line<const N: usize>(
    format: &RowFormat<N>,
    content: &[u8],
    place: Position,
    tally: &mut Tally,
    sink: &mut Sink<'_>,
) {
    let content = content.trim_ascii();
    if content.is_empty() {
        return;
    }
    match fields(content, format.delimiter).and_then(|fields| (format.sample)(&fields)) {
        Some(sample) => {
            tally.used += 1;
            // Only a first sample makes a series: without one there is no run.
            let series = *tally.series.get_or_insert_with(|| sink.series(SampleKey::default()));
            if sink.request(series, sample.into()) {
                sink.out_of_order(1, Some(&place.into()));
            }
        }
        None => leave_out(format, content, place, tally, sink),
    }
}

/// Tells of a line that can't be used: one that does not fit, or one without an end. The tools end every line, so the
/// file is cut off there and the last number may lack digits.
fn leave_out<const N: usize>(
    format: &RowFormat<N>,
    content: &[u8],
    place: Position,
    tally: &mut Tally,
    sink: &mut Sink<'_>,
) {
    tally.broken += 1;
    let shown: String = String::from_utf8_lossy(content).chars().take(60).collect();
    let message = format!("expected {} and an end of the line, found {shown:?}", format.expected);
    let help = "the line is left out; the file may be cut off here";
    sink.report(Severity::Error, "broken-line", &place.into(), message, Some(help));
}

/// The fields of a line; `None` where there are more or fewer than `N`.
pub(super) fn fields<const N: usize>(line: &[u8], delimiter: u8) -> Option<[&[u8]; N]> {
    let mut fields = [&line[..0]; N];
    let mut parts = line.split(|&byte| byte == delimiter);
    for field in &mut fields {
        *field = parts.next()?;
    }
    parts.next().is_none().then_some(fields)
}

/// Reads a number without a sign or exponent, the way in which tools print times; rounded as well as a float can be.
pub(super) fn decimal(text: &[u8]) -> Option<f64> {
    if !text.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let mut digits: u64 = 0;
    let mut decimals = None;
    for &byte in text {
        match byte {
            b'0'..=b'9' => digits = digits.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?,
            b'.' if decimals.is_none() => {
                decimals = Some(0);
                continue;
            }
            _ => return None,
        }
        decimals = decimals.map(|decimals| decimals + 1);
    }
    // Both are exact, so their quotient is the float next to the printed number.
    match POWERS.get(decimals.unwrap_or(0)) {
        Some(power) if digits < 1 << 53 => Some(digits as f64 / power),
        _ => std::str::from_utf8(text).ok()?.parse().ok(),
    }
}

/// Reads a whole number.
pub(super) fn whole(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, &byte| match byte {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

/// Whether an HTTP status is one of success. `None` where it is no status: 0 and -1 stand for a request without an
/// answer, and are no success.
pub(super) fn is_success(status: &[u8]) -> Option<bool> {
    match status {
        b"0" | b"-1" => Some(false),
        [b'1'..=b'3', b'0'..=b'9', b'0'..=b'9'] => Some(true),
        [b'4'..=b'9', b'0'..=b'9', b'0'..=b'9'] => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_that_the_standard_library_reads() {
        for text in ["0.0035", "0", "1.", ".5", "0.000471448", "12345678901234567", "0.1234567890123456789", "9.", "7"]
        {
            assert_eq!(decimal(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "-1", "1e3", "1.2.3", "NaN", " 1", "99999999999999999999999"] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn statuses() {
        let table = [("200", Some(true)), ("304", Some(true)), ("404", Some(false)), ("500", Some(false))];
        let odd = [("0", Some(false)), ("-1", Some(false)), ("20", None), ("2000", None), ("", None), ("abc", None)];
        for (status, expected) in table.into_iter().chain(odd) {
            assert_eq!(is_success(status.as_bytes()), expected, "{status}");
        }
    }

    #[test]
    fn a_line_has_as_many_fields_as_it_should() {
        assert_eq!(fields::<3>(b"a,b,c", b','), Some([&b"a"[..], b"b", b"c"]));
        assert_eq!(fields::<3>(b"a,b", b','), None);
        assert_eq!(fields::<3>(b"a,b,c,d", b','), None);
    }
}
