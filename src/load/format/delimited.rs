//! Rows of delimited text, for the formats that read them as bytes.

use std::io::{self, BufRead, Read};
use std::ops::RangeInclusive;

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter};

use crate::load::format::prelude::*;
use crate::load::stream::{Position, Quotes, Quoting};

/// The rows of an input, one after the other, each with where it begins.
///
/// In quotes a row may go on over the ends of lines. Where it then has not as many fields as it should, or goes on over a
/// line that has as many by itself, nobody closed the quote: the first line is a row for itself, and those behind it are rows
/// of their own.
pub(super) struct Rows<R> {
    input: R,
    delimiter: u8,
    /// How many fields a row has.
    count: RangeInclusive<usize>,
    /// What was read, from `begin` on to be used.
    buffer: Vec<u8>,
    begin: usize,
    is_at_end: bool,
    next: Position,
    fields: ByteRecord,
}

/// How much is read at once, bytes.
const BLOCK: usize = 64 * 1024;

/// A row that goes on for longer than this, bytes, is taken for one with a quote that nobody closed.
const LONGEST: usize = 1024 * 1024;

impl<R: Read> Rows<R> {
    /// The rows of `input`, which begins at `next`, with so many fields each. Rows with others come all the same.
    pub(super) fn new(input: R, delimiter: u8, count: RangeInclusive<usize>, next: Position) -> Self {
        Self {
            input,
            delimiter,
            count,
            buffer: Vec::new(),
            begin: 0,
            is_at_end: false,
            next,
            fields: ByteRecord::new(),
        }
    }

    /// The next row that has more to it than the end of its line, and where it begins; `None` behind the last.
    ///
    /// # Errors
    ///
    /// When the input can't be read.
    pub(super) fn next(&mut self) -> Result<Option<(&ByteRecord, Position)>, ReadError> {
        let Some((begin, end, position)) = self.advance()? else { return Ok(None) };
        let row = self.buffer.get(begin..end).unwrap_or_default();
        split(self.delimiter, row, &mut self.fields);
        Ok(Some((&self.fields, position)))
    }

    /// As [`Rows::next`], as its bytes.
    ///
    /// # Errors
    ///
    /// When the input can't be read.
    pub(super) fn next_bytes(&mut self) -> Result<Option<(&[u8], Position)>, ReadError> {
        let next = self.advance()?;
        Ok(next.map(|(begin, end, position)| (self.buffer.get(begin..end).unwrap_or_default(), position)))
    }

    /// Where in the buffer the next row begins and ends, and where it begins in the input.
    fn advance(&mut self) -> Result<Option<(usize, usize, Position)>, ReadError> {
        loop {
            if BLOCK <= self.begin {
                self.buffer.drain(..self.begin);
                self.begin = 0;
            }
            let (begin, position) = (self.begin, self.next);
            let mut end = self.line_end(begin)?;
            let line = self.buffer.get(begin..end).unwrap_or_default();
            if line.is_empty() {
                return Ok(None);
            }
            let is_row = line != b"\n";
            if memchr(b'"', line).is_some() {
                end = self.row_end(end)?;
            }
            self.next.pass(self.buffer.get(begin..end).unwrap_or_default());
            self.begin = end;
            if is_row {
                return Ok(Some((begin, end, position)));
            }
        }
    }

    /// Where the line that begins at this place of the buffer ends, its end included.
    fn line_end(&mut self, begin: usize) -> io::Result<usize> {
        let mut looked_at = begin;
        loop {
            let rest = self.buffer.get(looked_at..).unwrap_or_default();
            if let Some(end) = memchr(b'\n', rest) {
                return Ok(looked_at + end + 1);
            }
            looked_at = self.buffer.len();
            if self.is_at_end {
                return Ok(looked_at);
            }
            let read = self.input.by_ref().take(BLOCK as u64).read_to_end(&mut self.buffer)?;
            self.is_at_end = read < BLOCK;
        }
    }

    /// Where the row ends whose first line ends at this place.
    fn row_end(&mut self, first_line_end: usize) -> Result<usize, ReadError> {
        let mut quotes = Quotes::new(self.delimiter);
        let (mut passed, mut end) = (self.begin, first_line_end);
        loop {
            let line = self.buffer.get(passed..end).unwrap_or_default();
            // What looks like a row in itself is not the middle of another one.
            let delimiters = memchr_iter(self.delimiter, line).count();
            if first_line_end < end && self.count.contains(&(delimiters + 1)) {
                return Ok(first_line_end);
            }
            line.iter().for_each(|&byte| quotes.pass(byte));
            passed = end;
            if !quotes.are_open() {
                break;
            }
            end = self.line_end(passed)?;
            if end == passed || LONGEST < end - self.begin {
                return Ok(first_line_end);
            }
        }
        if first_line_end < end {
            split(self.delimiter, self.buffer.get(self.begin..end).unwrap_or_default(), &mut self.fields);
            if !self.count.contains(&self.fields.len()) {
                return Ok(first_line_end);
            }
        }
        Ok(end)
    }
}

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
