//! The test of Mann and Whitney: whether the numbers of one group tend to be larger than those of another.
//!
//! It looks at ranks only, so it assumes no distribution, and one wild run weighs no more than any other. What it assumes
//! is that all runs are independent and that, without a difference, both groups would be drawn alike. Mann and Whitney,
//! "On a test of whether one of two random variables is stochastically larger than the other", Annals of Mathematical
//! Statistics 18 (1947).

use statrs::function::erf::erfc;

use super::Values;

/// Up to so many numbers a side, and none of them equal, the p-value is exact.
pub(super) const EXACT_SIDE: usize = 20;
/// Up to so many numbers a side, and some of them equal, the p-value is exact.
const EXACT_SIDE_WITH_TIES: usize = 12;

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// In how many pairs of a number of each side the baseline's is larger; equal ones count half.
    pub u: f64,
    /// The probability, without a difference, of a `u` at least as far from the middle.
    pub p_value: f64,
    /// How the p-value was found.
    pub method: RankMethod,
    /// The smallest p-value that numbers with these counts and ties can have.
    pub smallest_p: f64,
}

/// How a p-value of ranks was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RankMethod {
    /// From the distribution of all orders, which are equally likely without a difference.
    Exact,
    /// From all ways to split the numbers, some of which are equal, between the sides.
    ExactWithTies,
    /// From the normal distribution, corrected for continuity and ties.
    Asymptotic,
}

/// Tests the numbers of two sides. Swapping the sides leaves the p-value as it is.
pub fn mann_whitney(baseline: &Values, candidate: &Values) -> MannWhitney {
    let groups = tie_groups(baseline.as_slice(), candidate.as_slice());
    let (n, m) = (baseline.count(), candidate.count());
    let (mut twice_u, mut candidates_below) = (0_u64, 0_u64);
    for (of_baseline, of_candidate) in &groups {
        twice_u += *of_baseline as u64 * (2 * candidates_below + *of_candidate as u64);
        candidates_below += *of_candidate as u64;
    }
    let u = twice_u as f64 / 2.0;
    let has_ties = groups.iter().any(|(a, b)| 1 < a + b);
    let (method, p_value, smallest_p) = if !has_ties && n.max(m) <= EXACT_SIDE {
        let p = |twice_u: u64| exact_p(twice_u.min(2 * (n * m) as u64 - twice_u) / 2, n, m);
        (RankMethod::Exact, p(twice_u), p(0))
    } else if has_ties && n.max(m) <= EXACT_SIDE_WITH_TIES {
        let (p_value, smallest_p) = exact_p_with_ties(&groups, n, m);
        (RankMethod::ExactWithTies, p_value, smallest_p)
    } else {
        (RankMethod::Asymptotic, asymptotic_p(u, &groups, n, m), asymptotic_p(0.0, &groups, n, m))
    };
    MannWhitney { u, p_value, method, smallest_p }
}

/// For each distinct number, ascending, how often either side has it.
pub(super) fn tie_groups(baseline: &[f64], candidate: &[f64]) -> Vec<(usize, usize)> {
    let (mut a, mut b) = (baseline, candidate);
    let mut groups = Vec::with_capacity(a.len() + b.len());
    while let Some(smallest) = a.first().into_iter().chain(b.first()).copied().reduce(f64::min) {
        let of_a = a.iter().take_while(|number| **number <= smallest).count();
        let of_b = b.iter().take_while(|number| **number <= smallest).count();
        groups.push((of_a, of_b));
        (a, b) = (a.get(of_a..).unwrap_or_default(), b.get(of_b..).unwrap_or_default());
    }
    groups
}

