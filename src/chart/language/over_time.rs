//! The words of the figure of latency over time.

use super::{RateUnit, TimeUnit};
use crate::language::Language;

impl Language {
    /// The label of an axis of time within a run.
    pub(in crate::chart) fn time_axis(self, unit: TimeUnit) -> String {
        let unit = self.unit(unit);
        self.pick(format!("Time since the first request ({unit})"), format!("距首个请求的时间({unit})"))
    }

    /// The label of an axis of throughputs where there is little room.
    pub(in crate::chart) const fn short_rate_axis(self, unit: RateUnit) -> &'static str {
        match (self, unit) {
            (Self::English, RateUnit::One) => "req/s",
            (Self::English, RateUnit::Thousand) => "k/s",
            (Self::English, RateUnit::Million) => "M/s",
            (Self::Chinese, RateUnit::One) => "次/秒",
            (Self::Chinese, RateUnit::Thousand) => "千/秒",
            (Self::Chinese, RateUnit::Million) => "百万/秒",
        }
    }

    /// The title of a panel with one run.
    pub(in crate::chart) fn run_title(
        self,
        axis: &str,
        name: &str,
        level: Option<u32>,
        repetition: Option<u32>,
    ) -> String {
        let mut title = name.to_owned();
        if let Some(level) = level {
            title += &format!(" · {} {level}", self.within_text(axis));
        }
        if let Some(repetition) = repetition {
            title += &self.pick(format!(" · repetition {repetition}"), format!(" · 第{repetition}次"));
        }
        title
    }

    /// What the shades of cells mean.
    pub(in crate::chart) fn shades_key(self, most: u64) -> String {
        self.pick(format!("1 to {most} requests in a cell"), format!("每格1至{most}个请求"))
    }

    /// What the line of medians is.
    pub(in crate::chart) const fn median_key(self) -> &'static str {
        match self {
            Self::English => "median (p50)",
            Self::Chinese => "中位数(p50)",
        }
    }

    /// What the line of 99th percentiles is.
    pub(in crate::chart) const fn tail_key(self) -> &'static str {
        match self {
            Self::English => "99th percentile (p99)",
            Self::Chinese => "99百分位(p99)",
        }
    }

    /// What the line of throughputs is, over the time of a run.
    pub(in crate::chart) const fn sent_key(self) -> &'static str {
        match self {
            Self::English => "requests sent per second",
            Self::Chinese => "每秒发出的请求",
        }
    }

    /// What the line of failures is.
    pub(in crate::chart) const fn failed_key(self) -> &'static str {
        match self {
            Self::English => "of these failed",
            Self::Chinese => "其中失败的请求",
        }
    }

    /// What a zone without requests is.
    pub(in crate::chart) const fn stall_key(self) -> &'static str {
        match self {
            Self::English => "stall: nothing was sent",
            Self::Chinese => "停顿: 没有发出请求",
        }
    }

    /// What a zone at the beginning of a run is.
    pub(in crate::chart) const fn warm_up_key(self) -> &'static str {
        match self {
            Self::English => "warm-up: slower than the rest",
            Self::Chinese => "预热: 比之后更慢",
        }
    }

    /// Says which runs have a panel, and how many of the others stalled or began slower than they went on.
    pub(in crate::chart) fn shown_runs(self, shown: usize, all: usize, others: usize) -> String {
        let mut text = self.pick(
            format!(
                "{shown} of {all} runs: of each framework and level that is shown the first repetition, or one that \
                 stalled or warmed up."
            ),
            format!("共{all}次运行, 显示{shown}次: 每个框架和级别显示首次重复测量, 或出现停顿或预热的一次."),
        );
        if 0 < others {
            text += &self.pick(
                format!(" Of the others {others} stalled or warmed up."),
                format!(" 其余运行中有{others}次出现停顿或预热."),
            );
        }
        text
    }

    /// Says why the 99th percentile jumps.
    pub(in crate::chart) fn thin_tail(self, enough: u64) -> String {
        self.pick(
            format!("Most points rest on fewer than {enough} requests, whose p99 is about the slowest of them."),
            format!("多数时间点的请求少于{enough}个, 其p99接近其中最慢的请求."),
        )
    }
}
