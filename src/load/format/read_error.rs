//! Why an input can't be read, what to do about it, and where to look.

use std::io;

use thiserror::Error;

use super::FORMATS;
use super::choice::ending;
use crate::load::diagnostic::{Diagnostic, Excerpt, Severity};
use crate::load::place::Place;
use crate::load::shape::ShapeError;
use crate::load::source::Source;
use crate::load::tabular::MappingError;

/// Why an input can't be read to its end.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The bytes can't be had.
    #[error("can't be read: {0}")]
    Io(#[from] io::Error),
    /// There is nothing in it.
    #[error("the file is empty; expected at least one record")]
    Empty,
    /// It is well-formed and holds no record.
    #[error("there is no record in it; expected {expected}")]
    NoRecord {
        /// What a record would have looked like.
        expected: &'static str,
    },
    /// The text breaks its format's rules.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// From 1.
        line: u64,
        /// The byte in the line, from 1.
        column: usize,
        /// How many whole records stand before it.
        records_before: u64,
    },
    /// The text is not in UTF-8.
    #[error("the text is not in UTF-8")]
    NotUtf8 {
        /// From 1.
        line: u64,
    },
    /// It is no text that can be read, and nothing else that is known.
    #[error("{message}")]
    NotText {
        /// What it looks like.
        message: String,
    },
    /// Its columns have no meaning.
    #[error("{error}")]
    Columns {
        /// Where they stand.
        place: Place,
        /// Why not.
        error: MappingError,
    },
    /// Polars can't read it.
    #[error("the Parquet file can't be read: {0}")]
    Parquet(String),
    /// A column that is needed holds what can be no field of a record.
    #[error("the column {column:?} holds {what}, which can't be used here")]
    ColumnType {
        /// Its name.
        column: String,
        /// What it holds.
        what: String,
    },
    /// Every record was broken.
    #[error("there is no usable record in it, among {records}")]
    NoUsableRecord {
        /// How many there are.
        records: u64,
    },
    /// No format, or several, may be meant.
    #[error("{message}")]
    Format {
        /// What was tried, and what came of it.
        message: String,
    },
}

impl ReadError {
    /// The same as a diagnostic about this input.
    pub(crate) fn diagnostic(&self, input: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(Severity::Error, self.code(), input, self.to_string()).help(self.help());
        match self {
            Self::Syntax { line, .. } | Self::NotUtf8 { line } => diagnostic.at(Place::Line(*line)),
            Self::Columns { place, .. } if *place != Place::Whole => diagnostic.at(place),
            _ => diagnostic,
        }
    }

    /// Whether it only says that this is no file for benchplot, which in a folder is no fault. A file that is called like
    /// results and is nothing that is known is rather one that was saved wrong.
    pub(crate) fn is_not_for_us(&self, file_name: &str) -> bool {
        const RESULTS: [&str; 6] = ["json", "ndjson", "jsonl", "csv", "tsv", "parquet"];
        match self {
            Self::Format { .. } | Self::NotText { .. } => !RESULTS.contains(&ending(file_name).as_str()),
            Self::NoRecord { .. } => true,
            Self::Columns { error, .. } => {
                matches!(
                    error,
                    MappingError::NothingMeasured { .. }
                        | MappingError::MayBeWide { .. }
                        | MappingError::Foreign { .. }
                )
            }
            _ => false,
        }
    }

    /// The place of a syntax error, to be shown with its line.
    pub(crate) fn line_and_column(&self) -> Option<(u64, usize)> {
        match self {
            Self::Syntax { line, column, .. } => Some((*line, *column)),
            _ => None,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "unreadable",
            Self::Empty => "empty",
            Self::NoRecord { .. } => "no-record",
            Self::Syntax { .. } => "syntax",
            Self::NotUtf8 { .. } | Self::NotText { .. } => "not-utf8",
            Self::Columns {
                error: MappingError::Ambiguous { .. } | MappingError::SeveralIdentities { .. }, ..
            } => "ambiguous-columns",
            Self::Columns { .. } => "unknown-columns",
            Self::Parquet(_) => "parquet",
            Self::ColumnType { .. } => "column-type",
            Self::NoUsableRecord { .. } => "no-usable-record",
            Self::Format { .. } => "unknown-format",
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => {
                    "check the path; benchplot reads files, folders, globs and - for standard input"
                }
                io::ErrorKind::PermissionDenied => "make the file readable",
                _ => "check the file; it may be damaged or truncated",
            }
            .to_owned(),
            Self::Empty => "run the benchmark again, or leave the file out".to_owned(),
            Self::NoRecord { .. } => "see `benchplot formats` for what can be read".to_owned(),
            Self::Syntax { records_before: 0, .. } => "correct the file, or leave it out".to_owned(),
            Self::Syntax { records_before, .. } => {
                format!(
                    "correct the file, or leave it out; nothing of it is used, nor what is whole ({records_before} before this place)"
                )
            }
            Self::NotUtf8 { .. } | Self::NotText { .. } => "save the file as UTF-8".to_owned(),
            Self::Columns { error, .. } => remedy(error),
            Self::Parquet(_) => "write the file again; it may be truncated".to_owned(),
            Self::ColumnType { .. } => {
                "write the column as text or numbers, or choose another one with --map FIELD=COLUMN".to_owned()
            }
            Self::NoUsableRecord { .. } => "correct what is named above".to_owned(),
            Self::Format { .. } => {
                let tried: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
                format!("name the format with --input-format; tried {}", tried.join(", "))
            }
        }
    }
}

