//! Values that rise or fall with the repetition: the machine, the target or its data changed while it was measured, and
//! what was measured later is not comparable with what was measured before.

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::tools::file;
use crate::findings::wording::{Wording, count, percent, significant};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Metric, Run};
use crate::stats::{CellValues, Values, kendall_pooled};

/// Later repetitions are slower, or faster, than earlier ones.
pub(super) struct Drift;

/// With fewer repetitions a rise is a coin toss.
const LEAST_RUNS: usize = 3;

/// How unlikely a rise or fall has to be by chance. Stricter than the level of verdicts: cells that were measured in one pass
/// share what the machine did in it, so they are not as independent as the test takes them to be.
const ALPHA: f64 = 0.01;

/// From this change on, over all repetitions, differences of usual size drown in it.
const WARNING: f64 = 0.15;

/// The order in which the runs of a cell were made, and what they measured.
type Series = Vec<(f64, f64)>;

impl Rule for Drift {
    fn id(&self) -> &'static str {
        "drift"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let metric = evidence.ranked_metric();
        let series = series(evidence, metric);
        let words = evidence.wording();
        if let Some(trend) = trend(series.iter().map(|(_, points)| points), evidence.decision.min_effect) {
            return vec![self.finding(metric, &trend, series.len(), None, words)];
        }
        // What all frameworks together do not show, one of them may.
        let frameworks = evidence.runs.frameworks();
        let of_framework = |name: &&str| {
            let own = series.iter().filter(|(place, _)| place.framework() == *name).map(|(_, points)| points);
            let trend = trend(own.clone(), evidence.decision.min_effect)?;
            let alone = (1 < frameworks.len()).then_some(*name);
            // One test for each framework: Bonferroni's correction.
            let is_sure = trend.p_value * frameworks.len() as f64 <= ALPHA;
            is_sure.then(|| self.finding(metric, &trend, own.count(), alone, words))
        };
        frameworks.iter().filter_map(of_framework).collect()
    }
}

/// How values move with time.
struct Trend {
    tau: f64,
    p_value: f64,
    /// The median over the cells of how far the values move from the first repetition to the last, as a fraction.
    change: f64,
}

impl Drift {
    fn finding(
        &self,
        metric: Metric,
        trend: &Trend,
        cells: usize,
        framework: Option<&str>,
        words: Wording<'_>,
    ) -> Finding {
        let (change, tau, p) =
            (percent(trend.change.abs()), significant(trend.tau, 2), significant(trend.p_value.max(1e-6), 1));
        let (rises, name) = (0.0 < trend.change, words.metric(metric));
        let at_most = if trend.p_value < 1e-6 { "<" } else { "=" };
        let (of, of_chinese) = match framework {
            Some(name) => (format!(" of {name}"), format!("{name} 的 ")),
            None => (String::new(), String::new()),
        };
        Finding::trust(
            self,
            if WARNING <= trend.change.abs() { Severity::Warning } else { Severity::Notice },
            framework.map(str::to_owned).into_iter().collect(),
            words.say(
                format!(
                    "{name}{of} {} with the repetition, by {change} from the first to the last (median of {}; Kendall's τ \
                     {tau}, p {at_most} {p})",
                    if rises { "rises" } else { "falls" },
                    count(cells, "cell")
                ),
                format!(
                    "{of_chinese}{name}随重复次序{}，从第一次到最后一次变化 {change}（{cells} 个单元的中位数；Kendall τ {tau}，\
                     p {at_most} {p}）",
                    if rises { "上升" } else { "下降" }
                ),
            ),
            words.say(
                "Something changed while it was measured: heat, other work on the machine, growing data, a cold start. Find \
                 it or let it settle, run all frameworks in turns so that it hits all alike, and measure again.",
                "测量过程中环境发生了变化：发热、机器上的其他任务、数据增长、冷启动等。请查明原因或等其稳定，让各框架轮流运行以使影响\
                 均等，然后重新测量。",
            ),
            json!({
                "metric": metric,
                "cells": cells,
                "kendall_tau": trend.tau,
                "p_value": trend.p_value,
                "change_first_to_last": trend.change,
            }),
        )
    }
}

/// The runs of every cell that can be compared, by the time of their beginning where all runs of the cell have one, else
/// by repetition.
fn series<'e>(evidence: &Evidence<'e>, metric: Metric) -> Vec<(&'e CellKey, Series)> {
    let comparable = evidence.cells.iter().filter(|cell| cell.metric == metric && LEAST_RUNS <= cell.values.count());
    let of_cell = |cell: &'e CellValues| {
        let runs = evidence.runs.at(&cell.key).into_iter().flat_map(|runs| runs.iter());
        let valued: Vec<(&Run, f64)> = runs.filter_map(|run| Some((run, metric.of(run)?))).collect();
        in_time(&valued).into_iter().map(|series| (&cell.key, series))
    };
    comparable.flat_map(of_cell).collect()
}

