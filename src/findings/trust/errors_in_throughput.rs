//! Throughput that counts failed requests. An error is often the fastest answer there is, so who fails more seems faster;
//! goodput, the successful requests per second, does not.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;

use crate::findings::places::{Place, frameworks};
use crate::findings::wording::{percent, series, significant};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::Run;

/// Failed requests make up a part of a framework's throughput.
pub(super) struct ErrorsInThroughput;

/// A smaller part than this changes no verdict, and the error rate is told anyway.
const LEAST: f64 = 0.01;

/// The runs at each level of each scenario.
type Rivals<'e> = HashMap<(&'e str, Option<u32>), Vec<&'e Run>>;

/// A cell in which throughput is more than goodput.
struct Inflated<'a> {
    place: Place<'a>,
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
        let mut rivals: Rivals<'_> = HashMap::new();
        for run in evidence.runs.iter().filter(|run| !run.is_dead()) {
            rivals.entry((&run.scenario, run.concurrency)).or_default().push(run);
        }
        let found = |(framework, scenario)| self.finding(framework, scenario, &rivals, evidence);
        evidence.series().filter_map(found).collect()
    }
}

impl ErrorsInThroughput {
    fn finding(
        &self,
        framework: &str,
        scenario: &str,
        rivals: &Rivals<'_>,
        evidence: &Evidence<'_>,
    ) -> Option<Finding> {
        let mut worst_at: BTreeMap<Option<u32>, Inflated<'_>> = BTreeMap::new();
        for found in evidence.runs_of(framework, scenario).filter(|run| !run.is_dead()).filter_map(inflated) {
            let is_worse = worst_at.get(&found.place.concurrency).is_none_or(|worst| worst.share() < found.share());
            if is_worse {
                worst_at.insert(found.place.concurrency, found);
            }
        }
        let worst = worst_at.values().max_by(|a, b| a.share().total_cmp(&b.share()))?;
        let flips = flipped(worst, rivals);
        let words = evidence.wording();
        let name = series(framework, scenario);
        let at = words.at_level(worst.place.concurrency);
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
            frameworks([worst.place], evidence),
            message,
            words.say(
                "Errors are not work. Compare goodput, success_count / total_time, or only levels without errors, and find out \
                 what fails.",
                "错误不是有效的工作。请比较有效吞吐量（success_count / total_time），或只比较没有错误的级别，并查明失败原因。",
            ),
            json!({
                "worst_runs": worst_at
                    .values()
                    .map(|found| found.place.evidence(json!({
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

/// A run whose throughput counts failed requests. Some tools leave them out of it, so it is looked at and not assumed.
fn inflated(run: &Run) -> Option<Inflated<'_>> {
    let goodput = goodput(run)?;
    let throughput = run.avg_time_per_request.filter(|average| 0.0 < *average)?.recip();
    let has_errors = run.error_count.is_some_and(|errors| 0 < errors);
    let found = Inflated { place: Place::of_run(run), throughput, goodput };
    (has_errors && throughput.is_finite() && LEAST <= found.share()).then_some(found)
}

fn goodput(run: &Run) -> Option<f64> {
    let successes = run.success_count? as f64;
    run.total_time.filter(|total| 0.0 < *total).map(|total| successes / total).filter(|rate| rate.is_finite())
}

/// The framework that is slower at this level by throughput, and faster by goodput.
fn flipped<'e>(worst: &Inflated<'_>, rivals: &Rivals<'e>) -> Option<&'e str> {
    let is_ahead = |run: &&&Run| {
        let throughput = run.avg_time_per_request.filter(|average| 0.0 < *average).map(f64::recip);
        let goodput = goodput(run).or(throughput);
        run.framework != worst.place.framework
            && throughput.is_some_and(|throughput| throughput < worst.throughput)
            && goodput.is_some_and(|goodput| worst.goodput < goodput)
    };
    let there = rivals.get(&(worst.place.scenario, worst.place.concurrency))?;
    there.iter().find(is_ahead).map(|run| run.framework.as_str())
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