/// What the user can say to settle what columns mean.
fn remedy(error: &MappingError) -> String {
    let first = |names: &[String]| names.first().map_or_else(|| "COLUMN".to_owned(), |name| quoted(name));
    match error {
        MappingError::Ambiguous { field, candidates } => {
            format!("say which one it is, for example --map {field}={}", first(candidates))
        }
        MappingError::FieldChosenTwice { .. } | MappingError::ColumnChosenTwice { .. } => {
            "name each field and each column once in --map".to_owned()
        }
        MappingError::UnknownUnit { column, .. } => {
            format!("give the unit of its numbers, for example --map total_time={}:ms", quoted(column))
        }
        MappingError::SeveralIdentities { candidates } => {
            let all = candidates.iter().map(|name| name.trim()).collect::<Vec<_>>().join("+");
            let (one, others) = candidates.split_first().map_or((String::new(), String::new()), |(one, others)| {
                (quoted(one), others.iter().map(|name| name.trim()).collect::<Vec<_>>().join("+"))
            });
            format!("say what is compared: --map framework={one} --map scenario={}, or --map framework={}", quoted(&others), quoted(&all))
        }
        MappingError::UnclearComma { .. } => {
            "write the numbers without commas between thousands, and with a point before decimals".to_owned()
        }
        MappingError::UnclearTotal { column } => {
            let column = quoted(column);
            format!("say which one it is: --map total_time={column} or --map requests_count={column}")
        }
        MappingError::DoubtfulUnit { choices, .. } => {
            let all: Vec<String> = choices.iter().map(|choice| format!("--map {}", quoted(choice))).collect();
            format!("say their unit: {}; with :s they are seconds", all.join(" "))
        }
        MappingError::Monitor { .. } => {
            "sum each run up in one row; or say what is measured, for example --map latency_mean=COLUMN:ms".to_owned()
        }
        MappingError::MayBeWide { .. } => {
            "if they are, say what the numbers are: --wide throughput, --wide latency_mean:ms or --wide total_time:s; else --map \
             FIELD=COLUMN"
                .to_owned()
        }
        MappingError::Shape(ShapeError::SeveralArrays { names }) => {
            format!("say which one is meant, for example --map rows={}", first(names))
        }
        MappingError::Shape(ShapeError::NoSuchArray { .. }) => "leave --map rows= out, and they are named".to_owned(),
        MappingError::Foreign { .. } => {
            "write records of your own with framework, concurrency, total_time and requests_count; or say what the columns mean \
             with --map FIELD=COLUMN"
                .to_owned()
        }
        MappingError::TooMany { .. } => "write them into several files".to_owned(),
        MappingError::ChosenWithoutNumber { .. } | MappingError::NothingMeasured { .. } | MappingError::ChosenColumnMissing { .. } | MappingError::NotWide { .. } => {
            "say which column holds what, for example --map total_time=COLUMN".to_owned()
        }
    }
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let name = name.trim();
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.:/%@+=".contains(c));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

/// The line of a text that an error points at, as far as it is short enough to be shown.
pub(crate) fn excerpt(source: Source, line_number: u64, column: usize) -> Option<Excerpt> {
    use io::BufRead;

    const SHOWN: usize = 400;
    let mut reader = source.into_reader();
    for _ in 1..line_number {
        if reader.skip_until(b'\n').ok()? == 0 {
            return None;
        }
    }
    let mut line = Vec::new();
    io::Read::take(reader, (column + SHOWN) as u64).read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8(line).ok()?.trim_end().to_owned();
    (line.len() <= SHOWN).then(|| Excerpt { column: column.saturating_sub(1).min(line.len()), line, line_number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_called_like_results_is_for_us() {
        let not_text = ReadError::NotText { message: String::new() };
        for (file_name, expected) in [("a.csv", false), ("a.JSON.gz", false), ("a.bin", true), ("readme.txt", true)] {
            assert_eq!(not_text.is_not_for_us(file_name), expected, "{file_name}");
        }
    }
}
