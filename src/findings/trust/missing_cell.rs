//! Levels that one framework was measured at and another was not.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use crate::findings::wording::count;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::SeriesRuns;

/// A framework lacks a level that another one has.
pub(super) struct MissingCell;

impl Rule for MissingCell {
    fn id(&self) -> &'static str {
        "missing-cell"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let mut expected: HashMap<&str, BTreeSet<u32>> = HashMap::new();
        for cell in evidence.runs.cells() {
            expected.entry(cell.key().scenario()).or_default().extend(cell.key().concurrency);
        }
        let of = |series: SeriesRuns<'_>| self.finding(series, expected.get(series.key().scenario.as_str())?, evidence);
        evidence.runs.series().filter_map(of).collect()
    }
}

impl MissingCell {
    fn finding(&self, series: SeriesRuns<'_>, expected: &BTreeSet<u32>, evidence: &Evidence<'_>) -> Option<Finding> {
        let name = series.key();
        let own: BTreeSet<u32> = series.cells().filter_map(|cell| cell.key().concurrency).collect();
        let missing: Vec<u32> = expected.difference(&own).copied().collect();
        if missing.is_empty() || own.is_empty() {
            return None;
        }
        let words = evidence.wording();
        let levels = words.list(&missing);
        Some(Finding::trust(
            self,
            Severity::Warning,
            vec![name.framework.clone()],
            words.say(
                format!("{name} was not measured at {} that others have: {levels}", count(missing.len(), "level")),
                format!("{name} 在其他框架测过的 {} 个级别上没有测量：{levels}", missing.len()),
            ),
            words.say(
                "Comparisons over all levels use the levels that both sides have. Measure the missing ones.",
                "所有级别上的比较只使用双方共有的级别。请补测缺少的级别。",
            ),
            json!({"concurrency": missing}),
        ))
    }
}
