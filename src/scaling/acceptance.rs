//! Whether a fitted law may be relied on.

use super::choice::{Chosen, f_tail};
use super::data::Data;
use super::fit::predicted;
use super::{Rejection, Residuals};

/// Fewer levels than this leave a law with three parameters nothing to be checked by.
const LEAST_LEVELS: usize = 4;

/// The highest level is at least so many times the lowest.
const LEAST_RANGE: f64 = 4.0;

/// The law grows at least so much from the lowest level to its best.
const LEAST_GROWTH: f64 = 1.1;

/// The least share of the variance that a law has to explain.
const LEAST_R_SQUARED: f64 = 0.8;

/// Residuals are systematic where chance gives such a pattern more rarely than this. It is small, because with many
/// repetitions every law is wrong in the end.
const CHANCE: f64 = 0.01;

/// The same where there are no repetitions, and only the order of signs can tell.
const CHANCE_OF_SIGNS: f64 = 0.05;

/// Levels that lie beside the law by less than this share of the throughput do not matter.
const SMALL: f64 = 0.05;

/// How well the chosen law fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quality {
    pub(super) r_squared: Option<f64>,
    /// How far levels lie beside the law, beyond what repetitions explain, as a share of the throughput.
    pub(super) deviation: f64,
    /// Whether chance does not explain how they lie.
    pub(super) is_systematic: bool,
}

/// Why no law is fitted to these levels; `None` where one can be tried.
pub(super) fn reject_levels(data: &Data) -> Option<Rejection> {
    let range = match (data.levels.first(), data.levels.last()) {
        (Some(first), Some(last)) => last.concurrency / first.concurrency,
        _ => 0.0,
    };
    if data.levels.len() < LEAST_LEVELS {
        Some(Rejection::TooFewLevels)
    } else if range < LEAST_RANGE {
        Some(Rejection::NotEnoughRange)
    } else {
        None
    }
}

/// Why a fitted law is not to be relied on; `None` where it is.
pub(super) fn reject_fit(data: &Data, chosen: &Chosen, quality: &Quality) -> Option<Rejection> {
    if growth(data, chosen).is_none_or(|growth| growth < LEAST_GROWTH) {
        Some(Rejection::DoesNotGrow)
    } else if quality.is_systematic && SMALL < quality.deviation {
        Some(Rejection::SystematicResiduals)
    } else if quality.r_squared.is_none_or(|share| share < LEAST_R_SQUARED) {
        Some(Rejection::ExplainsTooLittle)
    } else {
        None
    }
}

/// The highest throughput that the law has at one of the levels, over that at the lowest.
fn growth(data: &Data, chosen: &Chosen) -> Option<f64> {
    let at = |level: &super::data::LevelMean| chosen.fit.parameters.throughput(level.concurrency);
    let best = data.levels.iter().filter_map(at).fold(0.0_f64, f64::max);
    data.levels.first().and_then(at).filter(|lowest| 0.0 < *lowest).map(|lowest| best / lowest)
}

/// Judges the chosen law.
pub(super) fn quality(data: &Data, chosen: &Chosen) -> Quality {
    let fit = &chosen.fit;
    let lack_freedom = data.levels.len().saturating_sub(fit.parameters_count());
    let pure_freedom = data.pure_error_freedom();
    let lack = fit.lack_of_fit(data);
    let runs = data.runs as f64;
    let (is_systematic, deviation) = match data.residuals {
        Residuals::Relative if 0.0 < data.pure_error => {
            // The lack-of-fit test; Draper and Smith, Applied Regression Analysis, Wiley 1998, section 2.1.
            let noise = data.pure_error / pure_freedom as f64;
            let f = lack / lack_freedom as f64 / noise;
            let beyond_noise = (lack - noise * lack_freedom as f64).max(0.0);
            (f_tail(f, lack_freedom, pure_freedom).is_some_and(|p| p < CHANCE), (beyond_noise / runs).sqrt())
        }
        Residuals::Relative => (is_few_runs(data, chosen), (lack / runs).sqrt()),
        Residuals::Absolute => {
            let mean = data.levels.iter().map(|level| level.mean * level.runs).sum::<f64>() / runs;
            (is_few_runs(data, chosen), (fit.squares / runs).sqrt() / mean)
        }
    };
    let r_squared = (0.0 < data.total).then(|| 1.0 - fit.squares / data.total);
    Quality { r_squared: r_squared.filter(|share| share.is_finite()), deviation, is_systematic }
}

