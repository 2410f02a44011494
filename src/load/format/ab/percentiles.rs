//! ab's percentiles (`-e`): a line for each whole percent, in milliseconds with three decimals.
//!
//! There is nothing else in the file: neither time nor counts. 0 is the fastest request and 100 the slowest; versions
//! differ in whether they write the last.

use super::super::is_marked;
use super::super::report::{Lines, Lossy, MILLISECONDS, above_zero, hand_over, number, percentile_slot};
use super::is_beside_report;
use crate::load::format::prelude::*;

/// The percentiles of ab.
pub(in super::super) static AB_PERCENTILES: Format = Format {
    name: "ab-percentiles",
    about: "the percentiles that ab writes with -e",
    recognised_by: "the header Percentage served,Time in ms",
    marks: Marks::Text(|text| text.lines().next().is_some_and(is_header)),
    accompanies: |path| is_beside_report(path, ".percentiles.csv") && is_marked(path, &AB_PERCENTILES),
    read,
    ..Format::BASE
};

const HEADER: &str = "Percentage served,Time in ms";

/// The last percent that every version writes.
const LAST: f64 = 99.0;

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader());
    let mut run = Run::default();
    let mut last: Option<f64> = None;
    let mut line_number = 0;
    while let Some((line_now, line)) = lines.next_line()? {
        let line = line.into_owned();
        line_number = line_now;
        if is_header(&line) || line.trim().is_empty() || !lines.is_terminated() {
            continue;
        }
        let fields = line.split_once(',').and_then(|(percent, time)| Some((percent, number(percent)?, number(time)?)));
        let Some((percent, served, time)) = fields else {
            let message = format!("expected a percentage and a time, found {:?}", line.trim());
            return Err(ReadError::Syntax { message, line: line_number, column: 1, records_before: 0 });
        };
        last = Some(served);
        let time = above_zero(Some(time), MILLISECONDS);
        if served <= 0.0 {
            run.latency.min = time;
        } else if let Some(slot) = percentile_slot(&mut run.latency, percent) {
            *slot = time;
        }
    }
    match last {
        None => return Err(ReadError::NoRecord { expected: "a line for each percent" }),
        Some(last) if last < LAST => {
            let message = format!("the percentiles end at {last} %, so the file is cut off");
            return Err(ReadError::Syntax { message, line: line_number, column: 1, records_before: 0 });
        }
        Some(_) => {}
    }
    hand_over(run, &Place::Whole, sink);
    Lossy {
        lost: "ab's percentiles come without the time of the run and without counts",
        advice: "give benchplot the report that ab prints as well",
    }
    .tell(sink);
    Ok(())
}

fn is_header(line: &str) -> bool {
    line.trim() == HEADER
}
