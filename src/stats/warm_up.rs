//! How long a run took to reach its usual latency.

use crate::record::Timeline;

/// The beginning of a run that is slower than the rest of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmUp {
    /// From the first start on, s.
    pub length: f64,
    /// Where it ends, ns on the clock of the time line.
    pub until: i64,
    /// The mean over its bins of their median latency, s.
    pub latency: f64,
    /// The same over all bins behind it, s.
    pub steady_latency: f64,
}

/// Fewer bins with requests do not show when a run has become steady.
const FEWEST_BINS: usize = 10;

/// A beginning that is slower by less is of no matter.
const LEAST_EFFECT: f64 = 0.1;

/// How many standard errors the beginning has to lie above the rest, beside the effect.
const STANDARD_ERRORS: f64 = 4.0;

/// Finds the warm-up of a run; `None` where there is none, or where the run never became steady.
///
/// The place where it ends is that of the marginal standard error rule: of all beginnings, at most half of the run, the one
/// is left out whose rest has the smallest standard error of its mean (White, "An Effective Truncation Heuristic for Bias
/// Reduction in Simulation Output", Simulation 69(6), 1997). The values are the median latencies of the time bins. As that
/// rule leaves something out of pure noise, too, the beginning has to be slower by 10 % and by four standard errors of the
/// rest's bins.
pub fn warm_up(timeline: &Timeline) -> Option<WarmUp> {
    let first = timeline.span()?.from;
    let bins = timeline.bins().filter_map(|(span, bin)| {
        let [median] = bin.latencies.quantiles([0.5]);
        Some((span, median?))
    });
    let (spans, medians): (Vec<_>, Vec<f64>) = bins.unzip();
    if medians.len() < FEWEST_BINS {
        return None;
    }
    let standard_error = |left_out: usize| {
        let rest = medians.get(left_out..).unwrap_or_default();
        sum_of_squares(rest) / (rest.len() as f64).powi(2)
    };
    let candidates = 0..=medians.len() / 2;
    let end = candidates.min_by(|a, b| standard_error(*a).total_cmp(&standard_error(*b)))?;
    // A beginning that ends where looking ends may go on behind it.
    if end == 0 || medians.len() / 2 <= end {
        return None;
    }
    let (beginning, rest) = medians.split_at_checked(end)?;
    let (latency, steady_latency) = (mean(beginning), mean(rest));
    let deviation = (sum_of_squares(rest) / (rest.len() as f64 - 1.0)).sqrt();
    let margin = STANDARD_ERRORS * deviation / (beginning.len() as f64).sqrt();
    let until = spans.get(end)?.from;
    let is_slower = steady_latency * (1.0 + LEAST_EFFECT) <= latency && steady_latency + margin <= latency;
    is_slower.then(|| WarmUp { length: until.saturating_sub(first) as f64 / 1e9, until, latency, steady_latency })
}

/// Where the warm-up of a run ends, ns on the clock of the time line; `None` where there is none.
pub fn warm_up_end(timeline: &Timeline) -> Option<i64> {
    warm_up(timeline).map(|warm_up| warm_up.until)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sum_of_squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of 60 s with a hundred requests a second, whose latency, ms, follows from the second.
    fn run(milliseconds: impl Fn(i64) -> u64) -> Timeline {
        let mut timeline = Timeline::new();
        for request in 0..6_000_i64 {
            // Latencies vary by up to 20 %, in a way of their own.
            let noise = (request * 7_919 % 41) as u64 * 5;
            let latency = milliseconds(request / 100) * (900 + noise) * 1_000;
            timeline.record(request * 10_000_000, Some(latency), true);
        }
        timeline
    }

    #[test]
    fn a_slow_beginning_is_found() {
        let found = warm_up(&run(|second| if second < 8 { 40 } else { 10 })).unwrap();
        assert!((7.0..=10.0).contains(&found.length), "{found:?}");
        assert!(2.5 < found.latency / found.steady_latency, "{found:?}");
    }

    #[test]
    fn an_even_run_has_none() {
        assert_eq!(warm_up(&run(|_| 10)), None);
        assert_eq!(warm_up(&Timeline::new()), None);
    }

    #[test]
    fn a_run_that_gets_slower_or_never_steady_has_none() {
        assert_eq!(warm_up(&run(|second| 10 + second as u64)), None);
        assert_eq!(warm_up(&run(|second| if second < 45 { 40 } else { 10 })), None);
    }

    #[test]
    fn equal_latencies_are_no_trouble() {
        let mut timeline = Timeline::new();
        (0..1_000).for_each(|request| timeline.record(request * 1_000_000, Some(1_000_000), true));
        assert_eq!(warm_up(&timeline), None);
    }
}
