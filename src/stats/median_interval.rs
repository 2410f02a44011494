//! The interval of a median by order statistics.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::Values;

/// Below so many numbers there is no interval worth the name: of two, it would miss the median as often as not.
const FEWEST: usize = 3;

/// An interval of a median with the level that it really has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedianInterval {
    /// Lower end: one of the numbers.
    pub low: f64,
    /// Upper end: one of the numbers.
    pub high: f64,
    /// The probability that such an interval contains the median of the population.
    pub level: f64,
}

/// The narrowest interval between the k-th smallest and the k-th largest number whose level is at least `1 - alpha`;
/// where the numbers are too few for that, from the smallest to the largest; `None` for fewer than three.
///
/// It assumes nothing but independent numbers: how many of them lie below the median is binomial with 1/2. With ties the
/// level is at least what is said. David and Nagaraja, "Order Statistics", 3rd edition (2003), section 7.1.
pub fn median_interval(values: &Values, alpha: f64) -> Option<MedianInterval> {
    let n = values.count();
    if n < FEWEST {
        return None;
    }
    let below = Binomial::new(0.5, n as u64).ok()?;
    let missed = |left_out: usize| 2.0 * below.cdf(left_out as u64);
    // Rising from none: the last number of values that may be left out at either end.
    let (mut left_out, mut too_many) = (0, n / 2);
    while 1 < too_many - left_out {
        let middle = left_out.midpoint(too_many);
        if missed(middle) <= alpha { left_out = middle } else { too_many = middle }
    }
    let at = |index: usize| values.as_slice().get(index).copied();
    Some(MedianInterval { low: at(left_out)?, high: at(n - 1 - left_out)?, level: 1.0 - missed(left_out) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_levels_as_tabulated() {
        // Conover, "Practical Nonparametric Statistics", 3rd edition (1999), table A3 with p = 1/2: the ranks of the ends,
        // and the level that follows.
        let table = [
            (3, 1, 0.75),
            (4, 1, 0.875),
            (5, 1, 0.9375),
            (6, 1, 0.968_75),
            (8, 1, 0.992_187_5),
            (9, 2, 0.960_937_5),
            (10, 2, 0.978_515_625),
            (15, 4, 0.964_843_75),
            (20, 6, 0.958_610_534_667_968_8),
        ];
        for (n, rank, level) in table {
            let found = median_interval(&Values::new((1..=n).map(f64::from)).unwrap(), 0.05).unwrap();
            assert!((found.low - f64::from(rank)).abs() < 1e-12, "{n}: {found:?}");
            assert!((found.high - f64::from(n + 1 - rank)).abs() < 1e-12, "{n}: {found:?}");
            assert!((found.level - level).abs() < 1e-12, "{n}: {found:?}");
        }
    }

    #[test]
    fn two_numbers_have_no_interval_and_many_have_a_narrow_one() {
        assert_eq!(median_interval(&Values::new([1.0, 2.0]).unwrap(), 0.05), None);
        // scipy 1.17: binom.ppf(0.025, 100000, 0.5) is 49690, so that as many can be left out.
        let found = median_interval(&Values::new((0..100_000).map(f64::from)).unwrap(), 0.05).unwrap();
        assert!((found.low - 49_689.0).abs() < 1.5 && 0.95 <= found.level && found.level < 0.951, "{found:?}");
        assert!((found.low + found.high - 99_999.0).abs() < 1e-9);
    }
}
