//! An input in large pieces that end where lines do.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

use crate::load::place::Place;

/// How much is read at once, bytes. Small enough to stay near the processor, and large enough that rows of one run mostly
/// lie in few pieces.
pub(in crate::load) const PIECE: usize = 2 * 1024 * 1024;

/// The pieces of an input, one after the other.
pub(in crate::load) struct Chunks<R> {
    input: R,
    size: usize,
    /// What stands behind the last line end that was read.
    rest: Vec<u8>,
    next: Position,
    is_at_end: bool,
    /// Looks for what makes lines no rows any more, such as line ends in quotes.
    ends_rows: fn(&[u8], u8) -> bool,
    delimiter: u8,
    is_ended: bool,
}

/// Where a piece begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) struct Position {
    /// The number of its first line, from 1.
    pub(in crate::load) line: u64,
    /// Its first byte, from 0.
    pub(in crate::load) byte: u64,
}

impl Position {
    /// Where an input begins.
    pub(in crate::load) const BEGIN: Self = Self { line: 1, byte: 0 };

    /// Goes on behind these bytes.
    pub(in crate::load) fn pass(&mut self, bytes: &[u8]) {
        self.line += memchr_iter(b'\n', bytes).count() as u64;
        self.byte += bytes.len() as u64;
    }
}

impl From<Position> for Place {
    fn from(Position { line, byte }: Position) -> Self {
        Self::LineAt { line, byte }
    }
}

/// One piece: whole lines.
#[derive(Debug, Clone, Copy)]
pub(in crate::load) struct Chunk<'b> {
    /// Every line with its end, but perhaps for the last of the input.
    pub(in crate::load) bytes: &'b [u8],
    /// Where it begins.
    pub(in crate::load) start: Position,
}

impl<'b> Chunk<'b> {
    /// The lines without their ends, and where each begins.
    pub(in crate::load) fn lines(&self) -> impl Iterator<Item = (&'b [u8], Position)> {
        let bytes = self.bytes;
        let ends = memchr_iter(b'\n', bytes).chain((bytes.last() != Some(&b'\n')).then_some(bytes.len()));
        let (mut begin, mut line, first) = (0, self.start.line, self.start.byte);
        ends.map(move |end| {
            let start = Position { line, byte: first + begin as u64 };
            let content = bytes.get(begin..end).unwrap_or_default();
            begin = end + 1;
            line += 1;
            (content, start)
        })
    }
}

impl<R: Read> Chunks<R> {
    /// The pieces of `input`, of `size` bytes or less, whose first line begins at `start`. Where line ends can stand inside
    /// of quoted fields, between such delimiters, the pieces end before the first one that does.
    pub(in crate::load) fn new(input: R, size: usize, start: Position, quotes_between: Option<u8>) -> Self {
        Self {
            input,
            size,
            rest: Vec::new(),
            next: start,
            is_at_end: false,
            ends_rows: if quotes_between.is_some() { has_line_end_in_quotes } else { |_, _| false },
            delimiter: quotes_between.unwrap_or(b','),
            is_ended: false,
        }
    }

    /// Fills `buffer` with the next piece and returns where it begins; `None` where there is none.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Position>> {
        buffer.clear();
        if self.is_ended {
            return Ok(None);
        }
        buffer.append(&mut self.rest);
        let mut wanted = self.size;
        loop {
            if !self.is_at_end {
                let missing = wanted.saturating_sub(buffer.len()) as u64;
                let read = self.input.by_ref().take(missing).read_to_end(buffer)?;
                self.is_at_end = (read as u64) < missing;
            }
            if self.is_at_end {
                break;
            }
            if let Some(end) = memrchr(b'\n', buffer) {
                self.rest.extend_from_slice(buffer.get(end + 1..).unwrap_or_default());
                buffer.truncate(end + 1);
                break;
            }
            // The line is longer than a piece.
            wanted = wanted.saturating_add(self.size);
        }
        if buffer.is_empty() {
            self.is_ended = true;
            return Ok(None);
        }
        if (self.ends_rows)(buffer, self.delimiter) {
            self.is_ended = true;
            std::mem::swap(&mut self.rest, buffer);
            self.rest.append(buffer);
            return Ok(None);
        }
        let start = self.next;
        self.next.pass(buffer);
        Ok(Some(start))
    }

    /// Whether all is read.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end && self.rest.is_empty()
    }

    /// What no piece was made of, and where it begins.
    pub(in crate::load) fn into_rest(self) -> (Position, impl Read) {
        (self.next, io::Cursor::new(self.rest).chain(self.input))
    }
}

