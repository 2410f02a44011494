//! CSV and its kin: a header line, then a record a line, fields between commas, semicolons, tabs or bars.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use csv::ByteRecord;
use memchr::{memchr, memchr_iter};

use super::delimited::{self, Rows};
use super::layout::Layout;
use super::{Format, Marks, ReadError, ReadOptions};
use crate::load::place::Place;
use crate::load::samples::SeriesId;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::stream::{Chunk, Chunks, PIECE, PlainRows, Position, side_by_side};
use crate::load::tabular::{
    Comma, Level, Mapping, MappingError, Meaning, RecordReader, Subject, UnclearComma, Value, measures,
};

/// Comma-separated values and the like.
pub(super) static CSV: Format = Format {
    name: "csv",
    about: "runs or requests, one a line, fields between , ; tab or |",
    recognised_by: "a header line that names a measured time",
    endings: &["csv", "tsv"],
    marks: Marks::Form(has_form),
    read: |source, options, sink| read_in_pieces(source, Some(PIECE), options, sink),
    ..Format::BASE
};

fn has_form(head: &Head<'_>) -> bool {
    let text = head.text().unwrap_or_default();
    let layout = Layout::of(text, head.is_whole);
    let line = text.split('\n').nth(layout.before).unwrap_or_default();
    if line.trim_start().starts_with(['{', '[']) {
        return false;
    }
    let names = header_fields(line.as_bytes(), layout.of_header).unwrap_or_default();
    measures(&names)
}

/// Reads requests in such pieces; where there is no size, each line in the careful way, as runs are.
fn read_in_pieces(
    source: Source,
    piece: Option<usize>,
    options: &ReadOptions<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    const EXPECTED: &str = "at least one line below the header";
    let said = options.said();
    let beginning = Beginning::of(&source.head());
    let mut input = source.into_reader();
    let mut position = Position { line: 1, byte: delimited::skip_byte_order_mark(&mut input)? };
    for _ in 0..beginning.layout.before {
        skip_line(&mut input, &mut position)?;
    }
    skip_blank_lines(&mut input, &mut position)?;
    let mut header = Vec::new();
    input.read_until(b'\n', &mut header)?;
    let Layout { of_header, delimiter, .. } = beginning.layout;
    // A name may hold a line end, in quotes.
    while memchr_iter(b'"', &header).count() % 2 == 1 && 0 < input.read_until(b'\n', &mut header)? {}
    if header.is_empty() {
        return Err(ReadError::Empty);
    }
    let place = Place::Line(position.line);
    let mut names = header_fields(&header, of_header).ok_or(ReadError::NotUtf8 { line: position.line })?;
    position.pass(&header);
    if !names.is_empty() && names.iter().all(|name| name.trim().parse::<f64>().is_ok()) {
        return Err(ReadError::NoRecord {
            expected: "a header line with the names of the columns, found only numbers",
        });
    }
    if let Some((joined, lines)) = two_headers(&names, &beginning.rows) {
        names = joined;
        for _ in 0..lines {
            skip_line(&mut input, &mut position)?;
        }
    }
    let first: Vec<Value<'_>> =
        beginning.rows.first().into_iter().flatten().map(|text| Value::Text(Cow::Borrowed(text.as_str()))).collect();
    let mut mapping = RecordReader::new(sink, said)
        .mapping(&names, &first)
        .map_err(|error| ReadError::Columns { place: place.clone(), error })?;
    // So many lines with a latency each are requests, even where nothing says how they ended.
    if mapping.level == Level::Runs && !beginning.is_whole && is_latency_alone(&names) {
        mapping = std::sync::Arc::new(
            Mapping::of_requests(&names, options.columns)
                .map_err(|error| ReadError::Columns { place: place.clone(), error })?,
        );
    }
    let comma = beginning.comma(&mapping).map_err(|unclear| {
        let column = names.get(unclear.column).cloned().unwrap_or_default();
        ReadError::Columns { place, error: MappingError::UnclearComma { column, example: unclear.example } }
    })?;
    let lines = Lines { delimiter, mapping: &mapping, names: &names, comma };
    let Some(piece) = piece.filter(|_| mapping.level == Level::Samples) else {
        let mut records = RecordReader::new(sink, said);
        if mapping.level == Level::Samples {
            records.note_unused(&mapping, &names);
        }
        lines.read(input, position, None, &mut records)?;
        return records.finish(EXPECTED);
    };
    let chunks = Chunks::new(input, piece, position, Some(delimiter));
    let (chunks, mut tally) = side_by_side(chunks, sink, |part, feed| {
        let mut records = RecordReader::new(part, said);
        let mut plain = PlainRows::new(&mapping, delimiter);
        while let Some(chunk) = feed.next()? {
            lines.read_chunk(&chunk, &mut plain, &mut records)?;
        }
        Ok(records.into_tally())
    })?;
    let (start, rest) = chunks.into_rest();
    let mut part = sink.fork();
    let mut records = RecordReader::new(&mut part, said);
    records.note_unused(&mapping, &names);
    lines.read(rest, start, Some(PlainRows::new(&mapping, delimiter)), &mut records)?;
    tally.merge(records.into_tally());
    sink.join(part);
    tally.finish(sink, said, EXPECTED)
}

