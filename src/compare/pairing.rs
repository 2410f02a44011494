//! Runs of two sides that were measured in turn. What both runs of a pair met, a busy machine or a warm one, cancels out of
//! their ratio.

use std::collections::HashMap;

use super::pair::{Contrast, Estimator, Pair, Test, TestMethod, interaction};
use super::side::common_levels;
use crate::record::{Metric, Run, SeriesRuns};
use crate::stats::{LogRatio, Spread, Values, geometric_mean, sign_flip, signed_rank};

/// Puts the paired ratios in the place of the others, where every level of the two series was measured in turn; returns
/// whether it was. With `by_repetition` runs of equal repetition are pairs, whatever the clock says.
pub(super) fn pair_up(
    pair: &mut Pair<'_>,
    baseline: SeriesRuns<'_>,
    candidate: SeriesRuns<'_>,
    by_repetition: bool,
) -> bool {
    let metric = pair.baseline.metric;
    let strata: Vec<(Option<u32>, Vec<f64>)> = common_levels(baseline, candidate)
        .map(|(a, b)| {
            let (of_a, of_b): (Vec<&Run>, Vec<&Run>) = (a.iter().collect(), b.iter().collect());
            // A level that was not compared has no pairs to be looked for.
            (a.key().concurrency, paired(&of_a, &of_b, metric, by_repetition).unwrap_or_default())
        })
        .collect();
    if strata.is_empty() || strata.iter().any(|(_, pairs)| pairs.len() < 2) {
        return false;
    }
    let ratios: Option<Vec<LogRatio>> = strata.iter().map(|(_, pairs)| ratio(pairs)).collect();
    let Some(overall) = ratios.as_deref().and_then(geometric_mean) else { return false };
    for contrast in &mut pair.levels {
        if let Some((_, pairs)) = strata.iter().find(|(level, _)| *level == contrast.concurrency) {
            replace(contrast, ratio(pairs), pairs);
        }
    }
    if let [(_, pairs)] = strata.as_slice() {
        replace(&mut pair.overall, ratio(pairs), pairs);
        return true;
    }
    let all: Vec<Vec<f64>> = strata.into_iter().map(|(_, pairs)| pairs).collect();
    let found = sign_flip(&all);
    let effect = pair.overall.test.map_or(0.0, |test| test.effect_size);
    pair.overall.levels = all.len();
    pair.overall.ratio = overall;
    pair.overall.estimator = Estimator::Pairs;
    pair.overall.interaction = interaction(&ratios.unwrap_or_default());
    pair.overall.variances = all.iter().filter_map(|pairs| variance(pairs)).collect();
    pair.overall.test = overall.spread.map(|_| Test {
        p_value: found.p_value,
        standard_error: found.standard_error,
        smallest_p: found.smallest_p,
        method: if found.standard_error.is_none() { TestMethod::SignFlipExact } else { TestMethod::SignFlipDrawn },
        effect_size: effect,
    });
    true
}

fn replace(contrast: &mut Contrast, ratio: Option<LogRatio>, pairs: &[f64]) {
    let Some(ratio) = ratio else { return };
    let found = signed_rank(pairs);
    let effect_size = contrast.test.map_or(0.0, |test| test.effect_size);
    contrast.ratio = ratio;
    contrast.estimator = Estimator::Pairs;
    contrast.variances = variance(pairs).into_iter().collect();
    contrast.test = ratio.spread.map(|_| Test {
        p_value: found.p_value,
        standard_error: None,
        smallest_p: found.smallest_p,
        method: TestMethod::SignedRank,
        effect_size,
    });
}

fn ratio(pairs: &[f64]) -> Option<LogRatio> {
    let values = Values::new(pairs.iter().copied())?;
    Some(LogRatio { estimate: values.mean(), spread: Spread::sum(Spread::of_mean(&values)) })
}

fn variance(pairs: &[f64]) -> Option<f64> {
    Values::new(pairs.iter().copied())?.std().map(|std| std * std)
}

