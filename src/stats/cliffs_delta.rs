//! Cliff's δ: how often a number of one side is larger than one of the other, less how often it is smaller.

use super::{MannWhitney, Values, mann_whitney};

/// Cliff's δ of the candidate against the baseline: from -1, where all of its numbers are smaller, to 1, where all are
/// larger; 0 where neither tends to be.
///
/// Cliff, "Dominance statistics: ordinal analyses to answer ordinal questions", Psychological Bulletin 114 (1993).
pub fn cliffs_delta(baseline: &Values, candidate: &Values) -> f64 {
    cliffs_delta_of(&mann_whitney(baseline, candidate), baseline.count() * candidate.count())
}

/// Cliff's δ, where the test of Mann and Whitney on so many pairs of numbers is known.
pub fn cliffs_delta_of(test: &MannWhitney, pairs: usize) -> f64 {
    1.0 - 2.0 * test.u / pairs as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_two_shares() {
        let delta = |a: &[f64], b: &[f64]| {
            cliffs_delta(&Values::new(a.iter().copied()).unwrap(), &Values::new(b.iter().copied()).unwrap())
        };
        // Counted by numpy: the mean of sign(i - j) over i in treatment and j in control.
        let (treatment, control) =
            ([10.0, 10.0, 20.0, 20.0, 20.0, 30.0, 30.0, 30.0, 40.0, 50.0], [10.0, 20.0, 30.0, 40.0, 40.0, 50.0]);
        assert!((delta(&control, &treatment) + 0.25).abs() < 1e-15);
        assert!((delta(&treatment, &control) - 0.25).abs() < 1e-15);
        assert_eq!(delta(&[1.0, 2.0], &[3.0, 4.0, 5.0]).total_cmp(&1.0), std::cmp::Ordering::Equal);
        assert!(delta(&[7.0; 3], &[7.0; 4]).abs() < 1e-15);
    }
}
