//! The words of the charts, in English and Chinese.

mod over_time;

use super::unit::{RateUnit, TimeUnit};
use crate::compare::Verdict;
use crate::language::Language;
use crate::record::{Column, Metric};
use crate::scaling::{Rejection, ScalingMetric};

impl Language {
    /// The label of the horizontal axis: concurrency, or the name of a parameter as it is.
    pub(super) fn level(self, axis: &str) -> String {
        match self {
            _ if axis != Column::Concurrency.name() => axis.to_owned(),
            Self::English => "Concurrency".to_owned(),
            Self::Chinese => "并发数".to_owned(),
        }
    }

    /// The label of an axis of names, all of them at this level where one is known.
    pub(super) fn frameworks_at(self, axis: &str, level: Option<u32>) -> String {
        let framework = self.pick("Framework", "框架");
        match level {
            Some(level) => format!("{framework} ({} {level})", self.within_text(axis)),
            None => framework.to_owned(),
        }
    }

    /// What the levels are, within a text.
    fn within_text(self, axis: &str) -> &str {
        if axis == Column::Concurrency.name() { self.pick("concurrency", "并发数") } else { axis }
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
    pub(super) fn title(self, metric: Metric) -> &'static str {
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

    /// The label of an axis of latencies.
    pub(super) fn latency_axis(self, unit: TimeUnit) -> String {
        let unit = self.unit(unit);
        self.pick(format!("Latency ({unit})"), format!("延迟({unit})"))
    }

    /// The title of a panel of latencies.
    pub(super) fn latency_title(self, metric: Metric) -> &'static str {
        match (self, metric) {
            (Self::English, Metric::LatencyP50) => "Median latency (p50)",
            (Self::English, Metric::LatencyP95) => "95th percentile (p95)",
            (Self::English, Metric::LatencyP99) => "99th percentile (p99)",
            (Self::English, Metric::LatencyMax) => "Largest latency (max)",
            (Self::Chinese, Metric::LatencyP50) => "延迟中位数(p50)",
            (Self::Chinese, Metric::LatencyP95) => "95百分位延迟(p95)",
            (Self::Chinese, Metric::LatencyP99) => "99百分位延迟(p99)",
            (Self::Chinese, Metric::LatencyMax) => "最大延迟(max)",
            (_, other) => other.name(),
        }
    }