/// The logarithms of the ratios within pairs; `None` where the runs are no pairs.
fn paired(baseline: &[&Run], candidate: &[&Run], metric: Metric, by_repetition: bool) -> Option<Vec<f64>> {
    let value = |run: &Run| metric.of(run).filter(|value| 0.0 < *value).map(f64::ln);
    let pairs = if by_repetition { by_index(baseline, candidate) } else { in_turn(baseline, candidate) }?;
    pairs.into_iter().map(|(a, b)| Some(value(b)? - value(a)?)).collect()
}

/// Runs of the same repetition, where both sides have the same ones.
fn by_index<'a>(baseline: &[&'a Run], candidate: &[&'a Run]) -> Option<Vec<(&'a Run, &'a Run)>> {
    let others: HashMap<u32, &Run> = candidate.iter().filter_map(|run| Some((run.repetition?, *run))).collect();
    if others.len() != candidate.len() || baseline.len() != candidate.len() {
        return None;
    }
    baseline.iter().map(|run| Some((*run, *others.get(&run.repetition?)?))).collect()
}

/// Neighbours in time, where each run of one side has one of the other beside it.
fn in_turn<'a>(baseline: &[&'a Run], candidate: &[&'a Run]) -> Option<Vec<(&'a Run, &'a Run)>> {
    if baseline.len() != candidate.len() {
        return None;
    }
    let timed = |run: &'a Run, is_candidate: bool| Some((run.timestamp?, is_candidate, run));
    let of_baseline = baseline.iter().map(|run| timed(run, false));
    let all: Option<Vec<(i64, bool, &Run)>> = of_baseline.chain(candidate.iter().map(|run| timed(run, true))).collect();
    let mut all = all?;
    all.sort_by_key(|(time, is_candidate, _)| (*time, *is_candidate));
    // Two runs that began at the same moment are one run, read twice.
    if all.windows(2).any(|two| matches!(two, [(a, ..), (b, ..)] if a == b)) {
        return None;
    }
    let pair = |two: &[(i64, bool, &'a Run)]| match two {
        [(_, false, a), (_, true, b)] | [(_, true, b), (_, false, a)] => Some((*a, *b)),
        _ => None,
    };
    all.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(values: &[(i64, u32, f64)]) -> Vec<Run> {
        let run = |(timestamp, repetition, time): &(i64, u32, f64)| Run {
            timestamp: Some(*timestamp),
            repetition: Some(*repetition),
            total_time: Some(*time),
            ..Run::default()
        };
        values.iter().map(run).collect()
    }

    fn found(a: &[(i64, u32, f64)], b: &[(i64, u32, f64)], by_repetition: bool) -> Option<Vec<f64>> {
        let (a, b) = (runs(a), runs(b));
        let (a, b): (Vec<&Run>, Vec<&Run>) = (a.iter().collect(), b.iter().collect());
        let ratios = paired(&a, &b, Metric::TotalTime, by_repetition)?;
        Some(ratios.into_iter().map(|logarithm| (logarithm.exp() * 1000.0).round() / 1000.0).collect())
    }

    #[test]
    fn runs_in_turn_are_pairs() {
        let a = [(10, 1, 1.0), (40, 2, 2.0)];
        assert_eq!(found(&a, &[(20, 1, 2.0), (30, 2, 2.0)], false), Some(vec![2.0, 1.0]));
        // One side after the other, an extra run, and the same runs again.
        assert_eq!(found(&a, &[(50, 1, 2.0), (60, 2, 2.0)], false), None);
        assert_eq!(found(&a, &[(20, 1, 2.0)], false), None);
        assert_eq!(found(&a, &a, false), None);
    }

    #[test]
    fn runs_of_one_repetition_are_pairs_where_that_is_said() {
        let a = [(1, 1, 1.0), (2, 2, 2.0)];
        assert_eq!(found(&a, &[(3, 2, 6.0), (4, 1, 2.0)], true), Some(vec![2.0, 3.0]));
        assert_eq!(found(&a, &[(3, 2, 6.0), (4, 3, 2.0)], true), None);
    }
}
