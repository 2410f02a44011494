//! The highest concurrency at which an objective still holds.
//!
//! A level's value is the median of its repetitions, as percentiles are never averaged. Levels are taken in ascending
//! order up to the first that violates a condition; a higher one that meets it again does not count. Between that level
//! and the one before it, the value is taken to change in proportion to the logarithm of the concurrency, which stays
//! below a straight line and so errs on the safe side.

use super::series::{LevelRuns, concurrent_runs};
use super::slo::{Condition, Slo};
use super::{Capacity, CapacityOutcome};
use crate::language::Language;
use crate::record::{Run, Runs, SeriesKey};
use crate::stats::{Values, mostly_fails};

/// How far every framework meets each objective in every scenario, in the order of their first runs.
/// Explanations are in the `language`.
pub fn find_capacity(runs: &Runs, slos: &[Slo], language: Language) -> Vec<Capacity> {
    let of_series = |(key, levels): (&SeriesKey, Vec<LevelRuns<'_>>)| {
        slos.iter().map(|slo| capacity(key, &levels, slo, language)).collect::<Vec<_>>()
    };
    concurrent_runs(runs).flat_map(of_series).collect()
}

/// Which repetition speaks for a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Worst,
    Middle,
    Best,
}

/// One level, with the value of each condition.
#[derive(Debug, Clone, PartialEq)]
struct Judged {
    concurrency: u32,
    state: State,
}

/// What can be said of a level.
#[derive(Debug, Clone, PartialEq)]
enum State {
    /// The runs of each condition's values.
    Measured(Vec<Values>),
    /// Nothing, or too little, succeeded.
    Failing,
}

