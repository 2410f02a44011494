//! The output of `go test -bench -json`: an event a line, whose `Output` are pieces of the printed text.
//!
//! A printed line may come in pieces, the name in one event and the numbers in the next, and packages that are tested
//! at the same time interleave: the pieces of each package are put together until the line is whole.

use std::io::BufRead;

use indexmap::IndexMap;
use serde::Deserialize;

use super::super::json_text::read_error;
use super::super::{Format, ReadError, ReadOptions, Sniff};
use super::Lines;
use crate::load::diagnostic::Severity;
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};

/// The events of `go test -bench -json`.
pub(in super::super) struct GoBenchJson;

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

impl Format for GoBenchJson {
    fn name(&self) -> &'static str {
        "go-bench-json"
    }

    fn about(&self) -> &'static str {
        "go test -bench -json: an event a line"
    }

    fn recognised_by(&self) -> &'static str {
        "events with Action, Package and Output, one of which names a benchmark or goos:"
    }

    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let Some(text) = head.text().filter(|text| text.trim_start().starts_with('{')) else { return Sniff::No };
        let is_events = ["\"Action\"", "\"Package\"", "\"Output\""].iter().all(|key| text.contains(key));
        let is_benchmark = text.contains("\"Benchmark") || text.contains("\"goos: ");
        if is_events && is_benchmark { Sniff::Yes } else { Sniff::No }
    }

    fn read(&self, source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
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
}
