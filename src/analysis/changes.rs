//! Everything that is known of the same benchmark before and after a change, in one value that can be written as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Generator;
use crate::compare::{Change, GateReport, OverallChange};
use crate::findings::Finding;
use crate::language::Language;
use crate::load::{Diagnostic, InputSummary};
use crate::record::Metric;
use crate::stats::Cell;

/// The version of the JSON form. It grows when a member changes its meaning or goes, and not when one is added.
pub const CHANGES_SCHEMA_VERSION: u32 = 1;

/// Everything that is known of a baseline and its candidates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeAnalysis {
    /// The version of this form.
    pub schema_version: u32,
    /// What wrote it.
    pub generator: Generator,
    /// The language of its sentences.
    pub language: Language,
    /// The level of all intervals is 1 - alpha.
    pub alpha: f64,
    /// The smallest relative difference that matters, unless a rule of the gate says otherwise of a series.
    pub min_effect: f64,
    /// What is compared, in the order of the reports.
    pub metrics: Vec<Metric>,
    /// What the levels are: `concurrency`, or the name of a parameter.
    pub axis: String,
    /// The baseline first, then the candidates.
    pub sides: Vec<Side>,
    /// Every series and metric, by candidate, metric and series: first over all levels, then at each.
    pub changes: Vec<Change>,
    /// All series together, per metric and candidate.
    pub overall: Vec<OverallChange>,
    /// Whether the sides can be compared at all, and what that rests on.
    pub findings: Vec<Finding>,
    /// What the policy makes of it; null where no gate was asked for.
    pub gate: Option<GateReport>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// What it is called: the label that it was given, or else the shortest part of its path that tells it apart.
    pub label: String,
    /// The files that its runs came from.
    pub inputs: Vec<InputSummary>,
    /// What was met while reading it.
    pub diagnostics: Vec<Diagnostic>,
    /// How many runs it has.
    pub runs_count: usize,
    /// In the order in which they were first seen.
    pub frameworks: Vec<String>,
    /// In the order in which they were first seen.
    pub scenarios: Vec<String>,
    /// Ascending.
    pub concurrency_levels: Vec<u32>,
    /// Per framework, scenario, concurrency and metric.
    pub cells: Vec<Cell>,
    /// Whether its data can be believed.
    pub findings: Vec<Finding>,
}
