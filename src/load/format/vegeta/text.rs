//! `vegeta report`: a table whose lines name their values in brackets, which differ by version.

use super::super::notice;
use super::super::wire::Number;
use super::is_success;
use crate::load::format::prelude::*;
use crate::load::tabular::units::duration;

/// A report as text.
pub(in super::super) static VEGETA_TEXT: Format = Format {
    name: "vegeta-text",
    about: "vegeta report, one or several in a text",
    recognised_by: "a line that begins with Requests and names its values: [total, rate",
    marks: Marks::Head(recognises),
    read,
    ..Format::BASE
};

fn recognises(head: &Head<'_>) -> bool {
    let is_first = |line: &str| line.starts_with("Requests ") && line.contains("[total, rate");
    head.text().is_some_and(|text| text.lines().any(is_first))
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    use std::io::BufRead;

    let mut report: Option<(u64, Run)> = None;
    let mut is_found = false;
    for (number, line) in (1..).zip(source.into_reader().split(b'\n')) {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        let Some(line) = Line::of(&line) else { continue };
        if line.label == "Requests" {
            hand_over(report.take(), sink);
            is_found = true;
            report = Some((number, Run::default()));
        }
        if let Some((_, run)) = &mut report {
            line.fill(run);
        }
    }
    hand_over(report, sink);
    if is_found { Ok(()) } else { Err(ReadError::NoRecord { expected: "a line Requests [total, rate, throughput]" }) }
}

fn hand_over(report: Option<(u64, Run)>, sink: &mut Sink<'_>) {
    let Some((number, run)) = report else { return };
    notice::failures_in_latencies(sink, [&run]);
    sink.run(&Place::Line(number), run);
}

/// `Latencies     [min, mean, 50, 90, 95, 99, max]  90.4ms, 113.1ms, …`
struct Line<'a> {
    label: &'a str,
    names: &'a str,
    values: &'a str,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (label, rest) = line.split_once('[')?;
        let (names, values) = rest.split_once(']')?;
        Some(Self { label: label.trim(), names, values: values.trim() })
    }

    /// The value of that name.
    fn get(&self, name: &str) -> Option<&'a str> {
        let column = self.names.split(',').position(|own| own.trim() == name)?;
        self.values.split(',').nth(column).map(str::trim)
    }

    fn fill(&self, run: &mut Run) {
        let time = |name: &str| self.get(name).and_then(duration);
        match self.label {
            "Requests" => run.requests_count = self.get("total").and_then(|total| Number::parse(total).count()),
            "Duration" => run.total_time = time("total"),
            "Latencies" => {
                let latency = &mut run.latency;
                (latency.min, latency.mean, latency.max) = (time("min"), time("mean"), time("max"));
                (latency.p50, latency.p90) = (time("50"), time("90"));
                (latency.p95, latency.p99) = (time("95"), time("99"));
            }
            "Bytes In" => run.bytes_read = self.get("total").and_then(|total| Number::parse(total).count()),
            "Status Codes" => {
                let counts = self.values.split_whitespace().filter_map(|code| code.split_once(':'));
                let success = counts.filter(|(code, _)| code.parse().is_ok_and(is_success));
                run.success_count = Some(success.filter_map(|(_, count)| count.parse::<u64>().ok()).sum());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_names() {
        let line = Line::of("Latencies     [mean, 50, 95, 99, max]  113.1ms, 1m2.5s, 88.2µs, 3s, 4s").unwrap();
        let mut run = Run::default();
        line.fill(&mut run);
        assert_eq!((run.latency.min, run.latency.p90), (None, None));
        assert_eq!((run.latency.p50, run.latency.max), (Some(62.5), Some(4.0)));
    }

    #[test]
    fn statuses_from_200_to_399_are_successes() {
        let mut run = Run::default();
        Line::of("Status Codes  [code:count]  0:1316  200:328685  302:4 500:2").unwrap().fill(&mut run);
        assert_eq!(run.success_count, Some(328_689));
    }
}
