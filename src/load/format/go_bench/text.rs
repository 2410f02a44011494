//! The output of `go test -bench` as it is printed.

use std::io::BufRead;

use super::Lines;
use crate::load::format::prelude::*;

/// The text of `go test -bench`.
pub(in super::super) static GO_BENCH: Format = Format {
    name: "go-bench",
    about: "go test -bench: a line for each measurement",
    recognised_by: "a line that begins with Benchmark and has ns/op, or the lines goos: and goarch:",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let is_measurement = |line: &str| {
        let mut fields = line.split_whitespace();
        fields.next().is_some_and(|name| name.starts_with("Benchmark"))
            && fields.next().is_some_and(|iterations| iterations.parse::<u64>().is_ok())
            && fields.any(|unit| unit == "ns/op")
    };
    let has_environment = || text.lines().any(|line| line.starts_with("goos: ")) && text.contains("\ngoarch: ");
    text.lines().any(is_measurement) || has_environment()
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
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
