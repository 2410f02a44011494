//! Where the total time of a framework starts to rise with the load.

use serde_json::json;

use crate::findings::wording::{Wording, count, members, percent, significant, time};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity};
use crate::record::{Metric, Run, SeriesRuns};
use crate::stats::{CellValues, Values, log_ratio};

/// The level after which the same work takes longer.
pub(super) struct TotalTimeRises;

impl Rule for TotalTimeRises {
    fn id(&self) -> &'static str {
        "total-time-rises"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.series().filter_map(|series| self.finding(series, evidence)).collect()
    }
}

impl TotalTimeRises {
    fn finding(&self, series: SeriesRuns<'_>, evidence: &Evidence<'_>) -> Option<Finding> {
        let name = series.key();
        let is_meant = |cell: &&CellValues| cell.metric == Metric::TotalTime && cell.key.concurrency.is_some();
        let cells: Vec<&CellValues> = evidence.cells_of(name).iter().copied().filter(is_meant).collect();
        let lowest = cells.iter().min_by(|a, b| a.values.mean().total_cmp(&b.values.mean()))?;
        // The first level above the lowest from which on the rise stays large enough to matter: a single peak is none.
        let is_risen =
            |cell: &CellValues| 1.0 + evidence.decision.min_effect <= cell.values.mean() / lowest.values.mean();
        let above: Vec<&CellValues> =
            cells.iter().copied().filter(|cell| lowest.key.concurrency < cell.key.concurrency).collect();
        let still_low = above.iter().rposition(|cell| !is_risen(cell)).map_or(0, |place| place + 1);
        let risen = above.get(still_low)?;
        let (low, high) = (lowest.key.concurrency?, risen.key.concurrency?);
        let rise = risen.values.mean() / lowest.values.mean() - 1.0;
        let ratio = log_ratio(&lowest.values, &risen.values)?;
        let interval = ratio.interval(evidence.decision.alpha);
        // The lowest of several levels was chosen by the data: any two of them could have been told apart by chance.
        let pairs = (cells.len() * (cells.len() - 1) / 2).max(1) as f64;
        let is_sure = ratio.interval(evidence.decision.alpha / pairs).is_some_and(|(low, _)| 0.0 < low);
        let words = evidence.wording();
        let sure = match (is_sure, interval) {
            (true, _) => String::new(),
            (false, Some(_)) => words.say("; the runs vary too much to be sure", "；各次运行波动太大，无法确定"),
            (false, None) if risen.values.count() == 1 || lowest.values.count() == 1 => {
                words.say("; without repetitions this can't be told from noise", "；没有重复测量，无法与噪声区分")
            }
            (false, None) => words.say(
                "; the repetitions do not vary at all, so nothing is known of the noise",
                "；重复测量的结果完全相同，因此对噪声一无所知",
            ),
        };
        let work = work(series, [low, high]);
        let is_more_work = work.as_ref().is_some_and(Work::is_more_and_faster);
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: if is_sure && !is_more_work { Severity::Notice } else { Severity::Info },
            frameworks: vec![name.framework.clone()],
            message: {
                let axis = words.axis();
                let [lowest, rising] = [lowest, risen].map(|cell| time(cell.values.mean()));
                let (rise, runs) = (percent(rise), risen.values.count());
                words.say(
                    format!(
                        "{name}: total_time is lowest at {axis} {low} ({lowest}) and starts to rise at {high} ({rising}, \
                         {rise} more, mean of {}){sure}",
                        count(runs, "run")
                    ),
                    format!(
                        "{name}：总时间在{axis} {low} 时最低（{lowest}），从 {high} 起上升（{rising}，多 {rise}，\
                         {runs} 次运行的平均值）{sure}"
                    ),
                )
            },
            advice: advice(work.as_ref(), [low, high], is_sure, words),
            rests_on: Vec::new(),
            evidence: members(json!({
                "concurrency_lowest": low,
                "total_time_lowest": lowest.values.mean(),
                "concurrency_risen": high,
                "total_time_risen": risen.values.mean(),
                "rise": rise,
                "ratio_ci_low": interval.map(|(low, _)| low.exp()),
                "ratio_ci_high": interval.map(|(_, high)| high.exp()),
                "is_more_work": is_more_work,
            })),
        })
    }
}

/// What to do about a time that rises between two levels.
fn advice(work: Option<&Work>, [low, high]: [u32; 2], is_sure: bool, words: Wording<'_>) -> String {
    let requests = |work: &Work| work.requests.map(|number| significant(number, 4));
    match work {
        Some(work) if work.is_more_and_faster() => {
            let ([few, many], [slow, fast]) = (requests(work), work.average.map(time));
            words.say(
                format!(
                    "The runs at {high} made more requests ({many} instead of {few}), and each still took less of the \
                     time ({fast} instead of {slow}): this is more work, and no limit yet. Make the same number of \
                     requests at each level."
                ),
                format!(
                    "{high} 时的请求更多（{many}，而非 {few}），每个请求所占时间反而更少（{fast}，而非 {slow}）：\
                     这是工作量增加，还不是极限。请在每个级别上发送相同数量的请求。"
                ),
            )
        }
        _ if !is_sure => words.say(
            format!("This is no limit yet: measure more repetitions at {low} and {high}, until their intervals part."),
            format!("这还不能算极限：请在 {low} 和 {high} 处增加重复测量，直到区间分开。"),
        ),
        Some(work) if work.requests[0] < work.requests[1] => {
            let [few, many] = requests(work);
            words.say(
                format!(
                    "The runs at {high} made more requests ({many} instead of {few}), and each took more of the time, \
                     too: run it at about {low}, and measure with the same number of requests at each level."
                ),
                format!(
                    "{high} 时的请求更多（{many}，而非 {few}），每个请求所占时间也更多：请以 {low} 左右运行，并在每个级别上\
                     用相同数量的请求测量。"
                ),
            )
        }
        Some(_) => words.say(
            format!(
                "More than {low} at once does not get the work done sooner: run it at about {low}, and measure between \
                 {low} and {high} to find the turning point."
            ),
            format!(
                "超过 {low} 并不能更快完成工作：请以 {low} 左右运行，并在 {low} 与 {high} 之间补测，以找到转折点。"
            ),
        ),
        None => words.say(
            format!(
                "If the runs at {low} and {high} did the same work, more than {low} at once does not get it done sooner. \
                 Record requests_count to know."
            ),
            format!(
                "如果 {low} 与 {high} 时的工作量相同，则超过 {low} 并不能更快完成。请记录 requests_count 以便判断。"
            ),
        ),
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
fn work(series: SeriesRuns<'_>, levels: [u32; 2]) -> Option<Work> {
    let mean = |level: u32, of: fn(&Run) -> Option<f64>| {
        Values::new(series.at(Some(level))?.iter().filter_map(of)).map(|values| values.mean())
    };
    let requests = |level| mean(level, |run| run.requests_count.map(|requests| requests as f64));
    let average = |level| mean(level, |run| run.avg_time_per_request);
    let [low, high] = levels;
    Some(Work { requests: [requests(low)?, requests(high)?], average: [average(low)?, average(high)?] })
}
