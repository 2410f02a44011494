//! When enough was measured: by how wide intervals are, and never by whether a difference is found.
//!
//! Who goes on until a difference is significant finds one in the end, whether there is one or not. The width of an
//! interval says nothing of where it lies, so stopping by it keeps what the interval promises, nearly: Chow and Robbins,
//! "On the asymptotic theory of fixed-width sequential confidence intervals for the mean", Annals of Mathematical
//! Statistics 36 (1965).

use crate::stats::{Values, log_difference, logarithms, t_interval};

/// The level of the intervals is 1 minus this.
const ALPHA: f64 = 0.05;

/// Whether each ratio of two of these sets of positive numbers is known within `width` of itself, either way; of a single
/// set, whether its geometric mean is. Sets without a number are left out: what failed will not be known any better.
pub fn is_known(sets: &[Vec<f64>], width: f64) -> bool {
    let logs: Option<Vec<Values>> = sets
        .iter()
        .filter(|set| !set.is_empty())
        .map(|set| Values::new(set.iter().copied()).and_then(|values| logarithms(&values)))
        .collect();
    let Some(logs) = logs else { return false };
    let is_narrow =
        |interval: Option<(f64, f64)>| interval.is_some_and(|(low, high)| ((high - low) / 2.0).exp() - 1.0 <= width);
    if let [only] = logs.as_slice() {
        return is_narrow(t_interval(only, ALPHA)) || is_constant(only);
    }
    logs.iter().enumerate().all(|(index, one)| {
        let others = logs.iter().take(index);
        others.into_iter().all(|other| {
            is_narrow(log_difference(one, other).interval(ALPHA)) || (is_constant(one) && is_constant(other))
        })
    })
}

/// Whether no spread was seen in several numbers.
fn is_constant(values: &Values) -> bool {
    1 < values.count() && values.min() >= values.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_known_when_its_interval_is_narrow() {
        // As in `stats::ratio`: the interval of this ratio goes from 0.895 to 0.932, 2.02 % either way.
        let sets = [vec![2.084, 2.078, 2.0796, 2.0945, 2.0770], vec![1.88, 1.91, 1.95, 1.87, 1.90]];
        assert!(is_known(&sets, 0.0203) && !is_known(&sets, 0.0201));
    }

    #[test]
    fn degenerate_sets() {
        assert!(!is_known(&[vec![1.0], vec![2.0]], 0.5), "one number has no interval");
        assert!(is_known(&[vec![1.0, 1.0], vec![2.0, 2.0]], 0.01), "no spread at all");
        assert!(is_known(&[vec![1.0, 1.01, 0.99], vec![]], 0.05), "what failed is not waited for");
        assert!(!is_known(&[vec![1.0, 0.0]], 0.05), "a time of zero has no logarithm");
        assert!(is_known(&[], 0.05));
    }
}