/// Where the objective ends.
#[derive(Debug, Clone, PartialEq)]
enum End<'c> {
    Nowhere { limited_by: &'c str, at: u32 },
    Between { concurrency: u32, limited_by: &'c str, at: u32 },
    Everywhere { highest: u32 },
}

/// What is said to limit where requests mostly fail.
pub const FAILING: &str = "most requests fail";

fn capacity(key: &SeriesKey, levels: &[LevelRuns<'_>], slo: &Slo, language: Language) -> Capacity {
    let conditions = slo.conditions();
    let mut record = Capacity {
        framework: key.framework.clone(),
        scenario: key.scenario.clone(),
        slo: slo.to_string(),
        outcome: CapacityOutcome::Unknown,
        concurrency: None,
        low: None,
        high: None,
        limited_by: None,
        first_violation: None,
        levels: 0,
        explanation: String::new(),
    };
    let no_values = conditions.iter().find(|condition| {
        let mut runs = levels.iter().flat_map(|level| &level.runs);
        !runs.any(|run| condition.value(run).is_some()) && !levels.iter().all(|level| is_failing(&level.runs))
    });
    if let Some(condition) = no_values {
        record.limited_by = Some(condition.text.clone());
        record.explanation = language.pick(
            format!("unknown: there are no values for {}", condition.text),
            format!("未知：没有 {} 所需的值", condition.text),
        );
        return record;
    }
    let judged: Vec<Judged> = levels.iter().filter_map(|level| judge(level, conditions)).collect();
    record.levels = judged.len();
    let has_repetitions = judged.iter().any(|level| match &level.state {
        State::Measured(values) => values.iter().any(|values| 1 < values.count()),
        State::Failing => false,
    });
    let limit = |end: Option<End<'_>>| match end {
        Some(End::Nowhere { .. }) => Some(0),
        Some(End::Between { concurrency, .. }) => Some(concurrency),
        Some(End::Everywhere { highest }) => Some(highest),
        None => None,
    };
    if has_repetitions {
        record.low = limit(end(&judged, conditions, Speaker::Worst));
        record.high = limit(end(&judged, conditions, Speaker::Best));
    }
    match end(&judged, conditions, Speaker::Middle) {
        None => {
            record.explanation = language
                .pick("unknown: no level has values for all conditions", "未知：没有一个级别具备所有条件的值")
                .to_owned()
        }
        Some(End::Nowhere { limited_by, at }) => {
            record.outcome = CapacityOutcome::MetNowhere;
            record.limited_by = Some(limited_by.to_owned());
            record.first_violation = Some(at);
            let why = violated(limited_by, at, language);
            record.explanation = language.pick(format!("met nowhere: {why}"), format!("处处不满足：{why}"));
        }
        Some(End::Between { concurrency, limited_by, at }) => {
            record.outcome = CapacityOutcome::Between;
            record.concurrency = Some(concurrency);
            record.limited_by = Some(limited_by.to_owned());
            record.first_violation = Some(at);
            let why = violated(limited_by, at, language);
            record.explanation = language
                .pick(format!("met up to about {concurrency}: {why}"), format!("约到 {concurrency} 为止满足：{why}"));
        }
        Some(End::Everywhere { highest }) => {
            record.outcome = CapacityOutcome::MetEverywhere;
            record.concurrency = Some(highest);
            record.explanation = language.pick(
                format!("met everywhere measured, up to {highest}"),
                format!("测过的级别全部满足，直到 {highest}"),
            );
        }
    }
    record
}

fn violated(limited_by: &str, at: u32, language: Language) -> String {
    if limited_by == FAILING {
        language.pick(format!("{limited_by} at {at}"), format!("在 {at} 时大多数请求失败"))
    } else {
        language.pick(format!("{limited_by} is violated at {at}"), format!("在 {at} 时违反 {limited_by}"))
    }
}

/// Whether more requests of a level fail than succeed, or no run had a success.
fn is_failing(runs: &[&Run]) -> bool {
    mostly_fails(runs.iter().copied()) || runs.iter().all(|run| run.is_dead())
}

/// The values of a level; `None` where one of the conditions has none.
fn judge(level: &LevelRuns<'_>, conditions: &[Condition]) -> Option<Judged> {
    let LevelRuns { concurrency, runs } = level;
    let concurrency = *concurrency;
    if is_failing(runs) {
        return Some(Judged { concurrency, state: State::Failing });
    }
    let values = conditions.iter().map(|condition| Values::new(runs.iter().filter_map(|run| condition.value(run))));
    Some(Judged { concurrency, state: State::Measured(values.collect::<Option<_>>()?) })
}

/// Follows the levels up to the first violation; `None` where there are none.
fn end<'c>(levels: &[Judged], conditions: &'c [Condition], speaker: Speaker) -> Option<End<'c>> {
    let mut met: Option<(u32, &[Values])> = None;
    for level in levels {
        let at = level.concurrency;
        let values = match &level.state {
            State::Measured(values) => values.as_slice(),
            State::Failing => {
                return Some(match met {
                    Some((concurrency, _)) => End::Between { concurrency, limited_by: FAILING, at },
                    None => End::Nowhere { limited_by: FAILING, at },
                });
            }
        };
        let violated = conditions
            .iter()
            .zip(values)
            .enumerate()
            .filter(|(_, (condition, values))| !condition.is_met(spoken(condition, values, speaker)));
        let crossing = |(index, (condition, here)): (usize, (&'c Condition, &Values))| {
            let Some((below, before)) = met else { return (f64::from(at), condition.text.as_str()) };
            let value = |values: &Values| spoken(condition, values, speaker);
            let start = before.get(index).map_or(condition.limit(), value);
            (between(f64::from(below), f64::from(at), start, value(here), condition.limit()), condition.text.as_str())
        };
        if let Some((crossed, limited_by)) = violated.map(crossing).min_by(|(a, _), (b, _)| a.total_cmp(b)) {
            return Some(match met {
                Some(_) => End::Between { concurrency: crossed.floor() as u32, limited_by, at },
                None => End::Nowhere { limited_by, at },
            });
        }
        met = Some((at, values));
    }
    met.map(|(highest, _)| End::Everywhere { highest })
}

/// The value that speaks for a level.
fn spoken(condition: &Condition, values: &Values, speaker: Speaker) -> f64 {
    match (speaker, condition.is_upper_limit()) {
        (Speaker::Middle, _) => values.median(),
        (Speaker::Worst, true) | (Speaker::Best, false) => values.max(),
        (Speaker::Worst, false) | (Speaker::Best, true) => values.min(),
    }
}

