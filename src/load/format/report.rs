//! Reports that tools print for people: how all of them are read, line by line, however many stand in one log.
//!
//! A format says what its lines mean by implementing [`Report`]; here is what they share: a report that stops in the
//! middle, several in one file, numbers that are no numbers, and what can be said of any run that a tool summed up.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// How far a printed throughput may lie from `requests / time` to be taken for the same with more digits.
const SAME_THROUGHPUT: f64 = 0.02;

/// What one tool prints for one run.
pub(super) trait Report: Default {
    /// What a report looks like, for the message about a file without one.
    const EXPECTED: &'static str;

    /// What every report of this tool lacks.
    const LOSSY: Option<Lossy>;

    /// Whether a new report begins with this line, given what this one has taken so far.
    fn begins(&self, line: &str) -> bool;

    /// Takes a line, its first one included.
    fn line(&mut self, line: &str);

    /// Hands over the run that began at `place`.
    ///
    /// # Errors
    ///
    /// What is missing, where the report ends before its end.
    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished>;
}

/// What a kind of input lacks, and how to get more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lossy {
    /// What is lost.
    pub(super) lost: &'static str,
    /// How to get more.
    pub(super) advice: &'static str,
}

impl Lossy {
    /// Says it of the whole input.
    pub(super) fn tell(self, sink: &mut Sink<'_>) {
        sink.report(Severity::Notice, "lossy", &Place::Whole, self.lost.to_owned(), Some(self.advice));
    }
}

/// A report that ends before its end: which part of it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfinished(pub(super) &'static str);

/// Reads all reports of a log. One that ends too early is told and left out, where another one is whole.
pub(super) fn read_reports<R: Report>(source: Source, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut lines = Lines::new(source.into_reader());
    let mut report = R::default();
    let mut begun: Option<u64> = None;
    let mut whole: u64 = 0;
    let mut broken: Vec<(u64, Unfinished)> = Vec::new();
    let mut end = |report: R, start: u64, sink: &mut Sink<'_>| match report.finish(&Place::Line(start), sink) {
        Ok(()) => whole += 1,
        Err(unfinished) => broken.push((start, unfinished)),
    };
    let mut last_line = 0;
    while let Some((number, line)) = lines.next_line()? {
        if report.begins(&line) {
            let ended = std::mem::take(&mut report);
            if let Some(start) = begun.replace(number) {
                end(ended, start, sink);
            }
        }
        if begun.is_some() {
            report.line(&line);
        }
        last_line = number;
    }
    if let Some(start) = begun {
        end(report, start, sink);
    }
    match broken.first() {
        None if whole == 0 => return Err(ReadError::NoRecord { expected: R::EXPECTED }),
        Some((_, Unfinished(missing))) if whole == 0 => {
            let message = format!("the report ends without {missing}, so the tool was stopped or the file is cut off");
            return Err(ReadError::Syntax { message, line: last_line, column: 1, records_before: 0 });
        }
        _ => {}
    }
    for (start, Unfinished(missing)) in broken {
        let message = format!("the report that begins here ends without {missing}");
        let help = "it is left out; the tool was stopped, or the log is cut off";
        sink.report(Severity::Error, "truncated", &Place::Line(start), message, Some(help));
    }
    if let Some(lossy) = R::LOSSY {
        lossy.tell(sink);
    }
    Ok(())
}

/// Hands over a run that its tool summed up, after what is alike for all tools:
///
/// - Without a single answer there is nothing to time, so the times are taken away.
/// - Most tools sum up the latencies of failed requests with the others.
pub(super) fn hand_over(mut run: Run, place: &Place, sink: &mut Sink<'_>) {
    let is_unanswered = run.success_count == Some(0) && !run.is_dead();
    if is_unanswered {
        run.forget_times();
        let message = "no request was answered in this run".to_owned();
        let help = "it has no times; see why the target did not answer";
        sink.report(Severity::Warning, "dead-run", place, message, Some(help));
    }
    if let (Some(errors), false) = (run.error_count, run.is_dead())
        && 0 < errors
        && run.latency.mean.or(run.latency.p50).is_some()
    {
        let message = format!("{errors} requests failed; those that got an answer are part of the latencies");
        let help = "the tool sums up all answers alike; errors are often faster, so look at the error rate first";
        sink.report(Severity::Notice, "errors-in-latencies", place, message, Some(help));
    }
    sink.run(place, run);
}

