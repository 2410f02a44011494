//! What can be compared: the metrics of a run, with their units and directions.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Run;
use crate::language::Language;

/// A number that every run has or lacks, and that can be compared between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Wall-clock time of the run, s.
    TotalTime,
    /// `total_time / requests_count`, s: the inverse of throughput, not a latency.
    AvgTimePerRequest,
    /// Completed requests per second.
    Throughput,
    /// Mean latency, s.
    LatencyMean,
    /// Median latency, s.
    LatencyP50,
    /// 95th percentile of the latency, s.
    LatencyP95,
    /// 99th percentile of the latency, s.
    LatencyP99,
    /// Largest latency, s.
    LatencyMax,
    /// Errors over requests, from 0 to 1. It is compared before and after a change, and not described like a time.
    ErrorRate,
}

/// Which way a metric improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Times.
    LowerIsBetter,
    /// Throughputs.
    HigherIsBetter,
}

impl Metric {
    /// Every metric that runs are described by, in the order of the reports.
    pub const ALL: [Self; 8] = [
        Self::TotalTime,
        Self::AvgTimePerRequest,
        Self::Throughput,
        Self::LatencyMean,
        Self::LatencyP50,
        Self::LatencyP95,
        Self::LatencyP99,
        Self::LatencyMax,
    ];

    /// The name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TotalTime => "total_time",
            Self::AvgTimePerRequest => "avg_time_per_request",
            Self::Throughput => "throughput",
            Self::LatencyMean => "latency_mean",
            Self::LatencyP50 => "latency_p50",
            Self::LatencyP95 => "latency_p95",
            Self::LatencyP99 => "latency_p99",
            Self::LatencyMax => "latency_max",
            Self::ErrorRate => "error_rate",
        }
    }

    /// What people call it: its name in English, the words of the field in Chinese.
    pub const fn name_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, metric) => metric.name(),
            (Language::Chinese, Self::TotalTime) => "总时间",
            (Language::Chinese, Self::AvgTimePerRequest) => "平均每个请求时间",
            (Language::Chinese, Self::Throughput) => "吞吐量",
            (Language::Chinese, Self::LatencyMean) => "平均延迟",
            (Language::Chinese, Self::LatencyP50) => "p50 延迟",
            (Language::Chinese, Self::LatencyP95) => "p95 延迟",
            (Language::Chinese, Self::LatencyP99) => "p99 延迟",
            (Language::Chinese, Self::LatencyMax) => "最大延迟",
            (Language::Chinese, Self::ErrorRate) => "错误率",
        }
    }

    /// The unit of its values: `s`, `1/s`, or `1` for a share.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Throughput => "1/s",
            Self::ErrorRate => "1",
            _ => "s",
        }
    }

    /// Which way it improves.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Throughput => Direction::HigherIsBetter,
            _ => Direction::LowerIsBetter,
        }
    }

    /// Its value for one run; `None` where the run does not have it.
    pub fn of(self, run: &Run) -> Option<f64> {
        match self {
            Self::TotalTime => run.total_time,
            Self::AvgTimePerRequest => run.avg_time_per_request,
            Self::Throughput => run.avg_time_per_request.map(f64::recip).filter(|rate| rate.is_finite()),
            Self::LatencyMean => run.latency.mean,
            Self::LatencyP50 => run.latency.p50,
            Self::LatencyP95 => run.latency.p95,
            Self::LatencyP99 => run.latency.p99,
            Self::LatencyMax => run.latency.max,
            Self::ErrorRate => run.error_rate(),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
