//! Finite numbers in ascending order, and what describes them.

/// One or more finite numbers, sorted.
///
/// Because they are sorted, no statistic depends on the order in which they were measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    sorted: Vec<f64>,
}

impl Values {
    /// Takes the numbers; `None` where there are none, or one is not finite.
    pub fn new(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        if sorted.is_empty() || sorted.iter().any(|number| !number.is_finite()) {
            return None;
        }
        sorted.sort_by(f64::total_cmp);
        Some(Self { sorted })
    }

    /// The numbers, ascending.
    pub fn as_slice(&self) -> &[f64] {
        &self.sorted
    }

    /// How many there are, from 1.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The smallest.
    pub fn min(&self) -> f64 {
        self.sorted.first().copied().unwrap_or(f64::NAN)
    }

    /// The largest.
    pub fn max(&self) -> f64 {
        self.sorted.last().copied().unwrap_or(f64::NAN)
    }

    /// The arithmetic mean.
    ///
    /// Equal numbers have that number as their mean, to the last bit.
    pub fn mean(&self) -> f64 {
        if self.max() <= self.min() {
            return self.min();
        }
        sum(self.sorted.iter().copied()) / self.count() as f64
    }

    /// The standard deviation of the sample (n − 1 in the denominator); `None` for a single number.
    pub fn std(&self) -> Option<f64> {
        if self.count() < 2 {
            return None;
        }
        let mean = self.mean();
        let squares = sum(self.sorted.iter().map(|number| (number - mean).powi(2)));
        Some((squares / (self.count() - 1) as f64).sqrt())
    }

    /// The standard deviation over the mean; `None` for a single number, or a mean of zero or below.
    pub fn cv(&self) -> Option<f64> {
        let mean = self.mean();
        self.std().filter(|_| 0.0 < mean).map(|std| std / mean)
    }

    /// The number in the middle, or the mean of the two in the middle.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The quantile of type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician
    /// 50 (1996): linear between neighbours, as numpy, pandas and R have it. `quantile` is taken into 0 to 1.
    pub fn quantile(&self, quantile: f64) -> f64 {
        let place = quantile.clamp(0.0, 1.0) * (self.count() - 1) as f64;
        let below = place.floor();
        let at = |index: f64| self.sorted.get(index as usize).copied().unwrap_or(f64::NAN);
        let (low, high) = (at(below), at(place.ceil()));
        low + (high - low) * (place - below)
    }
}

/// The sum with the rounding errors kept beside it and added last (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen", ZAMM 54, 1974).
fn sum(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for number in numbers {
        let next = sum + number;
        lost += if number.abs() <= sum.abs() { (sum - next) + number } else { (number - next) + sum };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(numbers: &[f64]) -> Values {
        Values::new(numbers.iter().copied()).unwrap()
    }

    #[test]
    fn numbers_that_describe() {
        // R: x <- c(4.2, 4.1, 4.0, 4.5); mean(x); sd(x); median(x); quantile(x, c(.25, .9))
        let x = values(&[4.2, 4.1, 4.0, 4.5]);
        assert!((x.mean() - 4.2).abs() < 1e-15);
        assert!((x.std().unwrap() - 0.216_024_689_946_928_7).abs() < 1e-15);
        assert!((x.median() - 4.15).abs() < 1e-15);
        assert!((x.quantile(0.25) - 4.075).abs() < 1e-15);
        assert!((x.quantile(0.9) - 4.41).abs() < 1e-15);
        assert_eq!((x.min(), x.max(), x.count()), (4.0, 4.5, 4));
    }

    #[test]
    fn a_single_number_has_no_spread() {
        let x = values(&[2.5]);
        assert_eq!((x.mean(), x.median(), x.std(), x.cv()), (2.5, 2.5, None, None));
    }

    #[test]
    fn equal_numbers_have_a_spread_of_exactly_zero() {
        let x = values(&[0.1; 7]);
        assert_eq!((x.mean(), x.std(), x.cv()), (0.1, Some(0.0), Some(0.0)));
    }

    #[test]
    fn a_mean_of_zero_has_no_cv() {
        assert_eq!(values(&[-1.0, 1.0]).cv(), None);
    }

    #[test]
    fn nothing_and_what_is_not_finite_is_refused() {
        assert_eq!(Values::new([]), None);
        assert_eq!(Values::new([1.0, f64::NAN]), None);
        assert_eq!(Values::new([f64::INFINITY]), None);
    }

    #[test]
    fn small_differences_between_large_numbers_are_kept() {
        // NIST StRD, NumAcc3: mean 1000000.2, standard deviation 0.1, 1001 numbers.
        let numbers = std::iter::once(1_000_000.2).chain((0..500).flat_map(|_| [1_000_000.1, 1_000_000.3]));
        let x = Values::new(numbers).unwrap();
        assert!((x.mean() - 1_000_000.2).abs() < 1e-9);
        assert!((x.std().unwrap() - 0.1).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_statistics_keep_their_order(mut numbers in prop::collection::vec(-1e6..1e6f64, 1..50)) {
            let x = values(&numbers);
            numbers.reverse();
            prop_assert_eq!(&values(&numbers), &x);
            prop_assert!(x.min() <= x.median() && x.median() <= x.max());
            prop_assert!(x.min() <= x.mean() && x.mean() <= x.max());
            prop_assert!(x.std().is_none_or(|std| 0.0 <= std));
        }
    }
}
