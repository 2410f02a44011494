//! Plain lines of delimited text, taken from their bytes.

use memchr::memchr;

use super::number::{float, whole};
use super::series::KnownSeries;
use crate::load::samples::SeriesId;
use crate::load::tabular::{Mapping, Part, PlainRequest};
use crate::record::RequestTicks;

/// Reads lines without quotes whose fields are written plainly, and leaves all others to the careful way.
pub(in crate::load) struct PlainRows {
    delimiter: u8,
    columns: Vec<Part>,
    /// How many columns at the beginning name the series, where no other does.
    leading_names: Option<usize>,
    /// Put together from the fields that name the series, where others stand between them.
    key: Vec<u8>,
    known: KnownSeries,
}

impl PlainRows {
    /// For requests with these columns.
    pub(in crate::load) fn new(mapping: &Mapping, delimiter: u8) -> Self {
        let columns = mapping.parts();
        let leading = columns.iter().take_while(|part| matches!(part, Part::Name)).count();
        let names = columns.iter().filter(|part| matches!(part, Part::Name)).count();
        // The line has to go on behind the names, so that their end is seen.
        let leading_names = Some(leading).filter(|_| 0 < leading && leading == names && leading < columns.len());
        Self { delimiter, columns, leading_names, key: Vec::new(), known: KnownSeries::default() }
    }

    /// The request of a line without its end, and the series that it belongs to; `None` where the line is not plain, or its
    /// series not known.
    #[inline]
    pub(in crate::load) fn request(&mut self, line: &[u8]) -> Option<(SeriesId, RequestTicks)> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(names) = self.leading_names else { return self.scattered(line) };
        let known = self.known.last().and_then(|(key, series)| Some((line.strip_prefix(key)?, series)));
        let (rest, series) = match known {
            Some(known) => known,
            None => {
                let (key, rest) = line.split_at_checked(leading_fields(line, self.delimiter, names)?)?;
                (rest, self.known.find(key)?)
            }
        };
        let mut fields = Fields { rest, delimiter: self.delimiter, is_at_end: false };
        let mut request = PlainRequest::default();
        for part in self.columns.get(names..)? {
            take(&mut request, part, fields.next()?)?;
        }
        fields.is_at_end.then(|| (series, request.ticks()))
    }

    /// As [`PlainRows::request`], where names and measures stand in any order.
    fn scattered(&mut self, line: &[u8]) -> Option<(SeriesId, RequestTicks)> {
        self.key.clear();
        let mut fields = Fields { rest: line, delimiter: self.delimiter, is_at_end: false };
        let mut request = PlainRequest::default();
        for part in &self.columns {
            let field = fields.next()?;
            match part {
                Part::Name => {
                    self.key.extend_from_slice(field);
                    self.key.push(self.delimiter);
                }
                part => take(&mut request, part, field)?,
            }
        }
        let is_whole = fields.is_at_end;
        let series = self.known.find(&self.key)?;
        is_whole.then(|| (series, request.ticks()))
    }

    /// Remembers that a line, which has as many fields as it should and no quotes, belongs to a series.
    pub(in crate::load) fn learn(&mut self, line: &[u8], series: SeriesId) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match self.leading_names {
            Some(names) => {
                let length = leading_fields(line, self.delimiter, names);
                if let Some(key) = length.and_then(|length| line.get(..length)) {
                    self.known.learn(key, series);
                }
            }
            None => {
                self.key.clear();
                for (part, field) in self.columns.iter().zip(line.split(|&byte| byte == self.delimiter)) {
                    if matches!(part, Part::Name) {
                        self.key.extend_from_slice(field);
                        self.key.push(self.delimiter);
                    }
                }
                self.known.learn(&self.key, series);
            }
        }
    }
}

/// How many bytes the first fields of a line take, the delimiter behind them included; `None` where nothing follows.
fn leading_fields(line: &[u8], delimiter: u8, count: usize) -> Option<usize> {
    let mut length = 0;
    for _ in 0..count {
        length += memchr(delimiter, line.get(length..)?)? + 1;
    }
    Some(length)
}

/// The fields of a line, one after the other.
struct Fields<'l> {
    rest: &'l [u8],
    delimiter: u8,
    is_at_end: bool,
}

impl<'l> Fields<'l> {
    #[inline]
    fn next(&mut self) -> Option<&'l [u8]> {
        if self.is_at_end {
            return None;
        }
        // Fields are so short that a search made for long texts would take longer.
        match self.rest.iter().position(|&byte| byte == self.delimiter) {
            Some(end) => {
                let field = self.rest.get(..end)?;
                self.rest = self.rest.get(end + 1..)?;
                Some(field)
            }
            None => {
                self.is_at_end = true;
                Some(self.rest)
            }
        }
    }
}

/// Takes a field that is written plainly; `None` where it is not.
#[inline]
fn take(request: &mut PlainRequest, part: &Part, field: &[u8]) -> Option<()> {
    if field.is_empty() {
        return Some(());
    }
    match *part {
        Part::Unused => {}
        Part::Start(factor) => request.start(float(field)?, factor)?,
        Part::Latency(factor) => request.latency(float(field)?, factor),
        Part::Status => request.status(whole(field)?),
        Part::Ok => request.ok(truth(field)?),
        Part::Bytes => request.bytes(whole(field)?),
        Part::Name => return None,
    }
    Some(())
}

fn truth(field: &[u8]) -> Option<bool> {
    match field {
        b"true" | b"True" | b"1" => Some(true),
        b"false" | b"False" | b"0" => Some(false),
        _ => None,
    }
}
