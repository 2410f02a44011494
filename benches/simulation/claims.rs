//! How often anything that is printed claims a difference where there is none, and how often one that is there is found: for
//! studies of several frameworks, and for gates over many series.

use benchplot::compare::{Comparison, Decision, Verdict, compare_frameworks};
use benchplot::record::{CellKey, Metric};
use benchplot::stats::{CellValues, SplitMix64, Values};

use super::noise::Noise;

/// A study whose truth is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Study {
    pub(crate) frameworks: usize,
    pub(crate) levels: u32,
    pub(crate) repetitions: usize,
    /// Of the frameworks with an even and with an odd number.
    pub(crate) noise: [Noise; 2],
    /// How many times as slow the second framework is as all others.
    pub(crate) ratio: f64,
}

impl Study {
    /// The cells of one such study.
    fn cells(&self, random: &mut SplitMix64) -> Vec<CellValues> {
        let mut cells = Vec::new();
        for framework in 0..self.frameworks {
            let factor = if framework == 1 { self.ratio } else { 1.0 };
            for level in 1..=self.levels {
                let draws = self.noise[framework % 2].draws(self.repetitions, random);
                cells.push(CellValues {
                    key: CellKey::new(format!("f{framework}"), "", Some(level)),
                    metric: Metric::AvgTimePerRequest,
                    values: Values::new(draws.iter().map(|time| factor * time)).unwrap(),
                    error_rate: None,
                    fails_unknowably: false,
                });
            }
        }
        cells
    }

    /// The share of so many studies in which any row is better or worse.
    pub(crate) fn any_claim(&self, studies: usize, seed: u64) -> f64 {
        self.share(studies, seed, |rows| rows.iter().any(is_called))
    }

    /// The share of so many studies in which the second framework is worse than the first over all levels.
    pub(crate) fn found(&self, studies: usize, seed: u64) -> f64 {
        self.share(studies, seed, |rows| rows.first().is_some_and(|row| row.verdict == Verdict::Worse))
    }

    fn share(&self, studies: usize, seed: u64, is: impl Fn(&[Comparison]) -> bool) -> f64 {
        let mut random = SplitMix64::new(seed);
        let is_so = |_: &usize| is(&compare_frameworks(&self.cells(&mut random), None, &Decision::default()));
        (0..studies).filter(is_so).count() as f64 / studies as f64
    }
}

fn is_called(row: &Comparison) -> bool {
    matches!(row.verdict, Verdict::Better | Verdict::Worse)
}
