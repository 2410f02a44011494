//! Between which levels one framework overtakes another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::comparison::Comparison;
use super::verdict::Verdict;
use crate::record::Metric;

/// `a` is better at the lower level and `b` at the higher one, and both by verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Crossover {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What they are compared by.
    pub metric: Metric,
    /// Better at the lower level.
    pub a: String,
    /// Better at the higher level.
    pub b: String,
    /// The last level at which `a` is better.
    pub concurrency_low: u32,
    /// The first level after it at which `b` is better.
    pub concurrency_high: u32,
    /// The verdict on `a` against `b` at the lower level.
    pub verdict_low: Verdict,
    /// The verdict on `a` against `b` at the higher level.
    pub verdict_high: Verdict,
}

/// Finds the crossovers in comparisons whose levels ascend within a pair. Levels without a winner in between only widen
/// the range.
pub fn crossovers(comparisons: &[Comparison]) -> Vec<Crossover> {
    let mut found = Vec::new();
    let mut last: Option<(&Comparison, u32)> = None;
    for row in comparisons {
        let Some(level) = row.concurrency.filter(|_| matches!(row.verdict, Verdict::Better | Verdict::Worse)) else {
            continue;
        };
        let before = last.replace((row, level));
        let Some((before, low)) = before.filter(|(before, _)| is_same_pair(before, row)) else { continue };
        if before.verdict == row.verdict {
            continue;
        }
        let (a, b) = match row.verdict {
            Verdict::Better => (&row.baseline, &row.candidate),
            _ => (&row.candidate, &row.baseline),
        };
        // Only levels with a winner get here, so what is said of `a` is that it wins, and then that it loses.
        found.push(Crossover {
            scenario: row.scenario.clone(),
            metric: row.metric,
            a: a.clone(),
            b: b.clone(),
            concurrency_low: low,
            concurrency_high: level,
            verdict_low: Verdict::Better,
            verdict_high: Verdict::Worse,
        });
    }
    found
}

fn is_same_pair(a: &Comparison, b: &Comparison) -> bool {
    (&a.scenario, a.metric, &a.baseline, &a.candidate) == (&b.scenario, b.metric, &b.baseline, &b.candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(candidate: &str, concurrency: Option<u32>, verdict: Verdict) -> Comparison {
        Comparison {
            scenario: String::new(),
            concurrency,
            levels: 1,
            metric: Metric::TotalTime,
            baseline: "a".into(),
            candidate: candidate.into(),
            n_baseline: 1,
            n_candidate: 1,
            ratio: 1.0,
            ci_low: None,
            ci_high: None,
            p_value: None,
            p_standard_error: None,
            p_adjusted: None,
            p_method: None,
            effect_size: None,
            is_real: verdict != Verdict::Inconclusive,
            verdict,
            depends_on_level: false,
            interaction_p: None,
            repetitions_needed: None,
            method: String::new(),
        }
    }

    #[test]
    fn a_change_of_the_winner_is_a_crossover() {
        let rows = [
            row("b", None, Verdict::Better),
            row("b", Some(10), Verdict::Worse),
            row("b", Some(25), Verdict::Worse),
            row("b", Some(50), Verdict::Inconclusive),
            row("b", Some(100), Verdict::Better),
            row("c", Some(10), Verdict::Worse),
        ];
        let found = crossovers(&rows);
        let [crossover] = found.as_slice() else { panic!("one crossover, not {found:?}") };
        assert_eq!((crossover.a.as_str(), crossover.b.as_str()), ("a", "b"));
        assert_eq!((crossover.concurrency_low, crossover.concurrency_high), (25, 100));
        assert_eq!((crossover.verdict_low, crossover.verdict_high), (Verdict::Better, Verdict::Worse));
    }
}
