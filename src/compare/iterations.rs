//! One run of a benchmark on each side, compared by the iterations in it.
//!
//! Tools such as pytest-benchmark call a function some hundred times in one process and write every time. The next process
//! may be slower by a third and nothing in the file says so. What disturbs a run makes iterations slower and none faster, so
//! the lower quartile is compared and not the median, and a difference has to show in the fastest iteration too.

use std::sync::Arc;

use statrs::function::erf::{erfc, erfc_inv};

use super::side::common_levels;
use crate::record::{CellRuns, Histogram, Precision, Profile, RequestTicks, Run, SeriesRuns};
use crate::stats::{MannWhitney, Values, cliffs_delta_of, holm, mann_whitney, quantile_interval};

/// The quantile that is compared.
const QUARTILE: f64 = 0.25;
/// The one that is compared where a side has too few iterations for an interval of the quartile.
const MEDIAN: f64 = 0.5;

/// Iterations of one side against those of the other, on the scale of logarithms.
#[derive(Debug, Clone)]
pub(super) struct IterationContrast {
    pub(super) concurrency: Option<u32>,
    pub(super) levels: usize,
    /// What the estimate is the ratio of; the smallest of several levels.
    quantile: f64,
    pub(super) estimate: f64,
    pub(super) interval: Option<(f64, f64)>,
    /// The ratio of the smallest times, on the scale of logarithms.
    pub(super) fastest: f64,
    pub(super) p_value: f64,
    pub(super) effect_size: f64,
    pub(super) baseline: Option<Values>,
    pub(super) candidate: Option<Values>,
}

/// The iterations of a series at all levels that both sides have, over all and at each.
#[derive(Debug, Clone)]
pub(super) struct IterationPair {
    pub(super) overall: IterationContrast,
    pub(super) levels: Vec<IterationContrast>,
}

impl IterationPair {
    /// Measures two series; `None` unless each side has one run at every common level, with its iterations.
    pub(super) fn of(baseline: SeriesRuns<'_>, candidate: SeriesRuns<'_>, alpha: f64) -> Option<Self> {
        let common = common_levels(baseline, candidate);
        let levels: Option<Vec<IterationContrast>> = common.map(|(a, b)| contrast(a, b, alpha)).collect();
        let levels = levels.filter(|levels| !levels.is_empty())?;
        Some(Self { overall: over_all(&levels), levels })
    }
}

impl IterationContrast {
    /// How it was found.
    pub(super) fn method(&self) -> String {
        let compared = if self.quantile < MEDIAN { "lower quartiles" } else { "medians" };
        format!(
            "ratio of the {compared} of iterations, interval by order statistics, Mann-Whitney test; a difference has to \
             show in the fastest iteration too"
        )
    }
}

/// The p-values over all levels, adjusted as one family, and those of the levels, adjusted within each series.
pub(super) fn adjusted<'p>(pairs: impl Iterator<Item = &'p IterationPair> + Clone) -> Vec<(f64, Vec<f64>)> {
    let overall: Vec<f64> = pairs.clone().map(|pair| pair.overall.p_value).collect();
    let levels = |pair: &IterationPair| holm(&pair.levels.iter().map(|level| level.p_value).collect::<Vec<f64>>(), 0);
    holm(&overall, 0).into_iter().zip(pairs.map(levels)).collect()
}

fn contrast(a: CellRuns<'_>, b: CellRuns<'_>, alpha: f64) -> Option<IterationContrast> {
    let (baseline, candidate) = (iterations(a)?, iterations(b)?);
    let has_quartile = [&baseline, &candidate].iter().all(|side| quantile_interval(side, QUARTILE, alpha).is_some());
    let quantile = if has_quartile { QUARTILE } else { MEDIAN };
    let (of_a, of_b) = (baseline.quantile(quantile).ln(), candidate.quantile(quantile).ln());
    let interval = || {
        let (a_low, a_high) = quantile_interval(&baseline, quantile, alpha)?;
        let (b_low, b_high) = quantile_interval(&candidate, quantile, alpha)?;
        let below = (of_b - b_low.ln()).hypot(a_high.ln() - of_a);
        let above = (b_high.ln() - of_b).hypot(of_a - a_low.ln());
        // A clock so coarse that all times are equal says nothing of the noise.
        (0.0 < below + above).then_some((of_b - of_a - below, of_b - of_a + above))
    };
    let test: MannWhitney = mann_whitney(&baseline, &candidate);
    Some(IterationContrast {
        concurrency: a.key().concurrency,
        levels: 1,
        quantile,
        estimate: of_b - of_a,
        interval: interval(),
        fastest: (candidate.min() / baseline.min()).ln(),
        p_value: test.p_value,
        effect_size: cliffs_delta_of(&test, baseline.count() * candidate.count()),
        baseline: Some(baseline),
        candidate: Some(candidate),
    })
}

