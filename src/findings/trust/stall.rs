//! Runs in which nothing was sent for a while. The target or the load generator stood still, and averages hide it.

use serde_json::json;

use crate::findings::places::frameworks;
use crate::findings::wording::{count, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::CellKey;
use crate::stats::stall;

/// Nothing was sent where much would have been.
pub(super) struct Stall;

/// More than these are not named one by one.
const NAMED: usize = 3;

impl Rule for Stall {
    fn id(&self) -> &'static str {
        "stall"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let stalled: Vec<_> = evidence
            .profiled()
            .filter_map(|(run, profile)| stall(&profile.timeline, run.concurrency).map(|stall| (run, stall)))
            .collect();
        if stalled.is_empty() {
            return Vec::new();
        }
        let places = stalled.iter().take(NAMED).map(|(run, stall)| {
            let place = words.cell(&CellKey::of(run));
            let (length, start) = (time(stall.length), time(stall.start));
            words.say(format!("{place} for {length} after {start}"), format!("{place} 在 {start} 后停顿 {length}"))
        });
        let places = words.list(places);
        let runs = count(stalled.len(), "run");
        let frameworks = frameworks(stalled.iter().map(|(run, _)| CellKey::of(run)), evidence);
        vec![Finding::trust(self, Severity::Warning, frameworks, words.say(
                format!("{runs} stood still, with no request sent: {places}"),
                format!("{} 次运行出现停顿，期间没有发出请求：{places}", stalled.len()),
            ), words.say(
                "See what happened then: a pause of a garbage collector, a full queue, or a load generator that waits. While \
                 nothing is sent nothing is measured, so the latencies look better than they were.",
                "请查明当时的情况：垃圾回收暂停、队列已满，或压测工具在等待。没有发出请求时就没有测量，因此延迟看起来比实际更好。",
            ), json!({
                "runs": stalled
                    .iter()
                    .map(|(run, stall)| json!({
                        "framework": run.framework,
                        "scenario": run.scenario,
                        "concurrency": run.concurrency,
                        "repetition": run.repetition,
                        "start": stall.start,
                        "length": stall.length,
                        "missing_requests": stall.missing,
                    }))
                    .collect::<Vec<_>>(),
            }))]
    }
}
