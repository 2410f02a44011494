//! `vegeta encode`: one result a line, <https://github.com/tsenart/vegeta/blob/master/lib/results.go>.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;

use super::super::json_text::read_error;
use super::super::lines::Lines;
use super::super::requests::Request;
use super::{Attacks, is_success};
use crate::load::format::prelude::*;
use crate::load::stream::Position;

/// Results, one JSON object a line.
pub(in super::super) static VEGETA_JSON: Format = Format {
    name: "vegeta-json",
    about: "vegeta encode: results, one JSON object a line",
    recognised_by: "lines with attack, seq, code and latency",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    attack: Cow<'a, str>,
    code: u64,
    timestamp: &'a str,
    /// ns.
    latency: i64,
    #[serde(default)]
    bytes_in: u64,
    #[serde(borrow, default)]
    error: Cow<'a, str>,
}

fn recognises(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.starts_with('{')
        && ["\"attack\":", "\"seq\":", "\"code\":", "\"latency\":"].iter().all(|key| line.contains(key))
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader(), Position::BEGIN);
    let mut attacks = Attacks::new(sink);
    while let Some((line, place)) = lines.next()? {
        let text = line.trim_ascii();
        if !text.is_empty() {
            let taken = serde_json::from_slice(text)
                .map_err(|error| read_error(&error, place.line - 1).to_string())
                .and_then(|line| take(&line, &mut attacks));
            if let Err(message) = taken {
                let help = "the line is left out; mend it";
                sink.report(Severity::Error, "broken-line", &place.into(), message, Some(help));
            }
        }
    }
    attacks.finish(sink)
}

fn take(line: &Line<'_>, attacks: &mut Attacks) -> Result<(), String> {
    let start: Timestamp =
        line.timestamp.parse().map_err(|_| format!("expected a date, found {:?}", line.timestamp))?;
    let request = Request {
        start: Some(start.as_microsecond()),
        latency: Some(line.latency as f64 / 1e9),
        ok: is_success(line.code) && line.error.is_empty(),
        bytes: Some(line.bytes_in),
    };
    attacks.add(&line.attack, request);
    Ok(())
}
