//! What the first of the ranking costs in the tail of its latencies.

use serde_json::json;

use crate::compare::{Comparison, Ranked, Verdict};
use crate::findings::wording::members;
use crate::findings::{Evidence, Finding, Kind, Rule, Severity};
use crate::record::Metric;

/// The first by time has a longer tail than another.
pub(super) struct TailCost;

/// How many times as long as that of another its tail is.
struct Cost<'a> {
    other: &'a str,
    ratio: f64,
    interval: Option<(f64, f64)>,
}

impl Rule for TailCost {
    fn id(&self) -> &'static str {
        "tail-cost"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.rankings.iter().filter_map(|ranked| self.finding(ranked, evidence)).collect()
    }
}

impl TailCost {
    fn finding(&self, ranked: &Ranked, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let ranking = &ranked.ranking;
        let first = ranking.tiers.first()?.first()?;
        let is_worse = |row: &&Comparison| {
            row.is_overall()
                && row.scenario == ranking.scenario
                && row.metric == Metric::LatencyP99
                && others(row, first).is_some_and(|other| row.verdict_on(first, other) == Some(Verdict::Worse))
        };
        let rows: Vec<&Comparison> = evidence.comparisons.iter().filter(is_worse).collect();
        let costs: Vec<Cost<'_>> = rows
            .iter()
            .filter_map(|row| {
                let other = others(row, first)?;
                let (ratio, interval) = row.ratio_of(first, other)?;
                Some(Cost { other, ratio, interval })
            })
            .collect();
        if costs.is_empty() {
            return None;
        }
        let named = words.list(costs.iter().map(|cost| words.times(cost.ratio, cost.interval, cost.other)));
        let names = words.list(costs.iter().map(|cost| cost.other));
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Notice,
            frameworks: std::iter::once(first.clone()).chain(costs.iter().map(|cost| cost.other.to_owned())).collect(),
            message: words.in_scenario(&ranking.scenario)
                + &words.say(
                    format!("{first} comes first by {}, but its p99 latency is {named}", words.metric(ranking.metric)),
                    format!("{first} 按{}排第一，但它的 p99 延迟是 {named}", words.metric(ranking.metric)),
                ),
            advice: words.say(
                format!("Where the slowest requests matter more than the work done per second, choose {names}."),
                format!("如果最慢的请求比每秒完成的工作量更重要，请选择 {names}。"),
            ),
            rests_on: rows.iter().filter_map(|row| evidence.pointer(row)).collect(),
            evidence: members(json!({
                "metric": Metric::LatencyP99,
                "against": costs
                    .iter()
                    .map(|cost| json!({
                        "framework": cost.other,
                        "ratio": cost.ratio,
                        "ci_low": cost.interval.map(|(low, _)| low),
                        "ci_high": cost.interval.map(|(_, high)| high),
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

/// The framework that `name` is compared with in this row.
fn others<'r>(row: &'r Comparison, name: &str) -> Option<&'r str> {
    match (row.baseline == name, row.candidate == name) {
        (true, false) => Some(&row.candidate),
        (false, true) => Some(&row.baseline),
        _ => None,
    }
}
