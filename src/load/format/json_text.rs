//! JSON as tools write it: with a byte-order mark, or with numbers that JSON does not have; and what to say when it is
//! broken.

use std::io::{self, Read};

use crate::load::format::prelude::*;

/// Tells a broken text from a broken stream.
pub(super) fn read_error(error: &serde_json::Error, records_before: u64) -> ReadError {
    if error.is_io() {
        return ReadError::Io(io::Error::other(error.to_string()));
    }
    // The place is part of the text, and is told beside it.
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let message = if error.is_eof() {
        format!("the JSON ends in the middle of record {}: {reason}", records_before + 1)
    } else {
        format!("this is not JSON: {reason}, in record {}", records_before + 1)
    };
    ReadError::Syntax { message, line: error.line() as u64, column: error.column(), records_before }
}

/// Leaves out the byte-order mark that some editors put before the text.
pub(super) struct WithoutByteOrderMark<R> {
    reader: R,
    is_begun: bool,
}

impl<R: io::BufRead> WithoutByteOrderMark<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, is_begun: false }
    }
}

impl<R: io::BufRead> Read for WithoutByteOrderMark<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_begun {
            self.is_begun = true;
            if self.reader.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
                self.reader.consume("\u{feff}".len());
            }
        }
        self.reader.read(buffer)
    }
}

/// Puts `NaN`, `Infinity` and `-Infinity`, which Python writes and JSON does not know, between quotes, and numbers that are
/// larger than any float, such as `1e400`. So a document with one of them can be read, and the value is told with its record and place like any other that does not fit.
pub(super) struct QuoteNonFinite<R> {
    reader: R,
    state: Inside,
    word: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Structure,
    Text,
    Escape,
}

impl<R: Read> QuoteNonFinite<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, state: Inside::Structure, word: Vec::new(), ready: Vec::new(), given: 0 }
    }

    fn take(&mut self, byte: u8) {
        if self.state == Inside::Structure && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
            self.word.push(byte);
            return;
        }
        self.end_word();
        self.state = match (self.state, byte) {
            (Inside::Structure, b'"') => Inside::Text,
            (Inside::Text, b'"') => Inside::Structure,
            (Inside::Text, b'\\') => Inside::Escape,
            (Inside::Escape, _) => Inside::Text,
            (state, _) => state,
        };
        self.ready.push(byte);
    }

    fn end_word(&mut self) {
        let is_non_finite = match self.word.as_slice() {
            b"NaN" | b"-NaN" | b"nan" | b"Infinity" | b"-Infinity" => true,
            [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..] => overflows(&self.word),
            _ => false,
        };
        if is_non_finite {
            self.ready.push(b'"');
        }
        self.ready.append(&mut self.word);
        if is_non_finite {
            self.ready.push(b'"');
        }
    }
}

/// Whether a number is larger than any float. Few are long enough, or have an exponent, to be looked at.
fn overflows(number: &[u8]) -> bool {
    const DIGITS_OF_LARGEST: usize = 308;
    (DIGITS_OF_LARGEST < number.len() || number.iter().any(|byte| matches!(byte, b'e' | b'E')))
        && std::str::from_utf8(number).ok().and_then(|text| text.parse().ok()).is_some_and(f64::is_infinite)
}

impl<R: Read> Read for QuoteNonFinite<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
            let mut block = [0; 8192];
            let read = self.reader.read(&mut block)?;
            for &byte in block.iter().take(read) {
                self.take(byte);
            }
            if read == 0 {
                self.end_word();
                if self.ready.is_empty() {
                    return Ok(0);
                }
            }
        }
        let waiting = self.ready.get(self.given..).unwrap_or_default();
        let given = waiting.len().min(buffer.len());
        buffer.iter_mut().zip(waiting).for_each(|(to, from)| *to = *from);
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn non_finite_numbers_are_quoted_and_texts_are_not() {
        let table = [
            (r#"{"a": NaN, "b": [-Infinity,Infinity]}"#, r#"{"a": "NaN", "b": ["-Infinity","Infinity"]}"#),
            (r#"{"NaN \" NaN": "NaN"}"#, r#"{"NaN \" NaN": "NaN"}"#),
            (r#"[true, null, -1.5e-3, NaNa]"#, r#"[true, null, -1.5e-3, NaNa]"#),
            ("NaN", r#""NaN""#),
            ("[1e400,-1E+999, 1e308]", r#"["1e400","-1E+999", 1e308]"#),
            (r#"{"1e400": 1.5e-400}"#, r#"{"1e400": 1.5e-400}"#),
        ];
        for (input, expected) in table {
            let mut output = String::new();
            QuoteNonFinite::new(input.as_bytes()).read_to_string(&mut output).unwrap();
            assert_eq!(output, expected);
        }
    }
}
