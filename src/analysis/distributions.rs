//! How the latencies of a cell are distributed: from its requests where there are any, else from what its tool reported.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{Histogram, Latency, Profile, Run};

/// The latencies of all runs of one framework, scenario and concurrency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once; null where it is not known.
    pub concurrency: Option<u32>,
    /// How many latencies there are, of successful requests; null where a tool only reported percentiles.
    pub count: Option<u64>,
    /// Ascending in `p`: from all requests, in steps that halve with the distance to 1 and end with the largest latency;
    /// or the few that the tool reported, and where there are several runs, the lower median of each.
    pub quantiles: Vec<Quantile>,
}

/// A latency with the share of requests that did not exceed it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantile {
    /// The share, from 0 to 1.
    pub p: f64,
    /// The latency, s.
    pub latency: f64,
}

/// The distributions of all cells that have one, by framework, scenario and concurrency as the runs bring them, levels
/// ascending.
pub(super) fn distributions(runs: &[Run], profiles: &[Option<Arc<Profile>>]) -> Vec<Distribution> {
    let mut series: IndexMap<(&str, &str), IndexMap<Option<u32>, Parts<'_>>> = IndexMap::new();
    for (run, profile) in runs.iter().zip(profiles.iter().map(Some).chain(std::iter::repeat(None))) {
        let levels = series.entry((&run.framework, &run.scenario)).or_default();
        let parts = levels.entry(run.concurrency).or_default();
        match profile.and_then(Option::as_ref).filter(|profile| !profile.latencies.is_empty()) {
            Some(profile) => parts.histograms.push(&profile.latencies),
            None => parts.reported.push(&run.latency),
        }
    }
    let mut distributions = Vec::new();
    for ((framework, scenario), mut levels) in series {
        levels.sort_unstable_keys();
        for (concurrency, parts) in levels {
            let (count, quantiles) = parts.quantiles();
            if !quantiles.is_empty() {
                let (framework, scenario) = (framework.to_owned(), scenario.to_owned());
                distributions.push(Distribution { framework, scenario, concurrency, count, quantiles });
            }
        }
    }
    distributions
}

/// What the runs of a cell know of their latencies.
#[derive(Default)]
struct Parts<'a> {
    histograms: Vec<&'a Histogram>,
    reported: Vec<&'a Latency>,
}

impl Parts<'_> {
    fn quantiles(&self) -> (Option<u64>, Vec<Quantile>) {
        let Some((first, others)) = self.histograms.split_first() else { return (None, self.reported_quantiles()) };
        let mut merged = (*first).clone();
        for other in others {
            // One of another precision adds nothing; the count says how many there are.
            merged.merge(other);
        }
        (Some(merged.count()), histogram_quantiles(&merged))
    }

    fn reported_quantiles(&self) -> Vec<Quantile> {
        let quantile = |(p, of): (f64, Reported)| {
            let mut latencies: Vec<f64> = self.reported.iter().filter_map(|latency| of(latency)).collect();
            latencies.sort_by(f64::total_cmp);
            // Percentiles of different runs can't be merged, and are not averaged: one that was reported stands for all.
            let latency = *latencies.get(latencies.len().checked_sub(1)? / 2)?;
            Some(Quantile { p, latency })
        };
        REPORTED.into_iter().filter_map(quantile).collect()
    }
}

/// Where a run keeps one of the percentiles that tools report.
type Reported = fn(&Latency) -> Option<f64>;

/// The percentiles that tools report.
const REPORTED: [(f64, Reported); 6] = [
    (0.5, |latency| latency.p50),
    (0.75, |latency| latency.p75),
    (0.9, |latency| latency.p90),
    (0.95, |latency| latency.p95),
    (0.99, |latency| latency.p99),
    (0.999, |latency| latency.p99_9),
];

/// How many steps there are from one share to the one half as far from 1, as in HdrHistogram's percentile tables.
const STEPS_PER_HALVING: usize = 5;

/// Enough steps for 2^31 requests, and the decimal shares that people ask for.
const MOST_STEPS: usize = 31 * STEPS_PER_HALVING + DECIMAL.len();

/// Shares that are always among the steps.
const DECIMAL: [f64; 8] = [0.75, 0.95, 0.99, 0.999, 0.999_9, 0.999_99, 0.999_999, 0.999_999_9];

fn histogram_quantiles(histogram: &Histogram) -> Vec<Quantile> {
    let mut steps = [1.0; MOST_STEPS];
    for (index, step) in steps.iter_mut().enumerate() {
        let left = 0.5_f64.powi((index / STEPS_PER_HALVING) as i32);
        let within = (index % STEPS_PER_HALVING) as f64 / STEPS_PER_HALVING as f64;
        let decimal = index.checked_sub(MOST_STEPS - DECIMAL.len()).and_then(|index| DECIMAL.get(index));
        *step = decimal.copied().unwrap_or(1.0 - left + left / 2.0 * within);
    }
    steps.sort_by(f64::total_cmp);
    let count = histogram.count() as f64;
    let latencies = histogram.quantiles(steps);
    let below_last = steps.into_iter().zip(latencies).filter(|(p, _)| 1.0 <= (1.0 - p) * count);
    let mut quantiles: Vec<Quantile> =
        below_last.filter_map(|(p, latency)| Some(Quantile { p, latency: latency? })).collect();
    quantiles.dedup_by(|next, one| next.p <= one.p);
    quantiles.extend(histogram.max().map(|latency| Quantile { p: 1.0, latency }));
    quantiles
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn repetitions_are_merged_and_quantiles_reach_from_the_smallest_to_the_largest() {
        let runs = [run(Some(8), Latency::default()), run(Some(8), Latency::default())];
        let profiles = [profile((1..=500).map(f64::from)), profile((501..=1000).map(f64::from))];
        let found = distributions(&runs, &profiles);
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
        let found = distributions(&[run(None, Latency::default())], &[profile([0.25])]);
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
            let found = distributions(&runs, &profiles);
            assert_eq!(found.len(), 1);
            let quantiles: Vec<_> = found[0].quantiles.iter().map(|quantile| (quantile.p, quantile.latency)).collect();
            assert_eq!((found[0].count, quantiles), (None, vec![(0.5, 2.0), (0.99, 9.0)]));
        }
    }

    #[test]
    fn levels_ascend() {
        let latency = Latency { p50: Some(1.0), ..Latency::default() };
        let found = distributions(&[run(Some(9), latency), run(None, latency), run(Some(1), latency)], &[]);
        let levels: Vec<_> = found.iter().map(|distribution| distribution.concurrency).collect();
        assert_eq!(levels, [None, Some(1), Some(9)]);
    }
}