/// Whether neighbouring levels lie on the same side of the law more often than chance allows: the runs test of Wald and
/// Wolfowitz, Annals of Mathematical Statistics 11 (1940), exact and one-sided.
fn is_few_runs(data: &Data, chosen: &Chosen) -> bool {
    let signs: Vec<bool> = data
        .levels
        .iter()
        .filter_map(|level| {
            let residual = level.mean - predicted(data.residuals, &chosen.fit.parameters, level.concurrency)?;
            (residual.abs() != 0.0).then_some(0.0 < residual)
        })
        .collect();
    probability_of_few_runs(&signs) < CHANCE_OF_SIGNS
}

/// The probability of at most as many runs of equal signs as there are, if their order is left to chance.
fn probability_of_few_runs(signs: &[bool]) -> f64 {
    let above = signs.iter().filter(|sign| **sign).count();
    let below = signs.len() - above;
    if above == 0 || below == 0 {
        return 1.0;
    }
    let runs = 1 + signs.windows(2).filter(|pair| pair.first() != pair.last()).count();
    let ways = |runs: usize| {
        let half = runs / 2;
        if runs.is_multiple_of(2) {
            2.0 * choose(above - 1, half - 1) * choose(below - 1, half - 1)
        } else {
            choose(above - 1, half) * choose(below - 1, half - 1)
                + choose(above - 1, half - 1) * choose(below - 1, half)
        }
    };
    let all = choose(signs.len(), above);
    if all.is_finite() { (2..=runs).map(ways).sum::<f64>() / all } else { normal_approximation(above, below, runs) }
}

/// The same for so many signs that their orders can't be counted.
fn normal_approximation(above: usize, below: usize, runs: usize) -> f64 {
    let (a, b) = (above as f64, below as f64);
    let n = a + b;
    let mean = 1.0 + 2.0 * a * b / n;
    let variance = (mean - 1.0) * (mean - 2.0) / (n - 1.0);
    let z = (runs as f64 + 0.5 - mean) / variance.sqrt();
    0.5 * statrs::function::erf::erfc(-z / std::f64::consts::SQRT_2)
}

/// Binomial coefficient; infinite where it is too large for a number.
fn choose(n: usize, k: usize) -> f64 {
    if n < k { 0.0 } else { (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_runs_of_signs_are_rare() {
        // Swed and Eisenhart, Annals of Mathematical Statistics 14 (1943), table I: P(u ≤ 2; 5, 5) = 0.008, P(u ≤ 3; 5, 5) = 0.040.
        let signs = |text: &str| text.chars().map(|c| c == '+').collect::<Vec<_>>();
        assert!((probability_of_few_runs(&signs("+++++-----")) - 2.0 / 252.0).abs() < 1e-12);
        assert!((probability_of_few_runs(&signs("++-----+++")) - 10.0 / 252.0).abs() < 1e-12);
        assert!((probability_of_few_runs(&signs("+-+-+-+-+-")) - 1.0).abs() < 1e-12);
        assert!((probability_of_few_runs(&signs("++++")) - 1.0).abs() < 1e-12);
        let long: Vec<bool> = (0..3000).map(|index| index % 4 < 2).collect();
        let p = probability_of_few_runs(&long);
        assert!((0.4..0.6).contains(&p), "{p}");
    }
}
