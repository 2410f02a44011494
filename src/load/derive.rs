//! What follows from what a run says: counts from counts, a time from two others, and the two meanings of "average time
//! per request".
//!
//! A derived value is marked as derived. A run that contradicts itself stays as it is; the trust findings speak of it.

use std::fmt;

use super::diagnostic::{INVALID_VALUE, Severity};
use super::invariants::{keep_in_range, settle_counts};
use crate::record::{Column, Run};
use crate::stats::is_close;

/// How far `total_time / avg_time_per_request` may lie from a whole number to be taken for a number of requests. An
/// average that is printed with three digits is off by at most half a percent.
const COUNT_TOLERANCE: f64 = 0.01;

/// Something that was noticed while a run was completed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Remark {
    /// Every request failed, so its times are not kept.
    Dead {
        /// How many requests failed.
        requests: Option<u64>,
    },
    /// The average that the record gives is concurrency × total_time / requests_count, and so a latency.
    AverageIsLatency {
        /// What the record gave, s.
        average: f64,
    },
    /// A time of zero, which no run takes.
    ZeroTime(Column),
    /// A number of a size that nothing has.
    OutOfRange {
        /// The column, or the metric.
        name: &'static str,
        /// What the record gave, or what follows from it.
        value: f64,
    },
    /// More errors than requests.
    MoreErrors {
        /// How many requests the record gives.
        requests: u64,
        /// How many errors.
        errors: u64,
    },
}

impl Remark {
    /// How much it matters.
    pub(super) fn severity(&self) -> Severity {
        match self {
            Self::MoreErrors { .. } => Severity::Error,
            Self::Dead { .. } | Self::ZeroTime(_) | Self::OutOfRange { .. } => Severity::Warning,
            Self::AverageIsLatency { .. } => Severity::Notice,
        }
    }

    /// Its kind.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Dead { .. } => "dead-run",
            Self::AverageIsLatency { .. } => "average-is-latency",
            Self::ZeroTime(_) => "zero-time",
            Self::OutOfRange { .. } => INVALID_VALUE,
            Self::MoreErrors { .. } => "more-errors-than-requests",
        }
    }

    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Dead { .. } => "its times say how fast it failed and are left out; see why the target did not answer",
            Self::AverageIsLatency { .. } => {
                "it is kept as latency_mean, and avg_time_per_request is total_time / requests_count"
            }
            Self::ZeroTime(_) => "the value is left empty; the tool's clock may be too coarse",
            Self::OutOfRange { .. } => "the value is left empty; check its unit",
            Self::MoreErrors { .. } => {
                "its times and its number of requests are left empty; check what the two columns count"
            }
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dead { requests: Some(0) } => f.write_str("no request was made"),
            Self::Dead { requests: Some(1) } => f.write_str("the only request failed"),
            Self::Dead { requests: Some(requests) } => write!(f, "all {requests} requests failed"),
            Self::Dead { requests: None } => f.write_str("no request succeeded"),
            Self::AverageIsLatency { average } => {
                write!(f, "the average of {average} s is concurrency × total_time / requests_count, a mean latency")
            }
            Self::ZeroTime(column) => write!(f, "{column} is 0, which no run takes"),
            Self::OutOfRange { name, value } => write!(f, "{name} is {value:e}, which nothing can have"),
            Self::MoreErrors { requests, errors } => write!(f, "{errors} errors of {requests} requests can't be"),
        }
    }
}

/// Adds what follows from what is there, and takes away the times of a dead run and what can't be.
pub(super) fn complete(run: &mut Run) -> Vec<Remark> {
    let mut remarks = keep_in_range(run);
    complete_counts(run);
    for (column, time) in
        [(Column::TotalTime, &mut run.total_time), (Column::AvgTimePerRequest, &mut run.avg_time_per_request)]
    {
        if time.is_some_and(|time| time <= 0.0) {
            *time = None;
            remarks.push(Remark::ZeroTime(column));
        }
    }
    remarks.extend(settle_average(run));
    complete_times(run);
    complete_counts(run);
    remarks.extend(keep_in_range(run));
    // Only now is it known how many requests there were.
    let contradiction = settle_counts(run);
    if run.is_dead() {
        run.forget_times();
        return contradiction.into_iter().chain([Remark::Dead { requests: run.requests_count }]).collect();
    }
    remarks.extend(contradiction);
    remarks
}

