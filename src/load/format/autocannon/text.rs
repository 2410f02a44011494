//! The tables that autocannon prints.
//!
//! From a thousand on it rounds numbers of requests to thousands (`14k requests`), and gives exact ones only where some
//! answers were not 2xx; so the number of requests is mostly unknown. What is left for throughput is the average of
//! `Req/Sec`, over samples of one second, which is taken as the average time per request unless a number of requests was
//! asked for: then the last sample is not full. Latencies are whole milliseconds, and a 0 is left empty; their
//! percentiles are those that the tables have (50 and 99; with `-l` also 75, 90 and 99.9).

use super::super::report::{
    Lossy, MILLISECONDS, Report, Unfinished, above_zero, count, duration, hand_over, labelled, level, number,
    percentile_slot, read_reports, url_path,
};
use crate::load::format::prelude::*;

/// The tables of autocannon.
pub(in super::super) static AUTOCANNON_TEXT: Format = Format {
    name: "autocannon-text",
    about: "the tables that autocannon prints",
    recognised_by: "\"Running … test @ …\" and \"… connections\", without threads",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<TextReport>(source, sink),
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let has = |is_mark: fn(&str) -> bool| text.lines().any(is_mark);
    has(is_first_line) && has(|line| in_flight(line).is_some())
}

#[derive(Default)]
struct TextReport {
    scenario: String,
    is_amount: bool,
    is_warmup: bool,
    in_flight: Option<u64>,
    /// The titles of the table that the lines are in.
    titles: Vec<String>,
    latency: Latency,
    rate: Option<f64>,
    answers: Option<(u64, u64)>,
    errors: u64,
    are_errors_exact: bool,
    total_time: Option<f64>,
}

impl Report for TextReport {
    const EXPECTED: &'static str = "the tables of autocannon, from \"Running … test @ …\" on";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "autocannon prints numbers of requests in thousands and latencies in whole milliseconds",
        advice: "autocannon --json has exact numbers of requests",
    });

    fn begins(&self, line: &str) -> bool {
        is_first_line(line)
    }

    fn line(&mut self, line: &str) {
        if is_first_line(line) {
            self.is_amount = line.contains(" requests ");
            self.is_warmup = line.contains(" warmup @ ");
            self.scenario = line.split_once(" @ ").map(|(_, url)| url_path(url)).unwrap_or_default();
        } else if let Some(cells) = row(line, "Stat") {
            self.titles = cells.map(str::to_owned).collect();
        } else if let Some(cells) = row(line, "Latency") {
            for (title, cell) in self.titles.iter().zip(cells) {
                let slot = match title.as_str() {
                    "Avg" => Some(&mut self.latency.mean),
                    "Stdev" => Some(&mut self.latency.std),
                    "Max" => Some(&mut self.latency.max),
                    percent => percentile_slot(&mut self.latency, percent),
                };
                if let Some(slot) = slot {
                    *slot = duration(cell);
                }
            }
        } else if let Some(cells) = row(line, "Req/Sec") {
            let average = self.titles.iter().zip(cells).find(|(title, _)| *title == "Avg");
            self.rate = average.and_then(|(_, cell)| number(&cell.replace(',', "")));
        } else if let Some(mut cells) = cells(line) {
            // The table of percentiles that -l adds.
            if let (Some(percent), Some(latency)) = (cells.next(), cells.next())
                && let Some(slot) = percentile_slot(&mut self.latency, percent)
            {
                *slot = above_zero(number(latency), MILLISECONDS);
            }
        } else {
            self.sentence(line);
        }
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        if self.is_warmup {
            return Ok(());
        }
        let (Some(total_time), Some(rate)) = (self.total_time, self.rate) else {
            return Err(Unfinished("the line \"… requests in …\""));
        };
        let mut run = Run {
            scenario: self.scenario,
            concurrency: level(self.in_flight),
            latency: self.latency,
            ..Run::default()
        };
        match self.answers {
            Some((success, other)) if self.are_errors_exact || self.errors == 0 => {
                run.success_count = Some(success);
                run.error_count = other.checked_add(self.errors);
                run.total_time = Some(total_time).filter(|_| !self.is_amount);
            }
            _ if rate <= 0.0 => {
                run.success_count = Some(0);
                run.error_count = Some(self.errors).filter(|errors| self.are_errors_exact && 0 < *errors);
            }
            _ if !self.is_amount => {
                run.avg_time_per_request = Some(rate.recip());
                run.mark_derived(Column::AvgTimePerRequest);
            }
            _ => {}
        }
        hand_over(run, place, sink);
        Ok(())
    }
}

impl TextReport {
    fn sentence(&mut self, line: &str) {
        self.in_flight = self.in_flight.or(in_flight(line));
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [success, "2xx", "responses,", other, "non", "2xx", "responses"] => {
                self.answers = count(success).zip(count(other));
            }
            [errors, "errors", timeouts, ..] if labelled(timeouts, "(").is_some() => {
                self.errors = count(errors).unwrap_or(0);
                self.are_errors_exact = errors.bytes().all(|byte| byte.is_ascii_digit());
            }
            [_, "requests", "in", time, ..] => self.total_time = duration(time.trim_end_matches(',')),
            _ => {}
        }
    }
}

fn is_first_line(line: &str) -> bool {
    line.starts_with("Running ") && (line.contains(" test @ ") || line.contains(" warmup @ "))
}

/// `16 connections with 4 pipelining factor`: how many requests are under way at once.
fn in_flight(line: &str) -> Option<u64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [connections, "connections"] => connections.parse().ok(),
        [connections, "connections", "with", pipelining, "pipelining", "factor"] => {
            connections.parse::<u64>().ok()?.checked_mul(pipelining.parse().ok()?)
        }
        _ => None,
    }
}

/// The cells of a table's row with this title.
fn row<'l>(line: &'l str, title: &str) -> Option<impl Iterator<Item = &'l str>> {
    let mut cells = cells(line)?;
    (cells.next()? == title).then_some(cells)
}

/// The cells of a line between vertical bars.
fn cells(line: &str) -> Option<impl Iterator<Item = &str>> {
    let inside = line.trim().strip_prefix('│')?.strip_suffix('│')?;
    Some(inside.split('│').map(str::trim))
}
