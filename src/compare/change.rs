//! One series before and after: what was measured on both sides, and what can be said of the difference.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Decision, Verdict};
use crate::record::{CellKey, Direction, Metric, SeriesKey};

/// One metric of one series, in the baseline and in one candidate, at one level or over all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The scenario, as the baseline calls it; empty where there is only one.
    pub scenario: String,
    /// The framework, as the baseline calls it.
    pub framework: String,
    /// What the candidate calls the framework, where that is something else.
    pub candidate_framework: Option<String>,
    /// What the candidate calls the scenario, where that is something else.
    pub candidate_scenario: Option<String>,
    /// The level; null where the row is over all levels that both sides have.
    pub concurrency: Option<u32>,
    /// How many levels it is over.
    pub levels: usize,
    /// What is compared.
    pub metric: Metric,
    /// The unit of the values of both sides.
    pub unit: String,
    /// The label of the side that the ratio divides by.
    pub baseline_label: String,
    /// The label of the side that the outcome is about.
    pub candidate_label: String,
    /// What the baseline measured; null where it has nothing, which is `new`.
    pub baseline: Option<SideValues>,
    /// What the candidate measured; null where it has nothing, which is `missing`.
    pub candidate: Option<SideValues>,
    /// What `n` counts: whole runs, or the iterations of one run.
    pub basis: Basis,
    /// Whether the two sides were measured in turn, and each run of one is compared with its neighbour of the other.
    pub is_paired: bool,
    /// Whether the interval is of a ratio or of a difference.
    pub scale: Scale,
    /// Candidate over baseline, of geometric means, or of medians where single iterations are compared; null where there
    /// are not both sides, and where the scale is a difference.
    pub ratio: Option<f64>,
    /// Candidate less baseline, where the scale is a difference.
    pub difference: Option<f64>,
    /// Lower end of the interval of the ratio or difference; null where the data does not tell its noise.
    pub ci_low: Option<f64>,
    /// Upper end of the interval of the ratio or difference.
    pub ci_high: Option<f64>,
    /// The probability of a difference as large as this one if there were none.
    pub p_value: Option<f64>,
    /// The p-value, corrected for the other questions of its family.
    pub p_adjusted: Option<f64>,
    /// Cliff's delta, from -1 to 1: positive where the candidate's values are larger.
    pub effect_size: Option<f64>,
    /// Whether there is a difference, of whatever size: the interval leaves none out, and so it does with the correction for
    /// the other questions of its family.
    pub is_real: bool,
    /// How many runs of every cell, in all, would probably settle an inconclusive outcome.
    pub repetitions_needed: Option<usize>,
    /// The ratio of medians, candidate over baseline; over several levels their geometric mean.
    pub median_ratio: Option<f64>,
    /// The p-value of one level as Go's benchstat prints it; null over several levels.
    pub benchstat_p_value: Option<f64>,
    /// The ratio of the smallest values, where single iterations are compared: what disturbs a run makes it slower, and the
    /// fastest iteration the least.
    pub fastest_ratio: Option<f64>,
    /// What can be said of the candidate.
    pub outcome: Outcome,
    /// Why nothing more can be said, where the data itself forbids it, in the language of the analysis.
    pub reason: Option<String>,
    /// How the ratio, the interval and the p-value were found.
    pub method: String,
}

/// What one side measured in a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SideValues {
    /// How many runs, or iterations, have a value.
    pub n: usize,
    /// Arithmetic mean; over several levels the geometric mean of theirs. Of an error rate, all errors over all requests.
    pub mean: f64,
    /// Median; over several levels the geometric mean of theirs.
    pub median: f64,
    /// Lower end of the t interval of the mean; null for a single run and over several levels.
    pub ci_low: Option<f64>,
    /// Upper end of the t interval of the mean.
    pub ci_high: Option<f64>,
}

/// What the numbers of a row count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Whole runs: the noise between them is seen.
    Runs,
    /// Iterations inside of one run on each side: the noise between runs is not seen.
    Samples,
    /// Requests, of which each failed or did not.
    Requests,
}

/// What an interval is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Candidate over baseline.
    Ratio,
    /// Candidate less baseline: error rates may be zero.
    Difference,
}

/// What can be said of a series: a verdict, or that one side lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The difference is real, large enough to matter, and to the bad.
    Worse,
    /// The baseline has it, and the candidate does not.
    Missing,
    /// The data does not say.
    Inconclusive,
    /// The candidate has it, and the baseline does not.
    New,
    /// Any difference is too small to matter.
    Equivalent,
    /// The difference is real, large enough to matter, and to the good.
    Better,
}

/// A difference of error rates that is no larger does not matter: a tenth of a percentage point.
pub const ERROR_MARGIN: f64 = 0.001;

