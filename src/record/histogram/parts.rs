//! What a histogram is made of, for files that keep one: buckets with their counts, and what is exact beside them.

use super::Histogram;
use crate::record::Precision;

/// What is known of all values of a histogram beyond the buckets they lie in, exactly, in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// Of the values.
    pub sum: u128,
    /// Of their squares; [`Histogram::LARGEST_SUM`] stands for all that is larger.
    pub sum_of_squares: u128,
    /// The smallest value.
    pub min: u64,
    /// The largest value.
    pub max: u64,
}

impl Moments {
    /// Those of these values and others.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let added = |one: u128, other| one.saturating_add(other).min(Histogram::LARGEST_SUM);
        Self {
            sum: added(self.sum, other.sum),
            sum_of_squares: added(self.sum_of_squares, other.sum_of_squares),
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }
}

impl Histogram {
    /// What is exact of its values; `None` when empty.
    pub fn moments(&self) -> Option<Moments> {
        let Self { sum, sum_of_squares, min, max, .. } = *self;
        (!self.is_empty()).then_some(Moments { sum, sum_of_squares, min, max })
    }

    /// The smallest and the largest value, in ticks, that lie in each bucket that holds something, and how many there are;
    /// ascending.
    pub fn counts(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let width = |lower| self.counts.width(lower);
        self.counts.ascending().into_iter().map(move |(lower, count)| (lower, lower + (width(lower) - 1), count))
    }

    /// The histogram of these buckets, lower edges in ticks with their counts, in any order; equal ones add up.
    ///
    /// # Errors
    ///
    /// Where an edge is none at this precision, where there are more values than can be counted, or where the moments are
    /// not those of values in these buckets.
    pub fn from_parts(
        tick: f64,
        precision: Precision,
        buckets: impl IntoIterator<Item = (u64, u64)>,
        moments: Option<Moments>,
    ) -> Result<Self, String> {
        let mut histogram = Self::new(tick, precision);
        for (lower, count) in buckets {
            if histogram.counts.lower_edge(histogram.counts.index(lower)) != Some(lower) {
                return Err(format!("{lower} is the lower edge of no bucket at a precision of {precision}"));
            }
            histogram.count = histogram.count.checked_add(count).ok_or("there are too many values to count")?;
            if 0 < count {
                histogram.counts.add(lower, count);
            }
        }
        let filled: Vec<_> = histogram.counts().collect();
        let (Some(&first), Some(&last)) = (filled.first(), filled.last()) else { return Ok(histogram) };
        let Some(Moments { sum, sum_of_squares, min, max }) = moments else {
            return Err("the sum, minimum and maximum of its values are missing".to_owned());
        };
        for (name, value, (lower, upper, _)) in [("smallest", min, first), ("largest", max, last)] {
            if value < lower || upper < value {
                return Err(format!("the {name} value, {value}, does not lie in its bucket, {lower} to {upper}"));
            }
        }
        let count = u128::from(histogram.count);
        let (least, most) = (u128::from(min) * count, (u128::from(max) * count).min(Self::LARGEST_SUM));
        if sum < least.min(Self::LARGEST_SUM) || most < sum {
            return Err(format!("the sum, {sum}, is none of {count} values from {min} to {max}"));
        }
        Ok(Self { sum, sum_of_squares, min, max, ..histogram })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(buckets: &[(u64, u64)], moments: Option<Moments>) -> Result<Histogram, String> {
        Histogram::from_parts(Histogram::DEFAULT_TICK, Precision::bits(2), buckets.iter().copied(), moments)
    }

    #[test]
    fn what_is_no_histogram_is_refused() {
        let moments = |sum, min, max| Some(Moments { sum, sum_of_squares: 25, min, max });
        // Above 8, buckets are 2 wide.
        assert_eq!(of(&[(8, 1), (8, 1)], moments(17, 8, 9)).map(|whole| whole.count()), Ok(2));
        assert_eq!(of(&[], None).map(|empty| empty.count()), Ok(0));
        for (buckets, moments, told) in [
            (&[(9, 1)][..], moments(9, 9, 9), "9 is the lower edge of no bucket"),
            (&[(8, u64::MAX), (10, 1)], moments(9, 9, 9), "too many"),
            (&[(8, 1)], None, "missing"),
            (&[(8, 1)], moments(9, 7, 9), "the smallest value, 7,"),
            (&[(8, 1)], moments(9, 9, 10), "the largest value, 10,"),
            (&[(8, 2)], moments(15, 8, 9), "the sum, 15,"),
            (&[(8, 2)], moments(19, 8, 9), "the sum, 19,"),
        ] {
            let error = of(buckets, moments).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }

    proptest! {
        #[test]
        fn histograms_survive_being_taken_apart(
            values in prop::collection::vec(any::<u64>(), 0..50),
            bits in prop::option::of(5..15u32),
        ) {
            let mut whole = Histogram::new(1e-9, bits.map_or(Precision::EXACT, Precision::bits));
            values.iter().for_each(|value| whole.record_ticks(value >> (value % 64)));
            let buckets: Vec<(u64, u64)> = whole.counts().map(|(lower, _, count)| (lower, count)).collect();
            let again = Histogram::from_parts(whole.tick(), whole.precision(), buckets, whole.moments());
            prop_assert_eq!(again, Ok(whole));
        }
    }
}
