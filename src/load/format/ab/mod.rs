//! ab, the benchmark of the Apache HTTP server: its report, its gnuplot file (`-g`) and its percentiles (`-e`).
//!
//! Lines of the report are known by their labels, as versions have more or fewer of them ([`support/ab.c`][upstream]).
//! `Time per request` stands there twice: c·T/n, which is no measured latency and is not read, and T/n, which has fewer
//! digits than `Requests per second`. Latencies are those of the row `Total:` in whole milliseconds; a 0 is below what
//! that can tell and is left empty.
//!
//! `Failed requests` counts several things. Answers whose length differs from the first one (`Length`) are no errors:
//! pages vary. `Receive` and `Exceptions` may both count one request, so the greater of the two is taken. Answers with
//! a status other than 2xx are not among the failed ones, and are errors here. A run that ab gave up has no report;
//! its reason is told.
//!
//! [upstream]: https://github.com/apache/httpd/blob/trunk/support/ab.c

mod gnuplot;
mod percentiles;

pub(super) use gnuplot::AB_GNUPLOT;
pub(super) use percentiles::AB_PERCENTILES;

use std::path::Path;

use super::report::{
    Lossy, MILLISECONDS, Report, Unfinished, above_zero, count, hand_over, hand_over_refused, labelled, level, number,
    percentile_slot, read_reports, sharpen_average,
};
use crate::load::format::prelude::*;

/// The report of ab.
pub(super) static AB: Format = Format {
    name: "ab",
    about: "the report that ab (ApacheBench) prints",
    recognised_by: "\"This is ApacheBench\", or \"Time taken for tests:\" and \"Complete requests:\"",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<AbReport>(source, sink),
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let has = |mark| text.lines().any(|line| line.starts_with(mark));
    has("This is ApacheBench,") || (has("Time taken for tests:") && has("Complete requests:"))
}

#[derive(Default)]
struct AbReport {
    has_title: bool,
    has_server: bool,
    path: String,
    concurrency: Option<u64>,
    total_time: Option<f64>,
    complete: Option<u64>,
    failures: Failures,
    bytes_read: Option<u64>,
    throughput: Option<f64>,
    latency: Latency,
    is_short: bool,
    is_percentiles: bool,
    has_longest: bool,
    /// Why ab gave up.
    reason: Option<String>,
    /// What it had done by then.
    done: Option<u64>,
}

/// How many requests failed, by kind.
#[derive(Default)]
struct Failures {
    connect: u64,
    receive: u64,
    length: u64,
    exceptions: u64,
    write: u64,
    status: u64,
}

impl Failures {
    /// `(Connect: 0, Receive: 0, Length: 16, Exceptions: 0)`
    fn take(&mut self, kinds: &str) {
        for kind in kinds.trim_matches(['(', ')']).split(',') {
            let Some((name, number)) = kind.split_once(':') else { continue };
            let slot = match name.trim() {
                "Connect" => &mut self.connect,
                "Receive" => &mut self.receive,
                "Length" => &mut self.length,
                "Exceptions" => &mut self.exceptions,
                _ => continue,
            };
            *slot = count(number).unwrap_or(0);
        }
    }

    fn errors(&self) -> u64 {
        let transport = self.connect.max(self.receive).max(self.exceptions);
        transport.saturating_add(self.write).saturating_add(self.status)
    }
}

