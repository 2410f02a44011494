//! What there is to say of the data: whether it can be believed (`trust`), and what follows from it
//! (`recommendations`). One file per rule; a rule's id is its file's name with hyphens.
//!
//! To add a rule, write its file and add a line to `RULES` beside it. Rules read what was computed before them; for
//! a statistic of their own they ask `stats`.

mod index;
mod places;
mod recommendations;
mod resolution;
mod sides;
mod tools;
mod trust;
pub(crate) mod wording;

use std::cell::OnceCell;
use std::collections::HashSet;
use std::fmt;

use index::{Index, OfScenario};
use indexmap::IndexSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use sides::between_sides;
use wording::{Wording, members, percent};

use crate::compare::{Comparison, Crossover, Decision, Ranked};
use crate::language::Language;
use crate::record::{CellRuns, Metric, Profile, Run, Runs, SeriesKey, SeriesRuns};
use crate::scaling::{Capacity, FAILING, Scaling};
use crate::stats::{CellValues, MOSTLY_FAILING, TOO_FAULTY_TO_RANK, error_rate};

/// All rules: first whether the data can be believed, then what follows from it.
pub fn rules() -> impl Iterator<Item = &'static dyn Rule> {
    trust::RULES.iter().chain(recommendations::RULES).copied()
}

/// The ids of the rules on trust.
#[cfg(test)]
pub(crate) fn trust_rules() -> impl Iterator<Item = &'static str> {
    trust::RULES.iter().map(|rule| rule.id())
}

/// One thing that can be found in data.
pub trait Rule: Sync {
    /// Its name in every output.
    fn id(&self) -> &'static str;

    /// Whether what it finds claims something that doubtful data would make doubtful.
    fn claims(&self) -> bool {
        true
    }

    /// What it finds in this data.
    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding>;
}

/// What rules may look at.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// All runs.
    pub runs: &'a Runs,
    /// What the levels are: `concurrency`, or the name of a parameter.
    pub axis: &'a str,
    /// The values of every cell and metric that can be compared.
    pub cells: &'a [CellValues],
    /// Every framework against every other.
    pub comparisons: &'a [Comparison],
    /// Those of them that the analysis keeps, in its order.
    pub kept_comparisons: &'a [Comparison],
    /// How each framework scales.
    pub scaling: &'a [Scaling],
    /// How far an objective carries; empty where there is none.
    pub capacities: &'a [Capacity],
    /// Where one framework overtakes another.
    pub crossovers: &'a [Crossover],
    /// One for each scenario in which there is something to rank.
    pub rankings: &'a [Ranked],
    /// How verdicts are reached.
    pub decision: Decision,
    /// The language of messages and advice.
    pub language: Language,
    /// Where all of this stands, once a rule has asked for it.
    pub(crate) index: OnceCell<Index<'a>>,
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
    /// Where in the analysis its numbers stand, as JSON pointers; of a recommendation also the ids of the trust findings
    /// that cast doubt on it.
    pub rests_on: Vec<String>,
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

impl Finding {
    /// What a rule has to say of the data.
    fn trust(
        rule: &dyn Rule,
        severity: Severity,
        frameworks: Vec<String>,
        message: String,
        advice: String,
        evidence: serde_json::Value,
    ) -> Self {
        let (id, kind, evidence) = (rule.id().to_owned(), Kind::Trust, members(evidence));
        Self { id, kind, severity, frameworks, message, advice, rests_on: Vec::new(), evidence }
    }
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

/// What all rules find: trust before recommendations, each with the more severe first, and in the order of [`rules`]
/// among equals.
pub fn find(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = find_trust(evidence);
    let doubts: Vec<Finding> = findings.iter().filter(|finding| finding.is_doubt()).cloned().collect();
    let mut follow = Vec::new();
    for rule in recommendations::RULES {
        let mut found = rule.check(evidence);
        for claim in found.iter_mut().filter(|_| rule.claims()) {
            let named: HashSet<&String> = claim.frameworks.iter().collect();
            let about = doubts.iter().filter(|doubt| doubt.is_about(&named));
            let ids: IndexSet<&str> = about.map(|doubt| doubt.id.as_str()).collect();
            claim.rests_on.extend(ids.into_iter().map(str::to_owned));
        }
        follow.append(&mut found);
    }
    findings.append(&mut in_order(follow));
    findings
}

/// What the rules on trust find; what follows from the data is not asked.
pub fn find_trust(evidence: &Evidence<'_>) -> Vec<Finding> {
    in_order(trust::RULES.iter().flat_map(|rule| rule.check(evidence)).collect())
}

/// The more severe first.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

impl Finding {
    /// Whether it says that something else may be true than what the numbers seem to say.
    fn is_doubt(&self) -> bool {
        self.kind == Kind::Trust && Severity::Warning <= self.severity
    }

