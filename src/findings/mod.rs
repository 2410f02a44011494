//! What there is to say of the data: whether it can be believed, and what follows from it. One file per rule; a rule's
//! id is its file's name with hyphens.
//!
//! To add a rule, write its file and add a line to [`RULES`]. Rules read what was computed before them; for
//! a statistic of their own they ask `stats`.

mod best_at_level;
mod contradiction;
mod dead_run;
mod error_rate;
mod fastest_overall;
mod few_repetitions;
mod identical_runs;
mod missing_cell;
mod sides;
mod stall;
mod total_time_rises;
mod uneven_levels;
mod unknown_concurrency;
mod warm_up;
mod wording;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use sides::between_sides;
use wording::Wording;

use crate::compare::{Comparison, Decision, Ranked};
use crate::language::Language;
use crate::record::{Metric, Profile, Run};
use crate::stats::{CellValues, MOSTLY_FAILING, error_rate};

/// All rules: first whether the data can be believed, then what follows from it.
pub static RULES: &[&dyn Rule] = &[
    &dead_run::DeadRun,
    &error_rate::ErrorRate,
    &contradiction::Contradiction,
    &few_repetitions::FewRepetitions,
    &missing_cell::MissingCell,
    &uneven_levels::UnevenLevels,
    &identical_runs::IdenticalRuns,
    &unknown_concurrency::UnknownConcurrency,
    &stall::Stall,
    &warm_up::WarmUp,
    &fastest_overall::FastestOverall,
    &best_at_level::BestAtLevel,
    &total_time_rises::TotalTimeRises,
];

/// One thing that can be found in data.
pub trait Rule: Sync {
    /// Its name in every output.
    fn id(&self) -> &'static str;

    /// What it finds in this data.
    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding>;
}

/// What rules may look at.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// All runs.
    pub runs: &'a [Run],
    /// For each of `runs` its requests, where it was put together from them.
    pub profiles: &'a [Option<Arc<Profile>>],
    /// The runs of each framework and scenario.
    pub series_runs: &'a IndexMap<(&'a str, &'a str), Vec<&'a Run>>,
    /// In the order in which they were first seen.
    pub frameworks: &'a [String],
    /// In the order in which they were first seen.
    pub scenarios: &'a [String],
    /// What the levels are: `concurrency`, or the name of a parameter.
    pub axis: &'a str,
    /// Ascending.
    pub concurrency_levels: &'a [u32],
    /// The values of every cell and metric that can be compared.
    pub cells: &'a [CellValues],
    /// Every framework against every other.
    pub comparisons: &'a [Comparison],
    /// One for each scenario in which there is something to rank.
    pub rankings: &'a [Ranked],
    /// How verdicts are reached.
    pub decision: Decision,
    /// The language of messages and advice.
    pub language: Language,
}

/// What a rule has to say, with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule.
    pub id: String,
    /// Whether it is about the data or about what follows from it.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// The frameworks that it is about; none where it is about all.
    pub frameworks: Vec<String>,
    /// What was found, with its numbers.
    pub message: String,
    /// What to do about it.
    pub advice: String,
    /// The numbers behind the message.
    pub evidence: serde_json::Map<String, serde_json::Value>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whether the data can be believed.
    Trust,
    /// What follows from the data.
    Recommendation,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Notice,
    /// Something else may be true than what the numbers seem to say.
    Warning,
    /// The numbers do not say what they seem to.
    Critical,
}

impl Severity {
    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What all rules find: trust before recommendations, each with the more severe first, and in the order of [`RULES`]
/// among equals.
pub fn find(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule.check(evidence)).collect();
    findings.sort_by_key(|finding| (finding.kind == Kind::Recommendation, std::cmp::Reverse(finding.severity)));
    findings
}

impl Evidence<'_> {
    /// The runs that were put together from requests, with these.
    fn profiled(&self) -> impl Iterator<Item = (&Run, &Profile)> {
        self.runs.iter().zip(self.profiles).filter_map(|(run, profile)| Some((run, profile.as_deref()?)))
    }

    /// Puts messages and advice into words.
    fn wording(&self) -> Wording<'_> {
        Wording { language: self.language, axis: self.axis }
    }

    /// The metric that frameworks are ranked by.
    fn ranked_metric(&self) -> Metric {
        self.rankings.first().map_or(Metric::AvgTimePerRequest, |ranked| ranked.ranking.metric)
    }

    /// The runs of one framework and scenario.
    fn runs_of<'e>(&'e self, framework: &'e str, scenario: &'e str) -> impl Iterator<Item = &'e Run> + Clone {
        self.series_runs.get(&(framework, scenario)).into_iter().flatten().copied()
    }

    /// The levels at which a framework was run in a scenario and mostly failed, ascending.
    fn failing_levels(&self, framework: &str, scenario: &str) -> Vec<u32> {
        let mut at_level: BTreeMap<u32, Vec<&Run>> = BTreeMap::new();
        for run in self.runs_of(framework, scenario) {
            if let Some(level) = run.concurrency {
                at_level.entry(level).or_default().push(run);
            }
        }
        let fails = |runs: &[&Run]| {
            runs.iter().all(|run| run.is_dead())
                || error_rate(runs.iter().copied()).is_some_and(|rate| MOSTLY_FAILING < rate)
        };
        at_level.into_iter().filter(|(_, runs)| fails(runs)).map(|(level, _)| level).collect()
    }

    /// Every framework with every scenario.
    fn series(&self) -> impl Iterator<Item = (&str, &str)> {
        self.series_runs.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_file_names_and_unique() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id()).collect();
        for id in &ids {
            let file = format!("{}/src/findings/{}.rs", env!("CARGO_MANIFEST_DIR"), id.replace('-', "_"));
            assert!(std::path::Path::new(&file).exists(), "{id}");
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
    }
}
