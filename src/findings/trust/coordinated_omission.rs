//! Stalls that a closed loop hides. A connection that waits for an answer sends nothing, so the requests that would have
//! met the stall are never made, and a stall of seconds is one slow request among thousands (Tene, "How NOT to Measure
//! Latency", 2013, who named it coordinated omission).

use serde_json::json;

use crate::findings::places::{evidence_of, frameworks, in_brackets};
use crate::findings::tools::is_closed_loop;
use crate::findings::wording::{Wording, count, percent, significant, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Run};

/// The slowest request of a run stands for many that were never sent.
pub(super) struct CoordinatedOmission;

/// From here on a stall is no hiccup of a scheduler or collector, s.
const STALL: f64 = 0.5;

/// How many times the typical latency the slowest request has to take.
const FACTOR: f64 = 20.0;

/// With a slowest request of this share of the run, there was hardly any other.
const WHOLE_RUN: f64 = 0.5;

/// With fewer requests for each connection every request takes a large part of the run.
const LEAST_ROUNDS: f64 = 10.0;

/// A run with a stall.
struct Stalled<'a> {
    run: &'a Run,
    /// The slowest request, s.
    slowest: f64,
    /// The median latency, or the mean where it is not known, s.
    typical: f64,
}

impl Rule for CoordinatedOmission {
    fn id(&self) -> &'static str {
        "coordinated-omission"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let found: Vec<Stalled<'_>> = evidence.runs.iter().filter_map(stalled).collect();
        let Some(worst) = found.iter().max_by(|a, b| a.slowest.total_cmp(&b.slowest)) else { return Vec::new() };
        let words = evidence.wording();
        let places = || found.iter().map(|stalled| CellKey::of(stalled.run));
        let (place, where_found) = (words.cell(&CellKey::of(worst.run)), in_brackets(places(), words));
        let (slowest, typical) = (time(worst.slowest), time(worst.typical));
        let times = significant(worst.slowest / worst.typical, 2);
        vec![Finding::trust(
            self,
            Severity::Warning,
            frameworks(places(), evidence),
            words.say(
                format!(
                    "{} had stalls that percentiles understate{where_found}: {place}, the slowest request took {slowest}, \
                     {times} times the typical {typical}",
                    count(found.len(), "run")
                ),
                format!(
                    "{} 次运行中有百分位数低估的停顿{where_found}：{place}，最慢的请求用了 {slowest}，是典型延迟 {typical} 的 \
                     {times} 倍",
                    found.len()
                ),
            ) + &whole_run(worst, words),
            words.say(
                "While a request waits, its connection sends nothing, so the stall counts once and not for every request that would \
                 have met it. For latencies that users see, send at a constant rate (wrk2 -R, vegeta, oha -q with \
                 --latency-correction, k6 constant-arrival-rate); and find what stalled.",
                "请求等待时，其连接不再发送请求，因此停顿只计一次，而不是计入每个本会遇到它的请求。要得到用户实际感受到的延迟，请以恒定\
                 速率发送（wrk2 -R、vegeta、oha -q 加 --latency-correction、k6 constant-arrival-rate），并查明停顿的原因。",
            ),
            json!({
                "runs": found
                    .iter()
                    .map(|stalled| evidence_of(&CellKey::of(stalled.run), json!({
                        "latency_max": stalled.slowest,
                        "typical_latency": stalled.typical,
                        "total_time": stalled.run.total_time,
                        "source": stalled.run.source,
                    })))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

fn whole_run(worst: &Stalled<'_>, words: Wording<'_>) -> String {
    match share_of_run(worst.run, worst.slowest).filter(|share| WHOLE_RUN <= *share) {
        Some(share) => {
            let share = percent(share);
            words.say(format!(", which is {share} of the run"), format!("，占整个运行的 {share}"))
        }
        None => String::new(),
    }
}

fn stalled(run: &Run) -> Option<Stalled<'_>> {
    if !is_closed_loop(run) || run.is_dead() {
        return None;
    }
    let slowest = run.latency.max?;
    let typical = run.latency.p50.or(run.latency.mean).filter(|typical| 0.0 < *typical)?;
    let rounds = run
        .requests_count
        .zip(run.concurrency)
        .map(|(requests, concurrency)| requests as f64 / f64::from(concurrency.max(1)));
    let is_long_run = rounds.is_none_or(|rounds| LEAST_ROUNDS <= rounds);
    let is_whole_run = is_long_run && share_of_run(run, slowest).is_some_and(|share| WHOLE_RUN <= share);
    let is_stall = STALL <= slowest && FACTOR * typical <= slowest;
    (is_stall || is_whole_run).then_some(Stalled { run, slowest, typical })
}

fn share_of_run(run: &Run, slowest: f64) -> Option<f64> {
    run.total_time.filter(|total| 0.0 < *total).map(|total| slowest / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Latency;

    fn run(p50: f64, max: f64, total: f64, requests: u64) -> Run {
        Run {
            concurrency: Some(10),
            total_time: Some(total),
            requests_count: Some(requests),
            latency: Latency { p50: Some(p50), max: Some(max), ..Latency::default() },
            ..Run::default()
        }
    }

    #[test]
    fn stalls_of_seconds_and_of_half_a_run_are_found() {
        assert!(stalled(&run(0.01, 1.0, 30.0, 9000)).is_some());
        assert!(stalled(&run(0.01, 0.4, 0.7, 500)).is_some());
    }

    #[test]
    fn slow_requests_that_are_no_stall_are_not() {
        // A heavy tail of a slow service, a hiccup, a single round of requests.
        assert!(stalled(&run(0.2, 1.0, 30.0, 1500)).is_none());
        assert!(stalled(&run(0.001, 0.1, 30.0, 9000)).is_none());
        assert!(stalled(&run(0.05, 0.06, 0.06, 10)).is_none());
        assert!(stalled(&Run { tool: "vegeta-report".into(), ..run(0.01, 1.0, 30.0, 9000) }).is_none());
        assert!(stalled(&run(0.0, 0.0, 0.0, 0)).is_none());
    }
}
