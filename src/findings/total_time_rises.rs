//! Where the total time of a framework starts to rise with the load.

use serde_json::json;

use super::wording::{count, members, percent, series, significant, time};
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::record::{Metric, Run};
use crate::stats::{CellValues, Values, log_ratio};

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
        // The first level behind the lowest from which on the rise stays large enough to matter: a single peak is none.
        let is_risen =
            |cell: &CellValues| 1.0 + evidence.decision.min_effect <= cell.values.mean() / lowest.values.mean();
        let above: Vec<&CellValues> =
            cells.iter().copied().filter(|cell| lowest.concurrency < cell.concurrency).collect();
        let still_low = above.iter().rposition(|cell| !is_risen(cell)).map_or(0, |place| place + 1);
        let risen = above.get(still_low)?;
        let (low, high) = (lowest.concurrency?, risen.concurrency?);
        let rise = risen.values.mean() / lowest.values.mean() - 1.0;
        let interval = log_ratio(&lowest.values, &risen.values)?.interval(evidence.decision.alpha);
        let is_sure = interval.is_some_and(|(low, _)| 1.0 < low);
        let sure = match (is_sure, interval) {
            (true, _) => "",
            (false, Some(_)) => "; the runs vary too much to be sure",
            (false, None) if risen.values.count() == 1 || lowest.values.count() == 1 => {
                "; without repetitions this can't be told from noise"
            }
            (false, None) => "; the repetitions do not vary at all, so nothing is known of the noise",
        };
        let work = work(framework, scenario, [low, high], evidence);
        let is_more_work = work.as_ref().is_some_and(Work::is_more_and_faster);
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: if is_sure && !is_more_work { Severity::Notice } else { Severity::Info },
            frameworks: vec![framework.to_owned()],
            message: format!(
                "{}: total_time is lowest at {} {low} ({}) and starts to rise at {high} ({}, {} more, mean of \
                 {}){sure}",
                series(framework, scenario),
                evidence.axis,
                time(lowest.values.mean()),
                time(risen.values.mean()),
                percent(rise),
                count(risen.values.count(), "run")
            ),
            advice: match &work {
                Some(work) if is_more_work => format!(
                    "The runs at {high} made more requests ({} instead of {}), and each still took less of the time ({} \
                     instead of {}): this is more work, and no limit yet. Make the same number of requests at each level.",
                    significant(work.requests[1], 4),
                    significant(work.requests[0], 4),
                    time(work.average[1]),
                    time(work.average[0])
                ),
                _ if !is_sure => format!(
                    "This is no limit yet: measure more repetitions at {low} and {high}, until their intervals part."
                ),
                Some(work) if work.requests[0] < work.requests[1] => format!(
                    "The runs at {high} made more requests ({} instead of {}), and each took more of the time, too: run it \
                     at about {low}, and measure with the same number of requests at each level.",
                    significant(work.requests[1], 4),
                    significant(work.requests[0], 4),
                ),
                Some(_) => format!(
                    "More than {low} at once does not get the work done sooner: run it at about {low}, and measure \
                     between {low} and {high} to find the turning point."
                ),
                None => format!(
                    "If the runs at {low} and {high} did the same work, more than {low} at once does not get it done \
                     sooner. Record requests_count to know."
                ),
            },
            evidence: members(json!({
                "concurrency_lowest": low,
                "total_time_lowest": lowest.values.mean(),
                "concurrency_risen": high,
                "total_time_risen": risen.values.mean(),
                "rise": rise,
                "ratio_ci_low": interval.map(|(low, _)| low),
                "ratio_ci_high": interval.map(|(_, high)| high),
                "is_more_work": is_more_work,
            })),
        })
    }
}

/// What was done at two levels: requests in a run, and the average time per request.
struct Work {
    requests: [f64; 2],
    average: [f64; 2],
}

impl Work {
    /// Whether more was done at the second level, in less time each.
    fn is_more_and_faster(&self) -> bool {
        self.requests[0] < self.requests[1] && self.average[1] < self.average[0]
    }
}

/// What was done at these levels; `None` where it is not known.
fn work(framework: &str, scenario: &str, levels: [u32; 2], evidence: &Evidence<'_>) -> Option<Work> {
    let mean = |level: u32, of: fn(&Run) -> Option<f64>| {
        let runs = evidence.runs_of(framework, scenario).filter(|run| run.concurrency == Some(level));
        Values::new(runs.filter_map(of)).map(|values| values.mean())
    };
    let requests = |level| mean(level, |run| run.requests_count.map(|requests| requests as f64));
    let average = |level| mean(level, |run| run.avg_time_per_request);
    let [low, high] = levels;
    Some(Work { requests: [requests(low)?, requests(high)?], average: [average(low)?, average(high)?] })
}
