//! The built-in driver: HTTP/1.1 over connections that never block, one thread or several.
//!
//! Latency is counted from when a request was due to when its answer was there as a whole. Where a request had to wait,
//! for a slot, a retry or this driver itself, that is part of it; the time on the wire alone is kept beside it.

mod ask;
mod connection;
mod engine;
mod request;
mod response;
mod schedule;
mod tally;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(super) use ask::{Expectation, ask, verify};
use engine::{Engine, Job, Origin, Pace};
use schedule::Schedule;
use tally::Tally;
pub use tally::{Attempts, Failures};

use super::cpus::Cpus;
use super::suite::{Arrivals, Generator, Length, Request};
use crate::record::{Histogram, Profile};

/// What one run asks of a server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drive<'a> {
    pub(super) address: SocketAddr,
    pub(super) request: &'a Request,
    pub(super) warm_up: Length,
    pub(super) rhythm: Rhythm,
    pub(super) generator: &'a Generator,
    /// Decides random arrivals.
    pub(super) seed: u64,
}

/// How requests follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rhythm {
    /// So many in flight at once, for some time.
    ClosedFor { connections: u32, duration: Length },
    /// So many in flight at once, until so many are done.
    Closed { connections: u32, requests: u64 },
    /// When they are due, with so many in flight at most.
    Open { per_second: u32, arrivals: Arrivals, connections: u32, duration: Length },
}

/// What came of the requests of one run.
#[derive(Debug)]
pub(super) struct Driven {
    /// Latencies from when requests were due.
    pub(super) profile: Profile,
    /// From the beginning of the measured part to the end of its last request, s.
    pub(super) total_time: f64,
    /// What is not in the run table.
    pub(super) details: Details,
}

/// What the driver knows of a run beside its requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Requests per second that were asked for; none in a closed loop.
    pub offered: Option<f64>,
    /// Requests per second that came to an end.
    pub achieved: f64,
    /// How late the driver itself was: from when a request was due until it was looked at. None in a closed loop.
    pub lag: Option<Quantiles>,
    /// Latencies from when the last attempt was sent, of successes.
    pub wire: Option<Quantiles>,
    /// Attempts that failed, by kind.
    pub failures: Failures,
    /// What retries came to.
    pub attempts: Attempts,
    /// Requests before the run was measured.
    pub warm_up_requests: u64,
    /// Connections that were opened, from the beginning of the warm-up on.
    pub connections: u64,
    /// Processor time of the driver while the run was measured, s.
    pub generator_cpu: f64,
}

/// Of a set of times, s.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "quantiles have their usual names")]
pub struct Quantiles {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

impl Quantiles {
    fn of(histogram: &Histogram) -> Option<Self> {
        let [Some(p50), Some(p99)] = histogram.quantiles([0.5, 0.99]) else { return None };
        Some(Self { p50, p99, max: histogram.max()? })
    }
}

/// Sends the requests of one run. `at_begin` is called when the run begins to be measured, and after its warm-up.
///
/// # Errors
///
/// Where the driver can't work, or is cancelled.
pub(super) fn drive(drive: &Drive<'_>, is_cancelled: &AtomicBool, at_begin: impl FnOnce()) -> Result<Driven, String> {
    let bytes = drive.request.encode(drive.address);
    let job = Job {
        address: drive.address,
        request: &bytes,
        is_head_request: drive.request.method == "HEAD",
        keep_alive: drive.request.keep_alive,
        status: drive.request.expect.status,
        timeout: drive.request.timeout.nanos(),
        retry: drive.request.retry,
        warm_up: drive.warm_up.nanos(),
        is_cancelled,
    };
    let mut engines = engines(drive, job).map_err(|error| format!("the driver can't be set up: {error}"))?;
    engines.iter_mut().for_each(Engine::connect);
    let cpus = Cpus::parse(&drive.generator.cpus)?;
    let origin = Origin::now();
    let run = |engine: Engine<'_>| {
        let run = || engine.run(origin).map_err(|error| format!("the driver can't go on: {error}"));
        Cpus::run_on(cpus.as_ref(), run)?
    };
    let run = &run;
    let tallies: Vec<Result<Tally, String>> = thread::scope(|scope| {
        let threads: Vec<_> = engines.into_iter().map(|engine| scope.spawn(move || run(engine))).collect();
        wait_until(origin, drive.warm_up.duration(), is_cancelled);
        at_begin();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|_| Err("a thread of the driver panicked".to_owned()))
        };
        threads.into_iter().map(join).collect()
    });
    let mut all = Tally::default();
    for tally in tallies {
        all.merge(&tally?);
    }
    if is_cancelled.load(Ordering::Relaxed) {
        return Err("it was interrupted".to_owned());
    }
    Ok(drive.driven(all))
}

