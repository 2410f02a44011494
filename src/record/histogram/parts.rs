//! A histogram as it is kept in files.

use serde::{Deserialize, Serialize};

use super::Histogram;
use crate::record::Precision;

/// What a histogram is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Parts {
    tick: f64,
    precision: String,
    /// For each bucket that holds something how many places it lies behind the one before, and its count, in turns.
    counts: Vec<u64>,
    sum: u128,
    sum_of_squares: u128,
    min: u64,
    max: u64,
}

impl From<Histogram> for Parts {
    fn from(histogram: Histogram) -> Self {
        let mut before = 0;
        let steps = histogram.counts.ascending().into_iter().flat_map(|(lower, count)| {
            let index = histogram.counts.index(lower);
            let step = index - before;
            before = index;
            [step, count]
        });
        Self {
            tick: histogram.tick,
            precision: histogram.precision.to_string(),
            counts: steps.collect(),
            sum: histogram.sum,
            sum_of_squares: histogram.sum_of_squares,
            min: histogram.min,
            max: histogram.max,
        }
    }
}

impl TryFrom<Parts> for Histogram {
    type Error = String;

    fn try_from(parts: Parts) -> Result<Self, String> {
        let precision: Precision = parts.precision.parse().map_err(|error| format!("{error}"))?;
        if !parts.tick.is_finite() || parts.tick <= 0.0 {
            return Err(format!("expected the length of a tick, found {}", parts.tick));
        }
        let mut histogram = Self::new(parts.tick, precision);
        let mut index: u64 = 0;
        for pair in parts.counts.chunks(2) {
            let place = match *pair {
                [step, count] if 0 < count => index.checked_add(step).zip(Some(count)),
                _ => None,
            };
            let bucket = place.and_then(|(place, count)| Some((place, histogram.counts.lower_edge(place)?, count)));
            let Some((place, lower, count)) = bucket else {
                return Err("expected buckets and their counts in turns".to_owned());
            };
            index = place;
            histogram.count = histogram.count.checked_add(count).ok_or("there are too many values to count")?;
            histogram.counts.add(lower, count);
        }
        if 0 < histogram.count && parts.max < parts.min {
            return Err(format!("the smallest value, {}, is above the largest, {}", parts.min, parts.max));
        }
        let Parts { sum, sum_of_squares, min, max, .. } = parts;
        Ok(Self { sum, sum_of_squares, min, max, ..histogram })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_histogram_is_refused() {
        let whole = r#"{"tick":1e-9,"precision":"10","counts":[5,1],"sum":5,"sum_of_squares":25,"min":5,"max":5}"#;
        assert!(serde_json::from_str::<Histogram>(whole).is_ok());
        for (from, to) in [
            ("1e-9", "0.0"),
            ("\"10\"", "\"ten\""),
            ("[5,1]", "[5]"),
            ("[5,1]", "[5,0]"),
            ("[5,1]", "[18446744073709551615,1]"),
            ("[5,1]", "[5,18446744073709551615,1,1]"),
            ("\"min\":5", "\"min\":6"),
        ] {
            assert!(serde_json::from_str::<Histogram>(&whole.replace(from, to)).is_err(), "{to}");
        }
    }

    proptest! {
        #[test]
        fn histograms_survive_the_text(
            values in prop::collection::vec(any::<u64>(), 0..50),
            bits in prop::option::of(5..15u32),
        ) {
            let mut histogram = Histogram::new(1e-9, bits.map_or(Precision::EXACT, Precision::bits));
            values.iter().for_each(|value| histogram.record_ticks(value >> (value % 64)));
            let text = serde_json::to_string(&histogram).unwrap();
            prop_assert_eq!(serde_json::from_str::<Histogram>(&text).unwrap(), histogram);
        }
    }
}
