//! Requests put together to runs, one request after the other, in memory that grows with the runs and not the requests.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::derive;
use super::order::{Order, OutOfOrder};
use crate::record::{Column, Latency, OpenValues, Origin, Precision, Profile, RequestTicks, Run, SampleKey};

/// Where the runs of an input begin that are cut, ns on the clock of each.
pub(super) type Cuts = HashMap<Origin, i64>;

/// Makes the profiles of one input.
#[derive(Debug, Clone, Default)]
pub(super) struct Profiles {
    precision: Precision,
    cuts: Arc<Cuts>,
    /// How many were made by number.
    made: usize,
}

impl Profiles {
    /// Those of an input with such cuts, and histograms of this precision.
    pub(super) fn new(precision: Precision, cuts: Arc<Cuts>) -> Self {
        Self { precision, cuts, made: 0 }
    }

    /// The profile of the next run to begin, for an input that is read from its beginning to its end.
    pub(super) fn next(&mut self) -> (Origin, Profile) {
        let origin = Origin::Number(self.made);
        self.made += 1;
        let profile = self.of(&origin);
        (origin, profile)
    }

    fn of(&self, origin: &Origin) -> Profile {
        let profile = Profile::new(self.precision);
        self.cuts.get(origin).copied().into_iter().fold(profile, Profile::cut_until)
    }
}

/// A series that was seen before, so that a request need not carry its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeriesId(usize);

/// The runs that the requests of one input make up, in the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct SampleRuns {
    profiles: Profiles,
    runs: IndexMap<SampleKey, SampleRun>,
    out_of_order: OutOfOrder,
    /// Requests that were added last, all of one series: neighbours mostly are, and are quicker to add up together.
    waiting: Vec<RequestTicks>,
    /// The series of those that wait.
    of: SeriesId,
}

/// How many requests may wait: as many as stay near the processor.
const MOST_WAITING: usize = 256;

#[derive(Debug)]
struct SampleRun {
    /// Where in the input the first request of it stands.
    place: u64,
    profile: Profile,
    order: Order,
}

impl SampleRuns {
    /// No runs, whose profiles are to be made so.
    pub(super) fn new(profiles: Profiles) -> Self {
        Self { profiles, ..Self::default() }
    }

    /// Goes on with another piece of the input.
    pub(super) fn begin_piece(&mut self) {
        self.runs.values_mut().for_each(|run| run.order = Order::new());
    }

    /// The series of these names, whose first request stands at `place`: any number that grows along the input.
    pub(super) fn series(&mut self, key: SampleKey, place: u64) -> SeriesId {
        if let Some(index) = self.runs.get_index_of(&key) {
            return SeriesId(index);
        }
        let profile = self.profiles.of(&Origin::Names(key.clone()));
        SeriesId(self.runs.insert_full(key, SampleRun { place, profile, order: Order::new() }).0)
    }

    /// Adds one request of a series; returns whether it is out of order, which is counted by [`SampleRuns::out_of_order`].
    #[inline]
    pub(super) fn add(&mut self, series: SeriesId, request: RequestTicks) -> bool {
        if series != self.of || self.waiting.len() == MOST_WAITING {
            self.add_waiting();
            self.of = series;
        }
        self.waiting.push(request);
        self.runs.get_index_mut(series.0).is_some_and(|(_, run)| run.order.goes_back(&request))
    }

    fn add_waiting(&mut self) {
        if let Some((_, run)) = self.runs.get_index_mut(self.of.0) {
            run.profile.add_all(&self.waiting);
        }
        self.waiting.clear();
    }

    /// The requests that are out of order.
    pub(super) fn out_of_order(&mut self) -> &mut OutOfOrder {
        &mut self.out_of_order
    }

    /// Adds all requests of another part of the input.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.add_waiting();
        other.add_waiting();
        self.out_of_order.merge(&other.out_of_order);
        for (key, part) in other.runs {
            match self.runs.get_mut(&key) {
                Some(run) => {
                    run.place = run.place.min(part.place);
                    // Both parts were read with one precision.
                    run.profile.merge(&part.profile);
                }
                None => drop(self.runs.insert(key, part)),
            }
        }
        self.runs.sort_by(|_, one, _, other| one.place.cmp(&other.place));
    }

    /// The runs. What they say of time is derived: the input holds requests and not runs.
    pub(super) fn into_runs(mut self) -> impl Iterator<Item = Run> {
        self.add_waiting();
        self.runs.into_iter().map(|(key, run)| {
            let SampleKey { framework, scenario, concurrency, repetition } = key.clone();
            let origin = Some(Origin::Names(key));
            let named = Run { framework, scenario, concurrency, repetition, origin, ..Run::default() };
            profiled(named, run.profile)
        })
    }
}

