//! Runs in which no request succeeded. They finish soon, as errors are fast, and are no measurement.

use serde_json::json;

use crate::findings::wording::{Wording, count};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{Run, SeriesRuns};

/// No request of a run succeeded.
pub(super) struct DeadRun;

impl Rule for DeadRun {
    fn id(&self) -> &'static str {
        "dead-run"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.series().filter_map(|series| self.finding(series, evidence.wording())).collect()
    }
}

impl DeadRun {
    fn finding(&self, series: SeriesRuns<'_>, words: Wording<'_>) -> Option<Finding> {
        let dead: Vec<&Run> = series.iter().filter(|run| run.is_dead()).collect();
        if dead.is_empty() {
            return None;
        }
        let (name, all) = (series.key(), series.count());
        let mut levels: Vec<Option<u32>> = dead.iter().map(|run| run.concurrency).collect();
        levels.sort_unstable();
        levels.dedup();
        let places = words.list(levels.iter().map(|level| words.at_level(*level)));
        Some(Finding::trust(
            self,
            Severity::Critical,
            vec![name.framework.clone()],
            words.say(
                format!("{name}: no request succeeded in {} of {} ({places})", dead.len(), count(all, "run")),
                format!("{name}：{all} 次运行中有 {} 次没有任何请求成功（{places}）", dead.len()),
            ),
            words.say(
                "These runs are listed, have no times and are not ranked. See why the target did not answer, and \
                 measure again.",
                "这些运行只列出，没有时间，也不参与排名。请查明目标为何没有响应，然后重新测量。",
            ),
            json!({
                "dead_runs": dead.len(),
                "runs": all,
                "concurrency": levels,
                "sources": dead.iter().map(|run| run.source.as_str()).collect::<Vec<_>>(),
            }),
        ))
    }
}