/// What the first bytes of a table say of it.
struct Beginning {
    layout: Layout,
    /// The fields of the first lines below the header.
    rows: Vec<Vec<String>>,
    is_whole: bool,
}

impl Beginning {
    fn of(head: &Head<'_>) -> Self {
        const ROWS: usize = 200;
        let text = String::from_utf8_lossy(head.bytes);
        let layout = Layout::of(&text, head.is_whole);
        let below = text.split('\n').skip(layout.before + 1).filter(|line| !line.trim().is_empty()).take(ROWS);
        let fields = |line: &str| {
            let mut record = ByteRecord::new();
            delimited::split(layout.delimiter, line.as_bytes(), &mut record);
            record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
        };
        let rows = below.map(fields).collect();
        Self { layout, rows, is_whole: head.is_whole }
    }

    /// What commas in the numbers of requests stand for.
    fn comma(&self, mapping: &Mapping) -> Result<Comma, UnclearComma> {
        let numbers = self.rows.iter().flat_map(|row| {
            row.iter().zip(&mapping.fields).enumerate().filter_map(|(column, (text, field))| {
                field.filter(|(field, _)| field.is_number()).map(|_| (column, false, text.as_str()))
            })
        });
        Comma::of(numbers)
    }
}

/// The names of columns whose header has two lines, as pandas writes those of a pivot, and how many further lines that
/// takes; `None` for any other header.
fn two_headers(names: &[String], rows: &[Vec<String>]) -> Option<(Vec<String>, usize)> {
    let is_number = |text: &String| text.trim().parse::<f64>().is_ok();
    let (_, upper) = names.split_first()?;
    let is_repeated =
        upper.iter().enumerate().any(|(place, name)| upper.iter().skip(place + 1).any(|other| other == name));
    let lower = rows.first().filter(|lower| lower.len() == names.len() && !lower.iter().any(is_number))?;
    let below = rows.get(1)?;
    let is_index = below.iter().skip(1).all(|field| field.trim().is_empty());
    let first_row = if is_index { rows.get(2)? } else { below };
    if !is_repeated || !first_row.iter().skip(1).any(is_number) {
        return None;
    }
    let index = if is_index { below.first() } else { lower.first() };
    let joined =
        upper.iter().zip(lower.iter().skip(1)).map(|(upper, lower)| format!("{}_{}", upper.trim(), lower.trim()));
    Some((index.cloned().into_iter().chain(joined).collect(), 1 + usize::from(is_index)))
}

/// Whether the only thing measured is the latency of each row.
fn is_latency_alone(names: &[String]) -> bool {
    let mut latencies = 0;
    for name in names {
        match Meaning::of_name(name) {
            Meaning::Time(time) if time.statistic.is_none() && time.subject == Subject::Latency => latencies += 1,
            Meaning::Time(_) | Meaning::Rate(_) | Meaning::Count(..) | Meaning::Share(..) => return false,
            _ => {}
        }
    }
    latencies == 1
}

/// How the lines below a header are read.
struct Lines<'m> {
    delimiter: u8,
    mapping: &'m Mapping,
    names: &'m [String],
    comma: Comma,
}

