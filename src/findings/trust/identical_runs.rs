//! Runs of a cell whose numbers are all the same. They may be copies of one run, or come from a coarse clock; either way
//! they understate how much the cell varies.

use serde_json::json;

use crate::findings::places::{frameworks, named};
use crate::findings::wording::count;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::stats::CellValues;

/// All runs of a cell took the same time, to the last digit.
pub(super) struct IdenticalRuns;

impl Rule for IdenticalRuns {
    fn id(&self) -> &'static str {
        "identical-runs"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let metric = evidence.ranked_metric();
        let is_identical = |cell: &&CellValues| {
            cell.metric == metric && 2 <= cell.values.count() && cell.values.max() <= cell.values.min()
        };
        let identical: Vec<&CellValues> = evidence.cells.iter().filter(is_identical).collect();
        if identical.is_empty() {
            return Vec::new();
        }
        let name_of_metric = words.metric(metric);
        let places = named(identical.iter().map(|cell| cell.key.clone()), words);
        let frameworks = frameworks(identical.iter().map(|cell| cell.key.clone()), evidence);
        vec![Finding::trust(self, Severity::Notice, frameworks, words.say(
                format!("all runs have the same {name_of_metric} in {}: {places}", count(identical.len(), "cell")),
                format!("{} 个单元中所有运行的{name_of_metric}完全相同：{places}", identical.len()),
            ), words.say(
                "If they are copies of one run, leave the copies out. If the clock is coarse, make the runs longer: how \
                 much they vary can't be seen.",
                "如果它们是同一次运行的副本，请去掉副本。如果时钟精度太低，请延长运行时间：目前看不出波动。",
            ), json!({
                "cells": identical
                    .iter()
                    .map(|cell| json!({
                        "framework": cell.key.framework(),
                        "scenario": cell.key.scenario(),
                        "concurrency": cell.key.concurrency,
                        "runs": cell.values.count(),
                        "value": cell.values.min(),
                    }))
                    .collect::<Vec<_>>(),
            }))]
    }
}
