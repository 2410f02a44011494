//! An order of frameworks in which those that can't be told apart from the first of a place share it.

use std::collections::{BTreeSet, HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::comparison::Comparison;
use super::family::{Levels, settle};
use super::frameworks::MOST_FRAMEWORKS;
use super::pair::Pair;
use super::verdict::{Decision, Verdict};
use crate::record::{Direction, Metric};
use crate::stats::{CellValues, Values};

/// The frameworks of one scenario, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What they are ranked by.
    pub metric: Metric,
    /// The levels that all ranked frameworks have, and that they are ranked by; empty where no level is known.
    pub concurrency_levels: Vec<u32>,
    /// Tiers from the best on; the frameworks of a tier can't be told apart from its first.
    pub tiers: Vec<Vec<String>>,
    /// Those that have no level in common with the ranked ones, or no time that can be compared.
    pub unranked: Vec<String>,
}

/// A ranking with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The ranking.
    pub ranking: Ranking,
    /// The first against each of the others in their order, over the levels of the ranking.
    pub against_first: Vec<Comparison>,
}

/// Ranks the frameworks of a scenario by `metric`; `None` where none can be. `participants` are all frameworks that have
/// runs in it, and `cells` those of its cells that can be compared, of any metric.
///
/// They are ordered by their geometric mean over the levels that all of them have; where there is no such level, those
/// with the fewest levels are left out until there is one. The first begins a tier, and each next one joins it unless it
/// is worse, over these levels, than the one that began it; then it begins a tier of its own. Nothing of this depends on
/// the order of the runs.
pub fn rank(
    scenario: &str,
    cells: &[&CellValues],
    participants: &[&str],
    metric: Metric,
    decision: &Decision,
) -> Option<Ranked> {
    if metric.direction() == Direction::Unclear {
        return None;
    }
    let mut cells: Vec<&CellValues> = cells.iter().copied().filter(|cell| cell.metric == metric).collect();
    let common = keep_comparable(&mut cells);
    let ordered = in_order(&cells, metric.direction());
    let comparisons = Overall::of(&cells, &ordered, decision);

    let (first, others) = ordered.split_first()?;
    let mut tiers: Vec<Vec<String>> = vec![vec![(*first).to_owned()]];
    for name in others {
        let is_worse = |first: &str| comparisons.row(first, name).is_some_and(|row| row.verdict == Verdict::Worse);
        match tiers.last_mut() {
            Some(tier) if !tier.first().is_some_and(|first| is_worse(first)) => tier.push((*name).to_owned()),
            _ => tiers.push(vec![(*name).to_owned()]),
        }
    }
    let is_ranked: HashSet<&str> = ordered.iter().copied().collect();
    Some(Ranked {
        against_first: others.iter().filter_map(|other| comparisons.row(first, other)).collect(),
        ranking: Ranking {
            scenario: scenario.to_owned(),
            metric,
            concurrency_levels: common.into_iter().flatten().collect(),
            tiers,
            unranked: participants
                .iter()
                .filter(|name| !is_ranked.contains(*name))
                .map(|name| (*name).to_owned())
                .collect(),
        },
    })
}

/// What can be said of ranked frameworks over all levels of the ranking, the better one as the baseline.
struct Overall<'a> {
    cells: HashMap<&'a str, Vec<&'a CellValues>>,
    /// All pairs, which are one family; none where there are too many.
    rows: HashMap<(&'a str, &'a str), Comparison>,
    decision: &'a Decision,
}

impl<'a> Overall<'a> {
    fn of(cells: &[&'a CellValues], ordered: &[&'a str], decision: &'a Decision) -> Self {
        let mut of_frameworks: HashMap<&str, Vec<&CellValues>> = HashMap::new();
        for cell in cells {
            of_frameworks.entry(cell.key.framework()).or_default().push(cell);
        }
        let asked = if ordered.len() <= MOST_FRAMEWORKS { ordered } else { &[] };
        let of = |name: &str| of_frameworks.get(name).map(Vec::as_slice);
        let pairs: Vec<Pair<'_>> = (0..)
            .zip(asked)
            .flat_map(|(index, better)| asked.iter().skip(index + 1).map(move |worse| (*better, *worse)))
            .filter_map(|(better, worse)| Pair::of(of(better)?, of(worse)?))
            .collect();
        let settled = settle(&pairs, 0, Levels::OfOnePair, decision).into_iter().filter(Comparison::is_overall);
        let named = pairs.iter().map(|pair| (pair.baseline.key.framework(), pair.candidate.key.framework()));
        let rows = named.zip(settled).collect();
        Self { cells: of_frameworks, rows, decision }
    }

    /// The comparison of `worse` with `better`. Where not all pairs are compared, it is one of a family in which each
    /// framework is asked about once.
    fn row(&self, better: &str, worse: &str) -> Option<Comparison> {
        if self.cells.len() <= MOST_FRAMEWORKS {
            return self.rows.get(&(better, worse)).cloned();
        }
        let pair = Pair::of(self.cells.get(better)?, self.cells.get(worse)?)?;
        settle(&[pair], self.cells.len() - 1, Levels::OfOnePair, self.decision).into_iter().next()
    }
}

