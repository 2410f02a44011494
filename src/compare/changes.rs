//! A candidate against its baseline: every series and metric, with what both sides measured and what can be said.

use std::collections::HashMap;

use super::change::{Basis, Change, Outcome, Scale, SideValues};
use super::comparison::Comparison;
use super::failures::failure_changes;
use super::family::{Levels, settle};
use super::iterations::{IterationContrast, IterationPair, adjusted};
use super::matching::{Matched, Matching, SeriesPair, match_series};
use super::pair::Pair;
use super::pairing::pair_up;
use super::reason::Reason;
use super::side::{MeasuredSide, comparable};
use super::verdict::Decision;
use crate::language::Language;
use crate::record::{Metric, SeriesKey, SeriesRuns};
use crate::stats::{CellValues, Values, benchstat_p, t_interval};

/// The choices that a comparison of two sides depends on.
#[derive(Debug, Clone, Default)]
pub struct ChangeOptions {
    /// How verdicts are reached.
    pub decision: Decision,
    /// How series belong together.
    pub matching: Matching,
    /// Whether runs of equal repetition are pairs.
    pub is_paired: bool,
    /// The language of reasons.
    pub language: Language,
}

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
    let labels = Labels { baseline: &baseline.label, candidate: &candidate.label };
    let changes = metrics.iter().flat_map(|metric| match metric {
        // What one side lacks altogether is told by the other metrics.
        Metric::ErrorRate => failure_changes(&pairs, labels, metrics.len() == 1, options),
        metric => of_metric(*metric, &pairs, labels, options),
    });
    SideChanges {
        changes: changes.collect(),
        matched: pairs.iter().filter(|pair| pair.baseline.is_some() && pair.candidate.is_some()).count(),
        is_by_scenario,
    }
}

/// What the two sides of a row are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labels<'a> {
    pub(super) baseline: &'a str,
    pub(super) candidate: &'a str,
}

/// The cells of one series on one side.
type Cells = Vec<CellValues>;

