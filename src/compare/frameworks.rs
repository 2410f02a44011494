//! Every framework against every other: at each level that both have, and over all of these levels.

use std::collections::{BTreeSet, HashSet};

use indexmap::IndexMap;

use super::basis::Basis;
use super::comparison::Comparison;
use super::family::{Family, settle};
use super::pair::Pair;
use super::verdict::Decision;
use crate::record::{Direction, Metric};
use crate::stats::CellValues;

/// With more frameworks than this not every pair is compared: their number grows with the square, and nobody reads them.
pub const MOST_FRAMEWORKS: usize = 50;

/// Compares every framework with each one that comes after it, or all others with the `reference` where there is one;
/// with the best where there are more than [`MOST_FRAMEWORKS`].
///
/// Rows come by scenario, metric and pair, in the order in which frameworks were first seen: first the one over all
/// levels, then those of the levels, ascending.
pub fn compare_frameworks(cells: &[CellValues], reference: Option<&str>, decision: &Decision) -> Vec<Comparison> {
    let mut scenarios: IndexMap<&str, IndexMap<&str, IndexMap<Metric, Vec<&CellValues>>>> = IndexMap::new();
    for cell in cells {
        let of_framework = scenarios.entry(cell.key.scenario()).or_default().entry(cell.key.framework()).or_default();
        of_framework.entry(cell.metric).or_default().push(cell);
    }
    let mut comparisons = Vec::new();
    for frameworks in scenarios.values() {
        let names: Vec<&str> = frameworks.keys().copied().collect();
        let open = frameworks.values().flat_map(|metrics| metrics.keys()).filter(|metric| metric.is_open());
        let open: BTreeSet<Metric> = open.copied().collect();
        let metrics = Metric::ALL.into_iter().chain(open);
        for metric in metrics.filter(|metric| metric.direction() != Direction::Unclear) {
            let of = |name: &str| frameworks.get(name).and_then(|metrics| metrics.get(&metric)).map(Vec::as_slice);
            let all: Vec<&CellValues> =
                frameworks.values().filter_map(|metrics| metrics.get(&metric)).flatten().copied().collect();
            let counted: Vec<&CellValues> = all.iter().copied().filter(|cell| cell.is_rankable()).collect();
            let places: HashSet<(&str, Option<u32>)> =
                counted.iter().map(|cell| (cell.key.framework(), cell.key.concurrency)).collect();
            let basis = Basis::of(&counted);
            let pair = |(baseline, candidate): &(&str, &str)| {
                // What is said over all levels is said of those that an order rests on, wherever it is said.
                let is_ranked = |name: &str| basis.as_ref().is_some_and(|basis| basis.names.contains(name));
                let basis = basis.as_ref().filter(|_| is_ranked(baseline) && is_ranked(candidate));
                let counts = |level: Option<u32>| {
                    places.contains(&(*baseline, level))
                        && places.contains(&(*candidate, level))
                        && basis.is_none_or(|basis| basis.includes(level))
                };
                Pair::over(of(baseline)?, of(candidate)?, counts)
            };
            let best = || best(basis.as_ref()?, &counted, metric.direction());
            let one = reference.or_else(|| best().filter(|_| MOST_FRAMEWORKS < names.len()));
            let pairs: Vec<Pair<'_>> = pairs(&names, one).iter().filter_map(pair).collect();
            comparisons.extend(settle(&pairs, 0, Family::Frameworks, decision));
        }
    }
    // With a reference, the other pairs were only needed for the correction: a verdict must not depend on what is shown.
    comparisons.retain(|row| reference.is_none_or(|reference| row.baseline == reference));
    comparisons
}

/// The framework that is best beside the effects of levels.
fn best<'a>(basis: &Basis<'a>, cells: &[&'a CellValues], direction: Direction) -> Option<&'a str> {
    let scores = basis.scores(cells).into_iter();
    let best = scores.min_by(|(_, a), (_, b)| match direction {
        Direction::LowerIsBetter | Direction::Unclear => a.total_cmp(b),
        Direction::HigherIsBetter => b.total_cmp(a),
    });
    best.map(|(name, _)| name)
}

/// The pairs of frameworks that are compared, the reference first in each of its own.
fn pairs<'a>(frameworks: &[&'a str], reference: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    if MOST_FRAMEWORKS < frameworks.len() {
        let one = reference.or(frameworks.first().copied());
        let others = |one: &'a str| frameworks.iter().filter(move |name| **name != one).map(move |name| (one, *name));
        return one.into_iter().flat_map(others).collect();
    }
    let after = |index: usize| frameworks.iter().skip(index + 1).copied();
    let every = frameworks.iter().enumerate().flat_map(|(index, name)| after(index).map(move |other| (*name, other)));
    every.map(|(a, b)| if reference == Some(b) { (b, a) } else { (a, b) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Verdict;
    use crate::record::CellKey;
    use crate::stats::Values;

    fn cell(framework: &str, concurrency: Option<u32>, numbers: &[f64]) -> CellValues {
        CellValues {
            key: CellKey::new(framework, "", concurrency),
            metric: Metric::TotalTime,
            values: Values::new(numbers.iter().copied()).unwrap(),
            error_rate: None,
            fails_unknowably: false,
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
            // What all three have in common is level 25.
            row("a", "b", None, 1),
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
