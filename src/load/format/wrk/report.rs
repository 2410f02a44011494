//! The lines of a report of wrk or wrk2.

use super::super::hgrm::Spectrum;
use super::super::report::{
    Lossy, Report, Unfinished, above_zero, bytes, count, duration, hand_over, hand_over_refused, labelled, level,
    number, percentile_slot, sharpen_average, url_path,
};
use super::lua;
use crate::load::format::prelude::*;

/// How much more than all connections may seem to be busy before it is said.
const LITTLES_LAW_TOLERANCE: f64 = 1.2;

/// A report of wrk.
#[derive(Default)]
pub(super) struct WrkReport(Body);

/// A report of wrk2.
#[derive(Default)]
pub(super) struct Wrk2Report(Body);

impl Report for WrkReport {
    const EXPECTED: &'static str = "a report of wrk that begins with \"Running … test @ …\"";
    const LOSSY: Option<Lossy> = None;

    fn begins(&self, line: &str) -> bool {
        self.0.begins(line)
    }

    fn line(&mut self, line: &str) {
        self.0.line(line);
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let Some(run) = self.0.into_run(place, sink)? else { return Ok(()) };
        tell_of_littles_law(&run, place, sink);
        hand_over(run, place, sink);
        Ok(())
    }
}

impl Report for Wrk2Report {
    const EXPECTED: &'static str = "a report of wrk2 that begins with \"Running … test @ …\"";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "wrk2 sends at a set rate, so its throughput is that rate as long as the target keeps up",
        advice: "compare latencies at equal rates; measure the highest throughput with wrk",
    });

    fn begins(&self, line: &str) -> bool {
        self.0.begins(line)
    }

    fn line(&mut self, line: &str) {
        self.0.line(line);
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        let spectrum = self.0.spectrum.clone();
        let Some(mut run) = self.0.into_run(place, sink)? else { return Ok(()) };
        spectrum.fill(&mut run);
        if let (Some(recorded), Some(requests)) = (spectrum.total_count(), run.requests_count)
            && recorded < requests
        {
            let message = format!("the latencies are those of {recorded} of {requests} requests");
            let help = "wrk2 leaves out the requests of its calibration, the first ten seconds";
            sink.report(Severity::Notice, "calibration", place, message, Some(help));
        }
        hand_over(run, place, sink);
        Ok(())
    }
}

/// What the lines have said so far.
#[derive(Default)]
struct Body {
    header: Option<Header>,
    /// What wrk says instead of a report.
    refused: Option<String>,
    is_running: bool,
    scenario: String,
    threads: Option<u64>,
    connections: Option<u64>,
    latency: Latency,
    is_distribution: bool,
    is_uncorrected: bool,
    spectrum: Spectrum,
    requests: Option<u64>,
    total_time: Option<f64>,
    bytes_read: Option<u64>,
    unfinished: u64,
    timeouts: u64,
    bad_statuses: u64,
    throughput: Option<f64>,
    script: Option<lua::Summary>,
    started: Option<i64>,
}

/// A line that a script of TechEmpower's prints before wrk begins.
enum Header {
    /// Not to be measured.
    Warmup,
    /// A level, what it is a level of, and the name of the test.
    Level { axis: &'static str, level: Option<u32>, scenario: String },
}

impl Header {
    fn from_line(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.starts_with("Running Primer ") || line.starts_with("Running Warmup ") {
            return Some(Self::Warmup);
        }
        for (label, axis) in [("Concurrency: ", ""), ("Queries: ", "queries")] {
            if let Some((number, scenario)) = line.strip_prefix(label).and_then(|rest| rest.split_once(" for ")) {
                return Some(Self::Level { axis, level: level(count(number)), scenario: scenario.trim().to_owned() });
            }
        }
        None
    }
}

impl Body {
    fn begins(&self, line: &str) -> bool {
        let is_first_line = is_running(line) || line.starts_with("unable to connect to ");
        Header::from_line(line).is_some() || (is_first_line && (self.header.is_none() || self.is_running))
    }

    fn line(&mut self, line: &str) {
        if let Some(header) = Header::from_line(line) {
            self.header = Some(header);
        } else if line.starts_with("unable to connect to ") {
            self.refused = Some(line.trim().to_owned());
        } else if is_running(line) {
            self.is_running = true;
            self.scenario = line.split_once(" @ ").map(|(_, url)| url_path(url)).unwrap_or_default();
        } else if is_threads_and_connections(line) {
            let mut words = line.split_whitespace();
            self.threads = words.next().and_then(count);
            self.connections = words.nth(2).and_then(count);
        } else if line.contains("Latency Distribution") || line.contains("HdrHistogram - ") {
            self.is_distribution = true;
            self.is_uncorrected = line.contains("Uncorrected");
        } else if let Some(json) = lua::labelled_json(line) {
            self.script = lua::Summary::from_json(json);
        } else if let Some((number, rest)) = line.trim_start().split_once(" requests in ") {
            self.totals(number, rest);
        } else if let Some(errors) = labelled(line, "Socket errors:") {
            self.socket_errors(errors);
        } else if let Some(number) = labelled(line, "Non-2xx or 3xx responses:") {
            self.bad_statuses = count(number).unwrap_or(0);
        } else if let Some(rate) = labelled(line, "Requests/sec:") {
            self.throughput = number(rate);
        } else if let Some(start) = labelled(line, "STARTTIME ") {
            self.started = start.parse::<i64>().ok().and_then(|start| start.checked_mul(1_000_000));
        } else {
            self.table(line);
        }
    }

    /// `10415 requests in 2.06s, 1.71MB read`
    fn totals(&mut self, number: &str, rest: &str) {
        let (time, data) = rest.split_once(", ").unwrap_or((rest, ""));
        self.requests = count(number);
        self.total_time = duration(time);
        self.bytes_read = bytes(data.trim().trim_end_matches(" read"));
        self.is_distribution = false;
    }