/// The run of these names whose requests are these.
pub(super) fn profiled(named: Run, profile: Profile) -> Run {
    let latencies = &profile.latencies;
    let [p50, p75, p90, p95, p99, p99_9] = latencies.quantiles([0.5, 0.75, 0.9, 0.95, 0.99, 0.999]);
    let mut run = Run {
        timestamp: profile.span.map(|span| span.from).filter(|&start| DATES <= start).map(|start| start / 1_000),
        total_time: profile.span.map(|span| span.length() as f64 / 1e9),
        requests_count: Some(profile.requests),
        success_count: Some(profile.requests - profile.errors),
        error_count: Some(profile.errors),
        latency: Latency {
            mean: latencies.mean(),
            std: latencies.std(),
            min: latencies.min(),
            p50,
            p75,
            p90,
            p95,
            p99,
            p99_9,
            max: latencies.max(),
        },
        bytes_read: profile.bytes,
        profile: Some(Arc::new(profile)),
        ..named
    };
    if run.total_time.is_some() {
        run.mark_derived(Column::TotalTime);
    }
    run
}

/// A run anew from these requests: of what it was, its names are left, and where it was read from.
pub(super) fn profiled_anew(run: Run, profile: Profile) -> Run {
    let named = Run {
        profile: None,
        latency: Latency::default(),
        derived: Vec::new(),
        avg_time_per_request: None,
        // They are those of a part, and nothing is known of how parts add up.
        open: OpenValues::default(),
        ..run
    };
    let mut run = profiled(named, profile);
    // What there was to say of the parts is said.
    derive::complete(&mut run);
    run
}

/// From here on, ns are since 1970 and not since a test began: the seconds have ten digits, as they do from 2001 on.
const DATES: i64 = 1_000_000_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RequestSample;

    fn sample(start: f64, latency: f64, ok: bool) -> RequestTicks {
        RequestSample { start: Some(start), latency: Some(latency), ok, bytes: Some(100) }.into()
    }

    #[test]
    fn requests_become_a_run() {
        let mut samples = SampleRuns::default();
        let key = SampleKey { framework: "asyncio".into(), concurrency: Some(2), ..SampleKey::default() };
        let series = samples.series(key.clone(), 0);
        samples.add(series, sample(10.5, 0.25, true));
        samples.add(series, sample(10.0, 0.5, true));
        assert_eq!(samples.series(key, 5), series);
        samples.add(series, sample(11.0, 1.0, false));
        samples.add(series, RequestSample { start: Some(10.2), latency: None, ok: true, bytes: None }.into());

        let runs: Vec<Run> = samples.into_runs().collect();
        let [run] = runs.as_slice() else { panic!("one run, not {runs:?}") };
        assert_eq!((run.requests_count, run.success_count, run.error_count), (Some(4), Some(3), Some(1)));
        assert_eq!((run.total_time, run.timestamp, run.bytes_read), (Some(2.0), None, Some(300)));
        assert_eq!(run.profile.as_ref().map(|profile| profile.invalid_latencies), Some(1));
        assert_eq!((run.latency.min, run.latency.max, run.latency.mean), (Some(0.25), Some(0.5), Some(0.375)));
        assert!(run.is_derived(Column::TotalTime));
    }

    #[test]
    fn without_a_start_there_is_no_total_time() {
        let mut samples = SampleRuns::default();
        let series = samples.series(SampleKey::default(), 0);
        samples.add(series, RequestSample { start: None, latency: Some(0.1), ok: true, bytes: None }.into());
        let run = samples.into_runs().next().unwrap();
        assert_eq!((run.total_time, run.latency.p50), (None, Some(0.1)));
    }

    #[test]
    fn parts_add_up_in_the_order_of_the_input() {
        let key = |framework: &str| SampleKey { framework: framework.into(), ..SampleKey::default() };
        let part = |names: &[(&str, u64)]| {
            let mut samples = SampleRuns::default();
            for &(name, place) in names {
                let series = samples.series(key(name), place);
                samples.add(series, sample(place as f64, 0.5, true));
            }
            samples
        };
        let mut second = part(&[("c", 3), ("a", 4)]);
        second.merge(part(&[("a", 1), ("b", 2)]));
        let told: Vec<_> = second.into_runs().map(|run| (run.framework, run.requests_count, run.total_time)).collect();
        assert_eq!(
            told,
            [("a".into(), Some(2), Some(3.5)), ("b".into(), Some(1), Some(0.5)), ("c".into(), Some(1), Some(0.5))]
        );
    }
}
