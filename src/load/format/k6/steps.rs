//! The requests of a k6 run, split into the steps of its virtual users.
//!
//! The number of users (`vus`) is written once a second, between the requests. What was requested between two such points
//! with the same number belongs to that level, and a step is a stretch of such points. A run that held one level nearly
//! all the time is one run with all its requests; one that held several is one run for each, and what was requested while
//! the number changed belongs to none. Only the requests of the second that goes on are kept one by one.

use indexmap::{IndexMap, IndexSet};

use super::super::notice;
use super::super::requests::{Request, Requests, is_failure_status};
use crate::load::format::prelude::*;
use crate::load::samples::Profiles;

/// The share of all requests from which on a single step stands for the whole run.
const NEARLY_ALL: f64 = 0.9;

/// Stamps in whole seconds give a total time that is off by up to a second: below this, s, by more than a tenth.
const LEAST_SECONDS: f64 = 10.0;

/// How many requests are kept until the next number of users: far more than a second has, so that memory has an end
/// where no such number comes.
const MOST_WAITING: usize = 1_000_000;

/// One `http_req_duration`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point<'a> {
    /// When the request had ended, µs since 1970.
    pub(super) end: i64,
    /// ms.
    pub(super) milliseconds: Option<f64>,
    pub(super) scenario: &'a [u8],
    pub(super) status: &'a [u8],
    /// Whether k6 calls the response an expected one; where it does not say, the status alone decides.
    pub(super) is_expected: bool,
}

/// The requests of a run as they come.
#[derive(Debug, Default)]
pub(super) struct Steps {
    profiles: Profiles,
    scenarios: IndexSet<Vec<u8>>,
    whole: Step,
    current: Step,
    /// The number of users at the last point.
    users: Option<u32>,
    /// What was requested since the last point; it belongs to a step when the next point has the same number.
    waiting: Vec<Ended>,
    done: Vec<Done>,
    has_changed: bool,
    /// The most users at any time.
    maximum: u32,
    has_fractions: bool,
}

/// A request that has ended.
#[derive(Debug, Clone, Copy)]
struct Ended {
    /// Among the scenarios.
    scenario: usize,
    /// µs since 1970.
    end: i64,
    /// s.
    latency: Option<f64>,
    ok: bool,
}

/// The requests at one number of users.
#[derive(Debug, Default)]
struct Step {
    /// By scenario.
    series: IndexMap<usize, Series>,
}

#[derive(Debug)]
struct Series {
    requests: Requests,
    first_end: Option<i64>,
    last_end: Option<i64>,
}

/// A step that is over.
#[derive(Debug)]
struct Done {
    runs: Vec<Run>,
    requests: u64,
}

impl Steps {
    /// No requests, and profiles as the sink wants them.
    pub(super) fn new(sink: &Sink<'_>) -> Self {
        Self { profiles: sink.profiles(), ..Self::default() }
    }

    /// Takes a request.
    pub(super) fn request(&mut self, point: &Point<'_>) {
        self.has_fractions |= point.end % 1_000_000 != 0;
        let scenario = match self.scenarios.get_index_of(point.scenario) {
            Some(scenario) => scenario,
            None => self.scenarios.insert_full(point.scenario.to_vec()).0,
        };
        let ended = Ended {
            scenario,
            end: point.end,
            latency: point.milliseconds.map(|milliseconds| milliseconds / 1e3),
            ok: point.is_expected && !is_failure_status(point.status),
        };
        self.whole.add(&ended, &mut self.profiles);
        // Before the first point, no level is known to which it might belong.
        if self.users.is_some() && self.waiting.len() < MOST_WAITING {
            self.waiting.push(ended);
        }
    }

    /// Takes a number of users.
    pub(super) fn users(&mut self, users: u32, sink: &mut Sink<'_>) {
        self.maximum = self.maximum.max(users);
        if self.users == Some(users) {
            for ended in self.waiting.drain(..) {
                self.current.add(&ended, &mut self.profiles);
            }
            return;
        }
        self.end_step(sink);
        self.has_changed |= self.users.is_some();
        self.users = Some(users);
    }

    /// Hands the runs over.
    pub(super) fn finish(mut self, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let all = self.whole.requests();
        if all == 0 {
            return Err(ReadError::NoRecord { expected: "points of http_req_duration" });
        }
        self.end_step(sink);
        if !self.has_fractions {
            let remedy = "write them finer: K6_CSV_TIME_FORMAT=unix_micro, or --out json";
            notice::lossy(sink, "the times are in whole seconds; a run below 10 s has no total time", remedy);
        }
        let in_steps: u64 = self.done.iter().map(|step| step.requests).sum();
        let is_one_run = match self.done.as_slice() {
            [] => true,
            [_] => !self.has_changed || NEARLY_ALL * all as f64 <= in_steps as f64,
            _ => false,
        };
        let runs = if is_one_run {
            if self.done.is_empty() && self.has_changed {
                notice::varying_concurrency(sink, &Place::Whole, "the number of virtual users (vus)", self.maximum);
            }
            let users = Some(self.maximum).filter(|&maximum| 0 < maximum);
            std::mem::take(&mut self.whole).into_runs(users, &self.scenarios, self.has_fractions, sink)
        } else {
            notice::ramps_left_out(sink, "the number of virtual users (vus)", all.saturating_sub(in_steps));
            self.done.into_iter().flat_map(|step| step.runs).collect()
        };
        for run in runs {
            sink.run(&Place::Whole, run);
        }
        Ok(())
    }

