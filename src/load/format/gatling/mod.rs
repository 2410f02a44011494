//! Gatling: its `simulation.log`, as text (to 3.12) and binary (from 3.13), and the `stats.json` of its report.
//!
//! Times are in whole ms. Requests are the scenarios, named by their groups and name; the simulation's class is the
//! framework, as nothing else in a log says what was tested. The concurrency is the most users that were active at once:
//! the running sum of those that started and ended. Groups sum up requests that are there already, and are left out.

mod binary;
mod stats;
mod text;

use indexmap::IndexMap;

pub(super) use self::binary::GATLING_BINARY;
pub(super) use self::stats::GATLING_STATS;
pub(super) use self::text::GATLING_TEXT;
use super::notice;
use super::requests::{Request, Requests};
use crate::load::format::prelude::*;
use crate::load::samples::Profiles;

/// The requests and users of a log, as they come.
#[derive(Debug, Default)]
struct Log {
    profiles: Profiles,
    /// The simulation's class, without its package.
    simulation: String,
    requests: IndexMap<String, Requests>,
    users: Users,
}

/// How many users are active.
#[derive(Debug, Default)]
struct Users {
    active: u32,
    maximum: u32,
    /// Requests that ended while the most users so far were active.
    requests_at_maximum: u64,
    requests: u64,
}

impl Log {
    /// No requests, and profiles as the sink wants them.
    fn new(sink: &Sink<'_>) -> Self {
        Self { profiles: sink.profiles(), ..Self::default() }
    }

    fn simulation(&mut self, class: &str) {
        self.simulation = class.rsplit('.').next().unwrap_or(class).to_owned();
    }

    fn user(&mut self, is_start: bool) {
        let users = &mut self.users;
        users.active = if is_start { users.active.saturating_add(1) } else { users.active.saturating_sub(1) };
        if users.maximum < users.active {
            users.maximum = users.active;
            users.requests_at_maximum = 0;
        }
    }

    /// Adds a request from `start` to `end`, ms since 1970.
    fn request(&mut self, name: &str, start: i64, end: i64, ok: bool) {
        let request = Request {
            start: start.checked_mul(1_000),
            latency: end.checked_sub(start).filter(|&length| 0 <= length).map(|length| length as f64 / 1e3),
            ok,
            bytes: None,
        };
        let users = &mut self.users;
        users.requests += 1;
        if users.active == users.maximum {
            users.requests_at_maximum += 1;
        }
        match self.requests.get_mut(name) {
            Some(requests) => requests.add(request),
            None => {
                self.requests.entry(name.to_owned()).or_insert_with(|| Requests::new(&mut self.profiles)).add(request)
            }
        };
    }

    fn finish(self, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        if self.requests.is_empty() {
            return Err(ReadError::NoRecord { expected: "a REQUEST in the log" });
        }
        let remedy = "for finer latencies measure with a tool that keeps microseconds";
        notice::lossy(sink, "the log has latencies in whole milliseconds", remedy);
        let Users { maximum, requests_at_maximum, requests, .. } = self.users;
        if 0 < maximum && requests_at_maximum.saturating_mul(2) < requests {
            notice::varying_concurrency(sink, &Place::Whole, "the number of active users", maximum);
        }
        for (scenario, requests) in self.requests {
            if let Some(run) = requests.into_run(sink) {
                let concurrency = Some(maximum).filter(|&maximum| 0 < maximum);
                sink.run(&Place::Whole, Run { framework: self.simulation.clone(), scenario, concurrency, ..run });
            }
        }
        Ok(())
    }
}

/// The scenario of a request: its groups, from the outermost, and its name.
fn scenario<'a>(groups: impl Iterator<Item = &'a str>, name: &'a str) -> String {
    groups.filter(|group| !group.is_empty()).chain([name]).collect::<Vec<_>>().join(" / ")
}