/// Keeps the cells at levels that all frameworks have, and returns these levels, ascending. Where there is none, the
/// frameworks with the fewest levels are left out until there is one; of several, the last by name.
fn keep_comparable(cells: &mut Vec<&CellValues>) -> Vec<Option<u32>> {
    let mut levels_of: HashMap<&str, BTreeSet<Option<u32>>> = HashMap::new();
    let mut frameworks_at: HashMap<Option<u32>, usize> = HashMap::new();
    for cell in cells.iter() {
        if levels_of.entry(cell.key.framework()).or_default().insert(cell.key.concurrency) {
            *frameworks_at.entry(cell.key.concurrency).or_default() += 1;
        }
    }
    // The poorest first, and of several the last by name.
    let mut poorest: Vec<(&str, BTreeSet<Option<u32>>)> = levels_of.into_iter().collect();
    poorest.sort_unstable_by(|(a, a_levels), (b, b_levels)| a_levels.len().cmp(&b_levels.len()).then_with(|| b.cmp(a)));
    let mut left_out: HashSet<&str> = HashSet::new();
    let mut remaining = poorest.len();
    for (name, levels) in poorest {
        let is_common = |level: &Option<u32>| frameworks_at.get(level) == Some(&remaining);
        let common: BTreeSet<Option<u32>> = levels.iter().copied().filter(is_common).collect();
        if !common.is_empty() {
            cells.retain(|cell| common.contains(&cell.key.concurrency) && !left_out.contains(cell.key.framework()));
            return common.into_iter().collect();
        }
        for level in &levels {
            frameworks_at.entry(*level).and_modify(|count| *count -= 1);
        }
        left_out.insert(name);
        remaining -= 1;
    }
    cells.clear();
    Vec::new()
}

/// The frameworks of these cells, best first, by the geometric mean of their cells' geometric means.
fn in_order<'a>(cells: &[&'a CellValues], direction: Direction) -> Vec<&'a str> {
    let mut logarithms: HashMap<&str, Vec<f64>> = HashMap::new();
    for cell in cells {
        let of_cell = Values::new(cell.values.as_slice().iter().map(|value| value.ln()));
        logarithms.entry(cell.key.framework()).or_default().extend(of_cell.map(|of_cell| of_cell.mean()));
    }
    let score = |logarithms: Vec<f64>| Some(Values::new(logarithms)?.mean());
    let mut scored: Vec<(f64, &str)> =
        logarithms.into_iter().filter_map(|(name, logarithms)| Some((score(logarithms)?, name))).collect();
    scored.sort_by(|(a, a_name), (b, b_name)| {
        let by_score = match direction {
            Direction::LowerIsBetter | Direction::Unclear => a.total_cmp(b),
            Direction::HigherIsBetter => b.total_cmp(a),
        };
        by_score.then_with(|| a_name.cmp(b_name))
    });
    scored.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::CellKey;

    fn cell(framework: &str, concurrency: u32, numbers: &[f64]) -> CellValues {
        CellValues {
            key: CellKey::new(framework, "", Some(concurrency)),
            metric: Metric::TotalTime,
            values: Values::new(numbers.iter().copied()).unwrap(),
            error_rate: None,
            fails_unknowably: false,
        }
    }

    fn ranked(cells: &[CellValues]) -> Option<Ranked> {
        let participants: indexmap::IndexSet<&str> = cells.iter().map(|cell| cell.key.framework()).collect();
        let participants: Vec<&str> = participants.into_iter().collect();
        let cells: Vec<&CellValues> = cells.iter().collect();
        rank("", &cells, &participants, Metric::TotalTime, &Decision::default())
    }

    fn tiers_of(cells: &[CellValues]) -> Vec<Vec<String>> {
        ranked(cells).map(|ranked| ranked.ranking.tiers).unwrap_or_default()
    }

    #[test]
    fn frameworks_that_differ_have_tiers_of_their_own() {
        let cells =
            [cell("slow", 10, &[9.0, 9.1, 9.2]), cell("a", 10, &[1.0, 1.01, 1.02]), cell("b", 10, &[1.0, 1.01, 1.03])];
        assert_eq!(tiers_of(&cells), [vec!["a", "b"], vec!["slow"]]);
    }

    #[test]
    fn without_repetitions_all_share_a_tier() {
        assert_eq!(tiers_of(&[cell("a", 10, &[9.0]), cell("b", 10, &[1.0])]), [vec!["b", "a"]]);
    }

    #[test]
    fn who_shares_no_level_with_the_others_is_left_out() {
        let mut cells = [cell("a", 10, &[9.0]), cell("a", 25, &[9.0]), cell("b", 25, &[1.0]), cell("c", 50, &[0.1])];
        for _ in 0..2 {
            let ranking = ranked(&cells).unwrap().ranking;
            assert_eq!(
                (ranking.tiers, ranking.concurrency_levels),
                (vec![vec!["b".to_owned(), "a".to_owned()]], vec![25])
            );
            assert_eq!(ranking.unranked, ["c"]);
            // Nothing depends on the order of the rows.
            cells.reverse();
        }
        assert_eq!(tiers_of(&[cell("b", 25, &[1.0]), cell("a", 10, &[9.0])]), [vec!["a"]]);
        assert_eq!(ranked(&[]), None);
    }

    #[test]
    fn order_and_ratios_are_of_the_same_levels() {
        let cells = [
            cell("a", 10, &[1.0]),
            cell("a", 25, &[9.0]),
            cell("b", 10, &[2.0]),
            cell("b", 25, &[1.0]),
            cell("c", 10, &[3.0]),
        ];
        let ranked = ranked(&cells).unwrap();
        assert_eq!(ranked.ranking.tiers, [vec!["a", "b", "c"]]);
        let ratios: Vec<f64> = ranked.against_first.iter().map(|row| row.ratio.round()).collect();
        assert_eq!(ratios, [2.0, 3.0]);
    }
}
