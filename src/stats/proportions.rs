//! Two shares of failures against each other: an interval of their difference, and whether there is one.
//!
//! Requests that fail come in bursts, so several runs of one side may differ more than coins would. How much more is
//! measured between the runs, and the counts weigh that much less.

use statrs::function::erf::{erfc, erfc_inv};
use statrs::function::gamma::ln_gamma;

/// How many failed, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Those that failed.
    pub failed: u64,
    /// All.
    pub all: u64,
}

impl Share {
    /// The share, between 0 and 1; `None` of nothing.
    pub fn rate(self) -> Option<f64> {
        (0 < self.all).then(|| self.failed as f64 / self.all as f64)
    }

    /// All of both.
    pub fn plus(self, other: Self) -> Self {
        Self { failed: self.failed.saturating_add(other.failed), all: self.all.saturating_add(other.all) }
    }
}

/// The difference of two shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareDifference {
    /// Candidate less baseline.
    pub difference: f64,
    /// Its interval.
    pub interval: (f64, f64),
    /// The probability of a difference as large as this one if there were none.
    pub p_value: f64,
    /// By how much more the runs of a side differ than coins would; 1 where they do not.
    pub dispersion: f64,
}

/// Compares the failures of the runs of two sides; `None` where a side made no request.
///
/// The interval at level `1 - alpha` is Newcombe's hybrid of two score intervals ("Interval estimation for the difference
/// between independent proportions", Statistics in Medicine 17, 1998, method 10), the p-value Fisher's exact one. Where the
/// runs differ more than coins would, by Pearson's statistic over its degrees of freedom, the counts of the interval are
/// divided by that, and the p-value is that of the normal distribution with so much more variance (McCullagh and Nelder,
/// "Generalized Linear Models", 1989, 4.5).
pub fn share_difference(baseline: &[Share], candidate: &[Share], alpha: f64) -> Option<ShareDifference> {
    let sum = |runs: &[Share]| runs.iter().copied().fold(Share::default(), Share::plus);
    let (a, b) = (sum(baseline), sum(candidate));
    let (rate_a, rate_b) = (a.rate()?, b.rate()?);
    let dispersion = dispersion(&[(baseline, rate_a), (candidate, rate_b)]);
    let z = std::f64::consts::SQRT_2 * erfc_inv(alpha);
    let (a_low, a_high) = score_interval(rate_a, a.all as f64 / dispersion, z);
    let (b_low, b_high) = score_interval(rate_b, b.all as f64 / dispersion, z);
    let difference = rate_b - rate_a;
    let low = difference - ((rate_b - b_low).powi(2) + (a_high - rate_a).powi(2)).sqrt();
    let high = difference + ((b_high - rate_b).powi(2) + (rate_a - a_low).powi(2)).sqrt();
    let p_value = if dispersion <= 1.0 { fisher(a, b) } else { normal_p(a, b, dispersion) };
    Some(ShareDifference { difference, interval: (low.max(-1.0), high.min(1.0)), p_value, dispersion })
}

/// Wilson's score interval of a share.
fn score_interval(rate: f64, n: f64, z: f64) -> (f64, f64) {
    let center = rate + z * z / (2.0 * n);
    let half_width = z * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
    let all = 1.0 + z * z / n;
    (((center - half_width) / all).clamp(0.0, rate), ((center + half_width) / all).clamp(rate, 1.0))
}

fn dispersion(sides: &[(&[Share], f64)]) -> f64 {
    let (mut statistic, mut freedom) = (0.0, 0.0);
    for (runs, rate) in sides {
        let variance = rate * (1.0 - rate);
        if variance <= 0.0 {
            continue;
        }
        let runs = || runs.iter().filter(|run| 0 < run.all);
        statistic += runs()
            .map(|run| (run.failed as f64 - rate * run.all as f64).powi(2) / (run.all as f64 * variance))
            .sum::<f64>();
        freedom += runs().count().saturating_sub(1) as f64;
    }
    if 0.0 < freedom { (statistic / freedom).max(1.0) } else { 1.0 }
}

