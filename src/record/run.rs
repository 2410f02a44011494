//! One measured execution.

use std::sync::Arc;

use super::{Column, OpenValues, Origin, Profile, ToolHistogram, Work};

/// One measured execution at one concurrency: one row of the run table.
///
/// Times are in seconds, and every number is finite. `None` is "not known", never zero.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// The thing that is compared; never empty.
    pub framework: String,
    /// The work that was asked of it; empty where there is only one.
    pub scenario: String,
    /// Requests in flight at once, from 1; or the value of the parameter that `axis` names.
    pub concurrency: Option<u32>,
    /// What the level is where it is not a concurrency: the name of a parameter, such as `threads` or `n`. Empty for a
    /// concurrency.
    pub axis: String,
    /// What it is made of, and `requests_count` counts.
    pub work: Work,
    /// Which of several runs of the same cell this is, from 1; `None` until the runs of all inputs are put together.
    pub repetition: Option<u32>,
    /// When the run began, in microseconds since 1970-01-01 00:00 UTC.
    pub timestamp: Option<i64>,
    /// Wall-clock time of the run, s.
    pub total_time: Option<f64>,
    /// Requests that came to an end, in success or in error.
    pub requests_count: Option<u64>,
    /// Requests that succeeded.
    pub success_count: Option<u64>,
    /// Requests that failed.
    pub error_count: Option<u64>,
    /// Errors over requests, from 0 to 1, where it is known and the counts are not.
    pub error_share: Option<f64>,
    /// Whether its record says that something failed, and not in a way that is understood. Nothing is concluded from such a
    /// run.
    pub unclear_failures: bool,
    /// `total_time / requests_count`, s.
    pub avg_time_per_request: Option<f64>,
    /// The latencies of its successful requests, in summary.
    pub latency: Latency,
    /// Bytes received.
    pub bytes_read: Option<u64>,
    /// The values of metrics that are none of the fields above, such as the time to the first token.
    pub open: OpenValues,
    /// The format that it was read from.
    pub tool: String,
    /// The file, and the place in it, that it was read from.
    pub source: String,
    /// The columns that were derived from others, ascending.
    pub derived: Vec<Column>,
    /// Its requests, where it was put together from them. No column of the run table: a run that comes from there has none.
    pub profile: Option<Arc<Profile>>,
    /// Which of the runs of its input it is, where it was put together from requests. No column of the run table.
    pub origin: Option<Origin>,
    /// The histogram of its latencies, where the tool kept one; no column of the run table either.
    pub tool_histogram: Option<Arc<ToolHistogram>>,
}

/// A summary of the latencies of one run, s.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Latency {
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation, of the population where it is computed here.
    pub std: Option<f64>,
    /// Smallest.
    pub min: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 75th percentile.
    pub p75: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
    /// 99.9th percentile.
    pub p99_9: Option<f64>,
    /// Largest.
    pub max: Option<f64>,
}

