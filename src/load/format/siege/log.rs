//! siege's own log (`siege.log`): a line for each run, under a header, with marks (`-m`) between them.
//!
//! A mark names the runs that follow it, up to the next one, and stands for their framework. `Elap Time` and `Resp Time`
//! are seconds with two decimals, and a 0.00 is left empty. `Data Trans` is whole megabytes, mostly 0, and is not read;
//! nor are the dates, which say when a run ended, in the time of wherever it ran. The number of users is not in the file:
//! `Concurrent` is the measured mean of requests in flight.

use super::super::report::{Lines, Lossy, above_zero, hand_over, number};
use crate::load::format::prelude::*;

/// The log of siege.
pub(in super::super) static SIEGE_LOG: Format = Format {
    name: "siege-log",
    about: "the log that siege keeps of its runs",
    recognised_by: "the header Date & Time, Trans, Elap Time, …",
    marks: Marks::Text(|text| text.lines().next().is_some_and(is_header)),
    read,
    ..Format::BASE
};

const COLUMNS: [&str; 10] = [
    "Date & Time",
    "Trans",
    "Elap Time",
    "Data Trans",
    "Resp Time",
    "Trans Rate",
    "Throughput",
    "Concurrent",
    "OKAY",
    "Failed",
];

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader());
    let mut framework = String::new();
    let (mut used, mut broken): (u64, u64) = (0, 0);
    while let Some((line_number, line)) = lines.next_line()? {
        let line = line.into_owned();
        let line = line.trim();
        if line.is_empty() || is_header(line) {
            continue;
        }
        if let Some(mark) = line.strip_prefix("****").and_then(|line| line.strip_suffix("****")) {
            framework = mark.trim().to_owned();
            continue;
        }
        let place = Place::Line(line_number);
        match run(line).filter(|_| lines.is_terminated()) {
            Some(run) => {
                used += 1;
                hand_over(Run { framework: framework.clone(), ..run }, &place, sink);
            }
            None => {
                broken += 1;
                let message = format!("expected the {} columns of siege's header", COLUMNS.len());
                sink.report(Severity::Error, "broken-line", &place, message, Some("the line is left out"));
            }
        }
    }
    match (used, broken) {
        (0, 0) => return Err(ReadError::NoRecord { expected: "a line below the header of siege's log" }),
        (0, records) => return Err(ReadError::NoUsableRecord { records }),
        _ => {}
    }
    Lossy {
        lost: "siege rounds times to two decimals, and its log has no percentiles",
        advice: "for fast targets take a tool with a finer clock, such as oha with --output-format json",
    }
    .tell(sink);
    Ok(())
}

fn is_header(line: &str) -> bool {
    line.split(',').map(str::trim).eq(COLUMNS)
}

fn run(line: &str) -> Option<Run> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [_, _, elapsed, _, response, _, _, _, success, failed] = cells.as_slice() else { return None };
    Some(Run {
        total_time: above_zero(number(elapsed), 1.0),
        success_count: Some(success.parse().ok()?),
        error_count: Some(failed.parse().ok()?),
        latency: Latency { mean: above_zero(number(response), 1.0), ..Latency::default() },
        ..Run::default()
    })
}
