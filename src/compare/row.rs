//! What the rows of a comparison have in common, and a row before anything is known of it but its names.

use super::change::{Basis, Change, Outcome, Scale};
use super::matching::{Matching, SeriesPair};
use super::verdict::Decision;
use crate::language::Language;
use crate::record::{Metric, SeriesKey};

/// The choices that a comparison of two sides depends on.
#[derive(Debug, Clone, Default)]
pub struct ChangeOptions {
    /// How verdicts are reached.
    pub decision: Decision,
    /// How series belong together.
    pub matching: Matching,
    /// Whether runs of equal repetition are pairs.
    pub is_paired: bool,
    /// The language of reasons.
    pub language: Language,
}

/// What two sides are called, and how they are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) baseline: &'a str,
    pub(super) candidate: &'a str,
    pub(super) options: &'a ChangeOptions,
}

impl Context<'_> {
    pub(super) fn alpha(self) -> f64 {
        self.options.decision.alpha
    }

    /// A row with nothing in it but its names.
    pub(super) fn row(
        self,
        metric: Metric,
        series: &SeriesPair<'_>,
        concurrency: Option<u32>,
        outcome: Outcome,
    ) -> Change {
        let candidate = series.candidate.map(|series| series.key());
        let key = series.baseline.map(|series| series.key()).or(candidate).cloned().unwrap_or_default();
        let renamed =
            |part: fn(&SeriesKey) -> &String| candidate.map(part).filter(|other| *other != part(&key)).cloned();
        Change {
            candidate_framework: renamed(|key| &key.framework),
            candidate_scenario: renamed(|key| &key.scenario),
            scenario: key.scenario,
            framework: key.framework,
            concurrency,
            levels: 1,
            metric,
            unit: metric.unit().to_string(),
            baseline_label: self.baseline.to_owned(),
            candidate_label: self.candidate.to_owned(),
            baseline: None,
            candidate: None,
            basis: Basis::Runs,
            is_paired: false,
            scale: if metric == Metric::ErrorRate { Scale::Difference } else { Scale::Ratio },
            ratio: None,
            difference: None,
            ci_low: None,
            ci_high: None,
            p_value: None,
            p_adjusted: None,
            effect_size: None,
            is_real: false,
            repetitions_needed: None,
            median_ratio: None,
            benchstat_p_value: None,
            fastest_ratio: None,
            outcome,
            reason: None,
            method: String::new(),
        }
    }
}
