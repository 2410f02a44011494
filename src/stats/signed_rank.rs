//! Tests of pairs: runs of two sides that were measured one right after the other share the weather, and only what differs
//! within a pair says something.

use statrs::function::erf::erfc;

use super::SplitMix64;

/// Up to so many pairs the p-value of ranks is exact.
const EXACT: usize = 60;
/// Up to so many pairs every way to swap them is looked at.
const ENUMERATED: usize = 13;
/// So many ways to swap pairs are drawn where there are too many.
const DRAWS: u32 = 4_000;
/// Any number will do, as long as it stays the same.
const SEED: u64 = 0x5157_a11e_2026_0001;
/// Sums that differ by less are equal but for rounding.
const ROUNDING: f64 = 1e-12;

/// What a test of pairs found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairTest {
    /// The probability, without a difference, of one at least as large.
    pub p_value: f64,
    /// The smallest p-value that so many pairs can have.
    pub smallest_p: f64,
    /// By how much the p-value may be off because it was found by drawing; `None` where it was not.
    pub standard_error: Option<f64>,
}

/// Wilcoxon's test of signed ranks on the differences within pairs, two-sided: whether they lie around zero.
///
/// Differences of zero are left out. The p-value is exact, with ties, over all signs of the ranks up to 60 pairs, and that
/// of the normal distribution beyond. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945);
/// with ties: Pratt and Gibbons, "Concepts of Nonparametric Theory" (1981), 3.7.
pub fn signed_rank(differences: &[f64]) -> PairTest {
    let mut sorted: Vec<f64> = differences.iter().copied().filter(|difference| 0.0 < difference.abs()).collect();
    sorted.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let mut doubled_ranks = Vec::with_capacity(sorted.len());
    for group in sorted.chunk_by(|a, b| a.abs() >= b.abs()) {
        let rank = 2 * doubled_ranks.len() + group.len() + 1;
        doubled_ranks.extend(std::iter::repeat_n(rank, group.len()));
    }
    let all: usize = doubled_ranks.iter().sum();
    let positive = || sorted.iter().zip(&doubled_ranks).filter(|(difference, _)| 0.0 < **difference);
    let found: usize = positive().map(|(_, rank)| rank).sum();
    let n = sorted.len();
    let smaller = found.min(all - found);
    let p_value = if n == 0 {
        1.0
    } else if n <= EXACT {
        exact_p(&doubled_ranks, smaller)
    } else {
        let variance = doubled_ranks.iter().map(|rank| (*rank as f64).powi(2)).sum::<f64>() / 4.0;
        // Ranks are doubled, and so is the correction for continuity.
        let distance = (all as f64 / 2.0 - smaller as f64 - 1.0).max(0.0);
        erfc(distance / (2.0 * variance).sqrt()).min(1.0)
    };
    PairTest { p_value, smallest_p: smallest_p(n), standard_error: None }
}

/// Tests whether the mean over strata of the mean differences within pairs is zero, by swapping the sides of pairs: without
/// a difference each way is equally likely. Exact up to 13 pairs, and drawn beyond.
///
/// Fisher, "The Design of Experiments" (1935), 21.
pub fn sign_flip(strata: &[Vec<f64>]) -> PairTest {
    let parts: Vec<f64> =
        strata.iter().flat_map(|pairs| pairs.iter().map(move |difference| difference / pairs.len() as f64)).collect();
    let found = parts.iter().sum::<f64>().abs();
    let scale: f64 = parts.iter().map(|part| part.abs()).sum();
    let reaches = |sum: f64| found - ROUNDING * scale <= sum.abs();
    let flipped = |signs: u64, from: usize, count: usize| -> f64 {
        let sign = |index: usize| if signs >> index & 1 == 1 { -1.0 } else { 1.0 };
        parts.iter().skip(from).take(count).enumerate().map(|(index, part)| sign(index) * part).sum()
    };
    let n = parts.len();
    if n <= ENUMERATED {
        let ways = 1_u64 << n;
        let as_far = (0..ways).filter(|signs| reaches(flipped(*signs, 0, n))).count();
        return PairTest { p_value: as_far as f64 / ways as f64, smallest_p: smallest_p(n), standard_error: None };
    }
    let mut random = SplitMix64::new(SEED);
    let draw = |_: u32| -> f64 { (0..n).step_by(64).map(|from| flipped(random.bits(), from, 64)).sum() };
    let as_far = (0..DRAWS).map(draw).filter(|sum| reaches(*sum)).count();
    let p_value = (as_far as f64 + 1.0) / f64::from(DRAWS + 1);
    PairTest {
        p_value,
        smallest_p: smallest_p(n).max(f64::from(DRAWS + 1).recip()),
        standard_error: Some((p_value * (1.0 - p_value) / f64::from(DRAWS)).sqrt()),
    }
}

/// Twice the probability of a sum of ranks of at most `sum`, which is at most in the middle, over all signs.
fn exact_p(doubled_ranks: &[usize], sum: usize) -> f64 {
    let mut ways = vec![0.0_f64; sum + 1];
    if let Some(none) = ways.first_mut() {
        *none = 1.0;
    }
    for rank in doubled_ranks {
        for place in (*rank..=sum).rev() {
            let below = ways.get(place - rank).copied().unwrap_or_default();
            if let Some(count) = ways.get_mut(place) {
                *count += below;
            }
        }
    }
    (2.0 * ways.iter().sum::<f64>() * 0.5_f64.powi(doubled_ranks.len() as i32)).min(1.0)
}

fn smallest_p(pairs: usize) -> f64 {
    0.5_f64.powi(pairs as i32 - 1).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_p_values_as_in_scipy() {
        // scipy 1.17: wilcoxon(d, method="exact").pvalue
        let d = [0.6, -0.2, 1.1, 0.9, -0.3, 1.4, 0.8, 2.0];
        assert!((signed_rank(&d).p_value - 0.039_062_5).abs() < 1e-15, "{:?}", signed_rank(&d));
        // Darwin's differences of maize, in eighths of an inch: W = 24 of 15 pairs, p = 0.04126 (R: wilcox.test).
        let darwin = [49.0, -67.0, 8.0, 16.0, 6.0, 23.0, 28.0, 41.0, 14.0, 29.0, 56.0, 24.0, 75.0, 60.0, -48.0];
        assert!((signed_rank(&darwin).p_value - 0.041_26).abs() < 5e-6, "{:?}", signed_rank(&darwin));
        // Fisher 1935: of the 32,768 ways to swap the sides of Darwin's pairs 1,726 give a difference as large.
        let found = sign_flip(&[darwin.to_vec()]);
        assert!((found.p_value - 1726.0 / 32768.0).abs() < 4.0 * found.standard_error.unwrap(), "{found:?}");
    }

    #[test]
    fn degenerate_pairs() {
        assert_eq!(signed_rank(&[]).p_value.total_cmp(&1.0), std::cmp::Ordering::Equal);
        assert_eq!(signed_rank(&[0.0, 0.0]).p_value.total_cmp(&1.0), std::cmp::Ordering::Equal);
        // All alike: of 2^5 signs two are as far out.
        assert!((signed_rank(&[1.0; 5]).p_value - 0.0625).abs() < 1e-15);
        assert!((sign_flip(&[vec![1.0; 5]]).p_value - 0.0625).abs() < 1e-15);
        assert!((sign_flip(&[vec![1.0, 2.0], vec![3.0]]).p_value - 0.25).abs() < 1e-15);
        let many: Vec<f64> = (1..=100).map(|number| f64::from(number) - 30.0).collect();
        assert!(signed_rank(&many).p_value < 1e-3);
    }
}
