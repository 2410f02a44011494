//! The requests of one run, for the formats that know a run's names or level only when its last request has been read.

use crate::load::format::prelude::*;
use crate::load::order::Order;
use crate::load::samples::{Profiles, profiled};
use crate::record::{Origin, Profile, RequestTicks, latency_ticks};

/// One run, as it grows request by request, in memory that does not grow with them.
#[derive(Debug)]
pub(super) struct Requests {
    origin: Origin,
    profile: Profile,
    order: Order,
    out_of_order: u64,
    /// Those that came last: quicker to add up together.
    waiting: Vec<RequestTicks>,
}

/// How many requests may wait; few, as there may be many runs.
const MOST_WAITING: usize = 64;

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
    /// No requests, of the next run of an input.
    pub(super) fn new(profiles: &mut Profiles) -> Self {
        let (origin, profile) = profiles.next();
        Self { origin, profile, order: Order::new(), out_of_order: 0, waiting: Vec::new() }
    }

    /// Adds a request; returns `false` where it belongs to the beginning that is left out.
    pub(super) fn add(&mut self, request: Request) -> bool {
        let request = RequestTicks {
            start: request.start.map(|start| start.saturating_mul(1_000)),
            latency: request.latency.and_then(latency_ticks),
            ok: request.ok,
            bytes: request.bytes,
        };
        self.out_of_order += u64::from(self.order.goes_back(&request));
        let is_kept = !self.profile.leaves_out(&request);
        self.waiting.push(request);
        if self.waiting.len() == MOST_WAITING {
            self.add_waiting();
        }
        is_kept
    }

    fn add_waiting(&mut self) {
        self.profile.add_all(&self.waiting);
        self.waiting.clear();
    }

    /// How many came, those that are left out included.
    pub(super) fn count(&self) -> u64 {
        self.profile.requests_seen() + self.waiting.len() as u64
    }

    /// The run that they make up, without a name; `None` where there are none. Latencies that make no sense are told.
    pub(super) fn into_run(mut self, sink: &mut Sink<'_>) -> Option<Run> {
        self.add_waiting();
        if self.count() == 0 {
            return None;
        }
        sink.invalid_latencies(self.profile.invalid_latencies);
        sink.out_of_order(self.out_of_order, None);
        let first = self.profile.span.map(|span| span.from / 1_000);
        let run = profiled(Run { origin: Some(self.origin), ..Run::default() }, self.profile);
        Some(Run { timestamp: first, ..run })
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
        let mut requests = Requests::new(&mut Profiles::default());
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
