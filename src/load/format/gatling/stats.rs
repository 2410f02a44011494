//! `js/stats.json` of Gatling's report: a tree of groups and requests; and `js/global_stats.json`, its root alone.
//!
//! Numbers are texts in older versions, with `-` where there is none. Latencies are those of the requests that were OK.
//! `percentiles1` to `4` are the 50th, 75th, 95th and 99th unless `gatling.conf` says otherwise, which the file does not
//! tell. There is no number of users and no date.

use serde::Deserialize;

use super::super::wire::{self, Members, Number};
use super::super::{document, notice};
use crate::load::format::prelude::*;

/// The statistics of a report.
pub(in super::super) static GATLING_STATS: Format = Format {
    name: "gatling-stats",
    about: "Gatling report: stats.json, global_stats.json",
    recognised_by: "numberOfRequests and meanNumberOfRequestsPerSecond",
    marks: Marks::Members(&[&["\"numberOfRequests\"", "\"meanNumberOfRequestsPerSecond\""]]),
    read,
    ..Format::BASE
};

/// A node of `stats.json`, or all of `global_stats.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    name: String,
    stats: Stats,
    contents: Members<Self>,
    #[serde(flatten)]
    own: Stats,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Stats {
    number_of_requests: Numbers,
    min_response_time: Numbers,
    max_response_time: Numbers,
    mean_response_time: Numbers,
    standard_deviation: Numbers,
    percentiles1: Numbers,
    percentiles2: Numbers,
    percentiles3: Numbers,
    percentiles4: Numbers,
    mean_number_of_requests_per_second: Numbers,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Numbers {
    total: Number,
    ok: Number,
    ko: Number,
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let root: Node = document::read(source, "statistics of Gatling")?;
    let mut runs = Vec::new();
    requests(&root, String::new(), &mut runs);
    if runs.is_empty() {
        let stats = if root.own.number_of_requests.total.get().is_some() { &root.own } else { &root.stats };
        runs.extend(stats.run(String::new()).map(|run| (String::new(), run)));
    }
    if runs.is_empty() {
        return Err(ReadError::NoRecord { expected: "a number of requests above 0" });
    }
    notice::lossy(
        sink,
        "the report has latencies in whole milliseconds, percentiles taken for the 50th, 75th, 95th and 99th, and no users",
        "give benchplot the simulation.log",
    );
    for (number, (pointer, run)) in (1..).zip(runs) {
        sink.run(&Place::Record { number, pointer }, run);
    }
    Ok(())
}

/// The requests below a node, with their JSON pointers.
fn requests(node: &Node, pointer: String, runs: &mut Vec<(String, Run)>) {
    if node.kind == "REQUEST" {
        let scenario = if node.path.is_empty() { node.name.clone() } else { node.path.clone() };
        runs.extend(node.stats.run(scenario).map(|run| (pointer.clone(), run)));
    }
    for (name, child) in &node.contents.0 {
        requests(child, format!("{pointer}{}", wire::pointer(&["contents", name])), runs);
    }
}

impl Stats {
    fn run(&self, scenario: String) -> Option<Run> {
        let requests = self.number_of_requests.total.count().filter(|&requests| 0 < requests)?;
        let rate = self.mean_number_of_requests_per_second.total.get().filter(|rate| 0.0 < *rate);
        let milliseconds = |numbers: &Numbers| numbers.ok.time(1e3);
        let mut run = Run {
            scenario,
            total_time: rate.map(|rate| requests as f64 / rate),
            requests_count: Some(requests),
            success_count: self.number_of_requests.ok.count(),
            error_count: self.number_of_requests.ko.count(),
            latency: Latency {
                mean: milliseconds(&self.mean_response_time),
                std: milliseconds(&self.standard_deviation),
                min: milliseconds(&self.min_response_time),
                p50: milliseconds(&self.percentiles1),
                p75: milliseconds(&self.percentiles2),
                p95: milliseconds(&self.percentiles3),
                p99: milliseconds(&self.percentiles4),
                max: milliseconds(&self.max_response_time),
                ..Latency::default()
            },
            ..Run::default()
        };
        if run.total_time.is_some() {
            run.mark_derived(Column::TotalTime);
        }
        Some(run)
    }
}