    /// `connect 0, read 12, write 0, timeout 3`
    fn socket_errors(&mut self, errors: &str) {
        for entry in errors.split(',') {
            let Some((kind, number)) = entry.trim().split_once(' ') else { continue };
            let number = count(number).unwrap_or(0);
            match kind {
                "timeout" => self.timeouts = number,
                _ => self.unfinished = self.unfinished.saturating_add(number),
            }
        }
    }

    /// A line of the tables of latencies.
    fn table(&mut self, line: &str) {
        if self.is_uncorrected {
            return;
        }
        self.spectrum.line(line);
        let mut cells = line.split_whitespace();
        let Some(first) = cells.next() else { return };
        if first == "Latency" && !self.is_distribution {
            self.latency.mean = cells.next().and_then(duration);
            self.latency.std = cells.next().and_then(duration);
            self.latency.max = cells.next().and_then(duration);
        } else if let Some(percent) = first.strip_suffix('%').filter(|_| self.is_distribution) {
            let value = cells.next().and_then(duration);
            if let Some(slot) = percentile_slot(&mut self.latency, percent) {
                *slot = value.or(*slot);
            }
        }
    }

    /// The run; `None` where the report is of a warm-up, or was handed over as a refused one.
    fn into_run(self, place: &Place, sink: &mut Sink<'_>) -> Result<Option<Run>, Unfinished> {
        let mut run = Run { timestamp: self.started, ..Run::default() };
        let mut is_warmup = false;
        match self.header {
            Some(Header::Warmup) => is_warmup = true,
            Some(Header::Level { axis, level, scenario }) => {
                run.scenario = scenario;
                run.concurrency = level;
                run.axis = axis.to_owned();
            }
            None => run.scenario = self.scenario,
        }
        if is_warmup {
            return Ok(None);
        }
        if let Some(refused) = self.refused {
            hand_over_refused(run, &refused, place, sink);
            return Ok(None);
        }
        let (Some(threads), Some(connections)) = (self.threads, self.connections) else {
            return Err(Unfinished("its line with threads and connections"));
        };
        let (Some(requests), Some(total_time)) = (self.requests, self.total_time) else {
            return Err(Unfinished("the line with the number of requests"));
        };
        // The counts of errors stand before this line.
        if self.throughput.is_none() {
            return Err(Unfinished("the line \"Requests/sec:\""));
        }
        if run.axis.is_empty() {
            run.concurrency = level(Some(opened(threads, connections, place, sink)));
        }
        run.total_time = Some(total_time);
        run.bytes_read = self.bytes_read.filter(|_| 0 < requests);
        run.requests_count = requests.checked_add(self.unfinished);
        run.success_count = Some(requests.saturating_sub(self.bad_statuses.saturating_add(self.timeouts)));
        run.error_count = run.requests_count.zip(run.success_count).map(|(requests, success)| requests - success);
        run.latency = self.latency;
        sharpen_average(&mut run, self.throughput);
        // A greatest latency of zero means that none was recorded, whatever the other cells say.
        if above_zero(run.latency.max, 1.0).is_none() {
            run.latency = Latency::default();
            if 0 < requests {
                let message = format!("no latency was recorded for {requests} requests");
                let help = "the cells with 0.00us and -nan are left empty";
                sink.report(Severity::Warning, "no-latency", place, message, Some(help));
            }
        }
        if 0 < self.timeouts {
            let message = format!("{} answers came after the timeout; they are in no latency", self.timeouts);
            let help = "the latencies look better than they were; raise --timeout above the slowest answer";
            sink.report(Severity::Warning, "timeouts-left-out", place, message, Some(help));
        }
        if let Some(script) = self.script {
            script.complete(&mut run.latency, place, sink);
        }
        Ok(Some(run))
    }
}

/// How many connections wrk opens: as many for each thread.
fn opened(threads: u64, connections: u64, place: &Place, sink: &mut Sink<'_>) -> u64 {
    let opened = connections.checked_div(threads).map_or(connections, |each| each * threads);
    if opened != connections {
        let message = format!(
            "{connections} connections were asked for and {opened} opened: each of {threads} threads has the same number"
        );
        let help = "the concurrency is what was opened; take a number of connections that the threads divide";
        sink.report(Severity::Notice, "connections-rounded", place, message, Some(help));
    }
    opened
}

/// wrk corrects its latencies for what a stalled connection could not send, so that their mean can be more than the
/// connections had time for.
fn tell_of_littles_law(run: &Run, place: &Place, sink: &mut Sink<'_>) {
    let (Some(mean), Some(requests), Some(total), Some(connections)) =
        (run.latency.mean, run.requests_count, run.total_time, run.concurrency)
    else {
        return;
    };
    let busy = mean * requests as f64 / total;
    let connections = f64::from(connections);
    if run.axis.is_empty() && connections * LITTLES_LAW_TOLERANCE < busy {
        let message =
            format!("the mean latency would need {busy:.1} requests in flight at once, on {connections} connections");
        let help = "wrk corrects its latencies upwards where the target stalls; \
                    connections × total_time / requests_count is what a request took on average";
        sink.report(Severity::Notice, "corrected-latencies", place, message, Some(help));
    }
}

fn is_running(line: &str) -> bool {
    line.starts_with("Running ") && line.contains(" test @ ")
}

/// `  2 threads and 16 connections`
pub(super) fn is_threads_and_connections(line: &str) -> bool {
    let line = line.trim();
    let words = ["threads", "and"];
    line.starts_with(|c: char| c.is_ascii_digit())
        && line.ends_with(" connections")
        && line.split_whitespace().skip(1).take(2).eq(words)
}
