//! How many repetitions it would take to settle what the ones at hand leave open.

use statrs::function::erf::{erfc, erfc_inv};

/// The probability with which the repetitions asked for settle the question.
const POWER: f64 = 0.8;
/// More than this nobody measures; the question is not one of repetitions.
const MOST: usize = 100;

/// A question about a ratio, on the scale of logarithms, and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenQuestion<'a> {
    /// The logarithm of the ratio, taken as the truth.
    pub estimate: f64,
    /// The variances of the logarithms of single runs: of both sides, at each level.
    pub variances: &'a [f64],
    /// Over how many levels the estimate is the mean.
    pub levels: usize,
    /// The repetitions that the smallest cell has.
    pub repetitions: usize,
    /// The logarithm of the smallest ratio that matters.
    pub margin: f64,
    /// The logarithm of the ratio that the interval has to leave out, too, for a difference; below the margin.
    pub clear: f64,
    /// One less the level of the interval that has to lie within the margins for an equivalence.
    pub alpha: f64,
    /// One less the level of the interval that has to leave out 0 for a difference.
    pub alpha_of_difference: f64,
}

/// How many repetitions of every cell settle the question with a probability of about 80 %: the whole interval within the
/// margins, or an estimate beyond them whose interval leaves out 0. It is more than there are; `None` where no variance is
/// known, or even 100 would not do, as with a truth that lies at a margin.
///
/// The estimate is taken as normal around what was seen, with the variance that was seen, and the quantile of t is that of
/// Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5.
pub fn repetitions_needed(question: &OpenQuestion<'_>) -> Option<usize> {
    let plan = Plan::of(question)?;
    let (mut too_few, mut enough) = (question.repetitions.max(1), question.repetitions.max(1) + 1);
    while plan.power(enough) < POWER {
        (too_few, enough) = (enough, enough + enough / 2 + 1);
        if MOST < too_few {
            return None;
        }
    }
    while 1 < enough - too_few {
        let middle = too_few.midpoint(enough);
        if plan.power(middle) < POWER { too_few = middle } else { enough = middle }
    }
    (enough <= MOST).then_some(enough)
}

struct Plan {
    /// The distance of the estimate from 0.
    distance: f64,
    margin: f64,
    clear: f64,
    /// Of the estimate, times the repetitions.
    variance: f64,
    /// Degrees of freedom over repetitions less 1, by Satterthwaite's approximation.
    freedom: f64,
    /// Quantiles of the normal distribution for an equivalence and for a difference.
    z: f64,
    z_of_difference: f64,
}

impl Plan {
    fn of(question: &OpenQuestion<'_>) -> Option<Self> {
        let levels = question.levels.max(1) as f64;
        let parts = || question.variances.iter().map(|variance| variance / levels.powi(2));
        let (variance, squares): (f64, f64) = (parts().sum(), parts().map(|part| part * part).sum());
        let freedom = variance * variance / squares;
        let quantile = |alpha: f64| std::f64::consts::SQRT_2 * erfc_inv(alpha);
        let plan = Self {
            distance: question.estimate.abs(),
            margin: question.margin,
            clear: question.clear,
            variance,
            freedom,
            z: quantile(question.alpha),
            z_of_difference: quantile(question.alpha_of_difference),
        };
        let numbers = [plan.distance, plan.margin, plan.variance, plan.freedom, plan.z, plan.z_of_difference];
        (0.0 < variance && numbers.iter().all(|number| number.is_finite())).then_some(plan)
    }

    /// The probability that so many repetitions settle the question.
    fn power(&self, repetitions: usize) -> f64 {
        let error = (self.variance / repetitions as f64).sqrt();
        let df = self.freedom * (repetitions - 1) as f64;
        // Equivalent: the estimate lies far enough inside of the margins.
        let inside = self.margin - t_quantile_at(self.z, df) * error;
        let equivalent = if 0.0 < inside {
            normal_cdf((inside - self.distance) / error) - normal_cdf((-inside - self.distance) / error)
        } else {
            0.0
        };
        // Different: the estimate lies beyond the margins, and far enough from 0.
        let outside = self
            .margin
            .max(t_quantile_at(self.z_of_difference, df) * error)
            .max(self.clear + t_quantile_at(self.z, df) * error);
        let different = normal_cdf((self.distance - outside) / error) + normal_cdf((-self.distance - outside) / error);
        equivalent + different
    }
}

fn normal_cdf(z: f64) -> f64 {
    erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// The quantile of t with `df` degrees of freedom that belongs to the quantile `z` of the normal distribution; too small
/// for one or two degrees of freedom, where there is no plan to be made.
fn t_quantile_at(z: f64, df: f64) -> f64 {
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / df + second / df.powi(2) + third / df.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(estimate: f64, variances: &[f64]) -> OpenQuestion<'_> {
        OpenQuestion {
            estimate,
            variances,
            levels: 1,
            repetitions: 3,
            margin: 1.05_f64.ln(),
            clear: 0.0,
            alpha: 0.05,
            alpha_of_difference: 0.05,
        }
    }

    #[test]
    fn quantiles_of_t_are_close() {
        // scipy.stats.t.ppf(0.975, df)
        for (df, expected) in [(6.0, 2.446_911_851), (8.0, 2.306_004_135), (30.0, 2.042_272_456)] {
            let found = t_quantile_at(1.959_963_985, df);
            assert!((found - expected).abs() < 0.003, "{df}: {found}");
        }
    }

    #[test]
    fn repetitions_as_in_tables_of_power() {
        // Without a margin it is the plan of a two-sided t test with a power of 0.8: Cohen, "Statistical Power Analysis for
        // the Behavioral Sciences" (1988), table 2.4.1: d = 0.5 takes 64 a side, 0.8 takes 26, 1.0 takes 17.
        for (d, expected) in [(0.5, 64), (0.8, 26), (1.0, 17)] {
            let variances = [1.0, 1.0];
            let asked = OpenQuestion { margin: 0.0, ..question(d, &variances) };
            let found = repetitions_needed(&asked).unwrap();
            assert!(found.abs_diff(expected) <= 1, "{d}: {found}");
        }
        // Equivalence within 0.5 standard deviations without a difference, by the two one-sided tests at 0.025 with a
        // power of 0.8: 2 (z(0.975) + z(0.9))² / 0.25 = 84.06, and one for t (Julious, Statistics in Medicine 23, 2004).
        let variances = [1.0, 1.0];
        let found = repetitions_needed(&OpenQuestion { margin: 0.5, ..question(0.0, &variances) }).unwrap();
        assert!((84..=86).contains(&found), "{found}");
    }

    #[test]
    fn what_more_repetitions_can_not_settle() {
        let variances = [0.01, 0.01];
        assert_eq!(repetitions_needed(&question(1.05_f64.ln(), &variances)), None);
        assert_eq!(repetitions_needed(&question(0.01, &[])), None);
        assert_eq!(repetitions_needed(&question(0.01, &[0.0, 0.0])), None);
        // It would take some 150.
        assert_eq!(repetitions_needed(&OpenQuestion { margin: 0.0, ..question(0.0325, &variances) }), None);
        // It always takes more than there are.
        let found = repetitions_needed(&OpenQuestion { repetitions: 40, ..question(0.5, &variances) });
        assert_eq!(found, Some(41));
    }
}
