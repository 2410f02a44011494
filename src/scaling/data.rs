//! What a law is fitted to: the mean of each level, in the unit of the residuals, and how far repetitions differ.

use super::Residuals;
use super::series::Level;
use crate::stats::Values;

/// The levels of one series, ready to be fitted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Data {
    /// What a residual is.
    pub(super) residuals: Residuals,
    /// What throughputs were divided by, 1/s; it keeps squares away from the ends of what a number can hold.
    pub(super) scale: f64,
    /// Ascending.
    pub(super) levels: Vec<LevelMean>,
    /// How many runs there are.
    pub(super) runs: usize,
    /// The sum of squares of what repetitions differ from their mean.
    pub(super) pure_error: f64,
    /// The sum of squares of what all runs differ from their mean.
    pub(super) total: f64,
}

/// One level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LevelMean {
    pub(super) concurrency: f64,
    /// How many runs there are.
    pub(super) runs: f64,
    /// The mean of the scaled throughput, or of its logarithm.
    pub(super) mean: f64,
}

impl Data {
    /// Prepares the levels; `None` where there are none.
    ///
    /// Where at least half of the levels have repetitions, residuals are relative: the noise of a benchmark is in proportion
    /// to what is measured. Single runs can't show that, and are fitted by plain least squares, as the literature does.
    pub(super) fn new(levels: &[Level]) -> Option<Self> {
        let scale = levels.iter().map(|level| level.values.max()).fold(0.0_f64, f64::max);
        if scale <= 0.0 {
            return None;
        }
        let repeated = levels.iter().filter(|level| 1 < level.values.count()).count();
        let residuals = if levels.len() <= 2 * repeated { Residuals::Relative } else { Residuals::Absolute };
        let unit = |value: f64| match residuals {
            Residuals::Absolute => value / scale,
            Residuals::Relative => (value / scale).ln(),
        };
        let values: Option<Vec<Values>> =
            levels.iter().map(|level| Values::new(level.values.as_slice().iter().map(|value| unit(*value)))).collect();
        let values = values?;
        let all = Values::new(values.iter().flat_map(|values| values.as_slice().iter().copied()))?;
        Some(Self {
            residuals,
            scale,
            levels: levels
                .iter()
                .zip(&values)
                .map(|(level, values)| LevelMean {
                    concurrency: f64::from(level.concurrency),
                    runs: values.count() as f64,
                    mean: values.mean(),
                })
                .collect(),
            runs: all.count(),
            pure_error: values.iter().map(squares).sum(),
            total: squares(&all),
        })
    }

    /// Some of the levels by themselves, without what their repetitions differ.
    pub(super) fn part(&self, levels: &[LevelMean]) -> Self {
        let runs = levels.iter().map(|level| level.runs as usize).sum();
        Self { levels: levels.to_vec(), runs, pure_error: 0.0, total: 0.0, ..*self }
    }

    /// How many degrees of freedom repetitions leave for what differs between them.
    pub(super) fn pure_error_freedom(&self) -> usize {
        self.runs - self.levels.len()
    }

    /// The mean of the throughput that a level stands for, scaled.
    pub(super) fn throughput(&self, level: &LevelMean) -> f64 {
        match self.residuals {
            Residuals::Absolute => level.mean,
            Residuals::Relative => level.mean.exp(),
        }
    }
}

/// The sum of squares around the mean.
fn squares(values: &Values) -> f64 {
    values.std().map_or(0.0, |std| std * std * (values.count() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(concurrency: u32, values: &[f64]) -> Level {
        Level { concurrency, values: Values::new(values.iter().copied()).unwrap() }
    }

    #[test]
    fn repetitions_make_residuals_relative() {
        let single = Data::new(&[level(1, &[10.0]), level(2, &[20.0, 19.0]), level(4, &[40.0])]).unwrap();
        assert_eq!((single.residuals, single.runs, single.pure_error_freedom()), (Residuals::Absolute, 4, 1));
        let repeated = Data::new(&[level(1, &[10.0, 11.0]), level(2, &[20.0, 20.0])]).unwrap();
        assert_eq!(repeated.residuals, Residuals::Relative);
        assert!((repeated.pure_error - 1.1_f64.ln().powi(2) / 2.0).abs() < 1e-15);
        assert_eq!(Data::new(&[]), None);
    }
}