    /// The label of the axis of percentiles.
    pub(super) const fn percentile_axis(self) -> &'static str {
        match self {
            Self::English => "Percentile",
            Self::Chinese => "百分位",
        }
    }

    /// The title of a panel with the distributions at one level, or where no level is known.
    pub(super) fn distribution_title(self, axis: &str, level: Option<u32>) -> String {
        let Some(level) = level else {
            return self.pick("Latency distribution", "延迟分布").to_owned();
        };
        match self {
            Self::English if axis == Column::Concurrency.name() => {
                format!("Latency distribution at concurrency {level}")
            }
            Self::English => format!("Latency distribution at {axis} {level}"),
            Self::Chinese => format!("延迟分布({} {level})", self.level(axis)),
        }
    }

    /// Says what the lines of a distribution are.
    pub(super) const fn merged_latencies(self) -> &'static str {
        match self {
            Self::English => {
                "Lines hold the latencies of all successful requests, the repetitions of a level together; \
                 the higher the percentile, the fewer requests it rests on."
            }
            Self::Chinese => "曲线包含全部成功请求的延迟, 同一级别的重复测量合并统计; 百分位越高, 所依据的请求越少.",
        }
    }

    /// Says what points without a line are where tools kept histograms, with buckets up to so many units wide.
    pub(super) fn tool_histograms(self, widest: f64, unit: TimeUnit) -> String {
        // Two digits say how coarse it is.
        let widest: f64 = format!("{widest:.1e}").parse().unwrap_or(widest);
        let unit = self.unit(unit);
        self.pick(
            format!(
                "Points without a line are the upper ends of the buckets of a tool's own histogram, up to {widest} {unit} wide, \
                 and percentiles that it reported; nothing is known between them."
            ),
            format!("没有连线的点为工具自己的直方图各区间的上限(区间最宽 {widest} {unit})和它报告的百分位, 各点之间的情况未知."),
        )
    }

    /// Says what points without a line are in a distribution.
    pub(super) const fn reported_percentiles(self) -> &'static str {
        match self {
            Self::English => {
                "Points without a line are percentiles that the tool reported; nothing is known between them."
            }
            Self::Chinese => "没有连线的点为工具报告的百分位, 各点之间的情况未知.",
        }
    }

    /// The label of an axis of throughputs.
    pub(super) fn rate_axis(self, metric: ScalingMetric, unit: RateUnit) -> String {
        let what = match (self, metric) {
            (Self::English, ScalingMetric::Goodput) => "Successful requests per second",
            (Self::English, ScalingMetric::Throughput) => "Requests per second",
            (Self::Chinese, ScalingMetric::Goodput) => "每秒成功请求数",
            (Self::Chinese, ScalingMetric::Throughput) => "每秒请求数",
        };
        match (self, unit) {
            (_, RateUnit::One) => what.to_owned(),
            (Self::English, RateUnit::Thousand) => format!("{what} (thousands)"),
            (Self::English, RateUnit::Million) => format!("{what} (millions)"),
            (Self::Chinese, RateUnit::Thousand) => format!("{what}(千)"),
            (Self::Chinese, RateUnit::Million) => format!("{what}(百万)"),
        }
    }

    /// The title of the panel of throughputs.
    pub(super) const fn throughput_title(self, has_curve: bool) -> &'static str {
        match (self, has_curve) {
            (Self::English, true) => "Throughput and the scaling law fitted to it",
            (Self::English, false) => "Throughput by framework",
            (Self::Chinese, true) => "吞吐量及其拟合的扩展性曲线",
            (Self::Chinese, false) => "不同框架吞吐量对比",
        }
    }

    /// What a name's peak is, behind the name.
    pub(super) fn with_peak(self, name: &str, concurrency: u64) -> String {
        self.pick(format!("{name} (peak at {concurrency})"), format!("{name}(峰值在{concurrency})"))
    }

    /// What the pin means.
    pub(super) const fn peak_key(self) -> &'static str {
        match self {
            Self::English => "peak of the curve",
            Self::Chinese => "曲线峰值",
        }
    }

    /// What the ring means.
    pub(super) const fn saturation_key(self) -> &'static str {
        match self {
            Self::English => "saturated: 95 % of the best measured",
            Self::Chinese => "饱和: 达到最佳实测值的95%",
        }
    }

    /// Says what points and curves are.
    pub(super) fn points_and_curves(self, has_repetitions: bool, percent: &str) -> String {
        match (self, has_repetitions) {
            (Self::English, true) => format!(
                "Points are means over repetitions with their {percent} % intervals; curves are the fitted laws, bands \
                 their {percent} % intervals."
            ),
            (Self::English, false) => {
                format!("Points are single runs; curves are the fitted laws, bands their {percent} % intervals.")
            }
            (Self::Chinese, true) => {
                format!("数据点为重复测量的平均值及其{percent}%置信区间; 曲线为拟合结果, 色带为其{percent}%置信区间.")
            }
            (Self::Chinese, false) => format!("每个点仅测量一次; 曲线为拟合结果, 色带为其{percent}%置信区间."),
        }
    }

    /// Says why some names have no curve.
    pub(super) fn no_curve(self, names: &str, reason: Option<Rejection>) -> String {
        let why = match (self, reason) {
            (Self::English, Some(Rejection::TooFewLevels)) => "fewer than four levels",
            (Self::English, Some(Rejection::NotEnoughRange)) => "the highest level is less than four times the lowest",
            (Self::English, Some(Rejection::DidNotConverge) | None) => "no law could be fitted",
            (Self::English, Some(Rejection::DoesNotGrow)) => "throughput does not grow with concurrency",
            (Self::English, Some(Rejection::SystematicResiduals)) => {
                "the levels lie beside the law by more than chance"
            }
            (Self::English, Some(Rejection::ExplainsTooLittle)) => "the law explains too little",
            (Self::Chinese, Some(Rejection::TooFewLevels)) => "级别少于四个",
            (Self::Chinese, Some(Rejection::NotEnoughRange)) => "最高级别不到最低级别的四倍",
            (Self::Chinese, Some(Rejection::DidNotConverge) | None) => "无法拟合",
            (Self::Chinese, Some(Rejection::DoesNotGrow)) => "吞吐量不随并发数增长",
            (Self::Chinese, Some(Rejection::SystematicResiduals)) => "实测值与曲线的偏差超出随机范围",
            (Self::Chinese, Some(Rejection::ExplainsTooLittle)) => "拟合能解释的部分太少",
        };
        self.pick(format!("No curve for {names}: {why}."), format!("{names}没有曲线: {why}."))
    }

    /// Says what a thin dashed line is.
    pub(super) const fn joined_points(self) -> &'static str {
        match self {
            Self::English => "A thin dashed line only joins the points.",
            Self::Chinese => "细虚线仅连接各点.",
        }
    }

    /// The title of the panel of efficiencies.
    pub(super) const fn efficiency_title(self) -> &'static str {
        match self {
            Self::English => "What is left of linear scaling",
            Self::Chinese => "线性扩展的保持程度",
        }
    }

    /// The label of the axis of efficiencies.
    pub(super) const fn efficiency_axis(self) -> &'static str {
        match self {
            Self::English => "Efficiency",
            Self::Chinese => "效率",
        }
    }

    /// What the line at 1 means.
    pub(super) const fn ideal_key(self) -> &'static str {
        match self {
            Self::English => "ideal: linear growth",
            Self::Chinese => "理想: 线性增长",
        }
    }

    /// Says what efficiencies are relative to: one level, or the lowest of each framework.
    pub(super) fn efficiency_base(self, base: Option<u32>) -> String {
        match (self, base) {
            (Self::English, Some(base)) => {
                format!("Throughput per request in flight, relative to that at concurrency {base}.")
            }
            (Self::English, None) => {
                "Throughput per request in flight, relative to that at the lowest level of each line.".to_owned()
            }
            (Self::Chinese, Some(base)) => format!("单位并发的吞吐量, 相对于并发数{base}时的值."),
            (Self::Chinese, None) => "单位并发的吞吐量, 相对于各自最低级别的值.".to_owned(),
        }
    }

    /// The title of the panel of error rates.
    pub(super) const fn errors_title(self) -> &'static str {
        match self {
            Self::English => "Error rate by framework",
            Self::Chinese => "不同框架错误率对比",
        }
    }

    /// The label of the axis of error rates.
    pub(super) const fn errors_axis(self) -> &'static str {
        match self {
            Self::English => "Failed requests (%)",
            Self::Chinese => "错误率(%)",
        }
    }

    /// Says what points and bands of error rates are.
    pub(super) const fn error_ranges(self) -> &'static str {
        match self {
            Self::English => "Points hold all repetitions together; bands reach from the best to the worst of them.",
            Self::Chinese => "数据点为全部重复测量的合计, 色带为其中最低到最高的范围.",
        }
    }

    /// Says who had no error at all.
    pub(super) fn without_errors(self, names: &str) -> String {
        self.pick(format!("Without any error: {names}."), format!("没有任何错误: {names}."))
    }

    /// All lines, where none of them has something.
    pub(super) const fn any_line(self) -> &'static str {
        match self {
            Self::English => "any of these",
            Self::Chinese => "以上各项",
        }
    }

    /// What stands between names.
    pub(super) const fn comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "、",
        }
    }

    /// The title of a figure of ratios.
    pub(super) fn ratios_title(self, metric: Metric) -> String {
        match (self, metric) {
            (Self::English, Metric::TotalTime) => "Total time compared".to_owned(),
            (Self::English, Metric::AvgTimePerRequest) => "Average time per request compared".to_owned(),
            (Self::Chinese, Metric::TotalTime) => "总时间比较".to_owned(),
            (Self::Chinese, Metric::AvgTimePerRequest) => "平均每个请求时间比较".to_owned(),
            (Self::English, other) => format!("{} compared", other.name()),
            (Self::Chinese, other) => format!("{}比较", other.name()),
        }
    }

    /// The label of the axis of ratios to a framework, or to the fastest of each scenario.
    pub(super) fn ratio_axis(self, reference: Option<&str>, lower_is_better: bool) -> String {
        let better = self.pick(
            if lower_is_better { "below 1 is better" } else { "above 1 is better" },
            if lower_is_better { "小于1更好" } else { "大于1更好" },
        );
        let to = reference.unwrap_or(self.pick("the fastest", "最快者"));
        self.pick(format!("Ratio to {to} ({better})"), format!("与{to}的比值({better})"))
    }

    /// Says which line is which side.
    pub(super) fn sides(self, baseline: &str, candidate: &str) -> String {
        self.pick(
            format!("Solid lines are {candidate}, dashed and paler ones {baseline}, the baseline."),
            format!("实线为{candidate}, 较浅的虚线为基线{baseline}."),
        )
    }

    /// Says what a row of a before and after is.
    pub(super) fn change_rows(self) -> &'static str {
        self.pick(
            "A row is one series over all its levels, the worst first; bars are intervals of the ratio.",
            "每行为一个系列的全部级别, 最差的在前; 横线为比值的置信区间.",
        )
    }

    /// Says that not all rows are shown.
    pub(super) fn first_rows(self, shown: usize, all: usize) -> String {
        self.pick(format!("The first {shown} of {all} series."), format!("共{all}个系列, 只显示前{shown}个."))
    }

    /// Says what a row is.
    pub(super) const fn ratio_rows(self) -> &'static str {
        match self {
            Self::English => {
                "A name is over all levels that both have, a number below it is one level; bars are intervals of the ratio."
            }
            Self::Chinese => "名称行为双方共有的全部级别, 其下的数字为单个级别; 横线为比值的置信区间.",
        }
    }

    /// Names what ratios are to, scenario by scenario.
    pub(super) fn references(self, names: &str) -> String {
        self.pick(format!("Compared with {names}."), format!("比较对象: {names}."))
    }

    /// What the zone around 1 means.
    pub(super) fn margin_key(self, percent: &str) -> String {
        self.pick(format!("less than {percent} % apart"), format!("相差不到{percent}%"))
    }

    /// A verdict, as the legend has it.
    pub(super) const fn verdict_key(self, verdict: Verdict) -> &'static str {
        match (self, verdict) {
            (Self::English, Verdict::Better) => "better",
            (Self::English, Verdict::Worse) => "worse",
            (Self::English, Verdict::Equivalent) => "equivalent",
            (Self::English, Verdict::Inconclusive) => "inconclusive",
            (Self::Chinese, Verdict::Better) => "更好",
            (Self::Chinese, Verdict::Worse) => "更差",
            (Self::Chinese, Verdict::Equivalent) => "等效",
            (Self::Chinese, Verdict::Inconclusive) => "尚无定论",
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

#[cfg(test)]
mod tests;
