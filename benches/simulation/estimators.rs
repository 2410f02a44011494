//! Intervals for the ratio of two sides, on the scale of logarithms. The first one is what benchplot does; the others are
//! what it could do instead.

use benchplot::stats::{SplitMix64, Values, log_difference, mann_whitney, median_interval, t_quantile};

/// A way to find an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Estimator {
    /// Ratio of geometric means, by Welch's t interval on logarithms.
    Welch,
    /// The shift of Hodges and Lehmann, by the inverted test of Mann and Whitney.
    HodgesLehmann,
    /// Ratio of medians, by bootstrap percentiles.
    MedianBootstrap,
    /// Ratio of medians, from the order statistics of both sides at a level of 1 - sqrt(alpha / 2) each.
    MedianOrder,
    /// Ratio of geometric means, by the studentised bootstrap.
    Studentised,
    /// Ratio of geometric means, by the bias-corrected and accelerated bootstrap.
    Bca,
}

pub(crate) const ESTIMATORS: [Estimator; 6] = [
    Estimator::Welch,
    Estimator::HodgesLehmann,
    Estimator::MedianBootstrap,
    Estimator::MedianOrder,
    Estimator::Studentised,
    Estimator::Bca,
];

impl Estimator {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Welch => "geometric means, Welch on logarithms",
            Self::HodgesLehmann => "Hodges-Lehmann, inverted rank test",
            Self::MedianBootstrap => "medians, bootstrap percentiles",
            Self::MedianOrder => "medians, order statistics",
            Self::Studentised => "geometric means, studentised bootstrap",
            Self::Bca => "geometric means, BCa bootstrap",
        }
    }

    /// The interval of the logarithm of b over a; `None` where there is none of about this level.
    pub(crate) fn interval(
        self,
        a: &[f64],
        b: &[f64],
        alpha: f64,
        resamples: usize,
        random: &mut SplitMix64,
    ) -> Option<(f64, f64)> {
        let (a, b) = (logarithms(a)?, logarithms(b)?);
        match self {
            Self::Welch => log_difference(&a, &b).interval(alpha),
            Self::HodgesLehmann => hodges_lehmann(&a, &b, alpha),
            Self::MedianBootstrap => {
                let difference = |a: &[f64], b: &[f64]| Some(median(b)? - median(a)?);
                let found = resampled(&a, &b, resamples, random, difference);
                Some((found.quantile(alpha / 2.0), found.quantile(1.0 - alpha / 2.0)))
            }
            Self::MedianOrder => {
                let own = (alpha / 2.0).sqrt();
                let (of_a, of_b) = (median_interval(&a, own)?, median_interval(&b, own)?);
                (1.0 - own <= of_a.level && 1.0 - own <= of_b.level)
                    .then_some((of_b.low - of_a.high, of_b.high - of_a.low))
            }
            Self::Studentised => studentised(&a, &b, alpha, resamples, random),
            Self::Bca => bca(&a, &b, alpha, resamples, random),
        }
    }
}

fn logarithms(numbers: &[f64]) -> Option<Values> {
    Values::new(numbers.iter().map(|number| number.ln()))
}

fn median(numbers: &[f64]) -> Option<f64> {
    Values::new(numbers.iter().copied()).map(|values| values.median())
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// The shifts that the exact test of Mann and Whitney does not reject, which end at ordered differences.
fn hodges_lehmann(a: &Values, b: &Values, alpha: f64) -> Option<(f64, f64)> {
    let differences = Values::new(b.as_slice().iter().flat_map(|b| a.as_slice().iter().map(move |a| b - a)))?;
    let (n, m) = (a.count(), b.count());
    // The p-value if exactly `below` of all pairs were on the wrong side: one side's numbers placed among the other's.
    let p = |below: usize| {
        let left = Values::new((0..n).map(|i| i as f64 * 2.0))?;
        let full = below / n;
        let right = Values::new((0..m).map(|j| match j.cmp(&full) {
            std::cmp::Ordering::Less => -1.0 - j as f64,
            std::cmp::Ordering::Equal => 2.0 * (n - below % n) as f64 - 1.0,
            std::cmp::Ordering::Greater => 2.0 * n as f64 + j as f64,
        }))?;
        Some(mann_whitney(&left, &right).p_value)
    };
    let mut left_out = None;
    for below in 0..n * m / 2 {
        if alpha < p(below)? {
            break;
        }
        left_out = Some(below);
    }
    let sorted = differences.as_slice();
    let left_out = left_out?;
    Some((*sorted.get(left_out)?, *sorted.get(sorted.len() - 1 - left_out)?))
}

fn resampled(
    a: &Values,
    b: &Values,
    resamples: usize,
    random: &mut SplitMix64,
    statistic: impl Fn(&[f64], &[f64]) -> Option<f64>,
) -> Values {
    let draw = |values: &Values, random: &mut SplitMix64| -> Vec<f64> {
        let numbers = values.as_slice();
        numbers.iter().map(|_| numbers[random.below(numbers.len() as u32) as usize]).collect()
    };
    let found = (0..resamples).filter_map(|_| statistic(&draw(a, random), &draw(b, random)));
    let found: Vec<f64> = found.filter(|number| number.is_finite()).collect();
    Values::new(found).unwrap()
}

/// Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 12.5.
fn studentised(a: &Values, b: &Values, alpha: f64, resamples: usize, random: &mut SplitMix64) -> Option<(f64, f64)> {
    let error = |a: &[f64], b: &[f64]| {
        let part = |numbers: &[f64]| {
            let mean = mean(numbers);
            let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
            squares / ((numbers.len() - 1) * numbers.len()) as f64
        };
        (part(a) + part(b)).sqrt()
    };
    let estimate = b.mean() - a.mean();
    let own = error(a.as_slice(), b.as_slice());
    let found = resampled(a, b, resamples, random, |a, b| Some((mean(b) - mean(a) - estimate) / error(a, b)));
    Some((estimate - found.quantile(1.0 - alpha / 2.0) * own, estimate - found.quantile(alpha / 2.0) * own))
}

/// Efron and Tibshirani, section 14.3.
fn bca(a: &Values, b: &Values, alpha: f64, resamples: usize, random: &mut SplitMix64) -> Option<(f64, f64)> {
    let estimate = b.mean() - a.mean();
    let found = resampled(a, b, resamples, random, |a, b| Some(mean(b) - mean(a)));
    let below = found.as_slice().iter().filter(|number| **number < estimate).count() as f64;
    let share = (below / found.count() as f64).clamp(1e-3, 1.0 - 1e-3);
    let bias = normal_quantile(share)?;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for (values, sign) in [(a, -1.0), (b, 1.0)] {
        let n = values.count() as f64;
        for number in values.as_slice() {
            let influence = sign * (number - values.mean()) / (n * (n - 1.0));
            squares += influence.powi(2);
            cubes += influence.powi(3);
        }
    }
    let acceleration = cubes / (6.0 * squares.powf(1.5));
    let end = |p: f64| {
        let z = bias + normal_quantile(p)?;
        Some(found.quantile(normal_cdf(bias + z / (1.0 - acceleration * z))))
    };
    Some((end(alpha / 2.0)?, end(1.0 - alpha / 2.0)?))
}

/// The t distribution with so many degrees of freedom is the normal one, as far as it matters here.
fn normal_quantile(p: f64) -> Option<f64> {
    t_quantile(p, 1e6)
}

fn normal_cdf(z: f64) -> f64 {
    let tail = benchplot::stats::t_two_sided_p(z, 1e6).unwrap_or(1.0) / 2.0;
    if z < 0.0 { tail } else { 1.0 - tail }
}
