//! How the latencies of a cell are distributed: from its requests where there are any, else from the histogram that its
//! tool kept and the percentiles that it reported, else from these alone.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{CellRuns, Column, Histogram, Latency, Resolution, Run, Runs, ToolHistogram};

/// The latencies of all runs of one framework, scenario and concurrency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once; null where it is not known.
    pub concurrency: Option<u32>,
    /// How many latencies there are: of successful requests, or all that a tool has in its histogram; null where it only
    /// reported percentiles.
    pub count: Option<u64>,
    /// How exactly they are known, and from what.
    pub resolution: Resolution,
    /// Ascending in `p`: from all requests, in steps that halve with the distance to 1 and end with the largest latency;
    /// or the ends of the buckets of a tool's histogram, with the percentiles that it reported between them; or these alone.
    /// Of a reported percentile that several runs have it is the lower median, beside a histogram only where that allows it.
    pub quantiles: Vec<Quantile>,
}

/// A latency with the share of requests that did not exceed it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantile {
    /// The share, from 0 to 1.
    pub p: f64,
    /// The latency, s.
    pub latency: f64,
    /// The least that it can be, s, where it is the end of a bucket of a tool's histogram; null where it is not.
    pub at_least: Option<f64>,
}

impl Quantile {
    fn new(p: f64, latency: f64) -> Self {
        Self { p, latency, at_least: None }
    }
}

/// The distributions of all cells that have one, in the order of [`Runs::cells`].
pub(super) fn distributions(runs: &Runs) -> Vec<Distribution> {
    let of_cell = |cell: CellRuns<'_>| {
        let mut parts = Parts::default();
        for run in cell.iter() {
            match run.profile.as_ref().filter(|profile| !profile.latencies.is_empty()) {
                Some(profile) => parts.histograms.push(&profile.latencies),
                None => parts.reported.push(run),
            }
        }
        let (count, resolution, quantiles) = parts.quantiles();
        let key = cell.key();
        (!quantiles.is_empty()).then(|| Distribution {
            framework: key.series.framework.clone(),
            scenario: key.series.scenario.clone(),
            concurrency: key.concurrency,
            count,
            resolution,
            quantiles,
        })
    };
    runs.cells().filter_map(of_cell).collect()
}

/// What the runs of a cell know of their latencies.
#[derive(Default)]
struct Parts<'a> {
    histograms: Vec<&'a Histogram>,
    reported: Vec<&'a Run>,
}

impl Parts<'_> {
    fn quantiles(&self) -> (Option<u64>, Resolution, Vec<Quantile>) {
        if let Some((first, others)) = self.histograms.split_first() {
            let mut merged = (*first).clone();
            for other in others {
                // One of other ticks adds nothing; the count says how many there are.
                merged.merge(other);
            }
            let resolution = Resolution::Requests { relative_error: merged.precision().relative_error() };
            return (Some(merged.count()), resolution, histogram_quantiles(&merged));
        }
        let with_histogram: Vec<_> =
            self.reported.iter().filter_map(|run| Some((*run, run.tool_histogram.as_deref()?))).collect();
        match tool_quantiles(&with_histogram) {
            Some((count, resolution, quantiles)) => (Some(count), resolution, quantiles),
            None => (None, Resolution::Reported, reported_quantiles(self.reported.iter().copied(), false)),
        }
    }
}

/// What the histograms of these runs tell together, with the percentiles that their tool reported; `None` where they tell no
/// more than these.
fn tool_quantiles(runs: &[(&Run, &ToolHistogram)]) -> Option<(u64, Resolution, Vec<Quantile>)> {
    let mut merged = ToolHistogram::default();
    runs.iter().for_each(|(_, histogram)| merged.merge(histogram));
    let mut quantiles = reported_quantiles(runs.iter().map(|(run, _)| *run), true);
    if 1 < runs.len() {
        // That of one run does not stand for all where all together say otherwise.
        let is_allowed = |latency: f64, (low, high)| low <= latency && latency <= high;
        quantiles.retain(|one| merged.bounds(one.p).is_some_and(|bounds| is_allowed(one.latency, bounds)));
    }
    let (mut relative_error, mut widest) = (0.0_f64, None);
    let mut grid = grid().into_iter().peekable();
    for step in merged.steps() {
        let is_wanted = std::iter::from_fn(|| grid.next_if(|p| *p <= step.p)).last().is_some();
        // What a tool reports is more exact than the bucket that it lies in.
        let goes_with = |one: &Quantile| match one.p.total_cmp(&step.p) {
            Ordering::Less => one.latency <= step.at_most,
            Ordering::Equal => false,
            Ordering::Greater => step.at_most <= one.latency,
        };
        if is_wanted && quantiles.iter().filter(|one| one.at_least.is_none()).all(goes_with) {
            let width = step.at_most - step.at_least;
            widest = Some(width.max(widest.unwrap_or(0.0)));
            relative_error = relative_error.max(if 0.0 < width { width / step.at_most } else { 0.0 });
            quantiles.push(Quantile { p: step.p, latency: step.at_most, at_least: Some(step.at_least) });
        }
    }
    quantiles.sort_by(|one, other| one.p.total_cmp(&other.p));
    Some((merged.count(), Resolution::ToolHistogram { relative_error, widest: widest? }, quantiles))
}

