//! Levels that mean different things: the concurrency of some runs, a parameter of others. Runs at the same number are then
//! put into one cell though they did different things.

use indexmap::{IndexMap, IndexSet};
use serde_json::json;

use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{Column, Run};

/// Runs of one scenario have levels of different kinds.
pub(super) struct MixedAxis;

impl Rule for MixedAxis {
    fn id(&self) -> &'static str {
        "mixed-axis"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let mut kinds_in: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
        for run in evidence.runs.iter().filter(|run| run.concurrency.is_some()) {
            kinds_in.entry(&run.scenario).or_default().insert(kind(run));
        }
        let mixed: Vec<(&str, IndexSet<&str>)> = kinds_in.into_iter().filter(|(_, kinds)| 1 < kinds.len()).collect();
        let Some((first, kinds)) = mixed.first() else { return Vec::new() };
        let words = evidence.wording();
        let listed = words.list(kinds);
        vec![Finding::trust(
            self,
            Severity::Warning,
            Vec::new(),
            words.in_scenario(first)
                + &words.say(
                    format!("the levels of its runs are different things: {listed}"),
                    format!("各次运行的级别含义不同：{listed}"),
                ),
            words.say(
                "Runs at the same number are compared though they did different things. Analyse them apart, or name the column that \
                 holds the level with --map concurrency=COLUMN.",
                "数值相同的级别会被放在一起比较，尽管含义不同。请分开分析，或用 --map concurrency=COLUMN 指明级别所在的列。",
            ),
            json!({
                "scenarios": mixed
                    .iter()
                    .map(|(scenario, kinds)| json!({"scenario": scenario, "axes": kinds.iter().collect::<Vec<_>>()}))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

/// What the level of a run is.
fn kind(run: &Run) -> &str {
    if run.axis.is_empty() { Column::Concurrency.name() } else { &run.axis }
}
