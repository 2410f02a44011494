//! Up to which load each framework meets the objective.

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::wording::{Wording, members};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity};
use crate::scaling::{Capacity as Found, CapacityOutcome, FAILING};

/// How far an objective for latency and errors carries.
pub(super) struct Capacity;

impl Rule for Capacity {
    fn id(&self) -> &'static str {
        "capacity"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let mut asked: IndexMap<(&str, &str), Vec<(usize, &Found)>> = IndexMap::new();
        for (place, capacity) in evidence.capacities.iter().enumerate() {
            asked.entry((&capacity.scenario, &capacity.slo)).or_default().push((place, capacity));
        }
        asked.iter().map(|((scenario, slo), found)| self.finding(scenario, slo, found, evidence.wording())).collect()
    }
}

impl Capacity {
    fn finding(&self, scenario: &str, slo: &str, found: &[(usize, &Found)], words: Wording<'_>) -> Finding {
        let claims: Vec<String> = found.iter().map(|(_, capacity)| claim(capacity, words)).collect();
        let capacities: Vec<&Found> = found.iter().map(|(_, capacity)| *capacity).collect();
        let is_met = capacities.iter().any(|capacity| reach(capacity).is_some());
        Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: if is_met { Severity::Notice } else { Severity::Warning },
            frameworks: capacities.iter().map(|capacity| capacity.framework.clone()).collect(),
            message: words.in_scenario(scenario)
                + &words.say(
                    format!("{slo} holds {}", claims.join("; ")),
                    format!("{slo} 的满足情况：{}", claims.join("；")),
                ),
            advice: advice(&capacities, words),
            rests_on: found.iter().map(|(place, _)| format!("/capacity/{place}")).collect(),
            evidence: members(json!({
                "slo": slo,
                "capacities": capacities
                    .iter()
                    .map(|capacity| json!({
                        "framework": capacity.framework,
                        "outcome": capacity.outcome,
                        "concurrency": capacity.concurrency,
                        "low": capacity.low,
                        "high": capacity.high,
                    }))
                    .collect::<Vec<_>>(),
            })),
        }
    }
}

/// The load that a framework is known to carry.
fn reach(capacity: &Found) -> Option<u32> {
    match capacity.outcome {
        CapacityOutcome::MetEverywhere | CapacityOutcome::Between => capacity.concurrency,
        CapacityOutcome::MetNowhere | CapacityOutcome::Unknown => None,
    }
}

/// What follows for a choice. A framework that meets the objective wherever it was measured carries at least its own
/// highest level, and nobody knows how much more.
fn advice(capacities: &[&Found], words: Wording<'_>) -> String {
    let known = capacities.iter().filter(|capacity| reach(capacity).is_some());
    let Some(most) = known.clone().filter_map(|capacity| reach(capacity)).max() else {
        return words.say(
            "None of them is known to meet it at any level: measure lower levels, or record what it asks for.",
            "没有任何框架已知能满足它：请测量更低的级别，或记录它所要求的数值。",
        );
    };
    let open: Vec<&Found> =
        known.clone().copied().filter(|capacity| capacity.outcome == CapacityOutcome::MetEverywhere).collect();
    // Whoever is known to carry no more than this is behind, whatever the others do above.
    let may_lead = |capacity: &&&Found| {
        capacity.outcome == CapacityOutcome::MetEverywhere
            || most <= capacity.high.max(capacity.concurrency).unwrap_or_default()
    };
    let leading: Vec<&str> = known.clone().filter(may_lead).map(|capacity| capacity.framework.as_str()).collect();
    let names = words.list(&leading);
    let order = match (capacities.len(), leading.as_slice()) {
        (1, _) => String::new(),
        (_, [one]) => {
            words.say(format!("Under this objective {one} carries the most. "), format!("在此目标下 {one} 承载最多。"))
        }
        _ => words.say(
            format!("Which of {names} carries the most can't be told from these levels. "),
            format!("从这些级别无法判断 {names} 中谁承载最多。"),
        ),
    };
    let next = match open.as_slice() {
        [] => words.say("Leave room below the lower end.", "请在区间下限之下留出余量。"),
        open => {
            let ends = open.iter().map(|capacity| {
                let highest = capacity.concurrency.unwrap_or_default();
                words.say(
                    format!("{} above {highest}", capacity.framework),
                    format!("{} 的 {highest} 以上", capacity.framework),
                )
            });
            let ends = words.list(ends);
            words.say(format!("Measure {ends} to find where it ends."), format!("请测量 {ends}，以找到极限。"))
        }
    };
    order + &next
}

fn claim(capacity: &Found, words: Wording<'_>) -> String {
    let name = &capacity.framework;
    let axis = words.axis();
    match (capacity.outcome, capacity.concurrency) {
        (CapacityOutcome::MetEverywhere, Some(highest)) => words.say(
            format!("for {name} at every level measured, up to {highest}"),
            format!("{name} 在所有测过的级别（至 {highest}）都满足"),
        ),
        (CapacityOutcome::Between, Some(level)) => {
            let around = capacity.low.zip(capacity.high).filter(|(low, high)| low < high);
            let around =
                around.map(|(low, high)| words.say(format!(" ({low} to {high})"), format!("（{low} 至 {high}）")));
            let around = around.unwrap_or_default();
            let where_it_ends = where_it_ends(capacity, words);
            words.say(
                format!("for {name} up to {axis} {level}{around}{where_it_ends}"),
                format!("{name} 到{axis} {level}{around}为止{where_it_ends}"),
            )
        }
        (CapacityOutcome::Unknown, _) => {
            let missing = capacity.limited_by.as_deref().unwrap_or_default();
            words.say(
                format!("for {name} up to an unknown level, as nothing was measured for {missing}"),
                format!("{name} 未知：没有 {missing} 的测量值"),
            )
        }
        _ => words.say(format!("for {name} at no level"), format!("{name} 在任何级别都不满足")),
    }
}

/// What ends it, where that is not clear from the objective.
fn where_it_ends(capacity: &Found, words: Wording<'_>) -> String {
    let limit = capacity.limited_by.as_deref().filter(|limit| *limit != capacity.slo);
    match (limit, capacity.first_violation) {
        (Some(FAILING), Some(at)) => {
            words.say(format!("; at {at} most requests fail"), format!("；在 {at} 时大多数请求失败"))
        }
        (Some(limit), _) => words.say(format!(", where {limit} ends"), format!("，受限于 {limit}")),
        (None, _) => String::new(),
    }
}
