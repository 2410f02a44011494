//! JMeter's result log as CSV, the default of its command line.
//!
//! Columns and their order are configurable, so they are found by the names of the header. A log without one
//! (`print_field_names=false`) is read where it has a default set of columns, newest first:
//! <https://github.com/apache/jmeter/blob/master/src/core/src/main/java/org/apache/jmeter/save/CSVSaveService.java>.

use std::io::BufRead;

use csv::ByteRecord;

use super::super::delimited::{self, Rows};
use super::time::stamp;
use super::{Log, Sample, whole};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// A result log in CSV.
pub(in super::super) static JMETER_CSV: Format = Format {
    name: "jmeter-csv",
    about: "JMeter result log (JTL) in CSV, with or without a header",
    recognised_by: "a header with timeStamp, elapsed and label, or lines with JMeter's default columns",
    endings: &["jtl"],
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The columns of logs without a header: of JMeter 5, of JMeter 5 with everything, of JMeter 3.1 to 4, and of 3.0.
const DEFAULTS: [&str; 4] = [
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,\
     grpThreads,allThreads,URL,Latency,IdleTime,Connect",
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,\
     grpThreads,allThreads,URL,Filename,Latency,Encoding,SampleCount,ErrorCount,Hostname,IdleTime,Connect",
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,\
     grpThreads,allThreads,Latency,IdleTime,Connect",
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,\
     grpThreads,allThreads,Latency,IdleTime",
];

fn recognises(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    Layout::of(line.as_bytes()).is_some()
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    const EXPECTED: &str = "a header with timeStamp, elapsed and label, and a line for each sample";
    let mut input = source.into_reader();
    let start = Position { line: 1, byte: delimited::skip_byte_order_mark(&mut input)? };
    let line = input.fill_buf()?.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let layout = Layout::of(line).ok_or(ReadError::NoRecord { expected: EXPECTED })?;

    // Sample variables may follow.
    let mut rows = Rows::new(input, layout.delimiter, layout.columns..=usize::MAX, start);
    let mut log = Log::new(sink);
    let mut is_zone_told = false;
    while let Some((line, place)) = rows.next()? {
        if layout.is_header(line) || line.iter().all(|field| field.trim_ascii().is_empty()) {
            continue;
        }
        match layout.sample(line) {
            Ok(sample) => {
                let has_text_date = whole(layout.field(line, layout.time_stamp)).is_none();
                if has_text_date && !is_zone_told {
                    is_zone_told = true;
                    report_zone(sink, &place.into());
                }
                log.add(&sample);
            }
            Err(message) => {
                sink.report(
                    Severity::Error,
                    "broken-row",
                    &place.into(),
                    message,
                    Some("the row is left out; mend it"),
                );
            }
        }
    }
    if log.is_empty() {
        return Err(ReadError::NoRecord { expected: EXPECTED });
    }
    log.finish(sink, |label| String::from_utf8_lossy(label).into_owned());
    Ok(())
}

fn report_zone(sink: &mut Sink<'_>, place: &Place) {
    let message = "the dates have no time zone, and are taken as UTC".to_owned();
    let help = "log jmeter.save.saveservice.timestamp_format=ms";
    sink.report(Severity::Notice, "no-time-zone", place, message, Some(help));
}

/// Where in a line each thing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layout {
    delimiter: u8,
    columns: usize,
    time_stamp: usize,
    elapsed: usize,
    label: usize,
    code: Option<usize>,
    message: Option<usize>,
    success: Option<usize>,
    bytes: Option<usize>,
    threads: Option<usize>,
    samples: Option<usize>,
    errors: Option<usize>,
}

impl Layout {
    /// That of a log with this first line; `None` where it is no log.
    fn of(line: &[u8]) -> Option<Self> {
        DELIMITERS.into_iter().find_map(|delimiter| {
            let mut fields = ByteRecord::new();
            delimited::split(delimiter, line, &mut fields);
            let texts: Vec<&str> =
                fields.iter().map(|field| std::str::from_utf8(field).unwrap_or_default().trim()).collect();
            Self::named(delimiter, &texts).or_else(|| Self::unnamed(delimiter, &fields))
        })
    }

    fn named(delimiter: u8, names: &[&str]) -> Option<Self> {
        let find = |name: &str| names.iter().position(|own| *own == name);
        let (success, code) = (find("success"), find("responseCode"));
        // A log that says neither how a sample ended nor with which code does not tell failures.
        success.or(code)?;
        Some(Self {
            delimiter,
            columns: names.len(),
            time_stamp: find("timeStamp")?,
            elapsed: find("elapsed")?,
            label: find("label")?,
            code,
            message: find("responseMessage"),
            success,
            bytes: find("bytes"),
            threads: find("allThreads").or_else(|| find("grpThreads")),
            samples: find("SampleCount"),
            errors: find("ErrorCount"),
        })
    }

