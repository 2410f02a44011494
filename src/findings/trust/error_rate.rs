//! Errors among the requests. A failed request may be faster or slower than a good one, and belongs to no speed.

use serde_json::json;

use crate::findings::wording::{Wording, percent};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellRuns, Run, SeriesRuns};
use crate::stats::{MOSTLY_FAILING, TOO_FAULTY_TO_RANK, error_rate};

/// Some requests of a framework failed.
pub(super) struct ErrorRate;

impl Rule for ErrorRate {
    fn id(&self) -> &'static str {
        "error-rate"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.series().filter_map(|series| self.finding(series, evidence.wording())).collect()
    }
}

impl ErrorRate {
    fn finding(&self, series: SeriesRuns<'_>, words: Wording<'_>) -> Option<Finding> {
        let name = series.key();
        let Some(overall) = error_rate(series.iter().filter(is_alive)) else {
            return self.unknown_rate(series, words);
        };
        if overall <= 0.0 {
            return None;
        }
        let failing_at = |cell: CellRuns<'_>| {
            let rate = error_rate(cell.iter().filter(is_alive)).filter(|rate| 0.0 < *rate)?;
            Some((cell.key().concurrency, rate))
        };
        let failing: Vec<(Option<u32>, f64)> = series.cells().filter_map(failing_at).collect();
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
            vec![name.framework.clone()],
            words.say(
                format!("{name}: {} of all requests failed ({place})", percent(overall)),
                format!("{name}：{} 的请求失败（{place}）", percent(overall)),
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
    fn unknown_rate(&self, series: SeriesRuns<'_>, words: Wording<'_>) -> Option<Finding> {
        let name = series.key();
        let errors: u64 = series.iter().filter(is_alive).filter_map(|run| run.error_count).fold(0, u64::saturating_add);
        (0 < errors).then(|| {
            Finding::trust(
                self,
                Severity::Warning,
                vec![name.framework.clone()],
                words.say(
                    format!("{name}: {errors} requests failed, of an unknown number"),
                    format!("{name}：{errors} 个请求失败，请求总数未知"),
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

/// Dead runs have a finding of their own.
fn is_alive(run: &&Run) -> bool {
    !run.is_dead()
}
