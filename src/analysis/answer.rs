//! The answer in short: who leads a scenario, by how much and where, and at which load each framework does best.
//!
//! Read off rankings, comparisons and levels; what can be said with which certainty was decided there.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ErrorLevel;
use crate::compare::{Comparison, Ranking, Verdict};
use crate::record::{Direction, Metric};
use crate::scaling::Scaling;
use crate::stats::{Cell, TOO_FAULTY_TO_RANK};

/// Who leads one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What frameworks are ranked by.
    pub metric: Metric,
    /// First of the ranking; not necessarily alone there.
    pub leader: String,
    /// All others that are ranked, in their order.
    pub rivals: Vec<Rival>,
    /// Ascending: the levels that all of them have.
    pub levels: Vec<LevelLead>,
    /// Whether any cell of the ranking was measured more than once.
    pub has_repetitions: bool,
}

/// One of the others against the leader, over all levels that both have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rival {
    /// Its name.
    pub framework: String,
    /// How many times as fast the leader is; null where they were not compared.
    pub factor: Option<f64>,
    /// Lower end of the interval of `factor`.
    pub ci_low: Option<f64>,
    /// Upper end of the interval of `factor`.
    pub ci_high: Option<f64>,
    /// What can be said of the rival: `worse` where the lead is real and large enough to matter.
    pub verdict: Verdict,
}

/// How the leader stands at one level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelLead {
    /// The level.
    pub concurrency: u32,
    /// How many times as fast the leader is as the fastest of the others: below 1 where it is behind.
    pub factor: f64,
    /// Whether all others are worse than the leader by verdict.
    pub is_clear: bool,
    /// Who is better than the leader by verdict.
    pub beaten_by: Vec<String>,
}

/// The load at which a framework does best, of the levels that were measured without too many errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BestLoad {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// The lowest level with 95 % of the best throughput.
    pub concurrency: u32,
    /// The throughput at that level, 1/s.
    pub throughput: f64,
    /// Whether it is the highest level measured, so that a higher one may do better.
    pub is_highest: bool,
    /// The lowest level above it at which too many requests fail.
    pub fails_from: Option<u32>,
}

/// The share of the best throughput from which on more load is not worth its latency.
const ENOUGH: f64 = 0.95;

/// The answer of every ranking.
pub(super) fn answers(rankings: &[Ranking], comparisons: &[Comparison], cells: &[Cell]) -> Vec<Answer> {
    let mut rows: HashMap<(&str, Metric), Vec<&Comparison>> = HashMap::new();
    for row in comparisons {
        rows.entry((&row.scenario, row.metric)).or_default().push(row);
    }
    let mut repeated: HashMap<(&str, Metric), HashSet<&str>> = HashMap::new();
    for cell in cells.iter().filter(|cell| 1 < cell.n) {
        repeated.entry((&cell.scenario, cell.metric)).or_default().insert(&cell.framework);
    }
    let answer = |ranking: &Ranking| {
        let leader = ranking.tiers.first()?.first()?;
        let key = (ranking.scenario.as_str(), ranking.metric);
        let own = rows.get(&key).map_or(&[][..], Vec::as_slice);
        let is_repeated = |name: &String| repeated.get(&key).is_some_and(|names| names.contains(name.as_str()));
        let others: Vec<&String> = ranking.tiers.iter().flatten().skip(1).collect();
        let against = AgainstLeader::of(leader, &others, own);
        Some(Answer {
            scenario: ranking.scenario.clone(),
            metric: ranking.metric,
            leader: leader.clone(),
            rivals: others.iter().map(|name| rival(name, leader, ranking.metric, &against)).collect(),
            levels: ranking
                .concurrency_levels
                .iter()
                .filter_map(|level| lead_at(*level, leader, others.len(), ranking.metric, &against))
                .collect(),
            has_repetitions: ranking.tiers.iter().flatten().any(is_repeated),
        })
    };
    rankings.iter().filter_map(answer).collect()
}

/// The comparisons of a leader with the others that are ranked: over all levels by name, and at each level.
#[derive(Default)]
struct AgainstLeader<'a> {
    overall: HashMap<&'a str, &'a Comparison>,
    at: HashMap<u32, Vec<(&'a str, &'a Comparison)>>,
}

impl<'a> AgainstLeader<'a> {
    fn of(leader: &str, others: &[&'a String], rows: &[&'a Comparison]) -> Self {
        let others: HashSet<&str> = others.iter().map(|name| name.as_str()).collect();
        let mut against = Self::default();
        for &row in rows {
            let other = match leader {
                leader if row.baseline == leader => &row.candidate,
                leader if row.candidate == leader => &row.baseline,
                _ => continue,
            };
            let Some(other) = others.get(other.as_str()) else { continue };
            match row.concurrency {
                Some(level) => against.at.entry(level).or_default().push((other, row)),
                None => {
                    against.overall.entry(other).or_insert(row);
                }
            }
        }
        against
    }
}

fn rival(name: &str, leader: &str, metric: Metric, against: &AgainstLeader<'_>) -> Rival {
    let row = against.overall.get(name);
    let (factor, interval) = row.and_then(|row| times_as_fast(row, leader, name, metric)).unzip();
    let interval = interval.flatten();
    Rival {
        framework: name.to_owned(),
        factor,
        ci_low: interval.map(|(low, _)| low),
        ci_high: interval.map(|(_, high)| high),
        verdict: row.and_then(|row| row.verdict_on(name, leader)).unwrap_or(Verdict::Inconclusive),
    }
}

