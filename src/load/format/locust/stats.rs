//! `*_stats.csv`: one row an endpoint, over the whole run.
//!
//! There is no duration and no number of users in it; a history beside it that held one number tells that. The rate of all rows is over the time from the start to the last
//! request, so the duration follows from a count and its rate.

use super::super::notice;
use super::{beside, report_rounding, scenario, table};
use crate::load::format::prelude::*;

/// The statistics of a run.
pub(in super::super) static LOCUST_STATS: Format = Format {
    name: "locust-stats",
    about: "Locust --csv: PREFIX_stats.csv",
    recognised_by: "a header with Name, Request Count, Average Content Size and Requests/s",
    marks: Marks::Text(recognises),
    accompanies: beside::accompanies,
    read,
    ..Format::BASE
};

const REQUESTS: &[&str] = &["request count", "# requests"];
const FAILURES: &[&str] = &["failure count", "# failures"];

fn recognises(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let names = table::header(line);
    let has = |name: &str| names.iter().any(|own| own == name);
    has("name")
        && REQUESTS.iter().any(|name| has(name))
        && has("average content size")
        && has("requests/s")
        && !has("user count")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let concurrency = source.path().and_then(beside::level);
    let mut runs: Vec<(Place, Run)> = Vec::new();
    table::read(source, sink, |row, _| {
        if row.number(REQUESTS).count().is_some_and(|requests| 0 < requests) {
            runs.push((row.place.clone(), Run { concurrency, ..run(row) }));
        }
    })?;
    if runs.iter().any(|(_, run)| !run.scenario.is_empty()) {
        runs.retain(|(_, run)| !run.scenario.is_empty());
    }
    if runs.is_empty() {
        return Err(ReadError::NoRecord { expected: "a row with a request count above 0" });
    }
    report_rounding(sink);
    notice::failures_in_latencies(sink, runs.iter().map(|(_, run)| run));
    for (place, run) in runs {
        sink.run(&place, run);
    }
    Ok(())
}

fn run(row: &table::Row<'_>) -> Run {
    let requests = row.number(REQUESTS).count();
    let rate = row.number(&["requests/s"]).get().filter(|rate| 0.0 < *rate);
    let milliseconds = |names: &[&str]| row.number(names).time(1e3);
    let mut run = Run {
        scenario: scenario(row.text(&["type", "method"]), row.text(&["name"])),
        total_time: requests.zip(rate).map(|(requests, rate)| requests as f64 / rate),
        requests_count: requests,
        error_count: row.number(FAILURES).count(),
        latency: Latency {
            mean: milliseconds(&["average response time"]),
            std: None,
            min: milliseconds(&["min response time"]),
            p50: milliseconds(&["50%", "median response time"]),
            p75: milliseconds(&["75%"]),
            p90: milliseconds(&["90%"]),
            p95: milliseconds(&["95%"]),
            p99: milliseconds(&["99%"]),
            p99_9: milliseconds(&["99.9%"]),
            max: milliseconds(&["max response time"]),
        },
        ..Run::default()
    };
    if run.total_time.is_some() {
        run.mark_derived(Column::TotalTime);
    }
    run
}
