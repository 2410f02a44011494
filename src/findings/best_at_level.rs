//! Which framework is fastest at each level.

use serde_json::json;

use super::wording::{at_level, in_scenario, list, members, significant};
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::compare::Verdict;
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
        let mut winners: Vec<&str> = best.iter().map(|best| best.framework).collect();
        winners.dedup();
        let first = winners.first()?;
        let told = |verdict: Verdict| if verdict == Verdict::Better { "" } else { ", not told apart" };
        let lines = best.iter().map(|best| {
            format!(
                "{} {} ({} times as fast as {}{})",
                best.framework,
                at_level(Some(best.concurrency)),
                significant(best.factor, 3),
                best.next,
                told(best.verdict)
            )
        });
        let changes = winners.iter().any(|winner| winner != first);
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: evidence.frameworks.iter().filter(|name| winners.contains(&name.as_str())).cloned().collect(),
            message: format!("{}lowest {metric} at each level: {}", in_scenario(scenario), list(lines)),
            advice: if changes {
                "The order depends on the load: choose by the concurrency that you expect.".to_owned()
            } else {
                format!("{first} comes first at every level that was measured; nothing is said of levels beyond these.")
            },
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

fn best_at<'a>(level: u32, scenario: &str, metric: Metric, evidence: &Evidence<'a>) -> Option<Best<'a>> {
    let is_ranked = |cell: &&CellValues| {
        let mut ranked = evidence.rankings.iter().filter(|ranking| ranking.scenario == scenario);
        ranked.any(|ranking| ranking.tiers.iter().flatten().any(|name| name == &cell.framework))
    };
    let mut cells: Vec<&CellValues> = evidence
        .cells
        .iter()
        .filter(|cell| cell.concurrency == Some(level) && cell.scenario == scenario && cell.metric == metric)
        .filter(is_ranked)
        .collect();
    cells.sort_by(|a, b| a.values.mean().total_cmp(&b.values.mean()));
    let [first, next, ..] = cells.as_slice() else { return None };
    let mut rows = evidence
        .comparisons
        .iter()
        .filter(|row| row.concurrency == Some(level) && row.scenario == scenario && row.metric == metric);
    let (factor, verdict) = rows.find_map(|row| {
        let (factor, _) = row.ratio_of(&next.framework, &first.framework)?;
        Some((factor, row.verdict_on(&first.framework, &next.framework)?))
    })?;
    Some(Best { concurrency: level, framework: &first.framework, next: &next.framework, factor, verdict })
}
