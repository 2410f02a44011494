//! One side against another, with a verdict.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pair::TestMethod;
use super::verdict::Verdict;
use crate::record::Metric;

/// One framework against another, at one level or over all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// The level; null where it is over all levels that both have.
    pub concurrency: Option<u32>,
    /// How many levels it is over.
    pub levels: usize,
    /// What is compared.
    pub metric: Metric,
    /// The framework that the ratio divides by.
    pub baseline: String,
    /// The framework that the verdict is about.
    pub candidate: String,
    /// How many runs of the baseline it is made of.
    pub n_baseline: usize,
    /// How many runs of the candidate it is made of.
    pub n_candidate: usize,
    /// Candidate over baseline, of geometric means.
    pub ratio: f64,
    /// Lower end of the ratio's interval; null where there are no repetitions, or they have no spread.
    pub ci_low: Option<f64>,
    /// Upper end of the ratio's interval.
    pub ci_high: Option<f64>,
    /// The probability of a difference as large as this one if there were none; null where there is no interval.
    pub p_value: Option<f64>,
    /// By how much the p-value may be off because it was found by drawing; null where it was not.
    pub p_standard_error: Option<f64>,
    /// The p-value, corrected for the other questions of its family by Holm's method; where ranks can't say enough for that
    /// family, that of Welch's t on logarithms, corrected by Bonferroni's.
    pub p_adjusted: Option<f64>,
    /// The test that the p-value is of.
    pub p_method: Option<TestMethod>,
    /// Cliff's delta, from -1 to 1: how much oftener the candidate's value is the larger one of two than the smaller one.
    pub effect_size: Option<f64>,
    /// Whether there is a difference, of whatever size: the interval leaves out 1, and so it does with the correction for
    /// the other questions of its family; where one side varies much more than the other, or has two runs, it has to be larger
    /// than that.
    pub is_real: bool,
    /// What can be said of the candidate.
    pub verdict: Verdict,
    /// Whether the levels point in different directions, by more than noise and by enough to matter: then there is no verdict
    /// over all of them, and no number of runs makes one.
    pub depends_on_level: bool,
    /// The probability of levels that differ as much as these if all ratios were the same; null where there is one level, or
    /// nothing is known of the noise.
    pub interaction_p: Option<f64>,
    /// How many runs of every cell, in all, would probably settle an inconclusive verdict; null where it is settled, or that
    /// can't be said.
    pub repetitions_needed: Option<usize>,
    /// How the ratio, the interval and the p-value were found.
    pub method: String,
}

impl Comparison {
    /// Whether it is over all levels that both frameworks have.
    pub fn is_overall(&self) -> bool {
        self.concurrency.is_none()
    }

    /// The verdict on `name` against `other`, whichever of them is the candidate here; `None` where it is about others.
    pub fn verdict_on(&self, name: &str, other: &str) -> Option<Verdict> {
        if self.candidate == name && self.baseline == other {
            Some(self.verdict)
        } else if self.baseline == name && self.candidate == other {
            Some(self.verdict.flipped())
        } else {
            None
        }
    }

    /// The same with `name` as its baseline; `None` where it is about others.
    pub fn with_baseline(&self, name: &str) -> Option<Self> {
        if self.baseline == name {
            return Some(self.clone());
        }
        (self.candidate == name).then(|| Self {
            baseline: self.candidate.clone(),
            candidate: self.baseline.clone(),
            n_baseline: self.n_candidate,
            n_candidate: self.n_baseline,
            ratio: self.ratio.recip(),
            ci_low: self.ci_high.map(f64::recip),
            ci_high: self.ci_low.map(f64::recip),
            effect_size: self.effect_size.map(|effect| -effect),
            verdict: self.verdict.flipped(),
            ..self.clone()
        })
    }

    /// The ratio of `name` over `other`, and its interval, whichever of them is the candidate here.
    pub fn ratio_of(&self, name: &str, other: &str) -> Option<(f64, Option<(f64, f64)>)> {
        let interval = self.ci_low.zip(self.ci_high);
        if self.candidate == name && self.baseline == other {
            Some((self.ratio, interval))
        } else if self.baseline == name && self.candidate == other {
            Some((self.ratio.recip(), interval.map(|(low, high)| (high.recip(), low.recip()))))
        } else {
            None
        }
    }
}
