//! Overall means that mix different levels. A framework that was measured at the slow levels only looks slow.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::{Evidence, Finding, Rule, Severity};

/// The means over all levels are over different levels, or over different numbers of runs.
pub(super) struct UnevenLevels;

impl Rule for UnevenLevels {
    fn id(&self) -> &'static str {
        "uneven-levels"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let metric = evidence.ranked_metric();
        let mut scenarios: IndexMap<&str, BTreeMap<&str, BTreeMap<Option<u32>, usize>>> = IndexMap::new();
        for cell in evidence.cells.iter().filter(|cell| cell.metric == metric) {
            let runs_at = scenarios.entry(cell.key.scenario()).or_default();
            runs_at.entry(cell.key.framework()).or_default().insert(cell.key.concurrency, cell.values.count());
        }
        let uneven = |(scenario, runs_at): (&str, BTreeMap<&str, BTreeMap<Option<u32>, usize>>)| {
            let mut levels = runs_at.values();
            let first = levels.next()?;
            levels.any(|others| others != first).then(|| Finding::trust(self, Severity::Notice, Vec::new(), words.in_scenario(scenario)
                    + &words.say(
                        "the means over all levels mix different numbers of runs at different levels, and can't be \
                         compared between frameworks",
                        "所有级别上的平均值混合了不同级别、不同次数的运行，不能在框架之间比较",
                    ), words.say(
                    "Compare at each level, or by the geometric mean over the levels that both sides have.",
                    "请逐级别比较，或使用双方共有级别上的几何平均值。",
                ), json!({
                    "runs": runs_at
                        .iter()
                        .flat_map(|(framework, levels)| levels.iter().map(move |(level, runs)| (framework, level, runs)))
                        .map(|(framework, level, runs)| json!({"framework": framework, "concurrency": level, "runs": runs}))
                        .collect::<Vec<_>>(),
                })))
        };
        scenarios.into_iter().filter_map(uneven).collect()
    }
}
