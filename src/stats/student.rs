//! Student's t distribution, and the interval of a mean that rests on it.

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

use super::Values;

/// The interval that contains the mean of the population with probability `1 - alpha`, if the numbers are drawn from a
/// normal distribution; `None` for a single number.
///
/// Numbers that are all equal give an interval of no width, which says that the clock is coarse and not that the mean is
/// known.
pub fn t_interval(values: &Values, alpha: f64) -> Option<(f64, f64)> {
    let n = values.count() as f64;
    let half_width = t_quantile(1.0 - alpha / 2.0, n - 1.0)? * values.std()? / n.sqrt();
    Some((values.mean() - half_width, values.mean() + half_width))
}

/// The value that a t-distributed number with `df` degrees of freedom stays below with probability `p`; `None` where `df`
/// is not positive or `p` not inside of 0 to 1.
pub fn t_quantile(p: f64, df: f64) -> Option<f64> {
    let is_inside = 0.0 < p && p < 1.0;
    StudentsT::new(0.0, 1.0, df).ok().filter(|_| is_inside).map(|t| polish(&t, t.inverse_cdf(p), p))
}

/// The probability of a t-distributed number with `df` degrees of freedom at least as far from zero as `t`; `None` where
/// `df` is not positive or `t` not a number.
pub fn t_two_sided_p(t: f64, df: f64) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, df).ok()?;
    (!t.is_nan()).then(|| (2.0 * distribution.cdf(-t.abs())).min(1.0))
}

/// Two steps of Newton's method, which bring a quantile that was found by bisection to the last digits. They look at the
/// smaller tail, as that one is known to more digits.
fn polish(t: &StudentsT, mut quantile: f64, p: f64) -> f64 {
    for _ in 0..2 {
        let excess = if p < 0.5 { t.cdf(quantile) - p } else { (1.0 - p) - t.cdf(-quantile) };
        let step = excess / t.pdf(quantile);
        if !step.is_finite() {
            break;
        }
        quantile -= step;
    }
    quantile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_as_in_scipy() {
        // scipy.stats.t.ppf(p, df)
        let table = [
            (0.975, 1.0, 12.706_204_736_174_694),
            (0.975, 4.0, 2.776_445_105_197_793_4),
            (0.995, 9.0, 3.249_835_541_592_126),
            (0.95, 30.0, 1.697_260_886_593_957),
            (0.5, 3.0, 0.0),
        ];
        for (p, df, expected) in table {
            let found = t_quantile(p, df).unwrap();
            assert!((found - expected).abs() <= 1e-12 * f64::max(1.0, expected), "{p}, {df}: {found}");
        }
        assert_eq!(t_quantile(0.975, 0.0), None);
        assert_eq!(t_quantile(1.0, 3.0), None);
    }

    #[test]
    fn probabilities_as_in_scipy() {
        // 2 * scipy.stats.t.sf(abs(t), df)
        for (t, df, expected) in
            [(-0.213_997_207_728_013_7, 6.869_498_569_046_224, 0.836_762_113_687_238), (0.0, 5.0, 1.0)]
        {
            let found = t_two_sided_p(t, df).unwrap();
            assert!((found - expected).abs() <= 1e-12, "{t}, {df}: {found}");
        }
        assert_eq!(t_two_sided_p(f64::NAN, 5.0), None);
    }

    #[test]
    fn a_single_number_has_no_interval() {
        assert_eq!(t_interval(&Values::new([1.0]).unwrap(), 0.05), None);
    }
}