impl Report for AbReport {
    const EXPECTED: &'static str = "a report of ab with \"Time taken for tests:\"";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "ab prints latencies in whole milliseconds; one below half a millisecond is left empty",
        advice: "ab -e FILE writes the percentiles with three decimals",
    });

    fn begins(&self, line: &str) -> bool {
        line.starts_with("This is ApacheBench,")
            || (line.starts_with("Server Software:") && (self.has_server || !self.has_title))
    }

    fn line(&mut self, line: &str) {
        if line.starts_with("This is ApacheBench,") {
            self.has_title = true;
        } else if line.starts_with("Server Software:") {
            self.has_server = true;
        } else if let Some(path) = labelled(line, "Document Path:") {
            self.path = if path == "/" { String::new() } else { path.to_owned() };
        } else if let Some(text) = labelled(line, "Concurrency Level:") {
            self.concurrency = count(text);
        } else if let Some(text) = labelled(line, "Time taken for tests:") {
            self.total_time = number(text);
        } else if let Some(text) = labelled(line, "Complete requests:") {
            self.complete = count(text);
        } else if let Some(text) = labelled(line, "(Connect:") {
            self.failures.take(&format!("Connect:{text}"));
        } else if let Some(text) = labelled(line, "Write errors:") {
            self.failures.write = count(text).unwrap_or(0);
        } else if let Some(text) = labelled(line, "Non-2xx responses:") {
            self.failures.status = count(text).unwrap_or(0);
        } else if let Some(text) = labelled(line, "Total transferred:") {
            self.bytes_read = count(text);
        } else if let Some(text) = labelled(line, "Requests per second:") {
            self.throughput = number(text);
        } else if line.split_whitespace().eq(["min", "avg", "max"]) {
            self.is_short = true;
        } else if let Some(text) = labelled(line, "Total:") {
            self.total_row(text);
        } else if line.starts_with("Percentage of the requests served") {
            self.is_percentiles = true;
        } else if let Some(text) = labelled(line, "Total of ").filter(|text| text.ends_with("completed")) {
            self.done = count(text);
        } else if line.starts_with("apr_") || line.starts_with("Test aborted") {
            self.reason = Some(line.trim().to_owned());
        } else if self.is_percentiles {
            self.percentile(line);
        }
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let mut run = Run { scenario: self.path, concurrency: level(self.concurrency), ..Run::default() };
        let (Some(total_time), Some(complete)) = (self.total_time, self.complete) else {
            return gave_up(run, self.reason.as_deref(), self.done.unwrap_or(0), place, sink);
        };
        // The kinds of failures stand before these lines.
        if self.bytes_read.is_none() || (0 < complete && self.throughput.is_none()) {
            return Err(Unfinished("the line \"Requests per second:\""));
        }
        if self.is_percentiles && !self.has_longest {
            return Err(Unfinished("the longest request"));
        }
        let errors = self.failures.errors().min(complete);
        run.total_time = Some(total_time);
        run.requests_count = Some(complete);
        run.success_count = Some(complete - errors);
        run.error_count = Some(errors);
        run.bytes_read = self.bytes_read;
        run.latency = self.latency;
        sharpen_average(&mut run, self.throughput);
        if 0 < self.failures.length {
            let message = format!(
                "ab counts {} answers as failed because their length is not that of the first; by itself that is no error",
                self.failures.length
            );
            let help = "ab -l accepts answers of any length";
            sink.report(Severity::Notice, "length-differs", place, message, Some(help));
        }
        hand_over(run, place, sink);
        Ok(())
    }
}

impl AbReport {
    /// `Total:          0    2   2.5      1      12`; in the short table of `-S` there is neither deviation nor median.
    fn total_row(&mut self, text: &str) {
        let cells: Vec<f64> = text.split_whitespace().map_while(number).collect();
        let (min, mean, std, max) = match cells.as_slice() {
            [min, mean, std, _, max] if !self.is_short => (*min, *mean, Some(*std), *max),
            [min, mean, max] if self.is_short => (*min, *mean, None, *max),
            _ => return,
        };
        let latency = &mut self.latency;
        latency.min = above_zero(Some(min), MILLISECONDS);
        latency.mean = above_zero(Some(mean), MILLISECONDS);
        latency.std = above_zero(std, MILLISECONDS);
        latency.max = above_zero(Some(max), MILLISECONDS);
    }

    /// `  95%      7`
    fn percentile(&mut self, line: &str) {
        let Some((percent, value)) = line.split_once('%') else { return };
        if let Some(slot) = percentile_slot(&mut self.latency, percent) {
            *slot = above_zero(number(value), MILLISECONDS);
        }
        self.has_longest |= line.contains("(longest request)");
    }
}

/// What ab leaves where it gives up: a reason, and how many requests it had done.
fn gave_up(
    mut run: Run,
    reason: Option<&str>,
    done: u64,
    place: &Place,
    sink: &mut Sink<'_>,
) -> Result<(), Unfinished> {
    let Some(reason) = reason else { return Err(Unfinished("the line \"Time taken for tests:\"")) };
    if done == 0 {
        hand_over_refused(run, reason, place, sink);
        return Ok(());
    }
    run.requests_count = Some(done);
    let message = format!("ab gave up after {done} requests and measured nothing: {reason}");
    let help = "the run has no times; see why the target stopped answering, or use ab -r to go on after errors";
    sink.report(Severity::Warning, "gave-up", place, message, Some(help));
    hand_over(run, place, sink);
    Ok(())
}
/// Whether a file of this ending stands beside the report of the same run, which says all that it says and more.
fn is_beside_report(path: &Path, ending: &str) -> bool {
    super::beside(path, ending, ".txt").is_some_and(|report| super::is_marked(&report, &AB))
}
