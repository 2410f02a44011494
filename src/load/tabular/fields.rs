//! What a column of a file can hold, and under which names.

use crate::record::{Column, OPEN_METRICS};

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
    /// The open metrics that the record has values of, as `convert` writes them.
    OpenMetrics,
    /// The value of an open metric, where the record says that the column holds one.
    Open,
}

/// What one record of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    /// A run.
    Runs,
    /// A request.
    Samples,
}

/// Fields of a run, each with its usual other names.
pub(super) const RUN_FIELDS: &[(Field, &[&str])] = &[
    (
        Field::Column(C::Framework),
        &[
            "name",
            "server",
            "client",
            "tool",
            "target",
            "library",
            "lib",
            "system",
            "implementation",
            "subject",
            "框架",
            "框架名称",
            "名称",
        ],
    ),
    (Field::Column(C::Scenario), &["test", "test_name", "endpoint", "group", "workload", "case", "场景"]),
    (
        Field::Column(C::Concurrency),
        &[
            "connections",
            "conns",
            "clients",
            "threads",
            "workers",
            "users",
            "user_count",
            "vus",
            "concurrent",
            "concurrent_users",
            "concurrent_requests",
            "concurrency_level",
            "virtual_users",
            "num_clients",
            "num_connections",
            "num_threads",
            "num_users",
            "parallelism",
            "并发数",
            "并发",
        ],
    ),
    (Field::Column(C::Repetition), &["rep", "run", "trial", "round", "repeat", "attempt", "重复", "轮次"]),
    (Field::Column(C::Timestamp), &["date", "datetime", "started_at", "start_time", "started", "时间戳"]),
    (
        Field::Column(C::TotalTime),
        &[
            "total",
            "duration",
            "total_duration",
            "elapsed",
            "elapsed_time",
            "total_elapsed",
            "wall_time",
            "wall_clock",
            "wall",
            "runtime",
            "run_time",
            "time_taken",
            "test_duration",
            "总时间",
            "总耗时",
            "耗时",
        ],
    ),
    (
        Field::Column(C::RequestsCount),
        &[
            "requests",
            "request_count",
            "num_requests",
            "n_requests",
            "total_requests",
            "completed_requests",
            "count",
            "n",
            "请求数",
            "总请求数",
        ],
    ),
    (
        Field::Column(C::SuccessCount),
        &["successes", "success", "successful", "successful_requests", "succeeded", "ok_count", "成功数"],
    ),
    (
        Field::Column(C::ErrorCount),
        &[
            "errors",
            "error",
            "failures",
            "failed",
            "failed_requests",
            "failure_count",
            "num_errors",
            "num_failures",
            "失败数",
            "错误数",
        ],
    ),
    (
        Field::Column(C::AvgTimePerRequest),
        &[
            "average_time_per_request",
            "mean_time_per_request",
            "time_per_request",
            "avg_request_time",
            "平均每个请求时间",
            "平均请求时间",
        ],
    ),
    (
        Field::Throughput,
        &["requests_per_second", "requests_per_sec", "req_per_sec", "req_s", "requests_s", "rps", "qps", "吞吐量"],
    ),
    (
        Field::Column(C::LatencyMean),
        &[
            "mean_latency",
            "latency_avg",
            "avg_latency",
            "latency_average",
            "average_latency",
            "mean_response_time",
            "avg_response_time",
            "average_response_time",
            "response_time_mean",
            "response_time_avg",
            "平均延迟",
            "平均响应时间",
        ],
    ),
    (Field::Column(C::LatencyStd), &["latency_stdev", "latency_stddev", "std_latency", "stdev_latency"]),
    (Field::Column(C::LatencyMin), &["min_latency", "min_response_time", "response_time_min", "最小延迟"]),
    (Field::Column(C::LatencyP50), &["p50", "p50_latency", "latency_median", "median_latency", "median_response_time"]),
    (Field::Column(C::LatencyP75), &["p75", "p75_latency"]),
    (Field::Column(C::LatencyP90), &["p90", "p90_latency"]),
    (Field::Column(C::LatencyP95), &["p95", "p95_latency"]),
    (Field::Column(C::LatencyP99), &["p99", "p99_latency"]),
    (Field::Column(C::LatencyP99_9), &["p99_9", "p999", "latency_p999", "p99_9_latency"]),
    (Field::Column(C::LatencyMax), &["max_latency", "max_response_time", "response_time_max", "最大延迟"]),
    (Field::Column(C::BytesRead), &["bytes", "bytes_received", "received_bytes", "transferred_bytes"]),
    (Field::Column(C::Axis), &[]),
    (Field::Column(C::Work), &[]),
    (Field::Column(C::Derived), &[]),
    (Field::OpenMetrics, &[]),
];

/// Fields of a request that are not also fields of a run by the same names.
pub(super) const SAMPLE_FIELDS: &[(Field, &[&str])] = &[
    (Field::Start, &["start_time", "request_start", "sent_at", "timestamp", "started_at"]),
    (Field::Latency, &["response_time", "latency_time", "request_duration", "request_time", "rtt", "延迟", "响应时间"]),
    (Field::Status, &["status_code", "code", "http_status", "response_code", "状态码"]),
    (Field::Ok, &["success", "succeeded", "passed"]),
];

/// Fields that a request shares with runs.
pub(super) const SHARED_FIELDS: [Field; 5] = [
    Field::Column(C::Framework),
    Field::Column(C::Scenario),
    Field::Column(C::Concurrency),
    Field::Column(C::Repetition),
    Field::Column(C::BytesRead),
];

impl Field {
    /// Its own name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Column(column) => column.name(),
            Self::Throughput => "throughput",
            Self::Start => "start",
            Self::Latency => "latency",
            Self::Status => "status",
            Self::Ok => "ok",
            Self::OpenMetrics => OPEN_METRICS,
            Self::Open => "open metric",
        }
    }

    /// Whether it holds a number, and not a text.
    pub(crate) fn is_number(self) -> bool {
        !matches!(
            self,
            Self::Ok | Self::OpenMetrics | Self::Column(C::Framework | C::Scenario | C::Axis | C::Work | C::Derived)
        )
    }

    /// Whether a record without it is of no use, or of another run.
    pub(crate) fn is_needed(self) -> bool {
        self.is_measure() || matches!(self, Self::Column(C::Framework | C::Concurrency))
    }

    /// Whether it says something that was measured, and not only of what.
    pub(super) fn is_measure(self) -> bool {
        match self {
            Self::Throughput | Self::Latency | Self::OpenMetrics => true,
            Self::Column(column) => matches!(column, C::TotalTime | C::AvgTimePerRequest) || is_latency(column),
            Self::Start | Self::Status | Self::Ok | Self::Open => false,
        }
    }
}

/// Whether a column of the run table holds a latency.
pub(super) fn is_latency(column: Column) -> bool {
    column.name().starts_with("latency_")
}
