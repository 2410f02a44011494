//! Runs that begin slower than they go on. Their averages mix two things.

use serde_json::json;

use crate::findings::places::frameworks;
use crate::findings::wording::{count, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::CellKey;
use crate::stats::warm_up;

/// The beginning is slower than the rest.
pub(super) struct WarmUp;

/// More than these are not named one by one.
const NAMED: usize = 3;

impl Rule for WarmUp {
    fn id(&self) -> &'static str {
        "warm-up"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let warmed: Vec<_> = evidence
            .profiled()
            .filter_map(|(run, profile)| warm_up(&profile.timeline).map(|warm_up| (run, warm_up)))
            .collect();
        let longest = warmed.iter().map(|(_, warm_up)| warm_up.length).max_by(f64::total_cmp);
        let Some(longest) = longest else { return Vec::new() };
        let places = warmed.iter().take(NAMED).map(|(run, warm_up)| {
            let place = words.cell(&CellKey::of(run));
            let length = time(warm_up.length);
            let (slow, steady) = (time(warm_up.latency), time(warm_up.steady_latency));
            words.say(
                format!("{place} for {length} ({slow} and then {steady})"),
                format!("{place} 的前 {length}（{slow}，之后 {steady}）"),
            )
        });
        let places = words.list(places);
        let runs = count(warmed.len(), "run");
        let longest = time(longest);
        let frameworks = frameworks(warmed.iter().map(|(run, _)| CellKey::of(run)), evidence);
        vec![Finding::trust(
            self,
            Severity::Notice,
            frameworks,
            words.say(
                format!("the median latency is higher at the beginning of {runs}: {places}"),
                format!("{} 次运行开始阶段的中位延迟更高：{places}", warmed.len()),
            ),
            words.say(
                format!(
                    "Let the target warm up for {longest} or longer before measuring, or measure long enough for the \
                     beginning not to matter."
                ),
                format!("测量前让被测对象至少预热 {longest}，或者把测量时间延长到开始阶段可以忽略。"),
            ),
            json!({
                "runs": warmed
                    .iter()
                    .map(|(run, warm_up)| json!({
                        "framework": run.framework,
                        "scenario": run.scenario,
                        "concurrency": run.concurrency,
                        "repetition": run.repetition,
                        "length": warm_up.length,
                        "latency": warm_up.latency,
                        "steady_latency": warm_up.steady_latency,
                    }))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}