/// The runs of a cell in time; in several series where nothing says which of two files is the older.
fn in_time(runs: &[(&Run, f64)]) -> Vec<Series> {
    let by = |when: fn(&Run) -> Option<f64>| -> Option<Series> {
        runs.iter().map(|(run, value)| Some((when(run)?, *value))).collect()
    };
    let distinct = |series: &Series| {
        let first = series.first().map(|(when, _)| *when);
        series.iter().any(|(when, _)| first.is_some_and(|first| first < *when || *when < first))
    };
    if let Some(series) = by(|run| run.timestamp.map(|moment| moment as f64)).filter(distinct) {
        return vec![series];
    }
    // Files of one run each are numbered in the order of their names, which mostly is that of time. Files of several runs
    // are passes of their own, numbered as they were named to us.
    let mut files: IndexMap<&str, Series> = IndexMap::new();
    for (run, value) in runs {
        if let Some(repetition) = run.repetition {
            files.entry(file(run)).or_default().push((f64::from(repetition), *value));
        }
    }
    let mut series: Vec<Series> = files.into_values().collect();
    if series.iter().all(|series| series.len() == 1) {
        series = vec![series.concat()];
    }
    series.retain(|series| LEAST_RUNS <= series.len());
    series
}

/// The trend of several series; `None` where it may be chance, or is too small to matter.
fn trend<'s>(series: impl Iterator<Item = &'s Series> + Clone, least: f64) -> Option<Trend> {
    // The change costs little and rules most data out; the test costs much.
    let change = Values::new(series.clone().filter_map(change))?.median();
    if change.abs() < least {
        return None;
    }
    let test = kendall_pooled(series.map(Vec::as_slice))?;
    // The median change has the sign of the trend, unless most cells move little and some the other way.
    let is_drift = test.p_value <= ALPHA && 0.0 < change * test.tau;
    is_drift.then_some(Trend { tau: test.tau, p_value: test.p_value, change })
}

/// How far values move from the first point in time to the last, as a fraction: by the median of the slopes of all pairs of
/// points (Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the American Statistical
/// Association 63, 1968), over ranks in time and logarithms of values.
fn change(points: &Series) -> Option<f64> {
    const MOST: usize = 60;
    let mut points: Vec<(f64, f64)> = points.iter().copied().filter(|(_, value)| 0.0 < *value).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // The number of pairs grows with the square; of very many points every so many-th says the same.
    let stride = points.len().div_ceil(MOST).max(1);
    let points: Vec<f64> = points.iter().step_by(stride).map(|(_, value)| value.ln()).collect();
    let last = points.len().checked_sub(1).filter(|last| 0 < *last)?;
    let pairs = points.iter().enumerate().flat_map(|(index, a)| {
        let later = points.iter().enumerate().skip(index + 1);
        later.map(move |(other, b)| (b - a) / (other - index) as f64)
    });
    Some((Values::new(pairs)?.median() * last as f64).exp_m1()).filter(|change| change.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_change_is_that_of_a_line_through_the_logarithms() {
        let series: Series = (0..5).map(|index| (f64::from(index), 1.1_f64.powi(index))).collect();
        assert!((change(&series).unwrap() - (1.1_f64.powi(4) - 1.0)).abs() < 1e-12);
        let mut wild = series.clone();
        wild[2].1 = 50.0;
        assert!((change(&wild).unwrap() - 0.4641).abs() < 0.2, "one wild run hardly moves it");
        assert_eq!(change(&vec![(1.0, 2.0)]), None);
        assert_eq!(change(&Vec::new()), None);
    }

    #[test]
    fn files_of_several_runs_are_series_of_their_own() {
        let run = |file: &str, repetition| Run { repetition: Some(repetition), source: file.into(), ..Run::default() };
        let lengths = |files: [&str; 6]| -> Vec<usize> {
            let runs: Vec<Run> = files.into_iter().zip(1..).map(|(file, repetition)| run(file, repetition)).collect();
            let valued: Vec<(&Run, f64)> = runs.iter().map(|run| (run, 1.0)).collect();
            in_time(&valued).iter().map(Vec::len).collect()
        };
        assert_eq!(lengths(["a:1", "a:2", "a:3", "b:1", "b:2", "b:3"]), [3, 3]);
        assert_eq!(lengths(["a", "b", "c", "d", "e", "f"]), [6]);
        assert_eq!(lengths(["a:1", "a:2", "a:3", "a:4", "a:5", "b:1"]), [5]);
    }

    #[test]
    fn a_small_or_a_chance_rise_is_none() {
        let rising =
            |step: f64| -> Series { (0..8).map(|index| (f64::from(index), 1.0 + step * f64::from(index))).collect() };
        assert!(trend([rising(0.03)].iter(), 0.05).is_some());
        assert!(trend([rising(0.001)].iter(), 0.05).is_none());
        let short: Series = rising(0.03).into_iter().take(3).collect();
        assert!(trend([short].iter(), 0.05).is_none());
        assert!(trend([vec![(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]].iter(), 0.05).is_none());
    }
}
