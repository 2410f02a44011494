//! A candidate against its baseline: every series and metric, with what both sides measured and what can be said.

use std::collections::HashMap;

use super::change::{Basis, Change, Outcome, SideValues};
use super::comparison::Comparison;
use super::failures::failure_changes;
use super::family::{Family, settle};
use super::iterations::{IterationContrast, IterationPair, adjusted};
use super::matching::{Matched, SeriesPair, match_series};
use super::pair::Pair;
use super::pairing::pair_up;
use super::reason::Reason;
use super::row::{ChangeOptions, Context};
use super::side::{MeasuredSide, comparable};
use crate::record::{Metric, SeriesRuns};
use crate::stats::{CellValues, Values, benchstat_p, t_interval};

/// The rows of one candidate, and how its series were matched.
#[derive(Debug, Clone, PartialEq)]
pub struct SideChanges {
    /// By metric and series: first over all levels, then at each.
    pub changes: Vec<Change>,
    /// How many series both sides have.
    pub matched: usize,
    /// Each side has one framework, with a name of its own, and they were taken for the same.
    pub is_by_scenario: bool,
}

/// Compares all series of a candidate with those of its baseline, metric by metric. The rows of a metric are one family.
pub fn compare_sides(
    baseline: &MeasuredSide,
    candidate: &MeasuredSide,
    metrics: &[Metric],
    options: &ChangeOptions,
) -> SideChanges {
    let Matched { pairs, is_by_scenario } = match_series(baseline, candidate, &options.matching);
    let context = Context { baseline: &baseline.label, candidate: &candidate.label, options };
    let changes = metrics.iter().flat_map(|metric| match metric {
        // What one side lacks altogether is told by the other metrics.
        Metric::ErrorRate => failure_changes(&pairs, context, metrics.len() == 1),
        metric => of_metric(*metric, &pairs, context),
    });
    SideChanges {
        changes: changes.collect(),
        matched: pairs.iter().filter(|pair| pair.baseline.is_some() && pair.candidate.is_some()).count(),
        is_by_scenario,
    }
}

/// What both sides measured of a series in one metric, as far as it can be compared.
struct Measured<'a> {
    metric: Metric,
    series: &'a SeriesPair<'a>,
    baseline: Vec<CellValues>,
    candidate: Vec<CellValues>,
}

impl<'a> Measured<'a> {
    fn of(metric: Metric, series: &'a SeriesPair<'a>) -> Self {
        let cells = |series: Option<SeriesRuns<'_>>| -> Vec<CellValues> {
            series.into_iter().flat_map(|series| series.cells()).filter_map(|cell| comparable(cell, metric)).collect()
        };
        Self { metric, series, baseline: cells(series.baseline), candidate: cells(series.candidate) }
    }

    fn row(&self, concurrency: Option<u32>, outcome: Outcome, context: Context<'_>) -> Change {
        context.row(self.metric, self.series, concurrency, outcome)
    }

    /// The values of both sides at a level; at all common levels where it is `None`.
    fn common(&self, concurrency: Option<u32>) -> Vec<(&Values, &Values)> {
        let level = |cell: &CellValues| cell.key.concurrency;
        let meant = self.baseline.iter().filter(|cell| concurrency.is_none() || level(cell) == concurrency);
        let other = |cell: &CellValues| self.candidate.iter().find(|other| level(other) == level(cell));
        meant.filter_map(|cell| Some((&cell.values, &other(cell)?.values))).collect()
    }
}