impl Change {
    /// What can be said of the candidate where differences up to `min_effect` do not matter.
    ///
    /// The rule is that of [`Decision::verdict`]. Where single iterations are compared, a difference has to show in the
    /// fastest ones too. Error rates are held against [`ERROR_MARGIN`], whatever the effect.
    pub fn outcome_at(&self, min_effect: f64) -> Outcome {
        if matches!(self.outcome, Outcome::Missing | Outcome::New) {
            return self.outcome;
        }
        let Some((low, high)) = self.ci_low.zip(self.ci_high) else { return Outcome::Inconclusive };
        match (self.scale, self.ratio, self.difference) {
            (Scale::Ratio, Some(ratio), _) => {
                let decision = Decision { min_effect, ..Decision::default() };
                let interval = Some((low.ln(), high.ln()));
                let verdict = decision.verdict(ratio.ln(), interval, self.is_real, self.metric.direction());
                if self.shows_in_the_fastest(verdict, decision.margin()) {
                    verdict.into()
                } else {
                    Outcome::Inconclusive
                }
            }
            // However few requests there were: nothing is known against either side.
            (Scale::Difference, ..) if self.has_no_failure() => Outcome::Equivalent,
            (Scale::Difference, _, Some(_)) if -ERROR_MARGIN <= low && high <= ERROR_MARGIN => Outcome::Equivalent,
            (Scale::Difference, _, Some(difference)) if self.is_real && ERROR_MARGIN <= difference.abs() => {
                match (self.metric.direction(), 0.0 < difference) {
                    (Direction::Unclear, _) => Outcome::Inconclusive,
                    (Direction::LowerIsBetter, true) | (Direction::HigherIsBetter, false) => Outcome::Worse,
                    (Direction::LowerIsBetter, false) | (Direction::HigherIsBetter, true) => Outcome::Better,
                }
            }
            _ => Outcome::Inconclusive,
        }
    }

    /// Whether nothing failed on either side.
    fn has_no_failure(&self) -> bool {
        let failed = |side: Option<SideValues>| side.is_some_and(|side| 0.0 < side.mean);
        !failed(self.baseline) && !failed(self.candidate)
    }

    /// Whether the fastest iterations agree with a verdict. They are the smallest times, so lower is better.
    fn shows_in_the_fastest(&self, verdict: Verdict, margin: f64) -> bool {
        let Some(fastest) = self.fastest_ratio.map(f64::ln) else { return true };
        match verdict {
            Verdict::Worse => margin <= fastest,
            Verdict::Better => fastest <= -margin,
            Verdict::Equivalent => fastest.abs() <= margin,
            Verdict::Inconclusive => true,
        }
    }

    /// Whether it is over all levels that both sides have.
    pub fn is_overall(&self) -> bool {
        self.concurrency.is_none()
    }

    /// Whether the data could have shown a difference: there is an interval.
    pub fn is_tested(&self) -> bool {
        self.ci_low.is_some()
    }

    /// The cell, as the baseline calls it; without a level where the row is over all levels.
    pub fn key(&self) -> CellKey {
        CellKey::new(&self.framework, &self.scenario, self.concurrency)
    }

    /// The series, as the candidate calls it.
    pub fn candidate_key(&self) -> SeriesKey {
        SeriesKey::new(
            self.candidate_framework.as_ref().unwrap_or(&self.framework),
            self.candidate_scenario.as_ref().unwrap_or(&self.scenario),
        )
    }
}

impl OutcomeCounts {
    /// Counts one more.
    pub fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Worse => &mut self.worse,
            Outcome::Missing => &mut self.missing,
            Outcome::Inconclusive => &mut self.inconclusive,
            Outcome::New => &mut self.new,
            Outcome::Equivalent => &mut self.equivalent,
            Outcome::Better => &mut self.better,
        };
        *count += 1;
    }
}

impl Outcome {
    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Missing => "missing",
            Self::Inconclusive => "inconclusive",
            Self::New => "new",
            Self::Equivalent => "equivalent",
            Self::Better => "better",
        }
    }

    /// What it is with the sides swapped.
    pub const fn flipped(self) -> Self {
        match self {
            Self::Worse => Self::Better,
            Self::Better => Self::Worse,
            Self::Missing => Self::New,
            Self::New => Self::Missing,
            Self::Equivalent | Self::Inconclusive => self,
        }
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Better => Self::Better,
            Verdict::Worse => Self::Worse,
            Verdict::Equivalent => Self::Equivalent,
            Verdict::Inconclusive => Self::Inconclusive,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// All series of one metric together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OverallChange {
    /// What is compared.
    pub metric: Metric,
    /// The label of the side that the ratio divides by.
    pub baseline_label: String,
    /// The label of the other side.
    pub candidate_label: String,
    /// How many series both sides have.
    pub series: usize,
    /// The geometric mean of the ratios of all series, candidate over baseline; null for an error rate.
    pub ratio: Option<f64>,
    /// The geometric mean of the ratios of medians of all series and levels that both sides have, as benchstat shows it.
    pub median_ratio: Option<f64>,
    /// The geometric mean of the baseline's medians, in the unit of the metric.
    pub baseline_median: Option<f64>,
    /// The geometric mean of the candidate's medians, in the unit of the metric.
    pub candidate_median: Option<f64>,
    /// How many series there are of each outcome.
    pub outcomes: OutcomeCounts,
}

/// How many series there are of each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeCounts {
    /// Worse.
    pub worse: usize,
    /// Missing in the candidate.
    pub missing: usize,
    /// Inconclusive.
    pub inconclusive: usize,
    /// New in the candidate.
    pub new: usize,
    /// Equivalent.
    pub equivalent: usize,
    /// Better.
    pub better: usize,
}
