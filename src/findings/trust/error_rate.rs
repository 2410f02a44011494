//! Errors among the requests. A failed request may be faster or slower than a good one, and belongs to no speed.

use serde_json::json;

use crate::findings::wording::{Wording, percent, series};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::Run;
use crate::stats::{MOSTLY_FAILING, TOO_FAULTY_TO_RANK, error_rate};

/// Some requests of a framework failed.
pub(super) struct ErrorRate;

impl Rule for ErrorRate {
    fn id(&self) -> &'static str {
        "error-rate"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let found = |(framework, scenario)| self.finding(framework, scenario, evidence);
        evidence.series().filter_map(found).collect()
    }
}

impl ErrorRate {
    fn finding(&self, framework: &str, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        // Dead runs have a finding of their own.
        let runs: Vec<&Run> = evidence.runs_of(framework, scenario).filter(|run| !run.is_dead()).collect();
        let words = evidence.wording();
        let Some(overall) = error_rate(runs.iter().copied()) else {
            return self.unknown_rate(framework, scenario, &runs, words);
        };
        if overall <= 0.0 {
            return None;
        }
        let mut levels: Vec<Option<u32>> = runs.iter().map(|run| run.concurrency).collect();
        levels.sort_unstable();
        levels.dedup();
        let rate_at = |level: Option<u32>| {
            error_rate(runs.iter().copied().filter(|run| run.concurrency == level)).filter(|rate| 0.0 < *rate)
        };
        let failing: Vec<(Option<u32>, f64)> =
            levels.into_iter().filter_map(|level| Some((level, rate_at(level)?))).collect();
        let (worst_level, worst) = failing.iter().copied().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let at_worst = words.at_level(worst_level);
        let place = match failing.as_slice() {
            [_] => at_worst,
            _ => {
                words.say(format!("most {at_worst}: {}", percent(worst)), format!("{at_worst}最多：{}", percent(worst)))
            }
        };
        let severity = match worst {
            rate if MOSTLY_FAILING < rate => Severity::Critical,
            rate if TOO_FAULTY_TO_RANK <= rate => Severity::Warning,
            _ => Severity::Notice,
        };
        let advice = if TOO_FAULTY_TO_RANK <= worst {
            words.say(
                    "Where 1 % or more fail it is not ranked, and where more than half fail it is not compared. Its times and \
                     its throughput count failed requests too, unless its tool leaves them out. Find the cause, or compare \
                     at levels without errors.",
                    "失败达到 1 % 的级别不参与排名，超过一半失败的级别也不参与比较。除非所用工具已排除失败的请求，否则时间和\
                     吞吐量也把它们计算在内。请找出原因，或只比较没有错误的级别。",
                )
        } else {
            words.say(
                "Its times and its throughput count failed requests too, unless its tool leaves them out. Find the \
                     cause, or compare at levels without errors.",
                "除非所用工具已排除失败的请求，否则时间和吞吐量也把它们计算在内。请找出原因，或只比较没有错误的级别。",
            )
        };
        Some(Finding::trust(
            self,
            severity,
            vec![framework.to_owned()],
            words.say(
                format!("{}: {} of all requests failed ({place})", series(framework, scenario), percent(overall)),
                format!("{}：{} 的请求失败（{place}）", series(framework, scenario), percent(overall)),
            ),
            advice,
            json!({
                "error_rate": overall,
                "cells": failing
                    .iter()
                    .map(|(level, rate)| json!({"concurrency": level, "error_rate": rate}))
                    .collect::<Vec<_>>(),
            }),
        ))
    }

    /// Errors among an unknown number of requests.
    fn unknown_rate(&self, framework: &str, scenario: &str, runs: &[&Run], words: Wording<'_>) -> Option<Finding> {
        let errors: u64 = runs.iter().filter_map(|run| run.error_count).fold(0, u64::saturating_add);
        (0 < errors).then(|| {
            Finding::trust(
                self,
                Severity::Warning,
                vec![framework.to_owned()],
                words.say(
                    format!("{}: {errors} requests failed, of an unknown number", series(framework, scenario)),
                    format!("{}：{errors} 个请求失败，请求总数未知", series(framework, scenario)),
                ),
                words.say(
                    "It may be that most of them failed, and its times say nothing. Record requests_count.",
                    "可能大部分请求都失败了，此时时间没有意义。请记录 requests_count。",
                ),
                json!({"error_count": errors}),
            )
        })
    }
}