fn of_metric(metric: Metric, pairs: &[SeriesPair<'_>], context: Context<'_>) -> Vec<Change> {
    let measured: Vec<Measured<'_>> = pairs.iter().map(|series| Measured::of(metric, series)).collect();
    // Single runs with their iterations are judged apart: they have a test of their own.
    let mut iterations: Vec<(usize, IterationPair)> = Vec::new();
    let mut by_runs: Vec<(usize, bool)> = Vec::new();
    let mut found: Vec<Pair<'_>> = Vec::new();
    for (index, measured) in measured.iter().enumerate() {
        let (Some(a), Some(b)) = (measured.series.baseline, measured.series.candidate) else { continue };
        if metric == Metric::AvgTimePerRequest
            && let Some(pair) = IterationPair::of(a, b, context.alpha())
        {
            iterations.push((index, pair));
            continue;
        }
        let of_a: Vec<&CellValues> = measured.baseline.iter().collect();
        let of_b: Vec<&CellValues> = measured.candidate.iter().collect();
        if let Some(mut pair) = Pair::of(&of_a, &of_b) {
            by_runs.push((index, pair_up(&mut pair, a, b, context.options.is_paired)));
            found.push(pair);
        }
    }
    let mut rows: HashMap<usize, Vec<Change>> = HashMap::new();
    let mut settled = settle(&found, 0, Family::Series, &context.options.decision).into_iter();
    for ((index, is_paired), pair) in by_runs.into_iter().zip(&found) {
        let of_pair = settled.by_ref().take(1 + pair.levels.len());
        let Some(measured) = measured.get(index) else { continue };
        rows.insert(index, of_pair.map(|comparison| from_runs(comparison, is_paired, measured, context)).collect());
    }
    let families = adjusted(iterations.iter().map(|(_, pair)| pair));
    for ((index, pair), (overall_p, level_ps)) in iterations.iter().zip(families) {
        let Some(measured) = measured.get(*index) else { continue };
        // A level that nobody knows is the series itself.
        let known = pair.levels.iter().zip(level_ps).filter(|(level, _)| level.concurrency.is_some());
        let with_p = std::iter::once((&pair.overall, overall_p)).chain(known);
        rows.insert(*index, with_p.map(|(found, p)| from_iterations(found, p, pair, measured, context)).collect());
    }

    let mut changes = Vec::new();
    for (index, measured) in measured.iter().enumerate() {
        let of_series = rows.remove(&index).unwrap_or_default();
        let is_compared = !of_series.is_empty();
        changes.extend(of_series);
        changes.extend(one_sided(measured, is_compared, context));
    }
    changes
}

/// What only one side has: the whole series, or single levels of it.
fn one_sided(measured: &Measured<'_>, is_compared: bool, context: Context<'_>) -> Vec<Change> {
    let Measured { metric, series, baseline: a, candidate: b } = measured;
    let mut rows = Vec::new();
    if !is_compared {
        let say = |reason: Reason| reason.say(context.options.language);
        let outcome = match (a.is_empty(), b.is_empty()) {
            (true, true) if is_measured(series.baseline, *metric) && is_measured(series.candidate, *metric) => {
                let row = measured.row(None, Outcome::Inconclusive, context);
                return vec![Change { reason: Some(say(Reason::NothingToCompare)), ..row }];
            }
            (true, true) => return rows,
            (false, _) => Outcome::Missing,
            (true, false) => Outcome::New,
        };
        let reason = match outcome {
            Outcome::Missing if !b.is_empty() => Some(Reason::NoCommonLevel),
            Outcome::Missing if series.candidate.is_some() => Some(Reason::NothingToCompare),
            Outcome::New if series.baseline.is_some() => Some(Reason::NothingToCompare),
            _ => None,
        };
        rows.push(Change {
            baseline: over_levels(a.iter().map(|cell| &cell.values)),
            candidate: over_levels(b.iter().map(|cell| &cell.values)).filter(|_| outcome == Outcome::New),
            levels: a.len().max(b.len()),
            reason: reason.map(say),
            ..measured.row(None, outcome, context)
        });
        if a.is_empty() || b.is_empty() {
            return rows;
        }
    }
    let level = |cell: &CellValues| cell.key.concurrency;
    let lacking = |cells: &[CellValues], others: &[CellValues]| -> Vec<(Option<u32>, Option<SideValues>)> {
        let known = cells.iter().filter(|cell| level(cell).is_some());
        let alone = known.filter(|cell| others.iter().all(|other| level(other) != level(cell)));
        alone.map(|cell| (level(cell), Some(side_values(&cell.values, context.alpha())))).collect()
    };
    for (level, baseline) in lacking(a, b) {
        rows.push(Change { baseline, ..measured.row(level, Outcome::Missing, context) });
    }
    for (level, candidate) in lacking(b, a) {
        rows.push(Change { candidate, ..measured.row(level, Outcome::New, context) });
    }
    rows
}

/// Whether any run of a series has the metric, be it one that can't be compared.
fn is_measured(series: Option<SeriesRuns<'_>>, metric: Metric) -> bool {
    series.is_some_and(|series| series.iter().any(|run| metric.of(run).is_some()))
}

fn from_runs(found: Comparison, is_paired: bool, measured: &Measured<'_>, context: Context<'_>) -> Change {
    let row = Change {
        levels: found.levels,
        is_paired,
        ratio: Some(found.ratio),
        ci_low: found.ci_low,
        ci_high: found.ci_high,
        p_value: found.p_value,
        p_adjusted: found.p_adjusted,
        effect_size: found.effect_size,
        is_real: found.is_real,
        repetitions_needed: found.repetitions_needed,
        method: match (is_paired, found.p_method) {
            (true, Some(test)) => format!("mean of the pairs' ratios, t interval on logarithms, {}", test.about()),
            _ => found.method,
        },
        ..measured.row(found.concurrency, Outcome::Inconclusive, context)
    };
    judged(row, &measured.common(found.concurrency), context)
}

fn from_iterations(
    found: &IterationContrast,
    p_adjusted: f64,
    pair: &IterationPair,
    measured: &Measured<'_>,
    context: Context<'_>,
) -> Change {
    let levels = if found.concurrency.is_some() { std::slice::from_ref(found) } else { pair.levels.as_slice() };
    let sides: Vec<(&Values, &Values)> =
        levels.iter().filter_map(|level| level.baseline.as_ref().zip(level.candidate.as_ref())).collect();
    let leaves_out_none = found.interval.is_some_and(|(low, high)| 0.0 < low || high < 0.0);
    let row = Change {
        basis: Basis::Samples,
        levels: found.levels,
        ratio: Some(found.estimate.exp()),
        ci_low: found.interval.map(|(low, _)| low.exp()),
        ci_high: found.interval.map(|(_, high)| high.exp()),
        p_value: Some(found.p_value),
        p_adjusted: Some(p_adjusted),
        effect_size: Some(found.effect_size),
        fastest_ratio: Some(found.fastest.exp()),
        is_real: leaves_out_none && p_adjusted <= context.alpha(),
        method: found.method(),
        ..measured.row(found.concurrency, Outcome::Inconclusive, context)
    };
    judged(row, &sides, context)
}

/// A row with what both sides measured and their medians against each other, and what can be said of it.
fn judged<'v>(row: Change, sides: &[(&'v Values, &'v Values)], context: Context<'_>) -> Change {
    let side = |pick: fn(&(&'v Values, &'v Values)) -> &'v Values| match sides {
        [one] => Some(side_values(pick(one), context.alpha())),
        several => over_levels(several.iter().map(pick)),
    };
    let medians = Values::new(sides.iter().map(|(a, b)| (b.median() / a.median()).ln()));
    let row = Change {
        baseline: side(|(a, _)| a),
        candidate: side(|(_, b)| b),
        median_ratio: medians.map(|logarithms| logarithms.mean().exp()),
        benchstat_p_value: if let [(a, b)] = sides { Some(benchstat_p(a, b)) } else { None },
        ..row
    };
    Change {
        outcome: row.outcome_at(context.options.decision.min_effect),
        reason: Reason::of_untested(&row).map(|reason| reason.say(context.options.language)),
        ..row
    }
}

