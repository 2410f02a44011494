//! `*_stats_history.csv`: a row a second with the number of users, split into the steps of that number.
//!
//! The columns `Total …` are cumulative, and the others a window of about ten seconds. Between the first and the last row
//! of a stretch with one number of users, the differences of the totals are exactly what happened at that level:
//! n = n₂ − n₁ requests, and their mean (a₂·n₂ − a₁·n₁) / n. So a step leaves out what was requested before its first row,
//! while the users were being started. What is cumulative and can't be taken apart stays unknown: percentiles always, and
//! the maximum unless it rose within the step. Stamps are in whole seconds.
//!
//! A history that never held a number of users for two rows is one run at the most of them.

use std::path::Path;

use indexmap::IndexMap;

use super::super::notice;
use super::{scenario, table};
use crate::load::format::prelude::*;
use crate::load::names::Names;

/// The history of a run.
pub(in super::super) static LOCUST_HISTORY: Format = Format {
    name: "locust-history",
    about: "Locust --csv: PREFIX_stats_history.csv, split into the steps of User Count",
    recognised_by: "a header with Timestamp, User Count and Total Request Count",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

fn recognises(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let names = table::header(line);
    let has = |name: &str| names.iter().any(|own| own == name);
    has("timestamp") && has("user count") && has("total request count")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    const EXPECTED: &str = "two or more rows with a User Count above 0 and growing totals";
    let mut endpoints = endpoints(source, sink)?;
    if endpoints.values().all(|endpoint| endpoint.runs.is_empty()) {
        endpoints.values_mut().for_each(Endpoint::take_whole);
        let maximum = endpoints.values().map(|endpoint| endpoint.maximum).max().unwrap_or(0);
        if endpoints.values().any(|endpoint| !endpoint.runs.is_empty()) {
            notice::varying_concurrency(sink, &Place::Whole, "the number of users", maximum);
        }
    }
    let mut left_out = 0;
    let mut runs = Vec::new();
    for (scenario, endpoint) in endpoints {
        left_out += endpoint.requests.saturating_sub(endpoint.requests_in_steps);
        for (place, run) in endpoint.runs {
            runs.push((place, Run { scenario: scenario.clone(), ..run }));
        }
    }
    if runs.is_empty() {
        return Err(ReadError::NoRecord { expected: EXPECTED });
    }
    notice::lossy(
        sink,
        "the history has stamps in whole seconds, and percentiles of a sliding window only, which are left out",
        "percentiles of the whole run are in the file that ends in _stats.csv",
    );
    notice::ramps_left_out(sink, "the number of users", left_out);
    notice::failures_in_latencies(sink, runs.iter().map(|(_, run)| run));
    for (place, run) in runs {
        sink.run(&place, run);
    }
    Ok(())
}

/// The levels that a history held, ascending; none where the file is no history.
pub(super) fn levels(path: &Path) -> Vec<u32> {
    let Ok(source) = Source::open(path) else { return Vec::new() };
    if LOCUST_HISTORY.sniff(&source.head()) != Sniff::Yes {
        return Vec::new();
    }
    let names = Names::default();
    let endpoints = endpoints(source, &mut Sink::new("", LOCUST_HISTORY.name, &names)).unwrap_or_default();
    let mut levels: Vec<u32> =
        endpoints.values().flat_map(|endpoint| &endpoint.runs).filter_map(|(_, run)| run.concurrency).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// The endpoints of a history with their steps, or the sum over all where there is no endpoint.
fn endpoints(source: Source, sink: &mut Sink<'_>) -> Result<IndexMap<String, Endpoint>, ReadError> {
    let mut endpoints: IndexMap<String, Endpoint> = IndexMap::new();
    table::read(source, sink, |row, _| {
        if let Some(totals) = Totals::of(row) {
            let scenario = scenario(row.text(&["type", "method"]), row.text(&["name"]));
            endpoints.entry(scenario).or_default().add(totals);
        }
    })?;
    if endpoints.keys().any(|scenario| !scenario.is_empty()) {
        endpoints.shift_remove("");
    }
    endpoints.values_mut().for_each(Endpoint::end_step);
    Ok(endpoints)
}

/// What one row says of everything up to it.
#[derive(Debug, Clone)]
struct Totals {
    place: Place,
    /// s since 1970.
    time: u64,
    users: u32,
    requests: u64,
    failures: Option<u64>,
    /// ms.
    mean: Option<f64>,
    /// ms.
    maximum: Option<f64>,
}

impl Totals {
    fn of(row: &table::Row<'_>) -> Option<Self> {
        Some(Self {
            place: row.place.clone(),
            time: row.number(&["timestamp"]).get().filter(|time| 0.0 <= *time).map(|time| time as u64)?,
            users: row.number(&["user count"]).count().and_then(|users| u32::try_from(users).ok())?,
            requests: row.number(&["total request count"]).count()?,
            failures: row.number(&["total failure count"]).count(),
            mean: row.number(&["total average response time"]).time(1.0),
            maximum: row.number(&["total max response time"]).time(1.0),
        })
    }
}

/// The steps of one endpoint.
#[derive(Debug, Default)]
struct Endpoint {
    /// The first and the last row of the step that goes on.
    step: Option<(Totals, Totals)>,
    /// The first and the last row since the statistics began.
    whole: Option<(Totals, Totals)>,
    /// The most users at any time.
    maximum: u32,
    runs: Vec<(Place, Run)>,
    /// All that were made, over resets of the statistics.
    requests: u64,
    requests_in_steps: u64,
}

impl Endpoint {
    fn add(&mut self, totals: Totals) {
        let before = self.step.as_ref().map_or(0, |(_, last)| last.requests);
        // With --reset-stats the totals begin anew when all users have been started.
        let is_reset = totals.requests < before;
        self.maximum = self.maximum.max(totals.users);
        match &mut self.whole {
            Some((_, last)) if !is_reset => *last = totals.clone(),
            whole => *whole = Some((totals.clone(), totals.clone())),
        }
        self.requests += if is_reset { totals.requests } else { totals.requests - before };
        match &mut self.step {
            Some((first, last)) if first.users == totals.users && !is_reset => *last = totals,
            _ => {
                self.end_step();
                self.step = Some((totals.clone(), totals));
            }
        }
    }

    /// Ends the step that goes on.
    fn end_step(&mut self) {
        if let Some((first, last)) = self.step.take() {
            self.take(&first, &last, first.users);
        }
    }

    /// Takes everything for one step, at the most users.
    fn take_whole(&mut self) {
        if let Some((first, last)) = self.whole.take() {
            self.take(&first, &last, self.maximum);
        }
    }

    /// Adds the run from one row to another, where anything was requested.
    fn take(&mut self, first: &Totals, last: &Totals, users: u32) {
        let requests = last.requests.saturating_sub(first.requests);
        let seconds = last.time.saturating_sub(first.time);
        if users == 0 || requests == 0 || seconds == 0 {
            return;
        }
        self.requests_in_steps += requests;
        let sum = |totals: &Totals| totals.mean.map(|mean| mean * totals.requests as f64);
        // Before the first request, the mean is 0 or not there, and so is the sum.
        let sum_before = if first.requests == 0 { Some(0.0) } else { sum(first) };
        let mean = sum(last).zip(sum_before).map(|(after, before)| (after - before) / requests as f64 / 1e3);
        let rose = |before: &Option<f64>| last.maximum.filter(|after| before.is_none_or(|before| before < *after));
        let run = Run {
            concurrency: Some(users),
            timestamp: i64::try_from(first.time).ok().and_then(|time| time.checked_mul(1_000_000)),
            total_time: Some(seconds as f64),
            requests_count: Some(requests),
            error_count: last.failures.zip(first.failures).map(|(after, before)| after.saturating_sub(before)),
            latency: Latency {
                mean: mean.filter(|mean| 0.0 <= *mean),
                max: rose(&first.maximum).map(|maximum| maximum / 1e3),
                ..Latency::default()
            },
            ..Run::default()
        };
        self.runs.push((last.place.clone(), run));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(time: u64, users: u32, requests: u64, mean: f64) -> Totals {
        Totals {
            place: Place::Line(time),
            time,
            users,
            requests,
            failures: Some(requests / 10),
            mean: Some(mean),
            maximum: Some(100.0),
        }
    }

    #[test]
    fn each_plateau_is_a_run_of_the_differences() {
        let mut endpoint = Endpoint::default();
        for row in [
            totals(0, 0, 0, 0.0),
            totals(1, 5, 50, 4.0),
            totals(2, 10, 150, 4.0),
            totals(3, 10, 350, 6.0),
            totals(4, 10, 550, 8.0),
            totals(5, 20, 700, 8.0),
            totals(7, 20, 1_100, 10.0),
            // The statistics were reset.
            totals(8, 20, 30, 1.0),
            totals(9, 20, 130, 2.0),
        ] {
            endpoint.add(row);
        }
        endpoint.end_step();
        let steps: Vec<_> = endpoint
            .runs
            .iter()
            .map(|(_, run)| (run.concurrency, run.requests_count, run.error_count, run.total_time))
            .collect();
        assert_eq!(
            steps,
            [
                (Some(10), Some(400), Some(40), Some(2.0)),
                (Some(20), Some(400), Some(40), Some(2.0)),
                (Some(20), Some(100), Some(10), Some(1.0)),
            ]
        );
        // (8 · 550 − 4 · 150) / 400 = 9.5 ms.
        let means: Vec<_> = endpoint.runs.iter().filter_map(|(_, run)| run.latency.mean).collect();
        assert!((means[0] - 0.0095).abs() < 1e-12, "{means:?}");
        assert_eq!((endpoint.requests, endpoint.requests_in_steps), (1_230, 900));
    }

    #[test]
    fn a_maximum_belongs_to_a_step_only_where_it_rose_in_it() {
        let mut endpoint = Endpoint::default();
        endpoint.add(totals(1, 10, 50, 4.0));
        endpoint.add(totals(2, 10, 150, 4.0));
        endpoint.add(Totals { maximum: Some(250.0), ..totals(3, 20, 200, 4.0) });
        endpoint.add(Totals { maximum: Some(300.0), ..totals(4, 20, 300, 4.0) });
        endpoint.end_step();
        let maxima: Vec<_> = endpoint.runs.iter().map(|(_, run)| run.latency.max).collect();
        assert_eq!(maxima, [None, Some(0.3)]);
    }
}