/// The percentiles that tools report of these runs; without those that were derived, where `is_strict`.
fn reported_quantiles<'a>(runs: impl Iterator<Item = &'a Run> + Clone, is_strict: bool) -> Vec<Quantile> {
    let quantile = |(p, column, of): (f64, Column, Reported)| {
        let told = runs.clone().filter(|run| !is_strict || !run.is_derived(column));
        let mut latencies: Vec<f64> = told.filter_map(|run| of(&run.latency)).collect();
        latencies.sort_by(f64::total_cmp);
        // Percentiles of different runs can't be merged, and are not averaged: one that was reported stands for all.
        let latency = *latencies.get(latencies.len().checked_sub(1)? / 2)?;
        Some(Quantile::new(p, latency))
    };
    REPORTED.into_iter().filter_map(quantile).collect()
}

/// Where a run keeps one of the percentiles that tools report.
type Reported = fn(&Latency) -> Option<f64>;

/// The percentiles that tools report.
const REPORTED: [(f64, Column, Reported); 6] = [
    (0.5, Column::LatencyP50, |latency| latency.p50),
    (0.75, Column::LatencyP75, |latency| latency.p75),
    (0.9, Column::LatencyP90, |latency| latency.p90),
    (0.95, Column::LatencyP95, |latency| latency.p95),
    (0.99, Column::LatencyP99, |latency| latency.p99),
    (0.999, Column::LatencyP99_9, |latency| latency.p99_9),
];

/// How many steps there are from one share to the one half as far from 1, as in HdrHistogram's percentile tables.
const STEPS_PER_HALVING: usize = 5;

/// Enough steps for 2^31 requests, and the decimal shares that people ask for.
const MOST_STEPS: usize = 31 * STEPS_PER_HALVING + DECIMAL.len();

/// Shares that are always among the steps.
const DECIMAL: [f64; 8] = [0.75, 0.95, 0.99, 0.999, 0.999_9, 0.999_99, 0.999_999, 0.999_999_9];

/// The shares at which distributions are told, ascending.
fn grid() -> [f64; MOST_STEPS] {
    let mut steps = [1.0; MOST_STEPS];
    for (index, step) in steps.iter_mut().enumerate() {
        let left = 0.5_f64.powi((index / STEPS_PER_HALVING) as i32);
        let within = (index % STEPS_PER_HALVING) as f64 / STEPS_PER_HALVING as f64;
        let decimal = index.checked_sub(MOST_STEPS - DECIMAL.len()).and_then(|index| DECIMAL.get(index));
        *step = decimal.copied().unwrap_or(1.0 - left + left / 2.0 * within);
    }
    steps.sort_by(f64::total_cmp);
    steps
}

