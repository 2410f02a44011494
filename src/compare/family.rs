//! Verdicts on pairs that are asked about together, corrected for how many questions that are.
//!
//! Two families share the risk. Over all levels: every pair of a scenario and metric, by Holm's method. At the levels:
//! those of one pair, by Holm's method too, and Bonferroni's over all pairs. Both ask about the same pair, so of alpha each has a share, and what the question over all levels answers goes on to the levels: "Fallback"
//! in Wiens, "A fixed sequence Bonferroni procedure for testing multiple endpoints", Pharmaceutical Statistics 2 (2003).

use super::comparison::Comparison;
use super::pair::{Contrast, Estimator, Pair};
use super::verdict::{Decision, Verdict};
use crate::record::SeriesKey;
use std::collections::HashMap;

use crate::stats::{CellValues, OpenQuestion, Values, holm, repetitions_needed, t_two_sided_p};

/// The share of alpha that the question over all levels has, where there are several levels to ask about too.
const SHARE_OVER_ALL: f64 = 0.5;

/// Compares the cells of two sides in one scenario and metric, with a family of their own: first over all levels that both
/// have, then at each, ascending as the baseline has them. Empty where they have none in common.
///
/// Swapping the sides flips every verdict and inverts every ratio.
pub fn compare_pair(baseline: &[&CellValues], candidate: &[&CellValues], decision: &Decision) -> Vec<Comparison> {
    compare_pairs(&[(baseline, candidate)], decision)
}

/// Compares several pairs of sides of one scenario and metric, which are one family, each like [`compare_pair`].
pub fn compare_pairs(pairs: &[(&[&CellValues], &[&CellValues])], decision: &Decision) -> Vec<Comparison> {
    let pairs: Vec<Pair<'_>> = pairs.iter().filter_map(|(baseline, candidate)| Pair::of(baseline, candidate)).collect();
    settle(&pairs, 0, Family::Frameworks, decision)
}

/// What the pairs of a family are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Frameworks, each against each: whoever looks for the fastest reads all of them.
    Frameworks,
    /// Series before and after: whoever looks for a change looks at each.
    Series,
}

