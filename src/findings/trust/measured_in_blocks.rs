//! Frameworks whose runs were measured each in one go. What changed on the machine in between looks like a difference between
//! them, and no interval shows it: the repetitions of a block share its weather.

use serde_json::json;

use crate::findings::wording::{percent, significant};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellRuns, Metric, Run, SeriesRuns};
use crate::stats::t_two_sided_p;

/// The order in time tells two frameworks apart completely.
pub(super) struct MeasuredInBlocks;

/// With fewer runs a side at every level, blocks are the only order there is.
const LEAST_RUNS: usize = 2;

/// A slope within cells is chance above this probability.
const CHANCE: f64 = 0.05;

impl Rule for MeasuredInBlocks {
    fn id(&self) -> &'static str {
        "measured-in-blocks"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.scenarios().into_iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl MeasuredInBlocks {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let mut series: Vec<SeriesRuns<'_>> = evidence.runs.in_scenario(scenario).collect();
        series.sort_by_key(|series| middle(series.iter()));
        let is_apart = |series: &SeriesRuns<'_>, others: &[SeriesRuns<'_>]| {
            others.iter().any(|other| other.key() != series.key() && are_blocks(*series, *other))
        };
        let blocks: Vec<SeriesRuns<'_>> = series.iter().filter(|one| is_apart(one, &series)).copied().collect();
        let (first, last) = (blocks.first()?, blocks.last()?);
        let words = evidence.wording();
        let names: Vec<&str> = blocks.iter().map(|series| series.key().framework.as_str()).collect();
        let metric = evidence.ranked_metric();
        let drift = Drift::within_cells(&blocks, metric);
        // µs to hours.
        let hours = middle(last.iter())?.saturating_sub(middle(first.iter())?) as f64 / 3.6e9;
        let explained = drift.map(|drift| (drift.slope * hours).exp_m1());
        let listed = words.list(&names);
        let mut message = words.in_scenario(scenario)
            + &words.say(
                format!("{listed} were measured one after the other, each in one go: what changed in between looks like a difference between them"),
                format!("{listed} 是一个接一个测量的，每个一次测完：期间发生的变化看起来就像它们之间的差异"),
            );
        if let Some((drift, explained)) = drift.zip(explained) {
            let (per_hour, explained) = (percent(drift.slope.exp_m1().abs()), percent(explained.abs()));
            let (first, last, name) = (&first.key().framework, &last.key().framework, words.metric(metric));
            let rises = 0.0 < drift.slope;
            message += &words.say(
                format!(
                    "; within them {name} {} by {per_hour} an hour, which alone makes {explained} between {first} and {last}",
                    if rises { "rises" } else { "falls" }
                ),
                format!(
                    "；在各自内部，{name}每小时{} {per_hour}，仅此就会在 {first} 与 {last} 之间造成 {explained}",
                    if rises { "上升" } else { "下降" }
                ),
            );
        }
        Some(Finding::trust(
            self,
            Severity::Warning,
            evidence.runs.frameworks().into_iter().filter(|name| names.contains(name)).map(str::to_owned).collect(),
            message,
            words.say(
                "Measure in rounds, one pass over all frameworks and levels after the other, so that whatever changes meets all alike.",
                "请按轮次测量，一轮跑完所有框架和级别再开始下一轮，这样任何变化都会同样影响所有框架。",
            ),
            json!({
                "frameworks": names,
                "hours_apart": significant(hours, 6).parse::<f64>().ok(),
                "drift_per_hour": drift.map(|drift| drift.slope.exp_m1()),
                "explained": explained,
            }),
        ))
    }
}

/// Whether at every level that both have, and which says so, all runs of one were measured before all of the other.
fn are_blocks(one: SeriesRuns<'_>, other: SeriesRuns<'_>) -> bool {
    let common = || one.cells().filter_map(|cell| Some((times(cell)?, times(other.at(cell.key().concurrency)?)?)));
    let is_before = |a: &[i64], b: &[i64]| a.last().zip(b.first()).is_some_and(|(last, first)| last < first);
    common().next().is_some() && common().all(|(a, b)| is_before(&a, &b) || is_before(&b, &a))
}

