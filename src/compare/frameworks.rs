//! Every framework against every other: at each level that both have, and over all of these levels.

use std::collections::HashMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::verdict::{Decision, Verdict};
use crate::record::Metric;
use crate::stats::{CellValues, LogRatio, geometric_mean, log_ratio};

/// One framework against another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// The level; null where it is over all levels that both have.
    pub concurrency: Option<u32>,
    /// How many levels it is over.
    pub levels: usize,
    /// What is compared.
    pub metric: Metric,
    /// The framework that the ratio divides by.
    pub baseline: String,
    /// The framework that the verdict is about.
    pub candidate: String,
    /// Candidate over baseline, of geometric means.
    pub ratio: f64,
    /// Lower end of the ratio's interval; null where there are no repetitions, or they have no spread.
    pub ci_low: Option<f64>,
    /// Upper end of the ratio's interval.
    pub ci_high: Option<f64>,
    /// The probability of such a ratio if there were no difference.
    pub p_value: Option<f64>,
    /// What the interval allows to say of the candidate.
    pub verdict: Verdict,
    /// How ratio and interval were found.
    pub method: String,
}

/// The metrics that frameworks are compared by.
const COMPARED: [Metric; 2] = [Metric::TotalTime, Metric::AvgTimePerRequest];

/// With more frameworks than this not every pair is compared: their number grows with the square, and nobody reads them.
pub const MOST_FRAMEWORKS: usize = 50;

/// Compares every framework with each one that comes after it, or all others with the `reference` where there is one;
/// with the first where there are more than [`MOST_FRAMEWORKS`].
///
/// Rows come by scenario, metric and pair, in the order in which frameworks were first seen: first the one over all
/// levels, then those of the levels, ascending.
pub fn compare_frameworks(cells: &[CellValues], reference: Option<&str>, decision: &Decision) -> Vec<Comparison> {
    let mut scenarios: IndexMap<&str, IndexMap<&str, [Vec<&CellValues>; COMPARED.len()]>> = IndexMap::new();
    for cell in cells {
        let of_framework = scenarios.entry(&cell.scenario).or_default().entry(&cell.framework).or_default();
        for (metric, of_metric) in COMPARED.into_iter().zip(of_framework) {
            if cell.metric == metric {
                of_metric.push(cell);
            }
        }
    }
    let mut comparisons = Vec::new();
    for frameworks in scenarios.values() {
        let names: Vec<&str> = frameworks.keys().copied().collect();
        let pairs = pairs(&names, reference);
        for index in 0..COMPARED.len() {
            for (baseline, candidate) in &pairs {
                let of = |name: &str| frameworks.get(name).and_then(|metrics| metrics.get(index)).map(Vec::as_slice);
                if let (Some(baseline), Some(candidate)) = (of(baseline), of(candidate)) {
                    comparisons.extend(compare_pair(baseline, candidate, decision));
                }
            }
        }
    }
    comparisons
}

/// Distinct names, in the order in which they were first seen.
pub(super) fn first_seen<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = indexmap::IndexSet::new();
    seen.extend(names);
    seen.into_iter().collect()
}

fn pairs<'a>(frameworks: &[&'a str], reference: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    match reference {
        Some(reference) => {
            frameworks.iter().filter(|name| **name != reference).map(|name| (reference, *name)).collect()
        }
        None if MOST_FRAMEWORKS < frameworks.len() => {
            let first = frameworks.iter().take(1);
            first.flat_map(|first| frameworks.iter().skip(1).map(|other| (*first, *other))).collect()
        }
        None => {
            let after = |index: usize| frameworks.iter().skip(index + 1).copied();
            frameworks.iter().enumerate().flat_map(|(index, name)| after(index).map(|other| (*name, other))).collect()
        }
    }
}

/// Compares the cells of two frameworks in one scenario and metric: first over all levels that both have, then at each.
///
/// Where some of these levels have repetitions on both sides and others do not, the comparison over all levels is over
/// those that have: it is the only one that says how sure it is.
pub(super) fn compare_pair(
    baseline: &[&CellValues],
    candidate: &[&CellValues],
    decision: &Decision,
) -> Vec<Comparison> {
    let candidates: HashMap<Option<u32>, &CellValues> =
        candidate.iter().map(|cell| (cell.concurrency, *cell)).collect();
    let at_levels: Vec<(&CellValues, &CellValues, LogRatio)> = baseline
        .iter()
        .filter_map(|a| {
            let b = candidates.get(&a.concurrency)?;
            Some((*a, *b, log_ratio(&a.values, &b.values)?))
        })
        .collect();
    let all = || at_levels.iter().map(|(_, _, ratio)| *ratio);
    let mut ratios: Vec<LogRatio> = all().filter(|ratio| ratio.spread.is_some()).collect();
    if ratios.is_empty() {
        ratios.extend(all());
    }
    let mut comparisons = Vec::with_capacity(at_levels.len() + 1);
    if let (Some(overall), Some((a, b, _))) = (geometric_mean(&ratios), at_levels.first()) {
        comparisons.push(comparison(a, b, None, ratios.len(), overall, decision));
    }
    let known = at_levels.iter().filter(|(a, _, _)| a.concurrency.is_some());
    comparisons.extend(known.map(|(a, b, ratio)| comparison(a, b, a.concurrency, 1, *ratio, decision)));
    comparisons
}

