//! The requests of one run, for the formats that know a run's names or level only when its last request has been read.

use crate::load::{Place, Severity, Sink};
use crate::record::{Column, Histogram, Latency, Run};

/// One run, as it grows request by request, in memory that does not grow with them.
///
/// It is kept by its format, so that a request is added without looking for its run among others by name.
#[derive(Debug, Default)]
pub(super) struct Requests {
    count: u64,
    errors: u64,
    /// Requests whose latency makes no sense.
    invalid: u64,
    /// Of the successful requests only: how fast a request fails is not how fast it is served.
    latencies: Histogram,
    span: Option<Span>,
    bytes: Option<u64>,
}

/// From the first start to the last end.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// The start of the request that came first, µs. Ends are kept as distances from it: a float that counts seconds
    /// since 1970 is too coarse for a microsecond.
    origin: i64,
    /// The earliest start, µs.
    first_start: i64,
    /// The latest end, s since `origin`.
    last_end: f64,
}

/// One request, with its start on the tool's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Request {
    /// When it was sent, µs since 1970.
    pub(super) start: Option<i64>,
    /// How long it took, s.
    pub(super) latency: Option<f64>,
    /// Whether it succeeded.
    pub(super) ok: bool,
    /// Bytes received.
    pub(super) bytes: Option<u64>,
}

impl Requests {
    /// Adds a request.
    pub(super) fn add(&mut self, request: Request) {
        self.count += 1;
        let latency = request.latency.filter(|latency| latency.is_finite() && 0.0 <= *latency);
        match latency {
            Some(latency) if request.ok => {
                self.latencies.record(latency);
            }
            Some(_) => {}
            None => self.invalid += 1,
        }
        if !request.ok {
            self.errors += 1;
        }
        if let Some(start) = request.start {
            self.span = Some(Span::including(self.span, start, latency.unwrap_or(0.0)));
        }
        if let Some(bytes) = request.bytes {
            self.bytes = Some(self.bytes.unwrap_or(0).saturating_add(bytes));
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The run that they make up, without a name; `None` where there are none. Latencies that make no sense are told.
    pub(super) fn into_run(self, sink: &mut Sink<'_>) -> Option<Run> {
        if self.count == 0 {
            return None;
        }
        if 0 < self.invalid {
            let message = format!("{} requests have no latency that is a number, zero or above", self.invalid);
            let help = "they are counted as requests and are in no latency statistic";
            sink.report(Severity::Warning, "invalid-latency", &Place::Whole, message, Some(help));
        }
        let latencies = &self.latencies;
        let mut run = Run {
            timestamp: self.span.map(|span| span.first_start),
            total_time: self.span.map(Span::seconds),
            requests_count: Some(self.count),
            success_count: Some(self.count - self.errors),
            error_count: Some(self.errors),
            latency: Latency {
                mean: latencies.mean(),
                std: latencies.std(),
                min: latencies.min(),
                p50: latencies.quantile(0.5),
                p75: latencies.quantile(0.75),
                p90: latencies.quantile(0.9),
                p95: latencies.quantile(0.95),
                p99: latencies.quantile(0.99),
                p99_9: latencies.quantile(0.999),
                max: latencies.max(),
            },
            bytes_read: self.bytes,
            ..Run::default()
        };
        if run.total_time.is_some() {
            run.mark_derived(Column::TotalTime);
        }
        Some(run)
    }
}

impl Span {
    /// The span with one more request, from `start` (µs) on for `latency` (s).
    fn including(span: Option<Self>, start: i64, latency: f64) -> Self {
        let span = span.unwrap_or(Self { origin: start, first_start: start, last_end: latency });
        let end = start.saturating_sub(span.origin) as f64 / 1e6 + latency;
        Self { first_start: span.first_start.min(start), last_end: span.last_end.max(end), ..span }
    }

    fn seconds(self) -> f64 {
        self.last_end - self.first_start.saturating_sub(self.origin) as f64 / 1e6
    }
}

/// Whether a status of HTTP means that the request failed, whatever the tool makes of it. A text that is no status, such
/// as the name of an exception, does not say.
pub(super) fn is_failure_status(status: &[u8]) -> bool {
    let status = status.trim_ascii();
    match status {
        b"0" => true,
        [b'4'..=b'9', rest @ ..] => rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Names;

    #[test]
    fn a_span_of_milliseconds_is_exact_at_any_date() {
        let mut requests = Requests::default();
        for (start, latency) in [(1_795_330_794_183_000, 0.002), (1_795_330_794_162_000, 0.020)] {
            requests.add(Request { start: Some(start), latency: Some(latency), ok: true, bytes: None });
        }
        let names = Names::default();
        let run = requests.into_run(&mut Sink::new("a", "b", &names)).unwrap();
        assert_eq!(run.timestamp, Some(1_795_330_794_162_000));
        assert!((run.total_time.unwrap() - 0.023).abs() < 1e-12);
    }

    #[test]
    fn statuses_from_400_and_none_are_failures() {
        let table = [
            ("200", false),
            ("302", false),
            ("404", true),
            ("503", true),
            ("0", true),
            ("", false),
            ("Non HTTP response code: java.net.ConnectException", false),
            ("4", false),
        ];
        for (status, expected) in table {
            assert_eq!(is_failure_status(status.as_bytes()), expected, "{status}");
        }
    }
}
