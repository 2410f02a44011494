//! Newline-delimited JSON: one record a line. A line that is broken loses nothing but itself.

use super::json_record::{Layout, layout, node, without_prefix};
use super::json_text::read_error;
use super::{Format, Marks, ReadError, ReadOptions};
use crate::load::place::Place;
use crate::load::shape::Node;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::stream::{Chunk, Chunks, PIECE, PlainObjects, Position, side_by_side};
use crate::load::tabular::RecordReader;

/// One JSON object a line.
pub(super) static NDJSON: Format = Format {
    name: "ndjson",
    about: "runs or requests, one JSON object a line",
    recognised_by: "a whole JSON object on the first line, and more behind it",
    endings: &["ndjson", "jsonl"],
    marks: Marks::Form(has_form),
    read: |source, options, sink| read_in_pieces(source, PIECE, options, sink),
    ..Format::BASE
};

fn has_form(head: &Head<'_>) -> bool {
    matches!(layout(head), Some(Layout::Lines | Layout::Undecided))
}

fn read_in_pieces(
    source: Source,
    piece: usize,
    options: &ReadOptions<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let chunks = Chunks::new(source.into_bytes(), piece, Position { line: 1, byte: 0 }, None);
    let said = options.said();
    let (_, tally) = side_by_side(chunks, sink, |part, feed| {
        let mut records = RecordReader::new(part, said);
        let mut plain = PlainObjects::default();
        while let Some(chunk) = feed.next()? {
            read_chunk(&chunk, &mut plain, &mut records);
        }
        Ok(records.into_tally())
    })?;
    tally.finish(sink, said, "one JSON object a line")
}

/// Reads the lines of one piece of an input.
fn read_chunk(chunk: &Chunk<'_>, plain: &mut PlainObjects, records: &mut RecordReader<'_, '_>) {
    records.begin_piece();
    let is_text = chunk.bytes.is_ascii() || std::str::from_utf8(chunk.bytes).is_ok();
    for (line, start) in chunk.lines() {
        let line = line.trim_ascii();
        match is_text.then(|| plain.request(line)).flatten() {
            Some((series, request)) => {
                if records.request(series, request) {
                    records.out_of_order(&start.into());
                }
            }
            None => take(line, &start.into(), is_text, plain, records),
        }
    }
}

/// Takes one line, and learns from it.
fn take(line: &[u8], place: &Place, is_text: bool, plain: &mut PlainObjects, records: &mut RecordReader<'_, '_>) {
    const HELP: &str = "the line is left out; correct it";
    let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line).trim_ascii();
    if text.is_empty() {
        return;
    }
    let parsed = match (text.first(), std::str::from_utf8(text).ok().and_then(without_prefix)) {
        (Some(b'{'), _) | (_, None) => node(text),
        (_, Some(object)) => node(object.as_bytes()),
    };
    match parsed {
        Ok(node @ Node::Object(_)) => {
            let learned = records.node(place.clone(), node);
            if let (Some((mapping, series)), true) = (learned, is_text) {
                plain.learn(text, &mapping, series);
            }
        }
        Ok(_) => {
            records.broken("not-a-record", place, "expected an object, found another value".to_owned(), HELP);
        }
        Err(error) => {
            let reason = read_error(&error, place.order().saturating_sub(1)).to_string();
            records.broken("syntax", place, reason, HELP);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::load::{Diagnostic, Names};
    use crate::record::Run;

    /// What the lines hold, read in pieces, or each by itself in the careful way.
    fn read(lines: &str, piece: Option<usize>) -> (Vec<Run>, Vec<Diagnostic>, Result<(), String>) {
        let names = Names::default();
        let mut sink = Sink::new("a.ndjson", "ndjson", &names);
        let result = match piece {
            Some(piece) => {
                let source = Source::from_reader(Box::new(Cursor::new(lines.to_owned().into_bytes()))).unwrap();
                read_in_pieces(source, piece, &ReadOptions::default(), &mut sink)
            }
            None => {
                let mut records = RecordReader::new(&mut sink, ReadOptions::default().said());
                let mut byte = 0;
                for (line, number) in lines.split('\n').zip(1..) {
                    let mut never_learned = PlainObjects::default();
                    let place = Place::LineAt { line: number, byte };
                    take(line.as_bytes().trim_ascii(), &place, true, &mut never_learned, &mut records);
                    byte += line.len() as u64 + 1;
                }
                records.finish("one JSON object a line")
            }
        };
        let harvest = sink.finish();
        let mut told = harvest.diagnostics.finish();
        // Order is looked at within a piece and not across its ends.
        told.retain(|told| told.code != "out-of-order");
        (harvest.runs, told, result.map_err(|error| error.to_string()))
    }

    /// Lines of requests that are mostly alike, and some that are not, or are broken.
    fn lines() -> impl Strategy<Value = String> {
        let name = prop_oneof![8 => Just("\"a\""), 2 => Just("\"b\\u0063\""), 1 => Just("\"框架\""), 1 => Just("null"), 1 => Just("7")];
        let number = prop_oneof![
            6 => "[0-9]{1,4}\\.[0-9]{1,9}",
            4 => "[1-9][0-9]{0,9}",
            1 => "[0-9]{1,3}e-?[0-9]{1,3}",
            1 => "-[0-9]{1,3}",
            1 => "\"[0-9.]{1,4}(ms)?\"",
            1 => Just("NaN".to_owned()),
            1 => Just("null".to_owned()),
            1 => Just("[1]".to_owned()),
            1 => Just("00.5".to_owned()),
        ];
        let status =
            prop_oneof![6 => Just("200"), 2 => Just("500"), 1 => Just("\"200\""), 1 => Just("2e2"), 1 => Just("x")];
        let line = (name, number.clone(), number, status, 0..40u8).prop_map(|(name, start, latency, status, shape)| {
            let whole = match shape {
                0 => format!("{{\"latency\":{latency},\"start\":{start},\"status\":{status}}}"),
                1 => format!(
                    "{{\"framework\": {name}, \"start\": {start}, \"latency\": {latency}, \"status\": {status}}}"
                ),
                2 => format!("{{\"framework\":{name},\"start\":{start},\"latency\":{latency},\"ok\":true}} "),
                3 => "{}".to_owned(),
                4 => String::new(),
                5 => format!("{{\"framework\":{name},\"total_time\":{latency}}}"),
                _ => format!("{{\"framework\":{name},\"start\":{start},\"latency\":{latency},\"status\":{status}}}"),
            };
            if shape == 6 { whole.chars().take(25).collect() } else { whole }
        });
        prop::collection::vec(line, 0..80).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn pieces_hold_what_lines_hold_one_by_one(lines in lines(), piece in 1..4_000usize) {
            let (pieces, lines) = (read(&lines, Some(piece)), read(&lines, None));
            prop_assert_eq!(pieces.2, lines.2);
            prop_assert_eq!(pieces.1, lines.1);
            prop_assert_eq!(pieces.0, lines.0);
        }
    }
}