fn comparison(
    a: &CellValues,
    b: &CellValues,
    concurrency: Option<u32>,
    levels: usize,
    ratio: LogRatio,
    decision: &Decision,
) -> Comparison {
    let interval = ratio.interval(decision.alpha);
    let estimator = if levels == 1 { "ratio of geometric means" } else { "geometric mean of the levels' ratios" };
    let method = match interval {
        Some(_) => format!("{estimator}, Welch's t interval on logarithms"),
        None => format!("{estimator}, no interval"),
    };
    Comparison {
        scenario: a.scenario.clone(),
        concurrency,
        levels,
        metric: a.metric,
        baseline: a.framework.clone(),
        candidate: b.framework.clone(),
        ratio: ratio.ratio(),
        ci_low: interval.map(|(low, _)| low),
        ci_high: interval.map(|(_, high)| high),
        p_value: ratio.p_value(),
        verdict: decision.verdict(ratio.ratio(), interval, a.metric.direction()),
        method,
    }
}

impl Comparison {
    /// Whether it is over all levels that both frameworks have.
    pub fn is_overall(&self) -> bool {
        self.concurrency.is_none()
    }

    /// The verdict on `name` against `other`, whichever of them is the candidate here; `None` where it is about others.
    pub fn verdict_on(&self, name: &str, other: &str) -> Option<Verdict> {
        if self.candidate == name && self.baseline == other {
            Some(self.verdict)
        } else if self.baseline == name && self.candidate == other {
            Some(self.verdict.flipped())
        } else {
            None
        }
    }

    /// The ratio of `name` over `other`, and its interval, whichever of them is the candidate here.
    pub fn ratio_of(&self, name: &str, other: &str) -> Option<(f64, Option<(f64, f64)>)> {
        let interval = self.ci_low.zip(self.ci_high);
        if self.candidate == name && self.baseline == other {
            Some((self.ratio, interval))
        } else if self.baseline == name && self.candidate == other {
            Some((self.ratio.recip(), interval.map(|(low, high)| (high.recip(), low.recip()))))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Values;

    fn cell(framework: &str, concurrency: Option<u32>, numbers: &[f64]) -> CellValues {
        CellValues {
            framework: framework.into(),
            scenario: String::new(),
            concurrency,
            metric: Metric::TotalTime,
            values: Values::new(numbers.iter().copied()).unwrap(),
            error_rate: None,
        }
    }

    fn rows(cells: &[CellValues], reference: Option<&str>) -> Vec<(String, String, Option<u32>, usize)> {
        let comparisons = compare_frameworks(cells, reference, &Decision::default());
        comparisons.into_iter().map(|row| (row.baseline, row.candidate, row.concurrency, row.levels)).collect()
    }

    #[test]
    fn every_pair_is_compared_over_all_and_at_each_common_level() {
        let cells = [
            cell("a", Some(10), &[1.0]),
            cell("a", Some(25), &[1.0]),
            cell("b", Some(10), &[2.0]),
            cell("b", Some(25), &[2.0]),
            cell("c", Some(25), &[3.0]),
            cell("c", Some(50), &[3.0]),
        ];
        let row = |a: &str, b: &str, level, levels| (a.to_owned(), b.to_owned(), level, levels);
        let all = [
            row("a", "b", None, 2),
            row("a", "b", Some(10), 1),
            row("a", "b", Some(25), 1),
            row("a", "c", None, 1),
            row("a", "c", Some(25), 1),
            row("b", "c", None, 1),
            row("b", "c", Some(25), 1),
        ];
        assert_eq!(rows(&cells, None), all);
        assert_eq!(rows(&cells, Some("c")).len(), 4);
    }

    #[test]
    fn frameworks_without_a_common_level_are_not_compared() {
        assert!(rows(&[cell("a", Some(10), &[1.0]), cell("b", Some(25), &[2.0])], None).is_empty());
    }

    #[test]
    fn an_unknown_level_is_compared_over_all_only() {
        let cells = [cell("a", None, &[1.0, 1.1]), cell("b", None, &[2.0, 2.1])];
        assert_eq!(rows(&cells, None), [("a".to_owned(), "b".to_owned(), None, 1)]);
    }

    #[test]
    fn the_geometric_mean_of_the_ratios_is_the_overall_ratio() {
        let cells = [
            cell("a", Some(10), &[1.0]),
            cell("a", Some(25), &[1.0]),
            cell("b", Some(10), &[2.0]),
            cell("b", Some(25), &[8.0]),
        ];
        let overall = compare_frameworks(&cells, None, &Decision::default()).remove(0);
        assert!((overall.ratio - 4.0).abs() < 1e-12);
        assert_eq!((overall.verdict, overall.ci_low), (Verdict::Inconclusive, None));
        assert_eq!(overall.verdict_on("a", "b"), Some(Verdict::Inconclusive));
        assert!((overall.ratio_of("a", "b").unwrap().0 - 0.25).abs() < 1e-12);
    }
}
