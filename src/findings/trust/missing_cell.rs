//! Levels that one framework was measured at and another was not.

use std::collections::BTreeSet;

use serde_json::json;

use crate::findings::wording::count;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellRuns, SeriesRuns};

/// A framework lacks a level that another one has.
pub(super) struct MissingCell;

impl Rule for MissingCell {
    fn id(&self) -> &'static str {
        "missing-cell"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.series().filter_map(|series| self.finding(series, evidence)).collect()
    }
}

impl MissingCell {
    fn finding(&self, series: SeriesRuns<'_>, evidence: &Evidence<'_>) -> Option<Finding> {
        let name = series.key();
        let level = |cell: CellRuns<'_>| cell.key().concurrency;
        let rivals = evidence.runs.in_scenario(&name.scenario);
        let expected: BTreeSet<u32> = rivals.flat_map(|rival| rival.cells()).filter_map(level).collect();
        let missing: Vec<u32> = expected.into_iter().filter(|level| series.at(Some(*level)).is_none()).collect();
        if missing.is_empty() || series.cells().all(|cell| level(cell).is_none()) {
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
