//! Throughput that counts failed requests. An error is often the fastest answer there is, so who fails more seems faster;
//! goodput, the successful requests per second, does not.

use serde_json::json;

use crate::findings::places::evidence_of;
use crate::findings::wording::{percent, significant};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, CellRuns, Run, SeriesRuns};

/// Failed requests make up a part of a framework's throughput.
pub(super) struct ErrorsInThroughput;

/// A smaller part than this changes no verdict, and the error rate is told anyway.
const LEAST: f64 = 0.01;

/// A cell in which throughput is more than goodput.
struct Inflated<'a> {
    run: &'a Run,
    /// Requests per second, the failed ones included.
    throughput: f64,
    /// Successful requests per second.
    goodput: f64,
}

impl Rule for ErrorsInThroughput {
    fn id(&self) -> &'static str {
        "errors-in-throughput"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.series().filter_map(|series| self.finding(series, evidence)).collect()
    }
}

impl ErrorsInThroughput {
    fn finding(&self, series: SeriesRuns<'_>, evidence: &Evidence<'_>) -> Option<Finding> {
        let worst_runs: Vec<Inflated<'_>> = series.cells().filter_map(worst_of).collect();
        let worst = worst_runs.iter().max_by(|a, b| a.share().total_cmp(&b.share()))?;
        let flips = flipped(worst, evidence);
        let words = evidence.wording();
        let name = series.key();
        let at = words.at_level(worst.run.concurrency);
        let [throughput, goodput] = [worst.throughput, worst.goodput].map(|rate| significant(rate, 4));
        let share = percent(worst.share());
        let mut message = words.say(
            format!("{name}: {share} of its throughput {at} are errors: {throughput} requests per second, {goodput} of them good"),
            format!("{name}：{at}的吞吐量中有 {share} 是错误：每秒 {throughput} 个请求，其中 {goodput} 个成功"),
        );
        if let Some(other) = flips {
            message += &words.say(
                format!("; it is ahead of {other} by throughput and behind by goodput"),
                format!("；按吞吐量它领先于 {other}，按有效吞吐量则落后"),
            );
        }
        Some(Finding::trust(
            self,
            if flips.is_some() { Severity::Critical } else { Severity::Notice },
            vec![name.framework.clone()],
            message,
            words.say(
                "Errors are not work. Compare goodput, success_count / total_time, or only levels without errors, and find out \
                 what fails.",
                "错误不是有效的工作。请比较有效吞吐量（success_count / total_time），或只比较没有错误的级别，并查明失败原因。",
            ),
            json!({
                "worst_runs": worst_runs
                    .iter()
                    .map(|found| evidence_of(&CellKey::of(found.run), json!({
                        "throughput": found.throughput,
                        "goodput": found.goodput,
                        "errors_in_throughput": found.share(),
                    })))
                    .collect::<Vec<_>>(),
            }),
        ))
    }
}

impl Inflated<'_> {
    /// The part of the throughput that is errors.
    fn share(&self) -> f64 {
        1.0 - self.goodput / self.throughput
    }
}

/// The run of a cell with the largest share of errors in its throughput.
fn worst_of(cell: CellRuns<'_>) -> Option<Inflated<'_>> {
    let found = cell.iter().filter(|run| !run.is_dead()).filter_map(inflated);
    found.reduce(|worst, other| if worst.share() < other.share() { other } else { worst })
}

/// A run whose throughput counts failed requests. Some tools leave them out of it, so it is looked at and not assumed.
fn inflated(run: &Run) -> Option<Inflated<'_>> {
    let goodput = goodput(run)?;
    let throughput = run.avg_time_per_request.filter(|average| 0.0 < *average)?.recip();
    let has_errors = run.error_count.is_some_and(|errors| 0 < errors);
    let found = Inflated { run, throughput, goodput };
    (has_errors && throughput.is_finite() && LEAST <= found.share()).then_some(found)
}

fn goodput(run: &Run) -> Option<f64> {
    let successes = run.success_count? as f64;
    run.total_time.filter(|total| 0.0 < *total).map(|total| successes / total).filter(|rate| rate.is_finite())
}

/// The framework that is slower at this level by throughput, and faster by goodput.
fn flipped<'e>(worst: &Inflated<'_>, evidence: &Evidence<'e>) -> Option<&'e str> {
    let is_ahead = |run: &&'e Run| {
        let throughput = run.avg_time_per_request.filter(|average| 0.0 < *average).map(f64::recip);
        let goodput = goodput(run).or(throughput);
        !run.is_dead()
            && run.framework != worst.run.framework
            && throughput.is_some_and(|throughput| throughput < worst.throughput)
            && goodput.is_some_and(|goodput| worst.goodput < goodput)
    };
    let rivals = evidence.runs.in_scenario(&worst.run.scenario);
    let mut there = rivals.filter_map(|series| series.at(worst.run.concurrency)).flat_map(|cell| cell.iter());
    there.find(is_ahead).map(|run| run.framework.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(errors: u64, average: f64) -> Run {
        Run {
            concurrency: Some(10),
            total_time: Some(1.0),
            requests_count: Some(100),
            success_count: Some(100 - errors),
            error_count: Some(errors),
            avg_time_per_request: Some(average),
            ..Run::default()
        }
    }

    #[test]
    fn throughput_that_counts_errors_is_found() {
        let found = run(20, 0.01);
        let found = inflated(&found).unwrap();
        assert!((found.share() - 0.2).abs() < 1e-12);
        assert_eq!((found.throughput, found.goodput), (100.0, 80.0));
    }

    #[test]
    fn tools_that_leave_errors_out_and_runs_without_them_are_fine() {
        assert!(inflated(&run(20, 1.0 / 80.0)).is_none());
        assert!(inflated(&run(0, 0.01)).is_none());
        assert!(inflated(&Run { success_count: None, ..run(20, 0.01) }).is_none());
        assert!(inflated(&Run { total_time: Some(0.0), ..run(20, 0.01) }).is_none());
    }
}
