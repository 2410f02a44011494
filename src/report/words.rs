//! The words of the reports, in English and Chinese. Names of the data model stay as they are in English.

use crate::compare::Verdict;
use crate::findings::wording::{Wording, percent};
use crate::findings::{Finding, Kind, Severity};
use crate::language::Language;
use crate::record::{Column, Metric};

/// Says things in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// The one of two texts that is in the language.
    pub(super) fn pick<T>(self, english: T, chinese: T) -> T {
        self.0.pick(english, chinese)
    }

    fn wording(self) -> Wording<'static> {
        Wording { language: self.0, axis: "" }
    }

    /// Names or numbers in a row: `a, b and c`.
    pub(super) fn list<T: ToString>(self, items: &[T]) -> String {
        self.wording().list(items.iter().map(ToString::to_string))
    }

    /// How one compares with another: `1.11 times as fast as b`.
    pub(super) fn times_as_fast(self, factor: f64, other: &str) -> String {
        self.wording().times_as_fast(factor, other)
    }

    /// A range: `1.07 to 1.12`.
    pub(super) fn interval(self, low: f64, high: f64) -> String {
        self.wording().interval((low, high))
    }

    /// A fraction as a percentage: `5%`.
    pub(super) fn percent(self, fraction: f64) -> String {
        percent(fraction)
    }

    /// The sections of a report.
    pub(super) const fn title(self, section: Section) -> &'static str {
        match (self.0, section) {
            (Language::English, Section::Report) => "Benchmark report",
            (Language::English, Section::Records) => "Records",
            (Language::English, Section::PerFramework) => "Per framework",
            (Language::English, Section::PerLevel) => "Per level",
            (Language::English, Section::Scaling) => "Scaling",
            (Language::English, Section::Capacity) => "Capacity",
            (Language::English, Section::Overall) => "Compared with the fastest, all levels combined",
            (Language::English, Section::Comparisons) => "Every comparison",
            (Language::English, Section::Ranking) => "Ranking",
            (Language::English, Section::Findings(Kind::Trust)) => "Can it be believed?",
            (Language::English, Section::Findings(Kind::Recommendation)) => "Recommendations",
            (Language::English, Section::Diagnostics) => "Input problems",
            (Language::Chinese, Section::Report) => "基准测试报告",
            (Language::Chinese, Section::Records) => "记录",
            (Language::Chinese, Section::PerFramework) => "各框架",
            (Language::Chinese, Section::PerLevel) => "各级别",
            (Language::Chinese, Section::Scaling) => "扩展性",
            (Language::Chinese, Section::Capacity) => "容量",
            (Language::Chinese, Section::Overall) => "与首位相比（所有级别）",
            (Language::Chinese, Section::Comparisons) => "全部比较",
            (Language::Chinese, Section::Ranking) => "排名",
            (Language::Chinese, Section::Findings(Kind::Trust)) => "数据可信吗？",
            (Language::Chinese, Section::Findings(Kind::Recommendation)) => "结论与建议",
            (Language::Chinese, Section::Diagnostics) => "读取时遇到的问题",
        }
    }

    /// What the levels are: the field's word for the concurrency, or the name of a parameter as it is.
    pub(super) fn level(self, axis: &str) -> String {
        match self.0 {
            Language::Chinese if axis == Column::Concurrency.name() => "并发数".to_owned(),
            _ => axis.to_owned(),
        }
    }

    /// A metric's name.
    pub(super) fn metric(self, metric: Metric) -> &'static str {
        metric.name_in(self.0)
    }

    /// A metric with its unit, as the head of a column.
    pub(super) fn metric_in(self, metric: Metric, unit: &str) -> String {
        match (self.0, unit) {
            (Language::Chinese, "s") => format!("{}(秒)", self.metric(metric)),
            (Language::Chinese, "ms") => format!("{}(毫秒)", self.metric(metric)),
            _ => format!("{} ({unit})", self.metric(metric)),
        }
    }

    /// A verdict.
    pub(super) const fn verdict(self, verdict: Verdict) -> &'static str {
        match (self.0, verdict) {
            (Language::English, verdict) => verdict.name(),
            (Language::Chinese, Verdict::Better) => "更好",
            (Language::Chinese, Verdict::Worse) => "更差",
            (Language::Chinese, Verdict::Equivalent) => "等效",
            (Language::Chinese, Verdict::Inconclusive) => "尚无定论",
        }
    }

    /// A severity.
    pub(super) const fn severity(self, severity: Severity) -> &'static str {
        match (self.0, severity) {
            (Language::English, severity) => severity.name(),
            (Language::Chinese, Severity::Info) => "信息",
            (Language::Chinese, Severity::Notice) => "注意",
            (Language::Chinese, Severity::Warning) => "警告",
            (Language::Chinese, Severity::Critical) => "严重",
        }
    }

    /// Count, mean, standard deviation, minimum, median and maximum.
    pub(super) const fn statistics(self) -> [&'static str; 6] {
        match self.0 {
            Language::English => ["count", "mean", "std", "min", "median", "max"],
            Language::Chinese => ["次数", "平均值", "标准差", "最小值", "中位数", "最大值"],
        }
    }

    /// The head of a ratio.
    pub(super) fn ratio_to(self, reference: Option<&str>) -> String {
        match (self.0, reference) {
            (Language::English, Some(reference)) => format!("ratio to {reference}"),
            (Language::English, None) => "ratio to fastest".to_owned(),
            (Language::Chinese, Some(reference)) => format!("与 {reference} 之比"),
            (Language::Chinese, None) => "与最快者之比".to_owned(),
        }
    }

    /// Names the trust findings that cast doubt on a finding; `None` where there are none.
    pub(super) fn doubts(self, finding: &Finding) -> Option<String> {
        let ids: Vec<&str> = finding.doubts().collect();
        let ids = ids.join(self.pick(", ", "、"));
        (!ids.is_empty()).then(|| self.pick(format!(" (doubtful: {ids})"), format!("（存疑：{ids}）")))
    }

    /// The head of an interval.
    pub(super) fn interval_head(self, percent: &str) -> String {
        self.pick(format!("{percent} interval"), format!("{percent} 区间"))
    }

    /// An open verdict, with how many more runs of every cell would probably settle it.
    pub(super) fn open_verdict(self, verdict: Verdict, more: usize) -> String {
        let verdict = self.verdict(verdict);
        self.pick(format!("{verdict}, ~{more} more runs"), format!("{verdict}，约需再测 ~{more} 次"))
    }

    /// The verdict over levels that point in different directions.
    pub(super) fn depends_on_level(self) -> &'static str {
        self.pick("depends on the level", "取决于级别")
    }

    /// Explains the columns of comparisons.
    pub(super) fn about_comparisons(self, is_open: bool) -> String {
        let mut text = self
            .pick(
            "ratio: candidate over baseline; adjusted p: Holm-corrected, from the t interval where there are too few runs for a rank test",
            "比值：候选除以基线；校正 p：Holm 法；重复次数太少、秩检验无法判定时，由置信区间得出",
        )
            .to_owned();
        if is_open {
            text.push_str(
                self.pick("; ~n: runs per cell that would probably settle it", "；~n：每个单元大约还需的运行次数"),
            );
        }
        text
    }

    /// Says that levels are left out.
    pub(super) fn not_all_levels(self, shown: usize, all: usize) -> String {
        self.pick(
            format!("{shown} of {all} rows; --verbose shows every level"),
            format!("共 {all} 行，显示 {shown} 行；--verbose 显示所有级别"),
        )
    }

    /// Says that not all records are shown.
    pub(super) fn first_records(self, shown: usize, all: usize) -> String {
        self.pick(
            format!("the first {shown} of {all} records; --verbose shows all"),
            format!("共 {all} 条记录，只显示前 {shown} 条；--verbose 显示全部"),
        )
    }

    pub(super) fn framework(self) -> &'static str {
        self.pick("framework", "框架")
    }

    pub(super) fn scenario(self) -> &'static str {
        self.pick("scenario", "场景")
    }

    pub(super) fn metric_head(self) -> &'static str {
        self.pick("metric", "指标")
    }

    pub(super) fn verdict_head(self) -> &'static str {
        self.pick("verdict", "判定")
    }

    pub(super) fn baseline(self) -> &'static str {
        self.pick("baseline", "基线")
    }

    pub(super) fn candidate(self) -> &'static str {
        self.pick("candidate", "候选")
    }

    pub(super) fn ratio_head(self) -> &'static str {
        self.pick("ratio", "比值")
    }

    pub(super) fn adjusted_p(self) -> &'static str {
        self.pick("adjusted p", "校正 p")
    }

    pub(super) fn effect_size(self) -> &'static str {
        self.pick("Cliff's δ", "Cliff δ")
    }

    pub(super) fn all_levels(self) -> &'static str {
        self.pick("all", "全部")
    }

    pub(super) fn repetition(self) -> &'static str {
        self.pick("repetition", "重复")
    }

    pub(super) fn runs(self) -> &'static str {
        self.pick("runs", "次数")
    }

    pub(super) fn requests_count(self) -> &'static str {
        self.pick("requests_count", "请求数")
    }

    pub(super) fn error_count(self) -> &'static str {
        self.pick("error_count", "错误数")
    }

    pub(super) fn unknown(self) -> &'static str {
        self.pick("unknown", "未知")
    }

    pub(super) fn no_time(self) -> &'static str {
        self.pick("no time", "没有时间")
    }

    pub(super) fn mostly_errors(self) -> &'static str {
        self.pick("mostly errors", "大多失败")
    }

    /// A share of requests that failed, where it is too large to be left out.
    pub(super) fn errors(self, rate: f64) -> String {
        let share = format!("{:.0} %", rate * 100.0);
        self.pick(format!("{share} errors"), format!("{share} 失败"))
    }

    pub(super) fn derived(self) -> &'static str {
        self.pick("* derived from the other columns", "* 由其他列推算")
    }
}

/// A part of a report with a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Report,
    Records,
    PerFramework,
    PerLevel,
    Scaling,
    Capacity,
    Overall,
    Comparisons,
    Ranking,
    Findings(Kind),
    Diagnostics,
}
