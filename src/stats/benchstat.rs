//! The p-value that Go's benchstat prints.
//!
//! It is that of Mann and Whitney too; it differs in how far it counts exactly, and in what it counts where values are
//! equal. Whoever compares with benchstat's output wants the same number.

use super::Values;
use super::mann_whitney::{asymptotic_p, exact_p, splits, tie_groups};

/// Exact up to so many values a side: `MannWhitneyExactLimit` of github.com/aclements/go-moremath/stats.
const EXACT_SIDE: usize = 50;
/// Exact up to so many values a side where some are equal: `MannWhitneyTiesExactLimit`.
const EXACT_SIDE_WITH_TIES: usize = 9;

/// The p-value as benchstat has it: twice the probability of the smaller U, exact as far as its limits go, and else that of
/// the normal distribution with both corrections; 1 where all values are equal, which benchstat calls an error.
///
/// The assumption `nothing` of golang.org/x/perf/benchmath, whose test is `MannWhitneyUTest` of
/// github.com/aclements/go-moremath/stats.
pub fn benchstat_p(baseline: &Values, candidate: &Values) -> f64 {
    let groups = tie_groups(baseline.as_slice(), candidate.as_slice());
    let (n, m) = (baseline.count(), candidate.count());
    if groups.len() < 2 {
        return 1.0;
    }
    let has_ties = groups.iter().any(|(a, b)| 1 < a + b);
    let (mut twice_u, mut below) = (0_usize, 0_usize);
    for (of_baseline, of_candidate) in &groups {
        twice_u += of_baseline * (2 * below + of_candidate);
        below += of_candidate;
    }
    let smaller = twice_u.min(2 * n * m - twice_u);
    if smaller == n * m {
        return 1.0;
    }
    if !has_ties && n.max(m) <= EXACT_SIDE {
        return exact_p(smaller as u64 / 2, n, m);
    }
    if has_ties && n.max(m) <= EXACT_SIDE_WITH_TIES {
        // U is the sum of the baseline's ranks less what it is at least; sums are doubled.
        let least = n * (n + 1);
        let ways = splits(&groups, n);
        let all: f64 = ways.iter().sum();
        let as_far: f64 = ways.iter().take(least + smaller + 1).sum();
        return (2.0 * as_far / all).min(1.0);
    }
    asymptotic_p(twice_u as f64 / 2.0, &groups, n, m)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(a: &[f64], b: &[f64]) -> f64 {
        benchstat_p(&Values::new(a.iter().copied()).unwrap(), &Values::new(b.iter().copied()).unwrap())
    }

    #[test]
    fn its_limits_are_those_of_go() {
        let rising = |from: u32, count: u32| -> Vec<f64> { (from..from + count).map(f64::from).collect() };
        // scipy 1.17: mannwhitneyu(arange(30), arange(30) + 7.5, method="exact"), beyond our own limit and below Go's.
        let shifted: Vec<f64> = rising(0, 30).iter().map(|value| value + 7.5).collect();
        assert!((p(&rising(0, 30), &shifted) - EXACT_30).abs() < 1e-9, "{}", p(&rising(0, 30), &shifted));
        // Ten values a side with ties: normal. scipy 1.17: mannwhitneyu(a, b, method="asymptotic")
        let a = [1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
        let b = [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0];
        assert!((p(&a, &b) - TIED_10).abs() < 1e-10, "{}", p(&a, &b));
        assert!((p(&[1.0; 4], &[1.0; 4]) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn with_few_ties_it_counts_one_tail_twice() {
        // {1, 1, 2} against {2, 3, 3, 3}: 2 of the 35 splits have a U of at most 0.5.
        assert!((p(&[1.0, 1.0, 2.0], &[2.0, 3.0, 3.0, 3.0]) - 4.0 / 35.0).abs() < 1e-12);
    }

    const EXACT_30: f64 = 0.003_193_540_818_593_945;
    const TIED_10: f64 = 0.058_021_981_428_215_48;
}
