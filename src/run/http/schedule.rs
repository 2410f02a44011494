//! When requests are due.

use crate::run::suite::Arrivals;
use crate::stats::SplitMix64;

/// The moments at which requests are due, ns since the load began, ascending.
///
/// Constant arrivals lie at i / rate. Poisson arrivals have exponential gaps of that mean, -ln(1 - u) / rate, and so come
/// from many callers that do not know of each other. The moments do not depend on when earlier requests were sent.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    rate: f64,
    arrivals: Arrivals,
    random: SplitMix64,
    number: u64,
    shift: f64,
    /// The last moment, s.
    last: f64,
    until: u64,
}

impl Schedule {
    /// `rate` requests per second, up to and without `until` ns.
    pub(super) fn new(rate: f64, arrivals: Arrivals, seed: u64, until: u64) -> Self {
        Self { rate, arrivals, random: SplitMix64::new(seed), number: 0, shift: 0.0, last: 0.0, until }
    }

    /// Constant arrivals that are later by this share of a gap, so that those of several threads come in turn.
    pub(super) fn shifted(self, shift: f64) -> Self {
        Self { shift, ..self }
    }
}

impl Iterator for Schedule {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let seconds = match self.arrivals {
            Arrivals::Constant => (self.number as f64 + self.shift) / self.rate,
            Arrivals::Poisson => self.last - (1.0 - self.random.uniform()).ln() / self.rate,
        };
        self.number += 1;
        self.last = seconds;
        let due = (seconds * 1e9) as u64;
        (due < self.until).then_some(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_arrivals_are_equally_far_apart() {
        let due: Vec<u64> = Schedule::new(1_000.0, Arrivals::Constant, 1, 5_000_000).collect();
        assert_eq!(due, [0, 1_000_000, 2_000_000, 3_000_000, 4_000_000]);
    }

    #[test]
    fn poisson_arrivals_have_the_mean_and_the_spread_of_exponential_gaps() {
        let seconds = 100;
        let due: Vec<u64> = Schedule::new(1_000.0, Arrivals::Poisson, 7, seconds * 1_000_000_000).collect();
        // The count has mean and variance 100,000; four standard deviations are 1,265.
        assert!(due.len().abs_diff(100_000) < 1_265, "{}", due.len());
        let gaps: Vec<f64> = due.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / 1e9).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
        // The coefficient of variation of an exponential is 1.
        assert!((variance.sqrt() / mean - 1.0).abs() < 0.02, "{}", variance.sqrt() / mean);
        let again: Vec<u64> = Schedule::new(1_000.0, Arrivals::Poisson, 7, seconds * 1_000_000_000).collect();
        assert_eq!(due, again);
    }
}
