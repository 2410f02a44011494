//! The words of the charts, in English and Chinese.

use crate::language::Language;
use crate::record::{Column, Metric};

/// A unit of time on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl TimeUnit {
    /// The unit that suits an axis whose largest time is this, s.
    pub(super) fn for_largest(seconds: f64) -> Self {
        match seconds {
            s if 3.0 * 3600.0 <= s => Self::Hours,
            s if 10.0 * 60.0 <= s => Self::Minutes,
            s if 0.1 <= s => Self::Seconds,
            s if 1e-4 <= s => Self::Milliseconds,
            s if 1e-7 <= s => Self::Microseconds,
            s if 0.0 < s => Self::Nanoseconds,
            _ => Self::Seconds,
        }
    }

    /// How many seconds it has.
    pub(super) const fn seconds(self) -> f64 {
        match self {
            Self::Hours => 3600.0,
            Self::Minutes => 60.0,
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e-3,
            Self::Microseconds => 1e-6,
            Self::Nanoseconds => 1e-9,
        }
    }
}

impl Language {
    /// The label of the horizontal axis: concurrency, or the name of a parameter as it is.
    pub(super) fn level(self, axis: &str) -> String {
        match self {
            _ if axis != Column::Concurrency.name() => axis.to_owned(),
            Self::English => "Concurrency".to_owned(),
            Self::Chinese => "并发数".to_owned(),
        }
    }

    /// The label of the horizontal axis where the concurrency is not known.
    pub(super) const fn framework(self) -> &'static str {
        match self {
            Self::English => "Framework",
            Self::Chinese => "框架",
        }
    }

    /// The label of the vertical axis.
    pub(super) fn label(self, metric: Metric, unit: TimeUnit) -> String {
        let unit = self.unit(unit);
        match (self, metric) {
            (Self::English, Metric::TotalTime) => format!("Total time ({unit})"),
            (Self::English, Metric::AvgTimePerRequest) => format!("Average time per request ({unit})"),
            (Self::Chinese, Metric::TotalTime) => format!("总时间({unit})"),
            (Self::Chinese, Metric::AvgTimePerRequest) => format!("平均每个请求时间({unit})"),
            (_, other) => format!("{other} ({unit})"),
        }
    }

    /// The title of a panel.
    pub(super) const fn title(self, metric: Metric) -> &'static str {
        match (self, metric) {
            (Self::English, Metric::TotalTime) => "Total time by framework",
            (Self::English, Metric::AvgTimePerRequest) => "Average time per request by framework",
            (Self::Chinese, Metric::TotalTime) => "不同框架总耗时对比",
            (Self::Chinese, Metric::AvgTimePerRequest) => "不同框架平均请求时间对比",
            (_, other) => other.name(),
        }
    }

    /// What is written into a panel without a value.
    pub(super) const fn nothing_measured(self) -> &'static str {
        match self {
            Self::English => "not measured",
            Self::Chinese => "没有测量数据",
        }
    }

    /// Says what points and bands are.
    pub(super) fn points_and_bands(self, percent: &str) -> String {
        match self {
            Self::English => format!("Points are means over repetitions, bands their {percent} % intervals."),
            Self::Chinese => format!("数据点为重复测量的平均值, 色带为其{percent}%置信区间."),
        }
    }

    /// Says that nothing is known of the spread.
    pub(super) const fn single_runs(self) -> &'static str {
        match self {
            Self::English => "One run per point: differences can't be told from noise.",
            Self::Chinese => "每个点仅测量一次: 差异无法与噪声区分.",
        }
    }

    /// Says why a line is broken.
    pub(super) const fn gaps(self) -> &'static str {
        match self {
            Self::English => "A line is broken where a level was not measured or no request succeeded.",
            Self::Chinese => "折线中断处未测量或请求全部失败.",
        }
    }

    /// Says why a name in the legend has no line.
    pub(super) const fn no_line(self) -> &'static str {
        match self {
            Self::English => "A name without a line has no times here: no request succeeded, or none was timed.",
            Self::Chinese => "没有折线的名称无有效时间: 请求全部失败或未计时.",
        }
    }

    const fn unit(self, unit: TimeUnit) -> &'static str {
        match (self, unit) {
            (Self::English, TimeUnit::Hours) => "h",
            (Self::English, TimeUnit::Minutes) => "min",
            (Self::English, TimeUnit::Seconds) => "s",
            (Self::English, TimeUnit::Milliseconds) => "ms",
            (Self::English, TimeUnit::Microseconds) => "µs",
            (Self::English, TimeUnit::Nanoseconds) => "ns",
            (Self::Chinese, TimeUnit::Hours) => "小时",
            (Self::Chinese, TimeUnit::Minutes) => "分钟",
            (Self::Chinese, TimeUnit::Seconds) => "秒",
            (Self::Chinese, TimeUnit::Milliseconds) => "毫秒",
            (Self::Chinese, TimeUnit::Microseconds) => "微秒",
            (Self::Chinese, TimeUnit::Nanoseconds) => "纳秒",
        }
    }
}