/// Whether a row goes on behind the bytes that were passed, because a quote is open.
pub(in crate::load) struct Quotes {
    delimiter: u8,
    state: Quoting,
}

/// Where in delimited text one stands. A quote inside of a bare field is a character like any other.
#[derive(Clone, Copy)]
pub(in crate::load) enum Quoting {
    FieldBegins,
    Bare,
    Quoted,
    /// Behind a quote that ends the quoted part, unless another one follows.
    QuoteEnds,
}

impl Quoting {
    /// Where one stands behind a byte.
    pub(in crate::load) fn behind(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::QuoteEnds,
            (Self::FieldBegins | Self::QuoteEnds, b'"') | (Self::Quoted, _) => Self::Quoted,
            (_, b'\n') => Self::FieldBegins,
            (_, byte) if byte == delimiter => Self::FieldBegins,
            _ => Self::Bare,
        }
    }
}

impl Quotes {
    /// At the beginning of a row.
    pub(in crate::load) fn new(delimiter: u8) -> Self {
        Self { delimiter, state: Quoting::FieldBegins }
    }

    /// Whether a quote is open.
    pub(in crate::load) fn are_open(&self) -> bool {
        matches!(self.state, Quoting::Quoted)
    }

    /// Goes on behind this byte.
    pub(in crate::load) fn pass(&mut self, byte: u8) {
        self.state = self.state.behind(byte, self.delimiter);
    }
}

/// Whether a line of these ends inside of a quoted field.
fn has_line_end_in_quotes(lines: &[u8], delimiter: u8) -> bool {
    let Some(first) = memchr(b'"', lines) else { return false };
    // The lines before that of the first quote are sure.
    let begin = lines.get(..first).and_then(|before| memrchr(b'\n', before)).map_or(0, |end| end + 1);
    let mut quotes = Quotes::new(delimiter);
    for &byte in lines.get(begin..).unwrap_or_default() {
        if byte == b'\n' && quotes.are_open() {
            return true;
        }
        quotes.pass(byte);
    }
    quotes.are_open()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 1_000;

    /// The pieces, with where they begin, and the rest.
    fn pieces(input: &[u8], quotes_between: Option<u8>) -> (Vec<(Vec<u8>, Position)>, Vec<u8>) {
        let mut chunks = Chunks::new(input, SIZE, Position { line: 2, byte: 10 }, quotes_between);
        let (mut pieces, mut buffer, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(start) = chunks.fill(&mut buffer).unwrap() {
            pieces.push((buffer.clone(), start));
        }
        chunks.into_rest().1.read_to_end(&mut rest).unwrap();
        (pieces, rest)
    }

    #[test]
    fn pieces_are_whole_lines_and_all_of_them() {
        let line = [&[b'x'; 99][..], b"\n"].concat();
        let input = [line.repeat(3 * SIZE / 100), b"no end".to_vec()].concat();
        let (pieces, rest) = pieces(&input, Some(b','));
        assert_eq!((pieces.len(), rest.len()), (4, 0));
        assert_eq!(pieces.iter().flat_map(|(piece, _)| piece.clone()).collect::<Vec<u8>>(), input);
        let lines = pieces[0].0.len() as u64 / 100;
        assert_eq!(pieces[0].1, Position { line: 2, byte: 10 });
        assert_eq!(pieces[1].1, Position { line: 2 + lines, byte: 10 + 100 * lines });
    }

    #[test]
    fn a_line_may_be_longer_than_a_piece() {
        let input = [vec![b'x'; 5 * SIZE / 2], b"\ny\n".to_vec()].concat();
        let (pieces, _) = pieces(&input, None);
        let lengths: Vec<usize> = pieces.iter().map(|(piece, _)| piece.len()).collect();
        assert_eq!(lengths, [input.len()]);
    }

    #[test]
    fn pieces_end_before_a_line_end_in_quotes() {
        let input = b"a,b\n\"c\nd\",e\n";
        assert_eq!(pieces(input, Some(b',')), (Vec::new(), input.to_vec()));
        assert_eq!(pieces(input, None).0.len(), 1);
    }

    #[test]
    fn quotes() {
        let table = [
            ("a,\"b\",c\n", false),
            ("a,\"b\"\"\",c\n", false),
            ("a,\"b\nc\"\n", true),
            ("a,b\"\nc\"\n", false),
            ("a,\"\"\"\n\"", true),
            ("a,\"b\" \"\nc\n", false),
            ("\"", true),
        ];
        for (lines, expected) in table {
            assert_eq!(has_line_end_in_quotes(lines.as_bytes(), b','), expected, "{lines:?}");
        }
    }
}
