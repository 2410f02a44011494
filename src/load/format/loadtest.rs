//! loadtest (the npm package): the result that it prints.
//!
//! Latencies are whole milliseconds, their mean has one decimal ([`lib/result.js`][upstream]). A percentile that loadtest
//! could not find is printed as `false ms`, and is left empty like a 0. Requests that failed are among the completed
//! ones and their latencies among all others. Versions up to 6 print a date and `INFO` before each line and other labels
//! here and there. The minimum is not printed.
//!
//! [upstream]: https://github.com/alexfernandez/loadtest/blob/main/lib/result.js

use super::report::{
    Lossy, MILLISECONDS, Report, Unfinished, above_zero, count, hand_over, labelled, level, number, percentile_slot,
    read_reports, url_path,
};
use crate::load::format::prelude::*;

/// The result of loadtest.
pub(super) static LOADTEST: Format = Format {
    name: "loadtest",
    about: "the result that loadtest (npm) prints",
    recognised_by: "\"Target URL:\" and \"Max requests:\", \"Max time (s):\" or \"Completed requests:\"",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<LoadtestReport>(source, sink),
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let has = |mark| text.lines().any(|line| without_date(line).starts_with(mark));
    let is_begun = has("Target URL:") && (has("Max requests:") || has("Max time (s):"));
    let is_ended = has("Target URL:") && has("Completed requests:");
    is_begun || is_ended
}

#[derive(Default)]
struct LoadtestReport {
    scenario: String,
    asked: Option<u64>,
    concurrency: Option<u64>,
    completed: Option<u64>,
    errors: Option<u64>,
    total_time: Option<f64>,
    latency: Latency,
    is_percentiles: bool,
    is_ended: bool,
}

impl Report for LoadtestReport {
    const EXPECTED: &'static str = "the result that loadtest prints, from \"Target URL:\" on";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "loadtest prints latencies in whole milliseconds; one that is shown as 0 is left empty",
        advice: "for fast targets take a tool with a finer clock, such as oha with --output-format json",
    });

    fn begins(&self, line: &str) -> bool {
        without_date(line).starts_with("Target URL:")
    }

    fn line(&mut self, line: &str) {
        let line = without_date(line);
        if let Some(text) = labelled(line, "Target URL:") {
            self.scenario = url_path(text);
        } else if let Some(text) = labelled(line, "Max requests:") {
            self.asked = count(text);
        } else if let Some(text) = labelled(line, "Concurrent clients:").or(labelled(line, "Concurrency level:")) {
            self.concurrency = count(text);
        } else if let Some(text) = labelled(line, "Completed requests:") {
            self.completed = count(text);
        } else if let Some(text) = labelled(line, "Total errors:") {
            self.errors = count(text);
        } else if let Some(text) = labelled(line, "Total time:") {
            self.total_time = number(text);
        } else if let Some(text) = labelled(line, "Mean latency:") {
            self.latency.mean = above_zero(number(text), MILLISECONDS);
        } else if line.starts_with("Percentage of ") {
            self.is_percentiles = true;
        } else if let Some((percent, time)) = line.split_once('%').filter(|_| self.is_percentiles)
            && let Some(slot) = percentile_slot(&mut self.latency, percent)
        {
            *slot = above_zero(number(time), MILLISECONDS);
            self.is_ended |= line.contains("(longest request)");
        }
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let (Some(completed), Some(errors), Some(total_time)) = (self.completed, self.errors, self.total_time) else {
            return Err(Unfinished("the line \"Total time:\""));
        };
        if !self.is_ended {
            return Err(Unfinished("the longest request"));
        }
        // What was completed beyond what was asked for is a request counted twice, and no success.
        let success = completed.min(self.asked.unwrap_or(completed)).saturating_sub(errors);
        let run = Run {
            scenario: self.scenario,
            concurrency: level(self.concurrency),
            total_time: Some(total_time),
            requests_count: Some(completed),
            success_count: Some(success),
            error_count: Some(errors.min(completed)),
            latency: self.latency,
            ..Run::default()
        };
        if let Some(asked) = self.asked.filter(|asked| *asked < completed) {
            let message = format!("{completed} requests were completed and {asked} asked for");
            let help = "loadtest counts some requests twice where others time out; its own count is kept";
            sink.report(Severity::Notice, "more-than-asked", place, message, Some(help));
        }
        hand_over(run, place, sink);
        Ok(())
    }
}

/// The line without the date and level that older versions print before it.
fn without_date(line: &str) -> &str {
    let text = line.split_once(" INFO ").filter(|_| line.starts_with('[')).map_or(line, |(_, text)| text);
    text.trim_start()
}