/// Derives a concurrency that nobody told by Little's law: as many requests are in flight, on average, as throughput times
/// mean latency (Little, "A Proof for the Queuing Formula: L = λW", Operations Research 9, 1961).
pub(super) fn concurrency(run: &mut Run) {
    if let (None, Some(average), Some(latency)) = (run.concurrency, run.avg_time_per_request, run.latency.mean) {
        let in_flight = (latency / average).round();
        if (1.0..=f64::from(u32::MAX)).contains(&in_flight) {
            run.concurrency = Some(in_flight as u32);
            run.mark_derived(Column::Concurrency);
        }
    }
}

fn complete_counts(run: &mut Run) {
    let (column, count) = match (run.requests_count, run.success_count, run.error_count) {
        (None, Some(success), Some(errors)) => (Column::RequestsCount, success.checked_add(errors)),
        (Some(requests), None, Some(errors)) => (Column::SuccessCount, requests.checked_sub(errors)),
        (Some(requests), Some(success), None) => (Column::ErrorCount, requests.checked_sub(success)),
        _ => return,
    };
    let slot = match column {
        Column::RequestsCount => &mut run.requests_count,
        Column::SuccessCount => &mut run.success_count,
        _ => &mut run.error_count,
    };
    *slot = count;
    if count.is_some() {
        run.mark_derived(column);
    }
}

/// Two definitions of the average are about: T/n, which is ours, and c·T/n, a mean latency.
fn settle_average(run: &mut Run) -> Option<Remark> {
    let (average, total, requests) = (run.avg_time_per_request?, run.total_time?, run.requests_count? as f64);
    let concurrency = f64::from(run.concurrency?);
    let is_ours = is_close(average * requests, total);
    // A concurrency near a thousand or a million looks just like a mistaken unit.
    let may_be_unit = [1e3, 1e6].into_iter().any(|unit| is_close(concurrency, unit));
    if is_ours || may_be_unit || requests < 1.0 || !is_close(average * requests, concurrency * total) {
        return None;
    }
    run.avg_time_per_request = Some(total / requests);
    run.mark_derived(Column::AvgTimePerRequest);
    run.latency.mean = run.latency.mean.or(Some(average));
    Some(Remark::AverageIsLatency { average })
}

