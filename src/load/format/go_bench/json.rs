//! The output of `go test -bench -json`: an event a line, whose `Output` are pieces of the printed text.
//!
//! A printed line may come in pieces, the name in one event and the numbers in the next, and packages that are tested
//! at the same time interleave: the pieces of each package are put together until the line is whole.

use std::io::BufRead;

use indexmap::IndexMap;
use serde::Deserialize;

use super::super::json_text::read_error;
use super::Lines;
use crate::load::format::prelude::*;

/// The events of `go test -bench -json`.
pub(in super::super) static GO_BENCH_JSON: Format = Format {
    name: "go-bench-json",
    about: "go test -bench -json: an event a line",
    recognised_by: "events with Action, Package and Output, one of which names a benchmark or goos:",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

/// Mirrors <https://pkg.go.dev/cmd/test2json>.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Action")]
    action: String,
    #[serde(rename = "Package", default)]
    package: String,
    #[serde(rename = "Output", default)]
    output: String,
}

fn recognises(text: &str) -> bool {
    if !text.trim_start().starts_with('{') {
        return false;
    }
    let is_events = ["\"Action\"", "\"Package\"", "\"Output\""].iter().all(|key| text.contains(key));
    let is_benchmark = text.contains("\"Benchmark") || text.contains("\"goos: ");
    is_events && is_benchmark
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut input = source.into_reader();
    let mut lines = Lines::default();
    let mut unfinished: IndexMap<String, String> = IndexMap::new();
    let mut line = Vec::new();
    let mut number = 0;
    while 0 < input.read_until(b'\n', &mut line)? {
        number += 1;
        let place = Place::Line(number);
        match serde_json::from_slice::<Event>(&line) {
            Ok(event) if event.action == "output" => {
                let text = unfinished.entry(event.package.clone()).or_default();
                text.push_str(&event.output);
                while let Some((whole, rest)) = text.split_once('\n') {
                    let (whole, rest) = (whole.to_owned(), rest.to_owned());
                    lines.package.clone_from(&event.package);
                    lines.take(&whole, place.clone());
                    *text = rest;
                }
            }
            Ok(_) => {}
            Err(_) if line.trim_ascii().is_empty() => {}
            // What go itself says, such as that a package does not build, stands between the events.
            Err(_) if !line.trim_ascii_start().starts_with(b"{") => {}
            Err(error) => {
                let message = read_error(&error, number - 1).to_string();
                let help = "the event is left out; the file may be truncated";
                sink.report(Severity::Error, "syntax", &place, message, Some(help));
            }
        }
        line.clear();
    }
    lines.finish(sink)
}