impl Lines<'_> {
    /// Reads all lines of an input, which begins at `start`; plain ones from their bytes, where `plain` is given.
    fn read(
        &self,
        input: impl Read,
        start: Position,
        mut plain: Option<PlainRows>,
        records: &mut RecordReader<'_, '_>,
    ) -> Result<(), ReadError> {
        let fields = self.mapping.fields.len();
        let mut rows = Rows::new(input, self.delimiter, fields..=fields, start);
        let mut record = ByteRecord::new();
        while let Some((row, position)) = rows.next_bytes()? {
            let line = row.strip_suffix(b"\n").unwrap_or(row);
            let plain = plain.as_mut().filter(|_| memchr(b'"', line).is_none() && std::str::from_utf8(line).is_ok());
            self.read_row(line, position, (plain, &mut record), records);
        }
        Ok(())
    }

    /// Reads the lines of one piece of an input.
    fn read_chunk(
        &self,
        chunk: &Chunk<'_>,
        plain: &mut PlainRows,
        records: &mut RecordReader<'_, '_>,
    ) -> Result<(), ReadError> {
        records.begin_piece();
        let is_text = chunk.bytes.is_ascii() || std::str::from_utf8(chunk.bytes).is_ok();
        let has_quotes = memchr(b'"', chunk.bytes).is_some();
        let mut record = ByteRecord::new();
        for (line, start) in chunk.lines() {
            let is_plain = is_text && !(has_quotes && memchr(b'"', line).is_some());
            let plain = Some(&mut *plain).filter(|_| is_plain);
            self.read_row(line, start, (plain, &mut record), records);
        }
        Ok(())
    }

    /// Reads one row, from its bytes where it may be plain.
    #[inline]
    fn read_row(
        &self,
        row: &[u8],
        position: Position,
        (mut plain, record): (Option<&mut PlainRows>, &mut ByteRecord),
        records: &mut RecordReader<'_, '_>,
    ) {
        if let Some((series, request)) = plain.as_mut().and_then(|plain| plain.request(row)) {
            if records.request(series, request) {
                records.out_of_order(&position.into());
            }
            return;
        }
        delimited::split(self.delimiter, row, record);
        let place = match self.mapping.level {
            Level::Runs => Place::Line(position.line),
            Level::Samples => position.into(),
        };
        if let (Some(series), Some(plain)) = (self.take(record, &place, records), plain) {
            plain.learn(row, series);
        }
    }

    /// Takes one line. Returns the series that it belongs to, where it is a request.
    fn take(&self, line: &ByteRecord, place: &Place, records: &mut RecordReader<'_, '_>) -> Option<SeriesId> {
        let fields = &self.mapping.fields;
        if line.iter().all(|field| field.trim_ascii().is_empty()) {
            return None;
        }
        if line.len() != fields.len() {
            let message = format!("expected {} fields, found {}", fields.len(), line.len());
            records.broken("field-count", place, message, "the line is left out; mend it");
            return None;
        }
        let Some(texts) = texts(line) else {
            let message = "the line is not in UTF-8".to_owned();
            records.broken("not-utf8", place, message, "the line is left out; save the file as UTF-8");
            return None;
        };
        let mut values: Vec<_> = texts.map(|field| Value::Text(Cow::Borrowed(field))).collect();
        if self.mapping.level == Level::Runs {
            records.row(place, self.names, &values);
            return None;
        }
        for (value, field) in values.iter_mut().zip(fields) {
            let is_number = field.is_some_and(|(field, _)| field.is_number());
            let Value::Text(text) = value else { continue };
            let plain = match self.comma {
                _ if !is_number || memchr(b',', text.as_bytes()).is_none() => None,
                Comma::Decimal => with_point(text),
                Comma::Thousands => without_commas(text),
            };
            if let Some(plain) = plain {
                *value = Value::Text(Cow::Owned(plain));
            }
        }
        records.record(self.mapping, place, &values)
    }
}

/// A number that is written with a comma before its decimals, with a point instead; `None` where it is none.
fn with_point(text: &str) -> Option<String> {
    let (whole, decimals) = text.trim().split_once(',')?;
    let has_digits =
        whole.ends_with(|c: char| c.is_ascii_digit()) && decimals.starts_with(|c: char| c.is_ascii_digit());
    let number = format!("{whole}.{decimals}");
    (has_digits && number.parse::<f64>().is_ok()).then_some(number)
}

/// A number without the commas between its thousands; `None` where it is none.
fn without_commas(text: &str) -> Option<String> {
    let plain = text.replace(',', "");
    plain.trim().parse::<f64>().is_ok().then_some(plain)
}

/// The names in a header line; `None` where one is not in UTF-8.
fn header_fields(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut record = ByteRecord::new();
    delimited::split(delimiter, line, &mut record);
    Some(texts(&record)?.map(str::to_owned).collect())
}

/// The fields as text; `None` where one is not in UTF-8.
fn texts(record: &ByteRecord) -> Option<impl Iterator<Item = &str>> {
    let fields: Vec<&str> = record.iter().map(std::str::from_utf8).collect::<Result<_, _>>().ok()?;
    Some(fields.into_iter())
}

/// Skips one line.
fn skip_line(input: &mut impl BufRead, position: &mut Position) -> Result<(), ReadError> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    position.pass(&line);
    Ok(())
}

