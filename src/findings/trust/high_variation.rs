//! Cells whose runs differ so much from each other that their mean says little.

use serde_json::json;

use crate::findings::places::{evidence_of, frameworks, in_brackets};
use crate::findings::wording::{count, percent};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::stats::CellValues;

/// The runs of a cell vary more than the differences that matter.
pub(super) struct HighVariation;

/// With two runs a standard deviation is a guess.
const LEAST_RUNS: usize = 3;

/// How many times the smallest effect that matters the standard deviation may be. With five runs the interval of a mean is
/// then as wide as ±2.5 times that effect.
const NOTICE: f64 = 2.0;

/// From here on even differences of some ten percent can't be seen with a usual number of runs.
const WARNING: f64 = 6.0;

impl Rule for HighVariation {
    fn id(&self) -> &'static str {
        "high-variation"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let metric = evidence.ranked_metric();
        let limit = evidence.decision.min_effect * NOTICE;
        let measured = evidence.cells.iter().filter(|cell| cell.metric == metric && LEAST_RUNS <= cell.values.count());
        let all = measured.clone().count();
        let varying: Vec<(&CellValues, f64)> =
            measured.filter_map(|cell| Some((cell, cell.values.cv()?))).filter(|(_, cv)| limit < *cv).collect();
        let Some((worst, highest)) = varying.iter().max_by(|(_, a), (_, b)| a.total_cmp(b)) else { return Vec::new() };
        let words = evidence.wording();
        let name = words.metric(metric);
        let places = || varying.iter().map(|(cell, _)| cell.key.clone());
        let (place, where_found) = (words.cell(&worst.key), in_brackets(places(), words));
        let (highest_text, limit_text) = (percent(*highest), percent(limit));
        let severity =
            if evidence.decision.min_effect * WARNING < *highest { Severity::Warning } else { Severity::Notice };
        vec![Finding::trust(
            self,
            severity,
            frameworks(places(), evidence),
            words.say(
                format!(
                    "{name} varies by more than {limit_text} between the runs of {} of {}{where_found}; most, by \
                     {highest_text} (standard deviation over mean): {place}",
                    varying.len(),
                    count(all, "cell")
                ),
                format!(
                    "{all} 个单元中有 {} 个的{name}在各次运行之间波动超过 {limit_text}{where_found}；最大为 \
                     {highest_text}（标准差除以均值）：{place}",
                    varying.len()
                ),
            ),
            words.say(
                "Measure on a quiet machine, with longer runs and more of them, and look at the medians: a mean of such runs \
                 is mostly that of the worst of them.",
                "请在安静的机器上测量，延长并增加运行次数，并看中位数：这样的均值主要由最差的那次运行决定。",
            ),
            json!({
                "metric": metric,
                "limit": limit,
                "cells": varying
                    .iter()
                    .map(|(cell, cv)| evidence_of(&cell.key, json!({"runs": cell.values.count(), "cv": cv})))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}
