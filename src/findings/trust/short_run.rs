//! Runs that are over before they say anything: their start and their end, when not all connections are busy, are most of
//! them.

use serde_json::json;

use crate::findings::places::{frameworks, in_brackets};
use crate::findings::tools::is_load_test;
use crate::findings::wording::{Wording, count, significant, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Column, Run};

/// A run is too short for its load or its latency.
pub(super) struct ShortRun;

/// Below this much time the first connections, and whatever else a machine does, weigh as much as the work, s.
const LEAST_TIME: f64 = 0.1;

/// With so many requests for each connection, start and end are about a tenth of the run: each takes half a round.
const LEAST_ROUNDS: f64 = 10.0;

/// A run that is shorter than so many of its slowest requests depends on where that one fell.
const LEAST_SLOWEST: f64 = 5.0;

/// What a run is too short for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Short {
    /// There were fewer requests than connections, so the level was not reached.
    BelowLevel { requests: u64, concurrency: u32 },
    /// It took so long, s.
    Time(f64),
    /// There were so many requests for each connection.
    Rounds(f64),
    /// It was so many times as long as its slowest request.
    Slowest(f64),
}

impl Rule for ShortRun {
    fn id(&self) -> &'static str {
        "short-run"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let asked = evidence.runs.iter().filter(|run| is_load_test(run) && !run.is_dead());
        let all = asked.clone().count();
        let found: Vec<(&Run, Short)> = asked.filter_map(|run| Some((run, short(run)?))).collect();
        let by_seriousness = |(_, a): &&(&Run, Short), (_, b): &&(&Run, Short)| {
            a.rank().cmp(&b.rank()).then_with(|| b.size().total_cmp(&a.size()))
        };
        // Of equally short runs the first is named.
        let Some((first, worst)) = found.iter().rev().max_by(by_seriousness) else { return Vec::new() };
        let places = || found.iter().map(|(run, _)| CellKey::of(run));
        let (place, reason, where_found) =
            (words.cell(&CellKey::of(first)), worst.reason(words), in_brackets(places(), words));
        let of = |is: fn(&Short) -> bool| found.iter().filter(|(_, short)| is(short)).count();
        let below = of(|short| matches!(short, Short::BelowLevel { .. }));
        vec![Finding::trust(
            self,
            if 0 < below { Severity::Warning } else { Severity::Notice },
            frameworks(places(), evidence),
            words.say(
                format!(
                    "{} of {} {} short{where_found}: {place}, {reason}",
                    found.len(),
                    count(all, "run"),
                    if found.len() == 1 { "is" } else { "are" }
                ),
                format!("{all} 次运行中有 {} 次太短{where_found}：{place}，{reason}", found.len()),
            ),
            words.say(
                "Start and end of a run, when not all connections are busy, weigh in its times. Let each connection send 10 \
                 requests or more, and let a run take 5 times its slowest request, and seconds rather than milliseconds.",
                "运行的开头和结尾并非所有连接都在忙，却计入时间。请让每个连接至少发送 10 个请求，让运行时间至少为最慢请求的 5 倍，\
                 并以秒而不是毫秒计。",
            ),
            json!({
                "runs": all,
                "short": found.len(),
                "fewer_requests_than_concurrency": below,
                "below_100_ms": of(|short| matches!(short, Short::Time(_))),
                "below_10_requests_per_connection": of(|short| matches!(short, Short::Rounds(_))),
                "below_5_times_the_slowest_request": of(|short| matches!(short, Short::Slowest(_))),
            }),
        )]
    }
}

impl Short {
    fn rank(&self) -> u8 {
        match self {
            Self::BelowLevel { .. } => 3,
            Self::Time(_) => 2,
            Self::Rounds(_) => 1,
            Self::Slowest(_) => 0,
        }
    }

    /// Below its limit; the smaller, the worse.
    fn size(&self) -> f64 {
        match *self {
            Self::BelowLevel { requests, concurrency } => requests as f64 / f64::from(concurrency),
            Self::Time(size) | Self::Rounds(size) | Self::Slowest(size) => size,
        }
    }

    fn reason(&self, words: Wording<'_>) -> String {
        match *self {
            Self::BelowLevel { requests, concurrency } => words.say(
                format!("{requests} requests never were {concurrency} at once"),
                format!("只有 {requests} 个请求，从未达到 {concurrency} 个并发"),
            ),
            Self::Time(total) => {
                let total = time(total);
                words.say(format!("it took {total}"), format!("只用了 {total}"))
            }
            Self::Rounds(rounds) => {
                let rounds = significant(rounds, 2);
                let requests = if rounds == "1" { "request" } else { "requests" };
                words.say(format!("{rounds} {requests} for each connection"), format!("每个连接只有 {rounds} 个请求"))
            }
            Self::Slowest(times) => {
                let times = significant(times, 2);
                words.say(format!("{times} times as long as its slowest request"), format!("只有最慢请求的 {times} 倍"))
            }
        }
    }
}

/// What a run is too short for, the most serious reason of several.
fn short(run: &Run) -> Option<Short> {
    let concurrency = run.concurrency.filter(|_| !run.is_derived(Column::Concurrency));
    let rounds = concurrency.zip(run.requests_count).filter(|(concurrency, _)| 0 < *concurrency);
    if let Some((concurrency, requests)) = rounds.filter(|(concurrency, requests)| *requests < u64::from(*concurrency))
    {
        return Some(Short::BelowLevel { requests, concurrency });
    }
    let slowest = run.total_time.zip(run.latency.max).filter(|(_, slowest)| 0.0 < *slowest);
    let rounds = rounds.map(|(concurrency, requests)| requests as f64 / f64::from(concurrency));
    run.total_time
        .filter(|total| *total < LEAST_TIME)
        .map(Short::Time)
        .or(rounds.filter(|rounds| *rounds < LEAST_ROUNDS).map(Short::Rounds))
        .or(slowest.map(|(total, slowest)| total / slowest).filter(|times| *times < LEAST_SLOWEST).map(Short::Slowest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Latency;

    #[test]
    fn each_reason_has_a_limit() {
        let run = |concurrency, requests, total, slowest| Run {
            concurrency: Some(concurrency),
            requests_count: Some(requests),
            total_time: Some(total),
            latency: Latency { max: slowest, ..Latency::default() },
            ..Run::default()
        };
        let table = [
            (run(10, 100, 1.0, Some(0.2)), None),
            (run(10, 9, 1.0, None), Some(Short::BelowLevel { requests: 9, concurrency: 10 })),
            (run(10, 100, 0.05, None), Some(Short::Time(0.05))),
            (run(10, 50, 1.0, None), Some(Short::Rounds(5.0))),
            (run(10, 100, 1.0, Some(0.5)), Some(Short::Slowest(2.0))),
            (run(0, 0, 1.0, Some(0.0)), None),
            (Run::default(), None),
        ];
        for (run, expected) in table {
            assert_eq!(short(&run), expected, "{run:?}");
        }
    }
}
