//! What one might read out of the tables, and the data does not support.

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::compare::{Comparison, Verdict};
use crate::findings::tools::is_timed;
use crate::findings::wording::{count, members};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity};
use crate::record::Metric;
use crate::scaling::Rejection;

/// Claims that should not be made.
pub(super) struct UnsupportedClaims;

/// One of them.
struct Claim {
    text: String,
    evidence: Value,
    rests_on: Vec<String>,
}

/// So many pairs are named.
const NAMED: usize = 4;

impl Rule for UnsupportedClaims {
    fn id(&self) -> &'static str {
        "unsupported-claims"
    }

    fn claims(&self) -> bool {
        false
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.scenarios().into_iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl UnsupportedClaims {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let claims = [order(scenario, evidence), limits(scenario, evidence), tail(scenario, evidence)];
        let claims: Vec<Claim> = claims.into_iter().flatten().collect();
        let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
        (!claims.is_empty()).then(|| Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: Vec::new(),
            message: words.in_scenario(scenario)
                + &words.say(
                    format!("the data does not support a claim about {}", texts.join("; or about ")),
                    format!("数据不支持以下说法：{}", texts.join("；")),
                ),
            advice: words.say(
                "Leave these out of what you report, or measure what is missing first.",
                "请不要在报告中提出这些说法，或先补测缺少的数据。",
            ),
            rests_on: claims.iter().flat_map(|claim| claim.rests_on.iter().cloned()).collect(),
            evidence: members(json!({
                "claims": claims.iter().map(|claim| claim.evidence.clone()).collect::<Vec<_>>(),
            })),
        })
    }
}

/// Pairs of which nobody can say which is faster.
fn order(scenario: &str, evidence: &Evidence<'_>) -> Option<Claim> {
    let words = evidence.wording();
    let metric = evidence.ranked_metric();
    let is_open = |row: &&Comparison| {
        row.is_overall() && row.metric == metric && row.verdict == Verdict::Inconclusive && !row.depends_on_level
    };
    let open: Vec<&Comparison> = evidence.in_scenario(scenario).comparisons.iter().copied().filter(is_open).collect();
    if open.is_empty() {
        return None;
    }
    let or = words.language.pick(" or ", " 还是 ");
    let named: Vec<String> =
        open.iter().take(NAMED).map(|row| format!("{}{or}{}", row.baseline, row.candidate)).collect();
    let named = named.join(words.language.pick(", ", "、"));
    let and_more = match open.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => words.say(format!(" and {} more", count(more, "pair")), format!(" 等另外 {more} 对")),
    };
    Some(Claim {
        text: words.say(
            format!("which is faster over all levels: {named}{and_more}"),
            format!("总体上哪个更快：{named}{and_more}"),
        ),
        evidence: json!({
            "about": "order",
            "pairs": open.iter().map(|row| [&row.baseline, &row.candidate]).collect::<Vec<_>>(),
        }),
        rests_on: open.iter().filter_map(|row| evidence.pointer(row)).collect(),
    })
}

/// Frameworks of which nobody can say where they stop to scale.
fn limits(scenario: &str, evidence: &Evidence<'_>) -> Option<Claim> {
    let words = evidence.wording();
    let mut names: IndexMap<Rejection, Vec<&str>> = IndexMap::new();
    let mut rests_on = Vec::new();
    for (place, scaling) in &evidence.in_scenario(scenario).scaling {
        if let Some(reason) = scaling.reason.filter(|_| !scaling.accepted) {
            names.entry(reason).or_default().push(&scaling.framework);
            rests_on.push(format!("/scaling/{place}"));
        }
    }
    let part = |(reason, names): (&Rejection, &Vec<&str>)| {
        let (names, reason) = (words.list(names), reason.words(words.language));
        words.say(format!("{names} ({reason})"), format!("{names}（{reason}）"))
    };
    let parts: Vec<String> = names.iter().map(part).collect();
    let parts = parts.join(words.language.pick(", ", "、"));
    (!names.is_empty()).then(|| Claim {
        text: words.say(format!("the peak or the limit of {parts}"), format!("峰值或极限：{parts}")),
        evidence: json!({
            "about": "limit",
            "rejected": names
                .iter()
                .map(|(reason, names)| json!({"reason": reason, "frameworks": names}))
                .collect::<Vec<_>>(),
        }),
        rests_on,
    })
}

/// Whether nothing is known of the slowest requests.
fn tail(scenario: &str, evidence: &Evidence<'_>) -> Option<Claim> {
    let cells = &evidence.in_scenario(scenario).cells;
    cells.first()?;
    // Where nothing was asked for there are no requests.
    if evidence.runs.in_scenario(scenario).flat_map(|series| series.iter()).all(is_timed) {
        return None;
    }
    let has_tail =
        cells.iter().any(|cell| matches!(cell.metric, Metric::LatencyP95 | Metric::LatencyP99 | Metric::LatencyMax));
    (!has_tail).then(|| Claim {
        text: evidence.wording().say(
            "the slowest requests, as no latency percentile was recorded",
            "最慢的请求，因为没有记录任何延迟百分位",
        ),
        evidence: json!({"about": "tail"}),
        rests_on: Vec::new(),
    })
}
