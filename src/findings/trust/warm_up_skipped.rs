//! Runs whose beginning was left out, as was asked for. Their numbers are those of the rest.

use serde_json::json;

use crate::findings::places::frameworks;
use crate::findings::wording::{count, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Cut, Profile, Run};

/// The beginning is not in the numbers.
pub(super) struct WarmUpSkipped;

/// More than these are not named one by one.
const NAMED: usize = 3;

impl Rule for WarmUpSkipped {
    fn id(&self) -> &'static str {
        "warm-up-skipped"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let cut: Vec<(&Run, &Profile, Cut)> =
            evidence.profiled().filter_map(|(run, profile)| Some((run, profile, profile.cut?))).collect();
        if cut.is_empty() {
            return Vec::new();
        }
        let places = cut.iter().take(NAMED).map(|(run, profile, cut)| {
            let place = words.cell(&CellKey::of(run));
            let (length, requests, all) = (time(cut.seconds()), cut.requests, profile.requests_seen());
            words.say(
                format!("{length} of {place} ({requests} of {all} requests)"),
                format!("{place} 的前 {length}（{all} 个请求中的 {requests} 个）"),
            )
        });
        let places = words.list(places);
        let frameworks = frameworks(cut.iter().map(|(run, ..)| CellKey::of(run)), evidence);
        vec![Finding::trust(
            self,
            Severity::Info,
            frameworks,
            words.say(
                format!("the beginning of {} is left out: {places}", count(cut.len(), "run")),
                format!("{} 次运行的开始阶段未计入：{places}", cut.len()),
            ),
            words.say(
                "Compare these numbers only with those of runs whose beginning was left out in the same way.",
                "这些数字只应与以同样方式去掉开始阶段的运行相比较。",
            ),
            json!({
                "runs": cut
                    .iter()
                    .map(|(run, profile, cut)| json!({
                        "framework": run.framework,
                        "scenario": run.scenario,
                        "concurrency": run.concurrency,
                        "repetition": run.repetition,
                        "length": cut.seconds(),
                        "requests_left_out": cut.requests,
                        "requests_kept": profile.requests,
                    }))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}
