//! How each framework scales.

use super::{TableData, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::report::number::{MISSING, significant};
use crate::report::words::Words;
use crate::scaling::{Law, Scaling, ScalingMetric};

/// With fewer levels than this there is nothing to say of scaling.
const LEAST_LEVELS: usize = 3;

/// One line per framework: its law where it is accepted, and what holds without one. `in_full` adds intervals.
pub(in crate::report) fn scaling(analysis: &Analysis, in_full: bool) -> TableData {
    let words = Words(analysis.language);
    let shown: Vec<&Scaling> = analysis.scaling.iter().filter(|row| LEAST_LEVELS <= row.levels).collect();
    let mut heads =
        vec![text(words.framework()), text(words.pick("law", "定律")), number("λ (1/s)"), number("σ"), number("κ")];
    if in_full {
        let ranges =
            words.pick(["λ from – to", "σ from – to", "κ from – to", "R²"], ["λ 区间", "σ 区间", "κ 区间", "R²"]);
        heads.extend(ranges.map(number));
    }
    let consequences = words.pick(
        ["peak at", "peak (1/s)", "optimal", "knee", "saturated at"],
        ["峰值并发", "峰值 (1/s)", "最佳并发", "拐点", "饱和于"],
    );
    heads.extend(consequences.map(number));
    heads.push(text(words.pick("accepted", "采纳")));
    let rows: Vec<Vec<String>> =
        shown.iter().map(|row| with_scenario(analysis, row.scenario.clone(), cells(row, in_full, words))).collect();
    let mut notes = Vec::new();
    if rows.iter().flatten().any(|cell| cell.ends_with(EXTRAPOLATED)) {
        notes.push(words.pick("* of the law, and not measured", "* 由定律得出，并未测到"));
    }
    if shown.iter().any(|row| row.metric == ScalingMetric::Throughput) {
        notes.push(
            words.pick(
                "where successes are not counted, all completed requests are",
                "没有成功数时，按全部完成的请求计算",
            ),
        );
    }
    TableData {
        heads: with_scenario(analysis, text(words.scenario()), heads),
        rows,
        note: (!notes.is_empty()).then(|| notes.join(words.pick("; ", "；"))),
    }
}

const EXTRAPOLATED: char = '*';

fn cells(row: &Scaling, in_full: bool, words: Words) -> Vec<String> {
    let accepted = |value: Option<f64>| value.filter(|_| row.accepted);
    let range = |low: Option<f64>, high: Option<f64>| match (accepted(low), accepted(high)) {
        (Some(low), Some(high)) => format!("{} – {}", significant(low), significant(high)),
        _ => MISSING.to_owned(),
    };
    let marked = |shown: String, is_extrapolated: Option<bool>| {
        if is_extrapolated == Some(true) { format!("{shown}{EXTRAPOLATED}") } else { shown }
    };
    let law = row.model.filter(|_| row.accepted).map_or(MISSING, Law::name);
    let mut cells = vec![row.framework.clone(), law.to_owned()];
    cells.extend([row.lambda, row.sigma, row.kappa].map(|value| show(accepted(value))));
    if in_full {
        cells.push(range(row.lambda_ci_low, row.lambda_ci_high));
        cells.push(range(row.sigma_ci_low, row.sigma_ci_high));
        cells.push(range(row.kappa_ci_low, row.kappa_ci_high));
        cells.push(row.r_squared.map_or_else(|| MISSING.to_owned(), |share| format!("{share:.3}")));
    }
    let level = |level: Option<u32>| level.map_or_else(|| MISSING.to_owned(), |level| level.to_string());
    let peak = row.peak_concurrency.map_or_else(|| MISSING.to_owned(), |peak| peak.to_string());
    // A peak is one where a level above it is lower.
    let is_guess =
        row.peak_concurrency.map(|_| row.is_peak_extrapolated == Some(true) || row.is_fall_measured != Some(true));
    cells.push(marked(peak, is_guess));
    cells.push(marked(show(row.peak_throughput), is_guess));
    cells.push(marked(show(row.optimal_concurrency), row.is_optimal_extrapolated));
    cells.push(level(row.knee));
    cells.push(level(row.saturation_concurrency));
    let why = row.explanation.as_deref().unwrap_or_default();
    cells.push(match (row.accepted, in_full && !why.is_empty()) {
        (true, true) => words.pick(format!("yes: {why}"), format!("是：{why}")),
        (true, false) => words.pick("yes", "是").to_owned(),
        (false, _) => words.pick(format!("no: {why}"), format!("否：{why}")),
    });
    cells
}

fn show(value: Option<f64>) -> String {
    value.map_or_else(|| MISSING.to_owned(), significant)
}
