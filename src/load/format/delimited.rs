//! Rows of delimited text, for the formats that read them as bytes.

use std::io::{self, BufRead, Read};
use std::ops::RangeInclusive;

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter};

use super::ReadError;
use crate::load::stream::{Position, Quotes};

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
        read_row(row, self.delimiter, &mut self.fields)?;
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
            read_row(self.buffer.get(self.begin..end).unwrap_or_default(), self.delimiter, &mut self.fields)?;
            if !self.count.contains(&self.fields.len()) {
                return Ok(first_line_end);
            }
        }
        Ok(end)
    }
}

/// Reads one row, with or without the end of its line.
pub(super) fn read_row(row: &[u8], delimiter: u8, fields: &mut ByteRecord) -> Result<(), ReadError> {
    if memchr(b'"', row).is_some() {
        line_reader(delimiter, row).read_byte_record(fields).map_err(read_error)?;
        return Ok(());
    }
    fields.clear();
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.split(|&byte| byte == delimiter).for_each(|field| fields.push_field(field));
    Ok(())
}

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

/// What can go wrong with rows of bytes: nothing but the stream.
pub(super) fn read_error(error: csv::Error) -> ReadError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::Io(error),
        csv::ErrorKind::Utf8 { .. } => ReadError::NotUtf8 { line },
        kind => ReadError::Io(io::Error::other(format!("{kind:?}"))),
    }
}
