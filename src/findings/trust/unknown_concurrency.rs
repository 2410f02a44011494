//! Runs whose concurrency nobody told.

use serde_json::json;

use crate::findings::tools::is_timed;
use crate::findings::wording::count;
use crate::findings::{Evidence, Finding, Rule, Severity};

/// The concurrency of some runs is not known.
pub(super) struct UnknownConcurrency;

impl Rule for UnknownConcurrency {
    fn id(&self) -> &'static str {
        "unknown-concurrency"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        // A command that is timed has none.
        let unknown = evidence.runs.iter().filter(|run| run.concurrency.is_none() && !is_timed(run));
        let unknown: Vec<&str> = unknown.map(|run| run.source.as_str()).collect();
        if unknown.is_empty() {
            return Vec::new();
        }
        let words = evidence.wording();
        let all = evidence.runs.len();
        let (severity, message) = if unknown.len() == all {
            let message = words.say(
                "no run says its concurrency: frameworks are compared as they are",
                "没有任何运行标明并发数：框架按原样比较",
            );
            (Severity::Info, message)
        } else {
            let message = words.say(
                format!(
                    "the concurrency of {} of {} is not known: they are listed, and have no place on the charts' axis",
                    unknown.len(),
                    count(all, "run")
                ),
                format!("{all} 次运行中有 {} 次并发数未知：它们会列出，但无法画在图表的坐标轴上", unknown.len()),
            );
            (Severity::Warning, message)
        };
        vec![Finding::trust(self, severity, Vec::new(), message, words.say(
                "If there is one, name the column that holds it with --map concurrency=COLUMN, or say where file names \
                 have it with --name-pattern '{framework}_c{concurrency}'; --derive-concurrency derives it where \
                 throughput and mean latency are known.",
                "如果有并发数，请用 --map concurrency=COLUMN 指明所在的列，或用 --name-pattern \
                 '{framework}_c{concurrency}' 说明它在文件名中的位置；已知吞吐量和平均延迟时，可用 --derive-concurrency 推算。",
            ), json!({"runs": unknown.len(), "sources": unknown}))]
    }
}