fn lead_at(
    concurrency: u32,
    leader: &str,
    others: usize,
    metric: Metric,
    against: &AgainstLeader<'_>,
) -> Option<LevelLead> {
    let here: Vec<(&str, f64, Verdict)> = against
        .at
        .get(&concurrency)?
        .iter()
        .filter_map(|(name, row)| {
            let (factor, _) = times_as_fast(row, leader, name, metric)?;
            Some((*name, factor, row.verdict_on(name, leader)?))
        })
        .collect();
    let factor = here.iter().map(|(_, factor, _)| *factor).min_by(f64::total_cmp)?;
    Some(LevelLead {
        concurrency,
        factor,
        is_clear: here.len() == others && here.iter().all(|(_, _, verdict)| *verdict == Verdict::Worse),
        beaten_by: here
            .iter()
            .filter(|(_, _, verdict)| *verdict == Verdict::Better)
            .map(|(name, _, _)| (*name).to_owned())
            .collect(),
    })
}

/// How many times as fast `name` is as `other`, with the interval.
fn times_as_fast(row: &Comparison, name: &str, other: &str, metric: Metric) -> Option<(f64, Option<(f64, f64)>)> {
    match metric.direction() {
        Direction::LowerIsBetter => row.ratio_of(other, name),
        _ => row.ratio_of(name, other),
    }
}

/// The best load of every framework and scenario that has levels.
pub(super) fn best_loads(scaling: &[Scaling], error_levels: &[ErrorLevel]) -> Vec<BestLoad> {
    let mut failing: HashMap<(&str, &str), Vec<u32>> = HashMap::new();
    for level in error_levels.iter().filter(|level| TOO_FAULTY_TO_RANK <= level.error_rate) {
        failing.entry((&level.framework, &level.scenario)).or_default().extend(level.concurrency);
    }
    let best = |scaling: &Scaling| {
        let failing = failing.get(&(scaling.framework.as_str(), scaling.scenario.as_str()));
        let fails = |level: u32| failing.is_some_and(|levels| levels.contains(&level));
        let working = || scaling.efficiency.iter().filter(|level| !fails(level.concurrency));
        let most = working().map(|level| level.throughput).max_by(f64::total_cmp)?;
        let enough = working().find(|level| ENOUGH * most <= level.throughput)?;
        Some(BestLoad {
            framework: scaling.framework.clone(),
            scenario: scaling.scenario.clone(),
            concurrency: enough.concurrency,
            throughput: enough.throughput,
            is_highest: scaling.efficiency.last()?.concurrency == enough.concurrency,
            fails_from: failing
                .and_then(|levels| levels.iter().copied().filter(|level| enough.concurrency < *level).min()),
        })
    };
    scaling.iter().filter(|scaling| 1 < scaling.efficiency.len()).filter_map(best).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(concurrency: Option<u32>, ratio: f64, verdict: Verdict) -> Comparison {
        Comparison {
            scenario: String::new(),
            concurrency,
            levels: 1,
            metric: Metric::AvgTimePerRequest,
            baseline: "slow".into(),
            candidate: "quick".into(),
            n_baseline: 5,
            n_candidate: 5,
            ratio,
            ci_low: Some(ratio * 0.9),
            ci_high: Some(ratio * 1.1),
            p_value: None,
            p_standard_error: None,
            p_adjusted: None,
            p_method: None,
            effect_size: None,
            is_real: true,
            verdict,
            depends_on_level: false,
            interaction_p: None,
            repetitions_needed: None,
            method: String::new(),
        }
    }

    #[test]
    fn the_leader_is_measured_against_all_others_and_at_every_level() {
        let ranking = Ranking {
            scenario: String::new(),
            metric: Metric::AvgTimePerRequest,
            concurrency_levels: vec![10, 100],
            tiers: vec![vec!["quick".into()], vec!["slow".into()]],
            unranked: Vec::new(),
        };
        let rows = [
            row(None, 0.5, Verdict::Better),
            row(Some(10), 1.25, Verdict::Worse),
            row(Some(100), 0.25, Verdict::Better),
        ];
        let answers = answers(&[ranking], &rows, &[]);
        let [answer] = answers.as_slice() else { panic!("one answer, not {answers:?}") };
        let [rival] = answer.rivals.as_slice() else { panic!("one rival, not {answers:?}") };
        assert_eq!((answer.leader.as_str(), rival.framework.as_str()), ("quick", "slow"));
        assert_eq!((rival.factor, rival.verdict), (Some(2.0), Verdict::Worse));
        let ends = rival.ci_low.zip(rival.ci_high).unwrap();
        assert!((ends.0 - 1.0 / 0.55).abs() < 1e-12 && (ends.1 - 1.0 / 0.45).abs() < 1e-12);
        let levels: Vec<_> = answer.levels.iter().map(|level| (level.factor, level.is_clear)).collect();
        assert_eq!(levels, [(0.8, false), (4.0, true)]);
        assert_eq!(answer.levels.first().map(|level| level.beaten_by.clone()), Some(vec!["slow".to_owned()]));
        assert!(!answer.has_repetitions);
    }
}