/// Where a run keeps the value of one column.
#[derive(Debug, PartialEq)]
pub enum Slot<'run> {
    /// A text; empty where there is none.
    Text(&'run mut String),
    /// A unit of work.
    Work(&'run mut Work),
    /// A small number from 1.
    Level(&'run mut Option<u32>),
    /// Microseconds since 1970-01-01 00:00 UTC.
    Moment(&'run mut Option<i64>),
    /// A number of things.
    Count(&'run mut Option<u64>),
    /// Seconds.
    Time(&'run mut Option<f64>),
    /// Names of columns.
    Columns(&'run mut Vec<Column>),
}

/// What one column of a run holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RunValue<'run> {
    /// A text; empty where there is none.
    Text(&'run str),
    /// A small number from 1.
    Level(Option<u32>),
    /// Microseconds since 1970-01-01 00:00 UTC.
    Moment(Option<i64>),
    /// A number of things.
    Count(Option<u64>),
    /// Seconds.
    Time(Option<f64>),
    /// A unit of work.
    Work(Work),
    /// Names of columns.
    Columns(&'run [Column]),
}

/// Where each column is kept: texts and lists behind one kind of reference, numbers behind another or none.
macro_rules! field {
    ($run:ident, $column:expr, $kind:ident, [$($text:tt)*], [$($number:tt)*]) => {
        match $column {
            Column::Framework => $kind::Text($($text)* $run.framework),
            Column::Scenario => $kind::Text($($text)* $run.scenario),
            Column::Axis => $kind::Text($($text)* $run.axis),
            Column::Work => $kind::Work($($number)* $run.work),
            Column::Tool => $kind::Text($($text)* $run.tool),
            Column::Source => $kind::Text($($text)* $run.source),
            Column::Concurrency => $kind::Level($($number)* $run.concurrency),
            Column::Repetition => $kind::Level($($number)* $run.repetition),
            Column::Timestamp => $kind::Moment($($number)* $run.timestamp),
            Column::RequestsCount => $kind::Count($($number)* $run.requests_count),
            Column::SuccessCount => $kind::Count($($number)* $run.success_count),
            Column::ErrorCount => $kind::Count($($number)* $run.error_count),
            Column::BytesRead => $kind::Count($($number)* $run.bytes_read),
            Column::TotalTime => $kind::Time($($number)* $run.total_time),
            Column::AvgTimePerRequest => $kind::Time($($number)* $run.avg_time_per_request),
            Column::LatencyMean => $kind::Time($($number)* $run.latency.mean),
            Column::LatencyStd => $kind::Time($($number)* $run.latency.std),
            Column::LatencyMin => $kind::Time($($number)* $run.latency.min),
            Column::LatencyP50 => $kind::Time($($number)* $run.latency.p50),
            Column::LatencyP75 => $kind::Time($($number)* $run.latency.p75),
            Column::LatencyP90 => $kind::Time($($number)* $run.latency.p90),
            Column::LatencyP95 => $kind::Time($($number)* $run.latency.p95),
            Column::LatencyP99 => $kind::Time($($number)* $run.latency.p99),
            Column::LatencyP99_9 => $kind::Time($($number)* $run.latency.p99_9),
            Column::LatencyMax => $kind::Time($($number)* $run.latency.max),
            Column::Derived => $kind::Columns($($text)* $run.derived),
        }
    };
}

impl Run {
    /// Errors over all requests, between 0 and 1: that of the counts, or else the share that is known; `None` where neither
    /// is, or nothing was requested.
    pub fn error_rate(&self) -> Option<f64> {
        match (self.error_count, self.requests_count) {
            (Some(errors), Some(requests)) if 0 < requests => Some((errors as f64 / requests as f64).min(1.0)),
            _ => self.error_share,
        }
    }

    /// Whether something failed, and it is not known how much: of an unknown number of requests, or in a way that is not
    /// understood.
    pub fn fails_unknowably(&self) -> bool {
        let has_errors = self.error_count.is_some_and(|errors| 0 < errors);
        self.unclear_failures || (has_errors && self.error_rate().is_none())
    }

    /// Whether no request succeeded: none was made, none is known to have succeeded, or all failed.
    pub fn is_dead(&self) -> bool {
        let all_failed =
            matches!((self.requests_count, self.error_count), (Some(made), Some(failed)) if made <= failed);
        let none_succeeded =
            self.success_count.is_none() && (all_failed || self.error_share.is_some_and(|share| 1.0 <= share));
        self.success_count == Some(0) || self.requests_count == Some(0) || none_succeeded
    }

    /// Takes every time and open metric away, for a run whose times say how fast it failed and not how fast it works.
    pub fn forget_times(&mut self) {
        self.total_time = None;
        self.avg_time_per_request = None;
        self.latency = Latency::default();
        self.tool_histogram = None;
        self.open.clear();
        self.derived
            .retain(|column| matches!(column, Column::SuccessCount | Column::ErrorCount | Column::RequestsCount));
    }

    /// The place of a column in this run.
    pub fn slot(&mut self, column: Column) -> Slot<'_> {
        field!(self, column, Slot, [&mut], [&mut])
    }

    /// What a column holds in this run.
    pub fn value(&self, column: Column) -> RunValue<'_> {
        field!(self, column, RunValue, [&], [])
    }

    /// Marks a column as derived.
    pub fn mark_derived(&mut self, column: Column) {
        if let Err(place) = self.derived.binary_search(&column) {
            self.derived.insert(place, column);
        }
    }

    /// Whether a column was derived and not read.
    pub fn is_derived(&self, column: Column) -> bool {
        self.derived.binary_search(&column).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_dead_when_no_request_succeeded() {
        let run = |requests, success, errors| Run {
            requests_count: requests,
            success_count: success,
            error_count: errors,
            ..Run::default()
        };
        let table = [
            (run(Some(10), Some(0), Some(10)), true),
            (run(Some(10), None, Some(10)), true),
            (run(None, Some(0), Some(3)), true),
            (run(Some(10), Some(0), None), true),
            (run(Some(10), Some(1), Some(9)), false),
            (run(Some(0), Some(0), Some(0)), true),
            (run(Some(0), None, None), true),
            (run(None, Some(0), None), true),
            (run(None, None, Some(3)), false),
            (run(Some(10), None, None), false),
            (run(None, None, None), false),
            (Run { error_share: Some(1.0), ..Run::default() }, true),
            (Run { error_share: Some(0.9), ..Run::default() }, false),
        ];
        for (run, expected) in table {
            assert_eq!(run.is_dead(), expected, "{run:?}");
        }
    }

    #[test]
    fn an_error_rate_needs_both_counts() {
        let run = Run { requests_count: Some(200), error_count: Some(5), ..Run::default() };
        assert_eq!(run.error_rate(), Some(0.025));
        assert_eq!(Run { error_count: None, ..run.clone() }.error_rate(), None);
        assert_eq!(Run { requests_count: Some(0), ..run.clone() }.error_rate(), None);
        assert_eq!(Run { requests_count: None, error_share: Some(0.5), ..run.clone() }.error_rate(), Some(0.5));
        assert!(Run { requests_count: None, ..run.clone() }.fails_unknowably());
        assert!(Run { unclear_failures: true, ..Run::default() }.fails_unknowably());
        assert!(!run.fails_unknowably());
    }

    #[test]
    fn derived_columns_are_kept_once_and_in_order() {
        let mut run = Run::default();
        for column in [Column::LatencyMean, Column::TotalTime, Column::LatencyMean] {
            run.mark_derived(column);
        }
        assert_eq!(run.derived, [Column::TotalTime, Column::LatencyMean]);
        assert!(run.is_derived(Column::TotalTime) && !run.is_derived(Column::RequestsCount));
    }
}
