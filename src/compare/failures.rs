//! Error rates before and after: a difference and not a ratio, as the better side often has none.

use super::change::{Basis, Change, Outcome, SideValues};
use super::matching::SeriesPair;
use super::row::Context;
use super::side::{common_levels, failures as failures_of};
use crate::record::{CellRuns, Metric, SeriesRuns};
use crate::stats::{Share, ShareDifference, Values, holm, share_difference};

/// The failures of one level, or of all levels that both sides have.
struct Failures {
    concurrency: Option<u32>,
    levels: usize,
    baseline: Vec<Share>,
    candidate: Vec<Share>,
    found: Option<ShareDifference>,
}

/// The error rates of all series: first over all levels that both sides have, then at each. A series whose requests nobody
/// counted has no row; one that a side lacks altogether has one where `with_one_sided`, as the other metrics say so otherwise.
pub(super) fn failure_changes(pairs: &[SeriesPair<'_>], context: Context<'_>, with_one_sided: bool) -> Vec<Change> {
    let measured: Vec<(&SeriesPair<'_>, Vec<Failures>)> =
        pairs.iter().map(|pair| (pair, failures(pair, context.alpha()))).collect();
    // As with the other metrics: of alpha the rows over all levels have a half together, and those of all levels the other.
    let overall_p = |rows: &[Failures]| Some((rows.first()?.found?.p_value / share(rows)).min(1.0));
    let overall: Vec<f64> = measured.iter().filter_map(|(_, rows)| overall_p(rows)).collect();
    let family = overall.len() as f64;
    let mut overall = holm(&overall, 0).into_iter();
    let mut changes = Vec::new();
    for (series, rows) in measured {
        let Some((first, levels)) = rows.split_first() else {
            let is_counted_here_only = series.baseline.is_some() && series.candidate.is_some();
            changes.extend(one_sided(series, context).filter(|_| with_one_sided || is_counted_here_only));
            continue;
        };
        let of_series = first.found.and_then(|_| overall.next());
        changes.push(row(series, first, of_series, context));
        let own: Vec<f64> = levels.iter().filter_map(|level| Some(level.found?.p_value)).collect();
        let mut own = holm(&own, 0).into_iter().map(|p| (p * family / share(&rows)).min(1.0));
        for level in levels.iter().filter(|level| level.concurrency.is_some()) {
            let own = level.found.and_then(|_| own.next());
            // The only level of a series is the series.
            let adjusted = if levels.len() == 1 { of_series } else { own };
            changes.push(row(series, level, adjusted, context));
        }
    }
    changes
}

/// The share of alpha that the rows over all levels have, and those of the levels: all of it where both are the same question.
fn share(rows: &[Failures]) -> f64 {
    if rows.len() <= 2 { 1.0 } else { 0.5 }
}

/// Over all, and at each level; empty where there is no common level whose failures both sides counted.
fn failures(pair: &SeriesPair<'_>, alpha: f64) -> Vec<Failures> {
    let (Some(a), Some(b)) = (pair.baseline, pair.candidate) else { return Vec::new() };
    let level = |(a, b): (CellRuns<'_>, CellRuns<'_>)| {
        let (baseline, candidate): (Vec<Share>, Vec<Share>) = (failures_of(a).collect(), failures_of(b).collect());
        let found = share_difference(&baseline, &candidate, alpha)?;
        Some(Failures { concurrency: a.key().concurrency, levels: 1, baseline, candidate, found: Some(found) })
    };
    let levels: Vec<Failures> = common_levels(a, b).filter_map(level).collect();
    if levels.is_empty() {
        return levels;
    }
    let of = |pick: fn(&Failures) -> &Vec<Share>| levels.iter().flat_map(pick).copied().collect::<Vec<Share>>();
    let (baseline, candidate) = (of(|level| &level.baseline), of(|level| &level.candidate));
    let found = share_difference(&baseline, &candidate, alpha);
    let overall = Failures { concurrency: None, levels: levels.len(), baseline, candidate, found };
    std::iter::once(overall).chain(levels).collect()
}

fn row(series: &SeriesPair<'_>, failures: &Failures, p_adjusted: Option<f64>, context: Context<'_>) -> Change {
    let mut row = context.row(Metric::ErrorRate, series, failures.concurrency, Outcome::Inconclusive);
    row.basis = Basis::Requests;
    row.levels = failures.levels;
    row.baseline = side(&failures.baseline);
    row.candidate = side(&failures.candidate);
    if let Some(found) = failures.found {
        row.difference = Some(found.difference);
        (row.ci_low, row.ci_high) = (Some(found.interval.0), Some(found.interval.1));
        row.p_value = Some(found.p_value);
        row.p_adjusted = p_adjusted;
        let leaves_out_none = 0.0 < found.interval.0 || found.interval.1 < 0.0;
        row.is_real = leaves_out_none && p_adjusted.is_some_and(|p| p <= context.alpha());
        row.method = if found.dispersion <= 1.0 {
            "difference of error rates, Newcombe's interval, Fisher's exact test".to_owned()
        } else {
            "difference of error rates, Newcombe's interval and normal test, widened by how the runs differ".to_owned()
        };
    }
    row.outcome = row.outcome_at(context.options.decision.min_effect);
    row
}

/// What only one side counted.
fn one_sided(series: &SeriesPair<'_>, context: Context<'_>) -> Option<Change> {
    let counted =
        |series: SeriesRuns<'_>| side(&series.cells().flat_map(|cell| failures_of(cell)).collect::<Vec<Share>>());
    let (baseline, candidate) = (series.baseline.and_then(counted), series.candidate.and_then(counted));
    let outcome = match (&baseline, &candidate) {
        (Some(_), _) => Outcome::Missing,
        (None, Some(_)) => Outcome::New,
        (None, None) => return None,
    };
    Some(Change {
        basis: Basis::Requests,
        candidate: candidate.filter(|_| baseline.is_none()),
        baseline,
        ..context.row(Metric::ErrorRate, series, None, outcome)
    })
}

fn side(runs: &[Share]) -> Option<SideValues> {
    let all = runs.iter().copied().fold(Share::default(), Share::plus);
    let rates = Values::new(runs.iter().filter_map(|run| run.rate()))?;
    Some(SideValues { n: runs.len(), mean: all.rate()?, median: rates.median(), ci_low: None, ci_high: None })
}