/// Levels put together, each of which weighs alike: intervals by the method of variance estimates recovery (Donner and Zou,
/// "Closed-form confidence intervals for functions of the normal mean and standard deviation", Statistical Methods in
/// Medical Research 21, 2012), p-values by Stouffer's ("The American Soldier", 1949).
fn over_all(levels: &[IterationContrast]) -> IterationContrast {
    let n = levels.len() as f64;
    let mean = |of: &dyn Fn(&IterationContrast) -> f64| levels.iter().map(of).sum::<f64>() / n;
    let estimate = mean(&|level| level.estimate);
    let intervals: Option<Vec<(f64, f64, f64)>> =
        levels.iter().map(|level| level.interval.map(|(low, high)| (level.estimate, low, high))).collect();
    let far =
        |of: &dyn Fn(&(f64, f64, f64)) -> f64, all: &[(f64, f64, f64)]| all.iter().map(of).sum::<f64>().sqrt() / n;
    let interval = intervals.map(|all| {
        let below = far(&|(at, low, _)| (at - low).powi(2), &all);
        let above = far(&|(at, _, high)| (high - at).powi(2), &all);
        (estimate - below, estimate + above)
    });
    let z = |level: &IterationContrast| {
        // A p-value of exactly 0 has no z; what is smaller than this makes no difference.
        let size = std::f64::consts::SQRT_2 * erfc_inv(level.p_value.clamp(1e-300, 1.0));
        size.copysign(level.effect_size)
    };
    let [only] = levels else {
        let stouffer = levels.iter().map(z).sum::<f64>() / n.sqrt();
        return IterationContrast {
            concurrency: None,
            levels: levels.len(),
            quantile: levels.iter().map(|level| level.quantile).fold(MEDIAN, f64::min),
            estimate,
            interval,
            fastest: mean(&|level| level.fastest),
            p_value: erfc(stouffer.abs() / std::f64::consts::SQRT_2),
            effect_size: mean(&|level| level.effect_size),
            baseline: None,
            candidate: None,
        };
    };
    IterationContrast { concurrency: None, ..only.clone() }
}

/// The times of the iterations of the only run of a cell. They follow one another and carry no clock; the requests of a
/// load test are none.
fn iterations(cell: CellRuns<'_>) -> Option<Values> {
    let run = cell.iter().next().filter(|_| cell.count() == 1)?;
    let profile = run.profile.as_deref().filter(|profile| is_sequence(run, profile))?;
    let times = profile.latencies.buckets();
    let values = Values::new(times.flat_map(|bucket| std::iter::repeat_n(bucket.lower, bucket.count as usize)))?;
    (0.0 < values.min() && 1 < values.count()).then_some(values)
}

fn is_sequence(run: &Run, profile: &Profile) -> bool {
    let is_one_at_a_time = !run.axis.is_empty() || run.concurrency.is_none_or(|concurrency| concurrency == 1);
    is_one_at_a_time && profile.span.is_none() && profile.errors == 0 && profile.latencies.count() <= MOST
}

/// Makes all iterations of a run longer by a factor; leaves the requests of a load test as they are.
pub(super) fn scale_iterations(run: &mut Run, factor: f64) {
    let Some(profile) = run.profile.as_deref().filter(|profile| is_sequence(run, profile)) else { return };
    let mut scaled = Profile::new(Precision::EXACT);
    for bucket in profile.latencies.buckets() {
        // Float to integer conversion saturates.
        let latency = Some((bucket.lower * factor / Histogram::DEFAULT_TICK).round() as u64);
        let request = RequestTicks { start: None, latency, ok: true, bytes: None };
        for _ in 0..bucket.count {
            scaled.add(request);
        }
    }
    run.profile = Some(Arc::new(scaled));
}

/// So many iterations are compared one by one; nobody measures more of them in one process without a clock.
const MOST: u64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Runs;

    fn run(nanoseconds: &[u64]) -> Run {
        let mut profile = Profile::new(Precision::EXACT);
        for time in nanoseconds {
            profile.add(RequestTicks { start: None, latency: Some(*time), ok: true, bytes: None });
        }
        Run { profile: Some(Arc::new(profile)), ..Run::default() }
    }

    fn pair(a: &[u64], b: &[u64]) -> IterationPair {
        let (a, b) = (Runs::new(vec![run(a)]), Runs::new(vec![run(b)]));
        IterationPair::of(a.series().next().unwrap(), b.series().next().unwrap(), 0.05).unwrap()
    }

    fn sample(from: u64, factor: f64) -> Vec<u64> {
        (0..60).map(|index| ((from + index * 7 % 60) as f64 * factor) as u64).collect()
    }

    #[test]
    fn a_shift_of_all_iterations_is_seen() {
        let pair = pair(&sample(1000, 1.0), &sample(1000, 1.2));
        let (low, high) = pair.overall.interval.unwrap();
        assert!(1.15_f64.ln() < low && low < 1.2_f64.ln() && 1.2_f64.ln() < high, "{low} {high}");
        assert!(1.15_f64.ln() < pair.overall.fastest && pair.overall.p_value < 1e-10);
        assert!((pair.overall.effect_size - 1.0).abs() < 1e-12);
    }

    #[test]
    fn few_iterations_are_compared_by_their_medians() {
        let of = |count: usize| pair(&sample(1000, 1.0)[..count], &sample(1000, 1.2)[..count]);
        assert!(of(10).overall.interval.is_some() && of(10).overall.method().contains("medians"));
        assert_eq!(of(4).overall.interval, None);
    }

    #[test]
    fn several_runs_or_concurrency_are_no_iterations() {
        let one = run(&[1, 2, 3]);
        let are_iterations = |runs: Vec<Run>| iterations(Runs::new(runs).cells().next().unwrap()).is_some();
        assert!(are_iterations(vec![one.clone()]) && !are_iterations(vec![one.clone(), one.clone()]));
        assert!(!are_iterations(vec![Run { concurrency: Some(8), ..one }]));
    }
}
