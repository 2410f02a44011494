//! The words of the charts, in English and Chinese.

mod over_time;

use super::figure::Scale;
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
    pub(super) fn label(self, metric: Metric, unit: Option<TimeUnit>) -> String {
        let label = match (self, metric) {
            (Self::English, Metric::TotalTime) => "Total time".to_owned(),
            (Self::English, Metric::AvgTimePerRequest) => "Average time per request".to_owned(),
            (Self::Chinese, Metric::TotalTime) => "总时间".to_owned(),
            (Self::Chinese, Metric::AvgTimePerRequest) => "平均每个请求时间".to_owned(),
            (_, other) => other.to_string(),
        };
        self.in_unit(label, unit)
    }

    /// A label with its unit, where one is the same for the whole axis.
    fn in_unit(self, label: String, unit: Option<TimeUnit>) -> String {
        let Some(unit) = unit.map(|unit| self.unit(unit)) else { return label };
        self.pick(format!("{label} ({unit})"), format!("{label}({unit})"))
    }

    /// A label that says where its axis is logarithmic.
    pub(super) fn scaled(self, label: String, scale: Scale) -> String {
        match scale {
            Scale::Log => self.pick(format!("{label} (log scale)"), format!("{label}(对数坐标)")),
            _ => label,
        }
    }

    /// A time as ticks have it, in a unit of its own.
    pub(super) fn time(self, seconds: f64) -> String {
        // A hair more, so that a millisecond that comes out just below itself stays one.
        let unit = TimeUnit::for_largest(seconds * (1.0 + 1e-9));
        let value = seconds / unit.seconds();
        let decimals = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
        let value = format!("{value:.decimals$}");
        let digits = if value.contains('.') { value.trim_end_matches('0').trim_end_matches('.') } else { &value };
        format!("{digits} {}", self.unit(unit))
    }

    /// The title of a panel of ratios.
    pub(super) fn ratio_panel_title(self, reference: Option<&str>, percent: &str) -> String {
        let to = reference.unwrap_or(self.pick("the fastest", "最快者"));
        self.pick(
            format!("Times the time of {to} (grey: ±{percent} %)"),
            format!("相对于{to}的用时倍数(灰色: ±{percent}%)"),
        )
    }

    /// How much was measured: requests of each run where all have as many, and the fewest and the most runs of a point.
    pub(super) fn measured(self, requests: Option<u64>, (few, most): (usize, usize)) -> String {
        let runs = match (few, most) {
            (1, 1) => self.pick("one run per point".to_owned(), "每点1次运行".to_owned()),
            (few, most) if few == most => self.pick(format!("{most} runs per point"), format!("每点{most}次运行")),
            (few, most) => self.pick(format!("{few} to {most} runs per point"), format!("每点{few}至{most}次运行")),
        };
        let better = self.pick("lower is better", "越低越好");
        match requests {
            Some(count) => self.pick(
                format!("{count} requests per run, {runs}; {better}"),
                format!("每次运行{count}个请求, {runs}; {better}"),
            ),
            None => self.pick(format!("{runs}; {better}"), format!("{runs}; {better}")),
        }
    }

    /// Says why most lines are grey.
    pub(super) fn highlighted(self, colored: usize, count: usize) -> String {
        self.pick(
            format!("The {colored} fastest of {count} in colour, the others in grey."),
            format!("{count}项中最快的{colored}项以彩色显示, 其余为灰色."),
        )
    }

    /// What is written where every run failed.
    pub(super) fn all_failed(self, runs: usize) -> String {
        match runs {
            1 => self.pick("the run failed: 100 % errors".to_owned(), "运行失败: 错误率100%".to_owned()),
            _ => {
                self.pick(format!("all {runs} runs failed: 100 % errors"), format!("全部{runs}次运行失败: 错误率100%"))
            }
        }
    }

    /// Says that there are too few runs for intervals.
    pub(super) const fn few_runs(self) -> &'static str {
        match self {
            Self::English => "Points are means of fewer than four runs, which are too few for intervals that say much.",
            Self::Chinese => "数据点为不足四次运行的平均值, 不足以给出有意义的区间.",
        }
    }

    /// Says what bars at points are.
    pub(super) fn bars(self, percent: &str) -> String {
        self.pick(format!("Bars are {percent} % intervals."), format!("误差线为{percent}%置信区间."))
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
            Self::English => "A line is broken where none of its own runs at a level succeeded and was timed.",
            Self::Chinese => "折线在自身运行全部失败或未计时的级别处中断.",
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
    pub(super) fn latency_axis(self, unit: Option<TimeUnit>) -> String {
        self.in_unit(self.pick("Latency", "延迟").to_owned(), unit)
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

    /// Says what the rows of changes are.
    pub(super) const fn change_rows(self, has_levels: bool) -> &'static str {
        match (self, has_levels) {
            (Self::English, false) => "Rows are ratios over all levels, the worst first.",
            (Self::English, true) => {
                "Rows are ratios over all levels, the worst first; levels follow where one of them has another verdict."
            }
            (Self::Chinese, false) => "各行为全部级别上的比值, 最差的在前.",
            (Self::Chinese, true) => "各行为全部级别上的比值, 最差的在前; 某一级别结论不同时列出各级别.",
        }
    }

    /// Says which series the candidate lacks.
    pub(super) fn missing_series(self, names: &str) -> String {
        self.pick(format!("Missing in the candidate: {names}."), format!("候选方缺少: {names}."))
    }

    /// Says which series the baseline lacks.
    pub(super) fn new_series(self, names: &str) -> String {
        self.pick(format!("New in the candidate: {names}."), format!("候选方新增: {names}."))
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
