//! Levels that mean different things: the concurrency of some runs, a parameter of others. Runs at the same number are then
//! put into one cell though they did different things.

use indexmap::IndexSet;
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
        let kinds_in = |scenario| {
            let runs = evidence.runs.in_scenario(scenario).flat_map(|series| series.iter());
            let kinds: IndexSet<&str> = runs.filter(|run| run.concurrency.is_some()).map(kind).collect();
            (1 < kinds.len()).then_some((scenario, kinds))
        };
        let mixed: Vec<(&str, IndexSet<&str>)> = evidence.runs.scenarios().into_iter().filter_map(kinds_in).collect();
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
