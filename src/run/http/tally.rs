//! What came of the requests of a run.

use serde::{Deserialize, Serialize};

use crate::record::{Histogram, Profile, RequestTicks};

/// How an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// No connection could be had.
    Connect,
    /// The connection ended before the answer did.
    Closed,
    /// The answer did not come in time.
    Timeout,
    /// The answer was no HTTP.
    Protocol,
    /// The answer had another status than is expected.
    Status,
}

/// Attempts that failed, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in Failure")]
pub struct Failures {
    pub connect: u64,
    pub closed: u64,
    pub timeout: u64,
    pub protocol: u64,
    pub status: u64,
}

/// What retries came to. A request is what its caller sees: its latency goes from when it was due to the last attempt's
/// end, pauses included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attempts {
    /// How often requests were sent.
    pub attempts: u64,
    /// Requests that were sent more than once.
    pub retried: u64,
    /// Those of them that succeeded.
    pub recovered: u64,
    /// Those of them that did not.
    pub gave_up: u64,
}

/// A request that has come to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    /// When it was due, ns since the load began.
    pub(super) due: u64,
    /// When its last attempt was sent; `None` where none was.
    pub(super) sent: Option<u64>,
    /// When it ended.
    pub(super) end: u64,
    pub(super) attempts: u32,
    pub(super) is_ok: bool,
    pub(super) bytes: u64,
}

/// What came of the requests of a run, on one thread or all.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// Latencies from when requests were due.
    pub(super) profile: Profile,
    /// Latencies from when the last attempt was sent, of successes.
    pub(super) wire: Histogram,
    /// How late the driver itself was, from when a request was due until it was looked at.
    pub(super) lag: Histogram,
    pub(super) failures: Failures,
    pub(super) attempts: Attempts,
    /// Requests before the run was measured.
    pub(super) warm_up: u64,
    /// Connections that were opened, from the beginning on.
    pub(super) connections: u64,
    /// Processor time of the driver while the run was measured, s.
    pub(super) cpu: f64,
    /// When the last request ended, ns since the load began.
    pub(super) last_end: u64,
    waiting: Vec<RequestTicks>,
}

/// So many requests are added up together.
const BATCH: usize = 256;

impl Tally {
    /// Adds a request of a load that began at `origin`, ns since 1970.
    pub(super) fn add(&mut self, ended: Ended, origin: i64) {
        let is_retried = 1 < ended.attempts;
        self.attempts.attempts += u64::from(ended.attempts);
        self.attempts.retried += u64::from(is_retried);
        self.attempts.recovered += u64::from(is_retried && ended.is_ok);
        self.attempts.gave_up += u64::from(is_retried && !ended.is_ok);
        self.last_end = self.last_end.max(ended.end);
        if let Some(sent) = ended.sent.filter(|_| ended.is_ok) {
            self.wire.record_ticks(ended.end.saturating_sub(sent));
        }
        self.waiting.push(RequestTicks {
            start: Some(origin.saturating_add_unsigned(ended.due)),
            latency: Some(ended.end.saturating_sub(ended.due)),
            ok: ended.is_ok,
            bytes: Some(ended.bytes),
        });
        if BATCH <= self.waiting.len() {
            self.add_waiting();
        }
    }

    pub(super) fn add_failure(&mut self, failure: Failure) {
        let count = match failure {
            Failure::Connect => &mut self.failures.connect,
            Failure::Closed => &mut self.failures.closed,
            Failure::Timeout => &mut self.failures.timeout,
            Failure::Protocol => &mut self.failures.protocol,
            Failure::Status => &mut self.failures.status,
        };
        *count += 1;
    }

    /// All of it, when no more is to come.
    pub(super) fn finish(mut self) -> Self {
        self.add_waiting();
        self
    }

    fn add_waiting(&mut self) {
        self.profile.add_all(&self.waiting);
        self.waiting.clear();
    }

    /// Adds what came of the requests of another thread.
    pub(super) fn merge(&mut self, other: &Self) {
        // All histograms here have the same ticks.
        self.profile.merge(&other.profile);
        self.wire.merge(&other.wire);
        self.lag.merge(&other.lag);
        let (own, others) = (&mut self.failures, other.failures);
        own.connect += others.connect;
        own.closed += others.closed;
        own.timeout += others.timeout;
        own.protocol += others.protocol;
        own.status += others.status;
        let (own, others) = (&mut self.attempts, other.attempts);
        own.attempts += others.attempts;
        own.retried += others.retried;
        own.recovered += others.recovered;
        own.gave_up += others.gave_up;
        self.warm_up += other.warm_up;
        self.connections += other.connections;
        self.cpu += other.cpu;
        self.last_end = self.last_end.max(other.last_end);
    }
}
