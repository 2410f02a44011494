//! Runs that were made at the same time. They took each other's processors, connections and caches, and each is slower
//! than it would have been alone. A clock that was set back looks the same.

use serde_json::json;

use crate::findings::places::{frameworks, in_brackets};
use crate::findings::tools::file;
use crate::findings::wording::{count, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Run};

/// Two runs of different tests overlap in time.
pub(super) struct OverlappingRuns;

/// Many tools say when a run began in whole seconds, so an overlap below this may be none, s.
const LEAST: f64 = 1.0;

/// An overlap of a smaller part of the shorter run than this disturbs it little.
const LEAST_SHARE: f64 = 0.1;

/// A run with its time, µs since 1970.
#[derive(Clone, Copy)]
struct Timed<'a> {
    run: &'a Run,
    start: i64,
    end: i64,
}

/// Two runs and how long both were under way, s.
struct Overlap<'a> {
    first: &'a Run,
    second: &'a Run,
    seconds: f64,
}

impl Rule for OverlappingRuns {
    fn id(&self) -> &'static str {
        "overlapping-runs"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let found = overlaps(evidence.runs);
        let Some(longest) = found.iter().max_by(|a, b| a.seconds.total_cmp(&b.seconds)) else { return Vec::new() };
        let words = evidence.wording();
        let places = || found.iter().flat_map(|overlap| [overlap.first, overlap.second]).map(CellKey::of);
        let [first, second] = [longest.first, longest.second].map(|run| words.cell(&CellKey::of(run)));
        let (seconds, where_found) = (time(longest.seconds), in_brackets(places(), words));
        vec![Finding::trust(
            self,
            Severity::Warning,
            frameworks(places(), evidence),
            words.say(
                format!(
                    "{} began before another had ended{where_found}; longest, for {seconds}, {first} and {second} were under \
                     way at once",
                    count(found.len(), "run")
                ),
                format!(
                    "{} 次运行在另一次结束之前就开始了{where_found}；重叠最长的是 {first} 与 {second}，同时进行了 {seconds}",
                    found.len()
                ),
            ),
            words.say(
                "Runs at once disturb each other: measure one after the other. If they were, a clock was set back or times are \
                 wrong.",
                "同时进行的运行会互相干扰：请依次测量。如果确实是依次测量的，则说明时钟被回拨或时间有误。",
            ),
            json!({
                "overlaps": found
                    .iter()
                    .map(|overlap| json!({
                        "first": overlap.first.source,
                        "second": overlap.second.source,
                        "seconds": overlap.seconds,
                    }))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

/// Each run that began before one of another test ended, with the one of these that ends last.
fn overlaps<'r>(runs: impl IntoIterator<Item = &'r Run>) -> Vec<Overlap<'r>> {
    let mut timed: Vec<Timed<'_>> = runs.into_iter().filter_map(timed).collect();
    timed.sort_by_key(|timed| (timed.start, timed.end));
    let mut found = Vec::new();
    let mut last: Option<Timed<'_>> = None;
    for next in timed {
        if let Some(before) = last {
            let micros = before.end.min(next.end).saturating_sub(next.start);
            let shorter = before.length().min(next.length());
            let seconds = micros as f64 / 1e6;
            if is_another_test(before.run, next.run) && LEAST < seconds && LEAST_SHARE * shorter < seconds {
                found.push(Overlap { first: before.run, second: next.run, seconds });
            }
        }
        if last.is_none_or(|before| before.end < next.end) {
            last = Some(next);
        }
    }
    found
}

/// Scenarios of one test, and rows of one file that begin at the same moment, are one test.
fn is_another_test(a: &Run, b: &Run) -> bool {
    let is_one = file(a) == file(b) && (a.scenario != b.scenario || a.timestamp == b.timestamp);
    // What one tool writes of one test into several files has the same name and level, and begins at the same moment.
    let is_same = a.framework == b.framework && a.concurrency == b.concurrency && a.timestamp == b.timestamp;
    !is_one && !is_same
}

fn timed(run: &Run) -> Option<Timed<'_>> {
    let (start, total) = (run.timestamp?, run.total_time.filter(|total| 0.0 < *total && *total < 1e9)?);
    Some(Timed { run, start, end: start.checked_add((total * 1e6) as i64)? })
}

impl Timed<'_> {
    /// s
    fn length(&self) -> f64 {
        self.end.saturating_sub(self.start) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(framework: &str, start: i64, total: f64) -> Run {
        Run {
            framework: framework.into(),
            timestamp: Some(start * 1_000_000),
            total_time: Some(total),
            source: format!("{framework}.json:1"),
            ..Run::default()
        }
    }

    #[test]
    fn runs_at_once_are_found_and_runs_in_turns_are_not() {
        assert_eq!(overlaps(&[run("a", 0, 30.0), run("b", 10, 30.0)]).len(), 1);
        assert!(overlaps(&[run("a", 0, 30.0), run("b", 30, 30.0), run("c", 59, 30.0)]).is_empty());
        // A long one before three short ones.
        assert_eq!(overlaps(&[run("a", 0, 100.0), run("b", 10, 5.0), run("c", 20, 5.0), run("d", 120, 5.0)]).len(), 2);
    }

    #[test]
    fn scenarios_of_one_test_do_not_overlap() {
        let of = |scenario: &str, start| Run { scenario: scenario.into(), ..run("a", start, 30.0) };
        assert!(overlaps(&[of("x", 0), of("y", 1)]).is_empty());
        assert!(overlaps(&[run("a", 0, 30.0), run("a", 0, 30.0)]).is_empty());
        assert!(overlaps(&[Run { timestamp: None, ..run("a", 0, 30.0) }, run("b", 0, 30.0)]).is_empty());
    }
}
