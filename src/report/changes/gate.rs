//! What a gate found, as lines.

use super::super::words::Words;
use crate::compare::{AllowanceReport, GateReport, GateResult, RuleReport, SideCoverage, Violation};

/// A rule with what it found: its line, and those below it.
pub(super) struct RuleLines {
    pub(super) result: GateResult,
    pub(super) head: String,
    pub(super) below: Vec<String>,
}

/// What the gate looked at and what it left out, a line for each side.
pub(in crate::report) fn coverage(report: &GateReport, words: Words) -> Vec<String> {
    let line = |side: &SideCoverage| {
        let SideCoverage { side, series, levels, metrics, runs, left_out } = side;
        words.pick(
            format!(
                "looked at  {side}: {series} series, {levels} cells, {metrics} metrics, {runs} runs; left out: {left_out}"
            ),
            format!("检查范围  {side}：{series} 个系列，{levels} 个单元，{metrics} 个指标，{runs} 次运行；未计入：{left_out}"),
        )
    };
    report.coverage.iter().map(line).collect()
}

/// The lines of every rule, with `most` violations of each, and those of the known exceptions.
pub(super) fn lines(report: &GateReport, words: Words, most: usize) -> Vec<RuleLines> {
    report
        .rules
        .iter()
        .map(|rule| of_rule(rule, words, most))
        .chain(report.allowances.iter().map(|known| of_allowance(known, words)))
        .chain(coverage(report, words).into_iter().map(|head| RuleLines {
            result: GateResult::Passed,
            head,
            below: Vec::new(),
        }))
        .collect()
}

fn of_rule(rule: &RuleReport, words: Words, most: usize) -> RuleLines {
    let matched = words.pick(format!(" (looked at {})", rule.matched), format!("（检查了 {} 项）", rule.matched));
    let head = format!("{}  {}{matched}", words.gate(rule.result), rule.rule);
    let mut violations: Vec<&Violation> = rule.violations.iter().collect();
    violations.sort_by_key(|violation| violation.allowed.is_some());
    let mut below: Vec<String> = violations.iter().take(most).map(|violation| of_violation(violation, words)).collect();
    if most < violations.len() {
        let more = violations.len() - most;
        below.push(words.pick(format!("and {more} more"), format!("另有 {more} 项")));
    }
    RuleLines { result: rule.result, head, below }
}

fn of_violation(violation: &Violation, words: Words) -> String {
    let mut line = String::new();
    if let Some(key) = violation.key() {
        line.push_str(&key.to_string());
        line.push_str(words.pick(": ", "："));
    } else if !violation.side.is_empty() {
        line.push_str(&violation.side);
        line.push_str(words.pick(": ", "："));
    }
    line.push_str(&violation.message);
    if let Some(reason) = &violation.allowed {
        line.push_str(&words.pick(format!(" (allowed: {reason})"), format!("（已允许：{reason}）")));
    }
    line
}

fn of_allowance(known: &AllowanceReport, words: Words) -> RuleLines {
    let AllowanceReport { pattern, until, reason, .. } = known;
    let state = match (known.is_expired, known.matched) {
        (true, 0) => words.pick("expired, and no longer needed", "已过期，且不再需要").to_owned(),
        (true, matched) => words.pick(
            format!("expired: {matched} that it would excuse count again"),
            format!("已过期：其覆盖的 {matched} 项重新计入"),
        ),
        (false, 0) => words.pick("excuses nothing; take it away", "没有覆盖任何内容，可以删除").to_owned(),
        (false, matched) => words.pick(format!("excuses {matched}"), format!("覆盖 {matched} 项")),
    };
    let head = words.pick(
        format!("exception  {pattern} until {until}, {reason}: {state}"),
        format!("例外  {pattern}，截至 {until}，{reason}：{state}"),
    );
    RuleLines { result: GateResult::Passed, head, below: Vec::new() }
}
