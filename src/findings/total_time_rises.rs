//! Where the total time of a framework starts to rise with the load.

use serde_json::json;

use super::wording::{count, list, members, percent, series, time};
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::record::{Metric, Run};
use crate::stats::{CellValues, log_ratio};

/// The level after which the same work takes longer.
pub(super) struct TotalTimeRises;

impl Rule for TotalTimeRises {
    fn id(&self) -> &'static str {
        "total-time-rises"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.series().filter_map(|(framework, scenario)| self.finding(framework, scenario, evidence)).collect()
    }
}

impl TotalTimeRises {
    fn finding(&self, framework: &str, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let is_meant = |cell: &&CellValues| {
            cell.framework == framework
                && cell.scenario == scenario
                && cell.metric == Metric::TotalTime
                && cell.concurrency.is_some()
        };
        let cells: Vec<&CellValues> = evidence.cells.iter().filter(is_meant).collect();
        let lowest = cells.iter().min_by(|a, b| a.values.mean().total_cmp(&b.values.mean()))?;
        // The first level behind the lowest at which the rise is large enough to matter.
        let risen = cells
            .iter()
            .filter(|cell| lowest.concurrency < cell.concurrency)
            .find(|cell| 1.0 + evidence.decision.min_effect <= cell.values.mean() / lowest.values.mean())?;
        let (low, high) = (lowest.concurrency?, risen.concurrency?);
        let rise = risen.values.mean() / lowest.values.mean() - 1.0;
        let interval = log_ratio(&lowest.values, &risen.values)?.interval(evidence.decision.alpha);
        let is_sure = interval.is_some_and(|(low, _)| 1.0 < low);
        let requests = requests_per_run(evidence.runs_of(framework, scenario));
        let sure = match (is_sure, interval) {
            (true, _) => "",
            (false, Some(_)) => "; the runs vary too much to be sure",
            (false, None) => "; without repetitions this can't be told from noise",
        };
        let work = if 1 < requests.len() { "; the number of requests differs between levels" } else { "" };
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: if is_sure { Severity::Notice } else { Severity::Info },
            frameworks: vec![framework.to_owned()],
            message: format!(
                "{}: total_time is lowest at concurrency {low} ({}) and starts to rise at {high} ({}, {} more, mean of \
                 {}){sure}{work}",
                series(framework, scenario),
                time(lowest.values.mean()),
                time(risen.values.mean()),
                percent(rise),
                count(risen.values.count(), "run")
            ),
            advice: format!(
                "More than {low} at once does not get the work done sooner: run it at about {low}, and measure between \
                 {} to find the turning point.",
                list([low, high])
            ),
            evidence: members(json!({
                "concurrency_lowest": low,
                "total_time_lowest": lowest.values.mean(),
                "concurrency_risen": high,
                "total_time_risen": risen.values.mean(),
                "rise": rise,
                "ratio_ci_low": interval.map(|(low, _)| low),
                "ratio_ci_high": interval.map(|(_, high)| high),
                "requests_count": requests,
            })),
        })
    }
}

/// The distinct numbers of requests of these runs, ascending.
fn requests_per_run<'r>(runs: impl Iterator<Item = &'r Run>) -> Vec<u64> {
    let mut requests: Vec<u64> = runs.filter_map(|run| run.requests_count).collect();
    requests.sort_unstable();
    requests.dedup();
    requests
}
