//! Laws that end on a plateau: growth up to a throughput that is never exceeded.
//!
//! A pool, a rate limit or a load generator that is full gives one. In a corner: X = min(λN / (1 + σ(N−1)), C), what the
//! bounds of every closed system come to (Denning and Buzen, "The operational analysis of queueing network models", ACM
//! Computing Surveys 10, 1978). Or gently, where requests queue for a pool at random: X = C (1 − B), with Erlang's B.

use super::Residuals;
use super::data::{Data, LevelMean};
use super::fit::{Fit, Held, fit, of_parameters};
use super::law::{Approach, Ceiling, Parameters, idle};

/// Fewer levels on a plateau are one that happens to be low.
const LEAST_FLAT: usize = 2;

/// Queues longer than this are not followed one by one; their corner is as good.
const LONGEST_QUEUE: f64 = 20_000.0;

/// The law with a corner, with σ free or held at 0; `None` where fewer than two levels lie on either side.
pub(super) fn corner(data: &Data, with_sigma: bool) -> Option<Fit> {
    let least_rising = if with_sigma { 3 } else { 1 };
    let splits = least_rising..=data.levels.len().checked_sub(LEAST_FLAT)?;
    let fits = splits.filter_map(|rising| {
        let (rising, flat) = data.levels.split_at_checked(rising)?;
        let sigma = if with_sigma { None } else { Some(0.0) };
        let growth = fit(&data.part(rising), Held { sigma, kappa: Some(0.0) })?.parameters;
        let ceiling = Ceiling { log: log_mean(data.residuals, flat)?, approach: Approach::Corner };
        let parameters = Parameters { ceiling: Some(ceiling), ..growth };
        let is_possible = (0.0..1.0).contains(&growth.sigma);
        of_parameters(data, parameters, [true, with_sigma, true]).filter(|_| is_possible)
    });
    fits.min_by(|a, b| a.squares.total_cmp(&b.squares))
}

/// The law of a pool that requests queue for.
pub(super) fn pool(data: &Data) -> Option<Fit> {
    let (first, last) = (data.levels.first()?.concurrency, data.levels.last()?.concurrency);
    if LONGEST_QUEUE < last {
        return None;
    }
    let at = |log_r: f64| {
        let r = log_r.exp();
        // Where the shape is known, the ceiling is a mean.
        let shape = |level: &LevelMean| (1.0 - idle(level.concurrency, r)).ln();
        let log = match data.residuals {
            Residuals::Relative => {
                let weight: f64 = data.levels.iter().map(|level| level.runs).sum();
                data.levels.iter().map(|level| level.runs * (level.mean - shape(level))).sum::<f64>() / weight
            }
            Residuals::Absolute => {
                let of = |pick: &dyn Fn(&LevelMean) -> f64| -> f64 {
                    data.levels.iter().map(|level| level.runs * pick(level)).sum()
                };
                let squares = of(&|level| (2.0 * shape(level)).exp());
                (of(&|level| level.mean * shape(level).exp()) / squares).ln()
            }
        };
        let ceiling = Some(Ceiling { log, approach: Approach::Queue });
        of_parameters(
            data,
            Parameters { log_lambda: log - log_r, sigma: 0.0, kappa: 0.0, ceiling },
            [true, false, true],
        )
    };
    let squares = |log_r: f64| at(log_r).map_or(f64::INFINITY, |fit| fit.squares);
    let (from, to) = ((first / 2.0).ln(), (last * 2.0).ln());
    let step = (to - from) / STEPS;
    let coarse = (0..=STEPS as u32).map(|index| from + f64::from(index) * step);
    let best = coarse.min_by(|a, b| squares(*a).total_cmp(&squares(*b)))?;
    at(smallest(squares, best - step, best + step))
}

/// Into how many steps the range of corners is cut before the best of them is looked at closely.
const STEPS: f64 = 48.0;

/// Where a function with one minimum is smallest, by the golden section (Kiefer, Proceedings of the AMS 4, 1953).
fn smallest(of: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..40 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if of(left) < of(right) { high = right } else { low = left }
    }
    low.midpoint(high)
}

/// The logarithm of the mean throughput of levels.
fn log_mean(residuals: Residuals, levels: &[LevelMean]) -> Option<f64> {
    let weight: f64 = levels.iter().map(|level| level.runs).sum();
    let mean = levels.iter().map(|level| level.runs * level.mean).sum::<f64>() / weight;
    let log = match residuals {
        Residuals::Relative => mean,
        Residuals::Absolute => mean.ln(),
    };
    log.is_finite().then_some(log)
}
