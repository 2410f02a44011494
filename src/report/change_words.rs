//! The words of a before and after, in English and Chinese.

use super::quantity::{effect, effect_interval, probability, quantity};
use super::severity::by_outcome;
use super::words::Words;
use crate::compare::{Change, GateResult, Outcome, OutcomeCounts, RuleReport, Violation};

/// Says what changed, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChangeWords(pub(super) Words);

impl ChangeWords {
    fn pick<T>(self, english: T, chinese: T) -> T {
        self.0.pick(english, chinese)
    }

    /// An outcome.
    pub(super) fn outcome(self, outcome: Outcome) -> &'static str {
        let chinese = match outcome {
            Outcome::Worse => "更差",
            Outcome::Missing => "缺失",
            Outcome::Inconclusive => "尚无定论",
            Outcome::New => "新增",
            Outcome::Equivalent => "等效",
            Outcome::Better => "更好",
        };
        self.pick(outcome.name(), chinese)
    }

    /// What comes of a gate, as a sentence without its stop.
    pub(super) fn gate_result(self, result: GateResult) -> &'static str {
        match result {
            GateResult::Passed => self.pick("the gate passed", "门禁通过"),
            GateResult::Inconclusive => self.pick("the gate could not be decided", "门禁尚无定论"),
            GateResult::Unusable => self.pick("the gate could not be evaluated", "门禁无法评估"),
            GateResult::Tripped => self.pick("the gate tripped", "门禁未通过"),
        }
    }

    /// `3 worse, 1 missing, 12 equivalent`, without what there is none of.
    pub(super) fn counts(self, counts: OutcomeCounts) -> String {
        let there = by_outcome(counts).into_iter().filter(|(_, count)| 0 < *count);
        let parts: Vec<String> = there
            .map(|(outcome, count)| {
                let outcome = self.outcome(outcome);
                self.pick(format!("{count} {outcome}"), format!("{count} 项{outcome}"))
            })
            .collect();
        match parts.as_slice() {
            [] => self.pick("nothing was compared", "没有可比较的内容").to_owned(),
            parts => parts.join(self.pick(", ", "，")),
        }
    }

    /// What can be said of one row, with its numbers. `level` is that of intervals, %.
    pub(super) fn change(self, change: &Change, level: &str) -> String {
        let (metric, series) = (self.0.metric(change.metric), change.key());
        let outcome = self.outcome(change.outcome);
        let mut parts =
            vec![self.pick(format!("{metric} of {series}: {outcome}"), format!("{series} 的{metric}：{outcome}"))];
        if let (Some(before), Some(after)) = (change.baseline, change.candidate) {
            let (from, to) = (quantity(before.mean, change.metric), quantity(after.mean, change.metric));
            parts.push(self.pick(format!("from {from} to {to}"), format!("从 {from} 到 {to}")));
        }
        if let Some(effect) = effect(change) {
            let interval = effect_interval(change).map(|[low, high]| {
                self.pick(format!(" ({level}% interval {low} to {high})"), format!("（{level}% 区间 {low} 至 {high}）"))
            });
            let interval = interval.unwrap_or_default();
            let name = match change.ratio {
                Some(_) => self.pick("ratio", "比值"),
                None => self.pick("difference", "差值"),
            };
            parts.push(format!("{name} {effect}{interval}"));
        }
        if let Some(p) = change.p_adjusted.or(change.p_value) {
            parts.push(format!("p {}", probability(p)));
        }
        if let (Some(before), Some(after)) = (change.baseline, change.candidate) {
            parts.push(
                self.pick(format!("n {} and {}", before.n, after.n), format!("n 为 {} 和 {}", before.n, after.n)),
            );
        }
        let lacks = |label: &str| self.pick(format!("{label} does not have it"), format!("{label} 没有该项"));
        match change.outcome {
            Outcome::Missing => parts.push(lacks(&change.candidate_label)),
            Outcome::New => parts.push(lacks(&change.baseline_label)),
            _ => {}
        }
        parts.extend(change.reason.clone());
        parts.join(self.pick(", ", "，"))
    }

    /// What a rule found, where it says nothing more.
    pub(super) fn rule(self, rule: &RuleReport) -> String {
        let (name, matched) = (&rule.rule, rule.matched);
        if matched == 0 {
            return self.pick(format!("the rule \"{name}\" matched nothing"), format!("规则“{name}”没有匹配任何内容"));
        }
        let violations = rule.violations.iter().filter(|violation| violation.allowed.is_none()).count();
        self.pick(
            format!("the rule \"{name}\" looked at {matched} and does not let {violations} of them pass"),
            format!("规则“{name}”检查了 {matched} 项，其中 {violations} 项不通过"),
        )
    }

    /// What a rule does not let pass, with the series that it is about.
    pub(super) fn violation_of_series(self, violation: &Violation) -> String {
        let told = self.violation(violation);
        let Some(series) = violation.key() else { return told };
        self.pick(format!("{series}: {told}"), format!("{series}：{told}"))
    }

    /// What a rule does not let pass, and why it may be let pass all the same.
    pub(super) fn violation(self, violation: &Violation) -> String {
        let message = &violation.message;
        match &violation.allowed {
            Some(reason) => {
                self.pick(format!("{message} (allowed: {reason})"), format!("{message}（已允许：{reason}）"))
            }
            None => message.clone(),
        }
    }
}
