//! A throughput that several frameworks stop at together though they differ below it. Then something that they share is the
//! limit, most often the load generator or the network, and not they.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::wording::{percent, significant};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::Metric;

/// Several frameworks reach the same throughput and no more.
pub(super) struct SharedPlateau;

/// How far the throughputs on a plateau may lie apart.
const TOGETHER: f64 = 0.03;

/// How far they have to lie apart at a lower level, to be different frameworks at all.
const APART: f64 = 0.15;

/// A plateau has this many levels or more, and there is one below it.
const LEAST_TOP: usize = 2;

/// Mean throughput by level.
type Curve = BTreeMap<u32, f64>;

/// The levels, from one on, at which frameworks agree.
struct Plateau<'a> {
    frameworks: Vec<&'a str>,
    levels: Vec<u32>,
    throughput: f64,
    /// Where they differ most below, and by how much, as a fraction.
    below: (u32, f64),
}

impl Rule for SharedPlateau {
    fn id(&self) -> &'static str {
        "shared-plateau"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let mut scenarios: IndexMap<&str, IndexMap<&str, Curve>> = IndexMap::new();
        for cell in evidence.cells.iter().filter(|cell| cell.metric == Metric::Throughput) {
            if let Some(level) = cell.key.concurrency {
                let curves = scenarios.entry(cell.key.scenario()).or_default();
                curves.entry(cell.key.framework()).or_default().insert(level, cell.values.mean());
            }
        }
        let found = |(scenario, curves): (&&str, &IndexMap<&str, Curve>)| {
            Some(self.finding(scenario, &plateau(curves)?, evidence))
        };
        scenarios.iter().filter_map(found).collect()
    }
}

impl SharedPlateau {
    fn finding(&self, scenario: &str, plateau: &Plateau<'_>, evidence: &Evidence<'_>) -> Finding {
        let words = evidence.wording();
        let (names, levels) = (words.list(&plateau.frameworks), words.list(&plateau.levels));
        let (throughput, axis) = (significant(plateau.throughput, 3), words.axis());
        let (level, apart) = (words.at_level(Some(plateau.below.0)), percent(plateau.below.1));
        Finding::trust(
            self,
            Severity::Warning,
            plateau.frameworks.iter().map(|name| (*name).to_owned()).collect(),
            words.in_scenario(scenario)
                + &words.say(
                    format!(
                        "{names} stop at the same {throughput} requests per second (at {axis} {levels}), though they differ by \
                         {apart} {level}: the limit seems to be one that they share"
                    ),
                    format!(
                        "{names} 都停在每秒 {throughput} 个请求（{axis} {levels}），而{level}相差 {apart}：瓶颈似乎是它们共有的"
                    ),
                ),
            words.say(
                "See whether the load generator is the limit: its CPU, its threads, the network, a shared database. Run it on \
                 another machine or on several; until then do not rank by these levels.",
                "请检查瓶颈是否在压测工具：它的 CPU、线程、网络或共用的数据库。请换一台或多台机器施压；在此之前不要按这些级别排名。",
            ),
            json!({
                "scenario": scenario,
                "concurrency": plateau.levels,
                "throughput": plateau.throughput,
                "differ_at": plateau.below.0,
                "difference": plateau.below.1,
            }),
        )
    }
}

/// The plateau of the fastest frameworks and of those that reach it too; `None` where one of them is still rising, or
/// where there are no two that differ below.
fn plateau<'a>(curves: &IndexMap<&'a str, Curve>) -> Option<Plateau<'a>> {
    let mut levels: Vec<u32> = curves.values().flat_map(|curve| curve.keys().copied()).collect();
    levels.sort_unstable();
    levels.dedup();
    let first_top = levels.len().checked_sub(LEAST_TOP).filter(|below| 0 < *below)?;
    let (lower, top) = levels.split_at(first_top);
    let best_on_top = |curve: &Curve| top.iter().filter_map(|level| curve.get(level).copied()).reduce(f64::max);
    let best = curves.values().filter_map(best_on_top).reduce(f64::max).filter(|best| 0.0 < *best)?;
    let is_at_best = |throughput: &f64| best * (1.0 - TOGETHER) <= *throughput;
    // Whoever falls again, or is not measured on top, is not held by the common limit.
    let members: IndexMap<&'a str, &Curve> = curves
        .iter()
        .filter(|(_, curve)| top.iter().all(|level| curve.get(level).is_some_and(is_at_best)))
        .map(|(name, curve)| (*name, curve))
        .collect();
    if members.len() < 2 {
        return None;
    }
    // Faster below than on the plateau: then the plateau is no limit but a fall.
    if members.values().any(|curve| curve.values().any(|throughput| best * (1.0 + TOGETHER) < *throughput)) {
        return None;
    }
    let difference = |level: &u32| {
        let there: Vec<f64> = members.values().filter_map(|curve| curve.get(level).copied()).collect();
        let high = there.iter().copied().reduce(f64::max)?;
        let low = there.iter().copied().reduce(f64::min).filter(|low| 0.0 < *low)?;
        Some((*level, high / low - 1.0))
    };
    let below = lower.iter().filter_map(difference).max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (APART <= below.1).then(|| Plateau {
        frameworks: members.keys().copied().collect(),
        levels: top.to_vec(),
        throughput: best,
        below,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(curves: &[(&'static str, [f64; 4])]) -> Option<Vec<&'static str>> {
        let levels = [1, 10, 100, 200];
        let curves = curves.iter().map(|(name, rates)| (*name, levels.into_iter().zip(*rates).collect())).collect();
        plateau(&curves).map(|plateau| plateau.frameworks)
    }

    #[test]
    fn frameworks_that_stop_together_and_differ_below() {
        let a = ("a", [100.0, 800.0, 1000.0, 1010.0]);
        let b = ("b", [60.0, 500.0, 990.0, 1005.0]);
        let slow = ("slow", [10.0, 100.0, 300.0, 400.0]);
        assert_eq!(found(&[a, b, slow]), Some(vec!["a", "b"]));
    }

    #[test]
    fn what_is_no_common_limit() {
        let a = ("a", [100.0, 800.0, 1000.0, 1010.0]);
        for other in [
            // The same all the way: the same framework twice.
            ("b", [101.0, 801.0, 990.0, 1005.0]),
            // Another limit.
            ("b", [60.0, 500.0, 800.0, 805.0]),
            // Passing by, still rising.
            ("b", [60.0, 500.0, 1000.0, 1500.0]),
            // Falling to it.
            ("b", [60.0, 1400.0, 1000.0, 1000.0]),
        ] {
            assert_eq!(found(&[a, other]), None, "{other:?}");
        }
        assert_eq!(found(&[a]), None);
        assert_eq!(found(&[]), None);
    }
}
