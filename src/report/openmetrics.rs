//! All numbers as OpenMetrics: the mean of every cell with its interval, what changed, and what the gate says of it. For
//! Prometheus, through its textfile collector or a push gateway.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::exposition::{Family, write_exposition};
use super::severity::{by_outcome, outcome_counts};
use super::subject::{SideCells, Subject};
use super::words::Words;
use crate::analysis::ChangeAnalysis;
use crate::compare::GateResult;
use crate::record::Metric;
use crate::stats::Cell;

/// Writes the exposition.
pub(super) fn write_openmetrics(subject: Subject<'_>, sink: &mut dyn Write) -> io::Result<()> {
    let words = subject.words();
    let mut families = measured(&subject.all_cells(), words);
    if let Subject::Changes(changes) = subject {
        families.extend(changed(changes));
    }
    write_exposition(&families, sink)
}

/// A cell's labels.
pub(super) fn with_labels(side: Option<&str>, cell: &Cell, add: impl FnOnce(&[(&str, &str)])) {
    let level = cell.concurrency.map(|level| level.to_string()).unwrap_or_default();
    add(&[
        ("side", side.unwrap_or_default()),
        ("framework", &cell.framework),
        ("scenario", &cell.scenario),
        ("concurrency", &level),
    ]);
}

/// The metrics of these cells, in the order of the reports.
pub(super) fn metrics(sides: &[SideCells<'_>]) -> BTreeSet<Metric> {
    sides.iter().flat_map(|side| side.cells).map(|cell| cell.metric).collect()
}

/// The unit of a metric, as OpenMetrics spells units.
pub(super) fn unit(metric: Metric) -> String {
    let words = metric.unit().words();
    words.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// What the mean of a metric is, in a sentence.
pub(super) fn help(metric: Metric, words: Words) -> String {
    let name = metric.name_in(words.0);
    words.pick(format!("Mean of {name} over the runs of a cell."), format!("每个单元各次运行的{name}平均值。"))
}

fn measured(sides: &[SideCells<'_>], words: Words) -> Vec<Family> {
    let mut families = Vec::new();
    for metric in metrics(sides) {
        let (name, unit) = (metric.name(), &unit(metric));
        let mean = help(metric, words);
        let ends = |english: &str, chinese: &str| {
            let name = metric.name_in(words.0);
            words.pick(
                format!("{english} end of the interval of mean {name}."),
                format!("{name}平均值区间的{chinese}。"),
            )
        };
        let mut means = Family::new(name, unit, mean);
        let mut lows = Family::new(&format!("{name}_low"), unit, ends("Lower", "下限"));
        let mut highs = Family::new(&format!("{name}_high"), unit, ends("Upper", "上限"));
        let of_runs =
            words.pick(format!("Runs that have {name}."), format!("有{}的运行次数。", metric.name_in(words.0)));
        let mut runs = Family::new(&format!("{name}_runs"), "", of_runs);
        for side in sides {
            for cell in side.cells.iter().filter(|cell| cell.metric == metric) {
                with_labels(side.side, cell, |labels| {
                    means.add(labels, Some(cell.mean));
                    lows.add(labels, cell.ci_low);
                    highs.add(labels, cell.ci_high);
                    runs.add(labels, Some(cell.n as f64));
                });
            }
        }
        families.extend([means, lows, highs, runs]);
    }
    families.push(error_rates(sides, words));
    families
}

/// Errors over requests: every cell of a series carries the same one.
pub(super) fn error_rates(sides: &[SideCells<'_>], words: Words) -> Family {
    let mut rates = Family::new("error_rate", "ratio", words.pick("Errors over requests.", "错误数与请求数之比。"));
    for side in sides {
        for cell in side.cells {
            with_labels(side.side, cell, |labels| rates.add(labels, cell.error_rate));
        }
    }
    rates
}

/// Ratios, differences, outcomes and the gate.
fn changed(changes: &ChangeAnalysis) -> Vec<Family> {
    let words = Words(changes.language);
    let mut ratio = Family::new("change", "ratio", words.pick("Candidate over baseline.", "候选与基线之比。"));
    let mut difference = Family::new(
        "change_difference",
        "ratio",
        words.pick("Candidate less baseline, of shares.", "占比的候选值减基线值。"),
    );
    let lower = words.pick("Lower end of the interval of the change.", "变化区间的下限。");
    let upper = words.pick("Upper end of the interval of the change.", "变化区间的上限。");
    let mut low = Family::new("change_low", "ratio", lower);
    let mut high = Family::new("change_high", "ratio", upper);
    for row in &changes.changes {
        let level = row.concurrency.map(|level| level.to_string()).unwrap_or_default();
        let labels = [
            ("framework", row.framework.as_str()),
            ("scenario", &row.scenario),
            ("concurrency", &level),
            ("metric", row.metric.name()),
            ("baseline", &row.baseline_label),
            ("candidate", &row.candidate_label),
        ];
        ratio.add(&labels, row.ratio);
        difference.add(&labels, row.difference);
        low.add(&labels, row.ci_low);
        high.add(&labels, row.ci_high);
    }
    let mut families = vec![ratio, difference, low, high, outcomes(changes)];
    if let Some(gate) = &changes.gate {
        let passes = |result: GateResult| Some(f64::from(u8::from(result == GateResult::Passed)));
        let help = words.pick("Whether the gate passed.", "门禁是否通过。");
        let mut passed = Family::new("gate_passed", "", help);
        passed.add(&[], passes(gate.result));
        let help = words.pick("Whether a rule of the gate passed.", "门禁的规则是否通过。");
        let mut rules = Family::new("gate_rule_passed", "", help);
        for rule in &gate.rules {
            rules.add(&[("rule", &rule.rule)], passes(rule.result));
        }
        families.extend([passed, rules]);
    }
    families
}

/// How many series there are of each outcome, over all metrics; zeros are written, so that no outcome is ever unknown.
pub(super) fn outcomes(changes: &ChangeAnalysis) -> Family {
    let words = Words(changes.language);
    let mut outcomes = Family::new("changes", "", words.pick("Series of an outcome.", "各判定的系列数。"));
    for side in changes.sides.iter().skip(1) {
        let rows = changes.changes.iter().filter(|row| row.candidate_label == side.label);
        for (outcome, count) in by_outcome(outcome_counts(rows)) {
            outcomes.add(&[("candidate", &side.label), ("outcome", outcome.name())], Some(count as f64));
        }
    }
    outcomes
}
