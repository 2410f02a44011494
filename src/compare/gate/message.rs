//! What a gate says, in each language.

use crate::compare::change::{Change, Scale};
use crate::compare::policy::{FailOn, Limit};
use crate::language::Language;
use crate::record::{Metric, Unit};

/// Puts violations into words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message(pub(super) Language);

impl Message {
    fn say(self, english: impl Into<String>, chinese: impl Into<String>) -> String {
        self.0.pick(english.into(), chinese.into())
    }

    /// The general rule.
    pub(super) fn fail_on(self, kind: FailOn) -> String {
        let chinese = match kind {
            FailOn::Worse => "变差即失败",
            FailOn::Inconclusive => "尚无定论即失败",
            FailOn::Missing => "缺失即失败",
            FailOn::Trust => "数据存疑即失败",
        };
        self.say(format!("fail on {kind}"), chinese)
    }

    /// The rule that both sides are whole, up to the share that may be lost.
    pub(super) fn sides_are_whole(self, lost: Option<f64>) -> String {
        match lost {
            None => self.say("both sides are complete", "两侧数据完整"),
            Some(share) => {
                let share = share * 100.0;
                self.say(format!("at most {share}% of a side is lost"), format!("每侧最多丢失 {share}%"))
            }
        }
    }

    pub(super) fn without_level(self, runs: usize) -> String {
        let noun = if runs == 1 { "run has" } else { "runs have" };
        self.say(
            format!("{runs} {noun} no level, where the other runs of the series have one"),
            format!("{runs} 次运行没有级别，而该系列的其他运行有"),
        )
    }

    pub(super) fn without_metric(self, metric: Metric, runs: usize, all: usize, dead: usize) -> String {
        let name = metric.name_in(self.0);
        let why = if 0 < dead {
            self.say(format!(" ({dead} without a successful request)"), format!("（{dead} 次没有成功的请求）"))
        } else {
            String::new()
        };
        self.say(
            format!("{runs} of {all} runs have no usable {name}{why}"),
            format!("{all} 次运行中有 {runs} 次没有可用的{name}{why}"),
        )
    }

    pub(super) fn neighbouring_names(self, names: &[&str]) -> String {
        let names = names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(self.0.pick(", ", "、"));
        self.say(
            format!(
                "these names differ only in case, blanks or invisible characters, so runs may be compared under the \
                 wrong one: {names}; rename them, or say --rename OLD=NEW"
            ),
            format!("这些名称只在大小写、空白或不可见字符上不同，运行可能归到错误的名称下：{names}；请改名或使用 --rename OLD=NEW"),
        )
    }

    pub(super) fn unproven(self, row: &Change) -> String {
        let (metric, size) = (row.metric.name_in(self.0), size(row));
        let reason = row.reason.clone().unwrap_or_default();
        self.say(
            format!("{metric} changed by {size}, and it could not be tested: {reason}"),
            format!("{metric}变化 {size}，但无法检验：{reason}"),
        )
    }

    pub(super) fn fewer_runs(self, row: &Change, baseline: usize, candidate: usize) -> String {
        let (metric, size) = (row.metric.name_in(self.0), size(row));
        self.say(
            format!("{candidate} runs against {baseline} of the baseline: too few to judge {metric} ({size})"),
            format!("仅 {candidate} 次运行，而基线有 {baseline} 次：不足以判断{metric}（{size}）"),
        )
    }

    pub(super) fn slower_mode(self, metric: Metric, slow: usize, all: usize) -> String {
        let metric = metric.name_in(self.0);
        self.say(
            format!(
                "{slow} of {all} runs are much slower than all others and than the baseline: {metric} has two modes"
            ),
            format!("{all} 次运行中有 {slow} 次明显慢于其余运行和基线：{metric}呈双峰分布"),
        )
    }

    pub(super) fn nothing_matched(self) -> String {
        self.say("the rule matched nothing, so it guards nothing", "该规则没有匹配到任何内容，因此没有起到作用")
    }

