//! Rows of changes as plain cells, the same for the terminal and for Markdown.

use super::severity;
use crate::analysis::ChangeAnalysis;
use crate::compare::{Change, Scale, SideValues};
use crate::record::{CellKey, Metric, Unit};
use crate::report::number::MISSING;
use crate::report::tables::{Head, TableData};
use crate::report::words::Words;

/// The rows over all levels, or those of the levels; the worst first, and `most` of them at most.
pub(super) fn changes(analysis: &ChangeAnalysis, of_levels: bool, most: usize, with_medians: bool) -> TableData {
    let words = Words(analysis.language);
    let mut rows: Vec<&Change> = analysis.changes.iter().filter(|row| row.is_overall() != of_levels).collect();
    rows.sort_by_key(|row| severity(row));
    let has_candidates = 2 < analysis.sides.len();
    let has_metrics = 1 < analysis.metrics.len();
    let is_one_framework = rows.iter().all(|row| !row.scenario.is_empty())
        && rows.windows(2).all(|two| matches!(two, [a, b] if a.framework == b.framework));
    let has_spread = rows.iter().any(|row| row.is_tested());

    let mut heads = vec![text(words.verdict_head()), text(words.pick("series", "系列"))];
    if has_candidates {
        heads.push(text(words.pick("candidate", "候选")));
    }
    if has_metrics {
        heads.push(text(words.metric_head()));
    }
    heads.push(number(words.pick("before", "之前")));
    heads.push(number(words.pick("after", "之后")));
    heads.push(number(words.pick("change", "变化")));
    if has_spread {
        heads.push(number(words.pick("interval", "区间")));
        heads.push(number("p"));
    }
    heads.push(number(words.runs()));
    if with_medians {
        heads.push(number(words.pick("by medians", "按中位数")));
        heads.push(number(words.pick("p (benchstat)", "p（benchstat）")));
    }
    let row = |change: &&Change| {
        let value = |side: Option<SideValues>| {
            side.map_or_else(|| MISSING.to_owned(), |side| quantity(change.metric, side.mean))
        };
        let n = |side: Option<SideValues>| side.map_or(0, |side| side.n);
        let mut cells = vec![words.outcome(change.outcome).to_owned(), name(change, is_one_framework)];
        if has_candidates {
            cells.push(change.candidate_label.clone());
        }
        if has_metrics {
            cells.push(words.metric(change.metric).to_owned());
        }
        cells.push(value(change.baseline));
        cells.push(value(change.candidate));
        cells.push(or_missing(size(change)));
        if has_spread {
            cells.push(or_missing(interval(change)));
            cells.push(or_missing(change.p_adjusted.map(p_value)));
        }
        cells.push(format!("{}+{}", n(change.baseline), n(change.candidate)));
        if with_medians {
            cells.push(or_missing(change.median_ratio.map(change_of)));
            cells.push(or_missing(change.benchstat_p_value.map(|p| format!("{p:.3}"))));
        }
        cells
    };
    let shown: Vec<Vec<String>> = rows.iter().take(most).map(row).collect();
    let note = (most < rows.len()).then(|| {
        let all = rows.len();
        words.pick(
            format!("the worst {most} of {all} rows; --verbose shows all"),
            format!("共 {all} 行，只显示最差的 {most} 行；--verbose 显示全部"),
        )
    });
    TableData { heads, rows: shown, note }
}

/// A ratio as a change in per cent.
pub(super) fn change_of(ratio: f64) -> String {
    format!("{:+.2}%", (ratio - 1.0) * 100.0)
}

fn text(name: impl Into<String>) -> Head {
    Head { name: name.into(), is_number: false }
}

fn number(name: impl Into<String>) -> Head {
    Head { name: name.into(), is_number: true }
}

fn or_missing(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| MISSING.to_owned())
}

/// The series, without a framework that all share.
fn name(change: &Change, is_one_framework: bool) -> String {
    let key = if is_one_framework { CellKey::new(&change.scenario, "", change.concurrency) } else { change.key() };
    key.to_string()
}

fn size(change: &Change) -> Option<String> {
    match change.scale {
        Scale::Ratio => change.ratio.map(change_of),
        Scale::Difference => change.difference.map(|difference| format!("{:+.3} pp", difference * 100.0)),
    }
}

fn interval(change: &Change) -> Option<String> {
    let (low, high) = change.ci_low.zip(change.ci_high)?;
    Some(match change.scale {
        Scale::Ratio => format!("{:+.2} … {:+.2}", (low - 1.0) * 100.0, (high - 1.0) * 100.0),
        Scale::Difference => format!("{:+.3} … {:+.3}", low * 100.0, high * 100.0),
    })
}

fn p_value(p: f64) -> String {
    if p < 5e-5 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}

/// A value with its unit and four digits.
fn quantity(metric: Metric, value: f64) -> String {
    let digits = |value: f64| {
        let whole = if 1.0 <= value { value.log10().floor() as usize + 1 } else { 1 };
        format!("{value:.*}", 4_usize.saturating_sub(whole))
    };
    match metric {
        Metric::ErrorRate => format!("{:.3}%", value * 100.0),
        Metric::Throughput => format!("{}/s", digits(value)),
        Metric::Open(_) if *metric.unit() != Unit::Seconds => super::super::quantity::quantity(value, metric),
        _ if value <= 0.0 => "0 s".to_owned(),
        _ if value < 1e-6 => format!("{} ns", digits(value * 1e9)),
        _ if value < 1e-3 => format!("{} µs", digits(value * 1e6)),
        _ if value < 1.0 => format!("{} ms", digits(value * 1e3)),
        _ => format!("{} s", digits(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_four_digits_and_a_unit() {
        let time = |value| quantity(Metric::TotalTime, value);
        assert_eq!(
            [time(12.3456), time(0.0123456), time(9.87e-7), time(1.0)],
            ["12.35 s", "12.35 ms", "987.0 ns", "1.000 s"]
        );
        assert_eq!(quantity(Metric::ErrorRate, 0.0125), "1.250%");
        assert_eq!(quantity(Metric::Throughput, 12345.6), "12346/s");
        assert_eq!((change_of(1.184), change_of(0.5)), ("+18.40%".to_owned(), "-50.00%".to_owned()));
    }
}
