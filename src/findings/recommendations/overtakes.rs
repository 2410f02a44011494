//! Where one framework takes the lead from another as the load grows.

use serde_json::json;

use crate::compare::Crossover;
use crate::findings::wording::members;
use crate::findings::{Evidence, Finding, Kind, Rule, Severity};

/// The better of two frameworks is another one at another load.
pub(super) struct Overtakes;

impl Rule for Overtakes {
    fn id(&self) -> &'static str {
        "overtakes"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let metric = evidence.ranked_metric();
        let crossovers = evidence.crossovers.iter().enumerate().filter(|(_, crossover)| crossover.metric == metric);
        crossovers.map(|(place, crossover)| self.finding(place, crossover, evidence)).collect()
    }
}

impl Overtakes {
    fn finding(&self, place: usize, crossover: &Crossover, evidence: &Evidence<'_>) -> Finding {
        let words = evidence.wording();
        let Crossover { scenario, a, b, concurrency_low: low, concurrency_high: high, .. } = crossover;
        let (axis, metric) = (words.axis(), words.metric(crossover.metric));
        Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Notice,
            frameworks: vec![a.clone(), b.clone()],
            message: words.in_scenario(scenario)
                + &words.say(
                    format!("{b} overtakes {a} in {metric} between {axis} {low} and {high}: {a} is better at {low}, {b} at {high}"),
                    format!("{b} 的{metric}在{axis} {low} 与 {high} 之间超过 {a}：{low} 时 {a} 更好，{high} 时 {b} 更好"),
                ),
            advice: match between(*low, *high) {
                Some(middle) => words.say(
                    format!("Choose {a} up to {low} and {b} from {high} on; measure both at {middle} to know what holds between."),
                    format!("{low} 及以下选 {a}，{high} 及以上选 {b}；要知道两者之间的情况，请在 {middle} 处补测。"),
                ),
                None => words.say(
                    format!("Choose {a} up to {low} and {b} from {high} on."),
                    format!("{low} 及以下选 {a}，{high} 及以上选 {b}。"),
                ),
            },
            rests_on: vec![format!("/crossovers/{place}")],
            evidence: members(json!({
                "metric": crossover.metric,
                "better_below": a,
                "better_above": b,
                "concurrency_low": low,
                "concurrency_high": high,
            })),
        }
    }
}

/// The level in the middle of two by ratio, as levels are mostly multiples of each other; `None` where there is none between.
pub(super) fn between(low: u32, high: u32) -> Option<u32> {
    let middle = (f64::from(low) * f64::from(high)).sqrt().round() as u32;
    (low < middle && middle < high).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_between_two_others() {
        assert_eq!(between(25, 100), Some(50));
        assert_eq!(between(50, 100), Some(71));
        assert_eq!(between(10, 11), None);
        assert_eq!(between(7, 7), None);
    }
}
