//! hey: the summary that it prints, and its CSV.
//!
//! The summary has seconds with four decimals ([`requester/print.go`][print]). It names neither the URL nor the number
//! of workers. An answer with any HTTP status is a success to hey; those from 400 on are errors here. `Requests/sec`
//! counts failed requests, so it is positive even where all failed. Percentiles are those of the answers that came.
//!
//! Above a million answers hey keeps the first million only ([`requester/report.go`][report]): status counts and
//! percentiles are of these, and its average is the sum over all divided by a million. So counts and average are left
//! empty there. A printed 0.0000 is below what four decimals can tell, and is left empty.
//!
//! [print]: https://github.com/rakyll/hey/blob/master/requester/print.go
//! [report]: https://github.com/rakyll/hey/blob/master/requester/report.go

mod csv;

pub(super) use csv::HEY_CSV;

use super::answers::Answers;
use super::bars::Bars;
use super::report::{
    Lossy, Report, Unfinished, count, duration, hand_over, labelled, number, percentile_slot, read_reports,
    sharpen_average,
};
use crate::load::format::prelude::*;

/// The summary of hey.
pub(super) static HEY: Format = Format {
    name: "hey",
    about: "the summary that hey prints",
    recognised_by: "\"Summary:\", \"Total:\" in secs, and \"Response time histogram:\" without a \"Success rate:\"",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<HeyReport>(source, sink),
    ..Format::BASE
};

/// Four decimals, s.
const STEP: f64 = 1e-4;

/// How many answers hey keeps.
const KEPT_BY_HEY: u64 = 1_000_000;

fn recognises(text: &str) -> bool {
    let has = |mark| text.lines().any(|line| line.starts_with(mark));
    let is_hey = has("Summary:") && has("  Total:\t") && has("  Requests/sec:\t") && has("Response time histogram:");
    is_hey && !has("  Success rate:")
}

#[derive(Default)]
struct HeyReport {
    is_begun: bool,
    section: Section,
    total_time: Option<f64>,
    throughput: Option<f64>,
    latency: Latency,
    bars: Bars,
    bytes_read: Option<u64>,
    answers: Answers,
    has_statuses: bool,
}

/// Which part of the report a line stands in.
#[derive(Default, Clone, Copy)]
enum Section {
    #[default]
    Summary,
    Histogram,
    Latencies,
    Statuses,
    Errors,
    Other,
}

impl Section {
    /// The section that a line begins.
    fn begun_by(line: &str) -> Option<Self> {
        match line.trim_end() {
            "Summary:" => Some(Self::Summary),
            "Latency distribution:" => Some(Self::Latencies),
            "Status code distribution:" => Some(Self::Statuses),
            "Error distribution:" => Some(Self::Errors),
            "Response time histogram:" => Some(Self::Histogram),
            "Details (average, fastest, slowest):" => Some(Self::Other),
            _ => None,
        }
    }
}

impl Report for HeyReport {
    const EXPECTED: &'static str = "a summary of hey that begins with \"Summary:\"";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "hey prints times in steps of 0.1 ms; a latency below the half of it is left empty",
        advice: "for fast targets take a tool with a finer clock, such as oha with --output-format json",
    });

    fn begins(&self, line: &str) -> bool {
        line.trim_end() == "Summary:"
    }

    fn line(&mut self, line: &str) {
        self.is_begun = true;
        if let Some(section) = Section::begun_by(line) {
            self.section = section;
            self.has_statuses |= matches!(section, Section::Statuses);
            return;
        }
        match self.section {
            Section::Summary => self.summary(line),
            Section::Histogram => self.bars.line(line),
            Section::Latencies => {
                let Some((percent, time)) = line.split_once(" in ") else { return };
                if let Some(slot) = percentile_slot(&mut self.latency, percent) {
                    *slot = duration(time);
                }
            }
            Section::Statuses => self.answers.add_line(line, true),
            Section::Errors => self.answers.add_line(line, false),
            Section::Other => {}
        }
    }

    fn finish(mut self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let Some(total_time) = self.total_time.filter(|_| self.has_statuses) else {
            return Err(Unfinished("its status codes"));
        };
        let mut run = Run { total_time: Some(total_time), bytes_read: self.bytes_read, ..Run::default() };
        let all = self.throughput.unwrap_or(0.0) * total_time;
        if (KEPT_BY_HEY as f64) < all * (1.0 - 1e-3) && KEPT_BY_HEY <= self.answers.ended() {
            self.latency.mean = None;
            run.avg_time_per_request = self.throughput.map(f64::recip);
            let message = format!("of about {all:.0} requests hey kept the first million");
            let help = "percentiles are of these only; counts of successes and the average, which hey gets wrong then, \
                        are left empty; run fewer than a million requests";
            sink.report(Severity::Warning, "first-million", place, message, Some(help));
        } else if !self.answers.are_complete(self.throughput, total_time, STEP) {
            return Err(Unfinished("all of its status codes and errors"));
        } else {
            self.answers.fill(&mut run);
            sharpen_average(&mut run, self.throughput);
        }
        run.latency = self.latency;
        run.tool_histogram = self.bars.histogram();
        hand_over(run, place, sink);
        Ok(())
    }
}

impl HeyReport {
    fn summary(&mut self, line: &str) {
        // Forks and older versions end the line with a full stop.
        let time = |text: &str| duration(text.trim_end_matches('.'));
        if let Some(text) = labelled(line, "Total:") {
            self.total_time = time(text);
        } else if let Some(text) = labelled(line, "Slowest:") {
            self.latency.max = time(text);
        } else if let Some(text) = labelled(line, "Fastest:") {
            self.latency.min = time(text);
        } else if let Some(text) = labelled(line, "Average:") {
            self.latency.mean = time(text);
        } else if let Some(text) = labelled(line, "Requests/sec:") {
            self.throughput = number(text);
        } else if let Some(text) = labelled(line, "Total data:") {
            self.bytes_read = count(text);
        }
    }
}