/// Twice the probability of a U of at most `u`, which is at most in the middle.
///
/// The numbers of orders with each U are the coefficients of the Gaussian binomial, the product over i from 1 to n of
/// (1 − q^(m+i)) / (1 − q^i). Every product on the way is one too, so all numbers are whole and below 2^53.
pub(super) fn exact_p(u: u64, n: usize, m: usize) -> f64 {
    let u = u as usize;
    let mut orders = vec![0.0_f64; u + 1];
    let mut all = 1.0_f64;
    if let Some(none) = orders.first_mut() {
        *none = 1.0;
    }
    for i in 1..=n {
        for index in (m + i..=u).rev() {
            let below = orders.get(index - (m + i)).copied().unwrap_or_default();
            if let Some(count) = orders.get_mut(index) {
                *count -= below;
            }
        }
        for index in i..=u {
            let below = orders.get(index - i).copied().unwrap_or_default();
            if let Some(count) = orders.get_mut(index) {
                *count += below;
            }
        }
        all = all * (m + i) as f64 / i as f64;
    }
    (2.0 * orders.iter().sum::<f64>() / all).min(1.0)
}

/// The probability of a sum of ranks at least as far from its mean as that of the baseline, and the smallest such
/// probability, over all choices of n of the n + m numbers. Ranks are doubled, so that the mean rank of equal numbers is
/// whole.
fn exact_p_with_ties(groups: &[(usize, usize)], n: usize, m: usize) -> (f64, f64) {
    let (mut before, mut found) = (0, 0);
    for (of_baseline, of_candidate) in groups {
        found += of_baseline * (2 * before + of_baseline + of_candidate + 1);
        before += of_baseline + of_candidate;
    }
    let mean = n * (n + m + 1);
    let splits = splits(groups, n);
    let ways = || splits.iter().enumerate().filter(|(_, ways)| 0.0 < **ways);
    let total: f64 = ways().map(|(_, ways)| ways).sum();
    let p = |far: usize| ways().filter(|(sum, _)| far <= sum.abs_diff(mean)).map(|(_, ways)| ways).sum::<f64>() / total;
    let farthest = ways().map(|(sum, _)| sum.abs_diff(mean)).max().unwrap_or_default();
    (p(found.abs_diff(mean)), p(farthest))
}

/// For each doubled sum of ranks, in how many ways `n` of all numbers have it.
pub(super) fn splits(groups: &[(usize, usize)], n: usize) -> Vec<f64> {
    let all: usize = groups.iter().map(|(a, b)| a + b).sum();
    let most = n * (2 * all);
    // counts[k][s]: in how many ways k of the numbers so far have the doubled ranks' sum s.
    let mut counts = vec![vec![0.0_f64; most + 1]; n + 1];
    if let Some(nothing) = counts.first_mut().and_then(|row| row.first_mut()) {
        *nothing = 1.0;
    }
    let mut seen = 0;
    for (of_baseline, of_candidate) in groups {
        let rank = 2 * seen + of_baseline + of_candidate + 1;
        for _ in 0..of_baseline + of_candidate {
            seen += 1;
            // More can't have been taken yet, and fewer could not become n any more.
            for k in (n.saturating_sub(all - seen).max(1)..=n.min(seen)).rev() {
                let Some([fewer, row]) = counts.get_mut(k - 1..=k) else { continue };
                // Ranks ascend, so no number before has a higher one.
                let highest = (k - 1) * rank;
                for (count, below) in row.iter_mut().skip(rank).zip(fewer.iter().take(1 + highest)) {
                    *count += below;
                }
            }
        }
    }
    counts.pop().unwrap_or_default()
}

