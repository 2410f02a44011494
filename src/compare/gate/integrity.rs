//! Whether both sides are whole: what a side lost on the way in, runs that lack a value others have, and runs that may have
//! strayed under a neighbouring name. A comparison of what is left would pass for the wrong reason.

use std::collections::BTreeMap;

use super::message::Message;
use super::{GateResult, Violation};
use crate::compare::side::MeasuredSide;
use crate::record::{CellKey, CellRuns, Metric, Run, folded_name};

/// Something of a side that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The label of the side.
    pub side: String,
    /// How many values, records or files it stands for.
    pub count: u64,
    /// What was lost, and where.
    pub message: String,
}

/// What is lost of the runs of one cell.
pub(super) struct Gap {
    pub(super) violation: Violation,
    runs: u64,
}

impl Gap {
    /// How many runs it is about.
    pub(super) fn runs(&self) -> u64 {
        self.runs
    }
}

/// The share of a side that is lost: runs that lack a value and things that could not be read, over all of them.
pub(super) fn share(side: &MeasuredSide, lost: &[&Lost], gaps: &[Gap]) -> f64 {
    let unread: u64 = lost.iter().map(|lost| lost.count).sum();
    let lacking: u64 = gaps.iter().map(|gap| gap.runs).sum();
    let lost = (unread + lacking) as f64;
    lost / (side.runs.len() as f64 + unread as f64).max(1.0)
}

/// The cells of which some runs have a metric and others lack it, and the runs without a level in a series that has levels.
pub(super) fn gaps(side: &MeasuredSide, metrics: &[Metric], message: Message) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for series in side.runs.series() {
        let has_levels = series.cells().any(|cell| cell.key().concurrency.is_some());
        for cell in series.cells() {
            if has_levels && cell.key().concurrency.is_none() {
                gaps.push(gap(side, cell, None, cell.count(), message.without_level(cell.count())));
            }
            gaps.extend(lacking(side, cell, metrics, message));
        }
    }
    gaps
}

/// The metric that most runs of a cell lack, where others have it.
fn lacking(side: &MeasuredSide, cell: CellRuns<'_>, metrics: &[Metric], message: Message) -> Option<Gap> {
    let lack = |metric: Metric| cell.iter().filter(|run| metric.of(run).is_none()).count();
    let worst = metrics.iter().map(|metric| (lack(*metric), *metric)).filter(|(count, _)| *count < cell.count());
    let (count, metric) = worst.max_by_key(|(count, _)| *count).filter(|(count, _)| 0 < *count)?;
    let dead = cell.iter().filter(|run| Run::is_dead(run)).count();
    Some(gap(side, cell, Some(metric), count, message.without_metric(metric, count, cell.count(), dead)))
}

fn gap(side: &MeasuredSide, cell: CellRuns<'_>, metric: Option<Metric>, runs: usize, message: String) -> Gap {
    let CellKey { series, concurrency } = cell.key().clone();
    let violation = Violation {
        result: GateResult::Unusable,
        framework: Some(series.framework),
        scenario: Some(series.scenario),
        concurrency,
        metric,
        side: side.label.clone(),
        message,
        allowed: None,
    };
    Gap { violation, runs: runs as u64 }
}

/// Names that differ by case, blanks or invisible characters only, each group once: frameworks and scenarios of all sides.
pub(super) fn neighbouring_names<'a>(sides: impl Iterator<Item = &'a MeasuredSide> + Clone) -> Vec<Vec<&'a str>> {
    let frameworks = sides.clone().flat_map(|side| side.runs.frameworks());
    let scenarios = sides.flat_map(|side| side.runs.scenarios());
    let mut alike = groups(frameworks);
    alike.extend(groups(scenarios));
    alike
}

fn groups<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Vec<&'a str>> {
    let mut by_folded: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        let same = by_folded.entry(folded_name(name)).or_default();
        if !same.contains(&name) {
            same.push(name);
        }
    }
    by_folded.into_values().filter(|same| 1 < same.len()).collect()
}

/// How many runs of the candidate form a slower mode of their own: at least two and 30% of them, all of them beyond
/// `1 + margin` times the slowest of the baseline, and further from the others than three times the spread within either group.
/// `None` where there is no such mode.
pub(super) fn slower_mode(baseline: &[f64], candidate: &[f64], margin: f64) -> Option<usize> {
    const LEAST_RUNS: usize = 2;
    const LEAST_SHARE: f64 = 0.3;
    const GAP: f64 = 3.0;
    let limit = baseline.iter().copied().max_by(f64::total_cmp)? * (1.0 + margin);
    let mut sorted = candidate.to_vec();
    sorted.sort_by(f64::total_cmp);
    let slow = sorted.iter().filter(|value| limit < **value).count();
    let (fast_group, slow_group) = sorted.split_at(sorted.len() - slow);
    let spread = |group: &[f64]| Some(group.last()? - group.first()?);
    let gap = slow_group.first()? - fast_group.last()?;
    let within = spread(fast_group)?.max(spread(slow_group)?);
    let is_mode = LEAST_RUNS <= slow && LEAST_SHARE * sorted.len() as f64 <= slow as f64 && GAP * within <= gap;
    is_mode.then_some(slow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slower_mode_is_a_group_of_its_own() {
        let baseline = [1.0, 1.01, 0.99, 1.02, 1.0];
        let table: [(&[f64], Option<usize>); 6] = [
            (&[1.0, 1.01, 3.0, 3.02, 3.01], Some(3)),
            (&[1.0, 1.01, 0.99, 1.3, 1.31], Some(2)),
            // A lone outlier, a spread without a gap, and noise below the margin.
            (&[1.0, 1.01, 0.99, 1.0, 3.0], None),
            (&[1.0, 1.1, 1.2, 1.3, 1.4], None),
            (&[1.0, 1.01, 1.04, 1.05, 1.05], None),
            (&[3.0, 3.01, 3.02, 3.0, 3.0], None),
        ];
        for (candidate, expected) in table {
            assert_eq!(slower_mode(&baseline, candidate, 0.05), expected, "{candidate:?}");
        }
        assert_eq!(slower_mode(&[], &[1.0, 2.0], 0.05), None);
    }

    #[test]
    fn names_are_alike_by_case_blanks_and_what_is_not_seen() {
        let names = ["gin", "Gin", "gin ", "gi\u{200b}n", "axum", "gin2"];
        assert_eq!(groups(names.into_iter()), [vec!["gin", "Gin", "gin ", "gi\u{200b}n"]]);
    }
}
