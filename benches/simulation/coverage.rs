//! How often an interval contains the truth, and how wide it is.

use benchplot::stats::SplitMix64;

use super::estimators::Estimator;
use super::noise::Noise;

/// What many trials gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coverage {
    /// The share of intervals that contain the truth; `None` where there are no intervals.
    pub(crate) share: Option<f64>,
    /// The mean width on the scale of logarithms, which is about the relative one.
    pub(crate) width: Option<f64>,
}

/// Draws both sides with `n` repetitions each, the candidate ten percent larger, and asks for the interval.
pub(crate) fn coverage(
    estimator: Estimator,
    noise: Noise,
    n: usize,
    trials: usize,
    resamples: usize,
    seed: u64,
) -> Coverage {
    let mut random = SplitMix64::new(seed);
    let truth = 1.1_f64.ln();
    let (mut intervals, mut hits, mut widths) = (0_u32, 0_u32, 0.0);
    for _ in 0..trials {
        let a = noise.draws(n, &mut random);
        let b: Vec<f64> = noise.draws(n, &mut random).iter().map(|time| 1.1 * time).collect();
        if let Some((low, high)) = estimator.interval(&a, &b, 0.05, resamples, &mut random) {
            intervals += 1;
            hits += u32::from(low <= truth && truth <= high);
            widths += high - low;
        }
    }
    let mean = |sum: f64| (0 < intervals).then(|| sum / f64::from(intervals));
    Coverage { share: mean(f64::from(hits)), width: mean(widths) }
}
