//! The interval of a quantile by order statistics: how far to the left and right of it two measured values have to lie to
//! enclose it. It assumes no distribution, and that the values are independent.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::Values;

/// The interval that contains the quantile of the population with a probability of at least `1 - alpha`: at most
/// `alpha / 2` lie on either side. `None` where there are too few values for that, as with fewer than 13 for a lower
/// quartile at 5 %.
///
/// The number of values below a quantile `q` is binomial with probability `q`: David and Nagaraja, "Order Statistics"
/// (2003), 7.1.
pub fn quantile_interval(values: &Values, quantile: f64, alpha: f64) -> Option<(f64, f64)> {
    let sorted = values.as_slice();
    let below = Binomial::new(quantile, sorted.len() as u64).ok()?;
    // The last place from which at most alpha / 2 fall short, and the first that at most alpha / 2 go beyond.
    let low = (0..sorted.len()).take_while(|place| below.cdf(*place as u64) <= alpha / 2.0).last()?;
    let high = (low..sorted.len()).find(|place| below.sf(*place as u64) <= alpha / 2.0)?;
    Some((*sorted.get(low)?, *sorted.get(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rising(count: u32) -> Values {
        Values::new((1..=count).map(f64::from)).unwrap()
    }

    #[test]
    fn places_as_in_tables() {
        // Conover, "Practical Nonparametric Statistics" (1999), table A3: of the median the 2nd and 9th of 10 at 97.85 %,
        // the 6th and 15th of 20 at 95.86 %.
        assert_eq!(quantile_interval(&rising(10), 0.5, 0.05), Some((2.0, 9.0)));
        assert_eq!(quantile_interval(&rising(20), 0.5, 0.05), Some((6.0, 15.0)));
        // scipy 1.17: binom.ppf(0.025, 100, 0.25), and binom.ppf(0.975, 100, 0.25) + 1
        assert_eq!(quantile_interval(&rising(100), 0.25, 0.05), Some((17.0, 35.0)));
    }

    #[test]
    fn too_few_values_have_no_interval() {
        assert_eq!(quantile_interval(&rising(5), 0.5, 0.05), None);
        assert_eq!(quantile_interval(&rising(12), 0.25, 0.05), None);
        assert!(quantile_interval(&rising(13), 0.25, 0.05).is_some());
    }
}
