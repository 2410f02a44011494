//! An order of frameworks in which those that can't be told apart share a place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frameworks::{Comparison, first_seen};
use super::verdict::Verdict;
use crate::record::{Direction, Metric};
use crate::stats::{CellValues, Values};

/// The frameworks of one scenario, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What they are ranked by.
    pub metric: Metric,
    /// Tiers from the best on; the frameworks of a tier can't be told apart from its first.
    pub tiers: Vec<Vec<String>>,
}

/// Ranks the frameworks of each scenario by `metric`, those without `is_eligible(scenario, framework)` left out.
///
/// They are ordered by their geometric mean over the levels that all of them have; where there is no such level, those
/// with the fewest levels are left out until there is one. The first begins a tier, and each next one joins it unless it
/// is worse, over all levels, than the one that began it; then it begins a tier of its own.
pub fn rank(
    cells: &[CellValues],
    comparisons: &[Comparison],
    metric: Metric,
    is_eligible: &dyn Fn(&str, &str) -> bool,
) -> Vec<Ranking> {
    let scenarios = first_seen(cells.iter().map(|cell| cell.scenario.as_str()));
    let rankings = scenarios.into_iter().filter_map(|scenario| {
        let is_ranked = |cell: &&CellValues| {
            cell.scenario == scenario && cell.metric == metric && is_eligible(scenario, &cell.framework)
        };
        let ranked: Vec<&CellValues> = cells.iter().filter(is_ranked).collect();
        let ordered = in_order(&ranked, metric.direction())?;
        let here: Vec<&Comparison> = comparisons
            .iter()
            .filter(|row| row.scenario == scenario && row.metric == metric && row.is_overall())
            .collect();
        Some(Ranking { scenario: scenario.to_owned(), metric, tiers: tiers(&ordered, &here) })
    });
    rankings.collect()
}

/// The frameworks, best first, by their geometric mean over the levels that all of them have. Where there is no such
/// level, those with the fewest levels are left out until there is one. `None` where there is nothing to order.
fn in_order<'a>(cells: &[&'a CellValues], direction: Direction) -> Option<Vec<&'a str>> {
    let levels_of = |framework: &str| -> Vec<Option<u32>> {
        cells.iter().filter(|cell| cell.framework == framework).map(|cell| cell.concurrency).collect()
    };
    let mut frameworks = first_seen(cells.iter().map(|cell| cell.framework.as_str()));
    let common = loop {
        let mut common = levels_of(frameworks.first()?);
        common.retain(|level| frameworks.iter().all(|framework| levels_of(framework).contains(level)));
        if !common.is_empty() {
            break common;
        }
        // Of several with the fewest, the last seen goes first.
        let poorest = frameworks.iter().enumerate().rev().min_by_key(|(_, framework)| levels_of(framework).len());
        frameworks.remove(poorest.map(|(index, _)| index)?);
    };
    let score = |framework: &str| {
        let is_scored = |cell: &&&CellValues| cell.framework == framework && common.contains(&cell.concurrency);
        let logarithms = cells.iter().filter(is_scored).filter_map(|cell| {
            Values::new(cell.values.as_slice().iter().map(|value| value.ln())).map(|logarithms| logarithms.mean())
        });
        Values::new(logarithms).map(|logarithms| logarithms.mean())
    };
    let mut scored: Vec<(f64, &str)> =
        frameworks.into_iter().filter_map(|framework| Some((score(framework)?, framework))).collect();
    // A stable sort: equal scores keep the order in which the frameworks were first seen.
    scored.sort_by(|(a, _), (b, _)| match direction {
        Direction::LowerIsBetter => a.total_cmp(b),
        Direction::HigherIsBetter => b.total_cmp(a),
    });
    Some(scored.into_iter().map(|(_, framework)| framework).collect())
}

fn tiers(ordered: &[&str], overall: &[&Comparison]) -> Vec<Vec<String>> {
    let mut tiers: Vec<Vec<String>> = Vec::new();
    for &framework in ordered {
        let is_worse = |first: &str| overall.iter().any(|row| row.verdict_on(framework, first) == Some(Verdict::Worse));
        match tiers.last_mut() {
            Some(tier) if !tier.first().is_some_and(|first| is_worse(first)) => tier.push(framework.to_owned()),
            _ => tiers.push(vec![framework.to_owned()]),
        }
    }
    tiers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Decision, compare_frameworks};

    fn cell(framework: &str, concurrency: u32, numbers: &[f64]) -> CellValues {
        CellValues {
            framework: framework.into(),
            scenario: String::new(),
            concurrency: Some(concurrency),
            metric: Metric::TotalTime,
            values: Values::new(numbers.iter().copied()).unwrap(),
            error_rate: None,
        }
    }

    fn tiers_of(cells: &[CellValues], left_out: &str) -> Vec<Vec<String>> {
        let comparisons = compare_frameworks(cells, None, &Decision::default());
        let rankings = rank(cells, &comparisons, Metric::TotalTime, &|_, framework| framework != left_out);
        rankings.into_iter().flat_map(|ranking| ranking.tiers).collect()
    }

    #[test]
    fn frameworks_that_differ_have_tiers_of_their_own() {
        let cells =
            [cell("slow", 10, &[9.0, 9.1, 9.2]), cell("a", 10, &[1.0, 1.01, 1.02]), cell("b", 10, &[1.0, 1.01, 1.03])];
        assert_eq!(tiers_of(&cells, ""), [vec!["a", "b"], vec!["slow"]]);
    }

    #[test]
    fn without_repetitions_all_share_a_tier() {
        assert_eq!(tiers_of(&[cell("a", 10, &[9.0]), cell("b", 10, &[1.0])], ""), [vec!["b", "a"]]);
    }

    #[test]
    fn who_is_not_eligible_is_not_ranked() {
        assert_eq!(tiers_of(&[cell("a", 10, &[9.0]), cell("dead", 10, &[0.001])], "dead"), [vec!["a"]]);
    }

    #[test]
    fn who_shares_no_level_with_the_others_is_left_out() {
        let cells = [cell("a", 10, &[9.0]), cell("a", 25, &[9.0]), cell("b", 25, &[1.0]), cell("c", 50, &[0.1])];
        assert_eq!(tiers_of(&cells, ""), [vec!["b", "a"]]);
        assert_eq!(tiers_of(&[cell("a", 10, &[9.0]), cell("b", 25, &[1.0])], ""), [vec!["a"]]);
        assert!(tiers_of(&[], "").is_empty());
    }
}
