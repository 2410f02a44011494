//! Rows of delimited text, for the formats that read them as bytes.

use std::io::{self, BufRead, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use memchr::memchr;

use super::ReadError;
use crate::load::place::Place;

/// Reads rows of any number of fields, the first included.
///
/// Lines end with a line feed alone, so that they are counted right; a carriage return is white space in the last field.
pub(super) fn reader<R: Read>(delimiter: u8, input: R) -> Reader<R> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).terminator(Terminator::Any(b'\n'));
    builder.buffer_capacity(64 * 1024).from_reader(input)
}

/// Splits lines that are in memory as [`reader`] does. Made once for many lines, as making it takes longer than a line.
pub(super) struct Splitter {
    delimiter: u8,
    /// Made for the first line with quotes.
    quoted: Option<csv_core::Reader>,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl Splitter {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, quoted: None, fields: Vec::new(), ends: Vec::new() }
    }

    /// Puts the fields of one line, with or without its end, in `record`: none of an empty line.
    pub(super) fn split(&mut self, line: &[u8], record: &mut ByteRecord) {
        record.clear();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.is_empty() {
            return;
        }
        if memchr(b'"', line).is_none() {
            line.split(|&byte| byte == self.delimiter).for_each(|field| record.push_field(field));
            return;
        }
        let reader = self.quoted.get_or_insert_with(|| {
            let mut builder = csv_core::ReaderBuilder::new();
            builder.delimiter(self.delimiter).terminator(csv_core::Terminator::Any(b'\n')).build()
        });
        reader.reset();
        // All fields together are no longer than the line, and no more than its bytes and one.
        self.fields.resize(self.fields.len().max(line.len()), 0);
        self.ends.resize(self.ends.len().max(line.len() + 1), 0);
        let (_, _, length, count) = reader.read_record(line, &mut self.fields, &mut self.ends);
        let rest = (self.fields.get_mut(length..), self.ends.get_mut(count..));
        let (Some(fields), Some(ends)) = rest else { return };
        // That nothing follows is the end of the line.
        let (_, _, _, more) = reader.read_record(&[], fields, ends);
        let mut begin = 0;
        for &end in self.ends.iter().take(count + more) {
            record.push_field(self.fields.get(begin..end).unwrap_or_default());
            begin = end;
        }
    }
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

    fn split(line: &[u8]) -> Vec<Vec<u8>> {
        let (mut splitter, mut record) = (Splitter::new(b','), ByteRecord::new());
        // What was read before leaves nothing behind.
        splitter.split(b"\"x\",\"y", &mut record);
        splitter.split(line, &mut record);
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
            assert_eq!(split(line.as_bytes()), expected, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn lines_are_split_as_the_reader_does(line in "[ab,\"\r ]{0,12}") {
            let mut record = ByteRecord::new();
            reader(b',', line.as_bytes()).read_byte_record(&mut record).unwrap();
            prop_assert_eq!(split(line.as_bytes()), record.iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
        }
    }
}
