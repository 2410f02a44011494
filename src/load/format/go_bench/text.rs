//! The output of `go test -bench` as it is printed.

use std::io::BufRead;

use super::super::{Format, ReadError, ReadOptions, Sniff};
use super::Lines;
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};

/// The text of `go test -bench`.
pub(in super::super) struct GoBench;

impl Format for GoBench {
    fn name(&self) -> &'static str {
        "go-bench"
    }

    fn about(&self) -> &'static str {
        "go test -bench: a line for each measurement"
    }

    fn recognised_by(&self) -> &'static str {
        "a line that begins with Benchmark and has ns/op, or the lines goos: and goarch:"
    }

    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let Some(text) = head.text() else { return Sniff::No };
        let is_measurement = |line: &str| {
            let mut fields = line.split_whitespace();
            fields.next().is_some_and(|name| name.starts_with("Benchmark"))
                && fields.next().is_some_and(|iterations| iterations.parse::<u64>().is_ok())
                && fields.any(|unit| unit == "ns/op")
        };
        let has_environment = || text.lines().any(|line| line.starts_with("goos: ")) && text.contains("\ngoarch: ");
        if text.lines().any(is_measurement) || has_environment() { Sniff::Yes } else { Sniff::No }
    }

    fn read(&self, source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut input = source.into_reader();
        let mut lines = Lines::default();
        let mut line = Vec::new();
        let mut number = 0;
        while 0 < input.read_until(b'\n', &mut line)? {
            number += 1;
            // What a benchmark prints itself may be in any encoding.
            lines.take(&String::from_utf8_lossy(&line), Place::Line(number));
            line.clear();
        }
        lines.finish(sink)
    }
}
