//! The latency histogram: log-linear buckets on integer ticks, mergeable without loss.
//!
//! The layout is HdrHistogram's, written so that no floating logarithm can disagree about an edge. With p bits of
//! precision, a value x lies in a bucket of width 1 for x < 2^(p+1), and the width doubles with each octave above. A
//! value read from a bucket is off by at most 2^-p of itself. Count, sum, sum of squares, minimum and maximum are kept
//! beside the buckets, as whole numbers of ticks, and are exact.

mod counts;
mod parts;

use counts::Counts;
pub use parts::Moments;

use super::Precision;

/// Latencies of any number of requests, in buckets.
///
/// Two histograms of the same tick merge exactly, in any order and over any split of the requests. Where their precisions
/// differ, the result is what the coarser one would have held of all values: finer buckets lie within coarser ones.
#[derive(Debug, Clone)]
pub struct Histogram {
    tick: f64,
    precision: Precision,
    counts: Counts,
    count: u64,
    sum: u128,
    sum_of_squares: u128,
    min: u64,
    max: u64,
}

/// Some latencies that can't be told apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// The smallest latency that lies in it, s.
    pub lower: f64,
    /// The smallest latency above it, s.
    pub upper: f64,
    /// How many latencies lie in it.
    pub count: u64,
}

impl Histogram {
    /// The length of a tick unless something else is asked for: a nanosecond, in seconds.
    pub const DEFAULT_TICK: f64 = 1e-9;

    /// The largest sum of values, or of their squares, that is told apart: 38 digits, as databases have them. Only absurd
    /// latencies, thousands of years long, come near to it.
    pub const LARGEST_SUM: u128 = 10_u128.pow(38) - 1;

    /// An empty histogram with ticks of `tick` seconds.
    pub fn new(tick: f64, precision: Precision) -> Self {
        let counts = Counts::new(precision);
        Self { tick, precision, counts, count: 0, sum: 0, sum_of_squares: 0, min: u64::MAX, max: 0 }
    }

    /// Adds one latency, s, rounded to the nearest tick. Returns `false`, and adds nothing, where it is no latency:
    /// negative or not finite.
    pub fn record(&mut self, latency: f64) -> bool {
        if !latency.is_finite() || latency < 0.0 {
            return false;
        }
        // Float to integer conversion saturates, so even an absurd latency stays a value and never wraps.
        self.record_ticks((latency / self.tick).round() as u64);
        true
    }

    /// Adds one latency in ticks.
    pub fn record_ticks(&mut self, value: u64) {
        self.record_all([value]);
    }

    /// Adds latencies in ticks: quicker than one after the other, as what is known of all of them is brought up to date
    /// once.
    #[inline]
    pub fn record_all(&mut self, values: impl IntoIterator<Item = u64>) {
        let (mut count, mut sum, mut sum_of_squares) = (self.count, self.sum, self.sum_of_squares);
        let (mut min, mut max) = (self.min, self.max);
        for value in values {
            self.counts.add(value, 1);
            let wide = u128::from(value);
            count += 1;
            sum += wide;
            sum_of_squares = sum_of_squares.saturating_add(wide * wide);
            min = min.min(value);
            max = max.max(value);
        }
        (self.count, self.min, self.max) = (count, min, max);
        (self.sum, self.sum_of_squares) = (sum.min(Self::LARGEST_SUM), sum_of_squares.min(Self::LARGEST_SUM));
    }

    /// Adds all values of another histogram, at the coarser precision of both. Returns `false`, and adds nothing, where the
    /// ticks differ.
    pub fn merge(&mut self, other: &Self) -> bool {
        if self.tick.total_cmp(&other.tick).is_ne() {
            return false;
        }
        let precision = self.precision.coarser(other.precision);
        if self.precision != precision {
            let finer = std::mem::replace(&mut self.counts, Counts::new(precision));
            self.counts.merge(&finer);
            self.precision = precision;
        }
        self.counts.merge(&other.counts);
        self.count += other.count;
        let Moments { sum, sum_of_squares, min, max } = self.every_moment().with(other.every_moment());
        (self.sum, self.sum_of_squares, self.min, self.max) = (sum, sum_of_squares, min, max);
        true
    }

    /// The moments; of no values where there are none, so that they add up.
    fn every_moment(&self) -> Moments {
        Moments { sum: self.sum, sum_of_squares: self.sum_of_squares, min: self.min, max: self.max }
    }

    /// How finely latencies are told apart.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The length of a tick, s.
    pub fn tick(&self) -> f64 {
        self.tick
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The buckets that hold something, ascending.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        self.counts.ascending().into_iter().map(|(lower, count)| {
            let upper = lower as f64 + self.counts.width(lower) as f64;
            Bucket { lower: self.seconds(lower as f64), upper: self.seconds(upper), count }
        })
    }

    /// The smallest value, s, exact to a tick; `None` when empty.
    pub fn min(&self) -> Option<f64> {
        (!self.is_empty()).then(|| self.seconds(self.min as f64))
    }

    /// The largest value, s, exact to a tick; `None` when empty.
    pub fn max(&self) -> Option<f64> {
        (!self.is_empty()).then(|| self.seconds(self.max as f64))
    }

    /// The mean, s, exact to a tick; `None` when empty.
    pub fn mean(&self) -> Option<f64> {
        (!self.is_empty()).then(|| self.seconds(self.sum as f64 / self.count as f64))
    }

