//! Which framework is fastest over all levels that the ranked ones share, and by what factor.

use serde_json::json;

use super::wording::{at_level, count, in_scenario, interval, list, members, percent, significant, times_as_fast};
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::compare::{Comparison, Ranked, Verdict};
use crate::record::Run;
use crate::stats::error_rate;

/// The first of the ranking, against each of the others.
pub(super) struct FastestOverall;

/// From this share of failed requests on, errors are part of the answer.
const ERRORS: f64 = 0.01;

/// What can be said of the first against one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// It is faster, by enough to matter.
    Told,
    /// Any difference is too small to matter.
    None,
    /// It is faster, but perhaps by too little to matter.
    Small,
    /// The difference can't be told from noise.
    Untold,
    /// Nothing is known of the noise.
    Unknown,
}

impl Rule for FastestOverall {
    fn id(&self) -> &'static str {
        "fastest-overall"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.rankings.iter().filter_map(|ranked| self.finding(ranked, evidence)).collect()
    }
}

impl FastestOverall {
    fn finding(&self, ranked: &Ranked, evidence: &Evidence<'_>) -> Option<Finding> {
        let ranking = &ranked.ranking;
        let first = ranking.tiers.first()?.first()?;
        if ranked.against_first.is_empty() {
            return None;
        }
        let failing = evidence.failing_levels(first, &ranking.scenario);
        let errors = share_of_errors(evidence.runs_of(first, &ranking.scenario));
        let leads: Vec<Lead> = ranked.against_first.iter().map(lead).collect();
        let is_told = leads.iter().all(|lead| *lead == Lead::Told);
        let is_settled = leads.iter().all(|lead| matches!(lead, Lead::Told | Lead::None));
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: match (failing.is_empty() && errors.is_none(), is_settled) {
                (false, _) => Severity::Warning,
                (true, false) => Severity::Notice,
                (true, true) => Severity::Info,
            },
            frameworks: vec![first.clone()],
            message: message(first, ranked, &leads, &failing, evidence),
            advice: if let [_, ..] = failing.as_slice() {
                let levels = failing.iter().map(|level| at_level(evidence.axis, Some(*level)));
                format!("Do not choose {first} for a load as {}: it fails there.", list(levels))
            } else if let Some(share) = &errors {
                format!("Look at its errors before its speed: {share} of its requests failed.")
            } else if is_told {
                format!("Choose {first} where this metric decides{}.", and_at_levels(first, ranked, evidence))
            } else if is_settled {
                settled_advice(first, ranked, &leads, evidence)
            } else {
                unsettled_advice(first, ranked, &leads)
            },
            evidence: members(json!({
                "metric": ranking.metric,
                "concurrency_levels": ranking.concurrency_levels,
                "tiers": ranking.tiers,
                "unranked": ranking.unranked,
                "failing_levels": failing,
                "failed": errors,
                "against": ranked
                    .against_first
                    .iter()
                    .map(|row| json!({
                        "framework": row.candidate,
                        "times_as_fast": row.ratio,
                        "ci_low": row.ci_low,
                        "ci_high": row.ci_high,
                        "verdict": row.verdict.flipped(),
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

/// The share of requests that failed, where it is large enough to be part of the answer.
fn share_of_errors<'r>(runs: impl Iterator<Item = &'r Run> + Clone) -> Option<String> {
    let has_errors = || runs.clone().any(|run| run.error_count.is_some_and(|errors| 0 < errors));
    match error_rate(runs.clone()) {
        Some(rate) => (ERRORS <= rate).then(|| percent(rate)),
        None => has_errors().then(|| "an unknown share".to_owned()),
    }
}

/// `row` has the first as its baseline.
fn lead(row: &Comparison) -> Lead {
    match (row.verdict, row.ci_low) {
        (Verdict::Worse | Verdict::Better, _) => Lead::Told,
        (Verdict::Equivalent, _) => Lead::None,
        (Verdict::Inconclusive, Some(low)) if 1.0 < low => Lead::Small,
        (Verdict::Inconclusive, Some(_)) => Lead::Untold,
        (Verdict::Inconclusive, None) => Lead::Unknown,
    }
}

fn message(first: &str, ranked: &Ranked, leads: &[Lead], failing: &[u32], evidence: &Evidence<'_>) -> String {
    let ranking = &ranked.ranking;
    let level = significant((1.0 - evidence.decision.alpha) * 100.0, 4);
    let factors = ranked.against_first.iter().map(|row| {
        let times = times_as_fast(row.ratio, &row.candidate);
        match row.ci_low.zip(row.ci_high) {
            Some(ends) => format!("{times} ({level} % interval {})", interval(ends)),
            None => times,
        }
    });
    let common = ranking.concurrency_levels.len();
    let compared = ranked.against_first.iter().map(|row| row.levels).min().unwrap_or_default();
    let basis = match common {
        0 => ranking.metric.to_string(),
        _ if compared < common => {
            format!(
                "geometric mean of {} over those of the {common} common levels that have repetitions",
                ranking.metric
            )
        }
        _ => format!("geometric mean of {} over {}", ranking.metric, count(common, "common level")),
    };
    let with = |lead: Lead| names(ranked, leads, lead);
    let is_fastest = leads.iter().all(|lead| *lead == Lead::Told);
    let mut text = format!(
        "{}{first} is {} overall, {} ({basis})",
        in_scenario(&ranking.scenario),
        if is_fastest { "fastest" } else { "first" },
        list(factors)
    );
    let mut add = |part: String| {
        text.push_str("; ");
        text.push_str(&part);
    };
    if let Some(names) = with(Lead::None) {
        add(format!("within ±{} of {names} it is equivalent", percent(evidence.decision.min_effect)));
    }
    if let Some(names) = with(Lead::Small) {
        add(format!("it is ahead of {names}, but perhaps by too little to matter"));
    }
    if let Some(names) = with(Lead::Untold) {
        add(format!("it can't be told apart from {names}"));
    }
    if with(Lead::Unknown).is_some() {
        add(if has_single_runs(ranked, evidence) {
            "without repetitions this can't be told from noise".to_owned()
        } else {
            "the repetitions do not vary at all, so nothing is known of the noise".to_owned()
        });
    }
    if !failing.is_empty() {
        add(format!("most of its requests failed at {} {}", evidence.axis, list(failing)));
    }
    if !ranking.unranked.is_empty() {
        add(format!(
            "not ranked, as they share no level with these or have no times that count: {}",
            list(&ranking.unranked)
        ));
    }
    text
}

/// The others of which this can be said.
fn names(ranked: &Ranked, leads: &[Lead], wanted: Lead) -> Option<String> {
    let names: Vec<&str> = ranked
        .against_first
        .iter()
        .zip(leads)
        .filter(|(_, lead)| **lead == wanted)
        .map(|(row, _)| row.candidate.as_str())
        .collect();
    (!names.is_empty()).then(|| list(names))
}

/// Whether one of the cells behind the ranking has a single run.
fn has_single_runs(ranked: &Ranked, evidence: &Evidence<'_>) -> bool {
    let ranking = &ranked.ranking;
    evidence.cells.iter().any(|cell| {
        cell.scenario == ranking.scenario
            && cell.metric == ranking.metric
            && cell.values.count() == 1
            && ranking.tiers.iter().flatten().any(|name| *name == cell.framework)
    })
}

/// Whether the first is told apart from another at some level in either direction.
fn differs_at_levels(first: &str, ranked: &Ranked, evidence: &Evidence<'_>, wanted: Verdict) -> bool {
    let ranking = &ranked.ranking;
    evidence.comparisons.iter().any(|row| {
        let others = [&row.baseline, &row.candidate];
        !row.is_overall()
            && row.scenario == ranking.scenario
            && row.metric == ranking.metric
            && others.into_iter().any(|other| row.verdict_on(first, other) == Some(wanted))
    })
}

fn and_at_levels(first: &str, ranked: &Ranked, evidence: &Evidence<'_>) -> &'static str {
    if differs_at_levels(first, ranked, evidence, Verdict::Worse) {
        ", and look at the levels: it is not first at all of them"
    } else {
        ""
    }
}

fn settled_advice(first: &str, ranked: &Ranked, leads: &[Lead], evidence: &Evidence<'_>) -> String {
    let equals = names(ranked, leads, Lead::None).unwrap_or_default();
    let differs =
        [Verdict::Better, Verdict::Worse].into_iter().any(|wanted| differs_at_levels(first, ranked, evidence, wanted));
    if differs {
        format!("Choose between {first} and {equals} by the load: they differ level by level.")
    } else {
        format!("Choose between {first} and {equals} by something other than {}.", ranked.ranking.metric)
    }
}

fn unsettled_advice(first: &str, ranked: &Ranked, leads: &[Lead]) -> String {
    let open = [Lead::Small, Lead::Untold, Lead::Unknown].into_iter().filter_map(|lead| names(ranked, leads, lead));
    format!(
        "Do not choose between {first} and {} by this yet. Measure more repetitions of every cell, one pass over all \
         frameworks and levels after the other, until the interval leaves out what does not matter (--min-effect) or \
         fits into it.",
        open.collect::<Vec<_>>().join(", ")
    )
}
