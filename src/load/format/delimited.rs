//! Rows of delimited text, for the formats that read them as bytes.

use std::io::{self, BufRead, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use memchr::memchr;

use super::ReadError;
use crate::load::place::Place;
use crate::load::stream::Quoting;

/// Reads rows of any number of fields, the first included.
///
/// Lines end with a line feed alone, so that they are counted right; a carriage return is white space in the last field.
pub(super) fn reader<R: Read>(delimiter: u8, input: R) -> Reader<R> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).terminator(Terminator::Any(b'\n'));
    builder.buffer_capacity(64 * 1024).from_reader(input)
}

/// Puts the fields of one line that is in memory in `record`, as [`reader`] reads them: none of an empty line. Making a
/// reader takes longer than this.
pub(super) fn split(delimiter: u8, line: &[u8], record: &mut ByteRecord) {
    record.clear();
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    if line.is_empty() {
        return;
    }
    if memchr(b'"', line).is_none() {
        line.split(|&byte| byte == delimiter).for_each(|field| record.push_field(field));
        return;
    }
    let mut field = Vec::new();
    let mut state = Quoting::FieldBegins;
    for &byte in line {
        let before = state;
        state = before.behind(byte, delimiter);
        match (before, state) {
            (_, Quoting::FieldBegins) => {
                record.push_field(&field);
                field.clear();
            }
            // The quote at the beginning or the end of a quoted part.
            (Quoting::FieldBegins, Quoting::Quoted) | (_, Quoting::QuoteEnds) => {}
            _ => field.push(byte),
        }
    }
    record.push_field(&field);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split_alone(line: &[u8]) -> Vec<Vec<u8>> {
        let mut record = ByteRecord::from(vec!["left over"]);
        split(b',', line, &mut record);
        record.iter().map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn lines_are_split() {
        let table: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("a,b\n", &["a", "b"]),
            (",", &["", ""]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"a\"\"b\",\"\"", &["a\"b", ""]),
            ("\"a\nb\",c\n", &["a\nb", "c"]),
            ("a,\"b", &["a", "b"]),
        ];
        for (line, expected) in table {
            let expected: Vec<Vec<u8>> = expected.iter().map(|field| field.as_bytes().to_vec()).collect();
            assert_eq!(split_alone(line.as_bytes()), expected, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn lines_are_split_as_the_reader_does(line in "[ab,\"\r ]{0,12}") {
            let mut record = ByteRecord::new();
            reader(b',', line.as_bytes()).read_byte_record(&mut record).unwrap();
            prop_assert_eq!(split_alone(line.as_bytes()), record.iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
        }
    }
}