    /// The standard deviation of the population, s, exact to a tick; `None` when empty.
    pub fn std(&self) -> Option<f64> {
        let count = u128::from(self.count);
        let whole = self.sum.checked_div(count)?;
        // The sum of (x - whole)² is no larger than that of x², so it comes out right although its parts wrap round.
        let about_whole = self
            .sum_of_squares
            .wrapping_sub(self.sum.wrapping_mul(whole).wrapping_mul(2))
            .wrapping_add(whole.wrapping_mul(whole).wrapping_mul(count));
        // What the mean lies above `whole`, times the count.
        let rest = (self.sum % count) as f64;
        let about_mean = (about_whole as f64 - rest * rest / count as f64).max(0.0);
        Some(self.seconds((about_mean / count as f64).sqrt()))
    }

    /// For each of `quantiles`, which ascend, the smallest value that at least that share of all values do not exceed, s,
    /// read from the middle of its bucket and never outside of minimum and maximum. `None` when empty. Quantiles are taken
    /// into 0 to 1.
    pub fn quantiles<const N: usize>(&self, quantiles: [f64; N]) -> [Option<f64>; N] {
        let mut buckets = self.counts.ascending().into_iter();
        let mut seen = 0;
        let mut last = None;
        quantiles.map(|quantile| {
            let rank = ((quantile.clamp(0.0, 1.0) * self.count as f64).ceil() as u64).max(1);
            while seen < rank {
                let (lower, count) = buckets.next()?;
                seen += count;
                last = Some(lower);
            }
            let lower = last?;
            let middle = lower as f64 + (self.counts.width(lower) - 1) as f64 / 2.0;
            Some(self.seconds(middle.clamp(self.min as f64, self.max as f64)))
        })
    }

    fn seconds(&self, ticks: f64) -> f64 {
        ticks * self.tick
    }
}

/// What is in them counts, and not how it lies in memory.
impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        self.precision == other.precision
            && self.tick.total_cmp(&other.tick).is_eq()
            && (self.count, self.sum, self.sum_of_squares) == (other.count, other.sum, other.sum_of_squares)
            && (self.min, self.max) == (other.min, other.max)
            && self.counts.ascending() == other.counts.ascending()
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new(Self::DEFAULT_TICK, Precision::DEFAULT)
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
    fn different_ticks_do_not_merge() {
        let mut histogram = of(&[0.1]);
        assert!(!histogram.merge(&Histogram::new(1e-6, Precision::DEFAULT)));
        assert_eq!(histogram, of(&[0.1]));
    }

    #[test]
    fn all_equal_values_have_no_deviation() {
        assert_eq!(of(&[0.123_456_789; 1000]).std(), Some(0.0));
    }

    #[test]
    fn absurd_latencies_stay_finite() {
        let absurd = of(&[1e15, 1e15, 1e300]);
        assert!(absurd.mean().is_some_and(f64::is_finite) && absurd.std().is_some_and(f64::is_finite));
        assert!(absurd.buckets().all(|bucket| bucket.lower.is_finite() && bucket.lower < bucket.upper));
    }

    #[test]
    fn buckets_hold_every_value() {
        let buckets: Vec<Bucket> = of(&[0.001, 0.001, 2.0]).buckets().collect();
        let [first, last] = buckets[..] else { panic!("{buckets:?}") };
        assert_eq!((first.count, last.count), (2, 1));
        assert!(first.lower <= 0.001 && 0.001 < first.upper && last.lower <= 2.0 && 2.0 < last.upper);
    }

    proptest! {
        #[test]
        fn moments_are_exact_and_quantiles_within_the_precision(
            values in prop::collection::vec(1e-6..100.0f64, 1..200),
            bits in 5..15u32,
        ) {
            for precision in [Precision::bits(bits), Precision::EXACT] {
                let mut histogram = Histogram::new(1e-9, precision);
                values.iter().for_each(|&value| { histogram.record(value); });
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
                    let bound = exact * precision.relative_error() + 1e-9;
                    prop_assert!((read - exact).abs() <= bound, "{quantile}: {read} for {exact}");
                }
            }
        }

        #[test]
        fn of_different_precisions_the_coarsest_is_left(
            parts in prop::collection::vec((prop::option::of(1..15u32), prop::collection::vec(0..u64::MAX >> 4, 0..40)), 1..4),
        ) {
            let at = |precision: Precision, values: &[u64]| {
                let mut histogram = Histogram::new(1e-9, precision);
                values.iter().for_each(|value| histogram.record_ticks(value >> (value % 60)));
                histogram
            };
            let precision = |bits: &Option<u32>| bits.map_or(Precision::EXACT, Precision::bits);
            let coarsest = parts.iter().map(|(bits, _)| precision(bits)).reduce(Precision::coarser).unwrap();
            let all: Vec<u64> = parts.iter().flat_map(|(_, values)| values.clone()).collect();
            let merged = |parts: &mut dyn Iterator<Item = Histogram>| {
                parts.reduce(|mut all, part| { assert!(all.merge(&part)); all }).unwrap()
            };
            let each: Vec<Histogram> = parts.iter().map(|(bits, values)| at(precision(bits), values)).collect();
            prop_assert_eq!(&merged(&mut each.clone().into_iter()), &at(coarsest, &all));
            prop_assert_eq!(&merged(&mut each.into_iter().rev()), &at(coarsest, &all));
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
