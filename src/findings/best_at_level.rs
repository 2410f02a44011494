//! Which framework is fastest at each level.

use serde_json::json;

use super::wording::{in_scenario, list, members, significant};
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::compare::{Comparison, Verdict};
use crate::record::Metric;
use crate::stats::CellValues;

/// The fastest framework at each level, with its lead over the next.
pub(super) struct BestAtLevel;

/// The winner of one level.
struct Best<'a> {
    concurrency: u32,
    framework: &'a str,
    next: &'a str,
    /// How many times as long the next takes.
    factor: f64,
    verdict: Verdict,
}

impl Rule for BestAtLevel {
    fn id(&self) -> &'static str {
        "best-at-level"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.scenarios.iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl BestAtLevel {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let metric = evidence.ranked_metric();
        let best: Vec<Best<'_>> = evidence
            .concurrency_levels
            .iter()
            .filter_map(|&level| best_at(level, scenario, metric, evidence))
            .collect();
        let first = best.first()?;
        let claims = best
            .chunk_by(|a, b| (a.framework, a.next, a.verdict) == (b.framework, b.next, b.verdict))
            .filter_map(claim);
        let is_sure = |best: &Best<'_>| best.verdict == Verdict::Better;
        let advice = if best.iter().any(|best| best.framework != first.framework) {
            "The order depends on the level: choose by the one that you expect.".to_owned()
        } else if best.iter().all(is_sure) {
            format!(
                "{} comes first at every level that was measured; nothing is said of levels beyond.",
                first.framework
            )
        } else {
            format!(
                "{} has the lowest mean at every level that was measured, and not everywhere by more than noise.",
                first.framework
            )
        };
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: evidence
                .frameworks
                .iter()
                .filter(|name| best.iter().any(|best| best.framework == name.as_str()))
                .cloned()
                .collect(),
            message: format!("{}lowest {metric} by {}: {}", in_scenario(scenario), evidence.axis, list(claims)),
            advice,
            evidence: members(json!({
                "metric": metric,
                "levels": best
                    .iter()
                    .map(|best| json!({
                        "concurrency": best.concurrency,
                        "framework": best.framework,
                        "next": best.next,
                        "times_as_fast": best.factor,
                        "verdict": best.verdict,
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

/// What there is to say of neighbouring levels with the same winner, the same next, and the same verdict.
fn claim(levels: &[Best<'_>]) -> Option<String> {
    let first = levels.first()?;
    let factors = levels.iter().map(|best| best.factor);
    let (low, high) = (factors.clone().fold(f64::INFINITY, f64::min), factors.fold(0.0, f64::max));
    let (low, high) = (significant(low, 3), significant(high, 3));
    let times = if low == high { low } else { format!("{low} to {high}") };
    let lead = match first.verdict {
        Verdict::Better => format!("{times} times as fast as {}", first.next),
        Verdict::Equivalent => format!("equivalent to {}", first.next),
        Verdict::Worse | Verdict::Inconclusive => format!("{times} times as fast as {}, not told apart", first.next),
    };
    Some(format!("{} at {} ({lead})", first.framework, list(levels.iter().map(|best| best.concurrency))))
}

fn best_at<'a>(level: u32, scenario: &str, metric: Metric, evidence: &Evidence<'a>) -> Option<Best<'a>> {
    let is_ranked = |cell: &&CellValues| {
        let mut ranked = evidence.rankings.iter().filter(|ranking| ranking.scenario == scenario);
        ranked.any(|ranking| ranking.tiers.iter().flatten().any(|name| name == &cell.framework))
    };
    let cells: Vec<&CellValues> = evidence
        .cells
        .iter()
        .filter(|cell| cell.concurrency == Some(level) && cell.scenario == scenario && cell.metric == metric)
        .filter(is_ranked)
        .collect();
    let rows: Vec<&Comparison> = evidence
        .comparisons
        .iter()
        .filter(|row| row.concurrency == Some(level) && row.scenario == scenario && row.metric == metric)
        .collect();
    let anchor = &cells.first()?.framework;
    let mut by_ratio: Vec<(f64, &str)> = cells
        .iter()
        .filter_map(|cell| {
            let name = cell.framework.as_str();
            let ratio = || Some(rows.iter().find_map(|row| row.ratio_of(name, anchor))?.0);
            Some((if name == anchor { 1.0 } else { ratio()? }, name))
        })
        .collect();
    by_ratio.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let [(_, framework), (_, next), ..] = *by_ratio.as_slice() else { return None };
    let (factor, verdict) = rows.iter().find_map(|row| {
        let (factor, _) = row.ratio_of(next, framework)?;
        Some((factor, row.verdict_on(framework, next)?))
    })?;
    Some(Best { concurrency: level, framework, next, factor, verdict })
}