/// Skips lines of nothing but blanks.
fn skip_blank_lines(input: &mut impl BufRead, position: &mut Position) -> Result<(), ReadError> {
    loop {
        let buffer = input.fill_buf()?;
        let end = memchr(b'\n', buffer).map_or(buffer.len(), |end| end + 1);
        let line = buffer.get(..end).unwrap_or_default();
        if line.is_empty() || !line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        position.pass(line);
        input.consume(end);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::load::{Diagnostic, Names};
    use crate::record::Run;

    fn read(text: &[u8], piece: Option<usize>) -> (Vec<Run>, Vec<Diagnostic>, Result<(), String>) {
        let names = Names::default();
        let mut sink = Sink::new("a.csv", "csv", &names);
        let source = Source::from_reader(Box::new(Cursor::new(text.to_vec()))).unwrap();
        let result = read_in_pieces(source, piece, &ReadOptions::default(), &mut sink);
        let harvest = sink.finish();
        let mut told = harvest.diagnostics.finish();
        // Order is looked at within a piece and not across its ends.
        told.retain(|told| told.code != "out-of-order");
        (harvest.runs, told, result.map_err(|error| error.to_string()))
    }

    /// A table of requests whose lines are mostly plain, and some are not, or are broken.
    fn table() -> impl Strategy<Value = Vec<u8>> {
        let name = prop_oneof![
            8 => Just("a"), 2 => Just("b "), 1 => Just("框架"), 1 => Just(""), 1 => Just("\"q\""), 1 => Just("\"x;y,z\""),
        ];
        let number = prop_oneof![
            8 => "[0-9]{1,4}\\.[0-9]{1,9}",
            4 => "[0-9]{1,10}",
            1 => "[0-9]{1,3}e-?[0-9]{1,3}",
            1 => " ?-?[0-9]{1,3} ?",
            1 => "[0-9]{1,3}(ms|,5)",
            1 => Just("NaN".to_owned()),
            1 => Just(String::new()),
        ];
        let level = prop_oneof![9 => Just("10"), 2 => Just("50"), 1 => Just("1.5"), 1 => Just("")];
        let status =
            prop_oneof![6 => Just("200"), 2 => Just("500"), 1 => Just("ok"), 1 => Just("\"200\""), 1 => Just("")];
        let end =
            prop_oneof![12 => Just("\n"), 2 => Just("\r\n"), 1 => Just(",1\n"), 1 => Just("\n\n"), 1 => Just("\"\n")];
        let line = (name, level, number.clone(), number, status, end);
        let delimiter = prop_oneof![3 => Just(','), 1 => Just(';')];
        let order = prop::sample::select(vec![[0, 1, 2, 3, 4], [2, 0, 3, 1, 4], [4, 3, 2, 1, 0], [0, 1, 4, 2, 3]]);
        let broken = prop::option::weighted(0.2, (any::<prop::sample::Index>(), any::<u8>()));
        (prop::collection::vec(line, 0..60), delimiter, order, broken, any::<bool>()).prop_map(
            |(lines, delimiter, order, broken, is_cut)| {
                let row = |fields: [&str; 5], end: &str| {
                    order.map(|place: usize| fields[place]).join(&delimiter.to_string()) + end
                };
                let mut text = row(["framework", "concurrency", "start", "latency_ms", "status"], "\n");
                for (name, level, start, latency, status, end) in &lines {
                    text.push_str(&row([name, level, start, latency, status], end));
                }
                let mut text = text.into_bytes();
                if let Some((place, byte)) = broken.filter(|_| !lines.is_empty()) {
                    let header = text.iter().position(|&byte| byte == b'\n').unwrap() + 1;
                    let place = header + place.index(text.len() - header);
                    text[place] = byte;
                }
                if is_cut {
                    text.pop();
                }
                text
            },
        )
    }

    proptest! {
        #[test]
        fn pieces_hold_what_lines_hold_one_by_one(text in table(), piece in 1..2_000usize) {
            let (pieces, lines) = (read(&text, Some(piece)), read(&text, None));
            prop_assert_eq!(pieces.2, lines.2);
            prop_assert_eq!(pieces.1, lines.1);
            prop_assert_eq!(pieces.0, lines.0);
        }
    }

    #[test]
    fn decimal_commas() {
        let table = [
            ("4,2", Some("4.2")),
            (" -4,2E-05 ", Some("-4.2E-05")),
            ("4,", None),
            (",5", None),
            ("1,234,567", None),
            ("1.234,5", None),
            ("a,5", None),
            ("42", None),
        ];
        for (text, expected) in table {
            assert_eq!(with_point(text).as_deref(), expected, "{text}");
        }
    }
}
