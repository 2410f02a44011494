//! Load tests that do not say how many requests failed. A target that refuses everything is the fastest of all.

use indexmap::IndexSet;
use serde_json::json;

use crate::findings::places::{frameworks, named};
use crate::findings::tools::is_load_test;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{Run, SeriesKey};

/// Nobody counted the errors of a framework.
pub(super) struct UncountedErrors;

impl Rule for UncountedErrors {
    fn id(&self) -> &'static str {
        "uncounted-errors"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let is_counted = |run: &Run| run.error_count.is_some() || run.success_count.is_some();
        let load_tests = evidence.runs.iter().filter(|run| is_load_test(run));
        let uncounted: Vec<&Run> = load_tests.clone().filter(|run| !is_counted(run)).collect();
        if uncounted.is_empty() {
            return Vec::new();
        }
        let all = load_tests.count();
        let words = evidence.wording();
        let places = || {
            let series: IndexSet<SeriesKey> = uncounted.iter().map(|run| SeriesKey::of(run)).collect();
            series.into_iter().map(|key| key.at(None))
        };
        let (severity, who, message) = if uncounted.len() == all {
            let message = words.say(
                "no run says how many of its requests failed: who fails fast looks fast",
                "没有任何运行记录失败的请求数：失败得快看起来就像跑得快",
            );
            (Severity::Info, Vec::new(), message)
        } else {
            let where_found = named(places(), words);
            let message = words.say(
                format!("some runs do not say how many of their requests failed, and others do ({where_found})"),
                format!("部分运行没有记录失败的请求数，其他的则有（{where_found}）"),
            );
            (Severity::Notice, frameworks(places(), evidence), message)
        };
        vec![Finding::trust(
            self,
            severity,
            who,
            message,
            words.say(
                "Record error_count or success_count for every run; until then see that the target answered.",
                "请为每次运行记录 error_count 或 success_count；在此之前请确认目标确实给出了正确响应。",
            ),
            json!({"runs": all, "uncounted": uncounted.len()}),
        )]
    }
}