/// Hands over what a tool printed that could not reach its target at all: one attempt, which failed.
pub(super) fn hand_over_refused(mut run: Run, reason: &str, place: &Place, sink: &mut Sink<'_>) {
    run.success_count = Some(0);
    run.error_count = Some(1);
    let message = format!("the tool gave up at its first connection: {reason}");
    sink.report(Severity::Warning, "refused", place, message, Some("check that the target was up"));
    sink.run(place, run);
}

/// Takes the average from a printed throughput that has more digits than the printed time, where both say the same.
pub(super) fn sharpen_average(run: &mut Run, throughput: Option<f64>) {
    let (Some(total), Some(requests), Some(throughput)) = (run.total_time, run.requests_count, throughput) else {
        return;
    };
    if (throughput * total - requests as f64).abs() <= SAME_THROUGHPUT * requests as f64 {
        run.avg_time_per_request = Some(throughput.recip());
        run.mark_derived(Column::AvgTimePerRequest);
    }
}

/// What stands behind a label at the beginning of a line: `1000` for `Complete requests:      1000`.
pub(super) fn labelled<'l>(line: &'l str, label: &str) -> Option<&'l str> {
    line.trim_start().strip_prefix(label).map(str::trim)
}

/// The number at the beginning of a text, where it is finite.
pub(super) fn number(text: &str) -> Option<f64> {
    text.split_whitespace().next()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The whole number at the beginning of a text; what follows its digits does not matter.
pub(super) fn count(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..digits)?.parse().ok()
}

/// A time above zero, s, from a number of which `per_second` are a second. A printed zero is below what the tool can
/// tell, or means that there was nothing.
///
/// It divides because 9 / 1000 is the float next to 0.009, and 9 × 0.001 is not.
pub(super) fn above_zero(number: Option<f64>, per_second: f64) -> Option<f64> {
    number.filter(|number| 0.0 < *number && number.is_finite()).map(|number| number / per_second)
}

/// In a second.
pub(super) const MILLISECONDS: f64 = 1e3;

/// A duration with its unit, s, above zero.
pub(super) fn duration(text: &str) -> Option<f64> {
    above_zero(units::duration(text), 1.0)
}

/// An amount of data with a unit in powers of 1024, as `9.43MB` or `52.48 KiB`, in bytes.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let power = match unit.trim_start().chars().next()?.to_ascii_uppercase() {
        'B' => 0,
        'K' => 1,
        'M' => 2,
        'G' => 3,
        'T' => 4,
        'P' => 5,
        _ => return None,
    };
    let bytes = number.parse::<f64>().ok()? * 1024_f64.powi(power);
    (bytes < 1e18).then_some(bytes.round() as u64)
}

/// Where a latency keeps a percentile that is printed as `95%` or `99.900%`; `None` where it keeps no such one.
pub(super) fn percentile_slot<'l>(latency: &'l mut Latency, percent: &str) -> Option<&'l mut Option<f64>> {
    let percent: f64 = percent.trim().trim_end_matches('%').parse().ok()?;
    match (percent * 1000.0).round() as u64 {
        50_000 => Some(&mut latency.p50),
        75_000 => Some(&mut latency.p75),
        90_000 => Some(&mut latency.p90),
        95_000 => Some(&mut latency.p95),
        99_000 => Some(&mut latency.p99),
        99_900 => Some(&mut latency.p99_9),
        100_000 => Some(&mut latency.max),
        _ => None,
    }
}

/// The number of connections, threads or the like, where it can be a level.
pub(super) fn level(count: Option<u64>) -> Option<u32> {
    count.and_then(|count| u32::try_from(count).ok()).filter(|&level| 1 <= level)
}

/// What a URL asks its server for, which is a scenario: `/json?n=1` for `http://127.0.0.1:8080/json?n=1`. Empty for the
/// root, and for what is no URL.
pub(super) fn url_path(url: &str) -> String {
    let Some((_, rest)) = url.trim().split_once("://") else { return String::new() };
    match rest.find('/').and_then(|slash| rest.get(slash..)) {
        None | Some("/") => String::new(),
        Some(path) => path.to_owned(),
    }
}

/// Lines as text, without their ends and without the escape sequences that colour a terminal.
pub(super) struct Lines<R> {
    reader: R,
    bytes: Vec<u8>,
    number: u64,
    is_terminated: bool,
}

