//! Answers of different sizes. Who sends half as many bytes for each request may do half the work, or send an error page
//! with a status of success.

use serde_json::json;

use crate::findings::tools::is_load_test;
use crate::findings::wording::significant;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{Run, SeriesRuns};
use crate::stats::Values;

/// Bytes per request differ between frameworks, or between the levels of one.
pub(super) struct UnevenAnswers;

/// How many times the smallest answer of the others the largest may be. Headers alone make small answers differ by half.
const BETWEEN_FRAMEWORKS: f64 = 2.0;

/// The same for the levels of one framework, which sends the same headers at all of them.
const BETWEEN_LEVELS: f64 = 1.5;

/// Above this share of failed requests the answers are partly those of errors, which is told as such.
const FEW_ERRORS: f64 = 0.01;

/// Bytes for each request, by level.
type Sizes = Vec<(Option<u32>, f64)>;

impl Rule for UnevenAnswers {
    fn id(&self) -> &'static str {
        "uneven-answers"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let sizes = |series: SeriesRuns<'_>| -> Sizes {
            series.iter().filter_map(|run| Some((run.concurrency, size(run)?))).collect()
        };
        let mut findings = Vec::new();
        for scenario in evidence.runs.scenarios() {
            let all = evidence.runs.in_scenario(scenario);
            let frameworks: Vec<(&str, Sizes)> =
                all.map(|series| (series.key().framework.as_str(), sizes(series))).collect();
            findings.extend(frameworks.iter().filter_map(|(name, sizes)| self.of_one(scenario, name, sizes, evidence)));
            findings.extend(self.of_all(scenario, &frameworks, evidence));
        }
        findings
    }
}

impl UnevenAnswers {
    fn of_all(&self, scenario: &str, frameworks: &[(&str, Sizes)], evidence: &Evidence<'_>) -> Option<Finding> {
        let median = |sizes: &Sizes| Values::new(sizes.iter().map(|(_, size)| *size)).map(|sizes| sizes.median());
        let medians: Vec<(&str, f64)> =
            frameworks.iter().filter_map(|(name, sizes)| Some((*name, median(sizes)?))).collect();
        let (small_name, smallest) = medians.iter().copied().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let (large_name, largest) = medians.iter().copied().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        if largest <= smallest * BETWEEN_FRAMEWORKS {
            return None;
        }
        let words = evidence.wording();
        let [small, large] = [smallest, largest].map(|size| significant(size, 3));
        Some(Finding::trust(
            self,
            Severity::Warning,
            vec![small_name.to_owned(), large_name.to_owned()],
            words.in_scenario(scenario)
                + &words.say(
                    format!("answers differ in size: {small} B for each request from {small_name}, {large} B from {large_name}"),
                    format!("响应大小不同：{small_name} 每个请求 {small} B，{large_name} 为 {large} B"),
                ),
            words.say(
                "See that all frameworks answer the same: the same body, compression and headers, and no page of an error or a \
                 redirect with a status of success.",
                "请确认所有框架返回相同的内容：相同的正文、压缩方式和响应头，并且不是带成功状态码的错误页或重定向。",
            ),
            json!({
                "scenario": scenario,
                "bytes_per_request": medians
                    .iter()
                    .map(|(name, size)| json!({"framework": name, "bytes": size}))
                    .collect::<Vec<_>>(),
            }),
        ))
    }

    fn of_one(&self, scenario: &str, framework: &str, sizes: &Sizes, evidence: &Evidence<'_>) -> Option<Finding> {
        let (small_level, smallest) = sizes.iter().copied().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let (large_level, largest) = sizes.iter().copied().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        if largest <= smallest * BETWEEN_LEVELS {
            return None;
        }
        let words = evidence.wording();
        let [small, large] = [smallest, largest].map(|size| significant(size, 3));
        let [small_at, large_at] = [small_level, large_level].map(|level| words.at_level(level));
        Some(Finding::trust(
            self,
            Severity::Notice,
            vec![framework.to_owned()],
            words.in_scenario(scenario)
                + &words.say(
                    format!("answers of {framework} differ in size: {small} B for each request {small_at}, {large} B {large_at}"),
                    format!("{framework} 的响应大小不一：{small_at}每个请求 {small} B，{large_at} {large} B"),
                ),
            words.say(
                "See what is in the smaller ones: an error page with a status of success, or an answer that was cut off, is no work.",
                "请查看较小的响应是什么：带成功状态码的错误页或被截断的响应都不是有效的工作。",
            ),
            json!({
                "scenario": scenario,
                "smallest": {"concurrency": small_level, "bytes": smallest},
                "largest": {"concurrency": large_level, "bytes": largest},
            }),
        ))
    }
}

/// Bytes received for each request of a run without errors to speak of.
fn size(run: &Run) -> Option<f64> {
    let requests = run.requests_count.filter(|requests| 0 < *requests)? as f64;
    let is_good = !run.is_dead() && run.error_rate().is_none_or(|rate| rate <= FEW_ERRORS);
    let bytes = run.bytes_read.filter(|bytes| 0 < *bytes)? as f64;
    (is_good && is_load_test(run)).then_some(bytes / requests)
}
