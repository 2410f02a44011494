//! What holds of every run, whichever format it comes from: errors are requests, and numbers are of a size that can be added,
//! divided and squared. What does not fit is taken out and reported, and never repaired.

use std::ops::RangeInclusive;

use super::derive::Remark;
use crate::record::{Column, Run, Slot};

/// Times that something can take, s: from what light needs for less than a nanometre up to thirty million years. Zero is a
/// time, too, for a coarse clock.
const TIMES: RangeInclusive<f64> = 1e-18..=1e15;

/// The largest value of any other metric, in its own unit.
const LARGEST: f64 = 1e30;

/// Takes out the times and metrics that nothing can have, so that no statistic of what is left overflows.
pub(super) fn keep_in_range(run: &mut Run) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for column in Column::ALL {
        let Slot::Time(slot) = run.slot(column) else { continue };
        if let Some(value) = slot.take_if(|time| !(TIMES.contains(time) || *time == 0.0)) {
            run.derived.retain(|derived| *derived != column);
            remarks.push(Remark::OutOfRange { name: column.name(), value });
        }
    }
    for (metric, value) in run.open.retain(|value| value.abs() <= LARGEST) {
        remarks.push(Remark::OutOfRange { name: metric.name(), value });
    }
    remarks
}

/// Takes out the counts of a run with more errors than requests, of which nobody knows which is wrong, and its times with
/// them. The errors stay, so that the run does not pass for one without any.
pub(super) fn settle_counts(run: &mut Run) -> Option<Remark> {
    let (requests, errors) = run.requests_count.zip(run.error_count).filter(|(requests, errors)| requests < errors)?;
    run.forget_times();
    run.requests_count = None;
    run.success_count = run.success_count.filter(|success| *success == 0);
    run.derived.clear();
    Some(Remark::MoreErrors { requests, errors })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::load::derive::complete;
    use crate::record::RunValue;

    fn any_time() -> impl Strategy<Value = Option<f64>> {
        let edges = [0.0, 5e-324, 1e-18, 1.0, 1e15, 1e300, f64::MAX, f64::INFINITY, f64::NAN];
        prop::option::of(prop_oneof![any::<f64>().prop_map(f64::abs), prop::sample::select(edges.to_vec())])
    }

    fn any_count() -> impl Strategy<Value = Option<u64>> {
        prop::option::of(prop_oneof![0..20_u64, any::<u64>()])
    }

    prop_compose! {
        fn any_run()(
            concurrency in prop::option::of(1..u32::MAX),
            [total_time, avg_time_per_request, mean, max] in [any_time(), any_time(), any_time(), any_time()],
            [requests_count, success_count, error_count] in [any_count(), any_count(), any_count()],
        ) -> Run {
            let mut run = Run {
                concurrency, total_time, avg_time_per_request, requests_count, success_count, error_count, ..Run::default()
            };
            (run.latency.mean, run.latency.max) = (mean, max);
            run
        }
    }

    fn times(run: &Run) -> Vec<f64> {
        let time = |column| match run.value(column) {
            RunValue::Time(time) => time,
            _ => None,
        };
        Column::ALL.into_iter().filter_map(time).collect()
    }

    proptest! {
        #[test]
        fn every_run_keeps_them(read in any_run()) {
            let mut run = read.clone();
            let remarks = complete(&mut run);
            prop_assert!(times(&run).iter().all(|time| *time == 0.0 || TIMES.contains(time)), "{run:?}");
            prop_assert!(run.requests_count.zip(run.error_count).is_none_or(|(made, failed)| failed <= made), "{run:?}");
            // What was read and is no longer there was spoken of.
            let is_lost = times(&run).len() < times(&read).len() || run.requests_count.is_none() && read.requests_count.is_some();
            prop_assert!(!is_lost || !remarks.is_empty(), "{read:?} became {run:?}");
            // A second look finds nothing more.
            let mut again = run.clone();
            prop_assert!(keep_in_range(&mut again).is_empty() && settle_counts(&mut again).is_none());
        }
    }

    #[test]
    fn a_run_with_more_errors_than_requests_has_neither_times_nor_successes() {
        let read = Run {
            total_time: Some(1.0),
            requests_count: Some(10),
            success_count: Some(10),
            error_count: Some(11),
            ..Run::default()
        };
        let mut run = read.clone();
        assert_eq!(complete(&mut run), [Remark::MoreErrors { requests: 10, errors: 11 }]);
        assert_eq!(run, Run { error_count: Some(11), ..Run::default() });
        let mut as_many = Run { error_count: Some(10), success_count: Some(0), ..read };
        assert_eq!(complete(&mut as_many), [Remark::Dead { requests: Some(10) }]);
    }
}
