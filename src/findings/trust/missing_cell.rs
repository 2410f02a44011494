//! Levels that one framework was measured at and another was not.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::json;

use crate::findings::wording::{count, series};
use crate::findings::{Evidence, Finding, Rule, Severity};

/// A framework lacks a level that another one has.
pub(super) struct MissingCell;

impl Rule for MissingCell {
    fn id(&self) -> &'static str {
        "missing-cell"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let mut expected: HashMap<&str, BTreeSet<u32>> = HashMap::new();
        for run in evidence.runs {
            expected.entry(&run.scenario).or_default().extend(run.concurrency);
        }
        let missing =
            |(framework, scenario): (&str, &str)| {
                let own: HashSet<u32> =
                    evidence.runs_of(framework, scenario).filter_map(|run| run.concurrency).collect();
                let expected = expected.get(scenario).into_iter().flatten().copied();
                let missing: Vec<u32> = expected.filter(|level| !own.contains(level)).collect();
                (!own.is_empty() && !missing.is_empty()).then(|| {
                    Finding::trust(self, Severity::Warning, vec![framework.to_owned()], words.say(
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
                ), words.say(
                    "Comparisons over all levels use the levels that both sides have. Measure the missing ones.",
                    "所有级别上的比较只使用双方共有的级别。请补测缺少的级别。",
                ), json!({"concurrency": missing}))
                })
            };
        evidence.series().filter_map(missing).collect()
    }
}