/// When the runs of a cell began, ascending; `None` where there are too few, or one does not say.
fn times(cell: CellRuns<'_>) -> Option<Vec<i64>> {
    let mut times: Vec<i64> = cell.iter().map(|run| run.timestamp).collect::<Option<_>>()?;
    times.sort_unstable();
    (LEAST_RUNS <= times.len()).then_some(times)
}

/// The middle of the times at which runs began, µs since 1970.
fn middle<'r>(runs: impl Iterator<Item = &'r Run>) -> Option<i64> {
    let mut times: Vec<i64> = runs.filter_map(|run| run.timestamp).collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// How values move with time where nothing else changes.
#[derive(Debug, Clone, Copy)]
struct Drift {
    /// Of the logarithm, per hour.
    slope: f64,
}

impl Drift {
    /// The slope within all cells together, by least squares; `None` where it may be chance.
    fn within_cells(series: &[SeriesRuns<'_>], metric: Metric) -> Option<Self> {
        let mut points: Vec<(f64, f64)> = Vec::new();
        let mut cells = 0;
        for cell in series.iter().flat_map(|series| series.cells()) {
            let value =
                |run: &Run| Some((run.timestamp? as f64 / 3.6e9, metric.of(run).filter(|value| 0.0 < *value)?.ln()));
            let own: Vec<(f64, f64)> = cell.iter().filter_map(value).collect();
            let n = own.len() as f64;
            let (time, level) = own.iter().fold((0.0, 0.0), |(t, v), (time, value)| (t + time / n, v + value / n));
            points.extend(own.iter().map(|(when, value)| (when - time, value - level)));
            cells += usize::from(!own.is_empty());
        }
        let sum = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
        let spread = sum(&|(time, _)| time * time);
        let slope = sum(&|(time, value)| time * value) / spread;
        let freedom = points.len().checked_sub(cells + 1).filter(|freedom| 0 < *freedom)? as f64;
        let error = (sum(&|(time, value)| (value - slope * time).powi(2)) / freedom / spread).sqrt();
        let p_value = t_two_sided_p(slope / error, freedom)?;
        (p_value <= CHANCE).then_some(Self { slope })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Runs;

    /// Runs of two frameworks at two levels, in this order, a minute apart, that get slower by 1 % each.
    fn runs(order: &str) -> Runs {
        let run = |(place, name): (usize, char)| Run {
            framework: name.to_ascii_lowercase().to_string(),
            concurrency: Some(if name.is_uppercase() { 10 } else { 1 }),
            timestamp: Some(place as i64 * 60_000_000),
            total_time: Some(1.01_f64.powi(place as i32)),
            ..Run::default()
        };
        Runs::new(order.chars().enumerate().map(run).collect())
    }

    fn in_blocks(order: &str) -> bool {
        let runs = runs(order);
        let series: Vec<SeriesRuns<'_>> = runs.series().collect();
        are_blocks(series[0], series[1])
    }

    #[test]
    fn blocks_are_told_from_turns() {
        assert!(in_blocks("aaaAAAbbbBBB") && in_blocks("aaabbbAAABBB"));
        assert!(!in_blocks("abababABABAB") && !in_blocks("abbaabBBAABA"));
        // A single run each is no block.
        assert!(!in_blocks("aAbB"));
    }

    #[test]
    fn the_slope_is_that_within_cells() {
        let runs = runs("aaaAAAbbbBBB");
        let series: Vec<SeriesRuns<'_>> = runs.series().collect();
        let drift = Drift::within_cells(&series, Metric::TotalTime).unwrap();
        assert!((drift.slope - 60.0 * 1.01_f64.ln()).abs() < 1e-9, "{drift:?}");
    }
}