/// The concurrency from `below` to `above` at which a value that goes from `start` to `end` reaches the limit.
fn between(below: f64, above: f64, start: f64, end: f64, limit: f64) -> f64 {
    let share = ((limit - start) / (end - start)).clamp(0.0, 1.0);
    if share.is_nan() {
        return below;
    }
    // A whole level that is reached exactly is not lost to rounding.
    let crossed = below * (above / below).powf(share);
    (crossed * (1.0 + 1e-12)).clamp(below, above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(concurrency: u32, p99: f64, errors: u64) -> Run {
        Run {
            framework: "a".into(),
            concurrency: Some(concurrency),
            requests_count: Some(1000),
            error_count: Some(errors),
            latency: crate::record::Latency { p99: Some(p99), ..Default::default() },
            ..Run::default()
        }
    }

    fn found(runs: &[Run], slo: &str) -> Capacity {
        find_capacity(&Runs::new(runs.to_vec()), &[slo.parse().unwrap()], Language::English).remove(0)
    }

    #[test]
    fn it_lies_between_the_levels_that_bracket_it() {
        // Half way from 0.1 to 0.3 is half way from 10 to 40 on a logarithmic axis.
        let runs = [run(10, 0.1, 0), run(40, 0.3, 0)];
        let capacity = found(&runs, "p99<200ms");
        assert_eq!((capacity.outcome, capacity.concurrency), (CapacityOutcome::Between, Some(20)));
        assert_eq!((capacity.low, capacity.high, capacity.first_violation), (None, None, Some(40)));
        assert_eq!(capacity.limited_by.as_deref(), Some("p99<200ms"));
    }

    #[test]
    fn the_condition_that_breaks_first_limits() {
        let runs = [run(10, 0.1, 0), run(40, 0.3, 40)];
        let capacity = found(&runs, "p99<200ms,errors<1%");
        assert_eq!((capacity.concurrency, capacity.limited_by.as_deref()), (Some(14), Some("errors<1%")));
    }

    #[test]
    fn met_everywhere_and_nowhere_are_said() {
        let runs = [run(10, 0.1, 0), run(40, 0.3, 0)];
        let everywhere = found(&runs, "p99<1s");
        assert_eq!((everywhere.outcome, everywhere.concurrency), (CapacityOutcome::MetEverywhere, Some(40)));
        let nowhere = found(&runs, "p99<50ms");
        assert_eq!((nowhere.outcome, nowhere.concurrency), (CapacityOutcome::MetNowhere, None));
    }

    #[test]
    fn the_first_violation_counts() {
        let runs = [run(1, 0.1, 0), run(2, 0.3, 0), run(4, 0.1, 0), run(8, 0.1, 0)];
        let capacity = found(&runs, "p99<=200ms");
        assert_eq!((capacity.first_violation, capacity.concurrency), (Some(2), Some(1)));
    }

    #[test]
    fn repetitions_give_a_range() {
        let runs =
            [run(10, 0.1, 0), run(10, 0.12, 0), run(10, 0.14, 0), run(40, 0.2, 0), run(40, 0.3, 0), run(40, 0.4, 0)];
        let capacity = found(&runs, "p99<250ms");
        let (low, middle, high) = (capacity.low.unwrap(), capacity.concurrency.unwrap(), capacity.high.unwrap());
        assert!(low < middle && middle < high, "{capacity:?}");
        assert_eq!(high, 40);
        let never = found(&[run(10, 0.1, 0), run(10, 0.3, 0)], "p99<250ms");
        assert_eq!((never.low, never.concurrency, never.high), (Some(0), Some(10), Some(10)));
    }

    #[test]
    fn what_fails_does_not_meet_anything() {
        let dead =
            Run { requests_count: Some(10), error_count: Some(10), latency: Default::default(), ..run(40, 0.1, 0) };
        let capacity = found(&[run(10, 0.1, 0), dead.clone(), run(80, 0.1, 0)], "p99<200ms");
        assert_eq!((capacity.concurrency, capacity.limited_by.as_deref()), (Some(10), Some(FAILING)));
        assert_eq!(found(&[dead], "p99<200ms").outcome, CapacityOutcome::MetNowhere);
    }

    #[test]
    fn without_values_it_is_unknown() {
        let capacity = found(&[run(10, 0.1, 0)], "p99<200ms,p50<100ms");
        assert_eq!((capacity.outcome, capacity.limited_by.as_deref()), (CapacityOutcome::Unknown, Some("p50<100ms")));
        let gap = Run { latency: Default::default(), ..run(20, 0.1, 0) };
        let capacity = found(&[run(10, 0.1, 0), gap, run(40, 0.1, 0)], "p99<200ms");
        assert_eq!((capacity.outcome, capacity.levels), (CapacityOutcome::MetEverywhere, 2));
    }
}
