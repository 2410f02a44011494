//! The lines of an input, one after the other, each with where it begins.

use std::io::{self, BufRead};

use crate::load::stream::Position;

/// Reads line by line.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    next: Position,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `input`, which begins at `next`.
    pub(super) fn new(input: R, next: Position) -> Self {
        Self { input, line: Vec::new(), next }
    }

    /// The next line with its end, and where it begins; `None` behind the last.
    ///
    /// # Errors
    ///
    /// When the input can't be read.
    pub(super) fn next(&mut self) -> io::Result<Option<(&[u8], Position)>> {
        self.line.clear();
        let position = self.next;
        if self.input.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.next.pass(&self.line);
        Ok(Some((&self.line, position)))
    }
}