    pub(super) fn worse(self, row: &Change) -> String {
        let (metric, size) = (row.metric.name_in(self.0), size(row));
        self.say(format!("{metric} is worse: {size}"), format!("{metric}变差：{size}"))
    }

    pub(super) fn inconclusive(self, row: &Change) -> String {
        let (metric, size) = (row.metric.name_in(self.0), size(row));
        let more = row.repetitions_needed.map(|runs| {
            self.say(
                format!("; about {runs} runs of each cell would settle it"),
                format!("；每个单元约 {runs} 次运行可得出结论"),
            )
        });
        let more = more.unwrap_or_default();
        self.say(format!("{metric} is inconclusive: {size}{more}"), format!("{metric}尚无定论：{size}{more}"))
    }

    pub(super) fn untested(self, row: &Change) -> String {
        let reason = row.reason.clone().unwrap_or_default();
        self.say(format!("it could not be tested: {reason}"), format!("无法检验：{reason}"))
    }

    /// What the candidate lacks of a series: one row for each metric.
    pub(super) fn missing(self, rows: &[&Change]) -> String {
        let metrics: Vec<&str> = rows.iter().map(|row| row.metric.name_in(self.0)).collect();
        let metric = metrics.join(self.0.pick(", ", "、"));
        let reason = rows
            .iter()
            .find_map(|row| row.reason.as_ref())
            .map(|reason| self.say(format!(": {reason}"), format!("：{reason}")));
        let reason = reason.unwrap_or_default();
        self.say(format!("the candidate has no {metric}{reason}"), format!("候选侧没有{metric}{reason}"))
    }

    pub(super) fn beyond(self, limit: &Limit, value: f64) -> String {
        let value = quantity(limit.metric, value);
        self.say(format!("{value}, which breaks {limit}"), format!("{value}，违反 {limit}"))
    }

    pub(super) fn without_value(self, limit: &Limit) -> String {
        let metric = limit.metric.name_in(self.0);
        self.say(
            format!("no value, or not of every run, for the {metric} that {limit} limits"),
            format!("{limit} 所限制的{metric}没有值，或并非每次运行都有"),
        )
    }
}

/// The change of a row with its interval and p-value: `+18.4 % (+15.1 % to +21.9 %), p 0.0004`.
fn size(row: &Change) -> String {
    let (estimate, unit) = match row.scale {
        Scale::Ratio => (row.ratio.map(|ratio| (ratio - 1.0) * 100.0), "%"),
        Scale::Difference => (row.difference.map(|difference| difference * 100.0), "pp"),
    };
    let end = |end: f64| match row.scale {
        Scale::Ratio => (end - 1.0) * 100.0,
        Scale::Difference => end * 100.0,
    };
    let mut text = estimate.map(|estimate| format!("{estimate:+.2} {unit}")).unwrap_or_default();
    if let Some((low, high)) = row.ci_low.zip(row.ci_high) {
        text.push_str(&format!(" ({:+.2} … {:+.2})", end(low), end(high)));
    }
    if let Some(p) = row.p_adjusted {
        text.push_str(&if p < 5e-5 { ", p <0.0001".to_owned() } else { format!(", p {p:.4}") });
    }
    text
}

fn quantity(metric: Metric, value: f64) -> String {
    match metric {
        Metric::ErrorRate => format!("{:.3} %", value * 100.0),
        Metric::Throughput => format!("{value:.1}/s"),
        _ if *metric.unit() != Unit::Seconds => format!("{value} {}", metric.unit()),
        _ if value < 1e-6 => format!("{:.2} ns", value * 1e9),
        _ if value < 1e-3 => format!("{:.2} µs", value * 1e6),
        _ if value < 1.0 => format!("{:.2} ms", value * 1e3),
        _ => format!("{value:.3} s"),
    }
}