impl<R: BufRead> Lines<R> {
    /// How much of a line is looked at. No line of a report is near that long, and what is may be of any size.
    const LIMIT: u64 = 64 * 1024;

    /// The lines of a stream.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, bytes: Vec::new(), number: 0, is_terminated: true }
    }

    /// Whether the last line that was given had an end. Where it had none, the file may be cut off in the middle of it, and
    /// a number in it may lack digits.
    pub(super) fn is_terminated(&self) -> bool {
        self.is_terminated
    }

    /// The next line with its number, from 1. What is not UTF-8 in it is replaced: reports quote bytes of any kind.
    pub(super) fn next_line(&mut self) -> io::Result<Option<(u64, Cow<'_, str>)>> {
        self.bytes.clear();
        let taken = self.reader.by_ref().take(Self::LIMIT).read_until(b'\n', &mut self.bytes)?;
        if taken == 0 {
            return Ok(None);
        }
        self.is_terminated = self.bytes.last() == Some(&b'\n');
        if !self.is_terminated && taken as u64 == Self::LIMIT {
            self.reader.skip_until(b'\n')?;
        }
        self.number += 1;
        while let Some(b'\n' | b'\r') = self.bytes.last() {
            self.bytes.pop();
        }
        let bytes = self.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.bytes);
        let text = String::from_utf8_lossy(bytes);
        let text = if text.contains('\u{1b}') { Cow::Owned(without_escapes(&text)) } else { text };
        Ok(Some((self.number, text)))
    }
}

/// Takes terminal control sequences (`ESC [ … letter`) out of a text.
pub(super) fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';' || c == '?');
        let mut letters = rest.chars();
        if letters.next().is_some_and(|letter| letter.is_ascii_alphabetic()) {
            rest = letters.as_str();
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_data() {
        let table = [
            ("9.43MB", Some(9_888_072)),
            ("52.48 KiB", Some(53_740)),
            ("12 B", Some(12)),
            ("0.00B", Some(0)),
            ("NaN", None),
            ("12", None),
            ("9e99PB", None),
        ];
        for (text, expected) in table {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_none() {
        for text in ["NaN secs", "-inf ns", "", "false ms", "1e999"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!((number("0.25 secs"), count("1000 hits"), count("-1")), (Some(0.25), Some(1000), None));
        assert_eq!((duration("0.00us"), duration("-nanus"), duration("0.25 secs")), (None, None, Some(0.25)));
    }

    #[test]
    fn paths_of_urls() {
        let table = [
            ("http://127.0.0.1:8080/json", "/json"),
            ("https://example.org/a/b?n=1", "/a/b?n=1"),
            ("http://example.org/", ""),
            ("http://example.org", ""),
            ("example.org/json", ""),
        ];
        for (url, path) in table {
            assert_eq!(url_path(url), path, "{url}");
        }
    }

    #[test]
    fn lines_come_without_colours_and_ends() {
        let text = "\u{feff}[\u{1b}[1;33merror\u{1b}[0m] socket\r\nlast \u{1b}[";
        let mut lines = Lines::new(text.as_bytes());
        assert_eq!(lines.next_line().unwrap().unwrap(), (1, Cow::Borrowed("[error] socket")));
        assert_eq!(lines.next_line().unwrap().unwrap(), (2, Cow::Borrowed("last ")));
        assert!(lines.next_line().unwrap().is_none());
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let text = format!("{}\nnext", "x".repeat(200_000));
        let mut lines = Lines::new(text.as_bytes());
        assert_eq!(lines.next_line().unwrap().unwrap().1.len(), 64 * 1024);
        assert_eq!(lines.next_line().unwrap().unwrap(), (2, Cow::Borrowed("next")));
    }

    #[test]
    fn an_average_is_sharpened_only_by_the_same_throughput() {
        let sharpened = |throughput| {
            let mut run = Run { total_time: Some(0.14), requests_count: Some(1000), ..Run::default() };
            sharpen_average(&mut run, throughput);
            run.avg_time_per_request
        };
        assert_eq!(sharpened(Some(7200.0)), Some(1.0 / 7200.0));
        assert_eq!(sharpened(Some(3600.0)), None);
        assert_eq!(sharpened(Some(0.0)), None);
        assert_eq!(sharpened(None), None);
    }
}
