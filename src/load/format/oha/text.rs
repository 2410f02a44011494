//! The summary that oha prints.
//!
//! All times have the unit that suits the slowest request, with four decimals: a target that answers in microseconds
//! beside one slow answer loses digits. Where nothing succeeded there are `NaN` and `inf`. Counts are those of the
//! distributions at the end; what "Success rate" says is about answers of any status, as in the JSON.

use super::super::answers::Answers;
use super::super::bars::Bars;
use super::super::report::{
    Lossy, Report, Unfinished, bytes, duration, hand_over, labelled, number, percentile_slot, read_reports,
    sharpen_average, without_escapes,
};
use super::tell_of_cut_off;
use crate::load::format::prelude::*;

/// The summary of oha.
pub(in super::super) static OHA_TEXT: Format = Format {
    name: "oha-text",
    about: "the summary that oha prints",
    recognised_by: "\"Summary:\", \"Success rate:\" and \"Requests/sec:\"",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<OhaReport>(source, sink),
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let has = |mark| text.lines().any(|line| without_escapes(line).starts_with(mark));
    let is_oha = text.contains("Success rate:") && has("Summary:") && has("  Success rate:");
    is_oha && has("  Requests/sec:")
}

/// Of all times.
const DECIMALS: f64 = 1e-4;

#[derive(Default)]
struct OhaReport {
    section: Section,
    total_time: Option<f64>,
    /// Of the printed time, s.
    step: f64,
    throughput: Option<f64>,
    bytes_read: Option<u64>,
    latency: Latency,
    bars: Bars,
    answers: Answers,
    has_statuses: bool,
}

/// Which part of the summary a line stands in.
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
    /// The section that a line begins. With `--stats-success-breakdown` the histogram and the percentiles of the successful
    /// requests come behind those of all, and so replace them.
    fn begun_by(line: &str) -> Option<Self> {
        match line.trim_end() {
            "Summary:" => Some(Self::Summary),
            "Response time histogram:" | "Response time histogram (2xx only):" => Some(Self::Histogram),
            "Response time distribution:" | "Response time distribution (2xx only):" => Some(Self::Latencies),
            "Status code distribution:" => Some(Self::Statuses),
            "Error distribution:" => Some(Self::Errors),
            line if line.ends_with(':') && !line.starts_with(' ') => Some(Self::Other),
            _ => None,
        }
    }
}

impl Report for OhaReport {
    const EXPECTED: &'static str = "a summary of oha that begins with \"Summary:\"";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "oha prints four decimals of a unit that suits the slowest request",
        advice: "oha --output-format json has all digits",
    });

    fn begins(&self, line: &str) -> bool {
        line.trim_end() == "Summary:"
    }

    fn line(&mut self, line: &str) {
        if let Some(section) = Section::begun_by(line) {
            self.section = section;
            self.has_statuses |= matches!(section, Section::Statuses);
            if matches!(section, Section::Histogram) {
                self.bars.clear();
            }
            return;
        }
        match self.section {
            Section::Summary => self.summary(line),
            Section::Histogram => self.bars.line(line),
            Section::Latencies => {
                let Some((percent, time)) = line.split_once(" in ") else { return };
                if let Some(slot) = percentile_slot(&mut self.latency, percent) {
                    *slot = duration(time).or(*slot);
                }
            }
            Section::Statuses => self.answers.add_line(line, true),
            Section::Errors => self.answers.add_line(line, false),
            Section::Other => {}
        }
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let Some(total_time) = self.total_time.filter(|_| self.has_statuses) else {
            return Err(Unfinished("its status codes"));
        };
        if !self.answers.are_complete(self.throughput, total_time, self.step) {
            return Err(Unfinished("all of its status codes and errors"));
        }
        let mut run = Run {
            total_time: Some(total_time),
            bytes_read: self.bytes_read,
            latency: self.latency,
            tool_histogram: self.bars.histogram(),
            ..Run::default()
        };
        self.answers.fill(&mut run);
        sharpen_average(&mut run, self.throughput);
        hand_over(run, place, sink);
        tell_of_cut_off(self.answers, place, sink);
        Ok(())
    }
}

impl OhaReport {
    fn summary(&mut self, line: &str) {
        if let Some(text) = labelled(line, "Total:") {
            self.total_time = duration(text);
            let unit = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            self.step = duration(&format!("1 {unit}")).unwrap_or(1.0) * DECIMALS;
        } else if let Some(text) = labelled(line, "Slowest:") {
            self.latency.max = duration(text);
        } else if let Some(text) = labelled(line, "Fastest:") {
            self.latency.min = duration(text);
        } else if let Some(text) = labelled(line, "Average:") {
            self.latency.mean = duration(text);
        } else if let Some(text) = labelled(line, "Requests/sec:") {
            self.throughput = number(text);
        } else if let Some(text) = labelled(line, "Total data:") {
            self.bytes_read = bytes(text);
        }
    }
}