/// Judges pairs, which are one family of at least `members`, where those that are not given find nothing.
pub(super) fn settle(pairs: &[Pair<'_>], members: usize, family: Family, decision: &Decision) -> Vec<Comparison> {
    let alone: Vec<f64> = pairs.iter().filter_map(overall_p).collect();
    let members = members.max(alone.len());
    let pairs_together = members.max(1);
    let rows_of_pairs = match family {
        Family::Frameworks => pairs_together as f64,
        Family::Series => 1.0,
    };
    let noise = Noise::of(pairs, family);
    let mut adjusted = holm(&alone, members).into_iter();
    let mut comparisons = Vec::with_capacity(pairs.iter().map(|pair| 1 + pair.levels.len()).sum());
    for pair in pairs {
        let alone = overall_p(pair);
        let correction = Correction {
            p_adjusted: alone.and_then(|_| adjusted.next()),
            family: members as f64 / share_over_all(pair),
            rows: rows_of_pairs,
        };
        comparisons.push(judge(pair, &pair.overall, correction, &noise, decision));
        // The only level of a pair is the pair.
        let corrections = match pair.levels.len() {
            1 => vec![correction],
            _ => corrections_of_levels(pair, alone, pairs_together, rows_of_pairs, decision),
        };
        comparisons
            .extend(pair.levels.iter().zip(corrections).map(|(level, own)| judge(pair, level, own, &noise, decision)));
    }
    comparisons
}

/// What is asked of one row for the sake of the others.
#[derive(Debug, Clone, Copy)]
struct Correction {
    /// The p-value that can be held against alpha.
    p_adjusted: Option<f64>,
    /// By how many alpha is divided by Bonferroni's method.
    family: f64,
    /// How many rows of its kind are shown beside it.
    rows: f64,
}

/// The p-value over all levels, with its share of alpha counted in.
fn overall_p(pair: &Pair<'_>) -> Option<f64> {
    Some((pair.overall.test?.p_value / share_over_all(pair)).min(1.0))
}

/// Where a pair was tested at one level only, both questions are the same one.
fn share_over_all(pair: &Pair<'_>) -> f64 {
    let tested = pair.levels.iter().filter(|level| level.test.is_some()).count();
    if tested < 2 { 1.0 } else { SHARE_OVER_ALL }
}

/// The corrections of a pair's levels: of what `pairs` have of alpha together, they hold with their own share, and with all
/// of it where the question over all levels is answered with its share.
fn corrections_of_levels(
    pair: &Pair<'_>,
    overall: Option<f64>,
    pairs: usize,
    rows: f64,
    decision: &Decision,
) -> Vec<Correction> {
    let p_values: Vec<f64> = pair.levels.iter().filter_map(|level| Some(level.test?.p_value)).collect();
    let share = if p_values.len() < 2 { 1.0 } else { 1.0 - SHARE_OVER_ALL };
    let (overall, pairs) = (overall.unwrap_or(1.0), pairs as f64);
    let family = pairs * p_values.len() as f64 / if overall * pairs <= decision.alpha { 1.0 } else { share };
    let mut adjusted = holm(&p_values, 0).into_iter().map(|p| (pairs * (p / share).min(p.max(overall))).min(1.0));
    let own = |level: &Contrast| level.test.and_then(|_| adjusted.next());
    pair.levels
        .iter()
        .map(own)
        .map(|p_adjusted| Correction { p_adjusted, family, rows: rows * p_values.len() as f64 })
        .collect()
}

fn judge(
    pair: &Pair<'_>,
    contrast: &Contrast,
    correction: Correction,
    noise: &Noise<'_>,
    decision: &Decision,
) -> Comparison {
    let (a, b) = (pair.baseline, pair.candidate);
    let estimate = contrast.ratio.estimate;
    let interval = contrast.ratio.interval(decision.alpha);
    let p_adjusted = held_against_alpha(pair, contrast, correction, noise, decision.alpha);
    let depends_on_level = depends_on_level(contrast, decision);
    let is_beyond = |margins: f64, interval: Option<(f64, f64)>| {
        let nearest = interval.map(|(low, high)| if estimate < 0.0 { -high } else { low });
        nearest.is_some_and(|nearest| margins * decision.margin() < nearest)
    };
    // Where one side varies otherwise than the other, ranks and shifts see that too, and of many rows one looks like a
    // difference: then all of the interval has to lie beyond the margin.
    let is_clear = (!pair.vary_differently()
        || is_beyond(1.0, contrast.ratio.interval(decision.alpha / (2.0 * correction.rows))))
        && (LEAST_RUNS <= contrast.repetitions || is_beyond(FAR, interval));
    let is_real = interval.is_some_and(leaves_out_zero)
        && p_adjusted.is_some_and(|p| p <= decision.alpha)
        && is_clear
        && !depends_on_level;
    let verdict = match depends_on_level {
        true => Verdict::Inconclusive,
        false => decision.verdict(estimate, interval, is_real, a.metric.direction()),
    };
    let test = contrast.test;
    Comparison {
        scenario: a.key.scenario().to_owned(),
        concurrency: contrast.concurrency,
        levels: contrast.levels,
        metric: a.metric,
        baseline: a.key.framework().to_owned(),
        candidate: b.key.framework().to_owned(),
        n_baseline: contrast.n_baseline,
        n_candidate: contrast.n_candidate,
        ratio: contrast.ratio.ratio(),
        ci_low: interval.map(|(low, _)| low.exp()),
        ci_high: interval.map(|(_, high)| high.exp()),
        p_value: test.map(|test| test.p_value),
        p_standard_error: test.and_then(|test| test.standard_error),
        p_adjusted,
        p_method: test.map(|test| test.method),
        effect_size: test.map(|test| test.effect_size),
        is_real,
        verdict,
        depends_on_level,
        interaction_p: contrast.interaction.map(|found| found.p_value),
        repetitions_needed: (verdict == Verdict::Inconclusive && test.is_some() && !depends_on_level)
            .then(|| {
                repetitions_needed(&OpenQuestion {
                    estimate,
                    variances: &contrast.variances_to_plan_with(),
                    levels: contrast.levels,
                    repetitions: contrast.repetitions,
                    margin: decision.margin(),
                    clear: decision.clear_margin(),
                    alpha: decision.alpha,
                    alpha_of_difference: decision.alpha / correction.family,
                })
            })
            .flatten(),
        method: method(contrast),
    }
}

/// The p-value that decides whether a difference is one. Few repetitions can't make ranks say enough for a large family,
/// whatever they measure; there it is that of the interval, corrected by Bonferroni's method.
fn held_against_alpha(
    pair: &Pair<'_>,
    contrast: &Contrast,
    correction: Correction,
    noise: &Noise<'_>,
    alpha: f64,
) -> Option<f64> {
    let (test, p_adjusted) = (contrast.test?, correction.p_adjusted?);
    let by_ranks = test.smallest_p * correction.family <= alpha;
    let own = if by_ranks { p_adjusted } else { (contrast.ratio.p_value()? * correction.family).min(1.0) };
    if by_ranks {
        return Some(own);
    }
    // Few runs that happen to lie together seem surer than they are.
    let common = noise.p_value(pair, contrast).map_or(1.0, |p| (p * correction.family).min(1.0));
    Some(own.max(common))
}

/// Whether the ratios of the levels point in different directions, by more than noise and by enough to matter.
fn depends_on_level(contrast: &Contrast, decision: &Decision) -> bool {
    let margin = decision.margin();
    contrast
        .interaction
        .is_some_and(|found| found.p_value <= decision.alpha && found.range.0 <= -margin && margin <= found.range.1)
}

/// With fewer runs a side only what lies far apart is called better or worse: two runs of each of two modes agree by chance in
/// one of eight cases.
const LEAST_RUNS: usize = 3;

/// So many margins are far: modes of one program mostly lie nearer together.
const FAR: f64 = 4.0;

/// How much single runs vary, as far as all cells of a family say so, as logarithms.
#[derive(Debug)]
struct Noise<'a> {
    /// The variance of each framework, and on each side of a change: over its levels, the median of what it is at each.
    of_side: HashMap<(&'a SeriesKey, bool), f64>,
    /// The mean over all frameworks.
    of_all: f64,
    freedom: f64,
    family: Family,
}

impl<'a> Noise<'a> {
    fn of(pairs: &[Pair<'a>], family: Family) -> Self {
        let mut variances: HashMap<(&SeriesKey, bool), HashMap<Option<u32>, f64>> = HashMap::new();
        let mut freedom = 0.0;
        for pair in pairs {
            let levels = if pair.levels.is_empty() { std::slice::from_ref(&pair.overall) } else { &pair.levels };
            for level in levels {
                let runs = [level.n_baseline, level.n_candidate];
                let repeated = pair.sides(family).into_iter().zip(runs).filter(|(_, n)| 1 < *n);
                for ((side, n), variance) in repeated.zip(&level.variances) {
                    let own = variances.entry(side).or_default();
                    // A framework stands in many pairs, with the same cells.
                    if own.insert(level.concurrency, variance / median_of_variances(n)).is_none() {
                        freedom += (n - 1) as f64;
                    }
                }
            }
        }
        let median = |levels: &HashMap<Option<u32>, f64>| Values::new(levels.values().copied()).map(|all| all.median());
        let of_side: HashMap<(&SeriesKey, bool), f64> =
            variances.iter().filter_map(|(side, levels)| Some((*side, median(levels)?))).collect();
        let of_all = Values::new(of_side.values().copied()).map_or(0.0, |all| all.mean());
        let has_medians = variances.values().any(|levels| 2 < levels.len());
        let freedom = if has_medians { freedom * MEDIAN_EFFICIENCY } else { freedom };
        Self { of_side, of_all, freedom, family }
    }

    /// The probability of a difference as large as that of a contrast, if there were none and runs varied as in the other
    /// cells.
    fn p_value(&self, pair: &Pair<'_>, contrast: &Contrast) -> Option<f64> {
        let levels = contrast.levels as f64;
        let (n, m) = (contrast.n_baseline as f64 / levels, contrast.n_candidate as f64 / levels);
        let [baseline, candidate] =
            pair.sides(self.family).map(|side| self.of_side.get(&side).copied().unwrap_or_default());
        let alone = baseline / n + candidate / m;
        let error = (alone.max(self.of_all / n + self.of_all / m) / levels).sqrt();
        t_two_sided_p(contrast.ratio.estimate / error, self.freedom)
    }
}

/// What the median of the variances of so many normal runs is over their true one: that of chi-square over its degrees of
/// freedom, by Wilson and Hilferty, PNAS 17 (1931).
fn median_of_variances(runs: usize) -> f64 {
    (1.0 - 2.0 / (9.0 * (runs.max(2) - 1) as f64)).powi(3)
}

/// What a median of variances is worth of their degrees of freedom.
const MEDIAN_EFFICIENCY: f64 = 0.5;

fn leaves_out_zero((low, high): (f64, f64)) -> bool {
    high < 0.0 || 0.0 < low
}

fn method(contrast: &Contrast) -> String {
    let (of_level, interval) = match contrast.estimator {
        Estimator::Means => ("ratio of geometric means", "Welch's t interval on logarithms"),
        Estimator::Shift => ("Hodges-Lehmann ratio", "Lehmann's interval on logarithms"),
        Estimator::Pairs => ("mean of the pairs' ratios", "t interval on logarithms"),
    };
    let over = if contrast.levels == 1 { "" } else { ", geometric mean over levels" };
    let estimator = format!("{of_level}{over}");
    match contrast.test {
        Some(test) => format!("{estimator}, {interval}, {}", test.method.about()),
        None => format!("{estimator}, no interval"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::{CellKey, Metric};
    use crate::stats::Values;

    fn cells(framework: &str, metric: Metric, levels: &[Vec<f64>]) -> Vec<CellValues> {
        (1..)
            .zip(levels)
            .map(|(level, numbers)| CellValues {
                key: CellKey::new(framework, "", Some(level)),
                metric,
                values: Values::new(numbers.iter().copied()).unwrap(),
                error_rate: None,
                fails_unknowably: false,
            })
            .collect()
    }

    fn compare(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Comparison> {
        let (a, b) = (cells("a", Metric::TotalTime, a), cells("b", Metric::TotalTime, b));
        let (a, b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
        compare_pair(&a, &b, &Decision::default())
    }

    fn times(factor: f64, numbers: &[f64]) -> Vec<f64> {
        numbers.iter().map(|number| factor * number).collect()
    }

    const RUNS: [f64; 5] = [1.0, 1.01, 1.02, 1.03, 1.04];

    #[test]
    fn ranks_that_can_not_say_enough_leave_it_to_the_interval() {
        // Of 3 and 3 runs no rank test has a p-value below 0.1, and of 5 levels none below 0.5.
        let levels: Vec<Vec<f64>> = vec![RUNS.iter().take(3).copied().collect(); 5];
        let slow: Vec<Vec<f64>> = levels.iter().map(|level| times(2.0, level)).collect();
        for row in compare(&levels, &slow).iter().skip(1) {
            assert!(0.1 <= row.p_value.unwrap() && row.p_adjusted.unwrap() < 0.05, "{row:?}");
            assert!(row.is_real && row.verdict == Verdict::Worse, "{row:?}");
        }
    }

    #[test]
    fn where_every_row_counts_levels_are_corrected_for_all_pairs() {
        // One level of one pair differs by a little, and the other pairs not at all.
        let noisy = vec![0.9, 0.95, 1.0, 1.05, 1.1];
        let a = cells("a", Metric::TotalTime, &[noisy.clone(), noisy.clone()]);
        let b = cells("b", Metric::TotalTime, &[times(1.25, &noisy), noisy]);
        let (a, b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
        let settled = |pairs: usize, family: Family| {
            let mut pairs: Vec<Pair<'_>> = (1..pairs).filter_map(|_| Pair::of(&a, &a)).collect();
            pairs.insert(0, Pair::of(&a, &b).unwrap());
            settle(&pairs, 0, family, &Decision::default()).remove(1)
        };
        let (alone, of_all) = (settled(1, Family::Series), settled(50, Family::Series));
        assert!(alone.is_real && !of_all.is_real, "{alone:?} {of_all:?}");
        assert!(!settled(50, Family::Frameworks).is_real);
    }

    #[test]
    fn the_only_level_of_a_pair_is_the_pair() {
        let runs = |factor: f64| cells("a", Metric::TotalTime, &[times(factor, &RUNS)]);
        let (old, same, slow) = (runs(1.0), runs(1.0), runs(1.05));
        let pairs = [&same, &slow]
            .map(|new| Pair::of(&old.iter().collect::<Vec<_>>(), &new.iter().collect::<Vec<_>>()).unwrap());
        for rows in settle(&pairs, 0, Family::Series, &Decision::default()).chunks(2) {
            let [overall, level] = rows else { panic!("{rows:?}") };
            assert_eq!((overall.p_adjusted, overall.verdict), (level.p_adjusted, level.verdict));
        }
    }

    #[test]
    fn levels_share_alpha_until_the_whole_is_answered() {
        // One level differs and the others do not at all: over all levels nothing is found, and the p-value of the one is
        // multiplied by the levels and by what the question over all levels has of alpha.
        let noisy = vec![0.5, 0.7, 1.0, 1.4, 2.0];
        let a = vec![RUNS.to_vec(), noisy.clone(), noisy.clone()];
        let b = vec![times(1.2, &RUNS), noisy.clone(), noisy];
        let rows = compare(&a, &b);
        let p = |row: usize| (rows[row].p_value.unwrap(), rows[row].p_adjusted.unwrap());
        assert!(0.05 < p(0).1, "{:?}", rows[0]);
        assert!((p(1).1 - 6.0 * p(1).0).abs() < 1e-12, "{:?}", rows[1]);
        assert!(rows[1].is_real, "{:?}", rows[1]);
        // Where all levels differ, the whole is answered, and the levels have all of alpha.
        let slow: Vec<Vec<f64>> = a.iter().map(|level| times(9.0, level)).collect();
        let rows = compare(&a, &slow);
        assert!((rows[1].p_adjusted.unwrap() - 3.0 * 2.0 / 252.0).abs() < 1e-12, "{:?}", rows[1]);
    }

    #[test]
    fn a_single_level_is_one_question() {
        let rows = compare(&[RUNS.to_vec()], &[times(1.2, &RUNS)]);
        let [overall, level] = rows.as_slice() else { panic!("two rows, not {rows:?}") };
        assert_eq!(
            Comparison { concurrency: level.concurrency, ..overall.clone() },
            *level,
            "the same numbers have the same answer"
        );
        assert!((level.p_adjusted.unwrap() - 2.0 / 252.0).abs() < 1e-12);
        assert_eq!(level.effect_size.map(|delta| delta.total_cmp(&1.0)), Some(std::cmp::Ordering::Equal));
    }

    #[test]
    fn without_repetitions_or_spread_nothing_is_tested() {
        for runs in [vec![1.0], vec![1.0, 1.0, 1.0]] {
            for row in compare(std::slice::from_ref(&runs), &[times(3.0, &runs)]) {
                assert_eq!((row.p_value, row.p_adjusted, row.effect_size), (None, None, None));
                assert_eq!((row.verdict, row.repetitions_needed), (Verdict::Inconclusive, None));
            }
        }
    }

    #[test]
    fn an_open_question_says_what_would_settle_it() {
        let rows = compare(&[vec![1.0, 1.2, 0.9]], &[vec![1.1, 1.3, 1.0]]);
        let needed = rows[0].repetitions_needed.unwrap();
        assert!((4..=10_000).contains(&needed), "{needed}");
        let settled = compare(&[RUNS.to_vec()], &[times(2.0, &RUNS)]);
        assert_eq!(settled[0].repetitions_needed, None);
    }

    #[test]
    fn a_larger_family_asks_for_more() {
        let (a, b) = (cells("a", Metric::TotalTime, &[RUNS.to_vec()]), cells("b", Metric::TotalTime, &[RUNS.to_vec()]));
        let (a, b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
        let slow = cells("c", Metric::TotalTime, &[times(1.2, &RUNS)]);
        let slow: Vec<_> = slow.iter().collect();
        let rows = compare_pairs(&[(&a, &slow), (&b, &slow), (&a, &b)], &Decision::default());
        let adjusted: Vec<f64> = rows.iter().filter(|row| row.is_overall()).filter_map(|row| row.p_adjusted).collect();
        let p = 2.0 / 252.0;
        assert!((adjusted[0] - 3.0 * p).abs() < 1e-12 && (adjusted[1] - 3.0 * p).abs() < 1e-12, "{adjusted:?}");
        assert!((adjusted[2] - 1.0).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn swapping_the_sides_flips_every_verdict(
            levels in prop::collection::vec(
                (prop::collection::vec(0.9..1.2f64, 1..7), prop::collection::vec(0.9..1.2f64, 1..7)), 1..4),
            factor in 0.8..1.25f64,
            lower_is_better in any::<bool>(),
        ) {
            let metric = if lower_is_better { Metric::TotalTime } else { Metric::Throughput };
            let a: Vec<Vec<f64>> = levels.iter().map(|level| level.0.clone()).collect();
            let b: Vec<Vec<f64>> = levels.iter().map(|level| times(factor, &level.1)).collect();
            let (a, b) = (cells("a", metric, &a), cells("b", metric, &b));
            let (a, b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
            let there = compare_pair(&a, &b, &Decision::default());
            let back = compare_pair(&b, &a, &Decision::default());
            prop_assert_eq!(there.len(), back.len());
            for (there, back) in there.iter().zip(&back) {
                prop_assert_eq!(there.verdict, back.verdict.flipped());
                prop_assert_eq!((there.p_value, there.p_adjusted), (back.p_value, back.p_adjusted));
                prop_assert_eq!((there.is_real, there.repetitions_needed), (back.is_real, back.repetitions_needed));
                prop_assert!((there.ratio * back.ratio - 1.0).abs() < 1e-12);
                prop_assert_eq!(there.ci_low.is_some(), back.ci_high.is_some());
                if let Some((low, high)) = there.ci_low.zip(back.ci_high) {
                    prop_assert!((low * high - 1.0).abs() < 1e-9);
                }
                if let Some((there, back)) = there.effect_size.zip(back.effect_size) {
                    prop_assert!((there + back).abs() < 1e-12);
                }
            }
        }
    }
}
