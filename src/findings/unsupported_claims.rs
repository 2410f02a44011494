//! What one might read out of the tables, and the data does not support.

use serde_json::json;

use super::wording::members;
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::compare::Verdict;
use crate::record::Metric;
use crate::scaling::Scaling;

/// Claims that should not be made.
pub(super) struct UnsupportedClaims;

/// So many pairs are named.
const NAMED: usize = 4;

impl Rule for UnsupportedClaims {
    fn id(&self) -> &'static str {
        "unsupported-claims"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.scenarios.iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl UnsupportedClaims {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let mut rests_on = Vec::new();
        let claims: Vec<String> = [
            order(scenario, evidence, &mut rests_on),
            limits(scenario, evidence, &mut rests_on),
            tail(scenario, evidence),
        ]
        .into_iter()
        .flatten()
        .collect();
        if claims.is_empty() {
            return None;
        }
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: Vec::new(),
            message: words.in_scenario(scenario)
                + &words.say(
                    format!("the data does not support a claim about {}", claims.join("; or about ")),
                    format!("数据不支持以下说法：{}", claims.join("；")),
                ),
            advice: words.say(
                "Leave these out of what you report, or measure what is missing first.",
                "请不要在报告中提出这些说法，或先补测缺少的数据。",
            ),
            rests_on,
            evidence: members(json!({"claims": claims})),
        })
    }
}

/// Pairs of which nobody can say which is faster.
fn order(scenario: &str, evidence: &Evidence<'_>, rests_on: &mut Vec<String>) -> Option<String> {
    let words = evidence.wording();
    let metric = evidence.ranked_metric();
    let open = |row: &&crate::compare::Comparison| {
        row.is_overall() && row.scenario == scenario && row.metric == metric && row.verdict == Verdict::Inconclusive
    };
    let rows: Vec<_> = evidence.comparisons.iter().filter(open).collect();
    if rows.is_empty() {
        return None;
    }
    rests_on.extend(rows.iter().filter_map(|row| evidence.pointer(row)));
    let named = rows.iter().take(NAMED).map(|row| match words.language {
        crate::language::Language::English => format!("{} or {}", row.baseline, row.candidate),
        crate::language::Language::Chinese => format!("{} 还是 {}", row.baseline, row.candidate),
    });
    let named: Vec<String> = named.collect();
    let more = rows.len().saturating_sub(NAMED);
    let named = named.join(words.language.pick(", ", "、"));
    let and_more = match more {
        0 => String::new(),
        more => words.say(format!(" and {more} more pairs"), format!(" 等另外 {more} 对")),
    };
    Some(words.say(
        format!("which is faster over all levels: {named}{and_more}"),
        format!("总体上哪个更快：{named}{and_more}"),
    ))
}

/// Frameworks of which nobody can say where they stop to scale.
fn limits(scenario: &str, evidence: &Evidence<'_>, rests_on: &mut Vec<String>) -> Option<String> {
    let words = evidence.wording();
    let rejected: Vec<(usize, &Scaling)> = evidence
        .scaling
        .iter()
        .enumerate()
        .filter(|(_, scaling)| scaling.scenario == scenario && !scaling.accepted && scaling.reason.is_some())
        .collect();
    if rejected.is_empty() {
        return None;
    }
    rests_on.extend(rejected.iter().map(|(place, _)| format!("/scaling/{place}")));
    let mut reasons: indexmap::IndexMap<&'static str, Vec<&str>> = indexmap::IndexMap::new();
    for (_, scaling) in &rejected {
        if let Some(reason) = scaling.reason {
            reasons.entry(reason.words(words.language)).or_default().push(&scaling.framework);
        }
    }
    let parts: Vec<String> = reasons
        .iter()
        .map(|(reason, names)| {
            let names = words.list(names);
            words.say(format!("{names} ({reason})"), format!("{names}（{reason}）"))
        })
        .collect();
    let parts = parts.join(words.language.pick(", ", "、"));
    Some(words.say(format!("the peak or the limit of {parts}"), format!("峰值或极限：{parts}")))
}

/// Whether nothing is known of the slowest requests.
fn tail(scenario: &str, evidence: &Evidence<'_>) -> Option<String> {
    let words = evidence.wording();
    let mut cells = evidence.cells.iter().filter(|cell| cell.scenario == scenario).peekable();
    cells.peek()?;
    let has_tail =
        cells.any(|cell| matches!(cell.metric, Metric::LatencyP95 | Metric::LatencyP99 | Metric::LatencyMax));
    (!has_tail).then(|| {
        words.say(
            "the slowest requests, as no latency percentile was recorded",
            "最慢的请求，因为没有记录任何延迟百分位",
        )
    })
}
