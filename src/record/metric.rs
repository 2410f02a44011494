//! What can be compared: the metrics of a run, with their units and directions.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{OpenMetric, Run, Unit};
use crate::language::Language;

/// A number that every run has or lacks, and that can be compared between runs.
///
/// In JSON it is its name. The name of an open metric is read only where this process knows the metric, which the
/// `open_metrics` of an analysis see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
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
    /// A metric that the input names.
    Open(OpenMetric),
}

/// Which way a metric improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Times and sizes.
    LowerIsBetter,
    /// Throughputs.
    HigherIsBetter,
    /// Nobody says: it is described and never compared.
    Unclear,
}

impl Direction {
    /// All directions.
    pub const ALL: [Self; 3] = [Self::LowerIsBetter, Self::HigherIsBetter, Self::Unclear];

    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LowerIsBetter => "lower_is_better",
            Self::HigherIsBetter => "higher_is_better",
            Self::Unclear => "unclear",
        }
    }

    /// The direction of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.name() == name)
    }
}

impl Metric {
    /// Every built-in metric that runs are described by, in the order of the reports.
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

    /// Every metric that these runs may have: the built-in ones, then the open ones of any of them by name.
    pub fn of_runs<'r>(runs: impl IntoIterator<Item = &'r Run>) -> Vec<Self> {
        Self::ALL.into_iter().chain(OpenMetric::of_runs(runs).into_iter().map(Self::Open)).collect()
    }

    /// The built-in metric of that name.
    pub fn built_in(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::ErrorRate]).find(|metric| metric.name() == name)
    }

    /// Whether the input names it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// The name in every output.
    pub fn name(self) -> &'static str {
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
            Self::Open(metric) => metric.name(),
        }
    }

    /// What people call it: its name in English, the words of the field in Chinese.
    pub fn name_in(self, language: Language) -> &'static str {
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
            (Language::Chinese, Self::Open(metric)) => metric.name(),
        }
    }

    /// The unit of its values.
    pub fn unit(self) -> &'static Unit {
        match self {
            Self::Throughput => &Unit::PerSecond,
            Self::ErrorRate => &Unit::One,
            Self::Open(metric) => metric.unit(),
            _ => &Unit::Seconds,
        }
    }

    /// Which way it improves.
    pub fn direction(self) -> Direction {
        match self {
            Self::Throughput => Direction::HigherIsBetter,
            Self::Open(metric) => metric.direction(),
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
            Self::Open(metric) => run.open.get(metric),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        match (Self::built_in(&name), OpenMetric::named(&name).as_slice()) {
            (Some(metric), _) => Ok(metric),
            (None, [metric]) => Ok(Self::Open(*metric)),
            (None, []) => Err(D::Error::custom(format!("the metric {name:?} is not known; define it in open_metrics"))),
            (None, _) => {
                Err(D::Error::custom(format!("several metrics are called {name:?}, with other units or directions")))
            }
        }
    }
}

impl JsonSchema for Metric {
    fn schema_name() -> Cow<'static, str> {
        "Metric".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let built_in = Self::ALL.into_iter().chain([Self::ErrorRate]).map(Self::name).collect::<Vec<_>>().join(", ");
        json_schema!({
            "description": format!("The name of a metric: {built_in}, or one of open_metrics."),
            "type": "string"
        })
    }
}