    fn end_step(&mut self, sink: &mut Sink<'_>) {
        self.waiting.clear();
        let step = std::mem::take(&mut self.current);
        let requests = step.requests();
        if 0 < requests && self.users != Some(0) {
            let runs = step.into_runs(self.users, &self.scenarios, self.has_fractions, sink);
            self.done.push(Done { runs, requests });
        }
    }
}

impl Step {
    fn add(&mut self, ended: &Ended, profiles: &mut Profiles) {
        self.series.entry(ended.scenario).or_insert_with(|| Series::new(profiles)).add(ended);
    }

    fn requests(&self) -> u64 {
        self.series.values().map(|series| series.requests.count()).sum()
    }

    fn into_runs(
        self,
        users: Option<u32>,
        scenarios: &IndexSet<Vec<u8>>,
        has_fractions: bool,
        sink: &mut Sink<'_>,
    ) -> Vec<Run> {
        let run = |(scenario, series): (usize, Series)| {
            // What a script that names no scenario runs in is no name.
            let name = scenarios.get_index(scenario).filter(|name| name.as_slice() != b"default");
            let scenario = name.map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default();
            Some(Run { scenario, concurrency: users, ..series.into_run(has_fractions, sink)? })
        };
        self.series.into_iter().filter_map(run).collect()
    }
}

impl Series {
    fn new(profiles: &mut Profiles) -> Self {
        Self { requests: Requests::new(profiles), first_end: None, last_end: None }
    }

    fn add(&mut self, ended: &Ended) {
        let Ended { end, latency, ok, .. } = *ended;
        // A latency that makes no sense is no reason to move the start.
        let length = latency.filter(|latency| latency.is_finite() && 0.0 <= *latency).unwrap_or(0.0);
        let start = Some(end.saturating_sub((length * 1e6).round() as i64));
        if self.requests.add(Request { start, latency, ok, bytes: None }) {
            self.first_end = Some(self.first_end.map_or(end, |first| first.min(end)));
            self.last_end = Some(self.last_end.map_or(end, |last| last.max(end)));
        }
    }

    fn into_run(self, has_fractions: bool, sink: &mut Sink<'_>) -> Option<Run> {
        let span = self.first_end.zip(self.last_end).map(|(first, last)| last.saturating_sub(first) as f64 / 1e6);
        let mut run = self.requests.into_run(sink)?;
        if !has_fractions {
            run.timestamp = self.first_end;
            run.total_time = span.filter(|span| LEAST_SECONDS <= *span);
            if run.total_time.is_none() {
                run.derived.retain(|column| *column != Column::TotalTime);
            }
        }
        Some(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Names;

    /// Levels and requests of the runs that come of so many seconds at each level, ten requests a second.
    fn steps(levels: &[u32]) -> Vec<(Option<u32>, Option<u64>)> {
        let names = Names::default();
        let mut sink = Sink::new("k6.json", "k6-json", &names);
        let mut steps = Steps::new(&sink);
        for (second, &users) in (1_795_330_983..).zip(levels) {
            for tenth in 0..10 {
                let end = second * 1_000_000 + tenth * 100_000 + 1;
                let milliseconds = Some(5.0);
                steps.request(&Point { end, milliseconds, scenario: b"default", status: b"200", is_expected: true });
            }
            steps.users(users, &mut sink);
        }
        steps.finish(&mut sink).unwrap();
        sink.finish().runs.iter().map(|run| (run.concurrency, run.requests_count)).collect()
    }

    #[test]
    fn runs_follow_the_levels() {
        assert_eq!(steps(&[16; 12]), [(Some(16), Some(120))]);
        // The last second of a run, when users finish one after the other, is no step.
        let mut levels = [16; 40];
        levels[39] = 3;
        assert_eq!(steps(&levels), [(Some(16), Some(400))]);
        // Between the points of 5, 5, 5 lie two seconds; what is beside them may have had another level.
        assert_eq!(steps(&[5, 5, 5, 8, 10, 10, 10]), [(Some(5), Some(20)), (Some(10), Some(20))]);
        // Nothing but a ramp is one run at its maximum.
        assert_eq!(steps(&[1, 2, 3, 4]), [(Some(4), Some(40))]);
    }
}
