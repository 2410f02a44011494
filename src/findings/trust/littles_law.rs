//! Little's law: throughput times mean latency is the mean number of requests in flight, whatever the system does. In a
//! closed loop that number is the concurrency, so three numbers check each other (Little, "A Proof for the Queuing
//! Formula: L = λW", Operations Research 9, 1961).

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::places::{evidence_of, frameworks, in_brackets};
use crate::findings::resolution::{self, Readings};
use crate::findings::tools::{file, has_users, is_closed_loop, rewrites_latencies};
use crate::findings::wording::significant;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Column, Run};
use crate::stats::{TOLERANCE, is_close};

/// Throughput, mean latency and concurrency do not fit together.
pub(super) struct LittlesLaw;

/// How many rounds of requests a run loses at its start and its end, when not all connections are busy.
const LOST_ROUNDS: f64 = 2.0;

/// Above this share of failed requests the successful ones do not account for all that was in flight.
const FEW_ERRORS: f64 = 0.01;

/// How many requests of some runs were in flight, on average.
#[derive(Debug, Clone, Copy)]
struct InFlight<'a> {
    run: &'a Run,
    /// With every latency as short as its clock allows.
    low: f64,
    /// As the numbers are.
    mean: f64,
    /// With every latency as long as its clock allows.
    high: f64,
}

impl Rule for LittlesLaw {
    fn id(&self) -> &'static str {
        "littles-law"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let (mut more, mut rewritten, mut fewer) = (Vec::new(), Vec::new(), Vec::new());
        for found in together(evidence.runs) {
            let concurrency = f64::from(found.run.concurrency.unwrap_or(1));
            if concurrency * (1.0 + TOLERANCE) < found.low {
                if rewrites_latencies(found.run) { rewritten.push(found) } else { more.push(found) }
            } else if found.high < concurrency * (1.0 - TOLERANCE) - lost(found.run)
                && found.run.error_rate().unwrap_or(0.0) <= FEW_ERRORS
            {
                fewer.push(found);
            }
        }
        let words = evidence.wording();
        let all_have_users = fewer.iter().all(|found| has_users(found.run));
        let more_advice = words.say(
            "One of the three is wrong: check units and --map, whether the level is the number of connections (and not of \
             threads or of something else), and whether the tool corrects its latencies.",
            "三个数字中必有一个不对：请检查单位和 --map，级别是否真的是连接数（而不是线程数或其他），以及工具是否修正过延迟。",
        );
        let rewritten_advice = words.say(
            "wrk adds latencies that it believes to have missed to those it measured. Do not use its latencies here; \
             concurrency / throughput is the mean one, and throughput and times are not concerned.",
            "wrk 会在实测延迟之外补上它认为漏掉的延迟。此处请不要使用它的延迟；平均延迟等于并发数除以吞吐量，吞吐量和时间不受影响。",
        );
        let fewer_advice = words.say(
            "Frameworks were not loaded as the level says: the client waited or thought between requests, limited its \
             rate, worked in batches, was busy itself, or spent time that is in no latency (connecting). Compare at the same load \
             in flight, or see what the client did.",
            "实际负载没有达到级别所示：客户端在请求之间等待或思考、限制了速率、按批次工作、自身过忙，或者有一部分时间不在延迟之内\
             （例如建立连接）。请在相同的在途请求数下比较，或查明客户端的行为。",
        );
        let findings = [
            self.finding(&more, Severity::Warning, more_advice, evidence),
            self.finding(&rewritten, Severity::Notice, rewritten_advice, evidence),
            self.finding(
                &fewer,
                if all_have_users { Severity::Info } else { Severity::Notice },
                fewer_advice,
                evidence,
            ),
        ];
        findings.into_iter().flatten().collect()
    }
}

impl LittlesLaw {
    fn finding(
        &self,
        found: &[InFlight<'_>],
        severity: Severity,
        advice: String,
        evidence: &Evidence<'_>,
    ) -> Option<Finding> {
        let words = evidence.wording();
        let ratio = |found: &InFlight<'_>| found.mean / f64::from(found.run.concurrency.unwrap_or(1));
        let distance = |found: &&InFlight<'_>| ratio(found).ln().abs();
        let worst = found.iter().max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        let places = || found.iter().map(|found| CellKey::of(found.run));
        let (mean, name, places_named) =
            (significant(worst.mean, 3), words.cell(&CellKey::of(worst.run)), in_brackets(places(), words));
        Some(Finding::trust(
            self,
            severity,
            frameworks(places(), evidence),
            words.say(
                format!(
                    "throughput × mean latency is not the concurrency{places_named}; farthest off is {name}, where \
                     by it {mean} requests were in flight"
                ),
                format!(
                    "吞吐量 × 平均延迟与并发数不符{places_named}；偏差最大的是 {name}：据此平均有 {mean} 个请求在途"
                ),
            ),
            advice,
            json!({
                "runs": found
                    .iter()
                    .map(|found| evidence_of(&CellKey::of(found.run), json!({"in_flight": found.mean})))
                    .collect::<Vec<_>>(),
            }),
        ))
    }
}

/// How many requests were in flight. Scenarios of one test share its users, so theirs add up.
fn together<'r>(runs: impl IntoIterator<Item = &'r Run>) -> Vec<InFlight<'r>> {
    let mut tests: IndexMap<_, InFlight<'_>> = IndexMap::new();
    for (index, run) in runs.into_iter().enumerate() {
        let Some((low, mean, high)) = in_flight(run) else { continue };
        let shared = has_users(run).then(|| (file(run), &run.framework, run.concurrency, run.repetition));
        // A run that shares nothing has a place of its own.
        let key = (shared, if shared.is_some() { 0 } else { index });
        let sum = tests.entry(key).or_insert(InFlight { run, low: 0.0, mean: 0.0, high: 0.0 });
        sum.low += low;
        sum.mean += mean;
        sum.high += high;
    }
    tests.into_values().collect()
}

