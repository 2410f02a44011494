//! Which frameworks can be put into one order, and by which levels.

use std::collections::{BTreeMap, BTreeSet};

use crate::stats::{CellValues, logarithms, pseudo_median};

/// Frameworks that can be ranked, and the levels that they are compared over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Basis<'a> {
    /// By name.
    pub names: BTreeSet<&'a str>,
    /// Those that all of them have; `None` where there is no such level, and each two are compared over those that they share.
    pub common: Option<BTreeSet<Option<u32>>>,
}

impl<'a> Basis<'a> {
    /// The largest set of frameworks that common levels connect, directly or by way of others; of equal size the one with more
    /// cells. `None` where there are several of those, or no cell: then no order says more than another.
    pub(super) fn of(cells: &[&'a CellValues]) -> Option<Self> {
        let mut levels_of: BTreeMap<&str, BTreeSet<Option<u32>>> = BTreeMap::new();
        let mut names_at: BTreeMap<Option<u32>, Vec<&str>> = BTreeMap::new();
        let mut single: BTreeSet<Option<u32>> = BTreeSet::new();
        for cell in cells {
            let (name, level) = (cell.key.framework(), cell.key.concurrency);
            levels_of.entry(name).or_default().insert(level);
            names_at.entry(level).or_default().push(name);
        }
        let sets = connected(&levels_of, &names_at);
        let size = |set: &BTreeSet<&str>| {
            (set.len(), set.iter().filter_map(|name| levels_of.get(name)).map(BTreeSet::len).sum::<usize>())
        };
        let largest = sets.iter().map(size).max()?;
        let mut candidates = sets.into_iter().filter(|set| size(set) == largest);
        let (names, None) = (candidates.next()?, candidates.next()) else { return None };
        for cell in cells.iter().filter(|cell| names.contains(cell.key.framework()) && cell.values.count() < 2) {
            single.insert(cell.key.concurrency);
        }
        let is_common = |level: &&Option<u32>| names_at.get(level).is_some_and(|here| here.len() == names.len());
        let reached = names.iter().filter_map(|name| levels_of.get(name)).flatten();
        let common: BTreeSet<Option<u32>> = reached.filter(is_common).copied().collect();
        // Levels with repetitions everywhere are the only ones that say how sure an order is.
        let repeated: BTreeSet<Option<u32>> = common.difference(&single).copied().collect();
        let common = if repeated.is_empty() { common } else { repeated };
        Some(Self { names, common: (!common.is_empty()).then_some(common) })
    }

    /// Whether what two frameworks are compared over includes this level.
    pub(super) fn includes(&self, level: Option<u32>) -> bool {
        self.common.as_ref().is_none_or(|common| common.contains(&level))
    }

    /// The frameworks with the logarithm of what they measure, relative to each other: of the middle of each cell, the effect
    /// of the framework beside that of the level, by least squares.
    pub(super) fn scores(&self, cells: &[&'a CellValues]) -> Vec<(&'a str, f64)> {
        let middle = |cell: &&'a CellValues| {
            let is_meant = self.names.contains(cell.key.framework()) && self.includes(cell.key.concurrency);
            let middle = pseudo_median(&logarithms(&cell.values).filter(|_| is_meant)?);
            Some(((cell.key.framework(), cell.key.concurrency), middle))
        };
        // In an order of its own, so that no sum depends on that of the rows.
        let middles: BTreeMap<Place<'_>, f64> = cells.iter().filter_map(middle).collect();
        let mut effects: BTreeMap<&str, f64> = BTreeMap::new();
        // Where all have the same levels the first pass is the answer.
        let passes = if self.common.is_some() { 1 } else { PASSES };
        for _ in 0..passes {
            let of_levels = means(
                middles
                    .iter()
                    .map(|((name, level), middle)| (*level, middle - effects.get(name).copied().unwrap_or_default())),
            );
            effects =
                means(middles.iter().map(|((name, level), middle)| {
                    (*name, middle - of_levels.get(level).copied().unwrap_or_default())
                }));
        }
        effects.into_iter().collect()
    }
}

/// The sets of frameworks that common levels connect.
fn connected<'a>(
    levels_of: &BTreeMap<&'a str, BTreeSet<Option<u32>>>,
    names_at: &BTreeMap<Option<u32>, Vec<&'a str>>,
) -> Vec<BTreeSet<&'a str>> {
    let (mut seen, mut seen_levels) = (BTreeSet::new(), BTreeSet::new());
    let mut sets = Vec::new();
    for start in levels_of.keys() {
        let mut set = BTreeSet::new();
        let mut open = vec![*start];
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            set.insert(name);
            for level in levels_of.get(name).into_iter().flatten().filter(|level| seen_levels.insert(**level)) {
                open.extend(names_at.get(level).into_iter().flatten());
            }
        }
        if !set.is_empty() {
            sets.push(set);
        }
    }
    sets
}

/// The mean of the numbers of each key.
fn means<K: Ord>(numbers: impl Iterator<Item = (K, f64)>) -> BTreeMap<K, f64> {
    let mut sums: BTreeMap<K, (f64, f64)> = BTreeMap::new();
    for (key, number) in numbers {
        let (sum, count) = sums.entry(key).or_default();
        *sum += number;
        *count += 1.0;
    }
    sums.into_iter().map(|(key, (sum, count))| (key, sum / count)).collect()
}

/// A framework at a level.
type Place<'a> = (&'a str, Option<u32>);

/// Effects of frameworks and levels are found in turn, so many times: more than it takes where they are loosely connected.
const PASSES: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CellKey, Metric};
    use crate::stats::Values;

    fn cell(framework: &str, level: u32, value: f64) -> CellValues {
        CellValues {
            key: CellKey::new(framework, "", Some(level)),
            metric: Metric::TotalTime,
            values: Values::new([value, value]).unwrap(),
            error_rate: None,
            fails_unknowably: false,
        }
    }

    #[test]
    fn frameworks_are_connected_by_way_of_others() {
        let cells = [
            cell("full", 10, 1.0),
            cell("full", 50, 2.0),
            cell("part", 10, 1.1),
            cell("hi", 50, 3.0),
            cell("x", 400, 9.0),
        ];
        let cells: Vec<&CellValues> = cells.iter().collect();
        let basis = Basis::of(&cells).unwrap();
        assert_eq!(
            (basis.names.iter().copied().collect::<Vec<_>>(), &basis.common),
            (vec!["full", "hi", "part"], &None)
        );
        let scores: BTreeMap<&str, f64> = basis.scores(&cells).into_iter().collect();
        // The level's own effect cancels out.
        assert!((scores["part"] - scores["full"] - 1.1_f64.ln()).abs() < 1e-9, "{scores:?}");
        assert!((scores["hi"] - scores["full"] - 1.5_f64.ln()).abs() < 1e-9, "{scores:?}");
    }

    #[test]
    fn of_equal_sets_none_is_chosen() {
        let cells = [cell("a", 10, 1.0), cell("b", 20, 2.0)];
        assert_eq!(Basis::of(&cells.iter().collect::<Vec<_>>()), None);
        assert_eq!(Basis::of(&[]), None);
    }
}
