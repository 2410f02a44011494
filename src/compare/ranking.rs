//! An order of frameworks in which those that can't be told apart from the first of a place share it.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::comparison::Comparison;
use super::verdict::Verdict;
use crate::record::{Direction, Metric};
use crate::stats::CellValues;

/// The frameworks of one scenario, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What they are ranked by.
    pub metric: Metric,
    /// The levels that all ranked frameworks have, and that they are ranked by; empty where no level is known, or where each
    /// two are compared over the levels that they share, as there is none that all have.
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
/// runs in it, `cells` those of its cells that can be ranked, of any metric, and `comparisons` those over all levels that
/// [`compare_frameworks`](super::compare_frameworks) has in it for this metric.
///
/// Ranked is the largest set of frameworks that common levels connect. They are ordered by the middle of their cells, over the
/// levels that all of them have, or beside the effects of the levels where there is none that all have. The first begins a
/// tier, and each next one joins it unless it is worse than the one that began it; then it begins a tier of its own. Nothing
/// of this depends on the order of the runs or on names.
pub fn rank(
    scenario: &str,
    cells: &[&CellValues],
    participants: &[&str],
    metric: Metric,
    comparisons: &[&Comparison],
) -> Option<Ranked> {
    if metric.direction() == Direction::Unclear {
        return None;
    }
    let cells: Vec<&CellValues> = cells.iter().copied().filter(|cell| cell.metric == metric).collect();
    let basis = Basis::of(&cells)?;
    let rows: HashMap<(&str, &str), &Comparison> =
        comparisons.iter().map(|row| ((row.baseline.as_str(), row.candidate.as_str()), *row)).collect();
    let row = |first: &str, other: &str| {
        rows.get(&(first, other)).or_else(|| rows.get(&(other, first)))?.with_baseline(first)
    };
    let ordered = in_order(&basis, &cells, metric.direction(), row);
    let (first, others) = ordered.split_first()?;
    let mut tiers: Vec<Vec<String>> = vec![vec![(*first).to_owned()]];
    for name in others {
        let is_worse = |first: &str| row(first, name).is_some_and(|row| row.verdict == Verdict::Worse);
        match tiers.last_mut() {
            Some(tier) if !tier.first().is_some_and(|first| is_worse(first)) => tier.push((*name).to_owned()),
            _ => tiers.push(vec![(*name).to_owned()]),
        }
    }
    let is_ranked: HashSet<&str> = ordered.iter().copied().collect();
    Some(Ranked {
        against_first: others.iter().filter_map(|other| row(first, other)).collect(),
        ranking: Ranking {
            scenario: scenario.to_owned(),
            metric,
            concurrency_levels: basis.common.into_iter().flatten().flatten().collect(),
            tiers,
            unranked: participants
                .iter()
                .filter(|name| !is_ranked.contains(*name))
                .map(|name| (*name).to_owned())
                .collect(),
        },
    })
}

/// The frameworks that are ranked, best first. Where two neighbours were compared, the one that the comparison has as the
/// better stands first: an order that the ratios beside it contradict helps nobody.
fn in_order<'a>(
    basis: &Basis<'a>,
    cells: &[&'a CellValues],
    direction: Direction,
    row: impl Fn(&str, &str) -> Option<Comparison>,
) -> Vec<&'a str> {
    let mut scored = basis.scores(cells);
    scored.sort_by(|(a_name, a), (b_name, b)| {
        let by_score = match direction {
            Direction::LowerIsBetter | Direction::Unclear => a.total_cmp(b),
            Direction::HigherIsBetter => b.total_cmp(a),
        };
        by_score.then_with(|| a_name.cmp(b_name))
    });
    let mut ordered: Vec<&str> = scored.into_iter().map(|(name, _)| name).collect();
    let is_better = |one: &str, other: &str| {
        row(one, other).is_some_and(|row| match direction {
            Direction::LowerIsBetter | Direction::Unclear => 1.0 < row.ratio,
            Direction::HigherIsBetter => row.ratio < 1.0,
        })
    };
    for place in 1..ordered.len() {
        for earlier in (0..place).rev() {
            let swap = matches!(ordered.get(earlier..=earlier + 1), Some([one, other]) if is_better(other, one));
            if !swap {
                break;
            }
            ordered.swap(earlier, earlier + 1);
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use indexmap::IndexSet;

    use super::*;
    use crate::compare::Decision;
    use crate::compare::compare_frameworks;
    use crate::record::CellKey;
    use crate::stats::Values;

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
        let refs: Vec<&CellValues> = cells.iter().collect();
        let participants: Vec<&str> =
            refs.iter().map(|cell| cell.key.framework()).collect::<IndexSet<_>>().into_iter().collect();
        let comparisons = compare_frameworks(cells, None, &Decision::default());
        let overall: Vec<&Comparison> = comparisons.iter().filter(|row| row.is_overall()).collect();
        rank("", &refs, &participants, Metric::TotalTime, &overall)
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
        // Neither says more than the other.
        assert_eq!(ranked(&[cell("b", 25, &[1.0]), cell("a", 10, &[9.0])]), None);
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
