//! Rows of delimited text, for the formats that read them as bytes.

use std::io::{self, BufRead, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::ReadError;
use crate::load::place::Place;

/// Reads rows of any number of fields, the first included.
///
/// Lines end with a line feed alone, so that they are counted right; a carriage return is white space in the last field.
pub(super) fn reader<R: Read>(delimiter: u8, input: R) -> Reader<R> {
    builder(delimiter).buffer_capacity(64 * 1024).from_reader(input)
}

/// As [`reader`], of one line that is in memory.
pub(super) fn line_reader(delimiter: u8, line: &[u8]) -> Reader<&[u8]> {
    builder(delimiter).buffer_capacity(line.len() + 1).from_reader(line)
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).terminator(Terminator::Any(b'\n'));
    builder
}

/// Leaves out the byte-order mark that some editors put before a text, and returns how many bytes it has.
pub(super) fn skip_byte_order_mark(input: &mut impl BufRead) -> Result<u64, ReadError> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if input.fill_buf()?.starts_with(MARK) {
        input.consume(MARK.len());
        return Ok(MARK.len() as u64);
    }
    Ok(0)
}

/// The line that a row begins on.
pub(super) fn place(row: &ByteRecord) -> Place {
    Place::Line(row.position().map_or(0, csv::Position::line))
}

/// What can go wrong with rows of bytes: nothing but the stream.
pub(super) fn read_error(error: csv::Error) -> ReadError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::Io(error),
        csv::ErrorKind::Utf8 { .. } => ReadError::NotUtf8 { line },
        kind => ReadError::Io(io::Error::other(format!("{kind:?}"))),
    }
}
