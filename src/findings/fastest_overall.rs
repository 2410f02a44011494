//! Which framework is fastest over all levels that it shares with the others, and by what factor.

use serde_json::json;

use super::wording::{count, in_scenario, list, members, significant};
use super::{Evidence, Finding, Kind, Rule, Severity};
use crate::compare::{Comparison, Ranking, Verdict};

/// The first of the ranking, against each of the others.
pub(super) struct FastestOverall;

/// One of the others, as seen from the first.
struct Rival<'a> {
    name: &'a str,
    /// How many times as long it takes as the first.
    factor: f64,
    interval: Option<(f64, f64)>,
    /// On the first, against this one.
    verdict: Verdict,
    levels: usize,
}

impl Rule for FastestOverall {
    fn id(&self) -> &'static str {
        "fastest-overall"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.rankings.iter().filter_map(|ranking| self.finding(ranking, evidence)).collect()
    }
}

impl FastestOverall {
    fn finding(&self, ranking: &Ranking, evidence: &Evidence<'_>) -> Option<Finding> {
        let (first, others) = names(ranking)?;
        let rivals: Vec<Rival<'_>> =
            others.iter().filter_map(|other| rival(first, other, ranking, evidence.comparisons)).collect();
        let [next, ..] = rivals.as_slice() else { return None };
        let claim = claim(first, &rivals, ranking, evidence);
        let (severity, advice) = match next.verdict {
            Verdict::Better => (Severity::Info, format!("Choose {first} where this metric decides.")),
            Verdict::Equivalent => (
                Severity::Info,
                format!("Choose between {} by something other than speed.", list(&ranking.tiers.first().cloned()?)),
            ),
            Verdict::Worse | Verdict::Inconclusive => (
                Severity::Notice,
                "Choose none of them for its speed yet. Measure more repetitions of every cell, one pass over all \
                 frameworks and levels after the other, until the interval leaves out 1 or fits into the margin."
                    .to_owned(),
            ),
        };
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity,
            frameworks: vec![first.to_owned()],
            message: format!("{}{claim}", in_scenario(&ranking.scenario)),
            advice,
            evidence: members(json!({
                "metric": ranking.metric,
                "tiers": ranking.tiers,
                "against": rivals
                    .iter()
                    .map(|rival| json!({
                        "framework": rival.name,
                        "times_as_fast": rival.factor,
                        "ci_low": rival.interval.map(|(low, _)| low),
                        "ci_high": rival.interval.map(|(_, high)| high),
                        "levels": rival.levels,
                        "verdict": rival.verdict,
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

fn names(ranking: &Ranking) -> Option<(&str, Vec<&str>)> {
    let mut names = ranking.tiers.iter().flatten().map(String::as_str);
    Some((names.next()?, names.collect()))
}

fn rival<'a>(first: &str, name: &'a str, ranking: &Ranking, comparisons: &[Comparison]) -> Option<Rival<'a>> {
    let mut overall = comparisons
        .iter()
        .filter(|row| row.is_overall() && row.metric == ranking.metric && row.scenario == ranking.scenario);
    overall.find_map(|row| {
        let (factor, interval) = row.ratio_of(name, first)?;
        Some(Rival { name, factor, interval, verdict: row.verdict_on(first, name)?, levels: row.levels })
    })
}

fn claim(first: &str, rivals: &[Rival<'_>], ranking: &Ranking, evidence: &Evidence<'_>) -> String {
    let metric = ranking.metric;
    let factors = list(rivals.iter().map(|rival| factor(rival, evidence)));
    let levels = rivals.iter().map(|rival| rival.levels).max().unwrap_or_default();
    let basis = format!("geometric mean of {metric} over {}", count(levels, "common level"));
    let verdict = rivals.first().map(|rival| rival.verdict);
    let has_intervals = rivals.iter().any(|rival| rival.interval.is_some());
    match verdict {
        Some(Verdict::Better) => format!("{first} is fastest overall, {factors} ({basis})"),
        Some(Verdict::Equivalent) => {
            let margin = significant(evidence.decision.min_effect * 100.0, 3);
            format!("{first} is first overall, and equivalent to the next within ±{margin} %: {factors} ({basis})")
        }
        _ if has_intervals => {
            format!("{first} is first overall, but not by enough to tell it from the next: {factors} ({basis})")
        }
        _ => {
            format!("{first} is first overall, {factors} ({basis}); without repetitions this can't be told from noise")
        }
    }
}

fn factor(rival: &Rival<'_>, evidence: &Evidence<'_>) -> String {
    let times = significant(rival.factor, 3);
    match rival.interval {
        Some((low, high)) => format!(
            "{times} times as fast as {} ({} % interval {} to {})",
            rival.name,
            significant((1.0 - evidence.decision.alpha) * 100.0, 4),
            significant(low, 3),
            significant(high, 3)
        ),
        None => format!("{times} times as fast as {}", rival.name),
    }
}
