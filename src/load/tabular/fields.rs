//! What a column of a file can hold.

use crate::record::Column;

use Column as C;

/// What a column of a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    /// A column of the run table.
    Column(Column),
    /// Requests per second, from which the average time per request follows.
    Throughput,
    /// When a request was sent.
    Start,
    /// How long a request took.
    Latency,
    /// The HTTP status of a request; 0 where there was no answer.
    Status,
    /// Whether a request succeeded.
    Ok,
    /// A metric that only this input has.
    Open,
    /// No column: the array whose records are meant.
    Rows,
}

/// What one record of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    /// A run.
    Runs,
    /// A request.
    Samples,
}

impl Field {
    /// Every field that the user may choose a column for.
    pub(super) const ALL: &'static [Self] = &[
        Self::Column(C::Framework),
        Self::Column(C::Scenario),
        Self::Column(C::Concurrency),
        Self::Column(C::Repetition),
        Self::Column(C::Timestamp),
        Self::Column(C::TotalTime),
        Self::Column(C::RequestsCount),
        Self::Column(C::SuccessCount),
        Self::Column(C::ErrorCount),
        Self::Column(C::AvgTimePerRequest),
        Self::Throughput,
        Self::Column(C::LatencyMean),
        Self::Column(C::LatencyStd),
        Self::Column(C::LatencyMin),
        Self::Column(C::LatencyP50),
        Self::Column(C::LatencyP75),
        Self::Column(C::LatencyP90),
        Self::Column(C::LatencyP95),
        Self::Column(C::LatencyP99),
        Self::Column(C::LatencyP99_9),
        Self::Column(C::LatencyMax),
        Self::Column(C::BytesRead),
        Self::Column(C::Axis),
        Self::Column(C::Derived),
        Self::Start,
        Self::Latency,
        Self::Status,
        Self::Ok,
        Self::Rows,
    ];

    /// Its own name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Column(column) => column.name(),
            Self::Throughput => "throughput",
            Self::Start => "start",
            Self::Latency => "latency",
            Self::Status => "status",
            Self::Ok => "ok",
            Self::Open => "open metric",
            Self::Rows => "rows",
        }
    }

    /// Whether it says what a run is of.
    pub(super) fn is_name(self) -> bool {
        matches!(self, Self::Column(C::Framework | C::Scenario))
    }

    /// Whether it holds a number, and not a text.
    pub(crate) fn is_number(self) -> bool {
        !matches!(
            self,
            Self::Ok | Self::Rows | Self::Column(C::Framework | C::Scenario | C::Axis | C::Work | C::Derived)
        )
    }

    /// Whether a record without it is of no use, or of another run.
    pub(crate) fn is_needed(self) -> bool {
        self.is_measure() || matches!(self, Self::Column(C::Framework | C::Concurrency))
    }

    /// Whether it says something that was measured, and not only of what.
    pub(super) fn is_measure(self) -> bool {
        match self {
            Self::Throughput | Self::Latency => true,
            Self::Column(column) => matches!(column, C::TotalTime | C::AvgTimePerRequest) || is_latency(column),
            Self::Start | Self::Status | Self::Ok | Self::Open | Self::Rows => false,
        }
    }
}

/// Whether a column of the run table holds a latency.
pub(super) fn is_latency(column: Column) -> bool {
    column.name().starts_with("latency_")
}
