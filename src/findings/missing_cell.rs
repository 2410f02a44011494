//! Levels that one framework was measured at and another was not.

use serde_json::json;

use super::wording::{count, members, series};
use super::{Evidence, Finding, Kind, Rule, Severity};

/// A framework lacks a level that another one has.
pub(super) struct MissingCell;

impl Rule for MissingCell {
    fn id(&self) -> &'static str {
        "missing-cell"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let missing = |(framework, scenario): (&str, &str)| {
            let here = evidence.runs.iter().filter(|run| run.scenario == scenario);
            let mut expected: Vec<u32> = here.filter_map(|run| run.concurrency).collect();
            expected.sort_unstable();
            expected.dedup();
            let has = |level: u32| evidence.runs_of(framework, scenario).any(|run| run.concurrency == Some(level));
            let missing: Vec<u32> = expected.into_iter().filter(|level| !has(*level)).collect();
            let is_measured = evidence.runs_of(framework, scenario).any(|run| run.concurrency.is_some());
            (is_measured && !missing.is_empty()).then(|| Finding {
                id: self.id().to_owned(),
                kind: Kind::Trust,
                severity: Severity::Warning,
                frameworks: vec![framework.to_owned()],
                message: words.say(
                    format!(
                        "{} was not measured at {} that others have: {}",
                        series(framework, scenario),
                        count(missing.len(), "level"),
                        words.list(&missing)
                    ),
                    format!(
                        "{} 在其他框架测过的 {} 个级别上没有测量：{}",
                        series(framework, scenario),
                        missing.len(),
                        words.list(&missing)
                    ),
                ),
                advice: words.say(
                    "Comparisons over all levels use the levels that both sides have. Measure the missing ones.",
                    "所有级别上的比较只使用双方共有的级别。请补测缺少的级别。",
                ),
                rests_on: Vec::new(),
                evidence: members(json!({"concurrency": missing})),
            })
        };
        evidence.series().filter_map(missing).collect()
    }
}
