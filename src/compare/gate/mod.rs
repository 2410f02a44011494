//! A policy held against what changed. Fails closed: what could not be evaluated does not pass. Knows no exit codes.

mod evaluate;
mod integrity;
mod message;
mod self_test;

pub use evaluate::{Doubt, GateInput, evaluate};
pub use integrity::Lost;
pub use self_test::{SelfTest, SelfTestInput, SelfTestRule, Tested, self_test};

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{CellKey, Metric};

/// What a policy makes of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateReport {
    /// What comes of it all.
    pub result: GateResult,
    /// Each rule, in the order of the policy.
    pub rules: Vec<RuleReport>,
    /// Known exceptions, in the order of the policy.
    pub allowances: Vec<AllowanceReport>,
    /// What each side brought to the gate, the baseline first; empty in files of before this was kept.
    #[serde(default)]
    pub coverage: Vec<SideCoverage>,
}

/// What a gate looked at of one side, and what it had to leave out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SideCoverage {
    /// The label of the side.
    pub side: String,
    /// Frameworks and scenarios, each pair once.
    pub series: usize,
    /// Levels over all series.
    pub levels: usize,
    /// Metrics that are compared.
    pub metrics: usize,
    /// Runs that were read.
    pub runs: usize,
    /// Runs, values, records and files that could not be used.
    pub left_out: u64,
}

/// What comes of a gate or of one of its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateResult {
    /// All was evaluated, and nothing that fails was found.
    Passed,
    /// Something is inconclusive, and the policy says that this fails.
    Inconclusive,
    /// It could not be evaluated: a rule matched nothing, or what it matched can't be tested.
    Unusable,
    /// Something that fails was found.
    Tripped,
}

/// One rule of a policy, and what it found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleReport {
    /// The rule as people read it, such as `fail on worse` or `latency_p99 < 200ms @ concurrency=100`.
    pub rule: String,
    /// What the rule looks at.
    pub kind: RuleKind,
    /// How many rows, or findings, it looked at.
    pub matched: usize,
    /// What it found that fails, and what it could not evaluate, with the known exceptions among them.
    pub violations: Vec<Violation>,
    /// What comes of it.
    pub result: GateResult,
}

/// What a rule of a policy looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Outcomes of series.
    Outcome,
    /// Values of the candidate against a limit.
    Limit,
    /// Findings about whether the data can be believed.
    Trust,
    /// Whether the sides are whole.
    Integrity,
}

/// Something that a rule does not let pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    /// What it means for the gate: `tripped`, `inconclusive` or `unusable`.
    pub result: GateResult,
    /// The framework of the series, as in [`Change`](crate::compare::Change); null where it is about a whole side.
    pub framework: Option<String>,
    /// The scenario of the series.
    pub scenario: Option<String>,
    /// The level; null where it is over all levels, or about a whole side.
    pub concurrency: Option<u32>,
    /// What was compared or limited; null where it is about several metrics, or about a whole side.
    pub metric: Option<Metric>,
    /// The label of the side that it is about.
    pub side: String,
    /// What was found, with its numbers, in the language of the analysis.
    pub message: String,
    /// Why it is let pass all the same: the reason of a known exception.
    pub allowed: Option<String>,
}

impl Violation {
    /// The cell that it is about, without a level where it is about all; `None` where it is about a whole side.
    pub fn key(&self) -> Option<CellKey> {
        let scenario = self.scenario.as_deref().unwrap_or_default();
        Some(CellKey::new(self.framework.as_deref()?, scenario, self.concurrency))
    }
}

/// A known exception, and whether it was of use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AllowanceReport {
    /// Which series it excuses.
    pub pattern: String,
    /// Its last day, as in `2027-01-31`.
    pub until: String,
    /// Why it was made.
    pub reason: String,
    /// Whether its last day has gone by, and it excuses nothing more.
    pub is_expired: bool,
    /// How many violations it excuses, or would excuse had it not expired.
    pub matched: usize,
}

impl GateResult {
    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Inconclusive => "inconclusive",
            Self::Unusable => "unusable",
            Self::Tripped => "tripped",
        }
    }
}

impl fmt::Display for GateResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