    /// A line of values fits a default layout when its number of fields does, and each that is not free text is what it
    /// should be.
    fn unnamed(delimiter: u8, fields: &ByteRecord) -> Option<Self> {
        DEFAULTS.into_iter().find_map(|names| {
            let names: Vec<&str> = names.split(',').collect();
            let layout = Self::named(delimiter, &names).filter(|layout| layout.columns == fields.len())?;
            let is_success = matches!(layout.optional(fields, layout.success), b"true" | b"false");
            let is_number = |column| whole(layout.optional(fields, column)).is_some();
            let fits = is_success
                && stamp(layout.field(fields, layout.time_stamp)).is_some()
                && is_number(Some(layout.elapsed))
                && is_number(layout.bytes)
                && is_number(layout.threads);
            fits.then_some(layout)
        })
    }

    fn field<'r>(&self, line: &'r ByteRecord, column: usize) -> &'r [u8] {
        line.get(column).unwrap_or_default()
    }

    fn optional<'r>(&self, line: &'r ByteRecord, column: Option<usize>) -> &'r [u8] {
        column.and_then(|column| line.get(column)).unwrap_or_default()
    }

    /// The first line, or that of another log behind it.
    fn is_header(&self, line: &ByteRecord) -> bool {
        self.field(line, self.elapsed).trim_ascii() == b"elapsed"
    }

    /// The sample of a line, or what is wrong with it. More fields than named may follow: sample variables.
    fn sample<'r>(&self, line: &'r ByteRecord) -> Result<Sample<'r>, String> {
        if line.len() < self.columns {
            return Err(format!("expected {} fields, found {}", self.columns, line.len()));
        }
        let start = self.field(line, self.time_stamp);
        let elapsed = self.field(line, self.elapsed);
        let unfit = |what: &str, text: &[u8]| format!("expected {what}, found {:?}", String::from_utf8_lossy(text));
        let number = |column, what: &str| match self.optional(line, column).trim_ascii() {
            b"" => Ok(None),
            text => whole(text).map(Some).ok_or_else(|| unfit(what, text)),
        };
        let success = self.success.map(|column| self.field(line, column).trim_ascii());
        let success = match success {
            None => true,
            Some(text) if text.eq_ignore_ascii_case(b"true") => true,
            Some(text) if text.eq_ignore_ascii_case(b"false") => false,
            Some(text) => return Err(unfit("true or false", text)),
        };
        let label = self.field(line, self.label);
        if std::str::from_utf8(label).is_err() {
            return Err("the label is not in UTF-8".to_owned());
        }
        Ok(Sample {
            start: Some(stamp(start).ok_or_else(|| unfit("a time stamp", start))?),
            elapsed: Some(whole(elapsed).ok_or_else(|| unfit("whole milliseconds", elapsed))?),
            label,
            code: self.optional(line, self.code),
            message: self.optional(line, self.message),
            success,
            bytes: number(self.bytes, "a number of bytes")?,
            threads: number(self.threads, "a number of threads")?.and_then(|threads| u32::try_from(threads).ok()),
            samples: number(self.samples, "a number of samples")?.unwrap_or(1),
            errors: number(self.errors, "a number of errors")?.unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts() {
        let header = "timeStamp,elapsed,label,responseCode,success,allThreads";
        let table = [
            (header.to_owned(), Some((b',', 6))),
            (header.replace(',', "\t"), Some((b'\t', 6))),
            (header.replace(',', "|"), Some((b'|', 6))),
            ("\"label\";\"timeStamp\";\"elapsed\";\"success\";\"myVar\"".to_owned(), Some((b';', 5))),
            (
                "1795330794162,20,GET /json,200,OK,U 1-15,text,true,,213,122,16,16,http://h/,20,0,14".to_owned(),
                Some((b',', 17)),
            ),
            ("2026/11/22 06:59:54.162;20;a;200;OK;U 1-1;text;true;;213;122;16;16;20;0;14".to_owned(), Some((b';', 16))),
            (
                "1795330794162|20|a|200|OK|U 1-1|text|true||213|122|16|16|http://h/||20|UTF-8|1|0|host|0|14".to_owned(),
                Some((b'|', 22)),
            ),
            ("timeStamp,elapsed,label".to_owned(), None),
            ("1,2,3".to_owned(), None),
            ("response-time,DNS+dialup,DNS".to_owned(), None),
            (String::new(), None),
        ];
        for (line, expected) in table {
            let found = Layout::of(line.as_bytes()).map(|layout| (layout.delimiter, layout.columns));
            assert_eq!(found, expected, "{line}");
        }
    }
}
