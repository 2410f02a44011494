//! Welch's test: whether two means differ, where the spreads may differ too.
//!
//! Welch, "The generalization of 'Student's' problem when several different population variances are involved", Biometrika
//! 34 (1947); the degrees of freedom are those of Satterthwaite, "An approximate distribution of estimates of variance
//! components", Biometrics Bulletin 2 (1946).

use super::{Values, t_two_sided_p};

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// The difference of means, baseline less candidate, over its standard error.
    pub t: f64,
    /// The degrees of freedom.
    pub df: f64,
    /// The probability of a `t` at least as far from 0 if the means are equal.
    pub p_value: f64,
}

/// Tests the means of two sides; `None` where one has a single number, or neither has any spread.
pub fn welch(baseline: &Values, candidate: &Values) -> Option<Welch> {
    let spread = Spread::sum([Spread::of_mean(baseline)?, Spread::of_mean(candidate)?])?;
    let (t, df) = ((baseline.mean() - candidate.mean()) / spread.variance().sqrt(), spread.degrees_of_freedom());
    Some(Welch { t, df, p_value: t_two_sided_p(t, df)? })
}

/// The variance of an estimate, with the degrees of freedom that it was estimated with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    variance: f64,
    /// What Satterthwaite's formula sums over its parts: variance² / degrees of freedom.
    weight: f64,
}

impl Spread {
    /// That of the mean of these numbers; `None` for a single number.
    pub fn of_mean(values: &Values) -> Option<Self> {
        let variance = values.std()?.powi(2) / values.count() as f64;
        Some(Self { variance, weight: variance * variance / (values.count() - 1) as f64 })
    }

    /// That of an estimate with this standard error, which was found with so many degrees of freedom; `None` where it is 0.
    pub fn of_error(error: f64, degrees_of_freedom: f64) -> Option<Self> {
        let variance = error * error;
        let is_possible = variance.is_normal() && 0.0 < degrees_of_freedom;
        is_possible.then(|| Self { variance, weight: variance * variance / degrees_of_freedom })
    }

    /// That of a sum of independent parts; `None` where none of them varies, as then nothing is known of the spread.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let sum = parts.into_iter().fold(Self { variance: 0.0, weight: 0.0 }, |sum, part| Self {
            variance: sum.variance + part.variance,
            weight: sum.weight + part.weight,
        });
        (0.0 < sum.variance && 0.0 < sum.weight).then_some(sum)
    }

    /// That of the estimate times `factor`.
    pub fn scaled(self, factor: f64) -> Self {
        Self { variance: self.variance * factor.powi(2), weight: self.weight * factor.powi(4) }
    }

    /// The square of the standard error.
    pub const fn variance(self) -> f64 {
        self.variance
    }

    /// Satterthwaite's approximation.
    pub fn degrees_of_freedom(self) -> f64 {
        self.variance * self.variance / self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_scipy() {
        // scipy 1.17: ttest_ind(a, b, equal_var=False)
        let a = Values::new([2.084, 2.078, 2.0796, 2.0945, 2.0770]).unwrap();
        let b = Values::new([1.88, 1.91, 1.95]).unwrap();
        let found = welch(&a, &b).unwrap();
        assert!((found.t - 8.246_948_087_860_167).abs() < 1e-10, "{found:?}");
        assert!((found.df - 2.100_363_479_460_203_7).abs() < 1e-10, "{found:?}");
        assert!((found.p_value - 0.012_420_047_716_401_624).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn without_spread_nothing_is_tested() {
        let numbers = |numbers: &[f64]| Values::new(numbers.iter().copied()).unwrap();
        assert_eq!(welch(&numbers(&[1.0]), &numbers(&[2.0, 3.0])), None);
        assert_eq!(welch(&numbers(&[1.0, 1.0]), &numbers(&[2.0, 2.0])), None);
        assert!(welch(&numbers(&[1.0, 1.0]), &numbers(&[2.0, 3.0])).is_some());
    }
}
