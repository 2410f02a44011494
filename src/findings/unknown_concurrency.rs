//! Runs whose concurrency nobody told.

use serde_json::json;

use super::wording::{count, members};
use super::{Evidence, Finding, Kind, Rule, Severity};

/// The concurrency of some runs is not known.
pub(super) struct UnknownConcurrency;

impl Rule for UnknownConcurrency {
    fn id(&self) -> &'static str {
        "unknown-concurrency"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let unknown: Vec<&str> =
            evidence.runs.iter().filter(|run| run.concurrency.is_none()).map(|run| run.source.as_str()).collect();
        if unknown.is_empty() {
            return Vec::new();
        }
        let all = evidence.runs.len();
        let (severity, message) = if unknown.len() == all {
            (Severity::Info, "no run says its concurrency: frameworks are compared as they are".to_owned())
        } else {
            let message = format!(
                "the concurrency of {} of {} is not known: they are listed, and have no place on the charts' axis",
                unknown.len(),
                count(all, "run")
            );
            (Severity::Warning, message)
        };
        vec![Finding {
            id: self.id().to_owned(),
            kind: Kind::Trust,
            severity,
            frameworks: Vec::new(),
            message,
            advice:
                "If there is one, name the column that holds it with --map concurrency=COLUMN, or say where file names \
                     have it with --name-pattern '{framework}_c{concurrency}'; --derive-concurrency derives it where \
                     throughput and mean latency are known."
                    .to_owned(),
            evidence: members(json!({"runs": unknown.len(), "sources": unknown})),
        }]
    }
}
