//! h2load: what it prints, and its log of requests.
//!
//! Units vary from cell to cell, and the columns of the table from version to version; its header says which there are
//! ([`src/h2load.cc`][upstream]): up to 1.6x `min max mean sd`, later also `median p95 p99`. All answers are in the
//! table, whatever their status. Requests that could not be sent are counted as failed. With `-D` the printed
//! throughput is that of the main duration, without the warm-up, and so is the time here.
//!
//! The concurrency is the number of clients over all threads. How many streams each of them had (`-m`) is not printed.
//! When the run began, p90 and p99.9 are not printed either.
//!
//! [upstream]: https://github.com/nghttp2/nghttp2/blob/master/src/h2load.cc

mod log;

pub(super) use log::H2LOAD_LOG;

use super::report::{
    Lossy, Report, Unfinished, count, duration, hand_over, labelled, level, number, read_reports, sharpen_average,
};
use crate::load::format::prelude::*;

/// What h2load prints.
pub(super) static H2LOAD: Format = Format {
    name: "h2load",
    about: "what h2load prints",
    recognised_by: "\"starting benchmark...\" and \"spawning thread #0:\", or \"finished in …\" with \"requests: … total\"",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<H2loadReport>(source, sink),
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let has = |is_mark: fn(&str) -> bool| text.lines().any(is_mark);
    let is_begun = has(|line| line.starts_with("spawning thread #") && line.contains(" total client(s)"));
    let is_ended = has(|line| line.starts_with("finished in ") && line.contains(" req/s"))
        && has(|line| line.starts_with("requests: ") && line.contains(" total, "));
    is_begun || is_ended
}

#[derive(Default)]
struct H2loadReport {
    is_titled: bool,
    clients: u64,
    is_multiplexed: bool,
    main_duration: Option<f64>,
    total_time: Option<f64>,
    throughput: Option<f64>,
    requests: Option<Requests>,
    bytes_read: Option<u64>,
    columns: Vec<String>,
    is_ended: bool,
    latency: Latency,
}

/// `400 total, 400 started, 400 done, 382 succeeded, 18 failed, 0 errored, 0 timeout`
struct Requests {
    succeeded: u64,
    failed: u64,
}

impl Requests {
    fn from_text(text: &str) -> Option<Self> {
        let of =
            |name: &str| text.split(',').find_map(|entry| entry.trim().strip_suffix(name)?.trim().parse::<u64>().ok());
        Some(Self { succeeded: of("succeeded")?, failed: of("failed")? })
    }
}

impl Report for H2loadReport {
    const EXPECTED: &'static str = "what h2load prints, up to \"finished in …\" and its table";
    const LOSSY: Option<Lossy> = None;

    fn begins(&self, line: &str) -> bool {
        // The first lines are missing where only the end of what h2load printed was kept.
        let is_new = self.requests.is_some() || (!self.is_titled && self.clients == 0);
        let is_later = line.starts_with("spawning thread #") || line.starts_with("finished in ");
        line.starts_with("starting benchmark...") || (is_later && is_new)
    }

    fn line(&mut self, line: &str) {
        if line.starts_with("starting benchmark...") {
            self.is_titled = true;
        } else if let Some((_, text)) = line.split_once(": ").filter(|_| line.starts_with("spawning thread #")) {
            self.clients = self.clients.saturating_add(count(text).unwrap_or(0));
            if let Some((_, text)) = text.split_once(" warm-up time and ") {
                self.main_duration = text.split_once("s of main").and_then(|(seconds, _)| number(seconds));
            }
        } else if let Some(text) = labelled(line, "Application protocol:") {
            self.is_multiplexed = !text.starts_with("http/1");
        } else if let Some(text) = labelled(line, "finished in ") {
            let (time, rest) = text.split_once(',').unwrap_or((text, ""));
            self.total_time = duration(time);
            self.throughput = number(rest);
        } else if let Some(text) = labelled(line, "requests: ") {
            self.requests = Requests::from_text(text);
        } else if let Some(text) = labelled(line, "traffic: ") {
            // The exact number stands in brackets behind the rounded one.
            self.bytes_read = text.split_once('(').and_then(|(_, text)| count(text));
        } else if line.trim_start().starts_with("min ") {
            self.columns =
                line.trim().split("  ").filter(|name| !name.is_empty()).map(|name| name.trim().to_owned()).collect();
        } else if let Some(text) = labelled(line, "time for request:").or_else(|| row(line, "request")) {
            self.latencies(text);
        } else if row(line, "req/s").is_some_and(|text| text.ends_with('%')) {
            self.is_ended = true;
        }
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let Some(requests) = self.requests else { return Err(Unfinished("the line \"requests: … total\"")) };
        if !self.is_ended {
            return Err(Unfinished("the end of its table"));
        }
        let mut run = Run {
            concurrency: level(Some(self.clients)),
            total_time: self.main_duration.filter(|duration| 0.0 < *duration).or(self.total_time),
            requests_count: requests.succeeded.checked_add(requests.failed),
            success_count: Some(requests.succeeded),
            error_count: Some(requests.failed),
            latency: self.latency,
            bytes_read: self.bytes_read,
            ..Run::default()
        };
        sharpen_average(&mut run, self.throughput);
        if self.is_multiplexed {
            let message = "the concurrency counts clients; how many streams each had (-m) is not printed".to_owned();
            let help = "if -m was above 1, multiply: give the concurrency with --name-pattern";
            sink.report(Severity::Notice, "streams-unknown", place, message, Some(help));
        }
        hand_over(run, place, sink);
        Ok(())
    }
}

impl H2loadReport {
    fn latencies(&mut self, text: &str) {
        for (name, cell) in self.columns.iter().zip(text.split_whitespace()) {
            let latency = &mut self.latency;
            let slot = match name.as_str() {
                "min" => &mut latency.min,
                "max" => &mut latency.max,
                "mean" => &mut latency.mean,
                "sd" => &mut latency.std,
                "median" => &mut latency.p50,
                "p95" => &mut latency.p95,
                "p99" => &mut latency.p99,
                _ => continue,
            };
            *slot = duration(cell);
        }
    }
}

/// The cells of a row of the later table, `request     :      490us  …`.
fn row<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.trim_start().strip_prefix(name)?.trim_start().strip_prefix(':').map(str::trim)
}