    /// Whether it is about one of these frameworks. None stand for all.
    fn is_about(&self, frameworks: &HashSet<&String>) -> bool {
        self.frameworks.is_empty()
            || frameworks.is_empty()
            || self.frameworks.iter().any(|framework| frameworks.contains(framework))
    }

    /// The ids of the trust findings that cast doubt on it.
    pub fn doubts(&self) -> impl Iterator<Item = &str> {
        self.rests_on.iter().map(String::as_str).filter(|place| !place.starts_with('/'))
    }
}

impl<'a> Evidence<'a> {
    /// Runs, the cells of them that can be compared, and nothing that follows from these yet.
    pub fn new(runs: &'a Runs, axis: &'a str, cells: &'a [CellValues], decision: Decision, language: Language) -> Self {
        Self {
            runs,
            axis,
            cells,
            comparisons: &[],
            kept_comparisons: &[],
            scaling: &[],
            capacities: &[],
            crossovers: &[],
            rankings: &[],
            decision,
            language,
            index: OnceCell::new(),
        }
    }

    /// Where a comparison stands in the analysis, as a JSON pointer; `None` where the analysis does not keep it.
    fn pointer(&self, comparison: &Comparison) -> Option<String> {
        self.index().place_of(comparison).map(|place| format!("/comparisons/{place}"))
    }

    /// What there is of one scenario.
    fn in_scenario(&self, scenario: &str) -> &OfScenario<'a> {
        self.index().in_scenario(scenario)
    }

    /// The cells of one series, of all metrics.
    fn cells_of(&self, series: &SeriesKey) -> &[&'a CellValues] {
        self.index().cells_of(series)
    }

    fn index(&self) -> &Index<'a> {
        self.index.get_or_init(|| Index::of(self))
    }

    /// The runs that were put together from requests, with these.
    fn profiled(&self) -> impl Iterator<Item = (&'a Run, &'a Profile)> {
        self.runs.iter().filter_map(|run| Some((run, run.profile.as_deref()?)))
    }

    /// Puts messages and advice into words.
    fn wording(&self) -> Wording<'_> {
        Wording { language: self.language, axis: self.axis }
    }

    /// The metric that frameworks are ranked by.
    fn ranked_metric(&self) -> Metric {
        self.rankings.first().map_or(Metric::AvgTimePerRequest, |ranked| ranked.ranking.metric)
    }

    /// The lowest level at which a framework was measured and should not be run, as too many requests fail or an objective
    /// is violated, with the reason in words; `None` where there is no such level.
    fn ceiling(&self, framework: &str, scenario: &str) -> Option<(u32, String)> {
        let words = self.wording();
        let errors = self.runs.of(framework, scenario).and_then(|series| faulty_levels(series).next());
        let errors = errors.map(|(level, rate)| {
            let share = percent(rate);
            (level, words.say(format!("{share} of the requests fail"), format!("{share} 的请求失败")))
        });
        let objectives = self
            .capacities
            .iter()
            .filter(|capacity| capacity.framework == framework && capacity.scenario == scenario)
            .filter_map(|capacity| Some((capacity.first_violation?, capacity.limited_by.as_deref()?)))
            .filter(|(_, limit)| *limit != FAILING)
            .map(|(level, limit)| (level, words.say(format!("{limit} is violated"), format!("违反 {limit}"))));
        // Of both at the same level errors come first.
        errors.into_iter().chain(objectives).min_by_key(|(level, _)| *level)
    }
}

/// The levels at which a series mostly failed, ascending.
fn failing_levels(series: SeriesRuns<'_>) -> impl Iterator<Item = u32> {
    faulty_levels(series).filter(|(_, rate)| MOSTLY_FAILING < *rate).map(|(level, _)| level)
}

/// The levels at which too many requests of a series failed for it to be run there, ascending, with their share; 1 where no
/// run of the level had a success.
fn faulty_levels(series: SeriesRuns<'_>) -> impl Iterator<Item = (u32, f64)> {
    let rate = |cell: &CellRuns<'_>| if cell.iter().all(Run::is_dead) { Some(1.0) } else { error_rate(cell.iter()) };
    let levels = series.cells().filter_map(move |cell| Some((cell.key().concurrency?, rate(&cell)?)));
    levels.filter(|(_, rate)| TOO_FAULTY_TO_RANK <= *rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_file_names_and_unique() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/findings");
        for (group, rules) in [("trust", trust::RULES), ("recommendations", recommendations::RULES)] {
            for rule in rules {
                let file = folder.join(group).join(rule.id().replace('-', "_") + ".rs");
                assert!(file.exists(), "{}", rule.id());
            }
        }
        let ids: IndexSet<_> = rules().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), rules().count());
    }
}