fn wait_until(origin: Origin, moment: Duration, is_cancelled: &AtomicBool) {
    const SLICE: Duration = Duration::from_millis(50);
    while let Some(left) = moment.checked_sub(origin.instant.elapsed())
        && !left.is_zero()
        && !is_cancelled.load(Ordering::Relaxed)
    {
        thread::sleep(left.min(SLICE));
    }
}

/// One for each thread, which share connections and requests.
fn engines<'a>(drive: &Drive<'_>, job: Job<'a>) -> io::Result<Vec<Engine<'a>>> {
    let connections = u64::from(drive.rhythm.connections());
    let threads = u64::from(drive.generator.threads).clamp(1, connections.max(1));
    let share = |all: u64, thread: u64| all / threads + u64::from(thread < all % threads);
    let warm_up = job.warm_up;
    let engine = |thread: u64| {
        let pace = match drive.rhythm {
            Rhythm::ClosedFor { duration, .. } => {
                Pace::Closed { until: warm_up.saturating_add(duration.nanos()), requests: u64::MAX }
            }
            Rhythm::Closed { requests, .. } => Pace::Closed { until: u64::MAX, requests: share(requests, thread) },
            Rhythm::Open { per_second, arrivals, duration, .. } => {
                let rate = f64::from(per_second) / threads as f64;
                let until = warm_up.saturating_add(duration.nanos());
                let schedule = Schedule::new(rate, arrivals, drive.seed.wrapping_add(thread), until);
                Pace::Open(Box::new(schedule.shifted(thread as f64 / threads as f64).peekable()))
            }
        };
        Engine::new(job, pace, share(connections, thread) as usize)
    };
    (0..threads).map(engine).collect()
}

impl Rhythm {
    fn connections(self) -> u32 {
        match self {
            Self::ClosedFor { connections, .. } | Self::Closed { connections, .. } | Self::Open { connections, .. } => {
                connections
            }
        }
    }
}

impl Drive<'_> {
    fn driven(&self, tally: Tally) -> Driven {
        let until_last = tally.last_end.saturating_sub(self.warm_up.nanos()) as f64 / 1e9;
        let (total_time, offered) = match self.rhythm {
            Rhythm::Open { per_second, duration, .. } => {
                (until_last.max(duration.as_seconds()), Some(f64::from(per_second)))
            }
            Rhythm::ClosedFor { .. } | Rhythm::Closed { .. } => (until_last, None),
        };
        let achieved = if 0.0 < total_time { tally.profile.requests as f64 / total_time } else { 0.0 };
        Driven {
            total_time,
            details: Details {
                offered,
                achieved,
                lag: Quantiles::of(&tally.lag),
                wire: Quantiles::of(&tally.wire),
                failures: tally.failures,
                attempts: tally.attempts,
                warm_up_requests: tally.warm_up,
                connections: tally.connections,
                generator_cpu: tally.cpu,
            },
            profile: tally.profile,
        }
    }
}

#[cfg(test)]
mod tests;