fn side_values(values: &Values, alpha: f64) -> SideValues {
    let interval = t_interval(values, alpha);
    SideValues {
        n: values.count(),
        mean: values.mean(),
        median: values.median(),
        ci_low: interval.map(|(low, _)| low),
        ci_high: interval.map(|(_, high)| high),
    }
}

/// Several levels in one: the geometric means of what describes them.
fn over_levels<'v>(levels: impl Iterator<Item = &'v Values> + Clone) -> Option<SideValues> {
    let geometric = |of: fn(&Values) -> f64| {
        let logarithms = Values::new(levels.clone().map(|values| of(values).ln()))?;
        Some(logarithms.mean().exp())
    };
    Some(SideValues {
        n: levels.clone().map(Values::count).sum(),
        mean: geometric(Values::mean)?,
        median: geometric(Values::median)?,
        ci_low: None,
        ci_high: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::{Run, Runs};

    /// Runs of one framework: at each level of each scenario so many times.
    fn side(label: &str, scenarios: &[Vec<Vec<f64>>], factor: f64, in_turn: Option<i64>) -> MeasuredSide {
        let mut runs = Vec::new();
        for (scenario, levels) in scenarios.iter().enumerate() {
            for (level, times) in levels.iter().enumerate() {
                for (repetition, time) in times.iter().enumerate() {
                    let avg = time * factor;
                    runs.push(Run {
                        framework: "f".into(),
                        scenario: format!("s{scenario}"),
                        concurrency: Some(10 * (level as u32 + 1)),
                        repetition: Some(repetition as u32 + 1),
                        timestamp: in_turn.map(|offset| 1_000 * repetition as i64 + offset),
                        total_time: Some(avg * 100.0),
                        requests_count: Some(100),
                        error_count: Some((avg * 10.0) as u64 % 3),
                        avg_time_per_request: Some(avg),
                        ..Run::default()
                    });
                }
            }
        }
        MeasuredSide { label: label.into(), runs: Runs::new(runs), ..MeasuredSide::default() }
    }

    const METRICS: [Metric; 3] = [Metric::AvgTimePerRequest, Metric::Throughput, Metric::ErrorRate];

    fn rows(a: &MeasuredSide, b: &MeasuredSide) -> Vec<Change> {
        compare_sides(a, b, &METRICS, &ChangeOptions::default()).changes
    }

    #[test]
    fn runs_in_turn_are_compared_in_pairs() {
        let drifting: Vec<f64> = (0..8).map(|index| 1.0 + 0.2 * f64::from(index)).collect();
        let noisy = vec![vec![drifting.clone()]];
        let slower: Vec<f64> =
            drifting.iter().enumerate().map(|(index, time)| time * (1.10 + 0.002 * index as f64)).collect();
        let slower = vec![vec![slower]];
        let apart = rows(&side("a", &noisy, 1.0, None), &side("b", &slower, 1.0, None));
        assert_eq!((apart[0].is_paired, apart[0].outcome), (false, Outcome::Inconclusive));
        let paired = rows(&side("a", &noisy, 1.0, Some(0)), &side("b", &slower, 1.0, Some(500)));
        assert_eq!((paired[0].is_paired, paired[0].outcome), (true, Outcome::Worse));
        assert!(paired[0].method.contains("Wilcoxon"), "{}", paired[0].method);
        // numpy: exp(mean(log(ratios))); of the 2^8 ways to sign 8 pairs of one sign two are as far out.
        assert!((paired[0].ratio.unwrap() - 1.106_990_5).abs() < 1e-6, "{:?}", paired[0].ratio);
        assert!((paired[0].p_value.unwrap() - 2.0 / 256.0).abs() < 1e-15);
        let two = |levels: &Vec<Vec<f64>>| vec![vec![levels[0].clone(), levels[0].clone()]];
        let levels = rows(&side("a", &two(&noisy[0]), 1.0, Some(0)), &side("b", &two(&slower[0]), 1.0, Some(500)));
        assert_eq!((levels[0].levels, levels[0].outcome), (2, Outcome::Worse));
        assert!(levels[0].method.contains("sign-flip"), "{}", levels[0].method);
    }

    #[test]
    fn what_one_side_lacks_is_missing_or_new() {
        let three = || vec![1.0, 1.01, 1.02];
        let a = side("a", &[vec![three(), three()], vec![three()]], 1.0, None);
        let b = side("b", &[vec![three()], vec![three()], vec![three()]], 1.0, None);
        let found: Vec<(String, Outcome)> =
            compare_sides(&a, &b, &[Metric::AvgTimePerRequest], &ChangeOptions::default())
                .changes
                .iter()
                .map(|row| (row.key().to_string(), row.outcome))
                .collect();
        let expected = [
            ("f (s0)", Outcome::Equivalent),
            ("f (s0) at 10", Outcome::Equivalent),
            ("f (s0) at 20", Outcome::Missing),
            ("f (s1)", Outcome::Equivalent),
            ("f (s1) at 10", Outcome::Equivalent),
            ("f (s2)", Outcome::New),
        ];
        assert_eq!(found, expected.map(|(name, outcome)| (name.to_owned(), outcome)));
    }

    #[test]
    fn what_mostly_fails_or_took_no_time_is_not_compared_and_not_passed_over() {
        let a = side("a", &[vec![vec![1.0, 1.1, 1.2]]], 1.0, None);
        let failing = a.with_runs(a.runs.iter().map(|run| Run { error_count: Some(60), ..run.clone() }).collect());
        let found = rows(&a, &failing);
        assert_eq!(found[0].outcome, Outcome::Missing);
        assert!(found[0].reason.is_some());
        assert_eq!(found.last().map(|row| (row.metric, row.outcome)), Some((Metric::ErrorRate, Outcome::Worse)));
        let nothing = rows(&failing, &failing);
        assert_eq!((nothing[0].outcome, nothing[0].is_tested()), (Outcome::Inconclusive, false));
    }

    fn times() -> impl Strategy<Value = Vec<Vec<Vec<f64>>>> {
        prop::collection::vec(prop::collection::vec(prop::collection::vec(0.9..1.2f64, 1..7), 1..3), 1..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn swapping_the_sides_flips_every_outcome(a in times(), b in times(), factor in 0.8..1.25f64, in_turn in any::<bool>()) {
            let (first, second) = if in_turn { (Some(0), Some(500)) } else { (None, None) };
            let (a, b) = (side("a", &a, 1.0, first), side("b", &b, factor, second));
            let key = |row: &Change| (row.metric, row.key());
            let (mut there, mut back) = (rows(&a, &b), rows(&b, &a));
            there.sort_by_key(key);
            back.sort_by_key(key);
            prop_assert_eq!(there.len(), back.len());
            for (there, back) in there.iter().zip(&back) {
                prop_assert_eq!(there.outcome, back.outcome.flipped(), "{:?} {:?}", there, back);
                prop_assert_eq!(there.is_paired, back.is_paired);
                prop_assert_eq!(there.ratio.is_some(), back.ratio.is_some());
                if let Some((there, back)) = there.ratio.zip(back.ratio) {
                    prop_assert!((there * back - 1.0).abs() < 1e-9);
                }
                if let Some((there, back)) = there.difference.zip(back.difference) {
                    prop_assert!((there + back).abs() < 1e-12);
                }
            }
        }

        #[test]
        fn a_side_against_itself_is_never_worse(a in times(), in_turn in any::<bool>()) {
            let a = side("a", &a, 1.0, in_turn.then_some(0));
            for row in rows(&a, &a) {
                prop_assert!(matches!(row.outcome, Outcome::Equivalent | Outcome::Inconclusive), "{:?}", row);
                prop_assert!(row.ratio.is_none_or(|ratio| (ratio - 1.0).abs() < 1e-12));
            }
        }
    }
}