fn histogram_quantiles(histogram: &Histogram) -> Vec<Quantile> {
    let steps = grid();
    let count = histogram.count() as f64;
    let latencies = histogram.quantiles(steps);
    let below_last = steps.into_iter().zip(latencies).filter(|(p, _)| 1.0 <= (1.0 - p) * count);
    let mut quantiles: Vec<Quantile> = below_last.filter_map(|(p, latency)| Some(Quantile::new(p, latency?))).collect();
    quantiles.dedup_by(|next, one| next.p <= one.p);
    quantiles.extend(histogram.max().map(|latency| Quantile::new(1.0, latency)));
    quantiles
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::record::Profile;

    fn profile(latencies: impl IntoIterator<Item = f64>) -> Option<Arc<Profile>> {
        let mut profile = Profile::default();
        for latency in latencies {
            profile.latencies.record(latency);
        }
        Some(Arc::new(profile))
    }

    fn run(concurrency: Option<u32>, latency: Latency) -> Run {
        Run { framework: "a".to_owned(), concurrency, latency, ..Run::default() }
    }

    /// What is found of runs with these profiles and histograms, as far as they have any.
    fn distributions(
        runs: &[Run],
        profiles: &[Option<Arc<Profile>>],
        histograms: &[Option<Arc<ToolHistogram>>],
    ) -> Vec<Distribution> {
        let of = |(index, run): (usize, &Run)| Run {
            profile: profiles.get(index).cloned().flatten(),
            tool_histogram: histograms.get(index).cloned().flatten(),
            ..run.clone()
        };
        super::distributions(&Runs::new(runs.iter().enumerate().map(of).collect()))
    }

    #[test]
    fn repetitions_are_merged_and_quantiles_reach_from_the_smallest_to_the_largest() {
        let runs = [run(Some(8), Latency::default()), run(Some(8), Latency::default())];
        let profiles = [profile((1..=500).map(f64::from)), profile((501..=1000).map(f64::from))];
        let found = distributions(&runs, &profiles, &[]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].count, Some(1000));
        for (p, latency) in [(0.0, 1.0), (0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (0.999, 999.0), (1.0, 1000.0)] {
            let quantile = found[0].quantiles.iter().find(|quantile| (quantile.p - p).abs() < 1e-12).unwrap();
            assert!((quantile.latency / latency - 1.0).abs() <= 1.0 / 1024.0, "{p}: {}", quantile.latency);
        }
        let shares: Vec<f64> = found[0].quantiles.iter().map(|quantile| quantile.p).collect();
        assert!(shares.windows(2).all(|pair| pair[0] < pair[1]), "{shares:?}");
        assert!(found[0].quantiles.windows(2).all(|pair| pair[0].latency <= pair[1].latency));
    }

    #[test]
    fn one_request_has_its_latency_and_nothing_else() {
        let found = distributions(&[run(None, Latency::default())], &[profile([0.25])], &[]);
        let shares: Vec<f64> = found[0].quantiles.iter().map(|quantile| quantile.p).collect();
        assert_eq!(shares, [0.0, 1.0]);
    }

    #[test]
    fn reported_percentiles_stand_where_there_are_no_requests() {
        let reported = |p50, p99| Latency { p50, p99, ..Latency::default() };
        let runs = [
            run(Some(2), reported(Some(3.0), Some(9.0))),
            run(Some(2), reported(Some(1.0), None)),
            run(Some(2), reported(Some(2.0), None)),
            run(Some(1), Latency::default()),
        ];
        for profiles in [vec![], vec![None; 4], vec![profile([]), None, None, None]] {
            let found = distributions(&runs, &profiles, &[]);
            assert_eq!(found.len(), 1);
            let quantiles: Vec<_> = found[0].quantiles.iter().map(|quantile| (quantile.p, quantile.latency)).collect();
            assert_eq!((found[0].count, quantiles), (None, vec![(0.5, 2.0), (0.99, 9.0)]));
        }
    }

    fn tool_histogram(buckets: &[(f64, f64, u64)]) -> Option<Arc<ToolHistogram>> {
        let mut histogram = ToolHistogram::default();
        buckets.iter().for_each(|(lower, upper, count)| assert!(histogram.add(*lower, *upper, *count)));
        Some(Arc::new(histogram))
    }

    fn told(distribution: &Distribution) -> Vec<(f64, f64, Option<f64>)> {
        distribution.quantiles.iter().map(|quantile| (quantile.p, quantile.latency, quantile.at_least)).collect()
    }

    #[test]
    fn a_tools_histogram_stands_with_the_percentiles_that_it_reported() {
        let mut one = run(Some(2), Latency { p50: Some(1.5), p99: Some(6.0), p99_9: Some(9.0), ..Latency::default() });
        one.mark_derived(Column::LatencyP99_9);
        let histogram = tool_histogram(&[(1.0, 2.0, 6), (2.0, 4.0, 3), (4.0, 8.0, 1)]);
        let found = distributions(std::slice::from_ref(&one), &[], std::slice::from_ref(&histogram));
        let expected = [(0.5, 1.5, None), (0.6, 2.0, Some(1.0)), (0.9, 4.0, Some(2.0)), (0.99, 6.0, None)];
        assert_eq!(told(&found[0]), [&expected[..], &[(1.0, 8.0, Some(4.0))]].concat());
        let resolution = Resolution::ToolHistogram { relative_error: 0.5, widest: 4.0 };
        assert_eq!((found[0].count, found[0].resolution), (Some(10), resolution));

        // Of both runs together the median may be above 2, so that of one does not stand for it.
        let other = tool_histogram(&[(2.0, 4.0, 30)]);
        let runs = [one, run(Some(2), Latency::default())];
        let found = distributions(&runs, &[], &[histogram, other]);
        let expected = [(0.15, 2.0, Some(1.0)), (0.975, 4.0, Some(2.0)), (0.99, 6.0, None), (1.0, 8.0, Some(4.0))];
        assert_eq!((found[0].count, told(&found[0])), (Some(40), expected.to_vec()));
    }

    #[test]
    fn requests_are_worth_more_than_a_tools_histogram() {
        let runs = [run(Some(2), Latency::default()), run(Some(2), Latency::default())];
        let found = distributions(&runs, &[profile([0.25]), None], &[None, tool_histogram(&[(1.0, 2.0, 6)])]);
        assert_eq!(
            (found[0].count, found[0].resolution),
            (Some(1), Resolution::Requests { relative_error: 1.0 / 1024.0 })
        );
    }

    #[test]
    fn levels_ascend_and_the_unknown_one_comes_last() {
        let latency = Latency { p50: Some(1.0), ..Latency::default() };
        let found = distributions(&[run(Some(9), latency), run(None, latency), run(Some(1), latency)], &[], &[]);
        let levels: Vec<_> = found.iter().map(|distribution| distribution.concurrency).collect();
        assert_eq!(levels, [Some(1), Some(9), None]);
    }
}
