//! The ratio of two groups of positive numbers, with an interval: Welch's test on logarithms.
//!
//! Times are skewed and their spread grows with their size. Their logarithms are nearly symmetric, and a difference of
//! logarithms is a ratio whatever the unit. Welch, "The generalization of 'Student's' problem when several different
//! population variances are involved", Biometrika 34 (1947), lets the two spreads differ.

use super::{Spread, Values, t_quantile, t_two_sided_p};

/// The logarithm of a ratio, as far as it was estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRatio {
    /// The logarithm of candidate over baseline.
    pub estimate: f64,
    /// How sure that is; `None` where a side has one number, or neither side has any spread.
    pub spread: Option<Spread>,
}

impl LogRatio {
    /// The ratio.
    pub fn ratio(&self) -> f64 {
        self.estimate.exp()
    }

    /// The interval that contains the logarithm of the ratio with probability `1 - alpha`.
    pub fn interval(&self, alpha: f64) -> Option<(f64, f64)> {
        let spread = self.spread?;
        let half_width = t_quantile(1.0 - alpha / 2.0, spread.degrees_of_freedom())? * spread.variance().sqrt();
        Some((self.estimate - half_width, self.estimate + half_width))
    }

    /// The probability of an estimate at least as far from a ratio of 1 if that were the truth.
    pub fn p_value(&self) -> Option<f64> {
        let spread = self.spread?;
        t_two_sided_p(self.estimate / spread.variance().sqrt(), spread.degrees_of_freedom())
    }
}

/// The ratio of the geometric means of two groups; `None` where a number is not positive.
pub fn log_ratio(baseline: &Values, candidate: &Values) -> Option<LogRatio> {
    Some(log_difference(&logarithms(baseline)?, &logarithms(candidate)?))
}

/// The difference of the means of two groups of logarithms, which is the logarithm of a ratio.
pub fn log_difference(baseline: &Values, candidate: &Values) -> LogRatio {
    LogRatio {
        estimate: candidate.mean() - baseline.mean(),
        spread: match (Spread::of_mean(baseline), Spread::of_mean(candidate)) {
            (Some(a), Some(b)) => Spread::sum([a, b]),
            _ => None,
        },
    }
}

/// The mean of logarithms of ratios that were estimated from different runs: the logarithm of the geometric mean of the
/// ratios. `None` where there is none; without a spread where one of them has none.
pub fn geometric_mean(ratios: &[LogRatio]) -> Option<LogRatio> {
    let estimate = Values::new(ratios.iter().map(|ratio| ratio.estimate))?.mean();
    let n = ratios.len() as f64;
    let spreads: Option<Vec<Spread>> = ratios.iter().map(|ratio| ratio.spread).collect();
    let spread = spreads.and_then(|spreads| Spread::sum(spreads.into_iter().map(|spread| spread.scaled(n.recip()))));
    Some(LogRatio { estimate, spread })
}

/// The natural logarithms of numbers; `None` where one is not positive.
pub fn logarithms(values: &Values) -> Option<Values> {
    (0.0 < values.min()).then(|| Values::new(values.as_slice().iter().map(|value| value.ln()))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(numbers: &[f64]) -> Values {
        Values::new(numbers.iter().copied()).unwrap()
    }

    #[test]
    fn welch_on_logarithms_as_in_scipy() {
        // scipy 1.17: r = ttest_ind(log(b), log(a), equal_var=False); exp(r.confidence_interval(0.95)), r.pvalue
        let a = values(&[2.084, 2.078, 2.0796, 2.0945, 2.0770]);
        let b = values(&[1.88, 1.91, 1.95, 1.87, 1.90]);
        let ratio = log_ratio(&a, &b).unwrap();
        let (low, high) = ratio.interval(0.05).map(|(low, high)| (low.exp(), high.exp())).unwrap();
        assert!((ratio.ratio() - 0.913_179_643_127_371_9).abs() < 1e-12, "{}", ratio.ratio());
        assert!(
            (low - 0.895_062_139_195_314_6).abs() < 1e-12 && (high - 0.931_663_874_613_141_9).abs() < 1e-12,
            "{low} {high}"
        );
        assert!((ratio.p_value().unwrap() - 0.000_157_454_215_109_061_1).abs() < 1e-12, "{:?}", ratio.p_value());
    }

    #[test]
    fn swapping_the_sides_inverts_the_ratio() {
        let (a, b) = (values(&[1.0, 1.1, 1.2]), values(&[2.0, 2.3, 2.4]));
        let (there, back) = (log_ratio(&a, &b).unwrap(), log_ratio(&b, &a).unwrap());
        let ((low, high), (back_low, back_high)) = (there.interval(0.05).unwrap(), back.interval(0.05).unwrap());
        assert!((there.ratio() * back.ratio() - 1.0).abs() < 1e-12);
        assert_eq!((low, high), (-back_high, -back_low));
    }

    #[test]
    fn without_repetitions_or_spread_there_is_no_interval() {
        let one = log_ratio(&values(&[4.2]), &values(&[3.8])).unwrap();
        assert!((one.ratio() - 3.8 / 4.2).abs() < 1e-15);
        assert_eq!((one.interval(0.05), one.p_value()), (None, None));
        let constant = log_ratio(&values(&[4.0, 4.0]), &values(&[2.0, 2.0])).unwrap();
        assert_eq!((constant.interval(0.05), constant.p_value()), (None, None));
        assert_eq!(log_ratio(&values(&[0.0, 1.0]), &values(&[1.0])), None);
    }

    #[test]
    fn a_geometric_mean_is_surer_than_its_parts() {
        let level = log_ratio(&values(&[1.0, 1.1, 1.2]), &values(&[2.0, 2.3, 2.4])).unwrap();
        let overall = geometric_mean(&[level, level, level]).unwrap();
        assert!((overall.ratio() - level.ratio()).abs() < 1e-12);
        let width = |ratio: LogRatio| {
            let (low, high) = ratio.interval(0.05).unwrap();
            high - low
        };
        assert!(width(overall) < width(level));
        assert_eq!(geometric_mean(&[]), None);
    }
}