/// Throughput of successes times their mean latency; the latter as small and as large as its resolution allows. `None` where
/// nothing is known, or where it is near the concurrency anyway.
fn in_flight(run: &Run) -> Option<(f64, f64, f64)> {
    let is_given = |column| !run.is_derived(column);
    if !is_closed_loop(run) || !is_given(Column::Concurrency) || !is_given(Column::LatencyMean) {
        return None;
    }
    let throughput = match (run.success_count, run.total_time) {
        (Some(successes), Some(total)) if 0.0 < total => successes as f64 / total,
        _ => run.avg_time_per_request.filter(|average| 0.0 < *average)?.recip(),
    };
    let mean = run.latency.mean?;
    let concurrency = f64::from(run.concurrency?);
    if !has_users(run) && is_close(throughput * mean, concurrency) {
        return None;
    }
    let step = resolution::step(resolution::read(&run.latency), Readings::Histogram, 1).unwrap_or(0.0);
    // Some clocks are cut off and some rounded, some up.
    let of = |mean: f64| throughput * mean.max(0.0);
    let found = (of(mean - step), of(mean), of(mean + step));
    found.2.is_finite().then_some(found)
}

/// How many of the connections, on average over the run, its start and its end leave idle.
fn lost(run: &Run) -> f64 {
    let concurrency = f64::from(run.concurrency.unwrap_or(1));
    let rounds = run.requests_count.map_or(f64::INFINITY, |requests| requests as f64 / concurrency);
    if rounds <= 0.0 { concurrency } else { concurrency * LOST_ROUNDS / rounds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Latency;

    fn run(tool: &str, mean: f64) -> Run {
        Run {
            tool: tool.into(),
            concurrency: Some(10),
            total_time: Some(1.0),
            requests_count: Some(1000),
            success_count: Some(1000),
            avg_time_per_request: Some(1e-3),
            latency: Latency { mean: Some(mean), ..Latency::default() },
            ..Run::default()
        }
    }

    fn means(runs: &[Run]) -> Vec<f64> {
        together(runs).iter().map(|found| found.mean.round()).collect()
    }

    #[test]
    fn scenarios_share_the_users_of_a_test() {
        let user =
            |scenario: &str| Run { scenario: scenario.into(), source: "a.csv:2".into(), ..run("locust-stats", 0.004) };
        assert_eq!(means(&[user("a"), user("b")]), [8.0]);
        assert_eq!(means(&[run("hey", 0.004), run("hey", 0.004)]), [4.0, 4.0]);
    }

    #[test]
    fn a_coarse_clock_leaves_room() {
        let mut coarse = run("autocannon", 0.000_22);
        coarse.latency = Latency { p99: Some(0.004), max: Some(0.032), ..coarse.latency };
        let (low, _, high) = in_flight(&coarse).unwrap();
        assert!(low <= 0.0 && 1.2 < high, "{low} {high}");
    }

    #[test]
    fn what_is_no_closed_loop_is_not_asked() {
        let mut derived = run("hey", 0.01);
        derived.mark_derived(Column::Concurrency);
        let axis = Run { axis: "n".into(), ..run("csv", 0.01) };
        for run in [
            derived,
            axis,
            run("vegeta-report", 0.01),
            run("wrk2", 0.01),
            Run { concurrency: None, ..run("hey", 0.01) },
        ] {
            assert!(in_flight(&run).is_none(), "{run:?}");
        }
    }

    #[test]
    fn a_short_run_may_leave_connections_idle() {
        let runs = [
            run("hey", 0.01),
            Run { requests_count: Some(0), ..run("hey", 0.01) },
            Run { requests_count: None, ..run("hey", 0.01) },
        ];
        assert_eq!(runs.iter().map(lost).collect::<Vec<_>>(), vec![0.2, 10.0, 0.0]);
    }
}
