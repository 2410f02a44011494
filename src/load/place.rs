//! A place in an input.

use std::fmt;

/// Where in an input something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of a text, from 1.
    Line(u64),
    /// A line of a text, from 1, with the byte that it begins at, from 0: among millions of lines that is quicker to find.
    LineAt {
        /// From 1.
        line: u64,
        /// From 0, in what is left when compression is taken off.
        byte: u64,
    },
    /// A record of a JSON document, from 1, with its JSON pointer.
    Record {
        /// Among the records, from 1.
        number: u64,
        /// As RFC 6901 writes it.
        pointer: String,
    },
    /// A row of a table, from 1.
    Row(u64),
    /// The whole input: a sum over all of it.
    Whole,
}

impl Place {
    /// How a run's `source` names this place of an input.
    pub fn in_source(&self, input: &str) -> String {
        match self {
            Self::Line(line) | Self::LineAt { line, .. } => format!("{input}:{line}"),
            Self::Record { pointer, .. } => format!("{input}#{pointer}"),
            Self::Row(row) => format!("{input} row {row}"),
            Self::Whole => input.to_owned(),
        }
    }

    /// A number that grows along the input.
    pub(super) fn order(&self) -> u64 {
        match self {
            Self::Line(number)
            | Self::LineAt { line: number, .. }
            | Self::Record { number, .. }
            | Self::Row(number) => *number,
            Self::Whole => 0,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::LineAt { line, byte } => write!(f, "line {line} at byte {byte}"),
            Self::Record { number, .. } => write!(f, "record {number}"),
            Self::Row(row) => write!(f, "row {row}"),
            Self::Whole => f.write_str("the whole input"),
        }
    }
}
