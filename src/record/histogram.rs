//! The latency histogram: log-linear buckets on integer ticks, mergeable without loss.
//!
//! The layout is HdrHistogram's, written so that no floating logarithm can disagree about an edge. With p bits of
//! precision, a value x lies in a bucket of width 1 for x < 2^(p+1), and the width doubles with each octave above. A
//! value read from a bucket is off by at most 2^-p of itself. Count, sum, sum of squares, minimum and maximum are exact
//! on ticks: each bucket keeps, beside its count, the sum and the sum of squares of the distances from its lower edge.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// Latencies of any number of requests, in buckets.
///
/// Two histograms of the same tick and precision merge exactly, in any order and over any split of the requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    tick: f64,
    precision: u32,
    /// By their lower edges. A hash map, as there is one look-up for each request; what depends on the order sorts first.
    buckets: HashMap<u64, Bucket, FixedState>,
    min: u64,
    max: u64,
}

/// What one bucket knows of its values: how many, and how far above its lower edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bucket {
    count: u64,
    sum: u128,
    sum_of_squares: u128,
}

impl Histogram {
    /// The bits of precision unless something else is asked for: values within 0.1 %.
    pub const DEFAULT_PRECISION: u32 = 10;

    /// The length of a tick unless something else is asked for: a nanosecond, in seconds.
    pub const DEFAULT_TICK: f64 = 1e-9;

    /// An empty histogram with ticks of `tick` seconds and values within 2^-`precision` of themselves.
    ///
    /// `precision` is taken into 1 to 20.
    pub fn new(tick: f64, precision: u32) -> Self {
        Self { tick, precision: precision.clamp(1, 20), buckets: HashMap::default(), min: u64::MAX, max: 0 }
    }

    /// Adds one latency, s, rounded to the nearest tick. Returns `false`, and adds nothing, where it is no latency:
    /// negative or not finite.
    pub fn record(&mut self, latency: f64) -> bool {
        if !latency.is_finite() || latency < 0.0 {
            return false;
        }
        // Float to integer conversion saturates, so even an absurd latency stays a value and never wraps.
        let value = (latency / self.tick).round() as u64;
        let lower = self.lower_edge(value);
        let distance = u128::from(value - lower);
        let bucket = self.buckets.entry(lower).or_default();
        bucket.count += 1;
        bucket.sum += distance;
        bucket.sum_of_squares += distance * distance;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        true
    }

    /// Adds all values of another histogram. Returns `false`, and adds nothing, where tick or precision differ.
    pub fn merge(&mut self, other: &Self) -> bool {
        if self.precision != other.precision || self.tick.total_cmp(&other.tick).is_ne() {
            return false;
        }
        for (&lower, theirs) in &other.buckets {
            let ours = self.buckets.entry(lower).or_default();
            ours.count += theirs.count;
            ours.sum += theirs.sum;
            ours.sum_of_squares += theirs.sum_of_squares;
        }
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        true
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.buckets.values().map(|bucket| bucket.count).sum()
    }

    /// The smallest value, s, exact to a tick; `None` when empty.
    pub fn min(&self) -> Option<f64> {
        (!self.buckets.is_empty()).then(|| self.seconds(self.min as f64))
    }

    /// The largest value, s, exact to a tick; `None` when empty.
    pub fn max(&self) -> Option<f64> {
        (!self.buckets.is_empty()).then(|| self.seconds(self.max as f64))
    }

