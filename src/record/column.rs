//! The columns of the run table, by name.

use std::fmt;

use polars::prelude::{DataType, TimeUnit, TimeZone};

/// A column of the run table. The order is that of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The thing that is compared.
    Framework,
    /// The work that was asked of it.
    Scenario,
    /// Requests in flight at once.
    Concurrency,
    /// What the level is where it is not a concurrency: the name of a parameter.
    Axis,
    /// Which of several runs of one cell this is, from 1.
    Repetition,
    /// When the run began.
    Timestamp,
    /// Wall-clock time of the run.
    TotalTime,
    /// Requests that came to an end, in success or in error.
    RequestsCount,
    /// Requests that succeeded.
    SuccessCount,
    /// Requests that failed.
    ErrorCount,
    /// `total_time / requests_count`: the inverse of throughput.
    AvgTimePerRequest,
    /// Mean latency.
    LatencyMean,
    /// Standard deviation of the latency.
    LatencyStd,
    /// Smallest latency.
    LatencyMin,
    /// Median latency.
    LatencyP50,
    /// 75th percentile of the latency.
    LatencyP75,
    /// 90th percentile of the latency.
    LatencyP90,
    /// 95th percentile of the latency.
    LatencyP95,
    /// 99th percentile of the latency.
    LatencyP99,
    /// 99.9th percentile of the latency.
    LatencyP99_9,
    /// Largest latency.
    LatencyMax,
    /// Bytes received.
    BytesRead,
    /// The unit of work, which `requests_count` counts.
    Work,
    /// The format that the run was read from.
    Tool,
    /// The file, and the place in it, that the run was read from.
    Source,
    /// Which of the other columns were derived and not read.
    Derived,
}

impl Column {
    /// Every column, in the order of the table.
    pub const ALL: [Self; 26] = [
        Self::Framework,
        Self::Scenario,
        Self::Concurrency,
        Self::Axis,
        Self::Repetition,
        Self::Timestamp,
        Self::TotalTime,
        Self::RequestsCount,
        Self::SuccessCount,
        Self::ErrorCount,
        Self::AvgTimePerRequest,
        Self::LatencyMean,
        Self::LatencyStd,
        Self::LatencyMin,
        Self::LatencyP50,
        Self::LatencyP75,
        Self::LatencyP90,
        Self::LatencyP95,
        Self::LatencyP99,
        Self::LatencyP99_9,
        Self::LatencyMax,
        Self::BytesRead,
        Self::Work,
        Self::Tool,
        Self::Source,
        Self::Derived,
    ];

    /// The name in the table, in every file that is written and in every message.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Framework => "framework",
            Self::Scenario => "scenario",
            Self::Concurrency => "concurrency",
            Self::Axis => "axis",
            Self::Repetition => "repetition",
            Self::Timestamp => "timestamp",
            Self::TotalTime => "total_time",
            Self::RequestsCount => "requests_count",
            Self::SuccessCount => "success_count",
            Self::ErrorCount => "error_count",
            Self::AvgTimePerRequest => "avg_time_per_request",
            Self::LatencyMean => "latency_mean",
            Self::LatencyStd => "latency_std",
            Self::LatencyMin => "latency_min",
            Self::LatencyP50 => "latency_p50",
            Self::LatencyP75 => "latency_p75",
            Self::LatencyP90 => "latency_p90",
            Self::LatencyP95 => "latency_p95",
            Self::LatencyP99 => "latency_p99",
            Self::LatencyP99_9 => "latency_p99_9",
            Self::LatencyMax => "latency_max",
            Self::BytesRead => "bytes_read",
            Self::Work => "work",
            Self::Tool => "tool",
            Self::Source => "source",
            Self::Derived => "derived",
        }
    }

    /// How polars keeps it.
    pub const fn data_type(self) -> DataType {
        match self {
            Self::Framework | Self::Scenario | Self::Axis | Self::Work | Self::Tool | Self::Source | Self::Derived => {
                DataType::String
            }
            Self::Concurrency | Self::Repetition => DataType::UInt32,
            Self::Timestamp => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
            Self::RequestsCount | Self::SuccessCount | Self::ErrorCount | Self::BytesRead => DataType::UInt64,
            Self::TotalTime
            | Self::AvgTimePerRequest
            | Self::LatencyMean
            | Self::LatencyStd
            | Self::LatencyMin
            | Self::LatencyP50
            | Self::LatencyP75
            | Self::LatencyP90
            | Self::LatencyP95
            | Self::LatencyP99
            | Self::LatencyP99_9
            | Self::LatencyMax => DataType::Float64,
        }
    }

    /// The column of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
