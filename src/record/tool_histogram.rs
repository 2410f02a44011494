//! A histogram that a tool kept: latencies in buckets of the tool's own, some narrow and some so wide that little is known.
//!
//! It holds no more than the tool told: that so many latencies lie from here to there. So any two of them merge exactly,
//! whatever their buckets, and what is read from the sum has bounds: a quantile lies between that of all lower ends and
//! that of all upper ends. Sums, minimum and maximum are not in it; those that the tool reports stand beside it in the run.

use std::collections::BTreeMap;

use super::latency_ticks;

/// Latencies in buckets that a tool chose, both ends included.
///
/// They are those that the tool counts: mostly of all answers, failed ones too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolHistogram {
    /// How many latencies lie between two others, ns.
    counts: BTreeMap<(u64, u64), u64>,
}

/// A latency that a known share of all latencies did not exceed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The share, above 0 and up to 1.
    pub p: f64,
    /// The least that the quantile of this share can be, s.
    pub at_least: f64,
    /// The most that it can be, s: the upper end of a bucket.
    pub at_most: f64,
}

impl ToolHistogram {
    /// Adds `count` latencies that lie from `lower` to `upper`, s. Returns `false`, and adds nothing, where there are some and
    /// these are no latencies in this order.
    pub fn add(&mut self, lower: f64, upper: f64, count: u64) -> bool {
        match (latency_ticks(lower), latency_ticks(upper)) {
            (Some(lower), Some(upper)) if lower <= upper => {
                self.add_ticks(lower, upper, count);
                true
            }
            _ => count == 0,
        }
    }

    /// Adds `count` latencies that lie from `lower` to `upper`, ns.
    pub fn add_ticks(&mut self, lower: u64, upper: u64, count: u64) {
        if 0 < count {
            let own = self.counts.entry((lower, upper)).or_default();
            *own = own.saturating_add(count);
        }
    }

    /// Adds all latencies of another one.
    pub fn merge(&mut self, other: &Self) {
        other.buckets().for_each(|(lower, upper, count)| self.add_ticks(lower, upper, count));
    }

    /// How many latencies there are.
    pub fn count(&self) -> u64 {
        self.counts.values().fold(0, |all, count| all.saturating_add(*count))
    }

    /// Whether there is no latency.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Lower end, upper end, ns, and count of each bucket, ascending.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        self.counts.iter().map(|(&(lower, upper), &count)| (lower, upper, count))
    }

    /// All shares that the histogram tells of, ascending: one for each upper end.
    pub fn steps(&self) -> Vec<Step> {
        let mut uppers: BTreeMap<u64, u64> = BTreeMap::new();
        for (_, upper, count) in self.buckets() {
            let all = uppers.entry(upper).or_default();
            *all = all.saturating_add(count);
        }
        let all = self.count() as f64;
        // Buckets ascend by their lower ends.
        let mut lowers = self.buckets();
        let (mut seen, mut least, mut rank) = (0_u64, 0, 0_u64);
        let step = |(upper, count)| {
            rank = rank.saturating_add(count);
            while seen < rank {
                let Some((lower, _, count)) = lowers.next() else { break };
                seen = seen.saturating_add(count);
                least = lower;
            }
            Step { p: rank as f64 / all, at_least: seconds(least), at_most: seconds(upper) }
        };
        uppers.into_iter().map(step).collect()
    }

    /// Between what the smallest latency lies that at least this share of all do not exceed, s; `None` when empty.
    pub fn bounds(&self, quantile: f64) -> Option<(f64, f64)> {
        let steps = self.steps();
        let upper = steps.iter().find(|step| quantile <= step.p).or(steps.last())?;
        let count = self.count() as f64;
        // The product of a quotient may lie a hair above the whole number that it was made from.
        let above = (quantile.clamp(0.0, 1.0) * count).ceil();
        let rank = if quantile <= (above - 1.0) / count { above - 1.0 } else { above }.max(1.0) as u64;
        let mut seen = 0_u64;
        let lower = self.buckets().find(|(_, _, count)| {
            seen = seen.saturating_add(*count);
            rank <= seen
        });
        Some((seconds(lower.map_or(0, |(lower, ..)| lower)), upper.at_most))
    }
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_bucket_is_refused() {
        let mut histogram = ToolHistogram::default();
        for (lower, upper) in [(0.2, 0.1), (-0.1, 0.1), (0.1, f64::NAN), (0.1, f64::INFINITY)] {
            assert!(!histogram.add(lower, upper, 1), "{lower} {upper}");
        }
        assert!(histogram.add(0.1, 0.2, 0) && histogram.is_empty());
        assert_eq!((histogram.count(), histogram.steps(), histogram.bounds(0.5)), (0, Vec::new(), None));
    }

    #[test]
    fn shares_are_known_at_the_upper_ends() {
        let mut histogram = ToolHistogram::default();
        histogram.add(0.001, 0.002, 3);
        histogram.add(0.002, 0.005, 1);
        let step = |p, at_least, at_most| Step { p, at_least, at_most };
        assert_eq!(histogram.steps(), [step(0.75, 0.001, 0.002), step(1.0, 0.002, 0.005)]);
        assert_eq!(histogram.bounds(0.5), Some((0.001, 0.002)));
        assert_eq!(histogram.bounds(0.76), Some((0.002, 0.005)));
    }

    proptest! {
        #[test]
        fn neither_order_nor_split_matters_and_quantiles_lie_within_their_bounds(
            values in prop::collection::vec((0..1_000_000_u64, 0..100_000_u64, 0..100_000_u64), 1..60),
            cut in 0..60usize,
        ) {
            let of = |values: &[(u64, u64, u64)]| {
                let mut histogram = ToolHistogram::default();
                values.iter().for_each(|(x, below, above)| histogram.add_ticks(x.saturating_sub(*below), x + above, 1));
                histogram
            };
            let whole = of(&values);
            let (left, right) = values.split_at(cut.min(values.len()));
            for (mut one, other) in [(of(left), of(right)), (of(right), of(left))] {
                one.merge(&other);
                prop_assert_eq!(&one, &whole);
            }
            let mut sorted: Vec<u64> = values.iter().map(|(x, ..)| *x).collect();
            sorted.sort_unstable();
            let n = sorted.len();
            for (rank, x) in (1..).zip(&sorted) {
                let x = seconds(*x);
                let (low, high) = whole.bounds(f64::from(rank) / n as f64).unwrap();
                prop_assert!(low <= x && x <= high, "{rank} of {n}: {low} {x} {high}");
            }
            for Step { p, at_least, at_most } in whole.steps() {
                let below = sorted.iter().filter(|x| seconds(**x) <= at_most).count();
                prop_assert!(p <= below as f64 / n as f64 && at_least <= at_most);
                let quantile = seconds(sorted[((p * n as f64).round() as usize).max(1) - 1]);
                prop_assert!(at_least <= quantile && quantile <= at_most);
            }
        }
    }
}