    /// The mean, s, exact to a tick; `None` when empty.
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (0 < count).then(|| {
            let sum: u128 = self
                .buckets
                .iter()
                .map(|(&lower, bucket)| u128::from(lower) * u128::from(bucket.count) + bucket.sum)
                .sum();
            self.seconds(sum as f64 / count as f64)
        })
    }

    /// The standard deviation of the population, s, exact to a tick; `None` when empty.
    pub fn std(&self) -> Option<f64> {
        let count = self.count();
        let mean = self.mean()? / self.tick;
        let squares = |(lower, bucket): (u64, Bucket)| {
            // Sum of (lower + d - mean)² over the bucket, from its count, sum of d and sum of d².
            let offset = lower as f64 - mean;
            bucket.count as f64 * offset * offset + 2.0 * offset * bucket.sum as f64 + bucket.sum_of_squares as f64
        };
        let squares: f64 = self.ascending().into_iter().map(squares).sum();
        Some(self.seconds((squares.max(0.0) / count as f64).sqrt()))
    }

    /// For each of `quantiles`, which ascend, the smallest value that at least that share of all values do not exceed, s,
    /// read from the middle of its bucket and never outside of minimum and maximum. `None` when empty. Quantiles are taken
    /// into 0 to 1.
    pub fn quantiles<const N: usize>(&self, quantiles: [f64; N]) -> [Option<f64>; N] {
        let count = self.count();
        let mut buckets = self.ascending().into_iter();
        let mut seen = 0;
        let mut last = None;
        quantiles.map(|quantile| {
            let rank = ((quantile.clamp(0.0, 1.0) * count as f64).ceil() as u64).max(1);
            while seen < rank {
                let (lower, bucket) = buckets.next()?;
                seen += bucket.count;
                last = Some(lower);
            }
            let lower = last?;
            let middle = lower as f64 + (self.width(lower) - 1) as f64 / 2.0;
            Some(self.seconds(middle.clamp(self.min as f64, self.max as f64)))
        })
    }

    fn ascending(&self) -> Vec<(u64, Bucket)> {
        let mut buckets: Vec<(u64, Bucket)> = self.buckets.iter().map(|(lower, bucket)| (*lower, *bucket)).collect();
        buckets.sort_unstable_by_key(|(lower, _)| *lower);
        buckets
    }

    fn seconds(&self, ticks: f64) -> f64 {
        ticks * self.tick
    }

    /// The width of the bucket that `value` lies in, ticks.
    fn width(&self, value: u64) -> u64 {
        let bits = u64::BITS - value.leading_zeros();
        1 << bits.saturating_sub(self.precision + 1)
    }

    fn lower_edge(&self, value: u64) -> u64 {
        value - value % self.width(value)
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new(Self::DEFAULT_TICK, Self::DEFAULT_PRECISION)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[f64]) -> Histogram {
        let mut histogram = Histogram::default();
        for &value in values {
            assert!(histogram.record(value));
        }
        histogram
    }

    #[test]
    fn buckets_double_with_each_octave() {
        let histogram = Histogram::new(1e-6, 2);
        let widths = [(0, 1), (7, 1), (8, 2), (15, 2), (16, 4), (31, 4), (32, 8), (u64::MAX, 1 << 61)];
        for (value, width) in widths {
            assert_eq!(histogram.width(value), width, "{value}");
        }
        assert_eq!(histogram.lower_edge(13), 12);
    }

    #[test]
    fn an_empty_histogram_knows_nothing() {
        let empty = Histogram::default();
        assert_eq!((empty.count(), empty.min(), empty.max(), empty.mean(), empty.std()), (0, None, None, None, None));
        assert_eq!(empty.quantiles([0.5, 0.9]), [None, None]);
    }

    #[test]
    fn what_is_no_latency_is_refused() {
        let mut histogram = Histogram::default();
        for value in [f64::NAN, f64::INFINITY, -1e-9] {
            assert!(!histogram.record(value), "{value}");
        }
        assert_eq!(histogram.count(), 0);
    }

    #[test]
    fn different_ticks_or_precisions_do_not_merge() {
        let mut histogram = of(&[0.1]);
        assert!(!histogram.merge(&Histogram::new(1e-6, 10)));
        assert!(!histogram.merge(&Histogram::new(1e-9, 11)));
        assert_eq!(histogram, of(&[0.1]));
    }

    proptest! {
        #[test]
        fn moments_are_exact_and_quantiles_within_the_precision(values in prop::collection::vec(1e-6..100.0f64, 1..200)) {
            let histogram = of(&values);
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let std = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
            prop_assert!((histogram.mean().unwrap() - mean).abs() <= 1e-9);
            prop_assert!((histogram.std().unwrap() - std).abs() <= 2e-9);

            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let quantiles = [0.0, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0];
            for (quantile, read) in quantiles.into_iter().zip(histogram.quantiles(quantiles)) {
                let rank = ((quantile * n).ceil() as usize).max(1);
                let exact = sorted[rank - 1];
                let read = read.unwrap();
                prop_assert!((read - exact).abs() <= exact / 1024.0 + 1e-9, "{quantile}: {read} for {exact}");
            }
        }

        #[test]
        fn merging_does_not_depend_on_the_split(values in prop::collection::vec(0.0..10.0f64, 0..100), cut in 0..100usize) {
            let cut = cut.min(values.len());
            let (mut left, mut right) = (of(&values[..cut]), of(&values[cut..]));
            let whole = of(&values);
            let reversed = { let mut merged = right.clone(); prop_assert!(merged.merge(&left)); merged };
            prop_assert!(left.merge(&right));
            prop_assert_eq!(&left, &whole);
            prop_assert_eq!(&reversed, &whole);
            prop_assert!(right.merge(&Histogram::default()));
        }
    }
}