fn complete_times(run: &mut Run) {
    match (run.total_time, run.requests_count, run.avg_time_per_request) {
        (Some(total), Some(requests), None) if 0 < requests => {
            run.avg_time_per_request = Some(total / requests as f64);
            run.mark_derived(Column::AvgTimePerRequest);
        }
        (None, Some(requests), Some(average)) if 0 < requests => {
            run.total_time = Some(average * requests as f64);
            run.mark_derived(Column::TotalTime);
        }
        (Some(total), None, Some(average)) => {
            let requests = total / average;
            let whole = requests.round();
            if (1.0..1e15).contains(&whole) && (requests - whole).abs() <= COUNT_TOLERANCE * whole {
                run.requests_count = Some(whole as u64);
                run.mark_derived(Column::RequestsCount);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(total: Option<f64>, requests: Option<u64>, average: Option<f64>) -> Run {
        Run {
            concurrency: Some(10),
            total_time: total,
            requests_count: requests,
            avg_time_per_request: average,
            ..Run::default()
        }
    }

    #[test]
    fn each_of_three_follows_from_the_other_two() {
        let mut average = run(Some(4.0), Some(40), None);
        assert_eq!(complete(&mut average), []);
        assert_eq!((average.avg_time_per_request, &average.derived[..]), (Some(0.1), &[Column::AvgTimePerRequest][..]));

        let mut total = run(None, Some(40), Some(0.1));
        complete(&mut total);
        assert_eq!((total.total_time, &total.derived[..]), (Some(4.0), &[Column::TotalTime][..]));

        // 4.1 s at 0.102 s each, printed with three digits.
        let mut requests = run(Some(4.1), None, Some(0.102));
        complete(&mut requests);
        assert_eq!((requests.requests_count, &requests.derived[..]), (Some(40), &[Column::RequestsCount][..]));
    }

    #[test]
    fn a_number_of_requests_that_would_not_be_whole_is_not_derived() {
        let mut unsure = run(Some(4.0), None, Some(1.2));
        complete(&mut unsure);
        assert_eq!(unsure.requests_count, None);
    }

    #[test]
    fn an_average_that_is_a_latency_is_kept_as_one() {
        let mut latency = run(Some(4.0), Some(40), Some(1.0));
        assert_eq!(complete(&mut latency), [Remark::AverageIsLatency { average: 1.0 }]);
        assert_eq!((latency.avg_time_per_request, latency.latency.mean), (Some(0.1), Some(1.0)));
    }

    #[test]
    fn a_record_that_contradicts_itself_stays_as_it_is() {
        let mut contradiction = run(Some(4.0), Some(40), Some(100.0));
        assert_eq!(complete(&mut contradiction), []);
        assert_eq!(contradiction.avg_time_per_request, Some(100.0));
        assert_eq!(contradiction.derived, []);
    }

    #[test]
    fn a_dead_run_keeps_its_counts_and_loses_its_times() {
        let mut dead = Run { error_count: Some(40), ..run(Some(0.01), Some(40), None) };
        assert_eq!(complete(&mut dead), [Remark::Dead { requests: Some(40) }]);
        assert_eq!((dead.total_time, dead.avg_time_per_request, dead.success_count), (None, None, Some(0)));
        assert_eq!(dead.derived, [Column::SuccessCount]);
    }

    #[test]
    fn a_run_whose_requests_follow_from_its_times_can_be_dead() {
        let mut dead = Run { error_count: Some(40), ..run(Some(4.0), None, Some(0.1)) };
        assert_eq!(complete(&mut dead), [Remark::Dead { requests: Some(40) }]);
        assert_eq!((dead.total_time, dead.requests_count), (None, Some(40)));
    }

    #[test]
    fn a_concurrency_that_could_be_a_unit_settles_nothing() {
        let mut unsure = Run { concurrency: Some(1000), ..run(Some(4.0), Some(40), Some(100.0)) };
        assert_eq!(complete(&mut unsure), []);
        assert_eq!(unsure.avg_time_per_request, Some(100.0));
    }

    #[test]
    fn no_run_takes_no_time() {
        let mut zero = run(Some(0.0), Some(40), None);
        assert_eq!(complete(&mut zero), [Remark::ZeroTime(Column::TotalTime)]);
        assert_eq!((zero.total_time, zero.avg_time_per_request), (None, None));
    }

    #[test]
    fn a_concurrency_follows_from_throughput_and_latency() {
        let run = |concurrency, average, latency| {
            let mut run = Run { concurrency, avg_time_per_request: average, ..Run::default() };
            run.latency.mean = latency;
            concurrency_of(run)
        };
        assert_eq!(run(None, Some(0.01), Some(0.158)), (Some(16), true));
        assert_eq!(run(Some(8), Some(0.01), Some(0.158)), (Some(8), false));
        assert_eq!(run(None, Some(0.01), None), (None, false));
        assert_eq!(run(None, Some(0.01), Some(0.001)), (None, false));
    }

    fn concurrency_of(mut run: Run) -> (Option<u32>, bool) {
        concurrency(&mut run);
        (run.concurrency, run.is_derived(Column::Concurrency))
    }

    #[test]
    fn counts_that_can_not_be_are_not_derived() {
        let mut run = Run { requests_count: Some(10), error_count: Some(11), success_count: None, ..Run::default() };
        run.total_time = Some(1.0);
        complete(&mut run);
        assert_eq!(run.success_count, None);
    }
}