/// Fisher's exact test: the probability of all tables with these margins that are no likelier than this one.
fn fisher(a: Share, b: Share) -> f64 {
    let (failed, all) = (a.failed + b.failed, a.all + b.all);
    let ln_choose =
        |n: u64, k: u64| ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0);
    let from = failed.saturating_sub(b.all);
    let until = failed.min(a.all);
    // A million failures are far from where the exact distribution matters.
    if 100_000 < until - from {
        return normal_p(a, b, 1.0);
    }
    let ln_all = ln_choose(all, failed);
    let ln_p = |x: u64| ln_choose(a.all, x) + ln_choose(b.all, failed - x) - ln_all;
    let found = ln_p(a.failed) + 1e-7;
    (from..=until).map(ln_p).filter(|p| *p <= found).map(f64::exp).sum::<f64>().min(1.0)
}

fn normal_p(a: Share, b: Share, dispersion: f64) -> f64 {
    let both = a.plus(b);
    let (Some(rate), Some(rate_a), Some(rate_b)) = (both.rate(), a.rate(), b.rate()) else { return 1.0 };
    let variance = dispersion * rate * (1.0 - rate) * ((a.all as f64).recip() + (b.all as f64).recip());
    if variance <= 0.0 {
        return 1.0;
    }
    erfc((rate_b - rate_a).abs() / (2.0 * variance).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(failed: u64, all: u64) -> Share {
        Share { failed, all }
    }

    #[test]
    fn intervals_as_published() {
        // Newcombe 1998, table II, method 10: 56/70 - 48/80 is 0.0524 to 0.3339, 9/10 - 3/10 is 0.1705 to 0.8090,
        // 10/10 - 0/10 is 0.6075 to 1.
        for (b, a, low, high) in [
            (share(56, 70), share(48, 80), 0.0524, 0.3339),
            (share(9, 10), share(3, 10), 0.1705, 0.8090),
            (share(10, 10), share(0, 10), 0.6075, 1.0),
        ] {
            let found = share_difference(&[a], &[b], 0.05).unwrap().interval;
            assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{found:?}");
        }
    }

    #[test]
    fn exact_p_values_as_in_scipy() {
        // scipy 1.17: fisher_exact([[8, 2], [1, 5]]).pvalue, and of [[0, 400], [6, 394]]
        let p = |a, b| share_difference(&[a], &[b], 0.05).unwrap().p_value;
        assert!((p(share(8, 10), share(1, 6)) - 0.034_965_034_965_034_975).abs() < 1e-10);
        assert!((p(share(0, 400), share(6, 400)) - 0.030_665_536_532_298_615).abs() < 1e-9);
        assert!((p(share(0, 400), share(0, 400)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn bursts_weigh_less() {
        let even = [share(10, 1000), share(11, 1000), share(9, 1000)];
        let worse = [share(20, 1000), share(21, 1000), share(19, 1000)];
        let bursts = [share(0, 1000), share(60, 1000), share(0, 1000)];
        assert!(share_difference(&even, &worse, 0.05).unwrap().p_value < 0.01);
        let found = share_difference(&even, &bursts, 0.05).unwrap();
        assert!(10.0 < found.dispersion && 0.05 < found.p_value, "{found:?}");
        assert_eq!(share_difference(&even, &[share(0, 0)], 0.05), None);
    }

    #[test]
    fn swapping_the_sides_turns_the_sign() {
        let (a, b) = ([share(3, 100), share(5, 120)], [share(9, 100)]);
        let (there, back) = (share_difference(&a, &b, 0.05).unwrap(), share_difference(&b, &a, 0.05).unwrap());
        assert!((there.difference + back.difference).abs() < 1e-15 && (there.p_value - back.p_value).abs() < 1e-12);
        assert!((there.interval.0 + back.interval.1).abs() < 1e-12);
    }
}
