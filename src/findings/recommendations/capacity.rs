//! Up to which load each framework meets the objective.

use serde_json::json;

use crate::findings::wording::{Wording, members};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity};
use crate::scaling::{Capacity as Found, CapacityOutcome};

/// How far an objective for latency and errors carries.
pub(super) struct Capacity;

impl Rule for Capacity {
    fn id(&self) -> &'static str {
        "capacity"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.scenarios().into_iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl Capacity {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let found: Vec<(usize, &Found)> =
            evidence.capacities.iter().enumerate().filter(|(_, capacity)| capacity.scenario == scenario).collect();
        let slo = &found.first()?.1.slo;
        let highest = *evidence.runs.levels().last()?;
        let claims = found.iter().map(|(_, capacity)| claim(capacity, highest, words));
        let claims: Vec<String> = claims.collect();
        let reach = |capacity: &Found| match capacity.outcome {
            CapacityOutcome::MetEverywhere => Some(u32::MAX),
            CapacityOutcome::Between => capacity.concurrency,
            CapacityOutcome::MetNowhere | CapacityOutcome::Unknown => None,
        };
        let best = found.iter().filter_map(|(_, capacity)| reach(capacity)).max();
        let best: Vec<&str> = found
            .iter()
            .filter(|(_, capacity)| best.is_some() && reach(capacity) == best)
            .map(|(_, capacity)| capacity.framework.as_str())
            .collect();
        let is_met_everywhere = found.iter().any(|(_, found)| found.outcome == CapacityOutcome::MetEverywhere);
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: if best.is_empty() { Severity::Warning } else { Severity::Notice },
            frameworks: found.iter().map(|(_, capacity)| capacity.framework.clone()).collect(),
            message: words.in_scenario(scenario)
                + &words.say(
                    format!("{slo} holds {}", claims.join("; ")),
                    format!("{slo} 的满足情况：{}", claims.join("；")),
                ),
            advice: match best.as_slice() {
                [] => words.say(
                    "None of them is known to meet it at any level: measure lower levels, or record what it asks for.",
                    "没有任何框架已知能满足它：请测量更低的级别，或记录它所要求的数值。",
                ),
                _ if is_met_everywhere => words.say(
                    format!("Measure above {highest} to find the end of {}.", words.list(&best)),
                    format!("请在 {highest} 以上测量，以找到 {} 的极限。", words.list(&best)),
                ),
                _ => words.say(
                    format!(
                        "Under this objective {} carries the most; leave room below the lower end.",
                        words.list(&best)
                    ),
                    format!("在此目标下 {} 承载最多；请在区间下限之下留出余量。", words.list(&best)),
                ),
            },
            rests_on: found.iter().map(|(place, _)| format!("/capacity/{place}")).collect(),
            evidence: members(json!({
                "slo": slo,
                "capacities": found
                    .iter()
                    .map(|(_, capacity)| json!({
                        "framework": capacity.framework,
                        "outcome": capacity.outcome,
                        "concurrency": capacity.concurrency,
                        "low": capacity.low,
                        "high": capacity.high,
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

fn claim(capacity: &Found, highest: u32, words: Wording<'_>) -> String {
    let name = &capacity.framework;
    let axis = words.axis();
    match (capacity.outcome, capacity.concurrency) {
        (CapacityOutcome::MetEverywhere, _) => words.say(
            format!("for {name} at every level measured, up to {highest}"),
            format!("{name} 在所有测过的级别（至 {highest}）都满足"),
        ),
        (CapacityOutcome::Between, Some(level)) => {
            let around = capacity.low.zip(capacity.high).filter(|(low, high)| low < high);
            let around =
                around.map(|(low, high)| words.say(format!(" ({low} to {high})"), format!("（{low} 至 {high}）")));
            let around = around.unwrap_or_default();
            // With a single condition it is clear which one ends it.
            let limit = capacity.limited_by.as_deref().filter(|limit| *limit != capacity.slo);
            let where_it_ends =
                limit.map(|limit| words.say(format!(", where {limit} ends"), format!("，受限于 {limit}")));
            let where_it_ends = where_it_ends.unwrap_or_default();
            words.say(
                format!("for {name} up to {axis} {level}{around}{where_it_ends}"),
                format!("{name} 到{axis} {level}{around}为止{where_it_ends}"),
            )
        }
        (CapacityOutcome::Unknown, _) => {
            let missing = capacity.limited_by.as_deref().unwrap_or_default();
            words.say(
                format!("for {name} nobody knows how far: nothing was measured for {missing}"),
                format!("{name} 未知：没有 {missing} 的测量值"),
            )
        }
        _ => words.say(format!("for {name} at no level"), format!("{name} 在任何级别都不满足")),
    }
}