/// The probability by the normal distribution, with the corrections for continuity and for ties; 1 where all are equal.
pub(super) fn asymptotic_p(u: f64, groups: &[(usize, usize)], n: usize, m: usize) -> f64 {
    let (n, m) = (n as f64, m as f64);
    let all = n + m;
    let ties: f64 = groups.iter().map(|(a, b)| (a + b) as f64).map(|tied| tied.powi(3) - tied).sum();
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    let distance = (u - n * m / 2.0).abs() - 0.5;
    if variance <= 0.0 || distance <= 0.0 {
        return 1.0;
    }
    erfc(distance / (2.0 * variance).sqrt()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(a: &[f64], b: &[f64]) -> MannWhitney {
        mann_whitney(&Values::new(a.iter().copied()).unwrap(), &Values::new(b.iter().copied()).unwrap())
    }

    fn rising(from: u32, count: u32) -> Vec<f64> {
        (from..from + count).map(f64::from).collect()
    }

    #[track_caller]
    fn assert_p(found: MannWhitney, method: RankMethod, u: f64, p_value: f64) {
        assert_eq!(found.method, method);
        // statrs has erfc to ten digits or so.
        let tolerance = if method == RankMethod::Asymptotic { 1e-10 } else { 1e-12 };
        assert!((found.u - u).abs() < 1e-12 && (found.p_value - p_value).abs() < tolerance, "{found:?}");
    }

    #[test]
    fn exact_p_values_as_in_scipy() {
        // scipy 1.17: mannwhitneyu(arange(n), arange(m) + shift, method="exact")
        let table = [
            (3, 3, 2.5, 0.0, 0.1),
            (5, 5, 0.5, 10.0, 0.690_476_190_476_190_5),
            (5, 8, 3.5, 1.0, 0.003_108_003_108_003_108),
            (20, 20, 4.5, 120.0, 0.030_411_256_038_764_864),
            (2, 20, 10.5, 0.0, 0.008_658_008_658_008_658),
            (1, 5, 2.5, 0.0, 0.333_333_333_333_333_3),
        ];
        for (n, m, shift, u, p_value) in table {
            let b: Vec<f64> = rising(0, m).iter().map(|number| number + shift).collect();
            assert_p(test(&rising(0, n), &b), RankMethod::Exact, u, p_value);
            assert_p(test(&b, &rising(0, n)), RankMethod::Exact, f64::from(n * m) - u, p_value);
        }
        // U at its middle, and the smallest p-values of 10 and 10.
        assert_p(test(&[1.0, 4.0], &[2.0, 3.0]), RankMethod::Exact, 2.0, 1.0);
        assert!((test(&rising(0, 10), &rising(50, 10)).smallest_p - 1.082_508_822_446_903e-5).abs() < 1e-18);
    }

    #[test]
    fn p_values_with_ties_are_those_of_all_splits() {
        // scipy 1.17: permutation_test of mannwhitneyu's statistic over all 252 splits; 56 are as far from the middle.
        let (x, y) = ([1.0, 2.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 4.0, 5.0]);
        assert_p(test(&x, &y), RankMethod::ExactWithTies, 5.5, 56.0 / 252.0);
        // Counted by hand: {1, 1, 2} has the smallest sum of ranks that 3 of the 7 can have, in 2 ways, and one way is as
        // far above the mean.
        let uneven = ([1.0, 1.0, 2.0], [2.0, 3.0, 3.0, 3.0]);
        assert_p(test(&uneven.0, &uneven.1), RankMethod::ExactWithTies, 0.5, 3.0 / 35.0);
        assert_p(test(&uneven.1, &uneven.0), RankMethod::ExactWithTies, 11.5, 3.0 / 35.0);
        assert!((test(&x, &y).smallest_p - 2.0 / 252.0).abs() < 0.05);
        assert_p(test(&[7.0; 4], &[7.0; 5]), RankMethod::ExactWithTies, 10.0, 1.0);
        assert_p(test(&[7.0; 30], &[7.0; 30]), RankMethod::Asymptotic, 450.0, 1.0);
    }

    #[test]
    fn asymptotic_p_values_as_in_scipy() {
        // scipy 1.17: mannwhitneyu(x, y, method="asymptotic")
        let y: Vec<f64> = rising(0, 25).iter().map(|number| number * 1.3 + 3.0).collect();
        assert_p(test(&rising(0, 30), &y), RankMethod::Asymptotic, 283.5, 0.123_984_081_773_166_86);
        let thirds: Vec<f64> = (0..30).map(|number| f64::from(number / 3)).collect();
        let halves: Vec<f64> = (0..25).map(|number| f64::from(number / 2 + 2)).collect();
        assert_p(test(&thirds, &halves), RankMethod::Asymptotic, 192.0, 0.001_971_925_996_368_956_8);
        // The small case of tests/references/study_quiet.json, made with scipy.
        let (x, y) = ([1.0, 2.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 4.0, 5.0]);
        let p = asymptotic_p(5.5, &tie_groups(&x, &y), 5, 5);
        assert!((p - 0.162_586_850_726_353_5).abs() < 1e-10, "{p}");
    }
}