fn of_metric(metric: Metric, pairs: &[SeriesPair<'_>], labels: Labels<'_>, options: &ChangeOptions) -> Vec<Change> {
    let cells = |series: Option<SeriesRuns<'_>>| -> Cells {
        series.into_iter().flat_map(|series| series.cells()).filter_map(|cell| comparable(cell, metric)).collect()
    };
    let cells: Vec<(Cells, Cells)> = pairs.iter().map(|pair| (cells(pair.baseline), cells(pair.candidate))).collect();
    let alpha = options.decision.alpha;

    // Single runs with their iterations are judged apart: they have a test of their own.
    let mut iterations: Vec<(usize, IterationPair)> = Vec::new();
    let mut by_runs: Vec<(usize, Pair<'_>, bool)> = Vec::new();
    for (index, (pair, (a, b))) in pairs.iter().zip(&cells).enumerate() {
        let (Some(of_a), Some(of_b)) = (pair.baseline, pair.candidate) else { continue };
        if metric == Metric::AvgTimePerRequest
            && let Some(found) = IterationPair::of(of_a, of_b, alpha)
        {
            iterations.push((index, found));
            continue;
        }
        let (a, b): (Vec<&CellValues>, Vec<&CellValues>) = (a.iter().collect(), b.iter().collect());
        if let Some(mut found) = Pair::of(&a, &b) {
            let is_paired = pair_up(&mut found, of_a, of_b, options.is_paired);
            by_runs.push((index, found, is_paired));
        }
    }
    let (places, found): (Vec<(usize, bool)>, Vec<Pair<'_>>) =
        by_runs.into_iter().map(|(index, pair, is_paired)| ((index, is_paired), pair)).unzip();
    let mut rows: HashMap<usize, Vec<Change>> = HashMap::new();
    let mut settled = settle(&found, 0, Levels::OfAllPairs, &options.decision).into_iter();
    for ((index, is_paired), pair) in places.iter().zip(&found) {
        let Some((series, (a, b))) = pairs.get(*index).zip(cells.get(*index)) else { continue };
        let of_pair = settled.by_ref().take(1 + pair.levels.len());
        let row = |comparison: Comparison| from_runs(comparison, *is_paired, series, (a, b), labels, options);
        rows.insert(*index, of_pair.map(row).collect());
    }
    let families = adjusted(&iterations.iter().map(|(_, pair)| pair.clone()).collect::<Vec<_>>());
    for ((index, pair), (overall_p, level_ps)) in iterations.into_iter().zip(families) {
        let Some(series) = pairs.get(index) else { continue };
        // A level that nobody knows is the series itself.
        let known = pair.levels.iter().zip(level_ps).filter(|(level, _)| level.concurrency.is_some());
        let with_p = std::iter::once((&pair.overall, overall_p)).chain(known);
        let row = |(found, p)| from_iterations(found, p, metric, series, &pair, labels, options);
        rows.insert(index, with_p.map(row).collect());
    }

    let mut changes = Vec::new();
    for (index, (series, (a, b))) in pairs.iter().zip(&cells).enumerate() {
        let mut of_series = rows.remove(&index).unwrap_or_default();
        one_sided(&mut of_series, metric, series, (a, b), labels, options);
        changes.extend(of_series);
    }
    changes
}

/// Adds what only one side has: the whole series, or single levels of it.
fn one_sided(
    rows: &mut Vec<Change>,
    metric: Metric,
    series: &SeriesPair<'_>,
    (a, b): (&Cells, &Cells),
    labels: Labels<'_>,
    options: &ChangeOptions,
) {
    let level = |cell: &CellValues| cell.key.concurrency;
    if rows.is_empty() {
        let outcome = match (a.is_empty(), b.is_empty()) {
            (true, true) if is_measured(series.baseline, metric) && is_measured(series.candidate, metric) => {
                let mut row = blank(metric, series, None, labels, Outcome::Inconclusive);
                row.reason = Some(Reason::NothingToCompare.say(options.language));
                rows.push(row);
                return;
            }
            (true, true) => return,
            (false, _) => Outcome::Missing,
            (true, false) => Outcome::New,
        };
        let reason = match outcome {
            Outcome::Missing if !b.is_empty() => Some(Reason::NoCommonLevel),
            Outcome::Missing if series.candidate.is_some() => Some(Reason::NothingToCompare),
            Outcome::New if series.baseline.is_some() => Some(Reason::NothingToCompare),
            _ => None,
        };
        let mut row = blank(metric, series, None, labels, outcome);
        row.baseline = over_levels(a);
        row.candidate = over_levels(b).filter(|_| outcome == Outcome::New);
        row.levels = a.len().max(b.len());
        row.reason = reason.map(|reason| reason.say(options.language));
        rows.push(row);
        if a.is_empty() || b.is_empty() {
            return;
        }
    }
    let is_in = |cells: &Cells, concurrency| cells.iter().any(|cell| cell.key.concurrency == concurrency);
    let alpha = options.decision.alpha;
    for cell in a.iter().filter(|cell| level(cell).is_some() && !is_in(b, level(cell))) {
        let mut row = blank(metric, series, level(cell), labels, Outcome::Missing);
        row.baseline = Some(side_values(&cell.values, alpha));
        rows.push(row);
    }
    for cell in b.iter().filter(|cell| level(cell).is_some() && !is_in(a, level(cell))) {
        let mut row = blank(metric, series, level(cell), labels, Outcome::New);
        row.candidate = Some(side_values(&cell.values, alpha));
        rows.push(row);
    }
}

/// Whether any run of a series has the metric, be it one that can't be compared.
fn is_measured(series: Option<SeriesRuns<'_>>, metric: Metric) -> bool {
    series.is_some_and(|series| series.iter().any(|run| metric.of(run).is_some()))
}

fn from_runs(
    found: Comparison,
    is_paired: bool,
    series: &SeriesPair<'_>,
    (a, b): (&Cells, &Cells),
    labels: Labels<'_>,
    options: &ChangeOptions,
) -> Change {
    let mut row = blank(found.metric, series, found.concurrency, labels, Outcome::Inconclusive);
    let common: Vec<(&CellValues, &CellValues)> = a
        .iter()
        .filter_map(|cell| Some((cell, b.iter().find(|other| other.key.concurrency == cell.key.concurrency)?)))
        .filter(|(cell, _)| found.concurrency.is_none() || cell.key.concurrency == found.concurrency)
        .collect();
    row.levels = found.levels;
    let sides = common.iter().map(|(a, b)| (&a.values, &b.values)).collect::<Vec<_>>();
    fill_sides(&mut row, &sides, options.decision.alpha);
    row.is_paired = is_paired;
    row.ratio = Some(found.ratio);
    (row.ci_low, row.ci_high) = (found.ci_low, found.ci_high);
    (row.p_value, row.p_adjusted, row.effect_size) = (found.p_value, found.p_adjusted, found.effect_size);
    row.is_real = found.is_real;
    row.repetitions_needed = found.repetitions_needed;
    row.method = match (is_paired, found.p_method) {
        (true, Some(test)) => format!("mean of the pairs' ratios, t interval on logarithms, {}", test.about()),
        _ => found.method,
    };
    row.outcome = row.outcome_at(options.decision.min_effect);
    row.reason = Reason::of_untested(&row).map(|reason| reason.say(options.language));
    row
}

fn from_iterations(
    found: &IterationContrast,
    p_adjusted: f64,
    metric: Metric,
    series: &SeriesPair<'_>,
    pair: &IterationPair,
    labels: Labels<'_>,
    options: &ChangeOptions,
) -> Change {
    let mut row = blank(metric, series, found.concurrency, labels, Outcome::Inconclusive);
    row.basis = Basis::Samples;
    row.levels = found.levels;
    let rows = if found.concurrency.is_some() { std::slice::from_ref(found) } else { pair.levels.as_slice() };
    let sides: Vec<(&Values, &Values)> =
        rows.iter().filter_map(|level| level.baseline.as_ref().zip(level.candidate.as_ref())).collect();
    fill_sides(&mut row, &sides, options.decision.alpha);
    row.ratio = Some(found.estimate.exp());
    row.ci_low = found.interval.map(|(low, _)| low.exp());
    row.ci_high = found.interval.map(|(_, high)| high.exp());
    row.p_value = Some(found.p_value);
    row.p_adjusted = Some(p_adjusted);
    row.effect_size = Some(found.effect_size);
    row.fastest_ratio = Some(found.fastest.exp());
    let leaves_out_none = found.interval.is_some_and(|(low, high)| 0.0 < low || high < 0.0);
    row.is_real = leaves_out_none && p_adjusted <= options.decision.alpha;
    row.method = found.method();
    row.outcome = row.outcome_at(options.decision.min_effect);
    row.reason = Reason::of_untested(&row).map(|reason| reason.say(options.language));
    row
}

/// Fills in what both sides measured, and their medians against each other.
fn fill_sides(row: &mut Change, sides: &[(&Values, &Values)], alpha: f64) {
    let only = |pick: fn(&(&Values, &Values)) -> Values| -> Option<SideValues> {
        let values: Vec<Values> = sides.iter().map(pick).collect();
        match values.as_slice() {
            [one] => Some(side_values(one, alpha)),
            several => together(several),
        }
    };
    row.baseline = only(|(a, _)| (*a).clone());
    row.candidate = only(|(_, b)| (*b).clone());
    row.median_ratio =
        Values::new(sides.iter().map(|(a, b)| (b.median() / a.median()).ln())).map(|logs| logs.mean().exp());
    if let [(a, b)] = sides {
        row.benchstat_p_value = Some(benchstat_p(a, b));
    }
}

/// A row with nothing in it but its names.
pub(super) fn blank(
    metric: Metric,
    series: &SeriesPair<'_>,
    concurrency: Option<u32>,
    labels: Labels<'_>,
    outcome: Outcome,
) -> Change {
    let candidate = series.candidate.map(|series| series.key().clone());
    let key = series.baseline.map(|series| series.key().clone()).or_else(|| candidate.clone()).unwrap_or_default();
    let renamed =
        |part: fn(&SeriesKey) -> &String| candidate.as_ref().map(part).filter(|other| *other != part(&key)).cloned();
    Change {
        candidate_framework: renamed(|key| &key.framework),
        candidate_scenario: renamed(|key| &key.scenario),
        scenario: key.scenario.clone(),
        framework: key.framework.clone(),
        concurrency,
        levels: 1,
        metric,
        unit: metric.unit().to_owned(),
        baseline_label: labels.baseline.to_owned(),
        candidate_label: labels.candidate.to_owned(),
        baseline: None,
        candidate: None,
        basis: Basis::Runs,
        is_paired: false,
        scale: if metric == Metric::ErrorRate { Scale::Difference } else { Scale::Ratio },
        ratio: None,
        difference: None,
        ci_low: None,
        ci_high: None,
        p_value: None,
        p_adjusted: None,
        effect_size: None,
        is_real: false,
        repetitions_needed: None,
        median_ratio: None,
        benchstat_p_value: None,
        fastest_ratio: None,
        outcome,
        reason: None,
        method: String::new(),
    }
}

pub(super) fn side_values(values: &Values, alpha: f64) -> SideValues {
    let interval = t_interval(values, alpha);
    SideValues {
        n: values.count(),
        mean: values.mean(),
        median: values.median(),
        ci_low: interval.map(|(low, _)| low),
        ci_high: interval.map(|(_, high)| high),
    }
}

fn over_levels(cells: &Cells) -> Option<SideValues> {
    together(&cells.iter().map(|cell| cell.values.clone()).collect::<Vec<_>>())
}

/// Several levels in one: the geometric means of what describes them.
fn together(levels: &[Values]) -> Option<SideValues> {
    let geometric = |of: fn(&Values) -> f64| {
        let logarithms = Values::new(levels.iter().map(|values| of(values).ln()))?;
        Some(logarithms.mean().exp())
    };
    Some(SideValues {
        n: levels.iter().map(Values::count).sum(),
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
